"""Transactions of `ibas-ontrack-partner`; everything about them is made up."""

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
    "fee_invoice_received_on",
)
"""Events in the order in which they mostly happen, but for the referral itself."""

_PRESUMED: dict[str, object] = {
    "registration_applied_for": True,
    "registration_decision": "granted",
    "status_revoked_on": None,
    "customer_data_given": True,
    "partner_kind_changed_on": None,
    "referral_sent_at": None,
    "direct_contact_at": None,
    "direct_contact_about": "this_project",
    "customer_relation": "new",
    "conflict_of_interest": False,
    "project_decision": None,
    "resumed_job": False,
    "extended_work": False,
    "referral_covers_project": True,
    "referred_as_future_project": False,
    "partner_offer_involved": False,
    "extension_requested": False,
    "extension_requested_on": None,
    "extension_decision": None,
    "extension_until": None,
    "extension_payment_decision": None,
    "in_collection": False,
    "secured_amount": Decimal(0),
    "collection_costs": Decimal(0),
    "fee_invoice_sent_on": None,
    "partner_quoted_prices": False,
    "partner_joined_sale": False,
    "vendor_asked_partner": False,
    "partner_invoices_overdue": False,
    "programme_ended_on": None,
    "status_decision": None,
    "cost_claimed": Decimal(0),
}
"""What half of the callers leave out: what is presumed, acts that were not done, an amount not needed."""


def complete(draw: Drawing) -> Transaction:
    """Draw a transaction in which nothing is open but the text."""
    early = draw.happens(2)
    day = date(2023, 11, 29) - draw.days(0, 40) if early else date(2023, 11, 30) + draw.days(0, 700)
    referred_at = draw.moment(day, STOCKHOLM)
    referral_on = local(referred_at, STOCKHOLM).date()
    discount = draw.happens(40)
    facts: dict[str, object] = {
        "option": "discount" if discount else "referral",
        "referred_at": referred_at,
        "referral_sent_at": referred_at - timedelta(hours=5) if draw.happens(3) else None,
        **_partner(draw, referral_on),
        **_project(draw, referral_on, discount),
    }
    last = referral_on + timedelta(180)
    if draw.happens(9):
        granted = draw.happens(70)
        facts |= {
            "extension_requested": True,
            "extension_requested_on": last - draw.days(0, 30),
            "extension_decision": "granted" if granted else "refused",
            "extension_until": last + draw.days(20, 90) if granted else last,
            "extension_payment_decision": "pay" if draw.happens(40) else "not_pay",
        }
        approved_on = last + draw.days(-20, 60)
        established_on = approved_on + draw.days(0, 10)
        last = last if not granted else last + timedelta(90)
    else:
        approved_on = draw.around(last, (1, 175), late=5)
        established_on = approved_on + draw.days(0, 20)
    first_invoice_on = established_on + draw.days(1, 40)
    six_months = add_months(established_on, 6), add_months(first_invoice_on, 6)
    invoice_on = max(first_invoice_on, draw.around(six_months[1], (42, 190), late=5))
    if draw.happens(2):
        invoice_on = draw.any_of(six_months) - draw.days(0, 1)
    paid_on = invoice_on + draw.days(3, 60)
    requested_on = paid_on + draw.days(1, 60)
    due_by = add_months(requested_on, 6)
    received_on = max(requested_on, draw.around(due_by, (40, 190), late=6))
    sent_on = max(requested_on, received_on - draw.days(0, 5)) if draw.happens(20) else None
    asked_on = max(received_on, due_by + timedelta(1), last) + draw.days(0, 200)
    never = sent_on is None and draw.happens(1.5)
    facts |= {
        "approved_on": approved_on,
        "established_on": established_on,
        "first_invoice_on": first_invoice_on,
        "invoice_on": max(invoice_on, first_invoice_on),
        "customer_paid_on": paid_on,
        "fee_invoice_requested_on": requested_on,
        "fee_invoice_received_on": None if never else received_on,
        "fee_invoice_sent_on": sent_on,
        "status_revoked_on": _revoked(draw, referral_on, paid_on),
        **_amounts(draw),
    }
    if draw.happens(3):
        facts["partner_kind_changed_on"] = referral_on + draw.days(-30, 300)
    if discount and draw.happens(70):
        # Nobody records for a discount what only a fee needs.
        for name in EVENTS[-3:]:
            facts[name] = None
        facts["fee_invoice_sent_on"] = None
    return Transaction(draw.left_out(facts, _PRESUMED), asked_on)


