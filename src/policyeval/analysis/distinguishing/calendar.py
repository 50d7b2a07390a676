"""Days that calendars make special: ends of months, leap days, ends of quarters."""

from calendar import isleap
from collections.abc import Iterator
from datetime import date, datetime, timedelta


def trap_days(near: date) -> Iterator[date]:
    """Give special days of the years around a day, each once."""
    year = near.year
    leap = next(each for each in (year, year + 1, year - 1, year + 2, year - 2) if isleap(each))
    months = ((12, 31), (1, 31), (3, 31), (5, 31), (10, 31))
    quarters = [date(year, month, 1) for month in (4, 7, 10, 1)]
    yield from dict.fromkeys(
        [
            date(year, 8, 31),
            date(leap - 1, 8, 31),
            date(leap, 2, 29),
            *(date(year, month, day) for month, day in months),
            *quarters,
            *(each - timedelta(days=1) for each in quarters),
        ]
    )


def on_trap_days(value: object) -> Iterator[date]:
    """Give a day, or an instant, on each of the special days around it instead."""
    if not isinstance(value, date):
        return
    at = value.timetz() if isinstance(value, datetime) else None
    for day in trap_days(value):
        moved = day if at is None else datetime.combine(day, at)
        if moved != value:
            yield moved
