"""The tree that a text gives, its places, and what is said of a text that gives none."""

import subprocess
import sys
from decimal import Decimal

import pytest

from policyeval.errors import ExpressionError
from policyeval.feel.parser import parse, parse_type, parse_unary_tests, text_warnings
from policyeval.feel.syntax import (
    Argument,
    Arithmetic,
    Between,
    BooleanLiteral,
    Call,
    Comparison,
    ComparisonRange,
    ComparisonTest,
    Conjunction,
    ContextEntry,
    ContextLiteral,
    ContextType,
    ContextTypeEntry,
    Disjunction,
    Expression,
    ExpressionTest,
    Filter,
    For,
    FunctionLiteral,
    FunctionType,
    If,
    In,
    InstanceOf,
    Iteration,
    ListLiteral,
    ListType,
    Name,
    NamedType,
    Negation,
    NullLiteral,
    NumberLiteral,
    Parameter,
    Path,
    Quantified,
    RangeLiteral,
    RangeType,
    StringLiteral,
    TemporalLiteral,
    TypeSyntax,
    UnaryTests,
)
from policyeval.source import Source, Span

A, B, C, X = Name("a"), Name("b"), Name("c"), Name("x")


def number(text: str) -> NumberLiteral:
    return NumberLiteral(Decimal(text))


