"""Compares two versions by what they say: part by part, by address, in whatever layout."""

from collections.abc import Iterable, Iterator, Mapping

from policyeval.analysis.difference import columns
from policyeval.analysis.difference.attributes import attributes
from policyeval.analysis.difference.equivalence import Side, sameness
from policyeval.analysis.difference.model import (
    Change,
    Differences,
    FormulaChange,
    Part,
    PlainChange,
    Rewritten,
    TextChange,
)
from policyeval.analysis.difference.naming import Plain, Renaming, written
from policyeval.analysis.difference.redlines import marked
from policyeval.analysis.difference.totality import Totality
from policyeval.feel import syntax, types
from policyeval.feel.types import Type
from policyeval.policy.addresses import Address
from policyeval.policy.elements import Element, Kind, elements
from policyeval.policy.model import Choice, Formula, Policy, Slot, Table, Text, ValidPolicy

_RENAMED_FIRST: tuple[Kind, ...] = (
    "clause",
    "fact",
    "entry",
    "parameter",
    "reading",
    "option",
    "decision",
    "requirement",
    "exclusion",
    "remark",
    "row",
    "consistency",
    "overlay",
)
"""Kinds in the order in which renamed parts are looked for: later ones name earlier ones."""

_WITHOUT_ORDER = frozenset({"clause", "moves", "one_of"})


def compare(before: ValidPolicy, after: ValidPolicy) -> Differences:
    """Say what a version changes against another of the same programme, in meaning."""
    return _Comparison(before, after).differences()


class _Version:
    """One of the two versions, with what is looked up again and again."""

    def __init__(self, valid: ValidPolicy) -> None:
        self.valid = valid
        self.policy: Policy = valid.policy
        self.elements: Mapping[Address, Element] = {
            each.address: each for each in elements(valid.policy)
        }
        self.attributes = attributes(valid.policy)
        self.totality = Totality(valid)
        self.values = {
            name: self.side(each.value, {}, {}, types.ANY)
            for name, each in valid.policy.parameters.items()
            if isinstance(each.value, Formula)
        }

    def side(
        self,
        formula: Formula,
        names: Mapping[str, str],
        values: Mapping[str, Side],
        input_type: Type,
    ) -> Side:
        checked = self.valid.checked[formula]
        return Side(formula.tree, checked, self.totality, names, values, input_type)

    def table(self, element: Element) -> Table | None:
        """Give the table that an element is, or is a row of."""
        if element.kind not in {"table", "row"} or element.decision is None:
            return None
        return self.policy.decisions[element.decision].table


