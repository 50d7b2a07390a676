"""The fast path: decisions from facts, and what stays open."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from policyeval.backends.python import Definite, Found, compile_terms
from policyeval.errors import EvaluationError
from policyeval.feel import types
from policyeval.policy.never import NEVER
from tests.backends.python_policies import (
    ASKED,
    act,
    environment,
    event,
    terms,
    unknown,
)

NUMBER, BOOLEAN, DATE, TEXT = types.NUMBER, types.BOOLEAN, types.DATE, types.STRING
FACTS = {
    "a": ("plain", NUMBER),
    "b": ("plain", BOOLEAN),
    "c": ("plain", BOOLEAN),
    "n": ("plain", types.optional(NUMBER)),
    "e": ("event", DATE),
    "f": ("event", DATE),
    "at": ("event", types.DATE_AND_TIME),
    "grant": ("act", types.optional(TEXT)),
    "numbers": ("plain", types.ListOf(NUMBER)),
}
KNOWN: Mapping[str, object] = {
    "a": Decimal(2),
    "b": True,
    "c": False,
    "n": None,
    "e": date(2024, 2, 10),
    "f": date(2024, 2, 20),
    "at": datetime(2024, 2, 10, 12, tzinfo=UTC),
    "grant": None,
    "numbers": [Decimal(1), Decimal(2)],
}
START = datetime(2024, 3, 1, tzinfo=UTC)


def found(decisions: Mapping[str, tuple[types.Type, object]], **facts: object) -> Found:
    rules = terms(FACTS, decisions, open_when={"grant": "b"})
    return compile_terms(rules).run(environment({**KNOWN, **facts}), decisions)


def value(type_: types.Type, text: str, **facts: object) -> object:
    """Give the value of a decision; ... if it is not determined."""
    definite = found({"d": (type_, text)}, **facts).decisions["d"]
    return ... if definite is None else definite.value


@pytest.mark.parametrize(
    ("text", "facts", "expected"),
    [
        pytest.param("a > 1", {}, True, id="known"),
        pytest.param("a > 1", {"a": unknown("a")}, ..., id="unknown"),
        pytest.param("c and a > 1", {"a": unknown("a")}, False, id="false and unknown"),
        pytest.param("a > 1 and c", {"a": unknown("a")}, False, id="unknown and false"),
        pytest.param("a > 1 or b", {"a": unknown("a")}, True, id="unknown or true"),
        pytest.param("a > 1 and b", {"a": unknown("a")}, ..., id="unknown and true"),
        pytest.param("not(a > 1 or b)", {"a": unknown("a")}, False, id="not"),
        pytest.param("if a > 1 then b else b", {"a": unknown("a")}, True, id="either branch"),
        pytest.param("if b then b else a > 1", {"a": unknown("a")}, True, id="the branch taken"),
        pytest.param("n != null and n > 1", {"n": unknown("n")}, ..., id="unknown null"),
        pytest.param("c and n != null and n > 1", {"b": unknown("b")}, False, id="guarded"),
        pytest.param("n = null or n > a", {"a": unknown("a")}, True, id="null decides"),
        pytest.param("e <= f", {"f": event("f")}, True, id="before what is still to come"),
        pytest.param("f <= e", {"f": event("f")}, False, id="what is still to come is not before"),
        pytest.param("f > asked_on", {"f": event("f")}, ..., id="may be today"),
        pytest.param("f >= asked_on", {"f": event("f")}, True, id="not before today"),
        pytest.param("e < f", {"e": event("e"), "f": event("f")}, ..., id="two to come"),
        pytest.param("happened(f)", {"f": event("f")}, False, id="has not happened"),
        pytest.param("happened(f)", {}, True, id="has happened"),
        pytest.param("happened(f)", {"f": ASKED}, True, id="has happened today"),
        pytest.param("happened(f)", {"f": NEVER}, False, id="never has not happened"),
        pytest.param("happened(f)", {"f": unknown("f")}, ..., id="happened, unknown"),
        pytest.param("f = null", {"f": event("f")}, ..., id="perhaps never"),
        pytest.param("f = null", {"f": NEVER}, True, id="never"),
        pytest.param("f != null", {}, True, id="ever"),
        pytest.param("f > e", {"f": NEVER}, True, id="never is after every day"),
        pytest.param("f = e", {"f": NEVER}, False, id="never is no day"),
        pytest.param('f + @"P1M" > e', {"f": NEVER}, True, id="never, moved"),
        pytest.param('f + @"P1M" > asked_on', {"f": event("f")}, True, id="to come, moved"),
        pytest.param("date(at) < asked_on", {"at": event("at", START)}, False, id="its day"),
        pytest.param("date(at).year = 2024", {"at": event("at", START)}, ..., id="its year"),
        pytest.param("f in [e..asked_on]", {"f": event("f")}, ..., id="within, perhaps"),
        pytest.param("f in [e..e]", {"f": event("f")}, False, id="not within"),
        pytest.param('grant = "yes"', {"grant": act("grant"), "b": False}, False, id="no act"),
        pytest.param('grant = "yes"', {"grant": act("grant")}, ..., id="an open act"),
        pytest.param(
            'grant = "yes"',
            {"grant": act("grant"), "b": unknown("b")},
            ...,
            id="an act that may be open",
        ),
        pytest.param('grant = "yes"', {"grant": "yes"}, True, id="an act"),
        pytest.param("count(numbers) = 2", {}, True, id="a list"),
        pytest.param(
            "count(numbers) = 2", {"numbers": [unknown("numbers[1]")]}, ..., id="open within"
        ),
        pytest.param(
            "1 / a > 0 or true", {"a": Decimal(0), "c": unknown("c")}, "error", id="an error"
        ),
        pytest.param(
            "c and 1 / a > 0", {"a": Decimal(0)}, False, id="no error where not looked at"
        ),
        pytest.param(
            "b and 1 / a > 0",
            {"a": Decimal(0), "b": unknown("b")},
            ...,
            id="an error that may not be met",
        ),
    ],
)
def test_a_condition_comes_to(text: str, facts: dict[str, object], expected: object) -> None:
    if expected == "error":
        with pytest.raises(EvaluationError):
            value(BOOLEAN, text, **facts)
    else:
        assert value(BOOLEAN, text, **facts) is expected


def test_a_decision_with_rules_tells_which_hold() -> None:
    rules = {"requires": ["a > 1", "c"], "excluded_if": ["b", "c"], "remarks": ["b", "a > 5"]}
    decisions = found({"d": (BOOLEAN, rules)}).decisions
    expected = Definite(True, False, (True, False, True, False), (), (True, False))
    assert decisions["d"] == expected


def test_a_rule_that_surely_fails_does_not_make_the_reasons_complete() -> None:
    rules = {"requires": ["c", "a > 1"]}
    run = found({"d": (BOOLEAN, rules), "e2": (BOOLEAN, "d or c")}, a=unknown("a"))
    assert run.decisions["d"] is None
    assert run.partial["d"].rules == (False, None)
    assert run.partial["d"].value is False
    assert run.decisions["e2"] == Definite(True, False)


def test_a_remark_that_is_not_known_leaves_the_decision_alone() -> None:
    rules = {"requires": ["b"], "remarks": ["a > 1", "b"]}
    assert found({"d": (BOOLEAN, rules)}, a=unknown("a")).decisions["d"] == Definite(
        True, True, (True,), (), (None, True)
    )


def test_a_decision_that_does_not_apply_says_nothing_else() -> None:
    rules = {"covers": "c", "requires": ["a > 1"]}
    assert found({"d": (BOOLEAN, rules)}, a=unknown("a")).decisions["d"] == Definite(False, None)


def test_a_decision_that_may_not_apply_is_open() -> None:
    rules = {"covers": "a > 1", "requires": ["b"]}
    assert found({"d": (BOOLEAN, rules)}, a=unknown("a")).decisions["d"] is None


def test_what_one_decision_lacks_leaves_others_alone() -> None:
    decisions = {"x": (NUMBER, "a * 2"), "y": (NUMBER, "count(numbers)"), "z": (NUMBER, "x + y")}
    run = found(decisions, a=unknown("a"))
    assert run.decisions["x"] is None
    assert run.decisions["y"] == Definite(True, Decimal(2))
    assert run.decisions["z"] is None


def test_only_what_a_decision_needs_is_computed() -> None:
    rules = terms(FACTS, {"x": (NUMBER, "1 / a"), "y": (NUMBER, "a + 1")})
    fast = compile_terms(rules)
    facts = environment({**KNOWN, "a": Decimal(0)})
    assert fast.run(facts, ["y"]).decisions == {"y": Definite(True, Decimal(1))}
    with pytest.raises(EvaluationError):
        fast.run(facts, ["x", "y"])


def test_an_error_says_where_it_is_and_of_which_version() -> None:
    decisions = {"x": (NUMBER, "1 / a"), "y": (BOOLEAN, {"requires": ["x > 1"]})}
    with pytest.raises(EvaluationError) as caught:
        found(decisions, a=Decimal(0))
    assert str(caught.value) == (
        "policies/made-up/2024-01-01.yaml:3:3: error: a number cannot be divided by zero, in `x` of "
        "`made-up`, version `2024-01-01`  [eval.division-by-zero]\n"
        "    3 | - 1 / a\n"
        "      |   ^^^^^"
    )


def test_a_year_out_of_range_is_told_in_the_file() -> None:
    with pytest.raises(EvaluationError, match=r"2024-01-01.yaml:3:3: .*\[eval.date-range\]"):
        value(DATE, 'e + duration("P9000Y")')


def test_a_day_that_is_still_to_come_is_no_value_yet() -> None:
    assert value(DATE, 'f + duration("P1M")', f=event("f")) is ...
    assert value(DATE, 'f + duration("P1M")', f=NEVER) is NEVER
    assert value(DATE, 'f + duration("P1M")') == date(2024, 3, 20)


def test_a_decision_of_a_day_to_come_is_compared_like_it() -> None:
    run = found({"x": (DATE, 'f + duration("P1D")'), "y": (BOOLEAN, "x > asked_on")}, f=event("f"))
    assert run.decisions == {"x": None, "y": Definite(True, True)}


def test_parameters_are_constants_and_hide_nothing() -> None:
    rules = terms(
        FACTS,
        {"d": (NUMBER, "sum(for limit2 in numbers return limit2 * factor)")},
        parameters={"limit2": (NUMBER, "10"), "factor": (NUMBER, "limit2 * 2")},
    )
    run = compile_terms(rules).run(environment(KNOWN), ["d"])
    assert run.decisions["d"] == Definite(True, Decimal(60))
    assert run.values["factor"] == Decimal(20)


READINGS = {"r": ("p", "q"), "s": ("p", "q")}


def with_readings(slot: object, adopted: Mapping[str, str] | None = None) -> Found:
    decisions = {"x": (DATE, slot), "y": (BOOLEAN, "x > e"), "z": (BOOLEAN, "x > f")}
    rules = terms(FACTS, decisions, readings=READINGS, adopted=adopted)
    return compile_terms(rules).run(environment(KNOWN), decisions)


def test_an_open_reading_leaves_open_what_it_changes_and_nothing_else() -> None:
    slot = {"by": "r", "p": 'e + duration("P1D")', "q": 'f + duration("P1D")'}
    assert with_readings(slot).decisions == {"x": None, "y": Definite(True, True), "z": None}


def test_readings_that_agree_are_no_question() -> None:
    slot = {"by": "r", "p": "f", "q": {"by": "s", "p": "f", "q": 'e + duration("P10D")'}}
    assert with_readings(slot).decisions["x"] == Definite(True, date(2024, 2, 20))


def test_an_adopted_reading_is_the_only_one() -> None:
    slot = {"by": "r", "p": "e", "q": "f"}
    assert with_readings(slot, {"r": "q"}).decisions["x"] == Definite(True, date(2024, 2, 20))


def test_an_overlay_moves_a_day_to_the_next_working_day() -> None:
    rules = terms(
        FACTS,
        {"x": (DATE, "f"), "y": (BOOLEAN, "x > f")},
        moved={"x": "SE"},
    )
    fast = compile_terms(rules)
    saturday = fast.run(environment({**KNOWN, "f": date(2024, 6, 22)}), ["x", "y"])
    assert saturday.decisions == {
        "x": Definite(True, date(2024, 6, 24)),
        "y": Definite(True, True),
    }
    to_come = fast.run(environment({**KNOWN, "f": event("f", date(2024, 6, 22))}), ["x"])
    assert to_come.decisions == {"x": None}
    assert fast.run(environment({**KNOWN, "f": NEVER}), ["x"]).decisions["x"] == Definite(
        True, NEVER
    )


def test_an_overlay_moves_the_day_of_every_reading() -> None:
    rules = terms(
        FACTS,
        {"x": (DATE, {"by": "r", "p": "e", "q": "f"}), "y": (BOOLEAN, 'x >= date("2024-06-24")')},
        readings=READINGS,
        moved={"x": "SE"},
    )
    facts = environment({**KNOWN, "e": date(2024, 6, 21), "f": date(2024, 6, 22)})
    run = compile_terms(rules).run(facts, ["x", "y"])
    assert run.decisions["x"] == Definite(True, date(2024, 6, 24))
    assert run.decisions["y"] == Definite(True, True)


def test_a_world_may_say_itself_what_has_happened() -> None:
    """A world in which something happens today that has not happened as of today."""
    world = {"f": ASKED, "happened(f)": False}
    assert value(BOOLEAN, "happened(f)", **world) is False
    assert value(BOOLEAN, "f <= asked_on", **world) is True


def test_consistency_is_told_rule_by_rule() -> None:
    rules = terms(FACTS, {"d": (BOOLEAN, "b")}, consistent_when=["e <= f", "a > 1", "c"])
    fast = compile_terms(rules)
    assert fast.consistent(environment({**KNOWN, "a": unknown("a")})) == (True, None, False)


def test_the_values_that_are_known_are_given_for_the_texts() -> None:
    run = found({"x": (NUMBER, "a * 2"), "y": (BOOLEAN, "x > 3 and f > e")}, f=event("f"))
    assert run.values["x"] == Decimal(4)
    assert run.values["a"] == Decimal(2)
    assert "f" not in run.values


def test_no_function_is_kept_for_each_of_very_many_questions() -> None:
    decisions = {f"d{n}": (NUMBER, f"a + {n}") for n in range(70)}
    fast = compile_terms(terms(FACTS, decisions))
    for name in decisions:
        assert fast.run(environment(KNOWN), [name]).decisions[name] is not None
    assert len(fast._functions) <= 64
