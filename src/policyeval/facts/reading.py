"""Readers of facts: one for each declared fact, made once and used for every transaction.

A reader gives the value of what was given, or what it may be where that is open. What cannot be
used is told to the run, which goes on; what the reader gives then is of no use.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Final, Literal, Protocol, cast

from policyeval.diagnostics import did_you_mean
from policyeval.facts import plain
from policyeval.facts.clock import Clock
from policyeval.facts.model import NEVER, NOT_YET, AnyText, Between, OneOf, Open, Part
from policyeval.facts.problems import Path, Problems
from policyeval.facts.refusal import Refused, cut, few
from policyeval.facts.scalars import (
    FIRST_DAY,
    LARGEST,
    LAST_DAY,
    boolean,
    day,
    number,
    one_of,
    text,
    wrong_kind,
)
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
    type_text,
)
from policyeval.feel.values import Value
from policyeval.messages import Message, message
from policyeval.policy.model import Fact, FactKind, Presumption

Given = Value | Open
Kind = FactKind | Literal["moment"]
Scalar = Callable[[object], Value | Between]

# A longer name is no slip of a known one, and comparing it would take time.
LONGEST_NAME: Final = 64
_WRAPPERS: Final = ("unknown", "between", "decided")
_ORDERED: Final = frozenset({NUMBER, DATE, DATE_AND_TIME})


@dataclass(slots=True)
class Run:
    """One transaction being read."""

    asked_on: date
    clock: Clock
    problems: Problems = field(default_factory=Problems)
    presumed: dict[str, Value] = field(default_factory=dict)

    def past(self, type_: Type) -> Between:
        """Give all days, or moments, up to the end of the day asked on."""
        if type_ == DATE:
            return Between(FIRST_DAY, self.asked_on)
        return Between(self.clock.earliest, self.clock.bounds(self.asked_on)[1])

    def future(self, type_: Type) -> Between:
        """Give all days, or moments, from the beginning of the day asked on."""
        if type_ == DATE:
            return Between(self.asked_on, LAST_DAY)
        return Between(self.clock.bounds(self.asked_on)[0], self.clock.latest)


class ItemReader(Protocol):
    """Reads a value, wherever it stands."""

    def read(self, given: object, name: str, path: Path, run: Run) -> Given:
        """Read what was given."""


class Reader(ItemReader, Protocol):
    """Reads a fact, or a member of an entry."""

    def left_out(self, name: str, run: Run) -> Given:
        """Say what holds where nothing was given."""


def reader_of(fact: Fact, clock: Clock) -> Reader:
    """Make the reader of a declared fact.

    Raises:
        TypeError: No fact can have its type; the loader lets none through.
    """
    type_ = required(fact.type)
    if fact.presume is not None:
        fact = replace(fact, presume=Presumption(_in_zone(fact.presume.value, clock)))
    if not isinstance(type_, ListOf):
        return _single(fact, fact.kind, clock)
    item: ItemReader
    if isinstance(required(type_.item), ContextOf):
        members = {
            name: _single(each, "moment", clock) if name == fact.log else reader_of(each, clock)
            for name, each in fact.entries.items()
        }
        item = Entry(members)
    else:
        item = _single(replace(fact, type=type_.item, presume=None), "plain", clock)
    return Items(fact, item)


def _in_zone(presumed: Value, clock: Clock) -> Value:
    """Give the moments of a presumed value the zone's offsets."""
    match presumed:
        case datetime():
            aware = presumed if presumed.tzinfo else presumed.replace(tzinfo=clock.zone)
            return clock.in_zone(aware)
        case list():
            return [_in_zone(each, clock) for each in presumed]
        case dict():
            return {name: _in_zone(each, clock) for name, each in presumed.items()}
        case _:
            return presumed


