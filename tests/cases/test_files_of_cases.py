"""Files of golden cases: what is read from them, and every mistake with its place."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from policyeval.cases import load_cases
from policyeval.cases.checking import cases_files, check_cases
from policyeval.errors import PolicyError
from policyeval.policy.library import Library
from policyeval.policy.repository import read_folder

NAME = "example-referral"
PROGRAMMES = Path(__file__).parents[1] / "programmes"
HEAD = "format: 1\nprogramme: example-referral\n"
ASKED = HEAD + "base: {asked_on: 2025-01-31}\n"

Checked = Callable[[str], list[tuple[str, str, str, str]]]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """Read the made-up programme from a folder to which tests add files of cases."""
    folder = tmp_path_factory.mktemp("policies") / NAME
    folder.mkdir()
    for each in (PROGRAMMES / NAME).glob("*.yaml"):
        (folder / each.name).write_bytes(each.read_bytes())
    return read_folder(folder.parent)


@pytest.fixture
def checked(library: Library) -> Checked:
    """Check a file of cases: code, text in place, message and help of every problem."""

    def run(text: str) -> list[tuple[str, str, str, str]]:
        (library.root / NAME / "cases.yaml").write_text(text, encoding="utf-8")
        return [
            (
                each.code,
                each.source.text[each.span.start : each.span.end],
                each.message.text(),
                each.help.text() if each.help else "",
            )
            for each in check_cases(library)
        ]

    return run


def test_a_case_has_what_its_base_has_and_what_it_changes() -> None:
    text = """\
format: 1
programme: example-referral
base:
  asked_on: 2025-01-31
  facts: {product: software, order_amount: 0.10, first_order: true, company_name: null}
bases:
  hardware:
    overlays: [working-day]
    facts: {product: hardware}
cases:
  - id: first
    facts: {order_amount: {between: [1, 2]}, order_numbers: ["1", "2"]}
    without: [first_order]
    expect: {fee_payable: NO, fee_due_on: 2024-11-14, desk: {value: {desk: sales, working_days: 5}}}
  - id: second
    base: hardware
    asked_on: 2025-02-01
    overlays: []
    presumed: [first_order]
    expect: {fee_payable: {verdict: PENDING, until: null}}
