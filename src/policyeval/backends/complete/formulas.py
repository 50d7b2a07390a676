"""Formulas of a version's terms as statements of one function, each computed where it is first needed.

A formula is computed once in each way that the open readings it depends on may be read, into a
variable of its own. What is unclear on the way (an event that may still happen and would matter, an
operation without a result) ends the region that it is computed in, and what needs it.
"""

import ast
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime

from policyeval.backends.complete.certainty import Certain
from policyeval.backends.complete.events import Events
from policyeval.backends.complete.folding import worked_out
from policyeval.backends.complete.given import ASKED_ON, Manner, Reading
from policyeval.backends.complete.growth import Growth
from policyeval.backends.complete.runtime import Constants, stays_away
from policyeval.backends.complete.scalars import first_moment
from policyeval.backends.complete.standing import NotForUsError, NotWrittenError
from policyeval.backends.complete.ways import Way, Ways
from policyeval.backends.python.inputs import shifted
from policyeval.backends.python.units import CANNOT, FILE, Surroundings
from policyeval.facts.clock import Clock
from policyeval.feel import syntax, types
from policyeval.feel.lowering import Names
from policyeval.feel.lowering.emit import (
    Variable,
    assign,
    both,
    call,
    choose,
    compare,
    is_not,
    literal,
    load,
    negated,
)
from policyeval.policy.model import (
    ASKED_ON as ASKED_ON_NAME,
)
from policyeval.policy.model import (
    Decision,
    Formula,
    Slot,
    happened_name,
    never_name,
)

NOT_SO_SIMPLE = (*CANNOT, NotForUsError, UnboundLocalError)
"""What ends a region. Where a variable has no value, what should have computed it has ended."""

Key = tuple[str | syntax.Node, tuple[tuple[str, str], ...]]
"""A name or the tree of a formula, and how it is read: readings with their options."""

_Inputs = tuple[tuple[str, str], ...]
"""The names in a formula, each with the variable that holds it."""


