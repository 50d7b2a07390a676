"""Work that is put off until its result is asked for, which mostly it is not."""

import ast
from collections.abc import Sequence

_SELDOM = 6
"""Places in the code that ask for a result; where there are more, it is worked out once."""


def put_off(statements: Sequence[ast.stmt], variable: str, instead: ast.expr) -> bool:
    """Have code ask for something instead of a variable, if that is seldom; tell whether it is.

    Args:
        statements: The code, in which parts may stand in several places.
        variable: One that it reads; whether it is None, or what type it has, is asked of it as before.
        instead: What has the value.
    """
    asking = _Asking(variable, None)
    for each in statements:
        asking.visit(each)
    if asking.count > _SELDOM:
        return False
    asking = _Asking(variable, instead)
    for each in statements:
        asking.visit(each)
    return True


class _Asking(ast.NodeTransformer):
    """Goes through what asks for a value, apart from asking whether it is there or of what type it is.

    Attributes:
        count: How often it is asked for.
    """

    def __init__(self, variable: str, instead: ast.expr | None) -> None:
        self._variable = variable
        self._instead = instead
        self.count = 0

    def visit(self, node: ast.AST) -> ast.AST:
        """Look at a node and all of its parts."""
        if node is self._instead or self._is_of_itself(node):
            return node
        if isinstance(node, ast.Name) and node.id == self._variable:
            if not isinstance(node.ctx, ast.Load):
                return node
            self.count += 1
            return self._instead or node
        self.generic_visit(node)
        return node

    def _is_of_itself(self, node: ast.AST) -> bool:
        """Tell whether it is asked what the value is, or what type it has."""
        if not isinstance(node, ast.Compare) or not isinstance(node.ops[0], ast.Is | ast.IsNot):
            return False
        held = node.left
        if isinstance(held, ast.Call) and held.args:
            held = held.args[0]
        return isinstance(held, ast.Name) and held.id == self._variable
