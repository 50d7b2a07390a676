"""Questions that are being answered: what the fast path has found out, the slow path where it is needed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from policyeval.backends.python import Definite
from policyeval.evaluation.model import Answer, Outcome
from policyeval.evaluator.answering import Answering
from policyeval.facts.model import Environment
from policyeval.policy.model import Decision

if TYPE_CHECKING:
    from policyeval.backends.worlds import Glances


@dataclass(frozen=True)
class Asked:
    """Some questions about one transaction.

    Attributes:
        found: What each decision comes to; None where the facts alone do not tell.
        proven: Gives what a few worlds prove, by question.
    """

    answering: Answering
    environment: Environment
    found: Mapping[str, Definite | None]
    proven: Callable[[Environment], Mapping[str, Outcome]]

    def answer(self, name: str) -> Answer:
        """Answer one of the questions.

        Raises:
            EvaluationError: A formula has no result for these facts.
        """
        terms = self.answering.terms
        decision = terms.policy.decisions[name]
        definite = self.found[name]
        if definite is not None:
            return self.answering.definite(decision, self._with_remarks(decision, definite))
        from policyeval.backends.worlds import explore  # what is open is rare

        findings = explore(terms, name, self.environment, glances=self._glances)
        if not findings.exact:
            # Worlds were too many to go through; a few of them may prove the verdict all the same.
            outcome = self.proven(self.environment).get(name, findings.outcome)
            findings = replace(findings, outcome=outcome)
        return self.answering.explored(decision, findings)

    @cached_property
    def _glances(self) -> "Glances":
        from policyeval.backends.calendars import next_working_day
        from policyeval.backends.worlds import Glances

        return Glances(self.answering.terms, self.environment, next_working_day)

    def _with_remarks(self, decision: Decision, definite: Definite) -> Definite:
        """Find out, where the answer is clear and a remark is not, whether it is made all the same."""
        if None not in definite.remarks or not definite.covered:
            return definite
        from policyeval.backends.worlds import remarks

        terms = self.answering.terms
        every = [*decision.remarks, *terms.policy.remarks]
        unclear = [index for index, made in enumerate(definite.remarks) if made is None]
        said = [every[index] for index in unclear]
        found = remarks(terms, said, self.environment, glances=self._glances)
        made = dict(zip(unclear, found, strict=True))
        return definite._replace(
            remarks=tuple(made.get(index, each) for index, each in enumerate(definite.remarks))
        )
