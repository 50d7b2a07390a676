"""What the operators mean, for every pair of kinds."""

import decimal
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyeval.feel import operators, temporal, types
from policyeval.feel.failure import BudgetExceededError, Failure
from policyeval.feel.runtime import Budget, Runtime
from policyeval.feel.syntax import ComparisonOperator
from policyeval.feel.values import Function, Range, Value, WideDate, YearsMonthsDuration


def n(number: str | int) -> Decimal:
    return Decimal(number)


def t(text: str) -> Value:
    """Read a date, time or duration."""
    return temporal.parse_temporal(text)


def a_function() -> Function:
    return Function("f", (), types.ANY, lambda: None)


def failure_code(operation: Callable[[], object]) -> str:
    with pytest.raises(Failure) as caught:
        operation()
    return caught.value.code


def range_of(
    start: Value, end: Value, start_included: bool = True, end_included: bool = True
) -> Range:
    return operators.make_range(start, end, start_included, end_included)


TRAPS = [decimal.FloatOperation, decimal.Inexact, decimal.Rounded]

# ---------------------------------------------------------------------- values for laws

NUMBERS = st.decimals(
    allow_nan=False, allow_infinity=False, places=3, min_value=-(10**9), max_value=10**9
)
# Without zones: a value with and one without a zone are never equal, but may come neither first.
ORDERED = st.one_of(
    NUMBERS,
    st.text(max_size=5),
    st.dates(),
    st.datetimes(),
    st.timedeltas(),
    st.integers(-999, 999).map(YearsMonthsDuration),
    st.times().map(lambda each: temporal.make_time(each.hour, each.minute, each.second)),
)
SIMPLE = st.one_of(st.none(), st.booleans(), ORDERED)
VALUES: st.SearchStrategy[Value] = st.recursive(
    SIMPLE,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=2), inner, max_size=3)
    ),
    max_leaves=8,
)


def outcome(operation: Callable[..., Value], *operands: object) -> object:
    """Give a result, or the code of the failure."""
    try:
        return operation(*operands)
    except Failure as failure:
        return failure.code


# ---------------------------------------------------------------------- arithmetic

KINDS: dict[str, Value] = {
    "null": None,
    "boolean": True,
    "number": n(2),
    "string": "a",
    "date": t("2024-02-29"),
    "date and time": t("2024-02-29T12:00:00"),
    "time": t("12:00:00"),
    "days": t("P1D"),
    "months": t("P1M"),
    "list": [n(1)],
    "context": {"a": n(1)},
    "range": range_of(n(1), n(5)),
    "function": a_function(),
}

RESULTS: dict[str, dict[tuple[str, str], Value]] = {
    "+": {
        ("number", "number"): n(4),
        ("string", "string"): "aa",
        ("date", "days"): t("2024-03-01"),
        ("days", "date"): t("2024-03-01"),
        ("date", "months"): t("2024-03-29"),
        ("months", "date"): t("2024-03-29"),
        ("date and time", "days"): t("2024-03-01T12:00:00"),
        ("days", "date and time"): t("2024-03-01T12:00:00"),
        ("date and time", "months"): t("2024-03-29T12:00:00"),
        ("months", "date and time"): t("2024-03-29T12:00:00"),
        ("time", "days"): t("12:00:00"),
        ("days", "time"): t("12:00:00"),
        ("days", "days"): t("P2D"),
        ("months", "months"): t("P2M"),
    },
    "-": {
        ("number", "number"): n(0),
        ("date", "date"): t("P0D"),
        ("date", "days"): t("2024-02-28"),
        ("date", "months"): t("2024-01-29"),
        ("date and time", "date and time"): t("P0D"),
        ("date and time", "days"): t("2024-02-28T12:00:00"),
        ("date and time", "months"): t("2024-01-29T12:00:00"),
        ("time", "time"): t("P0D"),
        ("time", "days"): t("12:00:00"),
        ("days", "days"): t("P0D"),
        ("months", "months"): t("P0M"),
    },
    "*": {
        ("number", "number"): n(4),
        ("number", "days"): t("P2D"),
        ("days", "number"): t("P2D"),
        ("number", "months"): t("P2M"),
        ("months", "number"): t("P2M"),
    },
    "/": {
        ("number", "number"): n(1),
        ("days", "number"): t("PT12H"),
        ("months", "number"): t("P0M"),
        ("days", "days"): n(1),
        ("months", "months"): n(1),
    },
    "**": {("number", "number"): n(4)},
}
OPERATIONS: dict[str, Callable[[Value, Value], Value]] = {
    "+": operators.add,
    "-": operators.subtract,
    "*": operators.multiply,
    "/": operators.divide,
    "**": operators.power,
}
# A date has a difference from a date and time with a zone only: it counts as midnight in UTC.
LOCAL = {("date", "date and time"), ("date and time", "date")}


