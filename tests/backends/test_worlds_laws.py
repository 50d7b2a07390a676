"""Laws of the possible worlds, for generated policies and facts."""

from datetime import timedelta

from hypothesis import assume, given, settings

from policyeval.backends.worlds import explore
from policyeval.evaluation.model import Verdict
from tests.backends.generated import (
    ASKED_ON,
    MOST_WORLDS,
    VERDICTS,
    WINDOW,
    Brute,
    Generated,
    generated,
    outcome,
)

_EXAMPLES = settings().max_examples * 10


@settings(max_examples=_EXAMPLES)
@given(generated())
def test_findings_are_what_trying_every_world_gives(made: Generated) -> None:
    _check(made)


def _check(made: Generated) -> None:
    assume(Brute.count(made) <= MOST_WORLDS)
    brute = Brute(made)
    assume(brute.worlds)
    found = explore(made.terms(), "asked", made.environment)
    verdict = brute.verdict(brute.worlds)
    if not found.exact:
        # Where a function of numbers goes up and down, nothing is claimed and everything named.
        assert found.outcome == outcome(verdict) or found.outcome.verdict in VERDICTS.values()
        every = {each.name for each in (*found.points, *found.further)}
        assert every >= {name for names in brute.points() for name in names}
        return
    assert found.outcome == outcome(verdict)
    points, further = brute.points()
    kinds = {kind for kind, _ in points.values()}
    if isinstance(verdict, Verdict) and any(
        verdict is each and kind not in kinds for kind, each in VERDICTS.items()
    ):
        # Only two changes together make the difference, because what lies between is not possible.
        assert found.points
        return
    assert {each.name: (each.kind, each.name) for each in found.points} == points
    assert {each.name: (each.kind, each.name) for each in found.further} == further
    end = ASKED_ON + timedelta(WINDOW - 1)
    if verdict is Verdict.PENDING:
        until = brute.pending_until()
        assert found.until == (None if until == end else until)
    else:
        assert found.until is None
    for each in (*found.points, *found.further):
        if each.kind == "event":
            until = brute.matters_until(("event", each.name))
            assert each.until == (None if until == end else until)
        if each.gives:
            assert each.gives == brute.gives((each.kind, each.name))
