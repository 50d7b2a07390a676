"""Numbers, money, days and durations read as a careful writer of each language writes them."""

import decimal
import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policyeval.evaluation import formatting
from policyeval.feel.values import (
    Time,
    WideDate,
    WideDateTime,
    WideDuration,
    YearsMonthsDuration,
)
from policyeval.messages import LANGUAGES

NBSP = "\xa0"


def shown(text: str) -> str:
    """Show what is written apart but kept together as a plain blank."""
    return text.replace(NBSP, " ")


@pytest.mark.parametrize(
    ("value", "en", "sv", "de"),
    [
        ("0", "0", "0", "0"),
        ("-0.0", "0", "0", "0"),
        ("12.50", "12.5", "12,5", "12,5"),
        ("1234.5", "1,234.5", "1 234,5", "1.234,5"),
        ("1E+3", "1,000", "1 000", "1.000"),
        ("0.005", "0.005", "0,005", "0,005"),
        (
            "12345678901234567890123456789.125",
            "12,345,678,901,234,567,890,123,456,789.125",
            "12 345 678 901 234 567 890 123 456 789,125",
            "12.345.678.901.234.567.890.123.456.789,125",
        ),
        ("1.5E+70", "1.5 × 10^70", "1,5 × 10^70", "1,5 × 10^70"),
        ("1E-6000", "1 × 10^-6000", "1 × 10^-6000", "1 × 10^-6000"),
    ],
)
def test_a_number_keeps_every_digit(value: str, en: str, sv: str, de: str) -> None:
    written = [shown(formatting.number(Decimal(value), each)) for each in ("en", "sv", "de")]
    assert written == [en, sv, de]


@pytest.mark.parametrize(
    ("value", "currency", "en", "sv", "de"),
    [
        ("0.125", "SEK", "SEK 0.125", "0,125 kr", "0,125 SEK"),
        ("2.665", "EUR", "€2.665", "2,665 €", "2,665 €"),
        ("12.5", "EUR", "€12.50", "12,50 €", "12,50 €"),
        ("12", "SEK", "SEK 12.00", "12,00 kr", "12,00 SEK"),
        ("1234.5", None, "1,234.50", "1 234,50", "1.234,50"),
        ("0.125", None, "0.125", "0,125", "0,125"),
        (
            "12345678901234567890123456789.12",
            "EUR",
            "€12,345,678,901,234,567,890,123,456,789.12",
            "12 345 678 901 234 567 890 123 456 789,12 €",
            "12.345.678.901.234.567.890.123.456.789,12 €",
        ),
        ("1E+50", "SEK", "1 × 10^50 SEK", "1 × 10^50 SEK", "1 × 10^50 SEK"),
        ("1E+50", None, "1 × 10^50", "1 × 10^50", "1 × 10^50"),
    ],
)
def test_an_amount_is_never_rounded_and_has_two_decimals_at_least(
    value: str, currency: str | None, en: str, sv: str, de: str
) -> None:
    amount = Decimal(value)
    written = [shown(formatting.money(amount, currency, each)) for each in ("en", "sv", "de")]
    assert written == [en, sv, de]


@pytest.mark.parametrize(
    ("value", "en", "sv", "de"),
    [
        ("0.125", "12.5%", "12,5 %", "12,5 %"),
        ("1", "100%", "100 %", "100 %"),
        ("0.00005", "0.005%", "0,005 %", "0,005 %"),
        ("1E-50", "1 × 10^-50 × 100 %", "1 × 10^-50 × 100 %", "1 × 10^-50 × 100 %"),
    ],
)
def test_a_share_is_written_as_a_percentage(value: str, en: str, sv: str, de: str) -> None:
    written = [shown(formatting.percent(Decimal(value), each)) for each in ("en", "sv", "de")]
    assert written == [en, sv, de]


def test_the_decimals_of_the_thread_have_no_say() -> None:
    with decimal.localcontext(decimal.Context(prec=3, traps=[decimal.Inexact])) as context:
        assert formatting.number(Decimal("123456.789"), "en") == "123,456.789"
        assert formatting.money(Decimal("123456.789"), "EUR", "en") == "€123,456.789"
        assert decimal.getcontext() is context
        assert context.prec == 3


