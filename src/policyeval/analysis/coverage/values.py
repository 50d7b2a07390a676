"""What the formulas of a version come to for the facts of one evaluation, down to their parts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import product
from math import prod
from typing import Final, Literal, cast

from policyeval.analysis.coverage.structure import Truth
from policyeval.backends.calendars import next_working_day
from policyeval.backends.python.assembling import Assembled, assemble
from policyeval.backends.python.moments import holds_moment
from policyeval.backends.python.undecided import GROWING, Undecided, Unknown, merged
from policyeval.backends.python.units import Surroundings, Unit
from policyeval.backends.worlds.exploring import Ask, Exploration, holding
from policyeval.backends.worlds.learning import OutOfStepsError
from policyeval.backends.worlds.openness import Openness
from policyeval.backends.worlds.worlds import Worlds
from policyeval.errors import EvaluationError, UnsupportedError
from policyeval.facts.model import Environment
from policyeval.feel import syntax
from policyeval.feel.compiler import Compiled, compile_tree
from policyeval.feel.values import Value
from policyeval.policy.model import ASKED_ON, Fact, Formula, Rule, Slot, Table, TableRule, Text
from policyeval.policy.terms import Terms
from policyeval.source import Source, Span

Outcome = Literal["true", "false", "undetermined"]

Way = Mapping[str, object]
"""A name whose value depends on how the text is read, with the value that one reading gives it."""

NO_WAY: Final[Way] = {}

_MOST_WAYS: Final = 64

_STEPS: Final = 5_000
"""What telling one condition of the possible worlds may take."""


class Values:
    """Computes the values of a version's names, whatever is asked; made once per version."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        facts = terms.policy.facts.values()
        entries = frozenset(name for fact in facts for name in _entries(fact))
        self.around = Surroundings(terms, {}, entries)
        self._assembled: dict[frozenset[str], Assembled] = {}
        self._units: dict[Formula, Unit] = {}
        self._rules: dict[int, Rule] = {}
        self._cells: dict[tuple[Formula, Formula], Compiled] = {}

    def view(self, environment: Environment, names: frozenset[str]) -> "View":
        """Compute the values of names for some facts.

        Raises:
            UnsupportedError: A day is to be moved in a year whose working days are not known.
        """
        if names not in self._assembled:
            self._assembled[names] = assemble(self.around, (), (), sorted(names))
        compiled = self._assembled[names]
        unknown: Unknown = {}
        _, _, values = compiled.function(
            environment.values, environment.asked_on, environment.growing, unknown
        )
        context: dict[str, object] = dict(zip(compiled.names, values, strict=True))
        context[ASKED_ON] = environment.asked_on
        growing = environment.growing & context.keys()
        return View(self, environment, context, unknown, growing)

    @staticmethod
    def names(node: syntax.Expression) -> frozenset[str]:
        """Give the names in a part of a formula."""
        return frozenset(e.name for e in syntax.walk(node) if isinstance(e, syntax.Name))

    def unit(self, formula: Formula) -> Unit:
        """Give what computes a formula."""
        found = self._units.get(formula)
        if found is None:
            used = {e.name for e in syntax.walk(formula.tree) if isinstance(e, syntax.Name)}
            names = tuple(name for name in self.terms.valid.scope if name in used)
            found = self._units[formula] = Unit(self.around, formula, "", names)
        return found

    def cell(self, expression: Formula, cell: Formula) -> Compiled:
        """Give what computes a table's cell; the value that is tested is called `?`."""
        found = self._cells.get((expression, cell))
        if found is None:
            used = {e.name for e in syntax.walk(cell.tree) if isinstance(e, syntax.Name)}
            scope = {name: type_ for name, type_ in self.terms.valid.scope.items() if name in used}
            scope["?"] = self.around.checked(expression).type_of(expression.tree)
            found = compile_tree(Source(cell.text), cell.tree, scope)
            self._cells[expression, cell] = found
        return found

    def rule(self, slot: Slot) -> Rule:
        """Give a place as the condition of a rule, always the same one."""
        found = self._rules.get(id(slot))
        if found is None:
            nowhere = Span(0, 0)
            text = Text({}, span=nowhere)
            found = self._rules[id(slot)] = Rule("", (), slot, text, span=nowhere)
        return found


def _entries(fact: Fact) -> Iterator[str]:
    for name, each in fact.entries.items():
        yield name
        yield from _entries(each)


