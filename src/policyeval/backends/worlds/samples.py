"""A few possible worlds in which everything is settled.

Two of them in which a condition comes to different things prove that it is not the same in all worlds;
that needs no search for the place where it changes.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Final

from policyeval.backends.worlds.domains import (
    UNSURE,
    Days,
    Domain,
    Moments,
    Numbers,
    Part,
    Single,
    Stretch,
)
from policyeval.backends.worlds.learning import Learning, OutOfStepsError
from policyeval.backends.worlds.openness import Act, Entries, Log, Openness, UnknownEvent
from policyeval.backends.worlds.variables import Undecided, Variable, symbols
from policyeval.backends.worlds.worlds import Move, Worlds
from policyeval.facts.model import Open
from policyeval.feel.failure import Failure
from policyeval.policy.model import Remark, Rule
from policyeval.policy.never import NEVER

_STEPS: Final = 2_000
"""What a condition may take in one world."""

_DAYS: Final = (0, None, 100, 3, 200, 300, 490, 580, 670, 760)
"""Days after the first possible one on which open events happen in each world; None: never."""

_NUMBERS: Final = tuple(map(Decimal, (0, 1, 1000, -1)))


class Samples:
    """Knows conditions in a few worlds of one transaction."""

    def __init__(self, openness: Openness, move: Move) -> None:
        self._openness = openness
        self._move = move
        self._variables = dict.fromkeys(_open(openness))
        self._left = iter(range(len(_DAYS)))
        self._worlds: list[Worlds] = []

    def may_differ(self, rule: Rule | Remark, wanted: bool) -> bool:
        """Tell whether some world proves that a condition may come to something else."""
        return any(result is not wanted for result in self._results(rule))

    def differs(self, rule: Rule | Remark) -> bool:
        """Tell whether some worlds prove that a condition neither holds in all of them nor in none."""
        seen: set[bool] = set()
        for result in self._results(rule):
            if result is None:
                return True
            seen.add(result)
            if len(seen) > 1:
                return True
        return False

    def _results(self, rule: Rule | Remark) -> Iterator[bool | None]:
        for worlds in self._possible():
            try:
                worlds.learning.steps = _STEPS
                yield worlds.holds(rule)
            except (Undecided, Failure, OutOfStepsError):
                continue

    def _possible(self) -> Iterator[Worlds]:
        """Give the worlds that are possible, as they are asked for."""
        yield from self._worlds
        for index in self._left:
            worlds = self._made(index)
            if self._is_possible(worlds):
                self._worlds.append(worlds)
                yield worlds

    def _made(self, index: int) -> Worlds:
        domains = {each: (_chosen(each, index),) for each in self._variables}
        return Worlds(self._openness, self._move, Learning(_STEPS), domains=domains)

    def _is_possible(self, worlds: Worlds) -> bool:
        """Tell whether everything that is so in every transaction is known to be so."""
        try:
            rules = self._openness.terms.policy.consistent_when
            return all(worlds.holds(each) is not False for each in rules) and all(
                map(worlds.in_order, self._openness.logs)
            )
        except (Undecided, Failure, OutOfStepsError):
            return False


def _open(openness: Openness) -> Iterator[Variable]:
    """Give the variables of everything that is open."""
    policy = openness.terms.policy
    for name in policy.readings:
        if name not in openness.terms.chosen:
            yield openness.reading(name)
    environment = openness.environment
    for name, given in environment.values.items():
        if not isinstance(given, Open | list | dict) and name not in environment.growing:
            continue
        match openness.fact(name):
            case Variable() as variable:
                yield variable
            case Act(variable, _):
                yield variable
            case UnknownEvent(past, future):
                yield past
                yield future
            case Log(items, further):
                yield from _of_entries(items)
                yield from _of_entries(further)
            case value:
                yield from _of_value(value)


def _of_entries(entries: list[object] | Entries | None) -> Iterator[Variable]:
    if isinstance(entries, Entries):
        yield entries.number
        yield from entries.moments
        yield from _of_value([*entries.items])
    else:
        yield from _of_value(entries)


def _of_value(value: object) -> Iterator[Variable]:
    for symbol in symbols(value):
        yield from symbol.signs


def _chosen(variable: Variable, index: int) -> Part:
    """Choose what a variable is in one of the worlds."""
    domain: Domain = tuple(e for e in variable.domain if e != Single(UNSURE)) or variable.domain
    days = _DAYS[index]
    if variable.point.kind != "event":
        return _within(domain[index % len(domain)], variable, days or 0, index)
    if days is None and Single(NEVER) in domain:
        return Single(NEVER)
    return _within(domain[0], variable, days or 0, index)


def _within(part: Part, variable: Variable, days: int, index: int) -> Part:
    if isinstance(part, Single):
        return part
    scale, place = variable.scale, part.low
    if isinstance(scale, Days | Moments):
        first = scale.day(part.low).toordinal()
        place = scale.ends(date.fromordinal(min(first + days, date.max.toordinal())))[0]
    elif isinstance(scale, Numbers):
        place = scale.place(_NUMBERS[index % len(_NUMBERS)])
    place = min(max(place, part.low), part.high)
    return Stretch(place, place)
