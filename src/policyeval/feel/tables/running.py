"""A compiled decision table, and what one decision with it does."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from policyeval.diagnostics import Diagnostic
from policyeval.errors import EvaluationError
from policyeval.feel import operators, types
from policyeval.feel.builtins import BUILTINS
from policyeval.feel.checker import Mode
from policyeval.feel.compiler import Compiled, Outcome
from policyeval.feel.failure import Failure
from policyeval.feel.invocation import select
from policyeval.feel.runtime import Budget, Runtime
from policyeval.feel.tables.model import DecisionTable
from policyeval.feel.types import Type
from policyeval.feel.values import Value
from policyeval.feel.writing import shown
from policyeval.messages import Message, message
from policyeval.source import Source, Span

# The aggregations are the built-ins of these names (10.3.4.4), so that their meaning is written once.
_AGGREGATES = {"SUM": "sum", "MIN": "min", "MAX": "max", "COUNT": "count"}


@dataclass(frozen=True, slots=True)
class Cell:
    """A compiled text of a table; `place` says for a reader where in the table it stands."""

    compiled: Compiled
    place: Message

    @property
    def source(self) -> Source:
        """The text."""
        return self.compiled.source

    @property
    def type(self) -> Type:
        """What is known of its value before it runs."""
        return self.compiled.checked.type_of(self.compiled.tree)


@dataclass(frozen=True, slots=True)
class InputColumn:
    """A column of conditions.

    Attributes:
        declared: The type that the value of `cell` is converted to.
        type: That of the value that the conditions see as `?`.
        allowed: Tests that every value passes.
    """

    cell: Cell
    declared: Type
    type: Type
    allowed: Cell | None


@dataclass(frozen=True, slots=True)
class OutputColumn:
    """A column of results.

    Attributes:
        declared: The type that results are converted to.
        ranks: A test for each of the column's values, best first; none if nothing is said.
    """

    name: str
    declared: Type
    ranks: tuple[Cell, ...]
    default: Cell | None


@dataclass(frozen=True, slots=True)
class Row:
    """A compiled rule; a condition that every value passes is None."""

    source: Source
    place: Message
    when: tuple[Cell | None, ...]
    then: tuple[Cell, ...]


@dataclass(frozen=True, eq=False)
class CompiledTable:
    """A decision table, ready to run; immutable and safe to share between threads.

    Attributes:
        table: What was compiled.
        type: Of its result.
        budget: What one run may use, all cells together.
        diagnostics: Warnings about its texts and its shape.
    """

    table: DecisionTable
    mode: Mode
    type: Type
    budget: Budget
    diagnostics: tuple[Diagnostic, ...]
    inputs: tuple[InputColumn, ...] = field(repr=False)
    outputs: tuple[OutputColumn, ...] = field(repr=False)
    rows: tuple[Row, ...] = field(repr=False)

    def run(self, context: Mapping[str, object]) -> Outcome:
        """Decide with variables from a context of plain Python values.

        Raises:
            policyeval.errors.EvaluationError: Strict mode only: the rules contradict the hit
                policy, a value does not fit its column, or a cell has no result.
        """
        run = _Run(self, context)
        try:
            value = run.result()
        except _OutOfStepsError:
            value = None
        return Outcome(value, tuple(run.warnings), run.steps)

    def evaluate(self, context: Mapping[str, object]) -> Value:
        """Give the value alone; see `run`."""
        return self.run(context).value

    def matches(self, context: Mapping[str, object]) -> tuple[int, ...]:
        """Give the indexes, from 0, of the rules that hit; under FIRST of the first one only.

        Raises:
            policyeval.errors.EvaluationError: As for `run`.
        """
        try:
            return _Run(self, context).hits()
        except _OutOfStepsError:
            return ()


def placed(diagnostics: Iterable[Diagnostic], place: Message) -> Iterator[Diagnostic]:
    """Say where in the table problems are."""
    return (replace(each, place=place) for each in diagnostics)


class _OutOfStepsError(Exception):
    """The decision is given up; why, stands in the warnings."""


class _Run:
    """One decision."""

    def __init__(self, compiled: CompiledTable, context: Mapping[str, object]) -> None:
        self.compiled = compiled
        self.context = context
        self.warnings: list[Diagnostic] = []
        self.steps = 0

    def result(self) -> Value:
        values = self.inputs()
        if values is None:
            return None
        rows = [self.compiled.rows[index] for index in self.hitting(values)]
        return self.of_rows(rows) if rows else self.default()

    def hits(self) -> tuple[int, ...]:
        values = self.inputs()
        return () if values is None else tuple(self.hitting(values))

    # ------------------------------------------------------------ which rules hit

    def inputs(self) -> list[Value] | None:
        """Give the value of each input; None if one is not among its values."""
        values: list[Value] = []
        refused = False
        for column in self.compiled.inputs:
            value = self.converted(self.value(column.cell), column.declared, column.cell)
            values.append(value)
            if value is None or column.allowed is None or self.passes(column.allowed, value):
                continue
            refused = True
            self.note(
                column.cell,
                "eval.domain",
                message(
                    "`{value}` is not among the values of this input, which are `{values}`",
                    value=shown(value),
                    values=column.allowed.source.text.strip(),
                ),
            )
        return None if refused else values

    def passes(self, test: Cell, value: Value) -> bool:
        """Tell whether a value passes a test of a column's values; of a list, each item may."""
        if self.value(test, value) is True:
            return True
        return (
            isinstance(value, list)
            and bool(value)
            and all(self.value(test, item) is True for item in value)
        )

    def hitting(self, values: Sequence[Value]) -> Iterator[int]:
        for index, row in enumerate(self.compiled.rows):
            if all(
                cell is None or self.value(cell, value) is True
                for cell, value in zip(row.when, values, strict=True)
            ):
                yield index
                if self.compiled.table.hit_policy == "FIRST":
                    return

    # ------------------------------------------------------------ what comes of them

    def default(self) -> Value:
        outputs = self.compiled.outputs
        if all(each.default is None for each in outputs):
            return None
        return self.assembled(
            [
                None
                if each.default is None
                else self.converted(self.value(each.default), each.declared, each.default)
                for each in outputs
            ]
        )

    def of_rows(self, rows: Sequence[Row]) -> Value:
        match self.compiled.table.hit_policy:
            case "UNIQUE" if len(rows) > 1:
                return self.contradiction(
                    rows[0], rows[1], message("two rules hit where only one may")
                )
            case "UNIQUE" | "FIRST":
                return self.assembled(self.outputs(rows[0]))
            case "ANY":
                return self.agreed(rows)
            case "PRIORITY":
                return self.assembled(self.ordered(rows)[0])
            case "OUTPUT ORDER":
                return [self.assembled(each) for each in self.ordered(rows)]
            case _:
                return self.aggregated(rows, [self.assembled(self.outputs(row)) for row in rows])

    def agreed(self, rows: Sequence[Row]) -> Value:
        first = self.assembled(self.outputs(rows[0]))
        for row in rows[1:]:
            if not _same(first, self.assembled(self.outputs(row))):
                return self.contradiction(
                    rows[0], row, message("two rules hit that do not give the same")
                )
        return first

    def contradiction(self, first: Row, second: Row, what: Message) -> Value:
        self.add(
            Diagnostic(
                "eval.hit-policy",
                message(
                    "{what}: {first} and {second}",
                    what=what,
                    first=first.place,
                    second=second.place,
                ),
                Span(0, len(second.source.text)),
                second.source,
                message("the hit policy is `{name}`", name=self.compiled.table.hit_policy),
                place=second.place,
            )
        )
        return None

    def ordered(self, rows: Sequence[Row]) -> list[list[Value]]:
        """Give the outputs of rules, best first; equally good ones in the order of the rules."""
        return sorted((self.outputs(row) for row in rows), key=self.rank)

    def rank(self, values: Sequence[Value]) -> list[int]:
        """Rank the outputs of a rule: by the first output, then by the second …; 0 is best."""
        return [
            next(
                (n for n, test in enumerate(column.ranks) if self.passes(test, value)),
                len(column.ranks),
            )
            for column, value in zip(self.compiled.outputs, values, strict=True)
        ]

    def outputs(self, row: Row) -> list[Value]:
        values: list[Value] = []
        for column, cell in zip(self.compiled.outputs, row.then, strict=True):
            value = self.converted(self.value(cell), column.declared, cell)
            values.append(value)
            if value is None or not column.ranks:
                continue
            if not any(self.passes(each, value) for each in column.ranks):
                self.note(
                    cell,
                    "eval.domain",
                    message("`{value}` is not among the values of this output", value=shown(value)),
                )
        return values

    def assembled(self, values: Sequence[Value]) -> Value:
        outputs = self.compiled.outputs
        if len(outputs) == 1:
            return values[0]
        return {each.name: value for each, value in zip(outputs, values, strict=True)}

    def aggregated(self, rows: Sequence[Row], results: list[Value]) -> Value:
        aggregation = self.compiled.table.aggregation
        if aggregation is None:
            return results
        try:
            signature, arguments = select(BUILTINS[_AGGREGATES[aggregation]], [results], None)
            if signature.needs_runtime:
                runtime = Runtime(self.compiled.budget, self.steps)
                return signature.function(runtime, *arguments)
            return signature.function(*arguments)
        except Failure as failure:
            self.note(rows[0].then[0], failure.code, failure.message)
            return None

    # ------------------------------------------------------------ cells

    def value(self, cell: Cell, tested: Value = None) -> Value:
        """Run a cell; in unary tests `?` is the value given."""
        try:
            outcome = cell.compiled.run({**self.context, "?": tested}, spent=self.steps)
        except EvaluationError as error:
            raise EvaluationError(tuple(placed(error.diagnostics, cell.place))) from None
        self.warnings += placed(outcome.warnings, cell.place)
        self.steps = outcome.steps
        if self.steps > self.compiled.budget.steps:
            raise _OutOfStepsError
        return outcome.value

    def converted(self, value: Value, type_: Type, cell: Cell) -> Value:
        """Convert the value of a cell to the type of its column."""
        try:
            return operators.coerce(value, types.required(type_))
        except Failure as failure:
            self.note(cell, failure.code, failure.message)
            return None

    def note(self, cell: Cell, code: str, what: Message) -> None:
        span = Span(0, len(cell.source.text))
        self.add(Diagnostic(code, what, span, cell.source, place=cell.place))

    def add(self, diagnostic: Diagnostic) -> None:
        """Record a mistake, or stop in strict mode.

        Raises:
            EvaluationError: The mode is strict.
        """
        if self.compiled.mode == "strict":
            raise EvaluationError([diagnostic])
        self.warnings.append(replace(diagnostic, severity="warning"))


def _same(left: Value, right: Value) -> bool:
    try:
        return operators.same(left, right)
    except Failure:
        return False
