"""Lowering with static types: Python's own operators where they mean the same as FEEL's.

A value of type `number` is a `Decimal` here, a `date` a `datetime.date`, never None and never a
wide form: the strict profile sees to it. So `approved_on <= limit` is one comparison of Python's.
Where whole numbers are known to be small (the parts of a date, and what is computed from them) they
stay Python's integers.

What Python's operator cannot do (a year beyond 9999, 35 digits, times with and without a zone) it
answers with an exception; the compiled function then starts over in the generic lowering, which
knows all cases and where in the text each operation stands. So this code is right or raises, and
needs no care of its own. In the lenient mode only operations that cannot raise are lowered here.
"""

import ast
import decimal
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal

from policyeval.feel import emit, numbers, syntax, temporal, types
from policyeval.feel.builtins.declaration import Builtin
from policyeval.feel.checker import Checked, element_type, mentions_input
from policyeval.feel.emit import Variable, literal
from policyeval.feel.integers import PARTS, Bounds, Integers
from policyeval.feel.invocation import bindings
from policyeval.feel.lowering import NOT_CONSTANT, Entry, Lowering, Names
from policyeval.feel.types import Type
from policyeval.feel.values import YearsMonthsDuration
from policyeval.source import Source

_EQUALITY: Mapping[str, type[ast.cmpop]] = {"=": ast.Eq, "!=": ast.NotEq}
_ORDER: Mapping[str, type[ast.cmpop]] = {
    "<": ast.Lt,
    "<=": ast.LtE,
    ">": ast.Gt,
    ">=": ast.GtE,
}
_INTEGER: Mapping[str, type[ast.operator]] = {"+": ast.Add, "-": ast.Sub, "*": ast.Mult}
_DECIMAL: Mapping[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": numbers.add,
    "-": numbers.subtract,
    "*": numbers.multiply,
    "/": numbers.divide,
}

_PLAIN_EQUALITY = frozenset(
    {
        types.BOOLEAN,
        types.NUMBER,
        types.STRING,
        types.DATE,
        types.DAYS_AND_TIME_DURATION,
        types.YEARS_AND_MONTHS_DURATION,
    }
)
"""Types whose values are equal in FEEL where Python's `==` says so."""

_TOTAL = frozenset({types.BOOLEAN, types.NUMBER, types.STRING})
"""Those of them that have one form only, in either mode."""

_PLAIN_ORDER = frozenset(
    {types.NUMBER, types.STRING, types.DATE, types.DATE_AND_TIME, types.DAYS_AND_TIME_DURATION}
)
"""Types whose values Python orders as FEEL does, or raises TypeError."""

_ROUNDING: Mapping[str, str] = {
    "decimal": decimal.ROUND_HALF_EVEN,
    "round half up": decimal.ROUND_HALF_UP,
    "round half down": decimal.ROUND_HALF_DOWN,
    "round up": decimal.ROUND_UP,
    "round down": decimal.ROUND_DOWN,
    "floor": decimal.ROUND_FLOOR,
    "ceiling": decimal.ROUND_CEILING,
}
_QUANTIZE = {
    name: decimal.Context(
        prec=numbers.CONTEXT.prec,
        rounding=rounding,
        Emin=numbers.CONTEXT.Emin,
        Emax=numbers.CONTEXT.Emax,
        traps=[decimal.InvalidOperation],
    ).quantize
    for name, rounding in _ROUNDING.items()
}
_MOST_PLACES = 12

# Results of these types may be wide forms, which the strict profile refuses: `apply` looks.
_CHECKED_RESULTS = frozenset(
    {types.BOOLEAN, types.NUMBER, types.STRING, types.YEARS_AND_MONTHS_DURATION}
)


