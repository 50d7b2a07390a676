"""A clause is the same while its sentences read the same, and it is found again where it has moved."""

import unicodedata
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from policyeval.policy.clause_texts import (
    Place,
    clause_digest,
    compare,
    normalised,
    sentences,
    source_state,
)
from policyeval.policy.model import Clause
from tests.policy.made_versions import NOWHERE, policy, text

SOURCES = Path(__file__).parents[3] / "shared" / "sources"

# ------------------------------------------------------------------------------- normal form


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("", ""),
        (" \u00a0 \t ", ""),
        (" A  b\r\nc\n\n d ", "A b c d"),
        ("Ver\u00adtrag", "Vertrag"),
        ("a\u200bb\ufeff", "ab"),
        (
            "\u201eJa\u201c, \u201dja\u201d, \u00abja\u00bb, \u00bbja\u00ab",
            '"Ja", "ja", "ja", "ja"',
        ),
        ("das war\u2019s \u201aja\u2018", "das war's 'ja'"),
        ("1\u20132 \u2014 3\u22124 a\u2011b", "1-2 - 3-4 a-b"),
        ("und so weiter\u2026", "und so weiter..."),
        ("fo\u0308r", "f\u00f6r"),
        (" \u2022 ett\n \u2022\u00a0tv\u00e5", "ett tv\u00e5"),
        ("- ett\n* tv\u00e5\n\u2013 tre", "ett tv\u00e5 tre"),
        ("\u2022ett", "ett"),
        ("-5 grader", "-5 grader"),
        ("a - b", "a - b"),
        ("\u2022 - a", "a"),
        ("o\u00ad\u0308", "\u00f6"),
    ],
)
def test_a_text_has_one_normal_form(written: str, normal: str) -> None:
    assert normalised(written) == normal


ODD = st.text(
    st.sampled_from(
        "aB. ?!\n\r\t\u00a0\u00ad\u2022-*\u2013\u201c\u2019\u0308o\u2026\u2028\x85\x0b1\u00b7"
    )
)


@settings(max_examples=500)
@given(ODD | st.text())
@example("-\n-\n-a")
@example("\u0387 a")
def test_the_normal_form_of_a_normal_form_is_itself(written: str) -> None:
    assert normalised(normalised(written)) == normalised(written)


# ------------------------------------------------------------------------------- sentences


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("", []),
        ("Utan punkt", ["Utan punkt"]),
        ("Ett. Tv\u00e5! Tre?", ["Ett.", "Tv\u00e5!", "Tre?"]),
        ("Was tun?Auch das?", ["Was tun?", "Auch das?"]),
        ("Es gilt.Danach nicht.", ["Es gilt.", "Danach nicht."]),
        (
            "Gilt ab dem 14. Mai 2021. Danach nicht.",
            ["Gilt ab dem 14. Mai 2021.", "Danach nicht."],
        ),
        ("Vom 1. bis 3. M\u00e4rz. Ende", ["Vom 1. bis 3. M\u00e4rz.", "Ende"]),
        ("Bis zum 2. Quartal. Ende", ["Bis zum 2. Quartal.", "Ende"]),
        ("Vom 1. 6. 2020 an. Ende", ["Vom 1. 6. 2020 an.", "Ende"]),
        ("Es sind 15. Der Rest fehlt.", ["Es sind 15.", "Der Rest fehlt."]),
        ("Es kostet 10.000 Euro. 30 Tage.", ["Es kostet 10.000 Euro.", "30 Tage."]),
        ("Partner, d.v.s. Kunder, t.ex. Anna. Ja.", ["Partner, d.v.s. Kunder, t.ex. Anna.", "Ja."]),
        (
            "Das gilt z. B. Kunden und z.B. Partnern. Ja.",
            ["Das gilt z. B. Kunden und z.B. Partnern.", "Ja."],
        ),
        ("Enligt bl.a. Lagen, m.m. N\u00e4sta.", ["Enligt bl.a. Lagen, m.m.", "N\u00e4sta."]),
        ("Frist, Geb\u00fchr usw. sind bekannt.", ["Frist, Geb\u00fchr usw. sind bekannt."]),
        ("Nach Abs. 3 Nr. 5 gilt es. Ja.", ["Nach Abs. 3 Nr. 5 gilt es.", "Ja."]),
        ("In dieser Art. Der Rest.", ["In dieser Art.", "Der Rest."]),
        ("1. Betala. 2. V\u00e4nta.", ["1. Betala.", "2. V\u00e4nta."]),
        ("4.5a. Betala.", ["4.5a. Betala."]),
        ("Se www.example.Com och a@b.De nu. Ja.", ["Se www.example.Com och a@b.De nu.", "Ja."]),
        ('Er fragt "Was?" und geht. "Nein." Ja.', ['Er fragt "Was?" und geht.', '"Nein."', "Ja."]),
        ("(Ett.) (Tv\u00e5.)", ["(Ett.)", "(Tv\u00e5.)"]),
        ("Vielleicht\u2026 Weiter\u2026 oder nicht.", ["Vielleicht...", "Weiter... oder nicht."]),
        ("Ett;  tv\u00e5: tre.", ["Ett; tv\u00e5: tre."]),
        (" \u2022 Ett. Tv\u00e5.", ["Ett.", "Tv\u00e5."]),
        ("A. Svensson betalar. Ja.", ["A. Svensson betalar.", "Ja."]),
        ("Das gilt f\u00fcr GmbH. Auch hier.", ["Das gilt f\u00fcr GmbH.", "Auch hier."]),
        ("en mening. som forts\u00e4tter", ["en mening. som forts\u00e4tter"]),
    ],
)
def test_a_line_is_split_where_sentences_end(line: str, expected: list[str]) -> None:
    assert list(sentences(line)) == expected


