"""The built-ins on lists, called as an expression calls them."""

import decimal
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyeval.feel import types
from policyeval.feel.builtins.lists import BUILTINS
from policyeval.feel.failure import BudgetExceededError, Failure
from policyeval.feel.invocation import select
from policyeval.feel.runtime import Budget, Runtime
from policyeval.feel.types import (
    ANY,
    BOOLEAN,
    DATE,
    NUMBER,
    STRING,
    ContextOf,
    ListOf,
    Type,
    optional,
)
from policyeval.feel.values import (
    Function,
    FunctionParameter,
    Time,
    Value,
    WideDate,
    YearsMonthsDuration,
)

BY_NAME = {each.name: each for each in BUILTINS}
D = Decimal
BUDGET = Budget(list_length=100)


def feel(value: object) -> Value:
    """Make numbers of Python's, deeply."""
    if isinstance(value, list):
        return [feel(each) for each in value]
    if isinstance(value, dict):
        return {key: feel(each) for key, each in value.items()}
    return Decimal(str(value)) if type(value) in (int, float) else value  # type: ignore[return-value]  # the tables have FEEL values only


def call(
    name: str,
    *arguments: object,
    names: list[str] | None = None,
    runtime: Runtime | None = None,
) -> object:
    """Give the result of a call, or the code of its failure."""
    values = [feel(each) for each in arguments]
    try:
        signature, converted = select(BY_NAME[name], values, names)
        if signature.needs_runtime:
            return signature.function(runtime or Runtime(BUDGET), *converted)
        return signature.function(*converted)
    except BudgetExceededError as failure:
        return f"stopped: {failure.code}"
    except Failure as failure:
        return failure.code


def function(body: Callable[..., Value], count: int = 2) -> Function:
    names = ("x", "y", "z")[:count]
    return Function(None, tuple(FunctionParameter(each) for each in names), ANY, body)


def is_less(left: Value, right: Value) -> Value:
    assert isinstance(left, Decimal)
    assert isinstance(right, Decimal)
    return left < right


