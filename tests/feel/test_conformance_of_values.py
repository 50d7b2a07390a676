"""Which values belong to a type, and what the implicit conversions make of the others."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyeval.feel import temporal, types
from policyeval.feel.failure import Failure
from policyeval.feel.operators import coerce, comparison_range, conforms, make_range
from policyeval.feel.types import (
    ANY,
    BOOLEAN,
    DATE,
    DATE_AND_TIME,
    DAYS_AND_TIME_DURATION,
    NULL,
    NUMBER,
    STRING,
    TIME,
    YEARS_AND_MONTHS_DURATION,
    ContextOf,
    FunctionOf,
    ListOf,
    RangeOf,
    Type,
    optional,
)
from policyeval.feel.values import Function, FunctionParameter, Value, WideDate, WideDateTime

ONE = Decimal(1)


def t(text: str) -> Value:
    """Read a date, time or duration."""
    return temporal.parse_temporal(text)


def function(*parameters: Type, result: Type = ANY, **options: object) -> Function:
    named = tuple(FunctionParameter(f"p{i}", each) for i, each in enumerate(parameters))
    required = options.get("required")
    return Function(
        None,
        named,
        result,
        lambda *_: None,
        variadic=options.get("variadic") is True,
        required=required if isinstance(required, int) else None,
    )


SIMPLE: dict[str, tuple[Value, Type]] = {
    "boolean": (True, BOOLEAN),
    "number": (ONE, NUMBER),
    "string": ("foo", STRING),
    "date": (t("2024-01-31"), DATE),
    "wide date": (t("-2024-01-31"), DATE),
    "date and time": (t("2024-01-31T10:00:00Z"), DATE_AND_TIME),
    "time": (t("10:00:00"), TIME),
    "days": (t("P1D"), DAYS_AND_TIME_DURATION),
    "months": (t("P1M"), YEARS_AND_MONTHS_DURATION),
    "list": ([ONE], ListOf(NUMBER)),
    "context": ({"a": ONE}, ContextOf({"a": NUMBER})),
    "range": (make_range(ONE, ONE, True, True), RangeOf(NUMBER)),
    "function": (function(NUMBER, result=STRING), FunctionOf((NUMBER,), STRING)),
}


@pytest.mark.parametrize("value", SIMPLE)
@pytest.mark.parametrize("type_", SIMPLE)
def test_a_value_belongs_to_the_type_of_its_kind_and_to_no_other(value: str, type_: str) -> None:
    belongs = SIMPLE[value][1] == SIMPLE[type_][1]
    assert conforms(SIMPLE[value][0], SIMPLE[type_][1]) is belongs


@pytest.mark.parametrize("value", SIMPLE)
def test_everything_but_null_belongs_to_any_and_nothing_but_null_to_null(value: str) -> None:
    assert conforms(SIMPLE[value][0], ANY) is True
    assert conforms(SIMPLE[value][0], NULL) is False
    assert conforms(None, SIMPLE[value][1]) is False


def test_null_by_itself_belongs_to_the_types_that_say_so() -> None:
    assert conforms(None, ANY) is False
    assert conforms(None, NULL) is True
    assert conforms(None, optional(NUMBER)) is True


@pytest.mark.parametrize(
    ("value", "type_", "belongs"),
    [
        ([], ListOf(NUMBER), True),
        ([ONE, None], ListOf(NUMBER), True),
        ([ONE, "a"], ListOf(NUMBER), False),
        ([ONE, "a"], ListOf(ANY), True),
        ([[ONE], []], ListOf(ListOf(NUMBER)), True),
        ([[ONE], ["a"]], ListOf(ListOf(NUMBER)), False),
        ([ONE], NUMBER, False),
        (ONE, ListOf(NUMBER), False),
        ({"a": ONE, "b": "x"}, ContextOf({"a": NUMBER}), True),
        ({"a": ONE, "b": "x"}, ContextOf({"a": NUMBER, "b": NUMBER}), False),
        ({"a": None}, ContextOf({"a": NUMBER}), True),
        ({}, ContextOf({"a": NUMBER}), False),
        ({}, ContextOf({"a": ANY}), False),
        ({}, ContextOf({}), True),
        ([{"a": "x"}], ListOf(ContextOf({"a": STRING, "b": STRING})), False),
        (make_range("a", "b", True, True), RangeOf(NUMBER), False),
        (make_range("a", "b", True, True), RangeOf(ANY), True),
        (make_range(None, ONE, True, True), RangeOf(NUMBER), True),
        (comparison_range("<", t("2024-01-01")), RangeOf(DATE), True),
        (comparison_range("!=", ONE), RangeOf(STRING), False),
        (ONE, optional(NUMBER), True),
        ("a", optional(NUMBER), False),
    ],
)
def test_lists_contexts_and_ranges_belong_by_their_parts(
    value: Value, type_: Type, belongs: bool
) -> None:
    assert conforms(value, type_) is belongs


@pytest.mark.parametrize(
    ("value", "type_", "belongs"),
    [
        (function(), FunctionOf((), ANY), True),
        (function(), FunctionOf((NUMBER,), ANY), False),
        (function(ANY, result=NUMBER), FunctionOf((NUMBER,), NUMBER), True),
        (function(NUMBER, result=NUMBER), FunctionOf((ANY,), NUMBER), False),
        (function(NUMBER, result=NUMBER), FunctionOf((NUMBER,), ANY), True),
        (function(NUMBER, result=NUMBER), FunctionOf((NUMBER,), STRING), False),
        # The result of a function of the text is not declared.
        (function(STRING, STRING), FunctionOf((STRING, STRING), BOOLEAN), True),
        # A type in FEEL's text says nothing about null.
        (function(optional(NUMBER), result=optional(NUMBER)), FunctionOf((NUMBER,), NUMBER), True),
        (
            function(ListOf(optional(NUMBER)), result=NUMBER),
            FunctionOf((ListOf(NUMBER),), NUMBER),
            True,
        ),
        (
            function(NUMBER, result=ContextOf({"a": optional(NUMBER), "b": STRING})),
            FunctionOf((NUMBER,), ContextOf({"a": NUMBER})),
            True,
        ),
        (function(NUMBER, result=NUMBER), FunctionOf((NUMBER, NUMBER), NUMBER), False),
        (
            function(NUMBER, NUMBER, result=NUMBER, required=1),
            FunctionOf((NUMBER,), NUMBER),
            True,
        ),
        (
            function(NUMBER, result=NUMBER, required=0, variadic=True),
            FunctionOf((NUMBER, NUMBER, NUMBER), NUMBER),
            True,
        ),
        (
            function(NUMBER, result=NUMBER, required=0, variadic=True),
            FunctionOf((NUMBER, STRING), NUMBER),
            False,
        ),
    ],
)
def test_a_function_belongs_if_it_can_be_called_so_and_gives_such_a_result(
    value: Value, type_: Type, belongs: bool
) -> None:
    assert conforms(value, type_) is belongs


def nested(depth: int, inner: Value) -> Value:
    """Put a value into so many lists, each holding the one below twice."""
    for _ in range(depth):
        inner = [inner, inner]
    return inner


def test_values_that_hold_others_many_times_over_are_looked_at_once() -> None:
    type_: Type = NUMBER
    for _ in range(60):
        type_ = ListOf(type_)
    assert conforms(nested(60, ONE), type_) is True
    assert conforms(nested(60, "a"), type_) is False


def test_a_value_nested_far_deeper_than_its_type_does_no_harm() -> None:
    assert conforms(nested(5000, ONE), ListOf(ANY)) is True
    assert conforms(nested(5000, ONE), ListOf(ListOf(NUMBER))) is False


# ---------------------------------------------------------------------- conversions


@pytest.mark.parametrize(
    ("value", "type_", "expected"),
    [
        (None, NUMBER, None),
        (None, ListOf(STRING), None),
        (ONE, NUMBER, ONE),
        (ONE, ANY, ONE),
        ([ONE], NUMBER, ONE),
        ([None], NUMBER, None),
        ([ONE], optional(NUMBER), ONE),
        ([[ONE]], ListOf(NUMBER), "eval.type"),
        (ONE, ListOf(NUMBER), [ONE]),
        (ONE, optional(ListOf(NUMBER)), [ONE]),
        (ONE, ListOf(STRING), "eval.type"),
        ([ONE], STRING, "eval.type"),
        ([ONE, ONE], NUMBER, "eval.type"),
        ([], NUMBER, "eval.type"),
        (ONE, STRING, "eval.type"),
        ({"a": ONE}, ContextOf({"a": NUMBER, "b": NUMBER}), "eval.type"),
        ([{"a": ONE}], ContextOf({"a": NUMBER}), {"a": ONE}),
        (date(2024, 1, 31), DATE_AND_TIME, datetime(2024, 1, 31, tzinfo=UTC)),
        (WideDate(10000, 1, 31), DATE_AND_TIME, WideDateTime(10000, 1, 31, 0, UTC)),
        (datetime(2024, 1, 31, tzinfo=UTC), DATE, "eval.type"),
        (function(NUMBER, result=NUMBER), FunctionOf((NUMBER, NUMBER), NUMBER), "eval.type"),
    ],
)
def test_a_value_is_converted_to_a_declared_type_or_refused(
    value: Value, type_: Type, expected: object
) -> None:
    if isinstance(expected, str):
        with pytest.raises(Failure) as caught:
            coerce(value, type_)
        assert caught.value.code == expected
    else:
        assert coerce(value, type_) == expected


VALUES: st.SearchStrategy[Value] = st.recursive(
    st.sampled_from([None, *(value for value, _ in SIMPLE.values())]),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from("ab"), inner, max_size=2)
    ),
    max_leaves=6,
)
TYPES: st.SearchStrategy[Type] = st.recursive(
    st.sampled_from([ANY, NULL, *(type_ for _, type_ in SIMPLE.values())]),
    lambda inner: st.one_of(
        inner.map(ListOf),
        inner.map(optional),
        st.dictionaries(st.sampled_from("ab"), inner, max_size=2).map(ContextOf),
    ),
    max_leaves=4,
)


@given(VALUES, TYPES)
def test_what_conversion_gives_belongs_to_the_type_and_stays_the_same(
    value: Value, type_: Type
) -> None:
    try:
        converted = coerce(value, type_)
    except Failure:
        assert not conforms(value, type_)
        return
    assert converted is None or conforms(converted, type_)
    assert coerce(converted, type_) == converted
    if conforms(value, type_):
        assert converted is value


@given(VALUES, TYPES, TYPES)
def test_a_value_of_a_type_belongs_to_every_wider_type(
    value: Value, type_: Type, wider: Type
) -> None:
    if conforms(value, type_) and types.conforms(type_, wider) and value is not None:
        assert conforms(value, wider)
