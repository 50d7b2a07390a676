"""Evaluations of complete transactions: verdicts and values at once, everything else when it is read.

An application looks at a verdict, a day, an amount; it reads the reasons of those that surprise it.
Which rules those are follows from the result; their words, what they were compared with, and remarks are
then found out from the same facts, by the general path, once.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from types import MappingProxyType
from typing import NamedTuple

from policyeval.backends.complete import Result
from policyeval.evaluation.model import Answer, Verdict
from policyeval.evaluation.parts import Ground, Reason, Whole, reason_so_far
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
from policyeval.evaluator.grounds import Grounds
from policyeval.facts import plain
from policyeval.facts.model import Environment

__all__ = ["Answers", "Inquiry", "copied", "late", "late_in_general", "outcome"]

_YES, _NO, _OPEN, _NOT_COVERED = Verdict.YES, Verdict.NO, Verdict.OPEN, Verdict.NOT_COVERED


class Inquiry(NamedTuple):
    """What a version is asked, again and again.

    Attributes:
        questions: All that are asked, in the order of the answers.
        place_of: Of those that the version has, the place of the result.
        yes_or_no: Those whose answer is a verdict.
        own: The questions that the version has, in its order.
        lists: The facts that are lists.
        grounds: What answers rest on.
    """

    program: Compiled
    questions: tuple[str, ...]
    place_of: Mapping[str, int]
    yes_or_no: frozenset[str]
    own: tuple[str, ...]
    known_on: date | datetime | None
    lists: tuple[str, ...]
    grounds: Grounds


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


class _Asked:
    """What was asked, and whatever else there is to say of it, found out when somebody reads it."""

    __slots__ = ("_environment", "_given", "_wholes", "asked_on", "facts", "inquiry", "results")

    def __init__(
        self, inquiry: Inquiry, results: tuple[Result, ...], facts: Facts, asked_on: date
    ) -> None:
        self.inquiry = inquiry
        self.results = results
        self.facts = facts
        self.asked_on = asked_on
        self._environment: Environment | None = None
        self._given: Given | None = None
        self._wholes: dict[str, Answer] = {}

    def whole(self, decision: str) -> Answer:
        """Answer a question in full."""
        found = self._wholes.get(decision)
        if found is None:
            found = self._wholes[decision] = self._answered(decision)
        return found

    def _answered(self, decision: str) -> Answer:
        inquiry = self.inquiry
        program = inquiry.program
        if decision not in inquiry.place_of:
            nothing = not_covered(decision, program.provenance(self.asked_on, inquiry.known_on))
            return in_words_of(program.policy, nothing)
        if self._given is None:
            self._given = program.asked(self.environment, inquiry.own, inquiry.known_on)
        found = in_words_of(program.policy, self._given.answer(decision))
        return replace(found, explored=False)  # the verdict was clear at once

    def part(self, decision: str, name: str) -> object:
        """Give an attribute of an answer that its result tells; or else NotImplemented."""
        inquiry = self.inquiry
        result = self.results[inquiry.place_of[decision]]
        match name:
            case "decision":
                return decision
            case "policy":
                return inquiry.program.policy
            case "provenance":
                return inquiry.program.provenance(self.asked_on, inquiry.known_on)
            case "reasons":
                return _reasons(decision, inquiry.grounds.of(decision, result), self)
            case "remarks":
                return () if result is None else NotImplemented
            case "explored":
                return False
            case _ if _is_open(result):
                return NotImplemented
            case _:
                return _NOTHING_OPEN[name]

    @property
    def environment(self) -> Environment:
        """The facts, as they were when they were asked about."""
        if self._environment is None:
            policy = self.inquiry.program.policy
            self._environment = environment_of(self.facts, policy, self.asked_on)
        return self._environment


def _reasons(decision: str, grounds: tuple[Ground, ...], of: Whole) -> tuple[Reason, ...]:
    each = [reason_so_far(decision, ground, (of, place)) for place, ground in enumerate(grounds)]
    return tuple(each)


_NOTHING_OPEN: Mapping[str, object] = {
    "open_points": (),
    "further_points": (),
    "until": None,
    "complete": True,
}
"""What there is to say of an answer that nothing is open about."""


def _is_open(result: Result) -> bool:
    """Tell whether readings of the text disagree."""
    return (type(result) is int and result < 0) or (type(result) is tuple and len(result) > 1)


class Answers(LateAnswers):
    """Answers to what was asked.

    Attributes:
        source: What all are found out from. It knows nothing of the answers, so that whoever drops them
            is rid of them at once.
    """

    __slots__ = ("source",)

    def __init__(
        self, inquiry: Inquiry, results: tuple[Result, ...], facts: Facts, asked_on: date
    ) -> None:
        super().__init__()
        self.source = _Asked(inquiry, results, facts, asked_on)

    @property
    def decisions(self) -> tuple[str, ...]:
        """Those that are answered, in the policy's order."""
        return self.source.inquiry.questions

    def __missing__(self, name: str) -> Answer:
        source = self.source
        inquiry = source.inquiry
        place = inquiry.place_of.get(name)
        if place is None:
            if name not in inquiry.questions:
                raise KeyError(name)
            made = source.whole(name)
        else:
            verdict, value = outcome(source.results[place], name in inquiry.yes_or_no)
            made = answer_known_so_far(Answer, verdict, value, (source, name))
        self[name] = made
        return made

    def attribute(self, name: str) -> object:
        """Give what an attribute of the evaluation holds."""
        source = self.source
        inquiry = source.inquiry
        program = inquiry.program
        match name:
            case "programme":
                return program.terms.policy.programme
            case "asked_on":
                return source.asked_on
            case "known_on":
                return inquiry.known_on
            case "found":
                return {each: self[each] for each in inquiry.questions}
            case "presumed":
                found = {each: self[each] for each in inquiry.own}
                return program.presumed_values(source.environment, found)
            case "policies":
                return program.policies
            case "title":
                return program.policy.programme.title
            case "notes":
                return ()
            case _:
                assert name == "explored"
                return frozenset()


