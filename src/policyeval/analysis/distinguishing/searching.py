"""The search for a transaction on which two versions answer differently: directed, and bounded.

It begins with transactions that a person has thought of, which make sense as a whole and in which
many rules leave the decision to a single one. It moves as little as it can: first nothing, then one
fact to where a comparison in a formula that differs (or in one that uses it) turns, then a fact that
has few values and another beside it. That a formula differs is seen by computing it alone; whole
versions are asked only then.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from functools import cache
from itertools import zip_longest
from typing import Final

from policyeval.analysis.distinguishing.calendar import on_trap_days
from policyeval.analysis.distinguishing.comparing import Asked, Pair
from policyeval.analysis.distinguishing.differences import (
    Place,
    differing,
    places,
    questions_of,
    targets,
)
from policyeval.analysis.distinguishing.lens import Lens, names_behind
from policyeval.analysis.distinguishing.model import Seed, Witness
from policyeval.analysis.distinguishing.moves import Situation, other_values, start
from policyeval.analysis.distinguishing.seeds import Ranked, Seeds
from policyeval.analysis.distinguishing.sides import Side
from policyeval.facts.model import Environment
from policyeval.policy.addresses import Address
from policyeval.policy.model import Formula, ValidPolicy

STEPS: Final = 1_500
"""Transactions that are looked at, at most."""

_SEEDS: Final = 12
_DEEP_SEEDS: Final = 4
_TARGETS: Final = 16
_SLOW: Final = 12


class Search(Seeds):
    """Looks for transactions that tell a version from others."""

    def against(
        self, other: ValidPolicy, questions: Collection[str], *, steps: int = STEPS
    ) -> Witness | None:
        """Look for a transaction on which another version answers one of some questions differently.

        Args:
            other: A version of the same facts.
            questions: Decisions that both have.
            steps: How many transactions are looked at.
        """
        asked = frozenset(
            name
            for name in questions
            if name in self.version.policy.decisions and name in other.policy.decisions
        )
        if not asked:
            return None
        return _One(self, other, asked, steps).found()


class _One:
    """The search against one other version."""

    def __init__(
        self, search: Search, other: ValidPolicy, questions: frozenset[str], steps: int
    ) -> None:
        self.search = search
        self.facts = search.facts
        self.other = other
        self.last = search.facts.looked_at + steps
        self.slow = _SLOW
        self.pair = cache(self._make_pair)
        self.lens = cache(self._make_lens)
        self.matches: dict[Address, Place] = {each.key: each for each in places(other.policy)}
        version = search.version
        changed = list(differing(version.policy, other.policy))
        keys = {each.key for each in changed}
        new = [each for each in differing(other.policy, version.policy) if each.key not in keys]
        found = targets(version, changed)
        others = targets(other, new)
        self.new = [each for each in others if each.changed]
        self.targets = found[:_TARGETS]
        reached = questions_of(version, found), questions_of(other, others)
        every = tuple(name for name in version.policy.decisions if name in questions)
        if None in reached:
            self.questions = every
        else:
            both = dict.fromkeys(name for each in reached for name in each or ())
            self.questions = tuple(name for name in both if name in questions)
        self.seen: set[str] = set()

    def _make_pair(self, overlays: tuple[str, ...], question: str) -> Pair:
        return Pair(self.search.asked(overlays, question), self.other, overlays, question)

    def _may_explore(self) -> bool:
        self.slow -= 1
        return self.slow >= 0

    @property
    def spent(self) -> bool:
        """Whether as much was looked at as may be."""
        return self.facts.looked_at > self.last

    def _make_lens(self, number: int, overlays: tuple[str, ...]) -> Lens:
        target = (*self.targets, *self.new)[number]
        place, version = target.place, self.search.version
        if number >= len(self.targets):
            side = Side(self.other, place, target.options, overlays)
            return Lens(side, None, names_behind(self.other, place, None))
        match = self.matches.get(place.key)
        other = None if match is None else Side(self.other, match, target.options, overlays)
        first = Side(version, place, target.options, overlays)
        return Lens(first, other, names_behind(version, place, match))

    def _formula(self) -> Formula | None:
        """Give the formula that differs, where it is one alone."""
        changed = [each.place.formula for each in self.targets if each.changed]
        return changed[0] if len(changed) == 1 else None

    def _useful(self, formula: Formula | None) -> list[Ranked]:
        """Give the seeds in which what differs counts; those with overlays only where they are needed."""
        wanted = [each.options for each in (*self.targets, *self.new) if each.changed]
        useful = [
            each
            for each in self.search.ranked(self.questions[0], formula)
            if any(self.search.counts(each.seed.overlays, options) for options in wanted)
        ]
        plain = [each for each in useful if not each.seed.overlays]
        return plain or useful

    # ------------------------------------------------------------ the order of trials

    def found(self) -> Witness | None:
        """Go through trials until one tells the versions apart."""
        if not self.questions:
            return None
        for situation, number in self._trials():
            if self.spent:
                return None
            witness = self._tried(situation, number)
            if witness is not None:
                return witness
        return None

    def _trials(self) -> Iterator[tuple[Situation, int]]:
        count = len(self.targets) + len(self.new)
        if not count:
            return
        for ranked in self._useful(None):
            yield start(ranked.seed), 0
        every = self._useful(self._formula())
        near, deep = every[:_SEEDS], self._various(every)
        changed = [n for n, each in enumerate((*self.targets, *self.new)) if each.changed]
        using = [number for number in range(count) if number not in changed]
        for number in changed:
            for ranked in near:
                yield from self._solved(start(ranked.seed), number)
        for number in changed:
            for ranked in deep:
                yield from self._flipped_and_solved(start(ranked.seed), number)
        for number in changed:
            for ranked in deep:
                for once, _ in self._solved(start(ranked.seed), number):
                    yield from self._solved(once, number)
        for ranked in deep:
            for situation in self._trapped(start(ranked.seed)):
                yield situation, 0
                yield from self._solved(situation, 0)
                environment = self.facts.environment(situation)
                if environment is not None and self._differs(situation, environment, 0):
                    for number in using:
                        yield from self._solved(situation, number)
        for number in using:
            for ranked in near:
                yield from self._solved(start(ranked.seed), number)
        for number in range(count):
            for ranked in deep:
                for once in self._flipped(start(ranked.seed), number):
                    yield from self._flipped_and_solved(once, number)
        for number in using:
            for ranked in near:
                yield from self._flipped_and_solved(start(ranked.seed), number)

    def _various(self, every: list[Ranked]) -> list[Ranked]:
        """Give a few seeds, those among them for which the formula comes to something else."""
        groups: dict[str, list[Ranked]] = {}
        for each in every[: _SEEDS * 2]:
            lens = self.lens(0, each.seed.overlays)
            value = lens.first.whole(lens.first.values(each.environment))
            groups.setdefault(repr(value) if isinstance(value, bool) else "", []).append(each)
        in_turn = zip_longest(*groups.values())
        found = [each for turn in in_turn for each in turn if each is not None]
        return found[:_DEEP_SEEDS]

    def _flipped_and_solved(
        self, situation: Situation, number: int
    ) -> Iterator[tuple[Situation, int]]:
        for each in self._flipped(situation, number):
            yield each, number
            yield from self._solved(each, number)

    def _solved(self, situation: Situation, number: int) -> Iterator[tuple[Situation, int]]:
        environment = self.facts.environment(situation)
        if environment is None:
            return
        lens = self.lens(number, situation.seed.overlays)
        for each in lens.solved(situation, environment, self.facts):
            yield each, number

    def _flipped(self, situation: Situation, number: int) -> Iterator[Situation]:
        """Give situations in which one fact of few values has another."""
        environment = self.facts.environment(situation)
        if environment is None:
            return
        lens = self.lens(number, situation.seed.overlays)
        yield from self.facts.grown(situation, environment, lens.names)
        for ref in self.facts.refs(lens.names, environment):
            fact = self.facts.declared(ref)
            if fact is None or ref.fact in situation.changed:
                continue
            for value in other_values(fact, self.facts.value(ref, environment)):
                moved = self.facts.moved(situation, environment, ref, value)
                if moved is not None:
                    yield moved

    def _trapped(self, situation: Situation) -> Iterator[Situation]:
        """Give situations in which one day is one that calendars make special."""
        environment = self.facts.environment(situation)
        if environment is None:
            return
        lens = self.lens(0, situation.seed.overlays)
        for ref in self.facts.refs(lens.names, environment):
            for on in on_trap_days(self.facts.value(ref, environment)):
                moved = self.facts.moved(situation, environment, ref, on)
                if moved is not None:
                    yield moved

    # ------------------------------------------------------------ a trial

    def _tried(self, situation: Situation, number: int) -> Witness | None:
        key = repr(
            (
                situation.seed.name,
                situation.asked_on,
                [(each, situation.facts.get(each)) for each in sorted(situation.changed)],
                id(situation.seed),
            )
        )
        if key in self.seen:
            return None
        self.seen.add(key)
        environment = self.facts.environment(situation)
        if environment is None:
            return None
        if not self._differs(situation, environment, number):
            return None
        witness = self._witness(situation, environment)
        if witness is not None:
            return self._smallest(witness, situation)
        if self._first(situation.seed.overlays).broken(environment):
            for repaired in self._repaired(situation, environment):
                moved = self.facts.environment(repaired)
                if moved is None:
                    continue
                witness = self._witness(repaired, moved)
                if witness is not None:
                    return self._smallest(witness, repaired)
        return None

    def _differs(self, situation: Situation, environment: Environment, number: int) -> bool:
        """Tell whether formulas come to something else, as far as can be seen from them alone."""
        overlays = situation.seed.overlays
        every = (*self.targets, *self.new)
        if self.lens(number, overlays).differs(environment) is False:
            return False
        changed = [each for each in range(len(every)) if every[each].changed]
        return any(self.lens(each, overlays).differs(environment) is not False for each in changed)

    def _witness(self, situation: Situation, environment: Environment) -> Witness | None:
        seed = situation.seed
        for name in self.questions:
            found = self.pair(seed.overlays, name).difference(environment, self._may_explore)
            if found is None:
                continue
            if self.search.admits is not None and not self.search.admits(situation, name):
                return None
            return Witness(
                situation.facts,
                situation.asked_on,
                seed.overlays,
                seed,
                situation.changed,
                name,
                *found,
            )
        return None

    def _first(self, overlays: tuple[str, ...]) -> Asked:
        return self.search.asked(overlays, self.questions[0])

    def _repaired(self, situation: Situation, environment: Environment) -> Iterator[Situation]:
        """Move another fact so that the facts no longer contradict each other."""
        broken = set(self._first(situation.seed.overlays).broken(environment))
        for element_place in places(self.search.version.policy):
            address = element_place.element.address
            if address[0] != "consistent_when" or address[1] not in broken:
                continue
            place = element_place
            side = Side(self.search.version, place, place.options, situation.seed.overlays)
            lens = Lens(side, None, ())
            for each in lens.solved(situation, environment, self.facts):
                fresh = set(each.changed) - set(situation.changed)
                same = all(
                    each.facts.get(name) == situation.facts.get(name) for name in situation.changed
                )
                if fresh and same:
                    yield each

    def _smallest(self, witness: Witness, situation: Situation) -> Witness:
        """Take back every change that is not needed."""
        best = witness
        for name in situation.changed:
            kept = tuple(each for each in best.changed if each != name)
            if len(best.changed) < 2 or name not in best.changed:
                continue
            facts = {**best.facts}
            if name in situation.seed.facts:
                facts[name] = situation.seed.facts[name]
            else:
                facts.pop(name, None)
            fewer = replace(situation, facts=facts, changed=kept, asked_on=best.asked_on)
            environment = self.facts.environment(fewer)
            found = None if environment is None else self._witness(fewer, environment)
            best = found or best
        return best


def distinguish(
    version: ValidPolicy,
    other: ValidPolicy,
    seeds: Iterable[Seed],
    questions: Collection[str],
    *,
    steps: int = STEPS,
) -> Witness | None:
    """Look for a transaction on which two versions of the same facts answer differently.

    Args:
        version: The first version.
        other: The second one.
        seeds: Transactions to start from; the closer to being decided by what differs, the better.
        questions: Decisions that both have.
        steps: How many transactions are looked at.

    Returns:
        The transaction, or None if none was found: they may be the same, or be told apart only by
        transactions of another kind than the seeds.
    """
    return Search(version, seeds).against(other, questions, steps=steps)
