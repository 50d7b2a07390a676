"""What holds for whatever is given: laws over arbitrary values and texts."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from policyeval.errors import FactsError
from policyeval.facts import Between, Decoder, Environment, Open, decode_bytes
from policyeval.source import Source
from tests.facts.making import ASKED_ON, COMPLETE, every_kind

EVERY_KIND = every_kind()
DECODER = Decoder(EVERY_KIND)
FACTS = EVERY_KIND.policy.facts

words = st.sampled_from(
    [
        *FACTS,
        *("accepted_at", "in_portal", "authorised", "number", "invoice_amount", "invoice_on"),
        *("unknown", "between", "decided", "on", "by", "amuont", "fee", "payable", ""),
    ]
)
days = st.dates(date(1890, 1, 1), date(2210, 1, 1))
moments = st.datetimes(datetime(1899, 12, 1), datetime(2200, 2, 1))
offsets = st.sampled_from(["", "Z", "+01:00", "-10:30", "+02:00"])
numbers = st.one_of(
    st.integers(-(10**19), 10**19),
    st.decimals(allow_nan=False, allow_infinity=False, places=3),
    st.decimals(-(10**18), 10**18, places=13),
)
texts = st.one_of(
    st.text(max_size=8),
    days.map(str),
    st.builds(lambda moment, offset: moment.isoformat() + offset, moments, offsets),
    numbers.map(str),
    st.sampled_from(["granted", "refused", "data_recovery", "gerätetausch", "NaN", "1e9"]),
)
scalars = st.one_of(st.none(), st.booleans(), numbers, texts)
json_values = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(words, inner, max_size=3)),
    max_leaves=8,
)


def values_of(name: str) -> st.SearchStrategy[object]:
    """Give values that a fact often takes, beside others that it does not."""
    fact = FACTS[name]
    usual = st.one_of(st.none(), st.booleans(), texts, numbers, days.map(str))
    if fact.entries:
        members = st.fixed_dictionaries({}, optional=dict.fromkeys(fact.entries, usual))
        return st.lists(members, max_size=3)
    ends = st.lists(st.one_of(numbers, texts), min_size=2, max_size=2)
    return st.one_of(
        usual,
        st.just({"unknown": True}),
        st.fixed_dictionaries({"between": ends}),
        st.fixed_dictionaries({"decided": usual}, optional={"on": days.map(str), "by": texts}),
        st.lists(usual, max_size=3),
        json_values,
    )


some_facts = st.lists(st.sampled_from([*FACTS]), max_size=4, unique=True).flatmap(
    lambda names: st.fixed_dictionaries({name: values_of(name) for name in names})
)
any_facts = st.one_of(some_facts, st.dictionaries(words, json_values, max_size=4))


def written(value: object) -> str:
    """Write a value as JSON, with the digits of its numbers."""
    match value:
        case bool() | None | str():
            return json.dumps(value)
        case Decimal():
            return f"{value:f}"
        case int():
            return str(value)
        case dict():
            return f"{{{', '.join(f'{json.dumps(k)}: {written(v)}' for k, v in value.items())}}}"
        case list():
            return f"[{', '.join(map(written, value))}]"
        case _:
            raise AssertionError(value)


Outcome = Environment | FactsError


def outcome(read: Callable[[], Environment]) -> Outcome:
    """Give what comes of reading; whatever else is raised is a bug."""
    try:
        return read()
    except FactsError as error:
        return error


def told(found: Outcome) -> Environment | list[tuple[str, str]]:
    """Give what does not depend on how facts were written."""
    if isinstance(found, Environment):
        return found
    return [(each.code, each.message.text()) for each in found.diagnostics]


def check(found: Outcome, language: str) -> None:
    if isinstance(found, FactsError):
        assert found.diagnostics
        assert found.render(language)
        for each in found.diagnostics:
            # Where a text ends too early, the place after its end is shown.
            assert 0 <= each.span.start <= each.span.end <= len(each.source.text) + 1
    else:
        assert [*found.values] == [*FACTS]


@given(any_facts)
@settings(max_examples=300)
def test_json_and_plain_values_give_the_same_facts_or_the_same_problems(
    given_: dict[str, object],
) -> None:
    of_values = outcome(lambda: DECODER.decode(given_, ASKED_ON))
    of_json = outcome(lambda: DECODER.decode_json(Source(written(given_)), ASKED_ON))
    assert told(of_values) == told(of_json)


PRESENT = sorted(COMPLETE)


def as_json(value: object) -> object:
    """Give a value of `COMPLETE` as JSON has it."""
    match value:
        case datetime():
            return value.isoformat()
        case date():
            return str(value)
        case list():
            return [as_json(each) for each in value]
        case dict():
            return {name: as_json(each) for name, each in value.items()}
        case _:
            return value


@given(st.lists(st.sampled_from(PRESENT), unique=True))
@settings(max_examples=200)
def test_facts_in_any_order_and_of_either_kind_are_the_same(chosen: list[str]) -> None:
    plain = {name: COMPLETE[name] for name in chosen}
    first = DECODER.decode({name: COMPLETE[name] for name in sorted(chosen)}, ASKED_ON)
    assert DECODER.decode(plain, ASKED_ON) == first
    in_json = written({name: as_json(value) for name, value in plain.items()})
    assert DECODER.decode_json(Source(in_json), ASKED_ON) == first
    assert first.given == {*chosen}


python_values = st.recursive(
    st.one_of(
        scalars,
        st.floats(),
        st.decimals(),
        st.binary(max_size=3),
        st.dates(),
        st.datetimes(timezones=st.one_of(st.none(), st.timezones(), st.just(UTC))),
        st.times(),
        st.timedeltas(),
        st.fractions(),
        st.complex_numbers(),
        st.text(st.characters(), max_size=3),
        st.builds(timezone, st.timedeltas(timedelta(hours=-23), timedelta(hours=23))),
        st.builds(object),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.tuples(inner, inner),
        st.dictionaries(st.one_of(words, st.integers(), st.none()), inner, max_size=3),
        st.frozensets(st.integers(), max_size=2),
    ),
    max_leaves=6,
)


@given(st.dictionaries(st.one_of(words, st.text(max_size=3)), python_values, max_size=4))
@settings(max_examples=300)
def test_any_value_of_python_is_read_or_refused(given_: dict[str, object]) -> None:
    check(outcome(lambda: DECODER.decode(given_, ASKED_ON)), "sv")


def cut_short(facts: dict[str, object], at: int, what: str) -> str:
    text = written(facts)
    return text[: at % (len(text) + 1)] + what


pieces = st.sampled_from(["", "}", '"', "]", ",", "\\", "\x00", "1", "é", "\ud800"])


@given(
    st.one_of(
        st.text(max_size=60),
        json_values.map(written),
        st.builds(cut_short, some_facts, st.integers(0, 10_000), pieces),
    )
)
@settings(max_examples=300)
def test_any_text_is_read_or_refused(text: str) -> None:
    check(outcome(lambda: DECODER.decode_json(Source(text), ASKED_ON)), "de")


@given(st.binary(max_size=60))
@settings(max_examples=200)
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    check(outcome(lambda: decode_bytes(raw, "facts.json", EVERY_KIND, ASKED_ON)), "en")


def days_of(value: object) -> tuple[str, str]:
    """Give the first and the last day that an event may have."""
    if isinstance(value, Open):
        part = value.parts[0]
        assert isinstance(part, Between)
        return str(part.low)[:10], str(part.high)[:10]
    return str(value)[:10], str(value)[:10]


@given(some_facts, st.dates(date(1900, 1, 1), date(2199, 12, 31)))
@settings(max_examples=200)
def test_what_is_known_of_an_event_lies_before_and_what_may_come_after_the_day_asked_on(
    given_: dict[str, object], asked_on: date
) -> None:
    found = outcome(lambda: DECODER.decode(given_, asked_on))
    if isinstance(found, FactsError):
        return
    for name in ("approved_on", "referred_at", "contact_at"):
        value = found.values[name]
        first, last = days_of(value)
        if isinstance(value, Open) and value.kind == "event":
            assert (first, last) == (str(asked_on), "2199-12-31")
        else:
            assert first <= last <= str(asked_on)
