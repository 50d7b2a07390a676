"""Complete transactions, answered: compiled when first asked, run once per transaction."""

from collections.abc import Collection
from threading import Lock

from policyeval.backends.complete.assembling import assemble
from policyeval.backends.complete.forms import REFUSALS
from policyeval.backends.complete.formulas import NOT_SO_SIMPLE
from policyeval.backends.complete.judging import judge_of
from policyeval.backends.complete.standing import NotWrittenError
from policyeval.backends.complete.task import Decide, Task
from policyeval.backends.complete.ways import TooManyWaysError
from policyeval.backends.complete.witnesses import Witnesses
from policyeval.backends.python.units import Surroundings
from policyeval.facts.clock import Clock
from policyeval.facts.refusal import Refused

ENDS = (*NOT_SO_SIMPLE, *REFUSALS, KeyError, Refused)
"""What a function may end in: a transaction that is for others to answer."""

_MOST_FUNCTIONS = 64


class Complete:
    """Terms for complete transactions; immutable in effect and safe to share between threads."""

    def __init__(self, around: Surroundings, clock: Clock) -> None:
        self._around = around
        self._clock = clock
        self._functions: dict[Task, Decide | None] = {}
        self._witnesses: dict[Task, Witnesses | None] = {}
        self._lock = Lock()

    def function(self, task: Task) -> Decide | None:
        """Give the function that does a task, or None if it cannot be written as one."""
        with self._lock:
            if task not in self._functions:
                if len(self._functions) >= _MOST_FUNCTIONS:
                    self._functions.clear()
                self._functions[task] = self._written(task)
            return self._functions[task]

    def witnesses(self, task: Task, yes_or_no: Collection[str]) -> Witnesses | None:
        """Give what answers where something is open, or None if that cannot be written.

        Args:
            task: What is asked; the manner makes no difference.
            yes_or_no: Questions that have a verdict.
        """
        with self._lock:
            if task not in self._witnesses:
                if len(self._witnesses) >= _MOST_FUNCTIONS:
                    self._witnesses.clear()
                judge = judge_of(self._around, self._clock, task)
                facts = self._around.terms.policy.facts
                self._witnesses[task] = (
                    None
                    if judge is None
                    else Witnesses(judge, facts, task.questions, yes_or_no, self._clock)
                )
            return self._witnesses[task]

    def _written(self, task: Task) -> Decide | None:
        try:
            return assemble(self._around, self._clock, task)
        except (NotWrittenError, TooManyWaysError):
            return None
