"""Facts as Python's own values are read at once in the code of a policy, and never otherwise than in general."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import IntEnum, StrEnum
from itertools import combinations, product
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policyeval.facts.clock import Clock
from policyeval.facts.refusal import Refused
from policyeval.feel.types import (
    BOOLEAN,
    DATE,
    DATE_AND_TIME,
    NUMBER,
    STRING,
    ListOf,
    Type,
    optional,
    required,
)
from policyeval.policy.model import Fact, ValidPolicy
from tests.backends.complete_reading import NOT_RECORDED, VALUES, Facts, Reader, reading
from tests.facts import test_hostile as hostile_values
from tests.facts import test_input_same as same
from tests.facts.making import ASKED_ON, COMPLETE, every_kind, fact, list_of, policy

READER = Reader(every_kind())


def presuming(zone: str = "Europe/Stockholm") -> ValidPolicy:
    """Make a policy that presumes something of most facts, and has lists of all kinds."""
    return policy(
        fact("rate", NUMBER, presume=Decimal("1.50")),
        fact("fee", NUMBER, presume=Decimal("0.00")),
        fact("limit", NUMBER, presume=Decimal("1." + "0" * 20)),
        fact("share", optional(NUMBER), presume=None),
        fact("place", STRING, presume="A\u030angermanland"),
        fact("word", optional(STRING), one_of=("a", "gera\u0308t"), presume=None),
        fact("is_new", optional(BOOLEAN)),
        fact("begun_on", DATE, presume=date(2024, 1, 1)),
        fact("rates", ListOf(NUMBER), presume=[]),
        fact("words", optional(ListOf(optional(STRING)))),
        fact("days", ListOf(DATE)),
        fact("moments", ListOf(DATE_AND_TIME)),
        fact("granted", ListOf(NUMBER), "act"),
        fact("heard_at", DATE_AND_TIME, "act", presume=None),
        fact("moved_to", DATE_AND_TIME, "act"),
        fact("ended_on", DATE, "event"),
        fact("sent_at", DATE_AND_TIME, "event", presume=None),
        list_of(
            "visits",
            fact("day", DATE),
            fact("note", optional(STRING), presume=None),
            fact("cost", NUMBER, presume=Decimal("0.10")),
            log="day",
        ),
        list_of(
            "parts",
            fact("made_at", optional(DATE_AND_TIME)),
            fact("kind", STRING, one_of=("a", "b"), presume="b"),
        ),
        zone=zone,
    )


PRESUMING = {
    zone: Reader(presuming(zone))
    for zone in ("Europe/Stockholm", "Pacific/Auckland", "America/Anchorage")
}


# ------------------------------------------------------------------------------- tables


@pytest.mark.parametrize(("name", "text", "plain", "expected"), same.ROWS.values(), ids=same.ROWS)
def test_what_is_known_is_taken_in_both_forms_and_a_mistake_in_neither(
    name: str, text: object, plain: object, expected: object
) -> None:
    known = not isinstance(expected, same.Refused)
    if plain is not same.NO_FORM:
        assert READER.takes({name: plain}) is known
    if text is not same.NO_FORM:
        assert READER.takes(f'{{"{name}": {text}}}'.encode("utf-8", "surrogatepass")) is known


@pytest.mark.parametrize(("text", "plain", "codes"), same.WHOLES.values(), ids=same.WHOLES)
def test_transactions_with_mistakes_are_left_alone_in_both_forms(
    text: bytes | object, plain: object, codes: str
) -> None:
    if isinstance(text, bytes) and codes:
        assert READER.found(text) is None
    if isinstance(plain, dict):
        assert READER.takes(plain) is not bool(codes)


def test_null_in_every_nullable_fact_is_read_in_every_combination_and_form() -> None:
    reader = Reader(same.NULLABLE)
    names = [*same.NULLABLE.policy.facts]
    for nulls in product([False, True], repeat=len(names)):
        given_: Facts = {}
        expected: Facts = {}
        for name, null in zip(names, nulls, strict=True):
            given_[name] = expected[name] = None if null else same.VALUES[name.split("_")[0]]
            if null and name.endswith("_act"):
                expected[name] = NOT_RECORDED
        text = ",".join(f'"{name}":{same.as_json(value)}' for name, value in given_.items())
        assert reader.read(f"{{{text}}}".encode()) == expected
        assert reader.read(given_) == expected


@pytest.mark.parametrize("zone", PRESUMING)
def test_what_is_presumed_is_what_is_presumed_in_general(zone: str) -> None:
    whole: Facts = {
        "rate": 2,
        "fee": "0.0",
        "place": "x",
        "word": "gera\u0308t",
        "begun_on": "2024-02-29",
        "rates": ["1"],
        "heard_at": "2024-02-29T12:00",
        "sent_at": None,
        "visits": [{"day": "2024-03-01"}, {"day": "2024-02-01", "note": "x", "cost": 1}],
        "parts": [{"made_at": None}, {"made_at": "2024-02-29T12:00:00Z", "kind": "a"}],
    }
    for left_out in (*combinations(whole, 1), *combinations(whole, 2), tuple(whole), ()):
        facts = {name: value for name, value in whole.items() if name not in left_out}
        assert PRESUMING[zone].takes(facts)
        assert PRESUMING[zone].takes(json.dumps(facts).encode())


def test_a_presumed_moment_is_one_in_the_zone() -> None:
    """Those who do not tell what was presumed read it like one that is given."""
    for presumed in (datetime(2024, 1, 31, 9), datetime(2024, 1, 31, 9, tzinfo=UTC)):
        of = policy(fact("called_at", DATE_AND_TIME, presume=presumed))
        found = reading(of, VALUES)({}, ASKED_ON)
        assert found is not None
        [value] = found.values.values()
        assert repr(value) == repr(Reader(policy()).decoder.clock.aware(presumed))


EDGES = [
    ("approved_on", "2024-07-01", True),
    ("approved_on", "2024-07-02", False),
    ("referred_at", "2024-07-01T23:59:59.999999", True),
    ("referred_at", "2024-07-02T00:00:00", False),
    ("referred_at", "2024-07-01T22:00:00Z", False),
    ("referred_at", "2024-07-01T21:59:59Z", True),
    ("referred_at", "2024-07-01T23:00:00-12:00", False),
    ("referred_at", "2024-07-02T09:59:00+12:00", True),
    ("extended_to", "2024-07-02", True),
    ("called_at", "2030-01-01T00:00", True),
    ("called_at", "2199-12-31T23:59:59", True),
    ("called_at", "2199-12-31T23:00:00Z", False),
    ("called_at", "1899-12-31T23:00:00Z", True),
    ("called_at", "1899-12-31T22:59:59Z", False),
    ("called_at", "0001-01-01T00:00:00Z", False),
    ("called_at", "9999-12-31T23:59:59Z", False),
    ("signed_on", "1900-01-01", True),
    ("signed_on", "1899-12-31", False),
    ("signed_on", "2199-12-31", True),
    ("signed_on", "2200-01-01", False),
]


@pytest.mark.parametrize(("name", "text", "known"), EDGES)
def test_moments_lie_within_the_years_and_those_of_events_in_the_past(
    name: str, text: str, known: bool
) -> None:
    value = date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
    forms: list[bytes | Facts] = [{name: value}, {name: text}, f'{{"{name}": "{text}"}}'.encode()]
    assert [READER.takes(each) for each in forms] == [known] * 3
    if name == "referred_at":
        entry: Facts = {"accepted_at": value, "authorised": True}
        assert READER.takes({"acceptances": [entry]}) is known
        raw = json.dumps({"acceptances": [{**entry, "accepted_at": text}]}).encode()
        assert READER.takes(raw) is known


@pytest.mark.parametrize("asked_on", [date(1899, 12, 31), date(2200, 1, 1), date.min, date.max])
def test_days_that_nobody_may_ask_on_are_left_alone(asked_on: date) -> None:
    assert READER.found({}, asked_on) is None
    assert READER.found(b"{}", asked_on) is None


TEXTS = [
    ("x" * 4_096, True),
    ("x" * 4_097, True),
    ("x" * 65_536, True),
    ("x" * 65_537, False),
    ("å" * 32_768, True),
    ("å" * 32_769, False),
    ("e\u0301" * 21_845, True),  # longer before it is composed, which does not count
    ("e\u0301" * 32_769, False),
    ("A\u030a\u0327", True),
    ("\u212b\u2126\uac00", True),
    ("\ud800", False),
    ("\0\u202e\ufeff", True),
]


@pytest.mark.parametrize(("text", "known"), TEXTS, ids=range(len(TEXTS)))
def test_texts_are_composed_and_not_too_long(text: str, known: bool) -> None:
    assert READER.takes({"company": text}) is known
    raw = json.dumps({"company": text}, ensure_ascii=len(text) < 9)
    assert READER.takes(raw.encode()) is known


# ------------------------------------------------------------------------------- moments


def moment_of(given_: datetime, zone: ZoneInfo) -> datetime | None:
    """Give what a moment is in a zone, with a fixed offset, by what the library of zones says."""
    local = given_.tzinfo is None
    aware = given_.replace(tzinfo=zone, fold=0) if local else given_
    first, second = (aware.replace(fold=fold).utcoffset() for fold in (0, 1))
    assert first is not None
    assert second is not None
    if first < second or (local and first > second):
        return None  # never shown, or twice
    found = aware.astimezone(UTC).astimezone(zone)
    offset = found.utcoffset()
    assert offset is not None
    return found.replace(tzinfo=timezone(offset), fold=0)


def same_moment(zone: str, given_: datetime) -> None:
    found: tuple[datetime, date] | None
    try:
        found = Clock(zone).aware_and_day(given_)
    except Refused:
        found = None
    expected = moment_of(given_, ZoneInfo(zone))
    assert repr(found) == repr(expected and (expected, expected.date()))


FAR = timezone(timedelta(hours=-23, minutes=-59))
ODD_CHANGES = [
    # A whole day was left out, and a change by three hours, right after the day in the other zone.
    ("Pacific/Kiritimati", datetime(1994, 12, 30, 23, 40, tzinfo=ZoneInfo("Pacific/Pago_Pago"))),
    ("Pacific/Kiritimati", datetime(1994, 12, 30, 22, 48, tzinfo=timezone(timedelta(hours=-12)))),
    ("Pacific/Apia", datetime(2011, 12, 29, 23, 30, tzinfo=timezone(timedelta(hours=-11)))),
    ("Pacific/Apia", datetime(2011, 12, 30, 10, 30, tzinfo=UTC)),
    ("Antarctica/Casey", datetime(2018, 10, 6, 23, 25, tzinfo=ZoneInfo("Asia/Gaza"))),
    ("Antarctica/Casey", datetime(2018, 10, 5, 22, 50, tzinfo=FAR)),
    ("Antarctica/Troll", datetime(2024, 3, 31, 1, 0, tzinfo=UTC)),
    ("Pacific/Auckland", datetime(2024, 4, 5, 23, 59, tzinfo=FAR)),
]


@pytest.mark.parametrize(("zone", "moment"), ODD_CHANGES)
def test_a_moment_in_another_zone_keeps_what_it_is_around_odd_changes(
    zone: str, moment: datetime
) -> None:
    for minutes in range(-180, 181, 30):
        same_moment(zone, moment + timedelta(minutes=minutes))


OTHER_ZONES = [
    None,
    UTC,
    FAR,
    timezone(-FAR.utcoffset(None)),
    timezone(timedelta(hours=1)),
    *map(ZoneInfo, (*PRESUMING, "Australia/Lord_Howe", "Pacific/Apia", "Antarctica/Casey")),
    ZoneInfo.no_cache("Europe/Stockholm"),
]
CHANGES = [
    datetime(2024, 3, 31, 2),
    datetime(2023, 10, 29, 2),
    datetime(2024, 4, 7, 2),
    datetime(2023, 9, 24, 2),
    datetime(2024, 3, 10, 2),
    datetime(2023, 11, 5, 1),
    datetime(1899, 12, 31, 12),
    datetime(2199, 12, 31, 12),
    datetime(2024, 7, 1, 12),
]
near_changes = st.builds(
    lambda base, minutes, zone, fold: (base + timedelta(minutes=minutes)).replace(
        tzinfo=zone, fold=fold
    ),
    st.sampled_from(CHANGES),
    st.integers(-3_500, 3_500),
    st.sampled_from(OTHER_ZONES),
    st.sampled_from([0, 0, 1]),
)


@given(st.sampled_from([*PRESUMING]), near_changes)
@settings(max_examples=250)
def test_moments_near_changes_of_clocks_in_either_zone_mean_the_same(
    zone: str, moment: datetime
) -> None:
    if 1900 < moment.year < 2199:
        same_moment(zone, moment)
    reader = PRESUMING[zone]
    for name in ("heard_at", "sent_at"):
        reader.takes({name: moment})
        reader.takes({name: moment.isoformat()})
        reader.takes(f'{{"{name}": "{moment.isoformat()}"}}'.encode())
    reader.takes({"moments": [moment], "parts": [{"made_at": moment}]})


# ------------------------------------------------------------------------------- hostile values


LISTED_FIRST = pytest.mark.xfail(
    strict=True,
    raises=hostile_values.Foreign,
    reason="msgspec lists the items of a set to refuse it",
)


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(make, id=name, marks=[LISTED_FIRST] if name == "set" else [])
        for name, make in hostile_values.HOSTILE.items()
    ],
)
def test_no_code_of_the_caller_runs_while_values_are_read_at_once(
    make: Callable[[], object],
) -> None:
    whole = {**COMPLETE}
    for name in hostile_values.NAMES:
        value = make()
        entry = {**dict(COMPLETE["acceptances"][0]), "number": value}  # type: ignore[index]
        given_: list[Facts] = [
            {**whole, name: value},
            {**whole, "rates": [value]},
            {**whole, "acceptances": [entry]},
        ]
        hostile_values.ARMED.append(True)
        try:
            for each in given_:
                READER.found(each)
        finally:
            hostile_values.ARMED.clear()


class Text(str):
    """A text of somebody else's making."""

    __slots__ = ()


