"""Trees that were parsed before, and perhaps rewritten, compile as texts do."""

from datetime import date
from decimal import Decimal

import pytest

from policyeval.errors import EvaluationError, ExpressionError
from policyeval.feel import syntax, types
from policyeval.feel.compiler import compile_tree
from policyeval.feel.parser import parse, parse_unary_tests
from policyeval.source import Source, Span

SOURCE = Source("asked(x) and n > 1")


def test_a_name_need_not_be_one_that_a_text_could_have() -> None:
    greater = parse(Source("n > 1"), ["n"])
    tree = syntax.Conjunction((syntax.Name("asked(x)", span=Span(0, 8)), greater))
    compiled = compile_tree(SOURCE, tree, {"asked(x)": types.BOOLEAN, "n": types.NUMBER})
    assert compiled.evaluate({"asked(x)": True, "n": Decimal(2)}) is True
    assert compiled.evaluate({"asked(x)": False, "n": Decimal(2)}) is False
    assert list(compiled.parameters) == ["asked(x)", "n"]


def test_it_is_checked_strictly() -> None:
    with pytest.raises(ExpressionError):
        compile_tree(SOURCE, parse(SOURCE, ["n"]), {"n": types.NUMBER})


def test_unary_tests_have_their_input_among_the_variables() -> None:
    source = Source('< date("2024-03-01")')
    compiled = compile_tree(source, parse_unary_tests(source), {"?": types.DATE})
    assert compiled.evaluate({"?": date(2024, 2, 29)}) is True


def test_an_error_is_about_the_text_that_was_given() -> None:
    source = Source("1 / n")
    compiled = compile_tree(source, parse(source, ["n"]), {"n": types.NUMBER})
    with pytest.raises(EvaluationError, match="divided by zero") as caught:
        compiled.evaluate({"n": Decimal(0)})
    assert caught.value.diagnostics[0].source is source
