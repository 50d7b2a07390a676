"""Complete transactions are answered at once, and just as they are answered in general."""

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from functools import cache
from operator import attrgetter
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import policyeval
from benchmarks.transactions import ibas, kaspersky, referral
from benchmarks.transactions.drawing import Drawing
from benchmarks.transactions.unfinished import unfinished
from policyeval import Evaluation, PolicyEvalError, PolicySet
from policyeval.cases.loading import load_cases
from policyeval.evaluation.model import Answer
from policyeval.evaluation.results import LateAnswers
from policyeval.evaluator.program import Program
from policyeval.evaluator.programs import Programs
from policyeval.feel import types
from policyeval.policy.library import Library
from policyeval.policy.model import ValidPolicy
from tests.evaluator.test_no_surprise import POLICIES, _values
from tests.evaluator.test_policies import ASKED_ON, FACTS, NAME

ROOT = Path(__file__).parents[2]
MADE = ROOT / "tests" / "programmes"
SHIPPED = ROOT / "policies"
SPEED = ROOT / "benchmarks" / "referral"


@cache
def in_general(folder: Path) -> PolicySet:
    """Give policies of which nothing is ever prepared, so that all is answered in general."""

    class Unprepared(PolicySet):
        def __init__(self, library: Library) -> None:
            super().__init__(library)
            self._prepared.count = lambda *_asked, **_usual: None  # type: ignore[method-assign]  # never

    return Unprepared(policyeval.load_policies(folder).library)


@cache
def prepared(folder: Path) -> PolicySet:
    found = policyeval.load_policies(folder)
    found.prepare()
    return found


def is_quick(evaluation: Evaluation) -> bool:
    return isinstance(evaluation._worded, LateAnswers | tuple)


def told(answer: Answer) -> object:
    """Give what is told of reasons without their words."""
    return [
        (each.decision, each.rule, each.kind, each.clauses, each.holds) for each in answer.reasons
    ]


PARTS: Sequence[Callable[[Answer], object]] = (
    told,
    attrgetter("decision"),
    attrgetter("reasons"),
    attrgetter("open_points"),
    attrgetter("further_points"),
    attrgetter("until"),
    attrgetter("remarks"),
    attrgetter("provenance"),
    attrgetter("complete"),
    lambda answer: [(each.deciding, each.text_in("sv")) for each in answer.reasons],
)


def both(folder: Path, programme: str, facts: Any, asked_on: date, **more: Any) -> bool:
    """Compare both ways to answer; tell whether one of them was the quick one."""

    def asked(policies: PolicySet) -> Evaluation | str:
        try:
            return policies.evaluate(programme, facts, asked_on=asked_on, **more)
        except PolicyEvalError as error:
            return str(error)

    fast = asked(prepared(folder))
    if isinstance(fast, Evaluation) and not is_quick(fast):
        return False  # it was answered in general
    slow = asked(in_general(folder))
    if isinstance(slow, str) or isinstance(fast, str):
        assert slow == fast
        return False
    assert [(name, each.verdict, each.value) for name, each in fast.items()] == [
        (name, each.verdict, each.value) for name, each in slow.items()
    ]
    for part in PARTS:  # each is the first that is read
        first = asked(prepared(folder))
        assert isinstance(first, Evaluation)
        assert [part(each) for each in first.values()] == [part(each) for each in slow.values()]
    record = prepared(folder).decide(programme, facts, asked_on=asked_on, **more)
    assert record == slow.to_record() == fast.to_record()
    assert fast.to_json("sv") == slow.to_json("sv")
    assert fast == slow
    return True


def changes() -> st.SearchStrategy[Mapping[str, object]]:
    """Draw other values for a few of the facts."""
    declared = POLICIES.versions(NAME).versions[-1].policy.facts
    plain = {name: each for name, each in declared.items() if name != "acceptances"}
    several = st.lists(st.sampled_from(sorted(plain)), max_size=4, unique=True)
    return several.flatmap(
        lambda names: st.fixed_dictionaries(
            {name: st.one_of(_values(plain[name]), st.none()) for name in names}
        )
    )


