"""The facts of a transaction, read and checked by code that is written for one policy.

What is left out is put in at once, and all values are taken out at once; that their types are those
that are declared is told by looking at all types together, which are few combinations in the life
of a program. A value of exactly the type that is declared is taken. Everything else that a caller may
give (a day as a text, an object that says what is unknown, a mistake) ends the function: who reads
facts in general knows what it is.
"""

import ast
from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from operator import itemgetter
from typing import cast

from policyeval.backends.python.inputs import unclear
from policyeval.backends.python.lowering import PolicyLowering
from policyeval.backends.python.moments import Later
from policyeval.backends.python.units import FILE, Surroundings
from policyeval.facts.clock import Clock
from policyeval.facts.plain import ITEMS
from policyeval.facts.reading import reader_of
from policyeval.facts.run import Run
from policyeval.facts.scalars import FIRST_DAY, LAST_DAY, WHOLE_DIGITS, number, text
from policyeval.feel import types
from policyeval.feel.compiler import make_function
from policyeval.feel.lowering.emit import (
    assign,
    attribute,
    both,
    call,
    compare,
    either,
    is_,
    literal,
    load,
    negated,
)
from policyeval.policy.model import Fact

FACTS, ASKED_ON = "f", "a"
"""Variables of the function: the facts, and the day asked on."""

_VALUES = "w"
_SHORT = 4_096
_USUAL = (Decimal("0.01"), Decimal(1), Decimal("0.1"))
_MOST_COMBINATIONS = 4_096

_EXACT: dict[types.Type, type] = {
    types.BOOLEAN: bool,
    types.STRING: str,
    types.NUMBER: Decimal,
    types.DATE: date,
    types.DATE_AND_TIME: datetime,
}


class NotWrittenError(Exception):
    """Something of the terms is not written as code here."""


class NotForUsError(Exception):
    """Something about a transaction is for those to answer who can do everything."""


class Surely:
    """Stands for an act that is presumed not to be done, which it is not if null is given."""


NOT_DONE = Surely()

OPEN = Surely()
"""Stands for an act that is not recorded, until its condition has been looked at."""

NOT_GIVEN = Surely()
"""Stands for a fact that was left out, and that nothing is presumed of."""


def give_up() -> list[ast.stmt]:
    """Write that this transaction is for others to answer."""
    return [ast.Return(literal(None))]


