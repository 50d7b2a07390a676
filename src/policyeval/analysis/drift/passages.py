"""Passages of the new text that are of no clause, in pieces that a reader can look at."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from policyeval.analysis.drift.model import MOST, NewPassage, Passage
from policyeval.analysis.drift.words import (
    NUMBER,
    Stretch,
    Word,
    is_silent,
    lines,
    segments,
    spoken,
)

LONGEST = 2_000
"""Characters of a passage that are shown."""


def passage(row: Sequence[Word], stretches: Sequence[Stretch]) -> Passage:
    """Give stretches of words as a passage."""
    return Passage(shortened(spoken(row, stretches)), lines(row, stretches))


def shortened(text: str) -> str:
    """Cut a text that nobody would read to its end."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} …"


def free(row: Sequence[Word], within: Stretch, taken: Sequence[bool]) -> tuple[Stretch, ...]:
    """Give the segments of what is not taken, without those that say nothing."""
    found: list[Stretch] = []
    at = within.start
    while at < within.end:
        if taken[at]:
            at += 1
            continue
        end = at
        while end < within.end and not taken[end]:
            end += 1
        found += (each for each in segments(row, Stretch(at, end)) if says_something(row, each))
        at = end
    return tuple(found)


def says_something(row: Sequence[Word], stretch: Stretch) -> bool:
    """Tell whether there is a word in it, and not only a number or a sign of the layout."""
    texts = [row[at].text for at in range(stretch.start, stretch.end) if not is_silent(row[at])]
    said = [each for each in texts if any(map(str.isalnum, each))]
    return bool(said) and not (len(said) == 1 and NUMBER.fullmatch(said[0]))


def taken_by(row: Sequence[Word], stretches: Iterable[Stretch]) -> list[bool]:
    """Give, for every word, whether it is in one of these stretches."""
    taken = [False] * len(row)
    for each in stretches:
        taken[each.start : each.end] = [True] * (each.end - each.start)
    return taken


Order = Sequence[tuple[int, str]]
"""Clauses by the word that they begin with in the new text, in this order."""


def between(order: Order, at: int) -> tuple[str | None, str | None]:
    """Give the clause that begins before a word, and the one that begins after it."""
    before = next((clause for start, clause in reversed(order) if start <= at), None)
    after = next((clause for start, clause in order if start > at), None)
    return before, after


def new_passages(
    row: Sequence[Word], found: Iterable[Stretch], order: Order, *, certain: bool = True
) -> tuple[tuple[NewPassage, ...], int]:
    """Give passages, as many as are kept, and how many more there are."""
    every = list(found)
    kept = tuple(
        NewPassage(passage(row, (each,)), *between(order, each.start), certain)
        for each in every[:MOST]
    )
    return kept, len(every) - len(kept)


def follows(order: Order) -> Iterator[tuple[str, str | None]]:
    """Give every clause with the one that stands before it in the new text."""
    names: list[str | None] = [None, *(clause for _, clause in order)]
    for before, clause in pairwise(names):
        assert clause is not None, "only the first is"
        yield clause, before
