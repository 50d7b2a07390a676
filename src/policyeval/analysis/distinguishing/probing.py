"""What parts of formulas come to, with every reading fixed: the sides of a comparison, looked at alone.

A part becomes a decision of its own in a copy of the version, so that it is computed by the backend
that answers questions, with its notion of events and of what is open.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from policyeval.analysis.distinguishing.atoms import Loops
from policyeval.backends.python import compile_terms
from policyeval.errors import EvaluationError, ExpressionError, UnsupportedError
from policyeval.facts.model import Environment
from policyeval.feel import syntax, types
from policyeval.feel.checker import Checked, check
from policyeval.feel.types import Type
from policyeval.feel.values import YearsMonthsDuration
from policyeval.policy.model import Decision, Formula, ValidPolicy
from policyeval.policy.terms import Terms, apply
from policyeval.policy.validation.uses import free_names
from policyeval.source import Source, Span

NOWHERE: Final = Span(0, 0)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a formula; within loops, what it comes to for each round."""

    formula: Formula
    tree: syntax.Expression
    loops: Loops = ()


class Probe:
    """Computes parts of formulas for one transaction after another."""

    def __init__(
        self,
        valid: ValidPolicy,
        options: Mapping[str, str],
        overlays: tuple[str, ...],
        parts: Sequence[Part],
    ) -> None:
        self._names: list[str | None] = []
        decisions = {**valid.policy.decisions}
        checked: dict[Formula, Checked] = {**valid.checked}
        self.types: list[Type | None] = []
        for number, part in enumerate(parts):
            made = _checked(valid, part)
            self._names.append(None if made is None else f"part {number}")
            self.types.append(None if made is None else made[2])
            if made is not None:
                formula, checked[formula], type_ = made
                decisions[f"part {number}"] = Decision(
                    f"part {number}", type_, None, None, (), value=formula, span=NOWHERE
                )
        self._asked = frozenset(each for each in self._names if each is not None)
        copied = replace(valid, policy=replace(valid.policy, decisions=decisions), checked=checked)
        self._fast = compile_terms(settled(copied, options, overlays))

    def values(self, environment: Environment) -> tuple[object, ...]:
        """Give what each part comes to; None where it is null, or not known."""
        if not self._asked:
            return (None,) * len(self._names)
        # The entries that a log has are looked at, whatever may follow them.
        complete = replace(environment, growing=frozenset())
        try:
            found = self._fast.run(complete, self._asked).decisions
        except (EvaluationError, UnsupportedError):
            return (None,) * len(self._names)
        definite = (None if name is None else found[name] for name in self._names)
        return tuple(None if each is None else each.value for each in definite)


def settled(valid: ValidPolicy, options: Mapping[str, str], overlays: tuple[str, ...]) -> Terms:
    """Apply a version with every reading settled: by these options, or else in any way."""
    own = tuple(each for each in valid.policy.overlays if each in overlays)
    terms = apply(valid, own)
    any_way = {name: each.admissible[0] for name, each in valid.policy.readings.items()}
    return replace(terms, chosen={**any_way, **terms.chosen, **options})


def _checked(valid: ValidPolicy, part: Part) -> tuple[Formula, Checked, Type] | None:
    """Make a formula of a part, and find its type; None if it cannot stand alone."""
    tree: syntax.Expression = syntax.For(part.loops, part.tree) if part.loops else part.tree
    nullable = {
        each.name: each
        for each in free_names(tree)
        if each.name in valid.scope and types.may_be_null(valid.scope[each.name])
    }
    for name in nullable.values():
        missing = syntax.Comparison("=", name, syntax.NullLiteral())
        tree = syntax.If(missing, syntax.NullLiteral(), tree)
    formula = Formula(part.formula.text, tree, part.formula.scalar, part.formula.source)
    try:
        checked = check(tree, valid.scope, Source(formula.text), "strict")
    except ExpressionError:
        return None
    if any(each.severity == "error" for each in checked.diagnostics):
        return None
    return formula, checked, checked.type_of(tree)


def distance(left: object, right: object) -> Decimal | None:
    """Tell how far a value lies beyond another: days, seconds of instants, amounts, months."""
    match left, right:
        case datetime(), datetime():
            return Decimal((left - right) // _MICROSECOND) / 1_000_000
        case (datetime(), _) | (_, datetime()):
            return None
        case date(), date():
            return Decimal((left - right).days)
        case Decimal(), Decimal():
            return left - right
        case timedelta(), timedelta():
            return Decimal((left - right) // _MICROSECOND) / 1_000_000
        case YearsMonthsDuration(), YearsMonthsDuration():
            return Decimal(left.months - right.months)
        case _:
            return None


_MICROSECOND: Final = timedelta(microseconds=1)
