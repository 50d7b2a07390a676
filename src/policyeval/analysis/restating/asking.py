"""A recorded transaction asked again: by which versions, about what, with facts that they know."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from types import MappingProxyType

from policyeval.analysis.difference.answers import Asked
from policyeval.analysis.restating.payloads import Payload, payload_of
from policyeval.errors import FactsError
from policyeval.evaluator.policies import PolicySet
from policyeval.policy.library import Library, ProgrammeVersions
from policyeval.policy.model import ValidPolicy
from policyeval.policy.versions import as_known

Find = Callable[[str], ProgrammeVersions | None]
"""Gives a programme with its versions; None if there is none of that name."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked about a transaction.

    Attributes:
        facts: As a caller would give them.
        decisions: None: all that were known.
    """

    programme: str
    facts: Mapping[str, object]
    asked_on: date
    known_on: date | datetime | None
    overlays: tuple[str, ...]
    decisions: tuple[str, ...] | None


def policies_of(found: ProgrammeVersions, versions: Sequence[ValidPolicy]) -> PolicySet:
    """Make a set of one programme with some of its versions."""
    chosen = ProgrammeVersions(found.programme, tuple(versions), found.folder)
    programmes = MappingProxyType({found.programme.name: chosen})
    return PolicySet(Library(found.folder.parent, programmes))


def ask(policies: PolicySet, question: Question) -> bytes:
    """Answer a question: `Evaluation.to_record()`.

    Raises:
        FactsError: The facts cannot be used.
        NoApplicablePolicyError: There is no such decision or overlay.
        EvaluationError: A formula has no result for these facts.
    """
    return policies.decide(
        question.programme,
        dict(question.facts),
        asked_on=question.asked_on,
        known_on=question.known_on,
        overlays=question.overlays,
        decisions=question.decisions,
    )


def answered(policies: PolicySet, question: Question) -> Payload:
    """Answer a question, as data; see `ask`."""
    payload = payload_of(ask(policies, question))
    assert payload is not None, "what is written here can be read here"
    return payload


@dataclass(frozen=True, slots=True)
class Adapted:
    """An answer of today, and the facts that its version does not know and was not given."""

    payload: Payload
    left_out: tuple[str, ...] = ()


def answered_today(
    policies: PolicySet, question: Question, recorded: ValidPolicy | None
) -> Adapted:
    """Answer a question about facts that were given for another version.

    Facts that only the recorded version declares are left out where the version that answers does not
    know them, as `policyeval diff` does.

    Args:
        policies: Of the programme.
        question: What is asked.
        recorded: The version that the facts were given for; None if it is not there any more.

    Raises:
        FactsError: The facts cannot be used.
        NoApplicablePolicyError: There is no such decision or overlay.
        EvaluationError: A formula has no result for these facts.
    """
    try:
        return Adapted(answered(policies, question))
    except FactsError as error:
        codes = {each.code for each in error.diagnostics}
        if recorded is None or not codes & {"input.unknown-fact", "input.unknown-key"}:
            raise
        adapted = next(_adapted(policies, question, recorded), None)
        if adapted is None:
            raise
        return adapted


def _adapted(policies: PolicySet, question: Question, recorded: ValidPolicy) -> Iterator[Adapted]:
    """Give the answers of versions that do not know some of the facts, where they are the ones to ask."""
    versions = policies.versions(question.programme).versions
    for version in reversed(as_known(versions, question.known_on)):
        asked = Asked(version, recorded, {})
        facts = asked.facts(question.facts)
        if not asked.left_out:
            continue
        try:
            payload = answered(policies, replace(question, facts=facts))
        except FactsError:
            continue
        name = version.policy.version
        if all(each.version in {name, None} for each in payload.makers):
            yield Adapted(payload, tuple(asked.left_out))
