"""The Swedish referral programme, by hand, from JSON to JSON; see `ibas`."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

import msgspec

from benchmarks.twins.answers import A_DAY, STOCKHOLM, add_months, local, quarter_end
from benchmarks.twins.answers_json import Said, encode, said, said_value
from benchmarks.twins.ibas import (
    APPROVAL_WINDOW,
    BLANCCO,
    CENT,
    FIRST_DAY,
    NOTHING,
    PAYMENT_PERIOD,
    QUESTIONS,
    SUBSCRIPTIONS,
)


class Project(msgspec.Struct):
    """A transaction, as far as an answer depends on it."""

    option: str
    partner_is_law_firm: bool
    registration_number: str | None
    company_name: str | None
    referred_at: datetime
    product: str
    approved_on: date
    established_on: date
    first_invoice_on: date
    invoice_on: date
    invoice_amount: Decimal
    customer_paid_on: date | None
    fee_invoice_requested_on: date | None
    fee_invoice_received_on: date | None
    fee_rate: Decimal
    registration_applied_for: bool = True
    registration_decision: str = "granted"
    status_revoked_on: date | None = None
    status_decision: str | None = None
    programme_ended_on: date | None = None
    customer_data_given: bool = True
    partner_kind_changed_on: date | None = None
    direct_contact_at: datetime | None = None
    direct_contact_about: str = "this_project"
    project_decision: str | None = None
    resumed_job: bool = False
    extended_work: bool = False
    referral_covers_project: bool = True
    partner_offer_involved: bool = False
    extension_decision: str | None = None
    extension_until: date | None = None
    extension_payment_decision: str | None = None
    in_collection: bool = False
    secured_amount: Decimal = NOTHING
    collection_costs: Decimal = NOTHING
    fee_invoice_sent_on: date | None = None
    partner_quoted_prices: bool = False
    partner_joined_sale: bool = False
    vendor_asked_partner: bool = False
    partner_invoices_overdue: bool = False


_decoder = msgspec.json.Decoder(Project)


def decide(raw: bytes, asked_on: date) -> bytes:
    """Answer every question about a transaction that leaves nothing open but the text."""
    return encode(answers_to(_decoder.decode(raw), asked_on))


def answers_to(given: Project, asked_on: date) -> dict[str, Said]:
    """Answer every question about a transaction that leaves nothing open but the text."""
    referred_at = local(given.referred_at, STOCKHOLM)
    referral_on = referred_at.date()
    if referral_on < FIRST_DAY:
        return {name: Said("NOT_COVERED") for name in QUESTIONS}
    referral = given.option == "referral"
    approved_on, established_on = given.approved_on, given.established_on
    invoice_on, product = given.invoice_on, given.product

    regular_end = window_end = referral_on + APPROVAL_WINDOW
    granted = given.extension_decision == "granted"
    until = given.extension_until
    if granted and until is not None and until > regular_end:
        window_end = until
    from_invoice = add_months(given.first_invoice_on, 6)
    from_establishment = add_months(established_on, 6)
    six_months = (
        from_establishment,
        from_invoice,
        from_establishment - A_DAY,
        from_invoice - A_DAY,
    )

    # What bears on both entitlements: rules that fail under every reading, or under some.
    law_firm = given.partner_is_law_firm
    kind_changed_on = given.partner_kind_changed_on
    status_revoked_on = given.status_revoked_on
    programme_ended_on = given.programme_ended_on
    applied_for = given.registration_applied_for
    registration = given.registration_decision
    number, company = given.registration_number, given.company_name
    registered = [applied_for, applied_for or registration != "refused"]
    admitted = [registration == "granted" or not applied_for, registration != "refused"]
    ended = programme_ended_on is not None and programme_ended_on < referral_on
    revoked = status_revoked_on is not None and status_revoked_on <= referral_on
    withdrawn = given.status_decision == "withdrawn" and status_revoked_on is None
    contact_at = given.direct_contact_at
    early_contact = contact_at is not None and local(contact_at, STOCKHOLM) < referred_at
    after_six_months = [invoice_on > each for each in six_months]
    unpaid = granted and given.extension_payment_decision != "pay"
    unpaid_both = unpaid and (approved_on > regular_end or established_on > regular_end)
    unpaid_approval = unpaid and approved_on > regular_end
    refused = given.project_decision == "refused"
    offer = given.partner_offer_involved

    def firm_by(day: date) -> bool:
        changed = kind_changed_on is not None and referral_on < kind_changed_on <= day
        return not law_firm if changed else law_firm

    answers: dict[str, Said] = {}
    failed: list[str] = []
    doubtful = False

    if referral:
        paid_on, received_on = given.customer_paid_on, given.fee_invoice_received_on
        requested_on = given.fee_invoice_requested_on
        assert paid_on is not None
        assert requested_on is not None
        due_on = quarter_end(paid_on) + PAYMENT_PERIOD
        invoice_due_by = add_months(requested_on, 6)
        # What has not arrived by the day asked on arrives on that day at the earliest.
        received_on = received_on or asked_on
        sent_on = given.fee_invoice_sent_on or received_on
        if not given.customer_data_given:
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
        if early_contact and given.direct_contact_about == "this_project":
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
        if given.resumed_job and given.extended_work:
            failed.append("resumed_and_extended")
        if not given.referral_covers_project:
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
        answers["referral_fee_payable"] = said(failed, doubtful)
        answers["discount_applies"] = Said("NOT_COVERED")
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
        answers["referral_fee_payable"] = Said("NOT_COVERED")
        answers["discount_applies"] = said(failed, doubtful)

    conduct: list[str] = []
    quoted = given.partner_quoted_prices or given.partner_joined_sale
    if referral and quoted and not given.vendor_asked_partner:
        conduct.append("quoted_unasked")
    if given.partner_invoices_overdue:
        conduct.append("invoices_overdue")
    answers["costs_reimbursed"] = Said("NO", False, ["own_costs"])
    answers["conduct_in_order"] = said(conduct)
    answers["approval_window_ends_on"] = Said("VALUE", window_end)
    answers["first_six_months_end_on"] = said_value(*six_months)

    if not referral:
        for name in ("fee_base", "fee_amount", "fee_due_on", "fee_invoice_due_by"):
            answers[name] = Said("NOT_COVERED")
        return answers
    bases = [given.invoice_amount]
    if given.in_collection:
        secured, costs = given.secured_amount, given.collection_costs
        bases = [max(secured - costs, NOTHING), secured] if costs else [secured]
    rate = given.fee_rate
    answers["fee_base"] = said_value(*bases)
    answers["fee_amount"] = said_value(
        *[(base * rate).quantize(CENT, ROUND_HALF_UP) for base in bases]
    )
    answers["fee_due_on"] = Said("VALUE", due_on)
    answers["fee_invoice_due_by"] = Said("VALUE", invoice_due_by)
    return answers
