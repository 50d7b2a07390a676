"""What to write instead, for values that stand where values of another type are wanted.

A good colleague sees that `date < "2024-01-31"` wants a date and `days < 180` a duration. What is
told here comes as help beside the message that says what is wrong.
"""

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Final

from policyeval.feel import slips, syntax, temporal, types
from policyeval.feel.builtins import BUILTINS
from policyeval.feel.failure import Failure
from policyeval.feel.numbers import number_text
from policyeval.feel.types import Type
from policyeval.feel.values import WideDuration, YearsMonthsDuration
from policyeval.messages import Message, message
from policyeval.source import Source

Side = tuple[syntax.Expression, Type]
"""An operand and its type, without null."""

_DURATIONS = (types.DAYS_AND_TIME_DURATION, types.YEARS_AND_MONTHS_DURATION)


# ------------------------------------------------------------------------------- comparisons


def comparison_help(source: Source, left: Side, right: Side) -> Message | None:
    """Say how to compare what was probably meant to be compared."""
    for (node, type_), (other, other_type) in ((left, right), (right, left)):
        found = (
            _uncalled(node, type_)
            or _as_date(source, node, type_, other_type)
            or _as_literal(node, type_, other_type)
            or _as_duration(node, type_, other_type)
            or _chained(source, node, other, first=node is left[0])
        )
        if found is not None:
            return found
    kinds = {left[1], right[1]}
    if kinds == {types.DATE, types.DATE_AND_TIME}:
        return message("take the day of the date and time with `date(…)`")
    if kinds == {*_DURATIONS}:
        return message(
            "a month has no fixed number of days; move a date and compare dates: "
            '`a + duration("P6M") <= b`'
        )
    return None


def _uncalled(node: syntax.Expression, type_: Type) -> Message | None:
    if not isinstance(type_, types.FunctionOf) or not isinstance(node, syntax.Name):
        return None
    builtin = BUILTINS.get(node.name)
    if builtin is None:
        return None
    if not builtin.in_profile:
        return message("use a date that is given, such as `asked_on`")
    return message("a function is called with brackets: `{name}(…)`", name=node.name)


def _as_date(source: Source, node: syntax.Expression, type_: Type, other: Type) -> Message | None:
    """Notice a date written as a calculation: `2024-12-31`, `31/12/2024`."""
    if type_ != types.NUMBER or other not in (types.DATE, types.DATE_AND_TIME):
        return None
    meant = date_written(source, node)
    if meant is not None:
        return message("write `{text}`", text=f'date("{meant}")')
    return message('write a day as `date("2024-01-31")`')


def date_written(source: Source, node: syntax.Expression) -> str | None:
    """Give the date that a calculation with numbers looks like."""
    if not isinstance(node, syntax.Arithmetic):
        return None
    return slips.date_meant(source.text[node.span.start : node.span.end])


def _as_literal(node: syntax.Expression, type_: Type, wanted: Type) -> Message | None:
    """Notice a date, a duration, a number or a truth value written as a text."""
    if type_ != types.STRING:
        return None
    text = node.value if isinstance(node, syntax.StringLiteral) else None
    match wanted:
        case types.BOOLEAN if text is not None and text.casefold() in slips.VALUES:
            return message(
                "write `{text}`, without quotation marks", text=slips.VALUES[text.casefold()]
            )
        case types.NUMBER if text is not None and re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text):
            return message("write `{text}`, without quotation marks", text=text)
        case types.NUMBER:
            return message("turn the text into a number with `number(…)`")
        case _:
            pass
    name = _READERS.get(wanted)
    if name is None:
        return None
    if text is not None:
        meant = literal_meant(text, name) or text
        if _reads(name, meant):
            return message("write `{text}`", text=f'{name}("{meant}")')
    example = _EXAMPLES[name]
    return message("such a value is written `{text}`", text=f'{name}("{example}")')


