"""Whether a golden case would notice if a version said otherwise in one place."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, product
from typing import Final

from policyeval.analysis.distinguishing.differences import (
    Options,
    Place,
    Target,
    facts_behind,
    names_in,
    questions_of,
    readings_behind,
    targets,
)
from policyeval.analysis.distinguishing.probing import Part, Probe
from policyeval.cases.model import Case
from policyeval.cases.running import run_case
from policyeval.errors import FactsError
from policyeval.evaluator.given import environment_of
from policyeval.evaluator.policies import PolicySet
from policyeval.evaluator.program import Program
from policyeval.evaluator.programs import Programs
from policyeval.facts.model import Environment, Open
from policyeval.feel import syntax
from policyeval.policy.library import Library
from policyeval.policy.model import Formula, ValidPolicy

_MOST_WAYS: Final = 8
"""Ways to settle the readings that a formula rests on, at most."""


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """A golden case that asks something of a version, and passes."""

    case: Case
    environment: Environment

    @property
    def decisions(self) -> frozenset[str] | None:
        """The questions whose answers it looks at; None: all there are."""
        if self.case.presumed is not None or self.case.refused is not None:
            return None
        return frozenset(each.decision for each in self.case.expect)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a golden case, and the versions (`id`) that it asked."""

    case: Case
    passed: bool
    versions: frozenset[int]


class Run:
    """The golden cases of a programme, each asked once."""

    def __init__(self, library: Library, programme: str, cases: Sequence[Case]) -> None:
        self.library = library
        self.programs = _Watching()
        policies = PolicySet(library, self.programs)
        self.outcomes: list[Outcome] = []
        for case in cases:
            self.programs.asked.clear()
            passed = run_case(policies, programme, case).passed
            self.outcomes.append(Outcome(case, passed, frozenset(self.programs.asked)))


class Noticing:
    """The golden cases of a programme, as far as they ask something of one version.

    A case counts only where it says all that a formula rests on: one in which something of that is
    unknown, or has not happened yet, lies on neither side of an edge.

    Attributes:
        trials: Those that pass.
        failing: The names of the others, which notice nothing.
    """

    def __init__(self, run: "Run", version: ValidPolicy) -> None:
        self.version = version
        self._library = run.library
        self._programme = version.policy.programme
        self._shared = run.programs
        asked = [each for each in run.outcomes if id(version) in each.versions]
        self.trials = [
            Trial(each.case, environment)
            for each in asked
            if each.passed and (environment := self._environment(each.case)) is not None
        ]
        self.failing = tuple(each.case.id for each in asked if not each.passed)

    def _environment(self, case: Case) -> Environment | None:
        try:
            return environment_of(case.facts, self.version, case.asked_on)
        except FactsError:
            return None

    def in_force(self, place: Place) -> bool:
        """Tell whether a formula can come to count, as readings are settled or may be."""
        policy = self.version.policy
        return all(
            (adopted := policy.readings[name].adopted) is None
            or adopted[0] == option
            or any(each.settles.get(name) == option for each in policy.overlays.values())
            for name, option in place.options.items()
        )

    def asked(self, place: Place) -> frozenset[str]:
        """Give the questions whose answers can depend on a formula."""
        decisions = self.version.policy.decisions
        every = frozenset(n for n, each in decisions.items() if each.question is not None)
        found: list[Target] = targets(self.version, [place])
        near = questions_of(self.version, found)
        return every if near is None else frozenset(near) & every

    def by(self, place: Place, other: ValidPolicy, formula: Formula) -> Case | None:
        """Give a case that would fail if another version stood in this one's place.

        Args:
            place: Where they differ.
            other: The other version.
            formula: What it has there.
        """
        questions = self.asked(place)
        policies = PolicySet(self._library, _Instead(self._shared, self.version, other))
        screen = _Screen(self.version, place, other, formula)
        for number, trial in enumerate(self.trials):
            decisions = trial.decisions
            if decisions is not None and questions.isdisjoint(decisions):
                continue
            if not screen.may_differ(trial):
                continue
            case = trial.case
            if decisions is not None:
                case = replace(
                    case, expect=tuple(e for e in case.expect if e.decision in questions)
                )
            if not run_case(policies, self._programme, case).passed:
                # What noticed one version is likely to notice the next.
                self.trials.insert(0, self.trials.pop(number))
                return trial.case
        return None


class _Screen:
    """Tells in which cases a formula and another in its place come to the same."""

    def __init__(
        self, version: ValidPolicy, place: Place, other: ValidPolicy, formula: Formula
    ) -> None:
        self._version = version
        self._other = other
        self._parts = _part(place, place.formula), _part(place, formula)
        names = names_in(version, place.formula)
        if place.source is not None:
            names |= names_in(version, place.source)
        self._behind = facts_behind(version, names)
        self._ways = list(_ways(version, place, names))
        self._probes: dict[tuple[str, ...], list[tuple[Probe, Probe]]] = {}

    def may_differ(self, trial: Trial) -> bool:
        values = trial.environment.values
        opened = (values.get(name) for name in self._behind)
        left_open = any(isinstance(each, Open) and each.kind != "act" for each in opened)
        for mine, its in self._of(trial.case.overlays):
            [before], [after] = mine.values(trial.environment), its.values(trial.environment)
            if before is None or after is None:
                if not left_open:
                    return True
            elif before != after:
                return True
        return False

    def _of(self, overlays: tuple[str, ...]) -> list[tuple[Probe, Probe]]:
        if overlays not in self._probes:
            mine, its = self._parts
            self._probes[overlays] = [
                (
                    Probe(self._version, each, overlays, [mine]),
                    Probe(self._other, each, overlays, [its]),
                )
                for each in self._ways
            ]
        return self._probes[overlays]


def _part(place: Place, formula: Formula) -> Part:
    """Give what is looked at: the formula, or of a cell of a table what the table comes to."""
    if isinstance(formula.tree, syntax.UnaryTests):
        decision = place.element.decision
        assert decision is not None, "a table is a decision's"
        return Part(formula, syntax.Name(decision))
    return Part(formula, formula.tree)


def _ways(version: ValidPolicy, place: Place, names: frozenset[str]) -> Iterator[Options]:
    """Give ways to settle the readings that a formula rests on, beside those it stands under."""
    readings = version.policy.readings
    several = [
        [(name, option) for option in readings[name].admissible]
        for name in readings_behind(version, names)
        if readings[name].adopted is None and name not in place.options
    ]
    for each in islice(product(*several), _MOST_WAYS):
        yield {**dict(each), **place.options}


class _Watching(Programs):
    """Programs that note which versions are asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: set[int] = set()

    def program(self, version: ValidPolicy, overlays: tuple[str, ...]) -> Program:
        self.asked.add(id(version))
        return super().program(version, overlays)


class _Instead(Programs):
    """The programs of a folder, with another version in the place of one."""

    def __init__(self, shared: Programs, version: ValidPolicy, other: ValidPolicy) -> None:
        super().__init__()
        self._shared = shared
        self._version = version
        self._other = other

    def program(self, version: ValidPolicy, overlays: tuple[str, ...]) -> Program:
        if version is self._version:
            return super().program(self._other, overlays)
        return self._shared.program(version, overlays)
