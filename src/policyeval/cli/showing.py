"""Prints an answer: plain text, with colours where it goes to a terminal and rich is installed.

The text is the same either way. What is coloured is found in the finished text, so that no writer of
text has to know of colours.
"""

import os
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from policyeval.console import answer

Kind = Literal["plain", "problems", "table", "explanation", "document"]

_STYLES: Mapping[Kind, Sequence[tuple[str, str]]] = {
    "plain": (),
    "problems": (
        (r"^\S[^\n]*?:\d+:\d+:", "bold"),
        (r"\[[a-z]+\.[a-z-]+\]$", "dim"),
        (r"^ *\| *\^+$", "bold red"),
        (r"^ *\d+ (?=\|)", "dim"),
    ),
    "table": ((r"\A[^\n]*", "bold"), (r"^-[- ]*$", "dim")),
    "explanation": ((r"^(?! |- )[^\n]+", "bold"), (r"`[^`\n]*`", "cyan")),
    "document": ((r"^#+ [^\n]*", "bold"), (r"`[^`\n]*`", "cyan")),
}


def show(text: str, kind: Kind = "plain") -> None:
    """Print an answer to standard output, at once.

    Raises:
        OSError: It cannot be written.
    """
    if kind == "plain" or not _on_a_coloured_terminal() or not _printed_by_rich(text, kind):
        answer(text)


def table(rows: Iterable[Sequence[str]], heads: Sequence[str]) -> str:
    """Write rows in columns, for a pipe as for a terminal."""
    every = [list(heads), *(list(each) for each in rows)]
    widths = [max(len(row[index]) for row in every) for index in range(len(heads))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in every
    ]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(lines)


def _on_a_coloured_terminal() -> bool:
    if sys.stdout is None or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return sys.stdout.isatty()


def _printed_by_rich(text: str, kind: Kind) -> bool:
    try:
        from rich.console import Console
        from rich.text import Text
    except ImportError:
        return False
    coloured = Text(text)
    for pattern, style in _STYLES[kind]:
        for match in re.finditer(pattern, text, re.MULTILINE):
            coloured.stylize(style, match.start(), match.end())
    console = Console(
        file=sys.stdout, force_terminal=True, highlight=False, markup=False, emoji=False
    )
    console.print(coloured, soft_wrap=True)
    sys.stdout.flush()
    return True
