"""The rules that an answer rests on, as far as its result alone tells them.

The bits of a result say which rules fail; the clauses of those stand in the policy. What rules were
compared with, and how they are put into words, is found out when somebody reads it.
"""

from collections.abc import Mapping
from typing import NamedTuple

from policyeval.backends.complete import Result
from policyeval.evaluation.parts import Ground
from policyeval.policy.model import Decision

_MOST = 4_096
"""Combinations of rules that are remembered."""


_Grounds = tuple[Ground, ...]


class _Question(NamedTuple):
    """What the answers to a question may rest on.

    Attributes:
        yes: A yes or a value.
        rules: Of a no, each rule that fails; empty if no rules answer the question.
        outside: That it does not apply.
    """

    yes: _Grounds
    rules: _Grounds
    outside: _Grounds


class Grounds:
    """What the questions of a version rest on; safe to share between threads."""

    __slots__ = ("_of_a_no", "_questions")

    def __init__(self, decisions: Mapping[str, Decision]) -> None:
        self._questions = {name: _question(each) for name, each in decisions.items()}
        self._of_a_no: dict[tuple[str, int], _Grounds] = {}

    def of(self, name: str, result: Result) -> _Grounds:
        """Give what an answer rests on.

        Args:
            name: The question.
            result: What it came to.
        """
        question = self._questions[name]
        if result is None:
            return question.outside
        if type(result) is tuple and len(result) > 1:
            return ()  # open
        if type(result) is not int or result == 0:
            return question.yes
        return self._no(name, question.rules, result) if result > 0 else ()

    def _no(self, name: str, rules: _Grounds, bits: int) -> _Grounds:
        """Give the rules that fail; where other rules fail for other readings, all of these."""
        found = self._of_a_no.get((name, bits))
        if found is None:
            fails = bits >> len(rules) or bits
            found = tuple(each for place, each in enumerate(rules) if fails >> place & 1)
            if len(self._of_a_no) < _MOST:
                self._of_a_no[name, bits] = found
        return found


def _question(decision: Decision) -> _Question:
    covers = decision.covers
    of_covers = () if covers is None else covers.clauses or decision.clauses
    outside = (Ground("covers", "coverage", of_covers, False),)
    if decision.value is not None:
        return _Question((Ground(decision.name, "value", decision.clauses, None),), (), outside)
    requires, excluded = decision.requires, decision.excluded_if
    met = tuple(Ground(each.id, "requirement", each.clauses, True) for each in requires)
    unmet = tuple(Ground(each.id, "exclusion", each.clauses, False) for each in excluded)
    fails = tuple(each._replace(holds=not each.holds) for each in (*met, *unmet))
    return _Question(met or unmet, fails, outside)
