"""Numbers have 34 digits, whatever the thread's decimal context says."""

import decimal
from collections.abc import Callable
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
)

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyeval.feel import numbers
from policyeval.feel.failure import Failure

D = Decimal

finite = st.decimals(allow_nan=False, allow_infinity=False).map(numbers.CONTEXT.plus)


def test_tenths_add_up() -> None:
    assert numbers.add(D("0.1"), D("0.2")) == D("0.3")


def test_a_third_times_three_is_not_quite_one() -> None:
    third = numbers.divide(D(1), D(3))
    assert third == D("0.3333333333333333333333333333333333")
    assert numbers.multiply(third, D(3)) == D("0.9999999999999999999999999999999999")


def test_ten_thousand_cents_are_a_hundred() -> None:
    total = D(0)
    for _ in range(10_000):
        total = numbers.add(total, D("0.01"))
    assert total == 100


@pytest.mark.parametrize(
    "context",
    [
        pytest.param(decimal.Context(prec=3), id="three digits"),
        pytest.param(decimal.Context(prec=60, rounding=ROUND_UP), id="sixty digits, rounding up"),
        pytest.param(
            decimal.Context(prec=28, traps=list(decimal.Context().flags)), id="every trap set"
        ),
    ],
)
def test_the_context_of_the_thread_has_no_effect(context: decimal.Context) -> None:
    def results() -> list[object]:
        long = D("123456789012345678901234567890.1234")
        return [
            numbers.add(long, D(1)),
            numbers.divide(D(2), D(3)),
            numbers.power(D(2), D("0.5")),
            numbers.power(D(3), D(50)),
            numbers.negate(long),
            numbers.rounded(long, 2, ROUND_HALF_EVEN),
            numbers.is_whole(long),
            numbers.to_int(D("123456"), 10**6),
            numbers.number_text(long),
            numbers.number_from_text("123456789012345678901234567890.1234"),
        ]

    expected = results()
    with decimal.localcontext(context):
        assert results() == expected


@pytest.mark.parametrize(
    ("value", "scale", "rounding", "expected"),
    [
        ("2.665", 2, ROUND_HALF_EVEN, "2.66"),
        ("2.675", 2, ROUND_HALF_EVEN, "2.68"),
        ("2.665", 2, ROUND_HALF_UP, "2.67"),
        ("-2.665", 2, ROUND_HALF_UP, "-2.67"),
        ("2.665", 2, ROUND_HALF_DOWN, "2.66"),
        ("2.661", 2, ROUND_UP, "2.67"),
        ("-2.669", 2, ROUND_DOWN, "-2.66"),
        ("-2.661", 2, ROUND_FLOOR, "-2.67"),
        ("-2.669", 2, ROUND_CEILING, "-2.66"),
        ("-0.3", 0, ROUND_CEILING, "0"),
        ("1250", -2, ROUND_HALF_EVEN, "1200"),
        ("1350", -2, ROUND_HALF_EVEN, "1400"),
        ("49", -2, ROUND_HALF_UP, "0"),
        ("0.5", 6176, ROUND_UP, "0.5"),
        ("5", -6111, ROUND_UP, "1E+6111"),
        ("9999999999999999999999999999999999", 10, ROUND_UP, "9999999999999999999999999999999999"),
        ("999999999999999999999999999999999.9", 0, ROUND_UP, "1E+33"),
    ],
)
def test_rounding(value: str, scale: int, rounding: str, expected: str) -> None:
    result = numbers.rounded(D(value), D(scale), rounding)
    assert result == D(expected)
    assert not result.is_signed() or result < 0


@pytest.mark.parametrize("scale", ["6177", "-6112", "7000", "0.5", "1E+6000", "-1E+6000"])
def test_a_scale_outside_the_decimal_format_is_refused(scale: str) -> None:
    with pytest.raises(Failure) as caught:
        numbers.rounded(D(1), D(scale), ROUND_HALF_EVEN)
    assert caught.value.code == "eval.domain"


@pytest.mark.parametrize(
    ("base", "exponent", "expected"),
    [
        ("2", "10", "1024"),
        ("5", "-2", "0.04"),
        ("0", "0", "1"),
        ("0", "2", "0"),
        ("4", "0.5", "2"),
        ("-2", "3", "-8"),
    ],
)
def test_powers(base: str, exponent: str, expected: str) -> None:
    assert numbers.power(D(base), D(exponent)) == D(expected)


