"""What the strict mode asks of the value of a variable: that it is of the declared type, exactly."""

from policyeval.feel import operators, types
from policyeval.feel.failure import Failure
from policyeval.feel.types import Type, type_text
from policyeval.feel.values import Value, WideDate, WideDateTime, WideDuration
from policyeval.messages import message


def as_declared(name: str, value: Value, type_: Type) -> Value:
    """Give a variable's value as its type wants it; nothing is converted.

    Entries of contexts that may be missing are added, as null.

    Raises:
        Failure: It does not fit.
    """
    if value is None:
        if types.may_be_null(type_):
            return None
        raise Failure("input.value", message("`{name}` is missing", name=name))
    wanted = types.required(type_)
    value = _completed(value, wanted)
    if not _belongs(value, wanted):
        raise Failure(
            "input.value",
            message(
                "`{name}` should be of type `{wanted}`, not `{given}`",
                name=name,
                wanted=type_text(wanted),
                given=operators.kind_of(value),
            ),
        )
    if isinstance(value, WideDate | WideDateTime | WideDuration):
        raise Failure(
            "input.value",
            message(
                "`{name}` is outside the years 1 to 9999, or finer than a microsecond", name=name
            ),
        )
    return value


def _completed(value: Value, type_: Type) -> Value:
    """Add the entries that may be missing to contexts, as null."""
    match type_, value:
        case types.ContextOf(entries), dict():
            missing = {
                n: None for n, t in entries.items() if n not in value and types.may_be_null(t)
            }
            completed = {
                key: _completed(item, types.required(entries[key])) if key in entries else item
                for key, item in value.items()
            }
            return {**completed, **missing}
        case types.ListOf(item_type), list():
            return [_completed(item, types.required(item_type)) for item in value]
        case _:
            return value


def _belongs(value: Value, type_: Type) -> bool:
    """Tell whether a value is of a type, where null is only what may be null, in parts too."""
    match type_, value:
        case types.Optional(base), _:
            return value is None or _belongs(value, base)
        case types.ListOf(item), list():
            return all(_belongs(each, item) for each in value)
        case types.ContextOf(entries), dict():
            return all(name in value and _belongs(value[name], t) for name, t in entries.items())
        case types.AnyType(), _:
            return True
        case _:
            return value is not None and operators.conforms(value, type_)
