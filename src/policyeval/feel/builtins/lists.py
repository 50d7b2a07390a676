"""Built-ins on lists (DMN 1.5, 10.3.4, table 75 and `sort`): taking apart, putting together, sorting.

No list is changed: every function makes a new one. What takes long for a long list is paid for in
steps, so that nothing is done often that takes long.
"""

from collections.abc import Sequence
from decimal import Decimal

from policyeval.feel import types
from policyeval.feel.builtins import aggregates
from policyeval.feel.builtins.declaration import Builtin, Example, Parameter, Signature
from policyeval.feel.builtins.equal_items import Comparison, grouped
from policyeval.feel.failure import Failure
from policyeval.feel.runtime import Runtime
from policyeval.feel.types import ANY, BOOLEAN, NUMBER, FunctionOf, ListOf, Type, optional
from policyeval.feel.values import Function, Value
from policyeval.feel.writing import kind_of, shown
from policyeval.messages import message

# Items that are copied in about the time that a step stands for.
_ITEMS_PER_STEP = 200


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


def _distinct_values(runtime: Runtime, items: list[Value]) -> list[Value]:
    return [item for item, _ in grouped(runtime, items)]


def _union(runtime: Runtime, *lists: list[Value]) -> list[Value]:
    return _distinct_values(runtime, _concatenate(runtime, *lists))


def _list_contains(runtime: Runtime, items: list[Value], element: Value) -> bool:
    comparison = Comparison(runtime)
    return any(comparison.same(item, element) for item in items)


def _index_of(runtime: Runtime, items: list[Value], match: Value) -> list[Value]:
    comparison = Comparison(runtime)
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


# ------------------------------------------------------------------------------- declarations


_LIST = Parameter("list", ListOf(ANY))
_POSITION = Parameter("position", NUMBER)
_NEW_ITEM = Parameter("newItem", ANY)
_MATCH = Parameter("match", ANY)
_OF_TWO = FunctionOf((ANY, ANY), BOOLEAN)
_LISTS = (Parameter("list1", ListOf(ANY)), Parameter("list2", ListOf(ANY)))

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
        "flatten",
        message("the items of a list, of the lists in it, of the lists in those, and so on"),
        (Signature((_LIST,), _flat_list, _flatten, needs_runtime=True),),
        (
            Example("flatten([[1, 2], [[3]], 4])", "[1, 2, 3, 4]"),
            Example("flatten([1, [null, []]])", "[1, null]"),
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
    *aggregates.BUILTINS,
)
