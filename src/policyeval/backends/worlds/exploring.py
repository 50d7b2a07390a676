"""Going through the possible worlds, part by part, until something comes to the same within each."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from policyeval.backends.worlds.domains import Domain, Single
from policyeval.backends.worlds.glancing import UNSEEN, Glances
from policyeval.backends.worlds.learning import Failed, Learning
from policyeval.backends.worlds.openness import Openness
from policyeval.backends.worlds.variables import Point, Split, Unclear, Undecided, Variable
from policyeval.backends.worlds.worlds import NOT_COVERED, Move, Worlds
from policyeval.feel.failure import Failure
from policyeval.policy.model import Decision, Remark, Rule

_PASSES: Final = 3

_STEPS: Final = 5_000
"""What a single condition may take in any case, however much was done before."""

Ask = Callable[[Worlds], object]


@dataclass(frozen=True, slots=True, eq=False)
class Leaf:
    """A part of the possible worlds in which something comes to the same."""

    worlds: Worlds
    result: object
    domains: dict[Variable, Domain]


@dataclass(frozen=True, slots=True)
class _Kept:
    """What a pass found for a question, and what it relied on."""

    leaves: list[Leaf]
    relied: dict[Variable, int]


@dataclass(frozen=True, slots=True)
class _Before:
    """What a question came to in a part of the worlds, what that took, and what was to be looked for."""

    result: object
    steps: int
    wanted: frozenset[tuple[int, Variable]]


@dataclass(frozen=True, slots=True)
class Conditions:
    """Parts of the worlds for each condition.

    Attributes:
        asked: Of the decision; the parts of each are all worlds.
        satisfied: By every transaction; only parts in which they are.
        tying: Variables of which some values are not possible with some of others.
    """

    asked: list[list[Leaf]]
    satisfied: list[list[Leaf]] = field(default_factory=list)
    tying: frozenset[Variable] = frozenset()


class Unknowable:
    """What comes of worlds that cannot be told apart far enough; like nothing else."""

    __slots__ = ()


class Exploration:
    """Goes through the possible worlds of one transaction.

    Attributes:
        involved: The points by which the worlds were split.
        exact: Whether every part has a result that is known.
    """

    def __init__(
        self, openness: Openness, move: Move, steps: int, glances: Glances | None = None
    ) -> None:
        self.openness = openness
        self.glances = glances or Glances(openness.terms, openness.environment, move)
        self.learning = Learning(steps, lambda: openness.numbers)
        self.root = Worlds(openness, move, self.learning)
        self.involved: dict[Point, None] = {}
        self.exact = True
        self._kept: dict[int, _Kept] = {}
        self._before: dict[object, _Before] = {}

    # ------------------------------------------------------------ parts

    def conditions(self, decision: Decision) -> "Conditions":
        """Give the conditions of a decision, each with parts of the worlds.

        What is settled is left out. A decision that is no list of rules is a question by itself.

        Raises:
            OutOfStepsError: There are too many parts.
        """
        for _ in range(_PASSES):
            found = self._conditions(decision)
            if not any(self.learning.is_surprised(e.relied) for e in self._kept.values()):
                return found
        # Values that stand for others must be the same ones everywhere.
        self.learning.frozen = True
        return self._conditions(decision)

    def _conditions(self, decision: Decision) -> "Conditions":
        asked = self._asked(decision)
        if len(asked) == 1 and _all_alike(asked[0]):
            return Conditions(asked, [], frozenset())
        satisfied: list[list[Leaf]] = []
        tying: set[Variable] = set()
        for rule in self.openness.terms.policy.consistent_when:
            leaves = self._leaves(rule, holding(rule))
            possible = [Leaf(e.worlds, True, e.domains) for e in leaves if e.result is not False]
            # Facts that break a condition in every world are refused before anything is asked.
            if not possible or len(possible) == len(leaves):
                continue
            variables = _variables(leaves)
            for index, each in enumerate(asked):
                if variables <= _variables(each):
                    asked[index] = self._narrowed(each, rule)
                    tying |= _variables(asked[index])
                    break
            else:
                satisfied.append(possible)
                tying |= variables
        return Conditions(asked, satisfied, frozenset(tying))

    def _narrowed(self, leaves: list[Leaf], rule: Rule) -> list[Leaf]:
        """Leave out of the parts of a condition what is not possible."""

        def possible(worlds: Worlds) -> bool:
            try:
                return worlds.holds(rule) is not False
            except (Unclear, Failure):
                return True

        return [
            Leaf(part.worlds, leaf.result, {**leaf.domains, **part.domains})
            for leaf in leaves
            for part in self.parts([leaf.worlds], lambda _worlds: True, possible)
        ] or leaves

    def _asked(self, decision: Decision) -> list[list[Leaf]]:
        if decision.table is not None or decision.value is not None:
            return [self._leaves(None, decided(decision))]
        found: list[list[Leaf]] = []
        covers = False
        if decision.covers is not None:
            leaves = self._leaves(None, covered(decision))
            covers = not _all_are(leaves, True)
            if _all_are(leaves, NOT_COVERED):
                return [leaves]
            found += [leaves] if covers else []
        rules = [
            *((rule, True) for rule in decision.requires),
            *((rule, False) for rule in decision.excluded_if),
        ]
        if any(self._is_never(rule, wanted) for rule, wanted in rules):
            return [*found[: int(covers)], [Leaf(self.root, False, {})]]
        for rule, wanted in rules:
            leaves = self._leaves(rule, satisfied(rule, wanted))
            if _all_are(leaves, False):
                return [*found[: int(covers)], leaves]
            if not _all_are(leaves, True):
                found.append(leaves)
        return found or [[Leaf(self.root, True, {})]]

    def _is_never(self, rule: Rule, wanted: bool) -> bool:
        """Tell whether one look tells that a requirement is never met, or an exclusion always holds."""
        holds = self.glances.holds(rule)
        return holds is not UNSEEN and (holds is True) is not wanted

    def _leaves(self, rule: Rule | None, ask: Ask) -> list[Leaf]:
        """Give the parts for one question, as they were in the pass before if nothing new is known."""
        key = id(rule)
        if key in self._kept and not self.learning.is_surprised(self._kept[key].relied):
            return self._kept[key].leaves
        self.learning.begin()
        exact, self.exact = self.exact, True
        found = [*self.parts([self._all_worlds()], self._asked_once(key, ask))]
        found = [each for each in found if self._is_in_order(each.worlds)]
        self._kept[key] = _Kept(found, dict(self.learning.relied))
        self.exact = self.exact and exact
        return found

    def _asked_once(self, question: int, ask: Ask) -> Ask:
        """Make a question of which it is remembered between passes what it comes to in a part of the worlds.

        It is asked again where that would tell more about where it changes.
        """
        learning = self.learning

        def remembered(worlds: Worlds) -> object:
            try:
                key = question, worlds.coarse, frozenset(worlds.domains.items())
                before = self._before.get(key)
            except TypeError:  # of values that cannot be put into sets
                return ask(worlds)
            if before is not None and before.wanted <= learning.looked:
                learning.spend(before.steps)
                return before.result
            steps = learning.steps
            learning.wanted.clear()
            learning.sampled = False
            result = ask(worlds)
            if not learning.sampled:
                wanted = frozenset(learning.wanted)
                self._before[key] = _Before(result, steps - learning.steps, wanted)
            return result

        return remembered

    def _all_worlds(self) -> Worlds:
        """Give all worlds anew: what was undecided before is looked at with what is known now."""
        root = Worlds(self.openness, self.root.move, self.learning)
        root.known = self.root.known
        return root

    def _is_in_order(self, worlds: Worlds) -> bool:
        return all(map(worlds.in_order, self.openness.logs))

    def parts(
        self, begin: Iterable[Worlds], ask: Ask, possible: Callable[[Worlds], bool] | None = None
    ) -> Iterator[Leaf]:
        """Give the parts one by one, those without impossible worlds if `possible` is given.

        Raises:
            OutOfStepsError: There are too many.
        """
        for first in begin:
            pending = [first]
            while pending:
                worlds = pending.pop()
                try:
                    if possible is not None and not possible(worlds):
                        continue
                    result = ask(worlds)
                except Split as split:
                    self.involved[split.variable.point] = None
                    pending += reversed(worlds.parts(split))
                    # Its frames hold these worlds, which keep the split.
                    split.__traceback__ = None
                except Unclear as unclear:
                    self.involved[unclear.variable.point] = None
                    yield from self._unclear(worlds, unclear.variable)
                except Failure as failure:
                    yield Leaf(worlds, Failed(failure), dict(worlds.domains))
                else:
                    yield Leaf(worlds, result, dict(worlds.domains))

    def _unclear(self, worlds: Worlds, variable: Variable) -> Iterator[Leaf]:
        """Give two parts with different results where the values of a variable could not be told apart."""
        self.exact = False
        halves = (Single(False), Single(True))
        half = Variable(variable.point, variable.rank, halves)
        for each in halves:
            yield Leaf(worlds, Unknowable(), {**worlds.domains, half: (each,)})

    # ------------------------------------------------------------ consistency

    def is_possible(self, worlds: Worlds) -> bool:
        """Tell whether worlds break no condition that every transaction satisfies.

        Only conditions about what these worlds are narrowed by can tell.

        Raises:
            Undecided: Some do.
        """
        narrowed = {variable.point.source for variable in worlds.domains}
        undecided: Undecided | None = None
        for rule in self.openness.terms.policy.consistent_when:
            if narrowed.isdisjoint(self.openness.rule_sources(rule)):
                continue
            try:
                if worlds.holds(rule) is False:
                    return False
            except Split as split:
                undecided = undecided or split
            except (Unclear, Failure):
                continue
        if not self._is_in_order(worlds):
            return False
        if undecided is not None:
            raise undecided
        return True

    # ------------------------------------------------------------ single conditions

    def everywhere(self, rule: Rule | Remark) -> bool | None:
        """Tell whether a condition holds in all of the worlds, in none, or in some.

        Raises:
            OutOfStepsError: There are too many.
        """
        at_a_glance = self.glances.everywhere(rule)
        if at_a_glance is not UNSEEN:
            return at_a_glance
        self.learning.hasty = True
        self.learning.steps = max(self.learning.steps, _STEPS)
        seen: set[bool] = set()
        for leaf in self.parts([self._all_worlds()], holding(rule), self.is_possible):
            if not isinstance(leaf.result, bool):
                return None
            seen.add(leaf.result)
            if len(seen) > 1:
                return None
        return seen.pop() if seen else None


def satisfied(rule: Rule, wanted: bool) -> Ask:
    """Make the question whether a requirement is met, or an exclusion does not hold."""
    return lambda worlds: (worlds.holds(rule) is True) is wanted


def covered(decision: Decision) -> Ask:
    """Make the question whether a decision applies."""
    return lambda worlds: True if worlds.covers(decision) else NOT_COVERED


def decided(decision: Decision) -> Ask:
    """Make the question what a decision comes to."""
    return lambda worlds: worlds.outcome(decision)


def holding(rule: Rule | Remark) -> Ask:
    """Make the question whether a condition holds."""
    return lambda worlds: worlds.holds(rule)


def _variables(leaves: list[Leaf]) -> set[Variable]:
    return {variable for leaf in leaves for variable in leaf.domains}


def _all_are(leaves: list[Leaf], result: object) -> bool:
    return all(each.result is result for each in leaves)


def _all_alike(leaves: list[Leaf]) -> bool:
    first = leaves[0].result
    return all(type(each.result) is type(first) and each.result == first for each in leaves)
