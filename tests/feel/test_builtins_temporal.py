"""The built-in functions on dates, times and durations."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from policyeval.feel import temporal, types
from policyeval.feel.builtins.declaration import Builtin, Signature
from policyeval.feel.builtins.temporal import BUILTINS
from policyeval.feel.failure import Failure
from policyeval.feel.runtime import Budget, Runtime
from policyeval.feel.types import Type
from policyeval.feel.values import Range, Time, Value, WideDate, WideDuration, YearsMonthsDuration

BY_NAME = {each.name: each for each in BUILTINS}


def at(text: str) -> Value:
    return temporal.parse_temporal(text)


def type_of(value: Value) -> Type:
    if isinstance(value, str):
        return types.STRING
    if isinstance(value, Decimal):
        return types.NUMBER
    type_ = temporal.type_of(value)
    assert type_ is not None
    return type_


def signature(builtin: Builtin, arguments: tuple[Value, ...]) -> Signature:
    """Choose the signature as a caller does: every argument is already of the parameter's type."""
    for each in builtin.signatures:
        if each.required <= len(arguments) <= len(each.parameters) and all(
            types.may_be_null(parameter.type)
            if argument is None
            else types.required(parameter.type) in (type_of(argument), types.ANY)
            for parameter, argument in zip(each.parameters, arguments, strict=False)
        ):
            return each
    raise AssertionError(builtin.name, arguments)


def call(name: str, *arguments: Value | int) -> Value:
    given = tuple(Decimal(each) if isinstance(each, int) else each for each in arguments)
    return signature(BY_NAME[name], given).function(*given)


def failing(operation: Callable[[], object]) -> str:
    with pytest.raises(Failure) as caught:
        operation()
    return caught.value.code


# ---------------------------------------------------------------------- making values


def test_a_date_is_made_from_text_from_parts_and_from_a_date_and_time() -> None:
    assert call("date", "2024-02-29") == date(2024, 2, 29)
    assert call("date", 2024, 2, 29) == date(2024, 2, 29)
    assert call("date", -44, 3, 15) == WideDate(-44, 3, 15)
    assert call("date", at("2024-03-31T23:30:00-08:00")) == date(2024, 3, 31)
    assert call("date", at("2024-03-31T23:30:00.000000001")) == date(2024, 3, 31)
    assert call("date", at("12024-03-31T23:30:00Z")) == WideDate(12024, 3, 31)
    assert call("date", date(2024, 3, 31)) == date(2024, 3, 31)


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ((2023, 2, 29), "eval.domain"),
        ((2023, 13, 1), "eval.domain"),
        ((2023, 0, 1), "eval.domain"),
        ((2023, 1, -1), "eval.domain"),
        ((Decimal("2023.5"), 1, 1), "eval.domain"),
        ((2023, Decimal("1.5"), 1), "eval.domain"),
        ((10**9, 1, 1), "eval.date-range"),
        ((Decimal("1E+6144"), 1, 1), "eval.date-range"),
        ((Decimal("-1E+6144"), 1, 1), "eval.date-range"),
        ((2023, Decimal("1E+6144"), 1), "eval.domain"),
    ],
    ids=str,
)
def test_parts_that_make_no_date(parts: tuple[Value | int, ...], code: str) -> None:
    assert failing(lambda: call("date", *parts)) == code


def test_a_date_and_time_takes_its_zone_from_the_time() -> None:
    day, zoned = date(2024, 7, 1), at("2024-07-01T10:00:00+02:00")
    local, utc, named = at("09:30:00"), at("09:30:00Z"), at("09:30:00@Europe/Stockholm")
    assert call("date and time", day, local) == datetime(2024, 7, 1, 9, 30)
    assert call("date and time", zoned, local) == datetime(2024, 7, 1, 9, 30)
    assert call("date and time", zoned, utc) == datetime(2024, 7, 1, 9, 30, tzinfo=UTC)
    assert call("date and time", day, named) == at("2024-07-01T09:30:00@Europe/Stockholm")
    assert call("date and time", "2024-07-01") == datetime(2024, 7, 1)


def test_a_time_is_made_from_text_from_parts_and_from_other_values() -> None:
    assert call("time", "09:30:00") == at("09:30:00")
    assert call("time", at("09:30:00Z")) == at("09:30:00Z")
    assert call("time", at("2024-07-01T09:30:00@Europe/Paris")) == at("09:30:00@Europe/Paris")
    assert call("time", date(2024, 7, 1)) == Time(0, UTC)
    assert call("time", 9, 30, Decimal("15.5")) == at("09:30:15.5")
    assert call("time", 9, 30, 0, None) == at("09:30:00")
    assert call("time", 9, 30, 0, timedelta(0)) == at("09:30:00Z")
    assert call("time", 9, 30, 0, timedelta(hours=-2, minutes=-45)) == at("09:30:00-02:45")


