"""Which numbers of an expression are small whole numbers, whatever the values of its variables.

The parts of a date are, and so is what is computed from them: `3 * floor((day.month - 1) / 3) + 1`
lies between 1 and 10. Such numbers can be computed with Python's integers, which give exactly what
34-digit decimals give as long as they stay below `LIMIT`.
"""

from collections.abc import Callable, Mapping, Sequence

from policyeval.feel import numbers, syntax, types
from policyeval.feel.types import Type

Bounds = tuple[int, int]
"""The least and the greatest value that a number can have."""

LIMIT = 10**15

PARTS: Mapping[str, Bounds] = {
    "year": (1, 9999),
    "month": (1, 12),
    "day": (1, 31),
    "hour": (0, 23),
    "minute": (0, 59),
    "weekday": (1, 7),
}
"""The whole-numbered parts of a date, or of a date and time."""

_OF_A_TIME = frozenset({"hour", "minute"})
_LENGTH: Bounds = (0, 10**9)


class Integers:
    """The bounds of the whole numbers of one expression, each found once."""

    def __init__(
        self,
        type_of: Callable[[syntax.Node], Type],
        called: Callable[[syntax.Call], str | None],
    ) -> None:
        """Take two questions about the expression.

        Args:
            type_of: The static type of a node.
            called: The name of the built-in that a call calls by position, if it does.
        """
        self._type_of = type_of
        self._called = called
        self._found: dict[int, Bounds | None] = {}

    def bounds(self, node: syntax.Expression) -> Bounds | None:
        """Give a node's bounds; None if it may be other than a small whole number."""
        if id(node) not in self._found:
            found = self._bounds(node)
            if found is not None and max(map(abs, found)) > LIMIT:
                found = None
            self._found[id(node)] = found
        return self._found[id(node)]

    def _bounds(self, node: syntax.Expression) -> Bounds | None:
        match node:
            case syntax.NumberLiteral(value):
                whole = numbers.to_int(value, LIMIT)
                return None if whole is None else (whole, whole)
            case syntax.Negation(operand):
                inner = self.bounds(operand)
                return None if inner is None else (-inner[1], -inner[0])
            case syntax.Path(source, name):
                return self._part(source, name)
            case syntax.Arithmetic(("+" | "-" | "*") as operator, left, right):
                first, second = self.bounds(left), self.bounds(right)
                if first is None or second is None:
                    return None
                return _computed(operator, first, second)
            case syntax.Call(_, arguments):
                called = self._called(node)
                return None if called is None else self._call(called, [a.value for a in arguments])
            case _:
                return None

    def _part(self, source: syntax.Expression, name: str) -> Bounds | None:
        kind = self._type_of(source)
        if kind == types.DATE_AND_TIME or (kind == types.DATE and name not in _OF_A_TIME):
            return PARTS.get(name)
        return None

    def _call(self, name: str, arguments: Sequence[syntax.Expression]) -> Bounds | None:
        match name, arguments:
            case (("floor" | "ceiling"), [syntax.Arithmetic("/", left, right)]):
                top, bottom = self.bounds(left), self.bounds(right)
                if top is None or bottom is None or bottom[0] <= 0:
                    return None
                if name == "floor":
                    return _quotient(top, bottom)
                # Rounding up is rounding down on the other side of zero.
                low, high = _quotient((-top[1], -top[0]), bottom)
                return -high, -low
            case (("floor" | "ceiling"), [argument]):
                return self.bounds(argument)
            case "modulo", [dividend, divisor]:
                top, bottom = self.bounds(dividend), self.bounds(divisor)
                if top is None or bottom is None or bottom[0] <= 0:
                    return None
                return 0, bottom[1] - 1
            case "count", [listed] if isinstance(self._type_of(listed), types.ListOf):
                return _LENGTH
            case "string length", [text] if self._type_of(text) == types.STRING:
                return _LENGTH
            case _:
                return None


def _computed(operator: str, left: Bounds, right: Bounds) -> Bounds:
    if operator == "+":
        return left[0] + right[0], left[1] + right[1]
    if operator == "-":
        return left[0] - right[1], left[1] - right[0]
    products = [a * b for a in left for b in right]
    return min(products), max(products)


def _quotient(top: Bounds, bottom: Bounds) -> Bounds:
    """Give the bounds of `top // bottom`, where `bottom` is positive."""
    quotients = [a // b for a in top for b in bottom]
    return min(quotients), max(quotients)
