"""A small change made on purpose, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, get_args

from policyeval.messages import Message
from policyeval.policy.addresses import Address, written
from policyeval.policy.elements import Element
from policyeval.policy.model import Slot, ValidPolicy
from policyeval.source import Source, Span

Operator = Literal[
    "boundary",  # an amount or a period one unit longer or shorter
    "comparison",  # > for >=, and the like
    "brackets",  # of a range: an end that belongs to it or not
    "unit",  # days for months
    "swapped-name",  # a date for another of its type
    "dropped-rule",
    "negated",  # a condition, or a part of it
    "dropped-part",  # of a conjunction or a disjunction
    "connective",  # and for or
    "quantifier",  # every for some
    "branches",  # what an `if` gives, the other way round
    "function",  # the smaller for the larger of two, another way to round
    "reading",  # the options of a reading change places
    "parameter",  # another value
    "value",  # another literal: an amount, a text, true for false
    "row",  # of a table
]

OPERATORS: Final[tuple[Operator, ...]] = get_args(Operator)

State = Literal["killed", "survived", "equivalent", "exempted", "untested"]

ARROW: Final = " → "
"""Stands between what was there and what is there instead."""

NOTHING: Final = "(none)"
"""What stands in place of what is dropped."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """A version with one small change.

    Attributes:
        element: The part that is changed.
        slot: Where in it; empty where the part as a whole is.
        before: What stands there, as FEEL or as the name of what is dropped or swapped.
        after: What stands there instead; `NOTHING` where something is dropped.
        policy: The version with the change, checked.
        questions: The decisions whose answers may depend on it.
        answers: Of these, those of which more than remarks may depend on it.
        span: What is changed, in the file.
        pairs: What stood in the places that are changed, and what stands there now; true or false
            where that is as if nothing stood there. Without pairs, more is changed than that.
    """

    operator: Operator
    element: Element
    slot: Address
    before: str
    after: str
    policy: ValidPolicy = field(compare=False, repr=False)
    questions: frozenset[str]
    answers: frozenset[str]
    span: Span = field(compare=False, repr=False)
    pairs: tuple[tuple[Slot, Slot | bool], ...] = field(default=(), compare=False, repr=False)

    @property
    def at(self) -> Address:
        """Where the change is made: an address as exceptions have it."""
        return (*self.element.address, *self.slot)

    @property
    def what(self) -> str:
        """What is changed, as exceptions have it."""
        return f"{self.before}{ARROW}{self.after}"


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of a mutant.

    Attributes:
        programme: Its name.
        version: The name of the version that was changed.
        source: That version's file; `span` is what is changed in it.
        state: `killed`: a case fails; `survived`: all that could notice it pass; `equivalent`: no case
            can notice it; `exempted`: it survived and an exception says why; `untested`: no case asks
            a question that depends on it.
        by: The case that notices it.
        why: Of one that is equivalent: why; of one that is exempted: the exception's reason.
    """

    programme: str
    version: str
    operator: Operator
    element: Element
    slot: Address
    before: str
    after: str
    questions: frozenset[str]
    source: Source = field(repr=False)
    span: Span = field(repr=False)
    state: State
    by: str | None = None
    why: Message | Mapping[str, str] | None = None

    @property
    def address(self) -> Address:
        """Where the change is made."""
        return (*self.element.address, *self.slot)

    @property
    def at(self) -> str:
        """Where the change is made, as exceptions have it."""
        return written(self.address)

    @property
    def what(self) -> str:
        """What is changed, as exceptions have it."""
        return f"{self.before}{ARROW}{self.after}"
