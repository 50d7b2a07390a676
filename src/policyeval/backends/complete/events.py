"""What formulas ask of events, written so that those that have happened are asked at once.

The moment of an event that has not happened is None in the function, and a `Later` to everything that
computes with it. Most often it is compared with a day that is over when it is asked about; that is
decided here without making a `Later`.
"""

import ast
from collections.abc import Callable, Mapping
from copy import deepcopy
from datetime import date, datetime
from typing import cast

from policyeval.backends.python.moments import Later, Moment
from policyeval.feel.compiler import make_function
from policyeval.feel.lowering.emit import Pool, call, choose, compare, is_not, literal, load

_MOST_DAYS = 65_536

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


UNCLEAR = Moment()
"""What is not known of an entry still to come: everything that is done with it is undetermined."""


class Events(ast.NodeTransformer):
    """Writes what an expression asks of events, and reads the days of moments where they are known.

    Attributes:
        days: Variables of moments to those that hold the moments' days.
        pending: Variables of events, and of their days: None if they have not happened.
        happened: Such variables of which it is known by now that they have.
        remembers: Whether what is computed from the day of an event is remembered.
    """

    remembers = True

    def __init__(
        self,
        days: dict[str, str],
        pending: set[str],
        pool: Pool,
        asked_on: str,
        first_moment: Callable[[date], datetime],
    ) -> None:
        self.days = days
        self.pending = pending
        self.happened: set[str] = set()
        self._pool = pool
        self._asked_on = asked_on

        self._never: set[str] = set()
        self._entries: dict[str, tuple[str, str]] = {}

        def later_moment(day: date) -> Later:
            return Later(first_moment(day))

        self._later_moment = later_moment

    def variable(self, node: ast.expr) -> str | None:
        """Give the variable that an expression is nothing but, be it a moment's day."""
        if isinstance(node, ast.Name) and node.id not in self._pool.values:
            return node.id
        return self._day(node)

    def remembered(self, node: ast.expr, file: str) -> ast.expr | None:
        """Write what depends on the day of one event only: computed once for each day, and remembered.

        Calendars take half of the time of code that computes with days, which are few.
        """
        if not self.remembers or not any(isinstance(each, ast.Call) for each in ast.walk(node)):
            return None
        renamed = _Renamed(self)
        of_a_day = renamed.visit(deepcopy(node))
        event = next(iter(renamed.events), None)
        if event is None or event in self.days or renamed.others or len(renamed.events) > 1:
            return None
        function = ast.FunctionDef("sum", _arguments(_A_DAY), [ast.Return(of_a_day)], [])
        remembered = _Remembered(make_function(function, dict(self._pool.values), file))
        found = ast.Subscript(self._pool.name(remembered), load(event), ast.Load())
        if event in self.happened:
            return found
        return choose(is_not(load(event), None), found, self.visit(node))

    def has_happened(self, variable: str) -> tuple[str, ...]:
        """Take in that an event has happened for certain; give its variable, and that of its day.

        Args:
            variable: One of the two.
        """
        of_day = next((each for each, day in self.days.items() if day == variable), variable)
        found = tuple(dict.fromkeys((of_day, self.days.get(of_day, of_day))))
        self.pending.difference_update(found)
        self.happened.update(found)
        return found

    def never(self, variable: str, *, moment: bool) -> str:
        """Let a variable stand for an event that has not happened, which then needs no variable."""
        self._never.add(variable)
        if moment:
            self.days[variable] = variable + "d"
            self._never.add(variable + "d")
        return variable

    def entry_to_come(self, variable: str, log: str, moment: str) -> str:
        """Let a variable stand for an entry still to come, of which the moment stands for itself."""
        self._entries[variable] = log, moment
        return variable

    def expression(self, node: ast.expr) -> ast.expr:
        """Write what an expression asks of events."""
        return cast(ast.expr, self.visit(node))

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
        if not isinstance(node.ctx, ast.Load):
            return node
        if node.id in self._entries:
            return self._pool.name(UNCLEAR)
        if node.id in self.pending or node.id in self._never:
            return self._if_happened(node.id, load(node.id), self._later(node.id))
        return node

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        """Read the moment of an entry still to come."""
        name = self._named(node)
        if name is not None:
            return self.visit_Name(load(name))
        self.generic_visit(node)
        return node

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
                never = self._still_to_come(other, _MIRRORED[operator], self._plain(one))
                return self._if_happened(other, both, never)
            if one is not None:
                return self._compared(one, operator, self.visit(right))
            if other is not None:
                return self._compared(other, _MIRRORED[operator], self.visit(left))
        self.generic_visit(node)
        return node

    def _compared(self, event: str, operator: type[ast.cmpop], other: ast.expr) -> ast.expr:
        """Compare an event with a moment that is known, or with what a formula gives."""
        happened = compare(load(event), operator(), other)
        return self._if_happened(event, happened, self._still_to_come(event, operator, other))

    def _still_to_come(self, event: str, operator: type[ast.cmpop], other: ast.expr) -> ast.expr:
        """Compare an event that has not happened."""
        later = compare(self._later(event), operator(), other)
        name = other.id if isinstance(other, ast.Name) else ""
        day = self.days.get(name) if event in self.days else name
        if not day:
            return later
        over = compare(load(self._asked_on), ast.Gt(), load(day))
        return choose(over, literal(_AFTER[operator]), later)

    def _if_happened(self, event: str, happened: ast.expr, otherwise: ast.expr) -> ast.expr:
        if event in self._never:
            return otherwise
        return choose(is_not(load(event), None), happened, otherwise)

    def _plain(self, event: str) -> ast.expr:
        """Read an event's variable; None has no order, which ends what compares it."""
        return self._later(event) if event in self._never else load(event)

    def _event(self, node: ast.expr) -> str | None:
        """Give the variable of an event's moment, or of its day, if that is what stands there."""
        name = self._named(node) or self._day(node)
        return name if name in self.pending or name in self._never else None

    def _named(self, node: ast.expr) -> str | None:
        """Give the variable that is read, if one is."""
        if isinstance(node, ast.Name):
            return node.id
        if not isinstance(node, ast.Subscript) or not isinstance(node.value, ast.Name):
            return None
        log, moment = self._entries.get(node.value.id, ("", None))
        key = node.slice
        return moment if isinstance(key, ast.Constant) and key.value == log else None

    def _day(self, node: ast.expr) -> str | None:
        """Give the variable of a day that is asked of a moment."""
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "date"
            and not node.args
        ):
            return self.days.get(self._named(node.func.value) or "")
        return None

    def _later(self, variable: str) -> ast.expr:
        """Write what stands for an event that has not happened."""
        of = self._later_moment if variable in self.days else Later
        return call(self._pool.name(of), load(self._asked_on))


