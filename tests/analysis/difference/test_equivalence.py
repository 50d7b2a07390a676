"""Formulas that look different and mean the same; and that nothing else is taken for the same."""

from collections.abc import Callable, Mapping, Sequence

import pytest
from hypothesis import assume, given, note, reject, settings
from hypothesis import strategies as st

from policyeval.analysis.difference.equivalence import Side, equivalent, sameness
from policyeval.analysis.difference.totality import Totality
from policyeval.errors import EvaluationError, ExpressionError
from policyeval.feel import syntax, types
from policyeval.feel.checker import check
from policyeval.feel.compiler import compile_expression
from policyeval.feel.limits import Limits
from policyeval.feel.parser import parse, parse_unary_tests
from policyeval.feel.scope import Scope
from policyeval.feel.syntax import Expression
from policyeval.feel.types import Type
from policyeval.feel.unparser import unparse
from policyeval.feel.values import Value
from policyeval.feel.writing import value_text
from policyeval.source import Source
from tests.typed_expressions import VARIABLES, contexts, expressions

ROOMY = Limits(length=100_000, depth=200, nodes=20_000)

SMALL: Mapping[str, Type] = {
    "a": types.BOOLEAN,
    "b": types.BOOLEAN,
    "c": types.BOOLEAN,
    "maybe": types.optional(types.BOOLEAN),
    "perhaps": types.optional(types.BOOLEAN),
    "n": types.NUMBER,
    "m": types.NUMBER,
    "number_or_none": types.optional(types.NUMBER),
    "s": types.STRING,
    "text_or_none": types.optional(types.STRING),
    "on": types.DATE,
    "day": types.DATE,
    "day_or_none": types.optional(types.DATE),
    "numbers": types.ListOf(types.NUMBER),
    "others": types.ListOf(types.NUMBER),
    "at": types.DATE_AND_TIME,
    "moment": types.DATE_AND_TIME,
}


def side(text: str, variables: Mapping[str, Type] = SMALL) -> Side:
    source = Source(text)
    tree = parse(source, tuple(variables), limits=ROOMY)
    checked = check(tree, variables, source, "strict")
    assert not [each for each in checked.diagnostics if each.severity == "error"], text
    return Side(tree, checked, Totality())


def same(one: str, other: str) -> bool:
    found = equivalent(side(one), side(other))
    assert equivalent(side(other), side(one)) == found
    return found


SAME = {
    "layout": ("a and\n  b // a comment", "a and b"),
    "brackets": ("((a)) and (b and c)", "(a and b) and c"),
    "order-of-and": ("a and b and c", "c and a and b"),
    "order-of-or": ("a or maybe", "maybe or a"),
    "twice": ("a and b and a", "b and a"),
    "flipped": ("n < m", "m > n"),
    "flipped-equality": ('s = "x"', '"x" = s'),
    "not-equal": ("not(n = m)", "n != m"),
    "not-less": ("not(n < m)", "m <= n"),
    "less-or-equal": ("n < m or n = m", "n <= m"),
    "two-bounds": ("n >= m and n <= m", "n = m"),
    "double-negation": ("not(not(maybe))", "maybe"),
    "de-morgan": ("not(a and maybe)", "not(a) or not(maybe)"),
    "de-morgan-or": ("not(n < 1 or n > 5)", "n in [1..5]"),
    "distribution": ("a and (b or c)", "(a and b) or (a and c)"),
    "absorption": ("a or (a and b)", "a"),
    "between": ("n between 1 and 5", "n >= 1 and n <= 5"),
    "between-as-range": ("n between 1 and m", "n in [1..m]"),
    "half-open": ("n in [1..5[", "n >= 1 and n < 5"),
    "listed": ('s in ("x", "y")', 's = "y" or s = "x"'),
    "listed-in-a-list": ('s in ["x", "y"]', 's in ("y", "x")'),
    "tests": ("n in (< 3, > 5)", "not(n between 3 and 5)"),
    "none-of-these": ('not(s in ("x", "y"))', 's != "x" and s != "y"'),
    "if-of-truths": ("if a then true else false", "a"),
    "if-turned": ("if not(a) then n else m", "if a then m else n"),
    "if-within-if": ("if a then (if a then n else 0) else m", "if a then n else m"),
    "if-as-logic": ("if a then b else c", "(a and b) or (not(a) and c)"),
    "is-true": ("a = true", "a"),
    "is-false": ("b = false", "not(b)"),
    "equal-truths": ("a = b", "(a and b) or (not(a) and not(b))"),
    "year": ('on + duration("P1Y")', 'on + duration("P12M")'),
    "at-literal": ('on + @"P6M"', 'on + duration("P6M")'),
    "hours": ('on + duration("PT48H")', 'on + duration("P2D")'),
    "numbers": ("n > 1.50", "n > 1.5"),
    "sum": ("n > 2 + 3", "n > 5"),
    "negative": ("n > -(2)", "n > 1 - 3"),
    "date-literal": ('on > date("2024-01-31")', "on > date(2024, 1, 31)"),
    "sum-in-any-order": ("n + m > 1", "1 < m + n"),
    "product-in-any-order": ("n * m", "m * n"),
    "days-in-any-order": ('duration("P1M") + on', 'on + duration("P1M")'),
    "earlier": ("min(on, day)", "min(day, on)"),
    "bound-names": ("some x in numbers satisfies x > n", "some y in numbers satisfies n < y"),
    "every-as-some": (
        "every x in numbers satisfies x > n",
        "not(some x in numbers satisfies x <= n)",
    ),
    "loops": ("for x in numbers return x + n", "for y in numbers return n + y"),
    "missing": ("not(text_or_none = null)", "null != text_or_none"),
    "guard": (
        "number_or_none != null and number_or_none > n and a",
        "a and not(number_or_none = null) and n < number_or_none",
    ),
    "range-of-days": (
        'on in [date("2024-01-01")..date("2024-12-31")]',
        'on >= date("2024-01-01") and on <= date("2024-12-31")',
    ),
}


