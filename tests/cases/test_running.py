"""Golden cases that are run: each field that is expected is compared, and nothing else."""

from functools import cache
from pathlib import Path

import pytest

from policyeval.cases import Result, load_cases, run_case
from policyeval.evaluator.policies import PolicySet, load_policies
from tests.cli.facts import golden_cases

NAME = "example-referral"
HEAD = golden_cases("  - id: one\n")


@cache
def policies() -> PolicySet:
    return load_policies(Path(__file__).parents[1] / "programmes")


def run(case: str) -> Result:
    (one,) = load_cases(f"{HEAD}    {case}\n".encode(), "cases.yaml").cases
    return run_case(policies(), NAME, one)


PASSING = {
    "verdict": "expect: {fee_payable: YES}",
    "value": "expect: {fee_due_on: 2024-11-14}",
    "number-by-its-amount": "expect: {fee_amount: 5000}",
    "number-with-zeros": "expect: {fee_amount: 5000.000}",
    "context": "expect: {costs_reimbursed: {verdict: NO}}",
    "boolean-value": "expect: {fee_payable: true}",
    "clauses-in-any-order": 'expect: {fee_payable: {clauses: ["2.1", "3.2", "2.3", "1.3"]}}',
    "remarks-among-others": "expect: {fee_payable: {remarks: []}}",
    "nothing-open": "expect: {fee_payable: {open: [], further: [], until: null}}",
    "refused": "facts: {delivered_on: 2024-08-30}\n    refused: [input.inconsistent]",
    "refused-for-two": "facts: {x: 1, product: y}\n    refused: [input.one-of, input.unknown-fact]",
    "event-open": "facts: {paid_on: null}\n    expect: {fee_due_on: PENDING}",
    "unknown-fact": "without: [order_amount]\n    expect: {fee_amount: {verdict: UNKNOWN, open: [order_amount]}}",
    "not-covered": "facts: {product: other}\n    expect: {fee_payable: NOT_COVERED}",
}


@pytest.mark.parametrize("what", PASSING)
def test_a_case_that_comes_out_as_expected_passes(what: str) -> None:
    result = run(PASSING[what])
    assert (result.differences, result.error) == ((), None)
    assert result.passed


FAILING = {
    "verdict": ("expect: {fee_payable: NO}", ("fee_payable.verdict", "NO", "YES")),
    "value": ("expect: {fee_due_on: 2024-11-15}", ("fee_due_on.value", "2024-11-15", "2024-11-14")),
    "number": ("expect: {fee_amount: 5000.01}", ("fee_amount.value", "5000.01", "5000")),
    "no-number": ("expect: {fee_amount: 5_000}", ("fee_amount.value", "5_000", "5000")),
    "verdict-of-a-value": (
        "expect: {fee_due_on: YES}",
        ("fee_due_on.verdict", "YES", "value 2024-11-14"),
    ),
    "value-that-is-open": (
        "facts: {paid_on: null}\n    expect: {fee_due_on: 2024-11-14}",
        ("fee_due_on.value", "2024-11-14", "PENDING"),
    ),
    "clauses": (
        'expect: {fee_payable: {clauses: ["2.1"]}}',
        ("fee_payable.clauses", "[2.1]", "[1.3, 2.1, 2.3, 3.2]"),
    ),
    "rules": (
        "expect: {fee_payable: {rules: [accepted]}}",
        (
            "fee_payable.rules",
            "[accepted]",
            "[accepted, identified, ordered_in_time, paid_in_first_year]",
        ),
    ),
    "open": ("expect: {fee_payable: {open: [A1]}}", ("fee_payable.open", "[A1]", "[]")),
    "further": ("expect: {fee_payable: {further: [A1]}}", ("fee_payable.further", "[A1]", "[]")),
    "until": (
        "expect: {fee_payable: {until: 2024-12-01}}",
        ("fee_payable.until", "2024-12-01", "null"),
    ),
    "remarks": (
        "expect: {fee_payable: {remarks: [may_extend]}}",
        ("fee_payable.remarks", "[may_extend]", "[terms_may_change]"),
    ),
    "presumed": (
        "expect: {fee_payable: YES}\n    presumed: [order_numbers]",
        ("presumed", "[order_numbers]", "*"),
    ),
    "not-refused": ("refused: [input.json]", ("refused", "[input.json]", "[]")),
    "refused-otherwise": (
        "facts: {x: 1}\n    refused: [input.json]",
        ("refused", "[input.json]", "[input.unknown-fact]"),
    ),
}


@pytest.mark.parametrize("what", FAILING)
def test_a_case_that_comes_out_otherwise_says_field_expected_and_got(what: str) -> None:
    case, (name, expected, got) = FAILING[what]
    result = run(case)
    assert not result.passed
    assert result.error is None
    (difference,) = result.differences
    assert (difference.name, difference.expected) == (name, expected)
    assert got in ("*", difference.got)


def test_facts_that_are_refused_without_being_expected_to_are_an_error() -> None:
    result = run("facts: {x: 1}\n    expect: {fee_payable: YES}")
    assert not result.passed
    assert result.error is not None
    assert [each.code for each in result.error.diagnostics] == ["input.unknown-fact"]


def test_only_the_decisions_of_which_something_is_expected_are_asked() -> None:
    # Without its facts the amount of the fee is unknown, which is of no interest here.
    assert run("without: [order_amount]\n    expect: {fee_due_on: 2024-11-14}").passed
