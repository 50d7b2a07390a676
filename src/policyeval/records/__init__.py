"""Decision records: an append-only log of evaluations, and what checks and reads it."""

from policyeval.records.findings import Problem, Verification
from policyeval.records.keeping import Kept, was_given
from policyeval.records.lines import one_line
from policyeval.records.model import Head, MadeBy, Receipt, Record, Request
from policyeval.records.opening import Recovered
from policyeval.records.problems import LogError
from policyeval.records.reading import read_log
from policyeval.records.verifying import verify
from policyeval.records.writing import DecisionLog

__all__ = [
    "DecisionLog",
    "Head",
    "Kept",
    "LogError",
    "MadeBy",
    "Problem",
    "Receipt",
    "Record",
    "Recovered",
    "Request",
    "Verification",
    "one_line",
    "read_log",
    "verify",
    "was_given",
]