_READERS: Final[Mapping[Type, str]] = {
    types.DATE: "date",
    types.TIME: "time",
    types.DATE_AND_TIME: "date and time",
    types.DAYS_AND_TIME_DURATION: "duration",
    types.YEARS_AND_MONTHS_DURATION: "duration",
}
_EXAMPLES: Final = {
    "date": "2024-01-31",
    "time": "09:30:00",
    "date and time": "2024-01-31T09:30:00",
    "duration": "P180D",
}


def _as_duration(node: syntax.Expression, type_: Type, wanted: Type) -> Message | None:
    if type_ != types.NUMBER or wanted not in _DURATIONS:
        return None
    return message("write a period as a duration: `{text}`", text=_duration(node, wanted))


def _duration(node: syntax.Expression, wanted: Type) -> str:
    letter, count = ("D", "180") if wanted == types.DAYS_AND_TIME_DURATION else ("M", "6")
    if isinstance(node, syntax.NumberLiteral) and node.value == node.value.to_integral_value():
        count = number_text(node.value)
    return f'duration("P{count}{letter}")'


def _chained(
    source: Source, node: syntax.Expression, other: syntax.Expression, *, first: bool
) -> Message | None:
    """Notice `1 < x < 5`."""
    if not first or not isinstance(node, syntax.Comparison):
        return None
    shared = source.text[node.right.span.start : node.right.span.end]
    one = source.text[node.span.start : node.span.end]
    between = source.text[node.span.end : other.span.end]
    if len(shared) + len(one) + len(between) > 100:
        return message("write each comparison by itself, with `and` between them")
    return message("write each comparison by itself: `{text}`", text=f"{one} and {shared}{between}")


# ------------------------------------------------------------------------------- calculations


def arithmetic_help(operator: str, left: Side, right: Side) -> Message | None:
    """Say how to calculate what was probably meant."""
    kinds = {left[1], right[1]}
    days = (types.DATE, types.DATE_AND_TIME)
    for (node, type_), (_, other) in ((left, right), (right, left)):
        if type_ == types.NUMBER and other in days:
            return message(
                "write a period as a duration: `{text}`",
                text=_duration(node, types.DAYS_AND_TIME_DURATION),
            )
        if type_ == types.STRING and other in (*days, *_DURATIONS):
            return _text_in_calculation(node, other)
        if (found := _uncalled(node, type_)) is not None:
            return found
    if kinds == {types.STRING, types.NUMBER} and operator == "+":
        return message("turn the number into text with `string(…)`")
    if kinds == {types.STRING, types.NUMBER}:
        return message("turn the text into a number with `number(…)`")
    if kinds == {types.DATE, types.DATE_AND_TIME}:
        return message("take the day of the date and time with `date(…)`")
    if kinds == {types.STRING, types.BOOLEAN} and operator == "+":
        return message("turn the value into text with `string(…)`")
    return None


def _text_in_calculation(node: syntax.Expression, other: Type) -> Message | None:
    if not isinstance(node, syntax.StringLiteral):
        return message("read a text with `date(…)` or `duration(…)` first")
    for name in ("duration", "date", "date and time"):
        meant = literal_meant(node.value, name) or node.value
        if (name != "duration" or other not in _DURATIONS) and _reads(name, meant):
            return message("write `{text}`", text=f'{name}("{meant}")')
    return message("read a text with `date(…)` or `duration(…)` first")


def minutes_meant_as_months(node: syntax.Expression) -> str | None:
    """Give the text of a duration of less than a day, such as `PT6M`, if it is one."""
    match node:
        case syntax.TemporalLiteral(text):
            return _less_than_a_day(text)
        case syntax.Call(syntax.Name("duration"), (syntax.Argument(syntax.StringLiteral(text)),)):
            return _less_than_a_day(text)
        case _:
            return None


