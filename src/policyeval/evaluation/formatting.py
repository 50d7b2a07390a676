"""Values in the words of a language: numbers, money, days, durations.

Numbers and the names of months follow CLDR, by way of Babel; the words of the law (*dagar*, not the
*dygn* of CLDR) are our own. A number is never rounded: what the terms came to is what is shown.
A day always has its full year.
"""

import decimal
import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Context, Decimal
from functools import cache
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from policyeval.feel import numbers, temporal
from policyeval.feel.failure import Failure
from policyeval.feel.temporal import zones
from policyeval.feel.values import (
    NANOSECONDS_PER_SECOND,
    Time,
    WideDate,
    WideDateTime,
    YearsMonthsDuration,
)
from policyeval.messages import Message, language_of, message

if TYPE_CHECKING:
    from babel.core import Locale

# INVARIANT: a locale is chosen from this table; no text from outside reaches `Locale`.
_LOCALES: Final = {"sv": "sv_SE", "de": "de_DE", "en": "en_GB"}

# A number further from one than this is written with a power of ten.
_WRITTEN_OUT = 40
_PRECISION = 60


@cache
def _locale(language: str) -> "Locale":
    from babel.core import Locale  # late: Babel takes its time, and most answers are never shown

    return Locale.parse(_LOCALES[language_of(language)])


# ---------------------------------------------------------------------- numbers


def number(value: Decimal, language: str) -> str:
    """Write a number in full, with the separators of the language: `1 234,5`."""
    if not _can_be_written_out(value):
        return _with_power(value, language)
    from babel.numbers import format_decimal

    plain = _plain(value)
    with _computing(plain):
        return format_decimal(plain, locale=_locale(language), decimal_quantization=False)


def money(value: Decimal, currency: str | None, language: str) -> str:
    """Write an amount with at least the decimals that its currency has, and never fewer than it has.

    Without a currency it is a number with at least two decimals.
    """
    if not _can_be_written_out(value):
        return f"{_with_power(value, language)} {currency or ''}".rstrip()
    from babel.numbers import format_currency, format_decimal, get_currency_symbol

    plain = _plain(value)
    locale = _locale(language)
    with _computing(plain):
        if currency is None:
            return format_decimal(plain, "#,##0.00", locale, decimal_quantization=False)
        symbol = get_currency_symbol(currency, locale)
        # A code such as SEK is set apart from the digits; Babel does so only where it follows them.
        ahead = language_of(language) == "en"
        pattern = "¤\xa0#,##0.00" if ahead and symbol[-1:].isalpha() else None
        return format_currency(plain, currency, pattern, locale, decimal_quantization=False)


def percent(value: Decimal, language: str) -> str:
    """Write a share as a percentage: 0.125 as `12,5 %`."""
    if not _can_be_written_out(value):
        return f"{_with_power(value, language)} × 100 %"
    from babel.numbers import format_percent

    plain = _plain(value)
    with _computing(plain):
        return format_percent(plain, locale=_locale(language), decimal_quantization=False)


def _computing(value: Decimal) -> "decimal._ContextManager":
    """Give Babel, which computes in the thread's context, one that is wide enough and always the same."""
    digits = len(value.as_tuple().digits)
    context = Context(
        prec=max(_PRECISION, digits + _WRITTEN_OUT + 10),
        rounding=ROUND_HALF_EVEN,
        Emin=-999_999,
        Emax=999_999,
        capitals=1,
        clamp=0,
        flags=[],
        traps=[decimal.InvalidOperation, decimal.DivisionByZero, decimal.Overflow],
    )
    return decimal.localcontext(context)  # noqa: TID251  # the context is ours, not the thread's


def _can_be_written_out(value: Decimal) -> bool:
    return not value or abs(value.adjusted()) <= _WRITTEN_OUT


def _plain(value: Decimal) -> Decimal:
    return Decimal(numbers.number_text(value)) if value else numbers.ZERO


def _with_power(value: Decimal, language: str) -> str:
    sign, digits, _ = value.as_tuple()
    coefficient = Decimal((sign, digits, 1 - len(digits)))
    return f"{number(coefficient, language)} × 10^{value.adjusted()}"


# ---------------------------------------------------------------------- days and times


def day(value: date | WideDate, language: str, *, long: bool = False) -> str:
    """Write a day: `1 feb. 2024`, `01.02.2024`; long with the month's name, `1. März 2024`."""
    if isinstance(value, WideDate):
        return temporal.text(value)
    chosen = language_of(language)
    if chosen == "de" and not long:
        return f"{value.day:02}.{value.month:02}.{value.year:04}"
    months = _locale(chosen).months["format"]["wide" if long else "abbreviated"]
    return f"{value.day}{'.' if chosen == 'de' else ''} {months[value.month]} {value.year:04}"


