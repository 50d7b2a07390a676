"""Lowering with static types: Python's own operators where they mean the same as FEEL's.

A value of type `number` is a `Decimal` here, a `date` a `datetime.date`, never None and never a
wide form: the strict profile sees to it. So `approved_on <= limit` is one comparison of Python's.

What Python's operator cannot do (a year beyond 9999, 35 digits, times with and without a zone) it
answers with an exception; the compiled function then starts over in the generic lowering, which
knows all cases and where in the text each operation stands. So this code is right or raises, and
needs no care of its own. In the lenient mode only operations that cannot raise are lowered here.
"""

import ast
import decimal
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal

from policyeval.feel import numbers, syntax, types
from policyeval.feel.builtins.declaration import Builtin
from policyeval.feel.checker import element_type, mentions_input
from policyeval.feel.invocation import bindings
from policyeval.feel.lowering import emit
from policyeval.feel.lowering.building import NOT_CONSTANT
from policyeval.feel.lowering.emit import Variable, literal
from policyeval.feel.lowering.integers import LIMIT
from policyeval.feel.lowering.names import Entry, Names
from policyeval.feel.lowering.typed_numbers import TypedNumbers
from policyeval.feel.types import Type

_EQUALITY: Mapping[str, type[ast.cmpop]] = {"=": ast.Eq, "!=": ast.NotEq}
_ORDER: Mapping[str, type[ast.cmpop]] = {
    "<": ast.Lt,
    "<=": ast.LtE,
    ">": ast.Gt,
    ">=": ast.GtE,
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


class TypedLowering(TypedNumbers):
    """Lowering that uses static types; what it does not know it leaves to the generic one."""

    _in_loop = False

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
        above, below = (ast.LtE() if each else ast.Lt() for each in included)
        low_, high_ = self._comparand(low, names), self._comparand(high, names)
        if isinstance(high_, ast.Name | ast.Constant):
            return ast.Compare(low_, [above, below], [value, high_])
        # Python's chain leaves out what stands at its end; but an end without a result is an error.
        name = self.fresh("t")
        return ast.BinOp(
            emit.compare(low_, above, emit.walrus(name, value)),
            ast.BitAnd(),
            emit.compare(emit.load(name), below, high_),
        )

    def _in(
        self, value: syntax.Expression, tests: Sequence[syntax.Test], names: Names
    ) -> ast.expr | None:
        kind = self.type_of(value)
        if kind not in _PLAIN_EQUALITY:
            return None
        members = self._members(tests, kind)
        if members is not None:
            if self.strict and kind == types.NUMBER and self.integers.bounds(value) is not None:
                members = [_whole(each) for each in members]
            wanted = self.pool.name(frozenset(members))
            return emit.compare(self._comparand(value, names), ast.In(), wanted)
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


def _whole(value: object) -> object:
    """Give a small whole number as an integer, which integers are found by sooner; else the value."""
    found = numbers.to_int(value, LIMIT) if isinstance(value, Decimal) else None
    return value if found is None else found
