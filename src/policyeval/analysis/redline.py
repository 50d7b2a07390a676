"""What changed in a text, word by word, as a redline shows it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

_WORD = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a redline: text that stays, is new, or is gone."""

    kind: Literal["same", "new", "gone"]
    text: str


def redline(before: str, after: str) -> tuple[Piece, ...]:
    """Compare two texts word by word.

    The pieces that are not new, put together, are the text before; those that are not gone, the
    text after.
    """
    old, new = _WORD.findall(before), _WORD.findall(after)
    return tuple(_pieces(old, new))


def _pieces(old: list[str], new: list[str]) -> Iterator[Piece]:
    for operation, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if operation == "equal":
            yield Piece("same", "".join(old[a:b]))
            continue
        if b > a:
            yield Piece("gone", "".join(old[a:b]))
        if d > c:
            yield Piece("new", "".join(new[c:d]))