PHRASES = st.sampled_from(
    [
        "Ja.",
        "Nein?",
        "z.",
        "B.",
        "16.",
        "Juni",
        "d.v.s.",
        "Ende!",
        "usw.",
        "Auch",
        "tun?Auch",
        "1.",
        "a",
        "„B.“",
        "(C.)",
        "...",
        "Nr.",
        "5",
    ]
)


@settings(max_examples=500)
@given(st.lists(PHRASES, max_size=12).map(" ".join) | ODD)
def test_no_character_is_lost_or_added_between_sentences(line: str) -> None:
    found = sentences(line)
    assert "".join(found).replace(" ", "") == normalised(line).replace(" ", "")
    assert all(each == each.strip() != "" for each in found)


@settings(max_examples=300)
@given(st.lists(PHRASES, max_size=12), st.data())
def test_sentences_do_not_depend_on_how_a_text_is_set(
    words: list[str], data: st.DataObject
) -> None:
    blanks = data.draw(
        st.lists(
            st.sampled_from([" ", "  ", "\u00a0", "\t"]), min_size=len(words), max_size=len(words)
        )
    )
    set_otherwise = "".join(word + blank for word, blank in zip(words, blanks, strict=True))
    assert sentences(unicodedata.normalize("NFD", f" \u2022 {set_otherwise}")) == sentences(
        " ".join(words)
    )


