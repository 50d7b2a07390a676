"""Addresses of the parts of a file: the keys that lead to them, with ids in place of positions.

`decisions.referral_fee_payable.requires.identified.that` is the condition of that requirement, wherever
it stands in its list. A key that is no plain name stands in quotation marks: `clauses."4.5a".kind`.
"""

import re

from policyeval.policy.yaml import Entry, Mapping, Node, Scalar, Sequence, find

Address = tuple[str, ...]
"""Keys; of an item in a list its `id`, or else its position, counted from 0."""

_PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*")
_PART = re.compile(rf'(?:({_PLAIN.pattern})|"([^"]*)")(?:\.|\Z)')


def written(address: Address) -> str:
    """Write an address as a person does."""
    return ".".join(each if _PLAIN.fullmatch(each) else f'"{each}"' for each in address)


def read(text: str) -> Address | None:
    """Read an address; None if it is not written as one."""
    parts: list[str] = []
    at = 0
    while at < len(text):
        part = _PART.match(text, at)
        if part is None:
            return None
        parts.append(part[1] if part[2] is None else part[2])
        at = part.end()
    return tuple(parts) if parts and not text.endswith(".") else None


def node_at(root: Node, address: Address) -> Node | None:
    """Find what stands at an address; None if there is nothing."""
    node: Node | None = root
    for key in address:
        if node is None:
            return None
        entry = entry_at(node, key)
        node = entry.value if isinstance(entry, Entry) else entry
    return node


def entry_at(node: Node, key: str) -> Entry | Node | None:
    """Find an entry of a mapping, or an item of a list by its id or its position."""
    match node:
        case Mapping():
            return find(node, key)
        case Sequence(items):
            for each in items:
                found = find(each, "id") if isinstance(each, Mapping) else None
                if found and isinstance(found.value, Scalar) and found.value.text == key:
                    return each
            position = int(key) if key.isascii() and key.isdigit() and len(key) < 6 else len(items)
            return items[position] if position < len(items) else None
        case Scalar():
            return None