LESS = function(is_less)
NOON, ONE_ZONED = Time(43_200_000_000_000), Time(46_800_000_000_000, timezone(timedelta(hours=1)))


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("sublist", ([4, 5, 6], 1), [4, 5, 6]),
        ("sublist", ([4, 5, 6], 2), [5, 6]),
        ("sublist", ([4, 5, 6], 2, 1), [5]),
        ("sublist", ([4, 5, 6], -2), [5, 6]),
        ("sublist", ([4, 5, 6], -2, 2), [5, 6]),
        ("sublist", ([4, 5, 6], 1, 2.7), [4, 5]),
        ("sublist", ([4, 5, 6], 0), "eval.index"),
        ("sublist", ([4, 5, 6], 4), "eval.index"),
        ("sublist", ([4, 5, 6], -4), "eval.index"),
        ("sublist", ([4, 5, 6], 2, 3), "eval.index"),
        ("sublist", ([4, 5, 6], -2, 3), "eval.index"),
        ("sublist", ([4, 5, 6], 1, 0), "eval.index"),
        ("sublist", ([4, 5, 6], 1, Decimal("1e6000")), "eval.index"),
        ("sublist", ([4, 5, 6], Decimal("1e6000")), "eval.index"),
        ("sublist", ([], 1), "eval.index"),
        ("sublist", (None, 1), "eval.null"),
        ("sublist", (7, 1), [7]),
        ("append", ([1], 2), [1, 2]),
        ("append", ([1], 2, [3], None), [1, 2, [3], None]),
        ("append", (1, 2), [1, 2]),
        ("append", ([], None), [None]),
        ("append", (None, 1), "eval.null"),
        ("append", (), "eval.arguments"),
        ("concatenate", ([1], [2, 1]), [1, 2, 1]),
        ("concatenate", ([1],), [1]),
        ("concatenate", ([1], 2, []), [1, 2]),
        ("concatenate", ([1], None), "eval.null"),
        ("concatenate", (), "eval.arguments"),
        ("insert before", ([1, 3], 1, 2), [2, 1, 3]),
        ("insert before", ([1, 3], 2, 2), [1, 2, 3]),
        ("insert before", ([1, 3], -1, 2), [1, 2, 3]),
        ("insert before", ([1, 3], -2, 2), [2, 1, 3]),
        ("insert before", ([1, 3], 1, None), [None, 1, 3]),
        ("insert before", ([1, 3], 1, [2]), [[2], 1, 3]),
        ("insert before", ([1, 3], 0, 2), "eval.index"),
        ("insert before", ([1, 3], 3, 2), "eval.index"),
        ("insert before", ([], 1, 2), "eval.index"),
        ("insert before", ([1, 3], "1", 2), "eval.type"),
        ("remove", ([1, 2, 3], 2), [1, 3]),
        ("remove", ([1, 2, 3], -1), [1, 2]),
        ("remove", ([1], 1), []),
        ("remove", ([1], 2), "eval.index"),
        ("remove", ([1], 0), "eval.index"),
        ("remove", ([1], None), "eval.null"),
        ("list replace", ([2, 4, 7, 8], 3, 6), [2, 4, 6, 8]),
        ("list replace", ([2, 4, 7, 8], -1, None), [2, 4, 7, None]),
        ("list replace", ([2, 4], 3, 6), "eval.index"),
        ("list replace", ([2, 4], "x", 6), "eval.type"),
        ("list replace", ([2, 4, 7, 8], LESS, 5), [5, 5, 7, 8]),
        ("list replace", ([], LESS, 5), []),
        ("list replace", ([1], function(lambda x, y: None), 5), "eval.type"),
        ("list replace", ([1], function(lambda x: True, 1), 5), "eval.type"),
        ("reverse", ([1, None, [2, 3]],), [[2, 3], None, 1]),
        ("reverse", ([],), []),
        ("reverse", (1,), [1]),
        ("reverse", (None,), "eval.null"),
        ("count", ([],), 0),
        ("count", ([None],), 1),
        ("count", ([[1, 2], []],), 2),
        ("count", (5,), 1),
        ("count", (None,), "eval.null"),
        ("count", (1, 2), "eval.arguments"),
        ("flatten", ([[1, 2], [[3]], 4, []],), [1, 2, 3, 4]),
        ("flatten", ([None, [None]],), [None, None]),
        ("flatten", ([{"a": [1]}],), [{"a": [1]}]),
        ("flatten", ([],), []),
        ("flatten", (1,), [1]),
    ],
)
def test_lists_are_taken_apart_and_put_together(
    name: str, arguments: tuple[object, ...], expected: object
) -> None:
    assert call(name, *arguments) == feel(expected)