class _Comparison:
    def __init__(self, before: ValidPolicy, after: ValidPolicy) -> None:
        self.before = _Version(before)
        self.after = _Version(after)
        self.renaming = Renaming()
        self.rewritten: list[Rewritten] = []
        self._columns: dict[str, tuple[columns.Columns, columns.Columns]] = {}

    def differences(self) -> Differences:
        self._find_renamed()
        changes = tuple(self._changes())
        return Differences(
            self.before.valid,
            self.after.valid,
            tuple(self._frame()),
            changes,
            tuple(self.rewritten),
            self.renaming,
        )

    # ------------------------------------------------------------ what is which

    def _find_renamed(self) -> None:
        for kind in _RENAMED_FIRST:
            reached = {self.renaming.place(each) for each in self.before.elements}
            fresh = [
                each
                for address, each in self.after.elements.items()
                if each.kind == kind and address not in reached
            ]
            for old in self.before.elements.values():
                if old.kind != kind or self.renaming.place(old.address) in self.after.elements:
                    continue
                new = next((each for each in fresh if self._is_renamed(old, each)), None)
                if new is not None:
                    fresh.remove(new)
                    self.renaming.record(old, new)

    def _is_renamed(self, old: Element, new: Element) -> bool:
        """Tell whether a part has the content of one that is gone, and may be what became of it."""
        elsewhere = self.renaming.place(old.address[:-1]) != new.address[:-1]
        if elsewhere and old.kind in {"entry", "option", "row"}:
            return False
        if not old.texts and not any(old.slots):
            return False
        if old.kind == "decision" and not old.texts.keys() & {("question",), ("label",)}:
            return False
        kept = len(self.rewritten)
        same = not any(self._parts(old, new))
        del self.rewritten[kept:]
        return same

    def _changes(self) -> Iterator[Change]:
        """Give every change: section by section, a part that is gone after what it was part of."""
        came = {
            self.renaming.place(address): each for address, each in self.before.elements.items()
        }
        found: list[Change] = []
        for address, new in self.after.elements.items():
            old = came.get(address)
            if old is None:
                if not _within(address, self.after.elements, came):
                    found.append(Change("added", address, None, new))
                continue
            parts = tuple(self._parts(old, new))
            if old.address in self.renaming.places:
                found.append(Change("renamed", address, old, new, parts))
            elif parts:
                found.append(Change("changed", address, old, new, parts))
        for address, old in came.items():
            gone = address not in self.after.elements
            if gone and not _within(address, came, self.after.elements):
                found.append(Change("removed", address, old, None))
        order = {address: number for number, address in enumerate(self.after.elements)}
        last = len(order)
        found.sort(
            key=lambda each: (_SECTIONS.index(each.address[0]), order.get(each.address[:2], last))
        )
        yield from found

    # ------------------------------------------------------------ within a part

    def _parts(self, old: Element, new: Element) -> Iterator[Part]:
        yield from self._plain(old, new)
        for key in _both(old.texts, new.texts):
            yield from self._text(key, old.texts.get(key), new.texts.get(key))
        slots, others = self._slots(old, new)
        for key in _both(slots, others):
            yield from self._slot(new, key, slots.get(key), others.get(key))

    def _plain(self, old: Element, new: Element) -> Iterator[PlainChange]:
        one = self.before.attributes.get(old.address, {})
        other = self.after.attributes.get(new.address, {})
        for key in _both(one, other):
            before, after = one.get(key), other.get(key)
            if not _same(key, before, self.renaming.plain(new.address, key, after)):
                yield PlainChange(key, before, after)

    def _text(self, key: Address, before: Text | None, after: Text | None) -> Iterator[TextChange]:
        languages = _both(before.parts if before else {}, after.parts if after else {})
        redlines = {}
        for language in languages:
            old = written(before, language) if before else ""
            new = written(after, language, self.renaming.names) if after else ""
            if old != new:
                redlines[language] = marked(old, written(after, language) if after else "")
        if redlines:
            yield TextChange(key, redlines)

    # ------------------------------------------------------------ formulas

    def _slots(
        self, old: Element, new: Element
    ) -> tuple[Mapping[Address, Slot], Mapping[Address, Slot]]:
        one, other = self.before.table(old), self.after.table(new)
        if one is None or other is None or new.decision is None:
            return old.slots, new.slots
        if new.decision not in self._columns:
            self._columns[new.decision] = columns.columns(one, other, self._alike)
        before, after = self._columns[new.decision]
        return before.named(old.slots), after.named(new.slots)

    def _alike(self, before: Formula, after: Formula) -> bool:
        return self._sameness(before, after, types.ANY, types.ANY) != "different"

    def _slot(
        self, new: Element, key: Address, before: Slot | None, after: Slot | None
    ) -> Iterator[FormulaChange]:
        match before, after:
            case Choice(), Choice() if before.reading == self.renaming.reading(after.reading):
                options = {
                    self.renaming.option(after.reading, name): each
                    for name, each in after.options.items()
                }
                for name in _both(before.options, options):
                    inner = (*key, name)
                    yield from self._slot(new, inner, before.options.get(name), options.get(name))
            case Formula(), Formula():
                kinds = self._input_types(new, key)
                found = self._sameness(before, after, *kinds)
                if found == "rewritten":
                    self.rewritten.append(Rewritten((*new.address, *key), before, after))
                elif found == "different":
                    yield FormulaChange(key, before, after)
            case (None, Formula() as cell) | (Formula() as cell, None) if _passes_all(cell):
                return
            case _:
                yield FormulaChange(key, before, after)

    def _sameness(self, before: Formula, after: Formula, one: Type, other: Type) -> str:
        return sameness(
            self.before.side(before, {}, self.before.values, one),
            self.after.side(after, self.renaming.names, self.after.values, other),
        )

    def _input_types(self, new: Element, key: Address) -> tuple[Type, Type]:
        """Give the types of what a cell, or the values of a column, tests."""
        found = self._columns.get(new.decision or "")
        if found is None or not key or key[0] not in {"when", "inputs"}:
            return types.ANY, types.ANY
        return (
            _type_of_column(self.before, found[0], self._old_decision(new), key[1]),
            _type_of_column(self.after, found[1], new.decision or "", key[1]),
        )

    def _old_decision(self, new: Element) -> str:
        name = new.decision or ""
        return self.renaming.names.get(name, name)

    # ------------------------------------------------------------ the version as a whole

    def _frame(self) -> Iterator[PlainChange | TextChange]:
        one, other = _framed(self.before.policy), _framed(self.after.policy)
        for key, before in one.items():
            if before != other[key]:
                yield PlainChange(key, before, other[key])
        titles = (each.policy.written_from.title for each in (self.before, self.after))
        yield from self._text(("source", "title"), *titles)


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


def _within(
    address: Address, own: Mapping[Address, Element], others: Mapping[Address, Element]
) -> bool:
    """Tell whether something stands within a part that is new or gone as a whole, and is said with it."""
    above = (address[:length] for length in range(2, len(address)))
    return any(each in own and each not in others for each in above)


def _framed(policy: Policy) -> Mapping[str, str | None]:
    def day(given: object) -> str | None:
        return None if given is None else str(given)

    return {
        "in_force.from": day(policy.in_force_from),
        "in_force.until": day(policy.in_force_until),
        "known_from": policy.known_from.isoformat(),
        "source.file": policy.written_from.file,
        "source.language": policy.written_from.language,
        "source.sha256": policy.written_from.sha256,
    }


def _both(one: Iterable[str] | Iterable[Address], other: Iterable[str] | Iterable[Address]):  # type: ignore[no-untyped-def]
    """Give the keys of two mappings, each once, in their order."""
    return tuple(dict.fromkeys((*other, *one)))


def _same(key: str, before: Plain, after: Plain) -> bool:
    if isinstance(before, tuple) and isinstance(after, tuple):
        if key in _WITHOUT_ORDER:
            return {*before} == {*after}
        if key == "order":
            both = {*before} & {*after}
            kept = ([each for each in rows if each in both] for rows in (before, after))
            return next(kept) == next(kept)
    return before == after or (key == "order" and None in (before, after))


def _passes_all(cell: Formula) -> bool:
    tree = cell.tree
    return isinstance(tree, syntax.UnaryTests) and not tree.tests


def _type_of_column(version: _Version, named: columns.Columns, decision: str, column: str) -> Type:
    table = version.policy.decisions[decision].table
    if table is None or column not in named.inputs:
        return types.ANY
    formula = table.inputs[named.inputs.index(column)].expression
    return version.valid.checked[formula].type_of(formula.tree)
