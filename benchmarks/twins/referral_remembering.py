"""The made-up referral programme by hand, with sums of dates that are remembered; for scale.

And the least that any code does: to look up the facts.
"""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from types import FunctionType
from typing import Any

from benchmarks.twins import answers, referral
from benchmarks.twins.answers import Answer

_decide = FunctionType(
    referral.decide.__code__,
    {
        **vars(referral),
        "add_months": lru_cache(65_536)(answers.add_months),
        "quarter_end": lru_cache(65_536)(answers.quarter_end),
        "local": lru_cache(65_536)(answers.local),
    },
)


def decide(given: Mapping[str, Any], asked_on: date) -> dict[str, Answer]:
    """Answer as `referral.decide` does, word for word, but remember what dates came to."""
    found: dict[str, Answer] = _decide(given, asked_on)
    return found


def look_up(given: Mapping[str, Any], _asked_on: date) -> tuple[object, ...]:
    """Look up every fact, and do nothing with it."""
    get = given.get
    return (
        given["option"],
        given["referred_at"],
        get("customer_data_given", True),
        get("partner_number"),
        get("company_name"),
        given["partner_is_law_firm"],
        given["approved_on"],
        given["established_on"],
        get("extended_until"),
        get("direct_contact_at"),
        get("resumed_job", False),
        get("extended_work", False),
        get("referral_covers_project", True),
        given["product"],
        given["first_invoice_on"],
        given["invoice_on"],
        given["invoice_amount"],
        get("secured_amount"),
        given["fee_rate"],
        given["customer_paid_on"],
        given["fee_invoice_requested_on"],
        given["fee_invoice_sent_on"],
        get("status_revoked_on"),
    )
