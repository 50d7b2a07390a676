"""What the cases of a version have to show."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from policyeval.analysis.coverage import wording
from policyeval.analysis.coverage.model import Accounting, Goal, Key, Measure
from policyeval.analysis.coverage.reach import Reach, formulas_at, value_slots
from policyeval.analysis.coverage.structure import Atom, Condition, Structures
from policyeval.analysis.coverage.wording import (
    ALONE,
    COMPUTED,
    DECIDING,
    DEFAULT,
    FALSE,
    HIT,
    MISSED,
    OF_RULES,
    SHOWN,
    TRUE,
    UNDETERMINED,
)
from policyeval.feel import syntax, types
from policyeval.feel.checker import Checked, check
from policyeval.policy.addresses import Address, written
from policyeval.policy.elements import Element, elements
from policyeval.policy.model import Decision, Formula, Slot, ValidPolicy
from policyeval.policy.terms import Terms, apply
from policyeval.policy.yaml import place
from policyeval.source import Source

_CONDITIONS: Final[Mapping[str, Address]] = {
    "requirement": ("that",),
    "consistency": ("that",),
    "exclusion": ("when",),
    "coverage": ("when",),
    "remark": ("when",),
    "fact": ("act", "open_when"),
    "decision": ("value",),
}
"""Kind of part to the keys of what is true or false of it."""

_WORKS: Final[Mapping[str, str]] = {
    "requirement": FALSE,
    "exclusion": TRUE,
    "coverage": FALSE,
    "remark": TRUE,
    "consistency": FALSE,
    "row": HIT,
}
"""Kind of part to the outcome in which its clause is at work; others only have to be used."""

USED: Final = "used"
"""What is seen of a part that something was computed from; it is no goal by itself."""


@dataclass(frozen=True, slots=True)
class Citing:
    """A part that cites a clause, and what is to be seen of it for the clause to be at work."""

    key: Key
    clause: str


class Version:
    """A version as coverage sees it: its parts, their conditions, and what is to be shown of them."""

    def __init__(self, valid: ValidPolicy) -> None:
        self.valid = valid
        self.policy = valid.policy
        self.name = valid.policy.version
        self.terms = apply(valid)
        self.elements = tuple(elements(valid.policy))
        self.at = {each.address: each for each in self.elements}
        self.reach = Reach(self.terms)
        self.structures = Structures(
            name for name, each in valid.policy.facts.items() if each.kind == "event"
        )
        self._checked: dict[Formula, Checked] = {}
        self._conditions: dict[Formula, tuple[Condition, ...]] = {}

    # ------------------------------------------------------------ parts

    def condition_of(self, element: Element) -> Slot | None:
        """Give what is true or false of a part."""
        slot = element.slots.get(_CONDITIONS.get(element.kind, ()))
        if slot is None or element.kind != "decision":
            return slot
        type_ = self.policy.decisions[element.address[-1]].type
        return slot if types.required(type_) == types.BOOLEAN else None

    def conditions(self, formula: Formula) -> tuple[Condition, ...]:
        """Give the conditions in a formula."""
        if formula not in self._conditions:
            checked = self.checked(formula)
            self._conditions[formula] = self.structures.conditions(formula, checked)
        return self._conditions[formula]

    def checked(self, formula: Formula) -> Checked:
        """Give the types of a formula's nodes."""
        found = self.valid.checked.get(formula) or self._checked.get(formula)
        if found is None:
            source = Source(formula.text)
            found = check(formula.tree, self.valid.scope, source, "strict")
            self._checked[formula] = found
        return found

    @cached_property
    def all_terms(self) -> tuple[Terms, ...]:
        """The terms without an overlay, and with each of them by itself."""
        return self.terms, *(apply(self.valid, (each,)) for each in self.policy.overlays)

    def formulas(self, element: Element) -> Mapping[Address, Formula]:
        """Give the formulas of a part that may come to be used, by the keys that lead to them."""
        return {
            at: formula
            for keys, slot in element.slots.items()
            for terms in self.all_terms
            for at, formula in formulas_at(terms, keys, slot)
        }

    # ------------------------------------------------------------ goals

    @cached_property
    def goals(self) -> tuple[Goal, ...]:
        """What is to be shown of rules, readings and conditions, in the order of the file."""
        found = [goal for element in self.elements for goal in self._of(element)]
        return tuple({goal.key: goal for goal in found}.values())

    def _of(self, element: Element) -> Iterator[Goal]:
        condition = self.condition_of(element)
        if not self._is_reachable(element):
            return
        if condition is not None:
            yield from self._rule(element, (condition,), self._certain(element))
        elif element.kind == "row":
            outcomes = (HIT,) if _hits_always(element) else (HIT, MISSED)
            yield from self._rule(element, self._row_slots(element), outcomes)
        elif element.kind == "table":
            defaults = [slot for keys, slot in element.slots.items() if keys[-1] == "default"]
            rows = [e for e in self.elements if e.address[:-1] == (*element.address, "rules")]
            if defaults and not any(map(_hits_always, rows)):
                yield self._goal("rules", element, DEFAULT, defaults)
        elif element.kind == "reading":
            reading = self.policy.readings[element.address[-1]]
            if reading.adopted is None:
                yield self._reading(element)
        yield from self._parts(element)

    def _rule(
        self, element: Element, slots: Iterable[Slot], outcomes: tuple[str, ...]
    ) -> Iterator[Goal]:
        slots = tuple(slots)
        for what in outcomes:
            yield self._goal("rules", element, what, slots)
        reached = self.reach.of(slots)
        readings = [self.policy.readings[each] for each in reached.readings]
        if reached.facts or any(each.adopted is None for each in readings):
            yield self._goal("rules", element, UNDETERMINED, slots)

    def _certain(self, element: Element) -> tuple[str, ...]:
        """Give the outcomes that a condition may have for certain."""
        found: set[bool] = set()
        keys = _CONDITIONS[element.kind]
        for at, formula in self.formulas(element).items():
            if at[: len(keys)] == keys and not isinstance(formula.tree, syntax.UnaryTests):
                found |= self.structures.possible(formula.tree)
        return tuple(what for what, holds in ((TRUE, True), (FALSE, False)) if holds in found)

    def _row_slots(self, element: Element) -> list[Slot]:
        assert element.decision is not None
        table = self.policy.decisions[element.decision].table
        assert table is not None
        cells = [slot for keys, slot in element.slots.items() if keys[0] == "when"]
        tested = [
            column.expression
            for column, cell in zip(table.inputs, cells, strict=True)
            if not passes(cell)
        ]
        return [*tested, *cells]

    def _goal(self, measure: Measure, element: Element, what: str, slots: Iterable[Slot]) -> Goal:
        meaning = self.reach.meaning(slots)
        text = OF_RULES[element.kind][what]
        return Goal(measure, element.address, what, meaning, text, element.span)

    def _reading(self, element: Element) -> Goal:
        options = self.policy.readings[element.address[-1]].admissible
        text = OF_RULES["reading"][DECIDING]
        return Goal("readings", element.address, DECIDING, ", ".join(options), text, element.span)

    def _parts(self, element: Element) -> Iterator[Goal]:
        formulas = self.formulas(element)
        several = {
            keys for keys in element.slots if sum(at[: len(keys)] == keys for at in formulas) > 1
        }
        for keys, formula in formulas.items():
            at = (*element.address, *keys)
            if isinstance(formula.tree, syntax.UnaryTests):
                if element.kind == "row" and not passes(formula):
                    meaning = self.reach.meaning(self._row_slots(element))
                    atom = self.cell(element, formula)
                    text = wording.alone(atom, ())
                    span = formula.scalar.span
                    what = ALONE + atom.name
                    yield Goal("conditions", at, what, meaning, text, span, atom)
                continue
            meaning = self.reach.meaning((formula,))
            if any(keys[: len(each)] == each for each in several):
                reading = self._last_reading(element, keys)
                text = wording.computed(reading, keys[-1])
                yield Goal("conditions", at, COMPUTED, meaning, text, formula.scalar.span)
            for condition in self.conditions(formula):
                if element.kind == "table" and condition.node is formula.tree:
                    continue  # what a column is tested for stands in the rows
                for atom in condition.atoms:
                    yield Goal(
                        "conditions",
                        at,
                        ALONE + atom.name,
                        meaning,
                        wording.alone(atom, ()),
                        place(formula.scalar, atom.node.span),
                        atom,
                    )

    def _last_reading(self, element: Element, keys: Address) -> str:
        slot: Slot | None = None
        for end in range(1, len(keys)):
            slot = element.slots.get(keys[:end]) if slot is None else slot
            if slot is not None and not isinstance(slot, Formula):
                if end == len(keys) - 1:
                    return slot.reading
                slot = slot.options[keys[end]]
        raise AssertionError(keys)

    def cell(self, element: Element, cell: Formula) -> Atom:
        """Give a cell of a row as a part of the row's condition."""
        assert element.decision is not None
        table = self.policy.decisions[element.decision].table
        assert table is not None
        beside = []
        for index, column in enumerate(table.inputs):
            other = element.slots["when", str(index)]
            if other is not cell and isinstance(other, Formula) and not passes(other):
                name = self.structures.name(column.expression.tree)
                beside.append((f"{name}: {self.structures.name(other.tree)}", True))
        return Atom(cell.tree, self.structures.name(cell.tree), tuple(beside))

    # ------------------------------------------------------------ clauses

    @cached_property
    def citing(self) -> tuple[Citing, ...]:
        """The parts that cite clauses."""
        return tuple(
            Citing(self._works(element), clause)
            for element in self.elements
            if element.kind not in ("clause", "option") and self._is_reachable(element)
            for clause in element.clauses
        )

    def _works(self, element: Element) -> Key:
        if element.kind == "reading":
            adopted = self.policy.readings[element.address[-1]].adopted
            return element.address, DECIDING if adopted is None else USED
        wanted = {goal.what for goal in self.goals if goal.at == element.address}
        for what in (_WORKS.get(element.kind), UNDETERMINED):
            if what in wanted and element.kind in _WORKS:
                return element.address, what
        return element.address, USED

    def _is_reachable(self, element: Element) -> bool:
        """Tell whether any answer can rest on a part."""
        at = element.address
        match element.kind:
            case "fact" | "entry" | "parameter" | "decision":
                return at[:2] in self._reachable
            case "reading":
                return self.policy.readings[at[-1]].adopted is None or at in self._reachable
            case "requirement" | "exclusion" | "remark" | "table" | "row":
                return element.decision is None or at[:2] in self._reachable
            case _:
                return True

    def _may_apply(self, decision: Decision) -> bool:
        covers = decision.covers
        if covers is None:
            return True
        found = [
            self.structures.possible(formula.tree)
            for terms in self.all_terms
            for formula in terms.formulas(covers.condition)
            if not isinstance(formula.tree, syntax.UnaryTests)
        ]
        return any(True in each for each in found)

    @cached_property
    def _reachable(self) -> frozenset[Address]:
        policy = self.policy
        found: set[Address] = set()
        slots: list[Slot] = [each.condition for each in policy.consistent_when]
        slots += [each.condition for each in policy.remarks if each.condition is not None]
        for name, decision in policy.decisions.items():
            if decision.question is None:
                continue
            if decision.covers is not None:
                slots.append(decision.covers.condition)
            if self._may_apply(decision):
                found.add(("decisions", name))
                slots += value_slots(decision)
                slots += [e.condition for e in decision.remarks if e.condition is not None]
        for terms in self.all_terms:
            reached = Reach(terms).of(slots)
            for section, names in (
                ("facts", reached.facts),
                ("parameters", reached.parameters),
                ("decisions", reached.decisions),
                ("readings", reached.readings),
            ):
                found.update((section, name) for name in names)
        return frozenset(found)

    @cached_property
    def clauses(self) -> tuple[Goal, ...]:
        """The clauses that something cites, each to be shown at work."""
        meanings = {goal.key: goal.meaning for goal in self.goals}
        found = []
        for clause in self.policy.clauses.values():
            keys = [each.key for each in self.citing if each.clause == clause.id]
            if keys:
                meaning = "\n".join(f"{written(at)} {meanings.get((at, w))}" for at, w in keys)
                at = ("clauses", clause.id)
                text = wording.not_shown([(written(at), what) for at, what in keys])
                found.append(Goal("clauses", at, SHOWN, meaning, text, clause.span))
        return tuple(found)

    @cached_property
    def accounting(self) -> Accounting:
        """How the clauses of the source are accounted for."""
        cited = {
            clause
            for element in self.elements
            if element.kind != "clause"
            for clause in element.clauses
        }
        cited.update(self.valid.programme.governed_by.reading.clauses)
        free: dict[str, int] = {}
        open_: list[str] = []
        for clause in self.policy.clauses.values():
            if clause.id in cited:
                continue
            if clause.no_rule_because is None:
                open_.append(clause.id)
            else:
                free[clause.kind] = free.get(clause.kind, 0) + 1
        every = len(self.policy.clauses)
        return Accounting(every - sum(free.values()) - len(open_), free, tuple(open_))


def passes(cell: Slot) -> bool:
    """Tell whether a cell is `-`."""
    tree = cell.tree if isinstance(cell, Formula) else None
    return isinstance(tree, syntax.UnaryTests) and not tree.tests and not tree.negated


def _hits_always(row: Element) -> bool:
    return all(passes(slot) for keys, slot in row.slots.items() if keys[0] == "when")
