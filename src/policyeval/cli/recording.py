"""Writes hashes and places of clauses into a policy file: only what is meant changes.

The new text is read again before it is written. If it does not say exactly what the old one says and
the hashes besides, nothing is written.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from policyeval.diagnostics import Diagnostic
from policyeval.errors import PolicyError
from policyeval.messages import message
from policyeval.policy import yaml
from policyeval.policy.addresses import Address, node_at
from policyeval.policy.clause_texts import ClauseState, Place
from policyeval.policy.editing.splicing import Edit, line_break, line_end, spliced
from policyeval.policy.editing.trees import mapping, replaced, scalar
from policyeval.policy.editing.values import end_of, with_entry, with_value, without_entry
from policyeval.policy.files import Root, problem, read_bytes, replace_file
from policyeval.policy.library import Library
from policyeval.policy.lock import read_lock
from policyeval.policy.model import Policy
from policyeval.policy.yaml import Entry
from policyeval.source import Source, Span


def record(library: Library, policy: Policy, digests: Mapping[str, str]) -> None:
    """Write hashes of clauses into a version's file.

    Args:
        library: The folder it is in.
        policy: The version.
        digests: Clause to hash; none of these clauses has one yet.

    Raises:
        PolicyError: The version is published, its file is not what was read any more, or it cannot
            be written.
    """
    _write(library, policy, lambda raw, name: recorded(raw, name, digests))


def renew(
    library: Library,
    policy: Policy,
    states: Sequence[ClauseState],
    now: Mapping[str, tuple[Place, str]],
) -> None:
    """Write into a version's file where clauses stand now, and the hashes of what stands there.

    Args:
        library: The folder it is in.
        policy: The version.
        states: Of its clauses.
        now: Clause to its place and hash.

    Raises:
        PolicyError: As `record`.
    """
    changes = [(each, *now[each.clause]) for each in states if each.clause in now]
    _write(library, policy, lambda raw, name: renewed(raw, name, changes))


def _write(library: Library, policy: Policy, change: Callable[[bytes, str], bytes | None]) -> None:
    path = library.root / policy.programme / f"{policy.version}.yaml"
    if (policy.programme, policy.version) in {each.key for each in read_lock(library.root).entries}:
        text = message("the version is published, and its file does not change any more")
        help_ = message("record hashes before `policyeval lock`, or in a version of its own")
        raise PolicyError([problem("registry.digest-changed", text, path, help_)])
    raw = read_bytes(path, Root.of(library.root), yaml.BYTES)
    if isinstance(raw, Diagnostic):
        raise PolicyError([raw])
    written = change(raw, path.as_posix())
    if written is None:
        text = message("the hashes cannot be written into this file as it is laid out")
        help_ = message("write them by hand, as `sha256` beside `lines`")
        raise PolicyError([problem("registry.not-a-file", text, path, help_)])
    replace_file(path, written)


def recorded(raw: bytes, name: str, digests: Mapping[str, str]) -> bytes | None:
    """Give a policy file with the hash of each of these clauses, which have none, after its lines.

    Args:
        raw: The file; it must be a valid policy.
        name: What problems call it.
        digests: Clause to hash.

    Returns:
        None if that cannot be done by adding text alone.

    Raises:
        PolicyError: The file cannot be read.
    """
    document = yaml.read(raw, name)
    additions = [
        _addition(clause, digests[clause.key.text], document.source)
        for clause in _entries(_entry(document.root, "clauses").value)
        if clause.key.text in digests
    ]
    try:
        return spliced(raw, name, additions, _with_hashes(document.root, digests))
    except PolicyError:
        return None


def renewed(
    raw: bytes, name: str, changes: Sequence[tuple[ClauseState, Place, str]]
) -> bytes | None:
    """Give a policy file with clauses at the places where they stand now, and as they are now.

    Args:
        raw: The file; it must be a valid policy.
        name: What problems call it.
        changes: Clauses that have a hash, as the file has them; the place and the hash to write.

    Returns:
        None if that cannot be done as the file is laid out.

    Raises:
        PolicyError: The file cannot be read.
    """
    try:
        for state, place, digest in changes:
            address: Address = ("clauses", state.clause)
            raw = with_value(raw, name, (*address, "sha256"), digest)
            if place.lines != state.place.lines:
                raw = _placed(raw, name, (*address, "lines"), place.lines)
            if place.sentences == state.place.sentences:
                continue
            if state.place.sentences is not None:
                raw = without_entry(raw, name, (*address, "sentence"))
            if place.sentences is not None:
                raw = with_entry(raw, name, address, ("sentence",), "1", after="lines")
                raw = _placed(raw, name, (*address, "sentence"), place.sentences)
    except PolicyError:
        return None
    return raw


def _placed(raw: bytes, name: str, address: Address, numbers: Sequence[int]) -> bytes:
    """Give a file in which numbers stand at an address, in brackets."""
    document = yaml.read(raw, name)
    node = node_at(document.root, address)
    assert node is not None, "the policy is valid"
    written = f"[{', '.join(map(str, numbers))}]"
    meant = yaml.Sequence(tuple(scalar(str(each)) for each in numbers), span=node.span)
    return spliced(raw, name, [Edit(node.span, written)], replaced(document.root, node, meant))


def _addition(clause: Entry, digest: str, source: Source) -> Edit:
    """Give where something is added for a clause, and what."""
    text = source.text
    after = _last_of_place(clause)
    at = end_of(after, text)
    if text.startswith("{", clause.value.span.start):
        return Edit(Span(at, at), f", sha256: {digest}")
    indent = " " * (source.position(after.key.span.start).column - 1)
    at = _line_end(at, text)
    return Edit(Span(at, at), f"{line_break(text)}{indent}sha256: {digest}")


def _last_of_place(clause: Entry) -> Entry:
    """Give the entry that the hash is written after: the sentences, or the lines."""
    entries = {each.key.text: each for each in _entries(clause.value)}
    return entries.get("sentence") or entries["lines"]


def _with_hashes(root: yaml.Node, digests: Mapping[str, str]) -> yaml.Node:
    """Give the tree that is meant."""

    def clause(entry: Entry) -> Entry:
        digest = digests.get(entry.key.text)
        if digest is None:
            return entry
        after = _last_of_place(entry)
        entries: list[Entry] = []
        for each in _entries(entry.value):
            entries.append(each)
            if each is after:
                entries.append(Entry(scalar("sha256"), scalar(digest)))
        return replace(entry, value=mapping(entries))

    def top(entry: Entry) -> Entry:
        if entry.key.text != "clauses":
            return entry
        return replace(entry, value=mapping([clause(each) for each in _entries(entry.value)]))

    return mapping([top(each) for each in _entries(root)])


def _entries(node: yaml.Node) -> tuple[Entry, ...]:
    assert isinstance(node, yaml.Mapping), "the policy is valid"
    return node.entries


def _entry(node: yaml.Node, key: str) -> Entry:
    return next(each for each in _entries(node) if each.key.text == key)


def _line_end(at: int, text: str) -> int:
    """Give the end of a line's text, after a comment too, before its line break."""
    return line_end(text, at)
