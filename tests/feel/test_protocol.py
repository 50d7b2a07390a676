"""Requests and answers in lines of JSON, and strict reading of JSON."""

import io
import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyeval.errors import ExpressionError
from policyeval.feel import protocol, temporal
from policyeval.feel.compiler import compile_expression
from policyeval.feel.json_text import DEPTH, Json, read_json, read_json_values
from policyeval.feel.protocol import RequestError, answer, read_value, serve, write_value
from policyeval.feel.values import Range, Value
from policyeval.source import Source


def ask(expression: str, kind: str = "expression", /, **variables: Any) -> dict[str, object]:
    """Answer a request whose variables are given as (type, tagged value)."""
    request = {
        "id": "1",
        "kind": kind,
        "expression": expression,
        "variables": {n: {"type": t, "value": v} for n, (t, v) in variables.items()},
        "result_type": None,
    }
    return answer(read_json(Source(json.dumps(request))))


def lines(*requests: bytes, **options: Any) -> list[Any]:
    """Serve raw lines and give the answers."""
    answers, complaints = io.StringIO(), io.StringIO()
    serve(io.BytesIO(b"\n".join(requests) + b"\n"), answers, complaints, **options)
    assert not complaints.getvalue()
    return [json.loads(line) for line in answers.getvalue().splitlines()]


GOOD = b'{"id": 7, "kind": "expression", "expression": "1 + 1"}'
TWO = {"id": 7, "value": {"number": "2"}}

# ------------------------------------------------------------------------------- values

VALUES: list[tuple[str, Any]] = [
    ("null", None),
    ("true", True),
    ('"å\\"\\n"', 'å"\n'),
    ("1.10", {"number": "1.1"}),
    ("-0", {"number": "0"}),
    ("10 ** 40", {"number": "1" + "0" * 40}),
    ("10 ** -40", {"number": "0." + "0" * 39 + "1"}),
    ('@"2020-01-31"', {"date": "2020-01-31"}),
    ('@"-12345-01-31"', {"date": "-12345-01-31"}),
    ('@"10:30:00"', {"time": "10:30:00"}),
    ('@"10:30:00.5+02:00"', {"time": "10:30:00.5+02:00"}),
    ('@"10:30:00@Europe/Paris"', {"time": "10:30:00@Europe/Paris"}),
    ('@"2020-01-31T10:30:00Z"', {"date and time": "2020-01-31T10:30:00Z"}),
    (
        '@"2020-01-31T10:30:00.000000001@Europe/Paris"',
        {"date and time": "2020-01-31T10:30:00.000000001@Europe/Paris"},
    ),
    ('@"P1DT2H"', {"duration": "P1DT2H"}),
    ('@"-P14M"', {"duration": "-P1Y2M"}),
    ('@"P0M"', {"duration": "P0M"}),
    ('@"PT0S"', {"duration": "PT0S"}),
    ("[1, [null]]", [{"number": "1"}, [None]]),
    ("[]", []),
    ("{}", {"context": {}}),
    ('{a: 1, "b c": [true]}', {"context": {"a": {"number": "1"}, "b c": [True]}}),
    ('{number: "1"}', {"context": {"number": "1"}}),
    (
        '[1..@"P1D"].start',
        None,
    ),
    (
        "(1..2]",
        {
            "range": {
                "start": {"number": "1"},
                "start included": False,
                "end": {"number": "2"},
                "end included": True,
            }
        },
    ),
    (
        '(>= @"2020-01-31")',
        {
            "range": {
                "start": {"date": "2020-01-31"},
                "start included": True,
                "end": None,
                "end included": False,
            }
        },
    ),
]


@pytest.mark.parametrize(("expression", "tagged"), VALUES, ids=[each for each, _ in VALUES])
def test_a_value_has_one_form_in_json(expression: str, tagged: Any) -> None:
    assert write_value(compile_expression(expression).evaluate({})) == tagged


@pytest.mark.parametrize(
    "tagged",
    [tagged for _, tagged in VALUES if not (isinstance(tagged, dict) and "range" in tagged)],
    ids=str,
)
def test_a_value_that_was_written_is_read_as_the_same_value(tagged: Any) -> None:
    assert write_value(read_value(read_json(Source(json.dumps(tagged))))) == tagged


