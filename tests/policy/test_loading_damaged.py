"""Whatever is done to a good file, it loads or is refused in order; nothing else ever happens."""

from collections.abc import Callable
from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policyeval.diagnostics import Diagnostic, render
from policyeval.errors import PolicyError
from policyeval.policy import yaml
from policyeval.policy.loading import load_policy, load_programme
from policyeval.policy.loading.policies import policy_of
from policyeval.policy.loading.programmes import programme_of
from policyeval.policy.problems import Problems
from policyeval.policy.schema import Kind, check_structure
from policyeval.policy.yaml import Entry, Mapping, Node, Scalar, Sequence
from policyeval.policy.yaml.nodes import Style
from policyeval.source import Span
from tests.policy.made_policy import CASES, POLICY, PROGRAMME, document

LOADERS: dict[str, Callable[[bytes, str], object]] = {
    POLICY: load_policy,
    PROGRAMME: load_programme,
}
CHARACTERS = st.sampled_from([*"{}[]:,-#'\"|>&*!%@?=<>() \n\t\\xa019.é\u202e\x00", "null", "by: "])


def problems_of(text: str, load: Callable[[bytes, str], object]) -> tuple[Diagnostic, ...]:
    try:
        load(text.encode("utf-8", "surrogatepass"), "policy.yaml")
    except PolicyError as error:
        return error.diagnostics or pytest.fail("refused without a reason")
    return ()


def loads_or_is_refused(text: str, load: Callable[[bytes, str], object]) -> None:
    for each in problems_of(text, load):
        assert render(each, "sv")
        assert 0 <= each.span.start <= each.span.end <= len(each.source.text) + 1


@settings(max_examples=150)
@given(st.data(), st.sampled_from([POLICY, PROGRAMME]))
def test_a_file_with_lines_missing_or_moved_loads_or_is_refused(
    data: st.DataObject, text: str
) -> None:
    lines = text.split("\n")
    for _ in range(data.draw(st.integers(1, 3))):
        index = data.draw(st.integers(0, len(lines) - 1))
        match data.draw(st.sampled_from(["drop", "swap", "repeat", "indent", "outdent"])):
            case "drop":
                del lines[index]
            case "swap":
                other = data.draw(st.integers(0, len(lines) - 1))
                lines[index], lines[other] = lines[other], lines[index]
            case "repeat":
                lines.insert(index, lines[index])
            case "indent":
                lines[index] = f"  {lines[index]}"
            case _:
                lines[index] = lines[index].removeprefix("  ")
    loads_or_is_refused("\n".join(lines), LOADERS[text])


@settings(max_examples=200)
@given(st.data(), st.sampled_from([POLICY, PROGRAMME]))
def test_a_file_with_characters_changed_loads_or_is_refused(data: st.DataObject, text: str) -> None:
    changed = text
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(changed) - 1))
        new = data.draw(CHARACTERS | st.characters())
        width = data.draw(st.integers(0, 2))
        changed = changed[:at] + new + changed[at + width :]
    loads_or_is_refused(changed, LOADERS[text])


def test_a_file_that_is_cut_off_loads_or_is_refused() -> None:
    for end in range(0, len(POLICY), 31):
        loads_or_is_refused(POLICY[:end], load_policy)
    for end in range(0, len(PROGRAMME), 31):
        loads_or_is_refused(PROGRAMME[:end], load_programme)


# ------------------------------------------------------------------------------- trees


WORDS = st.sampled_from(
    [
        "",
        "1 +",
        "x" * 300,
        *[
            "null",
            "true",
            "1",
            "-1",
            "1.5",
            "a",
            "by",
            "2024-01-31",
            "happened(a)",
            "list<context>",
        ],
        *["{a}", "{a", "[", "COLLECT", "ö", "type", "when", "date", "*", "~"],
    ]
)
STYLES: st.SearchStrategy[Style] = st.sampled_from(get_args(Style))


def scalar(text: str, style: Style = "plain") -> Scalar:
    return Scalar(text, style, span=Span(0, 1), pieces=())


def mapping(given: dict[str, Node]) -> Mapping:
    return Mapping(
        tuple(Entry(scalar(key), value) for key, value in given.items()), span=Span(0, 1)
    )


NODES: st.SearchStrategy[Node] = st.recursive(
    st.builds(scalar, WORDS, STYLES),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda each: Sequence(tuple(each), span=Span(0, 1)))
        | st.dictionaries(WORDS, inner, max_size=3).map(mapping)
    ),
    max_leaves=6,
)


