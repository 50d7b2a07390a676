"""How a number is written, and what was probably meant by one that is written in another way."""

import re
import unicodedata
from decimal import Decimal
from typing import Final

from policyeval.messages import Message, message

DIGITS: Final = 34
"""Digits of a number, as many as are computed with."""

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_DIGIT = re.compile(r"[0-9]")
# Signs that occur in numbers of one system or another. Nothing longer than this is looked into.
_NUMERIC = re.compile(r"[-+.,:_'’ \xa0\u202f%0-9a-fA-FxXoO]+")
_WORDS = re.compile(r"[-+]?\.?(?:inf|infinity|nan)", re.IGNORECASE)
_BASES = {"0x": 16, "0o": 8, "0b": 2}
_SEPARATED = re.compile(
    r"[0-9]{1,3}(?:([_'’ \xa0\u202f.,])[0-9]{3})(?:\1[0-9]{3})*(?!\1)(?:[.,][0-9]+)?"
)
_AMBIGUOUS = re.compile(r"-?[1-9][0-9]{0,2}[.,][0-9]{3}")


def is_number(text: str) -> bool:
    """Tell whether a text is a number as policies write it, of at most 34 digits."""
    return _NUMBER.fullmatch(text) is not None and not is_too_long(text)


def is_too_long(text: str) -> bool:
    """Tell whether a text is a number, in whatever notation, and has more than 34 digits."""
    if len(text) <= DIGITS or not _NUMERIC.fullmatch(text) or not _DIGIT.search(text):
        return False
    digits = text.lower().removeprefix("0x")
    return sum(each in "0123456789abcdef" for each in digits) > DIGITS


def exact(text: str) -> Decimal:
    """Give the value of a text that is a number; no context takes part in it."""
    value = Decimal(text)
    return value or value.copy_abs()


def looks_like_one(text: str) -> bool:
    """Tell whether a number was meant, by whatever notation."""
    return re.search(r"\d", text) is not None or _WORDS.fullmatch(text) is not None


def proposal(text: str) -> Message:
    """Say how to write the number that was probably meant."""
    if _WORDS.fullmatch(text):
        return message("only numbers can stand here; if there is no limit, leave the entry out")
    if re.fullmatch(r"[0-9]+(?::[0-9]+)+(?:\.[0-9]+)?", text):
        return message('if a text is meant, put it in quotation marks: `"{text}"`', text=text)
    text = unicodedata.normalize("NFKC", text).strip()
    if _AMBIGUOUS.fullmatch(text):
        whole = re.sub("[.,]", "", text)
        return message(
            "write `{number}` or `{other}`, as it is meant",
            number=whole,
            other=text.replace(",", "."),
        )
    number = _plain(text)
    if number is not None and is_number(number):
        return message("write `{number}`", number=number)
    return message("a number is written with digits and perhaps a point, as in `1234.50`")


def _plain(text: str) -> str | None:
    """Give a number in another notation in the usual one, if it can be told."""
    if len(text) > 2 * DIGITS:
        return None
    share = text.endswith("%")
    text = text.removesuffix("%").strip()
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text.removeprefix("+"))
    base = _BASES.get(digits[:2].lower())
    if base is not None:
        try:
            return f"{sign}{int(digits[2:], base)}"
        except ValueError:
            return None
    if _SEPARATED.fullmatch(digits):
        # The last of two different signs is the decimal one, as in `1.000,50`.
        separator = re.sub("[0-9]", "", digits)[0]
        digits = digits.replace(separator, "")
    digits = digits.replace("_", "").replace(",", ".")
    if not re.fullmatch(r"[0-9]*\.?[0-9]*(?:[eE][-+]?[0-9]{1,3})?", digits) or not _DIGIT.search(
        digits
    ):
        return None
    if share and "e" in digits.lower():
        return None
    return f"{sign}{Decimal(digits + 'e-2' * share):f}"
