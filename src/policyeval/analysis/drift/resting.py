"""What rests on clauses: the parts of a version that cite them, what uses those, and golden cases."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from policyeval.cases.model import Case, Expectation, Expected
from policyeval.policy.elements import Element, elements, formulas_of
from policyeval.policy.model import (
    Choice,
    Policy,
    Slot,
    ValidPolicy,
    happened_name,
    never_name,
)
from policyeval.policy.validation.uses import free_names

_Name = tuple[str, str]
"""What a formula can depend on: a fact, parameter or decision (`value`), or a `reading`."""

_EVERYTHING = ("governed_by",)
_INCONSISTENT = "input.inconsistent"


@dataclass(frozen=True, slots=True)
class Resting:
    """What rests on some clauses.

    Attributes:
        direct: Parts that cite one of them, in the order of the file.
        indirect: Parts that use one of those, however many steps away.
        questions: The decisions that can be asked and may be answered otherwise.
        cases: The golden cases whose expected answers may be others, by their ids.
        named: Those of them that expect something of the clauses or the direct parts themselves.
    """

    direct: tuple[Element, ...]
    indirect: tuple[Element, ...]
    questions: tuple[str, ...]
    cases: tuple[str, ...]
    named: tuple[str, ...]


def resting(valid: ValidPolicy, cases: Sequence[Case], clauses: Collection[str]) -> Resting:
    """Tell what rests on clauses of a version.

    A golden case counts if it expects something of one of the `questions`. It is one of `named` if
    what it expects names one of the clauses, or a rule, a remark, an open fact or an open reading
    among the direct parts; if it expects an answer to a question that itself cites the clause and
    has no rules; or if it expects its facts to be refused as contradictory and such a condition is
    among the direct parts. Where the clause says which version governs, every case counts.

    Args:
        valid: The version.
        cases: Golden cases of its programme.
        clauses: Ids of clauses.
    """
    wanted = set(clauses)
    every = list(_parts(valid))
    direct = [each for each in every if wanted & set(each.clauses)]
    touched = {name for each in direct for name in _gives(each)}
    used = [(each, frozenset(_uses(valid, each))) for each in every if each not in direct]
    indirect: list[Element] = []
    grown = True
    while grown:
        grown = False
        for each, names in used:
            if each not in indirect and names & touched:
                indirect.append(each)
                touched.update(_gives(each))
                grown = True
    order = {each.address: index for index, each in enumerate(every)}
    indirect.sort(key=lambda each: order[each.address])
    everything = any(each.address == _EVERYTHING for each in direct)
    questions = tuple(
        name
        for name, decision in valid.policy.decisions.items()
        if decision.question is not None and (everything or ("value", name) in touched)
    )
    marks = _Marks(valid.policy, wanted, direct)
    named = tuple(each.id for each in cases if marks.has(each))
    found = tuple(
        each.id
        for each in cases
        if everything
        or each.id in named
        or any(expected.decision in questions for expected in each.expect)
    )
    return Resting(tuple(direct), tuple(indirect), questions, found, named)


def _parts(valid: ValidPolicy) -> Iterator[Element]:
    """Give the parts of a version that rest on others, and the programme's governing day.

    An option cites what its reading cites, and is not named beside it.
    """
    yield from (each for each in elements(valid.policy) if each.kind not in {"clause", "option"})
    governing = valid.programme.governed_by.reading
    yield Element(_EVERYTHING, "reading", governing.clauses, span=governing.span)


def _gives(part: Element) -> Iterator[_Name]:
    """Give the names whose value a part has a say in."""
    match part.kind:
        case "parameter" | "fact" | "entry":
            yield "value", part.address[1]
        case "reading" | "option":
            if part.address != _EVERYTHING:
                yield "reading", part.address[1]
        case "decision" | "coverage" | "requirement" | "exclusion" | "table" | "row":
            assert part.decision is not None, "these are parts of a decision"
            yield "value", part.decision
        case "clause" | "remark" | "consistency" | "overlay":
            return


def _uses(valid: ValidPolicy, part: Element) -> Iterator[_Name]:
    """Give the names that a part depends on."""
    if part.kind == "overlay":
        overlay = valid.policy.overlays[part.address[1]]
        yield from (("reading", each) for each in overlay.settles)
        yield from (("value", each) for each in overlay.moves)
    for slot in part.slots.values():
        yield from (("reading", each) for each in _readings(slot))
    facts = valid.policy.facts
    events = {wrapped(name): name for name in facts for wrapped in (happened_name, never_name)}
    for _, formula in formulas_of(part.slots):
        for node in free_names(formula.tree, valid.checked.get(formula)):
            yield "value", events.get(node.name, node.name)


def _readings(slot: Slot) -> Iterator[str]:
    if isinstance(slot, Choice):
        yield slot.reading
        for each in slot.options.values():
            yield from _readings(each)


@dataclass(frozen=True, slots=True)
class _Marks:
    """What a golden case may name of some clauses and the parts that cite them."""

    policy: Policy
    clauses: Collection[str]
    parts: Sequence[Element]

    def has(self, case: Case) -> bool:
        """Tell whether what a case expects names one of these."""
        if case.refused is not None:
            refuses = any(each.kind == "consistency" for each in self.parts)
            return refuses and _INCONSISTENT in case.refused.names
        return any(map(self._expects, case.expect))

    def _expects(self, expected: Expectation) -> bool:
        of_it = [each for each in self.parts if each.decision in {None, expected.decision}]
        rules = {
            each.address[-1] for each in of_it if each.kind in {"requirement", "exclusion", "row"}
        }
        remarks = {each.address[-1] for each in of_it if each.kind == "remark"}
        computed = {each.decision for each in of_it if each.kind == "decision" and each.slots}
        return (
            expected.decision in computed
            or _names_any(expected.clauses, self.clauses)
            or _names_any(expected.rules, rules)
            or _names_any(expected.remarks, remarks)
            or _names_any(expected.open_points, self._points(expected.open_points))
            or _names_any(expected.further, self._points(expected.further))
        )

    def _points(self, expected: Expected | None) -> Iterator[str]:
        """Give the names that stand for a part: of a fact, a place in it, a reading, its ambiguity."""
        known: set[str] = set()
        for each in self.parts:
            if each.kind in {"fact", "entry"}:
                known.add(each.address[1])
            elif each.kind == "reading" and each.address != _EVERYTHING:
                known |= {each.address[1], self.policy.readings[each.address[1]].ambiguity}
        for name in expected.names if expected else ():
            if name.partition("[")[0] in known:
                yield name


def _names_any(expected: Expected | None, names: Iterable[str]) -> bool:
    return expected is not None and bool(set(expected.names) & set(names))
