"""A text that is only laid out otherwise is the same text, with or without the old one at hand."""

import html
import re
import textwrap
from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policyeval.analysis.drift.captures import compare_capture
from policyeval.analysis.drift.comparing import drift
from policyeval.analysis.drift.model import Drift
from tests.analysis.drift.made import NAME, SOURCE, TEXTS, newest, policy_of, recorded

LANGUAGES = sorted(TEXTS)
BASES = ("text", "hashes")


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _wrapped(width: int) -> Callable[[str], str]:
    def wrap(text: str) -> str:
        return textwrap.fill(_one_line(text), width, break_long_words=False, break_on_hyphens=False)

    return wrap


def _each_line_wrapped(text: str) -> str:
    return "\n".join(textwrap.fill(line, 40, break_long_words=False) for line in text.split("\n"))


def _sentence_per_line(text: str) -> str:
    return re.sub(r"(?<=[a-zåäö][.!?]) (?=[A-ZÅÄÖ])", "\n", text)


def _hyphenated(text: str) -> str:
    """Divide every long word at the end of a line."""
    return re.sub(r"\b([a-zåäöü]{4})([a-zåäöüß]{5,})\b", "\\1-\n\\2", text)


def _softly_hyphenated(text: str) -> str:
    return re.sub(r"\b([a-zåäöü]{4})([a-zåäöüß]{5,})\b", "\\1\u00ad\\2", text)


def _hyphens_kept(text: str) -> str:
    """End a line at every hyphen that belongs to a word."""
    return re.sub(r"(?<=\w)-(?=\w)", "-\n", text)


def _other_quotes(text: str) -> str:
    table: dict[str, str | int | None] = {
        "\u201d": '"',
        "\u201e": "\u00bb",
        "\u201c": "\u00ab",
        '"': "\u201c",
        "'": "\u2019",
    }
    return text.translate(str.maketrans(table))


def _other_signs(text: str) -> str:
    return text.replace("• ", "   –  ").replace(" – ", " - ").replace("–", "\u2011")


def _no_signs(text: str) -> str:
    return text.replace("• ", "")


def _numbers_of_bytes(text: str) -> str:
    return "\ufeff" + text.replace("\n", "\r\n").replace(" ", "\u00a0 ")


LAYOUTS: dict[str, Callable[[str], str]] = {
    "the-same": str,
    "one-line": _one_line,
    "20-columns": _wrapped(20),
    "60-columns": _wrapped(60),
    "200-columns": _wrapped(200),
    "lines-wrapped": _each_line_wrapped,
    "a-sentence-a-line": _sentence_per_line,
    "a-word-a-line": lambda text: "\n".join(text.split()),
    "empty-lines": lambda text: text.replace("\n", "\n\n\n"),
    "hyphenated": _hyphenated,
    "soft-hyphens": _softly_hyphenated,
    "soft-hyphens-at-line-ends": lambda text: _softly_hyphenated(text).replace(
        "\u00ad", "\u00ad\n"
    ),
    "lines-end-at-hyphens": _hyphens_kept,
    "other-quotation-marks": _other_quotes,
    "other-signs-of-items": _other_signs,
    "no-signs-of-items": _no_signs,
    "other-blanks": _numbers_of_bytes,
    "form-feeds": lambda text: text.replace("\n\n", "\n\f\n"),
    "indented": lambda text: textwrap.indent(text, "\t    "),
}


def _compared(text: str, new: str, basis: str) -> Drift:
    return drift(policy_of(text), new, text if basis == "text" else None)


def _different(found: Drift) -> dict[str, str]:
    return {each.clause: each.state for each in found.clauses if each.state != "unchanged"}