@dataclass(slots=True)
class View:
    """The values of names in one evaluation, and what follows from them."""

    of: Values
    environment: Environment
    context: Mapping[str, object]
    unknown: Unknown
    growing: frozenset[str]
    _exploration: Exploration | None = field(default=None, repr=False)

    # ------------------------------------------------------------ for certain

    def ways(self, formula: Formula) -> list[Way]:
        """Give the ways to read the text that a formula tells apart: values for one of its names.

        Of several such names nothing is known of which go together; then there is one way, open.
        """
        several = [
            (name, self.unknown[name].options)
            for name in self.of.unit(formula).variables
            if name in self.unknown and self.unknown[name].options
        ]
        if len(several) != 1:
            return [{}]
        name, options = several[0]
        return [{name: each} for each in options]

    def part(self, formula: Formula, node: syntax.Expression, way: Way = NO_WAY) -> Truth:
        """Tell what a part of a formula comes to, whatever way the text is read.

        Args:
            formula: The formula.
            node: The part.
            way: One of `ways`: only in this way.
        """
        unit = self.of.unit(formula)
        open_ = self.unknown
        if self.growing:
            open_ = {**dict.fromkeys(self.growing, GROWING), **open_}
        if way:
            open_ = {name: each for name, each in open_.items() if name not in way}
            return _truth(unit.part(node, {**self.context, **way}, open_))
        several = {
            name: open_[name].options
            for name in self.of.names(node)
            if name in open_ and open_[name].options
        }
        if not several:
            return _truth(unit.part(node, self.context, open_))
        if prod(map(len, several.values())) > _MOST_WAYS:
            return "open"
        rest = {name: each for name, each in open_.items() if name not in several}
        ways = (dict(zip(several, way, strict=True)) for way in product(*several.values()))
        return _truth(merged(unit.part(node, {**self.context, **way}, rest) for way in ways))

    def holds(self, slot: Slot) -> Truth:
        """Tell whether a condition holds, whatever way the text is read."""
        return _truth(self._slot(slot))

    def holds_by_reading(self, slot: Slot) -> frozenset[bool]:
        """Give what a condition comes to in the ways to read the text, where only these differ."""
        value = self._slot(slot)
        if isinstance(value, Undecided):
            return frozenset(each for each in value.options if isinstance(each, bool))
        return frozenset()

    def _slot(self, slot: Slot) -> object:
        slot = self.of.terms.settled(slot)
        if isinstance(slot, Formula):
            return self._formula(slot)
        return merged(map(self._slot, self.of.terms.open_options(slot).values()))

    def _formula(self, formula: Formula) -> object:
        unit = self.of.unit(formula)
        values = [self.context[name] for name in unit.variables]
        unknown = dict(self.unknown)
        if self.growing:
            asked_on = self.environment.asked_on
            return unit.run_growing(unknown, "", values, self.growing, asked_on)
        return unit.run(unknown, "", values)

    def cells(self, table: Table, row: TableRule) -> list[Truth]:
        """Tell which cells of a row pass."""
        return [
            self._cell(column.expression, cell)
            for column, cell in zip(table.inputs, row.when, strict=True)
        ]

    def _cell(self, expression: Formula, cell: Formula) -> Truth:
        value = self._formula(expression)
        if isinstance(value, Undecided):
            return "open" if value.error is None else "none"
        compiled = self.of.cell(expression, cell)
        given = {name: self.context[name] for name in compiled.parameters if name != "?"}
        if any(name in self.unknown or name in self.growing for name in given):
            return "open"
        if any(map(holds_moment, (value, *given.values()))):
            return "open"
        try:
            passed = compiled.run(cast(dict[str, Value], {**given, "?": value})).value
        except EvaluationError:
            return "none"
        return _truth(passed)

    # ------------------------------------------------------------ over all possible worlds

    def everywhere(self, slot: Slot, *, satisfied: bool) -> Outcome | None:
        """Tell whether a condition holds in all possible worlds, in none, or in some.

        Args:
            slot: The condition.
            satisfied: Whether only worlds count that every transaction may be in.
        """
        return self._outcome(holding(self.of.rule(slot)), satisfied=satisfied)

    def row_everywhere(self, table: Table, row: TableRule) -> Outcome | None:
        """Tell the same of a row's tests."""

        def passes(worlds: Worlds, expression: Formula, cell: Formula) -> object:
            tree = cast(syntax.Expression, expression.tree)
            tests = cast(syntax.UnaryTests, cell.tree)
            value = worlds.operand(tree, worlds.checked(expression), {})
            return worlds.unary_tests(tests, value, worlds.checked(cell)) is True

        def every(worlds: Worlds) -> object:
            cells = (
                partial(passes, worlds, column.expression, cell)
                for column, cell in zip(table.inputs, row.when, strict=True)
            )
            return worlds.junction(cells, decides=False)

        return self._outcome(every, satisfied=True)

    def _outcome(self, ask: Ask, *, satisfied: bool) -> Outcome | None:
        if self._exploration is None:
            openness = Openness(self.of.terms, self.environment)
            self._exploration = Exploration(openness, next_working_day, _STEPS)
            self._exploration.learning.hasty = True
        exploration = self._exploration
        exploration.learning.steps = _STEPS
        seen: set[bool] = set()
        failed = False
        root = Worlds(exploration.openness, next_working_day, exploration.learning)
        possible = exploration.is_possible if satisfied else None
        try:
            for leaf in exploration.parts([root], ask, possible):
                if isinstance(leaf.result, bool):
                    seen.add(leaf.result)
                else:
                    failed = True
                if len(seen) > 1:
                    return "undetermined"
        except (OutOfStepsError, UnsupportedError):
            return None
        if failed or not seen:
            return None
        return "true" if seen.pop() else "false"


def _truth(value: object) -> Truth:
    if isinstance(value, bool):
        return value
    if isinstance(value, Undecided) and value.error is None:
        return "open"
    return "none"
