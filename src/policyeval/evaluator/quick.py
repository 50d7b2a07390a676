"""Complete transactions by the versions of a programme: the version that governs answers at once.

Nothing is given where anything is out of the ordinary; the general path then does what is to be done.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from policyeval.backends.complete import ENDS, Decide
from policyeval.evaluation.results import Evaluation
from policyeval.evaluator.compiled import Compiled
from policyeval.evaluator.late import Inquiry, late


class Stretch(NamedTuple):
    """A stretch of days, up to the next one, and the version that governs on them.

    Attributes:
        first: None: since ever.
        decide: None where nothing is in force, or the version cannot be asked like this.
    """

    first: date | None
    decide: Decide | None
    inquiry: Inquiry | None


_NOTHING = Stretch(None, None, None)


class Quick:
    """What answers complete transactions; safe to share between threads."""

    __slots__ = ("_timeline", "_usual")

    def __init__(self, timeline: Sequence[Stretch]) -> None:
        self._timeline = tuple(timeline)
        asked = [each for each in timeline if each.decide is not None]
        self._usual = asked[-1] if asked else _NOTHING

    def evaluation(self, facts: object, asked_on: object) -> Evaluation | None:
        """Answer, or give None if others have to."""
        if type(facts) is not dict or type(asked_on) is not date:
            return None
        _, decide, inquiry = self._usual
        if decide is None:
            return None
        try:
            found = decide(facts, asked_on)
            if type(found) is not tuple:
                if found is None:
                    return None
                _, decide, inquiry = self._governing(found)  # type: ignore[arg-type]  # a day
                found = decide and decide(facts, asked_on)
                if type(found) is not tuple:
                    return None
        except ENDS:
            return None
        return late(inquiry, found, facts, asked_on)  # type: ignore[arg-type]  # a function has an inquiry

    def _governing(self, day: date) -> Stretch:
        """Give what governs on a day; transactions of one time mostly come together."""
        found = self._in_force(day)
        if found.decide is not None:
            self._usual = found
        return found

    def _in_force(self, day: date) -> Stretch:
        found = _NOTHING
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
