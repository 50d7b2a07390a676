"""Tokens: what the lexer divides a text into, by the names that the grammar has for them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final, NamedTuple

END: Final = "$END"


class Token(NamedTuple):
    """A token: its kind as the grammar names it, its value, and its place."""

    kind: str
    value: str | Decimal
    start: int
    end: int


SYMBOLS: Final[Mapping[str, str]] = {
    "+": "PLUS",
    "-": "MINUS",
    "*": "TIMES",
    "/": "DIVIDED",
    "**": "POWER",
    "=": "EQUAL",
    "!=": "NOT_EQUAL",
    "<": "LESS",
    "<=": "LESS_EQUAL",
    ">": "GREATER",
    ">=": "GREATER_EQUAL",
    "(": "LPAR",
    ")": "RPAR",
    "[": "LSQB",
    "]": "RSQB",
    "{": "LBRACE",
    "}": "RBRACE",
    ",": "COMMA",
    ":": "COLON",
    ".": "DOT",
    "..": "DOTS",
    "->": "ARROW",
}
KEYWORDS: Final[Mapping[str, str]] = {
    word: word.upper()
    for word in (
        *("if", "then", "else", "for", "return", "some", "every", "satisfies", "function"),
        *("and", "or", "between", "in", "null", "true", "false"),
    )
}
# Keywords that join, and so cannot begin a value.
JOINING: Final = frozenset(
    {"and", "or", "between", "in", "instance", "then", "else", "return", "satisfies"}
)
