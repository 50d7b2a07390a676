"""What a policy file and a programme file say, with the place of everything.

The loader makes these records and nothing else does. A condition is parsed but not yet checked;
`policyeval.policy.validation` checks it and gives a `ValidPolicy`. Records compare by identity where
they stand for a place of a file (a formula, a choice), and by content elsewhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal

from policyeval.feel import syntax
from policyeval.feel.types import Type
from policyeval.feel.values import Value
from policyeval.policy.yaml import Scalar
from policyeval.source import Source, Span

if TYPE_CHECKING:  # with them comes all that checks and runs
    from policyeval.feel.checker import Checked
    from policyeval.feel.tables import Aggregation, HitPolicy

FORMAT = 1
"""The version of the file format; a file says it in `format:`."""

ASKED_ON = "asked_on"
"""The variable that holds the day a question is asked on, in every formula."""

ClauseKind = Literal[
    "constitutive",
    "condition",
    "exclusion",
    "deadline",
    "payment",
    "duty",
    "discretion",
    "information",
    "incomplete",
]

FactKind = Literal["plain", "event", "act", "log"]


# ---------------------------------------------------------------------- texts and formulas


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a text: `{name}` or `{name:format}`."""

    name: str
    format: str | None = None
    span: Span = field(compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Text:
    """A text in our own words, per language (`sv`, `de`, `en`), split at its fields."""

    parts: Mapping[str, tuple[str | Field, ...]]
    span: Span = field(compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True, eq=False)
class Formula:
    """An expression, or the unary tests of a table's cell, as it stands in a file.

    In the tree, `happened(e)` of an event `e` and its comparison with null are already names of
    their own (see `happened_name`, `never_name`), so that the language needs no notion of events.

    Attributes:
        scalar: The scalar it was read from; `policyeval.policy.yaml.located` moves a diagnostic
            about the formula's text to its place in the file.
        source: The file.
    """

    text: str
    tree: syntax.Expression | syntax.UnaryTests
    scalar: Scalar = field(repr=False)
    source: Source = field(repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """`{by: reading, option: …}`: what stands here depends on how the text is read."""

    reading: str
    options: Mapping[str, "Slot"]
    span: Span = field(repr=False, kw_only=True)


Slot = Formula | Choice


def happened_name(event: str) -> str:
    """Give the boolean variable that says whether an event has happened as of `asked_on`."""
    return f"happened({event})"


def never_name(event: str) -> str:
    """Give the boolean variable that says whether an event never happens."""
    return f"never({event})"


# ---------------------------------------------------------------------- parts of a policy


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of the source.

    Attributes:
        lines: The lines of the source it stands on, counted from 1.
        sha256: Of its normalised sentences; None if not yet recorded.
        no_rule_because: Why no rule cites it.
        sentences: Which sentences of these lines, counted from 1 through all of them; None: all.
    """

    id: str
    lines: tuple[int, ...]
    sha256: str | None
    kind: ClauseKind
    gist: Text
    no_rule_because: Text | None = None
    sentences: tuple[int, ...] | None = None
    span: Span = field(compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A fixed value of the terms, such as the length of a period."""

    name: str
    value: Slot
    clauses: tuple[str, ...]
    label: Text
    span: Span = field(compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Act:
    """That a fact records a party's decision, which may still be open."""

    by: str
    clauses: tuple[str, ...]
    open_when: Slot | None = None


@dataclass(frozen=True, slots=True)
class Presumption:
    """The value that a fact has when the caller says nothing of it; null is one too."""

    value: Value


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact of a transaction.

    Attributes:
        type: Its type; `Optional` where a plain fact may be null. Acts are always optional, events
            never are (an event that has not happened lies after every day that is known).
        one_of: The texts it may be, or None.
        value_labels: What those of `one_of` are called that have a label.
        log: Of a log of events, the entry that holds the moment.
        entries: Of a list of contexts, what each has; they may have presumptions of their own.
    """

    name: str
    type: Type
    kind: FactKind
    label: Text
    one_of: tuple[str, ...] | None = None
    act: Act | None = None
    log: str | None = None
    entries: Mapping[str, "Fact"] = field(default_factory=dict)
    presume: Presumption | None = None
    clauses: tuple[str, ...] = ()
    meaning: Text | None = None
    value_labels: Mapping[str, Text] = field(default_factory=dict)
    span: Span = field(compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Judgement:
    """That somebody adopted or rejected an option of a reading."""

    by: str
    on: date
    because: Text


@dataclass(frozen=True, slots=True)
class Option:
    """One way to read a text; `favours` is a party of the programme, or None."""

    name: str
    gist: Text
    favours: str | None = None
    rejected: Judgement | None = None
    span: Span = field(compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Reading:
    """A place where the text can be read in more than one way; open unless one is adopted.

    Attributes:
        ambiguity: The id in the programme's table of ambiguities.
        adopted: The option and the judgement that adopted it.
    """

    name: str
    clauses: tuple[str, ...]
    ambiguity: str
    question: Text
    options: Mapping[str, Option]
    adopted: tuple[str, Judgement] | None = None
    span: Span = field(compare=False, repr=False, kw_only=True)

    @property
    def admissible(self) -> tuple[str, ...]:
        """The options that are not rejected."""
        return tuple(name for name, each in self.options.items() if each.rejected is None)


@dataclass(frozen=True, slots=True)
class Rule:
    """A requirement, an exclusion, or a condition that every transaction satisfies.

    Attributes:
        because: Said where it makes a decision NO (or the transaction impossible).
        otherwise: Said where it does not, such as a requirement that is met.
    """

    id: str
    clauses: tuple[str, ...]
    condition: Slot
    because: Text
    otherwise: Text | None = None
    span: Span = field(compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Remark:
    """Something said beside the verdict where a condition holds (None: always)."""

    id: str
    clauses: tuple[str, ...]
    condition: Slot | None
    say: Text
    span: Span = field(compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a decision is about at all; elsewhere it is NOT_COVERED."""

    condition: Slot
    clauses: tuple[str, ...] = ()
    because: Text | None = None


@dataclass(frozen=True, slots=True)
class TableInput:
    """A column of a table that is tested; `values` are unary tests that every value passes."""

    expression: Formula
    values: Formula | None = None


@dataclass(frozen=True, slots=True)
class TableOutput:
    """A column of a table that is a result.

    Attributes:
        name: None if it is the only one.
        type: Of a single output the decision's own type.
        values: What it may be, best first for PRIORITY and OUTPUT ORDER.
        default: The result where no rule hits.
    """

    name: str | None
    type: Type
    values: Formula | None = None
    default: Formula | None = None


@dataclass(frozen=True, slots=True)
class TableRule:
    """A row: one cell of unary tests per input, one slot per output."""

    id: str
    clauses: tuple[str, ...]
    when: tuple[Formula, ...]
    then: tuple[Slot, ...]
    because: Text | None = None
    span: Span = field(compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Table:
    """A DMN decision table."""

    hit_policy: "HitPolicy"
    inputs: tuple[TableInput, ...]
    outputs: tuple[TableOutput, ...]
    rules: tuple[TableRule, ...]
    aggregation: "Aggregation | None" = None
    span: Span = field(compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Decision:
    """A question the policy answers; without `question` it only serves other formulas.

    Exactly one of `value`, `table` and the two lists of rules is given. With rules (boolean only) it
    is true where all requirements hold and no exclusion does.

    Attributes:
        format: How its value is shown: `money`, `percent`, or None.
    """

    name: str
    type: Type
    question: Text | None
    label: Text | None
    clauses: tuple[str, ...]
    covers: Coverage | None = None
    value: Slot | None = None
    table: Table | None = None
    requires: tuple[Rule, ...] = ()
    excluded_if: tuple[Rule, ...] = ()
    remarks: tuple[Remark, ...] = ()
    format: str | None = None
    span: Span = field(compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Overlay:
    """A statutory rule for computing periods, off unless the caller switches it on.

    Attributes:
        settles: Reading to the option that it brings.
        moves: Decisions whose day moves to the next working day of `calendar` (`SE` or `DE`).
    """

    name: str
    title: Text
    settles: Mapping[str, str] = field(default_factory=dict)
    moves: tuple[str, ...] = ()
    calendar: str | None = None
    span: Span = field(compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class SourceText:
    """The text that a version was written from: its file name, language and digest."""

    file: str
    language: str
    sha256: str | None = None
    title: Text | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """One version of a programme's terms.

    Attributes:
        in_force_from: First day, or None: since ever.
        in_force_until: Last day, or None: until a later version begins.
        known_from: When the text could be known.
        remarks: Said beside every decision that has a question.
        digest: SHA-256 of the file's bytes, in hexadecimal.
        source: The policy file itself.
    """

    programme: str
    version: str
    in_force_from: date | None
    in_force_until: date | None
    known_from: datetime
    written_from: SourceText
    clauses: Mapping[str, Clause]
    parameters: Mapping[str, Parameter]
    facts: Mapping[str, Fact]
    readings: Mapping[str, Reading]
    decisions: Mapping[str, Decision]
    consistent_when: tuple[Rule, ...]
    remarks: tuple[Remark, ...]
    overlays: Mapping[str, Overlay]
    digest: str
    source: Source = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Governing:
    """Which day picks the version: a reading of its own, with a formula per option.

    Attributes:
        days: Option to the formula of the day (a date).
        decisions: Decisions whose version is picked by a day of their own.
    """

    reading: Reading
    days: Mapping[str, Formula]
    decisions: Mapping[str, Formula]


@dataclass(frozen=True, slots=True)
class Programme:
    """What all versions of a programme share (`programme.yaml`).

    Attributes:
        zone: Name of the time zone in which instants have a day, such as `Europe/Stockholm`.
        currency: ISO 4217, or None where the text states none.
        parties: Who may act or be favoured.
        limits: What the vocabulary cannot tell apart; said in the policy's document.
    """

    name: str
    title: Text
    zone: str
    currency: str | None
    parties: Mapping[str, Text]
    governed_by: Governing
    limits: tuple[Text, ...]
    digest: str
    source: Source = field(compare=False, repr=False)


# ---------------------------------------------------------------------- checked


@dataclass(frozen=True, slots=True)
class ValidPolicy:
    """A policy that has been checked: every name is known, every type fits, nothing is cyclic.

    Attributes:
        scope: Every variable of a formula and its type: facts, parameters, decisions, `asked_on`,
            and per event `happened(…)` and `never(…)`.
        checked: Types of every node, per formula. (Governing formulas are among them.)
        order: Names of parameters and decisions, each after what its formulas use.
    """

    policy: Policy
    programme: Programme
    scope: Mapping[str, Type]
    checked: "Mapping[Formula, Checked]" = field(compare=False, repr=False)
    order: tuple[str, ...]
