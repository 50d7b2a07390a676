"""A text as the row of its words, in which the layout of the page leaves no trace.

Where a line ends says nothing: a text may be wrapped anywhere, and a word may be divided there. So
what a reader would take for the same words may be written in more than one way (a hyphen at the end
of a line may belong to the word or not, a dash may be a sign before an item of a list), and a word
knows all of them, the likeliest first.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from policyeval.policy.clause_texts import normalised, sentences

LONGEST = 50_000
"""Words of a text that are compared."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text, or what a line's end made of one.

    Attributes:
        forms: What it may be in the normal form of `clause_texts`, the likeliest first: one word,
            several, or none.
        line: The line it begins in, counted from 1.
        starts: Whether a sentence, an item or a paragraph may begin here.
        divided: Whether it was put together over the end of a line.
    """

    forms: tuple[tuple[str, ...], ...]
    line: int
    starts: bool
    divided: bool = False

    @property
    def text(self) -> str:
        """The likeliest form."""
        return " ".join(self.forms[0])


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words in a row: `start` inclusive, `end` exclusive."""

    start: int
    end: int


def words(text: str) -> tuple[Word, ...]:
    """Give the words of a text."""
    return tuple(_joined(_raw(text)))


def spoken(row: Sequence[Word], stretches: Sequence[Stretch]) -> str:
    """Give the text of stretches of words, on one line."""
    every = (row[index].text for each in stretches for index in range(each.start, each.end))
    return " ".join(each for each in every if each)


def lines(row: Sequence[Word], stretches: Sequence[Stretch]) -> tuple[int, int]:
    """Give the first and the last line of stretches of words."""
    found = [row[at].line for each in stretches for at in (each.start, each.end - 1)]
    return min(found), max(found)


def segments(row: Sequence[Word], stretch: Stretch) -> tuple[Stretch, ...]:
    """Cut a stretch where sentences, items or paragraphs may begin."""
    cuts = [at for at in range(stretch.start + 1, stretch.end) if row[at].starts]
    edges = [stretch.start, *cuts, stretch.end]
    return tuple(Stretch(a, b) for a, b in pairwise(edges) if b > a)


def is_silent(word: Word) -> bool:
    """Tell whether a word may be a mere sign of the layout, such as the one before an item."""
    return () in word.forms


def letters(texts: Iterable[str]) -> str:
    """Write words without blanks, and without the hyphens that layout brings and takes away.

    What stands between digits stays: `5-10` is not `510`, and `1 000` not `1000`.
    """
    found: list[str] = []
    for text in texts:
        for word in text.split():
            if part := bare(word):
                if found and found[-1][-1].isdigit() and part[0].isdigit():
                    found.append(" ")
                found.append(part)
    return "".join(found)


def bare(word: str) -> str:
    """Give a word without such hyphens; of a sign of the layout nothing is left."""
    return "" if _SIGN.fullmatch(word) else _HYPHEN.sub("", word)


def number_of(text: str) -> str | None:
    """Give the number of a clause or an item that a text begins with, without its full stop."""
    first = text.split(" ", 1)[0]
    found = NUMBER.fullmatch(first)
    return found[1] if found else None


def ends_sentence(text: str) -> bool:
    """Tell whether a word may be the last of a sentence or an item."""
    return bool(_ENDS.search(text))


NUMBER: Final = re.compile(
    r"(?:§+|\()?(\d{1,4}(?:\.\d{1,4}){0,8}[a-z]?|[a-z]|[IVXLC]{1,7})(?:\.\)?|\)|:)?"
)
_NUMBERED: Final = re.compile(
    r"§+.*|\(?(?:\d{1,4}(?:\.\d{1,4})+[a-z]?[.):]?|(?:\d{1,4}[a-z]?|[a-z]|[IVX]{1,4})[.):])"
)

