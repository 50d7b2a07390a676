"""Decision tables on the fast path: what the tables of the language say, and what stays open."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policyeval.backends.python import Definite, compile_terms
from policyeval.errors import EvaluationError
from policyeval.feel import types
from policyeval.feel.scope import Scope
from policyeval.feel.tables import DecisionTable, HitPolicy, Input, Output, Rule, compile_table
from policyeval.policy.terms import Terms
from tests.backends.python_policies import environment, event, terms, unknown

FACTS = {
    "kind": ("plain", types.STRING),
    "amount": ("plain", types.NUMBER),
    "first": ("plain", types.BOOLEAN),
    "on": ("event", types.DATE),
}
SCOPE = Scope({name: type_ for name, (_, type_) in FACTS.items()})
POLICIES: list[tuple[HitPolicy, str | None]] = [
    ("UNIQUE", None),
    ("ANY", None),
    ("PRIORITY", None),
    ("FIRST", None),
    ("RULE ORDER", None),
    ("OUTPUT ORDER", None),
    ("COLLECT", None),
    ("COLLECT", "SUM"),
    ("COLLECT", "MIN"),
    ("COLLECT", "MAX"),
    ("COLLECT", "COUNT"),
]
INPUTS = (
    Input("kind", types.STRING),
    Input("amount + 1", types.NUMBER, ">= 0"),
    Input("first", types.BOOLEAN),
)
CELLS = (
    st.sampled_from(["-", '"a"', '"a", "b"', 'not("a")', '"c"']),
    st.sampled_from(["-", "> 2", "[1..3]", "2", "< amount + 2", "not(1, 2)", "> 1 / (amount - 1)"]),
    st.sampled_from(["-", "true", "false"]),
)


@st.composite
def tables(draw: st.DrawFn) -> DecisionTable:
    policy, aggregation = draw(st.sampled_from(POLICIES))
    results = ["1", "2", "amount", "amount / (amount - 2)"]
    ranked = policy in {"PRIORITY", "OUTPUT ORDER"}
    if ranked:
        results = ["1", "2", "3"]
    values = "3, 1, 2" if ranked or draw(st.booleans()) else None
    default = draw(st.sampled_from([None, "0"]))
    outputs = [Output("x", types.NUMBER, values, default)]
    if aggregation is None and draw(st.booleans()):
        outputs.append(Output("y", types.STRING, None, draw(st.sampled_from([None, '"none"']))))
    rows = draw(
        st.lists(
            st.tuples(
                st.tuples(*CELLS),
                st.sampled_from(results),
                st.sampled_from(['"p"', "kind"]),
            ),
            min_size=1,
            max_size=4,
        )
    )
    rules = tuple(Rule(when, (x, y)[: len(outputs)]) for when, x, y in rows)
    return DecisionTable(INPUTS, tuple(outputs), rules, policy, aggregation)


def policy_with(table: DecisionTable, type_: types.Type) -> Terms:
    return terms(FACTS, {"d": (type_, {"table": table})})


def outcome(run: object) -> object:
    assert callable(run)
    try:
        return run()
    except EvaluationError as error:
        return [each.code for each in error.diagnostics]


@settings(max_examples=250)
@given(
    tables(),
    st.fixed_dictionaries(
        {
            "kind": st.sampled_from(["a", "b", "c", "d"]),
            "amount": st.integers(-2, 4).map(Decimal),
            "first": st.booleans(),
            "on": st.just(date(2024, 1, 1)),
        }
    ),
)
def test_a_table_gives_what_the_language_gives(
    table: DecisionTable, facts: Mapping[str, object]
) -> None:
    compiled = compile_table(table, SCOPE, mode="strict")
    fast = compile_terms(policy_with(table, compiled.type))

    def run() -> object:
        found = fast.run(environment(facts), ["d"]).decisions["d"]
        assert found is not None
        return found.value, found.rows

    def expected() -> object:
        value = compiled.evaluate(facts)
        return value, compiled.matches(facts)

    assert outcome(run) == outcome(expected)


RATES = DecisionTable(
    (Input("kind", types.STRING), Input("amount", types.NUMBER)),
    (Output("rate", types.NUMBER, None, "0"),),
    (Rule(('"a"', "> 10"), ("1",)), Rule(('"b"', "-"), ("2",)), Rule(('"a", "b"', "> 99"), ("3",))),
)
FACTS_KNOWN: Mapping[str, object] = {
    "kind": "a",
    "amount": Decimal(11),
    "first": True,
    "on": date(2024, 1, 1),
}


def test_a_table_names_the_rows_that_hit() -> None:
    fast = compile_terms(policy_with(RATES, types.NUMBER))
    run = fast.run(environment(FACTS_KNOWN), ["d"])
    assert run.decisions["d"] == Definite(True, Decimal(1), (), (0,))
    run = fast.run(environment({**FACTS_KNOWN, "kind": "x"}), ["d"])
    assert run.decisions["d"] == Definite(True, Decimal(0), (), ())


def test_two_hits_where_one_may_be_are_told_in_the_file() -> None:
    fast = compile_terms(policy_with(RATES, types.NUMBER))
    with pytest.raises(EvaluationError) as caught:
        fast.run(environment({**FACTS_KNOWN, "amount": Decimal(100)}), ["d"])
    text = str(caught.value)
    assert "two rules hit where only one may: rule row_0 and rule row_2, in `d`" in text
    assert "2024-01-01.yaml:" in text


def test_an_input_that_is_not_known_leaves_the_table_open() -> None:
    fast = compile_terms(policy_with(RATES, types.NUMBER))
    assert fast.run(environment({**FACTS_KNOWN, "kind": unknown("kind")}), ["d"]).decisions == {
        "d": None
    }


def test_what_is_certain_of_an_event_may_be_an_input() -> None:
    table = DecisionTable(
        (Input("on >= asked_on", types.BOOLEAN),),
        (Output("late", types.STRING),),
        (Rule(("true",), ('"yes"',)), Rule(("false",), ('"no"',))),
    )
    fast = compile_terms(policy_with(table, types.STRING))
    run = fast.run(environment({**FACTS_KNOWN, "on": event("on")}), ["d"])
    assert run.decisions["d"] == Definite(True, "yes", (), (0,))


def test_a_result_may_depend_on_how_the_text_is_read() -> None:
    rows = (
        Rule(("> 5",), ({"by": "r", "p": "1", "q": "2"},)),  # type: ignore[arg-type]  # as the builder takes it
        Rule(("<= 5",), ({"by": "r", "p": "3", "q": "3"},)),  # type: ignore[arg-type]
    )
    table = DecisionTable((Input("amount", types.NUMBER),), (Output("x", types.NUMBER),), rows)
    decisions = {"d": (types.NUMBER, {"table": table}), "big": (types.BOOLEAN, "d > 0")}
    fast = compile_terms(terms(FACTS, decisions, readings={"r": ("p", "q")}))
    run = fast.run(environment(FACTS_KNOWN), ["d", "big"])
    assert run.decisions == {"d": None, "big": Definite(True, True)}
    run = fast.run(environment({**FACTS_KNOWN, "amount": Decimal(1)}), ["d"])
    assert run.decisions["d"] == Definite(True, Decimal(3), (), (1,))