def test_a_range_is_read() -> None:
    ends: dict[str, Json] = {
        "start": {"date": "2024-01-01"},
        "start included": True,
        "end": {"date": "2024-01-31"},
        "end included": False,
    }
    assert read_value({"range": ends}) == Range(date(2024, 1, 1), date(2024, 1, 31), True, False)


@pytest.mark.parametrize("expression", ["function(a) a", "abs", "[abs]", "(!= 5)"])
def test_what_has_no_form_in_json_is_told_in_words(expression: str) -> None:
    written = write_value(compile_expression(expression).evaluate({}))
    inner = written[0] if isinstance(written, list) else written
    assert isinstance(inner, dict)
    assert list(inner) == ["other"]


@pytest.mark.parametrize(
    "tagged",
    [
        {},
        {"number": "1", "date": "2020-01-01"},
        {"number": "NaN"},
        {"number": "Infinity"},
        {"number": "1e999999999"},
        {"number": "1_000"},
        {"number": " 1"},
        {"number": "１２"},
        {"number": ""},
        {"number": "1" * 40},
        {"number": True},
        {"number": "true"},
        {"date": "2020-02-30"},
        {"date": "2020-1-1"},
        {"date": 5},
        {"time": "25:00:00"},
        {"time": "10:00:00@Nowhere/Else"},
        {"duration": "1 day"},
        {"context": []},
        {"range": {}},
        {"range": {"start": 1, "start included": "yes", "end": 2, "end included": True}},
        {"other": "text"},
        {"unknown": "x"},
    ],
    ids=str,
)
def test_a_value_in_no_known_form_is_refused(tagged: Any) -> None:
    with pytest.raises(RequestError):
        read_value(read_json(Source(json.dumps(tagged))))


def test_a_number_is_read_exactly() -> None:
    text = "1234567890123456789012.123456789012"
    assert read_value({"number": text}) == Decimal(text)
    assert ask("n", n=("number", {"number": text}))["value"] == {"number": text}
    assert ask("n", n=("number", {"number": "1E2"}))["value"] == {"number": "100"}


def test_a_value_that_is_small_in_memory_and_endless_in_writing_is_refused() -> None:
    value: Value = [Decimal(1)] * 2
    for _ in range(40):
        value = [value, value]
    with pytest.raises(RequestError):
        write_value(value)


