"""What is open in one transaction, as variables made when they are first read."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Final

from policyeval.backends.worlds.domains import (
    FRESH,
    UNSURE,
    Days,
    Domain,
    Moments,
    Numbers,
    Part,
    Scale,
    Single,
    Stretch,
    singles,
)
from policyeval.backends.worlds.variables import OUTERMOST_FIRST, Point, Variable
from policyeval.facts.clock import Clock
from policyeval.facts.model import NOT_YET, AnyText, Between, Environment, OneOf, Open
from policyeval.facts.model import Part as OpenPart
from policyeval.facts.scalars import FIRST_DAY, LARGEST, LAST_DAY
from policyeval.feel import syntax, types
from policyeval.feel.types import Type
from policyeval.policy.model import Choice, Fact, Formula, Rule, Slot, happened_name, never_name
from policyeval.policy.never import NEVER
from policyeval.policy.terms import Terms

_UNREAD: Final = object()
_FURTHER: Final = 2
"""So many further entries of a log are looked at, and of a list of which nothing is known."""


@dataclass(frozen=True, slots=True)
class Act:
    """An act of a party that is not recorded; it is open where a condition holds."""

    variable: Variable
    open_when: Slot | None


@dataclass(frozen=True, slots=True)
class UnknownEvent:
    """An event of which it is not known whether it has happened."""

    past: Variable
    future: Variable


@dataclass(frozen=True, slots=True)
class Entries:
    """Entries that a list may have or not: the first so many of these."""

    number: Variable
    items: tuple[object, ...]
    moments: tuple[Variable, ...] = ()


@dataclass(frozen=True, slots=True)
class Log:
    """A list to which entries may be added."""

    items: "list[object] | Entries"
    further: Entries | None


class Openness:
    """Knows what the facts, readings and acts of one transaction may still be."""

    def __init__(self, terms: Terms, environment: Environment) -> None:
        self.terms = terms
        self.policy = terms.policy
        self.environment = environment
        self.logs: list[Entries] = []
        self._facts: dict[str, object] = {}
        self._readings: dict[str, Variable] = {}
        self._sources: dict[int, frozenset[str]] = {}
        self._count = 0

    def fact(self, name: str) -> object:
        """Give a fact: a value with variables for what is open in it, or what stands for one."""
        found = self._facts.get(name, _UNREAD)
        if found is _UNREAD:
            found = self._facts[name] = self._prepared(name)
        return found

    def reading(self, name: str) -> Variable:
        """Give the variable of an open reading."""
        if name not in self._readings:
            options = self.terms.policy.readings[name].admissible
            self._readings[name] = self._variable(Point(name, "reading", name), singles(options))
        return self._readings[name]

    @cached_property
    def clock(self) -> Clock:
        """The clocks of the programme's zone."""
        return _clock(self.terms.valid.programme.zone)

    # ------------------------------------------------------------ facts

    def _prepared(self, name: str) -> object:
        value = self.environment.values.get(name)
        fact = self.terms.policy.facts[name]
        growing = name in self.environment.growing
        if isinstance(value, Open) and not value.parts:
            items: list[object] | Entries = self._entries(
                fact, Point(name, "fact", name), asked=False
            )
            return Log(items, self._further(fact) if growing else None)
        if isinstance(value, list) and growing:
            prepared = self._within(value, name)
            assert isinstance(prepared, list)
            return Log(prepared, self._further(fact))
        if not isinstance(value, Open):
            return self._within(value, name)
        if fact.act is not None and value.kind == "act":
            parts = value.parts
            if not any(isinstance(each, OneOf) and None in each.values for each in parts):
                parts = (*parts, OneOf((None,)))
            act = self._open(Point(value.name, "act", name), parts)
            return Act(act, fact.act.open_when)
        point = Point(value.name, value.kind, name)
        not_yet = any(isinstance(p, OneOf) and NOT_YET in p.values for p in value.parts)
        if value.kind == "fact" and not_yet:
            future = Point(value.name, "event", name)
            when = self._variable(
                future,
                (self._from_asked_on(fact.type), Single(NEVER)),
                self._scale_of(fact.type),
            )
            return UnknownEvent(self._open(point, value.parts), when)
        return self._open(point, value.parts)

    def _within(self, value: object, source: str) -> object:
        """Put variables in the place of what is open in a list or context."""
        if isinstance(value, Open):
            return self._open(Point(value.name, value.kind, source), value.parts).symbol
        if isinstance(value, list):
            return [self._within(each, source) for each in value]
        if isinstance(value, dict):
            return {name: self._within(each, source) for name, each in value.items()}
        return value

    def _open(self, point: Point, parts: Iterable[OpenPart]) -> Variable:
        domain: list[Part] = []
        scale: Scale | None = None
        for part in parts:
            match part:
                case Between(low, high):
                    scale = self._scale(low)
                    domain.append(Stretch(scale.place(low), scale.place(high)))
                case OneOf(values):
                    domain += singles(values)
                case AnyText():
                    domain += [*singles(self.texts), *map(Single, FRESH)]
        return self._variable(point, tuple(domain), scale)

    def _variable(self, point: Point, domain: Domain, scale: Scale | None = None) -> Variable:
        self._count += 1
        return Variable(point, (OUTERMOST_FIRST[point.kind], self._count), domain, scale)

    # ------------------------------------------------------------ entries of lists

    def _further(self, fact: Fact) -> Entries:
        return self._entries(fact, Point(fact.name, "event", fact.name), asked=True)

    def _entries(self, fact: Fact, point: Point, *, asked: bool) -> Entries:
        """Make entries of a list: further ones from the day asked on, or such of which none is known."""
        numbers: tuple[object, ...] = (
            *map(Decimal, range(_FURTHER + 1)),
            *(() if asked else (UNSURE,)),
        )
        number = self._variable(point, tuple(map(Single, numbers)))
        items: list[object] = []
        moments: list[Variable] = []
        for _ in range(_FURTHER):
            if not fact.entries:
                item = types.required(fact.type)
                assert isinstance(item, types.ListOf)
                items.append(self._any(point, item.item, fact.one_of).symbol)
                continue
            made: dict[str, object] = {}
            for name, entry in fact.entries.items():
                if name == fact.log:
                    stretch = self._from_asked_on(entry.type) if asked else self._so_far(entry.type)
                    variable = self._variable(point, (stretch,), self._scale_of(entry.type))
                    moments.append(variable)
                else:
                    variable = self._any(point, entry.type, entry.one_of)
                made[name] = variable.symbol
            items.append(made)
        entries = Entries(number, tuple(items), tuple(moments))
        self.logs.append(entries)
        return entries

    def _any(self, point: Point, type_: Type, one_of: tuple[str, ...] | None) -> Variable:
        """Make a variable that may be anything of a type."""
        none: tuple[OpenPart, ...] = (OneOf((None,)),) if types.may_be_null(type_) else ()
        base = types.required(type_)
        parts: tuple[OpenPart, ...]
        if base == types.BOOLEAN:
            parts = (OneOf((True, False)),)
        elif base == types.NUMBER:
            parts = (Between(-LARGEST, LARGEST),)
        elif base == types.STRING:
            parts = (AnyText() if one_of is None else OneOf(one_of),)
        elif base == types.DATE:
            parts = (Between(FIRST_DAY, LAST_DAY),)
        elif base == types.DATE_AND_TIME:
            parts = (Between(self.clock.earliest, self.clock.latest),)
        else:
            return self._variable(point, (Single(UNSURE),))
        return self._open(point, (*parts, *none))

    # ------------------------------------------------------------ scales

    def _scale(self, value: object) -> Scale:
        if isinstance(value, Decimal):
            return Numbers()
        if isinstance(value, datetime):
            return Moments(self.clock)
        assert isinstance(value, date)
        return Days()

    def _scale_of(self, type_: Type) -> Scale:
        return Days() if types.required(type_) == types.DATE else Moments(self.clock)

    def _from_asked_on(self, type_: Type) -> Stretch:
        scale = self._scale_of(type_)
        asked_on = self.environment.asked_on
        assert isinstance(scale, Days | Moments)
        return Stretch(scale.ends(asked_on)[0], scale.ends(max(asked_on, LAST_DAY))[1])

    def _so_far(self, type_: Type) -> Stretch:
        scale = self._scale_of(type_)
        asked_on = self.environment.asked_on
        assert isinstance(scale, Days | Moments)
        return Stretch(scale.ends(min(asked_on, FIRST_DAY))[0], scale.ends(asked_on)[1])

    # ------------------------------------------------------------ what a policy names

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The texts that the policy or the facts know of."""
        found = dict.fromkeys(_texts_in(self.environment.values.values()))
        for formula in self.terms.valid.checked:
            found.update(dict.fromkeys(texts_of(formula)))
        return tuple(found)

    @cached_property
    def numbers(self) -> tuple[Decimal, ...]:
        """The numbers that stand in the policy."""
        found: dict[Decimal, None] = {}
        for formula in self.terms.valid.checked:
            found.update(dict.fromkeys(numbers_of(formula)))
        return tuple(found)

    # ------------------------------------------------------------ what a formula rests on

    def rule_sources(self, rule: Rule) -> frozenset[str]:
        """Give the facts and readings that a rule rests on."""
        if id(rule) not in self._sources:
            self._sources[id(rule)] = self.sources(rule.condition)
        return self._sources[id(rule)]

    def sources(self, slot: Slot) -> frozenset[str]:
        """Give the facts and readings that a formula rests on, through all that it uses."""
        policy = self.terms.policy
        found: set[str] = set()
        pending: list[Slot] = [slot]
        seen: set[str] = set()
        while pending:
            each = self.terms.settled(pending.pop())
            if isinstance(each, Choice):
                found.add(each.reading)
                pending += each.options.values()
                continue
            for name in names_of(each):
                root = self.events.get(name, name)
                if root in seen:
                    continue
                seen.add(root)
                if root in policy.facts:
                    found.add(root)
                    act = policy.facts[root].act
                    if act is not None and act.open_when is not None:
                        pending.append(act.open_when)
                elif root in policy.parameters:
                    pending.append(policy.parameters[root].value)
                elif root in policy.decisions:
                    pending += slots_of(self.terms, root)
        return frozenset(found)

    @cached_property
    def events(self) -> Mapping[str, str]:
        """The names of questions about events, each with the event."""
        return _events(tuple(self.terms.policy.facts))


def slots_of(terms: Terms, name: str) -> Iterator[Slot]:
    """Give every slot that a decision's value comes from."""
    decision = terms.policy.decisions[name]
    if decision.value is not None:
        yield decision.value
    for rule in (*decision.requires, *decision.excluded_if):
        yield rule.condition
    if decision.table is not None:
        for column in decision.table.inputs:
            yield column.expression
        for row in decision.table.rules:
            yield from row.when
            yield from row.then
        yield from (each.default for each in decision.table.outputs if each.default is not None)


