"""Batches decided in their order: by this process, or by several others that are given one at a time.

Each worker has a pipe of its own, of which nobody else has an end: when this process ends in whatever
way, the worker reads the end of its pipe and ends too; when a worker ends, so does what it was to
send. No more than one batch is with a worker, so neither ever waits for the other to take what it
sends; results that are done before their turn are kept, up to a bound.
"""

import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Final

from policyeval.errors import PolicyEvalError
from policyeval.evaluator.policies import PolicySet
from policyeval.messages import message
from policyeval.policy.cache import user_cache
from policyeval.policy.repository import read_folder
from policyeval.streams.deciding import Decider, Question
from policyeval.streams.model import StreamError
from policyeval.streams.policies import digest_of
from policyeval.streams.reading import Batch, Reader
from policyeval.streams.results import Result, Wording, result

Done = tuple[Batch, Result]

_AHEAD: Final = 4
"""Batches per worker that are with one, or done before their turn."""

_PATIENCE: Final = 5.0
"""Seconds in which a worker that has nothing more to do should have ended."""


def here(decider: Decider, wording: Wording, reader: Reader) -> Iterator[Done]:
    """Decide batches in this process."""
    while (batch := reader.batch()) is not None:
        yield batch, result(decider, wording, batch.first, batch.lines)


@dataclass(frozen=True, slots=True)
class Task:
    """What a worker needs to begin.

    Attributes:
        folder: Of the policies.
        digest: What they were when the run began.
    """

    folder: Path
    digest: str
    question: Question
    wording: Wording


def task_of(policies: PolicySet, question: Question, wording: Wording) -> Task:
    """Say what workers need to decide by the same policies."""
    library = policies.library
    folder = library.root.joinpath(*library.part[:1])
    return Task(folder, digest_of(policies, question.programme), question, wording)


class Worker:
    """Another process that decides batches."""

    def __init__(self, task: Task) -> None:
        context = get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process: BaseProcess = context.Process(target=_work, args=(theirs, task), daemon=True)
        self.index = 0
        self.batch: Batch | None = None
        self.process.start()
        theirs.close()

    def give(self, index: int, batch: Batch) -> None:
        """Let it decide a batch.

        Raises:
            StreamError: It has ended.
        """
        self.index, self.batch = index, batch
        try:
            self.pipe.send((batch.first, batch.lines))
        except OSError:
            raise self._lost() from None

    def take(self) -> Done:
        """Wait for what became of its batch.

        Raises:
            StreamError: It has ended, or the policies are no longer the same.
            PolicyEvalError: Whatever it met that concerns more than a line.
        """
        batch = self.batch
        assert batch is not None, "only a worker that has a batch is asked"
        try:
            found: object = self.pipe.recv()
        except (EOFError, OSError):
            raise self._lost() from None
        if isinstance(found, PolicyEvalError):
            raise found
        assert isinstance(found, Result)
        self.batch = None
        return batch, found

    def _lost(self) -> StreamError:
        assert self.batch is not None
        first, last = self.batch.first, self.batch.end.line
        return StreamError(
            message(
                "a worker process was ended from outside while it had lines {first} to {last}",
                first=first,
                last=last,
            ),
            begun=True,
        )


def elsewhere(task: Task, reader: Reader, processes: int) -> Iterator[Done]:
    """Decide batches in other processes; results come in the order of the lines.

    Raises:
        StreamError: A worker has ended, or the policies are no longer the same.
        PolicyEvalError: Whatever a worker met that concerns more than a line.
    """
    with _workers(task, processes) as workers:
        done: dict[int, Done] = {}
        given = taken = 0
        ended = False
        while True:
            idle = [each for each in workers if each.batch is None]
            while idle and not ended and given - taken < _AHEAD * processes:
                # What is done is not held back while the input makes us wait.
                batch = reader.batch(wait=given == taken)
                if batch is None:
                    ended = True
                elif batch.lines:
                    idle.pop().give(given, batch)
                    given += 1
                else:
                    break
            if given == taken:
                return
            for worker in _finished(workers):
                done[worker.index] = worker.take()
            while taken in done:
                yield done.pop(taken)
                taken += 1


def _finished(workers: Sequence[Worker]) -> Iterator[Worker]:
    """Wait until a worker is done with its batch."""
    busy = {id(each.pipe): each for each in workers if each.batch is not None}
    for pipe in wait([each.pipe for each in busy.values()]):
        yield busy[id(pipe)]


@contextmanager
def _workers(task: Task, processes: int) -> Iterator[Sequence[Worker]]:
    workers: list[Worker] = []
    try:
        with _deaf_to_interruption():
            workers += (Worker(task) for _ in range(processes))
        yield workers
    except BaseException:
        for each in workers:
            each.process.terminate()
        raise
    finally:
        for each in workers:
            each.pipe.close()
        for each in workers:
            each.process.join(_PATIENCE)
            if each.process.exitcode is None:
                each.process.kill()
                each.process.join()


@contextmanager
def _deaf_to_interruption() -> Iterator[None]:
    """Let processes that are begun not hear of Ctrl-C: it is for the one that began them to end them."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


# ------------------------------------------------------------------------------- in the other process


def _work(pipe: "Connection[object, tuple[int, tuple[bytes, ...]]]", task: Task) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    begun = _begun(task)
    try:
        while True:
            first, lines = pipe.recv()
            pipe.send(_answered(begun, task.wording, first, lines))
    except (EOFError, OSError):
        sys.exit()  # nobody wants any more


def _begun(task: Task) -> Decider | PolicyEvalError:
    try:
        library = read_folder(task.folder, cache=user_cache())
        library.refuse()
        policies = PolicySet(library)
        if digest_of(policies, task.question.programme) == task.digest:
            return Decider(policies, task.question)
        return StreamError(message("the policies were changed while the run began"))
    except PolicyEvalError as error:
        return error


def _answered(
    begun: Decider | PolicyEvalError, wording: Wording, first: int, lines: tuple[bytes, ...]
) -> Result | PolicyEvalError:
    if not isinstance(begun, Decider):
        return begun
    try:
        return result(begun, wording, first, lines)
    except PolicyEvalError as error:
        return error
