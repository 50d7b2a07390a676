"""How many answers a second come from several threads, and from several processes."""

from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import cache
from multiprocessing import get_context
from statistics import median
from time import perf_counter

from benchmarks.transactions.subjects import SUBJECTS, Subject

_PASSES = 3


@dataclass(frozen=True, slots=True)
class Rate:
    """Evaluations in a second of the clock.

    Attributes:
        of: `thread` or `process`.
    """

    programme: str
    workers: int
    of: str
    per_second: float


def rates(subject: Subject, count: int, rounds: int) -> list[Rate]:
    """Measure one worker and two, as threads and as processes."""
    found = []
    for of, pool in (("thread", _threads), ("process", _processes)):
        for workers in (1, 2):
            with pool(workers) as executor:
                found.append(
                    Rate(
                        subject.name, workers, of, _rate(executor, subject, workers, count, rounds)
                    )
                )
    return found


def _threads(workers: int) -> Executor:
    return ThreadPoolExecutor(workers)


def _processes(workers: int) -> Executor:
    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"))


def _rate(executor: Executor, subject: Subject, workers: int, count: int, rounds: int) -> float:
    """Give the median of the rounds; the first, in which processes load their policies, does not count."""
    names, counts = [subject.name] * workers, [count] * workers
    seconds = []
    for turn in range(rounds + 1):
        begun = perf_counter()
        done = sum(executor.map(work, names, counts))
        if turn:
            seconds.append((perf_counter() - begun) / done)
    return 1 / median(seconds)


def work(name: str, count: int) -> int:
    """Answer transactions, and give how many answers there were."""
    subject = _subject(name)
    evaluate, programme = subject.policies().evaluate, subject.programme
    asked = _asked(name, count)
    for _ in range(_PASSES):
        for facts, day in asked:
            evaluate(programme, facts, asked_on=day)
    return _PASSES * len(asked)


@cache
def _asked(name: str, count: int) -> list[tuple[dict[str, object], date]]:
    """Draw once in each process, so that drawing is not measured."""
    return [(each.facts, each.asked_on) for each in _subject(name).complete(count, 1)]


def _subject(name: str) -> Subject:
    return next(each for each in SUBJECTS if each.name == name)
