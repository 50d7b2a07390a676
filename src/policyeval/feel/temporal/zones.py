"""Zones: offsets from UTC, and named zones of the IANA database.

What a clock in a named zone shows does not always tell the moment: when clocks are put back an
hour is shown twice, when they are put forward one is never shown. Such a time keeps its offset in
place of the zone's name (see `policyeval.feel.temporal.making`).

For years outside 1–9999 a zone's latest (or earliest) rules are taken to hold for ever.
"""

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from policyeval.feel.failure import Failure
from policyeval.feel.temporal import calendar
from policyeval.messages import message

MAX_OFFSET: Final = timedelta(hours=18)

_LONGEST_NAME = 64


@cache
def zone_names() -> frozenset[str]:
    """Give the names of all zones, from the time zone package; nothing else is looked up."""
    from importlib import resources

    return frozenset((resources.files("tzdata") / "zones").read_text("ascii").split())


def zone_named(name: str) -> ZoneInfo:
    """Find a zone by its name in the IANA database, such as `Europe/Stockholm`.

    Raises:
        Failure: There is none of that name. No file is looked for then, so a name such as `../x`
            leads nowhere.
    """
    if len(name) <= _LONGEST_NAME and name in zone_names():
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            pass  # listed, but this machine's database lacks it
    shown = name if len(name) <= _LONGEST_NAME else name[:_LONGEST_NAME] + "…"
    raise Failure(
        "eval.literal",
        message(
            "there is no time zone `{zone}`; a zone is named as in `Europe/Stockholm`", zone=shown
        ),
    )


def zone_of_offset(offset: timedelta) -> timezone:
    """Make the zone with a fixed offset.

    Raises:
        Failure: It is further from UTC than 18 hours, or not in whole seconds.
    """
    if abs(offset) > MAX_OFFSET or offset.microseconds:
        raise Failure(
            "eval.domain",
            message("an offset from UTC is at most 18 hours, in whole seconds"),
        )
    return timezone(offset) if offset else UTC


def canonical_zone(zone: tzinfo) -> timezone | ZoneInfo | None:
    """Give the zone as this package keeps it, or None for a kind of zone that it does not know."""
    if isinstance(zone, ZoneInfo):
        return ZoneInfo(zone.key) if zone.key in zone_names() else None
    if isinstance(zone, timezone):
        offset = zone.utcoffset(None)
        return zone_of_offset(offset) if _is_offset(offset) else None
    return None


def _is_offset(offset: timedelta) -> bool:
    return abs(offset) <= MAX_OFFSET and not offset.microseconds


def local_offsets(zone: tzinfo, day: int, second: int) -> tuple[int, int]:
    """Give the offsets, in seconds, that a clock's time may have in a zone.

    Two equal ones, unless the clock shows that time twice (the earlier moment's first) or never
    (then the offsets before and after the change).

    Args:
        zone: An offset or a named zone.
        day: The day number.
        second: Of that day.
    """
    if isinstance(zone, timezone):
        fixed = _seconds(zone.utcoffset(None))
        return fixed, fixed
    year, month, day_of_month = calendar.date_of_day(day)
    # Three parts of the day, so that no text of digits is needed.
    minutes, seconds = divmod(second, 60)
    hour, minute = divmod(minutes, 60)
    local = datetime(_native(year), month, day_of_month, hour, minute, seconds)
    return (
        _seconds(zone.utcoffset(local.replace(tzinfo=zone))),
        _seconds(zone.utcoffset(local.replace(tzinfo=zone, fold=1))),
    )


def offset_at(zone: tzinfo, day: int, second: int) -> int:
    """Give a zone's offset, in seconds, at a moment given as day number and second in UTC."""
    if isinstance(zone, timezone):
        return _seconds(zone.utcoffset(None))
    year, month, day_of_month = calendar.date_of_day(day)
    minutes, seconds = divmod(second, 60)
    hour, minute = divmod(minutes, 60)
    # A year's distance from Python's limits, so that adding the offset cannot pass them.
    moment = datetime(_native(year, 1), month, day_of_month, hour, minute, seconds, tzinfo=UTC)
    return _seconds(moment.astimezone(zone).utcoffset())


@cache
def standard_offset(zone: tzinfo) -> int:
    """Give the offset, in seconds, that a time of day without a date has in a zone.

    That is the zone's standard time (winter time, where clocks change) under the rules now in
    force: 10:00@Europe/Stockholm is 10:00+01:00 on every day.
    """
    if isinstance(zone, timezone):
        return _seconds(zone.utcoffset(None))
    # The rules' last word, whatever day it is: no clock is read.
    return min(
        _seconds(zone.utcoffset(datetime(2100, month, 1, tzinfo=zone))) for month in (1, 4, 7, 10)
    )


def _seconds(offset: timedelta | None) -> int:
    assert offset is not None, "every zone has an offset"
    return offset.days * 86_400 + offset.seconds


def _native(year: int, margin: int = 0) -> int:
    """Give a year that Python knows, in the same place of the 400-year cycle."""
    if year > 9999 - margin:
        return 9200 + year % 400
    if year < 1 + margin:
        return 400 + year % 400
    return year
