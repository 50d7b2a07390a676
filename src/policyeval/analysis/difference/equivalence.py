"""Whether two formulas that look different mean the same.

What is told the same gives the same result for all facts, those that are missing included; what is
not may still be the same. A formula is brought into a form that has no trace of how it was written:

- a condition becomes a decision diagram over what it asks for, so that `and` and `or` change places
  and group as they like (where nothing that may fail changes places), `not` moves inwards (De
  Morgan), doubles vanish, and `if … then true else false` is the condition;
- a comparison asks how two values lie to each other: `a < b` is `b > a` and `not(a >= b)`, `x between
  a and b` is `x in [a..b]` is two comparisons, `x in ("a", "b")` is `x = "b" or x = "a"`;
- literals are computed: `duration("P1Y")` is `duration("P12M")`, and never `duration("P365D")`;
- names bound by `some`, `every` and `for` do not matter, nor the order of the operands of `+` and `*`
  between numbers, days and durations;
- a parameter may be replaced by its value (only tried where the formulas differ otherwise).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from policyeval.analysis.difference.diagrams import Diagrams, TooLargeError
from policyeval.analysis.difference.totality import Totality
from policyeval.errors import EvaluationError, ExpressionError
from policyeval.feel import syntax, types
from policyeval.feel.checker import Checked, mentions_input
from policyeval.feel.compiler import compile_expression
from policyeval.feel.scope import Scope
from policyeval.feel.syntax import Expression
from policyeval.feel.types import Type
from policyeval.feel.unparser import names_in, unparse
from policyeval.feel.values import Function, Range, Value
from policyeval.feel.writing import kind_of, value_text

Sameness = Literal["same", "rewritten", "different"]
"""`rewritten` looks different and means the same; `different` is all that cannot be shown the same."""


@dataclass(frozen=True, slots=True)
class Side:
    """A formula with what is known where it stands.

    Attributes:
        tree: The expression, or the tests of a cell.
        checked: The types of its nodes.
        totality: What cannot fail there.
        names: Names that are called otherwise on the other side, and what they are called in both.
        values: Parameters and their values, where they may be put in place of the names.
        input_type: Of a cell, the type of what it tests.
    """

    tree: syntax.Expression | syntax.UnaryTests
    checked: Checked
    totality: Totality
    names: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, "Side"] = field(default_factory=dict)
    input_type: Type = types.ANY


def equivalent(a: Side, b: Side) -> bool:
    """Tell whether two formulas can be shown to mean the same."""
    if _alike(a, b):
        return True
    try:
        return _same_form(a, b, inlined=False) or _same_form(a, b, inlined=True)
    except TooLargeError:
        return False


def sameness(a: Side, b: Side) -> Sameness:
    """Compare two formulas: whether they look the same, or can be shown to mean the same."""
    if _alike(a, b):
        return "same"
    return "rewritten" if equivalent(a, b) else "different"


def _alike(a: Side, b: Side) -> bool:
    renamed = {*a.names, *a.names.values(), *b.names, *b.names.values()}
    if renamed.isdisjoint((*names_in(a.tree), *names_in(b.tree))):
        return a.tree == b.tree
    if any(isinstance(each, _BINDING) for each in syntax.walk(a.tree)):
        return False
    one = [_called(each, a.names) for each in syntax.walk(a.tree)]
    return one == [_called(each, b.names) for each in syntax.walk(b.tree)]


_BINDING = syntax.Iteration | syntax.ContextEntry | syntax.Filter | syntax.FunctionLiteral


def _called(node: syntax.Node, names: Mapping[str, str]) -> object:
    """Give what a node is by itself, without its parts."""
    match node:
        case syntax.Name(name):
            return names.get(name, name)
        case _:
            parts = (str(part) for part in _own(node))
            return type(node), tuple(parts), sum(1 for _ in syntax.children(node))


def _own(node: syntax.Node) -> list[object]:
    match node:
        case syntax.Comparison(operator) | syntax.Arithmetic(operator):
            return [operator]
        case syntax.ComparisonTest(operator) | syntax.ComparisonRange(operator):
            return [operator]
        case syntax.NumberLiteral(value) | syntax.BooleanLiteral(value):
            return [value]
        case syntax.StringLiteral(text) | syntax.TemporalLiteral(text):
            return [repr(text)]
        case syntax.Path(_, name) | syntax.Argument(_, name):
            return [name]
        case syntax.RangeLiteral(_, _, first, last):
            return [first, last]
        case syntax.Quantified(quantifier):
            return [quantifier]
        case syntax.UnaryTests(_, negated):
            return [negated]
        case syntax.NamedType(name) | syntax.ContextTypeEntry(name):
            return [name]
        case _:
            return []


def _same_form(a: Side, b: Side, *, inlined: bool) -> bool:
    diagrams = Diagrams()
    return _Forms(diagrams, a, inlined).whole() == _Forms(diagrams, b, inlined).whole()


_Bound = Mapping[str, int]
"""Names that a loop gives, or `?`, and what stands for them; under `_DEPTH` how many loops there are."""

_DEPTH = ""

_OPERANDS_IN_ANY_ORDER = frozenset(
    {
        types.NUMBER,
        types.DATE,
        types.DATE_AND_TIME,
        types.DAYS_AND_TIME_DURATION,
        types.YEARS_AND_MONTHS_DURATION,
    }
)
_ORDERED_BY_EQUALITY = frozenset(
    {
        types.NUMBER,
        types.STRING,
        types.DATE,
        types.DAYS_AND_TIME_DURATION,
        types.YEARS_AND_MONTHS_DURATION,
    }
)
"""Of two values of these types that are not equal, one comes first. (Of moments, equality sees more.)"""

_SIMPLE = frozenset({*types.ORDERED, types.BOOLEAN})
_HOLDS = {  # for a value that is before, at, or after another
    "<": (True, False, False),
    "<=": (True, True, False),
    "=": (False, True, False),
    "!=": (True, False, True),
    ">": (False, False, True),
    ">=": (False, True, True),
}


@dataclass(frozen=True, slots=True)
class _Operand:
    """A value that is compared: what stands for it, its type, and whether computing it may fail."""

    form: int
    type: Type
    may_fail: bool


class _Forms:
    """Brings the formulas of one side into their form."""

    def __init__(self, diagrams: Diagrams, side: Side, inlined: bool) -> None:
        self.diagrams = diagrams
        self.side = side
        self.inlined = inlined
        self.checked = side.checked

    def whole(self) -> int:
        tree = self.side.tree
        if not isinstance(tree, syntax.UnaryTests):
            return self.form(tree, {})
        if not tree.tests:
            return self.diagrams.true
        input_ = self.diagrams.term("name", "?")
        kind = self.side.input_type
        if types.required(kind) == types.BOOLEAN:
            input_ = self._truth(input_, types.may_be_null(kind), False)
        value = _Operand(input_, kind, False)
        found = self._tests(value, tree.tests, {"?": input_})
        if found is None:
            found = self._truth(self.diagrams.term(*self._text(tree, {})), True, True)
        return self.diagrams.negated(found) if tree.negated else found

    # ------------------------------------------------------------ any expression

    def form(self, node: Expression, bound: _Bound) -> int:
        """Give a diagram for an expression: for one that is no condition, of terms."""
        constant = _constant(node)
        if constant is not None:
            return self._value(constant)
        match node:
            case syntax.NullLiteral():
                return self.diagrams.null
            case syntax.BooleanLiteral(value):
                return self.diagrams.true if value else self.diagrams.false
            case syntax.Conjunction(operands):
                found = self.diagrams.true
                for each in operands:
                    found = self.diagrams.both(found, self.condition(each, bound))
                return found
            case syntax.Disjunction(operands):
                found = self.diagrams.false
                for each in operands:
                    found = self.diagrams.either(found, self.condition(each, bound))
                return found
            case syntax.Call(syntax.Name("not"), (syntax.Argument(operand, None),)):
                return self.diagrams.negated(self.condition(operand, bound))
            case syntax.If(condition, consequence, alternative):
                return self.diagrams.choose(
                    self.condition(condition, bound),
                    self.form(consequence, bound),
                    self.form(alternative, bound),
                )
            case syntax.Comparison(operator, left, right):
                sides = (self._operand(left, bound), self._operand(right, bound))
                return self._compare(operator, *sides)
            case syntax.Between(value, low, high):
                return self._between(node, value, low, high, bound)
            case syntax.In(value, tests):
                found_ = self._in(value, tests, bound)
                return self._opaque(node, bound) if found_ is None else found_
            case syntax.Quantified():
                return self._quantified(node, bound)
            case syntax.Name(name) if name not in bound and name in self.side.values:
                if self.inlined:
                    return self._inlined(self.side.values[name])
                return self._variable(node, self._term(node, bound))
            case _:
                return self._variable(node, self._term(node, bound))

    def condition(self, node: Expression, bound: _Bound) -> int:
        """Give the diagram of an operand of `and`, `or`, `not` or `if`."""
        form = self.form(node, bound)
        if types.required(self.checked.type_of(node)) == types.BOOLEAN or form in (
            self.diagrams.true,
            self.diagrams.false,
            self.diagrams.null,
        ):
            return form
        return self._truth(form, True, True)

    def _inlined(self, value: Side) -> int:
        return _Forms(self.diagrams, value, self.inlined).whole()

    def _variable(self, node: Expression, term: int) -> int:
        """Let a term that is true or false be asked for; others are what they are."""
        kind = self.checked.type_of(node)
        if types.required(kind) != types.BOOLEAN:
            return term
        return self._truth(term, types.may_be_null(kind), self._may_fail(node))

    def _truth(self, term: int, may_be_null: bool, may_fail: bool) -> int:
        diagrams = self.diagrams
        results = [diagrams.true, diagrams.false]
        results += [diagrams.null] * may_be_null + [diagrams.fails] * may_fail
        return diagrams.variable((term, may_be_null, may_fail), results)

    def _may_fail(self, node: Expression) -> bool:
        return _constant(node) is None and self.side.totality.may_fail(node, self.checked)

    def _value(self, value: "_Constant") -> int:
        if value.value is None:
            return self.diagrams.null
        if isinstance(value.value, bool):
            return self.diagrams.true if value.value else self.diagrams.false
        return self.diagrams.term("value", kind_of(value.value), value_text(value.value))

    # ------------------------------------------------------------ terms

    def _term(self, node: Expression, bound: _Bound) -> int:
        term = self.diagrams.term
        match node:
            case syntax.Name(name):
                return bound[name] if name in bound else term("name", self._name(name))
            case syntax.Path(source, name):
                return term("path", self.form(source, bound), name)
            case syntax.Negation(operand):
                return term("-", self.form(operand, bound))
            case syntax.Arithmetic(operator, left, right):
                operands = [self.form(left, bound), self.form(right, bound)]
                if operator in "+*" and self._in_any_order(left, right):
                    operands.sort()
                return term("arithmetic", operator, *operands)
            case syntax.Call(syntax.Name(name), arguments) if name not in bound:
                return self._call(name, arguments, bound)
            case syntax.ListLiteral(items):
                return term("list", *(self.form(each, bound) for each in items))
            case syntax.RangeLiteral(start, end, first, last):
                return term("range", self.form(start, bound), self.form(end, bound), first, last)
            case syntax.For(iterations, body):
                sources, inner = self._iterations(iterations, bound)
                return term("for", *sources, self.form(body, {**inner, "partial": term("partial")}))
            case _:
                return term(*self._text(node, bound))

    def _name(self, name: str) -> str:
        return self.side.names.get(name, name)

    def _in_any_order(self, *nodes: Expression) -> bool:
        return all(self.checked.type_of(each) in _OPERANDS_IN_ANY_ORDER for each in nodes)

    def _call(self, name: str, arguments: tuple[syntax.Argument, ...], bound: _Bound) -> int:
        given = [(each.name, self.form(each.value, bound)) for each in arguments]
        extreme = name in {"min", "max"} and len(given) > 1
        if extreme and all(
            each.name is None and self.checked.type_of(each.value) in _ORDERED_BY_EQUALITY
            for each in arguments
        ):
            given.sort(key=lambda each: each[1])
        return self.diagrams.term("call", self._name(name), *given)

    def _iterations(
        self, iterations: tuple[syntax.Iteration, ...], bound: _Bound
    ) -> tuple[list[int], dict[str, int]]:
        sources: list[int] = []
        inner = dict(bound)
        for each in iterations:
            sources.append(self.form(each.source, inner))
            sources.append(-1 if each.end is None else self.form(each.end, inner))
            depth = inner.get(_DEPTH, 0)
            inner[each.name] = self.diagrams.term("bound", depth, *sources)
            inner[_DEPTH] = depth + 1
        return sources, inner

    def _quantified(self, node: syntax.Quantified, bound: _Bound) -> int:
        """Give `some`; `every x satisfies c` is `not(some x satisfies not(c))`."""
        sources, inner = self._iterations(node.iterations, bound)
        condition = self.condition(node.condition, inner)
        if node.quantifier == "every":
            condition = self.diagrams.negated(condition)
        found = self._variable(node, self.diagrams.term("some", *sources, condition))
        return self.diagrams.negated(found) if node.quantifier == "every" else found

    def _opaque(self, node: Expression, bound: _Bound) -> int:
        return self._variable(node, self.diagrams.term(*self._text(node, bound)))

    def _text(self, node: Expression | syntax.UnaryTests, bound: _Bound) -> tuple[object, ...]:
        """Give what has no other form as it is written, with what its names stand for."""
        names = sorted({*names_in(node)})
        meant = tuple(bound[each] if each in bound else self._name(each) for each in names)
        return ("text", unparse(node), meant)

    # ------------------------------------------------------------ comparisons

    def _operand(self, node: Expression, bound: _Bound) -> _Operand:
        return _Operand(self.form(node, bound), self.checked.type_of(node), self._may_fail(node))

    def _compare(self, operator: str, left: _Operand, right: _Operand) -> int:
        diagrams = self.diagrams
        may_fail = left.may_fail or right.may_fail
        if diagrams.null in (left.form, right.form) and operator in ("=", "!="):
            term = diagrams.term("is null", *sorted((left.form, right.form)))
            found = self._truth(term, False, may_fail)
            return found if operator == "=" else diagrams.negated(found)
        may_fail = may_fail or not self._cannot_fail(left, right)
        if left.form > right.form:
            left, right = right, left
            operator = _FLIPPED[operator]
        kinds = {left.type, right.type}
        equality = operator in ("=", "!=")
        if kinds == {types.BOOLEAN} and equality:
            found = diagrams.choose(left.form, right.form, diagrams.negated(right.form))
            return found if operator == "=" else diagrams.negated(found)
        one = len(kinds) == 1
        if one and kinds <= (_ORDERED_BY_EQUALITY if equality else types.ORDERED):
            if not may_fail and left.form == right.form:
                return diagrams.true if _HOLDS[operator][1] else diagrams.false
            holds = [diagrams.true if each else diagrams.false for each in _HOLDS[operator]]
            key = ("order", left.form, right.form, may_fail)
            return diagrams.variable(key, [*holds, *[diagrams.fails] * may_fail])
        term = diagrams.term("equal" if equality else operator, left.form, right.form)
        found = self._truth(term, not equality, may_fail or not equality)
        return diagrams.negated(found) if operator == "!=" else found

    def _cannot_fail(self, left: _Operand, right: _Operand) -> bool:
        """Tell whether a comparison cannot fail of itself; times with and without a zone may."""
        zoned = self.side.totality.zoned or not {types.DATE_AND_TIME, types.TIME} & {
            types.required(left.type),
            types.required(right.type),
        }
        return zoned and all(types.required(each.type) in _SIMPLE for each in (left, right))

    def _between(
        self, node: Expression, value: Expression, low: Expression, high: Expression, bound: _Bound
    ) -> int:
        if any(map(self._may_fail, (node, value, low, high))):
            forms = [self.form(each, bound) for each in (value, low, high)]
            return self._variable(node, self.diagrams.term("between", *forms))
        of = self._operand(value, bound)
        return self.diagrams.both(
            self._compare(">=", of, self._operand(low, bound)),
            self._compare("<=", of, self._operand(high, bound)),
        )

    # ------------------------------------------------------------ tests

    def _in(self, value: Expression, tests: tuple[syntax.Test, ...], bound: _Bound) -> int | None:
        of = self._operand(value, bound)
        if of.may_fail and any(map(mentions_input, map(_expression, tests))):
            return None
        return self._tests(of, tests, {**bound, "?": of.form})

    def _tests(self, value: _Operand, tests: tuple[syntax.Test, ...], bound: _Bound) -> int | None:
        """Give whether one of the tests holds; None if they are not such as can be looked into."""
        found = self.diagrams.false
        for each in tests:
            one = self._test(value, each, bound)
            if one is None:
                return None
            found = self.diagrams.either(found, one)
        return found

    def _test(self, value: _Operand, test: syntax.Test, bound: _Bound) -> int | None:
        if isinstance(test, syntax.ComparisonTest):
            return self._compare(test.operator, value, self._operand(test.operand, bound))
        node = test.expression
        if mentions_input(node):
            return self.condition(node, bound)
        if types.required(value.type) not in _SIMPLE:
            return None
        match node:
            case syntax.RangeLiteral(start, end, first, last):
                return self._within(value, start, end, ("<=" if first else "<", last), bound)
            case syntax.ListLiteral(items):
                if any(map(self._may_fail, items)):
                    return None
                each = [self._equal(value, item, bound) for item in items]
                known = [found for found in each if found is not None]
                found = self.diagrams.false
                for one in known:
                    found = self.diagrams.either(found, one)
                return found if len(known) == len(each) else None
            case _:
                return self._equal(value, node, bound)

    def _equal(self, value: _Operand, node: Expression, bound: _Bound) -> int | None:
        other = self._operand(node, bound)
        if other.form != self.diagrams.null and (
            types.required(other.type) != types.required(value.type)
        ):
            return None
        return self._compare("=", value, other)

    def _within(
        self,
        value: _Operand,
        start: Expression,
        end: Expression,
        written: tuple[str, bool],
        bound: _Bound,
    ) -> int | None:
        low, high = self._operand(start, bound), self._operand(end, bound)
        if low.may_fail or high.may_fail or {low.type, high.type} != {value.type}:
            return None
        if not self._cannot_fail(low, high):
            return None
        first, last = written
        return self.diagrams.both(
            self._compare(first, low, value),
            self._compare("<=" if last else "<", value, high),
        )


_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}


def _expression(test: syntax.Test) -> Expression:
    return test.operand if isinstance(test, syntax.ComparisonTest) else test.expression


# ------------------------------------------------------------------------------- constants


@dataclass(frozen=True, slots=True)
class _Constant:
    """The value of an expression without variables."""

    value: Value


_MOST_NODES_OF_A_CONSTANT = 20


def _constant(node: Expression) -> _Constant | None:
    """Compute what has no variables; None if it has, or has no result."""
    match node:
        case syntax.NumberLiteral(value) | syntax.StringLiteral(value):
            return _Constant(value)
        case (
            syntax.TemporalLiteral()
            | syntax.Call(syntax.Name())
            | syntax.Arithmetic()
            | syntax.Negation()
        ):
            functions = 0
            for number, each in enumerate(syntax.walk(node)):
                match each:
                    case syntax.Call(syntax.Name(), arguments) if not any(
                        a.name for a in arguments
                    ):
                        functions += 1
                    case syntax.Name():
                        functions -= 1
                    case (
                        syntax.TemporalLiteral()
                        | syntax.NumberLiteral()
                        | syntax.StringLiteral()
                        | syntax.Arithmetic()
                        | syntax.Negation()
                        | syntax.Argument()
                    ):
                        pass
                    case _:
                        return None
                if number > _MOST_NODES_OF_A_CONSTANT:
                    return None
            return _computed(unparse(node)) if functions == 0 else None
        case _:
            return None


@lru_cache(maxsize=2048)
def _computed(text: str) -> _Constant | None:
    try:
        value = compile_expression(text, Scope(), mode="strict").evaluate({})
    except (ExpressionError, EvaluationError):
        return None
    if isinstance(value, list | dict | Range | Function):
        return None
    return _Constant(value)
