"""A version as a document: whole, in three languages; and how each kind of condition is said."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from policyeval.document import render_document
from policyeval.document.phrasing import Phrasing, flattened
from policyeval.evaluation.naming import words
from policyeval.evaluator.policies import load_policies
from policyeval.feel.checker import check
from policyeval.feel.parser import parse
from policyeval.messages import LANGUAGES
from policyeval.policy.model import ValidPolicy
from policyeval.source import Source

NAME = "example-referral"


@cache
def version(name: str) -> ValidPolicy:
    found = load_policies(Path(__file__).parents[1] / "programmes").versions(NAME).versions
    return next(each for each in found if each.policy.version == name)


@pytest.mark.parametrize("name", ["2024-01-01", "2024-07-01"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_version_reads_as_a_document(
    name: str, language: str, golden: Callable[[str, str], None]
) -> None:
    golden(f"document/{NAME}.{name}.{language}.md", render_document(version(name), language))


def test_everything_that_has_a_clause_is_named_under_it() -> None:
    policy = version("2024-01-01").policy
    text = render_document(version("2024-01-01"), "en")
    parts = text.split("\n### Clause ")
    by_clause = {part.partition("\n")[0]: part for part in parts[1:]}
    for reading in policy.readings.values():
        for clause in reading.clauses:
            assert f"\n- {reading.ambiguity}, " in by_clause[clause]
    for decision in policy.decisions.values():
        for rule in (*decision.requires, *decision.excluded_if):
            assert f"(`{rule.id}`)" in text
    for name in (*policy.facts, *policy.readings, *policy.overlays):
        assert f"`{name}`" in text


def said(text: str, language: str = "en") -> list[str]:
    """Say a condition, its lines indented by their depth."""
    valid = version("2024-01-01")
    source = Source(text)
    tree = parse(source, tuple(valid.scope))
    checked = check(tree, valid.scope, source, "strict")
    block = Phrasing(valid, words(valid, language), checked).value(tree)
    return ["  " * depth + line for depth, line in flattened(block)]


PHRASES = {
    "ordered_on <= delivered_on": ["*day of the order* is on or before *day of the delivery*"],
    "not(ordered_on <= delivered_on)": ["*day of the order* is after *day of the delivery*"],
    "ordered_on = delivered_on": ["*day of the order* is on *day of the delivery*"],
    "order_amount > 1000": ["*amount of the order* is more than 1,000"],
    "order_amount = 1000": ["*amount of the order* is 1,000"],
    'product != "other"': ["*product* is not “something else”"],
    'partner_number = "P-1"': ["*partner number* is “P-1”"],
    "company_name = null": ["*name of the company* is not given"],
    "null != company_name": ["*name of the company* is given"],
    "first_order": ["*the customer's first order*: yes"],
    "not(first_order)": ["*the customer's first order*: no"],
    'product in ("software", "training")': ["*product* is one of: “software”, “training”"],
    'not(product in ("software"))': ["*product* is none of: “software”"],
    "order_amount in (< 10, [20..30])": [
        "*amount of the order* is one of: less than 10, from 20 to 30"
    ],
    "order_amount between 1 and 2": ["*amount of the order* lies between 1 and 2, both included"],
    "not(order_amount between 1 and 2)": ["*amount of the order* does not lie between 1 and 2"],
    "first_order and extension_requested": [
        "*the customer's first order*: yes and *an extension was asked for*: yes"
    ],
    "not(first_order or extension_requested)": [
        "*the customer's first order*: no and *an extension was asked for*: no"
    ],
    "not(first_order and extension_requested)": [
        "*the customer's first order*: no or *an extension was asked for*: no"
    ],
    "first_order and (extension_requested or order_amount > 1)": [
        "all of this holds:",
        "  *the customer's first order*: yes",
        "  *an extension was asked for*: yes or *amount of the order* is more than 1",
    ],
    "first_order or extension_requested or order_amount > 1": [
        "one of these holds:",
        "  *the customer's first order*: yes",
        "  *an extension was asked for*: yes",
        "  *amount of the order* is more than 1",
    ],
    "some each in acceptances satisfies each.may_sign": [
        "for at least one of *acceptances of the terms*:",
        "  *the person may sign for the company*: yes",
    ],
    "not(every each in acceptances satisfies each.may_sign)": [
        "for at least one of *acceptances of the terms*:",
        "  *the person may sign for the company*: no",
    ],
    "if first_order then order_amount > 1 else order_amount > 2": [
        "depending on a condition:",
        "  if this holds: *the customer's first order*: yes",
        "  then: *amount of the order* is more than 1",
        "  otherwise: *amount of the order* is more than 2",
    ],
    'ordered_on + duration("P90D")': ["*day of the order* plus 90 days"],
    'ordered_on - duration("P1M")': ["*day of the order* minus 1 month"],
    "date(referred_at)": ["the day of *time of the referral*"],
    'ordered_on < date("2024-05-01")': ["*day of the order* is before 1 May 2024"],
    "(order_amount + 1) * 2": ["(*amount of the order* + 1) × 2"],
    "round half up(order_amount * 0.1, 2)": [
        "(*amount of the order* × 0.1), rounded to 2 decimals"
    ],
    'if first_order then "a" else "b"': [
        "depending on a condition:",
        "  if this holds: *the customer's first order*: yes",
        "  then: “a”",
        "  otherwise: “b”",
    ],
    "min(ordered_on, delivered_on)": [
        "the earlier of *day of the order* and *day of the delivery*"
    ],
    "max(order_amount, 5)": ["the larger of *amount of the order* and 5"],
    "ordered_on.year": ["the year of *day of the order*"],
    "day of week(ordered_on)": ["the day of the week of *day of the order*"],
    "paid_on + payment_period": ["*day of the customer's payment* plus *time for the payment*"],
    "ordered_on <= order_window_ends_on": [
        "*day of the order* is on or before the answer to “Until when may the customer order?”"
    ],
    "floor(order_amount)": ["`floor(order_amount)`"],
    "false": ["no"],
}


@pytest.mark.parametrize("text", PHRASES)
def test_a_formula_is_said_in_words(text: str) -> None:
    assert said(text) == PHRASES[text]


@pytest.mark.parametrize(
    ("text", "swedish", "german"),
    [
        (
            "ordered_on <= delivered_on",
            "*dagen för beställningen* infaller senast *dagen för leveransen*",
            "*Tag der Bestellung* liegt nicht nach *Tag der Lieferung*",
        ),
        ('product = "training"', "*produkt* är ”utbildning”", "*Produkt* ist „Schulung“"),
        (
            "company_name != null",
            "*företagets namn* har angetts",
            "*Name des Unternehmens* ist angegeben",
        ),
    ],
)
def test_it_is_said_in_the_language_of_the_reader(text: str, swedish: str, german: str) -> None:
    assert said(text, "sv") == [swedish]
    assert said(text, "de") == [german]
