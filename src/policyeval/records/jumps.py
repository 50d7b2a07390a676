"""Numbers of records that were jumped over: missing, or in another place."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Final

from policyeval.messages import message
from policyeval.records.findings import Place, Problem, problem

REMEMBERED: Final = 1_000
"""Lines behind a jump that are remembered, to tell how their order was changed."""


@dataclass(slots=True)
class Jump:
    """Numbers that were jumped over, and the lines since.

    Attributes:
        place: Where the jump is.
        first: The first number that was not there.
        last: The last one.
        later: Those that came later after all.
        since: The places from the jump on and the record at each, as long as numbers are missing.
        all_since: Whether those are all of them.
    """

    place: Place
    first: int
    last: int
    later: set[int] = field(default_factory=set)
    since: list[tuple[Place, int]] = field(default_factory=list)
    all_since: bool = True

    @property
    def filled(self) -> bool:
        """Whether nothing is missing any more."""
        return len(self.later) > self.last - self.first

    def passed(self, place: Place, seq: int) -> None:
        """Remember a line behind the jump."""
        if len(self.since) < REMEMBERED:
            self.since.append((place, seq))
        else:
            self.all_since = False

    def problems(self) -> Iterator[Problem]:
        """Give what is wrong, when everything has been seen."""
        if self.filled and self.all_since:
            yield self._order()
            return
        for first, last in self._still_missing():
            text = message("record {seq} is missing before this line", seq=first)
            if first != last:
                text = message(
                    "records {first} to {last} are missing before this line", first=first, last=last
                )
            yield problem("missing", self.place, text)
        for place, seq in self.since:
            if seq in self.later:
                yield late(place, seq)

    def _order(self) -> Problem:
        right = sorted(seq for _, seq in self.since)
        moved = [each for each, seq in zip(self.since, right, strict=True) if each[1] != seq]
        (place, one), *_, (end, other) = moved
        if len(moved) == 2:
            text = message(
                "record {one} stands in the place of record {other}, which is in line {line}",
                one=one,
                other=other,
                line=end.line,
            )
            return problem("order", place, text)
        text = message(
            "the lines from here to line {line} are not in their order: they hold records {records}",
            line=end.line,
            records=_few([seq for _, seq in moved]),
        )
        return problem("order", place, text)

    def _still_missing(self) -> Iterator[tuple[int, int]]:
        """Give what is still missing, in stretches."""
        start = self.first
        for found in chain(sorted(self.later), (self.last + 1,)):
            if start < found:
                yield start, found - 1
            start = found + 1


def late(place: Place, seq: int) -> Problem:
    """Say that a record stands too far behind."""
    text = message("record {seq} stands behind one that was written after it", seq=seq)
    return problem("order", place, text)


def _few(numbers: list[int]) -> str:
    shown = ", ".join(str(each) for each in numbers[:10])
    return f"{shown}, …" if len(numbers) > 10 else shown
