"""What cannot be a fact is refused with its place, what is wrong, and what to write instead."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import cast

import pytest

from policyeval.diagnostics import CODES, Diagnostic
from policyeval.errors import FactsError
from policyeval.facts import decode, decode_bytes, decode_json, read_json_facts
from policyeval.feel.types import NUMBER
from policyeval.source import Source
from tests.facts.making import ASKED_ON, every_kind, fact, policy

EVERY_KIND = every_kind()
PAGES = Path(__file__).parents[2] / "docs" / "diagnostics"
Problems = tuple[Diagnostic, ...]
Read = Callable[[], object]


def of_values(given: object) -> Problems:
    with pytest.raises(FactsError) as caught:
        decode(cast(Mapping[str, object], given), EVERY_KIND, ASKED_ON)
    return caught.value.diagnostics


def of_json(text: str) -> Problems:
    with pytest.raises(FactsError) as caught:
        decode_json(Source(text, "facts.json"), EVERY_KIND, ASKED_ON)
    return caught.value.diagnostics


def marked(diagnostic: Diagnostic) -> str:
    return diagnostic.source.text[diagnostic.span.start : diagnostic.span.end]


# Fact, its value as JSON, the code, and what of the value is marked (if that is not all of it).
REFUSED = [
    # numbers
    ("amount", '"NaN"', "input.number", None),
    ("amount", '"sNaN"', "input.number", None),
    ("amount", '"Infinity"', "input.number", None),
    ("amount", '"-inf"', "input.number", None),
    ("amount", '"1e999999999"', "input.number", None),
    ("amount", '"1E2"', "input.number", None),
    ("amount", '"1_000"', "input.number", None),
    ("amount", '" 1"', "input.number", None),
    ("amount", '"1 "', "input.number", None),
    ("amount", '"1\\n"', "input.number", None),
    ("amount", '"+1"', "input.number", None),
    ("amount", '"01"', "input.number", None),
    ("amount", '".5"', "input.number", None),
    ("amount", '"5."', "input.number", None),
    ("amount", '"１２"', "input.number", None),
    ("amount", '"١٢"', "input.number", None),
    ("amount", '"1,5"', "input.number", None),
    ("amount", '"0x1F"', "input.number", None),
    ("amount", '""', "input.number", None),
    ("amount", "true", "input.number", None),
    ("amount", "[1]", "input.type", "["),
    ("amount", "{}", "input.type", "{"),
    ("amount", "null", "input.null", None),
    ("amount", "1000000000000000000", "input.number-range", None),
    ("amount", "-1000000000000000000", "input.number-range", None),
    ("amount", '"1000000000000000000"', "input.number-range", None),
    ("amount", "9" * 40, "input.number-range", None),
    ("amount", "1e40", "input.number-range", None),
    ("amount", "1e999999", "input.number-range", None),
    ("amount", "1e99999999999999999999", "input.number-range", None),
    ("amount", "0.1234567890123", "input.number-digits", None),
    ("amount", f"0.{'1' * 40}", "input.number-digits", None),
    ("amount", "1e-13", "input.number-digits", None),
    ("amount", "1e-99999999999999999999", "input.number-digits", None),
    ("amount", "999999999999999999.9999999999999", "input.number-digits", None),
    # days
    ("signed_on", '"2023-02-30"', "input.date", None),
    ("signed_on", '"2023-02-29"', "input.date", None),
    ("signed_on", '"2023-13-01"', "input.date", None),
    ("signed_on", '"2023-2-3"', "input.date", None),
    ("signed_on", '"20240131"', "input.date", None),
    ("signed_on", '"2024-W05-3"', "input.date", None),
    ("signed_on", '"2024-01-31T00:00:00"', "input.date", None),
    ("signed_on", '" 2024-01-31"', "input.date", None),
    ("signed_on", '"2024-01-31\\n"', "input.date", None),
    ("signed_on", '"2024-01-3１"', "input.date", None),
    ("signed_on", '"0000-01-01"', "input.date", None),
    ("signed_on", '"1899-12-31"', "input.date", None),
    ("signed_on", '"2200-01-01"', "input.date", None),
    ("signed_on", '"10000-01-01"', "input.date", None),
    ("signed_on", "0", "input.date", None),
    ("signed_on", '"0"', "input.date", None),
    ("signed_on", '"inf"', "input.date", None),
    ("signed_on", '""', "input.date", None),
    ("signed_on", "true", "input.type", None),
    ("signed_on", "[]", "input.type", "["),
    # moments
    ("called_at", '"2024-01-31 09:30"', "input.time", None),
    ("called_at", '"2024-01-31t09:30"', "input.time", None),
    ("called_at", '"2024-01-31T09"', "input.time", None),
    ("called_at", '"2024-01-31T9:30"', "input.time", None),
    ("called_at", '"2024-01-31T24:00:00"', "input.time", None),
    ("called_at", '"2024-06-30T23:59:60Z"', "input.time", None),
    ("called_at", '"2024-01-31T09:60"', "input.time", None),
    ("called_at", '"2024-01-31T09:30:00.1234567"', "input.time", None),
    ("called_at", '"2024-01-31T09:30:00,5"', "input.time", None),
    ("called_at", '"2024-01-31T09:30z"', "input.time", None),
    ("called_at", '"2024-01-31T09:30+01"', "input.time", None),
    ("called_at", '"2024-01-31T09:30+0100"', "input.time", None),
    ("called_at", '"2024-01-31T09:30+18:01"', "input.time", None),
    ("called_at", '"2024-01-31T09:30+01:60"', "input.time", None),
    ("called_at", '"2024-01-31T09:30@Europe/Stockholm"', "input.time", None),
    ("called_at", '"2023-02-30T09:30"', "input.time", None),
    ("called_at", '"2023-02-30"', "input.time", None),
    ("called_at", '"2024-03-31T02:30:00"', "input.time", None),
    ("called_at", '"2024-10-27T02:30:00"', "input.time", None),
    ("called_at", '"1899-12-31T22:59:59Z"', "input.time", None),
    ("called_at", '"2199-12-31T23:30:00Z"', "input.time", None),
    ("called_at", '"0000-01-01T00:00:00Z"', "input.time", None),
    ("called_at", "1706690000", "input.time", None),
    ("called_at", "false", "input.type", None),
    # truth values and texts
    ("is_firm", '"true"', "input.type", None),
    ("is_firm", "1", "input.type", None),
    ("is_firm", "null", "input.null", None),
    ("is_firm", "[]", "input.type", "["),
    ("company", "5", "input.type", None),
    ("company", "true", "input.type", None),
    ("company", "null", "input.null", None),
    ("company", '"\\ud800"', "text.encoding", None),
    ("product", '"Data_recovery"', "input.one-of", None),
    ("product", '""', "input.one-of", None),
    ("product", '"\\udfff"', "text.encoding", None),
    ("product", "5", "input.type", None),
    # events and acts
    ("approved_on", '"2024-07-02"', "input.future-event", None),
    ("referred_at", '"2024-07-02"', "input.future-event", None),
    ("referred_at", '"2024-07-01T22:00:00Z"', "input.future-event", None),
    ("approved_on", '{"between": ["2024-06-01", "2024-07-02"]}', "input.future-event", '"2024-07-02"'),
    ("extension", '"grant"', "input.one-of", None),
    ("extension", '{"decided": "grant"}', "input.one-of", '"grant"'),
    ("extension", '{"decided": "granted", "on": "2024-07-02"}', "input.future-event", '"2024-07-02"'),
    ("extension", '{"decided": "granted", "on": null}', "input.null", "null"),
    ("extension", '{"decided": "granted", "on": "1 July"}', "input.date", '"1 July"'),
    ("extension", '{"decided": "granted", "by": 3}', "input.type", "3"),
    ("extension", '{"decided": null}', "input.null", "null"),
    ("extension", '{"decided": {"unknown": true}}', "input.type", "{"),
    ("extension", '{"decided": "granted", "when": 1}', "input.unknown-key", '"when"'),
    ("extension", '{"on": "2024-01-01"}', "input.type", "{"),
    ("amount", '{"decided": 5}', "input.unknown-key", '"decided"'),
    # open values
    ("amount", '{"unknown": false}', "input.type", "false"),
    ("amount", '{"unknown": 1}', "input.type", "1"),
    ("amount", '{"unknown": true, "x": 1}', "input.unknown-key", '"x"'),
    ("amount", '{"unknown": true, "between": [1, 2]}', "input.unknown-key", '"between"'),
    ("amount", '{"unknwon": true}', "input.unknown-key", '"unknwon"'),
    ("amount", '{"between": [1, 2], "x": 1}', "input.unknown-key", '"x"'),
    ("amount", '{"between": [2, 1]}', "input.between", "["),
    ("amount", '{"between": [1]}', "input.between", "["),
    ("amount", '{"between": [1, 2, 3]}', "input.between", "["),
    ("amount", '{"between": 1}', "input.between", "1"),
    ("amount", '{"between": [1, "x"]}', "input.number", '"x"'),
    ("amount", '{"between": [null, 2]}', "input.null", "null"),
    ("amount", '{"between": [{"unknown": true}, 2]}', "input.type", "{"),
    ("signed_on", '{"between": ["2024-02-01", "2024-01-01"]}', "input.between", "["),
    ("called_at", '{"between": ["2024-02-01", "2024-01-31T10:00"]}', "input.between", "["),
    ("is_firm", '{"between": [false, true]}', "input.between", "["),
    ("company", '{"between": ["a", "b"]}', "input.between", "["),
    # lists
    ("rates", "5", "input.type", None),
    ("rates", "null", "input.null", None),
    ("rates", '{"a": 1}', "input.type", "{"),
    ("rates", '{"between": [[], [1]]}', "input.between", "{"),
    ("rates", '{"unknown": 3}', "input.type", "3"),
    ("rates", '{"unknown": true, "x": 3}', "input.unknown-key", '"x"'),
    ("rates", "[1, null]", "input.null", "null"),
    ("rates", '[1, "x"]', "input.number", '"x"'),
    ("acceptances", "null", "input.null", None),
    ("acceptances", "[5]", "input.type", "5"),
    ("acceptances", "[[]]", "input.type", "[", ),
    ("acceptances", '[{"accepted_at": null}]', "input.null", "null"),
    ("acceptances", '[{"accepted_at": "2024-07-02"}]', "input.future-event", '"2024-07-02"'),
    ("acceptances", '[{"in_portl": true}]', "input.unknown-key", '"in_portl"'),
    ("acceptances", '[{"unknown": true}]', "input.unknown-key", '"unknown"'),
    ("acceptances", '[{"authorised": null}]', "input.null", "null"),
    ("acceptances", '[{"accepted_at": {"between": ["2024-01-01", "2024-07-02"]}}]', "input.future-event", '"2024-07-02"'),
    # names
    ("amuont", "1", "input.unknown-fact", '"amuont"'),
    ("__proto__", "{}", "input.unknown-fact", '"__proto__"'),
    ("constructor", "1", "input.unknown-fact", '"constructor"'),
    ("Amount", "1", "input.unknown-fact", '"Amount"'),
    ("payable", "true", "input.unknown-fact", '"payable"'),
    ("fee", "1", "input.unknown-fact", '"fee"'),
    ("run_from", '"invoice"', "input.unknown-fact", '"run_from"'),
    ("asked_on", '"2024-01-01"', "input.unknown-fact", '"asked_on"'),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "given", "code", "what"),
    REFUSED,
    ids=[f"{name}: {given[:40]}" for name, given, *_ in REFUSED],
)
def test_a_value_that_cannot_be_used_is_refused_where_it_stands(
    name: str, given: str, code: str, what: str | None
) -> None:
    text = f'{{"is_listed": true,\n "{name}": {given}}}'
    [found] = of_json(text)
    assert (found.code, marked(found)) == (code, what or given)
    assert found.source.position(found.span.start).line == 2


@pytest.mark.parametrize(
    ("name", "given", "code"),
    [each[:3] for each in REFUSED],
    ids=[f"{name}: {given[:40]}" for name, given, *_ in REFUSED],
)
def test_a_plain_value_is_refused_like_the_same_value_in_json(
    name: str, given: str, code: str
) -> None:
    value = json.loads(given, parse_float=_decimal)
    [found] = of_values({name: value})
    [in_json] = of_json(f'{{"{name}": {given}}}')
    assert found.code == code
    assert (found.message.text(), found.help) == (in_json.message.text(), in_json.help)
    assert found.place is not None
    assert found.place.text() == f"fact `{name}`"
    assert found.source.text.startswith(name)


def _decimal(text: str) -> Decimal:
    """Read a number that may have a larger exponent than Python's own decimals."""
    return Decimal(re.sub(r"(e-?)9{7,}$", r"\g<1>999999", text))


