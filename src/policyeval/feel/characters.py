"""Which characters a text may have, and which of them only look like others.

Names follow rules 26–30 of the grammar (DMN 1.5, 10.3.1.2), white space rule 61. Beyond these, a
text must not deceive its reader: characters that change the direction of writing, that cannot be
seen, or that look like others are refused. Two things are let through on purpose: characters
without width that FEEL counts as white space (U+200B, U+FEFF, U+180E) where they stand beside
visible white space or at the ends of the text, and joiners and variation selectors within an emoji.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from policyeval.diagnostics import Diagnostic
from policyeval.messages import Message, message
from policyeval.source import Source, Span

LINE_END = "\n-\r"
SPACE = (
    "\t-\r \x85\xa0\u1680\u180e\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff"  # rules 61, 62
)
# Rule 28, less the white space of rule 61 that its ranges enclose.
NAME_START = (
    "?A-Z_a-z\xc0-\xd6\xd8-\xf6\xf8-\u02ff\u0370-\u037d\u037f-\u167f\u1681-\u180d\u180f-\u1fff"
    "\u200c\u200d\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufefe\uff00-\ufffd"
    "\U00010000-\U000effff"
)
NAME_PART = NAME_START + "0-9\xb7\u0300-\u036f\u203f\u2040"  # rule 29
COMMENT = rf"//[^{LINE_END}]*|/\*(?s:.*?)\*/"  # rule 61 and 10.3.1.6
STRING = r'"[^"\\]*(?:\\(?s:.)[^"\\]*)*"'  # rule 33

_OPAQUE = re.compile(f"(?P<comment>{COMMENT})|(?P<string>{STRING})")
_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_UNSEEN = (
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200d\u2060-\u2065\u206a-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_SUSPECT = re.compile(f"[{_BIDI}]+|[{_UNSEEN}]+|[\ud800-\udfff]+")
_BIDI_ONLY = re.compile(f"[{_BIDI}]")
_BIDI_RUN = re.compile(f"[{_BIDI}]+")
_JOINER = re.compile("[\u200d\ufe0e\ufe0f]+")
_EMOJI = re.compile("[\u00a9\u00ae\u203c-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]")
_BLANK = re.compile(f"[{SPACE}]")
_COPIED = re.compile(f"[{_UNSEEN}\u00a0\u2007\u202f]+")
_ZERO_WIDTH_SPACE = frozenset("\u200b\ufeff\u180e")

# Letters of other scripts that nobody can tell from Latin ones (from Unicode's confusables).
_LOOK_ALIKES = {
    "CYRILLIC": frozenset("асеорхуіјѕԁԛԝһӏАВСЕНІЈКМОРЅТХУҮԌԚԜҺӀ"),
    "GREEK": frozenset("οναριυϲϳΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹ"),
    "ARMENIAN": frozenset("օոսհցՕՍԼ"),
    "CHEROKEE": frozenset("ᎪᏴᏟᎠᎬᏀᎻᎫᏦᏞᎷᏢᏒᏚᎢᏙᏔᎩᏃ"),
}
# Scripts that one word may mix (Japanese, Korean and Chinese do).
_TOGETHER = (
    frozenset({"LATIN", "CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA"}),
    frozenset({"LATIN", "CJK", "HANGUL"}),
    frozenset({"LATIN", "CJK", "BOPOMOFO"}),
)


class Alphabet(NamedTuple):
    """Characters of each kind, as they stand in the brackets of a regular expression."""

    space: str
    name_start: str
    name_part: str


def alphabet(plain: bool) -> Alphabet:
    """Give the characters that a text may have, or a plain one, which is ASCII throughout.

    A regular expression with all characters of names takes Python milliseconds to compile, and so
    much longer than a short text to be read.
    """
    if plain:
        return Alphabet("\t-\r ", "?A-Z_a-z", "?A-Z_a-z0-9")
    return Alphabet(SPACE, NAME_START, NAME_PART)


@cache
def word_pattern(plain: bool) -> re.Pattern[str]:
    """Give the pattern of a word that a name may begin with, for plain texts or for all."""
    _, start, part = alphabet(plain)
    return re.compile(f"[{start}][{part}]*")


def normal(text: str) -> str:
    """Give a text in NFC, the form in which names are compared."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def problems(source: Source, names: Iterable[str] = ()) -> list[Diagnostic]:
    """Find every character that a text should not have; strings may have any but surrogates.

    Args:
        source: The text.
        names: Names that the text may use: a Cyrillic name is no trap where others are Cyrillic.
    """
    text = source.text
    if text.isascii() and not _SUSPECT.search(text):
        return []
    opaque = [(each.start(), each.end(), each.lastgroup) for each in _OPAQUE.finditer(text)]
    found = [*hidden(source, opaque), *_words(source, opaque, names)]
    return sorted(found, key=lambda each: each.span)


