"""The facts of a whole programme, as its files declare them."""

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest

from policyeval.errors import FactsError
from policyeval.facts import Open, decode, decode_json
from policyeval.policy.loading import load_policy, load_programme
from policyeval.policy.model import ValidPolicy
from policyeval.policy.validation import check_policy
from policyeval.source import Source

FOLDER = Path(__file__).parents[1] / "programmes" / "example-referral"
ASKED_ON = date(2024, 12, 31)


@pytest.fixture(scope="module")
def policy() -> ValidPolicy:
    programme = load_programme((FOLDER / "programme.yaml").read_bytes(), "programme.yaml")
    text = (FOLDER / "2024-01-01.yaml").read_bytes()
    return check_policy(load_policy(text, "2024-01-01.yaml"), programme)


def test_every_fact_that_a_file_declares_has_an_entry(policy: ValidPolicy) -> None:
    environment = decode({}, policy, ASKED_ON)
    assert [*environment.values] == [*policy.policy.facts]
    assert environment.growing == {"acceptances"}
    open_kinds = {
        name: value.kind for name, value in environment.values.items() if isinstance(value, Open)
    }
    assert open_kinds["referred_at"] == "fact"
    assert open_kinds["customer_contact_at"] == "event"
    assert open_kinds["extension_decision"] == "act"
    assert environment.presumed["costs_claimed"] == 0
    assert environment.presumed["order_numbers"] == []


def test_a_transaction_is_read_from_a_file(policy: ValidPolicy) -> None:
    text = """{
        "partner_kind": "company",
        "company_name": "Räksmörgås AB",
        "acceptances": [{"accepted_at": "2024-01-15T10:00:00"}],
        "referred_at": "2024-02-01T09:00:00",
        "order_amount": 12345.60,
        "paid_on": null,
        "extension_decision": {"decided": "granted", "on": "2024-05-02", "by": "N. N."}
    }"""
    values = decode_json(Source(text, "facts.json"), policy, ASKED_ON).values
    winter = timezone(timedelta(hours=1))
    assert values["acceptances"] == [
        {"accepted_at": datetime(2024, 1, 15, 10, tzinfo=winter), "may_sign": True}
    ]
    assert values["referred_at"] == datetime(2024, 2, 1, 9, tzinfo=winter)
    assert values["order_amount"] == Decimal("12345.60")
    assert values["extension_decision"] == "granted"


def test_a_decision_of_the_programme_is_not_given(policy: ValidPolicy) -> None:
    name = next(iter(policy.policy.decisions))
    with pytest.raises(FactsError) as caught:
        decode({name: True}, policy, ASKED_ON)
    [problem] = caught.value.diagnostics
    assert problem.code == "input.unknown-fact"
    assert "computed" in problem.message.text()