def test_facts_that_are_no_object_are_refused() -> None:
    for text in ("[]", "5", "null", '"x"'):
        [found] = of_json(text)
        assert (found.code, found.span.start) == ("input.type", 0)
        [found] = of_values(json.loads(text))
        assert found.code == "input.type"
        with pytest.raises(FactsError):
            read_json_facts(Source(text))


# ------------------------------------------------------------------------------- JSON itself

NOT_JSON = {
    "nothing": "",
    "a-word": "{amount: 1}",
    "single-quotes": "{'amount': 1}",
    "comma-at-the-end": '{"amount": 1,}',
    "two-commas": '{"amount": 1,, "discount": 2}',
    "no-comma": '{"amount": 1 "discount": 2}',
    "no-colon": '{"amount" 1}',
    "no-value": '{"amount": }',
    "not-closed": '{"amount": 1',
    "list-not-closed": '{"rates": [1, 2',
    "text-not-closed": '{"company": "x}',
    "line-break-in-text": '{"company": "a\nb"}',
    "unknown-escape": r'{"company": "\x41"}',
    "two-values": "{} {}",
    "something-after": '{"amount": 1} x',
    "leading-zero": '{"amount": 01}',
    "plus": '{"amount": +1}',
    "no-digit-after-the-point": '{"amount": 1.}',
    "not-a-number": '{"amount": NaN}',
    "infinity": '{"amount": -Infinity}',
    "word-of-python": '{"is_firm": True}',
    "underscore": '{"amount": 1_000}',
    "comment": '{"amount": 1 /* x */}',
    "strange-space": '{"amount":\u00a01}',
    "byte-order-mark-inside": '\ufeff\ufeff{"amount": 1}',
    "deep-lists": "[" * 100_000,
    "deep-objects": '{"a":' * 20_000,
    "65-deep": '{"rates": ' + "[" * 64 + "]" * 64 + "}",
}


