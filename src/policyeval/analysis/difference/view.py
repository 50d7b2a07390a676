"""A report of differences in the words of a reader, before it is set as text or as a page."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from policyeval.analysis.difference import columns
from policyeval.analysis.difference import words as say
from policyeval.analysis.difference.answers import AnswerChange, Refusal
from policyeval.analysis.difference.attributes import attributes
from policyeval.analysis.difference.effects import Effects, Row
from policyeval.analysis.difference.model import (
    Change,
    ChangeKind,
    Differences,
    FormulaChange,
    Part,
    PlainChange,
    Rewritten,
    TextChange,
)
from policyeval.analysis.difference.redlines import marked
from policyeval.analysis.redline import Piece
from policyeval.document.page import Page
from policyeval.evaluation import formatting
from policyeval.evaluation.naming import words
from policyeval.feel import syntax
from policyeval.messages import Message, message, visible
from policyeval.policy.addresses import Address, written
from policyeval.policy.elements import Element, elements
from policyeval.policy.model import Formula, Slot, ValidPolicy
from policyeval.policy.model import Table as DecisionTable

Line = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Detail:
    """One thing that is said of a part.

    Attributes:
        pieces: What is said, over as many lines as it has.
        code: Whether it is a formula in its own notation.
        language: Of a text of the policy, if it is not the reader's.
        depth: How far it is indented: what stands within a new part is one deeper.
    """

    label: str
    pieces: Line
    code: bool = False
    language: str | None = None
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Item:
    """A part that is new, gone or otherwise."""

    kind: ChangeKind
    word: str
    title: str
    clauses: str
    address: str
    details: tuple[Detail, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """Changes under a heading."""

    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under heads.

    Attributes:
        numeric: Columns that are set to the right.
        listed: Whether rows of the same first cell belong together, and read better as a list.
    """

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: frozenset[int] = frozenset()
    listed: bool = False


@dataclass(frozen=True, slots=True)
class Effect:
    """What comes of the change: sentences, tables, and the transactions that come out otherwise."""

    title: str
    lines: tuple[str, ...]
    tables: tuple[Table, ...]


@dataclass(frozen=True, slots=True)
class View:
    """A whole report.

    Attributes:
        frame: What is otherwise of the version as a whole.
        same: Formulas that are only written differently: where, and both ways to write them.
    """

    language: str
    title: str
    subtitle: str
    verdict: str
    frame: tuple[Detail, ...]
    sections: tuple[Section, ...]
    same_title: str
    same: tuple[Detail, ...]
    effects: tuple[Effect, ...]
    words: Mapping[str, str] = field(default_factory=dict)


def view(
    differences: Differences,
    cases: Effects | None,
    transactions: Effects | None,
    language: str,
) -> View:
    """Put a report into the words of a reader (`sv`, `de` or `en`)."""
    return _Viewing(differences, language).view(cases, transactions)


