"""Compiled expressions: what they give, what they are made of, and what they cannot become."""

import dis
import gc
import linecache
import subprocess
import sys
import threading
import traceback
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal, FloatOperation, localcontext
from types import CodeType
from typing import Any

import pytest

from policyeval import feel
from policyeval.feel import compiler, operators
from policyeval.feel.compiler import compile_expression, compile_unary_tests

# What compiled code is allowed to do: load, store, compare, compute, branch, loop, call, build.
ALLOWED = {
    "BINARY_OP", "BINARY_SUBSCR", "BUILD_LIST", "BUILD_MAP", "BUILD_CONST_KEY_MAP", "BUILD_TUPLE",
    "CACHE", "CALL", "COMPARE_OP", "CONTAINS_OP", "COPY", "CHECK_EXC_MATCH", "FOR_ITER", "END_FOR",
    "GET_ITER", "IS_OP", "JUMP_BACKWARD", "JUMP_FORWARD", "JUMP_IF_FALSE_OR_POP",
    "JUMP_IF_TRUE_OR_POP", "KW_NAMES", "LIST_APPEND", "LIST_EXTEND", "LOAD_ATTR", "LOAD_CONST",
    "LOAD_FAST", "LOAD_FAST_CHECK", "LOAD_GLOBAL", "LOAD_METHOD", "MAKE_FUNCTION", "NOP",
    "POP_EXCEPT", "POP_JUMP_BACKWARD_IF_FALSE", "POP_JUMP_BACKWARD_IF_TRUE", "POP_JUMP_IF_FALSE",
    "POP_JUMP_IF_NONE", "POP_JUMP_IF_NOT_NONE", "POP_JUMP_IF_TRUE", "POP_JUMP_FORWARD_IF_FALSE",
    "POP_JUMP_FORWARD_IF_NONE", "POP_JUMP_FORWARD_IF_NOT_NONE", "POP_JUMP_FORWARD_IF_TRUE",
    "POP_TOP", "PRECALL", "PUSH_EXC_INFO", "PUSH_NULL", "RERAISE", "RESUME", "RETURN_CONST",
    "RETURN_VALUE", "STORE_FAST", "STORE_SUBSCR", "SWAP", "UNARY_NEGATIVE", "UNARY_NOT",
    # Names that Python 3.12 and 3.13 gave to the same.
    "LOAD_FAST_LOAD_FAST", "STORE_FAST_LOAD_FAST", "STORE_FAST_STORE_FAST", "TO_BOOL", "CALL_KW",
    "SET_FUNCTION_ATTRIBUTE", "LOAD_FAST_AND_CLEAR", "EXTENDED_ARG", "JUMP_BACKWARD_NO_INTERRUPT",
    "BUILD_SET", "UNPACK_SEQUENCE", "POP_JUMP_BACKWARD_IF_NONE",
}  # fmt: skip

# Attributes that compiled code reads: parts of dates and durations, operations of the run.
ATTRIBUTES = {
    "append", "apply", "boolean", "builtin_value", "call", "comparison_range", "context", "date",
    "day", "entry", "entry_or_unknown", "external", "filter", "finished", "function", "hour",
    "invoke", "isoweekday", "iterate", "iterate_range", "keep", "make_range", "minute", "month",
    "months", "snapshot", "unknown_name", "year",
}  # fmt: skip

SCOPE = feel.Scope(
    {
        "a": "number",
        "b": "number",
        "day": "date",
        "moment": "date and time",
        "maybe": "boolean?",
        "numbers": "list<number>",
        "__class__": "number",
        "None": "number",
        "class": "number",
        "for och efter": "number",
        "exec": "string",
    }
)

SAMPLES = [
    "a + b * 2 - a / b",
    'date(moment) + duration("P180D") >= day',
    'date(day.year, 3 * floor((day.month - 1) / 3) + 1, 1) + @"P3M" - @"P1D"',
    "if maybe = true then a else b",
    "maybe and a > b and day < date(moment)",
    "a in (1, 2, 3) or a in [1..b] or a in (< 5, > 7)",
    "some x in numbers satisfies x > a",
    "every x in numbers, y in numbers satisfies x + y > a",
    "for x in numbers return {x: x, y: x * 2}",
    "for i in 1..3, j in i..3 return i * j",
    "numbers[item > a][1]",
    "{f: function(x: number) x + a, r: f(b)}.r",
    "sort(numbers, function(x, y) x > y)",
    "__class__ + None + class + for och efter",
    "round half up(a * b, 2)",
    "not(maybe) = null",
    "string(a) + exec",
    '@"P1D" in [@"P1D"..@"P2D"]',
    'day - @"PT36H"',
    "[a, b, a + b]",
]


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def _functions(compiled: feel.Compiled) -> list[Any]:
    made: Any = compiled
    if compiled.mode == "strict":
        return [made.function, made._generic[0]]
    return [made._generic[0]]


