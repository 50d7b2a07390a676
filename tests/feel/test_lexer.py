"""What the lexer takes for a name, at each place of a text."""

import pytest

from policyeval.feel import limits
from policyeval.feel.lexer import tokenize
from policyeval.source import Source


def tokens(
    text: str, names: tuple[str, ...] = (), members: tuple[str, ...] = (), start: str = "expression"
) -> list[str]:
    """Give the tokens of a text as kind and value, without the end."""
    lexed = tokenize(Source(text), names, members, limits.DEFAULT_LIMITS, start)
    assert not lexed.diagnostics
    return [f"{each.kind}:{each.value}" for each in lexed.tokens[:-1]]


def names_of(text: str, *names: str, members: tuple[str, ...] = ()) -> list[str]:
    """Give only the names in a text."""
    kinds = ("NAME", "MEMBER", "KEY", "VARIABLE", "PARAMETER", "ARGUMENT")
    found = (each.split(":", 1) for each in tokens(text, names, members))
    return [value for kind, value in found if kind in kinds]


@pytest.mark.parametrize(
    ("text", "known", "expected"),
    [
        pytest.param("Full Name", ["Full Name"], ["Full Name"], id="spaces"),
        pytest.param("Full \n\t Name", ["Full Name"], ["Full Name"], id="any white space"),
        pytest.param("Full Name", ["Full"], ["Full", "Name"], id="unknown"),
        pytest.param("Full Names", ["Full Name"], ["Full", "Names"], id="whole words"),
        pytest.param("a-b", ["a", "b"], ["a", "b"], id="subtraction"),
        pytest.param("a-b", ["a", "b", "a-b"], ["a-b"], id="longest"),
        pytest.param("a - b", ["a-b"], ["a-b"], id="spaces around symbols"),
        pytest.param("a-b", ["a - b"], ["a - b"], id="spelt as declared"),
        pytest.param("a-b-c", ["a-b"], ["a-b", "c"], id="longest that fits"),
        pytest.param("a b c d", ["a b", "a b c x"], ["a b", "c", "d"], id="going back"),
        pytest.param("U.S. price", ["U.S. price"], ["U.S. price"], id="dots"),
        pytest.param("partner's share", ["partner's share"], ["partner's share"], id="apostrophe"),
        pytest.param("plan 2.1", ["plan 2.1"], ["plan 2.1"], id="digits"),
        pytest.param(
            "order and delivery", ["order and delivery"], ["order and delivery"], id="and"
        ),
        pytest.param("values in a list", ["values in a list"], ["values in a list"], id="in"),
        pytest.param("x in stock", ["x", "in stock"], ["x", "stock"], id="an operator goes first"),
        pytest.param("date and time(x)", [], ["date and time", "x"], id="built-in"),
        pytest.param("o\u0308re", ["öre"], ["öre"], id="NFD in the text"),
        pytest.param("öre", ["o\u0308re"], ["o\u0308re"], id="NFD in the declaration"),
        pytest.param("för och efter", ["för och efter"], ["för och efter"], id="not English"),
        pytest.param("? + ?.a", [], ["?", "?", "a"], id="the value under test"),
        pytest.param("🐎 + 🐎", [], ["🐎", "🐎"], id="emoji"),
        pytest.param("👩\u200d🚀", [], ["👩\u200d🚀"], id="joined emoji"),
        pytest.param("a//b", ["a//b"], ["a"], id="a comment is in no name"),
    ],
)
def test_the_longest_known_name_is_taken(text: str, known: list[str], expected: list[str]) -> None:
    assert names_of(text, *known) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("{a b: 1, c: a b}", ["a b", "c", "a b"], id="later entries"),
        pytest.param("{a b: a b}", ["a b", "a", "b"], id="not in the entry itself"),
        pytest.param(
            "{a b: function(n) a b(n)}", ["a b", "n", "a b", "n"], id="a function calls itself"
        ),
        pytest.param("{a b: 1, c: {d: a b}}", ["a b", "c", "d", "a b"], id="inner contexts"),
        pytest.param("[{a b: 1, c: 2}, a b]", ["a b", "c", "a", "b"], id="not after the context"),
        pytest.param('{"a b": 1, c: a b}', ["a b", "c", "a b"], id="keys that are strings"),
        pytest.param("{a b: 1}.a b", ["a b", "a b"], id="entries"),
        pytest.param("[{a b: 1}][a b > 0]", ["a b", "a b"], id="entries in a filter"),
        pytest.param("{a+b: 1, c: a + b}", ["a+b", "c", "a+b"], id="symbols in keys"),
        pytest.param("{if then else: 1}", ["if then else"], id="keywords in keys"),
        pytest.param("for a b in c return a b", ["a b", "c", "a b"], id="for"),
        pytest.param("for a b in a b return 1", ["a b", "a", "b"], id="not in its own list"),
        pytest.param(
            "for a b in c, d in a b return 1", ["a b", "c", "d", "a b"], id="in the next list"
        ),
        pytest.param("some a b in c satisfies a b", ["a b", "c", "a b"], id="some"),
        pytest.param("every a b in c satisfies a b", ["a b", "c", "a b"], id="every"),
        pytest.param(
            "[for a b in c return a b, a b]", ["a b", "c", "a b", "a", "b"], id="until the comma"
        ),
        pytest.param(
            "(for a b in c return a b) + a b", ["a b", "c", "a b", "a", "b"], id="until the bracket"
        ),
        pytest.param(
            "if some a b in c satisfies a b then a b else a b",
            ["a b", "c", "a b", "a", "b", "a", "b"],
            id="until then",
        ),
        pytest.param(
            "for a b in c return if a b then a b else a b",
            ["a b", "c", "a b", "a b", "a b"],
            id="not until its own then",
        ),
        pytest.param(
            "for x in for a b in c return a b return a b",
            ["x", "a b", "c", "a b", "a", "b"],
            id="until the outer return",
        ),
        pytest.param(
            "function(a b, c d: number) a b + c d", ["a b", "c d", "a b", "c d"], id="body"
        ),
        pytest.param(
            "[function(a b) a b, a b]", ["a b", "a b", "a", "b"], id="until the end of the body"
        ),
        pytest.param("f(a b: 1, c-d: 2)", ["f", "a b", "c-d"], id="arguments"),
        pytest.param("f(a b, {c: 1})", ["f", "a", "b", "c"], id="no argument's name"),
    ],
)
def test_names_are_known_where_the_text_introduces_them(text: str, expected: list[str]) -> None:
    assert names_of(text) == expected


