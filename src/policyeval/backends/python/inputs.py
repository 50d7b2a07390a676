"""Between the facts of a transaction, or the values of an answer, and those of the compiled code."""

from collections.abc import Mapping
from datetime import date, datetime

from policyeval.backends.calendars import next_working_day
from policyeval.backends.python.moments import ENDLESS, Endless, Later, holds_moment, is_moment
from policyeval.backends.python.undecided import UNDECIDED, Undecided, Unknown, merged
from policyeval.facts.model import Between, Open
from policyeval.policy.never import NEVER


def event(unknown: Unknown, name: str, value: object) -> object:
    """Give an event's moment where it is no plain date, or date and time."""
    if value is NEVER:
        return ENDLESS
    if isinstance(value, Open) and value.kind == "event":
        lows = [each.low for each in value.parts if isinstance(each, Between)]
        days = [each for each in lows if isinstance(each, date)]
        if days:
            return Later(min(days))
    elif isinstance(value, date):
        return value
    unknown[name] = UNDECIDED
    return UNDECIDED


def happened(
    unknown: Unknown,
    facts: Mapping[str, object],
    names: tuple[str, str],
    moment: object,
    asked_on: date,
) -> object:
    """Tell whether an event has happened as of the day asked on.

    The facts may say so themselves: one possible world of several is a future in which something
    happens on the day asked on that has not happened as of it.

    Args:
        unknown: What is not known.
        facts: What is given, by name.
        names: Of what is asked, and of the event.
        moment: Of the event.
        asked_on: The day.
    """
    key, name = names
    given = facts.get(key)
    if isinstance(given, bool):
        return given
    if name in unknown:
        unknown[key] = UNDECIDED
        return UNDECIDED
    if is_moment(moment):
        return False
    assert isinstance(moment, date)
    return (moment.date() if isinstance(moment, datetime) else moment) <= asked_on


def never(
    unknown: Unknown,
    facts: Mapping[str, object],
    names: tuple[str, str],
    moment: object,
    _asked_on: date,
) -> object:
    """Tell whether an event never happens; as `happened`."""
    key, name = names
    given = facts.get(key)
    if isinstance(given, bool):
        return given
    if name in unknown or type(moment) is Later:
        unknown[key] = UNDECIDED
        return UNDECIDED
    return type(moment) is Endless


def unclear(value: object) -> bool:
    """Tell whether something within a list or context is open, or a moment that is not known."""
    pending = [value]
    while pending:
        each = pending.pop()
        if type(each) is list:
            pending += each
        elif type(each) is dict:
            pending += each.values()
        elif type(each) is Open or each is NEVER:
            return True
    return holds_moment(value)


def shifted(unknown: Unknown, name: str, calendar: str, day: object) -> object:
    """Move a decision's day to the next working day; a later day is then no earlier than that."""
    if type(day) is date:
        return next_working_day(day, calendar)
    if type(day) is Later:
        return Later(next_working_day(day.low, calendar))
    if type(day) is Undecided and day.options:
        moved = merged(shifted(unknown, name, calendar, each) for each in day.options)
        if type(moved) is Undecided:
            unknown[name] = moved
        else:
            del unknown[name]
        return moved
    return day


def outcome(unknown: Unknown, key: str, value: object) -> object:
    """Give what a decision's value is to those outside."""
    if type(value) is Endless:
        return NEVER
    if type(value) is Later:
        unknown[key] = UNDECIDED
        return UNDECIDED
    return value


def inside(value: object) -> object:
    """Give a value from outside to the compiled code."""
    return ENDLESS if value is NEVER else value


def shown(value: object) -> object:
    """Give a value to those outside, `UNDECIDED` if it is not known for certain."""
    if type(value) is Endless:
        return NEVER
    if type(value) in (Later, Undecided) or unclear(value):
        return UNDECIDED
    return value
