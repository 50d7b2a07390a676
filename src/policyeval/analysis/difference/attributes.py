"""What is declared of each part of a version, beside its formulas and its texts."""

from collections.abc import Iterator, Mapping

from policyeval.analysis.difference.naming import Plain
from policyeval.feel.types import type_text
from policyeval.feel.writing import value_text
from policyeval.policy.addresses import Address
from policyeval.policy.model import (
    Clause,
    Decision,
    Fact,
    Judgement,
    Overlay,
    Policy,
    Reading,
    Table,
)

Attributes = Mapping[str, Plain]

_IN_ORDER = frozenset({"FIRST", "RULE ORDER", "COLLECT"})
"""Hit policies under which the order of the rows means something."""


def attributes(policy: Policy) -> Mapping[Address, Attributes]:
    """Give what is declared, by the address of the part."""
    return dict(_all(policy))


def _all(policy: Policy) -> Iterator[tuple[Address, Attributes]]:
    for clause in policy.clauses.values():
        yield ("clauses", clause.id), _clause(clause)
    for parameter in policy.parameters.values():
        yield ("parameters", parameter.name), {"clause": parameter.clauses}
    for fact in policy.facts.values():
        yield from _fact(("facts", fact.name), fact)
    for reading in policy.readings.values():
        yield from _reading(("readings", reading.name), reading)
    for decision in policy.decisions.values():
        yield from _decision(("decisions", decision.name), decision)
    for rule in policy.consistent_when:
        yield ("consistent_when", rule.id), {"clause": rule.clauses}
    for remark in policy.remarks:
        yield ("remarks", remark.id), {"clause": remark.clauses}
    for overlay in policy.overlays.values():
        yield ("overlays", overlay.name), _overlay(overlay)


def _clause(clause: Clause) -> Attributes:
    # Where it stands in the source is no part of what it says; its hash tells whether that changed.
    return {"kind": clause.kind, "sha256": clause.sha256}


def _fact(address: Address, fact: Fact) -> Iterator[tuple[Address, Attributes]]:
    yield (
        address,
        {
            "type": type_text(fact.type),
            "kind": fact.kind,
            "one_of": fact.one_of,
            "by": fact.act.by if fact.act else None,
            "log": fact.log,
            "presume": None if fact.presume is None else value_text(fact.presume.value),
            "clause": tuple(
                dict.fromkeys((*fact.clauses, *(fact.act.clauses if fact.act else ())))
            ),
        },
    )
    for name, entry in fact.entries.items():
        yield from _fact((*address, "entries", name), entry)


def _reading(address: Address, reading: Reading) -> Iterator[tuple[Address, Attributes]]:
    adopted = reading.adopted
    yield (
        address,
        {
            "clause": reading.clauses,
            "ambiguity": reading.ambiguity,
            "adopted": adopted[0] if adopted else None,
            "adopted by": _judged(adopted[1]) if adopted else None,
        },
    )
    for name, option in reading.options.items():
        yield (
            (*address, "options", name),
            {
                "favours": option.favours,
                "rejected": _judged(option.rejected) if option.rejected else None,
            },
        )


def _judged(judgement: Judgement) -> str:
    return f"{judgement.by}, {judgement.on.isoformat()}"


def _decision(address: Address, decision: Decision) -> Iterator[tuple[Address, Attributes]]:
    way = "value" if decision.value is not None else "table" if decision.table else "rules"
    yield (
        address,
        {
            "type": type_text(decision.type),
            "format": decision.format,
            "clause": decision.clauses,
            "computed": way,
        },
    )
    if decision.covers is not None:
        yield (*address, "covers"), {"clause": decision.covers.clauses}
    for key, rules in (("requires", decision.requires), ("excluded_if", decision.excluded_if)):
        for rule in rules:
            yield (*address, key, rule.id), {"clause": rule.clauses}
    if decision.table is not None:
        yield from _table((*address, "table"), decision.table)
    for remark in decision.remarks:
        yield (*address, "remarks", remark.id), {"clause": remark.clauses}


def _table(address: Address, table: Table) -> Iterator[tuple[Address, Attributes]]:
    order = table.hit_policy in _IN_ORDER and table.aggregation is None
    names = [each.name or "" for each in table.outputs]
    yield (
        address,
        {
            "hit_policy": table.hit_policy,
            "aggregation": table.aggregation,
            "outputs": {
                name: type_text(each.type) for name, each in zip(names, table.outputs, strict=True)
            }
            if len(names) > 1
            else None,
            "order": tuple(each.id for each in table.rules) if order else None,
        },
    )
    for row in table.rules:
        yield (*address, "rules", row.id), {"clause": row.clauses}


def _overlay(overlay: Overlay) -> Attributes:
    return {
        "settles": dict(overlay.settles),
        "moves": overlay.moves,
        "calendar": overlay.calendar,
    }
