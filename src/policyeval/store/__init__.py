"""Policies that are kept up to date while they are used: `PolicyStore`."""

from policyeval.store.model import Loaded, Outcome, Status
from policyeval.store.policies import PolicyStore

__all__ = ["Loaded", "Outcome", "PolicyStore", "Status"]
