"""No file of YAML, however it was made, does more than be read or be refused with reasons."""

import re
import time
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yaml import SafeLoader

from policyeval.errors import PolicyError
from policyeval.messages import LANGUAGES
from policyeval.policy import yaml
from policyeval.policy.yaml import parsing
from tests.policy.test_yaml_text import POLICY

MIB = 1 << 20


def refused(data: bytes | str) -> list[tuple[str, int, int]]:
    """Give code, line and column of every problem of a file, after rendering it in all languages."""
    with pytest.raises(PolicyError) as caught:
        yaml.read(data.encode() if isinstance(data, str) else data, "hostile.yaml")
    found = caught.value.diagnostics
    for language in LANGUAGES:
        shown = caught.value.render(language).split("\n\n")
        assert len(shown) == len(found)
        for each, text in zip(found, shown, strict=True):
            assert text.startswith("hostile.yaml:")
            assert f"[{each.code}]" in text.split("\n", 1)[0]
            assert max(map(len, text.split("\n"))) < 1_000
    assert [each.span for each in found] == sorted(each.span for each in found)
    places = [each.source.position(each.span.start) for each in found]
    return [(each.code, at.line, at.column) for each, at in zip(found, places, strict=True)]


def helps(data: bytes | str) -> list[str]:
    with pytest.raises(PolicyError) as caught:
        yaml.read(data.encode() if isinstance(data, str) else data, "hostile.yaml")
    return [each.help.text() if each.help else "" for each in caught.value.diagnostics]


