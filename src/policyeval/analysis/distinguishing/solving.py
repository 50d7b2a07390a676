"""Moving one value until the two sides of a comparison are equal.

The sides are computed as the version computes them, whatever leads from the value to them: periods,
ends of quarters, other decisions. A step is as long as the gap that is left; where that does not close
it, the slope is measured first. Days at the ends of months may leave a gap of a day or two.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final, NamedTuple

from policyeval.analysis.distinguishing.moves import Facts, Ref, Situation, cast_to, shifted
from policyeval.analysis.distinguishing.probing import distance
from policyeval.analysis.distinguishing.sides import Side
from policyeval.facts.model import Environment
from policyeval.feel import types
from policyeval.feel.types import Type

_ROUNDS: Final = 5
_FAR: Final = {types.DATE: Decimal(62), types.DATE_AND_TIME: Decimal(62 * 86_400)}
_A_DAY: Final = Decimal(86_400)


class _Step(NamedTuple):
    """A situation, and how far its sides are apart."""

    situation: Situation
    environment: Environment
    left: object
    right: object

    @property
    def gap(self) -> Decimal | None:
        return distance(self.left, self.right)


@dataclass(frozen=True, slots=True)
class Solving:
    """A comparison, and a value that one of its sides rests on.

    Attributes:
        number: Which comparison of the formula it is.
        ref: The value that is moved.
        is_left: Whether the left side rests on it.
    """

    side: Side
    number: int
    ref: Ref
    is_left: bool
    facts: Facts

    def solved(self, situation: Situation) -> Situation | None:
        """Move the value until both sides are equal, or as near as it gets; None: it cannot be."""
        begin = self._step(situation)
        if begin is not None and self.facts.value(self.ref, begin.environment) is None:
            begin = self._begun(begin)
        if begin is None or begin.gap is None:
            return None
        here = begin
        slope, measured = Decimal(1 if self.is_left else -1), False
        for _ in range(_ROUNDS):
            gap = here.gap
            if not gap:
                break
            there = self._moved(here, -(gap / slope) * self._unit(here.left))
            if there is None:
                break
            if there.gap is not None and abs(there.gap) < abs(gap):
                here = there
                continue
            found = None if measured else self._slope(here)
            if found is None:
                break
            slope, measured = found, True
        return here.situation

    def _slope(self, here: _Step) -> Decimal | None:
        """Tell by how much the gap grows where the value grows by one; None if it does not."""
        type_ = self.facts.type_of(self.ref)
        far = _FAR[type_] if isinstance(type_, types.SimpleType) and type_ in _FAR else Decimal(1)
        there = self._moved(here, far)
        if there is None or there.gap is None or here.gap is None or there.gap == here.gap:
            return None
        return (there.gap - here.gap) / (far / self._unit(here.left))

    def _step(self, situation: Situation) -> _Step | None:
        environment = self.facts.environment(situation)
        if environment is None:
            return None
        values = self.side.values(environment)
        position = self.ref.position if self.side.atoms[self.number].loops else 0
        return _Step(situation, environment, *self.side.sides(values, self.number, position))

    def _moved(self, here: _Step, by: Decimal) -> _Step | None:
        value = shifted(self.facts.value(self.ref, here.environment), by)
        return None if value is None else self._put(here, value)

    def _begun(self, here: _Step) -> _Step | None:
        """Give a value to what has none: that of the other side."""
        other = here.right if self.is_left else here.left
        value = cast_to(self.facts.type_of(self.ref), other)
        return None if value is None else self._put(here, value)

    def _put(self, here: _Step, value: object) -> _Step | None:
        moved = self.facts.moved(here.situation, here.environment, self.ref, value)
        return None if moved is None else self._step(moved)

    def _unit(self, side: object) -> Decimal:
        """Tell by how much the value moves where its side is to move by one."""
        type_: Type = self.facts.type_of(self.ref)
        is_day = isinstance(side, date) and not isinstance(side, datetime)
        if type_ == types.DATE_AND_TIME and is_day:
            return _A_DAY
        if type_ == types.DATE and isinstance(side, datetime):
            return 1 / _A_DAY
        return Decimal(1)


def beside(situation: Situation, ref: Ref, facts: Facts) -> Iterator[Situation]:
    """Give a situation, and those in which one value is the next one on either side."""
    yield situation
    environment = facts.environment(situation)
    if environment is None:
        return
    value = facts.value(ref, environment)
    for other in neighbours(value):
        moved = facts.moved(situation, environment, ref, other)
        if moved is not None:
            yield moved


def neighbours(value: object) -> Iterator[object]:
    """Give the values next to one: a day, a second and the ends of the day, an amount's last digit."""
    match value:
        case datetime():
            yield from (shifted(value, Decimal(each)) for each in (1, -1))
            zone = value.tzinfo
            day = value.date()
            yield from (shifted(value, Decimal(each)) for each in (86_400, -86_400))
            yield datetime.combine(day, time(23, 59, 59), zone)
            yield datetime.combine(day, time(), zone)
            yield datetime.combine(day + timedelta(days=1), time(), zone)
            yield datetime.combine(day - timedelta(days=1), time(23, 59, 59), zone)
        case date():
            yield from (shifted(value, Decimal(each)) for each in (1, -1, 2, -2))
        case Decimal():
            unit = smallest(value)
            yield from (value + unit, value - unit)
            if unit != 1:
                yield from (value + 1, value - 1)
        case _:
            return


def smallest(value: Decimal) -> Decimal:
    """Give the unit of a number's last digit; of a whole number one."""
    exponent = value.normalize().as_tuple().exponent
    return (
        Decimal((0, (1,), exponent)) if isinstance(exponent, int) and exponent < 0 else Decimal(1)
    )