@pytest.mark.parametrize("operator", OPERATIONS)
@pytest.mark.parametrize("left", KINDS)
@pytest.mark.parametrize("right", KINDS)
def test_an_arithmetic_operator_works_for_the_pairs_of_kinds_in_the_table_and_no_others(
    operator: str, left: str, right: str
) -> None:
    expected: object = RESULTS[operator].get((left, right))
    if expected is None:
        expected = "eval.null" if "null" in (left, right) else "eval.type"
        if operator == "-" and (left, right) in LOCAL:
            expected = "eval.zone"
    assert outcome(OPERATIONS[operator], KINDS[left], KINDS[right]) == expected


def test_a_date_minus_a_date_and_time_with_a_zone_counts_from_midnight_in_utc() -> None:
    assert operators.subtract(t("2024-01-02"), t("2024-01-01T12:00:00Z")) == t("PT12H")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (n(5), n(-5)),
        (n(0), n(0)),
        (t("P1D"), t("-P1D")),
        (t("-P1Y"), t("P1Y")),
        (None, "eval.null"),
        ("5", "eval.type"),
        (t("2024-01-01"), "eval.type"),
        ([n(1)], "eval.type"),
        (True, "eval.type"),
    ],
    ids=repr,
)
def test_a_minus_sign_turns_numbers_and_durations_round(value: Value, expected: object) -> None:
    assert outcome(operators.negate, value) == expected


@pytest.mark.parametrize(
    ("operation", "left", "right", "code"),
    [
        (operators.divide, n(1), n(0), "eval.division-by-zero"),
        (operators.divide, n(0), n(0), "eval.division-by-zero"),
        (operators.divide, t("P1D"), n(0), "eval.division-by-zero"),
        (operators.divide, t("P1D"), t("P0D"), "eval.division-by-zero"),
        (operators.divide, t("P1Y"), t("P0M"), "eval.division-by-zero"),
        (operators.power, n(0), n(-1), "eval.division-by-zero"),
        (operators.power, n(10), n("1e10"), "eval.number-range"),
        (operators.power, n(10), n(10**7), "eval.number-range"),
        (operators.power, n(-1), n("0.5"), "eval.domain"),
        (operators.multiply, n("9e6144"), n(10), "eval.number-range"),
        (operators.add, t("999999999-12-31"), t("P1D"), "eval.date-range"),
        (operators.multiply, t("P400D"), n("1e12"), "eval.date-range"),
    ],
)
def test_a_result_out_of_range_is_a_failure_that_says_so(
    operation: Callable[[Value, Value], Value], left: Value, right: Value, code: str
) -> None:
    assert outcome(operation, left, right) == code


def test_arithmetic_does_not_depend_on_the_decimal_context_of_the_thread() -> None:
    with decimal.localcontext(decimal.Context(prec=3, traps=TRAPS)):
        assert operators.divide(n(1), n(3)) == n("0.3333333333333333333333333333333333")
        assert operators.less(n("1.00001"), n("1.00002"))
        assert list(operators.range_values(n(99998), n(100001)))[-1] == n(100001)


def test_a_text_that_doubles_sixty_times_ends_at_the_budget() -> None:
    def double() -> None:
        text: Value = "ab"
        for _ in range(60):
            text = operators.add(text, text)

    with pytest.raises(BudgetExceededError) as caught:
        double()
    assert caught.value.code == "eval.size"


def test_a_run_may_allow_longer_or_shorter_texts() -> None:
    runtime = Runtime(Budget(string_length=4))
    assert operators.add_within(runtime, "ab", "cd") == "abcd"
    with pytest.raises(BudgetExceededError):
        operators.concatenate(runtime, "abc", "de")


@given(VALUES, VALUES)
def test_addition_and_multiplication_are_commutative_but_for_texts(
    left: Value, right: Value
) -> None:
    for operation in (operators.add, operators.multiply):
        first, second = outcome(operation, left, right), outcome(operation, right, left)
        assert first == second or isinstance(left, str)


