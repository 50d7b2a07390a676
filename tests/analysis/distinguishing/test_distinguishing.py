"""Transactions that tell two versions apart: found, true, and as small as can be."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policyeval.analysis.distinguishing import Search, Seed, Witness, distinguish
from policyeval.errors import FactsError
from policyeval.evaluator.program import Program
from policyeval.policy.elements import elements, formulas_of
from policyeval.policy.model import Formula, ValidPolicy
from policyeval.policy.substitution import with_text
from tests.backends.small_policies import policy

ASKED_ON = date(2024, 12, 31)

EVENT = {"type": "date", "event": True}
INSTANT = {"type": "date and time", "event": True}
ENTRIES = {"at": {"type": "date and time"}, "valid": {"type": "boolean", "presume": True}}
LOG = {"type": "list<context>", "log": {"by": "at"}, "entries": ENTRIES}
DAYS: dict[str, object] = {"begun_on": "2024-02-01", "done_on": "2024-03-01"}


def formula_of(valid: ValidPolicy, text: str) -> Formula:
    """Find a formula by its text."""
    every = (each for e in elements(valid.policy) for _, each in formulas_of(e.slots))
    return next(each for each in every if each.text == text)


def changed(valid: ValidPolicy, before: str, after: str) -> ValidPolicy:
    """Give the version in which a formula has another text."""
    other = with_text(valid, formula_of(valid, before), after)
    assert other is not None
    return other


def answer(valid: ValidPolicy, witness: Witness) -> object:
    """Ask one version the witness's question, by the way that everybody asks."""
    try:
        found = Program(valid, witness.overlays).evaluate(
            dict(witness.facts), asked_on=witness.asked_on, decisions=[witness.decision]
        )[witness.decision]
    except FactsError as error:
        return tuple(each.code for each in error.diagnostics)
    return (
        found.verdict,
        found.value,
        tuple(each.rule for each in found.reasons),
        tuple(each.rule for each in found.remarks),
        tuple(each.name for each in found.open_points),
        found.until,
    )


def found(
    valid: ValidPolicy, other: ValidPolicy, facts: Mapping[str, object], **more: Any
) -> Witness | None:
    """Search from one transaction; what comes of it is true."""
    questions = [n for n, each in valid.policy.decisions.items() if each.question is not None]
    witness = distinguish(valid, other, [Seed(facts, ASKED_ON, name="it")], questions, **more)
    if witness is not None:
        assert answer(valid, witness) != answer(other, witness)
    return witness


