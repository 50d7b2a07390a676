"""Recorded transactions asked with what is known on another day, one after the other."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from policyeval.analysis.restating.asking import (
    Adapted,
    Find,
    Question,
    answered_today,
)
from policyeval.analysis.restating.comparing import AnswerChange, change
from policyeval.analysis.restating.given import Given
from policyeval.analysis.restating.money import MoneyLine, Sums, money_line
from policyeval.analysis.restating.obstacles import (
    REFUSALS,
    Obstacle,
    listed,
    no_programme,
    refused,
    unreadable,
)
from policyeval.analysis.restating.payloads import Payload, payload_of_data, points_of
from policyeval.analysis.restating.programmes import AskedProgramme, asked_programme
from policyeval.messages import message
from policyeval.policy.model import ValidPolicy
from policyeval.records.model import Record


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be restated.

    Attributes:
        known_on: Versions known by the end of this day count.
        asked_on: The day to ask on; None: as recorded.
        decisions: Those to look at; empty: all that were answered.
        owed: A decision about an amount to the yes-or-no question that must be answered yes for it to
            count. An amount without such a question counts by itself.
    """

    known_on: date
    asked_on: date | None = None
    decisions: tuple[str, ...] = ()
    owed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Restated:
    """A record, and what is answered now.

    Attributes:
        changes: The answers that are otherwise.
        money: The amounts that are otherwise.
        obstacles: What cannot be told, and why.
        asked: Whether it could be asked at all.
        left_out: Facts that the version that answers now does not know, and was not given.
        unchecked: Facts that were supplied from outside and that the record has no hash of.
    """

    record: Record
    changes: tuple[AnswerChange, ...] = ()
    money: tuple[MoneyLine, ...] = ()
    obstacles: tuple[Obstacle, ...] = ()
    asked: bool = True
    left_out: tuple[str, ...] = ()
    unchecked: tuple[str, ...] = ()


