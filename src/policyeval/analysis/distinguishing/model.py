"""Transactions on which two versions answer differently."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from policyeval.evaluation.model import Verdict


@dataclass(frozen=True, slots=True)
class Seed:
    """A transaction to start a search from, such as that of a golden case.

    Attributes:
        facts: As a caller gives them (see `policyeval.facts`), complete.
        overlays: Those that are switched on.
        name: What it is called.
    """

    facts: Mapping[str, object]
    asked_on: date
    overlays: tuple[str, ...] = ()
    name: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """What a version answers to a question, as far as versions are compared by it.

    Attributes:
        verdict: None where there is a value of a type other than boolean.
        rules: Of the reasons; of facts that are refused, the conditions that they break.
        points: Names of the open points.
        refused: Whether the facts are refused, so that there is no answer.
    """

    verdict: Verdict | None
    value: object = None
    rules: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    until: date | None = None
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Witness:
    """A transaction on which two versions answer a question differently.

    Attributes:
        facts: As a caller gives them, complete.
        seed: What it was found from.
        changed: The facts that differ from the seed's.
        decision: The question.
        before: What the first version answers; `after`: what the other does.
    """

    facts: Mapping[str, object]
    asked_on: date
    overlays: tuple[str, ...]
    seed: Seed = field(repr=False)
    changed: tuple[str, ...]
    decision: str
    before: Answered
    after: Answered
