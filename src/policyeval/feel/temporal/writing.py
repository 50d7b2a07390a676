"""Dates, times and durations as text: what FEEL's `string()` gives and `@"…"` reads."""

from datetime import date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from policyeval.feel.temporal.making import (
    nanosecond_of_day,
    nanoseconds,
    zone_of,
)
from policyeval.feel.values import (
    NANOSECONDS_PER_SECOND,
    Time,
    WideDate,
    WideDateTime,
    WideDuration,
    YearsMonthsDuration,
)

Temporal = (
    date
    | datetime
    | WideDate
    | WideDateTime
    | Time
    | timedelta
    | WideDuration
    | YearsMonthsDuration
)


def text(value: Temporal) -> str:
    """Write a value in its one canonical form.

    Seconds have the digits they need, up to nine; UTC is `Z`; durations are normalised (`P1DT2H`,
    `P1Y2M`, `PT0S`, `P0M`) and a minus stands in front.
    """
    match value:
        case datetime() | WideDateTime():
            return f"{_date(value)}T{_clock(nanosecond_of_day(value))}{zone_text(zone_of(value))}"
        case date() | WideDate():
            return _date(value)
        case Time():
            return _clock(value.nanosecond) + zone_text(value.zone)
        case timedelta() | WideDuration():
            return _days_and_time(nanoseconds(value))
        case YearsMonthsDuration(months):
            return _years_and_months(months)


def _date(value: date | WideDate | WideDateTime) -> str:
    sign = "-" if value.year < 0 else ""
    return f"{sign}{abs(value.year):04}-{value.month:02}-{value.day:02}"


def _clock(nanosecond: int) -> str:
    seconds, finer = divmod(nanosecond, NANOSECONDS_PER_SECOND)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour:02}:{minute:02}:{second:02}{_fraction(finer)}"


def _fraction(finer: int) -> str:
    return f".{finer:09}".rstrip("0") if finer else ""


def zone_text(zone: tzinfo | None) -> str:
    """Write a zone as it stands after a time: nothing, `Z`, `+01:00`, or `@Europe/Stockholm`."""
    if zone is None:
        return ""
    if isinstance(zone, ZoneInfo):
        return f"@{zone.key}"
    offset = zone.utcoffset(None)
    assert offset is not None, "zones are offsets or named"
    if not offset:
        return "Z"
    minutes, second = divmod(abs(offset) // timedelta(seconds=1), 60)
    hour, minute = divmod(minutes, 60)
    seconds = f":{second:02}" if second else ""
    return f"{'-' if offset < timedelta() else '+'}{hour:02}:{minute:02}{seconds}"


def _days_and_time(total: int) -> str:
    seconds, finer = divmod(abs(total), NANOSECONDS_PER_SECOND)
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    days, hour = divmod(hours, 24)
    clock = "".join(
        (
            f"{hour}H" if hour else "",
            f"{minute}M" if minute else "",
            f"{second}{_fraction(finer)}S" if second or finer else "",
        )
    )
    if not total:
        return "PT0S"
    sign = "-" if total < 0 else ""
    return f"{sign}P{f'{days}D' if days else ''}{f'T{clock}' if clock else ''}"


def _years_and_months(total: int) -> str:
    years, months = divmod(abs(total), 12)
    if not total:
        return "P0M"
    sign = "-" if total < 0 else ""
    return f"{sign}P{f'{years}Y' if years else ''}{f'{months}M' if months else ''}"
