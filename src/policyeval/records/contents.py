"""What a line of a log holds: read back exactly, or refused."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Final, NoReturn, cast

from policyeval.messages import message
from policyeval.records.lines import SEAL_BYTES, Malformed, Sealed
from policyeval.records.model import MadeBy, Record, Request

_RECORD = re.compile(r'\{"format":1,"seq":[1-9]\d{0,17},"id":')
_RECORDED = re.compile(r',"recorded_at":"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6})Z","facts":')


def _refuse_constant(_: str) -> NoReturn:
    raise ValueError("no number of JSON")


def _named_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name is given twice")
    return found


EXACT: Final = json.JSONDecoder(
    parse_float=Decimal,
    parse_int=Decimal,
    parse_constant=_refuse_constant,
    object_pairs_hook=_named_once,
)
"""Reads JSON with exact numbers; ValueError, RecursionError or InvalidOperation is what it cannot read."""


def record_of(raw: bytes, seal: Sealed, number: int) -> Record:
    """Read the record of a line.

    Args:
        raw: The line, without its end.
        seal: What `sealed` gave for it.
        number: Of the line.

    Raises:
        Malformed: It is not laid out as a record is.
    """
    try:
        return _record(raw.decode(), seal, number)
    except (ValueError, KeyError, TypeError, RecursionError, InvalidOperation):
        raise Malformed(message("the line is not laid out as a record is")) from None


def _record(text: str, seal: Sealed, number: int) -> Record:
    start = _matched(_RECORD.match(text))
    id_, at = EXACT.raw_decode(text, start.end())
    recorded = _matched(_RECORDED.match(text, at))
    facts, at = EXACT.raw_decode(text, recorded.end())
    hidden, at = _member(text, at, "hashed", {})
    dropped, at = _member(text, at, "dropped", [])
    overlays, at = _member(text, at, "overlays", None)
    written = text[_after(text, at, "evaluation") : -SEAL_BYTES]
    data = EXACT.decode(written)
    hashed = _mapping(hidden).get("facts", {})
    return Record(
        seq=seal.seq,
        id=None if id_ is None else _text(id_),
        recorded_at=datetime.fromisoformat(recorded[1]).replace(tzinfo=UTC),
        facts=_mapping(facts),
        hashed={name: _text(each) for name, each in _mapping(hashed).items()},
        dropped=_texts(dropped),
        evaluation=written.encode(),
        hash=seal.hash,
        line=number,
        salt=_text(_mapping(hidden)["salt"]) if hidden else None,
        nonce=_text(_mapping(hidden)["nonce"]) if hidden else None,
        request=_request(_mapping(data), None if overlays is None else _texts(overlays)),
        data=_mapping(data),
    )


def _member(text: str, at: int, name: str, default: object) -> tuple[object, int]:
    if not text.startswith(f',"{name}":', at):
        return default, at
    return EXACT.raw_decode(text, _after(text, at, name))


def _after(text: str, at: int, name: str) -> int:
    written = f',"{name}":'
    if not text.startswith(written, at):
        raise ValueError(name)
    return at + len(written)


def _matched(match: re.Match[str] | None) -> re.Match[str]:
    if match is None:
        raise ValueError("something else stands there")
    return match


def _request(data: Mapping[str, object], overlays: tuple[str, ...] | None) -> Request:
    made_by = tuple(_maker(_mapping(each)) for each in _list(data["made_by"]))
    applied = dict.fromkeys(name for each in made_by for name in each.overlays)
    return Request(
        programme=_text(data["programme"]),
        asked_on=date.fromisoformat(_text(data["asked_on"])),
        known_on=_known_on(data["known_on"]),
        overlays=tuple(applied) if overlays is None else overlays,
        decisions=tuple(_mapping(data["answers"])),
        made_by=made_by,
    )


def _maker(data: Mapping[str, object]) -> MadeBy:
    readings = _mapping(data.get("readings", {}))
    return MadeBy(
        version=_text_or_none(data["version"]),
        digest=_text_or_none(data["digest"]),
        engine=_text(data["engine"]),
        language=_text(data["language"]),
        readings={name: _text(each) for name, each in readings.items()},
        overlays=_texts(data.get("overlays", [])),
    )


def _known_on(written: object) -> date | datetime | None:
    if written is None:
        return None
    # A moment may name its zone, as the language writes it.
    from policyeval.feel.failure import Failure
    from policyeval.feel.temporal import parse_temporal

    try:
        known = parse_temporal(_text(written))
    except Failure as failure:
        raise ValueError("no day or moment") from failure
    if not isinstance(known, date):
        raise TypeError("a day or a moment is wanted")
    return known


def _mapping(value: object) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise TypeError("an object is wanted")
    return cast(dict[str, object], value)


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise TypeError("a list is wanted")
    return cast(list[object], value)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("a text is wanted")
    return value


def _text_or_none(value: object) -> str | None:
    return None if value is None else _text(value)


def _texts(value: object) -> tuple[str, ...]:
    return tuple(_text(each) for each in _list(value))