@pytest.mark.parametrize("text", NOT_JSON.values(), ids=NOT_JSON)
def test_what_is_no_json_is_refused_where_it_ceases_to_be(text: str) -> None:
    [found] = of_json(text)
    assert found.code == "input.json"
    assert 0 <= found.span.start <= len(text)


def test_64_lists_within_each_other_are_read() -> None:
    [found] = of_json('{"rates": ' + "[" * 63 + "]" * 63 + "}")
    assert found.code == "input.type"


def test_a_name_that_is_given_twice_is_told_at_the_second_place_beside_all_else() -> None:
    text = '{"amount": 1, "amount": 2, "rates": [{"unknown": true, "unknown": true}], "fee": 1}'
    found = of_json(text)
    assert [each.code for each in found] == [
        "input.duplicate-name",
        "input.duplicate-name",
        "input.unknown-fact",
    ]
    assert [each.span.start for each in found] == [14, 55, 74]


@pytest.mark.parametrize("name", ["lön", "lo\u0308n"])
def test_a_name_that_only_looks_different_is_given_twice(name: str) -> None:
    other = "lo\u0308n" if name == "lön" else "lön"
    made = policy(fact("lön", NUMBER))
    reads: list[Read] = [
        lambda: decode({name: 1, other: 2}, made, ASKED_ON),
        lambda: decode_json(Source(f'{{"{name}": 1, "{other}": 2}}'), made, ASKED_ON),
    ]
    for read in reads:
        with pytest.raises(FactsError) as caught:
            read()
        assert [each.code for each in caught.value.diagnostics] == ["input.duplicate-name"]