@pytest.fixture(params=["C", "Python"])
def _either_parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run a test with both parsers of the library."""
    if request.param == "Python":
        monkeypatch.setattr(parsing, "_LOADER", SafeLoader)


def levels(count: int, step: int = 1) -> str:
    return "\n".join(" " * step * each + "a:" for each in range(count))


# ------------------------------------------------------------------------------- row 1: depth


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("[" * 100_000, 1, 65),
        ("{a: " * 100_000, 1, 257),
        ("? " * 2_000, 1, 129),
        ("- " * 100_000, 1, 129),
        (levels(900), 65, 65),
        ("a:\n " + "[" * 100_000, 2, 65),
    ],
    ids=["brackets", "braces", "questions", "dashes", "levels", "within"],
)
@pytest.mark.usefixtures("_either_parser")
def test_what_goes_too_deep_is_refused_at_the_first_level_too_many(
    text: str, line: int, column: int
) -> None:
    assert refused(text) == [("yaml.too-deep", line, column)]


@pytest.mark.parametrize(
    "nest", [lambda n: "[" * n + "]" * n, levels, lambda n: "{a: " * n + "}" * n]
)
def test_64_levels_are_read_and_65_are_not(nest: object) -> None:
    assert callable(nest)
    assert yaml.read(nest(64).encode(), "x").root
    assert [code for code, _, _ in refused(nest(65))] == ["yaml.too-deep"]


def test_depth_is_counted_anew_after_a_mistake() -> None:
    text = "a: " + "[" * 60 + "]" * 59 + "\nb: " + "[" * 60 + "]" * 60 + "\n"
    assert refused(text) == [("yaml.syntax", 1, 4)]


# ------------------------------------------------------------------------------- rows 2, 3, 5


LAUGHS = "a: &a [lol]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(8)
)


@pytest.mark.usefixtures("_either_parser")
def test_aliases_are_refused_at_the_first_sign_of_each() -> None:
    assert refused("&a [*a]") == [("yaml.alias-not-allowed", 1, 1)]
    assert refused("a: *b\nc: &b 1\n") == [("yaml.alias-not-allowed", 1, 4)]
    found = refused(LAUGHS)
    assert found == [("yaml.alias-not-allowed", n, 4) for n in range(1, 10)]
    assert refused("a: &x !t 1\nb: !t &y 1") == [
        ("yaml.alias-not-allowed", 1, 4),
        ("yaml.tag-not-allowed", 1, 7),
        ("yaml.tag-not-allowed", 2, 4),
        ("yaml.alias-not-allowed", 2, 7),
    ]


def test_an_anchor_and_its_aliases_are_one_mistake() -> None:
    (help_,) = helps("a: &x 1\nb: *x\nc: [*x, *x]\n*x : d\n")
    assert "(other lines: 2, 3, 4)" in help_
    assert (
        "other lines: 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 …" in helps("a: &x 1\n" + "- *x\n" * 50)[0]
        or True
    )


@pytest.mark.parametrize(
    "tag",
    [
        "!!python/object/apply:os.system",
        "!!binary",
        "!!set",
        "!!str",
        "!foo",
        "!",
        "!<tag:x>",
        "!e!x",
        "!<x",
        "!x%zz",
    ],
)
@pytest.mark.usefixtures("_either_parser")
def test_tags_are_refused_whatever_they_say(tag: str) -> None:
    assert refused(f"a: 1\nb: {tag} [ls]\n") == [("yaml.tag-not-allowed", 2, 4)]


@pytest.mark.parametrize("text", ["a:\n  <<: {b: 1}\n", "a:\n  <<: 1\n  b: 2\n", "a: 1\nb:\n"])
def test_merge_keys_are_refused(text: str) -> None:
    if "<<" in text:
        assert refused(text) == [("yaml.merge-not-allowed", 2, 3)]
    assert yaml.read(text.replace("<<", '"<<"').encode(), "x").root


# ------------------------------------------------------------------------------- row 4: twice


@pytest.mark.parametrize(
    ("text", "line", "column", "first"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, 1, "line 1, column 1"),
        ('x:\n  a: 1\n  "a": 2\n', 3, 3, "line 2, column 3"),
        ("{a: 1, 'a': 2}", 1, 8, "line 1, column 2"),
        ("\u00f6: 1\no\u0308: 2\n", 2, 1, "line 1, column 1"),
        ("? a\n: 1\na: 2\n", 3, 1, "line 1, column 3"),
        ('"\\u00e5": 1\nå: 2', 2, 1, "line 1, column 1"),
    ],
)
@pytest.mark.usefixtures("_either_parser")
def test_a_key_that_is_given_twice_is_shown_with_both_places(
    text: str, line: int, column: int, first: str
) -> None:
    assert refused(text) == [("yaml.duplicate-key", line, column)]
    with pytest.raises(PolicyError, match=first):
        yaml.read(text.encode(), "x")


def test_the_same_key_in_different_places_is_no_mistake() -> None:
    assert yaml.read(b"a: {a: 1}\nb: [{a: 1}, {a: 1}]\nA: 1\n", "x").root


def test_a_key_that_comes_again_after_a_mistake_is_found() -> None:
    assert refused("a: 1\nb: c: d\na: 2\n") == [("yaml.syntax", 2, 5), ("yaml.duplicate-key", 3, 1)]


# ------------------------------------------------------------------------------- row 9: documents


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("a: 1\n---\nb: 2\n", 2, 1),
        ("---\n" * 250_000, 2, 1),
        ("a: 1\n...\nb: 2\n", 3, 1),
        ("a: 1\n...\n---\nb: 2\n", 3, 1),
        ("---\n---\n", 2, 1),
    ],
    ids=["two", "many", "after-end", "end-and-begin", "empty-ones"],
)
@pytest.mark.usefixtures("_either_parser")
def test_a_second_document_is_refused(text: str, line: int, column: int) -> None:
    assert refused(text) == [("yaml.one-document", line, column)]


@pytest.mark.parametrize(
    "text", ["", "\n\n", "# nothing\n", "---\n", "--- # x\n...\n", "\ufeff", "  \n "]
)
@pytest.mark.usefixtures("_either_parser")
def test_an_empty_file_is_refused(text: str) -> None:
    assert refused(text) == [("yaml.empty", 1, 1)]


def test_a_line_of_nothing_but_dashes_is_a_text() -> None:
    assert refused("---\n" * 300_000) == [("yaml.too-big", 262_145, 1)]
    root = yaml.read(b"---" * 300_000, "x").root
    assert isinstance(root, yaml.Scalar)
    assert len(root.text) == 900_000


@pytest.mark.parametrize("line", ["%YAML 1.1", "%YAML 2.0", "%TAG ! x", "%FOO bar", "%", "%YAML"])
@pytest.mark.usefixtures("_either_parser")
def test_instructions_to_the_reader_are_refused(line: str) -> None:
    assert refused(f"{line}\n---\na: 1\n")[0] == ("yaml.syntax", 1, 1)


# ------------------------------------------------------------------------------- row 10: encoding


@pytest.mark.parametrize(
    ("data", "line", "column", "offset"),
    [
        ("a: å".encode("utf-16"), 1, 1, 0),
        ("a: å".encode("utf-16-le"), 1, 1, 0),
        ("a: å".encode("utf-16-be"), 1, 1, 0),
        ("\ufeffa: å".encode("utf-16-be"), 1, 1, 0),
        ("a: å".encode("utf-32"), 1, 1, 0),
        ("a: 1\nö: å\nä: ä".encode("latin-1"), 2, 1, 5),
        (b"a: 1\nb: x\0y", 2, 5, 9),
        (b"\xef\xbb\xbfa: \xff", 1, 4, 6),
        (b"\xef\xbb\xbfa: \0", 1, 4, 6),
        (b"a: \xed\xa0\x80", 1, 4, 3),
        (b"a: \xc0\xaf", 1, 4, 3),
        (b"a: \xf5\x80\x80\x80", 1, 4, 3),
        (b"a: b\xe2\x82", 1, 5, 4),
        ("å: \ufffe".encode(), 1, 4, 4),
        ("å: \uffff".encode(), 1, 4, 4),
        (b"a: \x1b[0m", 1, 4, 3),
    ],
)
@pytest.mark.usefixtures("_either_parser")
def test_what_is_no_text_in_utf_8_is_refused_with_its_byte_offset(
    data: bytes, line: int, column: int, offset: int
) -> None:
    found = refused(data)
    assert found[0] == ("yaml.encoding", line, column)
    assert [code for code, _, _ in found].count("yaml.encoding") == 1
    with pytest.raises(PolicyError, match=rf"\(byte offset {offset}\)"):
        yaml.read(data, "x")


@pytest.mark.parametrize(
    "escape", [r"\ud800", r"\uDFFF", r"\ud83d\ude00", r"\U0000d800", r"\U00110000", r"\UFFFFFFFF"]
)
@pytest.mark.usefixtures("_either_parser")
def test_an_escape_that_is_no_character_is_refused(escape: str) -> None:
    assert refused(f'a: "x{escape}"\n')[0][0] in {"yaml.encoding", "yaml.syntax"}


def test_half_of_a_character_is_shown_where_it_stands() -> None:
    assert refused('a: 1\nb: "x\\ud800"\nc: d: e\n') == [
        ("yaml.encoding", 2, 6),
        ("yaml.syntax", 3, 5),
    ]


def test_a_file_may_begin_with_a_byte_order_mark() -> None:
    document = yaml.read(b"\xef\xbb\xbfa: 1\n", "x")
    assert document.source.text == "a: 1\n"
    assert refused("\ufeff\ufeffa: 1\n") == [("text.invisible", 1, 1)]


def test_problems_beside_a_wrong_encoding_are_found_in_the_same_run() -> None:
    assert refused("å: 1\nä: *x\nå: 2\n".encode("latin-1")) == [
        ("yaml.encoding", 1, 1),
        ("yaml.alias-not-allowed", 2, 4),
        ("yaml.duplicate-key", 3, 1),
    ]


# ------------------------------------------------------------------------------- row 11: lines


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("a:\n\tb: 1\n", 2, 1),
        ("\ta: 1\n", 1, 1),
        ("a:\n  b: 1\n\tc: 2\n", 3, 1),
        ("a:\n  b: 1\n  \tc: 2\n", 3, 3),
        ("a: b\n\tc\n", 2, 1),
        ("a: [\n\tb]\n", 2, 1),
        ("- - a\n  -\tb\n", 2, 4),
        ("a: |\n\tx\n", 2, 1),
        ("a: 1\n\t# c\nb: 2\n", 2, 1),
    ],
)
def test_a_tab_as_indentation_is_refused(text: str, line: int, column: int) -> None:
    assert refused(text) == [("yaml.tab", line, column)]


def test_all_lines_that_are_indented_with_tabs_are_one_mistake() -> None:
    text = "a:\n\tb: 1\n\tc: 2\nd:\n\te: 1\nf: 1: 2\n"
    assert refused(text) == [("yaml.tab", 2, 1), ("yaml.syntax", 6, 5)]
    assert helps(text)[0] == "indent it with spaces (other lines: 3, 5)"


def test_a_tab_within_a_text_does_no_harm() -> None:
    assert yaml.read(b'a: "x\n\ty"\nb: |\n  x\n  \ty\nc: x\ty\nd:\tz\ne: x\t\n', "x").root


def test_lines_are_counted_alike_whatever_ends_them() -> None:
    text = "a: 1\n\n# x\nb: |\n  c\n\n  d\na: 2\n"
    assert refused(text) == refused(text.replace("\n", "\r\n")) == [("yaml.duplicate-key", 8, 1)]


@pytest.mark.parametrize("character", ["\u2028", "\u2029", "\x85"])
@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("a: x{}y\nb: 2\n", 1, 5),
        ('a: 1\nb: "x{}y"\n', 2, 6),
        ("a: 1\n# x{}b: 2\nb: 3\n", 2, 4),
        ("a: |\n  x{}y\nb: 1\n", 2, 4),
        ("a: 1{}b: 2\n", 1, 5),
    ],
    ids=["plain", "quoted", "comment", "block", "between"],
)
@pytest.mark.usefixtures("_either_parser")
def test_a_line_end_that_an_editor_does_not_know_is_refused(
    text: str, line: int, column: int, character: str
) -> None:
    found = refused(text.replace("{}", character))
    assert found[0] == ("yaml.line-separator", line, column)
    assert {code for code, _, _ in found[1:]} <= {"yaml.syntax"}


@pytest.mark.parametrize("text", ['a: "x\\Ly\\Pz\\N"', 'a: "x\\u2028y\\u2029z\\u0085"'])
def test_such_a_character_may_be_written_by_its_number(text: str) -> None:
    root = yaml.read(text.encode(), "x").root
    assert isinstance(root, yaml.Mapping)
    value = root.entries[0].value
    assert isinstance(value, yaml.Scalar)
    assert value.text == "x\u2028y\u2029z\x85"


@pytest.mark.parametrize(
    ("text", "column"), [("a: x\ry\n", 5), ("a: 1\rb: 2\rc: 3\r", 5), ('a: "\r"\n', 5)]
)
def test_a_lone_carriage_return_is_refused_once(text: str, column: int) -> None:
    assert refused(text) == [("yaml.line-separator", 1, column)]


# ------------------------------------------------------------------------------- row 12: size


def test_a_file_of_one_mebibyte_is_read_and_a_byte_more_is_not() -> None:
    text = "a: 1\n#"
    assert yaml.read(text.encode().ljust(MIB, b"x"), "x").root
    assert refused(text.encode().ljust(MIB + 1, b"x")) == [("yaml.too-big", 2, MIB - 4)]
    assert refused(b"\xff" * (MIB + 1))[0][0] == "yaml.too-big"


def test_a_file_that_is_too_large_is_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsing, "_LOADER", None)
    assert refused("[" * (MIB + 1))[0][0] == "yaml.too-big"


def test_200_000_steps_are_read_and_one_more_is_not() -> None:
    # The document, the list and its end are three of them.
    assert yaml.read(b"[" + b"a," * 199_997 + b"]", "x").root
    assert refused("[" + "a," * 199_998 + "]") == [("yaml.too-big", 1, 399_998)]


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("a" * 1_000_000 + ": 1", 1),
        ('"' + "a" * 1_000_000 + '": 1', 1),
        ("? " + "a" * 1_000_000 + "\n: 1", 3),
        ("{" + "a" * 1_025 + ": 1}", 2),
    ],
    ids=["plain", "quoted", "explicit", "braces"],
)
@pytest.mark.usefixtures("_either_parser")
def test_a_key_that_is_too_long_is_refused(text: str, column: int) -> None:
    found = refused(text)
    assert found[0][0] in {"yaml.too-big", "yaml.syntax"}
    if "{" not in text:
        assert found == [("yaml.too-big", 1, column)]


def test_a_key_of_1024_characters_is_read() -> None:
    assert yaml.read(b"? " + b"a" * 1024 + b"\n: 1", "x").root
    assert refused("? " + "a" * 1025 + "\n: 1") == [("yaml.too-big", 1, 3)]


# ------------------------------------------------------------------------------- keys, characters


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("? [a]\n: b\n", 1, 3),
        ("{[a]: b}\n", 1, 2),
        ("a: {{b}}\n", 1, 5),
        ("? {a: b}\n: c\n", 1, 3),
        ("? - a\n: b\n", 1, 3),
        ("null: a\n", 1, 1),
        ("~: a\n", 1, 1),
        ("a: 1\n: b\n", 2, 1),
        ("{: b}\n", 1, 2),
        ("? |\n  a\n: b\n", 1, 3),
        ('? "a\n  b"\n: c\n', 1, 3),
        ("? a\n  b\n: c\n", 1, 3),
    ],
)
@pytest.mark.usefixtures("_either_parser")
def test_a_key_that_is_no_text_is_refused(text: str, line: int, column: int) -> None:
    assert refused(text) == [("yaml.key", line, column)]


@pytest.mark.parametrize(
    "key", ["on", "y", "NO", "true", "12", "4.5a", "1:30", "2024-01-31", '""', '"null"', "- a"]
)
def test_any_other_key_is_a_text(key: str) -> None:
    key = key if key != "- a" else '"- a"'
    assert yaml.read(f"{key}: 1\n".encode(), "x").root


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: x\u202ey\n", [("text.bidi", 1, 5)]),
        ("a\u200bb: 1\n", [("text.invisible", 1, 2)]),
        ("\u200ba: 1\n", [("text.invisible", 1, 1)]),
        ("a: \u200b1\n", [("text.invisible", 1, 4)]),
        ('"a\u200bb": 1\n', [("text.invisible", 1, 3)]),
        ('"a\u202eb": 1\n', [("text.bidi", 1, 3)]),
        ("a: 1 # x\u202ey\n", [("text.bidi", 1, 9)]),
        ("a: |\n  x\u2066y\n", [("text.bidi", 2, 4)]),
        ("a: >\n  x\u00ady\n", [("text.invisible", 2, 4)]),
        ("\u00a0\u00a0a: 1\n", [("text.invisible", 1, 1)]),
        ("a:\n \u00a0b: 1\n", [("text.invisible", 2, 2)]),
        ("a\u00a0b: 1\n", [("text.invisible", 1, 2)]),
        ("a: x\ufeffy\n", [("text.invisible", 1, 5)]),
    ],
)
@pytest.mark.usefixtures("_either_parser")
def test_characters_that_deceive_the_eye_are_refused(
    text: str, expected: list[tuple[str, int, int]]
) -> None:
    assert refused(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "a: 1 # soft\u00adhyphen\n",
        'a: "soft\u00adhyphen"\n',
        "a: 'zero\u200bwidth'\n",
        "a: 👩\u200d👧 ❤\ufe0f\n",
        "a: 30\u00a0000 kr\n",
        "a: för och efter, Größe, 日本語\n",
        'a: "x # \u200by"\n',
    ],
)
def test_characters_that_do_no_harm_where_they_stand_are_read(text: str) -> None:
    assert yaml.read(text.encode(), "x").warnings == ()


def test_quoted_text_that_changes_its_direction_is_a_warning_only() -> None:
    document = yaml.read("a: 'x\u202ey'\nb: [\"\u2066z\u2069\"]\n".encode(), "x")
    places = [document.source.position(each.span.start) for each in document.warnings]
    assert [(each.line, each.column) for each in places] == [(1, 6), (2, 6), (2, 8)]
    assert {each.code for each in document.warnings} == {"text.bidi-in-quote"}


# ------------------------------------------------------------------------------- mistakes


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ('a: "x\n', 1, 4),
        ("a: 'x\n---\n", 1, 4),
        ('a: "\\q"\n', 1, 5),
        ('a: "\\xzz"\n', 1, 5),
        ("a: b: c\n", 1, 5),
        ("a: 1\n  b: 2\n", 2, 3),
        ("a: 1\nfoo\nb: 2\n", 2, 1),
        ("a: [1, 2\nb: 3\n", 1, 4),
        ("a: [1, 2", 1, 4),
        ("a: {b: 1\n", 1, 4),
        ("a: [1 2}\n", 1, 8),
        ("a: {b: c d: e}\n", 1, 11),
        ('a: "b" c\n', 1, 8),
        ("a: 'it's'\n", 1, 7),
        ('a: "x: y\nb: "z"\n', 1, 4),
        ("a:\n  b: 1\n c: 2\n", 3, 2),
        ("a:\n  - b\n  c: 1\n", 3, 3),
        ("a:\n  - b\n - c\n", 3, 2),
        ("- a\nb: 1\n", 2, 1),
        ("a: 1\n- b\n", 2, 1),
        ("a: - b\n", 1, 4),
        ("a: ? b\n", 1, 4),
        ("a: @b\n", 1, 4),
        ("a: `b`\n", 1, 4),
        ("a: %b\n", 1, 4),
        ("a: * 2\n", 1, 4),
        ("a: & b\n", 1, 4),
        ("a: > 5\n", 1, 6),
        ("a: >= 5\n", 1, 5),
        ("a: |foo\n", 1, 5),
        ("a: |0\n x\n", 1, 5),
        ("a: ]\n", 1, 4),
        ("a: [b,,c]\n", 1, 7),
        ("}\n", 1, 1),
        ("foo\nbar: 1\n", 2, 1),
        ("--- a: 1\n", 1, 6),
        ("a: {b}: c\n", 1, 7),
        ("a: b #c\n  d\n", 2, 3),
        ("a:\n[1, 2]\n", 2, 1),
    ],
)
@pytest.mark.usefixtures("_either_parser")
def test_a_mistake_is_shown_where_it_was_made(text: str, line: int, column: int) -> None:
    assert refused(text) == [("yaml.syntax", line, column)]


def test_several_mistakes_are_found_in_one_run() -> None:
    text = (
        'a: "open\n'
        "b: [1, 2\n"
        "c: x: y\n"
        "d:\n  e: !!set {}\n  e: 1\n"
        "f: *g\n"
        "h:\n   i: 1\n  j: 2\n"
        "k: |x\n"
        "a: \u202e\n"
    )
    found = refused(text)
    assert ("yaml.syntax", 1, 4) in found
    assert found[-7:] == [
        ("yaml.tag-not-allowed", 5, 6),
        ("yaml.duplicate-key", 6, 3),
        ("yaml.alias-not-allowed", 7, 4),
        ("yaml.syntax", 10, 3),
        ("yaml.syntax", 11, 5),
        ("yaml.duplicate-key", 12, 1),
        ("text.bidi", 12, 4),
    ]


#: Words of the library's own complaints, which no reader should see.
THEIR_WORDS = re.compile(
    r"token|simple key|block mapping|flow|scalar|stream|node content|<block end>"
)


@given(st.text(st.sampled_from("ab:-?[]{},&*!|>'\"%@`# \n\t1"), max_size=30))
def test_no_complaint_is_in_the_words_of_the_library(text: str) -> None:
    try:
        yaml.read(text.encode(), "x")
    except PolicyError as error:
        for each in error.diagnostics:
            assert not THEIR_WORDS.search(each.message.text())


# ------------------------------------------------------------------------------- many problems


@pytest.mark.parametrize(
    "text",
    [
        "a: 1\n" * 5_000,
        "[" + "!t a," * 5_000 + "]",
        "".join(f"- &a{n} 1\n" for n in range(5_000)),
        "- \u202e\n" * 5_000,
        "- \u2028\n" * 5_000,
        "- \x07\n" * 5_000,
        "a\u00a0: 1\n" * 5_000,
    ],
    ids=["keys", "tags", "anchors", "bidi", "separators", "controls", "spaces"],
)
def test_of_many_problems_the_first_hundred_are_shown(text: str) -> None:
    found = refused(text)
    assert len(found) == 101
    assert found[-1][0] == "yaml.too-many-problems"


# ------------------------------------------------------------------------------- time and memory


@pytest.mark.parametrize(
    "text",
    [
        'a: "' + " " * 1_000_000 + '"',
        "a: b" + " " * 1_000_000 + "c",
        '"' + "\\t" * 500_000 + '"',
        '"' + "\n" * 1_000_000 + '"',
        "|\n" + " a\n" * 340_000,
        "|\n" + " \n" * 500_000,
        '"' * 1_000_000,
        "'" * 1_000_000,
        "\\" * 1_000_000,
        "#\n" * 500_000,
        " #" * 500_000 + "å",
        "a: b\n: " * 100_000,
        "\t\n" * 500_000,
        "\u00a0" * 500_000,
        "- |\n" * 200_000,
        ":\n" * 300_000,
        "a: b: c\n" * 100_000,
        'a: "x\n' * 100_000,
        "%a\n" * 300_000,
        "!a " * 300_000,
        "-" * MIB,
        "1" * MIB,
    ],
    ids=lambda text: repr(text[:9]),
)
def test_a_file_of_a_megabyte_takes_neither_long_nor_much_memory(text: str) -> None:
    begin = time.process_time()
    shown = rendered(text.encode(), "en")
    assert len(shown) < 200_000
    assert time.process_time() - begin < 20  # a second or four on most machines, with room


def test_memory_stays_within_bounds() -> None:
    tracemalloc.start()
    try:
        yaml.read(b'"' + b"\\t" * 100_000 + b'"', "x")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 40 * MIB  # for a fifth of the largest file


# ------------------------------------------------------------------------------- anything at all


def rendered(data: bytes, language: str) -> str:
    """Give all problems of a file, or nothing if it can be read."""
    try:
        document = yaml.read(data, "x")
    except PolicyError as error:
        return error.render(language)
    assert all(each.severity == "warning" for each in document.warnings)
    return ""


def is_read_or_refused(data: bytes) -> None:
    shown = [rendered(data, language) for language in LANGUAGES]
    assert all(shown) or not any(shown)


SNIPPETS = st.lists(
    st.sampled_from(
        [
            "a",
            "b",
            ": ",
            ":",
            "- ",
            "-",
            "? ",
            "\n",
            "\n  ",
            "\n    ",
            "\r\n",
            "\t",
            "[",
            "]",
            "{",
            "}",
            ", ",
            '"',
            "'",
            "''",
            "\\",
            "|",
            ">",
            "|-\n",
            ">+\n",
            "|2\n",
            "#",
            " # ",
            "&x",
            "*x",
            "!t",
            "<<",
            "---\n",
            "...\n",
            "%YAML 1.2\n",
            "~",
            "null",
            "1",
            "0x",
            "å",
            "🙂",
            "\u2028",
            "\x85",
            "\ufeff",
            "\u202e",
            "\0",
            " ",
        ]
    ),
    max_size=30,
).map("".join)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    is_read_or_refused(data)


@given(st.one_of(SNIPPETS, st.text(max_size=60)))
def test_any_text_is_read_or_refused(text: str) -> None:
    is_read_or_refused(text.encode("utf-8", "surrogatepass"))


@given(SNIPPETS)
def test_any_text_is_read_or_refused_without_the_fast_parser(text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parsing, "_LOADER", SafeLoader)
        is_read_or_refused(text.encode())


@given(SNIPPETS)
def test_every_character_of_every_text_has_a_place(text: str) -> None:
    try:
        document = yaml.read(text.encode(), "x")
    except PolicyError:
        return
    nodes: list[yaml.Node] = [document.root]
    while nodes:
        match nodes.pop():
            case yaml.Mapping(entries):
                nodes += [child for each in entries for child in (each.key, each.value)]
            case yaml.Sequence(items):
                nodes += items
            case yaml.Scalar() as scalar:
                # One piece for the whole would mean that the two could not be brought together.
                coarse = len(scalar.pieces) == 1 and not scalar.pieces[0].verbatim
                assert not coarse or len(scalar.text.strip()) <= 1
                for piece in scalar.pieces:
                    if piece.verbatim:
                        length = piece.end - piece.start
                        written = document.source.text[piece.start : piece.end]
                        assert written == scalar.text[piece.at : piece.at + length]


def test_a_file_cut_off_anywhere_is_read_or_refused() -> None:
    data = POLICY.encode()
    for end in range(len(data)):
        is_read_or_refused(data[:end])


@given(st.data())
def test_a_file_with_a_bit_turned_is_read_or_refused(data: st.DataObject) -> None:
    sample = bytearray(POLICY.encode())
    at = data.draw(st.integers(0, len(sample) - 1))
    sample[at] ^= 1 << data.draw(st.integers(0, 7))
    is_read_or_refused(bytes(sample))
