"""What restating a log gives, as JSON and as rows for a spreadsheet; amounts exact to the last digit."""

import csv
import io
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from policyeval.analysis.restating.money import Amount, MoneyLine, Sum, Uncertain
from policyeval.cli.recorded import record_data
from policyeval.feel import numbers
from policyeval.messages import visible
from policyeval.records.lines import moment_text

if TYPE_CHECKING:
    from policyeval.analysis.restating.comparing import AnswerChange
    from policyeval.analysis.restating.running import Restated, Totals
    from policyeval.evaluation.data import Data
    from policyeval.records.model import Record

# ------------------------------------------------------------------------------- JSON


def restated_data(restated: "Restated", language: str) -> "dict[str, Data]":
    """Give a record that is answered otherwise, or of which something cannot be told."""
    return {
        **record_data(restated.record),
        "asked": restated.asked,
        "changes": [_change(each) for each in restated.changes],
        "money": [_money(each) for each in restated.money],
        "obstacles": [
            {"kind": each.kind, "text": each.text.text(language)} for each in restated.obstacles
        ],
        "left_out": list(restated.left_out),
        "unchecked": list(restated.unchecked),
    }


def _change(change: "AnswerChange") -> "Data":
    return {
        "decision": change.decision,
        "aspects": list(change.aspects),
        "version_before": change.made_before.version,
        "version_after": change.made_after.version,
        "before": dict(change.before),
        "after": dict(change.after),
    }


def _money(line: MoneyLine) -> "Data":
    return {
        "decision": line.decision,
        "currency": line.currency,
        "difference": line.difference,
        "before": _certain(line.before),
        "after": _certain(line.after),
        "uncertain_before": _uncertain(line.before),
        "uncertain_after": _uncertain(line.after),
        "clauses": list(line.clauses),
        "version_before": line.version_before,
        "version_after": line.version_after,
    }


def _certain(amount: Amount) -> Decimal | None:
    return amount if isinstance(amount, Decimal) else None


def _uncertain(amount: Amount) -> str | None:
    """Name the verdict that leaves an amount open; null for one that is certain."""
    match amount:
        case Uncertain(None):
            return "not-asked"
        case Uncertain(verdict):
            return verdict
        case Decimal():
            return None


def totals_data(totals: "Totals") -> "dict[str, Data]":
    """Give what came of all records."""
    sums = totals.sums
    return {
        "records": Decimal(totals.read),
        "changed": Decimal(totals.changed),
        "not_asked": Decimal(totals.not_asked),
        "in_part": Decimal(totals.in_part),
        "decisions": [
            {"programme": programme, "decision": decision, "changed": Decimal(number)}
            for (programme, decision), number in sorted(totals.by_decision.items())
        ],
        "money": [
            {
                "programme": programme,
                "decision": decision,
                "clauses": list(clauses),
                "currency": sums.currencies[programme],
                **_sum(each),
            }
            for (programme, decision, clauses), each in sums.kinds()
        ],
        "programmes": [
            {"programme": programme, "currency": sums.currencies[programme], **_sum(each)}
            for programme, each in sums.totals.items()
        ],
        "currencies": [
            {"currency": currency, **_sum(each)} for currency, each in sums.of_currencies().items()
        ],
    }


def _sum(found: Sum) -> "dict[str, Data]":
    return {
        "total": found.total,
        "amounts": Decimal(found.lines),
        "not_certain": Decimal(found.uncertain),
    }


# ------------------------------------------------------------------------------- CSV

COLUMNS = (
    "programme",
    "record",
    "id",
    "recorded_at",
    "asked_on",
    "decision",
    "clauses",
    "currency",
    "before",
    "after",
    "difference",
    "uncertain_before",
    "uncertain_after",
    "version_before",
    "version_after",
)

# What a spreadsheet takes for the beginning of a formula, also in its wide form.
_FORMULA = frozenset("=+-@\t\r\n＝＋－＠")


def csv_heads() -> str:
    """Write the names of the columns."""
    return _row(COLUMNS)


def csv_rows(restated: "Restated") -> Iterator[str]:
    """Write each difference in money as a row; the end of the line is left to the printer."""
    for line in restated.money:
        yield _row(_cells(restated.record, line))


def _cells(record: "Record", line: MoneyLine) -> Iterator[str]:
    request = record.request
    yield from (text_cell(line.programme), str(record.seq), text_cell(record.id or ""))
    yield from (moment_text(record.recorded_at), request.asked_on.isoformat())
    yield from (text_cell(line.decision), text_cell("; ".join(line.clauses)))
    yield line.currency or ""
    for amount in (_certain(line.before), _certain(line.after), line.difference):
        yield "" if amount is None else numbers.number_text(amount)
    yield from (_uncertain(line.before) or "", _uncertain(line.after) or "")
    yield from (text_cell(line.version_before or ""), text_cell(line.version_after or ""))


def text_cell(text: str) -> str:
    """Write a text so that no spreadsheet takes it for a formula: with an apostrophe before it."""
    shown = " ".join(visible(text).split("\n"))
    return f"'{shown}" if shown.lstrip()[:1] in _FORMULA or text[:1] in _FORMULA else shown


def _row(cells: Iterator[str] | tuple[str, ...]) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="").writerow(cells)
    return written.getvalue()