@pytest.mark.parametrize(
    ("raw", "offset", "column"),
    [
        (b'{"company": "R\xe4k"}', 14, 15),
        (b'\xef\xbb\xbf{"company": "\xff"}', 16, 14),
        ('{"company": "å'.encode() + b"\xc3", 15, 15),
        (b"\xff\xfe{\x00}\x00", 0, 1),
        (b'{"company": "\xed\xa0\x80"}', 13, 14),
    ],
)
def test_bytes_that_are_no_utf_8_are_told_with_their_offset(
    raw: bytes, offset: int, column: int
) -> None:
    with pytest.raises(FactsError) as caught:
        decode_bytes(raw, "facts.json", EVERY_KIND, ASKED_ON)
    [found] = caught.value.diagnostics
    assert found.code == "input.json"
    assert f"byte offset {offset})" in found.message.text()
    assert found.source.position(found.span.start).column == column


# ------------------------------------------------------------------------------- limits


@pytest.mark.parametrize(
    "given",
    [
        {"company": "x" * 65_537},
        {"company": "ä" * 32_769},
        {"product": "x" * 65_537},
        {"company": "\U0001f600" * 16_385},
        {"rates": [1] * 10_001},
        {"rates": (1,) * 10_001},
        {"invoices": [{}] * 10_001},
        {"extension": {"decided": "granted", "by": "x" * 65_537}},
    ],
    ids=["ascii", "two-bytes", "one-of", "four-bytes", "list", "tuple", "entries", "by"],
)
def test_what_is_too_long_is_refused(given: Mapping[str, object]) -> None:
    assert [each.code for each in of_values(given)] == ["input.too-long"]
    assert [each.code for each in of_json(json.dumps(given))] == ["input.too-long"]


