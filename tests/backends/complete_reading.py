"""The reading of complete transactions on its own: in a function that gives what it has read.

What it takes must mean what `policyeval.facts.Decoder` makes of it, to the digit and to the offset.
"""

import ast
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import policyeval.backends.complete.given as of_complete
from policyeval.backends.complete import ENDS, OPEN, Manner
from policyeval.backends.python import compile_terms
from policyeval.errors import FactsError
from policyeval.evaluator.late import copied
from policyeval.facts import Decoder, Environment
from policyeval.facts.clock import Clock
from policyeval.facts.decoding import source_of
from policyeval.facts.model import Open
from policyeval.facts.placed import TEXT_BYTES
from policyeval.feel import types
from policyeval.feel.compiler import make_function
from policyeval.feel.lowering.emit import call
from policyeval.policy.model import Fact, ValidPolicy
from policyeval.policy.terms import Terms
from tests.facts.making import ASKED_ON

JSON, VALUES, TOLD = Manner(json=True, told=True), Manner(), Manner(told=True)
NOT_RECORDED = OPEN
"""Stands for an act that is not recorded."""

Facts = dict[str, object]
Given = bytes | Facts


@dataclass(frozen=True, slots=True)
class Found:
    """What was read.

    Attributes:
        values: Fact to value, without those that were left out; None for an event that has not happened.
        presumed: What was left out and is presumed, as it is named; None if that is not told.
    """

    values: Facts
    presumed: AbstractSet[str] | None


Read = Callable[[Any, date], Found | None]


def reading(policy: ValidPolicy, manner: Manner) -> Read:
    """Make what reads facts in a manner, or gives None if others have to.

    Raises:
        NotWrittenError: Facts are not read so.
    """
    terms = Terms(policy, {})
    around = compile_terms(terms).around
    lowering = around.lowering()
    facts = policy.policy.facts
    written = of_complete.Reading(
        around, lowering, Clock(policy.programme.zone), tuple(facts.values()), manner
    )
    written.write()
    # Variables of facts that were left out are deleted.
    lowering.root.block.append(ast.Return(call(lowering.pool.name(locals))))
    definition = lowering.root.function("read", [of_complete.FACTS, of_complete.ASKED_ON])
    function: Callable[..., Any] = make_function(definition, lowering.pool.values, "<read>")

    def read(given: Given, asked_on: date) -> Found | None:
        try:
            found = function(given, asked_on)
        except ENDS:
            return None
        if found is None:
            return None
        for variable, day in written.days.items():
            moment = found.get(variable)
            assert found.get(day) == (moment.date() if isinstance(moment, datetime) else None)
        values = {name: found[each] for name, each in written.variables.items() if each in found}
        told = [found[each] for each in written.told]
        return Found(values, frozenset(_left_out(facts, told)) if manner.told else None)

    return read


def _left_out(facts: dict[str, Fact] | Any, told: list[Any]) -> Iterator[str]:
    whole, *lists = told
    yield from _of_bits(facts, whole)
    named = [each for each in facts.values() if isinstance(types.required(each.type), types.ListOf)]
    for of, entries in zip(named, lists, strict=True):
        for index, entry in enumerate(entries or ()):
            if isinstance(entry, int):
                for name in _of_bits(of.entries, entry):
                    yield f"{of.name}[{index + 1}].{name}"


def _of_bits(facts: Any, bits: int) -> Iterator[str]:
    for index, (name, fact) in enumerate(facts.items()):
        if bits >> index & 1 and fact.presume is not None:
            yield name


class Reader:
    """Reads facts in every form, and compares what is taken with what it means in general."""

    def __init__(self, policy: ValidPolicy) -> None:
        self.decoder = Decoder(policy)
        self._json = reading(policy, JSON)
        self._values, self._told = reading(policy, VALUES), reading(policy, TOLD)
        self._lists = [
            each.name
            for each in policy.policy.facts.values()
            if isinstance(types.required(each.type), types.ListOf)
        ]

    def found(self, given: Given, asked_on: date = ASKED_ON) -> Found | None:
        """Read facts: the bytes of JSON, or values, of which nothing is copied before."""
        if isinstance(given, bytes):
            return None if len(given) > TEXT_BYTES else self._json(given, asked_on)
        found, told = self._values(given, asked_on), self._told(given, asked_on)
        assert repr(found and found.values) == repr(told and told.values)
        return told

    def read(self, given: Given, asked_on: date = ASKED_ON) -> Facts | None:
        """Give the variables that hold facts, or None."""
        found = self.found(given, asked_on)
        return None if found is None else found.values

    def decoded(self, given: Given, asked_on: date = ASKED_ON) -> Environment | list[str]:
        """Read facts in general; give the codes of the problems if there are any."""
        try:
            if isinstance(given, bytes):
                return self.decoder.decode_json(source_of(given, None), asked_on)
            return self.decoder.decode(given, asked_on)
        except FactsError as error:
            return sorted(each.code for each in error.diagnostics)

    def takes(self, given: Given, asked_on: date = ASKED_ON) -> bool:
        """Tell whether facts are taken; then make sure of what they mean."""
        found = self.found(given, asked_on)
        if isinstance(given, dict):
            try:
                apart = self.found(copied(given, self._lists), asked_on)
            except ENDS:
                apart = None
            assert found is None or repr(apart) == repr(found)
            found = apart
        if found is None:
            return False
        means = self.decoded(given, asked_on)
        assert isinstance(means, Environment), means
        assert found.presumed == means.presumed.keys()
        for name, value in means.values.items():
            if name not in found.values:
                assert isinstance(value, Open)
                assert value.kind == "fact"
                assert name not in means.given
            else:
                assert repr(found.values[name]) == repr(_variable(value)), name
        return True


def _variable(value: object) -> object:
    """Give what stands for a value among the variables."""
    if not isinstance(value, Open):
        return value
    assert value.kind != "fact"
    return NOT_RECORDED if value.kind == "act" else None
