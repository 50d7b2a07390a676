"""`policyeval drift`: a new text against the clauses of a version, as a reader sees it."""

import json
import shutil
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import PROGRAMMES, Cli

NAME = "example-referral"
FILE = "example-referral.2024-07-01.en.txt"
SOURCE = PROGRAMMES / "sources" / FILE


@pytest.fixture
def recorded(cli: Cli, policies: Path) -> Path:
    """Record the hashes of the clauses, and give the folder of policies."""
    for version in ("2024-01-01", "2024-07-01"):
        source = PROGRAMMES / "sources" / f"{NAME}.{version}.en.txt"
        assert (
            cli("clauses", NAME, "--version", version, "--source", str(source), "--write").status
            == 0
        )
    return policies


def _new(old: str = "", new: str = "") -> Path:
    text = SOURCE.read_text(encoding="utf-8")
    assert old in text
    path = Path("new.txt")
    path.write_text(text.replace(old, new) if old else text, encoding="utf-8")
    return path


def test_an_unchanged_text_has_no_drift(cli: Cli, recorded: Path) -> None:
    found = cli("drift", NAME, str(_new()))
    assert found.status == 0
    assert found.out == (
        "`example-referral`, version 2024-07-01, against `new.txt`\n"
        "clauses unchanged: 16, moved: 0, changed: 0, gone: 0; new passages: 0\n"
    )


def test_a_change_is_told_with_everything_that_rests_on_it(cli: Cli, recorded: Path) -> None:
    new = _new("within 120 days", "within 60 days")
    found = cli("drift", NAME, str(new), "--old", str(SOURCE))
    assert found.status == 1
    lines = found.out.splitlines()
    assert lines[1] == "clauses unchanged: 15, moved: 0, changed: 1, gone: 0; new passages: 0"
    assert "clause 2.3: changed (line 10)" in lines
    assert (
        "  difference: 2.3 The customer must order within [-120-]{+60+} days of the referral."
        in lines
    )
    assert any(
        line.startswith("    - parameter `parameters.order_period` (policies/") for line in lines
    )
    assert any("decisions.fee_payable.requires.ordered_in_time" in line for line in lines)
    assert "note" not in found.err


def test_without_the_old_text_that_is_said_and_the_new_wording_shown(
    cli: Cli, recorded: Path
) -> None:
    found = cli("drift", NAME, str(_new("within 120 days", "within 60 days")))
    assert found.status == 1
    assert "the old text is not at hand" in found.err
    assert (
        "  in its place now: 2.3 The customer must order within 60 days of the referral."
        in found.out.splitlines()
    )


@pytest.mark.parametrize("folder", [".", "sources", "policies/sources"])
def test_the_old_text_is_found_by_the_name_that_the_policy_gives(
    cli: Cli, recorded: Path, folder: str
) -> None:
    Path(folder).mkdir(exist_ok=True)
    shutil.copy(SOURCE, Path(folder) / FILE)
    found = cli("drift", NAME, str(_new("120 days", "60 days")))
    assert found.status == 1
    assert "[-120-]{+60+}" in found.out
    assert found.err == ""


def test_a_file_of_that_name_with_other_bytes_is_not_used(cli: Cli, recorded: Path) -> None:
    Path(FILE).write_text("another text", encoding="utf-8")
    found = cli("drift", NAME, str(_new("120 days", "60 days")))
    assert found.status == 1
    assert f"`{FILE}` is not the text that the version was written from" in found.err
    assert "[-120-]" not in found.out


def test_an_old_text_that_is_another_one_is_refused(cli: Cli, recorded: Path) -> None:
    other = PROGRAMMES / "sources" / f"{NAME}.2024-01-01.en.txt"
    found = cli("drift", NAME, str(_new()), "--old", str(other))
    assert (found.status, found.out) == (2, "")
    assert "[registry.capture]" in found.err
    assert "2.3" in found.err


def test_another_version_can_be_compared(cli: Cli, recorded: Path) -> None:
    found = cli("drift", NAME, str(_new()), "--version", "2024-01-01", "--format", "json")
    assert found.status == 1
    states = {each["clause"]: each["state"] for each in json.loads(found.out)["clauses"]}
    assert {name for name, state in states.items() if state != "unchanged"} == {"2.3", "3.1", "4.3"}
    assert set(states.values()) == {"unchanged", "changed"}


