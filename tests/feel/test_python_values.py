"""Python's values as FEEL's, and back."""

import datetime as dt
import decimal
import enum
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pytest

from policyeval.feel import temporal, types
from policyeval.feel.conversion import DEPTH, from_python, to_python
from policyeval.feel.failure import Failure
from policyeval.feel.operators import comparison_range, make_range
from policyeval.feel.values import (
    Function,
    Range,
    Time,
    Value,
    WideDate,
    WideDateTime,
    WideDuration,
    YearsMonthsDuration,
)

PARIS = ZoneInfo("Europe/Paris")


class Colour(enum.IntEnum):
    RED = 1


class Pair(NamedTuple):
    left: int
    right: str


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (None, None),
        (True, True),
        (5, Decimal(5)),
        (-(10**34) + 1, Decimal(-(10**34) + 1)),
        (Colour.RED, Decimal(1)),
        (Decimal("1.10"), Decimal("1.10")),
        (Decimal("-0"), Decimal(0)),
        (Decimal("1." + "0" * 50), Decimal(1)),
        (Decimal("1e6144"), Decimal("1e6144")),
        ("text", "text"),
        ("🐎", "🐎"),
        (dt.date(2024, 1, 31), dt.date(2024, 1, 31)),
        (dt.datetime(2024, 1, 31, 10), dt.datetime(2024, 1, 31, 10)),
        (dt.time(10, 30, 1, 5), Time(37_801_000_005_000)),
        (dt.time(10, tzinfo=dt.UTC), Time(36_000_000_000_000, dt.UTC)),
        (dt.time(10, tzinfo=PARIS), Time(36_000_000_000_000, PARIS)),
        (dt.timedelta(days=1), dt.timedelta(days=1)),
        (YearsMonthsDuration(14), YearsMonthsDuration(14)),
        (WideDate(10000, 1, 1), WideDate(10000, 1, 1)),
        (WideDate(2024, 1, 1), dt.date(2024, 1, 1)),
        (WideDuration(1), WideDuration(1)),
        (WideDuration(86_400_000_000_000), dt.timedelta(1)),
        (WideDateTime(2024, 1, 1, 1000), dt.datetime(2024, 1, 1, 0, 0, 0, 1)),
        ([1, [2]], [Decimal(1), [Decimal(2)]]),
        ((1, "a"), [Decimal(1), "a"]),
        (Pair(1, "a"), [Decimal(1), "a"]),
        ({"a b": {"c": (1,)}}, {"a b": {"c": [Decimal(1)]}}),
        (
            Range(Decimal(1), Decimal(2), True, False),
            make_range(Decimal(1), Decimal(2), True, False),
        ),
        (comparison_range(">", Decimal(1)), comparison_range(">", Decimal(1))),
    ],
)
def test_a_value_of_python_becomes_one_of_the_language(given: object, expected: Value) -> None:
    result = from_python(given, "x")
    assert result == expected
    assert type(result) is type(expected)


def test_an_aware_date_and_time_keeps_its_moment() -> None:
    # Clocks in Paris show 02:30 twice that night; the value has the second of the two.
    given = dt.datetime(2026, 10, 25, 2, 30, tzinfo=PARIS, fold=1)
    result = from_python(given)
    assert isinstance(result, dt.datetime)
    assert temporal.instant(result) == temporal.instant(
        temporal.parse_date_and_time("2026-10-25T01:30:00Z")
    )


def test_a_function_stays_what_it_is() -> None:
    function = Function("f", (), types.ANY, lambda: None)
    assert from_python([function]) == [function]


def cyclic() -> object:
    value: list[object] = [1]
    value.append({"self": value})
    return value


def nested(depth: int) -> object:
    value: object = 1
    for _ in range(depth):
        value = [value]
    return value


class NoOffset(dt.tzinfo):
    def utcoffset(self, _: dt.datetime | None) -> None:
        return None

    def dst(self, _: dt.datetime | None) -> None:
        return None

    def tzname(self, _: dt.datetime | None) -> None:
        return None


@pytest.mark.parametrize(
    ("given", "name", "place"),
    [
        (0.1, "rate", "`rate`"),
        (float("nan"), "rate", "`rate`"),
        (1j, "rate", "`rate`"),
        (Decimal("NaN"), "rate", "`rate`"),
        (Decimal("sNaN"), "rate", "`rate`"),
        (Decimal("-Infinity"), "rate", "`rate`"),
        (Decimal("1." + "1" * 34), "rate", "`rate`"),
        (Decimal("1e6145"), "rate", "`rate`"),
        (Decimal("1e999999"), "rate", "`rate`"),
        (Decimal("1e-9999"), "rate", "`rate`"),
        (10**34, "rate", "`rate`"),
        ("\ud800", "name", "`name`"),
        ({"loan": {"rate": [1, 0.5]}}, "", "`loan.rate[2]`"),
        ({"rate": [1, 0.5]}, "loan", "`loan.rate[2]`"),
        ({1: "a"}, "loan", "`loan`"),
        ({"\udc00": "a"}, "loan", "`loan`"),
        (b"bytes", "x", "`x`"),
        ({1, 2}, "x", "`x`"),
        (object(), "x", "`x`"),
        (int, "x", "`x`"),
        (iter([1]), "x", "`x`"),
        (dt.time(10, tzinfo=NoOffset()), "x", "`x`"),
        (dt.datetime(2024, 1, 1, tzinfo=NoOffset()), "x", "`x`"),
        (Time(86_400_000_000_000), "x", "`x`"),
        (YearsMonthsDuration(10**12), "x", "`x`"),
        (WideDate(10000, 2, 30), "x", "`x`"),
        (Range(Decimal(3), Decimal(1), True, True), "x", "`x`"),
        (Range(Decimal(1), "a", True, True), "x", "`x`"),
        (cyclic(), "x", "`x[2].self`"),
        (nested(DEPTH + 1), "x", "…[1][1]"),
        (nested(100_000), "x", "…[1][1]"),
    ],
)
def test_any_other_value_is_refused_with_its_place(given: object, name: str, place: str) -> None:
    with pytest.raises(Failure) as caught:
        from_python(given, name)
    assert caught.value.code == "input.value"
    text = caught.value.message.text()
    assert place in text
    assert "Decimal" not in text
    assert "class" not in text


