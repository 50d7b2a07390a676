"""Several processes decide, and the lines come in their order; one that dies is told, not waited for."""

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from multiprocessing import active_children

import pytest

from policyeval.errors import PolicyError
from policyeval.evaluator.policies import PolicySet
from policyeval.streams import working
from policyeval.streams.deciding import Decider, Question
from policyeval.streams.model import StreamError
from policyeval.streams.reading import Reader
from policyeval.streams.results import Wording
from policyeval.streams.working import Done, Task, elsewhere, here, task_of
from tests.cli.facts import as_json
from tests.streams.echo import ASKED_ON, NAME, ONE, Echo, pieces

QUESTION = Question(NAME, ASKED_ON, decisions=ONE)
LINES = b"".join(
    b"\n" if n % 9 == 5 else b"[]\n" if n % 5 == 3 else as_json(order_amount=n + 1) + b"\n"
    for n in range(24)
)


@pytest.fixture
def task(policies: PolicySet) -> Task:
    return task_of(policies, QUESTION, Wording("sv"))


def reader() -> Reader:
    return Reader(pieces(LINES, 900))


def joined(results: Iterator[Done]) -> tuple[bytes, bytes]:
    every = list(results)
    for before, after in pairwise(batch for batch, _ in every):
        assert after.first == before.end.line + 1
    return b"".join(each.output for _, each in every), b"".join(e.rejected for _, e in every)


def test_several_processes_give_what_one_does(policies: PolicySet, task: Task) -> None:
    alone = joined(here(Decider(policies, QUESTION), Wording("sv"), reader()))
    given = joined(elsewhere(task, _eager(LINES), 2))
    assert given == alone
    assert json.loads(alone[1].splitlines()[0])["problems"][0]["message"] != ""
    assert active_children() == []


def _eager(whole: bytes) -> Reader:
    """Give a reader with small batches that never has to be waited for."""
    lines = whole.splitlines(keepends=True)
    groups = [b"".join(lines[at : at + 3]) for at in range(0, len(lines), 3)]
    asked = [False]

    def read(_most: int) -> bytes:
        asked[0] = True
        return groups.pop(0) if groups else b""

    def ready() -> bool:
        # Once per batch: a batch ends where nothing more is there at once.
        asked[0] = not asked[0]
        return asked[0]

    return Reader(read, ready)


@pytest.mark.parametrize("several", [False, True])
def test_what_is_decided_is_given_before_more_is_waited_for(several: bool, task: Task) -> None:
    given: list[int] = []

    def read(_most: int) -> bytes:
        # The next line comes only when the answer to the one before has been seen.
        line = read_so_far[0]
        assert given == list(range(1, line + 1))
        read_so_far[0] += 1
        return b"[]\n" if line < 3 else b""

    read_so_far = [0]
    lines = Reader(read, lambda: False)
    results = elsewhere(task, lines, 2) if several else here(Echo(), Wording(), lines)
    for batch, _ in results:
        given.append(batch.end.line)
    assert given == [1, 2, 3]


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_worker_that_is_killed_ends_the_run_with_the_lines_that_it_had(
    when: str, task: Task
) -> None:
    number = [0]

    def read(_most: int) -> bytes:
        number[0] += 1
        if when == "before" and number[0] == 1:
            for each in active_children():
                each.kill()
                each.join()
        return b"[]\n" * 400

    def take_all() -> None:
        for at, _ in enumerate(elsewhere(task, Reader(read), 2)):
            if at == 1 and when == "after":
                for each in active_children():
                    each.kill()
            assert at < 50

    with pytest.raises(StreamError, match=r"had lines \d+ to \d+") as ended:
        take_all()
    assert ended.value.begun
    assert active_children() == []


def test_results_that_nobody_wants_any_more_end_the_workers(task: Task) -> None:
    results = elsewhere(task, Reader(lambda _: b"[]\n" * 400), 1)
    next(results)
    assert len(active_children()) == 1
    results.close()  # type: ignore[attr-defined]  # it is a generator
    assert active_children() == []


def test_workers_decide_by_the_same_policies_or_not_at_all(task: Task) -> None:
    changed = replace(task, digest="0" * 64)
    with pytest.raises(StreamError, match="the policies were changed"):
        list(elsewhere(changed, reader(), 1))
    missing = replace(task, folder=task.folder / "nowhere")
    assert isinstance(working._begun(missing), PolicyError)
