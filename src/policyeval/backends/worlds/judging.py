"""From the results in all parts of the possible worlds to verdicts, points and days.

A decision made of rules falls into components: rules that share nothing open are explored by
themselves. What such components come to together follows from what each comes to, because every world
of one goes with every world of the others.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from itertools import product
from typing import Final, cast

from policyeval.backends.worlds.cubes import ENDLESS, Cubes, Futures, Parts, Profile
from policyeval.backends.worlds.exploring import Leaf
from policyeval.backends.worlds.variables import Point, Variable
from policyeval.backends.worlds.worlds import NOT_COVERED
from policyeval.evaluation.model import PointKind, Verdict

VERDICTS: Final[Mapping[PointKind, Verdict]] = {
    "fact": Verdict.UNKNOWN,
    "reading": Verdict.OPEN,
    "act": Verdict.DISCRETION,
    "event": Verdict.PENDING,
}
"""The verdict where results differ with a kind of point."""

_MIXED: Final = (Verdict.UNKNOWN, Verdict.OPEN, Verdict.DISCRETION)


class Judgement:
    """What the components of a decision come to together."""

    def __init__(self, components: Iterable[Sequence[Leaf]]) -> None:
        self.components = [Cubes(leaves) for leaves in components]
        self._verdicts: dict[tuple[int, tuple[Profile, ...]], object] = {}

    @property
    def points(self) -> Iterator[tuple[Cubes, Point]]:
        """The points, each with the component it belongs to, the outermost first."""
        every = [(c.ranks[p], c, p) for c in self.components for p in c.points]
        for _, cubes, point in sorted(every, key=lambda each: each[0]):
            yield cubes, point

    # ------------------------------------------------------------ verdicts

    @cached_property
    def status(self) -> object:
        """The result in all worlds, or the verdict where there are several; None without any world."""
        return self._status({})

    def with_value(self, cubes: Cubes, variable: Variable, value: object) -> object:
        """Give the status where a variable has a value."""
        parts = cubes.having(variable, value)
        return self._status({cubes: cubes.profile(parts, variable)})

    def pending_until(self) -> date | None:
        """Give the last day on which the verdict is still PENDING if no event happens before it."""
        days = {each: each.last_days() for each in self.components}
        for day in sorted({day for each in days.values() for day in each}, reverse=True):
            profiles: dict[Cubes, Profile] = {}
            for cubes, last_days in days.items():
                parts = sum(1 << index for index, last in enumerate(last_days) if last >= day)
                profiles[cubes] = cubes.profile(parts)
            if self._status(profiles) is Verdict.PENDING:
                return None if day == ENDLESS else day
        return None

    def _status(self, instead: Mapping[Cubes, Profile]) -> object:
        profiles = tuple(
            instead[each] if each in instead else each.profile(each.all) for each in self.components
        )
        return self._joined(0, profiles)

    def _joined(self, level: int, profiles: tuple[Profile, ...]) -> object:
        """Give the status of one way to fix the points outside of a level, in each component."""
        if level == len(_MIXED):
            return self._of_futures(profiles)
        key = level, profiles
        if key not in self._verdicts:
            found: list[object] = []
            for choice in product(*profiles):
                status = self._joined(level + 1, cast(tuple[Profile, ...], choice))
                if status is not None and not any(_same(status, each) for each in found):
                    found.append(status)
                if len(found) > 1:
                    break
            result = found[0] if found else None
            self._verdicts[key] = _MIXED[level] if len(found) > 1 else result
        return self._verdicts[key]

    @staticmethod
    def _of_futures(futures: Sequence[Futures]) -> object:
        if not all(futures):
            return None
        found = _together(futures)
        return next(iter(found)) if len(found) == 1 else Verdict.PENDING

    # ------------------------------------------------------------ points that matter

    def decides(self, cubes: Cubes, point: Point) -> bool:
        """Tell whether a fact, reading or act changes what comes of all futures."""
        changes = cubes.changes(point)
        return any(
            not _same(self._of_futures((one, *rest)), self._of_futures((other, *rest)))
            for rest in self._beside(cubes)
            for one, other in changes
        )

    def matters(self, cubes: Cubes, point: Point) -> date | None:
        """Tell whether two worlds that differ in a point alone have different results.

        Returns:
            None if there are none; else the last day on which there are, for an event.
        """
        rest = {result for futures in self._beside(cubes) for result in _together(futures)}
        days = [
            day
            for (one, other), day in cubes.differences(point).items()
            if len(self.components) == 1
            or any(
                not _same(combined((cubes.results[one], e)), combined((cubes.results[other], e)))
                for e in rest
            )
        ]
        return max(days, default=None)

    def _beside(self, cubes: Cubes) -> set[tuple[Futures, ...]]:
        """Give what the other components may come to over all futures."""
        others = [each for each in self.components if each is not cubes]
        found: set[Futures] = {frozenset((True,))}
        for each in others:
            found = {
                _together((one, other)) for one in found for other in _futures_in(each, each.all)
            }
        return {(each,) for each in found} if others else {()}


def combined(results: Iterable[object]) -> object:
    """Give what results of components come to together: all must hold."""
    undecided: object = True
    no = False
    for each in results:
        if each is NOT_COVERED:
            return each
        if each is False:
            no = True
        elif each is not True:
            undecided = each
    return False if no else undecided


def _together(futures: Sequence[Futures]) -> Futures:
    if len(futures) == 1:
        return futures[0]
    return frozenset(map(combined, product(*futures)))


def _futures_in(cubes: Cubes, parts: Parts) -> set[Futures]:
    return {
        futures
        for readings in cubes.profile(parts)
        for acts in cast(frozenset[Profile], readings)
        for futures in cast(frozenset[Futures], acts)
    }


def _same(left: object, right: object) -> bool:
    return left is right or (type(left) is type(right) and left == right)
