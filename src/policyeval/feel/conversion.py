"""Python's values as FEEL's, and back: the only way into and out of an evaluation.

What comes in is copied once, through Python's own types: what a subclass of `dict` or `list`
pretends to hold, or holds later, makes no difference.
"""

import datetime as dt
import re
from decimal import Decimal
from typing import Any

from policyeval.feel import numbers, operators, temporal
from policyeval.feel.failure import Failure
from policyeval.feel.temporal.zones import canonical_zone, zone_of_offset
from policyeval.feel.values import (
    NANOSECONDS_PER_DAY,
    NANOSECONDS_PER_SECOND,
    Function,
    Range,
    Time,
    Value,
    WideDate,
    WideDateTime,
    WideDuration,
    YearsMonthsDuration,
)
from policyeval.messages import Message, message

DEPTH = 64
"""Lists and contexts within each other, in a value from outside."""

_SURROGATE = re.compile("[\ud800-\udfff]")
_MOST_INTEGER = 10**numbers.PRECISION


def from_python(value: object, name: str = "") -> Value:
    """Turn a value of Python's into one of FEEL's.

    Taken are None, bool, str, int and finite Decimal of at most 34 digits, date, datetime, time,
    timedelta, lists and tuples, dicts with text for keys, and the values of
    `policyeval.feel.values`. A float is not: it has lost the number that was meant.

    Args:
        value: The value.
        name: What messages call it; parts of it are called `loan.rate[2]`.

    Raises:
        Failure: A part of it is none of these, is nested more than 64 deep, or holds itself
            (`input.value`); or it is out of range.
    """
    return _Reader().read(value, name, 0)[0]


class _Reader:
    """One conversion.

    Lists and contexts that stand in several places are read once and shared, so that a value that
    is small in memory stays small; each is kept with its height, for the limit of depth.
    """

    def __init__(self) -> None:
        self.read_before: dict[int, tuple[Value, int]] = {}
        self.reading: set[int] = set()
        self.ranges = 0  # within each other, as `(= [1..2])` is

    def read(self, value: object, path: str, depth: int) -> tuple[Value, int]:
        """Give the value and how many lists and contexts are within each other in it."""
        if type(value) not in _KINDS and not issubclass(type(value), _KINDS):
            # Its `__class__` may say something else; that is not to be believed.
            raise _refusal(path, message("the language has no values of its kind"))
        if isinstance(value, list | tuple | dict):
            return self._container(value, path, depth)
        if isinstance(value, Range):
            if self.ranges >= DEPTH:
                raise _refusal(path, message("it is nested more than {limit} deep", limit=DEPTH))
            self.ranges += 1
            start, below = self.read(value.start, _member(path, "start"), depth)
            end, above = self.read(value.end, _member(path, "end"), depth)
            self.ranges -= 1
            return _range(value, start, end, path), max(below, above)
        return _plain(value, path), 0

    def _container(
        self, value: list[object] | tuple[object, ...] | dict[object, object], path: str, depth: int
    ) -> tuple[Value, int]:
        identity = id(value)
        if identity in self.reading:
            raise _refusal(path, message("it holds itself"))
        known = self.read_before.get(identity)
        if depth + (known[1] if known else 1) > DEPTH:
            raise _refusal(path, message("it is nested more than {limit} deep", limit=DEPTH))
        if known:
            return known
        self.reading.add(identity)
        if isinstance(value, dict):
            result = self._dict(value, path, depth)
        else:
            result = self._list(value, path, depth)
        self.reading.discard(identity)
        self.read_before[identity] = result
        return result

    def _list(
        self, value: list[object] | tuple[object, ...], path: str, depth: int
    ) -> tuple[Value, int]:
        given = list.__iter__(value) if isinstance(value, list) else tuple.__iter__(value)
        items: list[Value] = []
        height = 0
        for number, item in enumerate([*given], 1):
            result, below = self.read(item, f"{path}[{number}]", depth + 1)
            items.append(result)
            height = max(height, below)
        return items, height + 1

    def _dict(self, value: dict[object, object], path: str, depth: int) -> tuple[Value, int]:
        entries: dict[str, Value] = {}
        height = 0
        for key, item in [*dict.items(value)]:
            if not isinstance(key, str):
                raise _refusal(path, message("the name of an entry is no text"))
            name = _text(key, path)
            if name in entries:
                raise _refusal(path, message("it has two entries `{name}`", name=name))
            entries[name], below = self.read(item, _member(path, name), depth + 1)
            height = max(height, below)
        return entries, height + 1


