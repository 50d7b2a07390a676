"""What the commands share that ask recorded transactions again: the log, the policies, more facts."""

import argparse
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from policyeval.cli.words import FINDINGS, USAGE, add_policies, policies_folder
from policyeval.console import answer, complain, tell
from policyeval.messages import Message, message

if TYPE_CHECKING:
    from policyeval.analysis.restating.given import Given
    from policyeval.evaluation.data import Data
    from policyeval.policy.library import ProgrammeVersions
    from policyeval.records.model import Record


def add_log(parser: argparse.ArgumentParser, language: str) -> None:
    """Take a log of decisions, and where facts are that it withholds."""
    file = message("FILE").text(language)
    parser.add_argument(
        "log",
        metavar=message("LOG").text(language),
        help=message("a log of decisions").text(language),
    )
    parser.add_argument(
        "--facts",
        metavar=f"{file}.jsonl",
        help=message(
            "facts that the log withholds, one JSON object on a line: `id` and `facts`"
        ).text(language),
    )
    parser.add_argument(
        "--salt",
        metavar=file,
        help=message("the salt of hashed facts, which are checked before they are used").text(
            language
        ),
    )
    add_policies(parser, language)


# ------------------------------------------------------------------------------- policies


def programmes_in(options: argparse.Namespace) -> "Callable[[str], ProgrammeVersions | None]":
    """Give what finds programmes, each read when it is first asked for.

    What is wrong with a programme that no record is about is no matter here.

    Raises:
        FolderError: There is no such folder. What is given raises PolicyError for a programme that
            cannot be used.
    """
    from policyeval.policy.cache import user_cache
    from policyeval.policy.ids import is_programme_id
    from policyeval.policy.repository import read_folder

    folder, cache = policies_folder(options.policies), user_cache()
    known: dict[str, ProgrammeVersions | None] = {}

    def find(name: str) -> "ProgrammeVersions | None":
        if name not in known:
            known[name] = None
            # Only a name that could be a programme's is ever made part of a path.
            if is_programme_id(name):
                own = folder.resolve().name == name and (folder / "programme.yaml").is_file()
                path = folder if own else folder / name
                if path.is_dir():
                    library = read_folder(path, cache=cache)
                    library.refuse()
                    known[name] = library.programmes.get(name)
        return known[name]

    return find


# ------------------------------------------------------------------------------- facts


class Supplied:
    """Facts from a file beside the log, found by the id of a record.

    Only where each id stands in the file is kept, and not the facts.
    """

    def __init__(self, file: BinaryIO | None, name: str, salts: tuple[bytes, ...]) -> None:
        self._file = file
        self._name = name
        self._salts = salts
        self._places: dict[str, int] = {}

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()

    def unreadable(self) -> "Iterator[Message]":
        """Look through the file, and say what cannot be read."""
        from policyeval.analysis.difference.transactions import Unreadable, read_lines

        if self._file is None:
            return
        read = last = 0

        def count(size: int) -> None:
            nonlocal read, last
            read, last = read + size, read

        for each in read_lines(self._file, self._name, date.min, count):
            where = {"file": self._name, "line": each.line}
            if isinstance(each, Unreadable):
                yield message(
                    "`{file}`, line {line}: {problem}", problem=each.problem.message, **where
                )
            elif each.name is None:
                yield message("`{file}`, line {line}: there is no `id`", **where)
            elif each.name in self._places:
                text = message(
                    "`{file}`, line {line}: the id `{id}` stands there again",
                    id=on_one_line(each.name),
                    **where,
                )
                yield text
            else:
                self._places[each.name] = last

    def of(self, record: "Record") -> "Given":
        """Give the facts of a record."""
        from policyeval.analysis.restating.given import given_of
        from policyeval.records.keeping import key_id, was_given

        if record.complete:
            return given_of(record)
        salt = next((each for each in self._salts if key_id(each) == record.salt), None)

        def matches(record: "Record", name: str, value: object) -> bool:
            try:
                return salt is not None and was_given(record, name, value, salt)
            except ValueError:  # no fact has such a value
                return False

        return given_of(record, self._facts(record), matches if self._salts else None)

    def _facts(self, record: "Record") -> Mapping[str, object] | None:
        from policyeval.analysis.difference.transactions import Transaction, read_lines

        place = None if record.id is None else self._places.get(record.id)
        if place is None or self._file is None:
            return None
        self._file.seek(place)
        found = next(read_lines(self._file, self._name, date.min, lambda _: None), None)
        return found.facts if isinstance(found, Transaction) else None


