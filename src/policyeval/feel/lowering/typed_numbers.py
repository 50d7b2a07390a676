"""Typed lowering of numbers and of dates moved by durations.

Where whole numbers are known to be small (the parts of a date, and what is computed from them) they
stay Python's integers; everything else is computed by the methods of the package's decimal context.
"""

import ast
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from policyeval.feel import numbers, syntax, temporal, types
from policyeval.feel.checker import Checked
from policyeval.feel.lowering import emit
from policyeval.feel.lowering.emit import literal
from policyeval.feel.lowering.generic import Lowering
from policyeval.feel.lowering.integers import PARTS, Bounds, Integers
from policyeval.feel.lowering.names import Names
from policyeval.feel.types import Type
from policyeval.feel.values import YearsMonthsDuration
from policyeval.source import Source

_INTEGER: Mapping[str, type[ast.operator]] = {"+": ast.Add, "-": ast.Sub, "*": ast.Mult}
_DECIMAL: Mapping[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": numbers.add,
    "-": numbers.subtract,
    "*": numbers.multiply,
    "/": numbers.divide,
}


class TypedNumbers(Lowering):
    """The part of the typed lowering that computes."""

    def __init__(self, checked: Checked, source: Source, *, strict: bool) -> None:
        super().__init__(checked, source)
        self.strict = strict
        self.integers = Integers(self.type_of, self._called)

    def type_of(self, node: syntax.Node) -> Type:
        """Give the static type of a node."""
        return self.checked.type_of(node)

    # ------------------------------------------------------------ numbers

    def _number(self, node: syntax.Expression, names: Names) -> ast.expr:
        """Give a number as a Python integer where it is a small whole one, else as a decimal."""
        if self.integers.bounds(node) is not None:
            return self._integer(node, names)
        return self.lower(node, names)

    def _decimal(self, node: syntax.Expression, names: Names) -> ast.expr | None:
        """Give a number that is computed with integers as a decimal; None if it is not."""
        if self.integers.bounds(node) is None:
            return None
        return emit.call(self.pool.name(Decimal), self._integer(node, names))

    def _called(self, node: syntax.Call) -> str | None:
        """Give the name of the built-in that a call calls, if all its arguments have no names."""
        function = node.function
        if not isinstance(function, syntax.Name) or any(each.name for each in node.arguments):
            return None
        return None if self.shadowed(function.name) else function.name

    def _integer(self, node: syntax.Expression, names: Names) -> ast.expr:
        """Compute a small whole number with Python's integers."""
        return self.place(self._integer_unplaced(node, names), node)

    def _integer_unplaced(self, node: syntax.Expression, names: Names) -> ast.expr:
        match node:
            case syntax.NumberLiteral(value):
                return literal(int(value))
            case syntax.Negation(operand):
                return _minus(self._integer(operand, names))
            case syntax.Path(source, "weekday"):
                return emit.call(emit.attribute(self.lower(source, names), "isoweekday"))
            case syntax.Path(source, name) if name in PARTS:
                return emit.attribute(self.lower(source, names), name)
            case syntax.Arithmetic(operator, left, right):
                return ast.BinOp(
                    self._integer(left, names), _INTEGER[operator](), self._integer(right, names)
                )
            case syntax.Call(syntax.Name(name), arguments):
                return self._integer_call(name, [each.value for each in arguments], names)
            case _:
                raise AssertionError(node)

    def _integer_call(
        self, name: str, arguments: Sequence[syntax.Expression], names: Names
    ) -> ast.expr:
        match name, arguments:
            case "floor", [syntax.Arithmetic("/", left, right)]:
                top, bottom = self._integer(left, names), self._integer(right, names)
                return ast.BinOp(top, ast.FloorDiv(), bottom)
            case "ceiling", [syntax.Arithmetic("/", left, right)]:
                top, bottom = self._integer(left, names), self._integer(right, names)
                return _minus(ast.BinOp(_minus(top), ast.FloorDiv(), bottom))
            case "modulo", [dividend, divisor]:
                return ast.BinOp(
                    self._integer(dividend, names), ast.Mod(), self._integer(divisor, names)
                )
            case (("count" | "string length"), [counted]):
                return emit.call(self.pool.name(len), self.lower(counted, names))
            case _, [argument]:
                return self._integer(argument, names)
            case _:
                raise AssertionError(name)

    # ------------------------------------------------------------ arithmetic

    def _arithmetic(self, node: syntax.Arithmetic, names: Names) -> ast.expr | None:
        left, right = self.type_of(node.left), self.type_of(node.right)
        if left == right == types.NUMBER:
            whole = self._decimal(node, names)
            if whole is not None or node.operator not in _DECIMAL:
                return whole
            return emit.call(
                self.pool.name(_DECIMAL[node.operator], ("decimal", node.operator)),
                self._number(node.left, names),
                self._number(node.right, names),
            )
        if node.operator == "+" and right == types.DATE and left != right:
            return self._move(node.right, node.left, False, names)
        if left == types.DATE and node.operator in ("+", "-"):
            if right == types.DATE:
                return ast.BinOp(
                    self.lower(node.left, names), ast.Sub(), self.lower(node.right, names)
                )
            return self._move(node.left, node.right, node.operator == "-", names)
        if left == right == types.DAYS_AND_TIME_DURATION and node.operator in ("+", "-"):
            return ast.BinOp(
                self.lower(node.left, names),
                _INTEGER[node.operator](),
                self.lower(node.right, names),
            )
        return None

    def _move(
        self, day: syntax.Expression, duration: syntax.Expression, back: bool, names: Names
    ) -> ast.expr | None:
        """Move a date by a duration."""
        kind = self.type_of(duration)
        constant = self.constant(duration)
        if kind == types.DAYS_AND_TIME_DURATION:
            moved = self.lower(day, names)
            if isinstance(constant, timedelta):
                return ast.BinOp(moved, ast.Add(), self.value(-constant if back else constant))
            length = self.lower(duration, names)
            # Python's `date - timedelta` looks at the whole days only; FEEL goes back over midnight.
            return ast.BinOp(moved, ast.Add(), ast.UnaryOp(ast.USub(), length) if back else length)
        if kind == types.YEARS_AND_MONTHS_DURATION:
            months: ast.expr
            if isinstance(constant, YearsMonthsDuration):
                count = -constant.months if back else constant.months
                start = self._months_from(day, count, names)
                if start is not None:
                    return start
                months = literal(count)
            else:
                months = emit.attribute(self.lower(duration, names), "months")
                months = ast.UnaryOp(ast.USub(), months) if back else months
            return emit.call(self.pool.name(temporal.add_months), self.lower(day, names), months)
        return None

    def _months_from(self, day: syntax.Expression, months: int, names: Names) -> ast.expr | None:
        """Move `date(year, month, 1)`, or another day that every month has, by months."""
        if not isinstance(day, syntax.Call) or self._called(day) != "date":
            return None
        match [each.value for each in day.arguments]:
            case [year, month, syntax.NumberLiteral() as number]:
                bounds = [self.integers.bounds(each) for each in (year, month, number)]
            case _:
                return None
        # Outside these bounds there may be no such date to start from.
        if not all(map(_lies_within, bounds, ((1, 9999), (1, 12), (1, 28)))):
            return None
        name = self.fresh("t")
        start = self._integer(month, names)
        count = emit.walrus(name, ast.BinOp(start, ast.Add(), literal(months - 1)))
        years = ast.BinOp(count, ast.FloorDiv(), literal(12))
        index = ast.BinOp(emit.load(name), ast.Mod(), literal(12))
        return emit.call(
            self.pool.name(date),
            ast.BinOp(self._integer(year, names), ast.Add(), years),
            ast.BinOp(index, ast.Add(), literal(1)),
            self._integer(number, names),
        )


def _minus(value: ast.expr) -> ast.UnaryOp:
    return ast.UnaryOp(ast.USub(), value)


def _lies_within(bounds: Bounds | None, wanted: Bounds) -> bool:
    return bounds is not None and wanted[0] <= bounds[0] and bounds[1] <= wanted[1]
