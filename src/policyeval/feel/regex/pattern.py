"""A pattern made ready to be searched for, and what of it matters for how that is done."""

from dataclasses import dataclass
from functools import lru_cache
from typing import assert_never

from policyeval.feel.regex import backtracking, linear
from policyeval.feel.regex.backtracking import Program
from policyeval.feel.regex.linear import TooLargeError
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
    parse,
    unusable,
)
from policyeval.feel.runtime import Runtime
from policyeval.messages import Message, message

# A step of a run stands for about 20 microseconds of work: for so many instructions compiled by
# RE2, and so many characters read.
_INSTRUCTIONS_PER_STEP = 25
_CHARACTERS_PER_STEP = 10

_MANY_PLACES = 1_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Pattern:
    """A pattern ready to be searched for.

    Attributes:
        text: As it was written.
        parsed: What was read.
        source: The pattern as RE2 reads it; None if RE2 has no such pattern.
        program: The pattern for the backtracking matcher.
        weight: About how many instructions RE2 makes of it.
        places: How many characters stand in it, each as often as it is repeated.
        is_unbounded: Whether a match may have any length.
        has_line_start: Whether it has a `^` under flag `m`.
        matches_empty: Whether it matches the empty text.
        refusal: Why it is refused where only linear time will do; None if it is not.
    """

    text: str
    parsed: Parsed
    source: str | None
    program: Program
    weight: int
    places: int
    is_unbounded: bool
    has_line_start: bool
    matches_empty: bool
    refusal: Message | None


def check_pattern(pattern: str, flags: str = "", *, fallback: bool = True) -> None:
    """Check that a pattern and its flags can be used.

    Raises:
        Failure: They cannot; it says why.
    """
    compile_pattern(pattern, flags, fallback=fallback)


def compile_pattern(
    pattern: str, flags: str = "", *, fallback: bool = True, runtime: Runtime | None = None
) -> Pattern:
    """Read a pattern and compile it; patterns used of late are remembered.

    Args:
        pattern: In XPath's syntax, at most 1 KiB.
        flags: Any of `s`, `m`, `i`, `x`, `q`.
        fallback: Whether what RE2 cannot do may be done by the backtracking matcher.
        runtime: Where the work is counted, the first time that the run sees the pattern.

    Raises:
        Failure: The pattern or the flags cannot be used; it says why.
        BudgetExceededError: The run has no steps left for it.
    """
    is_new = runtime is not None and (pattern, flags) not in runtime.patterns
    if runtime is not None and is_new:
        runtime.step(1 + len(pattern) // _CHARACTERS_PER_STEP)
    compiled = _compiled(pattern, flags)
    if runtime is not None and is_new:
        runtime.step(compiled.weight // _INSTRUCTIONS_PER_STEP)
        runtime.patterns.add((pattern, flags))
    refusal = compiled.refusal
    if compiled.source is not None:
        try:
            linear.engine(compiled.source, groups=False)
        except TooLargeError as error:
            refusal = error.reason
    if refusal is not None and not fallback:
        raise unusable(compiled.text, refusal)
    return compiled


@lru_cache(maxsize=64)
def _compiled(pattern: str, flags: str) -> Pattern:
    parsed = parse(pattern, flags)
    shape = _Shape()
    shape.visit(parsed.node, 1)
    if shape.count > linear.MAXIMAL_COUNT:
        refusal = message(
            "a part is repeated more than {limit} times by count", limit=linear.MAXIMAL_COUNT
        )
    elif shape.product > linear.MAXIMAL_COUNT:
        raise unusable(
            pattern,
            message(
                "repetitions within each other come to more than {limit}",
                limit=linear.MAXIMAL_COUNT,
            ),
        )
    elif shape.back_reference:
        refusal = message(
            "`{reference}` refers back to a group", reference=f"\\{shape.back_reference}"
        )
    else:
        refusal = None
    return Pattern(
        text=pattern,
        parsed=parsed,
        source=linear.source(parsed.node) if refusal is None else None,
        program=backtracking.program(parsed),
        weight=linear.weight(parsed.node) if refusal is None else 0,
        places=min(shape.places, _MANY_PLACES),
        is_unbounded=shape.is_unbounded,
        has_line_start=shape.has_line_start,
        matches_empty=_matches_empty(parsed.node),
        refusal=refusal,
    )


@dataclass(slots=True)
class _Shape:
    """What matters of a pattern for how it is searched for.

    Attributes:
        count: The highest count of a repetition.
        product: The highest product of counts of repetitions within each other.
        places: How many characters stand in it, each as often as it is repeated by count.
        back_reference: The number of one, or 0.
    """

    count: int = 1
    product: int = 1
    places: int = 0
    is_unbounded: bool = False
    has_line_start: bool = False
    back_reference: int = 0

    def visit(self, node: Node, times: int) -> None:
        match node:
            case Characters():
                self.places += times
            case Boundary(kind):
                self.has_line_start |= kind == "line start"
            case BackReference(number):
                self.back_reference = number
                self.is_unbounded = True
            case Group(_, part):
                self.visit(part, times)
            case Sequence(parts) | Choice(parts):
                for part in parts:
                    self.visit(part, times)
            case Repeat(part, least, most):
                self.is_unbounded |= most is None
                count = max(1, least, most or 0)
                self.count = max(self.count, count)
                self.product = max(self.product, times * count)
                self.visit(part, times * count)
            case _:
                assert_never(node)


def _matches_empty(node: Node) -> bool:
    match node:
        case Characters():
            return False
        case Boundary() | BackReference():
            # In the empty text every boundary stands at its start, and a group has nothing in it.
            return True
        case Group(_, part):
            return _matches_empty(part)
        case Repeat(part, least):
            return not least or _matches_empty(part)
        case Sequence(parts):
            return all(map(_matches_empty, parts))
        case Choice(options):
            return any(map(_matches_empty, options))
        case _:
            assert_never(node)