_A_DAY = "d"


def _arguments(name: str) -> ast.arguments:
    return ast.arguments([], [ast.arg(name)], None, [], [], None, [])


class _Renamed(ast.NodeTransformer):
    """Names the only event of an expression otherwise.

    Attributes:
        events: The variables of events, and of their days, that there are.
        others: Whether there is anything else that may differ.
    """

    def __init__(self, events: Events) -> None:
        self._of = events
        self.events: set[str] = set()
        self.others = False
        self._set: set[str] = set()

    def visit_NamedExpr(self, node: ast.NamedExpr) -> ast.NamedExpr:
        self._set.add(node.target.id)
        self.generic_visit(node)
        return node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        day = self._of.variable(node)
        if day is not None:
            return self.visit_Name(load(day))
        self.generic_visit(node)
        return node

    def visit_Lambda(self, node: ast.Lambda) -> ast.Lambda:
        self.others = True
        return node

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id in self._of.pending or node.id in self._of.happened:
            self.events.add(node.id)
            return load(_A_DAY)
        if node.id not in self._set and self._of.variable(node) is not None:
            self.others = True
        return node


class _Remembered(dict[date, object]):
    """What is computed from a day, found out when it is first asked for."""

    __slots__ = ("_of",)

    def __init__(self, of: Callable[[date], object]) -> None:
        super().__init__()
        self._of = of

    def __missing__(self, day: date) -> object:
        found = self._of(day)
        if len(self) < _MOST_DAYS:
            self[day] = found
        return found
