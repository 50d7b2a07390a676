"""The numbered list of hostile input, as far as it is about expressions, numbers and dates.

Each row has the number of its entry. What is refused is refused with its code at its place, before
anything runs wherever that is possible, and in three languages; what is right has its value, under
any settings of Python's decimal numbers.
"""

import decimal
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal

import pytest

from policyeval import feel
from policyeval.diagnostics import Diagnostic, render
from policyeval.errors import EvaluationError, ExpressionError
from policyeval.feel.json_text import Json, read_json
from policyeval.feel.protocol import answer

TYPES = {
    "a": "number",
    "s": "string",
    "day": "date",
    "days": "days and time duration",
    "months": "years and months duration",
    "l": "list<number>",
    "fee_base": "number",
    "fee_rate": "number",
}
GIVEN: Mapping[str, object] = {
    "a": 5,
    "s": "a" * 1000,
    "day": feel.evaluate('@"2024-01-01"'),
    "days": feel.evaluate('@"P1D"'),
    "months": feel.evaluate('@"P1M"'),
    "l": list(range(40)),
    "fee_base": 100,
    "fee_rate": Decimal("0.25"),
}

# ------------------------------------------------------------------------------- what is refused

# Number, text, code, line and column.
REFUSED: list[tuple[int, str, str, int, int]] = [
    (22, "(" * 65 + "a" + ")" * 65, "feel.too-deep", 1, 65),
    (22, "not(" * 65 + "true" + ")" * 65, "feel.too-deep", 1, 260),
    (22, "if true then a else " * 65 + "a", "feel.too-deep", 1, 1),
    (22, "a = 1 or " * 10_000 + "true", "feel.too-long", 1, 8193),
    (23, 's = "abc', "feel.syntax", 1, 5),
    (23, "a /* never\nclosed", "feel.syntax", 1, 3),
    (23, "(a\n  + 1", "feel.syntax", 1, 1),
    (23, "a +\n  (l[1", "feel.syntax", 2, 5),
    (23, "if a > 1\nthen a", "feel.syntax", 2, 7),
    (23, "a >\n\n", "feel.syntax", 1, 4),
    (24, "__class__", "feel.unknown-name", 1, 1),
    (24, "().__class__", "feel.syntax", 1, 2),
    (24, 'f"{a}"', "feel.syntax", 1, 2),
    (24, "import os", "feel.syntax", 1, 8),
    (24, "lambda: a", "feel.syntax", 1, 7),
    (24, 'exec("1")', "feel.unknown-function", 1, 1),
    (24, "{a: 1}.a.__init__", "feel.unknown-member", 1, 10),
    (24, "s.__len__", "feel.unknown-member", 1, 3),
    (24, "l.append", "feel.unknown-member", 1, 3),
    (26, "1 + \ufb01", "feel.name-characters", 1, 5),
    (26, "1 + \u212a", "feel.name-characters", 1, 5),
    (27, "p\u0430rtner", "text.script", 1, 1),
    (27, "a +\n \u0440\u0430\u0443", "text.script", 2, 2),
    (27, "fee\u200b_rate", "text.invisible", 1, 4),
    (27, "a \u202e+ 1", "text.bidi", 1, 3),
    (27, "a *\u00ad* 2", "text.invisible", 1, 4),
    (30, 'matches(s, "(a)\\\\1")', "feel.regex", 1, 12),
    (30, 'matches(s, "(?=a)")', "feel.regex", 1, 12),
    (30, 'matches(s,\n "((a{1,100}){1,100}){1,100}")', "feel.regex", 2, 2),
    (30, f'matches(s, "{"a" * 2048}")', "feel.regex", 1, 12),
    (30, 'matches(s, "[z-a]")', "feel.regex", 1, 12),
    (31, "for u in l, v in l, w in l, x in l, y in l return 1", "eval.cost", 1, 1),
    (32, "{x: y, y: x}.x", "feel.cycle", 1, 5),
    (32, "{f: function(n: number) f(n)}.f(1)", "feel.cycle", 1, 25),
    (33, "substring(s)", "feel.arguments", 1, 1),
    (33, "substrng(s, 1)", "feel.unknown-function", 1, 1),
    (33, 'day < date("x")', "feel.literal", 1, 12),
    (33, "s + a", "feel.type", 1, 3),
    (33, "day <\n  s", "feel.type", 1, 5),
    (34, "fee_rte * fee_base", "feel.unknown-name", 1, 1),
    (34, "uper case(s)", "feel.syntax", 1, 6),
    (39, "a / 0", "eval.division-by-zero", 1, 1),
    (39, "1 +\n a / (a - a)", "eval.division-by-zero", 2, 2),
    (39, "modulo(a, 0)", "eval.division-by-zero", 1, 1),
    (39, "decimal(a, 7000)", "eval.domain", 1, 1),
    (39, "10 ** (10 ** 7)", "eval.number-range", 1, 1),
    (39, "exp(1e6)", "eval.number-range", 1, 1),
    (39, "1 + 1e999999999", "feel.number-range", 1, 5),
    (49, '@"9999-12-31" + @"P1D"', "eval.date-range", 1, 1),
    (49, '@"0001-01-01" - @"P1D"', "eval.date-range", 1, 1),
    (49, "day +\n days * 1000000000", "eval.date-range", 2, 2),
    (49, "day + months * 1000000000000", "eval.date-range", 1, 7),
    (49, 'day + @"P400D" * 1000000000', "eval.date-range", 1, 7),
]


