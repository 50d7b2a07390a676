"""Complete transactions, answered: compiled when first asked, run once per transaction."""

from threading import Lock

from policyeval.backends.complete.assembling import (
    NOT_SO_SIMPLE,
    Decide,
    Governed,
    Result,
    Task,
    Told,
    assemble,
)
from policyeval.backends.complete.forms import REFUSALS
from policyeval.backends.complete.given import Manner, NotWrittenError
from policyeval.backends.complete.ways import TooManyWaysError
from policyeval.backends.python.units import Surroundings
from policyeval.facts.clock import Clock
from policyeval.facts.refusal import Refused

__all__ = ["ENDS", "Complete", "Decide", "Governed", "Manner", "Result", "Task", "Told"]

ENDS = (*NOT_SO_SIMPLE, *REFUSALS, KeyError, Refused)
"""What a function may end in: a transaction that is for others to answer."""

_MOST_FUNCTIONS = 64


class Complete:
    """Terms for complete transactions; immutable in effect and safe to share between threads."""

    def __init__(self, around: Surroundings, clock: Clock) -> None:
        self._around = around
        self._clock = clock
        self._functions: dict[Task, Decide | None] = {}
        self._lock = Lock()

    def function(self, task: Task) -> Decide | None:
        """Give the function that does a task, or None if it cannot be written as one."""
        with self._lock:
            if task not in self._functions:
                if len(self._functions) >= _MOST_FUNCTIONS:
                    self._functions.clear()
                self._functions[task] = self._written(task)
            return self._functions[task]

    def _written(self, task: Task) -> Decide | None:
        try:
            return assemble(self._around, self._clock, task)
        except (NotWrittenError, TooManyWaysError):
            return None
