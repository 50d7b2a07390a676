"""What golden cases are found to show, and what they are found not to show."""

import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policyeval.analysis.coverage import Coverage
from policyeval.cases.model import Cases
from policyeval.evaluator.policies import PolicySet
from policyeval.policy.addresses import written
from tests.analysis.coverage.programme import NAME, changed, covered, made, missing, read


@cache
def programme() -> tuple[PolicySet, Cases]:
    return read(made(Path(mkdtemp())))


@cache
def without(*ids: str) -> Coverage:
    """Find what the full set covers without some cases."""
    policies, file = programme()
    assert set(ids) <= {each.id for each in file.cases}
    return covered(policies, file, tuple(each for each in file.cases if each.id not in ids))


def test_a_full_set_of_cases_shows_everything() -> None:
    (found,) = without().programmes
    assert not found.missing
    assert {each.percent for each in found.figures.values()} == {100}
    assert without().lowest == 1
    (version,) = found.versions
    assert version.asked
    assert version.figures == found.figures
    assert found.exempted == 1
    assert not found.unneeded


def test_every_clause_is_cited_or_needs_no_rule() -> None:
    (found,) = without().programmes
    accounting = found.versions[0].accounting
    assert (accounting.cited, dict(accounting.free), accounting.open) == (15, {"incomplete": 1}, ())
    assert accounting.figure.percent == 100


ONE_THING = {
    "partner-number-unknown": "decisions.fee_payable.requires.identified: never undetermined",
    "contact-unknown": "decisions.fee_payable.excluded_if.came_by_itself: never undetermined",
    "costs-unknown": "decisions.costs_reimbursed.excluded_if.own_costs: never undetermined",
    "extension-unknown": "facts.extension_decision: never undetermined",
    "paid-unknown": "remarks.not_paid_yet: never undetermined",
    "named-by-company": (
        "decisions.fee_payable.requires.identified.that: never alone: company_name != null"
    ),
    "withdrawn-later": (
        "decisions.fee_payable.excluded_if.status_withdrawn.when: "
        "never alone: status_withdrawn_on <= date(referred_at)"
    ),
    "ordered-late-extension-granted": (
        'decisions.order_window_ends_on.value: never alone: extension_decision = "granted"'
    ),
    "ordered-late-extension-refused": (
        "decisions.fee_payable.remarks.may_extend.when: never alone: extension_requested"
    ),
}


@pytest.mark.parametrize("case", ONE_THING)
def test_without_a_case_exactly_what_it_alone_showed_is_missing(case: str) -> None:
    assert missing(without(case)) == [ONE_THING[case]]


SEVERAL: dict[tuple[str, ...], set[str]] = {
    ("negative-costs",): {
        "decisions.costs_reimbursed.excluded_if.own_costs: never false",
        "decisions.costs_reimbursed.excluded_if.own_costs.when: never alone: costs_claimed >= 0",
    },
    ("delivered-before-order",): {
        'clauses."2.3": never shown',
        "consistent_when.order_before_delivery: never false",
        "consistent_when.order_before_delivery.that: never alone: ordered_on <= delivered_on",
    },
    ("training",): {
        'clauses."3.1": never shown',
        "decisions.fee_rate.table.rules.training: never hit",
        'decisions.fee_rate.table.rules.training.when.0: never alone: "training"',
    },
    ("neither-large-nor-first",): {
        "decisions.bonus.table: never the default",
        "decisions.fee_amount.remarks.calculation: never false",
        "decisions.fee_amount.remarks.calculation.when: never alone: bonus > 0",
    },
}


@pytest.mark.parametrize("cases", SEVERAL, ids=" ".join)
def test_rows_defaults_clauses_and_consistency_are_looked_at(cases: tuple[str, ...]) -> None:
    assert set(missing(without(*cases))) == SEVERAL[cases]


def test_a_reading_that_no_answer_turns_on_is_told() -> None:
    assert "readings.who_accepts: never deciding" in missing(without("accepted-by-whom"))


def test_the_pair_that_is_missing_is_said_in_plain_words() -> None:
    (found,) = without("withdrawn-later").programmes
    (one,) = found.missing
    assert one.text.text() == (
        "`status_withdrawn_on <= date(referred_at)` is not shown to matter on its own; missing is a "
        "case with `status_withdrawn_on <= date(referred_at)` false, `status_withdrawn_on != null` true"
    )
    position = one.source.position(one.goal.span.start)
    line = one.source.text.splitlines()[position.line - 1]
    assert line[position.column - 1 :] == "status_withdrawn_on <= date(referred_at)"


def test_what_no_case_asserts_is_not_covered() -> None:
    policies, file = programme()
    silent = tuple(
        replace(e, expect=tuple(x for x in e.expect if x.decision != "costs_reimbursed"))
        for e in file.cases
    )
    gone = [each for each in missing(covered(policies, file, silent)) if "own_costs" in each]
    assert len(gone) == 4


