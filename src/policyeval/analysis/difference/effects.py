"""How many transactions two versions answer otherwise, which, and by how much money."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from policyeval.analysis.difference.answers import AnswerChange, Both, Comparing, Refusal, amount
from policyeval.analysis.difference.transactions import Transaction, Unreadable
from policyeval.feel import numbers
from policyeval.policy.model import ValidPolicy


@dataclass(frozen=True, slots=True)
class Row:
    """A transaction that comes out otherwise.

    Attributes:
        name: A case's id, or the id that a line gives; None if it gives none.
        line: Of a file of transactions.
        refused_before: Why the earlier version refuses the facts, where the later does not.
        refused_after: The reverse.
    """

    name: str | None
    line: int | None
    changes: tuple[AnswerChange, ...]
    refused_before: Refusal | None = None
    refused_after: Refusal | None = None


@dataclass(slots=True)
class Money:
    """What a decision about an amount comes to, over all transactions that both versions answer.

    Attributes:
        total: New minus old, of all amounts that both have.
        changed: How many of these differ.
        appeared: How many have an amount only in the later version; `vanished` only in the earlier.
        appeared_total: Those amounts added up; likewise `vanished_total`.
    """

    total: Decimal = numbers.ZERO
    changed: int = 0
    appeared: int = 0
    appeared_total: Decimal = numbers.ZERO
    vanished: int = 0
    vanished_total: Decimal = numbers.ZERO


@dataclass(slots=True)
class Effects:
    """What two versions make of many transactions; of the rows, only the first are kept.

    Attributes:
        read: Transactions that could be read.
        changed: Those answered otherwise, or refused by one version alone.
        refused_before: Those that only the earlier version refuses; likewise `refused_after`.
        refused_by_both: Those that both refuse; they are no change.
        by_decision: Decision to how many are answered otherwise; every decision that was asked.
        money: Decisions about an amount of money.
        unreadable: Lines that could not be read; of these, too, only the first are kept.
        left_out_before: Facts that only the later version declares, and were left out for the earlier.
    """

    limit: int
    read: int = 0
    changed: int = 0
    refused_before: int = 0
    refused_after: int = 0
    refused_by_both: int = 0
    by_decision: Counter[str] = field(default_factory=Counter)
    money: dict[str, Money] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    unreadable_count: int = 0
    unreadable: list[Unreadable] = field(default_factory=list)
    left_out_before: tuple[str, ...] = ()
    left_out_after: tuple[str, ...] = ()


def effects(
    comparing: Comparing,
    transactions: Iterable[Transaction | Unreadable],
    limit: int,
    tell: Callable[[Unreadable], None] | None = None,
) -> Effects:
    """Ask both versions about transactions, one after another.

    Args:
        comparing: The two versions.
        transactions: They are not kept.
        limit: How many of those that come out otherwise are listed.
        tell: Told of each line that cannot be read.
    """
    found = Effects(limit)
    found.by_decision.update(dict.fromkeys(comparing.decisions, 0))
    found.money = {name: Money() for name in comparing.decisions if _is_money(comparing, name)}
    for each in transactions:
        if isinstance(each, Unreadable):
            _unreadable(found, each, tell)
            continue
        found.read += 1
        both = comparing.both(each.facts, each.asked_on, each.overlays)
        _count(found, both, comparing)
        if both.differ:
            found.changed += 1
            if len(found.rows) < limit:
                found.rows.append(_row(each, both))
    found.left_out_before = tuple(comparing.before.left_out)
    found.left_out_after = tuple(comparing.after.left_out)
    return found


def _unreadable(
    found: Effects, line: Unreadable, tell: Callable[[Unreadable], None] | None
) -> None:
    found.unreadable_count += 1
    if len(found.unreadable) < found.limit:
        found.unreadable.append(line)
    if tell is not None:
        tell(line)


def _count(found: Effects, both: Both, comparing: Comparing) -> None:
    one, other = both.before.refusal, both.after.refusal
    if one is not None or other is not None:
        found.refused_by_both += one is not None and other is not None
        found.refused_before += other is None
        found.refused_after += one is None
        return
    found.by_decision.update(each.decision for each in both.changes)
    for name, money in found.money.items():
        before = amount(both.before.answers[comparing.decisions[name]])
        after = amount(both.after.answers[name])
        _add(money, before, after)


def _add(money: Money, before: Decimal | None, after: Decimal | None) -> None:
    if before is not None and after is not None:
        money.changed += before != after
        money.total = numbers.add(money.total, numbers.subtract(after, before))
    elif after is not None:
        money.appeared += 1
        money.appeared_total = numbers.add(money.appeared_total, after)
    elif before is not None:
        money.vanished += 1
        money.vanished_total = numbers.add(money.vanished_total, before)


def _row(transaction: Transaction, both: Both) -> Row:
    return Row(
        transaction.name,
        transaction.line,
        both.changes,
        both.before.refusal,
        both.after.refusal,
    )


def _is_money(comparing: Comparing, name: str) -> bool:
    def format_of(valid: ValidPolicy, decision: str) -> str | None:
        return valid.policy.decisions[decision].format

    earlier = comparing.decisions[name]
    formats = {
        format_of(comparing.before.valid, earlier),
        format_of(comparing.after.valid, name),
    }
    return "money" in formats
