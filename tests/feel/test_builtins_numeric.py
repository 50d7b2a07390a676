"""The built-ins on numbers, called as an expression calls them."""

import decimal
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyeval.feel.builtins.numeric import BUILTINS
from policyeval.feel.failure import Failure
from policyeval.feel.invocation import select
from policyeval.feel.values import Value, WideDuration, YearsMonthsDuration

BY_NAME = {each.name: each for each in BUILTINS}
D = Decimal


def call(name: str, *arguments: object, names: list[str] | None = None) -> object:
    """Give the result of a call, or the code of its failure; texts that read as numbers are."""
    values: list[Value] = [number(each) for each in arguments]
    try:
        signature, converted = select(BY_NAME[name], values, names)
        return signature.function(*converted)
    except Failure as failure:
        return failure.code


def number(value: object) -> Value:
    if isinstance(value, str) and value[-1:].isdigit():
        return Decimal(value)
    return Decimal(value) if type(value) is int else value  # type: ignore[return-value]  # the tables have FEEL values only


ROUNDING = [
    "decimal",
    "floor",
    "ceiling",
    "round up",
    "round down",
    "round half up",
    "round half down",
]


@pytest.mark.parametrize(
    ("value", "scale", "expected"),
    [
        #                decimal  floor    ceiling  up       down     half up  half down
        ("5.5", 0, ("6", "5", "6", "6", "5", "6", "5")),
        ("2.5", 0, ("2", "2", "3", "3", "2", "3", "2")),
        ("1.6", 0, ("2", "1", "2", "2", "1", "2", "2")),
        ("1.1", 0, ("1", "1", "2", "2", "1", "1", "1")),
        ("-1.1", 0, ("-1", "-2", "-1", "-2", "-1", "-1", "-1")),
        ("-2.5", 0, ("-2", "-3", "-2", "-3", "-2", "-3", "-2")),
        ("2.665", 2, ("2.66", "2.66", "2.67", "2.67", "2.66", "2.67", "2.66")),
        ("2.675", 2, ("2.68", "2.67", "2.68", "2.68", "2.67", "2.68", "2.67")),
        ("-2.665", 2, ("-2.66", "-2.67", "-2.66", "-2.67", "-2.66", "-2.67", "-2.66")),
        ("1250", -2, ("1200", "1200", "1300", "1300", "1200", "1300", "1200")),
        ("4", -1, ("0", "0", "10", "10", "0", "0", "0")),
        ("-0.4", 0, ("0", "-1", "0", "-1", "0", "0", "0")),
        ("1.5", 6176, ("1.5",) * 7),
        ("0", -6111, ("0",) * 7),
        ("7", 5, ("7",) * 7),
    ],
)
def test_each_way_of_rounding_does_what_its_name_says(
    value: str, scale: int, expected: tuple[str, ...]
) -> None:
    assert [call(name, value, scale) for name in ROUNDING] == [D(each) for each in expected]


@pytest.mark.parametrize("name", ROUNDING)
@pytest.mark.parametrize("scale", ["6177", "-6112", "7000", "1e6000", "-1e6000"])
def test_a_scale_out_of_range_has_no_result(name: str, scale: str) -> None:
    assert call(name, "1.5", D(scale)) == "eval.domain"


@pytest.mark.parametrize("name", ROUNDING)
@pytest.mark.parametrize(("scale", "whole"), [("1.9", 1), ("0.5", 0), ("-0.9", 0), ("-1.2", -1)])
def test_a_scale_loses_its_fraction(name: str, scale: str, whole: int) -> None:
    assert call(name, "15.66", D(scale)) == call(name, "15.66", whole)


@pytest.mark.parametrize("name", ROUNDING)
def test_rounding_takes_numbers_only(name: str) -> None:
    assert call(name, None, 0) == "eval.null"
    assert call(name, "1.5", None) == "eval.null"
    assert call(name, "x", 0) == "eval.type"
    assert call(name, "1.5", True) == "eval.type"
    assert call(name, "1.5", 0, 0) == "eval.arguments"
    assert call(name, "1.5", 0, names=["n", "scale"]) == call(name, "1.5", 0)
    assert call(name, "1.5", 0, names=["number", "scale"]) == "eval.arguments"


def test_only_floor_and_ceiling_do_without_a_scale() -> None:
    without = {name: call(name, "1.5") for name in ROUNDING}
    assert without == dict.fromkeys(ROUNDING, "eval.arguments") | {"floor": D(1), "ceiling": D(2)}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("-1.50", D("1.5")),
        ("1.5", D("1.5")),
        ("-0", D(0)),
        (timedelta(days=-1, hours=-2), timedelta(days=1, hours=2)),
        (timedelta(days=1), timedelta(days=1)),
        (WideDuration(-(10**23)), WideDuration(10**23)),
        (WideDuration(10**23), WideDuration(10**23)),
        (YearsMonthsDuration(-14), YearsMonthsDuration(14)),
        (YearsMonthsDuration(0), YearsMonthsDuration(0)),
        (None, "eval.null"),
        ("x", "eval.type"),
        (True, "eval.type"),
    ],
)
def test_abs_takes_the_minus_sign_off(value: object, expected: object) -> None:
    assert call("abs", value) == expected


