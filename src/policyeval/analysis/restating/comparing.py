"""What an answer of today has that the recorded one had not, or the reverse."""

from dataclasses import dataclass
from typing import Literal

from policyeval.analysis.restating.payloads import (
    Entry,
    Maker,
    Payload,
    clauses_of,
    points_of,
    rules_of,
    same,
)

Aspect = Literal["verdict", "value", "until", "rules", "clauses", "open"]
"""What of an answer is otherwise, as in `analysis.difference`: `rules` and `clauses` are its reasons'."""

ASPECTS: tuple[Aspect, ...] = ("verdict", "value", "until", "rules", "clauses", "open")


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """A decision that is answered otherwise than it was.

    Attributes:
        before: As it is recorded (keys are those of `evaluation.record`).
        made_before: The version that answered then; likewise `made_after`.
    """

    decision: str
    aspects: tuple[Aspect, ...]
    before: Entry
    after: Entry
    made_before: Maker
    made_after: Maker


def change(
    decision: str, before: Payload, after: Payload, *, reasons: bool = True
) -> AnswerChange | None:
    """Compare the answers to a decision that both evaluations have; None if they say the same.

    Args:
        decision: Its name.
        before: What was answered.
        after: What is answered now.
        reasons: Whether reasons and open points count, which are not all known where facts are
            withheld.
    """
    one, other = before.answers[decision], after.answers[decision]
    differs: dict[Aspect, bool] = {
        "verdict": one["verdict"] != other["verdict"],
        "value": not _yes_or_no(one, other) and not same(one["value"], other["value"]),
        "until": one.get("until") != other.get("until"),
        "rules": reasons and rules_of(decision, one) != rules_of(decision, other),
        "clauses": reasons and {*clauses_of(one)} != {*clauses_of(other)},
        "open": reasons and points_of(one, "open_points") != points_of(other, "open_points"),
    }
    aspects = tuple(each for each in ASPECTS if differs[each])
    if not aspects:
        return None
    makers = before.maker(decision), after.maker(decision)
    return AnswerChange(decision, aspects, one, other, *makers)


def _yes_or_no(one: Entry, other: Entry) -> bool:
    return one["verdict"] is not None and other["verdict"] is not None
