"""The built-ins on contexts, called as an expression calls them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyeval.feel.builtins.contexts import BUILTINS
from policyeval.feel.failure import BudgetExceededError, Failure
from policyeval.feel.invocation import select
from policyeval.feel.runtime import Budget, Runtime
from policyeval.feel.types import ANY, NUMBER, STRING, ContextOf, ListOf, Type
from policyeval.feel.values import Value

BY_NAME = {each.name: each for each in BUILTINS}


def feel(value: object) -> Value:
    """Make numbers of Python's, deeply."""
    if isinstance(value, list):
        return [feel(each) for each in value]
    if isinstance(value, dict):
        return {key: feel(each) for key, each in value.items()}
    return Decimal(value) if type(value) is int else value  # type: ignore[return-value]  # the tables have FEEL values only


def call(name: str, *arguments: object, names: list[str] | None = None) -> object:
    """Give the result of a call, or the code of its failure."""
    values = [feel(each) for each in arguments]
    runtime = Runtime(Budget(list_length=100))
    try:
        signature, converted = select(BY_NAME[name], values, names)
        given = [runtime, *converted] if signature.needs_runtime else converted
        return signature.function(*given)
    except BudgetExceededError as failure:
        return f"stopped: {failure.code}"
    except Failure as failure:
        return failure.code


PERSON = {"name": "Lind", "address": {"city": "Lund", "zip": None}}


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("get value", (PERSON, "name"), "Lind"),
        ("get value", (PERSON, "seats"), None),
        ("get value", ({"": 1}, ""), 1),
        ("get value", ([PERSON], "name"), "Lind"),
        ("get value", (PERSON, None), "eval.null"),
        ("get value", (None, "name"), "eval.null"),
        ("get value", ("name", "name"), "eval.type"),
        ("get value", (PERSON, 1), "eval.type"),
        ("get value", (PERSON,), "eval.arguments"),
        (
            "get entries",
            ({"a": 1, "b": None},),
            [{"key": "a", "value": 1}, {"key": "b", "value": None}],
        ),
        ("get entries", ({},), []),
        ("get entries", ([{"a": 1}, {"b": 2}],), "eval.type"),
        ("get entries", ({str(i): i for i in range(101)},), "stopped: eval.size"),
        ("get entries", (None,), "eval.null"),
        ("context", ([{"key": "a", "value": 1}, {"key": "b", "value": [2]}],), {"a": 1, "b": [2]}),
        ("context", ({"key": "a", "value": None},), {"a": None}),
        ("context", ([{"key": "a", "value": 1, "note": "x"}],), {"a": 1}),
        ("context", ([],), {}),
        ("context", ([{"key": "a"}],), "eval.type"),
        ("context", ([{"value": 1}],), "eval.type"),
        ("context", ([{"key": 1, "value": 1}],), "eval.type"),
        ("context", ([{"key": None, "value": 1}],), "eval.domain"),
        ("context", ([None],), "eval.domain"),
        ("context", ([{"key": "a", "value": 1}, {"key": "a", "value": 1}],), "eval.domain"),
        ("context", (None,), "eval.null"),
        ("context", ("a",), "eval.type"),
        ("context put", ({}, "a", 1), {"a": 1}),
        ("context put", ({"a": 1, "b": 2}, "a", None), {"a": None, "b": 2}),
        ("context put", ({}, "", 1), {"": 1}),
        ("context put", ({}, None, 1), "eval.null"),
        ("context put", (None, "a", 1), "eval.null"),
        ("context put", ({}, 1, 1), "eval.type"),
        ("context put", ([1], "a", 1), "eval.type"),
        ("context put", ({}, "a"), "eval.arguments"),
        (
            "context put",
            (PERSON, ["name"], "Ek"),
            {"name": "Ek", "address": {"city": "Lund", "zip": None}},
        ),
        (
            "context put",
            (PERSON, ["address", "city"], "Umeå"),
            {"name": "Lind", "address": {"city": "Umeå", "zip": None}},
        ),
        (
            "context put",
            (PERSON, ["address", "street"], "Å 1"),
            {"name": "Lind", "address": {"city": "Lund", "zip": None, "street": "Å 1"}},
        ),
        ("context put", (PERSON, ["address", "zip", "x"], 1), "eval.member"),
        ("context put", (PERSON, ["name", "x"], 1), "eval.member"),
        ("context put", (PERSON, ["other", "x"], 1), "eval.member"),
        ("context put", (PERSON, [], 1), "eval.domain"),
        ("context put", (PERSON, [None], 1), "eval.null"),
        ("context put", (PERSON, ["address", None], 1), "eval.null"),
        ("context put", (PERSON, [1], 1), "eval.type"),
        ("context merge", ([{"a": 1}, {"b": 2}, {"a": 3}],), {"a": 3, "b": 2}),
        ("context merge", ([],), {}),
        ("context merge", ({"a": 1},), {"a": 1}),
        ("context merge", ([{"a": {"x": 1}}, {"a": {"y": 2}}],), {"a": {"y": 2}}),
        ("context merge", ([{"a": 1}, None],), "eval.null"),
        ("context merge", ([{"a": 1}, 1],), "eval.type"),
        ("context merge", (None,), "eval.null"),
        ("context merge", ({"a": 1}, {"b": 1}), "eval.arguments"),
    ],
)
def test_contexts_are_read_made_and_changed(
    name: str, arguments: tuple[object, ...], expected: object
) -> None:
    assert call(name, *arguments) == feel(expected)


