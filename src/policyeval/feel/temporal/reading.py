"""Dates, times and durations read from text.

The forms are those of XML Schema, as DMN 1.5 (10.3.4.1) asks, and `@` with a zone's name after a
time. What is not in that form is refused with a word on the form that is. A `z` for UTC may be
small, since the specification writes it so.
"""

import re
from datetime import UTC, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from policyeval.feel.failure import Failure
from policyeval.feel.temporal import calendar, zones
from policyeval.feel.temporal.making import (
    AnyDate,
    AnyDateTime,
    AnyDuration,
    make_date,
    make_date_and_time,
    make_duration,
    make_months,
    number_of_day,
    problem_of_clock,
    problem_of_day,
)
from policyeval.feel.values import (
    NANOSECONDS_PER_DAY,
    NANOSECONDS_PER_SECOND,
    Time,
    YearsMonthsDuration,
)
from policyeval.messages import Message, message

# The longest literal of all is a date and time of about 70 characters.
_LONGEST = 128
_SHOWN = 60

_DATE = re.compile(r"(-?)([1-9][0-9]{4,8}|[0-9]{4})-([0-9]{2})-([0-9]{2})")
_TIME = re.compile(r"([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,9}))?(|[Zz]|[-+].*|@.*)")
_OFFSET = re.compile(r"([-+])([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?")
_DAYS_AND_TIME = re.compile(
    r"(-?)P(?=[0-9T])(?:([0-9]+)D)?"
    r"(?:T(?=[0-9])(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+)(?:\.([0-9]{1,9}))?S)?)?"
)
_YEARS_AND_MONTHS = re.compile(r"(-?)P(?=[0-9])(?:([0-9]+)Y)?(?:([0-9]+)M)?")

# How a literal begins tells what it is meant to be.
_LIKE_DATE = re.compile(r"[-+]?[0-9]+-")
_LIKE_TIME = re.compile(r"[0-9]+:")
_LIKE_DURATION = re.compile(r"[-+]?P")


def parse_date(text: str) -> AnyDate:
    """Read a date such as `2024-01-31`; the year has four to nine digits, and a minus before Christ.

    Raises:
        Failure: The text is no date (`eval.literal`).
    """
    match = _DATE.fullmatch(text) if len(text) <= _LONGEST else None
    if match is None or (match[1] and not int(match[2])):
        raise _refusal(text, message("a date is written as in `2024-01-31`"))
    year, month, day = int(match[1] + match[2]), int(match[3]), int(match[4])
    problem = problem_of_day(year, month, day)
    if problem is not None:
        raise _refusal(text, problem)
    return make_date(year, month, day)


def parse_time(text: str) -> Time:
    """Read a time such as `09:30:00`, `09:30:00.5Z`, `09:30:00+01:00` or `09:30:00@Europe/Paris`.

    Raises:
        Failure: The text is no time (`eval.literal`).
    """
    nanosecond, zone = _clock(text, text)
    return Time(nanosecond % NANOSECONDS_PER_DAY, zone)  # 24:00:00 is midnight


def parse_date_and_time(text: str) -> AnyDateTime:
    """Read a date and time such as `2024-01-31T09:30:00+01:00`; a date alone is its local midnight.

    Raises:
        Failure: The text is no date and time (`eval.literal`).
    """
    day_text, separator, clock_text = text.partition("T")
    if len(text) > _LONGEST or not _DATE.fullmatch(day_text):
        raise _refusal(text, message("a date and time is written as in `2024-01-31T09:30:00`"))
    day = parse_date(day_text)
    nanosecond, zone = _clock(clock_text, text) if separator else (0, None)
    if nanosecond == NANOSECONDS_PER_DAY:
        year, month, day_of_month = calendar.date_of_day(number_of_day(day) + 1)
        return make_date_and_time(year, month, day_of_month, 0, zone)
    return make_date_and_time(day.year, day.month, day.day, nanosecond, zone)


