"""The published schemas describe the format, and what they refuse is said in our own words."""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from subprocess import run
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from policyeval.errors import PolicyError
from policyeval.policy import yaml
from policyeval.policy.problems import Problems
from policyeval.policy.schema import DEPTH, Kind, check_structure, formats
from policyeval.policy.yaml import is_null
from policyeval.policy.yaml.numbers import is_number
from tests.policy import made_policy
from tools import chunks

ROOT = Path(__file__).parents[2]
KINDS: tuple[Kind, ...] = ("policy", "programme", "cases")
FILES = {
    "policy": made_policy.POLICY,
    "programme": made_policy.PROGRAMME,
    "cases": made_policy.CASES,
}


def schema(kind: Kind) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ROOT / f"schema/{kind}.schema.json").read_text("utf-8"))
    return found


def parts(node: Any) -> Iterator[dict[str, Any]]:
    """Give every schema within a schema."""
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from parts(value)
    elif isinstance(node, list):
        for value in node:
            yield from parts(value)


def as_an_editor_reads_it(node: yaml.Node) -> Any:
    """Give a file's values as YAML's core schema has them: numbers, true, false, null and texts."""
    match node:
        case yaml.Mapping():
            return {each.key.text: as_an_editor_reads_it(each.value) for each in node.entries}
        case yaml.Sequence():
            return [as_an_editor_reads_it(each) for each in node.items]
        case yaml.Scalar():
            return None if is_null(node) else scalar(node)


def scalar(node: yaml.Scalar) -> Any:
    if node.style != "plain":
        return node.text
    if node.text in {"true", "false"}:
        return node.text == "true"
    return json.loads(node.text) if is_number(node.text) else node.text


def problems(text: str, kind: Kind = "policy") -> Problems:
    document = made_policy.document(text)
    found = Problems(document.source)
    check_structure(document, kind, found)
    return found


# ------------------------------------------------------------------------------- the schemas


