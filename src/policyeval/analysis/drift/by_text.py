"""The new text against the old one, word by word, and sentence by sentence of its clauses."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import pairwise

from policyeval.analysis.drift.model import (
    MOST,
    ClauseDrift,
    Drift,
    GonePassage,
    Passage,
    State,
)
from policyeval.analysis.drift.order import Candidate, in_order
from policyeval.analysis.drift.passages import (
    Order,
    follows,
    free,
    new_passages,
    says_something,
    shortened,
    taken_by,
)
from policyeval.analysis.drift.words import (
    Stretch,
    Word,
    bare,
    is_silent,
    letters,
    lines,
    number_of,
)
from policyeval.analysis.redline import Piece, redline
from policyeval.policy.clause_texts import Place, sentences
from policyeval.policy.model import Clause, Policy


@dataclass(slots=True)
class _Sentence:
    """A sentence of the old text, and what became of it.

    Attributes:
        key: Its letters and digits, by which it is found.
        now: Where it stands in the new text, as it was or in other words.
        same: Whether it stands there as it was.
        in_place: Whether it stands between its old neighbours.
    """

    text: str
    line: int
    key: str
    of_clause: bool = False
    now: Stretch | None = None
    same: bool = False
    in_place: bool = False


def compare_texts(policy: Policy, old: str, row: Sequence[Word]) -> Drift:
    """Compare the words of a new text with those of the old one."""
    by_line = [sentences(line) for line in _LINE_END.split(old)]
    every = [
        _Sentence(text, number, letters([text]))
        for number, found in enumerate(by_line, 1)
        for text in found
    ]
    of_clause = {each.id: _sentences_of(each, every) for each in policy.clauses.values()}
    for found in of_clause.values():
        for each in found:
            each.of_clause = True
    new = _New(row, {word for each in every for word in each.text.split()})
    _anchor(every, new)
    taken = taken_by(row, (each.now for each in every if each.now))
    for run, region in _runs(every, len(row)):
        _reword(run, region, new, taken)
    _reword_elsewhere(every, new, taken)
    return _drift(policy, every, of_clause, new, taken)


_LINE_END = re.compile(r"\r\n|\n|\r")


def _sentences_of(clause: Clause, every: Sequence[_Sentence]) -> list[_Sentence]:
    found = [each for line in clause.lines for each in every if each.line == line]
    if clause.sentences is None:
        return found
    return [found[number - 1] for number in clause.sentences if number <= len(found)]


# ------------------------------------------------------------------------------- the new text


class _New:
    """The new text, to be searched.

    Attributes:
        texts: Each word as it is shown: of those that a line's end divides, the form that the old
            text has.
    """

    def __init__(self, row: Sequence[Word], known: frozenset[str] | set[str]) -> None:
        self.row = row
        self.texts = [_shown(each, known) for each in row]
        self._starts: dict[int, int] = {}
        self._ends: dict[int, int] = {}
        parts: list[str] = []
        at, last = 0, ""
        for index, word in enumerate(row):
            part = "" if is_silent(word) else letters([self.texts[index]])
            if not part:
                continue
            if last.isdigit() and part[0].isdigit():
                parts.append(" ")
                at += 1
            self._starts[at] = index
            parts.append(part)
            at, last = at + len(part), part[-1]
            self._ends[at] = index + 1
        self._key = "".join(parts)

    def places(self, key: str, limit: int) -> Iterator[Stretch]:
        """Give the places where words stand, whatever the layout."""
        at = self._key.find(key) if key else -1
        while at >= 0 and limit > 0:
            if at in self._starts and at + len(key) in self._ends:
                yield Stretch(self._starts[at], self._ends[at + len(key)])
                limit -= 1
            at = self._key.find(key, at + 1)

    def said(self, stretch: Stretch) -> str:
        """Give the text of a stretch."""
        return " ".join(filter(None, self.texts[stretch.start : stretch.end]))


def _shown(word: Word, known: frozenset[str] | set[str]) -> str:
    if word.divided:
        for form in word.forms:
            if all(each in known for each in form):
                return " ".join(form)
    return word.text


# ------------------------------------------------------------------------------- as they were


_PLACES = 40
"""Places of the same sentence that are looked at."""

_TELLING = 12
"""Characters that a sentence must have for it to be found elsewhere than in its place."""


def _anchor(every: Sequence[_Sentence], new: _New) -> None:
    """Find the sentences that stand in the new text as they were."""
    places = [list(new.places(each.key, _PLACES)) for each in every]
    candidates = [
        [Candidate(place.start, place.end, len(each.key)) for place in found]
        for each, found in zip(every, places, strict=True)
    ]
    taken = [False] * len(new.row)
    for each, found, chosen in zip(every, places, in_order(candidates), strict=True):
        if chosen is not None:
            each.now, each.same, each.in_place = found[chosen], True, True
            taken[each.now.start : each.now.end] = [True] * (each.now.end - each.now.start)
    # Long sentences first: a short one may also be a part of them.
    for each, found in sorted(zip(every, places, strict=True), key=lambda pair: -len(pair[0].key)):
        if each.now is None and len(each.key) >= _TELLING:
            left = [one for one in found if not any(taken[one.start : one.end])]
            if left:
                each.now, each.same = left[0], True
                taken[each.now.start : each.now.end] = [True] * (each.now.end - each.now.start)


def _runs(every: Sequence[_Sentence], count: int) -> Iterator[tuple[list[_Sentence], Stretch]]:
    """Give sentences that are missing in a row, with the stretch where they would have to stand."""
    run: list[_Sentence] = []
    start = 0
    for each in every:
        if each.in_place and each.now is not None:
            if run:
                yield run, Stretch(start, each.now.start)
            run, start = [], each.now.end
        elif each.now is None:
            run.append(each)
    if run:
        yield run, Stretch(start, count)


# ------------------------------------------------------------------------------- in other words


_ALIKE = 0.5
"""The share of a sentence that must still be there for it to be the same one in other words."""

_LARGEST = 1_000_000
"""Words times words that are compared."""


@dataclass(slots=True)
class _Kept:
    """The words of a sentence that are still there: place in the new text, and characters."""

    sentence: _Sentence
    at: list[tuple[int, int]] = field(default_factory=list)

    @property
    def weight(self) -> int:
        """How many characters they have."""
        return sum(weight for _, weight in self.at)


def _reword(run: Sequence[_Sentence], region: Stretch, new: _New, taken: list[bool]) -> None:
    """Find out what became of sentences that stood in a row, from the words that are still there."""
    there = [
        at for at in range(region.start, region.end) if not taken[at] and not is_silent(new.row[at])
    ]
    old = [(each, word) for each in run for word in each.text.split()]
    if not there or not old or len(there) * len(old) > _LARGEST:
        return
    matcher = SequenceMatcher(
        None,
        [bare(word) for _, word in old],
        [letters([new.texts[at]]) for at in there],
        autojunk=False,
    )
    kept = {id(each): _Kept(each) for each in run}
    for block in matcher.get_matching_blocks():
        for offset in range(block.size):
            sentence, word = old[block.a + offset]
            of_sentence = kept[id(sentence)]
            of_sentence.at.append((there[block.b + offset], len(bare(word))))
    for each in kept.values():
        _trim(each, new)
    found = [
        each
        for each in (kept[id(one)] for one in run)
        if each.at and each.weight >= _ALIKE * max(1, len(each.sentence.key))
    ]
    _extend(found, region, new, taken)
    left = [each for each in run if each.now is None]
    _pair_by_number(left, free(new.row, region, taken), new, taken)
    if len(run) == 1 and run[0].now is None:
        _pair_alone(run[0], free(new.row, region, taken), new, taken)


_STRAY = 0.25
"""The share of what is still there of a sentence that does not count where it stands by itself."""


def _trim(kept: _Kept, new: _New) -> None:
    """Leave out words at either end that are there by chance, in another sentence."""
    for step in (1, -1):
        while len(kept.at) > 1:
            ordered = kept.at[::step]
            cut = next(
                (
                    index
                    for index in range(1, len(ordered))
                    if _is_apart(ordered[index - 1][0], ordered[index][0], new)
                ),
                None,
            )
            if cut is None or sum(each[1] for each in ordered[:cut]) >= _STRAY * kept.weight:
                break
            kept.at = ordered[cut:][::step]


def _is_apart(one: int, other: int, new: _New) -> bool:
    first, last = sorted((one, other))
    return last - first > 1 and any(new.row[at].starts for at in range(first + 1, last + 1))


def _extend(found: Sequence[_Kept], region: Stretch, new: _New, taken: list[bool]) -> None:
    """Give each sentence the words around those that are still there, up to where others begin."""
    row = new.row
    edge = region.start
    for index, each in enumerate(found):
        first, last = each.at[0][0], each.at[-1][0]
        while first > edge and not row[first].starts and not taken[first - 1]:
            first -= 1
        limit = found[index + 1].at[0][0] if index + 1 < len(found) else region.end
        last += 1
        while last < limit and not row[last].starts and not taken[last]:
            last += 1
        each.sentence.now = Stretch(first, last)
        taken[first:last] = [True] * (last - first)
        edge = last


def _pair_by_number(
    left: Sequence[_Sentence], there: Sequence[Stretch], new: _New, taken: list[bool]
) -> None:
    """Pair sentences with those that begin with the same number, however much they differ."""
    numbers = [number_of(new.said(each)) for each in there]
    for sentence in left:
        number = number_of(sentence.text)
        if number is None or not any(map(str.isdigit, number)) or numbers.count(number) != 1:
            continue
        at = numbers.index(number)
        end = at + 1
        while end < len(there) and numbers[end] is None and there[end].start == there[end - 1].end:
            end += 1
        _set(sentence, Stretch(there[at].start, there[end - 1].end), taken)


def _pair_alone(
    sentence: _Sentence, there: Sequence[Stretch], new: _New, taken: list[bool]
) -> None:
    """Pair the only sentence that is missing with the only one that is new there, if at all alike."""
    if len(there) == 1 and _alike(sentence.text, new.said(there[0])) >= _ALIKE / 2:
        _set(sentence, there[0], taken)


_MOST_PAIRS = 2_500


def _reword_elsewhere(every: Sequence[_Sentence], new: _New, taken: list[bool]) -> None:
    """Pair sentences that are missing with those that are new elsewhere and much alike."""
    left = [each for each in every if each.now is None and len(each.key) >= _TELLING]
    there = free(new.row, Stretch(0, len(new.row)), taken)
    if not left or not there or len(left) * len(there) > _MOST_PAIRS:
        return
    pairs = sorted(
        (
            (_alike(sentence.text, new.said(place)), -index, -place.start, sentence, place)
            for index, sentence in enumerate(left)
            for place in there
        ),
        key=lambda pair: pair[:3],
        reverse=True,
    )
    for alike, _, _, sentence, place in pairs:
        if alike < 0.6:
            return
        if sentence.now is None and not any(taken[place.start : place.end]):
            _set(sentence, place, taken)


def _alike(before: str, after: str) -> float:
    """Give the share of words that two texts have in common, from 0 to 1."""
    old, new = before.split()[:400], after.split()[:400]
    return SequenceMatcher(None, old, new, autojunk=False).ratio()


def _set(sentence: _Sentence, place: Stretch, taken: list[bool]) -> None:
    sentence.now = place
    taken[place.start : place.end] = [True] * (place.end - place.start)


# ------------------------------------------------------------------------------- clauses


@dataclass(slots=True)
class _Clause:
    """What became of a clause."""

    clause: Clause
    sentences: Sequence[_Sentence]
    first: int
    state: State = "unchanged"
    now: tuple[Stretch, ...] = ()
    before: str = ""
    after: str = ""
    moved: bool = False
    number: str | None = None

    @property
    def start(self) -> int | None:
        return self.now[0].start if self.now else None


def _drift(
    policy: Policy,
    every: Sequence[_Sentence],
    of_clause: Mapping[str, list[_Sentence]],
    new: _New,
    taken: list[bool],
) -> Drift:
    place_of = {id(each): index for index, each in enumerate(every)}
    found = [
        _clause(clause, of_clause[clause.id], place_of, new, taken)
        for clause in policy.clauses.values()
    ]
    _mark_swaps(found)
    order: Order = sorted(
        ((each.start, each.clause.id) for each in found if each.start is not None),
        key=lambda each: each[0],
    )
    for each in every:
        if not each.of_clause and each.now is not None and not each.same:
            # Of what is of no clause, no more is said than what is new and what is gone.
            taken[each.now.start : each.now.end] = [False] * (each.now.end - each.now.start)
            each.now = None
    rest = free(new.row, Stretch(0, len(new.row)), taken)
    passages, more = new_passages(new.row, rest, order)
    gone = [
        GonePassage(shortened(each.text), each.line)
        for each in every
        if not each.of_clause and each.now is None and any(map(str.isalnum, each.key))
    ]
    after = dict(follows(order))
    return Drift(
        policy.programme,
        policy.version,
        "text",
        tuple(_stated(each, after.get(each.clause.id), new) for each in found),
        passages,
        (),
        tuple(gone[:MOST]),
        more + max(0, len(gone) - MOST),
    )


def _clause(
    clause: Clause,
    of_it: Sequence[_Sentence],
    place_of: Mapping[int, int],
    new: _New,
    taken: list[bool],
) -> _Clause:
    first = min((place_of[id(each)] for each in of_it), default=len(place_of))
    found = _Clause(clause, of_it, first, before=" ".join(each.text for each in of_it))
    there = [each for each in of_it if each.now is not None]
    if not there:
        found.state = "gone"
        return found
    places: list[Stretch] = []
    torn = False
    for one, following in pairwise(of_it):
        if place_of[id(following)] != place_of[id(one)] + 1 or not (one.now and following.now):
            continue
        between = Stretch(one.now.end, following.now.start)
        if between.end < between.start:
            torn = True
        elif says_something(new.row, between):
            torn = True
            if not any(taken[between.start : between.end]):
                places.append(between)
                taken[between.start : between.end] = [True] * (between.end - between.start)
    found.now = _merged([*places, *(each.now for each in there if each.now)])
    found.after = " ".join(new.said(each) for each in found.now)
    whole = len(there) == len(of_it) and not torn
    found.moved = not any(each.in_place for each in there) and any(each.same for each in there)
    if whole and all(each.same for each in of_it):
        in_place = all(each.in_place for each in of_it)
        found.moved = not in_place
        found.state = "unchanged" if in_place else "moved"
    else:
        found.state = "changed"
        _look_at_number(found, whole)
    return found


def _look_at_number(found: _Clause, whole: bool) -> None:
    """Tell apart a clause of which only the number is another one."""
    old, new = number_of(found.before), number_of(found.after)
    if not whole or old == new:
        return
    bare_old = found.before.split(" ", 1)[-1] if old else found.before
    bare_new = found.after.split(" ", 1)[-1] if new else found.after
    if letters([bare_old]) == letters([bare_new]):
        found.number = new or ""
        found.state = "moved" if new or found.moved else "unchanged"


def _merged(places: Iterable[Stretch]) -> tuple[Stretch, ...]:
    found: list[Stretch] = []
    for each in sorted(places, key=lambda place: place.start):
        if found and each.start <= found[-1].end:
            found[-1] = Stretch(found[-1].start, max(found[-1].end, each.end))
        else:
            found.append(each)
    return tuple(found)


def _mark_swaps(clauses: Sequence[_Clause]) -> None:
    """Where a clause has passed one other, nobody can say which of the two has moved: both have."""
    still = [each for each in clauses if each.state == "unchanged" and each.start is not None]
    for moved in [each for each in clauses if each.state == "moved" and each.moved]:
        assert moved.start is not None, "what has moved is there"
        passed = [
            each
            for each in still
            if each.start is not None
            and (each.first < moved.first) != (each.start < moved.start)
            and not set(map(id, each.sentences)) & set(map(id, moved.sentences))
        ]
        if len(passed) == 1:
            passed[0].state, passed[0].moved = "moved", True


def _stated(found: _Clause, after: str | None, new: _New) -> ClauseDrift:
    clause = found.clause
    now = None
    if found.now:
        now = Passage(shortened(found.after), lines(new.row, found.now))
    changes: tuple[Piece, ...] = ()
    if found.state == "changed" and len(found.before) + len(found.after) < _REDLINE:
        changes = redline(found.before, found.after)
    return ClauseDrift(
        clause.id,
        found.state,
        Place(clause.lines, clause.sentences),
        now,
        shortened(found.before),
        changes,
        after,
        found.moved,
        found.number,
    )


_REDLINE = 40_000
"""Characters that are compared word by word."""
