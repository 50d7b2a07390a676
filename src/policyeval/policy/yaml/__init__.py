"""Strict YAML: a file as a tree with places, or everything that is wrong with it.

`read` gives the tree. What kind of value a scalar is, is never guessed from how it looks: whoever
knows what belongs there asks for it (`text`, `integer`, `decimal_number`, `boolean` …), and an
answer that cannot be given is a problem with its place.
"""

from policyeval.policy.yaml.nodes import (
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
from policyeval.policy.yaml.reader import read
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
