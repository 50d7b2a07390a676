"""An evaluation: the answers to a programme's decisions for one transaction, asked on a day."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType, MemberDescriptorType
from typing import Any

from policyeval.diagnostics import did_you_mean
from policyeval.evaluation.data import (
    FORMAT,
    Data,
    answer_data,
    json_text,
    mapping_data,
    value_data,
)
from policyeval.evaluation.explaining import explanation
from policyeval.evaluation.model import Answer, OpenPoint, Phrase
from policyeval.evaluation.record import record_bytes
from policyeval.feel.values import Value
from policyeval.messages import Message, language_of, message
from policyeval.policy.model import Text, ValidPolicy

__all__ = [
    "Evaluation",
    "LateAnswers",
    "answer_later",
    "attribute_of",
    "begun",
    "in_words_of",
]


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation(Mapping[str, Answer]):
    """The answers of one evaluation, by decision, in the policy's order.

    Attributes:
        programme: Its name.
        asked_on: The day the question is asked on.
        known_on: The moment whose knowledge of versions counts; None: all that are on record.
        found: The answers; those that name no policy are worded by that of their version.
        presumed: Facts that were left out, read, and presumed; and the value of each.
        notes: What else is to be said, such as that no day was given.
        policies: Version to its policy: of those that answer, and of one that has the questions.
        title: What the programme is called; left out: as the policies say.
        explored: The decisions that are not clear from what is known, so that all that may still be
            was gone through.
    """

    programme: str
    asked_on: date
    known_on: date | datetime | None
    found: Mapping[str, Answer]
    presumed: Mapping[str, Value] = field(default_factory=dict)
    notes: tuple[Message, ...] = ()
    policies: Mapping[str, ValidPolicy] = field(default_factory=dict, repr=False)
    title: Text | None = field(default=None, repr=False)
    explored: frozenset[str] = field(default=frozenset(), repr=False)
    _worded: "dict[str, Answer] | Later" = field(default_factory=dict, init=False, repr=False)

    def __getitem__(self, decision: str) -> Answer:
        """Give the answer to a decision.

        Raises:
            KeyError: It was not asked.
        """
        worded = self._worded
        if isinstance(worded, tuple):
            worded = self._read()
        try:
            return worded[decision]
        except KeyError:
            return self._in_words(decision)

    def _read(self) -> dict[str, Answer]:
        """Give the answers that are in words; what was left for later begins now."""
        worded = self._worded
        if isinstance(worded, tuple):
            make, *known = worded
            worded = make(*known)
            _WORDED.__set__(self, worded)
        return worded

    def _in_words(self, decision: str) -> Answer:
        answer = self.found.get(decision)
        if answer is None:
            raise KeyError(self._unknown(decision))
        if answer.policy is None:
            policy = self._policy_of(answer)
            if policy is not None:
                answer = in_words_of(policy, answer)
        self._read()[decision] = answer
        return answer

    def __getattr__(self, name: str) -> object:
        """Give what was left for later (see `answer_later`), now that somebody reads it."""
        member = _LATER.get(name)
        if member is None:
            raise AttributeError(name)
        late = self._read()
        assert isinstance(late, LateAnswers), "or else everything is there"
        found = late.attribute(name)
        member.__set__(self, found)
        return found

    def _unknown(self, decision: object) -> str:
        text = message("there is no answer for the decision `{name}`", name=decision).text()
        meant = did_you_mean(str(decision), tuple(self.found))
        return text if meant is None else f"{text}; {meant.text()}"

    def _policy_of(self, answer: Answer) -> ValidPolicy | None:
        """Give the policy of an answer's version; where that has not the question, one that has."""
        own = self.policies.get(answer.provenance.version or "")
        if own is not None and answer.decision in own.policy.decisions:
            return own
        every = self.policies.values()
        having = (each for each in every if answer.decision in each.policy.decisions)
        return next(having, own)

    def __iter__(self) -> Iterator[str]:
        late = self._read()
        return iter(late.decisions if isinstance(late, LateAnswers) else self.found)

    def __len__(self) -> int:
        late = self._read()
        return len(late.decisions if isinstance(late, LateAnswers) else self.found)

    def __eq__(self, other: object) -> bool:
        """Compare what was asked and what was answered; the words are not part of it."""
        if not isinstance(other, Evaluation):
            return NotImplemented
        return self._compared() == other._compared()

    __hash__ = None  # type: ignore[assignment]  # as of any mapping

    def _compared(self) -> tuple[object, ...]:
        answers, presumed = list(self.found.items()), dict(self.presumed)
        return self.programme, self.asked_on, self.known_on, answers, presumed, self.notes

    @property
    def answers(self) -> Mapping[str, Answer]:
        """The answers by decision, in the policy's order."""
        return MappingProxyType({name: self[name] for name in self})

    def explain(self, language: str = "en") -> str:
        """Explain every answer in plain text, in `en`, `sv` or `de`, and what they rest on."""
        answers = tuple(self[name] for name in self)
        title = self.title
        if title is None and self.policies:
            title = next(iter(self.policies.values())).programme.title
        return explanation(answers, language, title=title, notes=self.notes, presumed=self.presumed)

    def as_data(self, language: str = "en") -> dict[str, Data]:
        """Give everything as what JSON can hold, with its words in `en`, `sv` or `de`.

        Keys are those of `schema/evaluation.schema.json`, always in the same order; numbers are
        decimals, days and durations texts in ISO form.
        """
        chosen = language_of(language)
        return {
            "format": Decimal(FORMAT),
            "programme": self.programme,
            "asked_on": value_data(self.asked_on),
            "known_on": value_data(self.known_on),
            "language": chosen,
            "answers": {name: answer_data(self[name], chosen) for name in self},
            "presumed": mapping_data(self.presumed),
            "notes": [note.text(chosen) for note in self.notes],
        }

    def to_record(self) -> bytes:
        """Write it as JSON for machines, in UTF-8, on one line: rules, clauses and values, no sentences.

        See `schema/record.schema.json`. The same inputs give the same bytes.
        """
        return record_bytes(self.programme, self.asked_on, self.known_on, self.found, self.presumed)

    def to_json(self, language: str = "en") -> str:
        """Write everything as JSON, with its words in `en`, `sv` or `de`; see `as_data`."""
        return json_text(self.as_data(language))


