"""What formulas ask of events, written so that those that have happened are asked at once.

The moment of an event that has not happened is None in the function, and a `Later` to everything that
computes with it. Most often it is compared with a day that is over when it is asked about; that is
decided here without making a `Later`.
"""

import ast
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime

from policyeval.backends.python.moments import Later
from policyeval.feel.lowering.emit import Pool, call, choose, compare, is_not, literal, load

_MIRRORED: Mapping[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.Gt,
    ast.LtE: ast.GtE,
    ast.Gt: ast.Lt,
    ast.GtE: ast.LtE,
    ast.Eq: ast.Eq,
    ast.NotEq: ast.NotEq,
}

_AFTER: Mapping[type[ast.cmpop], bool] = {
    ast.Lt: False,
    ast.LtE: False,
    ast.Gt: True,
    ast.GtE: True,
    ast.Eq: False,
    ast.NotEq: True,
}
"""How a moment compares with an earlier one."""


class Events(ast.NodeTransformer):
    """Writes what an expression asks of events, and reads the days of moments where they are known.

    Attributes:
        days: Variables of moments to those that hold the moments' days.
        pending: Variables of events, and of their days: None if they have not happened.
    """

    def __init__(
        self,
        days: Mapping[str, str],
        pending: Collection[str],
        pool: Pool,
        asked_on: str,
        first_moment: Callable[[date], datetime],
    ) -> None:
        self.days = days
        self.pending = pending
        self._pool = pool
        self._asked_on = asked_on

        def later_moment(day: date) -> Later:
            return Later(first_moment(day))

        self._later_moment = later_moment

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        """Leave functions alone but for the values that they are given: those are no variables here."""
        node.args.defaults = [self.visit(each) for each in node.args.defaults]
        return node

    def visit_Lambda(self, node: ast.Lambda) -> ast.Lambda:
        """Leave functions alone but for the values that they are given."""
        node.args.defaults = [self.visit(each) for each in node.args.defaults]
        return node

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """Write the moment of an event, or what stands for it."""
        if node.id not in self.pending or not isinstance(node.ctx, ast.Load):
            return node
        return choose(is_not(node, None), load(node.id), self._later(node.id))

    def visit_Call(self, node: ast.Call) -> ast.expr:
        """Read the day of a moment where it is known already."""
        day = self._day(node)
        if day is not None:
            return self.visit_Name(load(day))
        self.generic_visit(node)
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        """Compare the moment of an event; where that has not happened, it lies after days that are over."""
        operator = type(node.ops[0])
        if len(node.ops) == 1 and operator in _MIRRORED:
            left, right = node.left, node.comparators[0]
            one, other = self._event(left), self._event(right)
            if one is not None and other is not None:
                both = self._compared(one, operator, load(other))
                never = self._still_to_come(other, _MIRRORED[operator], load(one))
                return choose(is_not(load(other), None), both, never)
            if one is not None:
                return self._compared(one, operator, self.visit(right))
            if other is not None:
                return self._compared(other, _MIRRORED[operator], self.visit(left))
        self.generic_visit(node)
        return node

    def _compared(self, event: str, operator: type[ast.cmpop], other: ast.expr) -> ast.expr:
        """Compare an event with a moment that is known, or with what a formula gives."""
        happened = compare(load(event), operator(), other)
        later = self._still_to_come(event, operator, other)
        return choose(is_not(load(event), None), happened, later)

    def _still_to_come(self, event: str, operator: type[ast.cmpop], other: ast.expr) -> ast.expr:
        """Compare an event that has not happened."""
        later = compare(self._later(event), operator(), other)
        name = other.id if isinstance(other, ast.Name) else ""
        day = self.days.get(name) if event in self.days else name
        if not day:
            return later
        over = compare(load(self._asked_on), ast.Gt(), load(day))
        return choose(over, literal(_AFTER[operator]), later)

    def _event(self, node: ast.expr) -> str | None:
        """Give the variable of an event's moment, or of its day, if that is what stands there."""
        name = node.id if isinstance(node, ast.Name) else self._day(node)
        return name if name in self.pending else None

    def _day(self, node: ast.expr) -> str | None:
        """Give the variable of a day that is asked of a moment."""
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "date"
            and isinstance(node.func.value, ast.Name)
            and not node.args
        ):
            return self.days.get(node.func.value.id)
        return None

    def _later(self, variable: str) -> ast.expr:
        """Write what stands for an event that has not happened."""
        of = self._later_moment if variable in self.days else Later
        return call(self._pool.name(of), load(self._asked_on))
