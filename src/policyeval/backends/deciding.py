"""Which comparisons and yes-or-no facts of a condition decided it, with the values they had.

`approved_on > approval_window_ends_on` is what a reader sees of the terms; that the one was 31 July
and the other 30 July is why it holds. Of a condition with several parts only those are given that
made it come to what it did.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from policyeval.backends.python.inputs import inside
from policyeval.backends.python.undecided import UNDECIDED, Undecided, Unknown
from policyeval.backends.python.units import Surroundings, Unit
from policyeval.evaluation.model import Deciding, Valued
from policyeval.feel import syntax
from policyeval.policy.model import Formula, happened_name, never_name
from policyeval.policy.terms import Terms
from policyeval.source import Span

_MOST_FORMULAS = 4096


def deciding(
    terms: Terms, formula: Formula, values: Mapping[str, object], result: bool
) -> tuple[Deciding, ...]:
    """Give what decided that a condition came to a result.

    Of a conjunction that is false (a disjunction that is true) those parts that are so; else all
    parts; of `if` the condition and the branch taken. A part is a comparison, a yes-or-no fact, a
    call, `some` or `every`, and reads as it is written.

    Args:
        terms: The terms that it is of.
        formula: The condition.
        values: Of the names in it; without one, a part that needs it is left out where others
            decided, and a name is shown without a value.
        result: What it came to.
    """
    if isinstance(formula.tree, syntax.UnaryTests):
        return ()
    finding = _Finding(_unit(_Key(formula, terms)), values)
    found = finding.atoms(formula.tree, result)
    return tuple(dict.fromkeys(Deciding(finding.parts(node), truth) for node, truth in found))


class _Key:
    """A formula, for the cache, with the terms it is first met in; those do not change its types."""

    __slots__ = ("formula", "terms")

    def __init__(self, formula: Formula, terms: Terms) -> None:
        self.formula = formula
        self.terms = terms

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self.formula is other.formula

    def __hash__(self) -> int:
        return id(self.formula)


@lru_cache(_MOST_FORMULAS)
def _unit(key: _Key) -> Unit:
    names = {n.name for n in syntax.walk(key.formula.tree) if isinstance(n, syntax.Name)}
    scope = key.terms.valid.scope
    variables = tuple(name for name in scope if name in names)
    return Unit(Surroundings(key.terms, {}, frozenset()), key.formula, "", variables)


@dataclass(frozen=True, slots=True)
class _Finding:
    unit: Unit
    values: Mapping[str, object]

    # ------------------------------------------------------------ what decided

    def atoms(
        self, node: syntax.Expression, result: bool | None
    ) -> Iterator[tuple[syntax.Expression, bool | None]]:
        match node:
            case syntax.Conjunction(operands):
                yield from self._of(operands, result, False)
            case syntax.Disjunction(operands):
                yield from self._of(operands, result, True)
            case syntax.Call(syntax.Name("not"), (syntax.Argument(operand, None),)) if (
                operand.span != node.span  # otherwise it is written as one: `event != null`
            ):
                yield from self.atoms(operand, None if result is None else not result)
            case syntax.If(condition, consequence, alternative):
                holds = self._truth(condition)
                if holds is UNDECIDED:
                    yield node, result
                    return
                yield from self.atoms(condition, holds is True)
                yield from self.atoms(consequence if holds is True else alternative, result)
            case syntax.BooleanLiteral():
                return
            case _:
                yield node, result

    def _of(
        self, operands: tuple[syntax.Expression, ...], result: bool | None, decides: bool
    ) -> Iterator[tuple[syntax.Expression, bool | None]]:
        """Give what decided a conjunction (which false decides) or a disjunction (true)."""
        for each in operands:
            if result is not decides:
                yield from self.atoms(each, result)
            elif self._truth(each) is decides:
                yield from self.atoms(each, decides)

    def _truth(self, node: syntax.Expression) -> object:
        context: dict[str, object] = {}
        unknown: Unknown = {}
        for name in self.unit.variables:
            if name in self.values:
                context[name] = inside(self.values[name])
            else:
                unknown[name] = UNDECIDED
                context[name] = UNDECIDED
        found = self.unit.part(node, context, unknown)
        return UNDECIDED if type(found) is Undecided else found

    # ------------------------------------------------------------ how it is written

    def parts(self, node: syntax.Expression) -> tuple[str | Valued, ...]:
        """Give the text of a part, and the names in it with their values."""
        text = self.unit.formula.text
        found: list[str | Valued] = []
        at = node.span.start
        for span, name, value in self._named(node):
            if span.start < at:  # what is written once may stand in the tree twice
                continue
            if span.start > at:
                found.append(text[at : span.start])
            found.append(Valued(name, value))
            at = span.end
        if at < node.span.end:
            found.append(text[at : node.span.end])
        return tuple(found)

    def _named(self, node: syntax.Node) -> list[tuple[Span, str, object]]:
        found = [each for one in self._walk(node, frozenset()) for each in self._value(one)]
        return sorted(found, key=lambda each: each[0])

    def _walk(
        self, node: syntax.Node, local: frozenset[str]
    ) -> Iterator[syntax.Name | syntax.Path]:
        """Go through the names that are the policy's, and the paths from them."""
        match node:
            case syntax.Name(name):
                if name not in local:
                    yield node
            case syntax.Path(source, _):
                if isinstance(source, syntax.Name) and source.name not in local:
                    yield node
                else:
                    yield from self._walk(source, local)
            case syntax.Filter(source, condition):
                yield from self._walk(source, local)
                yield from self._walk(condition, local | self._members)
            case syntax.For(iterations, inner) | syntax.Quantified(_, iterations, inner):
                local |= {each.name for each in iterations}
                for each in (*iterations, inner):
                    yield from self._walk(each, local)
            case syntax.FunctionLiteral(parameters, body):
                yield from self._walk(body, local | {each.name for each in parameters})
            case syntax.ContextLiteral(entries):
                local |= {entry.key for entry in entries}
                for entry in entries:
                    yield from self._walk(entry.value, local)
            case _:
                for child in syntax.children(node):
                    yield from self._walk(child, local)

    @property
    def _members(self) -> frozenset[str]:
        facts = self.unit.around.terms.policy.facts.values()
        return frozenset(name for each in facts for name in each.entries)

    def _value(self, node: syntax.Name | syntax.Path) -> Iterator[tuple[Span, str, object]]:
        """Give a name's place and value, if it has one that can be shown beside it."""
        values = self.values
        if isinstance(node, syntax.Path):
            assert isinstance(node.source, syntax.Name)
            whole = values.get(node.source.name)
            if isinstance(whole, dict) and node.name in whole:
                yield from _shown(node.span, f"{node.source.name}.{node.name}", whole[node.name])
            else:
                yield from self._value(node.source)
            return
        for event in self.unit.around.terms.policy.facts:
            if node.name in (happened_name(event), never_name(event)):
                written = self.unit.formula.text[node.span.start : node.span.end]
                place = re.search(rf"\b{re.escape(event)}\b", written)
                if place is not None and event in values:
                    start = node.span.start + place.start()
                    yield from _shown(Span(start, start + len(event)), event, values[event])
                return
        if node.name in self.unit.variables and node.name in values:
            yield from _shown(node.span, node.name, values[node.name])


def _shown(span: Span, name: str, value: object) -> Iterator[tuple[Span, str, object]]:
    if not isinstance(value, list | dict) and value != name:
        yield span, name, value
