"""Strict YAML is read as it is meant, with the place of everything."""

import json
import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal, FloatOperation, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yaml import SafeLoader

from policyeval import feel
from policyeval.diagnostics import render
from policyeval.errors import ExpressionError, PolicyError
from policyeval.messages import LANGUAGES
from policyeval.policy import yaml
from policyeval.policy.problems import Problems
from policyeval.policy.yaml import Entry, Mapping, Node, Scalar, Sequence, parsing
from policyeval.source import Position, Source, Span

POLICY = """\
# yaml-language-server: $schema=policy.schema.json
format: 1
version: "2023-11-30"
in_force: {from: 2023-11-30}
country: NO
on: yes
decisions:
  fee:
    clause: ["4.1", '4.2']
    value: >-
      if covered
      then base * rate
      else 0
    because: |
      Först en rad.

        Sedan en till.
    say: "a \\"quoted\\" text\\tand
      more of it"
    open:
"""


def read(text: str) -> yaml.Document:
    return yaml.read(text.encode(), "policy.yaml")


def root(text: str) -> Node:
    return read(text).root


def value(text: str) -> Node:
    """Give the value of the only entry of a file."""
    node = root(text)
    assert isinstance(node, Mapping)
    (entry,) = node.entries
    return entry.value


def scalar(text: str) -> Scalar:
    node = value(text)
    assert isinstance(node, Scalar)
    return node


def at(node: Node, *path: str | int) -> Node:
    for step in path:
        if isinstance(step, int):
            assert isinstance(node, Sequence)
            node = node.items[step]
        else:
            assert isinstance(node, Mapping)
            entry = yaml.find(node, step)
            assert entry is not None
            node = entry.value
    return node


def text_at(node: Node, *path: str | int) -> str:
    found = at(node, *path)
    assert isinstance(found, Scalar)
    return found.text


def plain(node: Node) -> object:
    """Give a tree as lists of texts, to compare it."""
    match node:
        case Mapping():
            return {each.key.text: plain(each.value) for each in node.entries}
        case Sequence():
            return [plain(each) for each in node.items]
        case Scalar():
            return node.text


# ------------------------------------------------------------------------------- trees


def test_a_policy_is_read_as_it_is_written() -> None:
    assert plain(root(POLICY)) == {
        "format": "1",
        "version": "2023-11-30",
        "in_force": {"from": "2023-11-30"},
        "country": "NO",
        "on": "yes",
        "decisions": {
            "fee": {
                "clause": ["4.1", "4.2"],
                "value": "if covered then base * rate else 0",
                "because": "Först en rad.\n\n  Sedan en till.\n",
                "say": 'a "quoted" text\tand more of it',
                "open": "",
            }
        },
    }


@pytest.mark.parametrize(
    "written", ["NO", "no", "on", "yes", "ja", "y", "n", "Null", "012", "1:30"]
)
def test_a_word_is_the_text_that_it_looks_like(written: str) -> None:
    assert scalar(f"{written}: {written}") == Scalar(written, "plain", span=Span(0, 0), pieces=())
    assert isinstance(root(f"{written}: 1"), Mapping)
    assert at(root(f"{written}: 1"), written)


@pytest.mark.parametrize(
    ("written", "style"),
    [
        ("a", "plain"),
        ('"a"', "quoted"),
        ("'a'", "quoted"),
        ("|-\n  a", "block"),
        (">-\n  a", "block"),
    ],
)
def test_a_scalar_knows_how_it_is_written(written: str, style: str) -> None:
    assert scalar(f"x: {written}").style == style
    assert scalar(f"x: {written}").text == "a"


def test_the_place_of_a_node_is_no_part_of_what_it_is() -> None:
    assert root("a: [1, {b: c}]") == root("a:\n  - 1\n  - b: c\n")
    assert root("a: 1") != root('a: "1"')


def test_nodes_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        scalar("a: b").text = "c"  # type: ignore[misc] # that is the point


