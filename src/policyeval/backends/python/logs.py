"""How a formula uses logs that may still grow."""

from dataclasses import dataclass

from policyeval.feel import syntax, types
from policyeval.feel.checker import Checked


@dataclass(frozen=True, slots=True)
class Use:
    """A log whose entries a condition is asked of.

    Attributes:
        variable: The name of the entry there; None: its parts have names of their own.
        indifferent: What the condition is of an entry that changes nothing.
    """

    log: str
    variable: str | None
    condition: syntax.Expression
    indifferent: bool


def uses(node: syntax.Node, logs: frozenset[str]) -> list[Use] | None:
    """Give every use of some logs; None if one is not known to leave out entries.

    A use where names have other meanings (within a condition or body of a loop) is none that is known.
    """
    found: list[Use] = []
    pending: list[syntax.Node] = [node]
    while pending:
        each = pending.pop()
        apart: list[syntax.Node] = []
        match each:
            case syntax.Filter(syntax.Name(log), condition) if log in logs:
                found.append(Use(log, None, condition, False))
                apart.append(condition)
            case syntax.Quantified(
                quantifier, (syntax.Iteration(name, syntax.Name(log), None),), condition
            ) if log in logs:
                found.append(Use(log, name, condition, quantifier == "every"))
                apart.append(condition)
            case syntax.Filter(source, condition):
                pending.append(source)
                apart.append(condition)
            case syntax.Quantified(_, (first, *others), inner) | syntax.For(
                (first, *others), inner
            ):
                pending.append(first.source)
                apart += (*others, inner) if first.end is None else (*others, first.end, inner)
            case syntax.FunctionLiteral() | syntax.ContextLiteral():
                apart.append(each)
            case syntax.Name(name) if name in logs:
                return None
            case _:
                pending += syntax.children(each)
        if any(logs & _names(part) for part in apart):
            return None
    return found


def _names(node: syntax.Node) -> set[str]:
    return {each.name for each in syntax.walk(node) if isinstance(each, syntax.Name)}


def only_source(node: syntax.Quantified, logs: frozenset[str], checked: Checked) -> bool:
    """Tell whether logs are used only as what is gone through, perhaps filtered."""
    if len(node.iterations) != 1:
        return False
    source: syntax.Expression | None = node.iterations[0].source
    parts: list[syntax.Node] = [node.condition]
    while isinstance(source, syntax.Filter) and checked.type_of(source.condition) == types.BOOLEAN:
        parts.append(source.condition)
        source = source.source
    return isinstance(source, syntax.Name) and not any(logs & _names(part) for part in parts)
