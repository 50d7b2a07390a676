"""Whatever a caller's objects do, the outcome is the facts or a refusal, and soon."""

import sys
import threading
from collections import OrderedDict, UserDict, defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from enum import Enum, IntEnum, StrEnum
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple, cast

import pytest

from policyeval.errors import FactsError
from policyeval.facts import decode
from tests.facts.making import ASKED_ON, every_kind

EVERY_KIND = every_kind()
NAMES = [*EVERY_KIND.policy.facts]


class Foreign(BaseException):
    """What hostile code raises; nothing may let it run."""


ARMED: list[bool] = []


def explode(*_args: object, **_kwargs: object) -> Any:
    if ARMED:
        raise Foreign
    return 1


TRAPS: dict[str, Any] = dict.fromkeys(
    [
        *("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__hash__", "__bool__"),
        *("__len__", "__iter__", "__contains__", "__getitem__", "__getattribute__", "__str__"),
        *("__repr__", "__format__", "__int__", "__index__", "__float__", "__complex__", "__add__"),
        *("__neg__", "__abs__", "__round__", "__trunc__", "__floor__", "__reduce__"),
        *("__reversed__", "__copy__", "__deepcopy__", "__instancecheck__", "__subclasscheck__"),
        *("keys", "items", "values", "get", "copy", "isascii", "encode", "utcoffset", "isoformat"),
        *("year", "is_finite", "adjusted", "as_tuple"),
    ],
    explode,
)


def hostile(base: type, *args: object) -> object:
    """Make an object of a class that raises whatever is asked of it."""
    return type("Hostile", (base,), TRAPS)(*args)


HOSTILE: Mapping[str, Callable[[], object]] = {
    "object": lambda: hostile(object),
    "dict": lambda: hostile(dict, {"unknown": True}),
    "list": lambda: hostile(list, [1]),
    "tuple": lambda: hostile(tuple, (1,)),
    "str": lambda: hostile(str, "granted"),
    "int": lambda: hostile(int, 5),
    "decimal": lambda: hostile(Decimal, "5"),
    "float": lambda: hostile(float, 5.0),
    "date": lambda: hostile(date, 2024, 1, 31),
    "datetime": lambda: hostile(datetime, 2024, 1, 31, 9, 30),
    "bytes": lambda: hostile(bytes, b"x"),
    "set": lambda: hostile(set),
    "exception": lambda: hostile(Exception),
    "list-of-hostile": lambda: [hostile(object), hostile(str, "a"), hostile(dict)],
    "key": lambda: {hostile(str, "unknown"): True},
    "entry": lambda: [{hostile(str, "authorised"): hostile(object)}],
    "between": lambda: {"between": hostile(list, [hostile(int, 1), hostile(Decimal, "2")])},
    "decided": lambda: {"decided": hostile(str, "granted"), "on": hostile(date, 2024, 1, 1)},
}


@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("name", NAMES)
def test_no_code_of_the_caller_runs_while_a_value_is_read(
    name: str, make: Callable[[], object]
) -> None:
    given = {name: make()}
    shown = ""
    ARMED.append(True)
    try:
        shown = repr(decode(given, EVERY_KIND, ASKED_ON))
    except FactsError as error:
        shown = error.render("de")
    finally:
        ARMED.clear()
    assert shown
    assert "Hostile object" not in shown


class HostileMeta(type):
    """A class whose own class raises whatever is asked of it."""

    __hash__ = explode
    __eq__ = explode
    __instancecheck__ = explode
    __subclasscheck__ = explode
    __name__ = property(explode)
    __mro__ = property(explode)


class OfHostileMeta(metaclass=HostileMeta):
    """A kind of value that nothing can be asked about."""


class Pretender:
    """Says that it is a dict, a list, and a text."""

    def __init__(self, pretended: type) -> None:
        self.pretended = pretended

    @property  # type: ignore[misc] # a lie
    def __class__(self) -> type:
        return self.pretended


@pytest.mark.parametrize(
    "given",
    [OfHostileMeta(), Pretender(dict), Pretender(list), Pretender(str), Pretender(date)],
    ids=["metaclass", "dict", "list", "str", "date"],
)
def test_a_kind_that_cannot_be_asked_is_refused(given: object) -> None:
    ARMED.append(True)
    try:
        for name in NAMES:
            with pytest.raises(FactsError) as caught:
                decode({name: given}, EVERY_KIND, ASKED_ON)
            assert [each.code for each in caught.value.diagnostics] == ["input.type"]
        with pytest.raises(FactsError):
            decode(cast(Mapping[str, object], given), EVERY_KIND, ASKED_ON)
    finally:
        ARMED.clear()


