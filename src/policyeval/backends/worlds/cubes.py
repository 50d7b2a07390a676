"""From parts of the possible worlds with their results to verdicts, points and days.

Each part narrows some variables, whatever the others are. A set of parts is a number with a bit for
each, so that fixing a variable is one `&`.
"""

from collections.abc import Hashable, Mapping, Sequence
from datetime import date, datetime
from itertools import product
from typing import Final

from policyeval.backends.worlds.domains import Days, Domain, Moments, Part, Single, Stretch
from policyeval.backends.worlds.exploring import Leaf
from policyeval.backends.worlds.variables import Point, Variable
from policyeval.evaluation.model import PointKind, Verdict
from policyeval.facts.scalars import LAST_DAY

VERDICTS: Final[Mapping[PointKind, Verdict]] = {
    "fact": Verdict.UNKNOWN,
    "reading": Verdict.OPEN,
    "act": Verdict.DISCRETION,
    "event": Verdict.PENDING,
}
"""The verdict where results differ with a kind of point."""

ENDLESS: Final = date.max
"""Stands for a last day that there is not."""

Parts = int
"""A set of parts: one bit for each."""

Status = Hashable
"""A result's number, or the verdict where there are several; None for no world at all."""


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
        self.points = list(dict.fromkeys(each.point for each in self.variables))
        self._elements = {each: self._split(each) for each in self.variables}
        self._outer = [each for each in self.variables if each.point.kind != "event"]
        self._statuses: dict[tuple[Parts, int, Variable | None], Status] = {}
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

    # ------------------------------------------------------------ statuses

    def status(self, parts: Parts, index: int = 0, fixed: Variable | None = None) -> Status:
        """Give what a set of parts comes to, with the outer variables before `index` fixed."""
        single = self._single(parts)
        if single is not None or not parts:
            return single
        if index == len(self._outer):
            return Verdict.PENDING
        variable = self._outer[index]
        if variable is fixed:
            return self.status(parts, index + 1, fixed)
        key = parts, index, fixed
        if key not in self._statuses:
            narrowed = self._narrowed(parts, variable)
            found = {self.status(each, index + 1, fixed) for each in narrowed}
            found.discard(None)
            if len(found) > 1:
                self._statuses[key] = VERDICTS[variable.point.kind]
            else:
                self._statuses[key] = found.pop() if found else None
        return self._statuses[key]

    def _single(self, parts: Parts) -> int | None:
        """Give the result that all parts have, if there is one."""
        if not parts:
            return None
        number = self._result_of[(parts & -parts).bit_length() - 1]
        return None if parts & ~self._with_result[number] else number

    def _narrowed(self, parts: Parts, variable: Variable) -> set[Parts]:
        found = {parts & each for each in self._elements[variable]}
        found.discard(0)
        return found

    def with_value(self, variable: Variable, value: object) -> Status:
        """Give what the parts come to in which a variable has a value."""
        parts = 0
        for element, values in self._elements[variable].items():
            if any(isinstance(e, Single) and _same(e.value, value) for e in values):
                parts |= element
        return self.status(parts, fixed=variable)

    # ------------------------------------------------------------ points that matter

    def decides(self, point: Point) -> bool:
        """Tell whether a fact, reading or act changes what comes of all futures."""
        own = [each for each in self._outer if each.point is point]
        others = [each for each in self._outer if each.point is not point]
        seen: dict[tuple[Parts, int], bool] = {}

        def differs(parts: Parts, index: int) -> bool:
            if not parts or self._single(parts) is not None:
                return False
            if index == len(others):
                choices = [list(self._elements[each]) for each in own]
                statuses = {self._futures(parts, fixed) for fixed in product(*choices)}
                statuses.discard(None)
                return len(statuses) > 1
            key = parts, index
            if key not in seen:
                narrowed = self._narrowed(parts, others[index])
                seen[key] = any(differs(each, index + 1) for each in narrowed)
            return seen[key]

        return differs(self.all, 0)

    def _futures(self, parts: Parts, fixed: Sequence[Parts]) -> Status:
        for each in fixed:
            parts &= each
        single = self._single(parts)
        return Verdict.PENDING if single is None and parts else single

    def matters(self, point: Point) -> date | None:
        """Tell whether two worlds that differ in a point alone have different results.

        Returns:
            None if there are none; else the last day on which there are, for an event.
        """
        others = [each for each in self.variables if each.point is not point]
        last_days = self._last_days[point]
        found: date | None = None
        for index in range(len(self.leaves)):
            beside = ~self._with_result[self._result_of[index]] & self.all
            for variable in others:
                if not beside:
                    break
                beside &= self._beside(variable, index)
            while beside:
                other = (beside & -beside).bit_length() - 1
                beside &= beside - 1
                last = min(last_days[index], last_days[other])
                if found is None or last > found:
                    found = last
        return found

    def _beside(self, variable: Variable, index: int) -> Parts:
        """Give the parts that share a value of a variable with one."""
        found = 0
        for element in self._elements[variable]:
            if element >> index & 1:
                found |= element
        return found

    # ------------------------------------------------------------ days

    def _last_of(self, point: Point) -> list[date]:
        """Give for each part the last day on which it is still possible that it comes about."""
        own = [each for each in self.variables if each.point is point]
        return [
            min((_last_day(v, leaf.domains[v]) for v in own if v in leaf.domains), default=ENDLESS)
            for leaf in self.leaves
        ]

    def pending_until(self) -> date | None:
        """Give the last day on which the verdict is still PENDING if no event happens before it."""
        events = [each for each in self.points if each.kind == "event"]
        days = [
            min((self._last_days[point][index] for point in events), default=ENDLESS)
            for index in range(len(self.leaves))
        ]
        for day in sorted(set(days), reverse=True):
            parts = sum(1 << index for index, last in enumerate(days) if last >= day)
            if self.status(parts) is Verdict.PENDING:
                return None if day == ENDLESS else day
        return None


def _last_day(variable: Variable, domain: Domain) -> date:
    """Give the last day among what a variable may be, if each value has one and it is not endless."""
    found: date | None = None
    for part in domain:
        if isinstance(part, Stretch):
            if not isinstance(variable.scale, Days | Moments):
                return ENDLESS
            day = variable.scale.day(part.high)
            if day >= LAST_DAY:
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