def test_a_case_that_fails_shows_nothing() -> None:
    policies, file = programme()
    failing = tuple(replace(each, asked_on=each.asked_on.replace(year=2020)) for each in file.cases)
    (found,) = covered(policies, file, failing).programmes
    assert not found.versions[0].asked
    assert found.figures["rules"].reached == 0


def test_without_cases_nothing_is_shown() -> None:
    policies, file = programme()
    (found,) = covered(policies, file, ()).programmes
    assert {name: each.reached for name, each in found.figures.items()} == dict.fromkeys(
        ("clauses", "rules", "readings", "conditions"), 0
    )


# ------------------------------------------------------------------------------- layout


def relaid(text: str) -> str:
    """Lay a version out otherwise: comments, blank lines, other blanks in formulas, quotes."""
    text = re.sub(r"(?m)^(\w+:)$", r"\n# here begins what follows\n\1", text)
    text = text.replace(
        "that: paid_on <= first_year_ends_on",
        "that: >-\n          paid_on\n            <=  first_year_ends_on",
    )
    return text.replace('when: product != "other"', "when: 'product   !=   \"other\"'")


def test_another_layout_changes_nothing(tmp_path: Path) -> None:
    folder = made(tmp_path)
    changed(folder, relaid)
    policies, file = read(folder)
    kept = tuple(file.cases[:4])
    before, after = covered(*programme(), kept), covered(policies, file, kept)
    assert missing(after) == missing(before)
    assert after.programmes[0].figures == before.programmes[0].figures


# ------------------------------------------------------------------------------- more cases


@settings(max_examples=5, deadline=None)
@given(st.data())
def test_another_case_never_lowers_coverage(data: st.DataObject) -> None:
    policies, file = programme()
    cases = data.draw(st.lists(st.sampled_from(file.cases), max_size=4, unique_by=lambda e: e.id))
    other = data.draw(st.sampled_from(file.cases))
    fewer = covered(policies, file, tuple(cases))
    more = covered(policies, file, (*cases, other))
    assert set(missing(more)) <= set(missing(fewer))
    for one, two in zip(fewer.programmes, more.programmes, strict=True):
        assert all(two.figures[name].share >= each.share for name, each in one.figures.items())


# ------------------------------------------------------------------------------- exceptions

BECAUSE = "because: {en: So it is., sv: Så är det., de: So ist es.}"


def test_an_exception_that_is_not_needed_is_told(tmp_path: Path) -> None:
    folder = made(tmp_path)
    changed(
        folder,
        lambda text: (
            f"{text}  - {{at: remarks.not_paid_yet, what: never true, {BECAUSE}}}\n"
            f"  - {{at: remarks.not_paid_yet, what: never mind, {BECAUSE}}}\n"
            f"  - {{at: remarks.not_paid_yet, what: 'a > b → a >= b', {BECAUSE}}}\n"
        ),
        "cases.yaml",
    )
    (found,) = covered(*read(folder)).programmes
    told = [(e.exception.what, e.shown) for e in found.unneeded]
    assert told == [("never true", True), ("never mind", False)]


def test_a_clause_is_excused_with_what_it_rests_on(tmp_path: Path) -> None:
    folder = made(tmp_path)
    changed(
        folder,
        lambda text: (
            f"{text}  - {{at: decisions.fee_rate.table.rules.training, what: never hit, {BECAUSE}}}\n"
        ),
        "cases.yaml",
    )
    policies, file = read(folder)
    cases = tuple(each for each in file.cases if each.id != "training")
    found = covered(policies, file, cases)
    assert missing(found) == [
        'decisions.fee_rate.table.rules.training.when.0: never alone: "training"'
    ]
    assert found.programmes[0].exempted == 2


# ------------------------------------------------------------------------------- versions


def test_a_version_that_no_case_reaches_is_told_and_what_is_new_in_it_is_missing(
    tmp_path: Path,
) -> None:
    (found,) = covered(*read(made(tmp_path, older=True))).programmes
    newest, older = found.versions
    assert (newest.version, newest.asked) == ("2024-07-01", True)
    assert (older.version, older.asked) == ("2024-01-01", False)
    assert newest.figures["rules"].percent == 100
    asked = {written(each.goal.at) for each in found.missing}
    assert {each.version for each in found.missing} == {"2024-01-01"}
    # The time for the order is another one there, so that what rests on it has to be shown anew …
    assert "decisions.fee_payable.requires.ordered_in_time" in asked
    # … and what both say alike has not.
    assert "decisions.fee_payable.requires.identified" not in asked


def test_an_open_reading_of_the_governing_day_has_to_decide(tmp_path: Path) -> None:
    folder = made(tmp_path, older=True)
    changed(
        folder,
        lambda text: re.sub(r"(?s)  adopted:.*?(?=  decisions:)", "", text),
        "programme.yaml",
    )
    policies, file = read(folder)
    assert "governed_by: never deciding" in missing(covered(policies, file, ()))


def test_figures_name_the_programme() -> None:
    assert [each.programme for each in without().programmes] == [NAME]
