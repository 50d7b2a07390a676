"""The small changes that are made of a version."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyeval.analysis.mutation.model import OPERATORS, Mutant
from policyeval.analysis.mutation.operators import mutants
from policyeval.feel.unparser import unparse
from policyeval.policy.addresses import written
from policyeval.policy.elements import elements, formulas_of
from policyeval.policy.model import Formula, ValidPolicy
from policyeval.policy.repository import read_folder
from tests.analysis.mutation.made import rule, rules, value, version

PROGRAMMES = Path(__file__).parents[2] / "programmes"


def subject(found: ValidPolicy) -> list[Mutant]:
    """Give the mutants of the decision that a test has written."""
    return [each for each in mutants(found) if "subject" in each.element.address]


def said(found: list[Mutant]) -> list[str]:
    return [f"{each.operator}: {each.what}" for each in found]


FORMULAS = {
    "dates": (
        "boolean",
        "returned_on > lent_on",
        [
            "comparison: returned_on > lent_on → returned_on >= lent_on",
            "comparison: returned_on > lent_on → returned_on < lent_on",
            'boundary: returned_on > lent_on → returned_on > lent_on + duration("P1D")',
            "swapped-name: returned_on > lent_on → reminded_on > lent_on",
        ],
    ),
    "dates-included": (
        "boolean",
        "returned_on <= lent_on",
        [
            "comparison: returned_on <= lent_on → returned_on < lent_on",
            "comparison: returned_on <= lent_on → returned_on >= lent_on",
            'boundary: returned_on <= lent_on → returned_on <= lent_on + duration("P1D")',
            "swapped-name: returned_on <= lent_on → reminded_on <= lent_on",
        ],
    ),
    "day": (
        "boolean",
        'lent_on = date("2024-02-29")',
        [
            'comparison: lent_on = date("2024-02-29") → lent_on != date("2024-02-29")',
            'boundary: date("2024-02-29") → date("2024-03-01")',
            'boundary: date("2024-02-29") → date("2024-02-28")',
            'swapped-name: lent_on = date("2024-02-29") → reserved_on = date("2024-02-29")',
        ],
    ),
    "days": (
        "date",
        'lent_on + duration("P90D")',
        [
            'boundary: duration("P90D") → duration("P91D")',
            'boundary: duration("P90D") → duration("P89D")',
            'unit: duration("P90D") → duration("P3M")',
        ],
    ),
    "months": (
        "date",
        'lent_on + duration("P1M")',
        [
            'boundary: duration("P1M") → duration("P2M")',
            'boundary: duration("P1M") → duration("P0M")',
            'unit: duration("P1M") → duration("P30D")',
        ],
    ),
    "years": (
        "date",
        'lent_on + duration("P1Y")',
        [
            'boundary: duration("P1Y") → duration("P13M")',
            'boundary: duration("P1Y") → duration("P11M")',
            'unit: duration("P1Y") → duration("P365D")',
        ],
    ),
    "amount": (
        "boolean",
        "pages >= 2.50",
        [
            "comparison: pages >= 2.50 → pages > 2.50",
            "comparison: pages >= 2.50 → pages <= 2.50",
            "value: pages >= 2.50 → pages >= 2.51",
            "value: pages >= 2.50 → pages >= 2.49",
            "swapped-name: pages >= 2.50 → days_late >= 2.50",
        ],
    ),
    "nothing": (
        "number",
        "pages - 0",
        [
            "value: pages - 0 → pages - 1",
            "value: pages - 0 → pages - (-1)",
            "swapped-name: pages - 0 → days_late - 0",
        ],
    ),
    "equal-amount": (
        "boolean",
        "pages = 3",
        [
            "comparison: pages = 3 → pages != 3",
            "value: pages = 3 → pages = 4",
            "swapped-name: pages = 3 → days_late = 3",
        ],
    ),
    "text-of-several": (
        "boolean",
        'kind = "film"',
        [
            'comparison: kind = "film" → kind != "film"',
            'value: kind = "film" → kind = "map"',
            'value: kind = "film" → kind = "book"',
        ],
    ),
    "texts": (
        "boolean",
        'kind in ("book", "film")',
        [
            'negated: kind in ("book", "film") → not(kind in ("book", "film"))',
            'dropped-part: kind in ("book", "film") → kind in ("film")',
            'dropped-part: kind in ("book", "film") → kind in ("book")',
            'value: kind in ("book", "film") → kind in ("map", "film")',
            'value: kind in ("book", "film") → kind in ("book", "map")',
        ],
    ),
    "result-text": ("string", '"a"', ['value: "a" → "a?"']),
    "range": (
        "boolean",
        "pages in [1..9)",
        [
            "negated: pages in [1..9) → not(pages in [1..9))",
            "brackets: [1..9) → (1..9)",
            "brackets: [1..9) → [1..9]",
            "value: [1..9) → [2..9)",
            "value: [1..9) → [0..9)",
            "value: [1..9) → [1..10)",
            "value: [1..9) → [1..8)",
            "swapped-name: pages in [1..9) → days_late in [1..9)",
        ],
    ),
    "between": (
        "boolean",
        "lent_on between returned_on and reminded_on",
        [
            "negated: lent_on between returned_on and reminded_on"
            " → not(lent_on between returned_on and reminded_on)",
            "brackets: lent_on between returned_on and reminded_on"
            " → lent_on in (returned_on..reminded_on]",
            "brackets: lent_on between returned_on and reminded_on"
            " → lent_on in [returned_on..reminded_on)",
            "boundary: lent_on between returned_on and reminded_on"
            ' → lent_on between returned_on - duration("P1D") and reminded_on',
            "boundary: lent_on between returned_on and reminded_on"
            ' → lent_on between returned_on and reminded_on + duration("P1D")',
            "swapped-name: lent_on between returned_on and reminded_on"
            " → lent_on between reminded_on and reminded_on",
            "swapped-name: lent_on between returned_on and reminded_on"
            " → lent_on between returned_on and returned_on",
        ],
    ),
    "conjunction": (
        "boolean",
        "lost and not(damaged)",
        [
            "negated: lost and not(damaged) → not(lost and not(damaged))",
            "connective: lost and not(damaged) → lost or not(damaged)",
            "dropped-part: lost and not(damaged) → not(damaged)",
            "dropped-part: lost and not(damaged) → lost",
            "negated: lost → not(lost)",
            "negated: not(damaged) → damaged",
            "swapped-name: lost → damaged",
            "swapped-name: damaged → lost",
        ],
    ),
    "alternatives": (
        "boolean",
        "lost or damaged and pages > 1",
        [
            "negated: lost or damaged and pages > 1 → not(lost or damaged and pages > 1)",
            "connective: lost or damaged and pages > 1 → lost and (damaged and pages > 1)",
            "dropped-part: lost or damaged and pages > 1 → damaged and pages > 1",
            "dropped-part: lost or damaged and pages > 1 → lost",
            "negated: lost → not(lost)",
            "negated: damaged and pages > 1 → not(damaged and pages > 1)",
            "connective: damaged and pages > 1 → damaged or pages > 1",
            "dropped-part: damaged and pages > 1 → pages > 1",
            "dropped-part: damaged and pages > 1 → damaged",
            "negated: damaged → not(damaged)",
            "comparison: pages > 1 → pages >= 1",
            "comparison: pages > 1 → pages < 1",
            "value: pages > 1 → pages > 2",
            "value: pages > 1 → pages > 0",
            "swapped-name: lost → damaged",
            "swapped-name: damaged → lost",
            "swapped-name: pages > 1 → days_late > 1",
        ],
    ),
    "branches": (
        "number",
        "if lost then pages else days_late",
        [
            "branches: if lost then pages else days_late → if lost then days_late else pages",
            "negated: lost → not(lost)",
            "swapped-name: if lost then pages else days_late"
            " → if lost then days_late else days_late",
            "swapped-name: if lost then pages else days_late → if lost then pages else pages",
        ],
    ),
    "quantifier": (
        "boolean",
        "some each in copies satisfies each.on_shelf",
        [
            "negated: some each in copies satisfies each.on_shelf"
            " → not(some each in copies satisfies each.on_shelf)",
            "quantifier: some each in copies satisfies each.on_shelf"
            " → every each in copies satisfies each.on_shelf",
            "negated: each.on_shelf → not(each.on_shelf)",
            "swapped-name: each.on_shelf → each.repaired",
        ],
    ),
    "filter": (
        "number",
        "count(copies[on_shelf])",
        [
            "dropped-part: copies[on_shelf] → copies",
            "negated: on_shelf → not(on_shelf)",
        ],
    ),
    "rounding": (
        "number",
        "round half up(pages, 2)",
        [
            "function: round half up(pages, 2) → round half down(pages, 2)",
            "value: round half up(pages, 2) → round half up(pages, 3)",
            "value: round half up(pages, 2) → round half up(pages, 1)",
            "swapped-name: round half up(pages, 2) → round half up(days_late, 2)",
        ],
    ),
    "larger-of": (
        "number",
        "max(pages, days_late)",
        [
            "function: max(pages, days_late) → min(pages, days_late)",
            "swapped-name: max(pages, days_late) → max(days_late, days_late)",
            "swapped-name: max(pages, days_late) → max(pages, pages)",
        ],
    ),
    "event": (
        "boolean",
        "happened(returned_on) and reminded_on != null",
        [
            "negated: happened(returned_on) and reminded_on != null"
            " → not(happened(returned_on) and reminded_on != null)",
            "connective: happened(returned_on) and reminded_on != null"
            " → happened(returned_on) or reminded_on != null",
            "dropped-part: happened(returned_on) and reminded_on != null → reminded_on != null",
            "dropped-part: happened(returned_on) and reminded_on != null → happened(returned_on)",
            "negated: happened(returned_on) → not(happened(returned_on))",
            "negated: reminded_on != null → not(reminded_on != null)",
        ],
    ),
    "null-that-is-asked-for": (
        "boolean",
        "reserved_on != null and reserved_on < lent_on",
        [
            "negated: reserved_on != null and reserved_on < lent_on"
            " → not(reserved_on != null and reserved_on < lent_on)",
            "dropped-part: reserved_on != null and reserved_on < lent_on → reserved_on != null",
            "comparison: reserved_on < lent_on → reserved_on <= lent_on",
            "comparison: reserved_on < lent_on → reserved_on > lent_on",
            'boundary: reserved_on < lent_on → reserved_on < lent_on - duration("P1D")',
            "swapped-name: reserved_on < lent_on → lent_on < lent_on",
            "swapped-name: reserved_on < lent_on → reserved_on < reserved_on",
        ],
    ),
    "constant": ("boolean", "true", ["value: true → false"]),
    "parameter": (
        "date",
        "lent_on + loan_period",
        [],  # no other parameter is as long in days, no other plain fact is a date that is never null
    ),
    "the-same-twice": (
        "boolean",
        "lost or pages > 1 or not(pages > 1)",
        [
            "negated: lost or pages > 1 or not(pages > 1)"
            " → not(lost or pages > 1 or not(pages > 1))",
            "connective: lost or pages > 1 or not(pages > 1)"
            " → lost and pages > 1 and not(pages > 1)",
            "dropped-part: lost or pages > 1 or not(pages > 1) → pages > 1 or not(pages > 1)",
            "dropped-part: lost or pages > 1 or not(pages > 1) → lost or not(pages > 1)",
            "dropped-part: lost or pages > 1 or not(pages > 1) → lost or pages > 1",
            "negated: lost → not(lost)",
            "comparison: lost or pages > 1 or not(pages > 1)"
            " → lost or pages >= 1 or not(pages > 1)",
            "comparison: lost or pages > 1 or not(pages > 1) → lost or pages < 1 or not(pages > 1)",
            "value: lost or pages > 1 or not(pages > 1) → lost or pages > 2 or not(pages > 1)",
            "value: lost or pages > 1 or not(pages > 1) → lost or pages > 0 or not(pages > 1)",
            "negated: not(pages > 1) → pages > 1",
            "comparison: not(pages > 1) → not(pages >= 1)",
            "comparison: not(pages > 1) → not(pages < 1)",
            "value: not(pages > 1) → not(pages > 2)",
            "value: not(pages > 1) → not(pages > 0)",
            "swapped-name: lost or pages > 1 or not(pages > 1)"
            " → lost or days_late > 1 or not(pages > 1)",
            "swapped-name: not(pages > 1) → not(days_late > 1)",
        ],
    ),
}


@pytest.mark.parametrize(("type_", "formula", "expected"), FORMULAS.values(), ids=FORMULAS)
def test_a_formula_is_changed_in_every_small_way(
    tmp_path: Path, type_: str, formula: str, expected: list[str]
) -> None:
    assert sorted(said(subject(version(tmp_path, value(type_, formula))))) == sorted(expected)


def test_rules_are_left_out_one_by_one(tmp_path: Path) -> None:
    written_ = rules(
        f"covers: {{when: 'pages > 0', clause: \"1\", because: {BECAUSE}}}",
        f"requires: [{rule('back', 'that', 'happened(returned_on)')}]",
        f"excluded_if: [{rule('lost', 'when', 'lost')}]",
        'remarks: [{id: hint, clause: "1", say: {sv: ja, de: ja, en: yes}}]',
    )
    found = subject(version(tmp_path, written_, CONSISTENT))
    assert [each.what for each in found if each.operator == "dropped-rule"] == [
        "covers → (none)",
        "back → (none)",
        "lost → (none)",
        "hint → (none)",
    ]


def test_a_condition_of_all_transactions_is_left_out(tmp_path: Path) -> None:
    found = mutants(version(tmp_path, value("boolean", "lost"), CONSISTENT), {"dropped-rule"})
    assert [(written(each.at), each.what) for each in found] == [
        ("consistent_when.order", "order → (none)"),
        ("remarks.short", "short → (none)"),
    ]


BECAUSE = "{sv: nej, de: nein, en: no}"

CONSISTENT = f"""\
consistent_when:
  - {rule("order", "that", "lent_on <= returned_on")}
