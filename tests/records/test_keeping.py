"""What is kept of the facts: exactly, or not at all."""

import hmac
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from decimal import Decimal, localcontext
from pathlib import Path
from types import MappingProxyType
from typing import Any
from unicodedata import normalize
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policyeval.errors import FactsError
from policyeval.facts import Decoder, Environment
from policyeval.records import DecisionLog, Kept, Record, Request, read_log, was_given
from policyeval.records.contents import EXACT
from policyeval.records.fact_json import Facts
from policyeval.records.keeping import How, kept_json
from policyeval.source import Source
from tests.facts.making import ASKED_ON, COMPLETE, every_kind
from tests.facts.test_laws import any_facts, outcome, written
from tests.records.samples import RECORD, UNSYNCED, record

DECODER = Decoder(every_kind())
SALT = b"0123456789abcdef"


def stored(facts: Facts, keep: Kept | None = None) -> dict[str, object]:
    """Give what a record has of facts, as data."""
    text = kept_json(facts, keep or Kept()).decode()
    data = EXACT.decode(f"{{{text}}}")
    assert isinstance(data, dict)
    return data


def recorded(path: Path, facts: Facts, keep: Kept | None = None) -> Record:
    with DecisionLog(path, keep=keep or Kept(), files=UNSYNCED) as log:
        log.append(RECORD, facts)
    *_, last = read_log(path)
    return last


# ---------------------------------------------------------------------- exactly

zones = st.sampled_from(
    [
        None,
        UTC,
        ZoneInfo("Europe/Stockholm"),
        ZoneInfo("America/New_York"),
        timezone(timedelta(hours=23, minutes=59)),
        timezone(-timedelta(hours=23)),
        timezone(timedelta(seconds=1)),
        timezone(timedelta(hours=2, microseconds=5)),
    ]
)
moments = st.builds(
    lambda moment, zone, fold: moment.replace(tzinfo=zone, fold=fold),
    st.datetimes(datetime(1899, 12, 30), datetime(2200, 1, 2))
    | st.datetimes(datetime(2023, 10, 29, 1), datetime(2023, 10, 29, 4)),
    zones,
    st.integers(0, 1),
)
days = st.dates(date(1899, 12, 30), date(2200, 1, 2))


class Text(str):
    __slots__ = ()


class Number(Decimal):
    pass


class Day(date):
    pass


class Whole(int):
    pass


python_values = st.one_of(
    moments,
    days,
    st.decimals(-(10**18), 10**18, places=12),
    st.integers(-(10**18), 10**18),
    st.booleans(),
    st.none(),
    st.text(max_size=5),
    st.text(max_size=5).map(Text),
    days.map(lambda day: Day(day.year, day.month, day.day)),
    st.integers(0, 9).map(Whole),
    st.decimals(0, 9, places=2).map(Number),
)
python_facts = st.fixed_dictionaries(
    {},
    optional={
        "is_firm": st.booleans(),
        "amount": st.decimals(-(10**18), 10**18, places=12) | st.integers() | python_values,
        "discount": st.fixed_dictionaries(
            {"between": st.tuples(st.integers(0, 5), st.integers(5, 9))}
        ),
        "company": st.text(max_size=8) | st.text(max_size=3).map(Text),
        "signed_on": days | python_values,
        "called_at": moments | days,
        "referred_at": st.fixed_dictionaries(
            {"between": st.lists(moments, min_size=2, max_size=2).map(tuple)}
        ),
        "contact_at": st.just({"unknown": True}),
        "extension": st.fixed_dictionaries(
            {"decided": st.just("granted")}, optional={"on": days, "by": st.text(max_size=3)}
        ),
        "rates": st.lists(st.decimals(0, 1, places=4), max_size=3).map(tuple),
        "acceptances": st.lists(st.fixed_dictionaries({"accepted_at": moments}), max_size=2),
    },
)


@given(python_facts | any_facts)
@settings(max_examples=100)
def test_what_is_stored_is_decoded_to_the_same_facts(facts: dict[str, object]) -> None:
    before = outcome(lambda: DECODER.decode(facts, ASKED_ON))
    if isinstance(before, Environment):
        again = stored(facts)["facts"]
        assert isinstance(again, dict)
        assert DECODER.decode(again, ASKED_ON) == before
        text = kept_json(facts, Kept())
        assert (
            DECODER.decode_json(Source(text.decode().removeprefix('"facts":')), ASKED_ON) == before
        )
        assert b"\n" not in text


@given(any_facts)
def test_facts_as_text_as_bytes_and_as_values_are_stored_alike(facts: dict[str, object]) -> None:
    text = written(facts)
    expected = kept_json(text, Kept())
    for same in (text.encode(), b"\xef\xbb\xbf" + text.encode(), Source(text, "facts.json")):
        assert kept_json(same, Kept()) == expected
    assert EXACT.decode(text) == stored(text)["facts"]