@pytest.mark.parametrize(
    ("dividend", "divisor", "expected"),
    [
        ("12", "5", "2"),
        ("-5", "3", "1"),
        ("-5.5", "3", "0.5"),
        ("5", "-3", "-1"),
        ("-5", "-3", "-2"),
        ("10.1", "4.5", "1.1"),
        ("-10.1", "4.5", "3.4"),
        ("10.1", "-4.5", "-3.4"),
        ("-10.1", "-4.5", "-1.1"),
        ("6", "3", "0"),
        ("-6", "3", "0"),
        ("0", "3", "0"),
        ("1e40", "3", "1"),
        ("1e6000", "7", str(pow(10, 6000, 7))),
        ("-1e6000", "7", str(7 - pow(10, 6000, 7))),
        ("1e6000", "-7", str(pow(10, 6000, 7) - 7)),
        ("1", "1e-6000", "0"),
        ("1e6100", "3e-6100", str(D(pow(10, 12200, 3)).scaleb(-6100))),
        ("-1e-100", "1", "1"),
    ],
)
def test_modulo_has_the_sign_of_the_divisor(dividend: str, divisor: str, expected: str) -> None:
    result = call("modulo", dividend, divisor)
    assert result == D(expected)
    assert not (isinstance(result, Decimal) and result.is_zero() and result.is_signed())


def test_modulo_zero_has_no_result() -> None:
    assert call("modulo", 1, 0) == "eval.division-by-zero"
    assert call("modulo", 0, D("-0")) == "eval.division-by-zero"
    assert call("modulo", 12, 5, names=["dividend", "divisor"]) == D(2)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("sqrt", "16", D(4)),
        ("sqrt", "2", D("1.414213562373095048801688724209698")),
        ("sqrt", "0", D(0)),
        ("sqrt", "-1", "eval.domain"),
        ("sqrt", "-1e-6000", "eval.domain"),
        ("sqrt", "1e6144", D("1e3072")),
        ("log", "1", D(0)),
        ("log", "10", D("2.302585092994045684017991454684364")),
        ("log", "0", "eval.domain"),
        ("log", "-4", "eval.domain"),
        ("exp", "0", D(1)),
        ("exp", "1", D("2.718281828459045235360287471352662")),
        ("exp", "1e6", "eval.number-range"),
        ("exp", "1e6144", "eval.number-range"),
        ("exp", "-1e6144", D(0)),
        ("odd", "5", True),
        ("odd", "-5", True),
        ("odd", "4", False),
        ("odd", "2.5", False),
        ("odd", "5.0", True),
        ("odd", "1e6000", False),
        ("odd", "1234567890123456789012345678901235", True),
        ("even", "4", True),
        ("even", "-4", True),
        ("even", "0", True),
        ("even", "5", False),
        ("even", "2.5", False),
        ("even", "1e6000", True),
        ("even", "1e-6000", False),
    ],
)
def test_functions_of_one_number(name: str, value: str, expected: object) -> None:
    assert call(name, value) == expected


@pytest.mark.parametrize("name", ["sqrt", "log", "exp", "odd", "even"])
def test_functions_of_one_number_take_numbers_only(name: str) -> None:
    assert call(name, None) == "eval.null"
    assert call(name, "x") == "eval.type"
    assert call(name, True) == "eval.type"
    assert call(name, timedelta(1)) == "eval.type"
    assert call(name) == "eval.arguments"
    assert call(name, 1, 1) == "eval.arguments"
    assert call(name, 1, names=["number"]) == call(name, 1)
    assert call(name, 1, names=["n"]) == "eval.arguments"


NUMBERS = st.decimals(
    allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20
).map(lambda value: decimal.Context(prec=34).plus(value))
SCALES = st.integers(-5, 10)


@given(NUMBERS, SCALES)
def test_rounding_twice_changes_nothing_more(value: Decimal, scale: int) -> None:
    for name in ROUNDING:
        once = call(name, value, scale)
        assert call(name, once, scale) == once


@given(NUMBERS, SCALES)
def test_a_number_lies_between_its_floor_and_its_ceiling(value: Decimal, scale: int) -> None:
    low, high = call("floor", value, scale), call("ceiling", value, scale)
    assert isinstance(low, Decimal)
    assert isinstance(high, Decimal)
    assert low <= value <= high
    assert high - low in (0, D(1).scaleb(-scale))
    for name in ROUNDING:
        assert call(name, value, scale) in (low, high)


@given(NUMBERS, SCALES)
def test_rounding_half_is_symmetric_about_zero(value: Decimal, scale: int) -> None:
    for name in ("decimal", "round up", "round down", "round half up", "round half down"):
        negated = call(name, value.copy_negate(), scale)
        rounded = call(name, value, scale)
        assert isinstance(rounded, Decimal)
        assert negated == -rounded


@given(st.integers(-(10**30), 10**30), st.integers(-(10**10), 10**10).filter(bool))
def test_modulo_of_whole_numbers_is_that_of_python(dividend: int, divisor: int) -> None:
    assert call("modulo", dividend, divisor) == D(dividend % divisor)


@given(st.integers(-(10**33), 10**33))
def test_a_whole_number_is_either_odd_or_even(value: int) -> None:
    assert call("odd", value) is bool(value % 2)
    assert call("even", value) is not bool(value % 2)


@pytest.mark.parametrize("precision", [3, 60])
def test_the_decimal_context_of_the_thread_does_not_matter(precision: int) -> None:
    with decimal.localcontext() as context:
        context.prec = precision
        context.Emax, context.Emin = 10, -10
        context.traps[decimal.FloatOperation] = True
        context.traps[decimal.Inexact] = True
        context.traps[decimal.Rounded] = True
        assert call("sqrt", "2") == D("1.414213562373095048801688724209698")
        assert call("exp", "1") == D("2.718281828459045235360287471352662")
        assert call("modulo", "1e40", "3") == 1
        assert call("decimal", "123456.789", 2) == D("123456.79")
        assert call("floor", "123456.789") == 123456
        assert call("abs", "-123456789.123456789") == D("123456789.123456789")
        assert call("odd", "123456789123456789") is True
