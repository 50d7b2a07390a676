"""What is given becomes values, and what is not given becomes what it may still be."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from policyeval.facts import (
    NEVER,
    NOT_YET,
    AnyText,
    Between,
    Decoder,
    Environment,
    OneOf,
    Open,
    decode,
    decode_bytes,
    decode_json,
    decoder_of,
    read_json_facts,
)
from policyeval.feel.types import BOOLEAN, DATE, DATE_AND_TIME, NUMBER, STRING, ListOf, optional
from policyeval.source import Source
from tests.facts.making import ASKED_ON, COMPLETE, entries_of, every_kind, fact, list_of, policy

WINTER = timezone(timedelta(hours=1))
SUMMER = timezone(timedelta(hours=2))
FIRST = datetime(1900, 1, 1, tzinfo=WINTER)
LAST = datetime(2199, 12, 31, 23, 59, 59, 999_999, tzinfo=WINTER)
ASKED_FIRST = datetime(2024, 7, 1, tzinfo=SUMMER)
ASKED_LAST = datetime(2024, 7, 1, 23, 59, 59, 999_999, tzinfo=SUMMER)
LARGEST = Decimal("999999999999999999.999999999999")

EVERY_KIND = every_kind()


def decoded(**given: object) -> Environment:
    return decode(given, EVERY_KIND, ASKED_ON)


def same_kind(value: object, expected: object) -> bool:
    return value == expected and type(value) is type(expected)


# ------------------------------------------------------------------------------- values


@pytest.mark.parametrize(
    ("name", "given", "value"),
    [
        ("is_firm", True, True),
        ("is_firm", False, False),
        ("amount", 0, Decimal(0)),
        ("amount", -7, Decimal(-7)),
        ("amount", Decimal("0.005"), Decimal("0.005")),
        ("amount", Decimal("-0.01"), Decimal("-0.01")),
        ("amount", Decimal("1E+2"), Decimal(100)),
        ("amount", Decimal("1.000000000000000"), Decimal(1)),
        ("amount", 10**18 - 1, Decimal(10**18 - 1)),
        ("amount", LARGEST, LARGEST),
        ("amount", LARGEST.copy_negate(), LARGEST.copy_negate()),
        ("amount", Decimal("0.000000000001"), Decimal("0.000000000001")),
        ("amount", "1234.50", Decimal("1234.50")),
        ("amount", "-0", Decimal(0)),
        ("discount", None, None),
        ("company", "", ""),
        ("company", "a\u0308 {x} %s \x00", "ä {x} %s \x00"),
        ("company", "x" * 65_536, "x" * 65_536),
        ("product", "data_recovery", "data_recovery"),
        ("product", "gera\u0308tetausch", "gerätetausch"),
        ("signed_on", date(2024, 2, 29), date(2024, 2, 29)),
        ("signed_on", "2024-02-29", date(2024, 2, 29)),
        ("signed_on", "1900-01-01", date(1900, 1, 1)),
        ("signed_on", date(2199, 12, 31), date(2199, 12, 31)),
        ("approved_on", ASKED_ON, ASKED_ON),
        ("extension", "granted", "granted"),
        ("extended_to", "2024-12-31", date(2024, 12, 31)),
        ("extension", {"decided": "refused"}, "refused"),
        ("extension", {"decided": "refused", "on": "2024-07-01", "by": "N. N."}, "refused"),
        ("waiver", {"by": "N. N.", "on": date(2024, 1, 1), "decided": True}, True),
        ("amount", {"between": [5, "5.0"]}, Decimal(5)),
        ("rates", [1, "2.5", Decimal(3)], [Decimal(1), Decimal("2.5"), Decimal(3)]),
        ("rates", (), []),
        ("acceptances", [], []),
    ],
)
def test_a_value_is_taken_as_it_is_meant(name: str, given: object, value: object) -> None:
    environment = decoded(**{name: given})
    assert same_kind(environment.values[name], value)
    assert environment.given == {name}


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1E2", "100"),
        ("1e+002", "100"),
        ("0.10", "0.10"),
        ("12345678901.123456789012", "12345678901.123456789012"),
        ("-0", "0"),
        ("-0.00", "0"),
        ("0e999999999999", "0"),
        ("100000e-5", "1"),
        (f"1{'0' * 1000}e-1000", "1"),
        ("0.1000000000000000000000000000000000000000", "0.1"),
    ],
)
def test_a_number_of_json_is_exact(text: str, number: str) -> None:
    source = Source(f'{{"amount": {text}}}')
    value = decode_json(source, EVERY_KIND, ASKED_ON).values["amount"]
    assert isinstance(value, Decimal)
    assert value == Decimal(number)
    assert not value.is_signed() or number.startswith("-")
    assert "E" not in str(value)


@pytest.mark.parametrize(
    ("given", "moment"),
    [
        ("2024-01-31T09:30", datetime(2024, 1, 31, 9, 30, tzinfo=WINTER)),
        ("2024-01-31T09:30:15", datetime(2024, 1, 31, 9, 30, 15, tzinfo=WINTER)),
        ("2024-01-31T09:30:15.5", datetime(2024, 1, 31, 9, 30, 15, 500_000, tzinfo=WINTER)),
        ("2024-01-31T09:30:00.000001", datetime(2024, 1, 31, 9, 30, 0, 1, tzinfo=WINTER)),
        ("2024-06-30T09:30:00", datetime(2024, 6, 30, 9, 30, tzinfo=SUMMER)),
        ("2024-06-30T23:30:00Z", datetime(2024, 7, 1, 1, 30, tzinfo=SUMMER)),
        ("2024-01-31T23:30:00-10:00", datetime(2024, 2, 1, 10, 30, tzinfo=WINTER)),
        ("2024-10-27T02:30:00+02:00", datetime(2024, 10, 27, 2, 30, tzinfo=SUMMER)),
        ("2024-10-27T02:30:00+01:00", datetime(2024, 10, 27, 2, 30, tzinfo=WINTER)),
        (datetime(2024, 6, 30, 9, 30), datetime(2024, 6, 30, 9, 30, tzinfo=SUMMER)),
        (datetime(2024, 6, 30, 9, 30, fold=1), datetime(2024, 6, 30, 9, 30, tzinfo=SUMMER)),
        (datetime(2024, 6, 30, 23, 30, tzinfo=UTC), datetime(2024, 7, 1, 1, 30, tzinfo=SUMMER)),
        (
            datetime(2024, 10, 27, 2, 30, tzinfo=ZoneInfo("Europe/Stockholm"), fold=1),
            datetime(2024, 10, 27, 2, 30, tzinfo=WINTER),
        ),
        (
            datetime(2024, 10, 27, 2, 30, tzinfo=ZoneInfo("Europe/Stockholm"), fold=0),
            datetime(2024, 10, 27, 2, 30, tzinfo=SUMMER),
        ),
        (
            datetime(2024, 1, 31, 9, 30, tzinfo=ZoneInfo("America/New_York")),
            datetime(2024, 1, 31, 15, 30, tzinfo=WINTER),
        ),
    ],
)
def test_a_moment_has_the_offset_that_the_zone_has_then(given: object, moment: datetime) -> None:
    value = decoded(called_at=given).values["called_at"]
    assert isinstance(value, datetime)
    assert (value.replace(tzinfo=None), value.fold) == (moment.replace(tzinfo=None), 0)
    assert type(value.tzinfo) is timezone
    assert value.utcoffset() == moment.utcoffset()


def test_the_day_of_a_moment_is_its_day_in_the_zone_of_the_programme() -> None:
    given = {"called_at": "2024-03-31T23:30:00Z"}
    days = []
    for zone in ("Europe/Stockholm", "America/New_York", "Asia/Kathmandu"):
        value = decode(given, policy(fact("called_at", DATE_AND_TIME), zone=zone), ASKED_ON)
        moment = value.values["called_at"]
        assert isinstance(moment, datetime)
        days.append(moment.date())
    assert days == [date(2024, 4, 1), date(2024, 3, 31), date(2024, 4, 1)]


def test_a_day_given_for_a_moment_is_any_moment_of_that_day() -> None:
    first = datetime(2024, 3, 31, tzinfo=WINTER)
    last = datetime(2024, 3, 31, 23, 59, 59, 999_999, tzinfo=SUMMER)
    expected = Open("called_at", "fact", (Between(first, last),))
    assert decoded(called_at="2024-03-31").values["called_at"] == expected
    assert decoded(called_at=date(2024, 3, 31)).values["called_at"] == expected


# ------------------------------------------------------------------------------- what is open

OPEN_WHERE_LEFT_OUT: Mapping[str, Open] = {
    each.name: each
    for each in (
        Open("is_firm", "fact", (OneOf((True, False)),)),
        Open("amount", "fact", (Between(LARGEST.copy_negate(), LARGEST),)),
        Open("discount", "fact", (Between(LARGEST.copy_negate(), LARGEST), OneOf((None,)))),
        Open("company", "fact", (AnyText(),)),
        Open("product", "fact", (OneOf(("data_recovery", "gerätetausch")),)),
        Open("signed_on", "fact", (Between(date(1900, 1, 1), date(2199, 12, 31)),)),
        Open("called_at", "fact", (Between(FIRST, LAST),)),
        Open("approved_on", "fact", (Between(date(1900, 1, 1), ASKED_ON), OneOf((NOT_YET,)))),
        Open("referred_at", "fact", (Between(FIRST, ASKED_LAST), OneOf((NOT_YET,)))),
        Open("contact_at", "event", (Between(ASKED_FIRST, LAST), OneOf((NEVER,)))),
        Open("extension", "act", (OneOf(("granted", "refused", None)),)),
        Open(
            "extended_to",
            "act",
            (Between(date(1900, 1, 1), date(2199, 12, 31)), OneOf((None,))),
        ),
        Open("rates", "fact", ()),
        Open("acceptances", "fact", ()),
        Open("invoices", "fact", ()),
    )
}
PRESUMED = {"is_listed": False, "revoked_on": None, "contact_at": None, "waiver": False}


def test_every_declared_fact_that_is_left_out_is_presumed_or_open() -> None:
    environment = decoded()
    presumed = {name: value for name, value in PRESUMED.items() if name != "contact_at"}
    assert environment.values == {**OPEN_WHERE_LEFT_OUT, **presumed}
    assert environment.presumed == PRESUMED
    assert environment.given == frozenset()
    assert environment.growing == {"acceptances"}
    assert environment.asked_on == ASKED_ON


@pytest.mark.parametrize(
    ("name", "given", "expected"),
    [
        ("approved_on", None, Open("approved_on", "event", (Between(ASKED_ON, date(2199, 12, 31)), OneOf((NEVER,))))),
        ("referred_at", None, Open("referred_at", "event", (Between(ASKED_FIRST, LAST), OneOf((NEVER,))))),
        ("extension", None, OPEN_WHERE_LEFT_OUT["extension"]),
        ("waiver", None, Open("waiver", "act", (OneOf((True, False, None)),))),
        ("waiver", {"unknown": True}, Open("waiver", "fact", (OneOf((True, False, None)),))),
        ("extension", {"unknown": True}, Open("extension", "fact", (OneOf(("granted", "refused", None)),))),
        ("is_listed", {"unknown": True}, Open("is_listed", "fact", (OneOf((True, False)),))),
        (
            "revoked_on",
            {"unknown": True},
            Open("revoked_on", "fact", (Between(date(1900, 1, 1), date(2199, 12, 31)), OneOf((None,)))),
        ),
        ("approved_on", {"unknown": True}, OPEN_WHERE_LEFT_OUT["approved_on"]),
        ("contact_at", {"unknown": True}, Open("contact_at", "fact", (Between(FIRST, ASKED_LAST), OneOf((NOT_YET,))))),
        ("rates", {"unknown": True}, OPEN_WHERE_LEFT_OUT["rates"]),
        ("acceptances", {"unknown": True}, OPEN_WHERE_LEFT_OUT["acceptances"]),
        ("amount", {"between": [1, "2.5"]}, Open("amount", "fact", (Between(Decimal(1), Decimal("2.5")),))),
        ("signed_on", {"between": ["2024-01-01", "2024-01-31"]}, Open("signed_on", "fact", (Between(date(2024, 1, 1), date(2024, 1, 31)),))),
        (
            "called_at",
            {"between": ["2024-01-01", "2024-01-02"]},
            Open("called_at", "fact", (Between(datetime(2024, 1, 1, tzinfo=WINTER), datetime(2024, 1, 2, 23, 59, 59, 999_999, tzinfo=WINTER)),)),
        ),
        (
            "called_at",
            {"between": ["2024-01-01", "2024-01-01T10:00"]},
            Open("called_at", "fact", (Between(datetime(2024, 1, 1, tzinfo=WINTER), datetime(2024, 1, 1, 10, tzinfo=WINTER)),)),
        ),
        (
            "referred_at",
            {"between": ["2024-07-01", "2024-07-01"]},
            Open("referred_at", "fact", (Between(ASKED_FIRST, ASKED_LAST),)),
        ),
        ("referred_at", "2024-07-01", Open("referred_at", "fact", (Between(ASKED_FIRST, ASKED_LAST),))),
        ("extended_to", {"between": ["2024-01-01", "2025-01-31"]}, Open("extended_to", "fact", (Between(date(2024, 1, 1), date(2025, 1, 31)),))),
    ],
)  # fmt: skip
def test_what_is_open_says_what_it_may_still_be(name: str, given: object, expected: Open) -> None:
    environment = decoded(**{name: given})
    assert environment.values[name] == expected
    assert name not in environment.presumed


def test_a_presumed_day_of_an_event_counts_once_it_has_come() -> None:
    presuming = policy(fact("opened_on", DATE, "event", presume=date(2024, 7, 1)))
    before, on = (decode({}, presuming, each) for each in (date(2024, 6, 30), date(2024, 7, 1)))
    assert isinstance(before.values["opened_on"], Open)
    assert before.values["opened_on"].kind == "event"
    assert on.values["opened_on"] == date(2024, 7, 1)


@pytest.mark.parametrize("hours", [datetime(2024, 1, 31, 9), datetime(2024, 1, 31, 8, tzinfo=UTC)])
def test_a_presumed_moment_has_the_offset_of_the_zone(hours: datetime) -> None:
    presuming = policy(fact("called_at", DATE_AND_TIME, presume=hours))
    value = decode({}, presuming, ASKED_ON).values["called_at"]
    assert value == datetime(2024, 1, 31, 9, tzinfo=WINTER)
    assert isinstance(value, datetime)
    assert value.utcoffset() == timedelta(hours=1)


# ------------------------------------------------------------------------------- lists and logs


def test_the_entries_of_a_log_are_in_the_order_of_their_moments() -> None:
    given = [
        {"accepted_at": "2024-06-02T09:00", "authorised": True, "number": "b"},
        {"accepted_at": "2024-06-01T09:00", "authorised": True, "number": "a"},
        {"accepted_at": "2024-06-02T07:00Z", "authorised": True, "number": "c"},
        {"accepted_at": "2024-05-01", "authorised": True, "number": "day"},
    ]
    entries = entries_of(decoded(acceptances=given).values, "acceptances")
    assert [each["number"] for each in entries] == ["day", "a", "b", "c"]


def test_a_list_that_is_no_log_keeps_its_order() -> None:
    given = [
        {"invoice_amount": 2, "invoice_on": "2024-06-02"},
        {"invoice_amount": 1, "invoice_on": "2030-06-01"},
    ]
    entries = entries_of(decoded(invoices=given).values, "invoices")
    assert [each["invoice_amount"] for each in entries] == [2, 1]


def test_what_an_entry_leaves_out_is_presumed_or_open_under_its_place_as_given() -> None:
    given = [{"accepted_at": "2024-06-02T09:00", "authorised": True}, {"in_portal": False}]
    environment = decoded(acceptances=given)
    late, early = (
        each["accepted_at"] for each in reversed(entries_of(environment.values, "acceptances"))
    )
    assert late == datetime(2024, 6, 2, 9, tzinfo=SUMMER)
    assert early == Open("acceptances[2].accepted_at", "fact", (Between(FIRST, ASKED_LAST),))
    assert entries_of(environment.values, "acceptances")[0] == {
        "accepted_at": early,
        "in_portal": False,
        "authorised": Open("acceptances[2].authorised", "fact", (OneOf((True, False)),)),
        "number": None,
    }
    assert {name: value for name, value in environment.presumed.items() if "[" in name} == {
        "acceptances[1].in_portal": True,
        "acceptances[1].number": None,
        "acceptances[2].number": None,
    }


def test_an_item_may_be_open_by_itself() -> None:
    value = decoded(rates=[1, {"unknown": True}, {"between": [1, 2]}]).values["rates"]
    assert value == [
        Decimal(1),
        Open("rates[2]", "fact", (Between(LARGEST.copy_negate(), LARGEST),)),
        Open("rates[3]", "fact", (Between(Decimal(1), Decimal(2)),)),
    ]


def test_a_list_of_ten_thousand_items_is_taken() -> None:
    value = decoded(rates=[1] * 10_000).values["rates"]
    assert isinstance(value, list)
    assert len(value) == 10_000


def test_a_list_may_have_any_items_and_be_missing() -> None:
    lists = policy(
        fact("names", ListOf(STRING), one_of=("a", "b")),
        fact("days", ListOf(optional(DATE))),
        fact("flags", optional(ListOf(BOOLEAN))),
        fact("chosen", ListOf(NUMBER), "act"),
        list_of("empty"),
    )
    given = {"names": ["a"], "days": [None, "2024-01-31"], "flags": None, "empty": [{}]}
    values = decode(given, lists, ASKED_ON).values
    assert values["names"] == ["a"]
    assert values["days"] == [None, date(2024, 1, 31)]
    assert values["flags"] is None
    assert values["empty"] == [{}]
    assert values["chosen"] == Open("chosen", "act", ())
    assert decode({"chosen": None}, lists, ASKED_ON).values["chosen"] == Open("chosen", "act", ())


def test_presumed_entries_have_the_offset_of_the_zone() -> None:
    given = {"accepted_at": datetime(2024, 6, 1, 12)}
    log = list_of("acceptances", fact("accepted_at", DATE_AND_TIME), log="accepted_at")
    presuming = policy(
        fact(
            "acceptances",
            log.type,
            "log",
            log="accepted_at",
            entries=tuple(log.entries.values()),
            presume=[given],
        )
    )
    values = decode({}, presuming, ASKED_ON).values
    assert values["acceptances"] == [{"accepted_at": datetime(2024, 6, 1, 12, tzinfo=SUMMER)}]


# ------------------------------------------------------------------------------- the whole


def test_values_stand_in_the_order_of_their_declarations() -> None:
    backwards = dict(reversed([*COMPLETE.items()]))
    values = decode(backwards, EVERY_KIND, ASKED_ON).values
    assert [*values] == [*EVERY_KIND.policy.facts]
    assert not any(isinstance(each, Open) for each in values.values())


def test_names_are_compared_in_their_composed_form() -> None:
    made = policy(fact("lön", NUMBER))
    assert decode({"lo\u0308n": 1}, made, ASKED_ON).values["lön"] == 1
    assert decode_json(Source('{"lo\u0308n": 1}'), made, ASKED_ON).given == {"lön"}


def test_what_was_given_may_change_afterwards() -> None:
    given: dict[str, object] = {"rates": [1], "acceptances": [{"authorised": True}]}
    environment = decode(given, EVERY_KIND, ASKED_ON)
    rates = given["rates"]
    assert isinstance(rates, list)
    rates.append(2)
    assert environment.values["rates"] == [Decimal(1)]


def test_facts_are_read_from_bytes_with_or_without_a_byte_order_mark() -> None:
    text = '{"company": "Räksmörgås"}'.encode()
    for raw in (text, b"\xef\xbb\xbf" + text):
        environment = decode_bytes(raw, "facts.json", EVERY_KIND, ASKED_ON)
        assert environment.values["company"] == "Räksmörgås"


def test_a_decoder_is_kept_for_a_policy_and_forgotten_in_time() -> None:
    first = decoder_of(EVERY_KIND)
    assert decoder_of(EVERY_KIND) is first
    others = [policy(fact("amount", NUMBER)) for _ in range(40)]
    assert all(decoder_of(each).policy is each for each in others)
    assert decoder_of(EVERY_KIND).policy is EVERY_KIND


def test_a_decoder_serves_many_transactions() -> None:
    decoder = Decoder(EVERY_KIND)
    assert decoder.decode(COMPLETE, ASKED_ON) == decoder.decode(COMPLETE, ASKED_ON)
    assert decoder.decode({}, date(2024, 7, 2)) != decoder.decode({}, ASKED_ON)


def test_a_json_object_can_be_read_without_a_policy() -> None:
    given = {"a": [1, {"b": None}], "c": True, "d": "x"}
    assert read_json_facts(Source(json.dumps(given))) == given


def test_a_type_that_no_fact_can_have_is_a_mistake_of_the_program() -> None:
    with pytest.raises(TypeError, match="no fact has the type"):
        Decoder(policy(fact("lists", ListOf(ListOf(NUMBER)))))
