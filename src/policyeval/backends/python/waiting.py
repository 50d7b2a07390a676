"""Conditions that ask of an event whether it never happens, and nothing else.

As long as such an event has not happened, the condition is open for certain: it holds if the event never
happens, and does not if it happens on the day asked on. So beside a rule that fails whatever may still
happen, it changes nothing of a no, and is no reason for it.
"""

from collections.abc import Collection, Iterable

from policyeval.backends.python.running import Definite, Partial
from policyeval.feel import syntax
from policyeval.policy.model import Decision, Formula, never_name
from policyeval.policy.terms import Terms


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


def no_anyway(
    terms: Terms, decision: Decision, known: Partial, to_come: Collection[str]
) -> Definite | None:
    """Give the no of a question some of whose rules only wait for an event, beside others that fail.

    Args:
        terms: The terms that it is of.
        decision: The question.
        known: What is known of it.
        to_come: The events that have not happened, and may happen or not.
    """
    if not known.covered or not known.known or known.value is not False:
        return None
    if decision.value is not None or decision.table is not None:
        return None
    rules = (*decision.requires, *decision.excluded_if)
    for rule, holds in zip(rules, known.rules, strict=True):
        formulas = terms.formulas(rule.condition)
        if holds is None and not any(waits_for(each, to_come) for each in formulas):
            return None
    return Definite(True, False, known.rules, (), known.remarks)
