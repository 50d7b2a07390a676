"""Hypothesis strategies for expressions that the strict profile accepts, and values to run them with.

Every expression is made for a type, from operands of the types that its operator wants, so the
checker has nothing to complain about. Values lie near the edges: ends of months, the first and the last
year, 34 digits, zero, the hour that comes twice.
"""

from collections.abc import Hashable, Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import TypeVar, cast

from hypothesis import strategies as st

from policyeval.feel import syntax, types
from policyeval.feel.types import Type
from policyeval.feel.values import Value, YearsMonthsDuration
from tests.strategies import days_between, moments_between

CONTEXT = types.ContextOf(
    {"amount": types.NUMBER, "on": types.DATE, "note": types.optional(types.STRING)}
)

VARIABLES: dict[str, Type] = {
    "n": types.NUMBER,
    "m": types.NUMBER,
    "n or none": types.optional(types.NUMBER),
    "s": types.STRING,
    "t": types.STRING,
    "b": types.BOOLEAN,
    "c": types.BOOLEAN,
    "b or none": types.optional(types.BOOLEAN),
    "c or none": types.optional(types.BOOLEAN),
    "day": types.DATE,
    "other day": types.DATE,
    "day or none": types.optional(types.DATE),
    "moment": types.DATE_AND_TIME,
    "other moment": types.DATE_AND_TIME,
    "span": types.DAYS_AND_TIME_DURATION,
    "months": types.YEARS_AND_MONTHS_DURATION,
    "numbers": types.ListOf(types.NUMBER),
    "days": types.ListOf(types.DATE),
    "entry": CONTEXT,
    "entries": types.ListOf(CONTEXT),
}

NUMBERS = st.one_of(
    st.sampled_from(
        [
            Decimal(x)
            for x in ("0", "1", "-1", "0.5", "2.675", "-2.675", "12", "365", "1e20", "1e-20")
        ]
        + [Decimal("9" * 34), Decimal("0.1"), Decimal(1) / 3, Decimal("1e6000"), Decimal("-0")]
    ),
    st.decimals(-1000, 1000, places=2),
)
TEXTS = st.sampled_from(["", "a", "b", "ab", "å", "z", "🐎"])
BOOLEANS = st.booleans()
DATES = st.one_of(
    st.sampled_from(
        [
            date(2024, 1, 31),
            date(2024, 2, 29),
            date(2023, 2, 28),
            date(2023, 8, 31),
            date(2023, 12, 31),
            date(2024, 1, 1),
            date.min,
            date.max,
        ]
    ),
    days_between(date(1990, 1, 1), date(2040, 1, 1)),
)
MOMENTS = st.one_of(
    st.sampled_from(
        [datetime.min, datetime.max.replace(microsecond=0), datetime(2024, 2, 29, 23, 59)]
    ),
    moments_between(datetime(1990, 1, 1), datetime(2040, 1, 1)),
)
SPANS = st.one_of(
    st.sampled_from(
        [timedelta(), timedelta(180), timedelta(hours=-1), timedelta(hours=36), timedelta.max]
    ),
    st.integers(-400, 400).map(lambda days: timedelta(days=days)),
)
MONTHS = st.one_of(st.integers(-30, 30), st.sampled_from([10**7, -(10**7)])).map(
    YearsMonthsDuration
)

_VALUES: dict[Type, st.SearchStrategy[Value]] = {
    types.NUMBER: NUMBERS,
    types.STRING: TEXTS,
    types.BOOLEAN: BOOLEANS,
    types.DATE: DATES,
    types.DATE_AND_TIME: MOMENTS,
    types.DAYS_AND_TIME_DURATION: SPANS,
    types.YEARS_AND_MONTHS_DURATION: MONTHS,
}


@cache
def values_of(type_: Type) -> st.SearchStrategy[Value]:
    """Give values of a type."""
    match type_:
        case types.Optional(base):
            return st.none() | values_of(base)
        case types.ListOf(item):
            return st.lists(values_of(item), max_size=4)
        case types.ContextOf(entries):
            return st.fixed_dictionaries({name: values_of(each) for name, each in entries.items()})
        case _:
            return _VALUES[type_]


