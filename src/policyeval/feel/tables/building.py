"""Compiling a decision table: every cell once, and every problem of every cell at once."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from policyeval.diagnostics import Diagnostic, Severity, did_you_mean
from policyeval.errors import ExpressionError
from policyeval.feel import syntax, types
from policyeval.feel.checker import Mode
from policyeval.feel.compiler import Compiled, compile_expression, compile_unary_tests
from policyeval.feel.limits import DEFAULT_LIMITS, Limits
from policyeval.feel.runtime import DEFAULT_BUDGET, Budget
from policyeval.feel.scope import Scope, read_type, wanted
from policyeval.feel.tables.model import (
    AGGREGATIONS,
    HIT_POLICIES,
    DecisionTable,
    Input,
    Output,
    Rule,
)
from policyeval.feel.tables.running import (
    Cell,
    CompiledTable,
    InputColumn,
    OutputColumn,
    Row,
    placed,
)
from policyeval.feel.types import Type, UnknownTypeError, type_text
from policyeval.messages import Message, message
from policyeval.source import Source, Span

T = TypeVar("T")

MOST_CELLS = 10_000
"""Conditions and results of all rules; a larger table is refused before any of it is compiled."""

_LISTING = frozenset({"COLLECT", "RULE ORDER", "OUTPUT ORDER"})
"""The hit policies that give a list."""


def compile_table(
    table: DecisionTable,
    scope: Scope | None = None,
    *,
    mode: Mode = "lenient",
    limits: Limits = DEFAULT_LIMITS,
    budget: Budget = DEFAULT_BUDGET,
) -> CompiledTable:
    """Compile every cell of a decision table, once.

    Args:
        table: The table.
        scope: The variables that its cells may use.
        mode: As for expressions; in the strict mode a cell must also have its column's type.
        limits: How large the text of each cell may be.
        budget: How much one run may do, all cells together.

    Raises:
        ExpressionError: Problems of the table's shape or of its cells, all that there are; each
            says which rule and which column it is about.
    """
    wanted("table", table, DecisionTable)
    wanted("scope", scope, Scope, type(None))
    wanted("limits", limits, Limits)
    wanted("budget", budget, Budget)
    if mode not in ("lenient", "strict"):
        raise ValueError(f"mode: 'lenient' or 'strict' is wanted, not {mode!r}")
    builder = _Builder(table, Scope() if scope is None else scope, mode, limits, budget)
    compiled = builder.table()
    if compiled is None:
        raise ExpressionError([each for each in builder.problems if each.severity == "error"])
    return compiled


class _Builder:
    """Compiles the parts of a table and collects the problems on the way."""

    def __init__(
        self, written: DecisionTable, scope: Scope, mode: Mode, limits: Limits, budget: Budget
    ) -> None:
        self.written = written
        self.scope = scope
        self.mode = mode
        self.limits = limits
        self.budget = budget
        self.problems: list[Diagnostic] = []

    def table(self) -> CompiledTable | None:
        """Compile the table; None if there are problems."""
        written = self.written
        if sum(len(each.when) + len(each.then) for each in written.rules) > MOST_CELLS:
            what = message("the decision table has more than {limit} cells", limit=MOST_CELLS)
            self.refuse("", message("rules"), what)
            return None
        self.check_hit_policy()
        self.check_aggregation()
        self.check_columns()
        inputs = [self.input(n, each) for n, each in enumerate(written.inputs, 1)]
        outputs = [self.output(n, each) for n, each in enumerate(written.outputs, 1)]
        rows = [self.row(n, each, inputs, outputs) for n, each in enumerate(written.rules, 1)]
        if any(each.severity == "error" for each in self.problems):
            return None
        return CompiledTable(
            written,
            self.mode,
            self.result_type(outputs, _complete(rows)),
            self.budget,
            tuple(self.problems),
            _complete(inputs),
            tuple(outputs),
            _complete(rows),
        )

    # ------------------------------------------------------------ the shape

    def check_hit_policy(self) -> None:
        written, place = self.written, message("hit policy")
        if written.hit_policy not in HIT_POLICIES:
            self.refuse(
                written.hit_policy,
                place,
                message("there is no hit policy `{name}`", name=written.hit_policy),
                help_=did_you_mean(written.hit_policy, HIT_POLICIES)
                or message("use one of: {names}", names=", ".join(HIT_POLICIES)),
            )
        ordered = written.hit_policy in {"PRIORITY", "OUTPUT ORDER"}
        if ordered and not any(_says_something(each.values) for each in written.outputs):
            # Then all outputs are equally good, and the order of the rules decides: what FEEL's
            # lenient ways allow, but nobody can have meant.
            self.refuse(
                written.hit_policy,
                place,
                message("nothing says which output is the better one"),
                help_=message("list the values of an output, the best first"),
                severity="error" if self.mode == "strict" else "warning",
            )

    def check_aggregation(self) -> None:
        written, place = self.written, message("aggregation")
        aggregation = written.aggregation
        if aggregation is None:
            return
        if aggregation not in AGGREGATIONS:
            self.refuse(
                aggregation,
                place,
                message("there is no aggregation `{name}`", name=aggregation),
                help_=did_you_mean(aggregation, AGGREGATIONS)
                or message("use one of: {names}", names=", ".join(AGGREGATIONS)),
            )
        elif written.hit_policy != "COLLECT":
            self.refuse(
                aggregation, place, message("only the hit policy `COLLECT` has an aggregation")
            )
        elif aggregation != "COUNT" and len(written.outputs) > 1:
            self.refuse(
                aggregation,
                place,
                message("`{name}` is for tables with one output", name=aggregation),
            )

    def check_columns(self) -> None:
        outputs = self.written.outputs
        if not outputs:
            self.refuse("", message("outputs"), message("the decision table has no output"))
        names = [each.name for each in outputs]
        for number, name in enumerate(names, 1):
            place = message("output {column}", column=number)
            if name is None and len(names) > 1:
                self.refuse("", place, message("one of several outputs has no name"))
            elif name is not None and name in names[: number - 1]:
                self.refuse(
                    name,
                    place,
                    message("`{name}` is given twice", name=name),
                    code="feel.duplicate-name",
                )

    def has_shape(self, number: int, rule: Rule) -> bool:
        """Tell whether a rule has a cell for each column, and complain if not."""
        place = message("rule {rule}", rule=number)
        inputs, outputs = len(self.written.inputs), len(self.written.outputs)
        if len(rule.when) != inputs:
            what = message(
                "the rule has {given} conditions, but there are {wanted} inputs",
                given=len(rule.when),
                wanted=inputs,
            )
            self.refuse(" | ".join(rule.when), place, what)
        if len(rule.then) != outputs:
            what = message(
                "the rule has {given} results, but there are {wanted} outputs",
                given=len(rule.then),
                wanted=outputs,
            )
            self.refuse(" | ".join(rule.then), place, what)
        return len(rule.when) == inputs and len(rule.then) == outputs

    # ------------------------------------------------------------ columns

    def input(self, number: int, column: Input) -> InputColumn | None:
        declared = self.column_type(column.type, message("type of input {column}", column=number))
        cell = self.expression(column.expression, message("input {column}", column=number))
        static = types.ANY if cell is None else cell.type
        if cell is not None and self.mode == "strict":
            self.check_type(cell, types.optional(declared))
        if declared == types.ANY:
            type_ = static
        else:
            type_ = declared if types.conforms(static, declared) else types.optional(declared)
        allowed = None
        if _says_something(column.values):
            place = message("values of input {column}", column=number)
            allowed = self.tests(column.values or "", place, _tested(type_))
        return None if cell is None else InputColumn(cell, declared, type_, allowed)

    def output(self, number: int, column: Output) -> OutputColumn:
        declared = self.column_type(column.type, message("type of output {column}", column=number))
        default = None
        if (column.default or "").strip():
            place = message("default of output {column}", column=number)
            default = self.expression(column.default or "", place)
            if default is not None and self.mode == "strict":
                self.check_type(default, declared)
        ranks: tuple[Cell, ...] = ()
        if _says_something(column.values):
            place = message("values of output {column}", column=number)
            ranks = self.ranks(column.values or "", place, _tested(declared))
        return OutputColumn(column.name or "", declared, ranks, default)

    def ranks(self, text: str, place: Message, type_: Type) -> tuple[Cell, ...]:
        """Compile the values of an output one by one, so that they can be told apart."""
        whole = self.tests(text, place, type_)
        if whole is None:
            return ()
        tree = whole.compiled.tree
        if not isinstance(tree, syntax.UnaryTests) or tree.negated or len(tree.tests) == 1:
            return (whole,)
        parts = (self.tests(text[t.span.start : t.span.end], place, type_) for t in tree.tests)
        return tuple(each for each in parts if each is not None)

    def column_type(self, given: Type | str | None, place: Message) -> Type:
        if given is None:
            return types.ANY
        try:
            return read_type(given)
        except UnknownTypeError as error:
            self.refuse(
                str(given),
                place,
                message("unknown type `{name}`", name=error.node.name),
                code="feel.unknown-type",
                help_=did_you_mean(error.node.name, types.SIMPLE_TYPES),
            )
        except ExpressionError as error:
            self.problems += placed(error.diagnostics, self.in_table(place))
        return types.ANY

    # ------------------------------------------------------------ rules

    def row(
        self,
        number: int,
        rule: Rule,
        inputs: Sequence[InputColumn | None],
        outputs: Sequence[OutputColumn],
    ) -> Row | None:
        if not self.has_shape(number, rule):
            return None
        when: list[Cell | None] = []
        for column, (text, input_) in enumerate(zip(rule.when, inputs, strict=True), 1):
            cell = None
            if not self.takes_anything(text):
                place = message("rule {rule}, input {column}", rule=number, column=column)
                type_ = types.ANY if input_ is None else input_.type
                cell = self.tests(text, place, type_)
            when.append(cell)
        then: list[Cell | None] = []
        for column, (text, output) in enumerate(zip(rule.then, outputs, strict=True), 1):
            place = message("rule {rule}, output {column}", rule=number, column=column)
            cell = self.expression(text, place)
            if cell is not None and self.mode == "strict":
                self.check_type(cell, output.declared)
            then.append(cell)
        place = self.in_table(message("rule {rule}", rule=number))
        source = Source(f"{' | '.join(rule.when)} → {' | '.join(rule.then)}", place.text())
        complete = tuple(each for each in then if each is not None)
        return Row(source, place, tuple(when), complete) if len(complete) == len(then) else None

    def takes_anything(self, condition: str) -> bool:
        """Tell whether a condition is `-`; an empty one passes for it where models in the wild do."""
        return condition.strip() == "-" or (self.mode == "lenient" and not condition.strip())

    # ------------------------------------------------------------ cells

    def expression(self, text: str, place: Message) -> Cell | None:
        def make(source: Source) -> Compiled:
            return compile_expression(
                source, self.scope, mode=self.mode, limits=self.limits, budget=self.budget
            )

        return self.cell(text, place, make)

    def tests(self, text: str, place: Message, type_: Type) -> Cell | None:
        def make(source: Source) -> Compiled:
            return compile_unary_tests(
                source,
                self.scope,
                input_type=type_,
                mode=self.mode,
                limits=self.limits,
                budget=self.budget,
            )

        return self.cell(text, place, make)

    def cell(self, text: str, place: Message, make: Callable[[Source], Compiled]) -> Cell | None:
        place = self.in_table(place)
        try:
            compiled = make(Source(text, place.text()))
        except ExpressionError as error:
            self.problems += placed(error.diagnostics, place)
            return None
        self.problems += placed(compiled.diagnostics, place)
        return Cell(compiled, place)

    def check_type(self, cell: Cell, wanted: Type) -> None:
        """Complain of a cell whose value may be of another type than its column's."""
        if cell.type == types.ANY or types.conforms(cell.type, wanted):
            return
        self.problems.append(
            Diagnostic(
                "feel.type",
                message(
                    "a value of type `{wanted}` is wanted, not a `{given}`",
                    wanted=type_text(wanted),
                    given=type_text(cell.type),
                ),
                Span(0, len(cell.source.text)),
                cell.source,
                place=cell.place,
            )
        )

    # ------------------------------------------------------------ the result

    def result_type(self, outputs: Sequence[OutputColumn], rows: Sequence[Row]) -> Type:
        """Give the type of what the table gives; null comes of no hit, or (lenient) of mistakes."""
        written = self.written
        if written.aggregation == "COUNT":
            return types.optional(types.NUMBER)
        columns: list[Type] = []
        for index, output in enumerate(outputs):
            cells = [row.then[index] for row in rows]
            if output.default is not None:
                cells.append(output.default)
            found = types.join_all(each.type for each in cells)
            columns.append(found if output.declared == types.ANY else output.declared)
        one = columns[0]
        if len(columns) > 1:
            names = [each.name for each in outputs]
            one = types.ContextOf(dict(zip(names, columns, strict=True)))
        has_default = any(each.default is not None for each in outputs)
        if written.hit_policy in _LISTING and written.aggregation is None:
            # A default stands for the whole list, and need not be one.
            return types.ANY if has_default else types.optional(types.ListOf(one))
        if has_default and len(outputs) == 1 and self.mode == "strict":
            return one
        return types.optional(one)

    # ------------------------------------------------------------ problems

    def in_table(self, place: Message) -> Message:
        name = self.written.name
        return place if name is None else message("{table}: {place}", table=name, place=place)

    def refuse(
        self,
        text: str,
        place: Message,
        what: Message,
        *,
        code: str = "feel.table",
        help_: Message | None = None,
        severity: Severity = "error",
    ) -> None:
        place = self.in_table(place)
        source = Source(text, place.text())
        self.problems.append(
            Diagnostic(code, what, Span(0, len(text)), source, help_, severity, place)
        )


def _says_something(values: str | None) -> bool:
    return (values or "").strip() not in {"", "-"}


def _tested(type_: Type) -> Type:
    """Give the type of what a column's values test: also each item, if the value is a list."""
    required = types.required(type_)
    return types.ANY if isinstance(required, types.ListOf) else required


def _complete(parts: Sequence[T | None]) -> tuple[T, ...]:
    found = tuple(each for each in parts if each is not None)
    assert len(found) == len(parts), "a part that could not be compiled has a problem"
    return found