def places(node: Node, path: tuple[int, ...] = ()) -> list[tuple[int, ...]]:
    """Give the way to every node of a tree."""
    found = [path]
    if isinstance(node, Mapping):
        for index, each in enumerate(node.entries):
            found += places(each.value, (*path, index))
    elif isinstance(node, Sequence):
        for index, item in enumerate(node.items):
            found += places(item, (*path, index))
    return found


def changed(node: Node, path: tuple[int, ...], new: Node | None) -> Node:
    """Put another node at a place, or none."""
    if not path:
        return node if new is None else new
    index, *rest = path
    if isinstance(node, Mapping):
        entries = list(node.entries)
        if rest or new is not None:
            inner = changed(entries[index].value, tuple(rest), new)
            entries[index] = Entry(entries[index].key, inner)
        else:
            del entries[index]
        return replace(node, entries=tuple(entries))
    assert isinstance(node, Sequence)
    items = list(node.items)
    if rest or new is not None:
        items[index] = changed(items[index], tuple(rest), new)
    else:
        del items[index]
    return replace(node, items=tuple(items))


TREES = {text: document(text) for text in (POLICY, PROGRAMME, CASES)}
PLACES = {text: places(made.root) for text, made in TREES.items()}


def damaged(data: st.DataObject, text: str) -> yaml.Document:
    made = TREES[text]
    path = data.draw(st.sampled_from(PLACES[text]))
    return replace(made, root=changed(made.root, path, data.draw(st.none() | NODES)))


@settings(max_examples=200)
@given(st.data(), st.sampled_from([POLICY, PROGRAMME]))
def test_a_tree_of_any_shape_gives_a_record_or_a_problem(data: st.DataObject, text: str) -> None:
    """The loader does not rely on the check of the schema, and has something to say where that has."""
    made = damaged(data, text)
    for checked in (True, False):
        problems = Problems(made.source)
        if checked:
            check_structure(made, "policy" if text == POLICY else "programme", problems)
        found = policy_of(made, problems) if text == POLICY else programme_of(made, problems)
        assert (found is None) == problems.fatal


@settings(max_examples=150)
@given(st.data(), st.sampled_from([POLICY, PROGRAMME, CASES]))
def test_a_tree_of_any_shape_can_be_checked(data: st.DataObject, text: str) -> None:
    made = damaged(data, text)
    kind: Kind = "policy"
    if text != POLICY:
        kind = "programme" if text == PROGRAMME else "cases"
    problems = Problems(made.source)
    check_structure(made, kind, problems)
    for each in problems.found:
        assert each.code.startswith(("schema.", "yaml.too-"))
        assert each.message.text("de")


# ------------------------------------------------------------------------------- hostile files


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (POLICY.replace("    format: money", "    effekt: 1"), "schema.unknown-key"),
        (POLICY.replace("kind: condition", "kind: Deny"), "schema.enum"),
        (POLICY.replace("when: is_law_firm, ", ""), "schema.required"),
        ("a: 1\n" * 3_000, "yaml.duplicate-key"),
        ("".join(f"k{number}: 1\n" for number in range(3_000)), "schema.unknown-key"),
        ("[" * 40 + "]" * 40, "yaml.too-deep"),
        (POLICY.replace("date(referred_at) + approval_window", "(" * 100), "feel.too-deep"),
        (
            POLICY.replace("date(referred_at) + approval_window", "a + " * 3_000 + "a"),
            "feel.too-long",
        ),
        (
            POLICY.replace("en: law firm}, clause", 'en: "' + "{" * 5_001 + '"}, clause'),
            "schema.format",
        ),
        (POLICY.replace("type: date?", "type: " + "list<" * 60 + "date" + ">" * 60), "schema.enum"),
        (POLICY.replace("type: date?", "type: function<date> -> date"), "schema.enum"),
        (POLICY.replace("type: date?", 'type: "da\\nte"'), "feel.unknown-type"),
    ],
    ids=[
        "effekt",
        "deny",
        "when",
        "twice",
        "keys",
        "deep",
        "brackets",
        "long",
        "braces",
        "lists",
        "function",
        "break",
    ],
)
def test_a_hostile_file_is_refused_with_a_reason(text: str, code: str) -> None:
    with pytest.raises(PolicyError) as caught:
        load_policy(text.encode(), "policy.yaml")
    assert code in {each.code for each in caught.value.diagnostics}


def test_many_problems_are_cut_off_with_a_word_about_the_rest() -> None:
    rules = "".join(f"  a{number}: {{kind: Deny}}\n" for number in range(2_000))
    with pytest.raises(PolicyError) as caught:
        load_policy(f"clauses:\n{rules}".encode(), "policy.yaml")
    assert len(caught.value.diagnostics) == 101
    assert caught.value.diagnostics[-1].code == "yaml.too-many-problems"
