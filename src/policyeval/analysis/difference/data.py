"""A report of differences as JSON: what `docs/diff.md` describes, amounts exact to the last digit."""

from collections.abc import Mapping
from decimal import Decimal

from policyeval.analysis.difference.answers import AnswerChange, Refusal
from policyeval.analysis.difference.effects import Effects, Money, Row
from policyeval.analysis.difference.model import (
    Change,
    Differences,
    FormulaChange,
    Part,
    PlainChange,
    TextChange,
)
from policyeval.analysis.difference.naming import Plain
from policyeval.analysis.difference.transactions import Unreadable
from policyeval.evaluation.data import Data, json_text, value_data
from policyeval.evaluation.model import Answer
from policyeval.policy.addresses import written
from policyeval.policy.model import Choice, Policy, Slot

FORMAT = 1
"""The version of the JSON format, in `format`."""


def as_json(
    differences: Differences,
    cases: Effects | None,
    transactions: Effects | None,
    language: str,
) -> str:
    """Write a report as JSON, with its words in `sv`, `de` or `en`."""
    after = differences.after.policy
    return json_text(
        {
            "format": _number(FORMAT),
            "programme": after.programme,
            "before": _version(differences.before.policy),
            "after": _version(after),
            "language": language,
            "different": bool(differences),
            "frame": [_part(each) for each in differences.frame],
            "changes": [_change(each) for each in differences.changes],
            "rewritten": [
                {
                    "address": written(each.address),
                    "before": _slot(each.before),
                    "after": _slot(each.after),
                }
                for each in differences.rewritten
            ],
            "cases": None if cases is None else _effects(cases, language),
            "transactions": None if transactions is None else _effects(transactions, language),
        }
    )


def _number(value: int) -> Decimal:
    return Decimal(value)


def _version(policy: Policy) -> Data:
    return {"version": policy.version, "digest": policy.digest}


# ------------------------------------------------------------------------------- meaning


def _change(change: Change) -> Data:
    element = change.after or change.before
    return {
        "change": change.kind,
        "kind": None if element is None else element.kind,
        "address": written(change.address),
        "address_before": None if change.before is None else written(change.before.address),
        "clauses": [] if element is None else list(element.clauses),
        "parts": [_part(each) for each in change.parts],
    }


def _part(part: Part) -> Data:
    match part:
        case TextChange(key, redlines):
            return {
                "part": "text",
                "key": written(key),
                "redlines": {
                    language: [{"kind": each.kind, "text": each.text} for each in pieces]
                    for language, pieces in redlines.items()
                },
            }
        case FormulaChange(key, before, after):
            return {
                "part": "formula",
                "key": ".".join(each for each in key if each),
                "before": _slot(before),
                "after": _slot(after),
            }
        case PlainChange(key, before, after):
            return {
                "part": "declared",
                "key": key,
                "before": _plain(before),
                "after": _plain(after),
            }


def _slot(slot: Slot | None) -> Data:
    if slot is None:
        return None
    if isinstance(slot, Choice):
        return {
            "by": slot.reading,
            "options": {name: _slot(each) for name, each in slot.options.items()},
        }
    return slot.text


def _plain(value: Plain) -> Data:
    match value:
        case tuple():
            return list(value)
        case Mapping():
            return dict(value)
        case _:
            return value


# ------------------------------------------------------------------------------- effects


def _effects(found: Effects, language: str) -> Data:
    return {
        "read": _number(found.read),
        "changed": _number(found.changed),
        "refused_before": _number(found.refused_before),
        "refused_after": _number(found.refused_after),
        "refused_by_both": _number(found.refused_by_both),
        "unreadable": _number(found.unreadable_count),
        "left_out_before": list(found.left_out_before),
        "left_out_after": list(found.left_out_after),
        "decisions": {name: _number(number) for name, number in found.by_decision.items()},
        "money": {name: _money(each) for name, each in found.money.items()},
        "rows": [_row(each, language) for each in found.rows],
        "unreadable_lines": [_line(each, language) for each in found.unreadable],
    }


def _money(money: Money) -> Data:
    return {
        "total": money.total,
        "changed": _number(money.changed),
        "appeared": _number(money.appeared),
        "appeared_total": money.appeared_total,
        "vanished": _number(money.vanished),
        "vanished_total": money.vanished_total,
    }


def _row(row: Row, language: str) -> Data:
    return {
        "id": row.name,
        "line": None if row.line is None else _number(row.line),
        "refused_before": _refusal(row.refused_before, language),
        "refused_after": _refusal(row.refused_after, language),
        "changes": [_answers(each, language) for each in row.changes],
    }


def _refusal(refusal: Refusal | None, language: str) -> Data:
    if refusal is None:
        return None
    return [
        {"code": each.code, "message": each.message.text(language)} for each in refusal.diagnostics
    ]


def _answers(change: AnswerChange, language: str) -> Data:
    return {
        "decision": change.decision,
        "aspects": list(change.aspects),
        "before": _answer(change.before, language),
        "after": _answer(change.after, language),
    }


def _answer(answer: Answer, language: str) -> Data:
    return {
        "verdict": answer.verdict,
        "value": value_data(answer.value),
        "until": value_data(answer.until),
        "text": answer.headline_in(language),
        "rules": list(dict.fromkeys(each.rule for each in answer.reasons)),
        "clauses": list(dict.fromkeys(c for each in answer.reasons for c in each.clauses)),
        "open": list(dict.fromkeys(each.name for each in answer.open_points)),
    }


def _line(line: Unreadable, language: str) -> Data:
    problem = line.problem
    return {
        "line": _number(line.line),
        "code": problem.code,
        "message": problem.message.text(language),
    }
