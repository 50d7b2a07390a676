"""Requests and answers as lines of JSON, and the form that values have in them.

A request is `{"id", "kind", "expression", "variables": {name: {"type", "value"}}}` with the kind
`expression` or `unary tests` (then the variable `?` is the value under test), or `decision table`
with a `"table"` in place of the expression. Its answer is `{"id", "value"}`, with `"warnings"` where
something had no result and gave null, or `{"id", "error"}`. Every line gets one line.

| FEEL | JSON |
|---|---|
| null, true, false, a string | the same in JSON |
| number | `{"number": "1.10"}` |
| date, time, date and time | `{"date": "2020-01-31"}`, `{"time": …}`, `{"date and time": …}` |
| duration of either kind | `{"duration": "P1DT2H"}` |
| list | an array |
| context | `{"context": {"name": value}}` |
| range | `{"range": {"start", "start included", "end", "end included"}}` |
| anything else, such as a function | `{"other": "text"}`, in answers only |
"""

import json
import re
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import BinaryIO, TextIO

from policyeval.diagnostics import Diagnostic
from policyeval.errors import EvaluationError, ExpressionError
from policyeval.feel import numbers, operators, temporal, types
from policyeval.feel.checker import Mode
from policyeval.feel.compiler import Compiled, Outcome, compile_expression, compile_unary_tests
from policyeval.feel.failure import Failure
from policyeval.feel.json_text import Json, read_json
from policyeval.feel.runtime import DEFAULT_BUDGET
from policyeval.feel.scope import Scope, read_type
from policyeval.feel.tables import (
    CompiledTable,
    DecisionTable,
    Input,
    Output,
    Rule,
    compile_table,
)
from policyeval.feel.types import Type
from policyeval.feel.values import Function, Range, Value
from policyeval.feel.writing import kind_of, value_text
from policyeval.messages import Message, message
from policyeval.source import Source

LONGEST_LINE = 16 * 1024 * 1024
"""Bytes of a request; a longer one is answered with an error, unread."""

LARGEST_VALUE = 100_000
"""Values within a value of an answer; a list that holds a list many times over counts in full."""

# Compiled expressions and tables that wait for the next request with the same text.
_KEPT = 1_024

# What nearly every number looks like; the rest is looked at more closely.
_PLAIN_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,12})?")

_TEMPORAL: Mapping[str, Callable[[str], Value]] = {
    "date": temporal.parse_date,
    "time": temporal.parse_time,
    "date and time": temporal.parse_date_and_time,
    "duration": temporal.parse_duration,
}


class RequestError(ValueError):
    """A request cannot be understood, or its answer cannot be written; `.message` says why."""

    def __init__(self, text: Message) -> None:
        super().__init__(text.text())
        self.message = text


# ---------------------------------------------------------------------- values


def read_value(tagged: Json) -> Value:
    """Turn a value of a request into one of FEEL's; a bare number is taken, too.

    Raises:
        RequestError: It is written in no form that a value has.
    """
    match tagged:
        case None | bool() | str():
            return tagged
        case Decimal():
            return _number(tagged)
        case list():
            return [read_value(each) for each in tagged]
        case dict() if len(tagged) == 1:
            ((kind, body),) = tagged.items()
            match kind, body:
                case "number", str():
                    return _number_of(body)
                case "number", Decimal():
                    return _number(body)
                case "context", dict():
                    return {name: read_value(each) for name, each in body.items()}
                case "range", dict():
                    return _range(body)
                case _, str() if kind in _TEMPORAL:
                    return _read(_TEMPORAL[kind], body)
                case _:
                    pass
        case _:
            pass
    raise RequestError(message("`{text}` is no value", text=_shown(tagged)))


def _number_of(text: str) -> Decimal:
    if _PLAIN_NUMBER.fullmatch(text):
        return Decimal(text) or numbers.ZERO
    try:
        number = read_json(Source(text))
    except ExpressionError as error:
        problem = error.diagnostics[0]
        if problem.code == "input.value":  # a number, but out of range
            raise RequestError(problem.message) from None
        number = None
    if not isinstance(number, Decimal) or text != text.strip():
        raise RequestError(message("`{text}` is no number", text=text[:60]))
    return _number(number)


def _number(number: Decimal) -> Decimal:
    try:
        return numbers.CONTEXT.plus(number) or numbers.ZERO
    except ArithmeticError as error:
        raise RequestError(numbers.failure_of(error).message) from None


def _range(parts: Mapping[str, Json]) -> Value:
    match parts:
        case {
            "start": start,
            "start included": bool(start_included),
            "end": end,
            "end included": bool(end_included),
        } if len(parts) == 4:
            first, last = read_value(start), read_value(end)
            try:
                return operators.make_range(first, last, start_included, end_included)
            except Failure as failure:
                raise RequestError(failure.message) from None
    raise RequestError(message("`{text}` is no range", text=_shown(dict(parts))))


def _read(reader: Callable[[str], Value], text: str) -> Value:
    try:
        return reader(text)
    except Failure as failure:
        raise RequestError(failure.message) from None


