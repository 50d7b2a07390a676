"""A file's tree as the plain data that a JSON Schema is about, each value with its place.

No value is guessed: every scalar stays the text that it is, and whether it may pass for a number or
for true is asked of its node where a number or true is wanted.
"""

from collections.abc import Iterator

from policyeval.feel.characters import normal
from policyeval.policy.yaml import Mapping, Node, Scalar, Sequence


class Written(str):
    """A scalar, or a key; `key` is the key that it stands under, or None in a list."""

    __slots__ = ("key", "node")
    node: Scalar
    key: Scalar | None


class Items(list["Data"]):
    """A list."""

    __slots__ = ("key", "node")
    node: Sequence
    key: Scalar | None


class Entries(dict[str, "Data"]):
    """Entries; the keys of the file are those of `node`."""

    __slots__ = ("key", "node")
    node: Mapping
    key: Scalar | None


Data = Written | Items | Entries


def plain_data(node: Node, key: Scalar | None = None) -> Data:
    """Turn a tree into data. It is as deep as the tree, which has a bound."""
    found: Data
    match node:
        case Scalar():
            found = Written(node.text)
            found.node = node
        case Sequence():
            found = Items(plain_data(each) for each in node.items)
            found.node = node
        case Mapping():
            found = Entries(
                (_key(each.key), plain_data(each.value, each.key)) for each in node.entries
            )
            found.node = node
    found.key = key
    return found


def _key(node: Scalar) -> Written:
    found = Written(normal(node.text))
    found.node, found.key = node, None
    return found


def too_deep(node: Node, limit: int) -> Node | None:
    """Give the first node that is nested more than so many deep, or None."""
    return next((each for each, depth in nodes(node, limit) if depth > limit), None)


def nodes(node: Node, deepest: int) -> Iterator[tuple[Node, int]]:
    """Give every node and how deep it is, in the order of the file; nothing below a certain depth."""
    pending = [(node, 0)]
    while pending:
        current, depth = pending.pop()
        yield current, depth
        if depth > deepest:
            continue
        if isinstance(current, Mapping):
            pending += [(each.value, depth + 1) for each in reversed(current.entries)]
        elif isinstance(current, Sequence):
            pending += [(each, depth + 1) for each in reversed(current.items)]
