"""Drawing transactions by chance, always the same for the same seed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from random import Random
from typing import TypeVar
from zoneinfo import ZoneInfo

from policyeval.evaluation.data import Data, compact_text

T = TypeVar("T")

_ZONES = (UTC, timezone(timedelta(hours=2)), timezone(timedelta(hours=-5)), ZoneInfo("Asia/Tokyo"))
_EDGES = (time(0, 0), time(23, 59, 59), time(23, 30), time(0, 30))


@dataclass(frozen=True, slots=True)
class Transaction:
    """What an application knows of a transaction, and the day on which it asks.

    Attributes:
        facts: Fact to value, of Python's own types: bool, str, Decimal, date, datetime, None, list, dict.
    """

    facts: dict[str, object]
    asked_on: date

    @property
    def raw(self) -> bytes:
        """The facts as JSON: days and moments in ISO form, numbers with every digit."""
        return compact_text(_data(self.facts)).encode()


class Drawing:
    """Chance, with the words that generators of transactions use."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def happens(self, percent: float) -> bool:
        """Tell whether something with this chance happens."""
        return self.random.random() * 100 < percent

    def one_of(self, weights: dict[T, float]) -> T:
        """Give one of several, each as often as its weight says."""
        return self.random.choices(list(weights), list(weights.values()))[0]

    def any_of(self, found: Sequence[T]) -> T:
        """Give one of several, each as often as the others."""
        return self.random.choice(found)

    def days(self, first: int, last: int) -> timedelta:
        """Give a number of days; both ends are possible."""
        return timedelta(self.random.randint(first, last))

    def around(self, last: date, usual: tuple[int, int], late: float = 4, edge: float = 2) -> date:
        """Give a day that is mostly some days before the last one in time.

        Args:
            last: The last day in time.
            usual: How many days before it, from and to.
            late: Per cent that come late, half of them by one day.
            edge: Per cent that come on the last day itself.
        """
        chance = self.random.random() * 100
        if chance < late / 2:
            return last + timedelta(1)
        if chance < late:
            return last + self.days(2, 60)
        if chance < late + edge:
            return last
        return last - self.days(*usual)

    def moment(self, day: date, zone: ZoneInfo) -> datetime:
        """Give a moment of a day in a zone; some are told in another zone, some near midnight."""
        clock = (
            self.any_of(_EDGES)
            if self.happens(5)
            else time(self.random.randint(7, 21), self.random.randint(0, 59))
        )
        moment = datetime.combine(day, clock)
        if self.happens(60):
            return moment
        here = moment.replace(tzinfo=zone)
        return here if self.happens(40) else here.astimezone(self.any_of(_ZONES))

    def amount(self, lowest: int, highest: int) -> Decimal:
        """Give an amount of money with cents; one in ten ends in five cents, for half cents to come up."""
        units, cents = self.random.randint(lowest, highest), self.random.randint(0, 99)
        return Decimal(f"{units}.{5 if self.happens(10) else cents:02}")

    def left_out(self, facts: dict[str, object], presumed: dict[str, object]) -> dict[str, object]:
        """Leave out what is presumed anyway, as half of the callers do."""
        if self.happens(50):
            return facts
        return {
            name: each
            for name, each in facts.items()
            if name not in presumed or presumed[name] != each
        }


def _data(value: object) -> Data:
    match value:
        case dict():
            return {name: _data(each) for name, each in value.items()}
        case list():
            return [_data(each) for each in value]
        case date():
            return value.isoformat()
        case None | bool() | str() | Decimal():
            return value
        case _:
            raise TypeError(type(value))