def test_as_json_everything_is_there(cli: Cli, recorded: Path) -> None:
    new = _new("3.5 Costs", "3.5 Dogs are welcome.\n3.6 Costs")
    found = cli("drift", NAME, str(new), "--old", str(SOURCE), "--format", "json")
    assert found.status == 1
    data = json.loads(found.out)
    assert list(data) == [
        "programme", "version", "capture", "kind", "compared", "changed", "clauses", "new",
        "uncertain", "gone", "not_shown", "left_aside", "questions", "cases", "named_by",
    ]  # fmt: skip
    assert data["new"] == [
        {"text": "3.5 Dogs are welcome.", "lines": [17, 17], "after": "3.4", "before": "3.5"}
    ]
    (costs,) = [each for each in data["clauses"] if each["state"] == "moved"]
    assert (costs["clause"], costs["number"], costs["moved"]) == ("3.5", "3.6", False)
    assert "costs_reimbursed" in costs["questions"]


def test_on_github_a_note_stands_at_the_clause(cli: Cli, recorded: Path) -> None:
    policy = (recorded / NAME / "2024-07-01.yaml").read_text(encoding="utf-8").splitlines()
    line = policy.index('  "2.3":') + 1
    new = _new("2.3 The customer must order within 120 days of the referral.\n", "")
    found = cli("drift", NAME, str(new), "--old", str(SOURCE), "--format", "github")
    assert found.status == 1
    assert found.out.startswith(
        f"::error file=policies/{NAME}/2024-07-01.yaml,line={line},col=3,title=clause 2.3%3A not there any more::"
    )
    unchanged = cli("drift", NAME, str(SOURCE), "--format", "github")
    assert (unchanged.status, unchanged.out) == (0, "")


def test_golden_cases_are_named(cli: Cli, recorded: Path) -> None:
    (recorded / NAME / "cases.yaml").write_text(
        f"""\
format: 1
programme: {NAME}
base: {{asked_on: 2024-12-31, facts: {{}}}}
cases:
  - {{id: window, expect: {{order_window_ends_on: 2024-10-01}}}}
  - {{id: payable, expect: {{fee_payable: YES}}}}
  - {{id: due, expect: {{fee_due_on: 2024-10-01}}}}
""",
        encoding="utf-8",
    )
    found = cli("drift", NAME, str(_new("120 days", "60 days")))
    assert "  golden cases that name it: window" in found.out.splitlines()
    assert "golden cases whose answers may be others: 2 of 3" in found.out.splitlines()


def test_without_hashes_nothing_is_said_to_be_unchanged(cli: Cli, policies: Path) -> None:
    found = cli("drift", NAME, str(_new("120 days", "60 days")))
    assert found.status == 1
    assert "clauses unchanged: 0, moved: 0, changed: 0, gone: 0" in found.out
    assert "not compared, because no hash is recorded: clauses 1.1, 1.2" in found.out
    found = cli("drift", NAME, str(_new("120 days", "60 days")), "--old", str(SOURCE))
    assert (found.status, "not compared" in found.out) == (1, False)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "give a new text"),
        (("nowhere.txt",), "there is no such file"),
        ((".",), "this is a folder"),
        (("new.txt", "--watch", "x"), "give a new text"),
        (("new.txt", "--every", "1d"), "`--every` goes with `--watch`"),
        (("new.txt", "--count", "1"), "`--count` goes with `--watch`"),
        (("--watch", "x", "--every", "soon"), "is no duration"),
        (("--watch", "x", "--count", "0"), "from 1 on"),
        (("--watch", "https://example.com", "--every", "5s"), "once a minute"),
        (("--watch", "ftp://example.com/x"), "only addresses"),
        (("--watch", "file:///etc/passwd"), "only addresses"),
    ],
)
def test_a_command_line_that_cannot_be_used_is_told(
    cli: Cli, recorded: Path, arguments: tuple[str, ...], said: str
) -> None:
    _new()
    found = cli("drift", NAME, *arguments)
    assert (found.status, found.out) == (2, "")
    assert said in found.err


def test_a_file_of_junk_is_refused(cli: Cli, recorded: Path) -> None:
    Path("junk").write_bytes(bytes(range(256)) * 9)
    found = cli("drift", NAME, "junk")
    assert (found.status, found.out) == (2, "")
    assert "[registry.capture]" in found.err


def test_a_missing_library_is_named(
    cli: Cli, recorded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pypdf", None)
    Path("new.pdf").write_bytes(b"%PDF-1.4")
    found = cli("drift", NAME, "new.pdf")
    assert found.status == 2
    assert "[registry.not-installed]" in found.err
    assert "pip install 'policyeval[capture]'" in found.err
