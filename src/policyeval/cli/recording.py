"""Writes hashes of clauses into a policy file: only what is meant changes, every other byte stays."""

from collections.abc import Mapping

from policyeval.policy import yaml
from policyeval.policy.yaml import Entry
from policyeval.source import Source, Span


def recorded(raw: bytes, name: str, digests: Mapping[str, str]) -> bytes:
    """Give a policy file with the hash of each of these clauses, which have none, after its lines.

    Args:
        raw: The file; it must be a valid policy.
        name: What problems call it.
        digests: Clause to hash.

    Raises:
        PolicyError: The file cannot be read.
    """
    document = yaml.read(raw, name)
    text = document.source.text
    inserted: list[tuple[int, str]] = []
    for clause in _entries(_entry(document.root, "clauses").value):
        digest = digests.get(clause.key.text)
        if digest is None:
            continue
        lines = (
            _entry(clause.value, "sentence")
            if _has(clause, "sentence")
            else _entry(clause.value, "lines")
        )
        at = _end_of(lines, text)
        if _is_flow(clause.value.span, text):
            inserted.append((at, f", sha256: {digest}"))
        else:
            indent = " " * (document.source.position(lines.key.span.start).column - 1)
            inserted.append(
                (_line_end(at, text), f"{_line_break(document.source)}{indent}sha256: {digest}")
            )
    for at, addition in sorted(inserted, reverse=True):
        text = text[:at] + addition + text[at:]
    mark = b"\xef\xbb\xbf" if raw.startswith(b"\xef\xbb\xbf") else b""
    return mark + text.encode()


def _entries(node: yaml.Node) -> tuple[Entry, ...]:
    assert isinstance(node, yaml.Mapping), "the policy is valid"
    return node.entries


def _has(clause: Entry, key: str) -> bool:
    return isinstance(clause.value, yaml.Mapping) and yaml.find(clause.value, key) is not None


def _entry(node: yaml.Node, key: str) -> Entry:
    assert isinstance(node, yaml.Mapping), "the policy is valid"
    entry = yaml.find(node, key)
    assert entry is not None, "the policy is valid"
    return entry


def _is_flow(span: Span, text: str) -> bool:
    return text[span.start : span.start + 1] == "{"


def _end_of(entry: Entry, text: str) -> int:
    """Give where an entry's value ends, without white space that a block value may take in."""
    end = entry.value.span.end
    while text[end - 1].isspace():
        end -= 1
    return end


def _line_end(at: int, text: str) -> int:
    """Give the end of a line's text, after a comment too, before its line break."""
    ends = [found for found in (text.find("\n", at), text.find("\r", at)) if found >= 0]
    return min(ends, default=len(text))


def _line_break(source: Source) -> str:
    return "\r\n" if "\r\n" in source.text else "\n"
