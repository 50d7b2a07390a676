"""`policyeval clauses`: the state of each clause, and hashes that are written into the file."""

import json
import textwrap
from pathlib import Path

import pytest

from policyeval.cli import recording
from policyeval.cli.recording import recorded
from tests.cli.conftest import PROGRAMMES, Cli

NAME = "example-referral"
SOURCE = PROGRAMMES / "sources" / "example-referral.2024-01-01.en.txt"
OLD = ("--version", "2024-01-01", "--source", str(SOURCE))
HASH = "ab" * 32


def test_hashes_are_recorded_and_a_change_is_seen_from_then_on(cli: Cli, policies: Path) -> None:
    path = policies / NAME / "2024-01-01.yaml"
    before = path.read_text(encoding="utf-8")
    first = cli("clauses", NAME, *OLD, "--write")
    assert first.status == 0
    assert "hashes recorded: 16" in first.err
    after = path.read_text(encoding="utf-8")
    added = set(after.splitlines()) - set(before.splitlines())
    assert len(added) == 16
    assert all(line.startswith("    sha256: ") for line in added)
    assert cli("clauses", NAME, *OLD).out.count("the same") == 16
    changed = Path("changed.txt")
    changed.write_text(
        SOURCE.read_text(encoding="utf-8").replace("ninety", "sixty").replace("90", "60"),
        encoding="utf-8",
    )
    found = cli(
        "clauses", NAME, "--version", "2024-01-01", "--source", "changed.txt", "--format", "json"
    )
    assert found.status == 1
    states = {each["clause"]: each["state"] for each in json.loads(found.out)["clauses"]}
    assert "changed" in states.values()


def test_a_published_version_is_not_written_to(cli: Cli, policies: Path) -> None:
    assert cli("lock").status == 0
    path = policies / NAME / "2024-01-01.yaml"
    before = path.read_bytes()
    found = cli("clauses", NAME, *OLD, "--write")
    assert (found.status, found.out) == (1, "")
    assert "[registry.digest-changed]" in found.err
    assert path.read_bytes() == before


@pytest.mark.parametrize("source", ["nowhere.txt", "."])
def test_a_source_that_cannot_be_read_is_named(cli: Cli, policies: Path, source: str) -> None:
    found = cli("clauses", NAME, "--source", source)
    assert (found.status, found.out) == (2, "")
    assert f"`{source}`" in found.err


def test_a_version_that_does_not_exist_is_said(cli: Cli, policies: Path) -> None:
    found = cli("clauses", NAME, "--source", str(SOURCE), "--version", "2024-01-02")
    assert (found.status, found.out) == (2, "")
    assert "did you mean `2024-01-01`?" in found.err or "did you mean" in found.err


FILES = {
    "block": (
        'clauses:\n  "1":\n    lines: [1]\n    kind: x\n',
        'clauses:\n  "1":\n    lines: [1]\n    sha256: HASH\n    kind: x\n',
    ),
    "comment": (
        'clauses: # all\n  "1": # one\n    lines: [1]  # here, "sha256: no"\n    # below\n    kind: x\n',
        'clauses: # all\n  "1": # one\n    lines: [1]  # here, "sha256: no"\n    sha256: HASH\n'
        "    # below\n    kind: x\n",
    ),
    "line-breaks": (
        'clauses:\r\n  "1":\r\n    lines: [1]\r\n    kind: x\r\n',
        'clauses:\r\n  "1":\r\n    lines: [1]\r\n    sha256: HASH\r\n    kind: x\r\n',
    ),
    "flow": (
        'clauses:\n  "1": {lines: [1], kind: x} # c\n',
        'clauses:\n  "1": {lines: [1], sha256: HASH, kind: x} # c\n',
    ),
    "flow-over-lines": (
        'clauses: {"1": {kind: x,\n  lines: [1] # c\n  }}\n',
        'clauses: {"1": {kind: x,\n  lines: [1], sha256: HASH # c\n  }}\n',
    ),
    "mark": (
        '\ufeffclauses:\n  "1":\n    lines: [1]\n',
        '\ufeffclauses:\n  "1":\n    lines: [1]\n    sha256: HASH\n',
    ),
    "no-last-line-break": (
        'clauses:\n  "1":\n    kind: x\n    lines: [1]',
        'clauses:\n  "1":\n    kind: x\n    lines: [1]\n    sha256: HASH',
    ),
    "list-below": (
        'clauses:\n  "1":\n    lines:\n      - 1\n      - 2 # two\n    kind: x\n',
        'clauses:\n  "1":\n    lines:\n      - 1\n      - 2 # two\n    sha256: HASH\n    kind: x\n',
    ),
    "sentence": (
        'clauses:\n  "1":\n    sentence: [2]\n    lines: [1]\n',
        'clauses:\n  "1":\n    sentence: [2]\n    sha256: HASH\n    lines: [1]\n',
    ),
    "others": (
        'clauses:\n  "0":\n    lines: [9]\n  "1":\n    lines: [1]\n',
        'clauses:\n  "0":\n    lines: [9]\n  "1":\n    lines: [1]\n    sha256: HASH\n',
    ),
}


