"""Terms of partner programmes as versioned, explained, testable policies.

    import policyeval

    policies = policyeval.load_policies("policies/")
    evaluation = policies.evaluate("ibas-ontrack-partner", facts, asked_on=date(2024, 7, 1))
    answer = evaluation["referral_fee_payable"]
    print(answer.verdict, answer.open_points, evaluation.explain("sv"))

Everything is loaded when it is first used: the command line and other programs start without it.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from policyeval.errors import (
        EvaluationError,
        ExpressionError,
        FactsError,
        NoApplicablePolicyError,
        PolicyError,
        PolicyEvalError,
        UnsupportedError,
    )
    from policyeval.evaluation.model import Answer, OpenPoint, Reason, Verdict
    from policyeval.evaluation.results import Evaluation
    from policyeval.evaluator.policies import PolicySet, load_policies
    from policyeval.evaluator.program import Program
    from policyeval.records import DecisionLog, Kept, LogError, read_log, verify
    from policyeval.store import PolicyStore
    from policyeval.streams import Decided, Rejected, decide_lines
    from policyeval.telemetry import observed

__all__ = [
    "Answer",
    "Decided",
    "DecisionLog",
    "Evaluation",
    "EvaluationError",
    "ExpressionError",
    "FactsError",
    "Kept",
    "LogError",
    "NoApplicablePolicyError",
    "OpenPoint",
    "PolicyError",
    "PolicyEvalError",
    "PolicySet",
    "PolicyStore",
    "Program",
    "Reason",
    "Rejected",
    "UnsupportedError",
    "Verdict",
    "decide_lines",
    "load_policies",
    "observed",
    "read_log",
    "verify",
]

_HOMES = {
    "policyeval.errors": (
        "EvaluationError",
        "ExpressionError",
        "FactsError",
        "NoApplicablePolicyError",
        "PolicyError",
        "PolicyEvalError",
        "UnsupportedError",
    ),
    "policyeval.evaluation.model": ("Answer", "OpenPoint", "Reason", "Verdict"),
    "policyeval.evaluation.results": ("Evaluation",),
    "policyeval.evaluator.policies": ("PolicySet", "load_policies"),
    "policyeval.evaluator.program": ("Program",),
    "policyeval.records": ("DecisionLog", "Kept", "LogError", "read_log", "verify"),
    "policyeval.store": ("PolicyStore",),
    "policyeval.streams": ("Decided", "Rejected", "decide_lines"),
    "policyeval.telemetry": ("observed",),
}


def __getattr__(name: str) -> object:
    for home, names in _HOMES.items():
        if name in names:
            found: object = import_module(home).__dict__[name]
            globals()[name] = found
            return found
    raise AttributeError(f"module 'policyeval' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
