"""What the checker knows, and what it says."""

from collections.abc import Sequence

import pytest

from policyeval import feel
from policyeval.feel.types import type_text

SCOPE = feel.Scope(
    {
        "n": "number",
        "maybe": "number?",
        "s": "string",
        "b": "boolean",
        "maybe b": "boolean?",
        "day": "date",
        "maybe day": "date?",
        "moment": "date and time",
        "window": "days and time duration",
        "months": "years and months duration",
        "numbers": "list<number>",
        "gaps": feel.types.ListOf(feel.types.optional(feel.types.NUMBER)),
        "loan": "context<rate: number, start: date>",
        "loans": "list<context<rate: number, start: date>>",
        "anything": "Any",
        "span": "range<date>",
    }
)


def _codes(text: str, mode: feel.Mode = "strict") -> Sequence[str]:
    return [each.code for each in feel.check(text, SCOPE, mode=mode).diagnostics]


def _type(text: str) -> str:
    compiled = feel.compile_expression(text, SCOPE, mode="strict")
    return type_text(compiled.checked.type_of(compiled.tree))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("1 + n", "number"),
        ("s + s", "string"),
        ("day + window", "date"),
        ("day + months", "date"),
        ("moment - moment", "days and time duration"),
        ("day - day", "days and time duration"),
        ("window / window", "number"),
        ("window * 2", "days and time duration"),
        ("day.year", "number"),
        ("n > 1", "boolean"),
        ("b and maybe b", "boolean?"),
        ("not(b)", "boolean"),
        ("not(maybe b)", "boolean?"),
        ("maybe = 1", "boolean"),
        ("if b then n else null", "number?"),
        ("if maybe != null then maybe else 0", "number"),
        ("[1, n]", "list<number>"),
        ("[1, null]", "list<number?>"),
        ("numbers[1]", "number?"),
        ("numbers[item > 1]", "list<number>"),
        ("gaps[item != null]", "list<number>"),
        ("loan.rate", "number"),
        ("loans.rate", "list<number>"),
        ("loans[rate > 0.1]", "list<context<rate: number, start: date>>"),
        ("loans[rate > 0.1].start", "list<date>"),
        ("for each in loans return each.rate * 2", "list<number>"),
        ("for i in 1..3 return i", "list<number>"),
        ("for d in day..day return d", "list<date>"),
        ("some each in numbers satisfies each > n", "boolean"),
        ("every each in gaps satisfies each = null or each > n", "boolean"),
        ("{a: n, b: a > 1}", "context<a: number, b: boolean>"),
        ("{a: n, b: a > 1}.b", "boolean"),
        ("[1..n]", "range<number>"),
        ("n in [1..10]", "boolean"),
        ('s in ("a", "b")', "boolean"),
        ("day in span", "boolean"),
        ("span.start", "date?"),
        ("function(x: number) x > 1", "function<number> -> boolean"),
        ("(function(x: number) x > 1)(n)", "boolean"),
        ("sort(numbers, function(x, y) x < y)", "list<number>"),
        ("min(numbers)", "number?"),
        ("min(n, 1)", "number"),
        ("append(numbers, null)", "list<number?>"),
        ('duration("P1Y")', "years and months duration"),
        ('duration("P1D")', "days and time duration"),
        ('@"2024-01-31"', "date"),
        ("date(moment)", "date"),
        ("n instance of string", "boolean"),
        ("string(n)", "string"),
    ],
)
def test_the_type_of_an_expression_is_known(text: str, wanted: str) -> None:
    assert _type(text) == wanted


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("n + s", "feel.type"),
        ("n + day", "feel.type"),
        ("day + 180", "feel.type"),
        ("day = s", "feel.type"),
        ("day < moment", "feel.type"),
        ("n = moment", "feel.type"),
        ("n and b", "feel.type"),
        ("if n then 1 else 2", "feel.type"),
        ("b < b", "feel.type"),
        ("-s", "feel.type"),
        ("s.year", "feel.unknown-member"),
        ("loan.rat", "feel.unknown-member"),
        ("moment.yer", "feel.unknown-member"),
        ("numbers[s]", "feel.type"),
        ("for i in n return i", "feel.type"),
        ("for i in s..s return i", "feel.type"),
        ("some i in numbers satisfies i", "feel.type"),
        ("n in (s)", "feel.type"),
        ("n in [day..day]", "feel.type"),
        ("n in (< day)", "feel.type"),
        ("n between 1 and day", "feel.type"),
        ("[1..day]", "feel.type"),
        ("n(1)", "feel.type"),
        ("maybe + 1", "feel.null"),
        ("maybe > 1", "feel.null"),
        ("if maybe b then 1 else 2", "feel.null"),
        ("numbers[1] + 1", "feel.null"),
        ("min(numbers) + 1", "feel.null"),
        ("null + 1", "feel.null"),
        ("maybe day + months", "feel.null"),
        ("maybe = null and maybe > 1", "feel.null"),
        ("maybe != null or maybe > 1", "feel.null"),
        ("anything + 1", "feel.type"),
        ("nn", "feel.unknown-name"),
        ("loann.rate", "feel.unknown-name"),
        ("summ(numbers)", "feel.unknown-function"),
        ("sum()", "feel.arguments"),
        ("substring(s)", "feel.arguments"),
        ("substring(text: s, start position: 1)", "feel.arguments"),
        ("substring(s, s)", "feel.type"),
        ("(function(x: number) x)()", "feel.arguments"),
        ("(function(x: number) x)(s)", "feel.type"),
        ("(function(x: nummer) x)(1)", "feel.unknown-type"),
        ("n instance of nummer", "feel.unknown-type"),
        ('date("2023-02-30")', "feel.literal"),
        ('@"2023-02-30"', "feel.literal"),
        ('duration("180 days")', "feel.literal"),
        ('matches(s, "(a")', "feel.regex"),
        ('matches(s, "(a)\\1")', "feel.regex"),
        ("matches(s, s)", "feel.not-in-profile"),
        ("today() > day", "feel.not-in-profile"),
        ("now() > moment", "feel.not-in-profile"),
        ("for i in numbers return partial", "feel.not-in-profile"),
        ("{a: 1, a: 2}", "feel.duplicate-name"),
        ("function(a, a) 1", "feel.duplicate-name"),
    ],
)
def test_the_profile_refuses(text: str, code: str) -> None:
    assert list(_codes(text)) == [code]


