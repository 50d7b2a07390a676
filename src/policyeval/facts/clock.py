"""Moments in the zone of a programme: read, bounded by days, and with the zone's offset of the time.

Every moment becomes a `datetime` with the fixed offset that the zone has then: its `date()` is the
day in the zone, and two of them compare as moments.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from policyeval.facts import plain
from policyeval.facts.model import Between
from policyeval.facts.refusal import Refused, cut
from policyeval.facts.scalars import (
    FIRST_DAY,
    FIRST_YEAR,
    LAST_DAY,
    LAST_YEAR,
    day,
    day_of,
    other_year,
    wrong_kind,
)
from policyeval.feel.temporal.making import problem_of_clock
from policyeval.feel.temporal.zones import zone_named
from policyeval.messages import message

MOMENT_HELP: Final = message(
    "write a date and time as in `2024-01-31T09:30:00`, with `Z` or an offset such as `+01:00` if it "
    "is not local time, or a day alone as in `2024-01-31`"
)

_MOMENT = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,6}))?)?"
    r"(?:(Z)|([+-])([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?)?"
)
_DAY_ALONE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LARGEST_OFFSET = timedelta(hours=18)
_FIRST_TIME = time()
_LAST_TIME = time(23, 59, 59, 999_999)
_SECOND = timedelta(seconds=1)
_A_DAY = timedelta(1)
_combine = datetime.combine


_NEAR, _FAR = timedelta(hours=6), timedelta(hours=30)
"""Clocks in two zones that are no farther apart show moments of a day, and of the hours around it
that `Clock._steady` looks at; and so for the days beside it."""

_MOST_DAYS = 65_536


class _SteadyDays(dict[date, timezone | None]):
    """Days to the offset of all their moments, found out when they are first asked for.

    None: clocks are changed then, or about then, or the year is out of range.
    """

    __slots__ = ("_find",)

    def __init__(self, find: Callable[[date], timezone | None]) -> None:
        super().__init__()
        self._find = find

    def __missing__(self, day: date) -> timezone | None:
        if not FIRST_DAY <= day <= LAST_DAY:
            return None
        found = self._find(day)
        if len(self) < _MOST_DAYS:
            self[day] = found
        return found


class _Shift(NamedTuple):
    """What becomes of the moments of a day in one zone that are read in another.

    Attributes:
        steady: The offset of the other zone at all of them.
        by: How much later its clocks are.
        same_day: The hours all of whose moments are on the same day there.
    """

    steady: timezone
    by: timedelta
    same_day: frozenset[int]


class Clock:
    """What clocks show in a zone.

    Raises:
        Failure: There is no zone of that name.
    """

    def __init__(self, zone: str) -> None:
        self.zone = zone_named(zone)
        self._fixed: dict[timedelta, timezone] = {}
        self.bounds = lru_cache(maxsize=1_024)(self._bounds)
        self._steady_days = _SteadyDays(lambda day: self._steady(day, self.zone))
        self._shift = lru_cache(maxsize=4_096)(self._shifted)
        self.earliest = self.bounds(FIRST_DAY)[0]
        self.latest = self.bounds(LAST_DAY)[1]

    def moment(self, given: object) -> datetime | Between:
        """Read a moment, or a day as all of its moments.

        Raises:
            Refused: It is none, its year is out of range, or clocks show it twice or never.
        """
        if type(given) is str:
            match = _MOMENT.fullmatch(given)
            if match is not None:
                return self._written(match)
            if not _DAY_ALONE.fullmatch(given):
                raise Refused(
                    "input.time",
                    message("`{text}` is no date and time", text=cut(given)),
                    MOMENT_HELP,
                )
            year, month, day_of_month = (int(each) for each in given.split("-"))
            return self.whole(day_of(year, month, day_of_month, "input.time"))
        if type(given) is datetime:
            return self.aware(given)
        if type(given) is date:
            return self.whole(day(given))
        code = "input.type" if type(given) is bool else "input.time"
        raise wrong_kind(given, code, message("a date and time is wanted here"), MOMENT_HELP)

    def whole(self, of: date) -> Between:
        """Give all moments of a day.

        Raises:
            Refused: The zone left the day out.
        """
        first, last = self.bounds(of)
        if first.date() != of:
            raise Refused(
                "input.time",
                message("there was no {day} in the zone `{zone}`", day=of, zone=self.zone.key),
            )
        return Between(first, last)

    def in_zone(self, moment: datetime) -> datetime:
        """Give an aware moment with the zone's offset at it, as a fixed one."""
        local = moment.astimezone(self.zone)
        return local.replace(tzinfo=self._zone_of(_offset(local)), fold=0)

    def aware(self, given: datetime) -> datetime:
        """Read a moment of Python's own, with an offset, a zone, or neither of them.

        Raises:
            Refused: Its year is out of range, or clocks show it twice or never.
        """
        return self.aware_and_day(given)[0]

    def day(self, given: datetime) -> date:
        """Give the day of a moment, which is read like `aware` reads it.

        Raises:
            Refused: Its year is out of range, or clocks show it twice or never.
        """
        # Where clocks are not changed around a day, it makes no difference which time of two is meant.
        day, zone = given.date(), given.tzinfo
        if zone is None or zone is self.zone:
            if self._steady_days[day] is not None:
                return day
        elif type(zone) is timezone or type(zone) is ZoneInfo:
            shift = self._shift(day, zone)
            if shift is not None and given.hour in shift.same_day:
                return day
        return self.aware_and_day(given)[1]

    def aware_and_day(self, given: datetime) -> tuple[datetime, date]:
        """Read a moment like `aware`, and give its day as well.

        Raises:
            Refused: Its year is out of range, or clocks show it twice or never.
        """
        # Where clocks are not changed around a day, every moment of it has the same offset.
        day, zone = given.date(), given.tzinfo
        if not given.fold:
            if zone is None or zone is self.zone:
                steady = self._steady_days[day]
                if steady is not None:
                    return _combine(day, given.time(), steady), day
            elif type(zone) is timezone or type(zone) is ZoneInfo:
                shift = self._shift(day, zone)
                if shift is not None:
                    result = _combine(day, given.time(), shift.steady) + shift.by
                    if FIRST_YEAR <= result.year <= LAST_YEAR:
                        return result, result.date()
        result = self._aware(given)
        return result, result.date()

    def _aware(self, given: datetime) -> datetime:
        if not FIRST_YEAR - 1 <= given.year <= LAST_YEAR + 1:
            raise other_year("input.time")
        zone = given.tzinfo
        if zone is None:
            result = self._local(given)
        else:
            if type(zone) is ZoneInfo:
                self._check(given, zone, local=False)
            elif type(zone) is not timezone:
                given = plain.moment(given)
            result = self.in_zone(given)
        if not FIRST_YEAR <= result.year <= LAST_YEAR:
            raise other_year("input.time")
        return result

    def _local(self, given: datetime) -> datetime:
        if given.fold:
            given = given.replace(fold=0)  # of local time it says nothing that others would see
        steady = self._steady_days[given.date()]
        if steady is not None:
            return datetime.combine(given.date(), given.time(), steady)
        self._check(given, self.zone, local=True)
        return self.in_zone(given.replace(tzinfo=self.zone))

    def _shifted(self, of: date, zone: timezone | ZoneInfo) -> "_Shift | None":
        """Give what becomes of the moments of a day in another zone.

        None: clocks are changed in one of the zones then, or about then.
        """
        theirs = zone if type(zone) is timezone else self._steady(of, zone)
        steady = self._steady_days[of]
        if theirs is None or steady is None or not FIRST_DAY < of < LAST_DAY:
            return None
        shift = steady.utcoffset(None) - theirs.utcoffset(None)
        around = (of - _A_DAY, of + _A_DAY)
        if abs(shift) > _NEAR and any(self._steady_days[each] != steady for each in around):
            return None
        if abs(shift) > _FAR:
            return None
        return _Shift(steady, shift, _hours_of_same_day(shift))

    def _steady(self, of: date, zone: tzinfo) -> timezone | None:
        """Give the offset of a day on which, and around which, clocks are not changed."""
        # Nowhere are clocks changed and changed back within six hours. They may be put forward by a
        # whole day: what they never show has the offset before, or by its fold the one after.
        noon = datetime.combine(of, time(12), zone)
        shown = [noon + timedelta(hours=hours) for hours in range(-18, 19, 6)]
        offsets = {_offset(each.replace(fold=fold)) for each in shown for fold in (0, 1)}
        return self._zone_of(offsets.pop()) if len(offsets) == 1 else None

    def _zone_of(self, offset: timedelta) -> timezone:
        fixed = self._fixed.get(offset)
        return self._fixed.setdefault(offset, timezone(offset)) if fixed is None else fixed

    def _check(self, given: datetime, zone: ZoneInfo, *, local: bool) -> None:
        """Refuse what clocks never show and, of a local time, what they show twice."""
        first = given.replace(tzinfo=zone, fold=0)
        earlier, later = _offset(first), _offset(first.replace(fold=1))
        if earlier == later:
            return
        shown = given.replace(tzinfo=None, fold=0).isoformat()
        if earlier < later:
            raise Refused(
                "input.time",
                message(
                    "clocks in `{zone}` never showed `{text}`; they were put forward then",
                    zone=zone.key,
                    text=shown,
                ),
                message(
                    "look at the time again, or write its offset from UTC: `{first}` or `{second}`",
                    first=first.replace(tzinfo=timezone(earlier)).isoformat(),
                    second=first.replace(tzinfo=timezone(later)).isoformat(),
                ),
            )
        if local:
            raise Refused(
                "input.time",
                message(
                    "clocks in `{zone}` showed `{text}` twice; they were put back then",
                    zone=zone.key,
                    text=shown,
                ),
                message(
                    "write its offset from UTC: `{first}` is the first time, `{second}` the second",
                    first=first.replace(tzinfo=timezone(earlier)).isoformat(),
                    second=first.replace(tzinfo=timezone(later)).isoformat(),
                ),
            )

    def _written(self, match: re.Match[str]) -> datetime:
        of = day_of(int(match[1]), int(match[2]), int(match[3]), "input.time", beyond=1)
        hour, minute, second = int(match[4]), int(match[5]), int(match[6] or 0)
        problem = problem_of_clock(hour, minute, second)
        if problem is not None:
            raise Refused("input.time", problem, MOMENT_HELP)
        local = datetime.combine(
            of, time(hour, minute, second, int((match[7] or "").ljust(6, "0")))
        )
        if match[8]:
            return self._aware(local.replace(tzinfo=UTC))
        if not match[9]:
            return self._aware(local)
        minutes, seconds = int(match[11]), int(match[12] or 0)
        offset = timedelta(hours=int(match[10]), minutes=minutes, seconds=seconds)
        if max(minutes, seconds) > 59 or offset > _LARGEST_OFFSET:
            raise Refused(
                "input.time", message("an offset from UTC is at most 18 hours"), MOMENT_HELP
            )
        return self._aware(local.replace(tzinfo=timezone(-offset if match[9] == "-" else offset)))

    def _bounds(self, of: date) -> tuple[datetime, datetime]:
        """Give the first and the last moment of a day; of a day that was left out, what is around it."""
        first = self._after_gap(datetime.combine(of, _FIRST_TIME))
        last = datetime.combine(of, _LAST_TIME, self.zone)
        if _offset(last) < _offset(last.replace(fold=1)):
            # Clocks jumped over the end of the day.
            following = self._after_gap(datetime.combine(of + timedelta(1), _FIRST_TIME))
            return first, self.in_zone(following - timedelta(microseconds=1))
        return first, self.in_zone(last.replace(fold=1))

    def _after_gap(self, midnight: datetime) -> datetime:
        """Give the first moment at which clocks show midnight or later."""
        aware = midnight.replace(tzinfo=self.zone)
        before, after = _offset(aware), _offset(aware.replace(fold=1))
        if before >= after:
            return self.in_zone(aware)
        # Clocks never showed midnight; the change lies between the two moments it would have been.
        low, high = midnight - after, midnight - before
        while low < high:
            middle = low + (high - low) // 2 // _SECOND * _SECOND
            if _offset(middle.replace(tzinfo=UTC).astimezone(self.zone)) == after:
                high = middle
            else:
                low = middle + _SECOND
        return self.in_zone(low.replace(tzinfo=UTC))


def _hours_of_same_day(shift: timedelta) -> frozenset[int]:
    """Give the hours all of whose moments are on the same day when they are shifted."""
    begins = {hour: timedelta(hours=hour) + shift for hour in range(25)}
    return frozenset(
        hour for hour in range(24) if begins[hour] >= timedelta() and begins[hour + 1] <= _A_DAY
    )


def _offset(moment: datetime) -> timedelta:
    offset = moment.utcoffset()
    assert offset is not None
    return offset
