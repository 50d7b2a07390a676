"""`policyeval check` and `policyeval test`, in every form they are written in."""

import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from policyeval.cases import Case, Cases, Difference, Result
from policyeval.cli.results import junit
from policyeval.messages import LANGUAGES
from policyeval.source import Source, Span
from tests.cli.conftest import Cli
from tests.cli.facts import golden_cases

Golden = Callable[[str, str], None]
NAME = "example-referral"

BASE = golden_cases()

PASSING = """\
  - id: everything-in-time
    expect:
      fee_payable: {verdict: YES, open: [], further: [], until: null}
      fee_due_on: 2024-11-14
"""

FAILING = """\
  - id: everything-in-time
    note: clause 2.3, "in time" <&> ]]>
    expect:
      fee_payable: {verdict: NO, clauses: ["2.3"], rules: [ordered_in_time], remarks: [may_extend]}
      fee_due_on: 2024-11-15
  - id: later-than-asked
    facts: {paid_on: 2025-06-01}
    expect: {fee_payable: YES}
  - id: not-refused
    refused: [input.inconsistent]
"""


def write_cases(policies: Path, cases: str) -> None:
    (policies / NAME / "cases.yaml").write_text(BASE + cases, encoding="utf-8")


# ------------------------------------------------------------------------------- check


def test_a_folder_without_mistakes_is_fine_but_not_yet_recorded(cli: Cli, policies: Path) -> None:
    write_cases(policies, PASSING)
    found = cli("check")
    assert found.status == 0
    assert set(re.findall(r"\[([a-z.-]+)\]", found.out)) == {"registry.not-locked"}
    assert found.err == "programmes: 1, versions: 2; errors: 0, warnings: 2\n"
    assert cli("check", "--strict").status == 1
    assert cli("lock").out == f"recorded {NAME}/2024-01-01\nrecorded {NAME}/2024-07-01\n"
    assert cli("lock").out == "nothing new to record\n"
    again = cli("check", "--strict")
    assert (again.status, again.out) == (0, "")


@pytest.mark.parametrize("form", ["text", "json", "github", "sarif"])
def test_every_mistake_is_told_at_once_in_every_form(
    cli: Cli, policies: Path, form: str, golden: Golden
) -> None:
    write_cases(policies, PASSING + PASSING)
    old, new = (policies / NAME / f"{each}.yaml" for each in ("2024-01-01", "2024-07-01"))
    text = old.read_text(encoding="utf-8")
    old.write_text(text.replace("    lines: [4]\n", "", 1), encoding="utf-8")
    text = new.read_text(encoding="utf-8")
    new.write_text(text.replace("value: paid_on +", "value: paid_no +"), encoding="utf-8")
    found = cli("check", "--format", form)
    assert found.status == 1
    if form in {"json", "sarif"}:
        assert json.loads(found.out)
    golden(f"cli/check.{form}.txt", found.out)


def test_the_cases_are_checked_with_their_programme_and_alone(cli: Cli, policies: Path) -> None:
    write_cases(policies, PASSING.replace("fee_due_on", "fee_due_no"))
    for path in (policies, policies / NAME, policies / NAME / "cases.yaml"):
        found = cli("check", str(path))
        assert found.status == 1
        assert "[cases.unknown]" in found.out
        assert "did you mean `fee_due_on`?" in found.out
    assert "[cases.unknown]" not in cli("check", str(policies / NAME / "2024-01-01.yaml")).out


@pytest.mark.parametrize("command", ["check", "test", "lock"])
@pytest.mark.parametrize("kind", ["missing", "file", "empty"])
def test_a_path_without_programmes_is_said(
    cli: Cli, policies: Path, command: str, kind: str
) -> None:
    Path("file").write_text("x", encoding="utf-8")
    Path("empty").mkdir()
    found = cli(command, kind)
    assert found.status == (2 if kind == "missing" else 1)
    assert "[registry." in found.out + found.err


def test_a_published_version_that_was_changed_is_not_recorded_again(
    cli: Cli, policies: Path
) -> None:
    assert cli("lock").status == 0
    path = policies / NAME / "2024-01-01.yaml"
    path.write_bytes(path.read_bytes() + b"# changed\n")
    for command in ("check", "lock"):
        found = cli(command)
        assert found.status == 1
        assert "registry.digest-changed" in found.out + found.err