class LyingDict(dict[str, object]):
    """Shows other entries than it has."""

    def items(self) -> Any:
        return [("amount", 6)]

    def __iter__(self) -> Iterator[str]:
        return iter(["amount", "discount"])

    def __getitem__(self, key: str) -> object:
        return 7


def test_what_a_dict_holds_counts_and_not_what_it_shows() -> None:
    assert decode(LyingDict(amount=5), EVERY_KIND, ASKED_ON).values["amount"] == 5
    entry = LyingDict(invoice_amount=5)
    values = decode({"invoices": [entry]}, EVERY_KIND, ASKED_ON).values
    assert isinstance(values["invoices"], list)
    assert cast(dict[str, object], values["invoices"][0])["invoice_amount"] == 5


class Product(StrEnum):
    DATA_RECOVERY = "data_recovery"


class Amount(IntEnum):
    FEW = 5


class Plain(Enum):
    PLAIN = "granted"


class Pair(NamedTuple):
    low: int
    high: int


class Day(date):
    """A day of somebody's own making."""


class Moment(datetime):
    """A moment of somebody's own making."""


class Offset(tzinfo):
    """A zone of somebody's own making."""

    def __init__(self, answer: object) -> None:
        self.answer = answer

    def utcoffset(self, _moment: datetime | None) -> timedelta | None:
        if isinstance(self.answer, BaseException):
            raise self.answer
        return cast(timedelta, self.answer)

    def dst(self, _moment: datetime | None) -> timedelta | None:
        raise Foreign

    def tzname(self, _moment: datetime | None) -> str | None:
        raise Foreign


@pytest.mark.parametrize(
    ("name", "given", "value"),
    [
        ("product", Product.DATA_RECOVERY, "data_recovery"),
        ("company", Product.DATA_RECOVERY, "data_recovery"),
        ("amount", Amount.FEW, Decimal(5)),
        ("rates", Pair(1, 2), [Decimal(1), Decimal(2)]),
        ("signed_on", Day(2024, 1, 31), date(2024, 1, 31)),
        ("called_at", Moment(2024, 1, 31, 9), datetime(2024, 1, 31, 9, tzinfo=timezone(timedelta(hours=1)))),
        ("called_at", datetime(2024, 1, 31, 9, tzinfo=Offset(timedelta(hours=2))), datetime(2024, 1, 31, 8, tzinfo=timezone(timedelta(hours=1)))),
    ],
)  # fmt: skip
def test_a_subclass_of_a_plain_kind_is_taken_for_what_it_holds(
    name: str, given: object, value: object
) -> None:
    found = decode({name: given}, EVERY_KIND, ASKED_ON).values[name]
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize("make", [OrderedDict, dict, LyingDict, lambda x: defaultdict(list, x)])
def test_any_dict_may_hold_the_facts(make: Callable[[object], Mapping[str, object]]) -> None:
    assert decode(make({"amount": 5}), EVERY_KIND, ASKED_ON).values["amount"] == 5


@pytest.mark.parametrize(
    "given",
    [
        UserDict({"amount": 5}),
        MappingProxyType({"amount": 5}),
        [("amount", 5)],
        iter({"amount": 5}.items()),
        iter([]),
        None,
        object(),
        "{}",
    ],
    ids=lambda each: type(each).__name__,
)
def test_facts_are_given_as_a_dict(given: object) -> None:
    with pytest.raises(FactsError) as caught:
        decode(cast(Mapping[str, object], given), EVERY_KIND, ASKED_ON)
    assert [each.code for each in caught.value.diagnostics] == ["input.type"]


