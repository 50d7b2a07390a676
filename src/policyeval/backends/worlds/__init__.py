"""The slow path: what a decision comes to over all possible worlds that the open points leave."""

from policyeval.backends.worlds.concrete import evaluate_concrete
from policyeval.backends.worlds.findings import Findings, consistency, explore, remarks
from policyeval.backends.worlds.glancing import Glances

__all__ = ["Findings", "Glances", "consistency", "evaluate_concrete", "explore", "remarks"]
