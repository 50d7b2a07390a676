"""`policyeval test --mutate`: what no case would notice, for a person, a program and GitHub."""

import json
from pathlib import Path

import pytest

from policyeval.messages import LANGUAGES
from tests.cli.conftest import Cli
from tests.cli.facts import golden_cases

NAME = "example-referral"
ONLY = ("--only", "decisions.fee_payable.requires.ordered_in_time")
TEST = ("test", "policies", "--mutate", "--jobs", "1")

CASES = golden_cases(
    """\
  - {id: last-day, expect: {fee_payable: YES}}
  - {id: far-too-late, facts: {ordered_on: 2025-01-15, delivered_on: 2025-01-20, paid_on: 2025-01-25}, expect: {fee_payable: NO}}
""",
    ordered_on="2024-11-29",
    delivered_on="2024-12-02",
    paid_on="2024-12-10",
)

DAY_AFTER = """\
  - {id: day-after, facts: {ordered_on: 2024-11-30}, expect: {fee_payable: NO}}
"""

EXCEPTION = """\
exceptions:
  - at: decisions.fee_payable.requires.ordered_in_time.that
    what: 'ordered_on <= order_window_ends_on → ordered_on <= order_window_ends_on + duration("P1D")'
    because: {sv: Ingen beställer då., de: Dann bestellt niemand., en: Nobody orders then.}
"""


def given(policies: Path, more: str = "") -> None:
    (policies / NAME / "cases.yaml").write_text(CASES + more, "utf-8")


def test_what_no_case_would_notice_is_told_at_its_place(cli: Cli, policies: Path) -> None:
    given(policies)
    found = cli(*TEST, *ONLY)
    assert found.status == 1
    assert found.err == "cases: 2, passed: 2, failed: 0\n"
    assert found.out.splitlines()[:4] == [
        "policies/example-referral/2024-01-01.yaml:397:13: no case asks what would show it if the "
        "requirement `ordered_in_time` of `fee_payable` were missing",
        "    at: 'decisions.fee_payable.requires.ordered_in_time'",
        "    what: 'ordered_in_time → (none)'",
        "",
    ]
    assert "no case would notice if `ordered_on <= order_window_ends_on + duration(" in found.out
    assert found.out.splitlines()[-1].startswith("changes: ")


@pytest.fixture
def newest(policies: Path) -> Path:
    """Leave the newest version of the programme alone."""
    (policies / NAME / "2024-01-01.yaml").unlink()
    return policies


def test_cases_at_every_edge_leave_nothing_to_say(cli: Cli, newest: Path) -> None:
    given(newest, DAY_AFTER)
    found = cli(*TEST, *ONLY, "--only", "parameters.order_period")
    assert (found.status, found.out.splitlines()[-1]) == (
        0,
        "changes: 10, noticed: 10 of 10 that a case could notice (100 %)",
    )


def test_the_changes_are_counted_by_kind(cli: Cli, newest: Path) -> None:
    given(newest)
    assert cli(*TEST, *ONLY).out.split("\n\n")[1:] == [
        """\
change                  made  noticed  not noticed  excused  makes no difference
----------------------  ----  -------  -----------  -------  -------------------
edge moved by one unit  1     0        1            0        0
another comparison      2     2        0            0        0
another name            3     3        0            0        0
rule left out           1     1        0            0        0""",
        "changes: 7, noticed: 6 of 7 that a case could notice (85 %)\n",
    ]


def test_an_exception_excuses_a_change(cli: Cli, newest: Path) -> None:
    given(newest, EXCEPTION)
    found = cli(*TEST, *ONLY)
    assert (found.status, found.out.splitlines()[-1]) == (
        0,
        "changes: 7, noticed: 6 of 6 that a case could notice (100 %)",
    )


def test_an_exception_that_is_not_needed_is_told(cli: Cli, newest: Path) -> None:
    given(newest, DAY_AFTER + EXCEPTION)
    found = cli(*TEST, *ONLY)
    assert found.status == 0
    assert found.out.splitlines()[0] == (
        "policies/example-referral/cases.yaml:22:11: this entry of `exceptions` is not needed: `ordered_on <= "
        'order_window_ends_on → ordered_on <= order_window_ends_on + duration("P1D")` at '
        "`decisions.fee_payable.requires.ordered_in_time.that` is no change that no case notices"
    )


