"""Which part of a condition decided it: masking MC/DC, checked against its definition."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyeval.analysis.coverage.structure import (
    Condition,
    Structures,
    Truth,
    decisive,
    is_looked_at,
)
from policyeval.feel import syntax
from policyeval.feel.checker import Checked, check
from policyeval.feel.parser import parse
from policyeval.feel.types import BOOLEAN, NUMBER
from policyeval.policy.model import Formula
from policyeval.policy.yaml import Scalar
from policyeval.source import Source, Span

NAMES = ("a", "b", "c", "d")
SCOPE = {**dict.fromkeys(NAMES, BOOLEAN), "x": NUMBER}


def conditions(text: str) -> tuple[Condition, ...]:
    tree = parse(Source(text), tuple(SCOPE))
    checked: Checked = check(tree, SCOPE, Source(text), "strict")
    scalar = Scalar(text, "plain", span=Span(0, len(text)), pieces=())
    return Structures(iter(())).conditions(Formula(text, tree, scalar, Source(text)), checked)


def deciding(condition: Condition, values: Mapping[str, Truth]) -> dict[str, tuple[bool, bool]]:
    def ask(node: syntax.Expression) -> Truth:
        assert isinstance(node, syntax.Name)
        return values[node.name]

    return {e.atom.name: (e.holds, e.whole) for e in decisive(condition, ask)}


TABLE: dict[str, tuple[str, dict[str, Truth], dict[str, tuple[bool, bool]]]] = {
    "single": ("a", {"a": True}, {"a": (True, True)}),
    "all-true": ("a and b", {"a": True, "b": True}, {"a": (True, True), "b": (True, True)}),
    "one-false": ("a and b", {"a": True, "b": False}, {"b": (False, False)}),
    "two-false": ("a and b", {"a": False, "b": False}, {}),
    "two-true": ("a or b", {"a": True, "b": True}, {}),
    "masked": ("(a or b) and c", {"a": True, "b": False, "c": False}, {"c": (False, False)}),
    "not-masked": (
        "(a or b) and c",
        {"a": True, "b": False, "c": True},
        {"a": (True, True), "c": (True, True)},
    ),
    "not": ("not(a) or b", {"a": True, "b": False}, {"a": (True, False), "b": (False, False)}),
    "open": ("a and b", {"a": True, "b": "open"}, {}),
    "open-beside-false": ("a and b", {"a": False, "b": "open"}, {}),
    "none-after": ("a and b", {"a": False, "b": "none"}, {"a": (False, False)}),
    "none-before": ("a and b", {"a": "none", "b": False}, {}),
    "none-after-or": ("a or b", {"a": True, "b": "none"}, {"a": (True, True)}),
    "if-taken": (
        "if a then b else c",
        {"a": True, "b": True, "c": False},
        {"a": (True, True), "b": (True, True)},
    ),
    "if-same": ("if a then b else c", {"a": True, "b": True, "c": True}, {"b": (True, True)}),
    "if-guard": ("if a then b else false", {"a": True, "b": False}, {"b": (False, False)}),
}


@pytest.mark.parametrize("what", TABLE)
def test_a_part_decides_if_the_whole_would_have_come_out_otherwise(what: str) -> None:
    text, values, expected = TABLE[what]
    (condition,) = conditions(text)
    assert deciding(condition, values) == expected


def test_what_has_to_be_so_beside_a_part_is_known() -> None:
    (condition,) = conditions("(a or not(b)) and (c or d)")
    beside = {each.name: each.beside for each in condition.atoms}
    assert beside == {
        "a": (("c or d", True), ("not(b)", False)),
        "b": (("c or d", True), ("a", False)),
        "c": (("a or not(b)", True), ("d", False)),
        "d": (("a or not(b)", True), ("c", False)),
    }


def test_a_part_that_stands_there_twice_counts_twice() -> None:
    (condition,) = conditions("(a and b) or (not(a) and c)")
    assert [each.name for each in condition.atoms] == ["a", "b", "a (2)", "c"]


def test_the_condition_of_an_if_in_an_amount_is_one_of_its_own() -> None:
    outer, inner = conditions("x + (if a and b then 1 else if c then 2 else 3)")
    assert [each.name for each in outer.atoms] == ["a", "b"]
    assert [each.name for each in inner.atoms] == ["c"]

    def ask(node: syntax.Expression) -> Truth:
        return isinstance(node, syntax.Name) and node.name in ("a", "b")

    assert is_looked_at(outer, ask)
    assert not is_looked_at(inner, ask)


def test_what_needs_names_of_its_own_is_one_part() -> None:
    (condition,) = conditions("some e in [1, 2] satisfies (if e > 1 then a else b)")
    assert len(condition.atoms) == 1


# ------------------------------------------------------------------------------- the definition


def joined(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    several = st.lists(parts, min_size=2, max_size=3)
    return st.one_of(
        several.map(lambda each: f"({' and '.join(each)})"),
        several.map(lambda each: f"({' or '.join(each)})"),
        parts.map(lambda each: f"not({each})"),
        st.tuples(parts, parts, parts).map(lambda e: f"(if {e[0]} then {e[1]} else {e[2]})"),
    )


texts = st.recursive(st.just("?"), joined, max_leaves=6)


@given(texts, st.data())
def test_deciding_is_the_boolean_difference(shape: str, data: st.DataObject) -> None:
    count = shape.count("?")
    names = [f"v{number}" for number in range(count)]
    text = shape
    for name in names:
        text = text.replace("?", name, 1)
    scope = dict.fromkeys(names, BOOLEAN)
    tree = parse(Source(text), tuple(scope))
    scalar = Scalar(text, "plain", span=Span(0, len(text)), pieces=())
    formula = Formula(text, tree, scalar, Source(text))
    (condition,) = Structures(iter(())).conditions(
        formula, check(tree, scope, Source(text), "strict")
    )
    values = {name: data.draw(st.booleans()) for name in names}

    def result(given: Mapping[str, bool]) -> bool:
        return holds(tree, given)

    whole = result(values)
    expected = {
        name: (values[name], whole)
        for name in names
        if result({**values, name: not values[name]}) is not whole
    }
    assert deciding(condition, dict(values)) == expected


def holds(node: syntax.Expression, given: Mapping[str, bool]) -> bool:
    match node:
        case syntax.Name(name):
            return given[name]
        case syntax.Conjunction(operands):
            return all(holds(each, given) for each in operands)
        case syntax.Disjunction(operands):
            return any(holds(each, given) for each in operands)
        case syntax.Call(_, (syntax.Argument(operand, None),)):
            return not holds(operand, given)
        case syntax.If(condition, consequence, alternative):
            return holds(consequence if holds(condition, given) else alternative, given)
        case _:
            raise AssertionError(node)
