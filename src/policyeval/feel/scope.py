"""What an expression may refer to: its variables and their types."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import cast, get_args

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
        wanted("variables", self.variables, Mapping)
        for name in self.variables:
            wanted("the name of a variable", name, str)
        resolved = {name: read_type(given) for name, given in self.variables.items()}
        object.__setattr__(self, "types", MappingProxyType(resolved))
        found = frozenset(name for each in resolved.values() for name in _members(each))
        object.__setattr__(self, "members", self.members | found)

    def __reduce__(self) -> "tuple[type[Scope], tuple[dict[str, Type | str], frozenset[str]]]":
        return Scope, (dict(self.variables), self.members)

    @classmethod
    def of(cls, context: Mapping[str, object]) -> "Scope":
        """Take the names of a context's entries, and nothing about their types."""
        wanted("context", context, Mapping)
        return cls(dict.fromkeys(context, types.ANY), frozenset(_keys(context.values())))


def read_type(given: Type | str) -> Type:
    """Turn a type's text into the type; a type is given back as it is.

    Raises:
        policyeval.errors.ExpressionError: The text is not written as a type.
        policyeval.feel.types.UnknownTypeError: A name in it is no type's.
    """
    wanted("a type", given, str, *get_args(Type))
    if not isinstance(given, str):
        return given
    text = given.strip()
    if text.endswith("?"):
        return types.optional(types.from_syntax(parse_type(Source(text[:-1]))))
    return types.from_syntax(parse_type(Source(text)))


def wanted(name: str, given: object, *types_: type) -> None:
    """Check that a caller has given an argument of the right kind.

    Raises:
        TypeError: It is of another; the message names the argument.
    """
    if not isinstance(given, types_):
        names = " or ".join(each.__name__ for each in types_[:3])
        raise TypeError(f"{name}: {names} is wanted, not {type(given).__name__}")


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


def _keys(values: Iterable[object]) -> Iterator[str]:
    """Give the names of the entries within values, each list and context once.

    They are read as `from_python` reads them: by the type's own methods, whatever a subclass does.
    """
    pending = [*values]
    seen: dict[int, object] = {}  # the values too, so that no other can have the same identity
    while pending:
        value = pending.pop()
        kind = type(value)
        if id(value) in seen or not issubclass(kind, dict | list | tuple):
            continue
        seen[id(value)] = value
        if issubclass(kind, dict):
            entries = cast(dict[object, object], value)
            yield from (str.__str__(key) for key in [*dict.keys(entries)] if isinstance(key, str))
            pending += [*dict.values(entries)]
        elif issubclass(kind, list):
            pending += [*list.__iter__(cast(list[object], value))]
        else:
            pending += [*tuple.__iter__(cast(tuple[object, ...], value))]
