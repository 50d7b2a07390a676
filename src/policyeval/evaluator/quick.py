"""Complete transactions by the versions of a programme: the version that governs answers at once.

Nothing is given where anything is out of the ordinary; the general path then does what is to be done.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from policyeval.backends.complete import ENDS, Decide, OtherTermsError, Outcome, Result, Witnesses
from policyeval.evaluation.model import Verdict
from policyeval.evaluation.results import Evaluation, answer_later, begun
from policyeval.evaluator.compiled import Compiled
from policyeval.evaluator.given import Facts
from policyeval.evaluator.grounds import Grounds
from policyeval.evaluator.late import Answers, Inquiry, copied, late, late_in_general, outcome


class Stretch(NamedTuple):
    """A stretch of days, up to the next one, and the version that governs on them.

    Attributes:
        first: None: since ever.
        decide: None where nothing is in force, or the version cannot be asked like this.
        inquiry: None where nothing is in force on any of the days that may pick the version.
        witnesses: Gives what answers where something is open, if anything does.
    """

    first: date | None
    decide: Decide | None
    inquiry: Inquiry | None
    witnesses: Callable[[], Witnesses | None] = lambda: None


Timeline = Sequence[Stretch]

Known = tuple[Decide, Any]
"""What one of the functions has given already."""

WORTH_IT = 100
"""Questions after which a function is written to answer more like them; that takes as long as they."""

_NOTHING = Stretch(None, None, None)

_NAMES = frozenset((id(str),))
"""Types of names that nobody has to be asked about."""

Outcomes = dict[str, tuple[Verdict | None, object]]


_Usual = tuple[Decide | None, Inquiry | None]


def _usual(governing: Stretch) -> _Usual:
    """Give what is needed of a version that most transactions are answered by."""
    return governing.decide, governing.inquiry


class Quick:
    """What answers complete transactions; safe to share between threads."""

    __slots__ = ("_apart", "_general", "_groups", "_questions", "_usual")

    def __init__(
        self,
        timeline: Timeline,
        questions: Sequence[str] = (),
        apart: Callable[[], Sequence[tuple[Sequence[str], Timeline]]] | None = None,
        general: Callable[[Facts, date], Evaluation] | None = None,
    ) -> None:
        """Prepare to answer.

        Args:
            timeline: What governs when, for all questions together.
            questions: In the order of the answers.
            apart: Makes what governs when for questions whose version is picked by the same days,
                which is needed where questions have different versions, or none.
            general: Evaluates facts in general.
        """
        self._questions = questions
        self._apart = apart
        self._general = general
        self._groups: Sequence[tuple[Sequence[str], Timeline]] | None = None
        asked = [each for each in timeline if each.decide is not None]
        self._usual = _usual(asked[-1] if asked else _NOTHING)

    def evaluation(self, facts: object, asked_on: object) -> Evaluation | None:
        """Answer, or give None if others have to."""
        if type(facts) is not dict or type(asked_on) is not date:
            return None
        decide, inquiry = self._usual
        if decide is None or inquiry is None:
            return None
        kept = facts.copy()
        try:
            found = decide(kept, asked_on)
            if type(found) is not tuple:
                first = decide, found
                return None if found is None else self._otherwise(kept, asked_on, first)
        except ENDS:
            return self._unfinished(facts, asked_on)
        evaluation = begun(Evaluation)  # as `late` has it, without another call
        answer_later(evaluation, (Answers, inquiry, found, kept, asked_on))
        return evaluation

    def _by_days(self) -> Sequence[tuple[Sequence[str], Timeline]]:
        """Give what governs when, for questions whose version is picked by the same days."""
        if self._groups is None:
            self._groups = () if self._apart is None else self._apart()
        return self._groups

    def _unfinished(self, facts: dict[str, object], asked_on: date) -> Evaluation | None:
        """Answer where something is open, as far as a few worlds prove it."""
        general = self._general
        if general is None or not _NAMES.issuperset(map(id, map(type, facts))):
            return None
        outcomes: Outcomes = {}
        try:
            kept = copied(facts, facts)
            for questions, timeline in self._by_days():
                found = proven(timeline, questions, kept, asked_on)
                if found is None:
                    return None
                outcomes |= zip(questions, found, strict=True)
        except ENDS:
            return None
        ordered = {name: outcomes[name] for name in self._questions}
        return late_in_general(ordered, kept, lambda copied: general(copied, asked_on))

    def _otherwise(
        self, facts: dict[str, object], asked_on: date, first: Known
    ) -> Evaluation | None:
        """Answer where another version governs than that of the last transactions, which came `first`."""
        general = self._general
        if general is None:
            return None
        outcomes: Outcomes = {}
        told: dict[str, tuple[Grounds, Result]] = {}
        for questions, timeline in self._by_days():
            alone = first if len(self._by_days()) == 1 else None
            governing, found = decided(timeline, facts, asked_on, alone)
            if governing is None:
                return None
            inquiry = governing.inquiry
            if inquiry is None or found is None:
                outcomes |= dict.fromkeys(questions, (Verdict.NOT_COVERED, None))
            elif len(self._by_days()) == 1:
                self._usual = _usual(governing)  # transactions of one time mostly come together
                return late(inquiry, found, facts, asked_on)
            else:
                for name in questions:
                    place = inquiry.place_of.get(name)
                    result = None if place is None else found[place]
                    outcomes[name] = outcome(result, name in inquiry.yes_or_no)
                    if place is not None:
                        told[name] = inquiry.grounds, result
        ordered = {name: outcomes[name] for name in self._questions}
        return late_in_general(ordered, facts, lambda copied: general(copied, asked_on), told)


def decided(
    timeline: Timeline,
    facts: Facts,
    asked_on: date,
    known: Known | None = None,
) -> tuple[Stretch | None, Any]:
    """Give what governs and what it decides; None and None if others have to answer.

    The facts are read first as the version in force on the day asked on reads them, or else the last.

    Args:
        timeline: What governs when.
        facts: As they are asked about.
        asked_on: The day.
        known: What a function has given for these facts already, if one was asked.
    """
    governing = _first(timeline, asked_on)
    for _ in range(2):
        decide = governing.decide
        if decide is None:
            break
        found = known[1] if known and known[0] is decide else decide(facts, asked_on)
        if found is None:
            break
        if isinstance(found, tuple | bytes):
            return governing, found
        governing = _in_force(timeline, found)
        if governing.inquiry is None:
            return governing, None
    return None, None


def proven(
    timeline: Timeline, questions: Sequence[str], facts: dict[str, object], asked_on: date
) -> Sequence[Outcome] | None:
    """Give what a few worlds prove by what governs; None if others have to answer.

    The facts are read first as by `decided`. It may also end, which means that others have to answer.
    """
    governing = _first(timeline, asked_on)
    for _ in range(2):
        witnesses = governing.witnesses()
        if witnesses is None or governing.inquiry is None or governing.inquiry.own != questions:
            return None
        try:
            return witnesses.outcomes(facts, asked_on)
        except OtherTermsError as other:
            governing = _in_force(timeline, other.day)
        if governing.inquiry is None:
            return [(Verdict.NOT_COVERED, None)] * len(questions)
    return None


def _first(timeline: Timeline, asked_on: date) -> Stretch:
    """Give the version that reads the facts first: that of the day asked on, or else the last."""
    governing = _in_force(timeline, asked_on)
    if governing.inquiry is None:
        governing = next((each for each in reversed(timeline) if each.inquiry), _NOTHING)
    return governing


def _in_force(timeline: Timeline, day: date) -> Stretch:
    found = _NOTHING
    for each in timeline:
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
        program,
        questions,
        places,
        program.yes_or_no,
        own,
        known_on,
        program.reads.lists,
        Grounds({name: program.terms.policy.decisions[name] for name in own}),
    )
