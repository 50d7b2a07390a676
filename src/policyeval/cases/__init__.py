"""Golden cases: what a policy must answer, as data beside it."""

from policyeval.cases.loading import load_cases
from policyeval.cases.model import Case, Cases, Expectation
from policyeval.cases.running import Difference, Result, run_case

__all__ = [
    "Case",
    "Cases",
    "Difference",
    "Expectation",
    "Result",
    "load_cases",
    "run_case",
]
