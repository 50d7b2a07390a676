"""Names of cases: the rule or decision that an edge is in, and where the case lies."""

from collections.abc import Mapping
from typing import Final

from policyeval.analysis.suggestion.edges import Edge, Unit
from policyeval.analysis.suggestion.model import Position

_LONGEST: Final = 56
_ONE: Final[Mapping[Unit, str]] = {"day": "one-day", "second": "one-second", "month": "one-month"}
_OF_AMOUNTS: Final[Mapping[Position, str]] = {
    "on": "at-the-limit",
    "before": "just-below",
    "after": "just-above",
}
_OF_DAYS: Final[Mapping[Position, str]] = {"on": "on-the-edge", "computed": "day-computed"}
_SECTIONS: Final = frozenset(
    {
        "decisions",
        "requires",
        "excluded_if",
        "remarks",
        "covers",
        "table",
        "rules",
        "consistent_when",
    }
)


def case_name(edge: Edge, position: Position, taken: set[str]) -> str:
    """Make a name that no other case has, and take it."""
    name = f"{_of_edge(edge)}-{_of_position(edge, position)}"
    name = name.lower().replace("_", "-")[:_LONGEST]
    made, number = name, 2
    while made in taken:
        made, number = f"{name}-{number}", number + 1
    taken.add(made)
    return made


def _of_edge(edge: Edge) -> str:
    element = edge.place.element
    name = [each for each in element.address if each not in _SECTIONS][-1]
    return f"{element.decision}-{name}" if element.kind == "row" else name


def _of_position(edge: Edge, position: Position) -> str:
    if position in _OF_AMOUNTS and edge.kind == "comparison":
        if edge.unit is None:
            return _OF_AMOUNTS[position]
        if position != "on":
            return f"{_ONE[edge.unit]}-{position}"
    return _OF_DAYS.get(position, position)
