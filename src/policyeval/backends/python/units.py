"""A formula on its own: what runs where the policy's one function cannot go on.

The one function of a policy computes every formula with Python's own operators. Where that ends in
an exception, or a value that it needs is not known, it asks the formula's `Unit`. If all is known,
the generic lowering knows what the operators did not, or how to say why there is no result. If not,
the formula is gone through in three-valued logic: its conditions one by one, the parts without a
condition in them as a whole.
"""

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta, timezone
from functools import cached_property
from itertools import product
from math import prod
from zoneinfo import ZoneInfo

from policyeval.backends.python.logs import Use, only_source, uses
from policyeval.backends.python.lowering import GenericLowering, PolicyLowering
from policyeval.backends.python.moments import FutureEntry, Later, UndeterminedError, holds_moment
from policyeval.backends.python.undecided import (
    GROWING,
    UNDECIDED,
    Undecided,
    Unknown,
    merged,
    touched,
)
from policyeval.diagnostics import Diagnostic
from policyeval.errors import EvaluationError
from policyeval.feel import syntax, types
from policyeval.feel.checker import Checked, check
from policyeval.feel.compiler import GIVING_UP, make_function
from policyeval.feel.execution import Execution
from policyeval.feel.failure import BudgetExceededError
from policyeval.feel.lowering import Names
from policyeval.feel.lowering.emit import Variable, assign, call
from policyeval.feel.runtime import DEFAULT_BUDGET
from policyeval.feel.values import Value
from policyeval.messages import message
from policyeval.policy.model import ASKED_ON, Formula
from policyeval.policy.terms import Terms
from policyeval.policy.yaml import place
from policyeval.source import Source, Span

CANNOT = (*GIVING_UP, UndeterminedError, EvaluationError)
"""What ends the code of a formula that cannot go on."""

FILE = "<policy>"

_MOST_WAYS = 64


@dataclass(frozen=True, eq=False)
class Surroundings:
    """What all formulas of a policy have in common.

    Attributes:
        folded: Parameters that are constants.
        entries: Names that entries of contexts have.
    """

    terms: Terms
    folded: Mapping[str, Value]
    entries: frozenset[str]

    @property
    def source(self) -> Source:
        """The policy's file."""
        return self.terms.policy.source

    def lowering(self) -> PolicyLowering:
        """Begin a typed lowering."""
        return PolicyLowering(self.source, self.folded, self.entries)

    def checked(self, formula: Formula) -> Checked:
        """Give the types of a formula's nodes."""
        found = self.terms.valid.checked.get(formula)
        if found is None:
            found = check(formula.tree, self.terms.valid.scope, Source(formula.text), "strict")
        return found

    def begin_of(self, day: date) -> datetime:
        """Give the first moment of a day in the programme's zone."""
        start = datetime.combine(day, time(), ZoneInfo(self.terms.valid.programme.zone))
        return start.replace(tzinfo=timezone(start.utcoffset() or timedelta()))

    def begin(self, sites: Sequence[tuple[Span, ...]]) -> Callable[[], Execution]:
        """Give what begins a run; `sites` holds one item as soon as they are known."""
        source = self.source
        return lambda: Execution(DEFAULT_BUDGET, source=source, sites=sites[0], strict=True)


