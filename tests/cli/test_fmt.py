"""`policyeval fmt`: files are laid out, those that were published are not, and `--check` writes nothing."""

import re
from pathlib import Path

import pytest

from policyeval.policy.editing import canonical
from tests.cli.conftest import Cli

NAME = "example-referral"
UNTIDY = (
    (
        '    clause: "2.3"\n    label: {en: time',
        "    clause:   '2.3'   # as it is\n    label: {en: time",
    ),
    ("    value: paid_on + payment_period", "    value: (paid_on+payment_period)"),
)


def make_untidy(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for old, new in UNTIDY:
        assert text.count(old) == 1
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


def test_a_file_is_laid_out_and_then_stays_as_it_is(cli: Cli, policies: Path) -> None:
    path = policies / NAME / "2024-01-01.yaml"
    tidy = path.read_text(encoding="utf-8")
    make_untidy(path)
    found = cli("fmt", "policies")
    assert (found.status, found.out) == (0, f"{path.as_posix()}\n")
    assert "files as they were: 2, written anew: 1, published: 0" in found.err
    with_comment = tidy.replace(
        '    clause: "2.3"\n    label: {en: time',
        '    clause: "2.3"  # as it is\n    label: {en: time',
    )
    assert path.read_text(encoding="utf-8") == with_comment
    again = cli("fmt", "policies")
    assert (again.status, again.out) == (0, "")
    assert cli("check", "policies").status == 0


def test_check_names_the_files_and_writes_nothing(cli: Cli, policies: Path) -> None:
    path = policies / NAME / "2024-01-01.yaml"
    make_untidy(path)
    before = path.read_bytes()
    found = cli("fmt", "--check", "policies")
    assert (found.status, found.out) == (1, f"{path.as_posix()}\n")
    assert "files in the canonical layout: 2, in another: 1, published: 0" in found.err
    assert path.read_bytes() == before
    assert cli("fmt", "--check", str(path.with_name("programme.yaml"))).status == 0


@pytest.mark.parametrize(("options", "status"), [(("--diff",), 0), (("--diff", "--check"), 1)])
def test_diff_shows_what_would_change_and_writes_nothing(
    cli: Cli, policies: Path, options: tuple[str, ...], status: int
) -> None:
    path = policies / NAME / "2024-01-01.yaml"
    make_untidy(path)
    before = path.read_bytes()
    found = cli("fmt", *options, str(path))
    assert found.status == status
    changed = [line for line in found.out.splitlines() if line[:1] in "+-"]
    name = path.as_posix()
    assert changed == [
        f"--- {name}",
        f"+++ {name}",
        "-    clause:   '2.3'   # as it is",
        '+    clause: "2.3"  # as it is',
        "-    value: (paid_on+payment_period)",
        "+    value: paid_on + payment_period",
    ]
    assert path.read_bytes() == before


@pytest.mark.parametrize("options", [(), ("--check",), ("--diff",)])
def test_a_published_version_stays_as_it_is(
    cli: Cli, policies: Path, options: tuple[str, ...]
) -> None:
    path = policies / NAME / "2024-01-01.yaml"
    make_untidy(path)
    assert cli("lock").status == 0
    before = path.read_bytes()
    found = cli("fmt", *options, "policies")
    assert (found.status, found.out) == (0, "")
    assert f"`{path.as_posix()}` is published and stays as it is" in found.err
    assert path.read_bytes() == before
    assert cli("check", "policies").status == 0


def test_a_damaged_lock_file_is_said_for_what_is_published_is_not_known(
    cli: Cli, policies: Path
) -> None:
    path = policies / NAME / "2024-01-01.yaml"
    make_untidy(path)
    before = path.read_bytes()
    (policies / "policies.lock").write_text("nonsense\n", encoding="utf-8")
    found = cli("fmt", str(path))
    assert found.status == 1
    assert "[registry.lock-file]" in found.out
    assert path.read_bytes() == before


def test_a_file_that_cannot_be_laid_out_is_told_and_the_others_are(
    cli: Cli, policies: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (policies / NAME / f"2024-0{month}-01.yaml" for month in (1, 7))
    make_untidy(first)
    second.write_text("decisions: {\n", encoding="utf-8")
    found = cli("fmt", "policies")
    assert found.status == 1
    assert f"{second.as_posix()}:" in found.out
    assert "[yaml.syntax]" in found.out
    assert first.as_posix() in found.out
    assert second.read_text(encoding="utf-8") == "decisions: {\n"
    make_untidy_again = first.read_text(encoding="utf-8").replace("  # as it is", " # as it is")
    first.write_text(make_untidy_again, encoding="utf-8")
    monkeypatch.setattr(canonical, "laid_out", lambda *_: "a: 1\n")
    refused = cli("fmt", str(first))
    assert refused.status == 1
    assert "[fmt.refused]" in refused.out
    assert first.read_text(encoding="utf-8") == make_untidy_again


@pytest.mark.parametrize("name", ["nowhere.yaml", "nowhere", "policies.txt"])
def test_what_is_no_file_to_be_laid_out_is_told(cli: Cli, policies: Path, name: str) -> None:
    Path("policies.txt").write_text("a: 1\n", encoding="utf-8")
    found = cli("fmt", name)
    assert found.status == 1
    assert name in found.out
    assert "[registry.not-a-file]" in found.out


def test_each_file_is_laid_out_once_from_wherever_it_is_named(
    cli: Cli, policies: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(policies / NAME)
    found = cli("fmt", ".", "programme.yaml", "2024-01-01.yaml", "2024-01-01.yaml")
    assert (found.status, found.out) == (0, "")
    assert "files as they were: 3, written anew: 0, published: 0" in found.err


def test_golden_cases_are_laid_out_too(cli: Cli, policies: Path) -> None:
    path = policies / NAME / "cases.yaml"
    path.write_text(
        "format: 1\nprogramme: example-referral\ncases:\n- id:   a\n  # why\n  expect: { bonus: 1 }",
        encoding="utf-8",
    )
    assert cli("fmt").status == 0
    assert path.read_text(encoding="utf-8") == (
        "format: 1\nprogramme: example-referral\ncases:\n  - id: a\n    # why\n    expect: {bonus: 1}\n"
    )


def test_the_shipped_files_can_all_be_laid_out(cli: Cli) -> None:
    shipped = Path(__file__).parents[2] / "policies"
    found = cli("fmt", "--check", str(shipped))
    assert "[fmt.refused]" not in found.out
    assert all(line.endswith(".yaml") for line in found.out.splitlines())
    assert re.search(r"published: [1-9]", found.err)