"""
    first, second = load_cases(text.encode(), "cases.yaml").cases
    assert first.facts == {
        "product": "software",
        "order_amount": {"between": ["1", "2"]},
        "company_name": None,
        "order_numbers": ["1", "2"],
    }
    verdict, value, desk = first.expect
    assert verdict.verdict is not None
    assert (verdict.decision, verdict.verdict.value, verdict.value) == ("fee_payable", "NO", None)
    assert value.value is not None
    assert (value.verdict, value.value.value) == (None, "2024-11-14")
    assert desk.value is not None
    assert desk.value.value == {"desk": "sales", "working_days": "5"}
    assert (second.asked_on, second.overlays) == (date(2025, 2, 1), ())
    assert second.facts["product"] == "hardware"
    assert second.facts["order_amount"] == "0.10"
    assert second.expect[0].until is not None
    assert second.expect[0].until.value is None


MISTAKES = {
    "decision": (
        ASKED + "cases: [{id: a, expect: {fee_payabel: YES}}]",
        (
            "cases.unknown",
            "fee_payabel",
            "there is no decision `fee_payabel`",
            "did you mean `fee_payable`?",
        ),
    ),
    "decision-without-question": (
        ASKED + "cases: [{id: a, expect: {bonus: 1}}]",
        ("cases.unknown", "bonus", "there is no decision `bonus`", ""),
    ),
    "fact": (
        ASKED + "cases: [{id: a, facts: {prodct: x}, expect: {fee_payable: YES}}]",
        ("cases.unknown", "prodct", "there is no fact `prodct`", "did you mean `product`?"),
    ),
    "overlay": (
        ASKED + "cases: [{id: a, overlays: [workin-day], expect: {fee_payable: YES}}]",
        (
            "cases.unknown",
            "workin-day",
            "there is no overlay `workin-day`",
            "did you mean `working-day`?",
        ),
    ),
    "base": (
        ASKED + "cases: [{id: a, base: other, expect: {fee_payable: YES}}]",
        ("cases.unknown", "other", "there is no base `other`", ""),
    ),
    "without": (
        ASKED + "cases: [{id: a, without: [product], expect: {fee_payable: YES}}]",
        ("cases.unknown", "product", "`product` is no fact of the base", ""),
    ),
    "clause": (
        ASKED + 'cases: [{id: a, expect: {fee_payable: {clauses: ["9.9"]}}}]',
        ("cases.unknown", '"9.9"', "there is no clause `9.9`", ""),
    ),
    "rule": (
        ASKED + "cases: [{id: a, expect: {fee_payable: {rules: [acepted]}}}]",
        ("cases.unknown", "acepted", "there is no rule `acepted`", "did you mean `accepted`?"),
    ),
    "remark": (
        ASKED + "cases: [{id: a, expect: {fee_payable: {remarks: [may_extent]}}}]",
        (
            "cases.unknown",
            "may_extent",
            "there is no remark `may_extent`",
            "did you mean `may_extend`?",
        ),
    ),
    "open-point": (
        ASKED + "cases: [{id: a, expect: {fee_payable: {open: [A1, paid_no]}}}]",
        (
            "cases.unknown",
            "paid_no",
            "nothing named `paid_no` can be open",
            "did you mean `paid_on`?",
        ),
    ),
    "presumed": (
        ASKED + "cases: [{id: a, presumed: [first], expect: {fee_payable: YES}}]",
        ("cases.unknown", "first", "there is no fact `first`", ""),
    ),
    "refused": (
        ASKED + "cases: [{id: a, refused: [input.contradiction]}]",
        ("cases.unknown", "input.contradiction", "there is no code `input.contradiction`", ""),
    ),
    "twice": (
        ASKED
        + "cases:\n- {id: a, expect: {fee_payable: YES}}\n- {id: a, expect: {fee_payable: NO}}",
        (
            "cases.duplicate-id",
            "a",
            "there are two cases `a`: here and in line 5",
            "give each case a name of its own",
        ),
    ),
    "asked-on": (
        HEAD + "cases: [{id: a, expect: {fee_payable: YES}}]",
        (
            "cases.asked-on",
            "a",
            "the case `a` does not say on which day it is asked",
            "give `asked_on` in the case or in its base",
        ),
    ),
    "programme": (
        ASKED.replace(NAME, "other") + "cases: []",
        (
            "registry.wrong-name",
            "other",
            "the cases are about `other`, and their folder is `example-referral`",
            "write `example-referral` here, or rename it",
        ),
    ),
}


@pytest.mark.parametrize("what", MISTAKES)
def test_a_mistake_is_told_once_where_it_stands(what: str, checked: Checked) -> None:
    text, problem = MISTAKES[what]
    assert checked(text) == [problem]


def test_a_mistake_of_the_base_is_told_once_however_many_cases_rest_on_it(
    checked: Checked,
) -> None:
    text = (
        HEAD
        + "base: {asked_on: 2025-01-31, overlays: [no-such], facts: {no_such: 1}}\n"
        + "cases:\n"
        + "".join(f"- {{id: case-{each}, expect: {{fee_payable: YES}}}}\n" for each in range(5))
    )
    assert [problem[1] for problem in checked(text)] == ["no-such", "no_such"]


def test_all_mistakes_are_told_at_once(checked: Checked) -> None:
    found = checked(
        ASKED + "cases:\n- {id: a, overlays: [x], facts: {y: 1}, expect: {z: 1}}\n"
        '- {id: b, expect: {fee_payable: {clauses: ["0"], open: [nothing_like_it]}}}\n'
    )
    assert [(each[0], each[1]) for each in found] == [
        ("cases.unknown", "x"),
        ("cases.unknown", "y"),
        ("cases.unknown", "z"),
        ("cases.unknown", '"0"'),
        ("cases.unknown", "nothing_like_it"),
    ]


RIGHT = {
    "unknown-fact-refused": "{id: a, facts: {unheard_of: 1}, refused: [input.unknown-fact]}",
    "entry-of-a-log": "{id: a, expect: {fee_payable: {open: ['acceptances[1].may_sign']}}}",
    "ambiguity": "{id: a, expect: {fee_payable: {open: [A1, G1], further: [who_accepts]}}}",
    "presumed-entry": "{id: a, presumed: ['acceptances[1].may_sign'], expect: {fee_payable: YES}}",
    "remark-of-every-answer": "{id: a, expect: {fee_due_on: {remarks: [terms_may_change]}}}",
    "coverage": "{id: a, expect: {fee_payable: {rules: [covers]}}}",
}


@pytest.mark.parametrize("what", RIGHT)
def test_what_is_right_is_not_complained_of(what: str, checked: Checked) -> None:
    quoted = RIGHT[what]
    problems = checked(ASKED + f"cases: [{quoted}]")
    assert [each for each in problems if each[0] == "cases.unknown"] == []


STRUCTURE = {
    "nothing-expected": "{id: a}",
    "empty-expectation": "{id: a, expect: {}}",
    "nothing-of-a-decision": "{id: a, expect: {fee_payable: {}}}",
    "both": "{id: a, expect: {fee_payable: YES}, refused: [input.json]}",
    "unknown-key": "{id: a, expects: {fee_payable: YES}}",
    "no-day": "{id: a, asked_on: 2024-02-30, expect: {fee_payable: YES}}",
    "verdict": "{id: a, expect: {fee_payable: {verdict: MAYBE}}}",
}


@pytest.mark.parametrize("what", STRUCTURE)
def test_a_file_of_another_structure_is_refused(what: str) -> None:
    text = ASKED + f"cases: [{STRUCTURE[what]}]"
    with pytest.raises(PolicyError) as caught:
        load_cases(text.encode(), "cases.yaml")
    assert {each.code.partition(".")[0] for each in caught.value.diagnostics} == {"schema"}


def test_a_file_that_cannot_be_read_is_a_problem_like_others(library: Library) -> None:
    path = library.root / NAME / "cases.yaml"
    path.unlink(missing_ok=True)
    path.mkdir()
    files, problems = cases_files(library)
    path.rmdir()
    assert files == ()
    assert [each.code for each in problems] == ["registry.not-a-file"]


def test_what_a_suggested_case_leaves_open_has_to_be_filled_in() -> None:
    text = (
        "format: 1\nprogramme: a\ncases:\n  - id: b\n    asked_on: 2024-01-01\n    expect:\n"
        "      fee_payable:\n      fee_amount: {verdict: }\n"
    )
    with pytest.raises(PolicyError) as caught:
        load_cases(text.encode(), "cases.yaml")
    told = [(each.code, each.message.text(), each.help) for each in caught.value.diagnostics]
    assert [code for code, _, _ in told] == ["schema.type", "schema.type"]
    assert all("not filled in" in what for _, what, _ in told)
