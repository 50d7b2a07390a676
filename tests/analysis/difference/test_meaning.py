"""Two versions compared by what they say: what is a difference, what is none, and what it is called."""

import re
from pathlib import Path

import pytest
import yaml

from policyeval.analysis.difference.comparing import compare
from policyeval.analysis.difference.model import FormulaChange, PlainChange, TextChange
from policyeval.evaluator.policies import load_policies
from policyeval.policy.addresses import written
from policyeval.policy.model import Formula
from tests.analysis.difference.changed import (
    NAME,
    NEW,
    OLD,
    PROGRAMMES,
    Edit,
    difference,
    folder_with,
    replacing,
    said,
)


def same(text: str) -> str:
    return text


def comments(text: str) -> str:
    """Write a comment above every section, and another indentation of a text."""
    text = re.sub(r"(?m)^([a-z_]+:)$", r"# a comment\n\1", text)
    return text.replace(
        "value: paid_on + payment_period", "value: >-\n      paid_on\n      + payment_period"
    )


def keys_in_another_order(text: str) -> str:
    """Put the sections of the file, and two of its requirements, in another order."""
    head, *sections = re.split(r"(?m)^(?=[a-z_]+:)", text)
    fixed = [each for each in sections if each.split(":")[0] not in {"facts", "readings"}]
    moved = [each for each in sections if each not in fixed]
    text = head + "".join(fixed + moved)
    one, other = (
        re.search(rf"(?m)^      - id: {name}\n(?:        .*\n)+", text)
        for name in ("accepted", "identified")
    )
    assert one is not None and other is not None  # noqa: PT018
    return text.replace(one[0] + other[0], other[0] + one[0])


NO_DIFFERENCE: dict[str, Edit] = {
    "copy": same,
    "comments-and-indentation": comments,
    "order-of-keys": keys_in_another_order,
    "quotation-marks": replacing(("that: terms_accepted", 'that: "terms_accepted"')),
    "list-of-one-clause": replacing(('clause: ["1.3"]', 'clause: "1.3"')),
    "order-of-clauses": replacing(('clause: ["2.3", "2.4"]', 'clause: ["2.4", "2.3"]')),
    "line-of-the-source": replacing(("lines: [22]", "lines: [22, 23]")),
    "order-of-values": replacing(
        (
            "      law_firm: {en: law firm, sv: advokatbyrå, de: Kanzlei}\n"
            "      public_body: {en: public body, sv: offentligt organ, de: öffentliche Stelle}\n",
            "      public_body: {en: public body, sv: offentligt organ, de: öffentliche Stelle}\n"
            "      law_firm: {en: law firm, sv: advokatbyrå, de: Kanzlei}\n",
        )
    ),
}


@pytest.mark.parametrize("what", NO_DIFFERENCE)
def test_how_it_is_laid_out_is_no_difference(what: str) -> None:
    found = difference(NO_DIFFERENCE[what])
    assert said(found.changes) == []
    assert found.rewritten == ()
    assert not found


REWRITTEN: dict[str, tuple[str, str, str]] = {
    "flipped": (
        "that: ordered_on <= order_window_ends_on",
        "that: not(ordered_on > order_window_ends_on)",
        "decisions.fee_payable.requires.ordered_in_time.that",
    ),
    "order": (
        "that: partner_number != null or company_name != null",
        "that: not(company_name = null and partner_number = null)",
        "decisions.fee_payable.requires.identified.that",
    ),
    "membership": (
        'when: partner_kind in ("law_firm", "public_body")',
        'when: partner_kind = "public_body" or partner_kind = "law_firm"',
        "decisions.fee_payable.excluded_if.not_admitted.when",
    ),
    "period": (
        'included: delivered_on + duration("P1Y")',
        'included: delivered_on + duration("P12M")',
        "decisions.first_year_ends_on.value.delivery.included",
    ),
    "event": (
        "value: ordered_on = null or ordered_on > order_window_ends_on",
        "value: not(ordered_on != null and order_window_ends_on >= ordered_on)",
        "decisions.window_missed.value",
    ),
    "cell": (
        'when: ["-", "true"], then: ["1000"]',
        'when: ["-", "true"], then: ["500 * 2"]',
        "decisions.bonus.table.rules.first.then",
    ),
    "what-cannot-fail-for-facts": (
        "some each in acceptances satisfies each.may_sign and each.accepted_at <= referred_at",
        "some each in acceptances satisfies referred_at >= each.accepted_at and each.may_sign",
        "decisions.terms_accepted.value.signatory",
    ),
    "bound-name": (
        "anyone: some each in acceptances satisfies each.accepted_at <= referred_at",
        "anyone: some one in acceptances satisfies referred_at >= one.accepted_at",
        "decisions.terms_accepted.value.anyone",
    ),
}


@pytest.mark.parametrize("what", REWRITTEN)
def test_a_formula_that_only_looks_different_is_told_apart_and_is_no_difference(
    what: str,
) -> None:
    old, new, address = REWRITTEN[what]
    found = difference(replacing((old, new)))
    assert [written(tuple(filter(None, each.address))) for each in found.rewritten] == [address]
    assert said(found.changes) == []


