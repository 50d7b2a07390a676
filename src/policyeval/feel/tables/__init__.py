"""Decision tables as functions of inputs, rules and a hit policy (DMN 1.5, chapter 8).

A rule hits when each of its conditions holds for the value of its column. The hit policy says what
comes of the rules that hit:

| Hit policy | Result |
|---|---|
| UNIQUE | the output of the only rule that hits; two hits are a mistake in the table |
| ANY | the output that all rules that hit agree on; two different ones are a mistake |
| PRIORITY | the output that comes first in the outputs' `values` |
| FIRST | the output of the first rule that hits |
| COLLECT, RULE ORDER | the list of the outputs, in the order of the rules |
| OUTPUT ORDER | the list of the outputs, in the order of the outputs' `values` |
| COLLECT with SUM, MIN, MAX, COUNT | one value, made of that list |

No hit gives the default, or null where there is none, under every hit policy. Several outputs are a
context by their names.

What the specification leaves open is decided so. In the lenient mode a mistake is null with a
warning: two hits under UNIQUE, different outputs under ANY, an input that is not among its
`values`. An output that is not among its `values` is kept, with a warning, and comes last in their
order. In the strict mode each of these is an `EvaluationError`. A missing input (null) is for the
rules to deal with, whatever its `values`.
"""

from typing import TYPE_CHECKING

from policyeval.feel.tables.model import (
    AGGREGATIONS,
    HIT_POLICIES,
    Aggregation,
    DecisionTable,
    HitPolicy,
    Input,
    Output,
    Rule,
)
from policyeval.feel.tables.running import CompiledTable

if TYPE_CHECKING:
    from policyeval.feel.tables.building import compile_table

__all__ = [
    "AGGREGATIONS",
    "HIT_POLICIES",
    "Aggregation",
    "CompiledTable",
    "DecisionTable",
    "HitPolicy",
    "Input",
    "Output",
    "Rule",
    "compile_table",
]


def __getattr__(name: str) -> object:
    if (
        name == "compile_table"
    ):  # late: with it comes the parser, which a table that was read before does not need
        from policyeval.feel.tables import building

        return building.compile_table
    raise AttributeError(f"module 'policyeval.feel.tables' has no attribute {name!r}")