class Reading:
    """Writes the reading of facts into a function.

    Attributes:
        variables: Fact to the variable that holds its value: a `Later` for an event that has not
            happened, `OPEN` for an act that is not recorded and may be open.
        days: Variables of moments to those that hold the moments' days.
    """

    def __init__(
        self,
        around: Surroundings,
        lowering: PolicyLowering,
        clock: Clock,
        facts: tuple[Fact, ...],
        log: str | None = None,
    ) -> None:
        self._around = around
        self._lowering = lowering
        self._clock = clock
        self._facts = facts
        self._log = log
        self.variables = {each.name: lowering.fresh("v") for each in facts}
        self.days: dict[str, str] = {}

    def write(self) -> None:
        """Write it where the lowering stands.

        Raises:
            NotWrittenError: There are no facts, or one has a presumption that is not read here.
        """
        if len(self._facts) < 2:
            raise NotWrittenError
        left_out = {each.name: _presumed(each) for each in self._facts}
        asked = ast.Compare(
            self._constant(FIRST_DAY),
            [ast.LtE(), ast.LtE()],
            [load(ASKED_ON), self._constant(LAST_DAY)],
        )
        self._refuse(negated(asked))
        self._refuse(compare(self._kinds(set, load(FACTS)), ast.NotEq(), self._constant(_NAMES)))
        taken = itemgetter(*self.variables)
        whole = ast.BinOp(self._constant(left_out), ast.BitOr(), load(FACTS))
        self._emit(assign(_VALUES, whole))
        count = call(self._constant(len), load(_VALUES))
        self._refuse(compare(count, ast.NotEq(), literal(len(self._facts))))
        self._emit(assign(_VALUES, call(self._constant(taken), load(_VALUES))))
        kinds = self._kinds(tuple, load(_VALUES))
        known = _Combinations(self._facts)
        seen = compare(kinds, ast.In(), self._constant(known.seen))
        fits = call(self._constant(known.fits), load(_VALUES))
        self._refuse(both(negated(seen), negated(fits)))
        names = [ast.Name(each, ast.Store()) for each in self.variables.values()]
        self._emit(ast.Assign([ast.Tuple(list[ast.expr](names), ast.Store())], load(_VALUES)))
        for fact in self._facts:
            self._one(fact, self.variables[fact.name])

    def _one(self, fact: Fact, variable: str) -> None:
        """Write what is to be seen of a value of the right type, or of null."""
        if _may_be_left_out(fact):
            self._given(fact, variable)
            return
        # What reads a variable that is deleted ends there: that fact matters, and is not known.
        with self._lowering.branch() as block:
            self._given(fact, variable)
        without: list[ast.stmt] = [ast.Delete([ast.Name(variable, ast.Del())])]
        missing = compare(load(variable), ast.Is(), self._constant(NOT_GIVEN))
        self._emit(ast.If(missing, without, block or [ast.Pass()]))

    def _given(self, fact: Fact, variable: str) -> None:
        then = self._looked_at(fact, variable)
        if fact.kind == "event":
            self._emit(ast.If(is_(load(variable), None), self._still_to_come(fact, variable), then))
        elif fact.act is not None:
            nothing: list[ast.stmt] = [assign(variable, self._constant(OPEN))]
            presumed: list[ast.stmt] = [assign(variable, literal(None))]
            not_done = compare(load(variable), ast.Is(), self._constant(NOT_DONE))
            if fact.presume is not None:
                then = [ast.If(not_done, presumed, then or [ast.Pass()])]
            self._emit(ast.If(is_(load(variable), None), nothing, then))
        elif types.may_be_null(fact.type):
            if then:
                self._emit(ast.If(negated(is_(load(variable), None)), then, []))
        else:
            self._emit(*then)

    def _looked_at(self, fact: Fact, variable: str) -> list[ast.stmt]:
        kind = types.required(fact.type)
        value = load(variable)
        if kind == types.BOOLEAN:
            return []
        if kind == types.STRING and fact.one_of is not None:
            # Those written in another Unicode form are known to who reads facts in general.
            other = compare(value, ast.NotIn(), self._constant(frozenset(fact.one_of)))
            return [ast.If(other, give_up(), [])]
        if kind == types.STRING:
            plain = call(attribute(value, "isascii"))
            short = compare(call(self._constant(len), value), ast.LtE(), literal(_SHORT))
            read = assign(variable, call(self._constant(text), value))
            return [ast.If(negated(both(plain, short)), [read], [])]
        if kind == types.NUMBER:
            # Most are whole, or have two decimals; those are quickly seen to be in order.
            short = compare(call(attribute(value, "adjusted")), ast.Lt(), literal(WHOLE_DIGITS))
            usual = [
                call(attribute(value, "same_quantum"), self._constant(each)) for each in _USUAL
            ]
            read = assign(variable, call(self._constant(number), value))
            return [ast.If(negated(both(value, short, either(*usual))), [read], [])]
        if kind == types.DATE:
            last = load(ASKED_ON) if self._dated(fact) else self._constant(LAST_DAY)
            within = ast.Compare(self._constant(FIRST_DAY), [ast.LtE(), ast.LtE()], [value, last])
            return [ast.If(negated(within), give_up(), [])]
        if kind == types.DATE_AND_TIME:
            moment: list[ast.stmt] = [
                assign(variable, call(self._constant(self._clock.aware), value)),
                assign(self._day_of(variable), call(attribute(load(variable), "date"))),
            ]
            if not self._dated(fact):
                return moment
            day = load(self._day_of(variable))
            return [*moment, ast.If(compare(day, ast.Gt(), load(ASKED_ON)), give_up(), [])]
        try:
            read_list = entries_reader(self._around, fact, self._clock)
        except NotWrittenError:
            read_list = list_reader(fact, self._clock)
        return [assign(variable, call(self._constant(read_list), value, load(ASKED_ON)))]

    def _dated(self, fact: Fact) -> bool:
        """Tell whether a fact lies in the past of the day asked on."""
        return fact.kind == "event" or fact.name == self._log

    def _still_to_come(self, fact: Fact, variable: str) -> list[ast.stmt]:
        later = self._constant(Later)
        if types.required(fact.type) == types.DATE:
            return [assign(variable, call(later, load(ASKED_ON)))]
        first = call(self._constant(first_moment(self._clock)), load(ASKED_ON))
        return [
            assign(variable, call(later, first)),
            assign(self._day_of(variable), call(later, load(ASKED_ON))),
        ]

    def _day_of(self, variable: str) -> str:
        return self.days.setdefault(variable, variable + "d")

    # ------------------------------------------------------------ writing

    def _kinds(self, of: Callable[[Iterable[object]], object], values: ast.expr) -> ast.expr:
        """Write what types some values have, by identity: a type may have a say in what it equals."""
        kinds = call(self._constant(map), self._constant(type), values)
        return call(self._constant(of), call(self._constant(map), self._constant(id), kinds))

    def _refuse(self, condition: ast.expr) -> None:
        self._emit(ast.If(condition, give_up(), []))

    def _constant(self, value: object) -> ast.expr:
        return self._lowering.pool.name(value)

    def _emit(self, *statements: ast.stmt) -> None:
        self._lowering.frame.block += statements


