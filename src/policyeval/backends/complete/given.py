"""The facts of a transaction, read and checked by code that is written for one policy.

msgspec takes them apart by a form (see `forms`), in which what is left out is filled in. What is left to
be seen of each value is written out. A value of exactly the type that is declared is taken, and a day or
a number as JSON has it. Everything else that a caller may give (a moment as a text among Python's own
values, an object that says what is unknown, a mistake) ends the function: who reads facts in general
knows what it is.

Of JSON, msgspec keeps the last of two equal names. So quotation marks are counted:

    A text that is taken is an object with some number of entries, M, and S texts among their values.
    Each name and each of these texts has two quotation marks, and an escaped one within a text is one
    more; so the bytes hold at least 2M + 2S. What is kept are n names, all different and all declared,
    and s values that were texts; n is at most M, and s at most S. Where the bytes hold exactly 2n + 2s
    quotation marks, n is M and s is S: no entry was overwritten. The same holds for all objects of the
    text together.

An event that has not happened is None in the function; see `events`.
"""

import ast
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from operator import itemgetter
from typing import Any, NamedTuple

from policyeval.backends.complete.forms import convert, decoder, form, place
from policyeval.backends.complete.scalars import Texts, checked_number, checked_text, read_as_it_is
from policyeval.backends.complete.seldom import put_off
from policyeval.backends.complete.standing import (
    LEFT_OUT,
    NOT_DONE,
    OPEN,
    NotForUsError,
    NotWrittenError,
    Surely,
)
from policyeval.backends.python.inputs import unclear
from policyeval.backends.python.lowering import PolicyLowering
from policyeval.backends.python.units import FILE, Surroundings
from policyeval.facts.clock import Clock
from policyeval.facts.plain import ITEMS, copy_of
from policyeval.facts.reading import reader_of
from policyeval.facts.run import Run
from policyeval.facts.scalars import DECIMALS, FIRST_DAY, LAST_DAY, ZERO
from policyeval.feel import types
from policyeval.feel.compiler import make_function
from policyeval.feel.lowering.emit import (
    assign,
    attribute,
    both,
    call,
    compare,
    is_,
    literal,
    load,
    negated,
    tuple_,
    walrus,
)
from policyeval.policy.model import Fact

FACTS, ASKED_ON = "f", "a"
"""Variables of the function: the facts, and the day asked on."""

_FORM, _MARKS, _WITHOUT, _GIVEN = "s", "m", "p", "g"
_ENTRIES, _TOLD, _ALL_MARKS = "i", "l", "n"


def give_up() -> list[ast.stmt]:
    """Write that this transaction is for others to answer."""
    return [ast.Return(literal(None))]


@dataclass(frozen=True, slots=True)
class Manner:
    """How facts are read.

    Attributes:
        json: Whether they come as the bytes of JSON, or else as Python's own values.
        told: Whether to tell what was left out and is presumed, as is always told of JSON.
        open: Whether a fact that was left out may stay open, as `LEFT_OUT`.
    """

    json: bool = False
    told: bool = False
    open: bool = False

    def __post_init__(self) -> None:
        """Make sure that quotation marks can be counted."""
        assert self.told or not self.json, "of JSON it is always told what was left out"


