"""What changed in a text is told clause by clause, and nothing else is."""

import re
import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policyeval.analysis.drift.comparing import drift, is_recorded, stands_for
from policyeval.analysis.drift.model import ClauseDrift, Drift
from policyeval.analysis.redline import Piece
from policyeval.policy.clause_texts import sentences
from tests.analysis.drift.made import ENGLISH, PLACES, TEXTS, policy_of, recorded

BASES = ("text", "hashes")


def _compared(new: str, basis: str, text: str = ENGLISH) -> Drift:
    return drift(policy_of(text), new, text if basis == "text" else None)


def _states(found: Drift) -> dict[str, str]:
    return {each.clause: each.state for each in found.clauses if each.state != "unchanged"}


def _clause(found: Drift, name: str) -> ClauseDrift:
    return next(each for each in found.clauses if each.clause == name)


def _rewrapped(text: str) -> str:
    return textwrap.fill(" ".join(text.split()), 60, break_long_words=False)


# What is replaced, by what, and what is told of the clauses.
CHANGES: dict[str, tuple[str, str, dict[str, str]]] = {
    "a-number": ("more than 20 metres", "more than 25 metres", {"1.2a": "changed"}),
    "a-range": ("5-10 crowns", "510 crowns", {"2.1a": "changed"}),
    "the-first-word": ("Whoever moors", "Anybody who moors", {"1.1": "changed"}),
    "the-last-word": ("at the gate.", "at the quay.", {"3.2b": "changed"}),
    "capitals": ("Boats of more", "boats of more", {"1.2a": "changed"}),
    "a-full-stop": ("left out. So are", "left out; so are", {"1.2a": "changed", "1.2b": "changed"}),
    "a-clause-within-another": (
        "earlier stays",
        "former stays",
        {"1.3": "changed", "1.3b": "changed"},
    ),
    "around-a-clause-within": ("lets oil into", "lets fuel into", {"1.3": "changed"}),
    "a-shared-sentence": (
        "It doesn't include water",
        "It does include water",
        {"2.1bc": "changed", "2.1c": "changed"},
    ),
    "beside-a-shared-sentence": ("tells the price", "states the price", {"2.1bc": "changed"}),
    "sentences-apart": ("May I stay longer?", "Can I stay longer?", {"2.2a": "changed"}),
    "the-other-sentence-apart": ("You may.", "You must.", {"2.2a": "changed"}),
    "a-deleted-sentence": (
        " Changes are posted on the notice board at the gate.",
        "",
        {"3.2b": "gone"},
    ),
    "a-deleted-item": ("• debts from earlier stays, and\n", "", {"1.3": "changed", "1.3b": "gone"}),
    "an-item-put-in": (
        "• noise at night.",
        "• a broken mast, and\n• noise at night.",
        {"1.3": "changed"},
    ),
}


@pytest.mark.parametrize("basis", BASES)
@pytest.mark.parametrize("layout", ["as-it-was", "rewrapped"])
@pytest.mark.parametrize("what", CHANGES)
def test_the_clauses_that_changed_are_told_and_no_others(
    what: str, layout: str, basis: str
) -> None:
    before, after, expected = CHANGES[what]
    assert ENGLISH.count(before) == 1
    new = ENGLISH.replace(before, after)
    found = _compared(new if layout == "as-it-was" else _rewrapped(new), basis)
    if what == "a-deleted-item" and basis == "hashes":
        # Where a clause that holds it has changed too, hashes do not say what of it is left.
        expected = {"1.3": "changed", "1.3b": "changed"}
    assert _states(found) == expected
    assert not found.new
    assert found.changed


def test_a_change_is_shown_word_by_word_if_the_old_text_is_at_hand() -> None:
    found = _clause(_compared(ENGLISH.replace("20 metres", "25 metres"), "text"), "1.2a")
    assert found.before == "Boats of more than 20 metres are left out."
    assert found.now is not None
    assert (found.now.text, found.now.lines) == (
        "Boats of more than 25 metres are left out.",
        (6, 6),
    )
    assert [each for each in found.redline if each.kind != "same"] == [
        Piece("gone", "20"),
        Piece("new", "25"),
    ]


def test_without_the_old_text_what_stands_in_its_place_is_shown() -> None:
    found = _clause(_compared(ENGLISH.replace("20 metres", "25 metres"), "hashes"), "1.2a")
    assert (found.before, found.redline) == (None, ())
    assert found.now is not None
    assert found.now.text == "Boats of more than 25 metres are left out."


