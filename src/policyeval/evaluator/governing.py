"""Which version governs: the day that picks it, and what to do where that day is still open.

The day is a formula over the facts. Where a fact it needs is open, the possible worlds fall into
parts, each governed by one version (or by none); the fact is narrowed to each part in turn, and the
parts' answers are compared as those of any other open point.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import cast

from policyeval.evaluator.reads import names_of
from policyeval.facts.model import (
    NEVER,
    NOT_YET,
    Between,
    Environment,
    OneOf,
    Open,
    OpenKind,
)
from policyeval.feel.compiler import compile_tree
from policyeval.feel.values import Value
from policyeval.policy.model import ASKED_ON, Formula, ValidPolicy
from policyeval.policy.versions import Span
from policyeval.source import Source

Day = date | None
"""A governing day; None lies after every day (an event that never happens)."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some of the possible worlds, and the version that governs there.

    Attributes:
        version: None where no version does.
        narrowed: Facts that are narrowed to these worlds.
    """

    version: ValidPolicy | None
    narrowed: Mapping[str, Open | Value]


@dataclass(frozen=True, slots=True)
class Parts:
    """All parts of the possible worlds, and the open fact that tells them apart.

    Attributes:
        point: None where there is one part only.
        kind: What makes that fact open.
    """

    parts: tuple[Part, ...]
    point: str | None = None
    kind: OpenKind | None = None


class GoverningDay:
    """A formula for the governing day, compiled for the facts of one version."""

    def __init__(self, policy: ValidPolicy, formula: Formula) -> None:
        names = dict.fromkeys(name for name in names_of(formula) if name in policy.scope)
        self.names = tuple(names)
        source = Source(formula.text, formula.source.name)
        compiled = compile_tree(source, formula.tree, {name: policy.scope[name] for name in names})
        self._function = compiled.function
        self._order = tuple(compiled.parameters)

    def day(self, values: Mapping[str, object]) -> Day:
        """Give the day for known facts."""
        if any(values[name] is NEVER for name in self._order):
            return None
        return cast(Day, self._function(*(cast(Value, values[name]) for name in self._order)))


def parts(day: GoverningDay, environment: Environment, timeline: Sequence[Span]) -> Parts:
    """Give the parts of the possible worlds by the version that governs in them."""
    values: dict[str, object] = {ASKED_ON: environment.asked_on}
    open_: list[Open] = []
    for name in day.names:
        value = environment.values.get(name, values.get(name))
        if isinstance(value, Open):
            open_.append(value)
        else:
            values[name] = value
    if not open_:
        return Parts((Part(_version(timeline, day.day(values)), {}),))
    # More than one open fact: each combination of the others' ends would be a part of its own. The
    # formulas that there are use one; with several, all but the first stay as they are at their ends.
    point, others = open_[0], open_[1:]
    for other in others:
        values[other.name] = _low(other)
    found = tuple(_parts(day, values, point, timeline, environment.asked_on))
    if len({id(each.version) for each in found}) == 1:
        return Parts((Part(found[0].version, {}),))
    return Parts(found, point.name, point.kind)


def _parts(
    day: GoverningDay,
    values: Mapping[str, object],
    point: Open,
    timeline: Sequence[Span],
    asked_on: date,
) -> Iterator[Part]:
    """Split what a fact may be at the days where another version begins to govern."""

    def span(value: object) -> Span | None:
        return _span(timeline, day.day({**values, point.name: value}))

    pieces: list[tuple[Span | None, Between | OneOf]] = []
    for part in point.parts:
        match part:
            case Between():
                pieces += _pieces(span, part)
            case OneOf(given):
                for value in given:
                    if value is NOT_YET:
                        low = _moment(part_of(point), asked_on)
                        pieces += [(span(low), OneOf((NOT_YET,)))]
                    else:
                        pieces.append((span(value), OneOf((value,))))
            case _:
                pass
    grouped: dict[int, tuple[ValidPolicy | None, list[Between | OneOf]]] = {}
    for where, piece in pieces:
        governing = None if where is None else where.version
        grouped.setdefault(id(governing), (governing, []))[1].append(piece)
    for governing, kept in grouped.values():
        yield Part(governing, {point.name: replace(point, parts=tuple(kept))})


def part_of(point: Open) -> Between:
    """Give the stretch of days or instants that an open fact may lie in."""
    return next(each for each in point.parts if isinstance(each, Between))


def _pieces(
    span: Callable[[object], Span | None], part: Between
) -> list[tuple[Span | None, Between]]:
    """Cut a stretch where the timeline changes; days are looked for by halving.

    Spans are compared, not versions: what governs at both ends need not govern between them.
    """
    low, high = cast(date, part.low), cast(date, part.high)
    pieces: list[tuple[Span | None, Between]] = []
    while True:
        here = span(low)
        if span(high) is here:
            pieces.append((here, Between(cast(Value, low), cast(Value, high))))
            return pieces
        inside, outside = 0, _distance(low, high)
        while outside - inside > 1:
            middle = (inside + outside) // 2
            if span(_after(low, middle)) is here:
                inside = middle
            else:
                outside = middle
        pieces.append((here, Between(cast(Value, low), cast(Value, _after(low, inside)))))
        low = _after(low, outside)


_MICROSECOND = timedelta(microseconds=1)


def _distance(low: date, high: date) -> int:
    if isinstance(low, datetime) and isinstance(high, datetime):
        return (high - low) // _MICROSECOND
    return (high - low).days


def _after(low: date, steps: int) -> date:
    return low + (steps * _MICROSECOND if isinstance(low, datetime) else timedelta(days=steps))


def _moment(stretch: Between, day: date) -> date:
    """Give the latest that an unknown event can have happened: it may as well happen after that."""
    high = cast(date, stretch.high)
    return high if isinstance(high, datetime) else max(high, day)


def _low(point: Open) -> object:
    return part_of(point).low


def _version(timeline: Sequence[Span], day: Day) -> ValidPolicy | None:
    """Give the version in force on a day; after every day, the one that is so for ever."""
    found = _span(timeline, day)
    return None if found is None else found.version


def _span(timeline: Sequence[Span], day: Day) -> Span | None:
    if day is None:
        return timeline[-1] if timeline else None
    found = None
    for span in timeline:
        if span.first is not None and span.first > day:
            break
        found = span
    return found
