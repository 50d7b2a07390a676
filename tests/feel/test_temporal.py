"""Dates, times and durations: reading, writing, computing, comparing."""

import calendar
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyeval.feel import numbers, temporal, types
from policyeval.feel.failure import Failure
from policyeval.feel.temporal import zones
from policyeval.feel.temporal.calendar import date_of_day, day_number, week_of_year
from policyeval.feel.values import (
    NANOSECONDS_PER_DAY,
    NANOSECONDS_PER_SECOND,
    Time,
    Value,
    WideDate,
    WideDateTime,
    WideDuration,
    YearsMonthsDuration,
)

STOCKHOLM = ZoneInfo("Europe/Stockholm")
HOUR = 3600 * NANOSECONDS_PER_SECOND


def at(text: str) -> Value:
    return temporal.parse_temporal(text)


def text(value: Value) -> str:
    assert isinstance(
        value,
        date
        | datetime
        | WideDate
        | WideDateTime
        | Time
        | timedelta
        | WideDuration
        | YearsMonthsDuration,
    )
    return temporal.text(value)


def failing(operation: Callable[[], object]) -> Failure:
    """Give the failure of an operation, which must come at once."""
    with pytest.raises(Failure) as caught:
        operation()
    assert len(caught.value.message.text()) < 300
    return caught.value


# ---------------------------------------------------------------------- reading


@pytest.mark.parametrize(
    ("literal", "value"),
    [
        ("2024-02-29", date(2024, 2, 29)),
        ("0001-01-01", date(1, 1, 1)),
        ("0000-01-01", WideDate(0, 1, 1)),
        ("-0044-03-15", WideDate(-44, 3, 15)),
        ("-2021-01-01", WideDate(-2021, 1, 1)),
        ("10000-01-01", WideDate(10000, 1, 1)),
        ("999999999-12-31", WideDate(999_999_999, 12, 31)),
        ("09:30:00", Time(9 * HOUR + 30 * 60 * NANOSECONDS_PER_SECOND)),
        ("00:00:00.000000001", Time(1)),
        ("24:00:00", Time(0)),
        ("10:00:00Z", Time(10 * HOUR, UTC)),
        ("10:00:00z", Time(10 * HOUR, UTC)),
        ("10:00:00-00:00", Time(10 * HOUR, UTC)),
        ("10:00:00-08:30", Time(10 * HOUR, timezone(-timedelta(hours=8, minutes=30)))),
        ("10:00:00+18:00", Time(10 * HOUR, timezone(timedelta(hours=18)))),
        (
            "10:00:00+02:45:55",
            Time(10 * HOUR, timezone(timedelta(hours=2, minutes=45, seconds=55))),
        ),
        ("10:00:00@Europe/Stockholm", Time(10 * HOUR, STOCKHOLM)),
        ("2024-01-31T10:00:00", datetime(2024, 1, 31, 10)),
        ("2024-01-31T10:00:00.250", datetime(2024, 1, 31, 10, 0, 0, 250_000)),
        ("2024-01-31T10:00:00Z", datetime(2024, 1, 31, 10, tzinfo=UTC)),
        ("2024-01-31T10:00:00@Europe/Stockholm", datetime(2024, 1, 31, 10, tzinfo=STOCKHOLM)),
        ("2024-02-28T24:00:00", datetime(2024, 2, 29)),
        ("9999-12-31T24:00:00", WideDateTime(10000, 1, 1, 0)),
        ("2024-01-31T00:00:00.000000001", WideDateTime(2024, 1, 31, 1)),
        ("P1DT2H3M4.5S", timedelta(1, 4, 500_000, 0, 3, 2)),
        ("-PT24H", timedelta(-1)),
        ("PT0.000000001S", WideDuration(1)),
        ("P1000000000D", WideDuration(10**9 * NANOSECONDS_PER_DAY)),
        ("P1Y6M", YearsMonthsDuration(18)),
        ("-P0M", YearsMonthsDuration(0)),
        ("P999999999Y", YearsMonthsDuration(12 * 999_999_999)),
    ],
)
def test_literals_are_read(literal: str, value: Value) -> None:
    read = at(literal)
    assert type(read) is type(value)
    assert read == value


@pytest.mark.parametrize(
    "literal",
    [
        "",
        "foo",
        "2024-1-31",
        "20240131",
        "2024-W05-3",
        " 2024-01-31",
        "2024-01-31 ",
        "31.01.2024",
        "998-12-31",
        "01211-12-31",
        "+2024-01-31",
        "9999999999-01-01",
        "-0000-01-01",
        "2012/12/25",
        "2024-13-01",
        "2024-00-01",
        "2024-04-31",
        "2024-01-00",
        "２０２４-01-31",
        "2024-01-31Z",
        "9:30:00",
        "09:30",
        "24:00:01",
        "24:00:00.1",
        "09:60:00",
        "09:30:60",
        "23:59:60",
        "25:00:00",
        "T09:30:00",
        "09:30:00.",
        "09:30:00.1234567890",
        "09:30:00+1",
        "09:30:00+01",
        "09:30:00+19:00",
        "09:30:00+01:60",
        "09:30:00+01:00@Europe/Paris",
        "09:30:00@",
        "09:30:00 Z",
        "09:30:00@+01:00",
        "2024-01-31T",
        "2024-01-31T9:30:00",
        "2024-01-31 09:30:00",
        "2024-01-31t09:30:00",
        "2016-12-31T23:59:60Z",
        "2024-02-30T00:00:00",
        "2024-01-31T00:00:00Zfoo",
        "P",
        "PT",
        "P1",
        "P1H",
        "P1S",
        "1D",
        "P-1D",
        "P1DT",
        "PT1.5H",
        "PT.5S",
        "P1W",
        "P1Y1D",
        "+P1D",
        "P1M1Y",
        "PT1S1M",
        "p1d",
        "P1.5D",
        "PT1.S",
        "P１D",
        "P1D\n",
        "2024-01-31\n",
        "09:30:00\n",
        "@2024-01-31",
        "P" + "9" * 5000 + "D",
        "2024-01-31T" + "0" * 1000000,
    ],
)
def test_what_is_no_literal_is_refused(literal: str) -> None:
    assert failing(lambda: at(literal)).code == "eval.literal"


