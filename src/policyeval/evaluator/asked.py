"""Questions that are being answered: what the fast path has found out, the slow path where it is needed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from policyeval.backends.python import Definite
from policyeval.evaluation.model import Answer, Outcome
from policyeval.evaluator.answering import Answering
from policyeval.facts.model import Environment
from policyeval.policy.model import Decision


@dataclass(frozen=True, slots=True)
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

        findings = explore(terms, name, self.environment)
        if not findings.exact:
            # Worlds were too many to go through; a few of them may prove the verdict all the same.
            outcome = self.proven(self.environment).get(name, findings.outcome)
            findings = replace(findings, outcome=outcome)
        return self.answering.explored(decision, findings)

    def _with_remarks(self, decision: Decision, definite: Definite) -> Definite:
        """Find out, where the answer is clear and a remark is not, whether it is made all the same."""
        if None not in definite.remarks or not definite.covered:
            return definite
        from policyeval.backends.worlds import remarks

        terms = self.answering.terms
        every = [*decision.remarks, *terms.policy.remarks]
        unclear = [index for index, made in enumerate(definite.remarks) if made is None]
        found = remarks(terms, [every[index] for index in unclear], self.environment)
        made = dict(zip(unclear, found, strict=True))
        return definite._replace(
            remarks=tuple(made.get(index, each) for index, each in enumerate(definite.remarks))
        )
