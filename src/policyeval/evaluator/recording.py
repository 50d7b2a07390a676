"""From facts to the record of their evaluation, for complete transactions: JSON in, JSON out."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import date

from policyeval.backends.complete import ENDS, Decide, Ending, Manner
from policyeval.evaluator.given import Facts
from policyeval.evaluator.late import Inquiry
from policyeval.evaluator.makers import ByVersion, ByVersions, General, Told
from policyeval.evaluator.quick import Known, Stretch, Timeline, decided
from policyeval.evaluator.recorder import Recorder
from policyeval.facts.placed import TEXT_BYTES

_MOST = 256
"""Ways in which versions share the questions between them, for which what writes records is kept."""

EndingOf = Callable[[date | None, Inquiry], Ending | None]
"""The first day of a stretch, and what its version is asked, to what is made of what that tells."""

Write = Callable[[Told, Facts, date], bytes | None]
"""What is told of a transaction, its facts and the day asked on, to its record."""


class _Writer:
    """What decides by a version, and writes what it came to."""

    __slots__ = ("decide", "record")

    def __init__(self, stretch: Stretch, record: Write) -> None:
        assert stretch.decide is not None
        self.decide: Decide = stretch.decide
        self.record = record


class _Together:
    """What writes records of questions that are shared between versions."""

    __slots__ = ("_maker", "_recorder")

    def __init__(
        self, questions: tuple[str, ...], parts: Sequence[Inquiry | None], general: General
    ) -> None:
        self._maker = ByVersions(questions, parts, general)
        self._recorder = Recorder(self._maker)

    def record(self, told: Sequence[Told | None], facts: Facts, asked_on: date) -> bytes | None:
        """Write a record of what each part tells; None: nothing governs it."""
        return self._recorder.record(self._maker.together(told), facts, asked_on)

    def alone(self, told: Told, facts: Facts, asked_on: date) -> bytes | None:
        """Write a record of what the only part tells."""
        return self.record((told,), facts, asked_on)


class _Channel:
    """What writes records of facts that come as values, or as JSON.

    Attributes:
        manner: How facts are read.
        timeline: What governs when; the functions tell what records have.
        writers: The first day of a stretch to what writes.
        usual: What wrote the last record.
        groups: What governs when, for questions whose version is picked by the same days; None as long as
            all had the same version.
    """

    __slots__ = ("groups", "manner", "timeline", "usual", "writers")

    def __init__(
        self, manner: Manner, timeline: Timeline, writes: Mapping[date | None, Write]
    ) -> None:
        self.manner = manner
        self.timeline = timeline
        self.writers = {
            each.first: _Writer(each, writes[each.first])
            for each in timeline
            if each.decide is not None
        }
        self.usual = next(reversed(self.writers.values()), None)
        self.groups: Sequence[Timeline] | None = None


class Recording:
    """What writes records of complete transactions; safe to share between threads.

    Attributes:
        questions: Those that are answered, in the order of the answers.
    """

    __slots__ = (
        "_apart",
        "_general",
        "_json",
        "_make",
        "_recorders",
        "_shared",
        "_values",
        "questions",
    )

    def __init__(
        self,
        timeline: Callable[[Manner, EndingOf], Timeline],
        questions: tuple[str, ...],
        apart: Callable[[Manner], Sequence[Timeline]] | None,
        general: General,
    ) -> None:
        """Prepare to write records.

        Args:
            timeline: Gives what governs when, by the manner in which facts are read, and by what makes
                records of what a version tells.
            questions: All, in the order of the answers.
            apart: Gives what governs when for each group of questions whose version is picked by the same
                days; None if there is one group.
            general: Evaluates facts in general.
        """
        self.questions = questions
        self._make = timeline
        self._apart = apart
        self._general = general
        self._shared: dict[Hashable, _Together] = {}
        self._recorders: dict[date | None, Recorder] = {}
        self._values = self._channel(Manner(told=True))
        self._json: _Channel | None = None

    def _channel(self, manner: Manner) -> _Channel:
        timeline = self._make(manner, self._ending)
        return _Channel(manner, timeline, {each.first: self._write(each) for each in timeline})

    def _ending(self, first: date | None, inquiry: Inquiry) -> Ending | None:
        """Give what makes records of what a version tells, if that has all questions."""
        if inquiry.own != self.questions:
            return None
        if first not in self._recorders:
            self._recorders[first] = Recorder(ByVersion(inquiry))
        return self._recorders[first].write

    def _write(self, stretch: Stretch) -> Write:
        """Give what writes what a version tells of all questions, of which it may not have all."""
        recorder = self._recorders.get(stretch.first)
        if recorder is not None:
            return recorder.record
        return _Together(self.questions, (stretch.inquiry,), self._general).alone

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
                facts = facts.copy()
            told = writer.decide(facts, asked_on)
            if type(told) is bytes:
                return told
            if type(told) is not tuple:
                known = writer.decide, told
                return None if told is None else self._otherwise(channel, facts, asked_on, known)
        except ENDS:
            return None
        return writer.record(told, facts, asked_on)

    def _of_json(self) -> _Channel:
        self._json = self._channel(Manner(json=True, told=True))
        return self._json

    def _otherwise(
        self,
        channel: _Channel,
        facts: dict[str, object] | bytes,
        asked_on: date,
        known: Known,
    ) -> bytes | None:
        """Write a record where another version governs than that of the last transactions, or several."""
        governing, told = decided(channel.timeline, facts, asked_on, known)
        if governing is not None and told is not None:
            writer = channel.usual = channel.writers[governing.first]
            return told if type(told) is bytes else writer.record(told, facts, asked_on)
        found = [(governing, told)]
        if self._apart is not None:
            if channel.groups is None:
                channel.groups = self._apart(channel.manner)
            found = [decided(each, facts, asked_on) for each in channel.groups]
        parts = [each for each, _ in found if each is not None]
        if len(parts) < len(found):
            return None
        return self._together(parts).record([each for _, each in found], facts, asked_on)

    def _together(self, parts: Sequence[Stretch]) -> _Together:
        """Give what writes what several versions tell, or none, each of some questions."""
        key = tuple([each.first for each in parts])
        found = self._shared.get(key)
        if found is None:
            if len(self._shared) >= _MOST:
                self._shared.clear()
            inquiries = [each.inquiry for each in parts]
            found = _Together(self.questions, inquiries, self._general)
            self._shared[key] = found
        return found