@pytest.mark.parametrize(
    "zone",
    [
        "../x",
        "../../etc/passwd",
        "/etc/localtime",
        "Europe",
        "Europe/",
        "europe/stockholm",
        "x" * 5000,
        "Middle/Earth",
        ".",
        "",
        "localtime",
        "posixrules",
        "posix/Europe/Paris",
        "tzdata.zi",
        "zones",
        "Europe/Stockholm\x00",
        "Europe\\Stockholm",
        "Europe/../Europe/Paris",
        "CON",
        "ＵＴＣ",
    ],
)
def test_a_hostile_zone_name_is_refused_before_anything_is_looked_up(
    zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    zones.zone_names()

    def never(name: str) -> ZoneInfo:
        raise AssertionError(name)

    monkeypatch.setattr(zones, "ZoneInfo", never)
    assert failing(lambda: temporal.parse_zone(zone)).code == "eval.literal"
    assert failing(lambda: temporal.parse_time(f"10:00:00@{zone}")).code == "eval.literal"
    assert (
        failing(lambda: temporal.parse_date_and_time(f"2024-01-31T10:00:00@{zone}")).code
        == "eval.literal"
    )


@pytest.mark.parametrize(
    ("literal", "words"),
    [
        ("2023-02-30", "there is no 30 February 2023"),
        ("2023-13-01", "there is no month 13"),
        ("23:59:60", "seconds go from 0 to less than 60"),
        ("2023-2-3", "a date is written as in `2024-01-31`"),
        ("P1M10D", "the two cannot be mixed"),
        ("10:00:00@Europe/Stokholm", "there is no time zone `Europe/Stokholm`"),
        ("10:00:00+20:00", "at most 18 hours"),
    ],
)
def test_a_refusal_says_what_is_wrong(literal: str, words: str) -> None:
    assert words in failing(lambda: at(literal)).message.text()


def test_every_listed_zone_can_be_loaded() -> None:
    for name in zones.zone_names():
        assert zones.zone_named(name).key == name


@pytest.mark.parametrize(
    ("literal", "canonical"),
    [
        ("PT1000M0.999999999S", "PT16H40M0.999999999S"),
        ("P0DT25H", "P1DT1H"),
        ("-PT90S", "-PT1M30S"),
        ("P0Y0M", "P0M"),
        ("-PT0S", "PT0S"),
        ("P26M", "P2Y2M"),
        ("-P100M", "-P8Y4M"),
        ("10:30:00.500", "10:30:00.5"),
        ("10:30:00+00:00", "10:30:00Z"),
        ("10:30:00+00:00:01", "10:30:00+00:00:01"),
        ("2024-01-31T10:30:00.100-05:30", "2024-01-31T10:30:00.1-05:30"),
    ],
)
def test_texts_are_canonical(literal: str, canonical: str) -> None:
    assert text(at(literal)) == canonical


# ---------------------------------------------------------------------- strategies

years = st.one_of(
    st.integers(1, 9999),
    st.integers(-999_999_999, 999_999_999),
    st.sampled_from((0, 1, 9999, 10000)),
)


@st.composite
def dates(draw: st.DrawFn) -> temporal.AnyDate:
    year, month = draw(years), draw(st.integers(1, 12))
    last = calendar.monthrange(2000 + year % 400, month)[1]
    return temporal.make_date(year, month, draw(st.integers(1, last)))


day_nanoseconds = st.one_of(
    st.integers(0, NANOSECONDS_PER_DAY - 1),
    st.integers(0, 86_399).map(lambda second: second * NANOSECONDS_PER_SECOND),
    st.integers(0, 86_399_999_999).map(lambda microsecond: microsecond * 1000),
)
offset_zones = st.integers(-18 * 3600, 18 * 3600).map(
    lambda seconds: zones.zone_of_offset(timedelta(seconds=seconds))
)
named_zones = st.sampled_from(
    [
        "Europe/Stockholm",
        "Australia/Lord_Howe",
        "America/St_Johns",
        "Africa/Casablanca",
        "Asia/Tokyo",
    ]
).map(ZoneInfo)
any_zone = st.one_of(offset_zones, named_zones)


@st.composite
def date_times(
    draw: st.DrawFn,
    zone: st.SearchStrategy[tzinfo | None] | None = None,
    day: st.SearchStrategy[temporal.AnyDate] | None = None,
) -> temporal.AnyDateTime:
    when = draw(dates() if day is None else day)
    where = draw(st.one_of(st.none(), any_zone) if zone is None else zone)
    return temporal.make_date_and_time(
        when.year, when.month, when.day, draw(day_nanoseconds), where
    )


native_days = st.dates().map(lambda day: temporal.make_date(day.year, day.month, day.day))
times = st.builds(Time, day_nanoseconds, st.one_of(st.none(), any_zone))
durations = st.one_of(
    st.integers(-400 * NANOSECONDS_PER_DAY, 400 * NANOSECONDS_PER_DAY),
    st.integers(-(10**15), 10**15).map(lambda second: second * NANOSECONDS_PER_SECOND),
).map(temporal.make_duration)
months = st.integers(-40_000, 40_000).map(YearsMonthsDuration)
anything = st.one_of(dates(), date_times(), times, durations, months)


# ---------------------------------------------------------------------- forms


@given(anything)
def test_a_value_reads_back_from_its_text(value: Value) -> None:
    read = at(text(value))
    assert type(read) is type(value)
    assert read == value
    assert text(read) == text(value)
    assert temporal.equal(read, value)
    assert temporal.same(read, value)


@given(st.integers(-365_000_000_000, 365_000_000_000))
def test_day_numbers_and_dates_belong_to_each_other(number: int) -> None:
    year, month, day = date_of_day(number)
    assert day_number(year, month, day) == number
    assert 1 <= day <= calendar.monthrange(2000 + year % 400, month)[1]


@given(st.dates())
def test_day_numbers_and_weeks_are_pythons(day: date) -> None:
    assert day_number(day.year, day.month, day.day) == day.toordinal()
    assert week_of_year(day.year, day.month, day.day) == day.isocalendar().week


@given(st.timedeltas())
def test_a_duration_that_python_can_hold_is_pythons(value: timedelta) -> None:
    assert temporal.make_duration(temporal.nanoseconds(value)) == value


@pytest.mark.parametrize(
    ("make", "code"),
    [
        pytest.param(lambda: temporal.make_date(2023, 2, 29), "eval.domain", id="no such day"),
        pytest.param(lambda: temporal.make_date(2023, 13, 1), "eval.domain", id="no such month"),
        pytest.param(lambda: temporal.make_date(10**9, 1, 1), "eval.date-range", id="year"),
        pytest.param(lambda: temporal.make_date(-(10**30), 1, 1), "eval.date-range", id="far year"),
        pytest.param(lambda: temporal.make_date(2023, 1, 10**30), "eval.domain", id="far day"),
        pytest.param(lambda: temporal.make_time(24, 0, 0), "eval.domain", id="hour"),
        pytest.param(lambda: temporal.make_time(23, 60, 0), "eval.domain", id="minute"),
        pytest.param(lambda: temporal.make_time(23, 59, 60), "eval.domain", id="second"),
        pytest.param(
            lambda: temporal.make_time(23, 59, Decimal("1E+6000")), "eval.domain", id="far second"
        ),
        pytest.param(
            lambda: temporal.make_time(9, 0, 0, timedelta(hours=19)), "eval.domain", id="offset"
        ),
        pytest.param(lambda: temporal.make_duration(10**30), "eval.date-range", id="duration"),
        pytest.param(lambda: temporal.make_months(10**12), "eval.date-range", id="months"),
        pytest.param(
            lambda: temporal.make_date_and_time(2024, 1, 1, -1), "eval.domain", id="nanosecond"
        ),
    ],
)
def test_parts_outside_their_range_are_refused(make: Callable[[], object], code: str) -> None:
    assert failing(make).code == code


@pytest.mark.parametrize(
    ("second", "nanosecond"),
    [("0", 0), ("1.3", 1_300_000_000), ("1E+1", 10**10), ("0.0000000019", 1), ("1E-6000", 0)],
)
def test_seconds_are_kept_to_the_nanosecond(second: str, nanosecond: int) -> None:
    assert temporal.make_time(0, 0, Decimal(second)) == Time(nanosecond)


# ---------------------------------------------------------------------- months


@pytest.mark.parametrize(
    ("start", "duration", "result"),
    [
        ("2022-08-31", "P6M", "2023-02-28"),
        ("2023-08-31", "P6M", "2024-02-29"),
        ("2024-02-29", "P1Y", "2025-02-28"),
        ("2024-02-29", "P4Y", "2028-02-29"),
        ("2024-01-31", "P1M", "2024-02-29"),
        ("2023-03-31", "-P1M", "2023-02-28"),
        ("2024-03-31", "-P1M", "2024-02-29"),
        ("2024-12-31", "P1M", "2025-01-31"),
        ("2024-01-15", "-P1M", "2023-12-15"),
        ("9999-12-31", "P2M", "10000-02-29"),
        ("0001-01-31", "-P2M", "0000-11-30"),
        ("2024-01-31T10:00:00", "P1M", "2024-02-29T10:00:00"),
        ("2024-01-31T10:00:00.000000001Z", "P1M", "2024-02-29T10:00:00.000000001Z"),
        ("2024-01-31T10:00:00@Europe/Stockholm", "P3M", "2024-04-30T10:00:00@Europe/Stockholm"),
    ],
)
def test_months_keep_the_day_where_the_month_has_it(start: str, duration: str, result: str) -> None:
    assert text(temporal.add(at(start), at(duration))) == result
    assert text(temporal.add(at(duration), at(start))) == result
    assert text(temporal.subtract(at(start), temporal.negate(at(duration)))) == result


def test_adding_a_month_to_31_january_and_taking_it_away_again_does_not_lead_back() -> None:
    forth = temporal.add(at("2023-01-31"), at("P1M"))
    assert forth == date(2023, 2, 28)
    assert temporal.subtract(forth, at("P1M")) == date(2023, 1, 28)


@given(st.dates(), st.integers(-130_000, 130_000))
def test_the_fast_way_to_add_months_agrees_with_the_general_one(day: date, count: int) -> None:
    expected = temporal.plus_months(day, count)
    if isinstance(expected, WideDate):
        with pytest.raises(OverflowError):
            temporal.add_months(day, count)
    else:
        assert temporal.add_months(day, count) == expected


@given(dates(), st.integers(-40_000, 40_000))
def test_adding_months_leads_to_that_month_and_to_its_end_at_most(
    day: temporal.AnyDate, count: int
) -> None:
    if abs(day.year) > 999_990_000:
        return
    moved = temporal.plus_months(day, count)
    assert moved.year * 12 + moved.month == day.year * 12 + day.month + count
    last = calendar.monthrange(2000 + moved.year % 400, moved.month)[1]
    assert moved.day == min(day.day, last)


@given(dates(), dates())
def test_whole_months_between_two_dates_do_not_lead_past_the_second(
    start: temporal.AnyDate, end: temporal.AnyDate
) -> None:
    between = temporal.years_and_months_between(start, end)
    moved = temporal.plus_months(start, between.months)
    if between.months >= 0 and temporal.compare(start, end) <= 0:
        assert temporal.compare(moved, end) <= 0
    else:
        assert temporal.compare(moved, end) >= 0


@pytest.mark.parametrize(
    ("start", "end", "months_between"),
    [
        ("2011-12-22", "2013-08-24", 20),
        ("2013-08-24", "2011-12-22", -20),
        ("2024-01-31", "2024-02-29", 0),
        ("2024-02-29", "2024-03-29", 1),
        ("2024-01-15", "2024-01-15", 0),
        ("2024-01-15T23:00:00", "2024-02-15T01:00:00", 1),
        ("-999999999-01-01", "999999999-12-31", 12 * 1_999_999_998 + 11),
    ],
)
def test_whole_months_between(start: str, end: str, months_between: int) -> None:
    first, last = temporal.parse_date_and_time(start), temporal.parse_date_and_time(end)
    assert temporal.years_and_months_between(first, last) == YearsMonthsDuration(months_between)


# ---------------------------------------------------------------------- days and time


@pytest.mark.parametrize(
    ("left", "operator", "right", "result"),
    [
        ("2024-02-28", "+", "P1D", "2024-02-29"),
        ("2024-01-15", "+", "P180D", "2024-07-13"),
        ("2021-01-01", "+", "PT36H", "2021-01-02"),
        ("2021-01-01", "+", "PT23H", "2021-01-01"),
        ("2021-01-02", "-", "PT1S", "2021-01-01"),
        ("2021-01-02", "-", "PT25H", "2020-12-31"),
        ("2021-01-02", "+", "-PT0.000000001S", "2021-01-01"),
        ("9999-12-31", "+", "P1D", "10000-01-01"),
        ("10000-01-01", "-", "P1D", "9999-12-31"),
        ("0001-01-01", "-", "P1D", "0000-12-31"),
        ("2024-01-01T23:30:00", "+", "PT1H", "2024-01-02T00:30:00"),
        ("9999-12-31T23:30:00Z", "+", "PT1H", "10000-01-01T00:30:00Z"),
        ("2024-01-01T00:00:00", "-", "PT0.000000001S", "2023-12-31T23:59:59.999999999"),
        ("23:30:00", "+", "PT1H", "00:30:00"),
        ("00:30:00+01:00", "-", "PT1H", "23:30:00+01:00"),
        ("10:00:00", "+", "P100DT1H", "11:00:00"),
        ("P1D", "+", "PT24H", "P2D"),
        ("P1D", "-", "PT0.000000001S", "PT23H59M59.999999999S"),
        ("P1Y", "-", "P2M", "P10M"),
        ("2021-01-02", "-", "1995-01-01", "P9498D"),
        ("2021-01-02T00:00:00Z", "-", "2021-01-01", "P1D"),
        ("2021-01-02", "-", "2021-01-01T10:10:10+11:00", "P1DT49M50S"),
        ("2024-07-01T12:00:00@Europe/Stockholm", "-", "2024-07-01T10:00:00Z", "PT0S"),
        ("10:00:00Z", "-", "10:00:00+01:00", "PT1H"),
        ("09:00:00", "-", "10:00:00", "-PT1H"),
        ("10000-01-01", "-", "9999-12-31", "P1D"),
    ],
)
def test_sums_and_differences(left: str, operator: str, right: str, result: str) -> None:
    operation = temporal.add if operator == "+" else temporal.subtract
    assert text(operation(at(left), at(right))) == result


@pytest.mark.parametrize(
    ("start", "duration", "result"),
    [
        # Clocks are put forward on 29 March 2026 at 02:00 and back on 25 October at 03:00.
        ("2026-03-28T12:00:00", "PT24H", "2026-03-29T13:00:00@Europe/Stockholm"),
        ("2026-03-28T12:00:00", "P1D", "2026-03-29T13:00:00@Europe/Stockholm"),
        ("2026-10-24T12:00:00", "PT24H", "2026-10-25T11:00:00@Europe/Stockholm"),
        ("2026-10-24T12:00:00", "P1M", "2026-11-24T12:00:00@Europe/Stockholm"),
        ("2026-03-29T01:30:00", "PT1H", "2026-03-29T03:30:00@Europe/Stockholm"),
        ("2026-10-25T01:30:00", "PT1H", "2026-10-25T02:30:00+02:00"),
        ("2026-10-25T01:30:00", "PT2H", "2026-10-25T02:30:00+01:00"),
        ("2026-10-25T01:30:00", "PT3H", "2026-10-25T03:30:00@Europe/Stockholm"),
        ("2026-02-28T02:30:00", "P1M", "2026-03-28T02:30:00@Europe/Stockholm"),
        ("2026-02-28T02:30:00", "P1M1D", None),
    ],
)
def test_in_a_named_zone_days_and_time_move_the_moment(
    start: str, duration: str, result: str | None
) -> None:
    moment = at(f"{start}@Europe/Stockholm")
    if result is None:
        assert failing(lambda: at(duration)).code == "eval.literal"
    else:
        assert text(temporal.add(moment, at(duration))) == result


def test_a_time_that_clocks_show_twice_is_the_first_of_the_two() -> None:
    twice = at("2026-10-25T02:30:00@Europe/Stockholm")
    assert text(twice) == "2026-10-25T02:30:00+02:00"
    assert temporal.equal(twice, at("2026-10-25T00:30:00Z"))


def test_a_time_that_clocks_never_show_is_read_with_the_offset_before_the_change() -> None:
    never = at("2026-03-29T02:30:00@Europe/Stockholm")
    assert text(never) == "2026-03-29T02:30:00+01:00"
    assert temporal.equal(never, at("2026-03-29T03:30:00@Europe/Stockholm"))


@pytest.mark.parametrize(
    ("given_value", "normalised"),
    [
        (datetime(2026, 10, 25, 2, 30, tzinfo=STOCKHOLM), "2026-10-25T02:30:00+02:00"),
        (datetime(2026, 10, 25, 2, 30, tzinfo=STOCKHOLM, fold=1), "2026-10-25T02:30:00+01:00"),
        (datetime(2026, 3, 29, 2, 30, tzinfo=STOCKHOLM), "2026-03-29T02:30:00+01:00"),
        (datetime(2026, 3, 29, 2, 30, tzinfo=STOCKHOLM, fold=1), "2026-03-29T02:30:00+02:00"),
        (datetime(2026, 7, 1, 2, 30, tzinfo=STOCKHOLM), "2026-07-01T02:30:00@Europe/Stockholm"),
        (
            datetime(2026, 7, 1, 2, 30, tzinfo=ZoneInfo.no_cache("Europe/Stockholm")),
            "2026-07-01T02:30:00@Europe/Stockholm",
        ),
        (datetime(2026, 7, 1, 2, 30, fold=1), "2026-07-01T02:30:00"),
        (datetime(2026, 7, 1, 2, 30, tzinfo=timezone(timedelta(0))), "2026-07-01T02:30:00Z"),
        (datetime(2026, 7, 1, 2, tzinfo=timezone(timedelta(hours=20))), "2026-06-30T06:00:00Z"),
        (
            datetime(2026, 7, 1, tzinfo=timezone(timedelta(microseconds=1))),
            "2026-06-30T23:59:59.999999Z",
        ),
    ],
)
def test_date_times_from_elsewhere_are_normalised(given_value: datetime, normalised: str) -> None:
    assert text(temporal.normalise(given_value)) == normalised


def test_a_zone_of_another_kind_becomes_its_offset() -> None:
    class Odd(tzinfo):
        def __init__(self, offset: timedelta | None) -> None:
            self.offset = offset

        def utcoffset(self, when: datetime | None) -> timedelta | None:
            return self.offset

        def dst(self, when: datetime | None) -> None:
            return None

        def tzname(self, when: datetime | None) -> str:
            return "odd"

    odd = datetime(2024, 1, 1, tzinfo=Odd(timedelta(hours=3)))
    assert text(temporal.normalise(odd)) == "2024-01-01T00:00:00+03:00"
    silent = datetime(2024, 1, 1, tzinfo=Odd(None))
    assert failing(lambda: temporal.normalise(silent)).code == "eval.zone"


@given(
    st.datetimes(timezones=st.one_of(st.timezones(), offset_zones)),
    st.datetimes(timezones=st.one_of(st.timezones(), offset_zones)),
)
def test_python_compares_normalised_values_as_moments(left: datetime, right: datetime) -> None:
    first, second = temporal.normalise(left), temporal.normalise(right)
    if isinstance(first, datetime) and isinstance(second, datetime):
        order = temporal.instant(first) - temporal.instant(second)
        assert temporal.compare(first, second) == (order > 0) - (order < 0)
        assert (first < second) == (order < 0)
        assert (first == second) == (order == 0)
        same_moment = temporal.plus_nanoseconds(
            second, temporal.instant(first) - temporal.instant(second)
        )
        if isinstance(same_moment, datetime):
            assert same_moment == first


@given(st.datetimes(timezones=st.timezones()))
def test_normalising_keeps_the_moment(value: datetime) -> None:
    normal = temporal.normalise(value)
    offset = value.utcoffset()
    assert offset is not None
    wall = (value.replace(tzinfo=None) - datetime.min) // timedelta(microseconds=1)
    moment = (wall - offset // timedelta(microseconds=1)) * 1000 + NANOSECONDS_PER_DAY
    assert temporal.instant(normal) == moment


@given(date_times(zone=any_zone), durations, durations)
def test_moments_move_by_what_is_added(
    value: temporal.AnyDateTime, first: temporal.AnyDuration, second: temporal.AnyDuration
) -> None:
    if abs(value.year) > 900_000_000:
        return
    moved = temporal.add(value, first)
    assert temporal.equal(temporal.subtract(moved, value), first)
    assert temporal.equal(temporal.subtract(moved, first), value)
    both = temporal.add(moved, second)
    assert temporal.equal(temporal.add(value, temporal.add(first, second)), both)


# ---------------------------------------------------------------------- native and wide


@given(native_days, st.timedeltas())
def test_native_and_wide_arithmetic_on_dates_agree(day: date, amount: timedelta) -> None:
    expected = temporal.plus_nanoseconds(day, temporal.nanoseconds(amount))
    assert temporal.add(day, amount) == expected
    try:
        assert day + amount == expected
    except OverflowError:
        assert isinstance(expected, WideDate)


@given(date_times(zone=st.one_of(st.none(), offset_zones), day=native_days), durations)
def test_native_and_wide_arithmetic_on_date_times_agree(
    value: temporal.AnyDateTime, amount: temporal.AnyDuration
) -> None:
    expected = temporal.plus_nanoseconds(value, temporal.nanoseconds(amount))
    assert temporal.add(value, amount) == expected
    if isinstance(value, datetime) and isinstance(amount, timedelta):
        try:
            assert value + amount == expected
        except OverflowError:
            assert isinstance(expected, WideDateTime)


@given(st.timedeltas(), st.timedeltas())
def test_native_and_wide_arithmetic_on_durations_agree(left: timedelta, right: timedelta) -> None:
    total = temporal.nanoseconds(left) + temporal.nanoseconds(right)
    assert temporal.add(left, right) == temporal.make_duration(total)
    assert temporal.compare(left, right) == (left > right) - (left < right)
    try:
        assert left + right == temporal.add(left, right)
    except OverflowError:
        assert isinstance(temporal.add(left, right), WideDuration)


@given(st.dates(), st.dates())
def test_the_difference_of_two_dates_is_pythons(left: date, right: date) -> None:
    assert temporal.subtract(left, right) == left - right


# ---------------------------------------------------------------------- the ends of time


@pytest.mark.parametrize(
    ("left", "operator", "right"),
    [
        ("999999999-12-31", "+", "P1D"),
        ("-999999999-01-01", "-", "P1D"),
        ("999999999-12-31", "+", "P1M"),
        ("999999999-12-31T23:59:59.999999999Z", "+", "PT0.000000001S"),
        ("-999999999-01-01T00:00:00@Europe/Paris", "-", "PT1S"),
        ("2024-01-01", "+", "P1999999998Y"),
        ("P365000000000D", "+", "P365000000000D"),
        ("999999999-12-31", "-", "-999999999-01-01"),
    ],
)
def test_beyond_the_years_there_are_nothing_is_computed(
    left: str, operator: str, right: str
) -> None:
    operation = temporal.add if operator == "+" else temporal.subtract
    assert failing(lambda: operation(at(left), at(right))).code == "eval.date-range"


@pytest.mark.parametrize(
    ("duration", "factor"),
    [("P400D", "1000000000"), ("P1M", "1E+12"), ("P1D", "1E+6144"), ("PT0.000000001S", "-9E+40")],
)
def test_a_product_that_is_too_long_fails_at_once(duration: str, factor: str) -> None:
    run = lambda: temporal.multiply(at(duration), Decimal(factor))  # noqa: E731
    assert failing(run).code == "eval.date-range"


def test_a_thousand_million_days_are_a_wide_duration_and_lead_to_a_wide_date() -> None:
    long = temporal.multiply(at("P1D"), Decimal(10**9))
    assert long == WideDuration(10**9 * NANOSECONDS_PER_DAY)
    assert text(temporal.add(at("2024-01-01"), long)) == "2739931-01-04"


def test_too_long_a_duration_cannot_be_written() -> None:
    assert failing(lambda: at("P1000000000000M")).code == "eval.date-range"
    assert failing(lambda: at("P1000000000000D")).code == "eval.date-range"


# ---------------------------------------------------------------------- products and quotients


@pytest.mark.parametrize(
    ("left", "operator", "right", "result"),
    [
        ("P1D", "*", "10", "P10D"),
        ("PT23H", "*", "2.5", "P2DT9H30M"),
        ("P1D", "*", "0", "PT0S"),
        ("P1Y11M", "*", "-2.5", "-P4Y9M"),
        ("P1M", "*", "0.9", "P0M"),
        ("PT1S", "/", "3", "PT0.333333333S"),
        ("-PT2S", "/", "3", "-PT0.666666666S"),
        ("P10Y11M", "/", "2.5", "P4Y4M"),
        ("P10Y11M", "/", "-2.5", "-P4Y4M"),
        ("P1D", "/", "1E+100", "PT0S"),
    ],
)
def test_products_and_quotients_drop_what_is_finer(
    left: str, operator: str, right: str, result: str
) -> None:
    if operator == "*":
        assert text(temporal.multiply(at(left), Decimal(right))) == result
        assert text(temporal.multiply(Decimal(right), at(left))) == result
    else:
        assert text(temporal.divide(at(left), Decimal(right))) == result


@pytest.mark.parametrize(
    ("left", "right", "result"),
    [
        ("P10D", "P5D", "2"),
        ("PT1H", "P1D", "0.04166666666666666666666666666666667"),
        ("P1Y", "-P5M", "-2.4"),
    ],
)
def test_the_quotient_of_two_durations_is_a_number(left: str, right: str, result: str) -> None:
    assert temporal.divide(at(left), at(right)) == Decimal(result)


@pytest.mark.parametrize(
    ("left", "right"), [("P10D", "P0D"), ("P1Y", "P0M"), ("P1D", 0), ("P1M", 0)]
)
def test_durations_are_not_divided_by_zero(left: str, right: str | int) -> None:
    divisor = at(right) if isinstance(right, str) else Decimal(right)
    assert failing(lambda: temporal.divide(at(left), divisor)).code == "eval.division-by-zero"


# ---------------------------------------------------------------------- what is not defined

OPERATIONS: dict[str, Callable[[Value, Value], Value]] = {
    "+": temporal.add,
    "-": temporal.subtract,
    "*": temporal.multiply,
    "/": temporal.divide,
}


@pytest.mark.parametrize(
    ("left", "operator", "right"),
    [
        ("2024-01-01", "+", "2024-01-01"),
        ("2024-01-01", "+", Decimal(1)),
        ("2024-01-01", "-", "10:00:00"),
        ("2024-01-01", "*", "P1D"),
        ("2024-01-01", "*", Decimal(2)),
        ("2024-01-01", "/", Decimal(0)),
        ("10:00:00", "+", "P1Y"),
        ("10:00:00", "-", "P1M"),
        ("10:00:00", "-", "2024-01-01T10:00:00"),
        ("P1D", "-", "2024-01-01"),
        ("P1D", "+", "P1M"),
        ("P1M", "-", "P1D"),
        ("P1D", "/", "P1M"),
        ("P1D", "*", "P1D"),
        ("P1D", "+", "a"),
        (Decimal(1), "/", "P1D"),
        (Decimal(1), "-", "P1D"),
        ("P1D", "+", None),
        ("P1D", "*", True),
        ("2024-01-01", "-", []),
        ("10:00:00", "+", {}),
    ],
    ids=str,
)
def test_operations_that_are_not_defined_fail_for_their_types(
    left: Value, operator: str, right: Value
) -> None:
    first, second = (
        at(each) if isinstance(each, str) and each != "a" else each for each in (left, right)
    )
    assert failing(lambda: OPERATIONS[operator](first, second)).code == "eval.type"


@pytest.mark.parametrize("value", [date(2024, 1, 1), Time(0), datetime(2024, 1, 1), None, "a"])
def test_only_durations_are_negated(value: Value) -> None:
    assert failing(lambda: temporal.negate(value)).code == "eval.type"


def test_the_longest_native_duration_is_negated() -> None:
    assert temporal.negate(temporal.negate(timedelta.max)) == timedelta.max


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("2024-01-02T00:00:00", "2024-01-01T00:00:00Z"),
        ("2024-01-02T00:00:00", "2024-01-01"),
        ("2024-01-02", "2024-01-01T00:00:00"),
        ("10:00:00", "10:00:00Z"),
    ],
)
def test_a_time_with_a_zone_and_one_without_have_no_difference(left: str, right: str) -> None:
    assert failing(lambda: temporal.subtract(at(left), at(right))).code == "eval.zone"


