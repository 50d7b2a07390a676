"""Decision tables: which rules hit, what comes of them, and what is wrong with a table."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyeval.errors import EvaluationError, ExpressionError
from policyeval.feel import types
from policyeval.feel.runtime import Budget
from policyeval.feel.scope import Scope
from policyeval.feel.tables import (
    HIT_POLICIES,
    DecisionTable,
    Input,
    Output,
    Rule,
    compile_table,
)
from policyeval.feel.values import Value

Rows = list[tuple[str, str]]

# Which rules hit for n: 1 to 3 the first, 2 to 5 the second, 3 and 9 the third.
OVERLAPPING: Rows = [("[1..3]", '"low"'), ("[2..5]", '"middle"'), ("3, 9", '"odd"')]
N = Scope({"n": "number"})


def table(
    rows: Rows,
    hit_policy: str = "UNIQUE",
    aggregation: str | None = None,
    *,
    values: str | None = None,
    type_: str | None = None,
    default: str | None = None,
) -> DecisionTable:
    """Make a table with the input `n` and one output."""
    return DecisionTable(
        (Input("n"),),
        (Output(type=type_, values=values, default=default),),
        tuple(Rule((when,), (then,)) for when, then in rows),
        hit_policy,
        aggregation,
    )


def codes(error: ExpressionError | EvaluationError) -> list[str]:
    return [each.code for each in error.diagnostics]


def problems(given: DecisionTable, scope: Scope = N, mode: str = "lenient") -> ExpressionError:
    with pytest.raises(ExpressionError) as caught:
        compile_table(given, scope, mode="strict" if mode == "strict" else "lenient")
    return caught.value


# ------------------------------------------------------------------------------- hit policies


@pytest.mark.parametrize(
    ("hit_policy", "n", "expected"),
    [
        ("UNIQUE", 1, "low"),
        ("UNIQUE", 4, "middle"),
        ("UNIQUE", 7, None),
        ("UNIQUE", None, None),
        ("ANY", 1, "low"),
        ("ANY", 7, None),
        ("FIRST", 3, "low"),
        ("FIRST", 9, "odd"),
        ("FIRST", 7, None),
        ("PRIORITY", 3, "odd"),
        ("PRIORITY", 2, "middle"),
        ("PRIORITY", 1, "low"),
        ("PRIORITY", 7, None),
        ("COLLECT", 3, ["low", "middle", "odd"]),
        ("COLLECT", 9, ["odd"]),
        ("COLLECT", 7, None),
        ("RULE ORDER", 2, ["low", "middle"]),
        ("RULE ORDER", 7, None),
        ("OUTPUT ORDER", 3, ["odd", "middle", "low"]),
        ("OUTPUT ORDER", 2, ["middle", "low"]),
        ("OUTPUT ORDER", 7, None),
    ],
)
def test_the_hit_policy_says_what_comes_of_the_rules_that_hit(
    hit_policy: str, n: int | None, expected: Value
) -> None:
    compiled = compile_table(
        table(OVERLAPPING, hit_policy, values='"odd", "middle", "low"'), Scope({"n": "Any"})
    )
    outcome = compiled.run({"n": n})
    assert outcome.value == expected


@pytest.mark.parametrize("hit_policy", HIT_POLICIES)
def test_where_no_rule_hits_the_default_is_the_result(hit_policy: str) -> None:
    given = table(OVERLAPPING, hit_policy, values='"low", "middle", "odd"', default='"low"')
    assert compile_table(given, N).evaluate({"n": 7}) == "low"


def test_a_default_may_be_computed() -> None:
    given = table([("> 10", "n")], default="n * 2")
    assert compile_table(given, N).evaluate({"n": 4}) == 8


def test_two_hits_under_unique_are_null_with_a_warning_that_names_both_rules() -> None:
    outcome = compile_table(table(OVERLAPPING), N).run({"n": 2})
    assert outcome.value is None
    (warning,) = outcome.warnings
    assert (warning.code, warning.severity) == ("eval.hit-policy", "warning")
    assert warning.message.text() == "two rules hit where only one may: rule 1 and rule 2"


def test_two_hits_under_unique_are_an_error_that_names_both_rules_in_strict_mode() -> None:
    compiled = compile_table(table(OVERLAPPING), N, mode="strict")
    assert compiled.evaluate({"n": 4}) == "middle"
    with pytest.raises(EvaluationError) as caught:
        compiled.evaluate({"n": 2})
    assert codes(caught.value) == ["eval.hit-policy"]
    assert "rule 1 and rule 2" in str(caught.value)


@pytest.mark.parametrize(
    ("then", "expected"),
    [(("1", "1.0"), Decimal(1)), (("[1]", "[1, 2]"), None), (("1", '"1"'), None)],
)
def test_rules_that_hit_under_any_must_agree(then: tuple[str, str], expected: Value) -> None:
    given = table([("-", then[0]), ("> 0", then[1])], "ANY")
    outcome = compile_table(given, N).run({"n": 1})
    assert outcome.value == expected
    assert [each.code for each in outcome.warnings] == ([] if expected else ["eval.hit-policy"])


def test_rules_that_disagree_under_any_are_an_error_in_strict_mode() -> None:
    given = table([("-", "1"), ("-", "1"), ("> 0", "2")], "ANY")
    with pytest.raises(EvaluationError, match="rule 1 and rule 3"):
        compile_table(given, N, mode="strict").evaluate({"n": 1})


def test_the_first_rule_that_hits_ends_the_search_under_first() -> None:
    given = table([("-", "1"), ("1 / 0 > 0", "2")], "FIRST")
    outcome = compile_table(given, N).run({"n": 1})
    assert (outcome.value, outcome.warnings) == (1, ())


@pytest.mark.parametrize(
    ("hit_policy", "n", "expected"),
    [
        ("UNIQUE", 2, (0, 1)),
        ("COLLECT", 3, (0, 1, 2)),
        ("FIRST", 3, (0,)),
        ("ANY", 9, (2,)),
        ("UNIQUE", 7, ()),
    ],
)
def test_which_rules_hit_can_be_asked(hit_policy: str, n: int, expected: tuple[int, ...]) -> None:
    assert compile_table(table(OVERLAPPING, hit_policy), N).matches({"n": n}) == expected


# ------------------------------------------------------------------------------- aggregations


@pytest.mark.parametrize(
    ("aggregation", "cells", "expected"),
    [
        ("SUM", ["0.1", "0.2"], Decimal("0.3")),
        ("MIN", ["3", "1", "2"], Decimal(1)),
        ("MAX", ["3", "1", "2"], Decimal(3)),
        ("COUNT", ["3", "3", "null"], Decimal(3)),
        ("MIN", ['"b"', '"a"'], "a"),
        ("MAX", ['@"2024-01-31"', '@"2024-02-01"'], date(2024, 2, 1)),
    ],
)
def test_an_aggregation_makes_one_value_of_the_outputs(
    aggregation: str, cells: list[str], expected: Value
) -> None:
    rows = [("-", each) for each in cells]
    compiled = compile_table(table(rows, "COLLECT", aggregation), N)
    assert compiled.evaluate({"n": 1}) == expected


@pytest.mark.parametrize(
    ("aggregation", "cells"),
    [("SUM", ["1", '"x"']), ("SUM", ["1", "null"]), ("MIN", ["1", '"x"']), ("MAX", ["1", "null"])],
)
def test_outputs_that_cannot_be_aggregated_give_null_with_a_warning(
    aggregation: str, cells: list[str]
) -> None:
    rows = [("-", each) for each in cells]
    outcome = compile_table(table(rows, "COLLECT", aggregation), N).run({"n": 1})
    assert outcome.value is None
    assert len(outcome.warnings) == 1


@pytest.mark.parametrize("aggregation", ["SUM", "MIN", "MAX", "COUNT"])
def test_an_aggregation_of_no_hits_is_null(aggregation: str) -> None:
    compiled = compile_table(table([("> 5", "1")], "COLLECT", aggregation), N)
    assert compiled.run({"n": 1}).value is None


def test_hits_with_several_outputs_can_be_counted() -> None:
    given = DecisionTable(
        (Input("n"),),
        (Output("a"), Output("b")),
        (Rule(("-",), ("1", "2")), Rule(("> 0",), ("1", "2"))),
        "COLLECT",
        "COUNT",
    )
    assert compile_table(given, N).evaluate({"n": 1}) == 2


# ------------------------------------------------------------------------------- several columns

LOAN = DecisionTable(
    (Input("age", "number"), Input("risk", "string", '"high", "low"')),
    (
        Output("status", "string", '"approved", "declined"', '"declined"'),
        Output("rate class", "string", '"best", "standard"'),
        Output("note"),
    ),
    (
        Rule((">= 18", '"low"'), ('"approved"', '"standard"', "age + 1")),
        Rule((">= 65", "-"), ('"approved"', '"best"', "age + 2")),
        Rule(("-", '"high"'), ('"declined"', '"best"', "null")),
    ),
    "PRIORITY",
)
PERSON = Scope({"age": "number", "risk": "string"})


def test_several_outputs_are_a_context_by_their_names() -> None:
    result = compile_table(LOAN, PERSON).evaluate({"age": 20, "risk": "low"})
    assert result == {"status": "approved", "rate class": "standard", "note": Decimal(21)}


def test_the_first_output_decides_the_order_and_the_next_one_among_equals() -> None:
    given = replace(LOAN, hit_policy="OUTPUT ORDER")
    compiled = compile_table(given, PERSON)
    both = compiled.evaluate({"age": 70, "risk": "low"})
    assert isinstance(both, list)
    assert [each["note"] for each in both if isinstance(each, dict)] == [72, 71]
    assert compile_table(LOAN, PERSON).evaluate({"age": 70, "risk": "high"}) == {
        "status": "approved",
        "rate class": "best",
        "note": Decimal(72),
    }


def test_an_output_without_a_default_is_null_beside_one_that_has_one() -> None:
    result = compile_table(LOAN, PERSON).evaluate({"age": 10, "risk": "low"})
    assert result == {"status": "declined", "rate class": None, "note": None}


def test_outputs_that_compare_equal_in_order_stay_in_the_order_of_the_rules() -> None:
    given = table([("-", '"a"'), ("-", '"c"'), ("-", '"d"'), ("-", '"a"')], "OUTPUT ORDER")
    given = replace(given, outputs=(Output(values='"c", "a"'),))
    outcome = compile_table(given, N).run({"n": 1})
    assert outcome.value == ["c", "a", "a", "d"]
    assert [each.code for each in outcome.warnings] == ["eval.domain"]


def test_values_of_an_output_may_be_ranges() -> None:
    given = table([("-", "15"), ("-", "5")], "PRIORITY", values="[0..10), [10..20]")
    assert compile_table(given, N).evaluate({"n": 1}) == 5


def test_a_table_may_have_no_inputs() -> None:
    given = DecisionTable((), (Output(),), (Rule((), ("1",)), Rule((), ("2",))), "COLLECT")
    assert compile_table(given).evaluate({}) == [1, 2]


def test_a_table_may_have_no_rules() -> None:
    given = DecisionTable((Input("1"),), (Output(default='"none"'),), ())
    assert compile_table(given).evaluate({}) == "none"


# ------------------------------------------------------------------------------- conditions


@pytest.mark.parametrize(
    ("condition", "hits"),
    [
        ("-", True),
        (" - ", True),
        ("", True),
        ("5", True),
        ("4, 5", True),
        ("not(4, 5)", False),
        ("? > 4 and ? < 6", True),
        ("m", True),
        ("ms", True),
        ("< m", False),
        ("[m..m]", True),
        ("null", False),
        ("1 / 0", False),
    ],
)
def test_a_condition_is_unary_tests_of_the_value_of_its_column(condition: str, hits: bool) -> None:
    scope = Scope({"n": "number", "m": "number", "ms": "list<number>"})
    compiled = compile_table(table([(condition, "true")]), scope)
    assert compiled.matches({"n": 5, "m": 5, "ms": [4, 5]}) == ((0,) if hits else ())


def test_cells_may_use_names_with_spaces() -> None:
    given = DecisionTable(
        (Input("Full Name.Last Name"),),
        (Output(),),
        (Rule(('"Ö"',), ("Full Name.Last Name + x-y",)),),
    )
    scope = Scope({"Full Name": "context<Last Name: string>", "x-y": "string"})
    assert (
        compile_table(given, scope).evaluate({"Full Name": {"Last Name": "Ö"}, "x-y": "!"}) == "Ö!"
    )


# ------------------------------------------------------------------------------- types and values


@pytest.mark.parametrize(
    ("expression", "type_", "condition"),
    [
        ("[5]", "number", "5"),
        ("5", "list<number>", "count(?) = 1"),
        ('@"2024-01-31"', "date and time", '@"2024-01-31T00:00:00Z"'),
        ('"x"', "number", "null"),
        ("null", "number", "null"),
    ],
)
def test_an_input_is_converted_to_its_type(expression: str, type_: str, condition: str) -> None:
    given = DecisionTable(
        (Input(expression, type_),), (Output(),), (Rule((condition,), ('"hit"',)),)
    )
    assert compile_table(given).evaluate({}) == "hit"


@pytest.mark.parametrize(
    ("cell", "type_", "expected"),
    [
        ("[5]", "number", Decimal(5)),
        ("5", "list<number>", [Decimal(5)]),
        ('"x"', "number", None),
        ("null", "number", None),
        ("5", "context<a: number>", None),
    ],
)
def test_an_output_is_converted_to_its_type(cell: str, type_: str, expected: Value) -> None:
    for each in (table([("-", cell)], type_=type_), table([], type_=type_, default=cell)):
        assert compile_table(each, N).evaluate({"n": 1}) == expected


def test_a_date_becomes_its_midnight_where_a_date_and_time_is_the_output() -> None:
    given = table([("-", '@"2024-01-31"')], type_="date and time")
    result = compile_table(given, N).evaluate({"n": 1})
    assert isinstance(result, datetime)
    assert result.isoformat() == "2024-01-31T00:00:00+00:00"


def test_an_input_that_is_not_among_its_values_gives_null_with_a_warning() -> None:
    outcome = compile_table(LOAN, PERSON).run({"age": 20, "risk": "hgih"})
    assert outcome.value is None
    (warning,) = outcome.warnings
    assert warning.code == "eval.domain"
    assert warning.message.text() == (
        '`"hgih"` is not among the values of this input, which are `"high", "low"`'
    )
    assert compile_table(LOAN, PERSON).matches({"age": 20, "risk": "hgih"}) == ()


def test_a_missing_input_is_for_the_rules_to_deal_with() -> None:
    result = compile_table(LOAN, PERSON).run({"age": 70})
    assert isinstance(result.value, dict)
    assert result.value["note"] == 72


def test_each_item_of_a_list_may_be_among_the_values() -> None:
    given = DecisionTable(
        (Input("tags", "list<string>", '"a", "b"'),), (Output(),), (Rule(("-",), ("1",)),)
    )
    compiled = compile_table(given, Scope({"tags": "list<string>"}))
    assert compiled.evaluate({"tags": ["a", "b", "a"]}) == 1
    assert compiled.evaluate({"tags": ["a", "c"]}) is None


def test_an_output_that_is_not_among_its_values_is_kept_with_a_warning() -> None:
    given = table([("-", '"aproved"')], values='"approved", "declined"')
    outcome = compile_table(given, N).run({"n": 1})
    assert outcome.value == "aproved"
    assert [each.code for each in outcome.warnings] == ["eval.domain"]
    with pytest.raises(EvaluationError, match="rule 1, output 1"):
        compile_table(given, N, mode="strict").evaluate({"n": 1})


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (table(OVERLAPPING), types.optional(types.STRING)),
        (table(OVERLAPPING, "COLLECT"), types.optional(types.ListOf(types.STRING))),
        (table([("-", "1")], "COLLECT", "COUNT"), types.optional(types.NUMBER)),
        (table([("-", "1")], "COLLECT", "SUM"), types.optional(types.NUMBER)),
        (table(OVERLAPPING, default='"none"'), types.STRING),
    ],
    ids=["unique", "collect", "count", "sum", "default"],
)
def test_the_type_of_the_result_is_known_before_it_runs(
    given: DecisionTable, expected: types.Type
) -> None:
    assert compile_table(given, N, mode="strict").type == expected


# ------------------------------------------------------------------------------- problems


def test_all_problems_of_all_cells_are_reported_at_once_with_their_places() -> None:
    given = DecisionTable(
        (Input("n +"), Input("n", "nmber")),
        (Output("a", values='"x" "y"'), Output("b", default="(")),
        (Rule(("> 1", "1 2"), ("1", "1 +")), Rule((">", "-"), ("{", "1"))),
    )
    error = problems(given)
    assert [each.source.name for each in error.diagnostics] == [
        "input 1",
        "type of input 2",
        "values of output 1",
        "default of output 2",
        "rule 1, input 2",
        "rule 1, output 2",
        "rule 2, input 1",
        "rule 2, output 1",
    ]
    assert codes(error)[1] == "feel.unknown-type"
    assert "did you mean `number`?" in str(error)


def test_the_name_of_the_table_stands_before_the_place() -> None:
    error = problems(replace(table([(">", "1")]), name="rates.yaml"))
    assert str(error).startswith("rates.yaml: rule 1, input 1:1:")


@pytest.mark.parametrize(
    ("given", "text"),
    [
        (table([], "UNIQE"), "there is no hit policy `UNIQE`"),
        (table([], "LAST"), "there is no hit policy `LAST`"),
        (table([], "COLLECT", "SUMM"), "there is no aggregation `SUMM`"),
        (table([], "UNIQUE", "SUM"), "only the hit policy `COLLECT` has an aggregation"),
        (DecisionTable((), (), ()), "the decision table has no output"),
        (DecisionTable((), (Output("a"), Output()), ()), "one of several outputs has no name"),
        (DecisionTable((), (Output("a"), Output("a")), ()), "`a` is given twice"),
        (
            DecisionTable((), (Output("a"), Output("b")), (), "COLLECT", "SUM"),
            "`SUM` is for tables with one output",
        ),
        (
            DecisionTable((Input("1"),), (Output(),), (Rule((), ("1",)),)),
            "the rule has 0 conditions, but there are 1 inputs",
        ),
        (
            DecisionTable((Input("1"),), (Output(),), (Rule(("-",), ("1", "2")),)),
            "the rule has 2 results, but there are 1 outputs",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_table_that_is_not_put_together_right_is_refused(given: DecisionTable, text: str) -> None:
    error = problems(given)
    assert [each.message.text() for each in error.diagnostics] == [text]
    assert set(codes(error)) <= {"feel.table", "feel.duplicate-name"}


def test_a_table_that_is_too_large_is_refused_unread() -> None:
    given = table([("-", "1 +")] * 5_001)
    (problem,) = problems(given).diagnostics
    assert problem.message.text() == "the decision table has more than 10000 cells"


@pytest.mark.parametrize("hit_policy", ["PRIORITY", "OUTPUT ORDER"])
def test_an_order_of_outputs_that_nobody_gave_is_refused_in_strict_mode(hit_policy: str) -> None:
    given = table([("-", '"b"'), ("-", '"a"')], hit_policy)
    assert codes(problems(given, mode="strict")) == ["feel.table"]
    compiled = compile_table(given, N)
    assert [each.code for each in compiled.diagnostics] == ["feel.table"]
    expected = "b" if hit_policy == "PRIORITY" else ["b", "a"]
    assert compiled.evaluate({"n": 1}) == expected


def test_an_empty_condition_is_refused_in_strict_mode() -> None:
    assert codes(problems(table([("", "1")]), mode="strict")) == ["feel.syntax"]


@pytest.mark.parametrize(
    "given",
    [
        table([("-", '"x"')], type_="number"),
        table([("-", "null")], type_="number"),
        table([('"x"', "1")]),
        DecisionTable((Input('"x"', "number"),), (Output(),), ()),
    ],
    ids=["output", "null", "condition", "input"],
)
def test_a_cell_of_another_type_than_its_column_is_refused_in_strict_mode(
    given: DecisionTable,
) -> None:
    assert set(codes(problems(given, mode="strict"))) <= {"feel.type", "feel.null"}
    compile_table(given, N)


def test_a_problem_is_placed_in_the_readers_language() -> None:
    error = problems(table([(">", "1")]))
    assert error.render("sv").startswith("regel 1, ")
    assert error.render("de").startswith("Regel 1, ")


def test_a_cell_that_fails_says_where_it_stands() -> None:
    outcome = compile_table(table([("> 1 / 0", "1"), ("-", "1 / 0")]), N).run({"n": 1})
    assert outcome.value is None
    places = {each.place.text() for each in outcome.warnings if each.place}
    assert places == {"rule 1, input 1", "rule 2, output 1"}
    with pytest.raises(EvaluationError, match=r"rule 1, output 1:1:\d"):
        compile_table(table([("-", "1 / n")]), N, mode="strict").evaluate({"n": 0})


LONG = "? < count(for i in 1..{n} return i)"


@pytest.mark.parametrize("mode", ["lenient", "strict"])
def test_all_cells_together_have_one_budget(mode: str) -> None:
    given = table([(LONG.format(n=400), "1"), (LONG.format(n=401), "2")], "COLLECT")
    compiled = compile_table(
        given, N, mode="strict" if mode == "strict" else "lenient", budget=Budget(steps=1_000)
    )
    assert compiled.evaluate({"n": 1}) == [1, 2]
    compiled = replace(compiled, rows=compiled.rows * 2)
    if mode == "strict":
        with pytest.raises(EvaluationError) as caught:
            compiled.run({"n": 1})
        assert codes(caught.value) == ["eval.cost"]
        return
    outcome = compiled.run({"n": 1})
    assert outcome.value is None
    assert [each.code for each in outcome.warnings] == ["eval.cost"]
    assert compiled.matches({"n": 1}) == ()


# ------------------------------------------------------------------------------- laws

conditions = st.sampled_from(["-", "1", "> 2", "[1..3]", "not(2)", "null", "2, 4"])
rows = st.lists(st.tuples(conditions, st.integers(0, 5).map(str)), max_size=6)


@given(rows, st.none() | st.integers(0, 5))
def test_the_hit_policies_agree_with_the_rules_that_hit(given: Rows, n: int | None) -> None:
    order = "0, 1, 2, 3, 4, 5"
    context = {"n": n}

    def result(hit_policy: str) -> Value:
        return compile_table(table(given, hit_policy, values=order), N).evaluate(context)

    hits = compile_table(table(given, "COLLECT"), N).matches(context)
    outputs = [Decimal(given[index][1]) for index in hits]
    assert result("COLLECT") == result("RULE ORDER") == (outputs or None)
    assert result("OUTPUT ORDER") == (sorted(outputs) or None)
    assert result("PRIORITY") == min(outputs, default=None)
    assert result("FIRST") == (outputs[0] if outputs else None)
    assert result("UNIQUE") == (outputs[0] if len(outputs) == 1 else None)
    assert result("ANY") == (outputs[0] if len(set(outputs)) == 1 else None)
