"""What restating a log gives, in the words of a reader."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from policyeval.analysis.restating.money import Amount, MoneyLine
from policyeval.analysis.restating.obstacles import listed
from policyeval.analysis.restating.payloads import Entry, Maker, clauses_of, points_of
from policyeval.cli.recorded import on_one_line, record_name, sentence
from policyeval.cli.showing import table
from policyeval.evaluation import formatting
from policyeval.evaluation.naming import Words, words
from policyeval.evaluation.parts import Answered, Provenance, Verdict
from policyeval.evaluation.wording import headline, verdict_text
from policyeval.feel import temporal, types
from policyeval.feel.failure import Failure
from policyeval.messages import Message, message, visible
from policyeval.policy.model import ValidPolicy
from policyeval.policy.never import NEVER

if TYPE_CHECKING:
    from policyeval.analysis.restating.comparing import AnswerChange
    from policyeval.analysis.restating.running import Restated, Restating, Totals
    from policyeval.evaluation.data import Data
    from policyeval.records.model import Record

_ARROW: Final = "→"

# ------------------------------------------------------------------------------- text


class Wording:
    """Says what is otherwise, in the words of the policies and of a language."""

    def __init__(self, restating: "Restating", language: str) -> None:
        self._restating = restating
        self.language = language

    def said(self, text: Message) -> str:
        """Give a text in the language."""
        return text.text(self.language)

    def record(self, restated: "Restated") -> str:
        """Say what came of a record, on lines of their own."""
        lines = [self._head(restated)]
        for change in restated.changes:
            lines += self._change(restated.record, change)
        lines += [f"  {self.money(restated.record, each)}" for each in restated.money]
        lines += [f"  {self.said(each.text)}" for each in restated.obstacles]
        if restated.left_out:
            text = message(
                "left out, since the version does not know them: {names}",
                names=listed(restated.left_out),
            )
            lines.append(f"  {self.said(text)}")
        if restated.unchecked:
            text = message(
                "supplied, and not to be checked: {names}", names=listed(restated.unchecked)
            )
            lines.append(f"  {self.said(text)}")
        return "\n".join(lines)

    def _head(self, restated: "Restated") -> str:
        request = restated.record.request
        text = message(
            "{record}, asked on {day}, {programme}",
            record=record_name(restated.record),
            day=request.asked_on.isoformat(),
            programme=request.programme,
        )
        if not restated.asked:
            text = message("{record}: cannot be asked again", record=text)
        return sentence(text, self.language)

    def _change(self, record: "Record", change: "AnswerChange") -> list[str]:
        programme = record.request.programme
        policy = self._restating.policy(programme, change.decision, change.made_after.version)
        in_words = words(policy, self.language)
        decision = in_words.decision(change.decision)
        question = f"`{change.decision}`"
        if decision is not None and decision.question is not None:
            question = f"{in_words.text(decision.question)} ({question})"
        sides = (
            (message("before"), change.before, change.made_before),
            (message("now"), change.after, change.made_after),
        )
        lines = [f"  {question}"]
        for name, answer, maker in sides:
            lines.append(f"    {self.said(name)}: {self._answer(change, answer, maker, in_words)}")
        return lines

    def _answer(self, change: "AnswerChange", answer: Entry, maker: Maker, in_words: Words) -> str:
        parts = [headline(_answered(change.decision, answer, maker, in_words.policy), in_words)]
        if "open" in change.aspects:
            points = ", ".join(f"`{visible(e)}`" for e in sorted(points_of(answer, "open_points")))
            if points:
                parts.append(f"{self.said(message('open points'))}: {points}")
        inside = [in_words.clauses(clauses_of(answer))] if clauses_of(answer) else []
        if maker.version is None:
            inside.append(self.said(message("no version in force")))
        else:
            inside.append(f"{self.said(message('version'))} {visible(maker.version)}")
        return f"{'; '.join(parts)} ({', '.join(inside)})"

    def money(self, record: "Record", line: MoneyLine) -> str:
        """Say a difference on one line: amount, decision, id, clauses, versions."""
        versions = f"({line.version_before or '–'} {_ARROW} {line.version_after or '–'})"
        rest = [f"`{line.decision}`"]
        if record.id is not None:
            rest.append(f"id `{on_one_line(record.id)}`")
        rest += [", ".join(line.clauses) or "–", versions]
        if line.difference is not None:
            first = self.signed(line.difference, line.currency)
        else:
            uncertain = self.said(message("amount not certain"))
            one, other = (self._amount(each, line.currency) for each in (line.before, line.after))
            first = f"{uncertain}: {one} {_ARROW} {other}"
        return visible("  ".join((first, *rest)))

    def signed(self, difference: Decimal, currency: str | None) -> str:
        """Write a difference with its sign."""
        said = formatting.money(difference, currency, self.language)
        return f"+{said}" if difference > 0 else said

    def _amount(self, amount: Amount, currency: str | None) -> str:
        if isinstance(amount, Decimal):
            return formatting.money(amount, currency, self.language)
        if amount.verdict is None:
            return self.said(message("not asked"))
        return self.said(verdict_text(Verdict(amount.verdict)))

    def count(self, number: int) -> str:
        """Write a count."""
        return formatting.number(Decimal(number), self.language)

    def counts(self, totals: "Totals") -> str:
        """Say how many records came out how."""
        text = message(
            "records: {all}; answered otherwise: {changed}; not asked again: {not_asked}; uncertain "
            "in part: {in_part}",
            all=self.count(totals.read),
            changed=self.count(totals.changed),
            not_asked=self.count(totals.not_asked),
            in_part=self.count(totals.in_part),
        )
        return sentence(text, self.language)

    def summary(self, totals: "Totals") -> str:
        """Say what came of all records: how many, which questions, how much money."""
        parts = [self.counts(totals)]
        if totals.by_decision:
            rows = [
                (programme, f"`{name}`", self.count(number))
                for (programme, name), number in sorted(totals.by_decision.items())
            ]
            heads = (message("programme"), message("question"), message("answered otherwise"))
            parts.append(self._table(message("by question"), heads, rows))
        if totals.sums.totals:
            parts.append(self._sums(totals))
        elif totals.by_decision and self._restating.untied:
            parts.append(self._untied())
        return "\n\n".join(parts)

    def _untied(self) -> str:
        """Say that a question which is answered otherwise is in no sum."""
        note = message(
            "an amount counts by itself, whether or not it is owed; `{option}` ties it to a question",
            option="--owed",
        )
        return sentence(note, self.language)

    def _sums(self, totals: "Totals") -> str:
        sums = totals.sums
        rows: list[tuple[str, ...]] = []
        for (programme, decision, clauses), each in sums.kinds():
            amount = self.signed(each.total, sums.currencies[programme])
            place = (programme, f"`{decision}`", ", ".join(clauses) or "–")
            rows.append((amount, self.count(each.lines), self.count(each.uncertain), *place))
        whole = self.said(message("total"))
        for programme, each in sums.totals.items():
            amount = self.signed(each.total, sums.currencies[programme])
            counts = self.count(each.lines), self.count(each.uncertain)
            rows.append((amount, *counts, programme, whole, ""))
        if len(sums.totals) > 1:
            for currency, each in sums.of_currencies().items():
                amount = self.signed(each.total, currency)
                counts = self.count(each.lines), self.count(each.uncertain)
                rows.append((amount, *counts, self.said(message("all programmes")), whole, ""))
        heads = (
            message("new minus old"),
            message("amounts"),
            message("not certain"),
            message("programme"),
            message("question"),
            message("clauses"),
        )
        written = self._table(message("money"), heads, rows, right=3)
        counted = {decision for _, decision, _ in sums.by_clauses}
        if counted <= self._restating.wish.owed.keys():
            return written
        return f"{written}\n{self._untied()}"

    def _table(
        self,
        title: Message,
        heads: tuple[Message, ...],
        rows: Sequence[tuple[str, ...]],
        right: int = 0,
    ) -> str:
        """Write rows under heads; the first columns may be set to the right."""
        named = [self.said(each) for each in heads]
        widths = [max(len(row[index]) for row in (named, *rows)) for index in range(right)]
        every = [
            [each.rjust(widths[i]) if i < right else visible(each) for i, each in enumerate(row)]
            for row in (named, *rows)
        ]
        return f"{sentence(title, self.language)}:\n{table(every[1:], every[0])}"


def _answered(decision: str, answer: Entry, maker: Maker, policy: ValidPolicy | None) -> Answered:
    """Give recorded data as an answer, as far as its headline needs it."""
    declared = None if policy is None else policy.policy.decisions.get(decision)
    verdict, value, until = answer["verdict"], answer["value"], answer.get("until")
    kind = types.ANY if declared is None else types.required(declared.type)
    last = _value(until, types.DATE)
    made_by = Provenance(
        "", maker.version, maker.digest, {}, (), maker.engine, maker.language, date.max, None
    )
    return Answered(
        decision,
        None if verdict is None else Verdict(str(verdict)),
        _value(value, kind),
        (),
        (),
        (),
        last if isinstance(last, date) else None,
        (),
        made_by,
        policy=policy,
    )


_TEMPORAL: Final = frozenset(
    (
        types.DATE,
        types.TIME,
        types.DATE_AND_TIME,
        types.DAYS_AND_TIME_DURATION,
        types.YEARS_AND_MONTHS_DURATION,
    )
)


def _value(data: "Data", kind: types.Type) -> object:
    """Give data as the value that it was written from, where that reads better."""
    if not isinstance(data, str) or kind not in _TEMPORAL:
        return data
    if data == "never":
        return NEVER
    try:
        return temporal.parse_temporal(data)
    except Failure:
        return data
