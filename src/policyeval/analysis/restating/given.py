"""The facts of a recorded transaction: those that were stored, and those that somebody supplies.

A fact that was hashed is taken from outside only if it has the recorded hash. One that was dropped has
none: it is taken as it is, and named. What is still withheld is asked about as unknown.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from policyeval.analysis.restating.obstacles import Obstacle, listed
from policyeval.messages import message
from policyeval.records.model import Record

Matches = Callable[[Record, str, object], bool]
"""Tells whether a value of a fact has the hash that is recorded for it."""


@dataclass(frozen=True, slots=True)
class Given:
    """Facts as a caller would give them.

    Attributes:
        withheld: Those of which there is no value; they are given as unknown.
        unchecked: Those that were supplied and cannot be checked against a hash.
        wrong: What is wrong with facts that were supplied; these are withheld as well.
    """

    facts: Mapping[str, object]
    withheld: tuple[str, ...] = ()
    unchecked: tuple[str, ...] = ()
    wrong: tuple[Obstacle, ...] = ()


def given_of(
    record: Record,
    supplied: Mapping[str, object] | None = None,
    matches: Matches | None = None,
) -> Given:
    """Put the facts of a record together.

    Args:
        record: It.
        supplied: What is known of them elsewhere; facts that are stored are not taken from there.
        matches: Checks a value against its hash; None: there is no salt to check it with.
    """
    if not record.hashed and not record.dropped:
        return Given(record.facts)
    found = supplied or {}
    facts: dict[str, object] = dict(record.facts)
    withheld: list[str] = []
    wrong: list[str] = []
    for name in record.hashed:
        if name in found and matches is not None:
            if matches(record, name, found[name]):
                facts[name] = found[name]
                continue
            wrong.append(name)
        withheld.append(name)
    unchecked = tuple(name for name in record.dropped if name in found)
    facts |= {name: found[name] for name in unchecked}
    withheld += [name for name in record.dropped if name not in found]
    facts |= {name: {"unknown": True} for name in withheld}
    return Given(facts, tuple(withheld), unchecked, _wrong(wrong))


def _wrong(names: list[str]) -> tuple[Obstacle, ...]:
    if not names:
        return ()
    text = message(
        "the facts that were supplied do not have the recorded hash: {names}", names=listed(names)
    )
    return (Obstacle("facts-wrong", text),)
