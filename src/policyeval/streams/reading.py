"""Bytes cut into batches of lines, of which no more is held than one batch and one piece of the input.

A line that is too long is held no further than shows that it is. Every batch knows where in the input
it ends and what the input was up to there, as a digest, so that a run can be resumed at that place.
"""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from policyeval.messages import message
from policyeval.streams.model import LINE_BYTES, StreamError

BATCH_LINES: Final = 200
BATCH_BYTES: Final = 1 << 20
PIECE: Final = 1 << 18
# A line above the limit shows it, with a byte order mark and a carriage return still on it.
_HELD: Final = LINE_BYTES + 8


@dataclass(frozen=True, slots=True)
class Mark:
    """A place between two lines of the input.

    Attributes:
        line: Lines before it.
        offset: Bytes before it.
        digest: SHA-256 of these bytes, in hexadecimal.
    """

    line: int
    offset: int
    digest: str


_ANOTHER_INPUT: Final = message(
    "give it the input of that run, from its beginning, or name another `--output`; "
    "`--overwrite` begins anew"
)

BEGINNING: Final = Mark(0, 0, sha256().hexdigest())


@dataclass(frozen=True, slots=True)
class Batch:
    """Some lines that follow each other.

    Attributes:
        lines: Without their ends; of one that is too long, its beginning.
        end: Where the last one ends.
        whole: Whether the last one has an end; the last line of the input may have none.
    """

    lines: tuple[bytes, ...]
    end: Mark
    whole: bool = True

    @property
    def first(self) -> int:
        """The number of the first line."""
        return self.end.line - len(self.lines) + 1


class Reader:
    """Cuts an input into batches of lines."""

    def __init__(
        self, read: Callable[[int], bytes], ready: Callable[[], bool] = lambda: True
    ) -> None:
        """Begin to read.

        Args:
            read: Gives at most so many bytes, as many as there are without waiting for more; none at
                the end.
            ready: Tells whether it would give something at once.
        """
        self._read = read
        self._ready = ready
        self._hash = sha256()
        self._piece = b""
        self._at = 0  # in the piece: what comes before has been cut into lines
        self._hashed = 0  # in the piece: what comes before has been hashed
        self._line = 0
        self._offset = 0  # of the piece in the input
        self._begun = bytearray()  # of a line that has not ended yet
        self._before: Mark | None = None  # the place before that line
        self._ended = False

    def skip_to(self, mark: Mark) -> None:
        """Pass over what was read before, which must be the same again.

        Raises:
            StreamError: It is not.
        """
        left = mark.offset
        while left:
            piece = self._read(min(PIECE, left))
            if not piece:
                raise StreamError(
                    message("the input is shorter than what the interrupted run has read of it"),
                    _ANOTHER_INPUT,
                )
            self._hash.update(piece)
            left -= len(piece)
        if self._hash.hexdigest() != mark.digest:
            raise StreamError(
                message("the input is not the one that the interrupted run has read"),
                _ANOTHER_INPUT,
            )
        self._line, self._offset = mark.line, mark.offset

    def batch(self, *, wait: bool = True) -> Batch | None:
        """Give the next lines, at once where there are any; None at the end.

        Args:
            wait: Whether to wait for the first line; otherwise a batch may be without lines.
        """
        lines: list[bytes] = []
        size = 0
        while len(lines) < BATCH_LINES and size < BATCH_BYTES:
            end = self._piece.find(b"\n", self._at)
            if end >= 0:
                lines.append(self._ending(end))
                size += len(lines[-1])
                continue
            self._set_aside()
            if self._ended or ((lines or not wait) and not self._ready()):
                break
            self._piece = self._read(PIECE)
            self._ended = not self._piece
        if lines or not self._ended:
            return Batch(tuple(lines), self._before or self._mark())
        if self._before is None:
            return None
        self._line += 1
        last, self._before = bytes(self._begun), None
        return Batch((last,), self._mark(), whole=False)

    def _ending(self, end: int) -> bytes:
        line = self._piece[self._at : end]
        if self._before is not None:
            self._begun += line[: _HELD - len(self._begun)]
            line = bytes(self._begun)
            self._begun.clear()
            self._before = None
        self._line += 1
        self._at = end + 1
        return line if len(line) <= _HELD else line[:_HELD]

    def _set_aside(self) -> None:
        """Keep the beginning of a line whose end is not in the piece, and let go of the piece."""
        rest = self._piece[self._at :]
        if rest:
            if self._before is None:
                self._before = self._mark()
            self._begun += rest[: _HELD - len(self._begun)]
        self._hash.update(memoryview(self._piece)[self._hashed :])
        self._offset += len(self._piece)
        self._piece, self._at, self._hashed = b"", 0, 0

    def _mark(self) -> Mark:
        self._hash.update(memoryview(self._piece)[self._hashed : self._at])
        self._hashed = self._at
        return Mark(self._line, self._offset + self._at, self._hash.hexdigest())
