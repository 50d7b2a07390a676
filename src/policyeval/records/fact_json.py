"""Facts as a caller gives them, as JSON that is decoded to exactly the same.

Whatever `PolicySet.evaluate` takes can be written: plain values of Python, or JSON. Numbers keep every
digit, days and moments are texts in ISO form. What is no fact is refused, as evaluation refuses it.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Final, cast
from unicodedata import is_normalized, normalize
from zoneinfo import ZoneInfo

from policyeval.diagnostics import Diagnostic
from policyeval.errors import FactsError
from policyeval.messages import Message, message
from policyeval.records.contents import EXACT
from policyeval.records.lines import text_json
from policyeval.source import Source, Span

Facts = Mapping[str, object] | str | bytes | Source

DEPTH: Final = 64
"""Lists and objects within each other."""

MOST_BITS: Final = 1_024
"""Of a whole number; those of facts have 60."""

_LARGEST_OFFSET: Final = timedelta(hours=18)
_MINUTE: Final = timedelta(minutes=1)
_FIRST_YEAR: Final = 1900
_LAST_YEAR: Final = 2199
_TEXT: Final = {str}


def entries_of(facts: Facts) -> dict[str, object]:
    """Give the facts by name, as they are now.

    Raises:
        FactsError: They are no object of JSON.
    """
    if type(facts) is dict:
        given: dict[object, object] = facts.copy()
    elif isinstance(facts, str | bytes | Source):
        return _read(facts)
    elif isinstance(facts, MappingProxyType):
        given = dict(facts)
    elif issubclass(type(facts), dict):
        return _plain_entries(dict.items(cast(dict[object, object], facts)))
    else:
        raise _no_object()
    if set(map(type, given)) <= _TEXT:
        return cast(dict[str, object], given)
    return _plain_entries(given.items())


def object_json(facts: Mapping[str, object]) -> str:
    """Write facts as an object of JSON.

    Raises:
        FactsError: A value is none that a fact has. The message does not repeat it.
    """
    known = _starts.get
    entries = [
        (known(name) or _start(name))
        + (text_json(value) if type(value) is str else value_json(name, value))
        for name, value in facts.items()
    ]
    return "{" + ",".join(entries) + "}"


# Names of facts are few, and the same again and again.
_starts: dict[str, str] = {}
_MOST_STARTS: Final = 4_096


def _start(name: str) -> str:
    if len(_starts) >= _MOST_STARTS:
        _starts.clear()
    start = _starts[name] = f"{text_json(name)}:"
    return start


def value_json(name: str, value: object) -> str:
    """Write the value of a fact as JSON.

    Args:
        name: Of the fact, for the message.
        value: As a caller gives it.

    Raises:
        FactsError: No fact has such a value. The message does not repeat it.
    """
    try:
        return _written(value, 1)
    except _NoFact as problem:
        raise _refused(name, problem.code, problem.text) from None


class _NoFact(Exception):
    def __init__(self, code: str, text: Message) -> None:
        super().__init__(code)
        self.code = code
        self.text = text


def _written(value: object, depth: int) -> str:
    kind = type(value)
    if kind is str:
        return text_json(value)  # type: ignore[arg-type]  # by its kind
    if value is None:
        return "null"
    if kind is bool:
        return "true" if value else "false"
    if kind is Decimal:
        return _decimal(value)  # type: ignore[arg-type]  # by its kind
    if kind is date:
        return f'"{value}"'
    if kind is int:
        return _whole(value)  # type: ignore[arg-type]  # by its kind
    if kind is datetime:
        return f'"{_moment(value)}"'  # type: ignore[arg-type]  # by its kind
    if kind is dict:
        return _object(value, depth)
    if kind is list:
        return _list(value.copy(), depth)  # type: ignore[attr-defined]  # by its kind
    return _of_another_kind(value, depth)


def _of_another_kind(value: object, depth: int) -> str:
    """Write what is of a subclass, read once through Python's own types."""
    # It brings the whole language with it, which checking a log does not need.
    from policyeval.facts import plain
    from policyeval.facts.refusal import Refused

    try:
        if plain.is_object(value):
            return _object(value, depth)
        if plain.is_list(value):
            return _list(plain.items(value), depth)
        return _written(plain.scalar(value), depth)
    except Refused as refused:
        raise _NoFact(refused.code, refused.text) from None


def _decimal(value: Decimal) -> str:
    if not value.is_finite():
        raise _NoFact(
            "input.number", message("a number is wanted that is neither endless nor none")
        )
    return str(value)


def _whole(value: int) -> str:
    if value.bit_length() > MOST_BITS:
        raise _NoFact("input.number-range", message("the number is too large"))
    return str(value)