# ---------------------------------------------------------------------- comparison


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("2024-01-01", "2024-01-02"),
        ("9999-12-31", "10000-01-01"),
        ("-0001-12-31", "0001-01-01"),
        ("2024-01-01T10:00:00", "2024-01-01T10:00:00.000000001"),
        ("2024-01-01T10:00:00+01:00", "2024-01-01T10:00:00Z"),
        ("2024-07-01T11:59:00@Europe/Stockholm", "2024-07-01T10:00:00Z"),
        ("10:00:00", "10:00:01"),
        ("10:00:00+01:00", "10:00:00Z"),
        ("00:30:00+01:00", "23:30:00Z"),
        ("P1D", "PT24H0.000000001S"),
        ("-P1000000000D", "-P999999999D"),
        ("P11M", "P1Y"),
        # With the zone of the other one, as DMN says.
        ("2024-01-01T09:00:00", "2024-01-01T10:00:00Z"),
        ("2024-01-01T09:00:00+18:00", "2024-01-01T10:00:00"),
        ("09:00:00Z", "10:00:00"),
    ],
)
def test_the_left_value_comes_before_the_right_one(left: str, right: str) -> None:
    assert temporal.compare(at(left), at(right)) == -1
    assert temporal.compare(at(right), at(left)) == 1
    assert not temporal.equal(at(left), at(right))


