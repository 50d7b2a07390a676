"""`policyeval test --coverage`."""

import json
from pathlib import Path

import pytest

from tests.analysis.coverage.programme import changed, made
from tests.cli.conftest import Cli


@pytest.fixture
def full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder `policies` with cases that show everything, as seen from where it is."""
    monkeypatch.chdir(tmp_path)
    made(tmp_path)
    return Path("policies")


def drop(policies: Path, case: str) -> None:
    """Leave out a case that stands on three lines."""

    def without(text: str) -> str:
        lines = text.splitlines(keepends=True)
        at = lines.index(f"  - id: {case}\n")
        return "".join(lines[:at] + lines[at + 3 :])

    changed(policies, without, "cases.yaml")


def test_a_table_says_how_much_is_shown(cli: Cli, full: Path) -> None:
    found = cli("test", str(full), "--coverage")
    assert found.status == 0
    assert found.out.splitlines() == [
        "example-referral",
        "version     clauses        rules          readings     conditions",
        "----------  -------------  -------------  -----------  -------------",
        "2024-07-01  100 % (15/15)  100 % (71/71)  100 % (3/3)  100 % (35/35)",
        "clauses of 2024-07-01 accounted for: 100 % (16 of 16); cited: 15, in need of no rule: 1 "
        "(incomplete: 1)",
        "",
        "the cases show everything",
        "excused by `exceptions`: 1",
    ]


def test_what_is_missing_has_a_line_of_its_own(cli: Cli, full: Path) -> None:
    drop(full, "costs-unknown")
    found = cli("test", str(full), "--coverage")
    assert found.status == 0
    assert found.out.splitlines()[-2:] == [
        "policies/example-referral/2024-07-01.yaml:514:13: "
        "decisions.costs_reimbursed.excluded_if.own_costs: never undetermined: "
        "no case leaves open whether the exclusion applies",
        "excused by `exceptions`: 1",
    ]


@pytest.mark.parametrize("language", ["sv", "de"])
def test_it_speaks_every_language(cli: Cli, full: Path, language: str) -> None:
    drop(full, "costs-unknown")
    found = cli("--lang", language, "test", str(full), "--coverage")
    assert found.status == 0
    assert "own_costs: never undetermined: " in found.out  # as an exception is written
    assert "no case leaves open" not in found.out


STATUSES = [("100", 1), ("98.5", 0)]


@pytest.mark.parametrize(("percent", "status"), STATUSES)
def test_a_share_can_be_wanted(cli: Cli, full: Path, percent: str, status: int) -> None:
    drop(full, "costs-unknown")
    found = cli("test", str(full), "--fail-under", percent)
    assert found.status == status
    said = "coverage is 98 % where it is lowest; wanted is 100 %"
    assert (said in found.out) is (status == 1)


def test_all_of_it_can_be_wanted(cli: Cli, full: Path) -> None:
    assert cli("test", str(full), "--coverage", "--fail-under", "100").status == 0


def test_an_exception_that_is_not_needed_fails_what_is_wanted(cli: Cli, full: Path) -> None:
    changed(
        full,
        lambda text: (
            f"{text}  - {{at: remarks.not_paid_yet, what: never true, "
            "because: {en: So it is., sv: Så är det., de: So ist es.}}\n"
        ),
        "cases.yaml",
    )
    assert cli("test", str(full), "--coverage").status == 0
    found = cli("test", str(full), "--fail-under", "50")
    assert found.status == 1
    assert "remarks.not_paid_yet: never true: a case shows it after all" in found.out


@pytest.mark.parametrize("percent", ["101", "-1", "much", "NaN", "1e999", ""])
def test_what_is_wanted_is_a_number_from_0_to_100(cli: Cli, full: Path, percent: str) -> None:
    found = cli("test", str(full), f"--fail-under={percent}")
    assert found.status == 2
    assert "is no number from 0 to 100" in found.err


def test_github_shows_it_on_the_line(cli: Cli, full: Path) -> None:
    drop(full, "costs-unknown")
    found = cli("test", str(full), "--coverage", "--format", "github")
    assert found.status == 0
    assert found.out == (
        "::warning file=policies/example-referral/2024-07-01.yaml,line=514,col=13,"
        "title=decisions.costs_reimbursed.excluded_if.own_costs%3A never undetermined"
        "::no case leaves open whether the exclusion applies\n"
    )
    failing = cli("test", str(full), "--fail-under", "100", "--format", "github")
    assert failing.status == 1
    assert failing.out.startswith("::error ")


def test_programs_read_json(cli: Cli, full: Path) -> None:
    drop(full, "costs-unknown")
    found = cli("test", str(full), "--coverage", "--format", "json")
    data = json.loads(found.out)["coverage"]
    (programme,) = data["programmes"]
    assert data["lowest"] == 98.59
    assert programme["figures"]["rules"] == {"shown": 70, "wanted": 71, "percent": 98.59}
    assert programme["versions"][0]["clauses"] == {
        "cited": 15,
        "no_rule": {"incomplete": 1},
        "not_accounted_for": [],
    }
    (one,) = programme["missing"]
    assert one == {
        "file": "policies/example-referral/2024-07-01.yaml",
        "line": 514,
        "column": 13,
        "version": "2024-07-01",
        "measure": "rules",
        "at": "decisions.costs_reimbursed.excluded_if.own_costs",
        "what": "never undetermined",
        "message": "no case leaves open whether the exclusion applies",
    }


def test_only_the_cases_that_were_chosen_count(cli: Cli, full: Path) -> None:
    found = cli("test", str(full), "-k", "costs", "--coverage")
    assert found.status == 0
    assert "own_costs: never true" in found.out
    assert "own_costs: never false" not in found.out


def test_what_cases_that_fail_cover_is_not_told(cli: Cli, full: Path) -> None:
    changed(full, lambda text: text.replace("fee_payable: YES", "fee_payable: NO", 1), "cases.yaml")
    found = cli("test", str(full), "--coverage")
    assert found.status == 1
    assert "conditions" not in found.out
