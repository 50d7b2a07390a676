"""Small makers of Python's own syntax nodes, and the Python functions that are being built.

Nothing here takes text from an expression: names are made up (`v0`, `t1`, `k2`), values are
constants of the code or of its globals. So no expression can become Python.
"""

import ast
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field


def load(name: str) -> ast.Name:
    """Read a variable."""
    return ast.Name(name, ast.Load())


def literal(value: str | int | bool | None) -> ast.Constant:
    """Give a constant that code objects can hold."""
    return ast.Constant(value)


def call(function: ast.expr, *arguments: ast.expr) -> ast.Call:
    """Call a function by position."""
    return ast.Call(function, list(arguments), [])


def attribute(value: ast.expr, name: str) -> ast.Attribute:
    """Read an attribute whose name is ours, never an expression's."""
    return ast.Attribute(value, name, ast.Load())


def compare(left: ast.expr, operator: ast.cmpop, right: ast.expr) -> ast.Compare:
    """Compare two values."""
    return ast.Compare(left, [operator], [right])


def is_(value: ast.expr, singleton: bool | None) -> ast.expr:
    """Ask whether a value is true, false or none."""
    if isinstance(value, ast.Constant):  # Python warns of such a question about a literal
        return literal(value.value is singleton)
    return compare(value, ast.Is(), literal(singleton))


def is_not(value: ast.expr, singleton: bool | None) -> ast.expr:
    """Ask whether a value is not true, false or none."""
    if isinstance(value, ast.Constant):
        return literal(value.value is not singleton)
    return compare(value, ast.IsNot(), literal(singleton))


def both(*values: ast.expr) -> ast.expr:
    """Join with Python's `and`."""
    return values[0] if len(values) == 1 else ast.BoolOp(ast.And(), list(values))


def either(*values: ast.expr) -> ast.expr:
    """Join with Python's `or`."""
    return values[0] if len(values) == 1 else ast.BoolOp(ast.Or(), list(values))


def negated(value: ast.expr) -> ast.UnaryOp:
    """Apply Python's `not`."""
    return ast.UnaryOp(ast.Not(), value)


def choose(condition: ast.expr, consequence: ast.expr, alternative: ast.expr) -> ast.IfExp:
    """Make a conditional expression."""
    return ast.IfExp(condition, consequence, alternative)


def tuple_(items: Sequence[ast.expr]) -> ast.Tuple:
    """Make a tuple."""
    return ast.Tuple(list(items), ast.Load())


def assign(name: str, value: ast.expr) -> ast.Assign:
    """Set a variable."""
    return ast.Assign([ast.Name(name, ast.Store())], value)


def walrus(name: str, value: ast.expr) -> ast.NamedExpr:
    """Set a variable and give its value."""
    return ast.NamedExpr(ast.Name(name, ast.Store()), value)


@dataclass(frozen=True, slots=True)
class Variable:
    """A Python variable and the function it belongs to."""

    name: str
    frame: "Frame"


@dataclass(eq=False, slots=True)
class Frame:
    """A Python function under construction.

    Attributes:
        block: Where statements go now; a branch's own block for the time it is being lowered.
        captured: Variables of outer functions that this one uses. They are passed as default
            values, so that a function made in a loop keeps the values of its turn.
    """

    parent: "Frame | None"
    block: list[ast.stmt] = field(default_factory=list)
    captured: dict[str, None] = field(default_factory=dict)

    def use(self, variable: Variable) -> ast.Name:
        """Read a variable of this function or of one around it."""
        frame: Frame | None = self
        while frame is not None and frame is not variable.frame:
            frame.captured[variable.name] = None
            frame = frame.parent
        return load(variable.name)

    def function(self, name: str, parameters: Sequence[str]) -> ast.FunctionDef:
        """Finish this function."""
        captured = list(self.captured)
        return ast.FunctionDef(
            name=name,
            args=ast.arguments(
                posonlyargs=[],
                args=[ast.arg(each) for each in (*parameters, *captured)],
                kwonlyargs=[],
                kw_defaults=[],
                defaults=[load(each) for each in captured],
            ),
            body=self.block,
            decorator_list=[],
        )


@dataclass(slots=True)
class Pool:
    """The globals of the code: constants and operations, under made-up names."""

    values: dict[str, object] = field(default_factory=dict)
    _names: dict[Hashable, str] = field(default_factory=dict)

    def name(self, value: object, key: Hashable = None) -> ast.Name:
        """Give the global that holds a value; equal keys (default: the object itself) share one."""
        key = ("object", id(value)) if key is None else key
        if key not in self._names:
            self._names[key] = f"k{len(self._names)}"
            self.values[self._names[key]] = value
        return load(self._names[key])
