"""What one exploration learns about where conditions change, and how much it may still do."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal

from policyeval.backends.worlds.questions import Composed, Question
from policyeval.backends.worlds.variables import Variable
from policyeval.feel.failure import Failure


class OutOfStepsError(Exception):
    """The exploration has used its steps."""


class Failed:
    """What comes of a condition that has no result; all failures are alike."""

    __slots__ = ("failure",)

    def __init__(self, failure: Failure) -> None:
        self.failure = failure

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Failed)

    def __hash__(self) -> int:
        return 0


class Learning:
    """What one exploration learns about where conditions change.

    Attributes:
        cuts: Variable to places of its scale before which something changes.
        looked: Places and variables whose cuts have been looked for in this pass.
        wanted: Those whose cuts were to be looked for, whether or not they had been.
        sampled: Whether a function was looked at in a few places, which are others when more is known.
        relied: Variables to the number of cuts that values standing for others were chosen by.
        hasty: Whether it is enough to see that a condition changes at all.
        frozen: Whether nothing more is learnt, so that all that follows rests on the same.
        literals: Numbers of the policy, near which functions may change.
        composed: Nodes of formulas, by identity, to what they come to in all worlds.
        asked: Operators and the identities of what they compare to the question that is.
        steady: What was found by a key without asking anything that differs between worlds.
    """

    def __init__(self, steps: int, literals: Callable[[], Iterable[Decimal]] = tuple) -> None:
        self.steps = steps
        self.cuts: dict[Variable, set[int]] = {}
        self.looked: set[tuple[int, Variable]] = set()
        self.wanted: set[tuple[int, Variable]] = set()
        self.sampled = False
        self.relied: dict[Variable, int] = {}
        self.literals = literals
        self.composed: dict[int, Composed] = {}
        self.asked: dict[tuple[str, int, int], Question] = {}
        self.steady: set[object] = set()
        self.hasty = False
        self.frozen = False

    def step(self) -> None:
        """Count a step.

        Raises:
            OutOfStepsError: There are none left.
        """
        self.steps -= 1
        if self.steps < 0:
            raise OutOfStepsError

    def spend(self, steps: int) -> None:
        """Count the steps of what was done before and need not be done again.

        Raises:
            OutOfStepsError: There are none left.
        """
        self.steps -= steps
        if self.steps < 0:
            raise OutOfStepsError

    def begin(self) -> None:
        """Begin a pass."""
        self.looked.clear()
        self.relied.clear()

    def rely(self, variable: Variable) -> None:
        """Remember that what is known of a variable's cuts was relied on."""
        self.relied.setdefault(variable, self._known(variable))

    def is_surprised(self, relied: Mapping[Variable, int]) -> bool:
        """Tell whether more is known than what was relied on."""
        return any(self._known(each) != number for each, number in relied.items())

    def _known(self, variable: Variable) -> int:
        return len(self.cuts.get(variable, ()))

    def cut(self, variable: Variable, place: int) -> None:
        """Remember that something changes before a place."""
        if not self.frozen:
            self.cuts.setdefault(variable, set()).add(place)
