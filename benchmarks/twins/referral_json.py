"""The made-up referral programme, by hand, from JSON to JSON; see `referral`."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

import msgspec

from benchmarks.twins.answers import STOCKHOLM, add_months, local, quarter_end
from benchmarks.twins.answers_json import Said, encode, said
from benchmarks.twins.referral import (
    APPROVAL_WINDOW,
    CENT,
    FIRST_DAY,
    LEFT_OUT,
    PAYMENT_PERIOD,
    QUESTIONS,
)


class Referral(msgspec.Struct):
    """A transaction, as far as an answer depends on it."""

    option: str
    referred_at: datetime
    partner_is_law_firm: bool
    approved_on: date | None
    established_on: date | None
    product: str
    first_invoice_on: date
    invoice_on: date
    invoice_amount: Decimal
    fee_rate: Decimal
    customer_paid_on: date | None
    fee_invoice_requested_on: date | None
    fee_invoice_sent_on: date | None
    customer_data_given: bool = True
    partner_number: str | None = None
    company_name: str | None = None
    extended_until: date | None = None
    direct_contact_at: datetime | None = None
    resumed_job: bool = False
    extended_work: bool = False
    referral_covers_project: bool = True
    secured_amount: Decimal | None = None
    status_revoked_on: date | None = None


_decoder = msgspec.json.Decoder(Referral)


def decide(raw: bytes, asked_on: date) -> bytes:
    """Answer every question about a transaction that leaves nothing open but the text."""
    return encode(answers_to(_decoder.decode(raw), asked_on))


def answers_to(given: Referral, asked_on: date) -> dict[str, Said]:
    """Answer every question about a transaction that leaves nothing open but the text."""
    referred_at = local(given.referred_at, STOCKHOLM)
    referral_on = referred_at.date()
    if referral_on < FIRST_DAY:
        return {name: Said("NOT_COVERED") for name in QUESTIONS}

    window_ends_on = referral_on + APPROVAL_WINDOW
    extended_until = given.extended_until
    if extended_until is not None and extended_until > window_ends_on:
        window_ends_on = extended_until
    six_months_end_on = add_months(given.first_invoice_on, 6)
    invoice_on = given.invoice_on
    revoked_on = given.status_revoked_on
    failed: list[str] = []

    if given.option == "discount":
        if not given.customer_data_given:
            failed.append("customer_data")
        if given.partner_number is None:
            failed.append("number_stated")
        if given.partner_is_law_firm:
            failed.append("law_firm")
        if given.product in LEFT_OUT:
            failed.append("product_left_out")
        if invoice_on > six_months_end_on:
            failed.append("after_six_months")
        if revoked_on is not None and revoked_on <= invoice_on:
            failed.append("status_revoked")
        return {
            "fee_payable": Said("NOT_COVERED"),
            "discount_applies": said(failed),
            "window_ends_on": Said("VALUE", window_ends_on),
            "six_months_end_on": Said("VALUE", six_months_end_on),
            "fee_amount": Said("NOT_COVERED"),
            "fee_due_on": Said("NOT_COVERED"),
            "fee_invoice_due_by": Said("NOT_COVERED"),
        }

    paid_on, requested_on = given.customer_paid_on, given.fee_invoice_requested_on
    assert paid_on is not None
    assert requested_on is not None
    contact_at = given.direct_contact_at
    fee_due_on = quarter_end(paid_on) + PAYMENT_PERIOD
    fee_invoice_due_by = add_months(requested_on, 6)
    # What has not happened by the day asked on happens on that day at the earliest.
    sent_on = given.fee_invoice_sent_on or asked_on
    approved_on = given.approved_on or asked_on
    established_on = given.established_on or asked_on

    if not given.customer_data_given:
        failed.append("customer_data")
    if given.partner_number is None and given.company_name is None:
        failed.append("identified")
    if approved_on > window_ends_on:
        failed.append("approved_in_time")
    if given.partner_is_law_firm:
        failed.append("law_firm")
    if established_on > window_ends_on:
        failed.append("established_late")
    if contact_at is not None and local(contact_at, STOCKHOLM) < referred_at:
        failed.append("contacted_before")
    if given.resumed_job and given.extended_work:
        failed.append("resumed_and_extended")
    if not given.referral_covers_project:
        failed.append("not_covered")
    if given.product in LEFT_OUT:
        failed.append("product_left_out")
    if invoice_on > six_months_end_on:
        failed.append("after_six_months")
    if sent_on > fee_invoice_due_by:
        failed.append("fee_invoice_late")
    if revoked_on is not None and revoked_on <= paid_on:
        failed.append("status_revoked")

    fee_base = given.invoice_amount
    secured = given.secured_amount
    if secured is not None and secured < fee_base:
        fee_base = secured
    fee_amount = (fee_base * given.fee_rate).quantize(CENT, ROUND_HALF_UP)
    return {
        "fee_payable": said(failed),
        "discount_applies": Said("NOT_COVERED"),
        "window_ends_on": Said("VALUE", window_ends_on),
        "six_months_end_on": Said("VALUE", six_months_end_on),
        "fee_amount": Said("VALUE", fee_amount),
        "fee_due_on": Said("VALUE", fee_due_on),
        "fee_invoice_due_by": Said("VALUE", fee_invoice_due_by),
    }