@pytest.mark.parametrize("kind", KINDS)
def test_a_schema_is_one_of_json_schema_2020_12(kind: Kind) -> None:
    Draft202012Validator.check_schema(schema(kind))
    assert schema(kind)["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize("kind", KINDS)
def test_every_key_has_a_title_and_says_what_it_is_for(kind: Kind) -> None:
    whole = schema(kind)
    for each in parts(whole):
        if "additionalProperties" not in each:
            continue
        for key, value in each.get("properties", {}).items():
            target = whole["$defs"].get(value.get("$ref", "").removeprefix("#/$defs/"), {})
            told = {**target, **value}
            assert told.get("title"), key
            assert told.get("description", "").endswith((".", "`")), key


@pytest.mark.parametrize("kind", KINDS)
def test_entries_with_keys_that_are_listed_have_no_others(kind: Kind) -> None:
    for each in parts(schema(kind)):
        if each.get("type") == "object":
            assert "additionalProperties" in each or "anyOf" in each


@pytest.mark.parametrize("kind", KINDS)
def test_no_pattern_can_be_slow(kind: Kind) -> None:
    """One run of characters after another, none of which can be divided in two ways."""
    for each in parts(schema(kind)):
        if isinstance(each.get("pattern"), str):
            assert re.fullmatch(r"\^(\[[^]]+\](\{\d\}-?)?)+\*?\$", each["pattern"])
            assert "maxLength" in each


@pytest.mark.parametrize("kind", KINDS)
def test_the_made_up_files_use_every_key_of_the_schemas(kind: Kind) -> None:
    listed = {
        key
        for each in parts(schema(kind))
        if "additionalProperties" in each and isinstance(each.get("properties"), dict)
        for key in each["properties"]
    }
    pending, used = [made_policy.document(FILES[kind]).root], set()
    while pending:
        node = pending.pop()
        if isinstance(node, yaml.Mapping):
            used |= {each.key.text for each in node.entries}
            pending += [each.value for each in node.entries]
        elif isinstance(node, yaml.Sequence):
            pending += node.items
    assert listed <= used


@pytest.mark.parametrize("kind", KINDS)
def test_a_good_file_passes_here_and_in_an_editor(kind: Kind) -> None:
    assert problems(FILES[kind], kind).found == ()
    read = as_an_editor_reads_it(made_policy.document(FILES[kind]).root)
    assert list(Draft202012Validator(schema(kind)).iter_errors(read)) == []


UNKNOWN = [
    each
    for each in chunks.read(chunks.FOLDER / "schema" / "unknown-key.yaml")
    if each.mode != "programme"
]


@pytest.mark.parametrize("chunk", UNKNOWN, ids=lambda chunk: chunk.name)
def test_an_editor_refuses_an_unknown_key_as_well(chunk: chunks.Chunk) -> None:
    read = as_an_editor_reads_it(made_policy.document(chunks.whole(chunk)).root)
    assert not Draft202012Validator(schema("policy")).is_valid(read)


# ------------------------------------------------------------------------------- the check


def codes(text: str, kind: Kind = "policy") -> list[tuple[str, int, int]]:
    found = problems(text, kind).found
    places = ((each, each.source.position(each.span.start)) for each in found)
    return [(each.code, at.line, at.column) for each, at in places]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cases: []\nformat: 1\nprogramme: a\n", []),
        ("cases: {}\nformat: 1\nprogramme: a\n", [("schema.type", 1, 8)]),
        ("cases: [{id: a}]\nformat: 1\nprogramme: a\n", [("schema.choice", 1, 10)]),
        (
            "cases: [{id: a, expect: {b: YES}, refused: [c]}]\nformat: 1\nprogramme: a\n",
            [("schema.choice", 1, 17)],
        ),
        (
            "cases: [{id: a, expect: {b: {verdict: Yes}}}]\nformat: 1\nprogramme: a\n",
            [("schema.enum", 1, 39)],
        ),
        (
            "cases: [{id: a, expct: {b: YES}}]\nformat: 1\nprogramme: a\n",
            [("schema.unknown-key", 1, 17)],
        ),
        (
            "cases: [{id: a, asked_on: 1.2.2024, expect: {b: {untl: null}}}]\nformat: 1\nprogramme: a\n",
            [("schema.format", 1, 27), ("schema.unknown-key", 1, 50)],
        ),
        ("format: 1\n", [("schema.required", 1, 1)]),
        ("[]\n", [("schema.type", 1, 1)]),
    ],
    ids=["good", "type", "none", "both", "case", "typo", "several", "required", "root"],
)
def test_a_file_of_cases_is_checked_too(text: str, expected: list[tuple[str, int, int]]) -> None:
    assert codes(text, "cases") == expected


@pytest.mark.parametrize(
    "value", ["2023", "1.50", "no", "on", "true", "~x", "0777", "2023-11-30", "'null'"]
)
def test_what_looks_like_another_kind_is_a_text_where_a_text_is_wanted(value: str) -> None:
    text = made_policy.POLICY.replace("one_of: [granted, refused]", f"one_of: [{value}, refused]")
    assert problems(text).found == ()


def test_a_key_that_is_called_no_or_on_stays_what_it_is() -> None:
    text = made_policy.POLICY.replace("  is_law_firm: {type", "  no: {type").replace(
        "  amount: {type", "  on: {type"
    )
    assert problems(text).found == ()


def test_a_file_that_is_nested_too_deeply_is_refused_before_it_is_looked_into() -> None:
    for depth in (DEPTH + 1, 60):
        value = "{by: a, b: " * depth + "1" + "}" * depth
        text = made_policy.POLICY.replace('duration("P180D")', value)
        assert [each.code for each in problems(text).found] == ["yaml.too-deep"]
    value = "{by: a, b: " * (DEPTH - 4) + "1" + "}" * (DEPTH - 4)
    assert problems(made_policy.POLICY.replace('duration("P180D")', value)).found == ()


def test_a_file_of_another_format_is_told_so_and_nothing_else() -> None:
    text = made_policy.POLICY.replace("format: 1", "format: 12").replace("kind:", "art:")
    (found,) = problems(text).found
    assert found.code == "schema.enum"
    assert "12" in found.message.text()


def test_the_library_is_loaded_only_where_a_file_is_checked() -> None:
    program = "import sys, policyeval.policy.loading; print('jsonschema' in sys.modules)"
    assert (
        run([sys.executable, "-c", program], capture_output=True, check=True).stdout == b"False\n"
    )


