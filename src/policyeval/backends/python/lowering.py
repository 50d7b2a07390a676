"""Lowering the formulas of a policy: places in its file, parameters as constants, moments of events."""

import ast
from collections.abc import Hashable, Mapping

from policyeval.backends.python import moments
from policyeval.feel import syntax, temporal, types
from policyeval.feel.checker import Checked
from policyeval.feel.lowering import Lowering, Names, TypedLowering, emit
from policyeval.feel.lowering.building import NOT_CONSTANT, Building
from policyeval.feel.lowering.emit import Pool
from policyeval.feel.values import Value
from policyeval.policy.model import Formula
from policyeval.policy.yaml import Scalar, place
from policyeval.source import Source


class _Constants(Pool):
    """Constants, among which months are added to moments of events as well."""

    __slots__ = ()

    def name(self, value: object, key: Hashable = None) -> ast.Name:
        if value is temporal.add_months:
            value = moments.add_months
        return Pool.name(self, value, key)


_NOTHING = Checked({}, ())


class _OfPolicy(Building):
    """What both lowerings of a policy's formulas share; one may lower several, one after another.

    Attributes:
        folded: Parameters that are constants.
        scalar: Where the formula that is being lowered stands.
    """

    folded: Mapping[str, Value]
    scalar: Scalar | None = None

    def turn_to(self, formula: Formula, checked: Checked, hidden: frozenset[str]) -> None:
        """Lower this formula, or parts of it, from now on."""
        self.checked = checked
        self.scalar = formula.scalar
        self.hidden = hidden

    def place(self, value: ast.expr, node: syntax.Node) -> ast.expr:
        """Say where in the policy's file a Python node comes from."""
        return super().place(value, self._in_file(node))

    def site(self, node: syntax.Node) -> ast.Constant:
        """Give the index of a node's span in the policy's file."""
        return super().site(self._in_file(node))

    def _in_file(self, node: syntax.Node) -> syntax.Node:
        assert self.scalar is not None
        return syntax.Node(span=place(self.scalar, node.span))

    def name(self, node: syntax.Node, name: str, names: Names) -> ast.expr:
        """Read a name; a constant parameter is its value."""
        if name in self.folded and names.find(name) == ([], None):
            return self.value(self.folded[name])
        return super().name(node, name, names)  # type: ignore[safe-super]  # the lowering's own


class GenericLowering(_OfPolicy, Lowering):
    """The generic lowering of a policy's formulas; its values are all known."""

    def __init__(self, source: Source, folded: Mapping[str, Value]) -> None:
        super().__init__(_NOTHING, source)
        self.folded = folded


class PolicyLowering(_OfPolicy, TypedLowering):
    """The typed lowering of a policy's formulas; dates may be moments of events."""

    def __init__(
        self, source: Source, folded: Mapping[str, Value], entries: frozenset[str]
    ) -> None:
        super().__init__(_NOTHING, source, strict=True)
        self.folded = folded
        self.pool = _Constants()
        self._entries = entries

    def constant(self, node: syntax.Expression) -> object:
        """Give the value of a literal, or of a parameter whose name means nothing else anywhere."""
        if isinstance(node, syntax.Name) and node.name in self.folded:
            return NOT_CONSTANT if node.name in self._entries else self.folded[node.name]
        return super().constant(node)

    def _typed(self, node: syntax.Expression, names: Names) -> ast.expr | None:
        match node:
            case syntax.Comparison(("=" | "!=") as operator, left, right) if self._moments(
                left, right
            ):
                equal = emit.call(
                    self.pool.name(moments.equal), self.lower(left, names), self.lower(right, names)
                )
                return equal if operator == "=" else emit.negated(equal)
            case syntax.Arithmetic(("+" | "-") as operator, left, right) if types.DATE_AND_TIME in (
                self.type_of(left),
                self.type_of(right),
            ):
                operation = moments.plus if operator == "+" else moments.minus
                return self.apply(
                    operation, node, self.lower(left, names), self.lower(right, names)
                )
            case _:
                return super()._typed(node, names)

    def _moments(self, *nodes: syntax.Expression) -> bool:
        return all(self.type_of(each) == types.DATE_AND_TIME for each in nodes)
