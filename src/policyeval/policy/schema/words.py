"""What is wrong with the parts of a file, in our own words and at its place.

These reports are made by the check against the schema and by the loader alike: the same mistake has
the same code at the same place, and so is told once.
"""

from collections.abc import Iterable
from typing import Final

from policyeval.diagnostics import did_you_mean
from policyeval.feel.characters import normal
from policyeval.messages import Message, message
from policyeval.policy.problems import Problems
from policyeval.policy.schema.formats import Complaint
from policyeval.policy.yaml import Mapping, Node, Scalar, Sequence, is_null
from policyeval.source import Span

# Names that are listed in a message, and names that a mistyped one is compared with.
_LISTED: Final = 30
_COMPARED: Final = 1_000


def place_of(node: Node) -> Span:
    """Give the place of a node; of one that is not written, where it would stand."""
    return Span(node.span.start, max(node.span.end, node.span.start + 1))


def place_of_gap(node: Mapping, key: Scalar | None) -> Span:
    """Give the place at which to say that something is missing: the key, or the first entry."""
    if key is not None:
        return key.span
    return node.entries[0].key.span if node.entries else place_of(node)


def wrong_kind(problems: Problems, node: Node, wanted: Message, help_: Message | None) -> None:
    """Report that a value is of another kind than is wanted."""
    problems.report(
        "schema.type",
        message("{wanted} is wanted here, not {given}", wanted=wanted, given=_kind(node)),
        place_of(node),
        help_,
    )


def missing(
    problems: Problems,
    node: Mapping,
    key: Scalar | None,
    names: Iterable[str],
    help_: Message | None = None,
) -> None:
    """Report the entries that a mapping lacks."""
    listed = list(names)
    text = (
        message("the entry `{name}` is missing", name=listed[0])
        if len(listed) == 1
        else message("these entries are missing: {names}", names=quoted(listed))
    )
    problems.report("schema.required", text, place_of_gap(node, key), help_)


def one_needed(problems: Problems, node: Mapping, key: Scalar | None, names: Iterable[str]) -> None:
    """Report that a mapping has none of the entries of which it needs one."""
    problems.report(
        "schema.choice",
        message("one of these entries is needed: {names}", names=quoted(names)),
        place_of_gap(node, key),
    )


def unknown_key(problems: Problems, key: Scalar, known: Iterable[str]) -> None:
    """Report a key that has no meaning here."""
    names = list(known)[:_COMPARED]
    help_ = did_you_mean(normal(key.text), names) or message(
        "the keys that can stand here: {names}", names=quoted(names)
    )
    problems.report(
        "schema.unknown-key",
        message("there is no key `{name}` here", name=shortened(key.text)),
        key.span,
        help_,
    )


def not_one_of(problems: Problems, node: Node, allowed: Iterable[str]) -> None:
    """Report a value that is none of those allowed."""
    names = list(allowed)[:_COMPARED]
    if not isinstance(node, Scalar) or (is_null(node) and not node.text):
        wrong_kind(problems, node, message("one of {names}", names=quoted(names)), None)
        return
    exact = [each for each in names if each.casefold() == node.text.strip().casefold()]
    listed = (
        message("write `{text}`", text=names[0])
        if len(names) == 1
        else message("it is one of {names}", names=quoted(names))
    )
    problems.report(
        "schema.enum",
        message("`{text}` is not allowed here", text=shortened(node.text)),
        place_of(node),
        message("write `{text}`", text=exact[0])
        if exact
        else did_you_mean(node.text[:200], names, 0.75) or listed,
    )


def badly_written(problems: Problems, span: Span, found: Complaint) -> None:
    """Report a name, a day or the like that is written in another way than it must be."""
    problems.report("schema.format", found.text, span, found.help)


def together(problems: Problems, span: Span, text: Message, help_: Message | None = None) -> None:
    """Report entries that cannot stand together."""
    problems.report("schema.choice", text, span, help_)


def quoted(names: Iterable[str]) -> str:
    """List names for a message; of very many the first."""
    listed = [f"`{shortened(each)}`" for each in names]
    return ", ".join(listed if len(listed) <= _LISTED else [*listed[:_LISTED], "…"])


def shortened(text: str) -> str:
    """Cut a text that is too long to be quoted."""
    return text if len(text) <= 60 else f"{text[:60]}…"


def _kind(node: Node) -> Message:
    match node:
        case Mapping():
            return message("a block of entries with keys")
        case Sequence():
            return message("a list")
        case Scalar() if is_null(node) and not node.text:
            return message("an empty place")
        case Scalar(style="plain"):
            return message(
                "`{text}`", text=node.text if len(node.text) <= 40 else f"{node.text[:40]}…"
            )
        case Scalar():
            return message("a text in quotation marks")