@pytest.mark.parametrize(
    ("left", "right", "identical"),
    [
        ("2024-01-01T10:00:00Z", "2024-01-01T10:00:00+00:00", True),
        ("2024-01-01T10:00:00Z", "2024-01-01T11:00:00+01:00", False),
        ("2024-01-01T10:00:00Z", "2024-01-01T11:00:00@Europe/Stockholm", False),
        ("2024-01-01T11:00:00+01:00", "2024-01-01T11:00:00@Europe/Stockholm", False),
        ("9999-12-31T23:00:00-02:00", "10000-01-01T01:00:00Z", False),
        ("10:00:00Z", "11:00:00+01:00", False),
        ("10:00:00Z", "10:00:00@Etc/UTC", False),
        ("10:00:00.0", "10:00:00", True),
        ("P1D", "PT24H", True),
        ("P1Y", "P12M", True),
    ],
)
def test_equal_values(left: str, right: str, identical: bool) -> None:
    assert temporal.equal(at(left), at(right))
    assert temporal.compare(at(left), at(right)) == 0
    assert temporal.same(at(left), at(right)) is identical


@pytest.mark.parametrize(
    ("left", "right"),
    [("2024-01-01T10:00:00", "2024-01-01T10:00:00Z"), ("10:00:00", "10:00:00@Etc/UTC")],
)
def test_a_local_time_is_never_equal_to_one_with_a_zone(left: str, right: str) -> None:
    assert not temporal.equal(at(left), at(right))
    assert not temporal.same(at(left), at(right))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("2024-01-01", "2024-01-01T00:00:00Z"),
        ("2024-01-01T00:00:00", "00:00:00"),
        ("P1D", "P1M"),
        ("10000-01-01", "10000-01-01T00:00:00"),
    ],
)
def test_values_of_different_kinds_are_not_compared(left: str, right: str) -> None:
    assert failing(lambda: temporal.compare(at(left), at(right))).code == "eval.type"
    assert failing(lambda: temporal.equal(at(left), at(right))).code == "eval.type"
    assert not temporal.same(at(left), at(right))