class Reading:
    """Writes the reading of facts into a function.

    Attributes:
        variables: Fact to the variable that holds its value: None for an event that has not happened,
            `OPEN` for an act that is not recorded and may be open.
        days: Variables of moments to those that hold the moments' days.
        pending: Variables of events, with the days of those that are moments: None if they have not
            happened.
        told: Variables that tell together which facts were left out, at least of those that are presumed.
    """

    def __init__(
        self,
        around: Surroundings,
        lowering: PolicyLowering,
        clock: Clock,
        facts: tuple[Fact, ...],
        manner: Manner,
        *,
        log: str | None = None,
    ) -> None:
        self._around = around
        self._lowering = lowering
        self._clock = clock
        self._facts = facts
        self._manner = manner
        self._log = log
        self.variables = {each.name: lowering.fresh("v") for each in facts}
        self.days: dict[str, str] = {}
        self.pending: set[str] = set()
        self.told: list[str] = []
        self._texts = Texts(clock)
        self._lists: dict[str, _List] = {}
        self._moments: dict[str, ast.Assign] = {}

    def write(self) -> None:
        """Write it where the lowering stands, for the function that answers.

        Raises:
            NotWrittenError: One of the facts has a presumption, or is a list, that is not read here.
        """
        asked = self._within(load(ASKED_ON), self._constant(LAST_DAY))
        self._refuse(negated(asked))
        form = self._form()
        if not self._manner.json:
            for name, each in self._lists.items():
                self._kept(name, each)
        self._filled(form)
        self._places()
        if self._manner.json:
            marks = call(attribute(load(FACTS), "count"), self._constant(b'"'))
            self._refuse(compare(marks, ast.NotEq(), self.all_marks()))

    def moments_when_asked(self, statements: list[ast.stmt]) -> None:
        """Put off the reading of moments that are seldom asked for more than their day.

        Args:
            statements: Those that come after the reading.
        """
        for variable, read in self._moments.items():
            if put_off(
                statements, variable, call(self._constant(self._clock.aware), load(variable))
            ):
                read.targets = [ast.Name(self.days[variable], ast.Store())]
                read.value = call(self._constant(self._clock.day), load(variable))

    def entry(self) -> type:
        """Write it where the lowering stands, for an entry whose form is filled already; give the form.

        Raises:
            NotWrittenError: One of the facts has a presumption that is not read here.
        """
        of = self._form()
        self._places()
        return of

    def _form(self) -> type:
        for fact in self._facts:
            if isinstance(types.required(fact.type), types.ListOf):
                found = _list_of(self._around, fact, self._clock, self._manner)
                self._lists[fact.name] = found
            presumed = None if fact.presume is None else fact.presume.value
            if fact.kind == "event" and presumed is not None:
                raise NotWrittenError
        left_out = {each.name: self._left_out(each) for each in self._facts}
        lists = {name: each.form for name, each in self._lists.items()}
        return form(self._facts, left_out, lists)

    def _kept(self, name: str, of: "_List") -> None:
        """Write that the facts hold a list of their own, before anything of it is looked at."""
        given = call(attribute(load(FACTS), "get"), literal(name))
        place = ast.Subscript(load(FACTS), literal(name), ast.Store())
        kept = ast.Assign([place], call(self._constant(of.kept), load(_GIVEN)))
        self._emit(assign(_GIVEN, given), ast.If(negated(is_(load(_GIVEN), None)), [kept], []))

    def _filled(self, of: type) -> None:
        if self._manner.json:
            filled = call(self._constant(decoder(of)), load(FACTS))
        else:
            filled = call(self._constant(convert), load(FACTS), self._constant(of))
        self._emit(assign(_FORM, filled))

    def all_marks(self) -> ast.expr:
        """Count the quotation marks that are accounted for: those of facts that were not left out."""
        given = ast.Subscript(self._constant(_Marks(self._facts)), load(_WITHOUT), ast.Load())
        return ast.BinOp(load(_MARKS), ast.Add(), given)

    def _places(self) -> None:
        """Write what takes values out of the form and looks at each."""
        if self._manner.json:
            self._emit(assign(_MARKS, literal(0)))
        if self._manner.told:
            self._emit(assign(_WITHOUT, literal(0)))
            self.told.append(_WITHOUT)
        for index, fact in enumerate(self._facts):
            variable = self.variables[fact.name]
            self._emit(assign(variable, attribute(load(_FORM), place(index))))
            if self._manner.told and fact.name in self._lists:
                self._emit(assign(variable + "p", literal(None)))
            self._one(fact, variable, index)

    def _left_out(self, fact: Fact) -> object:
        """Give what stands for a fact that is left out."""
        presumed = fact.presume
        if presumed is None:
            told = fact.act is None or self._manner.told
            return LEFT_OUT if told else None  # an act that is not recorded
        if self._manner.told or not read_as_it_is(presumed.value):
            return LEFT_OUT
        return NOT_DONE if fact.act is not None and presumed.value is None else presumed.value

    def _one(self, fact: Fact, variable: str, bit: int) -> None:
        """Write what is to be seen of a value, of null, and of a fact that is left out."""
        if self._left_out(fact) is not LEFT_OUT:
            self._given(fact, variable)
            return
        with self._lowering.branch() as block:
            self._given(fact, variable)
        with self._lowering.branch() as without:
            if self._manner.json or (self._manner.told and fact.presume is not None):
                self._emit(_add(_WITHOUT, ast.BitOr(), 1 << bit))
            if fact.presume is not None:
                self._presumed(fact, variable)
            elif fact.act is not None:
                self._emit(assign(variable, self._constant(OPEN)))
            elif self._manner.open:
                if types.required(fact.type) == types.DATE_AND_TIME:
                    self._emit(assign(self._day_of(variable), load(variable)))
            else:
                # What reads a variable that is deleted ends there: that fact matters, and is not known.
                self._emit(ast.Delete([ast.Name(variable, ast.Del())]))
        self._emit(ast.If(self._is(variable, LEFT_OUT), without or [ast.Pass()], block))

    def _presumed(self, fact: Fact, variable: str) -> None:
        assert fact.presume is not None
        value = fact.presume.value
        if value is None:
            self._emit(assign(variable, literal(None)))
            if types.required(fact.type) == types.DATE_AND_TIME:
                self._emit(assign(self._day_of(variable), literal(None)))
        elif types.required(fact.type) == types.DATE_AND_TIME:
            raise NotWrittenError
        elif isinstance(value, list):
            if value:
                raise NotWrittenError
            self._emit(assign(variable, ast.List([], ast.Load())))
        else:
            self._emit(assign(variable, self._constant(value)))

    def _given(self, fact: Fact, variable: str) -> None:
        then = self._looked_at(fact, variable)
        nothing: list[ast.stmt] = []
        if types.required(fact.type) == types.DATE_AND_TIME:
            nothing.append(assign(self._day_of(variable), literal(None)))
        if fact.kind == "event":
            self.pending.add(variable)
            if types.required(fact.type) == types.DATE_AND_TIME:
                self.pending.add(self._day_of(variable))
        elif fact.act is not None:
            nothing.append(assign(variable, self._constant(OPEN)))
            if self._left_out(fact) is NOT_DONE:
                not_done: list[ast.stmt] = [assign(variable, literal(None))]
                then = [ast.If(self._is(variable, NOT_DONE), not_done, then)]
        elif not types.may_be_null(fact.type):
            self._emit(*then)
            return
        if self._manner.json and _marks(fact) > _OF_A_NAME:
            nothing.append(_add(_MARKS, ast.Sub(), _OF_A_NAME))
        if nothing:
            self._emit(ast.If(is_(load(variable), None), nothing, then))
        elif then:
            self._emit(ast.If(negated(is_(load(variable), None)), then, []))

    def _looked_at(self, fact: Fact, variable: str) -> list[ast.stmt]:
        kind = types.required(fact.type)
        value = load(variable)
        if kind == types.BOOLEAN or fact.one_of is not None:
            return []  # those written in another Unicode form are known to who reads facts in general
        if kind == types.STRING:
            # The form takes none that is too long, if its characters are bytes.
            plain: list[ast.expr] = [call(attribute(value, "isascii"))]
            if not self._manner.json:
                exact = compare(call(self._constant(type), value), ast.Is(), self._constant(str))
                plain.insert(0, exact)
            read = assign(variable, call(self._constant(checked_text), value))
            return [ast.If(negated(both(*plain)), [read], [])]
        if kind == types.NUMBER:
            return [self._number(variable)]
        if kind == types.DATE:
            last = load(ASKED_ON) if self._dated(fact) else self._constant(LAST_DAY)
            return [ast.If(negated(self._within(value, last)), give_up(), [])]
        if kind == types.DATE_AND_TIME:
            moment = self._moment(variable)
            if not self._dated(fact):
                return moment
            day = load(self._day_of(variable))
            return [*moment, ast.If(compare(day, ast.Gt(), load(ASKED_ON)), give_up(), [])]
        read_list = call(self._constant(self._lists[fact.name].read), value, load(ASKED_ON))
        if not self._manner.told:
            return [assign(variable, read_list)]
        told, marks = variable + "p", variable + "m"
        names = [ast.Name(each, ast.Store()) for each in (variable, told, marks)]
        self.told.append(told)
        taken: list[ast.stmt] = [
            ast.Assign([ast.Tuple(list[ast.expr](names), ast.Store())], read_list)
        ]
        if self._manner.json:
            taken.append(ast.AugAssign(ast.Name(_MARKS, ast.Store()), ast.Add(), load(marks)))
        return taken

    def _number(self, variable: str) -> ast.stmt:
        """Write the reading of a number. Most are short, which is quickly seen by their text."""
        value = load(variable)
        kind = call(self._constant(type), value)
        text = self._lowering.fresh("x")
        short = compare(
            call(self._constant(len), walrus(text, call(self._constant(str), value))),
            ast.LtE(),
            literal(DECIMALS),
        )
        plain = compare(literal("E"), ast.NotIn(), load(text))  # without an exponent
        finite = call(attribute(value, "is_finite"))
        read = assign(variable, call(self._constant(checked_number), value))
        zero = assign(variable, self._constant(ZERO))  # that has no sign, and no decimals
        unusual: list[ast.stmt] = [ast.If(negated(both(short, plain, finite)), [read], [])]
        others: list[ast.stmt] = [read]
        if self._manner.json:
            is_text = compare(kind, ast.Is(), self._constant(str))
            others.insert(0, ast.If(is_text, [_add(_MARKS, ast.Add(), _OF_A_NAME)], []))
        decimal = compare(kind, ast.Is(), self._constant(Decimal))
        return ast.If(decimal, [ast.If(value, unusual, [zero])], others)

    def _moment(self, variable: str) -> list[ast.stmt]:
        """Write the reading of a moment, and of its day."""
        value, day = load(variable), self._day_of(variable)
        both = ast.Tuple([ast.Name(variable, ast.Store()), ast.Name(day, ast.Store())], ast.Store())
        written = ast.Assign([both], call(self._constant(self._texts.moment), value))
        if self._manner.json:
            return [written]
        kind = call(self._constant(type), value)
        plain = compare(kind, ast.Is(), self._constant(datetime))
        read = ast.Assign([both], call(self._constant(self._clock.aware_and_day), value))
        self._moments[variable] = read
        is_text = compare(kind, ast.Is(), self._constant(str))
        return [ast.If(plain, [read], [ast.If(is_text, [written], give_up())])]

    def _dated(self, fact: Fact) -> bool:
        """Tell whether a fact lies in the past of the day asked on."""
        return fact.kind == "event" or fact.name == self._log

    def _day_of(self, variable: str) -> str:
        return self.days.setdefault(variable, variable + "d")

    # ------------------------------------------------------------ writing

    def _within(self, day: ast.expr, last: ast.expr) -> ast.expr:
        return ast.Compare(self._constant(FIRST_DAY), [ast.LtE(), ast.LtE()], [day, last])

    def _is(self, variable: str, what: Surely) -> ast.expr:
        return compare(load(variable), ast.Is(), self._constant(what))

    def _refuse(self, condition: ast.expr) -> None:
        self._emit(ast.If(condition, give_up(), []))

    def _constant(self, value: object) -> ast.expr:
        return self._lowering.pool.name(value)

    def _emit(self, *statements: ast.stmt) -> None:
        self._lowering.frame.block += statements


