"""What becomes of a line: its answer, or all that is wrong with it, whatever stands around it."""

import json
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

import pytest

from policyeval.errors import EvaluationError, FactsError, NoApplicablePolicyError
from policyeval.evaluator.policies import PolicySet
from policyeval.streams import LINE_BYTES, Decided, Rejected, decide_lines
from policyeval.streams.deciding import Decider, Question
from tests.cli.facts import FACTS, as_json
from tests.streams.echo import ASKED_ON, NAME, ONE

PLAIN = as_json()


def decide(policies: PolicySet, lines: Iterable[bytes]) -> list[Decided | Rejected]:
    return list(decide_lines(policies, NAME, lines, asked_on=ASKED_ON, decisions=ONE))


def one(policies: PolicySet, line: bytes) -> Decided | Rejected:
    (found,) = decide(policies, [line])
    return found


def record(policies: PolicySet, asked_on: date = ASKED_ON, facts: bytes = PLAIN) -> bytes:
    return policies.evaluate(NAME, facts, asked_on=asked_on, decisions=ONE).to_record()


ACCEPTED = {
    "plain": (PLAIN, None, ASKED_ON),
    "line-end": (PLAIN + b"\n", None, ASKED_ON),
    "windows": (PLAIN + b"\r\n", None, ASKED_ON),
    "blanks-around": (b" \t" + PLAIN + b" \r", None, ASKED_ON),
    "byte-order-mark": (b"\xef\xbb\xbf" + PLAIN, None, ASKED_ON),
    "envelope": (b'{"facts": ' + PLAIN + b"}", None, ASKED_ON),
    "id": (b'{"id": "A-1", "facts": ' + PLAIN + b"}\r\n", "A-1", ASKED_ON),
    "number": (b'{"facts": ' + PLAIN + b', "id": 7}', 7, ASKED_ON),
    "day": (b'{"asked_on": "2025-03-01", "facts": ' + PLAIN + b"}", None, date(2025, 3, 1)),
    "escapes": (rb'{"f\u0061cts": ' + PLAIN + rb', "id": "\ud800\""}', '\ud800"', ASKED_ON),
    "mark-and-envelope": (b'\xef\xbb\xbf{"id":1,"facts":' + PLAIN + b"}", 1, ASKED_ON),
}


@pytest.mark.parametrize("what", ACCEPTED)
def test_a_line_is_facts_or_an_envelope_around_them(policies: PolicySet, what: str) -> None:
    line, id_, asked_on = ACCEPTED[what]
    assert one(policies, line) == Decided(1, id_, record(policies, asked_on))


def test_blank_lines_are_passed_over_and_counted(policies: PolicySet) -> None:
    found = decide(policies, [b"\n", PLAIN, b" \t\r\n", b"", b"[]\n", PLAIN])
    assert [each.line for each in found] == [2, 5, 6]


def test_facts_are_decided_as_they_are_by_themselves(policies: PolicySet) -> None:
    given = [as_json(order_amount=amount) for amount in (1, 50_000, 10**9)]
    assert [each.record for each in decide(policies, given) if isinstance(each, Decided)] == [
        record(policies, facts=each) for each in given
    ]


Expected = list[tuple[str, int | None, str | None]]
REJECTED: dict[str, tuple[bytes, object, Expected]] = {
    "no-object": (b"[]", None, [("input.type", 1, None)]),
    "no-json": (b"id;amount", None, [("input.json", 1, None)]),
    "torn": (b'{"product": ', None, [("input.json", 13, None)]),
    "two-in-a-line": (b'{"product": null} {}', None, [("input.json", 19, None)]),
    "not-utf-8": ('{"product": "å'.encode() + b'\xff"}', None, [("input.json", 15, None)]),
    "utf-16": ("\ufeff{}".encode("utf-16-le"), None, [("input.json", 1, None)]),
    "too-deep": (b'{"acceptances": ' + b"[" * 1000, None, [("input.json", 80, None)]),
    "unknown": (
        '{"company_name": "Å", "amuont": 3, "x": 1}'.encode(),
        None,
        [("input.unknown-fact", 23, "amuont"), ("input.unknown-fact", 36, "x")],
    ),
    "within": (
        b'{"acceptances": [{"accepted_at": "2024-07-02T09:00:00"}, {"accepted_at": 1}]}',
        None,
        [("input.time", 74, "acceptances[2].accepted_at")],
    ),
    "given-twice": (
        b'{"product": "software", "product": "training"}',
        None,
        [("input.duplicate-name", 25, None)],
    ),
    "in-an-envelope": (
        '{"id": "Å", "facts": {"amuont": 3}}'.encode(),
        "Å",
        [("input.unknown-fact", 23, "amuont")],
    ),
    "in-an-unusual-envelope": (
        rb'{"id": "\u00c5", "facts": {"amuont": 3}}',
        "Å",
        [("input.unknown-fact", 28, "amuont")],
    ),
    "envelope-and-facts": (
        b'{"id": true, "asked": 1, "facts": {"amuont": 3}}',
        None,
        [
            ("input.type", 8, "id"),
            ("input.unknown-key", 14, "asked"),
            ("input.unknown-fact", 36, "amuont"),
        ],
    ),
    "no-day": (
        b'{"id": 4, "asked_on": "1.7.2024", "facts": {"amuont": 3}}',
        4,
        [("input.asked-on", 23, "asked_on")],
    ),
    "facts-are-no-object": (b'{"facts": 1}', None, [("input.unknown-fact", 2, "facts")]),
    "too-long": (b" " * LINE_BYTES + b"{}", None, [("input.too-long", None, None)]),
}


