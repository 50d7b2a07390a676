"""The names that golden cases of a programme may use: those of any of its versions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from policyeval.policy.addresses import Address
from policyeval.policy.elements import elements, formulas_of
from policyeval.policy.library import ProgrammeVersions
from policyeval.policy.model import Decision, Policy, Reading


@dataclass(frozen=True, slots=True)
class Names:
    """Names by what they are of, in the order of the files.

    Attributes:
        questions: Decisions that can be asked.
        points: What can be open: facts, readings and the ids of their ambiguities.
        rules: Decision to what its reasons can be called; likewise `remarks`.
    """

    facts: Mapping[str, None]
    overlays: Mapping[str, None]
    questions: Mapping[str, None]
    clauses: Mapping[str, None]
    points: Mapping[str, None]
    rules: Mapping[str, Mapping[str, None]]
    remarks: Mapping[str, Mapping[str, None]]


def names_of(programme: ProgrammeVersions) -> Names:
    """Collect the names of every version of a programme."""
    policies = [each.policy for each in programme.versions]
    governing = programme.programme.governed_by.reading
    readings = [governing, *(each for policy in policies for each in policy.readings.values())]
    facts = _once(name for policy in policies for name in policy.facts)
    questions = _once(
        name
        for policy in policies
        for name, each in policy.decisions.items()
        if each.question is not None
    )
    return Names(
        facts=facts,
        overlays=_once(name for policy in policies for name in policy.overlays),
        questions=questions,
        clauses=_once(name for policy in policies for name in policy.clauses),
        points={**facts, **_once(name for each in readings for name in _names(each))},
        rules={name: _once(_rules(policies, name)) for name in questions},
        remarks={name: _once(_remarks(policies, name)) for name in questions},
    )


def places_of(programme: ProgrammeVersions) -> frozenset[Address]:
    """Collect the addresses of every part of every version, and of the formulas in it."""
    found: set[Address] = set()
    for version in programme.versions:
        for element in elements(version.policy):
            found.add(element.address)
            for keys, _ in formulas_of(element.slots):
                # Where a formula stands in a choice, the choice has an address too.
                found.update((*element.address, *keys[:end]) for end in range(1, len(keys) + 1))
            found.update((*element.address, *keys) for keys in element.texts)
            if element.kind == "reading":
                found.add((*element.address, "adopted"))
    return frozenset(found)


def _once(names: Iterable[str]) -> Mapping[str, None]:
    return dict.fromkeys(names)


def _names(reading: Reading) -> tuple[str, str]:
    return reading.name, reading.ambiguity


def _of_name(policies: Iterable[Policy], name: str) -> Iterable[tuple[Policy, Decision]]:
    return ((each, each.decisions[name]) for each in policies if name in each.decisions)


def _rules(policies: Iterable[Policy], name: str) -> Iterable[str]:
    """Give the ids of a decision's rules, and what a reason is called that is of none."""
    for _, decision in _of_name(policies, name):
        yield from (each.id for each in (*decision.requires, *decision.excluded_if))
        yield from (each.id for each in decision.table.rules) if decision.table else ()
    yield from (name, "covers")


def _remarks(policies: Iterable[Policy], name: str) -> Iterable[str]:
    for policy, decision in _of_name(policies, name):
        yield from (each.id for each in (*decision.remarks, *policy.remarks))
