"""What was published is neither changed nor removed, only followed.

The lock file finds a version that was edited. Whoever edits the lock file as well is found by comparing
it with the one that was published: the base branch's, or the last release's. Every version that stands
there must still be recorded with the same digest.

A version that is new may be in force from any day, also before others; but it can be known only after
all that are published. An answer given before rests on what was known then, and would otherwise change.
"""

from collections.abc import Iterator
from typing import Final

from policyeval.diagnostics import Diagnostic
from policyeval.errors import PolicyError
from policyeval.messages import message
from policyeval.policy import yaml
from policyeval.policy.addresses import node_at
from policyeval.policy.library import Library, ProgrammeVersions
from policyeval.policy.lock import NAME, Entry, Lock
from policyeval.policy.model import ValidPolicy
from policyeval.policy.versions import known_moment
from policyeval.source import Source, Span

_CODE: Final = "registry.published"


def check_published(published: Lock, lock: Lock, library: Library) -> Iterator[Diagnostic]:
    """Find what is recorded otherwise than it was published, and new versions that come too early.

    Args:
        published: The lock file as it was published.
        lock: The lock file of the folder.
        library: The folder; only the part that was read is looked at.
    """
    recorded = {each.key: each for each in lock.entries}
    for entry in published.entries:
        if entry.key[: len(library.part)] == library.part:
            now = recorded.get(entry.key)
            if now is None:
                yield _dropped(entry, published.source, lock.source)
            elif now.digest != entry.digest:
                yield _rewritten(entry, published.source, now, lock.source)
    yield from check_new(published, library)


def check_new(published: Lock, library: Library) -> Iterator[Diagnostic]:
    """Find versions that are not published and would change answers that were given before.

    Versions that cannot be used have problems of their own, and are not looked at.
    """
    keys = {each.key for each in published.entries}
    for name, programme in library.programmes.items():
        yield from _too_early(name, programme, keys)


def _too_early(
    name: str, programme: ProgrammeVersions, published: set[tuple[str, str]]
) -> Iterator[Diagnostic]:
    old = [each for each in programme.versions if (name, each.policy.version) in published]
    if not old:
        return
    latest = max(old, key=lambda each: (known_moment(each), each.policy.version))
    for each in programme.versions:
        if each in old:
            continue
        if known_moment(each) < known_moment(latest):
            yield _before(each, latest)
        elif known_moment(each) == known_moment(latest):
            yield _at_once(each, latest)


# ------------------------------------------------------------------------------- in words


def _dropped(entry: Entry, published: Source, lock: Source) -> Diagnostic:
    return Diagnostic(
        _CODE,
        message(
            "version `{version}` of `{programme}` was published, and `{file}` no longer records it",
            version=entry.version,
            programme=entry.programme,
            file=lock.name or NAME,
        ),
        entry.span,
        published,
        message(
            "put the line back; a published version stays, and can only be followed by another"
        ),
    )


def _rewritten(entry: Entry, published: Source, now: Entry, lock: Source) -> Diagnostic:
    return Diagnostic(
        _CODE,
        message(
            "version `{version}` of `{programme}` was published with another digest, in line {line} "
            "of `{file}`",
            version=entry.version,
            programme=entry.programme,
            line=published.position(entry.span.start).line,
            file=published.name or "",
        ),
        now.span,
        lock,
        message(
            "restore the line and the version's file; write a correction as a version of its own, "
            "with its own `known_from`"
        ),
    )


def _before(new: ValidPolicy, old: ValidPolicy) -> Diagnostic:
    return Diagnostic(
        _CODE,
        message(
            "the version is known from an earlier moment than `{version}`, which was published "
            "already (`{known_from}`)",
            version=old.policy.version,
            known_from=old.policy.known_from.isoformat(),
        ),
        _place(new),
        new.policy.source,
        message(
            "answers that were given before would change; let `known_from` be when the new version "
            "became known here, and `in_force` the days that it is about"
        ),
    )


def _at_once(new: ValidPolicy, old: ValidPolicy) -> Diagnostic:
    return Diagnostic(
        _CODE,
        message(
            "the version is known from the same moment as `{version}`, which was published already",
            version=old.policy.version,
        ),
        _place(new),
        new.policy.source,
        message(
            "an answer that was given since then may change; give the new one a later `known_from`, "
            "if that is true"
        ),
        "warning",
    )


def _place(version: ValidPolicy) -> Span:
    """Find where a version's file says from when it is known."""
    source = version.policy.source
    try:
        node = node_at(yaml.read(source.text.encode(), source.name or "").root, ("known_from",))
    except (PolicyError, UnicodeEncodeError):
        node = None
    return Span(0, 0) if node is None else node.span
