"""From facts to the record of their evaluation, for complete transactions: JSON in, JSON out."""

from collections.abc import Callable
from datetime import date

from policyeval.backends.complete import ENDS, Decide
from policyeval.evaluation.results import Evaluation
from policyeval.evaluator.late import copied
from policyeval.evaluator.quick import Stretch, Timeline, decided
from policyeval.evaluator.recorder import Recorder
from policyeval.facts.typed_json import JsonReader

General = Callable[[dict[str, object], date], Evaluation]


class _Writer:
    """What reads facts for a version, decides, and writes.

    Attributes:
        lists: The facts that are lists.
    """

    __slots__ = ("decide", "lists", "read", "recorder")

    def __init__(self, stretch: Stretch) -> None:
        assert stretch.decide is not None
        assert stretch.inquiry is not None
        self.decide: Decide = stretch.decide
        self.lists = stretch.inquiry.lists
        self.read = JsonReader(stretch.inquiry.program.policy).read
        self.recorder = Recorder(stretch.inquiry)


class Recording:
    """What writes records of complete transactions; safe to share between threads.

    Attributes:
        questions: Those that are answered, in the order of the answers.
    """

    __slots__ = ("_general", "_nothing", "_timeline", "_usual", "_writers", "questions")

    def __init__(
        self, timeline: Timeline, questions: tuple[str, ...], general: General | None
    ) -> None:
        """Prepare to write records.

        Args:
            questions: All, in the order of the answers.
            timeline: What governs when; the functions tell remarks.
            general: Evaluates facts in general; None where questions may have different versions.
        """
        self.questions = questions
        self._timeline = timeline
        self._general = general
        self._writers = {
            each.first: _Writer(each)
            for each in timeline
            if each.decide is not None and each.inquiry and each.inquiry.own == questions
        }
        self._usual = next(reversed(self._writers.values()), None)
        self._nothing: tuple[bytes, bytes] | None = None

    def record(self, facts: object, asked_on: object) -> bytes | None:
        """Write the record of an evaluation, or give None if others have to.

        Args:
            facts: Values by name, or the bytes of their JSON.
            asked_on: The day.
        """
        writer = self._usual
        if writer is None or type(asked_on) is not date:
            return None
        try:
            if type(facts) is bytes:
                given = writer.read(facts)
            else:
                given = copied(facts, writer.lists) if type(facts) is dict else None
            if given is None:
                return None
            found = writer.decide(given, asked_on)
            if type(found) is not tuple:
                return None if found is None else self._otherwise(given, asked_on)
        except ENDS:
            return None
        return writer.recorder.record(found, given, asked_on)

    def _otherwise(self, facts: dict[str, object], asked_on: date) -> bytes | None:
        """Write a record where another version governs than that of the last transactions."""
        governing, found = decided(self._timeline, facts, asked_on)
        if governing is None:
            return None
        if found is None:
            return self._by_nothing(facts, asked_on)
        writer = self._writers.get(governing.first)
        if writer is None:  # that version does not have all questions
            return None
        self._usual = writer
        return writer.recorder.record(found, facts, asked_on)

    def _by_nothing(self, facts: dict[str, object], asked_on: date) -> bytes | None:
        """Write that no version governs: the same for all transactions, but for the day."""
        if self._general is None:
            return None
        day = f'"asked_on":"{asked_on}"'.encode()
        if self._nothing is None:
            first, second = self._general(facts, asked_on).to_record().split(day, 1)
            self._nothing = first, second
        return day.join(self._nothing)
