"""From text to a Python function: parse, check, lower, and make a code object.

A strict expression becomes a function of its variables, lowered with static types; where Python's
own operators give up, it starts over in the generic lowering, which is compiled when it is first
needed. A lenient expression is lowered generically from the start. Either way positions in the
code are those of the text: a traceback shows the FEEL line.
"""

import ast
import itertools
import linecache
import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import CodeType, FunctionType
from typing import TYPE_CHECKING

from policyeval.diagnostics import Diagnostic
from policyeval.errors import EvaluationError, ExpressionError
from policyeval.feel import operators, syntax, types
from policyeval.feel.checker import Checked, Mode, check
from policyeval.feel.checker.problems import too_deep
from policyeval.feel.conversion import from_python
from policyeval.feel.execution import Execution
from policyeval.feel.failure import BudgetExceededError, Failure
from policyeval.feel.inputs import as_declared
from policyeval.feel.limits import DEFAULT_LIMITS, Limits
from policyeval.feel.lowering import Lowering, Names, TypedLowering
from policyeval.feel.lowering.emit import Variable, assign, call, load
from policyeval.feel.runtime import DEFAULT_BUDGET, Budget
from policyeval.feel.types import Type
from policyeval.feel.values import Value
from policyeval.messages import message
from policyeval.source import Source, Span

if TYPE_CHECKING:
    from policyeval.feel.scope import Scope

LANGUAGE = "FEEL of DMN 1.5, profile 1"
"""The language version; a change that can alter a result changes it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run gave.

    Attributes:
        value: The value.
        warnings: What gave null because it had no result, and where (lenient mode only).
        steps: The steps spent, where they were counted.
    """

    value: Value
    warnings: tuple[Diagnostic, ...] = ()
    steps: int = 0