def test_every_kind_of_fact_can_be_stored(tmp_path: Path) -> None:
    again = recorded(tmp_path / "a.jsonl", COMPLETE).facts
    assert DECODER.decode(again, ASKED_ON) == DECODER.decode(COMPLETE, ASKED_ON)
    assert recorded(tmp_path / "b.jsonl", MappingProxyType(dict(COMPLETE))).facts == again


@pytest.mark.parametrize(
    "number",
    [
        "18500",
        "18500.00",
        "0.1",
        "-0.000000000001",
        "999999999999999999.999999999999",
        "1E2",
        "1.50E-3",
        "-0",
        "0.0",
    ],
)
def test_a_number_keeps_every_digit(number: str) -> None:
    for facts in ({"amount": Decimal(number)}, f'{{"amount":{number}}}'):
        with localcontext() as context:
            context.prec = 3
            again = stored(facts)["facts"]
        assert isinstance(again, dict)
        assert again["amount"].as_tuple() == Decimal(number).as_tuple()


def test_what_is_kept_is_a_copy(tmp_path: Path) -> None:
    facts: dict[str, object] = {"rates": [1, 2], "extension": {"decided": "granted"}}
    with DecisionLog(tmp_path / "a.jsonl", files=UNSYNCED) as log:
        log.append(RECORD, facts)
        facts["rates"] = 5
    [only] = read_log(tmp_path / "a.jsonl")
    assert only.facts == {"rates": [1, 2], "extension": {"decided": "granted"}}


class Pretending(dict[str, object]):
    """An object that says it holds nothing, which evaluation does not ask it."""

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def keys(self) -> Any:
        return {}.keys()

    def items(self) -> Any:
        return {}.items()


def test_what_an_object_holds_is_stored_and_not_what_it_says() -> None:
    facts = Pretending(amount=Pretending(unknown=True), entries=[Pretending(kind="a")])
    assert stored(facts) == {
        "facts": {"amount": {"unknown": True}, "entries": [{"kind": "a"}]},
    }


class Nowhere(tzinfo):
    def utcoffset(self, _: datetime | None) -> timedelta | None:
        raise RuntimeError("no")

    def dst(self, _: datetime | None) -> timedelta | None:
        return None

    def tzname(self, _: datetime | None) -> str | None:
        return None


