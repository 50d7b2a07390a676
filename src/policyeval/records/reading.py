"""Reads the records of a log, one after the other, in bounded memory."""

from collections.abc import Iterator
from typing import BinaryIO

from policyeval.messages import Message, message
from policyeval.records.contents import record_of
from policyeval.records.lines import LONGEST, Malformed, Sealed, sealed
from policyeval.records.model import BEGINNING, Record
from policyeval.records.problems import LogError, LogPath, damaged, reason, unavailable

_HELP = message("`{command}` names everything that is wrong", command="policyeval verify LOG")


def read_log(path: LogPath) -> Iterator[Record]:
    """Give the records of a log in their order; each is checked before it is given.

    A last line that does not end is no record yet, and is left out.

    Raises:
        LogError: The file cannot be read, or a line is not as it was written: its bytes have another
            hash, it does not follow on the one before, or it is no record. What comes before it has
            been given by then.
    """
    before: Sealed | None = None
    for number, raw in raw_lines(path):
        if not raw.endswith(b"\n") and len(raw) < LONGEST:
            return
        try:
            seal = sealed(ended(raw))
            _check_chain(before, seal)
            if not seal.first:
                yield record_of(raw[:-1], seal, number)
        except Malformed as problem:
            raise LogError([damaged(path, number, raw, problem.text, _HELP)]) from None
        before = seal


def _check_chain(before: Sealed | None, seal: Sealed) -> None:
    if not seal.sound:
        raise Malformed(CHANGED)
    if before is None:
        if not seal.first:
            raise Malformed(NO_FIRST)
        if seal.seq == 0 and seal.previous != BEGINNING:
            raise Malformed(message("the first line is not as it must be"))
        return
    expected = before.seq if seal.first else before.seq + 1
    if seal.seq != expected or seal.previous != before.hash:
        raise Malformed(message("the line does not follow on the one before it"))


CHANGED: Message = message("the line is not as it was written")
NO_FIRST: Message = message("the first line of the log is missing")


def raw_lines(path: LogPath) -> Iterator[tuple[int, bytes]]:
    """Give the lines of a file with their ends, each with its number, from 1.

    The last one may have no end. Of one that is longer than any of a log only so much is given.

    Raises:
        LogError: The file cannot be read.
    """
    try:
        with open(path, "rb") as file:  # noqa: PTH123  # also what is no `Path`
            number = 0
            while raw := file.readline(LONGEST):
                number += 1
                _skip_rest(raw, file)
                yield number, raw
    except OSError as error:
        text = message("the log cannot be read: {reason}", reason=reason(error))
        raise unavailable(path, text) from None


def _skip_rest(raw: bytes, file: BinaryIO) -> None:
    while len(raw) == LONGEST and not raw.endswith(b"\n"):
        raw = file.readline(LONGEST)


def ended(raw: bytes) -> bytes:
    """Give a line without its end.

    Raises:
        Malformed: It is longer than any of a log.
    """
    if not raw.endswith(b"\n"):
        raise Malformed(message("the line is longer than {limit} bytes", limit=LONGEST))
    return raw[:-1]
