"""What recorded transactions are answered with what is known now, and the difference in money, exactly."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyeval.analysis.restating.given import given_of
from policyeval.analysis.restating.money import MoneyLine, Sums, Uncertain, natural
from policyeval.analysis.restating.running import Restated, Restating, Totals, Wish
from policyeval.errors import NoApplicablePolicyError
from policyeval.records.keeping import Kept
from tests.analysis.made_fees import (
    CORRECTED,
    NAME,
    NEW,
    OLD,
    Log,
    Made,
    find_in,
    policies_in,
    write,
)

LATER = date(2026, 1, 1)
OWED = {"fee_amount": "fee_payable"}
SALT = b"0123456789abcdef"


@pytest.fixture
def log(tmp_path: Path) -> Log:
    return Log(tmp_path / "decisions.jsonl", write(tmp_path / "policies", OLD))


def restated(log: Log, wish: Wish | None = None) -> list[Restated]:
    restating = Restating(find_in(log.policies), wish or Wish(LATER))
    return [restating.restate(each, given_of(each)) for each in log.records()]


def only(log: Log, wish: Wish | None = None) -> Restated:
    (one,) = restated(log, wish)
    return one


def changed(one: Restated) -> list[tuple[str, tuple[str, ...]]]:
    return [(each.decision, each.aspects) for each in one.changes]


def money(one: Restated) -> list[tuple[str, Decimal | None, tuple[str, ...]]]:
    return [(each.decision, each.difference, each.clauses) for each in one.money]


# ------------------------------------------------------------------------------- answers


def test_nothing_changes_where_nothing_new_is_known(log: Log) -> None:
    log.add()
    write(log.policies, OLD, CORRECTED)
    before = Wish(date(2025, 5, 31))
    assert (changed(only(log, before)), money(only(log, before))) == ([], [])


def test_a_correction_counts_from_the_day_it_was_known(log: Log) -> None:
    log.add(paid_on="2024-04-15")
    write(log.policies, OLD, CORRECTED)
    one = only(log, Wish(date(2025, 6, 1)))
    assert changed(one) == [
        ("last_day_to_pay", ("value",)),
        ("fee_payable", ("verdict",)),
        ("fee_amount", ("value",)),
    ]
    versions = {(each.made_before.version, each.made_after.version) for each in one.changes}
    assert versions == {("2024-01-01", "2024-01-01-b")}


def test_a_version_for_later_days_changes_nothing_before(log: Log) -> None:
    log.add()
    write(log.policies, OLD, NEW)
    assert only(log) == replace(only(log), changes=(), money=())


def test_a_version_that_says_the_same_is_no_change(log: Log) -> None:
    log.add()
    write(log.policies, OLD, replace(CORRECTED, rate=OLD.rate, days=OLD.days))
    assert changed(only(log)) == []


def test_a_reading_that_is_open_now_is_a_change_and_no_amount(log: Log) -> None:
    log.add(paid_on="2024-03-31")
    write(log.policies, OLD, replace(CORRECTED, days=30, open_reading=True))
    one = only(log, Wish(LATER, owed=OWED))
    assert ("fee_payable", ("verdict", "rules", "clauses", "open")) in changed(one)
    (line,) = one.money
    assert (line.before, line.after) == (Decimal("100.05"), Uncertain("OPEN"))
    assert line.difference is None


def test_an_amount_that_is_as_uncertain_as_before_is_no_line(log: Log) -> None:
    log.add(paid_on=None, asked_on=date(2024, 3, 5))
    write(log.policies, OLD, CORRECTED)
    assert money(only(log, Wish(LATER, owed=OWED))) == []


def test_the_day_asked_on_may_be_another(log: Log) -> None:
    log.add(paid_on=None, asked_on=date(2024, 3, 5))
    one = only(log, Wish(LATER, asked_on=date(2024, 9, 1)))
    assert changed(one) == [("fee_payable", ("verdict", "until", "rules", "clauses", "open"))]


def test_only_the_questions_that_are_wished_are_looked_at(log: Log) -> None:
    log.add()
    write(log.policies, OLD, CORRECTED)
    one = only(log, Wish(LATER, decisions=("last_day_to_pay",)))
    assert (changed(one), money(one)) == ([("last_day_to_pay", ("value",))], [])


def test_overlays_count_as_they_were_switched_on(log: Log) -> None:
    log.add(overlays=["working-day"])  # the last day is a Sunday, 31 March, before Easter Monday
    write(log.policies, OLD, replace(CORRECTED, days=30))
    assert changed(only(log)) == [("fee_amount", ("value",))]


def test_a_question_that_nobody_has_any_more_is_told(log: Log) -> None:
    more = """\
  is_large:
    type: boolean
    question: {en: Is it large?, sv: Är den stor?, de: Ist sie groß?}
    clause: "4.2"
    value: amount > 10
