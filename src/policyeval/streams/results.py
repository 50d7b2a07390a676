"""What becomes of a batch of lines: bytes for two files."""

import json
from contextlib import suppress
from dataclasses import dataclass

from policyeval.streams.deciding import Decider
from policyeval.streams.model import Decided, Id, Problem, Rejected


@dataclass(frozen=True, slots=True)
class Wording:
    """How rejected lines are written.

    Attributes:
        language: Of the problems: `en`, `sv` or `de`.
        keep_text: Whether a rejected line is repeated.
    """

    language: str = "en"
    keep_text: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a batch.

    Attributes:
        output: A line of JSON for each line that was decided.
        rejected: A line of JSON for each line that was rejected.
        decided: How many lines `output` has.
        refused: How many lines `rejected` has.
    """

    output: bytes
    rejected: bytes
    decided: int
    refused: int


def result(decider: Decider, wording: Wording, first: int, lines: tuple[bytes, ...]) -> Result:
    """Decide some lines.

    Args:
        decider: What decides them.
        wording: How rejected ones are written.
        first: The number of the first.
        lines: The lines.
    """
    output: list[bytes] = []
    rejected: list[bytes] = []
    for number, raw in enumerate(lines, first):
        match decider.line(number, raw):
            case Decided() as found:
                output.append(decided_line(found))
            case Rejected() as found:
                rejected.append(rejected_line(found, wording, raw))
            case None:
                pass
    return Result(b"".join(output), b"".join(rejected), len(output), len(rejected))


def decided_line(found: Decided) -> bytes:
    """Write what was decided, on one line."""
    if found.id is None:
        return b'{"line":%d,"evaluation":%b}\n' % (found.line, found.record)
    id_ = _json(found.id)
    return b'{"line":%d,"id":%b,"evaluation":%b}\n' % (found.line, id_, found.record)


def rejected_line(found: Rejected, wording: Wording, raw: bytes = b"") -> bytes:
    """Write why a line was rejected, on one line.

    Args:
        found: The line.
        wording: The language, and whether the line is repeated (where it is UTF-8 and not too long).
        raw: The line itself.
    """
    data: dict[str, object] = {
        "line": found.line,
        "id": found.id,
        "problems": [_problem(each, wording.language) for each in found.problems],
    }
    if wording.keep_text and not any(_cut_off(each) for each in found.problems):
        with suppress(UnicodeDecodeError):
            data["text"] = raw.decode().removeprefix("\ufeff").rstrip("\r\n")
    return _json(data) + b"\n"


def _cut_off(problem: Problem) -> bool:
    return problem.code == "input.too-long" and problem.column is None


def _problem(problem: Problem, language: str) -> dict[str, object]:
    data: dict[str, object] = {"code": problem.code}
    if problem.path is not None:
        data["path"] = problem.path
    if problem.column is not None:
        data["column"] = problem.column
    if problem.at is not None:
        data["at"] = problem.at
    data["message"] = problem.text.text(language)
    if problem.help is not None:
        data["help"] = problem.help.text(language)
    return data


def _json(data: dict[str, object] | Id) -> bytes:
    try:
        return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:  # half a surrogate pair: as an escape it can be written
        return json.dumps(data, separators=(",", ":")).encode()
