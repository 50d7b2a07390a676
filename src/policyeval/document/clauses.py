"""The part of the document that goes through the clauses: what each says, and what rests on it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from policyeval.document.page import Lines, Page
from policyeval.messages import Message, message
from policyeval.policy.model import Clause, Decision, Fact, Reading, Rule, Slot


def kind_of(clause: Clause) -> Message:
    """Say what kind of clause it is."""
    return {
        "constitutive": message("constitutive"),
        "condition": message("condition"),
        "exclusion": message("exclusion"),
        "deadline": message("deadline"),
        "payment": message("payment"),
        "duty": message("duty"),
        "discretion": message("discretion"),
        "information": message("information"),
        "incomplete": message("incomplete"),
    }[clause.kind]


@dataclass(frozen=True, slots=True)
class Clauses:
    """Writes clauses."""

    page: Page

    def lines(self) -> Lines:
        """Write every clause in the order of the file."""
        page = self.page
        yield from page.heading(message("clause by clause"))
        uses = self._uses()
        for clause in page.valid.policy.clauses.values():
            name = page.words.clauses((clause.id,))
            yield f"### {name[:1].upper()}{name[1:]}"
            yield ""
            yield page.text(clause.gist)
            yield ""
            kind = message("{kind}; {lines}", kind=kind_of(clause), lines=self._lines(clause))
            yield f"- {page.say(kind)}"
            for use in uses.get(clause.id, ()):
                yield f"- {use}"
            if clause.no_rule_because is not None:
                why = message("no rule: {text}", text=page.text(clause.no_rule_because))
                yield f"- {page.say(why)}"
            yield ""

    def _lines(self, clause: Clause) -> Message:
        numbers = [str(each) for each in clause.lines]
        if len(numbers) == 1:
            return message("line {number} of the source", number=numbers[0])
        return message("lines {numbers} of the source", numbers=", ".join(numbers))

    # ------------------------------------------------------------ what rests on a clause

    def _uses(self) -> Mapping[str, list[str]]:
        """Give, per clause, a line for everything that rests on it."""
        found: dict[str, dict[str, None]] = {}
        for clauses, text in self._everything():
            for each in clauses:
                found.setdefault(each, {})[self.page.say(text)] = None
        return {clause: list(lines) for clause, lines in found.items()}

    def _everything(self) -> Iterator[tuple[Iterable[str], Message]]:
        page = self.page
        policy = page.valid.policy
        for parameter in policy.parameters.values():
            said = page.in_a_line(parameter.value, value=True, settled=True)
            text = message("fixed: {what}", what=_titled(page.text(parameter.label), said))
            yield parameter.clauses, text
        for decision in policy.decisions.values():
            yield from self._of_decision(decision)
        for reading in policy.readings.values():
            yield reading.clauses, self._reading(reading)
        yield (
            page.valid.programme.governed_by.reading.clauses,
            self._reading(page.valid.programme.governed_by.reading),
        )
        for fact in policy.facts.values():
            yield from self._of_fact(fact)
        for rule in policy.consistent_when:
            text = message(
                "facts that contradict it are refused: {text}", text=page.text(rule.because)
            )
            yield rule.clauses, text
        for remark in policy.remarks:
            yield (
                remark.clauses,
                message("said with every answer: {text}", text=page.text(remark.say)),
            )

    def _of_decision(self, decision: Decision) -> Iterator[tuple[Iterable[str], Message]]:
        page = self.page
        question = page.phrasing_title(decision)
        yield decision.clauses, self._answer(decision, question)
        if decision.covers is not None:
            said = self._condition(decision.covers.condition)
            text = message(
                "{question} is answered only if: {condition}", question=question, condition=said
            )
            yield decision.covers.clauses, text
        for rule in decision.requires:
            yield rule.clauses, self._needed(rule, question)
        for rule in decision.excluded_if:
            said = self._condition(rule.condition)
            text = message("rules out {question}: {condition}", question=question, condition=said)
            yield rule.clauses, text
        for remark in decision.remarks:
            text = message(
                "said beside {question}: {text}", question=question, text=page.text(remark.say)
            )
            yield remark.clauses, text
        for row in decision.table.rules if decision.table else ():
            yield row.clauses, message("a row of the table of {question}", question=question)

    def _needed(self, rule: Rule, question: str) -> Message:
        said = self._condition(rule.condition)
        return message("needed for {question}: {condition}", question=question, condition=said)

    def _answer(self, decision: Decision, question: str) -> Message:
        if decision.value is not None:
            said = self.page.in_a_line(decision.value, value=True, settled=True)
            if decision.question is None and said is not None:
                return message("meaning of {term}: {value}", term=question, value=said)
            if said is not None:
                return message("answer to {question}: {value}", question=question, value=said)
        if decision.question is None:
            return message("meaning of {term}: see its rules below", term=question)
        return message("answer to {question}: see its rules below", question=question)

    def _condition(self, slot: Slot) -> str | Message:
        return self.page.in_a_line(slot, settled=True) or message("see the rules below")

    def _reading(self, reading: Reading) -> Message:
        question = self.page.text(reading.question)
        if reading.adopted is None:
            return message("{id}, open: {question}", id=reading.ambiguity, question=question)
        gist = self.page.text(reading.options[reading.adopted[0]].gist)
        return message(
            "{id}, adopted: {question} – {gist}", id=reading.ambiguity, question=question, gist=gist
        )

    def _of_fact(self, fact: Fact) -> Iterator[tuple[Iterable[str], Message]]:
        label = f"*{self.page.text(fact.label)}*"
        yield fact.clauses, message("asked for: {what}", what=label)
        if fact.act is not None:
            party = self.page.words.party(fact.act.by)
            yield fact.act.clauses, message("decided by {party}: {what}", party=party, what=label)
        for entry in fact.entries.values():
            yield from self._of_fact(entry)


def _titled(label: str, value: str | None) -> str:
    return f"*{label}*" if value is None else f"*{label}*: {value}"
