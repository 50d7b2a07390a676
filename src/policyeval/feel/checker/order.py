"""The order of a context's entries: each may use those above it, so none can go in circles."""

from collections.abc import Sequence

from policyeval.feel import syntax


def circle(entries: Sequence[syntax.ContextEntry], current: str, name: str) -> list[str] | None:
    """Give the way from an entry over one that it names back to itself; None if there is none.

    `{a: b + 1, b: a}` gives `["a", "b", "a"]` for the current entry `a` and the name `b`.
    """
    mentioned = {each.key: _names(each.value) for each in entries}
    ways = [[current, name]]
    seen = {name}
    for way in ways:  # the shortest way first; longer ones are added while this goes on
        if way[-1] == current:
            return way
        for following in sorted(mentioned.get(way[-1], frozenset())):
            if following in mentioned and (following not in seen or following == current):
                seen.add(following)
                ways.append([*way, following])
    return None


def _names(value: syntax.Expression) -> frozenset[str]:
    return frozenset(each.name for each in syntax.walk(value) if isinstance(each, syntax.Name))