def _clock(text: str, whole: str) -> tuple[int, tzinfo | None]:
    """Read a time as nanoseconds since midnight, up to a whole day, and a zone."""
    match = _TIME.fullmatch(text) if len(text) <= _LONGEST else None
    if match is None:
        raise _refusal(
            whole,
            message(
                "a time is written as in `09:30:00`, with at most nine digits after the second, "
                "and perhaps `Z`, `+01:00` or `@Europe/Paris` at its end"
            ),
        )
    hour, minute, second = int(match[1]), int(match[2]), int(match[3])
    finer = int((match[4] or "").ljust(9, "0"))
    zone = _zone(match[5], whole) if match[5] else None
    if hour == 24 and not (minute or second or finer):
        return NANOSECONDS_PER_DAY, zone
    problem = problem_of_clock(hour, minute, second)
    if problem is not None:
        raise _refusal(whole, problem)
    return (hour * 3600 + minute * 60 + second) * NANOSECONDS_PER_SECOND + finer, zone


def parse_zone(text: str) -> timezone | ZoneInfo:
    """Read a zone: `Z`, an offset such as `+01:00`, or a name such as `Europe/Stockholm`.

    Raises:
        Failure: There is no such zone (`eval.literal`).
    """
    if text in {"Z", "z"} or text.startswith(("+", "-")):
        return _offset(text, text)
    return zones.zone_named(text)


def _zone(text: str, whole: str) -> timezone | ZoneInfo:
    return zones.zone_named(text[1:]) if text.startswith("@") else _offset(text, whole)


def _offset(text: str, whole: str) -> timezone:
    if text in {"Z", "z"}:
        return UTC
    match = _OFFSET.fullmatch(text)
    if match is None:
        raise _refusal(whole, message("an offset from UTC is written as in `+01:00`"))
    hours, minutes, seconds = int(match[2]), int(match[3]), int(match[4] or 0)
    offset = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    if minutes > 59 or seconds > 59 or offset > zones.MAX_OFFSET:
        raise _refusal(whole, message("an offset from UTC is at most 18 hours"))
    return zones.zone_of_offset(-offset if match[1] == "-" else offset)


def parse_duration(text: str) -> AnyDuration | YearsMonthsDuration:
    """Read a duration: days and time as in `P1DT2H30M`, or years and months as in `P1Y6M`.

    Raises:
        Failure: The text is no duration (`eval.literal`), or one that is too long
            (`eval.date-range`).
    """
    if len(text) <= _LONGEST:
        match = _DAYS_AND_TIME.fullmatch(text)
        if match is not None:
            days, hours, minutes, seconds = (int(each or 0) for each in match.group(2, 3, 4, 5))
            total = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
            finer = int((match[6] or "").ljust(9, "0"))
            nanoseconds = total * NANOSECONDS_PER_SECOND + finer
            return make_duration(-nanoseconds if match[1] else nanoseconds)
        match = _YEARS_AND_MONTHS.fullmatch(text)
        if match is not None:
            months = int(match[2] or 0) * 12 + int(match[3] or 0)
            return make_months(-months if match[1] else months)
    raise _refusal(
        text,
        message(
            "a duration is written as in `P1DT2H30M` (days, hours, minutes) or `P1Y6M` (years and "
            "months); the two cannot be mixed"
        ),
    )


def parse_temporal(
    text: str,
) -> AnyDate | AnyDateTime | Time | AnyDuration | YearsMonthsDuration:
    """Read what stands between the quotes of `@"…"`.

    Raises:
        Failure: The text is no date, time, date and time or duration (`eval.literal`).
    """
    if _LIKE_DURATION.match(text):
        return parse_duration(text)
    if _LIKE_DATE.match(text):
        return parse_date_and_time(text) if "T" in text[:_SHOWN] else parse_date(text)
    if _LIKE_TIME.match(text):
        return parse_time(text)
    raise _refusal(
        text,
        message(
            "a date is written as in `2024-01-31`, a time as in `09:30:00`, both as in "
            "`2024-01-31T09:30:00`, a duration as in `P30D` or `P6M`"
        ),
    )


def _refusal(text: str, why: Message) -> Failure:
    shown = text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
    return Failure("eval.literal", message("`{text}` cannot be read: {why}", text=shown, why=why))
