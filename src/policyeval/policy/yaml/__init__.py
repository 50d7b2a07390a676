"""Strict YAML: a file as a tree with places, or everything that is wrong with it.

`read` gives the tree. What kind of value a scalar is, is never guessed from how it looks: whoever
knows what belongs there asks for it (`text`, `integer`, `decimal_number`, `boolean` …), and an
answer that cannot be given is a problem with its place.
"""

from policyeval.policy.yaml.nodes import (
    BYTES,
    Document,
    Entry,
    Mapping,
    Node,
    Scalar,
    Sequence,
    find,
    is_null,
    located,
    place,
)
from policyeval.policy.yaml.values import (
    boolean,
    decimal_number,
    integer,
    mapping,
    scalar,
    sequence,
    text,
)

__all__ = [
    "BYTES",
    "Document",
    "Entry",
    "Mapping",
    "Node",
    "Scalar",
    "Sequence",
    "boolean",
    "decimal_number",
    "find",
    "integer",
    "is_null",
    "located",
    "mapping",
    "place",
    "read",
    "scalar",
    "sequence",
    "text",
]


def read(source_bytes: bytes, name: str) -> Document:
    """Read a file of strict YAML.

    Args:
        source_bytes: The file, in UTF-8, with or without a byte order mark.
        name: What a reader knows it by.

    Raises:
        PolicyError: It cannot be used; the error holds every problem that was found.
    """
    from policyeval.policy.yaml import reader

    return reader.read(source_bytes, name)
