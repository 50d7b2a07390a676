"""Rules that wait for an event beside rules that fail for certain: the answer is no, at once."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from policyeval.backends.complete import ENDS, Complete, Manner, Task
from policyeval.backends.python import compile_terms
from policyeval.facts.clock import Clock
from tests.backends.small_policies import terms

ASKED_ON = date(2024, 6, 1)
FACTS: Mapping[str, Any] = {
    "billed_on": "date",
    "paid_on": {"type": "date", "event": True},
    "sent_on": {"type": "date", "event": True},
}
REQUIRES = {
    "in_time": 'billed_on <= date("2024-01-31")',
    "paid": "paid_on != null",
    "sent": 'sent_on <= date("2024-02-29")',
}
EXCLUDED = {"never_sent": "sent_on = null"}


def results(facts: dict[str, Any], *, told: bool = False, **more: Any) -> Any:
    """Ask at once; None where others have to answer."""
    decision = {"requires": REQUIRES, "excluded_if": EXCLUDED} | more.pop("decision", {})
    asked = terms(FACTS, {"asked": decision}, **more)
    complete = Complete(compile_terms(asked).around, Clock(asked.valid.programme.zone))
    function = complete.function(Task(("asked",), manner=Manner(told=told)))
    assert function is not None
    try:
        found = function(dict(facts), ASKED_ON)
    except ENDS:
        return None
    return found[0] if told else found


LATE = date(2024, 2, 1)
IN_TIME = date(2024, 1, 15)


@pytest.mark.parametrize("told", [False, True])
@pytest.mark.parametrize(
    ("billed_on", "paid_on", "sent_on", "result"),
    [
        # Bits: billed in time, paid, sent in time, never sent.
        (IN_TIME, IN_TIME, IN_TIME, 0b0000),
        (IN_TIME, None, IN_TIME, None),
        (LATE, None, IN_TIME, 0b0001),
        (LATE, IN_TIME, LATE, 0b0001),
        (IN_TIME, IN_TIME, None, 0b0100),
        (LATE, None, None, 0b0101),
        (IN_TIME, None, None, 0b0100),
    ],
)
def test_it_is_no_by_what_fails_for_certain(
    billed_on: date, paid_on: date | None, sent_on: date | None, result: int | None, told: bool
) -> None:
    facts = {"billed_on": billed_on, "paid_on": paid_on, "sent_on": sent_on}
    found = results(facts, told=told)
    assert found == (None if result is None else (result,))


def test_others_answer_where_it_is_not_sure_that_the_event_may_still_happen_or_not() -> None:
    facts = {"billed_on": LATE, "paid_on": None, "sent_on": IN_TIME}
    known = {"order": 'billed_on > date("2023-01-01")'}
    unclear = {"order": 'paid_on >= billed_on + duration("P200D")'}
    assert results(facts, consistent_when=known) == (1,)
    assert results(facts, consistent_when=unclear) is None


def test_others_answer_where_readings_blame_different_rules() -> None:
    readings = {"r": ("one", "other")}
    requires = {
        "first": {"by": "r", "one": REQUIRES["in_time"], "other": "true"},
        "second": {"by": "r", "one": "true", "other": REQUIRES["in_time"]},
        "paid": "paid_on != null",
    }
    facts = {"billed_on": LATE, "paid_on": IN_TIME, "sent_on": IN_TIME}
    asked: dict[str, Any] = {
        "decision": {"requires": requires, "excluded_if": EXCLUDED},
        "readings": readings,
    }
    found = results(facts, **asked)
    assert found[0] > 0
    assert results({**facts, "paid_on": None}, **asked) is None
