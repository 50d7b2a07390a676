"""Whatever versions come later: an answer that was given before stays what it was.

The programme is made up; its versions differ by a rate. Histories of versions are random: days in force,
also before others, last days, and corrections that begin on the day of another version. Which version
answers is compared with a calendar that is painted over version by version.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from policyeval import Answer, Evaluation, PolicySet, Verdict, load_policies
from policyeval.policy.library import Library, ProgrammeVersions
from policyeval.policy.model import ValidPolicy
from policyeval.policy.versions import boundaries, in_order

NAME = "example-rates"
ZONE = ZoneInfo("Europe/Stockholm")
START = date(2024, 3, 1)  # clocks are put forward on 31 March
DAYS = 50
ASKED_ON = START + timedelta(DAYS // 2)

PROGRAMME = """\
format: 1
programme: example-rates
title: {en: Rates, sv: Satser, de: Sätze}
zone: Europe/Stockholm
parties:
  vendor: {en: the vendor, sv: säljaren, de: der Anbieter}
governed_by:
  clause: "1"
  ambiguity: A1
  question: {en: Which day decides?, sv: Vilken dag avgör?, de: Welcher Tag entscheidet?}
  options:
    order:
      day: ordered_on
      gist: {en: the order, sv: beställningen, de: die Bestellung}
  adopted:
    option: order
    by: authors
    on: 2024-01-01
    because: {en: It says so., sv: Det står så., de: Es steht dort.}
  decisions: {rate_today: asked_on}
"""

VERSION = """\
format: 1
programme: example-rates
version: "{name}"
in_force: {{{in_force}}}
known_from: {known}
source: {{file: rates.txt, language: en, sha256: {sha}}}
clauses:
  "1":
    lines: [1]
    kind: payment
    gist: {{en: The rate., sv: Satsen., de: Der Satz.}}
parameters:
  rate:
    value: {rate}
    clause: "1"
    label: {{en: rate, sv: sats, de: Satz}}
facts:
  ordered_on:
    type: date
    event: true
    label: {{en: day of the order, sv: dagen för beställningen, de: Tag der Bestellung}}
  amount:
    type: number
    label: {{en: amount, sv: belopp, de: Betrag}}
decisions:
  fee:
    type: number
    question: {{en: "How much?", sv: "Hur mycket?", de: "Wie viel?"}}
    clause: "1"
    value: amount * rate
  large:
    type: boolean
    question: {{en: Is it large?, sv: Är det stort?, de: Ist es groß?}}
    clause: "1"
    requires:
      - id: at_least
        clause: "1"
        that: amount >= rate
        because: {{en: "Less than {{rate}}.", sv: "Mindre än {{rate}}.", de: "Weniger als {{rate}}."}}
  rate_today:
    type: number
    question: {{en: Which rate?, sv: Vilken sats?, de: Welcher Satz?}}
    clause: "1"
    value: rate
