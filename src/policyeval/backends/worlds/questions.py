"""Questions that are asked of what variables may be."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from policyeval.backends.worlds.variables import Assignment, Symbol, Variable


@dataclass(frozen=True, slots=True)
class Test:
    """A function of variables that is looked at in some worlds.

    Attributes:
        result: Gives what it comes to.
        gap: Gives how far its right side is above its left one; None where that is no time.
    """

    result: Callable[[Assignment], Hashable]
    gap: Callable[[Assignment], timedelta | None] | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """How two values compare, of which one is open.

    Attributes:
        signs: The variables, and how the test moves with them.
        plain: Whether it only asks if a text is equal to others.
        sides: The two values.
    """

    signs: Mapping[Variable, int]
    test: Test
    plain: bool = False
    sides: tuple[object, ...] = ()


@dataclass(frozen=True, slots=True)
class Composed:
    """What a formula, or a part of one, comes to in all worlds: a symbol of what is open.

    Attributes:
        steps: What it took to find out.
    """

    symbol: Symbol
    steps: int
