from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given

from policyeval.feel.parser import parse, parse_type, parse_unary_tests
from policyeval.feel.syntax import (
    Arithmetic,
    Call,
    ComparisonRange,
    ComparisonTest,
    ContextEntry,
    ContextLiteral,
    Expression,
    ExpressionTest,
    FunctionLiteral,
    In,
    InstanceOf,
    Name,
    NamedType,
    Negation,
    NumberLiteral,
    Path,
    StringLiteral,
    TypeSyntax,
    UnaryTests,
)
from policyeval.feel.unparser import names_in, unparse
from policyeval.source import Source
from tests import strategies

NAMES = ("a", "b", "c", "x", "f", "Full Name", "net-gross")


@given(strategies.expressions())
def test_reading_what_was_written_gives_the_tree_back(tree: Expression) -> None:
    names = frozenset(names_in(tree))
    text = unparse(tree)
    read = parse(Source(text), names, names)
    assert read == tree
    assert unparse(read) == text


@given(strategies.unary_tests())
def test_reading_written_unary_tests_gives_them_back(tree: UnaryTests) -> None:
    names = frozenset(names_in(tree))
    text = unparse(tree)
    read = parse_unary_tests(Source(text), names, names)
    assert read == tree
    assert unparse(read) == text


@given(strategies.types_as_written())
def test_reading_a_written_type_gives_it_back(tree: TypeSyntax) -> None:
    assert parse_type(Source(unparse(tree))) == tree


@pytest.mark.parametrize(
    ("given_text", "canonical"),
    [
        ("((a))+(b*c)", "a + b * c"),
        ("(a+b)*c", "(a + b) * c"),
        ("a-(b-c)", "a - (b - c)"),
        ("(a-b)-c", "a - b - c"),
        ("(-a)**2", "-a ** 2"),
        ("-(a**2)", "-(a ** 2)"),
        ("a**(b**c)", "a ** (b ** c)"),
        ("a and (b or c)", "a and (b or c)"),
        ("(a and b) or c", "a and b or c"),
        ("a or (b or c)", "a or (b or c)"),
        ("(a = b) = c", "a = b = c"),
        ("a = (b = c)", "a = (b = c)"),
        ("1 + if a then b else c", "1 + (if a then b else c)"),
        ("[ 1,2 , 3 ]", "[1, 2, 3]"),
        ("]1..5[", "(1..5)"),
        ("{ Full   Name : 1, 'x y': 2 }".replace("'", '"'), "{Full Name: 1, x y: 2}"),
        ('{"a(b": 1, "": 2}', '{"a(b": 1, "": 2}'),
        ("f( x :1 )", "f(x: 1)"),
        ("x in (<5)", "x in < 5"),
        ("x in ((<5))", "x in ((< 5))"),
        ("x in (1,>2)", "x in (1, > 2)"),
        ("Full    Name", "Full Name"),
        ("net - gross", "net-gross"),
        ("function ( a:number ) a", "function(a: number) a"),
        ("x instance of list", "x instance of list"),
        ("x instance of function< > -> Any", "x instance of function<> -> Any"),
        ("1.50", "1.50"),
        ("1E400", "1e+400"),
        ("a/* note */+b", "a + b"),
    ],
)
def test_canonical_text(given_text: str, canonical: str) -> None:
    assert unparse(parse(Source(given_text), NAMES, NAMES)) == canonical


@pytest.mark.parametrize(
    ("tree", "text"),
    [
        pytest.param(Arithmetic("-", Name("a"), Name("b")), "a - b", id="no name in the way"),
        pytest.param(Call(Name("f"), ()), "f()", id="a call"),
        pytest.param(
            ContextLiteral(
                (
                    ContextEntry("a-b", NumberLiteral(Decimal(1))),
                    ContextEntry("c", Arithmetic("-", Name("a"), Name("b"))),
                )
            ),
            "{a-b: 1, c: (a) - b}",
            id="a name in the way",
        ),
        pytest.param(
            Path(Path(Name("a"), "b"), "b-c"), "a.b.b-c", id="entries that are not in the way"
        ),
        pytest.param(
            FunctionLiteral((), Name("external")), "function() (external)", id="no keyword"
        ),
        pytest.param(
            Arithmetic("+", InstanceOf(Name("x"), NamedType("list")), Name("a")),
            "(x instance of list) + a",
            id="list is not the beginning of a type",
        ),
        pytest.param(
            In(Name("x"), (ExpressionTest(ComparisonRange("<", Name("a"))),)),
            "x in ((< a))",
            id="a range and not a test",
        ),
        pytest.param(
            UnaryTests((ExpressionTest(Call(Name("not"), ())),)), "(not())", id="a call of not"
        ),
        pytest.param(UnaryTests(()), "-", id="any value"),
        pytest.param(
            UnaryTests((ComparisonTest("<", Negation(Name("a"))),), negated=True),
            "not(< -a)",
            id="negated tests",
        ),
        pytest.param(StringLiteral('"\\\n\u202e'), '"\\"\\\\\\n\\u202e"', id="escapes"),
        pytest.param(StringLiteral("\U000e0041"), '"\\U0e0041"', id="six digits"),
        pytest.param(NumberLiteral(Decimal("1E-7")), "1e-7", id="a small number"),
        pytest.param(NumberLiteral(Decimal("0.00010")), "0.00010", id="zeros are kept"),
    ],
)
def test_text_of_a_tree(tree: Expression | UnaryTests, text: str) -> None:
    assert unparse(tree) == text
    read: Callable[..., Expression | UnaryTests] = (
        parse_unary_tests if isinstance(tree, UnaryTests) else parse
    )
    names = frozenset(names_in(tree))
    assert read(Source(text), names, names) == tree


def test_a_deep_tree_is_written_without_recursion() -> None:
    tree: Expression = Name("a")
    for _ in range(5000):
        tree = Negation(tree)
    assert unparse(tree) == "-" * 5000 + "a"