@dataclass(frozen=True, eq=False)
class Unit:
    """A formula, or unary tests of `?`, as it stands in a rule.

    Attributes:
        rule: What the formula is of, for messages.
        variables: The names it uses that the policy defines, except constants.
    """

    around: Surroundings
    formula: Formula
    rule: str
    variables: tuple[str, ...]
    _known_uses: dict[tuple[int, frozenset[str]], list[Use] | None] = field(default_factory=dict)
    _parts: dict[int, tuple[tuple[str, ...], Callable[..., object]]] = field(default_factory=dict)

    @cached_property
    def checked(self) -> Checked:
        """The types of its nodes."""
        return self.around.checked(self.formula)

    @cached_property
    def hidden(self) -> frozenset[str]:
        """The names that are no built-in's here."""
        return frozenset(self.around.terms.valid.scope) | introduced(self.formula.tree)

    def run(self, unknown: Unknown, key: str, values: Sequence[object]) -> object:
        """Compute it, as far as is known; without a result, note so in `unknown`.

        Args:
            unknown: What is not known.
            key: How what is computed here is called there.
            values: Of the variables.
        """
        context = dict(zip(self.variables, values, strict=True))
        result = self._read(context, unknown)
        if type(result) is Undecided:
            unknown[key] = result
        return result

    def run_growing(
        self,
        unknown: Unknown,
        key: str,
        values: Sequence[object],
        growing: frozenset[str],
        asked_on: date,
    ) -> object:
        """Compute it, where it uses logs that may still grow; otherwise as `run`.

        Args:
            unknown: What else is not known.
            key: How what is computed here is called there.
            values: Of the variables.
            growing: Logs that may have further entries.
            asked_on: The first day on which they may.
        """
        logs = growing.intersection(self.variables)
        context = dict(zip(self.variables, values, strict=True))
        context[ASKED_ON] = asked_on
        # A log with something unknown in it is not known at all, whether or not it grows.
        result = self._read(context, {**dict.fromkeys(logs, GROWING), **unknown})
        if type(result) is Undecided:
            unknown[key] = result
        return result

    def part(
        self, node: syntax.Expression, context: Mapping[str, object], unknown: Unknown
    ) -> object:
        """Compute a part of it that has no names but the formula's; `context` has all of them."""
        return self._careful(node, context, unknown)

    # ------------------------------------------------------------ open readings

    def _read(self, context: Mapping[str, object], u: Unknown) -> object:
        """Compute the formula with every one of the values that open readings may give its names."""
        tree = self.formula.tree
        several = {n: u[n].options for n in self.variables if n in u and u[n].options}
        if not several:
            return self._careful(tree, context, u)
        if prod(map(len, several.values())) > _MOST_WAYS:
            return UNDECIDED
        rest = {name: each for name, each in u.items() if name not in several}
        # INVARIANT: each name is read in every way, also where one reading decides several of them:
        # so what all ways agree on, all readings do.
        ways = (dict(zip(several, way, strict=True)) for way in product(*several.values()))
        return merged(self._way(tree, {**context, **way}, rest) for way in ways)

    def _way(
        self,
        tree: syntax.Expression | syntax.UnaryTests,
        context: Mapping[str, object],
        u: Unknown,
    ) -> object:
        if not u or u.keys().isdisjoint(context):
            names, function = self._part(tree, context)
            try:
                return function(*[context[name] for name in names])
            except CANNOT:
                pass
        return self._careful(tree, context, u)

    # ------------------------------------------------------------ three-valued

    def _careful(
        self, node: syntax.Expression | syntax.UnaryTests, context: Mapping[str, object], u: Unknown
    ) -> object:
        match node:
            case syntax.Conjunction(operands):
                return self._junction(operands, False, context, u)
            case syntax.Disjunction(operands):
                return self._junction(operands, True, context, u)
            case syntax.Call(syntax.Name("not"), (syntax.Argument(operand, None),)) if (
                "not" not in self.hidden
            ):
                result = self._careful(operand, context, u)
                if type(result) is Undecided:
                    return result if result.error is not None else UNDECIDED
                return None if result is None else not result
            case syntax.If(condition, consequence, alternative):
                holds = self._careful(condition, context, u)
                if type(holds) is not Undecided:
                    return self._careful(consequence if holds is True else alternative, context, u)
                if holds.error is not None:
                    return holds
                return merged(
                    [self._careful(each, context, u) for each in (consequence, alternative)]
                )
            case _:
                return self._atom(node, context, u)

    def _junction(
        self,
        operands: Sequence[syntax.Expression],
        decides: bool,
        context: Mapping[str, object],
        u: Unknown,
    ) -> object:
        """Join operands: one that decides does so whatever the others are.

        What may not be looked at, because an operand before it forbids, comes after one that is
        false or not known; in the latter case an error of it says nothing.
        """
        result: object = not decides
        for each in operands:
            value = self._careful(each, context, u)
            if value is decides:
                return decides
            if type(value) is Undecided:
                if value.error is not None and type(result) is not Undecided:
                    return value
                result = UNDECIDED
            elif value is None and type(result) is not Undecided:
                result = None
        return result

    def _atom(
        self, node: syntax.Expression | syntax.UnaryTests, context: Mapping[str, object], u: Unknown
    ) -> object:
        names, function = self._part(node, context)
        growing = frozenset(name for name in names if u.get(name) is GROWING)
        if growing:
            u = {name: each for name, each in u.items() if each is not GROWING}
            if not self._settled(node, growing, context, u):
                return self._stays(node, growing, context, u)
        found = touched(frozenset(names), u)
        if found is not None:
            return found
        values = [context[name] for name in names]
        if not any(map(holds_moment, values)):
            return self._plain(node, context)
        try:
            return function(*values)
        except CANNOT:
            return UNDECIDED

    # ------------------------------------------------------------ logs that may still grow

    def _settled(
        self,
        node: syntax.Node,
        growing: frozenset[str],
        context: Mapping[str, object],
        u: Unknown,
    ) -> bool:
        """Tell whether a part comes to the same however logs grow.

        It does if they are only filtered, or gone through by `some` or `every`, and no entry that
        is still to come would pass (or, of `every`, fail).
        """
        key = id(node), growing
        if key not in self._known_uses:
            self._known_uses[key] = uses(node, growing)
        found = self._known_uses[key]
        return found is not None and all(
            self._of_future(each, context, u) is each.indifferent for each in found
        )

    def _of_future(self, use: Use, context: Mapping[str, object], u: Unknown) -> object:
        """Give what a condition on a log's entries comes to for one that is still to come."""
        fact = self.around.terms.policy.facts[use.log]
        asked_on = context[ASKED_ON]
        assert fact.log is not None
        assert isinstance(asked_on, date)
        at_day = fact.entries[fact.log].type == types.DATE
        later = Later(asked_on if at_day else self.around.begin_of(asked_on))
        entry = FutureEntry(fact.log, later)
        inner: dict[str, object]
        if use.variable is not None:
            inner = {use.variable: entry}
        else:
            inner = {**dict.fromkeys(fact.entries, UNDECIDED), fact.log: later, "item": entry}
        unknown = {name: each for name, each in u.items() if name not in inner}
        unknown |= {name: UNDECIDED for name, each in inner.items() if each is UNDECIDED}
        return self._careful(use.condition, {**context, **inner}, unknown)

    def _stays(
        self,
        node: syntax.Expression | syntax.UnaryTests,
        growing: frozenset[str],
        context: Mapping[str, object],
        u: Unknown,
    ) -> object:
        """Compute a part that changes as logs grow: `some` that is true stays so, `every` false."""
        if not isinstance(node, syntax.Quantified) or not only_source(node, growing, self.checked):
            return UNDECIDED
        value = self._atom(node, context, u)
        return value if value is (node.quantifier == "some") else UNDECIDED

    # ------------------------------------------------------------ all is known

    def _plain(
        self,
        node: syntax.Expression | syntax.UnaryTests,
        context: Mapping[str, object],
    ) -> object:
        """Compute a part all of whose values are known."""
        names, function = self._part(node, context)
        values = [context[name] for name in names]
        try:
            return function(*values)
        except CANNOT:
            _, function = self._part(node, context, generic=True)
        try:
            return function(*values)
        except EvaluationError as error:
            return Undecided(EvaluationError([self.told(each) for each in error.diagnostics]))
        except (BudgetExceededError, RecursionError) as stop:
            return Undecided(EvaluationError([self.told(self._stopped(stop))]))

    def _stopped(self, stop: BudgetExceededError | RecursionError) -> Diagnostic:
        whole = place(self.formula.scalar, Span(0, len(self.formula.text)))
        source = self.around.source
        if isinstance(stop, BudgetExceededError):
            return Diagnostic(stop.code, stop.message, stop.span or whole, source)
        text = message("values or calls are nested too deeply")
        return Diagnostic("eval.too-deep", text, whole, source)

    def told(self, diagnostic: Diagnostic) -> Diagnostic:
        """Say which rule of which version an error is about."""
        policy = self.around.terms.policy
        return replace(
            diagnostic,
            message=message(
                "{what}, in `{rule}` of `{programme}`, version `{version}`",
                what=diagnostic.message,
                rule=self.rule,
                programme=policy.programme,
                version=policy.version,
            ),
        )

    # ------------------------------------------------------------ code

    def _part(
        self,
        node: syntax.Expression | syntax.UnaryTests,
        context: Mapping[str, object],
        *,
        generic: bool = False,
    ) -> tuple[tuple[str, ...], Callable[..., object]]:
        """Give the variables of a part and a function of them, made when it is first needed.

        `context` has the values of its variables, and always the same names for the same part.
        """
        key = -id(node) if generic else id(node)
        if key not in self._parts:
            used = {each.name for each in syntax.walk(node) if isinstance(each, syntax.Name)}
            names = tuple(name for name in context if name in used)
            self._parts[key] = names, self._compiled(node, names, generic)
        return self._parts[key]

    def _compiled(
        self,
        node: syntax.Expression | syntax.UnaryTests,
        names: Sequence[str],
        generic: bool,
    ) -> Callable[..., object]:
        lowering: GenericLowering | PolicyLowering
        if generic:
            lowering = GenericLowering(self.around.source, self.around.folded)
        else:
            lowering = self.around.lowering()
        lowering.turn_to(self.formula, self.checked, self.hidden)
        root = lowering.root
        variables = {name: Variable(lowering.fresh("v"), root) for name in names}
        known = Names(variables)
        if isinstance(node, syntax.UnaryTests):
            value = lowering.unary_tests(node, known)
        else:
            value = lowering.lower(node, known)
        root.block.append(ast.Return(value))
        sites: list[tuple[Span, ...]] = []
        if lowering.uses_runtime:
            begin = lowering.pool.name(self.around.begin(sites))
            root.block.insert(0, assign(lowering.runtime.name, call(begin)))
        sites.append(tuple(lowering.sites))
        parameters = [each.name for each in variables.values()]
        definition = root.function("formula", parameters)
        return make_function(definition, lowering.pool.values, self.around.source.name or FILE)


def introduced(tree: syntax.Node) -> frozenset[str]:
    """Give the names that a formula defines itself."""
    found: set[str] = set()
    for node in syntax.walk(tree):
        match node:
            case syntax.ContextEntry(name) | syntax.Parameter(name) | syntax.Iteration(name):
                found.add(name)
            case _:
                pass
    return frozenset(found)
