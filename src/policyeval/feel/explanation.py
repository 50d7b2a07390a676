"""Says in plain words what is wrong with a text that is not written as the grammar asks.

The parser tells which token it could not use and which kinds of token it could have used; from
these, and from slips that are often made, follow the message and the help.
"""

from collections.abc import Callable, Collection, Sequence
from collections.abc import Set as AbstractSet

from policyeval.diagnostics import Diagnostic, did_you_mean
from policyeval.feel import builtins
from policyeval.feel.lexer import Lexed
from policyeval.feel.tokens import END, KEYWORDS, Token
from policyeval.messages import Message, message
from policyeval.source import Source, Span

_CLOSING = {"RPAR": "(", "RSQB": "[", "RBRACE": "{"}
_PREFIXES = ("if", "for", "some", "every", "function", "not")
_NAMES = frozenset({"NAME", "VARIABLE", "KEY", "PARAMETER", "ARGUMENT", "MEMBER", "TYPE"})
_VALUES = frozenset({"NUMBER", "STRING", "TEMPORAL", "NULL", "TRUE", "FALSE"})
_MOST = 4  # kinds of token named in one message


def explain(
    source: Source, lexed: Lexed, index: int, expected: AbstractSet[str], names: Collection[str]
) -> Diagnostic:
    """Describe a syntax error.

    Args:
        source: The text.
        lexed: Its tokens.
        index: The token that cannot stand where it does.
        expected: The kinds of token that could.
        names: The variables there are.
    """
    token = lexed.tokens[index]
    before = lexed.tokens[index - 1] if index else None
    if token.kind == END and not index:
        return Diagnostic(
            "feel.syntax",
            message("the expression is empty"),
            _span(token),
            source,
            message("write a value, a name or a condition"),
        )
    if token.kind == END and lexed.unclosed and expected & _CLOSING.keys():
        return _unclosed(source, lexed.unclosed[-1])
    text = message(
        "{found} cannot stand here; expected {expected}",
        found=_found(token, source),
        expected=_listed(expected),
    )
    if token.kind == END:
        text = message(
            "the expression stops too early; expected {expected}", expected=_listed(expected)
        )
    help = _help(lexed, index, expected, names)
    span = _span(token)
    if token.kind == END and before is not None:
        span = Span(len(source.text), len(source.text))
    return Diagnostic("feel.syntax", text, span, source, help)


def _span(token: Token) -> Span:
    return Span(token.start, token.end)


def _unclosed(source: Source, start: int) -> Diagnostic:
    bracket = source.text[start]
    closing = {"(": ")", "[": "]", "{": "}", "<": ">", "]": "["}[bracket]
    return Diagnostic(
        "feel.syntax",
        message("the bracket `{bracket}` is never closed", bracket=bracket),
        Span(start, start + 1),
        source,
        message("put `{closing}` where it should end", closing=closing),
    )


def _found(token: Token, source: Source) -> Message:
    text = source.text[token.start : token.end]
    shown = text if len(text) <= 40 else text[:39] + "…"
    match token.kind:
        case "STRING":
            return message("the text `{text}`", text=shown)
        case "NUMBER":
            return message("the number `{text}`", text=shown)
        case kind if kind in _NAMES:
            return message("the name `{text}`", text=shown)
        case _:
            return message("`{text}`", text=shown)


# ------------------------------------------------------------------ what was expected

# Groups of kinds that are named together, if the first of them is expected.
_VALUE_KINDS = frozenset(
    {
        *(
            "NULL",
            "TRUE",
            "FALSE",
            "NUMBER",
            "STRING",
            "TEMPORAL",
            "NAME",
            "LPAR",
            "LSQB",
            "LBRACE",
        ),
        *("OPEN_START", "MINUS", "IF", "FOR", "SOME", "EVERY", "FUNCTION"),
    }
)
_COMPARISONS = frozenset({"EQUAL", "NOT_EQUAL", "LESS", "LESS_EQUAL", "GREATER", "GREATER_EQUAL"})
_OPERATOR_KINDS = frozenset(
    {
        *("PLUS", "MINUS", "TIMES", "DIVIDED", "POWER", "IN", "BETWEEN", "INSTANCE_OF", "DOT"),
        *("FILTER", "LPAR", "AND", "OR"),
        *_COMPARISONS,
    }
)
_TYPE_KINDS = frozenset({"TYPE", "TYPE_LIST", "TYPE_RANGE", "TYPE_CONTEXT", "TYPE_FUNCTION"})

