"""The moments of events as the compiled code computes with them.

An event that has not happened lies on the day asked on or later, if ever: `Later`. One that never
happens lies after every day: `ENDLESS`. Both take part in comparisons and sums like the dates and
date-times they stand for, and answer what is certain. Everything else that is done with them, on
purpose or by code that knows nothing of them, ends in `UndeterminedError`: they are neither true nor false,
have no parts, no hash, and do not even tell what class they are of.
"""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final, NoReturn, TypeGuard

from policyeval.feel import operators, temporal
from policyeval.feel.values import Range, YearsMonthsDuration


class UndeterminedError(Exception):
    """What is known does not tell the result."""


_KNOWN: Final = frozenset({"date", "low"})


class Moment:
    """A moment that is not known; see the module."""

    __slots__ = ()

    def __getattribute__(self, name: str) -> object:
        if name in _KNOWN:
            return object.__getattribute__(self, name)
        raise UndeterminedError

    def __bool__(self) -> NoReturn:
        raise UndeterminedError

    def __hash__(self) -> NoReturn:
        raise UndeterminedError

    def __str__(self) -> NoReturn:
        raise UndeterminedError

    def __format__(self, _spec: str) -> NoReturn:
        raise UndeterminedError

    def __iter__(self) -> NoReturn:
        raise UndeterminedError

    def __len__(self) -> NoReturn:
        raise UndeterminedError

    def __getitem__(self, _key: object) -> object:
        raise UndeterminedError

    def __contains__(self, _item: object) -> NoReturn:
        raise UndeterminedError


class Later(Moment):
    """The moment of an event that happens at `low` or later, or never."""

    __slots__ = ("low",)

    def __init__(self, low: date) -> None:
        self.low = low

    def __repr__(self) -> str:
        return f"Later({self.low!r})"

    def date(self) -> "Later":
        """Give its day."""
        low = self.low
        return Later(low.date() if isinstance(low, datetime) else low)

    # A known moment at `low` or before it, and never, tell something; others do not.

    def __lt__(self, other: object) -> bool:
        if other is self or (_day(other) and self.low >= other):
            return False
        raise UndeterminedError

    def __le__(self, other: object) -> bool:
        if other is self or other is ENDLESS:
            return True
        if _day(other) and self.low > other:
            return False
        raise UndeterminedError

    def __gt__(self, other: object) -> bool:
        if other is self or other is ENDLESS:
            return False
        if _day(other) and self.low > other:
            return True
        raise UndeterminedError

    def __ge__(self, other: object) -> bool:
        if other is self or (_day(other) and self.low >= other):
            return True
        raise UndeterminedError

    def __eq__(self, other: object) -> bool:
        if other is self:
            return True
        if other is None or (_day(other) and self.low > other):
            return False
        raise UndeterminedError

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = Moment.__hash__

    def __add__(self, length: object) -> "Later":
        if type(length) is not timedelta:
            raise UndeterminedError
        try:
            return Later(self.low + length)
        except OverflowError:
            raise UndeterminedError from None

    def __radd__(self, _other: object) -> NoReturn:
        raise UndeterminedError

    __sub__ = __rsub__ = __radd__


class Endless(Moment):
    """`NEVER`, in compiled code."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "ENDLESS"

    def date(self) -> "Endless":
        """Give itself."""
        return self

    # A `Later` answers for both, being on the left or reflected.

    def __lt__(self, other: object) -> bool:
        return other > self if type(other) is Later else False

    def __le__(self, other: object) -> bool:
        return other >= self if type(other) is Later else other is self

    def __gt__(self, other: object) -> bool:
        return other < self if type(other) is Later else other is not self

    def __ge__(self, other: object) -> bool:
        return True

    def __eq__(self, other: object) -> bool:
        return other == self if type(other) is Later else other is self

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = Moment.__hash__

    def __add__(self, _other: object) -> "Endless":
        return self

    __radd__ = __sub__ = __rsub__ = __add__


ENDLESS: Final = Endless()


class FutureEntry(Moment):
    """An entry that a log may get: of what it holds only the moment is known, to be a later one."""

    __slots__ = ("key", "moment")

    def __init__(self, key: str, moment: Later) -> None:
        self.key = key
        self.moment = moment

    def __getitem__(self, key: object) -> Later:
        if key == object.__getattribute__(self, "key"):
            found: Later = object.__getattribute__(self, "moment")
            return found
        raise UndeterminedError


def _day(value: object) -> TypeGuard[date]:
    return type(value) is date or type(value) is datetime


_PLAIN = frozenset({bool, str, Decimal, date, datetime, timedelta, type(None)})


def is_moment(value: object) -> bool:
    """Tell whether a value is a moment that is not known."""
    return type(value) is Later or type(value) is Endless


def holds_moment(value: object) -> bool:
    """Tell whether a value is such a moment or has one within it."""
    if type(value) in _PLAIN:
        return False
    pending = [value]
    while pending:
        each = pending.pop()
        kind = type(each)
        if kind is Later or kind is Endless or kind is FutureEntry:
            return True
        if kind is list:
            pending += each  # type: ignore[arg-type]  # mypy does not narrow by `type(x) is`
        elif kind is dict:
            pending += each.values()  # type: ignore[attr-defined]
        elif kind is Range:
            pending += (each.start, each.end)  # type: ignore[attr-defined]
    return False


# ---------------------------------------------------------------------- computing with them


def add_months(day: date | Moment, months: int) -> date | Moment:
    """Move a date by whole calendar months; as `temporal.add_months`, but for moments too."""
    if type(day) is date:
        return temporal.add_months(day, months)
    if type(day) is not Later:
        return day
    try:
        # A later day, moved by months, is no earlier than this one is.
        return Later(temporal.add_months(day.low, months))
    except OverflowError:
        raise UndeterminedError from None


def plus(left: object, right: object) -> object:
    """Add a duration to a date and time, in either order.

    Raises:
        Failure: The result is out of range.
    """
    moment, length = (left, right) if is_moment(left) or not is_moment(right) else (right, left)
    if type(moment) is Endless:
        return moment
    if type(moment) is not Later:
        return operators.add(left, right)  # type: ignore[arg-type]  # values, by their types
    if type(length) is not YearsMonthsDuration:
        return moment + length
    low = moment.low
    if not isinstance(low, datetime):
        return add_months(moment, length.months)
    # Months move the calendar day and leave the clock: of two moments the later one may end up
    # earlier on the same day (30 August, late, and 31 August, early). And the offset may change.
    try:
        start = temporal.add_months(low.date(), length.months) - timedelta(1)
    except OverflowError:
        raise UndeterminedError from None
    return Later(datetime.combine(start, time(), low.tzinfo))


def minus(left: object, right: object) -> object:
    """Take a duration or another moment from a date and time.

    Raises:
        Failure: There is no result.
    """
    if type(left) is Endless or type(right) is Endless:
        return ENDLESS
    if type(right) is Later:
        raise UndeterminedError
    if type(left) is Later:
        return plus(left, operators.negate(right))  # type: ignore[arg-type]  # a duration
    return operators.subtract(left, right)  # type: ignore[arg-type]  # values, by their types


def equal(left: object, right: object) -> bool:
    """Tell whether two dates with times are the same moment."""
    if is_moment(left) or is_moment(right):
        return left == right
    return operators.equal(left, right)  # type: ignore[arg-type]  # values, by their types
