"""What became of the clauses of a version in a new text of the source."""

from dataclasses import dataclass
from typing import Literal

from policyeval.analysis.redline import Piece
from policyeval.policy.clause_texts import Place

State = Literal["unchanged", "moved", "changed", "gone", "not-recorded"]

Basis = Literal["text", "hashes"]
"""What was compared: the words of the old text, or the hashes of the clauses alone."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of the new text, on one line, and the lines that it stands on there."""

    text: str
    lines: tuple[int, int]


@dataclass(frozen=True, slots=True)
class ClauseDrift:
    """What became of a clause.

    Attributes:
        was: Where the policy says that it stands in the old text.
        now: How it reads now, and where. Of one that is gone, None.
        before: How it read; None if the old text is not at hand.
        redline: The difference, word by word; empty without the old text.
        after: The clause that it now follows; None: none does.
        moved: Whether it stands elsewhere than between its old neighbours.
        number: The number that stands before it now, where that is another one; empty: none.
        together: Other clauses that the new wording may as well belong to.
    """

    clause: str
    state: State
    was: Place
    now: Passage | None = None
    before: str | None = None
    redline: tuple[Piece, ...] = ()
    after: str | None = None
    moved: bool = False
    number: str | None = None
    together: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NewPassage:
    """A piece of the new text that is of no clause.

    Attributes:
        after: The clause that stands before it, and `before` the one after; None: there is none.
        certain: Whether it was not there before. Without the old text, a heading may have been.
    """

    passage: Passage
    after: str | None
    before: str | None
    certain: bool = True


@dataclass(frozen=True, slots=True)
class GonePassage:
    """A piece of the old text that was of no clause and is not there any more."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Drift:
    """A new text against the clauses of a version.

    Attributes:
        clauses: Every clause, in the order of the policy.
        new: Passages that are new, in the order of the text; no more than `MOST`.
        uncertain: Passages of no clause that may have been there before.
        gone: Passages of no clause that are not there any more.
        more: How many further passages of these there are, by the name of the list.
    """

    programme: str
    version: str
    basis: Basis
    clauses: tuple[ClauseDrift, ...]
    new: tuple[NewPassage, ...] = ()
    uncertain: tuple[NewPassage, ...] = ()
    gone: tuple[GonePassage, ...] = ()
    more: int = 0

    @property
    def changed(self) -> bool:
        """Whether anything is otherwise than it was."""
        return bool(self.new or self.gone) or any(
            each.state in {"moved", "changed", "gone"} for each in self.clauses
        )

    def of(self, *states: State) -> tuple[ClauseDrift, ...]:
        """Give the clauses of some states."""
        return tuple(each for each in self.clauses if each.state in states)


MOST = 100
"""Passages of a list that are kept."""
