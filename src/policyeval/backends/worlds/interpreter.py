"""Running a checked formula on its tree, with values that may be open.

The meaning of operators and built-ins is the language's own; here they are applied to values as soon
as those are known, and until then composed into symbols. A condition that a symbol leaves undecided
ends the run with `Undecided`, which tells how the worlds have to be split.
"""

from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache, partial
from typing import ClassVar, Final, cast

from policyeval.backends.worlds import latest
from policyeval.backends.worlds.operations import OPEN, Operations, Thunk
from policyeval.backends.worlds.questions import Composed
from policyeval.backends.worlds.signs import (
    difference,
    of_arithmetic,
)
from policyeval.backends.worlds.variables import (
    Assignment,
    Split,
    Symbol,
)
from policyeval.feel import operators, syntax, temporal, types
from policyeval.feel.builtins import BUILTINS
from policyeval.feel.checker import Checked, element_type, mentions_input
from policyeval.feel.failure import Failure
from policyeval.feel.numbers import failure_of
from policyeval.feel.runtime import Runtime
from policyeval.feel.values import Function, FunctionParameter, Value
from policyeval.messages import message
from policyeval.policy.never import NEVER

Frame = Mapping[str, object]

_COMPOSING: Final = frozenset({syntax.Arithmetic, syntax.Call, syntax.Path, syntax.Negation})
"""Nodes of which there may be a symbol that is the same in all worlds."""

_FROM_TEXT: Final = frozenset({"date", "date and time", "duration", "time"})
"""Functions that read a text, and give the same for the same text."""

_LITERALS = (syntax.NumberLiteral, syntax.StringLiteral)
_NOTHING: Final[Mapping[str, object]] = {}


