"""What becomes of mutants: whether a golden case notices them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from policyeval.analysis.mutation.equivalence import equivalent
from policyeval.analysis.mutation.holes import Hole, fills
from policyeval.analysis.mutation.model import Mutant, Operator, State
from policyeval.analysis.mutation.operators import Mutating, Site
from policyeval.analysis.mutation.screening import Given, Screening
from policyeval.analysis.mutation.trials import Ask, Instead, OneByOne, Trial, trials
from policyeval.cases.model import Case, Cases, Expectation
from policyeval.cases.running import run_case
from policyeval.errors import EvaluationError, UnsupportedError
from policyeval.evaluator.policies import PolicySet
from policyeval.evaluator.programs import Programs
from policyeval.feel import syntax, types
from policyeval.feel.values import Value
from policyeval.messages import Message, message
from policyeval.policy.addresses import Address
from policyeval.policy.library import Library
from policyeval.policy.model import Formula, ValidPolicy
from policyeval.source import Span


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a mutant, without what it is part of: small enough to be sent elsewhere."""

    operator: Operator
    slot: Address
    before: str
    after: str
    questions: frozenset[str]
    span: Span
    state: State
    by: str | None = None
    why: Message | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """The mutants of one place of a version.

    Attributes:
        version: The number of the version among those of the programme, from 0.
        site: The number of the place in the version, from 0.
    """

    programme: str
    version: int
    site: int


class Testing:
    """Tests the mutants of a folder of policies with golden cases, place by place."""

    def __init__(self, library: Library, files: Sequence[Cases]) -> None:
        self.library = library
        self._cases: Mapping[str, Sequence[Case]] = {each.programme: each.cases for each in files}
        self._programs = Programs()
        self._prepared: dict[str, tuple[_Version, ...]] = {}

    def versions(self, programme: str) -> tuple["_Version", ...]:
        """Give the versions of a programme with the cases that ask something of them."""
        found = self._prepared.get(programme)
        if found is None:
            tried = trials(self.library, programme, self._cases.get(programme, ()))
            versions = self.library.programmes[programme].versions
            found = tuple(_Version(each, tried[id(each)]) for each in versions)
            self._prepared[programme] = found
        return found

    def fates(self, job: Job) -> list[Fate]:
        """Test the mutants of one place, in their order."""
        version = self.versions(job.programme)[job.version]
        pending = list(version.trials)
        formula = version.sites[job.site].formula
        filling = None
        if formula is not None and not isinstance(formula.tree, syntax.UnaryTests):
            filling = _Filling(self.library, Hole(self._programs, version.valid, formula))
        fates = []
        for mutant in version.mutating.mutants(version.sites[job.site]):
            state, by, why = self._fate(version, mutant, pending, filling)
            fates.append(
                Fate(
                    mutant.operator,
                    mutant.slot,
                    mutant.before,
                    mutant.after,
                    mutant.questions,
                    mutant.span,
                    state,
                    by,
                    why,
                )
            )
        return fates

    def _fate(
        self,
        version: "_Version",
        mutant: Mutant,
        pending: list[Trial],
        filling: "_Filling | None",
    ) -> tuple[State, str | None, Message | None]:
        relevant = [each for each in pending if each.whole or _looked_at(each.case, mutant)]
        if mutant.questions:
            noticed = self._noticed(version, mutant, relevant, filling)
            if noticed is not None:
                # What noticed one mutant of a place is likely to notice the next.
                pending.remove(noticed)
                pending.insert(0, noticed)
                return "killed", noticed.case.id, None
        why = equivalent(version.valid, version.mutating.questions, mutant)
        asks = (ask for trial in pending for ask in trial.asks)
        any_ask = next(asks, None)
        if why is None and any_ask and version.screening.is_constant(mutant, any_ask):
            why = message("it gives the same, whatever the facts")
        if why is not None:
            return "equivalent", None, why
        return ("survived" if relevant else "untested"), None, None

    def _noticed(
        self,
        version: "_Version",
        mutant: Mutant,
        relevant: Sequence[Trial],
        filling: "_Filling | None",
    ) -> Trial | None:
        programs = Instead(self._programs, version.valid, mutant.policy)
        policies = PolicySet(self.library, programs)
        programme = version.valid.policy.programme
        every = version.mutating.questions.every
        for trial in relevant:
            if not version.screening.differs(mutant, trial):
                continue
            given = version.screening.given(mutant, trial)
            if filling is not None and given is not None and filling.fits(mutant, given, trial):
                if filling.fails(mutant, given, trial):
                    return trial
                continue
            if trial.case.presumed is None and all(
                _same(ask, programs.mutant(ask.overlays), mutant, every) for ask in trial.asks
            ):
                continue
            if not run_case(policies, programme, _narrowed(trial, mutant)).passed:
                return trial
        return None


