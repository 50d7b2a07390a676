"""Names of several words: how they are divided, and how the longest known one is found.

A name is a sequence of words and of the symbols `+ - * / ' .` (rule 25). White space between them
does not count: `Full   Name` is `Full Name`, and `a + b` is the name `a+b` where that is known. Two
names are the same if they have the same chunks in NFC. `//` and `/*` begin comments and are in no
name.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, lru_cache

from policyeval.feel.characters import SPACE, alphabet, normal, word_pattern

_PLAIN = re.compile(r"[?A-Za-z_][?A-Za-z_0-9]*")
_BLANKS = re.compile(f"[{SPACE}]+")


@cache
def chunk_pattern(plain: bool) -> re.Pattern[str]:
    """Give the pattern of the next word (group 1) or symbol (group 2) of a name.

    Args:
        plain: Whether it is for texts that are ASCII throughout.
    """
    space, _, part = alphabet(plain)
    return re.compile(rf"[{space}]*(?:([{part}]+)|(/(?![/*])|[-+*'.]))")


@cache
def run_pattern(plain: bool) -> re.Pattern[str]:
    """Give the pattern of characters that may stand within a word, in plain texts or in all."""
    return re.compile(f"[{alphabet(plain).name_part}]+")


@lru_cache(maxsize=2_048)  # many texts have the same names in scope
def chunks(name: str) -> tuple[str, ...] | None:
    """Divide a name into its words and symbols, in NFC; None if it is no legal name."""
    if _PLAIN.fullmatch(name):
        return (name,)
    text = name.strip()
    plain = text.isascii()
    if not word_pattern(plain).match(text):
        return None
    pattern = chunk_pattern(plain)
    found: list[str] = []
    position = 0
    while position < len(text):
        match = pattern.match(text, position)
        if match is None:
            return None
        found.append(normal(match[match.lastindex or 0]))
        position = match.end()
    return tuple(found)


def spelling(text: str) -> str:
    """Give a name as it is remembered: in NFC, each run of white space one blank."""
    return normal(_BLANKS.sub(" ", text))


@dataclass(slots=True)
class _Node:
    children: dict[str, "_Node"] = field(default_factory=dict)
    spellings: list[str] = field(default_factory=list)


class KnownNames:
    """The names that a text may use at one place, to find the longest one that it begins with.

    Names of one plain word are left out: a word that begins no known name is a name by itself.
    """

    __slots__ = ("_roots",)

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._roots: dict[str, _Node] = {}
        for name in names:
            self.add(name)

    def add(self, name: str) -> bool:
        """Add a name; it hides an equal one until it is removed. Tell if it had to be stored."""
        if _PLAIN.fullmatch(name):
            return False
        parts = chunks(name)
        if parts is None or parts == (name,):
            return False
        node = self._roots.setdefault(parts[0], _Node())
        for part in parts[1:]:
            node = node.children.setdefault(part, _Node())
        node.spellings.append(name)
        return True

    def remove(self, name: str) -> None:
        """Take away a name that was added."""
        parts = chunks(name)
        assert parts is not None
        node = self._roots[parts[0]]
        for part in parts[1:]:
            node = node.children[part]
        node.spellings.remove(name)

    def longest(self, text: str, word: str, end: int) -> tuple[str, int] | None:
        """Find the longest name that begins with a word which ends at `end`.

        Returns:
            The name as it was declared, and where it ends in the text; None if there is none.
        """
        node = self._roots.get(word)
        if node is None:
            return None
        pattern = chunk_pattern(text.isascii())
        best: tuple[str, int] | None = None
        while True:
            if node.spellings:
                best = node.spellings[-1], end
            if not node.children:
                return best
            match = pattern.match(text, end)
            if match is None:
                return best
            following = node.children.get(normal(match[match.lastindex or 0]))
            if following is None:
                return best
            node, end = following, match.end()