def _single(fact: Fact, kind: Kind, clock: Clock) -> "Single":
    type_ = required(fact.type)
    exact: type
    scalar: Scalar
    parts: tuple[Part, ...]
    nothing = (None,) if kind == "act" or may_be_null(fact.type) else ()
    none: tuple[Part, ...] = (OneOf(nothing),) if nothing else ()
    if type_ == BOOLEAN:
        exact, scalar, parts = bool, boolean, (OneOf((True, False, *nothing)),)
    elif type_ == NUMBER:
        exact, scalar, parts = Decimal, number, (Between(LARGEST.copy_negate(), LARGEST), *none)
    elif type_ == STRING and fact.one_of is not None:
        exact, scalar, parts = str, one_of(fact.one_of), (OneOf((*fact.one_of, *nothing)),)
    elif type_ == STRING:
        exact, scalar, parts = str, text, (AnyText(), *none)
    elif type_ == DATE:
        exact, scalar, parts = date, day, (Between(FIRST_DAY, LAST_DAY), *none)
    elif type_ == DATE_AND_TIME:
        exact, scalar, parts = (
            datetime,
            clock.moment,
            (Between(clock.earliest, clock.latest), *none),
        )
    else:
        raise TypeError(f"no fact has the type {type_text(fact.type)}")
    dated = kind in {"event", "moment"}
    return Single(fact, kind, exact, type_, scalar, parts, bool(nothing), dated)


