"""Hashes of the sentences that a clause stands for, so that a change of the source is seen per clause.

A policy names the lines and sentences of a clause and keeps the hash of their text, not the text.
What a reader would not call a change is none: other line breaks, other quotation marks, another sign
before an item of a list.

Where a sentence ends is decided by rules that are simple and stay as they are: a hash means the same
for as long as these rules do. A full stop ends no sentence after an abbreviation, after a single
letter, after a number that begins a line, after the number of a day, and before a small letter.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Literal

from policyeval.policy.model import Clause, Policy

State = Literal["same", "changed", "not-recorded", "lines-missing"]


@dataclass(frozen=True, slots=True)
class Place:
    """Lines of a source, and which of their sentences; None: all of them."""

    lines: tuple[int, ...]
    sentences: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class ClauseState:
    """What became of a clause in a source text.

    Attributes:
        place: Where the policy says that it stands.
        digest: Of what stands there now, or None if there is no such line or sentence.
        found: Where the text of a changed or missing clause stands now, if it does unchanged.
    """

    clause: str
    state: State
    place: Place
    digest: str | None
    found: Place | None = None


def compare(policy: Policy, source_text: str) -> tuple[ClauseState, ...]:
    """Compare every clause of a policy with a text of its source, in the order of the policy."""
    text = _Text(source_text)
    index: _Index | None = None
    states = []
    for clause in policy.clauses.values():
        place = Place(clause.lines, clause.sentences)
        digest = text.digest(place)
        state = _state(clause, digest)
        found = None
        if clause.sha256 is not None and state in {"changed", "lines-missing"}:
            index = index or _Index(text)
            found = index.find(clause.sha256.lower(), place)
        states.append(ClauseState(clause.id, state, place, digest, found))
    return tuple(states)


def places_now(states: Sequence[ClauseState], source_text: str) -> Mapping[str, tuple[Place, str]]:
    """Say where clauses that changed or moved stand now, each with the hash of what stands there.

    A clause that changed stands where its neighbours do: moved by as many lines as the ones around
    it. One whose neighbours moved apart is left out.

    Args:
        states: Of every clause, as `compare` gives them.
        source_text: The text that they were compared with.
    """
    text = _Text(source_text)
    in_order = sorted(states, key=lambda each: each.place.lines)
    moved = [_moved(each) for each in in_order]
    found: dict[str, tuple[Place, str]] = {}
    for index, state in enumerate(in_order):
        if state.state not in {"changed", "lines-missing"}:
            continue
        place = state.found
        if place is None:
            before = next((by for by in reversed(moved[:index]) if by is not None), None)
            after = next((by for by in moved[index + 1 :] if by is not None), None)
            if before is not None and after is not None and before != after:
                continue
            by = before if before is not None else after or 0
            place = Place(tuple(each + by for each in state.place.lines), state.place.sentences)
        digest = text.digest(place)
        if digest is not None:
            found[state.clause] = place, digest
    return found


def _moved(state: ClauseState) -> int | None:
    """Tell by how many lines a clause's text moved; None if that is not known."""
    if state.state == "same":
        return 0
    if state.found is None or not state.place.lines:
        return None
    return state.found.lines[0] - state.place.lines[0]


def source_state(policy: Policy, source_bytes: bytes) -> State:
    """Compare the digest of the source file as a whole: `same`, `changed` or `not-recorded`."""
    recorded = policy.written_from.sha256
    if recorded is None:
        return "not-recorded"
    return "same" if recorded.lower() == sha256(source_bytes).hexdigest() else "changed"


def clause_digest(
    source_text: str, lines: Sequence[int], sentence: Sequence[int] | None = None
) -> str | None:
    """Give the SHA-256, in hexadecimal, of sentences of a text.

    Args:
        source_text: The whole source.
        lines: Counted from 1, as an editor does.
        sentence: Which of the sentences of these lines, counted from 1 through all of them; None
            for all.

    Returns:
        None if there is no such line or sentence, or nothing stands there.
    """
    place = Place(tuple(lines), None if sentence is None else tuple(sentence))
    return _Text(source_text).digest(place)


