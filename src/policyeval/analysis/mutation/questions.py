"""Which questions' answers can depend on a part of a version."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from policyeval.feel import syntax
from policyeval.policy.addresses import Address
from policyeval.policy.elements import Element, elements
from policyeval.policy.model import (
    ASKED_ON,
    Choice,
    Decision,
    Formula,
    Policy,
    Slot,
    happened_name,
    never_name,
)

_Users = dict[str, set[str]]
"""Names to what uses them."""

_ALL = ""
"""Stands for what every answer depends on: what is consistent, what is said beside every answer."""


@dataclass(frozen=True, slots=True)
class Touched:
    """The questions that hang on a part of a version.

    Attributes:
        questions: All of them.
        answers: Those of which more than remarks hangs on it.
    """

    questions: frozenset[str] = frozenset()
    answers: frozenset[str] = frozenset()

    def __or__(self, other: "Touched") -> "Touched":
        return Touched(self.questions | other.questions, self.answers | other.answers)


class Questions:
    """The questions of a version, and what each of them rests on."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.every = frozenset(
            n for n, each in policy.decisions.items() if each.question is not None
        )
        self._options = {name: _options(policy, name) for name in policy.readings}
        self._facts = {
            made: name
            for name in policy.facts
            for made in (name, happened_name(name), never_name(name))
        }
        self._outside = frozenset(
            name for name, each in policy.decisions.items() if self._never_applies(each)
        )
        self._values: _Users = {}
        self._conditions: _Users = {}
        self._remarks: _Users = {}
        for element in elements(policy):
            users = self._values if is_value(element) else self._conditions
            if element.kind == "remark":
                users = self._remarks
            for slot in element.slots.values():
                for formula in self.formulas(slot):
                    for name in self._names(formula):
                        users.setdefault(name, set()).add(owner_of(element))

    def of(self, element: Element, keys: Address = ()) -> Touched:
        """Give the questions that hang on a part, or on a formula of it."""
        if element.kind in {"reading", "option"}:
            return self._of_reading(element.address[1])
        if keys and not self.in_force(element.slots, keys):
            return Touched()
        owner = owner_of(element)
        if is_value(element):
            return self._of_owner(owner)
        asked = self._asked({owner})
        if element.kind == "remark":
            return Touched(asked - self._outside)
        return Touched(asked, asked)

    def formulas(self, slot: Slot) -> Iterator[Formula]:
        """Give the formulas of a place that may come to stand there."""
        if isinstance(slot, Formula):
            yield slot
            return
        for name in self._options[slot.reading]:
            if name in slot.options:
                yield from self.formulas(slot.options[name])

    def options(self, choice: Choice) -> tuple[str, ...]:
        """Give the options of a choice that may come to stand there."""
        return tuple(each for each in choice.options if each in self._options[choice.reading])

    def in_force(self, slots: Mapping[Address, Slot], keys: Address) -> bool:
        """Tell whether what stands at some keys may come to stand there, as its readings are settled."""
        start = next(each for each in slots if keys[: len(each)] == each)
        slot = slots[start]
        for key in keys[len(start) :]:
            assert isinstance(slot, Choice)
            if key not in self._options[slot.reading]:
                return False
            slot = slot.options[key]
        return True

    # ------------------------------------------------------------ what rests on what

    def _names(self, formula: Formula) -> Iterator[str]:
        for node in syntax.walk(formula.tree):
            if isinstance(node, syntax.Name):
                yield self._facts.get(node.name, node.name)

    def computed_from(self, owner: str) -> frozenset[str]:
        """Give all whose values are computed from one, that included."""
        return frozenset(self._closure({owner}))

    def _closure(self, names: Iterable[str]) -> set[str]:
        """Give all whose values are computed from some names, those included."""
        found: set[str] = set()
        pending = list(names)
        while pending:
            name = pending.pop()
            if name not in found:
                found.add(name)
                pending += self._values.get(name, ())
        return found

    def _of_owner(self, owner: str) -> Touched:
        touched = self._closure({owner})
        conditions = self._asked(_all_users(self._conditions, touched))
        answers = conditions | (self._asked(touched) - self._outside)
        remarks = self._asked(_all_users(self._remarks, touched)) - self._outside
        return Touched(answers | remarks, answers)

    def _never_applies(self, decision: Decision) -> bool:
        """Tell whether a decision is outside of its scope whatever the facts, so that nothing is said."""
        covers = decision.covers
        if covers is None:
            return False
        return all(
            each.tree == syntax.BooleanLiteral(False) for each in self.formulas(covers.condition)
        )

    def constants(self) -> frozenset[str]:
        """Give the parameters and decisions that are the same for every transaction."""
        moved = {name for each in self.policy.overlays.values() for name in each.moves}
        slots: dict[str, Slot] = {name: each.value for name, each in self.policy.parameters.items()}
        for name, decision in self.policy.decisions.items():
            if decision.value is not None and name not in moved:
                slots[name] = decision.value
        found: set[str] = set()
        known = {*self._facts, *self.policy.parameters, *self.policy.decisions, ASKED_ON}
        while True:
            more = {
                name
                for name, slot in slots.items()
                if name not in found
                and len(formulas := list(self.formulas(slot))) == 1
                and found >= known.intersection(self._names(formulas[0]))
            }
            if not more:
                return frozenset(found)
            found |= more

    def _asked(self, owners: set[str]) -> frozenset[str]:
        return self.every if _ALL in owners else self.every & owners

    def _of_reading(self, reading: str) -> Touched:
        found = Touched()
        for element in elements(self.policy):
            if any(reading in _readings(slot) for slot in element.slots.values()):
                found |= self.of(element)
        return found


def _all_users(users: _Users, names: Iterable[str]) -> set[str]:
    return {each for name in names for each in users.get(name, ())}


def _options(policy: Policy, reading: str) -> frozenset[str]:
    """Give the options of a reading that may be in force: adopted, settled by an overlay, or open."""
    declared = policy.readings[reading]
    settled = {
        each.settles[reading] for each in policy.overlays.values() if reading in each.settles
    }
    chosen = {declared.adopted[0]} if declared.adopted is not None else set(declared.admissible)
    return frozenset(chosen | settled)


def owner_of(element: Element) -> str:
    """Give the name that a part belongs to."""
    match element.kind:
        case "parameter" | "fact":
            return element.address[1]
        case "consistency":
            return _ALL
        case "entry":
            return element.address[1]
        case _:
            return _ALL if element.decision is None else element.decision


def is_value(element: Element) -> bool:
    """Tell whether a part goes into a value that other formulas may use."""
    return element.kind not in {"coverage", "remark", "consistency"}


def _readings(slot: Slot) -> frozenset[str]:
    if isinstance(slot, Formula):
        return frozenset()
    return frozenset({slot.reading}).union(*map(_readings, slot.options.values()))