@pytest.mark.parametrize(
    "values",
    [
        pytest.param(dates(), id="dates"),
        pytest.param(date_times(zone=st.none()), id="local date-times"),
        pytest.param(date_times(zone=any_zone), id="date-times with zones"),
        pytest.param(st.builds(Time, day_nanoseconds), id="local times"),
        pytest.param(st.builds(Time, day_nanoseconds, any_zone), id="times with zones"),
        pytest.param(durations, id="days and time durations"),
        pytest.param(months, id="years and months durations"),
    ],
)
def test_the_order_is_total(values: st.SearchStrategy[Value]) -> None:
    @given(values, values, values)
    def check(a: Value, b: Value, c: Value) -> None:
        assert temporal.compare(a, b) == -temporal.compare(b, a)
        assert (temporal.compare(a, b) == 0) == temporal.equal(a, b)
        if temporal.compare(a, b) <= 0 and temporal.compare(b, c) <= 0:
            assert temporal.compare(a, c) <= 0

    check()


def test_a_time_of_day_in_a_named_zone_has_standard_time() -> None:
    assert temporal.equal(at("10:00:00@Europe/Stockholm"), at("10:00:00+01:00"))
    assert temporal.equal(at("10:00:00@Australia/Melbourne"), at("10:00:00+10:00"))
    assert temporal.member(at("10:00:00@Europe/Dublin"), "time offset") == timedelta(0)


