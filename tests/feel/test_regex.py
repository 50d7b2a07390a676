"""Regular expressions: what patterns mean, what is refused, and that none of them takes long."""

import itertools
from dataclasses import replace as changed

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyeval.feel import regex
from policyeval.feel.failure import BudgetExceededError, Failure
from policyeval.feel.regex import charsets
from policyeval.feel.regex.blocks import blocks
from policyeval.feel.runtime import Budget, Runtime


def matches(text: str, pattern: str, flags: str = "") -> bool:
    return regex.matches(regex.compile_pattern(pattern, flags), text, Runtime())


def replaced(text: str, pattern: str, replacement: str, flags: str = "") -> str:
    return regex.replace(regex.compile_pattern(pattern, flags), text, replacement, Runtime())


def parts(text: str, pattern: str, flags: str = "") -> list[str]:
    return regex.split(regex.compile_pattern(pattern, flags), text, Runtime())


def refusal(pattern: str, flags: str = "", *, fallback: bool = True) -> str:
    with pytest.raises(Failure) as raised:
        regex.check_pattern(pattern, flags, fallback=fallback)
    assert raised.value.code == "eval.regex"
    return raised.value.message.text()


POEM = "Roses are red,\nviolets are blue\n"


@pytest.mark.parametrize(
    ("text", "pattern", "flags", "expected"),
    [
        # where a match may stand
        ("contract", "tract", "", True),
        ("contract", "^tract", "", False),
        ("contract", "^con", "", True),
        ("contract", "tract$", "", True),
        ("contract\n", "tract$", "", False),
        ("", "", "", True),
        ("x", "", "", True),
        # characters
        ("a\nb", "a.b", "", False),
        ("a\rb", "a.b", "", False),
        ("a\u2028b", "a.b", "", True),
        ("a\nb", "a.b", "s", True),
        ("😀", "^.$", "", True),
        ("a-b", r"a\-b", "", True),
        ("a$b^", r"a\$b\^", "", True),
        ("\t\r\n", r"^\t\r\n$", "", True),
        ("\x00", "^.$", "", True),
        # classes
        ("m", "[a-f]", "", False),
        ("-", "[a-]", "", True),
        ("-", "[-a]", "", True),
        ("-", "[^-a]", "", False),
        ("^", "[a^]", "", True),
        ("]", r"[\]]", "", True),
        (".", "[.]", "", True),
        ("a", "[.]", "", False),
        ("b", "[a-c-[b]]", "", False),
        ("c", "[a-c-[b]]", "", True),
        ("e", "[a-z-[aeiou]]", "", False),
        ("e", "[a-z-[aeiou-[e]]]", "", True),
        ("b", "[^a-[b]]", "", False),
        ("c", "[^a-[b]]", "", True),
        ("x", "[a-z-[a-z]]", "", False),
        ("-", "[a-c-e]", "", True),
        ("d", "[a-c-e]", "", False),
        ("-", r"[\d-z]", "", True),
        # escapes
        ("٣", r"^\d$", "", True),
        ("3", r"\D", "", False),
        ("\u00a0", r"\s", "", False),
        (" ", r"\s", "", True),
        ("_", r"\w", "", False),
        ("å", r"^\w$", "", True),
        ("+", r"^\w$", "", True),
        ("§", r"\W", "", True),
        (":a", r"^\i\c$", "", True),
        ("1a", r"^\i", "", False),
        ("-", r"^\I\C?$", "", True),
        ("7-", r"^\c+$", "", True),
        ("Å", r"\p{Lu}", "", True),
        ("å", r"\p{Lu}", "", False),
        ("å", r"\P{Lu}", "", True),
        ("å", r"\p{L}", "", True),
        ("€", r"\p{Sc}", "", True),
        ("\U0001f40e", r"\p{So}", "", True),
        ("\U000f0000", r"\p{Co}", "", True),
        ("\u0378", r"\p{Cn}", "", True),
        ("ж", r"\p{IsCyrillic}", "", True),
        ("ж", r"\P{IsCyrillic}", "", False),
        ("π", r"\p{IsGreek}\p{Z}?", "", True),
        ("é", r"\p{IsLatin-1Supplement}", "", True),
        ("漢", r"\p{IsCJKUnifiedIdeographs}", "", True),
        ("\ue000", r"\p{IsPrivateUse}", "", True),
        ("1", r"[\p{L}\d]", "", True),
        ("1", r"[^\p{L}\d]", "", False),
        # repetition
        ("aaa", "^a{3}$", "", True),
        ("aaa", "^a{2}$", "", False),
        ("aaa", "^a{2,}$", "", True),
        ("aaa", "^a{1,2}$", "", False),
        ("", "^a{0}$", "", True),
        ("abab", "^(ab){2}$", "", True),
        ("ab", "^a{0}ab$", "", True),
        # alternatives and groups
        ("bo", "^(anna|bo)$", "", True),
        ("", "^(a|)$", "", True),
        ("ab", "^(?:a|b)+$", "", True),
        ("ab", "a||b", "", True),
        # lines
        (POEM, "^violets", "", False),
        (POEM, "^violets", "m", True),
        (POEM, "red,$", "m", True),
        (POEM, "blue$", "m", True),
        (POEM, "blue$", "", False),
        (POEM, "^$", "m", False),
        ("a\n\nb", "^$", "m", True),
        ("\n", "^$", "m", True),
        ("\n", "\n^", "m", False),
        ("\na", "\n^", "m", True),
        ("a\r\n", "a$", "m", False),
        # case
        ("GÖTEBORG", "göteborg", "i", True),
        ("GÖTEBORG", "göteborg", "", False),
        ("\u212a", "k", "i", True),
        ("ſ", "S", "i", True),
        ("SS", "ß", "i", False),
        ("x", "[A-Z]", "i", True),
        ("o", "[A-Z-[OI]]", "i", False),
        ("p", "[A-Z-[OI]]", "i", True),
        ("Q", "[^q]", "i", False),
        ("a", r"\p{Lu}", "i", False),
        ("σς", "^Σ+$", "i", True),
        # white space in the pattern
        ("ab", "a b", "x", True),
        ("ab", "a\n\tb\r", "x", True),
        ("a b", "a[ ]b", "x", True),
        ("a b", r"a \ s b", "x", True),
        ("[a", r"\ [ a", "x", True),
        ("a\u00a0b", "a\u00a0b", "x", True),
        ("Ж", r"\p{ Is Cyrillic }", "x", True),
        # plain text
        ("1.5", "1.5", "q", True),
        ("115", "1.5", "q", False),
        ("A+B", "a+b", "qi", True),
        ("a b", "a b", "qx", True),
        ("[(", "[(", "q", True),
        ("aa", "A", "iism", True),
        # back-references
        ("noon", "^(n)o+o\\1$", "", True),
        ("nooa", "^(n)o+\\1$", "", False),
        ("abab", r"^(a)(b)\1\2$", "", True),
        ("aA", r"^(a)\1$", "", False),
        ("aA", r"^(a)\1$", "i", True),
        ("a1", r"^(a)\11$", "", False),
        ("aa1", r"^(a)\11$", "", True),
        ("abcdefghijkk", r"^(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)(k)\11$", "", True),
        ("b", r"^(?:(a)|b)\1$", "", True),
        ("<b>x</b>", r"<(\i\c*)[^>]*>.*</\1>", "", True),
    ],
)
def test_a_pattern_means_what_xpath_says(
    text: str, pattern: str, flags: str, expected: bool
) -> None:
    assert matches(text, pattern, flags) is expected


