"""The fast path: a version's terms as one Python function.

`compile_terms` makes it, `Fast.run` asks it. A decision that the known facts determine gets a
`Definite`; one that open points may change gets none, and is for the slow path.
"""

from policyeval.backends.python.running import Definite, Fast, Found, Partial, compile_terms

__all__ = ["Definite", "Fast", "Found", "Partial", "compile_terms"]
