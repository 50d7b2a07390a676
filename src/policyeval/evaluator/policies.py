"""All programmes of a folder: pick the version that governs, decode the facts, answer."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from pathlib import Path

from policyeval.evaluation.results import Evaluation
from policyeval.evaluator.asking import Asking, Question
from policyeval.evaluator.given import Facts
from policyeval.evaluator.prepared import Asked, Prepared
from policyeval.evaluator.problems import (
    checked_day,
    checked_moment,
    names_in,
    no_such,
    no_version,
)
from policyeval.evaluator.program import Program
from policyeval.evaluator.programs import Programs
from policyeval.evaluator.recording import Recording
from policyeval.policy.library import Library, ProgrammeVersions
from policyeval.policy.model import ValidPolicy
from policyeval.policy.repository import read_folder
from policyeval.policy.versions import as_known, select


class PolicySet:
    """Programmes and their versions, checked and ready; safe to share between threads."""

    def __init__(self, library: Library, programs: Programs | None = None) -> None:
        self.library = library
        self._programs = programs or Programs()
        self._prepared = Prepared(self._programs)
        self._usual = self._prepared.usual.get

    @property
    def programmes(self) -> tuple[str, ...]:
        """The names of the programmes there are."""
        return tuple(self.library.programmes)

    def versions(self, programme: str) -> ProgrammeVersions:
        """Give a programme with its versions.

        Raises:
            NoApplicablePolicyError: There is no such programme.
        """
        found = self.library.programmes.get(programme)
        if found is None:
            raise no_such("programme", programme, self.programmes)
        return found

    def program(
        self,
        programme: str,
        *,
        on: date,
        known_on: date | datetime | None = None,
        overlays: Collection[str] = (),
    ) -> Program:
        """Give the version that is in force on a day, compiled.

        Raises:
            NoApplicablePolicyError: There is no such programme or overlay, or no version is in force.
        """
        found = self.versions(programme)
        checked_day("on", on)
        version = select(found.versions, on, checked_moment("known_on", known_on))
        if version is None:
            raise no_version(programme, on, _names(found.versions))
        return self._programs.program(version, _overlays(found.versions, overlays))

    def evaluate(
        self,
        programme: str,
        facts: Facts,
        *,
        asked_on: date | None = None,
        known_on: date | datetime | None = None,
        overlays: Collection[str] = (),
        decisions: Collection[str] | None = None,
    ) -> Evaluation:
        """Answer a programme's questions about one transaction.

        Args:
            programme: Its name.
            facts: Names and plain values (see `policyeval.facts`), or a JSON object: its text, its
                bytes, or a `policyeval.source.Source`, which has a name that problems are told with.
            asked_on: The day on which the question is asked; evaluation reads no clock.
            known_on: Only versions known by then count; None: all there are.
            overlays: Statutory rules for computing periods that are switched on.
            decisions: The questions to answer; None: all.

        Raises:
            FactsError: The facts cannot be used, or `asked_on` is missing; it holds every problem.
            NoApplicablePolicyError: There is no such programme, decision or overlay.
            EvaluationError: A formula has no result for these facts.
        """
        usual = known_on is None and decisions is None and not overlays
        if usual:
            quick = self._usual(programme)
            if quick is not None:
                evaluation = quick.evaluation(facts, asked_on)
                if evaluation is not None:
                    return evaluation
        found = self.versions(programme)
        day, moment = checked_day("asked_on", asked_on), checked_moment("known_on", known_on)
        question = Question(
            found,
            facts,
            day,
            moment,
            _overlays(found.versions, overlays),
            _questions(found.versions, as_known(found.versions, moment), decisions),
        )
        return self._answered(question, usual)

    def _answered(self, question: Question, usual: bool) -> Evaluation:
        """Answer; `usual` questions have been tried by what is prepared for them."""
        asked = Asked(question.programme, question.known_on, question.overlays, question.decisions)
        quick = self._prepared.count(asked, usual=usual)
        if quick is not None and not usual:
            evaluation = quick.evaluation(question.facts, question.asked_on)
            if evaluation is not None:
                return evaluation
        return Asking(self._programs, question).evaluation()

    def _recording(self, programme: str) -> Recording | None:
        """Give what writes records, if there have been enough questions."""
        if programme not in self._prepared.usual:
            return None
        return self._prepared.recording(self._all(programme))

    def _all(self, programme: str) -> Asked:
        """Give what all questions of a programme are, with nothing special asked for."""
        found = self.versions(programme)
        questions = _questions(found.versions, as_known(found.versions, None), None)
        return Asked(found, None, (), questions)

    def prepare(self, programme: str | None = None) -> None:
        """Compile now what complete transactions are answered by, instead of when it is worth it.

        Args:
            programme: Its name; None: all.

        Raises:
            NoApplicablePolicyError: There is no such programme.
        """
        for name in self.programmes if programme is None else (programme,):
            asked = self._all(name)
            self._prepared.prepare(asked, usual=True)
            self._prepared.recording(asked)

    def decide(
        self,
        programme: str,
        facts: Facts,
        *,
        asked_on: date | None = None,
        known_on: date | datetime | None = None,
        overlays: Collection[str] = (),
        decisions: Collection[str] | None = None,
    ) -> bytes:
        """Answer a programme's questions as JSON for machines: `evaluate(…).to_record()`, but faster.

        Args and errors are those of `evaluate`.
        """
        listed = None
        if decisions is not None and isinstance(decisions, list | tuple):
            listed = tuple(decisions)
        if known_on is None and not overlays and (decisions is None or listed is not None):
            recording = self._prepared.records.get(programme) or self._recording(programme)
            if recording is not None and (listed is None or listed == recording.questions):
                record = recording.record(facts, asked_on)
                if record is not None:
                    return record
        return self.evaluate(
            programme,
            facts,
            asked_on=asked_on,
            known_on=known_on,
            overlays=overlays,
            decisions=decisions,
        ).to_record()


def load_policies(path: str | Path) -> PolicySet:
    """Read a folder of policies.

    Raises:
        PolicyError: A file cannot be used; it holds every problem of every file.
    """
    library = read_folder(Path(path))
    library.refuse()
    return PolicySet(library)


def _questions(
    versions: Sequence[ValidPolicy], known: Sequence[ValidPolicy], wanted: Collection[str] | None
) -> tuple[str, ...]:
    """Give the questions to answer, in the order of the newest version that was known.

    All are those that were known then; one that a later version has can still be asked by its name.
    """
    asked = dict.fromkeys(
        name
        for version in (*reversed(known), *(() if wanted is None else reversed(versions)))
        for name, each in version.policy.decisions.items()
        if each.question is not None
    )
    return tuple(asked) if wanted is None else _known("decision", wanted, asked)


def _overlays(versions: Sequence[ValidPolicy], wanted: Collection[str]) -> tuple[str, ...]:
    known = dict.fromkeys(name for each in versions for name in each.policy.overlays)
    return _known("overlay", wanted, known)


def _known(kind: str, wanted: Collection[str], known: Collection[str]) -> tuple[str, ...]:
    names = names_in(wanted)
    for name in names:
        if name not in known:
            raise no_such(kind, name, tuple(known))
    return tuple(name for name in known if name in names)


def _names(versions: Sequence[ValidPolicy]) -> tuple[str, ...]:
    return tuple(each.policy.version for each in versions)