_WORDS: dict[str, Callable[[], Message]] = {
    "VARIABLE": lambda: message("a name"),
    "KEY": lambda: message("a name for the entry"),
    "PARAMETER": lambda: message("the name of a parameter"),
    "ARGUMENT": lambda: message("the name of a parameter"),
    "MEMBER": lambda: message("the name of an entry"),
    "RPAR": lambda: message("a closing bracket `)`"),
    "RSQB": lambda: message("a closing bracket `]`"),
    "RBRACE": lambda: message("a closing bracket `}`"),
    "LPAR": lambda: message("an opening bracket `(`"),
    "TYPE_OPEN": lambda: message("`<`"),
    "TYPE_CLOSE": lambda: message("`>`"),
    "COMMA": lambda: message("a comma"),
    "COLON": lambda: message("a colon"),
    "ARROW": lambda: message("`->`"),
    "DOTS": lambda: message("`..`"),
    "EXTERNAL": lambda: message("`external`"),
    END: lambda: message("the end of the expression"),
}


def _listed(expected: AbstractSet[str]) -> Message:
    """Name what was expected, the most telling first."""
    rest = set(expected)
    parts: list[Message] = []
    keywords = sorted(rest & {"THEN", "ELSE", "RETURN", "SATISFIES"})
    if "AND" in rest and "OR" not in rest and "PLUS" in rest and "EQUAL" not in rest:
        keywords.append("AND")  # of `between`
    if "IN" in rest and "EQUAL" not in rest:
        keywords.append("IN")
    parts += [message("`{word}`", word=each.lower()) for each in keywords]
    rest -= {*keywords}
    if "NUMBER" in rest:
        parts.append(message("a value"))
        if "EQUAL" in rest:
            parts.append(message("a comparison"))
        rest -= _VALUE_KINDS | _COMPARISONS
    if rest >= _TYPE_KINDS:
        parts.append(message("a type"))
        rest -= _TYPE_KINDS
    if "PLUS" in rest:
        operator = message("an operator")
        rest -= _OPERATOR_KINDS
    else:
        operator = None
    rest -= {"OPEN_END", "NOT_TESTS"}
    if "DOTS" in rest and "COMMA" in rest | {"RPAR"}:
        rest -= {"DOTS"}
    order = (
        *("COLON", "ARROW", "RPAR", "RSQB", "RBRACE", "TYPE_CLOSE", "COMMA", "DOTS", "LPAR"),
        *("TYPE_OPEN", "VARIABLE", "KEY", "PARAMETER", "ARGUMENT", "MEMBER", "EXTERNAL", END),
    )
    parts += [_WORDS[kind]() for kind in order if kind in rest]
    if operator is not None:
        parts.append(operator)
    if not parts:  # a complete expression stands before the token
        parts = [_WORDS[END](), message("an operator")]
    return _joined(parts[:_MOST])


def _joined(parts: Sequence[Message]) -> Message:
    result = parts[-1]
    for index, part in enumerate(reversed(parts[:-1])):
        if index:
            result = message("{first}, {others}", first=part, others=result)
        else:
            result = message("{first} or {second}", first=part, second=result)
    return result


# ------------------------------------------------------------------ what to do about it


