"""What is told of versions whose programme cannot be read, and of files with very many problems."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from policyeval.policy.problems import SHOWN
from policyeval.policy.repository import read_folder

NAME = "example-referral"
PROGRAMMES = Path(__file__).parents[1] / "programmes"
VERSION = "2024-07-01.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(PROGRAMMES / NAME, tmp_path / "policies" / NAME))


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def found(folder: Path) -> list[tuple[str, str]]:
    """Give file and code of what is told, without what is not recorded."""
    return [
        (Path(each.source.name or "").name, each.code)
        for each in read_folder(folder.parent).diagnostics
        if each.code != "registry.not-locked"
    ]


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda path: path.unlink(), "registry.missing"),
        (lambda path: path.write_text('"'), "yaml.syntax"),
        (lambda path: replace(path, "zone: ", "zone: Mars/"), "schema.format"),
        (lambda path: replace(path, "parties:", "partys:"), "schema.unknown-key"),
    ],
    ids=["missing", "not YAML", "a wrong zone", "no parties"],
)
def test_a_programme_that_cannot_be_read_hides_no_problem_of_its_versions(
    spoil: Callable[[Path], object], code: str, folder: Path
) -> None:
    spoil(folder / "programme.yaml")
    assert set(found(folder)) == {("programme.yaml", code)}  # nothing that only follows from it
    replace(folder / VERSION, "date(referred_at) + order_period", "date(refered_at) + order_period")
    assert set(found(folder)) == {("programme.yaml", code), (VERSION, "feel.unknown-name")}
    replace(folder / VERSION, "known_from:", "knwon_from:")
    assert set(found(folder)) == {
        ("programme.yaml", code),
        (VERSION, "schema.unknown-key"),
        (VERSION, "feel.unknown-name"),
    }
    assert not read_folder(folder.parent).programmes


def test_a_party_is_missed_only_where_it_is_known_which_there_are(folder: Path) -> None:
    replace(folder / VERSION, "favours: vendor", "favours: vendr")
    assert found(folder) == [(VERSION, "policy.unknown-party")]
    (folder / "programme.yaml").unlink()
    assert found(folder) == [("programme.yaml", "registry.missing")]


def test_with_more_problems_than_are_shown_no_others_are_looked_for(folder: Path) -> None:
    replace(folder / VERSION, "date(referred_at) + order_period", "date(refered_at) + order_period")
    with (folder / VERSION).open("a", encoding="utf-8") as file:
        file.writelines(f"key_{number}: 1\n" for number in range(SHOWN))
    told = [code for _, code in found(folder)]
    assert told == ["feel.unknown-name", *["schema.unknown-key"] * SHOWN]
    with (folder / VERSION).open("a", encoding="utf-8") as file:
        file.write("one_more: 1\n")
    told = [code for _, code in found(folder)]
    assert told == ["schema.unknown-key"] * SHOWN + ["yaml.too-many-problems"]


def test_a_version_is_checked_anew_beside_another_programme(folder: Path) -> None:
    programme = folder / "programme.yaml"
    first = programme.read_text(encoding="utf-8")
    assert found(folder) == []
    replace(programme, "vendor:", "seller:")
    missed = set(found(folder))
    assert (VERSION, "policy.unknown-party") in missed
    programme.write_text(first, encoding="utf-8")
    assert found(folder) == []
    assert found(folder) == []


def test_a_file_is_read_anew_under_another_name(folder: Path) -> None:
    replace(folder / VERSION, "favours: vendor", "favours: vendr")
    other = shutil.copytree(folder.parent, folder.parents[1] / "others")
    for each in (folder, other / NAME):
        (told,) = (e for e in read_folder(each.parent).diagnostics if e.severity == "error")
        assert told.source.name == str(each / VERSION)
