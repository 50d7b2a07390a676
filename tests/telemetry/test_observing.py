"""Whoever looks on sees names, verdicts and codes; what is answered is the same, and no fact is shown."""

import json
import logging
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path

import pytest

from policyeval.errors import FactsError, NoApplicablePolicyError
from policyeval.evaluator.asked import Asked
from policyeval.evaluator.compiled import Compiled
from policyeval.evaluator.policies import PolicySet, load_policies
from policyeval.store import PolicyStore
from policyeval.telemetry import JsonLines, observed
from tests.store import made_policies
from tests.telemetry.made_transactions import (
    ASKED_ON,
    FACTS,
    OPEN,
    PROGRAMME,
    SECRET,
    WRONG,
    policies,
)

LOGGER = "policyeval.decisions"


@pytest.fixture(scope="module")
def programme() -> PolicySet:
    return policies()


@pytest.fixture
def small(tmp_path: Path) -> PolicySet:
    made_policies.write(tmp_path / "policies", 1)
    return load_policies(tmp_path / "policies")


# ------------------------------------------------------------------------------- answers


@pytest.mark.parametrize("level", [logging.DEBUG, logging.INFO])
def test_what_is_observed_answers_like_what_is_not(
    programme: PolicySet, caplog: pytest.LogCaptureFixture, level: int
) -> None:
    caplog.set_level(level, LOGGER)
    seen = observed(programme)
    evaluation = programme.evaluate(PROGRAMME, OPEN, asked_on=ASKED_ON)
    assert seen.programmes == programme.programmes
    assert seen.evaluate(PROGRAMME, OPEN, asked_on=ASKED_ON) == evaluation
    assert seen.decide(PROGRAMME, OPEN, asked_on=ASKED_ON) == evaluation.to_record()
    one = seen.evaluate(
        PROGRAMME, OPEN, asked_on=ASKED_ON, known_on=ASKED_ON, decisions="fee_due_on"
    )
    assert (list(one), one.known_on) == (["fee_due_on"], ASKED_ON)


def test_a_store_can_be_observed_and_what_is_observed_can_be_again(tmp_path: Path) -> None:
    made_policies.write(tmp_path, 1)
    with PolicyStore(tmp_path, watch=False) as store:
        seen = observed(observed(store))
        made_policies.write(tmp_path, 2)
        store.reload()
        evaluation = seen.evaluate(made_policies.PROGRAMME, {"amount": 0}, asked_on=ASKED_ON)
        assert evaluation["first"].value == 2


