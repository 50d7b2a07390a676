"""What a file of golden cases says, with the place of everything."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from policyeval.policy.addresses import Address
from policyeval.source import Source, Span

NAME = "cases.yaml"
"""What the file is called, beside the versions of the programme it is about."""


@dataclass(frozen=True, slots=True)
class Expected:
    """One thing that is expected, and where it says so.

    Attributes:
        places: Of a list of names, where each of them stands.
    """

    value: object
    span: Span = field(compare=False, repr=False)
    places: tuple[Span, ...] = field(default=(), compare=False, repr=False)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of a list of names."""
        return self.value if isinstance(self.value, tuple) else ()


@dataclass(frozen=True, slots=True)
class Given:
    """What an option of an open point is expected to give.

    Attributes:
        point: A reading, an act or a fact with few values, or the id of a reading's ambiguity.
        expected: A verdict, or a value as plain data.
    """

    point: str
    option: str
    expected: Expected
    place: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Expectation:
    """What is expected of one decision; what is None is not looked at.

    Attributes:
        value: Plain data: the text of a value, None for null, or lists and mappings of such.
        clauses: Exactly the clauses of the reasons. Likewise `rules`; `open_points` and `further` are
            names, or ids of ambiguities.
        until: A day; None in it: no last day.
        remarks: Remarks that are made, among others.
        no_remarks: Remarks that are not made.
        gives: For open points what some of their options give: each `point.option`, with a verdict or
            the text of a value.
        span: The decision's name.
    """

    decision: str
    verdict: Expected | None = None
    value: Expected | None = None
    clauses: Expected | None = None
    rules: Expected | None = None
    open_points: Expected | None = None
    further: Expected | None = None
    until: Expected | None = None
    remarks: Expected | None = None
    no_remarks: Expected | None = None
    gives: tuple["Given", ...] = ()
    span: Span = field(compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Case:
    """One question and what is expected of its answer.

    Attributes:
        facts: What the evaluator is given: the base's facts, with what the case changes.
        presumed: Exactly the facts that are presumed, if anything is said of them.
        refused: The codes of the problems for which the facts are refused.
        span: The case's name.
        places: Where each fact and each overlay stands, in the case or in its base.
    """

    id: str
    note: str | None
    asked_on: date
    known_on: date | None
    overlays: tuple[str, ...]
    facts: Mapping[str, object]
    expect: tuple[Expectation, ...]
    presumed: Expected | None = None
    refused: Expected | None = None
    span: Span = field(compare=False, repr=False, kw_only=True)
    places: Mapping[str, Span] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Exempted:
    """Something that no case can show, and that is not to be asked for.

    Attributes:
        at: The part of a version that it is about, or a place in it.
        what: As the report that asks for it calls it, with single spaces.
        because: Why no case can show it, per language.
        places: Where `at` and `what` stand.
    """

    at: Address
    what: str
    because: Mapping[str, str]
    places: tuple[Span, Span] = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Cases:
    """All cases of a file.

    Attributes:
        span: Where the programme's name stands.
    """

    programme: str
    cases: tuple[Case, ...]
    source: Source = field(compare=False, repr=False)
    span: Span = field(compare=False, repr=False)
    exceptions: tuple[Exempted, ...] = ()
