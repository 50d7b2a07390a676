"""What is often written where FEEL writes something else, and what to tell those who do."""

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


def operator(source: Source, span: Span) -> Diagnostic:
    """Tell what to write for an operator of another language."""
    written = source.text[span.start : span.end]
    return Diagnostic(
        "feel.syntax",
        message("`{written}` is not an operator here", written=written),
        span,
        source,
        message("write `{meant}`", meant=OPERATORS[written]),
    )


def quotation(source: Source, span: Span) -> Diagnostic:
    """Tell how a text is quoted."""
    written = source.text[span.start + 1 : span.end - 1]
    return Diagnostic(
        "feel.syntax",
        message('a text stands between double quotation marks `"`'),
        span,
        source,
        message("write `{text}`", text=f'"{written}"'),
    )


def unclosed_text(source: Source, start: int) -> Diagnostic:
    """Tell that a text has no second quotation mark."""
    return Diagnostic(
        "feel.syntax",
        message("the text that begins here is never closed"),
        Span(start, start + 1),
        source,
        message('put a quotation mark `"` where the text ends'),
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
    return Diagnostic(
        "feel.syntax",
        message("`{text}` is neither a number nor a name", text=source.text[span.start : span.end]),
        span,
        source,
        message("a name begins with a letter; put a space after a number"),
    )


def character(source: Source, position: int) -> Diagnostic:
    """Tell that a character can begin nothing."""
    sign = source.text[position]
    return Diagnostic(
        "feel.syntax",
        message("the character `{sign}` has no meaning here", sign=sign),
        Span(position, position + 1),
        source,
        _instead(sign),
    )


def _instead(sign: str) -> Message | None:
    match sign:
        case "!":
            return message("write `not(…)` for the opposite of a condition")
        case "%":
            return message("for per cent divide by 100, for a remainder write `modulo(a, b)`")
        case ";":
            return message("values in a list are separated by commas")
        case "@":
            return message('write a date as `@"2024-01-31"`')
        case "“" | "”" | "„" | "‘" | "’" | "'" | "`":
            return message('a text stands between double quotation marks `"`')
        case _:
            return None
