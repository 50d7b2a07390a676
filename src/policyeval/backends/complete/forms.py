"""What facts look like when they come in, for msgspec to take them apart: from Python values or JSON.

A form has a place for each fact that is declared. msgspec fills it, or refuses: names that nobody
declared, and values of another type. It tells types by their identity, and asks no object what it is,
but for texts: of those it takes subclasses, too. What it reads too kindly (numbers and moments in
texts), it only hands on.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Context, Inexact, InvalidOperation, Overflow, Underflow
from typing import Annotated, Any, Final, Literal, cast

import msgspec

from policyeval.facts.scalars import TEXT_BYTES
from policyeval.feel.types import (
    BOOLEAN,
    DATE,
    STRING,
    Type,
    may_be_null,
    required,
)
from policyeval.policy.model import Fact

convert = msgspec.convert
"""Fills a form from a dict: the dict, and the form."""

REFUSALS: Final = (msgspec.MsgspecError, RecursionError)
"""What msgspec ends in where something has not the form."""


_EXACT: Final = Context(
    prec=999_999,
    Emin=-999_999,
    Emax=999_999,
    traps=[Inexact, InvalidOperation, Overflow, Underflow],
)
"""Numbers of JSON are as long as they are written; what could not be kept exactly is a signal here."""

_TYPES: Final[Mapping[Type, object]] = {
    BOOLEAN: bool,
    STRING: Annotated[str, msgspec.Meta(max_length=TEXT_BYTES)],
    DATE: date,
}


def place(index: int) -> str:
    """Name the attribute of a form that holds a fact, by its place among those that are declared."""
    return f"f{index}"


def form(
    facts: Iterable[Fact], left_out: Mapping[str, object], lists: Mapping[str, object]
) -> type:
    """Make a form.

    Args:
        facts: Those that are declared.
        left_out: What stands for a fact that is left out.
        lists: Types of the facts that are lists.
    """
    places: list[tuple[str, Any, Any]] = []
    names: dict[str, str] = {}
    for index, fact in enumerate(facts):
        names[place(index)] = fact.name
        default = left_out[fact.name]
        if isinstance(default, list):
            default = msgspec.field(default_factory=default.copy)
        type_ = lists.get(fact.name) or _TYPES.get(required(fact.type), Any)
        if fact.one_of is not None:
            type_ = Literal.__getitem__(tuple(fact.one_of))
        places.append((place(index), _or_null(fact, type_), default))
    return msgspec.defstruct(
        "Facts", places, rename=names, forbid_unknown_fields=True, gc=False, frozen=True
    )


def _or_null(fact: Fact, type_: Any) -> object:
    none = fact.kind in {"event", "act"} or may_be_null(fact.type)
    return cast(object, type_ | None) if none else type_


def decoder(of: object) -> Callable[[bytes], object]:
    """Give what fills a form from JSON."""
    return msgspec.json.Decoder(of, float_hook=_EXACT.create_decimal).decode
