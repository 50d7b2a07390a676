"""Deciding a condition over what variables may be, or saying how the worlds have to be split.

The place where a condition changes is found by halving, which is exact where the two sides of a
comparison only grow or only fall with a variable. A condition of two variables is decided where it
is the same at all corners; otherwise the outer variable is replaced by values that stand for all
others: the ends, the places where something is known to change, those where this condition changes
for such places of the other variables, and what lies between them.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import islice, pairwise, product
from operator import attrgetter
from typing import Final

from policyeval.backends.worlds.domains import (
    UNSURE,
    Domain,
    FreshText,
    Numbers,
    Part,
    Single,
    Stretch,
    apart,
    count,
    is_single,
    joined,
)
from policyeval.backends.worlds.learning import Failed, Learning
from policyeval.backends.worlds.places import around, first_places, places_of
from policyeval.backends.worlds.questions import Test
from policyeval.backends.worlds.searching import Along, along, guess, last_same
from policyeval.backends.worlds.variables import Assignment, Split, Symbol, Unclear, Variable
from policyeval.feel.failure import Failure

_FEW: Final = 8
"""So many values are looked at one by one."""

_COMBINATIONS: Final = 64
_MOST_CHANGES: Final = 6
_MOST_CUTS: Final = 8
_MOST_CUTS_LEARNT: Final = 16
_MOST_REPRESENTATIVES: Final = 24
_LEVELS: Final = 3

_RANK: Final = attrgetter("rank")

Outcome = Callable[[Hashable], Hashable]
"""What is wanted of a function's results."""


