"""Evaluations of complete transactions: verdicts and values at once, everything else when it is read.

An application looks at a verdict, a day, an amount; it reads the reasons of those that surprise it.
What they are is then found out from the same facts, by the general path, once.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

from policyeval.backends.complete import Result
from policyeval.evaluation.model import Answer, Verdict
from policyeval.evaluation.parts import known_so_far as answer_known_so_far
from policyeval.evaluation.results import Evaluation, LateAnswers, in_words_of, known_so_far
from policyeval.evaluator.answering import not_covered
from policyeval.evaluator.asked import Asked
from policyeval.evaluator.compiled import Compiled
from policyeval.evaluator.given import environment_of
from policyeval.facts.model import Environment
from policyeval.feel.values import Value

__all__ = ["Inquiry", "in_time"]

_YES, _NO, _OPEN, _NOT_COVERED = Verdict.YES, Verdict.NO, Verdict.OPEN, Verdict.NOT_COVERED


class Inquiry(NamedTuple):
    """What a version is asked, again and again.

    Attributes:
        questions: All that are asked, in the order of the answers.
        place_of: Of those that the version has, the place of the result.
        yes_or_no: Those whose answer is a verdict.
        own: The questions that the version has, in its order.
        copies: Whether facts have lists, which others might change.
    """

    program: Compiled
    questions: tuple[str, ...]
    place_of: Mapping[str, int]
    yes_or_no: frozenset[str]
    own: tuple[str, ...]
    known_on: date | datetime | None
    copies: bool


class _Answers(LateAnswers):
    __slots__ = ("_asked", "_asked_on", "_environment", "_facts", "_inquiry", "_results")

    def __init__(
        self,
        inquiry: Inquiry,
        results: tuple[Result, ...],
        facts: dict[str, object],
        asked_on: date,
    ) -> None:
        self._inquiry = inquiry
        self._results = results
        self._facts = facts
        self._asked_on = asked_on
        # `_asked` and `_environment` are set when they are needed

    def __missing__(self, name: str) -> Answer:
        inquiry = self._inquiry
        place = inquiry.place_of.get(name)
        if place is None:
            if name not in inquiry.questions:
                raise KeyError(name)
            made = in_words_of(inquiry.program.policy, self.whole(name))
        else:
            result = self._results[place]
            late = (self, name)
            if result is None:
                made = answer_known_so_far(Answer, _NOT_COVERED, None, late)
            elif isinstance(result, tuple):
                if len(result) > 1:
                    made = answer_known_so_far(Answer, _OPEN, None, late)
                elif name in inquiry.yes_or_no and result[0] is not None:
                    verdict = _YES if result[0] else _NO
                    made = answer_known_so_far(Answer, verdict, result[0], late)
                else:
                    made = answer_known_so_far(Answer, None, result[0], late)
            elif result == 0:
                made = answer_known_so_far(Answer, _YES, True, late)
            elif result > 0:
                made = answer_known_so_far(Answer, _NO, False, late)
            else:
                made = answer_known_so_far(Answer, _OPEN, None, late)
        self[name] = made
        return made

    def whole(self, decision: str) -> Answer:
        """Answer a question in full."""
        inquiry = self._inquiry
        program = inquiry.program
        if decision not in inquiry.place_of:
            return not_covered(decision, program.provenance(self._asked_on, inquiry.known_on))
        asked: Asked | None = getattr(self, "_asked", None)
        if asked is None:
            asked = self._asked = program.asked(self.environment, inquiry.own, inquiry.known_on)
        return in_words_of(program.policy, asked.answer(decision))

    @property
    def environment(self) -> Environment:
        """The facts, as they were when they were asked about."""
        known: Environment | None = getattr(self, "_environment", None)
        if known is None:
            policy = self._inquiry.program.policy
            known = self._environment = environment_of(self._facts, policy, self._asked_on)
        return known

    def attribute(self, name: str) -> object:
        """Give what an attribute of the evaluation holds."""
        inquiry = self._inquiry
        program = inquiry.program
        match name:
            case "programme":
                return program.terms.policy.programme
            case "asked_on":
                return self._asked_on
            case "known_on":
                return inquiry.known_on
            case "found":
                return {each: self[each] for each in inquiry.questions}
            case "presumed":
                return self._presumed()
            case "policies":
                return program.policies
            case "title":
                return program.policy.programme.title
            case "notes":
                return ()
            case _:
                assert name == "explored"
                return frozenset()

    def _presumed(self) -> Mapping[str, Value]:
        program = self._inquiry.program
        found = {each: self[each] for each in self._inquiry.own}
        return program.presumed_values(self.environment, found)


def in_time(
    inquiry: Inquiry, results: tuple[Result, ...], facts: dict[str, object], asked_on: date
) -> Evaluation:
    """Give an evaluation of which only results are known so far."""
    kept = _copied(facts) if inquiry.copies else facts.copy()
    return known_so_far(_Answers(inquiry, results, kept, asked_on))


def _copied(facts: dict[str, object]) -> dict[str, object]:
    """Copy facts, with the lists and objects in them."""
    return {name: _copy(each) for name, each in facts.items()}


def _copy(value: object) -> object:
    if isinstance(value, list | tuple):
        return [_copy(each) for each in value]
    if isinstance(value, dict):
        return _copied(value)
    return value