@pytest.mark.parametrize(
    ("name", "given", "code"),
    [
        ("amount", 0.1, "input.float"),
        ("amount", float("inf"), "input.float"),
        ("amount", {"between": [0.5, 1]}, "input.float"),
        ("company", 1.5, "input.float"),
        ("amount", 10**10_000, "input.number-range"),
        ("amount", -(10**10_000), "input.number-range"),
        ("amount", 1 << 10_000_000, "input.number-range"),
        ("amount", Decimal("1e999999"), "input.number-range"),
        ("amount", Decimal("-1e-999999"), "input.number-digits"),
        ("amount", Decimal("Infinity"), "input.number"),
        ("amount", Decimal("sNaN"), "input.number"),
        ("amount", Decimal("NaN" + "1" * 1_000), "input.number"),
        ("amount", Decimal("0." + "1" * 100_000), "input.number-digits"),
        ("amount", Fraction(1, 2), "input.type"),
        ("amount", {1: 2}, "input.type"),
        ("amount", 1j, "input.type"),
        ("amount", Plain.PLAIN, "input.type"),
        ("extension", Plain.PLAIN, "input.type"),
        ("company", b"x", "input.type"),
        ("company", Path("x"), "input.type"),
        ("rates", {1, 2}, "input.type"),
        ("rates", range(3), "input.type"),
        ("rates", (each for each in [1]), "input.type"),
        ("rates", {}.keys(), "input.type"),
        ("rates", memoryview(b"abc"), "input.type"),
        ("signed_on", 10**10_000, "input.date"),
        ("signed_on", timedelta(1), "input.type"),
        ("signed_on", date.min, "input.date"),
        ("called_at", datetime.min, "input.time"),
        ("called_at", datetime.max.replace(tzinfo=timezone(timedelta(hours=-14))), "input.time"),
        ("called_at", datetime.min.replace(tzinfo=timezone(timedelta(hours=14))), "input.time"),
        ("called_at", datetime(2024, 1, 31, tzinfo=Offset(None)), "input.time"),
        ("called_at", datetime(2024, 1, 31, tzinfo=Offset(3)), "input.time"),
        ("called_at", datetime(2024, 1, 31, tzinfo=Offset(ValueError())), "input.time"),
        ("called_at", datetime(2024, 1, 31, tzinfo=Offset(timedelta(days=2))), "input.time"),
        ("called_at", timedelta(1), "input.type"),
        ("is_firm", Ellipsis, "input.type"),
        ("is_firm", int, "input.type"),
    ],
    ids=range(38),
)
def test_a_value_that_python_knows_and_a_fact_cannot_be_is_refused(
    name: str, given: object, code: str
) -> None:
    with pytest.raises(FactsError) as caught:
        decode({name: given}, EVERY_KIND, ASKED_ON)
    assert [each.code for each in caught.value.diagnostics] == [code]
    assert all(len(each.source.text) < 200 for each in caught.value.diagnostics)


@pytest.mark.parametrize("kind", ["float16", "float32", "float64", "longdouble"])
def test_a_binary_number_of_another_library_is_one(kind: str) -> None:
    """Numpy is not needed here: its numbers have these names and are no numbers of Python's."""
    number = type(kind, (), {"__float__": explode})()
    code = "input.float" if kind != "longdouble" else "input.type"
    with pytest.raises(FactsError) as caught:
        decode({"amount": number}, EVERY_KIND, ASKED_ON)
    assert [each.code for each in caught.value.diagnostics] == [code]


def test_a_list_that_holds_itself_is_refused() -> None:
    around: list[object] = []
    around.append(around)
    itself: dict[str, object] = {}
    itself["unknown"] = itself
    for name in NAMES:
        for given in (around, itself, {"between": around}, {"decided": itself}, [itself]):
            with pytest.raises(FactsError):
                decode({name: given}, EVERY_KIND, ASKED_ON)


def test_a_value_nested_without_end_is_refused() -> None:
    deep: object = 1
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(FactsError):
        decode({"rates": deep, "amount": deep, "acceptances": deep}, EVERY_KIND, ASKED_ON)
    while isinstance(deep, list):  # or else taking it apart would need as much stack
        deep = deep.pop()


def test_facts_that_another_thread_changes_are_read_whole_or_refused() -> None:
    rates: list[object] = [1] * 1_000
    entry: dict[str, object] = {"authorised": True}
    given: dict[str, object] = {"rates": rates, "acceptances": [entry], "amount": 1}
    done = threading.Event()

    def change() -> None:
        number = 0
        while not done.is_set():
            number += 1
            given[f"amount_{number % 50}"] = number
            given.pop(f"amount_{(number + 25) % 50}", None)
            entry[f"x{number % 5}"] = 1
            entry.pop(f"x{(number + 2) % 5}", None)
            rates.append(number)
            del rates[500:]

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    thread = threading.Thread(target=change)
    thread.start()
    try:
        for _ in range(60):
            try:
                values = decode(given, EVERY_KIND, ASKED_ON).values
            except FactsError as error:
                codes = {each.code for each in error.diagnostics}
                assert codes <= {"input.unknown-fact", "input.unknown-key", "input.type"}
            else:
                assert values["amount"] == 1
    finally:
        done.set()
        thread.join()
        sys.setswitchinterval(interval)
