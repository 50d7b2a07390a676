"""Golden cases as trials of a version: what each of them asks of it, prepared once for all mutants."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from policyeval.backends.python import Definite
from policyeval.backends.python.assembling import assemble
from policyeval.backends.python.undecided import Unknown
from policyeval.backends.python.units import Surroundings
from policyeval.cases.model import Case
from policyeval.cases.running import run_case
from policyeval.errors import EvaluationError, UnsupportedError
from policyeval.evaluation.model import Answer, Verdict
from policyeval.evaluator.governing import GoverningDay
from policyeval.evaluator.policies import PolicySet
from policyeval.evaluator.program import Program
from policyeval.evaluator.programs import Programs
from policyeval.facts.model import Environment, Open
from policyeval.policy.library import Library
from policyeval.policy.model import Formula, ValidPolicy
from policyeval.policy.terms import Terms


@dataclass(frozen=True, eq=False)
class Ask:
    """What a case asks of one version.

    Attributes:
        terms: The version with the case's overlays.
        decisions: Those that are asked.
        values: What the fast path makes of every name that formulas may use, and `unknown`: which of
            them it does not know.
        definite: What decisions come to that the facts decide, by name.
        consistent: Whether the facts satisfy each rule of `consistent_when`; None: that is not known.
    """

    terms: Terms
    environment: Environment
    decisions: tuple[str, ...]
    values: Mapping[str, object]
    unknown: Unknown
    definite: Mapping[str, Definite | None]
    consistent: tuple[bool | None, ...] | None

    @property
    def quick(self) -> bool:
        """Whether the facts decide everything that is asked."""
        decided = all(self.definite.get(name) is not None for name in self.decisions)
        return decided and self.consistent is not None and None not in self.consistent

    @property
    def overlays(self) -> tuple[str, ...]:
        """Those that are switched on."""
        return tuple(each.name for each in self.terms.overlays)


@dataclass(frozen=True, eq=False)
class Trial:
    """A case that asks something of a version.

    Attributes:
        asks: What it asks of the version: once, or more often where versions are told apart by what
            is open.
    """

    case: Case
    asks: tuple[Ask, ...]

    @property
    def whole(self) -> bool:
        """Whether it looks at every answer, and not only at those of which it expects something."""
        return self.case.presumed is not None or self.case.refused is not None


def trials(
    library: Library, programme: str, cases: Sequence[Case]
) -> Mapping[int, Sequence[Trial]]:
    """Give the cases that ask something of a version, by the number (`id`) of the version.

    Those come first that are quick to answer.
    """
    recording = _Recording()
    policies = PolicySet(library, recording)
    found: dict[int, list[Trial]] = {id(each): [] for each in policies.versions(programme).versions}
    for case in cases:
        recording.asks.clear()
        run_case(policies, programme, case)
        by_version: dict[int, list[Ask]] = {}
        for ask in recording.asks:
            by_version.setdefault(id(ask.terms.valid), []).append(ask)
        for version, asks in by_version.items():
            found[version].append(Trial(case, tuple(asks)))
    for each in found.values():
        each.sort(key=_costs)
    return found


def _costs(trial: Trial) -> tuple[int, bool]:
    """Order trials by what they cost: the more is open, the more worlds there are to go through."""
    asks = trial.asks
    open_ = sum(
        isinstance(value, Open) or name in ask.environment.growing
        for ask in asks
        if not ask.quick
        for name, value in ask.environment.values.items()
    )
    slow = not all(each.quick for each in asks)
    return slow + open_, any(each.terms.overlays for each in asks)


class _Recording(Programs):
    """Programs that answer nothing, and note what they are asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asks: list[Ask] = []
        self._recorders: dict[tuple[int, tuple[str, ...]], Program] = {}

    def program(self, version: ValidPolicy, overlays: tuple[str, ...]) -> Program:
        own = tuple(each for each in version.policy.overlays if each in overlays)
        key = id(version), own
        if key not in self._recorders:
            self._recorders[key] = _Recorder(version, own, self.asks)
        return self._recorders[key]


class _Recorder(Program):
    def __init__(self, policy: ValidPolicy, overlays: tuple[str, ...], asks: list[Ask]) -> None:
        super().__init__(policy, overlays)
        self._asks = asks
        names = tuple(self.policy.scope)
        entries = frozenset(n for each in policy.policy.facts.values() for n in each.entries)
        self._everything = assemble(Surroundings(self.terms, {}, entries), (), (), names)

    def answers(
        self,
        environment: Environment,
        decisions: Collection[str],
        known_on: date | datetime | None,
    ) -> Mapping[str, Answer]:
        unknown: Unknown = {}
        _, _, values = self._everything.function(
            environment.values, environment.asked_on, environment.growing, unknown
        )
        definite: Mapping[str, Definite | None] = {}
        consistent: tuple[bool | None, ...] | None = None
        try:
            definite = self._fast.run(environment, tuple(self.policy.policy.decisions)).decisions
            consistent = self._fast.consistent(environment)
        except (EvaluationError, UnsupportedError):
            pass  # some formula has no result: cases are run as they are
        by_name = dict(zip(self._everything.names, values, strict=True))
        asked = tuple(decisions)
        ask = Ask(self.terms, environment, asked, by_name, unknown, definite, consistent)
        self._asks.append(ask)
        provenance = self.provenance(environment.asked_on, known_on)
        return {
            name: Answer(name, Verdict.YES, True, (), (), (), None, (), provenance)
            for name in decisions
        }


class Instead(Programs):
    """The programs of a folder, with a mutant in place of one version."""

    def __init__(self, shared: Programs, version: ValidPolicy, mutant: ValidPolicy) -> None:
        super().__init__()
        self._shared = shared
        self._version = version
        self._mutant = mutant
        self._mutants: dict[tuple[str, ...], OneByOne] = {}

    def program(self, version: ValidPolicy, overlays: tuple[str, ...]) -> Program:
        """Give a version, compiled; the mutant instead of its own."""
        return (
            self.mutant(overlays)
            if version is self._version
            else self._shared.program(version, overlays)
        )

    def mutant(self, overlays: tuple[str, ...]) -> "OneByOne":
        """Give the mutant, compiled with those of the overlays that it knows."""
        own = tuple(each for each in self._version.policy.overlays if each in overlays)
        if own not in self._mutants:
            self._mutants[own] = OneByOne(self._mutant, own)
        return self._mutants[own]

    def day(self, version: ValidPolicy, formula: Formula) -> GoverningDay:
        """Give a formula for the governing day, which is no part of a version."""
        return self._shared.day(version, formula)


class OneByOne(Program):
    """A program that compiles each decision by itself, and those that are never asked not at all."""

    def answers(
        self,
        environment: Environment,
        decisions: Collection[str],
        known_on: date | datetime | None,
    ) -> Mapping[str, Answer]:
        """Answer some of the questions, as a program does."""
        found: dict[str, Answer] = {}
        for name in decisions:
            found.update(super().answers(environment, (name,), known_on))
        return found

    def definite(self, environment: Environment, decision: str) -> Definite | None:
        """Give what a decision comes to, if the facts decide it.

        Raises:
            EvaluationError: A formula has no result for these facts.
            UnsupportedError: A day is to be moved in a year whose working days are not known.
        """
        return self._fast.run(environment, (decision,)).decisions[decision]

    def consistent(self, environment: Environment) -> tuple[bool | None, ...]:
        """Tell whether facts satisfy each rule of `consistent_when`; None: that is not known.

        Raises:
            EvaluationError: A rule has no result for these facts.
        """
        return self._fast.consistent(environment)