# ---------------------------------------------------------------------- equality


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (None, None, True),
        (None, n(0), False),
        ([], None, False),
        ({}, None, False),
        (True, True, True),
        (True, False, False),
        (n("1.50"), n("1.5"), True),
        (n("-0"), n(0), True),
        ("foo", "Foo", False),
        (t("P1D"), t("PT24H"), True),
        (t("P1Y"), t("P12M"), True),
        (t("10:30:00Z"), t("10:30:00+00:00"), True),
        (t("2024-01-01T12:00:00+02:00"), t("2024-01-01T10:00:00Z"), True),
        (t("2024-01-01T12:00:00"), t("2024-01-01T12:00:00Z"), False),
        ([n(1), n(2)], [n(1), n(2)], True),
        ([n(1), n(2)], [n(2), n(1)], False),
        ([n(1)], [n(1), n(2)], False),
        ([None], [None], True),
        ([None], [n(1)], False),
        ({"a": n(1), "b": n(2)}, {"b": n(2), "a": n(1)}, True),
        ({"a": n(1)}, {"b": n(1)}, False),
        ({"a": n(1)}, {"a": n(1), "b": None}, False),
        ({"a": {"b": [n(1)]}}, {"a": {"b": [n(1)]}}, True),
        (range_of(n(1), n(2)), range_of(n("1.0"), n("2.0")), True),
        (range_of(n(1), n(2)), range_of(n(1), n(2), False), False),
        (range_of(n(1), n(2)), range_of(n(1), n(3)), False),
        (operators.comparison_range("<", n(1)), operators.comparison_range("<", n(1)), True),
        (operators.comparison_range("<", n(1)), operators.comparison_range("<", n(2)), False),
        (operators.comparison_range("<", n(1)), range_of(None, n(1), False, False), False),
        (operators.comparison_range("=", n(1)), range_of(n(1), n(1)), False),
        (operators.comparison_range("!=", n(1)), operators.comparison_range("!=", n(1)), True),
        (operators.comparison_range("!=", n(1)), operators.comparison_range("!=", n(2)), False),
        (a_function(), a_function(), False),
        (KINDS["function"], KINDS["function"], True),
        (n(1), "1", "eval.type"),
        (False, n(0), "eval.type"),
        ([], n(0), "eval.type"),
        ([n(100)], n(100), "eval.type"),
        (t("2024-01-01"), t("2024-01-01T00:00:00"), "eval.type"),
        (t("P0D"), t("P0M"), "eval.type"),
        (a_function(), n(1), "eval.type"),
        ([n(1), "a"], ["a", n(1)], "eval.type"),
        ([n(1), "a"], ["a", "b"], False),
        ({"a": n(1)}, {"a": "1"}, "eval.type"),
    ],
)
def test_two_values_are_equal_unequal_or_not_comparable(
    left: Value, right: Value, expected: object
) -> None:
    assert outcome(operators.equal, left, right) == expected
    assert outcome(operators.equal, right, left) == expected
    unequal = expected if isinstance(expected, str) else not expected
    assert outcome(operators.not_equal, left, right) == unequal
    assert operators.same(left, right) is (expected is True)


@given(VALUES, VALUES)
def test_equality_is_symmetric_and_unequal_is_its_opposite(left: Value, right: Value) -> None:
    result = outcome(operators.equal, left, right)
    assert result == outcome(operators.equal, right, left)
    assert operators.same(left, right) is (result is True)
    opposite = outcome(operators.not_equal, left, right)
    assert opposite == result if isinstance(result, str) else opposite is not result


@given(VALUES)
def test_every_value_is_equal_to_itself(value: Value) -> None:
    assert operators.equal(value, value) is True
    assert operators.in_(value, [value]) is True


def nested(depth: int, inner: Value) -> Value:
    """Put a value into so many lists, each holding the one below twice."""
    for _ in range(depth):
        inner = [inner, inner]
    return inner


def test_values_that_hold_others_many_times_over_are_compared_quickly() -> None:
    assert operators.equal(nested(60, n(1)), nested(60, n(1))) is True
    assert operators.equal(nested(60, n(1)), nested(60, n(2))) is False
    assert failure_code(lambda: operators.equal(nested(60, n(1)), nested(60, "1"))) == "eval.type"
    assert operators.same(nested(60, n(1)), nested(60, "1")) is False


