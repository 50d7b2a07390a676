"""Texts that problems are reported in: a named source, and spans of it."""

import re
from dataclasses import dataclass, field

# What an editor takes for the end of a line. Python's own idea of it (U+0085,
# U+2028, form feed …) would make our line numbers differ from the editor's.
_LINE_END = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of a source text, in code points: `start` inclusive, `end` exclusive."""

    start: int
    end: int

    def to(self, other: "Span") -> "Span":
        """Give the span from the start of this one to the end of the other."""
        return Span(self.start, other.end)


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place as an editor shows it: line and column, both counted from 1, in code points."""

    line: int
    column: int


@dataclass(frozen=True)
class Source:
    """A text and the name a reader knows it by.

    Attributes:
        text: The text itself.
        name: A file's path, or None for a text that is no file (`<expression>` is shown).
    """

    text: str
    name: str | None = None
    _line_starts: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not isinstance(self.text, str):
            raise TypeError(f"text: str is wanted, not {type(self.text).__name__}")
        if not isinstance(self.name, str | None):
            raise TypeError(f"name: str or None is wanted, not {type(self.name).__name__}")
        # A plain text, where a subclass has ideas of its own.
        object.__setattr__(self, "text", str.__str__(self.text))
        starts = [0, *(match.end() for match in _LINE_END.finditer(self.text))]
        object.__setattr__(self, "_line_starts", tuple(starts))

    def position(self, offset: int) -> Position:
        """Turn an offset in code points into line and column."""
        low, high = 0, len(self._line_starts)
        while high - low > 1:
            middle = (low + high) // 2
            if self._line_starts[middle] <= offset:
                low = middle
            else:
                high = middle
        return Position(low + 1, offset - self._line_starts[low] + 1)

    def line(self, number: int) -> str:
        """Give the text of a line (counted from 1) without its line end."""
        start = self._line_starts[number - 1]
        end = self._line_starts[number] if number < len(self._line_starts) else len(self.text)
        return self.text[start:end].rstrip("\r\n")
