"""Evaluations of complete transactions: verdicts and values at once, everything else when it is read.

An application looks at a verdict, a day, an amount; it reads the reasons of those that surprise it.
What they are is then found out from the same facts, by the general path, once.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import partial

from policyeval.backends.complete import Result
from policyeval.evaluation.model import Answer, Verdict
from policyeval.evaluation.parts import known_so_far
from policyeval.evaluation.results import Evaluation, in_words_of
from policyeval.evaluator.asked import Asked
from policyeval.evaluator.compiled import Compiled
from policyeval.evaluator.given import environment_of
from policyeval.facts.model import Environment
from policyeval.feel.values import Value


class Transaction:
    """A transaction as it was when it was asked about."""

    __slots__ = ("_asked", "_environment", "asked_on", "facts", "known_on", "program")

    def __init__(
        self,
        program: Compiled,
        facts: dict[str, object],
        asked_on: date,
        known_on: date | datetime | None,
    ) -> None:
        self.program = program
        self.facts = _copied(facts) if program.reads.lists else facts.copy()
        self.asked_on = asked_on
        self.known_on = known_on
        self._asked: Asked | None = None
        self._environment: Environment | None = None

    @property
    def environment(self) -> Environment:
        """Its facts."""
        if self._environment is None:
            self._environment = environment_of(self.facts, self.program.policy, self.asked_on)
        return self._environment

    def answer(self, name: str) -> Answer:
        """Answer a question in full."""
        program = self.program
        if self._asked is None:
            self._asked = program.asked(self.environment, program.questions, self.known_on)
        return in_words_of(program.policy, self._asked.answer(name))


class LateAnswers(Mapping[str, Answer]):
    """Answers that are made when they are looked at."""

    __slots__ = ("_made", "_results", "transaction")

    def __init__(self, transaction: Transaction, results: tuple[Result, ...]) -> None:
        self.transaction = transaction
        self._results = results
        self._made: dict[str, Answer] = {}

    def __getitem__(self, name: str) -> Answer:
        made = self._made.get(name)
        if made is None:
            program = self.transaction.program
            outcome = _outcome(self._results[program.place_of[name]], name in program.yes_or_no)
            late = partial(self.transaction.answer, name)
            made = known_so_far(Answer, program.policy, (name, *outcome), late)
            self._made[name] = made
        return made

    def __iter__(self) -> Iterator[str]:
        return iter(self.transaction.program.questions)

    def __len__(self) -> int:
        return len(self._results)


class LatePresumed(Mapping[str, Value]):
    """The facts that answers rest on though nobody gave them, found out when they are looked at."""

    __slots__ = ("_answers", "_found")

    def __init__(self, answers: LateAnswers) -> None:
        self._answers = answers
        self._found: Mapping[str, Value] | None = None

    def _values(self) -> Mapping[str, Value]:
        if self._found is None:
            of = self._answers.transaction
            self._found = of.program.presumed_values(of.environment, self._answers)
        return self._found

    def __getitem__(self, name: str) -> Value:
        return self._values()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values())

    def __len__(self) -> int:
        return len(self._values())


def in_time(
    program: Compiled,
    results: tuple[Result, ...],
    facts: dict[str, object],
    asked_on: date,
    known_on: date | datetime | None,
) -> Evaluation:
    """Give an evaluation of which only results are known so far."""
    answers = LateAnswers(Transaction(program, facts, asked_on, known_on), results)
    return Evaluation(
        program.terms.policy.programme,
        asked_on,
        known_on,
        answers,
        LatePresumed(answers),
        (),
        program.policies,
        program.policy.programme.title,
    )


def _copied(facts: dict[str, object]) -> dict[str, object]:
    """Copy facts, with the lists and objects in them."""
    return {name: _copy(each) for name, each in facts.items()}


def _copy(value: object) -> object:
    if isinstance(value, list | tuple):
        return [_copy(each) for each in value]
    if isinstance(value, dict):
        return _copied(value)
    return value


def _outcome(result: Result, yes_or_no: bool) -> tuple[Verdict | None, object]:
    """Give the verdict and the value that a result stands for."""
    if result is True:
        return Verdict.YES, True
    if result is False:
        return Verdict.NOT_COVERED, None
    if isinstance(result, tuple):
        if len(result) > 1:
            return Verdict.OPEN, None
        value = result[0]
        if yes_or_no and isinstance(value, bool):
            return Verdict.YES if value else Verdict.NO, value
        return None, value
    return Verdict.NO, False
