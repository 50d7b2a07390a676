"""Transactions of the made-up programme, and a set of its policies that others do not share."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from policyeval.evaluator.policies import PolicySet, load_policies

PROGRAMME = "example-referral"
ASKED_ON = date(2025, 1, 31)

FACTS: Mapping[str, object] = {
    "partner_kind": "company",
    "partner_number": "P-1",
    "company_name": None,
    "acceptances": [{"accepted_at": datetime(2024, 7, 2, 9, 0)}],
    "referred_at": datetime(2024, 8, 1, 10, 0),
    "product": "software",
    "order_amount": Decimal(50_000),
    "ordered_on": date(2024, 9, 2),
    "delivered_on": date(2024, 9, 20),
    "paid_on": date(2024, 10, 15),
}
"""Everything in time."""

OPEN = {name: value for name, value in FACTS.items() if name != "ordered_on"} | {
    "ordered_on": {"unknown": True}
}
"""It is not known when the order was placed."""

SECRET = "Ada Lovelace, 1815-12-10"
WRONG = {**FACTS, "order_amount": SECRET, "paid_on": SECRET}
"""What nobody may see in a log."""


def policies() -> PolicySet:
    """Load the programme."""
    return load_policies(Path(__file__).parents[1] / "programmes")
