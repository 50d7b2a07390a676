"""Where two versions of the same facts differ, and which formulas that may reach."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from policyeval.policy.addresses import Address
from policyeval.policy.elements import Element, elements
from policyeval.policy.model import (
    Choice,
    Formula,
    Policy,
    Slot,
    ValidPolicy,
    happened_name,
    never_name,
)
from policyeval.policy.validation.uses import free_names

Options = Mapping[str, str]
"""Reading to the option by which a formula counts."""


@dataclass(frozen=True, slots=True)
class Place:
    """A formula of a version, and what it is part of.

    Attributes:
        key: The address of the formula, choices included.
        options: By which options of readings it counts.
        source: Of a cell of a table: the column's expression, which the cell tests.
    """

    key: Address
    element: Element
    formula: Formula
    options: Options = field(hash=False)
    source: Formula | None = None

    @property
    def name(self) -> str | None:
        """The parameter or decision whose value it is or helps to make; None: a rule or a remark."""
        match self.element.address:
            case ("parameters", name):
                return name
            case ("decisions", name):
                return name
            case ("decisions", name, ("requires" | "excluded_if" | "table"), *_):
                return name
            case _:
                return None


def places(policy: Policy) -> Iterator[Place]:
    """Give every formula of a version."""
    for element in elements(policy):
        for key, slot in element.slots.items():
            for keys, options, formula in _formulas(slot):
                address = (*element.address, *key, *keys)
                yield Place(address, element, formula, options, _column(policy, element, key))


def _formulas(slot: Slot) -> Iterator[tuple[Address, dict[str, str], Formula]]:
    if isinstance(slot, Formula):
        yield (), {}, slot
        return
    for name, option in slot.options.items():
        for keys, options, formula in _formulas(option):
            if options.get(slot.reading, name) == name:
                yield (name, *keys), {**options, slot.reading: name}, formula


def _column(policy: Policy, element: Element, key: Address) -> Formula | None:
    if element.kind != "row" or key[0] != "when" or element.decision is None:
        return None
    table = policy.decisions[element.decision].table
    return None if table is None else table.inputs[int(key[1])].expression


@dataclass(frozen=True, slots=True)
class Target:
    """A formula through which a difference may show, and the options on the way to it.

    Attributes:
        changed: Whether the formula itself differs.
    """

    place: Place
    options: Options
    changed: bool


def differing(policy: Policy, other: Policy) -> Iterator[Place]:
    """Give the formulas of the first version that the other has not, in the same place."""
    known = {each.key: each for each in places(other)}
    readings = {
        name
        for name, each in policy.readings.items()
        if name in other.readings and _settled(policy, name) != _settled(other, name)
    }
    for each in places(policy):
        match = known.get(each.key)
        if (
            match is None
            or (match.formula is not each.formula and match.formula.text != each.formula.text)
            or each.options != match.options
            or readings & each.options.keys()
        ):
            yield each


def _settled(policy: Policy, name: str) -> object:
    reading = policy.readings[name]
    return reading.adopted[0] if reading.adopted else None, reading.admissible


def questions_of(valid: ValidPolicy, found: list[Target]) -> tuple[str, ...] | None:
    """Give the questions that targets bear on, the nearest first; None: any question there is."""
    asked: dict[str, None] = {}
    for each in found:
        element = each.place.element
        if element.decision is None and element.kind != "parameter":
            return None  # of every transaction, or said beside every answer
        if element.decision is not None:
            asked[element.decision] = None
    decisions = valid.policy.decisions
    return tuple(name for name in asked if decisions[name].question is not None)


def targets(valid: ValidPolicy, changed: list[Place]) -> list[Target]:
    """Give the formulas that differ, and those that use what they compute, nearest first."""
    policy = valid.policy
    every = list(places(policy))
    adopted = {name: each.adopted[0] for name, each in policy.readings.items() if each.adopted}
    found: list[Target] = []
    reached: dict[str, Options] = {}
    seen: set[Address] = set()
    waiting: list[str] = []

    def add(place: Place, options: Options, *, itself: bool) -> None:
        seen.add(place.key)
        found.append(Target(place, options, itself))
        name = place.name
        if name is not None and name not in reached:
            reached[name] = options
            waiting.append(name)

    for place in changed:
        # What counts only by another option than the adopted one counts where an overlay brings it.
        add(place, place.options, itself=True)
    while waiting:
        name = waiting.pop(0)
        for place in every:
            if place.key in seen or not _uses(valid, place, name):
                continue
            options = {**reached[name]}
            if all(options.setdefault(key, value) == value for key, value in place.options.items()):
                if any(
                    adopted.get(key, value) != value
                    for key, value in place.options.items()
                    if key not in reached[name]
                ):
                    continue
                add(place, options, itself=False)
    return found


def _uses(valid: ValidPolicy, place: Place, name: str) -> bool:
    return name in names_in(valid, place.formula) or (
        place.source is not None and name in names_in(valid, place.source)
    )


def names_in(valid: ValidPolicy, formula: Formula) -> frozenset[str]:
    """Give the variables that a formula uses."""
    return frozenset(each.name for each in free_names(formula.tree, valid.checked.get(formula)))


def slots_of(policy: Policy, name: str) -> Iterator[Slot]:
    """Give what a parameter or a decision is computed from."""
    if name in policy.parameters:
        yield policy.parameters[name].value
    decision = policy.decisions.get(name)
    if decision is None:
        return
    if decision.value is not None:
        yield decision.value
    yield from (each.condition for each in (*decision.requires, *decision.excluded_if))
    if decision.table is not None:
        yield from (each.expression for each in decision.table.inputs)
        for row in decision.table.rules:
            yield from (*row.when, *row.then)


def facts_behind(valid: ValidPolicy, names: frozenset[str]) -> tuple[str, ...]:
    """Give the facts that some names rest on, through everything in between; the nearest first."""
    policy = valid.policy
    about = {
        made: name
        for name in policy.facts
        for made in (name, happened_name(name), never_name(name))
    }
    found: dict[str, None] = {}
    seen: set[str] = set()
    waiting = sorted(names)
    while waiting:
        name = waiting.pop(0)
        if name in seen:
            continue
        seen.add(name)
        if name in about:
            fact = policy.facts[about[name]]
            found[fact.name] = None
            act = fact.act
            if act is not None and act.open_when is not None:
                waiting += sorted(_names_of_slot(valid, act.open_when))
        for slot in slots_of(policy, name):
            waiting += sorted(_names_of_slot(valid, slot))
    return tuple(found)


def readings_behind(valid: ValidPolicy, names: frozenset[str]) -> tuple[str, ...]:
    """Give the readings on which the values of some names depend."""
    policy = valid.policy
    found: dict[str, None] = {}
    seen: set[str] = set()
    waiting = sorted(names)
    while waiting:
        name = waiting.pop(0)
        if name in seen:
            continue
        seen.add(name)
        for slot in slots_of(policy, name):
            found.update(dict.fromkeys(_readings(slot)))
            waiting += sorted(_names_of_slot(valid, slot))
    return tuple(found)


def _readings(slot: Slot) -> Iterator[str]:
    if isinstance(slot, Choice):
        yield slot.reading
        for each in slot.options.values():
            yield from _readings(each)


def _names_of_slot(valid: ValidPolicy, slot: Slot) -> frozenset[str]:
    if isinstance(slot, Choice):
        return frozenset().union(*(_names_of_slot(valid, e) for e in slot.options.values()))
    return names_in(valid, slot)
