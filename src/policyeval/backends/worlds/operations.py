"""Operations on values that may be open: done at once, composed, or not decided yet."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Final, cast

from policyeval.backends.worlds import latest
from policyeval.backends.worlds.signs import Signs, difference, of_builtin, of_path, within_year
from policyeval.backends.worlds.splitting import Splitting
from policyeval.backends.worlds.variables import (
    Assignment,
    Split,
    Symbol,
    Undecided,
    resolved,
    symbols,
)
from policyeval.feel import operators, syntax, types
from policyeval.feel.builtins.declaration import Builtin
from policyeval.feel.failure import Failure
from policyeval.feel.runtime import Runtime
from policyeval.feel.values import Function, FunctionParameter, Range, Value
from policyeval.messages import message
from policyeval.policy.never import NEVER

Thunk = Callable[[], object]

_ORDERED = (Decimal, date, timedelta)
_ITEMS_UNSEEN: Final = frozenset(
    {
        "append",
        "concatenate",
        "count",
        "flatten",
        "insert before",
        "remove",
        "reverse",
        "sublist",
    }
)
"""Functions of lists that do not look at the items."""


class Operations(Splitting):
    """Applies the language's operators and built-ins in a part of the possible worlds."""

    # ------------------------------------------------------------ conditions

    def truth(self, value: object) -> bool | None:
        """Give a condition's value: true, false, or null.

        Raises:
            Undecided: It is not the same everywhere.
            Failure: It is no condition, or has no value.
        """
        if value is True or value is False or value is None:
            return value
        if isinstance(value, Symbol):
            found = self.decide(value.signs, _hashed(value.evaluate), plain=value.plain)
            return self.truth(found)
        raise Failure(
            "eval.type",
            message(
                "true or false is wanted here, not a `{given}`",
                given=operators.kind_of(cast(Value, value)),
            ),
        )

    def junction(self, thunks: Iterator[Thunk], *, decides: bool) -> bool | None:
        """Join conditions with `and` (decided by false) or `or` (by true); all are looked at.

        Raises:
            Undecided: None decides, and one is not the same everywhere.
            Failure: One before any of those has no value.
        """
        result: bool | None = not decides
        undecided: Undecided | None = None
        for thunk in thunks:
            try:
                value = self.truth(thunk())
            except Undecided as found:
                undecided = _better(undecided, found)
            except Failure:
                if undecided is None:
                    raise
                break
            else:
                if value is decides:
                    return decides
                if value is None:
                    result = None
        if undecided is not None:
            raise undecided
        return result

    # ------------------------------------------------------------ values

    def lift(
        self,
        operation: Callable[..., object],
        arguments: Sequence[object],
        signs: Callable[[Sequence[object]], Signs] | None = None,
        *,
        plain: bool = False,
    ) -> object:
        """Apply an operation, now or when what is open in its arguments is known.

        Raises:
            Failure: It has no result.
        """
        found = [symbol for each in arguments for symbol in symbols(each)]
        if not found:
            return operation(*arguments)
        variables = dict.fromkeys(variable for each in found for variable in each.signs)
        if not any(each in self.coarse for each in variables) and not self.live(variables):
            known = {each: self.sole(each) for each in variables}
            return operation(*(resolved(each, known) for each in arguments))
        known_signs = signs(arguments) if signs is not None else _NO_SIGNS
        lifted = Symbol(
            {each: known_signs.get(each, 0) for each in variables},
            _later(operation, arguments),
            plain=plain,
        )
        if signs is not None:
            within_year(lifted, arguments, signs)
        return lifted

    def settled(self, value: object) -> object:
        """Give a value whose symbols are replaced where they have one value only."""
        found = symbols(value)
        if not found or self.live(variable for each in found for variable in each.signs):
            return value
        return resolved(value, {v: self.sole(v) for each in found for v in each.signs})

    def concrete(self, value: object) -> object:
        """Give a value without symbols.

        Raises:
            Undecided: It has several.
        """
        value = self.settled(value)
        for symbol in symbols(value):
            self.force(symbol)
        return value

    def path(self, source: object, name: str) -> object:
        """Give a part of a value."""
        if isinstance(source, Symbol):
            part = self.lift(
                lambda value: latest.path(value, name), (source,), lambda a: of_path(a[0], name)
            )
            if isinstance(part, Symbol) and name == "year":
                part.year_of = source
            elif isinstance(part, Symbol) and name == "month":
                part.within_year = source
            return part
        if isinstance(source, list):
            return [self.path(each, name) for each in source]
        return latest.path(source, name)

    def items(self, value: object) -> list[object]:
        """Give the items of a list, or of what stands for one."""
        value = self.concrete(value) if isinstance(value, Symbol) else value
        if isinstance(value, Range):
            return list(operators.iterable(value, Runtime()))
        return cast(list[object], operators.as_list(cast(Value, value)))

    # ------------------------------------------------------------ comparing

    def compare(self, operator: syntax.ComparisonOperator, left: object, right: object) -> bool:
        """Compare two values.

        Raises:
            Undecided: They compare in several ways.
            Failure: They do not compare.
        """
        found = [*symbols(left), *symbols(right)]
        if not found:
            return latest.compare(operator, left, right)
        equality = operator in ("=", "!=")

        def key(known: Assignment) -> Hashable:
            one, other = resolved(left, known), resolved(right, known)
            return _relation(one, other) if equality else latest.compare(operator, one, other)

        scalar = type(left) not in {list, dict} and type(right) not in {list, dict}
        plain = equality and scalar and all(each.plain for each in found)
        signs = difference(left, right) if scalar else {}
        variables = dict.fromkeys(variable for each in found for variable in each.signs)
        result = self.decide(
            {each: signs.get(each, 0) for each in variables},
            key,
            plain=plain,
            outcome=_is_equal if equality else None,
        )
        return result is True if operator != "!=" else result is not True

    def same(self, left: object, right: object) -> bool:
        """Tell whether two values are equal; those of different kinds are not.

        Raises:
            Undecided: They may be.
        """
        try:
            return self.compare("=", left, right)
        except Failure:
            return False

    def within(self, value: object, test: object) -> bool | None:
        """Tell whether a value equals another, or is in a range or list."""
        if isinstance(test, list) and not isinstance(value, list):
            thunks = (
                partial(self.within if isinstance(each, Range) else self.same, value, each)
                for each in test
            )
            return self.junction(thunks, decides=True)
        if isinstance(test, Range) and test.operator is None and not isinstance(value, Range):
            above: syntax.ComparisonOperator = ">=" if test.start_included else ">"
            below: syntax.ComparisonOperator = "<=" if test.end_included else "<"
            return self.junction(
                iter(
                    (
                        lambda: self.compare(above, value, test.start),
                        lambda: self.compare(below, value, test.end),
                    )
                ),
                decides=False,
            )
        if isinstance(test, Range | Symbol) or isinstance(value, list | Range):
            return self.truth(self.lift(latest.within, (value, test)))
        return self.compare("=", value, test)

    # ------------------------------------------------------------ calls

    def invoke(
        self, builtin: Builtin, arguments: Sequence[object], names: Sequence[str] | None
    ) -> object:
        """Call a built-in."""
        name = builtin.name
        if name == "not" and len(arguments) == 1:
            value = self.truth(arguments[0])
            return None if value is None else not value
        runtime = Runtime()
        if (
            name in _ITEMS_UNSEEN
            and arguments
            and not any(isinstance(each, Symbol) for each in arguments)
        ):
            return latest.invoke(runtime, builtin, arguments, names)
        plain = name == "list contains" and all(
            each.plain for argument in arguments for each in symbols(argument)
        )
        return self.lift(
            lambda *given: latest.invoke(runtime, builtin, given, names),
            arguments,
            lambda given: of_builtin(name, given, self),
            plain=plain,
        )

    def as_function(self, builtin: Builtin) -> Function:
        """Give a built-in as a value that can be passed on."""
        signature = builtin.signatures[0]
        return Function(
            builtin.name,
            tuple(FunctionParameter(each.name, each.type) for each in signature.parameters),
            types.ANY,
            lambda *arguments: cast(Value, self.invoke(builtin, arguments, None)),
            variadic=any(each.variadic for each in builtin.signatures),
            required=min(each.required for each in builtin.signatures),
        )