def _state(clause: Clause, digest: str | None) -> State:
    if digest is None:
        return "lines-missing"
    if clause.sha256 is None:
        return "not-recorded"
    return "same" if clause.sha256.lower() == digest else "changed"


class _Text:
    """A source text as sentences, line by line."""

    def __init__(self, text: str) -> None:
        self.lines = [sentences(line) for line in _LINE_END.split(text)]

    def digest(self, place: Place) -> str | None:
        """Give the digest of a place, or None if nothing stands there or part of it does not exist."""
        if not all(1 <= line <= len(self.lines) for line in place.lines):
            return None
        found = [each for line in place.lines for each in self.lines[line - 1]]
        if place.sentences is not None:
            if not all(1 <= number <= len(found) for number in place.sentences):
                return None
            found = [found[number - 1] for number in place.sentences]
        return sha256(" ".join(found).encode()).hexdigest() if found else None


# What an editor takes for the end of a line.
_LINE_END: Final = re.compile(r"\r\n|\n|\r")


# ------------------------------------------------------------------------------- what moved


# Sentences of a clause that are looked for together elsewhere.
_TOGETHER: Final = 12


# Beyond this many lines, a choice of sentences is not looked for further up and down.
_LINES: Final = 5_000


class _Index:
    """Every digest that a clause could have in a text, with its places."""

    def __init__(self, text: _Text) -> None:
        self.text = text
        self.places: dict[str, list[Place]] = {}
        # Line, and number of the sentence in it.
        flat = [
            (line, number)
            for line, found in enumerate(text.lines, 1)
            for number in range(1, len(found) + 1)
        ]
        for start in range(len(flat)):
            digest = sha256()
            for end in range(start, min(start + _TOGETHER, len(flat))):
                line, number = flat[end]
                digest.update((" " if end > start else "").encode())
                digest.update(text.lines[line - 1][number - 1].encode())
                place = self._place(flat[start : end + 1])
                self.places.setdefault(digest.hexdigest(), []).append(place)

    def _place(self, run: Sequence[tuple[int, int]]) -> Place:
        lines = tuple(dict.fromkeys(line for line, _ in run))
        if len(run) == sum(len(self.text.lines[line - 1]) for line in lines):
            return Place(lines)
        first = run[0][1]
        return Place(lines, tuple(range(first, first + len(run))))

    def find(self, digest: str, was: Place) -> Place | None:
        """Find where a text stands now; of several places the one nearest to where it was."""
        found = [*self.places.get(digest, ()), *self._shifted(digest, was)]
        first = was.lines[0] if was.lines else 1
        return min(found, key=lambda each: abs(each.lines[0] - first), default=None)

    def _shifted(self, digest: str, was: Place) -> Iterator[Place]:
        """Look for the same choice of sentences in as many lines, further up or down."""
        count = len(self.text.lines)
        if count > _LINES or not was.lines:
            return
        for by in range(1 - min(was.lines), count + 1 - max(was.lines)):
            place = Place(tuple(line + by for line in was.lines), was.sentences)
            if self.text.digest(place) == digest:
                yield place


# ------------------------------------------------------------------------------- normal form


_QUOTES: Final = {
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033\u301d\u301e\u301f\uff02", '"'),
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u2039\u203a\u2032\u00b4\u0060\uff07", "'"),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d", "-"),
    **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", None),
    "\u2026": "...",
}
_PLAIN: Final = str.maketrans(_QUOTES)
# Signs before an item of a list; those that have another use only with a blank after them.
_BULLETS: Final = re.compile(
    r"^(?:[^\S\n]*(?:[\u2022\u2023\u2043\u204c\u204d\u2219\u25aa\u25ab\u25cf\u25e6\u25cb\u25a0\u25a1"
    r"\u00b7\uf0b7\u2756\u27a2]|[-*+](?=\s|\Z)))+",
    re.MULTILINE,
)
_BREAKS: Final = re.compile(r"\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")


def normalised(text: str) -> str:
    """Write a text in the one way in which texts that read the same are the same."""
    plain = unicodedata.normalize("NFC", text).translate(_PLAIN)
    lines = _BULLETS.sub("", _BREAKS.sub("\n", plain))
    return unicodedata.normalize("NFC", " ".join(lines.split()))


# ------------------------------------------------------------------------------- sentences