@pytest.mark.parametrize("basis", BASES)
def test_clauses_that_change_places_have_both_moved(basis: str) -> None:
    first, second = ENGLISH.split("\n")[4:6]
    new = ENGLISH.replace(f"{first}\n{second}", f"{second}\n{first}")
    assert set(_states(_compared(new, basis)).values()) == {"moved"}
    one, two = (
        "We may end the programme at any time.",
        "Changes are posted on the notice board at the gate.",
    )
    new = ENGLISH.replace(f"{one} {two}", f"{two} {one}")
    found = _compared(new, basis)
    assert _states(found) == {"3.2a": "moved", "3.2b": "moved"}
    assert _clause(found, "3.2a").after == "3.2b"


@pytest.mark.parametrize("basis", BASES)
def test_a_clause_that_stands_elsewhere_has_moved_and_nothing_else(basis: str) -> None:
    line = ENGLISH.split("\n")[4]
    found = _compared(ENGLISH.replace(f"{line}\n", "") + f"\n{line}\n", basis)
    assert _states(found) == {"1.1": "moved"}
    assert _clause(found, "1.1").after == "3.2b"
    assert not found.new


@pytest.mark.parametrize("basis", BASES)
def test_of_two_clauses_with_the_same_words_one_may_go(basis: str) -> None:
    line = "• Water and electricity are billed once a month.\n"
    first = ENGLISH.replace(line, "", 1)
    assert _states(_compared(first, basis)) == {"2.3": "gone"}
    head, _, tail = ENGLISH.rpartition(line)
    assert _states(_compared(head + tail, basis)) == {"3.1": "gone"}


NEW = "Dogs are kept on a lead throughout the whole harbour."


@pytest.mark.parametrize("basis", BASES)
@pytest.mark.parametrize(
    ("before", "after"),
    [("1.1", "1.2a"), ("1.2b", "1.3"), ("2.2b", "2.3"), ("3.2b", None)],
)
def test_what_is_put_in_is_new_and_has_its_place(
    before: str, after: str | None, basis: str
) -> None:
    lines = ENGLISH.rstrip("\n").split("\n")
    line = max(_lines_of(before))
    new = "\n".join([*lines[:line], f"• {NEW}", *lines[line:]])
    for text in (new, _rewrapped(new)):
        found = _compared(text, basis)
        assert _states(found) == {}
        assert [(each.passage.text, each.after, each.before) for each in found.new] == [
            (NEW, before, after)
        ]
        assert found.changed


def _lines_of(clause: str) -> tuple[int, ...]:
    place = PLACES[clause]
    first = place[0]
    return first if isinstance(first, tuple) else tuple(x for x in place if isinstance(x, int))


def test_what_is_put_in_at_the_top_is_new() -> None:
    found = _compared(f"{NEW}\n\n{ENGLISH}", "text")
    assert [(each.passage.text, each.after) for each in found.new] == [(NEW, None)]


def test_a_clause_divided_in_two_has_changed() -> None:
    before = "Whoever moors a boat in one of our harbours may take part - also for a single night."
    after = "Whoever moors a boat in one of our harbours may take part. Also for a single night."
    found = _compared(ENGLISH.replace(before, after), "text")
    assert _states(found) == {"1.1": "changed"}
    assert not found.new


def test_a_heading_that_changed_is_of_no_clause() -> None:
    found = _compared(ENGLISH.replace("What it costs", "What we charge"), "text")
    assert _states(found) == {}
    assert [each.passage.text for each in found.new] == ["What we charge"]
    assert [(each.text, each.line) for each in found.gone] == [("What it costs", 12)]


def test_without_the_old_text_a_heading_may_be_old_or_new() -> None:
    found = _compared(ENGLISH.replace("What it costs", "What we charge"), "hashes")
    assert not found.changed
    assert "What we charge" in [each.passage.text for each in found.uncertain]


def test_a_clause_that_moved_and_changed_is_found() -> None:
    line = "• We may end the programme at any time. "
    new = ENGLISH.replace(line, "• ").replace(
        "Who may take part\n", "Who may take part\n\nWe may end the programme at short notice.\n"
    )
    found = _clause(_compared(new, "text"), "3.2a")
    assert found.state == "changed"
    assert found.now is not None
    assert found.now.text == "We may end the programme at short notice."


NUMBERED = """\
1.1 The boat is moored by the crew.
1.2 The price is paid in advance.
1.3 The stay ends at noon.
1.4 Complaints go to the harbour office in writing.
"""
NUMBERED_PLACES = {f"1.{number}": (number,) for number in range(1, 5)}


