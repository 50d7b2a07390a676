"""The moments of events that have not happened: what is certain of them, and nothing else."""

import operator
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policyeval.backends.python.moments import (
    ENDLESS,
    FutureEntry,
    Later,
    UndeterminedError,
    add_months,
    minus,
    plus,
)
from policyeval.feel import operators, temporal
from policyeval.feel.values import YearsMonthsDuration
from tests.strategies import days_between, moments_between

LOW = date(2024, 3, 1)
Compare = Callable[..., object]
COMPARISONS: list[Compare] = [
    operator.lt,
    operator.le,
    operator.gt,
    operator.ge,
    operator.eq,
    operator.ne,
]


def answer(compare: Compare, left: object, right: object) -> object:
    try:
        return compare(left, right)
    except UndeterminedError:
        return None


@pytest.mark.parametrize("compare", COMPARISONS, ids=lambda each: each.__name__)
@given(
    days_between(date(2024, 2, 1), date(2024, 4, 1)),
    st.lists(days_between(LOW, date(2024, 5, 1)), min_size=1),
)
def test_a_comparison_is_answered_just_where_all_days_agree(
    compare: Compare, day: date, others: list[date]
) -> None:
    later = Later(LOW)
    possible = {compare(each, day) for each in (LOW, date(2024, 5, 2), *others)}
    possible |= {compare(ENDLESS, day)}
    # The bounds and never are enough to tell, and one more day that is the day itself.
    if day >= LOW:
        possible.add(compare(day, day))
    assert answer(compare, later, day) == (possible.pop() if len(possible) == 1 else None)


@pytest.mark.parametrize("compare", COMPARISONS, ids=lambda each: each.__name__)
def test_never_compares_like_a_day_after_all_days(
    compare: Compare,
) -> None:
    far = timedelta(10**6)
    assert compare(ENDLESS, date.max) == compare(far, timedelta())
    assert compare(date.max, ENDLESS) == compare(timedelta(), far)
    assert compare(ENDLESS, ENDLESS) == compare(far, far)


def test_a_later_moment_may_be_never() -> None:
    later = Later(LOW)
    assert [answer(each, later, ENDLESS) for each in COMPARISONS] == [
        *(None, True, False),
        *(None, None, None),
    ]
    assert [answer(each, ENDLESS, later) for each in COMPARISONS] == [
        *(False, None, None),
        *(True, None, None),
    ]


KNOWN = frozenset({LOW, date.max})

MISUSES: dict[str, Callable[..., object]] = {
    "truth": bool,
    "hash": hash,
    "text": str,
    "format": "{}".format,
    "attribute": lambda m: m.year,
    "class": lambda m: isinstance(m, date),
    "iteration": list,
    "length": len,
    "item": lambda m: m["a"],
    "membership": lambda m: 1 in m,
    "difference": lambda m: m - LOW,
    "difference from a day": lambda m: LOW - m,
    "sum with a number": lambda m: m + 1,
    "comparison with a text": lambda m: m < "a",
    "comparison with another moment": lambda m: m == Later(LOW),
    "membership of a set": lambda m: m in KNOWN,
}


@pytest.mark.parametrize("misuse", MISUSES.values(), ids=MISUSES)
def test_a_moment_that_is_not_known_cannot_be_used_otherwise(
    misuse: Callable[..., object],
) -> None:
    with pytest.raises(UndeterminedError):
        misuse(Later(LOW))


def test_of_a_future_entry_only_the_moment_is_known() -> None:
    later = Later(LOW)
    entry = FutureEntry("at", later)
    assert entry["at"] is later
    with pytest.raises(UndeterminedError):
        entry["ok"]
    with pytest.raises(UndeterminedError):
        isinstance(entry, dict)


DAYS = days_between(date(2023, 1, 1), date(2026, 1, 1))
LENGTHS = st.integers(-400, 400).map(timedelta) | st.integers(-30, 30).map(YearsMonthsDuration)


@settings(max_examples=500)
@given(DAYS, DAYS, st.integers(-30, 30))
def test_months_added_to_a_later_day_give_a_lower_bound(
    one: date, other: date, months: int
) -> None:
    low, day = sorted((one, other))
    moved = add_months(Later(low), months)
    assert type(moved) is Later
    assert moved.low <= temporal.add_months(day, months)


MOMENTS = st.builds(
    lambda at, hours: at.replace(tzinfo=timezone(timedelta(hours=hours))),
    moments_between(datetime(2023, 1, 1), datetime(2026, 1, 1)),
    st.sampled_from([1, 2]),
)


@settings(max_examples=500)
@given(MOMENTS, MOMENTS, LENGTHS, st.booleans())
def test_a_length_added_to_a_later_moment_gives_a_lower_bound(
    one: datetime, other: datetime, length: timedelta | YearsMonthsDuration, back: bool
) -> None:
    low, moment = sorted((one, other))
    moved = minus(Later(low), length) if back else plus(Later(low), length)
    known = operators.subtract(moment, length) if back else operators.add(moment, length)
    assert type(moved) is Later
    assert isinstance(known, datetime)
    assert moved.low <= known


def test_months_added_to_a_later_moment_allow_for_another_offset() -> None:
    """The 31st, early and in summer time, ends up before the 30th does, late and in winter time."""
    low = datetime(2024, 8, 30, 0, 30, tzinfo=timezone(timedelta(hours=1)))
    moment = datetime(2024, 8, 31, 0, 10, tzinfo=timezone(timedelta(hours=2)))
    half_a_year = YearsMonthsDuration(6)
    moved = plus(Later(low), half_a_year)
    known = operators.add(moment, half_a_year)
    assert type(moved) is Later
    assert isinstance(known, datetime)
    assert moved.low <= known < datetime(2025, 2, 28, tzinfo=low.tzinfo)


def test_what_is_computed_with_never_is_never() -> None:
    assert add_months(ENDLESS, 3) is ENDLESS
    assert plus(ENDLESS, timedelta(1)) is ENDLESS
    assert plus(timedelta(1), ENDLESS) is ENDLESS
    assert minus(ENDLESS, timedelta(1)) is ENDLESS
    assert ENDLESS + timedelta(1) is ENDLESS
    assert ENDLESS.date() is ENDLESS


def test_a_bound_beyond_the_last_year_is_no_bound() -> None:
    with pytest.raises(UndeterminedError):
        add_months(Later(LOW), 12 * 9000)
    with pytest.raises(UndeterminedError):
        Later(LOW) + timedelta(10**7)
