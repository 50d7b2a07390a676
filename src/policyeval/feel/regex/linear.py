"""Patterns in RE2, which searches in linear time: the only module that knows RE2.

A pattern is handed to RE2 as plain sets of code points, groups and repetitions: nothing of RE2's own
reading of classes, flags or escapes decides what it means.
"""

from functools import lru_cache
from typing import Any, assert_never

from policyeval.feel.failure import Failure
from policyeval.feel.regex import charsets
from policyeval.feel.regex.backtracking import Spans
from policyeval.feel.regex.charsets import CharSet
from policyeval.feel.regex.parser import (
    BackReference,
    Boundary,
    Characters,
    Choice,
    Group,
    Node,
    Repeat,
    Sequence,
)
from policyeval.messages import Message, message

MAXIMAL_COUNT = 1000
"""What RE2 allows a counted repetition, and those within each other together."""

_MAXIMAL_MEMORY = 8 * 1024 * 1024
# RE2 gives up beyond about so many instructions; it is not asked then.
_MAXIMAL_WEIGHT = 400_000


class TooLargeError(Exception):
    """RE2 cannot take the pattern; `.reason` says why, for a reader."""

    def __init__(self, reason: Message) -> None:
        super().__init__(reason)
        self.reason = reason


def weight(node: Node) -> int:
    """Estimate how many instructions RE2 makes of a pattern; what is too many is cut off."""
    match node:
        case Characters(characters):
            found = 1 + 2 * len(characters)
        case Boundary() | BackReference():
            found = 1
        case Sequence(parts) | Choice(parts):
            found = 1 + sum(map(weight, parts))
        case Group(_, part):
            found = 2 + weight(part)
        case Repeat(part, least, most):
            found = 1 + weight(part) * max(1, least, most or 0)
        case _:
            assert_never(node)
    return min(found, _MAXIMAL_WEIGHT)


def source(node: Node) -> str:
    """Write a pattern without back-references as RE2 reads it."""
    pieces: list[str] = []
    _write(node, pieces)
    return "".join(pieces)


_BOUNDARIES = {
    "start": r"\A",
    "end": r"\z",
    "line start": "(?m:^)",
    "line end": "(?m:$)",
}


def _write(node: Node, pieces: list[str]) -> None:
    match node:
        case Characters(characters):
            pieces.append(_class(characters))
        case Boundary(kind):
            pieces.append(_BOUNDARIES[kind])
        case Sequence(parts):
            for part in parts:
                if isinstance(part, Choice):
                    _enclosed(part, pieces)
                else:
                    _write(part, pieces)
        case Choice(options):
            for index, option in enumerate(options):
                pieces.append("|" if index else "")
                _write(option, pieces)
        case Group(_, part):
            pieces.append("(")
            _write(part, pieces)
            pieces.append(")")
        case Repeat(part, least, most, greedy):
            _enclosed(part, pieces)
            pieces.append(_quantifier(least, most))
            pieces.append("" if greedy else "?")
        case BackReference():
            raise AssertionError("RE2 has no back-references")
        case _:
            assert_never(node)


def _enclosed(part: Node, pieces: list[str]) -> None:
    pieces.append("(?:")
    _write(part, pieces)
    pieces.append(")")


def _quantifier(least: int, most: int | None) -> str:
    match least, most:
        case 0, None:
            return "*"
        case 1, None:
            return "+"
        case 0, 1:
            return "?"
        case _, None:
            return f"{{{least},}}"
        case _:
            return f"{{{least},{most}}}"


@lru_cache(maxsize=64)
def _class(characters: CharSet) -> str:
    if not characters:
        return rf"[^\x{{0}}-\x{{{charsets.LAST:x}}}]"
    return "[" + "".join(rf"\x{{{a:x}}}-\x{{{b:x}}}" for a, b in characters) + "]"


class Engine:
    """A pattern compiled by RE2.

    Attributes:
        size: How many instructions it has.
    """

    __slots__ = ("_compiled", "size")

    def __init__(self, compiled: Any) -> None:
        self._compiled = compiled
        self.size: int = compiled.programsize

    def search(self, data: bytes, start: int) -> Spans | None:
        """Find the first match in a text in UTF-8, at or after a place; places are bytes."""
        found = self._compiled.search(data, start)
        if found is None:
            return None
        return tuple(found.span(group) for group in range(found.re.groups + 1))


def engine(text: str, *, groups: bool) -> Engine:
    """Compile what `source` wrote, with or without its groups; without them it is far faster.

    Raises:
        TooLargeError: RE2 cannot take it.
    """
    compiled = _engine(text, groups)
    if isinstance(compiled, Message):
        raise TooLargeError(compiled)
    return compiled


# An engine may come to hold its 8 MiB, so there are not many.
@lru_cache(maxsize=32)
def _engine(text: str, groups: bool) -> Engine | Message:
    import re2

    options = re2.Options()
    options.max_mem = _MAXIMAL_MEMORY
    options.log_errors = False
    options.never_capture = not groups
    # The class itself, not `re2.compile`: that has a cache of its own, of 128 engines.
    compile_ = type(re2.compile(""))
    try:
        return Engine(compile_(text, options))
    except re2.error as error:
        return _reason(str(error))


def too_large() -> Message:
    """Say that RE2 cannot take a pattern for its size."""
    return message("it is too large to be searched for in the time there is")


def _reason(error: str) -> Message:
    if "repetition" in error:
        return message(
            "repetitions within each other come to more than {limit}", limit=MAXIMAL_COUNT
        )
    return too_large()


def encoded(text: str) -> bytes:
    """Give a text in UTF-8.

    Raises:
        Failure: It has surrogates, which are no characters.
    """
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise Failure(
            "eval.regex", message("the text has characters that are no Unicode characters")
        ) from None
