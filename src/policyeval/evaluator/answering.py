"""From what a backend found to an answer: verdict, reasons with their words and values, remarks.

The fast path knows every rule for certain. The slow path knows what each rule comes to over all the
worlds that the open points leave; a rule that differs between them is no reason for anything yet,
except where the answer is NO all the same and no single rule is to blame.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from policyeval.backends.deciding import deciding as what_decided
from policyeval.backends.python import Definite
from policyeval.evaluation.model import (
    Answer,
    Deciding,
    Outcome,
    Phrase,
    Provenance,
    Reason,
    ReasonKind,
    RemarkMade,
    Valued,
    Verdict,
)
from policyeval.evaluator.reads import names_of
from policyeval.feel import types
from policyeval.feel.values import Value
from policyeval.policy.model import Clause, Decision, Formula, Remark, Rule, Slot, Text
from policyeval.policy.terms import Terms

if TYPE_CHECKING:
    from policyeval.backends.worlds import Findings


@dataclass(frozen=True, slots=True)
class Answering:
    """Makes the answers of one evaluation.

    Attributes:
        values: What is known for certain: facts, parameters and decisions by name.
    """

    terms: Terms
    values: Mapping[str, object]
    provenance: Provenance

    def definite(self, decision: Decision, found: Definite) -> Answer:
        """Answer a decision that the facts decide."""
        if not found.covered:
            return self._answer(
                decision, Outcome(Verdict.NOT_COVERED), (self._not_covered(decision),), ()
            )
        outcome = _outcome(decision, found.value)
        rules = dict(zip(rule_ids(decision), found.rules, strict=True))

        def always(name: str, holds: bool) -> bool:
            return rules[name] is holds

        reasons = self._reasons(decision, outcome, always, rules, found.rows)
        return self._answer(decision, outcome, reasons, self._remarks(decision, found.remarks))

    def explored(self, decision: Decision, found: "Findings") -> Answer:
        """Answer a decision over all possible worlds."""
        outcome = found.outcome
        reasons: tuple[Reason, ...] = ()
        if outcome.verdict is Verdict.NOT_COVERED:
            reasons = (self._not_covered(decision),)
        elif outcome.verdict in {None, Verdict.YES, Verdict.NO}:
            rules = found.rules
            reasons = self._reasons(decision, outcome, rules.always, rules, ())
        made = [found.remarks.get(each.id) for each in self._all_remarks(decision)]
        answer = self._answer(decision, outcome, reasons, self._remarks(decision, made))
        return replace(
            answer,
            open_points=found.points,
            further_points=found.further,
            until=found.until,
            complete=found.exact,
            explored=True,
        )

    def _answer(
        self,
        decision: Decision,
        outcome: Outcome,
        reasons: tuple[Reason, ...],
        remarks: tuple[RemarkMade, ...],
    ) -> Answer:
        return Answer(
            decision.name,
            outcome.verdict,
            outcome.value,
            reasons,
            (),
            (),
            None,
            remarks,
            self.provenance,
        )

    # ------------------------------------------------------------ reasons

    def _reasons(
        self,
        decision: Decision,
        outcome: Outcome,
        always: Callable[[str, bool], bool],
        rules: Mapping[str, bool | None],
        rows: Sequence[int],
    ) -> tuple[Reason, ...]:
        if decision.table is not None:
            return tuple(self._row(decision, index) for index in rows) or self._value(decision)
        if decision.value is not None:
            return self._value(decision)
        if outcome.verdict is Verdict.YES:
            met = [self._rule(decision, each, "requirement", True) for each in decision.requires]
            unmet = [
                self._rule(decision, each, "exclusion", False) for each in decision.excluded_if
            ]
            return tuple(met or unmet)
        failed, barring = (
            [each for each in listed if always(each.id, holds)]
            for listed, holds in ((decision.requires, False), (decision.excluded_if, True))
        )
        if not failed and not barring:
            failed, barring = (
                [each for each in listed if rules[each.id] is None]
                for listed in (decision.requires, decision.excluded_if)
            )
        return (
            *(self._rule(decision, each, "requirement", False) for each in failed),
            *(self._rule(decision, each, "exclusion", True) for each in barring),
        )

    def _rule(self, decision: Decision, rule: Rule, kind: ReasonKind, holds: bool) -> Reason:
        makes_no = holds == (kind == "exclusion")
        text = rule.because if makes_no else rule.otherwise
        return Reason(
            decision.name,
            rule.id,
            kind,
            rule.clauses,
            self.phrase(text, rule.clauses),
            self.deciding(rule.condition, holds),
            holds,
        )

    def _row(self, decision: Decision, index: int) -> Reason:
        assert decision.table is not None
        row = decision.table.rules[index]
        clauses = row.clauses or decision.clauses
        return Reason(
            decision.name,
            row.id,
            "row",
            clauses,
            self.phrase(row.because, clauses),
            self._named(each.expression for each in decision.table.inputs),
        )

    def _value(self, decision: Decision) -> tuple[Reason, ...]:
        formulas = () if decision.value is None else self.terms.formulas(decision.value)
        phrase = self.phrase(None, decision.clauses)
        return (
            Reason(
                decision.name,
                decision.name,
                "value",
                decision.clauses,
                phrase,
                self._named(formulas[:1]),
            ),
        )

    def _not_covered(self, decision: Decision) -> Reason:
        covers = decision.covers
        if covers is None:
            return Reason(
                decision.name, decision.name, "coverage", (), self.phrase(None, decision.clauses)
            )
        clauses = covers.clauses or decision.clauses
        return Reason(
            decision.name,
            "covers",
            "coverage",
            clauses,
            self.phrase(covers.because, clauses),
            self.deciding(covers.condition, False),
            False,
        )

    def deciding(self, slot: Slot, result: bool) -> tuple[Deciding, ...]:
        """Give what decided a condition; nothing where a value it needs is not known."""
        formula = self.terms.formulas(slot)[0]
        if not self._known(formula):
            return ()
        return what_decided(self.terms, formula, self.values, result)

    def _known(self, formula: Formula) -> bool:
        scope = self.terms.valid.scope
        return all(name in self.values for name in names_of(formula) if name in scope)

    def _named(self, formulas: Iterable[Formula]) -> tuple[Deciding, ...]:
        """Give the values that formulas were computed from, each once."""
        names = dict.fromkeys(name for formula in formulas for name in names_of(formula))
        known = [name for name in names if name in self.values]
        return tuple(Deciding((Valued(name, self.values[name]),), None) for name in known)

    def phrase(self, text: Text | None, clauses: Iterable[str], *, whole: bool = True) -> Phrase:
        """Give a text with the values of its fields; without one, the clauses' gists stand for it.

        With `whole`, they also do where a value is not known.
        """
        every = self.terms.policy.clauses
        if text is None:
            return Phrase(None, {}, _gists(every, clauses), policy=self.terms.valid)
        fields = fields_of(text)
        if whole and not all(name in self.values for name in fields):
            # A sentence with a gap says less than what its clauses say.
            return Phrase(None, {}, _gists(every, clauses), policy=self.terms.valid)
        known: dict[str, Value] = {
            name: cast(Value, self.values[name]) for name in fields if name in self.values
        }
        return Phrase(text, known, policy=self.terms.valid)

    # ------------------------------------------------------------ remarks

    def _all_remarks(self, decision: Decision) -> tuple[Remark, ...]:
        return (*decision.remarks, *self.terms.policy.remarks)

    def _remarks(self, decision: Decision, made: Sequence[bool | None]) -> tuple[RemarkMade, ...]:
        return tuple(
            RemarkMade(each.id, each.clauses, self.phrase(each.say, each.clauses))
            for each, holds in zip(self._all_remarks(decision), made, strict=True)
            if holds
        )


def not_covered(decision: str, provenance: Provenance) -> Answer:
    """Answer a question that what governs does not have."""
    return Answer(decision, Verdict.NOT_COVERED, None, (), (), (), None, (), provenance)


def rule_ids(decision: Decision) -> tuple[str, ...]:
    """Give the ids of a decision's rules: requirements, then exclusions."""
    return tuple(each.id for each in (*decision.requires, *decision.excluded_if))


def fields_of(text: Text) -> frozenset[str]:
    """Give the names of a text's fields, in any language."""
    parts = (part for each in text.parts.values() for part in each)
    return frozenset(part.name for part in parts if not isinstance(part, str))


def _gists(clauses: Mapping[str, Clause], wanted: Iterable[str]) -> tuple[Text, ...]:
    return tuple(clauses[each].gist for each in wanted if each in clauses)


def _outcome(decision: Decision, value: object) -> Outcome:
    if types.required(decision.type) == types.BOOLEAN and isinstance(value, bool):
        return Outcome(Verdict.YES if value else Verdict.NO, value)
    return Outcome(None, value)
