"""A formula as one version has it: its value, and the two sides of each of its comparisons."""

from collections.abc import Iterator, Mapping
from typing import Final

from policyeval.analysis.distinguishing.atoms import ORDERED, Atom, atoms
from policyeval.analysis.distinguishing.differences import Place, facts_behind
from policyeval.analysis.distinguishing.moves import Facts, Ref
from policyeval.analysis.distinguishing.probing import Part, Probe
from policyeval.facts.model import Environment
from policyeval.feel import syntax, types
from policyeval.feel.types import Type
from policyeval.policy.model import ASKED_ON, ValidPolicy
from policyeval.policy.validation.uses import free_names

_MOST_REFS: Final = 6


class Side:
    """A formula as one version has it: its value, and the sides of its comparisons.

    Attributes:
        atoms: Those whose sides can be looked at.
    """

    def __init__(
        self,
        valid: ValidPolicy,
        place: Place,
        options: Mapping[str, str],
        overlays: tuple[str, ...],
    ) -> None:
        self.valid = valid
        formula, source = place.formula, place.source
        tree = None if source is None else source.tree
        column = tree if isinstance(tree, syntax.Expression) else None
        every = list(atoms(formula.tree, column))
        whole = [] if isinstance(formula.tree, syntax.UnaryTests) else [Part(formula, formula.tree)]
        sides = [
            Part(formula, side, each.loops) for each in every for side in (each.left, each.right)
        ]
        self._whole = bool(whole)
        self._probe = Probe(valid, options, overlays, [*whole, *sides])
        offset = len(whole)
        kinds = self._probe.types
        self._at: list[int] = []
        self.atoms: list[Atom] = []
        for number, each in enumerate(every):
            at = offset + 2 * number
            kind, other = kinds[at], kinds[at + 1]
            if kind is not None and other is not None and _on_a_line(kind) and _on_a_line(other):
                self._at.append(at)
                self.atoms.append(each)

    def values(self, environment: Environment) -> tuple[object, ...]:
        """Compute everything there is to see."""
        return self._probe.values(environment)

    def whole(self, values: tuple[object, ...]) -> object:
        """Give the formula's value among these; None if it is not known."""
        return values[0] if self._whole else None

    def sides(
        self, values: tuple[object, ...], number: int, position: int
    ) -> tuple[object, object]:
        """Give the two sides of a comparison; in a loop, those of a round."""
        left, right = values[self._at[number]], values[self._at[number] + 1]
        if self.atoms[number].loops:
            left, right = _round(left, position), _round(right, position)
        return left, right

    def rounds(self, values: tuple[object, ...], number: int) -> int:
        """Tell how many rounds the loop around a comparison has."""
        left = values[self._at[number]]
        return len(left) if isinstance(left, list) else 0

    def refs_of(
        self, number: int, environment: Environment, facts: Facts
    ) -> Iterator[tuple[Ref, bool]]:
        """Give the values that a comparison rests on, and whether the left side does."""
        atom = self.atoms[number]
        for side, is_left in ((atom.left, True), (atom.right, False)):
            names = {each.name for each in free_names(side)}
            loops = {each.name: each.source for each in atom.loops}
            entries = {
                each.name
                for each in syntax.walk(side)
                if isinstance(each, syntax.Path)
                and isinstance(each.source, syntax.Name)
                and each.source.name in loops
            }
            for name in names & loops.keys():
                names |= {each.name for each in free_names(loops[name])}
            behind = facts_behind(self.valid, frozenset(names & self.valid.scope.keys()))
            named = (*behind, ASKED_ON) if ASKED_ON in names else behind
            count = 0
            for ref in facts.refs(named, environment):
                if ref.entry is not None and entries and ref.entry not in entries:
                    continue
                if facts.type_of(ref) in ORDERED:
                    count += 1
                    yield ref, is_left
                if count >= _MOST_REFS:
                    break


def _on_a_line(type_: Type) -> bool:
    required = types.required(type_)
    if isinstance(required, types.ListOf):
        required = types.required(required.item)
    return required in ORDERED


def _round(values: object, position: int) -> object:
    return values[position] if isinstance(values, list) and position < len(values) else None