@pytest.mark.parametrize(
    "text", ["a: 1\n", "---\na: 1\n", "%YAML 1.2\n---\na: 1\n...\n", "\ufeffa: 1"]
)
def test_a_file_is_one_document_with_or_without_its_marks(text: str) -> None:
    assert plain(root(text)) == {"a": "1"}


@pytest.mark.parametrize("written", ["", "~", "null"])
def test_a_missing_value_is_null(written: str) -> None:
    assert yaml.is_null(value(f"a: {written}"))


@pytest.mark.parametrize("written", ['""', '"null"', "'~'", "NULL", "nil", "[]", "{}"])
def test_what_is_written_as_something_is_not_null(written: str) -> None:
    assert not yaml.is_null(value(f"a: {written}"))


def test_a_key_is_found_however_its_letters_are_composed() -> None:
    node = root("förening: 1\n")
    assert isinstance(node, Mapping)
    found = yaml.find(node, unicodedata.normalize("NFD", "förening"))
    assert found is not None
    assert found == yaml.find(node, "förening")
    assert yaml.find(node, "forening") is None


# ------------------------------------------------------------------------------- places


def test_a_span_is_what_is_written() -> None:
    document = read(POLICY)

    def written(node: Node) -> str:
        return document.source.text[node.span.start : node.span.end]

    fee = at(document.root, "decisions", "fee")
    assert written(at(document.root, "version")) == '"2023-11-30"'
    assert written(at(document.root, "in_force")) == "{from: 2023-11-30}"
    assert written(at(fee, "clause")) == "[\"4.1\", '4.2']"
    assert written(at(fee, "clause", 1)) == "'4.2'"
    assert written(at(fee, "value")).startswith(">-\n      if")
    assert written(at(fee, "value")).endswith("else 0")
    assert written(at(fee, "because")).endswith("till.")
    assert written(fee).startswith("clause:")
    assert written(at(fee, "open")) == ""


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_lines_and_columns_are_those_of_an_editor(line_end: str) -> None:
    text = 'å: 1\n# 🙂\nb: "🙂🙂" # x\nc: |\n  1\n  2\nd: [e, f]\n'.replace("\n", line_end)
    document = yaml.read(b"\xef\xbb\xbf" + text.encode(), "x")

    def position(*path: str | int) -> Position:
        return document.source.position(at(document.root, *path).span.start)

    assert position("å") == Position(1, 4)
    assert position("b") == Position(3, 4)
    assert position("c") == Position(4, 4)
    assert position("d", 1) == Position(7, 8)
    assert plain(document.root) == {"å": "1", "b": "🙂🙂", "c": "1\n2\n", "d": ["e", "f"]}


# What is written, the text that it means, and what each character of the text is written as.
WRITINGS = [
    ("a b", "a b", ["a", " ", "b"]),
    ('"ab"', "ab", ["a", "b"]),
    ("'it''s'", "it's", ["i", "t", "''", "s"]),
    (r'"a\tb\u00e5\x41\\"', "a\tbåA\\", ["a", r"\t", "b", r"\u00e5", r"\x41", r"\\"]),
    (r'"\U0001F642!"', "🙂!", [r"\U0001F642", "!"]),
    ("a\n   b", "a b", ["a", "\n   ", "b"]),
    ("a  \n\n\n  b", "a\n\nb", ["a", "  \n\n\n  ", "  \n\n\n  ", "b"]),
    ('"a\n  b"', "a b", ["a", "\n  ", "b"]),
    ('"a \\\n  b"', "a b", ["a", " ", "b"]),
    ('"a\\\n\n  \\ b"', "a\n b", ["a", "\\\n\n  ", "\\ ", "b"]),
    ("'a\n\n  b'", "a\nb", ["a", "\n\n  ", "b"]),
    ("|\n  a\n  b\n", "a\nb\n", ["a", "\n  ", "b", "\n"]),
    ("|-\n  a\n\n    b\n", "a\n\n  b", ["a", "\n\n  ", "\n\n  ", " ", " ", "b"]),
    ("|+\n  a\n\n", "a\n\n", ["a", "\n\n", "\n\n"]),
    ("|2-\n    a\n", "  a", [" ", " ", "a"]),
    ("|- # why\n\n  a\n", "\na", ["\n  ", "a"]),
    (">\n  a\n  b\n", "a b\n", ["a", "\n  ", "b", "\n"]),
    (">-\n  a\n\n  b\n    c\n  d\n", "a\nb\n  c\nd", None),
    ("|-\n  a\tb\n  \tc", "a\tb\n\tc", ["a", "\t", "b", "\n  ", "\t", "c"]),
    (">-\n  a \n  b", "a  b", ["a", " ", "\n  ", "b"]),
]


