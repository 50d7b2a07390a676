"""What an answer is made of: verdict, reasons, open points, remarks, provenance.

Texts are in Swedish, German and English: `reason.text` is the English one, `reason.text_in("sv")`
that in another language.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from types import MemberDescriptorType
from typing import Literal, NamedTuple, Protocol, TypeVar

from policyeval.evaluation.comparisons import Deciding, deciding_text
from policyeval.evaluation.naming import words
from policyeval.evaluation.phrases import Phrase, phrase_text
from policyeval.messages import message
from policyeval.policy.model import ValidPolicy


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
class Outcome:
    """What a decision comes to in one part of the possible worlds: a verdict, or a value.

    Attributes:
        verdict: None where there is a value of a type other than boolean.
    """

    verdict: Verdict | None
    value: object = None


class Ground(NamedTuple):
    """What is known of a reason before its words are; see there."""

    rule: str
    kind: ReasonKind
    clauses: tuple[str, ...]
    holds: bool | None


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
    _late: "tuple[Whole, int] | None" = field(default=None, init=False, compare=False, repr=False)

    def __getattr__(self, name: str) -> object:
        """Give what was left for later (see `reason_so_far`), now that somebody reads it."""
        member = _WORDS_LATER.get(name)
        if member is None:
            raise AttributeError(name)
        late = _REASON_LATE.__get__(self)
        if late is not None:  # or else another thread has just been here
            of, place = late
            whole = of.whole(_DECISION.__get__(self)).reasons[place]
            for each in _WORDS_LATER.values():
                each.__set__(self, each.__get__(whole))
            _REASON_LATE.__set__(self, None)
        return member.__get__(self)

    @property
    def text(self) -> str:
        """What the policy says of it, in English; without such words what its clauses say."""
        return self.text_in("en")

    def text_in(self, language: str) -> str:
        """Give what the policy says of it in `en`, `sv` or `de`."""
        return phrase_text(self.phrase, language, self.clauses)

    def deciding_in(self, language: str) -> tuple[str, ...]:
        """Give what decided it, with labels and values, in `en`, `sv` or `de`; each once."""
        in_words = words(self.phrase.policy, language)
        return tuple(dict.fromkeys(deciding_text(each, in_words) for each in self.deciding))


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
        policy: Whose words it is in.
    """

    name: str
    kind: PointKind
    clauses: tuple[str, ...] = ()
    ambiguity: str | None = None
    by: str | None = None
    gives: Mapping[str, Outcome] = field(default_factory=dict)
    favours: Mapping[str, str | None] = field(default_factory=dict)
    until: date | None = None
    policy: ValidPolicy | None = field(default=None, compare=False, repr=False, kw_only=True)

    @property
    def label(self) -> str:
        """What the fact is called, in English; of a reading, its question."""
        return self.label_in("en")

    def label_in(self, language: str) -> str:
        """Give what the fact is called (or the reading's question) in `en`, `sv` or `de`."""
        return words(self.policy, language).label(self.name)

    @property
    def question(self) -> str | None:
        """The question of a reading, in English; None for other points."""
        return self.question_in("en")

    def question_in(self, language: str) -> str | None:
        """Give the question of a reading in `en`, `sv` or `de`."""
        return self.label_in(language) if self.kind == "reading" else None

    def option_in(self, option: str, language: str) -> str:
        """Say in `en`, `sv` or `de` what an option of `gives` means."""
        in_words = words(self.policy, language)
        reading = in_words.reading(self.name)
        if reading is not None and option in reading.options:
            return in_words.text(reading.options[option].gist)
        fact = in_words.fact(self.name)
        few = fact is not None and fact.one_of is not None and option in fact.one_of
        if option == "none" and not few:
            act = self.kind == "act"
            return (message("no decision") if act else message("none")).text(in_words.language)
        if option in {"true", "false"} and not few:
            return in_words.value("", option == "true")
        return in_words.value(self.name, option, quoted=True)


