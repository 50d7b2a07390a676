"""Callers who hand over what they should not: they are told so, and nothing breaks or grows."""

import copy
import datetime as dt
import gc
import linecache
import pickle
import subprocess
import sys
import threading
import types
from collections.abc import Callable, Mapping
from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest

from policyeval import feel
from policyeval.diagnostics import Diagnostic
from policyeval.errors import EvaluationError, ExpressionError
from policyeval.feel.tables import Input, Output, Rule

# ------------------------------------------------------------------------------- wrong arguments


def anything(given: object) -> Any:
    """Let an argument of the wrong type pass the type checker."""
    return given


ONE_RULE = feel.DecisionTable((Input("x"),), (Output(),), (Rule(("-",), ("1",)),))

WRONG: dict[str, tuple[Callable[[], object], str]] = {
    "bytes as text": (lambda: feel.compile_expression(anything(b"1")), "source"),
    "number as text": (lambda: feel.compile_unary_tests(anything(5)), "source"),
    "bytes to parse": (lambda: feel.parse(anything(b"1")), "text"),
    "list to check": (lambda: feel.check(anything(["1"])), "text"),
    "bytes to evaluate": (lambda: feel.evaluate(anything(b"1")), "source"),
    "bytes in a source": (lambda: feel.Source(anything(b"1")), "text"),
    "number as a source's name": (lambda: feel.Source("1", anything(5)), "name"),
    "dict as scope": (lambda: feel.compile_expression("1", anything({"x": "number"})), "scope"),
    "list as variables": (lambda: feel.Scope(anything(["x"])), "variables"),
    "number as a type": (lambda: feel.Scope({"x": anything(5)}), "type"),
    "number as a name": (lambda: feel.Scope({anything(5): "number"}), "name of a variable"),
    "number as input type": (
        lambda: feel.compile_unary_tests("1", input_type=anything(5)),
        "type",
    ),
    "number as limits": (lambda: feel.compile_expression("1", limits=anything(5)), "limits"),
    "number as budget": (lambda: feel.compile_expression("1", budget=anything(5)), "budget"),
    "list as context": (lambda: feel.compile_expression("1").evaluate(anything([1])), "context"),
    "text as context": (lambda: feel.evaluate("1", anything("x")), "context"),
    "dict as table": (lambda: feel.compile_table(anything({"rules": []})), "table"),
    "dict as a table's scope": (
        lambda: feel.compile_table(ONE_RULE, anything({"x": 1})),
        "scope",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_an_argument_of_the_wrong_kind_is_named(name: str) -> None:
    call, argument = WRONG[name]
    with pytest.raises(TypeError, match=f"^(a )?(the )?{argument}: .* is wanted, not "):
        call()


@pytest.mark.parametrize("mode", ["Strict", "STRICT", "", "lax", "strict ", None, 1])
def test_a_mode_that_does_not_exist_is_refused_and_not_taken_for_the_lenient_one(
    mode: Any,
) -> None:
    for call in (
        lambda: feel.compile_expression("1", mode=mode),
        lambda: feel.compile_unary_tests("1", mode=mode),
        lambda: feel.check("1", mode=mode),
        lambda: feel.compile_table(ONE_RULE, mode=mode),
    ):
        with pytest.raises(ValueError, match=r"^mode: 'lenient' or 'strict' is wanted, not "):
            call()


@pytest.mark.parametrize(
    ("text", "said"),
    [("nummer", "unknown type: nummer"), ("list<nummer>", "nummer"), ("number??", "number?")],
)
def test_a_type_that_does_not_exist_is_said(text: str, said: str) -> None:
    with pytest.raises(feel.types.UnknownTypeError, match=said.replace("?", r"\?")):
        feel.Scope({"x": text})


def test_the_input_type_of_tests_may_be_given_as_text() -> None:
    compiled = feel.compile_unary_tests("> 5", input_type="number", mode="strict")
    assert compiled.evaluate({"?": 6}) is True
    with pytest.raises(ExpressionError):
        feel.compile_unary_tests("> 5", input_type="string", mode="strict")


class Shouting(str):
    __slots__ = ()

    def __getitem__(self, key: Any) -> Any:
        raise RuntimeError

    def __eq__(self, other: object) -> bool:
        raise RuntimeError

    __hash__ = str.__hash__


def test_a_text_of_a_kind_of_its_own_is_read_as_the_text_it_is() -> None:
    assert feel.evaluate(Shouting("1 + 1")) == 2
    assert type(feel.Source(Shouting("a")).text) is str


@pytest.mark.parametrize(
    "text",
    ["not(" * 3000 + "true" + ")" * 3000, "[" * 3000 + "]" * 3000, "-" * 3000 + "1"],
    ids=["not", "lists", "minus"],
)
@pytest.mark.parametrize("mode", ["lenient", "strict"])
def test_limits_that_let_too_much_through_end_in_a_diagnostic(text: str, mode: feel.Mode) -> None:
    limits = feel.Limits(10**6, 10**6, 10**6)
    with pytest.raises(ExpressionError) as caught:
        feel.compile_expression(text, mode=mode, limits=limits)
    assert [each.code for each in caught.value.diagnostics] == ["feel.too-deep"]


# ------------------------------------------------------------------------------- hostile values


class Pretender:
    """Says that it is something else."""

    def __init__(self, kind: type) -> None:
        self.kind = kind

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        return self.kind


class BrokenZone(dt.tzinfo):
    def utcoffset(self, _: dt.datetime | None) -> Any:
        raise RuntimeError

    dst = tzname = utcoffset


class WordyZone(dt.tzinfo):
    def utcoffset(self, _: dt.datetime | None) -> Any:
        return "an hour"

    dst = tzname = utcoffset


class Moment(dt.datetime):
    @property
    def fold(self) -> Any:
        raise RuntimeError

    @property
    def tzinfo(self) -> Any:
        raise RuntimeError

    def utcoffset(self) -> Any:
        raise RuntimeError


class Clock(dt.time):
    @property
    def hour(self) -> Any:
        raise RuntimeError

    @property
    def tzinfo(self) -> Any:
        raise RuntimeError


class Growing(dict[str, object]):
    def __iter__(self) -> Any:
        self[f"k{len(self)}"] = 1
        return dict.__iter__(self)


class Silent(list[object]):
    def __iter__(self) -> Any:
        raise RuntimeError

    def __len__(self) -> int:
        raise RuntimeError


def ranges(depth: int) -> object:
    value: object = 1
    for _ in range(depth):
        value = feel.Range(value, value, True, True, "=")  # type: ignore[arg-type]
    return value


odd = anything("x")
REFUSED: dict[str, object] = {
    "pretends to be a number": Pretender(Decimal),
    "pretends to be a dict": Pretender(dict),
    "pretends to be a list": Pretender(list),
    "pretends to be a text": Pretender(str),
    "pretends to be a date": Pretender(dt.date),
    "a zone that raises": dt.datetime(2024, 1, 1, tzinfo=BrokenZone()),
    "a zone that talks": dt.datetime(2024, 1, 1, tzinfo=WordyZone()),
    "a time in a zone that raises": dt.time(10, tzinfo=BrokenZone()),
    "a time in a zone that talks": dt.time(10, tzinfo=WordyZone()),
    "a time with a text in it": feel.Time(odd),
    "a time in a zone of no kind": feel.Time(5, odd),
    "months in words": feel.YearsMonthsDuration(odd),
    "a wide date in words": feel.values.WideDate(odd, 1, 1),
    "a duration in words": feel.values.WideDuration(odd),
    "ranges in ranges": ranges(200),
    "a view of a dict": types.MappingProxyType({"a": 1}),
    "a generator": iter("ab"),
    "ten thousand digits": Decimal("1" * 10_000),
    "a huge whole number": 10**100_000,
}


def _codes(warnings: tuple[Diagnostic, ...]) -> list[str]:
    return [each.code for each in warnings]


@pytest.mark.parametrize("name", REFUSED)
def test_a_value_that_lies_about_itself_is_refused(name: str) -> None:
    value = REFUSED[name]
    outcome = feel.compile_expression("x", feel.Scope({"x": "Any"})).run({"x": value})
    assert outcome.value is None
    assert _codes(outcome.warnings) == ["input.value"]
    compiled = feel.compile_expression("d = d", feel.Scope({"d": "date"}), mode="strict")
    with pytest.raises(EvaluationError) as caught:
        compiled.evaluate({"d": value})
    assert _codes(caught.value.diagnostics) == ["input.value"]
    feel.evaluate("1", {"x": value})


@pytest.mark.parametrize(
    ("value", "text", "wanted"),
    [
        (Moment(2024, 1, 31, 10, 30), "x.hour", 10),
        (Moment(2024, 1, 31, 10, 30, tzinfo=dt.UTC), "string(x)", "2024-01-31T10:30:00Z"),
        (Clock(10, 30), "x.hour", 10),
        (Silent([1, 2]), "count(x)", 2),
        (Growing(a=1), "x.a", 1),
    ],
)
def test_a_value_with_ideas_of_its_own_is_read_as_its_type_reads_it(
    value: object, text: str, wanted: object
) -> None:
    assert feel.evaluate(text, {"x": value}) == wanted


def test_values_that_share_their_parts_are_looked_through_once() -> None:
    value: object = [{"rate of it": 1}]
    for _ in range(62):
        value = [value, value]
    scope = feel.Scope.of({"x": value})
    assert "rate of it" in scope.members
    assert feel.evaluate("count(x)", {"x": value}) == 2


def test_values_that_hold_themselves_are_looked_through_once() -> None:
    ring: list[object] = []
    ring += [ring, ring, {"a b": ring}]
    assert "a b" in feel.Scope.of({"x": ring}).members


@pytest.mark.parametrize("value", [None, 1.5, 5, object(), [object()], lambda: 1])
@pytest.mark.parametrize(
    "text",
    [
        *("n + 1", "n between 1 and 5", "n in (1, 2)", "n in [1..5]", "modulo(n, 3)", "n = 1"),
        *("round half up(n, 2)", "max(n, 1)", "-n", "n ** 2"),
    ],
)
def test_the_bare_function_refuses_what_the_language_has_not(text: str, value: object) -> None:
    compiled = feel.compile_expression(text, feel.Scope({"n": "number"}), mode="strict")
    with suppress(EvaluationError):
        compiled.function(value)


# ------------------------------------------------------------------------------- copies

SCOPE = feel.Scope({"x": "number", "y z": "context<a: list<number>>"})
MODES: tuple[feel.Mode, ...] = ("lenient", "strict")


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    "again", [lambda it: pickle.loads(pickle.dumps(it)), copy.deepcopy, copy.copy]
)
def test_a_compiled_expression_can_be_copied(mode: feel.Mode, again: Callable[[Any], Any]) -> None:
    context = {"x": 1, "y z": {"a": [1, 2, 3]}}
    compiled = again(feel.compile_expression("y z.a[item > x]", SCOPE, mode=mode))
    assert compiled.evaluate(context) == [2, 3]
    tests = again(feel.compile_unary_tests("> x", SCOPE, input_type="number", mode=mode))
    assert tests.evaluate({"?": 2, "x": 1}) is True
    assert again(SCOPE).types == SCOPE.types


@pytest.mark.parametrize("again", [lambda it: pickle.loads(pickle.dumps(it)), copy.deepcopy])
def test_errors_and_warnings_come_back_from_another_process(again: Callable[[Any], Any]) -> None:
    with pytest.raises(ExpressionError) as refused:
        feel.compile_expression("1 +")
    with pytest.raises(EvaluationError) as failed:
        feel.compile_expression("1 / x", SCOPE, mode="strict").evaluate({"x": 0})
    with pytest.raises(feel.types.UnknownTypeError) as unknown:
        feel.Scope({"x": "nummer"})
    for error in (refused.value, failed.value):
        assert again(error).render("sv") == error.render("sv")
    assert str(again(unknown.value)) == str(unknown.value)
    outcome = feel.compile_expression("1 / 0").run({})
    assert again(outcome) == outcome


def test_what_the_checker_found_says_why_it_cannot_be_copied() -> None:
    with pytest.raises(TypeError, match="check it again"):
        pickle.dumps(feel.check("1"))


# ------------------------------------------------------------------------------- many, and often


def test_expressions_that_are_gone_leave_nothing_behind() -> None:
    def compile_some(first: int) -> None:
        for number in range(first, first + 300):
            text = f"x + {number} * {number + 1}"
            mode = MODES[number % 2]
            assert feel.compile_expression(text, SCOPE, mode=mode).evaluate({"x": 1}) is not None

    compile_some(0)
    gc.collect()
    lines, objects = len(linecache.cache), len(gc.get_objects())
    compile_some(1000)
    gc.collect()
    assert len(linecache.cache) == lines
    assert len(gc.get_objects()) < objects + 300


def test_many_threads_get_their_own_answers() -> None:
    shared = [
        feel.compile_expression(f"sum(for i in 1..{n} return i * x)", SCOPE) for n in range(9)
    ]
    wanted = [each.evaluate({"x": 2}) for each in shared]
    wrong: list[object] = []

    def work(number: int) -> None:
        try:
            for _ in range(30):
                wrong.extend(
                    compiled
                    for compiled, want in zip(shared, wanted, strict=True)
                    if compiled.evaluate({"x": 2}) != want
                )
                compiled = feel.compile_expression(f"x * {number}", SCOPE, mode="strict")
                if compiled.evaluate({"x": 3}) != 3 * number:
                    wrong.append(number)
        except Exception as error:  # noqa: BLE001 - a thread's own would only be printed
            wrong.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert not wrong


def test_the_first_use_may_be_in_many_threads_at_once() -> None:
    program = """
import sys, threading
sys.setswitchinterval(1e-6)
from policyeval import feel
results = []
def work():
    results.append(feel.evaluate('matches("ab", "a.*") and @"10:00:00@Europe/Paris" != null'))
threads = [threading.Thread(target=work) for _ in range(8)]
[each.start() for each in threads]; [each.join() for each in threads]
assert results == [True] * 8, results
"""
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, b"")


