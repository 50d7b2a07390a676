"""Which variables hold values that are known for certain, whatever the facts: no moment still to come."""

import ast
from collections.abc import Mapping

from policyeval.backends.complete.folding import read
from policyeval.backends.python.moments import Moment
from policyeval.feel import types
from policyeval.feel.lowering.emit import Pool
from policyeval.policy.model import Fact


class Certain:
    """Variables that never hold a moment still to come.

    Attributes:
        days: Those of them that hold days.
    """

    def __init__(
        self, facts: Mapping[str, Fact], variables: Mapping[str, str], asked_on: str, pool: Pool
    ) -> None:
        """Begin with the facts.

        Args:
            facts: By name.
            variables: Facts to variables.
            asked_on: The variable of the day asked on.
            pool: Constants of the code.
        """
        plain = {
            variables[name]: fact
            for name, fact in facts.items()
            if fact.kind == "plain" and fact.act is None
        }
        self.days = {asked_on} | {name for name, fact in plain.items() if fact.type == types.DATE}
        self._pool = pool
        self._all = {asked_on, *plain}

    def know(self, *variables: str, day: str) -> None:
        """Take in variables of an event that has happened, one of which holds its day."""
        self._all.update(variables)
        self.days.add(day)

    def take(self, variable: str, value: ast.expr, *, days: bool) -> None:
        """Take in a variable if what it is computed from is certain.

        Args:
            variable: It.
            value: What it is computed by.
            days: Whether its values are days.
        """
        rests_on = read(value)
        constants = rests_on & self._pool.values.keys()
        if rests_on - constants <= self._all and not any(map(self._unclear, constants)):
            self._all.add(variable)
            if days:
                self.days.add(variable)

    def _unclear(self, name: str) -> bool:
        return isinstance(self._pool.values[name], Moment)
