"""Whole policies in real files: what a folder of them gives, and what the lock adds to the check."""

from pathlib import Path

import pytest

from policyeval.diagnostics import render
from policyeval.errors import PolicyError
from policyeval.policy.clause_texts import clause_digest, compare
from policyeval.policy.lock import write_lock
from policyeval.policy.repository import Library, read_folder
from policyeval.policy.versions import select


def three(words: str) -> str:
    return f"{{sv: {words}, de: {words}, en: {words}}}"


PROGRAMME = f"""\
format: 1
programme: bikes
title: {three("Bikes")}
zone: Europe/Stockholm
parties:
  shop: {three("the shop")}
  rider: {three("the rider")}
governed_by:
  clause: "1"
  ambiguity: A1
  question: {three("Which day counts?")}
  options:
    lent: {{day: lent_on, gist: {three("the day of lending")}, favours: shop}}
"""

VERSION = f"""\
format: 1
programme: bikes
version: "2024-02-29"
in_force: {{from: 2024-02-29}}
known_from: 2024-02-01T12:00:00
source: {{file: bikes.txt, language: en}}
clauses:
  "1":
    lines: [3]
    sentence: 2
    kind: condition
    gist: {three("Bikes come back within a week.")}
parameters:
  week: {{value: duration("P7D"), clause: "1", label: {three("a week")}}}
facts:
  lent_on: {{type: date, label: {three("lent on")}, clause: "1"}}
  back_on: {{type: date, event: true, label: {three("back on")}}}
decisions:
  in_time:
    type: boolean
    question: {three("Is the bike back in time?")}
    clause: "1"
    value: back_on <= lent_on + week
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "policies" / "bikes"
    folder.mkdir(parents=True)
    (folder / "programme.yaml").write_text(PROGRAMME, encoding="utf-8")
    (folder / "2024-02-29.yaml").write_text(VERSION, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return Path("policies")


def codes(library: Library) -> list[str]:
    return [each.code for each in library.diagnostics if each.code != "registry.not-locked"]


def test_a_policy_is_read_checked_and_chosen_by_its_day(root: Path) -> None:
    library = read_folder(root)
    library.refuse()
    assert codes(library) == []
    (version,) = library.programmes["bikes"].versions
    assert version.order == ("week", "in_time")
    assert version.policy.source.name == "policies/bikes/2024-02-29.yaml"


def test_a_clause_of_a_file_names_its_sentences(root: Path) -> None:
    library = read_folder(root)
    (version,) = library.programmes["bikes"].versions
    text = "Bikes\n\nTake one. Bring it back. Soon.\n"
    (clause,) = compare(version.policy, text)
    assert (clause.state, clause.digest) == ("not-recorded", clause_digest(text, (3,), (2,)))


def test_every_problem_of_the_files_is_found_in_one_run(root: Path) -> None:
    path = root / "bikes" / "2024-02-29.yaml"
    path.write_text(VERSION.replace("<= lent_on + week", "<= lend_on"), encoding="utf-8")
    other = VERSION.replace("2024-02-29", "2024-03-31").replace("type: boolean", "type: bool")
    (root / "bikes" / "2024-03-31.yaml").write_text(other, encoding="utf-8")
    library = read_folder(root)
    assert not library.programmes
    found = {(each.source.name or "", each.code) for each in library.diagnostics}
    assert ("policies/bikes/2024-02-29.yaml", "feel.unknown-name") in found
    assert ("policies/bikes/2024-03-31.yaml", "feel.unknown-type") in found


def test_a_version_that_ends_before_it_begins_cannot_be_used(root: Path) -> None:
    path = root / "bikes" / "2024-02-29.yaml"
    path.write_text(VERSION.replace("{from: 2024-02-29}", "{from: 2024-02-29, until: 2024-02-28}"))
    library = read_folder(root)
    (error,) = [each for each in library.diagnostics if each.severity == "error"]
    assert error.code in {"registry.dates", "schema.choice"}
    assert render(error).split("\n")[1].endswith("until: 2024-02-28}")
    with pytest.raises(PolicyError):
        library.refuse()


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("programme: ../../etc/passwd", "registry.bad-id"),
        ("programme: con", "registry.bad-id"),
        ("programme: trikes", "registry.wrong-name"),
    ],
)
def test_a_programme_calls_itself_as_its_folder_is_named(
    root: Path, written: str, code: str
) -> None:
    path = root / "bikes" / "programme.yaml"
    path.write_text(PROGRAMME.replace("programme: bikes", written), encoding="utf-8")
    found = codes(read_folder(root))
    assert len(found) == 1
    assert found[0] in {code, "schema.format"}
    assert not read_folder(root).programmes


def test_a_published_policy_cut_short_at_any_line_is_refused(root: Path) -> None:
    path = root / "bikes" / "2024-02-29.yaml"
    write_lock(read_folder(root))
    lines = VERSION.splitlines(keepends=True)
    for end in range(len(lines)):
        path.write_text("".join(lines[:end]), encoding="utf-8")
        library = read_folder(root)
        assert "registry.digest-changed" in codes(library)
        assert not library.programmes


def test_a_correction_is_chosen_only_from_when_it_was_known(root: Path) -> None:
    from datetime import date

    other = VERSION.replace('"2024-02-29"', "2024-02-29-a").replace(
        "2024-02-01T12:00:00", "2024-05-01"
    )
    (root / "bikes" / "2024-02-29-a.yaml").write_text(other, encoding="utf-8")
    library = read_folder(root)
    assert codes(library) == []
    first, second = library.programmes["bikes"].versions
    assert select([first, second], date(2024, 2, 29), date(2024, 4, 30)) is first
    assert select([first, second], date(2024, 2, 29), date(2024, 5, 1)) is second
    assert select([first, second], date(2024, 2, 28)) is None


@pytest.mark.parametrize(
    ("written", "instead", "code"),
    [
        ("kind: exclusion", "kind: exclusive", "schema.enum"),
        ("known_from:", "knwon_from:", "schema.unknown-key"),
    ],
    ids=["a kind", "a key at the top"],
)
def test_a_problem_of_structure_hides_no_other_problem(
    tmp_path: Path, written: str, instead: str, code: str
) -> None:
    example = Path(__file__).parents[1] / "programmes" / "example-referral"
    folder = tmp_path / "example-referral"
    folder.mkdir()
    for name in ("programme.yaml", "2024-01-01.yaml"):
        (folder / name).write_bytes((example / name).read_bytes())
    file = folder / "2024-01-01.yaml"
    text = file.read_text(encoding="utf-8")
    broken = text.replace(written, instead, 1)
    broken = broken.replace("partner_number != null", "partner_nummer != null", 1)
    broken = broken.replace('clause: ["2.1"]', 'clause: ["2.9"]', 1)
    file.write_text(broken, encoding="utf-8")
    codes = {each.code for each in read_folder(tmp_path).diagnostics if each.severity == "error"}
    assert codes == {code, "feel.unknown-name", "policy.unknown-clause"}