@pytest.mark.parametrize("mode", ["strict", "lenient"])
@pytest.mark.parametrize("text", SAMPLES)
def test_compiled_code_uses_only_what_is_listed(text: str, mode: feel.Mode) -> None:
    compiled = compile_expression(text, SCOPE, mode=mode)
    for function in _functions(compiled):
        assert function.__globals__["__builtins__"] == {}
        for code in _codes(function.__code__):
            for instruction in dis.get_instructions(code):
                assert instruction.opname in ALLOWED
                if instruction.opname in ("LOAD_ATTR", "LOAD_METHOD"):
                    assert instruction.argval in ATTRIBUTES
                if instruction.opname == "LOAD_GLOBAL":
                    assert instruction.argval in function.__globals__
            assert all(name[0] in "vtfkr" for name in (*code.co_varnames, *code.co_freevars))


HOSTILE_NAMES = [
    "None",
    "True",
    "__name__",
    "class",
    "a b",
    "a-b",
    "för och efter",
    "lambda",
    "self",
]


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_fact_may_have_any_name(name: str) -> None:
    compiled = compile_expression(f"{name} + 1", feel.Scope({name: "number"}), mode="strict")
    assert compiled.evaluate({name: 41}) == 42


@pytest.mark.parametrize(
    "text",
    [
        "\"+__import__('os')+\"",
        "{0.__class__}",
        "%s",
        "a\\nb",
        "\u2028",
        "\\u0000",
        "\\\\",
        "'''",
        "$0",
    ],
)
def test_a_text_comes_back_as_it_is(text: str) -> None:
    literal = text.strip('"')
    wanted = literal.replace("\\n", "\n").replace("\\u0000", "\0").replace("\\\\", "\\")
    assert feel.evaluate(f'"{literal}"') == wanted


@pytest.mark.parametrize(
    "text",
    ["().__class__", "{a: 1}.a.__init__", "(1).real", '"a".__len__', "[[]].append", "today.func"],
)
def test_no_attribute_of_python_can_be_reached(text: str) -> None:
    try:
        got = feel.evaluate(text)
    except feel.ExpressionError as error:
        got = None
        codes = {each.code.partition(".")[0] for each in error.diagnostics}
        assert codes == {"feel"}
    assert got in (None, [[]])


def test_a_traceback_shows_the_line_of_the_expression() -> None:
    compiled = compile_expression("a +\n  b / a", SCOPE, mode="strict")
    code = compiled.function.__code__
    assert "b / a" in linecache.getline(code.co_filename, 2)
    exploding: Any = object()
    with pytest.raises(feel.EvaluationError) as caught:
        compiled.function(exploding, exploding)
    assert "b / a" in "".join(traceback.format_exception(caught.value))


def test_the_lines_of_an_expression_are_forgotten_with_it() -> None:
    compiled = compile_expression("a + b", SCOPE, mode="strict")
    name = compiled.function.__code__.co_filename
    assert name in linecache.cache
    del compiled
    gc.collect()
    assert name not in linecache.cache


def test_a_file_s_name_is_the_name_of_its_code() -> None:
    source = feel.Source("a + b", "rules/fees.feel")
    compiled = compile_expression(source, SCOPE, mode="strict")
    assert compiled.function.__code__.co_filename == "rules/fees.feel"


def test_strict_mode_says_where_an_operation_had_no_result() -> None:
    text = "if a > 0 then b / (a - 1) else 0"
    compiled = compile_expression(text, SCOPE, mode="strict")
    with pytest.raises(feel.EvaluationError) as caught:
        compiled.evaluate({"a": 1, "b": 1})
    (problem,) = caught.value.diagnostics
    assert problem.code == "eval.division-by-zero"
    assert text[problem.span.start : problem.span.end] == "b / (a - 1)"


def test_lenient_mode_says_why_something_is_null() -> None:
    outcome = compile_expression("1 + a / 0", SCOPE).run({"a": 1})
    assert outcome.value is None
    assert [each.code for each in outcome.warnings] == ["eval.division-by-zero", "eval.null"]


@pytest.mark.parametrize(
    ("context", "code"),
    [
        ({}, "input.value"),
        ({"a": None}, "input.value"),
        ({"a": "1"}, "input.value"),
        ({"a": 0.1}, "input.value"),
        ({"a": Decimal("NaN")}, "input.value"),
        ({"a": Decimal("Infinity")}, "input.value"),
        ({"a": True}, "input.value"),
        ({"a": object()}, "input.value"),
    ],
)
def test_strict_mode_refuses_a_value_that_does_not_fit(
    context: dict[str, object], code: str
) -> None:
    compiled = compile_expression("a + 1", SCOPE, mode="strict")
    with pytest.raises(feel.EvaluationError) as caught:
        compiled.evaluate(context)
    assert [each.code for each in caught.value.diagnostics] == [code]