@pytest.mark.parametrize(
    ("local", "offset"),
    [
        ("12024-07-01T12:00:00@Europe/Stockholm", "PT2H"),
        ("12024-01-01T12:00:00@Europe/Stockholm", "PT1H"),
        ("-2021-01-01T12:00:00@Australia/Melbourne", "PT9H39M52S"),
    ],
)
def test_far_from_now_a_zone_keeps_its_latest_or_its_earliest_rules(
    local: str, offset: str
) -> None:
    assert temporal.member(at(local), "time offset") == at(offset)


# ---------------------------------------------------------------------- members


@pytest.mark.parametrize(
    ("value", "members"),
    [
        ("2024-02-29", {"year": 2024, "month": 2, "day": 29, "weekday": 4}),
        ("-0001-01-01", {"year": -1, "month": 1, "day": 1, "weekday": 5}),
        (
            "2024-01-31T10:20:30.5+01:00",
            {
                "year": 2024,
                "weekday": 3,
                "hour": 10,
                "minute": 20,
                "second": Decimal("30.5"),
                "time offset": timedelta(hours=1),
                "timezone": None,
            },
        ),
        ("2024-01-31T10:20:30", {"time offset": None, "timezone": None, "second": 30}),
        (
            "2024-07-01T10:20:30@Europe/Stockholm",
            {"time offset": timedelta(hours=2), "timezone": "Europe/Stockholm"},
        ),
        ("10:20:30.000000001Z", {"hour": 10, "second": Decimal("30.000000001")}),
        ("P1DT2H3M4.5S", {"days": 1, "hours": 2, "minutes": 3, "seconds": Decimal("4.5")}),
        ("-P1DT2H3M4.5S", {"days": -1, "hours": -2, "minutes": -3, "seconds": Decimal("-4.5")}),
        ("P1000000000D", {"days": 10**9, "hours": 0}),
        ("P26M", {"years": 2, "months": 2}),
        ("-P26M", {"years": -2, "months": -2}),
    ],
)
def test_members(value: str, members: dict[str, object]) -> None:
    for name, expected in members.items():
        assert temporal.member(at(value), name) == expected


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("2024-01-31", "hour"),
        ("10:00:00", "year"),
        ("P1D", "months"),
        ("P1M", "days"),
        ("2024-01-31", "__class__"),
        ("2024-01-31", "replace"),
    ],
)
def test_a_value_has_the_members_of_its_kind_only(value: str, name: str) -> None:
    assert failing(lambda: temporal.member(at(value), name)).code == "eval.member"


@given(anything)
def test_every_declared_member_has_a_value_of_its_type(value: Value) -> None:
    type_ = temporal.type_of(value)
    assert type_ is not None
    for name, declared in temporal.MEMBERS[type_].items():
        part = temporal.member(value, name)
        if part is None:
            assert types.may_be_null(declared)
        elif isinstance(part, Decimal):
            assert declared == types.NUMBER
        elif isinstance(part, str):
            assert types.required(declared) == types.STRING
        else:
            assert types.required(declared) == types.DAYS_AND_TIME_DURATION


@given(durations)
def test_the_parts_of_a_duration_add_up_to_it(value: temporal.AnyDuration) -> None:
    factors = {"days": 86_400, "hours": 3_600, "minutes": 60, "seconds": 1}
    total = Decimal(0)
    for name, factor in factors.items():
        part = temporal.member(value, name)
        assert isinstance(part, Decimal)
        total = numbers.add(total, numbers.multiply(part, Decimal(factor)))
    nanoseconds = numbers.multiply(total, Decimal(NANOSECONDS_PER_SECOND))
    assert nanoseconds == temporal.nanoseconds(value)