@dataclass(slots=True)
class Totals:
    """How many records came out how, and the money added up; small, however long the log is.

    Attributes:
        read: Records that were looked at.
        changed: Those with an answer that is otherwise.
        not_asked: Those that could not be asked again.
        in_part: Those of which something cannot be told.
        by_decision: Decision to how many answers are otherwise.
    """

    read: int = 0
    changed: int = 0
    not_asked: int = 0
    in_part: int = 0
    by_decision: Counter[tuple[str, str]] = field(default_factory=Counter)
    sums: Sums = field(default_factory=Sums)

    def add(self, restated: Restated) -> None:
        """Count one."""
        self.read += 1
        self.changed += bool(restated.changes)
        self.not_asked += not restated.asked
        self.in_part += restated.asked and bool(restated.obstacles)
        programme = restated.record.request.programme
        self.by_decision.update((programme, each.decision) for each in restated.changes)
        for line in restated.money:
            self.sums.add(line)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A record that is asked again.

    Attributes:
        before: What was answered.
        gone: Questions that no version has any more.
    """

    record: Record
    given: Given
    before: Payload
    programme: AskedProgramme
    gone: tuple[str, ...]


class Restating:
    """Asks recorded transactions with what is known on a day.

    Attributes:
        met: The names of decisions that records answer, among those of the wish.
        untied: Amounts that were compared by themselves, whether or not they are owed.
    """

    def __init__(self, find: Find, wish: Wish) -> None:
        self.wish = wish
        self.met: set[str] = set()
        self.untied: set[str] = set()
        self._find = find
        self._programmes: dict[str, AskedProgramme | None] = {}
        self._wished = {*wish.decisions, *wish.owed, *wish.owed.values()}

    def restate(self, record: Record, given: Given) -> Restated:
        """Ask again, and compare.

        Args:
            record: What was answered, and to what.
            given: Its facts.

        Raises:
            NoApplicablePolicyError: An amount of the wish is that of a programme that has not the
                question of the wish.
        """
        before = payload_of_data(record.data)
        if before is None:
            return Restated(record, obstacles=(unreadable(),), asked=False)
        programme = self._programme(record.request.programme)
        if programme is None:
            obstacles = (no_programme(record.request.programme),)
            return Restated(record, obstacles=obstacles, asked=False)
        self.met |= self._wished & before.answers.keys()
        names = tuple(each for each in before.answers if each in programme.declared)
        gone = tuple(each for each in before.answers if each not in programme.declared)
        if not names:
            return Restated(record, obstacles=_gone(gone), asked=False)
        asked = _Asked(record, given, before, programme, gone)
        try:
            adapted = self._answered(asked, names)
        except REFUSALS as error:
            return Restated(record, obstacles=(*given.wrong, *refused(error)), asked=False)
        return self._compared(asked, adapted)

    def policy(self, programme: str, decision: str, version: str | None) -> ValidPolicy | None:
        """Give a version whose words a decision can be told in: that of the name, or the newest."""
        found = self._programme(programme)
        versions = () if found is None else found.found.versions
        having = [each for each in reversed(versions) if decision in each.policy.decisions]
        named = (each for each in having if each.policy.version == version)
        return next(named, having[0] if having else None)

    def _answered(self, asked: _Asked, names: tuple[str, ...]) -> Adapted:
        """Ask what was asked, and the questions that its amounts depend on."""
        request, programme = asked.record.request, asked.programme
        tied = (programme.amounts[each].owed for each in names if each in programme.amounts)
        question = Question(
            request.programme,
            asked.given.facts,
            self.wish.asked_on or request.asked_on,
            self.wish.known_on,
            request.overlays,
            tuple(dict.fromkeys((*names, *(each for each in tied if each is not None)))),
        )
        versions = (programme.version(each.version, each.digest) for each in asked.before.makers)
        recorded = next((each for each in versions if each is not None), None)
        return answered_today(programme.policies, question, recorded)

    def _compared(self, asked: _Asked, adapted: Adapted) -> Restated:
        before, after, given = asked.before, adapted.payload, asked.given
        known = asked.programme.amounts
        looked_at = [each for each in before.answers if self._is_looked_at(each)]
        looked_at = [each for each in looked_at if each in after.answers]
        untold = [each for each in after.answers if _depends(after, each, given.withheld)]
        told = [each for each in looked_at if each not in untold]
        found = (change(each, before, after, reasons=not given.withheld) for each in told)
        amounts = [known[each] for each in told if each in known]
        self.untied |= {each.decision for each in amounts if each.owed is None}
        lines = (money_line(each, before, after) for each in amounts if each.owed not in untold)
        obstacles = [*given.wrong]
        if any(each in untold for each in (*looked_at, *self._questions(looked_at))):
            obstacles.append(_untold(given.withheld))
        obstacles += _gone([each for each in asked.gone if self._is_looked_at(each)])
        return Restated(
            asked.record,
            tuple(each for each in found if each is not None),
            tuple(each for each in lines if each is not None),
            tuple(obstacles),
            left_out=adapted.left_out,
            unchecked=given.unchecked,
        )

    def _is_looked_at(self, decision: str) -> bool:
        return not self.wish.decisions or decision in self.wish.decisions

    def _questions(self, amounts: Sequence[str]) -> list[str]:
        return [self.wish.owed[each] for each in amounts if each in self.wish.owed]

    def _programme(self, name: str) -> AskedProgramme | None:
        if name not in self._programmes:
            found = self._find(name)
            self._programmes[name] = (
                None if found is None else asked_programme(found, self.wish.owed)
            )
        return self._programmes[name]


def _depends(payload: Payload, decision: str, withheld: Sequence[str]) -> bool:
    """Tell whether an answer is open for want of facts that are withheld."""
    if not withheld:
        return False
    points = points_of(payload.answers[decision], "open_points", "further_points")
    return any(each.partition("[")[0] in withheld for each in points)


def _untold(withheld: Sequence[str]) -> Obstacle:
    text = message(
        "answers depend on facts that the record withholds: {names}", names=listed(withheld)
    )
    return Obstacle("facts-withheld", text)


def _gone(names: Sequence[str]) -> tuple[Obstacle, ...]:
    if not names:
        return ()
    text = message("no version has these questions any more: {names}", names=listed(names))
    return (Obstacle("questions-missing", text),)
