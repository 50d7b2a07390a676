"""Values that need a closer look than code for one policy takes, while it runs."""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Final

from policyeval.backends.complete.standing import NotForUsError
from policyeval.facts.clock import Clock
from policyeval.facts.refusal import Refused
from policyeval.facts.scalars import number, text


def checked_number(given: object) -> Decimal:
    """Read a number; whatever is none is not asked what it is."""
    if type(given) is Decimal or type(given) is int or type(given) is str:
        return number(given)
    raise NotForUsError


def read_as_it_is(presumed: object) -> bool:
    """Tell whether a presumed value stays the same if it is read: `0.00` is read as 0."""
    try:
        match presumed:
            case Decimal():
                return str(number(presumed)) == str(presumed)
            case str():
                return text(presumed) == presumed
            case _:
                return True
    except Refused:
        return False


def checked_text(given: object) -> str:
    """Read a text; whatever is none is not asked what it is."""
    if type(given) is str:
        return text(given)
    raise NotForUsError


_MOMENT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,6})?)?"
    r"(?:Z|[+-](?:0[0-9]|1[0-7]):[0-5][0-9])?"
)
_KEPT: Final = 16_384


class Texts:
    """Reads moments as JSON has them."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.moment = lru_cache(_KEPT)(self._moment)

    def _moment(self, written: str) -> tuple[datetime, date]:
        """Give a moment as it is written, and its day.

        Raises:
            Refused: Its year is out of range, or clocks show it twice or never.
            ValueError: There is no such day.
        """
        if not _MOMENT.fullmatch(written):
            raise NotForUsError
        return self._clock.aware_and_day(datetime.fromisoformat(written))


def first_moment(clock: Clock) -> Callable[[date], datetime]:
    """Give what says when a day begins."""
    return lambda day: clock.bounds(day)[0]
