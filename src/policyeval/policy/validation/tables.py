"""Decision tables: their shape, the type of each cell, and what they give."""

from collections.abc import Sequence
from typing import Literal

from policyeval.feel import syntax, types
from policyeval.feel.types import Type, type_text
from policyeval.messages import Message, message
from policyeval.policy.model import Decision, Formula, Slot, Table, TableOutput, TableRule
from policyeval.policy.validation.parts import formulas
from policyeval.policy.validation.places import Path
from policyeval.policy.validation.typed import Typing
from policyeval.policy.validation.values import unknown_in_tests
from policyeval.source import Source, Span

_LISTING = frozenset({"COLLECT", "RULE ORDER", "OUTPUT ORDER"})
"""The hit policies that give a list, unless it is aggregated."""


def check_table(typing: Typing, decision: Decision, table: Table) -> None:
    """Report what is wrong with the table of a decision."""
    _TableCheck(typing, decision, table).run()


class _TableCheck:
    def __init__(self, typing: Typing, decision: Decision, table: Table) -> None:
        self.typing = typing
        self.check = typing.check
        self.decision = decision
        self.table = table
        self.path: Path = ("decisions", decision.name, "table")

    @property
    def listing(self) -> bool:
        """Whether the table gives a list."""
        return self.table.hit_policy in _LISTING and self.table.aggregation is None

    def run(self) -> None:
        sound = self.columns() and self.aggregation()
        inputs = [self.input(index) for index in range(len(self.table.inputs))]
        for index, output in enumerate(self.table.outputs):
            self.output(output, self.cell_type(output), index)
        for rule in self.table.rules:
            self.row(rule, inputs)
        if sound:
            self.result()
        self.same_conditions()

    # ------------------------------------------------------------ the shape

    def columns(self) -> bool:
        """Check what the columns are called, and that the hit policy has what it needs."""
        table, sound = self.table, True
        names = [each.name for each in table.outputs]
        for index, name in enumerate(names):
            if name is not None and name in names[:index]:
                path = (*self.path, "outputs", index, "name")
                text = message("`{name}` is given twice", name=name)
                sound = self.refuse(path, text, code="feel.duplicate-name")
        if table.hit_policy in {"PRIORITY", "OUTPUT ORDER"} and not any(
            _says_something(each.values) for each in table.outputs
        ):
            sound = self.refuse(
                (*self.path, "hit_policy"),
                message("nothing says which output is the better one"),
                message("list the values of an output, the best first"),
            )
        return sound

    def aggregation(self) -> bool:
        """Check that what becomes of the results has a meaning for them."""
        table, path = self.table, (*self.path, "aggregation")
        name = table.aggregation
        if name is None:
            return True
        if name == "COUNT":
            return True
        if len(table.outputs) > 1:
            return self.refuse(path, message("`{name}` is for tables with one output", name=name))
        base = types.required(table.outputs[0].type) if table.outputs else types.NUMBER
        if base in ({types.NUMBER} if name == "SUM" else types.ORDERED):
            return True
        return self.refuse(
            path,
            message("`{name}` has no meaning for a `{type}`", name=name, type=type_text(base)),
        )

    def row(self, rule: TableRule, inputs: Sequence[Type | None]) -> None:
        """Check the cells of a rule; that there is one for each column, the loader has seen to."""
        for column, (cell, tested) in enumerate(zip(rule.when, inputs, strict=False)):
            self.tests(cell, tested, column)
        for slot, output in zip(rule.then, self.table.outputs, strict=False):
            if self.typing.fit(slot, self.cell_type(output)):
                self.among(slot, output.values)

    def same_conditions(self) -> None:
        """Report rules of which a second one can only contradict, or never counts."""
        if self.table.hit_policy not in {"UNIQUE", "FIRST"}:
            return
        seen: dict[tuple[syntax.Node, ...], str] = {}
        for index, rule in enumerate(self.table.rules):
            cells = tuple(each.tree for each in rule.when)
            first = seen.setdefault(cells, rule.id)
            if first == rule.id:
                continue
            path = (*self.path, "rules", index, "when")
            text = message("the conditions are those of the rule `{rule}`", rule=first)
            if self.table.hit_policy == "UNIQUE":
                help_ = message("under `UNIQUE` no two rules may hit; change one of them")
                self.refuse(path, text, help_)
            else:
                help_ = message("under `FIRST` this rule never counts; change or delete it")
                self.check.warn("feel.table", text, self.check.places.value(path), help_)

    # ------------------------------------------------------------ columns

    def input(self, index: int) -> Type | None:
        """Check an input; give the type of its value."""
        column = self.table.inputs[index]
        given = self.typing.type_of(column.expression)
        if given is not None and isinstance(
            given, types.AnyType | types.NullType | types.FunctionOf
        ):
            span = Span(0, len(column.expression.text))
            text = message("the type of this value is not known")
            self.typing.report(column.expression, "feel.type", text, span)
            given = None
        if column.values is not None:
            self.tests(column.values, None if given is None else _tested(given), index)
        return given

    def tests(self, cell: Formula, tested: Type | None, column: int) -> None:
        """Check unary tests of an input."""
        if self.typing.type_of(cell, tested=types.ANY if tested is None else tested) is None:
            return
        if not isinstance(cell.tree, syntax.UnaryTests):
            return
        asked = self.table.inputs[column].expression.tree
        fact = self.check.policy.facts.get(asked.name) if isinstance(asked, syntax.Name) else None
        if fact is not None and fact.one_of is not None:
            self.typing.add(cell, [*unknown_in_tests(cell.tree, fact, Source(cell.text))])

    def cell_type(self, output: TableOutput) -> Type:
        """Give the type that the cells of a column have."""
        if self.table.aggregation == "COUNT":
            return types.ANY
        return types.required(output.type) if self.table.aggregation is not None else output.type

    def output(self, output: TableOutput, cells: Type, index: int) -> None:
        if output.values is not None:
            self.typing.type_of(output.values, tested=_tested(cells))
        if output.default is None:
            return
        wanted = cells
        if self.listing or self.table.aggregation is not None:
            wanted = self.decision.type
            if len(self.table.outputs) > 1:
                self.refuse(
                    (*self.path, "outputs", index, "default"),
                    message("several outputs have no default under this hit policy"),
                    message("leave it out, and let the decision's type end in `?`"),
                )
                return
        self.typing.fit(output.default, wanted)

    def among(self, slot: Slot, values: Formula | None) -> None:
        """Report a result that is written out and is none of its column's values."""
        if values is None or not isinstance(values.tree, syntax.UnaryTests) or values.tree.negated:
            return
        allowed = [each for test in values.tree.tests if (each := _literal(test)) is not None]
        if not allowed or len(allowed) < len(values.tree.tests):
            return
        for formula in formulas(slot):
            if isinstance(formula.tree, _LITERALS) and formula.tree not in allowed:
                text = formula.text.strip()
                self.typing.report(
                    formula,
                    "feel.table",
                    message("`{value}` is not among the values of this output", value=text),
                    formula.tree.span,
                    message("there is: {names}", names=f"`{values.text.strip()}`"),
                )

    # ------------------------------------------------------------ the result

    def result(self) -> None:
        """Check that what the table gives is of the decision's type."""
        given, wanted = self.result_type(), self.decision.type
        if types.conforms(given, wanted):
            return
        if types.conforms(types.required(given), wanted):
            self.refuse(
                self.path,
                message("where no rule hits, the decision has no value"),
                message("give the output a `default`, or let the decision's type end in `?`"),
                code="feel.null",
                of_key=True,
            )
            return
        self.refuse(
            ("decisions", self.decision.name, "type"),
            message(
                "the table gives a `{given}`, not a `{wanted}`",
                given=type_text(given),
                wanted=type_text(wanted),
            ),
            code="feel.type",
        )

    def result_type(self) -> Type:
        """Give the type of what the table gives; null where no rule hits and there is no default."""
        outputs = self.table.outputs
        default = any(each.default is not None for each in outputs)
        if self.table.aggregation == "COUNT":
            one: Type = types.NUMBER
        elif len(outputs) == 1:
            one = self.cell_type(outputs[0])
        else:
            entries = {each.name or "": each for each in outputs}
            one = types.ContextOf(
                {
                    name: types.optional(each.type)
                    if default and each.default is None
                    else each.type
                    for name, each in entries.items()
                }
            )
        if self.listing:
            one = types.ListOf(one)
        return one if default else types.optional(one)

    # ------------------------------------------------------------ problems

    def refuse(
        self,
        path: Path,
        what: Message,
        help_: Message | None = None,
        *,
        code: str = "feel.table",
        of_key: bool = False,
    ) -> Literal[False]:
        """Report a problem at a place of the file."""
        places = self.check.places
        span = places.key(path) if of_key else places.value(path)
        self.check.report(code, what, span, help_)
        return False


_LITERALS = syntax.StringLiteral | syntax.NumberLiteral | syntax.BooleanLiteral


def _literal(test: syntax.Test) -> syntax.Expression | None:
    """Give the value that a test asks for, if it is written out."""
    match test:
        case syntax.ExpressionTest(
            syntax.StringLiteral() | syntax.NumberLiteral() | syntax.BooleanLiteral() as written
        ):
            return written
        case _:
            return None


def _says_something(values: Formula | None) -> bool:
    return values is not None and values.text.strip() not in {"", "-"}


def _tested(type_: Type) -> Type:
    """Give the type of what a column's values test: also each item, if the value is a list."""
    base = types.required(type_)
    return types.ANY if isinstance(base, types.ListOf) else base
