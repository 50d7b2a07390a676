"""Where a function changes is found whatever place the search begins at."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyeval.backends.worlds import latest
from policyeval.backends.worlds.domains import Days, Moments, Scale, Stretch
from policyeval.backends.worlds.learning import Learning
from policyeval.backends.worlds.operations import Operations
from policyeval.backends.worlds.questions import Test as Question
from policyeval.backends.worlds.searching import along, gap, guess, last_same
from policyeval.backends.worlds.variables import Point, Split, Variable
from policyeval.facts.clock import Clock
from policyeval.feel import temporal

_FIRST, _LAST = date(1990, 1, 1), date(2060, 12, 31)
_DAYS = st.dates(_FIRST, _LAST)
_CLOCK = Clock("Europe/Stockholm")


def _of_days() -> Variable:
    point = Point("approved_on", "event", "approved_on")
    return Variable(point, (3, 1), (Stretch(_FIRST.toordinal(), _LAST.toordinal()),), Days())


@given(_DAYS, _DAYS, st.integers(-50_000, 50_000))
def test_the_last_day_is_found_from_anywhere(wanted: date, near: date, off: int) -> None:
    low, high = _FIRST.toordinal() - 1, _LAST.toordinal() + 1
    end = wanted.toordinal()
    found = last_same(Days(), low, high, lambda at: at <= end, near.toordinal() + off)
    assert found == end


@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2060, 12, 31)),
    st.datetimes(datetime(1990, 1, 1), datetime(2060, 12, 31)),
    st.sampled_from(["moment", "day"]),
)
def test_the_last_moment_is_found_from_anywhere(wanted: datetime, near: datetime, of: str) -> None:
    scale: Scale = Moments(_CLOCK)
    assert isinstance(scale, Moments)
    low, high = (scale.place(datetime(each, 1, 1, tzinfo=UTC)) for each in (1989, 2062))
    end = scale.place(wanted.replace(tzinfo=UTC))
    if of == "day":
        end = scale.ends(wanted.date())[1]
    near_by = scale.place(near.replace(tzinfo=UTC))
    assert last_same(scale, low, high, lambda at: at <= end, near_by) == end


@given(_DAYS, st.integers(-400, 400), st.integers(0, 24))
def test_a_guess_is_near_where_a_comparison_changes(limit: date, days: int, months: int) -> None:
    variable = _of_days()

    def moved(known: object) -> date:
        assert isinstance(known, dict)
        return temporal.add_months(known[variable], months) + timedelta(days)

    test = Question(lambda known: moved(known) <= limit, lambda known: gap(moved(known), limit))
    place = guess(variable, _FIRST.toordinal(), _LAST.toordinal(), 1, along(variable, {}, test))
    assert place is not None
    meets = limit - timedelta(days)
    around = temporal.add_months(meets, -months).toordinal()
    around = min(max(around, _FIRST.toordinal()), _LAST.toordinal())
    assert abs(place - around) <= 5


def test_what_is_no_time_gives_no_guess() -> None:
    variable = _of_days()
    test = Question(lambda _known: True, lambda _known: gap("referral", "discount"))
    assert guess(variable, 1, 100, 1, along(variable, {}, test)) is None
    assert guess(variable, 1, 100, 1, along(variable, {}, Question(lambda _known: True))) is None


def _spent(limit: date, *, with_gap: bool) -> int:
    """Give the steps that it takes to find the last day in time."""
    variable = _of_days()
    learning = Learning(1_000)
    test = Question(
        lambda known: latest.compare("<=", known[variable], limit),
        (lambda known: gap(known[variable], limit)) if with_gap else None,
    )
    with pytest.raises(Split) as split:
        Operations(learning).decide({variable: 1}, test)
    assert split.value.parts[0] == (Stretch(_FIRST.toordinal(), limit.toordinal()),)
    return 1_000 - learning.steps


@given(_DAYS.filter(lambda each: each < _LAST))
def test_how_much_may_be_done_does_not_depend_on_a_good_guess(limit: date) -> None:
    assert _spent(limit, with_gap=True) == _spent(limit, with_gap=False)
