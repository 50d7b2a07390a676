"""Three-valued logic (DMN 1.5, tables 50 and 51).

Whatever is neither true nor false counts as null, which stands for "not known".
"""

from collections.abc import Callable

from policyeval.feel.failure import Failure
from policyeval.feel.values import Value
from policyeval.feel.writing import kind_of
from policyeval.messages import message


def conjunction(left: Value, right: Value) -> bool | None:
    """Give `left and right`: false if one is false, true if both are true, else null."""
    if left is False or right is False:
        return False
    return True if left is True and right is True else None


def disjunction(left: Value, right: Value) -> bool | None:
    """Give `left or right`: true if one is true, false if both are false, else null."""
    if left is True or right is True:
        return True
    return False if left is False and right is False else None


def negation(value: Value) -> bool | None:
    """Give `not(value)`; the negation of null is null.

    Raises:
        Failure: The value is neither true, false nor null.
    """
    if value is None or value is True or value is False:
        return None if value is None else not value
    raise Failure(
        "eval.type",
        message("`not` is for true or false, not for a `{given}`", given=kind_of(value)),
    )


def both(first: Callable[[], bool], second: Callable[[], bool]) -> bool:
    """Tell whether two tests hold, where one that fails may be made good by the other being false.

    Raises:
        Failure: One of them has no result, and the other is not false.
    """
    try:
        if not first():
            return False
    except Failure as failure:
        if not second():
            return False
        raise failure from None
    return second()