def test_members_are_known_after_a_dot_and_within_a_filter_only() -> None:
    assert names_of("x.net sum + net sum + y[net sum = 1]", members=("net sum",)) == [
        *("x", "net sum", "net", "sum", "y", "net sum")
    ]


def test_entries_that_every_range_and_time_has_are_always_known() -> None:
    assert names_of("x.start included and y.time offset") == [
        *("x", "start included", "y", "time offset")
    ]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("not(a)", "NOT_TESTS"),
        ("not(a, b)", "NOT_TESTS"),
        ("not (< 5)", "NOT_TESTS"),
        ("not(a) and b", "NAME"),
        ("not(a), not(b)", "NAME"),
        ("not(negand: a)", "NAME"),
        ("(not(a))", "LPAR"),
    ],
)
def test_not_negates_the_tests_only_if_it_holds_them_all(text: str, kind: str) -> None:
    assert tokens(text, start="unary_tests")[0].split(":")[0] == kind


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("]1..5[", ["OPEN_START", "NUMBER", "DOTS", "NUMBER", "OPEN_END"]),
        ("[1..x[1]]", ["LSQB", "NUMBER", "DOTS", "NAME", "FILTER", "NUMBER", "RSQB", "RSQB"]),
        ("(1..x[ and", ["LPAR", "NUMBER", "DOTS", "NAME", "OPEN_END", "AND"]),
        ("[][1]", ["LSQB", "RSQB", "FILTER", "NUMBER", "RSQB"]),
        ("[[]]", ["LSQB", "LSQB", "RSQB", "RSQB"]),
        ("[]1..2[]", ["LSQB", "OPEN_START", "NUMBER", "DOTS", "NUMBER", "OPEN_END", "RSQB"]),
        ("1..2", ["NUMBER", "DOTS", "NUMBER"]),
        (".5+1.5e-3", ["NUMBER", "PLUS", "NUMBER"]),
    ],
)
def test_square_brackets_and_dots_mean_what_their_place_says(text: str, kinds: list[str]) -> None:
    assert [each.split(":")[0] for each in tokens(text)] == kinds


@pytest.mark.parametrize(
    "blank", ["\t", "\x0b", "\x85", "\xa0", "\u1680", "\u2003", "\u2028", "\u202f", "\u3000"]
)
def test_white_space_is_what_rule_61_says(blank: str) -> None:
    assert names_of(f"Full{blank}Name{blank}+{blank}a", "Full Name") == ["Full Name", "a"]


def test_every_token_knows_its_place() -> None:
    lexed = tokenize(
        Source("a  +\n Full  Name"), ["Full Name"], (), limits.DEFAULT_LIMITS, "expression"
    )
    assert [(each.start, each.end) for each in lexed.tokens] == [(0, 1), (3, 4), (6, 16), (16, 16)]
