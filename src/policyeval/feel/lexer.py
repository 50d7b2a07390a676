"""Divides a text into tokens, knowing which names there are at each place.

A FEEL name may hold spaces and the symbols `+ - * / ' .`, so where a name ends depends on which
names are known: the variables given, the built-ins, and the names that the text itself introduces
(keys of a context for its later entries, variables of `for`, `some` and `every`, parameters in a
function's body). Where a value may stand, the longest known name wins, also over a keyword; a word
that begins no known name is a name by itself. After a `.`, and within a filter, entries of contexts
are known as well: those told by the caller, and every key the text has shown so far.

To do so the lexer follows the text's structure without parsing it: a stack of open brackets, and
within each bracket the `if`, `for`, `some`, `every` and `function` that are not over. It goes through the text
once. A mistake does not stop it: the character is reported and left out, or read as what was meant.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Literal

from policyeval.diagnostics import Diagnostic
from policyeval.feel import builtins, slips
from policyeval.feel.characters import (
    COMMENT,
    STRING,
    alphabet,
    normal,
    problems,
    word_pattern,
)
from policyeval.feel.limits import Limits
from policyeval.feel.literals import number, unescaped
from policyeval.feel.names import KnownNames, chunk_pattern, run_pattern, spelling
from policyeval.feel.tokens import END, JOINING, KEYWORDS, SYMBOLS, Token
from policyeval.feel.types import SIMPLE_TYPES
from policyeval.messages import message
from policyeval.source import Source, Span


@dataclass(frozen=True, slots=True)
class Lexed:
    """What the lexer found.

    Attributes:
        tokens: All tokens; the last is of kind `END`.
        diagnostics: What is wrong with characters, numbers, strings and comments.
        dropped: Offsets of characters that were left out; a syntax error there says nothing new.
        unclosed: Offsets of the brackets still open at the end.
        introduced: Names that the text introduces.
        complete: False if the text was not read to its end, as it is nested too deeply.
    """

    tokens: list[Token]
    diagnostics: list[Diagnostic]
    dropped: list[int]
    unclosed: list[int]
    introduced: list[str]
    complete: bool


# What may stand at a place, and so what a word or a bracket there means.
_Place = Literal[
    "value",  # where a value begins
    "argument",  # the same, or the name of an argument
    "operator",  # after a value
    "member",  # after a dot
    "variable",  # after `for`, `some`, `every`, and after a comma there
    "key",  # in a context or the type of one
    "parameter",  # in a function's list of them
    "type",
]

_GENERIC = {
    "list": "TYPE_LIST",
    "range": "TYPE_RANGE",
    "context": "TYPE_CONTEXT",
    "function": "TYPE_FUNCTION",
}


class _Patterns:
    """What is looked for in a text; `plain` texts are ASCII throughout."""

    def __init__(self, plain: bool) -> None:
        space, start, part = alphabet(plain)
        self.token = re.compile(
            rf"""(?P<blank>[{space}]+|{COMMENT})
            |(?P<word>[{start}][{part}]*)
            |(?P<slip>===?|!==|<>|=<|=>|&&?|\|\|?|[\^−–—×·÷≤≥≠…])
            |(?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
            |(?P<symbol>\*\*|\.\.|->|[<>!]=|/(?!\*)|[-+*=<>()\[\]{{}},:.])
            |(?P<string>{STRING})
            |(?P<temporal>@[{space}]*{STRING})
            |(?P<quoted>@?(?:'[^'\n]*'|[“„”][^“”"\n]*[“”]|[‘‚’][^‘’\n]*[‘’]|«[^»\n]*»|»[^«\n]*«))""",
            re.VERBOSE,
        )
        self.skipped = re.compile(rf"(?:[{space}]|{COMMENT})*")
        self.colon_ahead = re.compile(rf"[{start}](?:[{part}{space}+*'.-]|/(?![/*]))*:")
        self.of_ahead = re.compile(rf"[{space}]+of(?![{part}])")
        self.word = word_pattern(plain)
        self.run = run_pattern(plain)
        self.chunk = chunk_pattern(plain)


@cache
def _patterns(plain: bool) -> _Patterns:
    return _Patterns(plain)


# A variable's name is looked for no further, so that each part of a text is read a few times at most.
_MOST_WORDS = 64
# Entries with spaces in their names that every range, time and date and time has (table 65).
PROPERTIES = ("start included", "end included", "time offset")


@cache
def _builtin_names() -> KnownNames:
    return KnownNames(builtins.names())


@cache
def _type_names() -> KnownNames:
    return KnownNames(SIMPLE_TYPES)


@dataclass(slots=True)
class _Construct:
    """An `if`, `for`, `some`, `every` or `function` whose end has not come.

    `open` is the keyword it waits for (`then` or `else`; `return` stands for `satisfies` too), None
    once its last part has begun, which ends where nothing can belong to it any more.
    """

    open: Literal["then", "else", "return"] | None
    pending: str | None = None
    active: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Bracket:
    """An open bracket.

    `kind` is the sign itself, or `call`, `filter`, `parameters`, or `list`, `range`, `context`,
    `function` for a type's `<`.
    """

    kind: str
    start: int
    token: int
    place: _Place
    dots: bool = False
    constructs: list[_Construct] = field(default_factory=list)
    key: str | None = None
    active: list[str] = field(default_factory=list)


class _TooDeepError(Exception):
    """The text has more brackets within each other than it may."""


def tokenize(
    source: Source, names: Collection[str], members: Collection[str], limits: Limits, start: str
) -> Lexed:
    """Divide a text into tokens.

    Args:
        source: The text.
        names: The variables there are.
        members: Names of entries that contexts among the variables have.
        limits: How many brackets may be open at once.
        start: What the text is: `expression`, `unary_tests` or `type`.
    """
    lexer = _Lexer(source, names, members, limits)
    lexer.diagnostics += problems(source, names)
    lexer.hidden = frozenset(
        position
        for each in lexer.diagnostics
        if each.code in ("text.invisible", "text.bidi", "text.encoding")
        for position in range(each.span.start, each.span.end)
    )
    lexer.dropped += lexer.hidden
    complete = True
    lexer.place = "type" if start == "type" else "value"
    try:
        lexer.run()
    except _TooDeepError:
        complete = False
    if start == "unary_tests":
        lexer.mark_negation()
    return Lexed(
        lexer.tokens,
        sorted(lexer.diagnostics, key=lambda each: each.span),
        lexer.dropped,
        [each.start for each in lexer.brackets[1:]],
        lexer.introduced,
        complete,
    )


class _Lexer:
    def __init__(
        self, source: Source, names: Collection[str], members: Collection[str], limits: Limits
    ) -> None:
        self.source = source
        self.text = source.text
        self.patterns = _patterns(source.text.isascii())
        self.limits = limits
        self.tokens: list[Token] = []
        self.diagnostics: list[Diagnostic] = []
        self.dropped: list[int] = []
        self.hidden: frozenset[int] = frozenset()
        self.introduced: list[str] = []
        self.place: _Place = "value"
        self.brackets = [_Bracket("", 0, -1, "value")]
        self.grouping = 0  # open round brackets that only group
        self.nesting = 0  # other open brackets
        self.filters = 0  # open filters
        self.negation_end = -1  # the token that closes the bracket after the first one
        self.names = KnownNames(names)
        self.members = KnownNames((*PROPERTIES, *members))

    # ------------------------------------------------------------------ the loop

    def run(self) -> None:
        text, match = self.text, self.patterns.token.match
        position, length = 0, len(self.text)
        while position < length:
            found = match(text, position)
            if found is None:
                position = self._stray(position)
                continue
            group, start, position = found.lastgroup, position, found.end()
            if group == "blank":
                continue
            if group == "word":
                position = self._word(normal(found[0]), start, position)
            elif group == "symbol":
                position = self._symbol(found[0], start)
            elif group == "number":
                position = self._number(found[0], start, position)
            elif group == "slip":
                position = self._slip(found[0], start, position)
            elif group == "quoted":
                position = self._quoted(found[0], start, position)
            else:
                self._string(found[0], start, position, temporal=group == "temporal")
        self._push(END, "", length, length, "operator")

    def _push(self, kind: str, value: str | Decimal, start: int, end: int, place: _Place) -> int:
        self.tokens.append(Token(kind, value, start, end))
        self.place = place
        return end

    def mark_negation(self) -> None:
        """Tell the `not(…)` that is all of the unary tests (rule 15) from a call of `not`."""
        tokens = self.tokens
        if (
            len(tokens) > 3
            and self.negation_end == len(tokens) - 2
            and tokens[0][:2] == ("NAME", "not")
            and tokens[2].kind != "ARGUMENT"
        ):
            tokens[0] = tokens[0]._replace(kind="NOT_TESTS")

    # ------------------------------------------------------------------ words

    def _word(self, word: str, start: int, end: int) -> int:
        match self.place:
            case "operator":
                return self._word_after_value(word, start, end)
            case "argument":
                if self.patterns.colon_ahead.match(self.text, start):
                    name, end = self._until(start, ":")
                    return self._push("ARGUMENT", name, start, end, "operator")
                return self._word_as_value(word, start, end)
            case "value":
                return self._word_as_value(word, start, end)
            case "member":
                name, end = self.members.longest(self.text, word, end) or (word, end)
                return self._push("MEMBER", name, start, end, "operator")
            case "variable":
                name, end = self._variable(word, start, end)
                self.introduced.append(name)
                constructs = self.brackets[-1].constructs
                if constructs:
                    constructs[-1].pending = name
                return self._push("VARIABLE", name, start, end, "operator")
            case "key":
                name, end = self._until(start, ":")
                self._see_key(name)
                return self._push("KEY", name, start, end, "operator")
            case "parameter":
                name, end = self._until(start, ":,)")
                self.introduced.append(name)
                self.brackets[-1].active.append(name)
                return self._push("PARAMETER", name, start, end, "operator")
            case "type":
                return self._type(word, start, end)

    def _word_as_value(self, word: str, start: int, end: int) -> int:
        # A value begins right after a `)` only where a function's parameters end.
        if word == "external" and self.tokens and self.tokens[-1].kind == "RPAR":
            return self._push("EXTERNAL", word, start, end, "value")
        known = self._longest(word, end)
        if known is not None:
            return self._push("NAME", known[0], start, known[1], "operator")
        kind = KEYWORDS.get(word)
        if kind is not None and (word != "function" or self._next(end) == "("):
            return self._keyword(kind, word, start, end)
        return self._push("NAME", word, start, end, "operator")

    def _longest(self, word: str, end: int) -> tuple[str, int] | None:
        text = self.text
        found = [
            self.names.longest(text, word, end),
            _builtin_names().longest(text, word, end),
            self.members.longest(text, word, end) if self.filters else None,
        ]
        return max((each for each in found if each), key=lambda each: each[1], default=None)

    def _word_after_value(self, word: str, start: int, end: int) -> int:
        kind = KEYWORDS.get(word)
        if kind is not None:
            return self._keyword(kind, word, start, end)
        if word == "instance":
            of = self.patterns.of_ahead.match(self.text, end)
            if of:
                return self._push("INSTANCE_OF", "instance of", start, of.end(), "type")
        return self._push("NAME", word, start, end, "operator")

    def _keyword(self, kind: str, word: str, start: int, end: int) -> int:
        bracket = self.brackets[-1]
        constructs = bracket.constructs
        place: _Place = "value"
        match word:
            case "if":
                constructs.append(_Construct("then"))
            case "then":
                if self._unwind("then"):
                    constructs[-1].open = "else"
            case "else":
                if self._unwind("else"):
                    constructs[-1].open = None
            case "for" | "some" | "every":
                constructs.append(_Construct("return"))
                place = "variable"
            case "return" | "satisfies":
                if self._unwind("return"):
                    self._activate_variable(constructs[-1])
                    constructs[-1].open = None
            case "function":
                # A function may call itself by the key that it is given to.
                if bracket.key is not None and self.tokens[-1].kind == "COLON":
                    self._activate(bracket.active, bracket.key)
                    bracket.key = None
            case "null" | "true" | "false":
                place = "operator"
            case _:
                pass
        return self._push(kind, word, start, end, place)

    # ------------------------------------------------------------------ introduced names

    def _until(self, start: int, stops: str) -> tuple[str, int]:
        """Read an introduced name up to one of the signs; else it is the first word alone."""
        text = self.text
        position = start
        while match := self.patterns.chunk.match(text, position):
            position = match.end()
        after = self.patterns.skipped.match(text, position)
        ahead = after.end() if after else position
        if position > start and ahead < len(text) and text[ahead] in stops:
            return spelling(text[start:position]), position
        return self._one_word(start)

    def _variable(self, word: str, start: int, end: int) -> tuple[str, int]:
        """Read the name between `for` and `in`."""
        text, position = self.text, end
        for _ in range(_MOST_WORDS):
            match = self.patterns.chunk.match(text, position)
            if match is None or match[1] in ("return", "satisfies"):
                break
            if match[1] == "in":
                return spelling(text[start:position]), position
            position = match.end()
        return word, end

    def _one_word(self, start: int) -> tuple[str, int]:
        match = self.patterns.word.match(self.text, start)
        assert match is not None
        return normal(match[0]), match.end()

    def _see_key(self, name: str) -> None:
        bracket = self.brackets[-1]
        if bracket.kind == "{":
            bracket.key = name
        self.introduced.append(name)
        self.members.add(name)

    def _activate(self, active: list[str], name: str) -> None:
        if self.names.add(name):
            active.append(name)

    def _activate_variable(self, construct: _Construct) -> None:
        if construct.pending is not None:
            self._activate(construct.active, construct.pending)
            construct.pending = None

    def _unwind(self, keyword: str) -> bool:
        """End what cannot go on at a keyword; False if nothing open waits for the keyword."""
        constructs = self.brackets[-1].constructs
        index = len(constructs)
        while index and constructs[index - 1].open != keyword:
            index -= 1
        if index:
            self._end_constructs(index)
        return index > 0

    def _end_constructs(self, keep: int = 0) -> None:
        constructs = self.brackets[-1].constructs
        while len(constructs) > keep:
            for name in constructs.pop().active:
                self.names.remove(name)

    # ------------------------------------------------------------------ types

    def _type(self, word: str, start: int, end: int) -> int:
        opening = self._next_offset(end)
        if word in _GENERIC and self.text.startswith("<", opening):
            self._push(_GENERIC[word], word, start, end, "type")
            self._open(word, opening, "key" if word == "context" else "type")
            return self._push("TYPE_OPEN", "<", opening, opening + 1, self.brackets[-1].place)
        known = _type_names().longest(self.text, word, end)
        name, end = known or self._unknown_type(start, end)
        return self._push("TYPE", name, start, end, "operator")

    def _unknown_type(self, start: int, end: int) -> tuple[str, int]:
        """Read a name that is no type's: all of it where a sign must follow, else one word."""
        text = self.text
        several = self.brackets[-1].kind in ("parameters", *_GENERIC) or not self.tokens
        while match := self.patterns.chunk.match(text, end):
            glued = match.end() == end + 1 and self.patterns.run.match(text, match.end())
            if match[2] == "." and glued:
                end = glued.end()
            elif match[1] and several:
                end = match.end()
            else:
                break
        return spelling(text[start:end]), end

    # ------------------------------------------------------------------ symbols

    def _symbol(self, symbol: str, start: int) -> int:
        bracket = self.brackets[-1]
        end = start + len(symbol)
        if bracket.kind in _GENERIC and symbol[0] == ">":
            self._close()
            place: _Place = "type" if bracket.kind == "function" else "operator"
            return self._push("TYPE_CLOSE", ">", start, start + 1, place)
        match symbol:
            case "(":
                self._open_round(start)
            case "[":
                self._open_square(start)
            case "{":
                self._open("{", start, "key")
                self._push("LBRACE", symbol, start, end, "key")
            case ")" | "}":
                self._push(SYMBOLS[symbol], symbol, start, end, self._close())
            case "]":
                if self.place in ("value", "argument") and self._begins_range(end):
                    self._open("]", start, "value")
                    self._push("OPEN_START", symbol, start, end, "value")
                else:
                    self._push("RSQB", symbol, start, end, self._close())
            case ",":
                self._push("COMMA", symbol, start, end, self._comma())
            case ":":
                typed = bracket.kind in ("parameters", "context")
                self._push("COLON", symbol, start, end, "type" if typed else "value")
            case ".":
                self._push("DOT", symbol, start, end, "member")
            case "..":
                if not self._unwind("return"):
                    bracket.dots = True
                self._push("DOTS", symbol, start, end, "value")
            case "->":
                self._push("ARROW", symbol, start, end, "type")
            case _:
                self._push(SYMBOLS[symbol], symbol, start, end, "value")
        return end

    def _open_round(self, start: int) -> None:
        if self.tokens and self.tokens[-1].kind == "FUNCTION":
            self._open("parameters", start, "parameter")
        elif self.place == "operator":
            self._open("call", start, "argument")
        else:
            self._open("(", start, "value")
        self._push("LPAR", "(", start, start + 1, self.brackets[-1].place)

    def _open_square(self, start: int) -> None:
        if self.place != "operator":
            self._open("[", start, "value")
            self._push("LSQB", "[", start, start + 1, "value")
        elif self._ends_range(start + 1):
            self._push("OPEN_END", "[", start, start + 1, self._close())
        else:
            self._open("filter", start, "value")
            self.filters += 1
            self._push("FILTER", "[", start, start + 1, "value")

    def _open(self, kind: str, start: int, place: _Place) -> None:
        if kind == "(" and self._next(start + 1) not in "<>=!":
            self.grouping += 1
        else:
            self.nesting += 1
        self.brackets.append(_Bracket(kind, start, len(self.tokens), place))
        if max(self.grouping, self.nesting) > self.limits.depth:
            self.diagnostics.append(too_deep(self.source, Span(start, start + 1), self.limits))
            raise _TooDeepError

    def _close(self) -> _Place:
        """Close the last bracket, whatever kind it is; the parser sees to it that they fit."""
        self._end_constructs()
        bracket = self.brackets[-1]
        if bracket.token == 1:
            self.negation_end = len(self.tokens)
        if len(self.brackets) == 1:
            return "operator"
        self.brackets.pop()
        if bracket.kind == "(" and self._next(bracket.start + 1) not in "<>=!":
            self.grouping -= 1
        else:
            self.nesting -= 1
        if bracket.kind == "filter":
            self.filters -= 1
        if bracket.kind == "parameters":
            function = _Construct(None)
            self.brackets[-1].constructs.append(function)
            for name in bracket.active:
                self._activate(function.active, name)
            return "value"
        for name in bracket.active:
            self.names.remove(name)
        return "operator"

    def _comma(self) -> _Place:
        bracket = self.brackets[-1]
        if self._unwind("return"):  # a further variable of a `for`
            self._activate_variable(bracket.constructs[-1])
            return "variable"
        self._end_constructs()
        if bracket.key is not None:
            self._activate(bracket.active, bracket.key)
            bracket.key = None
        return bracket.place

    def _begins_range(self, position: int) -> bool:
        """Tell whether a `]` where a value may stand begins a range: a value must follow it."""
        following = self._next_offset(position)
        text = self.text[following : following + 2]
        if self.tokens and self.tokens[-1].kind == "LSQB" and text[:1] in ("[", "]", "(", "-"):
            return False  # an empty list, with something done to it
        return self._begins_value(following)

    def _ends_range(self, position: int) -> bool:
        """Tell whether a `[` after a value ends a range: then no value can follow it."""
        bracket = self.brackets[-1]
        if not bracket.dots or bracket.kind not in ("(", "[", "]"):
            return False
        following = self._next_offset(position)
        return self.text.startswith("]", following) or not self._begins_value(following)

    def _begins_value(self, position: int) -> bool:
        text = self.text
        word = self.patterns.word.match(text, position)
        if word:
            known = self._longest(normal(word[0]), word.end())
            return known is not None or word[0] not in JOINING
        sign = text[position : position + 1]
        if sign == ".":
            return text[position + 1 : position + 2].isdigit()
        return sign != "" and (sign.isdigit() or sign in '"@([{-]')

    def _next_offset(self, position: int) -> int:
        match = self.patterns.skipped.match(self.text, position)
        assert match is not None
        return match.end()

    def _next(self, position: int) -> str:
        """Give the next sign after white space and comments, a blank at the end of the text."""
        offset = self._next_offset(position)
        return self.text[offset : offset + 1] or " "

    # ------------------------------------------------------------------ literals

    def _number(self, digits: str, start: int, end: int) -> int:
        letters = self.patterns.run.match(self.text, end)
        if letters and self.place != "operator":
            end = letters.end()
            self.diagnostics.append(slips.number_and_letters(self.source, Span(start, end)))
        value, problem = number(self.source, digits, Span(start, end))
        if problem is not None:
            self.diagnostics.append(problem)
        return self._push("NUMBER", value, start, end, "operator")

    def _string(self, quoted: str, start: int, end: int, *, temporal: bool) -> None:
        inside = quoted.index('"') + 1
        value, problems_within = unescaped(self.source, quoted[inside:-1], start + inside)
        self.diagnostics += problems_within
        if self.place == "key" and not temporal:
            self._see_key(value)
            self._push("KEY", value, start, end, "operator")
        else:
            self._push("TEMPORAL" if temporal else "STRING", value, start, end, "operator")

    # ------------------------------------------------------------------ mistakes

    def _slip(self, written: str, start: int, end: int) -> int:
        if self.brackets[-1].kind in _GENERIC and written in ("=>", "=<"):
            return self._symbol(written[0], start)
        self.diagnostics.append(slips.operator(self.source, Span(start, end)))
        meant = slips.OPERATORS[written]
        if meant in KEYWORDS:
            return self._keyword(KEYWORDS[meant], meant, start, end)
        self._symbol(meant, start)
        self.tokens[-1] = self.tokens[-1]._replace(end=end)
        return end

    def _quoted(self, written: str, start: int, end: int) -> int:
        if written[0] == "'" and self.place == "operator":
            return self._stray(start)
        self.diagnostics.append(slips.quotation(self.source, Span(start, end)))
        kind = "TEMPORAL" if written[0] == "@" else "STRING"
        return self._push(kind, written.removeprefix("@")[1:-1], start, end, "operator")

    def _stray(self, position: int) -> int:
        """Report what can begin no token, and leave it out."""
        text = self.text
        repeated = (
            position > 0
            and self.dropped[-1:] == [position - 1]
            and text[position] == text[position - 1]
        )
        self.dropped.append(position)
        if text.startswith(('"', '@"'), position):
            self.diagnostics.append(slips.unclosed_text(self.source, position))
            return len(text)
        if text.startswith("/*", position):
            self.diagnostics.append(slips.unclosed_comment(self.source, position))
            return len(text)
        # A hidden character has been reported for what it is; the same one twice is one mistake.
        if position not in self.hidden and not repeated:
            self.diagnostics.append(slips.character(self.source, position))
        return position + 1


def too_deep(source: Source, span: Span, limits: Limits) -> Diagnostic:
    """Say that an expression is nested too deeply."""
    return Diagnostic(
        "feel.too-deep",
        message("the expression is nested more than {limit} levels deep", limit=limits.depth),
        span,
        source,
        message("give parts of it names in a context, or make them rules of their own"),
    )
