"""The canonical layout: one way to write a tree, whatever it looked like before."""

import pytest
from hypothesis import given

from policyeval.errors import PolicyError
from policyeval.policy import yaml
from policyeval.policy.editing import canonical as module
from policyeval.policy.editing.canonical import canonical
from policyeval.policy.editing.comments import comments
from policyeval.policy.editing.trees import scalars
from policyeval.source import Span
from tests.policy.editing.layouts import laid_out


def lay_out(text: str, **formulas: str) -> str:
    """Lay a file out; formulas are given by the keys that they stand under."""
    document = yaml.read(text.encode(), "p.yaml")
    entries = document.root.entries if isinstance(document.root, yaml.Mapping) else ()
    places: dict[Span, str] = {
        entry.value.span: formulas[entry.key.text]
        for entry in entries
        if entry.key.text in formulas
    }
    return canonical(document, places).decode()


@given(laid_out())
def test_the_tree_and_the_comments_stay_and_another_time_changes_nothing(raw: bytes) -> None:
    before = yaml.read(raw, "p.yaml")
    once = canonical(before, {})
    after = yaml.read(once, "p.yaml")
    assert after.root == before.root
    assert [each.text for each in comments(after)] == [each.text for each in comments(before)]
    assert canonical(after, {}) == once
    assert once.endswith(b"\n")
    assert b"\r" not in once
    assert not once.startswith((b"\xef\xbb\xbf", b"\n"))


def test_what_looks_like_a_comment_within_a_text_is_none() -> None:
    text = (
        "a: 'x # y' # one\nb: |  # two\n   # z\n   w # v\n# three\nc: x#y\nd: >-\n   # q\n"
        'e: {f: "#", g: h} # four\n? "#i" # five\n: j\n'
    )
    found = [each.text for each in comments(yaml.read(text.encode(), "p.yaml"))]
    assert found == ["# one", "# two", "# three", "# four", "# five"]


LAYOUTS = {
    "indentation": ("a:\n    b: 1\n    c:\n       - x\n", "a:\n  b: 1\n  c:\n    - x\n"),
    "lists-are-indented": ("a:\n- x\n- y: 1\n  z: 2\n", "a:\n  - x\n  - y: 1\n    z: 2\n"),
    "quotation-marks": ("a: 'x'\n'b': 'it''s'\n", 'a: "x"\n"b": "it\'s"\n'),
    "marks-without-escapes": ('a: "say \\"x\\""\n', "a: 'say \"x\"'\n"),
    "marks-are-kept-where-there-are-some": ('a: "2024-01-31"\nb: 2024-01-31\n',) * 2,
    "escapes-that-say-more-stay": ('a: "x\\u00a0y"\n',) * 2,
    "brackets": ("a: { b: 1,c: [ 1,2 ]}\n", "a: {b: 1, c: [1, 2]}\n"),
    "brackets-over-lines": ("a: {b: 1,\n  c: 2}\n", "a: {b: 1, c: 2}\n"),
    "brackets-that-are-too-long": (
        f"a: {{b: {'x' * 60}, c: {'y' * 60}, d: [1, 2]}}\n",
        f"a:\n  b: {'x' * 60}\n  c: {'y' * 60}\n  d: [1, 2]\n",
    ),
    "brackets-with-a-comment": (
        "a: {b: 1, # one\n  # two\n  c: 2}\n",
        "a:\n  b: 1  # one\n  # two\n  c: 2\n",
    ),
    "a-pair-in-a-list": ("a: [b: 1, c: 2]\n", "a: [{b: 1}, {c: 2}]\n"),
    "blank-lines": ("\n\na: 1\n\n\n\nb:\n\n  c: 1\n\n", "a: 1\n\nb:\n  c: 1\n"),
    "white-space-and-line-ends": ("a: 1  \r\nb: 2\t\r\nc: x", "a: 1\nb: 2\nc: x\n"),
    "byte-order-mark": ("\ufeffa: 1\n", "a: 1\n"),
    "document-marks": ("--- # first\na: 1\n...\n", "# first\na: 1\n"),
    "comments-beside": ("a: 1 # one\nb: # two\n    c: 3\n", "a: 1  # one\nb:  # two\n  c: 3\n"),
    "comments-belong-where-they-are-indented": (
        "a:\n    b: 1\n    # of a\n# of c\nc: 2\n",
        "a:\n  b: 1\n  # of a\n# of c\nc: 2\n",
    ),
    "a-comment-below-a-list": ("a:\n- 1\n# of b\nb: 2\n", "a:\n  - 1\n# of b\nb: 2\n"),
    "a-comment-before-a-value": ("a: # one\n  # two\n  x\n", "# one\n# two\na: x\n"),
    "a-comment-of-a-block": ("a: >-  # why\n     x\n     y\n", "a: >-  # why\n  x\n  y\n"),
    "blocks": ("a: |\n     x\n       y\n\n     z\n\n\nb: 1\n", "a: |\n  x\n    y\n\n  z\n\nb: 1\n"),
    "a-block-that-begins-with-blanks": ("a: |1-\n   x\n", "a: |2-\n    x\n"),
    "lines-of-a-long-text-stay": ("a: one\n     two\n   three\n", "a: one\n  two\n  three\n"),
    "lines-in-quotation-marks-stay": ('a: "one \n   two"\n', 'a: "one\n  two"\n'),
    "an-escaped-blank-at-the-end-of-a-line": ('a: "one\\ \n   two"\n', 'a: "one\\ \n  two"\n'),
    "keys-with-a-question-mark": ('? "a"\n: b: 1\n', '"a":\n  b: 1\n'),
    "lists-in-lists": ("-   - a\n    -   b\n-\n  - c\n", "- - a\n  - b\n- - c\n"),
    "nothing": ("a:\nb: {}\nc: []\n- \n"[:-3], "a:\nb: {}\nc: []\n"),
    "one-text": ("x  # one\n", "x  # one\n"),
    "everything-in-brackets": ("{a: 1,\n b: 2} # x\n", "{a: 1, b: 2}  # x\n"),
}


