"""Lowering of what is true, false or not known: `and`, `or`, `if`, unary tests."""

import ast
from collections.abc import Callable, Sequence

from policyeval.feel import operators, syntax
from policyeval.feel.checker import mentions_input
from policyeval.feel.lowering import emit
from policyeval.feel.lowering.building import Building, T
from policyeval.feel.lowering.emit import Variable, literal
from policyeval.feel.lowering.names import Names
from policyeval.feel.values import Range, Value


class Logic(Building):
    """The part of the lowering that decides."""

    def operand(self, node: syntax.Expression, names: Names) -> ast.expr:
        """Give an operand of `and` or `or`: true, false or None."""
        return self.method("boolean", self.lower(node, names), self.site(node))

    def condition(self, node: syntax.Expression, names: Names) -> ast.expr:
        """Give a Python condition that holds where a node is true."""
        return emit.is_(self.operand(node, names), True)

    def if_(
        self,
        condition: ast.expr,
        consequence: Callable[[], ast.expr],
        alternative: Callable[[], ast.expr],
    ) -> ast.expr:
        """Choose between two values, of which only one is computed."""
        with self.branch() as then_block:
            then_value = consequence()
        with self.branch() as else_block:
            else_value = alternative()
        if not then_block and not else_block:
            return emit.choose(condition, then_value, else_value)
        result = self.fresh("t")
        then_block.append(emit.assign(result, then_value))
        else_block.append(emit.assign(result, else_value))
        self.frame.block.append(ast.If(condition, then_block, else_block))
        return emit.load(result)

    def _logic(
        self,
        operands: Sequence[T],
        lower: Callable[[T], tuple[ast.expr, bool]],
        *,
        conjunction: bool,
    ) -> ast.expr:
        """Join operands with FEEL's `and` or `or`.

        `lower` gives an operand's Python expression and whether it may be None. An operand is
        computed unless one before it decides (false for `and`, true for `or`).
        """
        decides = not conjunction
        values: list[tuple[ast.expr, bool]] = []
        result: Variable | None = None
        for operand in operands:
            with self.branch() as block:
                value = lower(operand)
            if not block:
                values.append(value)
                continue
            # The operand needs statements: fix what is known so far, and go on only if undecided.
            if values:
                so_far = self.bind(_junction(values, decides, self.fresh))
            else:
                so_far = self.bind(literal(conjunction))
            block.append(
                emit.assign(
                    so_far.name,
                    _junction([(emit.load(so_far.name), True), value], decides, self.fresh),
                )
            )
            self.frame.block.append(ast.If(emit.is_not(emit.load(so_far.name), decides), block, []))
            values = [(emit.load(so_far.name), True)]
            result = so_far
        if result is not None and len(values) == 1:
            return values[0][0]
        return _junction(values, decides, self.fresh)

    # ------------------------------------------------------------ unary tests

    def tests(self, tests: Sequence[syntax.Test], names: Names) -> ast.expr:
        """Give whether one of the tests holds for `?`; with no tests, everything passes."""
        if not tests:
            return literal(True)
        return self._logic(tests, lambda each: (self.test(each, names), True), conjunction=False)

    def test(self, test: syntax.Test, names: Names) -> ast.expr:
        """Give whether one test holds for `?`."""
        input_ = self.name(test, "?", names)
        match test:
            case syntax.ComparisonTest(operator, operand):
                return self.apply(
                    operators.comparison_test,
                    test,
                    literal(operator),
                    input_,
                    self.lower(operand, names),
                )
            case syntax.ExpressionTest(syntax.RangeLiteral(start, end, first, last)):
                # `x in [a..b]` means two comparisons (table 55): a range in which nothing lies is
                # no error here, as it is where the range is a value of its own.
                return self.apply(
                    _within,
                    test,
                    input_,
                    self.lower(start, names),
                    self.lower(end, names),
                    literal(first),
                    literal(last),
                )
            case syntax.ExpressionTest(expression):
                if mentions_input(expression):
                    return self.operand(expression, names)
                return self.apply(operators.in_, test, input_, self.lower(expression, names))

    def unary_tests(self, node: syntax.UnaryTests, names: Names) -> ast.expr:
        """Give whether a whole cell of a decision table holds."""
        result = self.tests(node.tests, names)
        if not node.negated:
            return result
        name = self.fresh("t")
        return emit.choose(
            emit.is_(emit.walrus(name, result), None), literal(None), emit.negated(emit.load(name))
        )


def _junction(
    values: Sequence[tuple[ast.expr, bool]], decides: bool, fresh: Callable[[str], str]
) -> ast.expr:
    """Write FEEL's `and` (decided by false) or `or` (by true) of values that may be None."""
    if len(values) == 1:
        return values[0][0]
    if not any(optional for _, optional in values):
        plain = [value for value, _ in values]
        return emit.either(*plain) if decides else emit.both(*plain)
    names: list[str] = []
    decisive: list[ast.expr] = []
    for value, optional in values:
        if not optional:
            decisive.append(value if decides else emit.negated(value))
            continue
        if isinstance(value, ast.Name):
            names.append(value.id)
            read: ast.expr = value
        else:
            names.append(fresh("t"))
            read = emit.walrus(names[-1], value)
        decisive.append(read if decides else emit.is_(read, False))
    open_ = emit.either(*(emit.is_(emit.load(name), None) for name in names))
    rest = emit.choose(open_, literal(None), literal(not decides))
    return emit.choose(emit.either(*decisive), literal(decides), rest)


def _within(value: Value, start: Value, end: Value, first: bool, last: bool) -> Value:
    if isinstance(value, Range):
        return operators.equal(value, operators.make_range(start, end, first, last))
    return operators.contains(Range(start, end, first, last), value)
