"""Laws of the path of complete transactions: whatever it says is what all possible worlds say."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import event, given, settings

from policyeval.backends.complete import ENDS, Complete, Manner, Result, Task
from policyeval.backends.python import compile_terms
from policyeval.backends.worlds import explore
from policyeval.evaluation.model import Outcome, Verdict
from policyeval.evaluator.given import environment_of, values_of
from policyeval.facts.clock import Clock
from policyeval.facts.model import Open
from policyeval.feel import types
from tests.backends.generated import ASKED_ON, Generated, generated
from tests.backends.small_policies import terms


def given_facts(made: Generated) -> dict[str, Any]:
    """Give the facts as a caller gives them; those that are not known are left out."""
    facts: dict[str, Any] = {}
    for name, value in made.values.items():
        if not isinstance(value, Open):
            facts[name] = value
        elif value.kind != "fact":
            facts[name] = None
    return facts


def said(result: Result) -> Outcome:
    """Give what a result stands for."""
    match result:
        case None:
            return Outcome(Verdict.NOT_COVERED)
        case 0:
            return Outcome(Verdict.YES, True)
        case int():
            return Outcome(Verdict.NO, False) if result > 0 else Outcome(Verdict.OPEN)
        case (bool() as value,):
            return Outcome(Verdict.YES if value else Verdict.NO, value)
        case (value,) | (date() as value) | (Decimal() as value):
            return Outcome(None, value)
        case _:
            return Outcome(Verdict.OPEN)


def quick(made: Generated, *, told: bool) -> tuple[Result, ...] | None:
    """Ask at once; of what is told beside the results, see that there is nothing to tell."""
    terms = made.terms()
    complete = Complete(compile_terms(terms).around, Clock(terms.valid.programme.zone))
    function = complete.function(Task(("asked",), manner=Manner(told=told)))
    if function is None:
        return None
    try:
        found = function(given_facts(made), ASKED_ON)
    except ENDS:
        return None
    if found is None:
        return None
    results: tuple[Result, ...] = found
    if told:
        results, *others = found
        assert others == [(0,), 0, (0,)]  # neither remarks nor presumptions
    return results


def assert_blamed(made: Generated, result: Result, rules: Mapping[str, bool | None]) -> None:
    """See that the rules which a no is told to be due to are those that fail in every world."""
    decision = made.terms().policy.decisions["asked"]
    count = len(decision.requires) + len(decision.excluded_if)
    if not isinstance(result, int) or not 0 < result < 1 << count:
        return
    fails = [rules[each.id] is False for each in decision.requires]
    fails += [rules[each.id] is True for each in decision.excluded_if]
    event("a no with a rule that is open beside it" if None in rules.values() else "a no")
    assert [bool(result >> index & 1) for index in range(count)] == fails


@settings(max_examples=3 * settings().max_examples)
@given(generated())
def test_what_is_answered_at_once_is_what_all_worlds_come_to(made: Generated) -> None:
    found = quick(made, told=False)
    if found is None:
        event("others answer")
        return
    explored = explore(made.terms(), "asked", made.environment)
    event(f"{said(found[0]).verdict}")
    if explored.exact:
        assert said(found[0]) == explored.outcome
        assert not explored.further
        kinds = {each.kind for each in explored.points}
        assert kinds <= ({"reading"} if said(found[0]).verdict is Verdict.OPEN else set())
        assert_blamed(made, found[0], explored.rules)


@given(generated())
def test_what_tells_more_has_the_same_results(made: Generated) -> None:
    found = quick(made, told=True)
    assert found == quick(made, told=False)
    event("others answer" if found is None else "answered")


@settings(max_examples=2 * settings().max_examples)
@given(generated())
def test_what_a_few_worlds_prove_is_what_all_worlds_come_to(made: Generated) -> None:
    asked = made.terms()
    complete = Complete(compile_terms(asked).around, Clock(asked.valid.programme.zone))
    asks_for_yes = asked.policy.decisions["asked"].type == types.BOOLEAN
    witnesses = complete.witnesses(Task(("asked",)), ("asked",) if asks_for_yes else ())
    if witnesses is None:
        event("not written")
        return
    facts = given_facts(made)
    try:
        proven = witnesses.outcomes(facts, ASKED_ON)
    except ENDS:
        proven = None
    if proven is None:
        event("others answer")
        return
    environment = environment_of(facts, asked.valid, ASKED_ON)
    explored = explore(asked, "asked", environment)
    event(f"{proven[0][0]}")
    if explored.exact:
        assert Outcome(*proven[0]) == explored.outcome
    values = values_of(environment, asked.valid, witnesses)
    assert values is not None
    assert witnesses.proven(values, ASKED_ON) == proven


def test_what_has_no_result_is_left_to_others_whatever_else_fails() -> None:
    made = terms(
        {"x": "number", "y": "number"},
        {"asked": {"requires": {"enough": "x > 5", "in_parts": "10 / y > 1"}}},
    )
    complete = Complete(compile_terms(made).around, Clock(made.valid.programme.zone))
    witnesses = complete.witnesses(Task(("asked",)), ("asked",))
    assert witnesses is not None
    no: list[tuple[Verdict | None, object]] = [(Verdict.NO, False)]
    assert witnesses.outcomes({"x": Decimal(1), "y": Decimal(2)}, ASKED_ON) == no
    with pytest.raises(ENDS):
        witnesses.outcomes({"x": Decimal(1), "y": Decimal(0)}, ASKED_ON)
