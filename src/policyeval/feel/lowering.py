"""From the tree to Python's own syntax tree: what every node does while it runs.

`lower` gives a Python expression to be used exactly once; statements that must come before it
(loops, branches that need them) go to the block of the current function. Two ways of lowering share
this walk. The *generic* one calls the operators that know all types, through the `Execution` of
the run, which turns failures into null or an error. The *typed* one (see `typed.py`) uses Python's
own operators where the static types allow it, and leaves the rest to the generic one.

Names: `rt` is the `Execution`, `vN` variables of the expression, `tN` temporaries, `fN` functions,
`kN` globals.
"""

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from policyeval.feel import emit, operators, syntax, temporal, types
from policyeval.feel.builtins import BUILTINS
from policyeval.feel.builtins.declaration import Builtin
from policyeval.feel.checker import LITERAL_FUNCTIONS, Checked, mentions_input
from policyeval.feel.emit import Frame, Pool, Variable, literal
from policyeval.feel.execution import truth
from policyeval.feel.failure import Failure
from policyeval.feel.invocation import select
from policyeval.feel.types import Type
from policyeval.feel.values import FunctionParameter, Range, Value
from policyeval.messages import message
from policyeval.source import Source, Span

NOT_CONSTANT = object()

T = TypeVar("T")

ARITHMETIC: Mapping[str, Callable[..., Value]] = {
    "-": operators.subtract,
    "*": operators.multiply,
    "/": operators.divide,
    "**": operators.power,
}
COMPARISON: Mapping[str, Callable[..., Value]] = {
    "=": operators.equal,
    "!=": operators.not_equal,
    "<": operators.less,
    "<=": operators.less_or_equal,
    ">": operators.greater,
    ">=": operators.greater_or_equal,
}

# CPython allows 20 blocks within each other in one function; further loops get their own.
_LOOPS_PER_FUNCTION = 12


@dataclass(frozen=True, slots=True)
class Entry:
    """A name that stands for an entry of the item under a filter."""

    item: Variable
    key: str


@dataclass(frozen=True, slots=True)
class Partial:
    """The name `partial`: the results of a `for` so far."""

    results: Variable


Meaning = Variable | Entry | Partial


@dataclass(frozen=True, slots=True)
class Names:
    """The names that can be used at a place: a chain, innermost first.

    A link either defines names, or is the item of a filter whose entries are not known before it
    runs (then any name may be one of them).
    """

    defined: Mapping[str, Meaning]
    item: Variable | None = None
    outer: "Names | None" = None

    def define(self, added: Mapping[str, Meaning]) -> "Names":
        """Add names that hide outer ones."""
        return Names(added, outer=self)

    def within(self, item: Variable) -> "Names":
        """Add the item of a filter."""
        return Names({}, item, self)

    def find(self, name: str) -> tuple[list[Variable], Meaning | None]:
        """Give the filters' items that may have an entry of this name, and what it means if not."""
        items: list[Variable] = []
        link: Names | None = self
        while link is not None:
            if link.item is not None:
                items.append(link.item)
                if name == "item":
                    return items, link.item
            if name in link.defined:
                return items, link.defined[name]
            link = link.outer
        return items, None


