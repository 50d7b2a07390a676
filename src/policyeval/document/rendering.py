"""Writes the document, as Markdown that also reads well as plain text."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from policyeval.document.clauses import Clauses
from policyeval.document.page import Lines, Page
from policyeval.document.rules import Rules
from policyeval.evaluation import formatting
from policyeval.evaluation.naming import words
from policyeval.messages import Message, message
from policyeval.policy.model import Fact, Formula, Judgement, Overlay, Reading, ValidPolicy


def render_document(policy: ValidPolicy, language: str) -> str:
    """Write a version as a document in `sv`, `de` or `en`."""
    page = Page(policy, words(policy, language))
    lines = [line.rstrip() for line in _Document(page).lines()]
    kept = [
        line for line, before in zip(lines, ["", *lines], strict=False) if line or before
    ]  # one empty line is enough
    return "\n".join(kept).strip("\n") + "\n"


@dataclass(frozen=True, slots=True)
class _Document:
    page: Page

    def lines(self) -> Iterator[str]:
        yield from self._head()
        yield from self._open()
        yield from Clauses(self.page).lines()
        yield from Rules(self.page).lines()
        yield from self._parameters()
        yield from self._readings()
        yield from self._governing()
        yield from self._facts()
        yield from self._consistency()
        yield from self._remarks()
        yield from self._overlays()
        yield from self._limits()

    def _item(self, text: Message, depth: int = 0) -> str:
        return f"{'  ' * depth}- {self.page.say(text)}"

    # ------------------------------------------------------------ what it is about

    def _head(self) -> Lines:
        page = self.page
        policy, programme = page.valid.policy, page.valid.programme
        source, language = policy.written_from, page.words.language
        yield f"# {page.text(programme.title)}"
        yield ""
        yield self._item(
            message(
                "programme {programme}, version {version}",
                programme=f"`{policy.programme}`",
                version=f"`{policy.version}`",
            )
        )
        yield f"- {page.say(self._force())}"
        known = formatting.moment(policy.known_from, language, programme.zone, long=True)
        yield self._item(message("known from {moment}", moment=known))
        written = message("written from {file}", file=f"`{source.file}`")
        title = "" if source.title is None else f" ({page.text(source.title)})"
        yield f"- {page.say(written)}{title}"
        if source.sha256:
            yield self._item(message("SHA-256 of that text: {digest}", digest=source.sha256))
        yield self._item(message("SHA-256 of the policy file: {digest}", digest=policy.digest))
        yield ""

    def _force(self) -> Message:
        policy, language = self.page.valid.policy, self.page.words.language
        first, last = policy.in_force_from, policy.in_force_until
        start = formatting.day(first, language, long=True) if first else None
        end = formatting.day(last, language, long=True) if last else None
        if start and end:
            return message("in force from {start} until {end}", start=start, end=end)
        if start:
            return message("in force from {start}, until a later version begins", start=start)
        if end:
            return message("in force until {end}", end=end)
        return message("in force since ever, until a later version begins")

    def _open(self) -> Lines:
        page = self.page
        governing = page.valid.programme.governed_by.reading
        readings = [*page.valid.policy.readings.values(), governing]
        unsettled = [each for each in readings if each.adopted is None and len(each.admissible) > 1]
        yield from page.heading(message("what is open"))
        if not unsettled:
            yield page.say(message("nothing: every reading of the text is settled"))
        for each in unsettled:
            yield f"- {each.ambiguity}{page.cited(each.clauses)}: {page.text(each.question)}"
        yield ""

    # ------------------------------------------------------------ what is fixed, and how it is read

    def _parameters(self) -> Lines:
        page = self.page
        parameters = page.valid.policy.parameters.values()
        if parameters:
            yield from page.heading(message("periods, amounts and other fixed values"))
        for each in parameters:
            head = f"*{page.text(each.label)}*{page.cited(each.clauses)}:"
            yield from page.slot(head, each.value, value=True)
        yield ""

    def _readings(self) -> Lines:
        page = self.page
        readings = page.valid.policy.readings.values()
        if readings:
            yield from page.heading(message("readings and their state"))
        for each in readings:
            yield f"### {each.ambiguity}: {page.text(each.question)}"
            yield ""
            yield from self._reading(each, {})
            yield ""

    def _reading(self, reading: Reading, days: Mapping[str, Formula]) -> Lines:
        page = self.page
        state = message("adopted") if reading.adopted else message("open")
        yield f"`{reading.name}`{page.cited(reading.clauses)} – {page.say(state)}"
        yield ""
        for option in reading.options.values():
            line = f"- {page.text(option.gist)} (`{option.name}`)"
            if option.favours is not None:
                party = page.words.party(option.favours)
                line += f"; {page.say(message('favours {party}', party=party))}"
            yield line
            if option.name in days:
                head = page.say(message("the version in force on:"))
                yield from page.slot(head, days[option.name], 1, value=True)
            if option.rejected is not None:
                yield f"  - {page.say(self._judged(message('rejected'), option.rejected))}"
            if reading.adopted is not None and reading.adopted[0] == option.name:
                yield f"  - {page.say(self._judged(message('adopted'), reading.adopted[1]))}"

    def _judged(self, what: Message, judgement: Judgement) -> Message:
        day = formatting.day(judgement.on, self.page.words.language, long=True)
        return message(
            "{what} by {who} on {day}: {text}",
            what=what,
            who=judgement.by,
            day=day,
            text=self.page.text(judgement.because),
        )

    def _governing(self) -> Lines:
        page = self.page
        governing = page.valid.programme.governed_by
        yield from page.heading(message("which version governs"))
        yield f"{governing.reading.ambiguity}: {page.text(governing.reading.question)}"
        yield ""
        yield from self._reading(governing.reading, governing.days)
        for name, formula in governing.decisions.items():
            decision = page.valid.policy.decisions.get(name)
            if decision is not None:
                head = message(
                    "but for {question}, the version in force on:",
                    question=page.phrasing_title(decision),
                )
                yield from page.slot(page.say(head), formula, value=True)
        yield ""

    # ------------------------------------------------------------ facts

    def _facts(self) -> Lines:
        page = self.page
        yield from page.heading(message("facts that are asked for"))
        for fact in page.valid.policy.facts.values():
            yield from self._fact(fact, 0)
        yield ""

    def _fact(self, fact: Fact, depth: int) -> Lines:
        page = self.page
        indent = "  " * depth
        said = [page.text(fact.label)]
        if fact.kind == "event":
            said.append(page.say(message("an event that may still occur")))
        if fact.kind == "log":
            said.append(page.say(message("a record that may still grow")))
        if fact.act is not None:
            party = page.words.party(fact.act.by)
            said.append(page.say(message("decided by {party}", party=party)))
        if fact.presume is not None:
            value = self._presumed(fact)
            said.append(page.say(message("presumed: {value}", value=value)))
        yield f"{indent}- {'; '.join(said)} (`{fact.name}`)"
        if fact.meaning is not None:
            yield f"{indent}  - {page.text(fact.meaning)}"
        if fact.one_of is not None:
            labels = [
                page.text(fact.value_labels[each]) if each in fact.value_labels else f"`{each}`"
                for each in fact.one_of
            ]
            yield self._item(message("one of these: {list}", list=", ".join(labels)), depth + 1)
        if fact.act is not None and fact.act.open_when is not None:
            head = page.say(message("open only if:"))
            yield from page.slot(head, fact.act.open_when, depth + 1)
        for entry in fact.entries.values():
            yield from self._fact(entry, depth + 1)

    def _presumed(self, fact: Fact) -> str:
        assert fact.presume is not None
        value = fact.presume.value
        if value is None and fact.kind == "event":
            return self.page.say(message("has not occurred"))
        if isinstance(value, str) and value in fact.value_labels:
            return self.page.text(fact.value_labels[value])
        return self.page.words.value(fact.name, value)

    def _consistency(self) -> Lines:
        page = self.page
        rules = page.valid.policy.consistent_when
        if rules:
            yield from page.heading(message("what every transaction satisfies"))
        for rule in rules:
            yield from page.slot(f"`{rule.id}`{page.cited(rule.clauses)}:", rule.condition)
            yield self._item(message("otherwise: {text}", text=page.text(rule.because)), 1)
        yield ""

    def _remarks(self) -> Lines:
        page = self.page
        if page.valid.policy.remarks:
            yield from page.heading(message("said with every answer"))
        for remark in page.valid.policy.remarks:
            yield f"- {page.text(remark.say)}{page.cited(remark.clauses)}"
            if remark.condition is not None:
                yield from page.slot(page.say(message("if:")), remark.condition, 1)
        yield ""

    # ------------------------------------------------------------ beyond the text

    def _overlays(self) -> Lines:
        page = self.page
        overlays = page.valid.policy.overlays.values()
        if overlays:
            yield from page.heading(message("statutory rules, off unless switched on"))
        for overlay in overlays:
            yield f"- {page.text(overlay.title)} (`{overlay.name}`)"
            yield from self._overlay(overlay)
        yield ""

    def _overlay(self, overlay: Overlay) -> Lines:
        page = self.page
        for name, option in overlay.settles.items():
            reading = page.reading(name)
            gist = page.text(reading.options[option].gist)
            yield self._item(message("settles {id}: {gist}", id=reading.ambiguity, gist=gist), 1)
        for name in overlay.moves:
            decision = page.phrasing_title(page.valid.policy.decisions[name])
            text = message(
                "moved to the next working day ({calendar}): {question}",
                calendar=overlay.calendar,
                question=decision,
            )
            yield self._item(text, 1)

    def _limits(self) -> Lines:
        limits = self.page.valid.programme.limits
        if limits:
            yield from self.page.heading(message("what cannot be told apart"))
        for each in limits:
            yield f"- {self.page.text(each)}"
