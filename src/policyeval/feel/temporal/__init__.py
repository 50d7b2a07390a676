"""Dates, times and durations: reading, writing, computing and comparing (10.3.2.3.4–10.3.2.3.8).

Computing needs no clock and no place: a value without a zone is a local time of nowhere in
particular, and no zone is ever assumed for it.
"""

from policyeval.feel.temporal.arithmetic import (
    add,
    add_months,
    divide,
    multiply,
    negate,
    plus_months,
    plus_nanoseconds,
    subtract,
    years_and_months_between,
)
from policyeval.feel.temporal.comparison import compare, equal, same
from policyeval.feel.temporal.kinds import type_of
from policyeval.feel.temporal.making import (
    AnyDate,
    AnyDateTime,
    AnyDuration,
    instant,
    make_date,
    make_date_and_time,
    make_duration,
    make_months,
    make_time,
    nanosecond_of_day,
    nanoseconds,
    normalise,
    number_of_day,
    zone_of,
)
from policyeval.feel.temporal.members import MEMBERS, member
from policyeval.feel.temporal.reading import (
    parse_date,
    parse_date_and_time,
    parse_duration,
    parse_temporal,
    parse_time,
    parse_zone,
)
from policyeval.feel.temporal.writing import Temporal, text

__all__ = [
    "MEMBERS",
    "AnyDate",
    "AnyDateTime",
    "AnyDuration",
    "Temporal",
    "add",
    "add_months",
    "compare",
    "divide",
    "equal",
    "instant",
    "make_date",
    "make_date_and_time",
    "make_duration",
    "make_months",
    "make_time",
    "member",
    "multiply",
    "nanosecond_of_day",
    "nanoseconds",
    "negate",
    "normalise",
    "number_of_day",
    "parse_date",
    "parse_date_and_time",
    "parse_duration",
    "parse_temporal",
    "parse_time",
    "parse_zone",
    "plus_months",
    "plus_nanoseconds",
    "same",
    "subtract",
    "text",
    "type_of",
    "years_and_months_between",
    "zone_of",
]
