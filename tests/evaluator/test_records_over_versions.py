"""Records of questions that are shared between versions are put together at once, to the same bytes.

The programme is made up. Three groups of questions are governed by days of their own; of its three versions
the second differs in what it presumes, the third has fewer questions, in another order, and nothing is in
force in April and before the first.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

import policyeval
from benchmarks.transactions.drawing import Transaction
from policyeval import PolicySet
from policyeval.evaluator import prepared as preparing
from policyeval.evaluator.recording import Recording

NAME = "example-shares"
QUESTIONS = ("payable", "rate_today", "last_day", "fee", "calls_enough", "delivery_free")

PROGRAMME = """\
format: 1
programme: example-shares
title: {en: Shares, sv: Andelar, de: Anteile}
zone: Europe/Stockholm
parties:
  vendor: {en: the vendor, sv: säljaren, de: der Anbieter}
  partner: {en: the partner, sv: partnern, de: der Partner}
governed_by:
  clause: "1"
  ambiguity: A1
  question: {en: Which day decides?, sv: Vilken dag avgör?, de: Welcher Tag entscheidet?}
  options:
    order:
      day: ordered_on
      gist: {en: the order, sv: beställningen, de: die Bestellung}
    delivery:
      day: delivered_on
      gist: {en: the delivery, sv: leveransen, de: die Lieferung}
"""

ADOPTED = """\
  adopted:
    option: order
    by: authors
    on: 2024-01-01
    because: {en: It says so., sv: Det står så., de: Es steht dort.}
"""

OF_THEIR_OWN = "  decisions: {rate_today: asked_on, delivery_free: delivered_on}\n"

VERSION = """\
format: 1
programme: example-shares
version: "<name>"
in_force: {<in_force>}
known_from: 2023-12-01
source: {file: shares.txt, language: en, sha256: "<sha>"}
clauses:
  "1":
    lines: [1]
    kind: payment
    gist: {en: The rate., sv: Satsen., de: Der Satz.}
  "2":
    lines: [2]
    kind: deadline
    gist: {en: In time., sv: I tid., de: Rechtzeitig.}
parameters:
  rate:
    value: <rate>
    clause: "1"
    label: {en: rate, sv: sats, de: Satz}
facts:
  ordered_on:
    type: date
    label: {en: day of the order, sv: dagen för beställningen, de: Tag der Bestellung}
  delivered_on:
    type: date
    label: {en: day of the delivery, sv: dagen för leveransen, de: Tag der Lieferung}
  paid_on:
    type: date
    event: true
    label: {en: day of the payment, sv: dagen för betalningen, de: Tag der Zahlung}
  amount:
    type: number
    label: {en: amount, sv: belopp, de: Betrag}
  law_firm:
    type: boolean
    presume: <law_firm>
    label: {en: law firm, sv: advokatbyrå, de: Kanzlei}
  region:
    type: string
    presume: north
    label: {en: region, sv: region, de: Gebiet}
  calls:
    type: list<context>
    log: {by: called_at}
    label: {en: calls, sv: samtal, de: Anrufe}
    entries:
      called_at:
        type: date and time
        label: {en: time of the call, sv: tidpunkt, de: Zeitpunkt}
      by_partner:
        type: boolean
        presume: <by_partner>
        label: {en: by the partner, sv: av partnern, de: vom Partner}
readings:
  last_day_counts:
    clause: "2"
    ambiguity: A2
    question: {en: Is the last day in time?, sv: Är sista dagen i tid?, de: Ist der letzte Tag rechtzeitig?}
    options:
      included: {gist: {en: it is, sv: ja, de: ja}, favours: partner}
      excluded: {gist: {en: it is not, sv: nej, de: nein}, favours: vendor}
decisions:
"""

DECISIONS = {
    "payable": """\
  payable:
    type: boolean
    question: {en: Is it paid?, sv: Betalas det?, de: Wird gezahlt?}
    clause: "1"
    covers:
      when: amount > 0
      clause: "1"
      because: {en: Nothing to pay., sv: Inget att betala., de: Nichts zu zahlen.}
    requires:
      - id: in_time
        clause: "2"
        that: {by: last_day_counts, included: paid_on <= ordered_on + duration("P<days>D"), excluded: paid_on < ordered_on + duration("P<days>D")}
        because: {en: Too late., sv: För sent., de: Zu spät.}
    excluded_if:
      - id: law_firm
        clause: "1"
        when: law_firm
        because: {en: A law firm., sv: En advokatbyrå., de: Eine Kanzlei.}
    remarks:
      - id: in_the_south
        clause: "1"
        when: region = "south"
        say: {en: In the south., sv: I söder., de: Im Süden.}