def supplied(options: argparse.Namespace) -> Supplied | None:
    """Open the files of facts and salt, as far as they are given; None if that failed, which was said."""
    facts = None
    salts: tuple[bytes, ...] = ()
    if options.salt is not None:
        file = _opened(options.salt, options.language)
        if file is None:
            return None
        with file:
            raw = file.read(_LONGEST_SALT)
        # An editor, or `echo`, ends a file with the end of a line.
        salts = tuple(dict.fromkeys((raw, raw.rstrip(b"\r\n"))))
    if options.facts is not None:
        facts = _opened(options.facts, options.language)
        if facts is None:
            return None
    found = Supplied(facts, options.facts or "", salts)
    problems = [*found.unreadable()]
    for each in problems:
        complain(each, options.language, 0)
    if problems:
        found.close()
        return None
    return found


_LONGEST_SALT = 64 * 1024


def _opened(name: str, language: str) -> BinaryIO | None:
    """Open a file, or say why it cannot be."""
    from policyeval.policy.files import reason

    try:
        path = Path(name)
        if path.is_dir():
            raise IsADirectoryError
        return path.open("rb")
    except (OSError, ValueError) as error:
        why = reason(error)
        if isinstance(error, IsADirectoryError):
            why = message("this is a folder, where a file is wanted")
        complain(message("`{file}`: {reason}", file=name, reason=why), language, 0)
        return None


# ------------------------------------------------------------------------------- the log


def wrong_with_log(options: argparse.Namespace, consequence: Message) -> int | None:
    """Check the whole chain of the log before anything is made of it, and say what is wrong.

    A last line that does not end is told and is no obstacle: it was never acknowledged, and is no record.

    Args:
        options: With the log.
        consequence: What is not done if it is not as it was written.

    Returns:
        The status to end with; None where it is as it was written.
    """
    from policyeval.records.problems import LogError
    from policyeval.records.verifying import verify

    try:
        found = verify(options.log)
    except LogError as error:
        tell(error.render(options.language))
        return USAGE
    if found.good:
        return None
    tell(LogError([each.diagnostic for each in found.problems]).render(options.language))
    if not found.more and all(each.kind == "torn" for each in found.problems):
        return None
    return complain(
        message("the log is not as it was written: {consequence}", consequence=consequence),
        options.language,
        FINDINGS,
    )


def sentence(text: Message, language: str) -> str:
    """Give a text with a capital letter."""
    said = text.text(language)
    return said[:1].upper() + said[1:]


def record_name(record: "Record") -> Message:
    """Name a record for a reader."""
    if record.id is None:
        return message("record {number}", number=record.seq)
    return message("record {number}, id `{id}`", number=record.seq, id=on_one_line(record.id))


def on_one_line(text: str) -> str:
    r"""Write a text from a log so that it cannot begin a line of a report: its line ends as `\u000a`."""
    return text.replace("\t", r"\u0009").replace("\n", r"\u000a")


def record_data(record: "Record") -> "dict[str, Data]":
    """Name a record for a program."""
    from policyeval.evaluation.data import value_data
    from policyeval.records.lines import moment_text

    return {
        "seq": Decimal(record.seq),
        "line": Decimal(record.line),
        "id": record.id,
        "recorded_at": moment_text(record.recorded_at),
        "programme": record.request.programme,
        "asked_on": value_data(record.request.asked_on),
        "known_on": value_data(record.request.known_on),
    }


# ------------------------------------------------------------------------------- JSON


class JsonReport:
    """Writes a report as one JSON object while it is made: records one by one, then the summary."""

    def __init__(self, head: "dict[str, Data]") -> None:
        self._before = ""
        answer(f'{_json(head)[:-1]},"records":[')

    def add(self, record: "dict[str, Data]") -> None:
        """Write a record."""
        if self._before:
            answer(f"{self._before},")
        self._before = _json(record)

    def end(self, summary: "dict[str, Data]") -> None:
        """Write what is left."""
        if self._before:
            answer(self._before)
        answer(f'],"summary":{_json(summary)}}}')


# Ends a line for some programs, steers a terminal, or turns the direction of writing.
_UNSTEADY = re.compile("[\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


def _json(data: "dict[str, Data]") -> str:
    """Write data on one line, whatever texts from outside it holds."""
    from policyeval.evaluation.data import compact_text

    return _UNSTEADY.sub(lambda match: f"\\u{ord(match[0]):04x}", compact_text(data))