def test_values_nested_too_deeply_are_not_compared() -> None:
    left, right = nested(5000, None), nested(5000, None)
    assert failure_code(lambda: operators.equal(left, right)) == "eval.too-deep"
    assert failure_code(lambda: operators.same(left, right)) == "eval.too-deep"


# ---------------------------------------------------------------------- order


@pytest.mark.parametrize(
    ("low", "high"),
    [
        (n(1), n(2)),
        (n("1e-6000"), n("1e6000")),
        ("a", "b"),
        ("", "a"),
        ("Z", "a"),
        ("\uffff", "\U00010000"),
        (t("2024-01-31"), t("2024-02-01")),
        (t("-2024-01-31"), t("2024-01-31")),
        (t("09:00:00"), t("10:00:00")),
        (t("2024-01-31T09:00:00"), t("2024-01-31T10:00:00")),
        (t("2024-01-31T11:00:00+02:00"), t("2024-01-31T10:00:00Z")),
        (t("PT23H"), t("P1D")),
        (t("P11M"), t("P1Y")),
    ],
)
def test_values_with_an_order_are_compared(low: Value, high: Value) -> None:
    assert operators.less(low, high) is True
    assert operators.less(high, low) is False
    assert operators.less_or_equal(low, low) is True
    assert operators.greater(high, low) is True
    assert operators.greater_or_equal(low, high) is False
    assert operators.greater_or_equal(high, high) is True
    assert operators.between(low, low, high) is True
    assert operators.between(high, low, low) is False


@pytest.mark.parametrize(
    ("left", "right", "code"),
    [
        (None, n(1), "eval.null"),
        (n(1), None, "eval.null"),
        (None, None, "eval.null"),
        (True, False, "eval.type"),
        ([n(1)], [n(2)], "eval.type"),
        ({}, {}, "eval.type"),
        (n(1), "2", "eval.type"),
        (t("2024-01-01"), t("2024-01-01T00:00:00"), "eval.type"),
        (t("P1D"), t("P1M"), "eval.type"),
        (range_of(n(1), n(2)), range_of(n(1), n(2)), "eval.type"),
        (a_function(), a_function(), "eval.type"),
    ],
)
def test_values_without_an_order_are_not_compared(left: Value, right: Value, code: str) -> None:
    for operation in (
        operators.less,
        operators.less_or_equal,
        operators.greater,
        operators.greater_or_equal,
    ):
        assert outcome(operation, left, right) == code


@given(ORDERED, ORDERED)
def test_less_is_antisymmetric_and_total_within_a_kind(left: Value, right: Value) -> None:
    first, second = outcome(operators.less, left, right), outcome(operators.less, right, left)
    if operators.kind_of(left) != operators.kind_of(right):
        assert first == second == "eval.type"
        return
    assert not (first and second)
    assert (not first and not second) is operators.equal(left, right)
    assert operators.less_or_equal(left, right) is not second
    assert operators.greater(left, right) is second


@pytest.mark.parametrize(
    ("value", "low", "high", "expected"),
    [
        (n(5), n(1), n(10), True),
        (n(11), n(1), n(10), False),
        (n(2), None, n(10), "eval.null"),
        (n(11), None, n(10), False),
        (n(0), n(1), None, False),
        (n(2), n(1), "10", "eval.type"),
        (None, n(1), n(10), "eval.null"),
    ],
)
def test_between_is_false_where_one_of_its_two_comparisons_is(
    value: Value, low: Value, high: Value, expected: object
) -> None:
    assert outcome(operators.between, value, low, high) == expected


# ---------------------------------------------------------------------- logic


@pytest.mark.parametrize(
    ("left", "right", "both", "one"),
    [
        (True, True, True, True),
        (True, False, False, True),
        (True, None, None, True),
        (True, "true", None, True),
        (False, False, False, False),
        (False, None, False, None),
        (False, n(1), False, None),
        (None, None, None, None),
        (n(0), n(0), None, None),
    ],
)
def test_logic_has_three_values_and_takes_anything_else_for_not_known(
    left: Value, right: Value, both: bool | None, one: bool | None
) -> None:
    assert operators.conjunction(left, right) is both
    assert operators.conjunction(right, left) is both
    assert operators.disjunction(left, right) is one
    assert operators.disjunction(right, left) is one


