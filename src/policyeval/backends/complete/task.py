"""What a function of a version's terms is to do, and what it gives."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from policyeval.backends.complete.given import Manner
from policyeval.policy.model import Formula

Result = int | date | Decimal | tuple[object, ...] | None
"""What a question comes to. Of one that rules answer: 0 for yes; above zero for no, and the number says
why; below zero where readings disagree, and the number says about what (`readings.Blamed`). Of another
question: its value, which stands alone in a tuple unless it is a day or a number; or where readings
disagree the values of all ways to read the text. None where the question does not apply."""


class Told(NamedTuple):
    """What a function gives that tells more than results: a tuple of these.

    Attributes:
        results: One for each question.
        remarks: Which remarks of its own each question has; a bit for each in each way to read it.
        common: The same of the remarks that all questions have.
        left_out: Which facts were left out, at least of those that are presumed, by the bits of their
            places in the policy; then of each list of objects the same for its entries.
    """

    results: tuple[Result, ...]
    remarks: tuple[int, ...]
    common: int
    left_out: tuple[object, ...]


Decide = Callable[[Any, date], Any]
"""Facts (a dict, or the bytes of JSON) and the day asked on to a tuple with a result for each question,
to what is `Told`, or to what the task's ending makes of that; to a day on which other terms govern; or to None where others have to answer. It
may also end in one of `NOT_SO_SIMPLE`. A dict is changed: it holds copies of its lists afterwards."""


class Governed(NamedTuple):
    """A day that picks the version, and the days on which these terms are picked.

    Attributes:
        day: Its formula.
        first: None: since ever.
        end: The day after the last one; None: there is no end.
    """

    day: Formula
    first: date | None
    end: date | None


Ending = Callable[..., Any]
"""What is asked for what is `Told`: the results one by one, then the rest, and the day asked on."""


class Task(NamedTuple):
    """What a function is to do.

    Attributes:
        questions: To be answered, in the order of the results.
        governed: The days that have to lie within the days on which these terms govern.
        manner: How facts are read, and whether the function tells more than results (see `Told`).
        ending: What is asked for it; the function gives what that gives.
    """

    questions: tuple[str, ...]
    governed: tuple[Governed, ...] = ()
    manner: Manner = Manner()
    ending: Ending | None = None
