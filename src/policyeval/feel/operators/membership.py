"""Ranges, and `in`: which values belong to a range or pass a test (DMN 1.5, 10.3.2.7, table 55)."""

from policyeval.feel.failure import Failure
from policyeval.feel.operators.comparison import (
    compare,
    equal,
    greater,
    greater_or_equal,
    is_ordered,
    less,
    less_or_equal,
    not_equal,
    same,
)
from policyeval.feel.operators.logic import both
from policyeval.feel.runtime import Pay, free
from policyeval.feel.syntax import ComparisonOperator
from policyeval.feel.values import Range, Value
from policyeval.feel.writing import kind_of, shown
from policyeval.messages import message


def make_range(start: Value, end: Value, start_included: bool, end_included: bool) -> Range:
    """Make the range between two ends; an end may be null, but then little is known of it.

    Raises:
        Failure: The ends are of different kinds or of one that has no order, or the start comes
            after the end.
    """
    for each in (start, end):
        if each is not None:
            _check_end(each)
    if start is not None and end is not None and greater(start, end):
        raise Failure(
            "eval.domain",
            message(
                "a range cannot start at `{start}` and end before that, at `{end}`",
                start=shown(start),
                end=shown(end),
            ),
        )
    return Range(start, end, start_included, end_included)


def comparison_range(operator: ComparisonOperator, operand: Value) -> Range:
    """Make the range of the values that compare with one so: `(< 10)`.

    The side that a comparison leaves open has no bound. `(= 10)` and `(!= 10)` hold the operand at
    both ends.

    Raises:
        Failure: The operand is missing or has no order, and the operator is one of order.
    """
    match operator:
        case "=":
            return Range(operand, operand, True, True, operator)
        case "!=":
            return Range(operand, operand, False, False, operator)
        case "<" | "<=":
            return Range(None, _check_end(operand), False, operator == "<=", operator)
        case ">" | ">=":
            return Range(_check_end(operand), None, operator == ">=", False, operator)


def _check_end(end: Value) -> Value:
    if end is None:
        raise Failure("eval.null", message("the end of a range is missing"))
    if not is_ordered(end):
        raise Failure(
            "eval.type",
            message("a `{kind}` cannot be the end of a range: it has no order", kind=kind_of(end)),
        )
    return end


def contains(range_: Range, value: Value) -> bool:
    """Tell whether a value lies in a range.

    A range between two ends means two comparisons, joined as `and` does: outside of one end, the
    value is outside, even where the other end is null.

    Raises:
        Failure: The value is missing, or does not compare with the ends.
    """
    if value is None and range_.operator not in ("=", "!="):
        raise Failure(
            "eval.null",
            message("a value that may lie in the range {range} is missing", range=shown(range_)),
        )
    match range_.operator:
        case "=":
            return equal(value, range_.end)
        case "!=":
            return not_equal(value, range_.end)
        case "<" | "<=":
            return _below(range_, value)
        case ">" | ">=":
            return _above(range_, value)
        case None:
            return both(lambda: _above(range_, value), lambda: _below(range_, value))


def _above(range_: Range, value: Value) -> bool:
    return (greater_or_equal if range_.start_included else greater)(value, range_.start)


def _below(range_: Range, value: Value) -> bool:
    return (less_or_equal if range_.end_included else less)(value, range_.end)


def in_(value: Value, test: Value, pay: Pay = free) -> bool:
    """Tell whether `value in test` holds for a test that is no comparison.

    It does if the test is a range that contains the value, is a list that has the value or a range
    that contains it, or equals the value.

    Raises:
        Failure: Value and test do not compare; for the items of a list that are no ranges that
            just means that they are not the value.
    """
    if isinstance(test, Range) and not isinstance(value, Range):
        return contains(test, value)
    if isinstance(test, list):
        pay(len(test))
        return _in_list(value, test, pay)
    return equal(value, test, pay)


def _in_list(value: Value, tests: list[Value], pay: Pay) -> bool:
    if isinstance(value, list) and same(value, tests, pay):
        return True
    failure: Failure | None = None
    for each in tests:
        if not isinstance(each, Range) or isinstance(value, Range):
            if same(value, each, pay):
                return True
            continue
        try:
            if contains(each, value):
                return True
        except Failure as error:
            failure = failure or error
    if failure is not None:
        raise failure
    return False


def comparison_test(operator: ComparisonOperator, value: Value, operand: Value) -> bool:
    """Tell whether a value passes a test such as `< 10`: it is `value < 10`.

    Raises:
        Failure: As the comparison.
    """
    return compare(operator, value, operand)