@pytest.mark.parametrize(
    ("text", "pattern", "replacement", "flags", "expected"),
    [
        ("banana", "a", "o", "", "bonono"),
        ("banana", "x", "o", "", "banana"),
        ("", "a", "o", "", ""),
        ("banana", "an", "", "", "ba"),
        ("banana", "a.", "<$0>", "", "b<an><an>a"),
        ("banana", "a.*n", "-", "", "b-a"),
        ("banana", "a.*?n", "-", "", "b--a"),
        ("aaa", "aa?", "-", "", "--"),
        ("aaa", "aa??", "-", "", "---"),
        ("aaaa", "a{2,3}?", "-", "", "--"),
        ("ab", "a|ab", "-", "", "-b"),
        ("ab", "ab|a", "-", "", "-"),
        ("2024-01-31", r"(\d+)-(\d+)-(\d+)", "$3.$2.$1", "", "31.01.2024"),
        ("ab", "(a)(b)", "$2$1", "", "ba"),
        ("a", "(a)|(b)", "[$1$2]", "", "[a]"),
        ("abc", "(?:a)(b)", "$1", "", "bc"),
        ("a", "(a)", "$2", "", ""),
        ("a", "(a)", "$12", "", "a2"),
        ("a", "(a)", "$012", "", "a2"),
        ("a", "a", "$9", "", ""),
        ("abcdefghijk", "(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)(k)", "$11$111", "", "kk1"),
        ("ab", "(ab)*", "[$1]", "", None),
        ("ababx", "(ab)+", "[$1]", "", "[ab]x"),
        ("5 kr", "kr", r"\$", "", "5 $"),
        ("a", "a", r"\\", "", "\\"),
        ("a.b", ".", "$1\\", "q", "a$1\\b"),
        ("åäö", "ä", "€", "", "å€ö"),
        ("😀a😀", "a", "b", "", "😀b😀"),
        ("aBc", "b", "-", "i", "a-c"),
        ("x\ny\n", "^.", "-", "m", "-\n-\n"),
        ("x\n\n", "\n^", "-", "m", "x-\n"),
        ("aabb", r"(.)\1", "<$1>", "", "<a><b>"),
        ("aAbB", r"(.)\1", "<$0>", "i", "<aA><bB>"),
        ("abc", "", "-", "", None),
        ("abc", "x?", "-", "", None),
        ("abc", "^", "-", "m", None),
        ("abc", "b|^", "-", "", None),
        ("abc", r"(b)?\1", "-", "", None),
        ("abc", "b", "$", "", None),
        ("abc", "b", "$x", "", None),
        ("abc", "b", "\\", "", None),
        ("abc", "b", r"\n", "", None),
        ("abc", "z", "$x", "", None),
    ],
)
def test_replacing_follows_xpath(
    text: str, pattern: str, replacement: str, flags: str, expected: str | None
) -> None:
    if expected is not None:
        assert replaced(text, pattern, replacement, flags) == expected
        return
    with pytest.raises(Failure) as raised:
        replaced(text, pattern, replacement, flags)
    assert raised.value.code == "eval.regex"


