"""Facts that are one value: plain ones, events and acts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final, Literal, cast

from policyeval.diagnostics import did_you_mean
from policyeval.facts import plain
from policyeval.facts.clock import Clock
from policyeval.facts.model import NEVER, NOT_YET, AnyText, Between, OneOf, Open, Part
from policyeval.facts.objects import (
    LONGEST_NAME,
    UNKNOWN,
    Named,
    beside,
    names_of,
    not_ordered,
    only_true,
)
from policyeval.facts.problems import Path
from policyeval.facts.refusal import Refused, cut
from policyeval.facts.run import Given, Run
from policyeval.facts.scalars import (
    FIRST_DAY,
    LARGEST,
    LAST_DAY,
    boolean,
    day,
    number,
    one_of,
    text,
)
from policyeval.feel.types import (
    BOOLEAN,
    DATE,
    DATE_AND_TIME,
    NUMBER,
    STRING,
    Type,
    may_be_null,
    required,
    type_text,
)
from policyeval.feel.values import Value
from policyeval.messages import Message, message
from policyeval.policy.model import Fact, FactKind

Kind = FactKind | Literal["moment"]
Scalar = Callable[[object], Value | Between]

_WRAPPERS: Final = ("unknown", "between", "decided")
_ORDERED: Final = frozenset({NUMBER, DATE, DATE_AND_TIME})


def single(fact: Fact, kind: Kind, clock: Clock) -> "Single":
    """Make the reader of a fact that is one value.

    Raises:
        TypeError: No fact can have its type; the loader lets none through.
    """
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
            message("leave it out, or write `{example}`, if it is not known", example=UNKNOWN),
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
        before = len(run.problems.found)
        found = names_of(given, path, run)
        chosen = next((each for each in ("decided", "unknown", "between") if each in found), None)
        if chosen is None:
            if len(run.problems.found) == before:
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