def sentences(text: str) -> tuple[str, ...]:
    """Split the text of a line (or more) into sentences, each in its normal form."""
    plain = normalised(text)
    found: list[str] = []
    start = 0
    for stop in _STOP.finditer(plain):
        if _ends_sentence(plain, start, stop):
            found.append(plain[start : stop.end()].strip())
            start = stop.end()
    rest = plain[start:].strip()
    return (*found, rest) if rest else tuple(found)


_STOP: Final = re.compile(r"""(?P<marks>[.!?]+)(?P<closing>["')\]]*)""")
_NUMBERING: Final = re.compile(r"\(?(?:\d+(?:\.\d+)*[a-z]?|[IVX]+)")
_DAY: Final = re.compile(r"\d{1,2}")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_MONTHS: Final = _words(
    "januar jänner februar märz april mai juni juli august september oktober november dezember "
    "jan feb mär apr jun jul aug sep sept okt nov dez"
)
# Words before a German ordinal number, such as that of a day.
_BEFORE_ORDINAL: Final = _words(
    "am vom zum bis ab dem den der des das die im und oder dieses jeden jedes seit beim nach"
)
_ABBREVIATIONS: Final = _words(
    # Swedish
    "ang bl.a ca dvs enl ev exkl fr.o.m inkl jfr kl mkr mots resp t.ex t.o.m tkr "
    # German
    "bspw bzgl bzw dr evtl fr ggf hr hrn insb inkl lt mio mrd prof sog std str vgl zzgl "
    # English
    "co e.g i.e inc ltd mr mrs ms vs"
)
# Only before a number: they are words as well.
_BEFORE_NUMBER: Final = _words(
    "abb abs anm art bd fig kap lit max min nr no pkt pos punkt rn s sid st stk tab tel ziff"
)
# These often end a sentence, and do if a capital letter follows.
_LAST_WORDS: Final = _words("etc e.d m.fl m.m o.d o.dyl o.s.v osv o.ä u.s.w usw")


# Around a full stop, no more than this is looked at.
_NEAR: Final = 80


def _ends_sentence(text: str, start: int, stop: re.Match[str]) -> bool:
    """Tell whether a sentence that began at `start` ends with these marks."""
    after = text[stop.end() : stop.end() + _NEAR]
    if not after:
        return True
    before = text[max(start, stop.start() - _NEAR) : stop.start()].lstrip()
    if not after.startswith(" "):
        return _runs_on(before, stop["marks"], after)
    following = after.lstrip(" \"'([")[:1]
    if stop["marks"] != ".":
        # An exclamation or a question may be quoted within a sentence.
        return not (following.islower() and (stop["closing"] or stop["marks"].endswith(".")))
    if not (following.isupper() or following.isdigit()):
        return False
    return bool(stop["closing"]) or not _is_short(before, following, after)


def _runs_on(before: str, marks: str, after: str) -> bool:
    """Tell whether a sentence begins without a blank before it, as in `do?Also`."""
    if not (after[0].isupper() and after[1:2].islower() and before[-1:].islower()):
        return False
    if marks != ".":
        return True
    # Not a name with full stops in it, of a site or a file.
    left = before.rpartition(" ")[2]
    right = after.partition(" ")[0].rstrip(".!?,;:\"')]")
    return len(left) > 2 and not re.search("[.@/:]", left + right)


def _is_short(before: str, following: str, after: str) -> bool:
    """Tell whether a full stop belongs to an abbreviation or to a number."""
    words = before.split(" ")
    word = words[-1].lstrip("\"'([").lower()
    if word in _LAST_WORDS:
        return following.isdigit()
    if len(word.rpartition(".")[2]) == 1 and word[-1:].isalpha():
        return True
    if word in _ABBREVIATIONS or (word in _BEFORE_NUMBER and following.isdigit()):
        return True
    if len(words) == 1 and _NUMBERING.fullmatch(words[0]):
        return True
    if not _DAY.fullmatch(word):
        return False
    if following.isdigit():
        return True
    next_word = re.split(r"\W", after.strip(), maxsplit=1)[0].lower()
    return next_word in _MONTHS or (len(words) > 1 and words[-2].lower() in _BEFORE_ORDINAL)
