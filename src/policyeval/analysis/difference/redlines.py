"""Redlines that a person likes to read: words that changed together stay together."""

from collections.abc import Iterable, Iterator
from typing import Final

from policyeval.analysis.redline import Piece, redline

_LEAST_KEPT: Final = 0.4
"""Where less than this share of the longer text stays, it is another text as a whole."""


def marked(before: str, after: str) -> tuple[Piece, ...]:
    """Compare two texts; what is not new is the text before, what is not gone the text after."""
    pieces = redline(before, after)
    kept = sum(len(each.text.strip()) for each in pieces if each.kind == "same")
    if before and after and kept < _LEAST_KEPT * max(len(before), len(after)):
        return (Piece("gone", before), Piece("new", after))
    return tuple(_joined(pieces))


def _joined(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Take a blank between two changes as part of both."""
    gone = new = blank = ""
    for each in pieces:
        if each.kind == "gone":
            gone += blank + each.text
            new += blank
            blank = ""
        elif each.kind == "new":
            new += blank + each.text
            gone += blank
            blank = ""
        elif (gone or new) and not blank and not each.text.strip():
            blank = each.text
        else:
            yield from _changed(gone, new)
            yield Piece("same", blank + each.text)
            gone = new = blank = ""
    yield from _changed(gone, new)
    if blank:
        yield Piece("same", blank)


def _changed(gone: str, new: str) -> Iterator[Piece]:
    if gone:
        yield Piece("gone", gone)
    if new:
        yield Piece("new", new)
