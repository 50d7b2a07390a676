"""A programme that recorded transactions are asked of: its questions, and which are about an amount."""

from collections.abc import Mapping
from dataclasses import dataclass

from policyeval.analysis.restating.asking import policies_of
from policyeval.analysis.restating.money import AmountOf
from policyeval.evaluator.policies import PolicySet
from policyeval.evaluator.problems import no_such
from policyeval.feel import types
from policyeval.policy.library import ProgrammeVersions
from policyeval.policy.model import Decision, ValidPolicy


@dataclass(frozen=True, slots=True)
class AskedProgramme:
    """A programme with all its versions.

    Attributes:
        policies: Only this programme.
        declared: Every question of any version, to its declaration in the newest that has it.
        amounts: Those about an amount.
    """

    found: ProgrammeVersions
    policies: PolicySet
    declared: Mapping[str, Decision]
    amounts: Mapping[str, AmountOf]

    def version(self, name: str | None, digest: str | None) -> ValidPolicy | None:
        """Give the version of this name, if it is the one with this digest."""
        named = (each for each in self.found.versions if each.policy.version == name)
        return next((each for each in named if each.policy.digest == digest), None)


def asked_programme(found: ProgrammeVersions, owed: Mapping[str, str]) -> AskedProgramme:
    """Take a programme to be asked.

    An amount is a number that some version shows as money, or that depends on a question.

    Args:
        found: It.
        owed: Decision about an amount to the yes-or-no question that it depends on; those of other
            programmes are passed over.

    Raises:
        NoApplicablePolicyError: A decision is no number, or the question is not a yes-or-no question
            of this programme.
    """
    declared = {
        name: each
        for version in found.versions
        for name, each in version.policy.decisions.items()
        if each.question is not None
    }
    money = {
        name
        for version in found.versions
        for name, each in version.policy.decisions.items()
        if each.format == "money"
    }
    yes_or_no = [
        name for name, each in declared.items() if types.required(each.type) == types.BOOLEAN
    ]
    numbers = [name for name, each in declared.items() if types.required(each.type) == types.NUMBER]
    currency = found.programme.currency
    amounts = {name: AmountOf(name, currency) for name in numbers if name in money}
    for name, question in owed.items():
        if name in declared and name not in numbers:
            raise no_such("decision", name, numbers)
        if name in declared and question not in yes_or_no:
            raise no_such("decision", question, yes_or_no)
        if name in declared:
            amounts[name] = AmountOf(name, currency, question)
    return AskedProgramme(found, policies_of(found, found.versions), declared, amounts)
