"""A version from a file that is not in its programme's folder: a draft, or one from elsewhere."""

from pathlib import Path

from policyeval.diagnostics import Diagnostic
from policyeval.errors import PolicyError
from policyeval.messages import message
from policyeval.policy import yaml
from policyeval.policy.files import Root, problem, read_bytes
from policyeval.policy.loading import load_policy
from policyeval.policy.model import Programme, ValidPolicy
from policyeval.policy.validation import check_policy


def version_in(path: Path, programme: Programme) -> ValidPolicy:
    """Read a version of a programme from a file.

    Raises:
        PolicyError: It cannot be used, or is of another programme; it holds every problem.
    """
    raw = read_bytes(path, Root.of(path.parent), yaml.BYTES)
    if isinstance(raw, Diagnostic):
        raise PolicyError([raw])
    policy = load_policy(raw, path.as_posix())
    if policy.programme != programme.name:
        text = message(
            "the file is a version of `{given}`, and not of `{programme}`",
            given=policy.programme,
            programme=programme.name,
        )
        help_ = message("compare versions of the same programme")
        raise PolicyError([problem("registry.wrong-name", text, path, help_)])
    return check_policy(policy, programme)
