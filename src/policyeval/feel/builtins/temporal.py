"""Built-in functions on dates, times and durations (DMN 1.5, 10.3.4.1, 10.3.4.7, .9 and .12)."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from policyeval.feel import numbers, temporal
from policyeval.feel.builtins.declaration import Builtin, Example, Parameter, Signature
from policyeval.feel.failure import Failure
from policyeval.feel.runtime import Runtime
from policyeval.feel.temporal import calendar
from policyeval.feel.temporal.making import AnyDate, AnyDateTime, AnyDuration
from policyeval.feel.types import (
    ANY,
    BOOLEAN,
    DATE,
    DATE_AND_TIME,
    DAYS_AND_TIME_DURATION,
    NUMBER,
    STRING,
    TIME,
    YEARS_AND_MONTHS_DURATION,
    optional,
)
from policyeval.feel.values import (
    NANOSECONDS_PER_SECOND,
    Range,
    Time,
    Value,
    YearsMonthsDuration,
)
from policyeval.messages import Message, message

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

# Beyond any year, hour or minute: what is larger fails where the date or time is made.
_LIMIT = 10**10


def _whole(value: Decimal, part: Message) -> int:
    if not numbers.is_whole(value):
        raise Failure(
            "eval.domain",
            message("the {part} should be a whole number, not {value}", part=part, value=value),
        )
    whole = numbers.to_int(value, _LIMIT)
    if whole is None:
        return _LIMIT if value > 0 else -_LIMIT
    return whole


# ---------------------------------------------------------------------- date


def _date_from_text(from_: str) -> Value:
    return temporal.parse_date(from_)


def _date_from_date(from_: AnyDate) -> Value:
    return from_


def _date_from_date_and_time(from_: AnyDateTime) -> Value:
    return temporal.make_date(from_.year, from_.month, from_.day)


def _date_from_parts(year: Decimal, month: Decimal, day: Decimal) -> Value:
    return temporal.make_date(
        _whole(year, message("year")), _whole(month, message("month")), _whole(day, message("day"))
    )


_DATE = Builtin(
    name="date",
    summary=message(
        "a date: from a text such as `2024-01-31`, from a date and time, or from year, month "
        "and day"
    ),
    signatures=(
        Signature((Parameter("from", STRING),), DATE, _date_from_text),
        Signature((Parameter("from", DATE),), DATE, _date_from_date),
        Signature((Parameter("from", DATE_AND_TIME),), DATE, _date_from_date_and_time),
        Signature(
            (Parameter("year", NUMBER), Parameter("month", NUMBER), Parameter("day", NUMBER)),
            DATE,
            _date_from_parts,
        ),
    ),
    examples=(
        Example('date("2024-02-29")', "date(2024, 2, 29)"),
        Example('date(date and time("2024-03-31T23:30:00+02:00"))', 'date("2024-03-31")'),
        Example('date(2023, 8, 31) + duration("P6M")', 'date("2024-02-29")'),
        Example('date(2022, 8, 31) + duration("P6M")', 'date("2023-02-28")'),
        Example('date("2024-01-31") + duration("P1M") - duration("P1M")', 'date("2024-01-29")'),
        Example('date("2023-02-30")', "null"),
        Example('date("31.12.2023")', "null"),
    ),
)


# ---------------------------------------------------------------------- date and time


def _date_and_time_from_text(from_: str) -> Value:
    return temporal.parse_date_and_time(from_)


def _date_and_time_from_parts(date: AnyDate | AnyDateTime, time: Time) -> Value:
    return temporal.make_date_and_time(date.year, date.month, date.day, time.nanosecond, time.zone)


_DATE_AND_TIME = Builtin(
    name="date and time",
    summary=message(
        "a date and time: from a text such as `2024-01-31T09:30:00+01:00`, or from a date "
        "and a time; the zone is that of the text or of the time"
    ),
    signatures=(
        Signature((Parameter("from", STRING),), DATE_AND_TIME, _date_and_time_from_text),
        Signature(
            (Parameter("date", DATE), Parameter("time", TIME)),
            DATE_AND_TIME,
            _date_and_time_from_parts,
        ),
        Signature(
            (Parameter("date", DATE_AND_TIME), Parameter("time", TIME)),
            DATE_AND_TIME,
            _date_and_time_from_parts,
        ),
    ),
    examples=(
        Example(
            'date and time("2024-01-31T09:30:00")',
            'date and time(date("2024-01-31"), time("09:30:00"))',
        ),
        Example(
            'date and time("2024-07-01T12:00:00@Europe/Stockholm") '
            '= date and time("2024-07-01T10:00:00Z")',
            "true",
        ),
        Example(
            'string(date and time("2026-10-24T12:00:00@Europe/Stockholm") + duration("PT24H"))',
            '"2026-10-25T11:00:00@Europe/Stockholm"',
        ),
        Example('date and time("2016-12-31T24:00:00")', 'date and time("2017-01-01T00:00:00")'),
        Example('date and time("2016-12-31T23:59:60Z")', "null"),
        Example('date and time("2024-01-31T09:30:00@Middle/Earth")', "null"),
    ),
)


# ---------------------------------------------------------------------- time


def _time_from_text(from_: str) -> Value:
    return temporal.parse_time(from_)


def _time_from_time(from_: Time) -> Value:
    return from_


def _time_from_date_and_time(from_: AnyDateTime) -> Value:
    return Time(temporal.nanosecond_of_day(from_), temporal.zone_of(from_))


def _time_from_date(_from: AnyDate) -> Value:
    return Time(0, UTC)


def _time_from_parts(
    hour: Decimal, minute: Decimal, second: Decimal, offset: AnyDuration | None = None
) -> Value:
    return temporal.make_time(
        _whole(hour, message("hour")),
        _whole(minute, message("minute")),
        second,
        None if offset is None else _offset(offset),
    )


def _offset(duration: AnyDuration) -> timedelta:
    if isinstance(duration, timedelta):
        return duration
    # Too long or finer than a microsecond: neither is an offset, and nor is what this becomes.
    finer = duration.nanoseconds % NANOSECONDS_PER_SECOND
    return timedelta(microseconds=1) if finer else timedelta.max


_TIME = Builtin(
    name="time",
    summary=message(
        "a time of day: from a text such as `09:30:00`, `09:30:00Z` or "
        "`09:30:00@Europe/Stockholm`, from a date and time, or from hour, minute and second with "
        "or without an offset from UTC; a date gives midnight in UTC"
    ),
    signatures=(
        Signature((Parameter("from", STRING),), TIME, _time_from_text),
        Signature((Parameter("from", TIME),), TIME, _time_from_time),
        Signature((Parameter("from", DATE_AND_TIME),), TIME, _time_from_date_and_time),
        Signature((Parameter("from", DATE),), TIME, _time_from_date),
        Signature(
            (
                Parameter("hour", NUMBER),
                Parameter("minute", NUMBER),
                Parameter("second", NUMBER),
                Parameter("offset", optional(DAYS_AND_TIME_DURATION), optional=True),
            ),
            TIME,
            _time_from_parts,
        ),
    ),
    examples=(
        Example('time("23:59:00Z") + duration("PT2M")', 'time("00:01:00Z")'),
        Example('time(9, 30, 0, duration("PT1H"))', 'time("09:30:00+01:00")'),
        Example("time(9, 30, 15.5)", 'time("09:30:15.5")'),
        Example('time(date and time("2024-01-31T09:30:00Z"))', 'time("09:30:00Z")'),
        Example('time("9:30")', "null"),
        Example("time(24, 0, 0)", "null"),
    ),
)


# ---------------------------------------------------------------------- durations


def _duration(from_: str) -> Value:
    return temporal.parse_duration(from_)


_DURATION = Builtin(
    name="duration",
    summary=message(
        "a duration from a text: days and time such as `P30D` or `P1DT2H`, or years and "
        "months such as `P6M` or `P1Y6M`"
    ),
    signatures=(Signature((Parameter("from", STRING),), ANY, _duration),),
    examples=(
        Example('duration("P26M")', 'duration("P2Y2M")'),
        Example('date("2024-01-15") + duration("P180D")', 'date("2024-07-13")'),
        Example('date("2024-02-29") + duration("P1Y")', 'date("2025-02-28")'),
        Example(
            'date and time("2012-12-24T23:59:00") - date and time("2012-12-22T03:45:00")',
            'duration("P2DT20H14M")',
        ),
        Example('date("9999-12-31") + duration("P1D")', 'date("10000-01-01")'),
        Example('duration("P1M15D")', "null"),
        Example('duration("30 days")', "null"),
    ),
)


def _years_and_months_duration(
    from_: AnyDate | AnyDateTime, to: AnyDate | AnyDateTime
) -> YearsMonthsDuration:
    return temporal.years_and_months_between(from_, to)


_YEARS_AND_MONTHS_DURATION = Builtin(
    name="years and months duration",
    summary=message(
        "the whole calendar months between two dates, negative if the second is the earlier "
        "one; times of day do not count"
    ),
    signatures=tuple(
        Signature(
            (Parameter("from", start), Parameter("to", end)),
            YEARS_AND_MONTHS_DURATION,
            _years_and_months_duration,
        )
        for start in (DATE, DATE_AND_TIME)
        for end in (DATE, DATE_AND_TIME)
    ),
    examples=(
        Example(
            'years and months duration(date("2011-12-22"), date("2013-08-24"))',
            'duration("P1Y8M")',
        ),
        Example(
            'years and months duration(date("2024-01-31"), date("2024-02-29"))', 'duration("P0M")'
        ),
        Example(
            'years and months duration(date("2024-03-15"), date("2024-01-15"))', 'duration("-P2M")'
        ),
        Example('years and months duration(date("2024-03-15"), null)', "null"),
    ),
)


# ---------------------------------------------------------------------- the calendar


def _day_of_year(date: AnyDate | AnyDateTime) -> Value:
    return Decimal(calendar.day_of_year(date.year, date.month, date.day))


def _day_of_week(date: AnyDate | AnyDateTime) -> Value:
    return WEEKDAYS[calendar.weekday(temporal.number_of_day(date)) - 1]


def _month_of_year(date: AnyDate | AnyDateTime) -> Value:
    return MONTHS[date.month - 1]


def _week_of_year(date: AnyDate | AnyDateTime) -> Value:
    return Decimal(calendar.week_of_year(date.year, date.month, date.day))


_DAY_OF_YEAR = Builtin(
    name="day of year",
    summary=message("the number of the day in its year; 1 January is 1"),
    signatures=(
        Signature((Parameter("date", DATE),), NUMBER, _day_of_year),
        Signature((Parameter("date", DATE_AND_TIME),), NUMBER, _day_of_year),
    ),
    examples=(
        Example("day of year(date(2019, 9, 17))", "260"),
        Example('day of year(date("2024-12-31"))', "366"),
        Example("day of year(null)", "null"),
    ),
)

_DAY_OF_WEEK = Builtin(
    name="day of week",
    summary=message("the English name of the weekday, such as `Monday`"),
    signatures=(
        Signature((Parameter("date", DATE),), STRING, _day_of_week),
        Signature((Parameter("date", DATE_AND_TIME),), STRING, _day_of_week),
    ),
    examples=(
        Example("day of week(date(2019, 9, 17))", '"Tuesday"'),
        Example('day of week(date("2024-06-30")) in ("Saturday", "Sunday")', "true"),
        Example('day of week("2024-06-30")', "null"),
    ),
)

_MONTH_OF_YEAR = Builtin(
    name="month of year",
    summary=message("the English name of the month, such as `January`"),
    signatures=(
        Signature((Parameter("date", DATE),), STRING, _month_of_year),
        Signature((Parameter("date", DATE_AND_TIME),), STRING, _month_of_year),
    ),
    examples=(
        Example("month of year(date(2019, 9, 17))", '"September"'),
        Example("month of year(null)", "null"),
    ),
)

_WEEK_OF_YEAR = Builtin(
    name="week of year",
    summary=message(
        "the number of the week as ISO 8601 counts: weeks begin on Monday, and week 1 has "
        "the year's first Thursday"
    ),
    signatures=(
        Signature((Parameter("date", DATE),), NUMBER, _week_of_year),
        Signature((Parameter("date", DATE_AND_TIME),), NUMBER, _week_of_year),
    ),
    examples=(
        Example("week of year(date(2019, 9, 17))", "38"),
        Example("week of year(date(2003, 12, 29))", "1"),
        Example("week of year(date(2005, 1, 1))", "53"),
        Example("week of year(null)", "null"),
    ),
)


# ---------------------------------------------------------------------- the clock


def _now() -> Value:
    moment = datetime.now().astimezone()  # noqa: TID251 - this is what now() is for
    return temporal.normalise(moment)


def _today() -> Value:
    return datetime.now().astimezone().date()  # noqa: TID251 - this is what today() is for


_NOW = Builtin(
    name="now",
    summary=message(
        "the date and time of the computer's clock; not for rules that must give the same "
        "answer again"
    ),
    signatures=(Signature((), DATE_AND_TIME, _now),),
    examples=(Example("now() instance of date and time", "true"), Example("now(1)", "null")),
    in_profile=False,
    deterministic=False,
)

_TODAY = Builtin(
    name="today",
    summary=message(
        "the date of the computer's clock; not for rules that must give the same answer again"
    ),
    signatures=(Signature((), DATE, _today),),
    examples=(Example("today() instance of date", "true"), Example("today(1)", "null")),
    in_profile=False,
    deterministic=False,
)


# ---------------------------------------------------------------------- identity


def _is(runtime: Runtime, value1: Value, value2: Value) -> Value:
    pending = [(value1, value2)]
    compared: set[tuple[int, int]] = set()
    while pending:
        left, right = pending.pop()
        runtime.step()
        pair = (id(left), id(right))
        if left is right or pair in compared:
            continue
        compared.add(pair)  # a list may hold the same list many times over
        match left, right:
            case list(), list():
                if len(left) != len(right):
                    return False
                pending.extend(zip(left, right, strict=True))
            case dict(), dict():
                if left.keys() != right.keys():
                    return False
                pending.extend((left[key], right[key]) for key in left)
            case Range(), Range():
                if _shape(left) != _shape(right):
                    return False
                pending += [(left.start, right.start), (left.end, right.end)]
            case (bool(), bool()) | (Decimal(), Decimal()) | (str(), str()):
                if left != right:
                    return False
            case _:
                if not temporal.same(left, right):
                    return False
    return True


def _shape(range_: Range) -> tuple[object, ...]:
    return range_.start_included, range_.end_included, range_.operator


_IS = Builtin(
    name="is",
    summary=message(
        "whether two values are one and the same: of the same kind, equal, and with times in "
        "the same zone; never null"
    ),
    signatures=(
        Signature(
            (Parameter("value1", ANY), Parameter("value2", ANY)), BOOLEAN, _is, needs_runtime=True
        ),
    ),
    examples=(
        Example('is(date("2012-12-25"), time("23:00:50"))', "false"),
        Example('is(date("2012-12-25"), date("2012-12-25"))', "true"),
        Example('is(time("23:00:50Z"), time("23:00:50"))', "false"),
        Example('is(time("23:00:50Z"), time("23:00:50+00:00"))', "true"),
        Example('is(1, "1")', "false"),
        Example("is(1)", "null"),
    ),
)


BUILTINS: tuple[Builtin, ...] = (
    _DATE,
    _DATE_AND_TIME,
    _TIME,
    _DURATION,
    _YEARS_AND_MONTHS_DURATION,
    _DAY_OF_YEAR,
    _DAY_OF_WEEK,
    _MONTH_OF_YEAR,
    _WEEK_OF_YEAR,
    _IS,
    _NOW,
    _TODAY,
)