@cache
def contexts() -> st.SearchStrategy[dict[str, Value]]:
    """Give values for all variables."""
    return st.fixed_dictionaries({name: values_of(each) for name, each in VARIABLES.items()})


def _call(name: str, *arguments: syntax.Expression) -> syntax.Call:
    return syntax.Call(syntax.Name(name), tuple(syntax.Argument(each) for each in arguments))


def _number(value: int | str) -> syntax.NumberLiteral:
    return syntax.NumberLiteral(Decimal(value))


_LITERALS: dict[Type, st.SearchStrategy[syntax.Expression]] = {
    types.NUMBER: st.sampled_from([_number(x) for x in ("0", "1", "2", "3", "12", "0.5", "1000")]),
    types.STRING: TEXTS.map(syntax.StringLiteral),
    types.BOOLEAN: BOOLEANS.map(syntax.BooleanLiteral),
    types.DATE: st.sampled_from(
        [syntax.TemporalLiteral("2024-02-29"), _call("date", syntax.StringLiteral("2023-08-31"))]
    ),
    types.DATE_AND_TIME: st.just(syntax.TemporalLiteral("2024-06-30T23:59:59")),
    types.DAYS_AND_TIME_DURATION: st.sampled_from(
        [
            syntax.TemporalLiteral("P180D"),
            syntax.TemporalLiteral("-PT36H"),
            syntax.TemporalLiteral("PT1H"),
        ]
    ),
    types.YEARS_AND_MONTHS_DURATION: st.sampled_from(
        [
            syntax.TemporalLiteral("P6M"),
            syntax.TemporalLiteral("-P1M"),
            syntax.TemporalLiteral("P1Y"),
        ]
    ),
}

_ORDERED = [
    types.NUMBER,
    types.STRING,
    types.DATE,
    types.DATE_AND_TIME,
    types.DAYS_AND_TIME_DURATION,
]
_SIMPLE = [*_LITERALS]
_EQUALITY: list[syntax.ComparisonOperator] = ["=", "!="]
_ORDER: list[syntax.ComparisonOperator] = ["<", "<=", ">", ">="]
_ARITHMETIC: list[syntax.ArithmeticOperator] = ["+", "-", "*", "/"]
_SUM: list[syntax.ArithmeticOperator] = ["+", "-"]

# A strategy is kept, as each new one would be looked through before the first draw.
_ONE_IN_FIVE = st.integers(0, 4)
_ONE_TO_THREE = st.integers(1, 3)
_T = TypeVar("_T", bound=Hashable)


def _one_of(options: Iterable[_T]) -> st.SearchStrategy[_T]:
    """Choose one of the options."""
    return cast(st.SearchStrategy[_T], _sampled(tuple(options)))


@cache
def _sampled(options: tuple[Hashable, ...]) -> st.SearchStrategy[Hashable]:
    return st.sampled_from(options)


@cache
def expressions(wanted: Type | None = None, depth: int = 4) -> st.SearchStrategy[syntax.Expression]:
    """Give expressions of a type (default: any of the simple ones)."""
    return _expressions(wanted, depth)


@st.composite
def _expressions(draw: st.DrawFn, wanted: Type | None, depth: int) -> syntax.Expression:
    type_ = draw(_one_of(_SIMPLE)) if wanted is None else wanted
    if depth == 0 or draw(_ONE_IN_FIVE) == 0:
        return draw(_leaf(type_))
    return draw(_compounds(type_, depth - 1))


@cache
def _leaf(type_: Type) -> st.SearchStrategy[syntax.Expression]:
    names = [syntax.Name(name) for name, given in VARIABLES.items() if given == type_]
    return st.one_of(st.sampled_from(names), _LITERALS[type_])


@cache
def _compounds(type_: Type, depth: int) -> st.SearchStrategy[syntax.Expression]:
    return _compound(type_, depth)


