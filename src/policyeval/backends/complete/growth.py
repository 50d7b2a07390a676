"""Logs that may still grow: what is said of them now has to stay true, whatever is entered later."""

import ast
from collections.abc import Collection, Mapping

from policyeval.backends.complete.events import UNCLEAR, Events
from policyeval.backends.complete.standing import NotForUsError, NotWrittenError
from policyeval.backends.python.logs import Use, only_source, uses
from policyeval.backends.python.lowering import PolicyLowering
from policyeval.backends.python.moments import UndeterminedError
from policyeval.backends.python.units import Surroundings
from policyeval.feel import syntax, types
from policyeval.feel.lowering import Names
from policyeval.feel.lowering.emit import Variable, assign, is_, literal, load, negated
from policyeval.policy.model import Fact, Formula


class Growth:
    """Writes, after a formula about logs, that an entry still to come would change nothing of it.

    Attributes:
        only_if: A variable that says whether logs may still grow; None: they may.
    """

    only_if: str | None = None

    def __init__(self, around: Surroundings, lowering: PolicyLowering, events: Events) -> None:
        self._facts = around.terms.policy.facts
        self._around = around
        self._lowering = lowering
        self._events = events

    def concerns(self, names: Collection[str]) -> bool:
        """Tell whether one of some names is a log."""
        return any(each in self._facts and self._facts[each].kind == "log" for each in names)

    def write(self, formula: Formula, names: Mapping[str, Variable], result: str) -> None:
        """Write it where the lowering stands, which is turned to the formula.

        Raises:
            NotWrittenError: How the formula uses a log is not known here.
        """
        logs = frozenset(name for name in names if self.concerns((name,)))
        tree = formula.tree
        found = uses(tree, logs)
        if found is None:
            raise NotWrittenError
        with self._lowering.branch() as block:
            for use in found:
                self._one(use, names)
        block = [self._events.visit(each) for each in block]
        if self.only_if is not None:
            block = [ast.If(load(self.only_if), block, [])]
        checked = self._around.checked(formula)
        if isinstance(tree, syntax.Quantified) and only_source(tree, logs, checked):
            stays = is_(load(result), tree.quantifier == "some")
            self._emit(ast.If(stays, [ast.Pass()], block))
        else:
            self._emit(*block)

    def _one(self, use: Use, names: Mapping[str, Variable]) -> None:
        """Write that an entry still to come would not pass a condition (or, of `every`, fail it)."""
        fact = self._facts[use.log]
        assert fact.log is not None
        at_day = fact.entries[fact.log].type == types.DATE
        moment = self._events.never(self._lowering.fresh("e"), moment=not at_day)
        entry = self._events.entry_to_come(self._lowering.fresh("e"), fact.log, moment)
        inner = dict(names)
        root = self._lowering.root
        if use.variable is not None:
            inner[use.variable] = Variable(entry, root)
        else:
            inner["item"] = Variable(entry, root)
            for name in fact.entries:
                of = moment if name == fact.log else self._set(self._constant(UNCLEAR))
                inner[name] = Variable(of, root)
        settled = self._set(literal(False))
        for part in _parts(use.condition, use.indifferent):
            if _is_of_entry_alone(part, use.variable, fact):
                continue
            with self._lowering.branch() as block:
                result = self._lowering.lower(part, Names(inner))
                self._emit(assign(settled, is_(result, use.indifferent)))
            undetermined = self._constant(UndeterminedError)
            tried = ast.Try(block, [ast.ExceptHandler(undetermined, None, [ast.Pass()])], [], [])
            self._emit(ast.If(negated(load(settled)), [tried], []))
        give_up: list[ast.stmt] = [ast.Raise(self._constant(NotForUsError), None)]
        self._emit(ast.If(negated(load(settled)), give_up, []))

    def _set(self, value: ast.expr) -> str:
        name = self._lowering.fresh("t")
        self._emit(assign(name, value))
        return name

    def _constant(self, value: object) -> ast.expr:
        return self._lowering.pool.name(value)

    def _emit(self, *statements: ast.stmt) -> None:
        self._lowering.frame.block += statements


def _parts(condition: syntax.Expression, indifferent: bool) -> tuple[syntax.Expression, ...]:
    """Give the parts of a condition each of which settles it alone, by what leaves an entry out.

    Such a part may be undetermined where another one settles it; but what may have no result at all
    has to be looked at in its turn.
    """
    junction = syntax.Disjunction if indifferent else syntax.Conjunction
    if not isinstance(condition, junction):
        return (condition,)
    if not all(isinstance(each, _TOTAL) or _is_day(each) for each in syntax.walk(condition)):
        return (condition,)
    return condition.operands


def _is_of_entry_alone(part: syntax.Expression, variable: str | None, log: Fact) -> bool:
    """Tell whether a part is a member of the entry other than its moment: of that nothing is certain."""
    match part:
        case syntax.Path(syntax.Name(source), member):
            return source == (variable or "item") and member != log.log
        case syntax.Name(member):
            return variable is None and member in log.entries and member != log.log
        case _:
            return False


_TOTAL = (
    syntax.Comparison,
    syntax.Conjunction,
    syntax.Disjunction,
    syntax.Name,
    syntax.Path,
    syntax.Argument,
    syntax.NullLiteral,
    syntax.BooleanLiteral,
    syntax.StringLiteral,
    syntax.NumberLiteral,
)
"""What has a result for all values of the types that it is checked for."""


def _is_day(node: syntax.Node) -> bool:
    return (
        isinstance(node, syntax.Call)
        and isinstance(node.function, syntax.Name)
        and node.function.name == "date"
        and len(node.arguments) == 1
        and isinstance(node.arguments[0].value, syntax.Name | syntax.Path)
    )
