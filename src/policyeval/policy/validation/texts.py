"""Texts for readers: what their fields show.

That a text is there in every language, and which formats there are, is seen to where it is read.
"""

from collections.abc import Mapping

from policyeval.diagnostics import did_you_mean
from policyeval.feel import types
from policyeval.feel.types import Type, type_text
from policyeval.messages import Message, message
from policyeval.policy.model import Field, Text
from policyeval.policy.validation.checking import Check
from policyeval.policy.validation.formats import FORMATS, shows
from policyeval.policy.validation.names import variables
from policyeval.policy.validation.parts import Words, programme_texts, texts
from policyeval.policy.validation.typed import Typing
from policyeval.source import Source


def check_texts(check: Check, typing: Typing) -> frozenset[str]:
    """Report what is wrong with texts; give the names that their fields show."""
    shown: set[str] = set()
    for words in texts(check.policy):
        shown |= _check(check, typing, words, None)
    programme = check.programme
    for words in programme_texts(programme.governed_by):
        _check(check, typing, words, programme.source)
    for text in (programme.title, *programme.parties.values(), *programme.limits):
        _check(check, typing, Words(text), programme.source)
    return frozenset(shown)


def _check(check: Check, typing: Typing, words: Words, source: Source | None) -> set[str]:
    """Check one text; give the names that it shows. `source` is its file, if not the policy's."""
    found: dict[str, set[str]] = {}
    said: set[str] = set()
    sound = True
    for language, parts in words.text.parts.items():
        fields = [part for part in parts if isinstance(part, Field)]
        found[language] = {each.name for each in fields}
        for each in fields:
            problem = _problem(check, typing, each, words.said, source)
            if problem is None:
                continue
            sound = False
            text, help_ = problem
            if text.text() not in said:  # once, not for every language
                said.add(text.text())
                check.report("policy.text", text, each.span, help_, source=source)
    if sound:
        _same_everywhere(check, words.text, found)
    return set[str]().union(*found.values())


def _same_everywhere(check: Check, text: Text, found: Mapping[str, set[str]]) -> None:
    everywhere = set[str]().union(*found.values())
    for language, names in found.items():
        missing = sorted(everywhere - names)
        if missing:
            check.warn(
                "policy.text",
                message(
                    "the text in `{language}` does not show what another language shows: {names}",
                    language=language,
                    names=", ".join(f"`{{{each}}}`" for each in missing),
                ),
                check.places.within(text.span, language),
                message("show the same values in every language"),
            )


def _problem(
    check: Check, typing: Typing, field: Field, said: bool, source: Source | None
) -> tuple[Message, Message | None] | None:
    """Say what is wrong with a field, and what to do."""
    policy = check.policy
    known = (
        {} if source else {each: typing.scope.get(each, types.ANY) for each in variables(policy)}
    )
    if field.name not in known:
        text = message("there is nothing named `{name}` to show here", name=field.name)
        return text, did_you_mean(field.name, known)
    if not said and field.name not in policy.parameters:
        text = message(
            "this text is also shown without a transaction; then `{name}` has no value",
            name=field.name,
        )
        return text, message("only what is said of a transaction shows facts and decisions")
    type_ = known[field.name]
    if field.format is not None:
        if type_ == types.ANY or field.format not in FORMATS or shows(field.format, type_):
            return None
        text = message(
            "the format `{name}` does not show a `{type}`", name=field.format, type=type_text(type_)
        )
        return text, _fitting(type_)
    base = types.required(type_)
    item = types.required(base.item) if isinstance(base, types.ListOf) else base
    if isinstance(item, types.ContextOf | types.ListOf):
        text = message("a text cannot show `{name}`, which has parts", name=field.name)
        return text, message("make a decision that gives the one value to show")
    return None


def _fitting(type_: Type) -> Message:
    names = [name for name in FORMATS if shows(name, type_)]
    if not names:
        return message("leave the format out")
    return message("for such a value there is: {names}", names=", ".join(f"`{n}`" for n in names))
