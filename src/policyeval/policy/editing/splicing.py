"""Edits of a file's text: a stretch of it becomes another text, and every other byte stays."""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from policyeval.diagnostics import Diagnostic
from policyeval.errors import PolicyError
from policyeval.messages import Message, message
from policyeval.policy import yaml
from policyeval.source import Source, Span

_MARK = b"\xef\xbb\xbf"


class Edit(NamedTuple):
    """A stretch of a file and the text that it becomes; an empty stretch is where text is added."""

    span: Span
    text: str


def spliced(raw: bytes, name: str, edits: Iterable[Edit], intended: yaml.Node) -> bytes:
    """Give a file with some edits, if it then says what is meant.

    Args:
        raw: The file.
        name: What problems call it.
        edits: In any order; their spans are about the text without a byte order mark, and none
            overlaps another.
        intended: The tree that the new file must have; places take no part in comparing.

    Raises:
        PolicyError: The file cannot be read, or would not say what is meant (`fmt.refused`).
    """
    source = document_of(raw, name).source
    ordered = sorted(edits)
    text = source.text
    for edit in reversed(ordered):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    written = encoded(text)
    if written is not None and raw.startswith(_MARK):
        written = _MARK + written
    if written is None or tree_of(written, name) != intended:
        what = message("the file cannot be changed by program as it is laid out here")
        help_ = message("make the change by hand; `policyeval check` then says whether it holds")
        raise PolicyError(
            [refused(source, ordered[0].span if ordered else Span(0, 0), what, help_)]
        )
    return written


@lru_cache(maxsize=4)
def document_of(raw: bytes, name: str) -> yaml.Document:
    """Read a file; several edits in a row read each state of it once.

    Raises:
        PolicyError: The file cannot be read.
    """
    return yaml.read(raw, name)


def refused(source: Source, span: Span, what: Message, help_: Message) -> Diagnostic:
    """Say that a file is left as it is, since it would not say the same in another form."""
    return Diagnostic("fmt.refused", what, span, source, help_)


def tree_of(raw: bytes, name: str) -> yaml.Node | None:
    """Give the tree of a file, or None if it cannot be read."""
    try:
        return document_of(raw, name).root
    except PolicyError:
        return None


def encoded(text: str) -> bytes | None:
    """Give a text in UTF-8, or None if it has half characters, which a command line may bring."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return None


def line_break(text: str) -> str:
    """Give how the lines of a text end."""
    return "\r\n" if "\r\n" in text else "\n"


def line_end(text: str, at: int) -> int:
    """Give where the line of a place ends, before its line break."""
    ends = [found for found in (text.find("\n", at), text.find("\r", at)) if found >= 0]
    return min(ends, default=len(text))


def line_start(text: str, at: int) -> int:
    """Give where the line of a place begins."""
    return text.rfind("\n", 0, at) + 1