def _partner(draw: Drawing, referral_on: date) -> dict[str, object]:
    overdue, unregistered = draw.happens(8), draw.happens(6)
    ended = draw.happens(5)
    return {
        "partner_is_law_firm": draw.happens(5),
        "registration_applied_for": not unregistered,
        "registration_decision": "refused"
        if draw.happens(60 if unregistered else 6)
        else "granted",
        "registration_number": None if draw.happens(14) else f"P-{draw.random.randint(1000, 9999)}",
        "company_name": None if draw.happens(30) else f"Bolag {draw.random.randint(1, 400)} AB",
        "partner_kind_changed_on": None,
        "partner_quoted_prices": draw.happens(5),
        "partner_joined_sale": draw.happens(4),
        "vendor_asked_partner": draw.happens(10),
        "partner_invoices_overdue": overdue,
        "status_decision": ("withdrawn" if draw.happens(60) else "kept") if overdue else None,
        "programme_ended_on": referral_on + draw.days(-30, 4) if ended else None,
    }


def _project(draw: Drawing, referral_on: date, discount: bool) -> dict[str, object]:
    resumed, doubted = draw.happens(8), draw.happens(12)
    contact = draw.happens(12)
    relation = draw.any_of(["existing", "negotiating"]) if doubted else "new"
    return {
        "customer_data_given": not draw.happens(3),
        "direct_contact_at": (
            draw.moment(referral_on + draw.days(-40, 25), STOCKHOLM) if contact else None
        ),
        "direct_contact_about": "another_matter" if draw.happens(25) else "this_project",
        "customer_relation": relation,
        "conflict_of_interest": doubted and draw.happens(30),
        "project_decision": ("refused" if draw.happens(45) else "accepted") if doubted else None,
        "product": draw.one_of(
            {
                "data_recovery": 66,
                "other": 10,
                "blancco_erasure_licence": 3,
                "blancco_subscription": 4,
                "other_subscription": 3,
                "data_migration": 7 if discount else 5,
                "document_review": 7 if discount else 5,
            }
        ),
        "resumed_job": resumed,
        "extended_work": draw.happens(60 if resumed else 5),
        "referral_covers_project": not draw.happens(4),
        "referred_as_future_project": draw.happens(2),
        "partner_offer_involved": draw.happens(2),
        "extension_requested": False,
        "extension_requested_on": None,
        "extension_decision": None,
        "extension_until": None,
        "extension_payment_decision": None,
    }


def _revoked(draw: Drawing, referral_on: date, paid_on: date) -> date | None:
    if not draw.happens(6):
        return None
    if draw.happens(20):
        return referral_on
    return referral_on - draw.days(1, 90) if draw.happens(65) else paid_on + draw.days(-60, 150)


def _amounts(draw: Drawing) -> dict[str, object]:
    amount = draw.amount(900, 480_000)
    collection = draw.happens(4)
    secured = draw.amount(400, 480_000).min(amount) if collection else Decimal(0)
    return {
        "invoice_amount": amount,
        "in_collection": collection,
        "secured_amount": secured,
        "collection_costs": draw.amount(0, 900) if collection and draw.happens(50) else Decimal(0),
        "cost_claimed": draw.amount(50, 900) if draw.happens(5) else Decimal(0),
        "fee_rate": draw.any_of(
            [Decimal("0.05"), Decimal("0.075"), Decimal("0.1"), Decimal("0.125")]
        ),
    }