EARLY, LATE = datetime(2024, 1, 1, 12, tzinfo=UTC), datetime(2024, 1, 1, 14, tzinfo=UTC)
EARLY_ELSEWHERE = datetime(2024, 1, 1, 13, tzinfo=timezone(timedelta(hours=1)))


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("list contains", ([1, 2], 2), True),
        ("list contains", ([1, 2], 3), False),
        ("list contains", ([1, None], None), True),
        ("list contains", ([], None), False),
        ("list contains", ([1], "1"), False),
        ("list contains", ([True], 1), False),
        ("list contains", ([[1, 2]], [1, 2]), True),
        ("list contains", ([{"a": 1}], {"a": 1.0}), True),
        ("list contains", ([EARLY], EARLY_ELSEWHERE), True),
        ("list contains", ([EARLY], EARLY.replace(tzinfo=None)), False),
        ("list contains", (None, 1), "eval.null"),
        ("list contains", ([1],), "eval.arguments"),
        ("index of", ([1, 2, 1], 1), [1, 3]),
        ("index of", ([1, 2, 1], 3), []),
        ("index of", ([1, None, None], None), [2, 3]),
        ("index of", (["a", 1, ["a"]], "a"), [1]),
        ("index of", ([[1], [2], [1]], [1]), [1, 3]),
        ("distinct values", ([1, 2, 1.0, 3, 2],), [1, 2, 3]),
        ("distinct values", ([1, True, "1", None, None],), [1, True, "1", None]),
        ("distinct values", ([[1, 2], [2, 1], [1, 2]],), [[1, 2], [2, 1]]),
        (
            "distinct values",
            ([{"a": 1}, {"a": 1.0}, {"a": 2}, {"b": 1}],),
            [{"a": 1}, {"a": 2}, {"b": 1}],
        ),
        ("distinct values", ([EARLY, LATE, EARLY_ELSEWHERE],), [EARLY, LATE]),
        ("distinct values", ([NOON, ONE_ZONED, NOON],), [NOON, ONE_ZONED]),
        (
            "distinct values",
            ([timedelta(0), YearsMonthsDuration(0)],),
            [timedelta(0), YearsMonthsDuration(0)],
        ),
        (
            "distinct values",
            ([date(2024, 1, 1), EARLY, date(2024, 1, 1)],),
            [date(2024, 1, 1), EARLY],
        ),
        (
            "distinct values",
            ([WideDate(10000, 1, 1), WideDate(10000, 1, 1)],),
            [WideDate(10000, 1, 1)],
        ),
        ("distinct values", ([],), []),
        ("distinct values", (1,), [1]),
        ("union", ([1, 2], [2, 3]), [1, 2, 3]),
        ("union", ([1, 1],), [1]),
        ("union", ([1], None), "eval.null"),
        ("union", ([[1]], [[1], 2]), [[1], 2]),
        ("union", (), "eval.arguments"),
    ],
)
def test_equal_items_are_found(name: str, arguments: tuple[object, ...], expected: object) -> None:
    assert call(name, *arguments) == feel(expected)


@pytest.mark.parametrize(
    ("name", "items", "expected"),
    [
        ("min", [30, 14, 45], 14),
        ("min", ["bo", "anna"], "anna"),
        ("min", [date(2024, 2, 1), date(2024, 1, 31)], date(2024, 1, 31)),
        ("min", [LATE, EARLY_ELSEWHERE], EARLY_ELSEWHERE),
        ("min", [timedelta(1), timedelta(-1)], timedelta(-1)),
        ("min", [YearsMonthsDuration(1), YearsMonthsDuration(2)], YearsMonthsDuration(1)),
        ("max", [30, 14, 45], 45),
        ("max", ["bo", "anna"], "bo"),
        ("max", [date(2024, 2, 1), WideDate(10000, 1, 1)], WideDate(10000, 1, 1)),
        ("max", [NOON, Time(0)], NOON),
        ("max", [5], 5),
        ("max", [1, "a"], "eval.type"),
        ("max", [date(2024, 1, 1), timedelta(1)], "eval.type"),
        ("max", [True, False], "eval.type"),
        ("min", [[1, 1], [2, 2]], "eval.type"),
        ("sum", [1, 2.5, -1], 2.5),
        ("sum", ["a", "b"], "eval.type"),
        ("sum", [timedelta(1), timedelta(1)], "eval.type"),
        ("product", [2, 2.5, 3], 15),
        ("mean", [1, 2, 6], 3),
        ("mean", [2, 2, 1], Decimal("1.666666666666666666666666666666667")),
        ("median", [8, 2, 5, 3, 4], 4),
        ("median", [6, 1, 2, 3], 2.5),
        ("median", [7], 7),
        ("stddev", [2, 4, 4, 4, 5, 5, 7, 9], Decimal("2.138089935299395077476427847038028")),
        ("stddev", [1, 3, 5], 2),
        ("mode", [6, 3, 9, 6, 6], [6]),
        ("mode", [6, 1, 9, 6, 1.0], [1, 6]),
        ("mode", [3, 2, 1], [1, 2, 3]),
    ],
)
def test_items_may_be_given_in_a_list_or_one_by_one(
    name: str, items: list[object], expected: object
) -> None:
    assert call(name, items) == feel(expected)
    assert call(name, *items) == feel(expected)