# ------------------------------------------------------------------------------- left out, and types


def _may_be_left_out(fact: Fact) -> bool:
    return fact.presume is not None or fact.act is not None


def _presumed(fact: Fact) -> object:
    """Give what stands for a fact that is left out."""
    if fact.presume is None:
        return NOT_GIVEN if fact.act is None else None  # an act that is not recorded
    value = fact.presume.value
    if fact.kind == "event" and value is not None:
        raise NotWrittenError
    return NOT_DONE if fact.act is not None and value is None else value


_NAMES = {id(str)}


class _Combinations:
    """The combinations of types that facts of a policy have been seen to have, and may have.

    Types are known by their identity; those that are allowed are there as long as Python is.

    Attributes:
        seen: Those that were found to be good.
    """

    def __init__(self, facts: tuple[Fact, ...]) -> None:
        self.seen: set[tuple[int, ...]] = set()
        self._allowed = tuple(_types_of(each) for each in facts)

    def fits(self, values: tuple[object, ...]) -> bool:
        """Tell whether values are of types that are declared, and remember it."""
        kinds = tuple(map(id, map(type, values)))
        if not all(kind in allowed for kind, allowed in zip(kinds, self._allowed, strict=True)):
            return False
        if len(self.seen) < _MOST_COMBINATIONS:
            self.seen.add(kinds)
        return True


def _types_of(fact: Fact) -> frozenset[int]:
    exact = _EXACT.get(types.required(fact.type), list)
    found = {exact}
    if fact.kind == "event" or fact.act is not None or types.may_be_null(fact.type):
        found.add(type(None))
    if fact.act is None or fact.presume is not None:
        found.add(Surely)
    return frozenset(map(id, found))


# ------------------------------------------------------------------------------- moments and lists


def first_moment(clock: Clock) -> Callable[[date], datetime]:
    """Give what says when a day begins."""
    return lambda day: clock.bounds(day)[0]


_Entry = Callable[[dict[str, object], date], dict[str, object] | None]


def entries_reader(
    around: Surroundings, fact: Fact, clock: Clock
) -> Callable[[list[object], date], object]:
    """Give what reads a list of contexts, all of whose members are plain values.

    Raises:
        NotWrittenError: They are not.
    """
    members = tuple(fact.entries.values())
    if any(each.kind != "plain" or each.entries for each in members):
        raise NotWrittenError
    lowering = around.lowering()
    reading = Reading(around, lowering, clock, members, fact.log)
    reading.write()
    whole = ast.Dict(
        [literal(name) for name in reading.variables],
        [load(variable) for variable in reading.variables.values()],
    )
    lowering.root.block.append(ast.Return(whole))
    definition = lowering.root.function("entry", [FACTS, ASKED_ON])
    file = around.source.name or FILE
    entry = cast(_Entry, make_function(definition, lowering.pool.values, file))
    in_general = list_reader(fact, clock)
    order = None if fact.log is None else itemgetter(fact.log)

    def read(given: list[object], asked_on: date) -> object:
        entries = [entry(each, asked_on) if type(each) is dict else None for each in given]
        if None in entries or len(entries) > ITEMS:
            return in_general(given, asked_on)
        if order is not None and len(entries) > 1:
            entries.sort(key=order)  # type: ignore[arg-type]  # none of them is None
        return entries

    return read


def list_reader(fact: Fact, clock: Clock) -> Callable[[list[object], date], object]:
    """Give what reads a list in general, and takes it if all of it is known."""
    reader = reader_of(fact, clock)

    def read(given: list[object], asked_on: date) -> object:
        run = Run(asked_on, clock)
        value = reader.read(given, fact.name, (fact.name,), run)
        if run.problems.found or unclear(value):
            raise NotForUsError
        return value

    return read
