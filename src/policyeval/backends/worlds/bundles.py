"""Parts of the possible worlds with their results, and what the open points change in them.

Conditions that share something open are explored each by itself, and bundled here: a world of the
bundle lies in one part of each. A set of a condition's parts is a number with a bit for each, so that
fixing a variable is one `&` per condition.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import combinations, permutations, product
from operator import and_
from typing import Final

from policyeval.backends.worlds.domains import Days, Domain, Moments, Part, Single, Stretch
from policyeval.backends.worlds.exploring import Leaf
from policyeval.backends.worlds.variables import Point, Variable
from policyeval.backends.worlds.worlds import NOT_COVERED
from policyeval.evaluation.model import PointKind
from policyeval.facts.scalars import LAST_DAY

ENDLESS: Final = date.max
"""Stands for a last day that there is not."""

_FAR: Final = LAST_DAY - timedelta(500)
"""Whatever is still possible then is taken to be so for ever."""

Parts = tuple[int, ...]
"""For each condition a set of parts: one bit for each."""

Futures = frozenset[object]
"""The results over all futures, the other points being fixed; none if no world is possible."""

Profile = frozenset["Profile"] | Futures
"""What results there are: for each way to fix the unknown facts, a set of what there is for each way
to fix the readings, and in that for each way to fix the acts, the results over all futures."""

_CLASSES: Final[tuple[PointKind, ...]] = ("fact", "reading", "act")


def combined(results: Iterable[object]) -> object:
    """Give what results of conditions come to together: all must hold, where they apply at all."""
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


def same(left: object, right: object) -> bool:
    """Tell whether two results are the same."""
    return left is right or (type(left) is type(right) and left == right)


@dataclass(frozen=True, slots=True)
class Composite:
    """A list or a context as a result: told apart by what it holds, as other values are."""

    value: object

    def __hash__(self) -> int:
        return hash(Composite)


def hashable(result: object) -> object:
    """Give a result in a form that can be put into sets."""
    return Composite(result) if isinstance(result, list | dict) else result


class _Condition:
    """The parts of one condition, with their results."""

    def __init__(self, leaves: Sequence[Leaf]) -> None:
        self.leaves = leaves
        self.all = (1 << len(leaves)) - 1
        self.results: list[object] = []
        self._numbers = [self._number(hashable(leaf.result)) for leaf in leaves]
        self._having = [0] * len(self.results)
        for index, number in enumerate(self._numbers):
            self._having[number] |= 1 << index
        self.not_covered = sum(
            having
            for result, having in zip(self.results, self._having, strict=True)
            if result is NOT_COVERED
        )
        self.variables = dict.fromkeys(variable for leaf in leaves for variable in leaf.domains)

    def _number(self, result: object) -> int:
        for number, each in enumerate(self.results):
            if same(each, result):
                return number
        self.results.append(result)
        return len(self.results) - 1

    def told(self, variable: Variable) -> int:
        """Give the parts that tell values of a variable where some values stand for all others.

        None of them: none does. Values that lie in none of these parts are among the others.
        """
        if not any(variable in each.worlds.sampled for each in self.leaves):
            return 0
        return sum(1 << place for place, leaf in enumerate(self.leaves) if variable in leaf.domains)

    def of(self, parts: int) -> list[object]:
        """Give the results of some parts."""
        return [r for r, having in zip(self.results, self._having, strict=True) if parts & having]

    def sole(self, parts: int) -> int:
        """Give the number of the result that all of some parts have, or -1."""
        number = self._numbers[(parts & -parts).bit_length() - 1]
        return number if not parts & ~self._having[number] else -1


class Element:
    """Values of a variable that no part tells apart.

    Attributes:
        parts: The parts of each condition that they are in.
        last: The last day among them, or `ENDLESS`.
    """

    __slots__ = ("last", "parts", "values")

    def __init__(self, variable: Variable, parts: Parts, values: list[Part]) -> None:
        self.parts = parts
        self.values = values
        self.last = _last_day(variable, tuple(values))


class Bundle:
    """Conditions that share what is open, or one question of any kind by itself.

    Its methods raise what `step`, which is called for each step, raises.
    """

    def __init__(
        self,
        conditions: Sequence[Sequence[Leaf]],
        tying: frozenset[Variable],
        step: Callable[[], None],
    ) -> None:
        self._step = step
        self._conditions = [_Condition(leaves) for leaves in conditions]
        self.all: Parts = tuple(each.all for each in self._conditions)
        every = dict.fromkeys(v for each in self._conditions for v in each.variables)
        self.variables = sorted(every, key=lambda each: each.rank)
        self.ranks: dict[Point, tuple[int, int]] = {}
        for each in self.variables:
            self.ranks.setdefault(each.point, each.rank)
        self._elements = {each: self._split(each) for each in self.variables}
        self._outer = [each for each in self.variables if each.point.kind != "event"]
        events = [each for each in self.variables if each.point.kind == "event"]
        self._shared = [each for each in events if self._is_shared(each)]
        # Without these, a world can be found for any parts of the conditions.
        self._tying = [each for each in self.variables if each in tying and self._is_shared(each)]
        self._possible: dict[tuple[Parts, int], bool] = {}
        self._found: dict[tuple[Parts, int, int, Variable | None], frozenset[Profile]] = {}
        self._futures: dict[tuple[Parts, int], Futures] = {}
        self._since: date | None = None

    @property
    def points(self) -> Iterable[Point]:
        """The points that the variables belong to."""
        return self.ranks

    # ------------------------------------------------------------ values of variables

    def _split(self, variable: Variable) -> list[Element]:
        cuts: set[int] = set()
        singles: dict[Single, None] = {}
        leaves = [leaf for condition in self._conditions for leaf in condition.leaves]
        is_sampled = any(variable in leaf.worlds.sampled for leaf in leaves)
        domains = [leaf.domains.get(variable, ()) for leaf in leaves]
        # A value that no part tells apart may be in worlds that are not possible with others.
        for domain in domains if is_sampled else (*domains, variable.domain):
            for part in domain:
                if isinstance(part, Stretch):
                    cuts.update((part.low, part.high + 1))
                else:
                    singles[part] = None
        places = sorted(cuts)
        position = {place: at for at, place in enumerate(places)}
        columns: list[tuple[dict[Single, int], list[int]]] = []
        for condition in self._conditions:
            free = 0
            of_singles = dict.fromkeys(singles, 0)
            of_places = [0] * len(places)
            for index, leaf in enumerate(condition.leaves):
                bit = 1 << index
                if variable not in leaf.domains:
                    free |= bit
                    continue
                for part in leaf.domains[variable]:
                    if isinstance(part, Stretch):
                        for at in range(position[part.low], position[part.high + 1]):
                            of_places[at] |= bit
                    else:
                        of_singles[part] |= bit
            columns.append(
                ({s: p | free for s, p in of_singles.items()}, [p | free for p in of_places])
            )
        # Where some values stand for all others, the others are left out.
        told = [each.told(variable) or each.all for each in self._conditions]
        found: dict[Parts, list[Part]] = {}
        for single in singles:
            found.setdefault(tuple(s[single] for s, _ in columns), []).append(single)
        for at, place in enumerate(places[:-1]):
            piece = Stretch(place, places[at + 1] - 1)
            if not _is_within(piece, variable.domain):
                continue
            found.setdefault(tuple(p[at] for _, p in columns), []).append(piece)
        elements = [
            Element(variable, parts, values)
            for parts, values in found.items()
            if all(parts) and all(some & known for some, known in zip(parts, told, strict=True))
        ]
        return sorted(elements, key=lambda each: each.last, reverse=True)

    def _narrowed(self, parts: Parts, variable: Variable) -> Iterable[Parts]:
        """Give the parts for each value of a variable, those first that are possible for longest."""
        self._step()
        found: dict[Parts, None] = {}
        since = self._since if variable.point.kind == "event" else None
        for element in self._elements[variable]:
            if since is not None and element.last < since:
                break
            narrowed = _both(parts, element.parts)
            if all(narrowed):
                found[narrowed] = None
        return found

    def having(self, variable: Variable, value: object) -> Parts | None:
        """Give the parts in which a variable may have a value; None if there are none."""
        for element in self._elements[variable]:
            if any(isinstance(e, Single) and same(e.value, value) for e in element.values):
                return element.parts
        return None

    # ------------------------------------------------------------ results

    def sole(self, parts: Parts) -> object:
        """Give the result that all worlds have, or `MIXED`; `False` of one condition is enough."""
        found: list[object] = []
        mixed = no = False
        for condition, some in zip(self._conditions, parts, strict=True):
            number = condition.sole(some)
            if number < 0:
                if some & condition.not_covered:
                    return MIXED
                mixed = True
            else:
                found.append(condition.results[number])
                no = no or found[-1] is False
        if len(parts) == 1:
            return MIXED if mixed else found[0]
        if mixed and not no:
            return MIXED
        return combined(found)

    def futures(self, parts: Parts, index: int = 0) -> Futures:
        """Give the results of all futures, with shared events before `index` fixed."""
        sole = self.sole(parts)
        if sole is not MIXED:
            return frozenset((sole,)) if self._is_possible(parts, 0) else frozenset()
        if len(parts) == 1:
            return frozenset(self._conditions[0].of(parts[0]))
        key = parts, index
        found = self._futures.get(key)
        if found is None:
            if index == len(self._shared):
                each = [c.of(some) for c, some in zip(self._conditions, parts, strict=True)]
                found = _combinations(each)
            else:
                narrowed = self._narrowed(parts, self._shared[index])
                found = frozenset(
                    result for each in narrowed for result in self.futures(each, index + 1)
                )
            self._futures[key] = found
        return found

    def _is_possible(self, parts: Parts, index: int) -> bool:
        """Tell whether some world is in one of the parts of each condition."""
        if index == len(self._tying):
            return True
        key = parts, index
        if key not in self._possible:
            narrowed = self._narrowed(parts, self._tying[index])
            self._possible[key] = any(self._is_possible(each, index + 1) for each in narrowed)
        return self._possible[key]

    # ------------------------------------------------------------ profiles

    def profile(self, parts: Parts, fixed: Variable | None = None) -> Profile:
        """Give the profile of some parts, with one variable fixed to what they have of it."""
        return frozenset(self._profiles(parts, 0, 0, fixed))

    def members(self) -> Iterator[Profile]:
        """Give what there is for each way to fix the unknown facts, one by one."""
        facts = [each for each in self._outer if each.point.kind == "fact"]
        seen: set[tuple[Parts, int]] = set()

        def look(parts: Parts, index: int) -> Iterator[Profile]:
            if (parts, index) in seen:
                return
            seen.add((parts, index))
            if index < len(facts) and self.sole(parts) is MIXED:
                for each in self._narrowed(parts, facts[index]):
                    yield from look(each, index + 1)
            else:
                yield from self._profiles(parts, len(facts), 0, None)

        return look(self.all, 0)

    def all_futures(self) -> set[Futures]:
        """Give what all futures may come to, the other points being fixed in any way."""
        seen: set[tuple[Parts, int]] = set()
        found: set[Futures] = set()
        most = 2 ** len({result for each in self._conditions for result in each.results}) - 1

        def look(parts: Parts, index: int) -> None:
            if (parts, index) in seen or len(found) == most:
                return
            seen.add((parts, index))
            if index < len(self._outer) and self.sole(parts) is MIXED:
                for each in self._narrowed(parts, self._outer[index]):
                    look(each, index + 1)
            else:
                found.add(self.futures(parts))

        look(self.all, 0)
        found.discard(frozenset())
        return found

    def profile_since(self, day: date) -> Profile:
        """Give the profile of the worlds in which no open event happens before a day."""
        self._since = day
        kept = self._found, self._futures, self._possible
        self._found, self._futures, self._possible = {}, {}, {}
        try:
            parts = tuple(
                sum(1 << n for n, leaf in enumerate(each.leaves) if _last_of(leaf) >= day)
                for each in self._conditions
            )
            return self.profile(parts) if all(parts) else frozenset()
        finally:
            self._since = None
            self._found, self._futures, self._possible = kept

    def last_days(self) -> set[date]:
        """Give the days after which something is no longer possible."""
        return {
            element.last
            for variable in self.variables
            if variable.point.kind == "event"
            for element in self._elements[variable]
        } | {ENDLESS}

    def _profiles(
        self, parts: Parts, index: int, level: int, fixed: Variable | None
    ) -> frozenset[Profile]:
        """Give what there is for each way to fix the rest of a class's variables."""
        key = parts, index, level, fixed
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = self._of_class(parts, index, level, fixed)
        return found

    def _of_class(
        self, parts: Parts, index: int, level: int, fixed: Variable | None
    ) -> frozenset[Profile]:
        if index == len(self._outer) or self.sole(parts) is not MIXED:
            profile: Profile = self.futures(parts)
            if not profile:
                return frozenset()
            for _ in range(level + 1, len(_CLASSES)):
                profile = frozenset((profile,))
            return frozenset((profile,))
        variable = self._outer[index]
        if variable.point.kind != _CLASSES[level]:
            inner = self._profiles(parts, index, level + 1, fixed)
            return frozenset((inner,)) if inner else frozenset()
        if variable is fixed:
            return self._profiles(parts, index + 1, level, fixed)
        return frozenset(
            profile
            for each in self._narrowed(parts, variable)
            for profile in self._profiles(each, index + 1, level, fixed)
        )

    # ------------------------------------------------------------ points that matter

    def changes(self, point: Point, wanted: Callable[[Futures, Futures], bool]) -> bool:
        """Tell whether a fact, reading or act changes what comes of all futures in a way wanted."""
        own = [each for each in self._outer if each.point is point]
        others = [each for each in self._outer if each.point is not point]
        seen: set[tuple[Parts, int]] = set()

        def look(parts: Parts, index: int) -> bool:
            if self.sole(parts) is not MIXED or (parts, index) in seen:
                return False
            seen.add((parts, index))
            if index < len(others):
                narrowed = self._narrowed(parts, others[index])
                return any(look(each, index + 1) for each in narrowed)
            futures = {self.futures(each) for each, _ in self._choices(parts, own)}
            futures.discard(frozenset())
            return any(wanted(one, other) for one, other in combinations(futures, 2))

        return look(self.all, 0)

    def differences(self, point: Point) -> Mapping[tuple[object, object], date]:
        """Give the pairs of results of two worlds that differ in a point alone.

        Returns:
            For each the last day on which there are such worlds, if the point is an event.
        """
        own = [each for each in self.variables if each.point is point]
        concerned = [any(v in each.variables for v in own) for each in self._conditions]
        others = [
            each
            for each in self.variables
            if each.point is not point
            and (
                each in self._shared
                or any(
                    each in condition.variables
                    for condition, is_concerned in zip(self._conditions, concerned, strict=True)
                    if is_concerned
                )
                or (each.point.kind != "event" and self._is_shared(each))
            )
        ]
        seen: set[tuple[Parts, int]] = set()
        found: dict[tuple[object, object], date] = {}
        enough = date.min if point.kind != "event" else ENDLESS
        plain = all(isinstance(r, bool) for c in self._conditions for r in c.results)
        plain = plain or sum(each.results != [True] for each in self._conditions) == 1

        def look(parts: Parts, index: int) -> None:
            if (parts, index) in seen or self._is_settled(parts, concerned):
                return
            seen.add((parts, index))
            if index < len(others):
                for each in self._narrowed(parts, others[index]):
                    look(each, index + 1)
                    if plain and any(last >= enough for last in found.values()):
                        return
                return
            results: dict[object, date] = {}
            for each, last in self._choices(parts, own):
                beside = _combinations(
                    [c.of(p) for c, p, is_c in self._with(each, concerned) if not is_c]
                )
                mine = _combinations(
                    [c.of(p) for c, p, is_c in self._with(each, concerned) if is_c]
                )
                for key in product(mine, beside):
                    results[key] = max(last, results.get(key, last))
            self._pair(results, found)

        look(self.all, 0)
        return found

    @staticmethod
    def _pair(results: Mapping[object, date], found: dict[tuple[object, object], date]) -> None:
        for (one, first), (other, second) in permutations(results.items(), 2):
            assert isinstance(one, tuple)
            assert isinstance(other, tuple)
            if one[1] is not other[1] and not same(one[1], other[1]):
                continue
            pair = combined_pair(one), combined_pair(other)
            if not same(*pair):
                last = min(first, second)
                found[pair] = max(last, found.get(pair, last))

    def _is_shared(self, variable: Variable) -> bool:
        return sum(variable in each.variables for each in self._conditions) > 1

    def _with(
        self, parts: Parts, concerned: Sequence[bool]
    ) -> Iterator[tuple[_Condition, int, bool]]:
        return zip(self._conditions, parts, concerned, strict=True)

    def _is_settled(self, parts: Parts, concerned: Sequence[bool]) -> bool:
        """Tell whether a point of some conditions can make no difference any more."""
        if len(parts) == 1:
            return self.sole(parts) is not MIXED
        settled = True
        for condition, some, is_concerned in self._with(parts, concerned):
            number = condition.sole(some)
            if is_concerned:
                settled = settled and number >= 0
            elif number >= 0 and condition.results[number] is False:
                return self._never_leaves_scope(parts)
        return settled

    def _never_leaves_scope(self, parts: Parts) -> bool:
        return not any(
            some & condition.not_covered
            for condition, some in zip(self._conditions, parts, strict=True)
        )

    def _choices(self, parts: Parts, own: Sequence[Variable]) -> Iterator[tuple[Parts, date]]:
        """Give the parts and the last day for each way to fix the variables of a point."""
        if not own:
            yield parts, ENDLESS
            return
        first, *rest = own
        for element in self._elements[first]:
            narrowed = _both(parts, element.parts)
            if all(narrowed):
                for each, last in self._choices(narrowed, rest):
                    yield each, min(last, element.last)


class Mixed:
    """Stands for several results."""

    __slots__ = ()


MIXED: Final = Mixed()


def combined_pair(pair: tuple[object, ...]) -> object:
    """Give what the results of two groups of conditions come to; a group may be empty."""
    return pair[0] if len(pair) == 1 or pair[1] is True else combined(pair)


def _combinations(results: Sequence[Sequence[object]]) -> Futures:
    if len(results) == 1:
        return frozenset(results[0])
    return frozenset(map(combined, product(*results)))


def _is_within(piece: Stretch, domain: Domain) -> bool:
    return any(
        isinstance(each, Stretch) and each.low <= piece.low and piece.high <= each.high
        for each in domain
    )


def _both(left: Parts, right: Parts) -> Parts:
    return tuple(map(and_, left, right))


def _last_of(leaf: Leaf) -> date:
    """Give the last day on which it is still possible that a part comes about."""
    return min(
        (_last_day(v, domain) for v, domain in leaf.domains.items() if v.point.kind == "event"),
        default=ENDLESS,
    )


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