@pytest.mark.parametrize("what", SAME)
def test_what_is_only_written_differently_is_told_the_same(what: str) -> None:
    assert same(*SAME[what])


DIFFERENT = {
    "bound": ("n < m", "n <= m"),
    "side": ("n < m", "m < n"),
    "and-or": ("a and b", "a or b"),
    "days-and-months": ('on + duration("P180D")', 'on + duration("P6M")'),
    "year-of-days": ('on + duration("P1Y")', 'on + duration("P365D")'),
    "difference": ("n - m", "m - n"),
    "texts": ('s + "x"', '"x" + s'),
    "null-is-not-false": ("maybe = true", "maybe"),
    "null-or-its-opposite": ("maybe or not(maybe)", "true"),
    "what-may-fail-first": ("1 / n > 2 and n != 0", "n != 0 and 1 / n > 2"),
    "what-may-fail-twice": ("a and 1 / n > 2", "1 / n > 2 and a"),
    "quantifier": ("some x in numbers satisfies x > n", "every x in numbers satisfies x > n"),
    "list": ("some x in numbers satisfies x > n", "some x in others satisfies x > n"),
    "shadowed": (
        "some x in numbers satisfies some x in numbers satisfies some z in numbers satisfies x < z",
        "some x in numbers satisfies some x in numbers satisfies some z in numbers satisfies x < x",
    ),
    "entry-or-variable": (
        "for x in numbers return {x: 1, y: x}",
        "for z in numbers return {x: 1, y: z}",
    ),
    "range-end": ("n in [1..5]", "n in [1..5)"),
    "text-and-number": ('s = "1"', 's = "1.0"'),
    "moments-may-lack-a-zone": ("a and at < moment", "at < moment and a"),
    "grouping-of-sums": ("(n + m) + 1", "n + (m + 1)"),
}


@pytest.mark.parametrize("what", DIFFERENT)
def test_what_means_something_else_is_not(what: str) -> None:
    assert not same(*DIFFERENT[what])


def test_what_looks_the_same_is_told_from_what_is_written_differently() -> None:
    assert sameness(side("a and  b"), side("(a and b)")) == "same"
    assert sameness(side("a and b"), side("b and a")) == "rewritten"
    assert sameness(side("a and b"), side("a")) == "different"


def test_a_parameter_and_its_value_are_the_same_where_it_is_put_in_place() -> None:
    scope = {**SMALL, "period": types.DAYS_AND_TIME_DURATION}
    named = side("on + period > day", scope)
    for value, expected in (('duration("P30D")', True), ('duration("P31D")', False)):
        with_value = Side(named.tree, named.checked, named.totality, values={"period": side(value)})
        assert equivalent(with_value, side('on + @"P30D" > day')) is expected


def test_names_may_be_told_to_be_others() -> None:
    one, other = side("a and n > 1"), side("b and m > 1")
    renamed = Side(other.tree, other.checked, other.totality, {"b": "a", "m": "n"})
    assert sameness(one, renamed) == "same"
    bound = side("some n in numbers satisfies m > n")
    renamed = Side(bound.tree, bound.checked, bound.totality, {"m": "n"})
    assert not equivalent(side("some n in numbers satisfies n > n"), renamed)


