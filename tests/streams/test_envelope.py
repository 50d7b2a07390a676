"""Envelopes are taken apart quickly where they are plain, and exactly wherever they are not."""

import json
from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyeval.errors import FactsError
from policyeval.source import Source
from policyeval.streams.envelope import Opened, exact, quick

QUICK = {
    "facts-last": b'{"id": "A-1", "asked_on": "2024-07-01", "facts": {"a": 1}}',
    "facts-first": b'{"facts":{"a": 1},"id":"A-1","asked_on":"2024-07-01"}\r',
    "by-alphabet": b'{"asked_on":"2024-07-01","facts":{"a": 1},"id":"A-1"}',
}


@pytest.mark.parametrize("raw", QUICK.values(), ids=QUICK)
def test_an_envelope_as_programs_write_it_is_taken_apart_without_reading_it(raw: bytes) -> None:
    assert quick(raw) == (b'{"a": 1}', "A-1", date(2024, 7, 1))


@pytest.mark.parametrize(
    ("written", "meant"),
    [(b"17", 17), (b"-0", 0), (b'"\xc3\xa5"', "å"), (b"null", None), (b'""', "")],
)
def test_an_id_is_a_text_or_a_whole_number(written: bytes, meant: object) -> None:
    found = quick(b'{"id":%b,"facts":{}}' % written)
    assert found is not None
    assert found.id == meant


LEFT_TO_EXACT = {
    "given-twice": b'{"id":1,"id":1,"facts":{}}',
    "null-and-given": b'{"id":null,"facts":{},"id":"x"}',
    "fraction": b'{"id":1.5,"facts":{}}',
    "leading-zero": b'{"id":01,"facts":{}}',
    "long": b'{"id":1234567890123456789,"facts":{}}',
    "escape": rb'{"id":"\u0041","facts":{}}',
    "not-utf-8": b'{"id":"\xff","facts":{}}',
    "no-day": b'{"asked_on":"2024-02-30","facts":{}}',
    "day-is-a-number": b'{"asked_on":20240101,"facts":{}}',
    "other-key": b'{"asked":"2024-02-03","facts":{}}',
    "facts-are-no-object": b'{"facts":[{}]}',
    "torn": b'{"id":1,"facts":{',
    "after-it": b'{"facts":{}} x',
    "brace-in-id": b'{"facts":{},"id":"}"}',
    "key-in-a-text": b'{"name":"\\"facts\\""}',
}


@pytest.mark.parametrize("raw", LEFT_TO_EXACT.values(), ids=LEFT_TO_EXACT)
def test_what_is_unusual_is_left_to_whoever_reads_it_all(raw: bytes) -> None:
    assert quick(raw) is None


ids = st.none() | st.integers(-(10**17), 10**17) | st.text(max_size=5)
values = st.none() | st.sampled_from(["}", '"facts"', "{", 1, {"facts": {}}, [{"id": 1}]])
members = st.fixed_dictionaries(
    {"facts": st.dictionaries(st.sampled_from(["a", "facts", "id"]), values)},
    optional={"id": ids, "asked_on": st.sampled_from([None, "2024-07-01"])},
)


@given(members, st.randoms(use_true_random=False), st.booleans())
def test_what_is_quick_is_exact(given_: dict[str, object], chance: Random, ascii_: bool) -> None:
    names = list(given_)
    chance.shuffle(names)
    text = json.dumps({name: given_[name] for name in names}, ensure_ascii=ascii_)
    opened = exact(Source(text), may_be_one=True)
    assert opened.within
    assert not opened.problems
    assert opened.id == given_.get("id")
    assert json.loads(opened.facts.text) == given_["facts"]
    assert text[: len(opened.facts.text)].endswith(opened.facts.text.lstrip(" "))
    try:
        found = quick(text.encode())
    except UnicodeEncodeError:  # half a surrogate pair
        return
    if found is not None:
        assert (found.id, found.asked_on) == (opened.id, opened.asked_on)
        assert found.facts.decode() == opened.facts.text.lstrip(" ")


parts = ["{", "}", '"facts"', '"id"', '"asked_on"', ":", ",", "1", '"x"', "null", " ", "[]", "\\"]


@given(st.lists(st.sampled_from(parts), max_size=14).map("".join))
def test_nothing_is_taken_for_an_envelope_that_is_none(rest: str) -> None:
    text = '{"facts":{' + rest
    found = quick(text.encode())
    if found is None:
        return
    try:
        facts = json.loads(found.facts)
    except ValueError:
        return  # whoever reads the facts refuses them
    assert json.loads(text)["facts"] == facts
    assert exact(Source(text), may_be_one=True).within


WRONG = {
    "two-mistakes": (
        '{"id": 1.5, "asked_on": "2024-02-30", "facts": {}}',
        [("input.type", 8), ("input.asked-on", 25)],
    ),
    "given-twice": ('{"id": 1, "facts": {}, "id": 2}', [("input.duplicate-name", 24)]),
    "facts-twice": ('{"facts": {}, "facts": {}}', [("input.duplicate-name", 15)]),
    "other-key": ('{"asked": 1, "facts": {}}', [("input.unknown-key", 2)]),
    "too-many-digits": (
        '{"id": 1234567890123456789, "facts": {}}',
        [("input.number-range", 8)],
    ),
    "of-the-facts": ('{"facts": {"a": 1, "a": 1}}', []),
}


@pytest.mark.parametrize("what", WRONG)
def test_all_that_is_wrong_with_an_envelope_is_told_with_its_place(what: str) -> None:
    text, problems = WRONG[what]
    found = exact(Source(text), may_be_one=True)
    assert [(each.code, each.span.start + 1) for each in found.problems] == problems


@pytest.mark.parametrize(
    "text", ['{"facts": 1}', '{"facts": [{}]}', '{"a": {"facts": {}}}', "[]", '"facts"']
)
def test_an_object_without_facts_in_it_is_the_facts(text: str) -> None:
    line = Source(text)
    found: Opened = exact(line, may_be_one=True)
    assert (found.within, found.facts) == (False, line)


def test_no_envelope_is_seen_where_the_programme_has_a_fact_of_that_name() -> None:
    line = Source('{"facts": {}}')
    assert exact(line, may_be_one=False).facts == line


def test_what_is_no_json_is_no_envelope() -> None:
    with pytest.raises(FactsError):
        exact(Source('{"facts": {}'), may_be_one=True)
