"""One version of a policy, from its file."""

from collections.abc import Callable, Collection, Sequence
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import NamedTuple, TypeVar, cast, get_args
from zoneinfo import ZoneInfo

from policyeval.feel.characters import normal
from policyeval.messages import LANGUAGES, message
from policyeval.policy import yaml
from policyeval.policy.loading import texts
from policyeval.policy.loading.decisions import decision
from policyeval.policy.loading.facts import entry_names, event_names, fact
from policyeval.policy.loading.formulas import slot
from policyeval.policy.loading.names import check_names, entries_with_names
from policyeval.policy.loading.reader import Reader
from policyeval.policy.loading.readings import reading
from policyeval.policy.loading.rules import (
    items_of,
    listed,
    remark,
    requirement,
    unique_ids,
)
from policyeval.policy.model import (
    ASKED_ON,
    Clause,
    ClauseKind,
    Overlay,
    Parameter,
    Policy,
    SourceText,
)
from policyeval.policy.problems import Problems
from policyeval.policy.schema import check_structure, words
from policyeval.policy.yaml import Document, Entry, Mapping

T = TypeVar("T")

_CALENDARS = ("SE", "DE")


def load_policy(
    raw: bytes,
    name: str,
    *,
    languages: Sequence[str] = ("sv", "de", "en"),
    zone: ZoneInfo | None = None,
) -> Policy:
    """Read a version of a policy.

    Args:
        raw: The file.
        name: What a reader knows it by.
        languages: Those that every text must have.
        zone: The programme's, in which `known_from` is meant unless it has an offset. Without it
            such a moment stays without one.

    Raises:
        PolicyError: The file cannot be used; the error holds every problem that was found.
    """
    document = yaml.read(raw, name)
    problems = Problems(document.source)
    problems.add(document.warnings)
    found = read_policy(document, problems, sha256(raw).hexdigest(), languages=languages, zone=zone)
    problems.refuse()
    assert found is not None  # or else a problem says why
    return found


def read_policy(
    document: Document,
    problems: Problems,
    digest: str = "",
    *,
    languages: Sequence[str] = ("sv", "de", "en"),
    zone: ZoneInfo | None = None,
) -> Policy | None:
    """Make a policy of a file's tree, or report why there is none; arguments as for `load_policy`."""
    if not check_structure(document, "policy", problems):
        return None
    return policy_of(document, problems, digest, languages=languages, zone=zone)


def policy_of(
    document: Document,
    problems: Problems,
    digest: str = "",
    *,
    languages: Sequence[str] = ("sv", "de", "en"),
    zone: ZoneInfo | None = None,
) -> Policy | None:
    """Make a policy of a tree of whatever shape; None if a problem of it was or is reported."""
    reader = Reader(problems, tuple(each for each in languages if each in LANGUAGES))
    root = reader.mapping(document.root)
    found = None if root is None else _policy(reader, root, digest, zone)
    reader.tell_shape()
    return None if problems.fatal else found


class _Head(NamedTuple):
    """What stands for entries at the top of a file that cannot be read."""

    programme: str | None = None
    version: str | None = None
    known_from: datetime | None = None
    written_from: SourceText | None = None


_READ = _Head()
_UNREAD = _Head("", "", datetime.max.replace(tzinfo=UTC), SourceText("", ""))

_SECTIONS = ("clauses", "parameters", "facts", "readings", "decisions")


def salvaged(document: Document) -> tuple[Policy, frozenset[str]] | None:
    """Give what can be read of a policy that has problems, and the names of what cannot.

    So that whoever checks it finds the other problems too; None if not even that is there.
    """
    reader = Reader(Problems(document.source), LANGUAGES)
    root = reader.mapping(document.root)
    if root is None:
        return None
    found = _policy(reader, root, "", None, _UNREAD)
    if found is None:
        return None
    read: tuple[Collection[str], ...] = (
        found.clauses,
        found.parameters,
        found.facts,
        found.readings,
        found.decisions,
    )
    given = {entry.key.text for key in _SECTIONS for entry in reader.section(root, key)}
    return found, frozenset(given.difference(*read))


def _policy(
    reader: Reader,
    root: Mapping,
    digest: str,
    zone: ZoneInfo | None,
    otherwise: _Head = _READ,
) -> Policy | None:
    named = entries_with_names(root)
    given = list(reader.section(root, "facts"))
    reader.names = frozenset({ASKED_ON, *(normal(each.key.text) for each in named)})
    reader.events = event_names(given)
    reader.members = entry_names(given)

    programme = reader.needed_string(root, "programme", "programme") or otherwise.programme
    version = reader.needed_string(root, "version", "version") or otherwise.version
    reader.needed(root, "format")
    reader.needed(root, "in_force")
    first, last = _in_force(reader, root)
    known_from = _known_from(reader, root, zone) or otherwise.known_from
    written_from = _source(reader, root) or otherwise.written_from
    for key in ("clauses", "decisions"):
        reader.needed(root, key)
    clauses = _each(reader, root, "clauses", _clause)
    parameters = _each(reader, root, "parameters", _parameter)
    facts = _each(reader, root, "facts", fact)
    readings = _each(reader, root, "readings", reading)
    decisions = _each(reader, root, "decisions", decision)
    consistent_when = listed(reader, root, "consistent_when", requirement)
    remarks = listed(reader, root, "remarks", remark)
    overlays = _each(reader, root, "overlays", _overlay)
    unique_ids(reader, items_of(root, "consistent_when"))
    unique_ids(reader, items_of(root, "remarks"))
    check_names(reader, named)
    if programme is None or version is None or known_from is None or written_from is None:
        return None
    return Policy(
        programme=programme,
        version=version,
        in_force_from=first,
        in_force_until=last,
        known_from=known_from,
        written_from=written_from,
        clauses={each.id: each for each in clauses},
        parameters={each.name: each for each in parameters},
        facts={each.name: each for each in facts},
        readings={each.name: each for each in readings},
        decisions={each.name: each for each in decisions},
        consistent_when=consistent_when,
        remarks=remarks,
        overlays={each.name: each for each in overlays},
        digest=digest,
        source=reader.source,
    )


