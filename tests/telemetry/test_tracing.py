"""OpenTelemetry has a span for each question, or one for a batch of them, and none unless it is asked."""

import sys

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode, Tracer

from policyeval.errors import FactsError, UnsupportedError
from policyeval.evaluator.policies import PolicySet
from policyeval.telemetry import default_tracer, observed
from tests.telemetry.made_transactions import (
    ASKED_ON,
    FACTS,
    OPEN,
    PROGRAMME,
    SECRET,
    WRONG,
    policies,
)


@pytest.fixture(scope="module")
def programme() -> PolicySet:
    return policies()


@pytest.fixture
def exported() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def tracer(exported: InMemorySpanExporter) -> Tracer:
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exported))
    return provider.get_tracer("policyeval")


def said(span: ReadableSpan) -> dict[str, object]:
    """Give the attributes of a span."""
    return dict(span.attributes or {})


def test_a_question_has_a_span_with_what_came_out(
    programme: PolicySet, tracer: Tracer, exported: InMemorySpanExporter
) -> None:
    with tracer.start_as_current_span("request") as request:
        observed(programme, tracer=tracer).decide(PROGRAMME, OPEN, asked_on=ASKED_ON)
    span, _ = exported.get_finished_spans()
    assert span.name == "policyeval.evaluate"
    assert span.parent is not None
    assert span.parent.span_id == request.get_span_context().span_id
    attributes = said(span)
    assert attributes["policyeval.programme"] == PROGRAMME
    assert attributes["policyeval.versions"] == ("2024-07-01",)
    assert attributes["policyeval.asked_on"] == "2025-01-31"
    assert attributes["policyeval.verdicts.UNKNOWN"] == 1
    assert "fee_payable" in str(attributes["policyeval.explored"])


def test_an_error_is_marked_on_its_span_without_any_value(
    programme: PolicySet, tracer: Tracer, exported: InMemorySpanExporter
) -> None:
    with pytest.raises(FactsError):
        observed(programme, tracer=tracer).evaluate(PROGRAMME, WRONG, asked_on=ASKED_ON)
    (span,) = exported.get_finished_spans()
    assert span.status.status_code is StatusCode.ERROR
    assert said(span) == {
        "policyeval.programme": PROGRAMME,
        "policyeval.codes": ("input.date", "input.number"),
        "error.type": "FactsError",
    }
    assert SECRET not in span.to_json()


def test_a_batch_has_one_span_with_counts(
    programme: PolicySet, tracer: Tracer, exported: InMemorySpanExporter
) -> None:
    seen = observed(programme, tracer=tracer)
    with seen.batch() as batch:
        for facts in (FACTS, FACTS, OPEN):
            batch.evaluate(PROGRAMME, facts, asked_on=ASKED_ON, decisions=["fee_payable"])
        with pytest.raises(FactsError):
            batch.decide(PROGRAMME, WRONG, asked_on=ASKED_ON)
    (span,) = exported.get_finished_spans()
    assert span.name == "policyeval.batch"
    assert said(span) == {
        "policyeval.answered": 3,
        "policyeval.explored": 1,
        "policyeval.refused": 1,
        "policyeval.verdicts.YES": 2,
        "policyeval.verdicts.UNKNOWN": 1,
    }


def test_a_batch_without_a_tracer_has_no_span(programme: PolicySet) -> None:
    with observed(programme).batch() as batch:
        assert batch.decide(PROGRAMME, FACTS, asked_on=ASKED_ON)


def test_the_usual_tracer_is_that_of_the_application() -> None:
    with default_tracer().start_as_current_span("nothing is collected") as span:
        assert not span.is_recording()


def test_without_its_library_it_names_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry", None)
    with pytest.raises(UnsupportedError, match=r"this needs `policyeval\[tracing\]`"):
        default_tracer()
