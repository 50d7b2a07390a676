"""What the benchmark of transactions compares gives the same answers; how fast is not asked here."""

from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest

from benchmarks.transactions import agreement, growing, loading
from benchmarks.transactions.drawing import Transaction
from benchmarks.transactions.subjects import ROOT, SUBJECTS, Subject
from benchmarks.twins import referral, referral_remembering
from benchmarks.twins.answers import STOCKHOLM, local
from policyeval import load_policies
from policyeval.cases import load_cases, run_case
from policyeval.cli import main
from policyeval.evaluator.given import environment_of
from policyeval.policy.clause_texts import compare, source_state

EACH = pytest.mark.parametrize("subject", SUBJECTS, ids=[each.name for each in SUBJECTS])
REFERRAL = next(each for each in SUBJECTS if each.name == "referral")

NEVER = {
    "referral": set[str](),
    "ibas": {
        # Events that the answer would wait for.
        "discount_applies invoiced",
        "discount_applies seller_contacted",
        "referral_fee_payable customer_paid",
        "referral_fee_payable fee_invoice_arrived",
        "referral_fee_payable referred",
        # Readings under which they exclude nothing are open, or are adopted.
        "discount_applies approved_late",
        "discount_applies contacted_before",
        "discount_applies established_late",
        "discount_applies extension_unpaid",
        "discount_applies not_identified",
        "discount_applies partner_offer",
        "referral_fee_payable partner_offer",
        "referral_fee_payable unasked_quote",
    },
    "kaspersky": {"rebate_calculated accepted_for_company"},
}
"""Rules that no NO is due to while nothing is open but the text."""

ALWAYS = {"costs_reimbursed own_costs"}


@cache
def drawn(name: str, count: int = 2_000) -> list[Transaction]:
    return next(each for each in SUBJECTS if each.name == name).complete(count, 1)


@EACH
def test_the_evaluator_gives_every_answer_that_is_given_by_hand(subject: Subject) -> None:
    found = list(agreement.differences(subject, drawn(subject.name)[:150]))
    assert found == [], str(found[0])


@EACH
def test_the_evaluator_gives_in_json_every_answer_that_is_given_by_hand(subject: Subject) -> None:
    transactions = drawn(subject.name)[150:190]
    found = list(agreement.differences_in_json(subject, transactions, subject.json_twin()))
    assert found == [], str(found[0])


@EACH
def test_what_is_written_by_hand_says_the_same_in_json_about_every_transaction(
    subject: Subject,
) -> None:
    twin = subject.json_twin()
    for each in drawn(subject.name):
        answers = agreement.read_json(twin(each.raw, each.asked_on))
        found = {name: (one["verdict"], one["reasons"]) for name, one in answers.items()}
        expected = subject.twin(each.facts, each.asked_on)
        assert found == {name: (one.verdict, one.reasons) for name, one in expected.items()}


def test_a_difference_is_shown_with_both_answers_and_the_facts() -> None:
    wrong = Subject(
        REFERRAL.name,
        REFERRAL.programme,
        REFERRAL.folder,
        lambda given, asked_on: referral.decide({**given, "product": "hardware"}, asked_on),
        REFERRAL.draw,
        REFERRAL.events,
        REFERRAL.open_text,
    )
    found = list(agreement.differences(wrong, drawn("referral")[:20]))
    assert found
    text = str(found[0])
    assert "product_left_out" in text
    assert "invoice_amount" in text
    assert str(found[0].transaction.asked_on) in text


# ------------------------------------------------------------------------------- transactions


@EACH
def test_every_rule_turns_one_to_ten_in_a_hundred_down(subject: Subject) -> None:
    versions = subject.policies().versions(subject.programme).versions
    shares = agreement.shares(subject, drawn(subject.name))
    rules = {
        f"{decision.name} {rule.id}"
        for decision in versions[-1].policy.decisions.values()
        if decision.question is not None
        for rule in (*decision.requires, *decision.excluded_if)
    }
    assert rules - shares.keys() == NEVER[subject.name]
    out = {each: shares[each] for each in rules & shares.keys() if not 0.01 <= shares[each] <= 0.1}
    assert out.keys() <= ALWAYS


@EACH
def test_the_same_seed_draws_the_same_transactions_and_another_one_others(subject: Subject) -> None:
    first = [each.raw for each in subject.complete(50, 1)]
    assert first == [each.raw for each in subject.complete(50, 1)]
    assert first != [each.raw for each in subject.complete(50, 2)]