def refusal(text: str) -> tuple[Diagnostic, ...]:
    """Give the problems of a text in the strict profile, whether it is refused or fails."""
    try:
        feel.compile_expression(text, feel.Scope(TYPES), mode="strict").evaluate(GIVEN)
    except (ExpressionError, EvaluationError) as error:
        return error.diagnostics
    return ()


@pytest.mark.parametrize(
    ("number", "text", "code", "line", "column"),
    REFUSED,
    ids=[f"{number} {text[:24]!r}" for number, text, *_ in REFUSED],
)
def test_a_hostile_text_is_refused_with_its_code_and_place_in_every_language(
    number: int, text: str, code: str, line: int, column: int
) -> None:
    first = refusal(text)[0]
    position = first.source.position(min(first.span.start, len(text)))
    assert (first.code, position.line, position.column) == (code, line, column), number
    shown = {language: render(first, language) for language in ("en", "sv", "de")}
    assert len(set(shown.values())) == 3
    for each in shown.values():
        assert f":{line}:{column}: " in each
        assert f"[{code}]" in each
        assert not re.search(r"Error|Traceback|lark|<class", each)
    # Two lines and two columns further on, everything is there, too.
    moved = refusal(f"// a comment\n\n{text}")[0]
    if code != "feel.too-long":
        place = moved.source.position(min(moved.span.start, len(text) + 14))
        assert (moved.code, place.line - 2, place.column) == (code, line, column)


@pytest.mark.parametrize(
    ("number", "text", "name"),
    [
        (34, "fee_rte * fee_base", "fee_rate"),
        (34, "fee_base * feerate", "fee_rate"),
        (34, "substrng(s, 1)", "substring"),
        (34, "uper case(s)", "upper case"),
        (34, "day.yaer", "year"),
        (34, "{base: 1, fee: bse}.fee", "base"),
        (33, "date(day) instance of dat", "date"),
    ],
)
def test_a_name_nearly_right_gets_a_hint(number: int, text: str, name: str) -> None:
    first = refusal(text)[0]
    assert first.help is not None, number
    for language in ("en", "sv", "de"):
        assert f"`{name}`" in first.help.text(language)


def test_64_levels_are_read() -> None:  # 22
    for text in ("(" * 64 + "true" + ")" * 64, "not(" * 64 + "true" + ")" * 64):
        assert not refusal(text)


# ------------------------------------------------------------------------------- what is right

RIGHT: list[tuple[int, str, object]] = [
    *(
        (25, f"s2 = {written}", value)
        for written, value in (
            ('"\\"+__import__(\'os\')+\\""', "\"+__import__('os')+\""),
            ('"\\\\"', "\\"),
            ('"{0.__class__}"', "{0.__class__}"),
            ('"%s"', "%s"),
            ('"a\nb"', "a\nb"),
            ('"a\u2028b"', "a\u2028b"),
            ('"a\x00b"', "a\x00b"),
        )
    ),
    (29, 'matches(s2, "^(a+)+$")', "a" * 1_000_000),
    (35, "0.1 + 0.2", Decimal("0.3")),
    (35, "(1 / 3) * 3", Decimal("0." + "9" * 34)),
    (35, "round half up(2.665, 2)", Decimal("2.67")),
    (35, "round half up(2.675, 2)", Decimal("2.68")),
    (35, "round half up(-2.665, 2)", Decimal("-2.67")),
    (35, "round half down(2.675, 2)", Decimal("2.67")),
    (35, "round up(-2.661, 2)", Decimal("-2.67")),
    (35, "round down(2.669, 2)", Decimal("2.66")),
    (35, "decimal(2.665, 2)", Decimal("2.66")),
    (37, "12345678901234567890.123 + 0", Decimal("12345678901234567890.123")),
    (37, "1E2", Decimal(100)),
    (38, "10 ** 18 + 0.01", Decimal("1000000000000000000.01")),
    (38, "-0.01 + 0.005", Decimal("-0.005")),
    (38, "0.1234567890123 * 10", Decimal("1.234567890123")),
    (40, "modulo(-5, 3)", Decimal(1)),
    (40, "modulo(-5.5, 3)", Decimal("0.5")),
    (40, "modulo(5, -3)", Decimal(-1)),
    (41, "sum(for i in 1..10000 return 0.01)", Decimal(100)),
    (
        41,
        "{part: round half up(100 / 3, 2), last: 100 - 2 * part, whole: part + part + last}.whole",
        Decimal(100),
    ),
    (43, 'string(@"2022-08-31" + @"P6M")', "2023-02-28"),
    (43, 'string(@"2023-08-31" + @"P6M")', "2024-02-29"),
    (43, 'string(@"2024-02-29" + @"P1Y")', "2025-02-28"),
    (43, 'string(@"2023-01-31" + @"P1M" - @"P1M")', "2023-01-28"),
    (43, 'string(@"2023-03-31" - @"P1M")', "2023-02-28"),
    (43, 'string(@"2024-03-31" - @"P1M")', "2024-02-29"),
]


