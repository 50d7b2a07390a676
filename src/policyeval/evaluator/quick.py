"""Complete transactions by the versions of a programme: the version that governs answers at once.

Nothing is given where anything is out of the ordinary; the general path then does what is to be done.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from policyeval.backends.complete import ENDS, Decide, Result
from policyeval.evaluation.results import Evaluation
from policyeval.evaluator.compiled import Compiled
from policyeval.evaluator.late import Inquiry, in_time


class Stretch(NamedTuple):
    """A stretch of days, up to the next one, and the version that governs on them.

    Attributes:
        first: None: since ever.
        decide: None where nothing is in force, or the version cannot be asked like this.
    """

    first: date | None
    decide: Decide | None
    inquiry: Inquiry | None


class Quick:
    """What answers complete transactions; safe to share between threads."""

    __slots__ = ("_timeline", "_usual")

    def __init__(self, timeline: Sequence[Stretch]) -> None:
        self._timeline = tuple(timeline)
        asked = [each for each in timeline if each.decide is not None]
        self._usual = asked[-1] if asked else Stretch(None, None, None)

    def evaluation(self, facts: object, asked_on: object) -> Evaluation | None:
        """Answer, or give None if others have to."""
        found = self.results(facts, asked_on)
        if found is None:
            return None
        inquiry, results = found
        return in_time(inquiry, results, facts, asked_on)  # type: ignore[arg-type]  # they were looked at

    def results(self, facts: object, asked_on: object) -> tuple[Inquiry, tuple[Result, ...]] | None:
        """Give what each question comes to, or None if others have to answer."""
        if type(facts) is not dict or type(asked_on) is not date:
            return None
        _, decide, inquiry = self._usual
        if decide is None:
            return None
        try:
            found = decide(facts, asked_on)
            if type(found) is tuple:
                return inquiry, found  # type: ignore[return-value]  # a function has an inquiry
            if found is None:
                return None
            other = self._in_force(found)  # type: ignore[arg-type]  # a day
            if other is None or other.decide is None:
                return None
            found = other.decide(facts, asked_on)
        except ENDS:
            return None
        if type(found) is not tuple or other.inquiry is None:
            return None
        self._usual = other  # transactions of one time come together
        return other.inquiry, found

    def _in_force(self, day: date) -> Stretch | None:
        found = None
        for each in self._timeline:
            if each.first is not None and each.first > day:
                break
            found = each
        return found


def inquiry_of(
    program: Compiled, questions: tuple[str, ...], known_on: date | datetime | None
) -> Inquiry:
    """Give what a version is asked, of questions that it may not all have."""
    own = tuple(each for each in program.questions if each in questions)
    places: Mapping[str, int] = {name: index for index, name in enumerate(own)}
    return Inquiry(
        program, questions, places, program.yes_or_no, own, known_on, program.reads.lists
    )
