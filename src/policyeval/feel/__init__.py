"""FEEL, the expression language of OMG's Decision Model and Notation (DMN 1.5, chapter 10).

    >>> from policyeval import feel
    >>> feel.evaluate('if age >= 18 then "adult" else "minor"', {"age": 20})
    'adult'

An expression is compiled once and run many times:

    compiled = feel.compile_expression("fee * 1.25", feel.Scope({"fee": "number"}), mode="strict")
    compiled.evaluate({"fee": 100})

What is named here is loaded when it is first used; a program that only runs what was compiled before
starts without the parser.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from policyeval.errors import EvaluationError, ExpressionError
    from policyeval.feel import syntax, types
    from policyeval.feel.checker import Checked, Mode
    from policyeval.feel.compiler import (
        LANGUAGE,
        Compiled,
        Outcome,
        compile_expression,
        compile_unary_tests,
    )
    from policyeval.feel.facade import check, evaluate, parse, parse_unary_tests
    from policyeval.feel.limits import DEFAULT_LIMITS, Limits
    from policyeval.feel.runtime import DEFAULT_BUDGET, Budget
    from policyeval.feel.scope import Scope
    from policyeval.feel.tables import DecisionTable, compile_table
    from policyeval.feel.unparser import unparse
    from policyeval.feel.values import Function, Range, Time, Value, YearsMonthsDuration
    from policyeval.source import Source

__all__ = [
    "DEFAULT_BUDGET",
    "DEFAULT_LIMITS",
    "LANGUAGE",
    "Budget",
    "Checked",
    "Compiled",
    "DecisionTable",
    "EvaluationError",
    "ExpressionError",
    "Function",
    "Limits",
    "Mode",
    "Outcome",
    "Range",
    "Scope",
    "Source",
    "Time",
    "Value",
    "YearsMonthsDuration",
    "check",
    "compile_expression",
    "compile_table",
    "compile_unary_tests",
    "evaluate",
    "parse",
    "parse_unary_tests",
    "syntax",
    "types",
    "unparse",
]

_HOMES = {
    "policyeval.errors": ("EvaluationError", "ExpressionError"),
    "policyeval.feel.checker": ("Checked", "Mode"),
    "policyeval.feel.compiler": (
        "LANGUAGE",
        "Compiled",
        "Outcome",
        "compile_expression",
        "compile_unary_tests",
    ),
    "policyeval.feel.facade": ("check", "evaluate", "parse", "parse_unary_tests"),
    "policyeval.feel.limits": ("DEFAULT_LIMITS", "Limits"),
    "policyeval.feel.runtime": ("DEFAULT_BUDGET", "Budget"),
    "policyeval.feel.scope": ("Scope",),
    "policyeval.feel.tables.building": ("compile_table",),
    "policyeval.feel.tables.model": ("DecisionTable",),
    "policyeval.feel.unparser": ("unparse",),
    "policyeval.feel.values": ("Function", "Range", "Time", "Value", "YearsMonthsDuration"),
    "policyeval.source": ("Source",),
}


def __getattr__(name: str) -> object:
    for home, names in _HOMES.items():
        if name in names:
            found = import_module(home).__dict__[name]
            globals()[name] = found
            return found
    if name in ("syntax", "types"):
        return import_module(f"policyeval.feel.{name}")
    raise AttributeError(f"module 'policyeval.feel' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
