"""The reader of each declared fact, made once and used for every transaction."""

from dataclasses import replace
from datetime import datetime

from policyeval.facts.clock import Clock
from policyeval.facts.lists import Entry, Items
from policyeval.facts.run import ItemReader, Reader
from policyeval.facts.single import single
from policyeval.feel.types import ContextOf, ListOf, required
from policyeval.feel.values import Value
from policyeval.policy.model import Fact, Presumption


def reader_of(fact: Fact, clock: Clock) -> Reader:
    """Make the reader of a declared fact.

    Raises:
        TypeError: No fact can have its type; the loader lets none through.
    """
    type_ = required(fact.type)
    if fact.presume is not None:
        fact = replace(fact, presume=Presumption(_in_zone(fact.presume.value, clock)))
    if not isinstance(type_, ListOf):
        return single(fact, fact.kind, clock)
    item: ItemReader
    if isinstance(required(type_.item), ContextOf):
        members = {
            name: single(each, "moment", clock) if name == fact.log else reader_of(each, clock)
            for name, each in fact.entries.items()
        }
        item = Entry(members)
    else:
        item = single(replace(fact, type=type_.item, presume=None), "plain", clock)
    return Items(fact, item)


def _in_zone(presumed: Value, clock: Clock) -> Value:
    """Give the moments of a presumed value the zone's offsets."""
    match presumed:
        case datetime():
            aware = presumed if presumed.tzinfo else presumed.replace(tzinfo=clock.zone)
            return clock.in_zone(aware)
        case list():
            return [_in_zone(each, clock) for each in presumed]
        case dict():
            return {name: _in_zone(each, clock) for name, each in presumed.items()}
        case _:
            return presumed