class _Facts:
    """Facts that are evaluated in general when somebody reads more than verdicts and values."""

    __slots__ = ("_facts", "_full", "_general", "_told")

    def __init__(
        self,
        facts: dict[str, object],
        general: Callable[[dict[str, object]], Evaluation],
        told: Mapping[str, tuple[Grounds, Result]],
    ) -> None:
        self._facts = facts
        self._general = general
        self._told = told
        self._full: Evaluation | None = None

    def whole(self, decision: str) -> Answer:
        """Answer a question in full."""
        return self.full[decision]

    def part(self, decision: str, name: str) -> object:
        """Give an attribute of an answer, if it is known; or else NotImplemented."""
        if name == "decision":
            return decision
        if name != "reasons" or decision not in self._told:
            return NotImplemented
        grounds, result = self._told[decision]
        return _reasons(decision, grounds.of(decision, result), self)

    @property
    def full(self) -> Evaluation:
        """Everything there is to say."""
        if self._full is None:
            self._full = self._general(self._facts)
        return self._full


class _InGeneral(LateAnswers):
    """Answers by several versions, or by none; the rest is found out as if nothing were known."""

    __slots__ = ("outcomes", "source")
    outcomes: Mapping[str, tuple[Verdict | None, object]]
    source: _Facts

    @property
    def decisions(self) -> Collection[str]:
        """Those that are answered, in the policy's order."""
        return self.outcomes.keys()

    def __missing__(self, name: str) -> Answer:
        verdict, value = self.outcomes[name]
        made = self[name] = answer_known_so_far(Answer, verdict, value, (self.source, name))
        return made

    def attribute(self, name: str) -> object:
        """Give what an attribute of the evaluation holds."""
        if name == "found":
            return {each: self[each] for each in self.outcomes}
        return attribute_of(self.source.full, name)


def late_in_general(
    found: Mapping[str, tuple[Verdict | None, object]],
    facts: dict[str, object],
    general: Callable[[dict[str, object]], Evaluation],
    told: Mapping[str, tuple[Grounds, Result]] = MappingProxyType({}),
) -> Evaluation:
    """Give an evaluation of which only verdicts and values are known so far.

    Args:
        found: All questions in their order, each with its verdict and its value.
        facts: Those that it came to this for, which nobody changes.
        general: Evaluates them in general.
        told: Results of some of them, and what they say that answers rest on.
    """
    answers = _InGeneral()
    answers.outcomes, answers.source = found, _Facts(facts, general, told)
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
    evaluation = begun(Evaluation)
    answer_later(evaluation, (Answers, inquiry, results, facts, asked_on))
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
