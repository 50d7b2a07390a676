"""Threads ask while versions are swapped under them: every answer is one that a version gives, whole."""

import json
import os
import sys
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from threading import Barrier, Thread

import pytest

from policyeval.store import Outcome, PolicyStore
from tests.store.made_policies import PROGRAMME, point, write

ASKED_ON = date(2024, 2, 1)
THREADS = 8
LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
SWAPS = 10_000 if LONG else 1_000
NEW = 20
"""After so many swaps between two releases, one of them is written anew."""
BAD = 2 if LONG else 20
"""After so many swaps, a release is put in place that cannot be used."""


@pytest.fixture
def _changing_threads_often() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-4)
    yield
    sys.setswitchinterval(before)


class Asking(Thread):
    """Asks in every second round; a round begins when a swap does.

    Attributes:
        seen: Of each answer, the generations that were in force before and after; the number of the
            version, as two decisions give it; and the digest of the version that it says it is from.
    """

    def __init__(self, store: PolicyStore, rounds: Barrier, turn: int) -> None:
        super().__init__(daemon=True)
        self.turn = turn
        self.store, self.rounds, self.is_over = store, rounds, False
        self.seen: list[tuple[int, int, object, object, object]] = []

    def run(self) -> None:
        while True:
            self.rounds.wait()
            if self.is_over:
                return
            self.turn += 1
            if self.turn % 2:
                continue
            ask = self.evaluate if self.turn % 4 else self.decide
            before = self.store.current.generation
            answer = ask()
            self.seen.append((before, self.store.current.generation, *answer))

    def evaluate(self) -> tuple[object, object, object]:
        evaluation = self.store.evaluate(PROGRAMME, {"amount": 0}, asked_on=ASKED_ON)
        first, second = evaluation["first"], evaluation["second"]
        return first.value, second.value, second.provenance.digest

    def decide(self) -> tuple[object, object, object]:
        written = self.store.decide(PROGRAMME, {"amount": 0}, asked_on=ASKED_ON)
        record = json.loads(written, parse_int=Decimal)
        (maker,) = record["made_by"]
        answers = record["answers"]
        return answers["first"]["value"], answers["second"]["value"], maker["digest"]


@pytest.mark.long
@pytest.mark.usefixtures("_changing_threads_often")
def test_no_answer_is_torn_while_versions_are_swapped_a_thousand_times(tmp_path: Path) -> None:
    releases = [tmp_path / "even", tmp_path / "odd"]
    current, bad = tmp_path / "current", tmp_path / "bad"
    numbers = [2, 1]  # of the version in each release
    for release, number in zip(releases, numbers, strict=True):
        write(release, number)
    write(bad, 0, bad=True)
    point(current, releases[1])
    released: dict[int, tuple[int, str]] = {}  # generation to the version's number and digest

    def taken(outcome: Outcome) -> None:
        if outcome.kind == "loaded":
            (version,) = outcome.loaded.policies.versions(PROGRAMME).versions
            generation = outcome.loaded.generation
            released[generation] = numbers[generation % 2], version.policy.digest

    with PolicyStore(current, watch=False, prepare=False, on_change=taken) as store:
        rounds = Barrier(THREADS + 1)
        threads = [Asking(store, rounds, turn) for turn in range(THREADS)]
        for each in threads:
            each.start()
        for generation in range(2, SWAPS + 2):
            which = generation % 2
            if generation % NEW in {0, 1}:
                numbers[which] = generation
                write(releases[which], generation)
            if generation % BAD == 0:
                write(bad, generation, bad=True)
                point(current, bad)
                assert store.reload().kind == "refused"
            point(current, releases[which])
            rounds.wait()
            assert store.reload().kind == "loaded"
        for each in threads:
            each.is_over = True
        rounds.wait()
        for each in threads:
            each.join()
        assert store.status.generation == SWAPS + 1
        assert store.status.refused == SWAPS // BAD
    seen = [answer for each in threads for answer in each.seen]
    assert len(seen) == THREADS * SWAPS // 2
    for before, after, first, second, digest in seen:
        assert first == second, "an answer of two versions"
        in_force = [released[generation] for generation in range(before, after + 1)]
        assert (first, digest) in in_force, "an answer of none that was in force"
    assert len({before for before, after, *_ in seen if before != after}) > SWAPS // 100
