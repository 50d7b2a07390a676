"""`policyeval verify`: whether a log of decisions is as it was written."""

import json
from pathlib import Path

import pytest

from policyeval import cli as command_line
from policyeval.messages import LANGUAGES
from policyeval.records import DecisionLog
from tests.cli.conftest import Cli
from tests.records.samples import FACTS, RECORD, UNSYNCED, write_log


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    commands = dict.fromkeys((*command_line.COMMANDS, "verify"))
    monkeypatch.setattr(command_line, "COMMANDS", tuple(commands))


@pytest.fixture
def log() -> Path:
    write_log(Path("decisions.jsonl"), 3)
    return Path("decisions.jsonl")


def change(log: Path, old: bytes, new: bytes) -> None:
    content = log.read_bytes()
    assert old in content
    log.write_bytes(content.replace(old, new))


def test_of_a_good_log_the_head_is_said_and_noticed_the_next_time(cli: Cli, log: Path) -> None:
    found = cli("verify", str(log))
    assert (found.status, found.err) == (0, "")
    first, last = found.out.splitlines()
    assert first == "records: 3; every line is as it was written"
    head = last.rpartition(" ")[2]
    assert last == f"keep this elsewhere, for `--head`: {head}"
    assert cli("verify", str(log), "--head", head).status == 0
    assert cli("verify", str(log), "--head", head.upper()).status == 0
    log.write_bytes(b"".join(log.read_bytes().splitlines(keepends=True)[:-1]))
    assert cli("verify", str(log)).status == 0
    cut = cli("verify", str(log), "--head", head)
    assert cut.status == 1
    assert "the log ends with record 2, but record 3 was in it: its end is missing" in cut.out


def test_a_problem_is_shown_with_its_line_and_its_code(cli: Cli, log: Path) -> None:
    change(log, b'"value":2', b'"value":5')
    found = cli("verify", str(log))
    assert (found.status, found.err) == (1, "")
    assert found.out.splitlines() == [
        "decisions.jsonl:3:1: error: the line is not as it was written  [log.damaged]",
        '    3 | {"format":1,"seq":2,"id":"tx-2","recorded_at":"2024-07-01T09…',
        "      | ^",
    ]


def test_the_answer_can_be_read_by_a_program(cli: Cli, log: Path) -> None:
    good = json.loads(cli("verify", str(log), "--format", "json").out)
    assert good["head"]["seq"] == 3
    assert {**good, "head": None} == {
        "logs": ["decisions.jsonl"],
        "good": True,
        "records": 3,
        "follows": None,
        "head": None,
        "problems": [],
        "more": False,
    }
    change(log, b'"value":2', b'"value":5')
    found = cli("verify", str(log), "--format", "json")
    assert found.status == 1
    assert json.loads(found.out) == {
        "logs": ["decisions.jsonl"],
        "good": False,
        "records": 3,
        "follows": None,
        "head": None,
        "problems": [
            {
                "log": "decisions.jsonl",
                "line": 3,
                "kind": "changed",
                "text": "the line is not as it was written",
            }
        ],
        "more": False,
    }


def test_more_problems_than_are_shown_are_told(cli: Cli) -> None:
    log = Path("decisions.jsonl")
    write_log(log, 120)
    change(log, b"18500", b"18501")
    found = cli("verify", str(log))
    assert found.status == 1
    assert found.out.count("[log.damaged]") == 100
    assert found.err == "there is more; the first 100 are shown\n"


def test_several_files_are_checked_as_one_log(cli: Cli) -> None:
    with DecisionLog("decisions.jsonl", files=UNSYNCED) as writing:
        writing.append(RECORD, FACTS)
        writing.rotate("old.jsonl")
        writing.append(RECORD, FACTS)
    found = cli("verify", "old.jsonl", "decisions.jsonl")
    assert found.out.startswith("records: 2; every line is as it was written\nkeep this")
    alone = cli("verify", "decisions.jsonl")
    assert alone.status == 0
    assert "follows on record 1 of another file" in alone.out
    wrong = cli("verify", "decisions.jsonl", "old.jsonl")
    assert wrong.status == 1
    assert wrong.out.startswith("old.jsonl:1:1: error: another log begins here")


def test_a_last_line_that_does_not_end_may_be_one_that_is_being_written(
    cli: Cli, log: Path
) -> None:
    log.write_bytes(log.read_bytes()[:-20])
    found = cli("verify", str(log))
    assert (found.status, found.err) == (1, "")
    assert "decisions.jsonl:4:1: error: the last line does not end" in found.out
    assert (
        "help: where the log is in use, this may be a record that is being written: check again "
        "later; otherwise"
    ) in found.out


@pytest.mark.parametrize(
    "head", ["", "3", "3:", "x:" + "0" * 64, "3:" + "0" * 63, "-1:" + "0" * 64]
)
def test_a_head_that_is_none_is_complained_of(cli: Cli, log: Path, head: str) -> None:
    found = cli("verify", str(log), f"--head={head}")
    assert (found.status, found.out) == (2, "")
    assert found.err.startswith(
        f"error: `--head`: `{head[:80]}` is no head\n   help: write a number"
    )


def test_a_file_that_cannot_be_read_is_a_wrong_use_and_no_finding(cli: Cli) -> None:
    found = cli("verify", "none.jsonl")
    assert (found.status, found.out) == (2, "")
    assert "the log cannot be read: there is no such file or folder  [log.unavailable]" in found.err


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_and_findings_are_given_in_each_language(cli: Cli, log: Path, language: str) -> None:
    assert "--head" in cli("verify", "--help", "--lang", language).out
    assert cli("verify", str(log), "--lang", language).status == 0
    change(log, b'"value":2', b'"value":5')
    assert cli("verify", str(log), "--lang", language).status == 1


def test_what_a_line_says_does_not_reach_the_terminal_as_it_is(cli: Cli, log: Path) -> None:
    change(log, b'"id":"tx-2"', b'"id":"\x1b[2J\xe2\x80\xae"')
    found = cli("verify", str(log))
    assert "\x1b" not in found.out
    assert "\u202e" not in found.out
    assert "\\u001b" in found.out