def _each(
    reader: Reader, root: Mapping, key: str, read: Callable[[Reader, Entry], T | None]
) -> list[T]:
    found = [read(reader, each) for each in reader.section(root, key)]
    return [each for each in found if each is not None]


def _in_force(reader: Reader, root: Mapping) -> tuple[date | None, date | None]:
    entries = {each.key.text: each.value for each in reader.section(root, "in_force")}
    days = {key: reader.day(value) for key, value in entries.items()}
    first, last = days.get("from"), days.get("until")
    if first is not None and last is not None and last < first:
        reader.problems.report(
            "registry.dates",
            message("the last day lies before the first"),
            words.place_of(entries["until"]),
            message("`until` is the last day on which the terms are in force"),
        )
    return first, last


def _known_from(reader: Reader, root: Mapping, zone: ZoneInfo | None) -> datetime | None:
    entry = reader.needed(root, "known_from")
    found = None if entry is None else reader.moment(entry.value)
    if found is None or zone is None or found.tzinfo is not None:
        return found
    return found.replace(tzinfo=zone)


def _source(reader: Reader, root: Mapping) -> SourceText | None:
    entry = reader.needed(root, "source")
    node = reader.mapping(entry.value) if entry else None
    if entry is None or node is None:
        return None
    file = reader.needed_string(node, "file", "file", entry.key)
    language = reader.needed_string(node, "language", "language", entry.key)
    digest = yaml.find(node, "sha256")
    recorded = reader.string(digest.value, "sha256") if digest else None
    title = texts.perhaps(reader, node, "title")
    if file is None or language is None:
        return None
    return SourceText(file, language, recorded, title)


def _clause(reader: Reader, given: Entry) -> Clause | None:
    node = reader.mapping(given.value)
    if node is None:
        return None
    named = reader.written(given.key, "clause-id")
    lines = reader.needed(node, "lines", given.key)
    kind = reader.needed(node, "kind", given.key)
    word = reader.word(kind.value, get_args(ClauseKind)) if kind else None
    digest, sentence = yaml.find(node, "sha256"), yaml.find(node, "sentence")
    gist = texts.needed(reader, node, "gist", given.key)
    recorded = reader.string(digest.value, "sha256") if digest else None
    sentences = reader.integers(sentence.value) if sentence else None
    because = texts.perhaps(reader, node, "no_rule_because")
    if lines is None or word is None or gist is None or not named:
        return None
    return Clause(
        id=normal(given.key.text),
        lines=reader.integers(lines.value),
        sha256=recorded,
        kind=cast(ClauseKind, word),
        gist=gist,
        no_rule_because=because,
        sentences=sentences,
        span=given.key.span,
    )


def _parameter(reader: Reader, given: Entry) -> Parameter | None:
    node = reader.mapping(given.value)
    if node is None:
        return None
    named = reader.written(given.key, "name")
    value = reader.needed(node, "value", given.key)
    found = slot(reader, value.value, value.key) if value else None
    label = texts.needed(reader, node, "label", given.key)
    clauses = reader.clauses(node)
    if found is None or label is None or not named:
        return None
    return Parameter(normal(given.key.text), found, clauses, label, span=given.key.span)


def _overlay(reader: Reader, given: Entry) -> Overlay | None:
    node = reader.mapping(given.value)
    if node is None:
        return None
    named = reader.written(given.key, "slug")
    title = texts.needed(reader, node, "title", given.key)
    settles: dict[str, str] = {}
    for each in reader.section(node, "settles"):
        option = reader.string(each.value, "name")
        if reader.written(each.key, "name") and option is not None:
            settles[normal(each.key.text)] = option
    moves = yaml.find(node, "moves")
    moved = [reader.string(each, "name") for each in reader.items(moves.value)] if moves else []
    calendar = yaml.find(node, "calendar")
    days = reader.word(calendar.value, _CALENDARS) if calendar else None
    if title is None or not named:
        return None
    return Overlay(
        name=normal(given.key.text),
        title=title,
        settles=settles,
        moves=tuple(each for each in moved if each is not None),
        calendar=days,
        span=given.key.span,
    )
