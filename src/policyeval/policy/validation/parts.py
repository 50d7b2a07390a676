"""The parts of a policy, one after the other: its formulas, its citations, its texts."""

from collections.abc import Iterator
from typing import NamedTuple

from policyeval.policy.model import (
    Choice,
    Decision,
    Formula,
    Governing,
    Judgement,
    Policy,
    Reading,
    Remark,
    Rule,
    Slot,
    Table,
    TableRule,
    Text,
)
from policyeval.policy.validation.places import Path


class Site(NamedTuple):
    """A place where a formula or a choice stands.

    Attributes:
        name: The parameter, decision or act that depends on what is written there; None if
            nothing does: a remark, a condition that all transactions satisfy.
    """

    name: str | None
    slot: Slot


class Citation(NamedTuple):
    """A place where clauses are named. What must name one is a rule."""

    path: Path
    clauses: tuple[str, ...]
    rule: bool = False


class Words(NamedTuple):
    """A text; `said` is whether it is only said of a transaction, whose facts it may then name."""

    text: Text
    said: bool = False


# ------------------------------------------------------------------------------- formulas


def formulas(slot: Slot) -> Iterator[Formula]:
    """Give every formula of a place, whatever the reading."""
    if isinstance(slot, Formula):
        yield slot
        return
    for each in slot.options.values():
        yield from formulas(each)


def choices(slot: Slot) -> Iterator[Choice]:
    """Give every choice of a place, outer ones first."""
    if isinstance(slot, Choice):
        yield slot
        for each in slot.options.values():
            yield from choices(each)


def sites(policy: Policy) -> Iterator[Site]:
    """Give every place of a policy where a formula may stand."""
    for parameter in policy.parameters.values():
        yield Site(parameter.name, parameter.value)
    for fact in policy.facts.values():
        if fact.act is not None and fact.act.open_when is not None:
            yield Site(fact.name, fact.act.open_when)
    for decision in policy.decisions.values():
        yield from _of_decision(decision)
    yield from (Site(None, each.condition) for each in policy.consistent_when)
    yield from _of_remarks(policy.remarks)


def _of_decision(decision: Decision) -> Iterator[Site]:
    name = decision.name
    if decision.covers is not None:
        yield Site(name, decision.covers.condition)
    if decision.value is not None:
        yield Site(name, decision.value)
    yield from (Site(name, each.condition) for each in decision.requires)
    yield from (Site(name, each.condition) for each in decision.excluded_if)
    if decision.table is not None:
        yield from (Site(name, each) for each in _of_table(decision.table))
    yield from _of_remarks(decision.remarks)


def _of_table(table: Table) -> Iterator[Slot]:
    for column in table.inputs:
        yield column.expression
        if column.values is not None:
            yield column.values
    for output in table.outputs:
        yield from (each for each in (output.values, output.default) if each is not None)
    for rule in table.rules:
        yield from rule.when
        yield from rule.then


def _of_remarks(remarks: tuple[Remark, ...]) -> Iterator[Site]:
    # A remark may ask for the decision it stands beside: nothing depends on what it says.
    yield from (Site(None, each.condition) for each in remarks if each.condition is not None)


def governing_formulas(governing: Governing) -> Iterator[Formula]:
    """Give the formulas of the days that pick a version."""
    yield from governing.days.values()
    yield from governing.decisions.values()


# ------------------------------------------------------------------------------- citations


def citations(policy: Policy) -> Iterator[Citation]:
    """Give every place of a policy where clauses are cited, or should be."""
    for name, parameter in policy.parameters.items():
        yield Citation(("parameters", name, "clause"), parameter.clauses)
    for name, fact in policy.facts.items():
        yield Citation(("facts", name, "clause"), fact.clauses)
        if fact.act is not None:
            yield Citation(("facts", name, "act", "clause"), fact.act.clauses)
        for entry, each in fact.entries.items():
            yield Citation(("facts", name, "entries", entry, "clause"), each.clauses)
    for name, reading in policy.readings.items():
        yield Citation(("readings", name, "clause"), reading.clauses)
    for name, decision in policy.decisions.items():
        path: Path = ("decisions", name)
        yield Citation((*path, "clause"), decision.clauses)
        if decision.covers is not None:
            yield Citation((*path, "covers", "clause"), decision.covers.clauses)
        if decision.table is not None:
            yield from _cited((*path, "table", "rules"), decision.table.rules)
        yield from _cited((*path, "requires"), decision.requires)
        yield from _cited((*path, "excluded_if"), decision.excluded_if)
        yield from _cited((*path, "remarks"), decision.remarks)
    yield from _cited(("consistent_when",), policy.consistent_when)
    yield from _cited(("remarks",), policy.remarks)


def _cited(path: Path, rules: tuple[Rule | Remark | TableRule, ...]) -> Iterator[Citation]:
    for index, each in enumerate(rules):
        yield Citation((*path, index, "clause"), each.clauses, rule=True)


# ------------------------------------------------------------------------------- texts


def texts(policy: Policy) -> Iterator[Words]:
    """Give every text of a policy."""
    for clause in policy.clauses.values():
        yield from _some(clause.gist, clause.no_rule_because)
    yield from _some(policy.written_from.title)
    for parameter in policy.parameters.values():
        yield Words(parameter.label)
    for fact in policy.facts.values():
        for each in (fact, *fact.entries.values()):
            yield from _some(each.label, each.meaning, *each.value_labels.values())
    for reading in policy.readings.values():
        yield from _of_reading(reading)
    for decision in policy.decisions.values():
        yield from _some(decision.question, decision.label)
        if decision.covers is not None:
            yield from _some(decision.covers.because, said=True)
        if decision.table is not None:
            for row in decision.table.rules:
                yield from _some(row.because, said=True)
        for rule in (*decision.requires, *decision.excluded_if):
            yield from _some(rule.because, rule.otherwise, said=True)
        yield from (Words(remark.say, said=True) for remark in decision.remarks)
    for rule in policy.consistent_when:
        yield from _some(rule.because, rule.otherwise, said=True)
    yield from (Words(remark.say, said=True) for remark in policy.remarks)
    yield from (Words(overlay.title) for overlay in policy.overlays.values())


def programme_texts(governing: Governing) -> Iterator[Words]:
    """Give the texts of the reading that picks a version."""
    yield from _of_reading(governing.reading)


def _of_reading(reading: Reading) -> Iterator[Words]:
    yield Words(reading.question)
    for option in reading.options.values():
        yield Words(option.gist)
        yield from _of_judgement(option.rejected)
    yield from _of_judgement(reading.adopted[1] if reading.adopted else None)


def _of_judgement(judgement: Judgement | None) -> Iterator[Words]:
    if judgement is not None:
        yield Words(judgement.because)


def _some(*found: Text | None, said: bool = False) -> Iterator[Words]:
    yield from (Words(each, said) for each in found if each is not None)
