"""What turns files into records, and what checks them.

It is loaded where a file has to be read: mostly the programme is kept from before.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from policyeval.policy import yaml
from policyeval.policy.model import Policy, Programme, ValidPolicy
from policyeval.policy.problems import Problems


def _read_policy(document: yaml.Document, problems: Problems, digest: str) -> Policy | None:
    from policyeval.policy.loading import read_policy

    return read_policy(document, problems, digest)


def _read_programme(document: yaml.Document, problems: Problems, digest: str) -> Programme | None:
    from policyeval.policy.loading import read_programme

    return read_programme(document, problems, digest)


def _salvage(document: yaml.Document) -> tuple[Policy, frozenset[str]] | None:
    from policyeval.policy.loading import salvaged

    return salvaged(document)


def _validate(policy: Policy, programme: Programme, problems: Problems) -> ValidPolicy | None:
    from policyeval.policy.validation import validate

    return validate(policy, programme, problems)


@dataclass(frozen=True, slots=True)
class Readers:
    """What turns a file's tree into records, and what checks them; each reports what it finds.

    The first two take the tree, where problems go, and the digest of the file.
    """

    policy: Callable[[yaml.Document, Problems, str], Policy | None] = _read_policy
    programme: Callable[[yaml.Document, Problems, str], Programme | None] = _read_programme
    validate: Callable[[Policy, Programme, Problems], ValidPolicy | None] = _validate
    salvage: Callable[[yaml.Document], tuple[Policy, frozenset[str]] | None] = _salvage


READERS: Final = Readers()