ONE, TWO, FIVE = number("1"), number("2"), number("5")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("null", NullLiteral()),
        ("true", BooleanLiteral(True)),
        ("1.50", number("1.50")),
        (".5", number("0.5")),
        ("1.5e+3", number("1500")),
        ("0.00", number("0")),
        ('"a"', StringLiteral("a")),
        ('@"2024-01-31"', TemporalLiteral("2024-01-31")),
        ("[]", ListLiteral(())),
        ("[a, b]", ListLiteral((A, B))),
        ("{}", ContextLiteral(())),
        ('{a: 1, "b c": 2}', ContextLiteral((ContextEntry("a", ONE), ContextEntry("b c", TWO)))),
        ("[1..2]", RangeLiteral(ONE, TWO, True, True)),
        ("(1..2)", RangeLiteral(ONE, TWO, False, False)),
        ("]1..2[", RangeLiteral(ONE, TWO, False, False)),
        ("[1..2)", RangeLiteral(ONE, TWO, True, False)),
        ("[1..2[", RangeLiteral(ONE, TWO, True, False)),
        ("(1..2]", RangeLiteral(ONE, TWO, False, True)),
        ("[1..null]", RangeLiteral(ONE, NullLiteral(), True, True)),
        ("[a..b[1]]", RangeLiteral(A, Filter(B, ONE), True, True)),
        ("(< 5)", ComparisonRange("<", FIVE)),
        ("(!= 5)", ComparisonRange("!=", FIVE)),
        ("a.b.c", Path(Path(A, "b"), "c")),
        ("a.if", Path(A, "if")),
        ("a[b][1].c", Path(Filter(Filter(A, B), ONE), "c")),
        ("a()", Call(A, ())),
        ("a(b, 1)", Call(A, (Argument(B), Argument(ONE)))),
        ("a(b: 1, c: 2)", Call(A, (Argument(ONE, "b"), Argument(TWO, "c")))),
        ("a(1)(2)", Call(Call(A, (Argument(ONE),)), (Argument(TWO),))),
        ("-a", Negation(A)),
        ("--a", Negation(Negation(A))),
        ("- 5", Negation(FIVE)),
        ("-a ** 2", Arithmetic("**", Negation(A), TWO)),
        ("2 ** -1", Arithmetic("**", TWO, Negation(ONE))),
        ("a ** b ** c", Arithmetic("**", Arithmetic("**", A, B), C)),
        ("a + b * c", Arithmetic("+", A, Arithmetic("*", B, C))),
        ("(a + b) * c", Arithmetic("*", Arithmetic("+", A, B), C)),
        ("a - b - c", Arithmetic("-", Arithmetic("-", A, B), C)),
        ("a - -b", Arithmetic("-", A, Negation(B))),
        ("-a.b", Negation(Path(A, "b"))),
        ("a = b", Comparison("=", A, B)),
        ("a < b = c", Comparison("=", Comparison("<", A, B), C)),
        ("a + 1 >= b", Comparison(">=", Arithmetic("+", A, ONE), B)),
        ("a or b or c", Disjunction((A, B, C))),
        ("(a or b) or c", Disjunction((Disjunction((A, B)), C))),
        ("a and b or c", Disjunction((Conjunction((A, B)), C))),
        ("a between b and c and x", Conjunction((Between(A, B, C), X))),
        ("a in [1..2]", In(A, (ExpressionTest(RangeLiteral(ONE, TWO, True, True)),))),
        ("a in (b)", In(A, (ExpressionTest(B),))),
        ("a in <= 5", In(A, (ComparisonTest("<=", FIVE),))),
        ("a in (< 5)", In(A, (ComparisonTest("<", FIVE),))),
        ("a in ((< 5))", In(A, (ExpressionTest(ComparisonRange("<", FIVE)),))),
        ("a in (< 1, b, (1..2))", In(A, (
            ComparisonTest("<", ONE),
            ExpressionTest(B),
            ExpressionTest(RangeLiteral(ONE, TWO, False, False)),
        ))),
        ("a in (b + 1) * 2", In(A, (ExpressionTest(
            Arithmetic("*", Arithmetic("+", B, ONE), TWO)
        ),))),
        ("a in b and c", Conjunction((In(A, (ExpressionTest(B),)), C))),
        ("-a instance of number", Negation(InstanceOf(A, NamedType("number")))),
        ("a instance of  date and  time", InstanceOf(A, NamedType("date and time"))),
        ("a instance of list", InstanceOf(A, NamedType("list"))),
        ("a instance of list<number> = b", Comparison(
            "=", InstanceOf(A, ListType(NamedType("number"))), B
        )),
        ("if a then b else if c then 1 else 2", If(A, B, If(C, ONE, TWO))),
        ("if a then b else c + 1", If(A, B, Arithmetic("+", C, ONE))),
        ("1 + if a then b else c", Arithmetic("+", ONE, If(A, B, C))),
        ("a and some x in b satisfies x or c", Conjunction((
            A, Quantified("some", (Iteration("x", B),), Disjunction((X, C)))
        ))),
        ("for x in a, y in 1..5 return x", For((
            Iteration("x", A), Iteration("y", ONE, FIVE)
        ), X)),
        ("every x in a satisfies x > 1", Quantified(
            "every", (Iteration("x", A),), Comparison(">", X, ONE)
        )),
        ("function() 1", FunctionLiteral((), ONE)),
        ("function(a: list<number>, b) a", FunctionLiteral((
            Parameter("a", ListType(NamedType("number"))), Parameter("b")
        ), A)),
        ("function(a) external {}", FunctionLiteral((Parameter("a"),), ContextLiteral(()), True)),
        ("a /* b */ + // c\n 1", Arithmetic("+", A, ONE)),
        ("a\n+\n1", Arithmetic("+", A, ONE)),
        ("\ufeffa", A),
    ],
)  # fmt: skip
def test_tree_of_an_expression(text: str, tree: Expression) -> None:
    assert parse(Source(text)) == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("-", UnaryTests(())),
        ("- 5", UnaryTests((ExpressionTest(Negation(FIVE)),))),
        ("5", UnaryTests((ExpressionTest(FIVE),))),
        ("< 5", UnaryTests((ComparisonTest("<", FIVE),))),
        ("= 5, != 1", UnaryTests((ComparisonTest("=", FIVE), ComparisonTest("!=", ONE)))),
        ("[1..5), a", UnaryTests((
            ExpressionTest(RangeLiteral(ONE, FIVE, True, False)), ExpressionTest(A)
        ))),
        ("? > 1", UnaryTests((ExpressionTest(Comparison(">", Name("?"), ONE)),))),
        ("not(1, > 5)", UnaryTests((ExpressionTest(ONE), ComparisonTest(">", FIVE)), True)),
        ("not(a) or b", UnaryTests((
            ExpressionTest(Disjunction((Call(Name("not"), (Argument(A),)), B))),
        ))),
    ],
)  # fmt: skip
def test_tree_of_unary_tests(text: str, tree: UnaryTests) -> None:
    assert parse_unary_tests(Source(text)) == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("number", NamedType("number")),
        ("days  and time duration", NamedType("days and time duration")),
        ("list<list<Any>>", ListType(ListType(NamedType("Any")))),
        ("range < date >", RangeType(NamedType("date"))),
        ("context<>", ContextType(())),
        ("context<a b: number, c: string>", ContextType((
            ContextTypeEntry("a b", NamedType("number")), ContextTypeEntry("c", NamedType("string"))
        ))),
        ("function<> -> Any", FunctionType((), NamedType("Any"))),
        ("function<date, date>->function<>->list", FunctionType(
            (NamedType("date"), NamedType("date")), FunctionType((), NamedType("list"))
        )),
        ("my own type", NamedType("my own type")),
        ("model.money", NamedType("model.money")),
    ],
)  # fmt: skip
def test_tree_of_a_type(text: str, tree: TypeSyntax) -> None:
    assert parse_type(Source(text)) == tree


