"""Work that is put off until its result is asked for, which mostly it is not."""

import ast
from collections.abc import Iterable

_SELDOM = 6
"""Places in the code that ask for a result; where there are more, it is worked out once."""


def put_off(statements: Iterable[ast.stmt], variable: str, instead: ast.expr) -> bool:
    """Have code ask for something instead of a variable, if that is seldom; tell whether it is.

    Args:
        statements: The code.
        variable: One that it reads; whether it is None, or what type it has, is asked of it as before.
        instead: What has the value.
    """
    asked = _Asked(variable)
    for each in statements:
        asked.generic_visit(each)
    if len(asked.found) > _SELDOM:
        return False
    for holder, field, index in asked.found:
        if index is None:
            setattr(holder, field, instead)
        else:
            getattr(holder, field)[index] = instead
    return True


class _Asked(ast.NodeVisitor):
    """Finds where code asks for a value, apart from asking whether it is there or of what type it is.

    Attributes:
        found: The nodes that hold it, each with the field, and the place in that if it is a list.
    """

    def __init__(self, variable: str) -> None:
        self._variable = variable
        self.found: list[tuple[ast.AST, str, int | None]] = []

    def generic_visit(self, node: ast.AST) -> None:
        """Look at all parts of a node."""
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Is | ast.IsNot):
            held = (
                node.left.args[0]
                if isinstance(node.left, ast.Call) and node.left.args
                else node.left
            )
            if isinstance(held, ast.Name) and held.id == self._variable:
                return
        for field, value in ast.iter_fields(node):
            parts = enumerate(value) if isinstance(value, list) else [(None, value)]
            for index, part in parts:
                if isinstance(part, ast.Name) and part.id == self._variable:
                    if isinstance(part.ctx, ast.Load):
                        self.found.append((node, field, index))
                elif isinstance(part, ast.AST):
                    self.generic_visit(part)
