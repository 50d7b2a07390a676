"""Complete transactions, answered: compiled when first asked, run once per transaction."""

from collections.abc import Sequence
from threading import Lock

from policyeval.backends.complete.assembling import (
    NOT_SO_SIMPLE,
    Decide,
    Governed,
    Result,
    assemble,
)
from policyeval.backends.complete.given import NotWrittenError
from policyeval.backends.complete.ways import TooManyWaysError
from policyeval.backends.python.units import Surroundings
from policyeval.facts.clock import Clock
from policyeval.facts.refusal import Refused

__all__ = ["ENDS", "Complete", "Decide", "Governed", "Result"]

ENDS = (*NOT_SO_SIMPLE, KeyError, Refused)
"""What a function may end in: a transaction that is for others to answer."""

_MOST_FUNCTIONS = 64

_Key = tuple[tuple[str, ...], tuple[Governed, ...]]


class Complete:
    """Terms for complete transactions; immutable in effect and safe to share between threads."""

    def __init__(self, around: Surroundings, clock: Clock) -> None:
        self._around = around
        self._clock = clock
        self._functions: dict[_Key, Decide | None] = {}
        self._lock = Lock()

    def function(
        self, questions: tuple[str, ...], governed: Sequence[Governed] = ()
    ) -> Decide | None:
        """Give the function that answers questions, or None if they cannot be written as one.

        Args:
            questions: In the order of the policy.
            governed: The days that have to lie within the days on which these terms govern.
        """
        key = questions, tuple(governed)
        with self._lock:
            if key not in self._functions:
                if len(self._functions) >= _MOST_FUNCTIONS:
                    self._functions.clear()
                self._functions[key] = self._written(*key)
            return self._functions[key]

    def _written(self, questions: tuple[str, ...], governed: Sequence[Governed]) -> Decide | None:
        try:
            return assemble(self._around, self._clock, questions, governed)
        except (NotWrittenError, TooManyWaysError):
            return None
