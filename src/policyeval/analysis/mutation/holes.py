"""A version with a hole in place of one formula: what would be so if the formula gave this or that.

All mutants of a formula share it. Where what a mutant gives for a case is known, the case comes out as
it does with that value in the hole, and so it is run once per value, not once per mutant.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from policyeval.analysis.mutation.trials import OneByOne
from policyeval.evaluation.model import Answer
from policyeval.evaluator.governing import GoverningDay
from policyeval.evaluator.program import Program
from policyeval.evaluator.programs import Programs
from policyeval.facts.model import Environment
from policyeval.feel import syntax, types
from policyeval.feel.checker import check
from policyeval.feel.values import Value, YearsMonthsDuration
from policyeval.policy.model import Fact, Formula, Text, ValidPolicy
from policyeval.policy.substitution import changed
from policyeval.source import Source, Span

_NAME: Final = "(hole)"
"""A name that no formula of a file can have."""

_FILLS: Final = (bool, Decimal, str, date, datetime, timedelta, YearsMonthsDuration, type(None))


def fills(value: object) -> bool:
    """Tell whether a value can be put into a hole."""
    return type(value) in _FILLS


class Hole(Programs):
    """The programs of a folder, with a hole in place of one formula of one version.

    Attributes:
        value: What is in it.
    """

    def __init__(self, shared: Programs, version: ValidPolicy, formula: Formula) -> None:
        super().__init__()
        assert not isinstance(formula.tree, syntax.UnaryTests)
        self.value: Value = None
        self.type = version.checked[formula].type_of(formula.tree)
        self._shared = shared
        self._version = version
        self._with_hole = _with_hole(version, formula, self.type)
        self._filled: dict[tuple[str, ...], _Filled] = {}

    def program(self, version: ValidPolicy, overlays: tuple[str, ...]) -> Program:
        """Give a version, compiled; of the one with the hole, what the value makes of it."""
        if version is not self._version:
            return self._shared.program(version, overlays)
        own = tuple(each for each in version.policy.overlays if each in overlays)
        if own not in self._filled:
            self._filled[own] = _Filled(self._with_hole, own, self)
        return self._filled[own]

    def day(self, version: ValidPolicy, formula: Formula) -> GoverningDay:
        """Give a formula for the governing day, which is no part of a version."""
        return self._shared.day(version, formula)


class _Filled(OneByOne):
    def __init__(self, policy: ValidPolicy, overlays: tuple[str, ...], hole: Hole) -> None:
        super().__init__(policy, overlays)
        self._hole = hole

    def answers(
        self,
        environment: Environment,
        decisions: Collection[str],
        known_on: date | datetime | None,
    ) -> Mapping[str, Answer]:
        values = {**environment.values, _NAME: self._hole.value}
        return super().answers(replace(environment, values=values), decisions, known_on)


def _with_hole(version: ValidPolicy, formula: Formula, type_: types.Type) -> ValidPolicy:
    tree = syntax.Name(_NAME, span=Span(0, len(_NAME)))
    hole = Formula(_NAME, tree, formula.scalar, formula.source)
    policy = changed(version.policy, lambda slot: hole if slot is formula else slot)
    fact = Fact(_NAME, type_, "plain", Text({}, span=Span(0, 0)), span=Span(0, 0))
    scope = {**version.scope, _NAME: type_}
    checked = check(tree, scope, Source(_NAME), "strict")
    return replace(
        version,
        policy=replace(policy, facts={**policy.facts, _NAME: fact}),
        scope=scope,
        checked={**version.checked, hole: checked},
    )
