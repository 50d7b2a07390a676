"""`ADDRESS=EXPRESSION`: what `policyeval amend --set` sets, and where."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from policyeval.diagnostics import Diagnostic, did_you_mean
from policyeval.errors import PolicyError
from policyeval.messages import Message, message
from policyeval.policy.addresses import Address, read, written
from policyeval.policy.editing.splicing import document_of, encoded
from policyeval.policy.editing.trees import path_to
from policyeval.policy.editing.values import with_value
from policyeval.policy.schema.validator import published
from policyeval.policy.yaml import Mapping, Node, Scalar, Sequence, find
from policyeval.source import Source, Span

_WRITTEN = re.compile(r'\s*((?:[^"=]|"[^"]*")*?)\s*=(.*)', re.DOTALL)
_OPTION = "--set"
# What an address of a part stands for: a parameter's or decision's value, a rule's condition.
_MEANT = ("value", "that", "when")
_SHOWN = 12


class Setting(NamedTuple):
    """What is to be set.

    Attributes:
        given: As it was written on the command line.
        address: Where.
        text: To what.
    """

    given: str
    address: Address
    text: str


def setting(given: str) -> Setting | Diagnostic:
    """Read `ADDRESS=EXPRESSION`, or say why it is none."""
    match = _WRITTEN.fullmatch(given)
    address = read(match[1]) if match else None
    example = 'parameters.approval_window=duration("P120D")'
    if encoded(given) is None:
        shown = given.encode("utf-8", "replace").decode()
        return _problem(shown, shown, message("this is not encoded as UTF-8"), None)
    if match is None or address is None:
        text = message("this is no address with a value")
        return _problem(
            given, given, text, message("it is written as in `{example}`", example=example)
        )
    return Setting(given, address, match[2].strip())


def with_settings(raw: bytes, name: str, settings: list[Setting]) -> tuple[bytes, list[Diagnostic]]:
    """Set everything that can be set in a version's file, and say why the rest cannot."""
    problems: list[Diagnostic] = []
    for each in settings:
        target = _target(document_of(raw, name).root, each)
        if isinstance(target, Diagnostic):
            problems.append(target)
            continue
        try:
            raw = with_value(raw, name, target, each.text)
        except PolicyError as error:
            problems += error.diagnostics
    return raw, problems


def _target(root: Node, given: Setting) -> Address | Diagnostic:
    """Give the address of the scalar that is meant, or say why there is none."""
    address = given.address
    path = path_to(root, address)
    known = len(path) - 1
    if known < len(address):
        if isinstance(path[-1], Mapping) and _may_be_added(address, known):
            return address
        return _unknown(root, path, given)
    match path[-1]:
        case Scalar():
            return address
        case Mapping() as node:
            meant = next((key for key in _MEANT if find(node, key)), None)
            if meant is not None and "by" not in [each.key.text for each in node.entries]:
                return _target(root, given._replace(address=(*address, meant)))
            keys = [each.key.text for each in node.entries]
        case Sequence(items):
            keys = [_id_of(item, number) for number, item in enumerate(items)]
    text = message("`{address}` is more than one value", address=written(address))
    return _problem(given.given, given.given, text, _one_of(address, keys))


def _unknown(root: Node, path: list[Node], given: Setting) -> Diagnostic:
    address, known = given.address, len(path) - 1
    before, key, after = address[:known], address[known], address[known + 1 :]
    text = message("there is no `{address}`", address=written(address[: known + 1]))
    keys = list(_keys(path[-1], before))
    near = did_you_mean(key, keys)
    if near is not None:
        meant = written((*before, str(near.fields["name"]), *after))
        return _problem(
            given.given, given.given, text, message("did you mean `{name}`?", name=meant)
        )
    if not known and isinstance(root, Mapping):
        for section in root.entries:
            if isinstance(section.value, Mapping) and find(section.value, key):
                meant = written((section.key.text, *address))
                help_ = message("did you mean `{name}`?", name=meant)
                return _problem(given.given, given.given, text, help_)
    return _problem(given.given, given.given, text, _one_of(before, keys))


def _one_of(before: Address, keys: list[str]) -> Message | None:
    if not keys:
        return None
    names = [f"`{written((*before, each))}`" for each in keys[:_SHOWN]]
    more = " …" if len(keys) > _SHOWN else ""
    return message("there are {names}", names=", ".join(names) + more)


def _keys(node: Node, address: Address) -> Iterator[str]:
    """Give the keys that lead on from a place: those there are, and those there may be."""
    match node:
        case Mapping(entries):
            there = [each.key.text for each in entries]
            yield from there
            yield from (each for each in _addable(address) if each not in there)
        case Sequence(items):
            yield from (_id_of(item, number) for number, item in enumerate(items))
        case Scalar():
            return


def _id_of(item: Node, number: int) -> str:
    found = find(item, "id") if isinstance(item, Mapping) else None
    return found.value.text if found and isinstance(found.value, Scalar) else str(number)


def _problem(given: str, shown: str, text: Message, help_: Message | None) -> Diagnostic:
    end = len(shown.partition("=")[0]) or 1
    return Diagnostic("registry.unknown", text, Span(0, end), Source(given, _OPTION), help_)


# ------------------------------------------------------------------------------- what may be added


def _may_be_added(address: Address, known: int) -> bool:
    """Tell whether the format has a key for each part of an address that is not there yet."""
    return all(address[at] in _addable(address[:at]) for at in range(known, len(address)))


def _addable(address: Address) -> list[str]:
    """Give the keys that entries at an address may have, where the format names them."""
    schema = published("policy")
    places: list[Any] = [schema]
    for key in address:
        places = [each for place in _branches(schema, places) for each in _below(place, key)]
    found = [key for place in _branches(schema, places) for key in place.get("properties", {})]
    return list(dict.fromkeys(found))


def _branches(schema: Any, places: list[Any]) -> Iterator[Any]:
    """Give what places refer to, and each of the kinds of value that may stand there."""
    for place in places:
        if "$ref" in place:
            yield from _branches(schema, [schema["$defs"][place["$ref"].rpartition("/")[2]]])
        else:
            yield place
            yield from _branches(schema, place.get("anyOf", []))


def _below(place: Any, key: str) -> Iterator[Any]:
    for each in (place.get("properties", {}).get(key), place.get("additionalProperties")):
        if isinstance(each, dict):
            yield each
            return
    if isinstance(place.get("items"), dict):
        yield place["items"]
