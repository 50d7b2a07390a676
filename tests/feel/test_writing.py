"""Values as text."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyeval.feel import evaluate, temporal, types
from policyeval.feel.failure import BudgetExceededError, Failure
from policyeval.feel.operators import comparison_range, make_range, same
from policyeval.feel.runtime import Budget
from policyeval.feel.values import Function, FunctionParameter, Value, YearsMonthsDuration
from policyeval.feel.writing import key_text, literal_text, quoted, shown, unquoted, value_text

NAMED = Function("f", (FunctionParameter("a b"), FunctionParameter("c")), types.ANY, lambda: None)


def n(number: str | int) -> Decimal:
    return Decimal(number)


def t(text: str) -> Value:
    """Read a date, time or duration."""
    return temporal.parse_temporal(text)


@pytest.mark.parametrize(
    ("value", "text", "literal"),
    [
        (None, "null", "null"),
        (True, "true", "true"),
        (n("1.10"), "1.1", "1.1"),
        (n("-5"), "-5", "-5"),
        (n("1e3"), "1000", "1000"),
        ('say "hi"', 'say "hi"', r'"say \"hi\""'),
        ("", "", '""'),
        (t("2024-01-31"), "2024-01-31", '@"2024-01-31"'),
        (t("10:30:00Z"), "10:30:00Z", '@"10:30:00Z"'),
        (t("P14M"), "P1Y2M", '@"P1Y2M"'),
        (t("PT36H"), "P1DT12H", '@"P1DT12H"'),
        ([], "[]", "[]"),
        ([n(1), "a", None, t("P1D")], '[1, "a", null, P1D]', '[1, "a", null, @"P1D"]'),
        ({}, "{}", "{}"),
        (
            {"a": n(1), "b c": [n(2)], "if": "x"},
            '{a: 1, "b c": [2], "if": "x"}',
            '{a: 1, "b c": [2], "if": "x"}',
        ),
        (make_range(n(1), n(3), True, False), "[1..3)", "[1..3)"),
        (make_range("a", None, False, True), '("a"..null]', '("a"..null]'),
        (
            make_range(t("2024-01-01"), t("2024-12-31"), True, True),
            '[@"2024-01-01"..@"2024-12-31"]',
            '[@"2024-01-01"..@"2024-12-31"]',
        ),
        (comparison_range("<", n(10)), "(< 10)", "(< 10)"),
        (comparison_range(">=", n(10)), "(>= 10)", "(>= 10)"),
        (comparison_range("!=", "a"), '(!= "a")', '(!= "a")'),
    ],
)
def test_a_value_is_written_as_text_and_as_a_literal(value: Value, text: str, literal: str) -> None:
    assert value_text(value) == text
    assert literal_text(value) == literal


def test_a_function_has_a_text_but_no_literal() -> None:
    assert value_text([NAMED]) == "[f(a b, c)]"
    with pytest.raises(Failure) as caught:
        literal_text([NAMED])
    assert caught.value.code == "eval.type"


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("a", "a"),
        ("a1_", "a1_"),
        ("größe", "größe"),
        ("a b", '"a b"'),
        ("1a", '"1a"'),
        ("a-b", '"a-b"'),
        ("", '""'),
        ("null", '"null"'),
        ("ﬁ", '"ﬁ"'),
        ("рау", '"рау"'),
        ("a\u202eb", r'"a\u202eb"'),
    ],
)
def test_a_key_is_bare_only_if_it_is_a_simple_name(key: str, text: str) -> None:
    assert key_text(key) == text


@pytest.mark.parametrize(
    ("text", "literal"),
    [
        ('a"b', r'"a\"b"'),
        ("a\\b", r'"a\\b"'),
        ("a\nb\r\tc", r'"a\nb\r\tc"'),
        ("a\x00\u2028\u202e", r'"a\u0000\u2028\u202e"'),
        ("\U000e0001", r'"\U0e0001"'),
        ("🐎", '"🐎"'),
        ("\\u0041", r'"\\u0041"'),
        ("{0.__class__} %s", '"{0.__class__} %s"'),
    ],
)
def test_a_text_is_quoted_with_escapes_for_what_cannot_be_seen(text: str, literal: str) -> None:
    assert quoted(text) == literal
    assert unquoted(literal) == text


@given(st.text())
def test_quoting_can_be_undone(text: str) -> None:
    assert unquoted(quoted(text)) == text


@pytest.mark.parametrize(
    ("literal", "text"),
    [
        (r'"\uD83D\uDC0E"', "🐎"),
        (r'"\U01F40E"', "🐎"),
        (r'"\'"', "'"),
        (r'"\s+"', r"\s+"),
        (r'"\\s"', r"\s"),
    ],
)
def test_escapes_are_read(literal: str, text: str) -> None:
    assert unquoted(literal) == text


@pytest.mark.parametrize("literal", [r'"\uD83D"', r'"\uDC0E\uD83D"', r'"\U110000"', r'"\UFFFFFF"'])
def test_an_escape_for_no_character_is_refused(literal: str) -> None:
    with pytest.raises(Failure) as caught:
        unquoted(literal)
    assert caught.value.code == "eval.literal"


def nested(depth: int, inner: Value) -> Value:
    """Put a value into so many lists, each holding the one below twice."""
    for _ in range(depth):
        inner = [inner, inner]
    return inner


def test_a_value_that_holds_others_many_times_over_is_written_up_to_the_budget() -> None:
    with pytest.raises(BudgetExceededError) as caught:
        value_text(nested(60, n(1)))
    assert caught.value.code == "eval.size"
    assert shown(nested(60, n(1))).endswith("…")


def test_the_budget_says_how_long_and_how_deep_a_text_may_be() -> None:
    assert value_text([n(1), n(2)], Budget(string_length=6)) == "[1, 2]"
    with pytest.raises(BudgetExceededError):
        value_text([n(1), n(2)], Budget(string_length=5))
    assert value_text([[n(1)]], Budget(value_depth=2)) == "[[1]]"
    with pytest.raises(Failure) as caught:
        value_text([[n(1)]], Budget(value_depth=1))
    assert caught.value.code == "eval.too-deep"


def test_a_value_nested_too_deeply_is_not_written() -> None:
    inner: Value = None
    for _ in range(5000):
        inner = [inner]
    for operation in (value_text, literal_text):
        with pytest.raises(Failure) as caught:
            operation(inner)
        assert caught.value.code == "eval.too-deep"
    assert shown(inner).endswith("[[…")


def test_a_long_value_is_cut_short_in_a_message() -> None:
    assert shown("a" * 1000) == '"' + "a" * 58 + "…"
    assert shown([n(1), "b"]) == '[1, "b"]'


VALUES: st.SearchStrategy[Value] = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.decimals(allow_nan=False, allow_infinity=False, places=2).filter(
            lambda each: abs(each) < 10**20
        ),
        st.text(max_size=10),
        st.dates(),
        st.datetimes(timezones=st.one_of(st.none(), st.timezones())).map(temporal.normalise),
        st.timedeltas(timedelta(-9999), timedelta(9999)),
        st.integers(-999, 999).map(YearsMonthsDuration),
        st.integers(-9, 9).map(lambda each: comparison_range("<", n(each))),
        st.integers(-9, 9).map(lambda each: make_range(n(each), n(10), True, False)),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(VALUES)
def test_a_literal_reads_back_as_an_equal_value(value: Value) -> None:
    assert same(evaluate(literal_text(value)), value)


@given(VALUES)
def test_equal_values_have_equal_texts(value: Value) -> None:
    assert literal_text(value) == literal_text(_copy(value))


def _copy(value: Value) -> Value:
    if isinstance(value, list):
        return [_copy(each) for each in value]
    if isinstance(value, Decimal):
        return Decimal(f"{value}0")
    return date.fromordinal(value.toordinal()) if type(value) is date else value