@pytest.mark.parametrize(
    "parts",
    [
        (24, 0, 0),
        (-1, 0, 0),
        (0, 60, 0),
        (0, 0, 60),
        (0, 0, Decimal("-0.1")),
        (Decimal("9.5"), 0, 0),
        (0, 0, 0, timedelta(hours=18, seconds=1)),
        (0, 0, 0, timedelta(microseconds=1)),
        (0, 0, 0, WideDuration(1)),
        (0, 0, 0, WideDuration(10**9 * 86_400 * 10**9)),
    ],
    ids=str,
)
def test_parts_that_make_no_time(parts: tuple[Value | int, ...]) -> None:
    assert failing(lambda: call("time", *parts)) == "eval.domain"


def test_a_duration_is_of_either_kind() -> None:
    assert call("duration", "P1DT2H") == timedelta(days=1, hours=2)
    assert call("duration", "P26M") == YearsMonthsDuration(26)
    assert failing(lambda: call("duration", "P1M15D")) == "eval.literal"


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2023-08-31", "2024-02-29"),
        ("2023-08-31", "2024-02-29T12:00:00Z"),
        ("2023-08-31T12:00:00", "2024-02-29"),
        ("2023-08-31T12:00:00", "2024-02-29T12:00:00@Europe/Paris"),
    ],
)
def test_months_are_counted_between_dates_and_between_dates_and_times(start: str, end: str) -> None:
    assert call("years and months duration", at(start), at(end)) == YearsMonthsDuration(5)


# ---------------------------------------------------------------------- the calendar


@pytest.mark.parametrize(
    ("day", "day_of_year", "weekday", "month", "week"),
    [
        ("2024-12-31", 366, "Tuesday", "December", 1),
        ("2003-12-29", 363, "Monday", "December", 1),
        ("2005-01-01", 1, "Saturday", "January", 53),
        ("2024-02-29T23:59:59Z", 60, "Thursday", "February", 9),
        ("12024-02-29", 60, "Thursday", "February", 9),
        ("0000-03-01", 61, "Wednesday", "March", 9),
    ],
)
def test_the_place_of_a_day_in_the_calendar(
    day: str, day_of_year: int, weekday: str, month: str, week: int
) -> None:
    assert call("day of year", at(day)) == day_of_year
    assert call("day of week", at(day)) == weekday
    assert call("month of year", at(day)) == month
    assert call("week of year", at(day)) == week


def test_only_now_and_today_read_the_clock_and_policies_have_neither() -> None:
    reading = {each.name for each in BUILTINS if not each.deterministic}
    assert reading == {"now", "today"}
    assert {each.name for each in BUILTINS if not each.in_profile} == reading
    now, today = call("now"), call("today")
    assert isinstance(now, datetime)
    assert now.tzinfo is not None
    assert type(today) is date


# ---------------------------------------------------------------------- identity


def same(left: Value, right: Value) -> Value:
    (only,) = BY_NAME["is"].signatures
    return only.function(Runtime(), left, right)


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (None, None, True),
        (None, False, False),
        (True, True, True),
        (True, Decimal(1), False),
        (Decimal("1.0"), Decimal(1), True),
        (Decimal(1), "1", False),
        ("a", "a", True),
        (date(2024, 1, 1), date(2024, 1, 1), True),
        (date(2024, 1, 1), datetime(2024, 1, 1), False),
        (Time(0, UTC), Time(0), False),
        (timedelta(0), YearsMonthsDuration(0), False),
        ([Decimal(1), "a"], [Decimal(1), "a"], True),
        ([Decimal(1)], [Decimal(1), Decimal(1)], False),
        ([Decimal(1)], Decimal(1), False),
        ({"a": [None]}, {"a": [None]}, True),
        ({"a": None}, {"b": None}, False),
        (
            Range(Decimal(1), Decimal(2), True, True),
            Range(Decimal(1), Decimal(2), True, True),
            True,
        ),
        (
            Range(Decimal(1), Decimal(2), True, True),
            Range(Decimal(1), Decimal(2), True, False),
            False,
        ),
        (Range(None, Decimal(2), False, False), Range(None, Decimal(2), False, False, "<"), False),
    ],
    ids=str,
)
def test_two_values_are_the_same(left: Value, right: Value, expected: bool) -> None:
    assert same(left, right) is expected
    assert same(right, left) is expected


def test_deeply_shared_lists_are_compared_once() -> None:
    left: Value = [Decimal(1)]
    right: Value = [Decimal(1)]
    for _ in range(10_000):
        left, right = [left, left], [right, right]
    assert same(left, right) is True


def test_long_comparisons_count_their_steps() -> None:
    runtime = Runtime(Budget(steps=10))
    (only,) = BY_NAME["is"].signatures
    long: list[Value] = [Decimal(number) for number in range(100)]
    assert failing(lambda: only.function(runtime, long, [None, *long[1:]])) == "eval.cost"


# ---------------------------------------------------------------------- declarations


def test_the_declarations_are_well_formed() -> None:
    for each in BUILTINS:
        assert each.signatures
        assert any(example.result == "null" for example in each.examples)
        for one in each.signatures:
            optional = [parameter.optional for parameter in one.parameters]
            assert optional == sorted(optional)
