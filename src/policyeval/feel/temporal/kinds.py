"""Which kind of value something is, as a type and in words."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from policyeval.feel import types
from policyeval.feel.types import Type
from policyeval.feel.values import (
    Function,
    Range,
    Time,
    Value,
    WideDate,
    WideDateTime,
    WideDuration,
    YearsMonthsDuration,
)
from policyeval.messages import Message, message


def type_of(value: Value) -> Type | None:
    """Give the type of a date, time, date and time or duration; None for any other value."""
    match value:
        case datetime() | WideDateTime():
            return types.DATE_AND_TIME
        case date() | WideDate():
            return types.DATE
        case Time():
            return types.TIME
        case timedelta() | WideDuration():
            return types.DAYS_AND_TIME_DURATION
        case YearsMonthsDuration():
            return types.YEARS_AND_MONTHS_DURATION
        case _:
            return None


def kind(value: Value) -> Message:
    """Name the kind of a value in words, with an article."""
    match value:
        case datetime() | WideDateTime():
            return message("a date and time")
        case date() | WideDate():
            return message("a date")
        case Time():
            return message("a time")
        case timedelta() | WideDuration():
            return message("a days and time duration")
        case YearsMonthsDuration():
            return message("a years and months duration")
        case None:
            return message("null")
        case bool():
            return message("a boolean")
        case Decimal():
            return message("a number")
        case str():
            return message("a string")
        case list():
            return message("a list")
        case Range():
            return message("a range")
        case Function():
            return message("a function")
        case dict():
            return message("a context")
