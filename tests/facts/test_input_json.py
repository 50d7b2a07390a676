"""Plain texts of JSON are read quickly, and never otherwise than the general reader reads them."""

import re
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal, localcontext

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from policyeval.errors import FactsError
from policyeval.facts import Decoder, Environment
from policyeval.facts.decoding import source_of
from policyeval.facts.typed_json import JsonReader
from policyeval.feel.types import DATE, NUMBER, STRING, ListOf, optional
from tests.facts.making import ASKED_ON, every_kind, fact, list_of, policy

pytest.importorskip("msgspec")

POLICY = every_kind()
DECODER = Decoder(POLICY)
READER = JsonReader(POLICY)


def outcome(read: bytes | dict[str, object], decoder: Decoder = DECODER) -> object:
    """Give the facts, with the way they are written, or the codes of the problems."""
    try:
        if isinstance(read, bytes):
            found = decoder.decode_json(source_of(read, None), ASKED_ON)
        else:
            found = decoder.decode(read, ASKED_ON)
    except FactsError as error:
        return sorted(each.code for each in error.diagnostics)
    return found, repr(dict(sorted(found.values.items())))


# ------------------------------------------------------------------------------- what is plain

COMPLETE = """{
  "is_firm": false, "is_listed": true, "amount": 1234.50, "discount": null,
  "company": "Räksmörgås AB", "product": "data_recovery", "signed_on": "2024-01-31",
  "revoked_on": null, "called_at": "2024-01-31T09:30:00", "approved_on": "2024-05-01",
  "referred_at": "2024-02-01T09:00:00Z", "contact_at": null, "extension": "granted",
  "waiver": null, "extended_to": "2024-09-01", "rates": ["0.10", 2, 2.5],
  "acceptances": [
    {"accepted_at": "2024-06-01T12:00:00", "in_portal": true, "authorised": true, "number": "A 1"},
    {"accepted_at": "2024-06-02T12:00:00", "authorised": false, "number": null}
  ],
  "invoices": [{"invoice_amount": 100, "invoice_on": "2024-06-02"}]
}""".encode()


def test_a_complete_transaction_is_read_as_typed_values() -> None:
    assert READER.read(COMPLETE) == {
        "is_firm": False,
        "is_listed": True,
        "amount": Decimal("1234.50"),
        "discount": None,
        "company": "Räksmörgås AB",
        "product": "data_recovery",
        "signed_on": date(2024, 1, 31),
        "revoked_on": None,
        "called_at": datetime(2024, 1, 31, 9, 30),
        "approved_on": date(2024, 5, 1),
        "referred_at": datetime(2024, 2, 1, 9, 0, tzinfo=UTC),
        "contact_at": None,
        "extension": "granted",
        "waiver": None,
        "extended_to": date(2024, 9, 1),
        "rates": [Decimal("0.10"), Decimal(2), Decimal("2.5")],
        "acceptances": [
            {
                "accepted_at": datetime(2024, 6, 1, 12),
                "in_portal": True,
                "authorised": True,
                "number": "A 1",
            },
            {
                "accepted_at": datetime(2024, 6, 2, 12),
                "authorised": False,
                "number": None,
            },
        ],
        "invoices": [{"invoice_amount": Decimal(100), "invoice_on": date(2024, 6, 2)}],
    }
    assert isinstance(outcome(COMPLETE), tuple)


