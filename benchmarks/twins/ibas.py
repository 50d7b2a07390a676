"""The Swedish referral programme, by hand: for transactions in which nothing is open but the text.

Written as one writes such code: dates are computed where they are needed, each rule is an `if`, its
name is kept when it fails. Where the text can be read in several ways, each is gone through.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from zoneinfo import ZoneInfo

from benchmarks.twins.common import Answer, add_months, decided, value

STOCKHOLM = ZoneInfo("Europe/Stockholm")
BLANCCO = {"blancco_erasure_licence", "blancco_subscription"}
SUBSCRIPTIONS = {*BLANCCO, "other_subscription"}


def decide(given: Mapping[str, Any], _asked_on: date) -> dict[str, Answer]:
    """Answer every question about a transaction whose events are known."""
    get = given.get
    referral = given["option"] == "referral"
    referred_at = _local(given["referred_at"])
    referral_on = referred_at.date()
    contact_at = get("direct_contact_at")
    law_firm = given["partner_is_law_firm"]
    kind_changed_on = get("partner_kind_changed_on")
    applied_for = get("registration_applied_for", True)
    registration = get("registration_decision", "granted")
    status_revoked_on = get("status_revoked_on")
    programme_ended_on = get("programme_ended_on")
    number, company = given["registration_number"], given["company_name"]
    product = given["product"]
    approved_on, established_on = given["approved_on"], given["established_on"]
    first_invoice_on, invoice_on = given["first_invoice_on"], given["invoice_on"]
    paid_on = given["customer_paid_on"]
    requested_on = given["fee_invoice_requested_on"]
    received_on, sent_on = given["fee_invoice_received_on"], get("fee_invoice_sent_on")
    granted = get("extension_decision") == "granted"

    regular_end = referral_on + timedelta(days=180)
    window_end = regular_end
    until = get("extension_until")
    if granted and until is not None and until > regular_end:
        window_end = until
    from_invoice, from_establishment = (
        add_months(first_invoice_on, 6),
        add_months(established_on, 6),
    )
    a_day = timedelta(days=1)
    six_months = (
        from_establishment,
        from_invoice,
        from_establishment - a_day,
        from_invoice - a_day,
    )
    quarter_end = add_months(date(paid_on.year, 3 * ((paid_on.month + 2) // 3), 1), 1) - a_day
    due_on = quarter_end + timedelta(days=45)
    invoice_due_by = add_months(requested_on, 6)

    early_contact = contact_at is not None and _local(contact_at) < referred_at
    about_this = get("direct_contact_about", "this_project") == "this_project"
    unpaid = granted and get("extension_payment_decision") != "pay"
    unpaid_both = unpaid and (approved_on > regular_end or established_on > regular_end)
    unpaid_approval = unpaid and approved_on > regular_end
    quoted = get("partner_quoted_prices", False) or get("partner_joined_sale", False)
    unasked = referral and quoted and not get("vendor_asked_partner", False)
    overdue = get("partner_invoices_overdue", False)
    withdrawn = get("status_decision") == "withdrawn" and status_revoked_on is None
    refused = get("project_decision") == "refused"
    offer = get("partner_offer_involved", False)
    after_six_months = [invoice_on > each for each in six_months]
    registered = [applied_for, applied_for or registration != "refused"]
    admitted = [registration == "granted" or not applied_for, registration != "refused"]
    ended = programme_ended_on is not None and programme_ended_on < referral_on
    revoked = status_revoked_on is not None and status_revoked_on <= referral_on

    def firm_by(day: date) -> bool:
        changed = kind_changed_on is not None and referral_on < kind_changed_on <= day
        return not law_firm if changed else law_firm

    answers: dict[str, Answer] = {}

    if not referral:
        answers["referral_fee_payable"] = Answer("NOT_COVERED")
    else:
        failed: list[str] = []
        doubtful = False
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
        late = [received_on > invoice_due_by, (sent_on or received_on) > invoice_due_by]
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
        until_due = revoked or (status_revoked_on is not None and status_revoked_on < due_on)
        if revoked and until_due:
            failed.append("status_revoked")
        elif until_due:
            doubtful = True
        if withdrawn:
            failed.append("status_withdrawn")
        if early_contact and about_this:
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

    if referral:
        answers["discount_applies"] = Answer("NOT_COVERED")
    else:
        failed, doubtful = [], False
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
        # What excludes a commission fee excludes the discount under one reading only.
        if number is None and company is None:
            doubtful = True
        firm = [law_firm, firm_by(invoice_on)]
        if all(firm):
            failed.append("law_firm")
        elif any(firm):
            doubtful = True
        if ended:
            failed.append("programme_ended")
        until_invoice = revoked or (
            status_revoked_on is not None and status_revoked_on < invoice_on
        )
        if revoked and until_invoice:
            failed.append("status_revoked")
        elif until_invoice:
            doubtful = True
        if withdrawn:
            failed.append("status_withdrawn")
        if early_contact:
            doubtful = True
        if all(after_six_months):
            failed.append("after_six_months")
        elif any(after_six_months):
            doubtful = True
        if approved_on > window_end or established_on > window_end:
            doubtful = True
        if unpaid_both or unpaid_approval:
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
        answers["discount_applies"] = decided(failed, doubtful)

    answers["costs_reimbursed"] = Answer("NO", False, ["own_costs"])
    conduct: list[str] = []
    if unasked:
        conduct.append("quoted_unasked")
    if overdue:
        conduct.append("invoices_overdue")
    answers["conduct_in_order"] = decided(conduct, False)
    answers["approval_window_ends_on"] = value(window_end)
    answers["first_six_months_end_on"] = value(*six_months)

    if not referral:
        for name in ("fee_base", "fee_amount", "fee_due_on", "fee_invoice_due_by"):
            answers[name] = Answer("NOT_COVERED")
        return answers
    bases = [given["invoice_amount"]]
    if get("in_collection", False):
        secured, costs = given["secured_amount"], get("collection_costs", Decimal(0))
        bases = [max(secured - costs, Decimal(0)), secured]
    rate = given["fee_rate"]
    answers["fee_base"] = value(*bases)
    answers["fee_amount"] = value(
        *((base * rate).quantize(Decimal("0.01"), ROUND_HALF_UP) for base in bases)
    )
    answers["fee_due_on"] = value(due_on)
    answers["fee_invoice_due_by"] = value(invoice_due_by)
    return answers


def _local(moment: datetime) -> datetime:
    """Give a moment as clocks in Stockholm show it."""
    if moment.tzinfo is None:
        return moment.replace(tzinfo=STOCKHOLM)
    return moment.astimezone(STOCKHOLM)