def test_a_value_written_out_in_place_of_its_parameter_is_no_difference() -> None:
    in_time = "paid_on + payment_period > asked_on or not(happened(paid_on))"
    edit = replacing(
        ("value: paid_on + payment_period", 'value: paid_on + duration("P30D")'),
        ("when: not(happened(paid_on))", f"when: {in_time}"),
    )
    found = difference(edit)
    assert [written(each.address) for each in found.rewritten] == ["decisions.fee_due_on.value"]
    assert said(found.changes) == ["changed remarks.not_paid_yet when"]
    other = replacing(
        ("value: paid_on + payment_period", 'value: paid_on + duration("P31D")'),
        ("when: not(happened(paid_on))", f"when: {in_time}"),
    )
    assert said(difference(other).changes) == [
        "changed decisions.fee_due_on value",
        "changed remarks.not_paid_yet when",
    ]


DIFFERENT: dict[str, tuple[Edit, list[str]]] = {
    "parameter": (
        replacing(('value: duration("P120D")', 'value: duration("P4M")')),
        ["changed parameters.order_period value"],
    ),
    "comparison": (
        replacing(("that: paid_on <= first_year_ends_on", "that: paid_on < first_year_ends_on")),
        ["changed decisions.fee_payable.requires.paid_in_first_year that"],
    ),
    "one-option": (
        replacing(('included: delivered_on + duration("P1Y")', "included: delivered_on")),
        ["changed decisions.first_year_ends_on value.delivery.included"],
    ),
    "text": (
        replacing(("en: The customer paid after the first year.", "en: Paid too late.")),
        ["changed decisions.fee_payable.requires.paid_in_first_year because"],
    ),
    "question": (
        replacing(("sv: När förfaller ersättningen?", "sv: Vilken dag förfaller ersättningen?")),
        ["changed decisions.fee_due_on question"],
    ),
    "label-of-a-value": (
        replacing(("software: {en: software,", "software: {en: programs,")),
        ["changed facts.product one_of.software"],
    ),
    "adopted": (
        replacing(("      option: calendar\n", "      option: working\n")),
        ["changed readings.days_of_extension adopted"],
    ),
    "favours": (
        replacing(("        favours: partner\n      excluded:", "      excluded:")),
        ["changed readings.last_day_of_year.options.included favours"],
    ),
    "presumption": (
        replacing(("    presume: 0\n", "    presume: 1\n")),
        ["changed facts.costs_claimed presume"],
    ),
    "entry": (
        replacing(
            (
                "        presume: true\n        label:\n          en: the person",
                "        label:\n          en: the person",
            )
        ),
        ["changed facts.acceptances.entries.may_sign presume"],
    ),
    "clause-cited": (
        replacing(('clause: "3.3"\n    value: paid_on', 'clause: "3.4"\n    value: paid_on')),
        ["changed decisions.fee_due_on clause"],
    ),
    "kind-of-clause": (
        replacing(
            (
                "kind: deadline\n    gist:\n      en: The order must",
                "kind: condition\n    gist:\n      en: The order must",
            )
        ),
        ['changed clauses."2.3" kind'],
    ),
    "coverage": (
        replacing(('covers: product != "other"', 'covers: product = "software"')),
        ["changed decisions.fee_amount.covers when"],
    ),
    "hit-policy": (
        replacing(("hit_policy: PRIORITY", "hit_policy: FIRST")),
        ["changed decisions.fee_rate.table hit_policy"],
    ),
    "cell": (
        replacing((">= large_order", "> large_order")),
        ["changed decisions.fee_rate.table.rules.large when.order_amount"],
    ),
    "overlay": (
        replacing(("moves: [order_window_ends_on, fee_due_on]", "moves: [fee_due_on]")),
        ["changed overlays.working-day moves"],
    ),
    "open-when": (
        replacing(("open_when: extension_requested}", "open_when: not(extension_requested)}")),
        ["changed facts.extension_decision act.open_when"],
    ),
    "consistency": (
        replacing(("that: ordered_on <= delivered_on", "that: ordered_on < delivered_on")),
        ["changed consistent_when.order_before_delivery that"],
    ),
}


@pytest.mark.parametrize("what", DIFFERENT)
def test_what_says_something_else_is_a_difference_at_its_address(what: str) -> None:
    edit, expected = DIFFERENT[what]
    found = difference(edit)
    assert said(found.changes) == expected
    assert found


ADDED = """      - id: amount_given
        clause: ["2.3"]
        that: order_amount > 0
        because: {en: No amount., sv: Inget belopp., de: Kein Betrag.}
"""


def test_a_rule_that_is_new_or_gone_is_said_with_all_that_it_says() -> None:
    at = "    excluded_if:\n      - id: not_admitted"
    found = difference(replacing((at, ADDED + at)))
    assert said(found.changes) == ["added decisions.fee_payable.requires.amount_given"]
    back = compare(found.after, found.before)
    assert said(back.changes) == ["removed decisions.fee_payable.requires.amount_given"]