@dataclass(frozen=True, slots=True)
class Single:
    """Reads a fact that is no list.

    Attributes:
        exact: What Python has for the type.
        kind: `plain`, `event`, `act`, or `moment` of an entry of a log.
        parts: What it may be where nothing is known of it.
        nullable: Whether null is among that.
        dated: Whether it has happened by the day asked on, where it is known.
    """

    fact: Fact
    kind: Kind
    exact: type
    type: Type
    scalar: Scalar
    parts: tuple[Part, ...]
    nullable: bool
    dated: bool

    def read(self, given: object, name: str, path: Path, run: Run) -> Given:
        """Read a value, or an object that says what is known of it."""
        try:
            if type(given) is self.exact or type(given) is str:
                value = self.scalar(given)
            elif given is None:
                return self._null(name, run)
            elif plain.is_object(given):
                return self._wrapped(given, name, path, run)
            else:
                value = self.scalar(plain.scalar(given))
            if self.dated:
                self._past(value, run)
        except Refused as refused:
            run.problems.refuse(path, given, refused)
            return None
        return Open(name, "fact", (value,)) if isinstance(value, Between) else value

    def left_out(self, name: str, run: Run) -> Given:
        """Presume what is presumed; otherwise the fact is open."""
        presume = self.fact.presume
        if presume is None:
            return self._open_act(name) if self.kind == "act" else self._unknown(name, run)
        value = presume.value
        run.presumed[name] = value
        if self.kind == "event" and (value is None or _day(value) > run.asked_on):
            return self._open_event(name, run)
        return value

    def _null(self, name: str, run: Run) -> Given:
        if self.kind == "event":
            return self._open_event(name, run)
        if self.kind == "act":
            return self._open_act(name)
        if self.nullable:
            return None
        raise Refused(
            "input.null",
            message("`null` says that there is none, which this fact does not allow"),
            message("leave it out, or write `{example}`, if it is not known", example=_UNKNOWN),
        )

    def _unknown(self, name: str, run: Run) -> Open:
        if not self.dated:
            return Open(name, "fact", self.parts)
        past = run.past(self.type)
        return Open(name, "fact", (past, OneOf((NOT_YET,))) if self.kind == "event" else (past,))

    def _open_act(self, name: str) -> Open:
        return Open(name, "act", self.parts)

    def _open_event(self, name: str, run: Run) -> Open:
        return Open(name, "event", (run.future(self.type), OneOf((NEVER,))))

    def _past(self, value: object, run: Run) -> None:
        """Refuse the moment of an event that lies after the day asked on."""
        latest = _day(value.high if isinstance(value, Between) else value)
        if latest > run.asked_on:
            raise Refused(
                "input.future-event",
                message(
                    "`{day}` lies after the day asked on, `{asked_on}`",
                    day=latest,
                    asked_on=run.asked_on,
                ),
                message("write `null` for an event that has not happened by then")
                if self.kind == "event"
                else message("leave out what has not happened by then"),
            )

    # ---------------------------------------------------------------- objects

    def _wrapped(self, given: object, name: str, path: Path, run: Run) -> Given:
        found = names_of(given, path, run)
        chosen = next((each for each in ("decided", "unknown", "between") if each in found), None)
        if chosen is None:
            self._no_wrapper(found, path, run)
            return None
        result: Given = None
        for key, (raw_key, value) in found.items():
            place = (*path, raw_key)
            if chosen == "decided" and key in ("on", "by"):
                self._circumstance(key, value, place, run)
            elif key != chosen:
                allowed = ("decided", "on", "by") if chosen == "decided" else (chosen,)
                run.problems.refuse(place, value, beside(key, allowed), named=True)
            elif key == "unknown":
                only_true(value, place, run)
                result = self._unknown(name, run)
            elif key == "between":
                result = self._between(value, name, place, run)
            else:
                result = self._decided(value, name, place, run)
        return result

    def _no_wrapper(self, found: "Named", path: Path, run: Run) -> None:
        for key, (raw_key, value) in found.items():
            near = did_you_mean(key, _WRAPPERS) if len(key) <= LONGEST_NAME else None
            if near is not None:
                what = message("unknown entry `{key}`", key=cut(key))
                refused = Refused("input.unknown-key", what, near)
                run.problems.refuse((*path, raw_key), value, refused, named=True)
                return
        self.scalar({})  # which says what is wanted

    def _between(self, given: object, name: str, path: Path, run: Run) -> Given:
        if self.type not in _ORDERED:
            run.problems.refuse(path, given, not_ordered())
            return None
        ends = plain.items(given) if plain.is_list(given) else []
        if len(ends) != 2:
            what = message("`between` is a list of two values, the least and the greatest")
            run.problems.refuse(path, given, Refused("input.between", what, self._example()))
            return None
        before = len(run.problems.found)
        values: list[object] = []
        for position, end in enumerate(ends):
            try:
                values.append(self.scalar(plain.scalar(end)))
                if position == 1 and self.dated:
                    self._past(values[-1], run)
            except Refused as refused:
                run.problems.refuse((*path, position), end, refused)
        if len(run.problems.found) > before:
            return None
        low, high = values
        low = low.low if isinstance(low, Between) else low
        high = high.high if isinstance(high, Between) else high
        if low == high:
            return cast(Value, low)
        if _greater(low, high):
            what = message("the first value of `between` is greater than the second")
            run.problems.refuse(path, given, Refused("input.between", what, self._example()))
            return None
        return Open(name, "fact", (Between(cast(Value, low), cast(Value, high)),))

    def _example(self) -> Message:
        example = "[0, 1000.50]" if self.type == NUMBER else '["2024-01-01", "2024-01-31"]'
        return message("write `{example}`", example=f'{{"between": {example}}}')

    def _decided(self, given: object, name: str, path: Path, run: Run) -> Given:
        if self.kind != "act":
            refused = Refused(
                "input.unknown-key",
                message("`decided` is for acts of a party, and this fact is none"),
                message("write the value alone"),
            )
            run.problems.refuse(path, given, refused, named=True)
            return None
        if given is None or plain.is_object(given):
            what = message("an act that is recorded has a value")
            help_ = message("write `null` in place of the object, if no act is recorded")
            code = "input.null" if given is None else "input.type"
            run.problems.refuse(path, given, Refused(code, what, help_))
            return None
        return self.read(given, name, path, run)

    def _circumstance(self, key: str, given: object, path: Path, run: Run) -> None:
        """Check when an act was done, and by whom."""
        try:
            said = plain.scalar(given)
            if key == "by":
                text(said)
            elif (on := day(said)) > run.asked_on:
                raise Refused(
                    "input.future-event",
                    message(
                        "`{day}` lies after the day asked on, `{asked_on}`",
                        day=on,
                        asked_on=run.asked_on,
                    ),
                    message("write `null` for an act that is not done by then"),
                )
        except Refused as refused:
            run.problems.refuse(path, given, refused)


