"""What decided a condition: the comparison that did, with its values, in the reader's words.

A formula is written in the language; a reader who is no author of policies wants to see what was
compared and what it came to. A comparison is shown as it turned out: where `approved_on <= ends_on`
failed, the reader sees `agreement approved 31 July 2024 > window ends 30 July 2024`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Final, Literal

from policyeval.evaluation.naming import Words, titled
from policyeval.feel import temporal
from policyeval.feel.failure import Failure
from policyeval.feel.writing import unquoted
from policyeval.messages import message, visible
from policyeval.policy.never import NEVER


@dataclass(frozen=True, slots=True)
class Valued:
    """A name in a condition and the value it had; None is null, `NEVER` an event that never happens."""

    name: str
    value: object


@dataclass(frozen=True, slots=True)
class Deciding:
    """A comparison or a yes-or-no fact that decided, as written, with values: `a 3 > b 2`.

    Attributes:
        parts: Text as written and, for each name in it, the name with its value.
        result: What it came to.
    """

    parts: tuple[str | Valued, ...]
    result: bool | None

    @property
    def written(self) -> str:
        """The condition as it stands in the policy."""
        texts = (part if isinstance(part, str) else part.name for part in self.parts)
        return "".join(texts).strip()


@dataclass(frozen=True, slots=True)
class _Literal:
    value: object


@dataclass(frozen=True, slots=True)
class _Sign:
    """An operator, a word, a bracket: whatever is neither a name nor a value."""

    kind: Literal["comparison", "logic", "bracket", "other", "blank"]
    text: str


_Token = Valued | _Literal | _Sign

_TOKEN: Final = re.compile(
    r"""(?P<temporal>@"(?:[^"\\]|\\.)*"|\b(?:date\ and\ time|date|duration)\(\s*"(?:[^"\\]|\\.)*"\s*\))
    |(?P<text>"(?:[^"\\]|\\.)*")
    |(?P<number>(?<![\w.])[0-9]+(?:\.[0-9]+)?(?!\w))
    |(?P<word>[^\W\d]\w*)
    |(?P<comparison><=|>=|!=|<|>|=)
    |(?P<bracket>[()\[\]{}])
    |(?P<blank>\s+)
    |(?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_CONSTANTS: Final = {"null": None, "true": True, "false": False}
_LOGIC: Final = frozenset(
    ["and", "or", "not", "in", "between", "if", "then", "else", "for", "some", "every", "return"]
)
_SHOWN: Final = {"<=": "≤", ">=": "≥", "!=": "≠"}
_OPPOSITE: Final = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


_ABOUT_EVENTS: Final = frozenset({"happened(", "never("})
"""Questions about an event, which its moment answers."""


def deciding_text(deciding: Deciding, words: Words) -> str:
    """Say what decided, with labels and values: `the partner is a law firm: yes`."""
    match deciding.parts:
        case (str() as function, Valued() as event, ")") if function in _ABOUT_EVENTS:
            return _stated(event, words)
        case _:
            pass
    tokens = _trimmed(_days_of(tuple(_tokens(deciding.parts))))
    match tokens:
        case (Valued() as named,) | (
            _Sign("logic", "not"),
            _Sign("bracket", "("),
            Valued() as named,
            _Sign("bracket", ")"),
        ):
            return _stated(named, words)
        case _:
            pass
    simple = _comparison(tokens)
    if simple is None:
        text = _written(tokens, words, apart=True)
        if deciding.result is not False:
            return text
        return message("{condition}: does not hold", condition=text).text(words.language)
    left, sign, right = simple
    operator = _OPPOSITE[sign] if deciding.result is False else sign
    return _compared(left, operator, right, words)


def _compared(left: Sequence[_Token], operator: str, right: Sequence[_Token], words: Words) -> str:
    match (*left, "", *right):
        case (Valued() as named, "", _Literal(other)) if operator in {"=", "!="}:
            return _against(named, operator, other, words)
        case (_Literal(other), "", Valued() as named) if operator in {"=", "!="}:
            return _against(named, operator, other, words)
        case _:
            shown = _SHOWN.get(operator, operator)
            return f"{_written(left, words)} {shown} {_written(right, words)}"


def _against(named: Valued, operator: str, other: object, words: Words) -> str:
    """Say what something is; and what it is not, where it was asked whether it is that."""
    if operator == "=" or other is None or isinstance(other, bool):
        return _stated(named, words)
    stated = words.value(named.name, named.value, quoted=True)
    asked = words.value(named.name, other, quoted=True)
    text = message("{value}, not {other}", value=stated, other=asked).text(words.language)
    return titled(words.label(named.name), text)


def _stated(named: Valued, words: Words) -> str:
    value = words.value(named.name, named.value, "long", quoted=True)
    return titled(words.label(named.name), value)


# ---------------------------------------------------------------------- reading what is written


def _tokens(parts: Sequence[str | Valued]) -> Iterator[_Token]:
    for part in parts:
        if isinstance(part, Valued):
            yield part
        else:
            yield from (_token(match) for match in _TOKEN.finditer(part))


def _token(match: re.Match[str]) -> _Token:
    text = match[0]
    match match.lastgroup:
        case "temporal":
            return _temporal(text)
        case "text":
            return _text(text)
        case "number":
            return _Literal(Decimal(text))
        case "word" if text in _CONSTANTS:
            return _Literal(_CONSTANTS[text])
        case "word" if text in _LOGIC:
            return _Sign("logic", text)
        case "comparison":
            return _Sign("comparison", text)
        case "bracket":
            return _Sign("bracket", text)
        case "blank":
            return _Sign("blank", " ")
        case _:
            return _Sign("other", text)


def _text(literal: str) -> _Token:
    try:
        return _Literal(unquoted(literal))
    except Failure:
        return _Sign("other", literal)


def _temporal(text: str) -> _Token:
    inside = text[text.index('"') + 1 : text.rindex('"')]
    try:
        return _Literal(temporal.parse_temporal(inside))
    except Failure:
        return _Sign("other", text)


def _days_of(tokens: tuple[_Token, ...]) -> tuple[_Token, ...]:
    """Show `date(instant)` as the day that it is."""
    result: list[_Token] = []
    for token in tokens:
        result.append(token)
        match result[-4:]:
            case [
                _Sign("other", "date"),
                _Sign("bracket", "("),
                Valued() as named,
                _Sign("bracket", ")"),
            ]:
                value = named.value
                day = value.date() if isinstance(value, datetime) else value
                result[-4:] = [replace(named, value=day)]
            case _:
                pass
    return tuple(result)


def _trimmed(tokens: Sequence[_Token]) -> tuple[_Token, ...]:
    start, end = 0, len(tokens)
    while start < end and _blank(tokens[start]):
        start += 1
    while end > start and _blank(tokens[end - 1]):
        end -= 1
    return tuple(tokens[start:end])


def _blank(token: _Token) -> bool:
    return isinstance(token, _Sign) and token.kind == "blank"


def _comparison(
    tokens: Sequence[_Token],
) -> tuple[tuple[_Token, ...], str, tuple[_Token, ...]] | None:
    """Split a condition that is one comparison and nothing else."""
    depth = 0
    found: list[int] = []
    for index, token in enumerate(tokens):
        if not isinstance(token, _Sign):
            continue
        if token.kind == "bracket":
            depth += 1 if token.text in "([{" else -1
        elif depth == 0 and token.kind == "comparison":
            found.append(index)
        elif token.kind in {"logic", "comparison"}:
            return None
    if len(found) != 1:
        return None
    operator = tokens[found[0]]
    assert isinstance(operator, _Sign)
    left, right = _trimmed(tokens[: found[0]]), _trimmed(tokens[found[0] + 1 :])
    return (left, operator.text, right) if left and right else None


# ---------------------------------------------------------------------- writing it again


def _written(tokens: Sequence[_Token], words: Words, *, apart: bool = False) -> str:
    """Write tokens with labels and values; `apart` sets values off from what surrounds them."""
    named = ""
    pieces: list[str] = []
    for token in tokens:
        match token:
            case Valued(name, value):
                named = name
                shown = words.value(name, value, "long", quoted=True)
                apart_here = apart or value is None or value is NEVER or isinstance(value, bool)
                pieces.append(f"{words.label(name)} {f'({shown})' if apart_here else shown}")
            case _Literal(value):
                pieces.append(words.value(named, value, "long", quoted=True))
            case _Sign("comparison", text):
                pieces.append(_SHOWN.get(text, text))
            case _Sign("logic", text):
                pieces.append(_logic(text, words.language))
            case _Sign(_, text):
                pieces.append(visible(text))
    return "".join(pieces).strip()


def _logic(text: str, language: str) -> str:
    match text:
        case "and":
            return message("and").text(language)
        case "or":
            return message("or").text(language)
        case "not":
            return message("not").text(language)
        case _:
            return text
