"""Built-ins that make one value of many: the least, the sum, the average (DMN 1.5, table 75).

They take a list or the values one by one. A list with null in it has no result.
"""

import decimal
from collections.abc import Callable, Sequence
from decimal import Context, Decimal

from policyeval.feel import numbers, operators, types
from policyeval.feel.builtins.declaration import Builtin, Example, Parameter, Signature
from policyeval.feel.failure import Failure
from policyeval.feel.runtime import Runtime
from policyeval.feel.types import NUMBER, ListOf, Type, optional
from policyeval.feel.values import Value
from policyeval.messages import message

# Values that are added up, and that are compared, in about the time that a step stands for.
_ADDED_PER_STEP = 200
_COMPARED_PER_STEP = 20


def _extreme(wanted: Callable[[Value, Value], bool], name: str) -> Callable[..., Value]:
    """Make `min` or `max`: the first item that no other one is wanted rather than."""

    def of(runtime: Runtime, items: Sequence[Value]) -> Value:
        _check_given(items, name)
        runtime.step(len(items) // _COMPARED_PER_STEP)
        if not items:
            return None
        best = items[0]
        for item in items[1:]:
            if wanted(item, best):
                best = item
        return best

    return of


def _check_given(items: Sequence[Value], name: str) -> None:
    for item in items:
        if item is None:
            raise Failure(
                "eval.null", message("the list that `{name}` is given has null in it", name=name)
            )


_MIN = _extreme(operators.less, "min")
_MAX = _extreme(operators.greater, "max")


def _statistic(name: str, compute: Callable[[Sequence[Decimal]], Value]) -> Callable[..., Value]:
    """Make a function of a list of numbers, which must have no null in it."""

    def of(runtime: Runtime, items: Sequence[Decimal]) -> Value:
        _check_given(items, name)
        runtime.step(len(items) // _ADDED_PER_STEP)
        try:
            return compute(items)
        except ArithmeticError as error:
            raise numbers.failure_of(error) from None

    return of


def _sum(items: Sequence[Decimal]) -> Decimal | None:
    if not items:
        return None
    total = numbers.ZERO
    for item in items:
        total = numbers.add(total, item)
    return total


def _product(items: Sequence[Decimal]) -> Decimal | None:
    if not items:
        return None
    product = numbers.ONE
    for item in items:
        product = numbers.multiply(product, item)
    return product


def _mean(items: Sequence[Decimal]) -> Decimal | None:
    total = _sum(items)
    return None if total is None else numbers.divide(total, Decimal(len(items)))


def _median(items: Sequence[Decimal]) -> Decimal | None:
    if not items:
        return None
    ordered = sorted(items)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return numbers.divide(numbers.add(ordered[middle - 1], ordered[middle]), Decimal(2))


# Deviations are small differences of large numbers; with more digits none of them is lost.
_WIDE = Context(
    prec=3 * numbers.PRECISION,
    rounding=decimal.ROUND_HALF_EVEN,
    Emin=-100_000,
    Emax=100_000,
    traps=[decimal.InvalidOperation, decimal.DivisionByZero, decimal.Overflow],
)


def _stddev(items: Sequence[Decimal]) -> Decimal | None:
    """Give the standard deviation of a sample: the squares are divided by one less than the count."""
    if len(items) < 2:
        return None
    total = numbers.ZERO
    for item in items:
        total = _WIDE.add(total, item)
    mean = _WIDE.divide(total, Decimal(len(items)))
    squares = numbers.ZERO
    for item in items:
        deviation = _WIDE.subtract(item, mean)
        squares = _WIDE.fma(deviation, deviation, squares)
    variance = _WIDE.divide(squares, Decimal(len(items) - 1))
    return numbers.CONTEXT.plus(_WIDE.sqrt(variance))


def _mode(items: Sequence[Decimal]) -> list[Value]:
    counts: dict[Decimal, int] = {}
    for item in items:
        counts[item] = counts.get(item, 0) + 1
    most = max(counts.values(), default=0)
    return [*sorted(item for item, count in counts.items() if count == most)]


def _variadic(function: Callable[..., Value]) -> Callable[..., Value]:
    """Let a function of a list be called with the items one by one."""

    def of(runtime: Runtime, *items: Value) -> Value:
        return function(runtime, items)

    return of


def _numbers_of(
    name: str, compute: Callable[[Sequence[Decimal]], Value], of_list: Type, of_items: Type
) -> tuple[Signature, Signature]:
    """Declare a function of numbers, in a list or one by one; of an empty list it may be null."""
    function = _statistic(name, compute)
    return (
        Signature((Parameter("list", ListOf(NUMBER)),), of_list, function, needs_runtime=True),
        Signature(
            (Parameter("n1", NUMBER), Parameter("n2", NUMBER)),
            of_items,
            _variadic(function),
            variadic=True,
            needs_runtime=True,
        ),
    )


_COMPARED = (
    types.NUMBER,
    types.STRING,
    types.DATE,
    types.DATE_AND_TIME,
    types.TIME,
    types.DAYS_AND_TIME_DURATION,
    types.YEARS_AND_MONTHS_DURATION,
)


def _compared(function: Callable[..., Value]) -> tuple[Signature, ...]:
    """Declare a function of values that have an order, in a list or one by one, for each type."""
    one_by_one = _variadic(function)
    lists = [
        Signature((Parameter("list", ListOf(each)),), optional(each), function, needs_runtime=True)
        for each in _COMPARED
    ]
    items = [
        Signature(
            (Parameter("c1", each), Parameter("c2", each)),
            each,
            one_by_one,
            variadic=True,
            needs_runtime=True,
        )
        for each in _COMPARED
    ]
    return (*lists, *items)


_MAYBE_NUMBER = optional(NUMBER)

BUILTINS: tuple[Builtin, ...] = (
    Builtin(
        "min",
        message(
            "the least of some numbers, texts, dates, times or durations; null if there are none"
        ),
        _compared(_MIN),
        (
            Example("min([30, 14, 45])", "14"),
            Example("min(30, 14)", "14"),
            Example('min(@"2024-03-31", @"2024-01-31")', '@"2024-01-31"'),
            Example("min([])", "null"),
            Example("min([30, null])", "null"),
        ),
    ),
    Builtin(
        "max",
        message(
            "the greatest of some numbers, texts, dates, times or durations; null if there are none"
        ),
        _compared(_MAX),
        (
            Example("max([30, 14, 45])", "45"),
            Example('max("Anna", "Bo")', '"Bo"'),
            Example('max(@"P30D", @"PT48H")', '@"P30D"'),
            Example('max([1, "a"])', "null"),
        ),
    ),
    Builtin(
        "sum",
        message("numbers added up; null if there are none"),
        _numbers_of("sum", _sum, _MAYBE_NUMBER, NUMBER),
        (
            Example("sum([100, 250.50, 49.50])", "400"),
            Example("sum(1, 2, 3)", "6"),
            Example("sum([])", "null"),
            Example("sum([1, null])", "null"),
        ),
    ),
    Builtin(
        "mean",
        message("the average of some numbers; null if there are none"),
        _numbers_of("mean", _mean, _MAYBE_NUMBER, NUMBER),
        (
            Example("mean([1, 2, 6])", "3"),
            Example("mean(1, 2)", "1.5"),
            Example("mean([])", "null"),
        ),
    ),
    Builtin(
        "product",
        message("numbers multiplied with each other; null if there are none"),
        _numbers_of("product", _product, _MAYBE_NUMBER, NUMBER),
        (
            Example("product([2, 3, 4])", "24"),
            Example("product(2.5, 2)", "5"),
            Example("product([])", "null"),
        ),
    ),
    Builtin(
        "median",
        message(
            "the number in the middle of some numbers in order, or the average of the two that are "
            "there; null if there are none"
        ),
        _numbers_of("median", _median, _MAYBE_NUMBER, NUMBER),
        (
            Example("median([8, 2, 5, 3, 4])", "4"),
            Example("median(6, 1, 2, 3)", "2.5"),
            Example("median([])", "null"),
        ),
    ),
    Builtin(
        "stddev",
        message(
            "how far some numbers lie from their average: the standard deviation of a sample; null "
            "if there are fewer than two"
        ),
        _numbers_of("stddev", _stddev, _MAYBE_NUMBER, _MAYBE_NUMBER),
        (
            Example("stddev([1, 3, 5])", "2"),
            Example("stddev(2, 2, 2)", "0"),
            Example("stddev([47])", "null"),
        ),
    ),
    Builtin(
        "mode",
        message("the numbers that occur most often among some numbers, in ascending order"),
        _numbers_of("mode", _mode, ListOf(NUMBER), ListOf(NUMBER)),
        (
            Example("mode(6, 3, 9, 6, 6)", "[6]"),
            Example("mode([6, 1, 9, 6, 1])", "[1, 6]"),
            Example("mode([])", "[]"),
        ),
    ),
)
