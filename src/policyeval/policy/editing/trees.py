"""Trees that a file is meant to have: another one with a node or an entry in some place."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from policyeval.policy.addresses import Address, entry_at
from policyeval.policy.yaml import Entry, Mapping, Node, Scalar
from policyeval.policy.yaml import Sequence as Items
from policyeval.policy.yaml.nodes import Style
from policyeval.source import Span

NOWHERE = Span(0, 0)
"""The place of what stands in no file; places take no part in comparing."""


def scalar(text: str, style: Style = "plain") -> Scalar:
    """Make a scalar that is meant."""
    return Scalar(text, style, span=NOWHERE, pieces=())


def mapping(entries: Sequence[Entry]) -> Mapping:
    """Make a mapping that is meant."""
    return Mapping(tuple(entries), span=NOWHERE)


def replaced(root: Node, old: Node, new: Node) -> Node:
    """Give a tree in which one node, by identity, is another."""
    if root is old:
        return new
    match root:
        case Mapping(entries):
            values = [replaced(each.value, old, new) for each in entries]
            if all(value is each.value for value, each in zip(values, entries, strict=True)):
                return root
            pairs = zip(entries, values, strict=True)
            return replace(root, entries=tuple(Entry(each.key, value) for each, value in pairs))
        case Items(items):
            found = tuple(replaced(each, old, new) for each in items)
            same = all(one is other for one, other in zip(found, items, strict=True))
            return root if same else replace(root, items=found)
        case Scalar():
            return root


def path_to(root: Node, address: Address) -> list[Node]:
    """Give the nodes on the way to an address, the root first, as far as there are any."""
    path = [root]
    for key in address:
        found = entry_at(path[-1], key)
        if found is None:
            break
        path.append(found.value if isinstance(found, Entry) else found)
    return path


def is_flow(node: Node, text: str) -> bool:
    """Tell whether a mapping or a list stands in brackets of its own."""
    return not isinstance(node, Scalar) and text.startswith(("{", "["), node.span.start)


def scalars(node: Node) -> Iterator[Scalar]:
    """Give every key and every value, in the order of the file."""
    pending: list[Node] = [node]
    while pending:
        current = pending.pop()
        match current:
            case Mapping(entries):
                for each in reversed(entries):
                    pending += [each.value, each.key]
            case Items(items):
                pending += reversed(items)
            case Scalar():
                yield current