@pytest.mark.parametrize(
    ("text", "pattern", "expected"),
    [
        ("a,b", ",", ["a", "b"]),
        ("a, b ,c", r"\s*,\s*", ["a", "b", "c"]),
        (",a,", ",", ["", "a", ""]),
        (",", ",", ["", ""]),
        ("abc", "x", ["abc"]),
        ("", "x", [""]),
        ("a1b22c", r"\d", ["a", "b", "", "c"]),
        ("å→ä→ö", "→", ["å", "ä", "ö"]),
        ("abba", r"(b)\1", ["a", "a"]),
        ("x\ny", "\n", ["x", "y"]),
    ],
)
def test_splitting_keeps_what_is_empty(text: str, pattern: str, expected: list[str]) -> None:
    assert parts(text, pattern) == expected


def test_splitting_by_a_pattern_that_matches_the_empty_text_is_refused() -> None:
    with pytest.raises(Failure, match=r"eval\.regex"):
        parts("abc", "b*")


REFUSED = [
    ("(?=a)", "", "looking ahead"),
    ("(?!a)", "", "looking ahead"),
    ("(?<n>a)", "", "looking ahead"),
    ("(?i)a", "", "looking ahead"),
    ("(a", "", "not closed"),
    ("a)", "", "not opened"),
    ("[a", "", "not closed"),
    ("[", "", "not closed"),
    ("[]", "", "nothing in"),
    ("[^]", "", "nothing in"),
    ("[a-", "", "not closed"),
    ("[b-a]", "", "backwards"),
    (r"[a-\d]", "", "ends with a class"),
    ("[a[b]", "", r"\["),
    ("[a-[b]c]", "", "must stand last"),
    (r"[\ a]", "x", "no meaning"),
    ("a]", "", r"\]"),
    ("a}", "", r"\}"),
    ("*", "", "nothing before"),
    ("a**", "", "nothing before"),
    ("a|?", "", "nothing before"),
    ("a{", "", "number of times"),
    ("a{}", "", "number of times"),
    ("a{,3}", "", "number of times"),
    ("a{1", "", "number of times"),
    ("a{x}", "", "number of times"),
    ("a{3,2}", "", "above the highest"),
    ("\\", "", "ends with"),
    (r"\b", "", "no meaning"),
    (r"\A", "", "no meaning"),
    (r"\x41", "", "no meaning"),
    (r"\0", "", "not closed before"),
    (r"\1", "", "not closed before"),
    (r"(a\1)", "", "not closed before"),
    (r"(a)\2", "", "not closed before"),
    (r"(?:a)\1", "", "not closed before"),
    (r"[\1]", "", "no meaning"),
    (r"\p", "", "category"),
    (r"\pL", "", "category"),
    (r"\p{L", "", "category"),
    (r"\p{Xx}", "", "`Xx`"),
    (r"\p{Cs}", "", "`Cs`"),
    (r"\p{IsElvish}", "", "`IsElvish`"),
    (r"\p{ Lu}", "", "` Lu`"),
    ("a", "g", "no flag"),
    ("a", "I", "no flag"),
    ("a", " ", "no flag"),
    ("a" * 1025, "", "1024 bytes"),
    ("ö" * 513, "", "1024 bytes"),
    ("(" * 65 + ")" * 65, "", "deep"),
    ("((a{1,100}){1,100}){1,100}", "", "more than 1000"),
    ("\ud800", "", "no Unicode characters"),
]


