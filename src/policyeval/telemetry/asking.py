"""What can be asked: a set of policies, a store of them, or either with somebody looking on."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Protocol

from policyeval.evaluation.results import Evaluation
from policyeval.evaluator.given import Facts


class Decides(Protocol):
    """What answers questions: `PolicySet`, `PolicyStore`, `Observed`."""

    @property
    def programmes(self) -> tuple[str, ...]:
        """The names of the programmes there are."""

    def evaluate(
        self,
        programme: str,
        facts: Facts,
        *,
        asked_on: date | None = None,
        known_on: date | datetime | None = None,
        overlays: Collection[str] = (),
        decisions: Collection[str] | None = None,
    ) -> Evaluation:
        """Answer a programme's questions about one transaction."""

    def decide(
        self,
        programme: str,
        facts: Facts,
        *,
        asked_on: date | None = None,
        known_on: date | datetime | None = None,
        overlays: Collection[str] = (),
        decisions: Collection[str] | None = None,
    ) -> bytes:
        """Answer a programme's questions as JSON for machines."""
