"""What surrounds the commands: closed and broken streams, colours, completion, tables, documents."""

import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from policyeval.cli import main
from tests.cli.conftest import PROGRAMMES, Cli
from tests.cli.facts import as_json

NAME = "example-referral"
HERE = ("--policies", str(PROGRAMMES))
SOURCES = str(Path(__file__).parents[2] / "src")


def process(
    *arguments: str, before: str = "", after: str = "", given: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    """Run the command line in a shell, which may close its streams."""
    command = f'{before} "$0" -m policyeval "$@" {after}'
    return subprocess.run(
        ["bash", "-c", command, sys.executable, *arguments],
        input=given,
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONPATH": SOURCES},
    )


def test_a_reader_that_has_seen_enough_is_no_failure() -> None:
    found = process("show", NAME, *HERE, after="| head -c 10; exit ${PIPESTATUS[0]}")
    assert (found.returncode, found.stdout, found.stderr) == (0, b"# Referral", b"")


def test_closed_streams_are_no_reason_for_a_traceback() -> None:
    asked = ("decide", NAME, "-", *HERE, "--asked-on", "2025-01-31")
    no_input = process(*asked, after="<&-")
    assert no_input.returncode == 3
    assert b"input.json" in no_input.stderr
    no_output = process(*asked, after=">&-", given=as_json())
    assert no_output.returncode == 1
    assert no_output.stderr == b"error: the answer cannot be written\n"
    full = process(*asked, after=">/dev/full", given=as_json())
    assert full.returncode == 1
    assert full.stderr == b"error: the answer cannot be written\n"
    assert process("decide", "zzz", "-", *HERE, after="2>&-").returncode == 2


# ------------------------------------------------------------------------------- colours


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def on_a_terminal(
    monkeypatch: pytest.MonkeyPatch, *arguments: str, terminal: str = "xterm-256color"
) -> str:
    shown = Terminal()
    monkeypatch.setenv("TERM", terminal)
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stdout", shown)
        main(arguments)
    return shown.getvalue()


COMMANDS = {
    "versions": ("versions", NAME, *HERE),
    "show": ("show", NAME, *HERE, "--lang", "sv"),
    "check": ("check", str(PROGRAMMES)),
}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_terminal_shows_the_same_text_in_colours(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    pytest.importorskip("rich")
    plain = cli(*COMMANDS[command]).out
    coloured = on_a_terminal(monkeypatch, *COMMANDS[command])
    assert "\x1b[" not in plain
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain


@pytest.mark.parametrize("without", ["NO_COLOR", "TERM", "rich"])
def test_there_are_no_colours_where_they_are_not_wanted(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, without: str
) -> None:
    plain = cli(*COMMANDS["versions"]).out
    terminal = "dumb" if without == "TERM" else "xterm-256color"
    if without == "NO_COLOR":
        monkeypatch.setenv("NO_COLOR", "1")
    elif without == "rich":
        monkeypatch.setitem(sys.modules, "rich.console", None)
    assert on_a_terminal(monkeypatch, *COMMANDS["versions"], terminal=terminal) == plain


# ------------------------------------------------------------------------------- the others


def test_the_versions_are_shown_with_the_days_on_which_they_are_in_force(cli: Cli) -> None:
    lines = cli("versions", NAME, *HERE).out.splitlines()
    assert lines[0].split()[:2] == ["version", "in"]
    assert lines[2].split()[:4] == ["2024-01-01", "2024-01-01", "2024-06-30", "2023-12-15"]
    assert lines[3].split()[:4] == ["2024-07-01", "2024-07-01", "2025-12-31", "2024-06-10"]


def test_a_version_that_was_replaced_from_its_first_day_is_shown_too(
    cli: Cli, policies: Path
) -> None:
    folder = policies / NAME
    text = (folder / "2024-07-01.yaml").read_text(encoding="utf-8")
    text = text.replace('version: "2024-07-01"', 'version: "2024-07-01.b"')
    text = text.replace("known_from: 2024-06-10", "known_from: 2024-06-20")
    (folder / "2024-07-01.b.yaml").write_text(text, encoding="utf-8")
    found = cli("versions", NAME)
    assert found.out.count("2024-07-01.b") == 1
    assert "never: it was replaced" in found.out


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_a_shell_learns_the_commands(cli: Cli, shell: str) -> None:
    pytest.importorskip("shtab")
    found = cli("completion", shell)
    assert found.status == 0
    assert "decide" in found.out
    assert "--asked-on" in found.out


def test_without_its_extra_completion_names_it(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "shtab", None)
    found = cli("completion", "bash")
    assert (found.status, found.out) == (2, "")
    assert "policyeval[cli]" in found.err


def test_a_document_of_a_version_is_shown(cli: Cli) -> None:
    newest = cli("show", NAME, *HERE)
    assert newest.out.startswith("# Referral programme of Example Software\n")
    assert "version `2024-07-01`" in newest.out
    assert "version `2024-01-01`" in cli("show", NAME, *HERE, "--version", "2024-01-01").out
    unknown = cli("show", NAME, *HERE, "--version", "2024-01-02")
    assert (unknown.status, unknown.out) == (2, "")
