"""Days and moments in zones whose clocks are changed, at midnight too."""

from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policyeval.facts.clock import Clock
from policyeval.facts.refusal import Refused
from policyeval.feel.failure import Failure

ZONES = (
    "Europe/Stockholm",
    "Europe/Berlin",
    "America/St_Johns",
    "America/Sao_Paulo",
    "Pacific/Apia",
    "Asia/Kathmandu",
    "Africa/Monrovia",
    "Australia/Lord_Howe",
    "UTC",
)
CLOCKS = {name: Clock(name) for name in ZONES}


@pytest.mark.parametrize(
    ("zone", "day", "first", "last"),
    [
        ("Europe/Stockholm", "2024-01-31", "00:00:00+01:00", "23:59:59.999999+01:00"),
        ("Europe/Stockholm", "2024-03-31", "00:00:00+01:00", "23:59:59.999999+02:00"),
        ("Europe/Stockholm", "2024-10-27", "00:00:00+02:00", "23:59:59.999999+01:00"),
        ("America/Sao_Paulo", "2018-11-04", "01:00:00-02:00", "23:59:59.999999-02:00"),
        ("America/Sao_Paulo", "2018-02-17", "00:00:00-02:00", "23:59:59.999999-03:00"),
        ("America/St_Johns", "2010-11-06", "00:00:00-02:30", "23:59:59.999999-03:30"),
        ("Pacific/Apia", "2011-12-29", "00:00:00-10:00", "23:59:59.999999-10:00"),
        ("Pacific/Apia", "2011-12-31", "00:00:00+14:00", "23:59:59.999999+14:00"),
        ("Africa/Monrovia", "1972-01-07", "00:44:30+00:00", "23:59:59.999999+00:00"),
        ("America/Toronto", "1919-03-30", "00:00:00-05:00", "23:29:59.999999-05:00"),
        ("America/Toronto", "1919-03-31", "00:30:00-04:00", "23:59:59.999999-04:00"),
    ],
)
def test_a_day_has_a_first_and_a_last_moment(zone: str, day: str, first: str, last: str) -> None:
    bounds = Clock(zone).bounds(date.fromisoformat(day))
    assert [each.isoformat() for each in bounds] == [f"{day}T{first}", f"{day}T{last}"]


def test_a_day_that_a_zone_left_out_has_no_moments() -> None:
    with pytest.raises(Refused) as caught:
        CLOCKS["Pacific/Apia"].moment("2011-12-30")
    assert caught.value.text.text() == "there was no 2011-12-30 in the zone `Pacific/Apia`"


def test_a_zone_that_does_not_exist_is_refused() -> None:
    for name in ("../x", "Europe/Stockholmm", "x" * 5_000, ""):
        with pytest.raises(Failure):
            Clock(name)


zones = st.sampled_from(ZONES)
days = st.dates(date(1900, 1, 1), date(2199, 12, 31))
moments = st.datetimes(datetime(1900, 1, 2), datetime(2199, 12, 30))


@given(zones, days)
@settings(max_examples=300)
def test_every_moment_of_a_day_lies_within_its_bounds_and_its_neighbours_without(
    zone: str, day: date
) -> None:
    clock = CLOCKS[zone]
    first, last = clock.bounds(day)
    if first.date() != day:
        return  # left out by the zone
    assert last.date() == day
    before = clock.in_zone(first - timedelta(microseconds=1))
    after = clock.in_zone(last + timedelta(microseconds=1))
    assert before.date() != day
    assert after.date() != day


@given(zones, moments)
@settings(max_examples=300)
def test_a_moment_keeps_what_it_is_and_gets_the_offset_of_the_zone(
    zone: str, moment: datetime
) -> None:
    aware = moment.replace(tzinfo=UTC)
    found = CLOCKS[zone].moment(aware)
    assert isinstance(found, datetime)
    assert found == aware
    assert found.replace(tzinfo=None) == aware.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    assert CLOCKS[zone].moment(found) == found
    assert CLOCKS[zone].moment(found.isoformat()) == found