@contextmanager
def decimals(precision: int, *traps: type[decimal.DecimalException]) -> Iterator[None]:
    settings = decimal.Context(
        prec=precision, rounding=decimal.ROUND_UP, Emax=9, Emin=-9, traps=[*traps]
    )
    with decimal.localcontext(settings):
        yield


@pytest.mark.parametrize(
    ("number", "text", "value"),
    RIGHT,
    ids=[f"{number} {text[:30]!r}" for number, text, _ in RIGHT],
)
@pytest.mark.parametrize("mode", ["lenient", "strict"])
def test_what_looks_dangerous_has_its_value(
    number: int, text: str, value: object, mode: feel.Mode
) -> None:
    scope = feel.Scope({"s2": "string"})
    wanted = True if "s2" in text else value
    compiled = feel.compile_expression(text, scope, mode=mode)
    assert compiled.evaluate({"s2": value if "s2" in text else ""}) == wanted, number
    # 42: the thread's own settings for decimal numbers have no say.
    for precision in (3, 28, 60):
        with decimals(precision, decimal.FloatOperation, decimal.Inexact, decimal.Overflow):
            again = feel.compile_expression(text, scope, mode=mode)
            assert again.evaluate({"s2": value if "s2" in text else ""}) == wanted


@pytest.mark.parametrize(
    "name", ["None", "True", "__name__", "class", "a b", "a-b", "för och efter", "ﬁ"]
)
def test_a_name_of_any_kind_is_a_name_or_refused_for_its_letters(name: str) -> None:  # 26
    scope = feel.Scope({name: "number"})
    if name == "ﬁ":
        with pytest.raises(ExpressionError) as caught:
            feel.compile_expression(name, scope, mode="strict")
        assert [each.code for each in caught.value.diagnostics] == ["feel.name-characters"]
    else:
        compiled = feel.compile_expression(f"{name} * 2", scope, mode="strict")
        assert compiled.evaluate({name: 4}) == 8


def test_a_bidi_control_in_a_quoted_text_is_warned_of_and_shown_by_its_number() -> None:  # 28
    compiled = feel.compile_expression('s =\n "part\u202ener"', feel.Scope(TYPES), mode="strict")
    (warning,) = compiled.diagnostics
    position = warning.source.position(warning.span.start)
    assert (warning.code, warning.severity) == ("text.bidi-in-quote", "warning")
    assert (position.line, position.column) == (2, 7)
    for language in ("en", "sv", "de"):
        assert "\u202e" not in render(warning, language)
        assert "\\u202e" in render(warning, language)


# ------------------------------------------------------------------------------- numbers given

NOT_NUMBERS = ["NaN", "sNaN", "Infinity", "1e999999999", "1_000", " 1", "１２", "1,5", "", "9" * 40]


@pytest.mark.parametrize("text", NOT_NUMBERS)
def test_what_is_no_number_is_refused_as_a_number(text: str) -> None:  # 36, 37
    told = set()
    for language in ("en", "sv", "de"):
        request: Json = {
            "id": "1",
            "kind": "expression",
            "expression": "x",
            "variables": {"x": {"type": "number", "value": {"number": text}}},
        }
        answered = answer(request, language=language)
        assert "value" not in answered
        told.add(answered["error"])
    assert len(told) == 3


class NearlyFloat(float):
    """Stands for `numpy.float64`, which is a kind of float."""


@pytest.mark.parametrize(
    "value",
    [
        *(0.1, NearlyFloat(0.5), float("nan"), True, "5", b"5"),
        *(Decimal("NaN"), Decimal("sNaN"), Decimal("-Infinity"), Decimal("1e999999")),
        *(10**40, Decimal("1." + "1" * 40)),
    ],
    ids=repr,
)
def test_what_is_no_exact_number_is_refused_with_the_variables_name(
    value: object,
) -> None:  # 36, 37
    compiled = feel.compile_expression(
        "1 +\n amount", feel.Scope({"amount": "number"}), mode="strict"
    )
    with pytest.raises(EvaluationError) as caught:
        compiled.evaluate({"amount": value})
    (problem,) = caught.value.diagnostics
    position = problem.source.position(problem.span.start)
    assert (problem.code, position.line, position.column) == ("input.value", 2, 2)
    for language in ("en", "sv", "de"):
        assert "`amount`" in render(problem, language)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12345678901234567890.123", Decimal("12345678901234567890.123")),
        ("1E2", Decimal(100)),
        ("-0", Decimal(0)),
        ("0.1", Decimal("0.1")),
    ],
)
def test_a_number_in_json_is_exact(text: str, value: Decimal) -> None:  # 36, 37
    read = read_json(feel.Source(text))
    assert read == value
    assert not str(read).startswith("-0")
    compiled = feel.compile_expression("x", feel.Scope({"x": "number"}), mode="strict")
    assert compiled.evaluate({"x": read}) == value