@pytest.mark.parametrize(
    ("written", "value"),
    [
        (r"\n\r\t\"\'\\", "\n\r\t\"'\\"),
        (r"\d\s\.\p{L}", r"\d\s\.\p{L}"),
        (r"\\d", r"\d"),
        (r"\u00e5\U01F40E", "å🐎"),
        (r"\ud83d\uDC0E", "🐎"),
        (r"\u12", r"\u12"),
        ("a\nb", "a\nb"),
        ("// no comment /*", "// no comment /*"),
    ],
)
def test_escapes_in_strings(written: str, value: str) -> None:
    assert parse(Source(f'"{written}"')) == StringLiteral(value)


def test_a_number_keeps_34_digits_and_rounds_half_to_even() -> None:
    assert parse(Source("1234567890123456789012345678901234.5")) == number(
        "1" + "2345678901" * 3 + "234"
    )


def test_spans_cover_what_a_node_was_written_with() -> None:
    tree = parse(Source("(a + b) * net  sum"), ["net sum"])
    assert isinstance(tree, Arithmetic)
    assert tree.span == Span(0, 18)
    assert tree.operator_span == Span(8, 9)
    assert tree.left.span == Span(1, 6)
    assert tree.right.span == Span(10, 18)


def test_spans_of_names_within_larger_nodes() -> None:
    path = parse(Source("a . b"))
    assert isinstance(path, Path)
    assert path.name_span == Span(4, 5)
    context = parse(Source('{"a": 1}'))
    assert isinstance(context, ContextLiteral)
    assert context.entries[0].key_span == Span(1, 4)


def message_of(text: str, *names: str) -> tuple[str, str, str | None]:
    """Give the span's text, message and help of the only problem of a text."""
    with pytest.raises(ExpressionError) as caught:
        parse(Source(text), names)
    (problem,) = caught.value.diagnostics
    assert problem.code == "feel.syntax"
    shown = text[problem.span.start : problem.span.end]
    return shown, problem.message.text(), problem.help.text() if problem.help else None


