"""What can be wrong with a log, and what was found."""

from dataclasses import dataclass
from typing import Final, Literal

from policyeval.diagnostics import Diagnostic
from policyeval.messages import Message
from policyeval.records.model import Head
from policyeval.records.problems import damaged

SHOWN: Final = 100
"""Problems that are told at most."""

Kind = Literal[
    "changed", "layout", "first", "replaced", "missing", "order", "twice", "torn", "head"
]
"""What can be wrong.

- changed: a line's bytes have another hash than it says.
- layout: a line is none of a log: no JSON, no hash, another format, too long.
- first: what a file begins with is missing, stands elsewhere, or does not follow on the file before.
- replaced: a line is sound, but the one after it was written behind another.
- missing: records are not there.
- order: lines have changed places.
- twice: a record stands there again.
- torn: the last line does not end: whoever wrote it was killed (`DecisionLog` cuts it), or is
  writing it just now.
- head: the record whose hash was kept elsewhere is another one, or is not there.
"""


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file.

    Attributes:
        file: Which of the files that are checked, from 0.
        path: Its name.
        line: The line, from 1.
        shown: How it begins.
    """

    file: int
    path: str
    line: int
    shown: bytes = b""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong at a place.

    Attributes:
        kind: Of what kind it is.
        place: Where.
        diagnostic: The same for readers.
    """

    kind: Kind
    place: Place
    diagnostic: Diagnostic


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found.

    Attributes:
        records: How many records there are, sound or not.
        follows: What the first file follows on; None if it is the first of all, or cannot be told.
        head: The last line, to be kept elsewhere; None unless all is well.
        problems: What is wrong, in the order of the lines; at most 100.
        more: Whether there may be more that is wrong.
    """

    records: int
    follows: Head | None
    head: Head | None
    problems: tuple[Problem, ...]
    more: bool = False

    @property
    def good(self) -> bool:
        """Whether everything is as it was written."""
        return not self.problems


def problem(kind: Kind, place: Place, text: Message, help_: Message | None = None) -> Problem:
    """Give a problem, with what readers are told."""
    return Problem(kind, place, damaged(place.path, place.line, place.shown, text, help_))
