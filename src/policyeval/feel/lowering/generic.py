"""The generic lowering: every node, by the operators that know all types.

`lower` gives a Python expression to be used exactly once; statements that must come before it
(loops, branches that need them) go to the block of the current function. Operators are called
through the `Execution` of the run, which turns failures into null or an error.
"""

import ast
from collections.abc import Callable, Mapping, Sequence

from policyeval.feel import operators, syntax, temporal, types
from policyeval.feel.builtins import BUILTINS
from policyeval.feel.builtins.declaration import Builtin
from policyeval.feel.failure import Failure
from policyeval.feel.lowering import emit
from policyeval.feel.lowering.emit import Variable, literal
from policyeval.feel.lowering.loops import Loops
from policyeval.feel.lowering.names import Entry, Names, Partial
from policyeval.feel.types import Type
from policyeval.feel.values import FunctionParameter, Value
from policyeval.messages import message

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


class Lowering(Loops):
    """The lowering of every node by operators that know all types."""

    def lower(self, node: syntax.Expression, names: Names) -> ast.expr:
        """Give the Python expression for a node."""
        value = self._typed(node, names)
        if value is None:
            value = self._generic(node, names)
        return self.place(value, node)

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


def _refuse_duplicates(name: str) -> Value:
    raise Failure("eval.domain", message("the name `{name}` is given twice", name=name))


def _refuse_type(name: str) -> Value:
    raise Failure("eval.type", message("unknown type `{name}`", name=name))
