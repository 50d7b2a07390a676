"""Literals with another value: an amount, a day or a period one unit off, days for months, another text."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from policyeval.analysis.mutation.edits import Edit, Written
from policyeval.analysis.mutation.model import Operator
from policyeval.feel import syntax

_TEMPORAL: Final = frozenset({"date", "duration", "date and time", "time"})
_FUNCTIONS: Final[Mapping[str, str]] = {
    "min": "max",
    "max": "min",
    "floor": "ceiling",
    "ceiling": "floor",
    "round half up": "round half down",
    "round half down": "round half up",
    "round up": "round down",
    "round down": "round up",
}

Options = Mapping[str, Sequence[str]]
"""A name to the texts that it may be."""

_MOST_TEXTS = 2


def of_literals(formula: Written, node: syntax.Node, options: Options) -> Iterator[Edit]:
    """Give the changes of one node, if it is a literal or a function of one.

    Args:
        formula: What the node is part of.
        node: The node.
        options: Facts to what they may be.
    """
    match node:
        case syntax.BooleanLiteral(value):
            yield Edit("value", node.span, "false" if value else "true")
        case syntax.NumberLiteral(value):
            yield from _number(formula, node, value)
        case syntax.StringLiteral() if not _is_temporal(formula, node):
            for text in _texts(formula, node, options):
                yield Edit("value", node.span, text)
        case syntax.TemporalLiteral(text):
            for operator, other in (*_periods(text), *_days(text)):
                yield Edit(operator, node.span, f'@"{other}"')
        case syntax.Call(syntax.Name(name), (syntax.Argument(syntax.StringLiteral(text)),)) if (
            name in _TEMPORAL
        ):
            argument = node.arguments[0].value.span
            for operator, other in _periods(text) if name == "duration" else _days(text):
                yield Edit(operator, argument, f'"{other}"')
        case syntax.Call(syntax.Name(name)) if name in _FUNCTIONS:
            yield Edit("function", node.function.span, _FUNCTIONS[name])


def _number(formula: Written, node: syntax.NumberLiteral, value: Decimal) -> Iterator[Edit]:
    """Give the neighbours by the last digit; what is only asked to be equal needs one of them."""
    exponent = value.as_tuple().exponent
    unit = Decimal(1).scaleb(min(exponent, 0)) if isinstance(exponent, int) else Decimal(1)
    yield Edit("value", node.span, f"{value + unit:f}")
    if not _is_equated(formula, node):
        less = value - unit
        yield Edit("value", node.span, f"{less:f}" if less >= 0 else f"({less:f})")


def _is_equated(formula: Written, node: syntax.Expression) -> bool:
    match formula.above.get(id(node)):
        case syntax.Comparison("=" | "!="):
            return True
        case syntax.ExpressionTest() | syntax.ComparisonTest("=" | "!="):
            return True
        case _:
            return False


def _is_temporal(formula: Written, node: syntax.Node) -> bool:
    """Tell whether a text is what a day or a period is made from."""
    argument = formula.above.get(id(node))
    call = formula.above.get(id(argument)) if argument else None
    match call:
        case syntax.Call(syntax.Name(name)):
            return name in _TEMPORAL
        case _:
            return False


# ------------------------------------------------------------------------------- texts


def _texts(formula: Written, node: syntax.StringLiteral, options: Options) -> Iterator[str]:
    """Give other texts: of those that there can be, the next ones; or one that nobody has thought of."""
    compared = _compared_with(formula, node)
    if compared is None:
        yield _quoted(f"{node.value}?")
    elif compared in options:
        known = list(options[compared])
        at = known.index(node.value) if node.value in known else 0
        beside = _beside(formula, node)
        others = [each for each in (*known[at + 1 :], *known[:at]) if each not in beside]
        yield from map(_quoted, others[:_MOST_TEXTS])


def _compared_with(formula: Written, node: syntax.Node) -> str | None:
    """Give the name that a text is compared with; nothing if it is a result, or part of one."""
    above = formula.above.get(id(node))
    while isinstance(above, syntax.ExpressionTest | syntax.ListLiteral | syntax.ComparisonTest):
        above = formula.above.get(id(above))
    match above:
        case syntax.Comparison(_, syntax.Name(name), _) | syntax.Comparison(
            _, _, syntax.Name(name)
        ):
            return name
        case syntax.In(syntax.Name(name)):
            return name
        case syntax.Comparison() | syntax.In() | syntax.UnaryTests():
            return "?"
        case _:
            return None


def _beside(formula: Written, node: syntax.Node) -> frozenset[str]:
    """Give the texts that stand in the same list."""
    above: syntax.Node = node
    while not isinstance(above, syntax.In | syntax.Comparison | syntax.UnaryTests):
        above = formula.above[id(above)]
    return frozenset(
        each.value for each in syntax.walk(above) if isinstance(each, syntax.StringLiteral)
    )


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


# ------------------------------------------------------------------------------- days and periods

_PERIOD = re.compile(r"P(?:([0-9]{1,6})Y)?(?:([0-9]{1,6})M)?(?:([0-9]{1,6})D)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DAYS_OF_MONTH: Final = 30
_DAYS_OF_YEAR: Final = 365


def _periods(text: str) -> Iterator[tuple[Operator, str]]:
    """Give periods one unit longer and shorter, and the one that is as long in days or in months."""
    match = _PERIOD.fullmatch(text)
    if match is None or text == "P":
        return
    years, months, days = (int(each) if each else 0 for each in match.groups())
    if match[3] is None:
        whole = 12 * years + months
        for each in (whole + 1, whole - 1):
            if each >= 0:
                yield "boundary", f"P{each}M"
        in_days = whole // 12 * _DAYS_OF_YEAR + whole % 12 * _DAYS_OF_MONTH
        yield "unit", f"P{in_days}D"
    elif match[1] is None and match[2] is None:
        for each in (days + 1, days - 1):
            if each >= 0:
                yield "boundary", f"P{each}D"
        if days and days % _DAYS_OF_YEAR == 0:
            yield "unit", f"P{days // _DAYS_OF_YEAR}Y"
        elif days and days % _DAYS_OF_MONTH == 0:
            yield "unit", f"P{days // _DAYS_OF_MONTH}M"


def _days(text: str) -> Iterator[tuple[Operator, str]]:
    """Give the days after and before."""
    if not _DATE.fullmatch(text[:10]):
        return
    try:
        day = date.fromisoformat(text[:10])
        others = [day + _ONE, day - _ONE]
    except (ValueError, OverflowError):
        return
    for other in others:
        yield "boundary", f"{other.isoformat()}{text[10:]}"


_ONE: Final = timedelta(days=1)
