"""The parts of a version that have a name of their own: what is compared, covered, changed, cited."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from policyeval.policy.addresses import Address
from policyeval.policy.model import (
    Decision,
    Fact,
    Formula,
    Judgement,
    Policy,
    Reading,
    Remark,
    Rule,
    Slot,
    Table,
    Text,
)
from policyeval.source import Span

Kind = Literal[
    "clause",
    "parameter",
    "fact",
    "entry",
    "reading",
    "option",
    "decision",
    "coverage",
    "requirement",
    "exclusion",
    "remark",
    "table",
    "row",
    "consistency",
    "overlay",
]


@dataclass(frozen=True, slots=True)
class Element:
    """A part of a version.

    Attributes:
        address: Where it stands in the file; two versions have the same part at the same address.
        clauses: Those it cites; of a clause itself its id.
        slots: What is computed in it: the keys from here on (`("that",)`, `("when", "0")`) to the
            formula or choice there.
        texts: What is said in it, likewise.
        decision: The decision it is part of.
        span: Where it is named in the file.
    """

    address: Address
    kind: Kind
    clauses: tuple[str, ...]
    slots: Mapping[Address, Slot] = field(default_factory=dict)
    texts: Mapping[Address, Text] = field(default_factory=dict)
    decision: str | None = None
    span: Span = field(compare=False, repr=False, kw_only=True)


def elements(policy: Policy) -> Iterator[Element]:
    """Give every part of a version, in the order of the format's sections."""
    for clause in policy.clauses.values():
        yield Element(
            ("clauses", clause.id),
            "clause",
            (clause.id,),
            texts=_said(gist=clause.gist, no_rule_because=clause.no_rule_because),
            span=clause.span,
        )
    for parameter in policy.parameters.values():
        yield Element(
            ("parameters", parameter.name),
            "parameter",
            parameter.clauses,
            {("value",): parameter.value},
            _said(label=parameter.label),
            span=parameter.span,
        )
    for fact in policy.facts.values():
        yield from _fact(("facts", fact.name), "fact", fact)
    for reading in policy.readings.values():
        yield from _reading(("readings", reading.name), reading)
    for decision in policy.decisions.values():
        yield from _decision(("decisions", decision.name), decision)
    for rule in policy.consistent_when:
        yield _rule(("consistent_when", rule.id), "consistency", "that", rule, None)
    for remark in policy.remarks:
        yield _remark(("remarks", remark.id), remark, None)
    for overlay in policy.overlays.values():
        yield Element(
            ("overlays", overlay.name),
            "overlay",
            (),
            texts=_said(title=overlay.title),
            span=overlay.span,
        )


def formulas_of(slots: Mapping[Address, Slot]) -> Iterator[tuple[Address, Formula]]:
    """Give every formula of some slots, whatever the reading, each with the keys that lead to it."""
    for key, slot in slots.items():
        if isinstance(slot, Formula):
            yield key, slot
        else:
            yield from formulas_of({(*key, name): each for name, each in slot.options.items()})


def _fact(address: Address, kind: Kind, fact: Fact) -> Iterator[Element]:
    act = fact.act
    slots: dict[Address, Slot] = {}
    if act is not None and act.open_when is not None:
        slots["act", "open_when"] = act.open_when
    texts = _said(label=fact.label, meaning=fact.meaning)
    texts.update({("one_of", name): each for name, each in fact.value_labels.items()})
    clauses = tuple(dict.fromkeys((*fact.clauses, *(act.clauses if act else ()))))
    yield Element(address, kind, clauses, slots, texts, span=fact.span)
    for name, entry in fact.entries.items():
        yield from _fact((*address, "entries", name), "entry", entry)


def _reading(address: Address, reading: Reading) -> Iterator[Element]:
    texts = {**_said(question=reading.question), **_judged("adopted", reading.adopted)}
    yield Element(address, "reading", reading.clauses, texts=texts, span=reading.span)
    for name, option in reading.options.items():
        said = _said(gist=option.gist)
        if option.rejected is not None:
            said["rejected", "because"] = option.rejected.because
        yield Element(
            (*address, "options", name), "option", reading.clauses, texts=said, span=option.span
        )


def _judged(key: str, judged: tuple[str, Judgement] | None) -> dict[Address, Text]:
    return {} if judged is None else {(key, "because"): judged[1].because}


def _decision(address: Address, decision: Decision) -> Iterator[Element]:
    name = decision.name
    yield Element(
        address,
        "decision",
        decision.clauses,
        {} if decision.value is None else {("value",): decision.value},
        _said(question=decision.question, label=decision.label),
        name,
        span=decision.span,
    )
    covers = decision.covers
    if covers is not None:
        yield Element(
            (*address, "covers"),
            "coverage",
            covers.clauses,
            {("when",): covers.condition},
            _said(because=covers.because),
            name,
            span=decision.span,
        )
    for rule in decision.requires:
        yield _rule((*address, "requires", rule.id), "requirement", "that", rule, name)
    for rule in decision.excluded_if:
        yield _rule((*address, "excluded_if", rule.id), "exclusion", "when", rule, name)
    if decision.table is not None:
        yield from _table((*address, "table"), decision.table, name)
    for remark in decision.remarks:
        yield _remark((*address, "remarks", remark.id), remark, name)


def _rule(address: Address, kind: Kind, key: str, rule: Rule, decision: str | None) -> Element:
    texts = _said(because=rule.because, otherwise=rule.otherwise)
    slots: dict[Address, Slot] = {(key,): rule.condition}
    return Element(address, kind, rule.clauses, slots, texts, decision, span=rule.span)


def _remark(address: Address, remark: Remark, decision: str | None) -> Element:
    slots: dict[Address, Slot] = {} if remark.condition is None else {("when",): remark.condition}
    texts = _said(say=remark.say)
    return Element(address, "remark", remark.clauses, slots, texts, decision, span=remark.span)


def _table(address: Address, table: Table, decision: str) -> Iterator[Element]:
    slots: dict[Address, Slot] = {}
    for index, column in enumerate(table.inputs):
        slots["inputs", str(index), "expression"] = column.expression
        if column.values is not None:
            slots["inputs", str(index), "values"] = column.values
    for index, output in enumerate(table.outputs):
        if output.values is not None:
            slots["outputs", str(index), "values"] = output.values
        if output.default is not None:
            slots["outputs", str(index), "default"] = output.default
    yield Element(address, "table", (), slots, decision=decision, span=table.span)
    for row in table.rules:
        cells: dict[Address, Slot] = {("when", str(i)): each for i, each in enumerate(row.when)}
        cells.update({("then", str(i)): each for i, each in enumerate(row.then)})
        yield Element(
            (*address, "rules", row.id),
            "row",
            row.clauses,
            cells,
            _said(because=row.because),
            decision,
            span=row.span,
        )


def _said(**texts: Text | None) -> dict[Address, Text]:
    return {(key,): text for key, text in texts.items() if text is not None}
