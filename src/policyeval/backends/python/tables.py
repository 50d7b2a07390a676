"""Decision tables of a policy, run by the tables of the language."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice, product

from policyeval.backends.python.moments import UndeterminedError, holds_moment
from policyeval.backends.python.undecided import UNDECIDED, Undecided, Unknown, merged, touched
from policyeval.backends.python.units import Surroundings, Unit
from policyeval.diagnostics import Diagnostic
from policyeval.errors import EvaluationError
from policyeval.feel import syntax, types
from policyeval.feel.builtins import BUILTINS
from policyeval.feel.compiler import compile_tree
from policyeval.feel.invocation import select
from policyeval.feel.runtime import DEFAULT_BUDGET, Runtime
from policyeval.feel.tables import CompiledTable, DecisionTable
from policyeval.feel.tables.running import Cell, InputColumn, OutputColumn, Row
from policyeval.feel.types import Type
from policyeval.feel.values import Value
from policyeval.messages import Message, message
from policyeval.policy.model import Choice, Decision, Formula, Slot, Table, TableRule
from policyeval.policy.yaml import located
from policyeval.source import Source

_MOST_READINGS = 64
"""Ways to read one table; with more, nothing is decided here."""

_INPUT = "input {}"


@dataclass(frozen=True, eq=False)
class TableUnit:
    """A decision's table.

    Attributes:
        inputs: What computes the value of each column.
        variables: The names that the table uses and the policy defines, except constants.
    """

    around: Surroundings
    decision: Decision
    inputs: tuple[Unit, ...]
    variables: tuple[str, ...]

    def run(
        self, unknown: Unknown, key: str, values: Sequence[object], growing: frozenset[str]
    ) -> tuple[object, tuple[int, ...]]:
        """Give the result and the indexes of the rows that hit.

        Args:
            unknown: What is not known; an undecided result is noted there.
            key: The decision's name.
            values: Of the variables.
            growing: Logs that may still grow: with them nothing is decided here.
        """
        if growing and not growing.isdisjoint(self.variables):
            unknown[key] = UNDECIDED
            return UNDECIDED, ()
        result, rows = self._run(unknown, key, dict(zip(self.variables, values, strict=True)))
        if type(result) is Undecided:
            unknown[key] = result
        return result, rows

    def _run(
        self, unknown: Unknown, key: str, context: dict[str, object]
    ) -> tuple[object, tuple[int, ...]]:
        for number, unit in enumerate(self.inputs):
            given = [context[name] for name in unit.variables]
            value = unit.run(unknown, f"{key}, {_INPUT.format(number)}", given)
            if type(value) is Undecided:
                return Undecided(value.error), ()
            context[_INPUT.format(number)] = value
        used = self._used
        found = touched(used, unknown)
        if found is not None:
            return found, ()
        # Names that no cell uses need not be known.
        known = {**self.around.folded, **context}
        context = {name: value for name, value in known.items() if name in used}
        if self._tables is None or any(map(holds_moment, context.values())):
            return UNDECIDED, ()
        try:
            results = [each.run(context).value for each in self._tables]
            return merged(results), self._tables[0].matches(context)
        except UndeterminedError:
            return UNDECIDED, ()
        except EvaluationError as error:
            told = [self.inputs[0].told(self._in_file(each)) for each in error.diagnostics]
            return Undecided(EvaluationError(told)), ()

    def _in_file(self, diagnostic: Diagnostic) -> Diagnostic:
        for formula, source in self._sources.items():
            if source is diagnostic.source:
                moved = located(diagnostic, formula.scalar, self.around.source)
                return replace(moved, place=None)
        return diagnostic

    # ------------------------------------------------------------ compiled

    @cached_property
    def _used(self) -> frozenset[str]:
        """The names that cells use, with those made up for the columns."""
        every: list[str] = [_INPUT.format(number) for number, _ in enumerate(self.inputs)]
        for formula in self._sources:
            every += (
                each.name for each in syntax.walk(formula.tree) if isinstance(each, syntax.Name)
            )
        return frozenset(every)

    @cached_property
    def _sources(self) -> Mapping[Formula, Source]:
        """Every formula of a cell, with the text that its problems are about."""
        return {each: Source(each.text) for each in cells(self.around, self.decision)}

    @cached_property
    def _tables(self) -> tuple[CompiledTable, ...] | None:
        """One table for each way to read the text; None if there are too many."""
        policy = self.around.terms.policy
        open_ = dict.fromkeys(
            each.reading
            for row in self._table.rules
            for slot in row.then
            for each in choices(self.around, slot)
        )
        ways = product(*(policy.readings[name].admissible for name in open_))
        few = list(islice(ways, _MOST_READINGS + 1))
        if len(few) > _MOST_READINGS:
            return None
        return tuple(self._compiled(dict(zip(open_, each, strict=True))) for each in few)

    @property
    def _table(self) -> Table:
        assert self.decision.table is not None
        return self.decision.table

    def _compiled(self, chosen: Mapping[str, str]) -> CompiledTable:
        table = self._table
        kinds = [self._kind(each) for each in self.inputs]
        inputs = tuple(
            self._input(number, column.values, kind)
            for number, (column, kind) in enumerate(zip(table.inputs, kinds, strict=True), 1)
        )
        outputs = tuple(
            OutputColumn(
                each.name or "",
                each.type,
                () if each.values is None else self._ranks(each.values, number, each.type),
                None
                if each.default is None
                else self._cell(each.default, message("default of output {column}", column=number)),
            )
            for number, each in enumerate(table.outputs, 1)
        )
        rows = tuple(self._row(row, kinds, chosen) for row in table.rules)
        written = DecisionTable((), (), (), table.hit_policy, table.aggregation, self.decision.name)
        return CompiledTable(
            written, "strict", self.decision.type, DEFAULT_BUDGET, (), inputs, outputs, rows
        )

    def _kind(self, unit: Unit) -> Type:
        return unit.checked.type_of(unit.formula.tree)

    def _input(self, number: int, values: Formula | None, kind: Type) -> InputColumn:
        name = _INPUT.format(number - 1)
        place = message("input {column}", column=number)
        source = Source(self.inputs[number - 1].formula.text)
        cell = Cell(compile_tree(source, syntax.Name(name), {name: kind}), place)
        allowed = None
        if values is not None:
            place = message("values of input {column}", column=number)
            allowed = self._tests(values, place, _tested(kind))
        return InputColumn(cell, types.ANY, kind, allowed)

    def _ranks(self, values: Formula, number: int, kind: Type) -> tuple[Cell, ...]:
        """Compile the values of an output one by one, so that they can be told apart."""
        place = message("values of output {column}", column=number)
        tree = values.tree
        assert isinstance(tree, syntax.UnaryTests)
        parts = [tree]
        if not tree.negated:
            parts = [syntax.UnaryTests((each,), span=each.span) for each in tree.tests]
        return tuple(self._tests(values, place, _tested(kind), each) for each in parts)

    def _row(self, row: TableRule, kinds: Sequence[Type], chosen: Mapping[str, str]) -> Row:
        place = message("rule {rule}", rule=row.id)
        when = tuple(
            None if passes(each) else self._tests(each, place, kind)
            for each, kind in zip(row.when, kinds, strict=True)
        )
        formulas = tuple(self._read(slot, chosen) for slot in row.then)
        source = self._sources[formulas[0]]
        return Row(source, place, when, tuple(self._cell(each, place) for each in formulas))

    def _read(self, slot: Slot, chosen: Mapping[str, str]) -> Formula:
        slot = self.around.terms.settled(slot)
        while isinstance(slot, Choice):
            slot = self.around.terms.settled(slot.options[chosen[slot.reading]])
        return slot

    def _cell(self, formula: Formula, place: Message) -> Cell:
        scope = self.around.terms.valid.scope
        return Cell(compile_tree(self._sources[formula], formula.tree, scope), place)

    def _tests(
        self,
        formula: Formula,
        place: Message,
        kind: Type,
        tree: syntax.Expression | syntax.UnaryTests | None = None,
    ) -> Cell:
        scope = {**self.around.terms.valid.scope, "?": kind}
        source = self._sources[formula]
        return Cell(compile_tree(source, tree or formula.tree, scope), place)


def _tested(kind: Type) -> Type:
    """Give the type of what a column's values test: also each item, if the value is a list."""
    required = types.required(kind)
    return types.ANY if isinstance(required, types.ListOf) else required


