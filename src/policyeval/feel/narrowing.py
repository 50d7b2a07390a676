"""What a condition tells about the values it asks for.

`x != null and x > y` knows in its second half that `x` is there.

A fact is a path (`x`, or `loan.rate` as `("loan", "rate")`) and a type that its value then has.
Facts are sound in FEEL's three-valued logic: the second operand of `and` is looked at unless the
first is false, so only what holds when the first is true *or null* may be used there.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from policyeval.feel import syntax, types
from policyeval.feel.types import Type

Path = tuple[str, ...]
Facts = dict[Path, Type | None]
"""Path to the type its value is known to have; None: the value is there, whatever its type."""


@dataclass(frozen=True, slots=True)
class Environment:
    """The names that can be used at a place, their types, and what conditions told about them.

    Attributes:
        dynamic: Any name may turn out to be an entry of a filtered item, so none is unknown.
    """

    names: Mapping[str, Type]
    narrowed: Mapping[Path, Type | None] = field(default_factory=dict)
    dynamic: bool = False

    def define(self, added: Mapping[str, Type], *, dynamic: bool = False) -> "Environment":
        """Add names; they hide others of the same name, and what was known of those."""
        kept = {path: fact for path, fact in self.narrowed.items() if path[0] not in added}
        return Environment({**self.names, **added}, kept, self.dynamic or dynamic)

    def learn(self, facts: Facts) -> "Environment":
        """Add what a condition told."""
        if not facts:
            return self
        return Environment(self.names, {**self.narrowed, **facts}, self.dynamic)

    def refine(self, node: syntax.Expression, type_: Type) -> Type:
        """Give a node's type with what is known about its path."""
        path = path_of(node)
        if path is None or path not in self.narrowed:
            return type_
        known = self.narrowed[path]
        return types.required(type_) if known is None else known


def path_of(node: syntax.Expression) -> Path | None:
    """Give the path that a name or a chain of dots stands for."""
    match node:
        case syntax.Name(name):
            return (name,)
        case syntax.Path(source, name):
            before = path_of(source)
            return None if before is None else (*before, name)
        case _:
            return None


def when_true(node: syntax.Expression) -> Facts:
    """Give what holds where a condition is true."""
    match node:
        case syntax.Comparison("!=", left, right):
            return _there(left, right)
        case syntax.Comparison("=", left, right):
            return (
                {}
                if _is_null(left) or _is_null(right)
                else {**_equals(left, right), **_equals(right, left)}
            )
        case syntax.Conjunction(operands):
            return _all(when_true(each) for each in operands)
        case syntax.InstanceOf(value, type_):
            return _instance(value, type_)
        case syntax.Call(syntax.Name("not"), (syntax.Argument(operand, None),)):
            return when_false(operand)
        case _:
            return {}


def when_false(node: syntax.Expression) -> Facts:
    """Give what holds where a condition is false (not: null)."""
    match node:
        case syntax.Comparison("=", left, right):
            return _there(left, right)
        case syntax.Disjunction(operands):
            return _all(when_false(each) for each in operands)
        case syntax.Call(syntax.Name("not"), (syntax.Argument(operand, None),)):
            return when_true(operand)
        case _:
            return {}


def unless_false(node: syntax.Expression, type_: Type) -> Facts:
    """Give what holds where a condition is true or null: after it in a conjunction."""
    if type_ == types.BOOLEAN:
        return when_true(node)
    return {}


def unless_true(node: syntax.Expression, type_: Type) -> Facts:
    """Give what holds where a condition is false or null: after it in a disjunction, or in `else`."""
    if type_ == types.BOOLEAN:
        return when_false(node)
    return {}


def _all(facts: Iterable[Facts]) -> Facts:
    merged: Facts = {}
    for each in facts:
        merged.update(each)
    return merged


def _is_null(node: syntax.Expression) -> bool:
    return isinstance(node, syntax.NullLiteral)


def _there(left: syntax.Expression, right: syntax.Expression) -> Facts:
    for value, other in ((left, right), (right, left)):
        path = path_of(value)
        if path is not None and _is_null(other):
            return {path: None}
    return {}


def _equals(value: syntax.Expression, other: syntax.Expression) -> Facts:
    """Something equal to a literal is not null."""
    path = path_of(value)
    literal = isinstance(
        other,
        syntax.BooleanLiteral
        | syntax.NumberLiteral
        | syntax.StringLiteral
        | syntax.TemporalLiteral,
    )
    return {path: None} if path is not None and literal else {}


def _instance(value: syntax.Expression, type_: syntax.TypeSyntax) -> Facts:
    path = path_of(value)
    if path is None:
        return {}
    try:
        known = types.from_syntax(type_)
    except types.UnknownTypeError:
        return {}
    return {path: None if known == types.ANY else known}
