"""Cases on, before and after every edge that no golden case pins down, with no answer in them."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policyeval.analysis.suggestion import Alike, Suggestion
from policyeval.analysis.suggestion.edges import edges
from policyeval.cli.suggested import as_yaml
from policyeval.errors import PolicyError
from policyeval.policy.substitution import with_text
from tests.analysis.suggestion.made import EVENT, INSTANT, Made

BEGUN, DONE = (EVENT, "2024-02-01"), (EVENT, "2024-03-01")
WINDOW = {"ok": {"requires": {"in_time": 'done_on <= begun_on + duration("P90D")'}}}
START = "  - {id: start, expect: {ok: YES}}"


def window() -> Made:
    """Make a programme with a period of ninety days, and one case well within it."""
    made = Made({"begun_on": BEGUN, "done_on": DONE}, WINDOW)
    made.blocks.append(START)
    return made


def test_an_edge_that_no_case_pins_down_gets_a_case_on_it_before_it_and_after_it() -> None:
    [found] = [each for each in window().suggested() if each.edge.kind == "comparison"]
    assert {(each.id, each.position, each.facts["done_on"]) for each in found.cases} == {
        ("in-time-one-day-before", "before", "2024-04-30"),
        ("in-time-on-the-edge", "on", "2024-05-01"),
        ("in-time-one-day-after", "after", "2024-05-02"),
    }
    assert found.unnoticed == (
        'done_on < begun_on + duration("P90D")',
        'done_on <= (begun_on + duration("P90D")) + duration("P1D")',
    )


def test_cases_are_ready_but_for_their_answer() -> None:
    made = window()
    block = as_yaml(made.suggested(), "en")
    assert block.splitlines()[:6] == [
        "  - id: in-time-on-the-edge",
        '    note: "clause 1: done_on <= begun_on + duration(\\"P90D\\") (on the edge)"',
        "    facts: {done_on: 2024-05-01}",
        "    expect:",
        "      ok:",
        "  - id: in-time-one-day-after",
    ]
    made.blocks.append(block)
    with pytest.raises(PolicyError) as refused:
        assert made.cases
    assert len(refused.value.diagnostics) == 3


def test_an_edge_that_is_pinned_down_is_left_alone() -> None:
    made = window()
    made.blocks += [
        "  - {id: last-day, facts: {done_on: 2024-05-01}, expect: {ok: YES}}",
        "  - {id: too-late, facts: {done_on: 2024-05-02}, expect: {ok: NO}}",
    ]
    assert made.suggested() == []


def test_a_case_that_does_not_ask_pins_nothing_down() -> None:
    made = Made(
        {"begun_on": BEGUN, "done_on": DONE}, {**WINDOW, "other": {"value": "begun_on < done_on"}}
    )
    made.blocks += [
        "  - {id: last-day, facts: {done_on: 2024-05-01}, expect: {other: YES}}",
        "  - {id: too-late, facts: {done_on: 2024-05-02}, expect: {other: YES}}",
    ]
    assert any(each.edge.place.element.decision == "ok" for each in made.suggested())


def test_a_case_that_says_nothing_of_the_difference_pins_nothing_down() -> None:
    made = window()
    made.blocks += [
        "  - {id: last-day, facts: {done_on: 2024-05-01}, expect: {ok: {open: []}}}",
        "  - {id: too-late, facts: {done_on: 2024-05-02}, expect: {ok: {open: []}}}",
    ]
    assert len(made.suggested()) == 1


def test_a_case_that_fails_notices_nothing() -> None:
    made = window()
    made.blocks += [
        "  - {id: last-day, facts: {done_on: 2024-05-01}, expect: {ok: NO}}",
        "  - {id: too-late, facts: {done_on: 2024-05-02}, expect: {ok: YES}}",
    ]
    assert len(made.suggested()) == 1


@pytest.mark.parametrize(
    "what",
    [
        'done_on <= begun_on + duration("P90D")',
        'done_on <= begun_on + duration("P90D") → done_on < begun_on + duration("P90D")',
    ],
)
def test_an_exception_is_not_asked_for(what: str) -> None:
    made = window()
    made.tail = (
        f"exceptions:\n  - at: decisions.ok.requires.in_time.that\n    what: '{what}'\n"
        "    because: {sv: så, de: so, en: so}\n"
    )
    found = [each for each in made.suggested() if each.edge.kind == "comparison"]
    assert [each.unnoticed for each in found] == (
        [] if "→" not in what else [('done_on <= (begun_on + duration("P90D")) + duration("P1D")',)]
    )


def test_what_does_not_count_as_the_text_is_read_is_not_asked_for() -> None:
    value = {"by": "how", "wide": "done_on <= begun_on", "narrow": "done_on < begun_on"}
    made = Made(
        {"begun_on": BEGUN, "done_on": DONE},
        {"ok": {"value": value}},
        readings={"how": ["wide", "narrow"]},
        adopted={"how": "wide"},
    )
    made.blocks.append("  - {id: start, expect: {ok: NO}}")
    found = made.looked_at()
    assert [(type(each), each.edge.place.key[-1]) for each in found] == [
        (Suggestion, "wide"),
        (Alike, "narrow"),
    ]
    assert not any(each.in_force for each in found if isinstance(each, Alike))


def test_what_no_transaction_shows_is_told_apart_from_what_is_to_be_asked() -> None:
    later = {"it": {"type": "date", "value": "if a_on > b_on then a_on else b_on"}}
    made = Made({"a_on": BEGUN, "b_on": DONE}, later)
    made.blocks.append("  - {id: start, expect: {it: 2024-03-01}}")
    found = made.looked_at()
    alike = [each for each in found if isinstance(each, Alike)]
    assert [(each.edge.text, each.in_force) for each in alike] == []
    [edge] = [each for each in found if isinstance(each, Suggestion)]
    assert edge.unnoticed == ('a_on > b_on + duration("P1D")',)


# ------------------------------------------------------------------------------- whatever the edge

LOG = {
    "type": "list<context>",
    "log": {"by": "at"},
    "entries": {"at": {"type": "date and time"}, "valid": {"type": "boolean", "presume": True}},
}

PROGRAMMES: dict[
    str, tuple[Mapping[str, tuple[Any, object]], Mapping[str, Any], dict[str, Any]]
] = {
    "a period": ({"begun_on": BEGUN, "done_on": DONE}, WINDOW, {}),
    "months": (
        {"begun_on": BEGUN, "done_on": DONE},
        {"ok": {"excluded_if": {"late": 'done_on > begun_on + duration("P6M")'}}},
        {},
    ),
    "a year that ends a day earlier": (
        {"begun_on": BEGUN},
        {"end": {"type": "date", "value": 'begun_on + duration("P1Y") - duration("P1D")'}},
        {},
    ),
    "the end of a quarter": (
        {"paid_on": BEGUN},
        {
            "due": {"type": "date", "value": 'aux_end + duration("P45D")'},
            "aux_end": {
                "type": "date",
                "value": "date(paid_on.year, 3 * ceiling(paid_on.month / 3), 1)"
                ' + duration("P1M") - duration("P1D")',
            },
        },
        {},
    ),
    "an instant and its day": (
        {"first_at": (INSTANT, "2024-02-01T09:00:00"), "done_on": DONE},
        {"ok": {"value": 'done_on <= date(first_at) + duration("P30D")'}},
        {},
    ),
    "two instants": (
        {
            "first_at": (INSTANT, "2024-02-01T09:00:00"),
            "second_at": (INSTANT, "2024-03-31T01:59:59"),
        },
        {"ok": {"excluded_if": {"before": "second_at < first_at"}}},
        {},
    ),
    "amounts": (
        {"amount": ("number", 20), "rate": ("number", "0.5")},
        {"ok": {"value": "amount * rate >= 12.5"}, "free": {"value": "amount = 0"}},
        {},
    ),
    "a range": ({"amount": ("number", 20)}, {"ok": {"value": "amount in [5..50)"}}, {}),
    "a remark": (
        {"begun_on": BEGUN, "done_on": DONE},
        {"ok": {"value": "true", "remarks": {"late": "done_on > begun_on"}}},
        {},
    ),
    "two at once, by a reading that is open": (
        {"begun_on": BEGUN, "done_on": DONE, "left_on": ({"type": "date?", "presume": None}, None)},
        {
            "ok": {
                "value": {
                    "by": "how",
                    "wide": "done_on >= begun_on",
                    "narrow": "done_on >= begun_on and (left_on = null or left_on > done_on)",
                }
            }
        },
        {"readings": {"how": ["wide", "narrow"]}},
    ),
    "a log": (
        {"log": (LOG, [{"at": "2024-02-01T09:00:00"}]), "done_on": DONE},
        {"ok": {"value": "some e in log satisfies e.valid and date(e.at) <= done_on"}},
        {},
    ),
    "what every transaction satisfies": (
        {"begun_on": BEGUN, "done_on": DONE},
        {"ok": {"value": "true"}},
        {"consistent_when": {"in_order": "begun_on <= done_on"}},
    ),
    "when an act is open": (
        {
            "begun_on": BEGUN,
            "done_on": DONE,
            "permit": (
                {
                    "type": "string",
                    "one_of": ["granted", "refused"],
                    "act": {"open_when": "done_on > begun_on"},
                },
                None,
            ),
        },
        {"ok": {"value": 'permit = "granted"'}},
        {},
    ),
    "a day of the week": (
        {"begun_on": BEGUN},
        {
            "ok": {
                "value": "true",
                "remarks": {"weekend": 'day of week(begun_on) in ("Saturday", "Sunday")'},
            }
        },
        {},
    ),
    "a table": (
        {"amount": ("number", 20)},
        {
            "rate": {
                "type": "number",
                "table": {
                    "hit_policy": "FIRST",
                    "inputs": ["amount"],
                    "outputs": [{"name": "rate", "type": "number", "default": "0"}],
                    "rules": [
                        {"id": "large", "clause": "1", "when": [">= 500"], "then": ["2"]},
                        {"id": "some", "clause": "1", "when": ["[50..500)"], "then": ["1"]},
                    ],
                },
            }
        },
        {},
    ),
}


def with_a_case(name: str) -> Made:
    """Make a programme with one case, which asks everything and says little."""
    facts, decisions, more = PROGRAMMES[name]
    made = Made(facts, decisions, **more)
    questions = [n for n, each in made.valid.policy.decisions.items() if each.question is not None]
    expected = ", ".join(f"{each}: {{remarks: []}}" for each in questions)
    made.blocks.append(f"  - {{id: start, expect: {{{expected}}}}}")
    return made


@cache
def suggested(name: str) -> tuple[Made, tuple[Suggestion, ...]]:
    """Give a programme with one case, and what is suggested for it."""
    made = with_a_case(name)
    return made, tuple(made.suggested())


@pytest.mark.parametrize("name", PROGRAMMES)
def test_once_the_cases_are_answered_nothing_is_suggested_and_no_edge_can_move(name: str) -> None:
    before, found = suggested(name)
    made = before.copy()
    assert found
    assert all(each.cases or each.also for each in found)
    made.fill_in(found)
    assert made.failing(made.valid) == []
    assert made.suggested() == []
    moved = 0
    for suggestion in found:
        for each in suggestion.edge.neighbours:
            if each.shown in suggestion.unnoticed:
                moved += 1
                other = with_text(made.valid, suggestion.edge.place.formula, each.text)
                assert other is not None
                assert made.failing(other)
    assert moved >= len(found)


@pytest.mark.parametrize("name", PROGRAMMES)
def test_no_answer_stands_in_what_is_suggested(name: str) -> None:
    made, found = suggested(name)
    lines = as_yaml(found, "en").splitlines()
    count = sum(len(each.cases) for each in found)
    after = [lines[index + 1] for index, each in enumerate(lines) if each == "    expect:"]
    questions = {
        f"      {n}:"
        for n, each in made.valid.policy.decisions.items()
        if each.question is not None
    }
    assert len(after) == count
    assert set(after) <= questions
    assert not {"verdict", "value", "YES", "NO"} & {word for e in lines for word in e.split()}


@pytest.mark.parametrize("name", PROGRAMMES)
def test_names_of_cases_are_unique_and_plain(name: str) -> None:
    ids = [case.id for each in suggested(name)[1] for case in each.cases]
    assert len(ids) == len(set(ids))
    assert all(each.replace("-", "").isalnum() and each == each.lower() for each in ids)


def test_a_month_that_is_too_short_is_asked_for_with_its_leap_day() -> None:
    _, suggestions = suggested("months")
    [found] = [each for each in suggestions if each.edge.kind == "months"]
    days = [date.fromisoformat(str(each.facts["begun_on"])) for each in found.cases]
    assert len(days) == 3
    assert all(each.position == "month-end" for each in found.cases)
    ends = {(each.month + 5) % 12 + 1 for each in days}
    assert all(each.day > 28 for each in days)
    assert 2 in ends


def test_the_first_and_the_last_second_of_a_day_are_asked_for() -> None:
    _, suggestions = suggested("an instant and its day")
    [found] = [each for each in suggestions if each.edge.kind == "midnight"]
    at = {each.position: str(each.facts.get("first_at"))[11:] for each in found.cases}
    assert at == {"last-second": "23:59:59", "first-second": "00:00:00"}


def test_days_on_which_clocks_change_are_days_like_others() -> None:
    made = Made(
        {"first_at": (INSTANT, "2024-03-31T12:00:00"), "done_on": (EVENT, "2024-03-31")},
        {"ok": {"value": "done_on <= date(first_at)"}},
    )
    made.blocks.append("  - {id: start, expect: {ok: YES}}")
    found = made.suggested()
    made.fill_in(found)
    assert made.failing(made.valid) == []
    assert made.suggested() == []


def test_the_last_day_of_a_quarter_is_asked_for() -> None:
    _, suggestions = suggested("the end of a quarter")
    found = [each for each in suggestions if each.edge.kind == "calendar"]
    days = {each.position: each.facts["paid_on"] for one in found for each in one.cases}
    assert set(days) == {"first-day", "last-day"}
    assert str(days["first-day"])[5:] in {"01-01", "04-01", "07-01", "10-01"}
    assert str(days["last-day"])[5:] in {"12-31", "03-31", "06-30", "09-30"}


def test_two_edges_that_one_case_shows_share_it() -> None:
    decisions = {
        "ok": {"requires": {"one": "done_on <= begun_on", "two": "done_on <= begun_on"}},
    }
    made = Made({"begun_on": BEGUN, "done_on": DONE}, decisions)
    made.blocks.append("  - {id: start, expect: {ok: NO}}")
    first, second = made.suggested()
    assert [each.id for each in first.cases] == list(second.also)
    assert second.cases == ()


def test_a_case_starts_from_the_base_that_is_nearest() -> None:
    made = window()
    made.head += "bases:\n  late: {facts: {done_on: 2024-05-01}}\n"
    by_position = {each.position: each for one in made.suggested() for each in one.cases}
    assert (by_position["on"].base, by_position["on"].facts) == ("late", {})
    assert "    base: late" in as_yaml(made.suggested(), "en").splitlines()


@settings(max_examples=8)
@given(
    unit=st.sampled_from(["D", "M"]),
    length=st.integers(1, 18),
    operator=st.sampled_from(["<", "<=", ">", ">="]),
    begun=st.dates(date(2022, 1, 1), date(2023, 6, 30)),
)
def test_answering_settles_it_whatever_the_period(
    unit: str, length: int, operator: str, begun: date
) -> None:
    formula = f'done_on {operator} begun_on + duration("P{length}{unit}")'
    made = Made(
        {"begun_on": (EVENT, begun.isoformat()), "done_on": DONE}, {"ok": {"value": formula}}
    )
    made.blocks.append("  - {id: start, expect: {ok: {open: []}}}")
    made.fill_in(made.suggested())
    assert made.failing(made.valid) == []
    assert made.suggested() == []


def test_every_edge_of_a_version_has_neighbours_that_can_be_read() -> None:
    for name in PROGRAMMES:
        valid = with_a_case(name).valid
        for edge in edges(valid):
            for each in edge.neighbours:
                assert with_text(valid, edge.place.formula, each.text) is not None, each.text
