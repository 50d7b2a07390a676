"""The walk over the tree that finds the type of every node."""

from collections.abc import Mapping, Sequence

from policyeval.diagnostics import did_you_mean
from policyeval.feel import slips, syntax, temporal, types
from policyeval.feel.builtins import BUILTINS
from policyeval.feel.checker import advice
from policyeval.feel.checker.advice import Side
from policyeval.feel.checker.calls import Calls, builtin_type
from policyeval.feel.checker.problems import (
    BROKEN,
    differ,
    no_order,
    no_steps,
)
from policyeval.feel.checker.relations import (
    ARITHMETIC,
    RANGE_MEMBERS,
    comparable,
    element_type,
    may_contain,
    range_element,
    type_of,
)
from policyeval.feel.failure import Failure
from policyeval.feel.narrowing import Environment, unless_false, unless_true, when_true
from policyeval.feel.types import Type, type_text
from policyeval.messages import Message, message
from policyeval.source import Span


class Checker(Calls):
    """One check of one expression."""

    def visit(self, node: syntax.Expression, environment: Environment) -> Type:
        """Find the type of a node and of all below it."""
        before = len(self.problems)
        type_ = environment.refine(node, self._visit(node, environment))
        if len(self.problems) > before:
            self._broken.add(id(node))
        self.types[id(node)] = type_
        return type_

    def _visit(self, node: syntax.Expression, env: Environment) -> Type:
        match node:
            case syntax.NullLiteral():
                return types.NULL
            case syntax.BooleanLiteral():
                return types.BOOLEAN
            case syntax.NumberLiteral():
                return types.NUMBER
            case syntax.StringLiteral():
                return types.STRING
            case syntax.TemporalLiteral(text):
                return self._temporal(node, text)
            case syntax.ListLiteral(items):
                return types.ListOf(types.join_all([self.visit(each, env) for each in items]))
            case syntax.ContextLiteral(entries):
                return self._context(entries, env)
            case syntax.RangeLiteral(start, end):
                return self._range(start, end, env)
            case syntax.ComparisonRange(_, operand):
                base = self.known(operand, self.visit(operand, env))
                return types.RangeOf(base if base is not None else types.ANY)
            case syntax.FunctionLiteral():
                return self.function_type(node, env, types.ANY)
            case syntax.Name(name):
                return self._name(node, name, env)
            case syntax.Path(source, name):
                return self._path(node, self.visit(source, env), name)
            case syntax.Filter(source, condition):
                return self._filter(source, condition, env)
            case syntax.Call(function, arguments):
                return self.call(node, function, arguments, env)
            case syntax.Negation(operand):
                return self._negation(operand, env)
            case syntax.Arithmetic():
                return self._arithmetic(node, env)
            case syntax.Comparison():
                return self._comparison(node, env)
            case syntax.Between(value, low, high):
                return self._between((value, low, high), env)
            case syntax.In(value, tests):
                type_ = self.visit(value, env)
                self.known(value, type_)
                inner = env.define({"?": types.required(type_) if self.strict else type_})
                self.tests(tests, inner.names["?"], inner)
                return self.partial(types.BOOLEAN)
            case syntax.InstanceOf(value, type_syntax):
                self.visit(value, env)
                self._type(type_syntax)
                return types.BOOLEAN
            case syntax.Conjunction(operands):
                return self._logic(operands, env, conjunction=True)
            case syntax.Disjunction(operands):
                return self._logic(operands, env, conjunction=False)
            case syntax.If(condition, consequence, alternative):
                type_ = self.visit(condition, env)
                self.want(condition, type_, types.BOOLEAN)
                return types.join(
                    [
                        self.visit(consequence, env.learn(when_true(condition))),
                        self.visit(alternative, env.learn(unless_true(condition, type_))),
                    ]
                )
            case syntax.For(iterations, body):
                inner = self._iterations(iterations, env)
                if not self.strict:
                    inner = inner.define({"partial": types.ListOf(types.ANY)})
                return self.partial(types.ListOf(self.visit(body, inner)))
            case syntax.Quantified(_, iterations, condition):
                inner = self._iterations(iterations, env)
                type_ = self.visit(condition, inner)
                self.want(condition, type_, types.BOOLEAN, null=True)
                return (
                    self.partial(type_) if type_ == types.BOOLEAN else types.optional(types.BOOLEAN)
                )

    # ------------------------------------------------------------ literals

    def _temporal(self, node: syntax.TemporalLiteral, text: str) -> Type:
        try:
            return type_of(temporal.parse_temporal(text))
        except Failure as failure:
            help_ = advice.literal_help(text, None)
            return self.problem("feel.literal", node.span, failure.message, help_)

    def _context(self, entries: Sequence[syntax.ContextEntry], env: Environment) -> Type:
        known: dict[str, Type] = {}
        for entry in entries:
            self.entries.append((entries, entry.key))
            if entry.key in known:
                self.problem(
                    "feel.duplicate-name",
                    entry.key_span,
                    message("the entry `{name}` is given twice", name=entry.key),
                )
            known[entry.key] = self.visit(entry.value, env)
            self.entries.pop()
            env = env.define({entry.key: known[entry.key]})
        return types.ContextOf(known)

    def _range(self, start: syntax.Expression, end: syntax.Expression, env: Environment) -> Type:
        found: list[tuple[syntax.Expression, Type]] = []
        for each in (start, end):
            type_ = self.visit(each, env)
            if isinstance(each, syntax.NullLiteral):
                continue
            base = self.known(each, type_)
            if base is None:
                return types.RangeOf(types.ANY)
            if base not in types.ORDERED:
                return self.problem("feel.type", each.span, no_order(base))
            found.append((each, base))
        if len(found) == 2 and found[0][1] != found[1][1]:
            return self.problem("feel.type", end.span, differ(found[0][1], found[1][1]))
        return types.RangeOf(found[0][1] if found else types.ANY)

    def _type(self, node: syntax.TypeSyntax) -> Type:
        try:
            return types.from_syntax(node)
        except types.UnknownTypeError as error:
            self.problem(
                "feel.unknown-type",
                error.node.span,
                message("unknown type `{name}`", name=error.node.name),
                did_you_mean(error.node.name, types.SIMPLE_TYPES),
            )
            return BROKEN

    def function_type(self, node: syntax.FunctionLiteral, env: Environment, hint: Type) -> Type:
        """Check a function's body; `hint` is the type of parameters that declare none."""
        known: dict[str, Type] = {}
        for parameter in node.parameters:
            if parameter.name in known:
                self.problem(
                    "feel.duplicate-name",
                    parameter.span,
                    message("the parameter `{name}` is given twice", name=parameter.name),
                )
            declared = hint if parameter.type is None else self._type(parameter.type)
            known[parameter.name] = declared if self.strict else types.loosened(declared)
        if node.external:
            self.problem(
                "feel.not-in-profile",
                node.span,
                message("external functions are not run"),
                strict_only=True,
            )
            return types.FunctionOf(tuple(known.values()), types.ANY)
        return types.FunctionOf(tuple(known.values()), self.visit(node.body, env.define(known)))

    # ------------------------------------------------------------ names

    def _name(self, node: syntax.Name, name: str, env: Environment) -> Type:
        if name in env.names:
            return env.names[name]
        if name in BUILTINS:
            return builtin_type(BUILTINS[name])
        if env.dynamic:
            return types.ANY
        if name == "partial":
            return self.problem(
                "feel.not-in-profile",
                node.span,
                message("`partial` has no known type; the strict profile leaves it out")
                if self.strict
                else message("`partial` has a meaning only inside `for`"),
            )
        known = [*env.names, *BUILTINS, "null", "true", "false"]
        sure = advice.unknown_name_help(name)
        if self.meant is not None and name.casefold() not in slips.VALUES:
            sure = None  # what stands beside it tells better
        return self.undefined(node, name, known, meant=self.meant, sure=sure)

    def _path(self, node: syntax.Path, given: Type, name: str) -> Type:
        if isinstance(types.required(given), types.AnyType) and not self.strict:
            return types.ANY
        base = self.known(node.source, given)
        match base:
            case None:
                return BROKEN if self.strict else types.ANY
            case types.ContextOf(entries):
                return self._entry(node, entries, name)
            case types.ListOf(item) if isinstance(item, types.ContextOf):
                return types.ListOf(self._entry(node, item.entries, name))
            case types.ListOf() if not self.strict:
                return types.ANY
            case types.RangeOf(item) if name in RANGE_MEMBERS:
                return types.optional(item) if name in ("start", "end") else types.BOOLEAN
            case _:
                members = temporal.MEMBERS.get(base, {})
                if name in members:
                    return self.partial(members[name])
        return self._no_member(
            node,
            name,
            [*members, *(RANGE_MEMBERS if isinstance(base, types.RangeOf) else ())],
            base,
        )

    def _entry(self, node: syntax.Path, entries: Mapping[str, Type], name: str) -> Type:
        if name in entries:
            return entries[name]
        if not self.strict:
            return types.ANY  # a context may have more entries than its type tells
        return self._no_member(node, name, list(entries), types.ContextOf(entries))

    def _no_member(self, node: syntax.Path, name: str, known: Sequence[str], base: Type) -> Type:
        return self.problem(
            "feel.unknown-member",
            node.name_span,
            message("a `{type}` has no entry `{name}`", type=type_text(base), name=name),
            did_you_mean(name, known) or _members_named(known),
        )

    def _filter(
        self, source: syntax.Expression, condition: syntax.Expression, env: Environment
    ) -> Type:
        given = self.visit(source, env)
        base = self.known(source, given) if self.strict else types.required(given)
        # Lenient: an empty list is asked with null whether it is filtered by a position.
        item = element_type(given) if self.strict else types.optional(element_type(given))
        added: dict[str, Type] = {"item": item}
        inner_item = types.required(item)
        if isinstance(inner_item, types.ContextOf):
            added.update(inner_item.entries)
        unknown = isinstance(inner_item, types.AnyType | types.ContextOf) and not self.strict
        inner = env.define(added, dynamic=unknown)
        type_ = self.visit(condition, inner)
        if self.strict and base is not None and not isinstance(base, types.ListOf):
            return (self.want(source, base, types.ListOf(types.ANY)) and BROKEN) or BROKEN
        match types.required(type_):
            case types.SimpleType("number"):
                self.known(condition, type_)
                return types.optional(item)
            case types.SimpleType("boolean"):
                self.known(condition, type_)
                kept = when_true(condition).get(("item",), item)
                return types.ListOf(types.required(item) if kept is None else kept)
            case types.AnyType():
                self.known(condition, type_)
                return BROKEN if self.strict else types.ANY
            case other:
                self.problem(
                    "feel.type",
                    condition.span,
                    message(
                        "a list is filtered by a condition or by a position, not by a `{given}`",
                        given=type_text(other),
                    ),
                )
                return BROKEN

    # ------------------------------------------------------------ operators

    def _negation(self, operand: syntax.Expression, env: Environment) -> Type:
        given = self.visit(operand, env)
        base = self.known(operand, given)
        if base is None:
            return BROKEN if self.strict else types.ANY
        if base in (types.NUMBER, types.DAYS_AND_TIME_DURATION, types.YEARS_AND_MONTHS_DURATION):
            return (
                self.partial(base)
                if base != types.NUMBER
                else types.optional(base)
                if types.may_be_null(given)
                else base
            )
        return self.problem(
            "feel.type",
            operand.span,
            message("a `{given}` cannot be negated", given=type_text(base)),
        )

    def _arithmetic(self, node: syntax.Arithmetic, env: Environment) -> Type:
        left = self.known(node.left, self.visit(node.left, env))
        right = self.known(node.right, self.visit(node.right, env))
        if left is None or right is None:
            return BROKEN if self.strict else types.ANY
        result = ARITHMETIC.get((node.operator, left, right))
        if result is not None:
            if result == types.DATE:
                self._hours_beside_date(node)
            return self.partial(result)
        return self.problem(
            "feel.type",
            node.operator_span,
            message(
                "`{operator}` has no meaning between a `{left}` and a `{right}`",
                operator=node.operator,
                left=type_text(left),
                right=type_text(right),
            ),
            advice.arithmetic_help(node.operator, (node.left, left), (node.right, right)),
        )

    def _hours_beside_date(self, node: syntax.Arithmetic) -> None:
        """Notice `PT6M` where six months are meant: hours and minutes do not move a date."""
        for operand in (node.left, node.right):
            text = advice.minutes_meant_as_months(operand)
            if text is not None:
                self.remark(
                    "feel.no-effect",
                    operand.span,
                    message("`{text}` is less than a day; it does not move a date", text=text),
                    message("`P6M` is six months, `P6D` six days, `PT6M` six minutes"),
                )

    def _comparison(self, node: syntax.Comparison, env: Environment) -> Type:
        left = self.visit(node.left, env)
        right = self.visit_beside(left, node.right, env)
        if node.operator in ("=", "!="):
            return self._equality(node, left, right)
        low = self.known(node.left, left)
        high = self.known(node.right, right)
        if low is not None and high is not None:
            self._ordered(node.operator_span, (node.left, low), (node.right, high))
        return self.partial(types.BOOLEAN)

    def _equality(self, node: syntax.Comparison, left: Type, right: Type) -> Type:
        if isinstance(left, types.NullType) or isinstance(right, types.NullType):
            return types.BOOLEAN
        known_left = self.known(node.left, left, null=True)
        known_right = self.known(node.right, right, null=True)
        if known_left is None or known_right is None:
            return self.partial(types.BOOLEAN)
        if comparable(known_left, known_right):
            return types.BOOLEAN
        help_ = advice.comparison_help(
            self.source, (node.left, known_left), (node.right, known_right)
        )
        self.problem("feel.type", node.operator_span, differ(known_left, known_right), help_)
        return self.partial(types.BOOLEAN)

    def _ordered(self, span: Span, left: Side, right: Side) -> bool:
        if left[1] != right[1]:
            help_ = advice.comparison_help(self.source, left, right)
            self.problem("feel.type", span, differ(left[1], right[1]), help_)
        elif left[1] not in types.ORDERED:
            self.problem("feel.type", span, no_order(left[1]))
        else:
            return True
        return False

    def _between(self, parts: Sequence[syntax.Expression], env: Environment) -> Type:
        found = [self.known(each, self.visit(each, env)) for each in parts]
        value, low, high = found
        if value is not None:
            for bound, each in zip((low, high), parts[1:], strict=True):
                if bound is None:
                    continue
                if not self._ordered(each.span, (parts[0], value), (each, bound)):
                    break
        return self.partial(types.BOOLEAN)

    def _logic(
        self, operands: Sequence[syntax.Expression], env: Environment, *, conjunction: bool
    ) -> Type:
        result: Type = types.BOOLEAN
        for index, operand in enumerate(operands):
            type_ = self.visit(operand, env)
            help_ = None
            before = operands[index - 1] if index else None
            if isinstance(before, syntax.Comparison):
                compared = types.required(self.types[id(before.left)])
                if compared == types.required(type_) != types.BOOLEAN:
                    help_ = advice.say_again(self.source, before, operand)
            fits = self.want(operand, type_, types.BOOLEAN, null=True, help_=help_)
            if not fits or type_ != types.BOOLEAN:
                result = types.optional(types.BOOLEAN)
            learn = unless_false if conjunction else unless_true
            env = env.learn(learn(operand, type_))
        return result

    def _iterations(self, iterations: Sequence[syntax.Iteration], env: Environment) -> Environment:
        for iteration in iterations:
            source = self.visit(iteration.source, env)
            if iteration.end is not None:
                end = self.visit(iteration.end, env)
                first = self.known(iteration.source, source)
                last = self.known(iteration.end, end)
                item: Type = types.ANY
                if first is not None and last is not None:
                    item = first
                    if first not in (types.NUMBER, types.DATE):
                        item = self.problem("feel.type", iteration.source.span, no_steps(first))
                    elif first != last:
                        item = self.problem("feel.type", iteration.end.span, differ(first, last))
            else:
                base = self.known(iteration.source, source)
                item = range_element(base) if base is not None else types.ANY
                if self.strict and base is not None and not isinstance(base, types.ListOf):
                    steps = isinstance(base, types.RangeOf) and base.item in (
                        types.NUMBER,
                        types.DATE,
                    )
                    if not steps:
                        item = self.problem("feel.type", iteration.source.span, no_steps(base))
                elif base is None and self.strict:
                    item = BROKEN
            env = env.define({iteration.name: item})
        return env

    # ------------------------------------------------------------ tests

    def tests(self, tests: Sequence[syntax.Test], input_type: Type, env: Environment) -> None:
        """Check unary tests of a value of a type."""
        for test in tests:
            before = len(self.problems)
            match test:
                case syntax.ComparisonTest(operator, operand):
                    given = self.visit_beside(input_type, operand, env)
                    if operator in ("=", "!="):
                        self._test_equality(operand, given, input_type)
                    else:
                        base = self.known(operand, given)
                        value = types.required(input_type)
                        if base is not None and not isinstance(value, types.AnyType):
                            self._ordered(operand.span, (_INPUT, value), (operand, base))
                case syntax.ExpressionTest(expression):
                    given = self.visit_beside(input_type, expression, env)
                    self._expression_test(expression, given, input_type)
            if len(self.problems) > before:
                self._broken.add(id(test))

    def _test_equality(self, node: syntax.Expression, given: Type, input_type: Type) -> None:
        if isinstance(given, types.NullType):
            return
        base = self.known(node, given, null=True)
        value = types.required(input_type)
        if (
            base is not None
            and not isinstance(value, types.AnyType)
            and not comparable(base, value)
        ):
            help_ = advice.comparison_help(self.source, (_INPUT, value), (node, base))
            self.problem("feel.type", node.span, differ(value, base), help_)

    def _expression_test(self, node: syntax.Expression, given: Type, input_type: Type) -> None:
        if isinstance(given, types.NullType):
            return
        base = self.known(node, given, null=True)
        value = types.required(input_type)
        if base is None or isinstance(value, types.AnyType):
            return
        if mentions_input(node):
            self.want(node, base, types.BOOLEAN)
        elif not may_contain(base, value):
            self.problem(
                "feel.type",
                node.span,
                message(
                    "a `{value}` is neither equal to a `{test}` nor inside one",
                    value=type_text(value),
                    test=type_text(base),
                ),
                self._test_help(node, value),
            )

    def _test_help(self, node: syntax.Expression, value: Type) -> Message | None:
        """Give help for a test, or for the first end or item of it that has none of the type."""
        parts: Sequence[syntax.Expression] = (node,)
        match node:
            case syntax.RangeLiteral(start, end):
                parts = (start, end)
            case syntax.ListLiteral(items):
                parts = items
            case _:
                pass
        found = (
            advice.comparison_help(
                self.source, (_INPUT, value), (each, types.required(self.types[id(each)]))
            )
            for each in parts
        )
        return next(filter(None, found), None)


_INPUT = syntax.Name("?", span=Span(0, 0))
"""Stands for the value under test, which has no place in the text."""


def _members_named(known: Sequence[str]) -> Message | None:
    """Name the entries that there are, if they are few."""
    if not 0 < len(known) <= 8:
        return None
    return message("there is: {names}", names=", ".join(f"`{each}`" for each in known))


def mentions_input(node: syntax.Node) -> bool:
    """Tell whether a test uses `?` itself."""
    return any(isinstance(each, syntax.Name) and each.name == "?" for each in syntax.walk(node))
