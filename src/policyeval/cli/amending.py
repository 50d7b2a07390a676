"""A new version of a programme, written from another: its text, and everything that is wrong with it."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from policyeval.diagnostics import Diagnostic
from policyeval.messages import Message, message
from policyeval.policy.editing.splicing import document_of
from policyeval.policy.editing.values import with_entry, with_value, without_entry
from policyeval.policy.files import Root, shown
from policyeval.policy.model import ValidPolicy
from policyeval.policy.repository.checks import timeline_problems
from policyeval.policy.repository.folder import Folder, in_order_of_files
from policyeval.policy.repository.readers import Readers
from policyeval.policy.versions import first_day, in_order, known_moment, select
from policyeval.policy.yaml import Mapping, find

_NOT_RECORDED = "registry.not-locked"


class Head(NamedTuple):
    """What the top of a new version says.

    Attributes:
        version: Its name.
        first: The first day on which it is in force.
        known_from: As it is written.
        ended: Whether the version that it is written from has ended before.
        source: The name of the file that it is written from and its digest, if that is another one.
    """

    version: str
    first: date
    known_from: str
    ended: bool
    source: tuple[str, str] | None


class Plan(NamedTuple):
    """A new version that is to be written.

    Attributes:
        path: Its file.
        base: The version that it is written from.
        versions: Those that there are.
        head: What its top says.
        now: Whether it is known from now, since no moment was given.
    """

    path: Path
    base: ValidPolicy
    versions: Sequence[ValidPolicy]
    head: Head
    now: bool


def base_on(versions: Sequence[ValidPolicy], day: date) -> ValidPolicy | None:
    """Choose the version that a new one is written from: the one in force, or the last one that was."""
    begun = [each for each in in_order(versions) if first_day(each) <= day]
    return select(versions, day) or (begun[-1] if begun else None)


def has_ended(base: ValidPolicy, day: date) -> bool:
    """Tell whether a version is not in force any more on a day."""
    until = base.policy.in_force_until
    return until is not None and until < day


def free_name(folder: Path, day: date) -> str:
    """Name a version by its day; a correction of one that is named so gets a number."""
    name, number = day.isoformat(), 2
    while os.path.lexists(folder / f"{name}.yaml"):
        name, number = f"{day.isoformat()}-{number}", number + 1
    return name


def contradiction(
    base: ValidPolicy, day: date, known_from: datetime
) -> tuple[Message, Message] | None:
    """Say, with what to do, why a version of these days cannot follow the one it is written from."""
    new = replace(base, policy=replace(base.policy, known_from=known_from))
    later = known_moment(new) - known_moment(base)
    if later > 0 or (later == 0 and first_day(base) < day):
        return None
    version, since = base.policy.version, base.policy.known_from.isoformat()
    if first_day(base) == day:
        return (
            message(
                "version `{version}` is in force from {day} as well, and its text is known from {since}",
                version=version,
                day=day,
                since=since,
            ),
            message("a correction becomes known later: give a later moment with `--known-from`"),
        )
    return (
        message(
            "the text of version `{version}`, which the new one is written from, is known from {since}",
            version=version,
            since=since,
        ),
        message("a text that follows another is not known before it: give a later `--known-from`"),
    )


def later_version(versions: Sequence[ValidPolicy], day: date) -> ValidPolicy | None:
    """Give the next version that begins after a day."""
    return next((each for each in in_order(versions) if first_day(each) > day), None)


def with_head(raw: bytes, name: str, head: Head) -> bytes:
    """Give a version's file with another top; every other byte stays.

    Raises:
        PolicyError: It cannot be changed so as it is laid out.
    """
    root = document_of(raw, name).root
    force = find(root, "in_force") if isinstance(root, Mapping) else None
    days = force.value if force else None
    assert isinstance(days, Mapping), "the version is valid"
    first = head.first.isoformat()
    raw = with_value(raw, name, ("version",), head.version)
    if find(days, "from"):
        raw = with_value(raw, name, ("in_force", "from"), first)
    else:
        raw = with_entry(raw, name, ("in_force",), ("from",), first, after=None)
    if head.ended:
        raw = without_entry(raw, name, ("in_force", "until"))
    raw = with_value(raw, name, ("known_from",), head.known_from)
    if head.source is not None:
        file, digest = head.source
        raw = with_value(raw, name, ("source", "file"), file)
        raw = with_value(raw, name, ("source", "sha256"), digest)
    return raw


def problems_of(raw: bytes, path: Path, others: Sequence[ValidPolicy]) -> tuple[Diagnostic, ...]:
    """Check a version that is not written yet, beside the others of its programme."""
    folder = Folder(path.parent, Root.of(path.parent.parent), Readers())
    folder.contents[path] = raw
    folder.read_one(path.name)
    found = [*folder.found, *timeline_problems([*others, *folder.versions])]
    own = [each for each in found if each.source.name == shown(path)]
    return tuple(each for each in in_order_of_files(own) if each.code != _NOT_RECORDED)


def words_of(plan: Plan, *, dry_run: bool) -> Iterator[Message]:
    """Say what was written, or would be, and what is worth knowing about its days."""
    path, base, versions, head, now = plan
    file, version = shown(path), base.policy.version
    if dry_run:
        yield message(
            "nothing is written; `{file}` would be, from version `{version}`",
            file=file,
            version=version,
        )
    else:
        yield message("`{file}` is written from version `{version}`", file=file, version=version)
    yield message("in force from {day}", day=head.first)
    if now:
        yield message("known from {moment}, now, since no moment was given", moment=head.known_from)
    else:
        yield message("known from {moment}", moment=head.known_from)
    until = base.policy.in_force_until
    if until is not None and head.ended:
        yield message(
            "version `{version}` ended on {until}; the new one has no last day",
            version=version,
            until=until,
        )
    elif until is not None:
        yield message(
            "it ends on {until}, as version `{version}` does", until=until, version=version
        )
    later = later_version(versions, head.first)
    if later is not None:
        yield message(
            "from {day} on version `{version}` is in force, which stays as it is",
            day=first_day(later),
            version=later.policy.version,
        )


def next_steps(plan: Plan, programme: str) -> Iterator[tuple[str, Message]]:
    """Give the commands that come next, each with what it is for."""
    folder = shown(plan.path.parent.parent)
    old, new = plan.base.policy.version, plan.head.version
    yield f"policyeval check {folder}", message("after each edit of the new file")
    yield (
        f"policyeval diff {programme} {old} {new} --policies {folder}",
        message("what the change does"),
    )
    yield (
        f"policyeval test {folder}",
        message("the golden cases; what is new needs cases of its own"),
    )
    yield f"policyeval lock {folder}", message("when the version is published")