@settings(max_examples=200)
@given(
    st.decimals(allow_nan=False, allow_infinity=False),
    st.sampled_from(LANGUAGES),
)
def test_a_written_number_reads_back_as_itself(value: Decimal, language: str) -> None:
    text = shown(formatting.number(value, language)).replace(" ", "")
    if language != "en":
        text = text.replace(".", "").replace(",", ".")
    text = text.replace(",", "")
    coefficient, _, exponent = text.replace("−", "-").partition("×10^")
    context = decimal.Context(prec=2000, Emax=10**17, Emin=-(10**17))
    assert context.compare(Decimal(coefficient).scaleb(int(exponent or 0), context), value) == 0


@given(
    st.decimals(min_value=-(10**30), max_value=10**30, places=4),
    st.sampled_from(["SEK", "EUR", "JPY", None]),
    st.sampled_from(LANGUAGES),
)
def test_money_keeps_the_digits_that_it_has(
    value: Decimal, currency: str | None, language: str
) -> None:
    digits = "".join(each for each in formatting.money(value, currency, language) if each.isdigit())
    wanted = f"{value:f}".replace(".", "").replace("-", "").lstrip("0").rstrip("0")
    assert digits.lstrip("0").rstrip("0") == wanted


@pytest.mark.parametrize(
    ("value", "en", "sv", "de"),
    [
        (date(2024, 2, 1), "1 Feb 2024", "1 feb. 2024", "01.02.2024"),
        (date(2024, 6, 30), "30 Jun 2024", "30 juni 2024", "30.06.2024"),
        (date(33, 12, 1), "1 Dec 0033", "1 dec. 0033", "01.12.0033"),
        (WideDate(12024, 1, 31), "12024-01-31", "12024-01-31", "12024-01-31"),
    ],
)
def test_a_day_has_its_full_year(value: date | WideDate, en: str, sv: str, de: str) -> None:
    assert [formatting.day(value, each) for each in ("en", "sv", "de")] == [en, sv, de]


def test_a_long_day_has_the_name_of_its_month() -> None:
    written = [formatting.day(date(2024, 3, 1), each, long=True) for each in ("en", "sv", "de")]
    assert written == ["1 March 2024", "1 mars 2024", "1. März 2024"]


NIGHT_OF_CHANGE = datetime(2024, 10, 27, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "zone", "written"),
    [
        (datetime(2024, 2, 1, 8, 0, tzinfo=UTC), "Europe/Berlin", "1 Feb 2024 at 09:00"),
        (datetime(2024, 2, 1, 8, 0, 37, tzinfo=UTC), "Europe/Berlin", "1 Feb 2024 at 09:00:37"),
        (
            datetime(2024, 2, 1, 8, 0, 0, 250_000, tzinfo=UTC),
            "Europe/Berlin",
            "1 Feb 2024 at 09:00:00.25",
        ),
        (NIGHT_OF_CHANGE, "Europe/Berlin", "27 Oct 2024 at 02:30 (UTC+02:00)"),
        (
            NIGHT_OF_CHANGE + timedelta(hours=1),
            "Europe/Berlin",
            "27 Oct 2024 at 02:30 (UTC+01:00)",
        ),
        (datetime(2024, 2, 1, 8, 0, tzinfo=UTC), None, "1 Feb 2024 at 08:00 (UTC)"),
        (datetime(2024, 2, 1, 8, 0, tzinfo=UTC), "No/Such", "1 Feb 2024 at 08:00 (UTC)"),
        (
            datetime(9999, 12, 31, 23, 30, tzinfo=timezone(timedelta(hours=-1))),
            "Europe/Berlin",
            "31 Dec 9999 at 23:30 (UTC-01:00)",
        ),
        (datetime(2024, 2, 1, 8, 0), "Europe/Berlin", "1 Feb 2024 at 08:00"),
        (WideDateTime(12024, 1, 31, 0), None, "12024-01-31T00:00:00"),
    ],
)
def test_an_instant_is_shown_in_the_zone_and_with_its_offset_where_the_clock_is_not_enough(
    value: datetime | WideDateTime, zone: str | None, written: str
) -> None:
    assert formatting.moment(value, "en", zone) == written


def test_an_instant_reads_as_each_language_writes_it() -> None:
    value = datetime(2024, 2, 1, 8, 5, 0, 500_000, tzinfo=UTC)
    written = [formatting.moment(value, each, "Europe/Berlin", long=True) for each in LANGUAGES]
    assert written == [
        "1 February 2024 at 09:05:00.5",
        "1 februari 2024 kl. 09:05:00,5",
        "1. Februar 2024, 09:05:00,5 Uhr",
    ]


