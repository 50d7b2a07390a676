"""Which of two dates, times or durations comes first, and whether they are equal (table 53, 54).

Values with zones are compared as moments, whatever zone they were written in; so are two times of
day. Of two values of which only one has a zone, DMN lends that zone to the other for `<` and its
kin, which comes to comparing what calendar and clock show. Equal they are never: one tells a
moment, the other does not.
"""

from datetime import date, datetime, timedelta

from policyeval.feel.failure import Failure
from policyeval.feel.temporal.kinds import kind, type_of
from policyeval.feel.temporal.making import (
    AnyDateTime,
    instant,
    nanosecond_of_day,
    nanoseconds,
    number_of_day,
    offset_of,
    zone_of,
)
from policyeval.feel.values import (
    NANOSECONDS_PER_DAY,
    NANOSECONDS_PER_SECOND,
    Time,
    Value,
    WideDate,
    WideDateTime,
    WideDuration,
    YearsMonthsDuration,
)
from policyeval.messages import message


def compare(left: Value, right: Value) -> int:
    """Give a number below, at or above zero as the left value comes before, with or after the right.

    Raises:
        Failure: The two are of different kinds, or of kinds without an order (`eval.type`).
    """
    # Python compares native values as FEEL does, in zones too: see `making`.
    if (
        type(left) is datetime
        and type(right) is datetime
        and (left.tzinfo is None) == (right.tzinfo is None)
    ):
        return (left > right) - (left < right)
    first, second = _keys(left, right)
    return (first > second) - (first < second)


def equal(left: Value, right: Value) -> bool:
    """Tell whether two values of one kind are the same date, moment, time or duration.

    A value with a zone and one without are not.

    Raises:
        Failure: The two are of different kinds (`eval.type`).
    """
    if (
        type(left) is datetime
        and type(right) is datetime
        and (left.tzinfo is None) == (right.tzinfo is None)
    ):
        return left == right
    if _only_one_has_a_zone(left, right):
        return False
    first, second = _keys(left, right)
    return first == second


def same(left: Value, right: Value) -> bool:
    """Tell whether two values are one and the same: as `equal`, and zone for zone.

    Noon in UTC is the same moment as 13:00+01:00, and equal to it, but another date and time. An
    offset and a zone's name are different zones. Values of different kinds are never the same.
    """
    if type_of(left) is None or type_of(left) != type_of(right):
        return False
    match left, right:
        case ((datetime() | WideDateTime()), (datetime() | WideDateTime())):
            return _wall(left) == _wall(right) and zone_of(left) == zone_of(right)
        case Time(), Time():
            return left == right
        case _:
            return equal(left, right)


def _keys(left: Value, right: Value) -> tuple[int, int]:
    """Give two numbers that compare as the values do."""
    match left, right:
        case ((datetime() | WideDateTime()), (datetime() | WideDateTime())):
            if _only_one_has_a_zone(left, right):
                return _wall(left), _wall(right)
            return instant(left), instant(right)
        case (datetime() | WideDateTime(), _) | (_, datetime() | WideDateTime()):
            raise _incomparable(left, right)  # a datetime is a date to Python
        case ((date() | WideDate()), (date() | WideDate())):
            return number_of_day(left), number_of_day(right)
        case Time(), Time():
            if _only_one_has_a_zone(left, right):
                return left.nanosecond, right.nanosecond
            return _moment_of_day(left), _moment_of_day(right)
        case ((timedelta() | WideDuration()), (timedelta() | WideDuration())):
            return nanoseconds(left), nanoseconds(right)
        case YearsMonthsDuration(), YearsMonthsDuration():
            return left.months, right.months
        case _:
            raise _incomparable(left, right)


def _only_one_has_a_zone(left: Value, right: Value) -> bool:
    """Tell whether both are times, or both dates and times, and one of them is local."""
    match left, right:
        case ((datetime() | WideDateTime()), (datetime() | WideDateTime())):
            return (zone_of(left) is None) != (zone_of(right) is None)
        case Time(), Time():
            return (left.zone is None) != (right.zone is None)
        case _:
            return False


def _wall(value: AnyDateTime) -> int:
    return number_of_day(value) * NANOSECONDS_PER_DAY + nanosecond_of_day(value)


def _moment_of_day(value: Time) -> int:
    """Give the nanoseconds since midnight in UTC; before and after that day too."""
    return value.nanosecond - (offset_of(value) or 0) * NANOSECONDS_PER_SECOND


def _incomparable(left: Value, right: Value) -> Failure:
    return Failure(
        "eval.type",
        message("{left} and {right} cannot be compared", left=kind(left), right=kind(right)),
    )
