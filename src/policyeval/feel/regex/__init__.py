r"""Regular expressions as XPath has them, for `matches`, `replace` and `split` (DMN 1.5, table 74).

A pattern is read by a parser of its own and searched for by RE2, in linear time. What RE2 cannot do
is left to a small backtracking matcher that gives up after so many steps: back-references, and
repetitions that are counted above 1,000 or come to more instructions than RE2 takes. With
`fallback=False` such a pattern is refused.

Where XPath leaves a choice or FEEL's functions differ from XPath's, this is what happens here:

- `replace` and `split` refuse a pattern that matches the empty text, as XPath does (FORX0003).
- `split` of an empty text gives an empty list.
- A flag may be given twice. Flag `q` makes a plain text of the pattern, and of the replacement too.
- Null for the flags means no flags.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol, assert_never

from policyeval.feel.failure import Failure
from policyeval.feel.regex import backtracking, linear
from policyeval.feel.regex.backtracking import Program, Spans
from policyeval.feel.regex.linear import Engine, TooLargeError
from policyeval.feel.regex.parser import (
    BackReference,
    Boundary,
    Characters,
    Choice,
    Group,
    Node,
    Parsed,
    Repeat,
    parse,
    unusable,
)
from policyeval.feel.regex.parser import Sequence as SequenceOf
from policyeval.feel.runtime import Runtime
from policyeval.messages import Message, message

__all__ = ["Pattern", "check_pattern", "compile_pattern", "matches", "replace", "split"]

# What counts as one step of a run, about 20 microseconds of work: so many instructions compiled by
# RE2, so many bytes that it looks at with few states, so many pairs of a byte and a place in the
# pattern if it cannot tell the states apart beforehand, so many steps of the backtracking matcher.
_INSTRUCTIONS_PER_STEP = 25
_BYTES_PER_STEP = 6_000
_PAIRS_PER_STEP = 2_000
_MATCHER_STEPS_PER_STEP = 10

# A pattern with so few places has few enough states for RE2 to keep them all.
_FEW_PLACES = 8
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
        runtime.step(1 + len(pattern) // 10)
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
            case SequenceOf(parts) | Choice(parts):
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
        case SequenceOf(parts):
            return all(map(_matches_empty, parts))
        case Choice(options):
            return any(map(_matches_empty, options))
        case _:
            assert_never(node)


# ------------------------------------------------------------------------------- searching


def matches(pattern: Pattern, text: str, runtime: Runtime) -> bool:
    """Tell whether a part of the text matches the pattern.

    Raises:
        Failure: The search takes too long, or the text has surrogates.
        BudgetExceededError: The run has no steps left for it.
    """
    return _search(pattern, text, runtime, groups=False).find(0) is not None


def replace(pattern: Pattern, text: str, replacement: str, runtime: Runtime) -> str:
    r"""Replace every match by a text in which `$1` is what the first group matched, `$0` the match.

    `\$` and `\\` in it are a dollar sign and a backslash. The matches are found one after the other,
    each as far left as possible.

    Raises:
        Failure: The pattern matches the empty text, the replacement is not written as it should be,
            the search takes too long, or the text has surrogates.
        BudgetExceededError: The run has no steps left for it, or the result would be too long.
    """
    _refuse_empty(pattern)
    template = _template(pattern, replacement)
    groups = any(isinstance(part, int) and part for part in template)
    search = _search(pattern, text, runtime, groups=groups)
    pieces: list[str] = []
    length = 0
    end = 0
    for spans in _all_matches(search, runtime):
        new = [search.cut(end, spans[0][0])]
        new += (part if isinstance(part, str) else search.cut(*spans[part]) for part in template)
        end = spans[0][1]
        length += sum(map(len, new))
        runtime.check_string(length)
        pieces += new
    pieces.append(search.cut(end, search.length))
    runtime.check_string(length + len(pieces[-1]))
    return "".join(pieces)


def split(pattern: Pattern, text: str, runtime: Runtime) -> list[str]:
    """Give what lies before, between and after the matches; nothing for the empty text.

    Raises:
        Failure: The pattern matches the empty text, the search takes too long, or the text has
            surrogates.
        BudgetExceededError: The run has no steps left for it, or there would be too many parts.
    """
    _refuse_empty(pattern)
    if not text:
        return []
    search = _search(pattern, text, runtime, groups=False)
    parts: list[str] = []
    end = 0
    for (start, next_end), *_ in _all_matches(search, runtime):
        runtime.check_list(len(parts) + 2)
        parts.append(search.cut(end, start))
        end = next_end
    parts.append(search.cut(end, search.length))
    return parts


def _refuse_empty(pattern: Pattern) -> None:
    if pattern.matches_empty:
        raise unusable(
            pattern.text, message("it matches the empty text, so that it would match everywhere")
        )


def _template(pattern: Pattern, replacement: str) -> Sequence[str | int]:
    """Read a replacement into texts and numbers of groups."""
    if pattern.parsed.literal:
        return [replacement]
    parts: list[str | int] = []
    at = 0
    while at < len(replacement):
        following = replacement[at + 1 : at + 2]
        match replacement[at]:
            case "\\":
                if following not in ("\\", "$"):
                    raise _in_replacement(
                        "\\", message("`{sign}` must be followed by another or by `$`", sign="\\")
                    )
                parts.append(following)
                at += 2
            case "$":
                if following not in _DIGITS:
                    raise _in_replacement(
                        "$", message("`$` must be followed by the number of a group")
                    )
                number = int(following)
                at += 2
                # Further digits belong to the number as long as there are that many groups.
                while replacement[at : at + 1] in _DIGITS:
                    longer = number * 10 + int(replacement[at])
                    if longer > pattern.parsed.groups:
                        break
                    number = longer
                    at += 1
                # What a group that does not exist matched is empty.
                parts.append(number if number <= pattern.parsed.groups else "")
            case character:
                parts.append(character)
                at += 1
    return parts


_DIGITS = frozenset("0123456789")


def _in_replacement(sign: str, rule: Message) -> Failure:
    return Failure(
        "eval.regex",
        message(
            "the replacement cannot be used: {rule}; the sign itself is written `{escaped}`",
            rule=rule,
            escaped=f"\\{sign}",
        ),
    )


class _Search(Protocol):
    """The search through one text, in whatever places it counts."""

    length: int

    def find(self, start: int) -> Spans | None: ...

    def cut(self, start: int, end: int) -> str: ...


def _search(pattern: Pattern, text: str, runtime: Runtime, *, groups: bool) -> _Search:
    if pattern.source is not None:
        try:
            engine = linear.engine(pattern.source, groups=groups)
        except TooLargeError:
            pass
        else:
            return _LinearSearch(pattern, engine, text, runtime, groups=groups)
    return _BacktrackingSearch(pattern, text, runtime)


def _all_matches(search: _Search, runtime: Runtime) -> Iterator[Spans]:
    # INVARIANT: the pattern does not match the empty text, and so nowhere an empty part of a text.
    start = 0
    while start < search.length:
        runtime.step()
        spans = search.find(start)
        if spans is None:
            return
        start = spans[0][1]
        yield spans


class _BacktrackingSearch:
    def __init__(self, pattern: Pattern, text: str, runtime: Runtime) -> None:
        self.program = pattern.program
        self.text = text
        self.length = len(text)
        self.runtime = runtime

    def find(self, start: int) -> Spans | None:
        try:
            spans, steps = backtracking.search(self.program, self.text, start)
        except Failure:
            self.runtime.step(backtracking.STEP_LIMIT // _MATCHER_STEPS_PER_STEP)
            raise
        self.runtime.step(steps // _MATCHER_STEPS_PER_STEP)
        return spans

    def cut(self, start: int, end: int) -> str:
        return self.text[start:end] if start >= 0 else ""


class _LinearSearch:
    def __init__(
        self, pattern: Pattern, engine: Engine, text: str, runtime: Runtime, *, groups: bool
    ) -> None:
        self.pattern = pattern
        self.engine = engine
        self.text = text
        self.data = linear.encoded(text)
        self.length = len(self.data)
        self.runtime = runtime
        self.pays_again = pattern.is_unbounded
        self.few = pattern.places <= _FEW_PLACES
        # To tell what the groups matched, RE2 goes through a match once more, place by place.
        runtime.step(
            self.cost(0) + (self.length * pattern.places // _PAIRS_PER_STEP if groups else 0)
        )
        # A line begins after every line end but one that ends the text. RE2 knows no such
        # exception, so a match that reaches the end of such a text is looked at once more.
        self.is_uncertain = pattern.has_line_start and text.endswith("\n")

    def cost(self, start: int) -> int:
        remaining = self.length - start
        if self.few:
            return remaining // _BYTES_PER_STEP
        return remaining * self.pattern.places // _PAIRS_PER_STEP

    def find(self, start: int) -> Spans | None:
        if start and self.pays_again:
            self.runtime.step(self.cost(start))
        spans = self.engine.search(self.data, start)
        if spans is None or not self.is_uncertain or spans[0][1] < self.length:
            return spans
        exact = _BacktrackingSearch(self.pattern, self.text, self.runtime)
        found = exact.find(len(self.cut(0, spans[0][0])))
        return None if found is None else tuple(map(self.in_bytes, found))

    def in_bytes(self, span: tuple[int, int]) -> tuple[int, int]:
        start, end = span
        if start < 0:
            return span
        before = len(self.text[:start].encode())
        return before, before + len(self.text[start:end].encode())

    def cut(self, start: int, end: int) -> str:
        return self.data[start:end].decode() if start >= 0 else ""