PLAIN: Mapping[str, tuple[str, object]] = {
    "nothing": ("{}", {}),
    "space": (" \t\r\n{ } ", {}),
    "space-around": ('{ "amount" \n:\t1 , "is_firm" : true }', {"amount": Decimal(1), "is_firm": True}),
    "escaped-name": ('{"\\u0061mount": 1}', {"amount": Decimal(1)}),
    "escaped-text": ('{"company": "\\u00e5\\n\\/\\\\"}', {"company": "å\n/\\"}),
    "beyond-the-plane": ('{"company": "\\ud83d\\ude00"}', {"company": "😀"}),
    "colon-in-text": ('{"company": "a: b, {c}: [d]"}', {"company": "a: b, {c}: [d]"}),
    "zero": ('{"amount": -0}', {"amount": Decimal(0)}),
    "exponent": ('{"amount": 1E2}', {"amount": Decimal("1E+2")}),
    "23-digits": ('{"amount": 12345678901.123456789012}', {"amount": Decimal("12345678901.123456789012")}),
    "number-in-quotes": ('{"amount": "12.50"}', {"amount": Decimal("12.50")}),
    "escaped-number": ('{"amount": "1\\u0032"}', {"amount": Decimal(12)}),
    "moment-in-minutes": ('{"called_at": "2024-01-31T09:30"}', {"called_at": datetime(2024, 1, 31, 9, 30)}),
    "fraction": ('{"called_at": "2024-01-31T09:30:15.5"}', {"called_at": datetime(2024, 1, 31, 9, 30, 15, 500_000)}),
    "offset": (
        '{"called_at": "2024-01-31T09:30:15-10:30"}',
        {"called_at": datetime(2024, 1, 31, 9, 30, 15, tzinfo=timezone(timedelta(hours=-10.5)))},
    ),
    "empty-lists": ('{"rates": [], "acceptances": []}', {"rates": [], "acceptances": []}),
}  # fmt: skip


@pytest.mark.parametrize(("text", "values"), PLAIN.values(), ids=PLAIN)
def test_what_is_plain_is_read(text: str, values: dict[str, object]) -> None:
    found = READER.read(text.encode())
    assert found == values
    assert isinstance(outcome(text.encode()), tuple)
    assert outcome(values) == outcome(text.encode())


UNUSUAL: Mapping[str, bytes | str] = {
    "unknown": '{"amount": {"unknown": true}}',
    "between": '{"amount": {"between": [0, 1]}}',
    "decided": '{"extension": {"decided": "granted", "on": "2024-01-01"}}',
    "day-for-a-moment": '{"called_at": "2024-01-31"}',
    "no-fact": '{"amount": 1, "amuont": 1}',
    "no-entry": '{"invoices": [{"amount": 1}]}',
    "twice": '{"amount": 1, "amount": 1}',
    "twice-escaped": '{"amount": 1, "\\u0061mount": 1}',
    "twice-within": '{"invoices": [{"invoice_amount": 1, "invoice_amount": 1}]}',
    "twice-beside-a-quote": '{"company": "\\"", "amount": 1, "amount": 2}',
    "null": '{"is_firm": null}',
    "truth-as-number": '{"amount": true}',
    "number-as-truth": '{"is_firm": 1}',
    "number-as-text": '{"company": 1}',
    "list-as-number": '{"amount": [1]}',
    "day-as-number": '{"signed_on": 20240131}',
    "moment-as-number": '{"called_at": 1706693400}',
    "small-t": '{"called_at": "2024-01-31t09:30:00"}',
    "space-for-t": '{"called_at": "2024-01-31 09:30:00"}',
    "small-z": '{"called_at": "2024-01-31T09:30:00z"}',
    "leap-second": '{"called_at": "2024-06-30T23:59:60Z"}',
    "hour-24": '{"called_at": "2024-06-30T24:00:00"}',
    "seven-digits": '{"called_at": "2024-06-30T23:00:00.0000001"}',
    "no-colon": '{"called_at": "2024-06-30T23:00:00+0200"}',
    "offset-of-a-day": '{"called_at": "2024-06-30T23:00:00+24:00"}',
    "zone": '{"called_at": "2024-06-30T23:00:00@Europe/Stockholm"}',
    "week": '{"called_at": "2024-W05-3T09:30:00"}',
    "no-day": '{"called_at": "2024-02-30T09:30:00"}',
    "nan": '{"amount": "NaN"}',
    "underscore": '{"amount": "1_000"}',
    "blank": '{"amount": " 1"}',
    "wide-digits": '{"amount": "１２"}',
    "quoted-exponent": '{"amount": "1e5"}',
    "huge": '{"amount": 1e999999999999}',
    "tiny": '{"amount": 1e-999999999999}',
    "digits": '{"amount": 1' + "0" * 10_000 + "}",
    "mark": b"\xef\xbb\xbf{}",
    "latin-1": b'{"company": "\xe5"}',
    "latin-1-elsewhere": b'{"\xe5": 1}',
    "overlong": b'{"company": "\xc0\x80"}',
    "half-a-character": '{"company": "\\ud800"}',
    "line-break": '{"company": "\n"}',
    "decomposed-name": '{"o\u0308": 1}',
    "trailing": '{"amount": 1} {}',
    "comma": '{"amount": 1,}',
    "end": '{"amount": 1',
    "list": "[]",
    "empty": "",
    "deep": '{"amount": ' + "[" * 100_000,
    "deep-elsewhere": '{"x": ' + '{"a":' * 100_000,
    "long": b'{"amount": 1' + b" " * 262_144 + b"}",
}