_UNKNOWN: Final = '{"unknown": true}'


def _day(value: object) -> date:
    if isinstance(value, datetime):
        return value.date()
    assert isinstance(value, date)
    return value


def _greater(low: object, high: object) -> bool:
    if isinstance(low, Decimal) and isinstance(high, Decimal):
        return low > high
    if isinstance(low, datetime) and isinstance(high, datetime):
        return low > high
    assert isinstance(low, date)
    assert isinstance(high, date)
    return low > high


# ---------------------------------------------------------------------- lists


Named = dict[str, tuple[str, object]]
"""Entries by the name that is compared: the name as it was given, and the value."""


def names_of(given: object, path: Path, run: Run) -> Named:
    """Give the entries of an object; names that are none, or are given twice, are told.

    Raises:
        Refused: It was changed while it was read.
    """
    found: Named = {}
    for key, value in plain.entries(given):
        raw = name_of(key, given, path, run)
        if raw is None:
            continue
        name = plain.composed(raw)
        if name in found:
            run.problems.refuse((*path, raw), value, twice(name), named=True)
        else:
            found[name] = (raw, value)
    return found


def name_of(key: object, given: object, path: Path, run: Run) -> str | None:
    """Give the name of an entry, or tell that it is none."""
    if type(key) is str:
        return key
    try:
        return plain.name(key)
    except Refused as refused:
        run.problems.refuse(path, given, refused)
        return None


def twice(name: str) -> Refused:
    """Refuse a name that was there before."""
    return Refused(
        "input.duplicate-name",
        message("`{name}` is given twice", name=cut(name)),
        message("they look the same but are made of different characters; delete one of them"),
    )


def read_declared(
    given: object,
    readers: Mapping[str, Reader],
    unknown: Callable[[str], Refused],
    run: Run,
    *,
    around: str = "",
    path: Path = (),
) -> dict[str, Given]:
    """Read the entries of an object by their declarations.

    Args:
        given: The object.
        readers: Name to reader.
        unknown: Says why a name is refused that is not declared.
        run: The transaction.
        around: What stands before the names of the parts.
        path: Where it stands.

    Raises:
        Refused: It was changed while it was read.
    """
    found: dict[str, Given] = {}
    for key, value in plain.entries(given):
        raw = name = key if type(key) is str else name_of(key, given, path, run)
        if raw is None or name is None:
            continue
        reader = readers.get(raw)
        if reader is None:
            name = plain.composed(raw)
            reader = readers.get(name)
        if reader is None:
            run.problems.refuse((*path, raw), value, unknown(name), named=True)
        elif name in found:
            run.problems.refuse((*path, raw), value, twice(name), named=True)
        else:
            found[name] = reader.read(value, around + name, (*path, raw), run)
    return found


def beside(key: str, allowed: tuple[str, ...]) -> Refused:
    """Refuse what stands beside an entry that says what is known of a value."""
    return Refused(
        "input.unknown-key",
        message("`{key}` cannot stand beside `{other}`", key=cut(key), other=allowed[0]),
        (did_you_mean(key, allowed) if len(key) <= LONGEST_NAME else None)
        or message("write it without `{key}`", key=cut(key)),
    )


def only_true(given: object, path: Path, run: Run) -> None:
    """Tell that `unknown` has another value than true."""
    if given is not True:
        what = message("`unknown` is only ever `true`")
        help_ = message("write the value itself, if it is known")
        run.problems.refuse(path, given, Refused("input.type", what, help_))


