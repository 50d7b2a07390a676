"""The types of the language, and how they relate (DMN 1.5, 10.3.2.9).

Null belongs to `Any`, to `Null` and to `Optional` types, and to no other: `number` is a number,
`Optional(NUMBER)` may also be missing. FEEL itself lets null conform to every type; where that
rule is wanted (an argument, a declared result), the caller strips `Optional` first.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from types import MappingProxyType

from policyeval.feel import syntax


@dataclass(frozen=True, slots=True)
class AnyType:
    """Nothing is known of the value; it may be null."""


@dataclass(frozen=True, slots=True)
class NullType:
    """Only null."""


@dataclass(frozen=True, slots=True)
class SimpleType:
    """A type without parts, by its FEEL name."""

    name: str


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list whose items have a type."""

    item: "Type"


@dataclass(frozen=True, slots=True)
class RangeOf:
    """A range whose ends have a type."""

    item: "Type"


@dataclass(frozen=True, slots=True)
class ContextOf:
    """A context with at least these entries; it may have others."""

    entries: Mapping[str, "Type"] = field(hash=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "entries", MappingProxyType(dict(self.entries)))

    def __reduce__(self) -> "tuple[type[ContextOf], tuple[dict[str, Type]]]":
        return ContextOf, (dict(self.entries),)


@dataclass(frozen=True, slots=True)
class FunctionOf:
    """A function with these parameters and this result."""

    parameters: tuple["Type", ...]
    result: "Type"


@dataclass(frozen=True, slots=True)
class Optional:
    """A value of a type, or null. Made by `optional`, so that it never holds Any, Null or itself."""

    base: "Type"


Type = AnyType | NullType | SimpleType | ListOf | RangeOf | ContextOf | FunctionOf | Optional

ANY = AnyType()
NULL = NullType()
BOOLEAN = SimpleType("boolean")
NUMBER = SimpleType("number")
STRING = SimpleType("string")
DATE = SimpleType("date")
TIME = SimpleType("time")
DATE_AND_TIME = SimpleType("date and time")
DAYS_AND_TIME_DURATION = SimpleType("days and time duration")
YEARS_AND_MONTHS_DURATION = SimpleType("years and months duration")

SIMPLE_TYPES: Mapping[str, Type] = MappingProxyType(
    {
        "Any": ANY,
        "Null": NULL,
        **{
            each.name: each
            for each in (
                BOOLEAN,
                NUMBER,
                STRING,
                DATE,
                TIME,
                DATE_AND_TIME,
                DAYS_AND_TIME_DURATION,
                YEARS_AND_MONTHS_DURATION,
            )
        },
        # Spellings that models in the wild use as well.
        "any": ANY,
        "dateTime": DATE_AND_TIME,
        "dayTimeDuration": DAYS_AND_TIME_DURATION,
        "yearMonthDuration": YEARS_AND_MONTHS_DURATION,
    }
)

ORDERED = frozenset(
    {
        NUMBER,
        STRING,
        DATE,
        TIME,
        DATE_AND_TIME,
        DAYS_AND_TIME_DURATION,
        YEARS_AND_MONTHS_DURATION,
    }
)
"""The types whose values `<` and its kin compare."""


def optional(base: Type) -> Type:
    """Add null to a type."""
    return base if isinstance(base, AnyType | NullType | Optional) else Optional(base)


def loosened(type_: Type) -> Type:
    """Add null to a type and to all its parts: how FEEL itself understands a declared type."""
    match required(type_):
        case ListOf(item):
            return optional(ListOf(loosened(item)))
        case ContextOf(entries):
            return optional(ContextOf({name: loosened(each) for name, each in entries.items()}))
        case base:
            return optional(base)


def required(type_: Type) -> Type:
    """Take null out of a type; Any and Null stay what they are."""
    return type_.base if isinstance(type_, Optional) else type_


def may_be_null(type_: Type) -> bool:
    """Tell whether null is a value of the type."""
    return isinstance(type_, AnyType | NullType | Optional)


