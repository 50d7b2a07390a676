"""The version of a programme that a command is about."""

from policyeval.evaluator.policies import PolicySet
from policyeval.evaluator.problems import no_such
from policyeval.policy.model import ValidPolicy


def version_named(policies: PolicySet, programme: str, version: str | None) -> ValidPolicy:
    """Give the version of that name, or the newest.

    Raises:
        NoApplicablePolicyError: There is no such programme or version.
    """
    versions = policies.versions(programme).versions
    if version is None:
        return versions[-1]
    for each in versions:
        if each.policy.version == version:
            return each
    raise no_such("version", version, [each.policy.version for each in versions])