remarks:
  - {{id: short, clause: "1", when: pages < 10, say: {BECAUSE}}}
"""

TABLE = """\
  subject:
    type: number
    question: {sv: Vad?, de: Was?, en: What?}
    clause: "1"
    table:
      hit_policy: FIRST
      inputs: [kind, pages]
      outputs: [{name: rate, type: number, default: "0"}]
      rules:
        - {id: books, clause: "1", when: ['"book", "map"', "-"], then: ["1"]}
        - {id: thick, clause: "1", when: ['not("film")', "> 100"], then: ["2"]}
"""


def test_a_table_is_changed_row_by_row_and_cell_by_cell(tmp_path: Path) -> None:
    found = subject(version(tmp_path, TABLE))
    assert [f"{'.'.join(each.at[3:])}: {each.operator}: {each.what}" for each in found] == [
        "inputs.1.expression: swapped-name: pages → days_late",
        "outputs.0.default: value: 0 → 1",
        "outputs.0.default: value: 0 → (-1)",
        "rules.books: row: books → (none)",
        'rules.books.when.0: dropped-part: "book", "map" → "map"',
        'rules.books.when.0: dropped-part: "book", "map" → "book"',
        'rules.books.when.0: negated: "book", "map" → not("book", "map")',
        'rules.books.when.0: dropped-part: "book", "map" → -',
        'rules.books.when.0: value: "book", "map" → "film", "map"',
        'rules.books.when.0: value: "book", "map" → "book", "film"',
        "rules.books.then.0: value: 1 → 2",
        "rules.books.then.0: value: 1 → 0",
        "rules.thick: row: thick → (none)",
        'rules.thick.when.0: negated: not("film") → "film"',
        'rules.thick.when.0: dropped-part: not("film") → -',
        'rules.thick.when.0: value: not("film") → not("map")',
        'rules.thick.when.0: value: not("film") → not("book")',
        "rules.thick.when.1: negated: > 100 → not(> 100)",
        "rules.thick.when.1: dropped-part: > 100 → -",
        "rules.thick.when.1: comparison: > 100 → >= 100",
        "rules.thick.when.1: comparison: > 100 → < 100",
        "rules.thick.when.1: value: > 100 → > 101",
        "rules.thick.when.1: value: > 100 → > 99",
        "rules.thick.then.0: value: 2 → 3",
        "rules.thick.then.0: value: 2 → 1",
    ]


def test_a_parameter_gets_another_value(tmp_path: Path) -> None:
    found = mutants(version(tmp_path, value("boolean", "lost")))
    about = [each for each in found if each.element.kind == "parameter"]
    assert [f"{each.element.address[1]} {each.operator} {each.after}" for each in about] == [
        'loan_period parameter duration("P29D")',
        'loan_period parameter duration("P27D")',
        'half_year parameter duration("P7M")',
        'half_year parameter duration("P5M")',
        'half_year unit duration("P180D")',
    ]


CHOICES = """\
  subject:
    type: date
    question: {sv: Vad?, de: Was?, en: What?}
    clause: "1"
    value:
      by: period_runs_from
      lending: lent_on + duration("P1D")
      next_day: {by: film_is, any: reminded_on, none: returned_on}
