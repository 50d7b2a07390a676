"""One answer out of several, where what is open decides which version governs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from policyeval.evaluation.model import Answer, OpenPoint, PointKind, Verdict

# From the innermost to the outermost: over all futures first, over unknown facts last.
_ORDER: Mapping[PointKind, Verdict] = {
    "event": Verdict.PENDING,
    "act": Verdict.DISCRETION,
    "reading": Verdict.OPEN,
    "fact": Verdict.UNKNOWN,
}


def merged(answers: Sequence[Answer], point: OpenPoint) -> Answer:
    """Give the answer over all parts of the possible worlds that an open point tells apart.

    Where the parts agree, that is the answer; where they do not, the point matters, and the verdict
    is that of the outermost kind of point among it and those that leave a part open.
    """
    first = next((each for each in answers if each.provenance.version), answers[0])
    points = _union(each.open_points for each in answers)
    further = _union(each.further_points for each in answers)
    complete = all(each.complete for each in answers)
    if all((each.verdict, each.value) == (first.verdict, first.value) for each in answers):
        until = min((each.until for each in answers if each.until), default=None)
        return replace(
            first,
            open_points=points,
            further_points=further,
            until=until,
            complete=complete,
        )
    left_open = {each.verdict for each in answers} | {_ORDER[point.kind]}
    verdict = [each for each in _ORDER.values() if each in left_open][-1]
    points = _union([(point,), points])
    return replace(
        first,
        verdict=verdict,
        value=None,
        reasons=(),
        remarks=(),
        open_points=points,
        further_points=tuple(each for each in further if each not in points),
        until=None,
        complete=complete,
    )


def _union(several: Iterable[Sequence[OpenPoint]]) -> tuple[OpenPoint, ...]:
    by_name: dict[str, OpenPoint] = {}
    for points in several:
        for each in points:
            by_name.setdefault(each.name, each)
    return tuple(by_name.values())
