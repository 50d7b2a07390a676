"""What a formula rests on, through everything that it uses."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha256

from policyeval.feel import syntax
from policyeval.feel.unparser import unparse
from policyeval.policy.addresses import Address
from policyeval.policy.model import (
    Choice,
    Decision,
    Formula,
    Slot,
    happened_name,
    never_name,
)
from policyeval.policy.terms import Terms


@dataclass(frozen=True, slots=True)
class Reached:
    """The names of what a formula rests on; `readings` are those that it may be read by."""

    facts: frozenset[str]
    parameters: frozenset[str]
    decisions: frozenset[str]
    readings: frozenset[str]


class Reach:
    """Follows the names in the formulas of a version."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        facts = terms.policy.facts
        made = (happened_name, never_name)
        self._events = {each(name): name for name in facts for each in made}
        self._written = cache(_written)
        self.names = cache(self._names)
        self.of_slot = cache(self._of_slot)

    def of(self, slots: Iterable[Slot]) -> Reached:
        """Give what formulas rest on."""
        return self._followed(slots)[0]

    def _of_slot(self, slot: Slot) -> Reached:
        """Give what a formula rests on."""
        return self.of((slot,))

    def meaning(self, slots: Iterable[Slot]) -> str:
        """Give a digest of formulas and of all that they rest on."""
        formulas = self._followed(slots)[1]
        return sha256("\n".join(sorted(set(formulas))).encode()).hexdigest()

    def _followed(self, slots: Iterable[Slot]) -> tuple[Reached, list[str]]:
        policy = self.terms.policy
        facts: set[str] = set()
        parameters: set[str] = set()
        decisions: set[str] = set()
        readings: set[str] = set()
        written: list[str] = []
        pending = [("", each) for each in slots]
        while pending:
            of, slot = pending.pop()
            if isinstance(slot, Choice):
                readings.add(slot.reading)
                settled = self.terms.chosen.get(slot.reading)
                options = self.terms.open_options(slot) if settled is None else {}
                if settled is not None:
                    options = {settled: slot.options[settled]}
                pending += [(f"{of} {slot.reading}.{name}", e) for name, e in options.items()]
                continue
            written.append(f"{of}: {self._written(slot)}")
            for name in self.names(slot):
                more: Iterable[Slot] = ()
                if name in policy.facts and name not in facts:
                    facts.add(name)
                    act = policy.facts[name].act
                    more = () if act is None or act.open_when is None else (act.open_when,)
                elif name in policy.parameters and name not in parameters:
                    parameters.add(name)
                    more = (policy.parameters[name].value,)
                elif name in policy.decisions and name not in decisions:
                    decisions.add(name)
                    more = value_slots(policy.decisions[name])
                pending += [(name, each) for each in more]
        reached = Reached(*map(frozenset, (facts, parameters, decisions, readings)))
        return reached, written

    def _names(self, formula: Formula) -> tuple[str, ...]:
        """Give the names in a formula, each once; a question about an event is one about that fact."""
        found = (e.name for e in syntax.walk(formula.tree) if isinstance(e, syntax.Name))
        return tuple(dict.fromkeys(self._events.get(each, each) for each in found))


def _written(formula: Formula) -> str:
    return unparse(formula.tree)


def value_slots(decision: Decision) -> Iterator[Slot]:
    """Give everything that the value of a decision is computed from."""
    if decision.value is not None:
        yield decision.value
    yield from (each.condition for each in (*decision.requires, *decision.excluded_if))
    table = decision.table
    if table is not None:
        yield from (each.expression for each in table.inputs)
        for row in table.rules:
            yield from (*row.when, *row.then)
        yield from (each.default for each in table.outputs if each.default is not None)


def formulas_at(terms: Terms, keys: Address, slot: Slot) -> Iterator[tuple[Address, Formula]]:
    """Give the formulas that may stand in a place, each with the keys that lead to it."""
    if isinstance(slot, Formula):
        yield keys, slot
    elif slot.reading in terms.chosen:
        chosen = terms.chosen[slot.reading]
        yield from formulas_at(terms, (*keys, chosen), slot.options[chosen])
    else:
        for name, each in terms.open_options(slot).items():
            yield from formulas_at(terms, (*keys, name), each)
