"""Equality and order (DMN 1.5, tables 52 to 54).

Values of different kinds are neither equal nor unequal: such a comparison has no result. Null is
equal to null, and to nothing else.
"""

from datetime import date, timedelta
from decimal import Decimal

from policyeval.feel import temporal
from policyeval.feel.failure import Failure
from policyeval.feel.operators.logic import both
from policyeval.feel.runtime import DEFAULT_BUDGET, Pay, free
from policyeval.feel.syntax import ComparisonOperator
from policyeval.feel.values import Function, Range, Value
from policyeval.feel.writing import kind_of
from policyeval.messages import message

_DEPTH = DEFAULT_BUDGET.value_depth


def equal(left: Value, right: Value, pay: Pay = free) -> bool:
    """Tell whether two values are equal: `=`.

    Lists are compared item by item, contexts entry by entry, ranges by their ends and by how they
    were written. A function is equal to itself only.

    Raises:
        Failure: The values, or two that face each other within them, are of different kinds; or
            they are nested too deeply.
    """
    if type(left) is type(right) and type(left) in _PLAIN:
        return left == right
    return _Equality(lenient=False, pay=pay).of(left, right, _DEPTH)


def not_equal(left: Value, right: Value, pay: Pay = free) -> bool:
    """Tell whether two values are unequal: `!=`.

    Raises:
        Failure: As `equal`.
    """
    return not equal(left, right, pay)


def same(left: Value, right: Value, pay: Pay = free) -> bool:
    """Tell whether two values are equal, as list functions see it: different kinds just are not.

    Raises:
        Failure: The values are nested too deeply.
    """
    if type(left) is type(right) and type(left) in _PLAIN:
        return left == right
    return _Equality(lenient=True, pay=pay).of(left, right, _DEPTH)


# Types of which `==` is FEEL's equality. Not `datetime`: it treats zones in its own way.
_PLAIN = frozenset({bool, Decimal, str, date, timedelta})


class _Equality:
    """One comparison of two values that may be nested.

    What became of each pair of lists or contexts is remembered, unless they were unequal, which
    ends the comparison: a value may hold another one many times over, in levels, and comparing it
    each time would take for ever.
    """

    def __init__(self, *, lenient: bool, pay: Pay) -> None:
        self.lenient = lenient
        self.pay = pay
        self.known: dict[tuple[int, int], Failure | None] = {}

    def of(self, left: Value, right: Value, depth: int) -> bool:
        if left is None or right is None:
            return left is right
        kind = kind_of(left)
        if kind != kind_of(right):
            if self.lenient:
                return False
            raise _different_kinds(left, right)
        match left, right:
            case list(), list():
                return self._containers(left, right, depth)
            case dict(), dict():
                return self._containers(left, right, depth)
            case Range(), Range():
                if (left.operator, left.start_included, left.end_included) != (
                    right.operator,
                    right.start_included,
                    right.end_included,
                ):
                    return False
                return self._all([(left.start, right.start), (left.end, right.end)], depth)
            case Function(), Function():
                return left is right
            case (bool(), bool()) | (Decimal(), Decimal()) | (str(), str()):
                return left == right
            case _:
                return self._temporal(left, right)

    def _containers(
        self,
        left: list[Value] | dict[str, Value],
        right: list[Value] | dict[str, Value],
        depth: int,
    ) -> bool:
        pair = id(left), id(right)
        if left is right or pair in self.known:
            if failure := self.known.get(pair):
                raise failure
            return True
        if len(left) != len(right):
            return False
        self.pay(len(left))
        if isinstance(left, dict) and isinstance(right, dict):
            if left.keys() != right.keys():
                return False
            parts = [(left[key], right[key]) for key in left]
        else:
            parts = list(zip(left, right, strict=True))
        try:
            result = self._all(parts, depth)
        except Failure as failure:
            self.known[pair] = failure
            raise
        if result:
            self.known[pair] = None
        return result

    def _all(self, pairs: list[tuple[Value, Value]], depth: int) -> bool:
        """Combine the comparisons of parts as `and` does: one that is false decides."""
        if depth == 0:
            raise Failure("eval.too-deep", message("the values are nested too deeply to compare"))
        failure: Failure | None = None
        for left, right in pairs:
            try:
                if not self.of(left, right, depth - 1):
                    return False
            except Failure as error:
                failure = failure or error
        if failure is not None:
            raise failure
        return True

    def _temporal(self, left: Value, right: Value) -> bool:
        try:
            return temporal.equal(left, right)
        except Failure:
            if self.lenient:
                return False
            raise


