"""The values of literals: numbers in decimal, strings with their escapes replaced."""

import re
from decimal import Decimal, InvalidOperation, Overflow

from policyeval.diagnostics import Diagnostic
from policyeval.feel.numbers import CONTEXT
from policyeval.messages import message
from policyeval.source import Source, Span

_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{6})|((?s:.)))")
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}
_SURROGATE = re.compile("[\ud800-\udfff]")
# Halves of characters, other than a first half followed by a second one.
_HALVES = re.compile(
    r"\\(?:[^uU]|u[dD][89abAB]..\\u[dD][c-fC-F]..|(?P<lone>u[dD][89a-fA-F]..|U00[dD][89a-fA-F]..))"
)


def number(source: Source, digits: str, span: Span) -> tuple[Decimal, Diagnostic | None]:
    """Give a number's value to 34 digits, rounded half to even; 0 and the problem if it has none."""
    try:
        value = CONTEXT.create_decimal(digits)
    except (Overflow, InvalidOperation):
        value = None
    mantissa = re.split("[eE]", digits)[0]
    if value is not None and (value or not mantissa.strip("0.")):
        return value, None
    shown = digits if len(digits) <= 40 else digits[:39] + "…"
    return Decimal(0), Diagnostic(
        "feel.number-range",
        message("the number `{number}` is too large or too small", number=shown),
        span,
        source,
        message("numbers reach from `1e-6143` to `9.99e6144`"),
    )


def unescaped(source: Source, raw: str, start: int) -> tuple[str, list[Diagnostic]]:
    r"""Replace the escapes of a string (rule 64), and tell of those that are no character.

    An escape that FEEL does not know stays as it is: regular expressions are full of `\d` and `\s`.
    """
    if "\\" not in raw:
        return raw, []
    problems: list[Diagnostic] = []

    def replaced(match: re.Match[str]) -> str:
        code = match[1] or match[2]
        if code is None:
            return _ESCAPED.get(match[3], match[0])
        if int(code, 16) > 0x10FFFF:
            problems.append(_no_character(source, match[0], start + match.start()))
            return ""
        return chr(int(code, 16))

    value = _ESCAPE.sub(replaced, raw)
    if _SURROGATE.search(value) and not _SURROGATE.search(raw):
        value = value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        problems += [
            _no_character(source, match[0], start + match.start())
            for match in _HALVES.finditer(raw)
            if match["lone"]
        ]
    return value, problems


def _no_character(source: Source, escape: str, start: int) -> Diagnostic:
    return Diagnostic(
        "text.encoding",
        message("`{escape}` is no character", escape=escape),
        Span(start, start + len(escape)),
        source,
        message("write the character itself, or its number as `\\U` and six digits"),
    )