DEEP: list[object] = []
for _ in range(100):
    DEEP = [DEEP]


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"amount": 0.1}, "input.float"),
        ({"amount": float("nan")}, "input.float"),
        ({"amount": Decimal("NaN")}, "input.number"),
        ({"amount": Decimal("-Infinity")}, "input.number"),
        ({"amount": 10**5_000}, "input.number-range"),
        ({"amount": object()}, "input.type"),
        ({"amount": {1, 2}}, "input.type"),
        ({"amount": DEEP}, "input.too-long"),
        ({"amount": {1: 2}}, "input.type"),
        ({1: 2}, "input.type"),
        ({"called_at": datetime(2024, 1, 1, tzinfo=Nowhere())}, "input.time"),
        ({"called_at": datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=20)))}, "input.time"),
        ([], "input.type"),
        (None, "input.type"),
        (b"[]", "input.type"),
        (b"{", "input.json"),
        (b'{"a":NaN}', "input.json"),
        (b'{"a":1,"a":2}', "input.json"),
        (b'{"a":' + b"[" * 100_000, "input.json"),
        (b'{"a":1e99999999999999999999}', "input.json"),
        (b"\xff", "input.json"),
        ({"text": "x" * 17_000_000}, "input.too-long"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_what_is_no_fact_is_refused_and_the_log_goes_on(
    tmp_path: Path, facts: Facts, code: str
) -> None:
    path = tmp_path / "a.jsonl"
    with DecisionLog(path, files=UNSYNCED) as log:
        before = path.read_bytes()
        with pytest.raises(FactsError) as caught:
            log.append(RECORD, facts)
        assert [each.code for each in caught.value.diagnostics] == [code]
        assert caught.value.render("de")
        assert path.read_bytes() == before
        log.append(RECORD, {})
    assert len(list(read_log(path))) == 1


# ---------------------------------------------------------------------- not at all

SECRETS = {
    "company": "Räksmörgås Secret AB",
    "amount": Decimal("987654.321"),
    "signed_on": date(1987, 6, 5),
    "acceptances": [{"number": "secret-entry"}],
}
TELLING = ("Secret", "R\\u00e4ks", "987654", "1987-06-05", "secret-entry")


def test_a_fact_that_is_hashed_or_dropped_stands_nowhere_in_the_record(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    values = {**SECRETS, "option": "kept"}
    some: dict[str, How] = {"company": "drop", "amount": "hash", "signed_on": "hash"}
    for facts in (values, json.dumps(values, default=str)):
        for keep in (
            Kept("drop", {"option": "store"}),
            Kept("hash", {"option": "store"}, salt=SALT),
            Kept("store", {**some, "acceptances": "drop"}, salt=SALT),
        ):
            found = recorded(path, facts, keep)
            assert found.facts == {"option": "kept"}
            assert {*found.hashed, *found.dropped} == {*SECRETS}
            assert not found.complete
    content = path.read_text(encoding="utf-8")
    for telling in (*TELLING, SALT.decode(), SALT.hex()):
        assert telling not in content


def test_the_value_of_a_hidden_fact_is_in_no_error_either(tmp_path: Path) -> None:
    class Secret:
        def __repr__(self) -> str:
            return "Secret"

    for facts in (
        {"company": Secret()},
        {"company": ["Secret", 0.1]},
        {"company": {"Secret": 0.1}},
        '{"company": "Secret", }',
        '{"company": "Secret", "company": "Secret"}',
    ):
        with pytest.raises(FactsError) as caught:
            recorded(tmp_path / "a.jsonl", facts, Kept("drop"))
        assert "Secret" not in str(caught.value)


@given(name=st.text(max_size=4), one=any_facts, other=any_facts)
def test_a_hash_shows_later_which_value_was_given(
    name: str, one: dict[str, object], other: dict[str, object]
) -> None:
    hidden = stored({name: one}, Kept("hash", salt=SALT))["hashed"]
    found = _record_with(hidden)
    assert was_given(found, name, one, SALT)
    same = stored({name: one})["facts"]
    assert isinstance(same, dict)
    assert was_given(found, name, same[name], SALT)
    assert was_given(found, name, other, SALT) == (_numbers_alike(one) == _numbers_alike(other))


def _numbers_alike(value: object) -> object:
    """Give a value in which equal values are equal, whatever forms they have."""
    if isinstance(value, bool) or value is None:
        return ("constant", value)
    if isinstance(value, int | Decimal):
        return Decimal(value) if value else Decimal(0)
    if isinstance(value, list):
        return [_numbers_alike(each) for each in value]
    if isinstance(value, dict):
        return {key: _numbers_alike(each) for key, each in value.items()}
    return normalize("NFC", str(value))


def _record_with(hidden: object) -> Record:
    assert isinstance(hidden, dict)
    return Record(
        seq=1,
        id=None,
        recorded_at=datetime(2024, 7, 1, tzinfo=UTC),
        facts={},
        hashed=hidden["facts"],
        dropped=(),
        evaluation=b"",
        hash="",
        line=2,
        salt=hidden["salt"],
        nonce=hidden["nonce"],
        request=Request("made-up", date(2024, 7, 1), None, (), (), ()),
        data={},
    )


def test_equal_values_have_hashes_that_cannot_be_linked(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    keep = Kept("hash", salt=SALT)
    for _ in range(2):
        recorded(path, {"company": "x", "other": "x"}, keep)
    one, other = read_log(path)
    assert len({one.hashed["company"], one.hashed["other"], *other.hashed.values()}) == 4
    assert one.nonce != other.nonce
    assert one.salt == other.salt == keep.key_id
    for each in (one, other):
        assert was_given(each, "company", "x", SALT)
        assert not was_given(each, "company", "y", SALT)
    with pytest.raises(ValueError, match="another salt"):
        was_given(one, "company", "x", SALT + b"x")
    with pytest.raises(KeyError):
        was_given(one, "amount", "x", SALT)


def test_a_hash_is_the_one_that_is_described() -> None:
    nonce = bytes(range(16))
    hidden = stored({"amount": Decimal("18500.00")}, Kept("hash", salt=SALT, nonce=lambda: nonce))
    expected = hmac.digest(SALT, nonce + b'["amount",185e2]', "sha256").hex()
    assert hidden["hashed"] == {
        "salt": Kept("hash", salt=SALT).key_id,
        "nonce": nonce.hex(),
        "facts": {"amount": expected},
    }


def test_a_name_is_meant_however_its_characters_are_composed() -> None:
    keep = Kept("store", {"gerät": "drop"})  # one character
    found = stored({"gera\u0308t": "secret"}, keep)  # two
    assert found["facts"] == {}
    assert found["dropped"] == ["gera\u0308t"]


def test_a_salt_is_never_shown() -> None:
    assert SALT.decode() not in repr(Kept("hash", salt=SALT))


@pytest.mark.parametrize(
    "arguments",
    [
        ("hash",),
        ("hash", {}, b"short"),
        ("keep",),
        ("store", {"a": "hide"}),
        ("store", {"a": "hash"}),
    ],
    ids=repr,
)
def test_a_way_to_keep_facts_that_cannot_be_is_refused(arguments: tuple[object, ...]) -> None:
    with pytest.raises(ValueError, match=r"facts are kept|needs a salt"):
        Kept(*arguments)  # type: ignore[arg-type]


def test_what_a_decision_answers_may_tell_a_fact_and_is_kept_as_it_is(tmp_path: Path) -> None:
    with DecisionLog(tmp_path / "a.jsonl", keep=Kept("drop"), files=UNSYNCED) as log:
        log.append(record("Secret"), {"company": "Secret"})
    [only] = read_log(tmp_path / "a.jsonl")
    assert only.evaluation == record("Secret")
    assert only.facts == {}
