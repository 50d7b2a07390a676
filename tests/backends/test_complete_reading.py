"""Facts in JSON are read at once in the code of a policy, and never otherwise than in general."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal, localcontext
from typing import Any, cast

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from policyeval.errors import FactsError
from policyeval.feel.types import DATE, NUMBER, STRING, ListOf, optional
from tests.backends.complete_reading import NOT_RECORDED, Facts, Reader
from tests.facts.making import every_kind, fact, list_of, policy
from tests.facts.test_input_copied import ASKED_ON, KASPERSKY, policies

POLICY = every_kind()
READER = Reader(POLICY)
WINTER, SUMMER = timezone(timedelta(hours=1)), timezone(timedelta(hours=2))

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


def test_a_complete_transaction_is_read_as_formulas_see_it() -> None:
    found = READER.found(COMPLETE)
    assert found is not None
    assert found.presumed == {"acceptances[2].in_portal"}
    assert found.values == {
        "is_firm": False,
        "is_listed": True,
        "amount": Decimal("1234.50"),
        "discount": None,
        "company": "Räksmörgås AB",
        "product": "data_recovery",
        "signed_on": date(2024, 1, 31),
        "revoked_on": None,
        "called_at": datetime(2024, 1, 31, 9, 30, tzinfo=WINTER),
        "approved_on": date(2024, 5, 1),
        "referred_at": datetime(2024, 2, 1, 10, 0, tzinfo=WINTER),
        "contact_at": None,
        "extension": "granted",
        "waiver": NOT_RECORDED,
        "extended_to": date(2024, 9, 1),
        "rates": [Decimal("0.10"), Decimal(2), Decimal("2.5")],
        "acceptances": [
            {
                "accepted_at": datetime(2024, 6, 1, 12, tzinfo=SUMMER),
                "in_portal": True,
                "authorised": True,
                "number": "A 1",
            },
            {
                "accepted_at": datetime(2024, 6, 2, 12, tzinfo=SUMMER),
                "in_portal": True,
                "authorised": False,
                "number": None,
            },
        ],
        "invoices": [{"invoice_amount": Decimal(100), "invoice_on": date(2024, 6, 2)}],
    }
    assert READER.takes(COMPLETE)


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
    assert READER.takes(text.encode())
    assert READER.takes(values)
    assert READER.found(text.encode()) == READER.found(values)
    assert READER.decoded(text.encode()) == READER.decoded(values)


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
    assert READER.found(text if isinstance(text, bytes) else text.encode()) is None


def test_names_of_which_the_last_would_be_kept_are_seen_wherever_they_stand() -> None:
    """A fact left out has fewer quotation marks, and another given twice more: they are not mixed up."""
    for name in POLICY.policy.facts:
        for text in ("null", "1", "true", '"granted"', '"2024-01-31"', "[]", '"2024-01-31T09:30"'):
            once, twice = f'{{"{name}":{text}}}', f'{{"{name}":{text},"{name}":{text}}}'
            assert READER.found(twice.encode()) is None
            READER.takes(once.encode())
    for members in ('"authorised":true,"authorised":true', '"number":"a","number":null'):
        text = (
            f'{{"acceptances":[{{"accepted_at":"2024-06-01T12:00","authorised":true,{members}}}]}}'
        )
        assert READER.found(text.encode()) is None


class Bytes(bytes):
    """Says that it has no quotation marks."""

    def count(self, *_args: object) -> int:
        return 0


@pytest.mark.parametrize("make", [Bytes, bytes, bytes.decode])
def test_names_given_twice_are_refused_whatever_holds_them(make: Callable[[bytes], object]) -> None:
    text = b'{"released_on": "2024-01-31", "released_on": "2024-01-31"}'
    for of in (policies(KASPERSKY).decide, policies(KASPERSKY).evaluate):
        with pytest.raises(FactsError) as caught:
            of(KASPERSKY, cast(Any, make(text)), asked_on=ASKED_ON)
        assert "input.duplicate-name" in {each.code for each in caught.value.diagnostics}


def test_the_context_of_the_thread_makes_no_difference() -> None:
    text = b'{"amount": 123456789012345678.123456789012, "rates": [1e99999999999999999999]}'
    plain = b'{"amount": 123456789012345678.123456789012, "discount": "0.333333333333"}'
    with localcontext() as context:
        context.prec = 3
        context.clear_traps()
        assert READER.found(text) is None
        found = READER.read(plain)
    assert found is not None
    assert found["amount"] == Decimal("123456789012345678.123456789012")
    assert found["discount"] == Decimal("0.333333333333")


def test_what_is_read_is_nobody_elses() -> None:
    reader = Reader(policy(fact("rates", ListOf(NUMBER)), fact("days", ListOf(DATE), presume=[])))
    forms: list[bytes | Facts] = [b'{"rates": [1]}', {"rates": [Decimal(1)]}]
    for given_ in forms:
        first, second = reader.read(given_), reader.read(given_)
        assert first == second == {"rates": [Decimal(1)], "days": []}
        assert first is not None
        for each in first.values():
            assert isinstance(each, list)
            each.clear()
            each.append(5)
        assert second == reader.read(given_)
        assert given_ in (b'{"rates": [1]}', {"rates": [Decimal(1)]})


def test_a_name_with_other_letters_is_taken_in_the_form_in_which_it_is_declared() -> None:
    reader = Reader(policy(fact("amount", NUMBER), fact("läge", STRING)))
    assert reader.takes('{"läge": "x", "amount": 1}'.encode())
    assert reader.takes(b'{"l\\u00e4ge": "x"}')
    assert not reader.takes('{"la\u0308ge": "x"}'.encode())
    assert not reader.takes({"la\u0308ge": "x"})


def test_lists_may_hold_any_values() -> None:
    of = Reader(
        policy(
            fact("place", STRING),
            fact("days", ListOf(DATE)),
            fact("notes", ListOf(optional(STRING))),
            list_of("parts", fact("ort", STRING), fact("rates", ListOf(NUMBER))),
        )
    )
    text = b'{"place": "x", "days": ["2024-01-31"], "notes": [null, "a"], "parts": [%s]}'
    assert of.takes(text % '{"ort": "Umeå", "rates": [1, "2"]}, {"ort": "", "rates": []}'.encode())
    assert of.takes(text % b"")
    assert not of.takes(text % b'{"rates": []}')  # which place it is matters
    assert not of.takes(text % b'{"ort": "", "rates": [], "rates": []}')
    assert not of.takes(text.replace(b'"a"', b'"a", {"unknown": true}') % b"")


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
    """Read a text; and, if it is one, what Python's own library makes of it, which keeps the last."""
    READER.takes(raw)
    try:
        read = json.loads(raw, parse_float=Decimal)
    except (ValueError, ArithmeticError):
        return
    if isinstance(read, dict):
        READER.takes(read)


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
    assert [at for at in range(len(COMPLETE)) if READER.found(COMPLETE[:at])] == []


def test_every_byte_of_a_text_taken_away_leaves_what_it_means_in_general() -> None:
    compact = (
        b'{"amount":-1.50,"company":"a\\"b:","signed_on":"2024-01-31","is_firm":true,"rates":["1"]}'
    )
    for at in range(len(compact)):
        same_meaning(compact[:at] + compact[at + 1 :])
        same_meaning(compact[:at] + compact[at : at + 1] + compact[at:])