@pytest.mark.parametrize("what", REJECTED)
def test_what_is_wrong_is_told_with_its_place_in_the_line(policies: PolicySet, what: str) -> None:
    line, id_, problems = REJECTED[what]
    before, found, after = decide(policies, [PLAIN, line, PLAIN])
    assert isinstance(found, Rejected)
    assert (found.line, found.id) == (2, id_)
    assert [(each.code, each.column, each.path) for each in found.problems] == problems
    assert isinstance(before, Decided)
    assert isinstance(after, Decided)


@pytest.mark.parametrize(
    "line", [b'{"id": "A-1", "fact": {}}', b'{"asked_on": "2025-01-31"}', b'{"facts": []}']
)
def test_what_was_meant_as_an_envelope_is_told_how_one_is_written(
    policies: PolicySet, line: bytes
) -> None:
    found = one(policies, line)
    assert isinstance(found, Rejected)
    assert found.problems[0].code == "input.unknown-fact"
    assert found.problems[0].help is not None
    assert found.problems[0].help.text("en") == (
        "facts that have an `id` or a day are written "
        '`{"id": "A-17", "asked_on": "2024-07-01", "facts": {…}}`'
    )


def test_the_longest_line_is_decided(policies: PolicySet) -> None:
    line = PLAIN + b" " * (LINE_BYTES - len(PLAIN))
    assert isinstance(one(policies, line + b"\r\n"), Decided)
    assert isinstance(one(policies, line + b" \r\n"), Rejected)


def test_facts_that_contradict_each_other_name_the_condition_of_the_policies(
    policies: PolicySet,
) -> None:
    found = one(policies, as_json(delivered_on="2024-08-30"))
    assert isinstance(found, Rejected)
    (problem,) = found.problems
    assert (problem.code, problem.column) == ("input.inconsistent", None)
    assert problem.at is not None
    assert "example-referral/2024-07-01.yaml:" in problem.at


def test_what_a_formula_does_not_allow_rejects_the_line_alone(
    policies: PolicySet, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> bytes:
        raise EvaluationError(())

    decider = Decider(policies, Question(NAME, ASKED_ON, decisions=ONE))
    with monkeypatch.context() as patched:
        patched.setattr(policies, "decide", refuse)
        assert decider.line(1, PLAIN) == Decided(1, None, b"")
    assert isinstance(decider.line(2, PLAIN), Decided)


def test_a_name_that_does_not_exist_is_told_before_any_line(policies: PolicySet) -> None:
    for wanted in (
        {"programme": "example-referal"},
        {"decisions": ("fee_payabel",)},
        {"overlays": ("working-days",)},
    ):
        asked = {"programme": NAME, "lines": iter(()), "asked_on": ASKED_ON, **wanted}
        with pytest.raises(NoApplicablePolicyError):
            list(decide_lines(policies, **asked))  # type: ignore[arg-type]  # names to values
    with pytest.raises(FactsError, match="asked-on"):
        list(decide_lines(policies, NAME, (), asked_on="2024-07-01"))  # type: ignore[arg-type]


def test_lines_are_decided_when_they_are_asked_for(policies: PolicySet) -> None:
    taken = []

    def lines() -> Iterable[bytes]:
        for number in range(3):
            taken.append(number)
            yield PLAIN

    found = decide_lines(policies, NAME, lines(), asked_on=ASKED_ON, decisions=ONE)
    assert taken == []
    next(found)
    assert taken == [0]


def test_answers_can_be_given_with_their_texts(policies: PolicySet) -> None:
    question = Question(NAME, ASKED_ON, decisions=ONE, texts="sv")
    found = Decider(policies, question).line(1, PLAIN)
    assert isinstance(found, Decided)
    evaluation = policies.evaluate(NAME, FACTS, asked_on=ASKED_ON, decisions=ONE)
    data = json.loads(found.record, parse_int=Decimal, parse_float=Decimal)
    assert data == evaluation.as_data("sv")
    assert b"\n" not in found.record
