"""A small backtracking matcher, for the few patterns that RE2 cannot take.

Back-references cannot be matched in linear time, and RE2 expands a counted repetition, so that it
takes no count above 1,000. Here a pattern becomes a list of instructions for a machine that
remembers, on a stack of its own, where it could have gone on otherwise. Every instruction is a
step, and after `STEP_LIMIT` steps the search is given up: a pattern can be slow, but not for long.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import assert_never

from policyeval.feel.failure import Failure
from policyeval.feel.regex import charsets
from policyeval.feel.regex.charsets import CharSet
from policyeval.feel.regex.parser import (
    BackReference,
    Boundary,
    Characters,
    Choice,
    Group,
    Node,
    Parsed,
    Repeat,
    Sequence,
)
from policyeval.messages import message

STEP_LIMIT = 100_000
"""Steps of one search through one text."""

# Where no character can start a match, a place is passed over in a fraction of a step.
_PLACES_PER_STEP = 10

Spans = tuple[tuple[int, int], ...]
"""Start and end of the whole match and of each group; (-1, -1) for a group that took no part."""


@dataclass(frozen=True, slots=True)
class _Take:
    """Take one character of a set."""

    test: Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class _Stand:
    """Go on only at a boundary."""

    kind: str


@dataclass(slots=True)
class _Fork:
    """Go on with the next instruction, and if that fails with another."""

    other: int = 0


@dataclass(slots=True)
class _Jump:
    to: int = 0


@dataclass(frozen=True, slots=True)
class _Save:
    """Remember the place in a slot."""

    slot: int


@dataclass(frozen=True, slots=True)
class _Again:
    """Take the text of a group again."""

    group: int
    any_case: bool


@dataclass(frozen=True, slots=True)
class _Begin:
    """Begin to count a repetition: a slot for the count, and the next for where a turn began."""

    slot: int


@dataclass(slots=True)
class _Turn:
    """Take another turn of a repetition (an `_Enter` comes next), or leave it."""

    slot: int
    least: int
    most: int | None
    greedy: bool
    leave: int = 0


@dataclass(frozen=True, slots=True)
class _Enter:
    """Count a turn, and remember where it began."""

    slot: int


_Instruction = _Take | _Stand | _Fork | _Jump | _Save | _Again | _Begin | _Turn | _Enter


@dataclass(slots=True)
class Program:
    """A pattern as instructions.

    Attributes:
        groups: How many groups there are.
        first: The characters that a match can start with; None if it may be empty or anything.
        slots: How many numbers a run remembers.
    """

    groups: int
    first: CharSet | None = None
    slots: int = 0
    code: list[_Instruction] = field(default_factory=list)


def program(parsed: Parsed) -> Program:
    """Make the instructions for a pattern."""
    made = Program(parsed.groups, _first(parsed.node), 2 * (parsed.groups + 1))
    _emit(parsed.node, made)
    return made


def _emit(node: Node, made: Program) -> None:
    code = made.code
    match node:
        case Characters(characters):
            code.append(_Take(_test(characters)))
        case Boundary(kind):
            code.append(_Stand(kind))
        case BackReference(number, any_case):
            code.append(_Again(number, any_case))
        case Sequence(parts):
            for part in parts:
                _emit(part, made)
        case Group(number, part):
            code.append(_Save(2 * number))
            _emit(part, made)
            code.append(_Save(2 * number + 1))
        case Choice(options):
            ends: list[_Jump] = []
            for option in options[:-1]:
                fork = _Fork()
                code.append(fork)
                _emit(option, made)
                ends.append(_Jump())
                code.append(ends[-1])
                fork.other = len(code)
            _emit(options[-1], made)
            for end in ends:
                end.to = len(code)
        case Repeat(part, least, most, greedy):
            turn = _Turn(made.slots, least, most, greedy)
            made.slots += 2
            code.append(_Begin(turn.slot))
            start = len(code)
            code += [turn, _Enter(turn.slot)]
            _emit(part, made)
            code.append(_Jump(start))
            turn.leave = len(code)
        case _:
            assert_never(node)


@lru_cache(maxsize=256)
def _test(characters: CharSet) -> Callable[[str], bool]:
    if sum(end - start + 1 for start, end in characters) <= 128:
        listed = frozenset(chr(c) for start, end in characters for c in range(start, end + 1))
        return listed.__contains__
    return lambda character: charsets.contains(characters, ord(character))


def _first(node: Node) -> CharSet | None:
    match node:
        case Characters(characters):
            return characters
        case Group(_, part):
            return _first(part)
        case Repeat(part, least):
            return _first(part) if least else None
        case Choice(options):
            found = [_first(each) for each in options]
            known = [each for each in found if each is not None]
            return charsets.union(*known) if len(known) == len(found) else None
        case Sequence((first, *_)):
            return _first(first)
        case Sequence() | Boundary() | BackReference():
            return None
        case _:
            assert_never(node)


def search(made: Program, text: str, start: int) -> tuple[Spans | None, int]:
    """Find the first match at or after a place, and say how many steps that took.

    Raises:
        Failure: It would take more than `STEP_LIMIT` steps.
    """
    steps = 0
    test = None if made.first is None else _test(made.first)
    passed = 0
    for place in range(start, len(text) + 1):
        if test is not None and (place == len(text) or not test(text[place])):
            passed += 1
            if passed == _PLACES_PER_STEP:
                passed = 0
                steps += 1
            if steps > STEP_LIMIT:
                raise _too_long()
            continue
        spans, steps = _match_at(made, text, place, steps)
        if spans is not None:
            return spans, steps
    return None, steps


def _too_long() -> Failure:
    return Failure(
        "eval.regex",
        message("the pattern takes too long to be searched for in the text"),
    )


def _match_at(made: Program, text: str, place: int, steps: int) -> tuple[Spans | None, int]:
    code = made.code
    end = len(code)
    slots = [-1] * made.slots
    # What to do after a failure: (instruction, place) to go on with, or (-1 - slot, value) to put
    # back on the way there.
    stack: list[tuple[int, int]] = []
    at, position = 0, place

    def set_slot(slot: int, value: int) -> None:
        stack.append((-1 - slot, slots[slot]))
        slots[slot] = value

    while at != end:
        steps += 1
        if steps > STEP_LIMIT:
            raise _too_long()
        failed = False
        instruction = code[at]
        at += 1
        match instruction:
            case _Take(test):
                if position < len(text) and test(text[position]):
                    position += 1
                else:
                    failed = True
            case _Turn(slot, least, most, greedy, leave):
                count = slots[slot]
                # A turn that took nothing would take nothing for ever: as many turns as are
                # wanted have then been taken.
                if slots[slot + 1] == position or (most is not None and count >= most):
                    at = leave
                elif count >= least and greedy:
                    stack.append((leave, position))
                elif count >= least:
                    stack.append((at, position))
                    at = leave
            case _Enter(slot):
                set_slot(slot, slots[slot] + 1)
                set_slot(slot + 1, position)
            case _Jump(to):
                at = to
            case _Fork(other):
                stack.append((other, position))
            case _Begin(slot):
                set_slot(slot, 0)
                set_slot(slot + 1, -1)
            case _Save(slot):
                set_slot(slot, position)
            case _Stand(kind):
                failed = not _stands(kind, text, position)
            case _Again(group, any_case):
                again = (
                    text[slots[2 * group] : slots[2 * group + 1]]
                    if slots[2 * group + 1] >= 0
                    else ""
                )
                failed = not _is_again(again, text, position, any_case)
                position += len(again)
                steps += len(again) // _PLACES_PER_STEP
            case _:
                assert_never(instruction)
        if failed:
            while stack and stack[-1][0] < 0:
                index, value = stack.pop()
                slots[-1 - index] = value
            if not stack:
                return None, steps
            at, position = stack.pop()
    groups = tuple((slots[2 * g], slots[2 * g + 1]) for g in range(1, made.groups + 1))
    return ((place, position), *groups), steps


def _stands(kind: str, text: str, position: int) -> bool:
    match kind:
        case "start":
            return position == 0
        case "end":
            return position == len(text)
        case "line start":
            # A new line begins after every line end but one that ends the text.
            return position == 0 or (position < len(text) and text[position - 1] == "\n")
        case _:
            return position == len(text) or text[position] == "\n"


def _is_again(again: str, text: str, position: int, any_case: bool) -> bool:
    if not any_case:
        return text.startswith(again, position)
    there = text[position : position + len(again)]
    return len(there) == len(again) and all(
        charsets.same_but_for_case(left, right) for left, right in zip(again, there, strict=True)
    )