class Same(str):
    """A text that says that it is every other one."""

    __slots__ = ()

    def __eq__(self, _other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return hash("amount")


class Other(str):
    """A text that stands beside the same one in a dict."""

    __slots__ = ()

    def __eq__(self, _other: object) -> bool:
        return False

    def __hash__(self) -> int:
        return 5


class Whole(int):
    """A number of somebody else's making."""


class Exact(Decimal):
    """Another one."""


class Listed(list[object]):
    """A list that says that it is empty."""

    def __len__(self) -> int:
        return 0

    def __iter__(self) -> Any:
        return iter(())


class Word(StrEnum):
    GRANTED = "granted"
    PRODUCT = "data_recovery"


class Few(IntEnum):
    FIVE = 5


LISTS: list[object] = [
    (),
    (1,),
    set(),
    {1},
    frozenset({1}),
    {},
    {1: 1},
    range(2),
    "1",
    [()],
    [None],
    [[]],
]
WORDS: list[object] = [Text("granted"), Same("granted"), Other("granted")]
ITEMS: list[object] = [
    *([None], [[1]], [(1,)], [{"between": [1, 1]}], [{"unknown": True}], [True], [Listed([1])])
]
PRETENDING: list[dict[Any, object]] = [
    *({"company": each} for each in WORDS),
    *({"extension": each} for each in WORDS),
    *({"rates": each} for each in (*LISTS, *ITEMS)),
    *({"acceptances": each} for each in (*LISTS, *ITEMS)),
    {"rates": Listed([1])},
    {"acceptances": Listed([{}])},
    {Text("amount"): 1},
    {Same("x"): 1},
    {Same("amount"): 1},
    {"amount": 1, Other("amount"): 2},
    {Other("amount"): 2, "amount": 1},
    {"o\u0308": 1},
    {1: 2},
    {None: 2},
    {b"amount": 2},
    {"extension": Word.GRANTED},
    {"product": Word.PRODUCT},
    {"company": Word.GRANTED},
    {"signed_on": Text("2024-01-31")},
    {"called_at": Text("2024-01-31T09:30")},
    {"amount": Text("5")},
    {"amount": Whole(5)},
    {"amount": Few.FIVE},
    {"amount": Exact("5.00")},
    {"is_firm": Whole(1)},
    {"signed_on": hostile_values.Day(2024, 1, 31)},
    {"approved_on": hostile_values.Day(2024, 7, 2)},
    {"called_at": hostile_values.Moment(2024, 1, 31, 9)},
    {"called_at": datetime(2024, 1, 31, 9, tzinfo=hostile_values.Offset(timedelta(hours=2)))},
    {"called_at": datetime(2024, 1, 31, 9, tzinfo=hostile_values.Offset(None))},
    {"called_at": datetime(2024, 1, 31, 9, tzinfo=hostile_values.Offset(ValueError()))},
    {"acceptances": [hostile_values.LyingDict(COMPLETE["acceptances"][0])]},  # type: ignore[index]
    {"invoices": [{"invoice_amount": 5, Other("invoice_amount"): 6, "invoice_on": "2024-01-31"}]},
    {"invoices": [{Text("invoice_amount"): 5, "invoice_on": "2024-01-31"}]},
    {"invoices": [{"invoice_amount": {"between": [5, 5]}, "invoice_on": "2024-01-31"}]},
    {"invoices": [{"invoice_amount": 5}]},
    {"signed_on": {"between": ["2024-01-31", "2024-01-31"]}},
    {"extension": {"decided": "granted"}},
]


@pytest.mark.parametrize("facts", PRETENDING, ids=range(len(PRETENDING)))
def test_what_pretends_to_be_something_else_is_taken_for_what_it_holds_or_left_alone(
    facts: Facts,
) -> None:
    READER.takes(facts)
    READER.takes({**COMPLETE, **facts})


def test_a_list_has_at_most_ten_thousand_items() -> None:
    item = {"invoice_amount": 1, "invoice_on": "2024-01-31"}
    of = Reader(
        policy(list_of("invoices", *every_kind().policy.facts["invoices"].entries.values()))
    )
    assert of.takes({"invoices": [item] * 10_000})
    assert not of.takes({"invoices": [item] * 10_001})
    short = Reader(policy(list_of("a", fact("b", optional(NUMBER), presume=None))))
    assert short.takes(f'{{"a":[{"{}," * 9_999}{{}}]}}'.encode())
    assert not short.takes(f'{{"a":[{"{}," * 10_000}{{}}]}}'.encode())


# ------------------------------------------------------------------------------- any values

SOME_NUMBERS = [
    *(Decimal(each) for each in ("12.50", "-0", "0E-20", "0E+30", "1E2", "100.0", "-1.23", "NaN")),
    *(Decimal(each) for each in ("sNaN", "-Infinity", "1e-13", "1." + "0" * 20, "9" * 18 + ".1")),
    *(5, -7, 0, 10**18, 10**18 - 1, 10**500, True, 0.5, "12.5", "-0", "1e5", Whole(5)),
]
USUAL: dict[Type, list[object]] = {
    NUMBER: [Decimal("12.50"), 5, "7.5"],
    DATE: [date(2024, 1, 31), "2024-02-29"],
    DATE_AND_TIME: [datetime(2024, 1, 31, 9), "2024-01-05T09:00:00Z"],
    STRING: ["a", "b", "granted", "gera\u0308t"],
    BOOLEAN: [True, False],
}
UNUSUAL: dict[Type, list[object]] = {
    NUMBER: [*SOME_NUMBERS],
    DATE: [date(2024, 7, 2), date.max, datetime(2024, 1, 31), "2024-02-30", "1899-12-31", 20240131],
    DATE_AND_TIME: [date(2024, 1, 31), "2024-01-31", datetime.max, "2024-03-31T02:30", 1.5, 0],
    STRING: [*(text for text, _ in TEXTS), Text("a"), b"x", 5],
    BOOLEAN: [1, 0, "true", None],
}
ODD: list[object] = [
    None,
    {},
    [],
    (),
    set(),
    {"unknown": True},
    {"between": [0, 1]},
    {"decided": "a"},
    object,
]


@st.composite
def values(draw: st.DrawFn, facts: dict[str, Fact]) -> Facts:
    """Make values, now and then one that is out of the ordinary."""
    odd = draw(st.sampled_from([0, 0, 1, 3]))

    def scalar(type_: Type) -> object:
        if draw(st.integers(0, 19)) < odd:
            return draw(st.sampled_from([*UNUSUAL[type_], *ODD]))
        return draw(st.sampled_from(USUAL[type_]))

    found: Facts = {}
    for name in draw(st.lists(st.sampled_from([*facts]), unique=True, max_size=12)):
        type_ = required(facts[name].type)
        if facts[name].entries:
            found[name] = draw(st.lists(values(dict(facts[name].entries)), max_size=3))
        elif isinstance(type_, ListOf):
            items = range(draw(st.integers(0, 3)))
            found[name] = [scalar(required(type_.item)) for _ in items]
        else:
            found[name] = scalar(type_)
    return found


@given(st.data(), st.sampled_from([READER, *PRESUMING.values()]))
@settings(max_examples=200)
def test_what_is_taken_at_once_means_what_it_means_in_general(
    data: st.DataObject, reader: Reader
) -> None:
    facts = data.draw(values(dict(reader.decoder.policy.policy.facts)))
    reader.takes(facts)
    written = json.dumps(facts, default=str, ensure_ascii=False)
    raw = written.encode("utf-8", "surrogatepass")
    reader.takes(raw)
    reader.takes(json.loads(written, parse_float=Decimal))
