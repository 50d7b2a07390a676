"""What the twins share: an answer, and sums of dates as one writes them."""

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date


@dataclass(slots=True)
class Answer:
    """A verdict or a value, and the rules that a NO is due to."""

    verdict: str
    value: object = None
    reasons: list[str] = field(default_factory=list)


def add_months(day: date, months: int) -> date:
    """Move a date by whole months; the day of the month is cut to the month's last one."""
    month = day.month - 1 + months
    year = day.year + month // 12
    month = month % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def decided(failed: list[str], doubtful: bool) -> Answer:
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