@dataclass(frozen=True, slots=True)
class RemarkMade:
    """Something the policy says beside an answer."""

    rule: str
    clauses: tuple[str, ...]
    phrase: Phrase

    @property
    def text(self) -> str:
        """What is said, in English."""
        return self.text_in("en")

    def text_in(self, language: str) -> str:
        """Give what is said in `en`, `sv` or `de`."""
        return phrase_text(self.phrase, language, self.clauses)


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
class Answered:
    """What there is to say of one decision; `policyeval.evaluation.model.Answer` can say it.

    Attributes:
        verdict: None where there is a value of a type other than boolean.
        value: True for YES, False for NO, a value for other types, and None for the other verdicts.
        until: Of PENDING: the last day on which the verdict would still be PENDING if nothing happened.
        open_points: All that matter, whatever the verdict says.
        further_points: Those that matter only in some futures.
        policy: Whose words it is in; where no version governs, that of one that has the question.
        explored: Whether it was not clear from what is known, so that all that may still be was gone
            through.
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
    complete: bool = True
    policy: ValidPolicy | None = field(default=None, compare=False, repr=False, kw_only=True)
    explored: bool = field(default=False, compare=False, repr=False, kw_only=True)
    _late: "tuple[Whole, str] | None" = field(default=None, init=False, compare=False, repr=False)

    def __getattr__(self, name: str) -> object:
        """Give what was left for later (see `known_so_far`), now that somebody reads it."""
        member = _LATER.get(name)
        if member is None:
            raise AttributeError(name)
        late = _LATE.__get__(self)
        if late is not None:  # or else another thread has just been here
            of, decision = late
            part = of.part(decision, name)
            if part is not NotImplemented:
                member.__set__(self, part)
                return part
            whole = of.whole(decision)
            for each in _LATER.values():
                each.__set__(self, each.__get__(whole))
            _LATE.__set__(self, None)
        return member.__get__(self)


class Whole(Protocol):
    """Has answers in full, or computes them."""

    def whole(self, decision: str) -> Answered:
        """Give the answer to a decision."""

    def part(self, decision: str, name: str) -> object:
        """Give an attribute of the answer; NotImplemented if that takes the whole of it."""


_MEMBERS: Mapping[str, MemberDescriptorType] = {
    each: Answered.__dict__[each] for each in Answered.__slots__
}
_LATE = _MEMBERS["_late"]
_LATER = {
    name: each for name, each in _MEMBERS.items() if name not in {"verdict", "value", "_late"}
}
_new = object.__new__
_set_verdict = _MEMBERS["verdict"].__set__
_set_value = _MEMBERS["value"].__set__
_set_late = _LATE.__set__

_REASON: Mapping[str, MemberDescriptorType] = {
    each: Reason.__dict__[each] for each in Reason.__slots__
}
_DECISION, _REASON_LATE = _REASON["decision"], _REASON["_late"]
_WORDS_LATER = {name: _REASON[name] for name in ("phrase", "deciding")}
_SET_GROUND = tuple(_REASON[name].__set__ for name in Ground._fields)
_set_decision, _set_reason_late = _DECISION.__set__, _REASON_LATE.__set__

A = TypeVar("A", bound=Answered)


def known_so_far(
    kind: type[A], verdict: Verdict | None, value: object, late: tuple[Whole, str]
) -> A:
    """Give an answer whose verdict and value are known; the rest is computed if somebody reads it.

    Args:
        kind: `policyeval.evaluation.model.Answer`.
        verdict: Its verdict.
        value: Its value.
        late: What has the whole answer, with the same verdict and value, and the decision.
    """
    answer = _new(kind)
    _set_verdict(answer, verdict)
    _set_value(answer, value)
    _set_late(answer, late)
    return answer


def reason_so_far(decision: str, ground: Ground, late: tuple[Whole, int]) -> Reason:
    """Give a reason whose words, and what decided it, are found out if somebody reads them.

    Args:
        decision: Which it is a reason for.
        ground: What is known of it.
        late: What has the whole answer, and the reason's place in it.
    """
    reason = _new(Reason)
    _set_decision(reason, decision)
    for set_, part in zip(_SET_GROUND, ground, strict=True):
        set_(reason, part)
    _set_reason_late(reason, late)
    return reason
