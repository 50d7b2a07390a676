"""Past transactions from a file of JSON lines, read one by one; a line that cannot be used is said.

A line holds the facts of one transaction, or `{"facts": {…}, "asked_on": "2024-07-01", "id": "…"}`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import BinaryIO, Final

from policyeval.cases.model import Case
from policyeval.diagnostics import Diagnostic
from policyeval.errors import FactsError
from policyeval.facts.decoding import read_json_facts, source_of
from policyeval.feel import numbers
from policyeval.messages import message
from policyeval.policy.schema.formats import complaint
from policyeval.source import Source, Span

LONGEST_LINE: Final = 256 * 1024
"""Bytes of a line that are read."""

_LONGEST_ID = 200
_KEYS = frozenset({"facts", "asked_on", "id"})


@dataclass(frozen=True, slots=True)
class Transaction:
    """A transaction and the day on which it is asked about.

    Attributes:
        name: A case's id, or what a line gives as `id`.
        line: Of a file of transactions, counted from 1.
    """

    facts: Mapping[str, object]
    asked_on: date
    name: str | None = None
    line: int | None = None
    overlays: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A line that cannot be used, and why."""

    line: int
    problem: Diagnostic


def of_cases(cases: Iterable[Case], advance: Callable[[], None]) -> Iterator[Transaction]:
    """Give golden cases as transactions."""
    for each in cases:
        yield Transaction(each.facts, each.asked_on, each.id, overlays=each.overlays)
        advance()


def read_lines(
    file: BinaryIO,
    name: str,
    asked_on: date | None,
    advance: Callable[[int], None],
) -> Iterator[Transaction | Unreadable]:
    """Read a file of transactions, one line at a time.

    Args:
        file: Its bytes.
        name: What it is called in messages.
        asked_on: The day for lines that give none.
        advance: Told how many bytes were read of each line.
    """
    number = 0
    while raw := file.readline(LONGEST_LINE + 1):
        number += 1
        size = len(raw)
        whole = raw
        while not raw.endswith(b"\n") and (raw := file.readline(LONGEST_LINE)):
            size += len(raw)
        advance(size)
        if size > LONGEST_LINE:
            yield Unreadable(number, _too_long(name))
            continue
        if number == 1:
            whole = whole.removeprefix(b"\xef\xbb\xbf")
        text = whole.strip()
        if text:
            yield _line(text, name, number, asked_on)


def _line(raw: bytes, name: str, number: int, asked_on: date | None) -> Transaction | Unreadable:
    try:
        source = source_of(raw, name)
        given = read_json_facts(source)
    except FactsError as error:
        return Unreadable(number, error.diagnostics[0])
    facts: object = given
    if "facts" in given:
        facts = given["facts"]
        for key in given:
            if key not in _KEYS:
                return Unreadable(number, _beside(key, source))
        if not isinstance(facts, dict):
            return Unreadable(number, _no_facts(source))
    else:
        given = {}
    assert isinstance(facts, dict), "what is no object was refused"
    try:
        day = _day(given.get("asked_on"), source) or asked_on
    except FactsError as error:
        return Unreadable(number, error.diagnostics[0])
    if day is None:
        return Unreadable(number, _no_day(source))
    return Transaction(facts, day, _name(given.get("id")), number)


def _day(given: object, source: Source) -> date | None:
    if given is None:
        return None
    written = given if isinstance(given, str) else str(given)
    found = complaint("date", written)
    if found is None:
        return date.fromisoformat(written)
    text = message("`{option}`: {complaint}", option="asked_on", complaint=found.text)
    at = max(source.text.find('"asked_on"'), 0)
    raise FactsError([Diagnostic("input.asked-on", text, Span(at, at), source, found.help)])


def _beside(key: str, source: Source) -> Diagnostic:
    text = message("`{key}` cannot stand beside `{other}`", key=key[:200], other="facts")
    help_ = message("a line has `facts`, `asked_on` and `id`; or it is the facts alone")
    return Diagnostic("input.unknown-key", text, _span_of(key, source), source, help_)


def _no_facts(source: Source) -> Diagnostic:
    text = message("facts are given as an object: names, and a value for each")
    return Diagnostic("input.type", text, _span_of("facts", source), source)


def _span_of(key: str, source: Source) -> Span:
    at = max(source.text.find(f'"{key}"'), 0)
    return Span(at, at + len(key) + 2)


def _no_day(source: Source) -> Diagnostic:
    text = message("the line does not say on which day it is asked about")
    help_ = message("give `asked_on` beside the facts, or `--asked-on` for all lines")
    return Diagnostic("input.asked-on", text, Span(0, 0), source, help_)


def _too_long(name: str) -> Diagnostic:
    text = message("the line is longer than {limit} bytes", limit=LONGEST_LINE)
    return Diagnostic("input.too-long", text, Span(0, 0), Source("", name))


def _name(given: object) -> str | None:
    match given:
        case str():
            return given[:_LONGEST_ID]
        case Decimal():
            return numbers.number_text(given)[:_LONGEST_ID]
        case _:
            return None