# ------------------------------------------------------------------------------- many transactions


def typed(policies: PolicySet, programme: str, facts: Mapping[str, object]) -> dict[str, object]:
    """Give the facts of a golden case as an application has them, where they are plain."""
    declared = policies.versions(programme).versions[-1].policy.facts
    kinds = {name: types.required(each.type) for name, each in declared.items()}
    made: dict[str, object] = dict(facts)
    for name, value in facts.items():
        kind = kinds.get(name)
        if isinstance(value, str) and kind == types.DATE:
            made[name] = date.fromisoformat(value)
        elif isinstance(value, str) and kind == types.DATE_AND_TIME and len(value) > 10:
            made[name] = datetime.fromisoformat(value)
        elif isinstance(value, str) and kind == types.NUMBER:
            made[name] = Decimal(value)
    return made


@pytest.mark.parametrize(
    ("folder", "programme", "least"),
    [(SHIPPED, "ibas-ontrack-partner", 50), (SHIPPED, "kaspersky-target-notification", 15)],
)
def test_golden_cases_are_answered_alike(folder: Path, programme: str, least: int) -> None:
    path = folder / programme / "cases.yaml"
    quick = 0
    answers_quickly = prepared(folder)._prepared.usual[programme].evaluation
    for case in load_cases(path.read_bytes(), str(path)).cases[::2]:
        facts = typed(prepared(folder), programme, case.facts)
        if answers_quickly(facts, case.asked_on) is not None:
            quick += both(folder, programme, facts, case.asked_on)
    assert quick >= least, "or else nothing was compared"


@pytest.mark.parametrize(
    ("folder", "programme", "generator"),
    [
        (SPEED, "example-referral-speed", referral),
        (SHIPPED, "ibas-ontrack-partner", ibas),
        (SHIPPED, "kaspersky-target-notification", kaspersky),
    ],
    ids=["made-up", "ibas", "kaspersky"],
)
def test_transactions_of_every_day_are_answered_at_once_and_alike(
    folder: Path, programme: str, generator: Any
) -> None:
    draw = Drawing(Random(20_261_122))
    drawn = [generator.complete(draw) for _ in range(40)]
    quick = [both(folder, programme, each.facts, each.asked_on) for each in drawn]
    assert sum(quick) > 0.9 * len(quick)
    for each in drawn:
        answered = prepared(folder).decide(programme, each.raw, asked_on=each.asked_on)
        assert answered == prepared(folder).decide(programme, each.facts, asked_on=each.asked_on)


@pytest.mark.parametrize(
    ("folder", "programme", "generator", "count", "least"),
    [
        (SPEED, "example-referral-speed", referral, 24, 20),
        (SHIPPED, "ibas-ontrack-partner", ibas, 16, 12),
        (SHIPPED, "kaspersky-target-notification", kaspersky, 10, 3),
    ],
    ids=["made-up", "ibas", "kaspersky"],
)
def test_what_is_under_way_or_not_known_is_mostly_answered_at_once_and_alike(
    folder: Path, programme: str, generator: Any, count: int, least: int
) -> None:
    draw = Drawing(Random(20_261_123))
    drawn = [unfinished(draw, generator.complete(draw), generator.EVENTS) for _ in range(count)]
    quick = [both(folder, programme, each.facts, each.asked_on) for each in drawn]
    assert sum(quick) >= least


def test_what_was_asked_about_may_be_changed_before_the_rest_is_read() -> None:
    draw = Drawing(Random(20_261_124))
    programme, policies = "example-referral-speed", prepared(SPEED)
    for _ in range(10):
        drawn = unfinished(draw, referral.complete(draw), referral.EVENTS)
        unchanged = policies.evaluate(programme, drawn.facts, asked_on=drawn.asked_on).to_json()
        facts = deepcopy(drawn.facts)
        evaluation = policies.evaluate(programme, facts, asked_on=drawn.asked_on)
        for value in facts.values():
            if isinstance(value, dict):
                value.clear()
        facts.clear()
        assert evaluation.to_json() == unchanged