@pytest.mark.parametrize("name", ["referral", "ibas"])
def test_days_lie_on_the_last_day_in_time_and_on_the_first_too_late(name: str) -> None:
    after = set()
    for each in drawn(name):
        referred_at, approved_on = each.facts["referred_at"], each.facts["approved_on"]
        assert isinstance(referred_at, datetime)
        if isinstance(approved_on, date):
            after.add(approved_on - local(referred_at, STOCKHOLM).date())
    assert {timedelta(179), timedelta(180), timedelta(181)} <= after


@EACH
def test_facts_are_values_of_python_and_some_are_none(subject: Subject) -> None:
    facts = [each.facts for each in drawn(subject.name)]
    values = [value for each in facts for value in each.values()]
    assert None in values
    assert not any(isinstance(each, float) for each in values)
    events = [each.get(name) for each in facts for name in subject.events]
    assert None in events
    assert len({frozenset(each) for each in facts}) > 5, "callers leave out what is presumed"


@EACH
def test_moments_come_with_a_zone_and_without(subject: Subject) -> None:
    zones = set()
    for each in drawn(subject.name):
        moments = [each.facts.get("referred_at")]
        acceptances = each.facts.get("acceptances", [])
        assert isinstance(acceptances, list)
        moments += [entry["accepted_at"] for entry in acceptances]
        zones |= {str(one.tzinfo) for one in moments if isinstance(one, datetime)}
    assert {"None", "UTC", "Asia/Tokyo"} <= zones


@EACH
def test_unfinished_transactions_are_accepted_and_leave_something_open(subject: Subject) -> None:
    versions = subject.policies().versions(subject.programme).versions
    unfinished = subject.unfinished(100, 1)
    for each in unfinished:
        environment_of(each.facts, versions[-1], each.asked_on)
    assert any({"unknown": True} in each.facts.values() for each in unfinished)
    assert any(None in each.facts.values() for each in unfinished)


def test_some_unfinished_transactions_need_the_slow_path() -> None:
    explored = [
        bool(
            REFERRAL.policies()
            .evaluate(REFERRAL.programme, each.facts, asked_on=each.asked_on)
            .explored
        )
        for each in REFERRAL.unfinished(12, 1)
    ]
    assert any(explored)


def test_what_remembers_sums_of_dates_gives_the_same_answers() -> None:
    for each in drawn("referral")[:300]:
        assert referral_remembering.decide(each.facts, each.asked_on) == referral.decide(
            each.facts, each.asked_on
        )
        looked_up = referral_remembering.look_up(each.facts, each.asked_on)
        assert len(looked_up) == len(
            REFERRAL.policies().versions(REFERRAL.programme).versions[0].policy.facts
        )


# ------------------------------------------------------------------------------- the policies


def test_the_made_up_referral_policy_has_no_problem_at_all(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["check", str(REFERRAL.folder), "--strict"]) == 0
    assert main(["fmt", "--check", str(REFERRAL.folder)]) == 0
    capsys.readouterr()


def test_the_made_up_referral_policy_is_clear_and_its_cases_come_out() -> None:
    versions = REFERRAL.policies().versions(REFERRAL.programme).versions
    assert not any(each.policy.readings for each in versions)
    path = REFERRAL.folder / REFERRAL.programme / "cases.yaml"
    for case in load_cases(path.read_bytes(), str(path)).cases:
        result = run_case(REFERRAL.policies(), REFERRAL.programme, case)
        assert result.error is None, result.error
        assert result.differences == (), case.id


def test_the_made_up_referral_policy_fits_its_text() -> None:
    policy = REFERRAL.policies().versions(REFERRAL.programme).versions[0].policy
    source = REFERRAL.folder / "sources" / policy.written_from.file
    assert source_state(policy, source.read_bytes()) == "same"
    states = compare(policy, source.read_text(encoding="utf-8"))
    assert {each.state for each in states} == {"same"}


def test_copies_of_the_made_up_policy_load_under_names_of_their_own(tmp_path: Path) -> None:
    loading.write(tmp_path, 2)
    policies = load_policies(tmp_path)
    assert policies.programmes == ("referral-0001", "referral-0002")
    found = policies.evaluate("referral-0002", loading.FACTS, asked_on=date(2026, 1, 1))
    assert found["fee_payable"].verdict == "YES"


def test_terms_of_any_size_have_as_many_rules_as_they_should(tmp_path: Path) -> None:
    growing.write(tmp_path, 20)
    policies = load_policies(tmp_path)
    version = policies.versions("example-growing").versions[0]
    assert len(version.policy.decisions["payable"].excluded_if) == 20


def test_every_programme_that_is_measured_stands_where_it_should() -> None:
    for each in SUBJECTS:
        assert each.folder.is_relative_to(ROOT)
        assert each.programme in each.policies().programmes