def test_a_time_of_day_has_its_zone_if_it_has_one() -> None:
    nine = 9 * 3600 * 1_000_000_000
    assert formatting.time_of_day(Time(nine), "en") == "09:00"
    assert formatting.time_of_day(Time(nine, UTC), "en") == "09:00 (UTC)"
    offset = timezone(timedelta(hours=1))
    assert formatting.time_of_day(Time(nine, offset), "en") == "09:00 (UTC+01:00)"


@pytest.mark.parametrize(
    ("value", "en", "sv", "de"),
    [
        (timedelta(days=180), "180 days", "180 dagar", "180 Tage"),
        (timedelta(days=1), "1 day", "1 dag", "1 Tag"),
        (timedelta(0), "0 days", "0 dagar", "0 Tage"),
        (timedelta(hours=-36), "minus 1 day and 12 hours", "minus 1 dag och 12 timmar", None),
        (
            timedelta(days=2, hours=1, minutes=1, seconds=1),
            "2 days, 1 hour, 1 minute and 1 second",
            "2 dagar, 1 timme, 1 minut och 1 sekund",
            "2 Tage, 1 Stunde, 1 Minute und 1 Sekunde",
        ),
        (timedelta(seconds=1.5), "1.5 seconds", "1,5 sekunder", "1,5 Sekunden"),
        (timedelta(minutes=2), "2 minutes", "2 minuter", "2 Minuten"),
        (
            WideDuration(86_400_000_000_000 * 1_000_000_000_000),
            "1,000,000,000,000 days",
            "1 000 000 000 000 dagar",
            "1.000.000.000.000 Tage",
        ),
        (YearsMonthsDuration(6), "6 months", "6 månader", "6 Monate"),
        (YearsMonthsDuration(1), "1 month", "1 månad", "1 Monat"),
        (YearsMonthsDuration(0), "0 months", "0 månader", "0 Monate"),
        (YearsMonthsDuration(12), "1 year", "1 år", "1 Jahr"),
        (
            YearsMonthsDuration(-30),
            "minus 2 years and 6 months",
            "minus 2 år och 6 månader",
            "minus 2 Jahre und 6 Monate",
        ),
    ],
    ids=str,
)
def test_a_duration_is_counted_in_the_words_of_the_law(
    value: timedelta | WideDuration | YearsMonthsDuration, en: str, sv: str, de: str | None
) -> None:
    assert shown(formatting.duration(value, "en")) == en
    assert shown(formatting.duration(value, "sv")) == sv
    if de is not None:
        assert shown(formatting.duration(value, "de")) == de


def test_what_is_no_language_reads_english() -> None:
    for tag in ("fr", "../../etc/passwd", "sv_SE.UTF-8@euro", ""):
        assert formatting.day(date(2024, 3, 1), tag, long=True) == "1 March 2024"


SHOWING = """
from decimal import Decimal
from tests.evaluation.sample import whole
print(*(whole().explain(each) for each in ("en", "sv", "de")), whole().to_json("de"))
"""


@pytest.mark.parametrize(
    "surroundings",
    [
        {"LC_ALL": "de_DE.UTF-8", "TZ": "Asia/Tokyo", "PYTHONHASHSEED": "1"},
        {"LC_ALL": "xx_YY", "TZ": "No/Such", "PYTHONHASHSEED": "2"},
        {"LANGUAGE": "sv", "LANG": "../../etc", "TZ": "America/St_Johns", "PYTHONHASHSEED": "3"},
    ],
)
def test_the_same_evaluation_is_the_same_bytes_on_every_machine(
    surroundings: dict[str, str],
) -> None:
    def written(more: dict[str, str]) -> bytes:
        environment = {**os.environ, "PYTHONUTF8": "1", "PYTHONPATH": "src:.", **more}
        root = Path(__file__).parents[2]
        command = [sys.executable, "-c", SHOWING]
        return subprocess.run(
            command, cwd=root, env=environment, check=True, capture_output=True
        ).stdout

    plain = written({"LC_ALL": "C", "TZ": "UTC", "PYTHONHASHSEED": "0"})
    assert written(surroundings) == plain
    assert plain


def test_nothing_of_babel_is_loaded_before_a_text_is_asked_for() -> None:
    code = (
        "import sys, policyeval.evaluation.results;"
        "sys.exit(any(each.split('.')[0] == 'babel' for each in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
