"""What one evaluation shows of a version: which outcomes were seen, and which parts decided."""

from collections.abc import Callable, Iterable
from functools import cache

from policyeval.analysis.coverage.goals import USED, Version, passes
from policyeval.analysis.coverage.model import Key
from policyeval.analysis.coverage.reach import Reach, formulas_at
from policyeval.analysis.coverage.structure import Decisive, Truth, decisive, is_looked_at
from policyeval.analysis.coverage.values import Outcome, Values, View, Way
from policyeval.analysis.coverage.watching import Run
from policyeval.analysis.coverage.wording import (
    ALONE,
    COMPUTED,
    DECIDING,
    DEFAULT,
    FALSE,
    HIT,
    MISSED,
    TRUE,
    UNDETERMINED,
)
from policyeval.errors import UnsupportedError
from policyeval.facts.model import Open
from policyeval.feel import syntax
from policyeval.policy.addresses import Address
from policyeval.policy.elements import Element
from policyeval.policy.model import Decision, Formula, Slot, Table
from policyeval.policy.terms import Terms


class Seeing:
    """Collects what the evaluations by one version show.

    Attributes:
        seen: What was seen, by the words for what would be missing without it.
        decisive: Parts of conditions to the evaluations in which they were decisive, each kind once.
    """

    def __init__(self, version: Version) -> None:
        self.version = version
        self.seen: set[Key] = set()
        self.decisive: dict[Key, set[tuple[bool, bool]]] = {}
        self.asked = False
        self._terms: dict[tuple[str, ...], _Under] = {}

    def see(self, run: Run, asserted: Iterable[str]) -> None:
        """Look at one evaluation, as far as a case asserts its answers."""
        self.asked = True
        names = tuple(each.name for each in run.terms.overlays)
        if names not in self._terms:
            self._terms[names] = _Under(self.version, run.terms)
        under = self._terms[names]
        questions = tuple(name for name in asserted if name in run.answers)
        try:
            view = under.values.view(run.environment, under.names(questions))
        except UnsupportedError:  # some decision falls in a year whose working days are not known
            return
        for name in questions:
            answer = run.answers[name]
            for point in (*answer.open_points, *answer.further_points):
                if point.kind == "reading":
                    self.seen.add((("readings", point.name), DECIDING))
        looking = _Looking(self, under, view)
        looking.at_questions(questions)

    def add_decisive(self, at: Address, each: Decisive) -> None:
        """Record that a part was decisive; with its counterpart it is shown to matter."""
        key = at, ALONE + each.atom.name
        found = self.decisive.setdefault(key, set())
        found.add((each.holds, each.whole))
        if (not each.holds, not each.whole) in found:
            self.seen.add(key)


class _Under:
    """A version with its overlays: what rests on what, and what computes it."""

    def __init__(self, version: Version, terms: Terms) -> None:
        self.version = version
        self.terms = terms
        self.values = Values(terms)
        self.reach = Reach(terms)
        self.names = cache(self._names)

    def _names(self, questions: tuple[str, ...]) -> frozenset[str]:
        """Give every name that is needed to look at some questions."""
        policy = self.terms.policy
        slots: list[Slot] = [each.condition for each in policy.consistent_when]
        slots += [each.condition for each in policy.remarks if each.condition is not None]
        for name in questions:
            slots += self.of_question(policy.decisions[name])
        formulas: list[Formula] = []
        reached = self.reach.of(slots)
        for name in reached.decisions:
            slots += _slots_with_values(policy.decisions[name])
        slots += [policy.parameters[name].value for name in reached.parameters]
        for name in reached.facts:
            act = policy.facts[name].act
            if act is not None and act.open_when is not None:
                slots.append(act.open_when)
        for slot in slots:
            formulas += [each for _, each in formulas_at(self.terms, (), slot)]
        scope = self.terms.valid.scope
        return frozenset(
            node.name
            for formula in formulas
            for node in syntax.walk(formula.tree)
            if isinstance(node, syntax.Name) and node.name in scope
        )

    @staticmethod
    def of_question(decision: Decision) -> list[Slot]:
        """Give everything that an answer to a question rests on but what is said beside every one."""
        slots = _slots_with_values(decision)
        if decision.covers is not None:
            slots.append(decision.covers.condition)
        slots += [each.condition for each in decision.remarks if each.condition is not None]
        return slots


