"""What is open, as variables: each has a domain, and belongs to a point that an answer can name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from policyeval.backends.worlds.domains import Domain, FreshText, Scale, Single, Stretch
from policyeval.evaluation.model import PointKind

OUTERMOST_FIRST: Final[Mapping[PointKind, int]] = {"fact": 0, "reading": 1, "act": 2, "event": 3}
"""The kinds of point, from those fixed first to those looked over last."""


@dataclass(frozen=True, slots=True, eq=False)
class Point:
    """Something that is open, as an answer names it; a log that may grow has several variables.

    Attributes:
        source: The fact or reading of the policy that it belongs to.
    """

    name: str
    kind: PointKind
    source: str


@dataclass(frozen=True, slots=True, eq=False)
class Variable:
    """One thing that differs between possible worlds.

    Attributes:
        rank: Its place among all variables, the outermost first.
        domain: What it may be.
        scale: Of the stretches in the domain.
        symbol: The variable as a value.
        options: Names of its values where an answer may list them.
    """

    point: Point
    rank: tuple[int, int]
    domain: Domain
    scale: Scale | None = None
    symbol: "Symbol" = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "symbol", Symbol({self: 1}, lambda known: known[self], plain=True))

    def at(self, place: int) -> object:
        """Give the value at a place of the scale."""
        assert self.scale is not None
        return self.scale.value(place)

    def of(self, part: Single | Stretch) -> object:
        """Give the value of a part that has only one."""
        if isinstance(part, Stretch):
            return self.at(part.low)
        value = part.value
        return value.text if isinstance(value, FreshText) else value


Assignment = Mapping[Variable, object]


class Symbol:
    """A value that is not decided yet: a function of variables.

    Attributes:
        signs: For each variable 1 if the value only grows with it, -1 if it only falls, else 0.
        evaluate: Gives the value for values of the variables; raises `Failure` if there is none.
        plain: Whether nothing but equality was asked of a text.
        year_of: The date that it is the year of, if that is known.
        within_year: The date with which it only grows as long as the year is the same, such as its
            month.
    """

    __slots__ = ("evaluate", "plain", "signs", "within_year", "year_of")

    def __init__(
        self,
        signs: Mapping[Variable, int],
        evaluate: Callable[[Assignment], object],
        *,
        plain: bool = False,
    ) -> None:
        self.signs = signs
        self.evaluate = evaluate
        self.plain = plain
        self.year_of: Symbol | None = None
        self.within_year: Symbol | None = None


class Undecided(Exception):
    """What is open has to be told apart further before there is a result."""


class Split(Undecided):
    """The worlds have to be split by a variable.

    Attributes:
        parts: Domains of the variable that together are its present one; of a `coarse` split
            only values that stand for all others.
        wild: Whether the parts are scattered, because of a function that goes up and down.
    """

    def __init__(
        self,
        variable: Variable,
        parts: tuple[Domain, ...],
        *,
        wild: bool = False,
        coarse: bool = False,
    ) -> None:
        super().__init__(variable.point.name)
        self.variable = variable
        self.parts = parts
        self.wild = wild
        self.coarse = coarse


class Unclear(Undecided):
    """No splitting helps: these worlds have no result that is known."""

    def __init__(self, variable: Variable) -> None:
        super().__init__(variable.point.name)
        self.variable = variable


def resolved(value: object, known: Assignment) -> object:
    """Give a value with the symbols in it replaced."""
    kind = type(value)
    if kind is Symbol:
        assert isinstance(value, Symbol)
        return value.evaluate(known)
    if kind is list:
        assert isinstance(value, list)
        return [resolved(each, known) for each in value]
    if kind is dict:
        assert isinstance(value, dict)
        return {name: resolved(each, known) for name, each in value.items()}
    return value


def symbols(value: object) -> list[Symbol]:
    """Give the symbols in a value."""
    kind = type(value)
    if kind is Symbol:
        assert isinstance(value, Symbol)
        return [value]
    if kind is list:
        assert isinstance(value, list)
        return [symbol for each in value for symbol in symbols(each)]
    if kind is dict:
        assert isinstance(value, dict)
        return [symbol for each in value.values() for symbol in symbols(each)]
    return []