class Splitting:
    """Decides conditions in a part of the possible worlds.

    Attributes:
        domains: Variables that are narrowed there.
        coarse: Variables of which one value stands for others.
        narrow: Counts what was asked that may be otherwise in other worlds. What is computed without
            asking any such thing is a value, or a symbol, that is the same in all of them.
    """

    def __init__(
        self,
        learning: Learning,
        domains: Mapping[Variable, Domain] | None = None,
        coarse: frozenset[Variable] = frozenset(),
    ) -> None:
        self.learning = learning
        self.site = 0
        self.domains = {} if domains is None else domains
        self.coarse = coarse
        self.narrow = 0

    def domain(self, variable: Variable) -> Domain:
        """Give what a variable may be here."""
        self.narrow += 1
        return self.domains.get(variable, variable.domain)

    def sole(self, variable: Variable) -> object:
        """Give the only value of a variable.

        Raises:
            Unclear: Its values could not be told apart.
        """
        value = variable.of(self.domain(variable)[0])
        if value is UNSURE:
            raise Unclear(variable)
        return value

    def read(self, variable: Variable) -> object:
        """Give a variable's value, or a symbol for it.

        Raises:
            Unclear: Its values could not be told apart.
        """
        if not is_single(self.domains.get(variable, variable.domain)):
            return variable.symbol
        before = self.narrow
        value = self.sole(variable)
        if variable not in self.coarse:
            return value
        self.narrow = before
        return variable.symbol

    def live(self, signs: Iterable[Variable]) -> list[Variable]:
        """Give the variables that have several values here, the outermost first."""
        narrowed = self.domains
        found = [each for each in signs if not is_single(narrowed.get(each, each.domain))]
        return found if len(found) < 2 else sorted(found, key=_RANK)

    # ------------------------------------------------------------ deciding

    def decide(
        self,
        signs: Mapping[Variable, int],
        test: Test,
        *,
        plain: bool = False,
        outcome: Outcome | None = None,
    ) -> Hashable:
        """Give what a function comes to, if that is the same everywhere here.

        Args:
            signs: Its variables, and how it moves with them.
            test: The function. Where signs are given it goes up or down through its results.
            plain: Whether it only asks if a text is equal to others.
            outcome: What of its results is wanted; all of it if None.

        Raises:
            Split: It differs.
            Unclear: That cannot be found out.
            Failure: It has no result.
        """
        live = self.live(signs)
        known = (
            {each: self.sole(each) for each in signs if each not in live}
            if len(live) < len(signs)
            else {}
        )
        if self.coarse and len(live) < 2 and any(each in self.coarse for each in known):
            self._look_outwards(signs, known, test)
        if not live:
            result = test.result(known)
        elif len(live) == 1:
            groups = self._groups(live[0], signs, known, test, plain=plain, outcome=outcome)
            return self._of_groups(live[0], groups, not signs[live[0]], outcome)
        else:
            result = self._several(live, signs, known, test)
        return result if outcome is None else outcome(result)

    def _groups(
        self,
        variable: Variable,
        signs: Mapping[Variable, int],
        known: Assignment,
        test: Test,
        *,
        plain: bool,
        outcome: Outcome | None,
    ) -> dict[Hashable, list[Part]]:
        """Give what a variable may be, by what a function of it comes to."""
        given = along(variable, known, test)
        groups: dict[Hashable, list[Part]] = {}
        sign = signs[variable]
        derived = any(each in self.coarse for each in known)
        for part in self.domain(variable):
            if isinstance(part, Stretch):
                pieces = list(self.pieces(variable, part, given, sign, outcome))
                for piece, result in pieces:
                    groups.setdefault(result, []).append(piece)
                if not derived:
                    changes = (r.low for (_, one), (r, other) in pairwise(pieces) if one != other)
                    for place in islice(changes, _MOST_CUTS):
                        self.learning.cut(variable, place)
                if not sign and isinstance(variable.scale, Numbers) and not _is_small(part):
                    groups.setdefault(UNSURE, []).append(Single(UNSURE))
            elif part.value is UNSURE or (isinstance(part.value, FreshText) and not plain):
                groups.setdefault(UNSURE, []).append(Single(UNSURE))
            else:
                groups.setdefault(given.result(variable.of(part)), []).append(part)
        return groups

    def _of_groups(
        self,
        variable: Variable,
        groups: Mapping[Hashable, Sequence[Part]],
        scattered: bool,
        outcome: Outcome | None,
    ) -> Hashable:
        merged: dict[Hashable, list[Part]] = {}
        for result, parts in groups.items():
            merged.setdefault(_wanted(result, outcome), []).extend(parts)
        if len(merged) > 1:
            wild = scattered and any(
                isinstance(each, Stretch) and not _is_small(each) for each in self.domain(variable)
            )
            raise Split(variable, tuple(joined(each) for each in merged.values()), wild=wild)
        (found,) = merged
        if found is UNSURE:
            raise Unclear(variable)
        if isinstance(found, Failed):
            raise found.failure
        return found

    def _several(
        self,
        live: Sequence[Variable],
        signs: Mapping[Variable, int],
        known: Assignment,
        test: Test,
    ) -> Hashable:
        corners = [self._corners(each, signs[each]) for each in live]
        if all(corners) and _size(corners) <= _COMBINATIONS:
            found: set[Hashable] = set()
            for values in product(*corners):
                found.add(_safely(test, {**known, **dict(zip(live, values, strict=True))}))
                if len(found) > 1:
                    break
            else:
                (result,) = found
                if isinstance(result, Failed):
                    raise result.failure
                return result
        for variable in live:
            domain = self.domain(variable)
            if all(isinstance(each, Single) for each in domain) or count(domain) <= _FEW:
                raise Split(variable, tuple(apart(domain)))
        outer, *inner = live
        rest = {each: signs[each] for each in inner}
        raise self.represent(outer, rest, known, test, signs[outer])

    def force(self, symbol: Symbol) -> object:
        """Give the value of a symbol of which a condition cannot be asked.

        Raises:
            Split: It has several values.
            Failure: It has none.
        """
        live = self.live(symbol.signs)
        known = {each: self.sole(each) for each in symbol.signs if each not in live}
        if not live:
            return symbol.evaluate(known)
        outer, *inner = live
        domain = self.domain(outer)
        if all(isinstance(each, Single) for each in domain) or count(domain) <= _FEW:
            raise Split(outer, tuple(apart(domain)))

        def key(values: Assignment) -> Hashable:
            return repr(symbol.evaluate(values))

        rest = {each: symbol.signs[each] for each in inner}
        raise self.represent(outer, rest, known, Test(key), symbol.signs[outer], many=True)

    # ------------------------------------------------------------ pieces of a stretch

    def pieces(
        self,
        variable: Variable,
        part: Stretch,
        given: Along,
        sign: int,
        outcome: Outcome | None = None,
    ) -> Iterator[tuple[Stretch, Hashable]]:
        """Give the pieces of a stretch in which a function is the same, as far as they are known."""

        def of(place: int) -> Hashable:
            self.learning.step()
            return given.result(variable.at(place))

        low, high = part.low, part.high
        if _is_small(part):
            for place in range(low, high + 1):
                yield Stretch(place, place), of(place)
            return
        if not sign:
            yield from self._scattered(variable, part, of, outcome=outcome)
            return
        last = of(high)
        result = of(low)
        while result != last:
            near = guess(variable, low, high, sign, given)
            end = self._last_monotone(variable, (low, high), given.same(variable, result), near)
            yield Stretch(low, end), result
            low = end + 1
            result = of(low)
        yield Stretch(low, high), last

    def _last_monotone(
        self,
        variable: Variable,
        ends: tuple[int, int],
        same: Callable[[int], bool],
        near: int | None,
    ) -> int:
        """Give the last place at which a test holds that holds up to it and not behind it.

        Args:
            variable: Whose values the places are.
            ends: At the low end it holds, at the high end it does not.
            same: The test.
            near: Where the place may be; None if nothing tells.
        """
        if near is None:

            def looked_at(place: int) -> bool:
                self.learning.step()
                return same(place)

            return self._last_alike(variable, ends, True, looked_at)
        end = last_same(variable.scale, *ends, same, near)

        def known(place: int) -> bool:
            self.learning.step()
            return place <= end

        # What it takes does not depend on how good the guess was: so much may be done, and no more.
        return self._last_alike(variable, ends, True, known)

    def _last_alike(
        self,
        variable: Variable,
        ends: tuple[int, int],
        result: Hashable,
        of: Callable[[int], Hashable],
    ) -> int:
        """Give the last place with the result that there is at the low end; there is none at the high.

        Places where something is known to change are tried first, then beginnings of days and round
        numbers: that is where most things change.
        """
        low, high = ends
        cuts = sorted(c for c in self.learning.cuts.get(variable, ()) if low < c < high)
        while cuts:
            at = len(cuts) // 2
            if of(cuts[at]) == result:
                low, cuts = cuts[at], cuts[at + 1 :]
            elif of(cuts[at] - 1) == result:
                return cuts[at] - 1
            else:
                high, cuts = cuts[at] - 1, cuts[:at]
        for grid in () if variable.scale is None else variable.scale.grids:
            first, last = grid.above(low), grid.above(high) - 1
            while first <= last:
                middle = (first + last) // 2
                place = grid.place(middle)
                if place >= high:
                    last = middle - 1
                elif of(place) == result:
                    low, first = place, middle + 1
                else:
                    high, last = place, middle - 1
            if high - low > 1 and of(high - 1) == result:
                return high - 1
            if high - low > 1 and of(low + 1) != result:
                return low
        while high - low > 1:
            middle = (low + high) // 2
            if of(middle) == result:
                low = middle
            else:
                high = middle
        return low

    def _scattered(
        self,
        variable: Variable,
        part: Stretch,
        of: Callable[[int], Hashable],
        *,
        quickly: bool = False,
        outcome: Outcome | None = None,
    ) -> Iterator[tuple[Stretch, Hashable]]:
        """Look at many places, and at those where the function changes between them.

        Args:
            variable: Whose values the places are.
            part: Where to look.
            of: The function.
            quickly: Whether it is enough to see that it changes at all.
            outcome: What of its results is wanted; all of it if None.
        """
        self.learning.sampled = True
        found: dict[int, Hashable] = {}
        if quickly or self.learning.hasty:
            found = {place: of(place) for place in first_places(variable, part)}
            if len({_wanted(each, outcome) for each in found.values()}) > 1:
                for place in sorted(found):
                    yield Stretch(place, place), found[place]
                return
        unseen = places_of(variable, part, self.learning) - found.keys()
        found.update((place, of(place)) for place in unseen)
        for _ in range(2):
            near: set[int] = set()
            places = sorted(found)
            for left, right in pairwise(places):
                if found[left] != found[right] and right > left + 1:
                    end = self._last_alike(variable, (left, right), found[left], of)
                    found[end], found[end + 1] = found[left], of(end + 1)
                    near.update(around(variable, part, end))
            near -= found.keys()
            if not near:
                break
            found.update((place, of(place)) for place in near)
        for place in sorted(found):
            yield Stretch(place, place), found[place]

    # ------------------------------------------------------------ values that stand for others

    def represent(
        self,
        variable: Variable,
        inner: Mapping[Variable, int],
        known: Assignment,
        test: Test,
        sign: int,
        *,
        many: bool = False,
    ) -> Split:
        """Make the split of a variable into values that stand for all others."""
        parts: list[Domain] = []
        for part in self.domain(variable):
            if isinstance(part, Single):
                parts.append((part,))
                continue
            at_critical = [along(variable, each, test) for each in self._critical(inner, known)]
            places = self._representatives(variable, part, at_critical, sign, many=many)
            parts += [(Stretch(each, each),) for each in sorted(places)]
        for each in (variable, *inner):
            self.learning.rely(each)
        return Split(variable, tuple(parts), coarse=True)

    def _representatives(
        self,
        variable: Variable,
        part: Stretch,
        functions: Sequence[Along],
        sign: int,
        *,
        many: bool,
    ) -> set[int]:
        if _is_small(part):
            return set(range(part.low, part.high + 1))
        found = {part.low, part.high}
        for cut in self.learning.cuts.get(variable, ()):
            found.update((cut - 1, cut))
        for given in () if self.learning.frozen else functions:
            changes = set(self._changes(variable, part, given, sign, many=many))
            found |= changes
            if not many:
                self._learn(variable, changes)
            if len(found) > _MOST_REPRESENTATIVES:
                break
        found = {each for each in found if part.low <= each <= part.high}
        if variable.point.kind != "event" or len(found) < 3:
            # Of an event the ends are enough: all futures are looked over together.
            places = sorted(found)
            found.update((left + right) // 2 for left, right in pairwise(places))
        return found

    def _changes(
        self,
        variable: Variable,
        part: Stretch,
        given: Along,
        sign: int,
        *,
        many: bool = False,
    ) -> Iterator[int]:
        """Give the places beside which a function changes; a few of them, if it does at many."""

        def of(place: int) -> Hashable:
            self.learning.step()
            return given.result(variable.at(place))

        if not sign:
            pieces = list(self._scattered(variable, part, of, quickly=many))
            changes = [
                place
                for (left, one), (right, other) in pairwise(pieces)
                if one != other
                for place in (left.low, right.low)
            ]
            yield from changes[:_MOST_CHANGES]
            return
        low, high = part.low, part.high
        first, last = of(low), of(high)
        for _ in range(_LEVELS):
            if first == last:
                return
            near = low if many else guess(variable, low, high, sign, given)
            end = self._last_monotone(variable, (low, high), given.same(variable, first), near)
            yield end
            yield end + 1
            low = end + 1
            first = of(low)
        if first != last:
            near = high if many else guess(variable, low, high, sign, given)
            ended = given.same(variable, last)
            end = self._last_monotone(variable, (low, high), lambda at: not ended(at), near)
            yield end
            yield end + 1

    def _critical(
        self, inner: Mapping[Variable, int], known: Assignment
    ) -> Iterator[dict[Variable, object]]:
        """Give the combinations of the other variables' values at which something may change."""
        choices: list[list[object]] = []
        for variable in inner:
            values: list[object] = []
            for part in self.domain(variable):
                if isinstance(part, Single):
                    values.append(variable.of(part))
                    continue
                places = {part.low, part.high}
                for cut in self.learning.cuts.get(variable, ()):
                    places.update((cut - 1, cut))
                values += [
                    variable.at(each) for each in sorted(places) if part.low <= each <= part.high
                ]
            choices.append(values)
        combinations = product(*choices)
        for values_of, _ in zip(combinations, range(_COMBINATIONS), strict=False):
            yield {**known, **dict(zip(inner, values_of, strict=True))}

    def _look_outwards(self, signs: Mapping[Variable, int], known: Assignment, test: Test) -> None:
        """See for which other values of variables that are represented this condition changes too."""
        live = {each: sign for each, sign in signs.items() if each not in known}
        for outer in known:
            if outer not in self.coarse:
                continue
            self.learning.wanted.add((self.site, outer))
            if (self.site, outer) in self.learning.looked:
                continue
            self.learning.looked.add((self.site, outer))
            rest = {each: value for each, value in known.items() if each is not outer}
            for assignment in self._critical(live, rest):
                given = along(outer, assignment, test)
                for part in outer.domain:
                    if isinstance(part, Stretch) and not _is_small(part):
                        self._learn(outer, set(self._changes(outer, part, given, signs[outer])))

    def _learn(self, variable: Variable, changes: set[int]) -> None:
        for place in changes:
            known = self.learning.cuts.get(variable, ())
            if place - 1 in changes and len(known) < _MOST_CUTS_LEARNT:
                self.learning.cut(variable, place)

    def _corners(self, variable: Variable, sign: int) -> list[object]:
        """Give the values at which the extremes of a function are; none if that cannot be told."""
        domain = self.domain(variable)
        if any(isinstance(each, Single) and not _is_plain(each) for each in domain):
            return []
        values: list[object] = []
        for part in domain:
            if isinstance(part, Single):
                values.append(variable.of(part))
            elif _is_small(part):
                values += [variable.at(each) for each in range(part.low, part.high + 1)]
            elif sign:
                values += [variable.at(part.low), variable.at(part.high)]
            else:
                return []
        return values


def _wanted(result: Hashable, outcome: Outcome | None) -> Hashable:
    """Give what is wanted of a result, if it has one."""
    if outcome is None or result is UNSURE or isinstance(result, Failed):
        return result
    return outcome(result)


def _is_plain(part: Single) -> bool:
    return part.value is not UNSURE and not isinstance(part.value, FreshText)


def _is_small(part: Stretch) -> bool:
    return part.high - part.low < _FEW


def _size(choices: Sequence[Sequence[object]]) -> int:
    size = 1
    for each in choices:
        size *= len(each)
    return size


def _safely(test: Test, known: Assignment) -> Hashable:
    try:
        return test.result(known)
    except Failure as failure:
        return Failed(failure)
