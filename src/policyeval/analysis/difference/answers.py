"""One transaction answered by two versions: what comes out otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from policyeval.analysis.difference.naming import Renaming
from policyeval.errors import EvaluationError, FactsError, UnsupportedError
from policyeval.evaluation.model import Answer
from policyeval.evaluator.programs import Programs
from policyeval.policy.model import Fact, ValidPolicy

Aspect = Literal["verdict", "value", "until", "rules", "clauses", "open"]
"""What of an answer is otherwise: `rules` and `clauses` are those of its reasons."""

ASPECTS: tuple[Aspect, ...] = ("verdict", "value", "until", "rules", "clauses", "open")

Refusal = FactsError | EvaluationError | UnsupportedError


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """A decision that is answered otherwise.

    Attributes:
        decision: As the later version names it.
    """

    decision: str
    aspects: tuple[Aspect, ...]
    before: Answer
    after: Answer


@dataclass(frozen=True, slots=True)
class Answered:
    """What a version makes of a transaction: answers, or a refusal."""

    answers: Mapping[str, Answer]
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Both:
    """What both versions make of a transaction."""

    before: Answered
    after: Answered
    changes: tuple[AnswerChange, ...] = ()

    @property
    def differ(self) -> bool:
        """Whether an answer is otherwise, or only one of the two refuses the facts."""
        one, other = self.before.refusal is None, self.after.refusal is None
        return bool(self.changes) or one != other


@dataclass(frozen=True, slots=True)
class Asked:
    """A version that is asked, with what it does not know of the other's facts.

    Attributes:
        names: Facts by the names that the other version gives them, to its own.
        left_out: Facts, and entries of facts, that were left out since only the other declares them.
    """

    valid: ValidPolicy
    other: ValidPolicy
    names: Mapping[str, str]
    left_out: dict[str, None] = field(default_factory=dict)

    def facts(self, given: Mapping[str, object]) -> dict[str, object]:
        """Give the facts as this version declares them."""
        own, others = self.valid.policy.facts, self.other.policy.facts
        found: dict[str, object] = {}
        for name, value in given.items():
            mine = name if name in own else self.names.get(name, name)
            if mine in own:
                found[mine] = self._value(mine, own[mine], others.get(name), value)
            elif mine in others:
                self.left_out[mine] = None
            else:
                found[name] = value
        return found

    def _value(self, name: str, own: Fact, other: Fact | None, value: object) -> object:
        """Give a list of entries without those that only the other version declares."""
        if other is None or not isinstance(value, list):
            return value
        unknown = other.entries.keys() - own.entries.keys()
        if not unknown:
            return value
        for each in value:
            if isinstance(each, dict):
                self.left_out.update({f"{name}.{key}": None for key in each if key in unknown})
        return [
            {key: part for key, part in each.items() if key not in unknown}
            if isinstance(each, dict)
            else each
            for each in value
        ]


class Comparing:
    """Answers transactions by two versions, whichever of them would govern, and compares."""

    def __init__(self, before: ValidPolicy, after: ValidPolicy, renaming: Renaming) -> None:
        names = renaming.names
        self.before = Asked(before, after, names)
        self.after = Asked(after, before, {old: new for new, old in names.items()})
        self.decisions = {
            name: names.get(name, name)
            for name, each in after.policy.decisions.items()
            if each.question is not None and _asked(before, names.get(name, name))
        }
        self._renaming = renaming
        self._rules = renaming.rules()
        self._programs = Programs()

    def both(
        self, facts: Mapping[str, object], asked_on: date, overlays: tuple[str, ...] = ()
    ) -> Both:
        """Answer by both versions; questions that only one of them has are not asked."""
        before = self._answered(self.before, facts, asked_on, overlays, (*self.decisions.values(),))
        after = self._answered(self.after, facts, asked_on, overlays, (*self.decisions,))
        changes: list[AnswerChange] = []
        if before.refusal is None and after.refusal is None:
            for name, earlier in self.decisions.items():
                one, other = before.answers[earlier], after.answers[name]
                aspects = self._aspects(one, other)
                if aspects:
                    changes.append(AnswerChange(name, aspects, one, other))
        return Both(before, after, tuple(changes))

    def _answered(
        self,
        asked: Asked,
        facts: Mapping[str, object],
        asked_on: date,
        overlays: tuple[str, ...],
        decisions: tuple[str, ...],
    ) -> Answered:
        program = self._programs.program(asked.valid, overlays)
        try:
            return Answered(
                program.evaluate(asked.facts(facts), asked_on=asked_on, decisions=decisions)
            )
        except (FactsError, EvaluationError, UnsupportedError) as refusal:
            return Answered({}, refusal)

    def _aspects(self, before: Answer, after: Answer) -> tuple[Aspect, ...]:
        boolean = before.verdict is not None and after.verdict is not None
        differs: dict[Aspect, bool] = {
            "verdict": before.verdict != after.verdict,
            "value": not boolean and not _same(before.value, after.value),
            "until": before.until != after.until,
            "rules": _rules(before) != {self._rule(*each) for each in _rules(after)},
            "clauses": _clauses(before) != {*self._renaming.clauses(_clauses(after))},
            "open": _open(before) != {self._point(each) for each in _open(after)},
        }
        return tuple(each for each in ASPECTS if differs[each])

    def _rule(self, decision: str, rule: str) -> tuple[str, str]:
        earlier = self._renaming.names.get(decision, decision)
        if rule == decision:
            return earlier, earlier
        return earlier, self._rules.get((decision, rule), rule)

    def _point(self, name: str) -> str:
        head, bracket, rest = name.partition("[")
        known = self._renaming.names.get(head) or self._renaming.reading(head)
        return f"{known}{bracket}{rest}"


def amount(answer: Answer) -> Decimal | None:
    """Give the amount that an answer is, or None if it is none."""
    return answer.value if isinstance(answer.value, Decimal) else None


def _asked(valid: ValidPolicy, name: str) -> bool:
    decision = valid.policy.decisions.get(name)
    return decision is not None and decision.question is not None


def _same(before: object, after: object) -> bool:
    return before is after or (type(before) is type(after) and before == after)


def _rules(answer: Answer) -> set[tuple[str, str]]:
    return {(each.decision, each.rule) for each in answer.reasons}


def _clauses(answer: Answer) -> set[str]:
    return {clause for each in answer.reasons for clause in each.clauses}


def _open(answer: Answer) -> set[str]:
    return {each.name for each in answer.open_points}
