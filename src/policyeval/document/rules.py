"""The part of the document that is about questions: their rules in words, one below the other."""

from collections.abc import Iterable
from dataclasses import dataclass

from policyeval.document.page import Lines, Page
from policyeval.document.tables import table
from policyeval.messages import Message, message
from policyeval.policy.model import Decision, Remark, Rule


@dataclass(frozen=True, slots=True)
class Rules:
    """Writes decisions."""

    page: Page

    def lines(self) -> Lines:
        """Write the decisions that answer a question, then those that only serve others."""
        page = self.page
        decisions = page.valid.policy.decisions.values()
        asked = [each for each in decisions if each.question is not None]
        serving = [each for each in decisions if each.question is None]
        yield from page.heading(message("questions and their rules"))
        yield from self._all(asked)
        if serving:
            yield from page.heading(message("terms used in the rules"))
            yield from self._all(serving)

    def _all(self, decisions: Iterable[Decision]) -> Lines:
        for each in decisions:
            title = self.page.title(each)
            yield f"### {title[:1].upper()}{title[1:]}"
            yield ""
            yield f"`{each.name}`{self.page.cited(each.clauses)}"
            yield ""
            yield from self._decision(each)
            yield ""

    def _decision(self, decision: Decision) -> Lines:
        page = self.page
        if decision.covers is not None:
            cited = page.cited(decision.covers.clauses)
            head = message("answered only{clauses} if:", clauses=cited)
            yield from page.slot(page.say(head), decision.covers.condition)
        if decision.value is not None:
            head = message("the answer:") if decision.question else message("the meaning:")
            yield from page.slot(page.say(head), decision.value, value=True)
        if decision.requires or decision.excluded_if:
            yield f"- {page.say(_kind_of_rules(decision))}"
        for rule in decision.requires:
            yield from self._rule(
                rule, message("needed{clauses}:", clauses=page.cited(rule.clauses))
            )
        for rule in decision.excluded_if:
            head_ = message("ruled out{clauses} if:", clauses=page.cited(rule.clauses))
            yield from self._rule(rule, head_)
        if decision.table is not None:
            yield from table(page, decision, decision.table)
        for remark in decision.remarks:
            yield from self.remark(remark)

    def _rule(self, rule: Rule, head: Message) -> Lines:
        page = self.page
        yield from page.slot(page.say(head), rule.condition, 1)
        because = message("the reason then given: {text}", text=page.text(rule.because))
        yield f"    - {page.say(because)} (`{rule.id}`)"

    def remark(self, remark: Remark) -> Lines:
        """Write what is said beside an answer, and when."""
        page = self.page
        cited = page.cited(remark.clauses)
        text = page.text(remark.say)
        yield f"- {page.say(message('said beside it{clauses}: {text}', clauses=cited, text=text))}"
        if remark.condition is not None:
            yield from page.slot(page.say(message("if:")), remark.condition, 1)


def _kind_of_rules(decision: Decision) -> Message:
    if decision.requires and decision.excluded_if:
        return message("yes, if all that is needed holds and nothing rules it out; otherwise no:")
    if decision.requires:
        return message("yes, if all that is needed holds; otherwise no:")
    return message("yes, if nothing rules it out; otherwise no:")
