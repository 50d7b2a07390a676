"""The page for lawyers tells the truth: every example on it is run, in the strict profile."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest

from policyeval import feel

PAGE = Path(__file__).parents[2] / "docs" / "writing-a-condition.md"

# The facts that the page uses, as the two programmes declare them.
FACTS = {
    "option": "string",
    "partner_is_law_firm": "boolean",
    "resumed_job": "boolean",
    "extended_work": "boolean",
    "customer_relation": "string",
    "conflict_of_interest": "boolean",
    "product": "string",
    "registration_number": "string?",
    "company_name": "string?",
    "status_revoked_on": "date?",
    "referred_at": "date and time",
    "direct_contact_at": "date and time?",
    "direct_contact_about": "string",
    "approved_on": "date",
    "established_on": "date",
    "first_invoice_on": "date",
    "invoice_on": "date",
    "invoice_amount": "number",
    "in_collection": "boolean",
    "secured_amount": "number",
    "customer_paid_on": "date",
    "fee_invoice_requested_on": "date",
    "fee_invoice_received_on": "date",
    "asked_on": "date",
    "quarter_starts_on": "date",
    "released_on": "date",
    "acceptances": (
        "list<context<contact: string, accepted_at: date and time,"
        " authorised: boolean, in_portal: boolean>>"
    ),
}

EXAMPLE = re.compile(
    r"^### (?P<title>\d+\. [^\n]+)\n(?P<words>.*?)"
    r"^```feel\n(?P<condition>.*?)^```\n\s*^```facts\n(?P<cases>.*?)^```\n",
    re.MULTILINE | re.DOTALL,
)
CASE = re.compile(r"\s*(?P<facts>.*?) → (?P<answer>[^\n]+)\n", re.DOTALL)


@dataclass(frozen=True)
class Case:
    """One line of an example: facts and the answer to them, all in FEEL."""

    title: str
    condition: str
    facts: str
    answer: str


def _cases() -> list[Case]:
    return [
        Case(example["title"], example["condition"], case["facts"], case["answer"])
        for example in EXAMPLE.finditer(PAGE.read_text(encoding="utf-8"))
        for case in CASE.finditer(example["cases"])
    ]


CASES = _cases()


def test_the_page_has_twenty_examples_each_with_words_a_condition_and_answers() -> None:
    page = PAGE.read_text(encoding="utf-8")
    titles = re.findall(r"^### (\d+\. .+)$", page, re.MULTILINE)
    assert [title.partition(".")[0] for title in titles] == [str(n) for n in range(1, 21)]
    assert [example["title"] for example in EXAMPLE.finditer(page)] == titles
    assert all(example["words"].strip() for example in EXAMPLE.finditer(page))
    assert {case.title for case in CASES} == set(titles)


@pytest.mark.parametrize("mode", ["strict", "lenient"])
@pytest.mark.parametrize("case", CASES, ids=[f"{case.title}: {case.answer}" for case in CASES])
def test_an_example_gives_the_answer_that_the_page_says(
    case: Case, mode: Literal["strict", "lenient"]
) -> None:
    facts = feel.evaluate("{" + case.facts + "}")
    assert isinstance(facts, dict)
    scope = feel.Scope({name: FACTS[name] for name in facts})
    outcome = feel.compile_expression(case.condition, scope, mode=mode).run(facts)
    assert outcome.value == feel.evaluate(case.answer)
    assert not outcome.warnings
