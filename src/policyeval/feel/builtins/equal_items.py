"""Which items of a list are equal, for the built-ins that look for equal ones.

Items are equal as `=` says; different kinds just are not. Comparing is paid for in steps by what
there is to compare, so that long lists of long lists do not take long.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal

from policyeval.feel import operators, temporal
from policyeval.feel.runtime import Runtime
from policyeval.feel.values import (
    Value,
    WideDate,
    WideDateTime,
    WideDuration,
    YearsMonthsDuration,
)
from policyeval.feel.writing import kind_of

# Values that are compared in about the time that a step stands for.
_COMPARED_PER_STEP = 20


class Comparison:
    """Compares items as `=` does (different kinds just are not equal), and pays for it."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self.sizes: dict[int, int] = {}
        self.work = 0

    def same(self, left: Value, right: Value) -> bool:
        """Tell whether two items are equal."""
        self.pay(1)
        if isinstance(left, list | dict) and isinstance(right, list | dict):
            if type(left) is not type(right) or len(left) != len(right):
                return False
            self.pay(min(self.size(left), self.size(right)))
        return operators.same(left, right)

    def pay(self, work: int) -> None:
        """Count so many values compared."""
        self.work += work
        if self.work >= _COMPARED_PER_STEP:
            self.runtime.step(self.work // _COMPARED_PER_STEP)
            self.work %= _COMPARED_PER_STEP

    def size(self, value: list[Value] | dict[str, Value]) -> int:
        """Count the values within a value, each list or context once."""
        if id(value) in self.sizes:
            return self.sizes[id(value)]
        total = 0
        seen = {id(value)}
        todo: list[list[Value] | dict[str, Value]] = [value]
        while todo:
            each = todo.pop()
            total += len(each)
            self.pay(len(each))
            for part in each if isinstance(each, list) else each.values():
                if isinstance(part, list | dict) and id(part) not in seen:
                    seen.add(id(part))
                    todo.append(part)
        self.sizes[id(value)] = total
        return total


def _key(value: Value) -> object:
    """Give something that is equal for equal values, and mostly unequal for others."""
    match value:
        case datetime() | WideDateTime():
            return "date and time", temporal.zone_of(value) is None, temporal.instant(value)
        case None | bool() | Decimal() | str() | date() | WideDate():
            return type(value), value
        case timedelta() | WideDuration() | YearsMonthsDuration():
            return type(value), value
        case list():
            return "list", len(value), tuple(map(_plain_key, value[:8]))
        case dict():
            first = sorted(value)[:8] if len(value) <= 64 else ()
            return "context", len(value), tuple((k, _plain_key(value[k])) for k in first)
        case _:
            return kind_of(value)


def _plain_key(value: Value) -> object:
    return (type(value), value) if isinstance(value, bool | Decimal | str) else kind_of(value)


def grouped(runtime: Runtime, items: list[Value]) -> list[tuple[Value, int]]:
    """Give the items that differ, each with how often it is there, in order of first occurrence."""
    comparison = Comparison(runtime)
    runtime.step(len(items) // _COMPARED_PER_STEP)
    groups: list[tuple[Value, int]] = []
    places: dict[object, list[int]] = {}
    for item in items:
        comparison.pay(1)
        candidates = places.setdefault(_key(item), [])
        for place in candidates:
            if comparison.same(groups[place][0], item):
                groups[place] = groups[place][0], groups[place][1] + 1
                break
        else:
            candidates.append(len(groups))
            groups.append((item, 1))
    return groups
