"""Dates, times and durations made from their parts, each in the one form it has.

Python's own types hold what they can; the wide forms hold the rest (see `policyeval.feel.values`).

A date and time in a named zone keeps the zone's name only if its clock time tells the moment. The
hour that clocks show twice, and the one that they never show, keep their offset instead: after
that two native values compare as moments under Python's own operators, whatever zones they are
in, and the text of every value tells which moment it is.
"""

from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from typing import Final

from policyeval.feel.failure import Failure
from policyeval.feel.temporal import calendar, zones
from policyeval.feel.temporal.calendar import MAX_YEAR
from policyeval.feel.values import (
    NANOSECONDS_PER_DAY,
    NANOSECONDS_PER_SECOND,
    Time,
    WideDate,
    WideDateTime,
    WideDuration,
    YearsMonthsDuration,
)
from policyeval.messages import Message, message

AnyDate = date | WideDate
AnyDateTime = datetime | WideDateTime
AnyDuration = timedelta | WideDuration

MAX_DAYS: Final = 365_242_500_000
"""The days of the longest days and time duration: a thousand million years."""
MAX_MONTHS: Final = 24_000_000_000
"""The longest years and months duration; there is one between any two dates."""

_MAX_NANOSECONDS = MAX_DAYS * NANOSECONDS_PER_DAY
_NATIVE_DAYS = 999_999_999
_NANOSECONDS_PER_HOUR = 3600 * NANOSECONDS_PER_SECOND
_NANOSECONDS_PER_MINUTE = 60 * NANOSECONDS_PER_SECOND

MONTH_NAMES: Final = (
    message("January"),
    message("February"),
    message("March"),
    message("April"),
    message("May"),
    message("June"),
    message("July"),
    message("August"),
    message("September"),
    message("October"),
    message("November"),
    message("December"),
)


def problem_of_day(year: int, month: int, day: int) -> Message | None:
    """Say why there is no such day in the calendar, or give None if there is."""
    if not 1 <= month <= 12:
        return message("there is no month {month}; months go from 1 to 12", month=month)
    if not 1 <= day <= calendar.days_in_month(year, month):
        return message(
            "there is no {day} {month} {year}", day=day, month=MONTH_NAMES[month - 1], year=year
        )
    return None


def problem_of_clock(hour: int, minute: int, second: Decimal | int) -> Message | None:
    """Say why no clock shows that time, or give None if clocks do."""
    if not 0 <= hour <= 23:
        return message("there is no hour {hour}; hours go from 0 to 23", hour=hour)
    if not 0 <= minute <= 59:
        return message("there is no minute {minute}; minutes go from 0 to 59", minute=minute)
    if not 0 <= second < 60:
        return message(
            "there is no second {second}; seconds go from 0 to less than 60", second=second
        )
    return None


def out_of_range() -> Failure:
    """Make the failure of a calculation that leads outside the years there are."""
    return Failure(
        "eval.date-range",
        message(
            "the date is outside the years from {low} to {high}, which can be computed with",
            low=-MAX_YEAR,
            high=MAX_YEAR,
        ),
    )


def make_date(year: int, month: int, day: int) -> AnyDate:
    """Make a date.

    Raises:
        Failure: There is no such day (`eval.domain`), or the year is outside ±999,999,999
            (`eval.date-range`).
    """
    if 1 <= year <= 9999:
        try:
            return date(year, month, day)
        except (ValueError, OverflowError):
            pass  # said better below
    if not -MAX_YEAR <= year <= MAX_YEAR:
        raise out_of_range()
    problem = problem_of_day(year, month, day)
    if problem is not None:
        raise Failure("eval.domain", problem)
    return WideDate(year, month, day)


def date_of(number: int) -> AnyDate:
    """Make the date of a day number.

    Raises:
        Failure: The year is outside ±999,999,999.
    """
    return make_date(*calendar.date_of_day(number))


def make_time(
    hour: int, minute: int, second: Decimal | int, offset: timedelta | None = None
) -> Time:
    """Make a time of day; what is finer than a nanosecond is dropped.

    Args:
        hour: 0 to 23.
        minute: 0 to 59.
        second: 0 to less than 60.
        offset: From UTC, at most 18 hours, in whole seconds; None for local time.

    Raises:
        Failure: A part is outside its range.
    """
    problem = problem_of_clock(hour, minute, second)
    if problem is not None:
        raise Failure("eval.domain", problem)
    zone = None if offset is None else zones.zone_of_offset(offset)
    return Time(
        hour * _NANOSECONDS_PER_HOUR + minute * _NANOSECONDS_PER_MINUTE + nanoseconds_of(second),
        zone,
    )


