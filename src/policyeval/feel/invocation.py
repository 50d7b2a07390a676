"""Which signature of a built-in a call means, and how its arguments are put in order.

The same rules serve the checker (with the arguments' types) and a running evaluation (with their
values): arguments are bound to parameters by position or by name; a signature that takes them as
they are comes before one that takes them after an implicit conversion (10.3.2.9.4: a single item
for a list, a list of one for its item).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from policyeval.feel import types
from policyeval.feel.builtins.declaration import Builtin, Parameter, Signature
from policyeval.feel.failure import Failure
from policyeval.feel.operators import coerce, conforms
from policyeval.feel.types import Type
from policyeval.feel.values import Function, Value
from policyeval.feel.writing import kind_of
from policyeval.messages import Message, message

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Bound(Generic[T]):
    """The arguments of a call in the order of a signature's parameters; one left out is absent."""

    signature: Signature
    arguments: tuple[tuple[Parameter, T], ...]


def bind(
    signature: Signature, arguments: Sequence[T], names: Sequence[str] | None
) -> Bound[T] | None:
    """Bind arguments to a signature's parameters, or give None if they do not fit."""
    parameters = signature.parameters
    if names is None:
        if len(arguments) < signature.required:
            return None
        if signature.variadic:
            last = parameters[-1]
            padded = (*parameters[:-1], *([last] * (len(arguments) - len(parameters) + 1)))
            return Bound(signature, tuple(zip(padded, arguments, strict=False)))
        if len(arguments) > len(parameters):
            return None
        return Bound(signature, tuple(zip(parameters, arguments, strict=False)))
    if len(names) > len(parameters):
        return None
    given = dict(zip(names, arguments, strict=True))
    known = {each.name for each in parameters}
    if len(given) != len(names) or not given.keys() <= known:
        return None
    bound: list[tuple[Parameter, T]] = []
    for parameter in parameters:
        if parameter.name in given:
            if len(bound) < parameters.index(parameter):
                return None  # one before it was left out
            bound.append((parameter, given[parameter.name]))
        elif not parameter.optional:
            return None
    return Bound(signature, tuple(bound))


def bindings(
    builtin: Builtin, arguments: Sequence[T], names: Sequence[str] | None
) -> Iterator[Bound[T]]:
    """Give every way to bind the arguments, in the order of the signatures.

    Of two that differ in the order of their parameters alone (`before(point, range)` and
    `before(range, point)`), the one in whose order the arguments are named comes first.
    """

    def other_order(signature: Signature) -> bool:
        return [each.name for each in signature.parameters] != list(names or ())

    signatures = builtin.signatures
    for signature in signatures if names is None else sorted(signatures, key=other_order):
        bound = bind(signature, arguments, names)
        if bound is not None:
            yield bound


def select(
    builtin: Builtin, arguments: Sequence[Value], names: Sequence[str] | None
) -> tuple[Signature, list[Value]]:
    """Choose the signature that takes these values, and convert them to its parameters' types.

    Raises:
        Failure: No signature takes them.
    """
    possible = list(bindings(builtin, arguments, names))
    if not possible and names is not None:
        possible = list(_completed(builtin, arguments, names))
    if not possible:
        raise Failure("eval.arguments", wrong_shape(builtin, len(arguments), names))
    for bound in possible:
        if all(_takes(parameter.type, value) for parameter, value in bound.arguments):
            return bound.signature, [value for _, value in bound.arguments]
    for bound in possible:
        converted = _converted(bound)
        if converted is not None:
            return bound.signature, converted
    raise Failure(*_refusal(builtin, possible))


def _completed(
    builtin: Builtin, arguments: Sequence[Value], names: Sequence[str]
) -> Iterator[Bound[Value]]:
    """Bind named arguments, and null to every parameter that none is named for (10.3.2.13.5)."""
    for signature in builtin.signatures:
        others = [each.name for each in signature.parameters if each.name not in names]
        bound = bind(signature, [*arguments, *([None] * len(others))], [*names, *others])
        if bound is not None:
            yield bound


def _takes(type_: Type, value: Value) -> bool:
    if value is None:
        return types.may_be_null(type_)
    wanted = types.required(type_)
    if isinstance(wanted, types.FunctionOf) and isinstance(value, Function):
        # A function that says which types it takes may be passed where any is wanted: `sort` calls
        # it with what is in the list.
        least = len(value.parameters) if value.required is None else value.required
        count = len(wanted.parameters)
        return least <= count and (count <= len(value.parameters) or value.variadic)
    return conforms(value, wanted)


def _can_take(type_: Type, value: Value) -> bool:
    """Tell whether a value is of a type, or becomes one by an implicit conversion."""
    if _takes(type_, value):
        return True
    try:
        return value is not None and coerce(value, types.required(type_)) is not None
    except Failure:
        return False


def _converted(bound: Bound[Value]) -> list[Value] | None:
    converted: list[Value] = []
    for parameter, value in bound.arguments:
        if value is None and not types.may_be_null(parameter.type):
            return None
        if _takes(parameter.type, value):
            converted.append(value)
            continue
        try:
            converted.append(coerce(value, types.required(parameter.type)))
        except Failure:
            return None
        if converted[-1] is None and value is not None:
            return None
    return converted


def _refusal(builtin: Builtin, possible: Sequence[Bound[Value]]) -> tuple[str, Message]:
    """Say which argument it is that no signature takes."""
    for index, (parameter, value) in enumerate(possible[0].arguments):
        if any(
            index < len(bound.arguments) and _can_take(bound.arguments[index][0].type, value)
            for bound in possible
        ):
            continue
        if value is None:
            return "eval.null", message(
                "the argument `{parameter}` of `{function}` is null",
                parameter=parameter.name,
                function=builtin.name,
            )
        return "eval.type", message(
            "the argument `{parameter}` of `{function}` should be of type `{wanted}`, not `{given}`",
            parameter=parameter.name,
            function=builtin.name,
            wanted=wanted_types(possible, index),
            given=kind_of(value),
        )
    return "eval.type", message(
        "the arguments of `{function}` do not fit together", function=builtin.name
    )


def wanted_types(possible: Sequence[Bound[T]], index: int) -> str:
    """Write the types that the signatures want for an argument: `number` or `date | string`."""
    wanted = dict.fromkeys(
        types.type_text(types.required(bound.arguments[index][0].type))
        for bound in possible
        if index < len(bound.arguments)
    )
    return " | ".join(wanted)


def wrong_shape(builtin: Builtin, count: int, names: Sequence[str] | None) -> Message:
    """Say that a call has the wrong number or names of arguments, and which there are."""
    usage = " | ".join(dict.fromkeys(signature_text(builtin.name, s) for s in builtin.signatures))
    if names is not None:
        known = {each.name for s in builtin.signatures for each in s.parameters}
        unknown = [name for name in names if name not in known]
        if unknown:
            return message(
                "`{function}` has no parameter `{name}`: {usage}",
                function=builtin.name,
                name=unknown[0],
                usage=usage,
            )
    return message(
        "`{function}` is called as `{usage}`; number of arguments here: {count}",
        function=builtin.name,
        count=count,
        usage=usage,
    )


def signature_text(
    name: str, signature: Signature, show: Callable[[Parameter], str] | None = None
) -> str:
    """Write a signature as it is called: `substring(string, start position, length?)`."""

    def plain(parameter: Parameter) -> str:
        return parameter.name + ("?" if parameter.optional else "")

    parts = [(show or plain)(each) for each in signature.parameters]
    if signature.variadic:
        parts[-1] += ", …"
    return f"{name}({', '.join(parts)})"
