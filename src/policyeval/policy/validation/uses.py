"""Which names an expression uses that are not its own: those of a loop, a filter, a function."""

from collections.abc import Iterator

from policyeval.feel import syntax, types
from policyeval.feel.checker import Checked
from policyeval.feel.checker.relations import element_type

Names = frozenset[str]


def free_names(
    node: syntax.Node, checked: Checked | None = None, bound: Names = frozenset()
) -> Iterator[syntax.Name]:
    """Give every use of a variable that the expression does not bring itself, in the text's order.

    Args:
        node: The expression, or a part of it.
        checked: Its types. Without them, what stands in a filter counts as a use even where it is
            an entry of the filtered item.
        bound: Names that mean something else here.
    """
    match node:
        case syntax.Name(name):
            if name not in bound:
                yield node
        case syntax.For(iterations, body) | syntax.Quantified(_, iterations, body):
            for each in iterations:
                yield from free_names(each.source, checked, bound)
                if each.end is not None:
                    yield from free_names(each.end, checked, bound)
                bound |= {each.name}
            yield from free_names(body, checked, bound | {"partial"})
        case syntax.FunctionLiteral(parameters, body):
            yield from free_names(body, checked, bound | {each.name for each in parameters})
        case syntax.ContextLiteral(entries):
            for entry in entries:
                yield from free_names(entry.value, checked, bound)
                bound |= {entry.key}
        case syntax.Filter(source, condition):
            yield from free_names(source, checked, bound)
            inner = bound | {"item"} | _entries(source, checked)
            yield from free_names(condition, checked, inner)
        case _:
            for child in syntax.children(node):
                yield from free_names(child, checked, bound)


def _entries(source: syntax.Expression, checked: Checked | None) -> Names:
    """Give the names that a filter's condition knows from the filtered items."""
    if checked is None:
        return frozenset()
    item = types.required(element_type(checked.type_of(source)))
    return frozenset(item.entries) if isinstance(item, types.ContextOf) else frozenset()
