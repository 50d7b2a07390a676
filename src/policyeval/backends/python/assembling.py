"""One Python function for a version's terms: facts in, what every decision comes to out.

Formulas are lowered into it one after the other, each after what it uses. Every formula is a region
of its own: where its code cannot go on, or what it needs is not known, its `Unit` takes over, and
the others are left alone. Facts, parameters and decisions are variables of the function; parameters
whose value is known from the terms alone are constants. What is not known is noted in the dict `u`;
if that is empty at the end, every variable holds a plain value, true or false for conditions.
"""

import ast
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from policyeval.backends.python.inlining import Inlining
from policyeval.backends.python.inputs import (
    event,
    happened,
    never,
    outcome,
    shifted,
    unclear,
)
from policyeval.backends.python.tables import TableUnit, cells
from policyeval.backends.python.undecided import UNDECIDED, Undecided, merged, verdict
from policyeval.backends.python.units import CANNOT, FILE, Surroundings, Unit
from policyeval.facts.model import Open
from policyeval.feel import syntax, types
from policyeval.feel.compiler import make_function
from policyeval.feel.lowering import Names
from policyeval.feel.lowering.emit import (
    Variable,
    assign,
    attribute,
    both,
    call,
    choose,
    compare,
    is_,
    literal,
    load,
    negated,
    tuple_,
)
from policyeval.policy.model import (
    ASKED_ON,
    Decision,
    Fact,
    Formula,
    Remark,
    Slot,
    happened_name,
    never_name,
)
from policyeval.source import Span

_SIMPLE: Mapping[types.Type, type] = {types.DATE: date, types.DATE_AND_TIME: datetime}


@dataclass(frozen=True, slots=True)
class Assembled:
    """The function and what it gives.

    Attributes:
        function: Of the facts (a mapping), `asked_on`, the growing logs, and an empty dict for what
            is not known. It gives one tuple for each decision asked for (covered, value, rules, rows,
            remarks), the conditions asked for, and the values of `names`.
        names: Facts, parameters and decisions that were computed on the way.
    """

    function: Callable[
        ..., tuple[tuple[tuple[object, ...], ...], tuple[object, ...], tuple[object, ...]]
    ]
    names: tuple[str, ...]


def assemble(
    around: Surroundings,
    decisions: Collection[str],
    conditions: Sequence[tuple[str, Slot]] = (),
    shown: Collection[str] = (),
) -> Assembled:
    """Make the function.

    Args:
        around: The terms.
        decisions: Those that are asked for.
        conditions: Further formulas, with the rule that each is of.
        shown: Names whose values are wanted beside.
    """
    return _Assembler(around).assembled(decisions, conditions, shown)


