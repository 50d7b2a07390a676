"""The types that facts and decisions declare."""

from collections.abc import Sequence
from typing import Final

from policyeval.diagnostics import did_you_mean
from policyeval.errors import ExpressionError
from policyeval.feel import types
from policyeval.feel.parser import parse_type
from policyeval.feel.types import SIMPLE_TYPES, Type, UnknownTypeError, type_text
from policyeval.messages import message
from policyeval.policy.loading.reader import Reader
from policyeval.policy.schema import words
from policyeval.policy.yaml import Node, Scalar, located, place
from policyeval.source import Source

FACT_TYPES: Final = (
    types.BOOLEAN,
    types.NUMBER,
    types.STRING,
    types.DATE,
    types.DATE_AND_TIME,
)
"""What a fact, an item of a list or an entry of a context may be."""


_NAMES: Final = (
    *(type_text(each) for each in FACT_TYPES),
    type_text(types.DAYS_AND_TIME_DURATION),
    type_text(types.YEARS_AND_MONTHS_DURATION),
    "list<…>",
)


def fact_type(reader: Reader, node: Node) -> Type | None:
    """Read the type of a fact: a simple one or a list, perhaps with `?`."""
    found = _type(reader, node)
    if found is None:
        return None
    base = types.required(found)
    item = base.item if isinstance(base, types.ListOf) else base
    if item in FACT_TYPES or (isinstance(base, types.ListOf) and item == types.ContextOf({})):
        return found
    listed = [type_text(each) for each in FACT_TYPES]
    _refuse(reader, node, found, [*listed, "list<…>", "list<context>"])
    return None


def entry_type(reader: Reader, node: Node) -> Type | None:
    """Read the type of an entry of a context: a simple one, perhaps with `?`."""
    found = _type(reader, node)
    if found is None or types.required(found) in FACT_TYPES:
        return found
    _refuse(reader, node, found, [type_text(each) for each in FACT_TYPES])
    return None


def decision_type(reader: Reader, node: Node) -> Type | None:
    """Read the type of a decision or of a table's output: whatever has values that can be shown."""
    found = _type(reader, node)
    if found is None or _shows(found):
        return found
    _refuse(reader, node, found, [*_NAMES, "context<…>"])
    return None


def _shows(type_: Type) -> bool:
    match type_:
        case types.SimpleType():
            return True
        case types.ListOf(item) | types.Optional(item):
            return _shows(item)
        case types.ContextOf(entries):
            return all(map(_shows, entries.values()))
        case _:
            return False


def _type(reader: Reader, node: Node) -> Type | None:
    text = reader.string(node)
    if text is None or not isinstance(node, Scalar):
        return None
    # The text as it is written, so that places in it are places in the file.
    written = node.text.rstrip()
    source = Source(written.removesuffix("?"), reader.source.name)
    try:
        found = SIMPLE_TYPES.get(source.text) or types.from_syntax(parse_type(source))
    except ExpressionError as error:
        reader.problems.add(located(each, node, reader.source) for each in error.diagnostics)
        return None
    except UnknownTypeError as error:
        reader.problems.report(
            "feel.unknown-type",
            message("unknown type `{name}`", name=error.node.name),
            place(node, error.node.span),
            did_you_mean(error.node.name, [*SIMPLE_TYPES, "list", "context"])
            or message("it is one of {names}", names=words.quoted(_NAMES)),
        )
        return None
    return types.optional(found) if written.endswith("?") else found


def _refuse(reader: Reader, node: Node, found: Type, allowed: Sequence[str]) -> None:
    reader.problems.report(
        "schema.enum",
        message("the type `{type}` cannot stand here", type=type_text(found)),
        words.place_of(node),
        message("it is one of {names}", names=words.quoted(allowed)),
    )
