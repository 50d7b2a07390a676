"""`policyeval suggest`: what it prints can be put into `cases.yaml`, and answered by a person."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Cli
from tests.cli.facts import golden_cases

NAME = "example-referral"
ONLY = "decisions.fee_payable.requires.ordered_in_time"

CASES = golden_cases(
    """\
  - id: everything-in-time
    expect: {fee_payable: YES}
""",
)


@pytest.fixture
def cases(policies: Path) -> Path:
    """Give the file of cases: one case, which asks the newer version."""
    (policies / NAME / "2024-01-01.yaml").unlink()
    path = policies / NAME / "cases.yaml"
    path.write_text(CASES, encoding="utf-8")
    return path


def test_an_edge_is_told_with_its_place_its_clause_its_words_and_its_cases(
    cli: Cli, cases: Path
) -> None:
    found = cli("suggest", "--only", ONLY)
    assert found.status == 1
    lines = found.out.splitlines()
    assert lines[0].startswith("policies/example-referral/2024-07-01.yaml:")
    assert lines[0].endswith(": ordered_on <= order_window_ends_on")
    assert lines[1] == f"   {ONLY}.that (clause 2.3)"
    assert lines[2] == (
        "   *day of the order* is on or before the answer to “Until when may the customer order?”"
    )
    assert [each for each in lines if each.startswith("  - id: ")] == [
        "  - id: ordered-in-time-on-the-edge",
        "  - id: ordered-in-time-one-day-after",
        "  - id: ordered-in-time-one-day-before",
    ]
    assert found.err == "edges: 1, not pinned down: 1, cannot be told apart: 0\n"


def test_what_is_pasted_is_refused_until_it_is_answered_and_then_pins_the_edge_down(
    cli: Cli, cases: Path
) -> None:
    block = cli("suggest", "--only", ONLY, "--format", "yaml").out
    cases.write_text(CASES + block, encoding="utf-8")
    checked = cli("check")
    assert checked.status == 1
    assert checked.out.count("cases.yaml:") == 3
    assert cli("suggest").status == 1

    answered = CASES
    for line in block.splitlines():
        late = "one-day-after" in answered.rpartition("- id: ")[2]
        answered += (
            f"{line} {'NO' if late else 'YES'}\n" if line.endswith("payable:") else f"{line}\n"
        )
    cases.write_text(answered, encoding="utf-8")
    assert cli("test").status == 0
    again = cli("suggest", "--only", ONLY)
    assert (again.status, again.out) == (0, "")
    assert again.err == "edges: 1, not pinned down: 0, cannot be told apart: 0\n"


def test_programs_are_told_the_same(cli: Cli, cases: Path) -> None:
    found = cli("suggest", NAME, "--only", ONLY, "--format", "json")
    assert found.status == 1
    data = json.loads(found.out)
    [edge] = data["suggestions"]
    assert data["alike"] == []
    assert edge["address"] == f"{ONLY}.that"
    assert edge["clauses"] == ["2.3"]
    assert edge["formula"] == "ordered_on <= order_window_ends_on"
    assert [each["position"] for each in edge["cases"]] == ["on", "after", "before"]
    assert {each["decision"] for each in edge["cases"]} == {"fee_payable"}
    assert set(edge["cases"][0]) == {
        "id",
        "position",
        "base",
        "asked_on",
        "overlays",
        "facts",
        "without",
        "decision",
    }


def test_a_limit_ends_it_early(cli: Cli, cases: Path) -> None:
    found = cli("suggest", "--limit", "1", "--only", "decisions.fee_payable", "--format", "json")
    assert len(json.loads(found.out)["suggestions"]) == 1


def test_what_nothing_shows_is_listed_when_asked_for(cli: Cli, cases: Path) -> None:
    only = "decisions.terms_accepted"
    quiet, told = cli("suggest", "--only", only), cli("suggest", "--only", only, "--verbose")
    assert quiet.err == told.err
    assert told.out.startswith(quiet.out.rstrip("\n"))


def test_a_programme_without_cases_is_told_to_begin_with_one(cli: Cli, policies: Path) -> None:
    found = cli("suggest")
    assert found.status == 1
    assert found.out == ""
    assert "`example-referral` has no golden case to begin with" in found.err


def test_a_version_that_no_case_asks_is_told_to_begin_with_one(cli: Cli, policies: Path) -> None:
    (policies / NAME / "cases.yaml").write_text(CASES, encoding="utf-8")
    found = cli("suggest", "--only", ONLY)
    assert "`example-referral 2024-01-01` has no golden case to begin with" in found.err


def test_a_case_that_fails_is_left_aside_and_said_so(cli: Cli, cases: Path) -> None:
    wrong = "  - id: wrong\n    expect: {fee_payable: NO}\n"
    cases.write_text(CASES + wrong, encoding="utf-8")
    found = cli("suggest", "--only", ONLY)
    assert "cases that fail and were left aside: 1" in found.err


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("--only", "decisions."), 2, "`decisions.` is not written as an address is"),
        (("--limit", "0"), 2, "a number from 1 on is wanted here"),
        (("--limit", "x"), 2, "a number from 1 on is wanted here"),
        (("no-such-programme",), 2, "there is no programme `no-such-programme`"),
        (("--only", "decisions.nothing"), 0, "edges: 0"),
    ],
)
def test_what_cannot_be_done_is_told(
    cli: Cli, cases: Path, arguments: tuple[str, ...], status: int, said: str
) -> None:
    found = cli("suggest", *arguments)
    assert found.status == status
    assert said in found.err


def test_cases_that_cannot_be_read_are_told_first(cli: Cli, cases: Path) -> None:
    cases.write_text(CASES + "  - id: [\n", encoding="utf-8")
    found = cli("suggest")
    assert found.status == 1
    assert "cases.yaml:" in found.err


@pytest.mark.parametrize("language", ["sv", "de"])
def test_places_and_formulas_are_the_same_in_every_language(
    cli: Cli, cases: Path, language: str
) -> None:
    english = json.loads(cli("suggest", "--only", ONLY, "--format", "json").out)
    other = json.loads(cli("suggest", "--only", ONLY, "--format", "json", "--lang", language).out)
    for data in (english, other):
        for each in data["suggestions"]:
            each.pop("in_words")
    assert english == other
