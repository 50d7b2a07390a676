"""Which facts a decision reads, through everything its formulas use."""

from collections.abc import Iterator, Mapping
from functools import cache

from policyeval.feel import syntax, types
from policyeval.policy.model import Decision, Fact, Formula, Slot, happened_name, never_name
from policyeval.policy.terms import Terms


class Reads:
    """The facts that each decision of a policy rests on; computed once per programme.

    A fact is its name; an entry of a list of contexts, which is told apart from the list, is
    `acceptances.in_portal`.

    Attributes:
        lists: The facts that are lists.
    """

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        facts = terms.policy.facts
        self._names: Mapping[str, str] = {
            **{name: name for name in facts},
            **{happened_name(name): name for name in facts},
            **{never_name(name): name for name in facts},
        }
        self.lists = tuple(
            name
            for name, each in facts.items()
            if isinstance(types.required(each.type), types.ListOf)
        )
        self.of_decision = cache(self._of_decision)
        self.of_coverage = cache(self._of_coverage)
        self.of_slot = cache(self._of_slot)

    def _of_decision(self, name: str) -> frozenset[str]:
        """Give the facts that a decision reads, those of its coverage and remarks included."""
        return self._all(_slots(self._terms, self._terms.policy.decisions[name]))

    def _of_coverage(self, name: str) -> frozenset[str]:
        """Give the facts that tell whether a decision applies at all."""
        covers = self._terms.policy.decisions[name].covers
        return frozenset() if covers is None else self.of_slot(covers.condition)

    def _of_slot(self, slot: Slot) -> frozenset[str]:
        """Give the facts that a formula reads."""
        return self._all(iter((slot,)))

    def _all(self, slots: Iterator[Slot]) -> frozenset[str]:
        """Follow names of decisions and parameters until only facts are left."""
        policy = self._terms.policy
        found: set[str] = set()
        seen: set[str] = set()
        pending = [formula for slot in slots for formula in self._terms.formulas(slot)]
        while pending:
            formula = pending.pop()
            found.update(_entries(formula, self._terms.policy.facts))
            for name in names_of(formula):
                if name in self._names:
                    fact = self._names[name]
                    found.add(fact)
                    act = policy.facts[fact].act
                    more: tuple[Slot, ...] = ()
                    if act is not None and act.open_when is not None:
                        more = (act.open_when,)
                    key = f"act of {fact}"
                elif name in policy.decisions:
                    key, more = (
                        name,
                        tuple(_slots(self._terms, policy.decisions[name], values=True)),
                    )
                elif name in policy.parameters:
                    key, more = name, (policy.parameters[name].value,)
                else:
                    continue
                if key not in seen:
                    seen.add(key)
                    pending += [each for slot in more for each in self._terms.formulas(slot)]
        return frozenset(found)


def _entries(formula: Formula, facts: Mapping[str, Fact]) -> Iterator[str]:
    """Give the entries of lists that a formula reads, as `acceptances.in_portal`."""
    used = {
        node.name
        for node in syntax.walk(formula.tree)
        if isinstance(node, syntax.Path | syntax.Name)
    }
    for fact in facts.values():
        yield from (f"{fact.name}.{each}" for each in fact.entries if each in used)


def names_of(formula: Formula) -> Iterator[str]:
    """Give the variables that a formula names, with repetitions; local ones too."""
    for node in syntax.walk(formula.tree):
        if isinstance(node, syntax.Name):
            yield node.name


def _slots(terms: Terms, decision: Decision, *, values: bool = False) -> Iterator[Slot]:
    """Give every slot of a decision; with `values`, only those that its value comes from."""
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
    if values:
        return
    if decision.covers is not None:
        yield decision.covers.condition
    for remark in (*decision.remarks, *terms.policy.remarks):
        if remark.condition is not None:
            yield remark.condition
