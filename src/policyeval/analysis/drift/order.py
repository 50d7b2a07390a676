"""Which of many places belong together: those that keep the order of what is looked for."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple


class Candidate(NamedTuple):
    """A place where something may stand.

    Attributes:
        first: Its position; it comes after another that has `after` at or before this.
        weight: How much speaks for it.
    """

    first: int
    after: int
    weight: int


def in_order(items: Sequence[Sequence[Candidate]]) -> tuple[int | None, ...]:
    """Choose at most one candidate of each item, so that the items keep their order.

    Of all such choices, it is one with the greatest weight in all.

    Returns:
        For each item the index of its candidate, or None.
    """
    ends = sorted({each.after for candidates in items for each in candidates})
    best = _Best(len(ends))
    chains: list[tuple[int, int, int]] = []  # item, candidate, the chain before it
    for number, candidates in enumerate(items):
        added = []
        for index, each in enumerate(candidates):
            weight, before = best.up_to(bisect_right(ends, each.first))
            chains.append((number, index, before))
            added.append((bisect_left(ends, each.after), weight + each.weight, len(chains) - 1))
        for position, weight, chain in added:
            best.add(position, weight, chain)
    chosen: list[int | None] = [None] * len(items)
    _, at = best.up_to(len(ends))
    while at >= 0:
        number, index, before = chains[at]
        chosen[number] = index
        at = before
    return tuple(chosen)


class _Best:
    """The greatest weight at or before a position (a Fenwick tree), and whose it is."""

    def __init__(self, size: int) -> None:
        self.tree = [(0, -1)] * (size + 1)

    def add(self, position: int, weight: int, chain: int) -> None:
        at = position + 1
        while at < len(self.tree):
            if weight > self.tree[at][0]:
                self.tree[at] = (weight, chain)
            at += at & -at

    def up_to(self, count: int) -> tuple[int, int]:
        found = (0, -1)
        while count > 0:
            if self.tree[count][0] > found[0]:
                found = self.tree[count]
            count -= count & -count
        return found
