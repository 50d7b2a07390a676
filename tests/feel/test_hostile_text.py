"""Texts that were written to break a parser: each gets an answer or a diagnostic, at once."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyeval.diagnostics import CODES, Diagnostic, render
from policyeval.errors import ExpressionError
from policyeval.feel.limits import Limits
from policyeval.feel.parser import parse, parse_type, parse_unary_tests, text_warnings
from policyeval.feel.syntax import Expression, Name, NumberLiteral, StringLiteral
from policyeval.feel.unparser import names_in, unparse
from policyeval.source import Source, Span
from tests import strategies

NAMES = ("Full Name", "net-gross", "a", "b", "x", "order and delivery")

VALID = (
    "1",
    "-1.5e-3 ** 2",
    '"a \\"quoted\\" \\u00e5 text"',
    '@"2024-01-31" + @"P1M"',
    "true and not(false) or null = null",
    "a + b * x - (a - b) / x ** -2",
    "Full Name = \"x\" and net-gross > 0",
    "order and delivery and a",
    "if a then b else x",
    "if a > 1 then \"more\" else if a = 1 then \"one\" else \"less\"",
    "for i in 1..10 return i * i",
    "for i in [1, 2, 3], j in [4..6] return {i: i, j: j}",
    "some x in [1, 2] satisfies x > 1",
    "every x in a, y in b satisfies x = y",
    "[1, [2, [3, []]]]",
    "{}",
    "{a: 1, \"b c\": a + 1, d: {e f: 2, g: e f}}",
    "{a-b: 1}.a-b",
    "[1..10]",
    "(a..b]",
    "]1..2[",
    "[1..a[1][",
    "(< 10)",
    "a in (< 1, > 10, [2..3], b)",
    "a in <= 5 or b in (1..2)",
    "a between 1 and b and x",
    "a[item > 1][1].b.c",
    "a[b = 1 and Full Name != null]",
    "f(a, b)",
    "f(first name: a, last: b)(1)",
    "date and time(date(\"2024-01-31\"), time(\"10:00:00\"))",
    "string length(string: \"abc\")",
    "function() 1",
    "function(a: number, b: list<string>) a + count(b)",
    "function(a) external {java: {class: \"X\", method signature: \"f()\"}}",
    "function(f: function<number, date> -> boolean, c: context<a b: Any>) f(c.a b)",
    "(function(x) x + 1)(2)",
    "a instance of list<context<a: number, b: range<date>>>",
    "a instance of days and time duration",
    "[{a b: 1}, {a b: 2}][a b > 1].a b",
    "1 + if a then 1 else 2",
    "a and every x in b satisfies x > 0",
    "a /* comment with ' and \" */ + // to the end\n b",
    "a\n\t+\u00a0b",
    "-(-a)",
    "matches(\"x\", \"\\d+\\s*\")",
    "🐎 + åäö",
    "a.b(c).d[1](2)",
    "((((a))))",
    "{f: function(n) if n = 0 then 1 else n * f(n - 1), result: f(5)}.result",
    "for x in for y in [1, 2] return y return x",
    "[a, if b then 1 else 2, function(z) z, for q in a return q]",
    "\"\" = \"\"",
    ".5 + 5.5",
    "a != b",
    "null in null",
    "{\"\": 1}",
    "@\"P1Y\" instance of years and months duration",
    "sort(a, function(x, y) x < y)",
    "a.time offset + (1..2).start included",
)  # fmt: skip
TESTS = (
    "-",
    "< 5",
    "1, 2, > 10",
    "not(1, [2..3))",
    "not(a) and b",
    "? + 1 > a",
    "!= null",
    "not((< 1))",
)


def problems(text: str, names: tuple[str, ...] = NAMES) -> tuple[Diagnostic, ...]:
    """Give the problems of a text, each checked to be fit for a reader; none if it can be read."""
    try:
        parse(Source(text), names)
    except ExpressionError as error:
        check(error, text)
        return error.diagnostics
    return ()


def check(error: ExpressionError, text: str) -> None:
    assert error.diagnostics
    for each in error.diagnostics:
        assert each.code in CODES
        assert each.code.startswith(("feel.", "text."))
        assert 0 <= each.span.start <= each.span.end <= max(len(text), each.span.start)
        assert each.span.start <= len(text)
        for language in ("en", "sv", "de"):
            assert "Error" not in render(each, language)


# ------------------------------------------------------------------ size and depth


@pytest.mark.parametrize(
    ("opening", "closing"),
    [
        pytest.param("(", ")", id="brackets"),
        pytest.param("not(", ")", id="not"),
        pytest.param("if a then b else ", "", id="if"),
        pytest.param("if ", " then b else x", id="if in conditions"),
        pytest.param("[", "]", id="lists"),
        pytest.param("{k: ", "}", id="contexts"),
        pytest.param("-", "", id="minus"),
        pytest.param("function() ", "", id="functions"),
        pytest.param("f(", ")", id="calls"),
        pytest.param("x[", "]", id="filters"),
        pytest.param("x in (1, ", ")", id="tests"),
        pytest.param("for i in x return ", "", id="for"),
        pytest.param("(< ", ")", id="comparison ranges"),
        pytest.param("1 + (", ")", id="sums in brackets"),
    ],
)
def test_64_levels_are_read_and_65_are_not(opening: str, closing: str) -> None:
    assert not problems(opening * 64 + "a" + closing * 64)
    (problem,) = problems(opening * 65 + "a" + closing * 65)
    assert problem.code == "feel.too-deep"
    assert problem.span.start in (0, *range(64 * len(opening), 65 * len(opening)))


@pytest.mark.parametrize(
    ("text", "span"),
    [
        pytest.param("(" * 65 + "a" + ")" * 65, Span(64, 65), id="the bracket that is too much"),
        pytest.param("not(" * 65 + "a" + ")" * 65, Span(259, 260), id="the same of a call"),
        pytest.param("-" * 65 + "a", Span(0, 66), id="the part that is too deep"),
        pytest.param("a+" * 65 + "a", Span(0, 131), id="a long sum is a deep tree"),
        pytest.param("(" * 8000, Span(64, 65), id="never closed"),
    ],
)
def test_the_place_that_is_too_deep_is_shown(text: str, span: Span) -> None:
    (problem,) = problems(text)
    assert (problem.code, problem.span) == ("feel.too-deep", span)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a or " * 10_000 + "a", id="a long chain"),
        pytest.param("(" * 10_000 + "a" + ")" * 10_000, id="brackets"),
        pytest.param("if " * 10_000, id="ifs"),
        pytest.param("a" * 1_000_000, id="a megabyte of a name"),
        pytest.param('"' + "\\" * 1_000_000, id="a megabyte of backslashes"),
        pytest.param("/*" * 500_000, id="a megabyte of comments"),
    ],
)
def test_a_text_that_is_too_long_is_refused_at_once(text: str) -> None:
    (problem,) = problems(text)
    assert (problem.code, problem.span) == ("feel.too-long", Span(8192, len(text)))


def test_a_chain_of_or_is_one_node_however_long() -> None:
    assert not problems("a or " * 1500 + "a")


def test_an_expression_may_not_have_more_nodes_than_the_limit() -> None:
    assert not problems("[" + "1," * 1998 + "1]")
    (problem,) = problems("[" + "1," * 1999 + "1]")
    assert (problem.code, problem.span) == ("feel.too-long", Span(0, 4001))


def test_limits_are_the_callers() -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(Source("((a))"), limits=Limits(depth=1))
    assert [each.code for each in caught.value.diagnostics] == ["feel.too-deep"]
    assert parse(Source("a" * 9000), limits=Limits(length=9000)) == Name("a" * 9000)


def test_types_are_bounded_too() -> None:
    parse_type(Source("list<" * 64 + "Any" + ">" * 64))
    for text in ("list<" * 65 + "Any" + ">" * 65, "function<>->" * 65 + "Any"):
        with pytest.raises(ExpressionError) as caught:
            parse_type(Source(text))
        assert [each.code for each in caught.value.diagnostics] == ["feel.too-deep"]


@pytest.mark.parametrize(
    "text",
    [
        "{a " * 2000,
        "f(a " * 1500,
        "for a " * 1300,
        "x[a " * 2000,
        "(a.." * 2000,
        "{a b:" * 60 + "1" + "}" * 60,
        "a.b-c/d" * 1000,
        "'" * 8000,
        "“" * 8000,
        "@" * 8000,
        '"\\' * 4000,
        "1e" * 4000,
        "\u00ad" * 8000,
        "[" * 60 + "1.." * 2000,
        ("a " * 50 + ":") * 80,
        "in " * 2700,
        "not " * 2000,
    ],
)
def test_the_longest_texts_are_answered_quickly(text: str) -> None:
    names = tuple(f"a b{' c' * length}" for length in range(50))
    with suppress(ExpressionError):
        parse(Source(text[:8192]), names)


# ------------------------------------------------------------------ numbers


@pytest.mark.parametrize(
    "text", ["1e999999999", "1e-999999999", "1e6145", "1e-6200", "9" * 7000, "1e" + "9" * 4000, "0." + "0" * 6200 + "1"]
)  # fmt: skip
def test_numbers_out_of_range_are_refused_at_once(text: str) -> None:
    (problem,) = problems(f"a + {text}")
    assert (problem.code, problem.span) == ("feel.number-range", Span(4, 4 + len(text)))


@pytest.mark.parametrize("text", ["1e6144", "1e-6143", "0e999999", "0." + "0" * 6000 + "1"])
def test_numbers_at_the_ends_of_the_range_are_read(text: str) -> None:
    assert isinstance(parse(Source(text)), NumberLiteral)


# ------------------------------------------------------------------ unfinished and broken texts


@pytest.mark.parametrize("text", VALID)
def test_every_beginning_of_an_expression_is_read_or_explained(text: str) -> None:
    assert not problems(text)
    for end in range(len(text)):
        problems(text[:end])


@pytest.mark.parametrize("text", TESTS)
def test_every_beginning_of_unary_tests_is_read_or_explained(text: str) -> None:
    parse_unary_tests(Source(text), NAMES)
    for end in range(len(text)):
        try:
            parse_unary_tests(Source(text[:end]), NAMES)
        except ExpressionError as error:
            check(error, text[:end])


@given(strategies.expressions())
def test_every_beginning_of_a_generated_expression_is_read_or_explained(tree: Expression) -> None:
    text = unparse(tree)
    names = tuple(names_in(tree))
    for end in range(0, len(text), 3):
        problems(text[:end], names)


@given(st.text())
def test_any_text_is_read_or_explained(text: str) -> None:
    problems(text)
    text_warnings(Source(text))
    for read in (parse_unary_tests, parse_type):
        try:
            read(Source(text))
        except ExpressionError as error:
            check(error, text)


_PIECES = sorted(
    {word for text in VALID for word in text.split()}
    | set("()[]{}<>.,:;+-*/=!?@'\"\\\u202e\u00ad\u200b\ud800&|%#")
    | {"..", "**", "->", "//", "/*", "*/", "instance of", "list<", "5a", "e", "'x'", "“x”"}
)


@given(st.lists(st.sampled_from(_PIECES), max_size=12), st.booleans())
def test_any_sequence_of_tokens_is_read_or_explained(pieces: list[str], spaced: bool) -> None:
    text = (" " if spaced else "").join(pieces)
    problems(text)
    for read in (parse_unary_tests, parse_type):
        try:
            read(Source(text))
        except ExpressionError as error:
            check(error, text)


@given(st.sampled_from(VALID), st.data())
def test_any_mutation_of_an_expression_is_read_or_explained(text: str, data: st.DataObject) -> None:
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 5)))
        text = text[:start] + data.draw(st.sampled_from(["", *_PIECES])) + text[end:]
    problems(text)


@pytest.mark.parametrize(
    "text",
    [
        *("if a then b else x", "for i in a return i", "some i in a satisfies i", "a and b"),
        *("every i in a satisfies i", "a between 1 and 2", "a or b", "a instance of number"),
    ],
)
def test_every_keyword_cut_short_is_explained(text: str) -> None:
    words = text.split()
    for index, word in enumerate(words):
        for length in range(1, len(word)):
            cut = " ".join([*words[:index], word[:length], *words[index + 1 :]])
            found = problems(cut)
            if len(word) > 1 and word != "number" and word.isalpha() and word not in NAMES:
                assert [each.code for each in found] == ["feel.syntax"]


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("f\"{x}\"", Span(1, 6)),
        ("import os", Span(7, 9)),
        ("lambda x: x", Span(7, 8)),
        ("{a: 1}[", Span(7, 7)),
        ("().__class__", Span(1, 2)),
        ("a; b", Span(1, 2)),
        ("x := 1", Span(2, 3)),
        ("a if b else c", Span(2, 4)),
        ("`a`", Span(0, 1)),
        ("$a", Span(0, 1)),
    ],
)  # fmt: skip
def test_what_belongs_to_other_languages_breaks_the_grammar(text: str, span: Span) -> None:
    problem = problems(text)[0]
    assert problem.code == "feel.syntax"
    assert problem.span.start == span.start


@pytest.mark.parametrize(
    "name", ["__class__", "None", "True", "__name__", "class", "import", "exec"]
)
def test_names_that_mean_something_in_python_are_names(name: str) -> None:
    assert parse(Source(name)) == Name(name)


@pytest.mark.parametrize(
    "value",
    [
        *("\"+__import__('os')+\"", "\\", "{0.__class__}", "%s", "a\nb", "a\u2028b", "a\x00b"),
        *("\u202e", "\ufeff", "\U0010ffff", "'", "${x}", "\r\n", "\ufffe"),
    ],
)
def test_strings_come_back_as_they_were(value: str) -> None:
    quoted = value.replace("\\", "\\\\").replace('"', '\\"')
    assert parse(Source(f'"{quoted}"')) == StringLiteral(value)
    assert parse(Source(unparse(StringLiteral(value)))) == StringLiteral(value)


# ------------------------------------------------------------------ characters that deceive


@pytest.mark.parametrize(
    ("text", "code", "span"),
    [
        pytest.param("a + ﬁ", "feel.name-characters", Span(4, 5), id="ligature"),
        pytest.param("a + \u212a", "feel.name-characters", Span(4, 5), id="Kelvin sign"),
        pytest.param("ａ", "feel.name-characters", Span(0, 1), id="full width"),
        pytest.param("p\u0430rtner", "text.script", Span(0, 7), id="one Cyrillic letter"),
        pytest.param("\u0440\u0430\u0443", "text.script", Span(0, 3), id="all Cyrillic"),
        pytest.param("rate * \u0440\u0430\u0443", "text.script", Span(7, 10), id="beside Latin"),
        pytest.param("\u03bf + 1", "text.script", Span(0, 1), id="Greek omicron"),
        pytest.param("a\u200bb", "text.invisible", Span(1, 2), id="zero-width space"),
        pytest.param("par\u00adtner", "text.invisible", Span(3, 4), id="soft hyphen in a name"),
        pytest.param("a *\u00ad* b", "text.invisible", Span(3, 4), id="soft hyphen in an operator"),
        pytest.param("a\u2060 + b", "text.invisible", Span(1, 2), id="word joiner"),
        pytest.param("a\u200db", "text.invisible", Span(1, 2), id="joiner between letters"),
        pytest.param("a\x00", "text.invisible", Span(1, 2), id="NUL"),
        pytest.param("a\u202eb", "text.bidi", Span(1, 2), id="bidi override"),
        pytest.param("a // \u2066 x", "text.bidi", Span(5, 6), id="bidi in a comment"),
        pytest.param("\ud800", "text.encoding", Span(0, 1), id="lone surrogate"),
        pytest.param('"\udfff"', "text.encoding", Span(1, 2), id="lone surrogate in a string"),
        pytest.param('"\\ud83d"', "text.encoding", Span(1, 7), id="half an escape"),
        pytest.param('"\\U110000"', "text.encoding", Span(1, 9), id="beyond Unicode"),
    ],
)
def test_characters_that_deceive_are_refused(text: str, code: str, span: Span) -> None:
    (problem,) = problems(text, ())
    assert (problem.code, problem.span) == (code, span)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("größe + höhe + œuvre + şehir", id="Latin with marks"),
        pytest.param("сумма > рост", id="Cyrillic"),
        pytest.param("сор + сумма", id="a look-alike among Cyrillic names"),
        pytest.param("価格 + カタカナ + ひらがな + 合計", id="Japanese"),
        pytest.param("가격 * 2", id="Korean"),
        pytest.param("π * 2", id="Greek that looks like nothing else"),
        pytest.param("🐎 + 👩\u200d👩\u200d👧", id="emoji"),
        pytest.param("a \u200b+ b", id="zero-width space beside white space"),
        pytest.param("\ufeffa", id="byte order mark"),
        pytest.param("a // soft\u00adhyphen", id="invisible in a comment"),
        pytest.param('"рау \u00ad \u202e"', id="anything in a string"),
    ],
)
def test_honest_characters_are_read(text: str) -> None:
    assert not problems(text, ())


def test_a_look_alike_is_no_trap_where_other_names_are_of_its_script() -> None:
    assert not problems("сор * 2", ("сор", "сумма"))


def test_the_spelling_in_nfd_means_the_name_in_nfc() -> None:
    assert parse(Source("o\u0308re")) == Name("öre")


def test_depth_does_not_depend_on_pythons_own_limit() -> None:
    limits = Limits(length=100_000, depth=20_000, nodes=100_000)
    tree = parse(Source("-" * 15_000 + "1"), limits=limits)
    assert unparse(tree) == "-" * 15_000 + "1"
    assert parse(Source("(" * 15_000 + "1" + ")" * 15_000), limits=limits) == NumberLiteral(
        Decimal(1)
    )
