"""The formats that a field of a text may name, and what each shows."""

from collections.abc import Mapping
from types import MappingProxyType

from policyeval.feel import types
from policyeval.feel.types import Type

FORMATS: Mapping[str, frozenset[Type]] = MappingProxyType(
    {
        "long": frozenset({types.DATE, types.DATE_AND_TIME}),
        "money": frozenset({types.NUMBER}),
        "percent": frozenset({types.NUMBER}),
    }
)
"""Name of a format to the types of value that it shows; a value that may be null is no other."""


def shows(name: str, type_: Type) -> bool:
    """Tell whether a format, which must exist, shows values of a type."""
    return types.required(type_) in FORMATS[name]
