"""What an expression may refer to: its variables and their types."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from policyeval.feel import types
from policyeval.feel.parser import parse_type
from policyeval.feel.types import Type
from policyeval.source import Source


@dataclass(frozen=True)
class Scope:
    """The variables that an expression may use.

    Attributes:
        variables: Name to type; a type may be given as FEEL text (`"list<number>"`), and ends in
            `?` where the value may be null (`"date?"`). Names may have spaces.
        members: Names of context entries, beyond those that the types tell, that the text may
            use after a dot; needed only for names with spaces or operators in them.

    Raises:
        policyeval.errors.ExpressionError: A type's text is none.
        policyeval.feel.types.UnknownTypeError: A type's text names a type that does not exist.
    """

    variables: Mapping[str, Type | str] = field(default_factory=dict)
    members: frozenset[str] = frozenset()
    types: Mapping[str, Type] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        resolved = {name: read_type(given) for name, given in self.variables.items()}
        object.__setattr__(self, "types", MappingProxyType(resolved))
        found = frozenset(name for each in resolved.values() for name in _members(each))
        object.__setattr__(self, "members", self.members | found)

    @classmethod
    def of(cls, context: Mapping[str, object]) -> "Scope":
        """Take the names of a context's entries, and nothing about their types."""
        return cls(dict.fromkeys(context, types.ANY), frozenset(_keys(context.values())))


def read_type(given: Type | str) -> Type:
    """Turn a type's text into the type; a type is given back as it is.

    Raises:
        policyeval.errors.ExpressionError: The text is not written as a type.
        policyeval.feel.types.UnknownTypeError: A name in it is no type's.
    """
    if not isinstance(given, str):
        return given
    text = given.strip()
    if text.endswith("?"):
        return types.optional(types.from_syntax(parse_type(Source(text[:-1]))))
    return types.from_syntax(parse_type(Source(text)))


def _members(type_: Type) -> Iterator[str]:
    match type_:
        case types.ContextOf(entries):
            for name, entry in entries.items():
                yield name
                yield from _members(entry)
        case types.ListOf(item) | types.RangeOf(item):
            yield from _members(item)
        case types.Optional(base):
            yield from _members(base)
        case _:
            return


# How deep into given values names are looked for; values nested deeper are refused later anyway.
_DEPTH = 64


def _keys(values: Iterable[object], depth: int = _DEPTH) -> Iterator[str]:
    for value in values if depth else ():
        if isinstance(value, Mapping):
            yield from (key for key in value if isinstance(key, str))
            yield from _keys(value.values(), depth - 1)
        elif isinstance(value, list | tuple):
            yield from _keys(value, depth - 1)
