"""Recorded decisions made again: by the versions that made them, and to the same bytes.

A record names the versions that answered, by digest, and when it was made. What else the folder held
then is not recorded, and it may have grown since. So a transaction is asked of the versions that were
known when the record was made and of those that it names. A version that answers now and is not named
came later, whatever its `known_from` says: it is left out, and the transaction asked again. Where that
does not give the recorded bytes, the named versions alone and all that there are have a try; only then
is the answer called another one.

Facts that a record withholds are asked about as unknown: an answer that comes out the same, byte for
byte, does not depend on them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from policyeval.analysis.restating.asking import Find, Question, ask, policies_of
from policyeval.analysis.restating.exact import Change, Engine, changes, is_same
from policyeval.analysis.restating.given import Given
from policyeval.analysis.restating.obstacles import (
    REFUSALS,
    Obstacle,
    listed,
    no_programme,
    refused,
    unreadable,
)
from policyeval.analysis.restating.payloads import Maker, Payload, payload_of, payload_of_data
from policyeval.errors import DiagnosedError
from policyeval.evaluator.compiled import ENGINE
from policyeval.evaluator.policies import PolicySet
from policyeval.feel.compiler import LANGUAGE
from policyeval.messages import message
from policyeval.policy.library import ProgrammeVersions
from policyeval.policy.model import ValidPolicy
from policyeval.policy.versions import as_known, in_order
from policyeval.records.model import Record

Standing = Literal["same", "differs", "not-replayed"]

_KEPT: Final = 64
"""Sets of versions that are kept compiled."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """A record, and what came of asking again.

    Attributes:
        changes: What is otherwise, if it differs.
        obstacles: Why it could not be replayed; or, if it differs, why there is no answer now.
        engines: Engine and language of expressions that made the record, where they are not those
            that replay it; the answers are compared all the same.
        unchecked: Facts that were supplied from outside and that the record has no hash of.
    """

    record: Record
    standing: Standing
    changes: tuple[Change, ...] = ()
    obstacles: tuple[Obstacle, ...] = ()
    engines: tuple[Engine, ...] = ()
    unchecked: tuple[str, ...] = ()


@dataclass(slots=True)
class Counts:
    """How many records came out how.

    Attributes:
        other_engine: Those with the same answers that another engine made; they are among `same`.
    """

    same: int = 0
    differs: int = 0
    not_replayed: int = 0
    other_engine: int = 0

    def add(self, replayed: Replayed) -> None:
        """Count one."""
        self.same += replayed.standing == "same"
        self.differs += replayed.standing == "differs"
        self.not_replayed += replayed.standing == "not-replayed"
        self.other_engine += replayed.standing == "same" and bool(replayed.engines)


class Replaying:
    """Makes recorded decisions again, one after the other."""

    def __init__(self, find: Find) -> None:
        self._find = find
        self._sets: dict[tuple[str, tuple[int, ...]], PolicySet] = {}

    def replay(self, record: Record, given: Given) -> Replayed:
        """Ask again, and compare.

        Args:
            record: What was answered, and to what.
            given: Its facts.
        """
        before = payload_of_data(record.data)
        if before is None:
            return Replayed(record, "not-replayed", obstacles=(unreadable(),))
        programme = record.request.programme
        found = self._find(programme)
        if found is None:
            return Replayed(record, "not-replayed", obstacles=(no_programme(programme),))
        named = _named(before, found)
        if any(isinstance(each, Obstacle) for each in named):
            obstacles = tuple(each for each in named if isinstance(each, Obstacle))
            return Replayed(record, "not-replayed", obstacles=obstacles)
        versions = tuple(each for each in named if isinstance(each, ValidPolicy))
        return self._asked(record, given, before, found, versions)

    def _asked(
        self,
        record: Record,
        given: Given,
        before: Payload,
        found: ProgrammeVersions,
        named: tuple[ValidPolicy, ...],
    ) -> Replayed:
        request = record.request
        question = Question(
            request.programme,
            given.facts,
            request.asked_on,
            request.known_on,
            request.overlays,
            request.decisions,
        )
        made_by = {(each.engine, each.language) for each in before.makers}
        engines = tuple(sorted(made_by - {(ENGINE, LANGUAGE)}))
        got = self._first_same(record, question, found, named, engines)
        if got is None:
            return Replayed(record, "same", engines=engines, unchecked=given.unchecked)
        if given.withheld:
            obstacles = (*given.wrong, _withheld(given))
            return Replayed(record, "not-replayed", obstacles=obstacles, engines=engines)
        if isinstance(got, DiagnosedError):
            obstacles = refused(got)
            return Replayed(record, "differs", (), obstacles, engines, given.unchecked)
        after = payload_of(got)
        assert after is not None, "what is written here can be read here"
        otherwise = changes(before, after)
        return Replayed(record, "differs", otherwise, (), engines, given.unchecked)

    def _first_same(
        self,
        record: Record,
        question: Question,
        found: ProgrammeVersions,
        named: tuple[ValidPolicy, ...],
        engines: tuple[Engine, ...],
    ) -> bytes | DiagnosedError | None:
        """Ask sets of versions; None where one gives the recorded bytes, else what was answered."""
        known = as_known(found.versions, record.recorded_at)
        chosen = _with(found.versions, (*known, *named))
        tried: list[tuple[ValidPolicy, ...]] = []
        while True:
            got = self._ask(found, chosen, question)
            if is_same(got, record.evaluation, engines):
                return None
            tried.append(chosen)
            later = _not_named(got, named)
            fewer = tuple(each for each in chosen if each.policy.version not in later)
            if not fewer or fewer == chosen:
                break
            chosen = fewer
        for others in (_with(found.versions, named), in_order(found.versions)):
            if others and others not in tried:
                another = self._ask(found, others, question)
                if is_same(another, record.evaluation, engines):
                    return None
        return got

    def _ask(
        self, found: ProgrammeVersions, versions: Sequence[ValidPolicy], question: Question
    ) -> bytes | DiagnosedError:
        key = (question.programme, tuple(id(each) for each in versions))
        policies = self._sets.get(key)
        if policies is None:
            if len(self._sets) >= _KEPT:
                self._sets.clear()
            policies = self._sets[key] = policies_of(found, versions)
        try:
            return ask(policies, question)
        except REFUSALS as error:
            return error


def _with(
    versions: Sequence[ValidPolicy], chosen: Sequence[ValidPolicy]
) -> tuple[ValidPolicy, ...]:
    """Give those that are chosen, each once and in order."""
    ids = {id(each) for each in chosen}
    return tuple(each for each in in_order(versions) if id(each) in ids)


def _named(before: Payload, found: ProgrammeVersions) -> list[ValidPolicy | Obstacle]:
    """Give the versions that a record names, or what is the matter with them."""
    by_name = {each.policy.version: each for each in found.versions}
    return [
        _version(maker, by_name.get(maker.version))
        for maker in before.makers
        if maker.version is not None
    ]


def _version(maker: Maker, version: ValidPolicy | None) -> ValidPolicy | Obstacle:
    if version is None:
        text = message(
            "version `{version}`, which answered, is not there any more", version=maker.version
        )
        return Obstacle("version-missing", text)
    if version.policy.digest == maker.digest:
        return version
    text = message(
        "version `{version}` is not the one that answered: the digest recorded is {before}, that of "
        "`{file}` is {after}",
        version=maker.version,
        before=maker.digest or "-",
        file=version.policy.source.name or "",
        after=version.policy.digest,
    )
    return Obstacle("version-changed", text)


def _withheld(given: Given) -> Obstacle:
    text = message(
        "the answer depends on facts that the record withholds: {names}",
        names=listed(given.withheld),
    )
    return Obstacle("facts-withheld", text)


def _not_named(got: bytes | DiagnosedError, named: Sequence[ValidPolicy]) -> frozenset[str]:
    """Give the versions that answered and that the record does not name."""
    payload = payload_of(got) if isinstance(got, bytes) else None
    if payload is None:
        return frozenset()
    names = {each.policy.version for each in named}
    answered = {each.version for each in payload.makers if each.version is not None}
    return frozenset(answered - names)
