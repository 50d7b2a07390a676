"""A few futures in place of all, where there are too many to go through.

Where many events may still happen, each at any time, their orders and distances multiply. Most
answers do not need them all: that an answer is PENDING is shown by two futures with different results.
So these are looked at: nothing more happens; everything happens at once, on the day asked on, on the
last day on which the answer is still the same, and on the day after; and each event by itself never,
as late as the answer stays the same, and a day later. In each of them, facts, readings and acts are
gone through as always.

What is shown so is true: two futures with different results are two. That all futures have the same
result is not shown; where it cannot be shown otherwise, the findings leave it open.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from policyeval.backends.worlds.domains import Days, Domain, Moments, Single, Stretch
from policyeval.backends.worlds.exploring import Ask, Exploration, Leaf, Unknowable
from policyeval.backends.worlds.learning import OutOfStepsError
from policyeval.backends.worlds.openness import Entries, Log, UnknownEvent
from policyeval.backends.worlds.variables import Undecided, Variable
from policyeval.backends.worlds.worlds import Worlds
from policyeval.facts.scalars import LAST_DAY
from policyeval.feel.failure import Failure
from policyeval.policy.never import NEVER

_NEVER: Final = None
Day = int | None
"""Days after the day asked on; None: never."""

Future = Mapping[Variable, Day]
Signature = frozenset[tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a future comes to: parts of the worlds by facts, readings and acts."""

    leaves: tuple[Leaf, ...]
    signature: Signature


