"""The facts of a transaction, read and checked by code that is written for one policy.

A value of exactly the type that is declared is taken; null, and what is left out, as they are declared.
Everything else that a caller may give (a day as a text, an object that says what is unknown, a
mistake) ends the function: who reads facts in general knows what it is.
"""

import ast
from collections.abc import Callable
from datetime import date, datetime, timezone
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from policyeval.backends.python.inputs import unclear
from policyeval.backends.python.lowering import PolicyLowering
from policyeval.backends.python.moments import Later
from policyeval.facts.clock import Clock
from policyeval.facts.reading import reader_of
from policyeval.facts.run import Run
from policyeval.facts.scalars import FIRST_DAY, LAST_DAY, number, text
from policyeval.feel import types
from policyeval.feel.lowering.emit import (
    assign,
    attribute,
    both,
    call,
    compare,
    literal,
    load,
    negated,
)
from policyeval.policy.model import Fact

FACTS, ASKED_ON, GET, COUNT = "f", "a", "g", "n"
"""Variables of the function: the facts, the day asked on, and two of its own."""

_SHORT = 4_096
_MOST_MOMENTS = 65_536


class NotWrittenError(Exception):
    """Something of the terms is not written as code here."""


class NotForUsError(Exception):
    """Something about a transaction is for those to answer who can do everything."""


class Left:
    """Stands for a fact that was left out."""


LEFT = Left()


def give_up() -> list[ast.stmt]:
    """Write that this transaction is for others to answer."""
    return [ast.Return(literal(None))]


