"""The comparisons within a formula: two sides that can be made equal."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from policyeval.feel import syntax, types
from policyeval.feel.types import Type

ORDERED = frozenset(
    {
        types.DATE,
        types.DATE_AND_TIME,
        types.NUMBER,
        types.DAYS_AND_TIME_DURATION,
        types.YEARS_AND_MONTHS_DURATION,
    }
)
"""Types whose values lie on a line, one beside the other."""

Loops = tuple[syntax.Iteration, ...]


@dataclass(frozen=True, slots=True)
class Atom:
    """Two values that are compared.

    Attributes:
        node: What compares them.
        loops: The loops around it, whose variables the sides may use.
    """

    node: syntax.Node = field(repr=False)
    operator: str
    left: syntax.Expression
    right: syntax.Expression
    loops: Loops = ()


def atoms(tree: syntax.Node, source: syntax.Expression | None = None) -> Iterator[Atom]:
    """Give every comparison in a formula; of a cell of a table, what it compares `source` with."""
    return _walk(tree, source, ())


def _walk(node: syntax.Node, source: syntax.Expression | None, loops: Loops) -> Iterator[Atom]:
    match node:
        case syntax.Comparison(operator, left, right):
            if not isinstance(left, syntax.NullLiteral) and not isinstance(
                right, syntax.NullLiteral
            ):
                yield Atom(node, operator, left, right, loops)
        case syntax.Between(value, low, high):
            yield Atom(node, ">=", value, low, loops)
            yield Atom(node, "<=", value, high, loops)
        case syntax.In(value, tests):
            for test in tests:
                yield from _test(test, value, loops)
        case syntax.UnaryTests(tests):
            for test in tests:
                if source is not None:
                    yield from _test(test, source, loops)
        case syntax.Call(
            syntax.Name("max" | "min"), (syntax.Argument(left), syntax.Argument(right))
        ):
            yield Atom(node, "<", left, right, loops)
        case syntax.Quantified(_, iterations, condition):
            inner = (*loops, *iterations)
            yield from _walk(condition, source, inner)
            return
        case syntax.For(iterations, body):
            yield from _walk(body, source, (*loops, *iterations))
            return
        case syntax.FunctionLiteral() | syntax.Filter():
            return
        case _:
            pass
    for child in syntax.children(node):
        yield from _walk(child, source, loops)


def _test(test: syntax.Test, value: syntax.Expression, loops: Loops) -> Iterator[Atom]:
    match test:
        case syntax.ComparisonTest(operator, operand):
            yield Atom(test, operator, value, operand, loops)
        case syntax.ExpressionTest(syntax.RangeLiteral(start, end, first, last) as tree):
            yield Atom(tree, ">=" if first else ">", value, start, loops)
            yield Atom(tree, "<=" if last else "<", value, end, loops)
        case syntax.ExpressionTest(syntax.NumberLiteral() as operand):
            yield Atom(test, "=", value, operand, loops)
        case _:
            return


def is_ordered(type_: Type) -> bool:
    """Tell whether values of a type, null aside, lie on a line."""
    return types.required(type_) in ORDERED