def _moment(value: datetime) -> str:
    """Write a moment; what is read back is the same moment, whatever its zone was."""
    zone = value.tzinfo
    if zone is None:
        return value.isoformat()
    if type(zone) is not timezone and type(zone) is not ZoneInfo:
        value = _in_a_known_zone(value)
    offset = value.utcoffset()
    assert offset is not None, "those two always tell it"
    try:
        if abs(offset) > _LARGEST_OFFSET or offset % _MINUTE:
            value = value.astimezone(UTC)
        # A zone may still have another year; a text is only taken with a year that facts are of.
        if value.year < _FIRST_YEAR:
            value = value.astimezone(timezone(_LARGEST_OFFSET))
        elif value.year > _LAST_YEAR:
            value = value.astimezone(timezone(-_LARGEST_OFFSET))
    except OverflowError:
        raise _NoFact("input.time", message("the year is out of range")) from None
    return value.isoformat()


def _in_a_known_zone(value: datetime) -> datetime:
    from policyeval.facts import plain
    from policyeval.facts.refusal import Refused

    try:
        return plain.moment(value)
    except Refused as refused:
        raise _NoFact(refused.code, refused.text) from None


def _object(value: object, depth: int) -> str:
    if depth >= DEPTH:
        raise _too_deep()
    # A copy would ask a subclass what it holds.
    entries = _plain_entries(dict.items(value))  # type: ignore[arg-type]  # by its kind
    inside = depth + 1
    written = ",".join([f"{text_json(n)}:{_written(v, inside)}" for n, v in entries.items()])
    return f"{{{written}}}"


def _list(items: list[object], depth: int) -> str:
    if depth >= DEPTH:
        raise _too_deep()
    inside = depth + 1
    return f"[{','.join([_written(each, inside) for each in items])}]"


def _too_deep() -> _NoFact:
    return _NoFact(
        "input.too-long",
        message("lists and objects are nested more than {limit} deep", limit=DEPTH),
    )


def _plain_entries(given: Iterable[tuple[object, object]]) -> dict[str, object]:
    """Give entries whose names may be of subclasses of Python's text by plain texts."""
    found: dict[str, object] = {}
    for key, value in [*given]:
        if not issubclass(type(key), str):
            raise _refused("", "input.type", message("the name of an entry is no text"))
        name = str.__str__(cast(str, key))
        if name in found:
            text = message("`{name}` is given twice", name=name)
            raise _refused(name, "input.duplicate-name", text)
        found[name] = value
    return found


# ---------------------------------------------------------------------- JSON


def _read(facts: str | bytes | Source) -> dict[str, object]:
    try:
        if isinstance(facts, bytes):
            text = facts.decode().removeprefix("\ufeff")
        else:
            text = facts.text if isinstance(facts, Source) else str.__str__(facts)
        given = EXACT.decode(text)
    except (ValueError, RecursionError, InvalidOperation):
        # What exactly is wrong, evaluation has told; here nothing of it may be repeated.
        raise _refused("", "input.json", message("the facts are no JSON")) from None
    if not isinstance(given, dict):
        raise _no_object()
    return given


def _no_object() -> FactsError:
    text = message("facts are given as an object: names, and a value for each")
    return _refused("", "input.type", text)


def _refused(name: str, code: str, text: Message) -> FactsError:
    source = Source(name[:60])
    place = message("fact `{name}`", name=source.text) if name else message("the facts")
    return FactsError([Diagnostic(code, text, Span(0, len(source.text)), source, place=place)])


# ---------------------------------------------------------------------- one form for equal values


def composed(name: str) -> str:
    """Give a name in the form in which names are compared (NFC)."""
    return name if name.isascii() or is_normalized("NFC", name) else normalize("NFC", name)


def canonical_json(name: str, value: object) -> bytes:
    """Write a fact as JSON in its one form: `[name,value]`, the same for equal facts.

    Names are in order, texts composed (NFC), and numbers have neither zeros at their end nor a point.

    Raises:
        FactsError: No fact has such a value.
    """
    data = EXACT.decode(value_json(name, value))
    return f"[{text_json(composed(name))},{_canonical(data)}]".encode()


def _canonical(data: object) -> str:
    if isinstance(data, Decimal):
        sign, digits, exponent = data.as_tuple()
        written = "".join(map(str, digits)).lstrip("0")
        stripped = written.rstrip("0")
        if not stripped:
            return "0"
        power = int(exponent) + len(written) - len(stripped)
        return f"{'-' if sign else ''}{stripped}e{power}"
    if isinstance(data, str):
        return text_json(composed(data))
    if isinstance(data, list):
        return f"[{','.join(map(_canonical, data))}]"
    if isinstance(data, dict):
        entries = sorted((composed(name), each) for name, each in data.items())
        return f"{{{','.join(f'{text_json(n)}:{_canonical(each)}' for n, each in entries)}}}"
    return {None: "null", True: "true", False: "false"}[cast(bool | None, data)]
