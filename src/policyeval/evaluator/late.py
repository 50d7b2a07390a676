"""Evaluations of complete transactions: verdicts and values at once, everything else when it is read.

An application looks at a verdict, a day, an amount; it reads the reasons of those that surprise it.
What they are is then found out from the same facts, by the general path, once.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import NamedTuple

from policyeval.backends.complete import Result
from policyeval.evaluation.model import Answer, Verdict
from policyeval.evaluation.parts import known_so_far as answer_known_so_far
from policyeval.evaluation.results import (
    Evaluation,
    LateAnswers,
    answer_later,
    attribute_of,
    begun,
    in_words_of,
)
from policyeval.evaluator.answering import not_covered
from policyeval.evaluator.asked import Asked as Given
from policyeval.evaluator.compiled import Compiled
from policyeval.evaluator.given import Facts, environment_of
from policyeval.facts import plain
from policyeval.facts.model import Environment

__all__ = ["Inquiry", "copied", "late", "late_in_general", "outcome"]

_YES, _NO, _OPEN, _NOT_COVERED = Verdict.YES, Verdict.NO, Verdict.OPEN, Verdict.NOT_COVERED


class Inquiry(NamedTuple):
    """What a version is asked, again and again.

    Attributes:
        questions: All that are asked, in the order of the answers.
        place_of: Of those that the version has, the place of the result.
        yes_or_no: Those whose answer is a verdict.
        own: The questions that the version has, in its order.
        lists: The facts that are lists, which others might change.
    """

    program: Compiled
    questions: tuple[str, ...]
    place_of: Mapping[str, int]
    yes_or_no: frozenset[str]
    own: tuple[str, ...]
    known_on: date | datetime | None
    lists: tuple[str, ...]


Asked = tuple[Inquiry, tuple[Result, ...], Facts, date]
"""What was asked, what it came to, the facts as they were, and the day asked on."""


def outcome(result: Result, yes_or_no: bool) -> tuple[Verdict | None, object]:
    """Give the verdict and the value that a result stands for."""
    if type(result) is int:
        if result == 0:
            return _YES, True
        return (_NO, False) if result > 0 else (_OPEN, None)
    if type(result) is tuple:
        if len(result) > 1:
            return _OPEN, None
        value = result[0]
        if yes_or_no and value is not None:
            return (_YES if value else _NO), value
        return None, value
    return (_NOT_COVERED, None) if result is None else (None, result)


class _Answers(LateAnswers):
    __slots__ = ("_environment", "_given", "asked")
    asked: Asked
    _environment: Environment
    _given: Given

    def __missing__(self, name: str) -> Answer:
        inquiry, results, _, _ = self.asked
        place = inquiry.place_of.get(name)
        if place is None:
            if name not in inquiry.questions:
                raise KeyError(name)
            made = in_words_of(inquiry.program.policy, self.whole(name))
        else:
            verdict, value = outcome(results[place], name in inquiry.yes_or_no)
            made = answer_known_so_far(Answer, verdict, value, (self, name))
        self[name] = made
        return made

    def whole(self, decision: str) -> Answer:
        """Answer a question in full."""
        inquiry, _, _, asked_on = self.asked
        program = inquiry.program
        if decision not in inquiry.place_of:
            return not_covered(decision, program.provenance(asked_on, inquiry.known_on))
        try:
            given = self._given
        except AttributeError:  # the first that asks
            given = self._given = program.asked(self.environment, inquiry.own, inquiry.known_on)
        return in_words_of(program.policy, given.answer(decision))

    @property
    def environment(self) -> Environment:
        """The facts, as they were when they were asked about."""
        try:
            return self._environment
        except AttributeError:  # the first that asks
            inquiry, _, facts, asked_on = self.asked
            self._environment = environment_of(facts, inquiry.program.policy, asked_on)
            return self._environment

    def attribute(self, name: str) -> object:
        """Give what an attribute of the evaluation holds."""
        inquiry, _, _, asked_on = self.asked
        program = inquiry.program
        match name:
            case "programme":
                return program.terms.policy.programme
            case "asked_on":
                return asked_on
            case "known_on":
                return inquiry.known_on
            case "found":
                return {each: self[each] for each in inquiry.questions}
            case "presumed":
                found = {each: self[each] for each in inquiry.own}
                return program.presumed_values(self.environment, found)
            case "policies":
                return program.policies
            case "title":
                return program.policy.programme.title
            case "notes":
                return ()
            case _:
                assert name == "explored"
                return frozenset()


class _InGeneral(LateAnswers):
    """Answers by several versions, or by none; the rest is found out as if nothing were known."""

    __slots__ = ("_full", "facts", "found", "general")
    facts: dict[str, object]
    found: Mapping[str, tuple[Verdict | None, object]]
    general: Callable[[dict[str, object]], Evaluation]
    _full: Evaluation

    def __missing__(self, name: str) -> Answer:
        verdict, value = self.found[name]
        made = self[name] = answer_known_so_far(Answer, verdict, value, (self, name))
        return made

    def whole(self, decision: str) -> Answer:
        """Answer a question in full."""
        return self.full[decision]

    @property
    def full(self) -> Evaluation:
        """Everything there is to say."""
        try:
            return self._full
        except AttributeError:  # the first that asks
            self._full = self.general(self.facts)
            return self._full

    def attribute(self, name: str) -> object:
        """Give what an attribute of the evaluation holds."""
        if name == "found":
            return {each: self[each] for each in self.found}
        return attribute_of(self.full, name)


def late_in_general(
    found: Mapping[str, tuple[Verdict | None, object]],
    facts: dict[str, object],
    general: Callable[[dict[str, object]], Evaluation],
) -> Evaluation:
    """Give an evaluation of which only verdicts and values are known so far.

    Args:
        found: All questions in their order, each with its verdict and its value.
        facts: Those that it came to this for, which nobody changes.
        general: Evaluates them in general.
    """
    answers = _InGeneral()
    answers.found, answers.general = found, general
    answers.facts = facts
    evaluation = begun(Evaluation)
    answer_later(evaluation, answers)
    return evaluation


def late(inquiry: Inquiry, results: tuple[Result, ...], facts: Facts, asked_on: date) -> Evaluation:
    """Give an evaluation of which only results are known so far.

    Args:
        inquiry: What was asked.
        results: What it came to.
        facts: Those that it came to this for, which nobody changes.
        asked_on: The day.
    """
    answers = _Answers()
    answers.asked = inquiry, results, facts, asked_on
    evaluation = begun(Evaluation)
    answer_later(evaluation, answers)
    return evaluation


def copied(facts: dict[str, object], lists: Iterable[str]) -> dict[str, object]:
    """Copy facts, so that nobody changes them.

    Args:
        facts: Values, and lists of such or of objects that hold such.
        lists: The facts that are lists.
    """
    kept = facts.copy()
    for name in lists:
        found = kept.get(name)
        if found is not None:
            kept[name] = plain.copy_of(found)
    return kept
