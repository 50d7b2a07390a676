"""Looks at every edge of the versions of a folder: who would notice it moving, and what would show it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from policyeval.analysis.distinguishing.model import Seed, Witness
from policyeval.analysis.distinguishing.moves import Situation
from policyeval.analysis.distinguishing.searching import Search
from policyeval.analysis.suggestion.around import (
    Sides,
    around,
    month_ends,
    sides_of,
    situation_of,
)
from policyeval.analysis.suggestion.bases import Base, bases, said
from policyeval.analysis.suggestion.edge_names import case_name
from policyeval.analysis.suggestion.edges import Edge, edges
from policyeval.analysis.suggestion.model import Alike, Asking, Position, Suggestion
from policyeval.analysis.suggestion.noticing import Noticing, Run
from policyeval.cases.model import Cases, Exempted
from policyeval.errors import FactsError, PolicyEvalError
from policyeval.evaluator.policies import PolicySet
from policyeval.policy.addresses import Address
from policyeval.policy.library import Library
from policyeval.policy.model import Formula, ValidPolicy
from policyeval.policy.substitution import with_text

_STEPS: Final = 3_000
"""Transactions that are looked at to find one that shows a way to move an edge."""

_POSITIONS: Final[Mapping[int, Position]] = {-1: "before", 0: "on", 1: "after"}


@dataclass(frozen=True, slots=True)
class _Moved:
    """A version with an edge beside where it is.

    Attributes:
        number: Which of the edge's neighbours it is.
        shown: What the edge says there.
    """

    number: int
    shown: str
    policy: ValidPolicy
    formula: Formula


class Suggesting:
    """Looks at the edges of one version.

    Args:
        run: The golden cases of its programme.
        version: The version.
        file: The file of these cases.
    """

    def __init__(self, run: Run, version: ValidPolicy, file: Cases) -> None:
        self.version = version
        self.edges: tuple[Edge, ...] = tuple(edges(version))
        self._policies = PolicySet(run.library)
        self._exceptions: tuple[Exempted, ...] = file.exceptions
        self._noticing = Noticing(run, version)
        self._bases: tuple[Base, ...] = bases(file.source)
        self._taken = {each.id for each in file.cases}
        self._given: dict[str, str] = {}
        seeds = [
            Seed(each.case.facts, each.case.asked_on, each.case.overlays, each.case.id)
            for each in self._noticing.trials
            if each.case.refused is None and each.case.known_on is None
        ]
        self._search = Search(version, seeds, self._admits)

    @property
    def name(self) -> str:
        """The programme and the version."""
        return f"{self.version.policy.programme} {self.version.policy.version}"

    @property
    def asked(self) -> bool:
        """Whether a golden case asks it; only from such a case can others be made."""
        return bool(self._noticing.trials)

    @property
    def failing(self) -> tuple[str, ...]:
        """The golden cases that do not pass, and are left aside."""
        return self._noticing.failing

    def looked_at(self, edge: Edge, *, steps: int = _STEPS) -> Suggestion | Alike | None:
        """Look at an edge; None if it is pinned down, or is an exception.

        Args:
            edge: One of this version's.
            steps: How much may be done to find a transaction that shows it.
        """
        moved = [each for each in self._moved(edge) if not self._exempt(edge, each.shown)]
        questions = self._noticing.asked(edge.place)
        if not questions or not self._noticing.in_force(edge.place):
            return Alike(self.version, edge, tuple(each.shown for each in moved), in_force=False)
        unnoticed = [
            each
            for each in moved
            if self._noticing.by(edge.place, each.policy, each.formula) is None
        ]
        if not unnoticed:
            return None
        found: list[tuple[_Moved, Witness]] = []
        for each in unnoticed:
            witness = self._search.against(each.policy, questions, steps=steps)
            if witness is not None:
                found.append((each, witness))
        if not found:
            return Alike(self.version, edge, tuple(e.shown for e in unnoticed), in_force=True)
        cases, also = self._cases(edge, found)
        return Suggestion(self.version, edge, tuple(e.shown for e, _ in found), cases, also)

    def _moved(self, edge: Edge) -> Iterator[_Moved]:
        formula = edge.place.formula
        for number, each in enumerate(edge.neighbours):
            other = with_text(self.version, formula, each.text)
            if other is not None:
                new = other.checked.keys() - self.version.checked.keys()
                made = next((e for e in new if e.text == each.text), formula)
                yield _Moved(number, each.shown, other, made)

    def _exempt(self, edge: Edge, shown: str) -> bool:
        """Tell whether an exception speaks of an edge, or of one way to move it."""
        return any(
            _within(edge.place.key, each.at) and each.what in (edge.text, f"{edge.text} → {shown}")
            for each in self._exceptions
        )

    def _admits(self, situation: Situation, decision: str) -> bool:
        """Tell whether this version answers a question about a transaction."""
        try:
            evaluation = self._policies.evaluate(
                self.version.policy.programme,
                dict(situation.facts),
                asked_on=situation.asked_on,
                overlays=situation.seed.overlays,
                decisions=[decision],
            )
        except FactsError as error:
            return all(each.code == "input.inconsistent" for each in error.diagnostics)
        except PolicyEvalError:
            return False
        return evaluation.policies.get(self.version.policy.version) is self.version

    # ------------------------------------------------------------ cases

    def _cases(
        self, edge: Edge, found: Sequence[tuple[_Moved, Witness]]
    ) -> tuple[tuple[Asking, ...], tuple[str, ...]]:
        """Give a case for each way in which an edge shows, and those on either side of it.

        Those that another edge has asked for already are named only.
        """
        cases: list[Asking] = []
        also: dict[str, None] = {}
        for situation, decision, position in self._situations(edge, found):
            given = sorted(situation.facts.items())
            key = repr((given, situation.asked_on, situation.seed.overlays, decision))
            if key not in self._given:
                cases.append(self._case(edge, situation, decision, position))
                self._given[key] = cases[-1].id
            elif all(each.id != self._given[key] for each in cases):
                also[self._given[key]] = None
        return tuple(cases), tuple(also)

    def _situations(
        self, edge: Edge, found: Sequence[tuple[_Moved, Witness]]
    ) -> Iterator[tuple[Situation, str, Position]]:
        facts = self._search.facts
        moved, witness = found[0]
        sides = sides_of(edge, self.version, witness, facts)
        known: set[Position] = set()
        for each, by in found:
            position = _position(edge, each, sides, by)
            known.add(position)
            yield situation_of(by), by.decision, position
        if sides is not None:
            refusals = edge.place.element.kind == "consistency"
            beside = around(sides, witness, self.version, self._admits, refusals=refusals)
            for situation, sign in beside:
                if _POSITIONS[sign] not in known:
                    yield situation, witness.decision, _POSITIONS[sign]
        if edge.kind == "months":
            for situation in month_ends(edge, moved.policy, witness, self.version, facts):
                if self._admits(situation, witness.decision):
                    yield situation, witness.decision, "month-end"

    def _case(self, edge: Edge, situation: Situation, decision: str, position: Position) -> Asking:
        beside = said(self._bases, situation.facts, situation.asked_on, situation.seed.overlays)
        return Asking(
            case_name(edge, position, self._taken),
            position,
            beside.base,
            beside.asked_on,
            beside.overlays,
            beside.facts,
            beside.without,
            decision,
        )


def _position(edge: Edge, moved: _Moved, sides: Sides | None, witness: Witness) -> Position:
    """Tell where a transaction lies that shows a way to move an edge."""
    gap = None if sides is None else sides.gap(situation_of(witness))
    match edge.kind:
        case "comparison":
            return "on" if gap is None else _POSITIONS[(gap > 0) - (gap < 0)]
        case "months":
            return "month-end"
        case "midnight":
            return "first-second" if moved.number else "last-second"
        case "calendar":
            return "first-day" if moved.number else "last-day"
        case "period":
            return "computed"


def _within(key: Address, at: Address) -> bool:
    return key[: len(at)] == at


def suggestions(
    library: Library, files: Sequence[Cases], *, only: Address = ()
) -> Iterator[tuple[Suggesting, tuple[Edge, ...]]]:
    """Give every version of the programmes with golden cases, and the edges to look at.

    Args:
        library: The folder.
        files: Its golden cases.
        only: The beginning of the addresses to look at.
    """
    by_name: Mapping[str, Cases] = {each.programme: each for each in files}
    for name, programme in library.programmes.items():
        if name not in by_name:
            continue
        run = Run(library, name, by_name[name].cases)
        for version in programme.versions:
            suggesting = Suggesting(run, version, by_name[name])
            wanted = tuple(e for e in suggesting.edges if _within(e.place.key, only))
            yield suggesting, wanted