""",
    "rate_today": """\
  rate_today:
    type: number
    question: {en: Which rate?, sv: Vilken sats?, de: Welcher Satz?}
    clause: "1"
    value: if law_firm then rate else 2 * rate
""",
    "last_day": """\
  last_day:
    type: date
    question: {en: Until when?, sv: Till när?, de: Bis wann?}
    clause: "2"
    value: {by: last_day_counts, included: ordered_on + duration("P<days>D"), excluded: ordered_on + duration("P<days>D") - duration("P1D")}
""",
    "fee": """\
  fee:
    type: number
    question: {en: How much?, sv: Hur mycket?, de: Wie viel?}
    clause: "1"
    value: amount * rate
""",
    "calls_enough": """\
  calls_enough:
    type: boolean
    question: {en: Are the calls enough?, sv: Räcker samtalen?, de: Reichen die Anrufe?}
    clause: "1"
    requires:
      - id: one
        clause: "1"
        that: some call in calls satisfies call.by_partner and date(call.called_at) <= ordered_on
        because: {en: Too few., sv: För få., de: Zu wenige.}
""",
    "delivery_free": """\
  delivery_free:
    type: boolean
    question: {en: Is the delivery free?, sv: Är leveransen fri?, de: Ist die Lieferung frei?}
    clause: "1"
    requires:
      - id: enough
        clause: "1"
        that: amount >= 100 * rate
        because: {en: Too little., sv: För lite., de: Zu wenig.}
    excluded_if:
      - id: law_firm
        clause: "1"
        when: law_firm
        because: {en: A law firm., sv: En advokatbyrå., de: Eine Kanzlei.}
    remarks:
      - id: large
        clause: "2"
        when: amount > 1000
        say: {en: A large one., sv: En stor., de: Eine große.}
""",
}

REMARK = """\
remarks:
  - id: late_delivery
    clause: "2"
    when: delivered_on > ordered_on + duration("P<days>D")
    say: {en: Late., sv: Sent., de: Spät.}
