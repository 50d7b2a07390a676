"""The answer to a question about one transaction: verdict, value, reasons, open points, provenance."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from policyeval.feel.values import Value
from policyeval.policy.model import Text


class Verdict(StrEnum):
    """The answers that a legal text can give to a yes-or-no question."""

    YES = "YES"
    NO = "NO"
    UNKNOWN = "UNKNOWN"
    OPEN = "OPEN"
    DISCRETION = "DISCRETION"
    PENDING = "PENDING"
    NOT_COVERED = "NOT_COVERED"


PointKind = Literal["fact", "reading", "act", "event"]
ReasonKind = Literal["requirement", "exclusion", "value", "row", "coverage"]


@dataclass(frozen=True, slots=True)
class Phrase:
    """A text of the policy and the values of its fields (a name that has none is left out).

    Attributes:
        text: None where the policy gives no words; whoever shows it falls back to the clause's gist.
    """

    text: Text | None
    values: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Valued:
    """A name in a condition and the value it had; None is null, `NEVER` an event that never happens."""

    name: str
    value: object


@dataclass(frozen=True, slots=True)
class Deciding:
    """A comparison or a yes-or-no fact that decided, as written, with values: `a 3 > b 2`.

    Attributes:
        parts: Text as written and, for each name in it, the name with its value.
        result: What it came to.
    """

    parts: tuple[str | Valued, ...]
    result: bool | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a decision comes to in one part of the possible worlds: a verdict, or a value.

    Attributes:
        verdict: None where there is a value of a type other than boolean.
    """

    verdict: Verdict | None
    value: object = None


@dataclass(frozen=True, slots=True)
class Reason:
    """A rule that bears on an answer.

    Attributes:
        kind: `requirement` and `exclusion` are rules of a yes-or-no decision, `value` the formula of a
            value, `row` a table's, `coverage` the condition under which the decision applies at all.
        rule: The rule's id, or the decision's name.
        holds: Whether its condition does; None for values.
    """

    decision: str
    rule: str
    kind: ReasonKind
    clauses: tuple[str, ...]
    phrase: Phrase
    deciding: tuple[Deciding, ...] = ()
    holds: bool | None = None


@dataclass(frozen=True, slots=True)
class OpenPoint:
    """Something that is open and changes the answer.

    Attributes:
        name: A fact (`approved_on`, `acceptances[2].authorised`) or a reading.
        clauses: Of a reading or an act.
        ambiguity: Of a reading: the id in the programme's table.
        by: Of an act: the party whose it is.
        gives: What the answer is for each option of a reading, an act, or a fact with few values (the
            option's name; `none` for no act). Empty where there are too many values.
        favours: Of a reading: option to the party it favours.
        until: Of an event: the last day on which it would still be in time, if there is one.
    """

    name: str
    kind: PointKind
    clauses: tuple[str, ...] = ()
    ambiguity: str | None = None
    by: str | None = None
    gives: Mapping[str, Outcome] = field(default_factory=dict)
    favours: Mapping[str, str | None] = field(default_factory=dict)
    until: date | None = None


@dataclass(frozen=True, slots=True)
class RemarkMade:
    """Something the policy says beside an answer."""

    rule: str
    clauses: tuple[str, ...]
    phrase: Phrase


@dataclass(frozen=True, slots=True)
class Provenance:
    """What made an answer; the same of it, with the same facts, gives the same bytes.

    Attributes:
        version: None where no version governs.
        digest: Of the policy file's bytes.
        readings: Reading to the option in force (adopted, or settled by an overlay).
    """

    programme: str
    version: str | None
    digest: str | None
    readings: Mapping[str, str]
    overlays: tuple[str, ...]
    engine: str
    language: str
    asked_on: date
    known_on: datetime | date | None


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one decision.

    Attributes:
        verdict: None where there is a value of a type other than boolean.
        value: True for YES, False for NO, a value for other types, and None for the other verdicts.
        until: Of PENDING: the last day on which the verdict would still be PENDING if nothing happened.
        open_points: All that matter, whatever the verdict says.
        further_points: Those that matter only in some futures.
    """

    decision: str
    verdict: Verdict | None
    value: object
    reasons: tuple[Reason, ...]
    open_points: tuple[OpenPoint, ...]
    further_points: tuple[OpenPoint, ...]
    until: date | None
    remarks: tuple[RemarkMade, ...]
    provenance: Provenance
