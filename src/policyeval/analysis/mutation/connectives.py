"""Conditions negated, parts of them dropped, `and` for `or`, `some` for `every`, branches exchanged."""

from collections.abc import Iterator, Sequence

from policyeval.analysis.mutation.edits import Edit, Written, grouped
from policyeval.feel import syntax, types
from policyeval.source import Span


def of_connectives(formula: Written, node: syntax.Node) -> Iterator[Edit]:
    """Give the changes of one node, if it joins conditions, or is one."""
    if isinstance(node, syntax.Expression) and _is_condition(formula, node):
        yield from _negated(formula, node)
    match node:
        case syntax.Conjunction(operands):
            yield Edit("connective", node.span, _joined(formula, operands, "or"))
            yield from _dropped(formula, node.span, operands, "and")
        case syntax.Disjunction(operands):
            yield Edit("connective", node.span, _joined(formula, operands, "and"))
            yield from _dropped(formula, node.span, operands, "or")
        case syntax.In(value, tests) if len(tests) > 1:
            for index in range(len(tests)):
                rest = ", ".join(map(formula.of, (*tests[:index], *tests[index + 1 :])))
                yield Edit("dropped-part", node.span, f"{formula.of(value)} in ({rest})")
        case syntax.UnaryTests(tests, negated):
            yield from _of_cell(formula, node, tests, negated)
        case syntax.Quantified(quantifier):
            start, other = node.span.start, "every" if quantifier == "some" else "some"
            yield Edit("quantifier", Span(start, start + len(quantifier)), other)
        case syntax.Filter(source):
            yield Edit("dropped-part", node.span, formula.of(source))
        case syntax.If(condition, consequence, alternative):
            parts = map(formula.of, (condition, alternative, consequence))
            yield Edit("branches", node.span, "if {} then {} else {}".format(*parts))
        case _:
            pass


def _is_condition(formula: Written, node: syntax.Expression) -> bool:
    """Tell whether a node is a condition as a whole, or one that others are joined with."""
    above = formula.above.get(id(node))
    if isinstance(node, syntax.BooleanLiteral) or formula.type_of(node) != types.BOOLEAN:
        return False
    match above:
        case None | syntax.Conjunction() | syntax.Disjunction():
            return True
        case (
            syntax.If(condition) | syntax.Quantified(_, _, condition) | syntax.Filter(_, condition)
        ):
            return condition is node
        case _:
            return False


def _negated(formula: Written, node: syntax.Expression) -> Iterator[Edit]:
    match node:
        case syntax.Comparison():
            return  # made stricter, laxer and the other way round
        case syntax.Call(syntax.Name("not"), (syntax.Argument(inner),)) if inner.span != node.span:
            yield Edit("negated", node.span, _operand(formula, inner))
        case _:
            yield Edit("negated", node.span, f"not({formula.of(node)})")


def _joined(formula: Written, operands: Sequence[syntax.Expression], word: str) -> str:
    if len(operands) == 1:
        return formula.of(operands[0])
    return f" {word} ".join(_operand(formula, each) for each in operands)


def _operand(formula: Written, node: syntax.Expression) -> str:
    """Give an operand of `and` and `or`: comparisons need no brackets there."""
    if isinstance(node, syntax.Comparison | syntax.Between | syntax.In | syntax.InstanceOf):
        return formula.of(node)
    return grouped(formula, node)


def _dropped(
    formula: Written, span: Span, operands: Sequence[syntax.Expression], word: str
) -> Iterator[Edit]:
    for index in range(len(operands)):
        rest = (*operands[:index], *operands[index + 1 :])
        yield Edit("dropped-part", span, _joined(formula, rest, word))


def _of_cell(
    formula: Written, node: syntax.UnaryTests, tests: Sequence[syntax.Test], negated: bool
) -> Iterator[Edit]:
    """Change a table's cell as a whole."""
    if not tests:
        return
    written = list(map(formula.of, tests))
    if len(tests) > 1:
        for index in range(len(tests)):
            rest = ", ".join((*written[:index], *written[index + 1 :]))
            yield Edit("dropped-part", node.span, f"not({rest})" if negated else rest)
    every = ", ".join(written)
    yield Edit("negated", node.span, every if negated else f"not({every})")
    yield Edit("dropped-part", node.span, "-")