@pytest.mark.parametrize(
    ("name", "of_nothing", "of_one"),
    [
        ("min", None, 47),
        ("max", None, 47),
        ("sum", None, 47),
        ("product", None, 47),
        ("mean", None, 47),
        ("median", None, 47),
        ("stddev", None, None),
        ("mode", [], [47]),
    ],
)
def test_what_counts_up_nothing_one_item_or_null(
    name: str, of_nothing: object, of_one: object
) -> None:
    assert call(name, []) == of_nothing
    assert call(name, [47]) == feel(of_one)
    assert call(name, 47) == feel(of_one)
    assert call(name, [47], names=["list"]) == feel(of_one)
    assert call(name, [47], names=["l"]) == "eval.arguments"
    assert call(name) == "eval.arguments"
    assert call(name, None) == "eval.null"
    assert call(name, [1, None, 2]) == "eval.null"
    assert call(name, [None]) == "eval.null"
    assert call(name, 1, None) == "eval.null"
    assert call(name, [1, 2], 3) == "eval.type"


def test_ten_thousand_hundredths_are_a_hundred() -> None:
    assert call("sum", [D("0.01")] * 10_000) == D("100.00")


def test_the_spread_of_equal_numbers_is_zero_to_the_last_digit() -> None:
    third = decimal.Context(prec=34).divide(D(2), D(3))
    assert call("stddev", [third] * 7) == 0
    assert call("stddev", [D("1e6144")] * 3) == 0
    assert call("stddev", [D("1e-6000"), D("3e-6000"), D("5e-6000")]) == D("2e-6000")


@pytest.mark.parametrize("name", ["sum", "product", "mean"])
def test_what_grows_too_large_has_no_result(name: str) -> None:
    assert call(name, [D("9e6144"), D("9e6144")]) == "eval.number-range"


# ------------------------------------------------------------------------------- sorting


@pytest.mark.parametrize(
    ("items", "precedes", "expected"),
    [
        ([3, 1, 5, 4], LESS, [1, 3, 4, 5]),
        ([3, 1, 5, 4], function(lambda x, y: is_less(y, x)), [5, 4, 3, 1]),
        ([], LESS, []),
        ([1], LESS, [1]),
        (2, LESS, [2]),
        ([2, 1, 3], function(lambda x, y: False), [2, 1, 3]),
        (["a", "z", "a", "z"], function(lambda x, y: x == "a"), ["a", "a", "z", "z"]),
        ([1, 2, 3, 4], function(lambda x, y: True), [4, 3, 2, 1]),
        ([1, 2], function(lambda x, y: None), "eval.type"),
        ([1, 2], function(lambda x, y: D(1)), "eval.type"),
        ([1, 2], function(lambda x: True, 1), "eval.type"),
        ([1, 2], function(lambda x, y, z: True, 3), "eval.type"),
        ([1, 2], "x", "eval.type"),
        ([1, 2], None, "eval.null"),
        (None, LESS, "eval.null"),
    ],
)
def test_sorting_asks_a_function_what_comes_first(
    items: object, precedes: object, expected: object
) -> None:
    assert call("sort", items, precedes) == feel(expected)


def test_sorting_keeps_the_order_of_items_of_which_none_comes_first() -> None:
    pairs = [[i % 3, i] for i in range(20)]

    def first_is_less(left: Value, right: Value) -> Value:
        assert isinstance(left, list)
        assert isinstance(right, list)
        return is_less(left[0], right[0])

    assert call("sort", pairs, function(first_is_less)) == feel(sorted(pairs))


def test_sorting_does_not_change_the_list_given() -> None:
    items: list[Value] = [D(2), D(1)]
    call("sort", items, LESS)
    assert items == [D(2), D(1)]


NUMBERS = st.lists(st.integers(-5, 5), max_size=30)


@given(NUMBERS, st.integers())
def test_a_sorted_list_has_the_same_items_whatever_the_function_says(
    items: list[int], seed: int
) -> None:
    def whim(left: Value, right: Value) -> Value:
        return hash((seed, left, right)) % 2 == 0

    result = call("sort", items, function(whim))
    assert isinstance(result, list)
    assert sorted(result) == sorted(items)
    assert call("sort", items, LESS) == feel(sorted(items))


