"""What a store says of itself: the set of policies in force, what became of a reload, its status."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from policyeval.diagnostics import Diagnostic, render
from policyeval.evaluator.policies import PolicySet

Kind = Literal["loaded", "unchanged", "refused"]
"""A new set is in force; the folder holds the one in force; the folder holds one that is not taken."""

Accept = Callable[[PolicySet], Iterable[str]]
"""Looks at a set before it is taken, and gives in words what speaks against it."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A set of policies that was taken, as a whole.

    Attributes:
        policies: The set; it never changes.
        generation: 1 for the first set that a store took, 2 for the next …
        digest: SHA-256, in hexadecimal, of what its answers rest on: every programme's file and every
            version's. Stores with the same digest give the same answers.
        loaded_at: When it was taken, in UTC.
    """

    policies: PolicySet = field(repr=False)
    generation: int
    digest: str
    loaded_at: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a reload.

    Attributes:
        kind: `loaded`, `unchanged` or `refused`.
        loaded: The set in force from then on: of a reload that was refused, the one before.
        at: When, in UTC.
        diagnostics: Everything that is wrong with the folder, if the reload was refused.
    """

    kind: Kind
    loaded: Loaded
    at: datetime
    diagnostics: tuple[Diagnostic, ...] = field(default=(), repr=False)

    def render(self, language: str = "en") -> str:
        """Say what is wrong as text for a terminal, in `sv`, `de` or `en`; no text if nothing is."""
        return "\n\n".join(render(each, language) for each in self.diagnostics)


@dataclass(frozen=True, slots=True)
class Status:
    """How a store is, for a page that watches over a service.

    Attributes:
        generation: Of the set in force; likewise `digest` and `loaded_at` (see `Loaded`).
        watching: Whether the folder is being watched.
        problem: Why what the folder holds now is not in force; None if it is.
        refused: How many times the folder came to hold something that was not taken.
    """

    generation: int
    digest: str
    loaded_at: datetime
    watching: bool
    problem: Outcome | None
    refused: int
