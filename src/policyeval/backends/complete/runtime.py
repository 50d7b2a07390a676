"""What the function of a version's terms uses while it runs."""

import ast
from collections.abc import Hashable
from datetime import date
from functools import lru_cache

from policyeval.backends.python import moments
from policyeval.backends.python.moments import UndeterminedError, holds_moment
from policyeval.feel import temporal
from policyeval.feel.lowering.emit import Pool


class Constants(Pool):
    """Constants, among which sums of dates and months are remembered."""

    __slots__ = ()

    def name(self, value: object, key: Hashable = None) -> ast.Name:
        """Give the global that holds a value."""
        return Pool.name(self, months_added if value is temporal.add_months else value, key)


months_added = lru_cache(65_536)(moments.add_months)
"""Move a date by whole calendar months; sums are remembered."""


def stays_away(moment: object) -> bool:
    """Tell whether an event never happens.

    Raises:
        UndeterminedError: It has not happened.
    """
    if moment is None:
        raise UndeterminedError
    return moment is moments.ENDLESS


def certain(value: object) -> object:
    """Give a value that is known for certain.

    Raises:
        UndeterminedError: It is not.
    """
    if type(value) is not date and holds_moment(value):
        raise UndeterminedError
    return value
