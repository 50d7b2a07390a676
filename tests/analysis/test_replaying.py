"""A recorded decision is made again by the versions that made it, and comes out the same to the byte."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from policyeval.analysis.replaying import Counts, Replayed, Replaying
from policyeval.analysis.restating.exact import Change
from policyeval.analysis.restating.given import given_of
from policyeval.evaluator.compiled import ENGINE
from policyeval.records.keeping import Kept
from policyeval.records.model import Record
from tests.analysis.made_fees import (
    CORRECTED,
    FACTS,
    NAME,
    NEW,
    OLD,
    Log,
    Made,
    find_in,
    policies_in,
    write,
)

SALT = b"0123456789abcdef"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path / "policies", OLD)


@pytest.fixture
def log(tmp_path: Path, folder: Path) -> Log:
    return Log(tmp_path / "decisions.jsonl", folder)


def replayed(log: Log) -> list[Replayed]:
    replaying = Replaying(find_in(log.policies))
    return [replaying.replay(each, given_of(each)) for each in log.records()]


def standings(log: Log) -> list[str]:
    return [each.standing for each in replayed(log)]


def kinds(one: Replayed) -> list[str]:
    return [each.kind for each in one.obstacles]


ASKED: dict[str, Callable[[Log], Log]] = {
    "complete": lambda log: log.add(),
    "unknown": lambda log: log.add(amount={"unknown": True}),
    "pending": lambda log: log.add(paid_on=None, asked_on=date(2024, 3, 5)),
    "presumed": lambda log: log.add(is_law_firm=...),
    "excluded": lambda log: log.add(is_law_firm=True),
    "before-the-first-version": lambda log: log.add(ordered_on="2023-11-30"),
    "with-an-overlay": lambda log: log.add(overlays=["working-day"]),
    "overlay-and-no-version": lambda log: log.add(
        ordered_on="2023-11-30", overlays=["working-day"]
    ),
    "one-question": lambda log: log.add(decisions=["fee_amount"]),
    "two-questions": lambda log: log.add(decisions=["fee_amount", "last_day_to_pay"]),
    "known-on-a-day": lambda log: log.add(known_on=date(2024, 2, 1)),
    "known-before-all": lambda log: log.add(known_on=date(2023, 2, 1)),
    "known-at-a-local-time": lambda log: log.add(
        known_on=datetime(2024, 2, 1, 10)
    ),  # as a caller may
    "known-at-a-moment": lambda log: log.add(known_on=datetime(2024, 2, 1, 10, tzinfo=UTC)),
    "known-in-a-zone": lambda log: log.add(
        known_on=datetime(2024, 2, 1, 10, tzinfo=ZoneInfo("Europe/Berlin"))
    ),
    "letters": lambda log: log.add("å<\u2028\x1b"),
}


@pytest.mark.parametrize("later", [(), (NEW, CORRECTED)], ids=["as-it-was", "later-versions"])
@pytest.mark.parametrize("asked", ASKED.values(), ids=ASKED)
def test_the_same_bytes_come_out_whatever_was_asked(
    log: Log, asked: Callable[[Log], Log], later: tuple[Made, ...]
) -> None:
    asked(log)
    write(log.policies, OLD, *later)
    assert standings(log) == ["same"]


def test_open_readings_come_out_the_same(log: Log) -> None:
    open_ = replace(OLD, open_reading=True)
    write(log.policies, open_)
    log.add(paid_on="2024-03-31")
    write(log.policies, open_, NEW, CORRECTED)
    (record,) = log.records()
    assert b'"OPEN"' in record.evaluation
    assert standings(log) == ["same"]


def test_two_ways_of_being_governed_come_out_the_same(log: Log) -> None:
    """What is open may be governed by two versions, of which the record names one."""
    write(log.policies, OLD, NEW)
    log.now = datetime(2025, 2, 1, tzinfo=UTC)
    log.add(
        ordered_on={"between": ["2024-12-01", "2025-01-31"]},
        paid_on="2025-02-01",
        asked_on=date(2025, 2, 1),
    )
    write(log.policies, OLD, NEW, CORRECTED)
    assert standings(log) == ["same"]


# ------------------------------------------------------------------------------- later versions


@st.composite
def later_versions(draw: st.DrawFn) -> tuple[Made, ...]:
    """Make versions that became known after the record was made, in force from any day."""
    made = []
    for number in range(draw(st.integers(1, 3))):
        first = draw(st.dates(date(2023, 6, 1), date(2026, 1, 1)))
        known = draw(st.dates(date(2024, 9, 3), date(2026, 1, 1)))
        made.append(
            Made(
                f"later-{number}",
                first.isoformat(),
                f"{known}T0{number}:00:00",
                rate=draw(st.sampled_from(["0.1", "0.2"])),
                days=draw(st.integers(1, 90)),
                open_reading=draw(st.booleans()),
            )
        )
    return tuple(made)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(later_versions())
def test_a_later_version_changes_nothing_of_what_was_answered(
    tmp_path: Path, later: tuple[Made, ...]
) -> None:
    folder = write(tmp_path / "policies", OLD)
    path = tmp_path / "decisions.jsonl"
    path.unlink(missing_ok=True)
    log = Log(path, folder)
    log.add().add(paid_on="2024-06-01").add(ordered_on="2023-12-01", paid_on=None)
    write(folder, OLD, *later)
    assert standings(log) == ["same"] * 3


BACKDATED = Made("2024-02-01", "2024-02-01", "2024-01-20T10:00:00", rate="0.5")
"""Written down later than the log says, though it calls itself known before."""


@pytest.mark.parametrize("ordered_on", ["2024-03-01", "2023-11-30"])
def test_a_version_that_came_later_and_calls_itself_older_changes_nothing(
    log: Log, ordered_on: str
) -> None:
    log.add(ordered_on=ordered_on)
    earlier = replace(
        BACKDATED, version="2023-11-01", first="2023-11-01", known="2023-11-01T10:00:00"
    )
    write(log.policies, OLD, BACKDATED, earlier)
    assert standings(log) == ["same"]


def test_a_new_question_of_a_version_that_calls_itself_older_changes_nothing(log: Log) -> None:
    more = """\
  is_large:
    type: boolean
    question: {en: Is it large?, sv: Är den stor?, de: Ist sie groß?}
    clause: "4.2"
    value: amount > 10
