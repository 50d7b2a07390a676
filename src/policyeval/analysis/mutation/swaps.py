"""Names in place of others: a day for another day, where somebody might have taken the wrong one."""

from collections.abc import Iterator, Sequence

from policyeval.analysis.mutation.edits import Edit, Written
from policyeval.feel import syntax, types
from policyeval.feel.types import Type
from policyeval.policy.elements import elements, formulas_of
from policyeval.policy.model import ValidPolicy
from policyeval.policy.validation.names import event_of
from policyeval.policy.validation.uses import free_names

_FAR = frozenset({types.DATE, types.DATE_AND_TIME, types.NUMBER})
"""Types of which another name is plausible wherever in the version it is used."""

_MOST, _MOST_FAR = 1, 2

_Kind = tuple[Type, str, tuple[str, ...] | None]


class Swaps:
    """What could stand in place of each name of a version."""

    def __init__(self, valid: ValidPolicy) -> None:
        policy = valid.policy
        self._valid = valid
        self._of_decision: dict[str, dict[str, None]] = {}
        used: dict[str, None] = {}
        for element in elements(policy):
            for _, formula in formulas_of(element.slots):
                free = free_names(formula.tree, valid.checked.get(formula))
                names = [event_of(policy, each.name) for each in free]
                used.update(dict.fromkeys(names))
                if element.decision is not None:
                    self._of_decision.setdefault(element.decision, {}).update(dict.fromkeys(names))
        kinds = {name: self._kind(name) for name in used}
        self._kinds = {name: kind for name, kind in kinds.items() if kind is not None}

    def of_names(self, formula: Written, decision: str | None) -> Iterator[Edit]:
        """Give a formula with each of its names, in turn, in place of which another stands."""
        for name in free_names(formula.tree, formula.checked):
            beside = _beside(formula, name)
            if formula.of(name) == name.name:  # and not `happened(…)`, or a comparison with null
                for other in self._others(name.name, decision):
                    if other not in beside:
                        yield Edit("swapped-name", name.span, other)
        for node in syntax.walk(formula.tree):
            if isinstance(node, syntax.Path):
                beside = _beside(formula, node)
                for other in _entries(formula, node):
                    if f"{formula.of(node.source)}.{other}" not in beside:
                        yield Edit("swapped-name", node.name_span, other)

    def _others(self, name: str, decision: str | None) -> Sequence[str]:
        """Give other names of the same kind: those that the same decision uses, then others."""
        kind = self._kinds.get(name)
        if kind is None:
            return ()
        near = self._of_decision.get(decision, {}) if decision is not None else {}
        same = [each for each in self._kinds if each != name and self._kinds[each] == kind]
        found = [each for each in near if each in same]
        if kind[0] not in _FAR:
            return found[:_MOST]
        return list(dict.fromkeys((*found, *same)))[:_MOST_FAR]

    def _kind(self, name: str) -> _Kind | None:
        policy = self._valid.policy
        if name in policy.facts:
            fact = policy.facts[name]
            return types.required(fact.type), fact.kind, fact.one_of
        if name in policy.parameters:
            return types.required(self._valid.scope[name]), "parameter", None
        if name in policy.decisions:
            return types.required(policy.decisions[name].type), "decision", None
        return None


def _beside(formula: Written, node: syntax.Expression) -> frozenset[str]:
    """Give what the same conjunction or disjunction has: with it there would be two alike."""
    match formula.above.get(id(node)):
        case syntax.Conjunction(operands) | syntax.Disjunction(operands):
            return frozenset(map(formula.of, operands))
        case _:
            return frozenset()


def _entries(formula: Written, node: syntax.Path) -> Sequence[str]:
    """Give another entry of the same type; of days and moments, nothing is an entry."""
    source = formula.type_of(node.source)
    if not isinstance(source, types.ContextOf):
        return ()
    kind = source.entries.get(node.name)
    return [name for name, each in source.entries.items() if each == kind and name != node.name][
        :_MOST
    ]
