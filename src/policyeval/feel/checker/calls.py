"""Calls: which signature of a built-in is meant, and whether the arguments fit it."""

from abc import abstractmethod
from collections.abc import Sequence

from policyeval.feel import syntax, types
from policyeval.feel.builtins import BUILTINS
from policyeval.feel.builtins.declaration import Builtin
from policyeval.feel.checker import advice
from policyeval.feel.checker.problems import BROKEN, Problems
from policyeval.feel.checker.relations import function_fits, may_conform, type_of
from policyeval.feel.failure import Failure
from policyeval.feel.invocation import Bound, bindings, select, wanted_types, wrong_shape
from policyeval.feel.narrowing import Environment
from policyeval.feel.types import Type, type_text
from policyeval.messages import Message, message

LITERAL_FUNCTIONS = frozenset({"date", "time", "date and time", "duration"})
"""Functions that read a value from a text; with a literal text the result is known at once."""

_PATTERNS = {"matches": "pattern", "replace": "pattern", "split": "delimiter"}

Typed = Bound[tuple[syntax.Argument, Type]]


class Calls(Problems):
    """The part of the walk that checks calls."""

    @abstractmethod
    def visit(self, node: syntax.Expression, environment: Environment) -> Type:
        """Give the type of a node."""

    meant: Message | None = None
    """What an unknown name that comes next was probably meant to be."""

    def visit_beside(self, other: Type, node: syntax.Expression, environment: Environment) -> Type:
        """Give the type of a node that is compared with a value of another type."""
        if isinstance(node, syntax.Name):
            self.meant = _literal_meant(node.name, types.required(other))
        found = self.visit(node, environment)
        self.meant = None
        return found

    @abstractmethod
    def function_type(
        self, node: syntax.FunctionLiteral, environment: Environment, hint: Type
    ) -> Type:
        """Check a function's body; `hint` is the type of parameters that declare none."""

    def call(
        self,
        node: syntax.Call,
        function: syntax.Expression,
        arguments: Sequence[syntax.Argument],
        env: Environment,
    ) -> Type:
        """Give the type of a call's result."""
        if isinstance(function, syntax.Name) and function.name not in env.names:
            name = function.name
            if name in BUILTINS:
                self.types[id(function)] = builtin_type(BUILTINS[name])
                return self._builtin_call(node, BUILTINS[name], arguments, env)
            if not env.dynamic:
                found = [self.visit(argument.value, env) for argument in arguments]
                first = found[0] if found else None
                sure = advice.unknown_function_help(self.source, node, name, first)
                known = [*BUILTINS, *env.names]
                several = [each for each in BUILTINS if name in each.split()]
                meant = None
                if len(several) == 1:
                    meant = message("did you mean `{name}`?", name=several[0])
                return self.undefined(function, name, known, function=True, meant=meant, sure=sure)
        called = self.visit(function, env)
        given = [self.visit(each.value, env) for each in arguments]
        base = self.known(function, called)
        if base is None:
            return BROKEN if self.strict else types.ANY
        if not isinstance(base, types.FunctionOf):
            return self.problem(
                "feel.type",
                function.span,
                message("a `{given}` cannot be called", given=type_text(base)),
            )
        if len(arguments) != len(base.parameters):
            return self.problem(
                "feel.arguments",
                node.span,
                message(
                    "the function takes {wanted} arguments, not {given}",
                    wanted=len(base.parameters),
                    given=len(arguments),
                ),
            )
        if any(each.name is not None for each in arguments):
            if self.strict:
                self.problem(
                    "feel.not-in-profile",
                    node.span,
                    message(
                        "arguments of a function defined here are given in order, without names"
                    ),
                )
            return types.optional(base.result)
        for argument, type_, wanted in zip(arguments, given, base.parameters, strict=True):
            if self.strict and not types.conforms(type_, wanted):
                self.want(argument.value, type_, wanted)
        return self.partial(base.result)

    def _builtin_call(
        self,
        node: syntax.Call,
        builtin: Builtin,
        arguments: Sequence[syntax.Argument],
        env: Environment,
    ) -> Type:
        if not builtin.in_profile:
            self.problem(
                "feel.not-in-profile",
                node.span,
                message(
                    "`{name}` reads the clock, so the answer would change by itself",
                    name=builtin.name,
                ),
                message("use a date that is given, such as `asked_on`"),
                strict_only=True,
            )
        given = self._arguments(arguments, env, builtin)
        names = [each.name for each in arguments if each.name is not None] or None
        pairs = list(zip(arguments, given, strict=True))
        possible = list(bindings(builtin, pairs, names))
        if not possible:
            return self.problem(
                "feel.arguments",
                node.span,
                wrong_shape(builtin, len(arguments), names),
                advice.decimal_comma(self.source, node),
            )
        literal = self._literal_call(builtin, arguments)
        if literal is not None:
            return literal
        if any(self.is_broken(argument.value, type_) for argument, type_ in pairs):
            return BROKEN
        self._pattern(builtin, possible[0])
        fitting = [bound for bound in possible if self._fits(bound)]
        if self.strict:
            if fitting:
                return self._result(fitting[0])
            return self._misfit(node, builtin, possible)
        if not fitting:
            self._misfit(node, builtin, possible)
            return types.ANY
        certain = self._conforms(fitting[0]) or len(fitting) == 1
        if not certain:
            return types.optional(types.join([self._result(bound) for bound in fitting]))
        return types.optional(self._result(fitting[0]))

    def _arguments(
        self, arguments: Sequence[syntax.Argument], env: Environment, builtin: Builtin
    ) -> list[Type]:
        """Visit arguments; a function without declared types takes those of the list beside it."""
        given: list[Type] = [types.ANY] * len(arguments)
        hint: Type = types.ANY
        later: list[int] = []
        for index, argument in enumerate(arguments):
            if isinstance(argument.value, syntax.FunctionLiteral):
                later.append(index)
                continue
            if isinstance(argument.value, syntax.Name) and _takes_text(builtin, argument, index):
                self.meant = _quoted(argument.value.name)
            given[index] = self.visit(argument.value, env)
            self.meant = None
            base = types.required(given[index])
            if isinstance(base, types.ListOf) and isinstance(hint, types.AnyType):
                hint = base.item
        for index in later:
            literal = arguments[index].value
            if isinstance(literal, syntax.FunctionLiteral):
                before = len(self.problems)
                given[index] = self.function_type(literal, env, hint)
                self.types[id(literal)] = given[index]
                if len(self.problems) > before:
                    self._broken.add(id(literal))
        return given

    def _fits(self, bound: Typed) -> bool:
        """Tell whether a signature takes arguments of these types, or may take them (lenient)."""
        return all(
            types.conforms(type_, parameter.type)
            or function_fits(type_, parameter.type)
            or (not self.strict and may_conform(type_, parameter.type))
            for parameter, (_, type_) in bound.arguments
        )

    @staticmethod
    def _conforms(bound: Typed) -> bool:
        return all(types.conforms(t, parameter.type) for parameter, (_, t) in bound.arguments)

    @staticmethod
    def _result(bound: Typed) -> Type:
        returns = bound.signature.returns
        if callable(returns):
            return returns([type_ for _, (_, type_) in bound.arguments])
        return returns

    def _misfit(
        self,
        node: syntax.Call,
        builtin: Builtin,
        possible: Sequence[Typed],
    ) -> Type:
        """Say which argument it is that no signature takes."""
        for index, (parameter, (argument, given)) in enumerate(possible[0].arguments):
            wanted = [b.arguments[index][0].type for b in possible if index < len(b.arguments)]
            if any(types.conforms(given, each) or function_fits(given, each) for each in wanted):
                continue
            base = given
            if not any(types.may_be_null(each) for each in wanted):
                known = self.known(argument.value, given)
                if known is None:
                    return BROKEN
                base = known
            if any(types.conforms(base, each) for each in wanted):
                continue
            return self.problem(
                "feel.type",
                argument.value.span,
                message(
                    "the argument `{parameter}` of `{function}` should be of type `{wanted}`, "
                    "not `{given}`",
                    parameter=parameter.name,
                    function=builtin.name,
                    wanted=wanted_types(possible, index),
                    given=type_text(base),
                ),
                self._argument_help(builtin, argument.value, base),
            )
        return self.problem(
            "feel.type",
            node.span,
            message("the arguments of `{function}` do not fit together", function=builtin.name),
        )

    def _argument_help(
        self, builtin: Builtin, argument: syntax.Expression, given: Type
    ) -> Message | None:
        """Say what an argument of the wrong type was probably meant to be."""
        if builtin.name == "date" and (day := advice.date_written(self.source, argument)):
            return message("write `{text}`", text=f'date("{day}")')
        if builtin.name == "not" and given != types.BOOLEAN:
            return message("put the whole condition into the brackets of `not(…)`")
        if builtin.name == "duration" and given == types.NUMBER:
            return message('write a period as a duration: `duration("P180D")` is 180 days')
        return None

    def _literal_call(self, builtin: Builtin, arguments: Sequence[syntax.Argument]) -> Type | None:
        """Give the type of `date("2024-01-31")` and its kin by reading the text now."""
        if builtin.name not in LITERAL_FUNCTIONS or len(arguments) != 1:
            return None
        argument = arguments[0]
        if not isinstance(argument.value, syntax.StringLiteral):
            return None
        names = None if argument.name is None else [argument.name]
        try:
            signature, converted = select(builtin, [argument.value.value], names)
            return type_of(signature.function(*converted))
        except Failure as failure:
            help_ = advice.literal_help(argument.value.value, builtin.name)
            return self.problem("feel.literal", argument.value.span, failure.message, help_)

    def _pattern(self, builtin: Builtin, bound: Typed) -> None:
        """Read a regular expression now; the strict profile has only those known beforehand."""
        wanted = _PATTERNS.get(builtin.name)
        if wanted is None:
            return
        by_name = {parameter.name: pair[0].value for parameter, pair in bound.arguments}
        pattern, flags = by_name[wanted], by_name.get("flags")
        literal_flags = flags is None or isinstance(flags, syntax.StringLiteral)
        if not isinstance(pattern, syntax.StringLiteral) or not literal_flags:
            self.problem(
                "feel.not-in-profile",
                pattern.span,
                message("a regular expression must be written out here, not computed"),
                strict_only=True,
            )
            return
        from policyeval.feel import regex

        text = flags.value if isinstance(flags, syntax.StringLiteral) else ""
        try:
            regex.check_pattern(pattern.value, text, fallback=not self.strict)
        except Failure as failure:
            self.problem("feel.regex", pattern.span, failure.message)


