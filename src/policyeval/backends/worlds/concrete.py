"""Formulas run with values that are all known, on the tree instead of in compiled code."""

from collections.abc import Mapping

from policyeval.backends.worlds.interpreter import Interpreter
from policyeval.backends.worlds.learning import Learning
from policyeval.backends.worlds.operations import Thunk
from policyeval.backends.worlds.variables import Assignment
from policyeval.feel import syntax
from policyeval.feel.checker import check
from policyeval.policy.model import Formula
from policyeval.policy.terms import Terms
from policyeval.source import Source

_STEPS = 100_000


class Concrete(Interpreter):
    """Runs formulas with the values given, by name; `NEVER` may be among them."""

    def __init__(self, values: Mapping[str, object], steps: int = _STEPS) -> None:
        super().__init__(Learning(steps))
        self._values = values

    def variable(self, name: str) -> object:
        """Give the value of a name."""
        return self._values[name]

    def is_named(self, name: str) -> bool:
        """Tell whether there is a value of a name."""
        return name in self._values

    def fixed(self, _values: Assignment, run: Thunk) -> object:
        """Run; nothing is open."""
        return run()


def evaluate_concrete(terms: Terms, formula: Formula, values: Mapping[str, object]) -> object:
    """Give the value of a formula, or whether unary tests hold for `?`.

    Args:
        terms: The terms that it is of.
        formula: The formula.
        values: Every name it uses to its value.

    Raises:
        KeyError: A value is missing.
        Failure: It has no value.
        OutOfStepsError: It takes too long.
    """
    tree = formula.tree
    checked = terms.valid.checked.get(formula)
    if checked is None:
        checked = check(tree, terms.valid.scope, Source(formula.text), "strict")
    run = Concrete(values)
    if isinstance(tree, syntax.UnaryTests):
        return run.unary_tests(tree, values["?"], checked)
    return run.evaluate(tree, checked)