@pytest.mark.parametrize("what", LAYOUTS)
def test_there_is_one_layout(what: str) -> None:
    before, after = LAYOUTS[what]
    assert lay_out(before) == after
    assert lay_out(after) == after


FORMULAS = {
    "plain": ("f: a+b\n", "a + b", "f: a + b\n"),
    "quoted": ("f: 'a+b'\n", "a + b", 'f: "a + b"\n'),
    "no-longer-plain": ("f: x\n", "{a: 1}", 'f: "{a: 1}"\n'),
    "in-brackets": ('f: "1"\n', '"a", "b"', 'f: \'"a", "b"\'\n'),
    "broken-where-it-was": ("f: a+b\n   +  c\n", "a + b + c", "f: a + b\n  + c\n"),
    "broken-in-quotation-marks": ("f: 'a+b\n   +  c'\n", "a + b + c", 'f: "a + b\n  + c"\n'),
    "a-block": ("f: >\n    a+b\n    + c\n", "a + b + c", "f: >-\n  a + b\n  + c\n"),
    "a-literal-block": ("f: |\n    a+b\n    + c\n", "a + b + c", "f: >-\n  a + b\n  + c\n"),
    "a-block-of-something-else": ("f: >-\n    (a)\n    + c\n", "a + c", "f: >-\n  a + c\n"),
    "a-break-that-is-none-any-more": (
        f"f: >-\n  g(\n  {'x' * 60}, {'y' * 60})\n",
        f"g({'x' * 60}, {'y' * 60})",
        f"f: >-\n  g({'x' * 60},\n  {'y' * 60})\n",
    ),
}


@pytest.mark.parametrize("what", FORMULAS)
def test_an_expression_gets_its_canonical_text(what: str) -> None:
    before, formula, after = FORMULAS[what]
    assert lay_out(before, f=formula) == after
    assert lay_out(after, f=formula) == after


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("a: 1\n", "could not be read"),
        ("a: {\n", "could not be read"),
        ("a: 2  # x\nb: 2\n", "read in another way"),
        ("a: 1  # x\nc: 2\n", "read in another way"),
        ("a: 1  # x\nb: 2\nc: 3\n", "read in another way"),
        ("a: 1\nb: 2\n", "comment would be lost"),
        ("a: 1 # x\nb: 2\n", None),
    ],
)
def test_a_file_is_refused_where_the_layout_would_say_something_else(
    monkeypatch: pytest.MonkeyPatch, written: str, why: str | None
) -> None:
    document = yaml.read(b"a: 1 # x\nb: 2\n", "p.yaml")
    monkeypatch.setattr(module, "laid_out", lambda *_: written)
    if why is None:
        assert canonical(document, {}) == written.encode()
        return
    if why == "could not be read":
        monkeypatch.setattr(module, "laid_out", lambda *_: "a: {\n")
    with pytest.raises(PolicyError) as error:
        canonical(document, {})
    assert [each.code for each in error.value.diagnostics] == ["fmt.refused"]
    assert why in str(error.value)


def test_a_file_is_refused_where_the_layout_would_change_every_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    document = yaml.read(b"a: 1\n", "p.yaml")
    written = iter(["a:  1\n", "a:   1\n"])
    monkeypatch.setattr(module, "laid_out", lambda *_: next(written))
    with pytest.raises(PolicyError, match="the layout would change every time"):
        canonical(document, {})


def test_scalars_come_in_the_order_of_the_file() -> None:
    document = yaml.read(b"a: [1, {b: 2}]\nc: 3\n", "p.yaml")
    assert [each.text for each in scalars(document.root)] == ["a", "1", "b", "2", "c", "3"]
