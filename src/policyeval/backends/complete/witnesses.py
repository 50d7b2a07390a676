"""Verdicts of transactions that leave something open, proven by a few worlds.

What is certain is told by the terms alone (`judging`). Where that is not enough, worlds are tried: open
events that happen now, later or never, acts that are open as each of their options, facts that are not
known as each of their values, or as some of them. Two futures in which the answer differs prove that it
is pending; two acts after which its status differs, that it is at discretion; and so on, as the verdicts
are defined. Where a few worlds prove nothing, others have to look at all of them.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import islice, product
from math import prod
from typing import Any, NamedTuple

from policyeval.backends.complete.judging import UNCLEAR, Judge, Values
from policyeval.backends.complete.standing import LEFT_OUT, NotForUsError, Surely
from policyeval.backends.python.moments import ENDLESS
from policyeval.evaluation.parts import Verdict
from policyeval.facts.clock import Clock
from policyeval.facts.scalars import LAST_DAY
from policyeval.feel import types
from policyeval.policy.model import Fact

Outcome = tuple[Verdict | None, object]
"""A verdict and a value; of a question that does not ask for yes or no a value has no verdict."""

_MOST_FIXED = 64
"""Ways to fix what is not known that are tried; in each of them there are acts, and futures."""

_MOST_WORLDS = 400
"""Worlds that are tried altogether."""

_MOST_KEPT = 65_536

_A_DAY, _YEARS = timedelta(1), timedelta(3_650)


class OtherTermsError(NotForUsError):
    """Other terms govern: those that are in force on a day.

    Attributes:
        day: That day.
    """

    def __init__(self, day: date) -> None:
        super().__init__(day)
        self.day = day


class _Words(NamedTuple):
    """The status of a question that rules answer: a bit for each way to read the text."""

    no: int
    yes: int
    pending: int
    discretion: int = 0


_Status = _Words | tuple[object, ...] | Surely | None
"""What is certain in all futures, in each way to read the text. Of a question that rules do not answer,
the values, or a verdict in the place of one; None: it does not apply; `UNCLEAR`: it is not proven."""

_NOTHING: Outcome = (None, UNCLEAR)
"""The outcome of a question of which nothing is proven."""

_FEW = 12
"""Futures that are tried where facts are not known either."""


class Witnesses:
    """Finds verdicts of transactions that leave something open; safe to share between threads."""

    def __init__(
        self,
        judge: Judge,
        facts: Mapping[str, Fact],
        questions: Sequence[str],
        yes_or_no: Collection[str],
        clock: Clock,
    ) -> None:
        """Prepare to find them.

        Args:
            judge: The terms.
            facts: Those that are declared.
            questions: In the order in which the terms tell what is certain.
            yes_or_no: Those that have a verdict.
            clock: That of the programme's zone.
        """
        self.judge = judge
        self.facts = facts
        self.questions = questions
        self.clock = clock
        self._yes_or_no = frozenset(yes_or_no)
        self._kept: dict[tuple[str, int], int] = {}

    def outcomes(self, facts: dict[str, Any], asked_on: date) -> list[Outcome] | None:
        """Give the verdict and the value of each question, or None if others have to look.

        It may also end in what the terms end in, which means that others have to look.
        """
        values = self._read(facts, asked_on)
        return None if values is None else self.proven(values, asked_on)

    def proven(self, values: Values, asked_on: date) -> list[Outcome]:
        """Give the verdict and the value of each question, of facts that were read.

        It may also end in what the terms end in, which means that others have to look.
        """
        return _Search(self, values, asked_on).outcomes()

    def values(self, facts: Mapping[str, object]) -> Values:
        """Put facts that were read in general, by name, in their places."""
        found = [facts[name] for name in self.judge.places] + [None] * len(self.judge.days)
        for name, place in self.judge.days.items():
            moment = facts[name]
            found[place] = moment.date() if isinstance(moment, datetime) else moment
        return tuple(found)

    def _read(self, facts: dict[str, Any], asked_on: date) -> Values | None:
        """Read facts; some may be said to be unknown."""
        unknown = [name for name, value in facts.items() if type(value) is dict]
        if not unknown:
            return self.judge.read(facts, asked_on)
        for name in unknown:
            said = facts[name] if type(name) is str else {}
            plain = len(said) == 1 and type(next(iter(said))) is str
            fact = self.facts.get(name) if plain else None
            if (
                fact is None
                or fact.kind not in {"plain", "event"}
                or said.get("unknown") is not True
            ):
                return None
        known = {name: value for name, value in facts.items() if type(value) is not dict}
        values = self.judge.read(known, asked_on)
        return None if values is None else self.changed(values, dict.fromkeys(unknown, LEFT_OUT))

    def changed(self, values: Values, facts: Mapping[str, object]) -> Values:
        """Give values with other facts among them; of a moment, what is given is its day."""
        found = list(values)
        for name, value in facts.items():
            day = self.judge.days.get(name)
            if day is not None:
                found[day] = value
            moment = day is not None and type(value) is date
            found[self.judge.places[name]] = self.clock.bounds(value)[0] if moment else value
        return tuple(found)

    def certain(self, name: str, result: Any) -> "_Certain | _Rules | _Values":
        """Give what is certain of a question."""
        if result is None or result is UNCLEAR:
            return _Certain(result)
        return _Rules(self, name, result) if name in self.judge.ways else _Values(result)

    def words(self, name: str, bits: int) -> int:
        """Give the ways to read the text in which one of some conditions says something."""
        key = name, bits
        found = self._kept.get(key)
        if found is None:
            found = 0
            for place, word in enumerate(self.judge.ways[name][0]):
                if bits >> place & 1:
                    found |= word
            if len(self._kept) < _MOST_KEPT:
                self._kept[key] = found
        return found

    def outcome(self, name: str, status: _Status) -> Outcome:
        """Put the ways to read the text together."""
        if isinstance(status, Surely):
            return _NOTHING
        if status is None:
            return Verdict.NOT_COVERED, None
        if isinstance(status, _Words):
            every = self.judge.ways[name][1]
            for ways, found in zip(status, _OUTCOMES, strict=True):
                if ways == every:
                    return found
            return Verdict.OPEN, None
        first = status[0]
        if any(each != first for each in status):
            return Verdict.OPEN, None
        if isinstance(first, Verdict):
            return first, None
        if name in self._yes_or_no and first is not None:
            return (Verdict.YES if first else Verdict.NO), first
        return None, first


_OUTCOMES: Sequence[Outcome] = (
    (Verdict.NO, False),
    (Verdict.YES, True),
    (Verdict.PENDING, None),
    (Verdict.DISCRETION, None),
)


class _Certain(NamedTuple):
    """A question that does not apply, or of which it is not clear whether it does."""

    status: _Status

    @property
    def open(self) -> bool:
        """Whether it is not clear, which no future changes."""
        return self.status is UNCLEAR

    def see(self, _result: Any) -> bool:
        """Look at a future; tell whether nothing is left to prove."""
        return False


class _Rules:
    """A question that rules answer, and what futures say of it."""

    def __init__(self, of: Witnesses, name: str, certain: tuple[int, int]) -> None:
        fails, unclear = certain
        self._of = of
        self._name = name
        self._every = of.judge.ways[name][1]
        self._no = of.words(name, fails)
        self.open = of.words(name, unclear) & ~self._no if unclear else 0
        self._seen = [0, 0]

    def see(self, result: Any) -> bool:
        """Look at a future; tell whether nothing is left to prove."""
        if result is UNCLEAR:
            return False
        if result is None:
            raise NotForUsError  # it may not apply at all
        fails, unclear = result
        no = self._of.words(self._name, fails)
        self._seen[0] |= no
        self._seen[1] |= self._every & ~no & ~self._of.words(self._name, unclear)
        return not self.open & ~(self._seen[0] & self._seen[1])

    @property
    def status(self) -> _Status:
        """What is certain; what is open is pending."""
        return _Words(self._no, self._every & ~self._no & ~self.open, self.open)


class _Values:
    """A question that a value answers, and what futures say of it."""

    def __init__(self, certain: tuple[object, ...]) -> None:
        self._certain = certain
        self._seen: dict[int, object] = {}
        self.open = {place for place, value in enumerate(certain) if value is UNCLEAR}

    def see(self, result: Any) -> bool:
        """Look at a future; tell whether nothing is left to prove."""
        if result is UNCLEAR:
            return False
        if result is None:
            raise NotForUsError  # it may not apply at all
        for place in tuple(self.open):
            value = result[place]
            if value is not UNCLEAR and self._seen.setdefault(place, value) != value:
                self.open.discard(place)
        return not self.open

    @property
    def status(self) -> _Status:
        """What is certain; what was open is pending."""
        return tuple(Verdict.PENDING if each is UNCLEAR else each for each in self._certain)


class _Search:
    """The worlds of one transaction."""

    def __init__(self, of: Witnesses, values: Values, asked_on: date) -> None:
        self._of = of
        self._values = values
        self._asked_on = asked_on
        self._worlds = 0
        self._left = set(range(len(of.questions)))
        self._to_come = frozenset(
            name
            for name, each in of.facts.items()
            if each.kind == "event" and values[of.judge.places[name]] is None
        )
        self._unknown = [
            fact
            for fact in of.facts.values()
            if values[of.judge.places[fact.name]] is LEFT_OUT and fact.kind in {"plain", "event"}
        ]

    def outcomes(self) -> list[Outcome]:
        """Give the verdict and the value of each question.

        Raises:
            NotForUsError: Some worlds do not prove them.
        """
        found: list[Outcome] = [_NOTHING] * len(self._of.questions)
        for worlds, all_of_them in self._stages():
            results = [self._put_together(self._after_acts(values)) for values in worlds]
            for place in tuple(self._left):
                outcome = _by_facts([each[place] for each in results], all_of_them)
                if outcome is not _NOTHING:
                    found[place] = outcome
                    self._left.discard(place)
            if not self._left:
                return found
        raise NotForUsError

    def _stages(self) -> Iterator[tuple[list[Values], bool]]:
        """Fix more and more of what is not known; tell whether what is fixed is so in every way.

        What is not fixed makes no difference to what is told none the less.
        """
        yield [self._values], True
        if self._unknown:
            options = {each.name: self._every(each) for each in self._unknown}
            yield self._fixed({name: each for name, each in options.items() if each}), True
            some = {each.name: options[each.name] or self._some(each) for each in self._unknown}
            yield self._fixed(some), False

    def _fixed(self, options: Mapping[str, Sequence[object]]) -> list[Values]:
        if prod(map(len, options.values())) > _MOST_FIXED:
            raise NotForUsError
        return [
            self._of.changed(self._values, dict(zip(options, each, strict=True)))
            for each in product(*options.values())
        ]

    def _every(self, fact: Fact) -> Sequence[object]:
        """Give all values that a fact may have; nothing if they cannot be listed."""
        null = (None,) if types.may_be_null(fact.type) else ()
        if types.required(fact.type) == types.BOOLEAN:
            return (True, False, *null)
        return () if fact.one_of is None else (*fact.one_of, *null)

    def _some(self, fact: Fact) -> Sequence[object]:
        """Give some of the values that a fact may have."""
        kind = types.required(fact.type)
        null = (None,) if types.may_be_null(fact.type) else ()
        if kind == types.STRING:
            return ("x", *null)
        if kind == types.NUMBER:
            return (Decimal(0), Decimal(10**9), *null)
        if kind in {types.DATE, types.DATE_AND_TIME}:
            return (self._asked_on - _YEARS, self._asked_on, *null)
        raise NotForUsError

    # ------------------------------------------------------------ worlds

    def _judged(self, values: Values, *, grows: bool) -> Any:
        self._worlds += 1
        if self._worlds > _MOST_WORLDS:
            raise NotForUsError
        found = self._of.judge.judge(self._asked_on, grows, self._to_come, *values)
        if type(found) is date:
            raise OtherTermsError(found)
        return found

    def _put_together(self, statuses: Sequence[_Status]) -> list[Outcome]:
        return [
            self._of.outcome(name, status) if place in self._left else _NOTHING
            for place, (name, status) in enumerate(zip(self._of.questions, statuses, strict=True))
        ]

    def _after_acts(self, values: Values) -> Sequence[_Status]:
        """Give the status of each question, whatever is done that is open."""
        found = list(self._acts(values))
        if not found:
            return [UNCLEAR] * len(self._of.questions)  # there is no such transaction
        return (
            found[0] if len(found) == 1 else [_by_acts(each) for each in zip(*found, strict=True)]
        )

    def _acts(self, values: Values) -> Iterator[list[_Status]]:
        """Give the statuses after each act that is open; none where there is no such transaction."""
        found = self._judged(values, grows=True)
        if found is None:
            return
        if isinstance(found, tuple):
            yield self._in_futures(values, found)
            return
        fact = list(self._of.facts.values())[found]
        options = self._every(fact)
        if not options:
            raise NotForUsError
        for option in dict.fromkeys((*options, None)):
            yield from self._acts(self._of.changed(values, {fact.name: option}))

    def _in_futures(self, values: Values, found: tuple[Any, ...]) -> list[_Status]:
        """Give the status of each question in all futures, where a few of them prove it."""
        certain = [
            self._of.certain(name, result)
            for name, result in zip(self._of.questions, found, strict=True)
        ]
        left = {place for place in self._left if certain[place].open}
        futures = self._futures(values) if left else iter(())
        if self._unknown:
            futures = islice(futures, _FEW)
        for world in futures:
            results = self._judged(world, grows=False)
            if isinstance(results, tuple):  # or else there is no such transaction
                left = {place for place in left if not certain[place].see(results[place])}
                if not left:
                    break
        return [UNCLEAR if place in left else each.status for place, each in enumerate(certain)]

    def _futures(self, values: Values) -> Iterator[Values]:
        """Give worlds in which open events happen, or do not, and in which logs grow."""
        events = [name for name in self._of.facts if name in self._to_come]
        now, later = self._asked_on, min(self._asked_on, LAST_DAY - _YEARS) + _YEARS
        for day in (later, now, ENDLESS, now + _A_DAY):
            world = self._of.changed(values, dict.fromkeys(events, day))
            yield world
            yield from self._grown(world)
        for other, day in (
            (ENDLESS, now),
            (now, ENDLESS),
            (now, later),
            (later, now),
        ):
            for name in events:
                yield self._of.changed(values, {**dict.fromkeys(events, other), name: day})
        for other in (ENDLESS, later):
            for count in range(2, len(events)):
                some = dict.fromkeys(events[:count], now)
                yield self._of.changed(values, {**dict.fromkeys(events, other), **some})

    def _grown(self, values: Values) -> Iterator[Values]:
        """Give worlds in which another entry is made in a log, now."""
        for name, fact in self._of.facts.items():
            entries = values[self._of.judge.places[name]]
            if fact.kind != "log" or type(entries) is not list:
                continue
            for truth in (True, False):
                entry = {each.name: self._member(each, truth) for each in fact.entries.values()}
                yield self._of.changed(values, {name: [*entries, entry]})

    def _member(self, fact: Fact, truth: bool) -> object:
        """Give something that an entry may hold."""
        kind = types.required(fact.type)
        if kind == types.BOOLEAN:
            return truth
        if kind == types.DATE:
            return self._asked_on
        if kind == types.DATE_AND_TIME:
            return self._of.clock.bounds(self._asked_on)[0]
        return (self._every(fact) or self._some(fact))[0]


def _by_acts(statuses: Sequence[_Status]) -> _Status:
    """Put together what a question comes to, whatever is done that is open."""
    first = statuses[0]
    if all(each == first for each in statuses):
        return first
    words = [each for each in statuses if isinstance(each, _Words)]
    if len(words) == len(statuses):
        no, yes, pending = words[0][:3]
        every = no | yes | pending
        for each in words:
            no, yes, pending = no & each.no, yes & each.yes, pending & each.pending
        return _Words(no, yes, pending, every & ~(no | yes | pending))
    values = [each for each in statuses if isinstance(each, tuple)]
    if words or len(values) < len(statuses):
        return UNCLEAR  # it may not apply at all
    return tuple(
        each[0] if all(value == each[0] for value in each) else Verdict.DISCRETION
        for each in zip(*values, strict=True)
    )


def _by_facts(outcomes: Sequence[Outcome], all_of_them: bool) -> Outcome:
    """Put together what a question comes to, whatever the facts are that are not known."""
    proven = [each for each in outcomes if each is not _NOTHING]
    if any(each != proven[0] for each in proven):
        verdicts = {verdict for verdict, _ in proven}
        # Whether values of other kinds differ by what is not known or by readings is for others to say.
        if Verdict.NOT_COVERED in verdicts or (None in verdicts and len(verdicts) > 1):
            return _NOTHING
        return Verdict.UNKNOWN, None
    return proven[0] if all_of_them and len(proven) == len(outcomes) else _NOTHING
