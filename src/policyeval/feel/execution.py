"""What compiled code calls while it runs: the operations that need to know where they stand.

A `Failure` of an operation ends here. In the lenient mode it becomes null and a warning; in the
strict mode an `EvaluationError`. Both have the span of the node that failed, which the compiled
code passes as `site`, an index into the spans of the whole expression.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from policyeval.diagnostics import Diagnostic
from policyeval.errors import EvaluationError
from policyeval.feel import numbers, operators, types
from policyeval.feel.builtins.declaration import Builtin
from policyeval.feel.failure import BudgetExceededError, Failure
from policyeval.feel.invocation import select
from policyeval.feel.runtime import Runtime
from policyeval.feel.syntax import ComparisonOperator
from policyeval.feel.types import Type
from policyeval.feel.values import (
    Function,
    FunctionParameter,
    Value,
    WideDate,
    WideDateTime,
    WideDuration,
)
from policyeval.messages import message
from policyeval.source import Source, Span

_NO_SOURCE = Source("")


@dataclass(slots=True)
class Execution(Runtime):
    """One run of a compiled expression.

    Attributes:
        source: The expression's text.
        sites: The spans that compiled code refers to by index.
        strict: Whether an operation without a result stops the run.
        functions: The built-ins that were used as values, by their names; None before the first.
    """

    source: Source = _NO_SOURCE
    sites: tuple[Span, ...] = ()
    strict: bool = False
    functions: dict[str, Function] | None = None

    # ------------------------------------------------------------ failures

    def fail(self, failure: Failure, site: int) -> None:
        """Record why an operation gave null, or stop in strict mode.

        Raises:
            BudgetExceededError: The failure is one.
            EvaluationError: The mode is strict.
        """
        span = self.sites[site]
        if isinstance(failure, BudgetExceededError):
            failure.span = failure.span or span
            raise failure
        if self.strict:
            raise EvaluationError([Diagnostic(failure.code, failure.message, span, self.source)])
        # INVARIANT: a step is counted for every turn of a loop, so the warnings are bounded too.
        self.note(failure.code, failure.message, span)

    def apply(self, operation: Callable[..., Value], site: int, *operands: object) -> Value:
        """Run an operation; null if it has no result (lenient)."""
        try:
            if operation in _PAYING:
                result = operation(*operands, self.pay)
            else:
                result = operation(*operands)
        except Failure as failure:
            self.fail(failure, site)
            return None
        except ArithmeticError as error:
            self.fail(numbers.failure_of(error), site)
            return None
        if self.strict and isinstance(result, WideDate | WideDateTime | WideDuration):
            self.fail(_out_of_range(), site)
        return result

    def unknown_name(self, name: str, site: int) -> Value:
        """Give null for a name that nothing defines."""
        self.fail(Failure("eval.unknown-name", message("unknown name `{name}`", name=name)), site)
        return None

    # ------------------------------------------------------------ logic

    def boolean(self, value: Value, site: int) -> bool | None:
        """Give an operand of `and`, `or` or `if`: what is neither true nor false counts as null."""
        if value is True or value is False or value is None:
            return value
        try:
            return truth(value)
        except Failure as failure:
            self.fail(failure, site)
            return None

    # ------------------------------------------------------------ functions

    def invoke(
        self,
        builtin: Builtin,
        site: int,
        arguments: Sequence[Value],
        names: Sequence[str] | None = None,
    ) -> Value:
        """Call a built-in with values of any type."""
        return self.apply(self._invoke, site, builtin, arguments, names)

    def _invoke(
        self, builtin: Builtin, arguments: Sequence[Value], names: Sequence[str] | None = None
    ) -> Value:
        # Whether the items are of the type that is wanted is looked at first.
        for each in arguments:
            if type(each) is list:
                self.pay(len(each) // 3)
        signature, converted = select(builtin, arguments, names)
        if signature.needs_runtime:
            return signature.function(self, *converted)
        return signature.function(*converted)

    def builtin_value(self, builtin: Builtin) -> Function:
        """Give a built-in as a value that can be passed on; always the same one in a run."""
        if self.functions is None:
            self.functions = {}
        if builtin.name in self.functions:
            return self.functions[builtin.name]
        signature = builtin.signatures[0]
        made = self.functions[builtin.name] = Function(
            builtin.name,
            tuple(FunctionParameter(each.name, each.type) for each in signature.parameters),
            types.ANY if callable(signature.returns) else signature.returns,
            lambda *arguments: self._invoke(builtin, arguments),
            variadic=any(each.variadic for each in builtin.signatures),
            required=min(each.required for each in builtin.signatures),
        )
        return made

    def function(
        self,
        name: str | None,
        parameters: tuple[FunctionParameter, ...],
        result: Type,
        body: Callable[..., Value],
    ) -> Function:
        """Make a function value of the compiled body of a function of the text."""
        typed = tuple((i, p.type) for i, p in enumerate(parameters) if p.type != types.ANY)

        def call(*arguments: Value) -> Value:
            given = list(arguments)
            for index, type_ in typed:
                given[index] = operators.coerce(given[index], type_, self.pay)
            self.step()
            self.depth += 1
            try:
                if self.depth > self.budget.call_depth:
                    raise BudgetExceededError(
                        "eval.too-deep",
                        message(
                            "functions call each other more than {limit} deep",
                            limit=self.budget.call_depth,
                        ),
                    )
                return body(*given)
            finally:
                self.depth -= 1

        return Function(name, parameters, result, call)

    def external(self, parameters: tuple[FunctionParameter, ...]) -> Function:
        """Make a function value of an external function: it can be passed on, but not called."""

        def call(*_: Value) -> Value:
            raise Failure("eval.domain", message("external functions are not run"))

        return Function(None, parameters, types.ANY, call)

    def call(
        self,
        function: Value,
        site: int,
        arguments: Sequence[Value],
        names: Sequence[str] | None = None,
    ) -> Value:
        """Call a function value."""
        return self.apply(self._call, site, function, arguments, names)

    def _call(
        self, function: Value, arguments: Sequence[Value], names: Sequence[str] | None
    ) -> Value:
        if not isinstance(function, Function):
            raise Failure(
                "eval.type",
                message("a `{given}` cannot be called", given=operators.kind_of(function)),
            )
        parameters = function.parameters
        least = len(parameters) if function.required is None else function.required
        if names is not None:
            given = dict(zip(names, arguments, strict=True))
            if len(given) != len(names) or not given.keys() <= {each.name for each in parameters}:
                raise Failure(
                    "eval.arguments",
                    message(
                        "the function has the parameters `{parameters}`, not `{given}`",
                        parameters=", ".join(each.name for each in parameters),
                        given=", ".join(names),
                    ),
                )
            # A parameter that no argument is named for is null (10.3.2.13.5).
            arguments = [given.get(each.name) for each in parameters]
            while len(arguments) > least and parameters[len(arguments) - 1].name not in given:
                del arguments[-1]
        if len(arguments) < least or (len(arguments) > len(parameters) and not function.variadic):
            raise Failure(
                "eval.arguments",
                message(
                    "the function takes {wanted} arguments, not {given}",
                    wanted=len(parameters),
                    given=len(arguments),
                ),
            )
        return function.call(*arguments)

    # ------------------------------------------------------------ lists

    def filter(self, source: Value, condition: Callable[[Value], Value], site: int) -> Value:
        """Give the items for which a condition is true, or the item at the position it names."""
        return self.apply(self._filter, site, source, condition)

    def keep(self, items: list[Value], condition: Callable[[Value], Value]) -> list[Value]:
        """Give the items for which a condition, known to be true or false, is true."""
        kept: list[Value] = []
        for item in items:
            self.step()
            if condition(item):
                kept.append(item)
        return kept

    def _filter(self, source: Value, condition: Callable[[Value], Value]) -> Value:
        items = operators.as_list(source)
        if not items:
            return self._filter_nothing(condition)
        self.step()
        first = condition(items[0])
        if isinstance(first, Decimal):
            return operators.item_at(items, first)
        kept = [items[0]] if operators.filter_keeps(first) else []
        for item in items[1:]:
            self.step()
            if operators.filter_keeps(condition(item)):
                kept.append(item)
        return kept

    def _filter_nothing(self, condition: Callable[[Value], Value]) -> Value:
        """Filter an empty list: only a position gives null, and it does not depend on an item."""
        recorded, strict = len(self.warnings), self.strict
        self.strict = False
        try:
            position = condition(None)
        finally:
            self.strict = strict
            del self.warnings[recorded:]
        return operators.item_at([], position) if isinstance(position, Decimal) else []

    def entry(self, item: Value, name: str, otherwise: Value) -> Value:
        """Give what a name in a filter means: the item's entry of that name, or else the variable."""
        return item[name] if isinstance(item, dict) and name in item else otherwise

    def entry_or_unknown(self, items: Sequence[Value], name: str, site: int) -> Value:
        """Give the entry of the innermost item that has it; null if none has."""
        for item in items:
            if isinstance(item, dict) and name in item:
                return item[name]
        if any(isinstance(item, dict) for item in items):
            return None  # contexts are open: an entry that is not there is null, without a warning
        return self.unknown_name(name, site)

    def iterate(self, source: Value) -> Iterator[Value]:
        """Go through what a `for`, `some` or `every` ranges over, counting steps.

        Raises:
            Failure: It is nothing that can be gone through.
        """
        return self.each(operators.iterable(source, self))

    def iterate_range(self, start: Value, end: Value) -> Iterator[Value]:
        """Go through `start..end`, upwards or downwards, counting steps.

        Raises:
            Failure: The ends are not two whole numbers or two dates.
        """
        return self.each(operators.range_values(start, end))

    def snapshot(self, partial: list[Value]) -> list[Value]:
        """Copy the results of a `for` so far; the copying is paid for in steps."""
        self.step(len(partial) // 200)
        return list(partial)

    def finished(self, results: list[Value]) -> list[Value]:
        """Give the results of a `for` when there are not too many."""
        self.check_list(len(results))
        return results

    def context(self, entries: dict[str, Value]) -> dict[str, Value]:
        """Count a context made."""
        self.step()
        return entries

    def make_range(
        self, site: int, start: Value, end: Value, start_included: bool, end_included: bool
    ) -> Value:
        """Make a range; null if its ends do not belong together."""
        return self.apply(operators.make_range, site, start, end, start_included, end_included)

    def comparison_range(self, site: int, operator: ComparisonOperator, operand: Value) -> Value:
        """Make a range such as `(< 10)`."""
        return self.apply(operators.comparison_range, site, operator, operand)


_PAYING = frozenset(
    {operators.equal, operators.not_equal, operators.in_, operators.conforms, operators.coerce}
)
"""Operations that may look through long lists, and pay for it."""


def truth(value: Value) -> bool | None:
    """Give the condition of a `some` or `every`.

    Raises:
        Failure: It is neither true, false nor null.
    """
    if value is None or isinstance(value, bool):
        return value
    raise Failure(
        "eval.type",
        message("true or false is wanted here, not a `{given}`", given=operators.kind_of(value)),
    )


def _out_of_range() -> Failure:
    return Failure(
        "eval.date-range",
        message("the result is outside the years 1 to 9999, or finer than a microsecond"),
    )
