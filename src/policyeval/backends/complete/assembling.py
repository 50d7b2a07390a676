"""A version's terms as one function of facts and a day, for transactions that leave nothing open.

A formula is computed once in each way that the open readings it depends on may be read, into a
variable of its own. Should anything be unclear on the way (an event that may still happen and would
matter, an operation without a result), the function ends, and others answer. What several questions
need is computed before them; if that ends, it is nothing to questions that do not apply.
"""

import ast
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime

from policyeval.backends.complete.certainty import Certain
from policyeval.backends.complete.events import Events
from policyeval.backends.complete.folding import worked_out
from policyeval.backends.complete.given import ASKED_ON, FACTS, Reading, give_up
from policyeval.backends.complete.growth import Growth
from policyeval.backends.complete.readings import Blamed, Condition
from policyeval.backends.complete.runtime import Constants, certain, stays_away
from policyeval.backends.complete.scalars import first_moment
from policyeval.backends.complete.standing import OPEN, NotForUsError, NotWrittenError
from policyeval.backends.complete.task import Decide, Governed, Task
from policyeval.backends.complete.ways import Way, Ways
from policyeval.backends.python import moments
from policyeval.backends.python.inputs import shifted
from policyeval.backends.python.units import CANNOT, FILE, Surroundings
from policyeval.backends.python.waiting import waits_for
from policyeval.facts.clock import Clock
from policyeval.feel import syntax, types
from policyeval.feel.compiler import make_function
from policyeval.feel.lowering import Names
from policyeval.feel.lowering.emit import (
    Variable,
    assign,
    both,
    call,
    choose,
    compare,
    either,
    is_,
    is_not,
    literal,
    load,
    negated,
    tuple_,
)
from policyeval.policy.model import (
    ASKED_ON as ASKED_ON_NAME,
)
from policyeval.policy.model import (
    Decision,
    Formula,
    Remark,
    Rule,
    Slot,
    happened_name,
    never_name,
)
from policyeval.source import Span

NOT_SO_SIMPLE = (*CANNOT, NotForUsError, UnboundLocalError)
"""What ends a region. Where a variable has no value, what should have computed it has ended."""

PLAIN = frozenset(
    {types.BOOLEAN, types.NUMBER, types.STRING, types.DATE, types.DAYS_AND_TIME_DURATION}
)


def assemble(around: Surroundings, clock: Clock, task: Task) -> Decide:
    """Write the function that answers some questions, where these terms govern.

    Raises:
        NotWrittenError: The facts cannot be read by such code.
    """
    return Assembler(around, clock, task).assembled()


_Key = tuple[str | syntax.Node, tuple[tuple[str, str], ...]]
"""A name or the tree of a formula, and how it is read: readings with their options."""

_Inputs = tuple[tuple[str, str], ...]
"""The names in a formula, each with the variable that holds it."""