def test_looking_on_works_nothing_out_that_was_left_for_later(
    programme: PolicySet, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    worked_out = []
    asked = Compiled.asked

    def counted(*given: object, **named: object) -> Asked:
        worked_out.append(given)
        return asked(*given, **named)  # type: ignore[arg-type]  # what it is given

    caplog.set_level(logging.DEBUG, LOGGER)
    programme.prepare()
    monkeypatch.setattr(Compiled, "asked", counted)
    for decisions in (["costs_reimbursed"], ["fee_payable", "fee_amount"], None):
        programme.evaluate(PROGRAMME, FACTS, asked_on=ASKED_ON, decisions=decisions)
        without = len(worked_out)
        worked_out.clear()
        observed(programme).evaluate(PROGRAMME, FACTS, asked_on=ASKED_ON, decisions=decisions)
        assert len(worked_out) <= without
        worked_out.clear()
    assert [vars(each)["versions"] for each in caplog.records] == [["2024-07-01"]] * 3


# ------------------------------------------------------------------------------- the log


def test_an_answer_is_logged_with_its_fields(
    programme: PolicySet, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, LOGGER)
    observed(programme).evaluate(PROGRAMME, OPEN, asked_on=ASKED_ON)
    (record,) = caplog.records
    fields = vars(record)
    assert (record.levelname, record.name) == ("DEBUG", LOGGER)
    assert fields["programme"] == PROGRAMME
    assert fields["versions"] == ["2024-07-01"]
    assert fields["asked_on"] == "2025-01-31"
    assert fields["verdicts"]["fee_payable"] == "UNKNOWN"
    assert fields["verdicts"]["fee_due_on"] == "VALUE"
    assert "fee_payable" in fields["explored"]
    assert fields["duration_s"] > 0


def test_where_no_version_governs_the_log_names_none(
    programme: PolicySet, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, LOGGER)
    names = ("partner_kind", "partner_number", "company_name", "product")
    facts = {name: FACTS[name] for name in names} | {"referred_at": datetime(2020, 1, 1)}
    observed(programme).evaluate(PROGRAMME, facts, asked_on=date(2020, 2, 1))
    assert vars(caplog.records[0])["versions"] == ["none"]
    assert set(vars(caplog.records[0])["verdicts"].values()) == {"NOT_COVERED"}


@pytest.mark.parametrize("way", ["evaluate", "decide"])
@pytest.mark.parametrize("level", [logging.DEBUG, logging.INFO])
def test_refused_facts_are_logged_by_the_codes_of_their_problems_and_no_value(
    programme: PolicySet, caplog: pytest.LogCaptureFixture, way: str, level: int
) -> None:
    caplog.set_level(level, LOGGER)
    seen = observed(programme)
    with pytest.raises(FactsError):
        (seen.evaluate if way == "evaluate" else seen.decide)(PROGRAMME, WRONG, asked_on=ASKED_ON)
    (record,) = caplog.records
    assert record.levelname == "WARNING"
    assert vars(record)["codes"] == ["input.date", "input.number"]
    assert vars(record)["programme"] == PROGRAMME
    assert SECRET not in repr(vars(record))
    assert SECRET not in JsonLines().format(record)


def test_a_programme_that_a_caller_made_up_is_not_repeated(
    programme: PolicySet, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(NoApplicablePolicyError):
        observed(programme).decide(f"{SECRET}\n", FACTS, asked_on=ASKED_ON)
    (record,) = caplog.records
    assert (vars(record)["programme"], vars(record)["codes"]) == ("none", ["registry.unknown"])
    assert "Ada" not in repr(vars(record))


def test_no_answer_is_logged_unless_somebody_listens(
    small: PolicySet, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, LOGGER)
    observed(small).evaluate(made_policies.PROGRAMME, {"amount": 1}, asked_on=ASKED_ON)
    caplog.set_level(logging.DEBUG, LOGGER)
    observed(small, logger=None).evaluate(made_policies.PROGRAMME, {"amount": 1}, asked_on=ASKED_ON)
    assert caplog.records == []


def test_a_logger_of_the_caller_s_own_can_be_given(
    small: PolicySet, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "payments")
    seen = observed(small, logger=logging.getLogger("payments"))
    seen.decide(made_policies.PROGRAMME, {"amount": 1}, asked_on=ASKED_ON)
    assert [each.name for each in caplog.records] == ["payments"]


def test_a_line_of_json_has_the_fields_and_stays_on_its_line() -> None:
    record = logging.LogRecord(
        "policyeval.store", logging.ERROR, "x.py", 1, "refused\n%s", ("\x1b[31må\u2028",), None
    )
    record.__dict__["codes"] = ["cases.failed"]
    record.__dict__["loaded_at"] = date(2024, 1, 31)
    line = JsonLines().format(record)
    assert line.isascii()
    assert line.isprintable()
    assert json.loads(line) == {
        "time": json.loads(line)["time"],
        "level": "ERROR",
        "logger": "policyeval.store",
        "event": "refused\n\x1b[31må\u2028",
        "codes": ["cases.failed"],
        "loaded_at": "2024-01-31",
    }


def test_a_line_of_json_has_the_fault_that_was_logged_with_it() -> None:
    try:
        raise RuntimeError("a mistake")
    except RuntimeError:
        record = logging.LogRecord("x", logging.ERROR, "x.py", 1, "failed", (), sys.exc_info())
    assert "RuntimeError: a mistake" in json.loads(JsonLines().format(record))["error"]


# ------------------------------------------------------------------------------- cost


def test_nothing_is_loaded_or_printed_that_was_not_asked_for() -> None:
    program = (
        "import sys, policyeval.store, policyeval.telemetry as t\n"
        "t.logs.STORE.error('nobody has set up any logging')\n"
        "print([each for each in ('prometheus_client', 'opentelemetry', 'watchfiles')"
        " if each in sys.modules])\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert (run.stdout, run.stderr) == ("[]\n", "")