@pytest.mark.parametrize("basis", BASES)
def test_a_clause_with_another_number_has_the_same_words(basis: str) -> None:
    new = (
        NUMBERED.replace("1.4 ", "1.5 ")
        .replace("1.3 The", "1.4 The")
        .replace("1.4 The", "1.3 Dogs are kept on a lead.\n1.4 The")
    )
    policy = policy_of(NUMBERED, NUMBERED_PLACES)
    found = drift(policy, new, NUMBERED if basis == "text" else None)
    assert {each.clause: (each.state, each.number) for each in found.clauses} == {
        "1.1": ("unchanged", None),
        "1.2": ("unchanged", None),
        "1.3": ("moved", "1.4"),
        "1.4": ("moved", "1.5"),
    }
    assert [each.passage.text for each in found.new] == ["1.3 Dogs are kept on a lead."]


@pytest.mark.parametrize("basis", BASES)
def test_a_rewritten_clause_is_known_by_its_number(basis: str) -> None:
    new = NUMBERED.replace("1.2 The price is paid in advance.", "1.2 Nobody owes anything here.")
    policy = policy_of(NUMBERED, NUMBERED_PLACES)
    found = drift(policy, new, NUMBERED if basis == "text" else None)
    assert _states(found) == {"1.2": "changed"}
    assert not found.new


def test_clauses_that_changed_side_by_side_are_told_apart_by_their_order() -> None:
    new = ENGLISH.replace("20 metres", "25 metres").replace("petrol, gas", "petrol")
    found = _compared(new, "hashes")
    assert _states(found) == {"1.2a": "changed", "1.2b": "changed"}
    assert _clause(found, "1.2a").now != _clause(found, "1.2b").now


def test_a_clause_without_a_hash_is_not_compared_without_the_old_text() -> None:
    policy = policy_of(ENGLISH)
    bare = recorded(policy, "")
    assert {each.state for each in drift(bare, ENGLISH).clauses} == {"not-recorded"}
    assert not drift(bare, ENGLISH, ENGLISH).changed


@pytest.mark.parametrize("basis", BASES)
@pytest.mark.parametrize("new", ["", "\n\n", "• - *", "Something else altogether. And more."])
def test_of_another_text_every_clause_is_gone_or_changed(new: str, basis: str) -> None:
    found = _compared(new, basis)
    assert {each.state for each in found.clauses} <= {"gone", "changed"}
    assert found.changed


def test_the_old_text_is_known_by_its_digest_or_its_clauses() -> None:
    policy = policy_of(ENGLISH)
    assert is_recorded(policy, ENGLISH.encode())
    assert not is_recorded(policy, b"x" + ENGLISH.encode())
    assert stands_for(policy, ENGLISH) == ()
    assert stands_for(policy, ENGLISH.replace("20 metres", "25 metres")) == ("1.2a",)


def test_lists_of_passages_are_bounded() -> None:
    words = "\n\n".join(f"Entirely new sentence number {number}x here." for number in range(300))
    found = _compared(ENGLISH + words, "hashes")
    assert len(found.new) == 100
    assert found.more == 200


# ------------------------------------------------------------------------------- properties


@st.composite
def changed(draw: st.DrawFn) -> tuple[str, str, set[str]]:
    """Draw a text, the same with one word of a clause changed, and the clauses it is in."""
    text = TEXTS[draw(st.sampled_from(sorted(TEXTS)))]
    places = [(name, number) for name in PLACES for number in _lines_of(name)]
    _, number = draw(st.sampled_from(places))
    lines = text.split("\n")
    found = list(re.finditer(r"[^\W\d_]{3,}", lines[number - 1]))
    match = draw(st.sampled_from(found))
    word = "Zebra" if match[0][0].isupper() else "zebra"
    line = lines[number - 1]
    lines[number - 1] = line[: match.start()] + word + line[match.end() :]
    new = "\n".join(lines)
    if len(sentences(lines[number - 1])) != len(sentences(line)):
        return text, text, set()
    old_policy, new_policy = policy_of(text), policy_of(new)
    expected = {
        name
        for name in PLACES
        if old_policy.clauses[name].sha256 != new_policy.clauses[name].sha256
    }
    return text, new, expected


@settings(max_examples=30)
@given(changed(), st.sampled_from(BASES), st.sampled_from([0, 25, 60, 1000]))
def test_a_word_that_changed_changes_exactly_its_clauses(
    made: tuple[str, str, set[str]], basis: str, width: int
) -> None:
    text, new, expected = made
    if width:
        new = textwrap.fill(
            " ".join(new.split()), width, break_long_words=False, break_on_hyphens=False
        )
    found = _compared(new, basis, text)
    assert set(_states(found)) == expected
    assert set(_states(found).values()) <= {"changed"}


@given(st.text(max_size=300), st.sampled_from(BASES))
def test_any_text_can_be_compared(new: str, basis: str) -> None:
    assert len(_compared(new, basis).clauses) == len(PLACES)
