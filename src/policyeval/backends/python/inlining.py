"""Decision tables as Python code, where nothing out of the ordinary happens.

What is out of the ordinary (two rules where one may hit, a value that its column does not allow, an
operation without a result) raises here; then the tables of the language take over, which know what to
say about it. So do tables whose results have an order, or depend on how the text is read.
"""

import ast
from collections.abc import Mapping, Sequence

from policyeval.backends.python.lowering import PolicyLowering
from policyeval.backends.python.moments import UndeterminedError
from policyeval.backends.python.tables import aggregated, hitting, passes
from policyeval.backends.python.units import Surroundings, Unit
from policyeval.feel import syntax, types
from policyeval.feel.checker import Checked
from policyeval.feel.lowering import Names
from policyeval.feel.lowering.emit import (
    Variable,
    assign,
    attribute,
    both,
    call,
    compare,
    is_,
    is_not,
    literal,
    load,
    tuple_,
)
from policyeval.feel.types import Type
from policyeval.policy.model import Decision, Formula, Table

_ONE_HIT = frozenset({"UNIQUE", "ANY", "FIRST"})
_LISTS = frozenset({"COLLECT", "RULE ORDER"})


class Inlining:
    """Writes one table into a function.

    Attributes:
        result: The variable of its result.
        rows: That of the indexes of the rows that hit.
    """

    def __init__(
        self,
        around: Surroundings,
        lowering: PolicyLowering,
        decision: Decision,
        inputs: Sequence[Unit],
        known: Mapping[str, Variable],
    ) -> None:
        assert decision.table is not None
        self.around = around
        self.lowering = lowering
        self.decision = decision
        self.table: Table = decision.table
        self.inputs = inputs
        self.known = known
        self.result = lowering.fresh("t")
        self.rows = lowering.fresh("t")
        self.kept: list[syntax.Node] = []

    def possible(self) -> bool:
        """Tell whether the table can be written."""
        kinds = [each.checked.type_of(each.formula.tree) for each in self.inputs]
        return (
            self.table.hit_policy in _ONE_HIT | _LISTS
            and all(isinstance(types.required(each), types.SimpleType) for each in kinds)
            and all(
                isinstance(self.around.terms.settled(slot), Formula)
                for row in self.table.rules
                for slot in row.then
            )
        )

    def write(self) -> None:
        """Write it where the lowering stands."""
        tested = [
            self._input(unit, column.values)
            for unit, column in zip(self.inputs, self.table.inputs, strict=True)
        ]
        hits = [self._bind(self._hit(each.when, tested)) for each in self.table.rules]
        found = call(self._constant(hitting), tuple_([load(each) for each in hits]))
        self._emit(assign(self.rows, found))
        if self.table.hit_policy in _LISTS:
            self._several(hits)
        else:
            self._one_result(hits)

    # ------------------------------------------------------------ conditions

    def _input(self, unit: Unit, allowed: Formula | None) -> tuple[str, Type]:
        """Compute the value of a column."""
        self._turn_to(unit.formula)
        tree = unit.formula.tree
        assert not isinstance(tree, syntax.UnaryTests)
        variable = self._bind(self.lowering.lower(tree, self._names()))
        kind = unit.checked.type_of(tree)
        if allowed is not None:
            self._demand(variable, self._tests(allowed, variable, kind))
        return variable, kind

    def _hit(self, cells: Sequence[Formula], tested: Sequence[tuple[str, Type]]) -> ast.expr:
        tests = [
            self._tests(cell, *column)
            for cell, column in zip(cells, tested, strict=True)
            if not passes(cell)
        ]
        return both(*tests) if tests else literal(True)

    def _tests(self, cell: Formula, variable: str, kind: Type) -> ast.expr:
        """Give whether a value passes unary tests."""
        checked = self._turn_to(cell)
        tree = cell.tree
        assert isinstance(tree, syntax.UnaryTests)
        names = self._names().define({"?": Variable(variable, self.lowering.root)})
        if tree.negated or not tree.tests:
            return is_(self.lowering.unary_tests(tree, names), True)
        # The tests as `? in (…)`, which the typed lowering knows.
        value = syntax.Name("?", span=tree.span)
        whole = syntax.In(value, tree.tests, span=tree.span)
        self.kept += (value, whole)  # types go by identity, so that they must stay
        kinds = {**checked.types, id(value): kind, id(whole): types.BOOLEAN}
        self.lowering.checked = Checked(kinds, ())
        return is_(self.lowering.lower(whole, names), True)

    def _demand(self, variable: str, holds: ast.expr) -> None:
        """Give up if a value that is there does not pass."""
        refuse = ast.Raise(self._constant(UndeterminedError), None)
        given = is_not(load(variable), None)
        fails = compare(holds, ast.IsNot(), literal(True))
        self._emit(ast.If(both(given, fails), [refuse], []))

    # ------------------------------------------------------------ results

    def _one_result(self, hits: Sequence[str]) -> None:
        """Write the result of the only row that hits, or of the first one."""
        if self.table.hit_policy == "FIRST":
            first = ast.Subscript(load(self.rows), ast.Slice(None, literal(1), None), ast.Load())
            self._emit(assign(self.rows, first))
        else:
            second = ast.Subscript(load(self.rows), ast.Slice(literal(1), None, None), ast.Load())
            self._emit(ast.If(second, [ast.Raise(self._constant(UndeterminedError), None)], []))
        chain = self._default_apart()
        for index in range(len(hits) - 1, -1, -1):
            with self.lowering.branch() as block:
                self._emit(assign(self.result, self._row(index)))
            chain = [ast.If(load(hits[index]), block, chain)]
        self._emit(*chain)

    def _several(self, hits: Sequence[str]) -> None:
        """Write the list of the results of all rows that hit, or what it is aggregated to."""
        results = self._bind(ast.List([], ast.Load()))
        append = attribute(load(results), "append")
        for index, hit in enumerate(hits):
            with self.lowering.branch() as block:
                self._emit(ast.Expr(call(append, self._row(index))))
            self._emit(ast.If(load(hit), block, []))
        value: ast.expr = load(results)
        if self.table.aggregation is not None:
            value = call(self._constant(aggregated), literal(self.table.aggregation), load(results))
        some: list[ast.stmt] = [assign(self.result, value)]
        self._emit(ast.If(load(results), some, self._default_apart()))

    def _row(self, index: int) -> ast.expr:
        """Compute the outputs of a row."""
        values: list[ast.expr] = []
        for output, slot in zip(self.table.outputs, self.table.rules[index].then, strict=True):
            formula = self.around.terms.settled(slot)
            assert isinstance(formula, Formula)
            variable = self._bind(self._expression(formula))
            if output.values is not None:
                self._demand(variable, self._tests(output.values, variable, output.type))
            values.append(load(variable))
        return self._assembled(values)

    def _default_apart(self) -> list[ast.stmt]:
        with self.lowering.branch() as block:
            self._emit(assign(self.result, self._default()))
        return block

    def _default(self) -> ast.expr:
        outputs = self.table.outputs
        if all(each.default is None for each in outputs):
            return literal(None)
        return self._assembled(
            [literal(None) if o.default is None else self._expression(o.default) for o in outputs]
        )

    def _assembled(self, values: list[ast.expr]) -> ast.expr:
        if len(values) == 1:
            return values[0]
        return ast.Dict([literal(each.name) for each in self.table.outputs], values)

    # ------------------------------------------------------------ writing

    def _expression(self, formula: Formula) -> ast.expr:
        self._turn_to(formula)
        assert not isinstance(formula.tree, syntax.UnaryTests)
        return self.lowering.lower(formula.tree, self._names())

    def _turn_to(self, formula: Formula) -> Checked:
        unit = Unit(self.around, formula, self.decision.name, ())
        self.lowering.turn_to(formula, unit.checked, unit.hidden)
        return unit.checked

    def _names(self) -> Names:
        return Names(self.known)

    def _emit(self, *statements: ast.stmt) -> None:
        self.lowering.frame.block += statements

    def _bind(self, value: ast.expr) -> str:
        return self.lowering.bind(value).name

    def _constant(self, value: object) -> ast.expr:
        return self.lowering.pool.name(value)
