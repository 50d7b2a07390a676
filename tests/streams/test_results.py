"""Lines of both outputs: one JSON object each, whatever the input holds."""

import json

import pytest

from policyeval.evaluator.policies import PolicySet
from policyeval.messages import message
from policyeval.streams.deciding import Decider, Question
from policyeval.streams.model import Decided, Problem, Rejected
from policyeval.streams.results import Wording, decided_line, rejected_line, result
from tests.cli.facts import as_json
from tests.streams.echo import ASKED_ON, NAME, ONE


@pytest.mark.parametrize(
    ("id_", "written"),
    [
        (None, b'{"line":17,"evaluation":{}}\n'),
        (-3, b'{"line":17,"id":-3,"evaluation":{}}\n'),
        ("Å\n", '{"line":17,"id":"Å\\n","evaluation":{}}\n'.encode()),
        ("\ud800", b'{"line":17,"id":"\\ud800","evaluation":{}}\n'),
        ("", b'{"line":17,"id":"","evaluation":{}}\n'),
    ],
)
def test_a_decided_line_has_the_record_as_it_is(id_: str | int | None, written: bytes) -> None:
    assert decided_line(Decided(17, id_, b"{}")) == written


def test_a_rejected_line_says_where_and_why_in_the_reader_s_language() -> None:
    text = message("`{name}` is given twice", name="a")
    help_ = message("delete one of them")
    found = Rejected(3, "x", (Problem("input.duplicate-name", text, help_, 9, "a"),))
    assert json.loads(rejected_line(found, Wording())) == {
        "line": 3,
        "id": "x",
        "problems": [
            {
                "code": "input.duplicate-name",
                "path": "a",
                "column": 9,
                "message": "`a` is given twice",
                "help": "delete one of them",
            }
        ],
    }
    in_swedish = json.loads(rejected_line(found, Wording("sv")))
    assert in_swedish["problems"][0]["message"] == text.text("sv")


def test_a_rejected_line_is_repeated_only_where_that_is_wanted() -> None:
    raw = '\ufeff{"a": "Å", "a": 1}\r\n'.encode()
    found = Rejected(1, None, (Problem("input.json", message("error"), column=1),))
    assert "text" not in json.loads(rejected_line(found, Wording(), raw))
    assert json.loads(rejected_line(found, Wording(keep_text=True), raw))["text"] == (
        '{"a": "Å", "a": 1}'
    )
    assert "text" not in json.loads(rejected_line(found, Wording(keep_text=True), b"\xff"))
    too_long = Rejected(1, None, (Problem("input.too-long", message("error")),))
    assert "text" not in json.loads(rejected_line(too_long, Wording(keep_text=True), b"{"))


def test_a_batch_is_divided_between_the_outputs(policies: PolicySet) -> None:
    decider = Decider(policies, Question(NAME, ASKED_ON, decisions=ONE))
    found = result(decider, Wording(), 7, (as_json(), b"", b"[]", b"{", as_json()))
    assert (found.decided, found.refused) == (2, 2)
    assert [json.loads(each)["line"] for each in found.output.splitlines()] == [7, 11]
    assert [json.loads(each)["line"] for each in found.rejected.splitlines()] == [9, 10]
