"""From the checked tree to Python's own syntax tree: what every node does while it runs.

Two ways of lowering share one walk. The *generic* one (`generic.py`) calls the operators that know
all types; the *typed* one (`typed.py`) uses Python's own operators where the static types allow it,
and leaves the rest to the generic one.

Names in the code: `rt` is the `Execution`, `vN` variables of the expression, `tN` temporaries,
`fN` functions, `kN` globals.
"""

from policyeval.feel.lowering.generic import Lowering
from policyeval.feel.lowering.names import Names
from policyeval.feel.lowering.typed import TypedLowering

__all__ = ["Lowering", "Names", "TypedLowering"]
