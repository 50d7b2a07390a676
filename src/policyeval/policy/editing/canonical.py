"""A whole file in the canonical layout, if it then says the same and another time changes nothing."""

from collections.abc import Iterator, Mapping

from policyeval.errors import PolicyError
from policyeval.messages import Message, message
from policyeval.policy import yaml
from policyeval.policy.editing.comments import comments
from policyeval.policy.editing.layout import laid_out
from policyeval.policy.editing.splicing import encoded, refused
from policyeval.policy.editing.trees import scalars
from policyeval.policy.yaml import Document, Node, Scalar
from policyeval.source import Span


def canonical(document: Document, formulas: Mapping[Span, str]) -> bytes:
    """Write a file in the canonical layout.

    Args:
        document: The file.
        formulas: The canonical texts of its expressions, each of one line, by the places of their
            scalars; scalars that are not among them keep their texts.

    Raises:
        PolicyError: It would not have the same tree (but for these texts) and the same comments, or
            would be written in yet another way another time (`fmt.refused`).
    """
    text = laid_out(document, formulas)
    raw = encoded(text)
    try:
        written = None if raw is None else yaml.read(raw, document.source.name or "")
    except PolicyError:
        written = None
    if raw is None or written is None:
        raise _refusal(document, Span(0, 0), message("the file could not be read any more"))
    other = next(_differences(document.root, written.root, formulas), None)
    if other is not None:
        raise _refusal(document, other, message("this would be read in another way"))
    if [each.text for each in comments(document)] != [each.text for each in comments(written)]:
        raise _refusal(document, Span(0, 0), message("a comment would be lost"))
    places = zip(scalars(document.root), scalars(written.root), strict=True)
    again = {new.span: formulas[old.span] for old, new in places if old.span in formulas}
    if laid_out(written, again) != text:
        raise _refusal(document, Span(0, 0), message("the layout would change every time"))
    return raw


def _refusal(document: Document, span: Span, why: Message) -> PolicyError:
    what = message("the file is left as it is: in the canonical layout, {why}", why=why)
    help_ = message("lay this part of the file out by hand")
    return PolicyError([refused(document.source, span, what, help_)])


def _differences(old: Node, new: Node, formulas: Mapping[Span, str]) -> Iterator[Span]:
    """Give the places where two trees differ otherwise than in texts that are meant to."""
    match old, new:
        case Scalar(), Scalar() if old.span in formulas:
            if new.text != formulas[old.span]:
                yield old.span
        case yaml.Mapping(), yaml.Mapping() if len(old.entries) == len(new.entries):
            for one, other in zip(old.entries, new.entries, strict=True):
                if one.key != other.key:
                    yield one.key.span
                yield from _differences(one.value, other.value, formulas)
        case yaml.Sequence(), yaml.Sequence() if len(old.items) == len(new.items):
            for item, now in zip(old.items, new.items, strict=True):
                yield from _differences(item, now, formulas)
        case _:
            if old != new:
                yield old.span