def test_all_values_that_do_not_fit_are_told_at_once() -> None:
    compiled = compile_expression("a + b", SCOPE, mode="strict")
    with pytest.raises(feel.EvaluationError) as caught:
        compiled.evaluate({"a": "x"})
    assert len(caught.value.diagnostics) == 2


def test_null_inside_a_list_is_refused_where_the_type_does_not_have_it() -> None:
    compiled = compile_expression("count(numbers)", SCOPE, mode="strict")
    with pytest.raises(feel.EvaluationError):
        compiled.evaluate({"numbers": [1, None]})


def test_an_entry_that_may_be_missing_is_null() -> None:
    person = feel.types.ContextOf({"name": feel.types.optional(feel.types.STRING)})
    scope = feel.Scope({"person": person})
    compiled = compile_expression("person.name = null", scope, mode="strict")
    assert compiled.evaluate({"person": {}}) is True


def test_the_decimal_context_of_the_caller_changes_nothing() -> None:
    compiled = compile_expression("a / 3 + b * 2.675", SCOPE, mode="strict")
    row = {"a": Decimal(1), "b": Decimal("1.1")}
    expected = str(compiled.evaluate(row))
    for precision in (3, 28, 60):
        with localcontext() as context:
            context.prec = precision
            context.traps[FloatOperation] = True
            assert str(compiled.evaluate(row)) == expected


def test_one_compiled_expression_serves_many_threads() -> None:
    compiled = compile_expression("sum(for i in 1..50 return i * a)", SCOPE, mode="lenient")
    results: list[object] = []

    def work(factor: int) -> None:
        results.extend(compiled.evaluate({"a": factor}) == 1275 * factor for _ in range(20))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 160
    assert all(results)


def test_importing_the_package_imports_neither_lark_nor_re2() -> None:
    code = (
        "import sys, policyeval.feel; "
        "sys.exit(bool({'lark', 're2', 'babel', 'yaml', 'jsonschema'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_unary_tests_are_about_the_value_under_test() -> None:
    compiled = compile_unary_tests("< 10, [20..30]", input_type=feel.types.NUMBER, mode="strict")
    assert [compiled.evaluate({"?": each}) for each in (5, 15, 25)] == [True, False, True]


@pytest.mark.parametrize("count", [11, 12, 13, 25, 40])
def test_any_number_of_loops_within_each_other_compiles(count: int) -> None:
    loops = ", ".join(f"x{i} in [{i}]" for i in range(count))
    last = f"x{count - 1}"
    assert feel.evaluate(f"for {loops} return {last}") == [count - 1]
    assert feel.evaluate(f"some {loops} satisfies {last} = {count - 1}") is True
    assert feel.evaluate(f"every {loops} satisfies {last} < {count - 1}") is False


def test_functions_made_in_a_loop_keep_the_values_of_their_turn() -> None:
    text = "for f in (for i in 1..3 return function(x) x * i) return f(10)"
    assert feel.evaluate(text) == [10, 20, 30]


def test_native_values_come_and_go() -> None:
    compiled = compile_expression('date(moment) + @"P1D"', SCOPE, mode="strict")
    assert compiled.evaluate({"moment": datetime(2024, 2, 28, 12)}) == date(2024, 2, 29)
    assert feel.evaluate('duration("PT36H")') == timedelta(hours=36)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('"" = null', False),
        ('null != "a"', True),
        ("true = null", False),
        ("if true then 1 else 2", 1),
        ("true and null", None),
        ("false or null", None),
        ("not(true)", False),
        ("null = null", True),
    ],
)
def test_questions_about_literals_compile_without_a_warning(text: str, wanted: object) -> None:
    assert feel.evaluate(text) == wanted


@pytest.mark.parametrize("mode", ["lenient", "strict"])
@pytest.mark.parametrize("left", [True, False, None])
@pytest.mark.parametrize("right", [True, False, None])
def test_compiled_logic_means_what_the_operators_say(
    mode: feel.Mode, left: bool | None, right: bool | None
) -> None:
    scope = feel.Scope({"l": "boolean?", "r": "boolean?"})
    context = {"l": left, "r": right}
    both = compile_expression("l and r", scope, mode=mode)
    either = compile_expression("l or r", scope, mode=mode)
    assert both.evaluate(context) is operators.conjunction(left, right)
    assert either.evaluate(context) is operators.disjunction(left, right)


def test_the_language_has_a_version() -> None:
    assert compiler.LANGUAGE == feel.LANGUAGE == "FEEL of DMN 1.5, profile 1"