values = st.recursive(
    st.none()
    | st.booleans()
    | st.text(st.characters(codec="utf-8"))
    | st.decimals(
        allow_nan=False, allow_infinity=False, places=3, min_value=-(10**9), max_value=10**9
    )
    | st.dates()
    | st.timedeltas(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@given(values)
def test_reading_what_was_written_gives_the_value_back(value: Value) -> None:
    assert read_value(read_json(Source(json.dumps(write_value(value))))) == value


# ------------------------------------------------------------------------------- requests


def test_an_expression_is_evaluated_with_its_variables() -> None:
    given = {"context": {"first part": {"number": "2"}}}
    answered = ask(
        "a.first part * b", a=("context<first part: number>", given), b=("number", {"number": "3"})
    )
    assert answered == {"id": "1", "value": {"number": "6"}}


def test_unary_tests_are_about_the_variable_with_the_question_mark() -> None:
    assert ask("> 5, null", "unary tests", **{"?": ("number", {"number": "6"})})["value"] is True
    assert ask("> 5", "unary tests", **{"?": ("number", {"number": "4"})})["value"] is False
    assert ask("null", "unary tests")["value"] is True


@pytest.mark.parametrize("type_", ["", "nmber", "list<", "context<a b c", "thing<number>"])
def test_a_type_that_cannot_be_read_says_nothing(type_: str) -> None:
    given = {"context": {"a b": {"number": "2"}}}
    assert ask("x.a b", x=(type_, given))["value"] == {"number": "2"}


def test_what_gives_null_for_want_of_a_result_comes_with_a_warning() -> None:
    answered = ask("1 +\n 1 / 0")
    assert answered["value"] is None
    assert isinstance(answered["warnings"], list)
    assert answered["warnings"][0] == {
        "code": "eval.division-by-zero",
        "message": "a number cannot be divided by zero",
        "line": 2,
        "column": 2,
    }


def test_an_expression_that_cannot_be_used_is_an_error_with_its_place() -> None:
    error = ask("1 +")["error"]
    assert isinstance(error, str)
    assert error.startswith("<expression>:1:")
    assert "[feel.syntax]" in error


TABLE = {
    "inputs": [{"expression": "n", "type": "number", "values": None}],
    "outputs": [{"name": None, "type": "string", "default": '"none"'}],
    "hit_policy": "UNIQUE",
    "rules": [{"when": ["> 1"], "then": ['"some"']}, {"when": ["> 10"], "then": ['"many"']}],
}


def ask_table(n: int, **changes: Any) -> dict[str, object]:
    request = {
        "id": "t",
        "kind": "decision table",
        "table": {**TABLE, **changes},
        "variables": {"n": {"type": "number", "value": {"number": str(n)}}},
    }
    return answer(read_json(Source(json.dumps(request))))


def test_a_whole_decision_table_is_one_request() -> None:
    assert ask_table(5) == {"id": "t", "value": "some"}
    assert ask_table(0) == {"id": "t", "value": "none"}
    assert ask_table(50, hit_policy="COLLECT") == {"id": "t", "value": ["some", "many"]}
    assert ask_table(50, hit_policy="COLLECT", aggregation="COUNT")["value"] == {"number": "2"}


def test_a_warning_about_a_table_says_where_in_it() -> None:
    warnings = ask_table(50)["warnings"]
    assert isinstance(warnings, list)
    assert [(each["code"], each["place"]) for each in warnings] == [("eval.hit-policy", "rule 2")]


@pytest.mark.parametrize(
    "changes",
    [
        {"inputs": None},
        {"inputs": [1]},
        {"inputs": [{}]},
        {"outputs": {}},
        {"outputs": [{"name": 1}]},
        {"rules": [{"when": ["-"]}]},
        {"rules": [{"when": "-", "then": ["1"]}]},
        {"rules": [{"when": [1], "then": ["1"]}]},
        {"rules": [{"when": [], "then": []}]},
        {"hit_policy": "SOMETIMES"},
        {"aggregation": "AVERAGE"},
    ],
    ids=str,
)
def test_a_table_in_another_form_is_an_error(changes: dict[str, Any]) -> None:
    assert list(ask_table(1, **changes)) == ["id", "error"]


def test_texts_that_were_compiled_before_are_remembered_with_the_types_of_their_variables() -> None:
    assert ask("a + b", a=("string", "x"), b=("string", "y"))["value"] == "xy"
    assert ask("a + b", a=("number", {"number": "1"}), b=("number", {"number": "2"}))["value"] == {
        "number": "3"
    }
    assert ask("a b", "expression", **{"a b": ("Any", True)})["value"] is True
    assert "error" in ask("a b", a=("Any", True), b=("Any", True))


# ------------------------------------------------------------------------------- lines

BAD_LINES: list[tuple[str, bytes]] = [
    ("no json", b"hello"),
    ("half a line", b'{"id": 1, "kind": "expression", "expr'),
    ("a list", b"[1, 2]"),
    ("a number", b"5"),
    ("nothing in it", b"{}"),
    ("no kind", b'{"id": 1, "expression": "1"}'),
    ("unknown kind", b'{"id": 1, "kind": "poem", "expression": "1"}'),
    ("no expression", b'{"id": 1, "kind": "expression"}'),
    ("expression is no text", b'{"id": 1, "kind": "expression", "expression": 5}'),
    (
        "variables are a list",
        b'{"id": 1, "kind": "expression", "expression": "1", "variables": [1]}',
    ),
    ("variable is no object", b'{"kind": "expression", "expression": "1", "variables": {"a": 1}}'),
    (
        "value in no known form",
        b'{"kind": "expression", "expression": "1", "variables": {"a": {"value": {"x": 1}}}}',
    ),
    ("a name twice", b'{"id": 1, "id": 2, "kind": "expression", "expression": "1"}'),
    ("not a number", b'{"id": NaN, "kind": "expression", "expression": "1"}'),
    ("no utf-8", b'{"id": 1, "kind": "expression", "expression": "\xff"}'),
    ("utf-16", '{"id": 1}'.encode("utf-16")),
    ("nul", b"\x00"),
    ("deep lists", b"[" * 100_000),
    ("deep objects", b'{"a":' * 100_000),
    (
        "deep value",
        b'{"kind": "expression", "expression": "a", "variables": {"a": {"value": '
        + b"[" * 200
        + b"]" * 200
        + b"}}}",
    ),
    ("deep expression", b'{"id": 1, "kind": "expression", "expression": "' + b"(" * 10_000 + b'"}'),
    (
        "huge expression",
        b'{"id": 1, "kind": "expression", "expression": "' + b"1+" * 500_000 + b'1"}',
    ),
    ("lone surrogate in the text", rb'{"id": 1, "kind": "expression", "expression": "\ud800"}'),
]


@pytest.mark.parametrize(
    "line", [line for _, line in BAD_LINES], ids=[name for name, _ in BAD_LINES]
)
def test_a_bad_line_gets_an_error_and_ends_nothing(line: bytes) -> None:
    first, second = lines(line, GOOD)
    assert set(first) <= {"id", "error", "value", "warnings"}
    assert "error" in first or first["value"] is None
    assert second == TWO


def test_a_line_that_is_too_long_is_answered_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "LONGEST_LINE", 100)
    first, second = lines(b'{"id": "' + b"x" * 1_000 + b'"}', GOOD)
    assert "longer than 100 bytes" in first["error"]
    assert second == TWO


def test_lone_surrogates_do_not_break_the_answer() -> None:
    request = rb'{"id": "\ud800", "kind": "expression", "expression": "[\"a\", 1]"}'
    (answered,) = lines(request)
    assert answered == {"id": "\ud800", "value": ["a", {"number": "1"}]}
    given = rb'{"kind": "expression", "expression": "s", "variables": {"s": {"value": "\ud800"}}}'
    assert len(lines(given, GOOD)) == 2


def test_blank_lines_are_passed_over() -> None:
    assert lines(b"", b"   ", GOOD, b"") == [TWO]


@pytest.mark.parametrize(
    ("given", "echoed"),
    [("1", 1), ('"a"', "a"), ("1.5", "1.5"), ("true", True), ("null", None), ("[1]", None)],
)
def test_the_answer_has_the_id_of_its_request(given: str, echoed: object) -> None:
    request = f'{{"id": {given}, "kind": "expression", "expression": "1"}}'.encode()
    assert lines(request)[0]["id"] == echoed


def test_errors_are_told_in_the_readers_language() -> None:
    (answered,) = lines(
        b'{"kind": "expression", "expression": "f(1)"}', language="sv", mode="strict"
    )
    assert ": fel: " in answered["error"]


def test_the_strict_mode_can_be_asked_for() -> None:
    request = b'{"kind": "expression", "expression": "1 + nme"}'
    assert "error" in lines(request, mode="strict")[0]
    assert lines(request)[0]["value"] is None


def test_a_mistake_in_the_program_does_not_end_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(protocol, "answer", broken)
    answers, complaints = io.StringIO(), io.StringIO()
    serve(io.BytesIO(GOOD + b"\n" + GOOD), answers, complaints)
    assert [json.loads(line)["id"] for line in answers.getvalue().splitlines()] == [7, 7]
    assert "ZeroDivisionError" in complaints.getvalue()


@given(
    st.binary(max_size=60) | st.text(max_size=60).map(lambda text: text.encode("utf-8", "replace"))
)
def test_every_line_gets_one_answer(line: bytes) -> None:
    whole = line.replace(b"\n", b" ")
    assert len(lines(whole, GOOD)) == (2 if whole.strip() else 1)


# ------------------------------------------------------------------------------- JSON


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.50", Decimal("1.50")),
        ("-0", Decimal(0)),
        ("1E2", Decimal(100)),
        ("0.1", Decimal("0.1")),
        (" [ ] ", []),
        ('{"a": {"b": [true, false, null]}}', {"a": {"b": [True, False, None]}}),
        (r'"\u00e5\ud83d\ude00\/"', "å😀/"),
        ('{"__proto__": 1}', {"__proto__": Decimal(1)}),
    ],
)
def test_json_is_read_exactly(text: str, value: object) -> None:
    assert read_json(Source(text)) == value