@pytest.mark.parametrize(
    ("name", "names", "arguments", "expected"),
    [
        ("get value", ["key", "m"], ("a", {"a": 1}), 1),
        ("get value", ["key", "context"], ("a", {"a": 1}), "eval.arguments"),
        ("get entries", ["m"], ({},), []),
        ("context", ["entries"], ([],), {}),
        ("context put", ["context", "key", "value"], ({}, "a", 1), {"a": 1}),
        ("context put", ["context", "keys", "value"], ({}, ["a"], 1), {"a": 1}),
        ("context put", ["context", "ky", "value"], ({}, "a", 1), "eval.arguments"),
        ("context merge", ["contexts"], ([{}],), {}),
    ],
)
def test_arguments_may_be_named_as_the_specification_names_them(
    name: str, names: list[str], arguments: tuple[object, ...], expected: object
) -> None:
    assert call(name, *arguments, names=names) == feel(expected)


def test_the_context_given_is_not_changed() -> None:
    inner: dict[str, Value] = {"city": "Lund"}
    person: dict[str, Value] = {"address": inner}
    runtime = Runtime()
    BY_NAME["context put"].signatures[1].function(runtime, person, ["address", "city"], "Umeå")
    BY_NAME["context merge"].signatures[0].function(runtime, [person, {"a": None}])
    assert person == {"address": {"city": "Lund"}}
    assert person["address"] is inner


def test_a_path_of_many_keys_needs_no_recursion() -> None:
    depth = 20_000
    context: dict[str, Value] = {}
    for _ in range(depth):
        context = {"a": context}
    keys: list[Value] = ["a"] * depth
    result = BY_NAME["context put"].signatures[1].function(Runtime(), context, keys, True)
    for _ in range(depth):
        assert isinstance(result, dict)
        result = result["a"]
    assert result is True


@pytest.mark.parametrize(
    ("signature", "given_types", "expected"),
    [
        (0, [ContextOf({"a": NUMBER}), STRING, NUMBER], ContextOf({"a": NUMBER})),
        (0, [ContextOf({"a": NUMBER}), STRING, STRING], ContextOf({"a": ANY})),
        (0, [ANY, STRING, STRING], ContextOf({})),
        (1, [ContextOf({"a": NUMBER}), ListOf(STRING), NUMBER], ContextOf({"a": ANY})),
    ],
)
def test_putting_an_entry_keeps_what_is_known_of_the_others(
    signature: int, given_types: list[Type], expected: Type
) -> None:
    returns = BY_NAME["context put"].signatures[signature].returns
    assert callable(returns)
    assert returns(given_types) == expected


CONTEXTS = st.dictionaries(st.text(max_size=3), st.none() | st.integers(0, 5) | st.text(max_size=2))


@given(CONTEXTS)
def test_a_context_is_made_again_of_its_entries(context: dict[str, object]) -> None:
    assert call("context", call("get entries", context)) == feel(context)


@given(CONTEXTS, st.text(max_size=3), st.integers(0, 5))
def test_what_is_put_in_is_found_again(context: dict[str, object], key: str, value: int) -> None:
    changed = call("context put", context, key, value)
    assert call("get value", changed, key) == value
    assert call("context merge", [context, {key: value}]) == changed