@pytest.mark.parametrize("line_end", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize(("written", "text", "parts"), WRITINGS, ids=lambda each: repr(each)[:30])
def test_every_character_of_a_text_knows_what_it_is_written_as(
    written: str, text: str, parts: list[str] | None, line_end: str
) -> None:
    document = read(f"- {written}".replace("\n", line_end))
    node = at(document.root, 0)
    assert isinstance(node, Scalar)
    assert node.text == text
    places = [yaml.place(node, Span(each, each + 1)) for each in range(len(text))]
    found = [document.source.text[each.start : each.end] for each in places]
    for character, stretch in zip(text, found, strict=True):
        assert stretch == character or len(stretch) > 1 or stretch.isspace()
    if parts is not None:
        expected = [each.replace("\n", line_end) for each in parts]
        assert found == expected


def test_the_end_of_a_text_is_where_its_last_character_ends() -> None:
    document = read("- 'ab'\n- \"\"\n-\n- |\n  x\n")
    ends = [
        yaml.place(each, Span(len(each.text), len(each.text) + 1))
        for each in scalars(document.root)
    ]
    assert [(each.start, each.end - each.start) for each in ends] == [
        (5, 0),
        (10, 0),
        (13, 0),
        (22, 0),
    ]


def scalars(node: Node) -> list[Scalar]:
    match node:
        case Scalar():
            return [node]
        case Sequence():
            return [each for item in node.items for each in scalars(item)]
        case Mapping():
            return [
                found
                for each in node.entries
                for child in (each.key, each.value)
                for found in scalars(child)
            ]


EXPRESSIONS = [
    ("value: base * fee_rte", 1, 15, "value: base * fee_rte"),
    ('value: "base * fee_rte"', 1, 16, 'value: "base * fee_rte"'),
    ("value: 'if \"it''s\" = x then fee_rte else 1'", 1, 29, ""),
    ("value: |\n  base *\n\n    fee_rte", 4, 5, "    fee_rte"),
    ("value: >\n  base *\n  fee_rte", 3, 3, "  fee_rte"),
    ('value: "base *\n  \\u0066ee_rte"', 2, 3, '  \\u0066ee_rte"'),
    ("value: base *\n  fee_rte", 2, 3, "  fee_rte"),
]


@pytest.mark.parametrize(("text", "line", "column", "shown"), EXPRESSIONS)
def test_a_problem_of_an_expression_is_shown_where_it_stands_in_the_file(
    text: str, line: int, column: int, shown: str
) -> None:
    document = read(text)
    node = value(text)
    assert isinstance(node, Scalar)
    with pytest.raises(ExpressionError) as caught:
        feel.compile_expression(
            node.text, feel.Scope({"base": "number", "x": "string"}), mode="strict"
        )
    problem = next(each for each in caught.value.diagnostics if each.code == "feel.unknown-name")
    found = render(yaml.located(problem, node, document.source)).split("\n")
    assert found[0].startswith(f"policy.yaml:{line}:{column}: error: unknown name `fee_rte`")
    assert found[1].endswith(shown)
    start = found[2].index("^")
    assert found[1][start:].startswith(("fee_rte", "\\u0066ee_rte"))


# ------------------------------------------------------------------------------- values


def asked(text: str) -> tuple[Node, Problems]:
    document = read(f"x: {text}")
    return at(document.root, "x"), Problems(document.source)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("0", "0"),
        ("-0", "0"),
        ("12", "12"),
        ("-1.50", "-1.50"),
        ("0.10", "0.10"),
        ("12345678901234567890.12", "12345678901234567890.12"),
        ("1234567890123456789012345678901234", "1234567890123456789012345678901234"),
    ],
)
def test_a_number_is_every_digit_that_is_written(written: str, number: str) -> None:
    node, problems = asked(written)
    with localcontext(prec=3) as context:
        context.traps[FloatOperation] = True
        found = yaml.decimal_number(node, problems)
    assert str(found) == number
    assert problems.found == ()


