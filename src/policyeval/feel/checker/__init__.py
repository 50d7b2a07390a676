"""Static types for every node, and every problem that can be seen without running the expression.

One walk over the tree, in two modes. In the *lenient* mode FEEL's own rule holds: what fails gives
null, so each result that may fail may be null, and problems are warnings. In the *strict* mode (the
profile for rules that must not surprise) a value that may be null must be asked for before it is
used, everything must have a known type, and problems are errors: what passes cannot fail for its
types.

One mistake gives one message: a node whose own parts have problems is not complained about again.
"""

from collections.abc import Mapping
from types import MappingProxyType

from policyeval.errors import ExpressionError
from policyeval.feel import syntax, types
from policyeval.feel.checker.calls import LITERAL_FUNCTIONS
from policyeval.feel.checker.problems import Checked, Mode, too_deep
from policyeval.feel.checker.relations import element_type
from policyeval.feel.checker.walk import Checker, mentions_input
from policyeval.feel.narrowing import Environment
from policyeval.feel.types import Type
from policyeval.source import Source

__all__ = ["LITERAL_FUNCTIONS", "Checked", "Mode", "check", "element_type", "mentions_input"]


def check(
    node: syntax.Expression | syntax.UnaryTests,
    variables: Mapping[str, Type],
    source: Source,
    mode: Mode,
    *,
    input_type: Type = types.ANY,
) -> Checked:
    """Find the type of every node and every problem.

    Args:
        node: An expression, or unary tests of a value of `input_type`.
        variables: The names that may be used and their types.
        source: The text that the tree was read from, for the diagnostics.
        mode: `lenient` or `strict`.
        input_type: The type of `?`.

    Raises:
        ValueError: There is no such mode.
        ExpressionError: The tree is deeper than can be walked.
    """
    if mode not in ("lenient", "strict"):
        raise ValueError(f"mode: 'lenient' or 'strict' is wanted, not {mode!r}")
    checker = Checker(source, mode == "strict")
    environment = Environment(dict(variables))
    try:
        if isinstance(node, syntax.UnaryTests):
            if "?" not in environment.names:
                environment = environment.define({"?": input_type})
            checker.tests(node.tests, environment.names["?"], environment)
            boolean = types.BOOLEAN if checker.strict else types.optional(types.BOOLEAN)
            checker.types[id(node)] = boolean
        else:
            checker.visit(node, environment)
    except RecursionError:  # the caller's limits let more through than Python has room for
        raise ExpressionError([too_deep(node.span, source)]) from None
    ordered = sorted(
        [*checker.problems, *checker.remarks], key=lambda each: (each.span.start, each.span.end)
    )
    return Checked(MappingProxyType(checker.types), tuple(ordered))
