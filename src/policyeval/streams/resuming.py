"""From where an interrupted run can go on: places at which input and outputs are known to agree.

Beside the output lies a file of JSON lines. The first says what the run was asked; every other one
is a place: so many lines and bytes of the input have become so many bytes of each output. A place is
written when both outputs hold what it says, so that of the places that an interruption has left, the
last one which both files reach is true; whatever follows it in them is cut off and made again.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Final

from policyeval.messages import message
from policyeval.streams.model import StreamError
from policyeval.streams.reading import BEGINNING, Mark

FORMAT: Final = 1

Identity = Mapping[str, object]
"""What a run was asked, by name: what must be the same where it is resumed."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place up to which everything is written.

    Attributes:
        line: Lines of the input before it.
        input: Bytes of the input before it.
        sha256: Their digest.
        output: Bytes of the output.
        rejected: Bytes of the file of rejected lines.
        decided: How many lines were decided.
        refused: How many lines were rejected.
    """

    line: int
    input: int
    sha256: str
    output: int
    rejected: int
    decided: int
    refused: int

    @property
    def mark(self) -> Mark:
        """The place in the input."""
        return Mark(self.line, self.input, self.sha256)


START: Final = Place(0, 0, BEGINNING.digest, 0, 0, 0, 0)
_NAMES: Final = tuple(each.name for each in fields(Place))


@dataclass(frozen=True, slots=True)
class State:
    """What is known of an interrupted run.

    Attributes:
        identity: What it was asked.
        places: In the order of the lines, each with the end of its line in the file.
    """

    identity: Identity
    places: tuple[tuple[Place, int], ...]


def read_state(path: Path) -> State | None:
    """Read what is known of a run; None where there is nothing, or it is torn or foreign.

    Raises:
        OSError: It cannot be read.
    """
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return None
    head, *lines = raw.split(b"\n")[:-1] or [b""]
    first = _object(head)
    asked = first.get("run")
    if first.get("format") != FORMAT or not isinstance(asked, dict):
        return None
    places: list[tuple[Place, int]] = [(START, len(head) + 1)]
    for line in lines:
        place = _place(_object(line))
        if place is None:
            break
        places.append((place, places[-1][1] + len(line) + 1))
    return State(asked, tuple(places))


def _object(line: bytes) -> dict[str, object]:
    try:
        found = json.loads(line)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _place(found: Mapping[str, object]) -> Place | None:
    counts = {name: each for name, each in found.items() if type(each) is int and each >= 0}
    digest = found.get("sha256")
    if set(found) != set(_NAMES) or len(counts) != len(_NAMES) - 1 or not isinstance(digest, str):
        return None
    return Place(sha256=digest, **counts)


def write_state(path: Path, identity: Identity) -> None:
    """Begin a file for a run, in place of what there was, as a whole or not at all.

    Raises:
        OSError: It cannot be written.
    """
    made = path.with_name(path.name + ".new")
    with made.open("wb") as file:
        file.write(_line({"format": FORMAT, "run": dict(identity)}))
        file.flush()
        os.fsync(file.fileno())
    made.replace(path)


def place_line(place: Place) -> bytes:
    """Write a place."""
    return _line(asdict(place))


def _line(data: Mapping[str, object]) -> bytes:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def compare(before: Identity, now: Identity) -> None:
    """Refuse to resume what was asked otherwise.

    Args:
        before: What the interrupted run was asked, by the names of options.
        now: What is asked.

    Raises:
        StreamError: They differ.
    """
    for name in {**before, **now}:
        was, is_ = before.get(name), now.get(name)
        if was == is_:
            continue
        if name == "policies":
            text = message("the policies have changed since the interrupted run")
            help_ = message(
                "put back the policies of that run and resume it, or name another `--output`; "
                "`--overwrite` begins anew"
            )
        elif name == "engine":
            text = message(
                "the interrupted run was made by `{before}`, this is `{now}`", before=was, now=is_
            )
            help_ = message(
                "resume it with that version of policyeval, or name another `--output`; "
                "`--overwrite` begins anew"
            )
        else:
            text = message(
                "the interrupted run was asked with another `{option}`: `{before}`, not `{now}`",
                option=name,
                before=_shown(was),
                now=_shown(is_),
            )
            help_ = message(
                "ask as that run was asked, or name another `--output`; `--overwrite` begins anew"
            )
        raise StreamError(text, help_)


def _shown(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
