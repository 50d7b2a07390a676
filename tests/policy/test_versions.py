"""The version in force on a day is the one that began last, of those known at the moment asked about."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policyeval.diagnostics import render
from policyeval.policy.model import ValidPolicy
from policyeval.policy.repository.checks import timeline_problems
from policyeval.policy.versions import Span, boundaries, in_order, select
from tests.policy.made_versions import version
from tests.strategies import days_between, moments_between

D = date


def chosen(
    versions: Sequence[ValidPolicy], day: date, known_on: date | datetime | None = None
) -> str | None:
    found = select(versions, day, known_on)
    return found.policy.version if found else None


def timeline(
    versions: Sequence[ValidPolicy], known_on: date | datetime | None = None
) -> list[tuple[date | None, str | None]]:
    return [
        (first, each.policy.version if each else None)
        for first, each in boundaries(versions, known_on)
    ]


FIRST = version("first", D(2020, 1, 1), known=D(2019, 12, 1))
SECOND = version("second", D(2022, 3, 1), D(2023, 6, 30), known=D(2022, 2, 1))
CORRECTED = version("second-a", D(2022, 3, 1), D(2023, 6, 30), known=D(2022, 8, 1))
THIRD = version("third", D(2024, 2, 29), known=D(2024, 2, 1))
ALL = [FIRST, SECOND, CORRECTED, THIRD]


@pytest.mark.parametrize(
    ("day", "known_on", "expected"),
    [
        (D(2019, 12, 31), None, None),
        (D(2020, 1, 1), None, "first"),
        (D(2022, 2, 28), None, "first"),
        (D(2022, 3, 1), None, "second-a"),
        (D(2022, 3, 1), D(2022, 7, 31), "second"),
        (D(2022, 3, 1), D(2022, 8, 1), "second-a"),
        (D(2022, 3, 1), D(2022, 1, 31), "first"),
        (D(2023, 6, 30), None, "second-a"),
        (D(2023, 7, 1), None, None),
        (D(2024, 2, 28), None, None),
        (D(2024, 2, 29), None, "third"),
        (D.max, None, "third"),
        (D.max, D(2024, 1, 31), None),
        (D(2021, 1, 1), D(2019, 11, 30), None),
        (D.min, None, None),
    ],
)
def test_the_version_that_governs_is_the_last_to_begin_of_those_known(
    day: date, known_on: date | None, expected: str | None
) -> None:
    assert chosen(ALL, day, known_on) == expected


def test_a_timeline_has_a_span_for_every_change() -> None:
    assert timeline(ALL) == [
        (None, None),
        (D(2020, 1, 1), "first"),
        (D(2022, 3, 1), "second-a"),
        (D(2023, 7, 1), None),
        (D(2024, 2, 29), "third"),
    ]
    assert timeline(ALL, D(2021, 1, 1)) == [(None, None), (D(2020, 1, 1), "first")]


def test_a_span_is_a_first_day_and_a_version() -> None:
    assert boundaries([FIRST]) == ((None, None), (D(2020, 1, 1), FIRST))
    assert boundaries([FIRST])[1] == Span(first=D(2020, 1, 1), version=FIRST)


def test_the_force_of_a_version_ends_where_a_later_one_begins_even_after_that_one_has_ended() -> (
    None
):
    campaign = version("campaign", D(2021, 6, 1), D(2021, 6, 30))
    assert timeline([FIRST, campaign]) == [
        (None, None),
        (D(2020, 1, 1), "first"),
        (D(2021, 6, 1), "campaign"),
        (D(2021, 7, 1), None),
    ]


@pytest.mark.parametrize(
    ("versions", "expected"),
    [
        ([], [(None, None)]),
        ([version("ever")], [(None, "ever")]),
        ([version("ever", D.min)], [(None, "ever")]),
        ([version("ever", last=D.max)], [(None, "ever")]),
        ([version("day", D.min, D.min)], [(None, "day"), (D.min + timedelta(1), None)]),
        ([version("last", D.max, D.max)], [(None, None), (D.max, "last")]),
        ([version("ever", last=D(2020, 2, 29))], [(None, "ever"), (D(2020, 3, 1), None)]),
        ([version("never", D(2021, 1, 1), D(2020, 1, 1))], [(None, None)]),
    ],
    ids=["none", "ever", "min", "max", "first-day", "last-day", "until", "reversed"],
)
def test_a_timeline_may_begin_and_end_anywhere(
    versions: list[ValidPolicy], expected: list[tuple[date | None, str | None]]
) -> None:
    assert timeline(versions) == expected


# ------------------------------------------------------------------------------- moments

MORNING = version("v", D(2023, 1, 1), known=datetime(2023, 11, 30, 9, 18, 37))


@pytest.mark.parametrize(
    ("known_on", "is_known"),
    [
        (D(2023, 11, 29), False),
        (D(2023, 11, 30), True),
        (datetime(2023, 11, 30, 9, 18, 36), False),
        (datetime(2023, 11, 30, 9, 18, 37), True),
        (datetime(2023, 11, 30, 8, 18, 36, tzinfo=UTC), False),
        (datetime(2023, 11, 30, 8, 18, 37, tzinfo=UTC), True),
        (datetime(2023, 11, 30, 3, 18, 37, tzinfo=timezone(timedelta(hours=-5))), True),
    ],
)
def test_a_version_is_known_from_its_moment_on_in_the_zone_of_its_programme(
    known_on: date | datetime, is_known: bool
) -> None:
    assert (select([MORNING], D(2023, 6, 1), known_on) is MORNING) == is_known


def test_a_moment_with_an_offset_is_compared_as_a_moment() -> None:
    known = datetime(2023, 11, 30, 23, 30, tzinfo=UTC)  # 1 December in Stockholm
    late = version("v", D(2023, 1, 1), known=known)
    assert select([late], D(2023, 6, 1), D(2023, 11, 30)) is None
    assert select([late], D(2023, 6, 1), D(2023, 12, 1)) is late


def test_the_hour_that_clocks_show_twice_is_two_hours() -> None:
    # In Stockholm 02:30 on 29 October 2023 was at 00:30 and at 01:30 UTC.
    again = version("v", known=datetime(2023, 10, 29, 1, 30, tzinfo=UTC))
    first, second = (datetime(2023, 10, 29, 2, 30, fold=each) for each in (0, 1))
    assert select([again], D(2023, 1, 1), first) is None
    assert select([again], D(2023, 1, 1), second) is again


@pytest.mark.parametrize("known", [datetime.min, datetime.max])
@pytest.mark.parametrize("zone", ["Europe/Stockholm", "Pacific/Kiritimati", "America/Adak"])
@pytest.mark.parametrize("known_on", [D.min, D.max, datetime.min, datetime.max])
def test_moments_at_the_ends_of_time_are_compared_as_well(
    known: datetime, zone: str, known_on: date
) -> None:
    edge = version("v", known=known, zone=zone)
    assert (select([edge], D(2023, 1, 1), known_on) is edge) == (
        known == datetime.min or known_on in (D.max, datetime.max)
    )


# ------------------------------------------------------------------------------- laws

DAYS = days_between(D(2019, 12, 25), D(2020, 3, 5))
MOMENTS = moments_between(datetime(2019, 12, 25), datetime(2020, 3, 5)).map(
    lambda each: each.replace(microsecond=0)
)


@st.composite
def made(draw: st.DrawFn) -> list[ValidPolicy]:
    """Make versions whose days and moments meet often."""
    few = st.sampled_from(draw(st.lists(DAYS, min_size=1, max_size=4)))
    return [
        version(
            f"v{number}",
            draw(st.none() | few),
            draw(st.none() | few),
            draw(st.sampled_from([datetime(2020, 1, 1), datetime(2020, 2, 1)]) | MOMENTS),
        )
        for number in range(draw(st.integers(0, 5)))
    ]


@settings(max_examples=300)
@given(made(), st.none() | DAYS | MOMENTS)
def test_the_timeline_agrees_with_the_choice_on_every_day(
    versions: list[ValidPolicy], known_on: date | None
) -> None:
    spans = boundaries(versions, known_on)
    assert spans[0].first is None
    firsts = [each.first for each in spans[1:] if each.first]
    assert firsts == sorted(set(firsts))
    assert all(a.version is not b.version for a, b in pairwise(spans))
    for number in range(-2, 75):
        day = D(2019, 12, 25) + timedelta(days=number)
        last = [each for each in spans if each.first is None or each.first <= day][-1]
        assert last.version is select(versions, day, known_on)


@settings(max_examples=300)
@given(made(), made(), DAYS, DAYS | MOMENTS)
def test_a_version_changes_nothing_that_was_asked_before_it_was_known(
    versions: list[ValidPolicy], later: list[ValidPolicy], day: date, known_on: date
) -> None:
    end = (
        known_on
        if isinstance(known_on, datetime)
        else datetime(*known_on.timetuple()[:3], 23, 59, 59)
    )
    unknown = [each for each in later if each.policy.known_from > end]
    assert select([*versions, *unknown], day, known_on) is select(versions, day, known_on)
    assert boundaries([*unknown, *versions], known_on) == boundaries(versions, known_on)


@settings(max_examples=200)
@given(made(), st.randoms(use_true_random=False), DAYS)
def test_the_order_of_the_files_does_not_matter(
    versions: list[ValidPolicy], random: object, day: date
) -> None:
    shuffled = list(versions)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis calls it object here
    assert select(shuffled, day) is select(versions, day)
    assert in_order(shuffled) == in_order(versions)


@settings(max_examples=200)
@given(made(), DAYS)
def test_a_version_that_governs_has_begun_and_not_ended_and_none_began_after_it(
    versions: list[ValidPolicy], day: date
) -> None:
    found = select(versions, day)
    begun = [each for each in versions if (each.policy.in_force_from or D.min) <= day]
    if found is None:
        latest = max((each.policy.in_force_from or D.min for each in begun), default=None)
        last = [each for each in begun if (each.policy.in_force_from or D.min) == latest]
        assert not last or any(each.policy.in_force_until for each in last)
    else:
        assert found in begun
        assert found.policy.in_force_until is None or day <= found.policy.in_force_until
        assert all(
            (each.policy.in_force_from or D.min) <= (found.policy.in_force_from or D.min)
            for each in begun
        )


# ------------------------------------------------------------------------------- what is checked


def problems(versions: Sequence[ValidPolicy]) -> list[tuple[str, str, str]]:
    """Give severity, code and the text under the caret."""
    found = timeline_problems(versions)
    return [
        (each.severity, each.code, each.source.text[each.span.start : each.span.end])
        for each in found
    ]


def test_two_versions_that_begin_and_become_known_together_contradict_each_other() -> None:
    twins = [version("a", D(2020, 1, 1)), version("b", D(2020, 1, 1))]
    assert problems(twins) == [("error", "registry.overlap", "2020-01-01")]
    (found,) = timeline_problems(twins)
    assert render(found) == (
        "policies/demo/b.yaml:3:18: error: `policies/demo/a.yaml` is in force from the same day and "
        "known from the same moment  [registry.overlap]\n"
        "    3 | in_force: {from: 2020-01-01}\n"
        "      |                  ^^^^^^^^^^\n"
        "   help: a correction says from when it was known: give it a later `known_from`; or let one "
        "begin later"
    )


def test_a_moment_written_in_two_zones_is_one_moment() -> None:
    here = version("a", D(2020, 1, 1), known=datetime(2020, 1, 1, 12))
    there = version("b", D(2020, 1, 1), known=datetime(2020, 1, 1, 11, tzinfo=UTC))
    assert problems([here, there]) == [("error", "registry.overlap", "2020-01-01")]


def test_a_correction_that_became_known_later_is_no_contradiction() -> None:
    assert problems([SECOND, CORRECTED]) == []


def test_versions_that_hold_since_ever_can_contradict_each_other() -> None:
    assert problems([version("a"), version("b")]) == [("error", "registry.overlap", "in_force")]


def test_a_gap_of_one_day_is_a_warning_and_the_days_before_and_after_all_versions_are_none() -> (
    None
):
    before = version("a", D(2020, 1, 1), D(2020, 2, 28))
    gap = [before, version("b", D(2020, 3, 1), D(2020, 12, 31))]
    assert problems(gap) == [("warning", "registry.gap", "2020-03-01")]
    (found,) = timeline_problems(gap)
    assert "from 2020-02-29 to 2020-02-29, after `policies/demo/a.yaml`" in found.message.text()
    assert problems([before, version("b", D(2020, 2, 29))]) == []


def test_the_29th_of_february_is_a_day_to_begin_on() -> None:
    assert problems([FIRST, version("leap", D(2024, 2, 29))]) == []
    assert timeline([FIRST, version("leap", D(2024, 2, 29))])[-1] == (D(2024, 2, 29), "leap")
