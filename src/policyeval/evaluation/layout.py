"""Lines of an explanation: what each is for, and how they are set as plain text."""

import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from policyeval.messages import visible

Role = Literal["title", "note", "question", "headline", "heading", "item", "detail", "blank"]

WIDTH = 88


@dataclass(frozen=True, slots=True)
class Line:
    """A line before it is broken to a width.

    Attributes:
        role: What it is for; a terminal may give it a colour.
        text: Without indentation and bullet.
        depth: How far it is indented.
    """

    role: Role
    text: str = ""
    depth: int = 0


BLANK = Line("blank")


def indentation(line: Line) -> tuple[str, str]:
    """Give what stands before the first line of a text and before those that follow."""
    margin = "  " * line.depth
    match line.role:
        case "item":
            return f"{margin}- ", f"{margin}  "
        case "detail":
            return margin, f"{margin}  "
        case _:
            return margin, margin


def set_lines(lines: Iterable[Line], width: int = WIDTH) -> Iterator[tuple[Line, str]]:
    """Break lines to a width; give each line of text with the line that it is part of."""
    for line in lines:
        first, rest = indentation(line)
        # Only plain blanks are places to break: `1 234 kr` and `12,5 %` stay together.
        wrapped = textwrap.wrap(
            visible(line.text),
            width=max(width, 20 + len(first)),
            initial_indent=first,
            subsequent_indent=rest,
            break_long_words=False,
            break_on_hyphens=False,
        )
        for each in wrapped or [""]:
            yield line, each.rstrip()


def plain(lines: Iterable[Line], width: int = WIDTH) -> str:
    """Set lines as plain text; no line ends with a blank."""
    return "\n".join(text for _, text in set_lines(lines, width))
