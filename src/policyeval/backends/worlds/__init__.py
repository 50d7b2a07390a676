"""The slow path: what a decision comes to over all possible worlds that the open points leave."""

from policyeval.backends.worlds.concrete import evaluate_concrete
from policyeval.backends.worlds.findings import Findings, consistency, explore, remarks

__all__ = ["Findings", "consistency", "evaluate_concrete", "explore", "remarks"]
