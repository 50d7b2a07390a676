"""JSON, read strictly: exact numbers, no name twice, bounded depth, and problems with their place.

Python's own reader makes binary floats, keeps the last of two equal names, takes `NaN`, and fails
on deep nesting by running out of stack; none of that may happen to what a decision rests on.
"""

import json
import re
from collections.abc import Callable
from decimal import Decimal
from typing import cast

from policyeval.diagnostics import Diagnostic
from policyeval.errors import ExpressionError
from policyeval.feel import temporal
from policyeval.feel.failure import Failure
from policyeval.feel.values import Value
from policyeval.messages import Message, message
from policyeval.source import Source, Span

Json = None | bool | Decimal | str | list["Json"] | dict[str, "Json"]

DEPTH = 256
"""Lists and objects within each other. A context within a context takes two in the protocol."""

MOST_VALUES = 500_000
"""Values in one text, each item and each entry counted; more would take many seconds to read."""

DIGITS = 34
"""Digits of a number, as many as the language computes with."""

_SPACE = re.compile(r"[ \t\n\r]*")
_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))*+"')
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
# What nearly every number looks like; the rest is looked at more closely.
_PLAIN_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,12})?(?=[ \t\n\r,\]}])")
_WORD = re.compile(r"[-+]?[^\W_][\w.+-]*|.", re.DOTALL)
_CONSTANTS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
# Nothing that the language computes with has a longer exponent; a huge one would only cost time.
_EXPONENT = 6_111


def read_json(source: Source) -> Json:
    """Read a JSON text; numbers become exact decimals.

    Raises:
        ExpressionError: The text is no JSON, gives a name twice in one object, is nested too
            deeply, or has a number that the language cannot hold exactly.
    """
    # Without literals, JSON's own values are all that there can be.
    return cast(Json, _Reader(source, None).whole())


def read_json_values(source: Source) -> Value:
    """Read a JSON text in which `{"@": "2024-01-31"}` is a date, a time or a duration.

    That is FEEL's own `@"2024-01-31"`, as near as JSON comes to it.

    Raises:
        ExpressionError: As for `read_json`; or the text after `@` is no such value.
    """
    return _Reader(source, temporal.parse_temporal).whole()


class _Reader:
    def __init__(self, source: Source, literal: Callable[[str], Value] | None) -> None:
        self.source = source
        self.text = source.text
        self.literal = literal
        self.values = 0

    def whole(self) -> Value:
        value, end = self.value(0, 0)
        end = self.skip(end)
        if end < len(self.text):
            raise self.unexpected(end, message("nothing may follow the value"))
        return value

    def skip(self, at: int) -> int:
        match = _SPACE.match(self.text, at)
        return match.end() if match else at

    def value(self, at: int, depth: int) -> tuple[Value, int]:
        at = self.skip(at)
        self.values += 1
        if self.values > MOST_VALUES:
            raise self.fail(
                message("lists and objects have more than {limit} values", limit=MOST_VALUES), at
            )
        if plain := _PLAIN_NUMBER.match(self.text, at):
            return Decimal(plain[0]) or Decimal(0), plain.end()
        first = self.text[at : at + 1]
        if first in {"{", "["} and depth >= DEPTH:
            raise self.fail(
                message("lists and objects are nested more than {limit} deep", limit=DEPTH), at
            )
        if first == "{":
            return self.object(at + 1, depth + 1)
        if first == "[":
            return self.list(at + 1, depth + 1)
        if first == '"':
            return self.string(at)
        if (match := _NUMBER.match(self.text, at)) and self._ends(match):
            return self.number(match), match.end()
        word = _WORD.match(self.text, at)
        if word and word[0] in _CONSTANTS:
            return _CONSTANTS[word[0]], word.end()
        raise self.unexpected(
            at, message("a value is expected: a number, a text in quotes, a list …")
        )

    def _ends(self, number: re.Match[str]) -> bool:
        """Tell whether nothing of a word follows: `1_000` and `01` are no numbers."""
        word = _WORD.match(self.text, number.start())
        return word is not None and word.end() <= number.end()

    def number(self, match: re.Match[str]) -> Decimal:
        exponent = re.search(r"[eE]([+-]?[0-9]+)$", match[0])
        digits = re.sub(r"[eE].*|[^0-9]", "", match[0]).strip("0")
        if len(digits) > DIGITS:
            raise self.refuse(
                message("the number has more than {limit} digits", limit=DIGITS),
                match.start(),
                match.end(),
            )
        if exponent and (len(exponent[1]) > 6 or abs(int(exponent[1])) > _EXPONENT):
            raise self.refuse(message("the number is out of range"), match.start(), match.end())
        return Decimal(match[0]) if digits else Decimal(0)

    def string(self, at: int) -> tuple[str, int]:
        match = _STRING.match(self.text, at)
        if not match:
            raise self.fail(
                message("the quoted text is not closed, or has a line break or an unknown `\\`"), at
            )
        text: str = json.loads(match[0])
        return text, match.end()

    def list(self, at: int, depth: int) -> tuple[list[Value], int]:
        items: list[Value] = []
        at = self.skip(at)
        if self.text.startswith("]", at):
            return items, at + 1
        while True:
            item, at = self.value(at, depth)
            items.append(item)
            at = self.skip(at)
            if self.text.startswith("]", at):
                return items, at + 1
            if not self.text.startswith(",", at):
                raise self.unexpected(at, message("`,` or `]` is expected"))
            at += 1

    def object(self, at: int, depth: int) -> tuple[Value, int]:
        entries: dict[str, Value] = {}
        start = at - 1
        at = self.skip(at)
        if self.text.startswith("}", at):
            return entries, at + 1
        while True:
            at = self.skip(at)
            if not self.text.startswith('"', at):
                raise self.unexpected(at, message("a name in double quotes is expected"))
            name, end = self.string(at)
            if name in entries:
                raise self.fail(message("`{name}` is given twice", name=name), at, end)
            at = self.skip(end)
            if not self.text.startswith(":", at):
                raise self.unexpected(at, message("`:` is expected"))
            entries[name], at = self.value(at + 1, depth)
            at = self.skip(at)
            if self.text.startswith("}", at):
                return self.literal_or_object(entries, Span(start, at + 1)), at + 1
            if not self.text.startswith(",", at):
                raise self.unexpected(at, message("`,` or `}` is expected"))
            at += 1

    def literal_or_object(self, entries: dict[str, Value], span: Span) -> Value:
        text = entries.get("@")
        if self.literal is None or len(entries) != 1 or not isinstance(text, str):
            return entries
        try:
            return self.literal(text)
        except Failure as failure:
            diagnostic = Diagnostic("input.value", failure.message, span, self.source)
            raise ExpressionError([diagnostic]) from None

    def unexpected(self, at: int, help_: Message) -> ExpressionError:
        word = _WORD.match(self.text, at)
        if word is None:
            return self.fail(message("the text ends too early"), at, help_=help_)
        return self.fail(
            message("`{text}` cannot stand here", text=word[0][:40]), at, word.end(), help_
        )

    def fail(
        self, text: Message, start: int, end: int | None = None, help_: Message | None = None
    ) -> ExpressionError:
        span = Span(start, start + 1 if end is None else end)
        return ExpressionError([Diagnostic("input.json", text, span, self.source, help_)])

    def refuse(self, text: Message, start: int, end: int) -> ExpressionError:
        return ExpressionError([Diagnostic("input.value", text, Span(start, end), self.source)])
