"""Files of a programme in the canonical layout: their expressions are written canonically and mean the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyeval.errors import PolicyError
from policyeval.feel import syntax
from policyeval.policy import yaml
from policyeval.policy.elements import elements, formulas_of
from policyeval.policy.formatting import canonical_text, formatted
from policyeval.policy.loading import load_policy, salvaged
from policyeval.policy.schema import Kind
from policyeval.policy.yaml import Mapping, Node, Scalar, Sequence
from tests.cli.conftest import PROGRAMMES
from tests.policy.editing.layouts import Tree, large_laid_out
from tests.policy.made_policy import CASES, POLICY, PROGRAMME

FOLDER = PROGRAMMES / "example-referral"
FORMULAS = frozenset({"value", "that", "when", "open_when", "low", "high", "included"})

Place = tuple[str, ...]


def formulas(raw: bytes) -> dict[Place, tuple[str, syntax.Expression | syntax.UnaryTests]]:
    """Give every formula of a version's file, valid or not, by its address."""
    read = salvaged(yaml.read(raw, "p.yaml"))
    assert read is not None
    return {
        (*element.address, *keys): (formula.text, formula.tree)
        for element in elements(read[0])
        for keys, formula in formulas_of(element.slots)
    }


def tree_of(node: Node, key: str = "") -> Tree:
    match node:
        case Mapping(entries):
            return {each.key.text: tree_of(each.value, each.key.text) for each in entries}
        case Sequence(items):
            return [tree_of(each) for each in items]
        case Scalar(text):
            return text


def untidy(draw: st.DrawFn, tree: Tree, key: str = "") -> Tree:
    """Write expressions in other ways."""
    match tree:
        case dict():
            return {name: untidy(draw, each, name) for name, each in tree.items()}
        case list():
            return [untidy(draw, each) for each in tree]
        case str() if key in FORMULAS and not tree.startswith("-"):
            ways = [tree, f"({tree})", tree.replace(" ", "  "), tree.replace(" + ", "+")]
            return draw(st.sampled_from(ways))
        case str():
            return tree


@st.composite
def policies(draw: st.DrawFn) -> dict[str, Tree]:
    """Give the made-up policy, or another, with expressions written in any way."""
    text = draw(st.sampled_from([POLICY, (FOLDER / "2024-01-01.yaml").read_text("utf-8")]))
    whole = tree_of(yaml.read(text.encode(), "p.yaml").root)
    assert isinstance(whole, dict)
    kept = draw(st.sampled_from(["parameters", "facts", "decisions", "consistent_when"]))
    part = {key: each for key, each in whole.items() if key in {kept, "version", "readings"}}
    found = untidy(draw, part)
    assert isinstance(found, dict)
    return found


@given(large_laid_out(policies()))
def test_expressions_mean_the_same_and_another_time_changes_nothing(raw: bytes) -> None:
    once = formatted(raw, "p.yaml", "policy")
    before, after = formulas(raw), formulas(once)
    assert {place: tree for place, (_, tree) in before.items()} == {
        place: tree for place, (_, tree) in after.items()
    }
    assert formatted(once, "p.yaml", "policy") == once


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (POLICY, "policy"),
        (PROGRAMME, "programme"),
        (CASES, "cases"),
        *(
            (path.read_text("utf-8"), "programme" if path.stem == "programme" else "policy")
            for path in sorted(FOLDER.glob("*.yaml"))
            if path.name != "cases.yaml"
        ),
    ],
)
def test_the_made_up_files_can_be_laid_out(text: str, kind: Kind) -> None:
    once = formatted(text.encode(), "p.yaml", kind)
    assert formatted(once, "p.yaml", kind) == once
    if kind == "policy":
        assert list(load_policy(once, "p.yaml").decisions) == list(
            load_policy(text.encode(), "p.yaml").decisions
        )


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a+b", "a + b"),
        ("(a)", "a"),
        ("happened(paid_on)", "happened(paid_on)"),
        ("not(happened( paid_on ))", "not(happened(paid_on))"),
        ("paid_on=null", "paid_on = null"),
        ("100.50", "100.50"),
        ('"a // b"', '"a // b"'),
        ("a // why", None),
        ("a /* why */ + b", None),
        ("a +", None),
    ],
)
def test_an_expression_has_one_text(text: str, written: str | None) -> None:
    assert canonical_text(text) == written


@pytest.mark.parametrize(
    ("text", "written"),
    [('"a","b"', '"a", "b"'), ("-", "-"), (">=  0", ">= 0"), ("not( 1 )", "not(1)")],
)
def test_the_tests_of_a_cell_have_one_text(text: str, written: str) -> None:
    assert canonical_text(text, tests=True) == written


def test_the_days_of_a_programme_are_written_canonically() -> None:
    untidily = PROGRAMME.replace("day: date(referred_at)", "day: date( referred_at )")
    assert untidily != PROGRAMME
    assert b"day: date(referred_at)\n" in formatted(untidily.encode(), "p.yaml", "programme")


def test_what_cannot_be_read_keeps_its_text() -> None:
    wrong = POLICY.replace("date(referred_at) + approval_window", "date(referred_at)+ +")
    assert wrong != POLICY
    found = formatted(wrong.encode(), "p.yaml", "policy")
    assert b"value: date(referred_at)+ +\n" in found


def test_a_file_that_is_not_well_formed_is_refused() -> None:
    with pytest.raises(PolicyError, match=r"yaml\."):
        formatted(b"a: {\n", "p.yaml", "policy")