def test_a_whole_decision_is_one_change() -> None:
    both = load_policies(PROGRAMMES).versions(NAME).versions
    found = compare(both[0], both[1])
    assert said(found.changes) == [
        'changed clauses."3.1" gist',
        'changed clauses."4.3" kind gist',
        "changed parameters.order_period value",
        "changed decisions.fee_rate.table hit_policy inputs.order_amount.expression outputs.values",
        "added decisions.fee_rate.table.rules.large",
        "added decisions.papers_to_keep",
        "removed decisions.desk",
    ]
    assert {each.key for each in found.frame} == {
        *("in_force.from", "in_force.until", "known_from", "source.file", "source.sha256")
    }


RENAMED: dict[str, tuple[Edit, list[str]]] = {
    "parameter": (
        lambda text: text.replace("payment_period", "time_to_pay"),
        ["renamed parameters.time_to_pay"],
    ),
    "decision": (
        lambda text: text.replace("window_missed", "too_late"),
        ["renamed decisions.too_late"],
    ),
    "decision-with-rules": (
        lambda text: text.replace("fee_payable:", "fee_due:"),
        ["renamed decisions.fee_due"],
    ),
    "requirement": (
        replacing(("- id: identified", "- id: named")),
        ["renamed decisions.fee_payable.requires.named"],
    ),
    "reading": (
        lambda text: text.replace("who_accepts", "whose_acceptance"),
        ["renamed readings.whose_acceptance"],
    ),
    "option": (
        lambda text: text.replace("signatory:", "authorised:"),
        ["renamed readings.who_accepts.options.authorised"],
    ),
    "row": (
        replacing(("{id: training, clause", "{id: courses, clause")),
        ["renamed decisions.fee_rate.table.rules.courses"],
    ),
    "clause": (
        lambda text: text.replace('"1.3"', '"1.9"'),
        ['renamed clauses."1.9"'],
    ),
}


@pytest.mark.parametrize("what", RENAMED)
def test_the_same_content_under_another_name_is_one_change(what: str) -> None:
    edit, expected = RENAMED[what]
    found = difference(edit)
    assert said(found.changes) == expected
    assert found.rewritten == ()


def test_a_fact_under_another_name_is_the_same_in_every_formula() -> None:
    found = difference(lambda text: text.replace("paid_on", "settled_on"))
    assert said(found.changes) == ["renamed facts.settled_on"]
    assert found.renaming.names["settled_on"] == "paid_on"
    assert found.rewritten == ()


def test_a_column_that_stands_elsewhere_is_no_change() -> None:
    def swapped(text: str) -> str:
        text = text.replace("inputs: [product, order_amount]", "inputs: [order_amount, product]")
        for cells in ('"software"\', "-"', '"software"\', ">= large_order"', '"training"\', "-"'):
            one, other = (f"'{cells}").split(", ")
            assert f"[{one}, {other}]" in text, cells
            text = text.replace(f"[{one}, {other}]", f"[{other}, {one}]")
        return text.replace("""when: ['"hardware"', "-"]""", """when: ["-", '"hardware"']""")

    assert said(difference(swapped).changes) == []


def test_the_redline_of_a_text_is_there_for_each_language_that_changed() -> None:
    edit = replacing(
        ("en: The vendor may grant more time.", "en: The vendor may refuse more time."),
        ("sv: Säljaren kan bevilja mer tid.", "sv: Säljaren får bevilja mer tid."),
    )
    (change,) = difference(edit).changes
    (part,) = change.parts
    assert isinstance(part, TextChange)
    assert {
        language: [(each.kind, each.text) for each in pieces]
        for language, pieces in part.redlines.items()
    } == {
        "en": [
            ("same", "The vendor may "),
            ("gone", "grant"),
            ("new", "refuse"),
            ("same", " more time."),
        ],
        "sv": [
            ("same", "Säljaren "),
            ("gone", "kan"),
            ("new", "får"),
            ("same", " bevilja mer tid."),
        ],
    }


def test_a_reading_adopted_is_what_it_was_and_what_it_is() -> None:
    edit = replacing(("      option: calendar\n", "      option: working\n"))
    (change,) = difference(edit).changes
    assert change.parts == (PlainChange("adopted", "calendar", "working"),)


def test_a_changed_formula_is_given_as_it_was_and_as_it_is() -> None:
    edit = replacing(('value: duration("P120D")', 'value: duration("P121D")'))
    (change,) = difference(edit).changes
    (part,) = change.parts
    assert isinstance(part, FormulaChange)
    assert isinstance(part.before, Formula)
    assert isinstance(part.after, Formula)
    assert (part.before.text, part.after.text) == ('duration("P120D")', 'duration("P121D")')


def test_a_version_and_itself_have_no_difference() -> None:
    for each in load_policies(PROGRAMMES).versions(NAME).versions:
        found = compare(each, each)
        assert (found.frame, found.changes, found.rewritten) == ((), (), ())


def test_the_files_of_these_tests_are_what_they_should_be(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, comments)
    texts = [(folder / NAME / f"{each}.yaml").read_text(encoding="utf-8") for each in (OLD, NEW)]
    assert texts[0] != texts[1]
    assert [yaml.safe_load(each)["version"] for each in texts] == [OLD, NEW]
