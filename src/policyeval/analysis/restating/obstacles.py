"""Why a recorded transaction cannot be asked again, or not to the end."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from policyeval.errors import (
    DiagnosedError,
    EvaluationError,
    FactsError,
    NoApplicablePolicyError,
    UnsupportedError,
)
from policyeval.messages import Message, message

Kind = Literal[
    "answers-unreadable",
    "facts-withheld",
    "facts-wrong",
    "programme-missing",
    "questions-missing",
    "refused",
    "version-changed",
    "version-missing",
]

REFUSALS = (FactsError, EvaluationError, NoApplicablePolicyError, UnsupportedError)
"""What asking about a transaction may end in."""


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Something in the way, as a word for programs and in words for people."""

    kind: Kind
    text: Message


def unreadable() -> Obstacle:
    """Tell that recorded answers are not written as they are written here."""
    return Obstacle(
        "answers-unreadable",
        message("the recorded answers are written in a form that is not known here"),
    )


def no_programme(name: str) -> Obstacle:
    """Tell that the folder has not the programme."""
    return Obstacle("programme-missing", message("there is no programme `{name}`", name=name))


def refused(error: DiagnosedError) -> tuple[Obstacle, ...]:
    """Tell what is wrong with a question today."""
    texts = {each.message.text(): each.message for each in error.diagnostics}
    return tuple(Obstacle("refused", each) for each in texts.values())


def listed(names: Iterable[str]) -> str:
    """List names for a message."""
    return ", ".join(f"`{each}`" for each in names)