@pytest.mark.parametrize(
    ("value", "expected"),
    [(True, False), (False, True), (None, None), (n(1), "eval.type"), ("true", "eval.type")],
)
def test_not_turns_true_and_false_round_and_keeps_null(value: Value, expected: object) -> None:
    assert outcome(operators.negation, value) == expected


# ---------------------------------------------------------------------- ranges and in


@pytest.mark.parametrize(
    ("start", "end", "code"),
    [
        (n(3), n(1), "eval.domain"),
        (t("P2D"), t("P1D"), "eval.domain"),
        ("b", "a", "eval.domain"),
        (n(1), "b", "eval.type"),
        (t("2024-01-01"), t("2024-01-02T00:00:00"), "eval.type"),
        (True, False, "eval.type"),
        ([], None, "eval.type"),
    ],
)
def test_the_ends_of_a_range_are_of_one_kind_and_in_order(
    start: Value, end: Value, code: str
) -> None:
    assert outcome(operators.make_range, start, end, True, True) == code


@pytest.mark.parametrize(
    ("operator", "operand", "expected"),
    [
        ("<", n(10), Range(None, n(10), False, False, "<")),
        ("<=", n(10), Range(None, n(10), False, True, "<=")),
        (">", n(10), Range(n(10), None, False, False, ">")),
        (">=", n(10), Range(n(10), None, True, False, ">=")),
        ("=", n(10), Range(n(10), n(10), True, True, "=")),
        ("!=", n(10), Range(n(10), n(10), False, False, "!=")),
        ("=", None, Range(None, None, True, True, "=")),
        ("<", None, "eval.null"),
        (">=", [n(1)], "eval.type"),
    ],
)
def test_a_comparison_in_brackets_is_a_range(
    operator: ComparisonOperator, operand: Value, expected: object
) -> None:
    assert outcome(operators.comparison_range, operator, operand) == expected


@pytest.mark.parametrize(
    ("value", "test", "expected"),
    [
        (n(1), range_of(n(1), n(3)), True),
        (n(1), range_of(n(1), n(3), False), False),
        (n(3), range_of(n(1), n(3)), True),
        (n(3), range_of(n(1), n(3), True, False), False),
        (n(4), range_of(n(1), n(3)), False),
        (n(9), operators.comparison_range("<", n(10)), True),
        (n(10), operators.comparison_range("<", n(10)), False),
        (n(10), operators.comparison_range(">=", n(10)), True),
        (n(10), operators.comparison_range("=", n(10)), True),
        (n(10), operators.comparison_range("!=", n(10)), False),
        (n(11), operators.comparison_range("!=", n(10)), True),
        (None, operators.comparison_range("=", n(10)), False),
        (None, range_of(n(1), n(3)), "eval.null"),
        ("a", range_of(n(1), n(3)), "eval.type"),
        (n(5), range_of(None, n(10)), "eval.null"),
        (n(11), range_of(None, n(10)), False),
        (n(2), [n(1), n(2)], True),
        (n(3), [n(1), n(2)], False),
        (n(2), [range_of(n(5), n(7)), range_of(n(1), n(3))], True),
        (n(4), [range_of(n(5), n(7)), range_of(n(1), n(3))], False),
        ("b", ["a", range_of("b", "d")], True),
        (n(1), ["a", n(1)], True),
        (n(1), ["a"], False),
        (n(1), [range_of("a", "b"), n(1)], True),
        (n(1), [range_of("a", "b"), n(2)], "eval.type"),
        (None, [n(1), None], True),
        (None, [n(1)], False),
        (None, None, True),
        (n(1), None, False),
        ([n(1), n(2)], [[n(1)], [n(1), n(2)]], True),
        ([n(1), n(2)], [n(1), n(2)], True),
        ([n(1)], [n(2), n(1)], False),
        (n(1), n(1), True),
        (n(1), "1", "eval.type"),
        (True, True, True),
        ({"a": n(1)}, {"a": n(1)}, True),
        (range_of(n(1), n(2)), range_of(n(1), n(2)), True),
        (range_of(n(1), n(2)), [range_of(n(1), n(3)), range_of(n(1), n(2))], True),
    ],
)
def test_in_asks_whether_a_value_is_in_a_range_or_a_list_or_equal(
    value: Value, test: Value, expected: object
) -> None:
    assert outcome(operators.in_, value, test) == expected


