"""What a formula comes to whatever the facts are: worked out when the code is written."""

import ast
from copy import deepcopy
from datetime import date, datetime, timedelta
from decimal import Decimal

from policyeval.backends.python.units import CANNOT
from policyeval.feel.compiler import make_function
from policyeval.feel.lowering.emit import Pool, literal

_NO_ARGUMENTS = ast.arguments([], [], None, [], [], None, [])
_KEPT = frozenset({date, datetime, timedelta, Decimal, str})


def worked_out(node: ast.expr, pool: Pool, file: str) -> ast.expr | None:
    """Give the constant that an expression is; None if it depends on anything, or has no result.

    Args:
        node: The expression, which stays as it is.
        pool: Its constants.
        file: Named by what goes wrong.
    """
    if isinstance(node, ast.Constant | ast.Name) or not read(node) <= pool.values.keys():
        return None
    definition = ast.FunctionDef("fixed", _NO_ARGUMENTS, [ast.Return(deepcopy(node))], [])
    try:
        value = make_function(definition, dict(pool.values), file)()
    except CANNOT:
        return None
    if type(value) is bool:
        return literal(value)
    return pool.name(value) if type(value) in _KEPT else None


def read(node: ast.expr) -> set[str]:
    """Give the names that an expression reads and does not set itself."""
    names = [each for each in ast.walk(node) if isinstance(each, ast.Name)]
    loaded = {each.id for each in names if isinstance(each.ctx, ast.Load)}
    return loaded - {each.id for each in names if isinstance(each.ctx, ast.Store)}
