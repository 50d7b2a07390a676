"""The facts of one transaction, decoded: what is known, and what each open one may still be."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal

from policyeval.feel.values import Value
from policyeval.policy.never import NEVER

__all__ = [
    "NEVER",
    "NOT_YET",
    "AnyText",
    "Between",
    "Environment",
    "NotYet",
    "OneOf",
    "Open",
    "Part",
]


class NotYet:
    """Marks, among what an unknown event may be, that it has not happened as of the day asked on."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "NOT_YET"

    def __reduce__(self) -> str:
        return "NOT_YET"


NOT_YET: Final = NotYet()


@dataclass(frozen=True, slots=True)
class Between:
    """All numbers, days or instants from `low` to `high`, both included.

    Instants are aware `datetime`s with a fixed offset, exact to the microsecond; numbers are multiples
    of 1e-12.
    """

    low: Value
    high: Value


@dataclass(frozen=True, slots=True)
class OneOf:
    """A few values; among them may be None, `NEVER` and `NOT_YET`."""

    values: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class AnyText:
    """Any text at all."""


Part = Between | OneOf | AnyText
OpenKind = Literal["fact", "act", "event"]


@dataclass(frozen=True, slots=True)
class Open:
    """Stands where a value would, of a fact (or an entry of one) that is open.

    Attributes:
        name: The fact, with the place in it: `approved_on`, `acceptances[2].authorised`.
        kind: What makes it open. `act` is open only where the act's `open_when` holds; elsewhere the
            value is None.
        parts: What it may be; the union of them.
    """

    name: str
    kind: OpenKind
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Environment:
    """The facts of one transaction as formulas see them.

    Attributes:
        values: Every declared fact: its value, or `Open` (also inside lists and contexts). An event
            that has not happened is `Open(name, "event", (Between(…), OneOf((NEVER,))))`.
        given: The names the caller gave.
        presumed: Facts that were left out, and the value presumed for each.
        growing: Logs of events that may still have further entries, from `asked_on` on.
    """

    asked_on: date
    values: Mapping[str, Value | Open]
    given: frozenset[str] = frozenset()
    presumed: Mapping[str, Value] = field(default_factory=dict)
    growing: frozenset[str] = frozenset()
