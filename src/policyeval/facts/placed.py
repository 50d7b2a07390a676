"""JSON, read strictly, with the place of everything.

As strict as `policyeval.feel.json_text`, but whatever can be read on is: a name that is given twice
and a number of any size are told later, with all other problems.
"""

import json
import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from policyeval.diagnostics import Diagnostic
from policyeval.errors import FactsError
from policyeval.messages import Message, message
from policyeval.source import Source, Span

TEXT_BYTES: Final = 262_144
"""Bytes of a whole text, in UTF-8."""

DEPTH: Final = 64
"""Lists and objects within each other."""

_DELETE: Final = message("delete one of them")
# So many names given twice are told.
_TOLD = 100

_SPACE = re.compile(r"[ \t\n\r]*")
_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))*+"')
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE]([+-]?)0*([0-9]+))?")
_WORD = re.compile(r"[-+]?[^\W_][\w.+-]*|.", re.DOTALL)
_CONSTANTS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
# No text is long enough to make up for a larger exponent with digits.
_LARGEST_EXPONENT = 999_999


@dataclass(slots=True)
class Placed:
    """A value of JSON, plain, and where it stands.

    Attributes:
        value: As Python has it; numbers as exact decimals.
        parts: By name or position (from 0), the parts of an object or a list.
        names: Where the names of an object's entries stand.
    """

    value: object
    span: Span
    parts: dict[str | int, "Placed"] = field(default_factory=dict)
    names: dict[str, Span] = field(default_factory=dict)


def read_placed(source: Source) -> tuple[Placed, list[Diagnostic]]:
    """Read a JSON text of at most 256 KiB; also give the problems that do not keep it from being read.

    Raises:
        FactsError: It is too long, or no JSON.
    """
    check_size(source, len(source.text.encode("utf-8", "surrogatepass")))
    reader = _Reader(source)
    return reader.whole(), reader.problems


def check_size(source: Source, size: int) -> None:
    """Refuse a text that is too long.

    Raises:
        FactsError: It is.
    """
    if size > TEXT_BYTES:
        what = message(
            "the facts have {size} bytes; at most {limit} are read", size=size, limit=TEXT_BYTES
        )
        help_ = message("shorten it; what is no fact, such as a whole document, is left out")
        raise FactsError([Diagnostic("input.too-long", what, Span(0, 1), source, help_)])


class _Reader:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.text = source.text
        self.problems: list[Diagnostic] = []

    def whole(self) -> Placed:
        value = self.value(0, 0)
        end = self.skip(value.span.end)
        if end < len(self.text):
            raise self.unexpected(end, message("nothing may follow the value"))
        return value

    def skip(self, at: int) -> int:
        match = _SPACE.match(self.text, at)
        return match.end() if match else at

    def value(self, at: int, depth: int) -> Placed:
        at = self.skip(at)
        first = self.text[at : at + 1]
        if first == '"':
            text, end = self.string(at)
            return Placed(text, Span(at, end))
        if first in {"{", "["}:
            if depth >= DEPTH:
                raise self.fail(
                    message("lists and objects are nested more than {limit} deep", limit=DEPTH), at
                )
            return self.object(at, depth + 1) if first == "{" else self.list(at, depth + 1)
        word = _WORD.match(self.text, at)
        if word and word[0] in _CONSTANTS:
            return Placed(_CONSTANTS[word[0]], Span(at, word.end()))
        number = _NUMBER.match(self.text, at)
        # Nothing of a word may follow: `1_000` and `01` are no numbers.
        if number and word and word.end() <= number.end():
            return Placed(_number(number), Span(at, number.end()))
        raise self.unexpected(
            at, message("a value is expected: a number, a text in quotes, a list …")
        )

    def string(self, at: int) -> tuple[str, int]:
        match = _STRING.match(self.text, at)
        if not match:
            raise self.fail(
                message("the quoted text is not closed, or has a line break or an unknown `\\`"), at
            )
        text: str = json.loads(match[0])
        return text, match.end()

    def list(self, start: int, depth: int) -> Placed:
        items: list[object] = []
        parts: dict[str | int, Placed] = {}
        at = self.skip(start + 1)
        closed = self.text.startswith("]", at)
        while not closed:
            item = self.value(at, depth)
            parts[len(items)] = item
            items.append(item.value)
            at = self.skip(item.span.end)
            closed = self.text.startswith("]", at)
            if not closed:
                at = self.comma(at, message("`,` or `]` is expected"))
        return Placed(items, Span(start, at + 1), parts)

    def object(self, start: int, depth: int) -> Placed:
        entries: dict[str, object] = {}
        parts: dict[str | int, Placed] = {}
        names: dict[str, Span] = {}
        at = self.skip(start + 1)
        closed = self.text.startswith("}", at)
        while not closed:
            at = self.skip(at)
            if not self.text.startswith('"', at):
                raise self.unexpected(at, message("a name in double quotes is expected"))
            name, end = self.string(at)
            span = Span(at, end)
            at = self.skip(end)
            if not self.text.startswith(":", at):
                raise self.unexpected(at, message("`:` is expected"))
            item = self.value(at + 1, depth)
            if name not in entries:
                entries[name], parts[name], names[name] = item.value, item, span
            elif len(self.problems) < _TOLD:
                what = message("`{name}` is given twice", name=name)
                self.problems.append(
                    Diagnostic("input.duplicate-name", what, span, self.source, _DELETE)
                )
            at = self.skip(item.span.end)
            closed = self.text.startswith("}", at)
            if not closed:
                at = self.comma(at, message("`,` or `}` is expected"))
        return Placed(entries, Span(start, at + 1), parts, names)

    def comma(self, at: int, help_: Message) -> int:
        if not self.text.startswith(",", at):
            raise self.unexpected(at, help_)
        return at + 1

    def unexpected(self, at: int, help_: Message) -> FactsError:
        word = _WORD.match(self.text, at)
        if word is None:
            return self.fail(message("the text ends too early"), at, help_=help_)
        return self.fail(
            message("`{text}` cannot stand here", text=word[0][:40]), at, word.end(), help_
        )

    def fail(
        self, text: Message, start: int, end: int | None = None, help_: Message | None = None
    ) -> FactsError:
        span = Span(start, start + 1 if end is None else end)
        found = Diagnostic("input.json", text, span, self.source, help_)
        return FactsError([*self.problems, found])


def _number(match: re.Match[str]) -> Decimal:
    sign, exponent = match[1], match[2]
    if exponent is not None and len(exponent) > 6:
        digits = match[0][: match.start(1) - 1 - match.start()]
        return Decimal(f"{digits}E{sign}{_LARGEST_EXPONENT}")
    return Decimal(match[0])