"""

BOUNDS = [date(2024, 1, 1), date(2024, 4, 1), date(2024, 5, 1), date(2024, 8, 1)]
"""The first day of the first version, the first without one, and the first days of the two others."""


def _version(in_force: str, decisions: Sequence[str], remark: str = "", **fields: object) -> str:
    """Write a version."""
    text = VERSION + "".join(DECISIONS[each] for each in decisions) + remark
    for name, value in {"in_force": in_force, "sha": "0" * 64, **fields}.items():
        text = text.replace(f"<{name}>", str(value))
    return text


VERSIONS = {
    "v1": _version(
        "from: 2024-01-01, until: 2024-03-31",
        ["fee", "payable", "last_day", "rate_today", "calls_enough", "delivery_free"],
        name="v1",
        rate=1,
        days=10,
        law_firm="false",
        by_partner="true",
    ),
    "v2": _version(
        "from: 2024-05-01",
        QUESTIONS,
        REMARK,
        name="v2",
        rate="0.25",
        days=20,
        law_firm="true",
        by_partner="false",
    ),
    "v3": _version(
        "from: 2024-08-01",
        ["payable", "rate_today", "last_day"],
        REMARK,
        name="v3",
        rate="0.5",
        days=30,
        law_firm="false",
        by_partner="false",
    ),
}


def _written(folder: Path, versions: Iterable[str], governed_by: str) -> PolicySet:
    own = folder / NAME
    own.mkdir(parents=True)
    (own / "programme.yaml").write_text(PROGRAMME + governed_by, encoding="utf-8")
    for name in versions:
        (own / f"{name}.yaml").write_text(VERSIONS[name], encoding="utf-8")
    policies = policyeval.load_policies(folder)
    policies.prepare()
    return policies


@pytest.fixture(scope="module")
def policies(tmp_path_factory: pytest.TempPathFactory) -> PolicySet:
    return _written(tmp_path_factory.mktemp("shares"), VERSIONS, ADOPTED + OF_THEIR_OWN)


def in_general(policies: PolicySet, facts: Mapping[str, object], asked_on: date) -> bytes:
    """Give the record that is written without what was prepared."""
    return policies._prepared._general(policies._all(NAME), dict(facts), asked_on).to_record()


def recording(policies: PolicySet) -> Recording:
    return policies._prepared.records[NAME]


def both(policies: PolicySet, facts: Mapping[str, object], asked_on: date) -> bool:
    """Compare what is written at once with what is written in general; tell whether anything was."""
    wanted = in_general(policies, facts, asked_on)
    raw = Transaction(dict(facts), asked_on).raw
    of_values = recording(policies).record(dict(facts), asked_on)
    of_json = recording(policies).record(raw, asked_on)
    assert of_values in (None, wanted)
    assert of_json in (None, wanted)
    assert policies.decide(NAME, dict(facts), asked_on=asked_on) == wanted
    assert policies.decide(NAME, raw, asked_on=asked_on) == wanted
    return of_values is not None and of_json is not None


# ------------------------------------------------------------------------------- any transaction

LAST = BOUNDS[-1] + timedelta(60)


def days() -> st.SearchStrategy[date]:
    """Draw a day, often one on which another version begins or ends."""
    near = st.sampled_from([each + timedelta(by) for each in BOUNDS for by in (-1, 0)])
    return st.one_of(near, st.dates(BOUNDS[0] - timedelta(20), LAST))


def calls() -> st.SearchStrategy[list[dict[str, object]]]:
    moment = st.dates(BOUNDS[0], BOUNDS[1]).map(
        lambda day: datetime.combine(day, time(12), tzinfo=UTC)
    )
    required: dict[str, st.SearchStrategy[object]] = {"called_at": moment}
    return st.lists(
        st.fixed_dictionaries(required, optional={"by_partner": st.booleans()}), max_size=3
    )


@st.composite
def transactions(draw: st.DrawFn) -> Transaction:
    ordered_on, delivered_on = draw(days()), draw(days())
    facts: dict[str, object] = {
        "ordered_on": ordered_on,
        "delivered_on": delivered_on,
        "paid_on": ordered_on + timedelta(draw(st.sampled_from([1, 10, 20, 30, 31]))),
        "amount": draw(st.sampled_from([0, 7, Decimal("49.90"), Decimal("1E+3"), 1001, -3])),
        "calls": draw(calls()),
    }
    facts["amount"] = Decimal(str(facts["amount"]))
    presumed = draw(
        st.fixed_dictionaries(
            {},
            optional={"law_firm": st.booleans(), "region": st.sampled_from(["south", "Süd", "x"])},
        )
    )
    asked_on = draw(st.one_of(st.just(BOUNDS[0] - timedelta(1)), days(), st.just(LAST)))
    return Transaction({**facts, **presumed}, max(asked_on, *_past(facts)))


def _past(facts: Mapping[str, Any]) -> list[date]:
    """Give the days of what has happened."""
    return [facts["paid_on"], *(each["called_at"].date() for each in facts["calls"])]


@given(drawn=transactions())
def test_records_are_the_same_bytes_whoever_writes_them(
    policies: PolicySet, drawn: Transaction
) -> None:
    assert both(policies, drawn.facts, drawn.asked_on)
    made_by = policies.decide(NAME, drawn.facts, asked_on=drawn.asked_on).count(b'"digest"')
    event(f"{made_by} made the answers")


@settings(max_examples=15)
@given(drawn=transactions(), left_out=st.sampled_from(["ordered_on", "paid_on", "amount", "calls"]))
def test_what_is_open_is_written_alike(
    policies: PolicySet, drawn: Transaction, left_out: str
) -> None:
    facts: dict[str, object] = {**drawn.facts, left_out: {"unknown": True}}
    if left_out == "paid_on":
        facts[left_out] = None
    wanted = in_general(policies, facts, drawn.asked_on)
    assert policies.decide(NAME, dict(facts), asked_on=drawn.asked_on) == wanted
    assert recording(policies).record(dict(facts), drawn.asked_on) in (None, wanted)


# ------------------------------------------------------------------------------- who governs what

FACTS: Mapping[str, object] = {
    "ordered_on": date(2024, 3, 1),
    "delivered_on": date(2024, 3, 2),
    "paid_on": date(2024, 3, 5),
    "amount": Decimal(50),
    "law_firm": False,
    "calls": [
        {"called_at": datetime(2024, 2, 1, 9, tzinfo=UTC)},
        {"called_at": datetime(2024, 2, 1, 8, tzinfo=UTC), "by_partner": False},
    ],
}
V1, GAP, V2, V3 = date(2024, 3, 20), date(2024, 4, 20), date(2024, 6, 1), date(2024, 9, 1)

SHARES: Mapping[str, tuple[dict[str, object], date, list[str | None]]] = {
    "all under the first": ({}, V1, ["v1"]),
    "one under another": ({}, V2, ["v1", "v2"]),
    "one under none": ({}, GAP, ["v1", None]),
    "one under another and one under none": ({"delivered_on": GAP}, V2, ["v1", "v2", None]),
    "each under its own": ({"delivered_on": V2}, V3, ["v1", "v3", "v2"]),
    "one under what does not have it": ({"delivered_on": V3}, V1, ["v1", "v3"]),
    "all under what does not have them all": (
        {"ordered_on": V3, "delivered_on": V3, "paid_on": V3},
        V3,
        ["v3"],
    ),
    "most under none": ({"ordered_on": GAP, "delivered_on": V2, "paid_on": V2}, V2, [None, "v2"]),
    "all under none": ({"ordered_on": GAP, "delivered_on": GAP, "paid_on": GAP}, GAP, [None]),
}


@pytest.mark.parametrize("share", SHARES)
def test_versions_share_the_questions(
    policies: PolicySet, share: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed, asked_on, makers = SHARES[share]
    facts = {**FACTS, **changed}
    assert both(policies, facts, asked_on)
    evaluation = policies.evaluate(NAME, facts, asked_on=asked_on)
    found = dict.fromkeys(each.provenance.version for each in evaluation.values())
    assert list(found) == makers

    # From now on nobody asks in general.
    facts["amount"] = Decimal(51)
    day = asked_on + timedelta(1)
    wanted = in_general(policies, facts, day)
    monkeypatch.delattr(preparing, "Asking")
    assert recording(policies).record(dict(facts), day) == wanted
    assert recording(policies).record(Transaction(dict(facts), day).raw, day) == wanted


def test_what_each_version_presumes_is_told_of_what_it_answers(policies: PolicySet) -> None:
    facts = {name: each for name, each in FACTS.items() if name != "law_firm"}
    for asked_on in (V1, V2, V3):
        for delivered_on in (V1, V2, V3):
            assert both(policies, {**facts, "delivered_on": delivered_on}, asked_on)


def test_remarks_are_those_of_the_version_that_answers(policies: PolicySet) -> None:
    facts = {**FACTS, "ordered_on": V2, "paid_on": V2}
    for region in ("south", "north"):
        for later in (5, 30):  # then the second version remarks that it is late, whatever is asked
            delivered_on = V2 + timedelta(later)
            assert both(policies, {**facts, "delivered_on": delivered_on, "region": region}, V3)


def test_versions_that_alternate_are_written_alike(policies: PolicySet) -> None:
    for _ in range(2):
        for changed, asked_on, _makers in SHARES.values():
            assert both(policies, {**FACTS, **changed}, asked_on)


@pytest.fixture(scope="module")
def either_day(tmp_path_factory: pytest.TempPathFactory) -> PolicySet:
    """Give versions that may be picked by one of two days: which one, nobody has decided."""
    return _written(tmp_path_factory.mktemp("either"), ["v1", "v2"], OF_THEIR_OWN)


@pytest.mark.parametrize("ordered_on", [V1, GAP, V2])
@pytest.mark.parametrize("delivered_on", [V1, GAP, V2])
def test_days_that_may_each_pick_the_version_are_left_to_others_where_they_differ(
    either_day: PolicySet, ordered_on: date, delivered_on: date
) -> None:
    facts = {**FACTS, "ordered_on": ordered_on, "delivered_on": delivered_on, "paid_on": V2}
    at_once = both(either_day, facts, V3)
    assert at_once == (ordered_on == delivered_on != GAP)
    wanted = either_day._prepared._general(either_day._all(NAME), facts, V3)
    assert either_day.evaluate(NAME, facts, asked_on=V3) == wanted


def test_one_day_may_pick_versions_that_lack_questions_or_none(tmp_path: Path) -> None:
    policies = _written(tmp_path, VERSIONS, ADOPTED)
    for ordered_on in (V3, V1, GAP, V3, V2):
        dated = dict.fromkeys(("ordered_on", "delivered_on", "paid_on"), ordered_on)
        assert both(policies, {**FACTS, **dated}, V3 + timedelta(1))