@pytest.mark.parametrize(("pattern", "flags", "why"), REFUSED, ids=[p[:20] for p, _, _ in REFUSED])
def test_what_is_no_pattern_is_refused_with_the_reason(pattern: str, flags: str, why: str) -> None:
    assert why in refusal(pattern, flags)


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        (r"(a)\1", "refers back"),
        ("a{2000}", "more than 1000 times"),
        (r"\w{1000}", "too large"),
    ],
)
def test_what_cannot_be_done_in_linear_time_is_refused_where_it_is_asked_for(
    pattern: str, why: str
) -> None:
    regex.check_pattern(pattern)
    assert why in refusal(pattern, fallback=False)


def test_counts_above_a_thousand_are_counted_all_the_same() -> None:
    assert matches("a" * 2000, "^a{2000}$")
    assert not matches("a" * 1999, "^a{2000}$")
    assert matches("å" * 1100, r"^\w{1100}$")


def test_a_text_with_surrogates_is_refused() -> None:
    with pytest.raises(Failure, match=r"eval\.regex"):
        matches("\ud800", "a")


def test_nothing_is_printed_where_re2_refuses(capfd: pytest.CaptureFixture[str]) -> None:
    refusal("((a{1,100}){1,100}){1,100}")
    refusal(r"\w{1000}", fallback=False)
    captured = capfd.readouterr()
    assert (captured.out, captured.err) == ("", "")


# ------------------------------------------------------------------------------- hostile input


@pytest.mark.parametrize("ending", ["", "b"])
def test_a_million_characters_are_searched_in_no_time(ending: str) -> None:
    text = "a" * 1_000_000 + ending
    matches("", "^(a+)+$")
    assert matches(text, "^(a+)+$") is not bool(ending)


def test_a_catastrophic_back_reference_is_given_up() -> None:
    with pytest.raises(Failure, match=r"eval\.regex"):
        matches("a" * 40 + "b", r"^(a+)+\1$")