def test_what_is_reported_can_be_copied_into_an_exception(cli: Cli, newest: Path) -> None:
    given(newest)
    lines = cli(*TEST, *ONLY).out.splitlines()
    at, what = (each.strip() for each in lines[1:3])
    given(newest, f"exceptions:\n  - {at}\n    {what}\n    because: {{sv: a, de: b, en: c}}\n")
    assert cli(*TEST, *ONLY).status == 0


def test_a_program_reads_everything_as_json(cli: Cli, newest: Path) -> None:
    given(newest, EXCEPTION)
    found = cli(*TEST, *ONLY, "--format", "json")
    data = json.loads(found.out)["mutation"]
    assert {key: data[key] for key in ("changes", "noticed", "could_be_noticed", "percent")} == {
        "changes": 7,
        "noticed": 6,
        "could_be_noticed": 6,
        "percent": 100,
    }
    excused = [each for each in data["mutants"] if each["state"] == "exempted"]
    assert excused == [
        {
            "programme": NAME,
            "version": "2024-07-01",
            "file": "policies/example-referral/2024-07-01.yaml",
            "line": 399,
            "column": 29,
            "operator": "boundary",
            "at": "decisions.fee_payable.requires.ordered_in_time.that",
            "what": "ordered_on <= order_window_ends_on → "
            'ordered_on <= order_window_ends_on + duration("P1D")',
            "before": "ordered_on <= order_window_ends_on",
            "after": 'ordered_on <= order_window_ends_on + duration("P1D")',
            "questions": ["fee_payable"],
            "state": "exempted",
            "noticed_by": None,
            "why": "Nobody orders then.",
            "message": 'no case would notice if `ordered_on <= order_window_ends_on + duration("P1D")`'
            " stood in place of `ordered_on <= order_window_ends_on`",
        }
    ]


def test_github_shows_it_on_the_line(cli: Cli, newest: Path) -> None:
    given(newest)
    found = cli(*TEST, *ONLY, "--format", "github")
    assert found.out.startswith(
        "::error file=policies/example-referral/2024-07-01.yaml,line=399,col=29,"
        "title=decisions.fee_payable.requires.ordered_in_time.that%3A ordered_on <= "
    )


def test_github_is_warned_of_an_exception_that_is_not_needed(cli: Cli, newest: Path) -> None:
    given(newest, DAY_AFTER + EXCEPTION)
    found = cli(*TEST, *ONLY, "--format", "github")
    assert found.out.startswith(
        "::warning file=policies/example-referral/cases.yaml,line=22,col=11,title=`exceptions`::"
    )


def test_only_cases_that_are_run_can_notice(cli: Cli, newest: Path) -> None:
    given(newest, DAY_AFTER)
    assert cli(*TEST, *ONLY).status == 0
    found = cli(*TEST, *ONLY, "-k", "last")
    assert found.status == 1
    assert "were missing" in found.out


def test_nothing_is_changed_while_a_case_fails(cli: Cli, newest: Path) -> None:
    given(newest, "  - {id: wrong, expect: {fee_payable: NO}}\n")
    found = cli(*TEST, *ONLY)
    assert found.status == 1
    assert "changes: " not in found.out


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--only", "decisions..x"), "`decisions..x` is not written as an address is"),
        (("--only", "decisions.fee"), "no version has a part `decisions.fee`"),
        (("--jobs", "0"), "`0` is no number from 1 to 64"),
        (("--jobs", "many"), "`many` is no number from 1 to 64"),
        (("--jobs", "65"), "`65` is no number from 1 to 64"),
        (("--jobs", "9" * 5000), "is no number from 1 to 64"),
    ],
)
def test_options_that_make_no_sense_are_refused(
    cli: Cli, newest: Path, options: tuple[str, ...], said: str
) -> None:
    given(newest)
    found = cli("test", "policies", "--mutate", *options)
    assert found.status == 2
    assert said in found.err


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_told_in_every_language(cli: Cli, newest: Path, language: str) -> None:
    given(newest)
    found = cli("--lang", language, *TEST, *ONLY)
    assert found.status == 1
    assert "`ordered_on <= order_window_ends_on`" in found.out
    assert "{" not in found.out
