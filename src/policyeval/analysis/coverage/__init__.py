"""What golden cases cover of a policy: its clauses, rules, readings and conditions.

`coverage` runs the cases and gives figures per programme and version, and everything that no case
shows yet. All of it goes by what the policy says, by address: layout plays no part.
"""

from policyeval.analysis.coverage.measuring import coverage
from policyeval.analysis.coverage.model import (
    Coverage,
    Figure,
    Goal,
    Missing,
    ProgrammeCoverage,
    VersionCoverage,
)

__all__ = [
    "Coverage",
    "Figure",
    "Goal",
    "Missing",
    "ProgrammeCoverage",
    "VersionCoverage",
    "coverage",
]
