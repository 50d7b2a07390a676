"""Decision tables in a part of the possible worlds; their meaning is that of `policyeval.feel.tables`."""

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final, cast

from policyeval.backends.worlds.interpreter import Interpreter
from policyeval.feel import syntax
from policyeval.feel.builtins import BUILTINS
from policyeval.feel.checker import Checked
from policyeval.feel.failure import Failure
from policyeval.feel.values import Value
from policyeval.feel.writing import shown
from policyeval.messages import message
from policyeval.policy.model import Formula, Slot, Table, TableRule

_AGGREGATES: Final = {"SUM": "sum", "MIN": "min", "MAX": "max", "COUNT": "count"}


class Tables(Interpreter):
    """Gives what decision tables come to."""

    @abstractmethod
    def slot(self, slot: Slot) -> object:
        """Give the value of what stands in a place."""

    @abstractmethod
    def checked(self, formula: Formula) -> Checked:
        """Give the types of a formula's nodes."""

    def table(self, table: Table) -> object:
        """Give what a table comes to.

        Raises:
            Undecided: It is not the same everywhere.
            Failure: The rules contradict the hit policy, or a value does not fit.
        """
        rows = [table.rules[index] for index in self.hitting(table)]
        return self._of_rows(table, rows) if rows else self._default(table)

    def hitting(self, table: Table) -> list[int]:
        """Give the indexes of the rules that hit; under FIRST of the first one only."""
        inputs: list[object] = []
        for column in table.inputs:
            tree = cast(syntax.Expression, column.expression.tree)
            value = self.operand(tree, self.checked(column.expression), {})
            inputs.append(value)
            if column.values is not None and value is not None:
                self._check(column.values, value, of_input=True)
        found: list[int] = []
        for index, row in enumerate(table.rules):
            if self.junction(self._cells(row, inputs), decides=False):
                found.append(index)
                if table.hit_policy == "FIRST":
                    break
        return found

    def _cells(self, row: TableRule, inputs: Sequence[object]) -> Iterator[partial[bool | None]]:
        for cell, value in zip(row.when, inputs, strict=True):
            yield partial(self._passes, cell, value)

    def _passes(self, cell: Formula, value: object) -> bool | None:
        tests = cast(syntax.UnaryTests, cell.tree)
        return self.unary_tests(tests, value, self.checked(cell)) is True

    def _check(self, values: Formula, value: object, *, of_input: bool) -> None:
        if self._passes(values, value) is True:
            return
        if isinstance(value, list) and value:
            every = (partial(self._passes, values, each) for each in value)
            if self.junction(every, decides=False) is True:
                return
        given = shown(cast(Value, self.concrete(value)))
        if of_input:
            raise Failure(
                "eval.domain",
                message(
                    "`{value}` is not among the values of this input, which are `{values}`",
                    value=given,
                    values=values.text.strip(),
                ),
            )
        text = message("`{value}` is not among the values of this output", value=given)
        raise Failure("eval.domain", text)

    # ------------------------------------------------------------ results

    def _default(self, table: Table) -> object:
        if all(each.default is None for each in table.outputs):
            return None
        return self._assembled(
            table,
            [None if each.default is None else self.slot(each.default) for each in table.outputs],
        )

    def _of_rows(self, table: Table, rows: Sequence[TableRule]) -> object:
        match table.hit_policy:
            case "UNIQUE" | "FIRST":
                if len(rows) > 1:
                    raise Failure("eval.hit-policy", message("two rules hit where only one may"))
                return self._assembled(table, self._outputs(table, rows[0]))
            case "ANY":
                first, *others = (self._assembled(table, self._outputs(table, r)) for r in rows)
                if not all(self.same(first, each) for each in others):
                    raise Failure(
                        "eval.hit-policy", message("two rules hit that do not give the same")
                    )
                return first
            case "PRIORITY":
                return self._assembled(table, self._ordered(table, rows)[0])
            case "OUTPUT ORDER":
                return [self._assembled(table, each) for each in self._ordered(table, rows)]
            case _:
                results = [self._assembled(table, self._outputs(table, row)) for row in rows]
                if table.aggregation is None:
                    return results
                return self.invoke(BUILTINS[_AGGREGATES[table.aggregation]], [results], None)

    def _outputs(self, table: Table, row: TableRule) -> list[object]:
        values: list[object] = []
        for column, slot in zip(table.outputs, row.then, strict=True):
            values.append(self.slot(slot))
            if column.values is not None and values[-1] is not None:
                self._check(column.values, values[-1], of_input=False)
        return values

    def _ordered(self, table: Table, rows: Sequence[TableRule]) -> list[list[object]]:
        found = [self._outputs(table, row) for row in rows]
        return sorted(found, key=lambda values: self._rank(table, values))

    def _rank(self, table: Table, values: Sequence[object]) -> list[int]:
        ranks: list[int] = []
        for column, value in zip(table.outputs, values, strict=True):
            tests: Sequence[syntax.Test] = ()
            if column.values is not None:
                tests = cast(syntax.UnaryTests, column.values.tree).tests
                checked = self.checked(column.values)
            rank = len(tests)
            for index, test in enumerate(tests):
                if self.tests((test,), value, checked, {}) is True:
                    rank = index
                    break
            ranks.append(rank)
        return ranks

    @staticmethod
    def _assembled(table: Table, values: Sequence[object]) -> object:
        if len(values) == 1:
            return values[0]
        return {str(each.name): v for each, v in zip(table.outputs, values, strict=True)}
