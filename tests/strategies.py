"""Hypothesis strategies for the things the tests are about."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from hypothesis import strategies as st

from policyeval.feel import syntax
from policyeval.feel.names import chunks

# One number is drawn for a day or a moment where hypothesis itself would draw three, or seven.


def days_between(first: date, last: date) -> st.SearchStrategy[date]:
    """Give the days from one to another, both included."""
    return st.integers(0, (last - first).days).map(lambda after: first + timedelta(after))


def moments_between(first: datetime, last: datetime) -> st.SearchStrategy[datetime]:
    """Give the moments from one to another, both included, to the microsecond."""
    tick = timedelta(microseconds=1)
    return st.integers(0, (last - first) // tick).map(lambda after: first + after * tick)


# Few words, so that names collide: with keywords, with built-ins, with the beginnings of others.
_WORDS = (
    *("a", "b", "x1", "Full", "Name", "net", "date", "time", "not", "item", "partial", "?", "list"),
    *(
        "external",
        "instance",
        "of",
        "för",
        "🐎",
        "start",
        "included",
        "string",
        "length",
        "2",
        "7th",
    ),
    *(
        "and",
        "or",
        "in",
        "if",
        "for",
        "every",
        "then",
        "else",
        "between",
        "true",
        "null",
        "function",
    ),
)
_KEYWORDS = frozenset(
    {
        *("if", "then", "else", "for", "return", "some", "every", "satisfies", "and", "or"),
        *("between", "in", "null", "true", "false", "function"),
    }
)
_SYMBOLS = ("+", "-", "*", "/", "'", ".")


def _spelt(parts: list[str]) -> str:
    """Write a name's words and symbols as the parser remembers them."""
    text = parts[0]
    for before, part in pairwise(parts):
        text += part if part in _SYMBOLS or before in _SYMBOLS else f" {part}"
    return text


def any_names() -> st.SearchStrategy[str]:
    """Legal names, with keywords, symbols and spaces in them."""
    parts = st.lists(st.sampled_from(_WORDS) | st.sampled_from(_SYMBOLS), max_size=4)
    first = st.sampled_from([word for word in _WORDS if not word[0].isdigit()])
    names = st.builds(lambda word, rest: _spelt([word, *rest]), first, parts)
    return names.filter(lambda name: chunks(name) is not None)


def names() -> st.SearchStrategy[str]:
    """Legal names of variables: not a keyword alone."""
    return any_names().filter(lambda name: name not in _KEYWORDS)


def iteration_names() -> st.SearchStrategy[str]:
    """Names that can stand between `for` and `in`."""
    return names().filter(
        lambda name: not {"in", "return", "satisfies"}.intersection((chunks(name) or ())[1:])
    )


def texts() -> st.SearchStrategy[str]:
    """Texts of any characters, often with those that matter to a lexer."""
    return st.text(max_size=8) | st.text('"\\\n\tu/*{}\u202e\x00é', max_size=8)


def numbers() -> st.SearchStrategy[Decimal]:
    """Numbers that a literal can say: not negative, 34 digits, any exponent."""
    digits = st.integers(0, 10**34 - 1) | st.integers(0, 1000)
    exponents = st.integers(-12, 12) | st.integers(-6143, 6100)
    return st.builds(
        lambda number, exponent: Decimal((0, tuple(map(int, str(number))), exponent)),
        digits,
        exponents,
    )


def types_as_written() -> st.SearchStrategy[syntax.TypeSyntax]:
    """Types, as syntax."""
    simple = ("number", "date and time", "days and time duration", "Any", "list", "function", "a.b")
    return st.recursive(
        st.builds(syntax.NamedType, st.sampled_from(simple)),
        lambda inner: st.one_of(
            st.builds(syntax.ListType, inner),
            st.builds(syntax.RangeType, inner),
            st.builds(
                syntax.ContextType,
                _tuples(st.builds(syntax.ContextTypeEntry, any_names() | texts(), inner)),
            ),
            st.builds(syntax.FunctionType, _tuples(inner), inner),
        ),
        max_leaves=4,
    )


