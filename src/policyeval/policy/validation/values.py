"""Texts that are compared with a fact that never has them."""

from collections.abc import Iterator, Mapping, Sequence

from policyeval.diagnostics import Diagnostic, did_you_mean
from policyeval.feel import syntax
from policyeval.feel.checker import Checked
from policyeval.messages import message
from policyeval.policy.model import Fact
from policyeval.policy.validation.uses import free_names
from policyeval.source import Source


def unknown_values(
    tree: syntax.Node, checked: Checked, facts: Mapping[str, Fact], source: Source
) -> Iterator[Diagnostic]:
    """Give a problem for each text that a fact is compared with and is none of its values."""
    free = {id(each) for each in free_names(tree, checked)}

    def declared(node: syntax.Node) -> Fact | None:
        if not isinstance(node, syntax.Name) or id(node) not in free:
            return None
        fact = facts.get(node.name)
        return fact if fact is not None and fact.one_of is not None else None

    for node in syntax.walk(tree):
        match node:
            case syntax.Comparison("=" | "!=", left, right):
                for one, other in ((left, right), (right, left)):
                    if (fact := declared(one)) is not None:
                        yield from _complaints([other], fact, source)
            case syntax.In(value, tests):
                if (fact := declared(value)) is not None:
                    yield from _complaints(_compared(tests), fact, source)
            case _:
                pass


def unknown_in_tests(tree: syntax.UnaryTests, fact: Fact, source: Source) -> Iterator[Diagnostic]:
    """Give a problem for each text of a table's cell that its column, a fact, never has."""
    yield from _complaints(_compared(tree.tests), fact, source)


def _compared(tests: Sequence[syntax.Test]) -> Iterator[syntax.Expression]:
    for test in tests:
        match test:
            case syntax.ExpressionTest(syntax.ListLiteral(items)):
                yield from items
            case syntax.ExpressionTest(expression):
                yield expression
            case syntax.ComparisonTest("=" | "!=", operand):
                yield operand
            case _:
                pass


def _complaints(
    compared: Iterator[syntax.Expression] | Sequence[syntax.Expression], fact: Fact, source: Source
) -> Iterator[Diagnostic]:
    values = fact.one_of or ()
    for each in compared:
        if not isinstance(each, syntax.StringLiteral) or each.value in values:
            continue
        yield Diagnostic(
            "policy.unknown-value",
            message(
                "`{value}` is none of the values of `{name}`", value=each.value, name=fact.name
            ),
            each.span,
            source,
            did_you_mean(each.value, values)
            or message("there is: {names}", names=", ".join(f"`{value}`" for value in values)),
        )
