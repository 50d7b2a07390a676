"""An evaluation as one line of JSON for machines: rules, clauses and values, but no sentences.

It says all that the evaluation rests on and can be computed again, byte for byte, from the same facts
(`schema/record.schema.json`): what streams write, and what decision logs keep. What is empty is
left out, apart from `verdict`, `value` and `reasons`.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal

from policyeval.evaluation.data import Data, compact_text, mapping_data, value_data
from policyeval.evaluation.parts import Answered, OpenPoint, Provenance, Reason, RemarkMade
from policyeval.feel.values import Value

FORMAT = 1
"""The version of the format, in `format`."""


def record_bytes(
    programme: str,
    asked_on: date,
    known_on: date | datetime | None,
    answers: Mapping[str, Answered],
    presumed: Mapping[str, Value],
) -> bytes:
    """Write an evaluation as JSON in UTF-8, on one line that does not end."""
    return compact_text(record_data(programme, asked_on, known_on, answers, presumed)).encode()


def record_data(
    programme: str,
    asked_on: date,
    known_on: date | datetime | None,
    answers: Mapping[str, Answered],
    presumed: Mapping[str, Value],
) -> dict[str, Data]:
    """Turn an evaluation into data.

    `made_by` names each version that answered, in the order of the answers; where there are several,
    `by` of an answer is its place in that list.
    """
    makers = _makers(answers.values())
    data: dict[str, Data] = {
        "format": Decimal(FORMAT),
        "programme": programme,
        "asked_on": value_data(asked_on),
        "known_on": value_data(known_on),
        "made_by": [maker_data(each) for each in makers],
        "answers": {
            name: answer_data(each, makers.index(each.provenance) if len(makers) > 1 else None)
            for name, each in answers.items()
        },
    }
    if presumed:
        data["presumed"] = mapping_data(dict(sorted(presumed.items())))
    return data


def _makers(answers: Iterable[Answered]) -> list[Provenance]:
    found: list[Provenance] = []
    for each in answers:
        if each.provenance not in found:
            found.append(each.provenance)
    return found


def maker_data(provenance: Provenance) -> Data:
    """Turn what made answers into data."""
    data: dict[str, Data] = {
        "version": provenance.version,
        "digest": provenance.digest,
        "engine": provenance.engine,
        "language": provenance.language,
    }
    if provenance.readings:
        data["readings"] = dict(sorted(provenance.readings.items()))
    if provenance.overlays:
        data["overlays"] = list(provenance.overlays)
    return data


def answer_data(answer: Answered, by: int | None = None) -> dict[str, Data]:
    """Turn an answer into data.

    Args:
        answer: It.
        by: The place of what made it among several.
    """
    data: dict[str, Data] = {"verdict": answer.verdict, "value": value_data(answer.value)}
    if by is not None:
        data["by"] = Decimal(by)
    data["reasons"] = [_reason(each, answer.decision) for each in answer.reasons]
    if answer.until is not None:
        data["until"] = value_data(answer.until)
    if answer.open_points:
        data["open_points"] = [point_data(each) for each in answer.open_points]
    if answer.further_points:
        data["further_points"] = [point_data(each) for each in answer.further_points]
    if answer.remarks:
        data["remarks"] = [remark_data(each) for each in answer.remarks]
    if not answer.complete:
        data["complete"] = False
    return data


def _reason(reason: Reason, decision: str) -> Data:
    data: dict[str, Data] = {"rule": reason.rule, "kind": reason.kind}
    if reason.decision != decision:
        data["decision"] = reason.decision
    data["clauses"] = list(reason.clauses)
    return data


def remark_data(remark: RemarkMade) -> Data:
    """Turn a remark into data."""
    return {"rule": remark.rule, "clauses": list(remark.clauses)}


def point_data(point: OpenPoint) -> Data:
    """Turn an open point into data."""
    data: dict[str, Data] = {"name": point.name, "kind": point.kind}
    if point.until is not None:
        data["until"] = value_data(point.until)
    if point.gives:
        data["gives"] = {
            option: {"verdict": each.verdict, "value": value_data(each.value)}
            for option, each in point.gives.items()
        }
    return data