CELLS = {
    "order": ('"x", "y"', '"y","x"', types.STRING, True),
    "negated": ('not("x")', '!= "x"', types.STRING, True),
    "nothing": ("-", '"x"', types.STRING, False),
    "range": ("[1..5]", ">= 1", types.NUMBER, False),
    "bounds": ("< 3, = 3", "<= 3", types.NUMBER, True),
    "truth": ("true", "not(false)", types.BOOLEAN, True),
    "input": ("? > 3", "> 3", types.NUMBER, True),
}


@pytest.mark.parametrize("what", CELLS)
def test_cells_of_tables_are_compared_as_tests_of_their_column(what: str) -> None:
    one, other, kind, expected = CELLS[what]

    def cell(text: str) -> Side:
        source = Source(text)
        tree = parse_unary_tests(source, tuple(SMALL))
        checked = check(tree, SMALL, source, "strict", input_type=kind)
        return Side(tree, checked, Totality(), input_type=kind)

    assert equivalent(cell(one), cell(other)) is expected


def test_a_condition_too_large_to_be_looked_into_is_not_told_the_same() -> None:
    parts = [f"n > {number}" for number in range(150)]
    one, other = " and ".join(parts), " and ".join(reversed(parts))
    assert not equivalent(side(one), side(other))
    assert equivalent(side(one), side(one))


# ------------------------------------------------------------------------------- laws


def negation(node: Expression) -> Expression:
    return syntax.Call(syntax.Name("not"), (syntax.Argument(node),))


OPPOSITE = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
FLIPPED = {"=": "=", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}


Draw = Callable[[st.SearchStrategy[int]], int]


def rewritten(node: Expression, draw: Draw) -> Expression:
    """Rewrite an expression in ways that keep its meaning, whatever its values."""

    def go(each: Expression) -> Expression:
        each = down(each)
        way = draw(st.integers(0, 3))
        match each:
            case syntax.Comparison(operator, left, right) if way == 1:
                return syntax.Comparison(FLIPPED[operator], right, left)  # type: ignore[arg-type]
            case syntax.Comparison(operator, left, right) if way == 2:
                return negation(
                    syntax.Comparison(OPPOSITE[operator], left, right)  # type: ignore[arg-type]
                )
            case syntax.Conjunction(operands) if way == 1:
                return negation(syntax.Disjunction(tuple(map(negation, operands))))
            case syntax.Disjunction(operands) if way == 1:
                return negation(syntax.Conjunction(tuple(map(negation, operands))))
            case syntax.Conjunction((first, *rest)) if way == 2 and len(rest) > 1:
                return syntax.Conjunction((first, syntax.Conjunction(tuple(rest))))
            case syntax.Call(syntax.Name("not")) if way == 1:
                return negation(negation(each))
            case syntax.Quantified(quantifier, iterations, condition) if way == 1:
                inner = negation(condition)
                if quantifier == "some":
                    return negation(syntax.Quantified("every", iterations, inner))
                return negation(syntax.Quantified("some", iterations, inner))
            case syntax.Arithmetic("+" | "*" as operator, left, right) if way == 1:
                if not texts(each):
                    return syntax.Arithmetic(operator, right, left)
                return each
            case _:
                return each

    def down(each: Expression) -> Expression:
        match each:
            case syntax.Comparison(operator, left, right):
                return syntax.Comparison(operator, go(left), go(right))
            case syntax.Arithmetic(operator, left, right):
                return syntax.Arithmetic(operator, go(left), go(right))
            case syntax.Conjunction(operands):
                return syntax.Conjunction(tuple(map(go, operands)))
            case syntax.Disjunction(operands):
                return syntax.Disjunction(tuple(map(go, operands)))
            case syntax.If(condition, consequence, alternative):
                return syntax.If(go(condition), go(consequence), go(alternative))
            case syntax.Call(function, arguments) if function == syntax.Name("not"):
                return negation(go(arguments[0].value))
            case syntax.Quantified(quantifier, iterations, condition):
                return syntax.Quantified(quantifier, iterations, go(condition))
            case _:
                return each

    return go(node)


def texts(node: Expression) -> bool:
    return any(
        isinstance(each, syntax.StringLiteral)
        or each in (syntax.Name("s"), syntax.Name("t"))
        or (isinstance(each, syntax.Call) and each.function == syntax.Name("upper case"))
        for each in syntax.walk(node)
    )


