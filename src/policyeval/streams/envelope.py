r"""An envelope around facts: `{"id": "A-17", "asked_on": "2024-07-01", "facts": {…}}`.

What programs usually write is taken apart by looking at its beginning and its end (`quick`). The facts
in between are not read for it: whoever reads them is strict, and head, facts and tail together are an
envelope by the grammar of JSON. Whatever looks otherwise is read as a whole (`exact`), which also
finds what is wrong with it.
"""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final, NamedTuple

from policyeval.diagnostics import Diagnostic
from policyeval.errors import FactsError
from policyeval.facts.placed import Placed, read_placed
from policyeval.facts.refusal import Refused, cut
from policyeval.facts.scalars import day
from policyeval.messages import Message, message
from policyeval.source import Source, Span
from policyeval.streams.model import Id

FACTS: Final = "facts"
KEYS: Final = ("id", "asked_on", FACTS)
_DIGITS: Final = 18

_MEMBER: Final = rb'"(id|asked_on)"[ \t]*:[ \t]*("[^"\\\x00-\x1f]*+"|-?(?:0|[1-9][0-9]{0,17})(?![0-9])|null)[ \t]*'
_HEAD: Final = re.compile(
    rb"[ \t]*\{[ \t]*(?:" + _MEMBER + rb",[ \t]*)?(?:" + _MEMBER + rb',[ \t]*)?"facts"[ \t]*:[ \t]*'
    rb"(?=\{)"
)
_TAIL: Final = re.compile(
    rb"\}[ \t]*(?:,[ \t]*" + _MEMBER + rb")?(?:,[ \t]*" + _MEMBER + rb")?\}[ \t\r]*"
)


class Envelope(NamedTuple):
    """What an envelope holds.

    Attributes:
        facts: The facts, as JSON.
        id: What it calls the transaction.
        asked_on: The day that it gives, if it gives one.
    """

    facts: bytes
    id: Id
    asked_on: date | None


def quick(raw: bytes) -> Envelope | None:
    """Take apart an envelope that is written as programs write it; None for anything else."""
    head = _HEAD.match(raw)
    if head is None:
        return None
    start = head.end()
    inner = raw.rfind(b"}", start, max(raw.rfind(b"}"), start))
    tail = _TAIL.fullmatch(raw, inner) if inner >= 0 else None
    if tail is None:
        return None
    first, one, second, two = head.groups()
    third, three, fourth, four = tail.groups()
    members = ((first, one), (second, two), (third, three), (fourth, four))
    id_: bytes | None = None
    asked_on: bytes | None = None
    for name, written in members:
        if name == b"id":
            if id_ is not None:
                return None
            id_ = written
        elif name is not None:
            if asked_on is not None:
                return None
            asked_on = written
    try:
        return Envelope(
            raw[start : inner + 1],
            None if id_ is None else _id(id_),
            None if asked_on is None else _day(asked_on),
        )
    except (UnicodeDecodeError, Refused):
        return None


def _id(written: bytes) -> Id:
    if written == b"null":
        return None
    return written[1:-1].decode() if written[:1] == b'"' else int(written)


@lru_cache(maxsize=1024)
def _day(written: bytes) -> date | None:
    if written == b"null":
        return None
    return day(written[1:-1].decode() if written[:1] == b'"' else int(written))


@dataclass(frozen=True, slots=True)
class Opened:
    """A line that was read as a whole.

    Attributes:
        root: Its values and their places.
        facts: The facts, at the same places as in the line; the line itself where it is no envelope.
        within: Whether the facts are in an envelope.
        problems: What is wrong with the envelope.
    """

    root: Placed
    facts: Source
    within: bool = False
    id: Id = None
    asked_on: date | None = None
    problems: tuple[Diagnostic, ...] = ()


def exact(line: Source, *, may_be_one: bool) -> Opened:
    """Read a line and, if it is an envelope, what it holds.

    Args:
        line: Its text.
        may_be_one: Whether an envelope is looked for; not where the programme has a fact `facts`.

    Raises:
        FactsError: It is no JSON.
    """
    root, found = read_placed(line)
    inner = root.parts.get(FACTS)
    if not may_be_one or not isinstance(root.value, dict) or inner is None:
        return Opened(root, line)
    if not isinstance(inner.value, dict):
        return Opened(root, line)
    # What is given twice within the facts is told by whoever reads them.
    problems = [each for each in found if not inner.span.start <= each.span.start < inner.span.end]
    problems += [
        _unknown(name, span, line) for name, span in root.names.items() if name not in KEYS
    ]
    id_: Id = None
    asked_on: date | None = None
    try:
        id_ = _exact_id(root.parts.get("id"), line)
    except FactsError as error:
        problems += error.diagnostics
    try:
        asked_on = _exact_day(root.parts.get("asked_on"), line)
    except FactsError as error:
        problems += error.diagnostics
    blanks = " " * inner.span.start
    facts = Source(blanks + line.text[inner.span.start : inner.span.end])
    return Opened(root, facts, True, id_, asked_on, tuple(problems))


def _unknown(name: str, span: Span, line: Source) -> Diagnostic:
    return Diagnostic(
        "input.unknown-key",
        message("`{name}` cannot stand beside `{facts}`", name=cut(name), facts=FACTS),
        span,
        line,
        message("beside `{facts}` there may be `id` and `asked_on`", facts=FACTS),
    )


def _exact_id(given: Placed | None, line: Source) -> Id:
    value = None if given is None else given.value
    if given is None or value is None or isinstance(value, str):
        return value if isinstance(value, str) else None
    written = line.text[given.span.start : given.span.end]
    if isinstance(value, Decimal) and re.fullmatch(r"-?[0-9]+", written):
        if len(written.lstrip("-")) <= _DIGITS:
            return int(written)
        text = message("the number has more than {limit} digits", limit=_DIGITS)
        raise _wrong("input.number-range", text, given, line)
    raise _wrong("input.type", message("an `id` is a text or a whole number"), given, line)


def _exact_day(given: Placed | None, line: Source) -> date | None:
    if given is None or given.value is None:
        return None
    try:
        return day(given.value)
    except Refused as refused:
        raise _wrong("input.asked-on", refused.text, given, line, refused.help) from None


def _wrong(
    code: str, text: Message, given: Placed, line: Source, help_: Message | None = None
) -> FactsError:
    return FactsError([Diagnostic(code, text, given.span, line, help_)])
