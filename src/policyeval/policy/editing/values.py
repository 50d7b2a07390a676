"""Sets, adds and removes what stands at an address of a file."""

from collections.abc import Iterator

from policyeval.diagnostics import Diagnostic
from policyeval.errors import PolicyError
from policyeval.policy import yaml
from policyeval.policy.addresses import Address
from policyeval.policy.editing.scalars import quoted, writings
from policyeval.policy.editing.splicing import (
    Edit,
    document_of,
    line_break,
    line_end,
    line_start,
    spliced,
)
from policyeval.policy.editing.trees import (
    is_flow,
    mapping,
    path_to,
    replaced,
    scalar,
)
from policyeval.policy.yaml import Entry, Mapping, Node, Scalar, find, is_null
from policyeval.policy.yaml.nodes import Style
from policyeval.source import Span

_Candidate = tuple[list[Edit], Node]


def with_value(raw: bytes, name: str, address: Address, text: str) -> bytes:
    """Give a file in which a text stands at an address, in place of another or as a new entry.

    A new entry is written after the others of its mapping; entries on the way to it that are missing
    are written with it. The text is written in the style of the one before, if it can be.

    Args:
        raw: The file.
        name: What problems call it.
        address: Of a scalar, or of an entry that is not there yet.
        text: What is meant.

    Raises:
        PolicyError: The file cannot be read, or cannot be changed so (`fmt.refused`).
        ValueError: At the address, or on the way to it, stands something else than a scalar or entries.
    """
    document = document_of(raw, name)
    path = path_to(document.root, address)
    missing = address[len(path) - 1 :]
    target = path[-1]
    if not missing and isinstance(target, Scalar):
        return _first(raw, name, _settings(document, path, text))
    if missing and isinstance(target, Mapping):
        last = target.entries[-1].key.text if target.entries else None
        return with_entry(raw, name, address[: len(path) - 1], missing, text, after=last)
    raise ValueError(address)


def with_entry(
    raw: bytes, name: str, parent: Address, keys: Address, text: str, *, after: str | None
) -> bytes:
    """Give a file with a new entry in a mapping.

    Args:
        raw: The file.
        name: What problems call it.
        parent: The address of the mapping.
        keys: The key of the entry; or several, each within the one before.
        text: The value.
        after: The key of the entry that it is written after; None: it is the first one.

    Raises:
        PolicyError: The file cannot be read, or cannot be changed so (`fmt.refused`).
        ValueError: There is no such mapping, or no such entry.
    """
    document = document_of(raw, name)
    path = path_to(document.root, parent)
    target = path[-1]
    if len(path) != len(parent) + 1 or not isinstance(target, Mapping):
        raise ValueError(parent)
    before = None if after is None else find(target, after)
    if after is not None and before is None:
        raise ValueError(after)
    return _first(raw, name, _additions(document, path, keys, text, before))


def without_entry(raw: bytes, name: str, address: Address) -> bytes:
    """Give a file without an entry of a mapping, with the comment on its line.

    Raises:
        PolicyError: The file cannot be read, or cannot be changed so (`fmt.refused`).
        ValueError: There is no such entry.
    """
    document = document_of(raw, name)
    text = document.source.text
    path = path_to(document.root, address[:-1])
    target = path[-1]
    entry = find(target, address[-1]) if isinstance(target, Mapping) else None
    if len(path) != len(address) or entry is None or not isinstance(target, Mapping):
        raise ValueError(address)
    index = next(number for number, each in enumerate(target.entries) if each is entry)
    others = [each for each in target.entries if each is not entry]
    if _in_flow(path, text):
        span = _of_flow(target.entries, index)
    elif not others:
        span = target.span
    elif not text[line_start(text, entry.key.span.start) : entry.key.span.start].strip():
        span = _of_lines(entry, text)
    else:  # it stands on the line of a dash
        span = Span(entry.key.span.start, target.entries[index + 1].key.span.start)
    edit = Edit(span, "" if others or _in_flow(path, text) else "{}")
    return spliced(raw, name, [edit], replaced(document.root, target, mapping(others)))


def end_of(entry: Entry, text: str) -> int:
    """Give where an entry's value ends, without white space that a block value may take in."""
    end = max(entry.value.span.end, entry.key.span.end)
    while text[end - 1].isspace():
        end -= 1
    return end