def typed(tree: Expression) -> Side:
    """Give an expression with its types; one that the strict profile refuses is no example."""
    text = unparse(tree)
    try:
        source = Source(text)
        parsed = parse(source, tuple(VARIABLES), limits=ROOMY)
    except ExpressionError:
        reject()
    checked = check(parsed, VARIABLES, source, "strict")
    assume(all(each.severity != "error" for each in checked.diagnostics))
    return Side(parsed, checked, Totality())


def results(tree: Expression, given_: Sequence[Mapping[str, Value]]) -> list[str]:
    """Give what comes of an expression in each context: its value as text, or that it fails."""
    compiled = compile_expression(unparse(tree), Scope(VARIABLES), mode="strict", limits=ROOMY)
    found: list[str] = []
    for context in given_:
        try:
            value = compiled.function(*(context[name] for name in compiled.parameters))
            found.append(value_text(value))
        except EvaluationError:
            found.append("fails")
    return found


SEVERAL = st.lists(contexts(), min_size=2, max_size=2)


@settings(max_examples=60)
@given(expressions(), st.data())
def test_rewritten_expressions_are_told_the_same(tree: Expression, data: st.DataObject) -> None:
    other = rewritten(tree, data.draw)
    one, two = typed(tree), typed(other)
    note(f"{unparse(tree)}\n{unparse(other)}")
    assert equivalent(one, two)
    several = data.draw(SEVERAL)
    assert results(tree, several) == results(other, several)


# Conditions over few names, so that two that are drawn apart often are the same.
ATOMS = [
    *("b", "c", "`b or none`", "`c or none`", "n < m", "n = m", "m >= n", "n > m", "n != m"),
    *("1 / n > 2", "n in [m..5]", "n between m and 5", "n in (1, < m)", "s = t", 's in (t, "a")'),
    *("day < `other day`", "some x in numbers satisfies x < n", "moment < `other moment`"),
    *("every y in numbers satisfies n <= y", "`day or none` = null", "b = c", "`b or none` = true"),
]


def atom(text: str) -> Expression:
    return parse(Source(text.replace("`", "")), tuple(VARIABLES))


@st.composite
def conditions(draw: st.DrawFn, depth: int = 3) -> Expression:
    kind = draw(st.integers(0, 5)) if depth else 0
    if kind < 2:
        return atom(draw(_ATOMS))
    one, other = draw(conditions(depth - 1)), draw(conditions(depth - 1))
    match kind:
        case 2:
            return negation(one)
        case 3:
            return syntax.Conjunction((one, other))
        case 4:
            return syntax.Disjunction((one, other))
        case _:
            return syntax.If(one, other, draw(conditions(depth - 1)))


_ATOMS = st.shared(st.lists(st.sampled_from(ATOMS), min_size=2, max_size=3), key="atoms").flatmap(
    st.sampled_from
)

told = {"same": 0, "different": 0}


@settings(max_examples=120)
@given(conditions(), conditions(), SEVERAL)
def test_conditions_told_the_same_give_the_same_results(
    one: Expression, other: Expression, given_: list[dict[str, Value]]
) -> None:
    first, second = typed(one), typed(other)
    found = equivalent(first, second)
    told["same" if found else "different"] += unparse(one) != unparse(other)
    if found:
        note(f"{unparse(one)}\n{unparse(other)}")
        assert results(one, given_) == results(other, given_)


def test_the_law_above_met_both_kinds() -> None:
    if not any(told.values()):
        test_conditions_told_the_same_give_the_same_results()
    assert min(told.values()) > 5, told


@settings(max_examples=30)
@given(expressions(), st.data())
def test_expressions_with_a_change_are_not_told_the_same_where_a_result_differs(
    tree: Expression, data: st.DataObject
) -> None:
    """Change one comparison, and look for values that tell the two apart."""
    nodes = [each for each in syntax.walk(tree) if isinstance(each, syntax.Comparison)]
    assume(nodes)
    changed = data.draw(st.sampled_from(nodes))
    operator = data.draw(st.sampled_from(["<", "<=", ">", ">=", "=", "!="]))
    other = replaced(tree, changed, operator)
    one, two = typed(tree), typed(other)
    if equivalent(one, two):
        several = data.draw(SEVERAL)
        assert results(tree, several) == results(other, several)


def replaced(tree: Expression, changed: syntax.Comparison, operator: str) -> Expression:
    text = unparse(tree)
    part = unparse(changed)
    new = unparse(syntax.Comparison(operator, changed.left, changed.right))  # type: ignore[arg-type]
    try:
        return parse(Source(text.replace(part, new, 1)), tuple(VARIABLES), limits=ROOMY)
    except ExpressionError:
        return tree
