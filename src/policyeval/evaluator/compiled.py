"""One version of a programme's terms, compiled: what programs ask and evaluations are made of."""

import re
from collections.abc import Collection, Mapping
from datetime import date, datetime
from functools import cached_property, partial
from types import MappingProxyType

from policyeval.backends.complete import ENDS, Complete, Decide, Task, Witnesses
from policyeval.backends.python import Definite, Found, compile_terms
from policyeval.backends.python.waiting import no_anyway
from policyeval.errors import FactsError
from policyeval.evaluation.model import Answer, Outcome, Provenance
from policyeval.evaluator.answering import Answering
from policyeval.evaluator.asked import Asked
from policyeval.evaluator.given import values_of
from policyeval.evaluator.inconsistency import inconsistent
from policyeval.evaluator.reads import Reads
from policyeval.facts import decoder_of
from policyeval.facts.model import Environment, Open
from policyeval.feel import types
from policyeval.feel.compiler import LANGUAGE
from policyeval.feel.values import Value
from policyeval.policy.model import ASKED_ON, Programme, ValidPolicy
from policyeval.policy.terms import Terms, apply

ENGINE = "policyeval 0.1.0"
"""What made an answer: the package and its version, as it is installed."""


class Compiled:
    """A version of a programme's terms, compiled; immutable and safe between threads.

    Attributes:
        terms: The policy, with its readings and overlays as they are applied.
        questions: The decisions that can be asked, in the order of the file.
    """

    def __init__(self, policy: ValidPolicy, overlays: Collection[str] = ()) -> None:
        self.terms: Terms = apply(policy, tuple(overlays))
        self.questions = tuple(
            name for name, each in policy.policy.decisions.items() if each.question is not None
        )
        self.yes_or_no = frozenset(
            name
            for name in self.questions
            if types.required(policy.policy.decisions[name].type) == types.BOOLEAN
        )
        self.policies = MappingProxyType({policy.policy.version: policy})
        self.reads = Reads(self.terms)
        self._fast = compile_terms(self.terms)

    @property
    def policy(self) -> ValidPolicy:
        """The checked policy."""
        return self.terms.valid

    @cached_property
    def complete(self) -> Complete:
        """The terms for complete transactions."""
        return Complete(self._fast.around, decoder_of(self.policy).clock)

    def answers(
        self,
        environment: Environment,
        decisions: Collection[str],
        known_on: date | datetime | None,
    ) -> Mapping[str, Answer]:
        """Answer some of the questions.

        Raises:
            FactsError: The facts contradict each other (`consistent_when`).
            EvaluationError: A formula has no result for these facts.
        """
        asked = self.asked(environment, decisions, known_on)
        return {name: asked.answer(name) for name in decisions}

    def asked(
        self,
        environment: Environment,
        decisions: Collection[str],
        known_on: date | datetime | None,
    ) -> Asked:
        """Begin to answer some of the questions.

        Raises:
            FactsError: The facts contradict each other (`consistent_when`).
            EvaluationError: A formula has no result for these facts.
        """
        found = self._fast.run(environment, decisions)
        answering = Answering(
            self.terms,
            {ASKED_ON: environment.asked_on, **found.values},
            self.provenance(environment.asked_on, known_on),
        )
        consistent = self._refuse_inconsistent(environment, answering)
        definite = self._definite(found, environment) if consistent else found.decisions
        proven = partial(self._proven, tuple(decisions))
        return Asked(answering, environment, definite, proven)

    def _definite(self, found: Found, environment: Environment) -> Mapping[str, Definite | None]:
        """Give what decisions come to, a no among them beside which something is still to come."""
        if None not in found.decisions.values():
            return found.decisions
        to_come = [
            name
            for name, value in environment.values.items()
            if isinstance(value, Open) and value.kind == "event"
        ]
        every = self.terms.policy.decisions
        return {
            name: each or no_anyway(self.terms, every[name], found.partial[name], to_come)
            for name, each in found.decisions.items()
        }

    def _proven(
        self, decisions: tuple[str, ...], environment: Environment
    ) -> Mapping[str, Outcome]:
        """Give the outcomes that a few worlds prove; nothing unless they prove all of them."""
        witnesses = self.complete.witnesses(Task(decisions), self.yes_or_no)
        values = None if witnesses is None else values_of(environment, self.policy, witnesses)
        if witnesses is None or values is None:
            return {}
        try:
            found = witnesses.proven(values, environment.asked_on)
        except ENDS:
            return {}
        return {name: Outcome(*each) for name, each in zip(decisions, found, strict=True)}

    def _refuse_inconsistent(self, environment: Environment, answering: Answering) -> bool:
        """Refuse facts that no transaction can have, whatever the open ones may be.

        Tell whether every transaction of these facts can be, whatever the open ones are.
        """
        rules = self.terms.policy.consistent_when
        if not rules:
            return True
        holds = dict(
            zip([each.id for each in rules], self._fast.consistent(environment), strict=True)
        )
        certain = None not in holds.values()
        if not certain:
            from policyeval.backends.worlds import consistency

            holds.update(consistency(self.terms, environment))
        broken = [inconsistent(each, answering) for each in rules if holds[each.id] is False]
        if broken:
            raise FactsError(broken)
        return certain

    def presumed_values(
        self, environment: Environment, answers: Mapping[str, Answer]
    ) -> Mapping[str, Value]:
        """Give the presumed facts that the answers rest on, each with its value."""
        return {
            name: environment.presumed[name] for name in sorted(self.presumed(environment, answers))
        }

    def presumed(self, environment: Environment, answers: Mapping[str, Answer]) -> frozenset[str]:
        """Give the presumed facts that the answers rest on."""
        read: set[str] = set()
        for name, answer in answers.items():
            covered = answer.verdict != "NOT_COVERED"
            read |= self.reads.of_decision(name) if covered else self.reads.of_coverage(name)
        return frozenset(each for each in environment.presumed if _fact(each) in read)

    def provenance(self, asked_on: date, known_on: date | datetime | None) -> Provenance:
        """Give what makes this program's answers."""
        policy = self.terms.policy
        return Provenance(
            policy.programme,
            policy.version,
            policy.digest,
            readings_in_force(self.policy.programme, self.terms.chosen),
            tuple(each.name for each in self.terms.overlays),
            ENGINE,
            LANGUAGE,
            asked_on,
            known_on,
        )


def function_of(program: Compiled, task: Task) -> Decide | None:
    """Give the function that does a task, if there is one and the program answers as all do."""
    return program.complete.function(task) if _is_plain(program) else None


def witnesses_of(program: Compiled, task: Task) -> Witnesses | None:
    """Give what answers where something is open, if anything does and the program answers as all do."""
    return program.complete.witnesses(task, program.yes_or_no) if _is_plain(program) else None


def _is_plain(program: Compiled) -> bool:
    return type(program).answers is Compiled.answers


def readings_in_force(programme: Programme, chosen: Mapping[str, str]) -> Mapping[str, str]:
    """Give the readings that are settled, that of the governing day among them."""
    governing = programme.governed_by.reading
    settled = dict(chosen)
    if governing.adopted is not None:
        settled[governing.name] = governing.adopted[0]
    return dict(sorted(settled.items()))


def _fact(place: str) -> str:
    """Give what a place in the facts belongs to: `acceptances.in_portal` of the second entry's."""
    return _NUMBER.sub("", place)


_NUMBER = re.compile(r"\[[0-9]+\]")
