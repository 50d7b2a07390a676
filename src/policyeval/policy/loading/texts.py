"""Texts for readers: one per language, split at their fields."""

import re
from collections.abc import Iterator
from typing import Final

from policyeval.diagnostics import did_you_mean
from policyeval.messages import LANGUAGES, Message, message
from policyeval.policy import yaml
from policyeval.policy.loading.reader import Reader
from policyeval.policy.model import Field, Text
from policyeval.policy.schema import words
from policyeval.policy.schema.formats import Complaint, complaint
from policyeval.policy.yaml import Mapping, Node, Scalar, is_null, place
from policyeval.source import Span

FORMATS: Final = ("long", "money", "percent")
"""How the value of a field may be shown, if not in the usual way."""

LONGEST: Final = 10_000
"""Characters of a text for readers."""

_BRACE = re.compile(r"\{\{|\}\}|\{|\}")


def text(reader: Reader, node: Node, key: Scalar | None = None) -> Text | None:
    """Read a text; `key` is the key that it stands under."""
    given = reader.mapping(node)
    if given is None:
        return None
    parts: dict[str, tuple[str | Field, ...]] = {}
    empty: list[str] = []
    for language in LANGUAGES:
        entry = yaml.find(given, language)
        if entry is None or (isinstance(entry.value, Scalar) and not entry.value.text.strip()):
            empty.append(language)
        elif isinstance(entry.value, Scalar) and not is_null(entry.value):
            if len(entry.value.text) > LONGEST:
                what = message("the text has more than {limit} characters", limit=LONGEST)
                words.badly_written(reader.problems, words.place_of(entry.value), Complaint(what))
            else:
                parts[language] = tuple(_parts(reader, entry.value))
        else:
            reader.string(entry.value)
    missing = [each for each in reader.languages if each in empty]
    if missing:
        reader.problems.report(
            "schema.missing-language",
            message("the text is missing in these languages: {names}", names=words.quoted(missing)),
            words.place_of_gap(given, key),
            message("every text is given in {names}", names=words.quoted(reader.languages)),
        )
    return Text(parts, span=given.span)


def needed(reader: Reader, parent: Mapping, key: str, above: Scalar | None = None) -> Text | None:
    """Read a text that has to be there; `above` is the key that its parent stands under."""
    entry = reader.needed(parent, key, above)
    return None if entry is None else text(reader, entry.value, entry.key)


def perhaps(reader: Reader, parent: Mapping, key: str) -> Text | None:
    """Read a text that may be there."""
    entry = yaml.find(parent, key)
    return None if entry is None else text(reader, entry.value, entry.key)


def _parts(reader: Reader, scalar: Scalar) -> Iterator[str | Field]:
    """Split a text at its fields; line breaks and blanks around the whole are no part of it."""
    whole = scalar.text.rstrip()
    at = len(whole) - len(whole.lstrip())
    plain = ""
    while match := _BRACE.search(whole, at):
        plain += whole[at : match.start()]
        at = match.end()
        if len(match[0]) == 2:
            plain += match[0][0]
            continue
        following = _BRACE.search(whole, at)
        closed = match[0] == "{" and following is not None and following[0][0] == "}"
        if following is None or not closed:
            _unpaired(reader, scalar, Span(match.start(), at), match[0])
            plain += match[0]
            continue
        if plain:
            yield plain
        plain = ""
        # Of `}}` the first one closes the field.
        field = _field(reader, scalar, Span(match.start(), following.start() + 1), whole)
        at = following.start() + 1
        if field is not None:
            yield field
    plain += whole[at:]
    if plain:
        yield plain


def _field(reader: Reader, scalar: Scalar, span: Span, whole: str) -> Field | None:
    name, colon, format_ = whole[span.start + 1 : span.end - 1].partition(":")
    found = complaint("name", name)
    if found is not None:
        better = Complaint(found.text, _meant(name) or found.help)
        words.badly_written(reader.problems, _place(scalar, span), better)
        return None
    if colon and format_ not in FORMATS:
        reader.problems.report(
            "schema.enum",
            message("`{text}` is not allowed here", text=words.shortened(format_)),
            _place(scalar, Span(span.start + len(name) + 2, span.end - 1)),
            did_you_mean(format_.strip()[:200], FORMATS)
            or message("it is one of {names}", names=words.quoted(FORMATS)),
        )
        return None
    return Field(name, format_ if colon else None, span=place(scalar, span))


def _meant(name: str) -> Message | None:
    """Say how to write braces that are no field."""
    if complaint("name", name.strip()) is None:
        return message("write `{text}`", text=f"{{{name.strip()}}}")
    if re.fullmatch(r"[\w-]*", name):
        return None
    return message("a field is written `{example}`; a brace that is meant is doubled", example=_AS)


_AS = "{referred_at}"


def _unpaired(reader: Reader, scalar: Scalar, span: Span, brace: str) -> None:
    text = (
        message("this brace is not closed")
        if brace == "{"
        else message("this brace closes nothing")
    )
    help_ = message("write `{text}` if the brace itself is meant", text=brace * 2)
    words.badly_written(reader.problems, _place(scalar, span), Complaint(text, help_))


def _place(scalar: Scalar, span: Span) -> Span:
    at = place(scalar, span)
    return Span(at.start, max(at.end, at.start + 1))