def test_a_json_text_has_at_most_256_kib() -> None:
    longest = json.dumps({"acceptances": []}).ljust(262_144)
    assert decode_json(Source(longest), EVERY_KIND, ASKED_ON).values["acceptances"] == []
    assert decode_bytes(longest.encode(), None, EVERY_KIND, ASKED_ON).given == {"acceptances"}
    for text in (longest + " ", '{"company": "' + "ä" * 131_072 + '"}', "[" * 300_000):
        assert [each.code for each in of_json(text)] == ["input.too-long"]
        with pytest.raises(FactsError) as caught:
            decode_bytes(text.encode(), "facts.json", EVERY_KIND, ASKED_ON)
        assert [each.code for each in caught.value.diagnostics] == ["input.too-long"]


@pytest.mark.parametrize("count", [100, 101, 10_000])
def test_a_hundred_problems_are_shown_and_the_place_of_the_next(count: int) -> None:
    given = {"acceptances": [{"x": 1}] * count}
    for found in (of_values(given), of_json(json.dumps(given))):
        assert len(found) == min(count, 101)
        assert {each.code for each in found[:100]} == {"input.unknown-key"}
        assert all(each.code == "input.too-many-problems" for each in found[100:])


def test_unknown_names_by_the_thousand_end_soon() -> None:
    given = {f"amount_{number}": 1 for number in range(10_000)}
    assert len(of_values(given)) == 101
    assert len(of_values({"x" * 100_000: 1, "y" * 100_000: 2})) == 2


# ------------------------------------------------------------------------------- the day asked on


@pytest.mark.parametrize(
    "asked_on",
    [None, datetime(2024, 7, 1), "1 July", 0, True, date(1899, 12, 31), date(2200, 1, 1), object()],
    ids=lambda day: type(day).__name__ + str(day)[:10] if type(day) is not object else "object",
)
def test_a_question_needs_the_day_that_it_is_asked_on(asked_on: object) -> None:
    reads: list[Read] = [
        lambda: decode({}, EVERY_KIND, cast(date, asked_on)),
        lambda: decode_json(Source("{}"), EVERY_KIND, cast(date, asked_on)),
    ]
    for read in reads:
        with pytest.raises(FactsError) as caught:
            read()
        assert [each.code for each in caught.value.diagnostics] == ["input.asked-on"]


# ------------------------------------------------------------------------------- all at once

MANY = """\
{
  "amount": "1.234,50", "amuont": 3, "is_firm": "yes",
  "discount": 1.1234567890123, "discount": 1,
  "company": null, "product": "data_recovry",
  "signed_on": "31.12.2024", "called_at": "2024-03-31T02:30",
  "approved_on": "2024-07-02",
  "referred_at": {"between": ["2024-02-02", "2024-02-01"]},
  "contact_at": {"unknwon": true},
  "extension": {"decided": "granted", "x": 1, "by": 3, "on": "2025-01-01"},
  "waiver": {"unknown": false},
  "rates": [1, true, {"between": [3]}, "1e5", 1e18],
  "acceptances": [{"acepted_at": "2024-10-27T02:30:00", "in_portal": 1}, 3],
  "payable": true, "fee": 1, "run_from": "invoice", "asked_on": 1
}
"""


