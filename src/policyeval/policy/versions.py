"""Which version of a programme is in force on a day, as far as was known at a moment.

A version has two times: the days on which it is in force, and the moment from which its text was
known. Of the versions that are known, the one that began last governs; of several that began on the
same day, the one that became known last, which corrects the others. A version's force ends where a
later one begins, or on its own last day, after which nothing is in force until another begins.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple

from policyeval.feel.temporal.zones import zone_named
from policyeval.policy.model import ValidPolicy

_SECOND: Final = 1_000_000
_DAY: Final = 86_400 * _SECOND


class Span(NamedTuple):
    """Days of a timeline, up to the day before the next span; the last one has no end.

    Attributes:
        first: None: since ever.
        version: What is in force on these days; None: nothing.
    """

    first: date | None
    version: ValidPolicy | None


def select(
    versions: Sequence[ValidPolicy], governing_day: date, known_on: date | datetime | None = None
) -> ValidPolicy | None:
    """Choose the version of a programme that governs on a day, or None if none is in force.

    Args:
        versions: In any order.
        governing_day: A date without a time.
        known_on: Only versions known by the end of this day (in the programme's zone), or at this
            moment, count; a moment without an offset is local to the programme's zone. None: all.
    """
    return _in_force(_known(versions, known_on), governing_day)


def boundaries(
    versions: Sequence[ValidPolicy], known_on: date | datetime | None = None
) -> tuple[Span, ...]:
    """Give what is in force on every day there is, as spans of days.

    The first span begins since ever; no two neighbours have the same version.
    """
    known = _known(versions, known_on)
    days = {first_day(each) for each in known}
    last_days = [each.policy.in_force_until for each in known]
    days |= {last + _ONE for last in last_days if last is not None and last < date.max}
    spans = [Span(None, _in_force(known, date.min))]
    for day in sorted(days):
        version = _in_force(known, day)
        if version is not spans[-1].version:
            spans.append(Span(day, version))
    return tuple(spans)


def as_known(
    versions: Sequence[ValidPolicy], known_on: date | datetime | None = None
) -> tuple[ValidPolicy, ...]:
    """Give the versions that were known, in order; where none was, the one that became known first.

    Something has to have the words even where nothing is in force. Versions that become known later
    than all there are change nothing of this.
    """
    known = _known(versions, known_on)
    return known or (min(in_order(versions), key=known_moment),) if versions else ()


def known_moment(version: ValidPolicy) -> int:
    """Give the moment from which a version is known, as a number that orders moments."""
    return _moment(version.policy.known_from, version.programme.zone)


def first_day(version: ValidPolicy) -> date:
    """Give the first day on which a version is in force; since ever is since the first day there is."""
    return version.policy.in_force_from or date.min


def in_order(versions: Sequence[ValidPolicy]) -> tuple[ValidPolicy, ...]:
    """Order versions by their first day in force, then by when they became known."""
    return tuple(sorted(versions, key=_rank))


_ONE = timedelta(days=1)


def _known(
    versions: Sequence[ValidPolicy], known_on: date | datetime | None
) -> tuple[ValidPolicy, ...]:
    if known_on is None:
        return in_order(versions)
    # The end of a day: its last microsecond, the later one where clocks show it twice.
    end = (
        known_on
        if isinstance(known_on, datetime)
        else datetime.combine(known_on, time.max).replace(fold=1)
    )
    return tuple(
        each
        for each in in_order(versions)
        if known_moment(each) <= _moment(end, each.programme.zone)
    )


def _in_force(ordered: Sequence[ValidPolicy], day: date) -> ValidPolicy | None:
    begun = [each for each in ordered if first_day(each) <= day]
    if not begun:
        return None
    latest = begun[-1]
    until = latest.policy.in_force_until
    return latest if until is None or day <= until else None


def _rank(version: ValidPolicy) -> tuple[date, int, str]:
    # Two that began and became known at once are a mistake that the check reports; the name decides,
    # so that the choice does not depend on the order of the files.
    return (first_day(version), known_moment(version), version.policy.version)


def _moment(when: datetime, zone: str) -> int:
    """Count microseconds from a fixed moment in UTC.

    Python compares two times of the same zone by what the clock shows, which may be the same an hour
    apart, and has no moments beyond the years 1 to 9999, where a time near their ends may lie.
    """
    offset = when.utcoffset()
    if offset is None:
        offset = when.replace(tzinfo=zone_named(zone)).utcoffset()
    assert offset is not None, "every zone has an offset"
    local = (when.hour * 60 + when.minute) * 60 + when.second
    clock = when.toordinal() * _DAY + local * _SECOND + when.microsecond
    return clock - offset // timedelta(microseconds=1)
