"""The programme and the version of it that a command is about."""

import argparse

from policyeval.cli.words import policies_folder
from policyeval.evaluator.policies import PolicySet
from policyeval.evaluator.problems import no_such
from policyeval.policy.cache import user_cache
from policyeval.policy.ids import is_programme_id
from policyeval.policy.library import Library
from policyeval.policy.model import ValidPolicy
from policyeval.policy.repository import read_folder


def policies_of(options: argparse.Namespace) -> PolicySet:
    """Read the programme that is asked for; what is wrong with another one is no matter here.

    Raises:
        PolicyError: It cannot be used.
        NoApplicablePolicyError: There is no such programme.
    """
    return PolicySet(_library(options))


def _library(options: argparse.Namespace) -> Library:
    folder, programme = policies_folder(options.policies), options.programme
    cache = user_cache()
    # Only a name that could be a programme's is ever made part of a path.
    if is_programme_id(programme) and (folder / programme).is_dir():
        library = read_folder(folder / programme, cache=cache)
        library.refuse()
        return library
    library = read_folder(folder, cache=cache)
    if programme not in library.programmes:
        there = {*library.programmes, *(each.programme for each in library.files)}
        if programme in there or not there:
            library.refuse()
        raise no_such("programme", programme, sorted(there))
    return library


def version_named(policies: PolicySet, programme: str, version: str | None) -> ValidPolicy:
    """Give the version of that name, or the newest.

    Raises:
        NoApplicablePolicyError: There is no such programme or version.
    """
    versions = policies.versions(programme).versions
    names = [each.policy.version for each in versions]
    if version is None and versions:
        return versions[-1]
    if version in names:
        return versions[names.index(version)]
    raise no_such("version", version or "", names)
