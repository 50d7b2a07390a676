"""Transactions of `kaspersky-target-notification`; everything about them is made up."""

from datetime import date, datetime

from benchmarks.transactions.drawing import Drawing, Transaction
from benchmarks.twins.answers import A_DAY, BERLIN, add_months, local

STARTS_ON = date(2020, 6, 16)
FIRST_DEADLINE = date(2020, 6, 30)
EVENTS = ("released_on",)

_PRESUMED: dict[str, object] = {
    "targets_accepted_on": None,
    "targets_refused_on": None,
    "partner_joined_on": None,
}
_RIGHTS: dict[str, object] = {"in_portal": True, "portal_admin": False, "rebate_admin": False}


def complete(draw: Drawing) -> Transaction:
    """Draw a partner and a quarter of which nothing is open but the text."""
    later = [date(2020, 7, 1), date(2020, 10, 1), date(2021, 1, 1), date(2021, 4, 1)]
    quarter = draw.one_of(
        {date(2020, 1, 1): 4.0, date(2020, 4, 1): 52.0} | dict.fromkeys(later, 11)
    )
    ends_on = add_months(quarter, 3) - A_DAY
    released_on = draw.one_of(
        {
            STARTS_ON: 76.0,
            STARTS_ON - draw.days(1, 8): 12.0,
            STARTS_ON + draw.days(1, 14): 9.0,
            ends_on + draw.days(1, 10): 3.0,
        }
    )
    if quarter < date(2020, 4, 1) and draw.happens(60):
        return _before(draw, quarter)
    acceptances = _acceptances(draw, released_on, max(ends_on, FIRST_DEADLINE))
    asked_on = max([released_on, *map(_day, acceptances)])
    good = bool(acceptances) and _binds(acceptances[0], released_on)
    if not (good and draw.happens(20)):
        asked_on = max(asked_on, max(ends_on, FIRST_DEADLINE) + A_DAY) + draw.days(0, 60)
    joined_on = None
    if draw.happens(8):
        joined_on = ends_on + (draw.days(-200, 0) if draw.happens(60) else draw.days(1, 30))
    facts: dict[str, object] = {
        "quarter_starts_on": quarter,
        "released_on": released_on if good or not draw.happens(4) else None,
        "acceptances": acceptances,
        **_targets(draw),
        "partner_joined_on": joined_on,
    }
    return Transaction(draw.left_out(facts, _PRESUMED), asked_on)


def _before(draw: Drawing, quarter: date) -> Transaction:
    """Draw a question that was asked before the new procedure."""
    facts: dict[str, object] = {
        "quarter_starts_on": quarter,
        "released_on": None,
        "acceptances": [],
        **_targets(draw),
        "partner_joined_on": None,
    }
    return Transaction(draw.left_out(facts, _PRESUMED), STARTS_ON - draw.days(1, 60))


def _targets(draw: Drawing) -> dict[str, object]:
    day, refused = STARTS_ON - draw.days(70, 120), draw.happens(5)
    return {
        "targets_accepted_on": None if refused or draw.happens(50) else day,
        "targets_refused_on": day if refused else None,
    }


def _acceptances(draw: Drawing, released_on: date, deadline: date) -> list[object]:
    count = draw.one_of({0: 3.0, 1: 70.0, 2: 20.0, 3: 7.0})
    found = [_acceptance(draw, released_on, deadline) for _ in range(count)]
    return sorted(found, key=_moment)


def _acceptance(draw: Drawing, released_on: date, deadline: date) -> dict[str, object]:
    day = draw.one_of(
        {
            released_on + draw.days(0, 10): 62.0,
            FIRST_DEADLINE: 6.0,
            deadline - draw.days(0, 80): 12.0,
            deadline: 5.0,
            deadline + A_DAY: 2.0,
            deadline + draw.days(2, 30): 2.0,
            released_on - draw.days(1, 6): 4.0,
        }
    )
    entry: dict[str, object] = {
        "contact": draw.any_of(["Einkauf", "Leitung", "Versand", "Vertrieb"]),
        "accepted_at": draw.moment(day, BERLIN),
        "authorised": not draw.happens(7),
        "in_portal": not draw.happens(5),
        "portal_admin": draw.happens(30),
        "rebate_admin": draw.happens(20),
    }
    return draw.left_out(entry, _RIGHTS)


def _moment(entry: object) -> datetime:
    assert isinstance(entry, dict)
    moment = entry["accepted_at"]
    assert isinstance(moment, datetime)
    return local(moment, BERLIN)


def _day(entry: object) -> date:
    return _moment(entry).date()


def _binds(entry: object, released_on: date) -> bool:
    """Tell whether an acceptance is good under every reading."""
    assert isinstance(entry, dict)
    return (
        released_on <= _day(entry) <= FIRST_DEADLINE
        and bool(entry["authorised"])
        and bool(entry.get("in_portal", True))
    )
