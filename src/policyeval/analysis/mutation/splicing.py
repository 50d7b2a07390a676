"""A version in which one formula has another text, where that can be shown quickly to be a version.

`policy.substitution` can do it for any text, but checks the whole version where the text uses names
that the formula did not: too slow for the thousand versions that are looked at here.
"""

from collections.abc import Collection
from dataclasses import replace

from policyeval.errors import ExpressionError
from policyeval.feel import parser, syntax, types
from policyeval.feel.checker import Checked, check
from policyeval.feel.types import Type
from policyeval.policy.elements import formulas_of
from policyeval.policy.loading.events import with_event_names
from policyeval.policy.model import Formula, Policy, Slot, ValidPolicy
from policyeval.policy.substitution import changed, checked_anew
from policyeval.policy.validation.uses import free_names
from policyeval.policy.yaml import Scalar
from policyeval.policy.yaml.nodes import Piece
from policyeval.source import Source

_PERIODS = frozenset({types.DAYS_AND_TIME_DURATION, types.YEARS_AND_MONTHS_DURATION})


class Splicing:
    """Puts other texts in the place of one formula.

    Attributes:
        owner: The name that the formula is part of.
        users: What is computed from the formula, and so cannot be used in it.
        input_type: Of a table's cell: the type of what is tested.
    """

    def __init__(
        self,
        valid: ValidPolicy,
        formula: Formula,
        owner: str,
        users: frozenset[str],
        input_type: Type = types.ANY,
    ) -> None:
        self.valid = valid
        self.formula = formula
        self.owner = owner
        self.users = users
        self.input_type = input_type
        policy = valid.policy
        self._names = (*policy.facts, *policy.parameters, *policy.decisions)
        self._events = {name for name, each in policy.facts.items() if each.kind == "event"}
        self._members = {name for each in policy.facts.values() for name in each.entries}
        self._given = {each.name for each in free_names(formula.tree, self.checked)}

    @property
    def checked(self) -> Checked:
        """The types of the formula as it is."""
        found = self.valid.checked.get(self.formula)
        return found if found is not None else self._check(self.formula)

    def parsed(self, text: str) -> Formula | None:
        """Read another text for the formula's place; None if it is no expression."""
        tests = isinstance(self.formula.tree, syntax.UnaryTests)
        read = parser.parse_unary_tests if tests else parser.parse
        refused: list[syntax.Call] = []
        try:
            tree = read(Source(text), self._names)
        except ExpressionError:
            return None
        tree = with_event_names(tree, self._events, self._members, refused.append)
        if refused:
            return None
        span = self.formula.scalar.span
        scalar = Scalar(text, "plain", span=span, pieces=(Piece(0, span.start, span.end, False),))
        return Formula(text, tree, scalar, self.formula.source)

    def put(self, other: Formula) -> ValidPolicy | None:
        """Give the version with another formula; None if it could not be used so."""
        found = self._check(other)
        if any(each.severity == "error" for each in found.diagnostics):
            return None
        new = {each.name for each in free_names(other.tree, found)} - self._given
        if new & self.users:
            return None  # there would be a circle
        policy = changed(self.valid.policy, lambda slot: other if slot is self.formula else slot)
        if isinstance(other.tree, syntax.UnaryTests):
            return self._valid(policy, other, found)
        given, wanted = found.type_of(other.tree), self._wanted()
        if types.conforms(given, wanted) and not (new and self.owner in policy.parameters):
            return self._valid(policy, other, found)
        if new or {given, wanted} <= _PERIODS:
            return checked_anew(self.valid, policy)
        return None

    def _valid(self, policy: Policy, other: Formula, found: Checked) -> ValidPolicy:
        return replace(self.valid, policy=policy, checked={**self.valid.checked, other: found})

    def _wanted(self) -> Type:
        """Give the type of what stands there, or of the decision whose value it is."""
        assert not isinstance(self.formula.tree, syntax.UnaryTests)
        decision = self.valid.policy.decisions.get(self.owner)
        value = None if decision is None else decision.value
        if decision is not None and value is not None and self.formula in _formulas(value):
            return decision.type
        return self.checked.type_of(self.formula.tree)

    def _check(self, formula: Formula) -> Checked:
        source = Source(formula.text)
        return check(formula.tree, self.valid.scope, source, "strict", input_type=self.input_type)


def _formulas(slot: Slot) -> Collection[Formula]:
    return [each for _, each in formulas_of({(): slot})]
