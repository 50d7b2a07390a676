"""Truth values, numbers, texts and days, read strictly: exact, bounded, one form each."""

import re
from collections.abc import Callable, Iterable
from datetime import date
from decimal import ROUND_HALF_EVEN, Context, Decimal, Inexact, InvalidOperation
from typing import Final
from unicodedata import is_normalized, normalize

from policyeval.diagnostics import did_you_mean
from policyeval.facts.refusal import Refused, cut, few
from policyeval.feel import slips
from policyeval.feel.temporal.making import problem_of_day
from policyeval.messages import Message, message

TEXT_BYTES: Final = 65_536
"""Bytes of a text, in UTF-8."""

WHOLE_DIGITS: Final = 18
DECIMALS: Final = 12
LARGEST: Final = Decimal("9" * WHOLE_DIGITS + "." + "9" * DECIMALS)

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2199
FIRST_DAY: Final = date(FIRST_YEAR, 1, 1)
LAST_DAY: Final = date(LAST_YEAR, 12, 31)

ZERO: Final = Decimal(0)
_BEYOND: Final = 10**WHOLE_DIGITS
_STEP: Final = Decimal(f"1E-{DECIMALS}")
_ONE: Final = Decimal(1)
# Whatever does not fit without rounding is a signal.
_EXACT: Final = Context(
    prec=WHOLE_DIGITS + DECIMALS,
    rounding=ROUND_HALF_EVEN,
    Emin=-999_999,
    Emax=999_999,
    traps=[Inexact, InvalidOperation],
)
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")

BOOLEAN_HELP: Final = message("write `true` or `false`, without quotation marks")
NUMBER_HELP: Final = message("write a number with a point, such as `1234.50`")
TEXT_HELP: Final = message('write a text in quotation marks, such as `"example"`')
DATE_HELP: Final = message("write a day as in `2024-01-31`")


def boolean(given: object) -> bool:
    """Read a truth value.

    Raises:
        Refused: It is none.
    """
    if given is True:
        return True
    if given is False:
        return False
    raise wrong_kind(given, "input.type", message("`true` or `false` is wanted here"), BOOLEAN_HELP)


def number(given: object) -> Decimal:
    """Read a number: at most 18 digits before the point and 12 after it, and exactly these.

    Raises:
        Refused: It is none, or has more digits.
    """
    if type(given) is int:
        if -_BEYOND < given < _BEYOND:
            return Decimal(given)
        raise _too_large()
    if type(given) is Decimal:
        return _decimal(given)
    if type(given) is str:
        if _NUMBER.fullmatch(given):
            return _decimal(Decimal(given))
        raise Refused(
            "input.number",
            message("`{text}` is no number", text=cut(given)),
            _number_meant(given) or NUMBER_HELP,
        )
    code = "input.number" if type(given) is bool else "input.type"
    raise wrong_kind(given, code, message("a number is wanted here"), NUMBER_HELP)


def _decimal(given: Decimal) -> Decimal:
    if not given:
        return ZERO  # a zero has no sign
    if not given.is_finite():
        raise Refused(
            "input.number", message("`{text}` is no number", text=str(given)), NUMBER_HELP
        )
    if given.adjusted() >= WHOLE_DIGITS:
        raise _too_large()
    exponent = given.as_tuple().exponent
    if -DECIMALS <= int(exponent) <= 0:
        return given
    try:
        # Either zeros at its end that say nothing, or digits too many.
        return _EXACT.quantize(given, _STEP if int(exponent) < 0 else _ONE)
    except (Inexact, InvalidOperation):
        raise Refused(
            "input.number-digits",
            message("the number has more than {limit} digits after the point", limit=DECIMALS),
            message("round it before it is given, as the terms ask"),
        ) from None


def _too_large() -> Refused:
    return Refused(
        "input.number-range",
        message("the number has more than {limit} digits before the point", limit=WHOLE_DIGITS),
        message("look whether the unit is right, and whether digits were added"),
    )


