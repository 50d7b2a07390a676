"""What other answers are in money: signed amounts with their clauses, and their sums, to the last digit.

An amount is one for certain or it is not. It is nothing where the terms say that there is none: where
the question lies outside them, or where a question on which the amount was made to depend is answered
no. Where the answer is still open before or after, there is no difference that could be added up.
"""

import decimal
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Context, Decimal
from typing import Final

from policyeval.analysis.restating.payloads import Entry, Payload, clauses_of
from policyeval.evaluation.parts import Verdict

# Wide enough for every sum of numbers that there are (`feel.numbers`): what would round is a mistake.
_EXACT: Final = Context(
    prec=20_000,
    Emin=-999_999,
    Emax=999_999,
    flags=[],
    traps=[decimal.InvalidOperation, decimal.Inexact, decimal.Rounded],
)
_NOTHING: Final = Decimal(0)
_NO_AMOUNT: Final = frozenset({Verdict.NO, Verdict.NOT_COVERED})


@dataclass(frozen=True, slots=True)
class Uncertain:
    """Why an amount is not certain.

    Attributes:
        verdict: Of the amount, or of the question that it depends on; None: that was not asked.
    """

    verdict: str | None


Amount = Decimal | Uncertain


@dataclass(frozen=True, slots=True)
class MoneyLine:
    """An amount that is another one now.

    Attributes:
        clauses: What the amount rests on, and what decides that it is owed, in order.
        currency: ISO 4217; None where the programme states none.
        version_before: None where no version was in force; likewise `version_after`.
    """

    programme: str
    decision: str
    before: Amount
    after: Amount
    clauses: tuple[str, ...]
    currency: str | None
    version_before: str | None
    version_after: str | None

    @property
    def difference(self) -> Decimal | None:
        """New minus old; None where one of them is not certain."""
        if isinstance(self.before, Decimal) and isinstance(self.after, Decimal):
            return _EXACT.subtract(self.after, self.before)
        return None


@dataclass(frozen=True, slots=True)
class AmountOf:
    """A decision about an amount.

    Attributes:
        currency: Of the programme; None where it states none.
        owed: The yes-or-no question that must be answered yes for the amount to count; None: none.
    """

    decision: str
    currency: str | None = None
    owed: str | None = None


def amount(answer: Entry, owed: Entry | None, *, depends: bool) -> Amount:
    """Give the amount that an answer is.

    Args:
        answer: Of a decision about an amount.
        owed: The answer to the question that it depends on; None if that was not asked.
        depends: Whether it depends on one.
    """
    if depends:
        if owed is None:
            return Uncertain(None)
        if owed["verdict"] in _NO_AMOUNT:
            return _NOTHING
        if owed["verdict"] != Verdict.YES:
            return Uncertain(str(owed["verdict"]))
    match answer["verdict"], answer["value"]:
        case None, Decimal() as value:
            return value
        case None, _:  # the terms give no amount, or one that never comes about
            return _NOTHING
        case Verdict.NOT_COVERED, _:
            return _NOTHING
        case verdict, _:
            return Uncertain(str(verdict))


def money_line(about: AmountOf, before: Payload, after: Payload) -> MoneyLine | None:
    """Compare an amount with what it was; None if it is the same, or as uncertain as it was.

    Args:
        about: A decision about an amount that both evaluations have.
        before: What was answered.
        after: What is answered now.
    """
    name, owed = about.decision, about.owed
    answers = before.answers[name], after.answers[name]
    question = (None, None) if owed is None else (before.answers.get(owed), after.answers.get(owed))
    one, other = (
        amount(answer, asked, depends=owed is not None)
        for answer, asked in zip(answers, question, strict=True)
    )
    if one == other:
        return None
    return MoneyLine(
        after.programme,
        name,
        one,
        other,
        _clauses(answers, question),
        about.currency,
        before.maker(name).version,
        after.maker(name).version,
    )


def _clauses(
    answers: tuple[Entry, Entry], question: tuple[Entry | None, Entry | None]
) -> tuple[str, ...]:
    """Give the clauses of an amount, and those by which it is owed now, or was not, or the reverse.

    The clauses of the amount are those of today, or where it has none now those of then. Of the
    question that it depends on, the side that refuses says why: a yes rests on all there is.
    """
    cited = dict.fromkeys(clauses_of(answers[1]) or clauses_of(answers[0]))
    before, after = question
    if before is not None and after is not None and before["verdict"] != after["verdict"]:
        for each in (before, after):
            if each["verdict"] != Verdict.YES:
                cited.update(dict.fromkeys(clauses_of(each)))
    return natural(cited)


def natural(clauses: Iterable[str]) -> tuple[str, ...]:
    """Put clauses into the order in which one counts: `2`, `4.2`, `4.10`."""
    return tuple(sorted(clauses, key=_parts))


def _parts(clause: str) -> tuple[tuple[int, int, str], ...]:
    found = re.findall(r"[0-9]{1,9}|[^0-9]+", clause)
    return tuple((0, int(each), "") if each.isdecimal() else (1, 0, each) for each in found)


# ---------------------------------------------------------------------- sums

Key = tuple[str, str, tuple[str, ...]]
"""Programme, decision, clauses."""


@dataclass(slots=True)
class Sum:
    """Lines of the same kind, added up.

    Attributes:
        total: New minus old.
        lines: How many differences were added.
        uncertain: How many amounts are not certain before or after; they are not in the total.
    """

    total: Decimal = _NOTHING
    lines: int = 0
    uncertain: int = 0

    def add(self, line: MoneyLine) -> None:
        """Add a line."""
        difference = line.difference
        if difference is None:
            self.uncertain += 1
        else:
            self.lines += 1
            self.total = _EXACT.add(self.total, difference)


@dataclass(slots=True)
class Sums:
    """Money lines added up; as many sums are kept as there are kinds, whatever the number of lines.

    Attributes:
        by_clauses: Each line is in one of these sums, so that they add up to the totals.
        totals: Programme to its sum.
        currencies: Programme to its currency.
    """

    by_clauses: dict[Key, Sum] = field(default_factory=dict)
    totals: dict[str, Sum] = field(default_factory=dict)
    currencies: dict[str, str | None] = field(default_factory=dict)

    def add(self, line: MoneyLine) -> None:
        """Add a line."""
        key = (line.programme, line.decision, line.clauses)
        self.by_clauses.setdefault(key, Sum()).add(line)
        self.totals.setdefault(line.programme, Sum()).add(line)
        self.currencies[line.programme] = line.currency

    def kinds(self) -> Iterator[tuple[Key, Sum]]:
        """Give the sums by programme, decision and clauses, in order."""
        yield from sorted(
            self.by_clauses.items(),
            key=lambda each: (each[0][0], each[0][1], [_parts(clause) for clause in each[0][2]]),
        )

    def of_currencies(self) -> Mapping[str, Sum]:
        """Give what programmes of the same currency come to; those without one are not added up."""
        found: dict[str, Sum] = {}
        for programme, each in self.totals.items():
            currency = self.currencies[programme]
            if currency is not None:
                whole = found.setdefault(currency, Sum())
                whole.total = _EXACT.add(whole.total, each.total)
                whole.lines += each.lines
                whole.uncertain += each.uncertain
        return found
