"""Some of the possible worlds: what facts, readings, parameters and decisions are in them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from itertools import pairwise
from typing import Final, cast

from policyeval.backends.worlds import signs
from policyeval.backends.worlds.domains import UNSURE, Domain, Single, Stretch, apart, is_single
from policyeval.backends.worlds.learning import Learning
from policyeval.backends.worlds.openness import Act, Entries, Log, Openness, UnknownEvent
from policyeval.backends.worlds.operations import Thunk
from policyeval.backends.worlds.tables import Tables
from policyeval.backends.worlds.variables import Assignment, Split, Undecided, Variable, symbols
from policyeval.facts.model import NOT_YET
from policyeval.feel import syntax, types
from policyeval.feel.checker import Checked, check
from policyeval.feel.failure import Failure
from policyeval.policy.model import ASKED_ON, Decision, Formula, Remark, Rule, Slot, happened_name
from policyeval.policy.never import NEVER
from policyeval.source import Source


class NotCovered:
    """What a decision comes to where it does not apply."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "NOT_COVERED"


NOT_COVERED: Final = NotCovered()

Move = Callable[[date, str], date]


class Worlds(Tables):
    """Gives what formulas and decisions come to in some of the possible worlds.

    Attributes:
        sampled: Variables of which only some values are in these and their sister worlds.
        known: What parts of the policy come to that is the same in all of them.
    """

    def __init__(
        self,
        openness: Openness,
        move: Move,
        learning: Learning,
        *,
        domains: Mapping[Variable, Domain] | None = None,
        coarse: frozenset[Variable] = frozenset(),
        sampled: frozenset[Variable] = frozenset(),
        known: Mapping[object, object] | None = None,
    ) -> None:
        super().__init__(learning, domains, coarse)
        self.openness = openness
        self.terms = openness.terms
        self.policy = openness.policy
        self.move = move
        self.sampled = sampled
        self.known = dict(known or {})
        self._found: dict[object, object] = {}
        self._fixed = False

    def parts(self, split: Split) -> "list[Worlds]":
        """Give the parts of these worlds that a split makes."""
        coarse, sampled = self.coarse, self.sampled
        if split.coarse:
            coarse |= {split.variable}
        if split.coarse or split.wild:
            sampled |= {split.variable}
        return [
            Worlds(
                self.openness,
                self.move,
                self.learning,
                domains={**self.domains, split.variable: domain},
                coarse=coarse,
                sampled=sampled,
                known=self.known,
            )
            for domain in split.parts
        ]

    def fixed(self, values: Assignment, run: Thunk) -> object:
        """Run with variables fixed to values."""
        domains, found, was = self.domains, self._found, self._fixed
        narrowed = {variable: (Single(value),) for variable, value in values.items()}
        self.domains = {**domains, **narrowed}
        self._found, self._fixed = {}, True
        try:
            return run()
        finally:
            self.domains, self._found, self._fixed = domains, found, was

    def once(self, key: object, compute: Thunk) -> object:
        """Compute something once; what is the same in all these worlds is so in each part of them.

        Raises:
            Undecided: As it did the first time.
        """
        if key in self.known:
            if key not in self.learning.steady:
                self.narrow += 1
            return self.known[key]
        if key in self._found:
            if key not in self.learning.steady:
                self.narrow += 1
            found = self._found[key]
            if isinstance(found, Undecided | Failure):
                raise found
            return found
        before = self.narrow
        try:
            value = compute()
        except (Undecided, Failure) as reason:
            self._found[key] = reason
            raise
        if before == self.narrow:
            self.learning.steady.add(key)
        if self._fixed or symbols(value):
            self._found[key] = value
        else:
            self.known[key] = value
        return value

    # ------------------------------------------------------------ names

    def variable(self, name: str) -> object:
        """Give the value of a fact, parameter or decision, or of a question about an event.

        Raises:
            KeyError: Nothing has that name.
        """
        policy = self.policy
        if name in policy.facts:
            return self.fact(name)
        if name in policy.decisions:
            return self.value(policy.decisions[name])
        if name in policy.parameters:
            return self.once(("parameter", name), lambda: self.slot(policy.parameters[name].value))
        if name == ASKED_ON:
            return self.openness.environment.asked_on
        event = self.openness.events[name]
        return self._about(event, name == happened_name(event))

    def is_named(self, name: str) -> bool:
        """Tell whether the policy has something of a name."""
        policy = self.policy
        return (
            name in policy.facts
            or name in policy.decisions
            or name in policy.parameters
            or name == ASKED_ON
            or name in self.openness.events
        )

    def fact(self, name: str) -> object:
        """Give a fact."""
        found = self.openness.fact(name)
        if type(found) in _PLAIN:
            return found
        match found:
            case Variable() as variable:
                return self.read(variable)
            case Act(variable, open_when):
                if open_when is not None:
                    condition = partial(self._condition, open_when)
                    if self.once(("open", name), condition) is not True:
                        return None
                return self.read(variable)
            case UnknownEvent() as event:
                return self.read(event.future if self._not_yet(event) else event.past)
            case Log(items, further):
                listed = self._entries(items) if isinstance(items, Entries) else items
                return listed if further is None else [*listed, *self._entries(further)]
            case value:
                return value

    def _condition(self, slot: Slot) -> bool | None:
        return self.truth(self.slot(slot))

    def _not_yet(self, event: UnknownEvent) -> bool:
        """Tell whether an unknown event has not happened so far."""
        domain = self.domain(event.past)
        not_yet = tuple(each for each in domain if each == _NOT_YET)
        if not not_yet or len(not_yet) == len(domain):
            return bool(not_yet)
        past = tuple(each for each in domain if each != _NOT_YET)
        raise Split(event.past, (past, not_yet))

    def _entries(self, entries: Entries) -> list[object]:
        domain = self.domain(entries.number)
        if not is_single(domain):
            raise Split(entries.number, tuple(apart(domain)))
        return [*entries.items[: int(cast(int, self.sole(entries.number)))]]

    def in_order(self, entries: Entries) -> bool:
        """Tell whether entries that may be added can have the order of their moments."""
        number = self.domain(entries.number)
        if not is_single(number) or number[0] == Single(UNSURE):
            return True
        moments = entries.moments[: int(cast(int, self.sole(entries.number)))]
        for earlier, later in pairwise(moments):
            first, last = self.domain(earlier)[0], self.domain(later)[-1]
            if isinstance(first, Stretch) and isinstance(last, Stretch) and first.low > last.high:
                return False
        return True

    def _about(self, event: str, happened: bool) -> object:
        """Tell whether an event has happened as of the day asked on, or whether it never does."""
        fact = self.openness.fact(event)
        if isinstance(fact, UnknownEvent) and happened:
            return not self._not_yet(fact)
        if isinstance(fact, Variable) and happened and fact.point.kind == "event":
            return False
        value = self.fact(event)
        if happened:
            return self.lift(lambda moment: moment is not NEVER, (value,), _rising)
        return self.lift(lambda moment: moment is NEVER, (value,), _rising)

    # ------------------------------------------------------------ formulas

    def slot(self, slot: Slot) -> object:
        """Give the value of what stands in a place, whatever the readings where they agree."""
        slot = self.terms.settled(slot)
        if isinstance(slot, Formula):
            tree = cast(syntax.Expression, slot.tree)
            return self.evaluate(tree, self.checked(slot))
        variable = self.openness.reading(slot.reading)
        domain = self.domain(variable)
        if is_single(domain):
            return self.slot(slot.options[cast(str, self.sole(variable))])
        values: list[object] = []
        try:
            for part in domain:
                values.append(self.slot(slot.options[cast(str, variable.of(part))]))
                if symbols(values[-1]) or not _alike(values[0], values[-1]):
                    break
            else:
                return values[0]
        except (Undecided, Failure) as found:
            found.__traceback__ = None  # whose frames hold these worlds, which may keep it
        raise Split(variable, tuple(apart(domain)))

    def checked(self, formula: Formula) -> Checked:
        """Give the types of a formula's nodes."""
        found = self.terms.valid.checked.get(formula)
        if found is None:
            found = check(formula.tree, self.terms.valid.scope, Source(formula.text), "strict")
        return found

    # ------------------------------------------------------------ decisions

    def value(self, decision: Decision) -> object:
        """Give the value of a decision, whether or not it applies."""
        return self.once(("decision", decision.name), partial(self._value, decision))

    def _value(self, decision: Decision) -> object:
        if decision.table is not None:
            value = self.table(decision.table)
        elif decision.value is not None:
            value = self.slot(decision.value)
        else:
            value = self.junction(self._rules(decision), decides=False)
        calendar = self.terms.moved.get(decision.name)
        if calendar is None:
            return value
        return self.lift(
            lambda day: day if type(day) is not date else self.move(day, calendar),
            (value,),
            _rising,
        )

    def _rules(self, decision: Decision) -> Iterator[Thunk]:
        for rule in decision.requires:
            yield partial(self._satisfied, rule, True)
        for rule in decision.excluded_if:
            yield partial(self._satisfied, rule, False)

    def _satisfied(self, rule: Rule, wanted: bool) -> bool:
        return (self.holds(rule) is True) is wanted

    def holds(self, rule: Rule | Remark) -> bool | None:
        """Tell whether a rule's condition holds.

        Raises:
            Undecided: It is not the same everywhere.
        """
        if rule.condition is None:
            return True
        found = self.once(("rule", id(rule)), partial(self._condition, rule.condition))
        return cast(bool | None, found)

    def covers(self, decision: Decision) -> bool:
        """Tell whether a decision applies.

        Raises:
            Undecided: Not everywhere.
        """
        if decision.covers is None:
            return True
        condition = partial(self._condition, decision.covers.condition)
        return self.once(("covers", decision.name), condition) is True

    def outcome(self, decision: Decision) -> object:
        """Give what a decision comes to: a value, or `NOT_COVERED`.

        Raises:
            Undecided: It is not the same everywhere.
            Failure: It has no value.
        """
        if not self.covers(decision):
            return NOT_COVERED
        value = self.value(decision)
        if types.required(decision.type) == types.BOOLEAN:
            return self.truth(value)
        return self.concrete(value)


_PLAIN: Final = frozenset({bool, str, Decimal, date, datetime, type(None)})
"""Types of facts in which nothing is open."""

_NOT_YET: Final = Single(NOT_YET)


def _alike(left: object, right: object) -> bool:
    return type(left) is type(right) and left == right


def _rising(given: Sequence[object]) -> signs.Signs:
    """Give the signs of what never falls where its one argument rises."""
    return signs.of(given[0])
