"""What has no name may stand before options and after them; what says nothing is not passed over."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import PROGRAMMES, Cli

NAME = "example-referral"
SOURCE = PROGRAMMES / "sources" / f"{NAME}.2024-07-01.en.txt"


@pytest.mark.parametrize(
    "arguments",
    [
        (NAME, "2024-01-01", "2024-07-01", "--policies", "policies"),
        (NAME, "--policies", "policies", "2024-01-01", "2024-07-01"),
        ("--policies", "policies", NAME, "2024-01-01", "2024-07-01"),
        (NAME, "2024-01-01", "--policies", "policies", "2024-07-01"),
    ],
)
def test_versions_may_follow_options(cli: Cli, policies: Path, arguments: tuple[str, ...]) -> None:
    found = cli("diff", *arguments)
    assert (found.status, found.err) == (1, "")
    assert "2024-01-01" in found.out


def test_a_new_text_may_follow_options(cli: Cli, policies: Path) -> None:
    assert cli("drift", NAME, "--policies", "policies", str(SOURCE)).status in {0, 1, 2}
    found = cli("drift", NAME, "--policies", "policies", "one.txt", "two.txt")
    assert found.status == 2
    assert "two.txt" in found.err


def test_a_programme_without_a_case_is_no_green_light(cli: Cli, policies: Path) -> None:
    for options in ((), ("--coverage",), ("--mutate",)):
        found = cli("test", *options)
        assert found.status == 1
        assert f"`{NAME}` has no golden case" in found.err


def test_only_wants_something_to_choose_from(cli: Cli, policies: Path) -> None:
    found = cli("test", "--only", "decisions.fee_rate")
    assert (found.status, "--mutate" in found.err) == (2, True)


def test_a_line_of_transactions_that_says_more_is_not_misread(cli: Cli, policies: Path) -> None:
    lines = (
        {"facts": {"product": "software"}, "asked_on": "2024-08-01", "customer": "x"},
        {"facts": 5, "asked_on": "2024-08-01"},
    )
    Path("past.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    found = cli("diff", NAME, "--facts", "past.jsonl")
    assert found.status == 2
    said = found.out + found.err
    assert "`customer` cannot stand beside `facts`" in said
    assert "facts are given as an object" in said
    assert "no line of the file can be read" in found.err


def test_ends_of_lines_are_no_difference_to_be_shown(cli: Cli, policies: Path) -> None:
    path = policies / NAME / "2024-07-01.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    found = cli("amend", NAME, "--from", "2025-01-01", "--known-from", "2024-12-01", "--dry-run")
    assert found.status == 0
    assert "u000d" not in found.out + found.err
    assert "ufeff" not in found.out + found.err


def test_a_text_without_words_is_no_new_text(cli: Cli, policies: Path) -> None:
    Path("empty.txt").write_text("\n \n", encoding="utf-8")
    found = cli("drift", NAME, "empty.txt")
    assert (found.status, "there are no words in it" in found.err) == (2, True)
