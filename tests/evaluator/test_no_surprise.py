"""Whatever facts are given: an evaluation, or one of a closed list of errors; nothing else, ever."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import policyeval
from policyeval import EvaluationError, FactsError, PolicySet, UnsupportedError, Verdict
from policyeval.feel import types
from policyeval.policy.model import Fact
from tests.evaluator.test_policies import ASKED_ON, FACTS, NAME

POLICIES = policyeval.load_policies(Path(__file__).parents[1] / "programmes")
NULLABLE = ("partner_number", "company_name", "status_withdrawn_on", "customer_contact_at")
EVENTS = ("ordered_on", "delivered_on", "paid_on")


@pytest.mark.parametrize("nulls", list(product((True, False), repeat=len(NULLABLE + EVENTS))))
def test_null_in_every_place_that_takes_it_has_an_answer(nulls: tuple[bool, ...]) -> None:
    names = (*NULLABLE, *EVENTS)
    facts = {**FACTS, **{name: None for name, null in zip(names, nulls, strict=True) if null}}
    if facts["ordered_on"] is None and facts["delivered_on"] is not None:
        with pytest.raises(FactsError) as refused:  # a delivery before the order cannot be
            POLICIES.evaluate(NAME, facts, asked_on=ASKED_ON)
        assert {each.code for each in refused.value.diagnostics} == {"input.inconsistent"}
        return
    evaluation = POLICIES.evaluate(NAME, facts, asked_on=ASKED_ON, decisions=["fee_payable"])
    answer = evaluation["fee_payable"]
    assert answer.verdict is not None
    identified = facts["partner_number"] is not None or facts["company_name"] is not None
    assert identified or answer.verdict is Verdict.NO


def _values(fact: Fact) -> st.SearchStrategy[object]:
    days = st.integers(0, 800).map(lambda each: date(2023, 11, 1) + timedelta(days=each))
    kind = types.required(fact.type)
    if fact.one_of is not None:
        return st.sampled_from(fact.one_of)
    if kind == types.BOOLEAN:
        return st.booleans()
    if kind == types.NUMBER:
        return st.sampled_from(
            [Decimal(0), Decimal("0.005"), Decimal(100_000), Decimal(10**18 - 1)]
        )
    if kind == types.DATE:
        return days
    if kind == types.DATE_AND_TIME:
        return days.map(lambda day: f"{day.isoformat()}T12:00:00")
    if kind == types.STRING:
        return st.sampled_from(["", "P-1", "null", "🦊"])
    return st.just([])


def _facts(policies: PolicySet) -> st.SearchStrategy[Mapping[str, object]]:
    declared = policies.versions(NAME).versions[-1].policy.facts
    return st.fixed_dictionaries(
        {},
        optional={
            name: st.one_of(_values(each), _values(each), st.none(), st.just({"unknown": True}))
            for name, each in declared.items()
            if name != "acceptances"
        },
    )


@pytest.mark.parametrize("language", ["en", "sv", "de"])
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(facts=_facts(POLICIES))
def test_any_facts_give_an_evaluation_or_are_refused(
    language: str, facts: Mapping[str, object]
) -> None:
    given_ = {"acceptances": [], **facts}
    try:
        evaluation = POLICIES.evaluate(NAME, given_, asked_on=ASKED_ON, decisions=["fee_payable"])
    except (FactsError, EvaluationError, UnsupportedError) as refused:
        refused.render(language)
        return
    assert evaluation.explain(language)
    again = POLICIES.evaluate(NAME, given_, asked_on=ASKED_ON, decisions=["fee_payable"])
    assert evaluation.to_json(language) == again.to_json(language)


def test_a_verdict_is_not_taken_for_yes_or_no_by_mistake() -> None:
    answer = POLICIES.evaluate(NAME, FACTS, asked_on=ASKED_ON)["fee_payable"]
    with pytest.raises(TypeError, match="verdict"):
        bool(answer)
