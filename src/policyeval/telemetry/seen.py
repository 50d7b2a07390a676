"""What is seen of a decision from outside: who was asked, what came out, how long it took.

It holds no fact of the transaction and no value of an answer: names, verdicts, codes of problems.
"""

from datetime import date
from typing import Final, NamedTuple

from policyeval.errors import DiagnosedError
from policyeval.evaluation.model import Verdict
from policyeval.evaluation.results import Evaluation

VALUE: Final = "VALUE"
"""Stands in place of the verdict where the answer is a day, an amount or a text."""

NONE: Final = "none"
"""Stands in place of the version where none governs, and of a programme that does not exist."""


class Answered(NamedTuple):
    """A question that was answered.

    Attributes:
        answers: For each decision its name, the version that answered, and the verdict.
        explored: The decisions for which all that may still be was gone through.
        seconds: How long it took.
    """

    programme: str
    asked_on: date
    answers: tuple[tuple[str, str, str], ...]
    explored: frozenset[str]
    seconds: float

    @property
    def versions(self) -> tuple[str, ...]:
        """The versions that answered, each once."""
        return tuple(dict.fromkeys(version for _, version, _ in self.answers))


class Refused(NamedTuple):
    """A question that was not answered.

    Attributes:
        programme: `none` if there is no such programme: what a caller made up is not passed on.
        codes: Of the problems, each once, in order.
        seconds: How long it took.
    """

    programme: str
    codes: tuple[str, ...]
    seconds: float


def answered(evaluation: Evaluation, seconds: float) -> Answered:
    """Give what is seen of an evaluation, without anything being worked out that was left for later."""
    found = [(name, each, each.verdict) for name, each in evaluation.found.items()]
    policies = evaluation.policies
    only = next(iter(policies)) if len(policies) == 1 else None
    if only is not None and all(verdict is Verdict.NOT_COVERED for _, _, verdict in found):
        only = None  # perhaps no version governs; then the one there is lends its words
    return Answered(
        evaluation.programme,
        evaluation.asked_on,
        tuple(
            (
                name,
                only or answer.provenance.version or NONE,
                VALUE if verdict is None else verdict.value,
            )
            for name, answer, verdict in found
        ),
        evaluation.explored,
        seconds,
    )


def refused(programme: str, error: DiagnosedError, seconds: float) -> Refused:
    """Give what is seen of an error: its codes; its words would quote the facts."""
    return Refused(programme, tuple(sorted({each.code for each in error.diagnostics})), seconds)
