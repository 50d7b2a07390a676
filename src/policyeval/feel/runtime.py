"""What one evaluation carries along: how much it may still do, and the warnings it has given."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from policyeval.feel.failure import BudgetExceededError
from policyeval.messages import Message, message
from policyeval.source import Span

T = TypeVar("T")

Pay = Callable[[int], None]
"""Takes how many values within lists and contexts an operation is about to look at."""

# Values that are looked at in about the time that a step stands for.
_LOOKED_AT_PER_STEP = 20
# Characters that are copied in less than that, but that have to be kept.
_CHARACTERS_PER_STEP = 1_000


def free(_: int) -> None:
    """Ask nothing for looking at values: where nobody counts."""


@dataclass(frozen=True, slots=True)
class Budget:
    """What one evaluation may use.

    Attributes:
        steps: Turns of loops, filters and sorts, and calls of functions that the text defines;
            comparing, searching or copying long values counts in proportion to their length.
        list_length: Items of one list that is computed.
        string_length: Characters of one text that is computed.
        call_depth: Calls within calls.
        value_depth: Lists and contexts within each other, in a value that is compared or printed.
    """

    steps: int = 100_000
    list_length: int = 10_000
    string_length: int = 65_536
    call_depth: int = 64
    value_depth: int = 64


DEFAULT_BUDGET = Budget()


@dataclass(frozen=True, slots=True)
class EvaluationWarning:
    """An operation that gave null because it had no result.

    Attributes:
        code: A key of `policyeval.diagnostics.CODES`.
        span: Where in the expression's text.
    """

    code: str
    message: Message
    span: Span


@dataclass(slots=True)
class Runtime:
    """The state of one evaluation; never shared between two.

    Attributes:
        looked_at: Values looked at that make no whole step yet.
        patterns: The regular expressions (and flags) that it has paid for compiling.
    """

    budget: Budget = DEFAULT_BUDGET
    steps: int = 0
    depth: int = 0
    looked_at: int = 0
    warnings: list[EvaluationWarning] = field(default_factory=list)
    patterns: set[tuple[str, str]] = field(default_factory=set)

    def note(self, code: str, text: Message, span: Span) -> None:
        """Record why something is null."""
        self.warnings.append(EvaluationWarning(code, text, span))

    def step(self, count: int = 1) -> None:
        """Count steps.

        Raises:
            BudgetExceededError: There are none left.
        """
        self.steps += count
        if self.steps > self.budget.steps:
            raise BudgetExceededError(
                "eval.cost",
                message("the evaluation takes more than {limit} steps", limit=self.budget.steps),
            )

    def pay(self, values: int) -> None:
        """Count values that an operation looks at: many of them are a step.

        Raises:
            BudgetExceededError: There are no steps left.
        """
        self.looked_at += values
        if self.looked_at >= _LOOKED_AT_PER_STEP:
            self.step(self.looked_at // _LOOKED_AT_PER_STEP)
            self.looked_at %= _LOOKED_AT_PER_STEP

    def check_string(self, length: int) -> None:
        """Refuse to make a text of that many characters if that is too many.

        Raises:
            BudgetExceededError: It is.
        """
        if length > self.budget.string_length:
            raise BudgetExceededError(
                "eval.size",
                message(
                    "a text would be longer than {limit} characters",
                    limit=self.budget.string_length,
                ),
            )

    def make_string(self, length: int) -> None:
        """Pay for making a text of that many characters, or refuse it if it is too long.

        Raises:
            BudgetExceededError: It is, or there are no steps left.
        """
        self.check_string(length)
        if length >= _CHARACTERS_PER_STEP:
            self.step(length // _CHARACTERS_PER_STEP)

    def check_list(self, length: int) -> None:
        """Refuse to make a list of that many items if that is too many.

        Raises:
            BudgetExceededError: It is.
        """
        if length > self.budget.list_length:
            raise BudgetExceededError(
                "eval.size",
                message("a list would have more than {limit} items", limit=self.budget.list_length),
            )

    def each(self, items: Iterable[T]) -> Iterator[T]:
        """Go through items, counting a step for each."""
        for item in items:
            self.step()
            yield item
