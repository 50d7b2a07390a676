"""Slips that are recognised around a token that cannot stand where it does.

Where one is, it is described instead of what the grammar would have taken: `180 days` is no period,
`IF` is `if`, `x > 1 and < 5` says too little. What people write is listed in `policyeval.feel.slips`.
"""

from collections.abc import Collection
from collections.abc import Set as AbstractSet
from typing import Final

from policyeval.diagnostics import Diagnostic, did_you_mean
from policyeval.feel import builtins, slips
from policyeval.feel.lexer import Lexed
from policyeval.feel.tokens import END, KEYWORDS, Token
from policyeval.messages import Message, message
from policyeval.source import Source, Span

CLOSING: Final = {"RPAR": "(", "RSQB": "[", "RBRACE": "{"}
OPENING: Final = frozenset({"LPAR", "LSQB", "LBRACE", "FILTER", "OPEN_START"})
PREFIXES: Final = ("if", "for", "some", "every", "function", "not")
NAMES: Final = frozenset({"NAME", "VARIABLE", "KEY", "PARAMETER", "ARGUMENT", "MEMBER", "TYPE"})
VALUES: Final = frozenset({"NUMBER", "STRING", "TEMPORAL", "NULL", "TRUE", "FALSE"})
COMPARISONS: Final = frozenset(
    {"EQUAL", "NOT_EQUAL", "LESS", "LESS_EQUAL", "GREATER", "GREATER_EQUAL"}
)
_BEGINNING = NAMES | VALUES | {"LPAR", "LBRACE", "LSQB", "AND", "OR"}
_BEFORE_CONDITION = frozenset({"AND", "OR", "IF", "THEN", "ELSE", "COMMA", "COLON", "RETURN"})
_ORDERS = frozenset({"<", ">", "<=", ">="})
_BEFORE_TEXT = frozenset({"EQUAL", "NOT_EQUAL", "LPAR", "LSQB", "COMMA", "IN"})


def open_before(lexed: Lexed, index: int) -> int:
    """Count the brackets that are open before a token."""
    open_ = 0
    for token in lexed.tokens[:index]:
        if token.kind in OPENING:
            open_ += 1
        elif token.kind in CLOSING or token.kind == "OPEN_END":
            open_ -= 1
    return open_


def known_names(lexed: Lexed, names: Collection[str]) -> set[str]:
    """Give every name that has a meaning in a text."""
    return {*names, *builtins.names(), *lexed.introduced}