class FewFutures:
    """Goes through a few futures of a transaction.

    Attributes:
        until: Event to the last day on which it would still be in time, where that is fixed.
    """

    def __init__(self, exploration: Exploration, ask: Ask) -> None:
        self.exploration = exploration
        self.ask = ask
        self.asked_on = exploration.openness.environment.asked_on
        self.events = tuple(_events(exploration))
        self.last = (LAST_DAY - self.asked_on).days
        self.until: dict[str, date] = {}
        self._seen: dict[tuple[tuple[Variable, Day], ...], _Seen] = {}

    def leaves(self) -> list[Leaf]:
        """Give parts of the worlds with their results, enough to tell what is pending and what not.

        Raises:
            OutOfStepsError: There are too many even so.
        """
        never: Future = dict.fromkeys(self.events, _NEVER)
        at_once: Future = dict.fromkeys(self.events, 0)
        self.look(never)
        self.look(at_once)
        self._at_once(at_once)
        for event in self.events:
            too_late = self._alone(event, at_once)
            if too_late is not None and not self._followed(event, too_late, at_once):
                self.until[event.point.name] = self._day(too_late - 1)
        found = [leaf for each in self._seen.values() for leaf in each.leaves]
        return [*found, *self._unproven(found)]

    # ------------------------------------------------------------ futures

    def look(self, future: Future) -> _Seen:
        """Go through what is open in one future."""
        key = tuple((event, future[event]) for event in self.events)
        if key not in self._seen:
            worlds = self._worlds(future)
            exploration = self.exploration
            found = tuple(exploration.parts([worlds], self.ask))
            possible = tuple(
                exploration.parts(
                    (each.worlds for each in found), self.ask, exploration.is_possible
                )
            )
            self._seen[key] = _Seen(possible, self._signature(possible))
        return self._seen[key]

    def _worlds(self, future: Future) -> Worlds:
        root = self.exploration.root
        domains = {event: self._domain(event, day) for event, day in future.items()}
        return Worlds(root.openness, root.move, root.learning, domains={**root.domains, **domains})

    def _domain(self, event: Variable, day: Day) -> Domain:
        if event.scale is None:  # how many further entries a log has
            return (event.domain[0 if day is None else 1],)
        if day is None:
            return (Single(NEVER),)
        scale = event.scale
        assert isinstance(scale, Days | Moments)
        first = next(each for each in event.domain if isinstance(each, Stretch))
        place = scale.ends(self._day(day))[0]
        place = min(max(place, first.low), first.high)
        return (Stretch(place, place),)

    def _signature(self, leaves: tuple[Leaf, ...]) -> Signature:
        return frozenset(
            (
                _comparable(leaf.result),
                tuple(
                    (variable, domain)
                    for variable, domain in sorted(
                        leaf.domains.items(), key=lambda each: each[0].rank
                    )
                    if variable.point.kind != "event"
                ),
            )
            for leaf in leaves
        )

    # ------------------------------------------------------------ edges

    def _at_once(self, at_once: Future) -> None:
        """Look at the last day on which all may happen with the same result, and at the next."""
        wanted = self.look(at_once).signature

        def same(day: int) -> bool:
            return self.look(dict.fromkeys(self.events, day)).signature == wanted

        self._edge(same)

    def _alone(self, event: Variable, at_once: Future) -> Day:
        """Look at an event by itself: never, as late as the result is the same, and a day later.

        Returns:
            The day that is too late by itself, if there is one.
        """
        wanted = self.look(at_once).signature
        never = self.look({**at_once, event: _NEVER})
        if event.scale is None or (never.leaves and never.signature == wanted):
            return None

        def same(day: int) -> bool:
            if self.look({**at_once, event: day}).signature == wanted:
                return True
            # It may have to come before others: they happen with it then.
            together: Future = dict.fromkeys(self.events, day)
            if self.look(together).signature != wanted:
                return False
            self.look({**together, event: _NEVER})
            return True

        self._edge(same)
        return self._edge(lambda day: self.look({**at_once, event: day}).signature == wanted)

    def _followed(self, event: Variable, day: int, at_once: Future) -> bool:
        """Look at an event that comes too late by itself together with each of the others.

        Where that is in time again, the other event matters: a period runs from it.

        Returns:
            Whether it is so with one of them, so that there is no last day for the event itself.
        """
        wanted = self.look(at_once).signature
        found = False
        for other in self.events:
            if other is not event and other.scale is not None:
                both = self.look({**at_once, event: day, other: day})
                found = found or both.signature == wanted
        return found

    def _day(self, day: int) -> date:
        return date.fromordinal(self.asked_on.toordinal() + day)

    def _edge(self, same: Callable[[int], bool]) -> Day:
        """Find by halving until when a test holds that holds at first.

        Returns:
            The first day on which it does not; None if it always does.
        """
        if same(self.last):
            return None
        inside, outside = 0, self.last
        while outside - inside > 1:
            middle = (inside + outside) // 2
            if same(middle):
                inside = middle
            else:
                outside = middle
        same(inside)
        same(outside)
        return outside

    # ------------------------------------------------------------ what is not shown

    def _unproven(self, found: list[Leaf]) -> Iterator[Leaf]:
        """Leave open what all futures come to where all that were looked at are the same.

        Unless it is the same whatever happens, which is asked without fixing an event.
        """
        results: dict[tuple[tuple[Variable, Domain], ...], set[object]] = {}
        for leaf in found:
            outer = tuple(
                (variable, domain)
                for variable, domain in leaf.domains.items()
                if variable.point.kind != "event"
            )
            results.setdefault(outer, set()).add(_comparable(leaf.result))
        root = self.exploration.root
        for outer, several in results.items():
            if len(several) > 1 or self._differs(outer, results):
                continue
            domains = {**root.domains, **dict(outer)}
            worlds = Worlds(root.openness, root.move, root.learning, domains=domains)
            try:
                self.ask(worlds)
            except Failure:
                continue
            except (Undecided, OutOfStepsError):
                self.exploration.exact = False
                yield Leaf(worlds, Unknowable(), domains)

    def _differs(
        self,
        outer: tuple[tuple[Variable, Domain], ...],
        results: Mapping[tuple[tuple[Variable, Domain], ...], set[object]],
    ) -> bool:
        """Tell whether another future, split less or more finely, has another result there."""
        own = dict(outer)
        (result,) = results[outer]
        for other, several in results.items():
            if all(_meets(own[v], d) for v, d in other if v in own) and several != {result}:
                return True
        return False


def _meets(one: Domain, other: Domain) -> bool:
    """Tell whether two domains have a value in common."""
    for left in one:
        for right in other:
            if isinstance(left, Stretch) and isinstance(right, Stretch):
                if left.low <= right.high and right.low <= left.high:
                    return True
            elif left == right:
                return True
    return False


def _comparable(result: object) -> object:
    try:
        hash(result)
    except TypeError:
        return repr(result)
    return type(result), result


def _events(exploration: Exploration) -> Iterator[Variable]:
    """Give the variables of what may still happen: events, and how many entries logs still get."""
    openness = exploration.openness
    for name in openness.terms.policy.facts:
        match openness.fact(name):
            case Variable() as variable if variable.point.kind == "event":
                yield variable
            case UnknownEvent(_, future):
                yield future
            case Log(_, Entries(number, _, moments)):
                yield number
                yield from moments
            case _:
                pass
