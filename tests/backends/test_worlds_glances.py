"""What is seen of conditions without going through the possible worlds."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings

from policyeval.backends.calendars import next_working_day
from policyeval.backends.worlds import Glances, explore
from policyeval.backends.worlds.exploring import Exploration, holding
from policyeval.backends.worlds.glancing import UNSEEN
from policyeval.backends.worlds.openness import Openness
from policyeval.errors import EvaluationError
from policyeval.evaluation.model import Outcome, Verdict
from policyeval.facts import decode
from policyeval.policy.model import Rule
from policyeval.policy.terms import Terms
from tests.backends.generated import Generated, generated
from tests.backends.small_policies import terms

ASKED_ON = date(2024, 7, 1)
EVENT = {"type": "date", "event": True}
FACTS: Mapping[str, Any] = {
    "ok": "boolean",
    "number": "string?",
    "approved_on": EVENT,
    "paid_on": EVENT,
    "invoiced_on": EVENT,
}
_EXAMPLES = settings().max_examples


def glances(policy: Terms, facts: Mapping[str, Any]) -> Glances:
    """Look at the conditions of a transaction."""
    return Glances(policy, decode(facts, policy.valid, ASKED_ON), next_working_day)


def asked(**conditions: str) -> Terms:
    """Make a policy with a decision that has these requirements."""
    return terms(FACTS, {"asked": {"type": "boolean", "requires": conditions}})


NOTHING_YET = {"approved_on": None, "paid_on": None, "invoiced_on": None, "number": None}


@pytest.mark.parametrize(
    ("condition", "facts", "seen"),
    [
        ("ok", {"ok": True}, True),
        ("ok and paid_on > approved_on", {"ok": False}, False),
        ("ok", {}, None),
        ('day of week(paid_on + duration("P45D")) in ("Saturday", "Sunday")', {}, None),
        ("paid_on <= approved_on", {"approved_on": date(2024, 6, 1)}, False),
        ("paid_on <= approved_on", {}, UNSEEN),
        ("paid_on != @2031-05-17", {}, UNSEEN),
    ],
)
def test_one_look_or_a_few_worlds_tell(
    condition: str, facts: Mapping[str, Any], seen: object
) -> None:
    policy = asked(only=condition.replace("@2031-05-17", 'date("2031-05-17")'))
    (rule,) = policy.policy.decisions["asked"].requires
    assert glances(policy, {**NOTHING_YET, **facts}).everywhere(rule) is seen


def test_a_requirement_that_is_never_met_settles_all_however_much_the_others_would_take() -> None:
    far = " and ".join(
        f'({one} - {other}) != duration("P{days}D")'
        for days, (one, other) in enumerate(
            [("paid_on", "approved_on"), ("invoiced_on", "paid_on"), ("approved_on", "invoiced_on")]
        )
    )
    policy = asked(far=far, plain="ok")
    facts = decode({**NOTHING_YET, "ok": False}, policy.valid, ASKED_ON)
    found = explore(policy, "asked", facts, steps=20)
    assert (found.outcome, found.exact) == (Outcome(Verdict.NO, False), True)
    assert found.rules.always("plain", False)
    assert not found.rules.always("far", False)


@settings(max_examples=4 * _EXAMPLES)
@given(generated())
def test_what_is_seen_is_what_going_through_all_worlds_gives(made: Generated) -> None:
    policy = made.terms()
    seen = Glances(policy, made.environment, next_working_day)
    decision = policy.policy.decisions["asked"]
    for rule in (*decision.requires, *decision.excluded_if):
        result = seen.everywhere(rule)
        if result is UNSEEN:
            continue
        every = _everywhere(policy, made, rule)
        if result is None:
            assert len(every) > 1 or None in every
        elif every:
            assert every == {result}


def _everywhere(policy: Terms, made: Generated, rule: Rule) -> set[object]:
    """Give what a condition comes to in the possible worlds; more than one thing if it is not told."""
    exploration = Exploration(Openness(policy, made.environment), next_working_day, 20_000)
    parts = exploration.parts([exploration.root], holding(rule), exploration.is_possible)
    return {each.result for each in parts}


@settings(max_examples=2 * _EXAMPLES)
@given(generated())
def test_what_was_seen_before_changes_no_answer(made: Generated) -> None:
    policy = made.terms()
    shared = Glances(policy, made.environment, next_working_day)
    decision = policy.policy.decisions["asked"]
    for rule in reversed((*decision.requires, *decision.excluded_if)):
        shared.everywhere(rule)
    try:
        alone = explore(policy, "asked", made.environment)
    except EvaluationError:
        return
    after = explore(policy, "asked", made.environment, glances=shared)
    assert _told(after) == _told(alone)


def _told(found: Any) -> tuple[object, ...]:
    names = [[each.name for each in points] for points in (found.points, found.further)]
    return found.outcome, names, found.until, dict(found.rules), dict(found.remarks), found.exact
