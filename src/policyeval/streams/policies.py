"""What a run was decided by, as one digest."""

from hashlib import sha256

from policyeval.evaluator.policies import PolicySet


def digest_of(policies: PolicySet, programme: str) -> str:
    """Give the SHA-256 of all that a programme consists of: its own file and every version's.

    Raises:
        NoApplicablePolicyError: There is no such programme.
    """
    found = policies.versions(programme)
    parts = [f"{found.programme.name} {found.programme.digest}"]
    parts += [f"{each.policy.version} {each.policy.digest}" for each in found.versions]
    return sha256("\n".join(parts).encode()).hexdigest()
