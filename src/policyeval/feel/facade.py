"""The functions of the language's public face: read, check and evaluate a text."""

from collections.abc import Collection, Mapping

from policyeval.feel import parser as _parser
from policyeval.feel import syntax
from policyeval.feel.checker import Checked, Mode
from policyeval.feel.checker import check as _check
from policyeval.feel.compiler import compile_expression
from policyeval.feel.limits import DEFAULT_LIMITS, Limits
from policyeval.feel.scope import Scope
from policyeval.feel.values import Value
from policyeval.source import Source


def parse(
    source: str | Source,
    names: Collection[str] = (),
    members: Collection[str] = (),
    limits: Limits = DEFAULT_LIMITS,
) -> syntax.Expression:
    """Read an expression.

    Args:
        source: The text.
        names: The variables it may use; those with spaces or operators in them must be told.
        members: Names of context entries, likewise.
        limits: How large the text may be.

    Raises:
        ExpressionError: The text is no expression.
    """
    return _parser.parse(_source(source), names, members, limits)


def parse_unary_tests(
    source: str | Source,
    names: Collection[str] = (),
    members: Collection[str] = (),
    limits: Limits = DEFAULT_LIMITS,
) -> syntax.UnaryTests:
    """Read unary tests, such as the cell of a decision table; see `parse`."""
    return _parser.parse_unary_tests(_source(source), names, members, limits)


def check(
    source: str | Source,
    scope: Scope | None = None,
    *,
    mode: Mode = "strict",
    limits: Limits = DEFAULT_LIMITS,
) -> Checked:
    """Find the type of every node of an expression, and every problem.

    Raises:
        ExpressionError: The text is no expression at all.
    """
    scope = Scope() if scope is None else scope
    given = _source(source)
    tree = _parser.parse(given, scope.types.keys(), scope.members, limits)
    return _check(tree, scope.types, given, mode)


def evaluate(source: str | Source, context: Mapping[str, object] | None = None) -> Value:
    """Evaluate an expression once, by FEEL's own rules: what has no result is null.

    Args:
        source: The text.
        context: Its variables, as plain Python values.

    Raises:
        ExpressionError: The text is no expression.
    """
    given = {} if context is None else context
    return compile_expression(source, Scope.of(given)).evaluate(given)


def _source(source: str | Source) -> Source:
    return source if isinstance(source, Source) else Source(source)
