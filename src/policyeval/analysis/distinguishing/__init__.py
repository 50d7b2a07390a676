"""Finds a transaction on which two versions of the same terms answer differently."""

from policyeval.analysis.distinguishing.model import Answered, Seed, Witness
from policyeval.analysis.distinguishing.searching import STEPS, Search, distinguish

__all__ = ["STEPS", "Answered", "Search", "Seed", "Witness", "distinguish"]