@st.composite
def _compound(draw: st.DrawFn, type_: Type, depth: int) -> syntax.Expression:
    def sub(wanted: Type) -> syntax.Expression:
        return draw(expressions(wanted, depth))

    general = ["if", "narrowed"] if type_ in (types.NUMBER, types.DATE) else ["if"]
    kind = draw(_one_of([*_RULES[type_], *general]))
    match kind:
        case "if":
            return syntax.If(sub(types.BOOLEAN), sub(type_), sub(type_))
        case "narrowed":
            name = syntax.Name("n or none" if type_ == types.NUMBER else "day or none")
            there = syntax.Comparison("!=", name, syntax.NullLiteral())
            return syntax.If(there, name, sub(type_))
        case "arithmetic":
            return syntax.Arithmetic(draw(_one_of(_ARITHMETIC)), sub(type_), sub(type_))
        case "part":
            part = draw(_one_of(["year", "month", "day", "weekday"]))
            return syntax.Path(sub(draw(_one_of([types.DATE, types.DATE_AND_TIME]))), part)
        case "quotient":
            divided = syntax.Arithmetic("/", sub(type_), draw(_LITERALS[type_]))
            return _call(draw(_one_of(["floor", "ceiling"])), divided)
        case "round":
            places = draw(_one_of([_number(0), _number(2), _number(5)]))
            return _call(draw(_one_of(_ROUNDING)), sub(type_), places)
        case "modulo" | "min" | "max":
            return _call(kind, sub(type_), sub(type_))
        case "negation":
            return syntax.Negation(sub(type_))
        case "count":
            return _call("count", _list(draw, types.NUMBER, depth))
        case "sum":
            return _call("sum", sub(type_), sub(type_), sub(type_))
        case "length":
            return _call("string length", sub(types.STRING))
        case "entry":
            return syntax.Path(syntax.Name("entry"), "amount" if type_ == types.NUMBER else "on")
        case "concatenation":
            return syntax.Arithmetic("+", sub(type_), sub(type_))
        case "upper case":
            return _call(kind, sub(type_))
        case "and" | "or":
            operands = (sub(types.BOOLEAN), sub(types.BOOLEAN), sub(types.BOOLEAN))
            return (syntax.Conjunction if kind == "and" else syntax.Disjunction)(operands)
        case "three-valued":
            maybe = tuple(draw(_THREE_VALUED) for _ in range(3))
            joined = syntax.Conjunction(maybe) if draw(BOOLEANS) else syntax.Disjunction(maybe)
            return syntax.Comparison("=", joined, draw(_LITERALS[types.BOOLEAN]))
        case "not":
            return _call("not", sub(type_))
        case "equal":
            of = draw(_one_of(_SIMPLE))
            return syntax.Comparison(draw(_one_of(_EQUALITY)), sub(of), sub(of))
        case "order":
            of = draw(_one_of(_ORDERED))
            return syntax.Comparison(draw(_one_of(_ORDER)), sub(of), sub(of))
        case "between":
            of = draw(_one_of(_ORDERED))
            return syntax.Between(sub(of), sub(of), sub(of))
        case "in range":
            of = draw(_one_of(_ORDERED))
            within = syntax.RangeLiteral(sub(of), sub(of), draw(BOOLEANS), draw(BOOLEANS))
            return syntax.In(sub(of), (syntax.ExpressionTest(within),))
        case "in tests":
            of = draw(_one_of(_ORDERED))
            tests = (
                syntax.ComparisonTest(draw(_one_of([*_ORDER, *_EQUALITY])), sub(of)),
                syntax.ExpressionTest(sub(of)),
                syntax.ExpressionTest(draw(_LITERALS[of])),
            )
            return syntax.In(sub(of), tests[: draw(_ONE_TO_THREE)])
        case "one of":
            of = draw(_one_of(_SIMPLE))
            listed = tuple(syntax.ExpressionTest(draw(_LITERALS[of])) for _ in range(3))
            return syntax.In(sub(of), listed)
        case "none":
            name = syntax.Name(draw(_one_of(["n or none", "day or none", "b or none"])))
            return syntax.Comparison(draw(_one_of(_EQUALITY)), name, syntax.NullLiteral())
        case "known and":
            name = syntax.Name("day or none")
            there = syntax.Comparison("!=", name, syntax.NullLiteral())
            late = syntax.Comparison(draw(_one_of(_ORDER)), name, sub(types.DATE))
            return syntax.Conjunction((there, late))
        case "some" | "every":
            each = syntax.Name("each")
            condition = syntax.Comparison("<", each, sub(types.NUMBER))
            iterations = (syntax.Iteration("each", _list(draw, types.NUMBER, depth)),)
            return syntax.Quantified("some" if kind == "some" else "every", iterations, condition)
        case "some entry":
            amount = syntax.Path(syntax.Name("each"), "amount")
            condition = syntax.Comparison(">", amount, sub(types.NUMBER))
            return syntax.Quantified(
                "some", (syntax.Iteration("each", syntax.Name("entries")),), condition
            )
        case "date of":
            return _call("date", sub(types.DATE_AND_TIME))
        case "date from parts":
            month: syntax.Expression = syntax.Path(sub(type_), "month")
            if draw(BOOLEANS):
                month = _number(draw(_one_of([1, 12])))
            return _call("date", syntax.Path(sub(type_), "year"), month, _number(1))
        case "moved":
            by = draw(_one_of([types.DAYS_AND_TIME_DURATION, types.YEARS_AND_MONTHS_DURATION]))
            return syntax.Arithmetic(draw(_one_of(_SUM)), sub(type_), sub(by))
        case "added":
            return syntax.Arithmetic(draw(_one_of(_SUM)), sub(type_), sub(type_))
        case "scaled":
            return syntax.Arithmetic("*", sub(type_), sub(types.NUMBER))
        case "difference":
            of = draw(_one_of([types.DATE, types.DATE_AND_TIME]))
            return syntax.Arithmetic("-", sub(of), sub(of))
        case _:
            raise AssertionError(kind)


