"""Finds the text behind a digest in a row of words: from every word on, in every length."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise
from operator import itemgetter
from typing import TYPE_CHECKING, Final

from policyeval.analysis.drift.words import Stretch, Word, ends_sentence, is_silent, number_of

if TYPE_CHECKING:
    from hashlib import _Hash

    _State = tuple[int, _Hash]

Digest = str
"""SHA-256, in hexadecimal, in lower case."""


@dataclass(frozen=True, slots=True)
class Found:
    """A place where the text behind a digest stands.

    Attributes:
        stretches: Usually one; several where the clause leaves out what stands in between.
        number: The number it has now, where that is another one.
    """

    stretches: tuple[Stretch, ...]
    number: str | None = None

    @property
    def start(self) -> int:
        """The first word."""
        return self.stretches[0].start

    @property
    def end(self) -> int:
        """The word after the last."""
        return self.stretches[-1].end


Places = Mapping[Digest, Sequence[Found]]


def find(row: Sequence[Word], wanted: Collection[Digest]) -> dict[Digest, list[Found]]:
    """Find every digest whose text stands in a row, from where a sentence may begin.

    Of what the end of a line divides, only the likeliest form is looked at.
    """
    found: dict[Digest, list[Found]] = {}
    _Search(row, forked=False).run(_natural(row), wanted, found)
    return found


def find_anywhere(
    row: Sequence[Word], wanted: Mapping[Digest, int], found: dict[Digest, list[Found]]
) -> None:
    """Find digests in every form of the words, and from any word on that is of no other clause.

    Args:
        row: The words.
        wanted: How many places of each are looked for.
        found: What was found before; what is found now is added.
    """
    natural = _natural(row)
    forked = _Search(row, forked=True)
    forked.run(natural, _missing(wanted, found), found)
    if missing := _missing(wanted, found):
        covered = set(_words(place for each in found.values() for place in each))
        others = sorted(set(range(len(row))) - set(natural) - covered)
        _Search(row, forked=False).run(others, missing, found)
        forked.run(others, _missing(wanted, found), found)


def _missing(wanted: Mapping[Digest, int], found: Mapping[Digest, list[Found]]) -> set[Digest]:
    return {each for each, count in wanted.items() if len(found.get(each, ())) < count}


def find_apart(
    row: Sequence[Word], wanted: Collection[Digest], edges: Iterable[int], gaps: int
) -> dict[Digest, list[Found]]:
    """Find digests of sentences that do not stand in a row: what lies in between is left out.

    Args:
        row: The words.
        wanted: The digests.
        edges: Where else something begins or ends, apart from sentences.
        gaps: How often something is left out, at most.
    """
    cuts = sorted({0, len(row), *edges, *(at for at in range(len(row)) if row[at].starts)})
    return _Apart(row, cuts, frozenset(wanted), min(gaps, _GAPS)).run()


def find_renumbered(
    row: Sequence[Word], wanted: Mapping[Digest, Collection[str]]
) -> dict[Digest, list[Found]]:
    """Find texts that only have another number before them, or none any more.

    Args:
        row: The words.
        wanted: Digest to the numbers that the text may have had, such as the clause's id.
    """
    search = _Search(row, forked=True)
    found: dict[Digest, list[Found]] = {}
    for at in range(len(row)):
        if not _may_start(row, at):
            continue
        number = number_of(row[at].text)
        for digest, numbers in wanted.items():
            forms = [form for each in numbers for form in _written(each)]
            if number is not None:
                search.numbered(at, {digest}, found, before=forms, after=at + 1, number=number)
            elif at == 0 or number_of(row[at - 1].text) is None:
                search.numbered(at, {digest}, found, before=forms, after=at, number="")
    return found


def _written(number: str) -> tuple[str, ...]:
    return number, f"{number}.", f"{number})", f"({number})", f"§ {number}"


# ------------------------------------------------------------------------------- searching


_LONGEST: Final = 400
"""Words of a clause."""

_STEPS: Final = 20_000_000
"""Words that are hashed in all; what a computer does in some twenty seconds."""

_FORMS: Final = 24
"""Ways to read the same words that are followed at once."""


class _Search:
    """Hashes words from a start on; bounded over all that it is asked."""

    def __init__(self, row: Sequence[Word], *, forked: bool) -> None:
        self.row = row
        self.left = _STEPS
        self.encoded = [
            tuple(
                tuple(f" {word}".encode() for word in form)
                for form in (each.forms if forked else each.forms[:1])
            )
            for each in row
        ]

    def run(
        self,
        starts: Iterable[int],
        wanted: Collection[Digest],
        found: dict[Digest, list[Found]],
    ) -> None:
        """Look from every start."""
        raw = {bytes.fromhex(each) for each in wanted if _is_digest(each)}
        for start in starts:
            if self.left <= 0 or not raw:
                return
            self._from(start, raw, found)

    def numbered(
        self,
        start: int,
        wanted: Collection[Digest],
        found: dict[Digest, list[Found]],
        *,
        before: Sequence[str],
        after: int,
        number: str,
    ) -> None:
        """Look from one start on, with another number before what follows."""
        raw = {bytes.fromhex(each) for each in wanted if _is_digest(each)}
        if self.left > 0 and raw:
            self._from(start, raw, found, before=before, after=after, number=number)

    def _from(
        self,
        start: int,
        wanted: Collection[bytes],
        found: dict[Digest, list[Found]],
        *,
        before: Sequence[str] = (),
        after: int | None = None,
        number: str | None = None,
    ) -> None:
        after = start if after is None else after
        # Each state is the hash of one way to read what comes before, and how unlikely that is.
        states: list[_State] = [(0, sha256(each.encode())) for each in before]
        for at in range(after, min(after + _LONGEST, len(self.row))):
            forms = self.encoded[at]
            if not states:
                states = _begun(forms)
                if not states:
                    return
            elif len(forms) == 1:
                for _, state in states:
                    for word in forms[0]:
                        state.update(word)
            else:
                states = _forked(states, forms)
            self.left -= len(states)
            for _, state in states:
                if (digest := state.digest()) in wanted:
                    places = found.setdefault(digest.hex(), [])
                    if not any(each.start == start for each in places):
                        places.append(Found((Stretch(start, at + 1),), number))


def _begun(forms: Sequence[Sequence[bytes]]) -> "list[_State]":
    """Begin with every form of a word that says anything."""
    return [(cost, sha256(b"".join(form)[1:])) for cost, form in enumerate(forms) if form]


def _forked(states: "Sequence[_State]", forms: Sequence[Sequence[bytes]]) -> "list[_State]":
    """Follow every form from every state, the likeliest first, and no more than can be followed."""
    following: list[_State] = []
    for unlikely, form in enumerate(forms):
        for cost, state in states:
            copy = state.copy()
            copy.update(b"".join(form))
            following.append((cost + unlikely, copy))
    following.sort(key=itemgetter(0))
    return following[:_FORMS]


def _natural(row: Sequence[Word]) -> list[int]:
    return [at for at in range(len(row)) if _may_start(row, at)]


def _may_start(row: Sequence[Word], at: int) -> bool:
    if row[at].forms == ((),):
        return False
    if at == 0 or row[at].starts or ends_sentence(row[at - 1].text):
        return True
    before = row[at - 1]
    return is_silent(before) or (before.starts and number_of(before.text) is not None)


def _words(places: Iterable[Found]) -> Iterator[int]:
    for each in places:
        for stretch in each.stretches:
            yield from range(stretch.start, stretch.end)


def _is_digest(text: str) -> bool:
    return len(text) == 64 and not set(text) - set("0123456789abcdef")


# ------------------------------------------------------------------------------- apart


_SENTENCES: Final = 6
"""Sentences in a row that are taken, or left out, where they do not all belong to a clause."""

_GAPS: Final = 3
_TRIES: Final = 300_000


class _Apart:
    """Looks for sentences with others in between."""

    def __init__(
        self, row: Sequence[Word], cuts: Sequence[int], wanted: frozenset[Digest], gaps: int
    ) -> None:
        self.pieces = [Stretch(a, b) for a, b in pairwise(cuts)]
        self.texts = [_written_out(row[each.start : each.end]) for each in self.pieces]
        self.wanted = wanted
        self.gaps = gaps
        self.found: dict[Digest, list[Found]] = {}
        self.left = _TRIES

    def run(self) -> dict[Digest, list[Found]]:
        """Look from every sentence on."""
        for start in range(len(self.pieces)):
            if self.texts[start]:
                self._taken(start, [b""], (), self.gaps)
        return self.found

    def _taken(
        self, start: int, said: Sequence[bytes], before: tuple[Stretch, ...], gaps: int
    ) -> None:
        """Take some sentences from here on, then leave some out.

        `said` is what was taken before, in each of its forms.
        """
        for end in range(start, min(start + _SENTENCES, len(self.pieces))):
            if self.left <= 0:
                return
            forms = self.texts[end] or (b"",)
            said = [b" ".join(filter(None, (a, b))) for a in said for b in forms][:_FORMS]
            taken = (*before, Stretch(self.pieces[start].start, self.pieces[end].end))
            if before:
                self.left -= len(said)
                for each in said:
                    if (digest := sha256(each).hexdigest()) in self.wanted:
                        self.found.setdefault(digest, []).append(Found(taken))
            if gaps:
                for after in range(end + 2, min(end + 2 + _SENTENCES, len(self.pieces))):
                    self._taken(after, said, taken, gaps - 1)


def _written_out(row: Sequence[Word]) -> tuple[bytes, ...]:
    """Write words in every form, the likeliest first."""
    found = [""]
    for each in row:
        forms = [" ".join(form) for form in each.forms]
        found = [f"{said} {form}" if form else said for form in forms for said in found][:_FORMS]
    return tuple(each.strip().encode() for each in found if each.strip())