class _Viewing:
    def __init__(self, differences: Differences, language: str) -> None:
        self.differences = differences
        self.language = language
        self.before = Page(differences.before, words(differences.before, language))
        self.after = Page(differences.after, words(differences.after, language))

    def say(self, text: Message) -> str:
        return text.text(self.language)

    def head(self, text: Message) -> str:
        """Give a text of ours with a capital letter."""
        said = self.say(text)
        return said[:1].upper() + said[1:]

    def count(self, number: int) -> str:
        return formatting.number(Decimal(number), self.language)

    def view(self, cases: Effects | None, transactions: Effects | None) -> View:
        differences, programme = self.differences, self.differences.after.programme
        effects = []
        if cases is not None:
            effects.append(self.effect(message("golden cases"), cases))
        if transactions is not None:
            effects.append(self.effect(message("past transactions"), transactions))
        versions = message(
            "programme {programme}: from version {before} to version {after}",
            programme=programme.name,
            before=differences.before.policy.version,
            after=differences.after.policy.version,
        )
        return View(
            self.language,
            self.after.text(programme.title),
            self.head(versions),
            self.verdict(),
            tuple(self.frame()),
            tuple(self.sections()),
            self.head(message("written differently, the same in meaning")),
            tuple(
                Detail(
                    written(each.address), marked(*map(say.formula_code, _ends(each))), code=True
                )
                for each in differences.rewritten
            ),
            tuple(effects),
            {
                "gone": self.say(message("gone")),
                "new": self.say(message("new")),
                "frame": self.head(message("the versions")),
                "key": self.head(message("how to read it")),
            },
        )

    def verdict(self) -> str:
        changes = self.differences.changes
        if not changes:
            return self.head(message("no difference in meaning"))
        number = {
            kind: self.count(sum(each.kind == kind for each in changes))
            for kind in ("added", "removed", "changed", "renamed")
        }
        text = message(
            "differences in meaning: {all} (new: {added}, gone: {removed}, changed: {changed}, "
            "renamed or moved: {renamed})",
            all=self.count(len(changes)),
            **number,
        )
        return self.head(text)

    # ------------------------------------------------------------ meaning

    def frame(self) -> Iterator[Detail]:
        for each in self.differences.frame:
            if isinstance(each, TextChange):
                yield from self.texts(each)
                continue
            label = self.head(say.frame_word(each.key))
            before = say.frame_text(each.key, each.before, self.before)
            after = say.frame_text(each.key, each.after, self.after)
            yield Detail(label, replaced(before, after))

    def sections(self) -> Iterator[Section]:
        by_section: dict[str, list[Change]] = {}
        for each in self.differences.changes:
            by_section.setdefault(each.address[0], []).append(each)
        for section in _SECTIONS:
            if section in by_section:
                items = tuple(self.item(each) for each in by_section[section])
                yield Section(self.head(say.section_word(section)), items)

    def item(self, change: Change) -> Item:
        element = change.after or change.before
        assert element is not None, "a part is in one of the versions"
        page = self.after if change.after is not None else self.before
        place = written(change.address)
        if change.kind == "renamed" and change.before is not None:
            place = f"{written(change.before.address)} → {place}"
        details = [detail for part in change.parts for detail in self.part(part, change)]
        if change.kind in {"added", "removed"}:
            details = list(self.whole(element, page))
        return Item(
            change.kind,
            self.say(say.change_word(change.kind)),
            self.title(element, page),
            "" if element.kind == "clause" else page.words.clauses(element.clauses),
            place,
            tuple(details),
        )

    def title(self, element: Element, page: Page) -> str:
        """Name a part: its kind, and what it is called or says."""
        name = f"`{visible(element.address[-1])}`"
        kind = self.say(say.kind_word(element.kind))
        if element.kind == "decision" and ("question",) not in element.texts:
            kind = self.say(message("computed value"))
        if element.kind == "clause":
            return page.words.clauses([element.address[-1]])
        if element.kind in {"coverage", "table"}:
            name = f"`{element.address[1]}`"
        called = next(
            (
                element.texts[key,]
                for key in ("question", "label", "title")
                if (key,) in element.texts
            ),
            None,
        )
        if called is None:
            within = element.decision and element.kind not in {"coverage", "table"}
            return f"{kind} {name} (`{element.address[1]}`)" if within else f"{kind} {name}"
        return f"{kind} {name}: {page.text(called)}"

    def part(self, part: Part, change: Change) -> Iterator[Detail]:
        match part:
            case TextChange():
                yield from self.texts(part)
            case PlainChange(key, before, after):
                word = say.key_word(key)
                label = self.say(word) if word else key
                one = say.plain_text(key, before, self.before)
                other = say.plain_text(key, after, self.after)
                yield Detail(label, replaced(one, other))
            case FormulaChange(key, one, other):
                yield from self.formulas(key, one, other, change)

    def texts(self, change: TextChange) -> Iterator[Detail]:
        label = say.key_text(change.key, self.after)
        order = sorted(change.redlines, key=lambda each: (each != self.language, each))
        for language in order:
            shown = tuple(Piece(p.kind, visible(p.text)) for p in change.redlines[language])
            yield Detail(
                label, apart(shown), language=None if language == self.language else language
            )

    def formulas(
        self, key: tuple[str, ...], before: Slot | None, after: Slot | None, change: Change
    ) -> Iterator[Detail]:
        label = say.key_text(key, self.after)
        one = "" if before is None else self.words(before, self.before, key, change.before)
        other = "" if after is None else self.words(after, self.after, key, change.after)
        if one != other:
            yield Detail(label, apart(marked(one, other)))
        codes = [visible(say.formula_code(each)) if each else "" for each in (before, after)]
        if codes != [one, other]:
            yield Detail(self.say(message("as a formula")), apart(marked(*codes)), code=True)

    def words(self, slot: Slot, page: Page, key: tuple[str, ...], element: Element | None) -> str:
        return say.formula_words(slot, page, key, _column(page.valid, element, key))

    def whole(self, element: Element, page: Page) -> Iterator[Detail]:
        """Say all that a new part says, or one that is gone; with what stands within it."""
        yield from self.content(element, page, 0)
        for each in elements(page.valid.policy):
            if each.address != element.address and (
                each.address[: len(element.address)] == element.address
            ):
                title = self.title(each, page)
                cited = page.cited(each.clauses) if each.decision else ""
                yield Detail(f"{title}{cited}", ())
                yield from self.content(each, page, 1)

    def content(self, element: Element, page: Page, depth: int) -> Iterator[Detail]:
        version = self.differences.after if page is self.after else self.differences.before
        for name, value in attributes(version.policy).get(element.address, {}).items():
            word = say.key_word(name)
            if value and word is not None and name not in _SAID_OTHERWISE:
                said = say.plain_text(name, value, page)
                yield Detail(self.say(word), (Piece("same", said),), depth=depth)
        titled = {("question",), ("label",), ("title",)}
        for key, text in element.texts.items():
            if key not in titled or (key == ("label",) and ("question",) in element.texts):
                label = say.key_text(key, page)
                yield Detail(label, (Piece("same", page.text(text)),), depth=depth)
        for key, slot in element.slots.items():
            label = say.key_text(_unnumbered(key, page.valid, element), page)
            said = self.words(slot, page, key, element)
            code = visible(say.formula_code(slot))
            yield Detail(label, (Piece("same", said),), depth=depth)
            if said not in (code, f"`{code}`") and _is_worth_showing(slot):
                as_formula = self.say(message("as a formula"))
                yield Detail(as_formula, (Piece("same", code),), code=True, depth=depth)

    # ------------------------------------------------------------ effects

    def effect(self, title: Message, found: Effects) -> Effect:
        tables = [self.by_decision(found)] if found.changed else []
        if found.money and found.read:
            tables.append(self.money(found))
        if found.rows:
            tables.append(self.rows(found))
        return Effect(self.head(title), tuple(self.summary(found)), tuple(tables))

    def summary(self, found: Effects) -> Iterator[str]:
        yield self.head(
            message(
                "asked: {read}, answered otherwise: {changed}",
                read=self.count(found.read),
                changed=self.count(found.changed),
            )
        )
        before, after = (
            each.policy.version for each in (self.differences.before, self.differences.after)
        )
        for number, text in (
            (found.refused_before, message("refused by version {version} alone", version=before)),
            (found.refused_after, message("refused by version {version} alone", version=after)),
            (found.refused_by_both, message("refused by both versions")),
            (found.unreadable_count, message("lines that cannot be read")),
        ):
            if number:
                yield f"{self.head(text)}: {self.count(number)}"
        for names, version in ((found.left_out_before, before), (found.left_out_after, after)):
            if names:
                text = message(
                    "left out for version {version}, which does not know them: {names}",
                    version=version,
                    names=", ".join(f"`{each}`" for each in names),
                )
                yield self.head(text)

    def by_decision(self, found: Effects) -> Table:
        rows = [
            (self.question(name), self.count(number))
            for name, number in found.by_decision.items()
            if number
        ]
        heads = (message("question"), message("answered otherwise"))
        return Table(
            self.head(message("by question")),
            tuple(map(self.say, heads)),
            tuple(rows),
            frozenset({1}),
        )

    def money(self, found: Effects) -> Table:
        heads = (
            message("question"),
            message("other amount"),
            message("new minus old"),
            message("amount only now"),
            message("these added up"),
            message("amount no longer"),
            message("these added up"),
        )
        rows = [
            (
                self.question(name),
                self.count(each.changed),
                self.amount(each.total, signed=True),
                self.count(each.appeared),
                self.amount(each.appeared_total),
                self.count(each.vanished),
                self.amount(each.vanished_total),
            )
            for name, each in found.money.items()
        ]
        return Table(
            self.head(message("money")),
            tuple(map(self.say, heads)),
            tuple(rows),
            frozenset(range(1, len(heads))),
        )

    def amount(self, value: Decimal, *, signed: bool = False) -> str:
        currency = self.differences.after.programme.currency
        said = formatting.money(value, currency, self.language)
        return f"+{said}" if signed and value > 0 else said

    def rows(self, found: Effects) -> Table:
        shown = len(found.rows)
        title = message("which")
        if found.changed > shown:
            title = message(
                "which (the first {shown} of {all})",
                shown=self.count(shown),
                all=self.count(found.changed),
            )
        heads = (message("transaction"), message("question"), message("before"), message("after"))
        rows = [row for each in found.rows for row in self.row(each)]
        return Table(self.head(title), tuple(map(self.say, heads)), tuple(rows), listed=True)

    def row(self, row: Row) -> Iterator[tuple[str, ...]]:
        name = visible(row.name or "")
        if row.line is not None:
            line = self.say(message("line {line}", line=row.line))
            name = f"{name} ({line})" if name else line
        if row.refused_before or row.refused_after:
            refused = self.say(message("the facts are refused"))
            reasons = (self.reason(each) for each in (row.refused_before, row.refused_after))
            answered = self.say(message("answered"))
            told = tuple(f"{refused}: {each}" if each else answered for each in reasons)
            yield (name, "", *told)
        for change in row.changes:
            before, after = self.answer(change, after=False), self.answer(change, after=True)
            yield (name, self.question(change.decision), before, after)

    def reason(self, refusal: Refusal | None) -> str:
        if refusal is None:
            return ""
        found = dict.fromkeys(each.message.text(self.language) for each in refusal.diagnostics)
        return "; ".join(found)

    def question(self, name: str) -> str:
        return self.after.title(self.differences.after.policy.decisions[name])

    def answer(self, change: AnswerChange, *, after: bool) -> str:
        """Say an answer as far as it is otherwise."""
        answer = change.after if after else change.before
        lines = [answer.headline_in(self.language)]
        if "rules" in change.aspects or "clauses" in change.aspects:
            rules = dict.fromkeys(f"`{each.rule}`" for each in answer.reasons)
            clauses = dict.fromkeys(c for each in answer.reasons for c in each.clauses)
            page = self.after if after else self.before
            reasons = ", ".join(rules) or say.NOTHING
            cited = page.cited((*clauses,))
            lines.append(f"{self.say(message('reasons'))}: {reasons}{cited}")
        if "open" in change.aspects:
            points = dict.fromkeys(
                each.ambiguity or f"`{each.name}`" for each in answer.open_points
            )
            listed = ", ".join(points) or say.NOTHING
            lines.append(f"{self.say(message('open points'))}: {listed}")
        return "; ".join(lines)