@pytest.mark.parametrize("written", ["0", "-12", "1234567890123456789012345678901234"])
def test_a_whole_number_is_an_integer(written: str) -> None:
    node, problems = asked(written)
    assert yaml.integer(node, problems) == int(written)
    assert problems.found == ()


PROPOSALS = [
    ("0777", "777"),
    ("1_000", "1000"),
    ("1 000", "1000"),
    ("1\xa0000\u202f000,5", "1000000.5"),
    ("1'000.50", "1000.50"),
    ("1.000,50", "1000.50"),
    ("1,000.50", "1000.50"),
    ("1,5", "1.5"),
    (".5", "0.5"),
    ("5.", "5"),
    ("+1", "1"),
    ("-007", "-7"),
    ("0x1F", "31"),
    ("0o17", "15"),
    ("0b101", "5"),
    ("1e3", "1000"),
    ("1.5E-3", "0.0015"),
    ("10%", "0.10"),
    ("2.5 %", "0.025"),
    ("１２", "12"),
    ("1e400", None),
    ("1e-400", None),
    ("0x", None),
    ("1.2.3", None),
    ("12 SEK", None),
    ("--1", None),
    ("1e999999999", None),
]


@pytest.mark.parametrize(("written", "proposal"), PROPOSALS)
def test_a_number_in_another_notation_is_refused_with_a_proposal(
    written: str, proposal: str | None
) -> None:
    node, problems = asked(written)
    with localcontext(prec=3):
        assert yaml.decimal_number(node, problems) is None
    (problem,) = problems.found
    assert problem.code == "yaml.number-format"
    assert problem.span == node.span
    assert problem.help is not None
    found = re.fullmatch(r"write `([^`]+)`", problem.help.text())
    assert (found[1] if found else None) == proposal
    if proposal is not None:
        assert yaml.decimal_number(*asked(proposal)) == Decimal(proposal)


@pytest.mark.parametrize(
    ("written", "help_"),
    [
        ("1:30", 'if a text is meant, put it in quotation marks: `"1:30"`'),
        (".inf", "only numbers can stand here; if there is no limit, leave the entry out"),
        ("-.Inf", "only numbers can stand here; if there is no limit, leave the entry out"),
        (".nan", "only numbers can stand here; if there is no limit, leave the entry out"),
        ("NaN", "only numbers can stand here; if there is no limit, leave the entry out"),
        ("1,000", "write `1000` or `1.000`, as it is meant"),
    ],
)
def test_what_cannot_be_told_is_explained(written: str, help_: str) -> None:
    node, problems = asked(written)
    assert yaml.decimal_number(node, problems) is None
    (problem,) = problems.found
    assert problem.help is not None
    assert (problem.code, problem.help.text()) == ("yaml.number-format", help_)


@pytest.mark.parametrize("read_as", [yaml.decimal_number, yaml.integer])
@pytest.mark.parametrize(
    "written",
    [
        "1" * 35,
        "9" * 5_000,
        "0x" + "F" * 500_000,
        "0." + "0" * 40 + "1",
        '"' + "1" * 99 + '"',
        "1_" * 40 + "1",
    ],
    ids=["35", "5000", "hex", "fraction", "quoted", "separated"],
)
def test_a_number_of_more_than_34_digits_is_refused(read_as: object, written: str) -> None:
    node, problems = asked(written)
    assert callable(read_as)
    assert read_as(node, problems) is None
    assert [each.code for each in problems.found] == ["yaml.number-too-long"]