def _number_meant(text: str) -> Message | None:
    if len(text) > 40:
        return None
    meant = slips.numbers_meant(text.strip())
    if len(meant) == 2:
        return message(
            "write `{whole}`, or `{fraction}` if the comma begins the fraction",
            whole=meant[0],
            fraction=meant[1],
        )
    if meant or _NUMBER.fullmatch(text.strip()):
        return message("write `{text}`", text=meant[0] if meant else text.strip())
    return None


def text(given: object) -> str:
    """Read a text, in the composed form of its characters (NFC).

    Raises:
        Refused: It is none, is too long, or has halves of characters.
    """
    if type(given) is not str:
        raise wrong_kind(given, "input.type", message("a text is wanted here"), TEXT_HELP)
    if given.isascii():
        size = len(given)
    else:
        if len(given) > TEXT_BYTES:
            raise _too_long()
        try:
            size = len(given.encode())
        except UnicodeEncodeError as error:
            raise Refused(
                "text.encoding",
                message("`{text}` is no Unicode character", text=given[error.start]),
                message("delete it; the text may have been damaged on its way"),
            ) from None
        if not is_normalized("NFC", given):
            given = normalize("NFC", given)
    if size > TEXT_BYTES:
        raise _too_long()
    return given


def _too_long() -> Refused:
    return Refused(
        "input.too-long",
        message("the text is longer than {limit} bytes", limit=TEXT_BYTES),
        message("shorten it; what is no fact, such as a whole document, is left out"),
    )


def one_of(values: Iterable[str]) -> Callable[[object], str]:
    """Make the reader of a text that is one of a few.

    Its Refused names the nearest of them, or all.
    """
    known = {normalize("NFC", each): each for each in values}

    def read(given: object) -> str:
        if type(given) is str and given in known:
            return known[given]
        if type(given) is not str:
            raise wrong_kind(given, "input.type", message("a text is wanted here"), _choices())
        found = text(given)
        if found in known:
            return known[found]
        near = did_you_mean(found, known) if len(found) <= 64 else None
        what = message("`{text}` is not among the values of this fact", text=cut(found))
        raise Refused("input.one-of", what, near or _choices())

    def _choices() -> Message:
        return message("write one of these: `{values}`", values=few(known, 20))

    return read


def day(given: object) -> date:
    """Read a day of the years 1900 to 2199.

    Raises:
        Refused: It is none, or of another year.
    """
    if type(given) is date:
        if FIRST_YEAR <= given.year <= LAST_YEAR:
            return given
        raise other_year("input.date")
    if type(given) is str:
        if match := _DATE.fullmatch(given):
            return day_of(int(match[1]), int(match[2]), int(match[3]), "input.date")
        meant = slips.date_meant(given.strip())
        raise Refused(
            "input.date",
            message("`{text}` is no day", text=cut(given)),
            DATE_HELP if meant is None else message("write `{text}`", text=meant),
        )
    code = "input.type" if type(given) is bool else "input.date"
    raise wrong_kind(given, code, message("a day is wanted here"), DATE_HELP)


def day_of(year: int, month: int, day_of_month: int, code: str, *, beyond: int = 0) -> date:
    """Make a day of what was written.

    Args:
        year: Of the years 1900 to 2199, and of some `beyond` them on either side.
        month: From 1.
        day_of_month: From 1.
        code: What a refusal is known by.
        beyond: A moment that is written in another zone may be of another year there.

    Raises:
        Refused: There is no such day, or it is in another year.
    """
    if not FIRST_YEAR - beyond <= year <= LAST_YEAR + beyond:
        raise other_year(code)
    problem = problem_of_day(year, month, day_of_month)
    if problem is not None:
        raise Refused(code, problem, DATE_HELP)
    return date(year, month, day_of_month)


def other_year(code: str) -> Refused:
    """Refuse a day outside the years that facts are of."""
    return Refused(
        code,
        message("years go from {low} to {high}", low=FIRST_YEAR, high=LAST_YEAR),
        message("look whether the year was mistyped"),
    )


def wrong_kind(given: object, code: str, wanted: Message, help_: Message) -> Refused:
    """Refuse a value that is of another kind than is wanted."""
    if given is None:
        code = "input.null"
    elif isinstance(given, list | dict):
        code = "input.type"
    return Refused(code, wanted, help_)
