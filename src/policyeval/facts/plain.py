"""Whatever a caller gives, as plain values: read once, through Python's own types.

What a subclass pretends to be, or what happens to a list while it is read, makes no difference.
Kinds are told by `is` and `issubclass` on the type itself: everything else would ask the object.
"""

from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from typing import Final
from unicodedata import is_normalized, normalize
from zoneinfo import ZoneInfo

from policyeval.facts.refusal import Refused, binary_fraction, of_no_kind
from policyeval.messages import message

ITEMS: Final = 10_000
"""Items of a list."""


def scalar(value: object) -> object:
    """Give a value as one of Python's own scalars, a plain copy of a subclass's.

    In place of a list or an object, which is no scalar either, stands an empty one.

    Raises:
        Refused: It is of a kind that no fact has.
    """
    kind = type(value)
    if kind is str or kind is Decimal or kind is bool or kind is date or kind is int:
        return value
    if issubclass(kind, str):
        return str.__str__(value)
    if issubclass(kind, int):
        return int.__index__(value)  # type: ignore[arg-type] # by its type it is whole
    if issubclass(kind, Decimal):
        return Decimal(value)  # type: ignore[arg-type] # by its type it is decimal
    if issubclass(kind, datetime):
        return moment(value)
    if issubclass(kind, date):
        return date(*(each.__get__(value) for each in _DAY))
    if value is None:
        return None
    if issubclass(kind, list | tuple):
        return []
    if issubclass(kind, dict):
        return {}
    if issubclass(kind, float) or _name(kind).startswith(("float", "half", "single", "double")):
        raise binary_fraction()  # numpy has such numbers that are not Python's
    raise of_no_kind()


def is_object(value: object) -> bool:
    """Tell whether a value has entries."""
    return issubclass(type(value), dict)


def is_list(value: object) -> bool:
    """Tell whether a value has items."""
    return issubclass(type(value), list | tuple)


def entries(value: object) -> list[tuple[object, object]]:
    """Give the entries of an object as they are now."""
    try:
        return [*dict.items(value)]  # type: ignore[arg-type] # `is_object` holds
    except RuntimeError:
        raise Refused(
            "input.type",
            message("the value was changed while it was read"),
            message("give a copy that nothing else changes"),
        ) from None


def items(value: object) -> list[object]:
    """Give the items of a list as they are now.

    Raises:
        Refused: There are too many.
    """
    listed = issubclass(type(value), list)
    count = list.__len__(value) if listed else tuple.__len__(value)  # type: ignore[arg-type]
    if count > ITEMS:
        raise Refused(
            "input.too-long",
            message(
                "the list has {count} items; at most {limit} are read", count=count, limit=ITEMS
            ),
            message("ask about fewer of them at a time"),
        )
    copy: list[object] = list.copy(value) if listed else [*tuple.__iter__(value)]  # type: ignore[arg-type]
    return copy[:ITEMS]


_FLAT = frozenset(map(id, (bool, str, int, Decimal, date, datetime, type(None))))
"""Types of values that hold nothing else, by their identity: a type may have a say in what it equals."""


def copy_of(value: object) -> object:
    """Copy lists and objects, without asking what holds them; whatever is neither is its own copy.

    Raises:
        Refused: A list has too many items, an object is changed at the time, or has names that are no
            plain texts: two of those that are equal may be kept apart by what they say of themselves.
    """
    if type(value) is dict:
        copy = value.copy()
        if _FLAT.issuperset(map(id, map(type, copy.values()))):
            return copy
    if is_object(value):
        found = entries(value)
        if any(type(key) is not str for key, _ in found):
            raise _no_text()
        return {key: copy_of(each) for key, each in found}
    if is_list(value):
        return [copy_of(each) for each in items(value)]
    return value


def name(key: object) -> str:
    """Give the name of an entry as it is written.

    Raises:
        Refused: It is no text.
    """
    if not issubclass(type(key), str):
        raise _no_text()
    return str.__str__(key)


def _no_text() -> Refused:
    return Refused(
        "input.type",
        message("the name of an entry is no text"),
        message("the name of an entry is a text, such as `{example}`", example='"amount"'),
    )


def composed(text: str) -> str:
    """Give a name in the form in which names are compared (NFC)."""
    return text if text.isascii() or is_normalized("NFC", text) else normalize("NFC", text)


def _name(kind: type) -> str:
    """Give the name of a type without asking its own class."""
    return str.__str__(type.__dict__["__name__"].__get__(kind))


def kind_shown(value: object) -> str:
    """Name the kind of a value that is no fact, for the line that shows it."""
    return f"<{_name(type(value))}>"


_DAY = tuple(date.__dict__[each] for each in ("year", "month", "day"))
_CLOCK = tuple(datetime.__dict__[each] for each in ("hour", "minute", "second", "microsecond"))
_ZONE = datetime.__dict__["tzinfo"]
_FOLD = datetime.__dict__["fold"]


def moment(value: object) -> datetime:
    """Give a moment in a zone that is known; a zone of another kind is asked for its offset.

    Raises:
        Refused: That zone does not tell it.
    """
    parts = [each.__get__(value) for each in (*_DAY, *_CLOCK)]
    zone = _ZONE.__get__(value)
    plain = datetime(*parts, fold=_FOLD.__get__(value))
    if zone is None:
        return plain
    kind = type(zone)
    if kind is timezone or kind is ZoneInfo:
        return plain.replace(tzinfo=zone)
    return plain.replace(tzinfo=timezone(_offset(zone, plain)), fold=0)


def _offset(zone: tzinfo, moment: datetime) -> timedelta:
    """Ask a zone of somebody else's making for its offset; it may answer in any way."""
    try:
        offset = zone.utcoffset(moment.replace(tzinfo=zone))
    except Exception:  # noqa: BLE001 - code of the caller's, about which nothing is known
        offset = None
    if type(offset) is not timedelta or abs(offset) >= timedelta(1):
        raise Refused(
            "input.time",
            message("its zone does not tell its offset from UTC"),
            message(
                "write `{example}`", example=datetime(2024, 1, 31, 9, 30, tzinfo=UTC).isoformat()
            ),
        )
    return offset
