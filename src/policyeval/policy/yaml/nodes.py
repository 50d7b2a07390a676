"""What a YAML file holds: mappings, sequences and scalars, each with its place in the file.

A scalar is a text and nothing else here. Whether `12` is a number is said by whoever asks for one
(`policyeval.policy.yaml.values`).
"""

from bisect import bisect_right
from dataclasses import dataclass, field, replace
from typing import Final, Literal, NamedTuple

from policyeval.diagnostics import Diagnostic
from policyeval.feel.characters import normal
from policyeval.source import Source, Span

BYTES: Final = 1 << 20
"""How large a file may be."""

Style = Literal["plain", "quoted", "block"]


class Piece(NamedTuple):
    r"""A stretch of a scalar's text and the stretch of the file that it was written as.

    Either both are the same text, or the stretch of the file stands as a whole for each character:
    an escape such as `\n`, or a line break with the indentation around it.

    Attributes:
        at: Where it begins in the scalar's text. It ends where the next one begins.
        start: Where it begins in the file.
        end: Where it ends in the file.
        verbatim: Whether both are the same text.
    """

    at: int
    start: int
    end: int
    verbatim: bool


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text, as it is meant (`text`) and as it is written (`span`, with its quotation marks).

    Attributes:
        style: `plain`, `quoted` (single or double), or `block` (`|` and `>`, from this sign on).
        pieces: How the text came about, in order; empty if it is written as it is, between its
            quotation marks.
    """

    text: str
    style: Style
    span: Span = field(compare=False, repr=False, kw_only=True)
    pieces: tuple[Piece, ...] = field(compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Entry:
    """A key and its value."""

    key: Scalar
    value: "Node"


@dataclass(frozen=True, slots=True)
class Mapping:
    """Entries, in the order of the file; no key occurs twice."""

    entries: tuple[Entry, ...]
    span: Span = field(compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Sequence:
    """Items of a list."""

    items: tuple["Node", ...]
    span: Span = field(compare=False, repr=False, kw_only=True)


Node = Mapping | Sequence | Scalar


@dataclass(frozen=True, slots=True)
class Document:
    """A file that was read.

    Attributes:
        source: The text that all spans are about, without a byte order mark.
        warnings: What does not forbid the file but should be looked at.
    """

    root: Node
    source: Source
    warnings: tuple[Diagnostic, ...] = ()


def find(mapping: Mapping, key: str) -> Entry | None:
    """Give the entry of a key, or None; keys are the same if they look the same (NFC)."""
    wanted = normal(key)
    return next((each for each in mapping.entries if normal(each.key.text) == wanted), None)


def is_null(node: Node) -> bool:
    """Tell whether nothing is written, or `null` or `~`."""
    return isinstance(node, Scalar) and node.style == "plain" and node.text in {"", "null", "~"}


def place(scalar: Scalar, span: Span) -> Span:
    """Turn a stretch of a scalar's text into the stretch of the file that it was written as."""
    start, after = _written(scalar, span.start)
    if span.end > span.start:
        _, after = _written(scalar, span.end - 1)
        return Span(start, max(after, start))
    return Span(start, start)


def _written(scalar: Scalar, offset: int) -> tuple[int, int]:
    """Give where one character of a scalar's text begins and ends in the file."""
    if not scalar.pieces:
        start = scalar.span.start + (scalar.style == "quoted") + min(offset, len(scalar.text))
        return start, start + (offset < len(scalar.text))
    piece = scalar.pieces[max(0, bisect_right(scalar.pieces, offset, key=lambda each: each.at) - 1)]
    if offset >= len(scalar.text):
        return piece.end, piece.end
    if not piece.verbatim:
        return piece.start, piece.end
    start = piece.start + offset - piece.at
    return start, start + 1


def located(diagnostic: Diagnostic, scalar: Scalar, source: Source) -> Diagnostic:
    """Move a problem with a scalar's text to where that text stands in its file."""
    return replace(diagnostic, span=place(scalar, diagnostic.span), source=source)