@settings(max_examples=60)
@given(changed=changes())
def test_whatever_is_given_is_answered_or_refused_alike(changed: Mapping[str, object]) -> None:
    both(MADE, NAME, typed(POLICIES, NAME, {**FACTS, **changed}), ASKED_ON)


# ------------------------------------------------------------------------------- out of the ordinary

ODD: Sequence[tuple[str, dict[str, Any]]] = [
    ("a name that is no fact", {"no_such_fact": 1}),
    ("a number that is none", {"order_amount": Decimal("NaN")}),
    ("an infinite number", {"order_amount": Decimal("-Infinity")}),
    ("a zero with a sign", {"order_amount": Decimal("-0.00")}),
    ("a number with zeros at its end", {"order_amount": Decimal("100.0000")}),
    ("a number with too many digits", {"order_amount": Decimal("1E-13")}),
    ("a number with an exponent", {"order_amount": Decimal("1E+2")}),
    ("a number that is too large", {"order_amount": Decimal(10**18)}),
    ("a whole number of Python's", {"order_amount": 100}),
    ("true in place of a number", {"order_amount": True}),
    ("a binary fraction", {"order_amount": 0.5}),
    ("a day in place of a moment", {"customer_contact_at": date(2024, 3, 1)}),
    ("a moment in place of a day", {"ordered_on": datetime(2024, 3, 1, 12)}),
    ("a day that lies before all", {"ordered_on": date(1899, 12, 31)}),
    ("a day that lies after all", {"ordered_on": date(2200, 1, 1)}),
    ("a day in the future", {"ordered_on": ASKED_ON + timedelta(1)}),
    ("a text of another form", {"company_name": "A\u030angstro\u0308m"}),
    ("half a character", {"company_name": "\ud800"}),
    ("a long text", {"company_name": "x" * 70_000}),
    ("what is not known", {"company_name": {"unknown": True}}),
    ("null where it has no meaning", {"order_amount": None}),
]


@pytest.mark.parametrize("changed", [each for _, each in ODD], ids=[name for name, _ in ODD])
def test_what_is_out_of_the_ordinary_is_told_alike(changed: dict[str, Any]) -> None:
    both(MADE, NAME, {**FACTS, **changed}, ASKED_ON)


@pytest.mark.parametrize("left_out", sorted(FACTS))
def test_a_fact_that_is_left_out_is_missed_alike(left_out: str) -> None:
    both(MADE, NAME, {name: each for name, each in FACTS.items() if name != left_out}, ASKED_ON)


@pytest.mark.parametrize("fold", [0, 1])
@pytest.mark.parametrize(
    "zone",
    [None, timezone.utc, timezone(timedelta(hours=-5)), ZoneInfo("Europe/Stockholm")],  # noqa: UP017 - as written by others
    ids=str,
)
@pytest.mark.parametrize(
    "moment",
    [datetime(2024, 10, 27, 2, 30), datetime(2024, 3, 31, 2, 30), datetime(2024, 2, 29, 23, 30)],
    ids=str,
)
def test_moments_mean_the_same(moment: datetime, zone: Any, fold: int) -> None:
    given_ = moment.replace(tzinfo=zone, fold=fold)
    both(MADE, NAME, {**FACTS, "customer_contact_at": given_}, date(2024, 12, 1))


@pytest.mark.parametrize(
    "more",
    [
        {"known_on": date(2024, 5, 1)},
        {"known_on": datetime(2024, 5, 1, 12)},
        {"decisions": ["fee_payable"]},
        {"known_on": date(1990, 1, 1)},
    ],
    ids=str,
)
def test_what_is_asked_in_a_special_way_is_answered_alike(more: dict[str, Any]) -> None:
    for _ in range(3):
        both(MADE, NAME, dict(FACTS), ASKED_ON, **more)