def _add(variable: str, operator: ast.operator, number: int) -> ast.stmt:
    return ast.AugAssign(ast.Name(variable, ast.Store()), operator, literal(number))


_OF_A_NAME = 2
"""The quotation marks of a name, and of a text."""


def _marks(fact: Fact) -> int:
    """Count the quotation marks of a fact that is given, with those of its value where it is a text."""
    texts = {types.STRING, types.DATE, types.DATE_AND_TIME}
    return 2 * _OF_A_NAME if types.required(fact.type) in texts else _OF_A_NAME


_MOST = 4_096
"""Ways to leave out facts whose quotation marks are remembered."""


class _Marks(dict[int, int]):
    """Facts that were left out, by the bits of their places, to the quotation marks of all others."""

    __slots__ = ("_facts",)

    def __init__(self, facts: tuple[Fact, ...]) -> None:
        super().__init__()
        self._facts = facts

    def __missing__(self, left_out: int) -> int:
        found = sum(_marks(each) for at, each in enumerate(self._facts) if not left_out >> at & 1)
        if len(self) < _MOST:
            self[left_out] = found
        return found


# ------------------------------------------------------------------------------- lists

_Told = Hashable
"""Which presumed facts were left out in the entries of a list."""


class _List(NamedTuple):
    """How a list is read.

    Attributes:
        form: What msgspec makes of it.
        read: Gives its items; if the manner tells, with what it tells, and the quotation marks within.
        kept: Copies one that is given as a value, so that nobody changes it.
    """

    form: object
    read: Callable[[Any, date], object]
    kept: Callable[[object], object] = copy_of


