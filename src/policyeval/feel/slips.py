"""What is often written where FEEL writes something else, and what to tell those who do.

People write conditions as they speak and as their word processor and their spreadsheet write:
in Swedish and German, with decimal commas, currency signs and dates as in `31.12.2024`.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from policyeval.diagnostics import Diagnostic
from policyeval.messages import Message, message
from policyeval.source import Source, Span

# What people write who know other languages, or word processors, and what FEEL has for it.
OPERATORS: Final = {
    "==": "=",
    "===": "=",
    "!==": "!=",
    "<>": "!=",
    "=<": "<=",
    "=>": ">=",
    "&&": "and",
    "&": "and",
    "||": "or",
    "|": "or",
    "^": "**",
    "−": "-",
    "–": "-",
    "—": "-",
    "×": "*",
    "·": "*",
    "÷": "/",
    "≤": "<=",
    "≥": ">=",
    "≠": "!=",
    "…": "..",
}

# Words of Swedish, German and of other languages for computers, and what FEEL has for them.
_SAID: Final[Mapping[str, str]] = {
    "and": "and und och samt sowie",
    "or": "or oder eller",
    "then": "then dann då",
    "else": "else sonst ansonsten andernfalls annars",
    "between": "between zwischen mellan",
    "in": "in",
    "=": "is ist är equals equal eq lika gleich",
    "!=": "ne ungleich olika",
    "<": "lt less kleiner mindre weniger färre",
    ">": "gt greater more grösser groesser större mehr mer",
    "<=": "le lte höchstens högst",
    ">=": "ge gte mindestens minst",
    "+": "plus",
    "-": "minus",
    "*": "x times mal gånger",
    "/": "div durch",
}
WORDS: Final[Mapping[str, str]] = {
    word: meant for meant, words in _SAID.items() for word in words.split()
}
"""What stands between two values, and how it is written."""

_BEGUN: Final[Mapping[str, str]] = {
    "if": "if wenn falls om ifall",
    "for": "for für för",
    "some": "some",
    "every": "every",
    "function": "function",
}
OPENINGS: Final[Mapping[str, str]] = {
    word: meant for meant, words in _BEGUN.items() for word in words.split()
}
"""What stands before a value, and how it is written."""

NEGATIONS: Final = frozenset({"not", "nicht", "kein", "keine", "inte", "ej", "unless"})
EQUALITIES: Final = frozenset(word for word, meant in WORDS.items() if meant == "=")

_VALUES: Final[Mapping[str, str]] = {
    "null": "null none nil nothing undefined empty leer tom tomt ingen inget inga keine keiner fehlt "
    "saknas",
    "true": "true yes ja sant wahr",
    "false": "false no nej nein falskt falsch",
}
VALUES: Final[Mapping[str, str]] = {
    word: meant for meant, words in _VALUES.items() for word in words.split()
}
"""Values by the names that other languages have for them."""

FUNCTIONS: Final[Mapping[str, str]] = {
    "round": "round half up(n, 2)",
    "runden": "round half up(n, 2)",
    "avrunda": "round half up(n, 2)",
    "rounddown": "round down(n, 2)",
    "roundup": "round up(n, 2)",
    "length": "string length(text)",
    "len": "string length(text)",
    "size": "count(list)",
    "first": "list[1]",
    "last": "list[-1]",
    "average": "mean(list)",
    "avg": "mean(list)",
    "mod": "modulo(a, b)",
    "concat": "a + b",
    "trim": "replace(text, pattern, replacement)",
    "isnull": "value = null",
    "isempty": "value = null",
    "isblank": "value = null",
    "exists": "value != null",
    "isdefined": "value != null",
    "coalesce": "if a = null then b else a",
    "ifnull": "if a = null then b else a",
    "nvl": "if a = null then b else a",
    "days": "(b - a).days",
    "datediff": "(b - a).days",
    "datum": 'date("2024-01-31")',
    "datevalue": 'date("2024-01-31")',
    "addmonths": 'a + duration("P6M")',
    "adddays": 'a + duration("P180D")',
    "edate": 'a + duration("P6M")',
    "iif": "if a then b else c",
}
"""Functions that spreadsheets and other languages have, in small letters without spaces."""

_CURRENCY_WORDS = frozenset(
    [
        "€",
        "$",
        "£",
        "¥",
        "kr",
        "kr.",
        "sek",
        "eur",
        "euro",
        "euros",
        "usd",
        "gbp",
        "chf",
        "nok",
        "dkk",
        "kronor",
        "franken",
    ]
)
_PER_CENT = frozenset({"%", "percent", "procent", "prozent", "pct"})
_UNITS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("day", "days", "tag", "tage", "tagen", "dag", "dagar", "d"), "D"),
    **dict.fromkeys(("week", "weeks", "woche", "wochen", "vecka", "veckor", "w"), "W"),
    **dict.fromkeys(("month", "months", "monat", "monate", "monaten", "månad", "månader"), "M"),
    **dict.fromkeys(("year", "years", "jahr", "jahre", "jahren", "år", "y"), "Y"),
    **dict.fromkeys(("hour", "hours", "stunde", "stunden", "timme", "timmar", "h"), "TH"),
    **dict.fromkeys(("minute", "minutes", "minuten", "minut", "minuter", "min"), "TM"),
}


def is_currency(word: str) -> bool:
    """Tell whether a word stands for a currency."""
    return word.casefold() in _CURRENCY_WORDS


def is_per_cent(word: str) -> bool:
    """Tell whether a word stands for hundredths."""
    return word.casefold() in _PER_CENT


def period_meant(number: str, unit: str) -> str | None:
    """Give the duration that a number and a unit stand for: `P180D` for `180` and `days`."""
    letter = _UNITS.get(unit.casefold())
    if letter is None or not number.isdecimal() or len(number) > 9:
        return None
    if letter == "W":
        return f"P{int(number) * 7}D"
    return f"P{'T' * (len(letter) - 1)}{int(number)}{letter[-1]}"


_PERIOD = re.compile(r"\s*([0-9]+)\s*([^\W\d_]+)\s*")
_LOOSE_DURATION = re.compile(r"P?(?:[0-9]+[YMWD])+(?:T(?:[0-9]+[HMS])+)?|PT(?:[0-9]+[HMS])+")


def duration_meant(text: str) -> str | None:
    """Give the duration that was probably meant: `P6M` for `P6 M`, `p6m`, `6M` or `6 months`."""
    tight = re.sub(r"\s", "", text).upper() if len(text) <= 40 else ""
    if _LOOSE_DURATION.fullmatch(tight):
        tight = re.sub(r"([0-9]+)W", lambda weeks: f"{int(weeks[1]) * 7}D", tight)
        return tight if tight.startswith("P") else "P" + tight
    period = _PERIOD.fullmatch(text) if len(text) <= 40 else None
    return period_meant(period[1], period[2]) if period else None


_YEAR_FIRST = re.compile(r"\s*([0-9]{4})\s*([-./])\s*([0-9]{1,2})\s*\2\s*([0-9]{1,2})(?:\s*|T.*)")
_DAY_FIRST = re.compile(r"\s*([0-9]{1,2})\s*([-./])\s*([0-9]{1,2})\s*\2\s*([0-9]{4})\s*")
_COMPACT = re.compile(r"\s*([0-9]{4})([0-9]{2})([0-9]{2})\s*")


def date_meant(text: str) -> str | None:
    """Give the date that was probably meant: `2024-12-31` for `31.12.2024`.

    With slashes either the day or the month may come first, so only one that is no month tells.
    """
    if len(text) > 40:
        return None
    if match := _YEAR_FIRST.fullmatch(text):
        year, month, day = match[1], match[3], match[4]
    elif match := _COMPACT.fullmatch(text):
        year, month, day = match[1], match[2], match[3]
    elif match := _DAY_FIRST.fullmatch(text):
        year, month, day = match[4], match[3], match[1]
        if match[2] == "/" and int(month) > 12:
            month, day = day, month
        elif match[2] == "/" and int(day) <= 12:
            return None
    else:
        return None
    meant = f"{year}-{int(month):02}-{int(day):02}"
    return meant if 1 <= int(month) <= 12 and 1 <= int(day) <= 31 else None


# Digits as they are written in groups and with commas, up to what is none of that.
_FIGURES = re.compile(r"[0-9]+(?:(?:[.,'’_]|[ \u00a0\u202f\u2009])[0-9]+)+")
_GROUPED = re.compile(
    r"[0-9]{1,3}(?:([.,'’_ \u00a0\u202f\u2009])[0-9]{3})(?:\1[0-9]{3})*([.,][0-9]+)?"
)
_COMMA = re.compile(r"([0-9]+),([0-9]+)")


def figures(text: str, start: int) -> str:
    """Give the digits that begin at a place, with the signs that people put between them."""
    match = _FIGURES.match(text, start)
    return match[0] if match else ""


def numbers_meant(text: str) -> tuple[str, ...]:
    """Give what figures such as `1.000,50` mean; two numbers where `1,000` may be either."""
    comma = _COMMA.fullmatch(text)
    grouped = _GROUPED.fullmatch(text)
    found = []
    if grouped and (grouped[2] is None or grouped[2][0] != grouped[1]):
        whole = text[: len(text) - len(grouped[2] or "")]
        found.append(re.sub(r"\D", "", whole) + (grouped[2] or "").replace(",", "."))
    if comma:
        found.append(f"{comma[1]}.{comma[2]}")
    return tuple(found)


def hundredths(number: str) -> str:
    """Give per cent as a fraction: `0.25` for `25`."""
    return f"{Decimal(number).scaleb(-2).normalize():f}" if len(number) <= 20 else f"{number} / 100"


def operator(source: Source, span: Span) -> Diagnostic:
    """Tell what to write for an operator of another language."""
    written = source.text[span.start : span.end]
    return Diagnostic(
        "feel.syntax",
        message("`{written}` is not an operator here", written=written),
        span,
        source,
        message("write `and` between conditions, `+` between texts")
        if written == "&"
        else message("write `{meant}`", meant=OPERATORS[written]),
    )


def quotation(source: Source, span: Span) -> Diagnostic:
    """Tell how a text is quoted."""
    written = source.text[span.start : span.end]
    sign = "@" if written.startswith("@") else ""
    inside = written.removeprefix("@").strip()[1:-1]
    return Diagnostic(
        "feel.syntax",
        message('a text stands between double quotation marks `"`'),
        span,
        source,
        message("write `{text}`", text=f'{sign}"{inside}"'),
    )


def unclosed_text(source: Source, start: int) -> Diagnostic:
    """Tell that a text has no second quotation mark."""
    return Diagnostic(
        "feel.syntax",
        message("the text that begins here is never closed"),
        Span(start, start + 1),
        source,
        message('put a quotation mark `"` at both ends of the text')
        if source.text[start - 1 : start].isalnum()
        else message('put a quotation mark `"` where the text ends'),
    )


def unclosed_comment(source: Source, start: int) -> Diagnostic:
    """Tell that a comment has no end."""
    return Diagnostic(
        "feel.syntax",
        message("the comment that begins here is never closed"),
        Span(start, start + 2),
        source,
        message("put `*/` where the comment ends"),
    )


def number_and_letters(source: Source, span: Span) -> Diagnostic:
    """Tell that letters stand right after a number."""
    text = source.text[span.start : span.end]
    return Diagnostic(
        "feel.syntax",
        message("`{text}` is neither a number nor a name", text=text),
        span,
        source,
        _number_and_letters_meant(text)
        or message("a name begins with a letter; put a space after a number"),
    )


def _number_and_letters_meant(text: str) -> Message | None:
    if meant := numbers_meant(text):
        return message("write `{text}`", text=meant[0])
    digits = re.match(r"[0-9.]+", text)
    number, unit = (digits[0], text[digits.end() :]) if digits else ("", text)
    if is_currency(unit):
        return message("write the number alone, without the currency: `{number}`", number=number)
    if meant_period := period_meant(number, unit) or duration_meant(text):
        return message("write `{text}`", text=f'duration("{meant_period}")')
    return None


def character(source: Source, position: int) -> Diagnostic:
    """Tell that a character can begin nothing."""
    sign = source.text[position]
    return Diagnostic(
        "feel.syntax",
        message("the character `{sign}` has no meaning here", sign=sign),
        Span(position, position + 1),
        source,
        _instead(source.text, position),
    )


def _instead(text: str, position: int) -> Message | None:
    sign = text[position]
    match sign:
        case "!":
            return message("write `not(…)` for the opposite of a condition")
        case "%":
            return message("for per cent divide by 100, for a remainder write `modulo(a, b)`")
        case ";" if _NOTHING_MORE.match(text, position + 1):
            return message("delete it; nothing stands at the end of an expression")
        case ";":
            return message("values in a list are separated by commas")
        case "@":
            return message('write a date as `@"2024-01-31"`')
        case "#":
            return message("a comment begins with `//`")
        case "$" | "£" | "¥":
            return message("an amount is written as a number alone, without the currency")
        case "'" | "’" if text[position - 1 : position].isdigit() and numbers_meant(
            figures(text, _start_of_digits(text, position))
        ):
            meant = numbers_meant(figures(text, _start_of_digits(text, position)))
            return message("write `{text}`", text=meant[0])
        case "“" | "”" | "„" | "‘" | "’" | "'" | "`":
            return message('a text stands between double quotation marks `"`')
        case _:
            return None


_NOTHING_MORE = re.compile(r"\s*(?:\Z|(?:then|else)\b)")


def _start_of_digits(text: str, position: int) -> int:
    while position and text[position - 1].isdigit():
        position -= 1
    return position