class Assembler:
    """Writes the function of a version's terms, statement by statement.

    Attributes:
        shares: Whether what two formulas compute by the same code is computed once.
    """

    shares = True

    def __init__(self, around: Surroundings, clock: Clock, task: Task) -> None:
        self.task = task
        self.around = around
        self.terms = around.terms
        self.policy = around.terms.policy
        self.file = around.source.name or FILE
        self.ways = Ways(around)
        self.questions = task.questions
        self.told = task.manner.told
        self.lowering = around.lowering()
        self.lowering.pool = self.pool = Constants()
        self.reading = Reading(
            around, self.lowering, clock, tuple(self.policy.facts.values()), task.manner
        )
        self.events = Events(
            self.reading.days, self.reading.pending, self.pool, ASKED_ON, first_moment(clock)
        )
        self.growth = Growth(around, self.lowering, self.events)
        self.known: dict[_Key, str] = {}
        self.bound: set[str] = set()
        self.remarks: dict[str, ast.expr] = {}
        self.literals: dict[str, ast.expr] = {}
        self.written: dict[str, str] = {}
        self.certain = Certain(self.policy.facts, self.reading.variables, ASKED_ON, self.pool)
        self.computed: dict[Formula, list[tuple[_Inputs, str]]] = {}
        self.unclear: str | None = None
        self.uses = self.counted()
        self.sites: list[tuple[Span, ...]] = []
        self.runs = False

    def assembled(self) -> Decide:
        """Write the function."""
        self.reading.write()
        block = self.lowering.root.block
        read = len(block)
        for name, variable in self.reading.variables.items():
            self.known[name, ()] = variable
        for each in self.task.governed:
            self.picked(each)
        self.acts()
        self.consistency()
        self.shared()
        found = [load(self.question(self.policy.decisions[name])) for name in self.questions]
        result: ast.expr = tuple_(found)
        if self.told:
            remarks = tuple_([self.remarks[each] for each in self.questions])
            common = self.bits_of(self.policy.remarks)
            told = [remarks, common, tuple_([load(each) for each in self.reading.told])]
            result = tuple_([result, *told])
            if self.task.ending is not None:
                result = call(self.constant(self.task.ending), *found, *told, load(ASKED_ON))
        root = self.lowering.root
        root.block.append(ast.Return(result))
        self.reading.moments_when_asked(block[read:])
        self.with_runtime()
        definition = root.function("decide", [FACTS, ASKED_ON])
        return make_function(definition, self.pool.values, self.file)

    def with_runtime(self) -> None:
        """Write the beginning of what some operations need while the function runs."""
        if self.runs:
            begin = call(self.constant(self.around.begin(self.sites)))
            self.lowering.root.block.insert(0, assign(self.lowering.runtime.name, begin))
        self.sites.append(tuple(self.lowering.sites))

    def give_up(self) -> list[ast.stmt]:
        """Write that others have to answer."""
        return give_up()

    def counted(self) -> Counter[_Key]:
        """Count how often each condition of a rule is asked, in each way to read it.

        One that reads a log counts twice: it is looked at once more, for what may still be entered.
        """
        found: Counter[_Key] = Counter()
        for name in self.questions:
            decision = self.policy.decisions[name]
            for rule in (*decision.requires, *decision.excluded_if):
                ways = self.ways.every(self.ways.readings_in(rule.condition))
                for key, formula in {
                    self.slot_key(rule.condition, way): self.ways.formula(rule.condition, way)
                    for way in ways
                }.items():
                    found[key] += 1 + self.growth.concerns(self.ways.names(formula))
        return found

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

    # ------------------------------------------------------------ before the questions

    def picked(self, governed: Governed) -> None:
        """Write that where another day governs than one of these terms, it is given instead."""
        variable = self.formula(governed.day, {})
        day = self.moment(variable)
        if not isinstance(day, ast.Name):
            day = load(self.bind(day))
        if day.id not in self.certain.days:
            kind = call(self.constant(type), day)
            self.emit(ast.If(compare(kind, ast.IsNot(), self.constant(date)), self.give_up(), []))
            self.certain.days.add(day.id)
            if variable in self.events.pending:
                self.certain.know(*self.events.has_happened(variable), day=variable)
        within: list[ast.expr] = []
        if governed.first is not None:
            within.append(compare(self.constant(governed.first), ast.LtE(), day))
        if governed.end is not None:
            within.append(compare(day, ast.Lt(), self.constant(governed.end)))
        if within:
            self.emit(ast.If(negated(both(*within)), [ast.Return(day)], []))

    def acts(self) -> None:
        """Write that a transaction with an act that is open is for others."""
        for fact in self.policy.facts.values():
            if fact.act is None:
                continue
            variable = self.reading.variables[fact.name]
            with self.lowering.branch() as block:
                condition = fact.act.open_when
                if condition is None:
                    self.emit(*give_up())
                else:
                    with self.apart():
                        for way in self.ways.every(self.ways.readings_in(condition)):
                            self.emit(ast.If(load(self.slot(condition, way)), give_up(), []))
                    self.emit(assign(variable, literal(None)))
            self.emit(ast.If(compare(load(variable), ast.Is(), self.constant(OPEN)), block, []))

    def consistency(self) -> None:
        """Write that facts which no transaction can have are for others to refuse.

        A condition may depend on what has not happened. There is a transaction like that if all
        conditions hold where it never does.
        """
        rules = self.policy.consistent_when
        if not rules:
            return
        self.unclear = unclear = self.bind(literal(False))
        for rule in rules:
            with self.apart(), self.lowering.branch() as block:
                self.conditions((rule,))
            self.emit(self.ended(block, assign(unclear, literal(True)), CANNOT))
        with self.apart(), self.lowering.branch() as block:
            self.known = {}
            for name, variable in self.reading.variables.items():
                self.known[name, ()] = variable
                if variable in self.events.pending:
                    never = self.constant(moments.ENDLESS)
                    ever = choose(is_(load(variable), None), never, load(variable))
                    self.known[name, ()] = self.bind(ever)
            self.conditions(rules)
        self.emit(ast.If(load(unclear), block, []))

    def conditions(self, rules: Sequence[Rule]) -> None:
        """Write that where a condition does not hold, others answer."""
        for rule in rules:
            for way in self.ways.every(self.ways.readings_in(rule.condition)):
                holds = is_(load(self.slot(rule.condition, way)), True)
                self.emit(ast.If(negated(holds), give_up(), []))

    def shared(self) -> None:
        """Compute what more than one question needs."""
        needed: dict[str, int] = {}
        for name in self.questions:
            decision = self.policy.decisions[name]
            own = [name] if decision.value is not None else []
            for each in (*self.closure(decision), *own):
                needed[each] = needed.get(each, 0) + 1
        for name in self.terms.valid.order:
            if needed.get(name, 0) > 1 and name not in self.around.folded:
                for way in self.ways.every(self.ways.readings_of(name)):
                    self.need_shared(name, way)

    def need_shared(self, name: str, way: Way) -> None:
        """Compute what more than one question needs."""
        self.need(name, way)

    def closure(self, decision: Decision) -> set[str]:
        """Give the parameters and decisions that a question needs."""
        found: set[str] = set()
        pending = list(self.slots(decision))
        while pending:
            slot = self.terms.settled(pending.pop())
            formulas = self.terms.formulas(slot)
            for name in {name for each in formulas for name in self.ways.names(each)} - found:
                if name in self.policy.parameters:
                    pending.append(self.policy.parameters[name].value)
                elif name in self.policy.decisions:
                    pending += self.slots(self.policy.decisions[name])
                else:
                    continue
                found.add(name)
        return found

    def slots(self, decision: Decision) -> list[Slot]:
        """Give everything that is computed for a question."""
        rules = (*decision.requires, *decision.excluded_if)
        found = [each.condition for each in rules]
        if decision.value is not None:
            found.append(decision.value)
        if self.told:
            found += [each.condition for each in decision.remarks if each.condition is not None]
        return found

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

    def key(self, of: str | syntax.Node, readings: frozenset[str], way: Way) -> _Key:
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

    def slot_key(self, slot: Slot, way: Way) -> _Key:
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

    # ------------------------------------------------------------ questions

    def question(self, decision: Decision) -> str:
        """Compute the result of a question."""
        result = self.lowering.fresh("q")
        rules = self.rules if decision.value is None else self.value

        def answer() -> None:
            rules(decision, result)
            if self.told:
                self.remarks[decision.name] = self.bits_of(decision.remarks)

        if decision.covers is None:
            answer()
            return result
        condition = decision.covers.condition
        ways = self.ways.every(self.ways.readings_in(condition))
        covered = [load(each) for each in self.distinct(condition, ways)]
        with self.apart(), self.lowering.branch() as block:
            answer()
        outside: list[ast.stmt] = [assign(result, literal(None))]
        remarks = self.remarks.get(decision.name)
        if isinstance(remarks, ast.Name):
            outside.append(assign(remarks.id, literal(0)))
        if len(covered) > 1:
            outside = [ast.If(either(*covered), give_up(), outside)]
        self.emit(ast.If(both(*covered), block, outside))
        return result

    def distinct(self, slot: Slot, ways: Sequence[Way]) -> list[str]:
        """Compute what stands in a place in several ways, each result once."""
        return list(dict.fromkeys(self.slot(slot, way) for way in ways))

    def value(self, decision: Decision, result: str) -> None:
        """Write the value, or the values of all ways to read the text where they differ."""
        ways = self.ways.every(self.ways.readings_of(decision.name))
        found = list(dict.fromkeys(self.need(decision.name, way) for way in ways))
        held = [self.settled(decision, each) for each in found]
        values: list[ast.expr] = [self.literals.get(each) or load(each) for each in held]
        only: ast.expr = tuple_(values[:1])
        if types.required(decision.type) in {types.DATE, types.NUMBER}:
            null = types.may_be_null(decision.type)
            only = choose(is_(values[0], None), only, values[0]) if null else values[0]
        one = assign(result, only)
        if len(values) == 1:
            self.emit(one)
            return
        if types.required(decision.type) not in PLAIN:
            raise NotWrittenError
        same = ast.Compare(values[0], [ast.Eq()] * (len(values) - 1), values[1:])
        self.emit(ast.If(same, [one], [assign(result, tuple_(values))]))

    def settled(self, decision: Decision, variable: str) -> str:
        """Make sure that a value is no moment still to come."""
        if variable in self.reading.pending:
            variable = self.bind(self.moment(variable))
        if decision.type in {types.BOOLEAN, types.NUMBER, types.STRING}:
            return variable
        if variable in self.certain.days:
            return variable
        if types.required(decision.type) != types.DATE:
            return self.bind(call(self.constant(certain), load(variable)))
        kind = call(self.constant(type), load(variable))
        plain = compare(kind, ast.Is(), self.constant(date))
        other = call(self.constant(certain), load(variable))
        return self.bind(choose(plain, load(variable), other))

    def rules(self, decision: Decision, result: str) -> None:
        """Write: a bit for whatever fails, and what the bits mean unless there are none."""
        conditions: list[Condition] = []
        bits = 0
        waiting: list[str] = []
        self.emit(assign(result, literal(0)))
        for index, rule in enumerate((*decision.requires, *decision.excluded_if)):
            places: dict[_Key, int] = {}
            found: list[tuple[Way, int]] = []
            for way in self.ways.every(self.ways.readings_in(rule.condition)):
                key = self.slot_key(rule.condition, way)
                if key not in places:
                    places[key] = bits
                    required = index < len(decision.requires)
                    event = self.rule(rule, way, (result, bits), required=required)
                    waiting += [] if event is None else [event]
                    bits += 1
                found.append((way, places[key]))
            conditions.append(found)
        if bits > len(conditions):
            blamed = ast.Subscript(self.constant(Blamed(conditions)), load(result), ast.Load())
            self.emit(ast.If(load(result), [assign(result, blamed)], []))
        if waiting:
            self.no_anyway(result, len(conditions), waiting)

    def rule(self, rule: Rule, way: Way, bit: tuple[str, int], *, required: bool) -> str | None:
        """Write that a bit is set if a rule fails; give the event that it does nothing but wait for."""
        event = waits_for(self.ways.formula(rule.condition, way), self.policy.facts)
        if event is None or self.reading.variables[event] not in self.events.pending:
            self.fails(rule, way, bit, required=required)
            return None
        with self.apart(), self.lowering.branch() as block:
            self.fails(rule, way, bit, required=required)
        variable = self.reading.variables[event]
        self.emit(ast.If(is_not(load(variable), None), block, []))
        return variable

    def fails(self, rule: Rule, way: Way, bit: tuple[str, int], *, required: bool) -> None:
        """Write that a bit is set if a condition is not as its rule wants it."""
        holds = self.condition(rule.condition, way)
        self.set_bit(*bit, negated(holds) if required else holds)

    def no_anyway(self, result: str, rules: int, waiting: Sequence[str]) -> None:
        """Write that where a rule waits for an event, others answer, unless it is no by other rules.

        That is certain where there are such transactions, whether the event happens or not.
        """
        still = [is_(load(each), None) for each in dict.fromkeys(waiting)]
        by_others = ast.Compare(
            literal(0), [ast.Lt(), ast.Lt()], [load(result), literal(1 << rules)]
        )
        certain: list[ast.expr] = [by_others]
        if self.unclear is not None:
            certain.append(negated(load(self.unclear)))
        give_up: list[ast.stmt] = [ast.Raise(self.constant(NotForUsError), None)]
        self.emit(ast.If(both(either(*still), negated(both(*certain))), give_up, []))

    def bits_of(self, remarks: Sequence[Remark]) -> ast.expr:
        """Write a bit for each remark that is made, in each way to read it."""
        conditions = [each.condition for each in remarks if each.condition is not None]
        if not conditions:
            return literal(0)
        variable = self.lowering.fresh("r")
        self.emit(assign(variable, literal(0)))
        bits = 0
        for condition in conditions:
            for way in self.ways.every(self.ways.readings_in(condition)):
                self.set_bit(variable, bits, self.condition(condition, way))
                bits += 1
        return load(variable)

    def set_bit(self, variable: str, place: int, condition: ast.expr) -> None:
        """Write that a bit is set if a condition holds."""
        bit = ast.AugAssign(ast.Name(variable, ast.Store()), ast.BitOr(), literal(1 << place))
        if not isinstance(condition, ast.Constant):
            self.emit(ast.If(condition, [bit], []))
        elif condition.value:
            self.emit(bit)

    def condition(self, slot: Slot, way: Way) -> ast.expr:
        """Compute a condition where it is asked, unless others need it as well."""
        key = self.slot_key(slot, way)
        if key in self.known or self.uses[key] > 1:
            variable = self.slot(slot, way)
            return self.literals.get(variable) or load(variable)
        return self.lowered(self.ways.formula(slot, way), way)


def _differing(inputs: _Inputs, others: _Inputs) -> list[tuple[str, str]]:
    """Give the variables of a formula's names that are not the same in two ways to read it."""
    pairs = zip(inputs, others, strict=True)
    return [(mine, other) for (_, mine), (_, other) in pairs if mine != other]
