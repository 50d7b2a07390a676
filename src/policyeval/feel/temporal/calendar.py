"""The proleptic Gregorian calendar for years from -999,999,999 to 999,999,999.

Days are counted as Python does: day 1 is 0001-01-01. Years outside 1–9999 are moved by whole
cycles of 400 years, after which the calendar repeats, so Python's own dates do the work.
"""

from datetime import date
from typing import Final

MAX_YEAR: Final = 999_999_999

_CYCLE_YEARS = 400
_CYCLE_DAYS = 146_097

_DAYS = (0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def is_leap_year(year: int) -> bool:
    """Tell whether a year has 29 February; year 0 is 1 BC."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in_month(year: int, month: int) -> int:
    """Give the number of the month's last day."""
    return 29 if month == 2 and is_leap_year(year) else _DAYS[month]


def day_number(year: int, month: int, day: int) -> int:
    """Count the days from 0001-01-01, which is day 1, to a date."""
    if 1 <= year <= 9999:
        return date(year, month, day).toordinal()
    cycles, within = divmod(year - 1, _CYCLE_YEARS)
    return cycles * _CYCLE_DAYS + date(within + 1, month, day).toordinal()


def date_of_day(number: int) -> tuple[int, int, int]:
    """Give year, month and day of a day number, in any year."""
    cycles, within = divmod(number - 1, _CYCLE_DAYS)
    day = date.fromordinal(within + 1)
    return day.year + cycles * _CYCLE_YEARS, day.month, day.day


def month_after(year: int, month: int, months: int) -> tuple[int, int]:
    """Move a month by some months, into any year."""
    years, month0 = divmod(month - 1 + months, 12)
    return year + years, month0 + 1


def weekday(number: int) -> int:
    """Give the weekday of a day number: 1 for Monday to 7 for Sunday."""
    return (number - 1) % 7 + 1


def day_of_year(year: int, month: int, day: int) -> int:
    """Count the days from 1 January, which is day 1."""
    return day_number(year, month, day) - day_number(year, 1, 1) + 1


def week_of_year(year: int, month: int, day: int) -> int:
    """Give the ISO 8601 week; the first days of January may belong to week 52 or 53."""
    return date((year - 1) % _CYCLE_YEARS + 1 + _CYCLE_YEARS, month, day).isocalendar().week
