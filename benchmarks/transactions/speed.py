"""How long an answer takes, beside the same by hand: the first part of the benchmark."""

import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from math import ceil
from operator import itemgetter
from time import perf_counter_ns, process_time
from typing import TypeVar

from benchmarks.transactions.drawing import Transaction
from benchmarks.transactions.subjects import Subject
from benchmarks.transactions.turns import no_collection, taken
from benchmarks.twins import referral_remembering
from policyeval import Evaluation
from policyeval.evaluation.model import Verdict

T = TypeVar("T")
Asked = tuple[dict[str, object], date]
Ask = Callable[[dict[str, object], date], object]


@dataclass(frozen=True, slots=True)
class Effort:
    """How long to measure.

    Attributes:
        rounds: The most turns that two functions take.
        seconds: CPU time that a comparison takes, roughly.
    """

    rounds: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Row:
    """One comparison.

    Attributes:
        programme: What the programme is called.
        what: What was measured; for readers.
        microseconds: For a transaction, median of the rounds.
        by_hand: The same of the twin.
        ratio: Median of the rounds' ratios.
        target: What the ratio is to be at most, if anything.
    """

    programme: str
    what: str
    microseconds: float
    by_hand: float
    ratio: float
    target: float | None = None


@dataclass(frozen=True, slots=True)
class Slow:
    """What transactions take that leave something open, beside complete ones.

    Attributes:
        explored: The share of the drawn ones for which all that may still be was gone through.
        slow: Microseconds of these, at the median.
        slowest: The same, of nine in ten at most.
        fast: Microseconds of complete ones, at the median.
        complete: The share of complete ones for which the same had to be done.
        count: How many slow ones were measured.
    """

    programme: str
    explored: float
    slow: float
    slowest: float
    fast: float
    complete: float
    count: int
    target: float = 60

    @property
    def ratio(self) -> float:
        """How many fast ones a slow one takes, at the median."""
        return self.slow / self.fast


DICT = "typed dict → Evaluation"
READ = "… every verdict and value read"
NEW = "… of transactions never seen before"
REASONS = "… every reason of a NO read"
PROGRAM = "… by `Program.evaluate`"
JSON = "JSON → JSON"
REMEMBERING = "by hand, sums of dates remembered"
LOOK_UP = "facts looked up, nothing else"


def rows(subject: Subject, transactions: Sequence[Transaction], effort: Effort) -> Iterator[Row]:
    """Measure a programme, one comparison after the other."""
    policies, programme, twin = subject.policies(), subject.programme, subject.twin
    asked: list[Asked] = [(each.facts, each.asked_on) for each in transactions]

    def evaluate(facts: dict[str, object], day: date) -> Evaluation:
        return policies.evaluate(programme, facts, asked_on=day)

    def read(facts: dict[str, object], day: date) -> None:
        for answer in policies.evaluate(programme, facts, asked_on=day).values():
            _ = answer.verdict, answer.value

    def reasons(facts: dict[str, object], day: date) -> None:
        for answer in policies.evaluate(programme, facts, asked_on=day).values():
            if answer.verdict is Verdict.NO:
                _ = [each.rule for each in answer.reasons]

    yield _row(subject, DICT, [twin, evaluate], asked, effort, target=0.8)
    yield _row(subject, READ, [twin, read], asked, effort)
    yield _never_seen(subject, evaluate, len(asked), effort)
    yield _row(subject, REASONS, [twin, reasons], asked, effort)
    yield _by_program(subject, asked, effort)
    if subject.name == "referral":
        yield _row(subject, REMEMBERING, [twin, referral_remembering.decide], asked, effort)
        yield _row(subject, LOOK_UP, [twin, referral_remembering.look_up], asked, effort)
    json_twin, raw = subject.json_twin(), [(each.raw, each.asked_on) for each in transactions]

    def decide(facts: bytes, day: date) -> bytes:
        return policies.decide(programme, facts, asked_on=day)

    yield _row(subject, JSON, [json_twin, decide], raw, effort, target=1.0)