@pytest.mark.parametrize(
    ("base", "exponent", "code"),
    [
        ("10", "1E+10", "eval.number-range"),
        ("10", "10000000", "eval.number-range"),
        ("1.5", "999999999", "eval.number-range"),
        ("-8", "0.5", "eval.domain"),
        ("0", "-1", "eval.division-by-zero"),
    ],
)
def test_powers_without_a_result_fail_at_once(base: str, exponent: str, code: str) -> None:
    def run() -> None:
        try:
            numbers.power(D(base), D(exponent))
        except ArithmeticError as error:
            raise numbers.failure_of(error) from None

    with pytest.raises(Failure) as caught:
        run()
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("operation", "code"),
    [
        pytest.param(lambda: numbers.divide(D(1), D(0)), "eval.division-by-zero", id="1/0"),
        pytest.param(lambda: numbers.divide(D(0), D(0)), "eval.division-by-zero", id="0/0"),
        pytest.param(
            lambda: numbers.multiply(D("1E+6144"), D(10)), "eval.number-range", id="overflow"
        ),
        pytest.param(lambda: numbers.CONTEXT.exp(D(1_000_000)), "eval.number-range", id="exp"),
        pytest.param(lambda: numbers.CONTEXT.sqrt(D(-1)), "eval.domain", id="sqrt"),
        pytest.param(lambda: numbers.CONTEXT.ln(D(-1)), "eval.domain", id="ln"),
    ],
)
def test_signals_of_decimal_arithmetic_become_failures(
    operation: Callable[[], Decimal], code: str
) -> None:
    with pytest.raises(ArithmeticError) as caught:
        operation()
    assert isinstance(caught.value, ArithmeticError)
    assert numbers.failure_of(caught.value).code == code


def test_an_overflow_of_native_dates_is_a_date_out_of_range() -> None:
    assert numbers.failure_of(OverflowError("date value out of range")).code == "eval.date-range"


@pytest.mark.parametrize(
    ("value", "expected"),
    [("5", 5), ("5.0", 5), ("-3", -3), ("1E+2", 100), ("0.5", None), ("1001", None)],
)
def test_whole_numbers_within_a_limit_become_ints(value: str, expected: int | None) -> None:
    assert numbers.to_int(D(value), 1000) == expected


@pytest.mark.parametrize("value", ["1E+6144", "-1E+6144", "9.9E+6144"])
def test_a_huge_number_never_becomes_an_int(value: str) -> None:
    assert numbers.to_int(D(value), 10**9) is None
    assert numbers.is_whole(D(value)) is True


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("1.10", "1.1"),
        ("100", "100"),
        ("1E+3", "1000"),
        ("0.00", "0"),
        ("-0", "0"),
        ("-0.0", "0"),
        ("-12.50", "-12.5"),
        ("1E-7", "0.0000001"),
    ],
)
def test_numbers_are_written_in_full_and_without_zeros_at_the_end(
    value: str, expected: str
) -> None:
    assert numbers.number_text(D(value)) == expected


@pytest.mark.parametrize("value", ["9.999E+6144", "1E-6176", "-1E-6176"])
def test_the_text_of_a_number_has_a_bounded_length(value: str) -> None:
    assert len(numbers.number_text(numbers.CONTEXT.create_decimal(value))) < 6_200


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0", "0"),
        ("-0", "0"),
        (".5", "0.5"),
        ("-1.50", "-1.5"),
        ("007", "7"),
        ("12345678901234567890123.45", "12345678901234567890123.45"),
        ("0.12345678901234567890123456789012345", "0.1234567890123456789012345678901234"),
        ("0.12345678901234567890123456789012355", "0.1234567890123456789012345678901236"),
    ],
)
def test_numbers_are_read_as_feel_writes_them(text: str, expected: str) -> None:
    assert numbers.number_from_text(text) == D(expected)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "NaN",
        "sNaN",
        "Infinity",
        "1e3",
        "1_000",
        " 1",
        "1 ",
        "１２",
        "1,5",
        "+1",
        "1.",
        "--1",
        "9" * 7000,
        "-",
        ".",
        "0x1F",
        "1\n",
    ],
)
def test_what_is_no_number_in_feel_is_refused(text: str) -> None:
    with pytest.raises(Failure) as caught:
        numbers.number_from_text(text)
    assert caught.value.code == "eval.literal"
    assert len(caught.value.message.text()) < 200


def test_a_text_that_is_a_number_too_large_is_refused() -> None:
    with pytest.raises(Failure) as caught:
        numbers.number_from_text("9" * 6_200)
    assert caught.value.code == "eval.number-range"


@given(finite)
def test_a_number_reads_back_from_its_text(value: Decimal) -> None:
    assert numbers.number_from_text(numbers.number_text(value)) == value


@given(finite, st.integers(-20, 20))
def test_rounding_to_even_moves_a_number_by_half_a_unit_at_most(value: Decimal, scale: int) -> None:
    if value.adjusted() > 1000 or value.adjusted() < -1000:
        return
    wide = decimal.Context(prec=3000)
    moved = wide.abs(wide.subtract(numbers.rounded(value, scale, ROUND_HALF_EVEN), value))
    assert wide.multiply(moved, D(2)) <= D((0, (1,), -scale))
