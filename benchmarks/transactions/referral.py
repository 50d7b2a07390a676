"""Transactions of the made-up referral programme in `benchmarks/referral`."""

from datetime import date, timedelta
from decimal import Decimal

from benchmarks.transactions.drawing import Drawing, Transaction
from benchmarks.twins.answers import STOCKHOLM, add_months, local

EVENTS = (
    "approved_on",
    "established_on",
    "direct_contact_at",
    "first_invoice_on",
    "invoice_on",
    "customer_paid_on",
    "fee_invoice_requested_on",
    "fee_invoice_sent_on",
)
"""Events in the order in which they mostly happen, but for the referral itself."""

_PRESUMED: dict[str, object] = {
    "customer_data_given": True,
    "partner_number": None,
    "company_name": None,
    "extended_until": None,
    "direct_contact_at": None,
    "resumed_job": False,
    "extended_work": False,
    "referral_covers_project": True,
    "secured_amount": None,
    "status_revoked_on": None,
}


def complete(draw: Drawing) -> Transaction:
    """Draw a transaction that leaves no question open."""
    first = date(2023, 11, 1) if draw.happens(2) else date(2024, 1, 1)
    day = first + (draw.days(0, 60) if first.year < 2024 else draw.days(0, 700))
    discount = draw.happens(28)
    referred_at = draw.moment(day, STOCKHOLM)
    referral_on = local(referred_at, STOCKHOLM).date()
    window_ends_on = referral_on + timedelta(180)
    extended_until = window_ends_on + draw.days(-20, 90) if draw.happens(4) else None
    last = max(window_ends_on, extended_until or window_ends_on)
    approved_on = draw.around(last, (1, 175))
    established_on = max(approved_on, min(last, approved_on + draw.days(0, 20)))
    if draw.happens(3):
        established_on = draw.around(last, (0, 20), late=80)
    first_invoice_on = max(approved_on, established_on) + draw.days(1, 40)
    six_months_end_on = add_months(first_invoice_on, 6)
    invoice_on = max(
        first_invoice_on, draw.around(six_months_end_on, (10, 190), late=9 if discount else 5)
    )
    paid_on = invoice_on + draw.days(3, 60)
    requested_on = paid_on + draw.days(1, 60)
    invoice_due_by = add_months(requested_on, 6)
    sent_on = max(requested_on, draw.around(invoice_due_by, (40, 190)))
    asked_on = max(sent_on, invoice_due_by + timedelta(1), last) + draw.days(0, 200)
    contact_at = None
    if draw.happens(8):
        contact_at = draw.moment(referral_on + draw.days(-40, 25), STOCKHOLM)
    resumed, few = draw.happens(6), 3.0 if discount else 1.6
    revoked_on = None
    if draw.happens(12 if discount else 5):
        revoked_on = draw.any_of([paid_on, invoice_on, invoice_on + draw.days(-90, 60)])
    amount = draw.amount(90, 48_000)
    facts: dict[str, object] = {
        "option": "discount" if discount else "referral",
        "referred_at": referred_at,
        "customer_data_given": not draw.happens(8 if discount else 3),
        "partner_number": None if draw.happens(12) else f"P-{draw.random.randint(1000, 9999)}",
        "company_name": None if draw.happens(30) else f"Company {draw.random.randint(1, 400)}",
        "partner_is_law_firm": draw.happens(8 if discount else 3),
        "approved_on": None if draw.happens(few / 2) else approved_on,
        "established_on": None if draw.happens(few / 2) else established_on,
        "extended_until": extended_until,
        "direct_contact_at": contact_at,
        "resumed_job": resumed,
        "extended_work": draw.happens(50 if resumed else 10),
        "referral_covers_project": not draw.happens(3),
        "product": draw.one_of(
            {"licence": 45, "support": 30, "consulting": 19, "hardware": 4, "training": 2}
        ),
        "first_invoice_on": first_invoice_on,
        "invoice_on": invoice_on,
        "invoice_amount": amount,
        "secured_amount": draw.amount(40, 48_000).min(amount) if draw.happens(5) else None,
        "fee_rate": draw.any_of(
            [Decimal("0.05"), Decimal("0.075"), Decimal("0.1"), Decimal("0.125")]
        ),
        "customer_paid_on": paid_on,
        "fee_invoice_requested_on": requested_on,
        "fee_invoice_sent_on": None if draw.happens(1.5) else sent_on,
        "status_revoked_on": revoked_on,
    }
    if discount and draw.happens(70):
        # Nobody records for a discount what only a fee needs.
        for name in ("customer_paid_on", "fee_invoice_requested_on", "fee_invoice_sent_on"):
            facts[name] = None
    return Transaction(draw.left_out(facts, _PRESUMED), asked_on)
