"""The building blocks of lowering: names made up, statements, functions within each other, constants."""

import ast
from abc import abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import TypeVar

from policyeval.feel import operators, syntax, temporal
from policyeval.feel.builtins import BUILTINS
from policyeval.feel.checker import LITERAL_FUNCTIONS, Checked
from policyeval.feel.failure import Failure
from policyeval.feel.invocation import select
from policyeval.feel.lowering import emit
from policyeval.feel.lowering.emit import Frame, Pool, Variable, literal
from policyeval.feel.lowering.names import Names
from policyeval.feel.values import Value
from policyeval.source import Source, Span

NOT_CONSTANT = object()

T = TypeVar("T")


class Building:
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

    @abstractmethod
    def lower(self, node: syntax.Expression, names: Names) -> ast.expr:
        """Give the Python expression for a node."""

    @abstractmethod
    def name(self, node: syntax.Node, name: str, names: Names) -> ast.expr:
        """Read a name."""

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


def _value_or_not(read: Callable[[], T]) -> T | object:
    try:
        return read()
    except (Failure, ArithmeticError):
        return NOT_CONSTANT
