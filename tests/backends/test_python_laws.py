"""Laws of the fast path: what it says of all worlds is so in each of them."""

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from policyeval.backends.python import Definite, Fast, compile_terms
from policyeval.errors import EvaluationError
from policyeval.facts.model import NEVER, Between, OneOf, Open
from policyeval.feel import syntax, types
from policyeval.feel.compiler import compile_expression
from policyeval.feel.operators import same
from policyeval.feel.scope import Scope
from policyeval.feel.unparser import unparse
from policyeval.feel.values import Value
from policyeval.feel.writing import value_text
from policyeval.policy.terms import Terms
from tests.backends.python_policies import ASKED, LIMITS, environment, terms, unknown
from tests.strategies import days_between, moments_between
from tests.typed_expressions import VARIABLES, contexts, expressions, values_of

EVENTS = ("day", "other day", "moment", "other moment")
LOWS: Mapping[str, date] = {
    name: ASKED if VARIABLES[name] == types.DATE else datetime.combine(ASKED, time())
    for name in EVENTS
}
FACTS = {name: ("event" if name in EVENTS else "plain", type_) for name, type_ in VARIABLES.items()}


def of(tree: syntax.Expression) -> types.Type:
    compiled = compile_expression(unparse(tree), Scope(VARIABLES), mode="strict", limits=LIMITS)
    return compiled.checked.type_of(compiled.tree)


def one_decision(tree: syntax.Expression) -> Terms:
    note(unparse(tree))
    return terms(FACTS, {"d": (of(tree), tree)})


def open_event(name: str) -> Open:
    low = LOWS[name]
    high = date.max if VARIABLES[name] == types.DATE else datetime.max
    return Open(name, "event", (Between(low, high), OneOf((NEVER,))))


def equal(one: object, other: object) -> bool:
    if one is NEVER or other is NEVER:
        return one is other
    return same(one, other) and value_text(one) == value_text(other)  # type: ignore[arg-type]  # values


@settings(max_examples=200)
@given(expressions(), contexts())
def test_of_complete_facts_the_fast_path_says_what_the_expression_gives(
    tree: syntax.Expression, context: dict[str, Value]
) -> None:
    compiled = compile_expression(unparse(tree), Scope(VARIABLES), mode="strict", limits=LIMITS)
    fast = compile_terms(one_decision(tree))
    facts = environment(context)
    expected: object = None
    codes: list[str] = []
    try:
        expected = compiled.function(*(context[name] for name in compiled.parameters))
    except EvaluationError as error:
        codes = [each.code for each in error.diagnostics]
    if codes:
        with pytest.raises(EvaluationError) as caught:
            fast.run(facts, ["d"])
        assert [each.code for each in caught.value.diagnostics] == codes
        return
    found = fast.run(facts, ["d"]).decisions["d"]
    assert found is not None
    assert equal(found.value, expected)


def decided(fast: Fast, facts: Mapping[str, object]) -> Definite | None:
    """Decide; None also where there is an error."""
    try:
        return fast.run(environment(facts), ["d"]).decisions["d"]
    except EvaluationError:
        return None


@cache
def _moments(name: str) -> st.SearchStrategy[object]:
    low = LOWS[name]
    if isinstance(low, datetime):
        near = moments_between(low, datetime(2025, 9, 1))
        return st.one_of(st.just(NEVER), st.just(low), near, st.just(datetime.max))
    near_days = days_between(low, date(2025, 9, 1))
    return st.one_of(st.just(NEVER), st.just(low), near_days, st.just(date.max))


OTHERS = tuple(name for name in VARIABLES if name not in EVENTS)
OPEN_EVENTS = st.sets(st.sampled_from(EVENTS))
OPEN_OTHERS = st.sets(st.sampled_from(OTHERS), max_size=4)


@st.composite
def worlds(draw: st.DrawFn) -> tuple[dict[str, object], list[dict[str, object]]]:
    """Give facts of which some are open, and a few of the worlds that they leave."""
    facts: dict[str, object] = dict(draw(contexts()))
    for name in draw(OPEN_EVENTS):
        facts[name] = open_event(name)
    for name in draw(OPEN_OTHERS):
        facts[name] = unknown(name)
    each: list[dict[str, object]] = []
    for _ in range(8):
        world = dict(facts)
        for name, value in facts.items():
            if isinstance(value, Open):
                world[name] = draw(
                    _moments(name) if value.kind == "event" else values_of(VARIABLES[name])
                )
        each.append(world)
    return facts, each


@settings(max_examples=200)
@given(expressions(types.BOOLEAN, 3), worlds())
def test_what_is_decided_with_open_points_is_so_in_every_world(
    tree: syntax.Expression, facts_and_worlds: tuple[dict[str, object], list[dict[str, object]]]
) -> None:
    facts, each = facts_and_worlds
    fast = compile_terms(one_decision(tree))
    found = decided(fast, facts)
    if found is None:
        return
    for world in each:
        there = decided(fast, world)
        assert there is None or equal(there.value, found.value), world


