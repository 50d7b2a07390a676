"""The folder of policies that a command line names: where it is none, the command line is wrong."""

from pathlib import Path

import pytest

from tests.analysis.made_fees import OLD, Log, write
from tests.cli.conftest import Cli

NAME = "example-referral"
COMMANDS: dict[str, tuple[str, ...]] = {
    "amend": (NAME, "--from", "2025-01-01", "--policies"),
    "check": (),
    "clauses": (NAME, "--source", "source.txt", "--policies"),
    "decide": (NAME, "facts.json", "--policies"),
    "diff": (NAME, "--policies"),
    "drift": (NAME, "source.txt", "--policies"),
    "lock": (),
    "replay": ("decisions.jsonl", "--policies"),
    "restate": ("decisions.jsonl", "--known-on", "2026-01-01", "--policies"),
    "show": (NAME, "--policies"),
    "test": (),
    "versions": (NAME, "--policies"),
}


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("facts.json").write_text("{}", encoding="utf-8")
    Path("source.txt").write_text("The fee is ten percent.\n", encoding="utf-8")
    Log(Path("decisions.jsonl"), write(Path("fees"), OLD)).add()


@pytest.mark.parametrize("command", COMMANDS)
def test_a_folder_that_is_not_there_is_a_wrong_use(cli: Cli, command: str) -> None:
    found = cli(command, *COMMANDS[command], "nowhere")
    assert (found.status, found.out) == (2, "")
    assert found.err.startswith("nowhere:1:1: error: there is no such file or folder")
    assert "help: see how its name is spelled, and who may read it" in found.err


@pytest.mark.parametrize("command", [each for each in COMMANDS if "--policies" in COMMANDS[each]])
def test_a_file_is_no_folder_of_policies(cli: Cli, command: str) -> None:
    found = cli(command, *COMMANDS[command], "facts.json")
    assert (found.status, found.out) == (2, "")
    assert "facts.json:1:1: error: this is a file, where a folder is wanted" in found.err


def test_so_it_is_with_one_that_the_environment_names(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POLICYEVAL_POLICIES", "nowhere")
    for command in ("check", "test", "lock", "suggest", "fmt"):
        found = cli(command)
        assert (found.status, found.out) == (2, ""), command
        assert found.err.startswith("nowhere:1:1:"), command


def test_one_that_nobody_lets_us_read_is_a_wrong_use_too(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: object) -> None:
        raise PermissionError(13, "no")

    monkeypatch.setattr("policyeval.cli.words.os.scandir", refuse)
    found = cli("replay", "decisions.jsonl", "--policies", "fees")
    assert (found.status, found.out) == (2, "")
    assert "there is no right to read it" in found.err


@pytest.mark.parametrize("name", ["a\0b", "facts.json/policies", "round"])
def test_what_cannot_be_a_folder_is_told_in_words(cli: Cli, name: str) -> None:
    Path("round").symlink_to("round")
    found = cli("versions", NAME, "--policies", name)
    assert (found.status, found.out) == (2, "")
    assert ":1:1: error: " in found.err


def test_a_folder_that_is_there_and_holds_something_wrong_is_a_finding(cli: Cli) -> None:
    Path("empty").mkdir()
    found = cli("decide", NAME, "facts.json", "--policies", "empty")
    assert (found.status, "[registry.missing]" in found.err) == (1, True)
    assert cli("check", "facts.json").status == 1