# ------------------------------------------------------------------------------- formats


@pytest.mark.parametrize(
    ("format_", "text"),
    [
        ("date", "1900-01-01"),
        ("date", "2199-12-31"),
        ("date", "2024-02-29"),
        ("moment", "2024-02-29"),
        ("moment", "2024-02-29T23:59:59"),
        ("moment", "2024-02-29T23:59:59.123456Z"),
        ("moment", "2024-02-29T00:00:00-05:30"),
        ("name", "a"),
        ("name", "a_" * 32),
        ("programme", "a.b-c_d"),
        ("version", "2023-11-30"),
        ("version", "before-2023"),
        ("slug", "sfs-1930-173-1"),
        ("clause-id", "4.5a"),
        ("clause-id", "§ 2"),
        ("zone", "Europe/Stockholm"),
        ("nothing of the kind", "?"),
    ],
)
def test_a_text_is_written_as_its_format_asks(format_: str, text: str) -> None:
    assert formats.complaint(format_, text) is None


@pytest.mark.parametrize(
    ("format_", "text"),
    [
        ("date", "1899-12-31"),
        ("date", "2200-01-01"),
        ("date", "2023-02-29"),
        ("date", "2024-1-31"),
        ("date", " 2024-01-31"),
        ("date", "2024-01-31\n"),
        ("date", "2024-W05-3"),
        ("date", "0000-01-01"),
        ("date", "10000-01-01"),
        ("date", "٢٠٢٤-٠١-٣١"),
        ("date", ""),
        ("moment", "2024-02-29T24:00:00"),
        ("moment", "2024-02-29T23:59:60"),
        ("moment", "2024-02-29T23:59"),
        ("moment", "2024-02-29T23:59:59+25:00"),
        ("moment", "2024-02-30T23:59:59"),
        ("instant", "2024-02-29"),
        ("name", "A"),
        ("name", "1a"),
        ("name", "_a"),
        ("name", "a-b"),
        ("name", "a b"),
        ("name", "a\n"),
        ("name", "ａ"),
        ("name", "a" * 65),
        ("name", ""),
        ("programme", "CON"),
        ("programme", "con"),
        ("programme", "a/b"),
        ("programme", "a%2Fb"),
        ("programme", "."),
        ("programme", "a" * 65),
        ("version", "programme"),
        ("version", "../x"),
        ("clause-id", ""),
        ("clause-id", "4.5a "),
        ("sha256", "e" * 63),
        ("sha256", "E" * 64),
        ("zone", "../x"),
        ("zone", "Europe/stockholm"),
        ("currency", "kr"),
        ("language", "Swedish"),
        ("file", "a/b"),
        ("file", ".."),
        ("words", "  "),
        ("words", "a" * 201),
    ],
)
def test_a_text_is_not_written_as_its_format_asks(format_: str, text: str) -> None:
    assert formats.complaint(format_, text) is not None


@settings(max_examples=300)
@given(st.text(max_size=40) | st.from_regex(r"[0-9T:.+Z -]{0,40}", fullmatch=True))
def test_no_text_at_all_breaks_the_check_of_a_format(text: str) -> None:
    for format_ in ("date", "moment", "instant", "name", "slug", "programme", "sha256", "zone"):
        found = formats.complaint(format_, text)
        if found is not None:
            assert found.text.text("sv")
            if found.help is not None and "text" in found.help.fields:
                # What is proposed is right.
                assert formats.complaint(format_, str(found.help.fields["text"])) is None
    day, moment = formats.day(text), formats.moment(text)
    assert day is None or day.isoformat() == text
    assert moment is None or moment.isoformat()[:10] == text[:10]


def test_what_the_schema_has_against_a_file_does_not_depend_on_the_order_of_its_keys() -> None:
    text = made_policy.POLICY.replace("kind: condition", "art: condition")
    whole = text.split("\n\n")
    turned = "\n\n".join([whole[0], *reversed(whole[1:])])

    def told(text: str) -> set[str]:
        with pytest.raises(PolicyError) as caught:
            made_policy.policy(text)
        return {f"{each.code} {each.message.text()}" for each in caught.value.diagnostics}

    assert told(text) == told(turned) != set()