_SAID_OTHERWISE = frozenset({"clause", "sha256", "order", "computed"})
"""What is declared of a new part and need not be said: it is cited, or seen from what it says."""

_SECTIONS = (
    "clauses",
    "parameters",
    "facts",
    "readings",
    "decisions",
    "consistent_when",
    "remarks",
    "overlays",
)


def replaced(before: str, after: str) -> Line:
    """Show one thing in the place of another."""
    return (Piece("gone", before), Piece("same", " "), Piece("new", after))


def apart(pieces: Line) -> Line:
    """Set one thing and what stands in its place apart, where nothing between them stays."""
    match pieces:
        case (Piece("gone", before), Piece("new", after)):
            gap = "\n" if "\n" in before + after else " "
            return (pieces[0], Piece("same", gap), pieces[1])
        case _:
            return pieces


def _ends(each: Rewritten) -> tuple[Slot, Slot]:
    return each.before, each.after


def _table(valid: ValidPolicy, element: Element | None) -> DecisionTable | None:
    if element is None or element.kind not in {"table", "row"} or element.decision is None:
        return None
    return valid.policy.decisions[element.decision].table


def _unnumbered(key: Address, valid: ValidPolicy, element: Element) -> Address:
    """Give the key of a cell by the name of its column."""
    table = _table(valid, element)
    if table is None:
        return key
    return next(iter(columns.alone(table).named({key: element.slots[key]})))


def _column(valid: ValidPolicy, element: Element | None, key: Address) -> Formula | None:
    """Give what a cell tests, by its column's position or name."""
    table = _table(valid, element)
    if table is None or len(key) < 2:
        return None
    for index, (name, each) in enumerate(
        zip(columns.alone(table).inputs, table.inputs, strict=True)
    ):
        if key[1] in (name, str(index)):
            return each.expression
    return None


def _is_worth_showing(slot: Slot) -> bool:
    """Tell whether a formula is more than a name or a plain value, which words say as well."""
    plain = syntax.Name | syntax.NumberLiteral | syntax.BooleanLiteral | syntax.StringLiteral
    match slot:
        case Formula(tree=syntax.UnaryTests(tests, False)):
            said = (isinstance(each, syntax.ExpressionTest) for each in tests)
            return not all(said) or not all(isinstance(e.expression, plain) for e in _only(tests))
        case Formula():
            return not isinstance(slot.tree, plain)
        case _:
            return True


def _only(tests: tuple[syntax.Test, ...]) -> Iterator[syntax.ExpressionTest]:
    return (each for each in tests if isinstance(each, syntax.ExpressionTest))