# ------------------------------------------------------------------------------- laws

ITEMS = st.recursive(
    st.none() | st.booleans() | st.integers(0, 3) | st.sampled_from(["a", "b", date(2024, 1, 1)]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("ab"), inner, max_size=2)
    ),
    max_leaves=6,
)
LISTS = st.lists(ITEMS, max_size=8)


@given(LISTS)
def test_flattening_twice_changes_nothing_more(items: list[object]) -> None:
    flat = call("flatten", items)
    assert isinstance(flat, list)
    assert not any(isinstance(each, list) for each in flat)
    assert call("flatten", flat) == flat


@given(LISTS)
def test_distinct_values_are_the_items_each_once(items: list[object]) -> None:
    distinct = call("distinct values", items)
    assert isinstance(distinct, list)
    assert call("distinct values", distinct) == distinct
    for item in items:
        assert call("list contains", distinct, item) is True
    assert call("union", items, items) == distinct


@given(LISTS, LISTS)
def test_lists_put_together_come_apart_again(left: list[object], right: list[object]) -> None:
    both = call("concatenate", left, right)
    assert both == feel([*left, *right])
    assert call("reverse", call("reverse", both)) == both
    if left:
        assert call("remove", call("insert before", left, 1, 0), 1) == feel(left)
        assert call("sublist", both, 1, len(left)) == feel(left)


@given(st.lists(st.integers(-1000, 1000), min_size=1, max_size=20))
def test_averages_lie_between_the_least_and_the_greatest(items: list[int]) -> None:
    low, high = call("min", items), call("max", items)
    assert (low, high) == (min(items), max(items))
    for name in ("mean", "median"):
        value = call(name, items)
        assert isinstance(value, Decimal)
        assert min(items) <= value <= max(items)


# ------------------------------------------------------------------------------- bounds


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("append", ([1] * 100, 2)),
        ("concatenate", ([1] * 60, [1] * 60)),
        ("union", ([1] * 60, [1] * 60)),
        ("insert before", ([1] * 100, 1, 2)),
        ("flatten", ([[1] * 60, [1] * 60],)),
    ],
)
def test_a_list_that_would_become_too_long_is_stopped(
    name: str, arguments: tuple[object, ...]
) -> None:
    assert call(name, *arguments) == "stopped: eval.size"


def deep(levels: int, width: int, bottom: list[Value]) -> list[Value]:
    value = bottom
    for _ in range(levels):
        value = [value] * width
    return value


def test_flattening_is_bounded_in_depth_and_width() -> None:
    assert BY_NAME["flatten"].signatures[0].function(Runtime(), deep(50_000, 1, [D(1)])) == [D(1)]
    with pytest.raises(BudgetExceededError):
        BY_NAME["flatten"].signatures[0].function(Runtime(), deep(60, 2, []))
    with pytest.raises(BudgetExceededError):
        BY_NAME["flatten"].signatures[0].function(Runtime(), deep(60, 2, [D(1)]))


def long_lists(count: int) -> list[Value]:
    common: list[Value] = [None] * 5_000
    return [[*common, D(i)] for i in range(count)]


@pytest.mark.parametrize("name", ["distinct values", "union"])
def test_comparing_many_long_lists_runs_out_of_steps(name: str) -> None:
    with pytest.raises(BudgetExceededError):
        BY_NAME[name].signatures[0].function(Runtime(), long_lists(200))


def test_ten_thousand_values_are_told_apart_in_no_time() -> None:
    runtime = Runtime()
    items: list[Value] = [D(i) for i in range(5_000)]
    items += [{"id": D(i), "name": "x"} for i in range(5_000)]
    result = BY_NAME["distinct values"].signatures[0].function(runtime, items)
    assert result == items
    assert runtime.steps < 5_000


# ------------------------------------------------------------------------------- types


