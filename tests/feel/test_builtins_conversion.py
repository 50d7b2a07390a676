"""Numbers and texts out of each other."""

import decimal
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyeval.feel import temporal
from policyeval.feel.builtins.conversion import BUILTINS, read_number
from policyeval.feel.failure import Failure
from policyeval.feel.invocation import select
from policyeval.feel.numbers import number_text
from policyeval.feel.runtime import Budget, Runtime
from policyeval.feel.values import Value

BY_NAME = {each.name: each for each in BUILTINS}


def call(name: str, *arguments: Value, names: list[str] | None = None, length: int = 99) -> object:
    """Give the result of a call, or the code of its failure."""
    try:
        signature, converted = select(BY_NAME[name], arguments, names)
        if signature.needs_runtime:
            return signature.function(Runtime(Budget(string_length=length)), *converted)
        return signature.function(*converted)
    except Failure as failure:
        return failure.code


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Decimal("1.10"), "1.1"),
        (True, "true"),
        ("text", "text"),
        (None, None),
        ([Decimal(1), None, "a"], '[1, null, "a"]'),
        ({"a": [Decimal(1)]}, "{a: [1]}"),
        (
            temporal.parse_temporal("2024-01-31T10:00:00@Europe/Paris"),
            "2024-01-31T10:00:00@Europe/Paris",
        ),
        (temporal.parse_temporal("PT36H"), "P1DT12H"),
    ],
)
def test_string_gives_a_value_as_text_and_null_for_null(value: Value, expected: object) -> None:
    assert call("string", value) == expected
    assert call("string", value, names=["from"]) == expected


def test_string_respects_the_budget_and_its_arguments() -> None:
    assert call("string", [Decimal(1)] * 10, length=10) == "eval.size"
    assert call("string") == "eval.arguments"
    assert call("string", "a", "b") == "eval.arguments"


@pytest.mark.parametrize(
    ("text", "grouping", "decimal_", "expected"),
    [
        ("1.000.000,01", ".", ",", Decimal("1000000.01")),
        ("1,000,000.01", ",", ".", Decimal("1000000.01")),
        ("1 000 000,01", " ", ",", Decimal("1000000.01")),
        ("1000000.01", None, ".", Decimal("1000000.01")),
        ("1000000.01", None, None, Decimal("1000000.01")),
        ("1,000.00", ",", None, Decimal("1000.00")),
        ("-1.5", None, None, Decimal("-1.5")),
        (".5", None, None, Decimal("0.5")),
        ("1e3", None, None, Decimal(1000)),
        ("1.5E-3", None, None, Decimal("0.0015")),
        ("-0", None, None, Decimal(0)),
        ("1,5", None, ",", Decimal("1.5")),
        ("1,5", None, None, "eval.literal"),
        ("1,000.01", " ", ".", "eval.literal"),
        ("1.000,01", ",", None, Decimal("1.00001")),
        ("", None, None, "eval.literal"),
        (" 1", None, None, "eval.literal"),
        ("+1", None, None, "eval.literal"),
        ("1.", None, None, "eval.literal"),
        ("1_000", None, None, "eval.literal"),
        ("１２", None, None, "eval.literal"),
        ("0x1F", None, None, "eval.literal"),
        ("NaN", None, None, "eval.literal"),
        ("Infinity", None, None, "eval.literal"),
        ("1e999999999", None, None, "eval.number-range"),
        ("1e9999999999", None, None, "eval.literal"),
        ("9" * 10_000, None, None, "eval.literal"),
        ("1.5", ".", ".", "eval.domain"),
        ("1.5", ",", ",", "eval.domain"),
        ("1.5", None, ":", "eval.domain"),
        ("1.5", "'", ".", "eval.domain"),
        ("1.5", "", ".", "eval.domain"),
        ("1.5", Decimal(1), ".", "eval.type"),
        (Decimal(1), None, None, "eval.type"),
        (None, ",", ".", "eval.null"),
        (["1.5"], None, None, Decimal("1.5")),
    ],
)
def test_number_reads_digits_with_separators(
    text: Value, grouping: Value, decimal_: Value, expected: object
) -> None:
    assert call("number", text, grouping, decimal_) == expected
    names = ["from", "decimal separator", "grouping separator"]
    assert call("number", text, decimal_, grouping, names=names) == expected


def test_number_wants_its_three_arguments() -> None:
    assert call("number", "1") == "eval.arguments"
    assert call("number", "1", ",", ".", ".") == "eval.arguments"
    assert call("number", "1", ",", ".", names=["from", "grouping", "decimal"]) == "eval.arguments"


def test_more_digits_than_34_are_rounded_to_the_even_neighbour() -> None:
    assert read_number("1" + "0" * 33 + "5") == Decimal("1" + "0" * 34)
    assert read_number("1" + "0" * 32 + "15") == Decimal("1" + "0" * 32 + "20")


def test_reading_does_not_depend_on_the_decimal_context_of_the_thread() -> None:
    with decimal.localcontext(decimal.Context(prec=3, traps=[decimal.Inexact])):
        assert read_number("12345.678") == Decimal("12345.678")


@given(
    st.decimals(allow_nan=False, allow_infinity=False, places=6).filter(
        lambda each: abs(each) < 10**20
    )
)
def test_number_reads_what_string_writes(value: Decimal) -> None:
    assert read_number(number_text(value)) == value
    grouped = f"{value:,f}"
    assert call("number", grouped, ",", ".") == value
    swapped = grouped.translate(str.maketrans(",.", ".,"))
    assert call("number", swapped, ".", ",") == value