_ENDS: Final = re.compile(r"""[.!?:;]["')\]]*\Z""")
# What an editor takes for the end of a line, and what else ends one.
_LINE_END: Final = re.compile(r"\r\n|\n|\r")
_BREAK: Final = re.compile(r"[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
# A soft hyphen at the end of a line is no character of the word.
_SOFT: Final = re.compile(r"\u00ad[^\S\r\n]*(?:\r\n|[\n\r])[^\S\r\n]*")
_ITEM: Final = (
    "\u2022\u2023\u2043\u204c\u204d\u2219\u25aa\u25ab\u25cf\u25e6\u25cb\u25a0\u25a1\u00b7\uf0b7"
    "\u2756\u27a2"
)
_SIGN: Final = re.compile(f"[{_ITEM}]+|[-*+]")
# Not the one between digits, nor a minus sign.
_HYPHEN: Final = re.compile(r"(?<![0-9])(?<!^)-|-(?![0-9])")
_GLUED: Final = re.compile(f"[{_ITEM}]+(?=.)")
_RUN_ON: Final = re.compile(r"""[^\W\d_][.!?]+["')\]]*[^\W\d_]""")

# After these a hyphen at the end of a line is part of a compound that goes on: `in- und Ausland`.
_AND: Final = frozenset({"und", "oder", "bzw.", "och", "eller", "resp.", "and", "or"})


@dataclass(frozen=True, slots=True)
class _Raw:
    """A word as it stands in a line."""

    text: str
    line: int
    starts: bool
    first: bool
    last: bool


def _raw(text: str) -> Iterator[_Raw]:
    found = [
        (number, part)
        for number, line in enumerate(_LINE_END.split(_SOFT.sub("", text)), 1)
        for part in _BREAK.split(line)
    ]
    widest = max((len(line) for _, line in found), default=0)
    before = ""
    blank = True
    for number, line in found:
        pieces = list(_pieces(line))
        if not pieces:
            blank = True
            continue
        starts = blank or _may_begin(pieces, before, widest)
        for index, piece in enumerate(pieces):
            begins = starts if index == 0 else _begins(pieces[index - 1], piece)
            yield _Raw(piece, number, begins, index == 0, index == len(pieces) - 1)
        before, blank = line.rstrip(), False


def _pieces(line: str) -> Iterator[str]:
    """Give the words of a line, signs before an item included, run-on sentences taken apart."""
    # With a word before it, a sign is none that stands before an item and would be left out.
    for each in normalised(f"x {line}").split()[1:]:
        if _RUN_ON.search(each):
            yield from " ".join(sentences(f"x {each}")).split()[1:]
        else:
            yield each


def _begins(before: str, piece: str) -> bool:
    return (
        ends_sentence(before)
        or _SIGN.fullmatch(before) is not None
        or _SIGN.fullmatch(piece) is not None
    )


def _may_begin(pieces: Sequence[str], before: str, widest: int) -> bool:
    """Tell whether a line begins something new, or goes on where the one before was full."""
    first = pieces[0]
    if _SIGN.match(first) or _NUMBERED.fullmatch(first) or ends_sentence(before):
        return True
    room = len(before) + 1 + len(first) <= 0.8 * widest
    return room and not first[:1].islower()


def _joined(raw: Iterator[_Raw]) -> Iterator[Word]:
    """Put words together that the end of a line divides."""
    held: _Raw | None = None
    signs_only = True
    for each in raw:
        signs_only = signs_only or each.first
        is_sign = _SIGN.fullmatch(each.text) is not None
        if held is not None:
            if not is_sign:
                yield _divided(held, each)
                held, signs_only = None, False
                continue
            yield _word(held, first=False)
            held = None
        if each.last and _is_divided(each.text):
            held = each
        else:
            yield _word(each, first=signs_only)
        signs_only = signs_only and is_sign
    if held is not None:
        yield _word(held, first=False)


def _is_divided(text: str) -> bool:
    return len(text) > 1 and text.endswith("-") and text[-2].isalnum()


def _word(raw: _Raw, *, first: bool) -> Word:
    """Make a word of one that stands whole in a line; `first`: only signs stand before it there."""
    forms: tuple[tuple[str, ...], ...] = ((raw.text,),)
    if _SIGN.fullmatch(raw.text):
        # Where the text is wrapped anew, a dash may come to stand before a line, and a sign within.
        drop = first or raw.text not in "-*+"
        forms = ((), (raw.text,)) if drop else ((raw.text,), ())
    elif glued := _GLUED.match(raw.text):
        forms = ((raw.text[glued.end() :],), (raw.text,))
    return Word(forms, raw.line, raw.starts)


def _divided(held: _Raw, after: _Raw) -> Word:
    whole, kept = held.text[:-1] + after.text, held.text + after.text
    apart = (held.text, after.text)
    forms: tuple[tuple[str, ...], ...]
    if after.text in _AND:
        forms = (apart, (kept,), (whole,))
    elif after.text[:1].islower() and held.text[-2].isalpha():
        forms = ((whole,), (kept,), apart)
    else:
        forms = ((kept,), apart, (whole,))
    return Word(forms, held.line, held.starts, divided=True)
