"""What stands where a value would, of a formula whose result is not known."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from policyeval.backends.python.moments import is_moment
from policyeval.errors import EvaluationError
from policyeval.feel import operators
from policyeval.feel.failure import Failure


class Undecided:
    """No value: what is known does not tell it, or it has none for these facts.

    Attributes:
        error: Why there is none.
        options: The few values that it may have, if that much is known: those that the open readings
            give.
    """

    __slots__ = ("error", "options")

    def __init__(
        self, error: EvaluationError | None = None, options: tuple[object, ...] = ()
    ) -> None:
        self.error = error
        self.options = options


UNDECIDED: Final = Undecided()

GROWING: Final = Undecided()
"""Stands for a log that is known as far as it goes, and may still grow."""

Unknown = dict[str, Undecided]
"""What is not known in one evaluation: names of facts and decisions, and places of other formulas."""


_MOST_OPTIONS = 16

# Types whose values are equal in FEEL where Python says so, and to those of no other.
_PLAIN = frozenset({bool, str, Decimal, date, timedelta, type(None)})


def merged(values: Iterable[object]) -> object:
    """Give the value that several ways to read the text all give; undecided if they differ."""
    found: list[object] = []
    for value in values:
        if type(value) is not Undecided:
            _add(found, value)
        elif not value.options:
            return UNDECIDED
        else:
            for each in value.options:
                _add(found, each)
        if len(found) > _MOST_OPTIONS:
            return UNDECIDED
    return found[0] if len(found) == 1 else Undecided(options=tuple(found))


def _add(found: list[object], value: object) -> None:
    for other in found:
        if _same(other, value):
            return
    found.append(value)


def _same(left: object, right: object) -> bool:
    if left is right:
        return True
    kind = type(left)
    if kind in _PLAIN:
        return kind is type(right) and left == right
    if is_moment(left) or is_moment(right):
        return False
    try:
        return operators.same(left, right)  # type: ignore[arg-type]  # values
    except Failure:
        return False


def verdict(requires: Sequence[object], excluded: Sequence[object]) -> object:
    """Give whether all requirements hold and no exclusion does, as far as is known."""
    if any(each is False for each in requires) or any(each is True for each in excluded):
        return False
    undecided = [each for each in (*requires, *excluded) if type(each) is Undecided]
    if not undecided:
        return True
    return next((each for each in undecided if each.error is not None), UNDECIDED)


def touched(names: frozenset[str], unknown: Mapping[str, Undecided]) -> Undecided | None:
    """Give what stands for a formula of these names if one of them is not known."""
    found: Undecided | None = None
    for name in names:
        each = unknown.get(name)
        if each is not None:
            if each.error is None:
                return UNDECIDED
            found = each
    return found
