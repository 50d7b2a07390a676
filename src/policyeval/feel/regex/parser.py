r"""Patterns as XPath writes them, read into a tree (XPath and XQuery Functions 3.1, 5.6.1 and 5.6.2).

The grammar is that of XML Schema with what XPath adds: `^`, `$`, reluctant quantifiers, groups that
do not capture, back-references. A hyphen that is neither first nor last in `[…]` is read as a hyphen
after a stretch or a class (`[a-z-9]`), on which the specifications differ.
"""

from dataclasses import dataclass, field
from typing import Literal

from policyeval.feel.failure import Failure
from policyeval.feel.regex import charsets
from policyeval.feel.regex.charsets import CharSet
from policyeval.messages import Message, message

MAXIMAL_LENGTH = 1024
"""Bytes of a pattern, in UTF-8."""

_MAXIMAL_DEPTH = 64
_DIGITS = frozenset("0123456789")
_FLAGS = frozenset("smixq")
_SPACES = frozenset(" \t\n\r")
_QUANTIFIERS = frozenset("?*+{")
_SINGLE_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"} | {c: c for c in r"\|.?*+(){}-[]^$"}


@dataclass(frozen=True, slots=True)
class Characters:
    """One character of a set."""

    set: CharSet


@dataclass(frozen=True, slots=True)
class Boundary:
    """A place between characters."""

    kind: Literal["start", "end", "line start", "line end"]


@dataclass(frozen=True, slots=True)
class Sequence:
    """Parts one after the other; none of them is the empty pattern."""

    parts: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Choice:
    """The first of several that matches."""

    options: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Group:
    """A part whose match is remembered under a number from 1."""

    number: int
    part: "Node"


@dataclass(frozen=True, slots=True)
class Repeat:
    """A part several times: as often as possible, or as seldom if not `greedy`."""

    part: "Node"
    least: int
    most: int | None
    greedy: bool


@dataclass(frozen=True, slots=True)
class BackReference:
    """The text that a group matched, again."""

    number: int
    any_case: bool


Node = Characters | Boundary | Sequence | Choice | Group | Repeat | BackReference

EMPTY = Sequence(())


@dataclass(frozen=True, slots=True)
class Parsed:
    """A pattern that has been read.

    Attributes:
        groups: How many groups it has.
        literal: Whether flag `q` made a plain text of it.
    """

    node: Node
    groups: int
    literal: bool


def parse(pattern: str, flags: str) -> Parsed:
    """Read a pattern.

    Raises:
        Failure: The pattern or a flag cannot be used; it says why.
    """
    for flag in flags:
        if flag not in _FLAGS:
            raise Failure(
                "eval.regex",
                message(
                    "`{flag}` is no flag for a pattern; the flags are `s`, `m`, `i`, `x` and `q`",
                    flag=flag,
                ),
            )
    if _bytes(pattern) > MAXIMAL_LENGTH:
        raise Failure(
            "eval.regex",
            message("a pattern may have {limit} bytes at most", limit=MAXIMAL_LENGTH),
        )
    if "q" in flags:
        fold = "i" in flags
        parts = (Characters(_characters(ord(c), fold)) for c in pattern)
        return Parsed(Sequence(tuple(parts)), 0, literal=True)
    text = _without_spaces(pattern) if "x" in flags else pattern
    reader = _Reader(pattern, text, "i" in flags, "s" in flags, "m" in flags)
    node = reader.choice()
    if reader.at < len(text):
        raise reader.problem(message("it closes a parenthesis that was not opened"))
    return Parsed(node, reader.opened, literal=False)


_SHOWN = 60


def unusable(pattern: str, reason: Message) -> Failure:
    """Say that a pattern cannot be used, and why."""
    shown = pattern if len(pattern) <= _SHOWN else pattern[: _SHOWN - 1] + "…"
    return Failure(
        "eval.regex",
        message("the pattern `{pattern}` cannot be used: {reason}", pattern=shown, reason=reason),
    )


def _bytes(pattern: str) -> int:
    try:
        return len(pattern.encode())
    except UnicodeEncodeError:
        raise Failure(
            "eval.regex",
            message("the pattern has characters that are no Unicode characters"),
        ) from None


