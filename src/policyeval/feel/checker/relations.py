"""How types relate where the language asks more than whether one conforms to another."""

from collections.abc import Mapping
from types import MappingProxyType

from policyeval.feel import types
from policyeval.feel.types import Type
from policyeval.feel.values import Function, Range, Value
from policyeval.feel.writing import kind_of

RANGE_MEMBERS = ("start", "end", "start included", "end included")

_D, _T, _DT = types.DATE, types.TIME, types.DATE_AND_TIME
_N, _S = types.NUMBER, types.STRING
_DTD, _YMD = types.DAYS_AND_TIME_DURATION, types.YEARS_AND_MONTHS_DURATION

ARITHMETIC: Mapping[tuple[str, Type, Type], Type] = MappingProxyType(
    {
        ("+", _N, _N): _N,
        ("-", _N, _N): _N,
        ("*", _N, _N): _N,
        ("/", _N, _N): _N,
        ("**", _N, _N): _N,
        ("+", _S, _S): _S,
        ("-", _D, _D): _DTD,
        ("-", _DT, _DT): _DTD,
        ("-", _T, _T): _DTD,
        **{("+", point, span): point for point in (_D, _DT) for span in (_DTD, _YMD)},
        **{("+", span, point): point for point in (_D, _DT) for span in (_DTD, _YMD)},
        **{("-", point, span): point for point in (_D, _DT) for span in (_DTD, _YMD)},
        ("+", _T, _DTD): _T,
        ("+", _DTD, _T): _T,
        ("-", _T, _DTD): _T,
        **{(operator, span, span): span for operator in "+-" for span in (_DTD, _YMD)},
        **{("*", span, _N): span for span in (_DTD, _YMD)},
        **{("*", _N, span): span for span in (_DTD, _YMD)},
        **{("/", span, _N): span for span in (_DTD, _YMD)},
        **{("/", span, span): _N for span in (_DTD, _YMD)},
    }
)
"""What an arithmetic operator gives for two types; absent: nothing."""


def element_type(type_: Type) -> Type:
    """Give the type of one item of what is filtered or gone through."""
    match types.required(type_):
        case types.ListOf(item):
            return item
        case types.AnyType() | types.NullType():
            return types.ANY
        case other:
            return other


def range_element(type_: Type) -> Type:
    """Give the type of what a `for` takes from its source: an item of a list, or of a range."""
    base = types.required(type_)
    return base.item if isinstance(base, types.RangeOf) else element_type(base)


def may_contain(test: Type, value: Type) -> bool:
    """Tell whether a value of a type can pass a test of a type: equal, or an item, or between."""
    if comparable(test, value):
        return True
    match test:
        case types.RangeOf(item):
            return isinstance(item, types.AnyType) or item == value
        case types.ListOf(item):
            return isinstance(item, types.AnyType) or may_contain(types.required(item), value)
        case _:
            return False


def comparable(left: Type, right: Type) -> bool:
    """Tell whether values of two types can be equal at all."""
    left, right = types.required(left), types.required(right)
    match left, right:
        case (
            (types.AnyType(), _)
            | (_, types.AnyType())
            | (types.NullType(), _)
            | (_, types.NullType())
        ):
            return True
        case (types.ListOf(item), types.ListOf(other)) | (
            types.RangeOf(item),
            types.RangeOf(other),
        ):
            return comparable(item, other)
        case types.ContextOf(entries), types.ContextOf(others):
            return all(comparable(entries[n], others[n]) for n in entries if n in others)
        case types.FunctionOf(), types.FunctionOf():
            return False
        case _:
            return left == right


def may_conform(given: Type, wanted: Type) -> bool:
    """Tell whether some value of a type is, or can be converted to, one of another."""
    base, target = types.required(given), types.required(wanted)
    if isinstance(base, types.AnyType) or types.conforms(base, target):
        return True
    match base, target:
        case types.NullType(), _:
            return types.may_be_null(wanted)
        case types.ListOf(item), types.ListOf(other):
            return may_conform(item, other) or isinstance(item, types.AnyType)
        case _, types.ListOf(other):
            return may_conform(base, other)
        case types.ListOf(item), _:
            return may_conform(item, target)
        case types.SimpleType("date"), types.SimpleType("date and time"):
            return True
        case types.ContextOf(entries), types.ContextOf(others):
            return all(n not in entries or may_conform(entries[n], others[n]) for n in others)
        case types.FunctionOf(), types.FunctionOf():
            return True
        case types.RangeOf(item), types.RangeOf(other):
            return may_conform(item, other)
        case _:
            return False


def function_fits(given: Type, wanted: Type) -> bool:
    """Tell whether a function may be passed where a parameter wants one of a looser type."""
    match given, wanted:
        case types.FunctionOf(parameters, result), types.FunctionOf(others, other):
            return len(parameters) == len(others) and types.conforms(result, other)
        case _:
            return False


def type_of(value: Value) -> Type:
    """Give the type of a value that is known already."""
    match value:
        case None:
            return types.NULL
        case list():
            return types.ListOf(types.join_all([type_of(each) for each in value]))
        case dict():
            return types.ContextOf({name: type_of(each) for name, each in value.items()})
        case Range():
            ends = [type_of(each) for each in (value.start, value.end) if each is not None]
            return types.RangeOf(types.join_all(ends))
        case Function():
            parameters = tuple(each.type for each in value.parameters)
            return types.FunctionOf(parameters, value.result)
        case _:
            return types.SIMPLE_TYPES[kind_of(value)]
