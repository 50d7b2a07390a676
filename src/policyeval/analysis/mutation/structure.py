"""Changes of a version beyond a formula's text: a rule dropped, options exchanged, another one adopted."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations

from policyeval.analysis.mutation.model import NOTHING, Operator
from policyeval.analysis.mutation.questions import Questions
from policyeval.policy.addresses import Address
from policyeval.policy.elements import Element, Kind, elements
from policyeval.policy.model import (
    Choice,
    Decision,
    Policy,
    Reading,
    Remark,
    Rule,
    Slot,
    Table,
    ValidPolicy,
)
from policyeval.policy.substitution import changed
from policyeval.source import Span

_MOST_PAIRS = 3

Pairs = tuple[tuple[Slot, Slot | bool], ...]

_AS_IF: Mapping[Kind, bool] = {
    "coverage": True,
    "requirement": True,
    "consistency": True,
    "exclusion": False,
    "remark": False,
}
"""What a condition comes to where there is none."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A version with a part of it changed; `slot` is where in the part, `pairs` as in `Mutant`."""

    operator: Operator
    slot: Address
    before: str
    after: str
    policy: ValidPolicy
    span: Span
    pairs: Pairs = ()


def of_structure(valid: ValidPolicy, element: Element, questions: Questions) -> Iterator[Changed]:
    """Give the version with each change of one part that is not of a formula's text."""
    policy = _without(valid.policy, element)
    if policy is not None:
        operator: Operator = "row" if element.kind == "row" else "dropped-rule"
        name = element.address[-1]
        other = replace(valid, policy=policy)
        as_if = _AS_IF.get(element.kind)
        pairs = () if as_if is None else tuple((each, as_if) for each in element.slots.values())
        yield Changed(operator, (), name, NOTHING, other, element.span, pairs)
    if element.kind == "reading":
        yield from _adopted(valid, valid.policy.readings[element.address[1]])
    for key, slot in element.slots.items():
        yield from _exchanged(valid, key, slot, questions)


# ------------------------------------------------------------------------------- parts dropped


def _without(policy: Policy, element: Element) -> Policy | None:
    """Give a version without a part; None if that is no part that can be missing.

    What is left needs no check: it uses nothing that it did not use before.
    """
    id_ = element.address[-1]
    if element.decision is None:
        match element.kind:
            case "consistency":
                return replace(policy, consistent_when=_rules(policy.consistent_when, id_))
            case "remark":
                return replace(policy, remarks=_remarks(policy.remarks, id_))
            case _:
                return None
    decision = _decision_without(policy.decisions[element.decision], element, id_)
    if decision is None:
        return None
    return replace(policy, decisions={**policy.decisions, decision.name: decision})


def _decision_without(decision: Decision, element: Element, id_: str) -> Decision | None:
    match element.kind:
        case "coverage":
            return replace(decision, covers=None)
        case "requirement":
            return replace(decision, requires=_rules(decision.requires, id_))
        case "exclusion":
            return replace(decision, excluded_if=_rules(decision.excluded_if, id_))
        case "remark":
            return replace(decision, remarks=_remarks(decision.remarks, id_))
        case "row" if decision.table is not None and len(decision.table.rules) > 1:
            return replace(decision, table=_table(decision.table, id_))
        case _:
            return None


def _rules(rules: tuple[Rule, ...], id_: str) -> tuple[Rule, ...]:
    return tuple(each for each in rules if each.id != id_)


def _remarks(remarks: tuple[Remark, ...], id_: str) -> tuple[Remark, ...]:
    return tuple(each for each in remarks if each.id != id_)


def _table(table: Table, id_: str) -> Table:
    return replace(table, rules=tuple(each for each in table.rules if each.id != id_))


# ------------------------------------------------------------------------------- readings


def _adopted(valid: ValidPolicy, reading: Reading) -> Iterator[Changed]:
    """Give the version in which another option of a reading is adopted."""
    if reading.adopted is None:
        return
    option, judgement = reading.adopted
    for other in reading.admissible:
        if other != option:
            now = replace(reading, adopted=(other, judgement))
            policy = replace(valid.policy, readings={**valid.policy.readings, reading.name: now})
            new = replace(valid, policy=policy)
            span = reading.options[option].span
            pairs = tuple(
                (each.options[option], each.options[other])
                for part in elements(valid.policy)
                for slot in part.slots.values()
                for each in choices(slot)
                if each.reading == reading.name
            )
            yield Changed("reading", ("adopted",), option, other, new, span, pairs)


def _exchanged(
    valid: ValidPolicy, key: Address, slot: Slot, questions: Questions
) -> Iterator[Changed]:
    """Give the version in which options of a choice have changed places, of it or of one in it."""
    if not isinstance(slot, Choice):
        return
    in_force = questions.options(slot)
    others = [each for each in slot.options if each not in in_force]
    both = list(combinations(in_force, 2)) or [(a, b) for a in in_force for b in others]
    unlike = [(a, b) for a, b in both if _text(slot.options[a]) != _text(slot.options[b])]
    for one, other in unlike[:_MOST_PAIRS]:
        now = _with_options(slot, {one: slot.options[other], other: slot.options[one]})
        policy = changed(valid.policy, lambda each, now=now: now if each is slot else each)  # type: ignore[misc]  # mypy cannot tell its type
        mutant = replace(valid, policy=policy)
        pairs = ((slot.options[one], slot.options[other]),)
        yield Changed("reading", key, one, other, mutant, slot.span, pairs)
    for name, option in slot.options.items():
        yield from _exchanged(valid, (*key, name), option, questions)


def choices(slot: Slot) -> Iterator[Choice]:
    """Give the choices that stand in a place, one within the other."""
    if isinstance(slot, Choice):
        yield slot
        for option in slot.options.values():
            yield from choices(option)


def _with_options(choice: Choice, options: Mapping[str, Slot]) -> Choice:
    """Give a choice with other formulas for some of its options."""
    return Choice(choice.reading, {**choice.options, **options}, span=choice.span)


def _text(slot: Slot) -> object:
    if isinstance(slot, Choice):
        return slot.reading, {name: _text(each) for name, each in slot.options.items()}
    return " ".join(slot.text.split())
