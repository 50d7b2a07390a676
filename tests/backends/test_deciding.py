"""Which parts of a condition decided it, as they are written and with their values."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest

from policyeval.backends.deciding import deciding
from policyeval.evaluation.model import Deciding, Valued
from policyeval.feel import types
from policyeval.policy.model import Formula, happened_name, never_name
from policyeval.policy.never import NEVER
from tests.backends.python_policies import terms

FACTS = {
    "a": ("plain", types.NUMBER),
    "b": ("plain", types.NUMBER),
    "p": ("plain", types.BOOLEAN),
    "q": ("plain", types.BOOLEAN),
    "n": ("plain", types.optional(types.NUMBER)),
    "kind": ("plain", types.STRING),
    "loan": ("plain", types.ContextOf({"rate": types.NUMBER})),
    "sums": ("plain", types.ListOf(types.NUMBER)),
    "on": ("event", types.DATE),
    "until": ("plain", types.DATE),
}
VALUES: Mapping[str, object] = {
    "a": Decimal(1),
    "b": Decimal(2),
    "p": True,
    "q": False,
    "n": None,
    "kind": "law_firm",
    "loan": {"rate": Decimal("0.1")},
    "sums": [Decimal(1)],
    "on": date(2024, 7, 31),
    happened_name("on"): True,
    never_name("on"): False,
    "until": date(2024, 7, 30),
}


def shown(found: tuple[Deciding, ...]) -> str:
    """Write what was found in one line: `name=value` for a name with a value."""

    def part(each: str | Valued) -> str:
        return each if isinstance(each, str) else f"{each.name}={each.value}"

    return "; ".join(
        "".join(map(part, each.parts)) + f" is {str(each.result).lower()}" for each in found
    )


def decided(text: str, result: bool, **values: object) -> str:
    made = terms(FACTS, {"d": (types.BOOLEAN, text)})
    formula = made.policy.decisions["d"].value
    assert isinstance(formula, Formula)
    return shown(deciding(made, formula, {**VALUES, **values}, result))


@pytest.mark.parametrize(
    ("text", "result", "expected"),
    [
        ("on > until", True, "on=2024-07-31 > until=2024-07-30 is true"),
        ("a  <  b", True, "a=1  <  b=2 is true"),
        ("p", True, "p=True is true"),
        ("p and q and a > b", False, "q=False is false; a=1 > b=2 is false"),
        ("p and a < b", True, "p=True is true; a=1 < b=2 is true"),
        ("q or p or a < b", True, "p=True is true; a=1 < b=2 is true"),
        ("q or a > b", False, "q=False is false; a=1 > b=2 is false"),
        ("not(p and q)", True, "q=False is false"),
        ("p and (q or a > b)", False, "q=False is false; a=1 > b=2 is false"),
        ("if p then a < b else q", True, "p=True is true; a=1 < b=2 is true"),
        ("if q then a < b else p", True, "q=False is false; p=True is true"),
        ('kind in ("law_firm", "other")', True, 'kind=law_firm in ("law_firm", "other") is true'),
        ("a between 0 and b", True, "a=1 between 0 and b=2 is true"),
        ("n != null and n > a", False, "n=None != null is false"),
        ("loan.rate > 0.05", True, "loan.rate=0.1 > 0.05 is true"),
        (
            "some s in sums satisfies s > a",
            False,
            "some s in sums satisfies s > a=1 is false",
        ),
        ("happened(on)", True, "happened(on=2024-07-31) is true"),
        ("not(happened(on))", False, "happened(on=2024-07-31) is true"),
        ("on = null or q", False, "on=2024-07-31 = null is false; q=False is false"),
        ("on != null", True, "on=2024-07-31 != null is true"),
        ("(a + b) * 2 > 5", True, "(a=1 + b=2) * 2 > 5 is true"),
        ("p and p", True, "p=True is true"),
        ("true", True, ""),
    ],
)
def test_a_condition_is_decided_by(text: str, result: bool, expected: str) -> None:
    assert decided(text, result) == expected


def test_an_event_that_never_happens_is_shown_as_such() -> None:
    assert decided("on <= until", False, on=NEVER) == "on=NEVER <= until=2024-07-30 is false"


def test_an_event_that_has_not_happened_is_shown_without_a_value() -> None:
    made = terms(FACTS, {"d": (types.BOOLEAN, "happened(on) and a < b")})
    formula = made.policy.decisions["d"].value
    assert isinstance(formula, Formula)
    values = {**VALUES, happened_name("on"): False}
    del values["on"]
    assert shown(deciding(made, formula, values, False)) == "happened(on) is false"


def test_a_part_whose_value_is_not_known_did_not_decide() -> None:
    made = terms(FACTS, {"d": (types.BOOLEAN, "p and q")})
    formula = made.policy.decisions["d"].value
    assert isinstance(formula, Formula)
    assert shown(deciding(made, formula, {"q": False}, False)) == "q=False is false"


def test_a_value_that_says_no_more_than_its_name_is_not_repeated() -> None:
    assert decided('kind = "kind"', True, kind="kind") == 'kind = "kind" is true'