@pytest.mark.parametrize(
    ("text", "at", "help"),
    [
        ("a == b", "==", "write `=`"),
        ("a && b", "&&", "write `and`"),
        ("a || b", "||", "write `or`"),
        ("a <> b", "<>", "write `!=`"),
        ("a => b", "=>", "write `>=`"),
        ("a ≤ b", "≤", "write `<=`"),
        ("a – b", "–", "write `-`"),
        ("!a", "!", "write `not(…)` for the opposite of a condition"),
        ("not a", "not", "write `not(a)`"),
        ("'abc'", "'abc'", 'write `"abc"`'),
        ("“abc”", "“abc”", 'write `"abc"`'),
        ("[1; 2]", ";", "values in a list are separated by commas"),
        ("a % b", "%", "for per cent divide by 100, for a remainder write `modulo(a, b)`"),
        ("(a + b", "(", "put `)` where it should end"),
        ("[1, {a: 2}", "[", "put `]` where it should end"),
        ('"abc', '"', 'put a quotation mark `"` where the text ends'),
        ("a /* b", "/*", "put `*/` where the comment ends"),
        ("if a then b", "", "an `if` has a `then` and an `else`; write `else null` for no value"),
        ("if a then b elseif c then 1 else 2", "elseif", "did you mean `else if`?"),
        ("a AND b", "AND", "did you mean `and`?"),
        ("i a then b else c", "i", "did you mean `if`?"),
        ("someone x in a satisfies x", "someone", "did you mean `some`?"),
        ("for x in a retur x", "retur", "did you mean `return`?"),
        ("if a the b else c", "the", "did you mean `then`?"),
        ("a betwen 1 and 2", "betwen", "did you mean `between`?"),
        ("Full Nmae + 1", "Nmae", "did you mean `Full Name`?"),
        ("a b", "b", "between two values there must be an operator, such as `and`, `=` or `+`"),
        ("5a", "5a", "a name begins with a letter; put a space after a number"),
        ("f(a,)", ")", "leave out the comma before the bracket"),
        ("[1..)", ")", "write `null` for an end without a bound"),
        ("(a]", "]", "each bracket is closed by one of its own kind"),
        ("a then b", "then", None),
        ("", "", "write a value, a name or a condition"),
    ],
)
def test_frequent_slips_get_help(text: str, at: str, help: str | None) -> None:
    shown, _, given = message_of(text, "Full Name")
    assert (shown, given) == (at, help)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a +", "the expression stops too early; expected a value"),
        ("if a b", "the name `b` cannot stand here; expected `then` or an operator"),
        ("for x a", "the name `a` cannot stand here; expected `in`"),
        ("{a 1}", "the number `1` cannot stand here; expected a colon"),
        ("a between 1", "the expression stops too early; expected `and` or an operator"),
        (")", "the bracket `)` was never opened"),
        ("a instance of", "the expression stops too early; expected a type"),
        ("a.", "the expression stops too early; expected the name of an entry"),
        (
            "[a b]",
            "the name `b` cannot stand here; expected a closing bracket `]`, a comma or an operator",
        ),
        ("(", "the expression stops too early; expected a value or a comparison"),
    ],
)
def test_what_was_expected_is_said_in_words(text: str, message: str) -> None:
    assert message_of(text)[1] == message


def test_every_problem_with_characters_is_told_with_the_first_break_of_the_grammar() -> None:
    text = "a == 1e9999 && \"\\ud800\" or 'x' +"
    with pytest.raises(ExpressionError) as caught:
        parse(Source(text))
    assert [each.code for each in caught.value.diagnostics] == [
        *("feel.syntax", "feel.number-range", "feel.syntax", "text.encoding", "feel.syntax"),
        "feel.syntax",
    ]


def test_quoted_texts_with_bidi_controls_are_read_with_a_warning() -> None:
    source = Source('"a\u202eb" = c')
    assert parse(source) == Comparison("=", StringLiteral("a\u202eb"), C)
    (warning,) = text_warnings(source)
    assert (warning.code, warning.span, warning.severity) == (
        "text.bidi-in-quote",
        Span(2, 3),
        "warning",
    )


def test_importing_the_parser_does_not_import_lark() -> None:
    code = "import sys, policyeval.feel.parser; sys.exit('lark' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