class Lowering:
    """One compilation of an expression: the function being built, its constants and its sites."""

    def __init__(self, checked: Checked, source: Source) -> None:
        self.checked = checked
        self.source = source
        self.pool = Pool()
        self.sites: list[Span] = []
        self.root = Frame(None)
        self.frame = self.root
        self.runtime = Variable("rt", self.root)
        self.uses_runtime = False
        self._count = 0

    # ------------------------------------------------------------ building blocks

    def fresh(self, letter: str) -> str:
        """Make up a name."""
        self._count += 1
        return f"{letter}{self._count}"

    def use(self, variable: Variable) -> ast.Name:
        """Read a variable."""
        return self.frame.use(variable)

    def bind(self, value: ast.expr) -> Variable:
        """Compute a value now, to use it more than once."""
        name = self.fresh("t")
        self.frame.block.append(emit.assign(name, value))
        return Variable(name, self.frame)

    def site(self, node: syntax.Node) -> ast.Constant:
        """Give the index of a node's span."""
        self.sites.append(node.span)
        return literal(len(self.sites) - 1)

    def method(self, name: str, *arguments: ast.expr) -> ast.Call:
        """Call an operation of the `Execution`."""
        self.uses_runtime = True
        return emit.call(emit.attribute(self.use(self.runtime), name), *arguments)

    def apply(
        self, operation: Callable[..., object], node: syntax.Node, *operands: ast.expr
    ) -> ast.Call:
        """Call an operator, whose failure is about a node."""
        return self.method("apply", self.pool.name(operation), self.site(node), *operands)

    @contextmanager
    def branch(self) -> Iterator[list[ast.stmt]]:
        """Collect the statements of a branch apart."""
        outer, self.frame.block = self.frame.block, []
        try:
            yield self.frame.block
        finally:
            self.frame.block = outer

    @contextmanager
    def nested(self) -> Iterator[Frame]:
        """Build a function within the current one."""
        inner = Frame(self.frame)
        outer, self.frame = self.frame, inner
        try:
            yield inner
        finally:
            self.frame = outer

    def define_function(self, frame: Frame, parameters: Sequence[str]) -> str:
        """Finish a nested function where the current one stands, and give its name."""
        name = self.fresh("f")
        self.frame.block.append(frame.function(name, parameters))
        return name

    # ------------------------------------------------------------ the walk

    def lower(self, node: syntax.Expression, names: Names) -> ast.expr:
        """Give the Python expression for a node."""
        value = self._typed(node, names)
        if value is None:
            value = self._generic(node, names)
        return self.place(value, node)

    def place(self, value: ast.expr, node: syntax.Node) -> ast.expr:
        """Say where in the source a Python node comes from."""
        if not hasattr(value, "lineno"):
            start = self.source.position(node.span.start)
            end = self.source.position(max(node.span.end, node.span.start))
            value.lineno, value.end_lineno = start.line, end.line
            value.col_offset = self._byte_column(start.line, start.column)
            value.end_col_offset = self._byte_column(end.line, end.column)
        return value

    def _byte_column(self, line: int, column: int) -> int:
        text = self.source.line(line)[: column - 1]
        return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))

    def _typed(
        self,
        node: syntax.Expression,  # noqa: ARG002 - the typed lowering uses them
        names: Names,  # noqa: ARG002
    ) -> ast.expr | None:
        """Give Python's own operation where static types allow it; the generic lowering has none."""
        return None

    def _generic(self, node: syntax.Expression, names: Names) -> ast.expr:
        match node:
            case syntax.NullLiteral():
                return literal(None)
            case syntax.BooleanLiteral(value) | syntax.StringLiteral(value):
                return literal(value)
            case syntax.NumberLiteral(value):
                return self.pool.name(value, ("number", value.as_tuple()))
            case syntax.TemporalLiteral(text):
                return self._folded(node) or self.apply(
                    temporal.parse_temporal, node, literal(text)
                )
            case syntax.ListLiteral(items):
                return ast.List([self.lower(each, names) for each in items], ast.Load())
            case syntax.ContextLiteral(entries):
                return self._context(node, entries, names)
            case syntax.RangeLiteral(start, end, start_included, end_included):
                return self.method(
                    "make_range",
                    self.site(node),
                    self.lower(start, names),
                    self.lower(end, names),
                    literal(start_included),
                    literal(end_included),
                )
            case syntax.ComparisonRange(operator, operand):
                return self.method(
                    "comparison_range",
                    self.site(node),
                    literal(operator),
                    self.lower(operand, names),
                )
            case syntax.FunctionLiteral():
                return self._function(node, names, None)
            case syntax.Name(name):
                return self.name(node, name, names)
            case syntax.Path(source, name):
                return self.apply(operators.path, node, self.lower(source, names), literal(name))
            case syntax.Filter(source, condition):
                return self._filter(node, source, condition, names)
            case syntax.Call():
                return self._folded(node) or self._call(node, names)
            case syntax.Negation(operand):
                return self._folded(node) or self.apply(
                    operators.negate, node, self.lower(operand, names)
                )
            case syntax.Arithmetic(operator, left, right):
                operands = (self.lower(left, names), self.lower(right, names))
                if operator == "+":
                    self.uses_runtime = True
                    return self.apply(operators.add_within, node, self.use(self.runtime), *operands)
                return self.apply(ARITHMETIC[operator], node, *operands)
            case syntax.Comparison(operator, left, right):
                return self.apply(
                    COMPARISON[operator], node, self.lower(left, names), self.lower(right, names)
                )
            case syntax.Between(value, low, high):
                return self.apply(
                    operators.between,
                    node,
                    self.lower(value, names),
                    self.lower(low, names),
                    self.lower(high, names),
                )
            case syntax.In(value, tests):
                input_ = self.bind(self.lower(value, names))
                return self.tests(tests, names.define({"?": input_}))
            case syntax.InstanceOf(value, type_):
                return self._instance(node, self.lower(value, names), type_)
            case syntax.Conjunction(operands):
                return self._logic(
                    operands, lambda each: (self.operand(each, names), True), conjunction=True
                )
            case syntax.Disjunction(operands):
                return self._logic(
                    operands, lambda each: (self.operand(each, names), True), conjunction=False
                )
            case syntax.If(condition, consequence, alternative):
                return self.if_(
                    self.condition(condition, names),
                    lambda: self.lower(consequence, names),
                    lambda: self.lower(alternative, names),
                )
            case syntax.For(iterations, body):
                return self._for(node, iterations, body, names)
            case syntax.Quantified(quantifier, iterations, condition):
                return self._quantified(node, quantifier, iterations, condition, names)

    # ------------------------------------------------------------ constants

    def constant(self, node: syntax.Expression) -> object:
        """Give the value of a literal, of a negative number, of `date("…")`; else NOT_CONSTANT."""
        match node:
            case syntax.NullLiteral():
                return None
            case (
                syntax.BooleanLiteral(value)
                | syntax.StringLiteral(value)
                | syntax.NumberLiteral(value)
            ):
                return value
            case syntax.TemporalLiteral(text):
                return _value_or_not(lambda: temporal.parse_temporal(text))
            case syntax.Negation(operand):
                inner = self.constant(operand)
                if inner is NOT_CONSTANT or not isinstance(inner, Decimal):
                    return NOT_CONSTANT
                return _value_or_not(lambda: operators.negate(inner))
            case syntax.Call(
                syntax.Name(name), (syntax.Argument(syntax.StringLiteral(text)) as only,)
            ):
                if name not in LITERAL_FUNCTIONS or self.shadowed(name):
                    return NOT_CONSTANT
                given = None if only.name is None else [only.name]

                def read() -> Value:
                    signature, converted = select(BUILTINS[name], [text], given)
                    return signature.function(*converted)

                return _value_or_not(read)
            case _:
                return NOT_CONSTANT

    def shadowed(self, name: str) -> bool:
        """Tell whether a built-in's name means something else somewhere in the expression."""
        return name in self.hidden

    hidden: frozenset[str] = frozenset()

    def _folded(self, node: syntax.Expression) -> ast.expr | None:
        value = self.constant(node)
        return None if value is NOT_CONSTANT else self.value(value)

    def value(self, value: object) -> ast.expr:
        """Refer to a value known now."""
        if value is None or isinstance(value, bool | str):
            return literal(value)
        return self.pool.name(value, (type(value).__name__, repr(value)))

    # ------------------------------------------------------------ names, contexts, functions

    def name(self, node: syntax.Node, name: str, names: Names) -> ast.expr:
        """Read a name: of a variable, an entry of a filtered item, a built-in, or nothing."""
        items, meaning = names.find(name)
        if meaning is None and name not in BUILTINS:
            if items:
                return self.method(
                    "entry_or_unknown",
                    emit.tuple_([self.use(each) for each in items]),
                    literal(name),
                    self.site(node),
                )
            return self.method("unknown_name", literal(name), self.site(node))
        value: ast.expr
        match meaning:
            case None:
                value = self.method("builtin_value", self.pool.name(BUILTINS[name]))
            case Entry(item, key):
                value = ast.Subscript(self.use(item), literal(key), ast.Load())
            case Partial(results):
                value = self.method("snapshot", self.use(results))
            case Variable():
                value = self.use(meaning)
        for item in reversed(items):
            value = self.method("entry", self.use(item), literal(name), value)
        return value

    def _context(
        self, node: syntax.Node, entries: Sequence[syntax.ContextEntry], names: Names
    ) -> ast.expr:
        keys = [each.key for each in entries]
        if len(set(keys)) < len(keys):
            return self.apply(
                _refuse_duplicates, node, literal(next(k for k in keys if keys.count(k) > 1))
            )
        values: list[Variable] = []
        for entry in entries:
            if isinstance(entry.value, syntax.FunctionLiteral):
                value = self.place(self._function(entry.value, names, entry.key), entry.value)
            else:
                value = self.lower(entry.value, names)
            values.append(self.bind(value))
            names = names.define({entry.key: values[-1]})
        made = ast.Dict([literal(key) for key in keys], [self.use(each) for each in values])
        return self.method("context", made)

    def _function(self, node: syntax.FunctionLiteral, names: Names, name: str | None) -> ast.expr:
        parameters = tuple(
            FunctionParameter(each.name, self.declared(each.type)) for each in node.parameters
        )
        declared = self.pool.name(parameters)
        seen = [each.name for each in node.parameters]
        if len(set(seen)) < len(seen):
            twice = next(each for each in seen if seen.count(each) > 1)
            return self.apply(_refuse_duplicates, node, literal(twice))
        if node.external:
            return self.method("external", declared)
        with self.nested() as frame:
            variables = {each.name: Variable(self.fresh("v"), frame) for each in node.parameters}
            result = self.lower(node.body, names.define(variables))
            frame.block.append(ast.Return(result))
        function = self.define_function(frame, [each.name for each in variables.values()])
        result = self.pool.name(self.checked.type_of(node.body))
        return self.method("function", literal(name), declared, result, emit.load(function))

    @staticmethod
    def declared(type_: syntax.TypeSyntax | None) -> Type:
        """Give a declared type; Any where none, or an unknown one, is declared."""
        try:
            return types.ANY if type_ is None else types.from_syntax(type_)
        except types.UnknownTypeError:
            return types.ANY

    def _filter(
        self,
        node: syntax.Node,
        source: syntax.Expression,
        condition: syntax.Expression,
        names: Names,
    ) -> ast.expr:
        if isinstance(source, syntax.Name) and isinstance(names.find(source.name)[1], Partial):
            results = names.find(source.name)[1]
            assert isinstance(results, Partial)
            items: ast.expr = self.use(results.results)
        else:
            items = self.lower(source, names)
        with self.nested() as frame:
            item = Variable(self.fresh("v"), frame)
            result = self.lower(condition, self.within(item, source, names))
            frame.block.append(ast.Return(result))
        function = self.define_function(frame, [item.name])
        return self.filtered(node, source, condition, items, emit.load(function))

    def filtered(
        self,
        node: syntax.Node,
        source: syntax.Expression,  # noqa: ARG002 - the typed lowering uses them
        condition: syntax.Expression,  # noqa: ARG002
        items: ast.expr,
        function: ast.expr,
    ) -> ast.expr:
        """Filter items by a condition, or by a position, that a function computes."""
        return self.method("filter", items, function, self.site(node))

    def within(
        self,
        item: Variable,
        source: syntax.Expression,  # noqa: ARG002 - the typed lowering uses it
        names: Names,
    ) -> Names:
        """Give the names that can be used in a filter of `source`."""
        return names.within(item)

    # ------------------------------------------------------------ calls

    def _call(self, node: syntax.Call, names: Names) -> ast.expr:
        arguments = emit.tuple_([self.lower(each.value, names) for each in node.arguments])
        given = [each.name for each in node.arguments]
        keywords = (
            [] if None in given or not given else [self.pool.name(given, ("names", tuple(given)))]
        )
        builtin = self.builtin(node.function, names)
        if builtin is not None:
            return self.method(
                "invoke", self.pool.name(builtin), self.site(node), arguments, *keywords
            )
        function = self.lower(node.function, names)
        return self.method("call", function, self.site(node), arguments, *keywords)

    @staticmethod
    def builtin(function: syntax.Expression, names: Names) -> Builtin | None:
        """Give the built-in that is called, if the name is not some variable's."""
        if not isinstance(function, syntax.Name) or function.name not in BUILTINS:
            return None
        _, meaning = names.find(function.name)
        # An entry of a filtered item cannot hide a built-in: entries with a function are rare, and
        # every call in every filter would have to look for one.
        return BUILTINS[function.name] if meaning is None else None

    def _instance(self, node: syntax.Node, value: ast.expr, type_: syntax.TypeSyntax) -> ast.expr:
        try:
            known = types.from_syntax(type_)
        except types.UnknownTypeError as error:
            return self.apply(_refuse_type, node, literal(error.node.name))
        return self.apply(operators.conforms, node, value, self.pool.name(known))

    # ------------------------------------------------------------ logic

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

    # ------------------------------------------------------------ loops

    def _for(
        self,
        node: syntax.For,
        iterations: Sequence[syntax.Iteration],
        body: syntax.Expression,
        names: Names,
    ) -> ast.expr:
        with self.nested() as frame:
            results = self.bind(ast.List([], ast.Load()))
            inner = names.define({"partial": Partial(results)})

            def append(within: Names) -> None:
                value = self.lower(body, within)
                function = emit.attribute(self.use(results), "append")
                self.frame.block.append(ast.Expr(emit.call(function, value)))

            def split(name: str) -> ast.stmt:
                return ast.Expr(emit.call(emit.load(name)))

            self._loops(iterations, inner, append, split, 0)
            frame.block.append(ast.Return(self.method("finished", self.use(results))))
        function = self.define_function(frame, [])
        return self.apply_function(function, node)

    def apply_function(self, function: str, node: syntax.Node) -> ast.expr:
        """Run a nested function; its failure is about a node."""
        return self.method("apply", emit.load(function), self.site(node))

    def _loops(
        self,
        iterations: Sequence[syntax.Iteration],
        names: Names,
        innermost: Callable[[Names], None],
        split: Callable[[str], ast.stmt],
        depth: int,
    ) -> None:
        """Write loops within each other; `split` calls a function made for those too deep for one."""
        if not iterations:
            innermost(names)
            return
        if depth == _LOOPS_PER_FUNCTION:
            with self.nested() as frame:
                self._loops(iterations, names, innermost, split, 0)
                frame.block.append(ast.Return(literal(None)))
            self.frame.block.append(split(self.define_function(frame, [])))
            return
        first, *rest = iterations
        source = self.lower(first.source, names)
        if first.end is None:
            items = self.method("iterate", source)
        else:
            items = self.method("iterate_range", source, self.lower(first.end, names))
        variable = Variable(self.fresh("v"), self.frame)
        with self.branch() as block:
            inner = names.define({first.name: variable})
            self._loops(rest, inner, innermost, split, depth + 1)
        self.frame.block.append(
            ast.For(ast.Name(variable.name, ast.Store()), self.place(items, first), block, [])
        )

    def _quantified(
        self,
        node: syntax.Quantified,
        quantifier: str,
        iterations: Sequence[syntax.Iteration],
        condition: syntax.Expression,
        names: Names,
    ) -> ast.expr:
        decides = quantifier == "some"
        with self.nested() as frame:
            # A list's one item holds the result, so that a nested function can change it too.
            undecided = self.bind(ast.List([literal(not decides)], ast.Load()))

            def judge(within: Names) -> None:
                value = self.bind(self.apply_condition(condition, within))
                # A function of its own, made for deep loops, says by true that all is decided.
                decided = decides if self.frame is frame else True
                item = ast.Subscript(self.use(undecided), literal(0), ast.Store())
                self.frame.block += [
                    ast.If(emit.is_(self.use(value), decides), [ast.Return(literal(decided))], []),
                    ast.If(
                        emit.is_(self.use(value), None), [ast.Assign([item], literal(None))], []
                    ),
                ]

            def split(function: str) -> ast.stmt:
                decided = decides if self.frame is frame else True
                return ast.If(emit.call(emit.load(function)), [ast.Return(literal(decided))], [])

            self._loops(iterations, names, judge, split, 0)
            frame.block.append(
                ast.Return(ast.Subscript(self.use(undecided), literal(0), ast.Load()))
            )
        return self.apply_function(self.define_function(frame, []), node)

    def apply_condition(self, condition: syntax.Expression, names: Names) -> ast.expr:
        """Give the condition of `some` or `every`: true, false or None, or the whole fails."""
        return emit.call(self.pool.name(truth), self.lower(condition, names))


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


def _value_or_not(read: Callable[[], T]) -> T | object:
    try:
        return read()
    except (Failure, ArithmeticError):
        return NOT_CONSTANT


def _within(value: Value, start: Value, end: Value, first: bool, last: bool) -> Value:
    if isinstance(value, Range):
        return operators.equal(value, operators.make_range(start, end, first, last))
    return operators.contains(Range(start, end, first, last), value)


def _refuse_duplicates(name: str) -> Value:
    raise Failure("eval.domain", message("the name `{name}` is given twice", name=name))


def _refuse_type(name: str) -> Value:
    raise Failure("eval.type", message("unknown type `{name}`", name=name))
