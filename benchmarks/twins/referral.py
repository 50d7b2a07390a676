"""The made-up referral programme (`benchmarks/referral`), by hand."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from benchmarks.twins.answers import (
    STOCKHOLM,
    Answer,
    add_months,
    decided,
    local,
    quarter_end,
)

FIRST_DAY = date(2024, 1, 1)
APPROVAL_WINDOW = timedelta(days=180)
PAYMENT_PERIOD = timedelta(days=45)
CENT = Decimal("0.01")
LEFT_OUT = {"hardware", "training"}
QUESTIONS = (
    "fee_payable",
    "discount_applies",
    "window_ends_on",
    "six_months_end_on",
    "fee_amount",
    "fee_due_on",
    "fee_invoice_due_by",
)


def decide(given: Mapping[str, Any], asked_on: date) -> dict[str, Answer]:
    """Answer every question about a transaction that leaves nothing open."""
    get = given.get
    referred_at = local(given["referred_at"], STOCKHOLM)
    referral_on = referred_at.date()
    if referral_on < FIRST_DAY:
        return {name: Answer("NOT_COVERED") for name in QUESTIONS}

    window_ends_on = referral_on + APPROVAL_WINDOW
    extended_until = get("extended_until")
    if extended_until is not None and extended_until > window_ends_on:
        window_ends_on = extended_until
    six_months_end_on = add_months(given["first_invoice_on"], 6)
    invoice_on = given["invoice_on"]
    revoked_on = get("status_revoked_on")
    failed: list[str] = []

    if given["option"] == "discount":
        if not get("customer_data_given", True):
            failed.append("customer_data")
        if get("partner_number") is None:
            failed.append("number_stated")
        if given["partner_is_law_firm"]:
            failed.append("law_firm")
        if given["product"] in LEFT_OUT:
            failed.append("product_left_out")
        if invoice_on > six_months_end_on:
            failed.append("after_six_months")
        if revoked_on is not None and revoked_on <= invoice_on:
            failed.append("status_revoked")
        return {
            "fee_payable": Answer("NOT_COVERED"),
            "discount_applies": decided(failed),
            "window_ends_on": Answer("VALUE", window_ends_on),
            "six_months_end_on": Answer("VALUE", six_months_end_on),
            "fee_amount": Answer("NOT_COVERED"),
            "fee_due_on": Answer("NOT_COVERED"),
            "fee_invoice_due_by": Answer("NOT_COVERED"),
        }

    paid_on = given["customer_paid_on"]
    contact_at = get("direct_contact_at")
    fee_due_on = quarter_end(paid_on) + PAYMENT_PERIOD
    fee_invoice_due_by = add_months(given["fee_invoice_requested_on"], 6)
    # What has not happened by the day asked on happens on that day at the earliest.
    sent_on = given["fee_invoice_sent_on"] or asked_on
    approved_on = given["approved_on"] or asked_on
    established_on = given["established_on"] or asked_on

    if not get("customer_data_given", True):
        failed.append("customer_data")
    if get("partner_number") is None and get("company_name") is None:
        failed.append("identified")
    if approved_on > window_ends_on:
        failed.append("approved_in_time")
    if given["partner_is_law_firm"]:
        failed.append("law_firm")
    if established_on > window_ends_on:
        failed.append("established_late")
    if contact_at is not None and local(contact_at, STOCKHOLM) < referred_at:
        failed.append("contacted_before")
    if get("resumed_job", False) and get("extended_work", False):
        failed.append("resumed_and_extended")
    if not get("referral_covers_project", True):
        failed.append("not_covered")
    if given["product"] in LEFT_OUT:
        failed.append("product_left_out")
    if invoice_on > six_months_end_on:
        failed.append("after_six_months")
    if sent_on > fee_invoice_due_by:
        failed.append("fee_invoice_late")
    if revoked_on is not None and revoked_on <= paid_on:
        failed.append("status_revoked")

    fee_base = given["invoice_amount"]
    secured = get("secured_amount")
    if secured is not None and secured < fee_base:
        fee_base = secured
    fee_amount = (fee_base * given["fee_rate"]).quantize(CENT, ROUND_HALF_UP)
    return {
        "fee_payable": decided(failed),
        "discount_applies": Answer("NOT_COVERED"),
        "window_ends_on": Answer("VALUE", window_ends_on),
        "six_months_end_on": Answer("VALUE", six_months_end_on),
        "fee_amount": Answer("VALUE", fee_amount),
        "fee_due_on": Answer("VALUE", fee_due_on),
        "fee_invoice_due_by": Answer("VALUE", fee_invoice_due_by),
    }
