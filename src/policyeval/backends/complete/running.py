"""Complete transactions, answered: compiled when first asked, run once per transaction."""

from collections.abc import Collection
from datetime import date
from threading import Lock

from policyeval.backends.complete.assembling import NOT_SO_SIMPLE, Decide, Result, assemble
from policyeval.backends.complete.given import NotWrittenError
from policyeval.backends.complete.ways import TooManyWaysError
from policyeval.backends.python.units import Surroundings
from policyeval.facts.clock import Clock
from policyeval.facts.refusal import Refused
from policyeval.facts.scalars import FIRST_DAY, LAST_DAY

_MOST_FUNCTIONS = 64
_ENDS = (*NOT_SO_SIMPLE, KeyError, Refused)


class Complete:
    """Terms for complete transactions; immutable in effect and safe to share between threads."""

    def __init__(self, around: Surroundings, clock: Clock) -> None:
        self._around = around
        self._clock = clock
        self._functions: dict[tuple[str, ...], Decide] = {}
        self._lock = Lock()

    def run(
        self, facts: object, asked_on: object, questions: tuple[str, ...]
    ) -> tuple[Result, ...] | None:
        """Answer questions as far as that is simple.

        Args:
            facts: Name to value.
            asked_on: The day.
            questions: In the order of the policy.

        Returns:
            A result for each question, or None if others have to read the facts.
        """
        if type(facts) is not dict or type(asked_on) is not date:
            return None
        if not FIRST_DAY <= asked_on <= LAST_DAY:
            return None
        function = self._functions.get(questions) or self._written(questions)
        try:
            return function(facts, asked_on)
        except _ENDS:
            return None

    def _written(self, questions: tuple[str, ...]) -> Decide:
        with self._lock:
            function = self._functions.get(questions)
            if function is None:
                if len(self._functions) >= _MOST_FUNCTIONS:
                    self._functions.clear()
                function = self._functions[questions] = _function(
                    self._around, self._clock, questions
                )
            return function


def _function(around: Surroundings, clock: Clock, questions: Collection[str]) -> Decide:
    try:
        return assemble(around, clock, questions)
    except (NotWrittenError, TooManyWaysError):
        return lambda _facts, _asked_on: None
