"""`+ - * / **` and the minus sign, for every pair of kinds (DMN 1.5, tables 56 to 62)."""

from collections.abc import Callable
from decimal import Decimal

from policyeval.feel import numbers, temporal
from policyeval.feel.failure import Failure
from policyeval.feel.runtime import Runtime
from policyeval.feel.temporal.kinds import kind
from policyeval.feel.values import Value
from policyeval.messages import message


def add(left: Value, right: Value) -> Value:
    """Give `left + right`: numbers, texts, durations, or a date or time and a duration.

    Raises:
        Failure: One is missing, the two do not add, or the sum is out of range.
        BudgetExceededError: Two texts would become too long for the default budget.
    """
    return add_within(Runtime(), left, right)


def add_within(runtime: Runtime, left: Value, right: Value) -> Value:
    """Give `left + right` as `add` does, where a text may be as long as the run allows.

    Raises:
        Failure: As `add`.
        BudgetExceededError: Two texts would become too long.
    """
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return _number(numbers.add, left, right)
    if isinstance(left, str) and isinstance(right, str):
        return concatenate(runtime, left, right)
    _check_given(left, right, "+")
    return temporal.add(left, right)


def concatenate(runtime: Runtime, left: str, right: str) -> str:
    """Put one text after another.

    Raises:
        BudgetExceededError: The text would be too long.
    """
    runtime.make_string(len(left) + len(right))
    return left + right


def subtract(left: Value, right: Value) -> Value:
    """Give `left - right`: numbers, durations, dates or times, or a duration from a date or time.

    Raises:
        Failure: One is missing, the two do not subtract, or the difference is out of range.
    """
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return _number(numbers.subtract, left, right)
    _check_given(left, right, "-")
    return temporal.subtract(left, right)


def multiply(left: Value, right: Value) -> Value:
    """Give `left * right`: two numbers, or a number and a duration.

    Raises:
        Failure: One is missing, the two do not multiply, or the product is out of range.
    """
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return _number(numbers.multiply, left, right)
    _check_given(left, right, "*")
    return temporal.multiply(left, right)


def divide(left: Value, right: Value) -> Value:
    """Give `left / right`: two numbers, two durations of a kind, or a duration by a number.

    Raises:
        Failure: One is missing, the two do not divide, the second is zero, or the quotient is out
            of range.
    """
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return _number(numbers.divide, left, right)
    _check_given(left, right, "/")
    return temporal.divide(left, right)


def power(left: Value, right: Value) -> Value:
    """Give `left ** right`: one number raised to another.

    Raises:
        Failure: One is missing or no number, or the power does not exist or is out of range.
    """
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return _number(numbers.power, left, right)
    _check_given(left, right, "**")
    raise Failure(
        "eval.type",
        message("`**` is not defined for {left} and {right}", left=kind(left), right=kind(right)),
    )


def negate(value: Value) -> Value:
    """Give `-value`: a number or a duration, times minus one.

    Raises:
        Failure: It is missing, or neither of the two.
    """
    if isinstance(value, Decimal):
        return numbers.negate(value)
    if value is None:
        raise Failure("eval.null", message("`-` stands before a value that is missing"))
    return temporal.negate(value)


def _number(
    operation: Callable[[Decimal, Decimal], Decimal], left: Decimal, right: Decimal
) -> Decimal:
    try:
        return operation(left, right)
    except ArithmeticError as error:
        raise numbers.failure_of(error) from None


def _check_given(left: Value, right: Value, operator: str) -> None:
    if left is None or right is None:
        raise Failure(
            "eval.null",
            message("a value that `{operator}` computes with is missing", operator=operator),
        )