@pytest.mark.parametrize(
    "unit", ["a.", "a. B", "?", "\u2022 ", "\n\u2022", "\u00ad", "1. ", '"', ".Aa", "- "]
)
def test_half_a_million_characters_are_split_without_getting_lost(unit: str) -> None:
    line = unit * (500_000 // len(unit))
    assert "".join(sentences(line)).replace(" ", "") == normalised(line).replace(" ", "")


# ------------------------------------------------------------------------------- digests

TEXT = "Title\n\n \u2022 The fee is paid. It is paid late.\n \u2022 The list:\n \u2022 one;\n \u2022 two.\n"


def digest_of(words: str) -> str:
    return sha256(words.encode()).hexdigest()


@pytest.mark.parametrize(
    ("lines", "chosen", "words"),
    [
        ((3,), None, "The fee is paid. It is paid late."),
        ((3,), (1,), "The fee is paid."),
        ((3,), (2,), "It is paid late."),
        ((3,), (2, 1), "It is paid late. The fee is paid."),
        ((4, 5, 6), None, "The list: one; two."),
        ((3, 4), (2, 3), "It is paid late. The list:"),
        ((1, 2), None, "Title"),
    ],
)
def test_a_digest_is_of_the_normal_sentences_joined_by_a_blank(
    lines: tuple[int, ...], chosen: tuple[int, ...] | None, words: str
) -> None:
    assert clause_digest(TEXT, lines, chosen) == digest_of(words)


@pytest.mark.parametrize(
    ("lines", "chosen"),
    [((0,), None), ((-1,), None), ((99,), None), ((3, 99), None), ((2,), None), ((), None),
     ((3,), (0,)), ((3,), (3,)), ((3,), (-1,)), ((3,), ())],
)  # fmt: skip
def test_what_does_not_exist_has_no_digest(
    lines: tuple[int, ...], chosen: tuple[int, ...] | None
) -> None:
    assert clause_digest(TEXT, lines, chosen) is None


@pytest.mark.parametrize(
    "same",
    [
        TEXT.replace("\n", "\r\n"),
        TEXT.replace("\n", "\r"),
        TEXT.replace(" \u2022 ", "- "),
        TEXT.replace("paid. It", "paid.It"),
        TEXT.replace("fee is", "fee\u00a0 is"),
        "\ufeff" + TEXT,
    ],
    ids=["crlf", "cr", "bullets", "no-blank", "blanks", "bom"],
)
def test_a_text_that_reads_the_same_has_the_same_digest(same: str) -> None:
    assert same != TEXT
    assert clause_digest(same, (3,)) == clause_digest(TEXT, (3,))


# ------------------------------------------------------------------------------- comparing


def clause(
    lines: tuple[int, ...],
    words: str | None,
    chosen: tuple[int, ...] | None = None,
    name: str = "1",
) -> Clause:
    sha = None if words is None else digest_of(words)
    return Clause(name, lines, sha, "condition", text("gist"), sentences=chosen, span=NOWHERE)


def state(one: Clause, source: str = TEXT) -> tuple[str, Place | None]:
    (found,) = compare(policy(clauses=(one,)), source)
    return found.state, found.found


@pytest.mark.parametrize(
    ("recorded", "expected"),
    [
        (clause((3,), "The fee is paid. It is paid late."), ("same", None)),
        (clause((3,), "It is paid late.", (2,)), ("same", None)),
        (clause((3,), None), ("not-recorded", None)),
        (clause((3,), "The fee is 5."), ("changed", None)),
        (clause((7,), "The fee is 5."), ("lines-missing", None)),
        (clause((99,), None), ("lines-missing", None)),
        (clause((3,), "Gone.", (3,)), ("lines-missing", None)),
        (clause((1,), "The list:"), ("changed", Place((4,)))),
        (clause((), "The list:"), ("lines-missing", Place((4,)))),
        (clause((10**9,), "The list:"), ("lines-missing", Place((4,)))),
        (clause((99,), "The list:"), ("lines-missing", Place((4,)))),
        (clause((1,), "It is paid late."), ("changed", Place((3,), (2,)))),
        (clause((1, 2), "one; two."), ("changed", Place((5, 6)))),
        (clause((1,), "It is paid late. The list:"), ("changed", Place((3, 4), (2, 3)))),
        (
            clause((2,), "It is paid late. The fee is paid.", (2, 1)),
            ("lines-missing", Place((3,), (2, 1))),
        ),
    ],
)
def test_a_clause_is_the_same_or_changed_or_moved(
    recorded: Clause, expected: tuple[str, Place | None]
) -> None:
    assert state(recorded) == expected


def test_of_several_places_the_nearest_to_the_old_one_is_given() -> None:
    source = "Same.\nOther.\nx\nx\nx\nSame.\n"
    assert state(clause((5,), "Same."), source) == ("changed", Place((6,)))
    assert state(clause((2,), "Same."), source) == ("changed", Place((1,)))


def test_a_clause_has_the_digest_that_is_to_be_recorded() -> None:
    (found,) = compare(policy(clauses=(clause((4,), None),)), TEXT)
    assert found.digest == digest_of("The list:")
    assert found.place == Place((4,))


def test_clauses_are_compared_in_the_order_of_the_policy() -> None:
    clauses = tuple(
        clause((line,), None, name=name) for line, name in [(4, "2"), (3, "10"), (1, "1")]
    )
    assert [each.clause for each in compare(policy(clauses=clauses), TEXT)] == ["2", "10", "1"]


@settings(max_examples=100)
@given(st.integers(1, 20), st.integers(3, 6))
def test_a_clause_that_moved_as_a_whole_is_found(above: int, line: int) -> None:
    moved = "".join(f"Line {number}.\n" for number in range(above)) + TEXT
    was = Clause("1", (line,), clause_digest(TEXT, (line,)), "duty", text("gist"), span=NOWHERE)
    assert state(was, TEXT) == ("same", None)
    assert state(was, moved)[1] == Place((line + above,))


@pytest.mark.parametrize(
    ("recorded", "expected"),
    [(None, "not-recorded"), ("0" * 64, "changed"), (sha256(b"text").hexdigest().upper(), "same")],
)
def test_the_source_file_as_a_whole_is_compared_by_its_bytes(
    recorded: str | None, expected: str
) -> None:
    assert source_state(policy(source_sha256=recorded), b"text") == expected


@pytest.mark.skipif(not SOURCES.exists(), reason="the texts of the programmes are not at hand")
@pytest.mark.parametrize(
    ("language", "line", "count"),
    [
        *(("sv", line, count) for line, count in [(19, 1), (23, 2), (38, 3), (43, 1), (57, 2)]),
        *(("de", line, count) for line, count in [(5, 5), (11, 2), (21, 2), (25, 3), (29, 3)]),
    ],
)
def test_the_lines_of_real_terms_have_as_many_sentences_as_a_reader_counts(
    language: str, line: int, count: int
) -> None:
    (path,) = SOURCES.glob(f"*.{language}.txt")
    lines = path.read_text(encoding="utf-8").split("\n")
    assert len(sentences(lines[line - 1])) == count