def _row(
    subject: Subject,
    what: str,
    functions: Sequence[Callable[[T, date], object]],
    asked: Sequence[tuple[T, date]],
    effort: Effort,
    *,
    target: float | None = None,
) -> Row:
    """Let the twin, which comes first, and another take turns over the same transactions."""
    few = asked[:: max(1, len(asked) // 40)]
    begun = process_time()
    for each in functions:
        _all(each, few)
    taking = (process_time() - begun) * len(asked) / len(few)
    # What is slow is measured with fewer transactions, and at least three rounds.
    step = min(len(asked) // 100, max(1, ceil(3 * taking / effort.seconds))) or 1
    asked = asked[::step]
    rounds = max(3, min(effort.rounds, int(effort.seconds / taking * step)))
    found = taken([partial(_all, each, asked) for each in functions], rounds)
    return Row(
        subject.name,
        what,
        found.median(1) / len(asked) * 1e6,
        found.median(0) / len(asked) * 1e6,
        found.ratio(1),
        target,
    )


def _all(function: Callable[[T, date], object], asked: Sequence[tuple[T, date]]) -> None:
    for facts, day in asked:
        function(facts, day)


def _never_seen(subject: Subject, evaluate: Ask, count: int, effort: Effort) -> Row:
    """Measure with other transactions in each round, so that nothing is remembered of them."""
    hand: list[float] = []
    ours: list[float] = []
    while len(ours) < 3 or (len(ours) < effort.rounds and sum(ours) + sum(hand) < effort.seconds):
        turn = len(ours)
        drawn = [(each.facts, each.asked_on) for each in subject.complete(count, 1_000 + turn)]
        both = [(hand, subject.twin), (ours, evaluate)]
        with no_collection():
            for seconds, function in both if turn % 2 else reversed(both):
                begun = process_time()
                _all(function, drawn)
                seconds.append(process_time() - begun)
    ratio = statistics.median(one / other for one, other in zip(ours, hand, strict=True))
    by_hand, microseconds = (statistics.median(each) / count * 1e6 for each in (hand, ours))
    return Row(subject.name, NEW, microseconds, by_hand, ratio)


def _by_program(subject: Subject, asked: Sequence[Asked], effort: Effort) -> Row:
    """Measure the newest version by itself, with the transactions that it answers as all together do."""
    policies = subject.policies()
    program = policies.program(subject.programme, on=asked[-1][1])
    own = [
        (facts, day)
        for facts, day in asked
        if _outcomes(policies.evaluate(subject.programme, facts, asked_on=day))
        == _outcomes(program.evaluate(facts, asked_on=day))
    ]

    def evaluate(facts: dict[str, object], day: date) -> Evaluation:
        return program.evaluate(facts, asked_on=day)

    return _row(subject, PROGRAM, [subject.twin, evaluate], own, effort)


def _outcomes(found: Evaluation) -> list[tuple[object, object]]:
    return [(each.verdict, each.value) for each in found.values()]


def slow(
    subject: Subject, complete: Sequence[Transaction], drawn: Sequence[Transaction], seconds: float
) -> Slow:
    """Measure transactions that leave something open, each by itself, for some seconds at most."""
    policies = subject.policies()

    def once(each: Transaction) -> tuple[float, Evaluation]:
        begun = perf_counter_ns()
        found = policies.evaluate(subject.programme, each.facts, asked_on=each.asked_on)
        for answer in found.values():
            _ = answer.verdict, answer.value
        return (perf_counter_ns() - begun) / 1e3, found

    found: list[float] = []
    begun, seen = process_time(), 0
    with no_collection():
        for each in drawn:
            took, evaluation = once(each)
            seen += 1
            if evaluation.explored:
                found.append(min(took, once(each)[0]))
            if process_time() - begun > seconds:
                break
        fast = [_quickest([once(each) for _ in range(3)]) for each in complete]
    found.sort()
    return Slow(
        subject.name,
        len(found) / seen,
        statistics.median(found),
        found[int(len(found) * 0.9)],
        statistics.median(took for took, _ in fast),
        sum(bool(evaluation.explored) for _, evaluation in fast) / len(fast),
        len(found),
    )


def _quickest(found: Sequence[tuple[float, Evaluation]]) -> tuple[float, Evaluation]:
    return min(found, key=itemgetter(0))


def missed(rows: Sequence[Row], slow: Sequence[Slow]) -> Iterator[str]:
    """Name each target that was missed."""
    for row in rows:
        if row.target is not None and row.ratio > row.target:
            yield f"{row.programme}, {row.what}: {row.ratio:.2f}, at most {row.target}"
    for each in slow:
        if each.ratio > each.target:
            yield f"{each.programme}, something open: {each.ratio:.0f}, at most {each.target:.0f}"