"""
    write(log.policies, replace(OLD, decisions=more))
    log.add().add(decisions=["is_large"])
    write(log.policies, CORRECTED)
    one, other = restated(log)
    assert one.asked
    assert not other.asked
    assert [each.kind for each in (*one.obstacles, *other.obstacles)] == ["questions-missing"] * 2
    assert "fee_amount" in dict(changed(one))


def test_a_fact_that_the_version_of_today_does_not_know_is_left_out_and_named(log: Log) -> None:
    more = '  colour:\n    type: string\n    presume: "red"\n    label: {en: colour, sv: färg, de: Farbe}\n'
    use = 'if colour = "red" then amount * rate else 0'
    write(log.policies, replace(OLD, facts=more, fee=use))
    log.add(colour="blue")
    with_it = replace(OLD, facts=more, fee=use)
    write(log.policies, with_it, CORRECTED)
    one = only(log)
    assert one.left_out == ("colour",)
    assert money(one) == [("fee_amount", Decimal("125.0625"), ("4.2",))]


def test_facts_that_are_refused_now_are_told_with_every_reason(log: Log) -> None:
    evaluation = policies_in(log.policies).evaluate(
        NAME, {"ordered_on": "2024-03-01"}, asked_on=LATER
    )
    log.write(evaluation.to_record(), {"ordered_on": "2024-03-01", "colour": 1, "amount": "much"})
    one = only(log)
    assert not one.asked
    assert [each.kind for each in one.obstacles] == ["refused", "refused"]


# ------------------------------------------------------------------------------- money


def test_an_amount_counts_by_itself_unless_it_is_tied_to_a_question(log: Log) -> None:
    log.add(is_law_firm=True)
    write(log.policies, OLD, CORRECTED)
    assert money(only(log)) == [("fee_amount", Decimal("25.0125"), ("4.2",))]
    assert money(only(log, Wish(LATER, owed=OWED))) == []


@pytest.mark.parametrize(
    ("paid_on", "is_law_firm", "days", "expected"),
    [
        ("2024-04-15", False, 60, (Decimal("125.0625"), ("4.2", "4.10"))),
        ("2024-03-20", False, 10, (Decimal("-100.05"), ("4.2", "4.10"))),
        ("2024-03-20", False, 30, (Decimal("25.0125"), ("4.2",))),
        ("2024-06-30", False, 60, None),
        ("2024-03-20", True, 10, None),
    ],
    ids=["owed-now", "no-longer-owed", "another-rate", "never-owed", "excluded"],
)
def test_a_tied_amount_is_nothing_where_the_answer_is_no(
    log: Log,
    paid_on: str,
    is_law_firm: bool,
    days: int,
    expected: tuple[Decimal, tuple[str, ...]] | None,
) -> None:
    log.add(paid_on=paid_on, is_law_firm=is_law_firm)
    write(log.policies, OLD, replace(CORRECTED, days=days))
    found = [each[1:] for each in money(only(log, Wish(LATER, owed=OWED)))]
    assert found == ([] if expected is None else [expected])


def test_an_amount_outside_the_terms_is_nothing(log: Log) -> None:
    log.add(ordered_on="2023-12-24")
    write(log.policies, OLD, replace(CORRECTED, first="2023-12-01", days=90))
    (line,) = only(log).money
    assert (line.before, line.difference) == (Decimal(0), Decimal("125.0625"))
    assert (line.version_before, line.version_after) == (None, "2024-01-01-b")


def test_an_amount_tied_to_a_question_that_was_not_asked_is_not_certain(log: Log) -> None:
    log.add(decisions=["fee_amount"])
    write(log.policies, OLD, CORRECTED)
    (line,) = only(log, Wish(LATER, owed=OWED)).money
    assert (line.before, line.after) == (Uncertain(None), Decimal("125.0625"))
    assert money(only(log)) == [("fee_amount", Decimal("25.0125"), ("4.2",))]


def test_every_digit_of_a_difference_is_there(log: Log) -> None:
    log.add(amount=Decimal("1000000000.01"))
    write(log.policies, OLD, replace(CORRECTED, rate="0.1000000000000001"))
    ((_, difference, _),) = money(only(log))
    assert difference == Decimal("1000000000.01") * Decimal("0.0000000000000001")


@pytest.mark.parametrize(
    "owed",
    [
        {"fee_amount": "last_day_to_pay"},
        {"fee_amount": "nothing"},
        {"fee_payable": "fee_payable"},
    ],
    ids=["no-yes-or-no-question", "no-question", "no-amount"],
)
def test_an_amount_is_tied_to_a_yes_or_no_question_of_its_programme(
    log: Log, owed: dict[str, str]
) -> None:
    log.add()
    with pytest.raises(NoApplicablePolicyError):
        restated(log, Wish(LATER, owed=owed))


def a_line(programme: str, clauses: tuple[str, ...], difference: Decimal) -> MoneyLine:
    currency = {"one": "SEK", "two": "SEK", "three": None}[programme]
    return MoneyLine(programme, "fee", Decimal(0), difference, clauses, currency, "1", "2")


@given(
    st.lists(
        st.builds(
            a_line,
            st.sampled_from(["one", "two", "three"]),
            st.sampled_from([("1",), ("1", "2"), ()]),
            st.decimals(allow_nan=False, allow_infinity=False, min_value="-1e30", max_value="1e30"),
        )
    )
)
def test_sums_by_clauses_add_up_to_the_totals_without_rounding(lines: list[MoneyLine]) -> None:
    sums = Sums()
    for each in lines:
        sums.add(each)
    for programme, total in sums.totals.items():
        own = [each for each in lines if each.programme == programme]
        exact = sum(
            (Fraction(each.after) for each in own if isinstance(each.after, Decimal)), Fraction()
        )
        parts = [each.total for key, each in sums.kinds() if key[0] == programme]
        assert Fraction(total.total) == exact == sum(map(Fraction, parts))
        assert total.lines == len(own)
    both = sum(
        (Fraction(each.total) for name, each in sums.totals.items() if name != "three"), Fraction()
    )
    found = sums.of_currencies()
    assert set(found) <= {"SEK"}
    assert both == sum((Fraction(each.total) for each in found.values()), Fraction())


def test_amounts_that_are_not_certain_are_counted_and_not_added() -> None:
    sums = Sums()
    sums.add(a_line("one", ("1",), Decimal(5)))
    sums.add(replace(a_line("one", ("1",), Decimal(7)), before=Uncertain("PENDING")))
    assert (sums.totals["one"].total, sums.totals["one"].uncertain) == (Decimal(5), 1)


def test_clauses_stand_in_the_order_in_which_one_counts() -> None:
    given_ = ["4.10", "4.2b", "12", "4.2", "A.1", "4.2a"]
    assert natural(given_) == ("4.2", "4.2a", "4.2b", "4.10", "12", "A.1")


# ------------------------------------------------------------------------------- withheld facts


def test_what_does_not_depend_on_a_withheld_fact_is_restated(log: Log) -> None:
    log.keep = Kept(facts={"is_law_firm": "drop", "amount": "hash"}, salt=SALT)
    log.add(paid_on="2024-04-15").add(paid_on="2024-06-15", is_law_firm=True)
    write(log.policies, OLD, CORRECTED)
    one, other = restated(log, Wish(LATER, owed=OWED))
    assert changed(one) == [("last_day_to_pay", ("value",))]
    assert [each.kind for each in one.obstacles] == ["facts-withheld"]
    assert (one.money, one.asked) == ((), True)
    # Too late in any case: that it was a law firm is not missed, nor are its reasons compared.
    assert changed(other) == [("last_day_to_pay", ("value",))]


def test_totals_count_records_by_what_came_of_them(log: Log) -> None:
    log.add().add(paid_on="2024-04-15")
    log.keep = Kept(facts={"amount": "drop"})
    log.add()
    log.now = datetime(2024, 9, 2, tzinfo=UTC)
    write(log.policies, OLD, CORRECTED)
    totals = Totals()
    for each in restated(log, Wish(LATER, owed=OWED)):
        totals.add(each)
    assert (totals.read, totals.changed, totals.not_asked, totals.in_part) == (3, 3, 0, 1)
    assert totals.by_decision[NAME, "fee_payable"] == 1
    assert totals.sums.totals[NAME].total == Decimal("150.075")


def test_programmes_are_kept_apart(log: Log) -> None:
    other = "example-rates"
    write(log.policies, OLD, name=other, currency="")
    log.add().add(programme=other)
    made: Made = replace(CORRECTED, rate="0.2")
    write(log.policies, OLD, CORRECTED)
    write(log.policies, OLD, made, name=other, currency="")
    totals = Totals()
    for each in restated(log):
        totals.add(each)
    amounts = {name: each.total for name, each in totals.sums.totals.items()}
    assert amounts == {NAME: Decimal("25.0125"), other: Decimal("100.05")}
    assert {name: e.total for name, e in totals.sums.of_currencies().items()} == {
        "SEK": Decimal("25.0125")
    }
