"""Which way values move with the variables in them: up, down, or up and down."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from itertools import product
from typing import Final, Protocol

from policyeval.backends.worlds.domains import Domain, FreshText, Single, Stretch
from policyeval.backends.worlds.variables import Point, Symbol, Variable, resolved
from policyeval.feel.failure import Failure
from policyeval.feel.syntax import ArithmeticOperator
from policyeval.feel.values import YearsMonthsDuration

Signs = Mapping[Variable, int]

_RISING: Final = frozenset(
    {
        "ceiling",
        "date",
        "decimal",
        "floor",
        "round down",
        "round half down",
        "round half up",
        "round up",
    }
)
"""Functions that never fall where their first argument rises; the others are settings."""

_RISING_WITH_ALL: Final = frozenset({"max", "min"})
_RISING_PARTS: Final = frozenset({"year", "years", "days"})
_MOST: Final = 64


class Narrowed(Protocol):
    """Knows what variables may be."""

    def domain(self, variable: Variable) -> Domain:
        """Give what a variable may be."""
        ...


def of(value: object) -> Signs:
    """Give the signs of a value."""
    return value.signs if isinstance(value, Symbol) else {}


def total(parts: Sequence[tuple[object, int]]) -> Signs:
    """Give the signs of what rises (1), falls (-1) or does either (0) with each of the parts."""
    found: dict[Variable, int] = {}
    for value, factor in parts:
        for variable, sign in of(value).items():
            moved = sign * factor
            found[variable] = moved if found.get(variable, moved) == moved else 0
    return found


def difference(left: object, right: object) -> Signs:
    """Give the signs of what one value is above another."""
    return total([(left, 1), (right, -1)])


def of_arithmetic(
    operator: ArithmeticOperator, operands: Sequence[object], narrowed: Narrowed
) -> Signs:
    """Give the signs of a computed value."""
    left, right = operands
    match operator:
        case "+":
            return total([(left, 1), (right, 1)])
        case "-":
            return difference(left, right)
        case "*":
            found = [(left, right), (right, left)]
            return total([(each, _side(by, narrowed) if of(each) else 0) for each, by in found])
        case "/":
            below = _side(right, narrowed, strict=True)
            above = _side(left, narrowed) if of(right) else 0
            return total([(left, below), (right, -above * abs(below))])
        case _:
            return {}


def of_builtin(name: str, arguments: Sequence[object], narrowed: Narrowed) -> Signs:
    """Give the signs of what a built-in gives."""
    if name in _RISING:
        first, *settings = arguments
        if len(arguments) == 1 or name != "date":
            return total([(first, 1), *((each, 0) for each in settings)])
    if name == "date" and len(arguments) == 3:
        year, month, day = arguments
        if isinstance(year, Symbol) and isinstance(month, Symbol) and not isinstance(day, Symbol):
            source = year.year_of
            if source is not None and month.within_year is source:
                return source.signs
    if name in _RISING_WITH_ALL:
        values = arguments
        if len(arguments) == 1 and isinstance(arguments[0], list):
            values = arguments[0]
        if all(not isinstance(each, list | dict) for each in values):
            return total([(each, 1) for each in values])
    if name == "abs" and len(arguments) == 1:
        return total([(arguments[0], _side(arguments[0], narrowed))])
    return {}


def of_path(source: object, name: str) -> Signs:
    """Give the signs of a part of a value."""
    return of(source) if name in _RISING_PARTS else {}


def within_year(
    result: Symbol, arguments: Sequence[object], signs: Callable[[Sequence[object]], Signs]
) -> None:
    """Note of a computed value that it grows within a year, if it only grows with what does."""
    found = [each for each in arguments if isinstance(each, Symbol)]
    if len(found) != 1 or found[0].within_year is None:
        return
    (given,) = found
    stand_in = [_MONTH.symbol if each is given else each for each in arguments]
    if signs(stand_in).get(_MONTH) == 1:
        result.within_year = given.within_year


_MONTH: Final = Variable(
    Point("month", "fact", "month"), (0, 0), (Single(Decimal(1)), Single(Decimal(12)))
)
"""Stands for the month of some date."""


def _side(value: object, narrowed: Narrowed, *, strict: bool = False) -> int:
    """Tell whether a value is never negative (1), never positive (-1), or either (0)."""
    signs = of(value)
    if not all(signs.values()):
        return 0
    choices = [_ends(variable, narrowed.domain(variable)) for variable in signs]
    if any(not each for each in choices):
        return 0
    found: set[int] = set()
    for values, _ in zip(product(*choices), range(_MOST + 1), strict=False):
        try:
            side = _sign(resolved(value, dict(zip(signs, values, strict=True))))
        except Failure:
            return 0
        if side is None or (strict and not side):
            return 0
        found.add(side)
    if found <= {0, 1}:
        return 1
    return -1 if found <= {0, -1} else 0


def _ends(variable: Variable, domain: Domain) -> list[object]:
    values: list[object] = []
    for part in domain:
        if isinstance(part, Stretch):
            values += [variable.at(part.low), variable.at(part.high)]
        elif isinstance(part, Single) and not isinstance(part.value, FreshText):
            values.append(part.value)
    return values


def _sign(value: object) -> int | None:
    match value:
        case Decimal():
            return (value > 0) - (value < 0)
        case timedelta():
            return (value > timedelta(0)) - (value < timedelta(0))
        case YearsMonthsDuration(months):
            return (months > 0) - (months < 0)
        case _:
            return None
