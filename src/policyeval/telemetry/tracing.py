"""OpenTelemetry: a span around a question, or around a batch of them.

A span that nobody collects takes about as long as an answer, so there is none unless a tracer is given.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING

from policyeval.telemetry.missing import not_installed
from policyeval.telemetry.seen import Answered, Refused

if TYPE_CHECKING:
    from opentelemetry.trace import Span, Tracer


def default_tracer() -> "Tracer":
    """Give the tracer named `policyeval` of the provider that the application set up.

    Raises:
        UnsupportedError: OpenTelemetry is not installed.
    """
    if find_spec("opentelemetry") is None:
        raise not_installed("opentelemetry-api", "tracing")
    from opentelemetry import trace

    return trace.get_tracer("policyeval")


@contextmanager
def span(tracer: "Tracer", name: str) -> "Iterator[Span]":
    """Open a span; an error that passes through is marked by its kind, since its words quote facts."""
    from opentelemetry.trace import SpanKind, Status, StatusCode

    with tracer.start_as_current_span(
        name, kind=SpanKind.INTERNAL, record_exception=False, set_status_on_exception=False
    ) as opened:
        try:
            yield opened
        except BaseException as error:
            opened.set_attribute("error.type", type(error).__name__)
            opened.set_status(Status(StatusCode.ERROR))
            raise


def say_answered(opened: "Span", seen: Answered) -> None:
    """Say on a span what was answered."""
    if opened.is_recording():
        opened.set_attributes(
            {
                "policyeval.programme": seen.programme,
                "policyeval.versions": seen.versions,
                "policyeval.asked_on": seen.asked_on.isoformat(),
                "policyeval.explored": sorted(seen.explored),
                **_counts(verdict for _, _, verdict in seen.answers),
            }
        )


def say_refused(opened: "Span", seen: Refused) -> None:
    """Say on a span what was refused."""
    opened.set_attributes({"policyeval.programme": seen.programme, "policyeval.codes": seen.codes})


def _counts(verdicts: Iterator[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for each in verdicts:
        name = f"policyeval.verdicts.{each}"
        counts[name] = counts.get(name, 0) + 1
    return counts
