"""Reads a text into a syntax tree.

The LALR tables of `grammar/feel.lark`, which `policyeval.feel.grammar` has, are run here, without
recursion: each reduction builds its node at once, so no text, however deep, needs more than a list.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Literal, cast

from policyeval.diagnostics import Diagnostic
from policyeval.errors import ExpressionError
from policyeval.feel import syntax
from policyeval.feel.characters import text_warnings
from policyeval.feel.explanation import explain
from policyeval.feel.lexer import Lexed, tokenize, too_deep
from policyeval.feel.limits import DEFAULT_LIMITS, Limits
from policyeval.feel.tokens import END, Token
from policyeval.messages import message
from policyeval.source import Source, Span

if TYPE_CHECKING:
    from policyeval.feel.grammar import Tables

__all__ = ["parse", "parse_type", "parse_unary_tests", "text_warnings"]


def parse(
    source: Source,
    names: Collection[str] = (),
    members: Collection[str] = (),
    limits: Limits = DEFAULT_LIMITS,
) -> syntax.Expression:
    """Read an expression.

    Args:
        source: The text.
        names: The variables there are; needed for those with spaces or operators in their names.
        members: Names of entries that contexts among the variables have; needed likewise.
        limits: How long and how deep the text may be.

    Raises:
        ExpressionError: It cannot be read. All problems with its characters, numbers and strings
            are told, and the first place where it breaks the grammar.
    """
    return cast(syntax.Expression, _read(source, "expression", names, members, limits))


def parse_unary_tests(
    source: Source,
    names: Collection[str] = (),
    members: Collection[str] = (),
    limits: Limits = DEFAULT_LIMITS,
) -> syntax.UnaryTests:
    """Read unary tests: the condition in a cell of a decision table (`-`, `< 5, > 10`, `not("a")`).

    Arguments and errors are those of `parse`.
    """
    return cast(syntax.UnaryTests, _read(source, "unary_tests", names, members, limits))


def parse_type(source: Source, limits: Limits = DEFAULT_LIMITS) -> syntax.TypeSyntax:
    """Read a type: `list<number>`, `context<a: string>`, `function<date> -> boolean`.

    Raises:
        ExpressionError: It cannot be read.
    """
    return cast(syntax.TypeSyntax, _read(source, "type", (), (), limits))


_Start = Literal["expression", "unary_tests", "type"]


def _read(
    source: Source, start: _Start, names: Collection[str], members: Collection[str], limits: Limits
) -> syntax.Node:
    length = len(source.text)
    if length > limits.length:
        raise ExpressionError([_too_long(source, Span(limits.length, length), limits)])
    lexed = tokenize(source, names, members, limits, start)
    problems = list(lexed.diagnostics)
    tree: syntax.Node | None = None
    if lexed.complete:
        try:
            tree = _run(start, source, lexed, limits, names)
        except _RefusedError as refused:
            if refused.diagnostic is not None:
                problems.append(refused.diagnostic)
    if problems or tree is None:
        raise ExpressionError(problems)
    return tree


def _too_long(source: Source, span: Span, limits: Limits) -> Diagnostic:
    return Diagnostic(
        "feel.too-long",
        message("the expression has more than {limit} characters", limit=limits.length),
        span,
        source,
        message("divide it into several expressions"),
    )


class _RefusedError(Exception):
    """The text is not as the grammar asks; `.diagnostic` is None where that was told already."""

    def __init__(self, diagnostic: Diagnostic | None) -> None:
        super().__init__()
        self.diagnostic = diagnostic


# ------------------------------------------------------------------ the rules

# What a rule makes of its parts: of tokens, nodes and lists of nodes, as the grammar has them.
_Build = Callable[[list[Any], Span], Any]


@dataclass(frozen=True, slots=True)
class _Rule:
    """A rule of the grammar, with what is done where its parts are complete."""

    size: int
    origin: str
    kept: tuple[int, ...]  # the parts that are no punctuation
    build: _Build | None  # None: the only part is passed on
    nests: bool  # whether its node is one deeper than the deepest part
    counted: bool  # whether it makes a node


@cache
def _tables() -> "tuple[Tables, tuple[_Rule, ...]]":
    """Give the tables and what their rules do, when the first text is read and not before."""
    from policyeval.feel import grammar

    tables = grammar.tables()
    return tables, tuple(
        _Rule(
            rule.size,
            rule.origin,
            rule.kept,
            _BUILD[rule.name] if rule.name else None,
            nests=rule.name not in _FLAT | _UNCOUNTED,
            counted=rule.name not in _UNCOUNTED,
        )
        for rule in tables.rules
    )


# ------------------------------------------------------------------ running them


def _run(
    start: _Start, source: Source, lexed: Lexed, limits: Limits, names: Collection[str]
) -> syntax.Node:
    tables, rules = _tables()
    actions, gotos = tables.actions, tables.gotos
    final = tables.ends[start]
    states = [tables.starts[start]]
    # For each state but the first: what was read, from where to where, and how deep it is.
    values: list[Any] = []
    begins: list[int] = []
    ends: list[int] = []
    depths: list[int] = []
    nodes = 0
    for index, token in enumerate(lexed.tokens):
        kind = token.kind
        while (action := actions[states[-1]].get(kind)) is not None:
            if action >= 0:
                states.append(action)
                values.append(token)
                begins.append(token.start)
                ends.append(token.end)
                depths.append(0)
                break
            rule = rules[~action]
            build = rule.build
            if build is None:
                states[-1] = gotos[states[-2]][rule.origin]
            else:
                size = rule.size
                begin, end, depth = begins[-size], ends[-1], max(depths[-size:])
                span = Span(begin, end)
                if rule.nests:
                    depth += 1
                    if depth > limits.depth:
                        raise _RefusedError(too_deep(source, span, limits))
                if rule.counted:
                    nodes += 1
                    if nodes > limits.nodes:
                        raise _RefusedError(_too_many(source, span, limits))
                parts = values[-size:]
                value = build([parts[each] for each in rule.kept], span)
                del states[-size:], values[-size:], begins[-size:], ends[-size:], depths[-size:]
                states.append(gotos[states[-1]][rule.origin])
                values.append(value)
                begins.append(begin)
                ends.append(end)
                depths.append(depth)
            if kind == END and states[-1] == final:
                return cast(syntax.Node, values[-1])
        else:
            raise _RefusedError(_syntax_error(source, lexed, index, _expected(states), names))
    raise AssertionError("the last token is the end")


def _too_many(source: Source, span: Span, limits: Limits) -> Diagnostic:
    return Diagnostic(
        "feel.too-long",
        message("the expression has more than {limit} parts", limit=limits.nodes),
        span,
        source,
        message("divide it into several expressions"),
    )


def _syntax_error(
    source: Source, lexed: Lexed, index: int, expected: set[str], names: Collection[str]
) -> Diagnostic | None:
    """Describe the error at a token, unless a character was left out there: that was told."""
    start = lexed.tokens[index - 1].start if index else 0
    if any(start <= dropped <= lexed.tokens[index].end for dropped in lexed.dropped):
        return None
    return explain(source, lexed, index, expected, names)


def _expected(states: list[int]) -> set[str]:
    tables, _ = _tables()
    return {kind for kind in tables.actions[states[-1]] if _accepts(tables, states, kind)}


def _accepts(tables: "Tables", states: list[int], kind: str) -> bool:
    """Tell whether a kind of token can follow: tables list some that fail after reductions."""
    states = list(states)
    finals = set(tables.ends.values())
    while (action := tables.actions[states[-1]].get(kind)) is not None:
        if action >= 0:
            return True
        rule = tables.rules[~action]
        del states[-rule.size :]
        states.append(tables.gotos[states[-1]][rule.origin])
        if kind == END and len(states) == 2 and states[-1] in finals:
            return True
    return False


# ------------------------------------------------------------------ what the rules build


def _at(token: Token) -> Span:
    return Span(token.start, token.end)


def _add(parts: list[Any], _: Span) -> list[Any]:
    parts[0].append(parts[1])
    return cast(list[Any], parts[0])


def _in_one(parts: list[Any], span: Span) -> syntax.In:
    value, given = parts
    # `x in (< 5)`: the brackets are those around tests, unless there are others around them.
    if isinstance(given, syntax.ComparisonRange) and given.span.end == span.end:
        test: syntax.Test = syntax.ComparisonTest(given.operator, given.operand, span=given.span)
    else:
        test = _expression_test([given], given.span)
    return syntax.In(value, (test,), span=span)


def _expression_test(parts: list[Any], span: Span) -> syntax.ExpressionTest:
    return syntax.ExpressionTest(parts[0], span=span)


def _comparison_test(parts: list[Any], span: Span) -> syntax.ComparisonTest:
    return syntax.ComparisonTest(parts[0].value, parts[1], span=span)


def _arithmetic(parts: list[Any], span: Span) -> syntax.Arithmetic:
    left, sign, right = parts
    return syntax.Arithmetic(sign.value, left, right, operator_span=_at(sign), span=span)


def _comparison(parts: list[Any], span: Span) -> syntax.Comparison:
    left, sign, right = parts
    return syntax.Comparison(sign.value, left, right, operator_span=_at(sign), span=span)


def _path(parts: list[Any], span: Span) -> syntax.Path:
    given, name = parts
    return syntax.Path(given, name.value, name_span=_at(name), span=span)


def _call(parts: list[Any], span: Span) -> syntax.Call:
    arguments = (syntax.Argument(each, span=each.span) for each in parts[1])
    return syntax.Call(parts[0], tuple(arguments), span=span)


def _argument(parts: list[Any], span: Span) -> syntax.Argument:
    return syntax.Argument(parts[1], parts[0].value, span=span)


def _iteration(parts: list[Any], span: Span) -> syntax.Iteration:
    return syntax.Iteration(parts[0].value, *parts[1:], span=span)


def _parameter(parts: list[Any], span: Span) -> syntax.Parameter:
    return syntax.Parameter(parts[0].value, *parts[1:], span=span)


def _entry(parts: list[Any], span: Span) -> syntax.ContextEntry:
    key, value = parts
    return syntax.ContextEntry(key.value, value, key_span=_at(key), span=span)


def _range(parts: list[Any], span: Span) -> syntax.RangeLiteral:
    return _range_of(parts, span, included=False)


def _range_closed(parts: list[Any], span: Span) -> syntax.RangeLiteral:
    return _range_of(parts, span, included=True)


def _range_of(parts: list[Any], span: Span, *, included: bool) -> syntax.RangeLiteral:
    *_, start, end, closing = parts
    return syntax.RangeLiteral(start, end, included, closing.kind == "RSQB", span=span)


_BUILD: Final[dict[str, _Build]] = {
    "one": lambda parts, _: parts,
    "two": lambda parts, _: parts,
    "more": _add,
    "brackets": lambda parts, _: parts[0],
    "conditional": lambda parts, span: syntax.If(*parts, span=span),
    "iteration_list": lambda parts, span: syntax.For(tuple(parts[0]), parts[1], span=span),
    "some": lambda parts, span: syntax.Quantified("some", tuple(parts[0]), parts[1], span=span),
    "every": lambda parts, span: syntax.Quantified("every", tuple(parts[0]), parts[1], span=span),
    "iteration": _iteration,
    "counting": _iteration,
    "function_plain": lambda parts, span: syntax.FunctionLiteral((), parts[0], span=span),
    "function": lambda parts, span: syntax.FunctionLiteral(tuple(parts[0]), parts[1], span=span),
    "external_plain": lambda parts, span: syntax.FunctionLiteral((), parts[0], True, span=span),
    "external": lambda parts, span: syntax.FunctionLiteral(
        tuple(parts[0]), parts[1], True, span=span
    ),
    "parameter": _parameter,
    "disjunction": lambda parts, span: syntax.Disjunction(tuple(parts[0]), span=span),
    "disjunction_two": lambda parts, span: syntax.Disjunction(tuple(parts), span=span),
    "disjunction_more": lambda parts, span: syntax.Disjunction((*parts[0], parts[1]), span=span),
    "conjunction": lambda parts, span: syntax.Conjunction(tuple(parts[0]), span=span),
    "conjunction_two": lambda parts, span: syntax.Conjunction(tuple(parts), span=span),
    "conjunction_more": lambda parts, span: syntax.Conjunction((*parts[0], parts[1]), span=span),
    "comparison": _comparison,
    "between": lambda parts, span: syntax.Between(*parts, span=span),
    "in_one": _in_one,
    "in_comparison": lambda parts, span: syntax.In(
        parts[0], (_comparison_test(parts[1:], Span(parts[1].start, span.end)),), span=span
    ),
    "in_several": lambda parts, span: syntax.In(parts[0], (parts[1], *parts[2]), span=span),
    "arithmetic": _arithmetic,
    "negation": lambda parts, span: syntax.Negation(parts[0], span=span),
    "instance_of": lambda parts, span: syntax.InstanceOf(*parts, span=span),
    "path": _path,
    "filter": lambda parts, span: syntax.Filter(parts[0], parts[-1], span=span),
    "call_plain": lambda parts, span: syntax.Call(parts[0], (), span=span),
    "call": _call,
    "call_named": lambda parts, span: syntax.Call(parts[0], tuple(parts[1]), span=span),
    "argument": _argument,
    "null": lambda _, span: syntax.NullLiteral(span=span),
    "true": lambda _, span: syntax.BooleanLiteral(True, span=span),
    "false": lambda _, span: syntax.BooleanLiteral(False, span=span),
    "number": lambda parts, span: syntax.NumberLiteral(parts[0].value, span=span),
    "string": lambda parts, span: syntax.StringLiteral(parts[0].value, span=span),
    "temporal": lambda parts, span: syntax.TemporalLiteral(parts[0].value, span=span),
    "name": lambda parts, span: syntax.Name(parts[0].value, span=span),
    "comparison_range": lambda parts, span: syntax.ComparisonRange(
        parts[0].value, parts[1], span=span
    ),
    "range": _range,
    "range_open": _range,
    "range_closed": _range_closed,
    "list_empty": lambda _, span: syntax.ListLiteral((), span=span),
    "list": lambda parts, span: syntax.ListLiteral(tuple(parts[0]), span=span),
    "context_empty": lambda _, span: syntax.ContextLiteral((), span=span),
    "context": lambda parts, span: syntax.ContextLiteral(tuple(parts[0]), span=span),
    "entry": _entry,
    "any_value": lambda _, span: syntax.UnaryTests((), span=span),
    "tests": lambda parts, span: syntax.UnaryTests(tuple(parts[0]), span=span),
    "tests_negated": lambda parts, span: syntax.UnaryTests(tuple(parts[-1]), True, span=span),
    "test_expression": _expression_test,
    "test_comparison": _comparison_test,
    "type_named": lambda parts, span: syntax.NamedType(parts[0].value, span=span),
    "type_list": lambda parts, span: syntax.ListType(parts[-1], span=span),
    "type_range": lambda parts, span: syntax.RangeType(parts[-1], span=span),
    "type_context_empty": lambda _, span: syntax.ContextType((), span=span),
    "type_context": lambda parts, span: syntax.ContextType(tuple(parts[-1]), span=span),
    "type_function_plain": lambda parts, span: syntax.FunctionType((), parts[-1], span=span),
    "type_function": lambda parts, span: syntax.FunctionType(
        tuple(parts[-2]), parts[-1], span=span
    ),
    "type_entry": lambda parts, span: syntax.ContextTypeEntry(parts[0].value, parts[1], span=span),
}
"""For each rule of the grammar, by the name after its arrow, the node it makes."""

# Rules that make no node, and those whose node is no deeper than its parts.
_UNCOUNTED: Final = frozenset({None, "one", "two", "more", "brackets"})
_FLAT: Final = frozenset(
    {
        *("null", "true", "false", "number", "string", "temporal", "name", "type_named"),
        *("iteration", "counting", "parameter", "argument", "entry", "type_entry"),
        *("test_expression", "test_comparison", "any_value", "tests", "tests_negated"),
    }
)