def passes(cell: Formula) -> bool:
    """Tell whether a cell is `-`."""
    tree = cell.tree
    return isinstance(tree, syntax.UnaryTests) and not tree.tests and not tree.negated


def hitting(hits: Sequence[bool]) -> tuple[int, ...]:
    """Give the indexes of the rows that hit."""
    return tuple(index for index, hit in enumerate(hits) if hit)


# The aggregations are the built-ins of these names, as in the tables of the language.
_AGGREGATES = {"SUM": "sum", "MIN": "min", "MAX": "max", "COUNT": "count"}


def aggregated(aggregation: str, results: list[Value]) -> object:
    """Give the sum, least, greatest or number of results.

    Raises:
        Failure: There is none.
    """
    signature, arguments = select(BUILTINS[_AGGREGATES[aggregation]], [results], None)
    if signature.needs_runtime:
        return signature.function(Runtime(DEFAULT_BUDGET), *arguments)
    return signature.function(*arguments)


def choices(around: Surroundings, slot: Slot) -> Iterator[Choice]:
    """Give the open choices of a place."""
    slot = around.terms.settled(slot)
    if isinstance(slot, Choice):
        yield slot
        for each in around.terms.open_options(slot).values():
            yield from choices(around, each)


def cells(around: Surroundings, decision: Decision) -> Iterator[Formula]:
    """Give every formula of a table but those of the inputs."""
    assert decision.table is not None
    for column in decision.table.inputs:
        if column.values is not None:
            yield column.values
    for output in decision.table.outputs:
        yield from (each for each in (output.values, output.default) if each is not None)
    for row in decision.table.rules:
        yield from row.when
        for slot in row.then:
            yield from around.terms.formulas(slot)
