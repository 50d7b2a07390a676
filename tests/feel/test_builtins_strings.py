"""The built-ins on texts, called as an expression calls them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyeval.feel.builtins.strings import BUILTINS
from policyeval.feel.failure import BudgetExceededError, Failure
from policyeval.feel.invocation import select
from policyeval.feel.runtime import Budget, Runtime
from policyeval.feel.values import Value

BY_NAME = {each.name: each for each in BUILTINS}
HORSE = "\U0001f40e"


def call(name: str, *arguments: object, names: list[str] | None = None) -> object:
    """Give the result of a call, or the code of its failure; ints are numbers."""
    values: list[Value] = [number(each) for each in arguments]
    runtime = Runtime(Budget(string_length=1_000, list_length=100))
    try:
        signature, converted = select(BY_NAME[name], values, names)
        given = [runtime, *converted] if signature.needs_runtime else converted
        return signature.function(*given)
    except BudgetExceededError as failure:
        return f"stopped: {failure.code}"
    except Failure as failure:
        return failure.code


def number(value: object) -> Value:
    if type(value) in (int, float):
        return Decimal(str(value))
    return [number(each) for each in value] if isinstance(value, list) else value  # type: ignore[return-value]  # the tables have FEEL values only


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("invoice", 1), "invoice"),
        (("invoice", 3), "voice"),
        (("invoice", 7), "e"),
        (("invoice", -1), "e"),
        (("invoice", -7), "invoice"),
        (("invoice", 3, 2), "vo"),
        (("invoice", -5, 2), "vo"),
        (("invoice", 3, 2.9), "vo"),
        (("invoice", 3.9, 2), "vo"),
        (("invoice", -3.9), "ice"),
        (("invoice", 6, 2), "ce"),
        (("invoice", 6, 2.9), "ce"),
        (("invoice", -2, 2), "ce"),
        (("invoice", 6, 3), "eval.domain"),
        (("invoice", -2, 3), "eval.domain"),
        ((f"{HORSE}{HORSE}a", 3), "a"),
        ((f"a{HORSE}b", 2, 1), HORSE),
        ((["invoice"], 7), "e"),
        (("invoice", 0), "eval.domain"),
        (("invoice", 0.9), "eval.domain"),
        (("invoice", 8), "eval.domain"),
        (("invoice", -8), "eval.domain"),
        (("", 1), "eval.domain"),
        (("invoice", 1, 0), "eval.domain"),
        (("invoice", 1, 0.5), "eval.domain"),
        (("invoice", 1, -1), "eval.domain"),
        (("invoice", Decimal("1e6000")), "eval.domain"),
        (("invoice", Decimal("-1e6000")), "eval.domain"),
        (("invoice", 2, Decimal("1e6000")), "eval.domain"),
        (("invoice", "1"), "eval.type"),
        ((1, 1), "eval.type"),
        ((None, 1), "eval.null"),
        (("invoice", None), "eval.null"),
        (("invoice", 1, None), "eval.null"),
        (("invoice",), "eval.arguments"),
        (("invoice", 1, 1, 1), "eval.arguments"),
    ],
)
def test_a_part_of_a_text_starts_at_a_position(
    arguments: tuple[object, ...], expected: str
) -> None:
    assert call("substring", *arguments) == expected


def test_a_part_of_a_text_may_be_asked_for_by_names() -> None:
    assert call("substring", 3, "invoice", names=["start position", "string"]) == "voice"
    assert call("substring", 3, "invoice", names=["start", "string"]) == "eval.arguments"


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("string length", ("",), Decimal(0)),
        ("string length", ("åäö",), Decimal(3)),
        ("string length", (HORSE,), Decimal(1)),
        ("string length", ("e\u0301",), Decimal(2)),
        ("string length", (None,), "eval.null"),
        ("string length", (1,), "eval.type"),
        ("upper case", ("åäö ß 1",), "ÅÄÖ SS 1"),
        ("upper case", ("",), ""),
        ("upper case", ("ß" * 501,), "stopped: eval.size"),
        ("lower case", ("ÅÄÖ 1",), "åäö 1"),
        ("lower case", ("ΟΔΟΣ",), "οδος"),
        ("lower case", (None,), "eval.null"),
        ("substring before", ("a-b-c", "-"), "a"),
        ("substring before", ("abc", "x"), ""),
        ("substring before", ("abc", ""), ""),
        ("substring before", ("", "a"), ""),
        ("substring before", ("abc", "a"), ""),
        ("substring before", ("abc", None), "eval.null"),
        ("substring after", ("a-b-c", "-"), "b-c"),
        ("substring after", ("abc", "x"), ""),
        ("substring after", ("abc", ""), "abc"),
        ("substring after", ("", ""), ""),
        ("substring after", ("abc", "c"), ""),
        ("substring after", (None, "c"), "eval.null"),
        ("contains", ("abc", "bc"), True),
        ("contains", ("abc", ""), True),
        ("contains", ("", "a"), False),
        ("contains", ("abc", "B"), False),
        ("contains", (None, "a"), "eval.null"),
        ("starts with", ("abc", "ab"), True),
        ("starts with", ("abc", "b"), False),
        ("starts with", ("abc", ""), True),
        ("starts with", ("abc", None), "eval.null"),
        ("ends with", ("abc", "bc"), True),
        ("ends with", ("abc", "b"), False),
        ("ends with", ("", ""), True),
        ("ends with", (3, "b"), "eval.type"),
    ],
)
def test_texts_are_measured_changed_and_searched(
    name: str, arguments: tuple[object, ...], expected: object
) -> None:
    assert call(name, *arguments) == expected


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("matches", ("invoice 17", r"\d+"), True),
        ("matches", ("invoice 17", r"^\d+$"), False),
        ("matches", ("INVOICE", "invoice", "i"), True),
        ("matches", ("invoice", "invoice", None), True),
        ("matches", ("invoice", "invoice", ""), True),
        ("matches", ("invoice", "(", None), "eval.regex"),
        ("matches", ("invoice", "i", "w"), "eval.regex"),
        ("matches", (None, "i"), "eval.null"),
        ("matches", ("invoice", None), "eval.null"),
        ("matches", ("invoice", "i", 1), "eval.type"),
        ("matches", ("invoice", "i", "i", "i"), "eval.arguments"),
        ("matches", ("noon", r"(n)o+\1"), True),
        ("replace", ("17/01", r"(\d+)/(\d+)", "$2-$1"), "01-17"),
        ("replace", ("AbA", "a", "x", "i"), "xbx"),
        ("replace", ("AbA", "a", "x", None), "AbA"),
        ("replace", ("abc", "x*", "-"), "eval.regex"),
        ("replace", ("abc", "b", "$"), "eval.regex"),
        ("replace", ("abc", "b", None), "eval.null"),
        ("replace", ("a" * 600, "a", "$0$0"), "stopped: eval.size"),
        ("split", ("a;b;;", ";"), ["a", "b", "", ""]),
        ("split", ("a  b", r"\s+"), ["a", "b"]),
        ("split", ("", ";"), [""]),
        ("split", ("abc", ""), "eval.regex"),
        ("split", ("abc",), "eval.arguments"),
        ("split", (";" * 100, ";"), "stopped: eval.size"),
        ("split", (None, ";"), "eval.null"),
        ("string join", (["a", "b", "c"], "-"), "a-b-c"),
        ("string join", (["a", "b"],), "ab"),
        ("string join", (["a", "b"], None), "ab"),
        ("string join", (["a", None, "b", None], "-"), "a-b"),
        ("string join", ([None], "-"), ""),
        ("string join", ([], "-"), ""),
        ("string join", (["", ""], "-"), "-"),
        ("string join", ("a", "-"), "a"),
        ("string join", (["a", 1], "-"), "eval.type"),
        ("string join", (1,), "eval.type"),
        ("string join", (None,), "eval.null"),
        ("string join", (["a" * 600, "b" * 600],), "stopped: eval.size"),
        ("string join", (["a", "b"], "-" * 1000), "stopped: eval.size"),
        ("string join", (["a"], "-", "x"), "eval.arguments"),
    ],
)
def test_patterns_and_lists_of_texts(
    name: str, arguments: tuple[object, ...], expected: object
) -> None:
    assert call(name, *arguments) == expected


def test_the_parameters_are_called_as_the_specification_calls_them() -> None:
    assert {
        each.name: [parameter.name for parameter in each.signatures[0].parameters]
        for each in BUILTINS
    } == {
        "substring": ["string", "start position", "length"],
        "string length": ["string"],
        "upper case": ["string"],
        "lower case": ["string"],
        "substring before": ["string", "match"],
        "substring after": ["string", "match"],
        "contains": ["string", "match"],
        "starts with": ["string", "match"],
        "ends with": ["string", "match"],
        "replace": ["input", "pattern", "replacement", "flags"],
        "matches": ["input", "pattern", "flags"],
        "split": ["string", "delimiter"],
        "string join": ["list", "delimiter"],
    }


TEXTS = st.text(max_size=20)
PLAIN = st.text("ab, ", max_size=12)


@given(TEXTS, st.integers(1, 20), st.integers(1, 20))
def test_a_part_of_a_text_is_in_the_text(text: str, start: int, length: int) -> None:
    part = call("substring", text, start, length)
    if start + length - 1 > len(text):
        assert part == "eval.domain"
    else:
        assert part == text[start - 1 : start - 1 + length]
        assert call("contains", text, part) is True


@given(PLAIN, st.text("ab, ", min_size=1, max_size=2))
def test_what_stands_before_and_after_a_match_makes_the_text_with_it(text: str, match: str) -> None:
    before, after = call("substring before", text, match), call("substring after", text, match)
    if match in text:
        assert f"{before}{match}{after}" == text
        assert call("starts with", text, f"{before}{match}") is True
        assert call("ends with", text, after) is True
    else:
        assert (before, after) == ("", "")


@given(st.lists(st.text("ab ", max_size=3), min_size=1, max_size=8))
def test_a_joined_text_is_split_into_its_parts(parts: list[str]) -> None:
    joined = call("string join", parts, ";")
    assert call("split", joined, ";") == parts


@given(TEXTS)
def test_changing_the_case_twice_changes_nothing_more(text: str) -> None:
    upper = call("upper case", text)
    assert call("upper case", upper) == upper