class Formulas:
    """Writes formulas into a function, statement by statement.

    Attributes:
        shares: Whether what two formulas compute by the same code is computed once.
    """

    shares = True

    def __init__(self, around: Surroundings, clock: Clock, manner: Manner) -> None:
        self.around = around
        self.terms = around.terms
        self.policy = around.terms.policy
        self.file = around.source.name or FILE
        self.ways = Ways(around)
        self.lowering = around.lowering()
        self.lowering.pool = self.pool = Constants()
        facts = tuple(self.policy.facts.values())
        self.reading = Reading(around, self.lowering, clock, facts, manner)
        self.events = Events(
            self.reading.days, self.reading.pending, self.pool, ASKED_ON, first_moment(clock)
        )
        self.growth = Growth(around, self.lowering, self.events)
        self.known: dict[Key, str] = {}
        self.bound: set[str] = set()
        self.literals: dict[str, ast.expr] = {}
        self.written: dict[str, str] = {}
        self.certain = Certain(self.policy.facts, self.reading.variables, ASKED_ON, self.pool)
        self.computed: dict[Formula, list[tuple[_Inputs, str]]] = {}
        self.runs = False

    # ------------------------------------------------------------ statements

    def emit(self, *statements: ast.stmt) -> None:
        """Write statements where the lowering stands."""
        self.lowering.frame.block += statements

    def bind(self, value: ast.expr) -> str:
        """Write a variable of its own for a value."""
        name = self.lowering.fresh("t")
        self.emit(assign(name, value))
        self.bound.add(name)
        return name

    def bind_literal(self, value: bool) -> str:
        """Write a variable for what is so whatever the facts are."""
        name = self.bind(literal(value))
        self.literals[name] = literal(value)
        return name

    @contextmanager
    def apart(self) -> Iterator[None]:
        """Forget afterwards what is computed where it need not be."""
        known, bound = dict(self.known), set(self.bound)
        try:
            yield
        finally:
            self.known, self.bound = known, bound

    @contextmanager
    def region(self) -> Iterator[None]:
        """Write statements of which nothing but what needs their results is left out if one ends."""
        with self.lowering.branch() as block:
            yield
        if block:
            self.emit(self.ended(block, ast.Pass()))

    def constant(self, value: object) -> ast.expr:
        """Give what holds a value that never changes."""
        return self.pool.name(value)

    def ended(
        self,
        block: list[ast.stmt],
        otherwise: ast.stmt,
        by: tuple[type[BaseException], ...] = NOT_SO_SIMPLE,
    ) -> ast.stmt:
        """Give a block that does something else where it ends."""
        handler = ast.ExceptHandler(self.constant(by), None, [otherwise])
        return ast.Try(block, [handler], [], [])

    # ------------------------------------------------------------ formulas

    def need(self, name: str, way: Way) -> str:
        """Compute what a name stands for, in one way to read the text."""
        key = self.key(name, self.ways.readings_of(name), way)
        if key not in self.known:
            if name == ASKED_ON_NAME:
                variable = ASKED_ON
            elif name in self.policy.parameters:
                variable = self.slot(self.policy.parameters[name].value, way)
            elif name in self.policy.decisions:
                variable = self.attempted(self.policy.decisions[name], way)
            else:
                variable = self.about_event(name)
            self.known[key] = variable
        return self.known[key]

    def key(self, of: str | syntax.Node, readings: frozenset[str], way: Way) -> Key:
        """Tell apart what is computed: a name or a tree, in one way to read it."""
        return of, tuple((name, way[name]) for name in sorted(readings))

    def moment(self, variable: str) -> ast.expr:
        """Read a variable; for the moment of an event that has not happened, what stands for it."""
        return self.events.expression(load(variable))

    def happened(self, event: str) -> ast.expr:
        """Write whether an event has happened."""
        return is_not(load(self.reading.variables[event]), None)

    def about_event(self, name: str) -> str:
        """Compute whether an event has happened, or whether it never does."""
        for event, fact in self.policy.facts.items():
            if fact.kind != "event" or name not in (happened_name(event), never_name(event)):
                continue
            moment = load(self.known[event, ()])
            if name == never_name(event) and moment.id in self.events.happened:
                return self.bind_literal(False)
            if name == never_name(event):
                plain = date if types.required(fact.type) == types.DATE else datetime
                is_plain = compare(
                    call(self.constant(type), moment), ast.Is(), self.constant(plain)
                )
                asked = call(self.constant(stays_away), moment)
                return self.bind(choose(is_plain, literal(False), asked))
            return self.bind(self.happened(event))
        raise NotWrittenError

    def slot(self, slot: Slot, way: Way) -> str:
        """Compute what stands in a place, in one way to read the text."""
        key = self.slot_key(slot, way)
        if key not in self.known:
            self.known[key] = self.formula(self.ways.formula(slot, way), way)
        return self.known[key]

    def slot_key(self, slot: Slot, way: Way) -> Key:
        """Tell apart what stands in places, in one way to read the text."""
        formula = self.ways.formula(slot, way)
        return self.key(formula.tree, self.ways.readings_in(formula), way)

    def formula(self, formula: Formula, way: Way) -> str:
        """Compute a formula, in one way to read the text."""
        names = self.inputs(formula, way)
        tree, block = self.lower(formula, names)
        alone = self.events.variable(tree)
        if alone is not None and not block:
            return alone  # it stands for nothing else
        if self.growth.concerns(names):
            return self.about_log(formula, names, tree, block)
        fixed = None if block else worked_out(tree, self.pool, self.file)
        value = fixed or (None if block else self.events.remembered(tree, self.file))
        value = value or self.events.expression(tree)
        code = ast.dump(value)
        if self.shares and not block and self.written.get(code) in self.bound:
            return self.written[code]
        self.emit(*map(self.events.visit, block))
        inputs = tuple((name, each.name) for name, each in names.items())
        variable = self.bind(self.unless_known(formula, inputs, value))
        if fixed is not None or isinstance(value, ast.Constant):
            self.literals[variable] = value
        if not block:
            self.written[code] = variable
            days = self.around.checked(formula).type_of(formula.tree) == types.DATE
            self.certain.take(variable, value, days=days)
        self.computed.setdefault(formula, []).append((inputs, variable))
        return variable

    def about_log(
        self,
        formula: Formula,
        names: Mapping[str, Variable],
        tree: ast.expr,
        block: list[ast.stmt],
    ) -> str:
        """Compute a formula about a log that may still grow."""
        inputs = tuple((name, each.name) for name, each in names.items())
        with self.lowering.branch() as whole:
            value = self.events.expression(tree)
            self.emit(*map(self.events.visit, block))
            found = self.bind(value)
            self.growth.write(formula, names, found)
            # Where this ends because the log may still grow, nothing is known by the first name.
            variable = self.bind(load(found))
        others = self.same_but_for_a_day(formula, inputs) if self.shares else None
        if others is None:
            self.emit(*whole)
        else:
            same, known = others
            self.emit(ast.If(same, [assign(variable, load(known))], whole))
        self.computed.setdefault(formula, []).append((inputs, variable))
        return variable

    def same_but_for_a_day(self, formula: Formula, inputs: _Inputs) -> tuple[ast.expr, str] | None:
        """Give what a formula came to in another way, and that the only day that differs is the same."""
        known = frozenset(self.known.values())
        for others, variable in self.computed.get(formula, ()):
            differ = _differing(inputs, others)
            if len(differ) == 1 and variable in known and self.certain.days.issuperset(*differ):
                mine, other = differ[0]
                return compare(load(mine), ast.Eq(), load(other)), variable
        return None

    def unless_known(self, formula: Formula, inputs: _Inputs, value: ast.expr) -> ast.expr:
        """Take what the formula came to in another way, if what differs turns out to be the same."""
        for others, variable in self.computed.get(formula, ()):
            differ = _differing(inputs, others)
            if len(differ) == 1 and {variable, *differ[0]} <= self.bound:
                mine, other = differ[0]
                same = compare(load(mine), ast.Is(), load(other))
                return choose(same, load(variable), value)
        return value

    def lowered(self, formula: Formula, way: Way) -> ast.expr:
        """Write a formula where it is asked, in one way to read the text."""
        value, block = self.lower(formula, self.inputs(formula, way))
        value = self.events.expression(value)
        self.emit(*map(self.events.visit, block))
        return value

    def inputs(self, formula: Formula, way: Way) -> Mapping[str, Variable]:
        """Compute what a formula needs."""
        return {
            name: Variable(self.need(name, way), self.lowering.root)
            for name in self.ways.names(formula)
        }

    def lower(
        self, formula: Formula, names: Mapping[str, Variable]
    ) -> tuple[ast.expr, list[ast.stmt]]:
        """Give the code of a formula, and what it needs before it."""
        if isinstance(formula.tree, syntax.UnaryTests):
            raise NotWrittenError
        self.lowering.turn_to(
            formula, self.around.checked(formula), frozenset(self.terms.valid.scope)
        )
        self.lowering.uses_runtime = False
        with self.lowering.branch() as block:
            value = self.lowering.lower(formula.tree, Names(names))
        self.runs = self.runs or self.lowering.uses_runtime
        return value, block

    def attempted(self, decision: Decision, way: Way) -> str:
        """Compute the value of a decision; where there is none, what needs it ends, and nothing else."""
        bound = set(self.bound)
        with self.region():
            variable = self.decision(decision, way)
        self.bound = bound
        return variable

    def decision(self, decision: Decision, way: Way) -> str:
        """Compute the value of a decision."""
        if decision.table is not None:
            raise NotWrittenError
        if decision.value is not None:
            variable = self.slot(decision.value, way)
        else:
            met = [load(self.slot(each.condition, way)) for each in decision.requires]
            free = [load(self.slot(each.condition, way)) for each in decision.excluded_if]
            parts = [*met, *map(negated, free)]
            variable = self.bind(both(*parts) if parts else literal(True))
        calendar = self.terms.moved.get(decision.name)
        if calendar is None:
            return variable
        own = call(
            self.constant(shifted),
            ast.Dict([], []),
            literal(decision.name),
            literal(calendar),
            self.moment(variable),
        )
        return self.bind(own)


def _differing(inputs: _Inputs, others: _Inputs) -> list[tuple[str, str]]:
    """Give the variables of a formula's names that are not the same in two ways to read it."""
    pairs = zip(inputs, others, strict=True)
    return [(mine, other) for (_, mine), (_, other) in pairs if mine != other]