class Reading:
    """Writes the reading of facts into a function.

    Attributes:
        variables: Fact to the variable that holds its value: a `Later` for an event that has not
            happened, `LEFT` for an act that is not recorded and may be open.
    """

    def __init__(self, lowering: PolicyLowering, clock: Clock, facts: tuple[Fact, ...]) -> None:
        self._lowering = lowering
        self._clock = clock
        self._facts = facts
        self.variables: dict[str, str] = {}

    def write(self) -> None:
        """Write it where the lowering stands.

        Raises:
            NotWrittenError: A fact is of a kind that is not read here.
        """
        self._emit(assign(GET, attribute(load(FACTS), "get")), assign(COUNT, literal(0)))
        for fact in self._facts:
            self._one(fact)
        every = compare(load(COUNT), ast.NotEq(), call(self._constant(len), load(FACTS)))
        self._emit(ast.If(every, give_up(), []))

    def _one(self, fact: Fact) -> None:
        variable = self.variables[fact.name] = self._lowering.fresh("v")
        got = call(load(GET), literal(fact.name), self._constant(LEFT))
        otherwise = [ast.If(self._is(variable, LEFT), self._left_out(fact, variable), give_up())]
        if fact.kind in {"event", "act"} or types.may_be_null(fact.type):
            nothing = [_count(), *self._nothing(fact, variable)]
            otherwise = [ast.If(self._is(variable, None), nothing, list[ast.stmt](otherwise))]
        good, then = self._taken(fact, variable)
        self._emit(
            assign(variable, got), ast.If(good, [_count(), *then], list[ast.stmt](otherwise))
        )

    # ------------------------------------------------------------ values

    def _taken(self, fact: Fact, variable: str) -> tuple[ast.expr, list[ast.stmt]]:
        """Give when a value is taken, and what is done with it."""
        kind = types.required(fact.type)
        value = load(variable)
        if kind == types.BOOLEAN:
            return self._of_type(variable, bool), []
        if kind == types.STRING and fact.one_of is not None:
            # Those written in another Unicode form are known to who reads facts in general.
            known = compare(value, ast.In(), self._constant(frozenset(fact.one_of)))
            return both(self._of_type(variable, str), known), []
        if kind == types.STRING:
            plain = call(attribute(value, "isascii"))
            short = compare(call(self._constant(len), value), ast.LtE(), literal(_SHORT))
            read = assign(variable, call(self._constant(text), value))
            return self._of_type(variable, str), [ast.If(negated(both(plain, short)), [read], [])]
        if kind == types.NUMBER:
            read = assign(variable, call(self._constant(number), value))
            return self._of_type(variable, Decimal), [read]
        if kind == types.DATE:
            last = load(ASKED_ON) if fact.kind == "event" else self._constant(LAST_DAY)
            within = ast.Compare(self._constant(FIRST_DAY), [ast.LtE(), ast.LtE()], [value, last])
            return both(self._of_type(variable, date), within), []
        if kind == types.DATE_AND_TIME:
            read = assign(variable, call(self._constant(moment_reader(self._clock)), value))
            then: list[ast.stmt] = [read]
            if fact.kind == "event":
                day = call(attribute(load(variable), "date"))
                then.append(ast.If(compare(day, ast.Gt(), load(ASKED_ON)), give_up(), []))
            return self._of_type(variable, datetime), then
        if fact.kind == "event" or fact.act is not None:
            raise NotWrittenError
        read_list = self._constant(list_reader(fact, self._clock))
        listed = assign(variable, call(read_list, value, load(ASKED_ON)))
        return self._of_type(variable, list), [listed]

    def _nothing(self, fact: Fact, variable: str) -> list[ast.stmt]:
        """Write what null is: of an event a moment still to come, of an act perhaps one, too."""
        if fact.kind == "act":
            return [assign(variable, self._constant(LEFT))]
        if fact.kind != "event":
            return []
        first: ast.expr = load(ASKED_ON)
        if types.required(fact.type) == types.DATE_AND_TIME:
            first = call(self._constant(first_moment(self._clock)), first)
        return [assign(variable, call(self._constant(Later), first))]

    def _left_out(self, fact: Fact, variable: str) -> list[ast.stmt]:
        if fact.presume is None:
            return [ast.Pass()] if fact.kind == "act" else give_up()
        value = fact.presume.value
        if fact.kind == "event" and value is None:
            return self._nothing(fact, variable)
        if fact.kind == "event":
            return give_up()
        none = value is None or isinstance(value, bool)
        return [assign(variable, literal(value) if none else self._constant(value))]  # type: ignore[arg-type]

    # ------------------------------------------------------------ writing

    def _of_type(self, variable: str, kind: type) -> ast.expr:
        own = call(self._constant(type), load(variable))
        return compare(own, ast.Is(), self._constant(kind))

    def _is(self, variable: str, value: object) -> ast.expr:
        one = literal(None) if value is None else self._constant(value)
        return compare(load(variable), ast.Is(), one)

    def _constant(self, value: object) -> ast.expr:
        return self._lowering.pool.name(value)

    def _emit(self, *statements: ast.stmt) -> None:
        self._lowering.frame.block += statements


def _count() -> ast.stmt:
    return ast.AugAssign(ast.Name(COUNT, ast.Store()), ast.Add(), literal(1))


# ------------------------------------------------------------------------------- moments


def moment_reader(clock: Clock) -> Callable[[datetime], object]:
    """Give what reads moments by a clock; the latest it has read are remembered."""
    remembered = lru_cache(_MOST_MOMENTS)(clock.moment)

    def read(given: datetime) -> object:
        # Two moments that only `fold` tells apart are equal to Python, and a zone of somebody
        # else's making may do anything.
        if given.fold or type(given.tzinfo) not in _ZONES:
            raise NotForUsError
        return remembered(given)

    return read


def first_moment(clock: Clock) -> Callable[[date], datetime]:
    """Give what says when a day begins."""
    return lambda day: clock.bounds(day)[0]


def list_reader(fact: Fact, clock: Clock) -> Callable[[object, date], object]:
    """Give what reads a list in general, and takes it if all of it is known."""
    reader = reader_of(fact, clock)

    def read(given: object, asked_on: date) -> object:
        run = Run(asked_on, clock)
        value = reader.read(given, fact.name, (fact.name,), run)
        if run.problems.found or unclear(value):
            raise NotForUsError
        return value

    return read


_ZONES = frozenset({type(None), timezone, ZoneInfo})
