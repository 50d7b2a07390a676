"""The answer to a question about one transaction: verdict, value, reasons, open points, provenance."""

from dataclasses import dataclass

from policyeval.evaluation.comparisons import Deciding, Valued
from policyeval.evaluation.explaining import explanation
from policyeval.evaluation.naming import words
from policyeval.evaluation.parts import (
    Answered,
    OpenPoint,
    Outcome,
    PointKind,
    Provenance,
    Reason,
    ReasonKind,
    RemarkMade,
    Verdict,
)
from policyeval.evaluation.phrases import Phrase
from policyeval.evaluation.wording import headline, question_text

__all__ = [
    "Answer",
    "Deciding",
    "OpenPoint",
    "Outcome",
    "Phrase",
    "PointKind",
    "Provenance",
    "Reason",
    "ReasonKind",
    "RemarkMade",
    "Valued",
    "Verdict",
]


@dataclass(frozen=True, slots=True)
class Answer(Answered):
    """The answer to one decision.

    Attributes:
        decision: Its name.
        verdict: None where there is a value of a type other than boolean.
        value: True for YES, False for NO, a value for other types, and None for the other verdicts.
        reasons: The rules it rests on.
        open_points: All that matter, whatever the verdict says.
        further_points: Those that matter only in some futures.
        until: Of PENDING: the last day on which the verdict would still be PENDING if nothing happened.
        remarks: What the policy says beside it.
        provenance: What made it.
        complete: Whether all possibilities were gone through; otherwise the open points are those that
            may matter.
        policy: Whose words it is in; where no version governs, one that has the question.
        explored: Whether it was not clear from what is known, so that all that may still be was gone
            through.
    """

    def __bool__(self) -> bool:
        """Refuse to be taken for yes or no: there are seven verdicts.

        Raises:
            TypeError: Always.
        """
        raise TypeError("an answer is neither true nor false; ask its `verdict` or its `value`")

    @property
    def question(self) -> str:
        """The question that is answered, in English."""
        return self.question_in("en")

    def question_in(self, language: str) -> str:
        """Give the question that is answered in `en`, `sv` or `de`."""
        return question_text(self, words(self.policy, language))

    def headline_in(self, language: str) -> str:
        """Give the answer in a line, in `en`, `sv` or `de`: the verdict in words, or the value."""
        return headline(self, words(self.policy, language))

    def explain(self, language: str = "en") -> str:
        """Explain the answer in plain text, in `en`, `sv` or `de`."""
        return explanation((self,), language)
