"""Texts in ASCII are read with smaller patterns, which are made sooner; they are read no otherwise."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyeval.feel import lexer, names
from policyeval.feel.characters import alphabet
from policyeval.feel.limits import DEFAULT_LIMITS
from policyeval.source import Source

PARTS = st.sampled_from(
    [
        *("a", "Full Name", "b2", "?", "_", "if", "for", "in", "return", "function", "external"),
        *(" ", "\t", "\v", "\f", "\r\n", "\x1c", "\x1f", "\x7f", "\0", "// x\n", "/* y */"),
        *("(", ")", "[", "]", "{", "}", "<", ">", ":", ",", ".", "..", "->", "'", '"', "@", "\\"),
        *("+", "-", "*", "/", "**", "==", "&&", "1", "2.5", "1e3", '"t"', '@"P1D"', "instance of"),
    ]
)


@pytest.mark.parametrize("kind", ["space", "name_start", "name_part"])
def test_the_plain_alphabet_is_the_ascii_part_of_the_whole(kind: str) -> None:
    plain, whole = (re.compile(f"[{getattr(alphabet(each), kind)}]") for each in (True, False))
    ascii_characters = map(chr, range(128))
    assert all(bool(plain.match(each)) == bool(whole.match(each)) for each in ascii_characters)
    assert not any(plain.match(chr(each)) for each in range(128, 0x110000))


@given(st.lists(PARTS, max_size=30).map("".join), st.sampled_from(["expression", "type"]))
def test_a_plain_text_is_divided_alike_by_both_kinds_of_patterns(text: str, start: str) -> None:
    def divided() -> lexer.Lexed:
        return lexer.tokenize(Source(text), ["Full Name", "a-b"], ["b2.x"], DEFAULT_LIMITS, start)

    with pytest.MonkeyPatch.context() as patch:
        whole = lexer._patterns(plain=False)
        patch.setattr(lexer, "_patterns", lambda _: whole)
        patch.setattr(names, "chunk_pattern", lambda _, chunk=whole.chunk: chunk)
        expected = divided()
    assert divided() == expected
