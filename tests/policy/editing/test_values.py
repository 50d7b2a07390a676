"""Setting, adding and removing by address: what is meant changes, and every other byte stays."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from policyeval.errors import PolicyError
from policyeval.policy import yaml
from policyeval.policy.addresses import Address, node_at
from policyeval.policy.addresses import read as address_of
from policyeval.policy.editing.splicing import Edit, spliced
from policyeval.policy.editing.trees import scalars
from policyeval.policy.editing.values import with_entry, with_value, without_entry
from policyeval.policy.yaml import Mapping, Node, Scalar, Sequence
from policyeval.source import Span
from tests.policy.editing.layouts import TEXTS, laid_out

FILE = """\
# a file by hand
clauses:
    "4.5a":   {lines: [38],   kind: condition}  # as it is
    "4.6":
        lines: [40]   # here
        kind: 'duty'

parameters:
    window:
        value:   duration("P180D")
        note: "days # no comment"
        long: >-   # in two lines
            one
            two
    rules:
    -   id: first
        that: a
    -   {id: second, that: b}"""


def at(text: str) -> Address:
    found = address_of(text)
    assert found is not None
    return found


SET = {
    "plain": (
        "parameters.window.value",
        'duration("P120D")',
        'duration("P180D")',
        'duration("P120D")',
    ),
    "no-longer-plain": ("parameters.window.value", "a: b", 'duration("P180D")', '"a: b"'),
    "a-comment-no-more": ("parameters.window.value", "a #b", 'duration("P180D")', '"a #b"'),
    "double-marks": ("parameters.window.note", 'say "x"', '"days # no comment"', '"say \\"x\\""'),
    "single-marks": ('clauses."4.6".kind', "it's", "'duty'", "'it''s'"),
    "not-in-single-marks": ('clauses."4.6".kind', "a\nb", "'duty'", '"a\\nb"'),
    "in-brackets": ('clauses."4.5a".kind', "x, y", "condition", '"x, y"'),
    "in-a-list": ('clauses."4.5a".lines.0', "39", "38", "39"),
    "by-id": ("parameters.rules.second.that", "c", "that: b", "that: c"),
    "in-a-block": (
        "parameters.window.long",
        "three",
        ">-   # in two lines\n            one\n            two",
        ">-   # in two lines\n            three",
    ),
    "a-block-of-lines": (
        "parameters.window.long",
        "a\nb",
        ">-   # in two lines\n            one\n            two",
        '"a\\nb"',
    ),
    "null": ("parameters.window.value", "null", 'duration("P180D")', "null"),
    "nothing": ("parameters.window.value", "", 'value:   duration("P180D")', "value:   "),
    "new": (
        "parameters.window.clause",
        "4.6",
        "            two\n",
        "            two\n        clause: 4.6\n",
    ),
    "new-in-brackets": (
        'clauses."4.5a".gist.sv',
        "ett, två",
        "kind: condition}",
        'kind: condition, gist: {sv: "ett, två"}}',
    ),
    "new-nested": (
        'clauses."4.6".gist.en',
        "one: two",
        "kind: 'duty'\n",
        "kind: 'duty'\n        gist: {en: \"one: two\"}\n",
    ),
    "new-at-the-end": (
        "parameters.more",
        "x",
        "that: b}",
        "that: b}\n    more: x",
    ),
}


@pytest.mark.parametrize("line_break", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("what", SET)
def test_a_text_is_set_and_every_other_byte_stays(what: str, mark: str, line_break: str) -> None:
    address, text, old, new = SET[what]
    assert FILE.count(old) == 1
    before = (mark + FILE).replace("\n", line_break).encode()
    after = (mark + FILE.replace(old, new)).replace("\n", line_break).encode()
    assert with_value(before, "p.yaml", at(address), text) == after


REMOVED = {
    "a-line": ("parameters.window.note", '        note: "days # no comment"\n', ""),
    "lines": (
        'clauses."4.6"',
        "    \"4.6\":\n        lines: [40]   # here\n        kind: 'duty'\n",
        "",
    ),
    "first-in-brackets": ('clauses."4.5a".lines', "lines: [38],   ", ""),
    "last-in-brackets": ('clauses."4.5a".kind', ",   kind: condition", ""),
    "beside-a-dash": ("parameters.rules.first.id", "id: first\n        that: a", "that: a"),
    "the-end": (
        "parameters.rules",
        "\n    rules:\n    -   id: first\n        that: a\n    -   {id: second, that: b}",
        "",
    ),
}


@pytest.mark.parametrize("line_break", ["\n", "\r\n"])
@pytest.mark.parametrize("what", REMOVED)
def test_an_entry_is_removed_and_every_other_byte_stays(what: str, line_break: str) -> None:
    address, old, new = REMOVED[what]
    assert FILE.count(old) == 1
    before = FILE.replace("\n", line_break).encode()
    after = FILE.replace(old, new).replace("\n", line_break).encode()
    assert without_entry(before, "p.yaml", at(address)) == after


@pytest.mark.parametrize(
    ("before", "address", "after"),
    [
        ("a: {b: 1}\n", "a.b", "a: {}\n"),
        ("a:\n  b: 1\n", "a.b", "a:\n  {}\n"),
        ("a: {b: 1, c: 2}\n", "a.b", "a: {c: 2}\n"),
    ],
)
def test_the_last_entry_leaves_empty_brackets(before: str, address: str, after: str) -> None:
    assert without_entry(before.encode(), "p.yaml", at(address)).decode() == after


@pytest.mark.parametrize(
    ("before", "after", "first"),
    [
        ("a: {}\n", "a: {k: v}\n", None),
        ("a: {b: 1}\n", "a: {k: v, b: 1}\n", None),
        ("a:\n   b: 1\n", "a:\n   k: v\n   b: 1\n", None),
        ("a:\n   b: 1 # x\n   c: 2\n", "a:\n   b: 1 # x\n   k: v\n   c: 2\n", "b"),
        ("a: {b: 1, c: 2}\n", "a: {b: 1, k: v, c: 2}\n", "b"),
    ],
)
def test_an_entry_is_added_where_it_is_wanted(before: str, after: str, first: str | None) -> None:
    found = with_entry(before.encode(), "p.yaml", ("a",), ("k",), "v", after=first)
    assert found.decode() == after


def test_there_must_be_something_to_change() -> None:
    raw = b"a: [1]\nb: {c: 1}\n"
    for address in (("a",), ("b", "c", "d"), ("a", "7")):
        with pytest.raises(ValueError, match=address[-1]):
            with_value(raw, "p.yaml", address, "x")
    with pytest.raises(ValueError, match="x"):
        without_entry(raw, "p.yaml", ("b", "x"))
    with pytest.raises(ValueError, match="nowhere"):
        with_entry(raw, "p.yaml", ("nowhere",), ("k",), "v", after=None)
    with pytest.raises(ValueError, match="x"):
        with_entry(raw, "p.yaml", ("b",), ("k",), "v", after="x")


def test_nothing_is_given_that_would_say_something_else() -> None:
    raw = b"a: 1\nb: 2\n"
    root = yaml.read(raw, "p.yaml").root
    with pytest.raises(PolicyError) as error:
        spliced(raw, "p.yaml", [Edit(Span(3, 4), "3")], root)
    assert [each.code for each in error.value.diagnostics] == ["fmt.refused"]
    assert "p.yaml:1:4" in str(error.value)
    with pytest.raises(PolicyError):
        spliced(raw, "p.yaml", [Edit(Span(3, 4), "{")], root)
    with pytest.raises(PolicyError):
        spliced(raw, "p.yaml", [Edit(Span(3, 4), "\ud800")], root)


def addresses(node: Node, before: Address = ()) -> list[Address]:
    """Give the address of every value that is a scalar."""
    match node:
        case Mapping(entries):
            return [
                found
                for each in entries
                for found in addresses(each.value, (*before, each.key.text))
            ]
        case Sequence(items):
            return [
                found
                for number, each in enumerate(items)
                for found in addresses(each, (*before, str(number)))
            ]
        case Scalar():
            return [before]


@given(laid_out(), st.sampled_from(TEXTS), st.data())
def test_any_text_can_be_set_anywhere(raw: bytes, text: str, data: st.DataObject) -> None:
    document = yaml.read(raw, "p.yaml")
    places = addresses(document.root)
    if not places:
        return
    address = data.draw(st.sampled_from(places))
    node = node_at(document.root, address)
    assert isinstance(node, Scalar)
    found = with_value(raw, "p.yaml", address, text)
    changed = node_at(yaml.read(found, "p.yaml").root, address)
    assert isinstance(changed, Scalar)
    assert changed.text == text
    source = document.source.text
    assert found.decode().removeprefix("\ufeff").startswith(source[: node.span.start])
    assert found.decode().endswith(source[node.span.end :])


@given(laid_out(), st.data())
def test_what_was_added_can_be_removed_again(raw: bytes, data: st.DataObject) -> None:
    document = yaml.read(raw, "p.yaml")
    # Where the text of a block ends with blanks its end is not known, and nothing is added after it.
    assume(
        not any(
            each.text.endswith(" ") and each.style == "block" for each in scalars(document.root)
        )
    )
    found = with_value(raw, "p.yaml", ("new_key",), data.draw(st.sampled_from(TEXTS)))
    assert without_entry(found, "p.yaml", ("new_key",)) == raw
    assert isinstance(document.root, Mapping)
