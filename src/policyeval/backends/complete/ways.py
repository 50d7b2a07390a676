"""In how many ways a formula may be read: which open readings bear on it, and their options."""

from collections.abc import Mapping
from itertools import product
from math import prod

from policyeval.backends.python.units import Surroundings
from policyeval.feel import syntax
from policyeval.policy.model import Choice, Formula, Slot

Way = Mapping[str, str]
"""Open reading to an admissible option; it may name more readings than matter."""

_MOST = 16


class TooManyWaysError(Exception):
    """A formula may be read in too many ways to write them all out."""


class Ways:
    """The open readings that each part of the terms depends on."""

    def __init__(self, around: Surroundings) -> None:
        self.around = around
        self.terms = around.terms
        self._of_name: dict[str, frozenset[str]] = {}

    def names(self, formula: Formula) -> tuple[str, ...]:
        """Give the names in a formula that the policy defines, except constants."""
        found = dict.fromkeys(
            each.name for each in syntax.walk(formula.tree) if isinstance(each, syntax.Name)
        )
        scope, folded = self.terms.valid.scope, self.around.folded
        return tuple(name for name in found if name in scope and name not in folded)

    def readings_of(self, name: str) -> frozenset[str]:
        """Give the open readings that a parameter, a decision or an act depends on."""
        known = self._of_name.get(name)
        if known is None:
            self._of_name[name] = frozenset()  # an act may be part of its own condition
            known = self._of_name[name] = self._readings(name)
        return known

    def _readings(self, name: str) -> frozenset[str]:
        policy = self.terms.policy
        slots: list[Slot] = []
        if name in policy.parameters:
            slots.append(policy.parameters[name].value)
        elif name in policy.decisions:
            decision = policy.decisions[name]
            if decision.value is not None:
                slots.append(decision.value)
            slots += [each.condition for each in (*decision.requires, *decision.excluded_if)]
            if decision.table is not None:
                slots += [each.expression for each in decision.table.inputs]
                slots += [cell for row in decision.table.rules for cell in (*row.when, *row.then)]
        else:
            act = policy.facts[name].act if name in policy.facts else None
            if act is not None and act.open_when is not None:
                slots.append(act.open_when)
        return self.readings_in(*slots)

    def readings_in(self, *slots: Slot) -> frozenset[str]:
        """Give the open readings that what stands in some places depends on."""
        found: set[str] = set()
        for each in slots:
            slot = self.terms.settled(each)
            if isinstance(slot, Choice):
                found.add(slot.reading)
                found |= self.readings_in(*self.terms.open_options(slot).values())
            else:
                for name in self.names(slot):
                    found |= self.readings_of(name)
        return frozenset(found)

    def every(self, readings: frozenset[str]) -> list[Way]:
        """Give every way to read these readings.

        Raises:
            TooManyWaysError: There are too many.
        """
        names = sorted(readings)
        options = [self.terms.policy.readings[name].admissible for name in names]
        if prod(map(len, options)) > _MOST:
            raise TooManyWaysError
        return [dict(zip(names, each, strict=True)) for each in product(*options)]

    def formula(self, slot: Slot, way: Way) -> Formula:
        """Give what stands in a place in one way to read it."""
        slot = self.terms.settled(slot)
        while isinstance(slot, Choice):
            slot = self.terms.settled(self.terms.open_options(slot)[way[slot.reading]])
        return slot
