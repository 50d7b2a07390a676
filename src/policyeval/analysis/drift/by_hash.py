"""The new text against the hashes of the clauses alone, where the old text is not at hand."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import inf

from policyeval.analysis.drift.hashes import (
    Digest,
    Found,
    find,
    find_anywhere,
    find_apart,
    find_renumbered,
)
from policyeval.analysis.drift.model import ClauseDrift, Drift, State
from policyeval.analysis.drift.order import Candidate, in_order
from policyeval.analysis.drift.passages import (
    Order,
    follows,
    free,
    new_passages,
    passage,
    taken_by,
)
from policyeval.analysis.drift.words import Stretch, Word, number_of, spoken
from policyeval.policy.clause_texts import Place
from policyeval.policy.model import Clause, Policy


@dataclass(slots=True)
class _Text:
    """What one or more clauses stand for in the old text, and where that is in the new one."""

    place: Place
    digest: Digest
    clauses: list[str]
    found: Found | None = None
    in_place: bool = False
    moved: bool = False
    wording: tuple[Stretch, ...] = ()
    together: list[str] = field(default_factory=list)

    @property
    def key(self) -> tuple[int, int]:
        first = self.place.sentences[0] if self.place.sentences else 0
        return min(self.place.lines, default=0), first

    @property
    def last(self) -> tuple[int, float]:
        """Where it ends; without a choice of sentences, with the last of its line."""
        last = self.place.sentences[-1] if self.place.sentences else inf
        return max(self.place.lines, default=0), last

    def overlaps(self, other: "_Text") -> bool:
        """Tell whether a sentence may be of both."""
        if not set(self.place.lines) & set(other.place.lines):
            return False
        if self.place.lines != other.place.lines:
            return True
        mine, others = self.place.sentences, other.place.sentences
        return mine is None or others is None or bool(set(mine) & set(others))


def compare_hashes(policy: Policy, row: Sequence[Word]) -> Drift:
    """Compare the words of a new text with the hashes of the clauses."""
    texts = _texts(policy.clauses.values())
    _locate(texts, row)
    _mark_swaps(texts)
    own = [each.found for each in texts if each.found is not None]
    taken = taken_by(row, (stretch for each in own for stretch in each.stretches))
    headings = _headings(texts, row, taken)
    for group, region in _groups(texts, len(row)):
        _reword(group, region, texts, row, taken=taken, headings=headings)
    reworded = taken_by(row, (stretch for each in texts for stretch in each.wording))
    headings = [each for each in headings if not reworded[each.start]]
    known = zip(taken, reworded, taken_by(row, headings), strict=True)
    rest = [any(each) for each in known]
    order = _order(texts)
    new, more = new_passages(row, free(row, Stretch(0, len(row)), rest), order)
    uncertain, more_uncertain = new_passages(row, headings, order, certain=False)
    return Drift(
        policy.programme,
        policy.version,
        "hashes",
        tuple(_states(policy, texts, row, order)),
        new,
        uncertain,
        more=more + more_uncertain,
    )


def _texts(clauses: Iterable[Clause]) -> list[_Text]:
    found: dict[tuple[Place, Digest], _Text] = {}
    for clause in clauses:
        if clause.sha256 is not None:
            place, digest = Place(clause.lines, clause.sentences), clause.sha256.lower()
            text = found.setdefault((place, digest), _Text(place, digest, []))
            text.clauses.append(clause.id)
    return sorted(found.values(), key=lambda each: each.key)


# ------------------------------------------------------------------------------- where they stand


_PLACES = 20
"""Places of the same text that are looked at."""


def _locate(texts: Sequence[_Text], row: Sequence[Word]) -> None:
    places = find(row, {each.digest for each in texts})
    apart = {each.digest: _gaps(each.place) for each in texts if _gaps(each.place)}
    if missing := set(apart) - set(places):
        edges = [at for each in places.values() for f in each for at in (f.start, f.end)]
        places |= find_apart(row, missing, edges, max(apart.values()))
    wanted = Counter(each.digest for each in texts)
    find_anywhere(row, wanted, places)
    for each in places.values():
        each.sort(key=_rank)
    if missing := set(wanted) - set(places):
        numbers = {each.digest: each.clauses for each in texts if each.digest in missing}
        places |= find_renumbered(row, numbers)
    kept = [places.get(each.digest, [])[:_PLACES] for each in texts]
    ranks = sorted({_rank(each) for every in kept for each in every})
    position = {rank: index for index, rank in enumerate(ranks)}
    candidates = [
        [
            Candidate(position[_rank(each)], position[_rank(each)] + 1, each.end - each.start)
            for each in every
        ]
        for every in kept
    ]
    used: set[tuple[Digest, int]] = set()
    for text, every, chosen in zip(texts, kept, in_order(candidates), strict=True):
        if chosen is not None:
            text.found, text.in_place = every[chosen], True
            used.add((text.digest, text.found.start))
    for text, every in zip(texts, kept, strict=True):
        left = [each for each in every if (text.digest, each.start) not in used]
        if text.found is None and left:
            text.found, text.moved = left[0], True
            used.add((text.digest, left[0].start))
    for index, text in enumerate(texts):
        if text.in_place:
            _settle(index, texts, row)


def _settle(index: int, texts: Sequence[_Text], row: Sequence[Word]) -> None:
    """Of several clauses with the same words, decide which one still stands.

    The order alone does not say it where no other clause stands between them; what else stands
    there, and the lines that the policy leaves out, do.
    """
    text = texts[index]
    assert text.found is not None, "it is in place"
    taken = taken_by(row, (s for each in texts if each.found for s in each.found.stretches))
    before = next((at for at in range(index - 1, -1, -1) if texts[at].in_place), None)
    after = next((at for at in range(index + 1, len(texts)) if texts[at].in_place), len(texts))
    first = -1 if before is None else before
    same = [
        at
        for at in range(first + 1, after)
        if texts[at].digest == text.digest and (at == index or texts[at].found is None)
    ]
    if len(same) < 2:
        return
    start = 0 if before is None else _end(texts[before])
    end = len(row) if after == len(texts) else _start(texts[after])
    above = len(free(row, Stretch(start, max(start, text.found.start)), taken))
    below = len(free(row, Stretch(text.found.end, max(text.found.end, end)), taken))

    def unexplained(at: int) -> int:
        return _unexplained(texts, first, at, above) + _unexplained(texts, at, after, below)

    best = min(same, key=lambda at: (unexplained(at), at != index))
    if best != index:
        texts[best].found, texts[best].in_place = text.found, True
        text.found, text.in_place = None, False


def _unexplained(texts: Sequence[_Text], first: int, last: int, segments: int) -> int:
    """Count what speaks against it that two clauses follow each other with so much in between."""
    missing = last - first - 1
    room = 0
    if first >= 0 and last < len(texts):
        room = min(texts[last].place.lines) - max(texts[first].place.lines) - 1 - missing
    if segments:
        return 0 if missing or room >= 2 else 2
    return (1 if missing else 0) + (1 if room >= 2 else 0)


def _start(text: _Text) -> int:
    return text.found.start if text.found else 0


def _end(text: _Text) -> int:
    return text.found.end if text.found else 0


def _gaps(place: Place) -> int:
    """Count where a clause leaves something out: a sentence, or a line that has room for one."""
    numbers = place.sentences or place.lines
    least = 1 if place.sentences else 2
    return sum(after - before > least for before, after in pairwise(numbers))


def _rank(found: Found) -> tuple[int, int]:
    return found.start, found.start - found.end


def _mark_swaps(texts: Sequence[_Text]) -> None:
    """Where a clause has passed one other, nobody can say which of the two has moved: both have."""
    there = [(index, each, each.found) for index, each in enumerate(texts) if each.found]
    for index, moved, place in [each for each in there if each[1].moved and not each[1].in_place]:
        passed = [
            other
            for at, other, found in there
            if other.in_place
            and not moved.overlaps(other)
            and (at < index) != (found.start < place.start)
        ]
        if len(passed) == 1:
            passed[0].moved = True


def _order(texts: Iterable[_Text]) -> Order:
    found = []
    for each in texts:
        start = each.found.start if each.found else None
        if start is None and each.wording and not each.together:
            start = each.wording[0].start
        if start is not None:
            found += [(start, clause) for clause in each.clauses]
    return sorted(found, key=lambda each: each[0])


# ------------------------------------------------------------------------------- headings


_IN_A_LINE = 15
"""Words of a line that may be a heading."""

_PARAGRAPH = 4
"""Lines without a clause that have room for more than a heading and the blank lines around it."""


def _headings(texts: Sequence[_Text], row: Sequence[Word], taken: Sequence[bool]) -> list[Stretch]:
    """Find what may have stood in the old text outside its clauses, as headings do.

    The policy says which lines and sentences the clauses stand on. Where it leaves out lines
    between them, or a sentence, there may have been something; the new text has no more of it than
    there was room for.
    """
    of_clauses = {line for each in texts for line in each.place.lines}
    found: list[Stretch] = []
    start, last_line = 0, 0
    for each in texts:
        if not each.in_place or each.found is None:
            continue
        first_line = min(each.place.lines, default=0)
        room = len(set(range(last_line + 1, first_line)) - of_clauses)
        there = free(row, Stretch(start, max(start, each.found.start)), taken)
        found += _like(there, row, room, at_top=last_line == 0)
        for one, following in pairwise(each.found.stretches):
            found += free(row, Stretch(one.end, following.start), taken)[: _left_out(each.place)]
        start = max(start, each.found.end)
        last_line = max(last_line, *each.place.lines)
    return list(dict.fromkeys(found))


def _like(
    there: Sequence[Stretch], row: Sequence[Word], room: int, *, at_top: bool
) -> Sequence[Stretch]:
    if room >= _PARAGRAPH:
        return there[: 3 * room]
    if room < (1 if at_top else 2):
        return ()
    found: list[Stretch] = []
    left = room * _IN_A_LINE
    for each in there:
        left -= each.end - each.start
        if left >= 0 and _is_like_heading(row, each, at_top=at_top):
            found.append(each)
    return found


def _is_like_heading(row: Sequence[Word], stretch: Stretch, *, at_top: bool) -> bool:
    return at_top or not spoken(row, (stretch,)).rstrip("\"')]").endswith((".", "!", ";"))


def _is_surely_heading(row: Sequence[Word], stretch: Stretch) -> bool:
    text = spoken(row, (stretch,))
    return stretch.end - stretch.start < 10 and not text.endswith((".", "!", "?", ";"))


def _left_out(place: Place) -> int:
    """Count the sentences that a clause leaves out between those that it has."""
    chosen = place.sentences
    return max(chosen) - min(chosen) + 1 - len(chosen) if chosen else 0


# ------------------------------------------------------------------------------- new wording


def _groups(texts: Sequence[_Text], count: int) -> Iterator[tuple[list[_Text], Stretch]]:
    """Give what is missing, by the stretch of the new text in which it would have to stand."""
    groups: dict[Stretch, list[_Text]] = {}
    for index, text in enumerate(texts):
        if text.found is not None:
            continue
        start, end = 0, count
        for at, other in enumerate(texts):
            if not other.in_place or other.found is None:
                continue
            apart = not text.overlaps(other)
            if at < index:
                start = max(start, other.found.end if apart else other.found.start)
            elif apart and other.key > text.last:
                end = min(end, other.found.start)
            elif other.last >= text.last:
                end = min(end, other.found.end)
        groups.setdefault(Stretch(start, max(start, end)), []).append(text)
    for region, group in groups.items():
        yield group, region


def _reword(
    group: Sequence[_Text],
    region: Stretch,
    texts: Sequence[_Text],
    row: Sequence[Word],
    *,
    taken: Sequence[bool],
    headings: Sequence[Stretch],
) -> None:
    """Give what is missing the words that stand in its place now, if any do."""
    there = [each for each in free(row, region, taken) if each not in headings]
    there = there or [
        each for each in free(row, region, taken) if not _is_surely_heading(row, each)
    ]
    if not there:
        return
    # What is shared with a clause that still stands belongs to the new wording as well.
    mine = list(taken)
    for other in texts:
        if other.found is not None and any(each.overlaps(other) for each in group):
            for stretch in other.found.stretches:
                mine[stretch.start : stretch.end] = [False] * (stretch.end - stretch.start)
    segments = [each for each in free(row, region, mine) if each in there or taken[each.start]]
    shares = _shares(group, segments, row)
    for text in group:
        text.wording = shares.get(text.clauses[0], ())
    for text in group:
        if text.wording and len(group) > 1:
            text.together = [
                clause
                for other in group
                if other is not text and other.wording == text.wording
                for clause in other.clauses
            ]


def _shares(
    group: Sequence[_Text], segments: Sequence[Stretch], row: Sequence[Word]
) -> Mapping[str, tuple[Stretch, ...]]:
    """Divide what stands there among the clauses that stood there: by number, by order, or not."""
    names = [each.clauses[0] for each in group]
    numbers = [number_of(spoken(row, (each,))) for each in segments]
    if any(each in names for each in numbers):
        shares: dict[str, list[Stretch]] = {}
        owner: str | None = None
        for number, each in zip(numbers, segments, strict=True):
            if number in names:
                owner = number
            elif number is not None and "." in number:
                owner = None  # another clause begins
            if owner is not None:
                shares.setdefault(owner, []).append(each)
        return {name: tuple(each) for name, each in shares.items()}
    if len(names) == len(segments):
        return {name: (each,) for name, each in zip(names, segments, strict=True)}
    return dict.fromkeys(names, tuple(segments))


# ------------------------------------------------------------------------------- states


def _states(
    policy: Policy, texts: Iterable[_Text], row: Sequence[Word], order: Order
) -> Iterator[ClauseDrift]:
    of_clause = {clause: text for text in texts for clause in text.clauses}
    before = dict(follows(order))
    for clause in policy.clauses.values():
        was = Place(clause.lines, clause.sentences)
        text = of_clause.get(clause.id)
        if text is None:
            yield ClauseDrift(clause.id, "not-recorded", was)
            continue
        after = before.get(clause.id)
        if text.found is None:
            now = passage(row, text.wording) if text.wording else None
            state: State = "changed" if now else "gone"
            together = tuple(each for each in text.together if each != clause.id)
            yield ClauseDrift(clause.id, state, was, now, after=after, together=together)
            continue
        number = text.found.number
        state = "moved" if text.moved or number else "unchanged"
        now = passage(row, text.found.stretches)
        yield ClauseDrift(clause.id, state, was, now, after=after, moved=text.moved, number=number)
