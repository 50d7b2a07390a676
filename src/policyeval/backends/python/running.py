"""The fast path of a version's terms: compiled when it is first asked, run once per transaction."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import NamedTuple

from policyeval.backends.calendars import require
from policyeval.backends.python.assembling import Assembled, assemble
from policyeval.backends.python.inputs import shown
from policyeval.backends.python.moments import holds_moment
from policyeval.backends.python.undecided import UNDECIDED, Undecided, Unknown
from policyeval.backends.python.units import Surroundings, Unit
from policyeval.facts.model import Environment
from policyeval.feel import syntax
from policyeval.feel.values import Value
from policyeval.policy.model import Decision, Fact, Field, Formula, Text
from policyeval.policy.terms import Terms

_MOST_FUNCTIONS = 64
"""Functions kept, each for other decisions asked for at once."""


class Definite(NamedTuple):
    """What a decision comes to, whatever the open points may still be.

    Attributes:
        covered: Whether the decision applies; if not, nothing else is said.
        value: None is null; `NEVER` is a day that never comes.
        rules: Whether the condition of each rule holds: requirements, then exclusions. None: that is open,
            beside another that makes it a no.
        rows: Of a table: the indexes of the rules that hit.
        remarks: Whether each remark is made: the decision's, then (of a decision with a question) the
            policy's. None: not known.
    """

    covered: bool
    value: object
    rules: tuple[bool | None, ...] = ()
    rows: tuple[int, ...] = ()
    remarks: tuple[bool | None, ...] = ()


class Partial(NamedTuple):
    """What is known of a decision; None in place of what is not.

    Attributes:
        known: Whether the value is known (it may be null).
        value: None if it is not known.
    """

    covered: bool | None
    known: bool
    value: object
    rules: tuple[bool | None, ...]
    rows: tuple[int, ...]
    remarks: tuple[bool | None, ...]


@dataclass(frozen=True, eq=False)
class Found:
    """What one run of the fast path found out.

    Attributes:
        decisions: What each decision comes to; None where that is not determined.
    """

    decisions: Mapping[str, Definite | None]
    _compiled: Assembled
    _around: Surroundings
    _unknown: Unknown
    _results: tuple[tuple[object, ...], ...]
    _values: tuple[object, ...]

    @cached_property
    def values(self) -> Mapping[str, object]:
        """What is known for certain of facts, parameters, decisions, `happened(…)` and `never(…)`.

        Only of those that were looked at, or that the texts about the decisions show.
        """
        found: dict[str, object] = dict(self._around.folded)
        for name, value in zip(self._compiled.names, self._values, strict=True):
            if name not in self._unknown:
                each = shown(value)
                if each is not UNDECIDED:
                    found[name] = each
        return found

    @cached_property
    def partial(self) -> Mapping[str, Partial]:
        """What is known of each decision."""
        return {
            name: _partial(result)
            for name, result in zip(self.decisions, self._results, strict=True)
        }


class Fast:
    """Terms, compiled; immutable in effect and safe to share between threads."""

    def __init__(self, around: Surroundings) -> None:
        self.around = around
        self._functions: dict[frozenset[str], tuple[tuple[str, ...], Assembled]] = {}
        self._consistency: Assembled | None = None
        self._lock = Lock()

    def run(self, environment: Environment, decisions: Collection[str]) -> Found:
        """Decide, as far as the open points let it.

        Raises:
            EvaluationError: A formula has no result for these facts, and a decision needs it.
            UnsupportedError: A day is to be moved in a year whose working days are not known.
        """
        asked = frozenset(decisions)
        names, compiled = self._functions.get(asked) or self._compiled(asked)
        unknown: Unknown = {}
        results, _, values = compiled.function(
            environment.values, environment.asked_on, environment.growing, unknown
        )
        found: dict[str, Definite | None]
        if unknown:
            found = {n: _definite(each) for n, each in zip(names, results, strict=True)}
        else:
            found = {n: Definite(*each) for n, each in zip(names, results, strict=True)}  # type: ignore[arg-type]  # nothing is undecided
        return Found(found, compiled, self.around, unknown, results, values)

    def consistent(self, environment: Environment) -> tuple[bool | None, ...]:
        """Tell whether the facts satisfy each rule of `consistent_when`; None: not known.

        Raises:
            EvaluationError: A rule has no result for these facts.
        """
        rules = self.around.terms.policy.consistent_when
        if not rules:
            return ()
        with self._lock:
            if self._consistency is None:
                self._consistency = assemble(
                    self.around, (), [(each.id, each.condition) for each in rules]
                )
        unknown: Unknown = {}
        _, found, _ = self._consistency.function(
            environment.values, environment.asked_on, environment.growing, unknown
        )
        _raise_errors(found)
        return tuple(map(_truth, found))

    def prepare(self, decisions: Collection[str]) -> None:
        """Compile now, so that the first run is as quick as the others."""
        self._compiled(frozenset(decisions))

    def _compiled(self, asked: frozenset[str]) -> tuple[tuple[str, ...], Assembled]:
        with self._lock:
            if asked not in self._functions:
                every = self.around.terms.policy.decisions
                names = tuple(name for name in every if name in asked)
                if len(self._functions) >= _MOST_FUNCTIONS:
                    self._functions.clear()
                shown_names = dict.fromkeys(
                    field
                    for name in names
                    for text in _texts(self.around.terms, every[name])
                    for field in _fields(text)
                )
                compiled = assemble(self.around, names, (), tuple(shown_names))
                self._functions[asked] = names, compiled
            return self._functions[asked]


def compile_terms(terms: Terms) -> Fast:
    """Compile terms as they are applied.

    Raises:
        UnsupportedError: An overlay moves days, and the library of holidays is not installed.
    """
    for calendar in terms.moved.values():
        require(calendar)
    facts = terms.policy.facts.values()
    entries = frozenset(name for fact in facts for name in _entries(fact))
    return Fast(Surroundings(terms, _folded(terms), entries))


def _entries(fact: Fact) -> Iterator[str]:
    for name, each in fact.entries.items():
        yield name
        yield from _entries(each)


def _folded(terms: Terms) -> Mapping[str, Value]:
    """Compute the parameters that depend on nothing but each other."""
    found: dict[str, Value] = {}
    for name in terms.valid.order:
        if name not in terms.policy.parameters:
            continue
        slot = terms.settled(terms.policy.parameters[name].value)
        if not isinstance(slot, Formula):
            continue
        used = {each.name for each in syntax.walk(slot.tree) if isinstance(each, syntax.Name)}
        if used & terms.valid.scope.keys() <= found.keys():
            unit = Unit(Surroundings(terms, found, frozenset()), slot, name, ())
            value = unit.run({}, name, ())
            if type(value) is not Undecided:  # an error is told when the parameter is used
                found[name] = value  # type: ignore[assignment]  # what a formula gives is a value
    return found


# ---------------------------------------------------------------------- results


def _definite(result: tuple[object, ...]) -> Definite | None:
    covered, value, rules, rows, remarks = result
    assert isinstance(rules, tuple)
    assert isinstance(rows, tuple)
    assert isinstance(remarks, tuple)
    _raise_errors((covered,))
    if covered is False:
        return Definite(False, None, remarks=tuple(map(_truth, remarks)))
    if covered is True:
        _raise_errors((value, *rules, *remarks))
        if not any(type(each) is Undecided for each in (value, *rules)) and not holds_moment(value):
            return Definite(True, value, rules, rows, tuple(map(_truth, remarks)))
    return None


def _partial(result: tuple[object, ...]) -> Partial:
    covered, value, rules, rows, remarks = result
    assert isinstance(rules, tuple)
    assert isinstance(rows, tuple)
    assert isinstance(remarks, tuple)
    known = type(value) is not Undecided
    return Partial(
        _truth(covered),
        known,
        value if known else None,
        tuple(map(_truth, rules)),
        rows,
        tuple(map(_truth, remarks)),
    )


def _truth(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _raise_errors(values: Collection[object]) -> None:
    for each in values:
        if isinstance(each, Undecided) and each.error is not None:
            raise each.error


# ---------------------------------------------------------------------- texts


def _texts(terms: Terms, decision: Decision) -> Iterator[Text | None]:
    """Give what may be said about a decision."""
    for rule in (*decision.requires, *decision.excluded_if):
        yield from (rule.because, rule.otherwise)
    for remark in (*decision.remarks, *terms.policy.remarks):
        yield remark.say
    if decision.covers is not None:
        yield decision.covers.because
    if decision.table is not None:
        yield from (row.because for row in decision.table.rules)


def _fields(text: Text | None) -> Iterator[str]:
    if text is not None:
        for parts in text.parts.values():
            yield from (each.name for each in parts if isinstance(each, Field))