_ROUNDING = ["decimal", "round half up", "round half down", "round up", "round down", "floor"]
_THREE_VALUED: st.SearchStrategy[syntax.Expression] = st.sampled_from(
    ["b or none", "c or none", "b"]
).map(syntax.Name) | st.just(syntax.BooleanLiteral(True))

_RULES: dict[Type, list[str]] = {
    types.NUMBER: [
        *("arithmetic", "arithmetic", "part", "part", "quotient", "round", "round", "modulo"),
        *("min", "max", "negation", "count", "sum", "length", "entry"),
    ],
    types.STRING: ["concatenation", "upper case"],
    types.BOOLEAN: [
        *("and", "or", "three-valued", "not", "equal", "equal", "order", "order", "between"),
        *("none", "some", "every", "in range", "in tests", "one of", "known and", "some entry"),
    ],
    types.DATE: ["date of", "date from parts", "moved", "moved", "entry"],
    types.DATE_AND_TIME: ["moved"],
    types.DAYS_AND_TIME_DURATION: ["added", "scaled", "difference"],
    types.YEARS_AND_MONTHS_DURATION: ["added", "scaled"],
}


@cache
def _few(item: Type, depth: int) -> st.SearchStrategy[list[syntax.Expression]]:
    return st.lists(expressions(item, depth), min_size=1, max_size=3)


def _list(draw: st.DrawFn, item: Type, depth: int) -> syntax.Expression:
    kind = draw(_one_of(["variable", "literal", "filter", "for"]))
    if depth == 0 or kind == "variable":
        return syntax.Name("numbers")
    items = draw(_few(item, depth - 1))
    if kind == "literal":
        return syntax.ListLiteral(tuple(items))
    if kind == "filter":
        condition = syntax.Comparison("<", syntax.Name("item"), items[0])
        return syntax.Filter(syntax.Name("numbers"), condition)
    body = syntax.Arithmetic("+", syntax.Name("each"), items[0])
    return syntax.For((syntax.Iteration("each", syntax.Name("numbers")),), body)