@pytest.mark.parametrize("written", ["abc", "[1]", "{a: 1}", "", "null", '"1"', "NO", "true"])
def test_what_is_no_number_is_not_taken_for_one(written: str) -> None:
    node, problems = asked(written)
    assert yaml.decimal_number(node, problems) is None
    assert [each.code for each in problems.found] == ["yaml.type"]


@pytest.mark.parametrize("written", ["1.5", "1.0", "1e3"])
def test_a_fraction_is_no_whole_number(written: str) -> None:
    node, problems = asked(written)
    assert yaml.integer(node, problems) is None
    assert [each.code for each in problems.found] == ["yaml.number-format"]


@pytest.mark.parametrize(("written", "truth"), [("true", True), ("false", False)])
def test_true_and_false_are_written_so(written: str, truth: bool) -> None:
    node, problems = asked(written)
    assert yaml.boolean(node, problems) is truth


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("yes", "true"),
        ("NO", "false"),
        ("on", "true"),
        ("True", "true"),
        ("FALSE", "false"),
        ('"true"', "true"),
        ("nein", "false"),
        ("1", "true"),
        ("perhaps", None),
        ("[]", None),
        ("", None),
    ],
)
def test_other_words_for_true_and_false_are_refused(written: str, meant: str | None) -> None:
    node, problems = asked(written)
    assert yaml.boolean(node, problems) is None
    (problem,) = problems.found
    assert problem.code == "yaml.type"
    assert problem.help is not None
    assert problem.help.text() == (
        f"write `{meant}`, without quotation marks" if meant else "write `true` or `false`"
    )


@pytest.mark.parametrize("written", ["a", "12", "no", "true", "2024-01-31", '"null"', '""'])
def test_where_a_text_is_wanted_every_scalar_is_one(written: str) -> None:
    node, problems = asked(written)
    assert yaml.text(node, problems) == written.strip('"')
    assert problems.found == ()


@pytest.mark.parametrize("written", ["", "~", "null", "[a]", "{a: b}"])
def test_what_is_no_text_is_not_taken_for_one(written: str) -> None:
    node, problems = asked(written)
    assert yaml.text(node, problems) is None
    assert [each.code for each in problems.found] == ["yaml.type"]


def test_an_expression_may_be_null_but_not_nothing() -> None:
    assert yaml.scalar(*asked("null")) is not None
    node, problems = asked("")
    assert yaml.scalar(node, problems) is None
    (problem,) = problems.found
    assert problem.message.text() == "a value is wanted here, not an empty place"


def test_lists_and_entries_are_told_apart() -> None:
    assert yaml.sequence(*asked("[a]")) is not None
    assert yaml.mapping(*asked("{a: b}")) is not None
    for read_as, written in (
        (yaml.sequence, "{a: b}"),
        (yaml.mapping, "[a]"),
        (yaml.mapping, "a:b"),
    ):
        node, problems = asked(written)
        assert read_as(node, problems) is None
        assert [each.code for each in problems.found] == ["yaml.type"]


def test_all_problems_of_values_are_collected() -> None:
    document = read("a: 0x1F\nb: yes\nc: [1]\nd: 0777\n")
    problems = Problems(document.source)
    yaml.decimal_number(at(document.root, "d"), problems)
    yaml.text(at(document.root, "c"), problems)
    yaml.boolean(at(document.root, "b"), problems)
    yaml.integer(at(document.root, "a"), problems)
    with pytest.raises(PolicyError) as caught:
        problems.refuse()
    found = [
        (each.code, document.source.position(each.span.start).line)
        for each in caught.value.diagnostics
    ]
    assert found == [
        ("yaml.number-format", 1),
        ("yaml.type", 2),
        ("yaml.type", 3),
        ("yaml.number-format", 4),
    ]
    for language in LANGUAGES:
        assert caught.value.render(language).count("policy.yaml:") == 4


