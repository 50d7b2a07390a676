"""Conditions that ask of an event whether it never happens, and nothing else.

As long as such an event has not happened, the condition is open for certain: it holds if the event never
happens, and does not if it happens on the day asked on. So beside a rule that fails whatever may still
happen, it changes nothing of a no, and is no reason for it.
"""

from collections.abc import Iterable

from policyeval.feel import syntax
from policyeval.policy.model import Formula, never_name


def waits_for(formula: Formula, events: Iterable[str]) -> str | None:
    """Give the event that a condition asks about like this; None if it asks for anything else."""
    tree = formula.tree
    match tree:
        case syntax.Call(syntax.Name("not"), (syntax.Argument(syntax.Name(name), None),)):
            asked = name
        case syntax.Name(name):
            asked = name
        case _:
            return None
    return next((each for each in events if never_name(each) == asked), None)