class TypedLowering(Lowering):
    """Lowering that uses static types; what it does not know it leaves to the generic one."""

    def __init__(self, checked: Checked, source: Source, *, strict: bool) -> None:
        super().__init__(checked, source)
        self.strict = strict
        self.integers = Integers(self.type_of, self._called)
        self._in_loop = False

    def type_of(self, node: syntax.Node) -> Type:
        """Give the static type of a node."""
        return self.checked.type_of(node)

    def _typed(self, node: syntax.Expression, names: Names) -> ast.expr | None:
        match node:
            case syntax.Comparison(operator, left, right):
                return self._comparison(operator, left, right, names)
            case syntax.Conjunction(operands):
                return self._operands(operands, names, conjunction=True)
            case syntax.Disjunction(operands):
                return self._operands(operands, names, conjunction=False)
            case _ if not self.strict:
                return None
            case syntax.Between(value, low, high):
                return self._between(value, low, high, names)
            case syntax.In(value, tests):
                return self._in(value, tests, names)
            case syntax.Arithmetic():
                return self._arithmetic(node, names)
            case syntax.Negation(operand) if self.type_of(operand) == types.NUMBER:
                return self._decimal(node, names) if self.constant(node) is NOT_CONSTANT else None
            case syntax.Path(source, name):
                return self._path(node, source, name, names)
            case syntax.Call():
                return self._builtin_call(node, names)
            case syntax.For((syntax.Iteration(name, source, None),), body):
                return self._list_loop(name, source, body, names)
            case syntax.Quantified(quantifier, (syntax.Iteration(name, source, None),), condition):
                return self._search_loop(quantifier == "some", name, source, condition, names)
            case _:
                return None

    # ------------------------------------------------------------ loops

    def _countable(self, source: syntax.Expression) -> bool:
        """Tell whether a loop's turns need no counting.

        They do not where it goes through a list, which is bounded, and is in no other loop.
        """
        at_top = self.frame is self.root and not self._in_loop
        return at_top and isinstance(self.type_of(source), types.ListOf)

    @contextmanager
    def _loop(
        self, name: str, source: syntax.Expression, names: Names
    ) -> Iterator[tuple[list[ast.stmt], Names]]:
        """Write a loop over a list; its body is collected in the block given."""
        items = self.lower(source, names)
        variable = Variable(self.fresh("v"), self.frame)
        self._in_loop = True
        with self.branch() as block:
            yield block, names.define({name: variable})
        self._in_loop = False
        target = ast.Name(variable.name, ast.Store())
        self.frame.block.append(ast.For(target, items, block, []))

    def _list_loop(
        self, name: str, source: syntax.Expression, body: syntax.Expression, names: Names
    ) -> ast.expr | None:
        if not self._countable(source):
            return None
        results = self.bind(ast.List([], ast.Load()))
        with self._loop(name, source, names) as (block, inner):
            value = self.lower(body, inner)
            append = emit.attribute(self.use(results), "append")
            block.append(ast.Expr(emit.call(append, value)))
        return self.use(results)

    def _search_loop(
        self,
        decides: bool,
        name: str,
        source: syntax.Expression,
        condition: syntax.Expression,
        names: Names,
    ) -> ast.expr | None:
        if not self._countable(source) or self.type_of(condition) != types.BOOLEAN:
            return None
        result = self.bind(literal(not decides))
        with self._loop(name, source, names) as (block, inner):
            holds = self.lower(condition, inner)
            found = [emit.assign(result.name, literal(decides)), ast.Break()]
            block.append(ast.If(holds if decides else emit.negated(holds), found, []))
        return self.use(result)

    # ------------------------------------------------------------ logic

    def _operands(
        self, operands: Sequence[syntax.Expression], names: Names, *, conjunction: bool
    ) -> ast.expr:
        def lower(node: syntax.Expression) -> tuple[ast.expr, bool]:
            return self.operand(node, names), self.type_of(node) != types.BOOLEAN

        return self._logic(operands, lower, conjunction=conjunction)

    def operand(self, node: syntax.Expression, names: Names) -> ast.expr:
        """Give an operand of `and` or `or`: one that is no boolean is known not to be there."""
        if types.required(self.type_of(node)) == types.BOOLEAN:
            return self.lower(node, names)
        return super().operand(node, names)

    def condition(self, node: syntax.Expression, names: Names) -> ast.expr:
        """Give a Python condition that holds where a node is true."""
        if self.type_of(node) == types.BOOLEAN:
            return self.lower(node, names)
        return super().condition(node, names)

    # ------------------------------------------------------------ comparison

    def _comparison(
        self, operator: str, left: syntax.Expression, right: syntax.Expression, names: Names
    ) -> ast.expr | None:
        if operator in _EQUALITY:
            return self._equality(operator, left, right, names)
        return self._order(_ORDER[operator], left, right, names)

    def _equality(
        self, operator: str, left: syntax.Expression, right: syntax.Expression, names: Names
    ) -> ast.expr | None:
        for value, other in ((left, right), (right, left)):
            if isinstance(other, syntax.NullLiteral):
                ask = emit.is_ if operator == "=" else emit.is_not
                return ask(self.lower(value, names), None)
        kinds = _PLAIN_EQUALITY if self.strict else _TOTAL
        kind = types.required(self.type_of(left))
        if kind not in kinds or kind != types.required(self.type_of(right)):
            return None
        return emit.compare(
            self._comparand(left, names), _EQUALITY[operator](), self._comparand(right, names)
        )

    def _order(
        self,
        operator: type[ast.cmpop],
        left: syntax.Expression,
        right: syntax.Expression,
        names: Names,
    ) -> ast.expr | None:
        if not self._ordered(left, right):
            return None
        return emit.compare(self._comparand(left, names), operator(), self._comparand(right, names))

    def _ordered(self, *nodes: syntax.Expression) -> bool:
        kinds = _PLAIN_ORDER if self.strict else _TOTAL - {types.BOOLEAN}
        first = self.type_of(nodes[0])
        return first in kinds and all(self.type_of(each) == first for each in nodes)

    def _comparand(self, node: syntax.Expression, names: Names) -> ast.expr:
        """Give one side of a comparison; an integer compares with a decimal as it is."""
        if self.strict and self.type_of(node) == types.NUMBER:
            return self._number(node, names)
        return self.lower(node, names)

    def _between(
        self,
        value: syntax.Expression,
        low: syntax.Expression,
        high: syntax.Expression,
        names: Names,
    ) -> ast.expr | None:
        if not self._ordered(value, low, high):
            return None
        return self._within(self._comparand(value, names), low, high, (True, True), names)

    def _within(
        self,
        value: ast.expr,
        low: syntax.Expression,
        high: syntax.Expression,
        included: tuple[bool, bool],
        names: Names,
    ) -> ast.expr:
        operators_ = [ast.LtE() if each else ast.Lt() for each in included]
        return ast.Compare(
            self._comparand(low, names), list(operators_), [value, self._comparand(high, names)]
        )

    def _in(
        self, value: syntax.Expression, tests: Sequence[syntax.Test], names: Names
    ) -> ast.expr | None:
        kind = self.type_of(value)
        if kind not in _PLAIN_EQUALITY:
            return None
        members = self._members(tests, kind)
        if members is not None:
            return emit.compare(
                self.lower(value, names), ast.In(), self.pool.name(frozenset(members))
            )
        if not all(self._testable(each, kind) for each in tests):
            return None
        read = self.lower(value, names)
        input_ = Variable(read.id, self.frame) if isinstance(read, ast.Name) else self.bind(read)
        return emit.either(*(self._test(each, input_, names) for each in tests))

    def _members(self, tests: Sequence[syntax.Test], kind: Type) -> list[object] | None:
        """Give the values of tests that are all literals of the value's type."""
        members: list[object] = []
        for test in tests:
            listed: tuple[syntax.Expression, ...] = ()
            match test:
                case syntax.ExpressionTest(syntax.ListLiteral(items)):
                    listed = items
                case syntax.ExpressionTest(expression) | syntax.ComparisonTest("=", expression):
                    listed = (expression,)
                case _:
                    return None
            for each in listed:
                constant = self.constant(each)
                if constant is NOT_CONSTANT or self.type_of(each) != kind:
                    return None
                members.append(constant)
        return members

    def _testable(self, test: syntax.Test, kind: Type) -> bool:
        match test:
            case syntax.ComparisonTest(operator, operand):
                kinds = _PLAIN_EQUALITY if operator in _EQUALITY else _PLAIN_ORDER
                return kind in kinds and self.type_of(operand) == kind
            case syntax.ExpressionTest(syntax.RangeLiteral(start, end)):
                return kind in _PLAIN_ORDER and self.type_of(start) == self.type_of(end) == kind
            case syntax.ExpressionTest(syntax.ComparisonRange(operator, operand)):
                return self._testable(syntax.ComparisonTest(operator, operand), kind)
            case syntax.ExpressionTest(expression):
                return self.type_of(expression) == kind and not mentions_input(expression)

    def _test(self, test: syntax.Test, input_: Variable, names: Names) -> ast.expr:
        match test:
            case syntax.ComparisonTest(operator, operand) | syntax.ExpressionTest(
                syntax.ComparisonRange(operator, operand)
            ):
                python = {**_EQUALITY, **_ORDER}[operator]
                return emit.compare(self.use(input_), python(), self._comparand(operand, names))
            case syntax.ExpressionTest(syntax.RangeLiteral(start, end, first, last)):
                return self._within(self.use(input_), start, end, (first, last), names)
            case syntax.ExpressionTest(expression):
                return emit.compare(self.use(input_), ast.Eq(), self._comparand(expression, names))

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

    # ------------------------------------------------------------ paths and filters

    def _path(
        self, node: syntax.Path, source: syntax.Expression, name: str, names: Names
    ) -> ast.expr | None:
        kind = self.type_of(source)
        if isinstance(kind, types.ContextOf):
            return ast.Subscript(self.lower(source, names), literal(name), ast.Load())
        return self._decimal(node, names)

    def within(self, item: Variable, source: syntax.Expression, names: Names) -> Names:
        """Give the names that can be used in a filter: the item's type tells its entries."""
        kind = element_type(self.type_of(source))
        match types.required(kind):
            case types.AnyType():
                return names.within(item)
            case types.ContextOf(entries) if self.strict:
                return names.define({"item": item, **{each: Entry(item, each) for each in entries}})
            case types.ContextOf():
                return names.within(item)
            case _:
                return names.define({"item": item})

    def filtered(
        self,
        node: syntax.Node,
        source: syntax.Expression,
        condition: syntax.Expression,
        items: ast.expr,
        function: ast.expr,
    ) -> ast.expr:
        """Filter items; no position is looked for where the condition is a boolean."""
        is_list = isinstance(self.type_of(source), types.ListOf)
        if self.strict and is_list and self.type_of(condition) == types.BOOLEAN:
            return self.method("keep", items, function)
        return super().filtered(node, source, condition, items, function)

    # ------------------------------------------------------------ calls

    def _builtin_call(self, node: syntax.Call, names: Names) -> ast.expr | None:
        builtin = self.builtin(node.function, names)
        if builtin is None or self.constant(node) is not NOT_CONSTANT:
            return None
        if self.type_of(node) == types.NUMBER:
            whole = self._decimal(node, names)
            if whole is not None:
                return whole
        inlined = self._inlined(builtin, node, names)
        if inlined is not None:
            return inlined
        return self._direct(builtin, node, names)

    def _inlined(self, builtin: Builtin, node: syntax.Call, names: Names) -> ast.expr | None:
        """Give Python's own way to do what a built-in does."""
        if any(each.name is not None for each in node.arguments):
            return None
        values = [each.value for each in node.arguments]
        kinds = [self.type_of(each) for each in values]
        match builtin.name, values:
            case "not", [operand] if kinds == [types.BOOLEAN]:
                return emit.negated(self.lower(operand, names))
            case "not", [operand] if kinds == [types.optional(types.BOOLEAN)]:
                name = self.fresh("t")
                read = emit.walrus(name, self.lower(operand, names))
                return emit.choose(
                    emit.is_(read, None), literal(None), emit.negated(emit.load(name))
                )
            case "date", [moment] if kinds == [types.DATE_AND_TIME]:
                return emit.call(emit.attribute(self.lower(moment, names), "date"))
            case "date", [day] if kinds == [types.DATE]:
                return self.lower(day, names)
            case "date", [*parts] if len(parts) == 3:
                if any(self.integers.bounds(each) is None for each in parts):
                    return None
                return emit.call(
                    self.pool.name(date), *(self._integer(each, names) for each in parts)
                )
            case name, [value, syntax.NumberLiteral(scale)] if name in _QUANTIZE:
                places = numbers.to_int(scale, _MOST_PLACES)
                if kinds[0] != types.NUMBER or places is None:
                    return None
                return emit.call(
                    self.pool.name(_QUANTIZE[name], ("quantize", name)),
                    self._number(value, names),
                    self.value(Decimal(1).scaleb(-places)),
                )
            case "min" | "max", [_, _, *_] if set(kinds) == {types.NUMBER}:
                function = min if builtin.name == "min" else max
                return emit.call(
                    self.pool.name(function), *(self.lower(each, names) for each in values)
                )
            case _:
                return None

    def _direct(self, builtin: Builtin, node: syntax.Call, names: Names) -> ast.expr | None:
        """Call a built-in's own function, where its signature is known now."""
        given = [each.name for each in node.arguments if each.name is not None] or None
        for bound in bindings(builtin, [each.value for each in node.arguments], given):
            if all(
                types.conforms(self.type_of(value), parameter.type)
                for parameter, value in bound.arguments
            ):
                break
        else:
            return None
        arguments = [self.lower(value, names) for _, value in bound.arguments]
        signature = bound.signature
        if signature.needs_runtime:
            self.uses_runtime = True
            arguments.insert(0, self.use(self.runtime))
        if types.required(self.type_of(node)) in _CHECKED_RESULTS:
            return emit.call(self.pool.name(signature.function), *arguments)
        return self.apply(signature.function, node, *arguments)


def _minus(value: ast.expr) -> ast.UnaryOp:
    return ast.UnaryOp(ast.USub(), value)


def _lies_within(bounds: Bounds | None, wanted: Bounds) -> bool:
    return bounds is not None and wanted[0] <= bounds[0] and bounds[1] <= wanted[1]