Later = tuple[Any, ...]
"""What makes `LateAnswers` when somebody reads the first answer, and what it is called with."""


class LateAnswers(dict[str, Answer]):
    """Answers that are made when they are looked at, and whatever else an evaluation has to say."""

    __slots__ = ()

    @property
    def decisions(self) -> Collection[str]:
        """Those that are answered, in the policy's order."""
        raise NotImplementedError

    def attribute(self, name: str) -> object:
        """Give what an attribute of the evaluation holds."""
        raise NotImplementedError


_LATER: Mapping[str, MemberDescriptorType] = {
    each.name: Evaluation.__dict__[each.name] for each in fields(Evaluation) if each.init
}
_WORDED: MemberDescriptorType = Evaluation.__dict__["_worded"]

begun = object.__new__
"""Begin an `Evaluation` of which nothing is worked out before somebody reads it; see `answer_later`."""

answer_later = _WORDED.__set__
"""Have an evaluation that is begun answer by its `LateAnswers`, or `Later` by such."""


def attribute_of(evaluation: Evaluation, name: str) -> object:
    """Give what an attribute of an evaluation holds."""
    member = _LATER[name]
    try:
        found: object = member.__get__(evaluation)
    except AttributeError:  # it is left for later
        return evaluation.__getattr__(name)
    return found


def in_words_of(policy: ValidPolicy, answer: Answer) -> Answer:
    """Let an answer and its parts be worded by a policy; parts that name one keep theirs."""

    def phrase(given: Phrase) -> Phrase:
        return given if given.policy is not None else replace(given, policy=policy)

    def point(given: OpenPoint) -> OpenPoint:
        return given if given.policy is not None else replace(given, policy=policy)

    return replace(
        answer,
        reasons=tuple(replace(each, phrase=phrase(each.phrase)) for each in answer.reasons),
        open_points=tuple(point(each) for each in answer.open_points),
        further_points=tuple(point(each) for each in answer.further_points),
        remarks=tuple(replace(each, phrase=phrase(each.phrase)) for each in answer.remarks),
        policy=answer.policy or policy,
    )
