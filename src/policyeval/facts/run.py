"""One transaction while it is read, and what reads its parts.

A reader gives the value of what was given, or what it may be where that is open. What cannot be
used is told to the run, which goes on; what the reader gives then is of no use.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from policyeval.facts.clock import Clock
from policyeval.facts.model import Between, Open
from policyeval.facts.problems import Path, Problems
from policyeval.facts.scalars import FIRST_DAY, LAST_DAY
from policyeval.feel.types import DATE, Type
from policyeval.feel.values import Value

Given = Value | Open


@dataclass(slots=True)
class Run:
    """One transaction being read."""

    asked_on: date
    clock: Clock
    problems: Problems = field(default_factory=Problems)
    presumed: dict[str, Value] = field(default_factory=dict)

    def past(self, type_: Type) -> Between:
        """Give all days, or moments, up to the end of the day asked on."""
        if type_ == DATE:
            return Between(FIRST_DAY, self.asked_on)
        return Between(self.clock.earliest, self.clock.bounds(self.asked_on)[1])

    def future(self, type_: Type) -> Between:
        """Give all days, or moments, from the beginning of the day asked on."""
        if type_ == DATE:
            return Between(self.asked_on, LAST_DAY)
        return Between(self.clock.bounds(self.asked_on)[0], self.clock.latest)


class ItemReader(Protocol):
    """Reads a value, wherever it stands."""

    def read(self, given: object, name: str, path: Path, run: Run) -> Given:
        """Read what was given."""


class Reader(ItemReader, Protocol):
    """Reads a fact, or a member of an entry."""

    def left_out(self, name: str, run: Run) -> Given:
        """Say what holds where nothing was given."""
