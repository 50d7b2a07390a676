"""What the benchmark compares gives the same answers; how fast is not asked here."""

import sys

import pytest

from benchmarks import feel as benchmark
from benchmarks.cases import CASES, Case
from benchmarks.others import CEL, ENGINES, MODULES, ZEN, prepare
from policyeval import feel

NAMES = [case.name for case in CASES]

each_case = pytest.mark.parametrize("case", CASES, ids=NAMES)


def test_at_least_15_expressions_are_compared_each_under_its_own_name() -> None:
    assert len(CASES) >= 15
    assert len(set(NAMES)) == len(NAMES)


@each_case
def test_an_expression_and_its_hand_written_function_agree_on_every_row(case: Case) -> None:
    scope = feel.Scope(case.types)
    compiled = feel.compile_expression(case.feel, scope, mode="strict").function
    assert case.rows
    for row in case.rows:
        answer, expected = compiled(*row), case.by_hand(*row)
        assert (type(answer), answer) == (type(expected), expected), row


def test_every_expression_has_its_text_in_the_other_languages_or_a_reason_why_not() -> None:
    assert list(CEL) == NAMES
    assert list(ZEN) == NAMES
    assert ENGINES.keys() == MODULES.keys()


@each_case
@pytest.mark.parametrize("engine", ENGINES)
def test_an_engine_that_is_installed_agrees_on_every_row(engine: str, case: Case) -> None:
    function = prepare(engine, case)
    assert callable(function) or function in {"not installed", "cannot say it"}


def test_the_benchmark_runs_and_gives_one_line_for_each_expression(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["benchmarks.feel", "--turns", "1"])
    assert benchmark.main() == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if " ns" in line and line.startswith(tuple(NAMES))] == lines[
        1 : 1 + len(CASES)
    ]
