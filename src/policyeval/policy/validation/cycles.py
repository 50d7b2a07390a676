"""What depends on what: the order of parameters and decisions, and the circles among them."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from policyeval.feel import syntax
from policyeval.feel.checker import Checked
from policyeval.messages import message
from policyeval.policy.model import Formula, Policy
from policyeval.policy.validation.checking import Check
from policyeval.policy.validation.parts import formulas, sites
from policyeval.policy.validation.uses import free_names
from policyeval.policy.yaml import place


class Use(NamedTuple):
    """Where a formula uses a name."""

    formula: Formula
    node: syntax.Name


Graph = Mapping[str, Mapping[str, Use]]
"""A name to what its formulas use, each with the first place where they do."""


def graph(policy: Policy, checked: Mapping[Formula, Checked]) -> Graph:
    """Give what each parameter, decision and act depends on among its like, in the file's order."""
    found: dict[str, dict[str, Use]] = {
        name: {} for name in (*policy.parameters, *policy.facts, *policy.decisions)
    }
    for site in sites(policy):
        if site.name is None:
            continue
        for formula in formulas(site.slot):
            for node in free_names(formula.tree, checked.get(formula)):
                if node.name in found:
                    found[site.name].setdefault(node.name, Use(formula, node))
    return found


def order(policy: Policy, uses: Graph) -> tuple[str, ...]:
    """Give the names of parameters and decisions, each after what it depends on.

    Otherwise the order is that of the file: parameters, then decisions. What is in a circle comes
    somewhere.
    """
    found: list[str] = []
    seen: set[str] = set()
    for start in (*policy.parameters, *policy.decisions):
        if start in seen:
            continue
        seen.add(start)
        path = [(start, iter(uses[start]))]
        while path:
            name, pending = path[-1]
            following = next((each for each in pending if each not in seen), None)
            if following is not None:
                seen.add(following)
                path.append((following, iter(uses[following])))
                continue
            path.pop()
            if name not in policy.facts:
                found.append(name)
    return tuple(found)


def check_cycles(check: Check, uses: Graph) -> None:
    """Report every circle once, by a shortest way round it."""
    parameters = check.policy.parameters
    uses = {  # that a parameter uses a decision is another mistake
        name: {
            each: use for each, use in used.items() if name not in parameters or each in parameters
        }
        for name, used in uses.items()
    }
    place_of = {name: index for index, name in enumerate(uses)}
    for knot in _knots(uses):
        # In the order of the file, so that the message begins with what a reader meets first.
        start = min(knot, key=place_of.__getitem__)
        way = _circle(uses, start, knot)
        if way is None:
            continue
        use = uses[way[0]][way[1]]
        check.report(
            "policy.cycle",
            message(
                "`{name}` is defined in terms of itself: {way}", name=start, way=" → ".join(way)
            ),
            place(use.formula.scalar, use.node.span),
            message("write one of them so that it needs none of the others"),
        )


def _circle(uses: Graph, start: str, knot: frozenset[str]) -> list[str] | None:
    """Give a shortest way from a name back to itself, or None if there is none."""
    before: dict[str, str] = {}
    pending = [start]
    for name in pending:  # longer ways are added while this goes on
        for following in uses[name]:
            if following == start:
                way = [start, name]
                while way[-1] != start:
                    way.append(before[way[-1]])
                return way[::-1]
            if following in knot and following not in before:
                before[following] = name
                pending.append(following)
    return None


def _knots(uses: Graph) -> Iterator[frozenset[str]]:
    """Give the sets of names that all depend on each other (Tarjan), without recursion."""
    number: dict[str, int] = {}
    lowest: dict[str, int] = {}
    stack: list[str] = []
    open_: set[str] = set()
    for start in uses:
        if start in number:
            continue
        path = [(start, iter(uses[start]))]
        number[start] = lowest[start] = len(number)
        stack.append(start)
        open_.add(start)
        while path:
            name, pending = path[-1]
            following = next((each for each in pending if each not in number), None)
            if following is not None:
                number[following] = lowest[following] = len(number)
                stack.append(following)
                open_.add(following)
                path.append((following, iter(uses[following])))
                continue
            path.pop()
            reached = [lowest[each] for each in uses[name] if each in open_]
            lowest[name] = min([lowest[name], *reached])
            if lowest[name] == number[name]:
                at = stack.index(name) if stack[-1] != name else len(stack) - 1
                yield frozenset(stack[at:])
                open_.difference_update(stack[at:])
                del stack[at:]
