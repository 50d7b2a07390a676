"""The Swedish referral programme, by hand: for transactions in which nothing is open but the text.

Where the text can be read in several ways, each is gone through.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from benchmarks.twins.answers import (
    A_DAY,
    STOCKHOLM,
    Answer,
    add_months,
    decided,
    local,
    quarter_end,
    value,
)

FIRST_DAY = date(2023, 11, 30)
APPROVAL_WINDOW = timedelta(days=180)
PAYMENT_PERIOD = timedelta(days=45)
CENT = Decimal("0.01")
NOTHING = Decimal(0)
BLANCCO = {"blancco_erasure_licence", "blancco_subscription"}
SUBSCRIPTIONS = {*BLANCCO, "other_subscription"}
QUESTIONS = (
    "referral_fee_payable",
    "discount_applies",
    "costs_reimbursed",
    "conduct_in_order",
    "approval_window_ends_on",
    "first_six_months_end_on",
    "fee_base",
    "fee_amount",
    "fee_due_on",
    "fee_invoice_due_by",
)


def decide(given: Mapping[str, Any], asked_on: date) -> dict[str, Answer]:
    """Answer every question about a transaction whose events are known."""
    referred_at = local(given["referred_at"], STOCKHOLM)
    referral_on = referred_at.date()
    if referral_on < FIRST_DAY:
        return {name: Answer("NOT_COVERED") for name in QUESTIONS}
    get = given.get
    referral = given["option"] == "referral"
    approved_on, established_on = given["approved_on"], given["established_on"]
    invoice_on, product = given["invoice_on"], given["product"]

    regular_end = window_end = referral_on + APPROVAL_WINDOW
    granted = get("extension_decision") == "granted"
    until = get("extension_until")
    if granted and until is not None and until > regular_end:
        window_end = until
    from_invoice = add_months(given["first_invoice_on"], 6)
    from_establishment = add_months(established_on, 6)
    six_months = (
        from_establishment,
        from_invoice,
        from_establishment - A_DAY,
        from_invoice - A_DAY,
    )

    # What bears on both entitlements: rules that fail under every reading, or under some.
    law_firm = given["partner_is_law_firm"]
    kind_changed_on = get("partner_kind_changed_on")
    status_revoked_on = get("status_revoked_on")
    programme_ended_on = get("programme_ended_on")
    applied_for = get("registration_applied_for", True)
    registration = get("registration_decision", "granted")
    number, company = given["registration_number"], given["company_name"]
    registered = [applied_for, applied_for or registration != "refused"]
    admitted = [registration == "granted" or not applied_for, registration != "refused"]
    ended = programme_ended_on is not None and programme_ended_on < referral_on
    revoked = status_revoked_on is not None and status_revoked_on <= referral_on
    withdrawn = get("status_decision") == "withdrawn" and status_revoked_on is None
    contact_at = get("direct_contact_at")
    early_contact = contact_at is not None and local(contact_at, STOCKHOLM) < referred_at
    after_six_months = [invoice_on > each for each in six_months]
    unpaid = granted and get("extension_payment_decision") != "pay"
    unpaid_both = unpaid and (approved_on > regular_end or established_on > regular_end)
    unpaid_approval = unpaid and approved_on > regular_end
    refused = get("project_decision") == "refused"
    offer = get("partner_offer_involved", False)

    def firm_by(day: date) -> bool:
        changed = kind_changed_on is not None and referral_on < kind_changed_on <= day
        return not law_firm if changed else law_firm

    answers: dict[str, Answer] = {}
    failed: list[str] = []
    doubtful = False

    if referral:
        paid_on, received_on = given["customer_paid_on"], given["fee_invoice_received_on"]
        due_on = quarter_end(paid_on) + PAYMENT_PERIOD
        invoice_due_by = add_months(given["fee_invoice_requested_on"], 6)
        # What has not arrived by the day asked on arrives on that day at the earliest.
        received_on = received_on or asked_on
        sent_on = get("fee_invoice_sent_on") or received_on
        if not get("customer_data_given", True):
            failed.append("customer_data")
        if number is None and company is None:
            failed.append("identified")
        if not any(registered):
            failed.append("registered")
        elif not all(registered):
            doubtful = True
        if not any(admitted):
            failed.append("registration_granted")
        elif not all(admitted):
            doubtful = True
        if approved_on > window_end:
            failed.append("approved_in_time")
        late = [received_on > invoice_due_by, sent_on > invoice_due_by]
        if all(late):
            failed.append("fee_invoice_late")
        elif any(late):
            doubtful = True
        firm = [law_firm, firm_by(paid_on)]
        if all(firm):
            failed.append("law_firm")
        elif any(firm):
            doubtful = True
        if ended:
            failed.append("programme_ended")
        if revoked:
            failed.append("status_revoked")
        elif status_revoked_on is not None and status_revoked_on < due_on:
            doubtful = True
        if withdrawn:
            failed.append("status_withdrawn")
        if early_contact and get("direct_contact_about", "this_project") == "this_project":
            failed.append("contacted_before")
        elif early_contact:
            doubtful = True
        if all(after_six_months):
            failed.append("after_six_months")
        elif any(after_six_months):
            doubtful = True
        late_by = [established_on > window_end, approved_on > window_end]
        if all(late_by):
            failed.append("established_late")
        elif any(late_by):
            doubtful = True
        if unpaid_both and unpaid_approval:
            failed.append("extension_unpaid")
        elif unpaid_both or unpaid_approval:
            doubtful = True
        if get("resumed_job", False) and get("extended_work", False):
            failed.append("resumed_and_extended")
        if not get("referral_covers_project", True):
            failed.append("not_referred_anew")
        if refused:
            failed.append("project_refused")
        if product in BLANCCO:
            failed.append("blancco")
        elif product in SUBSCRIPTIONS:
            doubtful = True
        if product == "data_migration":
            failed.append("data_migration")
        if product == "document_review":
            failed.append("document_review")
        if offer:
            doubtful = True
        answers["referral_fee_payable"] = decided(failed, doubtful)
        answers["discount_applies"] = Answer("NOT_COVERED")
    else:
        if number is None and company is None:
            failed.append("number_stated")
        elif number is None:
            doubtful = True
        if not any(registered):
            failed.append("registered")
        elif not all(registered):
            doubtful = True
        if not any(admitted):
            failed.append("registration_granted")
        elif not all(admitted):
            doubtful = True
        firm = [law_firm, firm_by(invoice_on)]
        if all(firm):
            failed.append("law_firm")
        elif any(firm):
            doubtful = True
        if ended:
            failed.append("programme_ended")
        if revoked:
            failed.append("status_revoked")
        elif status_revoked_on is not None and status_revoked_on < invoice_on:
            doubtful = True
        if withdrawn:
            failed.append("status_withdrawn")
        # What excludes a commission fee excludes the discount under one reading only.
        if early_contact or approved_on > window_end or established_on > window_end:
            doubtful = True
        if unpaid_both or unpaid_approval:
            doubtful = True
        if all(after_six_months):
            failed.append("after_six_months")
        elif any(after_six_months):
            doubtful = True
        if refused:
            failed.append("project_refused")
        if product in BLANCCO:
            failed.append("blancco")
        elif product in SUBSCRIPTIONS:
            doubtful = True
        if product == "data_migration":
            failed.append("data_migration")
        if product == "document_review":
            failed.append("document_review")
        if offer:
            doubtful = True
        answers["referral_fee_payable"] = Answer("NOT_COVERED")
        answers["discount_applies"] = decided(failed, doubtful)

    conduct: list[str] = []
    quoted = get("partner_quoted_prices", False) or get("partner_joined_sale", False)
    if referral and quoted and not get("vendor_asked_partner", False):
        conduct.append("quoted_unasked")
    if get("partner_invoices_overdue", False):
        conduct.append("invoices_overdue")
    answers["costs_reimbursed"] = Answer("NO", False, ["own_costs"])
    answers["conduct_in_order"] = decided(conduct)
    answers["approval_window_ends_on"] = Answer("VALUE", window_end)
    answers["first_six_months_end_on"] = value(*six_months)

    if not referral:
        for name in ("fee_base", "fee_amount", "fee_due_on", "fee_invoice_due_by"):
            answers[name] = Answer("NOT_COVERED")
        return answers
    bases = [given["invoice_amount"]]
    if get("in_collection", False):
        secured, costs = given["secured_amount"], get("collection_costs", NOTHING)
        bases = [max(secured - costs, NOTHING), secured] if costs else [secured]
    rate = given["fee_rate"]
    answers["fee_base"] = value(*bases)
    answers["fee_amount"] = value(*[(base * rate).quantize(CENT, ROUND_HALF_UP) for base in bases])
    answers["fee_due_on"] = Answer("VALUE", due_on)
    answers["fee_invoice_due_by"] = Answer("VALUE", invoice_due_by)
    return answers
