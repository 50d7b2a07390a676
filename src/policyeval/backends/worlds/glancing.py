"""What can be seen of conditions without splitting the possible worlds.

Most conditions of a transaction come to the same in all of its worlds, whatever is open elsewhere: one
look tells. Of most others a few worlds tell that they do not. What is seen rests on nothing but the
facts, so all questions about a transaction share it.
"""

from enum import Enum
from threading import Lock
from typing import Final, Literal

from policyeval.backends.worlds.learning import Learning, OutOfStepsError
from policyeval.backends.worlds.openness import Openness
from policyeval.backends.worlds.samples import Samples
from policyeval.backends.worlds.variables import Undecided
from policyeval.backends.worlds.worlds import Move, Worlds
from policyeval.facts.model import Environment
from policyeval.feel.failure import Failure
from policyeval.policy.model import Remark, Rule
from policyeval.policy.terms import Terms

_STEPS: Final = 60
"""What one look may take."""


class Unseen(Enum):
    """Stands for what one look does not tell."""

    UNSEEN = "unseen"


UNSEEN: Final = Unseen.UNSEEN

Seen = bool | None | Literal[Unseen.UNSEEN]
"""Whether a condition holds in all worlds; None where it is null in all of them."""


class Glances:
    """Looks at the conditions of one transaction, at each of them once; safe between threads."""

    def __init__(self, terms: Terms, environment: Environment, move: Move) -> None:
        self._move = move
        # By itself, since the order in which variables are met is the order of an answer's points.
        self._openness = Openness(terms, environment)
        self._seen: dict[int, Seen] = {}
        self._differs: dict[int, bool] = {}
        self._samples: Samples | None = None
        self._lock = Lock()

    def holds(self, rule: Rule | Remark) -> Seen:
        """Tell whether a condition holds in all worlds, if one look tells."""
        key = id(rule)
        with self._lock:
            if key not in self._seen:
                self._seen[key] = self._look(rule)
            return self._seen[key]

    def everywhere(self, rule: Rule | Remark) -> Seen:
        """Tell whether a condition holds in all possible worlds, in none, or (None) in some, if it is seen."""
        seen = self.holds(rule)
        if seen is not UNSEEN:
            return seen
        key = id(rule)
        with self._lock:
            if key not in self._differs:
                self._differs[key] = self._sampled().differs(rule)
            return None if self._differs[key] else UNSEEN

    def may_differ(self, rule: Rule | Remark, wanted: bool) -> bool:
        """Tell whether it is seen that a condition does not come to the same everywhere, as is wanted."""
        seen = self.holds(rule)
        if seen is not UNSEEN:
            return seen is not wanted
        with self._lock:
            return self._sampled().may_differ(rule, wanted)

    def _sampled(self) -> Samples:
        if self._samples is None:
            self._samples = Samples(self._openness, self._move)
        return self._samples

    def _look(self, rule: Rule | Remark) -> Seen:
        openness = self._openness
        # What is the same for all conditions is found out for each: what one takes depends on no other.
        learning = Learning(_STEPS, lambda: openness.numbers)
        learning.hasty = True  # a condition that changes is not looked into any further
        try:
            return Worlds(openness, self._move, learning).holds(rule)
        except (Undecided, Failure, OutOfStepsError):
            return UNSEEN