# ------------------------------------------------------------------------------- budgets

LONG = "for i in 1..9000 return i"
EXPENSIVE: Mapping[str, str] = {
    "equality of long lists": f"{{l: {LONG}, m: {LONG}, r: for i in 1..9000 return l = m}}.r",
    "inequality": f"{{l: {LONG}, m: {LONG}, r: for i in 1..9000 return l != m}}.r",
    "equality of long contexts": "{c: context(for i in 1..9000 return {key: string(i), value: i}), "
    "d: context(for i in 1..9000 return {key: string(i), value: i}), r: for i in 1..9000 return c = d}.r",
    "search in a long list": f"{{l: {LONG}, r: for i in 1..9000 return 0 in l}}.r",
    "types of long lists": f"{{l: {LONG}, r: for i in 1..9000 return l instance of list<number>}}.r",
    "sums of long lists": f"{{l: {LONG}, r: for i in 1..9000 return sum(l)}}.r",
    "declared parameters": f"{{l: {LONG}, f: function(x: list<number>) 1, "
    "r: for i in 1..9000 return f(l)}.r",
    "texts made": '{s: string join(for i in 1..6000 return "åßcdef"), '
    "r: for i in 1..9000 return upper case(s)}.r",
    "texts cut": '{s: string join(for i in 1..6000 return "abcdef"), '
    "r: for i in 1..9000 return substring(s, 2)}.r",
    "texts put together": '{s: string join(for i in 1..5000 return "abcdef"), '
    "r: for i in 1..9000 return s + s}.r",
    "texts of long lists": f"{{c: {{l: {LONG}}}, r: for i in 1..9000 return string(c)}}.r",
    "contexts that grow": "for i in 1..9000 return "
    'context put(if i = 1 then {} else partial[-1], "k" + string(i), i)',
    "copies of what there is so far": "for i in 1..9000 return [partial, partial]",
    "equality deep down": f"{{l: [[{LONG}]], m: [[{LONG}]], r: for i in 1..9000 return l = m}}.r",
}


@pytest.mark.parametrize("name", EXPENSIVE)
def test_work_on_long_values_is_paid_for(name: str) -> None:
    budget = feel.Budget(steps=45_000)
    outcome = feel.compile_expression(EXPENSIVE[name], budget=budget).run({})
    assert outcome.value is None
    assert _codes(outcome.warnings)[-1] == "eval.cost"


def test_paying_is_the_same_each_time() -> None:
    compiled = feel.compile_expression(f"{{l: {LONG}, r: [l = l, l in [l], sum(l)]}}.r")
    assert len({compiled.run({}).steps for _ in range(3)}) == 1
