"""Facts of one transaction of the made-up programme, as a caller would write them."""

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
