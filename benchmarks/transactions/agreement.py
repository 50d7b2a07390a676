"""Whether the evaluator and the twins give the same answers, and how often each answer comes up."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from json import loads
from typing import Any

from benchmarks.transactions.drawing import Transaction
from benchmarks.transactions.subjects import JsonTwin, Subject
from policyeval.evaluation.model import Answer, Verdict

RULES = frozenset({"requirement", "exclusion"})


@dataclass(frozen=True, slots=True)
class Said:
    """What is compared of an answer.

    Attributes:
        verdict: `VALUE` where there is a value of a type other than boolean.
        reasons: The rules that a NO is due to.
    """

    verdict: str
    value: object
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """An answer that the twin gives differently."""

    transaction: Transaction
    question: str
    ours: Said | None
    by_hand: Said | None

    def __str__(self) -> str:
        facts = "".join(
            f"\n      {name}: {each!r}" for name, each in self.transaction.facts.items()
        )
        return (
            f"{self.question}\n  ours:    {self.ours}\n  by hand: {self.by_hand}"
            f"\n  asked on {self.transaction.asked_on} about{facts}"
        )


def differences(subject: Subject, transactions: Sequence[Transaction]) -> Iterator[Difference]:
    """Ask both about values of Python and compare every answer."""
    policies = subject.policies()
    for each in transactions:
        ours = policies.evaluate(subject.programme, each.facts, asked_on=each.asked_on)
        by_hand = subject.twin(each.facts, each.asked_on)
        yield from _compared(
            each,
            {name: said(answer) for name, answer in ours.items()},
            {
                name: Said(answer.verdict, answer.value, tuple(answer.reasons))
                for name, answer in by_hand.items()
            },
        )


def differences_in_json(
    subject: Subject, transactions: Sequence[Transaction], twin: JsonTwin
) -> Iterator[Difference]:
    """Ask both about JSON and compare every answer as it is written."""
    policies = subject.policies()
    for each in transactions:
        raw = each.raw
        ours = policies.decide(subject.programme, raw, asked_on=each.asked_on)
        yield from _compared(
            each,
            {name: _of_record(answer) for name, answer in read_json(ours)["answers"].items()},
            {
                name: Said(answer["verdict"], answer["value"], tuple(answer["reasons"]))
                for name, answer in read_json(twin(raw, each.asked_on)).items()
            },
        )


def said(answer: Answer) -> Said:
    """Give what is compared of an answer of ours."""
    reasons: tuple[str, ...] = ()
    if answer.verdict is Verdict.NO:
        reasons = tuple(each.rule for each in answer.reasons if each.kind in RULES)
    return Said(answer.verdict or "VALUE", answer.value, reasons)


def shares(subject: Subject, transactions: Sequence[Transaction]) -> Mapping[str, float]:
    """Give the share of transactions, by `question VERDICT` and by `question rule`, as the twin sees it."""
    found: Counter[str] = Counter()
    for each in transactions:
        for name, answer in subject.twin(each.facts, each.asked_on).items():
            found[f"{name} {answer.verdict}"] += 1
            for rule in answer.reasons:
                found[f"{name} {rule}"] += 1
    return {name: count / len(transactions) for name, count in sorted(found.items())}


def _compared(
    transaction: Transaction, ours: Mapping[str, Said], by_hand: Mapping[str, Said]
) -> Iterator[Difference]:
    for name in dict.fromkeys((*ours, *by_hand)):
        if ours.get(name) != by_hand.get(name):
            yield Difference(transaction, name, ours.get(name), by_hand.get(name))


def read_json(raw: bytes) -> Any:
    """Read JSON, with numbers as decimals."""
    return loads(raw, parse_float=Decimal, parse_int=Decimal)


def _of_record(answer: Any) -> Said:
    reasons: tuple[str, ...] = ()
    if answer["verdict"] == "NO":
        reasons = tuple(each["rule"] for each in answer["reasons"] if each["kind"] in RULES)
    return Said(answer["verdict"] or "VALUE", answer["value"], reasons)
