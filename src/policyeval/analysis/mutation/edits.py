"""A change of a formula's text, and how it is shown."""

from collections.abc import Iterator
from dataclasses import dataclass

from policyeval.analysis.mutation.model import Operator
from policyeval.feel import syntax, types
from policyeval.feel.checker import Checked
from policyeval.feel.types import Type
from policyeval.source import Span


@dataclass(frozen=True, slots=True)
class Edit:
    """A stretch of a formula's text, and what stands there instead."""

    operator: Operator
    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Written:
    """A formula's tree with its text and the types of its nodes.

    Attributes:
        above: The number (`id`) of each node to the node that it is part of.
    """

    text: str
    tree: syntax.Expression | syntax.UnaryTests
    checked: Checked
    above: dict[int, syntax.Node]

    def of(self, node: syntax.Node) -> str:
        """Give the text of a node, without the brackets around it."""
        return self.text[node.span.start : node.span.end]

    def type_of(self, node: syntax.Expression) -> Type:
        """Give the type of a node, without null."""
        return types.required(self.checked.type_of(node))


def written(text: str, tree: syntax.Expression | syntax.UnaryTests, checked: Checked) -> Written:
    """Put a formula together with what its nodes are parts of."""
    above = {id(child): node for node in syntax.walk(tree) for child in syntax.children(node)}
    return Written(text, tree, checked, above)


def grouped(formula: Written, node: syntax.Expression) -> str:
    """Give the text of a node so that it can stand as an operand."""
    match node:
        case (
            syntax.Conjunction()
            | syntax.Disjunction()
            | syntax.If()
            | syntax.For()
            | syntax.Quantified()
            | syntax.FunctionLiteral()
            | syntax.Comparison()
            | syntax.Between()
            | syntax.In()
            | syntax.InstanceOf()
        ):
            return f"({formula.of(node)})"
        case _:
            return formula.of(node)


def applied(text: str, edit: Edit) -> str:
    """Give a formula's text with a change."""
    return text[: edit.span.start] + edit.text + text[edit.span.end :]


def shown(formula: Written, edit: Edit) -> tuple[str, str]:
    """Say what a change replaces by what: as little as is needed to see what it is about.

    That is the comparison or the condition it is in, or more where the same stands there twice.
    """
    before = after = ""
    for span in _stretches(formula, edit):
        inner = Span(edit.span.start - span.start, edit.span.end - span.start)
        before = formula.text[span.start : span.end]
        after = _one_line(before[: inner.start] + edit.text + before[inner.end :])
        if formula.text.count(before) == 1:
            break
    return _one_line(before), after


def _stretches(formula: Written, edit: Edit) -> Iterator[Span]:
    """Give the parts of a formula that a change lies in, from the smallest that says something."""
    span = edit.span
    if edit.operator == "negated" or _is_condition(formula, edit):
        yield span
    within = [
        each.span
        for each in syntax.walk(formula.tree)
        if each.span.start <= span.start and span.end <= each.span.end
        if _says_something(each) or (isinstance(each, syntax.Path) and each.name_span == span)
    ]
    yield from sorted(within, key=lambda each: each.end - each.start)
    yield Span(0, len(formula.text))


def _is_condition(formula: Written, edit: Edit) -> bool:
    """Tell whether a name stands for another as a condition of its own."""
    return edit.operator == "swapped-name" and any(
        isinstance(each, syntax.Name)
        and each.span == edit.span
        and formula.type_of(each) == types.BOOLEAN
        for each in syntax.walk(formula.tree)
    )


def _says_something(node: syntax.Node) -> bool:
    return not isinstance(
        node,
        syntax.Name
        | syntax.Path
        | syntax.Argument
        | syntax.NumberLiteral
        | syntax.StringLiteral
        | syntax.TemporalLiteral
        | syntax.Negation
        | syntax.ExpressionTest,
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())
