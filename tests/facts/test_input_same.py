"""What is accepted is the same for JSON text and for Python values, and so is what it means.

One table: an input in both forms, and what comes of it. Where only one form exists, the other is
`NO_FORM`, and the remark says why.
"""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from itertools import product
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policyeval.errors import FactsError
from policyeval.facts import Decoder, Open
from policyeval.facts.decoding import read_json_facts, source_of
from policyeval.feel.types import BOOLEAN, DATE, DATE_AND_TIME, NUMBER, STRING, optional
from policyeval.policy.model import FactKind
from policyeval.source import Source
from tests.facts.making import ASKED_ON, every_kind, fact, policy

DECODER = Decoder(every_kind())

NO_FORM: Final = object()
WINTER = timezone(timedelta(hours=1))


class Refused(str):
    """The code of the only problem there is."""

    __slots__ = ()


def no(code: str) -> Refused:
    return Refused(f"input.{code}" if "." not in code else code)


class Float64(float):
    """A binary number as another library has it."""


# (what it is, the fact, as JSON, as Python has it, the value or the code)
Row = tuple[str, str, object, object, object]

NUMBERS: list[Row] = [
    ("a text that is no number", "amount", '"NaN"', "NaN", no("number")),
    ("a text that is a signal", "amount", '"sNaN"', "sNaN", no("number")),
    ("a text without end", "amount", '"Infinity"', "Infinity", no("number")),
    ("a text with an exponent", "amount", '"1e999999999"', "1e999999999", no("number")),
    ("a text with `_`", "amount", '"1_000"', "1_000", no("number")),
    ("a text with a space", "amount", '" 1"', " 1", no("number")),
    ("a text in wide digits", "amount", '"１２"', "１２", no("number")),
    ("a text with a comma", "amount", '"1,5"', "1,5", no("number")),
    ("an empty text", "amount", '""', "", no("number")),
    ("a text with a plus", "amount", '"+1"', "+1", no("number")),
    ("a truth value", "amount", "true", True, no("number")),
    ("minus zero", "amount", "-0", Decimal("-0"), Decimal(0)),
    ("minus zero as a text", "amount", '"-0.0"', "-0.0", Decimal(0)),
    ("a whole number", "amount", "12", 12, Decimal(12)),
    ("a number with a fraction", "amount", "0.1", Decimal("0.1"), Decimal("0.1")),
    ("a number as a text", "amount", '"0.10"', "0.10", Decimal("0.10")),
    ("23 digits", "amount", "12345678901.123456789012", Decimal("12345678901.123456789012"), Decimal("12345678901.123456789012")),
    ("40 digits", "amount", "0." + "1" * 40, Decimal("0." + "1" * 40), no("number-digits")),
    ("40 digits, whole", "amount", "1" * 40, int("1" * 40), no("number-range")),
    ("40 zeros that say nothing", "amount", "1." + "0" * 40, Decimal("1." + "0" * 40), Decimal("1.000000000000")),
    ("an exponent", "amount", "1E2", Decimal("1E2"), Decimal(100)),
    ("an exponent beyond everything", "amount", "1e999999999", Decimal("1e999999999"), no("number-range")),
    ("an exponent close to nothing", "amount", "1e-999999999", Decimal("1e-999999999"), no("number-digits")),
    ("18 digits", "amount", "999999999999999999", 999999999999999999, Decimal(999999999999999999)),
    ("19 digits", "amount", "1000000000000000000", 10**18, no("number-range")),
    ("12 decimals", "amount", "0.000000000001", Decimal("1E-12"), Decimal("0.000000000001")),
    ("13 decimals", "amount", "0.0000000000001", Decimal("1E-13"), no("number-digits")),
    ("a binary number", "amount", NO_FORM, 0.1, no("float")),
    ("a binary number of another library", "amount", NO_FORM, Float64(0.1), no("float")),
    ("a decimal that is none", "amount", NO_FORM, Decimal("NaN"), no("number")),
    ("a decimal without end", "amount", NO_FORM, Decimal("-Infinity"), no("number")),
    ("`NaN` of JavaScript", "amount", "NaN", NO_FORM, no("json")),
    ("a leading zero", "amount", "01", NO_FORM, no("json")),
    ("`_` in a number", "amount", "1_000", NO_FORM, no("json")),
]  # fmt: skip

