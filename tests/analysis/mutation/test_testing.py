"""What becomes of mutants: which of them the golden cases notice, and why others cannot be noticed."""

from dataclasses import replace
from pathlib import Path

import pytest

from policyeval.analysis.mutation.model import Judged
from policyeval.analysis.mutation.operators import mutants
from policyeval.analysis.mutation.running import Report, Running
from policyeval.cases.running import run_case
from policyeval.evaluator.policies import PolicySet
from policyeval.messages import Message
from policyeval.policy.addresses import read
from policyeval.policy.library import Library
from tests.analysis.mutation.made import NAME, cases, library, listed, rule, rules, value


def run(found: Library, *only: str, processes: int = 1) -> Report:
    """Test the mutants of a programme, of what stands at some addresses or of everything."""
    addresses = [each for each in map(read, only) if each is not None]
    return Running(found, cases(found), addresses).run(processes)


def states(found: Report) -> dict[str, str]:
    return {f"{each.at}: {each.what}": each.state for each in found.tested}


def left(found: Report) -> list[str]:
    """Give what is not noticed."""
    return [each.what for each in found.unnoticed]


SUBJECT = rules(
    listed("requires", rule("in_time", "that", 'returned_on <= lent_on + duration("P28D")')),
    listed("excluded_if", rule("lost", "when", "lost")),
)

LAST_DAY = "  - {id: last-day, facts: {returned_on: 2024-03-29}, expect: {subject: YES}}\n"
DAY_AFTER = "  - {id: day-after, facts: {returned_on: 2024-03-30}, expect: {subject: NO}}\n"
FAR_TOO_LATE = "  - {id: far-too-late, facts: {returned_on: 2024-05-02}, expect: {subject: NO}}\n"
LOST = "  - {id: lost, facts: {lost: true, waived: 'no'}, expect: {subject: NO}}\n"
FULL = LAST_DAY + DAY_AFTER + FAR_TOO_LATE + LOST


def test_a_full_set_of_cases_notices_every_change(tmp_path: Path) -> None:
    found = run(library(tmp_path, SUBJECT, "cases:\n" + FULL), "decisions.subject")
    assert {each.what: each.by for each in found.tested} == {
        "in_time → (none)": "day-after",
        "lost → (none)": "lost",
        'returned_on <= lent_on + duration("P28D") → returned_on < lent_on + duration("P28D")': (
            "last-day"
        ),
        'returned_on <= lent_on + duration("P28D") → returned_on >= lent_on + duration("P28D")': (
            "day-after"
        ),
        'duration("P28D") → duration("P29D")': "day-after",
        'duration("P28D") → duration("P27D")': "last-day",
        'returned_on <= lent_on + duration("P28D") → reminded_on <= lent_on + duration("P28D")': (
            "last-day"
        ),
        "lost → not(lost)": "last-day",
    }


@pytest.mark.parametrize(
    ("without", "unnoticed"),
    [
        (DAY_AFTER, ['duration("P28D") → duration("P29D")']),
        (
            LAST_DAY,
            [
                'returned_on <= lent_on + duration("P28D")'
                ' → returned_on < lent_on + duration("P28D")',
                'returned_on <= lent_on + duration("P28D")'
                ' → reminded_on <= lent_on + duration("P28D")',
                'duration("P28D") → duration("P27D")',
            ],
        ),
        (LOST, ["lost → (none)"]),
    ],
    ids=["day-after", "last-day", "lost"],
)
def test_without_the_case_at_an_edge_what_it_pins_down_goes_unnoticed(
    tmp_path: Path, without: str, unnoticed: list[str]
) -> None:
    written = "cases:\n" + FULL.replace(without, "")
    found = run(library(tmp_path, SUBJECT, written), "decisions.subject")
    assert sorted(left(found)) == sorted(unnoticed)


def test_a_case_with_something_open_notices_too(tmp_path: Path) -> None:
    pending = """\
cases:
  - id: not-yet
    asked_on: 2024-03-10
    facts: {returned_on: null}
    expect: {subject: {verdict: PENDING, until: 2024-03-29, open: [returned_on]}}
"""
    found = run(library(tmp_path, SUBJECT, pending), "decisions.subject")
    by_what = {each.what: each.by for each in found.tested}
    assert by_what['duration("P28D") → duration("P29D")'] == "not-yet"
    assert by_what['duration("P28D") → duration("P27D")'] == "not-yet"
    assert by_what["in_time → (none)"] == "not-yet"
    assert by_what["lost → (none)"] is None