@given(ORDERED, ORDERED, ORDERED, st.booleans(), st.booleans())
def test_in_agrees_with_contains_and_with_the_two_comparisons(
    value: Value, start: Value, end: Value, start_included: bool, end_included: bool
) -> None:
    try:
        range_ = operators.make_range(start, end, start_included, end_included)
    except Failure:
        return
    result = outcome(operators.in_, value, range_)
    assert result == outcome(operators.contains, range_, value)
    if operators.kind_of(value) != operators.kind_of(start):
        assert result == "eval.type"
        return
    above = operators.less(start, value) or (start_included and operators.equal(start, value))
    below = operators.less(value, end) or (end_included and operators.equal(value, end))
    assert result is (above and below)


@given(ORDERED, ORDERED, st.sampled_from(["<", "<=", ">", ">=", "=", "!="]))
def test_a_comparison_test_and_the_range_of_the_comparison_agree(
    value: Value, operand: Value, operator: ComparisonOperator
) -> None:
    range_ = operators.comparison_range(operator, operand)
    assert outcome(operators.comparison_test, operator, value, operand) == outcome(
        operators.contains, range_, value
    )


# ---------------------------------------------------------------------- paths


@pytest.mark.parametrize(
    ("value", "name", "expected"),
    [
        ({"a": n(1)}, "a", n(1)),
        ({"a b": None}, "a b", None),
        ({"a": n(1)}, "b", "eval.member"),
        (None, "a", "eval.null"),
        ("text", "length", "eval.member"),
        (n(1), "real", "eval.member"),
        (True, "a", "eval.member"),
        (a_function(), "call", "eval.member"),
        ([{"a": n(1)}, {"a": n(2)}], "a", [n(1), n(2)]),
        ([{"a": n(1)}, {}, None, n(3)], "a", [n(1), None, None, None]),
        ([[{"a": n(1)}], [{"a": n(2)}]], "a", [[n(1)], [n(2)]]),
        ([], "a", []),
        (t("2024-01-31"), "month", n(1)),
        ([t("2024-01-31"), t("2025-02-01")], "year", [n(2024), n(2025)]),
        (t("P1Y2M"), "months", n(2)),
        (t("P1Y2M"), "hours", "eval.member"),
        (range_of(n(1), n(2)), "start", n(1)),
        (range_of(n(1), n(2)), "end", n(2)),
        (range_of(n(1), n(2), False), "start included", False),
        (range_of(n(1), n(2), False), "end included", True),
        (range_of(n(1), n(2)), "operator", "eval.member"),
        (operators.comparison_range("<=", n(1)), "start", None),
        (operators.comparison_range("<=", n(1)), "start included", False),
        (operators.comparison_range("<=", n(1)), "end included", True),
        (operators.comparison_range("=", n(1)), "start", n(1)),
        (operators.comparison_range("!=", n(1)), "start", None),
        (operators.comparison_range("!=", n(1)), "end", None),
        ({}, "__class__", "eval.member"),
        (t("2024-01-31"), "__class__", "eval.member"),
    ],
)
def test_a_path_gives_entries_and_properties_and_nothing_of_pythons(
    value: Value, name: str, expected: object
) -> None:
    assert outcome(operators.path, value, name) == expected


def test_a_path_into_lists_nested_too_deeply_fails() -> None:
    assert failure_code(lambda: operators.path(nested(5000, None), "a")) == "eval.too-deep"


# ---------------------------------------------------------------------- lists


@pytest.mark.parametrize(
    ("position", "expected"),
    [
        (n(1), "a"),
        (n(3), "c"),
        (n("1.0"), "a"),
        (n(-1), "c"),
        (n(-3), "a"),
        (n(0), "eval.index"),
        (n(4), "eval.index"),
        (n(-4), "eval.index"),
        (n("1.5"), "eval.index"),
        (n("1e6000"), "eval.index"),
    ],
)
def test_items_are_counted_from_one_and_from_the_end_backwards(
    position: Decimal, expected: object
) -> None:
    items: list[Value] = ["a", "b", "c"]
    if expected == "eval.index":
        assert failure_code(lambda: operators.item_at(items, position)) == expected
    else:
        assert operators.item_at(items, position) == expected


