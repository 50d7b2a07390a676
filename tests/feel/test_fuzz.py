"""Whatever text comes in: a tree, a value or a diagnostic comes out, and nothing else."""

import json
import random
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, note
from hypothesis import strategies as st

from policyeval import feel
from policyeval.feel.compiler import compile_expression, compile_unary_tests
from policyeval.feel.failure import Failure
from policyeval.feel.limits import Limits
from policyeval.feel.unparser import names_in, unparse
from policyeval.feel.values import Value
from policyeval.feel.writing import value_text
from tests import strategies, typed_expressions

ROOMY = Limits(length=100_000, depth=200, nodes=20_000)
CASES = Path(__file__).parents[3] / "shared" / "feel-cases"

# Numbers, texts, dates … of every kind, for variables of which nothing is known.
VALUES: st.SearchStrategy[Value] = st.recursive(
    st.none()
    | typed_expressions.NUMBERS
    | typed_expressions.TEXTS
    | typed_expressions.BOOLEANS
    | typed_expressions.DATES
    | typed_expressions.MOMENTS
    | typed_expressions.SPANS
    | typed_expressions.MONTHS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "b", "item", "name"]), inner, max_size=3)
    ),
    max_leaves=5,
)


def _run(text: str, context: dict[str, Value], mode: feel.Mode, *, tests: bool = False) -> None:
    """Compile and run a text; only errors with diagnostics may come of it."""
    compile_ = compile_unary_tests if tests else compile_expression
    refused: feel.ExpressionError | feel.EvaluationError | None = None
    try:
        compiled = compile_(text, feel.Scope.of(context), mode=mode, limits=ROOMY)
        outcome = compiled.run(context)
    except (feel.ExpressionError, feel.EvaluationError) as error:
        refused = error
    if refused is not None:
        assert refused.diagnostics
        assert all(refused.render(language) for language in ("en", "sv", "de"))
        return
    with suppress(Failure):  # the text of a value may be too long
        value_text(outcome.value)
    assert all(each.message.text() for each in outcome.warnings)


@pytest.mark.parametrize("mode", ["lenient", "strict"])
@given(strategies.expressions(20), st.data())
def test_every_tree_of_the_language_runs_or_says_why_not(
    mode: feel.Mode, tree: feel.syntax.Expression, data: st.DataObject
) -> None:
    names = sorted(set(names_in(tree)))
    context = data.draw(st.fixed_dictionaries({}, optional=dict.fromkeys(names, VALUES)))
    text = unparse(tree)
    note(text)
    _run(text, context, mode)


@given(strategies.unary_tests(), VALUES)
def test_every_unary_test_runs_or_says_why_not(tree: feel.syntax.UnaryTests, value: Value) -> None:
    text = unparse(tree)
    note(text)
    _run(text, {"?": value}, "lenient", tests=True)


@given(typed_expressions.expressions(), st.data())
def test_typed_expressions_run_with_values_of_any_type(
    tree: feel.syntax.Expression, data: st.DataObject
) -> None:
    names = dict.fromkeys(typed_expressions.VARIABLES, VALUES)
    context = data.draw(st.fixed_dictionaries({}, optional=names))
    text = unparse(tree)
    note(text)
    _run(text, context, "lenient")


# ------------------------------------------------------------------ mutated expressions

_PIECES = [
    *("(", ")", "[", "]", "{", "}", ",", ":", ".", "..", "?", "@", '"', "\\", "-", "**", "=", "<"),
    *(" if ", " then ", " else ", " for ", " in ", " return ", " some ", " satisfies ", " and "),
    *(" or ", " not(", " instance of ", " between ", "null", "true", " 1 ", "1e400", '"x"', "item"),
    *("partial", "function(x) ", "date", "duration", "\n", "//", "/*", "*/", "\u202e", "ö"),
    *("list<", "context<", "<=", "!=", "sort(", "count(", "[1]", "[item]", ".a", "@\"P1D\""),
]  # fmt: skip


def _mutants(text: str, chance: random.Random, count: int) -> Iterator[str]:
    for _ in range(count):
        mutant = text
        for _ in range(chance.randint(1, 3)):
            at = chance.randint(0, len(mutant))
            to = min(len(mutant), at + chance.choice([0, 0, 1, 3, 8]))
            mutant = mutant[:at] + chance.choice(["", chance.choice(_PIECES)]) + mutant[to:]
        yield mutant


def _conformance_texts() -> list[tuple[str, bool]]:
    if not CASES.is_dir():
        return []
    found = {}
    for path in sorted(CASES.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            case = json.loads(line)
            if "expression" in case:
                found[case["expression"]] = case["kind"] == "unary tests"
    return sorted(found.items())


@pytest.mark.skipif(not CASES.is_dir(), reason="the conformance cases are not beside the project")
@pytest.mark.parametrize("part", range(8))
def test_mutated_conformance_cases_run_or_say_why_not(part: int) -> None:
    chance = random.Random(part)
    values: dict[str, Value] = {"a": None, "b": [], "?": True}
    for text, tests in _conformance_texts()[part::8]:
        for mutant in _mutants(text, chance, 1 if len(text) > 500 else 3):
            try:
                _run(mutant, values, "lenient", tests=tests)
                _run(mutant, values, "strict", tests=tests)
            except Exception as error:  # pragma: no cover - shows which text it was
                raise AssertionError(mutant) from error
