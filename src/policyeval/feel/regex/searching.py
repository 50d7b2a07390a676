"""Searching a text for a pattern: what `matches`, `replace` and `split` do."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from policyeval.feel.failure import Failure
from policyeval.feel.regex import backtracking, linear
from policyeval.feel.regex.backtracking import Spans
from policyeval.feel.regex.linear import Engine, TooLargeError
from policyeval.feel.regex.parser import unusable
from policyeval.feel.regex.pattern import Pattern
from policyeval.feel.runtime import Runtime
from policyeval.messages import Message, message

# A step of a run stands for about 20 microseconds of work: for so many bytes that RE2 looks at with
# few states, for so many pairs of a byte and a place in the pattern if it cannot tell the states
# apart beforehand, for so many steps of the backtracking matcher, for so many parts of a replacement.
_BYTES_PER_STEP = 6_000
_PAIRS_PER_STEP = 2_000
_MATCHER_STEPS_PER_STEP = 10
_PARTS_PER_STEP = 50

# A pattern with so few places has few enough states for RE2 to keep them all.
_FEW_PLACES = 8


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
        runtime.step(len(template) // _PARTS_PER_STEP)
        new = [search.cut(end, spans[0][0])]
        new += (part if isinstance(part, str) else search.cut(*spans[part]) for part in template)
        end = spans[0][1]
        length += sum(map(len, new))
        runtime.check_string(length)
        pieces += new
    if not pieces:
        return text
    pieces.append(search.cut(end, search.length))
    runtime.check_string(length + len(pieces[-1]))
    return "".join(pieces)


def split(pattern: Pattern, text: str, runtime: Runtime) -> list[str]:
    """Give what lies before, between and after the matches: one part more than there are matches.

    Raises:
        Failure: The pattern matches the empty text, the search takes too long, or the text has
            surrogates.
        BudgetExceededError: The run has no steps left for it, or there would be too many parts.
    """
    _refuse_empty(pattern)
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