def test_a_single_value_counts_as_the_list_of_it_and_null_as_no_list() -> None:
    assert operators.as_list(n(1)) == [n(1)]
    assert operators.as_list([n(1)]) == [n(1)]
    assert failure_code(lambda: operators.as_list(None)) == "eval.null"


@pytest.mark.parametrize(
    ("result", "expected"),
    [(True, True), (False, False), (None, False), (n(1), "eval.type"), ("no", "eval.type")],
)
def test_a_filter_keeps_what_is_true_and_refuses_what_is_no_boolean(
    result: Value, expected: object
) -> None:
    assert outcome(operators.filter_keeps, result) == expected


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (n(1), n(3), [n(1), n(2), n(3)]),
        (n(3), n(1), [n(3), n(2), n(1)]),
        (n(-1), n(1), [n(-1), n(0), n(1)]),
        (n(5), n(5), [n(5)]),
        (n("1.0"), n(2), [n(1), n(2)]),
        (t("2024-02-28"), t("2024-03-01"), [t("2024-02-28"), t("2024-02-29"), t("2024-03-01")]),
        (t("2024-01-01"), t("2023-12-31"), [t("2024-01-01"), t("2023-12-31")]),
        (t("9999-12-31"), t("10000-01-01"), [t("9999-12-31"), WideDate(10000, 1, 1)]),
        (t("0001-01-01"), t("0000-12-31"), [t("0001-01-01"), WideDate(0, 12, 31)]),
    ],
)
def test_a_loop_goes_upwards_or_downwards_through_whole_numbers_and_dates(
    start: Value, end: Value, expected: list[Value]
) -> None:
    assert list(operators.range_values(start, end)) == expected


@pytest.mark.parametrize(
    ("start", "end", "code"),
    [
        (None, n(1), "eval.null"),
        (n(1), None, "eval.null"),
        (n("1.5"), n(3), "eval.domain"),
        (n(1), n("1e6000"), "eval.domain"),
        (n(1), "3", "eval.type"),
        (t("2024-01-01"), n(1), "eval.type"),
        (t("2024-01-01T00:00:00"), t("2024-01-02T00:00:00"), "eval.type"),
        (True, False, "eval.type"),
    ],
)
def test_a_loop_through_anything_else_fails_before_it_starts(
    start: Value, end: Value, code: str
) -> None:
    assert failure_code(lambda: operators.range_values(start, end)) == code


def test_a_loop_to_a_huge_number_ends_at_the_budget() -> None:
    runtime = Runtime()
    with pytest.raises(BudgetExceededError) as caught:
        for _ in runtime.each(operators.range_values(n(1), n(10**30))):
            pass
    assert caught.value.code == "eval.cost"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ([n(1), None], [n(1), None]),
        (n(7), [n(7)]),
        (range_of(n(1), n(3)), [n(1), n(2), n(3)]),
        (range_of(n(1), n(3), False, False), [n(2)]),
        (range_of(n(1), n(1), False, False), []),
        (operators.comparison_range("=", n(4)), [n(4)]),
        (range_of(t("2024-01-01"), t("2024-01-02")), [t("2024-01-01"), t("2024-01-02")]),
    ],
)
def test_lists_and_ranges_with_two_ends_can_be_gone_through(
    value: Value, expected: list[Value]
) -> None:
    assert list(operators.iterable(value)) == expected


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (None, "eval.null"),
        (operators.comparison_range(">", n(4)), "eval.domain"),
        (operators.comparison_range("!=", n(4)), "eval.domain"),
        (range_of(n(1), None), "eval.domain"),
        (range_of("a", "z"), "eval.type"),
        (range_of(n("0.5"), n(2)), "eval.domain"),
    ],
)
def test_nothing_else_can_be_gone_through(value: Value, code: str) -> None:
    assert failure_code(lambda: operators.iterable(value)) == code


# ---------------------------------------------------------------------- kinds


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (None, "null"),
        (date(2024, 1, 1), "date"),
        (WideDate(10000, 1, 1), "date"),
        (datetime(2024, 1, 1), "date and time"),
        (timedelta(1), "days and time duration"),
        (YearsMonthsDuration(1), "years and months duration"),
        ({}, "context"),
    ],
)
def test_a_value_has_a_kind_with_a_name_in_feel(value: Value, kind: str) -> None:
    assert operators.kind_of(value) == kind
