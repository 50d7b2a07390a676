"""Comparisons made stricter, laxer or the other way round, and their edges moved by one unit."""

from collections.abc import Iterator, Mapping
from typing import Final

from policyeval.analysis.mutation.edits import Edit, Written, grouped
from policyeval.feel import syntax, types
from policyeval.feel.syntax import ComparisonOperator
from policyeval.source import Span

_OTHERS: Final[Mapping[ComparisonOperator, tuple[ComparisonOperator, ...]]] = {
    ">": (">=", "<"),
    ">=": (">", "<="),
    "<": ("<=", ">"),
    "<=": ("<", ">="),
    "=": ("!=",),
    "!=": ("=",),
}

# Where strictness has moved the edge by one unit the one way, this moves it the other way.
_OUTWARD: Final[Mapping[ComparisonOperator, str]] = {">": "+", ">=": "-", "<": "-", "<=": "+"}

_DAY, _MONTH = 'duration("P1D")', 'duration("P1M")'
_UNITS: Final[Mapping[types.Type, str]] = {
    types.DATE: _DAY,
    types.DATE_AND_TIME: _DAY,
    types.DAYS_AND_TIME_DURATION: _DAY,
    types.YEARS_AND_MONTHS_DURATION: _MONTH,
    types.NUMBER: "1",
}


def of_comparisons(formula: Written, node: syntax.Node) -> Iterator[Edit]:
    """Give the changes of one node, if it compares anything."""
    match node:
        case syntax.Comparison(operator, left, right):
            yield from _operator(operator, node.operator_span)
            yield from _edge(formula, operator, left, right)
        case syntax.ComparisonTest(operator, operand) | syntax.ComparisonRange(operator, operand):
            start = formula.text.index(operator, node.span.start)
            yield from _operator(operator, Span(start, start + len(operator)))
            yield from _edge(formula, operator, operand, operand)
        case syntax.RangeLiteral(_, _, start_included, end_included):
            first, last = node.span.start, node.span.end - 1
            opening, closing = ("(" if start_included else "["), (")" if end_included else "]")
            yield Edit("brackets", Span(first, first + 1), opening)
            yield Edit("brackets", Span(last, last + 1), closing)
            yield from _moved(formula, node.start, "-")
            yield from _moved(formula, node.end, "+")
        case syntax.Between(value, low, high):
            parts = formula.of(value), formula.of(low), formula.of(high)
            yield Edit("brackets", node.span, "{} in ({}..{}]".format(*parts))
            yield Edit("brackets", node.span, "{} in [{}..{})".format(*parts))
            yield from _moved(formula, low, "-")
            yield from _moved(formula, high, "+")
        case _:
            pass


def _operator(operator: ComparisonOperator, span: Span) -> Iterator[Edit]:
    for other in _OTHERS[operator]:
        yield Edit("comparison", span, other)


def _edge(
    formula: Written,
    operator: ComparisonOperator,
    left: syntax.Expression,
    right: syntax.Expression,
) -> Iterator[Edit]:
    if operator in _OUTWARD and not _has_literal(left):
        yield from _moved(formula, right, _OUTWARD[operator])


def _moved(formula: Written, node: syntax.Expression, sign: str) -> Iterator[Edit]:
    """Move an end by one unit, unless a literal in it can be changed instead."""
    unit = _UNITS.get(formula.type_of(node))
    if unit is not None and not _has_literal(node):
        yield Edit("boundary", node.span, f"{grouped(formula, node)} {sign} {unit}")


def _has_literal(node: syntax.Expression) -> bool:
    """Tell whether an amount, a day or a period in it is changed by itself."""
    return any(
        isinstance(each, syntax.NumberLiteral | syntax.TemporalLiteral | syntax.StringLiteral)
        for each in syntax.walk(node)
    )