def test_every_problem_is_told_at_once_in_the_order_of_the_text() -> None:
    found = of_json(MANY)
    assert [each.span for each in found] == sorted(each.span for each in found)
    assert [(each.code.removeprefix("input."), marked(each)) for each in found] == [
        ("number", '"1.234,50"'),
        ("unknown-fact", '"amuont"'),
        ("type", '"yes"'),
        ("number-digits", "1.1234567890123"),
        ("duplicate-name", '"discount"'),
        ("null", "null"),
        ("one-of", '"data_recovry"'),
        ("date", '"31.12.2024"'),
        ("time", '"2024-03-31T02:30"'),
        ("future-event", '"2024-07-02"'),
        ("between", "["),
        ("unknown-key", '"unknwon"'),
        ("unknown-key", '"x"'),
        ("type", "3"),
        ("future-event", '"2025-01-01"'),
        ("type", "false"),
        ("number", "true"),
        ("between", "["),
        ("number", '"1e5"'),
        ("number-range", "1e18"),
        ("unknown-key", '"acepted_at"'),
        ("type", "1"),
        ("type", "3"),
        ("unknown-fact", '"payable"'),
        ("unknown-fact", '"fee"'),
        ("unknown-fact", '"run_from"'),
        ("unknown-fact", '"asked_on"'),
    ]


def test_plain_values_are_reported_in_the_order_in_which_they_are_given() -> None:
    given = json.loads(MANY, parse_float=Decimal)
    codes = [each.code for each in of_values(given)]
    in_json = [each.code for each in of_json(MANY)]
    in_json.remove("input.duplicate-name")
    in_json.remove("input.number-digits")  # of the first of the two; the second one stays
    assert codes == in_json


# ------------------------------------------------------------------------------- words

OTHERS: dict[str, Mapping[str, object]] = {
    "float": {"amount": 0.1, "rates": [float("nan")]},
    "kind": {"company": b"x", "rates": {1, 2}, "amount": 1 + 2j, "is_firm": object},
    "name": {1: 2, None: 3},  # type: ignore[dict-item] # that is what it is about
    "text": {"company": "a\ud800", "product": "x"},
    "size": {"company": "x" * 70_000, "rates": [1] * 10_001},
    "number": {"amount": Decimal("NaN"), "discount": 10**5_000, "rates": ["1,234", " 5", "1 000"]},
    "day": {"signed_on": datetime(2024, 1, 31), "called_at": "2024-10-27T02:30"},
    "year": {"signed_on": "0024-01-31", "called_at": "2024-02-30", "extended_to": "2024-00-10"},
    "clock": {"called_at": "2024-01-31T24:00", "rates": {"between": [1, 2]}},
    "offset": {"called_at": "2024-01-31T09:00+19:00", "acceptances": [{"accepted_at": "x"}]},
    "later": {"acceptances": [{"accepted_at": "2025-01-01"}]},
    "act": {"extension": {"decided": None}, "amount": {"decided": 1}, "is_firm": {"between": 1}},
    "far": {"acceptances": [{"zzz": 1}, []], "zzz": 1, "invoices": {}},
}


@pytest.mark.parametrize("language", ["en", "sv", "de"])
def test_the_words_of_every_refusal(language: str, golden: Callable[[str, str], None]) -> None:
    errors = [FactsError(of_json(MANY))]
    errors += [FactsError(of_values(given)) for given in OTHERS.values()]
    errors += [
        FactsError(of_json(text))
        for text in ("[]", '{"amount": 1,}', '{"lo": 1, "lo": 2}', " " * 300_000)
    ]
    errors += [FactsError(of_values({"acceptances": [{"x": 1}] * 101})[-1:])]
    reads: list[Read] = [
        lambda: decode({}, EVERY_KIND, cast(date, None)),
        lambda: decode_bytes(b'{"company": "\xe4"}', "facts.json", EVERY_KIND, ASKED_ON),
        lambda: decode({"a\u0308": 1, "ä": 2}, policy(fact("ä", NUMBER)), ASKED_ON),
    ]
    for read in reads:
        with pytest.raises(FactsError) as caught:
            read()
        errors.append(caught.value)
    shown = "\n\n\n".join(each.render(language) for each in errors)
    golden(f"facts/refusals.{language}.txt", shown + "\n")
    told = {each.code for error in errors for each in error.diagnostics}
    assert {code for code in CODES if code.startswith("input.")} - told <= ELSEWHERE


# Codes that are about other inputs than one transaction's facts, as they are decoded.
ELSEWHERE = {"input.value", "input.inconsistent"}


@pytest.mark.parametrize(
    "path",
    [path for path in sorted(PAGES.glob("input.*.md")) if "```json" in path.read_text("utf-8")],
    ids=lambda path: path.stem,
)
def test_the_example_on_the_page_of_a_code_gives_it(path: Path) -> None:
    [example] = re.findall(r"```json\n(.*?)```", path.read_text(encoding="utf-8"), re.DOTALL)
    assert [each.code for each in of_json(example)] == [path.stem]
