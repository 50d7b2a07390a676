"""Edges: where a comparison turns, a day is computed, a day begins, and what lies next to them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from policyeval.analysis.distinguishing.atoms import is_ordered
from policyeval.analysis.distinguishing.differences import Place, places
from policyeval.feel import syntax, types
from policyeval.feel.checker import Checked, check
from policyeval.feel.types import Type
from policyeval.policy.model import ValidPolicy
from policyeval.policy.yaml import place as place_of
from policyeval.source import Source, Span

Unit = Literal["day", "second", "month"]
Kind = Literal["comparison", "period", "months", "midnight", "calendar"]

_DAY, _SECOND, _MONTH = 'duration("P1D")', 'duration("PT1S")', 'duration("P1M")'
_UNITS: Final[Mapping[Type, str]] = {
    types.DATE: _DAY,
    types.DATE_AND_TIME: _SECOND,
    types.DAYS_AND_TIME_DURATION: _DAY,
    types.YEARS_AND_MONTHS_DURATION: _MONTH,
    types.NUMBER: "1",
}
_NAMED: Final[Mapping[str, Unit]] = {
    _DAY: "day",
    _SECOND: "second",
    _MONTH: "month",
}
_STRICTNESS: Final = {">": ">=", ">=": ">", "<": "<=", "<=": "<"}
_OUTWARD: Final = {">": "+", ">=": "-", "<": "-", "<=": "+"}
_TIMES: Final = frozenset({types.DATE, types.DATE_AND_TIME})
_OF_A_DAY: Final = frozenset(
    {"day of week", "day of year", "week of year", "month of year", "last day of month"}
)
_PARTS: Final = frozenset({"year", "month", "day", "weekday"})
_CLAMPS_AFTER: Final = 28


@dataclass(frozen=True, slots=True)
class Neighbour:
    """The formula with its edge moved: what it says of the edge, and the whole text."""

    shown: str
    text: str


@dataclass(frozen=True, slots=True)
class Edge:
    """A place in a formula from which on something else is so.

    Attributes:
        kind: `comparison`; `period`, a day computed from another; `months`, where the day computed
            may not exist in its month; `midnight`, where an instant's day changes; `calendar`, where
            a day's month, quarter or weekday does.
        node: What it is in the formula's text.
        text: Its text, as it stands.
        unit: By what it is moved; None: the last digit of an amount.
        neighbours: The formula as it would be with the edge beside where it is.
        span: Where it stands in the file.
    """

    place: Place
    kind: Kind
    node: syntax.Node = field(repr=False)
    text: str
    neighbours: tuple[Neighbour, ...]
    unit: Unit | None
    span: Span


def edges(valid: ValidPolicy) -> Iterator[Edge]:
    """Give every edge of a version, in the order of the file."""
    for place in places(valid.policy):
        yield from _Formula(valid, place).edges()


class _Formula:
    def __init__(self, valid: ValidPolicy, place: Place) -> None:
        self.valid = valid
        self.place = place
        self.text = place.formula.text
        self.checked = self._checked()

    def _checked(self) -> Checked:
        formula = self.place.formula
        found = self.valid.checked.get(formula)
        if found is not None:
            return found
        return check(formula.tree, self.valid.scope, Source(formula.text), "strict")

    def type_of(self, node: syntax.Expression) -> Type:
        return types.required(self.checked.type_of(node))

    def of(self, node: syntax.Node) -> str:
        """Give the text of a node, in brackets where its end is not its own."""
        written = self.text[node.span.start : node.span.end]
        match node:
            case (
                syntax.Name()
                | syntax.Path()
                | syntax.Call()
                | syntax.NumberLiteral()
                | syntax.TemporalLiteral()
            ):
                return written
            case _:
                return f"({written})"

    def edge(self, kind: Kind, node: syntax.Node, changes: list[tuple[Span, str]]) -> Edge | None:
        """Make an edge of what may stand in the place of some spans."""
        neighbours = [self.neighbour(node, [each]) for each in changes]
        return self.with_neighbours(kind, node, neighbours)

    def with_neighbours(self, kind: Kind, node: syntax.Node, found: list[Neighbour]) -> Edge | None:
        if not found:
            return None
        written = " ".join(self.text[node.span.start : node.span.end].split())
        span = place_of(self.place.formula.scalar, node.span)
        unit = next((each for text, each in _NAMED.items() if text in found[-1].shown), None)
        return Edge(self.place, kind, node, written, tuple(found), unit, span)

    def neighbour(self, node: syntax.Node, changes: list[tuple[Span, str]]) -> Neighbour:
        start, end = node.span.start, node.span.end
        shown = _spliced(
            self.text[start:end],
            [(Span(each.start - start, each.end - start), text) for each, text in changes],
        )
        return Neighbour(" ".join(shown.split()), _spliced(self.text, changes))

    # ------------------------------------------------------------ kinds of edges

    def edges(self) -> Iterator[Edge]:
        tree = self.place.formula.tree
        found: list[Edge | None] = []
        compared: set[int] = set()
        for node in syntax.walk(tree):
            match node:
                case syntax.Comparison(operator, left, right):
                    found.append(self._comparison(node, operator, left, right))
                    compared |= {id(left), id(right)}
                case syntax.ComparisonTest(operator, operand):
                    found.append(self._test(node, operator, operand))
                    compared.add(id(operand))
                case syntax.RangeLiteral():
                    found.append(self._range(node))
                case syntax.Between(_, low, high):
                    found.append(self._between(node, low, high))
                case syntax.Arithmetic("+" | "-", left, right) if self.type_of(node) in _TIMES:
                    if id(node) not in compared:
                        found.append(self._period(node))
                    found.append(self._months(node, left, right))
                    compared.add(id(left))  # moved by a day together with the whole
                case syntax.Call(syntax.Name("date"), (syntax.Argument(moment),)) if (
                    self.type_of(moment) == types.DATE_AND_TIME
                ):
                    found.append(self._moved("midnight", node, moment, _SECOND))
                case syntax.Call(syntax.Name(name), (syntax.Argument(day),)) if (
                    name in _OF_A_DAY and self.type_of(day) == types.DATE
                ):
                    found.append(self._moved("calendar", node, day, _DAY))
                case _:
                    pass
        found += self._parts()
        yield from (each for each in found if each is not None)

    def _comparison(
        self,
        node: syntax.Comparison,
        operator: str,
        left: syntax.Expression,
        right: syntax.Expression,
    ) -> Edge | None:
        type_ = self.type_of(left)
        if not is_ordered(type_) or not is_ordered(self.checked.type_of(right)):
            return None
        unit = self._unit(left, right)
        written = self.of(right)
        if operator in _STRICTNESS:
            return self.edge(
                "comparison",
                node,
                [
                    (node.operator_span, _STRICTNESS[operator]),
                    (right.span, f"{written} {_OUTWARD[operator]} {unit}"),
                ],
            )
        whole = node.span
        inside = f"{self.of(left)} in [{written}..{written} + {unit}]"
        before = f"{self.of(left)} in [{written} - {unit}..{written}]"
        if operator == "!=":
            inside, before = f"not({inside})", f"not({before})"
        return self.edge("comparison", node, [(whole, inside), (whole, before)])

    def _unit(self, *sides: syntax.Expression) -> str:
        """Give the unit that the edge is moved by: of money and rates the last digit that counts."""
        unit = _UNITS[self.type_of(sides[0])]
        if unit != "1":
            return unit
        digits = 0
        for side in sides:
            for node in syntax.walk(side):
                match node:
                    case syntax.NumberLiteral(value):
                        exponent = value.normalize().as_tuple().exponent
                        digits = max(digits, -exponent if isinstance(exponent, int) else 0)
                    case syntax.Name(name) if name in self.valid.policy.decisions:
                        money = self.valid.policy.decisions[name].format == "money"
                        digits = max(digits, 2 if money else 0)
                    case _:
                        pass
        return f"0.{'0' * (digits - 1)}1" if digits else "1"

    def _test(
        self, node: syntax.ComparisonTest, operator: str, operand: syntax.Expression
    ) -> Edge | None:
        if operator not in _STRICTNESS or not is_ordered(self.checked.type_of(operand)):
            return None
        start = self.text.index(operator, node.span.start)
        moved = f"{self.of(operand)} {_OUTWARD[operator]} {self._unit(operand)}"
        return self.edge(
            "comparison",
            node,
            [
                (Span(start, start + len(operator)), _STRICTNESS[operator]),
                (operand.span, moved),
            ],
        )

    def _range(self, node: syntax.RangeLiteral) -> Edge | None:
        if not is_ordered(self.checked.type_of(node.start)):
            return None
        first, last = node.span.start, node.span.end - 1
        unit = self._unit(node.start, node.end)
        start, end = node.start.span, node.end.span
        return self.edge(
            "comparison",
            node,
            [
                (Span(first, first + 1), "(" if node.start_included else "["),
                (start, f"{self.of(node.start)} {'-' if node.start_included else '+'} {unit}"),
                (Span(last, last + 1), ")" if node.end_included else "]"),
                (end, f"{self.of(node.end)} {'+' if node.end_included else '-'} {unit}"),
            ],
        )

    def _between(
        self, node: syntax.Between, low: syntax.Expression, high: syntax.Expression
    ) -> Edge | None:
        if not is_ordered(self.checked.type_of(low)):
            return None
        unit = self._unit(low, high)
        return self.edge(
            "comparison",
            node,
            [
                (each.span, f"{self.of(each)} {sign} {unit}")
                for each in (low, high)
                for sign in ("+", "-")
            ],
        )

    def _period(self, node: syntax.Arithmetic) -> Edge | None:
        unit = _UNITS[self.type_of(node)]
        whole = node.span
        written = self.of(node)
        return self.edge(
            "period", node, [(whole, f"{written} + {unit}"), (whole, f"{written} - {unit}")]
        )

    def _months(
        self, node: syntax.Arithmetic, left: syntax.Expression, right: syntax.Expression
    ) -> Edge | None:
        """Give what would be if a day that its month does not have ran over into the next one."""
        if (
            self.type_of(right) != types.YEARS_AND_MONTHS_DURATION
            or self.type_of(left) != types.DATE
            or _is_early(left)
        ):
            return None
        day = self.of(left)
        first = f"date({day}.year, {day}.month, 1)"
        over = f"{first} {node.operator} {self.of(right)} + {_DAY} * ({day}.day - 1)"
        return self.edge("months", node, [(node.span, f"({over})")])

    def _moved(
        self, kind: Kind, node: syntax.Node, moment: syntax.Expression, unit: str
    ) -> Edge | None:
        span = moment.span
        written = self.of(moment)
        return self.edge(kind, node, [(span, f"{written} + {unit}"), (span, f"{written} - {unit}")])

    def _parts(self) -> Iterator[Edge | None]:
        """Give the edges of what is computed from the year, the month and the day of days."""
        tree = self.place.formula.tree
        used: dict[str, list[syntax.Expression]] = {}
        for node in syntax.walk(tree):
            if isinstance(node, syntax.Path) and node.name in _PARTS:
                source = node.source
                if self.type_of(source) == types.DATE:
                    used.setdefault(self.of(source), []).append(source)
        for written, sources in used.items():
            around = _smallest_around(tree, sources)
            if around is None:
                continue
            moved = [
                [(each.span, f"({written} {sign} {_DAY})") for each in sources]
                for sign in ("+", "-")
            ]
            yield self.with_neighbours(
                "calendar", around, [self.neighbour(around, each) for each in moved]
            )


def _spliced(text: str, changes: list[tuple[Span, str]]) -> str:
    for span, written in sorted(changes, key=lambda each: each[0].start, reverse=True):
        text = text[: span.start] + written + text[span.end :]
    return text


def _is_early(day: syntax.Expression) -> bool:
    """Tell whether a day is one that every month has."""
    match day:
        case syntax.Call(
            syntax.Name("date"), (_, _, syntax.Argument(syntax.NumberLiteral(number)))
        ):
            return number <= _CLAMPS_AFTER
        case _:
            return False


def _smallest_around(
    tree: syntax.Expression | syntax.UnaryTests, nodes: list[syntax.Expression]
) -> syntax.Node | None:
    """Give the smallest part of a formula that holds some nodes, with what they are compared with."""
    wanted = {id(each) for each in nodes}
    best: syntax.Node | None = None
    for node in syntax.walk(tree):
        inside = {id(each) for each in syntax.walk(node)}
        if wanted <= inside and not isinstance(node, syntax.Path | syntax.Name | syntax.Argument):
            best = node
    return best