def builtin_type(builtin: Builtin) -> Type:
    """Give the type of a built-in as a value."""
    signature = builtin.signatures[0]
    returns = types.ANY if callable(signature.returns) else signature.returns
    return types.FunctionOf(tuple(each.type for each in signature.parameters), returns)


def _takes_text(builtin: Builtin, argument: syntax.Argument, index: int) -> bool:
    """Tell whether a built-in takes a text for an argument."""
    return any(
        parameter.type in (types.STRING, types.optional(types.STRING))
        for signature in builtin.signatures
        for place, parameter in enumerate(signature.parameters)
        if (argument.name == parameter.name if argument.name else place == index)
    )


_TRUTH = {
    **dict.fromkeys(("yes", "ja", "sant", "wahr", "True", "TRUE"), "true"),
    **dict.fromkeys(("no", "nej", "nein", "falskt", "falsch", "False", "FALSE"), "false"),
}


def _literal_meant(name: str, other: Type) -> Message | None:
    """Tell what an unknown name beside a value of a type was probably meant to be."""
    if other == types.STRING:
        return _quoted(name)
    if other == types.BOOLEAN and name in _TRUTH:
        return message("write `{text}`", text=_TRUTH[name])
    return None


def _quoted(name: str) -> Message:
    return message('a text is written in quotation marks: `"{text}"`', text=name)
