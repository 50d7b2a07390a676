"""Writes a syntax tree as text: the same tree always as the same text, with no needless brackets.

`parse(Source(unparse(tree)), names, members)` gives the tree back if `names` and `members` have its
names. A name is legal if the grammar can read it where it stands; a key that cannot be is written
as a string. Where known names are so alike that text would be read as one of them (`a - b` beside a
name `a-b`), the shorter one gets brackets: `(a) - b`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from policyeval.feel import builtins, syntax
from policyeval.feel.characters import problems
from policyeval.feel.lexer import PROPERTIES
from policyeval.feel.names import KnownNames, chunks, run_pattern, spelling
from policyeval.feel.syntax import Expression, Node, Test, TypeSyntax, UnaryTests
from policyeval.source import Source

# How tightly an expression binds; a part that binds less tightly than its place asks is bracketed.
_TO_END, _OR, _AND, _COMPARISON, _SUM, _PRODUCT, _POWER, _NEGATION, _INSTANCE, _ACCESS, _PRIMARY = (
    range(11)
)
_ARITHMETIC = {"+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT, "**": _POWER}

_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_ESCAPED = re.compile(
    '["\\\\\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f'
    "\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff]"
)


def unparse(node: Expression | UnaryTests | TypeSyntax) -> str:
    """Write a tree as canonical text."""
    known = KnownNames((*builtins.names(), *PROPERTIES, *names_in(node)))
    apart: set[int] = set()
    while True:
        text, marks = _written(node, apart)
        mistaken = {mark.number for mark in marks if _reaches_further(text, mark, known)} - apart
        if not mistaken:
            return text
        apart |= mistaken


def names_in(node: Node) -> Iterator[str]:
    """Give every name in a tree, in no particular order: of variables, keys, parameters, entries."""
    for each in syntax.walk(node):
        match each:
            case syntax.Name(name) | syntax.Iteration(name) | syntax.Parameter(name):
                yield name
            case syntax.Path(_, name) | syntax.ContextTypeEntry(name):
                yield name
            case syntax.ContextEntry(key):
                yield key
            case syntax.Argument(_, name) if name is not None:
                yield name
            case _:
                pass


# ------------------------------------------------------------------ pieces of text


@dataclass(frozen=True, slots=True)
class _Part:
    """A part to be written, in brackets if it binds less tightly than `level`."""

    node: Expression
    level: int = _TO_END


@dataclass(frozen=True, slots=True)
class _Marked:
    """A word with which a longer known name might begin."""

    text: str
    number: int


@dataclass(frozen=True, slots=True)
class _Mark:
    number: int
    start: int
    end: int


_Piece = str | Node | _Part | _Marked


def _written(node: Node, apart: set[int]) -> tuple[str, list[_Mark]]:
    """Write a tree; the marked words in `apart` are kept from running into what follows."""
    written: list[str] = []
    marks: list[_Mark] = []
    length = number = 0
    pending: list[_Piece] = [node]
    while pending:
        piece = pending.pop()
        if isinstance(piece, str | _Marked):
            text = piece if isinstance(piece, str) else piece.text
            if isinstance(piece, _Marked):
                marks.append(_Mark(piece.number, length, length + len(text)))
            written.append(text)
            length += len(text)
            continue
        bracketed = False
        inner = piece
        if isinstance(piece, _Part):
            inner = piece.node
            bracketed = _level(piece.node) < piece.level
        assert isinstance(inner, Node)
        pieces = list(_pieces(inner, number, apart))
        number += 1
        if bracketed:
            pieces = ["(", *pieces, ")"]
        pending.extend(reversed(pieces))
    return "".join(written), marks


def _reaches_further(text: str, mark: _Mark, known: KnownNames) -> bool:
    word = run_pattern(text.isascii()).match(text, mark.start)
    found = known.longest(text, word[0], word.end()) if word else None
    return found is not None and found[1] > mark.end


def _level(node: Expression) -> int:
    match node:
        case syntax.If() | syntax.For() | syntax.Quantified() | syntax.FunctionLiteral():
            return _TO_END
        case syntax.Disjunction():
            return _OR
        case syntax.Conjunction():
            return _AND
        case syntax.Comparison() | syntax.Between() | syntax.In():
            return _COMPARISON
        case syntax.Arithmetic(operator):
            return _ARITHMETIC[operator]
        case syntax.Negation():
            return _NEGATION
        case syntax.InstanceOf(_, type_):
            # `x instance of list < y` would begin the type of a list.
            return _TO_END if _ends_as_generic(type_) else _INSTANCE
        case syntax.Path() | syntax.Filter() | syntax.Call():
            return _ACCESS
        case _:
            return _PRIMARY


def _ends_as_generic(type_: TypeSyntax) -> bool:
    while isinstance(type_, syntax.FunctionType):
        type_ = type_.result
    return isinstance(type_, syntax.NamedType) and type_.name in (
        *("list", "range", "context", "function"),
    )


def _pieces(node: Node, number: int, apart: set[int]) -> Iterator[_Piece]:
    """Give what a node is written with, in order."""
    match node:
        case syntax.Name(name):
            yield from _kept_apart(name, number, apart)
        case syntax.NullLiteral():
            yield from _kept_apart("null", number, apart)
        case syntax.BooleanLiteral(value):
            yield from _kept_apart("true" if value else "false", number, apart)
        case syntax.NumberLiteral(value):
            yield _number(value)
        case syntax.StringLiteral(value):
            yield _quoted(value)
        case syntax.TemporalLiteral(text):
            yield f"@{_quoted(text)}"
        case syntax.ListLiteral(items):
            yield from ("[", *_separated([_Part(each) for each in items]), "]")
        case syntax.ContextLiteral(entries):
            yield from ("{", *_separated(entries), "}")
        case syntax.ContextEntry(key, value):
            yield from (f"{_key(key)}: ", _Part(value))
        case syntax.RangeLiteral(start, end, start_included, end_included):
            yield "[" if start_included else "("
            yield from (_Part(start), "..", _Part(end))
            yield "]" if end_included else ")"
        case syntax.ComparisonRange(operator, operand):
            yield from (f"({operator} ", _Part(operand, _SUM), ")")
        case syntax.FunctionLiteral(parameters, body, external):
            yield from ("function(", *_separated(parameters), ") ")
            if external:
                yield "external "
            yield from ("(", _Part(body), ")") if _begins_as_external(body) else (_Part(body),)
        case syntax.Parameter(name, type_):
            yield from (name,) if type_ is None else (f"{name}: ", type_)
        case syntax.Path(source, name):
            member = (_Part(source, _ACCESS), ".", _Marked(name, number))
            yield from ("(", *member, ")") if number in apart else member
        case syntax.Filter(source, condition):
            yield from (_Part(source, _ACCESS), "[", _Part(condition), "]")
        case syntax.Call(function, arguments):
            yield from (_Part(function, _ACCESS), "(", *_separated(arguments), ")")
        case syntax.Argument(value, name):
            if name is not None:
                yield f"{name}: "
            yield _Part(value)
        case syntax.Negation(operand):
            yield from ("-", _Part(operand, _NEGATION))
        case syntax.Arithmetic(operator, left, right):
            level = _ARITHMETIC[operator]
            yield from (_Part(left, level), f" {operator} ", _Part(right, level + 1))
        case syntax.Comparison(operator, left, right):
            yield from (_Part(left, _COMPARISON), f" {operator} ", _Part(right, _SUM))
        case syntax.Between(value, low, high):
            yield from (_Part(value, _COMPARISON), " between ", _Part(low, _SUM))
            yield from (" and ", _Part(high, _SUM))
        case syntax.In(value, tests):
            yield from (_Part(value, _COMPARISON), " in ", *_tests_of_in(tests))
        case syntax.InstanceOf(value, type_):
            yield from (_Part(value, _INSTANCE), " instance of ", type_)
        case syntax.Conjunction(operands):
            yield from _separated([_Part(each, _COMPARISON) for each in operands], " and ")
        case syntax.Disjunction(operands):
            yield from _separated([_Part(each, _AND) for each in operands], " or ")
        case syntax.If(condition, consequence, alternative):
            yield from (*_keyword("if", number, apart), _Part(condition), " then ")
            yield from (_Part(consequence), " else ", _Part(alternative))
        case syntax.For(iterations, body):
            yield from (*_keyword("for", number, apart), *_separated(iterations))
            yield from (" return ", _Part(body))
        case syntax.Quantified(quantifier, iterations, condition):
            yield from (*_keyword(quantifier, number, apart), *_separated(iterations))
            yield from (" satisfies ", _Part(condition))
        case syntax.Iteration(name, source, end):
            yield from (f"{name} in ", _Part(source))
            if end is not None:
                yield from ("..", _Part(end))
        case syntax.ComparisonTest(operator, operand):
            yield from (f"{operator} ", _Part(operand, _SUM))
        case syntax.ExpressionTest(expression):
            yield _Part(expression)
        case syntax.UnaryTests(tests, negated):
            yield from _unary_tests(tests, negated=negated)
        case _:
            yield from _type_pieces(node)


def _begins_as_external(node: Expression) -> bool:
    """Tell whether the text of a body begins with a name that would be read as a keyword."""
    while True:
        match node:
            case syntax.Name(name):
                word = run_pattern(name.isascii()).match(name)
                return word is not None and word[0] == "external"
            case syntax.Disjunction(operands) | syntax.Conjunction(operands):
                node = operands[0]
            case syntax.Comparison(_, left) | syntax.Arithmetic(_, left):
                node = left
            case syntax.Between(left) | syntax.In(left) | syntax.InstanceOf(left):
                node = left
            case syntax.Path(left) | syntax.Filter(left) | syntax.Call(left):
                node = left
            case _:
                return False


def _type_pieces(node: Node) -> Iterator[_Piece]:
    match node:
        case syntax.NamedType(name):
            yield name
        case syntax.ListType(item):
            yield from ("list<", item, ">")
        case syntax.RangeType(item):
            yield from ("range<", item, ">")
        case syntax.ContextType(entries):
            yield from ("context<", *_separated(entries), ">")
        case syntax.ContextTypeEntry(name, type_):
            yield from (f"{_key(name)}: ", type_)
        case syntax.FunctionType(parameters, result):
            yield from ("function<", *_separated(parameters), "> -> ", result)
        case _:
            raise TypeError(type(node))


def _tests_of_in(tests: Sequence[Test]) -> Iterator[_Piece]:
    match tests:
        case [syntax.ExpressionTest(syntax.ComparisonRange() as given)]:
            yield from ("(", given, ")")  # without these the brackets would be those of the tests
        case [syntax.ExpressionTest(expression)]:
            yield _Part(expression, _SUM)
        case [test]:
            yield test
        case _:
            yield from ("(", *_separated(tests), ")")


def _unary_tests(tests: Sequence[Test], *, negated: bool) -> Iterator[_Piece]:
    match tests:
        case []:
            yield "-"
        case _ if negated:
            yield from ("not(", *_separated(tests), ")")
        case [syntax.ExpressionTest(syntax.Call(syntax.Name("not")) as call)]:
            yield from ("(", _Part(call), ")")  # without these it would negate the tests
        case _:
            yield from _separated(tests)


def _kept_apart(word: str, number: int, apart: set[int]) -> Iterator[_Piece]:
    marked = _Marked(word, number)
    yield from ("(", marked, ")") if number in apart else (marked,)


def _keyword(word: str, number: int, apart: set[int]) -> Iterator[_Piece]:
    """Write a keyword; a comment after it ends what else would be a name."""
    yield _Marked(word, number)
    yield "/**/ " if number in apart else " "


def _separated(nodes: Sequence[_Piece], separator: str = ", ") -> Iterator[_Piece]:
    for index, each in enumerate(nodes):
        if index:
            yield separator
        yield each


def _key(name: str) -> str:
    """Write a key as a name if it is read as the same name again, else as a string."""
    legal = chunks(name) is not None and spelling(name.strip()) == name
    return name if legal and not problems(Source(name)) else _quoted(name)


def _number(value: Decimal) -> str:
    """Write a number with the digits it has, but no zeros that only its form asks for."""
    _, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int)
    if exponent <= 0 and len(digits) + exponent > -6:
        return f"{value:f}"
    written = "".join(map(str, digits)).rstrip("0") or "0"
    power = len(digits) - 1 + exponent
    point = "." if len(written) > 1 else ""
    return f"{written[0]}{point}{written[1:]}e{power:+d}" if value else "0"


def _quoted(text: str) -> str:
    return f'"{_ESCAPED.sub(_escaped, text)}"'


def _escaped(match: re.Match[str]) -> str:
    character = match[0]
    if character in _ESCAPES:
        return _ESCAPES[character]
    code = ord(character)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:06x}"