def _list_of(around: Surroundings, fact: Fact, clock: Clock, manner: Manner) -> _List:
    """Say how a list is read.

    Raises:
        NotWrittenError: It is not read here.
    """
    members = tuple(fact.entries.values())
    if members and all(each.kind == "plain" and not each.entries for each in members):
        return _objects(around, fact, members, clock, manner)
    if manner.json and members:
        raise NotWrittenError
    in_general = list_reader(fact, clock)

    def read(given: object, asked_on: date) -> object:
        if type(given) is not list:
            raise NotForUsError
        items = in_general(given, asked_on)
        if not manner.told:
            return items
        texts = sum(type(each) is str for each in given)
        return items, tuple(map(_names, given)), _OF_A_NAME * texts

    return _List(list[Any] if manner.json else Any, read)


def _names(item: object) -> _Told:
    return tuple(item) if type(item) is dict else None


def _objects(
    around: Surroundings, fact: Fact, members: tuple[Fact, ...], clock: Clock, manner: Manner
) -> _List:
    """Say how a list of objects is read, all of whose members are plain values."""
    lowering = around.lowering()
    known = replace(manner, open=False)  # what is open in an entry is for others
    reading = Reading(around, lowering, clock, members, known, log=fact.log)
    with lowering.branch() as block:
        of = reading.entry()
    entry = ast.Dict(
        [literal(name) for name in reading.variables],
        [load(variable) for variable in reading.variables.values()],
    )
    kept: dict[str, ast.expr] = {_ENTRIES: entry}
    if manner.told:
        kept[_TOLD] = load(_WITHOUT)
        kept[_ALL_MARKS] = reading.all_marks() if manner.json else literal(0)
    block += [ast.Expr(call(attribute(load(name), "append"), each)) for name, each in kept.items()]
    lowering.root.block += [
        *(assign(name, ast.List([], ast.Load())) for name in kept),
        ast.For(ast.Name(_FORM, ast.Store()), load(FACTS), block, []),
        ast.Return(tuple_([load(name) for name in kept])),
    ]
    definition = lowering.root.function("entries", [FACTS, ASKED_ON])
    file = around.source.name or FILE
    entries: Callable[[Any, date], Any] = make_function(definition, lowering.pool.values, file)
    order = None if fact.log is None else itemgetter(fact.log)

    def read(given: Sequence[object], asked_on: date) -> object:
        found = None if len(given) > ITEMS else entries(given, asked_on)
        if found is None:
            raise NotForUsError
        items = found[0]
        if order is not None and len(items) > 1:
            items.sort(key=order)  # what is presumed is told by the places as they are given
        return (items, tuple(found[1]), sum(found[2])) if manner.told else items

    return _List(list[of], read, _objects_kept)  # type: ignore[valid-type]  # made for msgspec


def _objects_kept(given: object) -> object:
    """Copy a list of objects that hold nothing else."""
    if type(given) is not list:
        raise NotForUsError
    kept: list[object] = []
    for each in given:
        if type(each) is not dict:
            raise NotForUsError
        kept.append(each.copy())
    return kept


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
