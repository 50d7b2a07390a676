"""The parts of a condition, and which of them made it come to what it did: masking MC/DC.

A part (an atom) is a comparison, a yes-or-no fact, a call, `some` or `every`; `and`, `or`, `not` and
`if` join them. In one evaluation a part is *decisive* if the condition would have come out otherwise
had that part, and nothing else, come out otherwise: beside it in a conjunction all is true, in a
disjunction all is false, and so on up to the whole. A part is shown to matter on its own by two
evaluations in which it is decisive, once true and once false, and in which the condition comes to
different results. Other parts may differ between the two as long as they are masked.

A part that has no value because one before it forbids to look at it (`x != null and x > y`) is as good
as one that agrees, as with operators that stop early. Of a part that stands in a condition twice, each
place counts by itself.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from policyeval.feel import syntax, types
from policyeval.feel.checker import Checked
from policyeval.feel.unparser import unparse
from policyeval.policy.model import Formula, never_name

Truth = bool | Literal["none", "open"]
"""What a part comes to: true, false, no value at all, or not known for certain."""

Ask = Callable[[syntax.Expression], Truth]

Beside = tuple[str, bool]
"""What stands beside a part, and what it has to come to for the part to be decisive."""


@dataclass(frozen=True, slots=True)
class Atom:
    """A part of a condition that may be true and may be false.

    Attributes:
        name: As it is written, in the one canonical way; a second one of that name has `(2)` after it.
        beside: What has to be so for it to be decisive.
    """

    node: syntax.Expression | syntax.UnaryTests
    name: str
    beside: tuple[Beside, ...]


@dataclass(frozen=True, slots=True)
class Condition:
    """A formula that is true or false, or the condition of an `if` in another.

    Attributes:
        guards: What has to hold, or not, for it to be looked at: the conditions of `if` around it.
    """

    node: syntax.Expression
    atoms: tuple[Atom, ...]
    guards: tuple[tuple[syntax.Expression, bool], ...]


@dataclass(frozen=True, slots=True)
class Decisive:
    """A part that decided a condition in one evaluation: what it came to, and the whole."""

    atom: Atom
    holds: bool
    whole: bool


class Structures:
    """Finds the conditions in the formulas of a version."""

    def __init__(self, events: Iterator[str]) -> None:
        every = tuple(events)
        self._nevers = {never_name(each): f"{each} = null" for each in every}
        self._never = re.compile(r"\bnever\((\w+)\)")

    def name(self, node: syntax.Expression | syntax.UnaryTests) -> str:
        """Write a part as a policy does."""
        return self._never.sub(
            lambda match: self._nevers.get(match[0], match[0]), " ".join(unparse(node).split())
        )

    def possible(self, tree: syntax.Expression) -> frozenset[bool]:
        """Give what a condition may come to for certain, as far as its own structure tells.

        That an event never happens is never certain.
        """
        match tree:
            case syntax.Conjunction(operands) | syntax.Disjunction(operands):
                every = [self.possible(each) for each in operands]
                neutral = isinstance(tree, syntax.Conjunction)
                found = {not neutral} if any((not neutral) in each for each in every) else set()
                return frozenset(found | ({neutral} if all(neutral in e for e in every) else set()))
            case syntax.Call(syntax.Name("not"), (syntax.Argument(operand, None),)):
                return frozenset(not each for each in self.possible(operand))
            case syntax.If(_, consequence, alternative):
                return self.possible(consequence) | self.possible(alternative)
            case syntax.BooleanLiteral(value):
                return frozenset({value})
            case syntax.Name(name) if name in self._nevers:
                return frozenset({False})
            case _:
                return frozenset({True, False})

    def conditions(self, formula: Formula, checked: Checked) -> tuple[Condition, ...]:
        """Find the conditions in a formula."""
        tree = formula.tree
        if isinstance(tree, syntax.UnaryTests):
            return ()
        counts: dict[str, int] = {}
        boolean = types.required(checked.type_of(tree)) == types.BOOLEAN
        found = self._whole(tree, (), counts) if boolean else self._within(tree, (), counts)
        return tuple(found)

    def _whole(
        self,
        node: syntax.Expression,
        guards: tuple[tuple[syntax.Expression, bool], ...],
        counts: dict[str, int],
    ) -> Iterator[Condition]:
        """Give a condition, and those within its parts."""
        atoms = []
        for each, beside in self._atoms(node, ()):
            name = self.name(each)
            counts[name] = counts.get(name, 0) + 1
            number = "" if counts[name] == 1 else f" ({counts[name]})"
            if len(self.possible(each)) > 1:
                atoms.append(Atom(each, name + number, beside))
        if atoms:
            yield Condition(node, tuple(atoms), guards)
        for each, _ in self._atoms(node, ()):
            yield from self._within(each, guards, counts)

    def _within(
        self,
        node: syntax.Node,
        guards: tuple[tuple[syntax.Expression, bool], ...],
        counts: dict[str, int],
    ) -> Iterator[Condition]:
        """Give the conditions of each `if` that has no names of its own around it."""
        match node:
            case syntax.If(condition, consequence, alternative):
                yield from self._whole(condition, guards, counts)
                yield from self._within(consequence, (*guards, (condition, True)), counts)
                yield from self._within(alternative, (*guards, (condition, False)), counts)
            case syntax.Filter(source, _):
                yield from self._within(source, guards, counts)
            case syntax.For(iterations, _) | syntax.Quantified(_, iterations, _):
                yield from self._within(iterations[0].source, guards, counts)
            case syntax.FunctionLiteral() | syntax.ContextLiteral():
                return
            case _:
                for child in syntax.children(node):
                    yield from self._within(child, guards, counts)

    def _atoms(
        self, node: syntax.Expression, beside: tuple[Beside, ...]
    ) -> Iterator[tuple[syntax.Expression, tuple[Beside, ...]]]:
        match node:
            case syntax.Conjunction(operands):
                yield from self._joined(operands, True, beside)
            case syntax.Disjunction(operands):
                yield from self._joined(operands, False, beside)
            case syntax.Call(syntax.Name("not"), (syntax.Argument(operand, None),)):
                yield from self._atoms(operand, beside)
            case syntax.If(condition, consequence, alternative):
                yield from self._atoms(condition, beside)
                name = self.name(condition)
                yield from self._atoms(consequence, (*beside, (name, True)))
                yield from self._atoms(alternative, (*beside, (name, False)))
            case syntax.BooleanLiteral():
                return
            case _:
                yield node, beside

    def _joined(
        self, operands: tuple[syntax.Expression, ...], neutral: bool, beside: tuple[Beside, ...]
    ) -> Iterator[tuple[syntax.Expression, tuple[Beside, ...]]]:
        for each in operands:
            others = [(self.name(o), neutral) for o in operands if o is not each]
            yield from self._atoms(each, (*beside, *others))


def decisive(condition: Condition, ask: Ask) -> Iterator[Decisive]:
    """Give the parts that decided a condition, given what its parts come to."""
    whole = _truth(condition.node, ask)
    if not isinstance(whole, bool):
        return
    nodes = {id(each) for each in _decisive(condition.node, ask)}
    for atom in condition.atoms:
        if id(atom.node) in nodes and not isinstance(atom.node, syntax.UnaryTests):
            holds = ask(atom.node)
            if isinstance(holds, bool):
                yield Decisive(atom, holds, whole)


def is_looked_at(condition: Condition, ask: Ask) -> bool:
    """Tell whether the `if` around a condition lead to it."""
    return all(_truth(node, ask) is wanted for node, wanted in condition.guards)


def _truth(node: syntax.Expression, ask: Ask) -> Truth:
    match node:
        case syntax.Conjunction(operands):
            return _junction([_truth(each, ask) for each in operands], decides=False)
        case syntax.Disjunction(operands):
            return _junction([_truth(each, ask) for each in operands], decides=True)
        case syntax.Call(syntax.Name("not"), (syntax.Argument(operand, None),)):
            value = _truth(operand, ask)
            return not value if isinstance(value, bool) else value
        case syntax.If(condition, consequence, alternative):
            holds = _truth(condition, ask)
            if isinstance(holds, bool):
                return _truth(consequence if holds else alternative, ask)
            return holds
        case syntax.BooleanLiteral(value):
            return value
        case _:
            return ask(node)


def _junction(values: list[Truth], *, decides: bool) -> Truth:
    if any(each is decides for each in values):
        return decides
    if "open" in values:
        return "open"
    return "none" if "none" in values else not decides


def _decisive(node: syntax.Expression, ask: Ask) -> Iterator[syntax.Expression]:
    match node:
        case syntax.Conjunction(operands):
            yield from _of_joined(operands, False, ask)
        case syntax.Disjunction(operands):
            yield from _of_joined(operands, True, ask)
        case syntax.Call(syntax.Name("not"), (syntax.Argument(operand, None),)):
            yield from _decisive(operand, ask)
        case syntax.If(condition, consequence, alternative):
            holds = _truth(condition, ask)
            if not isinstance(holds, bool):
                return
            taken, other = (consequence, alternative) if holds else (alternative, consequence)
            value = _truth(other, ask)
            if value == "none" or (value != "open" and value is not _truth(taken, ask)):
                yield from _decisive(condition, ask)
            yield from _decisive(taken, ask)
        case _:
            yield node


def _of_joined(
    operands: tuple[syntax.Expression, ...], decides: bool, ask: Ask
) -> Iterator[syntax.Expression]:
    values = [_truth(each, ask) for each in operands]
    for index, (each, own) in enumerate(zip(operands, values, strict=True)):
        if all(
            value is not decides
            and value != "open"
            and (value != "none" or (place > index and own is decides))
            for place, value in enumerate(values)
            if place != index
        ):
            yield from _decisive(each, ask)
