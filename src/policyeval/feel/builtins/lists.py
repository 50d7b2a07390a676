"""Built-ins on lists (DMN 1.5, tables 76 and 79): taking apart, putting together, counting up.

No list is changed: every function makes a new one. What takes long for a long list is paid for in
steps, so that nothing is done often that takes long.
"""

import decimal
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from decimal import Context, Decimal

from policyeval.feel import numbers, operators, temporal, types
from policyeval.feel.builtins.declaration import Builtin, Example, Parameter, Signature
from policyeval.feel.failure import Failure
from policyeval.feel.runtime import Runtime
from policyeval.feel.types import ANY, BOOLEAN, NUMBER, FunctionOf, ListOf, Type, optional
from policyeval.feel.values import (
    Function,
    Value,
    WideDate,
    WideDateTime,
    WideDuration,
    YearsMonthsDuration,
)
from policyeval.feel.writing import kind_of, shown
from policyeval.messages import message

# What is done in about the time that a step stands for: items copied or added up, and items
# compared.
_ITEMS_PER_STEP = 200
_COMPARED_PER_STEP = 20


def _paid(runtime: Runtime, items: Sequence[Value]) -> None:
    runtime.step(len(items) // _ITEMS_PER_STEP)


# ------------------------------------------------------------------------------- types


def _item_type(given: Type) -> Type:
    """Give the type of the items of an argument for a list; a single value is the list of it."""
    match types.required(given):
        case ListOf(item):
            return item
        case types.AnyType() | types.NullType():
            return ANY
        case single:
            return single


def _same_list(given: Sequence[Type]) -> Type:
    return ListOf(_item_type(given[0]))


def _joined_lists(given: Sequence[Type]) -> Type:
    return ListOf(types.join_all(map(_item_type, given)))


def _with_items(given: Sequence[Type]) -> Type:
    return ListOf(types.join_all((_item_type(given[0]), *given[1:])))


def _with_third(given: Sequence[Type]) -> Type:
    return ListOf(types.join_all((_item_type(given[0]), given[2])))


def _flat_list(given: Sequence[Type]) -> Type:
    return ListOf(_flat_type(_item_type(given[0])))


def _flat_type(item: Type) -> Type:
    match item:
        case ListOf(inner):
            return _flat_type(inner)
        case types.Optional(ListOf(inner)):
            return optional(_flat_type(inner))
        case _:
            return item


# ------------------------------------------------------------------------------- positions


def _index(items: list[Value], position: Decimal) -> int:
    """Turn a position (1 is the first item, -1 the last) into an index; a fraction is cut off.

    Raises:
        Failure: The list has no such position.
    """
    # INVARIANT: the position is small before it becomes an int, which is slow for 1e6000.
    number = int(position) if position.copy_abs() < len(items) + 1 else 0
    if number == 0:
        raise Failure(
            "eval.index",
            message(
                "a list of {count} items has no position {position}; positions count from 1, or "
                "from -1 at the end",
                count=len(items),
                position=shown(position),
            ),
        )
    return number - 1 if number > 0 else len(items) + number


def _sublist(
    runtime: Runtime, items: list[Value], start: Decimal, length: Decimal | None = None
) -> list[Value]:
    begin = _index(items, start)
    rest = len(items) - begin
    _paid(runtime, items)
    if length is None:
        return items[begin:]
    if not 1 <= length < rest + 1:
        raise Failure(
            "eval.index",
            message(
                "from position {position} of a list of {count} items {length} cannot be taken",
                position=shown(start),
                count=len(items),
                length=shown(length),
            ),
        )
    return items[begin : begin + int(length)]


def _insert_before(
    runtime: Runtime, items: list[Value], position: Decimal, item: Value
) -> list[Value]:
    index = _index(items, position)
    runtime.check_list(len(items) + 1)
    _paid(runtime, items)
    return [*items[:index], item, *items[index:]]


def _remove(runtime: Runtime, items: list[Value], position: Decimal) -> list[Value]:
    index = _index(items, position)
    _paid(runtime, items)
    return [*items[:index], *items[index + 1 :]]


def _replace_at(
    runtime: Runtime, items: list[Value], position: Decimal, item: Value
) -> list[Value]:
    index = _index(items, position)
    _paid(runtime, items)
    return [*items[:index], item, *items[index + 1 :]]


def _replace_matching(
    runtime: Runtime, items: list[Value], match: Function, new: Value
) -> list[Value]:
    return [
        new if _decision(match, item, new, "list replace") else item for item in runtime.each(items)
    ]


def _decision(function: Function, first: Value, second: Value, name: str) -> bool:
    """Ask a function of the text about two values.

    Raises:
        Failure: It answers neither true nor false.
    """
    answer = function.call(first, second)
    if answer is True or answer is False:
        return answer
    raise Failure(
        "eval.type",
        message(
            "the function given to `{name}` gives a `{kind}` for {first} and {second}, not true "
            "or false",
            name=name,
            kind=kind_of(answer),
            first=shown(first),
            second=shown(second),
        ),
    )


# ------------------------------------------------------------------------------- joining


def _append(runtime: Runtime, items: list[Value], *more: Value) -> list[Value]:
    runtime.check_list(len(items) + len(more))
    _paid(runtime, items)
    return [*items, *more]


def _concatenate(runtime: Runtime, *lists: list[Value]) -> list[Value]:
    runtime.check_list(sum(map(len, lists)))
    result: list[Value] = []
    for each in lists:
        _paid(runtime, each)
        result += each
    return result


def _reverse(runtime: Runtime, items: list[Value]) -> list[Value]:
    _paid(runtime, items)
    return items[::-1]


def _flatten(runtime: Runtime, items: list[Value]) -> list[Value]:
    # With a stack of its own: lists may be nested as deeply as the input likes.
    result: list[Value] = []
    stack = [iter(items)]
    while stack:
        for item in stack[-1]:
            if isinstance(item, list):
                # A list can hold another many times over, in levels, and be small all the same.
                runtime.step()
                stack.append(iter(item))
                break
            result.append(item)
            if len(result) > runtime.budget.list_length:
                runtime.check_list(len(result))
        else:
            stack.pop()
    runtime.step(len(result) // _ITEMS_PER_STEP)
    return result


def _count(items: list[Value]) -> Decimal:
    return Decimal(len(items))


# ------------------------------------------------------------------------------- equal items


class _Comparison:
    """Compares items as `=` does (different kinds just are not equal), and pays for it."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self.sizes: dict[int, int] = {}
        self.work = 0

    def same(self, left: Value, right: Value) -> bool:
        self.pay(1)
        if isinstance(left, list | dict) and isinstance(right, list | dict):
            if type(left) is not type(right) or len(left) != len(right):
                return False
            self.pay(min(self.size(left), self.size(right)))
        return operators.same(left, right)

    def pay(self, work: int) -> None:
        self.work += work
        if self.work >= _COMPARED_PER_STEP:
            self.runtime.step(self.work // _COMPARED_PER_STEP)
            self.work %= _COMPARED_PER_STEP

    def size(self, value: list[Value] | dict[str, Value]) -> int:
        """Count the values within a value, each list or context once."""
        if id(value) in self.sizes:
            return self.sizes[id(value)]
        total = 0
        seen = {id(value)}
        todo: list[list[Value] | dict[str, Value]] = [value]
        while todo:
            each = todo.pop()
            total += len(each)
            self.pay(len(each))
            for part in each if isinstance(each, list) else each.values():
                if isinstance(part, list | dict) and id(part) not in seen:
                    seen.add(id(part))
                    todo.append(part)
        self.sizes[id(value)] = total
        return total


def _key(value: Value) -> object:
    """Give something that is equal for equal values, and mostly unequal for others."""
    match value:
        case datetime() | WideDateTime():
            return "date and time", temporal.zone_of(value) is None, temporal.instant(value)
        case None | bool() | Decimal() | str() | date() | WideDate():
            return type(value), value
        case timedelta() | WideDuration() | YearsMonthsDuration():
            return type(value), value
        case list():
            return "list", len(value), tuple(map(_plain_key, value[:8]))
        case dict():
            first = sorted(value)[:8] if len(value) <= 64 else ()
            return "context", len(value), tuple((k, _plain_key(value[k])) for k in first)
        case _:
            return kind_of(value)


def _plain_key(value: Value) -> object:
    return (type(value), value) if isinstance(value, bool | Decimal | str) else kind_of(value)


def _grouped(runtime: Runtime, items: list[Value]) -> list[tuple[Value, int]]:
    """Give the items that differ, each with how often it is there, in order of first occurrence."""
    comparison = _Comparison(runtime)
    _paid(runtime, items)
    groups: list[tuple[Value, int]] = []
    places: dict[object, list[int]] = {}
    for item in items:
        comparison.pay(1)
        candidates = places.setdefault(_key(item), [])
        for place in candidates:
            if comparison.same(groups[place][0], item):
                groups[place] = groups[place][0], groups[place][1] + 1
                break
        else:
            candidates.append(len(groups))
            groups.append((item, 1))
    return groups


def _distinct_values(runtime: Runtime, items: list[Value]) -> list[Value]:
    return [item for item, _ in _grouped(runtime, items)]


def _duplicate_values(runtime: Runtime, items: list[Value]) -> list[Value]:
    return [item for item, count in _grouped(runtime, items) if count > 1]


def _union(runtime: Runtime, *lists: list[Value]) -> list[Value]:
    return _distinct_values(runtime, _concatenate(runtime, *lists))


def _list_contains(runtime: Runtime, items: list[Value], element: Value) -> bool:
    comparison = _Comparison(runtime)
    return any(comparison.same(item, element) for item in items)


def _index_of(runtime: Runtime, items: list[Value], match: Value) -> list[Value]:
    comparison = _Comparison(runtime)
    return [Decimal(i) for i, item in enumerate(items, 1) if comparison.same(item, match)]


# ------------------------------------------------------------------------------- sorting


def _sort(runtime: Runtime, items: list[Value], precedes: Function) -> list[Value]:
    """Sort by merging: stable, and with a result even if the function contradicts itself."""
    runs = [[item] for item in items]
    while len(runs) > 1:
        runtime.step(1 + len(items) // 10)
        pairs = zip(runs[::2], runs[1::2], strict=False)
        merged = [_merged(left, right, precedes) for left, right in pairs]
        runs = merged + runs[len(merged) * 2 :]
    return runs[0] if runs else []


def _merged(left: list[Value], right: list[Value], precedes: Function) -> list[Value]:
    result: list[Value] = []
    i = j = 0
    while i < len(left) and j < len(right):
        if _decision(precedes, right[j], left[i], "sort"):
            result.append(right[j])
            j += 1
        else:
            result.append(left[i])
            i += 1
    return result + left[i:] + right[j:]


# ------------------------------------------------------------------------------- counting up


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
        _paid(runtime, items)
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


# ------------------------------------------------------------------------------- declarations


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


_LIST = Parameter("list", ListOf(ANY))
_POSITION = Parameter("position", NUMBER)
_NEW_ITEM = Parameter("newItem", ANY)
_MATCH = Parameter("match", ANY)
_OF_TWO = FunctionOf((ANY, ANY), BOOLEAN)
_LISTS = (Parameter("list1", ListOf(ANY)), Parameter("list2", ListOf(ANY)))
_MAYBE_NUMBER = optional(NUMBER)

BUILTINS: tuple[Builtin, ...] = (
    Builtin(
        "list contains",
        message("whether a list has an item that equals a value"),
        (
            Signature(
                (_LIST, Parameter("element", ANY)), BOOLEAN, _list_contains, needs_runtime=True
            ),
        ),
        (
            Example('list contains(["gold", "silver"], "gold")', "true"),
            Example("list contains([1, null], null)", "true"),
            Example('list contains([1, 2], "1")', "false"),
        ),
    ),
    Builtin(
        "count",
        message("the number of items of a list"),
        (Signature((_LIST,), NUMBER, _count),),
        (
            Example("count([10, 20, null])", "3"),
            Example("count([])", "0"),
            Example("count([[1, 2], [3]])", "2"),
        ),
    ),
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
        "sublist",
        message(
            "a part of a list: from a position (1 is the first item, -1 the last) to the end, or as "
            "many items as are asked for"
        ),
        (
            Signature(
                (
                    _LIST,
                    Parameter("start position", NUMBER),
                    Parameter("length", NUMBER, optional=True),
                ),
                _same_list,
                _sublist,
                needs_runtime=True,
            ),
        ),
        (
            Example("sublist([4, 5, 6], 2)", "[5, 6]"),
            Example("sublist([4, 5, 6], 1, 2)", "[4, 5]"),
            Example("sublist([4, 5, 6], -2)", "[5, 6]"),
            Example("sublist([4, 5, 6], 2, 3)", "null"),
        ),
    ),
    Builtin(
        "append",
        message("a list with items added at its end"),
        (
            Signature(
                (_LIST, Parameter("item", ANY)),
                _with_items,
                _append,
                variadic=True,
                needs_runtime=True,
            ),
        ),
        (
            Example("append([1, 2], 3)", "[1, 2, 3]"),
            Example("append([], 1, null)", "[1, null]"),
            Example("append([1], [2, 3])", "[1, [2, 3]]"),
        ),
    ),
    Builtin(
        "concatenate",
        message("the items of several lists in one list"),
        (
            Signature(
                _LISTS,
                _joined_lists,
                _concatenate,
                variadic=True,
                needs_runtime=True,
            ),
        ),
        (
            Example("concatenate([1, 2], [2, 3])", "[1, 2, 2, 3]"),
            Example("concatenate([1], [], [[2]])", "[1, [2]]"),
        ),
    ),
    Builtin(
        "insert before",
        message("a list with an item put in before a position"),
        (
            Signature(
                (_LIST, _POSITION, _NEW_ITEM), _with_third, _insert_before, needs_runtime=True
            ),
        ),
        (
            Example('insert before(["a", "c"], 2, "b")', '["a", "b", "c"]'),
            Example('insert before(["a", "c"], -1, "b")', '["a", "b", "c"]'),
            Example('insert before(["a", "c"], 3, "d")', "null"),
        ),
    ),
    Builtin(
        "remove",
        message("a list without the item at a position"),
        (Signature((_LIST, _POSITION), _same_list, _remove, needs_runtime=True),),
        (
            Example('remove(["a", "b", "c"], 2)', '["a", "c"]'),
            Example('remove(["a", "b", "c"], -1)', '["a", "b"]'),
            Example('remove(["a", "b", "c"], 0)', "null"),
        ),
    ),
    Builtin(
        "list replace",
        message(
            "a list with another item at a position, or wherever a function of the old item and the "
            "new one gives true"
        ),
        (
            Signature((_LIST, _POSITION, _NEW_ITEM), _with_third, _replace_at, needs_runtime=True),
            Signature(
                (_LIST, Parameter("match", _OF_TWO), _NEW_ITEM),
                _with_third,
                _replace_matching,
                needs_runtime=True,
            ),
        ),
        (
            Example("list replace([2, 4, 7, 8], 3, 6)", "[2, 4, 6, 8]"),
            Example(
                "list replace([2, 4, 7, 8], function(item, newItem) item < newItem, 5)",
                "[5, 5, 7, 8]",
            ),
            Example("list replace([2, 4], 3, 6)", "null"),
        ),
    ),
    Builtin(
        "reverse",
        message("a list in the opposite order"),
        (Signature((_LIST,), _same_list, _reverse, needs_runtime=True),),
        (Example("reverse([1, 2, 3])", "[3, 2, 1]"), Example("reverse([])", "[]")),
    ),
    Builtin(
        "index of",
        message("the positions at which a list has items that equal a value"),
        (Signature((_LIST, _MATCH), ListOf(NUMBER), _index_of, needs_runtime=True),),
        (
            Example('index of(["a", "b", "a"], "a")', "[1, 3]"),
            Example("index of([1, null, 2, null], null)", "[2, 4]"),
            Example("index of([1, 2], 3)", "[]"),
        ),
    ),
    Builtin(
        "union",
        message("the items of several lists in one list, each of them once"),
        (
            Signature(
                _LISTS,
                _joined_lists,
                _union,
                variadic=True,
                needs_runtime=True,
            ),
        ),
        (
            Example("union([1, 2], [2, 3])", "[1, 2, 3]"),
            Example('union(["a", "a"], ["b"])', '["a", "b"]'),
        ),
    ),
    Builtin(
        "distinct values",
        message("the items of a list, each of them once"),
        (Signature((_LIST,), _same_list, _distinct_values, needs_runtime=True),),
        (
            Example("distinct values([1, 2, 3, 2, 1])", "[1, 2, 3]"),
            Example("distinct values([1, null, null, 1.0])", "[1, null]"),
        ),
    ),
    Builtin(
        "duplicate values",
        message("the items that a list has more than once, each of them once"),
        (Signature((_LIST,), _same_list, _duplicate_values, needs_runtime=True),),
        (
            Example("duplicate values([1, 2, 3, 2, 1])", "[1, 2]"),
            Example("duplicate values([1, 2])", "[]"),
        ),
    ),
    Builtin(
        "flatten",
        message("the items of a list, of the lists in it, of the lists in those, and so on"),
        (Signature((_LIST,), _flat_list, _flatten, needs_runtime=True),),
        (
            Example("flatten([[1, 2], [[3]], 4])", "[1, 2, 3, 4]"),
            Example("flatten([1, [null, []]])", "[1, null]"),
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
    Builtin(
        "sort",
        message(
            "a list in order; a function tells whether its first argument comes before its second"
        ),
        (
            Signature(
                (_LIST, Parameter("precedes", _OF_TWO)), _same_list, _sort, needs_runtime=True
            ),
        ),
        (
            Example("sort([3, 1, 5, 4], function(x, y) x < y)", "[1, 3, 4, 5]"),
            Example(
                'sort([{name: "Bo", age: 30}, {name: "Anna", age: 40}], '
                "function(x, y) x.age > y.age).name",
                '["Anna", "Bo"]',
            ),
            Example("sort([1, null], function(x, y) x < y)", "null"),
        ),
    ),
)