@pytest.mark.parametrize(
    ("pattern", "unit"),
    [
        (r"[ab].*c|a", "a"),
        (r"[^\n\r]*x[^\n\r]{900}y|a", "a"),
        (r"(a|b)*a(a|b){500}c|a", "ab"),
        (r"(x+x+)+y|x", "x"),
    ],
)
def test_a_pattern_that_looks_at_the_whole_text_for_each_match_runs_out_of_steps(
    pattern: str, unit: str
) -> None:
    compiled = regex.compile_pattern(pattern)
    text = unit * (60_000 // len(unit))
    with pytest.raises(BudgetExceededError):
        regex.replace(compiled, text, "-", Runtime(Budget(steps=20_000)))


def test_many_large_patterns_run_out_of_steps() -> None:
    runtime = Runtime(Budget(steps=20_000))

    def compile_many() -> None:
        for number in range(50):
            regex.compile_pattern(rf"\w{{100}}{number}", runtime=runtime)

    with pytest.raises(BudgetExceededError):
        compile_many()


def test_a_pattern_is_paid_for_once_in_a_run() -> None:
    runtime = Runtime()
    regex.compile_pattern(r"\w+", runtime=runtime)
    paid = runtime.steps
    for _ in range(100):
        regex.compile_pattern(r"\w+", runtime=runtime)
    assert runtime.steps == paid > 0


def test_a_replacement_that_makes_a_text_too_long_is_stopped() -> None:
    runtime = Runtime(Budget(string_length=1000))
    with pytest.raises(BudgetExceededError, match=r"eval\.size"):
        regex.replace(regex.compile_pattern("a"), "a" * 100, "$0" * 50, runtime)


def test_a_replacement_of_many_empty_groups_runs_out_of_steps() -> None:
    with pytest.raises(BudgetExceededError):
        replaced("a" * 10_000, "(x)?a", "$1" * 30_000)


def test_a_text_without_a_match_is_given_as_it_is() -> None:
    text = "a" * 1_000_000
    assert replaced(text, "b", "c") is text


def test_too_many_parts_are_stopped() -> None:
    runtime = Runtime(Budget(list_length=10))
    with pytest.raises(BudgetExceededError, match=r"eval\.size"):
        regex.split(regex.compile_pattern(","), "," * 10, runtime)
    assert len(regex.split(regex.compile_pattern(","), "," * 9, runtime)) == 10


def test_white_space_in_a_long_text_is_replaced_within_the_default_budget() -> None:
    assert replaced("word  other " * 5_000, r"\s+", " ") == "word other " * 5_000


# ------------------------------------------------------------------------------- laws

ATOMS = st.sampled_from(
    [
        "a",
        "b",
        "1",
        ".",
        "[ab]",
        "[^a]",
        "[a-c-[b]]",
        r"\d",
        r"\s",
        r"\n",
        "^",
        "$",
        "ab",
        r"\p{Ll}",
    ]
)
PATTERNS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda pair: f"(?:{pair[0]}|{pair[1]})"),
        inner.map(lambda part: f"({part})"),
        st.tuples(
            inner, st.sampled_from(["?", "*", "+", "??", "*?", "+?", "{2}", "{1,2}", "{0,2}?"])
        ).map(lambda pair: f"(?:{pair[0]}){pair[1]}"),
    ),
    max_leaves=8,
)
TEXTS = st.text("abA1 \n", max_size=12)
FLAGS = st.sampled_from(["", "m", "i", "s", "ms"])


@given(PATTERNS, FLAGS, TEXTS)
def test_re2_and_the_backtracking_matcher_agree(pattern: str, flags: str, text: str) -> None:
    linear = regex.compile_pattern(pattern, flags)
    backtracking = changed(linear, source=None)
    assert linear.source is not None
    assert regex.matches(linear, text, Runtime()) == regex.matches(backtracking, text, Runtime())
    if not linear.matches_empty:
        replaced_ = [
            regex.replace(each, text, "<$0>", Runtime()) for each in (linear, backtracking)
        ]
        assert replaced_[0] == replaced_[1]
        assert regex.split(linear, text, Runtime()) == regex.split(backtracking, text, Runtime())


