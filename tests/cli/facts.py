"""Facts of one transaction of the made-up programme, as a caller and as golden cases write them."""

import json

FACTS: dict[str, object] = {
    "partner_kind": "company",
    "partner_number": "P-1",
    "company_name": None,
    "acceptances": [{"accepted_at": "2024-07-02T09:00:00"}],
    "referred_at": "2024-08-01T10:00:00",
    "product": "software",
    "order_amount": 50000,
    "ordered_on": "2024-09-02",
    "delivered_on": "2024-09-20",
    "paid_on": "2024-10-15",
}
"""Referred, ordered, delivered and paid, everything in time."""


def as_json(**changed: object) -> bytes:
    """Give the facts as JSON, with some of them changed."""
    return json.dumps({**FACTS, **changed}).encode()


def golden_cases(written: str = "", **changed: object) -> str:
    """Give a file of golden cases that start from the facts, with some of them changed.

    Args:
        written: The cases, each with the lines and the indentation that it has in the file.
        changed: Facts that are otherwise in every case.
    """
    facts = {**FACTS, **changed}
    # What JSON puts in quotation marks are words, days and names, which YAML reads without any.
    lines = [f"    {name}: {_plain(value)}" for name, value in facts.items()]
    head = [
        "format: 1",
        "programme: example-referral",
        "base:",
        "  asked_on: 2025-01-31",
        "  facts:",
    ]
    return "\n".join([*head, *lines, "cases:", written])


def _plain(value: object) -> str:
    return json.dumps(value).replace('"', "")
