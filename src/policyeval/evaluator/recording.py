"""From facts to the record of their evaluation, for complete transactions: JSON in, JSON out."""

from collections.abc import Callable, Mapping
from datetime import date

from policyeval.backends.complete import ENDS, Decide, Manner
from policyeval.evaluation.results import Evaluation
from policyeval.evaluator.given import Facts
from policyeval.evaluator.late import copied
from policyeval.evaluator.quick import Stretch, Timeline, decided
from policyeval.evaluator.recorder import Recorder
from policyeval.facts.placed import TEXT_BYTES

General = Callable[[Facts, date], Evaluation]


class _Writer:
    """What decides by a version, and writes what it came to.

    Attributes:
        lists: The facts that are lists.
    """

    __slots__ = ("decide", "lists", "record")

    def __init__(self, stretch: Stretch, recorder: Recorder) -> None:
        assert stretch.decide is not None
        assert stretch.inquiry is not None
        self.decide: Decide = stretch.decide
        self.lists = stretch.inquiry.lists
        self.record = recorder.record


class _Channel:
    """What writes records of facts that come as values, or as JSON.

    Attributes:
        timeline: What governs when; the functions tell what records have.
        writers: The first day of a stretch to what writes.
        usual: What wrote the last record.
    """

    __slots__ = ("timeline", "usual", "writers")

    def __init__(self, timeline: Timeline, recorders: Mapping[date | None, Recorder]) -> None:
        self.timeline = timeline
        self.writers = {
            each.first: _Writer(each, recorders[each.first])
            for each in timeline
            if each.decide is not None and each.first in recorders
        }
        self.usual = next(reversed(self.writers.values()), None)


class Recording:
    """What writes records of complete transactions; safe to share between threads.

    Attributes:
        questions: Those that are answered, in the order of the answers.
    """

    __slots__ = ("_general", "_json", "_make", "_nothing", "_recorders", "_values", "questions")

    def __init__(
        self,
        timeline: Callable[[Manner], Timeline],
        questions: tuple[str, ...],
        general: General | None,
    ) -> None:
        """Prepare to write records.

        Args:
            timeline: Gives what governs when, by the manner in which facts are read.
            questions: All, in the order of the answers.
            general: Evaluates facts in general; None where questions may have different versions.
        """
        self.questions = questions
        self._make = timeline
        self._general = general
        values = timeline(Manner(told=True))
        self._recorders = {
            each.first: Recorder(each.inquiry)
            for each in values
            if each.inquiry and each.inquiry.own == questions
        }
        self._values = _Channel(values, self._recorders)
        self._json: _Channel | None = None
        self._nothing: tuple[bytes, bytes] | None = None

    def record(self, facts: object, asked_on: object) -> bytes | None:
        """Write the record of an evaluation, or give None if others have to.

        Args:
            facts: Values by name, or the bytes of their JSON.
            asked_on: The day.
        """
        if type(asked_on) is not date:
            return None
        if type(facts) is bytes:
            channel = self._json or self._of_json()
            writer = channel.usual
            if writer is None or len(facts) > TEXT_BYTES:
                return None
        elif type(facts) is dict:
            channel = self._values
            writer = channel.usual
            if writer is None:
                return None
        else:
            return None
        try:
            if type(facts) is dict:
                facts = copied(facts, writer.lists)
            told = writer.decide(facts, asked_on)
            if type(told) is not tuple:
                return None if told is None else self._otherwise(channel, facts, asked_on)
        except ENDS:
            return None
        return writer.record(told, facts, asked_on)

    def _of_json(self) -> _Channel:
        self._json = _Channel(self._make(Manner(json=True, told=True)), self._recorders)
        return self._json

    def _otherwise(
        self, channel: _Channel, facts: dict[str, object] | bytes, asked_on: date
    ) -> bytes | None:
        """Write a record where another version governs than that of the last transactions."""
        governing, told = decided(channel.timeline, facts, asked_on)
        if governing is None:
            return None
        if told is None:
            return self._by_nothing(facts, asked_on)
        writer = channel.writers.get(governing.first)
        if writer is None:  # that version does not have all questions
            return None
        channel.usual = writer
        return writer.record(told, facts, asked_on)

    def _by_nothing(self, facts: dict[str, object] | bytes, asked_on: date) -> bytes | None:
        """Write that no version governs: the same for all transactions, but for the day."""
        if self._general is None:
            return None
        day = f'"asked_on":"{asked_on}"'.encode()
        if self._nothing is None:
            first, second = self._general(facts, asked_on).to_record().split(day, 1)
            self._nothing = first, second
        return day.join(self._nothing)
