"""What is wrong with a log of decisions: said with the file, its line, and what to do."""

import errno
from dataclasses import dataclass
from os import PathLike, fsdecode

from policyeval.diagnostics import Diagnostic
from policyeval.errors import DiagnosedError
from policyeval.messages import Message, message
from policyeval.source import Position, Source, Span

UNAVAILABLE = "log.unavailable"
DAMAGED = "log.damaged"

LogPath = str | PathLike[str]

_SHOWN = 60
"""Characters of a line that are shown: what it is called, and not yet its facts."""


class LogError(DiagnosedError):
    """A log of decisions cannot be written, or is not as it was written; `.diagnostics` says why."""


@dataclass(frozen=True)
class _Line(Source):
    """One line of a file that is not read as a whole.

    Attributes:
        number: Its number in the file, from 1.
    """

    number: int = 1

    def position(self, offset: int) -> Position:
        within = super().position(offset)
        return Position(within.line + self.number - 1, within.column)

    def line(self, number: int) -> str:
        return super().line(number - self.number + 1)


def unavailable(path: LogPath, text: Message, help_: Message | None = None) -> LogError:
    """Give the error for a log that cannot be written, or not be read at all."""
    source = Source("", fsdecode(path))
    return LogError([Diagnostic(UNAVAILABLE, text, Span(0, 0), source, help_)])


def damaged(
    path: LogPath, number: int, raw: bytes, text: Message, help_: Message | None = None
) -> Diagnostic:
    """Say what is wrong with a line of a log.

    Args:
        path: The file.
        number: The line, from 1.
        raw: What stands there, of which the beginning is shown.
        text: What is wrong.
        help_: What to do about it.
    """
    shown = raw[: 4 * _SHOWN].decode("utf-8", "replace").rstrip("\n")
    cut = shown[:_SHOWN] + "…" if len(shown) > _SHOWN else shown
    source = _Line(cut.replace("\n", " ").replace("\r", " "), fsdecode(path), number)
    return Diagnostic(DAMAGED, text, Span(0, 1), source, help_)


def reason(error: OSError) -> Message:
    """Say in words why the system refused something."""
    known = _REASONS.get(error.errno or 0)
    if known is None:
        # The system's own words, which may be in any language.
        words = error.strerror or f"errno {error.errno}"
        return message("the system refuses it: {reason}", reason=words)
    return known


_NOT_THERE = message("there is no such file or folder")
_NO_RIGHT = message("there is no right to do that")
_REASONS = {
    errno.ENOENT: _NOT_THERE,
    errno.ENOTDIR: _NOT_THERE,
    errno.EISDIR: message("this is a folder, where a file is wanted"),
    errno.EACCES: _NO_RIGHT,
    errno.EPERM: _NO_RIGHT,
    errno.EROFS: message("nothing can be written there"),
    errno.ENOSPC: message("there is no room left for it"),
    errno.EDQUOT: message("there is no room left for it"),
    errno.EIO: message("the disk reports an error"),
    errno.EEXIST: message("there is such a file already"),
}
