"""Programmes that remember what they were asked: which version, with which facts, about what."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from policyeval.evaluation.model import Answer
from policyeval.evaluation.results import Evaluation
from policyeval.evaluator.given import Facts
from policyeval.evaluator.policies import PolicySet
from policyeval.evaluator.program import Program
from policyeval.evaluator.programs import Programs
from policyeval.facts.model import Environment
from policyeval.policy.library import Library
from policyeval.policy.model import ValidPolicy
from policyeval.policy.terms import Terms


@dataclass(slots=True)
class Run:
    """One evaluation by one version.

    Attributes:
        answers: Empty where there are none, because the facts contradict each other.
    """

    terms: Terms
    environment: Environment
    answers: Mapping[str, Answer] = field(default_factory=dict)


@dataclass(slots=True)
class Watched:
    """What was asked since it was last cleared."""

    runs: list[Run] = field(default_factory=list)
    evaluation: Evaluation | None = None

    def clear(self) -> None:
        """Forget everything."""
        self.runs.clear()
        self.evaluation = None


class Watching(PolicySet):
    """Programmes whose evaluations are remembered; for one thread."""

    def __init__(self, library: Library) -> None:
        self.watched = Watched()
        super().__init__(library, _Programs(self.watched))

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
        """Answer as `PolicySet.evaluate` does, and remember it."""
        evaluation = super().evaluate(
            programme,
            facts,
            asked_on=asked_on,
            known_on=known_on,
            overlays=overlays,
            decisions=decisions,
        )
        self.watched.evaluation = evaluation
        return evaluation


class _Programs(Programs):
    def __init__(self, watched: Watched) -> None:
        super().__init__()
        self._watched = watched
        self._made: dict[tuple[int, tuple[str, ...]], _Program] = {}

    def program(self, version: ValidPolicy, overlays: tuple[str, ...]) -> Program:
        own = tuple(each for each in version.policy.overlays if each in overlays)
        key = (id(version), own)
        if key not in self._made:
            self._made[key] = _Program(version, own, self._watched)
        return self._made[key]


class _Program(Program):
    def __init__(self, policy: ValidPolicy, overlays: tuple[str, ...], watched: Watched) -> None:
        super().__init__(policy, overlays)
        self._watched = watched

    def answers(
        self,
        environment: Environment,
        decisions: Collection[str],
        known_on: date | datetime | None,
    ) -> Mapping[str, Answer]:
        run = Run(self.terms, environment)
        self._watched.runs.append(run)
        run.answers = super().answers(environment, decisions, known_on)
        return run.answers
