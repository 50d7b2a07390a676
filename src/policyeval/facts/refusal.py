"""Why a value cannot be a fact: said where the value is read, and placed in the text by the decoder."""

from collections.abc import Iterable

from policyeval.messages import Message, message

SHOWN = 60
"""Characters of a given text that a message repeats."""


class Refused(Exception):
    """A value cannot be what is wanted where it was given.

    Attributes:
        code: A key of `policyeval.diagnostics.CODES`.
        text: What is wrong.
        help: What is wanted, with an example.
    """

    def __init__(self, code: str, text: Message, help_: Message | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.text = text
        self.help = help_


def cut(text: str) -> str:
    """Shorten a text that somebody gave, for a message."""
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"


def few(names: Iterable[str], limit: int = 8) -> str:
    """List names for a message, the first few of many."""
    known = [cut(each) for each in names]
    return "`, `".join(known[:limit]) + ("`, `…" if len(known) > limit else "")


def of_no_kind() -> Refused:
    """Refuse a value of a kind that no fact has."""
    return Refused(
        "input.type",
        message("a value of this kind is no fact"),
        message("facts are `true` and `false`, numbers, texts, days, moments, and lists of them"),
    )


def binary_fraction() -> Refused:
    """Refuse a binary floating-point number."""
    return Refused(
        "input.float",
        message("a binary floating-point number is not exact"),
        message('write `Decimal("12.50")` or the text `"12.50"`'),
    )
