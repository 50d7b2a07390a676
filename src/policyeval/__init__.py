"""Terms of partner programmes as versioned, explained, testable policies.

So far there is the expression language, in `policyeval.feel`.
"""
