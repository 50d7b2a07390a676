"""Numbers: decimals of 34 digits, always computed in the package's own context (10.3.2.3.1).

A result never depends on the decimal context of the thread: every operation here is a method of
`CONTEXT` or exact. The signals of the context are Python exceptions while a formula runs;
`failure_of` says what they mean.
"""

import decimal
import re
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Final

from policyeval.feel.failure import Failure
from policyeval.messages import message

PRECISION: Final = 34
MIN_SCALE: Final = -6111
MAX_SCALE: Final = 6176
MAX_EXPONENT: Final = 999_999_999
"""The largest power that a number is raised to (DMN 1.5, table 60)."""

# IEEE 754-2008 decimal128. Underflow is no trap: what is too small to be told from zero is zero.
CONTEXT: Final = Context(
    prec=PRECISION,
    rounding=ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    capitals=1,
    clamp=1,
    flags=[],
    traps=[decimal.InvalidOperation, decimal.DivisionByZero, decimal.Overflow],
)

add = CONTEXT.add
subtract = CONTEXT.subtract
multiply = CONTEXT.multiply
divide = CONTEXT.divide
negate = CONTEXT.minus

ZERO: Final = Decimal(0)
ONE: Final = Decimal(1)

# Longer texts are refused unread; the smallest number written out has 6,178 characters.
_LONGEST_TEXT = 6_500
_NUMBER = re.compile(r"-?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)")
_SHOWN = 60


def power(base: Decimal, exponent: Decimal) -> Decimal:
    """Raise a number to a power, to 34 digits; anything to the power 0 is 1.

    Raises:
        Failure: The exponent is outside ±999,999,999, or the base has no such power (a root of a
            negative number, zero to a negative power).
        ArithmeticError: The result is too large (see `failure_of`).
    """
    if not exponent:
        return ONE
    if exponent.copy_abs() > MAX_EXPONENT:
        raise Failure(
            "eval.number-range",
            message(
                "a number cannot be raised to the power {exponent}; powers go from {low} to {high}",
                exponent=exponent,
                low=-MAX_EXPONENT,
                high=MAX_EXPONENT,
            ),
        )
    if not base and exponent < 0:
        raise Failure("eval.division-by-zero", message("zero cannot be raised to a negative power"))
    return CONTEXT.power(base, exponent)


def is_whole(value: Decimal) -> bool:
    """Tell whether a number has no fraction."""
    # Never through int(): that would write out a huge exponent.
    return value == value.to_integral_value(ROUND_HALF_EVEN, CONTEXT)


def to_int(value: Decimal, limit: int) -> int | None:
    """Give a whole number between -limit and limit as an int; None for any other number."""
    if value.copy_abs() > limit or not is_whole(value):
        return None
    return int(value)


def truncated(value: Decimal, limit: int) -> int | None:
    """Give a number without its fraction as an int; None if it is beyond ±limit."""
    return None if value.copy_abs() > limit else int(value)


def rounded(value: Decimal, scale: Decimal | int, rounding: str) -> Decimal:
    """Round to so many digits after the point (before it, if the scale is negative).

    A number that has no more digits than that stays what it is: no zeros are added.

    Args:
        value: The number.
        scale: A whole number from -6111 to 6176.
        rounding: One of the `decimal.ROUND_…` modes.

    Raises:
        Failure: The scale is no such number.
        ArithmeticError: The rounded number is too large (see `failure_of`).
    """
    places = to_int(scale, MAX_SCALE) if isinstance(scale, Decimal) else scale
    if places is None or not MIN_SCALE <= places <= MAX_SCALE:
        raise Failure(
            "eval.domain",
            message(
                "a number cannot be rounded to {scale} digits after the point; that must be a "
                "whole number from {low} to {high}",
                scale=scale,
                low=MIN_SCALE,
                high=MAX_SCALE,
            ),
        )
    if _exponent(value) >= -places:
        return value
    result = value.quantize(Decimal((0, (1,), -places)), rounding, CONTEXT)
    return result or ZERO  # never -0


def _exponent(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int), "numbers are finite"
    return exponent


def number_from_text(text: str) -> Decimal:
    """Read a number as FEEL writes it: `-1234.5`, `.5`; no signs but minus, no exponent, no blanks.

    More than 34 digits are rounded to 34.

    Raises:
        Failure: The text is no number, or one that is too large.
    """
    if len(text) > _LONGEST_TEXT or not _NUMBER.fullmatch(text):
        raise Failure(
            "eval.literal",
            message(
                "`{text}` is no number: a number is written as in `1234.5` or `-0.5`",
                text=text if len(text) <= _SHOWN else text[:_SHOWN] + "…",
            ),
        )
    try:
        value = CONTEXT.create_decimal(text)
    except ArithmeticError as error:
        raise failure_of(error) from None
    return value or ZERO


def number_text(value: Decimal) -> str:
    """Write a number as FEEL does: in full, without an exponent and without zeros at the end.

    Equal numbers give equal texts: 1.50 and 1.5 are `1.5`, and -0 is `0`. A text has at most 6,200
    characters.
    """
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def failure_of(error: ArithmeticError) -> Failure:
    """Say what an exception of Python's arithmetic means, for numbers and for native dates."""
    signals = error.args[0] if error.args and isinstance(error.args[0], list) else []
    if isinstance(error, ZeroDivisionError) or any(
        isinstance(each, type) and issubclass(each, ZeroDivisionError) for each in signals
    ):
        return Failure("eval.division-by-zero", message("a number cannot be divided by zero"))
    if isinstance(error, decimal.Overflow):
        return Failure(
            "eval.number-range", message("the result is a number too large to compute with")
        )
    if isinstance(error, decimal.DecimalException):
        return Failure("eval.domain", message("the calculation has no result for these numbers"))
    # Python's own dates and durations: the only other arithmetic that compiled code runs.
    return Failure(
        "eval.date-range",
        message("the result is a date or a duration outside the range that can be computed with"),
    )
