"""A small change made on purpose, and what became of it."""

from dataclasses import dataclass, field
from typing import Literal

from policyeval.policy.addresses import Address
from policyeval.policy.elements import Element
from policyeval.policy.model import ValidPolicy
from policyeval.source import Span

Operator = Literal[
    "boundary",  # an amount or a period one unit longer or shorter
    "comparison",  # > for >=, and the like
    "unit",  # days for months
    "swapped-name",  # a date for another of its type
    "dropped-rule",
    "negated",  # a condition, or a part of it
    "dropped-part",  # of a conjunction or a disjunction
    "reading",  # the options of a reading change places
    "parameter",  # another value
    "value",  # another literal: an amount, a text, true for false
    "row",  # of a table
]


@dataclass(frozen=True, slots=True)
class Mutant:
    """A version with one small change.

    Attributes:
        element: The part that is changed.
        slot: Where in it; empty where the part as a whole is.
        before: What stands there, as FEEL or as the name of what is dropped or swapped.
        after: What stands there instead; empty where something is dropped.
        policy: The version with the change, checked.
        questions: The decisions whose answers may depend on it.
        span: What is changed, in the file.
    """

    operator: Operator
    element: Element
    slot: Address
    before: str
    after: str
    policy: ValidPolicy = field(compare=False, repr=False)
    questions: frozenset[str]
    span: Span = field(compare=False, repr=False)