@pytest.mark.parametrize("text", UNUSUAL.values(), ids=UNUSUAL)
def test_what_is_unusual_is_left_alone(text: str | bytes) -> None:
    assert READER.read(text if isinstance(text, bytes) else text.encode()) is None


class Bytes(bytes):
    """Says that it has no quotation marks."""

    def count(self, *_args: object) -> int:
        return 0


def test_only_bytes_are_read() -> None:
    assert READER.read(Bytes(b"{}")) is None
    assert READER.read(bytearray(b"{}")) is None  # type: ignore[arg-type] # on purpose
    assert READER.read("{}") is None  # type: ignore[arg-type] # on purpose


def test_without_msgspec_nothing_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "msgspec", None)
    reader = JsonReader(POLICY)
    assert not reader.reads
    assert reader.read(COMPLETE) is None


def test_the_context_of_the_thread_makes_no_difference() -> None:
    text = b'{"amount": 123456789012345678.123456789012, "rates": [1e99999999999999999999]}'
    plain = b'{"amount": 123456789012345678.123456789012, "discount": "0.333333333333"}'
    with localcontext() as context:
        context.prec = 3
        context.clear_traps()
        assert READER.read(text) is None
        assert READER.read(plain) == {
            "amount": Decimal("123456789012345678.123456789012"),
            "discount": Decimal("0.333333333333"),
        }


def test_what_is_read_is_nobody_elses() -> None:
    first, second = READER.read(COMPLETE), READER.read(COMPLETE)
    assert first is not None
    assert second is not None
    first["amount"] = 5
    rates = first["rates"]
    assert isinstance(rates, list)
    rates.clear()
    assert second == READER.read(COMPLETE)


def test_a_name_that_no_policy_may_have_is_left_alone() -> None:
    reader = JsonReader(policy(fact("amount", NUMBER), fact("läge", STRING)))
    assert reader.read(b'{"amount": 1}') == {"amount": Decimal(1)}
    assert reader.read('{"läge": "x"}'.encode()) is None


def test_lists_may_hold_any_values() -> None:
    of = policy(
        fact("place", STRING),
        fact("days", ListOf(DATE)),
        fact("notes", ListOf(optional(STRING))),
        list_of("parts", fact("ort", STRING), fact("rates", ListOf(NUMBER))),
    )
    text = (
        '{"place": "x", "days": ["2024-01-31"], "notes": [null, "a"],'
        ' "parts": [{"ort": "Umeå", "rates": [1, "2"]}, {"rates": []}]}'
    ).encode()
    found = JsonReader(of).read(text)
    assert found == {
        "place": "x",
        "days": [date(2024, 1, 31)],
        "notes": [None, "a"],
        "parts": [{"ort": "Umeå", "rates": [Decimal(1), Decimal(2)]}, {"rates": []}],
    }
    assert outcome(found, Decoder(of)) == outcome(text, Decoder(of))