@dataclass(frozen=True, eq=False)
class Compiled:
    """An expression, ready to run; immutable and safe to share between threads.

    Attributes:
        source: Its text.
        tree: What the text says.
        checked: Types and problems found (lenient: warnings).
        mode: `lenient` or `strict`.
        parameters: The variables it uses and their types, in the order of the scope.
        budget: What each run may use.
    """

    source: Source
    tree: syntax.Expression | syntax.UnaryTests
    checked: Checked
    mode: Mode
    parameters: Mapping[str, Type]
    budget: Budget = DEFAULT_BUDGET
    hidden: frozenset[str] = frozenset()

    def __reduce__(self) -> tuple[Callable[..., "Compiled"], tuple[object, ...]]:
        rest = (self.budget, self.hidden)
        return _restored, (self.source, self.tree, self.mode, dict(self.parameters), rest)

    def run(self, context: Mapping[str, object], *, spent: int | None = None) -> Outcome:
        """Evaluate with variables from a context of plain Python values; others are ignored.

        A variable that is missing is null.

        Args:
            context: Name to value.
            spent: Steps of the budget that other parts of the same evaluation have used (other
                cells of a decision table, say); the outcome then has the steps of all.

        Raises:
            policyeval.errors.EvaluationError: Strict mode only: a value does not fit its type, or
                an operation has no result for the values given.
        """
        from policyeval.feel.scope import wanted

        wanted("context", context, Mapping)
        values, problems = self._inputs(context)
        if self.mode == "strict":
            if problems:
                raise EvaluationError(problems)
            if spent is None:
                return Outcome(self.function(*values))
        run = self._begin()
        run.steps = spent or 0
        for each in problems:
            run.note(each.code, each.message, each.span)
        try:
            value = self._generic_function(run, *values)
        except (BudgetExceededError, RecursionError) as stop:
            diagnostic = self._stopped(stop)
            if self.mode == "strict":
                raise EvaluationError([diagnostic]) from None
            return Outcome(None, (*self._warnings(run), diagnostic), run.steps)
        return Outcome(value, self._warnings(run), run.steps)

    def evaluate(self, context: Mapping[str, object]) -> Value:
        """Give the value alone; see `run`."""
        return self.run(context).value

    @cached_property
    def function(self) -> Callable[..., Value]:
        """A function of the variables, in the order of `parameters`, without conversion or checks.

        Its arguments are FEEL values (see `policyeval.feel.values`) of the declared types. In strict
        mode it raises `EvaluationError`; in lenient mode warnings are dropped.
        """
        if self.mode == "strict":
            return self._typed_function()
        return lambda *values: self._generic_function(self._begin(), *values)

    def prepare(self) -> None:
        """Make the code now, so that the first run is as quick as the others."""
        _ = self.function if self.mode == "strict" else self._generic

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Warnings about the text: problems in lenient mode, and characters that may deceive."""
        from policyeval.feel.parser import text_warnings

        return (*text_warnings(self.source), *self.checked.diagnostics)

    # ------------------------------------------------------------ running

    def _begin(self) -> Execution:
        return Execution(
            budget=self.budget,
            source=self.source,
            sites=self._generic[1],
            strict=self.mode == "strict",
        )

    def _warnings(self, run: Execution) -> tuple[Diagnostic, ...]:
        return tuple(
            Diagnostic(each.code, each.message, each.span, self.source, severity="warning")
            for each in run.warnings
        )

    def _stopped(self, stop: BudgetExceededError | RecursionError) -> Diagnostic:
        if isinstance(stop, BudgetExceededError):
            span = stop.span or self._whole
            return Diagnostic(stop.code, stop.message, span, self.source)
        text = message("values or calls are nested too deeply")
        return Diagnostic("eval.too-deep", text, self._whole, self.source)

    @property
    def _whole(self) -> Span:
        return Span(0, len(self.source.text))

    def _inputs(self, context: Mapping[str, object]) -> tuple[list[Value], list[Diagnostic]]:
        """Take the variables out of a context, as values of their types; null where they are not."""
        values: list[Value] = []
        problems: list[Diagnostic] = []
        for name, type_ in self.parameters.items():
            try:
                values.append(self._input(name, type_, context))
            except Failure as failure:
                span = self._first_use(name)
                problems.append(Diagnostic(failure.code, failure.message, span, self.source))
                values.append(None)
        return values, problems

    def _input(self, name: str, type_: Type, context: Mapping[str, object]) -> Value:
        value = from_python(context[name], name) if name in context else None
        if self.mode == "strict":
            return as_declared(name, value, type_)
        return None if value is None else operators.coerce(value, types.required(type_))

    def _first_use(self, name: str) -> Span:
        uses = (
            n.span for n in syntax.walk(self.tree) if isinstance(n, syntax.Name) and n.name == name
        )
        return next(uses, self._whole)

    # ------------------------------------------------------------ compiling

    def _typed_function(self) -> Callable[..., Value]:
        lowering = TypedLowering(self.checked, self.source, strict=True)
        sites: list[tuple[Span, ...]] = []

        def begin() -> Execution:
            return Execution(self.budget, source=self.source, sites=sites[0], strict=True)

        function = self._assemble(lowering, begin)
        sites.append(tuple(lowering.sites))
        return function

    def generic(self, *values: Value) -> Value:
        """Run the generic lowering: where the typed one cannot go on, it starts over here.

        Raises:
            policyeval.errors.EvaluationError: As `function`.
        """
        run = self._begin()
        try:
            return self._generic_function(run, *values)
        except (BudgetExceededError, RecursionError) as stop:
            raise EvaluationError([self._stopped(stop)]) from None

    @property
    def _generic_function(self) -> Callable[..., Value]:
        return self._generic[0]

    @cached_property
    def _generic(self) -> tuple[Callable[..., Value], tuple[Span, ...]]:
        if self.mode == "strict":
            lowering = Lowering(self.checked, self.source)
        else:
            lowering = TypedLowering(self.checked, self.source, strict=False)
        function = self._assemble(lowering, None)
        return function, tuple(lowering.sites)

    def _assemble(
        self, lowering: Lowering, begin: Callable[[], Execution] | None
    ) -> Callable[..., Value]:
        """Lower the tree and make a function of it.

        With `begin`, the function takes the variables alone, makes its own `Execution` if it needs
        one, and starts over when an operation gives up; without, it takes the `Execution` first.
        """
        lowering.hidden = self.hidden
        root = lowering.root
        variables = {name: Variable(lowering.fresh("v"), root) for name in self.parameters}
        names = Names(variables)
        if isinstance(self.tree, syntax.UnaryTests):
            value = lowering.unary_tests(self.tree, names)
        else:
            value = lowering.lower(self.tree, names)
        root.block.append(ast.Return(value))
        parameters = [each.name for each in variables.values()]
        if begin is None:
            parameters.insert(0, lowering.runtime.name)
        else:
            again = call(lowering.pool.name(self.generic), *map(load, parameters))
            handler = ast.ExceptHandler(lowering.pool.name(GIVING_UP), None, [ast.Return(again)])
            root.block = [ast.Try(root.block, [handler], [], [])]
            if lowering.uses_runtime:
                start = assign(lowering.runtime.name, call(lowering.pool.name(begin)))
                root.block.insert(0, start)
        return self._function_of(root.function("expression", parameters), lowering.pool.values)

    def _function_of(
        self, definition: ast.FunctionDef, constants: dict[str, object]
    ) -> Callable[..., Value]:
        return make_function(definition, constants, self._file_name)

    @cached_property
    def _file_name(self) -> str:
        """The name that tracebacks show; for a text without one, its lines are kept for them."""
        if self.source.name is not None:
            return self.source.name
        name = f"<expression {next(_serial)}>"
        lines = [line + "\n" for line in self.source.text.split("\n")]
        linecache.cache[name] = (len(self.source.text), None, lines, name)
        weakref.finalize(self, linecache.cache.pop, name, None)
        return name


_serial = itertools.count(1)

GIVING_UP = (
    ArithmeticError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
    Failure,
    RecursionError,
)
"""What typed code raises where only the generic operators know what to do."""


def make_function(
    definition: ast.FunctionDef, constants: Mapping[str, object], file_name: str
) -> Callable[..., Value]:
    """Make a function of Python's syntax, lowered from trees.

    Args:
        definition: The function; it has no decorators and no defaults.
        constants: Its globals.
        file_name: The name that tracebacks show.
    """
    module = ast.Module([definition], [])
    definition.lineno = definition.end_lineno = 1
    definition.col_offset = definition.end_col_offset = 0
    ast.fix_missing_locations(module)
    code = compile(module, file_name, "exec", dont_inherit=True)
    body = next(each for each in code.co_consts if isinstance(each, CodeType))
    # INVARIANT: the code sees its own constants and nothing else, not even Python's built-ins.
    return FunctionType(body, {**constants, "__builtins__": {}})


def compile_expression(
    source: str | Source,
    scope: "Scope | None" = None,
    *,
    mode: Mode = "lenient",
    limits: Limits = DEFAULT_LIMITS,
    budget: Budget = DEFAULT_BUDGET,
) -> Compiled:
    """Compile an expression.

    Args:
        source: Its text; a `Source` has a name that problems are reported with.
        scope: The variables it may use.
        mode: `lenient`: FEEL's own rules, an operation without a result gives null and a warning.
            `strict`: every type is known and null is asked for before use; what passes cannot fail
            for its types.
        limits: How large the text may be.
        budget: How much one run may do.

    Raises:
        policyeval.errors.ExpressionError: The text is no expression, or (strict) has problems.
        TypeError, ValueError: An argument is of another kind than it should be, or no such mode.
    """
    from policyeval.feel.parser import parse

    given, scope = _arguments(source, scope, limits, budget)
    tree = parse(given, scope.types.keys(), scope.members, limits)
    return _compile(given, tree, scope.types, mode, budget)


def compile_unary_tests(
    source: str | Source,
    scope: "Scope | None" = None,
    *,
    input_type: Type | str = types.ANY,
    mode: Mode = "lenient",
    limits: Limits = DEFAULT_LIMITS,
    budget: Budget = DEFAULT_BUDGET,
) -> Compiled:
    """Compile unary tests, such as the cell of a decision table; the value under test is `?`.

    Args and errors are those of `compile_expression`; `input_type` is the type of `?`, also as
    FEEL text.
    """
    from policyeval.feel.parser import parse_unary_tests
    from policyeval.feel.scope import read_type

    given, scope = _arguments(source, scope, limits, budget)
    input_type = read_type(input_type)
    tree = parse_unary_tests(given, scope.types.keys(), scope.members, limits)
    variables = {**scope.types}
    variables.setdefault("?", input_type)
    return _compile(given, tree, variables, mode, budget)


def compile_tree(
    source: Source,
    tree: syntax.Expression | syntax.UnaryTests,
    variables: Mapping[str, Type],
    *,
    budget: Budget = DEFAULT_BUDGET,
) -> Compiled:
    """Compile a tree strictly that was parsed before, and perhaps rewritten.

    Args:
        source: The text that it was read from, for the problems; spans of nodes are about it.
        tree: What to compile; the names in it need not be names that a text could have.
        variables: The names that it may use, with their types; `?` for unary tests.
        budget: How much one run may do.

    Raises:
        policyeval.errors.ExpressionError: It has problems.
    """
    return _compile(source, tree, variables, "strict", budget)


def _arguments(
    source: str | Source, scope: "Scope | None", limits: Limits, budget: Budget
) -> "tuple[Source, Scope]":
    """Check what a caller has given, so that a slip is told where it was made."""
    from policyeval.feel.scope import Scope, wanted

    wanted("source", source, str, Source)
    wanted("scope", scope, Scope, type(None))
    wanted("limits", limits, Limits)
    wanted("budget", budget, Budget)
    return source if isinstance(source, Source) else Source(source), scope or Scope()


def _compile(
    source: Source,
    tree: syntax.Expression | syntax.UnaryTests,
    declared: Mapping[str, Type],
    mode: Mode,
    budget: Budget,
) -> Compiled:
    variables = declared
    if mode == "lenient":
        variables = {name: types.loosened(type_) for name, type_ in declared.items()}
    checked = check(tree, variables, source, mode)
    if mode == "strict":
        errors = [each for each in checked.diagnostics if each.severity == "error"]
        if errors:
            raise ExpressionError(errors)
    used = {each.name for each in syntax.walk(tree) if isinstance(each, syntax.Name)}
    if isinstance(tree, syntax.UnaryTests):
        used.add("?")
    parameters = {name: type_ for name, type_ in variables.items() if name in used}
    compiled = Compiled(
        source, tree, checked, mode, parameters, budget, frozenset(variables) | _introduced(tree)
    )
    try:
        compiled.prepare()
    except RecursionError:  # the caller's limits let more through than Python has room for
        raise ExpressionError([too_deep(tree.span, source)]) from None
    return compiled


def _restored(
    source: Source,
    tree: syntax.Expression | syntax.UnaryTests,
    mode: Mode,
    parameters: Mapping[str, Type],
    rest: tuple[Budget, frozenset[str]],
) -> Compiled:
    """Make a compiled expression again, in another process or as a copy: code is never taken."""
    budget, hidden = rest
    checked = check(tree, {**dict.fromkeys(hidden, types.ANY), **parameters}, source, mode)
    compiled = Compiled(source, tree, checked, mode, parameters, budget, hidden)
    compiled.prepare()
    return compiled


def _introduced(tree: syntax.Node) -> frozenset[str]:
    """Give the names that an expression defines itself."""
    found: set[str] = set()
    for node in syntax.walk(tree):
        match node:
            case syntax.ContextEntry(name) | syntax.Parameter(name) | syntax.Iteration(name):
                found.add(name)
            case _:
                pass
    return frozenset(found)
