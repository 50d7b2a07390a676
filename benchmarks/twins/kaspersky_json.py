"""The German notice about targets, by hand, from JSON to JSON; see `kaspersky`."""

from datetime import date, datetime

import msgspec

from benchmarks.twins.answers import A_DAY, BERLIN, add_months, local
from benchmarks.twins.answers_json import Said, encode
from benchmarks.twins.kaspersky import FIRST_QUARTER_ENDS_ON, STARTS_ON


class Acceptance(msgspec.Struct):
    """Somebody accepted the new terms."""

    accepted_at: datetime
    authorised: bool
    in_portal: bool = True


class Quarter(msgspec.Struct):
    """A transaction, as far as an answer depends on it."""

    quarter_starts_on: date
    released_on: date | None
    acceptances: list[Acceptance]
    partner_joined_on: date | None = None


_decoder = msgspec.json.Decoder(Quarter)


def decide(raw: bytes, asked_on: date) -> bytes:
    """Answer every question about a transaction that leaves nothing open but the text."""
    return encode(answers_to(_decoder.decode(raw), asked_on))


def answers_to(given: Quarter, asked_on: date) -> dict[str, Said]:
    """Answer every question about a transaction that leaves nothing open but the text."""
    required = Said("YES", True) if asked_on < STARTS_ON else Said("NO", False)
    ends_on = add_months(given.quarter_starts_on, 3) - A_DAY
    if ends_on < STARTS_ON:
        return {
            "rebate_calculated": Said("NOT_COVERED"),
            "target_acceptance_required": required,
            "acceptance_deadline": Said("NOT_COVERED"),
            "calculation_not_before": Said("NOT_COVERED"),
        }
    deadlines = [FIRST_QUARTER_ENDS_ON]
    if ends_on != FIRST_QUARTER_ENDS_ON:
        deadlines.append(ends_on)
    released_on = given.released_on
    joined_on = given.partner_joined_on
    acceptances = [(local(each.accepted_at, BERLIN).date(), each) for each in given.acceptances]

    failed: list[str] = []
    met = joined_on is not None and joined_on > ends_on
    for deadline in deadlines:
        in_time = in_portal = released = authorised = False
        for day, each in acceptances:
            if day <= deadline:
                in_time = True
                if each.in_portal:
                    in_portal = True
                    if released_on is not None and day >= released_on:
                        released = True
                        if each.authorised:
                            authorised = True
        if not in_time:
            failed.append("terms_accepted")
        elif not in_portal:
            failed.append("accepted_at_login")
        elif not released:
            failed.append("accepted_once_released")
        else:
            met = True
            if not authorised:
                failed.append("accepted_for_company")

    if not failed:
        rebate = Said("YES", True)
    elif met:
        rebate = Said("OPEN")
    else:
        rebate = Said("NO", False, list(dict.fromkeys(failed)))
    return {
        "rebate_calculated": rebate,
        "target_acceptance_required": required,
        "acceptance_deadline": (Said("VALUE", ends_on) if len(deadlines) == 1 else Said("OPEN")),
        "calculation_not_before": Said("VALUE", ends_on),
    }
