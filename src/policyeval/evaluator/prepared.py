"""Programmes prepared for complete transactions: for each version the function that answers them."""

from collections.abc import Hashable, Iterator, Sequence
from datetime import date, datetime
from functools import cache, partial
from threading import Lock
from typing import NamedTuple

from policyeval.backends.complete import Governed, Manner, Task
from policyeval.evaluation.results import Evaluation
from policyeval.evaluator.asking import Asking, Question
from policyeval.evaluator.compiled import function_of, witnesses_of
from policyeval.evaluator.given import Facts
from policyeval.evaluator.late import Inquiry
from policyeval.evaluator.programs import Programs
from policyeval.evaluator.quick import WORTH_IT, Quick, Stretch, Timeline, inquiry_of
from policyeval.evaluator.reads import names_of
from policyeval.evaluator.recording import EndingOf, Recording
from policyeval.policy.library import ProgrammeVersions
from policyeval.policy.model import Formula, Governing, ValidPolicy
from policyeval.policy.versions import boundaries

_MOST = 256


def _nothing(_first: date | None, _inquiry: Inquiry) -> None:
    """End as results do."""


class Asked(NamedTuple):
    """What many transactions are asked about: a programme, as it was known, and its questions."""

    programme: ProgrammeVersions
    known_on: date | datetime | None
    overlays: tuple[str, ...]
    questions: tuple[str, ...]


class Prepared:
    """What answers complete transactions, made when it is worth it; safe to share between threads.

    Attributes:
        usual: Programme to what answers all its questions, with nothing special asked for.
        records: Programme to what writes records of the same.
    """

    def __init__(self, programs: Programs) -> None:
        self.usual: dict[object, Quick] = {}
        self.records: dict[object, Recording] = {}
        self._programs = programs
        self._special: dict[Hashable, Quick] = {}
        self._counts: dict[Hashable, int] = {}
        self._lock = Lock()

    def count(self, asked: Asked, *, usual: bool) -> Quick | None:
        """Give what answers such questions, if there have been enough of them."""
        # Moments that are equal may be written differently, which answers show.
        key = asked.programme.programme.name, repr(asked.known_on), asked.overlays, asked.questions
        found = self.usual.get(key[0]) if usual else self._special.get(key)
        if found is not None:
            return found
        with self._lock:
            if len(self._counts) >= _MOST:
                self._counts.clear()
                self._special.clear()
            self._counts[key] = self._counts.get(key, 0) + 1
            if self._counts[key] < WORTH_IT:
                return None
        found = self.prepare(asked, usual=usual)
        if not usual:
            self._special[key] = found
        return found

    def prepare(self, asked: Asked, *, usual: bool) -> Quick:
        """Make what answers such questions."""
        timeline = tuple(self._stretches(asked, _days(asked), asked.questions))
        apart = partial(self._apart, asked)
        quick = Quick(timeline, asked.questions, apart, partial(self._general, asked))
        if usual:
            self.usual[asked.programme.programme.name] = quick
        return quick

    def recording(self, asked: Asked) -> Recording:
        """Make what writes records of the usual questions."""

        def timeline(manner: Manner, ending: EndingOf) -> Timeline:
            days = _days(asked)
            return tuple(self._stretches(asked, days, asked.questions, manner, ending))

        def apart(manner: Manner) -> list[Timeline]:
            return [each for _, each in self._apart(asked, manner)]

        several = len(_groups(asked.programme.programme.governed_by, asked.questions)) > 1
        general = partial(self._general, asked)
        found = Recording(timeline, asked.questions, apart if several else None, general)
        self.records[asked.programme.programme.name] = found
        return found

    def _apart(
        self, asked: Asked, manner: Manner | None = None
    ) -> list[tuple[tuple[str, ...], Timeline]]:
        """Give what governs when, for questions whose version is picked by the same days."""
        return [
            (names, tuple(self._stretches(asked, days, names, manner)))
            for days, names in _groups(asked.programme.programme.governed_by, asked.questions)
        ]

    def _general(self, asked: Asked, facts: Facts, asked_on: date) -> Evaluation:
        question = Question(
            asked.programme, facts, asked_on, asked.known_on, asked.overlays, asked.questions
        )
        return Asking(self._programs, question).evaluation()

    def _stretches(
        self,
        asked: Asked,
        days: Sequence[Formula],
        questions: tuple[str, ...],
        manner: Manner | None = None,
        ending: EndingOf = _nothing,
    ) -> Iterator[Stretch]:
        timeline = boundaries(asked.programme.versions, asked.known_on)
        versions = [each.version for each in timeline if each.version is not None]
        if any(_read_as(each, days) != _read_as(versions[0], days) for each in versions):
            return  # which version reads the facts makes a difference to which one governs
        distinct = tuple(dict.fromkeys(days))
        # Where nothing is in force on one of several days, another may still pick a version. So what
        # cannot be asked stands there, and others answer.
        instead = versions[0] if versions and len(distinct) > 1 else None
        ends = [*(each.first for each in timeline[1:]), None]
        for (first, version), end in zip(timeline, ends, strict=True):
            read_by = version or instead
            if read_by is None:
                yield Stretch(first, None, None)
                continue
            program = self._programs.program(read_by, asked.overlays)
            inquiry = inquiry_of(program, questions, asked.known_on)
            if version is None:
                yield Stretch(first, None, inquiry)
                continue
            governed = tuple(Governed(each, first, end) for each in distinct)
            task = Task(inquiry.own, governed, manner or Manner(), ending(first, inquiry))
            witnesses = cache(partial(witnesses_of, program, task))
            yield Stretch(first, function_of(program, task), inquiry, witnesses)


def _days(asked: Asked) -> tuple[Formula, ...]:
    """Give the formulas of all days that may pick the version of one of the questions."""
    governing = asked.programme.programme.governed_by
    return tuple(day for days, _ in _groups(governing, asked.questions) for day in days)


def _groups(
    governing: Governing, questions: Sequence[str]
) -> list[tuple[tuple[Formula, ...], tuple[str, ...]]]:
    """Group questions by the formulas of all days that may pick their version."""
    reading = governing.reading
    options = (reading.adopted[0],) if reading.adopted else reading.admissible
    usual = tuple(each for each in questions if each not in governing.decisions)
    found = [(tuple(governing.days[each] for each in options), usual)] if usual else []
    return found + [
        ((day,), (name,)) for name, day in governing.decisions.items() if name in questions
    ]


def _read_as(version: ValidPolicy, days: Sequence[Formula]) -> object:
    """Give how a version reads the facts that the days are computed from."""
    facts = version.policy.facts
    names = dict.fromkeys(name for day in days for name in names_of(day))
    declared = [(name, facts.get(name)) for name in names]
    return [
        (name, each and (each.kind, each.type, each.one_of, each.presume, each.act))
        for name, each in declared
    ]
