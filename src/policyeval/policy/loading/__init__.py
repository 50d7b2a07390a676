"""From files to the records of `policyeval.policy.model`."""

from policyeval.policy.loading.policies import load_policy, read_policy, salvaged
from policyeval.policy.loading.programmes import load_programme, read_programme

__all__ = ["load_policy", "load_programme", "read_policy", "read_programme", "salvaged"]
