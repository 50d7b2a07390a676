"""A version's terms as one function of facts and a day, for transactions that leave nothing open.

First come the days that pick the version, acts that are open, and facts that no transaction can have;
then what several questions need, which is nothing to questions that do not apply if it ends; then the
questions, each a word of bits or values. Should anything be unclear on the way that matters, the
function ends, and others answer.
"""

import ast
from collections import Counter
from collections.abc import Sequence
from datetime import date

from policyeval.backends.complete.formulas import Formulas, Key
from policyeval.backends.complete.given import ASKED_ON, FACTS, give_up
from policyeval.backends.complete.readings import Blamed, Condition
from policyeval.backends.complete.runtime import certain
from policyeval.backends.complete.standing import OPEN, NotForUsError, NotWrittenError
from policyeval.backends.complete.task import Decide, Governed, Task
from policyeval.backends.complete.ways import Way
from policyeval.backends.python import moments
from policyeval.backends.python.units import CANNOT, Surroundings
from policyeval.backends.python.waiting import waits_for
from policyeval.facts.clock import Clock
from policyeval.feel import types
from policyeval.feel.compiler import make_function
from policyeval.feel.lowering.emit import (
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
    Decision,
    Remark,
    Rule,
    Slot,
)
from policyeval.source import Span

PLAIN = frozenset(
    {types.BOOLEAN, types.NUMBER, types.STRING, types.DATE, types.DAYS_AND_TIME_DURATION}
)


def assemble(around: Surroundings, clock: Clock, task: Task) -> Decide:
    """Write the function that answers some questions, where these terms govern.

    Raises:
        NotWrittenError: The facts cannot be read by such code.
    """
    return Assembler(around, clock, task).assembled()


class Assembler(Formulas):
    """Writes the function of a version's terms: what comes before the questions, and these."""

    def __init__(self, around: Surroundings, clock: Clock, task: Task) -> None:
        super().__init__(around, clock, task.manner)
        self.task = task
        self.questions = task.questions
        self.told = task.manner.told
        self.remarks: dict[str, ast.expr] = {}
        self.unclear: str | None = None
        self.uses = self.counted()
        self.sites: list[tuple[Span, ...]] = []

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

    def counted(self) -> Counter[Key]:
        """Count how often each condition of a rule is asked, in each way to read it.

        One that reads a log counts twice: it is looked at once more, for what may still be entered.
        """
        found: Counter[Key] = Counter()
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
            places: dict[Key, int] = {}
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
