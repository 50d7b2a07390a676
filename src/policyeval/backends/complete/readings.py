"""What rules come to where the admissible readings of the text may disagree about some of them.

Each condition of a rule is looked at in every way that its open readings may be read; where it is not
as it has to be for a yes, a bit is set, one for each condition and way. What the question comes to
then follows from the bits alone.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import product
from math import prod

from policyeval.backends.complete.standing import NotForUsError
from policyeval.backends.complete.ways import Way

_MOST = 4_096
"""Ways to read the text that are gone through for one question, and results that are remembered."""

Condition = Sequence[tuple[Way, int]]
"""The ways to read a rule's condition, each with the place of the bit that is set if it fails."""


class Blamed(dict[int, int]):
    """Bits of what fails to the result of the question, for bits that are not all zero.

    What fails in every way to read it is to blame for a no: a bit for each rule. If nothing does, but
    the text may be read so that nothing fails at all, the question is open, `~bits`; if it may not, the
    answer is no by other rules for other readings: those that fail in some way have a bit each, above
    those of all rules. What was found out is remembered: in practice few combinations occur.

    Raises:
        NotForUsError: On looking something up: there are too many ways to read the text.
    """

    __slots__ = ("_conditions",)

    def __init__(self, conditions: Sequence[Condition]) -> None:
        super().__init__()
        self._conditions = tuple(conditions)

    def __missing__(self, bits: int) -> int:
        found = self._rules(bits, all)
        if not found:
            doubtful = self._may_all_hold(bits)
            found = ~bits if doubtful else self._rules(bits, any) << len(self._conditions)
        if len(self) < _MOST:
            self[bits] = found
        return found

    def _rules(self, bits: int, fails: Callable[[Iterable[int]], bool]) -> int:
        """Give a bit for each rule that fails in some way to read it, or in all."""
        return sum(
            1 << index
            for index, condition in enumerate(self._conditions)
            if fails(bits >> place & 1 for _, place in condition)
        )

    def _may_all_hold(self, bits: int) -> bool:
        """Tell whether the text can be read so that nothing fails."""
        doubtful = [
            [way for way, place in condition if not bits >> place & 1]
            for condition in self._conditions
            if any(bits >> place & 1 for _, place in condition)
        ]
        if prod(map(len, doubtful)) > _MOST:
            raise NotForUsError
        return any(map(_fit, product(*doubtful)))


def _fit(ways: Sequence[Way]) -> bool:
    """Tell whether ways to read parts of a text are ways to read the whole: no reading in two ways."""
    whole: dict[str, str] = {}
    return all(
        whole.setdefault(name, option) == option for way in ways for name, option in way.items()
    )