def _slots_with_values(decision: Decision) -> list[Slot]:
    slots: list[Slot] = [] if decision.value is None else [decision.value]
    slots += [each.condition for each in (*decision.requires, *decision.excluded_if)]
    table = decision.table
    if table is not None:
        for column in table.inputs:
            slots += [each for each in (column.expression, column.values) if each is not None]
        for output in table.outputs:
            slots += [each for each in (output.default, output.values) if each is not None]
        for row in table.rules:
            slots += (*row.when, *row.then)
    return slots


class _Looking:
    """Looks at one evaluation."""

    def __init__(self, seeing: Seeing, under: _Under, view: View) -> None:
        self.seeing = seeing
        self.version = seeing.version
        self.under = under
        self.view = view
        self.policy = under.terms.policy
        self._done: set[Address] = set()

    def at_questions(self, questions: Iterable[str]) -> None:
        """Look at all that the answers to some questions rest on."""
        for rule in self.policy.consistent_when:
            self._element(("consistent_when", rule.id))
        answered = False
        for name in questions:
            covers = self.policy.decisions[name].covers
            if covers is not None:
                self._element(("decisions", name, "covers"))
                if self.view.holds(covers.condition) is False:
                    continue
            answered = True
            self._decision(name)
            for remark in self.policy.decisions[name].remarks:
                self._element(("decisions", name, "remarks", remark.id))
        if answered:
            for remark in self.policy.remarks:
                self._element(("remarks", remark.id))

    def _decision(self, name: str) -> None:
        address: Address = ("decisions", name)
        if address in self._done:
            return
        decision = self.policy.decisions[name]
        self._element(address)
        for rule in decision.requires:
            self._element((*address, "requires", rule.id))
        for rule in decision.excluded_if:
            self._element((*address, "excluded_if", rule.id))
        if decision.table is not None:
            self._table((*address, "table"), decision.table)

    def _element(self, address: Address) -> None:
        """Look at a part, and at all that it rests on."""
        if address in self._done:
            return
        self._done.add(address)
        element = self.version.at[address]
        self._use(element)
        condition = self.version.condition_of(element)
        if condition is not None and self._is_asked(element):
            self._outcome(element, condition)
        for keys, slot in element.slots.items():
            if element.kind != "fact" or self._is_asked(element):
                self._slot(element, keys, slot)

    def _is_asked(self, element: Element) -> bool:
        """Tell whether the condition of a part is looked at: of an act only where none is recorded."""
        if element.kind != "fact":
            return True
        value = self.view.environment.values.get(element.address[-1])
        return isinstance(value, Open) and value.kind == "act"

    def _use(self, element: Element) -> None:
        self.seeing.seen.add((element.address, USED))

    # ------------------------------------------------------------ formulas

    def _slot(self, element: Element, keys: Address, slot: Slot) -> None:
        reached = self.under.reach.of_slot(slot)
        for reading in reached.readings:
            self.seeing.seen.add((("readings", reading), USED))
        for at, formula in formulas_at(self.under.terms, keys, slot):
            self._formula((*element.address, *at), formula)
            for name in self.under.reach.names(formula):
                self._name(name)

    def _name(self, name: str) -> None:
        if name in self.policy.facts:
            self._element(("facts", name))
            for entry in self.policy.facts[name].entries:
                self.seeing.seen.add((("facts", name, "entries", entry), USED))
        elif name in self.policy.parameters:
            self._element(("parameters", name))
        elif name in self.policy.decisions:
            self._decision(name)

    def _formula(self, at: Address, formula: Formula) -> None:
        self.seeing.seen.add((at, COMPUTED))
        for way in self.view.ways(formula):
            ask = self._asking(formula, way)
            for condition in self.version.conditions(formula):
                if is_looked_at(condition, ask):
                    for each in decisive(condition, ask):
                        self.seeing.add_decisive(at, each)

    def _asking(self, formula: Formula, way: Way) -> Callable[[syntax.Expression], Truth]:
        """Give what tells the value of a formula's parts in one way to read the text, each once."""
        known: dict[int, Truth] = {}

        def ask(node: syntax.Expression) -> Truth:
            if id(node) not in known:
                known[id(node)] = self.view.part(formula, node, way)
            return known[id(node)]

        return ask

    # ------------------------------------------------------------ rules

    def _outcome(self, element: Element, slot: Slot) -> None:
        """Note what a condition comes to, over all possible worlds if need be."""
        outcomes = {TRUE, FALSE, UNDETERMINED}
        if all((element.address, what) in self.seeing.seen for what in outcomes):
            return
        found: Outcome | None = _plain(self.view.holds(slot))
        if found is None:
            # Each of the readings is possible, and in each of them it is certain.
            for each in self.view.holds_by_reading(slot):
                self.seeing.seen.add((element.address, TRUE if each else FALSE))
            found = self.view.everywhere(slot, satisfied=element.kind != "consistency")
        if found is not None:
            self.seeing.seen.add((element.address, f"never {found}"))

    # ------------------------------------------------------------ tables

    def _table(self, address: Address, table: Table) -> None:
        self._done.add(address)
        element = self.version.at[address]
        for keys, slot in element.slots.items():
            if keys[-1] == "expression":
                self._slot(element, keys, slot)
        before: list[Truth] = []
        for row in table.rules:
            cells = self.view.cells(table, row)
            found = _row(cells)
            hits: Truth = found
            if table.hit_policy == "FIRST" and found is True:
                hits = False if any(each is True for each in before) else found
                if hits and not all(each is False for each in before):
                    hits = "open"
            before.append(found)
            each = self.version.at[*address, "rules", row.id]
            self._row(each, table, cells, hits, found)
        if before and all(each is False for each in before):
            self.seeing.seen.add((address, DEFAULT))
            for keys, slot in element.slots.items():
                if keys[-1] == "default":
                    self._slot(element, keys, slot)

    def _row(
        self, element: Element, table: Table, cells: list[Truth], hits: Truth, found: Truth
    ) -> None:
        self._use(element)
        seen = self.seeing.seen
        if isinstance(hits, bool):
            seen.add((element.address, HIT if hits else MISSED))
        elif found == "open" and (element.address, UNDETERMINED) not in seen:
            row = next(each for each in table.rules if each.id == element.address[-1])
            outcome = self.view.row_everywhere(table, row)
            if outcome == "undetermined":
                seen.add((element.address, UNDETERMINED))
        for index, cell in enumerate(cells):
            slot = element.slots["when", str(index)]
            if passes(slot) or not isinstance(cell, bool) or not isinstance(slot, Formula):
                continue
            self._names_of(slot)
            if all(other is True for place, other in enumerate(cells) if place != index):
                atom = self.version.cell(element, slot)
                at = (*element.address, "when", str(index))
                self.seeing.add_decisive(at, Decisive(atom, cell, cell))
        if hits is True:
            for keys, slot in element.slots.items():
                if keys[0] == "then":
                    self._slot(element, keys, slot)

    def _names_of(self, formula: Formula) -> None:
        for name in self.under.reach.names(formula):
            self._name(name)


def _plain(truth: Truth) -> Outcome | None:
    if isinstance(truth, bool):
        return "true" if truth else "false"
    return None


def _row(cells: list[Truth]) -> Truth:
    if any(each is False or each == "none" for each in cells):
        return False
    return "open" if "open" in cells else True
