"""Writes the document, as Markdown that also reads well as plain text."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from policyeval.document.phrasing import Block, Phrasing, flattened
from policyeval.evaluation import formatting
from policyeval.evaluation.naming import Words, words
from policyeval.feel import syntax
from policyeval.messages import Message, message
from policyeval.policy.model import (
    Choice,
    Clause,
    Decision,
    Formula,
    Judgement,
    Reading,
    Rule,
    Slot,
    Text,
    ValidPolicy,
)
from policyeval.policy.terms import Terms, apply

_KINDS: Mapping[str, Message] = {
    "constitutive": message("constitutive"),
    "condition": message("condition"),
    "exclusion": message("exclusion"),
    "deadline": message("deadline"),
    "payment": message("payment"),
    "duty": message("duty"),
    "discretion": message("discretion"),
    "information": message("information"),
    "incomplete": message("incomplete"),
}


def render_document(policy: ValidPolicy, language: str) -> str:
    """Write a version as a document in `sv`, `de` or `en`."""
    return "\n".join(_Document(policy, apply(policy), words(policy, language)).lines()) + "\n"


@dataclass(frozen=True, slots=True)
class _Document:
    valid: ValidPolicy
    terms: Terms
    words: Words

    def lines(self) -> Iterator[str]:
        yield from self._head()
        yield from self._questions()
        yield from self._clauses()
        yield from self._readings()
        yield from self._facts()
        yield from self._overlays()
        yield from self._limits()

    def _say(self, template: Message) -> str:
        return template.text(self.words.language)

    def _text(self, text: Text) -> str:
        """Give a text, its fields as the labels of what is filled in."""
        parts = text.parts.get(self.words.language) or text.parts["en"]
        written = (
            each if isinstance(each, str) else f"[{self.words.label(each.name)}]" for each in parts
        )
        return " ".join("".join(written).split())

    # ------------------------------------------------------------ parts of the document

    def _head(self) -> Iterator[str]:
        policy, programme = self.valid.policy, self.valid.programme
        yield f"# {self._text(programme.title)}"
        yield ""
        yield f"- {self._say(message('programme: {name}', name=policy.programme))}"
        yield f"- {self._say(message('version: {name}', name=policy.version))}"
        yield f"- {self._force()}"
        known = formatting.moment(policy.known_from, self.words.language, programme.zone)
        yield f"- {self._say(message('known from: {moment}', moment=known))}"
        source = policy.written_from
        yield f"- {self._say(message('written from: {file}', file=source.file))}"
        if source.sha256:
            yield f"- {self._say(message('digest of that text: {digest}', digest=source.sha256))}"
        yield f"- {self._say(message('digest of the policy: {digest}', digest=policy.digest))}"
        yield ""

    def _force(self) -> str:
        policy = self.valid.policy
        first, last = policy.in_force_from, policy.in_force_until
        start = formatting.day(first, self.words.language, long=True) if first else None
        end = formatting.day(last, self.words.language, long=True) if last else None
        if start and end:
            return self._say(message("in force from {start} until {end}", start=start, end=end))
        if start:
            return self._say(message("in force from {start}", start=start))
        if end:
            return self._say(message("in force until {end}", end=end))
        return self._say(message("in force since ever"))

    def _questions(self) -> Iterator[str]:
        yield f"## {self._say(message('Questions and their rules'))}"
        yield ""
        for decision in self.valid.policy.decisions.values():
            if decision.question is not None:
                yield from self._decision(decision, self._text(decision.question))
        auxiliary = [each for each in self.valid.policy.decisions.values() if not each.question]
        if auxiliary:
            yield f"## {self._say(message('Terms used in the rules'))}"
            yield ""
            for decision in auxiliary:
                yield from self._decision(decision, self.words.label(decision.name))

    def _decision(self, decision: Decision, title: str) -> Iterator[str]:
        yield f"### {title}"
        yield ""
        yield f"`{decision.name}`" + self._cited(decision.clauses)
        yield ""
        if decision.covers is not None:
            yield f"- {self._say(message('answered only if'))}:"
            yield from self._slot(decision.covers.condition, 1)
        if decision.value is not None:
            yield f"- {self._say(message('the answer is'))}:"
            yield from self._slot(decision.value, 1, value=True)
        for rule in decision.requires:
            yield from self._rule(rule, message("required"))
        for rule in decision.excluded_if:
            yield from self._rule(rule, message("excluded if"))
        if decision.table is not None:
            yield from self._table(decision)
        for remark in decision.remarks:
            yield f"- {self._say(message('remark'))}{self._cited(remark.clauses)}: {self._text(remark.say)}"
            if remark.condition is not None:
                yield from self._slot(remark.condition, 1)
        yield ""

    def _rule(self, rule: Rule, head: Message) -> Iterator[str]:
        yield f"- {self._say(head)}{self._cited(rule.clauses)} (`{rule.id}`):"
        yield from self._slot(rule.condition, 1)
        yield f"  - {self._say(message('otherwise said'))}: {self._text(rule.because)}"

    def _table(self, decision: Decision) -> Iterator[str]:
        table = decision.table
        assert table is not None
        inputs = [each.expression.text for each in table.inputs]
        outputs = [each.name or decision.name for each in table.outputs]
        heads = [*inputs, *outputs, self._say(message("clause"))]
        yield f"- {self._say(message('decision table, hit policy {name}', name=table.hit_policy))}:"
        yield ""
        yield "| " + " | ".join(f"`{each}`" for each in heads[:-1]) + f" | {heads[-1]} |"
        yield "|" + "---|" * len(heads)
        for row in table.rules:
            cells = [f"`{each.text}`" for each in row.when]
            cells += [
                "; ".join(f"`{f.text}`" for f in self.terms.formulas(each)) for each in row.then
            ]
            yield "| " + " | ".join([*cells, ", ".join(row.clauses)]) + " |"

    def _clauses(self) -> Iterator[str]:
        yield f"## {self._say(message('Clause by clause'))}"
        yield ""
        cited = self._citations()
        for clause in self.valid.policy.clauses.values():
            yield f"### {self.words.clauses((clause.id,))}"
            yield ""
            yield self._text(clause.gist)
            yield ""
            yield f"- {self._say(message('kind: {kind}', kind=_KINDS[clause.kind]))}"
            yield f"- {self._say(message('lines of the source: {lines}', lines=_lines(clause)))}"
            uses = cited.get(clause.id)
            if uses:
                yield f"- {self._say(message('rests on it'))}: {', '.join(uses)}"
            elif clause.no_rule_because is not None:
                yield f"- {self._say(message('no rule'))}: {self._text(clause.no_rule_because)}"
            yield ""

    def _citations(self) -> Mapping[str, list[str]]:
        """Give, per clause, everything that rests on it."""
        policy = self.valid.policy
        found: dict[str, dict[str, None]] = {}

        def add(clauses: Iterable[str], what: str) -> None:
            for each in clauses:
                found.setdefault(each, {})[f"`{what}`"] = None

        for decision in policy.decisions.values():
            add(decision.clauses, decision.name)
            if decision.covers is not None:
                add(decision.covers.clauses, decision.name)
            for part in (*decision.requires, *decision.excluded_if, *decision.remarks):
                add(part.clauses, f"{decision.name}.{part.id}")
            for row in decision.table.rules if decision.table else ():
                add(row.clauses, f"{decision.name}.{row.id}")
        for rule in (*policy.consistent_when, *policy.remarks):
            add(rule.clauses, rule.id)
        for parameter in policy.parameters.values():
            add(parameter.clauses, parameter.name)
        for reading in policy.readings.values():
            add(reading.clauses, reading.name)
        for fact in policy.facts.values():
            add(fact.clauses, fact.name)
            if fact.act is not None:
                add(fact.act.clauses, fact.name)
        return {clause: list(uses) for clause, uses in found.items()}

    def _readings(self) -> Iterator[str]:
        readings = list(self.valid.policy.readings.values())
        if not readings:
            return
        yield f"## {self._say(message('Readings and their state'))}"
        yield ""
        for reading in (*readings, self.valid.programme.governed_by.reading):
            yield from self._reading(reading)

    def _reading(self, reading: Reading) -> Iterator[str]:
        yield f"### {reading.ambiguity}: {self._text(reading.question)}"
        yield ""
        state = message("open") if reading.adopted is None else message("adopted")
        state_line = self._say(message("state: {state}", state=state))
        yield f"`{reading.name}`{self._cited(reading.clauses)}; {state_line}"
        yield ""
        for option in reading.options.values():
            line = f"- `{option.name}`: {self._text(option.gist)}"
            if option.favours is not None:
                favours = message("favours {party}", party=self.words.party(option.favours))
                line += f" ({self._say(favours)})"
            yield line
            if option.rejected is not None:
                yield "  - " + self._judged(message("rejected"), option.rejected)
            if reading.adopted is not None and reading.adopted[0] == option.name:
                yield "  - " + self._judged(message("adopted"), reading.adopted[1])
        yield ""

    def _judged(self, what: Message, judgement: Judgement) -> str:
        day = formatting.day(judgement.on, self.words.language, long=True)
        by = message("{what} by {who} on {day}", what=what, who=judgement.by, day=day)
        return f"{self._say(by)}: {self._text(judgement.because)}"

    def _facts(self) -> Iterator[str]:
        yield f"## {self._say(message('Facts that are asked for'))}"
        yield ""
        for fact in self.valid.policy.facts.values():
            line = f"- `{fact.name}`: {self.words.label(fact.name)}"
            if fact.presume is not None:
                presumed = self.words.value(fact.name, fact.presume.value)
                line += f" ({self._say(message('presumed: {value}', value=presumed))})"
            yield line
            if fact.act is not None:
                party = self.words.party(fact.act.by)
                yield f"  - {self._say(message('decided by {party}', party=party))}{self._cited(fact.act.clauses)}"
        yield ""

    def _overlays(self) -> Iterator[str]:
        overlays = self.valid.policy.overlays.values()
        if not overlays:
            return
        yield f"## {self._say(message('Statutory rules, off unless switched on'))}"
        yield ""
        for overlay in overlays:
            yield f"- `{overlay.name}`: {self._text(overlay.title)}"
        yield ""

    def _limits(self) -> Iterator[str]:
        limits = self.valid.programme.limits
        if not limits:
            return
        yield f"## {self._say(message('What cannot be told apart'))}"
        yield ""
        for each in limits:
            yield f"- {self._text(each)}"

    # ------------------------------------------------------------ formulas

    def _cited(self, clauses: tuple[str, ...]) -> str:
        return f", {self.words.clauses(clauses)}" if clauses else ""

    def _slot(self, slot: Slot, depth: int, *, value: bool = False) -> Iterator[str]:
        indent = "  " * depth
        if isinstance(slot, Choice):
            reading = self.valid.policy.readings[slot.reading]
            yield f"{indent}- {self._say(message('depending on how the text is read'))} ({reading.ambiguity}):"
            for name, option in slot.options.items():
                if name in reading.admissible:
                    yield f"{indent}  - `{name}`:"
                    yield from self._slot(option, depth + 2, value=value)
            return
        for level, line in flattened(self._phrased(slot, value=value)):
            yield f"{indent}{'  ' * level}- {line}"
        yield f"{indent}- {self._say(message('as written'))}: `{' '.join(slot.text.split())}`"

    def _phrased(self, formula: Formula, *, value: bool) -> Block:
        phrasing = Phrasing(self.valid, self.words, self.valid.checked[formula])
        if isinstance(formula.tree, syntax.UnaryTests):
            return f"`{formula.text}`"
        return phrasing.value(formula.tree) if value else phrasing.condition(formula.tree)


def _lines(clause: Clause) -> str:
    return ", ".join(map(str, clause.lines))