@pytest.mark.parametrize(
    "text",
    [
        "maybe != null and maybe > 1",
        "maybe = null or maybe > 1",
        "if maybe = null then 0 else maybe",
        "if maybe != null then maybe + 1 else 0",
        "not(maybe = null) and maybe > 1",
        "if not(maybe != null) then 0 else maybe + 1",
        "maybe instance of number and maybe > 1",
        "anything instance of number and anything > 1",
        "maybe != null and (maybe > 1 or maybe < -1)",
        "if maybe != null and maybe day != null then day.year + maybe else 0",
        "count(gaps[item != null and item > 1]) > 0",
        "every each in gaps satisfies each = null or each > 1",
        "maybe b = true and b",
    ],
)
def test_a_value_that_may_be_missing_can_be_used_after_it_was_asked_for(text: str) -> None:
    assert not _codes(text)


@pytest.mark.parametrize(
    "text",
    [
        # The name inside hides the one that was asked for.
        "maybe != null and (some maybe in gaps satisfies maybe > 1)",
        "maybe != null and count(for maybe in gaps return maybe + 1) > 1",
        # True or unknown is not the same as true: the last operand is looked at either way.
        "(maybe b or maybe != null) and maybe > 1",
    ],
)
def test_what_was_asked_of_one_value_says_nothing_about_another(text: str) -> None:
    assert list(_codes(text)) == ["feel.null"]


