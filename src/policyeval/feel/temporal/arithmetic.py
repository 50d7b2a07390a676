"""Sums, differences, products and quotients of dates, times and durations (DMN 1.5, table 57, 59).

- Months move the calendar date and keep the day where the month has it: 31 August plus six months
  is 28 (or 29) February. The clock stays, and so does the zone.
- Days and time move the moment. In a named zone 24 hours after noon is eleven or one o'clock on
  the days when clocks change.
- A date counts as its first moment, midnight in UTC, so `PT36H` moves it by one day and `-PT1H` to
  the day before.
- Only two values with zones, or two without, have a difference; a date counts as one with.
- A product or quotient drops what is less than a month (a nanosecond), in either direction.

Two native values are added by Python itself where that gives the same, and in whole nanoseconds
elsewhere.
"""

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

from policyeval.feel import numbers
from policyeval.feel.failure import Failure
from policyeval.feel.temporal import calendar
from policyeval.feel.temporal.kinds import kind
from policyeval.feel.temporal.making import (
    MAX_DAYS,
    MAX_MONTHS,
    AnyDate,
    AnyDateTime,
    AnyDuration,
    at_moment,
    date_of,
    instant,
    make_date,
    make_date_and_time,
    make_duration,
    make_months,
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

Duration = AnyDuration | YearsMonthsDuration


def add_months(day: date, months: int) -> date:
    """Move a date by whole calendar months, keeping the day where the month has it.

    31 August plus six months is 28 (or 29) February. For native dates only; `plus_months` is for
    all.

    Raises:
        OverflowError: The result is outside the years 1 to 9999.
    """
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    if not 1 <= year <= 9999:
        raise OverflowError
    last = day.day
    if last > 28:
        last = min(last, calendar.days_in_month(year, month + 1))
    return date(year, month + 1, last)


def plus_months(value: AnyDate | AnyDateTime, months: int) -> AnyDate | AnyDateTime:
    """Move a date, or a date and time, by whole calendar months (see `add_months`).

    Raises:
        Failure: The result is outside the years ±999,999,999.
    """
    year, month = calendar.month_after(value.year, value.month, months)
    day = min(value.day, calendar.days_in_month(year, month))
    if isinstance(value, datetime | WideDateTime):
        return make_date_and_time(year, month, day, nanosecond_of_day(value), zone_of(value))
    return make_date(year, month, day)


def plus_nanoseconds(value: AnyDate | AnyDateTime, amount: int) -> AnyDate | AnyDateTime:
    """Move a date, or a date and time, along the time line.

    Raises:
        Failure: The result is outside the years ±999,999,999.
    """
    day = number_of_day(value)
    if isinstance(value, datetime | WideDateTime):
        offset = (offset_of(value) or 0) * NANOSECONDS_PER_SECOND
        return at_moment(day, nanosecond_of_day(value) - offset + amount, zone_of(value))
    return date_of(day + amount // NANOSECONDS_PER_DAY)


def add(left: Value, right: Value) -> Value:
    """Add a duration to a date, a time, a date and time, or to another duration of its kind.

    Raises:
        Failure: The two cannot be added (`eval.type`), or the result is out of range.
    """
    if isinstance(left, timedelta | WideDuration | YearsMonthsDuration):
        if isinstance(right, timedelta | WideDuration | YearsMonthsDuration):
            return _sum(left, right)
        left, right = right, left
    if isinstance(right, YearsMonthsDuration):
        if isinstance(left, date | WideDate | WideDateTime):
            return plus_months(left, right.months)
        raise _undefined("+", left, right)
    if isinstance(right, timedelta | WideDuration):
        return _plus_time(left, right)
    raise _undefined("+", left, right)


def _plus_time(value: Value, amount: AnyDuration) -> Value:
    """Add a days and time duration to a date, a time, or a date and time."""
    if isinstance(value, Time):
        moved = value.nanosecond + nanoseconds(amount)
        return Time(moved % NANOSECONDS_PER_DAY, value.zone)
    if not isinstance(value, date | WideDate | WideDateTime):
        raise _undefined("+", value, amount)
    if (
        isinstance(amount, timedelta)
        and isinstance(value, date)
        # Python moves what the clock shows: that is the time line only where clocks never change.
        and (not isinstance(value, datetime) or isinstance(value.tzinfo, timezone | None))
    ):
        try:
            return value + amount
        except OverflowError:
            pass  # a wide form can hold it
    return plus_nanoseconds(value, nanoseconds(amount))


def _sum(left: Duration, right: Duration) -> Duration:
    if isinstance(left, YearsMonthsDuration) and isinstance(right, YearsMonthsDuration):
        return make_months(left.months + right.months)
    if isinstance(left, YearsMonthsDuration) or isinstance(right, YearsMonthsDuration):
        raise _undefined("+", left, right)
    return make_duration(nanoseconds(left) + nanoseconds(right))


def subtract(left: Value, right: Value) -> Value:
    """Subtract a duration, or give the duration between two dates or two times.

    Raises:
        Failure: The two have no difference (`eval.type`), only one of them has a zone
            (`eval.zone`), or the result is out of range.
    """
    if isinstance(right, timedelta | WideDuration | YearsMonthsDuration):
        if isinstance(left, timedelta | WideDuration | YearsMonthsDuration):
            if isinstance(left, YearsMonthsDuration) != isinstance(right, YearsMonthsDuration):
                raise _undefined("-", left, right)
            return _sum(left, negate(right))
        if isinstance(right, YearsMonthsDuration):
            if isinstance(left, date | WideDate | WideDateTime):
                return plus_months(left, -right.months)
        elif isinstance(left, date | WideDate | WideDateTime | Time):
            return _plus_time(left, make_duration(-nanoseconds(right)))
        raise _undefined("-", left, right)
    if isinstance(left, Time) and isinstance(right, Time):
        _check_zones(left.zone is None, right.zone is None)
        return make_duration(_moment_of_day(left) - _moment_of_day(right))
    if isinstance(left, date | WideDate | WideDateTime) and isinstance(
        right, date | WideDate | WideDateTime
    ):
        return _difference(left, right)
    raise _undefined("-", left, right)


def _difference(left: AnyDate | AnyDateTime, right: AnyDate | AnyDateTime) -> AnyDuration:
    if type(left) is date and type(right) is date:
        return left - right
    _check_zones(_is_local(left), _is_local(right))
    return make_duration(instant(left) - instant(right))


def _is_local(value: AnyDate | AnyDateTime) -> bool:
    return isinstance(value, datetime | WideDateTime) and zone_of(value) is None


def _moment_of_day(value: Time) -> int:
    return value.nanosecond - (offset_of(value) or 0) * NANOSECONDS_PER_SECOND


def _check_zones(left_is_local: bool, right_is_local: bool) -> None:
    if left_is_local != right_is_local:
        raise Failure(
            "eval.zone",
            message(
                "a time with a zone and one without have no difference; a date counts as midnight "
                "in UTC"
            ),
        )


def negate(value: Value) -> AnyDuration | YearsMonthsDuration:
    """Turn a duration round.

    Raises:
        Failure: The value is none.
    """
    match value:
        case YearsMonthsDuration(months):
            return YearsMonthsDuration(-months)
        case timedelta() | WideDuration():
            return make_duration(-nanoseconds(value))
        case _:
            raise Failure("eval.type", message("`-` is not defined for {kind}", kind=kind(value)))


def multiply(left: Value, right: Value) -> AnyDuration | YearsMonthsDuration:
    """Multiply a duration by a number, in either order.

    Raises:
        Failure: There is no such product, or it is out of range.
    """
    if isinstance(left, Decimal):
        left, right = right, left
    if not isinstance(right, Decimal):
        raise _undefined("*", left, right)
    return _scaled("*", left, right)


def divide(left: Value, right: Value) -> Value:
    """Divide a duration by a number, or by another of its kind, which gives a number.

    Raises:
        Failure: There is no such quotient, the divisor is zero (`eval.division-by-zero`), or the
            result is out of range.
    """
    match left, right:
        case YearsMonthsDuration(), YearsMonthsDuration():
            return _ratio(left.months, right.months)
        case timedelta() | WideDuration(), timedelta() | WideDuration():
            return _ratio(nanoseconds(left), nanoseconds(right))
        case _, Decimal():
            return _scaled("/", left, right)
        case _:
            raise _undefined("/", left, right)


def _ratio(left: int, right: int) -> Decimal:
    if not right:
        raise _division_by_zero()
    return numbers.divide(Decimal(left), Decimal(right))


def _scaled(operator: str, value: Value, factor: Decimal) -> AnyDuration | YearsMonthsDuration:
    match value:
        case YearsMonthsDuration(months):
            return make_months(_scaled_whole(operator, months, factor, MAX_MONTHS))
        case timedelta() | WideDuration():
            limit = MAX_DAYS * NANOSECONDS_PER_DAY
            return make_duration(_scaled_whole(operator, nanoseconds(value), factor, limit))
        case _:
            raise _undefined(operator, value, factor)


def _scaled_whole(operator: str, value: int, factor: Decimal, limit: int) -> int:
    if operator == "/" and not factor:
        raise _division_by_zero()
    calculate = numbers.multiply if operator == "*" else numbers.divide
    try:
        scaled = numbers.truncated(calculate(Decimal(value), factor), limit)
    except ArithmeticError:
        scaled = None
    # One more than the most is refused where the duration is made, in its own words.
    return limit + 1 if scaled is None else scaled


def _division_by_zero() -> Failure:
    return Failure("eval.division-by-zero", message("a duration cannot be divided by zero"))


def _undefined(operator: str, left: Value, right: Value) -> Failure:
    return Failure(
        "eval.type",
        message(
            "`{operator}` is not defined for {left} and {right}",
            operator=operator,
            left=kind(left),
            right=kind(right),
        ),
    )


def years_and_months_between(
    start: AnyDate | AnyDateTime, end: AnyDate | AnyDateTime
) -> YearsMonthsDuration:
    """Count the whole calendar months from one date to another; times of day do not count.

    Negative if the end comes before the start.
    """
    months = (end.year - start.year) * 12 + end.month - start.month
    if months > 0 and end.day < start.day:
        months -= 1
    elif months < 0 and end.day > start.day:
        months += 1
    return make_months(months)