def _tuples(
    items: st.SearchStrategy[syntax.Node], least: int = 0, most: int = 3
) -> st.SearchStrategy[tuple[syntax.Node, ...]]:
    return st.lists(items, min_size=least, max_size=most).map(tuple)


def _leaves() -> st.SearchStrategy[syntax.Expression]:
    return st.one_of(
        st.just(syntax.NullLiteral()),
        st.builds(syntax.BooleanLiteral, st.booleans()),
        st.builds(syntax.NumberLiteral, numbers()),
        st.builds(syntax.StringLiteral, texts()),
        st.builds(syntax.TemporalLiteral, texts()),
        st.builds(syntax.Name, names()),
    )


def _tests(inner: st.SearchStrategy[syntax.Expression]) -> st.SearchStrategy[syntax.Test]:
    return st.builds(syntax.ExpressionTest, inner) | st.builds(
        syntax.ComparisonTest, _comparisons, inner
    )


_comparisons: st.SearchStrategy[syntax.ComparisonOperator] = st.sampled_from(
    ("=", "!=", "<", "<=", ">", ">=")
)
_operators: st.SearchStrategy[syntax.ArithmeticOperator] = st.sampled_from(
    ("+", "-", "*", "/", "**")
)
_quantifiers = st.sampled_from(("some", "every"))


def _larger(inner: st.SearchStrategy[syntax.Expression]) -> st.SearchStrategy[syntax.Expression]:
    positional = st.builds(syntax.Argument, inner)
    named = st.builds(syntax.Argument, inner, any_names())
    plain = st.builds(syntax.Iteration, iteration_names(), inner)
    counting = st.builds(syntax.Iteration, iteration_names(), inner, inner)
    parameters = st.builds(syntax.Parameter, any_names(), st.none() | types_as_written())
    return st.one_of(
        st.builds(syntax.ListLiteral, _tuples(inner)),
        st.builds(
            syntax.ContextLiteral,
            _tuples(st.builds(syntax.ContextEntry, any_names() | texts(), inner)),
        ),
        st.builds(syntax.RangeLiteral, inner, inner, st.booleans(), st.booleans()),
        st.builds(syntax.ComparisonRange, _comparisons, inner),
        st.builds(syntax.FunctionLiteral, _tuples(parameters), inner, st.booleans()),
        st.builds(syntax.Path, inner, any_names()),
        st.builds(syntax.Filter, inner, inner),
        st.builds(syntax.Call, inner, _tuples(positional) | _tuples(named)),
        st.builds(syntax.Negation, inner),
        st.builds(syntax.Arithmetic, _operators, inner, inner),
        st.builds(syntax.Comparison, _comparisons, inner, inner),
        st.builds(syntax.Between, inner, inner, inner),
        st.builds(syntax.In, inner, _tuples(_tests(inner), 1)),
        st.builds(syntax.InstanceOf, inner, types_as_written()),
        st.builds(syntax.Conjunction, _tuples(inner, 2)),
        st.builds(syntax.Disjunction, _tuples(inner, 2)),
        st.builds(syntax.If, inner, inner, inner),
        st.builds(syntax.For, _tuples(plain | counting, 1, 2), inner),
        st.builds(syntax.Quantified, _quantifiers, _tuples(plain, 1, 2), inner),
    )


def expressions(size: int = 12) -> st.SearchStrategy[syntax.Expression]:
    """Syntax trees of expressions that can be written, meaningful or not; `size` bounds leaves."""
    return st.recursive(_leaves(), _larger, max_leaves=size)


def unary_tests() -> st.SearchStrategy[syntax.UnaryTests]:
    """Syntax trees of unary tests that can be written."""
    some = _tuples(_tests(expressions(6)), 1)
    return (
        st.just(syntax.UnaryTests(()))
        | st.builds(syntax.UnaryTests, some)
        | st.builds(syntax.UnaryTests, some, st.just(True))
    )
