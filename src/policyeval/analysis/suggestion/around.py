"""Transactions on either side of an edge, found from one that shows it."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from policyeval.analysis.distinguishing.calendar import on_trap_days
from policyeval.analysis.distinguishing.comparing import Asked, Pair
from policyeval.analysis.distinguishing.differences import facts_behind, names_in
from policyeval.analysis.distinguishing.model import Witness
from policyeval.analysis.distinguishing.moves import Facts, Ref, Situation, shifted
from policyeval.analysis.distinguishing.probing import distance
from policyeval.analysis.distinguishing.sides import Side
from policyeval.analysis.distinguishing.solving import neighbours
from policyeval.analysis.suggestion.edges import Edge
from policyeval.feel import types
from policyeval.policy.model import ValidPolicy
from policyeval.policy.validation.uses import free_names

_REFS: Final = 4
_MONTH_ENDS: Final = 2

Admits = Callable[[Situation, str], bool]


@dataclass(frozen=True, slots=True)
class Sides:
    """The two sides of an edge that is a comparison.

    Attributes:
        number: Which comparison of its formula it is.
    """

    side: Side
    number: int
    facts: Facts

    def gap(self, situation: Situation) -> Decimal | None:
        """Tell how far the left side lies beyond the right one; in a loop, in the nearest round."""
        environment = self.facts.environment(situation)
        if environment is None:
            return None
        values = self.side.values(environment)
        if not self.side.atoms[self.number].loops:
            return distance(*self.side.sides(values, self.number, 0))
        gaps = [
            distance(*self.side.sides(values, self.number, each))
            for each in range(self.side.rounds(values, self.number))
        ]
        known = [each for each in gaps if each is not None]
        return min(known, key=abs) if known else None


def sides_of(edge: Edge, valid: ValidPolicy, witness: Witness, facts: Facts) -> Sides | None:
    """Give the sides of an edge; None if it has none that can be seen."""
    if edge.kind != "comparison":
        return None
    side = Side(valid, edge.place, edge.place.options, witness.overlays)
    for number, atom in enumerate(side.atoms):
        sides = Sides(side, number, facts)
        if atom.node.span == edge.node.span and sides.gap(situation_of(witness)) is not None:
            return sides
    return None


def around(
    sides: Sides, witness: Witness, valid: ValidPolicy, admits: Admits, *, refusals: bool
) -> Iterator[tuple[Situation, int]]:
    """Give transactions just before an edge (-1), on it (0) and just after it (1).

    Args:
        sides: The edge's.
        witness: What shows the edge.
        valid: The version.
        admits: Tells of a transaction and a question whether they count.
        refusals: Whether facts that contradict each other count too.
    """
    asked = Asked(valid, witness.overlays, {witness.decision})
    best: dict[int, tuple[Decimal, Situation]] = {}
    for each in _beside(sides, witness):
        environment = sides.facts.environment(each)
        gap = sides.gap(each)
        if environment is None or gap is None:
            continue
        sign = (gap > 0) - (gap < 0)
        if sign in best and best[sign][0] <= abs(gap):
            continue
        if not refusals and asked.broken(environment, surely=True):
            continue
        if admits(each, witness.decision):
            best[sign] = abs(gap), each
    yield from ((best[sign][1], sign) for sign in sorted(best))


def _beside(sides: Sides, witness: Witness) -> Iterator[Situation]:
    """Give the transactions that lie one and two steps away, by each value the edge rests on."""
    begin = situation_of(witness)
    yield begin
    environment = sides.facts.environment(begin)
    if environment is None:
        return
    refs = [each for each, _ in sides.side.refs_of(sides.number, environment, sides.facts)]
    refs.sort(key=lambda ref: ref.fact not in witness.changed)
    for ref in refs[:_REFS]:
        once = list(_next(begin, ref, sides.facts))
        yield from once
        for each in once[:2]:
            yield from _next(each, ref, sides.facts)


def _next(situation: Situation, ref: Ref, facts: Facts) -> Iterator[Situation]:
    environment = facts.environment(situation)
    if environment is None:
        return
    for value in neighbours(facts.value(ref, environment)):
        moved = facts.moved(situation, environment, ref, value)
        if moved is not None:
            yield moved


def month_ends(
    edge: Edge, other: ValidPolicy, witness: Witness, valid: ValidPolicy, facts: Facts
) -> Iterator[Situation]:
    """Give further transactions in which a month is too short for a day.

    Args:
        edge: Where a day is computed by months.
        other: The version in which such a day runs over into the next month.
        witness: What tells them apart.
        valid: The version that the edge is of.
        facts: Its facts.
    """
    begin = situation_of(witness)
    environment = facts.environment(begin)
    if environment is None:
        return
    names = {each.name for each in free_names(edge.node)} & valid.scope.keys()
    behind = facts_behind(valid, frozenset(names))
    others = {*witness.changed, *facts_behind(valid, names_in(valid, edge.place.formula))}
    pair = Pair(
        Asked(valid, witness.overlays, {witness.decision}),
        other,
        witness.overlays,
        witness.decision,
    )
    count = 0
    for ref in facts.refs(behind, environment):
        value = facts.value(ref, environment)
        for day in on_trap_days(value):
            moved = facts.moved(begin, environment, ref, day)
            if moved is None or not isinstance(value, date):
                continue
            further = _moved_along(moved, others - {ref.fact}, _days(value, day), facts)
            found = next((each for each in further if _differ(pair, each, facts)), None)
            if found is not None:
                yield found
                count += 1
            if count >= _MONTH_ENDS:
                return


def _differ(pair: Pair, situation: Situation, facts: Facts) -> bool:
    environment = facts.environment(situation)
    return environment is not None and pair.difference(environment, lambda: True) is not None


def _days(before: date, after: date) -> int:
    return after.toordinal() - before.toordinal()


def _moved_along(
    situation: Situation, others: Collection[str], days: int, facts: Facts
) -> Iterator[Situation]:
    """Give a situation, and those in which another day has moved along, or nearly as far."""
    yield situation
    environment = facts.environment(situation)
    if environment is None:
        return
    for ref in facts.refs(tuple(sorted(others)), environment):
        value = facts.value(ref, environment)
        if facts.type_of(ref) not in (types.DATE, types.DATE_AND_TIME) or value is None:
            continue
        for more in (0, 1, -1, 2, -2, 3, -3):
            far = shifted(value, _unit(value) * (days + more))
            moved = None if far is None else facts.moved(situation, environment, ref, far)
            if moved is not None:
                yield moved


def _unit(value: object) -> Decimal:
    return Decimal(86_400) if isinstance(value, datetime) else Decimal(1)


def situation_of(witness: Witness) -> Situation:
    """Go on from what a search has found."""
    return Situation(witness.seed, witness.facts, witness.asked_on, witness.changed)
