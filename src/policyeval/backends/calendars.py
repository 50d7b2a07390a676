"""Working days, for the statutory rules that move the last day of a period.

The public holidays come from the `holidays` library, which only these rules need: it is an optional
part of the installation and imported when it is first asked for.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from types import ModuleType
from typing import Final

from policyeval.diagnostics import Diagnostic
from policyeval.errors import UnsupportedError
from policyeval.messages import Message, message
from policyeval.source import Source, Span

_CATEGORIES: Final[Mapping[str, tuple[str, ...]]] = {
    # Act 1930:173, section 2, names the three eves beside the public holidays. The library's `bank`
    # has them too, but with half days among them, which are working days here.
    "SE": ("public", "de_facto"),
    "DE": ("public",),
}
_DAY = timedelta(1)


def next_working_day(day: date, calendar: str) -> date:
    """Give a day itself if it is a working day, else the first one after it; `SE` or `DE`.

    No working days are: in `SE` Saturdays, Sundays, public holidays, Midsummer's Eve, Christmas Eve
    and New Year's Eve (Act 1930:173, section 2); in `DE` Saturdays, Sundays and the holidays of the
    whole federation. (Section 193 BGB means the holidays of the place of performance; those of a
    single state are not among these.)

    Raises:
        UnsupportedError: The `holidays` library is not installed, or knows nothing of the year.
        OverflowError: There is none before the year 10000.
    """
    while day.weekday() >= 5 or day in holidays(calendar, day.year):
        day += _DAY
    return day


def require(calendar: str) -> None:
    """Make sure that working days can be told.

    Raises:
        UnsupportedError: The `holidays` library is not installed.
    """
    next_working_day(date(2024, 1, 1), calendar)


@cache
def holidays(calendar: str, year: int) -> frozenset[date]:
    """Give the days of a year, other than Saturdays and Sundays, that are no working days.

    Some may be Saturdays or Sundays as well.

    Raises:
        UnsupportedError: As `next_working_day`.
    """
    country = {"SE": _library().SE, "DE": _library().DE}[calendar]
    if not country.start_year <= year <= country.end_year:
        raise _unsupported(
            calendar,
            message(
                "the holidays of `{calendar}` are known from {first} to {last}, not for {year}",
                calendar=calendar,
                first=country.start_year,
                last=country.end_year,
                year=year,
            ),
            None,
        )
    found = country(years=year, expand=False, categories=_CATEGORIES[calendar])
    return frozenset(date(each.year, each.month, each.day) for each in found)


def _library() -> ModuleType:
    try:
        import holidays as library
    except ImportError:
        raise _unsupported(
            "holidays",
            message("working days need the library `holidays`, which is not installed"),
            message("install `policyeval[calendar]`"),
        ) from None
    return library


def _unsupported(about: str, what: Message, help_: Message | None) -> UnsupportedError:
    source = Source(about)
    return UnsupportedError([Diagnostic("eval.calendar", what, Span(0, len(about)), source, help_)])
