"""One reload: what the folder holds becomes a set of policies beside the one in force, or is refused."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from policyeval.diagnostics import Diagnostic
from policyeval.errors import DiagnosedError
from policyeval.evaluator.given import environment_of
from policyeval.evaluator.policies import PolicySet
from policyeval.policy.cache import Kept
from policyeval.policy.library import Library
from policyeval.policy.repository import read_folder
from policyeval.policy.versions import first_day
from policyeval.store.folder import Seen, digest_of, is_what_was_seen, look
from policyeval.store.memory import Memory, memory_of
from policyeval.store.model import Accept, Loaded
from policyeval.store.proving import failing_cases, objected, restless

_TRIES: Final = 5
"""How many times a folder is read that changes meanwhile, before that is said."""

_EARLIEST: Final = date(1900, 1, 1)
"""The first day that a question can be asked on."""


@dataclass(frozen=True, slots=True)
class Demands:
    """Where policies are, and what a set must satisfy to be taken (see `PolicyStore`)."""

    path: Path
    run_cases: bool
    published_only: bool
    prepare: bool
    accept: Accept | None


@dataclass(frozen=True, slots=True)
class Attempt:
    """What a reload led to.

    Attributes:
        seen: The folder as it was then; None if it did not rest.
        policies: None if the folder cannot be used.
        digest: Of the set.
        memory: What is to be kept of its programmes for the next reload.
        problems: All of them, if one is an error; otherwise none.
    """

    seen: Seen | None
    policies: PolicySet | None
    digest: str
    memory: Mapping[str, Kept]
    problems: tuple[Diagnostic, ...]


def attempt(demands: Demands, memory: Mapping[str, Kept], in_force: Loaded | None) -> Attempt:
    """Make a set of what the folder holds at one moment, ready to be put in the place of another.

    Args:
        demands: What is wanted.
        memory: What was kept of earlier sets.
        in_force: That set; it is taken again where nothing that its answers rest on has changed.
    """
    for _ in range(_TRIES):
        seen = look(demands.path, cases=demands.run_cases)
        found = _made(demands, seen, memory_of(memory), in_force)
        # INVARIANT: whatever is said of the folder, good or bad, it was so at one moment.
        if found is not None and look(demands.path, cases=demands.run_cases) == seen:
            return found
    return Attempt(None, None, "", {}, (restless(demands.path),))


def _made(demands: Demands, seen: Seen, memory: Memory, in_force: Loaded | None) -> Attempt | None:
    """Make a set of what was seen; None if something else was read."""
    library = read_folder(demands.path, cache=memory)
    if not is_what_was_seen(library, seen):
        return None
    problems = tuple(_of_library(library, demands))
    if _forbid(problems):
        return Attempt(seen, None, "", {}, problems)
    digest = digest_of(library)
    policies = PolicySet(library)
    if in_force is not None and in_force.digest == digest:
        policies = in_force.policies
    problems = tuple(_of_set(policies, demands, is_new=policies.library is library))
    if _forbid(problems):
        return Attempt(seen, None, "", {}, problems)
    return Attempt(seen, policies, digest, memory.now, ())


def _of_library(library: Library, demands: Demands) -> Iterator[Diagnostic]:
    for each in library.diagnostics:
        if demands.published_only and each.code == "registry.not-locked":
            yield replace(each, severity="error")
        else:
            yield each


def _of_set(policies: PolicySet, demands: Demands, *, is_new: bool) -> Iterator[Diagnostic]:
    if demands.prepare and is_new:
        try:
            _prepare(policies)
        except DiagnosedError as error:
            yield from error.diagnostics
            return
    if demands.run_cases:
        yield from failing_cases(policies)
    if demands.accept is not None and is_new:
        yield from objected(demands.path, demands.accept(policies))


def _prepare(policies: PolicySet) -> None:
    """Compile what answers transactions: complete ones, and those in which something is open."""
    policies.prepare()
    for name in policies.programmes:
        for version in policies.versions(name).versions:
            day = max(first_day(version), _EARLIEST)
            program = policies.program(name, on=day, known_on=version.policy.known_from)
            try:
                program.asked(environment_of({}, program.policy, day), program.questions, None)
            except DiagnosedError:
                continue  # nothing was asked: that no answer comes of no facts says nothing


def _forbid(problems: tuple[Diagnostic, ...]) -> bool:
    return any(each.severity == "error" for each in problems)