def text_warnings(source: Source) -> list[Diagnostic]:
    """Find what does not forbid a text but should be looked at, in strings.

    Such are bidi controls, and characters that come along with copied text: soft hyphens and
    spaces that do not break. A comparison with such a string fails, and nobody sees why.
    """
    if source.text.isascii():
        return []
    strings = (each for each in _OPAQUE.finditer(source.text) if each.lastgroup == "string")
    quoted = [Span(*each.span()) for each in strings]
    return sorted([*turned(source, quoted), *_copied(source, quoted)], key=lambda each: each.span)


def _copied(source: Source, quoted: Iterable[Span]) -> Iterator[Diagnostic]:
    for span in quoted:
        for each in _COPIED.finditer(source.text, span.start, span.end):
            if _harmless(source.text, *each.span(), spaces=False):
                continue
            yield Diagnostic(
                "text.invisible-in-quote",
                message(
                    "the quoted text has a character that cannot be seen: {character}",
                    character=f"U+{ord(each[0][0]):04X}",
                ),
                Span(*each.span()),
                source,
                message("write the text anew, if it was copied"),
                "warning",
            )


def turned(source: Source, quoted: Iterable[Span]) -> Iterator[Diagnostic]:
    """Warn of characters in quoted texts that change the direction of writing."""
    for span in quoted:
        for each in _BIDI_RUN.finditer(source.text, span.start, span.end):
            yield Diagnostic(
                "text.bidi-in-quote",
                message("the quoted text has a character that changes the direction of writing"),
                Span(*each.span()),
                source,
                severity="warning",
            )


_Opaque = Sequence[tuple[int, int, str | None]]


def hidden(source: Source, opaque: _Opaque, *, spaces: bool = True) -> Iterator[Diagnostic]:
    """Find characters that cannot be seen or change the direction of writing.

    Args:
        source: The text.
        opaque: Start, end and kind (`comment` or `string`) of what may have some of them, in order.
        spaces: Whether some characters without width count as white space, as they do in FEEL.
    """
    text = source.text
    regions = iter([*opaque, (len(text) + 1, len(text) + 1, None)])
    region = next(regions)
    for match in _SUSPECT.finditer(text):
        while region[1] <= match.start():
            region = next(regions)
        start, end = match.span()
        span = Span(start, end)
        inside = region[2] if region[0] <= start else None
        shown = match[0][0]
        if "\ud800" <= shown <= "\udfff":
            yield Diagnostic(
                "text.encoding",
                message("`{text}` is half of a character", text=shown),
                span,
                source,
                message("the text was damaged where it was read or copied; write it anew"),
            )
        elif inside == "string":
            continue
        elif _BIDI_ONLY.match(shown):
            yield Diagnostic(
                "text.bidi",
                message("`{text}` changes the direction of writing", text=shown),
                span,
                source,
                message("delete it; the text may read differently from what it says"),
            )
        elif inside == "comment" or _harmless(text, start, end, spaces):
            continue
        else:
            yield Diagnostic(
                "text.invisible",
                message("there is an invisible character here, `{text}`", text=shown),
                span,
                source,
                message("delete it, or write the word anew"),
            )