def test_a_warning_does_not_refuse_the_file() -> None:
    document = read('a: "x\u202ey"\n')
    assert [(each.code, each.severity) for each in document.warnings] == [
        ("text.bidi-in-quote", "warning")
    ]
    assert scalar('a: "x\u202ey"\n').text == "x\u202ey"


def test_a_policy_error_is_also_a_value_error() -> None:
    with pytest.raises(ValueError, match=r"yaml\.empty"):
        read("")


# ------------------------------------------------------------------------------- laws


class Writer:
    """Writes trees in ways that hypothesis draws, and remembers how each scalar is written."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.scalars: list[tuple[str, str]] = []

    def scalar(self, text: str, depth: int, *, key: bool = False, flow: bool = False) -> str:
        styles = ["double"]
        if re.fullmatch(r"[A-Za-zåöß_][A-Za-z0-9åöß _]*[a-z0-9]", text):
            styles.append("plain")
        if re.fullmatch(r"[^\n\x00-\x1f\x7f-\x9f\u2028\u2029\u200b\ufeff]*", text):
            styles.append("single")
        if (
            not key
            and not flow
            and re.fullmatch(r"(?:[A-Za-zåöß'\":#-][^\n\r\t\x00-\x1f]*\n)+", text)
        ):
            styles.append("literal")
        written = self.written(self.draw(st.sampled_from(styles)), text, depth)
        self.scalars.append((text, written))
        return written

    def written(self, style: str, text: str, depth: int) -> str:
        match style:
            case "plain":
                return text
            case "single":
                return "'" + text.replace("'", "''") + "'"
            case "literal":
                lines = "\n".join("  " * (depth + 1) + each for each in text.split("\n")[:-1])
                return f"|\n{lines}"
            case _:
                return '"' + "".join(map(self.escaped, text)) + '"'

    @staticmethod
    def escaped(character: str) -> str:
        if character in '"\\':
            return f"\\{character}"
        if character.isalnum() or character in " .,:#'-[]{}":
            return character
        return (
            f"\\u{ord(character):04x}" if ord(character) < 0x10000 else f"\\U{ord(character):08x}"
        )

    def node(self, tree: object, depth: int, *, flow: bool) -> str:
        """Write a node as it stands after `key:` or `-`, with what separates it from that."""
        if isinstance(tree, str):
            return " " + self.scalar(tree, depth, flow=flow)
        if flow or not tree or self.draw(st.booleans()):
            return " " + self.flow(tree)
        return "\n" + self.block(tree, depth + 1)

    def flow(self, tree: object) -> str:
        if isinstance(tree, list):
            return "[" + ", ".join(self.node(each, 0, flow=True).strip(" ") for each in tree) + "]"
        assert isinstance(tree, dict)
        parts = []
        for key, each in tree.items():
            written = self.scalar(key, 0, key=True, flow=True)
            parts.append(f"{written}:{self.node(each, 0, flow=True)}")
        return "{" + ", ".join(parts) + "}"

    def block(self, tree: object, depth: int) -> str:
        indent = "  " * depth
        lines = []
        if isinstance(tree, list):
            lines += [f"{indent}-{self.node(each, depth, flow=False)}" for each in tree]
        else:
            assert isinstance(tree, dict)
            for key, each in tree.items():
                written = self.scalar(key, depth, key=True)
                lines.append(f"{indent}{written}:{self.node(each, depth, flow=False)}")
        return "\n".join(lines)


TEXTS = st.one_of(
    st.from_regex(r"[a-zåöß][a-z0-9åöß ]{0,8}[a-z]", fullmatch=True),
    st.text(st.characters(exclude_categories=["Cs", "Cf", "Mn", "Mc"]), max_size=12),
    st.lists(
        st.from_regex(r"[a-z'\":#-][a-zåöß:#' ]{0,12}", fullmatch=True), min_size=1, max_size=3
    ).map(lambda lines: "".join(f"{each}\n" for each in lines)),
)
KEYS = st.one_of(
    st.from_regex(r"[a-z_][a-z0-9_ ]{0,8}[a-z]", fullmatch=True),
    st.from_regex(r"[0-9]\.[0-9][a-c]", fullmatch=True),
    st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=6),
).filter(lambda each: each not in {"null", "<<"})
TREES = st.recursive(
    TEXTS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(KEYS, inner, max_size=4),
    ),
    max_leaves=12,
)


def _distinct(tree: object) -> bool:
    """Tell whether no two keys look the same."""
    if isinstance(tree, list):
        return all(map(_distinct, tree))
    if isinstance(tree, dict):
        folded = {unicodedata.normalize("NFC", each) for each in tree}
        return len(folded) == len(tree) and all(map(_distinct, tree.values()))
    return True


@st.composite
def written_trees(draw: st.DrawFn) -> tuple[dict[str, object], str, list[tuple[str, str]]]:
    tree = draw(st.dictionaries(KEYS, TREES, min_size=1, max_size=4).filter(_distinct))
    writer = Writer(draw)
    text = writer.block(tree, 0) + "\n"
    return tree, text, writer.scalars


@given(written_trees(), st.sampled_from(["\n", "\r\n"]))
def test_a_tree_comes_back_as_it_was_written_with_its_places(
    case: tuple[dict[str, object], str, list[tuple[str, str]]], line_end: str
) -> None:
    tree, text, written = case
    document = read(text.replace("\n", line_end))
    assert plain(document.root) == tree
    whole = document.source.text
    found = [(each.text, whole[each.span.start : each.span.end]) for each in scalars(document.root)]
    assert found == [(text, each.replace("\n", line_end)) for text, each in written]
    for each in scalars(document.root):
        inside = [yaml.place(each, Span(n, n + 1)) for n in range(len(each.text))]
        assert all(each.span.start <= place.start < place.end <= len(whole) for place in inside)
        assert inside == sorted(inside)
        assert (
            not each.pieces
            or each.pieces[0].verbatim
            or len(each.pieces) > 1
            or len(each.text) == 1
        )


@given(written_trees())
def test_both_parsers_of_the_library_read_the_same(
    case: tuple[dict[str, object], str, list[tuple[str, str]]],
) -> None:
    _, text, _ = case
    document = read(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parsing, "_LOADER", SafeLoader)
        other = read(text)
    assert document == other
    assert [each.span for each in scalars(document.root) if each.text] == [
        each.span for each in scalars(other.root) if each.text
    ]


JSON = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.text(st.characters(exclude_categories=["Cs"]))
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)),
    max_leaves=8,
)


@given(st.dictionaries(KEYS, JSON, min_size=1, max_size=3).filter(_distinct))
def test_what_json_writes_without_half_characters_is_read(tree: dict[str, object]) -> None:
    data = json.dumps(tree, ensure_ascii=False).encode()
    codes = codes_of(data)
    if codes:
        # JSON lets in what a policy must not have: characters that nobody sees.
        assert codes <= INVISIBLE
        return
    texts = [each.text for each in scalars(yaml.read(data, "x").root)]
    assert texts == list(leaves(tree))


INVISIBLE = {
    "text.bidi",
    "text.invisible",
    "yaml.encoding",
    "yaml.key",
    "yaml.line-separator",
}


def codes_of(data: bytes) -> set[str]:
    try:
        yaml.read(data, "x")
    except PolicyError as error:
        return {each.code for each in error.diagnostics}
    return set()


def leaves(tree: object) -> Iterator[str]:
    match tree:
        case dict():
            for key, each in tree.items():
                yield key
                yield from leaves(each)
        case list():
            for each in tree:
                yield from leaves(each)
        case str():
            yield tree
        case _:
            yield json.dumps(tree)


def test_an_entry_is_a_key_and_a_value() -> None:
    node = root("a: b")
    assert isinstance(node, Mapping)
    assert node.entries == (
        Entry(
            Scalar("a", "plain", span=Span(0, 1), pieces=()),
            Scalar("b", "plain", span=Span(3, 4), pieces=()),
        ),
    )
    assert Source("x").text == "x"
