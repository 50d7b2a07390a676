"""The syntax tree: what an expression says, without types and without behaviour.

Every node is frozen and knows the span of the text it was read from; the span takes no part in
equality, so two trees are equal when they say the same. Names of nodes follow the grammar of DMN
1.5, chapter 10.3.1; numbers in the docstrings are its rules.
"""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field, fields
from decimal import Decimal
from functools import cache
from typing import Literal, cast

from policyeval.source import Span

NO_SPAN = Span(0, 0)

ArithmeticOperator = Literal["+", "-", "*", "/", "**"]
ComparisonOperator = Literal["=", "!=", "<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class Node:
    """Anything in the tree."""

    span: Span = field(default=NO_SPAN, compare=False, repr=False, kw_only=True)


# ---------------------------------------------------------------------- types, as written


@dataclass(frozen=True, slots=True)
class NamedType(Node):
    """A type by its name: `number`, `date and time`, `Any`; white space is one blank."""

    name: str


@dataclass(frozen=True, slots=True)
class ListType(Node):
    """`list<item>`."""

    item: "TypeSyntax"


@dataclass(frozen=True, slots=True)
class RangeType(Node):
    """`range<item>`."""

    item: "TypeSyntax"


@dataclass(frozen=True, slots=True)
class ContextTypeEntry(Node):
    """One `name: type` of a context type."""

    name: str
    type: "TypeSyntax"


@dataclass(frozen=True, slots=True)
class ContextType(Node):
    """`context<name: type, …>`."""

    entries: tuple[ContextTypeEntry, ...]


@dataclass(frozen=True, slots=True)
class FunctionType(Node):
    """`function<type, …> -> result`."""

    parameters: tuple["TypeSyntax", ...]
    result: "TypeSyntax"


TypeSyntax = NamedType | ListType | RangeType | ContextType | FunctionType


# ---------------------------------------------------------------------- literals


@dataclass(frozen=True, slots=True)
class NullLiteral(Node):
    """`null`."""


@dataclass(frozen=True, slots=True)
class BooleanLiteral(Node):
    """`true` or `false`."""

    value: bool


@dataclass(frozen=True, slots=True)
class NumberLiteral(Node):
    """A number, never negative (a minus sign before it is a `Negation`); at most 34 digits."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class StringLiteral(Node):
    """A text, escapes already replaced."""

    value: str


@dataclass(frozen=True, slots=True)
class TemporalLiteral(Node):
    """`@"…"`: a date, time, date and time or duration; the text between the quotes (rule 62)."""

    text: str


@dataclass(frozen=True, slots=True)
class ListLiteral(Node):
    """`[a, b, …]`."""

    items: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class ContextEntry(Node):
    """One `key: value` of a context; a later entry may use an earlier one by its name.

    `key_span` covers the key alone.
    """

    key: str
    value: "Expression"
    key_span: Span = field(default=NO_SPAN, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class ContextLiteral(Node):
    """`{key: value, …}`."""

    entries: tuple[ContextEntry, ...]


@dataclass(frozen=True, slots=True)
class RangeLiteral(Node):
    """`[a..b]`, `(a..b)`, `]a..b[`."""

    start: "Expression"
    end: "Expression"
    start_included: bool
    end_included: bool


@dataclass(frozen=True, slots=True)
class ComparisonRange(Node):
    """`(< b)`, `(>= a)`, `(= a)`, `(!= a)`: a comparison in brackets, as a range."""

    operator: ComparisonOperator
    operand: "Expression"


@dataclass(frozen=True, slots=True)
class Parameter(Node):
    """A formal parameter of a function; `type` is None where none is declared (then Any)."""

    name: str
    type: TypeSyntax | None = None


@dataclass(frozen=True, slots=True)
class FunctionLiteral(Node):
    """`function(a: number, b) body`; with `external` the body names a function outside FEEL."""

    parameters: tuple[Parameter, ...]
    body: "Expression"
    external: bool = False


# ---------------------------------------------------------------------- expressions


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A name: of a variable, a built-in, or `?` and `item` where they have a meaning.

    The name is spelled as it was declared, not as it was typed (`Full  Name` is `Full Name`).
    """

    name: str


@dataclass(frozen=True, slots=True)
class Path(Node):
    """`source.name`; `name_span` covers the name alone."""

    source: "Expression"
    name: str
    name_span: Span = field(default=NO_SPAN, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Filter(Node):
    """`source[condition]`: the items that fit, or the item at that position."""

    source: "Expression"
    condition: "Expression"


@dataclass(frozen=True, slots=True)
class Argument(Node):
    """An argument of a call; `name` is None for a positional one. All or none have names."""

    value: "Expression"
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Call(Node):
    """`function(arguments)`."""

    function: "Expression"
    arguments: tuple[Argument, ...]


@dataclass(frozen=True, slots=True)
class Negation(Node):
    """`-operand`."""

    operand: "Expression"


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """`left operator right`."""

    operator: ArithmeticOperator
    left: "Expression"
    right: "Expression"
    operator_span: Span = field(default=NO_SPAN, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    """`left operator right`."""

    operator: ComparisonOperator
    left: "Expression"
    right: "Expression"
    operator_span: Span = field(default=NO_SPAN, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Between(Node):
    """`value between low and high`, both ends included."""

    value: "Expression"
    low: "Expression"
    high: "Expression"


@dataclass(frozen=True, slots=True)
class In(Node):
    """`value in test` or `value in (test, …)`: true if one of the tests holds for the value."""

    value: "Expression"
    tests: tuple["Test", ...]


@dataclass(frozen=True, slots=True)
class InstanceOf(Node):
    """`value instance of type`."""

    value: "Expression"
    type: TypeSyntax


@dataclass(frozen=True, slots=True)
class Conjunction(Node):
    """`a and b and …`: two operands or more; an operand that is a conjunction was in brackets."""

    operands: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Disjunction(Node):
    """`a or b or …`: two operands or more; an operand that is a disjunction was in brackets."""

    operands: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class If(Node):
    """`if condition then consequence else alternative`."""

    condition: "Expression"
    consequence: "Expression"
    alternative: "Expression"


@dataclass(frozen=True, slots=True)
class Iteration(Node):
    """`name in source` of a `for`, `some` or `every`.

    With `end`, the values from `source` to `end` in steps of one, upwards or downwards
    (`for i in 1..n`); only a `for` has that form.
    """

    name: str
    source: "Expression"
    end: "Expression | None" = None


@dataclass(frozen=True, slots=True)
class For(Node):
    """`for iterations return body`; in the body, `partial` is the list of results so far."""

    iterations: tuple[Iteration, ...]
    body: "Expression"


@dataclass(frozen=True, slots=True)
class Quantified(Node):
    """`some iterations satisfies condition`, or `every …`."""

    quantifier: Literal["some", "every"]
    iterations: tuple[Iteration, ...]
    condition: "Expression"


# ---------------------------------------------------------------------- unary tests


@dataclass(frozen=True, slots=True)
class ComparisonTest(Node):
    """`< operand`, `!= operand` …: how the value under test (`?`) compares (rule 7)."""

    operator: ComparisonOperator
    operand: "Expression"


@dataclass(frozen=True, slots=True)
class ExpressionTest(Node):
    """An expression as a test: true if it is true, equals `?`, or is a range or list with `?`."""

    expression: "Expression"


Test = ComparisonTest | ExpressionTest


@dataclass(frozen=True, slots=True)
class UnaryTests(Node):
    """The condition of a decision table's cell: `-`, `tests`, or `not(tests)` (rules 15–17).

    With no tests it is `-`, which every value passes.
    """

    tests: tuple[Test, ...]
    negated: bool = False


Expression = (
    NullLiteral
    | BooleanLiteral
    | NumberLiteral
    | StringLiteral
    | TemporalLiteral
    | ListLiteral
    | ContextLiteral
    | RangeLiteral
    | ComparisonRange
    | FunctionLiteral
    | Name
    | Path
    | Filter
    | Call
    | Negation
    | Arithmetic
    | Comparison
    | Between
    | In
    | InstanceOf
    | Conjunction
    | Disjunction
    | If
    | For
    | Quantified
)


@cache
def _fields(kind: type[Node]) -> tuple[str, ...]:
    """Give the names of a node's fields but its span: asking for them each time is slow."""
    return tuple(each.name for each in fields(kind) if each.name != "span")


def children(node: Node) -> Iterator[Node]:
    """Give the nodes directly below a node, in the order of the text."""
    for name in _fields(cast(Hashable, type(node))):
        value = getattr(node, name)
        if isinstance(value, Node):
            yield value
        elif isinstance(value, tuple):
            for item in value:
                if isinstance(item, Node):
                    yield item


def walk(node: Node) -> Iterator[Node]:
    """Give a node and all below it, each before what is below it; any depth is fine."""
    pending = [node]
    while pending:
        current = pending.pop()
        yield current
        pending.extend(reversed(tuple(children(current))))