DAYS: list[Row] = [
    ("a day", "signed_on", '"2024-01-31"', date(2024, 1, 31), date(2024, 1, 31)),
    ("a day as a text", "signed_on", '"2024-01-31"', "2024-01-31", date(2024, 1, 31)),
    ("30 February", "signed_on", '"2023-02-30"', "2023-02-30", no("date")),
    ("one digit", "signed_on", '"2023-2-3"', "2023-2-3", no("date")),
    ("digits alone", "signed_on", '"20240131"', "20240131", no("date")),
    ("a week", "signed_on", '"2024-W05-3"', "2024-W05-3", no("date")),
    ("a moment as a text", "signed_on", '"2024-01-31T00:00:00"', "2024-01-31T00:00:00", no("date")),
    ("a moment", "signed_on", NO_FORM, datetime(2024, 1, 31), no("date")),
    ("a space", "signed_on", '" 2024-01-31"', " 2024-01-31", no("date")),
    ("the year 0", "signed_on", '"0000-01-01"', "0000-01-01", no("date")),
    ("the year 1899", "signed_on", '"1899-12-31"', date(1899, 12, 31), no("date")),
    ("the year 2200", "signed_on", '"2200-01-01"', date(2200, 1, 1), no("date")),
    ("five digits", "signed_on", '"10000-01-01"', "10000-01-01", no("date")),
    ("a number", "signed_on", "0", 0, no("date")),
    ("a fraction", "signed_on", "0.5", Decimal("0.5"), no("date")),
    ("`inf`", "signed_on", '"inf"', "inf", no("date")),
    ("a truth value", "signed_on", "true", True, no("type")),
    ("after the day asked on", "approved_on", '"2024-07-02"', date(2024, 7, 2), no("future-event")),
]

MOMENTS: list[Row] = [
    ("local", "called_at", '"2024-01-31T09:30:00"', datetime(2024, 1, 31, 9, 30), datetime(2024, 1, 31, 9, 30, tzinfo=WINTER)),
    ("Z", "called_at", '"2024-01-31T09:30:00Z"', datetime(2024, 1, 31, 9, 30, tzinfo=UTC), datetime(2024, 1, 31, 10, 30, tzinfo=WINTER)),
    ("an offset", "called_at", '"2024-01-31T09:30:00+03:00"', datetime(2024, 1, 31, 9, 30, tzinfo=timezone(timedelta(hours=3))), datetime(2024, 1, 31, 7, 30, tzinfo=WINTER)),
    ("never shown", "called_at", '"2024-03-31T02:30:00"', datetime(2024, 3, 31, 2, 30), no("time")),
    ("shown twice", "called_at", '"2024-10-27T02:30:00"', datetime(2024, 10, 27, 2, 30), no("time")),
    ("a leap second", "called_at", '"2024-06-30T23:59:60"', "2024-06-30T23:59:60", no("time")),
    ("24 o'clock", "called_at", '"2024-06-30T24:00:00"', "2024-06-30T24:00:00", no("time")),
    ("a small t", "called_at", '"2024-01-31t09:30:00"', "2024-01-31t09:30:00", no("time")),
    ("a space for T", "called_at", '"2024-01-31 09:30:00"', "2024-01-31 09:30:00", no("time")),
    ("seconds since 1970", "called_at", "1706693400", 1706693400, no("time")),
    ("last year in UTC", "called_at", '"1899-12-31T23:30:00Z"', datetime(1899, 12, 31, 23, 30, tzinfo=UTC), datetime(1900, 1, 1, 0, 30, tzinfo=WINTER)),
    ("next year here", "called_at", '"2199-12-31T23:30:00Z"', datetime(2199, 12, 31, 23, 30, tzinfo=UTC), no("time")),
    ("long ago", "called_at", '"1898-12-31T23:30:00Z"', datetime(1898, 12, 31, 23, 30, tzinfo=UTC), no("time")),
    ("year 1", "called_at", '"0001-01-01T00:00:00+14:00"', datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))), no("time")),
]  # fmt: skip

