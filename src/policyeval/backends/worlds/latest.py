"""Operators and built-ins where a value may be the moment of an event that never happens.

Comparing with `NEVER` is comparing with what lies after everything; computing with it gives it
again. Lists may hold it: their functions, `min` and `max` see a value that is later than all others.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from operator import eq, ge, gt, le, lt, ne
from typing import Any, Final, cast

from policyeval.feel import operators
from policyeval.feel.builtins.declaration import Builtin, Signature
from policyeval.feel.failure import Failure
from policyeval.feel.invocation import select
from policyeval.feel.lowering.generic import ARITHMETIC
from policyeval.feel.runtime import Runtime
from policyeval.feel.syntax import ArithmeticOperator, ComparisonOperator
from policyeval.feel.temporal.arithmetic import add_months
from policyeval.feel.values import (
    Range,
    Value,
    WideDate,
    WideDateTime,
    WideDuration,
    YearsMonthsDuration,
)
from policyeval.policy.never import NEVER

_LISTS: Final = frozenset(
    {
        "all",
        "any",
        "append",
        "concatenate",
        "count",
        "distinct values",
        "flatten",
        "index of",
        "insert before",
        "list contains",
        "list replace",
        "max",
        "min",
        "remove",
        "reverse",
        "sort",
        "sublist",
        "union",
    }
)
"""Functions that take values into lists, or out of them, and change none."""

_LAST_YEAR = 999_999_999


def order(left: object, right: object) -> int:
    """Give a negative number, zero or a positive one, as one value is before, at or after another.

    Raises:
        Failure: The two have no order.
    """
    if left is NEVER or right is NEVER:
        return (left is NEVER) - (right is NEVER)
    return operators.order(left, right)  # type: ignore[arg-type]  # values, by their types


def compare(operator: ComparisonOperator, left: object, right: object) -> bool:
    """Compare two values.

    Raises:
        Failure: The two do not compare.
    """
    kind = type(left)
    if kind is type(right) and (kind in _NATIVE or _have_offsets(left, right)):
        return _BY_PYTHON[operator](left, right)
    if left is NEVER or right is NEVER:
        if left is None or right is None:
            if operator in ("=", "!="):
                return operator == "!="
        elif operator in ("=", "!="):
            return (left is right) == (operator == "=")
        return _BY_ORDER[operator](order(left, right))
    if operator in ("=", "!=") and (_holds(left) or _holds(right)):
        last = _last((left, right))
        left, right = _swapped(left, NEVER, last), _swapped(right, NEVER, last)
    return operators.COMPARISONS[operator](left, right)  # type: ignore[arg-type]


def arithmetic(operator: ArithmeticOperator, left: object, right: object) -> object:
    """Compute; with `NEVER`, nothing but it comes of that.

    Raises:
        Failure: There is no result.
    """
    if left is NEVER or right is NEVER:
        return NEVER
    if type(left) is date:
        moved = _moved(operator, left, right)
        if moved is not None:
            return moved
    if operator == "+":
        return operators.add(left, right)  # type: ignore[arg-type]  # values, by their types
    return ARITHMETIC[operator](left, right)


def _moved(operator: ArithmeticOperator, day: date, by: object) -> date | None:
    """Move a day by a duration; None if that is not what is wanted, or leaves the years 1 to 9999."""
    if operator not in ("+", "-"):
        return None
    try:
        if type(by) is YearsMonthsDuration:
            return add_months(day, by.months if operator == "+" else -by.months)
        if type(by) is timedelta:
            return day + (by if operator == "+" else -by)
    except OverflowError:
        pass
    return None


def _have_offsets(left: object, right: object) -> bool:
    """Tell whether two values are moments whose clocks never change, which Python compares as such."""
    return (
        type(left) is datetime
        and type(right) is datetime
        and type(left.tzinfo) is timezone
        and type(right.tzinfo) is timezone
    )


def negate(value: object) -> object:
    """Give minus a value.

    Raises:
        Failure: There is none.
    """
    return NEVER if value is NEVER else operators.negate(value)  # type: ignore[arg-type]


def path(value: object, name: str) -> object:
    """Give a part of a value; of a list, that of each item.

    Raises:
        Failure: There is no such part.
    """
    if value is NEVER:
        return NEVER
    if isinstance(value, list):
        return [_part(each, name) for each in value]
    return operators.path(value, name)  # type: ignore[arg-type]  # a value, by its type


def _part(item: object, name: str) -> object:
    if isinstance(item, dict):
        return item.get(name)
    try:
        return path(item, name)
    except Failure:
        return None


def within(value: object, test: object) -> bool:
    """Tell whether a value passes a test that is no comparison: equal, in a range, in a list.

    Raises:
        Failure: The two do not compare.
    """
    if isinstance(test, Range) and not isinstance(value, Range):
        return contains(test, value)
    if isinstance(test, list):
        if isinstance(value, list) and same(value, test):
            return True
        for each in test:
            if isinstance(each, Range) and not isinstance(value, Range):
                if contains(each, value):
                    return True
            elif same(value, each):
                return True
        return False
    return compare("=", value, test)


def contains(range_: Range, value: object) -> bool:
    """Tell whether a value lies in a range, whose ends may be `NEVER`.

    Raises:
        Failure: The value does not compare with the ends.
    """
    if all(
        each is not NEVER for each in (value, cast(object, range_.start), cast(object, range_.end))
    ):
        return operators.contains(range_, value)  # type: ignore[arg-type]  # a value, by its type
    if range_.operator in ("=", "!="):
        return compare(range_.operator, value, range_.end)
    above = range_.operator in ("<", "<=") or compare(
        ">=" if range_.start_included else ">", value, range_.start
    )
    return above and (
        range_.operator in (">", ">=")
        or compare("<=" if range_.end_included else "<", value, range_.end)
    )


def same(left: object, right: object) -> bool:
    """Tell whether two values are equal; those of different kinds are not."""
    if type(left) is type(right) and type(left) in _NATIVE:
        return left == right
    last = _last((left, right))
    return operators.same(_swapped(left, NEVER, last), _swapped(right, NEVER, last))


def make_range(start: object, end: object, start_included: bool, end_included: bool) -> Range:
    """Make the range between two ends, of which one may be `NEVER`.

    Raises:
        Failure: The ends make no range.
    """
    if start is NEVER or end is NEVER:
        return Range(start, end, start_included, end_included)  # type: ignore[arg-type]
    return operators.make_range(start, end, start_included, end_included)  # type: ignore[arg-type]


def comparison_range(operator: ComparisonOperator, operand: object) -> Range:
    """Make a range such as `(< 10)`, whose end may be `NEVER`.

    Raises:
        Failure: The operand makes no range.
    """
    if operand is not NEVER:
        return operators.comparison_range(operator, operand)  # type: ignore[arg-type]
    end = cast(Value, NEVER)
    match operator:
        case "=" | "!=":
            return Range(end, end, operator == "=", operator == "=", operator)
        case "<" | "<=":
            return Range(None, end, False, operator == "<=", operator)
        case ">" | ">=":
            return Range(end, None, operator == ">=", False, operator)


def invoke(
    runtime: Runtime, builtin: Builtin, arguments: Sequence[object], names: Sequence[str] | None
) -> object:
    """Call a built-in.

    Raises:
        Failure: There is no result.
    """
    for each in arguments:
        if each is NEVER or _holds(each):
            break
    else:
        return _invoke(runtime, builtin, arguments, names)
    if builtin.name not in _LISTS:
        return NEVER
    last = _last(arguments)
    swapped = [_swapped(each, NEVER, last) for each in arguments]
    return _swapped(_invoke(runtime, builtin, swapped, names), last, NEVER)


def _invoke(
    runtime: Runtime, builtin: Builtin, arguments: Sequence[object], names: Sequence[str] | None
) -> object:
    key = builtin.name, tuple(map(type, arguments))
    if key in _SIGNATURES and names is None:
        signature = _SIGNATURES[key]
        converted = cast(list[Value], arguments)
    else:
        signature, converted = select(builtin, arguments, names)  # type: ignore[arg-type]
        same = all(one is other for one, other in zip(arguments, converted, strict=False))
        if names is None and same and all(each in _SCALARS for each in key[1]):
            _SIGNATURES[key] = signature
    if signature.needs_runtime:
        return signature.function(runtime, *converted)
    return signature.function(*converted)


_SCALARS: Final = frozenset({bool, Decimal, str, date, datetime, timedelta, YearsMonthsDuration})
_SIGNATURES: Final[dict[tuple[str, tuple[type, ...]], Signature]] = {}
"""The signatures that calls with values of simple types mean: their types alone decide."""


# ---------------------------------------------------------------------- stand-ins


def _holds(value: object) -> bool:
    """Tell whether a list or context has `NEVER` somewhere in it."""
    if isinstance(value, list):
        return any(each is NEVER or _holds(each) for each in value)
    if isinstance(value, dict):
        return any(each is NEVER or _holds(each) for each in value.values())
    return False


def _last(values: Sequence[object]) -> Value:
    """Give a value of the kind of those beside `NEVER` that is later than all of them can be."""
    for each in _scalars(values):
        match each:
            case datetime() | WideDateTime():
                return WideDateTime(_LAST_YEAR, 12, 31, 0, UTC)
            case Decimal():
                return _GREATEST
            case timedelta() | WideDuration():
                return WideDuration(10**30)
            case YearsMonthsDuration():
                return YearsMonthsDuration(10**12)
            case date() | WideDate():
                break
            case _:
                pass
    return WideDate(_LAST_YEAR, 12, 31)


def _scalars(values: Iterable[object]) -> Iterator[object]:
    for each in values:
        if isinstance(each, list):
            yield from _scalars(each)
        elif isinstance(each, dict):
            yield from _scalars(each.values())
        elif each is not NEVER:
            yield each


def _swapped(value: object, old: object, new: object) -> Value:
    if value is old or (type(value) is type(old) and value == old):
        return new  # type: ignore[return-value]  # a value, or what stands for one
    if isinstance(value, list):
        return [_swapped(each, old, new) for each in value]
    if isinstance(value, dict):
        return {name: _swapped(each, old, new) for name, each in value.items()}
    return value  # type: ignore[return-value]


_GREATEST: Final = Decimal((0, (9,) * 34, 6111))

_NATIVE: Final = frozenset({date, Decimal, str})
"""Types of values that Python compares as the language does."""

_BY_PYTHON: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "=": eq,
    "!=": ne,
    "<": lt,
    "<=": le,
    ">": gt,
    ">=": ge,
}

_BY_ORDER: Final[Mapping[str, Callable[[int], bool]]] = {
    "=": lambda order: order == 0,
    "!=": lambda order: order != 0,
    "<": lambda order: order < 0,
    "<=": lambda order: order <= 0,
    ">": lambda order: order > 0,
    ">=": lambda order: order >= 0,
}