REMARKED = rules(
    "value: 'true'",
    'remarks: [{id: thick, clause: "1", when: pages > 100, say: {sv: ja, de: ja, en: yes}}]',
)


def test_only_what_a_case_says_of_remarks_notices_a_change_of_one(tmp_path: Path) -> None:
    silent = "cases:\n  - {id: thin, facts: {pages: 100}, expect: {subject: YES}}\n"
    made = "  - {id: thick, facts: {pages: 101}, expect: {subject: {remarks: [thick]}}}\n"
    unmade = "  - {id: no, facts: {pages: 100}, expect: {subject: {no_remarks: [thick]}}}\n"
    at = "decisions.subject.remarks"
    assert [each.state for each in run(library(tmp_path, REMARKED, silent), at).tested] == [
        "untested"
    ] * 6
    only_made = left(run(library(tmp_path, REMARKED, silent + made), at))
    assert only_made == ["pages > 100 → pages >= 100", "pages > 100 → pages > 99"]
    assert left(run(library(tmp_path, REMARKED, silent + made + unmade), at)) == []


def test_an_answer_that_cannot_be_computed_any_more_is_noticed(tmp_path: Path) -> None:
    written = "cases:\n  - {id: some, facts: {pages: 4}, expect: {subject: 3}}\n"
    found = run(
        library(tmp_path, value("number", "12 / (pages - 0)"), written), "decisions.subject"
    )
    assert "pages - 0 → pages - 1" in {e.what for e in found.tested if e.state == "killed"}
    written = "cases:\n  - {id: some, facts: {pages: 1}, expect: {subject: 12}}\n"
    found = run(
        library(tmp_path, value("number", "12 / (pages - 0)"), written), "decisions.subject"
    )
    assert {e.what: e.by for e in found.tested}["pages - 0 → pages - 1"] == "some"


def test_facts_that_are_refused_otherwise_are_noticed(tmp_path: Path) -> None:
    consistent = (
        "consistent_when:\n  - " + rule("order", "that", "lent_on <= returned_on").strip() + "\n"
    )
    written = """\
cases:
  - {id: same-day, facts: {returned_on: 2024-03-01}, expect: {subject: YES}}
  - {id: before, facts: {returned_on: 2024-02-29}, refused: [input.inconsistent]}
"""
    decided = library(tmp_path, value("boolean", "true"), written, consistent)
    found = run(decided, "consistent_when")
    assert {each.what: each.by for each in found.tested} == {
        "order → (none)": "before",
        "lent_on <= returned_on → lent_on < returned_on": "same-day",
        "lent_on <= returned_on → lent_on >= returned_on": "before",
        'lent_on <= returned_on → lent_on <= returned_on + duration("P1D")': "before",
        "lent_on <= returned_on → lent_on <= reminded_on": "before",
    }


def test_what_no_case_asks_is_told_apart(tmp_path: Path) -> None:
    written = "cases:\n" + FULL
    found = run(library(tmp_path, SUBJECT, written), "decisions.uses_everything")
    assert {each.state for each in found.tested} == {"untested"}


def test_what_is_presumed_notices_what_is_read(tmp_path: Path) -> None:
    written = """\
cases:
  - id: bare
    presumed: [damaged, days_late, lost, pages, reserved_on, copies]
    facts: {waived: "yes"}
    expect: {subject: NO}
"""
    found = run(library(tmp_path, value("boolean", "lost and pages > 5"), written))
    assert states(found)["decisions.subject.value: lost and pages > 5 → lost"] == "survived"
    assert states(found)["decisions.uses_everything.value: damaged → not(damaged)"] == "survived"
    dropped = next(
        each.state
        for each in found.tested
        if each.element.address[1] == "uses_everything"
        and "damaged" in each.before
        and "damaged" not in each.after
    )
    assert dropped == "killed"


# ------------------------------------------------------------------------------- equivalent ones

