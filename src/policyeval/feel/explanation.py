"""Says in plain words what is wrong with a text that is not written as the grammar asks.

The parser tells which token it could not use and which kinds of token it could have used; from
these, and from slips that are often made, follow the message and the help.
"""

from collections.abc import Callable, Collection, Sequence
from collections.abc import Set as AbstractSet

from policyeval.diagnostics import Diagnostic, did_you_mean
from policyeval.feel.lexer import Lexed
from policyeval.feel.mistakes import (
    CLOSING,
    COMPARISONS,
    NAMES,
    PREFIXES,
    VALUES,
    Mistake,
    known_names,
    open_before,
)
from policyeval.feel.tokens import END, KEYWORDS, Token
from policyeval.messages import Message, message
from policyeval.source import Source, Span

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
    if token.kind == END and lexed.unclosed and expected & CLOSING.keys():
        return _unclosed(source, lexed.unclosed[-1])
    if token.kind in CLOSING and not open_before(lexed, index):
        return _never_opened(source, token)
    if before is not None:
        slip = Mistake(source, lexed, index, expected, names).found()
        if slip is not None:
            return slip
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
        # Right after what stands last, wherever the white space after it ends.
        span = Span(before.end, before.end)
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


def _never_opened(source: Source, token: Token) -> Diagnostic:
    bracket = source.text[token.start]
    return Diagnostic(
        "feel.syntax",
        message("the bracket `{bracket}` was never opened", bracket=bracket),
        _span(token),
        source,
        message("delete it, or put `{opening}` where it should begin", opening=CLOSING[token.kind]),
    )


def _found(token: Token, source: Source) -> Message:
    text = source.text[token.start : token.end]
    shown = text if len(text) <= 40 else text[:39] + "…"
    match token.kind:
        case "STRING":
            return message("the text `{text}`", text=shown)
        case "NUMBER":
            return message("the number `{text}`", text=shown)
        case kind if kind in NAMES:
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
_OPERATOR_KINDS = frozenset(
    {
        *("PLUS", "MINUS", "TIMES", "DIVIDED", "POWER", "IN", "BETWEEN", "INSTANCE_OF", "DOT"),
        *("FILTER", "LPAR", "AND", "OR"),
        *COMPARISONS,
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
        rest -= _VALUE_KINDS | COMPARISONS
    if rest >= _TYPE_KINDS:
        parts.append(message("a type"))
        rest -= _TYPE_KINDS
    if "PLUS" in rest:
        operator = message("an operator")
        rest -= _OPERATOR_KINDS
    else:
        operator = None
    rest -= {"OPEN_END", "NOT_TESTS"}
    if "DOTS" in rest and rest & {"COMMA", "RPAR"}:
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
    word = str(token.value) if token.kind in NAMES else ""
    if token.kind == "ELSE" and (before is None or before.kind != "THEN"):
        return message("an `else` belongs to an `if … then …` before it")
    if token.kind == "RETURN" and before is None:
        return message("leave out `return`: an expression is its own result")
    if token.kind in _BINARY and "NUMBER" in expected:
        return message(
            "`{operator}` stands between two values; one is missing before it", operator=token.value
        )
    if word and (keyword := _keyword_meant(word, expected, {*names, *lexed.introduced})):
        return message("did you mean `{name}`?", name=keyword)
    if before is None:
        return None
    if token.kind in NAMES and before.kind in NAMES:
        known = known_names(lexed, names)
        found = _misspelt_run(lexed, index, known)
        if found is not None:
            return found
    if "ELSE" in expected and (token.kind in CLOSING or token.kind in (END, "COMMA")):
        return message("an `if` has a `then` and an `else`; write `else null` for no value")
    if "THEN" in expected:
        return message("an `if` has a `then` and an `else`")
    if "AND" in expected and not expected & {"OR", "EQUAL"}:
        return message("`between` has two ends: `x between 1 and 10`")
    if token.kind in CLOSING and lexed.unclosed is not None and expected & CLOSING.keys():
        return message("each bracket is closed by one of its own kind")
    if token.kind in ("RPAR", "RSQB") and before.kind == "DOTS":
        return message("write `null` for an end without a bound")
    if token.kind in CLOSING and before.kind == "COMMA":
        return message("leave out the comma before the bracket")
    if token.kind == "COMMA":
        after = lexed.tokens[index + 1].kind
        if "NUMBER" in expected or after in ("AND", "OR", "THEN", "ELSE", END):
            return message("leave out the comma")
        if index > 1 and lexed.tokens[index - 2].kind == "IN":
            return message('put the values in brackets: `x in ("a", "b")`')
    if before.kind == "KEY" and "COLON" in expected:
        return message("curly brackets hold entries, `name: value`; a list stands in `[…]`")
    if word == "?":
        return message("write `if … then … else …`")
    if token.kind in NAMES | VALUES and before.kind in NAMES | VALUES:
        if "COMMA" in expected:
            return message("between two values there must be a comma or an operator")
        return message("between two values there must be an operator, such as `and`, `=` or `+`")
    return None


_BINARY = frozenset(
    {
        *("AND", "OR", "TIMES", "DIVIDED", "POWER", "PLUS", "EQUAL", "NOT_EQUAL", "IN", "BETWEEN"),
        *("GREATER", "GREATER_EQUAL", "LESS", "LESS_EQUAL"),
    }
)


def _keyword_meant(word: str, expected: AbstractSet[str], known: Collection[str]) -> str | None:
    """Give the keyword that a word is a slip of, among those that could stand here."""
    wanted = [keyword for keyword, kind in KEYWORDS.items() if kind in expected]
    lower = word.lower()
    if lower in wanted:
        return lower
    if lower in ("elseif", "elsif", "elif") and "else" in wanted:
        return "else if"
    if word in known:
        return None
    joining = [each for each in wanted if each not in ("null", "true", "false", *PREFIXES)]
    for keyword in joining:
        if len(lower) >= 2 and keyword.startswith(lower):
            return keyword
        # Run on: `anda` for `and a`; of short words that would be found in too many others.
        rest = word[len(keyword) :]
        if lower.startswith(keyword) and (rest in known or (len(keyword) > 3 and len(rest) <= 2)):
            return keyword
    close = did_you_mean(lower, [each for each in joining if len(each) > 2])
    return str(close.fields["name"]) if close else None


def _misspelt_run(lexed: Lexed, index: int, known: Collection[str]) -> Message | None:
    """Look for a known name of several words near the words around a token."""
    first = last = index
    tokens = lexed.tokens
    while first and tokens[first - 1].kind in NAMES:
        first -= 1
    while tokens[last + 1].kind in NAMES:
        last += 1
    several = [name for name in known if " " in name or not name.isidentifier()]
    joined = {name.replace("_", " "): name for name in known if "_" in name}
    for start in range(first, index):
        for end in range(last, index - 1, -1):
            run = " ".join(str(each.value) for each in tokens[start : end + 1])
            if len(run) > 200:
                continue
            if found := did_you_mean(run, several):
                return found
            if found := did_you_mean(run, joined, 0.85):
                name = joined[str(found.fields["name"])]
                return message("did you mean `{name}`?", name=name)
    return None
