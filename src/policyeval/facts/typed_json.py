"""The facts of most transactions, from the bytes of their JSON to typed values in a few microseconds.

A quick reader for what is plain: every fact of the type that is declared, or null, or left out. It
gives the values that a caller with Python values would give for the same meaning; what they are worth
is for those to say who read such values (a year may be out of range, an event may lie in the future).
Whatever is unusual (an object that says what is unknown, a day where a moment is wanted, a mistake)
it leaves alone: it gives nothing, and `policyeval.facts.decoding` reads the text and tells what there
is to tell. So it may refuse what is right, but never take what the other refuses, nor take it for
something else.

Most of the work is msgspec's, where that is exact. It is not where it keeps the last of two equal names,
skips names that nobody declared, makes a number of `"1_000"` or `"NaN"` and a moment of
`"2024-01-31 09:30:00z"`. So numbers and moments are made here, and names are accounted for by counting
quotation marks.

    A text that msgspec takes is an object with some number of entries, M, and S texts among their
    values. Each name and each of these texts has two quotation marks, and an escaped one within a text
    is one more; so the bytes hold at least 2M + 2S. What is kept are n names, all different and all
    declared, and s values that were texts; n is at most M, and s at most S. Where the bytes hold
    exactly 2n + 2s quotation marks, n is M and s is S: no entry was skipped, none was overwritten. The
    same holds for all objects of the text together.

msgspec is the extra `fast`. Without it nothing is read here.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Context, Decimal, Inexact, InvalidOperation, Overflow, Underflow
from functools import lru_cache
from typing import Any, Final, Protocol, TypedDict, cast

from policyeval.facts.placed import TEXT_BYTES
from policyeval.feel.types import (
    BOOLEAN,
    DATE,
    DATE_AND_TIME,
    NUMBER,
    STRING,
    ContextOf,
    ListOf,
    Type,
    may_be_null,
    required,
)
from policyeval.policy.model import Fact, ValidPolicy

Object = dict[str, object]

# Numbers of JSON are as long as they are written; whatever could not be kept exactly is a signal, in
# this context and never in the thread's.
_EXACT: Final = Context(
    prec=999_999,
    Emin=-999_999,
    Emax=999_999,
    traps=[Inexact, InvalidOperation, Overflow, Underflow],
)
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,12})?")
_MOMENT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,6})?)?"
    r"(?:Z|[+-](?:0[0-9]|1[0-7]):[0-5][0-9])?"
)
_BEYOND: Final = 10**18
_KEPT: Final = 16_384
_COMBINATIONS_KEPT: Final = 1_024


class NotPlainError(Exception):
    """A value is for those to read who can read everything."""


class JsonReader:
    """Reads the facts of transactions for one policy; make one and keep it.

    It is never changed, and may be used from several threads at once.

    Attributes:
        reads: Whether it ever reads anything, which it does not without msgspec.
    """

    def __init__(self, policy: ValidPolicy) -> None:
        self._members = _members(policy.policy.facts.values())
        made = _decoder(self._members.form)
        self.reads = made is not None
        self._decode, self._ends = made or (_nothing, NotPlainError)

    def read(self, raw: bytes) -> Object | None:
        """Read the bytes of a JSON object in UTF-8.

        Returns:
            The facts that are given, by name, as plain values of exactly the types that are declared
            (`bool`, `Decimal`, `str`, `date`, `datetime`, lists and dicts of them), or None; a new
            dict that nobody else has. None if the text has to be read by those who read everything.
        """
        if type(raw) is not bytes or len(raw) > TEXT_BYTES:
            return None
        try:
            given = self._decode(raw)
            marks = self._members.settle(given)
        except self._ends:
            return None
        return given if raw.count(b'"') == marks else None


# ------------------------------------------------------------------------------- parts


class _Part(Protocol):
    """Makes the values of a list or an object those that are meant, in place."""

    @property
    def form(self) -> object:
        """What the decoder is to make of its text."""

    def settle(self, given: Any) -> int:
        """Make them; give the quotation marks that their text has at least.

        Raises:
            NotPlainError: One of them is for others to read.
        """


@dataclass(frozen=True, slots=True)
class _Members:
    """The entries of an object, each of a type that is declared.

    Attributes:
        lists: Those that are lists.
        texts: How many of the values of some types, in this order, were surely texts. The types are
            few combinations in the life of a program, which are remembered.
    """

    form: object
    numbers: tuple[str, ...]
    moments: tuple[str, ...]
    lists: tuple[tuple[str, "_Part"], ...]
    texts: Callable[[tuple[type, ...]], int]

    def settle(self, given: dict[str, Any]) -> int:
        texts = len(given) + self.texts(tuple(map(type, given.values())))
        for name in self.numbers:
            if name in given:
                written = given[name]
                if type(written) is int and -_BEYOND < written < _BEYOND:
                    given[name] = Decimal(written)
                elif type(written) is str:
                    given[name] = _quoted(written)
                elif type(written) is not Decimal and written is not None:
                    raise NotPlainError
        for name in self.moments:
            if name in given:
                written = given[name]
                if written is not None:
                    given[name] = _moment(written)
        marks = 2 * texts
        for name, part in self.lists:
            if name in given:
                items = given[name]
                if items is not None:
                    marks += part.settle(items)
        return marks


def _texts(kinds: tuple[type, ...]) -> int:
    return sum(each is str or each is date for each in kinds)


@dataclass(frozen=True, slots=True)
class _Objects:
    """A list of objects."""

    form: object
    members: _Members

    def settle(self, given: list[Object]) -> int:
        return sum(map(self.members.settle, given))


@dataclass(frozen=True, slots=True)
class _Scalars:
    """A list of values of one type."""

    form: object
    of: Type

    def settle(self, given: list[Any]) -> int:
        texts = _texts(tuple(map(type, given)))
        if self.of == NUMBER:
            given[:] = [None if each is None else _number(each) for each in given]
        elif self.of == DATE_AND_TIME:
            given[:] = [None if each is None else _moment(each) for each in given]
        return 2 * texts


# Numbers are taken whatever they are and looked at afterwards; so the decoder hands their text on.
_TYPES: Final[dict[Type, object]] = {
    BOOLEAN: bool,
    NUMBER: Any,
    STRING: str,
    DATE: date,
    DATE_AND_TIME: str,
}


def _members(facts: Iterable[Fact]) -> _Members:
    """Say how an object with these entries is read."""
    types: dict[str, object] = {}
    lists: list[tuple[str, _Part]] = []
    of_type: dict[Type, list[str]] = {NUMBER: [], DATE_AND_TIME: []}
    for fact in facts:
        kind = required(fact.type)
        if isinstance(kind, ListOf):
            part = _part(fact, kind)
            lists.append((fact.name, part))
            type_ = part.form
        else:
            of_type.get(kind, []).append(fact.name)
            type_ = _TYPES[kind]
        none = fact.kind in {"event", "act"} or may_be_null(fact.type)
        types[fact.name] = _or_null(type_) if none else type_
    made = cast(Callable[..., object], TypedDict)("Facts", types, total=False)
    numbers, moments = tuple(of_type[NUMBER]), tuple(of_type[DATE_AND_TIME])
    texts = lru_cache(_COMBINATIONS_KEPT)(_texts)
    return _Members(made, numbers, moments, tuple(lists), texts)


def _part(fact: Fact, kind: ListOf) -> _Part:
    item = required(kind.item)
    if isinstance(item, ContextOf):
        members = _members(fact.entries.values())
        return _Objects(_list_of(members.form), members)
    type_ = _or_null(_TYPES[item]) if may_be_null(kind.item) else _TYPES[item]
    return _Scalars(_list_of(type_), item)


def _or_null(type_: Any) -> object:
    return cast(object, type_ | None)


def _list_of(type_: object) -> object:
    return list[type_]  # type: ignore[valid-type] # made for a decoder, not for a checker


# ------------------------------------------------------------------------------- values


def _number(written: Any) -> Decimal:
    """Give a number that the decoder took for whatever it is."""
    if type(written) is Decimal:
        return written
    if type(written) is int and -_BEYOND < written < _BEYOND:
        return Decimal(written)
    if type(written) is str:
        return _quoted(written)
    raise NotPlainError


@lru_cache(_KEPT)
def _quoted(written: str) -> Decimal:
    """Give a number that stands in quotation marks, which is written in one way only."""
    if not _NUMBER.fullmatch(written):
        raise NotPlainError
    return Decimal(written)


@lru_cache(_KEPT)
def _moment(written: str) -> datetime:
    """Give a moment as it is written.

    Raises:
        ValueError: There is no such day.
    """
    if not _MOMENT.fullmatch(written):
        raise NotPlainError
    return datetime.fromisoformat(written)


# ------------------------------------------------------------------------------- msgspec

_Ends = type[Exception] | tuple[type[Exception], ...]


def _decoder(type_: object) -> tuple[Callable[[bytes], Object], _Ends] | None:
    """Give what decodes to a type, and what it raises where it does not."""
    try:
        import msgspec
    except ImportError:
        return None
    decoder = msgspec.json.Decoder(type_, float_hook=_EXACT.create_decimal)
    ends = (msgspec.MsgspecError, ArithmeticError, RecursionError, ValueError, NotPlainError)
    return cast(Callable[[bytes], Object], decoder.decode), ends


def _nothing(_raw: bytes) -> Object:
    raise NotPlainError