def _help(
    lexed: Lexed, index: int, expected: AbstractSet[str], names: Collection[str]
) -> Message | None:
    token = lexed.tokens[index]
    before = lexed.tokens[index - 1] if index else None
    word = str(token.value) if token.kind in _NAMES else ""
    if word and (keyword := _keyword_meant(word, expected)):
        return message("did you mean `{name}`?", name=keyword)
    if before is None:
        return None
    if token.kind == "COMMA" and (point := _decimal_comma(lexed, index)) is not None:
        return point
    if token.kind in _NAMES and before.kind in _NAMES:
        known = {*names, *builtins.names(), *lexed.introduced}
        found = _misspelt_run(lexed, index, known)
        if found is not None:
            return found
    if before.kind == "NAME" and (meant := _prefix_meant(str(before.value), token)):
        return meant
    if token.kind == END or token.kind in _CLOSING or token.kind == "COMMA":
        if "ELSE" in expected:
            return message("an `if` has a `then` and an `else`; write `else null` for no value")
        if "THEN" in expected:
            return message("an `if` has a `then` and an `else`")
    if token.kind in _CLOSING and lexed.unclosed is not None and expected & _CLOSING.keys():
        return message("each bracket is closed by one of its own kind")
    if token.kind in ("RPAR", "RSQB") and before.kind == "DOTS":
        return message("write `null` for an end without a bound")
    if token.kind in _CLOSING and before.kind == "COMMA":
        return message("leave out the comma before the bracket")
    if token.kind == "ELSE" and before.kind != "THEN":
        return message("an `else` belongs to an `if … then …` before it")
    if word and before.kind in _NAMES | _VALUES:
        return message("between two values there must be an operator, such as `and`, `=` or `+`")
    return None


def _decimal_comma(lexed: Lexed, index: int) -> Message | None:
    """Notice a number written with a comma: `1,5`."""
    around = lexed.tokens[index - 1 : index + 2]
    if [each.kind for each in around] != ["NUMBER", "COMMA", "NUMBER"]:
        return None
    whole, comma, fraction = around
    if whole.end != comma.start or comma.end != fraction.start:
        return None
    return message(
        "write a number with a point: `{number}`", number=f"{whole.value}.{fraction.value}"
    )


def _keyword_meant(word: str, expected: AbstractSet[str]) -> str | None:
    """Give the keyword that a word is a slip of, among those that could stand here."""
    wanted = [keyword for keyword, kind in KEYWORDS.items() if kind in expected]
    lower = word.lower()
    if lower in wanted:
        return lower
    if lower in ("elseif", "elsif", "elif") and "else" in wanted:
        return "else if"
    if lower == "is" and "EQUAL" in expected:
        return "="
    joining = [each for each in wanted if each not in ("null", "true", "false", *_PREFIXES)]
    for keyword in joining:
        shorter, longer = sorted((lower, keyword), key=len)
        if len(shorter) >= 2 and longer.startswith(shorter):
            return keyword
    close = did_you_mean(lower, [each for each in joining if len(each) > 2])
    return str(close.fields["name"]) if close else None


def _prefix_meant(word: str, token: Token) -> Message | None:
    """Notice a keyword cut short, run on or in capitals before a value: `i a then b`."""
    lower = word.lower()
    if token.kind not in _NAMES | _VALUES | {"LPAR", "LBRACE", "LSQB", "AND", "OR"}:
        return None
    if lower == "not":
        return message("write `not(…)`, with brackets")
    for keyword in _PREFIXES:
        shorter, longer = sorted((lower, keyword), key=len)
        if longer.startswith(shorter) and len(longer) - len(shorter) <= 4:
            return message("did you mean `{name}`?", name=keyword)
    return did_you_mean(lower, [each for each in _PREFIXES if len(each) > 3])


def _misspelt_run(lexed: Lexed, index: int, known: Collection[str]) -> Message | None:
    """Look for a known name of several words near the words around a token."""
    first = last = index
    tokens = lexed.tokens
    while first and tokens[first - 1].kind in _NAMES:
        first -= 1
    while tokens[last + 1].kind in _NAMES:
        last += 1
    several = [name for name in known if " " in name or not name.isidentifier()]
    for start in range(first, index):
        for end in range(last, index - 1, -1):
            run = " ".join(str(each.value) for each in tokens[start : end + 1])
            if len(run) <= 200 and (found := did_you_mean(run, several)):
                return found
    return None
