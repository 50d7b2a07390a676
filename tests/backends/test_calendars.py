"""Working days."""

import subprocess
import sys
from datetime import date

import pytest

from policyeval.backends.calendars import next_working_day
from policyeval.errors import UnsupportedError


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        pytest.param("2024-06-20", "2024-06-20", id="a Thursday"),
        pytest.param("2024-06-21", "2024-06-24", id="Midsummer's Eve"),
        pytest.param("2024-06-08", "2024-06-10", id="a Saturday"),
        pytest.param("2024-06-09", "2024-06-10", id="a Sunday"),
        pytest.param("2024-06-06", "2024-06-07", id="the national day"),
        pytest.param("2024-05-01", "2024-05-02", id="the first of May"),
        pytest.param("2024-04-30", "2024-04-30", id="a half day"),
        pytest.param("2024-12-24", "2024-12-27", id="Christmas Eve"),
        pytest.param("2024-12-31", "2025-01-02", id="New Year's Eve, into the next year"),
        pytest.param("2024-03-29", "2024-04-02", id="Good Friday"),
    ],
)
def test_in_sweden_a_day_moves_to(day: str, expected: str) -> None:
    assert next_working_day(date.fromisoformat(day), "SE") == date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        pytest.param("2024-06-21", "2024-06-21", id="a Friday"),
        pytest.param("2024-10-03", "2024-10-04", id="the day of unity"),
        pytest.param("2024-12-24", "2024-12-24", id="Christmas Eve"),
        pytest.param("2024-12-25", "2024-12-27", id="Christmas"),
        pytest.param("2024-12-31", "2024-12-31", id="New Year's Eve"),
        pytest.param("2024-08-15", "2024-08-15", id="a holiday of two states only"),
        pytest.param("2017-10-31", "2017-11-01", id="a holiday of one year only"),
    ],
)
def test_in_germany_a_day_moves_to(day: str, expected: str) -> None:
    assert next_working_day(date.fromisoformat(day), "DE") == date.fromisoformat(expected)


@pytest.mark.parametrize("day", [date(1800, 1, 1), date(2150, 1, 4)])
def test_a_year_whose_holidays_are_not_known_is_refused(day: date) -> None:
    with pytest.raises(UnsupportedError, match="the holidays of `DE` are known from") as caught:
        next_working_day(day, "DE")
    assert [each.code for each in caught.value.diagnostics] == ["eval.calendar"]


def test_without_the_library_the_message_says_what_to_install() -> None:
    program = (
        "import sys; sys.modules['holidays'] = None\n"
        "from datetime import date\n"
        "from policyeval.backends.calendars import next_working_day\n"
        "from policyeval.errors import UnsupportedError\n"
        "try: next_working_day(date(2024, 1, 1), 'SE')\n"
        "except UnsupportedError as error: print(error)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert "install `policyeval[calendar]`" in run.stdout
    assert "eval.calendar" in run.stdout


def test_the_library_is_not_imported_before_it_is_needed() -> None:
    program = "import sys, policyeval.backends.calendars; print('holidays' in sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert run.stdout == "False\n"
