"""Two versions asked the same: whether their answers differ, and how."""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cached_property

from policyeval.analysis.distinguishing.model import Answered
from policyeval.backends.python import Definite, Fast, Found, compile_terms
from policyeval.errors import EvaluationError, UnsupportedError
from policyeval.evaluation.model import Verdict
from policyeval.evaluator.answering import rule_ids
from policyeval.facts.model import Environment
from policyeval.feel import types
from policyeval.policy.model import Decision, Remark, ValidPolicy
from policyeval.policy.terms import Terms, apply

_STEPS = 4_000
"""How much the slow path may do for one answer."""


class Asked:
    """A version, compiled for some questions."""

    def __init__(
        self, valid: ValidPolicy, overlays: tuple[str, ...], questions: Collection[str]
    ) -> None:
        own = tuple(each for each in valid.policy.overlays if each in overlays)
        self.terms: Terms = apply(valid, own)
        self.questions = tuple(each for each in valid.policy.decisions if each in questions)
        self.conditions = valid.policy.consistent_when

    @cached_property
    def _fast(self) -> Fast:
        return compile_terms(self.terms)

    def found(self, environment: Environment) -> Found | None:
        """Ask by the fast path; None if a formula has no result."""
        try:
            return self._fast.run(environment, self.questions)
        except (EvaluationError, UnsupportedError):
            return None

    def broken(self, environment: Environment, *, surely: bool = False) -> tuple[str, ...]:
        """Give the conditions of every transaction that this one breaks.

        With `surely`, also look at those that the known facts leave open.
        """
        if not self.conditions:
            return ()
        try:
            held = self._fast.consistent(environment)
            holds = dict(zip([each.id for each in self.conditions], held, strict=True))
            if surely and None in holds.values():
                from policyeval.backends.worlds import consistency

                holds.update(consistency(self.terms, environment, steps=_STEPS))
        except EvaluationError:
            return ("",)
        return tuple(name for name, each in holds.items() if each is False)

    def answered(self, name: str, definite: Definite | None, environment: Environment) -> Answered:
        """Sum up an answer; where the fast path has none, by the slow one."""
        decision = self.terms.policy.decisions[name]
        if definite is not None:
            return _definite(self.terms, decision, definite)
        from policyeval.backends.worlds import explore

        try:
            found = explore(self.terms, name, environment, steps=_STEPS)
        except (EvaluationError, UnsupportedError):
            return Answered(None, rules=("",))
        return Answered(
            found.outcome.verdict,
            found.outcome.value,
            _reasons(decision, found.rules),
            tuple(each for each, made in found.remarks.items() if made),
            tuple(each.name for each in found.points),
            found.until,
        )


def _definite(terms: Terms, decision: Decision, found: Definite) -> Answered:
    every = (*decision.remarks, *terms.policy.remarks)
    if not found.covered:
        return Answered(Verdict.NOT_COVERED)
    remarks = tuple(each.id for each, made in zip(every, found.remarks, strict=True) if made)
    rules = _reasons(decision, dict(zip(rule_ids(decision), found.rules, strict=True)))
    if decision.table is not None:
        rules = tuple(decision.table.rules[each].id for each in found.rows)
    if types.required(decision.type) == types.BOOLEAN and isinstance(found.value, bool):
        verdict = Verdict.YES if found.value else Verdict.NO
        return Answered(verdict, found.value, rules, remarks)
    return Answered(None, found.value, rules, remarks)


def _reasons(decision: Decision, rules: Mapping[str, bool | None]) -> tuple[str, ...]:
    failed = [each.id for each in decision.requires if rules.get(each.id) is False]
    return (*failed, *(each.id for each in decision.excluded_if if rules.get(each.id) is True))


class Pair:
    """Two versions, compiled for the same question; the other one when it is first needed."""

    def __init__(
        self, first: Asked, other: ValidPolicy, overlays: tuple[str, ...], question: str
    ) -> None:
        self.first = first
        self._other = other
        self._overlays = overlays
        self._question = question

    @cached_property
    def other(self) -> Asked:
        """The second version."""
        return Asked(self._other, self._overlays, {self._question})

    def difference(
        self, environment: Environment, may_explore: Callable[[], bool]
    ) -> tuple[Answered, Answered] | None:
        """Give both answers, if they differ.

        Args:
            environment: The facts.
            may_explore: Asked before the slow path is.
        """
        name = self._question
        refused = self.first.broken(environment)
        if self.other.conditions is not self.first.conditions:
            others = self.other.broken(environment)
            if bool(refused) != bool(others):
                return _refused(refused), _refused(others)
        if refused:
            return None
        before, after = self.first.found(environment), self.other.found(environment)
        if before is None or after is None:
            return None
        mine, its = before.decisions[name], after.decisions[name]
        if mine is None or its is None:
            if mine is its and before.partial[name] == after.partial[name]:
                return None
            if not may_explore():
                return None
        elif mine == its and self._alike:
            return None
        answers = (
            self.first.answered(name, mine, environment),
            self.other.answered(name, its, environment),
        )
        if answers[0] == answers[1] or self.first.broken(environment, surely=True):
            return None
        return answers

    def seems_different(self, environment: Environment) -> bool:
        """Tell whether the fast path finds something else; of what is open it may say too much."""
        before, after = self.first.found(environment), self.other.found(environment)
        if before is None or after is None:
            return False
        return before.partial[self._question] != after.partial[self._question]

    @cached_property
    def _alike(self) -> bool:
        """Whether what the fast path finds means the same: the same rules and remarks, in order."""
        mine, its = (
            each.terms.policy.decisions[self._question] for each in (self.first, self.other)
        )
        remarks = (each.terms.policy.remarks for each in (self.first, self.other))
        return (
            rule_ids(mine) == rule_ids(its)
            and _ids(mine.remarks) == _ids(its.remarks)
            and len({_ids(each) for each in remarks}) == 1
            and _rows(mine) == _rows(its)
        )


def _ids(remarks: Sequence[Remark]) -> tuple[str, ...]:
    return tuple(each.id for each in remarks)


def _rows(decision: Decision) -> tuple[str, ...]:
    return () if decision.table is None else tuple(each.id for each in decision.table.rules)


def _refused(rules: tuple[str, ...]) -> Answered:
    return Answered(None, rules=rules, refused=bool(rules))
