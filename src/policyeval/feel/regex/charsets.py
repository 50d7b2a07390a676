r"""Sets of characters, as patterns name them: stretches of code points, and the algebra on them.

`\d`, `\w`, `\i` and `\c` mean what XML Schema says; categories are those of the Unicode version that
Python knows. Two characters are case variants of each other if they have the same lower-case or the
same upper-case form (XPath functions, 5.6.2): the Kelvin sign is one of `k`.
"""

import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache

from policyeval.feel.regex.blocks import blocks

CharSet = tuple[tuple[int, int], ...]
"""Stretches of code points, ends included: ascending, apart from each other, not touching."""

LAST = 0x10FFFF
EVERYTHING: CharSet = ((0, LAST),)
NOTHING: CharSet = ()


def charset(stretches: Iterable[tuple[int, int]]) -> CharSet:
    """Make a set of stretches in any order, which may overlap."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(stretches):
        if merged and start <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return tuple(merged)


def single(code: int) -> CharSet:
    """Make the set of one character."""
    return ((code, code),)


def union(*sets: CharSet) -> CharSet:
    """Give the characters that are in any of the sets."""
    return charset(stretch for each in sets for stretch in each)


def complement(characters: CharSet) -> CharSet:
    """Give the characters that are not in a set."""
    result = []
    next_start = 0
    for start, end in characters:
        if start > next_start:
            result.append((next_start, start - 1))
        next_start = end + 1
    if next_start <= LAST:
        result.append((next_start, LAST))
    return tuple(result)


def difference(left: CharSet, right: CharSet) -> CharSet:
    """Give the characters of the first set that are not in the second."""
    if not right:
        return left
    result: list[tuple[int, int]] = []
    index = 0
    for start, end in left:
        while index < len(right) and right[index][1] < start:
            index += 1
        free = start
        for taken_start, taken_end in right[index:]:
            if taken_start > end:
                break
            if taken_start > free:
                result.append((free, taken_start - 1))
            free = taken_end + 1
        if free <= end:
            result.append((free, end))
    return tuple(result)


def contains(characters: CharSet, code: int) -> bool:
    """Tell whether a character is in a set."""
    index = bisect_right(characters, (code, LAST)) - 1
    return index >= 0 and characters[index][1] >= code


# ------------------------------------------------------------------------------- case

# Where characters with a case are; the test suite looks for others.
_CASED_PLACES = (
    (0x0041, 0x24FF),
    (0x2C00, 0x2DFF),
    (0xA640, 0xABFF),
    (0xFB00, 0xFB17),
    (0xFF21, 0xFF5A),
    (0x10400, 0x10FFF),
    (0x11800, 0x118FF),
    (0x16E00, 0x16EFF),
    (0x1E900, 0x1E9FF),
)


@cache
def _cased() -> tuple[tuple[int, ...], Mapping[int, frozenset[int]]]:
    """Give the characters that have case variants, ascending, and the variants of each."""
    cased: set[int] = set()
    for code in (code for first, last in _CASED_PLACES for code in range(first, last + 1)):
        character = chr(code)
        for form in (character.lower(), character.upper()):
            if form != character:
                cased.add(code)
                if len(form) == 1:
                    cased.add(ord(form))
    by_lower: dict[str, set[int]] = {}
    by_upper: dict[str, set[int]] = {}
    for code in cased:
        by_lower.setdefault(chr(code).lower(), set()).add(code)
        by_upper.setdefault(chr(code).upper(), set()).add(code)
    variants = {
        code: frozenset(by_lower[chr(code).lower()] | by_upper[chr(code).upper()]) for code in cased
    }
    return tuple(sorted(cased)), variants


@lru_cache(maxsize=256)
def with_case_variants(characters: CharSet) -> CharSet:
    """Add the case variants of every character in a set."""
    cased, variants = _cased()
    added: set[int] = set()
    for start, end in characters:
        for index in range(bisect_right(cased, start - 1), bisect_right(cased, end)):
            added |= variants[cased[index]]
    return union(characters, charset((code, code) for code in added))


def same_but_for_case(left: str, right: str) -> bool:
    """Tell whether two characters are the same or case variants of each other."""
    return left == right or left.lower() == right.lower() or left.upper() == right.upper()


# ------------------------------------------------------------------------------- classes

_GROUPS = {
    "C": ("Cc", "Cf", "Cn", "Co", "Cs"),
    "L": ("Ll", "Lm", "Lo", "Lt", "Lu"),
    "M": ("Mc", "Me", "Mn"),
    "N": ("Nd", "Nl", "No"),
    "P": ("Pc", "Pd", "Pe", "Pf", "Pi", "Po", "Ps"),
    "S": ("Sc", "Sk", "Sm", "So"),
    "Z": ("Zl", "Zp", "Zs"),
}

# Beyond these planes nothing is assigned but the private use planes, whose last two code points
# are no characters.
_SCANNED = ((0, 0x3FFFF), (0xE0000, 0xE0FFF))
_PRIVATE = ((0xF0000, 0xFFFFD), (0x100000, 0x10FFFD))


@cache
def _by_category() -> Mapping[str, CharSet]:
    stretches: dict[str, list[tuple[int, int]]] = {"Co": list(_PRIVATE)}
    category = unicodedata.category
    for first, last in _SCANNED:
        start, current = first, category(chr(first))
        for code in range(first + 1, last + 1):
            found = category(chr(code))
            if found != current:
                stretches.setdefault(current, []).append((start, code - 1))
                start, current = code, found
        stretches.setdefault(current, []).append((start, last))
    table = {name: charset(each) for name, each in stretches.items() if name != "Cn"}
    table["Cn"] = complement(union(*table.values()))
    return table


@cache
def category(name: str) -> CharSet | None:
    """Give the characters of a category such as `Lu` or `L`; None if there is no such category."""
    if name in _GROUPS:
        return union(*(_by_category().get(each, NOTHING) for each in _GROUPS[name]))
    if name != "Cs" and any(name in members for members in _GROUPS.values()):
        return _by_category().get(name, NOTHING)
    return None


def block(name: str) -> CharSet | None:
    """Give the characters of a block such as `BasicLatin`; None if there is no such block."""
    found = blocks().get(name)
    return None if found is None else charset(found)


# XML 1.0, fifth edition: what a name may start with, and what it may go on with.
_INITIAL_NAME = charset(
    (
        *((ord(c), ord(c)) for c in ":_"),
        (ord("A"), ord("Z")),
        (ord("a"), ord("z")),
        (0xC0, 0xD6),
        (0xD8, 0xF6),
        (0xF8, 0x2FF),
        (0x370, 0x37D),
        (0x37F, 0x1FFF),
        (0x200C, 0x200D),
        (0x2070, 0x218F),
        (0x2C00, 0x2FEF),
        (0x3001, 0xD7FF),
        (0xF900, 0xFDCF),
        (0xFDF0, 0xFFFD),
        (0x10000, 0xEFFFF),
    )
)
_NAME = union(
    _INITIAL_NAME,
    charset(
        (*((ord(c), ord(c)) for c in "-.\xb7"), (0x30, 0x39), (0x300, 0x36F), (0x203F, 0x2040))
    ),
)
_SPACE = charset((ord(c), ord(c)) for c in " \t\n\r")

NOT_LINE_END = complement(charset((ord(c), ord(c)) for c in "\n\r"))
"""What `.` matches."""


@cache
def multi_character_escape(letter: str) -> CharSet | None:
    r"""Give the characters of `\s`, `\i`, `\c`, `\d`, `\w` or their opposites; None for others."""
    match letter:
        case "s":
            return _SPACE
        case "i":
            return _INITIAL_NAME
        case "c":
            return _NAME
        case "d":
            return category("Nd")
        case "w":
            return complement(union(*(category(each) or NOTHING for each in "PZC")))
        case "S" | "I" | "C" | "D" | "W":
            return complement(multi_character_escape(letter.lower()) or NOTHING)
        case _:
            return None
