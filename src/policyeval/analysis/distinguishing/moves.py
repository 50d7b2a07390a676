"""Facts as something that can be moved: one value of a transaction replaced by another."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from policyeval.analysis.distinguishing.model import Seed
from policyeval.errors import FactsError
from policyeval.facts.decoding import Decoder
from policyeval.facts.model import Environment, Open
from policyeval.feel import types
from policyeval.feel.types import Type
from policyeval.policy.model import ASKED_ON, Fact, Policy


@dataclass(frozen=True, slots=True)
class Ref:
    """A value among the facts: a fact, or an entry of the log's item at a position."""

    fact: str
    position: int = 0
    entry: str | None = None


@dataclass(frozen=True, slots=True)
class Situation:
    """A transaction that a search has come to.

    Attributes:
        facts: As a caller gives them.
        changed: The facts that differ from the seed's.
    """

    seed: Seed
    facts: Mapping[str, object]
    asked_on: date
    changed: tuple[str, ...] = ()


def start(seed: Seed) -> Situation:
    """Begin at a seed."""
    return Situation(seed, seed.facts, seed.asked_on)


class Facts:
    """Reads and replaces values of transactions, as one version declares them.

    Attributes:
        looked_at: How many transactions were decoded.
    """

    def __init__(self, policy: Policy, decoder: Decoder) -> None:
        self._facts = policy.facts
        self._decoder = decoder
        self.looked_at = 0

    def environment(self, situation: Situation) -> Environment | None:
        """Decode the facts of a situation; None if they are refused."""
        self.looked_at += 1
        try:
            return self._decoder.decode(dict(situation.facts), situation.asked_on)
        except FactsError:
            return None

    def declared(self, ref: Ref) -> Fact | None:
        """Give the declaration of a value; None of the day asked on."""
        if ref.fact == ASKED_ON:
            return None
        fact = self._facts[ref.fact]
        return fact if ref.entry is None else fact.entries[ref.entry]

    def type_of(self, ref: Ref) -> Type:
        """Give the type of a value, null aside."""
        fact = self.declared(ref)
        return types.DATE if fact is None else types.required(fact.type)

    def refs(self, names: tuple[str, ...], environment: Environment) -> Iterator[Ref]:
        """Give the values that facts of these names consist of."""
        for name in names:
            fact = self._facts.get(name)
            if name == ASKED_ON or (fact is not None and not fact.entries):
                yield Ref(name)
            elif fact is not None:
                items = environment.values[name]
                for position in range(len(items) if isinstance(items, list) else 0):
                    yield from (Ref(name, position, entry) for entry in fact.entries)

    def value(self, ref: Ref, environment: Environment) -> object:
        """Give a value; None if it is null or open."""
        if ref.fact == ASKED_ON:
            return environment.asked_on
        value: object = environment.values[ref.fact]
        if ref.entry is not None and isinstance(value, list):
            item = value[ref.position]
            value = item.get(ref.entry) if isinstance(item, dict) else None
        return None if isinstance(value, Open) else value

    def moved(
        self, situation: Situation, environment: Environment, ref: Ref, value: object
    ) -> Situation | None:
        """Replace a value; the day asked on moves along where something would lie after it."""
        if ref.fact == ASKED_ON:
            if not isinstance(value, date) or value == situation.asked_on:
                return None
            return replace(situation, asked_on=value)
        fact = self._facts[ref.fact]
        given: object = plain(value)
        if ref.entry is not None:
            items = environment.values[ref.fact]
            if not isinstance(items, list):
                return None
            written = [_item(each) for each in items]
            written[ref.position] = {**written[ref.position], ref.entry: given}
            given = written
        asked_on = situation.asked_on
        if fact.kind in ("event", "log") and isinstance(value, date):
            asked_on = max(asked_on, value.date() if isinstance(value, datetime) else value)
        return self.with_fact(replace(situation, asked_on=asked_on), ref.fact, given)

    def grown(
        self, situation: Situation, environment: Environment, names: tuple[str, ...]
    ) -> Iterator[Situation]:
        """Give situations in which a log has one entry more, or one alone."""
        for name in names:
            fact = self._facts.get(name)
            items = environment.values.get(name)
            if fact is None or fact.kind != "log" or not isinstance(items, list):
                continue
            if name in situation.changed:
                continue
            written = [_item(each) for each in items]
            for each in written:
                yield self.with_fact(situation, name, [*written, each])
            if len(written) > 1:
                yield from (self.with_fact(situation, name, [each]) for each in written)

    def with_fact(self, situation: Situation, name: str, given: object) -> Situation:
        """Replace a whole fact by what a caller may give."""
        changed = tuple(dict.fromkeys((*situation.changed, name)))
        return replace(situation, facts={**situation.facts, name: given}, changed=changed)


def _item(item: object) -> dict[str, object]:
    assert isinstance(item, dict)
    return {name: plain(each) for name, each in item.items() if not isinstance(each, Open)}


def plain(value: object) -> object:
    """Give a value as a caller writes it; an instant in the time of the programme's zone."""
    match value:
        case datetime():
            return value.replace(tzinfo=None).isoformat()
        case date():
            return value.isoformat()
        case Decimal():
            return f"{value.normalize():f}" if value else "0"
        case list():
            return [plain(each) for each in value]
        case dict():
            return {str(name): plain(each) for name, each in value.items()}
        case _:
            return value


def shifted(value: object, by: Decimal) -> object:
    """Move a value: days of a date, seconds of an instant, an amount."""
    try:
        match value:
            case datetime():
                moved = value.replace(tzinfo=None) + timedelta(seconds=float(by))
                return moved.replace(tzinfo=value.tzinfo)
            case date():
                return value + timedelta(days=int(by))
            case Decimal():
                return value + by
            case _:
                return None
    except OverflowError:
        return None


def cast_to(type_: Type, value: object) -> object:
    """Make a value of a type out of one that it is compared with; None if that cannot be."""
    if type_ == types.DATE_AND_TIME and isinstance(value, date):
        return value if isinstance(value, datetime) else datetime.combine(value, time(12))
    if type_ == types.DATE and isinstance(value, date):
        return value.date() if isinstance(value, datetime) else value
    if type_ == types.NUMBER and isinstance(value, Decimal):
        return value
    return None


def other_values(fact: Fact, current: object) -> Iterator[object]:
    """Give what else a fact of few values may be, and null where it may be null."""
    type_ = types.required(fact.type)
    if type_ == types.BOOLEAN:
        yield from (each for each in (True, False) if each is not current)
    elif fact.one_of is not None:
        yield from (each for each in fact.one_of if each != current)
    elif type_ == types.STRING and current is None:
        yield "A-1"
    if current is not None and (fact.kind in ("event", "act") or types.may_be_null(fact.type)):
        yield None