def nanoseconds_of(second: Decimal | int) -> int:
    """Give seconds of a minute in nanoseconds, without what is finer."""
    if isinstance(second, int):
        return second * NANOSECONDS_PER_SECOND
    whole = int(second)
    # Exact: no context rounds when digits are only moved.
    _, digits, exponent = second.as_tuple()
    assert isinstance(exponent, int), "numbers are finite"
    if exponent >= 0:
        return whole * NANOSECONDS_PER_SECOND
    fraction = "".join(map(str, digits)).rjust(-exponent, "0")[exponent:]
    return whole * NANOSECONDS_PER_SECOND + int(fraction[:9].ljust(9, "0"))


def make_date_and_time(
    year: int, month: int, day: int, nanosecond: int, zone: tzinfo | None = None
) -> AnyDateTime:
    """Make a date and time from what a calendar and a clock show.

    A clock time that a named zone shows twice is the first of the two; one that it never shows is
    read with the offset before the change. Either keeps that offset in place of the name.

    Args:
        year: -999,999,999 to 999,999,999.
        month: 1 to 12.
        day: Of the month.
        nanosecond: Since midnight, less than a day.
        zone: An offset, a named zone, or None for local time.

    Raises:
        Failure: There is no such day or time of day, or the year is out of range.
    """
    if not 0 <= nanosecond < NANOSECONDS_PER_DAY:
        raise Failure("eval.domain", message("a day has 24 hours"))
    made = make_date(year, month, day)
    if zone is not None and not isinstance(zone, timezone):
        number = calendar.day_number(made.year, made.month, made.day)
        first, second = zones.local_offsets(zone, number, nanosecond // NANOSECONDS_PER_SECOND)
        if first != second:
            zone = zones.zone_of_offset(timedelta(seconds=first))
    return _date_and_time(made, nanosecond, zone)


def _date_and_time(day: AnyDate, nanosecond: int, zone: tzinfo | None) -> AnyDateTime:
    microseconds, finer = divmod(nanosecond, 1000)
    if finer or isinstance(day, WideDate):
        return WideDateTime(day.year, day.month, day.day, nanosecond, zone)
    seconds, microsecond = divmod(microseconds, 1_000_000)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return datetime(day.year, day.month, day.day, hour, minute, second, microsecond, tzinfo=zone)


def at_moment(day: int, nanosecond: int, zone: tzinfo | None) -> AnyDateTime:
    """Make the date and time that a zone shows at a moment.

    Args:
        day: The day number, in UTC (in local time, if there is no zone).
        nanosecond: Of that day, or any number of nanoseconds after or before its midnight.
        zone: An offset, a named zone, or None for local time.

    Raises:
        Failure: The year is out of range.
    """
    days, nanosecond = divmod(nanosecond, NANOSECONDS_PER_DAY)
    day += days
    if zone is None:
        return _date_and_time(date_of(day), nanosecond, None)
    offset = zones.offset_at(zone, day, nanosecond // NANOSECONDS_PER_SECOND)
    days, nanosecond = divmod(nanosecond + offset * NANOSECONDS_PER_SECOND, NANOSECONDS_PER_DAY)
    day += days
    if not isinstance(zone, timezone):
        first, second = zones.local_offsets(zone, day, nanosecond // NANOSECONDS_PER_SECOND)
        if first != second:
            zone = zones.zone_of_offset(timedelta(seconds=offset))
    return _date_and_time(date_of(day), nanosecond, zone)


def normalise(value: datetime) -> AnyDateTime:
    """Give a date and time that came from elsewhere the form that this package computes with.

    A named zone's time in an hour that its clocks show twice (whichever pass `fold` means) or
    never gets its offset instead of the name, and so does a zone of a kind that is neither
    `datetime.timezone` nor `zoneinfo.ZoneInfo`. Then Python's `==` and `<` on two values with zones
    compare the moments. An offset that is too far from UTC or not in whole seconds becomes UTC.

    Raises:
        Failure: The zone has no offset, or the moment is out of range.
    """
    if value.tzinfo is None:
        return value.replace(fold=0) if value.fold else value
    zone = zones.canonical_zone(value.tzinfo)
    if zone is not None:
        if isinstance(zone, timezone) and zone is value.tzinfo and not value.fold:
            return value
        number = value.toordinal()
        second = value.hour * 3600 + value.minute * 60 + value.second
        if len(set(zones.local_offsets(zone, number, second))) == 1:
            return value.replace(tzinfo=zone, fold=0)
    offset = value.utcoffset()
    if offset is None:
        raise Failure("eval.zone", message("the zone of a time does not tell its offset from UTC"))
    try:
        return value.replace(tzinfo=zones.zone_of_offset(offset), fold=0)
    except Failure:
        nanosecond = nanosecond_of_day(value) - nanoseconds(offset)
        return at_moment(value.toordinal(), nanosecond, UTC)


def make_duration(total: int) -> AnyDuration:
    """Make a days and time duration from nanoseconds.

    Raises:
        Failure: It is longer than a thousand million years.
    """
    if not -_MAX_NANOSECONDS <= total <= _MAX_NANOSECONDS:
        raise Failure(
            "eval.date-range",
            message(
                "the duration is longer than {days} days, the most that can be computed with",
                days=MAX_DAYS,
            ),
        )
    days, rest = divmod(total, NANOSECONDS_PER_DAY)
    microseconds, finer = divmod(rest, 1000)
    if finer or not -_NATIVE_DAYS <= days <= _NATIVE_DAYS:
        return WideDuration(total)
    return timedelta(days, 0, microseconds)


def make_months(months: int) -> YearsMonthsDuration:
    """Make a years and months duration.

    Raises:
        Failure: It is longer than there are dates for.
    """
    if not -MAX_MONTHS <= months <= MAX_MONTHS:
        raise Failure(
            "eval.date-range",
            message(
                "the duration is longer than {years} years, the most that can be computed with",
                years=MAX_MONTHS // 12,
            ),
        )
    return YearsMonthsDuration(months)


def nanoseconds(value: AnyDuration) -> int:
    """Give a days and time duration in nanoseconds."""
    if isinstance(value, WideDuration):
        return value.nanoseconds
    return (
        value.days * NANOSECONDS_PER_DAY
        + value.seconds * NANOSECONDS_PER_SECOND
        + value.microseconds * 1000
    )


def nanosecond_of_day(value: AnyDateTime | Time) -> int:
    """Give what the clock shows, in nanoseconds since midnight."""
    if isinstance(value, datetime):
        return (
            value.hour * _NANOSECONDS_PER_HOUR
            + value.minute * _NANOSECONDS_PER_MINUTE
            + value.second * NANOSECONDS_PER_SECOND
            + value.microsecond * 1000
        )
    return value.nanosecond


def zone_of(value: AnyDateTime | Time) -> tzinfo | None:
    """Give the zone, or None for local time."""
    return value.tzinfo if isinstance(value, datetime) else value.zone


def number_of_day(value: AnyDate | AnyDateTime) -> int:
    """Give the day number of the date that the calendar shows."""
    if isinstance(value, date):  # so is a datetime
        return value.toordinal()
    return calendar.day_number(value.year, value.month, value.day)


def offset_of(value: AnyDateTime | Time) -> int | None:
    """Give the offset from UTC in seconds, or None for local time.

    A time of day in a named zone has the zone's standard offset (`zones.standard_offset`).
    """
    zone = zone_of(value)
    if zone is None:
        return None
    if isinstance(value, Time):
        return zones.standard_offset(zone)
    if isinstance(value, datetime):
        offset = value.utcoffset()
        assert offset is not None, "every zone has an offset"
        return offset.days * 86_400 + offset.seconds
    second = nanosecond_of_day(value) // NANOSECONDS_PER_SECOND
    return zones.local_offsets(zone, number_of_day(value), second)[0]


def instant(value: AnyDate | AnyDateTime) -> int:
    """Give the nanoseconds from day 0 in UTC; a local time counts as if it were UTC.

    A date is the midnight, in UTC, with which it begins.
    """
    midnight = number_of_day(value) * NANOSECONDS_PER_DAY
    if isinstance(value, WideDate) or not isinstance(value, datetime | WideDateTime):
        return midnight
    offset = offset_of(value) or 0
    return midnight + nanosecond_of_day(value) - offset * NANOSECONDS_PER_SECOND