def _harmless(text: str, start: int, end: int, spaces: bool) -> bool:
    before, after = text[start - 1 : start], text[end : end + 1]
    if spaces and _ZERO_WIDTH_SPACE.issuperset(text[start:end]):
        return not before or not after or any(map(_BLANK.match, (before, after)))
    if _JOINER.fullmatch(text, start, end) and before and _EMOJI.match(before):
        return text[end - 1] != "\u200d" or _EMOJI.match(after) is not None
    return False


def _words(source: Source, opaque: _Opaque, names: Iterable[str]) -> Iterator[Diagnostic]:
    words = list(_visible_words(source.text, opaque))
    every = [word for word, _ in words]
    pattern = word_pattern(plain=False)
    every += [match[0] for name in names for match in pattern.finditer(name)]
    genuine = {script for word in every for script in _genuine_scripts(word)}
    for word, span in words:
        if word.isascii():
            continue
        bad = next((character for character in word if _is_variant(character)), None)
        if bad is not None:
            yield Diagnostic(
                "feel.name-characters",
                message(
                    "`{character}` in the name `{name}` looks like `{other}`",
                    character=bad,
                    name=word,
                    other=unicodedata.normalize("NFKC", bad),
                ),
                span,
                source,
                message(
                    "write `{name}` with the usual letters",
                    name=unicodedata.normalize("NFKC", word),
                ),
            )
            continue
        scripts = _scripts(word)
        if len(scripts) > 1 and not any(scripts <= together for together in _TOGETHER):
            yield Diagnostic(
                "text.script",
                message("the name `{name}` mixes letters of several scripts", name=word),
                span,
                source,
                _foreign(word),
            )
        elif any(
            script not in genuine and letters.issuperset(each for each in word if each.isalpha())
            for script, letters in _LOOK_ALIKES.items()
            if script in scripts
        ):
            yield Diagnostic(
                "text.script",
                message("the name `{name}` only looks as if it were Latin", name=word),
                span,
                source,
                _foreign(word),
            )


def _visible_words(text: str, opaque: _Opaque) -> Iterator[tuple[str, Span]]:
    pattern = word_pattern(plain=False)
    position = 0
    for start, end, _ in [*opaque, (len(text), len(text), None)]:
        for match in pattern.finditer(text, position, start):
            yield match[0], Span(*match.span())
        position = end


def _foreign(word: str) -> Message:
    """Point out the letters of a word that are not Latin, since nobody sees which they are."""
    letters = [each for each in word if _script(each) not in (None, "LATIN")]
    return message(
        "these letters are not Latin: {letters}",
        letters=", ".join(f"`{each}` (U+{ord(each):04X})" for each in dict.fromkeys(letters)),
    )


@lru_cache(maxsize=4096)
def _script(character: str) -> str | None:
    """Give the script of a letter by its Unicode name; None for digits, marks, symbols, emoji."""
    if unicodedata.category(character)[0] != "L":
        return None
    return unicodedata.name(character, "").split(" ", 1)[0]


def _scripts(word: str) -> set[str]:
    return {script for script in map(_script, word) if script}


def _genuine_scripts(word: str) -> set[str]:
    """Give the scripts of which a word has letters that cannot be mistaken for Latin ones."""
    return {
        script
        for character in word
        if (script := _script(character)) in _LOOK_ALIKES and character not in _LOOK_ALIKES[script]
    }


def _is_variant(character: str) -> bool:
    """Tell whether a character stands for another one: `ﬁ`, the Kelvin sign, full-width letters."""
    canonical = unicodedata.normalize("NFC", character)
    if len(canonical) == 1 and canonical != character:
        return True
    return unicodedata.normalize("NFKC", character) != canonical