@pytest.mark.parametrize("what", FILES)
def test_only_the_hash_is_added_and_every_other_byte_stays(what: str) -> None:
    before, after = FILES[what]
    assert recorded(before.encode(), "p.yaml", {"1": HASH}) == after.replace("HASH", HASH).encode()


def test_a_file_that_cannot_be_added_to_is_left_alone() -> None:
    # The key stands on the line of the clause: what is added below it would belong to another level.
    text = 'clauses:\n  ? "1"\n  : lines: [1]\n    kind: x\n'
    assert recorded(text.encode(), "p.yaml", {"1": HASH}) in {
        None,
        text.replace("[1]\n", f"[1]\n    sha256: {HASH}\n").encode(),
    }


def test_nothing_is_written_where_the_result_would_not_say_what_is_meant(
    cli: Cli, policies: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording, "_line_end", lambda at, text: len(text))
    path = policies / NAME / "2024-01-01.yaml"
    before = path.read_bytes()
    found = cli("clauses", NAME, *OLD, "--write")
    assert (found.status, found.out) == (1, "")
    assert "cannot be written into this file as it is laid out" in found.err
    assert path.read_bytes() == before


def test_what_changed_and_what_moved_is_renewed_in_a_version_not_yet_published(
    cli: Cli, policies: Path
) -> None:
    assert cli("clauses", NAME, *OLD, "--write").status == 0
    path = policies / NAME / "2024-01-01.yaml"
    before = path.read_text(encoding="utf-8").splitlines()
    text = SOURCE.read_text(encoding="utf-8")
    new = Path("new.txt")
    # One more line on top moves every clause; one of them is changed besides.
    new.write_text("A new headline\n" + text.replace("90 days", "60 days"), encoding="utf-8")
    given = ("--version", "2024-01-01", "--source", "new.txt")
    assert cli("clauses", NAME, *given).status == 1
    found = cli("clauses", NAME, *given, "--renew")
    assert (found.status, "clauses renewed: 16" in found.err) == (0, True)
    assert cli("clauses", NAME, *given).out.count("the same") == 16
    after = path.read_text(encoding="utf-8").splitlines()
    changed = [a.strip() for a, b in zip(before, after, strict=True) if a != b]
    assert sum(each.startswith("lines: ") for each in changed) == 16
    assert sum(each.startswith("sha256: ") for each in changed) == 1
    assert len(changed) == 17


def test_a_changed_clause_between_two_that_moved_apart_is_left_to_a_person(
    cli: Cli, policies: Path
) -> None:
    assert cli("clauses", NAME, *OLD, "--write").status == 0
    path = policies / NAME / "2024-01-01.yaml"
    before = path.read_bytes()
    text = SOURCE.read_text(encoding="utf-8").splitlines()
    at = next(number for number, line in enumerate(text) if "90 days" in line)
    text[at] = text[at].replace("90 days", "60 days")
    text.insert(at + 1, "What is to be bought is up to the customer.")
    Path("new.txt").write_text("\n".join(text), encoding="utf-8")
    given = ("--version", "2024-01-01", "--source", "new.txt", "--renew")
    found = cli("clauses", NAME, *given)
    assert found.status == 1
    assert "it is not clear where these stand now: 2.3" in found.err
    assert path.read_bytes() == before


def test_nothing_is_renewed_from_a_text_that_was_cut_off(cli: Cli, policies: Path) -> None:
    assert cli("clauses", NAME, *OLD, "--write").status == 0
    path = policies / NAME / "2024-01-01.yaml"
    before = path.read_bytes()
    text = SOURCE.read_text(encoding="utf-8")
    Path("new.txt").write_text(text[: len(text) // 2], encoding="utf-8")
    found = cli("clauses", NAME, "--version", "2024-01-01", "--source", "new.txt", "--renew")
    assert found.status == 1
    assert "nothing is recorded" in found.err
    assert path.read_bytes() == before


def test_of_a_text_laid_out_anew_only_the_lines_are_others(cli: Cli, policies: Path) -> None:
    assert cli("clauses", NAME, *OLD, "--write").status == 0
    path = policies / NAME / "2024-01-01.yaml"
    hashes = [line for line in path.read_text(encoding="utf-8").splitlines() if "sha256:" in line]
    text = SOURCE.read_text(encoding="utf-8")
    lines = [textwrap.fill(line, 40) for line in text.splitlines()]
    Path("new.txt").write_text("\n".join(lines), encoding="utf-8")
    found = cli("clauses", NAME, "--version", "2024-01-01", "--source", "new.txt", "--renew")
    after = path.read_text(encoding="utf-8").splitlines()
    assert [line for line in after if "sha256:" in line] == hashes
    assert found.status == 0 or "nothing is recorded" in found.err


def test_a_web_page_has_no_lines_to_renew(cli: Cli, policies: Path) -> None:
    text = SOURCE.read_text(encoding="utf-8")
    page = "".join(f"<p>{line}</p>\n" for line in text.splitlines())
    Path("new.html").write_text(f"<html><body>{page}</body></html>", encoding="utf-8")
    found = cli("clauses", NAME, "--version", "2024-01-01", "--source", "new.html", "--renew")
    assert (found.status, "no plain text" in found.err) == (2, True)