_NO_SIGNS: Final[Signs] = {}


def _later(
    operation: Callable[..., object], arguments: Sequence[object]
) -> Callable[[Assignment], object]:
    """Make the function that applies an operation when what is open is known."""
    match arguments:
        case [Symbol() as only]:
            one = only.evaluate
            return lambda known: operation(one(known))
        case [Symbol() as left, right] if not isinstance(right, Symbol | list | dict):
            first = left.evaluate
            return lambda known: operation(first(known), right)
        case [left, Symbol() as right] if not isinstance(left, Symbol | list | dict):
            second = right.evaluate
            return lambda known: operation(left, second(known))
        case _:
            return lambda known: operation(*(resolved(each, known) for each in arguments))


def _hashed(evaluate: Callable[[Assignment], object]) -> Callable[[Assignment], Hashable]:
    def key(known: Assignment) -> Hashable:
        return evaluate(known)

    return key


def _better(first: Undecided | None, second: Undecided) -> Undecided:
    """Choose which of two undecided conditions is resolved first: one that splits cleanly."""
    if first is None or _badness(second) < _badness(first):
        return second
    return first


def _badness(undecided: Undecided) -> int:
    if not isinstance(undecided, Split):
        return 3
    return 2 * undecided.wild + undecided.coarse if undecided.wild else int(undecided.coarse)


def _is_equal(relation: Hashable) -> bool:
    return relation == 0


def _relation(left: object, right: object) -> Hashable:
    """Tell how two values compare: -1, 0 or 1 in their order, or just `!=`."""
    ordered = (isinstance(left, _ORDERED) or left is NEVER) and (
        isinstance(right, _ORDERED) or right is NEVER
    )
    if ordered and isinstance(left, datetime) == isinstance(right, datetime):
        order = latest.order(left, right)
        return (order > 0) - (order < 0)
    return 0 if latest.compare("=", left, right) else "!="
