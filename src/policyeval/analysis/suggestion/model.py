"""Cases that a person is asked to answer, so that an edge is pinned down."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from policyeval.analysis.suggestion.edges import Edge
from policyeval.policy.model import ValidPolicy

Position = Literal[
    "on",
    "before",
    "after",
    "computed",
    "month-end",
    "first-second",
    "last-second",
    "first-day",
    "last-day",
]
"""Where a case lies: on an edge or beside it; where a day is computed, and its month is too short for
it; the first or last second of a day, the first or last day of a month, a quarter, a weekend."""


@dataclass(frozen=True, slots=True)
class Asking:
    """A case without its answer.

    Attributes:
        id: Unique among the cases of the programme.
        position: Where it lies as seen from the edge.
        base: The name of the base it starts from; empty: the one without a name.
        asked_on: None: that of the base; likewise `overlays`.
        facts: Those that differ from the base, as a caller gives them.
        without: Those of the base that are left out.
        decision: The question whose answer is asked for.
    """

    id: str
    position: Position
    base: str
    asked_on: date | None
    overlays: tuple[str, ...] | None
    facts: Mapping[str, object]
    without: tuple[str, ...]
    decision: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An edge that no golden case pins down, and the cases that would.

    Attributes:
        unnoticed: What the formula could say in its place without a case noticing.
        also: Cases suggested for an edge before it that show this one too.
    """

    version: ValidPolicy = field(repr=False, compare=False)
    edge: Edge
    unnoticed: tuple[str, ...]
    cases: tuple[Asking, ...]
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Alike:
    """An edge that no transaction was found to show: moved, it may say the same.

    Attributes:
        in_force: Whether it counts at all as readings are settled.
    """

    version: ValidPolicy = field(repr=False, compare=False)
    edge: Edge
    unnoticed: tuple[str, ...]
    in_force: bool
