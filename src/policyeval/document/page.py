"""What every part of the document is written with: texts, citations, formulas in words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from policyeval.document.phrasing import Block, Phrasing, flattened
from policyeval.document.values import QUOTES
from policyeval.evaluation.naming import Words
from policyeval.feel import syntax
from policyeval.messages import Message, message
from policyeval.policy.model import Choice, Decision, Formula, Reading, Slot, Text, ValidPolicy

Lines = Iterator[str]


@dataclass(frozen=True, slots=True)
class Page:
    """The words of one version in one language."""

    valid: ValidPolicy
    words: Words

    def say(self, text: Message) -> str:
        """Give a text of ours."""
        return text.text(self.words.language)

    def heading(self, text: Message, depth: int = 2) -> Lines:
        """Write a heading of ours, and the empty line below it."""
        said = self.say(text)
        yield from (f"{'#' * depth} {said[:1].upper()}{said[1:]}", "")

    def text(self, text: Text) -> str:
        """Give a text of the policy, with labels in the place of what is filled in."""
        parts = text.parts.get(self.words.language) or text.parts["en"]
        written = (
            each if isinstance(each, str) else f"[{self.words.label(each.name)}]" for each in parts
        )
        return " ".join("".join(written).split())

    def cited(self, clauses: Sequence[str]) -> str:
        """Name clauses in parentheses, after what rests on them."""
        return f" ({self.words.clauses(clauses)})" if clauses else ""

    def title(self, decision: Decision) -> str:
        """Give what a decision is called: its question, or its label."""
        if decision.question is not None:
            return self.text(decision.question)
        return self.words.label(decision.name)

    def phrasing_title(self, decision: Decision) -> str:
        """Name a decision within a sentence: a question in quotation marks, a label in italics."""
        title = self.title(decision)
        if decision.question is None:
            return f"*{title}*"
        return QUOTES[self.words.language].replace("{}", title)

    def reading(self, name: str) -> Reading:
        """Give a reading of the policy by its name."""
        return self.valid.policy.readings[name]

    def option(self, reading: Reading, name: str) -> str:
        """Name an option of a reading by its gist, and say if it is the one adopted."""
        gist = self.text(reading.options[name].gist)
        if reading.adopted is None or reading.adopted[0] != name:
            return gist
        return self.say(message("{gist} (adopted)", gist=gist))

    # ------------------------------------------------------------ formulas

    def phrasing(self, formula: Formula) -> Phrasing:
        """Give what says a formula in words."""
        return Phrasing(self.valid, self.words, self.valid.checked[formula])

    def said(self, formula: Formula, *, value: bool = False) -> Block:
        """Say a formula in words: a condition, or with `value` what it computes."""
        phrasing = self.phrasing(formula)
        assert not isinstance(formula.tree, syntax.UnaryTests), "cells of tables are said elsewhere"
        return phrasing.value(formula.tree) if value else phrasing.condition(formula.tree)

    def in_a_line(self, slot: Slot, *, value: bool = False, settled: bool = False) -> str | None:
        """Say what stands in a place if one line is enough for it.

        With `settled`, what an adopted reading leads to is all that is said.
        """
        while settled and isinstance(slot, Choice) and (of := self.reading(slot.reading)).adopted:
            slot = slot.options[of.adopted[0]]
        if isinstance(slot, Choice):
            return None
        said = self.said(slot, value=value)
        return said if isinstance(said, str) else None

    def slot(self, head: str, slot: Slot, depth: int = 0, *, value: bool = False) -> Lines:
        """Write an item of a list: a head, and below it what stands in a place, as it is read.

        The formula itself follows in its own notation, so that the words can be compared with it.
        """
        indent = "  " * depth
        line = self.in_a_line(slot, value=value)
        if line is not None:
            yield f"{indent}- {head} {line}"
        else:
            yield f"{indent}- {head}"
            yield from self._below(slot, depth + 1, value=value)
        if isinstance(slot, Formula) and self._is_worth_showing(slot):
            formula = f"`{' '.join(slot.text.split())}`"
            yield f"{indent}  - {self.say(message('as written: {formula}', formula=formula))}"

    def _below(self, slot: Slot, depth: int, *, value: bool) -> Lines:
        if isinstance(slot, Choice):
            reading = self.reading(slot.reading)
            head = message("depending on how the text is read ({id}):", id=reading.ambiguity)
            yield f"{'  ' * depth}- {self.say(head)}"
            for name, option in slot.options.items():
                if name in reading.admissible:
                    head_ = self.option(reading, name)
                    yield from self.slot(f"{head_} →", option, depth + 1, value=value)
            return
        for level, line in flattened(self.said(slot, value=value)):
            yield f"{'  ' * (depth + level)}- {line}"

    def _is_worth_showing(self, formula: Formula) -> bool:
        """Tell whether a formula is more than a name or a plain value, which words say as well."""
        return not isinstance(
            formula.tree,
            syntax.Name | syntax.NumberLiteral | syntax.BooleanLiteral | syntax.StringLiteral,
        )