# ------------------------------------------------------------------------------- the same meaning


def spellings(text: str) -> list[str]:
    """Give ways to write values; `~` stands for a space."""
    return [each.replace("~", " ") for each in re.split("[ \n]+", text) if each]


NUMBERS = spellings(
    """12.50 0 "12.50" -0 -0.0 0.00 -7 1E2 1e400 1e-12 1e-13 1e9999999 0e9999999 999999999999999999
 1000000000000000000 0.1234567890123 12345678901234567890123 1.0000000000000 01 1. .5 - +1 1_000
 NaN Infinity "1_000" "NaN" "sNaN" "Infinity" "~1" "\u00a01" "１２" "1e5" "+1" ".5" "5." "007" "-0"
 "1,5" "" "\\u0031" "0.0000000000001" "1234567890123456789" """
)
DAYS = spellings(
    """"2024-01-31" "2024-06-30" "1999-12-31" "2024-02-30" "2023-2-3" "20240131" "2024-W05-3"
 "0000-01-01" "10000-01-01" "1899-12-31" "2199-12-31" "2200-01-01" "2024-01-31T00:00:00" "~2024-01-31"
 "２０２４-01-31" "\\u0032024-01-31" "2024-07-02" "2024-01-31Z" "inf" 0 20240131"""
)
MOMENTS = spellings(
    """"2024-01-31T09:30" "2024-01-31T09:30:15" "2024-01-31T09:30:00Z" "2024-01-31T09:30:15.5"
 "2024-01-31t09:30" "2024-01-31~09:30:00" "2024-01-31T09:30:00z" "2024-01-31T09:30:00+01:00"
 "2024-01-31T09:30:00-18:00" "2024-01-31T09:30:00+17:59" "2024-01-31T09:30:00+18:01"
 "2024-01-31T09:30:00+0100" "2024-01-31T09:30:00+01" "2024-01-31T09:30:00-00:00"
 "2024-01-31T09:30:00+01:00:30" "2024-01-31T09:30:00.1234567" "2024-01-31T09:30:00."
 "2024-01-31T24:00:00" "2024-06-30T23:59:60" "2024-03-31T02:30:00" "2024-10-27T02:30:00"
 "2024-10-27T02:30:00+02:00" "2024-W05-3T09:30:00" "20240131T093000" "1899-12-31T23:30:00Z"
 "2199-12-31T23:30:00Z" "2024-01-31" "2024-01-31T09:30:00\\u005a" 1706693400"""
)
TEXTS = [
    *spellings(
        """"granted" "data_recovery" "x" "" "gerätetausch" "gera\u0308tetausch" "\\u0000" "\u202e"
 "\\ud800" "\\ud83d\\ude00" "\\"" "\\"amount\\":1" "\\\\" "\\x" "a:b" "null" "1" "\x7f" "a\tb" """
    ),
    '"' + "x" * 70_000 + '"',
]
OTHERS = spellings(
    """null true false 1 {} [] [null] [1] {"unknown":true} {"unknown":false} {"between":[0,1]}
 {"between":["2024-01-01","2024-01-31"]} {"decided":"granted"} nul True"""
)

ODD_NAMES = [
    "amuont",
    "",
    "o\u0308",
    "__proto__",
    "constructor",
    "fee",
    "\\u0061mount",
    'a\\"mount',
]
PLAIN_SPACE = ["", "", "", " ", "\n\t\r "]
SPACE = [*PLAIN_SPACE, "\u00a0", "\x0b", "\ufeff"]
BYTES = [bytes([each]) for each in b'"\\:,{}[]0e-. \n\x00\xc3\xff']

Pick = Callable[[Sequence[str]], str]


