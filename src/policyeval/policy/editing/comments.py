"""The comments of a file, which no tree holds: where each stands, and what stands before it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from policyeval.policy.editing.splicing import line_start
from policyeval.policy.editing.trees import scalars
from policyeval.policy.yaml import Document
from policyeval.source import Span

_COMMENT = re.compile(r"(?:(?<=\s)|^)#[^\r\n]*", re.MULTILINE)
_HEADER = re.compile(r"[|>][^\r\n]*")


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment.

    Attributes:
        text: From its `#` on, without white space at its end.
        start: Where it begins in the file.
        column: How many characters stand before it on its line.
        alone: Whether nothing but white space stands before it on its line.
    """

    text: str
    start: int
    column: int
    alone: bool


def comments(document: Document) -> Iterator[Comment]:
    """Give every comment of a file, in order."""
    text = document.source.text
    at = 0
    for span in [*_opaque(document), Span(len(text), len(text))]:
        for match in _COMMENT.finditer(text, at, max(at, span.start)):
            start = line_start(text, match.start())
            alone = not text[start : match.start()].strip()
            yield Comment(match[0].rstrip(), match.start(), match.start() - start, alone)
        at = max(at, span.end)


def _opaque(document: Document) -> Iterator[Span]:
    """Give the stretches in which no comment begins, in order: scalars, of blocks all but the first line."""
    for each in scalars(document.root):
        if each.style != "block":
            yield each.span
            continue
        header = _HEADER.match(document.source.text, each.span.start)
        yield Span(min(header.end() if header else each.span.start, each.span.end), each.span.end)