class _Assembler:
    def __init__(self, around: Surroundings) -> None:
        self.around = around
        self.policy = around.terms.policy
        self.lowering = around.lowering()
        self.pool = self.lowering.pool
        self.known: dict[str, Variable] = {}
        self.under_way: set[str] = set()
        self.sites: list[tuple[Span, ...]] = []
        self.begin = around.begin(self.sites)
        self.of_rules: dict[str, list[ast.expr]] = {}
        self.of_rows: dict[str, str] = {}
        self.of_remarks: dict[int, str] = {}

    def assembled(
        self,
        decisions: Collection[str],
        conditions: Sequence[tuple[str, Slot]],
        shown: Collection[str],
    ) -> Assembled:
        results = [self.result(self.policy.decisions[name]) for name in decisions]
        others = [load(self.slot(slot, rule)) for rule, slot in conditions]
        for name in shown:
            self.need(name)
        names = tuple(self.known)
        values = [self.read(name) for name in names]
        root = self.lowering.root
        root.block.append(ast.Return(tuple_([tuple_(results), tuple_(others), tuple_(values)])))
        self.sites.append(tuple(self.lowering.sites))
        definition = root.function("decide", ["e", "a", "g", "u"])
        file = self.around.source.name or FILE
        return Assembled(make_function(definition, self.pool.values, file), names)  # type: ignore[arg-type]  # what it gives is made above

    # ------------------------------------------------------------ statements

    def emit(self, *statements: ast.stmt) -> None:
        self.lowering.frame.block += statements

    def set(self, value: ast.expr) -> str:
        """Compute a value into a variable."""
        name = self.lowering.fresh("t")
        self.emit(assign(name, value))
        return name

    def constant(self, value: object) -> ast.expr:
        return self.pool.name(value)

    def read(self, name: str) -> ast.Name:
        return load(self.known[name].name)

    def note(self, key: str) -> ast.stmt:
        """Write that something is not known."""
        item = ast.Subscript(load("u"), literal(key), ast.Store())
        return ast.Assign([item], self.constant(UNDECIDED))

    def kind(self, variable: str) -> ast.expr:
        return call(self.constant(type), load(variable))

    # ------------------------------------------------------------ what formulas name

    def need(self, name: str) -> None:
        """Compute what a name stands for, unless that is done."""
        if name in self.known or name in self.around.folded:
            return
        if name in self.under_way:  # an act that its own condition uses: it is not known then
            self.known[name] = Variable(self.set(self.constant(UNDECIDED)), self.lowering.root)
            self.emit(self.note(name))
            return
        self.under_way.add(name)
        policy = self.policy
        if name == ASKED_ON:
            variable = "a"
        elif name in policy.facts:
            variable = self.fact(policy.facts[name])
        elif name in policy.parameters:
            variable = self.named(name, policy.parameters[name].value)
        elif name in policy.decisions:
            variable = self.decision(policy.decisions[name])
        else:
            variable = self.about_event(name)
        self.under_way.discard(name)
        self.known[name] = Variable(variable, self.lowering.root)

    def fact(self, fact: Fact) -> str:
        name = fact.name
        variable = self.set(ast.Subscript(load("e"), literal(name), ast.Load()))
        if fact.kind == "event":
            plain = self.constant(_SIMPLE[types.required(fact.type)])
            replaced = call(self.constant(event), load("u"), literal(name), load(variable))
            self.emit(
                ast.If(
                    compare(self.kind(variable), ast.IsNot(), plain),
                    [assign(variable, replaced)],
                    [],
                )
            )
        elif fact.act is not None:
            self.act(fact, variable)
        elif isinstance(types.required(fact.type), types.SimpleType):
            is_open = compare(self.kind(variable), ast.Is(), self.constant(Open))
            self.emit(ast.If(is_open, [self.note(name)], []))
        else:
            is_unclear = call(self.constant(unclear), load(variable))
            self.emit(ast.If(is_unclear, [self.note(name)], []))
        return variable

    def act(self, fact: Fact, variable: str) -> None:
        """Look at whether an act that is not recorded is open; if it surely is not, there is none."""
        assert fact.act is not None
        is_open = compare(self.kind(variable), ast.Is(), self.constant(Open))
        condition = fact.act.open_when
        if condition is None:
            self.emit(ast.If(is_open, [self.note(fact.name)], []))
            return
        for formula in self.around.terms.formulas(condition):
            self.prepare(formula)
        with self.lowering.branch() as block:
            holds = self.slot(condition, fact.name)
            closed = both(
                is_(load(holds), False),
                compare(attribute(load(variable), "kind"), ast.Eq(), literal("act")),
            )
            self.emit(ast.If(closed, [assign(variable, literal(None))], [self.note(fact.name)]))
        self.emit(ast.If(is_open, block, []))

    def about_event(self, name: str) -> str:
        """Compute `happened(…)` or `never(…)` of an event."""
        for each, fact in self.policy.facts.items():
            for made, function in ((happened_name(each), happened), (never_name(each), never)):
                if name == made:
                    self.need(fact.name)
                    given = [load("u"), load("e"), self.constant((name, each))]
                    return self.set(
                        call(self.constant(function), *given, self.read(each), load("a"))
                    )
        raise AssertionError(name)

    # ------------------------------------------------------------ formulas

    def variables(self, formula: Formula) -> tuple[str, ...]:
        """Give the names of a formula that the policy defines, except constants."""
        names = dict.fromkeys(
            each.name for each in syntax.walk(formula.tree) if isinstance(each, syntax.Name)
        )
        scope, folded = self.around.terms.valid.scope, self.around.folded
        return tuple(name for name in names if name in scope and name not in folded)

    def prepare(self, formula: Formula) -> tuple[str, ...]:
        """Compute what a formula uses, and give the names of that."""
        names = self.variables(formula)
        for name in names:
            self.need(name)
        return names

    def named(self, name: str, slot: Slot) -> str:
        """Compute the value of a parameter or a decision; note if it is not known."""
        return self.slot(slot, name, key=name)

    def slot(self, slot: Slot, rule: str, key: str | None = None) -> str:
        """Compute what stands in a place, whatever way the text is read.

        Args:
            slot: The place.
            rule: What it is of, for messages.
            key: How it is called where it is not known; by default, made up.
        """
        slot = self.around.terms.settled(slot)
        if isinstance(slot, Formula):
            return self.formula(slot, rule, key)
        options = self.around.terms.open_options(slot).values()
        values = [load(self.slot(each, rule)) for each in options]
        variable = self.set(call(self.constant(merged), tuple_(values)))
        return self.noted(variable, key)

    def noted(self, variable: str, key: str | None) -> str:
        """Note if a value that was computed from others is not known."""
        undecided = compare(self.kind(variable), ast.Is(), self.constant(Undecided))
        item = ast.Subscript(load("u"), literal(key or variable), ast.Store())
        self.emit(ast.If(undecided, [ast.Assign([item], load(variable))], []))
        return variable

    def formula(self, formula: Formula, rule: str, key: str | None = None) -> str:
        """Compute a formula: a region of its own."""
        names = self.prepare(formula)
        lowering = self.lowering
        unit = Unit(self.around, formula, rule, names)
        lowering.turn_to(formula, unit.checked, unit.hidden)
        variable = lowering.fresh("t")
        lowering.uses_runtime = False
        with lowering.branch() as block:
            visible = Names({name: self.known[name] for name in names})
            assert not isinstance(formula.tree, syntax.UnaryTests)
            value = lowering.lower(formula.tree, visible)
            self.emit(assign(variable, value))
        where = [load("u"), literal(key or variable), tuple_([self.read(each) for each in names])]
        again = assign(variable, call(self.constant(unit.run), *where))
        region = self.tried(self.begun(block), again)
        logs = self.logs(names)
        if names:
            region = ast.If(self.meets("u", frozenset(names)), [again], [region])
        if logs:
            grown = call(self.constant(unit.run_growing), *where, load("g"), load("a"))
            region = ast.If(self.meets("g", logs), [assign(variable, grown)], [region])
        self.emit(region)
        return variable

    def begun(self, block: list[ast.stmt]) -> list[ast.stmt]:
        """Begin a run in a region, if it was found to need one."""
        if not self.lowering.uses_runtime:
            return block
        return [assign(self.lowering.runtime.name, call(self.constant(self.begin))), *block]

    def logs(self, names: Sequence[str]) -> frozenset[str]:
        facts = self.policy.facts
        return frozenset(name for name in names if name in facts and facts[name].log)

    def meets(self, variable: str, names: frozenset[str]) -> ast.expr:
        """Write whether one of some names is among those in a variable."""
        apart = call(self.constant(names.isdisjoint), load(variable))
        return both(load(variable), negated(apart))

    def tried(self, block: list[ast.stmt], otherwise: ast.stmt) -> ast.stmt:
        handler = ast.ExceptHandler(self.constant(CANNOT), None, [otherwise])
        return ast.Try(block, [handler], [], [])

    # ------------------------------------------------------------ decisions

    def decision(self, decision: Decision) -> str:
        """Compute the value of a decision, and what its rules come to."""
        name = decision.name
        if decision.value is not None:
            variable = self.named(name, decision.value)
        elif decision.table is not None:
            variable = self.table(decision)
        else:
            variable = self.rules(decision)
        calendar = self.around.terms.moved.get(name)
        if calendar is not None:
            moved = call(
                self.constant(shifted), load("u"), literal(name), literal(calendar), load(variable)
            )
            self.emit(assign(variable, moved))
        if not isinstance(types.required(decision.type), types.SimpleType):
            is_unclear = call(self.constant(unclear), load(variable))
            self.emit(ast.If(is_unclear, [self.note(name)], []))
        return variable

    def rules(self, decision: Decision) -> str:
        requires = [self.slot(each.condition, each.id) for each in decision.requires]
        excluded = [self.slot(each.condition, each.id) for each in decision.excluded_if]
        self.of_rules[decision.name] = _loaded([*requires, *excluded])
        wanted = [*_loaded(requires), *map(negated, _loaded(excluded))]
        plain = both(*wanted) if wanted else literal(True)
        careful = call(self.constant(verdict), tuple_(_loaded(requires)), tuple_(_loaded(excluded)))
        variable = self.set(choose(load("u"), careful, plain))
        return self.noted(variable, decision.name)

    def table(self, decision: Decision) -> str:
        assert decision.table is not None
        inputs = tuple(
            Unit(self.around, each.expression, decision.name, self.prepare(each.expression))
            for each in decision.table.inputs
        )
        names = [name for unit in inputs for name in unit.variables]
        for formula in cells(self.around, decision):
            names += self.prepare(formula)
        names = list(dict.fromkeys(names))
        unit = TableUnit(self.around, decision, inputs, tuple(names))
        written = Inlining(self.around, self.lowering, decision, inputs, self.known)
        where = [load("u"), literal(decision.name), tuple_([self.read(name) for name in names])]
        found = ast.Tuple([_store(written.result), _store(written.rows)], ast.Store())
        again = ast.Assign([found], call(self.constant(unit.run), *where, load("g")))
        region: ast.stmt = again
        if written.possible():
            self.lowering.uses_runtime = False
            with self.lowering.branch() as block:
                written.write()
            region = self.tried(self.begun(block), again)
        if names:
            region = ast.If(self.meets("u", frozenset(names)), [again], [region])
        logs = self.logs(names)
        if logs:
            region = ast.If(self.meets("g", logs), [again], [region])
        self.emit(region)
        self.of_rows[decision.name] = written.rows
        return written.result

    def result(self, decision: Decision) -> ast.expr:
        """Compute a decision that is asked for, with what is said beside it."""
        name = decision.name
        self.need(name)
        covered: ast.expr = literal(True)
        if decision.covers is not None:
            covered = load(self.slot(decision.covers.condition, name))
        value: ast.expr = self.read(name)
        plain = _SIMPLE.get(decision.type)
        if plain is not None:
            seen = call(self.constant(outcome), load("u"), literal(f"value of {name}"), value)
            same = compare(self.kind(self.known[name].name), ast.Is(), self.constant(plain))
            value = load(self.set(choose(same, self.read(name), seen)))
        elif types.required(decision.type) in _SIMPLE:
            seen = call(self.constant(outcome), load("u"), literal(f"value of {name}"), value)
            value = load(self.set(seen))
        rules = self.of_rules.get(name, [])
        rows: ast.expr = tuple_([])
        if name in self.of_rows:
            rows = load(self.of_rows[name])
        beside = [*decision.remarks]
        if decision.question is not None:
            beside += self.policy.remarks
        remarks = [self.remark(each) for each in beside]
        return tuple_([covered, value, tuple_(rules), rows, tuple_(remarks)])

    def remark(self, remark: Remark) -> ast.expr:
        """Compute whether something is said; what is said beside every decision, once."""
        if remark.condition is None:
            return literal(True)
        if id(remark) not in self.of_remarks:
            self.of_remarks[id(remark)] = self.slot(remark.condition, remark.id)
        return load(self.of_remarks[id(remark)])


def _store(variable: str) -> ast.Name:
    return ast.Name(variable, ast.Store())


def _loaded(variables: Sequence[str]) -> list[ast.expr]:
    return [load(each) for each in variables]