def _shown(tagged: Json) -> str:
    text = _json_text(tagged)
    return text if len(text) <= 60 else text[:59] + "…"


def _json_text(tagged: Json) -> str:
    """Write JSON again, numbers as the numbers that they are."""
    match tagged:
        case Decimal():
            return numbers.number_text(tagged)
        case list():
            return f"[{', '.join(map(_json_text, tagged))}]"
        case dict():
            entries = (f"{_json_text(name)}: {_json_text(each)}" for name, each in tagged.items())
            return f"{{{', '.join(entries)}}}"
        case _:
            return json.dumps(tagged, ensure_ascii=False)


def write_value(value: Value) -> object:
    """Turn a value into the form that it has in an answer.

    Raises:
        RequestError: It is too large or nested too deeply.
    """
    return _Writer().tagged(value, DEFAULT_BUDGET.value_depth)


class _Writer:
    """One value; counts what it writes, since what is small in memory may be endless in writing."""

    def __init__(self) -> None:
        self.written = 0

    def tagged(self, value: Value, depth: int) -> object:
        self.written += 1
        if depth < 0:
            raise RequestError(message("the value is nested too deeply to be written"))
        if self.written > LARGEST_VALUE:
            raise RequestError(message("the value is too large to be written"))
        match value:
            case None | bool() | str():
                return value
            case Decimal():
                return {"number": numbers.number_text(value)}
            case list():
                return [self.tagged(each, depth - 1) for each in value]
            case dict():
                entries = {name: self.tagged(each, depth - 1) for name, each in value.items()}
                return {"context": entries}
            case Range() if value.operator != "!=":
                return {
                    "range": {
                        "start": self.tagged(value.start, depth - 1),
                        "start included": value.start_included,
                        "end": self.tagged(value.end, depth - 1),
                        "end included": value.end_included,
                    }
                }
            case Range() | Function():
                return {"other": value_text(value)}
            case _:
                kind = kind_of(value)
                return {"duration" if kind.endswith("duration") else kind: temporal.text(value)}


# ---------------------------------------------------------------------- requests


@dataclass(frozen=True, slots=True)
class _Variables:
    """What a request may refer to, in a form that compiled expressions are remembered by."""

    types: tuple[tuple[str, Type], ...]
    members: frozenset[str]

    def scope(self) -> Scope:
        return Scope({name: type_ for name, type_ in self.types if name != "?"}, self.members)

    def input_type(self) -> Type:
        return dict(self.types).get("?", types.ANY)


def answer(request: Json, *, mode: Mode = "lenient", language: str = "en") -> dict[str, object]:
    """Answer one request; whatever is wrong with it becomes an `error`.

    Args:
        request: The request, as `read_json` gives it.
        mode: `lenient` or `strict`; see `compile_expression`.
        language: Of errors and warnings: `en`, `sv` or `de`.
    """
    id_ = _identity(request)
    try:
        outcome = _outcome(request, mode)
        answered = {"id": id_, "value": write_value(outcome.value)}
    except (ExpressionError, EvaluationError) as error:
        return {"id": id_, "error": error.render(language)}
    except RequestError as error:
        return {"id": id_, "error": error.message.text(language)}
    if outcome.warnings:
        answered["warnings"] = [_warning(each, language) for each in outcome.warnings]
    return answered


def _warning(diagnostic: Diagnostic, language: str) -> dict[str, object]:
    source = diagnostic.source
    position = source.position(min(diagnostic.span.start, len(source.text)))
    said: dict[str, object] = {
        "code": diagnostic.code,
        "message": diagnostic.message.text(language),
        "line": position.line,
        "column": position.column,
    }
    if diagnostic.place is not None:
        said["place"] = diagnostic.place.text(language)
    return said


def _identity(request: Json) -> object:
    given = request.get("id") if isinstance(request, dict) else None
    if isinstance(given, Decimal):
        whole = numbers.to_int(given, 10**numbers.PRECISION)
        return str(given) if whole is None else whole
    return given if isinstance(given, str | bool) else None


def _outcome(request: Json, mode: Mode) -> Outcome:
    if not isinstance(request, dict):
        raise RequestError(message("a request is an object with `kind` and `expression`"))
    kind = _text(request, "kind")
    values, variables = _variables(request)
    match kind:
        case "expression" | "unary tests":
            compiled = _compiled(kind, _text(request, "expression"), variables, mode)
            return compiled.run(values)
        case "decision table":
            return _compiled_table(_table(request), variables, mode).run(values)
        case _:
            raise RequestError(message("there is no kind of request `{name}`", name=kind))


@lru_cache(_KEPT)
def _compiled(kind: str, text: str, variables: _Variables, mode: Mode) -> Compiled:
    if kind == "expression":
        return compile_expression(text, variables.scope(), mode=mode)
    return compile_unary_tests(
        text, variables.scope(), input_type=variables.input_type(), mode=mode
    )


@lru_cache(_KEPT)
def _compiled_table(table: DecisionTable, variables: _Variables, mode: Mode) -> CompiledTable:
    return compile_table(table, variables.scope(), mode=mode)


