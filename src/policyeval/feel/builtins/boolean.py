"""Boolean built-ins (DMN 1.5, tables 73 and 75), and `is` (table 77)."""

from policyeval.feel import operators
from policyeval.feel.builtins.declaration import Builtin, Example, Parameter, Signature
from policyeval.feel.failure import Failure
from policyeval.feel.types import BOOLEAN, ListOf, optional
from policyeval.feel.values import Value
from policyeval.messages import message

_MAYBE = optional(BOOLEAN)


def _all(items: list[Value]) -> bool | None:
    if any(each is False for each in items):
        return False
    return None if None in items else True


def _any(items: list[Value]) -> bool | None:
    if any(each is True for each in items):
        return True
    return None if None in items else False


def _all_of(*items: Value) -> bool | None:
    _check_given(items, "all")
    return _all(list(items))


def _any_of(*items: Value) -> bool | None:
    _check_given(items, "any")
    return _any(list(items))


def _check_given(items: tuple[Value, ...], name: str) -> None:
    if not items:
        raise Failure(
            "eval.arguments",
            message("`{function}` is called with nothing to look at", function=name),
        )


BUILTINS: tuple[Builtin, ...] = (
    Builtin(
        "not",
        message("true becomes false, false becomes true; what is not known stays so"),
        (
            Signature((Parameter("negand", BOOLEAN),), BOOLEAN, operators.negation),
            Signature((Parameter("negand", _MAYBE),), _MAYBE, operators.negation),
        ),
        (
            Example("not(true)", "false"),
            Example("not(1 > 2)", "true"),
            Example("not(null)", "null"),
            Example('not("true")', "null"),
        ),
    ),
    Builtin(
        "all",
        message(
            "false if one of the items is false, true if all are true or there are none; "
            "otherwise it is not known"
        ),
        (
            Signature((Parameter("list", ListOf(BOOLEAN)),), BOOLEAN, _all),
            Signature((Parameter("list", ListOf(_MAYBE)),), _MAYBE, _all),
            Signature((Parameter("b", _MAYBE),), _MAYBE, _all_of, variadic=True),
        ),
        (
            Example("all([true, true])", "true"),
            Example("all(true, false)", "false"),
            Example("all([false, null, true])", "false"),
            Example("all([true, null])", "null"),
            Example("all([])", "true"),
            Example("all(0)", "null"),
        ),
    ),
    Builtin(
        "any",
        message(
            "true if one of the items is true, false if all are false or there are none; "
            "otherwise it is not known"
        ),
        (
            Signature((Parameter("list", ListOf(BOOLEAN)),), BOOLEAN, _any),
            Signature((Parameter("list", ListOf(_MAYBE)),), _MAYBE, _any),
            Signature((Parameter("b", _MAYBE),), _MAYBE, _any_of, variadic=True),
        ),
        (
            Example("any([false, true])", "true"),
            Example("any(false, false)", "false"),
            Example("any([false, null, true])", "true"),
            Example("any([false, null])", "null"),
            Example("any([])", "false"),
            Example("any(0)", "null"),
        ),
    ),
)
