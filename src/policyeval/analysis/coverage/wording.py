"""What is missing, in plain words."""

from collections.abc import Mapping, Sequence
from functools import reduce

from policyeval.analysis.coverage.structure import Atom, Beside, Decisive
from policyeval.messages import Message, message
from policyeval.policy.elements import Kind

TRUE, FALSE, UNDETERMINED = "never true", "never false", "never undetermined"
HIT, MISSED, DEFAULT = "never hit", "never missed", "never the default"
DECIDING, SHOWN, COMPUTED = "never deciding", "never shown", "never computed"
ALONE = "never alone: "
"""What begins the words for a part of a condition that was not shown to matter on its own."""

OF_RULES: Mapping[Kind, Mapping[str, Message]] = {
    "requirement": {
        TRUE: message("no case shows the requirement met"),
        FALSE: message("no case shows the requirement not met"),
        UNDETERMINED: message("no case leaves open whether the requirement is met"),
    },
    "exclusion": {
        TRUE: message("no case shows the exclusion applying"),
        FALSE: message("no case shows the exclusion not applying"),
        UNDETERMINED: message("no case leaves open whether the exclusion applies"),
    },
    "coverage": {
        TRUE: message("no case is one that the decision is about"),
        FALSE: message("no case is one that the decision is not about"),
        UNDETERMINED: message("no case leaves open whether the decision is about it"),
    },
    "remark": {
        TRUE: message("the remark is made in no case"),
        FALSE: message("no case goes without the remark"),
        UNDETERMINED: message("no case leaves open whether the remark is made"),
    },
    "consistency": {
        TRUE: message("no case satisfies the condition"),
        FALSE: message("no case shows facts refused because they break the condition"),
        UNDETERMINED: message("no case leaves open whether the condition is satisfied"),
    },
    "decision": {
        TRUE: message("the decision is true in no case"),
        FALSE: message("the decision is false in no case"),
        UNDETERMINED: message("no case leaves the decision open"),
    },
    "fact": {
        TRUE: message("no case has the act open"),
        FALSE: message("no case has an act that is not open for want of its condition"),
        UNDETERMINED: message("no case leaves it open whether the act is open"),
    },
    "row": {
        HIT: message("the row hits in no case"),
        MISSED: message("no case misses the row"),
        UNDETERMINED: message("no case leaves open whether the row hits"),
    },
    "table": {DEFAULT: message("no case falls back on the default of the table")},
    "reading": {
        DECIDING: message("in no case does it matter which option of the reading is taken")
    },
}
"""Kind of part, and what was not seen of it, to the words for it."""


def computed(reading: str, option: str) -> Message:
    """Say that what holds by an option of a reading is never computed."""
    return message(
        "no case computes this by the option `{option}` of the reading `{reading}`",
        option=option,
        reading=reading,
    )


def alone(atom: Atom, seen: Sequence[Decisive]) -> Message:
    """Say which cases are missing to show that a part of a condition matters on its own.

    Args:
        atom: The part.
        seen: The evaluations in which it was decisive.
    """
    held = {each.holds for each in seen}
    needed = [holds for holds in (True, False) if holds not in held]
    cases = [_situation([(atom.name, holds), *atom.beside]) for holds in needed or (True, False)]
    if len(needed) == 1:
        return message(
            "`{condition}` is not shown to matter on its own; missing is a case with {what}",
            condition=atom.name,
            what=cases[0],
        )
    return message(
        "`{condition}` is not shown to matter on its own; missing are a case with {what}, and one "
        "with {other}",
        condition=atom.name,
        what=cases[0],
        other=cases[1],
    )


def _situation(parts: Sequence[Beside]) -> Message:
    return joined([_is(text, holds=holds) for text, holds in parts])


def _is(condition: str, *, holds: bool) -> Message:
    if holds:
        return message("`{condition}` true", condition=condition)
    return message("`{condition}` false", condition=condition)


def not_shown(parts: Sequence[tuple[str, str]]) -> Message:
    """Say what a clause still wants: addresses, and what was not seen there."""
    each = [message("`{address}` {what}", address=at, what=_said(what)) for at, what in parts]
    return message("no case shows the clause at work: {parts}", parts=joined(each))


def _said(what: str) -> Message:
    return {
        TRUE: message("never true"),
        FALSE: message("never false"),
        UNDETERMINED: message("never undetermined"),
        HIT: message("never hit"),
        DECIDING: message("never deciding"),
    }.get(what, message("never used"))


def joined(parts: Sequence[Message]) -> Message:
    """Put parts of a sentence one after the other."""
    return reduce(lambda one, other: message("{one}, {other}", one=one, other=other), parts)