@given(PATTERNS, FLAGS)
def test_a_pattern_is_known_to_match_the_empty_text_without_a_search(
    pattern: str, flags: str
) -> None:
    assert regex.compile_pattern(pattern, flags).matches_empty == matches("", pattern, flags)


@given(PATTERNS, FLAGS, TEXTS)
def test_parts_and_matches_together_are_the_text(pattern: str, flags: str, text: str) -> None:
    compiled = regex.compile_pattern(pattern, flags)
    if compiled.matches_empty:
        return
    assert regex.replace(compiled, text, "$0", Runtime()) == text
    assert "".join(regex.split(compiled, text, Runtime())) == regex.replace(
        compiled, text, "", Runtime()
    )


@given(st.text(max_size=20), st.text(max_size=20))
def test_flag_q_finds_a_text_as_it_is(part: str, rest: str) -> None:
    assert matches(rest + part + rest, part, "q")


@given(st.text("()[]{}?*+-|^$\\.,:=!<>PpiIsSdDwWcC012aL x", max_size=30), FLAGS)
def test_any_text_is_a_pattern_or_is_refused_in_words(pattern: str, flags: str) -> None:
    try:
        matches("ab 12", pattern, flags)
    except Failure as failure:
        assert failure.code == "eval.regex"  # noqa: PT017 - only failures of this one kind


# ------------------------------------------------------------------------------- characters

CODES = st.sets(st.integers(0, 40) | st.integers(0x10FFE0, 0x10FFFF))


def as_charset(codes: set[int]) -> charsets.CharSet:
    return charsets.charset((each, each) for each in codes)


def as_codes(characters: charsets.CharSet) -> set[int]:
    return {code for start, end in characters for code in range(start, end + 1)}


@given(CODES, CODES)
def test_sets_of_characters_are_sets(left: set[int], right: set[int]) -> None:
    first, second = as_charset(left), as_charset(right)
    assert as_codes(first) == left
    assert as_codes(charsets.union(first, second)) == left | right
    assert as_codes(charsets.difference(first, second)) == left - right
    assert charsets.complement(charsets.complement(first)) == first
    assert charsets.difference(charsets.EVERYTHING, first) == charsets.complement(first)
    assert all(charsets.contains(first, code) == (code in left) for code in range(42))


def test_every_character_with_a_case_is_known() -> None:
    known = as_codes(charsets.with_case_variants(charsets.EVERYTHING)) & set(range(0x20000))
    assert len(known) == 0x20000
    cased, variants = charsets._cased()
    for code in range(0x20000):
        character = chr(code)
        if character.lower() != character or character.upper() != character:
            assert code in variants
    assert len(cased) == len(variants)


def test_case_variants_are_what_their_definition_says() -> None:
    _, variants = charsets._cased()
    for letter in "aAkKsSiIßµΣσςå":
        expected = {
            other for other in range(0x20000) if charsets.same_but_for_case(letter, chr(other))
        }
        assert variants[ord(letter)] == expected, letter


def test_categories_divide_all_characters() -> None:
    names = [*itertools.chain.from_iterable(charsets._GROUPS.values())]
    total = sum(
        end - start + 1 for name in names for start, end in charsets._by_category().get(name, ())
    )
    assert total == charsets.LAST + 1
    assert charsets.union(*(charsets._by_category().get(each, ()) for each in names)) == (
        charsets.EVERYTHING
    )


@pytest.mark.parametrize("code", [0x41, 0xE5, 0x378, 0x4E00, 0x3FFFF, 0xE0001, 0xF0000, 0x10FFFF])
def test_a_character_is_in_the_category_that_unicode_says(code: int) -> None:
    import unicodedata

    members = charsets._by_category()[unicodedata.category(chr(code))]
    assert charsets.contains(members, code)


def test_blocks_follow_each_other_without_overlap() -> None:
    stretches = sorted({each for one in blocks().values() for each in one})
    assert len(stretches) > 330
    for (_, end), (start, _) in itertools.pairwise(stretches):
        assert end < start
    assert all(start % 16 == 0 and end % 16 == 15 for start, end in stretches)