BAD_JSON = [
    ("", 1),
    ("{", 2),
    ("[1,]", 4),
    ("{a: 1}", 2),
    ("{'a': 1}", 2),
    ('{"a" 1}', 6),
    ('{"a": 1,}', 9),
    ('{"a": 1, "a": 2}', 10),
    ('{"a": 1, "\\u0061": 2}', 10),
    ("NaN", 1),
    ("[-Infinity]", 2),
    ("01", 1),
    ("+1", 1),
    (".5", 1),
    ("1.", 1),
    ("1_000", 1),
    ("1e999999999", 1),
    ("[1" + "1" * 34 + "]", 2),
    ('"a\nb"', 1),
    ('"\\x"', 1),
    ('"abc', 1),
    ("tru", 1),
    ("1 2", 3),
    ("// no\n1", 1),
    ("１２", 1),
    ("[" * (DEPTH + 1), DEPTH + 1),
]


@pytest.mark.parametrize(("text", "column"), BAD_JSON, ids=[each[:20] for each, _ in BAD_JSON])
def test_what_is_no_json_is_refused_with_its_place(text: str, column: int) -> None:
    with pytest.raises(ExpressionError) as caught:
        read_json(Source(text))
    (problem,) = caught.value.diagnostics
    assert problem.code in {"input.json", "input.value"}
    assert problem.source.position(problem.span.start).column == column