@lru_cache(maxsize=64)
def _clock(zone: str) -> Clock:
    return Clock(zone)


@lru_cache(maxsize=64)
def _events(facts: tuple[str, ...]) -> Mapping[str, str]:
    return {
        **{happened_name(each): each for each in facts},
        **{never_name(each): each for each in facts},
    }


@lru_cache(maxsize=4096)
def names_of(formula: Formula) -> frozenset[str]:
    """Give the names in a formula."""
    nodes = syntax.walk(formula.tree)
    return frozenset(each.name for each in nodes if isinstance(each, syntax.Name))


@lru_cache(maxsize=4096)
def texts_of(formula: Formula) -> tuple[str, ...]:
    """Give the texts that stand in a formula."""
    nodes = syntax.walk(formula.tree)
    return tuple(each.value for each in nodes if isinstance(each, syntax.StringLiteral))


@lru_cache(maxsize=4096)
def numbers_of(formula: Formula) -> tuple[Decimal, ...]:
    """Give the numbers that stand in a formula."""
    nodes = syntax.walk(formula.tree)
    return tuple(each.value for each in nodes if isinstance(each, syntax.NumberLiteral))


def _texts_in(values: Iterable[object]) -> Iterator[str]:
    for each in values:
        if isinstance(each, str):
            yield each
        elif isinstance(each, list):
            yield from _texts_in(each)
        elif isinstance(each, dict):
            yield from _texts_in(each.values())
