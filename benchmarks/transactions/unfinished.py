"""Transactions while they are under way, or of which something is not known."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from benchmarks.transactions.drawing import Drawing, Transaction


def unfinished(draw: Drawing, whole: Transaction, events: Sequence[str]) -> Transaction:
    """Ask about a transaction on a day before its end, or leave out something that was given.

    Args:
        draw: Chance.
        whole: A transaction that leaves nothing open.
        events: Facts that may not have happened yet, in the order in which they mostly do.
    """
    if draw.happens(20):
        plain = [each for each, value in whole.facts.items() if isinstance(value, bool | str)]
        name = draw.any_of([each for each in plain if each != "option"] or list(events))
        return Transaction({**whole.facts, name: {"unknown": True}}, whole.asked_on)
    happened = sorted(day for name in events if (day := _day(whole.facts.get(name))) is not None)
    first = _day(whole.facts.get("referred_at")) or _day(whole.facts.get("quarter_starts_on"))
    last = happened[-1] if happened else whole.asked_on
    if first is None or last <= first:
        last, first = whole.asked_on, whole.asked_on - timedelta(60)
    asked_on = first + draw.days(2, max(2, (last - first).days))
    return Transaction(_as_of(whole.facts, asked_on, events), asked_on)


def _as_of(facts: dict[str, object], asked_on: date, events: Sequence[str]) -> dict[str, object]:
    """Give what was known on a day: no event after it, no entry of a log."""
    known: dict[str, object] = {}
    for name, value in facts.items():
        day = _day(value)
        if isinstance(value, list):
            # A day of reserve, since moments may be told in another zone.
            known[name] = [each for each in value if _entered_on(each) < asked_on]
        elif name in events and day is not None and day >= asked_on:
            known[name] = None
        else:
            known[name] = value
    return known


def _entered_on(entry: object) -> date:
    assert isinstance(entry, dict)
    day = _day(entry["accepted_at"])
    assert day is not None
    return day + timedelta(1)


def _day(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date() + timedelta(1) if value.tzinfo is not None else value.date()
    return value if isinstance(value, date) else None
