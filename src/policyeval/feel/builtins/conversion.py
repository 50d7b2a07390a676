"""Conversions from and to text (DMN 1.5, table 72); those of dates stand with the dates."""

import re
from collections.abc import Sequence
from decimal import Decimal

from policyeval.feel import numbers, types
from policyeval.feel.builtins.declaration import Builtin, Example, Parameter, Signature
from policyeval.feel.failure import Failure
from policyeval.feel.runtime import Runtime
from policyeval.feel.types import ANY, NUMBER, STRING, Type, optional
from policyeval.feel.values import Value
from policyeval.feel.writing import shown, value_text
from policyeval.messages import message

_NUMBER = re.compile(r"-?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][-+]?[0-9]{1,9})?")
_LONGEST = 6_500  # the smallest number written out in full has 6,178 characters


def read_number(text: str) -> Decimal:
    """Read a number as the grammar writes it (rule 35): digits, a point, an exponent.

    More than 34 digits are rounded to 34.

    Raises:
        Failure: The text is no number, or one that is too large.
    """
    if len(text) > _LONGEST or not _NUMBER.fullmatch(text):
        raise Failure("eval.literal", message("{text} is no number", text=shown(text)))
    try:
        return numbers.CONTEXT.create_decimal(text) or numbers.ZERO
    except ArithmeticError as error:
        raise numbers.failure_of(error) from None


def _number(text: str, grouping: str | None, decimal: str | None) -> Decimal:
    if grouping not in (" ", ",", ".", None):
        raise Failure(
            "eval.domain",
            message(
                "the grouping separator is a blank, a comma, a point or null, not {given}",
                given=shown(grouping),
            ),
        )
    if decimal not in (",", ".", None):
        raise Failure(
            "eval.domain",
            message(
                "the decimal separator is a comma, a point or null, not {given}",
                given=shown(decimal),
            ),
        )
    if grouping is not None and grouping == decimal:
        raise Failure(
            "eval.domain",
            message("the grouping separator and the decimal separator are the same"),
        )
    if grouping is not None:
        text = text.replace(grouping, "")
    if decimal is not None:
        text = text.replace(decimal, ".")
    return read_number(text)


# Characters that are written in about the time that a step stands for.
_WRITTEN_PER_STEP = 100


def _string(runtime: Runtime, value: Value) -> str | None:
    if value is None:
        return None
    text = value_text(value, runtime.budget)
    runtime.step(len(text) // _WRITTEN_PER_STEP)
    return text


def _string_type(arguments: Sequence[Type]) -> Type:
    return optional(STRING) if types.may_be_null(arguments[0]) else STRING


BUILTINS: tuple[Builtin, ...] = (
    Builtin(
        "string",
        message("a value as text; null stays null"),
        (Signature((Parameter("from", ANY),), _string_type, _string, needs_runtime=True),),
        (
            Example("string(1.10)", '"1.1"'),
            Example('string("a text")', '"a text"'),
            Example('string(@"2024-01-31")', '"2024-01-31"'),
            Example('string(@"P1Y14M")', '"P2Y2M"'),
            Example("string([1, true, null])", '"[1, true, null]"'),
            Example('string({a: "b"})', r'"{a: \"b\"}"'),
            Example("string([1..3))", '"[1..3)"'),
            Example("string(null)", "null"),
        ),
    ),
    Builtin(
        "number",
        message(
            "a number read from text, in which a separator may group the digits and another one, "
            "a comma or a point, may stand before the decimals"
        ),
        (
            Signature(
                (
                    Parameter("from", STRING),
                    Parameter("grouping separator", optional(STRING)),
                    Parameter("decimal separator", optional(STRING)),
                ),
                NUMBER,
                _number,
            ),
        ),
        (
            Example('number("1 000,5", " ", ",")', "1000.5"),
            Example('number("1,000.5", ",", ".")', "1000.5"),
            Example('number("1000.5", null, null)', "1000.5"),
            Example('number("1.5", ".", ".")', "null"),
            Example('number("about 5", null, null)', "null"),
        ),
    ),
)