def not_ordered() -> Refused:
    """Refuse `between` for values that have no order."""
    return Refused(
        "input.between",
        message("`between` is for numbers, days and moments"),
        message("write the value, or `{example}` if it is not known", example=_UNKNOWN),
    )


@dataclass(frozen=True, slots=True)
class Entry:
    """Reads a context of a list, by the declarations of its members."""

    members: Mapping[str, Reader]

    def read(self, given: object, name: str, path: Path, run: Run) -> Given:
        """Read a context; what is left out is presumed or open."""
        try:
            if not plain.is_object(given):
                raise wrong_kind(
                    plain.scalar(given),
                    "input.type",
                    message("an object with names and values is wanted here"),
                    message("its entries are `{names}`", names=few(self.members)),
                )
            return self._members(given, name, path, run)
        except Refused as refused:
            run.problems.refuse(path, given, refused)
            return None

    def _members(self, given: object, name: str, path: Path, run: Run) -> Given:
        around = name + "."
        found = read_declared(given, self.members, self._unknown, run, around=around, path=path)
        return cast(
            Value,
            {
                key: found[key] if key in found else reader.left_out(around + key, run)
                for key, reader in self.members.items()
            },
        )

    def _unknown(self, key: str) -> Refused:
        near = did_you_mean(key, self.members) if len(key) <= LONGEST_NAME else None
        return Refused(
            "input.unknown-key",
            message("unknown entry `{key}`", key=cut(key)),
            near or message("the entries are `{names}`", names=few(self.members)),
        )


@dataclass(frozen=True, slots=True)
class Items:
    """Reads a list; of a log the entries are put in the order of their moments."""

    fact: Fact
    item: ItemReader

    def read(self, given: object, name: str, path: Path, run: Run) -> Given:
        """Read a list, or that it is not known."""
        try:
            if given is None and self.fact.kind == "act":
                return Open(name, "act", ())
            if given is None and may_be_null(self.fact.type):
                return None
            if plain.is_object(given):
                return self._wrapped(given, name, path, run)
            if not plain.is_list(given):
                raise self._refused(given)
            items = plain.items(given)
        except Refused as refused:
            run.problems.refuse(path, given, refused)
            return None
        before = len(run.problems.found)
        values = [
            self.item.read(item, f"{name}[{position + 1}]", (*path, position), run)
            for position, item in enumerate(items)
        ]
        if self.fact.log is not None and len(run.problems.found) == before:
            values.sort(key=self._moment)
        return cast(Value, values)

    def left_out(self, name: str, run: Run) -> Given:
        """Presume what is presumed; otherwise it may be any list."""
        if self.fact.presume is None:
            return Open(name, "act" if self.fact.kind == "act" else "fact", ())
        run.presumed[name] = self.fact.presume.value
        return self.fact.presume.value

    def _wrapped(self, given: object, name: str, path: Path, run: Run) -> Given:
        found = names_of(given, path, run)
        if "unknown" not in found:
            raise not_ordered() if "between" in found else self._refused(given)
        for key, (raw_key, value) in found.items():
            if key == "unknown":
                only_true(value, (*path, raw_key), run)
            else:
                refused = beside(key, ("unknown",))
                run.problems.refuse((*path, raw_key), value, refused, named=True)
        return Open(name, "fact", ())

    def _refused(self, given: object) -> Refused:
        return wrong_kind(
            plain.scalar(given),
            "input.type",
            message("a list is wanted here"),
            message("write the list in square brackets, `[]` if it is empty"),
        )

    def _moment(self, entry: Given) -> datetime | date:
        assert isinstance(entry, dict)
        moment: object = entry[cast(str, self.fact.log)]
        if isinstance(moment, Open):
            # An entry whose moment is open stands where its earliest moment puts it.
            [part, *_] = moment.parts
            assert isinstance(part, Between)
            moment = part.low
        assert isinstance(moment, date)
        return moment
