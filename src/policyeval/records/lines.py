"""The lines of a log: how one is laid out, sealed with a hash, and read back.

    {"format":1,"seq":7,"id":…,"recorded_at":"…","facts":{…},"evaluation":{…},"previous":"…","hash":"…"}

`previous` is the hash of the line before, and `hash` is the SHA-256 of the line's own bytes before
`,"hash":`. They stand at the very end and have a fixed length, so that a chain is checked without
reading JSON. After the facts may stand `hashed`, `dropped` and `overlays`. The first line of a file has
in place of a record what it follows on:

    {"format":1,"log":{"started":"…","after":0},"previous":"…","hash":"…"}

A line has no character that ends one anywhere, moves a cursor, or begins a tag; see `one_line`.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from json.encoder import encode_basestring, encode_basestring_ascii
from typing import Final

from policyeval.messages import Message, message
from policyeval.records.model import FORMAT, Head

LONGEST: Final = 16 * 1024 * 1024
"""Bytes of a line, its end included."""

_SEAL = re.compile(rb',"previous":"([0-9a-f]{64})","hash":"([0-9a-f]{64})"\}')
SEAL_BYTES: Final = 153
"""What stands at the end of a line, from `,"previous":` on."""
_HASH_BYTES: Final = 75
_START = re.compile(rb'\{"format":(\d{1,9}),(?:"seq":([1-9]\d{0,17}),|"log":\{)')
_BEGINS = re.compile(
    r'\{"format":1,"log":\{"started":"([^"]{1,40})","after":(0|[1-9]\d{0,17})\},"previous":'
)


class Malformed(Exception):
    """A line is not laid out as one of a log is.

    Attributes:
        text: What is wrong.
    """

    def __init__(self, text: Message) -> None:
        super().__init__(text.text())
        self.text = text


# ---------------------------------------------------------------------- writing


def text_json(text: str) -> str:
    """Write a text as JSON that stays on its line wherever it is shown.

    Letters stay what they are; if there is anything that cannot be seen, all that is not ASCII is
    escaped. That `<` is too is for `without_tags` to see to.
    """
    if text.isascii() or not text.isprintable():
        return encode_basestring_ascii(text)
    return encode_basestring(text)


def without_tags(written: str) -> str:
    """Escape `<` in JSON, where it can only stand in a text."""
    return written.replace("<", "\\u003c") if "<" in written else written


_UNSEEN = bytes([*range(0x20), 0x7F, ord("<")])
_ENDING = re.compile("[\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff<]")


def one_line(record: bytes) -> bytes:
    r"""Give an evaluation's record as it stands in a log.

    That is the same bytes, unless a text in it has a character that ends a line for some programs,
    steers a terminal, cannot be seen, or begins a tag: such a one is written `\u2028`.

    Raises:
        ValueError: It is not what `Evaluation.to_record` gives, on one line.
    """
    if not (record.startswith(b'{"format":1,"programme":') and record.endswith(b"}")):
        raise ValueError("no record of an evaluation")
    if record.isascii() and len(record.translate(None, _UNSEEN)) == len(record):
        return record
    text = record.decode()
    if min(text) < " ":
        raise ValueError("no record of an evaluation on one line")
    return _ENDING.sub(lambda match: f"\\u{ord(match[0]):04x}", text).encode()


def moment_text(moment: datetime) -> str:
    """Write a moment as a log has it: in UTC, to the microsecond.

    Raises:
        ValueError: Its zone is not known.
    """
    if moment.tzinfo is not UTC:
        if moment.tzinfo is None:
            raise ValueError("a moment without a zone")
        moment = moment.astimezone(UTC)
    return moment.isoformat(timespec="microseconds")[:26] + "Z"


def record_line(
    seq: int, id_: bytes, recorded_at: str, rest: bytes, previous: str
) -> tuple[bytes, str]:
    """Write the line of a record, and give its hash.

    Args:
        seq: Its number.
        id_: What it is called, as JSON.
        recorded_at: When, as `moment_text` writes it.
        rest: From `"facts":` to the end of the evaluation.
        previous: The hash of the line before.
    """
    return _sealed(
        b'{"format":%d,"seq":%d,"id":%b,"recorded_at":"%b",%b,"previous":"%b"'
        % (FORMAT, seq, id_, recorded_at.encode(), rest, previous.encode())
    )


def first_line(started: str, after: Head) -> tuple[bytes, str]:
    """Write the first line of a file, and give its hash.

    Args:
        started: When, as `moment_text` writes it.
        after: The last line before it, in another file; `BEGINNING` if there is none.
    """
    return _sealed(
        b'{"format":%d,"log":{"started":"%b","after":%d},"previous":"%b"'
        % (FORMAT, started.encode(), after.seq, after.hash.encode())
    )


def _sealed(body: bytes) -> tuple[bytes, str]:
    digest = sha256(body).hexdigest()
    return b'%b,"hash":"%b"}\n' % (body, digest.encode()), digest


# ---------------------------------------------------------------------- reading


@dataclass(frozen=True, slots=True)
class Sealed:
    """What a line says of its place in the chain.

    Attributes:
        seq: The number of its record; of a first line, of the last record before it.
        first: Whether it is the first line of a file.
        previous: The hash of the line before.
        hash: Its own, as it stands there.
        sound: Whether that is the hash of its bytes.
    """

    seq: int
    first: bool
    previous: str
    hash: str
    sound: bool

    @property
    def head(self) -> Head:
        """The line as the last of a log."""
        return Head(self.seq, self.hash)


def sealed(raw: bytes) -> Sealed:
    """Read from a line, without its end, where it stands in the chain.

    Raises:
        Malformed: It is not laid out as a line is.
    """
    start = _START.match(raw)
    if start is None:
        raise Malformed(message("this is no line of a log of decisions"))
    if int(start[1]) != FORMAT:
        raise Malformed(
            message(
                "the line is of format {format}; this version reads format {known}",
                format=int(start[1]),
                known=FORMAT,
            )
        )
    seal = _SEAL.fullmatch(raw[-SEAL_BYTES:])
    if seal is None:
        raise Malformed(message("the line does not end with its hash"))
    previous, own = seal[1].decode(), seal[2].decode()
    sound = sha256(raw[:-_HASH_BYTES]).hexdigest() == own
    if start[2] is not None:
        return Sealed(int(start[2]), False, previous, own, sound)
    begins = _BEGINS.match(raw[:200].decode("utf-8", "replace"))
    if begins is None:
        raise Malformed(message("the first line is not as it must be"))
    return Sealed(int(begins[2]), True, previous, own, sound)
