"""The parts of dates, times and durations that an expression can name (DMN 1.5, table 65, 66)."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from types import MappingProxyType
from zoneinfo import ZoneInfo

from policyeval.feel import types
from policyeval.feel.failure import Failure
from policyeval.feel.temporal import calendar
from policyeval.feel.temporal.kinds import kind, type_of
from policyeval.feel.temporal.making import (
    AnyDate,
    AnyDateTime,
    AnyDuration,
    nanosecond_of_day,
    nanoseconds,
    number_of_day,
    offset_of,
    zone_of,
)
from policyeval.feel.types import Type
from policyeval.feel.values import (
    NANOSECONDS_PER_SECOND,
    Time,
    Value,
    WideDate,
    WideDateTime,
    WideDuration,
    YearsMonthsDuration,
)
from policyeval.messages import message

_CALENDAR = MappingProxyType(dict.fromkeys(("year", "month", "day", "weekday"), types.NUMBER))
_CLOCK: Mapping[str, Type] = MappingProxyType(
    {
        "hour": types.NUMBER,
        "minute": types.NUMBER,
        "second": types.NUMBER,
        "time offset": types.optional(types.DAYS_AND_TIME_DURATION),
        "timezone": types.optional(types.STRING),
    }
)

MEMBERS: Mapping[Type, Mapping[str, Type]] = MappingProxyType(
    {
        types.DATE: _CALENDAR,
        types.DATE_AND_TIME: MappingProxyType({**_CALENDAR, **_CLOCK}),
        types.TIME: _CLOCK,
        types.DAYS_AND_TIME_DURATION: MappingProxyType(
            dict.fromkeys(("days", "hours", "minutes", "seconds"), types.NUMBER)
        ),
        types.YEARS_AND_MONTHS_DURATION: MappingProxyType(
            dict.fromkeys(("years", "months"), types.NUMBER)
        ),
    }
)
"""Type to the members of its values, each with its own type."""


def member(value: Value, name: str) -> Value:
    """Give a part of a date, time, date and time or duration.

    `second` and `seconds` have a fraction. The parts of a negative duration are negative or zero.
    `time offset` and `timezone` are null where the value has none; a time of day in a named zone
    has the offset of the zone's standard time.

    Raises:
        Failure: The value has no such part (`eval.member`).
    """
    type_ = type_of(value)
    if type_ is None or name not in MEMBERS[type_]:
        raise _missing(value, name)
    match value:
        case YearsMonthsDuration(months):
            return _signed(months, abs(months) // 12 if name == "years" else abs(months) % 12)
        case timedelta() | WideDuration():
            return _duration_member(value, name)
        case Time():
            return _clock_member(value, name)
        case datetime() | WideDateTime():
            if name in _CLOCK:
                return _clock_member(value, name)
            return _calendar_member(value, name)
        case date() | WideDate():
            return _calendar_member(value, name)
        case _:
            raise _missing(value, name)


def _missing(value: Value, name: str) -> Failure:
    return Failure(
        "eval.member", message("{kind} has no `{name}`", kind=kind(value), name=name[:60])
    )


def _calendar_member(value: AnyDate | AnyDateTime, name: str) -> Decimal:
    match name:
        case "year":
            return Decimal(value.year)
        case "month":
            return Decimal(value.month)
        case "day":
            return Decimal(value.day)
        case _:
            return Decimal(calendar.weekday(number_of_day(value)))


def _clock_member(value: AnyDateTime | Time, name: str) -> Value:
    nanosecond = nanosecond_of_day(value)
    match name:
        case "hour":
            return Decimal(nanosecond // (3600 * NANOSECONDS_PER_SECOND))
        case "minute":
            return Decimal(nanosecond // (60 * NANOSECONDS_PER_SECOND) % 60)
        case "second":
            return _seconds(nanosecond % (60 * NANOSECONDS_PER_SECOND))
        case "time offset":
            offset = offset_of(value)
            return None if offset is None else timedelta(seconds=offset)
        case _:
            zone = zone_of(value)
            return zone.key if isinstance(zone, ZoneInfo) else None


def _duration_member(value: AnyDuration, name: str) -> Decimal:
    total = nanoseconds(value)
    minutes, seconds = divmod(abs(total), 60 * NANOSECONDS_PER_SECOND)
    match name:
        case "days":
            return _signed(total, minutes // (24 * 60))
        case "hours":
            return _signed(total, minutes // 60 % 24)
        case "minutes":
            return _signed(total, minutes % 60)
        case _:
            return _seconds(seconds if total >= 0 else -seconds)


def _signed(total: int, part: int) -> Decimal:
    return Decimal(part if total >= 0 else -part)


def _seconds(nanosecond: int) -> Decimal:
    """Write nanoseconds as seconds, exactly and without zeros at the end."""
    whole, finer = divmod(abs(nanosecond), NANOSECONDS_PER_SECOND)
    sign = "-" if nanosecond < 0 else ""
    return Decimal(f"{sign}{whole}.{finer:09}".rstrip("0").rstrip("."))
