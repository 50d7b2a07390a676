"""What a decision table says: records of FEEL texts, without behaviour."""

from dataclasses import dataclass
from typing import Literal, get_args

from policyeval.feel.types import Type

HitPolicy = Literal["UNIQUE", "ANY", "PRIORITY", "FIRST", "COLLECT", "RULE ORDER", "OUTPUT ORDER"]
Aggregation = Literal["SUM", "MIN", "MAX", "COUNT"]

HIT_POLICIES: tuple[str, ...] = get_args(HitPolicy)
AGGREGATIONS: tuple[str, ...] = get_args(Aggregation)


@dataclass(frozen=True, slots=True)
class Input:
    """A column of conditions.

    Attributes:
        expression: What the conditions of the column are about.
        type: What it must be; a value is converted to it as FEEL does. None if nothing is said.
        values: Unary tests that every value passes.
    """

    expression: str
    type: Type | str | None = None
    values: str | None = None


@dataclass(frozen=True, slots=True)
class Output:
    """A column of results.

    Attributes:
        name: The entry of the resulting context; may be None if it is the only output.
        type: What a result must be; it is converted to it as FEEL does.
        values: Unary tests that a result passes one of; best first for PRIORITY, OUTPUT ORDER.
        default: The result where no rule hits.
    """

    name: str | None = None
    type: Type | str | None = None
    values: str | None = None
    default: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A row: a condition for each input (`-` for any value), a result for each output."""

    when: tuple[str, ...]
    then: tuple[str, ...]
    annotations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DecisionTable:
    """A decision table as written; every cell is FEEL text.

    Attributes:
        hit_policy: One of `HIT_POLICIES`.
        aggregation: One of `AGGREGATIONS`, for COLLECT only.
        name: For messages.
    """

    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]
    hit_policy: str = "UNIQUE"
    aggregation: str | None = None
    name: str | None = None