def _without_spaces(pattern: str) -> str:
    """Take out the spaces that flag `x` takes out: all but those within `[…]`."""
    kept: list[str] = []
    depth = 0
    escaped = False
    for character in pattern:
        if not depth and character in _SPACES:
            continue
        kept.append(character)
        if escaped:
            escaped = False
        elif character == "\\":
            escaped = True
        elif character == "[":
            depth += 1
        elif character == "]" and depth:
            depth -= 1
    return "".join(kept)


def _characters(code: int, fold: bool) -> CharSet:
    only = charsets.single(code)
    return charsets.with_case_variants(only) if fold else only


@dataclass(slots=True)
class _Reader:
    """Reads a pattern from left to right; recursion is bounded by the depth of parentheses."""

    pattern: str
    text: str
    fold: bool
    dot_is_all: bool
    multiline: bool
    at: int = 0
    depth: int = 0
    opened: int = 0
    closed: set[int] = field(default_factory=set)

    def problem(self, reason: Message) -> Failure:
        return unusable(self.pattern, reason)

    def peek(self, ahead: int = 0) -> str:
        """Give the next character, or an empty text at the end."""
        return self.text[self.at + ahead : self.at + ahead + 1]

    def take(self) -> str:
        self.at += 1
        return self.text[self.at - 1]

    def number(self) -> int | None:
        start = self.at
        while self.peek() in _DIGITS:
            self.at += 1
        return int(self.text[start : self.at]) if self.at > start else None

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > _MAXIMAL_DEPTH:
            raise self.problem(message("it is nested more than {limit} deep", limit=_MAXIMAL_DEPTH))

    def choice(self) -> Node:
        options = [self.branch()]
        while self.peek() == "|":
            self.at += 1
            options.append(self.branch())
        return options[0] if len(options) == 1 else Choice(tuple(options))

    def branch(self) -> Node:
        parts: list[Node] = []
        while self.peek() not in ("", "|", ")"):
            parts.append(self.piece())
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def piece(self) -> Node:
        part = self.atom()
        if self.peek() not in _QUANTIFIERS:
            return part
        least, most = self.quantity()
        greedy = self.peek() != "?"
        if not greedy:
            self.at += 1
        return Repeat(part, least, most, greedy)

    def quantity(self) -> tuple[int, int | None]:
        match self.take():
            case "?":
                return 0, 1
            case "*":
                return 0, None
            case "+":
                return 1, None
            case _:
                return self.counts()

    def counts(self) -> tuple[int, int | None]:
        start = self.at - 1
        least = self.number()
        most = least
        if self.peek() == "," and least is not None:
            self.at += 1
            most = self.number()
        if least is None or self.peek() != "}":
            raise self.problem(
                message(
                    "after `{open}` it wants a number of times, such as `{example}`",
                    open="{",
                    example="{2,5}",
                )
            )
        self.at += 1
        if most is not None and most < least:
            raise self.problem(
                message(
                    "`{quantity}` has a lowest number above the highest",
                    quantity=self.text[start : self.at],
                )
            )
        return least, most

    def atom(self) -> Node:
        match character := self.take():
            case "(":
                return self.group()
            case "[":
                return Characters(self.character_class())
            case ".":
                return Characters(charsets.EVERYTHING if self.dot_is_all else charsets.NOT_LINE_END)
            case "^":
                return Boundary("line start" if self.multiline else "start")
            case "$":
                return Boundary("line end" if self.multiline else "end")
            case "\\":
                if self.peek() in _DIGITS:
                    return self.back_reference()
                escaped = self.escape()
                if isinstance(escaped, str):
                    return Characters(_characters(ord(escaped), self.fold))
                return Characters(escaped)
            case "?" | "*" | "+" | "{":
                raise self.problem(
                    message(
                        "there is nothing before `{sign}` that could be repeated", sign=character
                    )
                )
            case "]" | "}":
                raise self.problem(_must_be_escaped(character))
            case _:
                return Characters(_characters(ord(character), self.fold))

    def group(self) -> Node:
        self.deeper()
        captures = self.peek() != "?"
        number = 0
        if captures:
            self.opened += 1
            number = self.opened
        elif self.peek(1) == ":":
            self.at += 2
        else:
            raise self.problem(
                message(
                    "after `(` a `?` must be followed by `:`; looking ahead or back is not possible"
                )
            )
        part = self.choice()
        if self.peek() != ")":
            raise self.problem(message("a parenthesis is not closed"))
        self.at += 1
        self.depth -= 1
        if not captures:
            return part
        self.closed.add(number)
        return Group(number, part)

    def back_reference(self) -> Node:
        number = int(self.take())
        # Further digits belong to the number as long as there are that many groups before.
        while number and self.peek() in _DIGITS:
            longer = number * 10 + int(self.peek())
            if longer > self.opened:
                break
            number = longer
            self.at += 1
        if number not in self.closed:
            raise self.problem(
                message(
                    "`{reference}` refers to a group that is not closed before it",
                    reference=f"\\{number}",
                )
            )
        return BackReference(number, self.fold)

    def escape(self) -> str | CharSet:
        r"""Read what follows a `\`: a character, or a set of characters."""
        if not self.peek():
            raise self.problem(message("it ends with a single `{sign}`", sign="\\"))
        letter = self.take()
        if letter in _SINGLE_ESCAPES:
            return _SINGLE_ESCAPES[letter]
        if letter in ("p", "P"):
            characters = self.property()
            return characters if letter == "p" else charsets.complement(characters)
        found = charsets.multi_character_escape(letter)
        if found is None:
            raise self.problem(
                message("`{escape}` has no meaning in a pattern", escape=f"\\{letter}")
            )
        return found

    def property(self) -> CharSet:
        end = self.text.find("}", self.at)
        if self.peek() != "{" or end < 0:
            raise self.problem(
                message(
                    "after `{escape}` it wants a category such as `{example}`",
                    escape="\\p",
                    example="{Lu}",
                )
            )
        name = self.text[self.at + 1 : end]
        self.at = end + 1
        found = charsets.block(name[2:]) if name.startswith("Is") else charsets.category(name)
        if found is None:
            raise self.problem(
                message("there is no category or block of characters called `{name}`", name=name)
            )
        return found

    def character_class(self) -> CharSet:
        self.deeper()
        negated = self.peek() == "^"
        if negated:
            self.at += 1
        parts: list[CharSet] = []
        taken_out = charsets.NOTHING
        while not parts or self.peek() != "]":
            if parts and self.peek() == "-" and self.peek(1) == "[":
                self.at += 2
                taken_out = self.character_class()
                if self.peek() != "]":
                    raise self.problem(message("what is taken out of `[…]` must stand last in it"))
                break
            parts.append(self.class_part())
        self.at += 1
        self.depth -= 1
        characters = charsets.union(*parts)
        if negated:
            characters = charsets.complement(characters)
        return charsets.difference(characters, taken_out)

    def class_part(self) -> CharSet:
        first = self.class_character()
        if not isinstance(first, str):
            return first
        last = first
        if self.peek() == "-" and self.peek(1) not in ("", "[", "]"):
            self.at += 1
            end = self.class_character()
            if not isinstance(end, str):
                raise self.problem(
                    message("in `[…]` a stretch from `{first}` ends with a class", first=first)
                )
            last = end
        if first > last:
            raise self.problem(
                message(
                    "in `[…]` the stretch from `{first}` to `{last}` runs backwards",
                    first=first,
                    last=last,
                )
            )
        characters: CharSet = ((ord(first), ord(last)),)
        return charsets.with_case_variants(characters) if self.fold else characters

    def class_character(self) -> str | CharSet:
        match self.peek():
            case "":
                raise self.problem(message("a `[` is not closed"))
            case "]":
                raise self.problem(message("there is nothing in `[…]`"))
            case "[":
                raise self.problem(_must_be_escaped("["))
            case "\\":
                self.at += 1
                return self.escape()
            case _:
                return self.take()


def _must_be_escaped(character: str) -> Message:
    return message(
        "the character `{character}` must be written as `{escaped}`",
        character=character,
        escaped=f"\\{character}",
    )
