"""What strict YAML refuses: each thing with its code, where it stands, and what to do about it."""

import re
from typing import NamedTuple

from policyeval.messages import Message, message
from policyeval.policy.yaml.nodes import Mapping, Node, Scalar, Sequence, is_null
from policyeval.source import Source, Span

KEY_LENGTH = 1_024
"""Characters of a key. YAML itself sets this limit for keys on one line."""


class Trouble(NamedTuple):
    """A problem of a file whose text is known to whoever asked."""

    code: str
    text: Message
    span: Span
    help: Message | None


def second_document(span: Span) -> Trouble:
    """Refuse a second document in one file."""
    return Trouble(
        "yaml.one-document",
        message("a second document begins here; a file has one"),
        span,
        message("put it into a file of its own, or delete the line if it is none"),
    )


def key(node: Node, span: Span, text: str) -> Trouble | None:
    """Say why a node cannot be a key, if it cannot.

    Args:
        node: What stands where a key does.
        span: Where it stands; never empty.
        text: All of the text.
    """
    if isinstance(node, Mapping | Sequence):
        return Trouble(
            "yaml.key",
            message("a key is a text, not a list and not entries"),
            span,
            message("if a text begins with a bracket, put it in quotation marks"),
        )
    if is_null(node):
        return no_key(span)
    if node.style == "block" or "\n" in text[span.start : span.end]:
        return Trouble("yaml.key", message("a key stands on one line"), span, _SHORTEN)
    if len(node.text) > KEY_LENGTH:
        return long_key(span)
    if node.text == "<<" and node.style == "plain":
        return Trouble(
            "yaml.merge-not-allowed",
            message("`<<` takes over the entries of another place; policies write them out"),
            span,
            message("write the entries themselves"),
        )
    return None


def no_key(span: Span) -> Trouble:
    """Refuse an entry without a key, or with null for one."""
    return Trouble(
        "yaml.key",
        message("a key is missing here"),
        span,
        message(
            "an entry is written `key: value`; the word `null` as a key stands in quotation marks"
        ),
    )


def duplicate(node: Scalar, first: Scalar, source: Source) -> Trouble:
    """Refuse a key that was there before, and say where."""
    at = source.position(first.span.start)
    return Trouble(
        "yaml.duplicate-key",
        message(
            "the key `{key}` is given twice: here and in line {line}, column {column}",
            key=shown(node.text, Span(0, len(node.text))),
            line=at.line,
            column=at.column,
        ),
        node.span,
        message("delete one of them")
        if node.text == first.text
        else message("they look the same but are made of different characters; delete one of them"),
    )


def reference(text: str, span: Span, lines: str) -> Trouble:
    """Refuse an anchor and its aliases, as one mistake."""
    character = text[span.start]
    return Trouble(
        "yaml.alias-not-allowed",
        message(
            "`{reference}` refers to a value in another place; policies write each value out",
            reference=shown(text, span),
        ),
        span,
        message(
            "write the value itself (other lines: {lines}); if a text begins with `{character}`, put "
            "it in quotation marks",
            lines=lines,
            character=character,
        )
        if lines
        else message(
            "write the value itself; if a text begins with `{character}`, put it in quotation marks",
            character=character,
        ),
    )


def tag(text: str, at: int) -> Trouble:
    """Refuse a tag, such as `!!binary`."""
    span = word(text, at, r"!(?:<[^>\s]*>?|[^\s,\[\]{}]*)")
    return Trouble(
        "yaml.tag-not-allowed",
        message("`{tag}` is a tag; policies have none", tag=shown(text, span)),
        span,
        message("delete it; if a text begins with `!`, put it in quotation marks"),
    )


def directive(text: str, at: int) -> Trouble:
    """Refuse a line that begins with `%`."""
    line = text.rfind("\n", 0, at) + 1
    span = word(text, line, r"[^\r\n]*")
    return syntax(
        message("a line that begins with `%` is an instruction to the reader; policies have none"),
        span,
        message("delete the line; if a text begins with `%`, put it in quotation marks"),
    )


def tab(text: str, span: Span, lines: str) -> Trouble:
    """Refuse a tab in the indentation, and name the other lines that have one; or a tab elsewhere."""
    if text[text.rfind("\n", 0, span.start) + 1 : span.start].strip(" "):
        return Trouble(
            "yaml.tab",
            message("there is a tab where only spaces may stand"),
            span,
            message("write spaces instead"),
        )
    return Trouble(
        "yaml.tab",
        message("the line is indented with a tab"),
        span,
        message("indent it with spaces (other lines: {lines})", lines=lines)
        if lines
        else message("indent it with spaces"),
    )


def surrogate(text: str, span: Span) -> Trouble:
    """Refuse an escape that is half of a character or none at all (U+D800, say)."""
    return Trouble(
        "yaml.encoding",
        message("`{escape}` stands for no character", escape=shown(text, span)),
        span,
        message("write the character itself"),
    )


def long_key(span: Span) -> Trouble:
    """Refuse a key that is too long to be one."""
    return Trouble(
        "yaml.too-big",
        message("the key has more than {limit} characters", limit=KEY_LENGTH),
        span,
        _SHORTEN,
    )


_SHORTEN = message("shorten it; a long text is a value, not a key")


def syntax(text: Message, span: Span, help_: Message) -> Trouble:
    """Refuse what YAML itself does not allow."""
    return Trouble("yaml.syntax", text, span, help_)


def word(text: str, at: int, pattern: str = r"[^\s,:\[\]{}]+") -> Span:
    """Give the span of what begins at a place; at least one character."""
    match = re.compile(pattern).match(text, at)
    return Span(at, max(at + 1, match.end() if match else 0))


def shown(text: str, span: Span) -> str:
    """Give the beginning of a stretch of the text, for a message."""
    return text[span.start : min(span.end, span.start + 40)]
