"""The values that facts have where nothing is said of them, read by the types that they declare."""

from collections.abc import Mapping
from typing import Final

from policyeval.feel import types
from policyeval.feel.types import Type
from policyeval.feel.values import Value
from policyeval.messages import message
from policyeval.policy import yaml
from policyeval.policy.loading.reader import Reader
from policyeval.policy.model import Fact, Presumption
from policyeval.policy.schema import formats, words
from policyeval.policy.yaml import Node, Scalar, is_null


class _NoValueError(Exception):
    """The value cannot be taken for one of its type; that was reported."""


def presumption(
    reader: Reader,
    node: Node,
    type_: Type,
    one_of: tuple[str, ...] | None,
    entries: Mapping[str, Fact],
) -> Presumption | None:
    """Read the value presumed; null is one if the type has it."""
    try:
        return Presumption(_value(reader, node, type_, one_of, entries))
    except _NoValueError:
        return None


def _value(
    reader: Reader,
    node: Node,
    type_: Type,
    one_of: tuple[str, ...] | None,
    entries: Mapping[str, Fact],
) -> Value:
    if isinstance(node, Scalar) and is_null(node) and node.text:
        if types.may_be_null(type_):
            return None
        reader.problems.report(
            "schema.type",
            message("`null` is presumed, and the type has no `null`"),
            words.place_of(node),
            message("end the type in `?`, or presume another value"),
        )
        raise _NoValueError
    match types.required(type_):
        case types.ListOf(types.ContextOf()):
            return [_context(reader, each, entries) for each in _items(reader, node)]
        case types.ListOf(item):
            return [_value(reader, each, item, one_of, {}) for each in _items(reader, node)]
        case types.STRING:
            return _text(reader, node, one_of)
        case types.BOOLEAN:
            return _given(yaml.boolean(node, reader.problems))
        case types.NUMBER:
            return _given(yaml.decimal_number(node, reader.problems))
        case types.DATE:
            return _given(reader.day(node))
        case _:
            text = _given(reader.string(node, "instant"))
            return _given(formats.instant(str(text)))


def _given(value: Value) -> Value:
    if value is None:
        raise _NoValueError
    return value


def _items(reader: Reader, node: Node) -> tuple[Node, ...]:
    if isinstance(node, yaml.Sequence):
        return node.items
    words.wrong_kind(reader.problems, node, message("a list"), None)
    raise _NoValueError


def _text(reader: Reader, node: Node, one_of: tuple[str, ...] | None) -> Value:
    text = None if not isinstance(node, Scalar) or is_null(node) else node.text
    if text is None:
        words.wrong_kind(reader.problems, node, message("a text"), None)
        raise _NoValueError
    if one_of is not None and text not in one_of:
        words.not_one_of(reader.problems, node, one_of)
        raise _NoValueError
    return text


def _context(reader: Reader, node: Node, entries: Mapping[str, Fact]) -> Value:
    given = node if isinstance(node, yaml.Mapping) else None
    if given is None:
        words.wrong_kind(reader.problems, node, message("a block of entries with keys"), None)
        raise _NoValueError
    found: dict[str, Value] = {}
    for each in given.entries:
        if each.key.text not in entries:
            words.unknown_key(reader.problems, each.key, entries)
            raise _NoValueError
        fact = entries[each.key.text]
        found[fact.name] = _value(reader, each.value, fact.type, fact.one_of, {})
    lacking = []
    for name, fact in entries.items():
        if name not in found and fact.presume is not None:
            found[name] = fact.presume.value
        elif name not in found:
            lacking.append(name)
    if lacking:
        words.missing(reader.problems, given, None, lacking)
        raise _NoValueError
    return {name: found[name] for name in entries}


NOTHING: Final[Mapping[str, Fact]] = {}
"""No entries: for what is no list of contexts."""
