"""What twins answer, and the sums of dates that they share."""

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

STOCKHOLM = ZoneInfo("Europe/Stockholm")
BERLIN = ZoneInfo("Europe/Berlin")
A_DAY = timedelta(days=1)


@dataclass(slots=True)
class Answer:
    """A verdict or a value, and the rules that a NO is due to.

    Attributes:
        verdict: `YES`, `NO`, `NOT_COVERED`, `OPEN` (the text can be read in ways that differ), or `VALUE`.
    """

    verdict: str
    value: object = None
    reasons: list[str] = field(default_factory=list)


def decided(failed: list[str], doubtful: bool = False) -> Answer:
    """Give the answer of a question whose rules were gone through."""
    if failed:
        return Answer("NO", False, failed)
    return Answer("OPEN") if doubtful else Answer("YES", True)


def value(*found: object) -> Answer:
    """Give a value, or that the ways to read the text give several."""
    first = found[0]
    if all(each == first for each in found):
        return Answer("VALUE", first)
    return Answer("OPEN")


def add_months(day: date, months: int) -> date:
    """Move a date by whole months; the day of the month is cut to the month's last one."""
    month = day.month - 1 + months
    year = day.year + month // 12
    month = month % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def quarter_end(day: date) -> date:
    """Give the last day of a day's calendar quarter."""
    return add_months(date(day.year, 3 * ((day.month + 2) // 3), 1), 1) - A_DAY


def local(moment: datetime, zone: ZoneInfo) -> datetime:
    """Give a moment as clocks in a zone show it; one without a zone is the zone's."""
    if moment.tzinfo is None:
        return moment.replace(tzinfo=zone)
    return moment.astimezone(zone)
