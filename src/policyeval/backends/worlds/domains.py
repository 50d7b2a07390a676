"""What an open point may still be: stretches of days, moments or numbers, and single values."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Final

from policyeval.facts.clock import Clock
from policyeval.feel import numbers


class Unsure:
    """Stands for values that could not be told apart; whatever reads it has no result."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "UNSURE"


UNSURE: Final = Unsure()


class FreshText:
    """Stands for a text that is equal to none that is known."""

    __slots__ = ("text",)

    def __init__(self, number: int) -> None:
        self.text = f"\ue000{number}"

    def __repr__(self) -> str:
        return f"FreshText({self.text!r})"


FRESH: Final = (FreshText(1), FreshText(2))
"""Two texts that nobody has written, so that two unknown texts can differ and can be equal."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """All values of a scale from one place on it to another, both included."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Single:
    """One value that has no place on the scale, or is of a type without one."""

    value: object


Part = Stretch | Single
Domain = tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Multiples:
    """A grid on a scale: the multiples of a number."""

    step: int

    def above(self, place: int) -> int:
        """Give the first line of the grid after a place."""
        return place // self.step + 1

    def place(self, line: int) -> int:
        """Give the place of a line."""
        return line * self.step


class Days:
    """The scale of days."""

    grids: tuple[Multiples, ...] = ()

    @staticmethod
    def value(place: int) -> date:
        """Give the day at a place."""
        return date.fromordinal(place)

    @staticmethod
    def place(value: object) -> int:
        """Give the place of a day."""
        assert isinstance(value, date)
        return value.toordinal()

    @staticmethod
    def day(place: int) -> date:
        """Give the day that a place belongs to."""
        return date.fromordinal(place)

    @staticmethod
    def ends(day: date) -> tuple[int, int]:
        """Give the first and the last place of a day."""
        return day.toordinal(), day.toordinal()


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Moments:
    """The scale of moments, in microseconds; each has the offset that clocks of the zone have then."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._moments: dict[int, datetime] = {}
        self.grids = (self,)

    def above(self, place: int) -> int:
        """Give the first day that begins after a place, as a number."""
        return self.day(place).toordinal() + 1

    def value(self, place: int) -> datetime:
        """Give the moment at a place."""
        found = self._moments.get(place)
        if found is None:
            found = self._moments[place] = self._clock.in_zone(_EPOCH + place * _MICROSECOND)
        return found

    def place(self, value: object) -> int:
        """Give the place of a moment, or the first place of a day by its number."""
        if isinstance(value, int):
            return self.place(self._clock.bounds(date.fromordinal(value))[0])
        assert isinstance(value, datetime)
        return (value - _EPOCH) // _MICROSECOND

    def day(self, place: int) -> date:
        """Give the day that a place belongs to."""
        return self.value(place).date()

    def ends(self, day: date) -> tuple[int, int]:
        """Give the first and the last place of a day."""
        first, last = self._clock.bounds(day)
        return self.place(first), self.place(last)


_DECIMALS = 12


class Numbers:
    """The scale of numbers with twelve decimals."""

    grids = (Multiples(10**12), Multiples(10**10), Multiples(10**6))

    @staticmethod
    def value(place: int) -> Decimal:
        """Give the number at a place."""
        return numbers.CONTEXT.create_decimal(Decimal(place).scaleb(-_DECIMALS, _EXACT))

    @staticmethod
    def place(value: object) -> int:
        """Give the place of a number."""
        assert isinstance(value, Decimal)
        return int(value.scaleb(_DECIMALS, _EXACT).to_integral_value())

    @staticmethod
    def day(_place: int) -> date:
        """Numbers have no day."""
        raise AssertionError("a number belongs to no day")


_EXACT = numbers.CONTEXT

Scale = Days | Moments | Numbers


def count(domain: Domain) -> int:
    """Count the values."""
    return sum(each.high - each.low + 1 if isinstance(each, Stretch) else 1 for each in domain)


def is_single(domain: Domain) -> bool:
    """Tell whether there is one value only."""
    if len(domain) != 1:
        return False
    part = domain[0]
    return isinstance(part, Single) or part.low == part.high


def singles(values: Iterable[object]) -> Domain:
    """Make a domain of single values, each once."""
    found: list[object] = []
    for each in values:
        if not any(each is other or _equal(each, other) for other in found):
            found.append(each)
    return tuple(map(Single, found))


def _equal(left: object, right: object) -> bool:
    return type(left) is type(right) and left == right


def joined(parts: Iterable[Part]) -> Domain:
    """Put parts together: stretches that touch or overlap become one; in the order of the scale."""
    stretches: list[Stretch] = []
    rest: dict[Part, None] = {}
    for each in parts:
        if isinstance(each, Stretch):
            stretches.append(each)
        else:
            rest[each] = None
    stretches.sort(key=lambda each: each.low)
    merged: list[Stretch] = []
    for each in stretches:
        if merged and each.low <= merged[-1].high + 1:
            merged[-1] = Stretch(merged[-1].low, max(merged[-1].high, each.high))
        else:
            merged.append(each)
    return (*merged, *rest)


def apart(domain: Domain) -> Sequence[Domain]:
    """Give a domain of few values, value by value."""
    found: list[Domain] = []
    for part in domain:
        if isinstance(part, Single):
            found.append((part,))
        else:
            found += [(Stretch(at, at),) for at in range(part.low, part.high + 1)]
    return found