"""


@dataclass(frozen=True)
class Made:
    """A version of a history: days in force, and the moment from which it was known."""

    first: date | None
    last: date | None
    known: datetime
    rate: int

    @property
    def name(self) -> str:
        return f"v{self.rate}"

    @property
    def begins(self) -> date:
        return self.first or date.min

    @property
    def moment(self) -> datetime:
        return self.known.replace(tzinfo=ZONE).astimezone(ZoneInfo("UTC"))

    def text(self) -> str:
        days = [f"from: {self.first}"] if self.first else []
        days += [f"until: {self.last}"] if self.last else []
        return VERSION.format(
            name=self.name,
            in_force=", ".join(days),
            known=self.known.isoformat(),
            rate=self.rate,
            sha="0" * 64,
        )


def days() -> st.SearchStrategy[date]:
    return st.integers(0, DAYS).map(lambda each: START + timedelta(each))


def moments() -> st.SearchStrategy[datetime]:
    return st.integers(0, DAYS * 8).map(
        lambda each: datetime.combine(START, time()) + timedelta(hours=3 * each)
    )


@st.composite
def versions(draw: st.DrawFn, least: int = 1) -> tuple[Made, ...]:
    """Make a history; no two versions begin and become known at once, which the check refuses."""
    made: list[Made] = []
    for rate in range(1, draw(st.integers(least, 6)) + 1):
        begins = [each.first for each in made]
        first = draw(st.one_of(st.none(), days(), st.sampled_from(begins or [None])))
        length = draw(st.one_of(st.none(), st.integers(0, 20)))
        last = None if length is None else (first or START) + timedelta(length)
        made.append(Made(first, last, draw(moments()), rate))
    keys = {(each.begins, each.moment) for each in made}
    assume(len(keys) == len(made))
    return tuple(made)


# ------------------------------------------------------------------------------- the oracle


def known(history: Sequence[Made], known_on: date | datetime | None) -> list[Made]:
    if known_on is None:
        return list(history)
    end = known_on
    if not isinstance(end, datetime):
        end = datetime.combine(end, time.max)
    return [each for each in history if each.moment <= end.replace(tzinfo=ZONE, fold=1)]


def painted(history: Sequence[Made], known_on: date | datetime | None, day: date) -> Made | None:
    """Paint a day of a calendar with the versions that are known, in order.

    A version that begins ends all that was painted from its first day on; a correction begins on the
    same day as what it corrects and comes after it.
    """
    colour: Made | None = None
    for each in sorted(known(history, known_on), key=lambda made: (made.begins, made.moment)):
        if day >= each.begins:
            colour = each if each.last is None or day <= each.last else None
    return colour


# ------------------------------------------------------------------------------- policies


@cache
def read(rate: int, root: Path) -> ValidPolicy:
    """Read a version with a rate from a file; its days are put in afterwards."""
    folder = root / str(rate) / NAME
    folder.mkdir(parents=True)
    (folder / "programme.yaml").write_text(PROGRAMME, encoding="utf-8")
    made = Made(START, None, datetime.combine(START, time()), rate)
    (folder / f"{made.name}.yaml").write_text(made.text(), encoding="utf-8")
    (version,) = load_policies(folder).versions(NAME).versions
    return version


def valid(made: Made, root: Path) -> ValidPolicy:
    version = read(made.rate, root)
    policy = replace(
        version.policy,
        in_force_from=made.first,
        in_force_until=made.last,
        known_from=made.known,
        digest=sha256(made.text().encode()).hexdigest(),
    )
    return replace(version, policy=policy)


def policy_set(history: Sequence[Made], root: Path) -> PolicySet:
    every = in_order([valid(each, root) for each in history])
    programme = ProgrammeVersions(every[0].programme, every, root)
    return PolicySet(Library(root, {NAME: programme}))


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("rates")


AMOUNT = 3
KNOWN_ON = st.one_of(st.none(), days(), moments())


def ask(
    policies: PolicySet, ordered_on: object, known_on: date | datetime | None, day: date = ASKED_ON
) -> Evaluation:
    facts = {"amount": AMOUNT, "ordered_on": ordered_on}
    return policies.evaluate(NAME, facts, asked_on=day, known_on=known_on)


# ------------------------------------------------------------------------------- which version


def is_answered_by(answer: Answer, expected: Made | None, value: Decimal) -> None:
    if expected is None:
        assert (answer.verdict, answer.provenance.version) == (Verdict.NOT_COVERED, None)
        return
    assert answer.provenance.version == expected.name
    assert answer.provenance.digest == sha256(expected.text().encode()).hexdigest()
    assert (answer.verdict, answer.value) == (None, value)


@given(history=versions(), ordered_on=days(), known_on=KNOWN_ON)
def test_the_version_that_answers_is_the_one_in_force_as_known(
    root: Path, history: tuple[Made, ...], ordered_on: date, known_on: date | datetime | None
) -> None:
    assume(ordered_on <= ASKED_ON)
    found = ask(policy_set(history, root), ordered_on, known_on)
    expected = painted(history, known_on, ordered_on)
    is_answered_by(found["fee"], expected, Decimal(AMOUNT * (expected.rate if expected else 0)))
    today = painted(history, known_on, ASKED_ON)
    is_answered_by(found["rate_today"], today, Decimal(today.rate if today else 0))


@given(history=versions(), known_on=KNOWN_ON)
def test_the_answer_changes_on_the_very_day_on_which_another_version_begins(
    root: Path, history: tuple[Made, ...], known_on: date | datetime | None
) -> None:
    policies = policy_set(history, root)
    asked_on = START + timedelta(DAYS + 30)
    spans = boundaries(policies.versions(NAME).versions, known_on)
    assert spans[0].first is None
    for span in spans[1:]:
        assert span.first is not None
        for day in (span.first - timedelta(1), span.first):
            answer = ask(policies, day, known_on, asked_on)["fee"]
            expected = painted(history, known_on, day)
            assert answer.provenance.version == (expected and expected.name)


def is_answered_by_all(
    answer: Answer, history: Sequence[Made], days: Sequence[date], known_on: date | datetime | None
) -> None:
    """Look whether an answer is that of all versions that may govern on one of several days."""
    possible = {painted(history, known_on, day) for day in days}
    if len(possible) > 1:
        assert answer.verdict is Verdict.UNKNOWN
        assert [each.name for each in answer.open_points] == ["ordered_on"]
        assert answer.provenance.version in {each and each.name for each in possible}
    else:
        (only,) = possible
        is_answered_by(answer, only, Decimal(AMOUNT * (only.rate if only else 0)))


LATE = START + timedelta(DAYS + 31)


def between(first: date, last: date) -> object:
    return {"between": [first.isoformat(), last.isoformat()]}


@given(history=versions(), low=days(), length=st.integers(0, 30), known_on=KNOWN_ON)
def test_a_day_that_is_open_is_answered_by_every_version_it_may_be_under(
    root: Path,
    history: tuple[Made, ...],
    low: date,
    length: int,
    known_on: date | datetime | None,
) -> None:
    every = [low + timedelta(each) for each in range(length + 1)]
    found = ask(policy_set(history, root), between(low, every[-1]), known_on, LATE)
    is_answered_by_all(found["fee"], history, every, known_on)


def test_a_day_that_is_open_may_lie_in_a_version_between_two_gaps(root: Path) -> None:
    first, last = START + timedelta(5), START + timedelta(9)
    history = [Made(first, last, datetime.combine(START, time()), 1)]
    every = [START + timedelta(each) for each in range(20)]
    found = ask(policy_set(history, root), between(every[0], every[-1]), None, LATE)
    is_answered_by_all(found["fee"], history, every, None)


# ------------------------------------------------------------------------------- what came later


def answers(evaluation: Evaluation) -> Mapping[str, str]:
    return {language: evaluation.to_json(language) for language in ("en", "sv", "de")}


PAST = st.integers(0, DAYS // 2).map(lambda each: START + timedelta(each))
ORDERED_ON = st.one_of(
    PAST,
    st.none(),
    st.just({"unknown": True}),
    st.tuples(PAST, PAST).map(lambda each: between(min(each), max(each))),
)


@given(history=versions(least=2), ordered_on=ORDERED_ON, data=st.data())
def test_an_answer_stays_what_it_was_whatever_becomes_known_later(
    root: Path, history: tuple[Made, ...], ordered_on: object, data: st.DataObject
) -> None:
    later = data.draw(st.sampled_from(sorted(history, key=lambda each: each.moment)[1:]))
    before = [each for each in history if each.moment < later.moment]
    assume(before)
    moment = data.draw(st.sampled_from([each.known for each in before] + [later.known]))
    known_on = data.draw(st.sampled_from([moment - timedelta(microseconds=1), moment]))
    assume(known_on.replace(tzinfo=ZONE) < later.moment)
    if data.draw(st.booleans()):
        day = known_on.date() - timedelta(1)
        then: date | datetime = day
    else:
        then = known_on
    first = answers(ask(policy_set(before, root), ordered_on, then))
    assert answers(ask(policy_set(history, root), ordered_on, then)) == first


def with_other_words(text: str) -> str:
    return text.replace("How much?", "What is the fee?")


def with_another_question(text: str) -> str:
    question = '{en: "Which one?", sv: "Vilken?", de: "Welche?"}'
    more = (
        f'  other:\n    type: number\n    question: {question}\n    clause: "1"\n    value: rate\n'
    )
    return text.replace("  fee:\n", f"{more}  fee:\n")


def with_another_fact(text: str) -> str:
    return text.replace("  amount:\n", "  quantity:\n").replace("amount", "quantity")


def files(folder: Path, texts: Mapping[str, str]) -> PolicySet:
    (folder / NAME).mkdir(parents=True)
    (folder / NAME / "programme.yaml").write_text(PROGRAMME, encoding="utf-8")
    for name, text in texts.items():
        (folder / NAME / f"{name}.yaml").write_text(text, encoding="utf-8")
    return load_policies(folder / NAME)


EARLY = Made(START, None, datetime.combine(START, time()), 1)
LATER = Made(START + timedelta(10), None, datetime.combine(START + timedelta(9), time()), 2)


@pytest.mark.parametrize("known_on", [START, START - timedelta(1)], ids=["known", "none-known"])
@pytest.mark.parametrize("ordered_on", [START + timedelta(20), None], ids=["ordered", "not-yet"])
@pytest.mark.parametrize("change", [with_other_words, with_another_question, with_another_fact])
def test_a_later_version_of_another_shape_changes_nothing_either(
    tmp_path: Path,
    change: Callable[[str], str],
    ordered_on: date | None,
    known_on: date,
) -> None:
    before = files(tmp_path / "before", {EARLY.name: EARLY.text()})
    after = files(tmp_path / "after", {EARLY.name: EARLY.text(), LATER.name: change(LATER.text())})
    assert answers(ask(after, ordered_on, known_on)) == answers(ask(before, ordered_on, known_on))


def test_the_facts_are_read_as_the_version_wants_them_that_governs(tmp_path: Path) -> None:
    texts = {EARLY.name: EARLY.text(), LATER.name: with_another_fact(LATER.text())}
    facts = {"amount": AMOUNT, "ordered_on": START + timedelta(5)}
    policies = files(tmp_path, texts)
    found = policies.evaluate(NAME, facts, asked_on=ASKED_ON, decisions=["fee"])
    is_answered_by(found["fee"], EARLY, Decimal(AMOUNT))


@settings(max_examples=8)
@given(history=versions(least=2), ordered_on=days(), known_on=KNOWN_ON)
def test_what_is_read_from_files_answers_the_same(
    root: Path,
    tmp_path_factory: pytest.TempPathFactory,
    history: tuple[Made, ...],
    ordered_on: date,
    known_on: date | datetime | None,
) -> None:
    assume(ordered_on <= ASKED_ON)
    texts = {each.name: each.text() for each in history}
    policies = files(tmp_path_factory.mktemp("files"), texts)
    read_again = answers(ask(policies, ordered_on, known_on))
    assert read_again == answers(ask(policy_set(history, root), ordered_on, known_on))
