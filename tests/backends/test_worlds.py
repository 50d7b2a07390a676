"""What decisions come to over all possible worlds, by example."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from policyeval.backends.worlds import Findings, consistency, evaluate_concrete, explore
from policyeval.errors import EvaluationError
from policyeval.evaluation.model import Outcome, Verdict
from policyeval.facts import decode
from policyeval.facts.model import NEVER, Between, Environment, Open
from policyeval.policy.model import Formula
from policyeval.policy.terms import Terms
from tests.backends.small_policies import terms

ASKED_ON = date(2024, 7, 1)

EVENT = {"type": "date", "event": True}
MOMENT = {"type": "date and time", "event": True}
LOG = {
    "type": "list<context>",
    "log": {"by": "accepted_at"},
    "entries": {
        "accepted_at": "date and time",
        "authorised": "boolean",
        "contact": "string",
    },
}


def found(
    policy: Terms, facts: Mapping[str, Any], decision: str = "asked", **more: Any
) -> Findings:
    """Explore a decision of a policy."""
    return explore(policy, decision, decode(facts, policy.valid, ASKED_ON), **more)


def names(points: Any) -> list[str]:
    """Give the names of points, in alphabetical order."""
    return sorted(each.name for each in points)


@dataclass(frozen=True)
class Case:
    """A decision, the facts, and what is found."""

    value: Any
    facts: Mapping[str, Any]
    outcome: Any
    points: list[str] = field(default_factory=list)
    further: list[str] = field(default_factory=list)
    until: str | None = None
    more: Mapping[str, Any] = field(default_factory=dict)


def entry(day: str, *, authorised: Any = True, contact: str = "A") -> dict[str, Any]:
    """Write an entry of a log; without `authorised` that is not known."""
    made: dict[str, Any] = {"accepted_at": f"{day}T10:00:00", "contact": contact}
    return made if authorised is None else {**made, "authorised": authorised}


FACTS: Mapping[str, Any] = {
    "ok": "boolean",
    "fine": "boolean",
    "amount": "number",
    "kind": {"type": "string", "one_of": ["a", "b", "c"]},
    "number": "string?",
    "started_on": "date",
    "ended_on": "date?",
    "approved_on": EVENT,
    "referred_on": EVENT,
    "referred_at": MOMENT,
    "decision": {"type": "string", "one_of": ["granted", "refused"], "act": {}},
    "requested": "boolean",
    "extension": {
        "type": "string",
        "one_of": ["granted", "refused"],
        "act": {"open_when": "requested"},
    },
    "extended_to": {"type": "date", "act": {"open_when": "requested"}},
    "entries": LOG,
    "amounts": "list<number>",
}
READINGS = {"first": ("one", "other"), "second": ("one", "other")}
RULES = {
    "in_time": 'approved_on <= date("2024-07-30")',
    "in_window": 'approved_on <= started_on + duration("P180D")',
    "quarter": (
        "date(approved_on.year, 3 * ceiling(approved_on.month / 3), 1) "
        '+ duration("P1M") - duration("P1D")'
    ),
    "first_of": (
        "count(entries) > 0 and count(sublist(entries, 1, 1)[authorised and date(accepted_at) <= started_on]) = 1"
    ),
}
AUTHORISED = "some e in entries satisfies e.authorised and date(e.accepted_at) <= started_on"


def policy_of(value: Any, **more: Any) -> Terms:
    """Make a policy whose decision has a value, or rules, and that uses every fact and reading."""
    decision = value if isinstance(value, dict) and "by" not in value else {"value": value}
    unused: Any = " or ".join(
        f"{name} = null" if each is EVENT or each is MOMENT else f"{name} != null"
        for name, each in FACTS.items()
    )
    for name, options in READINGS.items():
        unused = {"by": name, **dict.fromkeys(options, unused)}
    return terms(FACTS, {"asked": decision, "unused": {"value": unused}}, readings=READINGS, **more)


UNKNOWN, OPEN, DISCRETION, PENDING, NOT_COVERED = (
    Verdict.UNKNOWN,
    Verdict.OPEN,
    Verdict.DISCRETION,
    Verdict.PENDING,
    Verdict.NOT_COVERED,
)
IN_TIME = RULES["in_time"]

CASES = {
    # the seven verdicts
    "what holds is YES": Case("ok", {"ok": True}, True),
    "what fails is NO": Case("ok", {"ok": False}, False),
    "an unknown fact that decides is UNKNOWN": Case("ok", {}, UNKNOWN, ["ok"]),
    "an open reading that decides is OPEN": Case(
        {"by": "first", "one": "ok", "other": "not(ok)"}, {"ok": True}, OPEN, ["first"]
    ),
    "an open act that decides is DISCRETION": Case(
        'decision = "granted"', {}, DISCRETION, ["decision"]
    ),
    "an event that may still come in time is PENDING": Case(
        IN_TIME, {"approved_on": None}, PENDING, ["approved_on"], until="2024-07-30"
    ),
    "what does not apply is NOT_COVERED": Case(
        {"covers": 'kind = "a"', "value": "ok"}, {"kind": "b"}, NOT_COVERED
    ),
    # what does not matter
    "an unknown fact that changes nothing is not named": Case("ok or fine", {"ok": True}, True),
    "a contradiction is NO, whatever is unknown": Case("ok and not(ok)", {}, False),
    "what holds either way is YES": Case("ok or not(ok)", {}, True),
    "a reading that changes nothing is not named": Case(
        {"by": "first", "one": "ok", "other": "ok or fine"}, {"ok": True, "fine": False}, True
    ),
    "the same reading twice is read the same way": Case(
        {
            "requires": {
                "a": {"by": "first", "one": "ok", "other": "fine"},
                "b": {"by": "first", "one": "fine", "other": "ok"},
            }
        },
        {"ok": True, "fine": False},
        False,
    ),
    "one unknown fact in several rules is the same in all": Case(
        {"requires": {"a": "amount > 3", "b": "amount < 2"}}, {}, False
    ),
    # one inside the other
    "whichever reading, it may still come in time: PENDING": Case(
        {"by": "first", "one": IN_TIME, "other": 'approved_on <= date("2024-08-30")'},
        {"approved_on": None},
        PENDING,
        ["approved_on"],
        ["first"],
        until="2024-07-30",
    ),
    "in one reading PENDING, in the other NO: OPEN": Case(
        {"by": "first", "one": IN_TIME, "other": "ok"},
        {"approved_on": None, "ok": False},
        OPEN,
        ["approved_on", "first"],
    ),
    "an act under a reading is OPEN if the other reading needs none": Case(
        {"by": "first", "one": "ok", "other": 'decision = "granted"'},
        {"ok": True},
        OPEN,
        ["decision", "first"],
    ),
    "an act in either reading is DISCRETION": Case(
        {"by": "first", "one": 'decision = "granted"', "other": 'not(decision = "granted")'},
        {},
        DISCRETION,
        ["decision", "first"],
    ),
    "an unknown fact outside of a reading is UNKNOWN": Case(
        {"by": "first", "one": "ok", "other": "fine"},
        {"fine": True},
        UNKNOWN,
        ["first", "ok"],
    ),
    "two unknown facts that both matter": Case("ok and fine", {}, UNKNOWN, ["fine", "ok"]),
    # coverage
    "NOT_COVERED in some worlds and NO in others is UNKNOWN": Case(
        {"covers": 'kind = "a"', "value": "ok"}, {"ok": False}, UNKNOWN, ["kind"]
    ),
    "NOT_COVERED where a later event decides is PENDING": Case(
        {"covers": "approved_on = null", "value": "ok"},
        {"ok": True, "approved_on": None},
        PENDING,
        ["approved_on"],
    ),
    "rules do not matter where nothing applies": Case(
        {"covers": 'kind = "a"', "requires": {"a": "ok"}}, {"kind": "b"}, NOT_COVERED
    ),
    "one rule that surely fails is NO at once": Case(
        {"requires": {"a": "ok", "b": "fine"}}, {"fine": False}, False
    ),
    "one exclusion that surely holds is NO at once": Case(
        {"requires": {"a": "ok"}, "excluded_if": {"b": "fine"}}, {"fine": True}, False
    ),
    # acts
    "an act that is not open has no effect": Case(
        'extension = "granted"', {"requested": False}, False
    ),
    "an act is open where its condition holds": Case(
        'extension = "granted"', {"requested": True}, DISCRETION, ["extension"]
    ),
    "an act that may be open counts if it is": Case(
        'extension = "granted"', {}, UNKNOWN, ["extension", "requested"]
    ),
    "the day of an act may be any": Case(
        "extended_to != null and extended_to >= asked_on",
        {"requested": True},
        DISCRETION,
        ["extended_to"],
    ),
    # events
    "an event too late already is NO": Case(
        'approved_on <= date("2024-06-30")', {"approved_on": None}, False
    ),
    "an event on the day asked on may still be in time": Case(
        'approved_on <= date("2024-07-01")',
        {"approved_on": None},
        PENDING,
        ["approved_on"],
        until="2024-07-01",
    ),
    "an event that never happens lies after every day": Case(
        'approved_on > date("2024-06-30")', {"approved_on": None}, True
    ),
    "an event may never happen, for ever": Case(
        "approved_on = null", {"approved_on": None}, PENDING, ["approved_on"]
    ),
    "whether an event has happened is never open": Case(
        "happened(approved_on)", {"approved_on": None}, False
    ),
    "computing with an event that never happens gives never again": Case(
        'approved_on + duration("P1M") > date("2024-07-31")', {"approved_on": None}, True
    ),
    "an unknown event may have happened or not": Case(IN_TIME, {}, UNKNOWN, ["approved_on"]),
    "an unknown event of which only the past matters": Case(
        "happened(approved_on)", {}, UNKNOWN, ["approved_on"]
    ),
    "an event measured from an unknown day": Case(
        RULES["in_window"],
        {"approved_on": None, "started_on": {"between": ["2024-01-20", "2024-02-20"]}},
        PENDING,
        ["approved_on"],
        ["started_on"],
        until="2024-07-18",
    ),
    "an event measured from a day that may be too long ago": Case(
        RULES["in_window"],
        {"approved_on": None, "started_on": {"between": ["2023-12-20", "2024-02-20"]}},
        UNKNOWN,
        ["approved_on", "started_on"],
    ),
    "one event measured from another has no last day": Case(
        'approved_on <= referred_on + duration("P180D")',
        {"approved_on": None, "referred_on": None},
        PENDING,
        ["approved_on", "referred_on"],
    ),
    "the later of two days that are not known": Case(
        "started_on > referred_on",
        {
            "started_on": {"between": ["2024-01-01", "2024-03-01"]},
            "referred_on": {"between": ["2024-02-01", "2024-04-01"]},
        },
        UNKNOWN,
        ["referred_on", "started_on"],
    ),
    "two days that are not known, but surely in order": Case(
        "started_on < referred_on",
        {
            "started_on": {"between": ["2024-01-01", "2024-01-31"]},
            "referred_on": {"between": ["2024-02-01", "2024-04-01"]},
        },
        True,
    ),
    "some time that day decides only between moments of it": Case(
        'referred_at < date and time("2024-02-01T12:00:00+01:00")',
        {"referred_at": "2024-02-01"},
        UNKNOWN,
        ["referred_at"],
    ),
    "some time that day is that day": Case(
        'date(referred_at) = date("2024-02-01")', {"referred_at": "2024-02-01"}, True
    ),
    # calendars
    "months are clamped to the last day of a month": Case(
        'approved_on + duration("P6M") <= date("2025-02-28")',
        {"approved_on": None},
        PENDING,
        ["approved_on"],
        until="2024-08-31",
    ),
    "a day after the end of the quarter in which something happens": Case(
        f'{RULES["quarter"]} + duration("P45D") <= date("2025-02-14")',
        {"approved_on": None},
        PENDING,
        ["approved_on"],
        until="2024-12-31",
    ),
    "a quarter's end is never before what happens in it": Case(
        f"{RULES['quarter']} >= approved_on", {"approved_on": None}, True
    ),
    "quarters told apart by conditions": Case(
        'date(approved_on.year, if approved_on.month <= 6 then 6 else 12, 30) <= date("2024-12-30")',
        {"approved_on": None},
        PENDING,
        ["approved_on"],
        until="2024-12-31",
    ),
    "the months of every year come back": Case(
        "approved_on.month = 2", {"approved_on": None}, PENDING, ["approved_on"]
    ),
    # numbers and texts
    "a number that is not known but narrow enough": Case(
        "amount * 1.25 >= 100", {"amount": {"between": [80, 90]}}, True
    ),
    "a number that is not known well enough": Case(
        "amount * 1.25 > 100", {"amount": {"between": [80, 90]}}, UNKNOWN, ["amount"]
    ),
    "a quotient that may have no value is not claimed": Case(
        "100 / amount > 1", {"amount": {"between": [-1, 50]}}, UNKNOWN, ["amount"]
    ),
    "an unknown text may be one that is asked for": Case('number = "X-1"', {}, UNKNOWN, ["number"]),
    "an unknown text may be none": Case("number != null", {}, UNKNOWN, ["number"]),
    "an unknown text is not taken for one of a few": Case(
        'number != null or number = "X-1" or number = null', {}, True
    ),
    # logs
    "the first of no entries may still come": Case(
        RULES["first_of"],
        {"entries": [], "started_on": "2024-09-30"},
        PENDING,
        ["entries"],
        until="2024-09-30",
    ),
    "a first entry that does not count is followed in vain": Case(
        RULES["first_of"],
        {"entries": [entry("2024-06-01", authorised=False)], "started_on": "2024-09-30"},
        False,
    ),
    "any entry may still come": Case(
        AUTHORISED,
        {"entries": [entry("2024-06-01", authorised=False)], "started_on": "2024-09-30"},
        PENDING,
        ["entries"],
        until="2024-09-30",
    ),
    "an entry that counts is enough": Case(
        AUTHORISED, {"entries": [entry("2024-06-01")], "started_on": "2024-09-30"}, True
    ),
    "what is not known of an entry is named with its place": Case(
        RULES["first_of"],
        {"entries": [entry("2024-06-01", authorised=None)], "started_on": "2024-09-30"},
        UNKNOWN,
        ["entries[1].authorised"],
    ),
    "no entry can come in time any more": Case(
        AUTHORISED, {"entries": [], "started_on": "2024-06-30"}, False
    ),
    "every entry so far is not every entry": Case(
        "every e in entries satisfies e.authorised",
        {"entries": [entry("2024-06-01")]},
        PENDING,
        ["entries"],
    ),
    "further entries can be counted": Case(
        "count(entries[authorised]) >= 2",
        {"entries": [entry("2024-06-01")]},
        PENDING,
        ["entries"],
    ),
    "two further entries may come": Case(
        "count(entries) >= 2", {"entries": []}, PENDING, ["entries"]
    ),
    "a later entry may be by somebody known": Case(
        'some e in entries satisfies e.contact = "B"',
        {"entries": [entry("2024-06-01")]},
        PENDING,
        ["entries"],
    ),
    "of a log of which nothing is known nothing is claimed": Case(
        AUTHORISED, {"started_on": "2024-09-30"}, UNKNOWN, ["entries"]
    ),
    "of a list of which nothing is known nothing is claimed": Case(
        "count(amounts) <= 2", {}, UNKNOWN, ["amounts"]
    ),
    # values
    "a value that is known": Case(
        {"type": "number", "value": "amount * 2"}, {"amount": 3}, Decimal(6)
    ),
    "a value that is not known": Case(
        {"type": "number", "value": "amount * 2"}, {}, UNKNOWN, ["amount"]
    ),
    "a value that is the same whatever is not known": Case(
        {"type": "number", "value": "if ok then amount else amount"}, {"amount": 3}, Decimal(3)
    ),
    "a day that depends on what happens": Case(
        {"type": "date", "value": 'approved_on + duration("P6M")'},
        {"approved_on": None},
        PENDING,
        ["approved_on"],
    ),
    "a day that is the earliest of several": Case(
        {"type": "date", "value": "min(approved_on, started_on)"},
        {"approved_on": None, "started_on": "2024-06-01"},
        date(2024, 6, 1),
    ),
    "a day that is pending up to another": Case(
        {"type": "date", "value": "min(approved_on, started_on)"},
        {"approved_on": None, "started_on": "2024-08-01"},
        PENDING,
        ["approved_on"],
        until="2024-07-31",
    ),
    "a table of which the row is not known": Case(
        {
            "type": "string",
            "table": {
                "hit_policy": "UNIQUE",
                "inputs": ["kind", "amount"],
                "outputs": [{"type": "string", "default": '"none"'}],
                "rules": [
                    {"id": "r1", "clause": "1", "when": ['"a"', "< 10"], "then": ['"small"']},
                    {"id": "r2", "clause": "1", "when": ['"a"', ">= 10"], "then": ['"large"']},
                ],
            },
        },
        {"amount": 3},
        UNKNOWN,
        ["kind"],
    ),
    "a table whose row is known": Case(
        {
            "type": "number",
            "table": {
                "hit_policy": "COLLECT",
                "aggregation": "SUM",
                "inputs": ["kind", "amount"],
                "outputs": [{"type": "number", "default": "0"}],
                "rules": [
                    {"id": "r1", "clause": "1", "when": ['"a", "b"', "-"], "then": ["1"]},
                    {"id": "r2", "clause": "1", "when": ["-", "[1..5]"], "then": ["amount"]},
                ],
            },
        },
        {"amount": 3, "kind": "b"},
        Decimal(4),
    ),
    # what is not possible
    "worlds that break a condition are not looked at": Case(
        IN_TIME,
        {"approved_on": None, "referred_on": "2024-06-01"},
        True,
        more={"consistent_when": {"soon": 'approved_on <= referred_on + duration("P45D")'}},
    ),
    "a condition ties one event to another": Case(
        'approved_on <= date("2024-07-30")',
        {"approved_on": None, "referred_on": None},
        PENDING,
        ["approved_on"],
        until="2024-07-30",
        more={"consistent_when": {"order": "referred_on <= approved_on"}},
    ),
    "none is one of the values of a fact of which a few are tried": Case(
        {
            "requires": {
                "a": "ended_on != null and ended_on < approved_on",
                "b": 'date("2024-07-01") < approved_on',
            }
        },
        {"approved_on": None},
        UNKNOWN,
        ["approved_on", "ended_on"],
    ),
    "a condition ties an unknown fact to another": Case(
        "ok", {"fine": True}, True, more={"consistent_when": {"both": "ok or not(fine)"}}
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_a_decision_comes_to_what_all_worlds_make_of_it(case: Case) -> None:
    result = found(policy_of(case.value, **case.more), case.facts)
    if isinstance(case.outcome, Verdict):
        assert result.outcome == Outcome(case.outcome)
    elif isinstance(case.outcome, bool):
        assert result.outcome == Outcome(Verdict.YES if case.outcome else Verdict.NO, case.outcome)
    else:
        assert result.outcome == Outcome(None, case.outcome)
    assert names(result.points) == case.points
    assert names(result.further) == case.further
    assert result.until == (None if case.until is None else date.fromisoformat(case.until))


# ---------------------------------------------------------------------- points


def test_a_reading_says_what_each_option_gives_and_whom_it_favours() -> None:
    result = found(policy_of({"by": "first", "one": "ok", "other": "fine"}), {"ok": True})
    (point, other) = result.points
    assert (point.name, point.kind, other.name) == ("fine", "fact", "first")
    assert other.gives == {"one": Outcome(Verdict.YES, True), "other": Outcome(Verdict.UNKNOWN)}
    assert other.favours == {"one": "partner", "other": "partner"}
    assert (other.ambiguity, other.clauses) == ("FIRST", ("1",))
    assert point.gives == {"true": Outcome(Verdict.YES, True), "false": Outcome(Verdict.OPEN)}


def test_an_act_says_whose_it_is_and_what_comes_of_none() -> None:
    (point,) = found(policy_of('decision = "granted"'), {}).points
    assert (point.kind, point.by, point.clauses) == ("act", "vendor", ("1",))
    assert point.gives == {
        "granted": Outcome(Verdict.YES, True),
        "refused": Outcome(Verdict.NO, False),
        "none": Outcome(Verdict.NO, False),
    }


def test_a_fact_with_many_values_lists_none() -> None:
    (point,) = found(policy_of("amount > 3"), {}).points
    assert point.gives == {}


def test_each_event_has_the_last_day_on_which_it_matters() -> None:
    policy = policy_of(
        {
            "requires": {
                "a": 'approved_on <= date("2024-07-30")',
                "b": 'referred_on <= date("2024-08-15")',
            }
        }
    )
    result = found(policy, {"approved_on": None, "referred_on": None})
    assert {each.name: each.until for each in result.points} == {
        "approved_on": date(2024, 7, 30),
        "referred_on": date(2024, 8, 15),
    }
    assert result.until == date(2024, 7, 30)


def test_an_overlay_moves_the_last_day_to_a_working_day() -> None:
    policy = terms(
        {"approved_on": EVENT},
        {
            "asked": {"value": "approved_on <= aux_last"},
            "aux_last": {"type": "date", "value": 'date("2024-07-06")'},
        },
        overlays={"weekend": {"calendar": "SE", "moves": ["aux_last"]}},
        switched_on=["weekend"],
    )
    result = found(policy, {"approved_on": None}, move=lambda _day, _calendar: date(2024, 7, 8))
    assert result.until == date(2024, 7, 8)


# ---------------------------------------------------------------------- rules, remarks, consistency


def test_rules_tell_whether_they_hold_everywhere_nowhere_or_somewhere() -> None:
    policy = policy_of(
        {
            "requires": {"holds": "ok", "differs": IN_TIME, "unknown": "amount > 3"},
            "excluded_if": {"fails": "not(ok)"},
            "remarks": {"said": "ok", "unsaid": "not(ok)", "perhaps": "amount > 3"},
        },
        remarks={"always": 'asked_on >= date("2024-01-01")'},
    )
    result = found(policy, {"ok": True, "approved_on": None})
    assert result.rules == {"holds": True, "differs": None, "unknown": None, "fails": False}
    assert result.remarks == {"said": True, "unsaid": False, "perhaps": None, "always": True}


def test_a_rule_is_told_over_possible_worlds_only() -> None:
    policy = policy_of(
        {"requires": {"a": "ok", "b": "amount > 3"}},
        consistent_when={"both": "ok or not(fine)"},
    )
    assert found(policy, {"fine": True}).rules == {"a": True, "b": None}


def test_consistency_is_sure_impossible_or_open() -> None:
    policy = policy_of(
        "ok",
        consistent_when={
            "sure": "approved_on >= started_on",
            "broken": "referred_on <= started_on",
            "open": "amount > 3",
        },
    )
    facts = {"approved_on": None, "referred_on": "2024-06-02", "started_on": "2024-06-01"}
    environment = decode(facts, policy.valid, ASKED_ON)
    assert consistency(policy, environment) == {"sure": True, "broken": False, "open": None}


# ---------------------------------------------------------------------- limits


def test_without_steps_nothing_is_claimed_and_what_was_met_is_named() -> None:
    policy = policy_of({"requires": {"a": "ok", "b": "fine", "c": "amount > 3"}})
    result = found(policy, {}, steps=8)
    assert not result.exact
    assert result.outcome == Outcome(Verdict.UNKNOWN)
    assert names(result.points)


CHAIN = (
    (1, "a_on", "b_on"),
    (2, "b_on", "c_on"),
    (3, "c_on", "d_on"),
    (5, "a_on", "c_on"),
    (6, "b_on", "d_on"),
    (9, "a_on", "d_on"),
)
"""Months, and the two events that they must lie between."""


def test_a_condition_that_never_holds_settles_the_answer_however_much_else_is_open() -> None:
    """A few steps are then enough for what would otherwise take too many."""
    late = {f"l{n}": f'{early} + duration("P{n}M") < {next_}' for n, early, next_ in CHAIN}
    policy = terms(
        dict.fromkeys(("a_on", "b_on", "c_on", "d_on"), EVENT),
        {"asked": {"requires": {**late, "before": "a_on < date(2024, 1, 1)"}}},
    )
    facts = dict.fromkeys(("a_on", "b_on", "c_on", "d_on"))
    result = found(policy, facts, steps=5_000)
    assert result.outcome == Outcome(Verdict.NO, False)
    assert result.exact
    assert not result.points
    assert not result.further
    assert result.rules["before"] is False


def test_a_function_of_numbers_that_goes_up_and_down_is_not_claimed_to_be_known() -> None:
    result = found(policy_of("modulo(amount, 7) != 3.5"), {"amount": {"between": [0, 100]}})
    assert result.outcome == Outcome(Verdict.UNKNOWN)
    assert names(result.points) == ["amount"]


def test_a_length_of_an_unknown_text_is_not_claimed_to_be_known() -> None:
    policy = policy_of("number = null or string length(number) != 10")
    result = found(policy, {})
    assert (result.outcome, result.exact) == (Outcome(Verdict.UNKNOWN), False)


def test_what_has_no_value_in_any_world_is_an_error() -> None:
    with pytest.raises(EvaluationError) as caught:
        found(policy_of("100 / amount > 1"), {"amount": 0})
    assert [each.code for each in caught.value.diagnostics] == ["eval.division-by-zero"]


def test_facts_that_no_formula_reads_cost_nothing() -> None:
    policy = policy_of("ok")
    values = {
        name: Open(name, "fact", (Between(date(1900, 1, 1), date(2199, 12, 31)),)) for name in FACTS
    }
    result = explore(policy, "asked", Environment(ASKED_ON, {**values, "ok": True}), steps=10)
    assert result.outcome == Outcome(Verdict.YES, True)


# ---------------------------------------------------------------------- known values


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("approved_on > started_on", True),
        ('approved_on + duration("P1D") = approved_on', True),
        ("max(approved_on, started_on) > started_on", True),
        ("min(approved_on, started_on) = started_on", True),
        ("approved_on.year > 9999", True),
        ("approved_on between started_on and started_on", False),
        ("started_on in [started_on..approved_on]", True),
        ("approved_on in [started_on, approved_on]", True),
        ("list contains([started_on, approved_on], approved_on)", True),
        ("count([started_on, approved_on]) = 2", True),
        ("(if approved_on > started_on then 1 else 2) = 1", True),
        ("sort([approved_on, started_on], function(a, b) a < b)[1] = started_on", True),
        ("count(distinct values([approved_on, approved_on, started_on])) = 2", True),
    ],
)
def test_what_never_happens_lies_after_all_days_and_stays_never(text: str, value: bool) -> None:
    policy = terms({"approved_on": EVENT, "started_on": "date"}, {"asked": {"value": text}})
    formula = policy.policy.decisions["asked"].value
    assert isinstance(formula, Formula)
    values = {"approved_on": NEVER, "started_on": date(2024, 1, 1)}
    assert evaluate_concrete(policy, formula, values) is value


@pytest.mark.parametrize("number", [28, 1, 5, 6, 7, 13])
def test_a_part_of_a_day_that_some_day_has_is_no_reason_whatever_may_still_be(number: int) -> None:
    rules = {"early": 'e1 < date("2024-01-01")', "on_that_day": f"e1.day = {number}"}
    policy = terms({"e1": "date"}, {"asked": {"requires": rules}})
    low, high = date(2024, 2, 27), date(2024, 3, 14)
    findings = found(policy, {"e1": {"between": [low.isoformat(), high.isoformat()]}})
    assert findings.outcome == Outcome(Verdict.NO, False)
    assert dict(findings.rules) == {"early": False, "on_that_day": None}