EQUIVALENT = {
    "the-later-one": (
        value("date", "if returned_on > lent_on then returned_on else lent_on"),
        "returned_on > lent_on → returned_on >= lent_on",
        "it differs only where both sides are equal, and gives the same there",
    ),
    "the-later-one-with-more": (
        value(
            "date?",
            "if lost and reserved_on != null and reserved_on > lent_on\n"
            "then reserved_on else if lost then lent_on else returned_on",
        ),
        "reserved_on > lent_on → reserved_on >= lent_on",
        "it differs only where both sides are equal, and gives the same there",
    ),
    "the-larger-one": (
        value("number", "if pages >= days_late then pages else days_late"),
        "pages >= days_late → pages > days_late",
        "it differs only where both sides are equal, and gives the same there",
    ),
    "one-more": (
        value("number", "if pages >= days_late then pages + 1 else days_late"),
        "pages >= days_late → pages > days_late",
        None,
    ),
    "excluded-by-what-is-consistent": (
        value("boolean", "lent_on < returned_on or lost"),
        "lent_on < returned_on → lent_on <= returned_on",
        "other conditions leave no facts for which it would make a difference",
    ),
    "excluded-by-what-stands-beside": (
        value("boolean", "pages >= days_late and pages != days_late"),
        "pages >= days_late → pages > days_late",
        "it means the same",
    ),
    "same-meaning": (
        value("boolean", "pages > 1 or pages <= 1 and lost"),
        "pages <= 1 and lost → lost",
        "it means the same",
    ),
    "rule-that-never-holds": (
        rules(
            listed("requires", rule("in_time", "that", "lost")),
            listed("excluded_if", rule("never", "when", "false")),
        ),
        "never → (none)",
        "its condition is always the same, as if there were none",
    ),
    "same-for-all": (
        value("number", "if lost then 3 * ceiling(6 / 3) else 0"),
        "ceiling(6 / 3) → floor(6 / 3)",
        "it means the same",
    ),
    "computed-from-parameters": (
        value("boolean", 'date("2024-05-31") + half_year > date("2024-01-31")'),
        'date("2024-05-31") → date("2024-05-30")',
        "it gives the same, whatever the facts",
    ),
    "outside-of-its-scope": (
        rules("covers: 'false'", "value: lost"),
        "lost → not(lost)",
        "no question depends on it",
    ),
    "reading-settled-otherwise": (
        rules("value: {by: film_is, any: lost, none: damaged}"),
        "damaged → not(damaged)",
        "the reading `film_is` is settled as `any`",
    ),
    "open-reading": (
        rules("value: {by: period_runs_from, lending: lost, next_day: damaged}"),
        "lending → next_day",
        None,
    ),
}

ORDER = f"consistent_when:\n  - {rule('order', 'that', 'lent_on != returned_on')}\n"


@pytest.mark.parametrize(("decisions", "what", "why"), EQUIVALENT.values(), ids=EQUIVALENT)
def test_what_no_case_could_notice_is_told_with_the_reason(
    tmp_path: Path, decisions: str, what: str, why: str | None
) -> None:
    more = ORDER if "consistent" in (why or "") or "other conditions" in (why or "") else ""
    nothing = "cases:\n  - {id: any, facts: {waived: null}, expect: {uses_everything: NO}}\n"
    found = run(library(tmp_path, decisions, nothing, more), "decisions.subject")
    tested = next(each for each in found.tested if each.what == what)
    assert tested.state == ("untested" if why is None else "equivalent")
    assert (tested.why.text() if isinstance(tested.why, Message) else tested.why) == why


def test_an_equivalent_change_is_no_hole(tmp_path: Path) -> None:
    decisions, what, _ = EQUIVALENT["the-larger-one"]
    nothing = "cases:\n  - {id: any, expect: {subject: 1}}\n"
    found = run(library(tmp_path, decisions, nothing), "decisions.subject")
    assert what not in left(found)


# ------------------------------------------------------------------------------- exceptions

EXCEPTION = """\
exceptions:
  - at: decisions.subject.requires.in_time.that
    what: 'duration("P28D") → duration("P29D")'
    because: {sv: Så är det., de: So ist es., en: So it is.}
  - at: decisions.subject.excluded_if.lost
    what: lost → (none)
    because: {sv: Nej., de: Nein., en: No.}
  - at: decisions.subject
    what: "true"
    because: {sv: Täckning., de: Abdeckung., en: It is about coverage.}
"""


def test_an_exception_excuses_what_is_not_noticed_and_no_more(tmp_path: Path) -> None:
    written = "cases:\n" + FULL.replace(DAY_AFTER, "") + EXCEPTION
    found = run(library(tmp_path, SUBJECT, written), "decisions.subject")
    excused = [each for each in found.tested if each.state == "exempted"]
    assert [(each.what, each.why) for each in excused] == [
        (
            'duration("P28D") → duration("P29D")',
            {"sv": "Så är det.", "de": "So ist es.", "en": "So it is."},
        )
    ]
    assert left(found) == []
    assert [each.what for _, each in found.unneeded] == ["lost → (none)"]


def test_exceptions_about_what_is_not_looked_at_are_left_alone(tmp_path: Path) -> None:
    written = "cases:\n" + FULL + EXCEPTION
    found = run(library(tmp_path, SUBJECT, written), "decisions.subject.requires.in_time.that")
    assert [each.what for _, each in found.unneeded] == ['duration("P28D") → duration("P29D")']


