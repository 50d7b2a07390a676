"""What rests on a clause: parts, questions, golden cases."""

import pytest

from policyeval.analysis.drift.resting import resting
from policyeval.cases.loading import load_cases
from policyeval.cases.model import Case
from policyeval.policy.addresses import written
from tests.analysis.drift.made import newest

CASES = """\
format: 1
programme: example-referral
base: {asked_on: 2024-12-31, facts: {}}
cases:
  - id: window
    expect: {order_window_ends_on: 2024-10-01}
  - id: payable
    expect: {fee_payable: YES}
  - id: late
    expect: {fee_payable: {verdict: NO, clauses: ["2.3"], rules: [ordered_in_time]}}
  - id: open
    expect: {fee_payable: {open: [A2]}}
  - id: extension
    expect: {fee_payable: {open: [extension_decision]}}
  - id: due
    expect: {fee_due_on: 2024-10-01}
  - id: costs
    expect: {costs_reimbursed: NO}
  - id: contradictory
    refused: [input.inconsistent]
"""


def _cases() -> tuple[Case, ...]:
    return load_cases(CASES.encode(), "cases.yaml").cases


def test_the_parts_that_cite_a_clause_rest_on_it_and_what_uses_them_too() -> None:
    rests = resting(newest(), (), ["2.3"])
    assert [written(each.address) for each in rests.direct] == [
        "parameters.order_period",
        "decisions.order_window_ends_on",
        "decisions.fee_payable.requires.ordered_in_time",
        "decisions.window_missed",
        "consistent_when.order_before_delivery",
    ]
    assert "overlays.working-day" in [written(each.address) for each in rests.indirect]
    assert {"order_window_ends_on", "fee_payable"} <= set(rests.questions)
    assert "costs_reimbursed" not in rests.questions
    assert "fee_due_on" not in rests.questions


def test_what_a_parameter_decides_is_followed_through_the_decisions_that_use_it() -> None:
    rests = resting(newest(), (), ["3.3"])
    assert "parameters.payment_period" in [written(each.address) for each in rests.direct]
    assert rests.questions == ("fee_due_on",)


def test_a_reading_rests_on_its_clause_and_its_choices_on_the_reading() -> None:
    rests = resting(newest(), (), ["3.2"])
    direct = [written(each.address) for each in rests.direct]
    assert {"readings.first_year_runs_from", "readings.last_day_of_year"} <= set(direct)
    assert not any(".options." in each for each in direct)
    assert "first_year_ends_on" in rests.questions


CASES_OF = {
    "2.3": (
        ("window", "late", "contradictory"),
        ("window", "payable", "late", "open", "extension", "contradictory"),
    ),
    "2.4": (("window", "extension"), ("window", "payable", "late", "open", "extension")),
    "3.2": (("open",), ("payable", "late", "open", "extension")),
    "3.3": (("due",), ("due",)),
    "3.5": ((), ("costs",)),
    "4.4": ((), ()),
}


@pytest.mark.parametrize("clause", CASES_OF)
def test_golden_cases_are_counted_by_what_they_expect(clause: str) -> None:
    rests = resting(newest(), _cases(), [clause])
    assert (rests.named, rests.cases) == CASES_OF[clause]


def test_every_case_rests_on_the_clause_that_says_which_version_governs() -> None:
    rests = resting(newest(), _cases(), ["4.2"])
    assert ("governed_by",) in [each.address for each in rests.direct]
    assert rests.cases == tuple(each.id for each in _cases())
    asked = [each.name for each in newest().policy.decisions.values() if each.question]
    assert list(rests.questions) == asked


def test_nothing_rests_on_no_clause() -> None:
    rests = resting(newest(), _cases(), [])
    assert (rests.direct, rests.indirect, rests.questions, rests.cases) == ((), (), (), ())
