"""One version of a programme, ready to be asked: facts in, answers out."""

from collections.abc import Collection
from datetime import date, datetime
from functools import cached_property

from policyeval.backends.complete import Task
from policyeval.evaluation.results import Evaluation
from policyeval.evaluator.compiled import Compiled, function_of
from policyeval.evaluator.given import Facts, environment_of
from policyeval.evaluator.problems import checked_day, checked_moment, names_in, no_such
from policyeval.evaluator.quick import WORTH_IT, Quick, Stretch, inquiry_of


class Program(Compiled):
    """A version of a programme's terms, ready to be asked; immutable and safe between threads."""

    _evaluations = 0
    """About as many as there have been: threads may forget some."""

    def evaluate(
        self,
        facts: Facts,
        *,
        asked_on: date | None = None,
        known_on: date | datetime | None = None,
        decisions: Collection[str] | None = None,
    ) -> Evaluation:
        """Answer questions about one transaction by this version, whichever would govern.

        Args and errors are those of `PolicySet.evaluate`.
        """
        if decisions is None and known_on is None:
            self._evaluations += 1
            quick = self._quick if self._evaluations > WORTH_IT else None
            evaluation = None if quick is None else quick.evaluation(facts, asked_on)
            if evaluation is not None:
                return evaluation
        day = checked_day("asked_on", asked_on)
        known_on = checked_moment("known_on", known_on)
        names = self.questions if decisions is None else names_in(decisions)
        for name in names:
            if name not in self.questions:
                raise no_such("decision", name, self.questions)
        wanted = tuple(each for each in self.questions if each in names)
        environment = environment_of(facts, self.policy, day)
        answers = self.answers(environment, wanted, known_on)
        policy = self.terms.policy
        return Evaluation(
            policy.programme,
            day,
            known_on,
            answers,
            presumed=self.presumed_values(environment, answers),
            policies={policy.version: self.policy},
            title=self.policy.programme.title,
            explored=frozenset(name for name, each in answers.items() if each.explored),
        )

    @cached_property
    def _quick(self) -> Quick:
        decide = function_of(self, Task(self.questions))
        return Quick([Stretch(None, decide, inquiry_of(self, self.questions, None))])
