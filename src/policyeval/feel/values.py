"""The values of the language.

| FEEL | Python |
|---|---|
| null, boolean, string | `None`, `bool`, `str` |
| number | `decimal.Decimal`, finite, at most 34 digits |
| date | `datetime.date`; `WideDate` for years outside 1–9999 |
| date and time | `datetime.datetime`; `WideDateTime` for such years and for nanoseconds |
| time | `Time` |
| days and time duration | `datetime.timedelta`; `WideDuration` where that is too narrow or too coarse |
| years and months duration | `YearsMonthsDuration` |
| list, context | `list`, `dict` with string keys; neither is changed once made |
| range | `Range` |
| function | `Function` |

A value has one form only: a wide form is used exactly where Python's own type cannot hold the
value, so that `==` on dates and durations of one kind means what it says. Zones are
`datetime.timezone` for an offset and `zoneinfo.ZoneInfo` for a name.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal

from policyeval.feel.syntax import ComparisonOperator
from policyeval.feel.types import ANY, Type

NANOSECONDS_PER_SECOND = 1_000_000_000
NANOSECONDS_PER_DAY = 86_400 * NANOSECONDS_PER_SECOND


@dataclass(frozen=True, slots=True)
class WideDate:
    """A date whose year is outside 1–9999 (astronomical: 0 is 1 BC); years go to ±999,999,999."""

    year: int
    month: int
    day: int


@dataclass(frozen=True, slots=True)
class WideDateTime:
    """A date and time that `datetime` cannot hold: a wide year, or nanoseconds.

    Attributes:
        nanosecond: Since midnight, 0 to 86,399,999,999,999.
        zone: An offset, a named zone, or None for local time.
    """

    year: int
    month: int
    day: int
    nanosecond: int
    zone: tzinfo | None = None


@dataclass(frozen=True, slots=True)
class Time:
    """A time of day.

    Attributes:
        nanosecond: Since midnight, 0 to 86,399,999,999,999.
        zone: An offset, a named zone, or None for local time.
    """

    nanosecond: int
    zone: tzinfo | None = None


@dataclass(frozen=True, slots=True)
class WideDuration:
    """A days and time duration that `timedelta` cannot hold, in nanoseconds."""

    nanoseconds: int


@dataclass(frozen=True, slots=True, order=True)
class YearsMonthsDuration:
    """A years and months duration, in months; may be negative."""

    months: int


@dataclass(frozen=True, slots=True)
class Range:
    """The values between two ends.

    A comparison leaves one side open: that end is None. An end that was given as null is None as
    well, but what lies on that side of it is not known (see `operators.contains`).

    Attributes:
        operator: The comparison that a range such as `(< b)` was written as. FEEL keeps the two
            kinds apart: `(= 10)` is not equal to `[10..10]`, nor `(< 10)` to `(null..10)`.
            `(!= b)` holds b as both ends, though it shows none to an expression.
    """

    start: "Value"
    end: "Value"
    start_included: bool
    end_included: bool
    operator: ComparisonOperator | None = None


@dataclass(frozen=True, slots=True)
class FunctionParameter:
    """A parameter of a function value."""

    name: str
    type: Type = ANY


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A function as a value: a user's own, or a built-in.

    Attributes:
        name: For messages; None for a function without a name.
        call: Takes the arguments by position, already converted to the parameters' types.
        variadic: Whether the last parameter may be given any number of times.
        required: How many parameters must be given; None for all.
    """

    name: str | None
    parameters: tuple[FunctionParameter, ...]
    result: Type
    call: Callable[..., "Value"] = field(repr=False)
    variadic: bool = False
    required: int | None = None


Value = (
    None
    | bool
    | Decimal
    | str
    | date
    | datetime
    | WideDate
    | WideDateTime
    | Time
    | timedelta
    | WideDuration
    | YearsMonthsDuration
    | Range
    | Function
    | list["Value"]
    | dict[str, "Value"]
)
