"""An explanation says everything there is to say, in three languages, and fails at nothing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from policyeval.evaluation.explaining import render_decision
from policyeval.evaluation.layout import Line, plain, set_lines
from policyeval.evaluation.model import (
    OpenPoint,
    Outcome,
    Phrase,
    PointKind,
    Reason,
    ReasonKind,
    RemarkMade,
    Verdict,
)
from policyeval.evaluation.results import in_words_of
from policyeval.messages import LANGUAGES
from tests.evaluation.sample import (
    ANSWERS,
    LATER,
    PRESUMED,
    PROVENANCE,
    VALID,
    answer,
    evaluation,
    text,
    whole,
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_explanation_reads_as_it_should(
    golden: Callable[[str, str], None], language: str
) -> None:
    golden(f"evaluation/explanation.{language}.txt", whole().explain(language) + "\n")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_line_is_too_wide_or_ends_with_a_blank(language: str) -> None:
    for line in whole().explain(language).split("\n"):
        assert len(line) <= 88
        assert line == line.rstrip()


def test_an_explanation_begins_and_ends_with_text() -> None:
    explained = whole().explain("sv")
    assert explained == explained.strip()
    assert "\n\n\n" not in explained


@pytest.mark.parametrize("verdict", list(Verdict))
def test_every_verdict_has_its_words_in_every_language(verdict: Verdict) -> None:
    asked = in_words_of(VALID, answer("extended", verdict))
    words = {asked.headline_in(language) for language in LANGUAGES}
    assert all(each[0].isupper() for each in words)
    assert len(words) == (2 if verdict is Verdict.YES else 3)  # "Ja" is both Swedish and German


@pytest.mark.parametrize(
    ("kind", "holds", "words"),
    [
        ("requirement", True, "condition met"),
        ("requirement", False, "condition not met"),
        ("requirement", None, "condition possibly not met"),
        ("exclusion", True, "exclusion applies"),
        ("exclusion", False, "exclusion does not apply"),
        ("exclusion", None, "exclusion possibly applies"),
        ("coverage", False, "outside the scope"),
        ("coverage", True, "within the scope"),
        ("row", None, "row `r` of the table"),
    ],
)
def test_a_reason_says_how_its_rule_stands(
    kind: ReasonKind, holds: bool | None, words: str
) -> None:
    reason = Reason("extended", "r", kind, ("2",), Phrase(None), (), holds)
    explained = in_words_of(VALID, answer("extended", Verdict.NO, reasons=(reason,))).explain()
    assert f"- Clause 2 ({words}): The order must be placed within 90 days" in explained


def test_a_reason_of_another_decision_says_which() -> None:
    reason = Reason("period_ends_on", "period_ends_on", "value", ("2",), Phrase(None))
    asked = in_words_of(VALID, answer("extended", Verdict.YES, True, reasons=(reason,)))
    assert "- Clause 2: last day of the period: The order must be placed" in asked.explain()


def test_what_no_version_governs_is_said_to_be_so() -> None:
    nothing = replace(PROVENANCE, version=None, digest=None, readings={})
    explained = evaluation(answer("extended", Verdict.NOT_COVERED, provenance=nothing)).explain()
    assert "No version of the terms governs in this case" in explained
    assert "sample-introductions, no version governs" in explained
    assert "Is the period extended?" in explained


def test_a_question_that_a_version_does_not_know_is_said_to_be_such() -> None:
    explained = evaluation(answer("other", Verdict.NOT_COVERED)).explain()
    assert explained.startswith("Terms of the introduction programme\n\n`other`\n")
    assert "- The version of the terms that governs does not deal with this question" in explained


def test_an_answer_can_be_explained_alone() -> None:
    explained = whole()["extended"].explain("de")
    assert explained.startswith("Ist die Frist verlängert?\n")
    assert "bonus_payable" not in explained
    assert "SHA-256 3f5a9c0d1e2b…" in explained


def test_a_pending_verdict_without_a_last_day_says_none() -> None:
    asked = in_words_of(VALID, answer("extended", Verdict.PENDING))
    assert asked.headline_in("en") == "Not yet decided: the deciding event may still occur"


def test_what_was_known_is_said() -> None:
    known = replace(PROVENANCE, known_on=date(2024, 5, 31))
    explained = evaluation(answer("extended", Verdict.YES, True, provenance=known)).explain()
    assert "Asked on 1 June 2024, as known on 31 May 2024" in explained


@pytest.mark.parametrize("kind", ["fact", "reading", "act", "event"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_point_that_no_policy_declares_is_called_by_its_name(
    kind: PointKind, language: str
) -> None:
    point = OpenPoint("mystery[1].part", kind, gives={"none": Outcome(None, "x")}, by="nobody")
    asked = answer("nothing", Verdict.UNKNOWN, open_points=(point,))
    explained = asked.explain(language)
    assert "`mystery`" in explained
    assert "`part`" in explained


def test_the_reading_of_the_governing_day_has_its_question() -> None:
    point = OpenPoint("governing_day", "reading", policy=VALID)
    assert point.question == "Which day picks the version?"
    assert OpenPoint("ordered_on", "event", policy=VALID).question is None


def test_a_value_of_the_user_cannot_make_lines_of_its_own() -> None:
    evil = "Acme\n\nIs a bonus payable?\n  Yes\u202e\x1b[31m" + "x" * 400
    phrase = Phrase(text("Name {company_name}", "Namn", "Name"), {"company_name": evil})
    asked = answer("extended", Verdict.YES, True, remarks=(RemarkMade("named", ("2",), phrase),))
    lines = evaluation(asked, presumed={"company_name": evil}).explain().split("\n")
    assert "  Yes" in lines  # the headline
    assert lines.count("  Yes") == 1
    assert not [each for each in lines if "\u202e" in each or "\x1b" in each]
    assert any(r"\u202e\u001b[31m" in each for each in lines)
    assert "xxx…” (`company_name`)" in " ".join(" ".join(lines).split())


def test_a_terminal_can_give_each_line_its_colour() -> None:
    asked = whole()["bonus_payable"]
    lines = list(render_decision(asked, "en"))
    assert [each.role for each in lines[:4]] == ["question", "headline", "blank", "heading"]
    assert [each.text for each in lines[:4]] == [
        "Is a bonus payable for the order?",
        "No",
        "",
        "Reasons:",
    ]
    assert plain(lines) == "\n".join(line for _, line in set_lines(lines))


def test_a_long_word_is_not_broken_and_a_narrow_terminal_does_not_matter() -> None:
    word = "a" * 200
    assert plain([Line("item", f"x {word}", 2)], width=3) == f"    - x\n      {word}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_said_of_one_version_is_said_once(language: str) -> None:
    both = evaluation(*(replace(each, provenance=LATER) for each in ANSWERS), presumed=PRESUMED)
    explained = both.explain(language)
    assert explained.count("SHA-256") == 1
    assert explained.count("`next-weekday`") == 1
