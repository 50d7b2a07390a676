"""The fast path and the slow path agree wherever both answer: on every golden case."""

from functools import cache

import pytest

from policyeval.backends.python import Fast, compile_terms
from policyeval.backends.worlds import explore
from policyeval.errors import FactsError
from policyeval.evaluation.model import Verdict
from policyeval.facts import decode
from policyeval.policy.terms import Terms, apply
from tests.policies.test_shipped import PROGRAMMES, cases, policies


@cache
def compiled(programme: str, overlays: tuple[str, ...]) -> tuple[Terms, Fast]:
    terms = apply(policies().versions(programme).versions[-1], overlays)
    return terms, compile_terms(terms)


@pytest.mark.parametrize("programme", PROGRAMMES)
def test_both_paths_agree_wherever_the_fast_one_answers(programme: str) -> None:
    compared = 0
    for case in cases(programme):
        terms, fast = compiled(programme, case.overlays)
        try:
            environment = decode(case.facts, terms.valid, case.asked_on)
        except FactsError:
            continue
        if False in fast.consistent(environment):
            continue
        names = [name for name, each in terms.policy.decisions.items() if each.question]
        for name, definite in fast.run(environment, names).decisions.items():
            if definite is None:
                continue
            outcome = explore(terms, name, environment).outcome
            place = f"{case.id}: {name}"
            if not definite.covered:
                assert outcome.verdict is Verdict.NOT_COVERED, place
            else:
                assert outcome.value == definite.value, place
            compared += 1
    assert compared > 5 * len(cases(programme)) // 2