def conforms(given: Type, wanted: Type) -> bool:
    """Tell whether every value of one type is a value of the other."""
    match given, wanted:
        case _, AnyType():
            return True
        case AnyType(), _:
            return False
        case NullType(), _:
            return may_be_null(wanted)
        case Optional(base), Optional(other):
            return conforms(base, other)
        case _, Optional(other):
            return conforms(given, other)
        case (ListOf(item), ListOf(other)) | (RangeOf(item), RangeOf(other)):
            return conforms(item, other)
        case ContextOf(entries), ContextOf(others):
            return all(name in entries and conforms(entries[name], others[name]) for name in others)
        case FunctionOf(parameters, result), FunctionOf(others, other):
            return (
                len(parameters) == len(others)
                and all(
                    conforms(theirs, ours) for ours, theirs in zip(parameters, others, strict=True)
                )
                and conforms(result, other)
            )
        case _:
            return given == wanted


def join(types: Iterable[Type], *, nothing: Type = NULL) -> Type:
    """Give the narrowest type that has the values of all; `nothing` if there are none."""
    listed = tuple(types)
    return reduce(_join, listed) if listed else nothing


def _join(left: Type, right: Type) -> Type:
    if isinstance(left, NullType):
        return optional(right) if not isinstance(right, NullType) else NULL
    if isinstance(right, NullType):
        return optional(left)
    if isinstance(left, Optional) or isinstance(right, Optional):
        return optional(_join(required(left), required(right)))
    match left, right:
        case ListOf(item), ListOf(other):
            return ListOf(_join(item, other))
        case RangeOf(item), RangeOf(other):
            return RangeOf(_join(item, other))
        case ContextOf(entries), ContextOf(others):
            return ContextOf({n: _join(entries[n], others[n]) for n in entries if n in others})
        case _ if conforms(left, right):
            return right
        case _ if conforms(right, left):
            return left
        case _:
            return ANY


def join_all(types: Iterable[Type]) -> Type:
    """Like `join`, but the type of nothing is Any: for the items of an empty list."""
    return join(types, nothing=ANY)


def type_text(type_: Type) -> str:
    """Write a type as FEEL does; a type that may be null ends in `?`."""
    match type_:
        case AnyType():
            return "Any"
        case NullType():
            return "null"
        case SimpleType(name):
            return name
        case ListOf(item):
            return f"list<{type_text(item)}>"
        case RangeOf(item):
            return f"range<{type_text(item)}>"
        case ContextOf(entries):
            return f"context<{', '.join(f'{n}: {type_text(t)}' for n, t in entries.items())}>"
        case FunctionOf(parameters, result):
            return f"function<{', '.join(map(type_text, parameters))}> -> {type_text(result)}"
        case Optional(base):
            return f"{type_text(base)}?"


class UnknownTypeError(ValueError):
    """A type is named that does not exist; `.node` is where."""

    def __init__(self, node: syntax.NamedType) -> None:
        super().__init__(f"unknown type: {node.name}")
        self.node = node

    def __reduce__(self) -> "tuple[type[UnknownTypeError], tuple[syntax.NamedType]]":
        return UnknownTypeError, (self.node,)


def from_syntax(node: syntax.TypeSyntax) -> Type:
    """Turn a type as written into the type it names.

    Raises:
        UnknownTypeError: A name in it is no type's.
    """
    match node:
        case syntax.NamedType(name):
            if name in SIMPLE_TYPES:
                return SIMPLE_TYPES[name]
            if name == "list":
                return ListOf(ANY)
            if name == "context":
                return ContextOf({})
            if name == "range":
                return RangeOf(ANY)
            raise UnknownTypeError(node)
        case syntax.ListType(item):
            return ListOf(from_syntax(item))
        case syntax.RangeType(item):
            return RangeOf(from_syntax(item))
        case syntax.ContextType(entries):
            return ContextOf({each.name: from_syntax(each.type) for each in entries})
        case syntax.FunctionType(parameters, result):
            return FunctionOf(tuple(map(from_syntax, parameters)), from_syntax(result))
