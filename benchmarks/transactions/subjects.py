"""The programmes that are measured, each with its transactions and its twins."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.transactions import ibas, kaspersky, referral
from benchmarks.transactions.drawing import Drawing, Transaction
from benchmarks.transactions.unfinished import unfinished
from benchmarks.twins import ibas as ibas_twin
from benchmarks.twins import kaspersky as kaspersky_twin
from benchmarks.twins import referral as referral_twin
from benchmarks.twins.answers import Answer
from policyeval import PolicySet, load_policies

ROOT = Path(__file__).parents[2]

Twin = Callable[[Mapping[str, Any], date], dict[str, Answer]]
JsonTwin = Callable[[bytes, date], bytes]


@dataclass(frozen=True, slots=True)
class Subject:
    """A programme to measure.

    Attributes:
        name: What it is called in tables.
        folder: The folder of policies that it stands in.
        twin: Its terms by hand.
        draw: Draws a transaction that leaves nothing open but the text.
        events: Facts that may not have happened yet.
        open_text: Whether its text has readings that are open.
    """

    name: str
    programme: str
    folder: Path
    twin: Twin
    draw: Callable[[Drawing], Transaction]
    events: Sequence[str]
    open_text: bool

    def complete(self, count: int, seed: int) -> list[Transaction]:
        """Draw transactions that leave nothing open but the text."""
        drawing = Drawing(Random(f"{self.name}/{seed}"))
        return [self.draw(drawing) for _ in range(count)]

    def unfinished(self, count: int, seed: int) -> list[Transaction]:
        """Draw transactions that are under way or not fully known; some are clear all the same."""
        drawing = Drawing(Random(f"{self.name}/unfinished/{seed}"))
        return [unfinished(drawing, self.draw(drawing), self.events) for _ in range(count)]

    def policies(self) -> PolicySet:
        """Load the policies, once."""
        return _loaded(self.folder)

    def json_twin(self) -> JsonTwin:
        """Give its terms by hand from JSON to JSON; this needs msgspec."""
        from benchmarks.twins import ibas_json, kaspersky_json, referral_json

        twins: dict[str, JsonTwin] = {
            "referral": referral_json.decide,
            "ibas": ibas_json.decide,
            "kaspersky": kaspersky_json.decide,
        }
        return twins[self.name]


@cache
def _loaded(folder: Path) -> PolicySet:
    return load_policies(folder)


SUBJECTS = (
    Subject(
        "referral",
        "example-referral-speed",
        ROOT / "benchmarks" / "referral",
        referral_twin.decide,
        referral.complete,
        referral.EVENTS,
        False,
    ),
    Subject(
        "ibas",
        "ibas-ontrack-partner",
        ROOT / "policies",
        ibas_twin.decide,
        ibas.complete,
        ibas.EVENTS,
        True,
    ),
    Subject(
        "kaspersky",
        "kaspersky-target-notification",
        ROOT / "policies",
        kaspersky_twin.decide,
        kaspersky.complete,
        kaspersky.EVENTS,
        True,
    ),
)