# ------------------------------------------------------------------------------- test


def test_cases_that_come_out_as_expected_are_only_counted(cli: Cli, policies: Path) -> None:
    write_cases(policies, PASSING)
    found = cli("test")
    assert found == type(found)(0, "", "cases: 1, passed: 1, failed: 0\n")


@pytest.mark.parametrize("language", LANGUAGES)
def test_cases_that_fail_are_shown_with_line_expected_and_got(
    cli: Cli, policies: Path, language: str, golden: Golden
) -> None:
    write_cases(policies, FAILING)
    found = cli("test", "--lang", language)
    assert found.status == 1
    golden(f"cli/test.{language}.txt", found.out + found.err)


def test_an_annotation_stands_on_the_line_that_says_what_is_expected(
    cli: Cli, policies: Path
) -> None:
    write_cases(policies, FAILING)
    found = cli("test", "--format", "github")
    lines = (BASE + FAILING).splitlines()
    annotations = re.findall(
        r"^::error file=([^,]*),line=(\d+),col=\d+,title=([^:]*)::(.*)$", found.out, re.MULTILINE
    )
    assert len(annotations) == len(found.out.splitlines())
    assert {name for name, *_ in annotations} == {f"policies/{NAME}/cases.yaml"}
    due = next(each for each in annotations if "fee_due_on" in each[3])
    assert lines[int(due[1]) - 1].strip() == "fee_due_on: 2024-11-15"
    assert due[3] == "fee_due_on.value: expected 2024-11-15, got 2024-11-14"


def test_programs_get_every_case(cli: Cli, policies: Path) -> None:
    write_cases(policies, FAILING)
    data = json.loads(cli("test", "--format", "json").out)
    assert data["problems"] == []
    assert [(each["id"], each["passed"]) for each in data["cases"]] == [
        ("everything-in-time", False),
        ("later-than-asked", False),
        ("not-refused", False),
    ]
    assert data["cases"][1]["error"].startswith("fact `paid_on`")
    assert data["cases"][2]["differences"][0]["expected"] == "[input.inconsistent]"


def test_the_report_for_ci_is_xml_whatever_the_texts_hold() -> None:
    odd = "\x1b[31m \x00 \u202e \ufffe \ud800 <&> ]]> é 😀 \n second line"
    nowhere = Span(0, 0)
    case = Case(odd, odd, date(2025, 1, 31), None, (), {}, (), span=nowhere)
    result = Result(case, (Difference("a.value", odd, odd, nowhere),))
    file = Cases(odd, (case,), Source("", odd), nowhere)
    root = ET.fromstring(junit([(file, result)], "en"))
    text = root.findtext(".//failure") or ""
    shown = r"\u001b[31m \u0000 \u202e \ufffe \ud800 <&> ]]> é 😀"
    assert f"expected: {shown} second line\n" in text


def test_the_report_for_ci_counts_failures_and_errors(cli: Cli, policies: Path) -> None:
    write_cases(policies, FAILING)
    assert cli("test", "--junit", "report.xml").status == 1
    suite = ET.parse("report.xml").getroot().find("testsuite")
    assert suite is not None
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("3", "2", "1")
    text = suite.findtext("testcase/failure") or ""
    assert '"in time" <&> ]]>' in text


def test_a_report_that_cannot_be_written_is_named(cli: Cli, policies: Path) -> None:
    write_cases(policies, PASSING)
    found = cli("test", "--junit", "nowhere/report.xml")
    assert found.status == 1
    assert found.err.startswith("nowhere/report.xml:1:1: error: the file cannot be written")


def test_cases_are_chosen_by_a_part_of_their_name(cli: Cli, policies: Path) -> None:
    write_cases(policies, FAILING)
    assert "cases: 1," in cli("test", "-k", "refused").err
    none = cli("test", "-k", "nothing-like-it")
    assert (none.status, none.out) == (2, "")


def test_a_broken_policy_stops_before_any_case_is_run(cli: Cli, policies: Path) -> None:
    write_cases(policies, PASSING)
    (policies / NAME / "2024-07-01.yaml").write_text("{", encoding="utf-8")
    found = cli("test")
    assert (found.status, found.out) == (1, "")
    assert "2024-07-01.yaml:1:" in found.err
