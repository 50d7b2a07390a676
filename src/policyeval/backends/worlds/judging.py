"""From the results in all parts of the possible worlds to verdicts, points and days.

A decision made of rules falls into bundles of conditions that share nothing open. What they come to
together follows from what each comes to, because every world of one goes with every world of the
others.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from itertools import product
from typing import Final, cast

from policyeval.backends.worlds.bundles import (
    ENDLESS,
    Bundle,
    Futures,
    Profile,
    combined,
    same,
)
from policyeval.backends.worlds.exploring import Conditions, Leaf
from policyeval.backends.worlds.variables import Point, Variable
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
    """What the conditions of a decision come to together.

    Its methods raise what `step`, which is called for each step, raises.
    """

    def __init__(self, conditions: Conditions, step: Callable[[], None]) -> None:
        self._step = step
        self._bundles = [
            Bundle([*asked, *satisfied], conditions.tying, step)
            for asked, satisfied in _connected(conditions)
            if asked
        ]
        self._futures: dict[Bundle, set[Futures]] = {}
        self._statuses: dict[tuple[int, tuple[Profile, ...]], object] = {}

    @property
    def points(self) -> Iterator[tuple[Bundle, Point]]:
        """The points, each with the bundle it belongs to, the outermost first."""
        every = [(bundle.ranks[p], bundle, p) for bundle in self._bundles for p in bundle.points]
        for _, bundle, point in sorted(every, key=lambda each: each[0]):
            yield bundle, point

    # ------------------------------------------------------------ statuses

    @cached_property
    def status(self) -> object:
        """The result in all worlds, or the verdict where there are several; None without any world."""
        return Verdict.UNKNOWN if self._is_unknown() else self._with({})

    def _is_unknown(self) -> bool:
        """Tell whether that can be seen by looking at few ways to fix the unknown facts."""
        members = [each.members() for each in self._bundles]
        first: list[Profile | None] = [next(each, None) for each in members]
        if any(each is None for each in first):
            return False
        known = cast(list[Profile], first)
        status = self._joined(1, tuple(known))
        for index, rest in enumerate(members):
            for each in rest:
                other = self._joined(1, (*known[:index], each, *known[index + 1 :]))
                if other is not None and status is not None and not same(status, other):
                    return True
        return False

    def with_value(self, bundle: Bundle, variable: Variable, value: object) -> object:
        """Give the status where a variable has a value; None if it never has."""
        parts = bundle.having(variable, value)
        return None if parts is None else self._with({bundle: bundle.profile(parts, variable)})

    def pending_until(self) -> date | None:
        """Give the last day on which the verdict is still PENDING if no event happens before it."""
        days = sorted({day for bundle in self._bundles for day in bundle.last_days()})
        first, last = 0, len(days)
        # Events that happen later leave less open, so it is PENDING up to some day.
        while first < last:
            middle = (first + last) // 2
            profiles = {bundle: bundle.profile_since(days[middle]) for bundle in self._bundles}
            if self._with(profiles) is Verdict.PENDING:
                first = middle + 1
            else:
                last = middle
        return None if not first or days[first - 1] == ENDLESS else days[first - 1]

    def _with(self, instead: Mapping[Bundle, Profile]) -> object:
        profiles = tuple(
            instead[each] if each in instead else each.profile(each.all) for each in self._bundles
        )
        return self._joined(0, profiles)

    def _joined(self, level: int, profiles: tuple[Profile, ...]) -> object:
        """Give the status of one way to fix the points outside of a level, in each bundle."""
        if level == len(_MIXED):
            return _of_futures(profiles)
        key = level, profiles
        if key not in self._statuses:
            found: list[object] = []
            for choice in product(*profiles):
                self._step()
                status = self._joined(level + 1, cast(tuple[Profile, ...], choice))
                if status is not None and not any(same(status, each) for each in found):
                    found.append(status)
                if len(found) > 1:
                    break
            result = found[0] if found else None
            self._statuses[key] = _MIXED[level] if len(found) > 1 else result
        return self._statuses[key]

    # ------------------------------------------------------------ points that matter

    def decides(self, bundle: Bundle, point: Point) -> bool:
        """Tell whether a fact, reading or act changes what comes of all futures."""
        beside = self._beside(bundle)

        def wanted(one: Futures, other: Futures) -> bool:
            return any(
                not same(_of_futures((one, *rest)), _of_futures((other, *rest))) for rest in beside
            )

        return bundle.changes(point, wanted)

    def matters(self, bundle: Bundle, point: Point) -> date | None:
        """Tell whether two worlds that differ in a point alone have different results.

        Returns:
            None if there are none; else the last day on which there are, for an event.
        """
        rest = {result for each in self._beside(bundle) for futures in each for result in futures}
        days = [
            day
            for (one, other), day in bundle.differences(point).items()
            if not rest or any(not same(combined((one, e)), combined((other, e))) for e in rest)
        ]
        return max(days, default=None)

    def _beside(self, bundle: Bundle) -> set[tuple[Futures, ...]]:
        """Give what the other bundles may come to over all futures; nothing if there are none."""
        others = [each for each in self._bundles if each is not bundle]
        if not others:
            return {()}
        found: set[Futures] = {frozenset((True,))}
        for each in others:
            if each not in self._futures:
                self._futures[each] = each.all_futures()
            found = {_together((one, other)) for one in found for other in self._futures[each]}
        return {(each,) for each in found}


_Leaves = Sequence[Leaf]


def _connected(conditions: Conditions) -> list[tuple[list[_Leaves], list[_Leaves]]]:
    """Put conditions together that share a variable: those asked, and those that are satisfied."""
    found: list[tuple[set[Variable], list[_Leaves], list[_Leaves]]] = []
    for leaves, is_asked in (
        *((each, True) for each in conditions.asked),
        *((each, False) for each in conditions.satisfied),
    ):
        variables = {variable for leaf in leaves for variable in leaf.domains}
        asked: list[_Leaves] = [leaves] if is_asked else []
        satisfied: list[_Leaves] = [] if is_asked else [leaves]
        for each in [each for each in found if each[0] & variables]:
            found.remove(each)
            variables |= each[0]
            asked = [*each[1], *asked]
            satisfied = [*each[2], *satisfied]
        found.append((variables, asked, satisfied))
    return [(asked, satisfied) for _, asked, satisfied in found]


def _of_futures(futures: Sequence[Futures]) -> object:
    if not all(futures):
        return None
    found = _together(futures)
    return next(iter(found)) if len(found) == 1 else Verdict.PENDING


def _together(futures: Sequence[Futures]) -> Futures:
    if len(futures) == 1:
        return futures[0]
    return frozenset(map(combined, product(*futures)))
