"""Programmes, ready to be asked.

`load_policies` reads a folder; `PolicySet.evaluate` picks the version that governs, decodes the facts,
takes the fast path where the facts decide and the slow one where something is open, and explains.
"""

from policyeval.evaluator.policies import PolicySet, load_policies
from policyeval.evaluator.program import Program

__all__ = ["PolicySet", "Program", "load_policies"]
