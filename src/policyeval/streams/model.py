"""What becomes of a line, and what stops a stream altogether."""

from dataclasses import dataclass
from typing import Final

from policyeval.errors import PolicyEvalError
from policyeval.messages import Message

LINE_BYTES: Final = 262_144
"""Bytes of a line, without its end; a longer one is rejected unread."""

Id = str | int | None
"""What an envelope calls its transaction."""


@dataclass(frozen=True, slots=True)
class Decided:
    """A line that was answered.

    Attributes:
        line: Its number, from 1; blank lines count.
        id: As its envelope gives it.
        record: The answers, as `Evaluation.to_record` writes them: one line, without its end.
    """

    line: int
    id: Id
    record: bytes


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a line is rejected.

    Attributes:
        code: A key of `policyeval.diagnostics.CODES`.
        text: What is wrong.
        help: What to do about it.
        column: Where in the line, from 1, in characters; None where it is about the whole line.
        path: Which fact it is about, such as `acceptances[2].authorised`.
        at: For what a formula does not allow: its file, line and column.
    """

    code: str
    text: Message
    help: Message | None = None
    column: int | None = None
    path: str | None = None
    at: str | None = None


@dataclass(frozen=True, slots=True)
class Rejected:
    """A line that could not be answered; the lines after it are.

    Attributes:
        line: Its number, from 1; blank lines count.
        id: As its envelope gives it, where that can be read.
        problems: Everything that is wrong with it, at most a hundred and one.
    """

    line: int
    id: Id
    problems: tuple[Problem, ...]


class StreamError(PolicyEvalError):
    """A stream cannot begin, cannot be resumed, or ended before its last line.

    Attributes:
        text: Why.
        help: What to do about it.
        begun: Whether lines may have been decided already; what was written is kept.
    """

    def __init__(self, text: Message, help_: Message | None = None, *, begun: bool = False) -> None:
        super().__init__(text, help_)
        self.text = text
        self.help = help_
        self.begun = begun

    def __str__(self) -> str:
        return self.text.text("en")
