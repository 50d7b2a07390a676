"""Events in formulas: what is asked about them becomes a name of its own.

`happened(e)`, `e = null` and `e != null` become variables that are true or false, so that the
language needs no notion of an event. A name that a loop, a function or a context gives is no event,
and neither is, in a filter, one that the items have.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from policyeval.feel import syntax
from policyeval.feel.syntax import Expression
from policyeval.policy.model import happened_name, never_name

HAPPENED = "happened"
"""The function that asks of an event whether it has happened as of `asked_on`."""


def with_event_names(
    tree: Expression | syntax.UnaryTests,
    events: Collection[str] | None,
    members: Collection[str],
    refuse: Callable[[syntax.Call], None],
) -> Expression | syntax.UnaryTests:
    """Give a tree in which questions about events are names.

    Args:
        tree: As it was read.
        events: The names of the events; None if they are not known, then any name may be one and
            no comparison with null is taken for a question about it.
        members: Names of entries that contexts have.
        refuse: Told of each call of `happened` that is not about an event.
    """
    if not any(_may_ask(each) for each in syntax.walk(tree)):
        return tree
    rewriter = _Rewriter(events, frozenset(members), refuse)
    if isinstance(tree, syntax.UnaryTests):
        return replace(tree, tests=rewriter.tests(tree.tests, frozenset()))
    return rewriter.expression(tree, frozenset())


def _may_ask(node: syntax.Node) -> bool:
    return isinstance(node, syntax.NullLiteral) or node == syntax.Name(HAPPENED)


_Bound = frozenset[str]


@dataclass(frozen=True, slots=True)
class _Rewriter:
    events: Collection[str] | None
    members: frozenset[str]
    refuse: Callable[[syntax.Call], None]

    def expression(self, node: Expression, bound: _Bound) -> Expression:
        match node:
            case (
                syntax.NullLiteral()
                | syntax.BooleanLiteral()
                | syntax.NumberLiteral()
                | syntax.StringLiteral()
                | syntax.TemporalLiteral()
                | syntax.Name()
            ):
                return node
            case syntax.Call(function, arguments):
                if function == syntax.Name(HAPPENED) and HAPPENED not in bound:
                    return self.happened(node, bound)
                return replace(
                    node,
                    function=self.expression(function, bound),
                    arguments=tuple(
                        replace(each, value=self.expression(each.value, bound))
                        for each in arguments
                    ),
                )
            case syntax.Comparison(operator, left, right):
                event = self.event(left, right, bound) or self.event(right, left, bound)
                if event is not None and operator in {"=", "!="}:
                    never = syntax.Name(never_name(event), span=node.span)
                    return never if operator == "=" else _not(never)
                return replace(
                    node, left=self.expression(left, bound), right=self.expression(right, bound)
                )
            case syntax.ListLiteral(items):
                return replace(node, items=self.all(items, bound))
            case syntax.ContextLiteral(entries):
                found = []
                for entry in entries:
                    found.append(replace(entry, value=self.expression(entry.value, bound)))
                    bound |= {entry.key}
                return replace(node, entries=tuple(found))
            case syntax.RangeLiteral(start, end):
                return replace(
                    node, start=self.expression(start, bound), end=self.expression(end, bound)
                )
            case syntax.ComparisonRange(_, operand) | syntax.Negation(operand):
                return replace(node, operand=self.expression(operand, bound))
            case syntax.FunctionLiteral(parameters, body):
                inner = bound | {each.name for each in parameters}
                return replace(node, body=self.expression(body, inner))
            case syntax.Path(source):
                return replace(node, source=self.expression(source, bound))
            case syntax.Filter(source, condition):
                return replace(
                    node,
                    source=self.expression(source, bound),
                    condition=self.expression(condition, bound | self.members),
                )
            case syntax.Arithmetic(_, left, right):
                return replace(
                    node, left=self.expression(left, bound), right=self.expression(right, bound)
                )
            case syntax.Between(value, low, high):
                return replace(
                    node,
                    value=self.expression(value, bound),
                    low=self.expression(low, bound),
                    high=self.expression(high, bound),
                )
            case syntax.In(value, tests):
                return replace(
                    node, value=self.expression(value, bound), tests=self.tests(tests, bound)
                )
            case syntax.InstanceOf(value):
                return replace(node, value=self.expression(value, bound))
            case syntax.Conjunction(operands) | syntax.Disjunction(operands):
                return replace(node, operands=self.all(operands, bound))
            case syntax.If(condition, consequence, alternative):
                return replace(
                    node,
                    condition=self.expression(condition, bound),
                    consequence=self.expression(consequence, bound),
                    alternative=self.expression(alternative, bound),
                )
            case syntax.For(iterations, body):
                rewritten, inner = self.iterations(iterations, bound)
                return replace(node, iterations=rewritten, body=self.expression(body, inner))
            case syntax.Quantified(_, iterations, condition):
                rewritten, inner = self.iterations(iterations, bound)
                return replace(
                    node, iterations=rewritten, condition=self.expression(condition, inner)
                )

    def all(self, nodes: tuple[Expression, ...], bound: _Bound) -> tuple[Expression, ...]:
        return tuple(self.expression(each, bound) for each in nodes)

    def tests(self, nodes: tuple[syntax.Test, ...], bound: _Bound) -> tuple[syntax.Test, ...]:
        return tuple(self.test(each, bound) for each in nodes)

    def test(self, node: syntax.Test, bound: _Bound) -> syntax.Test:
        match node:
            case syntax.ComparisonTest(_, operand):
                return replace(node, operand=self.expression(operand, bound))
            case syntax.ExpressionTest(expression):
                return replace(node, expression=self.expression(expression, bound))

    def iterations(
        self, nodes: tuple[syntax.Iteration, ...], bound: _Bound
    ) -> tuple[tuple[syntax.Iteration, ...], _Bound]:
        found = []
        for each in nodes:
            end = None if each.end is None else self.expression(each.end, bound)
            found.append(replace(each, source=self.expression(each.source, bound), end=end))
            bound |= {each.name}
        return tuple(found), bound

    def event(self, node: Expression, other: Expression, bound: _Bound) -> str | None:
        """Give the event that is compared with null, if one is."""
        if not isinstance(node, syntax.Name) or not isinstance(other, syntax.NullLiteral):
            return None
        known = self.events is not None and node.name in self.events
        return node.name if known and node.name not in bound else None

    def happened(self, node: syntax.Call, bound: _Bound) -> Expression:
        match node.arguments:
            case (syntax.Argument(syntax.Name(name), None),) if name not in bound and (
                self.events is None or name in self.events
            ):
                return syntax.Name(happened_name(name), span=node.span)
        self.refuse(node)
        return node


def _not(operand: Expression) -> Expression:
    """Negate; all of it stands where the operand does."""
    function = syntax.Name("not", span=operand.span)
    return syntax.Call(function, (syntax.Argument(operand, span=operand.span),), span=operand.span)
