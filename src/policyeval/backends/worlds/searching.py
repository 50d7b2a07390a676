"""Finding the place where a function changes that only rises or only falls with a variable.

How far apart the two sides of a comparison are tells about where they meet: days mostly move with
days. What is found so is looked at closely, so a bad guess costs time and nothing else.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from policyeval.backends.worlds.domains import Days, Moments, Scale
from policyeval.backends.worlds.learning import Failed
from policyeval.backends.worlds.questions import Test
from policyeval.backends.worlds.variables import Assignment, Variable
from policyeval.feel.failure import Failure

_GUESSES: Final = 3
_MICROSECOND: Final = timedelta(microseconds=1)

Same = Callable[[int], bool]
"""Tells whether a function has a result at a place."""


@dataclass(frozen=True, slots=True)
class Along:
    """A test as a function of one variable, the others being fixed; what fails is a `Failed`."""

    result: Callable[[object], Hashable]
    gap: Callable[[object], timedelta | None] | None

    def same(self, variable: Variable, result: Hashable) -> Same:
        """Make the test whether the function has a result at a place of the variable's scale."""
        result_of = self.result
        return lambda place: result_of(variable.at(place)) == result


def along(variable: Variable, known: Assignment, test: Test) -> Along:
    """Make a function of one variable of a test."""
    values = dict(known)  # which nothing keeps
    result_of, gap_of = test.result, test.gap

    def result(value: object) -> Hashable:
        values[variable] = value
        try:
            return result_of(values)
        except Failure as failure:
            return Failed(failure)

    if gap_of is None:
        return Along(result, None)

    def gap(value: object) -> timedelta | None:
        values[variable] = value
        try:
            return gap_of(values)
        except Failure:
            return None

    return Along(result, gap)


def gap(left: object, right: object) -> timedelta | None:
    """Give how far a day or moment is above another; None if one of them is neither."""
    if (type(left) is date and type(right) is date) or (
        isinstance(left, datetime)
        and isinstance(right, datetime)
        and left.tzinfo is not None
        and right.tzinfo is not None
    ):
        return right - left
    return None


def guess(variable: Variable, low: int, high: int, sign: int, given: Along) -> int | None:
    """Guess between two places where the sides of a comparison meet; None if nothing tells.

    Args:
        variable: Whose values the places are.
        low: The low end.
        high: The high end.
        sign: 1 if the left side rises above the right one, -1 if it falls below it.
        given: The comparison.
    """
    scale = variable.scale
    if given.gap is None or not isinstance(scale, Days | Moments):
        return None
    place: int | None = None
    for _ in range(_GUESSES):
        at = low if place is None else place
        apart = given.gap(variable.at(at))
        if apart is None:
            break
        moved = apart.days if isinstance(scale, Days) else apart // _MICROSECOND
        place = min(max(at + sign * moved, low), high)
        if place == at:
            break
    return place


def last_same(scale: Scale | None, low: int, high: int, same: Same, near: int) -> int:
    """Give the last place at which a test holds that holds up to it and not behind it.

    Args:
        scale: Of the places.
        low: The low end; the test holds there.
        high: The high end; it does not hold there.
        same: The test.
        near: Where to begin looking.
    """
    if not isinstance(scale, Moments):
        return _last(low, high, same, near)

    def begin(day: int) -> int:
        return scale.ends(date.fromordinal(day))[0]

    def same_day(day: int) -> bool:
        place = begin(day)
        return place <= low or (place < high and same(place))

    # Most changes come with a new day.
    first, last = (scale.day(each).toordinal() for each in (low, high))
    day = _last(first, last + 1, same_day, scale.day(near).toordinal())
    low, high = max(low, begin(day)), min(high, begin(day + 1))
    return _last(low, high, same, high - 1)


def _last(low: int, high: int, same: Same, near: int) -> int:
    step = 1
    near = min(max(near, low + 1), high - 1)
    if low < near < high:
        if same(near):
            low = near
            while low + step < high:
                if not same(low + step):
                    high = low + step
                    break
                low, step = low + step, 2 * step
        else:
            high = near
            while high - step > low:
                if same(high - step):
                    low = high - step
                    break
                high, step = high - step, 2 * step
    while high - low > 1:
        middle = (low + high) // 2
        if same(middle):
            low = middle
        else:
            high = middle
    return low