def _variables(request: Mapping[str, Json]) -> tuple[dict[str, Value], _Variables]:
    given = request.get("variables")
    if given is None:
        given = {}
    if not isinstance(given, dict):
        raise _wrong("variables")
    values: dict[str, Value] = {}
    declared: list[tuple[str, Type]] = []
    for name, variable in given.items():
        if not isinstance(variable, dict):
            raise _wrong(f"variables.{name}")
        values[name] = read_value(variable.get("value"))
        type_ = variable.get("type")
        declared.append((name, _type(type_) if isinstance(type_, str) else types.ANY))
    return values, _Variables(tuple(declared), frozenset(_names(list(values.values()))))


@lru_cache(_KEPT)
def _type(text: str) -> Type:
    """Read a type; what cannot be read says nothing."""
    try:
        return read_type(text)
    except (ExpressionError, types.UnknownTypeError):
        return types.ANY


def _names(values: Sequence[Value]) -> Iterator[str]:
    """Give the names of the entries of contexts within values, which may have spaces in them."""
    pending = list(values)
    while pending:
        value = pending.pop()
        if isinstance(value, dict):
            yield from value
            pending.extend(value.values())
        elif isinstance(value, list):
            pending.extend(value)


def _table(request: Mapping[str, Json]) -> DecisionTable:
    table = request.get("table")
    if not isinstance(table, dict):
        raise _wrong("table")
    return DecisionTable(
        inputs=tuple(
            Input(_text(each, "expression"), _column_type(each), _optional(each, "values"))
            for each in _objects(table, "inputs")
        ),
        outputs=tuple(
            Output(
                _optional(each, "name"),
                _column_type(each),
                _optional(each, "values"),
                _optional(each, "default"),
            )
            for each in _objects(table, "outputs")
        ),
        rules=tuple(
            Rule(_texts(each, "when"), _texts(each, "then")) for each in _objects(table, "rules")
        ),
        hit_policy=_optional(table, "hit_policy") or "UNIQUE",
        aggregation=_optional(table, "aggregation"),
    )


def _column_type(column: Mapping[str, Json]) -> Type | None:
    text = _optional(column, "type")
    return None if text is None else _type(text)


def _text(record: Mapping[str, Json], name: str) -> str:
    text = record.get(name)
    if not isinstance(text, str):
        raise _wrong(name)
    return text


def _optional(record: Mapping[str, Json], name: str) -> str | None:
    return None if record.get(name) is None else _text(record, name)


def _texts(record: Mapping[str, Json], name: str) -> tuple[str, ...]:
    given = record.get(name)
    texts = (
        tuple(each for each in given if isinstance(each, str)) if isinstance(given, list) else ()
    )
    if not isinstance(given, list) or len(texts) != len(given):
        raise _wrong(name)
    return texts


def _objects(record: Mapping[str, Json], name: str) -> list[dict[str, Json]]:
    given = record.get(name)
    objects = [each for each in given if isinstance(each, dict)] if isinstance(given, list) else []
    if not isinstance(given, list) or len(objects) != len(given):
        raise _wrong(name)
    return objects


def _wrong(name: str) -> RequestError:
    return RequestError(message("the request has no `{name}`, or not the right kind", name=name))


# ---------------------------------------------------------------------- lines


def serve(
    lines: BinaryIO,
    answers: TextIO,
    complaints: TextIO,
    *,
    mode: Mode = "lenient",
    language: str = "en",
) -> None:
    """Answer requests, a line each, until there are no more.

    No line ends it: one that cannot be understood gets an `error`, and so does one that meets a
    mistake of this program, which is then described on `complaints`.
    """
    while line := lines.readline(LONGEST_LINE + 1):
        complete = line.endswith(b"\n") or len(line) <= LONGEST_LINE
        while not complete:
            rest = lines.readline(LONGEST_LINE)
            complete = not rest or rest.endswith(b"\n")
        if not line.strip():
            continue
        try:
            request = _request(line, language)
        except ExpressionError as error:
            answered: dict[str, object] = {"id": None, "error": error.render(language)}
        except RequestError as error:
            answered = {"id": None, "error": error.message.text(language)}
        else:
            answered = _guarded(request, mode, language, complaints)
        answers.write(json.dumps(answered) + "\n")
        answers.flush()


def _request(line: bytes, language: str) -> Json:
    if len(line) > LONGEST_LINE:
        raise RequestError(message("the request is longer than {limit} bytes", limit=LONGEST_LINE))
    try:
        # Some programs put a byte order mark before the first thing they write.
        text = line.decode("utf-8-sig").strip()
        return read_json(Source(text, message("<request>").text(language)))
    except UnicodeDecodeError as error:
        raise RequestError(
            message(
                "the request is not written in UTF-8, from byte {offset} on", offset=error.start
            )
        ) from None


def _guarded(request: Json, mode: Mode, language: str, complaints: TextIO) -> dict[str, object]:
    try:
        return answer(request, mode=mode, language=language)
    except Exception:  # noqa: BLE001 - one request must not end those that follow it
        traceback.print_exc(file=complaints)
        text = message("this request met a mistake in the program")
        return {"id": _identity(request), "error": text.text(language)}
