"""Parts of values: entries and properties, items of lists, and what a loop goes through."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal

from policyeval.feel import temporal
from policyeval.feel.failure import Failure
from policyeval.feel.runtime import DEFAULT_BUDGET, Runtime
from policyeval.feel.values import Range, Value
from policyeval.feel.writing import kind_of, shown
from policyeval.messages import message

_DEPTH = DEFAULT_BUDGET.value_depth


def path(value: Value, name: str) -> Value:
    """Give `value.name`: an entry of a context, or a property of a date, time, duration or range.

    For a list it is the list of that for each item, null for an item that has none.

    Raises:
        Failure: The value is missing or has no such part.
    """
    if isinstance(value, dict):
        if name in value:
            return value[name]
        raise Failure("eval.member", message("the context has no entry `{name}`", name=name))
    if isinstance(value, list):
        return _paths(value, name, _DEPTH)
    return _property(value, name)


def _paths(items: list[Value], name: str, depth: int) -> list[Value]:
    if depth == 0:
        raise Failure("eval.too-deep", message("the lists are nested too deeply"))
    found: list[Value] = []
    for item in items:
        if isinstance(item, dict):
            found.append(item.get(name))
        elif isinstance(item, list):
            found.append(_paths(item, name, depth - 1))
        else:
            try:
                found.append(_property(item, name))
            except Failure:
                found.append(None)
    return found


def _property(value: Value, name: str) -> Value:
    match value:
        case None:
            raise Failure(
                "eval.null", message("`.{name}` is asked of a value that is missing", name=name)
            )
        case Range():
            return _range_property(value, name)
        case bool() | Decimal() | str():
            raise _no_member(value, name)
        case _ if kind_of(value) == "function":
            raise _no_member(value, name)
        case _:
            return temporal.member(value, name)


def _range_property(value: Range, name: str) -> Value:
    # `(!= 10)` has no ends that a reader would call so.
    has_ends = value.operator != "!="
    match name:
        case "start":
            return value.start if has_ends else None
        case "end":
            return value.end if has_ends else None
        case "start included":
            return value.start_included
        case "end included":
            return value.end_included
        case _:
            raise _no_member(value, name)


def _no_member(value: Value, name: str) -> Failure:
    return Failure(
        "eval.member",
        message("a `{kind}` has no property `{name}`", kind=kind_of(value), name=name),
    )


def as_list(value: Value) -> list[Value]:
    """Give a list as it is, and a single value as the list of it.

    Raises:
        Failure: The value is missing.
    """
    if value is None:
        raise Failure("eval.null", message("a list is missing"))
    return value if isinstance(value, list) else [value]


def item_at(items: list[Value], position: Decimal) -> Value:
    """Give the item at a position: 1 is the first, -1 the last.

    Raises:
        Failure: The list has no such position, or it is no whole number.
    """
    # INVARIANT: the position is small before it becomes an `int`, which is slow for 1e6000.
    if position and -len(items) <= position <= len(items) and position == int(position):
        index = int(position)
        return items[index - 1 if index > 0 else index]
    raise Failure(
        "eval.index",
        message(
            "there is no item at position {position} of a list of {count}",
            position=shown(position),
            count=len(items),
        ),
    )


def filter_keeps(result: Value) -> bool:
    """Tell whether a filter keeps the item for which its condition gave this.

    Raises:
        Failure: The condition gave neither true nor false nor null.
    """
    if result is True or result is False or result is None:
        return result is True
    raise Failure(
        "eval.type",
        message(
            "the condition of a filter gives a `{kind}` for an item, not true or false",
            kind=kind_of(result),
        ),
    )


def iterable(
    value: Value,
    runtime: Runtime | None = None,  # noqa: ARG001 - nothing is made before it is asked for
) -> Iterable[Value]:
    """Give what `for`, `some` and `every` go through: items of a list, values of a range.

    A single value is gone through as the list of it.

    Args:
        value: A list, a range of whole numbers or of dates with both ends, or one value.
        runtime: Not needed: the values of a range are made one by one, as they are asked for.

    Raises:
        Failure: The value is missing, or a range whose values cannot be counted.
    """
    if not isinstance(value, Range):
        return as_list(value)
    if value.operator not in (None, "=") or value.start is None or value.end is None:
        raise Failure("eval.domain", message("a range without an end cannot be gone through"))
    return _inside(range_values(value.start, value.end), value)


def _inside(values: Iterator[Value], range_: Range) -> Iterator[Value]:
    for value in values:
        # An end that is left out is reached exactly, as ends are whole numbers or dates.
        if (range_.start_included or value != range_.start) and (
            range_.end_included or value != range_.end
        ):
            yield value


# No number beyond this can be told from the next whole number with 34 digits.
_LAST_WHOLE = 10**34


def range_values(start: Value, end: Value) -> Iterator[Value]:
    """Give the whole numbers, or the dates, from one to another, upwards or downwards.

    They are made one by one, as they are asked for.

    Raises:
        Failure: The two are not two whole numbers or two dates.
    """
    if start is None or end is None:
        raise Failure("eval.null", message("a loop goes from or to a value that is missing"))
    if isinstance(start, Decimal) and isinstance(end, Decimal):
        first, last = _whole(start), _whole(end)
        step = 1 if first <= last else -1
        return (Decimal(each) for each in range(first, last + step, step))
    if _is_date(start) and _is_date(end):
        return _dates(start, end)
    raise Failure(
        "eval.type",
        message(
            "a loop goes from a whole number or a date to another, not from a `{start}` to a "
            "`{end}`",
            start=kind_of(start),
            end=kind_of(end),
        ),
    )


def _whole(number: Decimal) -> int:
    if not -_LAST_WHOLE <= number <= _LAST_WHOLE or number != int(number):
        raise Failure(
            "eval.domain",
            message("a loop counts in whole numbers, not to `{number}`", number=shown(number)),
        )
    return int(number)


def _is_date(value: Value) -> bool:
    return kind_of(value) == "date"


def _dates(start: Value, end: Value) -> Iterator[Value]:
    direction = temporal.compare(end, start)
    if type(start) is date and type(end) is date:
        step = 1 if direction >= 0 else -1
        return (
            date.fromordinal(each)
            for each in range(start.toordinal(), end.toordinal() + step, step)
        )
    return _wide_dates(start, end, timedelta(days=1 if direction >= 0 else -1))


def _wide_dates(day: Value, end: Value, step: timedelta) -> Iterator[Value]:
    yield day
    while temporal.compare(day, end) != 0:
        day = temporal.add(day, step)
        yield day