def less(left: Value, right: Value) -> bool:
    """Tell whether one value comes before another: `<`.

    Numbers, texts (by Unicode code points), dates, times, dates and times, and durations of one
    kind have an order; nothing else has.

    Raises:
        Failure: A value is missing, or the two have no order.
    """
    return _order(left, right, "<") < 0


def less_or_equal(left: Value, right: Value) -> bool:
    """Tell whether one value does not come after another: `<=`.

    Raises:
        Failure: As `less`.
    """
    return _order(left, right, "<=") <= 0


def greater(left: Value, right: Value) -> bool:
    """Tell whether one value comes after another: `>`.

    Raises:
        Failure: As `less`.
    """
    return _order(left, right, ">") > 0


def greater_or_equal(left: Value, right: Value) -> bool:
    """Tell whether one value does not come before another: `>=`.

    Raises:
        Failure: As `less`.
    """
    return _order(left, right, ">=") >= 0


def order(left: Value, right: Value) -> int:
    """Give a negative number, zero or a positive one, as one value is before, at or after another.

    Raises:
        Failure: As `less`.
    """
    return _order(left, right, "<")


def between(value: Value, low: Value, high: Value) -> bool:
    """Tell whether a value lies between two others, both included.

    It is `value >= low and value <= high`: if one of the two is false, so is the whole.

    Raises:
        Failure: As `less`, for one of the two, while the other holds.
    """
    return both(
        lambda: _order(value, low, "between") >= 0, lambda: _order(value, high, "between") <= 0
    )


def compare(operator: ComparisonOperator, left: Value, right: Value) -> bool:
    """Compare two values by the operator given.

    Raises:
        Failure: As the operator's own function.
    """
    return COMPARISONS[operator](left, right)


COMPARISONS = {
    "=": equal,
    "!=": not_equal,
    "<": less,
    "<=": less_or_equal,
    ">": greater,
    ">=": greater_or_equal,
}
"""What each comparison operator means."""

_ORDERED = frozenset(
    {
        "number",
        "string",
        "date",
        "time",
        "date and time",
        "days and time duration",
        "years and months duration",
    }
)


def is_ordered(value: Value) -> bool:
    """Tell whether a value is of a kind that `<` compares."""
    return kind_of(value) in _ORDERED


def _order(left: Value, right: Value, operator: str) -> int:
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return (left > right) - (left < right)
    if isinstance(left, str) and isinstance(right, str):
        return (left > right) - (left < right)
    if left is None or right is None:
        raise Failure(
            "eval.null",
            message("`{operator}` compares with a value that is missing", operator=operator),
        )
    if kind_of(left) != kind_of(right):
        raise _different_kinds(left, right)
    if not is_ordered(left):
        raise Failure(
            "eval.type",
            message(
                "`{operator}` does not compare a `{kind}` with another: they have no order",
                operator=operator,
                kind=kind_of(left),
            ),
        )
    return temporal.compare(left, right)


def _different_kinds(left: Value, right: Value) -> Failure:
    return Failure(
        "eval.type",
        message(
            "a `{left}` cannot be compared with a `{right}`",
            left=kind_of(left),
            right=kind_of(right),
        ),
    )
