"""Operations on values that may be open: done at once, composed, or not decided yet."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Final, TypeVar, cast

from policyeval.backends.worlds import latest
from policyeval.backends.worlds.domains import is_single
from policyeval.backends.worlds.questions import Question, Test
from policyeval.backends.worlds.searching import gap
from policyeval.backends.worlds.signs import Signs, difference, of_builtin, of_path, within_year
from policyeval.backends.worlds.splitting import Splitting
from policyeval.backends.worlds.variables import (
    Assignment,
    Split,
    Symbol,
    Undecided,
    Variable,
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
Result = TypeVar("Result")

_ORDERED = (Decimal, date, timedelta)
_COMPOSITE: Final = frozenset({list, dict})
OPEN: Final = _COMPOSITE | {Symbol}
"""Types of values that are open, or may have something open in them."""

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
            found = self.decide(value.signs, Test(value.evaluate), plain=value.plain)
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
                found.__traceback__ = None  # whose frames hold these worlds, which may keep it
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
        for each in arguments:
            if type(each) in OPEN:
                break
        else:
            return operation(*arguments)
        found = [symbol for each in arguments for symbol in symbols(each)]
        if not found:
            return operation(*arguments)
        variables = dict.fromkeys(variable for each in found for variable in each.signs)
        if not any(each in self.coarse for each in variables) and not self.live(variables):
            known = {each: self.sole(each) for each in variables}
            return operation(*(resolved(each, known) for each in arguments))
        known_signs = signs(arguments) if signs is not None else _NO_SIGNS
        later = _later(operation, arguments)
        # What a function of the formula gives may differ between worlds.
        if len(variables) == 1 and not any(isinstance(each, Function) for each in arguments):
            later = _kept(next(iter(variables)), later)
        lifted = Symbol({each: known_signs.get(each, 0) for each in variables}, later, plain=plain)
        if signs is not None:
            within_year(lifted, arguments, signs)
        return lifted

    def taken(self, symbol: Symbol) -> object | None:
        """Give what a symbol that is the same in all worlds comes to here; None if that is not simple.

        Raises:
            Failure: It has no value.
            Unclear: The values of a variable could not be told apart.
        """
        known: dict[Variable, object] = {}
        for each in symbol.signs:
            if is_single(self.domains.get(each, each.domain)):
                value = self.sole(each)
                if each not in self.coarse:
                    known[each] = value
        if not known:
            return symbol
        return symbol.evaluate(known) if len(known) == len(symbol.signs) else None

    def settled(self, value: object) -> object:
        """Give a value whose symbols are replaced where they have one value only."""
        if type(value) not in OPEN:
            return value
        found = symbols(value)
        if not found or self.live(variable for each in found for variable in each.signs):
            return value
        return resolved(value, {v: self.sole(v) for each in found for v in each.signs})

    def concrete(self, value: object) -> object:
        """Give a value without symbols.

        Raises:
            Undecided: It has several.
        """
        if type(value) not in OPEN:
            return value
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
        if type(left) not in OPEN and type(right) not in OPEN:
            return latest.compare(operator, left, right)
        if type(left) in _COMPOSITE or type(right) in _COMPOSITE:
            found = [*symbols(left), *symbols(right)]
            if not found:
                return latest.compare(operator, left, right)
            variables = dict.fromkeys(variable for each in found for variable in each.signs)
            question = Question(dict.fromkeys(variables, 0), Test(_compared(operator, left, right)))
        else:
            question = self._question(operator, left, right)
        equality = operator in ("=", "!=")
        outcome = _is_equal if equality else None
        result = self.decide(question.signs, question.test, plain=question.plain, outcome=outcome)
        return result is True if operator != "!=" else result is not True

    def _question(
        self, operator: syntax.ComparisonOperator, left: object, right: object
    ) -> Question:
        """Give how two values compare, of which one is a symbol, as a question; the same each time."""
        key = operator, id(left), id(right)
        asked = self.learning.asked.get(key)
        if asked is None:
            plain = operator in ("=", "!=") and all(
                not isinstance(each, Symbol) or each.plain for each in (left, right)
            )
            test = Test(_compared(operator, left, right), _later(gap, (left, right)))
            asked = Question(difference(left, right), test, plain, (left, right))
            self.learning.asked[key] = asked
        return asked

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
        self.narrow += 1  # it runs in these worlds
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
    operation: Callable[..., Result], arguments: Sequence[object]
) -> Callable[[Assignment], Result]:
    """Make the function that applies an operation when what is open is known."""
    match arguments:
        case [Symbol() as only]:
            one = only.evaluate
            return lambda known: operation(one(known))
        case [Symbol() as left, right] if type(right) not in OPEN:
            first = left.evaluate
            return lambda known: operation(first(known), right)
        case [left, Symbol() as right] if type(left) not in OPEN:
            second = right.evaluate
            return lambda known: operation(left, second(known))
        case [Symbol() as left, Symbol() as right]:
            begin, end = left.evaluate, right.evaluate
            return lambda known: operation(begin(known), end(known))
        case _:
            return lambda known: operation(*(resolved(each, known) for each in arguments))


def _better(first: Undecided | None, second: Undecided) -> Undecided:
    """Choose which of two undecided conditions is resolved first: one that splits cleanly."""
    if first is None or _badness(second) < _badness(first):
        return second
    return first


def _badness(undecided: Undecided) -> int:
    if not isinstance(undecided, Split):
        return 3
    return 2 * undecided.wild + undecided.coarse if undecided.wild else int(undecided.coarse)


def _kept(
    variable: Variable, evaluate: Callable[[Assignment], object]
) -> Callable[[Assignment], object]:
    """Keep what a function of one variable comes to on each day, or at each moment."""
    found: dict[object, object] = {}

    def kept(known: Assignment) -> object:
        value = known[variable]
        if type(value) is not date and type(value) is not datetime:
            return evaluate(known)
        if value not in found:
            found[value] = evaluate(known)
        return found[value]

    return kept


def _compared(
    operator: syntax.ComparisonOperator, left: object, right: object
) -> Callable[[Assignment], Hashable]:
    if operator in ("=", "!="):
        return _later(_relation, (left, right))
    return _later(partial(latest.compare, operator), (left, right))


def _is_equal(relation: Hashable) -> bool:
    return relation == 0


def _relation(left: object, right: object) -> Hashable:
    """Tell how two values compare: -1, 0 or 1 in their order, or just `!=`."""
    if type(left) is date and type(right) is date:
        return (left > right) - (left < right)
    ordered = (isinstance(left, _ORDERED) or left is NEVER) and (
        isinstance(right, _ORDERED) or right is NEVER
    )
    if ordered and isinstance(left, datetime) == isinstance(right, datetime):
        order = latest.order(left, right)
        return (order > 0) - (order < 0)
    return 0 if latest.compare("=", left, right) else "!="