# ------------------------------------------------------------------------------- laws

MIXED = (
    rules(
        'covers: {when: kind != "map", clause: "1"}',
        "requires:",
        "  - " + rule("in_time", "that", "helper or returned_on <= lent_on + loan_period"),
        "  - {id: read, clause: '1', because: {sv: a, de: a, en: a},"
        " that: {by: period_runs_from, lending: pages > 1, next_day: damaged}}",
        listed("excluded_if", rule("waived", "when", 'lost and waived = "no"')),
        'remarks: [{id: thick, clause: "1", when: pages > 100 or helper, say: {sv: a, de: a, en: a}}]',
    )
    + """\
  helper:
    type: boolean
    label: {sv: a, de: a, en: a}
    clause: "1"
    table:
      hit_policy: FIRST
      inputs: [kind, pages]
      outputs: [{name: yes, type: boolean, default: "false"}]
      rules:
        - {id: book, clause: "1", when: ['"book"', "> 500"], then: ["true"]}
        - {id: film, clause: "1", when: ['"film"', "-"], then: [damaged]}
"""
)

MIXED_CASES = """\
cases:
  - {id: in-time, facts: {pages: 3, damaged: true}, expect: {subject: {verdict: YES, no_remarks: [thick]}}}
  - {id: late, facts: {returned_on: 2024-05-01, pages: 3, damaged: true}, expect: {subject: {rules: [in_time]}}}
  - {id: open, facts: {pages: 3}, expect: {subject: {verdict: OPEN, open: [A1]}}}
  - {id: act, facts: {lost: true, pages: 3, damaged: true, waived: null}, expect: {subject: {verdict: DISCRETION, open: [waived]}}}
  - {id: pending, asked_on: 2024-03-05, facts: {returned_on: null, pages: 3, damaged: true}, expect: {subject: PENDING}}
  - {id: unknown, facts: {pages: {between: [1, 2]}, damaged: true}, expect: {subject: {verdict: UNKNOWN, open: [A1, pages]}}}
  - {id: map, facts: {kind: map}, expect: {subject: NOT_COVERED}}
  - {id: thick, facts: {pages: 600, damaged: true, returned_on: 2024-05-01}, expect: {subject: {verdict: YES, remarks: [thick]}}}
"""


def by_running_everything(found: Library) -> dict[str, bool]:
    """Tell of each mutant whether a case fails with it, by running all cases as they are."""
    (file,) = cases(found)
    programme = found.programmes[NAME]
    (valid,) = programme.versions
    noticed = {}
    for each in mutants(valid):
        other = replace(programme, versions=(each.policy,))
        policies = PolicySet(replace(found, programmes={NAME: other}))
        results = (run_case(policies, NAME, case) for case in file.cases)
        noticed[f"{'.'.join(each.at)}: {each.what}"] = not all(one.passed for one in results)
    return noticed


def test_a_change_is_noticed_just_where_a_case_fails_with_it(tmp_path: Path) -> None:
    mixed = library(tmp_path, MIXED, MIXED_CASES)
    (file,) = cases(mixed)
    for case in file.cases:
        assert run_case(PolicySet(mixed), NAME, case).passed, case.id
    expected = by_running_everything(mixed)
    found = run(mixed)
    assert {
        f"{'.'.join(e.address)}: {e.what}": e.state == "killed" for e in found.tested
    } == expected
    assert len(found.unnoticed) > 10
    assert sum(expected.values()) > 30


def test_several_processes_find_what_one_does(tmp_path: Path) -> None:
    found = library(tmp_path, MIXED, MIXED_CASES)

    def told(tests: Report) -> list[tuple[object, ...]]:
        return [(e.at, e.what, e.state, e.by, e.span, e.version) for e in tests.tested]

    assert told(run(found, processes=2)) == told(run(found))


def test_whoever_waits_is_told_of_every_place(tmp_path: Path) -> None:
    found = library(tmp_path, SUBJECT, "cases:\n" + FULL)
    running = Running(found, cases(found), [("decisions", "subject")])
    done: list[None] = []
    running.run(1, lambda: done.append(None))
    assert len(done) == len(running.jobs)


def test_what_is_told_knows_its_place(tmp_path: Path) -> None:
    found = run(library(tmp_path, SUBJECT, "cases:\n" + FULL), "decisions.subject.excluded_if")
    places = [each.source.text[each.span.start : each.span.end] for each in found.tested]
    assert places == ["lost", "lost"]
    assert all(isinstance(each, Judged) for each in found.tested)