OTHERS: list[Row] = [
    ("null where there is always something", "is_firm", "null", None, no("null")),
    ("null where there may be nothing", "discount", "null", None, None),
    ("a text as truth value", "is_firm", '"true"', "true", no("type")),
    ("a number as truth value", "is_firm", "1", 1, no("type")),
    ("a number as text", "company", "1", 1, no("type")),
    ("a list as text", "company", '["a"]', ["a"], no("type")),
    ("an object as text", "company", '{"a": 1}', {"a": 1}, no("type")),
    ("half a character", "company", '"\\ud800"', "\ud800", no("text.encoding")),
    ("a text of 64 KiB", "company", f'"{"x" * 65_536}"', "x" * 65_536, "x" * 65_536),
    ("a text of 64 KiB and 1", "company", f'"{"x" * 65_537}"', "x" * 65_537, no("too-long")),
    ("a text in another form", "company", '"a\u0308"', "a\u0308", "ä"),
    ("NUL", "company", '"\\u0000"', "\0", "\0"),
    ("a word not among the values", "product", '"x"', "x", no("one-of")),
    ("another letter", "product", '"DATA_RECOVERY"', "DATA_RECOVERY", no("one-of")),
    ("10,000 items", "rates", f"[{'1,' * 9_999}1]", [1] * 10_000, [Decimal(1)] * 10_000),
    ("10,001 items", "rates", f"[{'1,' * 10_000}1]", [1] * 10_001, no("too-long")),
    ("a name that JavaScript knows", "__proto__", "1", 1, no("unknown-fact")),
    ("another one", "constructor", "{}", {}, no("unknown-fact")),
    ("a fact that nobody declared", "amuont", "1", 1, no("unknown-fact")),
    ("a decision", "payable", "true", True, no("unknown-fact")),
    ("no name", "", "1", 1, no("unknown-fact")),
]

ROWS = {
    f"{name}: {what}"[:60]: (name, text, plain, expected)
    for what, name, text, plain, expected in (*NUMBERS, *DAYS, *MOMENTS, *OTHERS)
}
assert len(ROWS) == sum(map(len, (NUMBERS, DAYS, MOMENTS, OTHERS)))


def come_of(read: object, name: str) -> object:
    """Give the value of a fact, or the code of the problem."""
    try:
        if isinstance(read, bytes):
            found = DECODER.decode_json(source_of(read, None), ASKED_ON)
        else:
            assert isinstance(read, dict)
            found = DECODER.decode(read, ASKED_ON)
    except FactsError as error:
        return ",".join(each.code for each in error.diagnostics)
    value = found.values[name]
    return str(value) if isinstance(value, Decimal | datetime) else value


@pytest.mark.parametrize(("name", "text", "plain", "expected"), ROWS.values(), ids=ROWS)
def test_both_forms_of_an_input_come_to_the_same(
    name: str, text: object, plain: object, expected: object
) -> None:
    if isinstance(expected, Decimal | datetime):
        expected = str(expected)
    if plain is not NO_FORM:
        assert come_of({name: plain}, name) == expected
    if text is not NO_FORM:
        raw = f'{{"{name}": {text}}}'.encode("utf-8", "surrogatepass")
        assert come_of(raw, name) == expected


WHOLES = {
    "nothing": (b"{}", {}, ""),
    "no-object": (b"[]", [], "input.type"),
    "null": (b"null", None, "input.type"),
    "text": (b'"{}"', "{}", "input.type"),
    "two-problems": (b'{"amount": "x", "is_firm": 1}', {"amount": "x", "is_firm": 1}, "input.number,input.type"),
    "composed-twice": ('{"ö": 1, "o\u0308": 2}'.encode(), {"ö": 1, "o\u0308": 2}, "input.unknown-fact,input.unknown-fact"),
    "twice": (b'{"amount": 1, "amount": 1}', NO_FORM, "input.duplicate-name"),
    "deep": (b'{"rates": ' + b"[" * 100_000, NO_FORM, "input.json"),
    "too-big": (b'{"company": "' + b"x" * 307_200 + b'"}', NO_FORM, "input.too-long"),
    "not-utf-8": (b'{"company": "\xe5"}', NO_FORM, "input.json"),
    "utf-16": ("{}".encode("utf-16"), NO_FORM, "input.json"),
    "mark": (b"\xef\xbb\xbf{}", NO_FORM, ""),
    "trailing": (b"{} {}", NO_FORM, "input.json"),
    "cut": (b'{"amount": 1', NO_FORM, "input.json"),
    "comment": (b"{} // none", NO_FORM, "input.json"),
    "nothing-at-all": (b"", NO_FORM, "input.json"),
    "another-key": (NO_FORM, {1: 2}, "input.type"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "plain", "codes"), WHOLES.values(), ids=WHOLES)
def test_both_forms_of_a_transaction_come_to_the_same(
    text: bytes | object, plain: object, codes: str
) -> None:
    if isinstance(text, bytes):
        assert codes_of(text) == codes
    if plain is not NO_FORM:
        assert codes_of(plain) == codes