@pytest.mark.parametrize("basis", BASES)
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_laid_out_otherwise_has_not_changed(language: str, layout: str, basis: str) -> None:
    text = TEXTS[language]
    found = _compared(text, LAYOUTS[layout](text), basis)
    assert _different(found) == {}
    assert [each.passage.text for each in found.new] == []
    assert not found.gone
    assert not found.changed
    assert found.basis == basis


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_example_laid_out_otherwise_has_not_changed(layout: str) -> None:
    text = SOURCE.read_text(encoding="utf-8")
    policy = recorded(newest().policy, text)
    assert policy.programme == NAME
    for old in (text, None):
        found = drift(policy, LAYOUTS[layout](text), old)
        assert _different(found) == {}
        assert not found.changed


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{html.escape(each)}</p>" for each in text.split("\n") if each)


def _list(text: str) -> str:
    found = []
    for each in text.split("\n"):
        if each.startswith("• "):
            found.append(f"<ul><li><b>{html.escape(each[2:6])}</b>{html.escape(each[6:])}</ul>")
        elif each:
            found.append(f"<h2>{html.escape(each)}</h2>")
    return "\n".join(found)


def _table(text: str) -> str:
    rows = [each for each in text.split("\n") if each]
    cells = [html.escape(each).replace(" ", "<br>", 3) for each in rows]
    pairs = zip(cells[::2], [*cells[1::2], ""], strict=False)
    return "<table>" + "".join(f"<tr><td>{a}<td>{b}" for a, b in pairs) + "</table>"


MARKUP: dict[str, Callable[[str], str]] = {
    "paragraphs": _paragraphs,
    "lists": _list,
    "tables": _table,
    "preformatted": lambda text: f"<pre>{html.escape(text)}</pre>",
    "line-breaks": lambda text: html.escape(text).replace("\n", "<br/>"),
    "entities": lambda text: _paragraphs(text).replace("ä", "&auml;").replace("–", "&ndash;"),
}


@pytest.mark.parametrize("basis", BASES)
@pytest.mark.parametrize("markup", MARKUP)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_as_a_web_page_has_not_changed(language: str, markup: str, basis: str) -> None:
    text = TEXTS[language]
    page = f"<!doctype html><html><meta charset=utf-8><body>{MARKUP[markup](text)}</body></html>"
    old = text if basis == "text" else None
    found = compare_capture(policy_of(text), page.encode(), "new.html", old).drift
    assert _different(found) == {}
    assert not found.changed


# ------------------------------------------------------------------------------- properties


def _spelt(word: str, random: Random, quote: str) -> str:
    """Write a word as another layout would."""
    if len(word) > 7 and word.isalpha() and word.islower() and random.random() < 0.1:
        at = random.randrange(2, len(word) - 2)
        return word[:at] + random.choice(["-\n", "\u00ad", "\u00ad\n"]) + word[at:]
    if "-" in word[1:-1] and random.random() < 0.3:
        return word.replace("-", random.choice(["-\n", "\u2010", "\u2011"]))
    if quote == "keep":
        return word
    return re.sub('["„“”]', '"' if quote == "plain" else "\u00bb", word)


@st.composite
def laid_out(draw: st.DrawFn) -> tuple[str, str]:
    """Draw a language, and its text with lines that end anywhere."""
    language = draw(st.sampled_from(LANGUAGES))
    random = draw(st.randoms(use_true_random=False))
    quote = random.choice(["keep", "plain", "angled"])
    found = []
    for word in TEXTS[language].split():
        if word == "•":
            found.append(random.choice(["•", "\n•", "\n-", "\n  *", "\n\n\u2023", ""]))
            continue
        found.append(_spelt(word, random, quote))
        found.append(random.choice([" ", " ", " ", "  ", "\n", "\n\n", "\t", "\u00a0", "\r\n"]))
    return language, " ".join(found)


@settings(max_examples=30)
@given(laid_out(), st.sampled_from(BASES))
def test_wherever_lines_end_nothing_has_changed(made: tuple[str, str], basis: str) -> None:
    language, new = made
    found = _compared(TEXTS[language], new, basis)
    assert _different(found) == {}
    assert [each.passage.text for each in found.new] == []
