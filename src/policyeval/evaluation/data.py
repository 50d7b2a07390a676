"""An evaluation as data: what `schema/evaluation.schema.json` describes, exact to the last digit.

Days, instants and durations are texts in ISO form, an event that never happens is `never`, numbers
are decimals. Keys stand in a fixed order, so that the same evaluation is the same bytes.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal

from policyeval.evaluation.comparisons import Deciding, Valued, deciding_text
from policyeval.evaluation.naming import words
from policyeval.evaluation.parts import (
    Answered,
    OpenPoint,
    Outcome,
    Provenance,
    Reason,
    RemarkMade,
)
from policyeval.evaluation.wording import headline, question_text
from policyeval.feel import numbers, temporal
from policyeval.feel.values import (
    Function,
    Range,
    Time,
    WideDate,
    WideDateTime,
    WideDuration,
    YearsMonthsDuration,
)
from policyeval.feel.writing import shown
from policyeval.policy.never import NEVER

FORMAT = 1
"""The version of the JSON format, in `format`."""

Data = None | bool | Decimal | str | list["Data"] | dict[str, "Data"]
"""What JSON can hold; numbers are decimals."""


def value_data(value: object) -> Data:
    """Turn a value into data."""
    match value:
        case None | bool() | Decimal() | str():
            return value
        case (
            datetime()
            | WideDateTime()
            | date()
            | WideDate()
            | Time()
            | timedelta()
            | WideDuration()
            | YearsMonthsDuration()
        ):
            return temporal.text(value)
        case list():
            return [value_data(each) for each in value]
        case dict():
            return {str(name): value_data(each) for name, each in value.items()}
        case Range() | Function():
            return shown(value)
        case _ if value is NEVER:
            return "never"
        case _:
            return str(value)


def answer_data(answer: Answered, language: str) -> dict[str, Data]:
    """Turn an answer into data, with its words in `en`, `sv` or `de`."""
    in_words = words(answer.policy, language)
    return {
        "question": question_text(answer, in_words),
        "verdict": answer.verdict,
        "value": value_data(answer.value),
        "text": headline(answer, in_words),
        "until": value_data(answer.until),
        "reasons": [_reason(each, language) for each in answer.reasons],
        "open_points": [_point(each, language) for each in answer.open_points],
        "further_points": [_point(each, language) for each in answer.further_points],
        "remarks": [_remark(each, language) for each in answer.remarks],
        "complete": answer.complete,
        "provenance": _provenance(answer.provenance),
    }


def _reason(reason: Reason, language: str) -> Data:
    in_words = words(reason.phrase.policy, language)
    return {
        "decision": reason.decision,
        "rule": reason.rule,
        "kind": reason.kind,
        "clauses": list(reason.clauses),
        "holds": reason.holds,
        "text": reason.text_in(language),
        "deciding": [
            {
                "written": each.written,
                "values": _values(each),
                "result": each.result,
                "text": deciding_text(each, in_words),
            }
            for each in reason.deciding
        ],
    }


def _values(deciding: Deciding) -> Data:
    return {
        part.name: value_data(part.value) for part in deciding.parts if isinstance(part, Valued)
    }


def _point(point: OpenPoint, language: str) -> Data:
    return {
        "name": point.name,
        "kind": point.kind,
        "text": point.label_in(language),
        "clauses": list(point.clauses),
        "ambiguity": point.ambiguity,
        "by": point.by,
        "until": value_data(point.until),
        "gives": {
            option: _outcome(point, option, outcome, language)
            for option, outcome in point.gives.items()
        },
    }


def _outcome(point: OpenPoint, option: str, outcome: Outcome, language: str) -> Data:
    return {
        "verdict": outcome.verdict,
        "value": value_data(outcome.value),
        "text": point.option_in(option, language),
        "favours": point.favours.get(option),
    }


def _remark(remark: RemarkMade, language: str) -> Data:
    return {
        "rule": remark.rule,
        "clauses": list(remark.clauses),
        "text": remark.text_in(language),
    }


def _provenance(provenance: Provenance) -> Data:
    return {
        "programme": provenance.programme,
        "version": provenance.version,
        "digest": provenance.digest,
        "readings": dict(sorted(provenance.readings.items())),
        "overlays": list(provenance.overlays),
        "engine": provenance.engine,
        "language": provenance.language,
        "asked_on": value_data(provenance.asked_on),
        "known_on": value_data(provenance.known_on),
    }


# ---------------------------------------------------------------------- as text


def json_text(data: Data) -> str:
    """Write data as JSON, indented by two blanks; every digit of a number is kept, and no other made."""
    return "".join(_pieces(data, "\n"))


def compact_text(data: Data) -> str:
    """Write data as JSON on one line without blanks; every digit of a number is kept."""
    return "".join(_compact(data))


def _compact(data: Data) -> Iterator[str]:
    match data:
        case Decimal():
            yield numbers.number_text(data)
        case list():
            for index, item in enumerate(data):
                yield "," if index else "["
                yield from _compact(item)
            yield "]" if data else "[]"
        case dict():
            for index, (key, item) in enumerate(data.items()):
                yield f"{',' if index else '{'}{_quoted(key)}:"
                yield from _compact(item)
            yield "}" if data else "{}"
        case str():
            yield _quoted(data)
        case _:
            yield json.dumps(data)


def _pieces(data: Data, newline: str) -> Iterator[str]:
    match data:
        case Decimal():
            yield numbers.number_text(data)
        case list() if data:
            inside = f"{newline}  "
            for index, item in enumerate(data):
                yield f"{',' if index else '['}{inside}"
                yield from _pieces(item, inside)
            yield f"{newline}]"
        case dict() if data:
            inside = f"{newline}  "
            for index, (key, item) in enumerate(data.items()):
                yield f"{',' if index else '{'}{inside}{_quoted(key)}: "
                yield from _pieces(item, inside)
            yield f"{newline}}}"
        case str():
            yield _quoted(data)
        case _:
            yield json.dumps(data)


def _quoted(text: str) -> str:
    # Half a surrogate pair cannot be written in UTF-8; as an escape it can.
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(text)
    return json.dumps(text, ensure_ascii=False)


def mapping_data(values: Mapping[str, object]) -> Data:
    """Turn a mapping of values into data."""
    return {name: value_data(value) for name, value in values.items()}