CASES: dict[str, tuple[dict[str, Any], dict[str, Any], Mapping[str, object], str, str]] = {
    "a period longer by a day": (
        {"begun_on": EVENT, "done_on": EVENT},
        {"ok": {"requires": {"in_time": 'done_on <= begun_on + duration("P90D")'}}},
        DAYS,
        'done_on <= begun_on + duration("P90D")',
        'done_on <= begun_on + duration("P91D")',
    ),
    "months for days": (
        {"begun_on": EVENT, "done_on": EVENT},
        {"ok": {"requires": {"in_time": 'done_on <= begun_on + duration("P6M")'}}},
        DAYS,
        'done_on <= begun_on + duration("P6M")',
        'done_on <= begun_on + duration("P180D")',
    ),
    "behind two other decisions": (
        {"begun_on": EVENT, "done_on": EVENT},
        {
            "ok": {"requires": {"in_time": "aux_in_time"}},
            "aux_in_time": {"value": "done_on < aux_end"},
            "aux_end": {"type": "date", "value": 'begun_on + duration("P1M")'},
        },
        DAYS,
        "done_on < aux_end",
        "done_on <= aux_end",
    ),
    "the end of a quarter": (
        {"begun_on": EVENT, "done_on": EVENT},
        {
            "ok": {"value": 'done_on <= aux_end + duration("P45D")'},
            "aux_end": {
                "type": "date",
                "value": "date(begun_on.year, 3 * ceiling(begun_on.month / 3), 1)"
                ' + duration("P1M") - duration("P1D")',
            },
        },
        DAYS,
        'done_on <= aux_end + duration("P45D")',
        'done_on < aux_end + duration("P45D")',
    ),
    "a day that is not given": (
        {"begun_on": EVENT, "left_on": {"type": "date?", "presume": None}},
        {"ok": {"excluded_if": {"left": "left_on != null and left_on < begun_on"}}},
        {"begun_on": "2024-02-01"},
        "left_on != null and left_on < begun_on",
        "left_on != null and left_on <= begun_on",
    ),
    "instants, to the second": (
        {"first_at": INSTANT, "second_at": INSTANT},
        {"ok": {"value": "first_at < second_at"}},
        {"first_at": "2024-02-01T09:00:00", "second_at": "2024-05-01T10:30:00"},
        "first_at < second_at",
        "first_at <= second_at",
    ),
    "midnight": (
        {"first_at": INSTANT, "done_on": EVENT},
        {"ok": {"value": "done_on <= date(first_at)"}},
        {"first_at": "2024-02-01T09:00:00", "done_on": "2024-03-01"},
        "done_on <= date(first_at)",
        'done_on <= date(first_at + duration("PT1S"))',
    ),
    "a month that is too short": (
        {"begun_on": EVENT},
        {"end": {"type": "date", "value": 'begun_on + duration("P1M")'}},
        {"begun_on": "2024-02-10"},
        'begun_on + duration("P1M")',
        'date(begun_on.year, begun_on.month, 1) + duration("P1M")'
        ' + duration("P1D") * (begun_on.day - 1)',
    ),
    "an amount": (
        {"amount": "number"},
        {"ok": {"value": "amount * 2 > 100"}},
        {"amount": 7},
        "amount * 2 > 100",
        "amount * 2 >= 100",
    ),
    "the larger of two": (
        {"amount": "number", "costs": "number"},
        {"rest": {"type": "number", "value": "max(amount - costs, 0)"}},
        {"amount": 100, "costs": 10},
        "max(amount - costs, 0)",
        "max(amount - costs, 1)",
    ),
    "a text": (
        {"kind": {"type": "string", "one_of": ["a", "b", "c"]}},
        {"ok": {"value": 'kind in ("a", "b")'}},
        {"kind": "a"},
        'kind in ("a", "b")',
        'kind in ("a", "c")',
    ),
    "two facts at once": (
        {"lost": "boolean", "amount": "number"},
        {"ok": {"value": "lost and amount > 10"}},
        {"lost": False, "amount": 3},
        "lost and amount > 10",
        "lost and amount >= 10",
    ),
    "an entry of a log": (
        {"log": LOG, "done_on": EVENT},
        {"ok": {"value": "some e in log satisfies e.valid and date(e.at) <= done_on"}},
        {"log": [{"at": "2024-06-01T09:00:00", "valid": False}], "done_on": "2024-03-01"},
        "some e in log satisfies e.valid and date(e.at) <= done_on",
        "some e in log satisfies e.valid and date(e.at) < done_on",
    ),
    "the day asked on": (
        {"begun_on": EVENT},
        {"ok": {"value": 'asked_on > begun_on + duration("P30D")'}},
        {"begun_on": "2024-02-01"},
        'asked_on > begun_on + duration("P30D")',
        'asked_on >= begun_on + duration("P30D")',
    ),
    "a remark": (
        {"begun_on": EVENT, "done_on": EVENT},
        {"ok": {"value": "true", "remarks": {"late": "done_on > begun_on"}}},
        DAYS,
        "done_on > begun_on",
        "done_on >= begun_on",
    ),
    "what is covered": (
        {"amount": "number"},
        {"ok": {"value": "true", "covers": "amount < 5"}},
        {"amount": 7},
        "amount < 5",
        "amount <= 5",
    ),
    "an act that is recorded": (
        {"permit": {"type": "string", "one_of": ["yes", "no"], "act": {}}, "begun_on": EVENT},
        {"ok": {"value": 'permit = "yes" and begun_on >= date("2024-03-01")'}},
        {"begun_on": "2024-02-01"},
        'permit = "yes" and begun_on >= date("2024-03-01")',
        'permit = "yes" and begun_on > date("2024-03-01")',
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_versions_that_differ_are_told_apart(name: str) -> None:
    facts, decisions, seed, before, after = CASES[name]
    valid = policy(facts, decisions)
    assert found(valid, changed(valid, before, after), seed) is not None


@pytest.mark.parametrize("name", CASES)
def test_versions_are_told_apart_from_either_side(name: str) -> None:
    facts, decisions, seed, before, after = CASES[name]
    valid = policy(facts, decisions)
    assert found(changed(valid, before, after), valid, seed) is not None


@pytest.mark.parametrize("name", CASES)
def test_the_same_search_finds_the_same(name: str) -> None:
    facts, decisions, seed, before, after = CASES[name]
    valid = policy(facts, decisions)
    other = changed(valid, before, after)
    assert found(valid, other, seed) == found(valid, other, seed)


def test_another_parameter_is_seen_where_it_is_used() -> None:
    valid = policy(
        {"begun_on": EVENT, "done_on": EVENT},
        {"ok": {"value": "done_on <= begun_on + period"}},
        parameters={"period": 'duration("P30D")'},
    )
    witness = found(valid, changed(valid, 'duration("P30D")', 'duration("P29D")'), dict(DAYS))
    assert witness is not None
    assert witness.decision == "ok"


def test_a_cell_of_a_table_is_looked_at_with_its_column() -> None:
    table = {
        "hit_policy": "FIRST",
        "inputs": ["amount"],
        "outputs": [{"name": "rate", "type": "number", "default": "0"}],
        "rules": [{"id": "large", "clause": "1", "when": ["> 500"], "then": ["1"]}],
    }
    valid = policy({"amount": "number"}, {"rate": {"type": "number", "table": table}})
    witness = found(valid, changed(valid, "> 500", ">= 500"), {"amount": 3})
    assert witness is not None
    assert witness.facts == {"amount": "500"}


def test_facts_that_contradict_each_other_tell_nothing_apart() -> None:
    valid = policy(
        {"begun_on": EVENT, "done_on": EVENT},
        {"ok": {"value": "begun_on <= done_on"}},
        consistent_when={"in_order": "begun_on <= done_on"},
    )
    other = changed_decision(valid, "true")
    assert found(valid, other, dict(DAYS)) is None


def changed_decision(valid: ValidPolicy, text: str) -> ValidPolicy:
    """Give the version in which the only decision has another value."""
    slot = valid.policy.decisions["ok"].value
    assert isinstance(slot, Formula)
    other = with_text(valid, slot, text)
    assert other is not None
    return other


def test_another_fact_moves_along_where_facts_would_contradict_each_other() -> None:
    valid = policy(
        {"begun_on": EVENT, "done_on": EVENT, "paid_on": EVENT},
        {"ok": {"value": 'begun_on <= date("2024-06-01")'}},
        consistent_when={"in_order": "begun_on <= done_on"},
    )
    before = 'begun_on <= date("2024-06-01")'
    other = changed(valid, before, 'begun_on < date("2024-06-01")')
    witness = found(valid, other, {**DAYS, "paid_on": "2024-07-01"})
    assert witness is not None
    assert witness.facts["begun_on"] == "2024-06-01"
    assert witness.changed == ("begun_on", "done_on")


def test_a_condition_of_every_transaction_is_told_apart_by_what_it_refuses() -> None:
    valid = policy(
        {"begun_on": EVENT, "done_on": EVENT},
        {"ok": {"value": "true"}},
        consistent_when={"in_order": "begun_on <= done_on"},
    )
    other = changed(valid, "begun_on <= done_on", "begun_on < done_on")
    witness = found(valid, other, dict(DAYS))
    assert witness is not None
    assert (witness.before.refused, witness.after.refused) == (False, True)


def test_what_is_open_may_tell_apart_too() -> None:
    valid = policy(
        {"begun_on": EVENT, "done_on": EVENT},
        {"ok": {"value": {"by": "how", "wide": "true", "narrow": "done_on < begun_on"}}},
        readings={"how": ["wide", "narrow"]},
    )
    other = changed(valid, "done_on < begun_on", "done_on <= begun_on")
    witness = found(valid, other, dict(DAYS))
    assert witness is not None
    assert (witness.before.verdict, witness.after.verdict) == ("OPEN", "YES")


EQUIVALENT = [
    ("if a > b then a else b", "if a >= b then a else b"),
    ("if a < b then a else b", "min(a, b)"),
    ("a", "if a = a then a else b"),
]


@pytest.mark.parametrize(("before", "after"), EQUIVALENT)
def test_nothing_is_found_where_versions_say_the_same(before: str, after: str) -> None:
    valid = policy({"a": "number", "b": "number"}, {"it": {"type": "number", "value": before}})
    assert found(valid, changed(valid, before, after), {"a": 1, "b": 2}, steps=300) is None


def test_no_more_is_looked_at_than_may_be() -> None:
    valid = policy({"a": "number", "b": "number"}, {"it": {"value": "a > b and b > a"}})
    other = changed(valid, "a > b and b > a", "a > b and b > a and a > 0")
    search = Search(valid, [Seed({"a": 1, "b": 2}, ASKED_ON)])
    looked_at = search.facts.looked_at
    assert search.against(other, ["it"], steps=40) is None
    assert search.facts.looked_at <= looked_at + 60


def test_only_what_is_needed_is_changed() -> None:
    valid = policy(
        {"begun_on": EVENT, "done_on": EVENT, "amount": "number", "lost": "boolean"},
        {"ok": {"value": "done_on <= begun_on and (lost or amount > 5)"}},
    )
    other = changed(
        valid,
        "done_on <= begun_on and (lost or amount > 5)",
        "done_on < begun_on and (lost or amount > 5)",
    )
    witness = found(valid, other, {**DAYS, "amount": 9, "lost": False})
    assert witness is not None
    assert len(witness.changed) == 1
    unchanged = {n: each for n, each in witness.facts.items() if n not in witness.changed}
    assert unchanged.items() <= {**DAYS, "amount": 9, "lost": False}.items()


def test_a_transaction_that_does_not_count_is_left_aside() -> None:
    valid = policy({"amount": "number"}, {"ok": {"value": "amount > 5"}})
    other = changed(valid, "amount > 5", "amount >= 5")
    seeds = [Seed({"amount": 9}, ASKED_ON)]
    asked: list[tuple[object, str]] = []

    def admits(situation: Any, decision: str) -> bool:
        asked.append((situation.facts["amount"], decision))
        return False

    assert Search(valid, seeds, admits).against(other, ["ok"]) is None
    assert ("5", "ok") in asked


def test_no_event_lies_after_the_day_asked_on() -> None:
    valid = policy({"done_on": EVENT}, {"ok": {"value": 'done_on > date("2026-05-05")'}})
    before = 'done_on > date("2026-05-05")'
    witness = found(valid, changed(valid, before, "done_on >= date(2026, 5, 5)"), {"done_on": None})
    assert witness is not None
    assert witness.asked_on >= date(2026, 5, 5)


@settings(max_examples=12)
@given(
    begun=st.dates(date(2020, 2, 1), date(2023, 11, 30)),
    done=st.dates(date(2020, 2, 1), date(2024, 11, 30)),
    length=st.integers(31, 400),
    by=st.sampled_from([-30, -7, -1, 1, 7, 30]),
    operator=st.sampled_from(["<", "<=", ">", ">="]),
)
def test_a_period_of_another_length_is_always_found(
    begun: date, done: date, length: int, by: int, operator: str
) -> None:
    before = f'done_on {operator} begun_on + duration("P{length}D")'
    after = f'done_on {operator} begun_on + duration("P{length + by}D")'
    valid = policy({"begun_on": EVENT, "done_on": EVENT}, {"ok": {"value": before}})
    other = changed(valid, before, after)
    witness = found(valid, other, {"begun_on": begun.isoformat(), "done_on": done.isoformat()})
    assert witness is not None
    end = date.fromisoformat(str(witness.facts["begun_on"])) + timedelta(days=length)
    gap = (date.fromisoformat(str(witness.facts["done_on"])) - end).days
    assert min(0, by) - 1 <= gap <= max(0, by) + 1


@settings(max_examples=12)
@given(
    months=st.integers(1, 13),
    begun=st.dates(date(2020, 1, 1), date(2024, 1, 31)),
    operator=st.sampled_from(["<", "<=", ">", ">="]),
)
def test_months_are_told_from_months_that_run_over(months: int, begun: date, operator: str) -> None:
    duration = f'duration("P{months}M")'
    over = (
        f"date(begun_on.year, begun_on.month, 1) + {duration}"
        ' + duration("P1D") * (begun_on.day - 1)'
    )
    before = f"done_on {operator} begun_on + {duration}"
    valid = policy({"begun_on": EVENT, "done_on": EVENT}, {"ok": {"value": before}})
    other = changed(valid, before, f"done_on {operator} {over}")
    seed: dict[str, object] = {"begun_on": begun.isoformat(), "done_on": begun.isoformat()}
    witness = found(valid, other, seed)
    assert witness is not None
    assert date.fromisoformat(str(witness.facts["begun_on"])).day > 28