"""


def test_options_of_a_reading_change_places_and_another_one_is_adopted(tmp_path: Path) -> None:
    found = mutants(version(tmp_path, CHOICES), {"reading"})
    assert [(written(each.at), each.what) for each in found] == [
        ("readings.film_is.adopted", "any → none"),
        ("decisions.subject.value", "lending → next_day"),
        ("decisions.subject.value.next_day", "any → none"),
    ]


def test_what_is_settled_otherwise_concerns_no_question(tmp_path: Path) -> None:
    found = subject(version(tmp_path, CHOICES))
    concerned = {written(each.at): each.questions for each in found}
    assert concerned["decisions.subject.value.lending"] == {"subject"}
    assert concerned["decisions.subject.value.next_day.any"] == {"subject"}
    assert concerned["decisions.subject.value.next_day.none"] == frozenset()


def test_a_mutant_concerns_the_questions_that_are_computed_from_what_is_changed(
    tmp_path: Path,
) -> None:
    decisions = value("boolean", "helper or lost") + HELPER
    found = list(mutants(version(tmp_path, decisions)))
    by_part = {each.element.address[1]: each for each in found}
    assert by_part["helper"].questions == {"subject", "remarked"}
    assert by_part["helper"].answers == {"subject"}
    assert by_part["half_year"].questions == {"uses_everything"}
    assert by_part["waived"].questions == {"uses_everything"}
    assert by_part["remarked"].questions == {"remarked"}
    remark = next(each for each in found if each.element.kind == "remark")
    assert remark.questions == {"remarked"}
    assert not remark.answers


HELPER = f"""\
  helper:
    type: boolean
    label: {BECAUSE}
    clause: "1"
    value: pages > 1
  remarked:
    type: boolean
    question: {BECAUSE}
    clause: "1"
    value: "true"
    remarks: [{{id: hint, clause: "1", when: helper, say: {BECAUSE}}}]