def test_sixty_four_levels_are_not_too_many() -> None:
    assert from_python(nested(DEPTH)) is not None


def test_huge_numbers_are_refused_at_once() -> None:
    for given in (10**1_000_000, Decimal("1e999999999"), Decimal("9" * 1_000_000)):
        with pytest.raises(Failure):
            from_python(given)


def test_a_value_that_stands_in_many_places_is_read_once() -> None:
    shared: object = [1]
    for _ in range(60):
        shared = [shared, shared]
    result = from_python(shared)
    assert isinstance(result, list)
    assert result[0] is result[1]
    copied = to_python(result)
    assert isinstance(copied, list)
    assert copied[0] is copied[1]


def test_a_shared_value_counts_for_the_depth_wherever_it_stands() -> None:
    shared = nested(40)
    deep: object = shared
    for _ in range(30):
        deep = [deep]
    with pytest.raises(Failure):
        from_python([shared, deep])


class Hostile(dict[str, object]):
    """A dict that answers differently each time it is asked, and raises where it can."""

    def __getitem__(self, key: str) -> object:
        raise RuntimeError

    def __iter__(self) -> Iterator[str]:
        raise RuntimeError

    def __len__(self) -> int:
        raise RuntimeError

    def __eq__(self, other: object) -> bool:
        raise RuntimeError

    def __hash__(self) -> int:  # type: ignore[override]  # hostile on purpose
        raise RuntimeError

    def items(self) -> Any:
        raise RuntimeError


class HostileList(list[object]):
    def __iter__(self) -> Iterator[object]:
        raise RuntimeError

    def __getitem__(self, index: Any) -> Any:
        raise RuntimeError

    def __len__(self) -> int:
        return 10**9


class HostileText(str):
    __slots__ = ()

    def __str__(self) -> str:
        raise RuntimeError

    def __eq__(self, other: object) -> bool:
        raise RuntimeError

    def __hash__(self) -> int:
        return 1


class HostileNumber(int):
    def __int__(self) -> int:
        raise RuntimeError

    def __index__(self) -> int:
        raise RuntimeError

    def __lt__(self, other: object) -> bool:
        raise RuntimeError


class LateDate(dt.date):
    @property
    def year(self) -> int:
        return 9999


def test_what_subclasses_pretend_makes_no_difference() -> None:
    given = Hostile(a=HostileList([HostileNumber(1), HostileText("x")]), b=LateDate(2024, 1, 31))
    result = from_python(given)
    assert result == {"a": [Decimal(1), "x"], "b": dt.date(2024, 1, 31)}
    assert isinstance(result, dict)
    assert type(result) is dict
    assert type(result["b"]) is dt.date


def test_what_is_changed_later_makes_no_difference() -> None:
    given = {"a": [1]}
    result = from_python(given)
    given["a"].append(2)
    assert result == {"a": [Decimal(1)]}


def test_reading_does_not_depend_on_the_decimal_context_of_the_thread() -> None:
    traps = [decimal.FloatOperation, decimal.Inexact, decimal.Rounded]
    with decimal.localcontext(decimal.Context(prec=3, Emax=5, Emin=-5, traps=traps)):
        assert from_python([12345, Decimal("1.23456e10")]) == [
            Decimal(12345),
            Decimal("1.23456e10"),
        ]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        (Decimal("1.5"), Decimal("1.5")),
        (Time(37_801_000_005_000, dt.UTC), dt.time(10, 30, 1, 5, dt.UTC)),
        (Time(1), Time(1)),
        (YearsMonthsDuration(1), YearsMonthsDuration(1)),
        ([{"a": [Time(0)]}], [{"a": [dt.time(0)]}]),
    ],
)
def test_a_value_of_the_language_becomes_plain_python(value: Value, expected: object) -> None:
    result = to_python(value)
    assert result == expected
    assert type(result) is type(expected)
    assert from_python(result) == value


def test_what_is_given_back_is_the_callers_to_change() -> None:
    value: Value = [[Decimal(1)]]
    result = to_python(value)
    assert isinstance(result, list)
    result[0].append(2)
    assert value == [[Decimal(1)]]
