"""What every operator means, written once, for values of any kind.

Each operation gives its result or raises `Failure`, and never changes an operand. The caller
decides what a failure becomes: null and a warning, or an error.
"""

from policyeval.feel.operators.access import (
    as_list,
    filter_keeps,
    item_at,
    iterable,
    path,
    range_values,
)
from policyeval.feel.operators.arithmetic import (
    add,
    add_within,
    concatenate,
    divide,
    multiply,
    negate,
    power,
    subtract,
)
from policyeval.feel.operators.comparison import (
    COMPARISONS,
    between,
    compare,
    equal,
    greater,
    greater_or_equal,
    is_ordered,
    less,
    less_or_equal,
    not_equal,
    order,
    same,
)
from policyeval.feel.operators.conformance import coerce, conforms
from policyeval.feel.operators.logic import both, conjunction, disjunction, negation
from policyeval.feel.operators.membership import (
    comparison_range,
    comparison_test,
    contains,
    in_,
    make_range,
)
from policyeval.feel.writing import kind_of

__all__ = [
    "COMPARISONS",
    "add",
    "add_within",
    "as_list",
    "between",
    "both",
    "coerce",
    "compare",
    "comparison_range",
    "comparison_test",
    "concatenate",
    "conforms",
    "conjunction",
    "contains",
    "disjunction",
    "divide",
    "equal",
    "filter_keeps",
    "greater",
    "greater_or_equal",
    "in_",
    "is_ordered",
    "item_at",
    "iterable",
    "kind_of",
    "less",
    "less_or_equal",
    "make_range",
    "multiply",
    "negate",
    "negation",
    "not_equal",
    "order",
    "path",
    "power",
    "range_values",
    "same",
    "subtract",
]
