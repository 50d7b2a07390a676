"""Prometheus counts answers by verdict, the slow path, refusals and reloads, with few labels."""

import sys
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from policyeval.errors import FactsError, NoApplicablePolicyError, UnsupportedError
from policyeval.evaluator.policies import PolicySet
from policyeval.store import PolicyStore
from policyeval.telemetry import Metrics, observed
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

VERSION = {"programme": PROGRAMME, "version": "2024-07-01"}


@pytest.fixture(scope="module")
def programme() -> PolicySet:
    return policies()


@pytest.fixture
def registry() -> CollectorRegistry:
    return CollectorRegistry()


def test_answers_are_counted_by_verdict_and_version(
    programme: PolicySet, registry: CollectorRegistry
) -> None:
    seen = observed(programme, metrics=Metrics(registry))
    for _ in range(3):
        seen.evaluate(PROGRAMME, FACTS, asked_on=ASKED_ON)
    seen.decide(PROGRAMME, OPEN, asked_on=ASKED_ON)

    def count(decision: str, verdict: str) -> float | None:
        labels = VERSION | {"decision": decision, "verdict": verdict}
        return registry.get_sample_value("policyeval_answers_total", labels)

    assert count("fee_payable", "YES") == 3
    assert count("fee_payable", "UNKNOWN") == 1
    assert count("fee_payable", "NO") is None
    assert count("fee_due_on", "VALUE") == 4
    assert registry.get_sample_value("policyeval_evaluations_total", VERSION) == 4
    assert (
        registry.get_sample_value("policyeval_evaluation_seconds_count", {"programme": PROGRAMME})
        == 4
    )


def test_the_share_of_the_slow_path_can_be_told(
    programme: PolicySet, registry: CollectorRegistry
) -> None:
    seen = observed(programme, metrics=Metrics(registry))
    for facts in (FACTS, OPEN):
        seen.evaluate(PROGRAMME, facts, asked_on=ASKED_ON, decisions=["fee_payable"])
    assert registry.get_sample_value("policyeval_evaluations_total", VERSION) == 2
    assert registry.get_sample_value("policyeval_explored_total", VERSION) == 1


def test_refusals_are_counted_by_code_and_labels_hold_nothing_that_a_caller_made_up(
    programme: PolicySet, registry: CollectorRegistry
) -> None:
    seen = observed(programme, metrics=Metrics(registry))
    with pytest.raises(FactsError):
        seen.evaluate(PROGRAMME, WRONG, asked_on=ASKED_ON)
    for each in range(5):
        with pytest.raises(NoApplicablePolicyError):
            seen.evaluate(f"{SECRET} {each}", FACTS, asked_on=ASKED_ON)

    def count(programme: str, code: str) -> float | None:
        labels = {"programme": programme, "code": code}
        return registry.get_sample_value("policyeval_refused_total", labels)

    assert count(PROGRAMME, "input.number") == 1
    assert count("none", "registry.unknown") == 5
    assert "Ada" not in generate_latest(registry).decode()


def test_a_store_tells_which_set_is_in_force_and_whether_it_is_that_of_the_folder(
    tmp_path: Path, registry: CollectorRegistry
) -> None:
    made_policies.write(tmp_path, 1)
    metrics = Metrics(registry)

    def value(name: str) -> float | None:
        return registry.get_sample_value(f"policyeval_store_{name}")

    with PolicyStore(tmp_path, watch=False, on_change=metrics.reloaded) as store:
        assert (value("generation"), value("folder_in_force")) == (1, 1)
        made_policies.write(tmp_path, 2, bad=True)
        store.reload()
        assert (value("generation"), value("folder_in_force")) == (1, 0)
        made_policies.write(tmp_path, 2)
        store.reload()
        assert (value("generation"), value("folder_in_force")) == (2, 1)
        loaded_at = store.status.loaded_at.timestamp()
        assert value("last_reload_success_timestamp_seconds") == loaded_at
    refused = registry.get_sample_value("policyeval_store_reloads_total", {"outcome": "refused"})
    assert refused == 1


def test_without_its_library_it_names_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "prometheus_client", None)
    with pytest.raises(UnsupportedError, match=r"this needs `policyeval\[metrics\]`"):
        Metrics()
