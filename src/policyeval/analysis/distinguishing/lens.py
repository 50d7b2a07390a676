"""One formula of two versions under the lens: whether it differs, and where its comparisons turn."""

from collections.abc import Iterator
from dataclasses import dataclass

from policyeval.analysis.distinguishing.differences import Place, facts_behind, names_in
from policyeval.analysis.distinguishing.moves import Facts, Situation
from policyeval.analysis.distinguishing.sides import Side
from policyeval.analysis.distinguishing.solving import Solving, beside
from policyeval.facts.model import Environment
from policyeval.policy.model import ValidPolicy


@dataclass(frozen=True, slots=True)
class Lens:
    """A formula of two versions.

    Attributes:
        first: As the first version has it.
        other: As the other has it; None if it does not.
        names: The facts that it rests on, by either.
    """

    first: Side
    other: Side | None
    names: tuple[str, ...]

    def differs(self, environment: Environment) -> bool | None:
        """Tell whether the two come to something else; None if that is not known."""
        if self.other is None:
            return None
        mine = self.first.whole(self.first.values(environment))
        others = self.other.whole(self.other.values(environment))
        return None if mine is None or others is None else mine != others

    def solved(
        self, situation: Situation, environment: Environment, facts: Facts
    ) -> Iterator[Situation]:
        """Give situations on and beside the edges of every comparison, in either version."""
        for side in (self.first, self.other):
            if side is None:
                continue
            for number in range(len(side.atoms)):
                for ref, is_left in side.refs_of(number, environment, facts):
                    found = Solving(side, number, ref, is_left, facts).solved(situation)
                    if found is not None:
                        yield from beside(found, ref, facts)


def names_behind(valid: ValidPolicy, place: Place, match: Place | None) -> tuple[str, ...]:
    """Give the facts that a formula rests on, and another in its place."""
    used = names_in(valid, place.formula)
    for each in (place.source, None if match is None else match.formula):
        if each is not None:
            used |= names_in(valid, each) & valid.scope.keys()
    return facts_behind(valid, used)