class Interpreter(Operations):
    """Gives the values of formulas in a part of the possible worlds."""

    @abstractmethod
    def variable(self, name: str) -> object:
        """Give the value of a name that no formula defines itself.

        Raises:
            KeyError: Nothing has that name.
        """

    @abstractmethod
    def is_named(self, name: str) -> bool:
        """Tell whether there is a value of a name that no formula defines itself."""

    # ------------------------------------------------------------ nodes

    def evaluate(
        self, node: syntax.Expression, checked: Checked, frame: Frame = _NOTHING
    ) -> object:
        """Give the value of a node, which may be a symbol.

        Raises:
            Undecided: A condition in it is not the same everywhere.
            Failure: It has no value.
        """
        learning = self.learning
        if type(node) not in _COMPOSING or frame:
            learning.step()
            try:
                return self._nodes[type(node)](self, node, checked, frame)
            except ArithmeticError as error:
                raise failure_of(error) from None
        found = learning.composed.get(id(node))
        if found is not None:
            learning.spend(found.steps)
            value = self.taken(found.symbol)
            if value is not None:
                return value
        before, steps = self.narrow, learning.steps
        learning.step()
        try:
            value = self._nodes[type(node)](self, node, checked, frame)
        except ArithmeticError as error:
            raise failure_of(error) from None
        if found is None and before == self.narrow and type(value) is Symbol:
            learning.composed[id(node)] = Composed(value, steps - learning.steps)
        return value

    def operand(self, node: syntax.Expression, checked: Checked, frame: Frame) -> object:
        """Give the value of one side of a comparison.

        Where a condition in it goes up and down with a variable, the whole is a function of it.
        """
        try:
            return self.evaluate(node, checked, frame)
        except Split as split:
            if not split.wild:
                raise
            variable = split.variable
        self.narrow += 1

        def again(known: Assignment) -> object:
            return self.fixed(
                {variable: known[variable]}, lambda: self.evaluate(node, checked, frame)
            )

        return Symbol({variable: 0}, again)

    @abstractmethod
    def fixed(self, values: Assignment, run: Thunk) -> object:
        """Run with variables fixed to values."""

    # literals

    def _literal(
        self,
        node: syntax.BooleanLiteral | syntax.StringLiteral | syntax.NumberLiteral,
        _checked: Checked,
        _frame: Frame,
    ) -> object:
        return node.value

    def _null(self, _node: syntax.Expression, _checked: Checked, _frame: Frame) -> object:
        return None

    def _temporal(self, node: syntax.TemporalLiteral, _checked: Checked, _frame: Frame) -> object:
        return _temporal(node.text)

    def _list(self, node: syntax.ListLiteral, checked: Checked, frame: Frame) -> object:
        return [self.evaluate(each, checked, frame) for each in node.items]

    def _context(self, node: syntax.ContextLiteral, checked: Checked, frame: Frame) -> object:
        made: dict[str, object] = {}
        for entry in node.entries:
            made[entry.key] = self.evaluate(entry.value, checked, {**frame, **made})
        return made

    def _range(self, node: syntax.RangeLiteral, checked: Checked, frame: Frame) -> object:
        ends = (self.evaluate(node.start, checked, frame), self.evaluate(node.end, checked, frame))
        return self.lift(
            lambda low, high: latest.make_range(low, high, node.start_included, node.end_included),
            ends,
        )

    def _comparison_range(
        self, node: syntax.ComparisonRange, checked: Checked, frame: Frame
    ) -> object:
        operand = self.evaluate(node.operand, checked, frame)
        return self.lift(lambda value: latest.comparison_range(node.operator, value), (operand,))

    def _function(self, node: syntax.FunctionLiteral, checked: Checked, frame: Frame) -> object:
        names = [each.name for each in node.parameters]
        self.narrow += 1  # it runs in these worlds

        def call(*arguments: Value) -> Value:
            inner = {**frame, **dict(zip(names, arguments, strict=True))}
            return cast(Value, self.settled(self.evaluate(node.body, checked, inner)))

        return Function(None, tuple(map(FunctionParameter, names)), types.ANY, call)

    # names and parts

    def _name(self, node: syntax.Name, _checked: Checked, frame: Frame) -> object:
        name = node.name
        if name in frame:
            return frame[name]
        try:
            return self.variable(name)
        except KeyError:
            if name not in BUILTINS:
                raise
            return self.as_function(BUILTINS[name])

    def _path(self, node: syntax.Path, checked: Checked, frame: Frame) -> object:
        source = self.evaluate(node.source, checked, frame)
        return self.path(source, node.name)

    def _filter(self, node: syntax.Filter, checked: Checked, frame: Frame) -> object:
        items = self.items(self.evaluate(node.source, checked, frame))
        entries = types.required(element_type(checked.type_of(node.source)))
        names = entries.entries if isinstance(entries, types.ContextOf) else {}
        condition = node.condition

        def value(item: object) -> object:
            inner = {**frame, "item": item, **{name: self.path(item, name) for name in names}}
            return self.evaluate(condition, checked, inner)

        if types.required(checked.type_of(condition)) == types.NUMBER:
            # A position does not depend on the item.
            position = self.concrete(
                self.evaluate(condition, checked, frame) if not items else value(items[0])
            )
            return operators.item_at(cast(list[Value], items), cast(Decimal, position))
        kept: list[object] = []
        for item in items:
            self.learning.step()
            if operators.filter_keeps(self.truth(value(item))):
                kept.append(item)
        return kept

    # calls

    def _call(self, node: syntax.Call, checked: Checked, frame: Frame) -> object:
        names = [each.name for each in node.arguments if each.name is not None] or None
        function = node.function
        if (
            isinstance(function, syntax.Name)
            and function.name in BUILTINS
            and function.name not in frame
            and not self.is_named(function.name)
        ):
            if names is None and function.name in _FROM_TEXT and len(node.arguments) == 1:
                (argument,) = node.arguments
                if isinstance(argument.value, syntax.StringLiteral):
                    self.learning.step()
                    return _from_text(function.name, argument.value.value)
            arguments = [self.evaluate(each.value, checked, frame) for each in node.arguments]
            return self.invoke(BUILTINS[function.name], arguments, names)
        called = self.evaluate(function, checked, frame)
        arguments = [self.evaluate(each.value, checked, frame) for each in node.arguments]
        if not isinstance(called, Function):
            given = operators.kind_of(cast(Value, called))
            raise Failure("eval.type", message("a `{given}` cannot be called", given=given))
        return called.call(*cast(list[Value], arguments))

    # operators

    def _negation(self, node: syntax.Negation, checked: Checked, frame: Frame) -> object:
        operand = self.evaluate(node.operand, checked, frame)
        return self.lift(latest.negate, (operand,), lambda given: difference(None, given[0]))

    def _arithmetic(self, node: syntax.Arithmetic, checked: Checked, frame: Frame) -> object:
        left = self.evaluate(node.left, checked, frame)
        right = self.evaluate(node.right, checked, frame)
        operator = node.operator
        if type(left) not in OPEN and type(right) not in OPEN:
            return latest.arithmetic(operator, left, right)
        moves_clock = types.required(checked.type_of(node)) == types.DATE_AND_TIME and any(
            types.required(checked.type_of(each)) == types.YEARS_AND_MONTHS_DURATION
            for each in (node.left, node.right)
        )
        return self.lift(
            lambda one, other: latest.arithmetic(operator, one, other),
            (left, right),
            None if moves_clock else lambda given: of_arithmetic(operator, given, self),
        )

    def _comparison(self, node: syntax.Comparison, checked: Checked, frame: Frame) -> object:
        left = self.operand(node.left, checked, frame)
        right = self.operand(node.right, checked, frame)
        self.site = id(node)
        return self.compare(node.operator, left, right)

    def _between(self, node: syntax.Between, checked: Checked, frame: Frame) -> object:
        value, low, high = (
            self.operand(each, checked, frame) for each in (node.value, node.low, node.high)
        )
        self.site = id(node)
        return self.junction(
            iter((lambda: self.compare(">=", value, low), lambda: self.compare("<=", value, high))),
            decides=False,
        )

    def _in(self, node: syntax.In, checked: Checked, frame: Frame) -> object:
        value = self.operand(node.value, checked, frame)
        return self.tests(node.tests, value, checked, frame)

    def tests(
        self, tests: Sequence[syntax.Test], value: object, checked: Checked, frame: Frame
    ) -> bool | None:
        """Tell whether a value passes one of the tests; with none, everything passes."""
        if not tests:
            return True
        if isinstance(value, Symbol) and not all(value.signs.values()):
            listed = self._listed(tests, checked, frame)
            if listed is not None:
                return self.truth(self.lift(lambda given: latest.within(given, listed), (value,)))
        inner = {**frame, "?": value}
        return self.junction(
            (partial(self._test, each, value, checked, inner) for each in tests),
            decides=True,
        )

    def _listed(
        self, tests: Sequence[syntax.Test], checked: Checked, frame: Frame
    ) -> list[object] | None:
        """Give the values that tests ask for, if they are plain ones and known."""
        found: list[object] = []
        for test in tests:
            if not isinstance(test, syntax.ExpressionTest) or not isinstance(
                test.expression, _LITERALS
            ):
                return None
            found.append(self.evaluate(test.expression, checked, frame))
        return found

    def unary_tests(self, node: syntax.UnaryTests, value: object, checked: Checked) -> bool | None:
        """Tell whether a value passes a table's cell."""
        result = self.tests(node.tests, value, checked, _NOTHING)
        return result if result is None or not node.negated else not result

    def _test(
        self, test: syntax.Test, value: object, checked: Checked, frame: Frame
    ) -> bool | None:
        match test:
            case syntax.ComparisonTest(operator, operand) | syntax.ExpressionTest(
                syntax.ComparisonRange(operator, operand)
            ):
                other = self.operand(operand, checked, frame)
                self.site = id(test)
                return self.compare(operator, value, other)
            case syntax.ExpressionTest(syntax.RangeLiteral(start, end, first, last)):
                low = self.operand(start, checked, frame)
                high = self.operand(end, checked, frame)
                self.site = id(test)
                return self.junction(
                    iter(
                        (
                            lambda: self.compare(">=" if first else ">", value, low),
                            lambda: self.compare("<=" if last else "<", value, high),
                        )
                    ),
                    decides=False,
                )
            case syntax.ExpressionTest(expression):
                if mentions_input(expression):
                    return self.truth(self.evaluate(expression, checked, frame))
                return self.within(value, self.operand(expression, checked, frame))

    def _instance(self, node: syntax.InstanceOf, checked: Checked, frame: Frame) -> object:
        value = self.evaluate(node.value, checked, frame)
        wanted = types.from_syntax(node.type)
        given = checked.type_of(node.value)

        def conforms(value: object) -> bool:
            if value is NEVER:
                return types.conforms(types.required(given), wanted)
            return operators.conforms(cast(Value, value), wanted)

        return self.lift(conforms, (value,))

    # logic

    def _conjunction(self, node: syntax.Conjunction, checked: Checked, frame: Frame) -> object:
        return self.junction(
            (partial(self.evaluate, each, checked, frame) for each in node.operands),
            decides=False,
        )

    def _disjunction(self, node: syntax.Disjunction, checked: Checked, frame: Frame) -> object:
        return self.junction(
            (partial(self.evaluate, each, checked, frame) for each in node.operands),
            decides=True,
        )

    def _if(self, node: syntax.If, checked: Checked, frame: Frame) -> object:
        holds = self.truth(self.evaluate(node.condition, checked, frame))
        chosen = node.consequence if holds is True else node.alternative
        return self.evaluate(chosen, checked, frame)

    # loops

    def turns(
        self, iterations: Sequence[syntax.Iteration], checked: Checked, frame: Frame
    ) -> Iterator[Frame]:
        """Give the frame of each turn of loops within each other."""
        if not iterations:
            yield frame
            return
        first, *rest = iterations
        source = self.evaluate(first.source, checked, frame)
        if first.end is None:
            items: Iterator[object] = iter(self.items(source))
        else:
            end = self.concrete(self.evaluate(first.end, checked, frame))
            start = self.concrete(source)
            items = iter(operators.range_values(cast(Value, start), cast(Value, end)))
        for item in items:
            self.learning.step()
            yield from self.turns(rest, checked, {**frame, first.name: item})

    def _for(self, node: syntax.For, checked: Checked, frame: Frame) -> object:
        return [
            self.evaluate(node.body, checked, inner)
            for inner in self.turns(node.iterations, checked, frame)
        ]

    def _quantified(self, node: syntax.Quantified, checked: Checked, frame: Frame) -> object:
        return self.junction(
            (
                partial(self.evaluate, node.condition, checked, inner)
                for inner in self.turns(node.iterations, checked, frame)
            ),
            decides=node.quantifier == "some",
        )

    _nodes: ClassVar[Mapping[type, Callable[..., object]]] = {
        syntax.NullLiteral: _null,
        syntax.BooleanLiteral: _literal,
        syntax.NumberLiteral: _literal,
        syntax.StringLiteral: _literal,
        syntax.TemporalLiteral: _temporal,
        syntax.ListLiteral: _list,
        syntax.ContextLiteral: _context,
        syntax.RangeLiteral: _range,
        syntax.ComparisonRange: _comparison_range,
        syntax.FunctionLiteral: _function,
        syntax.Name: _name,
        syntax.Path: _path,
        syntax.Filter: _filter,
        syntax.Call: _call,
        syntax.Negation: _negation,
        syntax.Arithmetic: _arithmetic,
        syntax.Comparison: _comparison,
        syntax.Between: _between,
        syntax.In: _in,
        syntax.InstanceOf: _instance,
        syntax.Conjunction: _conjunction,
        syntax.Disjunction: _disjunction,
        syntax.If: _if,
        syntax.For: _for,
        syntax.Quantified: _quantified,
    }
    """How each node is run."""


@lru_cache(maxsize=1024)
def _temporal(text: str) -> object:
    return temporal.parse_temporal(text)


@lru_cache(maxsize=1024)
def _from_text(function: str, text: str) -> object:
    return latest.invoke(Runtime(), BUILTINS[function], [text], None)