def _less_than_a_day(text: str) -> str | None:
    try:
        value = temporal.parse_duration(text)
    except Failure:
        return None
    if isinstance(value, YearsMonthsDuration | WideDuration):
        return None
    return text if abs(value) < timedelta(1) else None


# ------------------------------------------------------------------------------- literals


def literal_meant(text: str, function: str) -> str | None:
    """Give the text that a function such as `date` or `duration` would read, if that was meant."""
    meant: Callable[[str], str | None]
    match function:
        case "date":
            meant = slips.date_meant
        case "duration":
            meant = slips.duration_meant
        case _:
            return None
    found = meant(text)
    return found if found is not None and found != text and _reads(function, found) else None


def literal_help(text: str, function: str | None) -> Message | None:
    """Say what a text was probably meant to be, for one function or for `@"…"` (None)."""
    for name in ("date", "duration") if function is None else (function,):
        if (meant := literal_meant(text, name)) is not None:
            return message("did you mean `{name}`?", name=meant)
    return None


def _reads(function: str, text: str) -> bool:
    reader: Callable[[str], object] = {
        "date": temporal.parse_date,
        "time": temporal.parse_time,
        "date and time": temporal.parse_date_and_time,
        "duration": temporal.parse_duration,
    }[function]
    try:
        reader(text)
    except Failure:
        return False
    return True


# ------------------------------------------------------------------------------- names


def unknown_name_help(name: str) -> Message | None:
    """Say what a name that nothing has probably stands for: `None`, `P6M`, `€100`."""
    lower = name.casefold()
    if lower in slips.VALUES:
        return message("write `{text}`", text=slips.VALUES[lower])
    period = slips.duration_meant(name)
    if period is not None and any(map(str.isdigit, name)) and _reads("duration", period):
        return message("write `{text}`", text=f'duration("{period}")')
    if name[:1] in ("€", "$", "£", "¥") and name[1:].isdecimal():
        return message("write the number alone, without the currency: `{number}`", number=name[1:])
    return None


def unknown_function_help(
    source: Source, node: syntax.Call, name: str, first: Type | None
) -> Message | None:
    """Say what does what a function does that other languages have."""
    if first is not None and name in temporal.MEMBERS.get(types.required(first), {}):
        argument = node.arguments[0].value
        text = source.text[argument.span.start : argument.span.end]
        if not isinstance(argument, syntax.Name | syntax.Path | syntax.Call):
            text = f"({text})"
        if len(text) <= 60:
            return message("write `{text}`", text=f"{text}.{name}")
    squeezed = "".join(filter(str.isalpha, name.casefold()))
    if squeezed in slips.FUNCTIONS:
        return message("write `{text}`", text=slips.FUNCTIONS[squeezed])
    return None


def decimal_comma(source: Source, node: syntax.Call) -> Message | None:
    """Notice a number with a decimal comma among the arguments of a call: `f(0,25, 2)`."""
    for before, after in zip(node.arguments, node.arguments[1:], strict=False):
        start = _last_literal(before.value)
        if start is None or not isinstance(after.value, syntax.NumberLiteral):
            continue
        written = source.text[start.span.start : after.value.span.end]
        meant = slips.numbers_meant(written)
        if meant and all(map(str.isdigit, (written[0], written[-1]))):
            return message("write a number with a point: `{number}`", number=meant[-1])
    return None


def _last_literal(node: syntax.Expression) -> syntax.NumberLiteral | None:
    while isinstance(node, syntax.Arithmetic):
        node = node.right
    return node if isinstance(node, syntax.NumberLiteral) else None


def say_again(source: Source, before: syntax.Comparison, operand: syntax.Expression) -> Message:
    """Say how to write `x = "a" or "b"`."""
    compared = source.text[before.left.span.start : before.left.span.end]
    text = f"{compared} {before.operator} {source.text[operand.span.start : operand.span.end]}"
    if len(text) > 80:
        return message("say again what is compared")
    return message("say again what is compared: `{text}`", text=text)
