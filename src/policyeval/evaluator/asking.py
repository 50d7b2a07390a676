"""Answering a question: pick the version for each decision, read the facts as it does, ask it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from policyeval.errors import FactsError
from policyeval.evaluation.model import (
    Answer,
    Deciding,
    OpenPoint,
    Phrase,
    Provenance,
    Reason,
    Valued,
)
from policyeval.evaluation.results import Evaluation
from policyeval.evaluator.answering import not_covered
from policyeval.evaluator.compiled import ENGINE, readings_in_force
from policyeval.evaluator.given import Facts, environment_of
from policyeval.evaluator.governing import Part, parts
from policyeval.evaluator.merging import merged
from policyeval.evaluator.programs import Programs
from policyeval.evaluator.reads import names_of
from policyeval.facts.model import Environment, Open
from policyeval.feel.compiler import LANGUAGE
from policyeval.feel.values import Value
from policyeval.policy.library import ProgrammeVersions
from policyeval.policy.model import ASKED_ON, Formula, Governing, ValidPolicy
from policyeval.policy.versions import Span, as_known, boundaries, select


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked about one transaction.

    Attributes:
        overlays: Those that are switched on; a version need not know them all.
        decisions: In the order of the answers.
    """

    programme: ProgrammeVersions
    facts: Facts
    asked_on: date
    known_on: date | datetime | None
    overlays: tuple[str, ...]
    decisions: tuple[str, ...]


class Asking:
    """A question while it is being answered."""

    def __init__(self, programs: Programs, question: Question) -> None:
        self.programs = programs
        self.question = question
        self.programme = question.programme
        self.asked_on = question.asked_on
        self.known_on = question.known_on
        self.timeline: Sequence[Span] = boundaries(self.programme.versions, self.known_on)
        self.environments: dict[int, Environment] = {}
        self.presumed: dict[str, Value] = {}
        self.asked: dict[str, ValidPolicy] = {}

    def evaluation(self) -> Evaluation:
        """Answer every question, each by the version that governs it."""
        governing = self.programme.programme.governed_by
        answers: dict[str, Answer] = {}
        for days, names in self._groups(governing):
            answers.update(self._governed(governing, days, names))
        programme = self.programme.programme
        return Evaluation(
            programme.name,
            self.asked_on,
            self.known_on,
            {name: answers[name] for name in self.question.decisions},
            presumed=dict(sorted(self.presumed.items())),
            policies=self.asked,
            title=programme.title,
            explored=frozenset(name for name, each in answers.items() if each.explored),
        )

    def _groups(self, governing: Governing) -> list[tuple[Mapping[str, Formula], tuple[str, ...]]]:
        """Group the questions by the formulas that pick their version."""
        reading = governing.reading
        options = (reading.adopted[0],) if reading.adopted else reading.admissible
        usual = tuple(each for each in self.question.decisions if each not in governing.decisions)
        groups: list[tuple[Mapping[str, Formula], tuple[str, ...]]] = []
        if usual:
            groups.append(({each: governing.days[each] for each in options}, usual))
        for name, formula in governing.decisions.items():
            if name in self.question.decisions:
                groups.append(({"": formula}, (name,)))
        return groups

    def _governed(
        self, governing: Governing, days: Mapping[str, Formula], names: tuple[str, ...]
    ) -> Mapping[str, Answer]:
        """Answer by each admissible way to pick the version, and put the answers together."""
        by_option = {option: self._by_day(formula, names) for option, formula in days.items()}
        if len(by_option) == 1:
            return next(iter(by_option.values()))
        reading = governing.reading
        point = OpenPoint(reading.name, "reading", reading.clauses, reading.ambiguity)
        return {name: merged([each[name] for each in by_option.values()], point) for name in names}

    def _by_day(self, formula: Formula, names: tuple[str, ...]) -> Mapping[str, Answer]:
        version, environment = self._first(formula)
        found = parts(self.programs.day(version, formula), environment, self.timeline)
        answered = [self._part(each, version, formula, names) for each in found.parts]
        if len(answered) == 1 or found.point is None or found.kind is None:
            return answered[0]
        point = OpenPoint(found.point, found.kind)
        return {name: merged([each[name] for each in answered], point) for name in names}

    def _first(self, formula: Formula) -> tuple[ValidPolicy, Environment]:
        """Give a version that can read the facts: the one in force on the day asked, or another.

        Where the day that governs picks another version, that one reads the facts again.

        Raises:
            FactsError: No version can read them; the problems are those of the first.
        """
        versions = [each.version for each in reversed(self.timeline) if each.version is not None]
        versions = versions or list(reversed(as_known(self.programme.versions, self.known_on)))
        now = select(self.programme.versions, self.asked_on, self.known_on)
        if now is not None:
            versions = [now, *(each for each in versions if each is not now)]
        refused: FactsError | None = None
        for version in versions:
            try:
                environment = self._environment(version)
            except FactsError as error:
                refused = refused or error
                continue
            if refused is None:
                return version, environment
            day = self.programs.day(version, formula)
            picked = parts(day, environment, self.timeline).parts
            if all(each.version is version for each in picked):
                return version, environment
        assert refused is not None, "a programme has a version"
        raise refused

    def _part(
        self, part: Part, first: ValidPolicy, formula: Formula, names: tuple[str, ...]
    ) -> Mapping[str, Answer]:
        """Answer within some of the possible worlds."""
        if part.version is None:
            nothing = self._nothing()
            self.asked[first.policy.version] = first
            reason = self._no_version(first, formula, part)
            return {
                name: replace(not_covered(name, nothing), reasons=(replace(reason, decision=name),))
                for name in names
            }
        environment = self._environment(part.version)
        if part.narrowed:
            environment = replace(environment, values={**environment.values, **part.narrowed})
        program = self.programs.program(part.version, self.question.overlays)
        own = tuple(each for each in names if each in program.questions)
        answers = dict(program.answers(environment, own, self.known_on))
        for name in program.presumed(environment, answers):
            self.presumed[name] = environment.presumed[name]
        self.asked[part.version.policy.version] = part.version
        for name in names:
            if name not in answers:
                answers[name] = not_covered(name, program.provenance(self.asked_on, self.known_on))
        return answers

    def _no_version(self, first: ValidPolicy, formula: Formula, part: Part) -> Reason:
        """Say why no version governs: by which reading, and what the day rests on."""
        governing = self.programme.programme.governed_by
        values = {**self._environment(first).values, **part.narrowed, ASKED_ON: self.asked_on}
        known = [
            Deciding((Valued(name, values[name]),), None)
            for name in dict.fromkeys(names_of(formula))
            if name in values and not isinstance(values[name], Open)
        ]
        adopted = governing.reading.adopted
        gist = () if adopted is None else (governing.reading.options[adopted[0]].gist,)
        return Reason(
            "",
            governing.reading.name,
            "coverage",
            governing.reading.clauses,
            Phrase(None, {}, gist, policy=first),
            tuple(known),
            False,
        )

    def _nothing(self) -> Provenance:
        return Provenance(
            self.programme.programme.name,
            None,
            None,
            readings_in_force(self.programme.programme, {}),
            self.question.overlays,
            ENGINE,
            LANGUAGE,
            self.asked_on,
            self.known_on,
        )

    def _environment(self, version: ValidPolicy) -> Environment:
        environment = self.environments.get(id(version))
        if environment is None:
            environment = environment_of(self.question.facts, version, self.asked_on)
            self.environments[id(version)] = environment
        return environment