"""


# ------------------------------------------------------------------------------- laws


def everything() -> list[tuple[ValidPolicy, list[Mutant]]]:
    library = read_folder(PROGRAMMES)
    library.refuse()
    (programme,) = library.programmes.values()
    return [(each, list(mutants(each))) for each in programme.versions]


EVERYTHING = everything()


def test_every_kind_of_change_is_made_of_a_programme_that_uses_everything() -> None:
    made = {each.operator for _, found in EVERYTHING for each in found}
    assert made | {"brackets", "branches"} == {*OPERATORS}


def test_no_two_mutants_of_a_place_are_called_the_same() -> None:
    for _, found in EVERYTHING:
        assert len({(each.at, each.what) for each in found}) == len(found)


def test_the_order_is_the_same_every_time() -> None:
    again = [[(each.at, each.what) for each in found] for _, found in everything()]
    assert again == [[(each.at, each.what) for each in found] for _, found in EVERYTHING]


def test_only_chosen_kinds_of_change_are_made() -> None:
    valid, found = EVERYTHING[0]
    chosen = list(mutants(valid, {"boundary", "row"}))
    assert [each.what for each in chosen] == [
        each.what for each in found if each.operator in {"boundary", "row"}
    ]


FORMULAS_OF = {
    id(valid): {
        (*element.address, *keys): formula
        for element in elements(valid.policy)
        for keys, formula in formulas_of(element.slots)
    }
    for valid, _ in EVERYTHING
}


def formula_at(valid: ValidPolicy, mutant: Mutant) -> Formula:
    return FORMULAS_OF[id(valid)][mutant.at]


CHANGED = [
    (valid, mutant)
    for valid, found in EVERYTHING
    for mutant in found
    if mutant.operator not in {"reading", "dropped-rule", "row"}
]


@given(st.sampled_from(CHANGED))
def test_what_stands_there_before_and_after_says_all_of_the_change(
    given_: tuple[ValidPolicy, Mutant],
) -> None:
    valid, mutant = given_
    (_, after), *_ = mutant.pairs
    assert isinstance(after, Formula)
    text = " ".join(formula_at(valid, mutant).text.split())
    assert text.count(mutant.before) == 1
    changed = text.replace(mutant.before, mutant.after)
    assert changed == " ".join(after.text.split())
    assert unparse(after.tree) != unparse(formula_at(valid, mutant).tree)


@given(st.sampled_from(CHANGED))
def test_a_mutant_differs_from_the_version_in_one_formula(
    given_: tuple[ValidPolicy, Mutant],
) -> None:
    valid, mutant = given_
    element = next(
        each for each in elements(mutant.policy.policy) if each.address == mutant.element.address
    )
    assert dict(formulas_of(element.slots))[mutant.slot] is mutant.pairs[0][1]
    before = [f for each in elements(valid.policy) for _, f in formulas_of(each.slots)]
    after = [f for each in elements(mutant.policy.policy) for _, f in formulas_of(each.slots)]
    assert sum(a is not b for a, b in zip(before, after, strict=True)) == 1
    assert mutant.policy.checked.keys() >= set(after)


def test_the_place_of_a_change_is_in_the_file() -> None:
    for valid, mutant in CHANGED:
        source = valid.policy.source
        span = mutant.span
        assert 0 < span.start <= span.end <= len(source.text)
        formula = formula_at(valid, mutant)
        scalar = formula.scalar.span
        assert scalar.start <= span.start <= span.end <= scalar.end
