"""Exceptions of golden cases: what no case can show, each with the reason."""

from pathlib import Path

import pytest

from policyeval.cases.checking import cases_files
from policyeval.cases.model import Exempted
from policyeval.policy.repository import read_folder

NAME = "example-referral"
PROGRAMMES = Path(__file__).parents[1] / "programmes"
HEAD = "format: 1\nprogramme: example-referral\ncases: []\nexceptions:\n"
WHY = "because: {sv: Därför., de: Darum., en: Because.}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the made-up programme to a folder to which tests add files of cases."""
    made = tmp_path_factory.mktemp("policies") / NAME
    made.mkdir()
    for each in (PROGRAMMES / NAME).glob("*.yaml"):
        (made / each.name).write_bytes(each.read_bytes())
    return made


def read(folder: Path, text: str) -> tuple[tuple[Exempted, ...], list[tuple[str, str, str]]]:
    """Give the exceptions of a file of cases, and every problem: code, text in place, message."""
    (folder / "cases.yaml").write_text(text, encoding="utf-8")
    files, problems = cases_files(read_folder(folder.parent))
    found = [
        (each.code, each.source.text[each.span.start : each.span.end], each.message.text())
        for each in problems
    ]
    return (files[0].exceptions if files else ()), found


def test_an_exception_has_an_address_what_it_is_about_and_a_reason(folder: Path) -> None:
    text = f"{HEAD}  - at: decisions.fee_payable.requires.identified.that\n"
    text += f"    what: |\n      a  >  b →\n      a >= b\n    {WHY}\n"
    (found,), problems = read(folder, text)
    assert problems == []
    assert found == Exempted(
        ("decisions", "fee_payable", "requires", "identified", "that"),
        "a > b → a >= b",
        {"sv": "Därför.", "de": "Darum.", "en": "Because."},
        found.places,
    )


def test_a_file_without_exceptions_has_none(folder: Path) -> None:
    assert read(folder, "format: 1\nprogramme: example-referral\ncases: []\n") == ((), [])


@pytest.mark.parametrize(
    "address",
    [
        r"clauses.\"1.1\"",
        "facts.order_amount",
        "decisions.fee_payable",
        "decisions.fee_payable.covers.when",
        "readings.days_of_extension.adopted",
    ],
)
def test_an_exception_may_be_about_any_part_of_a_version(folder: Path, address: str) -> None:
    found, problems = read(folder, f'{HEAD}  - {{at: "{address}", what: it, {WHY}}}\n')
    assert (len(found), problems) == (1, [])


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        (
            "at: decisions.fee_payble, what: it, " + WHY,
            (
                "cases.unknown",
                "decisions.fee_payble",
                "no version has a part `decisions.fee_payble`",
            ),
        ),
        (
            "at: decisions..fee, what: it, " + WHY,
            ("schema.format", "decisions..fee", "`decisions..fee` is not written as an address is"),
        ),
        (
            'at: decisions.fee_payable, what: " ", ' + WHY,
            ("schema.format", '" "', "nothing is written here"),
        ),
        (
            "at: decisions.fee_payable, what: it",
            ("schema.required", "at", "the entry `because` is missing"),
        ),
        (
            "at: decisions.fee_payable, what: it, because: {sv: a, en: b}",
            (
                "schema.missing-language",
                "sv",
                "the text is missing in these languages: `de`",
            ),
        ),
        (
            "at: decisions.fee_payable, wat: it, " + WHY,
            ("schema.unknown-key", "wat", "there is no key `wat` here"),
        ),
    ],
    ids=["unknown", "address", "empty", "reason", "language", "key"],
)
def test_a_mistake_in_an_exception_is_told_at_its_place(
    folder: Path, entry: str, problem: tuple[str, str, str]
) -> None:
    assert read(folder, f"{HEAD}  - {{{entry}}}\n")[1] == [problem]


def test_every_mistake_is_told_at_once(folder: Path) -> None:
    entries = [f"  - {{at: facts.no_{name}, what: it, {WHY}}}\n" for name in "abc"]
    assert len(read(folder, HEAD + "".join(entries))[1]) == 3
