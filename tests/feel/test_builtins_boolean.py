"""The boolean built-ins, called as an expression calls them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyeval.feel.builtins.boolean import BUILTINS
from policyeval.feel.failure import Failure
from policyeval.feel.invocation import select
from policyeval.feel.values import Value

BY_NAME = {each.name: each for each in BUILTINS}
ONE = Decimal(1)


def call(name: str, *arguments: Value, **named: Value) -> object:
    """Give the result of a call, or the code of its failure."""
    names = list(named) or None
    try:
        signature, converted = select(BY_NAME[name], [*arguments, *named.values()], names)
        return signature.function(*converted)
    except Failure as failure:
        return failure.code


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (True, False),
        (False, True),
        (None, None),
        ([True], False),
        (ONE, "eval.type"),
        ("true", "eval.type"),
    ],
)
def test_not_turns_a_boolean_round(value: Value, expected: object) -> None:
    assert call("not", value) == expected
    assert call("not", negand=value) == expected


@pytest.mark.parametrize(
    ("items", "all_", "any_"),
    [
        ([], True, False),
        ([True], True, True),
        ([False], False, False),
        ([True, True], True, True),
        ([True, False], False, True),
        ([True, None], None, True),
        ([False, None], False, None),
        ([None], None, None),
        ([False, None, True], False, True),
    ],
)
def test_all_and_any_take_a_list_or_single_items(
    items: list[Value], all_: bool | None, any_: bool | None
) -> None:
    assert call("all", items) is all_
    assert call("any", items) is any_
    assert call("all", list=items) is all_
    assert call("any", list=items) is any_
    if items and items != [None]:
        assert call("all", *items) is all_
        assert call("any", *items) is any_


@pytest.mark.parametrize("name", ["all", "any"])
@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((), "eval.arguments"),
        ((ONE,), "eval.type"),
        (([ONE],), "eval.type"),
        (([True, ONE],), "eval.type"),
        ((True, ONE), "eval.type"),
        (("true",), "eval.type"),
        ((None,), None),
    ],
)
def test_all_and_any_refuse_what_is_no_boolean(
    name: str, arguments: tuple[Value, ...], expected: object
) -> None:
    assert call(name, *arguments) == expected


@given(st.lists(st.sampled_from([True, False, None])))
def test_all_is_the_opposite_of_any_of_the_opposites(items: list[Value]) -> None:
    opposites: list[Value] = [call("not", each) for each in items]  # type: ignore[misc]  # a boolean
    assert call("all", items) == call("not", call("any", opposites))  # type: ignore[arg-type]  # or null