class Forging(type):
    """Types that are taken for `str` by whoever compares them."""

    def __hash__(cls) -> int:
        return hash(str)

    def __eq__(cls, other: object) -> bool:
        return other is cls or other is str


class NoText(metaclass=Forging):
    def isascii(self) -> bool:
        return True

    def __len__(self) -> int:
        return 1


class LyingName(str):
    __slots__ = ()

    def __hash__(self) -> int:
        return hash("company_name")

    def __eq__(self, other: object) -> bool:
        raise AssertionError("a name was asked what it equals")


def test_what_pretends_to_be_a_text_is_none() -> None:
    facts = {**FACTS, "partner_number": NoText()}
    with pytest.raises(policyeval.FactsError):
        prepared(MADE).decide(NAME, facts, asked_on=ASKED_ON)


def test_names_are_not_asked_what_they_equal() -> None:
    facts = {name: each for name, each in FACTS.items() if name != "company_name"}
    facts[LyingName("partner_name")] = "x"
    with pytest.raises(policyeval.FactsError):
        prepared(MADE).decide(NAME, facts, asked_on=ASKED_ON)


def test_decisions_may_come_one_by_one() -> None:
    names = [*in_general(MADE).evaluate(NAME, dict(FACTS), asked_on=ASKED_ON)][:1]
    asked = prepared(MADE).decide(NAME, dict(FACTS), asked_on=ASKED_ON, decisions=iter(names))  # type: ignore[arg-type]  # as some do
    wanted = in_general(MADE).evaluate(NAME, dict(FACTS), asked_on=ASKED_ON, decisions=names)
    assert asked == wanted.to_record()


def test_a_list_that_is_too_long_is_refused() -> None:
    facts: dict[str, Any] = dict(FACTS)
    facts["acceptances"] = facts["acceptances"] * 10_001
    with pytest.raises(policyeval.FactsError):
        prepared(MADE).decide(NAME, facts, asked_on=ASKED_ON)


def test_after_some_questions_everything_is_prepared() -> None:
    policies = policyeval.load_policies(MADE)
    first = policies.evaluate(NAME, dict(FACTS), asked_on=ASKED_ON)
    for _ in range(200):
        last = policies.evaluate(NAME, dict(FACTS), asked_on=ASKED_ON)
    assert not is_quick(first)
    assert last == first
    assert last.to_json("de") == first.to_json("de")
    assert policies.decide(NAME, dict(FACTS), asked_on=ASKED_ON) == first.to_record()


def test_what_is_said_of_an_answer_is_of_the_facts_that_were_given() -> None:
    facts = dict(FACTS)
    evaluation = prepared(MADE).evaluate(NAME, facts, asked_on=ASKED_ON)
    wanted = in_general(MADE).evaluate(NAME, dict(FACTS), asked_on=ASKED_ON)
    facts.clear()
    assert evaluation.explain("sv") == wanted.explain("sv")


class _Asked(Program):
    """Notes how often it is asked."""

    count = 0

    def answers(self, *args: Any) -> Mapping[str, Answer]:
        type(self).count += 1
        return super().answers(*args)


class _Others(Programs):
    def program(self, version: ValidPolicy, overlays: tuple[str, ...]) -> Program:
        found = self._programs.get((id(version), overlays))
        return found or self._programs.setdefault((id(version), overlays), _Asked(version))


def test_programs_that_answer_in_their_own_way_are_asked_each_time() -> None:
    policies = PolicySet(policyeval.load_policies(MADE).library, _Others())
    policies.evaluate(NAME, FACTS, asked_on=ASKED_ON)
    once = _Asked.count
    for _ in range(129):
        policies.evaluate(NAME, FACTS, asked_on=ASKED_ON)
    assert _Asked.count == 130 * once > 0