@settings(max_examples=200)
@given(
    expressions(types.DATE, 3),
    expressions(types.DATE_AND_TIME, 2),
    st.sampled_from(["<", "<=", ">", ">=", "=", "!="]),
    worlds(),
)
def test_decisions_built_on_moments_that_are_not_known_are_right_too(
    day: syntax.Expression,
    moment: syntax.Expression,
    operator: str,
    facts_and_worlds: tuple[dict[str, object], list[dict[str, object]]],
) -> None:
    facts, each = facts_and_worlds
    note(f"{unparse(day)} | {unparse(moment)}")
    rules = terms(
        FACTS,
        {
            "limit": (types.DATE, day),
            "at": (types.DATE_AND_TIME, moment),
            "d": (
                types.BOOLEAN,
                {
                    "requires": [f"day {operator} limit", "moment <= at"],
                    "excluded_if": [f"date(at) {operator} limit", "at = moment and b"],
                },
            ),
        },
    )
    fast = compile_terms(rules)
    found = decided(fast, facts)
    if found is None:
        return
    for world in each:
        there = decided(fast, world)
        assert there is None or there == found, world


@settings(max_examples=200)
@given(
    expressions(types.DATE, 2),
    expressions(types.DATE, 2),
    expressions(types.DATE, 2),
    worlds(),
)
def test_what_is_decided_with_open_readings_is_so_in_each(
    one: syntax.Expression,
    two: syntax.Expression,
    three: syntax.Expression,
    facts_and_worlds: tuple[dict[str, object], list[dict[str, object]]],
) -> None:
    facts, _ = facts_and_worlds

    def made(adopted: Mapping[str, str]) -> Terms:
        return terms(
            FACTS,
            {
                "limit": (
                    types.DATE,
                    {"by": "r", "p": one, "q": {"by": "s", "p": two, "q": three}},
                ),
                "d": (types.BOOLEAN, "day <= limit and (b or limit >= other day)"),
            },
            readings={"r": ("p", "q"), "s": ("p", "q")},
            adopted=adopted,
        )

    found = decided(compile_terms(made({})), facts)
    if found is None:
        return
    for r, s in (("p", "p"), ("q", "p"), ("q", "q")):
        there = decided(compile_terms(made({"r": r, "s": s})), facts)
        assert there is None or there.value == found.value


LOG = {"at": types.DATE, "ok": types.BOOLEAN, "amount": types.NUMBER}
ENTRY = st.fixed_dictionaries(
    {
        "at": days_between(date(2024, 2, 1), ASKED),
        "ok": st.booleans(),
        "amount": st.integers(0, 3).map(Decimal),
    }
)
ABOUT_LOGS = [
    "some e in log satisfies e.at <= until",
    "some e in log satisfies e.ok",
    "some e in log satisfies e.ok and e.at < until",
    "every e in log satisfies e.ok",
    "every e in log satisfies e.at >= until or e.ok",
    "count(log[at < until]) > 1",
    "count(log[ok and at <= until]) = 0",
    "count(log) > 1",
    "some e in log[ok] satisfies e.at > until",
    "every e in log[at < until] satisfies e.ok",
    "log[1] = null",
    "log[2] != null",
    "not(some e in log satisfies e.at > asked_on)",
    "count(for e in log return e.ok) = 2",
    "count(log[at < until][ok]) = 1",
    "flag and some e in log satisfies e.ok",
    "count(for e in log[at < until] return e.amount) > 1",
    "count(log[count(log) > 1]) = 2",
    "some d in [until] satisfies count(log[at < d]) = 1",
]


@settings(max_examples=400)
@given(
    st.sampled_from(ABOUT_LOGS),
    st.lists(ENTRY, max_size=3),
    st.lists(ENTRY, max_size=3),
    st.tuples(days_between(date(2024, 2, 10), date(2024, 3, 5)), st.booleans()),
    st.lists(st.integers(0, 60), min_size=3, max_size=3),
)
def test_what_is_decided_of_a_log_stays_so_however_it_grows(
    text: str,
    entries: list[dict[str, object]],
    further: list[dict[str, object]],
    known: tuple[date, bool],
    days: list[int],
) -> None:
    until, flag = known
    rules = terms(
        {"until": ("plain", types.DATE), "flag": ("plain", types.BOOLEAN)},
        {"d": (types.BOOLEAN, text)},
        entries={"log": ("at", LOG)},
    )
    fast = compile_terms(rules)
    facts = {"log": entries, "until": until, "flag": flag}

    def decision(log: list[dict[str, object]], growing: tuple[str, ...]) -> Definite | None:
        given = environment({**facts, "log": log}, growing=growing)
        try:
            return fast.run(given, ["d"]).decisions["d"]
        except EvaluationError:
            return None

    found = decision(entries, ("log",))
    later = [
        {**each, "at": date.fromordinal(ASKED.toordinal() + day)}
        for each, day in zip(further, days, strict=False)
    ]
    whole = decision([*entries, *later], ())
    assert found is None or whole is None or found == whole
    if not later and whole is not None and found is not None:
        assert found == whole