offsets = st.timedeltas(timedelta(hours=-18), timedelta(hours=18)).map(
    lambda each: timezone(timedelta(minutes=each // timedelta(minutes=1)))
)


@given(zones, moments, st.one_of(zones.map(ZoneInfo), offsets, st.none()), st.sampled_from((0, 1)))
@settings(max_examples=600)
def test_the_day_of_a_moment_is_that_of_the_zone(
    zone: str, moment: datetime, theirs: tzinfo | None, fold: int
) -> None:
    clock, told = CLOCKS[zone], moment.replace(tzinfo=theirs, fold=fold)
    wanted = read(Clock(zone), told)
    if isinstance(wanted, Refused):
        with pytest.raises(Refused):
            clock.day(told)
        return
    assert clock.day(told) == wanted.date()
    if theirs is not None:
        assert clock.day(told) == told.astimezone(ZoneInfo(zone)).date()


def read(clock: Clock, given_: object) -> datetime | Refused:
    """Give the moment, or why it is none."""
    try:
        found = clock.moment(given_)
    except Refused as refused:
        return refused
    assert isinstance(found, datetime)
    return found


@given(zones, moments)
@settings(max_examples=300)
def test_local_time_is_taken_exactly_where_clocks_show_it_once(zone: str, moment: datetime) -> None:
    local = moment.replace(tzinfo=ZoneInfo(zone))
    once = local.utcoffset() == local.replace(fold=1).utcoffset()
    found = read(CLOCKS[zone], moment)
    assert isinstance(found, datetime) is once
    if isinstance(found, datetime):
        assert found.replace(tzinfo=None) == moment
        assert found == local


CHANGES = [
    ("Europe/Stockholm", "2024-03-31T01:59:59", True),
    ("Europe/Stockholm", "2024-03-31T02:00:00", False),
    ("Europe/Stockholm", "2024-03-31T02:59:59.999999", False),
    ("Europe/Stockholm", "2024-03-31T03:00:00", True),
    ("Europe/Stockholm", "2024-10-27T01:59:59", True),
    ("Europe/Stockholm", "2024-10-27T02:00:00", False),
    ("Europe/Stockholm", "2024-10-27T02:59:59.999999", False),
    ("Europe/Stockholm", "2024-10-27T03:00:00", True),
    ("America/St_Johns", "2010-11-06T23:01:00", False),
    ("America/St_Johns", "2010-11-07T00:00:59", False),
    ("America/St_Johns", "2010-11-07T00:01:00", True),
    ("Australia/Lord_Howe", "2024-04-07T01:30:00", False),
    ("Australia/Lord_Howe", "2024-10-06T02:29:59", False),
    ("Pacific/Apia", "2011-12-30T12:00:00", False),
]


@pytest.mark.parametrize(("zone", "text", "once"), CHANGES)
def test_an_hour_that_clocks_show_twice_or_never_needs_its_offset(
    zone: str, text: str, once: bool
) -> None:
    clock = CLOCKS[zone]
    for given_ in (text, datetime.fromisoformat(text)):
        found = read(clock, given_)
        assert isinstance(found, datetime) is once
        if isinstance(found, Refused):
            assert found.help is not None
            choices = found.help.text().split("`")[1::2]
            assert [type(read(clock, each)) for each in choices] == [datetime, datetime]


def test_a_moment_that_clocks_in_its_own_zone_never_showed_is_refused() -> None:
    never = datetime(2024, 3, 10, 2, 30, tzinfo=ZoneInfo("America/New_York"))
    with pytest.raises(Refused) as caught:
        CLOCKS["Europe/Stockholm"].moment(never)
    assert "`America/New_York` never showed `2024-03-10T02:30:00`" in caught.value.text.text()