_KINDS = (
    *(type(None), bool, str, int, float, complex, Decimal, list, tuple, dict, Range, Function),
    *(dt.date, dt.time, dt.timedelta, Time),
    *(WideDate, WideDateTime, WideDuration, YearsMonthsDuration),
)


def _member(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _plain(value: object, path: str) -> Value:
    try:
        match value:
            case None | True | False | Function():
                return value
            case str():
                return _text(value, path)
            case int() | Decimal():
                return _number(value, path)
            case float() | complex():
                raise _refusal(
                    path, message("it is a binary number, which is not exact; a decimal is wanted")
                )
            case dt.date() | dt.time() | dt.timedelta():
                return _native(value)
            case WideDate(int(year), int(month), int(day)):
                return temporal.make_date(year, month, day)
            case WideDateTime(int(year), int(month), int(day), int(nanosecond), zone):
                return temporal.make_date_and_time(
                    year, month, day, nanosecond, None if zone is None else _zone(zone)
                )
            case Time(int(nanosecond), zone):
                return _time(nanosecond, zone)
            case WideDuration(int(nanoseconds)):
                return temporal.make_duration(nanoseconds)
            case YearsMonthsDuration(int(months)):
                return temporal.make_months(months)
            case _:
                raise _refusal(path, message("the language has no values of its kind"))
    except Failure as failure:
        if failure.code == "input.value":
            raise
        raise _refusal(path, failure.message) from None


def _text(value: str, path: str) -> str:
    text = str.__str__(value)  # a plain copy, where a subclass has ideas of its own
    if _SURROGATE.search(text):
        raise _refusal(path, message("its text has characters that are no Unicode characters"))
    return text


def _number(value: int | Decimal, path: str) -> Decimal:
    if isinstance(value, int):
        whole = int.__index__(value)
        # INVARIANT: never more digits than 34 before `Decimal` sees them; that takes long.
        if not -_MOST_INTEGER < whole < _MOST_INTEGER:
            raise _too_long(path)
        return Decimal(whole)
    number = Decimal(value)
    if not number.is_finite():
        raise _refusal(path, message("it is no number that can be computed with"))
    digits = number.as_tuple().digits
    zeros = 0
    while zeros < len(digits) - 1 and not digits[-1 - zeros]:
        zeros += 1
    if len(digits) - zeros > numbers.PRECISION:
        raise _too_long(path)
    try:
        result = numbers.CONTEXT.create_decimal(number)
    except ArithmeticError:
        result = None
    if result is None or result != number:
        raise _refusal(path, message("it is too large or too small a number"))
    return result or numbers.ZERO


def _too_long(path: str) -> Failure:
    return _refusal(path, message("it has more than {limit} digits", limit=numbers.PRECISION))


def _native(value: dt.date | dt.time | dt.timedelta) -> Value:
    match value:
        case dt.datetime():
            *parts, zone, fold = _fields(dt.datetime, value, (*_DAY, *_CLOCK))
            plain = dt.datetime(*parts).replace(tzinfo=zone, fold=fold)
            if zone is None:
                return temporal.normalise(plain)
            known = canonical_zone(zone) if issubclass(type(zone), dt.tzinfo) else None
            if known is not None:
                same = known is zone
                return temporal.normalise(plain if same else plain.replace(tzinfo=known))
            # A zone of a kind that nobody here knows is asked once, and not kept.
            offset = _offset(zone, plain)
            return temporal.normalise(plain.replace(tzinfo=dt.timezone(offset), fold=0))
        case dt.date():
            return dt.date(*_fields(dt.date, value, _DAY))
        case dt.timedelta():
            return dt.timedelta(*_fields(dt.timedelta, value, ("days", "seconds", "microseconds")))
        case dt.time():
            hour, minute, second, microsecond, zone, _ = _fields(dt.time, value, _CLOCK)
            nanosecond = ((hour * 60 + minute) * 60 + second) * NANOSECONDS_PER_SECOND
            return _time(nanosecond + microsecond * 1000, zone, asked=True)


_DAY = ("year", "month", "day")
_CLOCK = ("hour", "minute", "second", "microsecond", "tzinfo", "fold")


def _fields(type_: type, value: object, names: tuple[str, ...]) -> list[Any]:
    """Read attributes as the type itself has them, not as a subclass may."""
    return [getattr(type_, name).__get__(value) for name in names]


def _time(nanosecond: int, zone: object, *, asked: bool = False) -> Time:
    """Make a time; a zone of an unknown kind is asked for its offset, or refused."""
    if not 0 <= nanosecond < NANOSECONDS_PER_DAY:
        raise Failure("eval.domain", message("it is no time of a day"))
    if zone is None:
        return Time(int(nanosecond))
    return Time(int(nanosecond), _zone(zone, asked=asked))


def _zone(zone: object, *, asked: bool = False) -> dt.tzinfo:
    known = canonical_zone(zone) if isinstance(zone, dt.tzinfo) else None
    if known is not None:
        return known
    if not asked:
        raise _without_offset()
    return zone_of_offset(_offset(zone, None))


def _offset(zone: object, moment: dt.datetime | None) -> dt.timedelta:
    """Ask a zone of somebody else's making for its offset; it may answer in any way."""
    try:
        offset = zone.utcoffset(moment) if isinstance(zone, dt.tzinfo) else None
    except Exception:  # noqa: BLE001 - code of the caller's, about which nothing is known
        offset = None
    if type(offset) is not dt.timedelta or abs(offset) >= dt.timedelta(1):
        raise _without_offset()
    return offset


def _without_offset() -> Failure:
    return Failure("eval.zone", message("its zone does not tell its offset from UTC"))


def _range(value: Range, start: Value, end: Value, path: str) -> Range:
    try:
        match value.operator:
            case None:
                return operators.make_range(
                    start, end, bool(value.start_included), bool(value.end_included)
                )
            case ">" | ">=" | "=" | "!=":
                return operators.comparison_range(value.operator, start)
            case "<" | "<=":
                return operators.comparison_range(value.operator, end)
    except Failure as failure:
        raise _refusal(path, failure.message) from None


def _refusal(path: str, why: Message) -> Failure:
    if path:
        return Failure(
            "input.value",
            message("the value of `{path}` cannot be used: {why}", path=_cut(path), why=why),
        )
    return Failure("input.value", message("the value cannot be used: {why}", why=why))


_LONGEST_PATH = 120


def _cut(path: str) -> str:
    return path if len(path) <= _LONGEST_PATH else "…" + path[-_LONGEST_PATH:]


def to_python(value: Value) -> object:
    """Give a value as plain Python, for a caller to keep and to change.

    Lists and contexts are copied; a time that Python's own type can hold becomes one. All else is
    Python's own already, or a value of `policyeval.feel.values`.
    """
    return _plainly(value, {})


def _plainly(value: Value, copies: dict[int, object]) -> object:
    if isinstance(value, list | dict):
        # A list that stands in two places becomes one list again: unfolded, a value could be endless.
        if id(value) not in copies:
            copies[id(value)] = (
                {key: _plainly(item, copies) for key, item in value.items()}
                if isinstance(value, dict)
                else [_plainly(item, copies) for item in value]
            )
        return copies[id(value)]
    if isinstance(value, Time) and value.nanosecond % 1000 == 0:
        minutes, rest = divmod(value.nanosecond, 60 * NANOSECONDS_PER_SECOND)
        second, finer = divmod(rest, NANOSECONDS_PER_SECOND)
        return dt.time(minutes // 60, minutes % 60, second, finer // 1000, value.zone)
    return value
