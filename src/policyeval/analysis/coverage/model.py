"""What is asked of golden cases, what they show of it, and what is missing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final, Literal

from policyeval.analysis.coverage.structure import Atom
from policyeval.cases.model import Exempted
from policyeval.messages import Message
from policyeval.policy.addresses import Address
from policyeval.source import Source, Span

Measure = Literal["clauses", "rules", "readings", "conditions"]

MEASURES: Final[tuple[Measure, ...]] = ("clauses", "rules", "readings", "conditions")

Key = tuple[Address, str]
"""An address and what is to be seen there, in the words of `Goal.what`."""


@dataclass(frozen=True, slots=True)
class Goal:
    """Something that a case has to show.

    Attributes:
        at: The part of the version, or the formula in it, that it is about.
        what: What is missing as long as no case shows it: `never true`, `never alone: a > b` … An
            exception is written with these words.
        meaning: What stands there and all that it rests on; where two versions agree in it, one case
            shows it of both.
        text: The same in plain words.
        span: Where the part stands in the file.
        atom: The part of a condition that it is about.
    """

    measure: Measure
    at: Address
    what: str
    meaning: str
    text: Message = field(compare=False, repr=False)
    span: Span = field(compare=False, repr=False)
    atom: Atom | None = field(default=None, compare=False, repr=False)

    @property
    def key(self) -> Key:
        """What tells it from others of the same version."""
        return self.at, self.what


@dataclass(frozen=True, slots=True)
class Missing:
    """A goal that no case reaches.

    Attributes:
        version: The newest version that has it; None: it is about the programme.
        source: The file that `goal.span` is of.
        text: What is missing, in plain words, given what was seen.
    """

    goal: Goal
    version: str | None
    source: Source = field(repr=False)
    text: Message = field(repr=False)


@dataclass(frozen=True, slots=True)
class Figure:
    """How many of the goals of one measure are reached; those that are exempted are left out."""

    reached: int
    wanted: int

    @property
    def share(self) -> Fraction:
        """From 0 to 1; of no goals at all they are all reached."""
        return Fraction(self.reached, self.wanted) if self.wanted else Fraction(1)

    @property
    def percent(self) -> int:
        """The share in whole percent, rounded down: 100 only where nothing is missing."""
        return int(self.share * 100)


Figures = Mapping[Measure, Figure]


@dataclass(frozen=True, slots=True)
class Accounting:
    """How the clauses of a version's source are accounted for.

    Attributes:
        cited: How many something cites.
        free: Kind of clause to how many of it need no rule, for a reason that is written there.
        open: Those that are not accounted for.
    """

    cited: int
    free: Mapping[str, int]
    open: tuple[str, ...]

    @property
    def figure(self) -> Figure:
        """How many are accounted for."""
        accounted = self.cited + sum(self.free.values())
        return Figure(accounted, accounted + len(self.open))


@dataclass(frozen=True, slots=True)
class VersionCoverage:
    """What the cases that one version answers show of it.

    Attributes:
        asked: Whether any case is answered by it.
    """

    version: str
    asked: bool
    figures: Figures
    accounting: Accounting


@dataclass(frozen=True, slots=True)
class Unneeded:
    """An exception that is not needed: a case shows it after all, or nothing asks for it."""

    exception: Exempted
    shown: bool
    source: Source = field(repr=False)


@dataclass(frozen=True, slots=True)
class ProgrammeCoverage:
    """What all cases of a programme show of all its versions.

    Attributes:
        versions: The newest first.
        figures: What versions have in common counts once.
        missing: In the order of the newest version's file, then of the older ones'.
        exempted: How many goals no case reaches and an exception excuses.
    """

    programme: str
    versions: tuple[VersionCoverage, ...]
    figures: Figures
    missing: tuple[Missing, ...]
    exempted: int
    unneeded: tuple[Unneeded, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the cases of several programmes show."""

    programmes: tuple[ProgrammeCoverage, ...]

    @property
    def lowest(self) -> Fraction:
        """The lowest share of any measure of any programme."""
        shares = (each.share for one in self.programmes for each in one.figures.values())
        return min(shares, default=Fraction(1))
