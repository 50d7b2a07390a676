"""Which values belong to a type, and what an implicit conversion makes of the others.

Null is the value of every part of a value (`[1, null]` is a `list<number>`), but by itself it
belongs to the types that say so only: `null instance of number` is false.
"""

from collections.abc import Mapping
from datetime import UTC, date

from policyeval.feel import temporal, types
from policyeval.feel.failure import Failure
from policyeval.feel.runtime import Pay, free
from policyeval.feel.types import (
    AnyType,
    ContextOf,
    FunctionOf,
    ListOf,
    NullType,
    Optional,
    RangeOf,
    SimpleType,
    Type,
    type_text,
)
from policyeval.feel.values import Function, Range, Value, WideDate
from policyeval.feel.writing import kind_of
from policyeval.messages import message


def conforms(value: Value, type_: Type, pay: Pay = free) -> bool:
    """Tell whether a value belongs to a type: `instance of` (DMN 1.5, table 61)."""
    if value is None:
        return isinstance(type_, NullType | Optional)
    return _Check(pay).of(value, type_)


class _Check:
    """One check; the parts of a value that were found to belong are remembered.

    A list may hold the same list many times over, in levels: looking at it each time would take
    for ever.
    """

    def __init__(self, pay: Pay) -> None:
        self.pay = pay
        self.known: set[tuple[int, int]] = set()

    def of(self, value: Value, type_: Type) -> bool:
        if value is None:
            return True
        match type_:
            case AnyType():
                return True
            case NullType():
                return False
            case Optional(base):
                return self.of(value, base)
            case SimpleType(name):
                return kind_of(value) == name
            case RangeOf(item):
                return (
                    isinstance(value, Range)
                    and self.of(value.start, item)
                    and self.of(value.end, item)
                )
            case ListOf(item):
                return isinstance(value, list) and self._items(value, item)
            case ContextOf(entries):
                return isinstance(value, dict) and self._entries(value, type_, entries)
            case FunctionOf():
                return isinstance(value, Function) and _function_conforms(value, type_)

    def _items(self, items: list[Value], type_: Type) -> bool:
        if isinstance(type_, AnyType):
            return True
        pair = id(items), id(type_)
        if pair not in self.known:
            self.pay(len(items))
            if not all(self.of(each, type_) for each in items):
                return False
            self.known.add(pair)
        return True

    def _entries(self, value: dict[str, Value], type_: Type, entries: Mapping[str, Type]) -> bool:
        pair = id(value), id(type_)
        if pair not in self.known:
            self.pay(len(entries))
            if not all(
                name in value and self.of(value[name], entry) for name, entry in entries.items()
            ):
                return False
            self.known.add(pair)
        return True


def _function_conforms(value: Function, wanted: FunctionOf) -> bool:
    least = len(value.parameters) if value.required is None else value.required
    count = len(wanted.parameters)
    if count < least or (count > len(value.parameters) and not value.variadic):
        return False
    given = [each.type for each in value.parameters[:count]]
    given += given[-1:] * (count - len(given))
    # A function whose text declares no result may give anything; that is known when it is called.
    return all(
        types.conforms(_never_null(theirs), _never_null(ours))
        for theirs, ours in zip(wanted.parameters, given, strict=True)
    ) and (
        isinstance(value.result, AnyType)
        or types.conforms(_never_null(value.result), _never_null(wanted.result))
    )


# FEEL's own types say nothing about null: every one of them has it (10.3.2.9.2).
def _never_null(type_: Type) -> Type:
    match type_:
        case Optional(base):
            return _never_null(base)
        case ListOf(item):
            return ListOf(_never_null(item))
        case RangeOf(item):
            return RangeOf(_never_null(item))
        case ContextOf(entries):
            return ContextOf({name: _never_null(entry) for name, entry in entries.items()})
        case FunctionOf(parameters, result):
            return FunctionOf(tuple(map(_never_null, parameters)), _never_null(result))
        case _:
            return type_


def coerce(value: Value, type_: Type, pay: Pay = free) -> Value:
    """Convert a value to the type of a parameter or a declared result (DMN 1.5, 10.3.2.9.4).

    A value of the type, and null, stay what they are. Otherwise a list of one item becomes the
    item, a single value becomes a list of it, and a date becomes its midnight in UTC where a date
    and time is wanted.

    Raises:
        Failure: The value is not of the type, and no conversion makes it so.
    """
    if value is None or conforms(value, type_, pay):
        return value
    wanted = types.required(type_)
    if isinstance(wanted, ListOf):
        if not isinstance(value, list) and conforms(value, wanted.item, pay):
            return [value]
    elif isinstance(value, list) and len(value) == 1:
        item = value[0]
        if item is None or conforms(item, wanted, pay):
            return item
    elif wanted == types.DATE_AND_TIME and isinstance(value, date | WideDate):
        return temporal.make_date_and_time(value.year, value.month, value.day, 0, UTC)
    raise Failure(
        "eval.type",
        message(
            "a value of type `{wanted}` is wanted, not a `{given}`",
            wanted=type_text(wanted),
            given=kind_of(value),
        ),
    )