def codes_of(given_: object) -> str:
    try:
        if isinstance(given_, bytes):
            DECODER.decode_json(source_of(given_, None), ASKED_ON)
        else:
            DECODER.decode(given_, ASKED_ON)  # type: ignore[arg-type] # mistakes on purpose
    except FactsError as error:
        return ",".join(each.code for each in error.diagnostics)
    return ""


moments = st.datetimes(
    datetime(1898, 12, 30), datetime(2201, 1, 3), timezones=st.sampled_from([None, UTC, WINTER])
)
near = st.sampled_from([datetime(1899, 12, 31), datetime(2199, 12, 31), datetime(2024, 3, 31)])
edges = st.builds(
    lambda day, minutes, hours: (day + timedelta(minutes=minutes)).replace(
        tzinfo=timezone(timedelta(hours=hours))
    ),
    near,
    st.integers(-2_000, 2_000),
    st.integers(-17, 17),
)


@given(st.one_of(moments, edges))
@settings(max_examples=120)
def test_a_moment_and_its_text_are_the_same(moment: datetime) -> None:
    assert come_of({"called_at": moment}, "called_at") == come_of(
        {"called_at": moment.isoformat()}, "called_at"
    )


@given(st.dates(date(1890, 1, 1), date(2210, 1, 1)))
@settings(max_examples=50)
def test_a_day_and_its_text_are_the_same(day: date) -> None:
    assert come_of({"signed_on": day}, "signed_on") == come_of({"signed_on": str(day)}, "signed_on")


@given(st.decimals(allow_nan=False, allow_infinity=False))
@settings(max_examples=80)
def test_a_number_its_text_and_its_json_are_the_same(number: Decimal) -> None:
    written = f"{number:f}" if abs(number.adjusted()) < 60 else str(number)
    value = come_of({"amount": number}, "amount")
    assert come_of(f'{{"amount": {written}}}'.encode(), "amount") == value
    if "E" not in written:
        assert come_of({"amount": written}, "amount") == value


def test_plain_values_of_a_text_are_read_as_the_text_is() -> None:
    text = '{"amount": 1E2, "rates": [0.1, "2"], "company": "\\u00e5", "discount": null}'
    source = Source(text)
    assert DECODER.decode(read_json_facts(source), ASKED_ON) == DECODER.decode_json(
        source, ASKED_ON
    )


# ------------------------------------------------------------------------------- null

KINDS: tuple[FactKind, ...] = ("plain", "act")
NULLABLE = policy(
    *(
        fact(f"{type_name}_{kind}", type_ if kind != "plain" else optional(type_), kind)
        for (type_name, type_), kind in product(
            {
                "truth": BOOLEAN,
                "number": NUMBER,
                "text": STRING,
                "day": DATE,
                "moment": DATE_AND_TIME,
            }.items(),
            KINDS,
        )
    ),
    fact("approved_on", DATE, "event"),
    fact("referred_at", DATE_AND_TIME, "event"),
)
VALUES = {
    "truth": True,
    "number": Decimal(5),
    "text": "x",
    "day": date(2024, 1, 31),
    "moment": datetime(2024, 1, 31, 9, tzinfo=WINTER),
    "approved": date(2024, 1, 31),
    "referred": datetime(2024, 1, 31, 9, tzinfo=WINTER),
}


def test_null_in_every_nullable_fact_is_taken_in_every_combination() -> None:
    decoder = Decoder(NULLABLE)
    names = [*NULLABLE.policy.facts]
    assert len(names) == 12
    for nulls in product([False, True], repeat=len(names)):
        given_: dict[str, object] = {
            name: None if null else VALUES[name.split("_")[0]]
            for name, null in zip(names, nulls, strict=True)
        }
        found = decoder.decode(given_, ASKED_ON)
        for name, null in zip(names, nulls, strict=True):
            value = found.values[name]
            if null and not name.endswith("_plain"):
                kind = "act" if name.endswith("_act") else "event"
                assert isinstance(value, Open)
                assert value.kind == kind
            else:
                assert value == given_[name]


def as_json(value: object) -> str:
    if value is None or value is True:
        return {None: "null", True: "true"}[value]
    if isinstance(value, datetime):
        return f'"{value.isoformat()}"'
    return str(value) if isinstance(value, Decimal) else f'"{value}"'
