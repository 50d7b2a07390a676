"""The German notice about targets, by hand; two versions, and a day decides which.

The quarter's last day governs the rebate, the day asked on whether targets must be accepted. Where the
notice can be read in several ways, each is gone through: one deadline or one for each quarter, whose
acceptances bind, whether it reaches a partner that joined later.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from benchmarks.twins.answers import A_DAY, BERLIN, Answer, add_months, local, quarter_end

STARTS_ON = date(2020, 6, 16)
FIRST_QUARTER_ENDS_ON = quarter_end(STARTS_ON)


def decide(given: Mapping[str, Any], asked_on: date) -> dict[str, Answer]:
    """Answer every question about a transaction that leaves nothing open but the text."""
    required = Answer("YES", True) if asked_on < STARTS_ON else Answer("NO", False)
    ends_on = add_months(given["quarter_starts_on"], 3) - A_DAY
    if ends_on < STARTS_ON:
        return {
            "rebate_calculated": Answer("NOT_COVERED"),
            "target_acceptance_required": required,
            "acceptance_deadline": Answer("NOT_COVERED"),
            "calculation_not_before": Answer("NOT_COVERED"),
        }
    deadlines = [FIRST_QUARTER_ENDS_ON]
    if ends_on != FIRST_QUARTER_ENDS_ON:
        deadlines.append(ends_on)
    released_on = given["released_on"]
    joined_on = given.get("partner_joined_on")
    acceptances = [
        (local(each["accepted_at"], BERLIN).date(), each) for each in given["acceptances"]
    ]

    failed: list[str] = []
    met = joined_on is not None and joined_on > ends_on
    for deadline in deadlines:
        in_time = in_portal = released = authorised = False
        for day, each in acceptances:
            if day <= deadline:
                in_time = True
                if each.get("in_portal", True):
                    in_portal = True
                    if released_on is not None and day >= released_on:
                        released = True
                        if each["authorised"]:
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
        rebate = Answer("YES", True)
    elif met:
        rebate = Answer("OPEN")
    else:
        rebate = Answer("NO", False, list(dict.fromkeys(failed)))
    return {
        "rebate_calculated": rebate,
        "target_acceptance_required": required,
        "acceptance_deadline": (
            Answer("VALUE", ends_on) if len(deadlines) == 1 else Answer("OPEN")
        ),
        "calculation_not_before": Answer("VALUE", ends_on),
    }