class Mistake:
    """Looks for a slip around the token that cannot stand where it does."""

    def __init__(
        self,
        source: Source,
        lexed: Lexed,
        index: int,
        expected: AbstractSet[str],
        names: Collection[str],
    ) -> None:
        self.source = source
        self.tokens = lexed.tokens
        self.known = known_names(lexed, names)
        self.index = index
        self.expected = expected
        self.token = lexed.tokens[index]
        self.before = lexed.tokens[index - 1]
        self.after = lexed.tokens[min(index + 1, len(lexed.tokens) - 1)]
        self.word = str(self.token.value) if self.token.kind in NAMES else ""

    def found(self) -> Diagnostic | None:
        """Describe the slip, if it is one that is known."""
        for look in (
            self._figures,
            self._unit,
            self._word_between,
            self._sign_between,
            self._word_before,
            self._comparison_again,
            self._range_without_brackets,
            self._text_without_quotes,
        ):
            diagnostic = look()
            if diagnostic is not None:
                return diagnostic
        return None

    def _told(self, text: Message, first: Token, last: Token, help: Message) -> Diagnostic:
        return Diagnostic("feel.syntax", text, Span(first.start, last.end), self.source, help)

    def _text(self, first: Token, last: Token) -> str:
        return self.source.text[first.start : last.end]

    # ---------------------------------------------------------------- numbers

    def _figures(self) -> Diagnostic | None:
        """Notice `1 000`, `1.000,50` and `31.12.2024`."""
        if self.before.kind != "NUMBER" or self.token.kind not in ("NUMBER", "COMMA"):
            return None
        first = self.index - 1
        while first and self.tokens[first - 1].kind == "NUMBER":
            first -= 1
        start = self.tokens[first].start
        written = slips.figures(self.source.text, start)
        if len(written) <= self.tokens[first].end - start:
            return None
        span = Span(start, start + len(written))
        numbers = slips.numbers_meant(written)
        if day := slips.date_meant(written):
            what = message("a date is not written like this: `{text}`", text=written)
            help = message("write `{text}`", text=f'date("{day}")')
        elif len(numbers) == 2:
            what = message("a number is not written like this: `{text}`", text=written)
            help = message(
                "write `{whole}`, or `{fraction}` if the comma begins the fraction",
                whole=numbers[0],
                fraction=numbers[1],
            )
        elif numbers:
            what = message("a number is not written like this: `{text}`", text=written)
            help = message("write a number with a point: `{number}`", number=numbers[0])
            if "." not in numbers[0]:
                help = message("write `{text}`", text=numbers[0])
        else:
            return None
        return Diagnostic("feel.syntax", what, span, self.source, help)

    def _unit(self) -> Diagnostic | None:
        """Notice `180 days`, `100 SEK`, `SEK 100` and `25 percent`."""
        if self.before.kind == "NAME" and self.token.kind == "NUMBER":
            if str(self.before.value) in self.known or not slips.is_currency(
                str(self.before.value)
            ):
                return None
            amount, unit, first, last = self.token, self.before, self.before, self.token
        elif self.before.kind == "NUMBER" and self.word:
            amount, unit, first, last = self.before, self.token, self.before, self.token
        else:
            return None
        number = self._text(amount, amount)
        text = self._text(first, last)
        if period := slips.period_meant(number, str(unit.value)):
            return self._told(
                message("a period is not written like this: `{text}`", text=text),
                first,
                last,
                message("write `{text}`", text=f'duration("{period}")'),
            )
        if slips.is_currency(str(unit.value)):
            return self._told(
                message("a number is not written like this: `{text}`", text=text),
                first,
                last,
                message("write the number alone, without the currency: `{number}`", number=number),
            )
        if slips.is_per_cent(str(unit.value)):
            return self._told(
                message("a number is not written like this: `{text}`", text=text),
                first,
                last,
                message("write `{text}`", text=slips.hundredths(number)),
            )
        return None

    # ---------------------------------------------------------------- words

    def _word_between(self) -> Diagnostic | None:
        """Notice words of other languages between two values: `und`, `is not`, `not in`."""
        word, following = self.word.casefold(), str(self.after.value)
        if not word or word in self.expected or "PLUS" not in self.expected:
            return None
        after = following.casefold() if self.after.kind in NAMES | {"NULL", "IN"} else ""
        if word in slips.EQUALITIES and after in slips.NEGATIONS:
            return self._meant(self.token, self.after, "!=")
        if word in slips.EQUALITIES and slips.WORDS.get(after) in _ORDERS:
            return self._meant(self.token, self._than(self.index + 1), slips.WORDS[after])
        if word in slips.NEGATIONS:
            if self.after.kind == "EQUAL":
                return self._meant(self.token, self.after, "!=")
            return self._told(
                message("`{text}` cannot stand between two values", text=self.word),
                self.token,
                self.token,
                message("put the whole condition into the brackets of `not(…)`"),
            )
        between = "AND" in self.expected and not self.expected & {"OR", "EQUAL"}
        if between and word in ("bis", "till", "to", "until"):
            return self._meant(self.token, self.token, "and")
        if word in ("mod", "modulo"):
            return self._meant(self.token, self.token, "modulo(a, b)")
        if word in ("contains", "enthält", "innehåller", "like"):
            return self._meant(self.token, self.token, "contains(a, b)")
        meant = slips.WORDS.get(word)
        if meant is None or word == meant:
            return None
        if self.before.kind == "NAME" and str(self.before.value) not in self.known:
            return None  # two words that mean nothing: what is between them cannot be told
        if meant in KEYWORDS and KEYWORDS[meant] not in self.expected:
            return None
        if meant in ("=", "!=", "<", ">", "<=", ">=") and "EQUAL" not in self.expected:
            return None
        return self._meant(self.token, self._than(self.index), meant)

    def _than(self, index: int) -> Token:
        """Give the word that ends `greater than`: the one at a place, or `than` after it."""
        following = self.tokens[index + 1]
        than = following.kind in NAMES and following.value in ("than", "als", "än")
        return following if than else self.tokens[index]

    def _meant(self, first: Token, last: Token, meant: str) -> Diagnostic:
        return self._told(
            message("the word `{text}` has no meaning here", text=self._text(first, last)),
            first,
            last,
            message("write `{text}`", text=meant),
        )

    def _sign_between(self) -> Diagnostic | None:
        """Notice `:=`."""
        if self.token.kind != "COLON" or self.after.kind != "EQUAL":
            return None
        if self.token.end != self.after.start or "EQUAL" not in self.expected:
            return None
        return self._told(
            message("`{written}` is not an operator here", written=":="),
            self.token,
            self.after,
            message("write `{meant}`", meant="="),
        )

    def _word_before(self) -> Diagnostic | None:
        """Notice a word before a value that should begin something: `wenn`, `IF`, `not`, `abs x`."""
        before, token = self.before, self.token
        if before.kind != "NAME" or token.kind not in _BEGINNING:
            return None
        word = str(before.value)
        lower = word.casefold()
        if word in builtins.names() and lower not in slips.NEGATIONS | slips.EQUALITIES:
            return self._told(
                message("the argument of `{function}` is not in brackets", function=word),
                before,
                token,
                message("write `{text}`", text=f"{word}(…)"),
            )
        if word in self.known and lower not in slips.NEGATIONS:
            return None
        if lower in slips.NEGATIONS:
            operand = "…"
            if self.after.kind in (END, "AND", "OR", "RPAR", "COMMA", "THEN", "ELSE"):
                operand = self._text(token, token) if token.kind in NAMES else "…"
            return self._meant_before(f"not({operand})")
        if lower in slips.OPENINGS:
            return self._meant_before(slips.OPENINGS[lower])
        if len(lower) > 1 or lower == "i":
            for keyword in PREFIXES:
                shorter, longer = sorted((lower, keyword), key=len)
                if longer.startswith(shorter) and len(longer) - len(shorter) <= 4:
                    return self._perhaps(keyword)
        close = did_you_mean(lower, [each for each in PREFIXES if len(each) > 3])
        return self._perhaps(str(close.fields["name"])) if close else None

    def _meant_before(self, meant: str) -> Diagnostic:
        if meant.startswith("not(") and self.before.value == "not":
            what = message("`not` has its condition in brackets")
        else:
            what = message("the word `{text}` has no meaning here", text=self.before.value)
        return self._told(what, self.before, self.before, message("write `{text}`", text=meant))

    def _perhaps(self, meant: str) -> Diagnostic:
        return self._told(
            message("the word `{text}` has no meaning here", text=self.before.value),
            self.before,
            self.before,
            message("did you mean `{name}`?", name=meant),
        )

    # ---------------------------------------------------------------- conditions

    def _comparison_again(self) -> Diagnostic | None:
        """Notice `x > 1 and < 5`."""
        if self.token.kind not in COMPARISONS or self.before.kind not in ("AND", "OR"):
            return None
        compared = self._compared()
        if compared is None:
            return None
        return self._told(
            message("`{operator}` has nothing to compare on its left", operator=self.token.value),
            self.token,
            self.token,
            message(
                "say again what is compared: `{text}`", text=f"{compared} {self.token.value} …"
            ),
        )

    def _compared(self) -> str | None:
        """Give what the comparison before an `and` or `or` compares."""
        index = self.index - 2
        depth = 0
        sign = -1
        while index >= 0:
            kind = self.tokens[index].kind
            depth += (kind in CLOSING) - (kind in OPENING)
            if depth < 0 or (not depth and kind in _BEFORE_CONDITION):
                break
            if not depth and kind in COMPARISONS:
                sign = index
            index -= 1
        if sign <= index + 1:
            return None
        left, right = self.tokens[index + 1 : sign], self.tokens[sign + 1 : self.index - 1]
        # In `0 < x and < 5` it is the right side that is compared.
        side = right if right and [each.kind for each in left] == ["NUMBER"] else left
        text = self._text(side[0], side[-1])
        return text if len(text) <= 60 else None

    def _range_without_brackets(self) -> Diagnostic | None:
        """Notice `x in 1..10`."""
        if self.token.kind != "DOTS" or self.before.kind not in NAMES | VALUES:
            return None
        if self.after.kind not in NAMES | VALUES:
            return None
        text = self._text(self.before, self.after)
        return self._told(
            message("a range is written in brackets"),
            self.before,
            self.after,
            message("write `{text}`", text=f"[{text}]"),
        )

    def _text_without_quotes(self) -> Diagnostic | None:
        """Notice `x = data recovery`, where nothing is called so."""
        if not self.word or self.before.kind != "NAME":
            return None
        first = self.index - 1
        while first and self.tokens[first - 1].kind == "NAME":
            first -= 1
        last = self.index
        while self.tokens[last + 1].kind == "NAME":
            last += 1
        run = self.tokens[first : last + 1]
        if not first or self.tokens[first - 1].kind not in _BEFORE_TEXT:
            return None
        words = [str(each.value) for each in run]
        if any(word in self.known for word in words) or max(map(len, words)) < 3:
            return None
        text = self._text(run[0], run[-1])
        if len(text) > 60 or did_you_mean(text.replace(" ", "_"), self.known):
            return None
        return self._told(
            message("there is no name `{text}`", text=text),
            run[0],
            run[-1],
            message('a text is written in quotation marks: `"{text}"`', text=text),
        )
