"""The two lowerings, and the two modes, say the same of every expression that the profile accepts."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, note
from hypothesis import strategies as st

from policyeval.errors import EvaluationError
from policyeval.feel import syntax
from policyeval.feel.checker import check
from policyeval.feel.compiler import Compiled, compile_expression
from policyeval.feel.limits import Limits
from policyeval.feel.operators import same
from policyeval.feel.scope import Scope
from policyeval.feel.unparser import unparse
from policyeval.feel.values import Value, YearsMonthsDuration
from policyeval.feel.writing import kind_of, value_text
from policyeval.source import Source
from tests.typed_expressions import VARIABLES, contexts, expressions

SCOPE = Scope(VARIABLES)
LIMITS = Limits(length=100_000, depth=64, nodes=20_000)

Result = tuple[str, Value]


def _outcome(function: object, *arguments: Value) -> Result:
    assert callable(function)
    try:
        return "value", function(*arguments)
    except EvaluationError as error:
        return error.diagnostics[0].code, None


def _agree(one: Result, other: Result) -> bool:
    if one[0] != other[0]:
        return False
    return (
        kind_of(one[1]) == kind_of(other[1])
        and same(one[1], other[1])
        and value_text(one[1]) == value_text(other[1])
    )


def _generic(compiled: Compiled, values: list[Value]) -> Result:
    return _outcome(compiled.generic, *values)


@given(expressions(), contexts())
def test_typed_and_generic_code_agree(tree: syntax.Expression, context: dict[str, Value]) -> None:
    text = unparse(tree)
    note(text)
    compiled = compile_expression(text, SCOPE, mode="strict", limits=LIMITS)
    values = [context[name] for name in compiled.parameters]
    typed = _outcome(compiled.function, *values)
    assert _agree(typed, _generic(compiled, values))


@pytest.mark.parametrize("end", ["date(n, 12, 31)", "day + months"])
@pytest.mark.parametrize("test", ["day in (day..{end})", "day - months between day and {end}"])
def test_an_end_of_a_range_without_a_result_is_an_error_wherever_it_stands(
    test: str, end: str
) -> None:
    compiled = compile_expression(test.format(end=end), SCOPE, mode="strict", limits=LIMITS)
    context: dict[str, Value] = {
        "day": date(2024, 1, 31),
        "months": YearsMonthsDuration(120_000),
        "n": Decimal(0),
    }
    values: list[Value] = [context[name] for name in compiled.parameters]
    code, _ = _outcome(compiled.function, *values)
    assert code != "value"
    assert (code, None) == _generic(compiled, values)


@given(expressions(), contexts())
def test_lenient_mode_gives_what_strict_mode_gives_where_that_has_a_result(
    tree: syntax.Expression, context: dict[str, Value]
) -> None:
    text = unparse(tree)
    note(text)
    strict = compile_expression(text, SCOPE, mode="strict", limits=LIMITS)
    lenient = compile_expression(text, SCOPE, limits=LIMITS)
    result = _outcome(strict.evaluate, context)
    outcome = lenient.run(context)
    if result[0] == "value":
        assert _agree(result, ("value", outcome.value))


@given(expressions())
def test_the_profile_accepts_every_generated_expression(tree: syntax.Expression) -> None:
    checked = check(tree, VARIABLES, Source(""), "strict")
    assert not checked.diagnostics


@given(expressions(), st.permutations(list(VARIABLES)))
def test_the_order_of_the_scope_changes_no_result(
    tree: syntax.Expression, order: list[str]
) -> None:
    text = unparse(tree)
    one = compile_expression(text, SCOPE, mode="strict", limits=LIMITS)
    other = compile_expression(
        text, Scope({name: VARIABLES[name] for name in order}), mode="strict", limits=LIMITS
    )
    assert set(one.parameters) == set(other.parameters)
    assert list(other.parameters) == [name for name in order if name in other.parameters]
