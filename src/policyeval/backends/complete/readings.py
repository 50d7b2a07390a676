"""What rules come to where the admissible readings of the text disagree about some of them.

Each condition of a rule was computed in every way that its open readings may be read; the truths are
bits of a number, a bit for each condition and way. Whether the question is open then follows from
the bits alone: some reading of the text says yes, and some says no.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

from policyeval.backends.complete.given import NotForUsError
from policyeval.backends.complete.ways import Way

_MOST = 4_096
"""Ways to read the text that are gone through for one question."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A rule's condition, or the opposite of an exclusion's: what has to hold for a yes.

    Attributes:
        wanted: What it has to come to.
        ways: The ways to read it, each with the bit that says what it comes to.
    """

    wanted: bool
    ways: Sequence[tuple[Way, int]]

    def holds(self, bits: int, index: int) -> bool:
        """Tell whether it is as it has to be, in one way to read it."""
        return bool(bits >> self.ways[index][1] & 1) is self.wanted


class Disagreement(dict[int, int]):
    """Truths of conditions, as bits, to the result of the question: open, which is a number below zero.

    What it has found out is remembered: in practice few combinations occur.

    Raises:
        NotForUsError: On looking something up: it is not open, or there are too many ways to tell.
    """

    __slots__ = ("_conditions",)

    def __init__(self, conditions: Sequence[Condition]) -> None:
        super().__init__()
        self._conditions = tuple(conditions)

    def __missing__(self, bits: int) -> int:
        doubtful = [
            each
            for each in self._conditions
            if len({each.holds(bits, index) for index in range(len(each.ways))}) > 1
        ]
        if not doubtful or not _some_way_is_good(doubtful, bits):
            raise NotForUsError
        if len(self) < _MOST:
            self[bits] = ~bits
        return ~bits


def _some_way_is_good(conditions: Sequence[Condition], bits: int) -> bool:
    """Tell whether the text can be read so that all conditions are as they have to be.

    Raises:
        NotForUsError: There are too many ways to read it.
    """
    if prod(len(each.ways) for each in conditions) > _MOST:
        raise NotForUsError
    for indexes in product(*(range(len(each.ways)) for each in conditions)):
        chosen = zip(conditions, indexes, strict=True)
        if all(each.holds(bits, index) for each, index in chosen) and _fit(
            [each.ways[index][0] for each, index in zip(conditions, indexes, strict=True)]
        ):
            return True
    return False


def _fit(ways: Sequence[Way]) -> bool:
    """Tell whether ways to read parts of a text are ways to read the whole: no reading in two ways."""
    whole: dict[str, str] = {}
    return all(
        whole.setdefault(name, option) == option for way in ways for name, option in way.items()
    )