def moment(
    value: datetime | WideDateTime, language: str, zone: str | None, *, long: bool = False
) -> str:
    """Write an instant as day and time in a zone; with its offset where that is not clear from it."""
    if isinstance(value, WideDateTime):
        return temporal.text(value)
    local = _in_zone(value, zone)
    clock = _clock(temporal.nanosecond_of_day(local), language)
    text = message("{day} at {time}", day=day(local.date(), language, long=long), time=clock)
    offset = local.utcoffset()
    if offset is None or not _needs_offset(local):
        return text.text(language)
    return f"{text.text(language)} ({_offset(local)})"


def time_of_day(value: Time, language: str) -> str:
    """Write a time of day, with its offset or zone if it has one."""
    clock = _clock(value.nanosecond, language)
    return f"{clock} ({_zone_of(value)})" if value.zone is not None else clock


def _zone_of(value: Time) -> str:
    if isinstance(value.zone, ZoneInfo):
        return value.zone.key
    text = temporal.text(value)
    offset = re.search(r"(?:Z|[+-][0-9:]+)$", text)
    return "UTC" if offset is None or offset[0] == "Z" else f"UTC{offset[0]}"


def _in_zone(value: datetime, zone: str | None) -> datetime:
    if value.tzinfo is None or zone is None:
        return value
    try:
        return value.astimezone(zones.zone_named(zone))
    except (Failure, OverflowError):  # a zone that this machine lacks; the first or last day of all
        return value


def _needs_offset(value: datetime) -> bool:
    """Tell whether a clock in the value's zone does not show this time once and once only."""
    if not isinstance(value.tzinfo, ZoneInfo):
        return True
    return value.replace(fold=0).utcoffset() != value.replace(fold=1).utcoffset()


def _offset(value: datetime) -> str:
    text = value.isoformat()
    offset = text[-6:] if text[-6] in "+-" else text[-9:]
    return "UTC" if offset == "+00:00" else f"UTC{offset}"


def _clock(nanosecond: int, language: str) -> str:
    seconds, finer = divmod(nanosecond, NANOSECONDS_PER_SECOND)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    text = f"{hour:02}:{minute:02}"
    if second or finer:
        text += f":{second:02}"
    if finer:
        text += ("." if language_of(language) == "en" else ",") + f"{finer:09}".rstrip("0")
    return text


# ---------------------------------------------------------------------- durations


def duration(value: temporal.AnyDuration | YearsMonthsDuration, language: str) -> str:
    """Write a duration in words: `180 dagar`, `1 Jahr und 6 Monate`, `minus 2 days`."""
    if isinstance(value, YearsMonthsDuration):
        total: int = value.months
        parts = _years_and_months(abs(total), language)
    else:
        total = temporal.nanoseconds(value)
        parts = _days_and_time(abs(total), language)
    text = listed([each.text(language) for each in parts], language)
    return message("minus {amount}", amount=text).text(language) if total < 0 else text


def _years_and_months(total: int, language: str) -> list[Message]:
    years, months = divmod(total, 12)
    shown = number(Decimal(years), language)
    parts = []
    if years:
        one = years == 1
        parts.append(
            message("{count} year", count=shown) if one else message("{count} years", count=shown)
        )
    shown = number(Decimal(months), language)
    if months or not years:
        one = months == 1
        parts.append(
            message("{count} month", count=shown) if one else message("{count} months", count=shown)
        )
    return parts


def _days_and_time(total: int, language: str) -> list[Message]:
    seconds, finer = divmod(total, NANOSECONDS_PER_SECOND)
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    days, hour = divmod(hours, 24)
    exact = numbers.add(Decimal(second), Decimal(finer).scaleb(-9, numbers.CONTEXT))
    parts = []
    if days or not total:
        shown = number(Decimal(days), language)
        one = days == 1
        parts.append(
            message("{count} day", count=shown) if one else message("{count} days", count=shown)
        )
    if hour:
        shown = number(Decimal(hour), language)
        one = hour == 1
        parts.append(
            message("{count} hour", count=shown) if one else message("{count} hours", count=shown)
        )
    if minute:
        shown = number(Decimal(minute), language)
        one = minute == 1
        parts.append(
            message("{count} minute", count=shown)
            if one
            else message("{count} minutes", count=shown)
        )
    if exact:
        shown = number(exact, language)
        one = exact == 1
        parts.append(
            message("{count} second", count=shown)
            if one
            else message("{count} seconds", count=shown)
        )
    return parts


# ---------------------------------------------------------------------- several


def listed(items: Sequence[str], language: str) -> str:
    """Join texts as a sentence does: `a, b och c`."""
    if len(items) < 2:
        return "".join(items)
    first = ", ".join(items[:-1])
    return message("{items} and {last}", items=first, last=items[-1]).text(language)