class _Filling:
    """Runs cases with values in place of a formula, each value once."""

    def __init__(self, library: Library, hole: Hole) -> None:
        self._hole = hole
        self._policies = PolicySet(library, hole)
        self._failed: dict[tuple[str, str], bool] = {}

    def fits(self, mutant: Mutant, given: Given, trial: Trial) -> bool:
        """Tell whether a case comes out with the value as it does with the mutant."""
        if trial.case.presumed is not None or not fills(given.value):
            return False  # what is presumed also hangs on what is read
        ((_, after),) = mutant.pairs
        assert isinstance(after, Formula)
        assert not isinstance(after.tree, syntax.UnaryTests)
        checked = mutant.policy.checked[after]
        return types.conforms(checked.type_of(after.tree), self._hole.type)

    def fails(self, mutant: Mutant, given: Given, trial: Trial) -> bool:
        """Tell whether a case does not pass with the value."""
        key = trial.case.id, given.written
        failed = self._failed.get(key)
        if failed is None:
            self._hole.value = cast(Value, given.value)
            programme = mutant.policy.policy.programme
            failed = not run_case(self._policies, programme, _narrowed(trial, mutant)).passed
            self._failed[key] = failed
        return failed


def _narrowed(trial: Trial, mutant: Mutant) -> Case:
    """Give a case with what it expects that may come out otherwise with a mutant."""
    case = trial.case
    return case if trial.whole else replace(case, expect=_looked_at(case, mutant))


def _same(ask: Ask, program: OneByOne, mutant: Mutant, every: frozenset[str]) -> bool:
    """Tell whether the fast path gives the same for both, and so the case cannot tell them apart."""
    if ask.consistent is None or None in ask.consistent:
        return False
    try:
        # What is consistent goes into every answer.
        if mutant.answers == every and program.consistent(ask.environment) != ask.consistent:
            return False
        if False in ask.consistent:
            return True  # the facts are refused, and nothing is answered
        for name in ask.decisions:
            if name in mutant.questions:
                before = ask.definite.get(name)
                if before is None or program.definite(ask.environment, name) != before:
                    return False
    except (EvaluationError, UnsupportedError):
        return False
    return True


def _looked_at(case: Case, mutant: Mutant) -> tuple[Expectation, ...]:
    """Give what a case expects that may come out otherwise with a mutant."""
    found = []
    for each in case.expect:
        if each.decision in mutant.answers:
            found.append(each)
        elif each.decision in mutant.questions and (each.remarks or each.no_remarks):
            only = Expectation(
                each.decision, remarks=each.remarks, no_remarks=each.no_remarks, span=each.span
            )
            found.append(only)
    return tuple(found)


class _Version:
    """A version, its places, and the cases that ask something of it."""

    def __init__(self, valid: ValidPolicy, tried: Sequence[Trial]) -> None:
        self.valid = valid
        self.mutating = Mutating(valid)
        self.screening = Screening(valid, self.mutating.questions.constants())
        self.sites: tuple[Site, ...] = tuple(self.mutating.sites())
        self.trials = tuple(tried)