# ------------------------------------------------------------------------------- candidates


def _first(raw: bytes, name: str, candidates: Iterator[_Candidate]) -> bytes:
    """Give the first way to write something that gives what is meant."""
    refusals: tuple[Diagnostic, ...] = ()
    for edits, intended in candidates:
        try:
            return spliced(raw, name, edits, intended)
        except PolicyError as error:
            refusals = error.diagnostics
    raise PolicyError(refusals)


def _settings(document: yaml.Document, path: list[Node], text: str) -> Iterator[_Candidate]:
    node = path[-1]
    assert isinstance(node, Scalar), "the caller has looked"
    source = document.source.text
    written = source[node.span.start : node.span.end]
    # Nothing but an empty place stands right after its colon.
    blank = "" if written or source[node.span.start - 1 : node.span.start].isspace() else " "
    for each, style in writings(text, node.style, _in_flow(path, source), written):
        intended = replaced(document.root, node, scalar(text, style))
        yield [Edit(node.span, blank + each)], intended


def _additions(
    document: yaml.Document, path: list[Node], keys: Address, text: str, before: Entry | None
) -> Iterator[_Candidate]:
    target = path[-1]
    assert isinstance(target, Mapping), "the caller has looked"
    source = document.source.text
    flow = _in_flow(path, source)
    for each, style in writings(text, "plain", flow or len(keys) > 1):
        written, entry = _nested(keys, each, scalar(text, style))
        at = 0 if before is None else target.entries.index(before) + 1
        entries = [*target.entries[:at], entry, *target.entries[at:]]
        edit = _addition(target, before, written, source, flow=flow)
        yield [edit], replaced(document.root, target, mapping(entries))


def _nested(keys: Address, written: str, value: Node) -> tuple[str, Entry]:
    for key in reversed(keys[1:]):
        shown, entry = _entry(key, written, value)
        written, value = f"{{{shown}}}", mapping([entry])
    return _entry(keys[0], written, value)


def _entry(key: str, written: str, value: Node) -> tuple[str, Entry]:
    style: Style = "plain"
    shown, style = next(writings(key, "plain", flow=True))
    if is_null(scalar(key)) or key[:1].isdigit():  # clauses are written in quotation marks
        shown, style = quoted(key), "quoted"
    return f"{shown}: {written}", Entry(scalar(key, style), value)


def _addition(
    target: Mapping, before: Entry | None, written: str, text: str, *, flow: bool
) -> Edit:
    if flow:
        if before is not None:
            return _at(end_of(before, text), f", {written}")
        return _at(target.span.start + 1, f"{written}, " if target.entries else written)
    indent = " " * _column(target.entries[0], text)
    if before is None:
        start = target.entries[0].key.span.start
        return _at(start, f"{written}{line_break(text)}{indent}")
    end = line_end(text, end_of(before, text))
    return _at(end, f"{line_break(text)}{indent}{written}")


def _at(place: int, text: str) -> Edit:
    return Edit(Span(place, place), text)


# ------------------------------------------------------------------------------- places


def _in_flow(path: list[Node], text: str) -> bool:
    """Tell whether the last node of a path stands in brackets, its own included."""
    return any(is_flow(each, text) for each in path)


def _column(entry: Entry, text: str) -> int:
    start = entry.key.span.start
    return start - line_start(text, start)


def _of_flow(entries: tuple[Entry, ...], index: int) -> Span:
    """Give the stretch of an entry in brackets with one of the commas beside it."""
    this = entries[index]
    if index:
        return Span(entries[index - 1].value.span.end, this.value.span.end)
    if len(entries) > 1:
        return Span(this.key.span.start, entries[1].key.span.start)
    return Span(this.key.span.start, this.value.span.end)


def _of_lines(entry: Entry, text: str) -> Span:
    """Give the lines of an entry, up to and with the last line break."""
    start = line_start(text, entry.key.span.start)
    end = line_end(text, end_of(entry, text))
    if text.startswith("\r\n", end):
        return Span(start, end + 2)
    if end < len(text):
        return Span(start, end + 1)
    # It is the last line, and none ends it: then the one before it ends the file as this one did.
    previous = start - (2 if text[start - 2 : start] == "\r\n" else 1)
    return Span(max(previous, 0), end)