@pytest.mark.parametrize(
    ("name", "given_types", "expected"),
    [
        ("append", [ListOf(NUMBER), NUMBER], ListOf(NUMBER)),
        ("append", [ListOf(NUMBER), types.NULL], ListOf(optional(NUMBER))),
        ("append", [ListOf(NUMBER), STRING], ListOf(ANY)),
        ("append", [NUMBER, NUMBER], ListOf(NUMBER)),
        (
            "append",
            [ListOf(ContextOf({"a": NUMBER, "b": STRING})), ContextOf({"a": NUMBER})],
            ListOf(ContextOf({"a": NUMBER})),
        ),
        ("concatenate", [ListOf(NUMBER), ListOf(optional(NUMBER))], ListOf(optional(NUMBER))),
        ("union", [ListOf(DATE), ListOf(DATE), ListOf(DATE)], ListOf(DATE)),
        ("insert before", [ListOf(STRING), NUMBER, STRING], ListOf(STRING)),
        ("list replace", [ListOf(STRING), NUMBER, types.NULL], ListOf(optional(STRING))),
        ("remove", [ListOf(DATE), NUMBER], ListOf(DATE)),
        ("sublist", [ListOf(DATE), NUMBER, NUMBER], ListOf(DATE)),
        ("reverse", [ANY], ListOf(ANY)),
        ("sort", [ListOf(DATE), ANY], ListOf(DATE)),
        ("distinct values", [DATE], ListOf(DATE)),
        ("flatten", [ListOf(ListOf(ListOf(NUMBER)))], ListOf(NUMBER)),
        ("flatten", [ListOf(optional(ListOf(NUMBER)))], ListOf(optional(NUMBER))),
        ("flatten", [ListOf(NUMBER)], ListOf(NUMBER)),
        ("index of", [ListOf(STRING), STRING], ListOf(NUMBER)),
        ("list contains", [ListOf(STRING), STRING], BOOLEAN),
        ("min", [ListOf(NUMBER)], optional(NUMBER)),
        ("mode", [ListOf(NUMBER)], ListOf(NUMBER)),
    ],
)
def test_the_type_of_a_result_follows_from_those_of_the_arguments(
    name: str, given_types: list[Type], expected: Type
) -> None:
    returns = BY_NAME[name].signatures[0].returns
    assert (returns(given_types) if callable(returns) else returns) == expected


def test_the_least_of_values_given_one_by_one_is_never_null() -> None:
    by_items = {
        signature.parameters[0].type: signature.returns
        for signature in BY_NAME["min"].signatures
        if signature.variadic
    }
    assert by_items == {each: each for each in types.ORDERED}


def test_the_parameters_are_called_as_the_specification_calls_them() -> None:
    assert {
        each.name: [parameter.name for parameter in each.signatures[0].parameters]
        for each in BUILTINS
        if not each.signatures[0].variadic
    } == {
        "list contains": ["list", "element"],
        "count": ["list"],
        "min": ["list"],
        "max": ["list"],
        "sum": ["list"],
        "mean": ["list"],
        "sublist": ["list", "start position", "length"],
        "insert before": ["list", "position", "newItem"],
        "remove": ["list", "position"],
        "list replace": ["list", "position", "newItem"],
        "reverse": ["list"],
        "index of": ["list", "match"],
        "distinct values": ["list"],
        "flatten": ["list"],
        "product": ["list"],
        "median": ["list"],
        "stddev": ["list"],
        "mode": ["list"],
        "sort": ["list", "precedes"],
    }


@pytest.mark.parametrize("precision", [3, 60])
def test_the_decimal_context_of_the_thread_does_not_matter(precision: int) -> None:
    with decimal.localcontext() as context:
        context.prec = precision
        context.Emax, context.Emin = 10, -10
        context.traps[decimal.FloatOperation] = True
        context.traps[decimal.Inexact] = True
        assert call("mean", [D(2), D(2), D(1)]) == D("1.666666666666666666666666666666667")
        assert call("stddev", [D(1), D(2), D(4)]) == D("1.527525231651946668862682397909336")
        assert call("median", [D("1.23456789"), D("2.34567891")]) == D("1.7901234")
        assert call("sum", [D("123456789"), D("0.123456789")]) == D("123456789.123456789")
        assert call("sublist", [D(1), D(2)], D("-1")) == [D(2)]