def test_all_problems_are_found_in_one_run_in_the_order_of_the_text() -> None:
    assert list(_codes("n + s > 1 and nn = 2 and maybe > 3")) == [
        "feel.type",
        "feel.unknown-name",
        "feel.null",
    ]


@pytest.mark.parametrize(
    "text",
    ["(n + s) * 2 > 3", "loan.rat + 1 > 2", "nn + 1 > 2", "sqrt(n + s)", "[n + s][1] = 2"],
)
def test_one_mistake_gives_one_message(text: str) -> None:
    assert len(_codes(text)) == 1


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("nubers", "numbers"),
        ("maybe  dag = null", "maybe day"),
        ("loan.rte", "rate"),
        ("day.yaer", "year"),
        ("rund up(n, 1)", "round up"),
        ("n instance of nubmer", "number"),
    ],
)
def test_the_nearest_name_is_suggested(text: str, suggestion: str) -> None:
    try:
        found = feel.check(text, SCOPE).diagnostics
    except feel.ExpressionError as error:
        found = error.diagnostics
    helps = [each.help.text() for each in found if each.help is not None]
    assert f"did you mean `{suggestion}`?" in helps


@pytest.mark.parametrize(
    ("text", "help_"),
    [
        ("s = referral", 'a text is written in quotation marks: `"referral"`'),
        ("s in (referral)", 'a text is written in quotation marks: `"referral"`'),
        ("duration(P180D) = window", 'a text is written in quotation marks: `"P180D"`'),
        ("b = yes", "write `true`"),
        ("b = nein", "write `false`"),
        ("2024-01-31 < day", 'write `date("2024-01-31")`'),
        ("day + 180", 'write a period as a duration: `duration("P180D")`'),
        ("day < moment", "take the day of the date and time with `date(…)`"),
        ("n * 1,5", "write a number with a point: `1.5`"),
    ],
)
def test_what_was_probably_meant_is_said(text: str, help_: str) -> None:
    try:
        found = feel.check(text, SCOPE).diagnostics
    except feel.ExpressionError as error:
        found = error.diagnostics
    assert [each.help.text() for each in found if each.help is not None] == [help_]


def test_lenient_mode_warns_of_what_can_only_give_null() -> None:
    found = feel.check("n + s", SCOPE, mode="lenient").diagnostics
    assert [(each.code, each.severity) for each in found] == [("feel.type", "warning")]


def test_lenient_mode_says_nothing_about_values_that_may_be_missing() -> None:
    assert not _codes("maybe + 1 > anything", "lenient")


def test_the_span_of_a_problem_is_the_part_that_is_wrong() -> None:
    text = "n > 1 and loan.rat > 2"
    (problem,) = feel.check(text, SCOPE).diagnostics
    assert text[problem.span.start : problem.span.end] == "rat"


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("{p: p + 1}", "p → p"),
        ("{p: q, q: p}", "p → q → p"),
        ("{p: q, q: r, r: p}", "p → q → r → p"),
        ("{f: function(n: number) f(n - 1)}", "f → f"),
        ("{f: function(n: number) g(n), g: function(n: number) f(n)}", "f → g → f"),
        ("{p: {q: p}}", "p → p"),
    ],
)
def test_a_definition_in_circles_is_shown_with_the_way_it_takes(text: str, way: str) -> None:
    (problem, *_) = feel.check(text, SCOPE).diagnostics
    assert problem.code == "feel.cycle"
    assert problem.message.text().endswith(way)


def test_a_name_that_is_defined_further_down_is_said_to_be() -> None:
    (problem,) = feel.check("{first: second + 1, second: n}", SCOPE).diagnostics
    assert problem.code == "feel.unknown-name"
    assert problem.help is not None
    assert problem.help.text().startswith("`second` is defined further down")
