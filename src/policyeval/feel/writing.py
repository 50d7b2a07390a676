"""Values as text: for `string()`, for messages, and as FEEL that reads back as the same value."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Literal, NoReturn

from policyeval.feel import numbers, temporal
from policyeval.feel.failure import BudgetExceededError, Failure
from policyeval.feel.runtime import DEFAULT_BUDGET, Budget
from policyeval.feel.values import (
    Function,
    Range,
    Time,
    Value,
    WideDate,
    WideDateTime,
    WideDuration,
    YearsMonthsDuration,
)
from policyeval.messages import message, visible

Kind = Literal[
    "null",
    "boolean",
    "number",
    "string",
    "date",
    "date and time",
    "time",
    "days and time duration",
    "years and months duration",
    "list",
    "context",
    "range",
    "function",
]


class _Kinds(dict[type, Kind]):
    def __missing__(self, given: type) -> NoReturn:
        # Only a function that takes values without checks can be given one; see `Compiled`.
        raise Failure("input.value", message("the language has no values of its kind"))


_KINDS = _Kinds(
    {
        type(None): "null",
        bool: "boolean",
        Decimal: "number",
        str: "string",
        date: "date",
        WideDate: "date",
        datetime: "date and time",
        WideDateTime: "date and time",
        Time: "time",
        timedelta: "days and time duration",
        WideDuration: "days and time duration",
        YearsMonthsDuration: "years and months duration",
        list: "list",
        dict: "context",
        Range: "range",
        Function: "function",
    }
)


def kind_of(value: Value) -> Kind:
    """Give the kind of a value by its FEEL name, such as `number` or `date and time`."""
    return _KINDS[type(value)]


def value_text(value: Value, budget: Budget = DEFAULT_BUDGET) -> str:
    """Write a value as FEEL's `string()` does: a text is itself, a date is its ISO form.

    Texts inside lists and contexts are quoted; the ends of a range are written so that `range()`
    reads them back.

    Raises:
        BudgetExceededError: The text would be too long.
        Failure: The value is nested too deeply.
    """
    return value if isinstance(value, str) else _written(value, budget, literal=False)


def literal_text(value: Value, budget: Budget = DEFAULT_BUDGET) -> str:
    """Write a value as FEEL text that reads back as an equal value.

    Raises:
        BudgetExceededError: The text would be too long.
        Failure: The value is nested too deeply, or has a function in it, which has no such text.
    """
    return _written(value, budget, literal=True)


_SHOWN = 60


def shown(value: Value) -> str:
    """Write a value for a message: as literal text, cut short where it is long."""
    pieces: list[str] = []
    length = 0
    try:
        for piece in _pieces(value, DEFAULT_BUDGET.value_depth, literal=False):
            pieces.append(piece)
            length += len(piece)
            if length > _SHOWN:
                return "".join(pieces)[: _SHOWN - 1] + "…"
    except Failure:
        return "…"
    return "".join(pieces)


def quoted(text: str) -> str:
    """Write a text as a FEEL string literal; characters that cannot be seen are escaped."""
    for character, escape in _ESCAPES:
        text = text.replace(character, escape)
    return f'"{visible(text)}"'


# The backslash comes first: the other escapes bring backslashes in.
_ESCAPES = (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t"))


_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{6})|(['\"\\nrt]))")
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t"}


def unquoted(literal: str) -> str:
    r"""Give the text that a FEEL string literal, with its quotes, stands for.

    A backslash that begins no escape of the language is kept. Two escapes may make one character
    together, as `\uD83D\uDC0E` do.

    Raises:
        Failure: An escape names no Unicode character.
    """

    def character(match: re.Match[str]) -> str:
        point = match[1] or match[2]
        return chr(int(point, 16)) if point else _ESCAPED.get(match[3], match[3])

    try:
        text = _ESCAPE.sub(character, literal[1:-1])
        return text.encode("utf-16", "surrogatepass").decode("utf-16")
    except (ValueError, OverflowError):
        raise Failure(
            "eval.literal", message("a text has an escape that stands for no character")
        ) from None


def _written(value: Value, budget: Budget, *, literal: bool) -> str:
    pieces: list[str] = []
    length = 0
    for piece in _pieces(value, budget.value_depth, literal=literal):
        pieces.append(piece)
        length += len(piece)
        if length > budget.string_length:
            raise BudgetExceededError(
                "eval.size",
                message(
                    "a text would be longer than {limit} characters", limit=budget.string_length
                ),
            )
    return "".join(pieces)


# The text comes in pieces so that writing stops as soon as it is too long: a list that holds the
# same list twice, sixty levels deep, is small in memory and has no end as text.
def _pieces(value: Value, depth: int, *, literal: bool) -> Iterator[str]:
    if depth < 0:
        raise Failure("eval.too-deep", message("the value is nested too deeply to be written"))
    match value:
        case None:
            yield "null"
        case bool():
            yield "true" if value else "false"
        case str():
            yield quoted(value)
        case Decimal():
            yield numbers.number_text(value)
        case list():
            yield "["
            for index, item in enumerate(value):
                yield ", " if index else ""
                yield from _pieces(item, depth - 1, literal=literal)
            yield "]"
        case dict():
            yield "{"
            for index, (key, item) in enumerate(value.items()):
                yield f"{', ' if index else ''}{key_text(key)}: "
                yield from _pieces(item, depth - 1, literal=literal)
            yield "}"
        case Range():
            yield from _range_pieces(value, depth)
        case Function():
            if literal:
                raise Failure("eval.type", message("a function cannot be written as a value"))
            names = ", ".join(each.name for each in value.parameters)
            yield f"{value.name or 'function'}({names})"
        case _:
            text = temporal.text(value)
            yield f'@"{text}"' if literal else text


def _range_pieces(value: Range, depth: int) -> Iterator[str]:
    if value.operator is not None:
        operand = value.start if value.operator in (">", ">=") else value.end
        yield f"({value.operator} "
        yield from _pieces(operand, depth - 1, literal=True)
        yield ")"
        return
    yield "[" if value.start_included else "("
    yield from _pieces(value.start, depth - 1, literal=True)
    yield ".."
    yield from _pieces(value.end, depth - 1, literal=True)
    yield "]" if value.end_included else ")"


_PLAIN_KEY = re.compile(r"[A-Za-z_À-ÖØ-öø-ſ][0-9A-Za-z_À-ÖØ-öø-ſ]*")
_KEYWORDS = frozenset(
    [
        "and",
        "between",
        "else",
        "every",
        "external",
        "false",
        "for",
        "function",
        "if",
        "in",
        "instance",
        "not",
        "null",
        "of",
        "or",
        "return",
        "satisfies",
        "some",
        "then",
        "true",
    ]
)


def key_text(key: str) -> str:
    """Write the key of a context: bare if it is a simple name, else quoted."""
    return key if _PLAIN_KEY.fullmatch(key) and key not in _KEYWORDS else quoted(key)