def test_lists_may_be_nested_as_deeply_as_the_limit() -> None:
    assert read_json(Source("[" * DEPTH + "]" * DEPTH))


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    )
)
def test_json_that_python_writes_is_read_as_python_reads_it(value: object) -> None:
    for text in (json.dumps(value), json.dumps(value, indent=1, ensure_ascii=False)):
        assert read_json(Source(text)) == value


def test_dates_stand_in_json_behind_an_at_sign() -> None:
    text = '{"a": {"@": "2024-01-31"}, "b": {"@": 5}, "c": {"@": "P1D", "d": 1}}'
    assert read_json_values(Source(text)) == {
        "a": date(2024, 1, 31),
        "b": {"@": Decimal(5)},
        "c": {"@": "P1D", "d": Decimal(1)},
    }
    assert read_json_values(Source('{"@": "P1M"}')) == temporal.parse_temporal("P1M")
    with pytest.raises(ExpressionError) as caught:
        read_json_values(Source('{"a": {"@": "2024-02-30"}}'))
    (problem,) = caught.value.diagnostics
    assert (problem.code, problem.span.start, problem.span.end) == ("input.value", 6, 25)


# ------------------------------------------------------------------------------- odd senders


def test_a_byte_order_mark_before_a_request_is_passed_over() -> None:
    assert lines(b"\xef\xbb\xbf" + GOOD, GOOD) == [TWO, TWO]


@pytest.mark.parametrize("given", ["[]", "false", "0", '""', "5", '"x"'])
def test_variables_that_are_no_object_are_an_error(given: str) -> None:
    request = f'{{"id": 1, "kind": "expression", "expression": "1", "variables": {given}}}'
    (answered,) = lines(request.encode())
    assert "`variables`" in answered["error"]


def test_a_torn_line_is_told_with_its_place_as_a_request() -> None:
    told = {language: lines(GOOD[:20], language=language)[0]["error"] for language in ("en", "de")}
    assert told["en"].startswith("<request>:1:")
    assert told["de"].startswith("<Anfrage>:1:")


@pytest.mark.parametrize(
    ("tagged", "said"),
    [
        ('{"number": "x"}', "`x` is no number"),
        ('{"number": ""}', "`` is no number"),
        ('{"number": "[1]"}', "`[1]` is no number"),
        ('{"date": 1}', '`{"date": 1}` is no value'),
        ('{"date": 1.50}', '`{"date": 1.5}` is no value'),
        ('{"time": [true, null, {"a": "b"}]}', '`{"time": [true, null, {"a": "b"}]}` is no value'),
    ],
)
def test_a_value_of_no_form_is_shown_as_it_was_sent(tagged: str, said: str) -> None:
    variables = f'{{"x": {{"value": {tagged}}}}}'
    request = f'{{"id": 1, "kind": "expression", "expression": "x", "variables": {variables}}}'
    assert lines(request.encode()) == [{"id": 1, "error": said}]


def test_more_values_than_can_be_read_soon_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("policyeval.feel.json_text.MOST_VALUES", 100)
    assert len(read_json_values(Source(f"[{'1,' * 98}1]"))) == 99  # type: ignore[arg-type]
    for text in (f"[{'1,' * 99}1]", "[" * 101, '{"a":' * 101):
        with pytest.raises(ExpressionError) as caught:
            read_json(Source(text))
        (problem,) = caught.value.diagnostics
        assert problem.code == "input.json"
        assert "more than 100 values" in problem.message.text()
