"""All mutants of a version: every small change of every formula and every rule that gives a version.

The order is that of the file, then that of the text; no two mutants of a formula say the same.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from policyeval.analysis.mutation.comparisons import of_comparisons
from policyeval.analysis.mutation.connectives import of_connectives
from policyeval.analysis.mutation.edits import Edit, Written, applied, shown, written
from policyeval.analysis.mutation.literals import Options, of_literals
from policyeval.analysis.mutation.model import Mutant, Operator
from policyeval.analysis.mutation.questions import Questions, is_value, owner_of
from policyeval.analysis.mutation.splicing import Splicing
from policyeval.analysis.mutation.structure import of_structure
from policyeval.analysis.mutation.swaps import Swaps
from policyeval.feel import syntax, types
from policyeval.feel.types import Type
from policyeval.policy.addresses import Address
from policyeval.policy.elements import Element, elements, formulas_of
from policyeval.policy.model import Formula, ValidPolicy
from policyeval.policy.yaml import place


@dataclass(frozen=True, slots=True)
class Site:
    """A place in which a version is changed: a part as a whole, or one formula of it.

    Attributes:
        formula: None: the part as a whole.
    """

    element: Element
    keys: Address
    formula: Formula | None


class Mutating:
    """Makes the mutants of a version, place by place."""

    def __init__(self, valid: ValidPolicy) -> None:
        self.valid = valid
        self.questions = Questions(valid.policy)
        self._swaps = Swaps(valid)
        self._options: Options = {
            name: each.one_of for name, each in valid.policy.facts.items() if each.one_of
        }

    def sites(self) -> Iterator[Site]:
        """Give every place, in the order of the file."""
        for element in elements(self.valid.policy):
            yield Site(element, (), None)
            for keys, formula in formulas_of(element.slots):
                yield Site(element, keys, formula)

    def mutants(
        self, site: Site, operators: Collection[Operator] | None = None
    ) -> Iterator[Mutant]:
        """Give the mutants of one place, of some operators or of all."""
        found = self._whole(site) if site.formula is None else self._formula(site, site.formula)
        for each in found:
            if operators is None or each.operator in operators:
                yield each

    def _whole(self, site: Site) -> Iterator[Mutant]:
        element = site.element
        for each in of_structure(self.valid, element, self.questions):
            touched = self.questions.of(element, each.slot if element.slots else ())
            yield Mutant(
                each.operator,
                element,
                each.slot,
                each.before,
                each.after,
                each.policy,
                touched.questions,
                touched.answers,
                each.span,
                each.pairs,
            )

    def _formula(self, site: Site, formula: Formula) -> Iterator[Mutant]:
        element = site.element
        owner = owner_of(element)
        users = self.questions.computed_from(owner) if is_value(element) else frozenset()
        splicing = Splicing(self.valid, formula, owner, users, self._input_type(site))
        whole = written(formula.text, formula.tree, splicing.checked)
        touched = self.questions.of(element, site.keys)
        seen = {formula.tree}
        for edit in self._edits(whole, site):
            other = splicing.parsed(applied(formula.text, edit))
            if other is None or other.tree in seen:
                continue
            seen.add(other.tree)
            policy = splicing.put(other)
            if policy is None:
                continue
            before, after = shown(whole, edit)
            operator = edit.operator
            if element.kind == "parameter" and operator in {"boundary", "value"}:
                operator = "parameter"
            span = place(formula.scalar, edit.span)
            yield Mutant(
                operator,
                element,
                site.keys,
                before,
                after,
                policy,
                touched.questions,
                touched.answers,
                span,
                ((formula, other),),
            )

    def _edits(self, formula: Written, site: Site) -> Iterator[Edit]:
        options = self._options
        tested = self._tested(site)
        if isinstance(tested, syntax.Name) and tested.name in options:
            options = {**options, "?": options[tested.name]}
        for node in syntax.walk(formula.tree):
            yield from of_comparisons(formula, node)
            yield from of_literals(formula, node, options)
            yield from of_connectives(formula, node)
        yield from self._swaps.of_names(formula, site.element.decision)

    # ------------------------------------------------------------ tables

    def _tested(self, site: Site) -> syntax.Expression | None:
        """Give what the cell of a table tests."""
        assert site.formula is not None
        decision = self.valid.policy.decisions.get(site.element.decision or "")
        if decision is None or decision.table is None:
            return None
        column = None
        match site.element.kind, site.keys:
            case ("row", ("when", index)) | ("table", ("inputs", index, "values")):
                column = decision.table.inputs[int(index)].expression
            case "table", ("outputs", _, "values"):
                return None
            case _:
                return None
        tree = column.tree
        return None if isinstance(tree, syntax.UnaryTests) else tree

    def _input_type(self, site: Site) -> Type:
        tested = self._tested(site)
        decision = self.valid.policy.decisions.get(site.element.decision or "")
        if tested is not None and decision is not None and decision.table is not None:
            for column in decision.table.inputs:
                if column.expression.tree is tested and column.expression in self.valid.checked:
                    return self.valid.checked[column.expression].type_of(tested)
        match site.keys:
            case "outputs", index, "values" if decision is not None and decision.table is not None:
                return decision.table.outputs[int(index)].type
            case _:
                return types.ANY


def mutants(valid: ValidPolicy, operators: Collection[Operator] | None = None) -> Iterator[Mutant]:
    """Give every version that differs from one in a single small change.

    Args:
        valid: The version.
        operators: The kinds of change; None: all.
    """
    mutating = Mutating(valid)
    for site in mutating.sites():
        yield from mutating.mutants(site, operators)
