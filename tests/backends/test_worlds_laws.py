"""Laws of the possible worlds, for generated policies and facts.

By default 500 examples are looked at; `HYPOTHESIS_PROFILE=long` looks at 20,000.
"""

from dataclasses import replace
from datetime import timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from policyeval.backends.worlds import explore
from policyeval.evaluation.model import Verdict
from policyeval.facts.model import Open
from tests.backends.generated import (
    ASKED_ON,
    MOST_WORLDS,
    VERDICTS,
    WINDOW,
    Brute,
    Generated,
    completions,
    generated,
    outcome,
)

_EXAMPLES = settings().max_examples


@settings(max_examples=8 * _EXAMPLES)
@given(generated())
def test_findings_are_what_trying_every_world_gives(made: Generated) -> None:
    check_findings(made)


def check_findings(made: Generated) -> None:
    """Compare what is found with what the definition gives, world by world."""
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
        # Where no world at all is left from some day on, there is no verdict to compare with.
        if brute.events_from(found.until or brute.last_day()):
            assert found.until == (None if until == end else until)
    else:
        assert found.until is None
    for each in (*found.points, *found.further):
        if each.kind == "event":
            until = brute.matters_until(("event", each.name))
            assert each.until == (None if until == end else until)
        if each.gives:
            assert each.gives == brute.gives((each.kind, each.name))


@settings(max_examples=2 * _EXAMPLES)
@given(generated(), st.data())
def test_what_is_sure_stays_so_when_an_open_point_becomes_known(
    made: Generated, data: st.DataObject
) -> None:
    open_ = {
        name: each
        for name, each in made.values.items()
        if isinstance(each, Open) and each.kind != "event"
    }
    if made.open_when is not None:
        # An act that is recorded counts as well where it would not have been open: that says more.
        open_ = {name: each for name, each in open_.items() if each.kind != "act"}
    assume(open_)
    policy = made.terms()
    before = explore(policy, "asked", made.environment)
    name = data.draw(st.sampled_from(sorted(open_)))
    values = [each for each in completions(open_[name]) if type(each).__name__ != "NotYet"]
    known = replace(made, values={**made.values, name: data.draw(st.sampled_from(values))})
    if made.consistent is not None and Brute.count(known) <= MOST_WORLDS:
        assume(Brute(known).worlds)
    elif made.consistent is not None:
        assume(False)
    after = explore(policy, "asked", known.environment)
    if before.outcome.verdict in (Verdict.YES, Verdict.NO, Verdict.NOT_COVERED, None):
        assert after.outcome == before.outcome
        assert not after.points
        assert not after.further