def usual(name: str) -> list[str]:
    """Give ways to write values of the kind that a fact has; the first few are ordinary."""
    if name in {"amount", "discount", "invoice_amount"}:
        return NUMBERS
    if name.endswith(("_on", "_to")):
        return DAYS
    if name.endswith("_at"):
        return MOMENTS
    return TEXTS if name in {"company", "product", "extension", "number"} else ["true", "false"]


def value(name: str, pick: Pick) -> str:
    """Write a value, mostly one that is ordinary for a fact."""
    if name in {"rates", "acceptances", "invoices"} and pick("lllo") == "l":
        return "[" + ",".join(item(name, pick) for _ in pick(["", "-", "--", "---"])) + "]"
    return pick({"o": usual(name)[:3], "u": usual(name), "x": OTHERS}[pick("oooux")])


def item(name: str, pick: Pick) -> str:
    if name == "rates":
        return value("amount", pick)
    if pick("oooox") == "x":
        return pick(OTHERS)
    return written([*POLICY.policy.facts[name].entries], pick)


def written(known: list[str], pick: Pick) -> str:
    """Write an object: mostly each name once, with space where it may stand."""
    plain = pick("oooox") == "o"
    spaces = PLAIN_SPACE if plain else SPACE
    names: list[str] = []
    for _ in range(int(pick("012345"))):
        name = pick(known if plain or pick("oox") == "o" else ODD_NAMES)
        if name not in names or not plain:
            names.append(name)
    parts = (
        f'{pick(spaces)}"{name}"{pick(spaces)}:{pick(spaces)}{value(name, pick)}{pick(spaces)}'
        for name in names
    )
    return "{" + ",".join(parts) + "}"


@st.composite
def texts(draw: st.DrawFn) -> bytes:
    return written([*POLICY.policy.facts], lambda each: draw(st.sampled_from(each))).encode()


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """Write facts and change a few bytes."""
    raw = draw(texts())
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(raw)))
        until = min(len(raw), at + draw(st.integers(0, 2)))
        again = draw(st.sampled_from([*BYTES, b"", raw[at : at + 12]]))
        raw = raw[:at] + again + raw[until:]
    return raw


def same_meaning(raw: bytes) -> None:
    found = READER.read(raw)
    if found is not None:
        assert outcome(found) == outcome(raw)


@given(texts())
@settings(max_examples=150)
def test_what_is_read_quickly_means_what_it_means_in_general(raw: bytes) -> None:
    same_meaning(raw)


@given(mutated())
@settings(max_examples=150)
@example(COMPLETE.replace(b"{", b"\xef\xbb\xbf{", 1))
def test_changed_bytes_are_never_taken_for_something_else(raw: bytes) -> None:
    same_meaning(raw)


@pytest.mark.parametrize("name", POLICY.policy.facts)
def test_every_way_to_write_a_value_means_what_it_means_in_general(name: str) -> None:
    for each in [*NUMBERS, *DAYS, *MOMENTS, *TEXTS, *OTHERS]:
        same_meaning(f'{{"{name}": {each}}}'.encode())


def test_every_text_cut_short_is_left_alone() -> None:
    assert [at for at in range(len(COMPLETE)) if READER.read(COMPLETE[:at]) is not None] == []


def test_every_byte_of_a_text_taken_away_leaves_what_it_means_in_general() -> None:
    compact = (
        b'{"amount":-1.50,"company":"a\\"b:","signed_on":"2024-01-31","is_firm":true,"rates":["1"]}'
    )
    for at in range(len(compact)):
        same_meaning(compact[:at] + compact[at + 1 :])
        same_meaning(compact[:at] + compact[at : at + 1] + compact[at:])


def test_facts_are_the_same_values_and_the_same_names_given() -> None:
    found = READER.read(COMPLETE)
    assert found is not None
    of_values = DECODER.decode(found, ASKED_ON)
    assert isinstance(of_values, Environment)
    assert of_values == DECODER.decode_json(source_of(COMPLETE, None), ASKED_ON)
