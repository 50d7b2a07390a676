"""Places worth looking at, where a function goes up and down with a variable."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from policyeval.backends.worlds.domains import Days, Moments, Numbers, Stretch
from policyeval.backends.worlds.learning import Learning
from policyeval.backends.worlds.variables import Variable

_DAYS: Final = 400
"""So many days are looked at one by one."""


def places_of(variable: Variable, part: Stretch, learning: Learning) -> set[int]:
    """Give the places to look at of a function that goes up and down."""
    scale = variable.scale
    found = {part.low, part.high}
    for cut in learning.cuts.get(variable, ()):
        found.update((cut - 1, cut))
    if isinstance(scale, Numbers):
        unit = scale.place(Decimal(1))
        wanted = [each * unit for each in range(-12, 32)]
        wanted += [sign * unit * 10**power for power in range(2, 19) for sign in (-1, 1)]
        wanted += [scale.place(each) for each in learning.literals()]
        found.update(each + step for each in wanted for step in (-1, 0, 1))
    elif isinstance(scale, Days | Moments):
        first = scale.day(part.low)
        last = scale.day(part.high)
        if (last - first).days <= _DAYS:
            days = [first + timedelta(each) for each in range((last - first).days + 1)]
        else:
            days = [first + timedelta(each) for each in range(40)]
            days += list(_ends_of_months(first, 30))
            days += list(_ends_of_months(last - timedelta(_DAYS), 12))
            days += [each for year in range(3, 40, 4) for each in _leap(first.year + year)]
        found.update(_of_days(scale, days))
    return {each for each in found if part.low <= each <= part.high}


def _ends_of_months(first: date, months: int) -> Iterator[date]:
    """Give the first and last days of months from one on."""
    year, month = first.year, first.month
    for _ in range(months):
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
        if year > 9999:
            return
        begin = date(year, month, 1)
        yield begin - timedelta(1)
        yield begin


def _leap(year: int) -> list[date]:
    """Give days of a year that are unlike others."""
    days = [date(year, 1, 1), date(year, 2, 28), date(year, 3, 1), date(year, 12, 31)]
    return days if year < 9999 else []


def _of_days(scale: Days | Moments, days: Iterable[date]) -> Iterator[int]:
    for each in days:
        yield from scale.ends(each)


def first_places(variable: Variable, part: Stretch) -> Iterator[int]:
    """Give a few places that most functions that go up and down tell apart."""
    scale = variable.scale
    yield part.low
    yield part.high
    if isinstance(scale, Days | Moments):
        first, last = scale.day(part.low), scale.day(part.high)
        steps = (*range(1, 8), 15, 31, 62, 93, 124, 155, 186, 365)
        days = (first + timedelta(each) for each in steps if each <= (last - first).days)
        yield from (scale.ends(each)[0] for each in days)


def around(variable: Variable, part: Stretch, place: int) -> Iterator[int]:
    """Give the ends of the months around a place."""
    scale = variable.scale
    if not isinstance(scale, Days | Moments):
        return
    middle = scale.day(place)
    if middle.year < 3 or middle.year > 9990:
        return
    days = [
        *_ends_of_months(middle - timedelta(150), 10),
        *(middle + timedelta(each) for each in range(-8, 9)),
    ]
    yield from (each for each in _of_days(scale, days) if part.low <= each <= part.high)
