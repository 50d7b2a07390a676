"""Parts of the possible worlds with their results, and what the open points change in them.

Each part narrows some variables, whatever the others are. A set of parts is a number with a bit for
each, so that fixing a variable is one `&`.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import permutations, product
from typing import Final

from policyeval.backends.worlds.domains import Days, Domain, Moments, Part, Single, Stretch
from policyeval.backends.worlds.exploring import Leaf
from policyeval.backends.worlds.variables import Point, Variable
from policyeval.evaluation.model import PointKind
from policyeval.facts.scalars import LAST_DAY

ENDLESS: Final = date.max
"""Stands for a last day that there is not."""

_FAR: Final = LAST_DAY - timedelta(500)
"""Whatever is still possible then is taken to be so for ever."""

Parts = int
"""A set of parts: one bit for each."""

Futures = frozenset[object]
"""The results over all futures, the other points being fixed; none if no world is possible."""

Profile = frozenset["Profile"] | Futures
"""What results there are: for each way to fix the unknown facts, a set of what there is for each way
to fix the readings, and in that for each way to fix the acts, the results over all futures."""

_CLASSES: Final[tuple[PointKind, ...]] = ("fact", "reading", "act")


class Cubes:
    """Parts of the possible worlds, and what follows from their results."""

    def __init__(self, leaves: Sequence[Leaf]) -> None:
        self.leaves = leaves
        self.all: Parts = (1 << len(leaves)) - 1
        self.results: list[object] = []
        self._result_of = [self._number(leaf.result) for leaf in leaves]
        self._with_result = [0] * len(self.results)
        for index, number in enumerate(self._result_of):
            self._with_result[number] |= 1 << index
        variables = dict.fromkeys(variable for leaf in leaves for variable in leaf.domains)
        self.variables = sorted(variables, key=lambda each: each.rank)
        self.ranks: dict[Point, tuple[int, int]] = {}
        for each in self.variables:
            self.ranks.setdefault(each.point, each.rank)
        self.points = list(self.ranks)
        self._elements = {each: self._split(each) for each in self.variables}
        self._outer = [each for each in self.variables if each.point.kind != "event"]
        self._found: dict[tuple[Parts, int, int, Variable | None], frozenset[Profile]] = {}
        self._neighbours: dict[tuple[Variable, int], Parts] = {}
        self._last_days = {point: self._last_of(point) for point in self.points}

    def _number(self, result: object) -> int:
        for number, each in enumerate(self.results):
            if each is result or (type(each) is type(result) and each == result):
                return number
        self.results.append(result)
        return len(self.results) - 1

    def _split(self, variable: Variable) -> dict[Parts, list[Part]]:
        """Give the values of a variable that no part tells apart, by the parts they are in."""
        free = 0
        cuts: set[int] = set()
        singles: dict[Single, Parts] = {}
        for index, leaf in enumerate(self.leaves):
            domain = leaf.domains.get(variable)
            if domain is None:
                free |= 1 << index
                continue
            for part in domain:
                if isinstance(part, Stretch):
                    cuts.update((part.low, part.high + 1))
                else:
                    singles[part] = singles.get(part, 0) | 1 << index
        stretches: dict[int, Parts] = dict.fromkeys(cuts, 0)
        places = sorted(cuts)
        position = {place: at for at, place in enumerate(places)}
        for index, leaf in enumerate(self.leaves):
            for part in leaf.domains.get(variable, ()):
                if isinstance(part, Stretch):
                    for at in range(position[part.low], position[part.high + 1]):
                        stretches[places[at]] |= 1 << index
        found: dict[Parts, list[Part]] = {}
        for single, parts in singles.items():
            found.setdefault(parts | free, []).append(single)
        for at, place in enumerate(places[:-1]):
            if stretches[place]:
                piece = Stretch(place, places[at + 1] - 1)
                found.setdefault(stretches[place] | free, []).append(piece)
        return found

    # ------------------------------------------------------------ profiles

    def profile(self, parts: Parts, fixed: Variable | None = None) -> Profile:
        """Give the profile of a set of parts, with one variable fixed to what they have of it."""
        return frozenset(self._profiles(parts, 0, 0, fixed))

    def _profiles(
        self, parts: Parts, index: int, level: int, fixed: Variable | None
    ) -> frozenset[Profile]:
        """Give what there is for each way to fix the rest of a class's variables."""
        if not parts:
            return frozenset()
        key = parts, index, level, fixed
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = self._of_class(parts, index, level, fixed)
        return found

    def _of_class(
        self, parts: Parts, index: int, level: int, fixed: Variable | None
    ) -> frozenset[Profile]:
        if self.alike(parts):
            profile: Profile = self.futures(parts)
            for _ in range(level + 1, len(_CLASSES)):
                profile = frozenset((profile,))
            return frozenset((profile,))
        kind = _CLASSES[level]
        if index == len(self._outer) or self._outer[index].point.kind != kind:
            if level == len(_CLASSES) - 1:
                return frozenset((self.futures(parts),))
            return frozenset((self._profiles(parts, index, level + 1, fixed),))
        variable = self._outer[index]
        if variable is fixed:
            return self._profiles(parts, index + 1, level, fixed)
        return frozenset(
            profile
            for each in self._narrowed(parts, variable)
            for profile in self._profiles(each, index + 1, level, fixed)
        )

    def futures(self, parts: Parts) -> Futures:
        """Give the results of parts."""
        return frozenset(
            result
            for result, having in zip(self.results, self._with_result, strict=True)
            if parts & having
        )

    def alike(self, parts: Parts) -> bool:
        """Tell whether all of some parts have the same result."""
        number = self._result_of[(parts & -parts).bit_length() - 1]
        return not parts & ~self._with_result[number]

    def _narrowed(self, parts: Parts, variable: Variable) -> set[Parts]:
        found = {parts & each for each in self._elements[variable]}
        found.discard(0)
        return found

    def having(self, variable: Variable, value: object) -> Parts:
        """Give the parts in which a variable may have a value."""
        parts = 0
        for element, values in self._elements[variable].items():
            if any(isinstance(e, Single) and _same(e.value, value) for e in values):
                parts |= element
        return parts

    # ------------------------------------------------------------ points that matter

    def changes(self, point: Point) -> set[tuple[Futures, Futures]]:
        """Give what a fact, reading or act changes of all futures: pairs of what comes of it."""
        own = [each for each in self._outer if each.point is point]
        others = [each for each in self._outer if each.point is not point]
        seen: set[tuple[Parts, int]] = set()
        found: set[tuple[Futures, Futures]] = set()

        def look(parts: Parts, index: int) -> None:
            if not parts or self.alike(parts) or (parts, index) in seen:
                return
            seen.add((parts, index))
            if index < len(others):
                for each in self._narrowed(parts, others[index]):
                    look(each, index + 1)
                return
            choices = [list(self._elements[each]) for each in own]
            futures = {self.futures(_all_of(parts, fixed)) for fixed in product(*choices)}
            futures.discard(frozenset())
            found.update(permutations(futures, 2))

        look(self.all, 0)
        return found

    def differences(self, point: Point) -> dict[tuple[int, int], date]:
        """Give the pairs of results of two worlds that differ in a point alone.

        Returns:
            For each, by the results' numbers, the last day on which there are such worlds.
        """
        others = [each for each in self.variables if each.point is not point]
        last_days = self._last_days[point]
        found: dict[tuple[int, int], date] = {}
        for index in range(len(self.leaves)):
            number = self._result_of[index]
            beside = ~self._with_result[number] & self.all & -(1 << index)
            for variable in others:
                if not beside:
                    break
                beside &= self._beside(variable, index)
            while beside:
                other = (beside & -beside).bit_length() - 1
                beside &= beside - 1
                last = min(last_days[index], last_days[other])
                pair = number, self._result_of[other]
                if pair not in found or last > found[pair]:
                    found[pair] = last
        return found

    def _beside(self, variable: Variable, index: int) -> Parts:
        """Give the parts that share a value of a variable with one."""
        key = variable, index
        found = self._neighbours.get(key)
        if found is None:
            found = 0
            for element in self._elements[variable]:
                if element >> index & 1:
                    found |= element
            self._neighbours[key] = found
        return found

    # ------------------------------------------------------------ days

    def _last_of(self, point: Point) -> list[date]:
        """Give for each part the last day on which it is still possible that it comes about."""
        own = [each for each in self.variables if each.point is point]
        return [
            min((_last_day(v, leaf.domains[v]) for v in own if v in leaf.domains), default=ENDLESS)
            for leaf in self.leaves
        ]

    def last_days(self) -> list[date]:
        """Give for each part the last day on which it is still possible, as far as events go."""
        events = [each for each in self.points if each.kind == "event"]
        return [
            min((self._last_days[point][index] for point in events), default=ENDLESS)
            for index in range(len(self.leaves))
        ]


def _all_of(parts: Parts, fixed: Sequence[Parts]) -> Parts:
    for each in fixed:
        parts &= each
    return parts


def _last_day(variable: Variable, domain: Domain) -> date:
    """Give the last day among what a variable may be, if each value has one and it is not endless."""
    found: date | None = None
    for part in domain:
        if isinstance(part, Stretch):
            if not isinstance(variable.scale, Days | Moments):
                return ENDLESS
            day = variable.scale.day(part.high)
            if day >= _FAR:
                return ENDLESS
        elif isinstance(part.value, datetime):
            day = part.value.date()
        elif isinstance(part.value, date):
            day = part.value
        else:
            return ENDLESS
        found = day if found is None else max(found, day)
    return ENDLESS if found is None else found


def _same(left: object, right: object) -> bool:
    return left is right or (type(left) is type(right) and left == right)