"""
    log.add()
    write(log.policies, OLD, replace(BACKDATED, first="2024-08-01", decisions=more))
    assert standings(log) == ["same"]


def test_a_version_that_was_there_before_it_was_known_answers_again(log: Log) -> None:
    write(log.policies, OLD, NEW)  # known from December, asked in September
    log.add(ordered_on="2025-02-01", paid_on=None)
    assert b'"2025-01-01"' in next(log.records()).evaluation
    assert standings(log) == ["same"]


def test_where_no_version_was_in_force_none_is_put_in_its_place(log: Log) -> None:
    ended = replace(NEW, first="2024-02-01", known="2024-01-15T10:00:00", until="2024-02-20")
    write(log.policies, OLD, ended)
    log.add()  # ordered on 1 March, when the later one has ended
    assert b'"NOT_COVERED"' in next(log.records()).evaluation
    assert standings(log) == ["same"]


# ------------------------------------------------------------------------------- what differs


def tampered(log: Log, old: bytes, new: bytes) -> None:
    """Record an answer that was never given."""
    evaluation = policies_in(log.policies).evaluate(NAME, FACTS, asked_on=date(2024, 8, 1))
    record = evaluation.to_record()
    assert old in record
    log.write(record.replace(old, new), FACTS)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            b'"value":100.05',
            b'"value":100.06',
            [("fee_amount", "value", "100.06", "100.050")],
        ),
        (
            b'"clauses":["4.2"]',
            b'"clauses":["4.10"]',
            [("fee_amount", "reasons")],
        ),
        (
            b'"verdict":"YES","value":true',
            b'"verdict":"NO","value":false',
            [("fee_payable", "verdict"), ("fee_payable", "value")],
        ),
        (b'"last_day":"included"', b'"last_day":"excluded"', [(None, "made_by")]),
        (b'"value":100.05', b'"value":100.050', [(None, "writing")]),
        (b'"known_on":null,"made_by"', b'"known_on": null,"made_by"', [(None, "writing")]),
    ],
    ids=["amount", "clause", "verdict", "reading", "digits", "blank"],
)
def test_what_is_otherwise_is_named_by_decision_and_field(
    log: Log, old: bytes, new: bytes, expected: list[tuple[str | None, ...]]
) -> None:
    tampered(log, old, new)
    (one,) = replayed(log)
    assert one.standing == "differs"
    assert [(each.decision, each.field) for each in one.changes] == [each[:2] for each in expected]


def test_a_value_that_differs_is_told_as_it_was_and_as_it_is(log: Log) -> None:
    tampered(log, b'"value":100.05', b'"value":100.06')
    (one,) = replayed(log)
    (change,) = one.changes
    assert (str(change.before), str(change.after)) == ("100.06", "100.05")


def test_another_way_to_pick_the_version_is_a_difference(log: Log) -> None:
    log.add()
    programme = log.policies / NAME / "programme.yaml"
    text = programme.read_text("utf-8")
    programme.write_text(
        text.replace("day: ordered_on", 'day: ordered_on - duration("P1Y")'), "utf-8"
    )
    (one,) = replayed(log)
    assert one.standing == "differs"
    assert Change(None, "made_by", one.changes[0].before, one.changes[0].after) in one.changes


def test_facts_that_are_refused_today_are_a_difference_with_its_reason(log: Log) -> None:
    evaluation = policies_in(log.policies).evaluate(NAME, FACTS, asked_on=date(2024, 8, 1))
    log.write(evaluation.to_record(), {**FACTS, "amount": "much", "colour": "red"})
    (one,) = replayed(log)
    assert one.standing == "differs"
    assert kinds(one) == ["refused", "refused"]


# ------------------------------------------------------------------------------- what cannot be had


def test_a_version_whose_content_changed_is_told_with_both_digests_and_its_file(log: Log) -> None:
    log.add()
    before = next(log.records()).request.made_by[0].digest
    write(log.policies, replace(OLD, rate="0.11"))
    (one,) = replayed(log)
    assert (one.standing, kinds(one)) == ("not-replayed", ["version-changed"])
    after = policies_in(log.policies).versions(NAME).versions[0].policy.digest
    said = one.obstacles[0].text.text()
    assert before is not None
    assert all(each in said for each in (before, after, f"{NAME}/2024-01-01.yaml"))


def test_a_version_that_is_gone_is_told(log: Log) -> None:
    log.add()
    write(log.policies, NEW)
    (one,) = replayed(log)
    assert (one.standing, kinds(one)) == ("not-replayed", ["version-missing"])


def test_a_programme_that_is_gone_is_told(log: Log) -> None:
    log.add()
    replaying = Replaying(lambda _: None)
    one = replaying.replay(next(log.records()), given_of(next(log.records())))
    assert (one.standing, kinds(one)) == ("not-replayed", ["programme-missing"])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"by"', b'"by"'),
        (b'"value":100.05', b'"value":1e9999'),
        (b'"verdict":"YES"', b'"verdict":"MAYBE"'),
        (b'"clauses":["4.2"]', b'"clauses":[4.2]'),
        (b'"clauses":["4.2"]', b'"clauses":"4.2"'),
        (b'"kind":"value","clauses":["4.2"]}]', b'"kind":"value"}]'),
    ],
    ids=["nothing", "too-large", "verdict", "clause", "clauses", "no-clauses"],
)
def test_answers_in_a_form_that_is_not_known_are_not_guessed_at(
    log: Log, old: bytes, new: bytes
) -> None:
    if old == new:
        log.add()
        assert standings(log) == ["same"]
        return
    tampered(log, old, new)
    (one,) = replayed(log)
    assert (one.standing, kinds(one)) == ("not-replayed", ["answers-unreadable"])


# ------------------------------------------------------------------------------- withheld facts


@pytest.mark.parametrize("how", ["hash", "drop"])
def test_an_answer_that_does_not_depend_on_a_withheld_fact_is_the_same(log: Log, how: str) -> None:
    log.keep = Kept(facts={"amount": "drop" if how == "drop" else "hash"}, salt=SALT)
    log.add(decisions=["fee_payable"])
    log.add(decisions=["fee_amount"])
    one, other = replayed(log)
    assert one.standing == "same"
    assert (other.standing, kinds(other)) == ("not-replayed", ["facts-withheld"])


def matches(record: Record, name: str, value: object) -> bool:
    from policyeval.records.keeping import was_given

    return was_given(record, name, value, SALT)


def test_a_hashed_fact_that_is_supplied_is_used_if_it_has_its_hash(log: Log) -> None:
    log.keep = Kept(facts={"amount": "hash", "paid_on": "drop"}, salt=SALT)
    log.add(amount=Decimal("1000.50"))
    (record,) = log.records()
    replaying = Replaying(find_in(log.policies))
    right = given_of(record, {"amount": Decimal("1000.500"), "paid_on": "2024-03-20"}, matches)
    wrong = given_of(record, {"amount": Decimal("1000.51"), "paid_on": "2024-03-20"}, matches)
    without_salt = given_of(record, {"amount": Decimal("1000.50"), "paid_on": "2024-03-20"})
    one = replaying.replay(record, right)
    assert (one.standing, one.unchecked) == ("same", ("paid_on",))
    assert kinds(replaying.replay(record, wrong)) == ["facts-wrong", "facts-withheld"]
    assert kinds(replaying.replay(record, without_salt)) == ["facts-withheld"]


# ------------------------------------------------------------------------------- other engines


def test_the_same_answers_by_another_engine_are_the_same_and_it_is_said(log: Log) -> None:
    tampered(log, ENGINE.encode(), b"policyeval 0.0.9")
    (one,) = replayed(log)
    assert one.standing == "same"
    assert [engine for engine, _ in one.engines] == ["policyeval 0.0.9"]
    counts = Counts()
    counts.add(one)
    assert (counts.same, counts.other_engine) == (1, 1)


def test_other_answers_by_another_engine_differ(log: Log) -> None:
    evaluation = policies_in(log.policies).evaluate(NAME, FACTS, asked_on=date(2024, 8, 1))
    record = evaluation.to_record().replace(ENGINE.encode(), b"policyeval 0.0.9")
    log.write(record.replace(b'"value":100.05', b'"value":100'), FACTS)
    (one,) = replayed(log)
    assert (one.standing, len(one.engines)) == ("differs", 1)
    assert [(each.decision, each.field) for each in one.changes] == [("fee_amount", "value")]
