"""The built-in functions of DMN 1.5 (10.3.4): the table of all of them, and their kinds."""

from collections.abc import Mapping
from types import MappingProxyType

from policyeval.feel.builtins import (
    boolean,
    contexts,
    conversion,
    lists,
    numeric,
    ranges,
    strings,
    temporal,
)
from policyeval.feel.builtins.declaration import Builtin

KINDS: Mapping[str, tuple[Builtin, ...]] = MappingProxyType(
    {
        "conversion": conversion.BUILTINS,
        "boolean": boolean.BUILTINS,
        "string": strings.BUILTINS,
        "numeric": numeric.BUILTINS,
        "date and time": temporal.BUILTINS,
        "list": lists.BUILTINS,
        "context": contexts.BUILTINS,
        "range": ranges.BUILTINS,
    }
)
"""The built-ins by kind, in the order of the documentation."""

BUILTINS: Mapping[str, Builtin] = MappingProxyType(
    {each.name: each for kind in KINDS.values() for each in kind}
)
"""Every built-in by its name."""


def names() -> frozenset[str]:
    """Give the names of all built-ins."""
    return frozenset(BUILTINS)
