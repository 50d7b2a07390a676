"""Prometheus: how many answers of which kind, how many on the slow path, how long they took.

Labels are names of programmes, versions and decisions, verdicts and codes: as many as the policies have.
"""

from datetime import datetime
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final, Protocol

from policyeval.telemetry.missing import not_installed
from policyeval.telemetry.seen import Answered, Refused

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry, Counter

BUCKETS: Final = (
    *(mantissa * 10.0**exponent for exponent in range(-5, 0) for mantissa in (1.0, 2.5, 5.0)),
    1.0,
    2.5,
)
"""Bounds of the histogram, in seconds: an answer takes some microseconds, the slow path longer."""


class LoadedSet(Protocol):
    """A set of policies that a store took."""

    @property
    def generation(self) -> int:
        """Its number."""

    @property
    def loaded_at(self) -> datetime:
        """When it was taken."""


class Reload(Protocol):
    """What became of a reload: `policyeval.store.Outcome`."""

    @property
    def kind(self) -> str:
        """`loaded`, `unchanged` or `refused`."""

    @property
    def loaded(self) -> LoadedSet:
        """The set in force from then on."""


class Metrics:
    """Counters and histograms of decisions and reloads, in a registry of Prometheus.

    Args:
        registry: Where they are registered; None: the one that Prometheus has for a process. One
            object is made for a registry, and shared by whatever is observed.

    Raises:
        UnsupportedError: `prometheus_client` is not installed.
    """

    def __init__(self, registry: "CollectorRegistry | None" = None) -> None:
        if find_spec("prometheus_client") is None:
            raise not_installed("prometheus_client", "metrics")
        from prometheus_client import REGISTRY, Counter, Gauge, Histogram

        into = REGISTRY if registry is None else registry
        self._answers = Counter(
            "policyeval_answers",
            "Answers, by verdict; VALUE is a day, an amount or a text.",
            ("programme", "version", "decision", "verdict"),
            registry=into,
        )
        self._evaluations = Counter(
            "policyeval_evaluations",
            "Transactions that were answered, by the versions that answered.",
            ("programme", "version"),
            registry=into,
        )
        self._explored = Counter(
            "policyeval_explored",
            "Transactions for which possible worlds were gone through: the slow path.",
            ("programme", "version"),
            registry=into,
        )
        self._refused = Counter(
            "policyeval_refused",
            "Transactions that were refused, by the code of the problem.",
            ("programme", "code"),
            registry=into,
        )
        self._seconds = Histogram(
            "policyeval_evaluation_seconds",
            "How long an answer took.",
            ("programme",),
            buckets=BUCKETS,
            registry=into,
        )
        # Of several processes of a service, the one that is behind is of interest.
        self._generation = Gauge(
            "policyeval_store_generation",
            "The number of the set of policies in force.",
            multiprocess_mode="livemin",
            registry=into,
        )
        self._loaded_at = Gauge(
            "policyeval_store_last_reload_success_timestamp_seconds",
            "When the set of policies in force was taken.",
            multiprocess_mode="livemin",
            registry=into,
        )
        self._holds = Gauge(
            "policyeval_store_folder_in_force",
            "1 if what the folder holds is in force, 0 if it was refused.",
            multiprocess_mode="livemin",
            registry=into,
        )
        self._reloads = Counter(
            "policyeval_store_reloads",
            "Reloads that led to something: loaded, refused, or unchanged after one was refused.",
            ("outcome",),
            registry=into,
        )
        # What is counted is looked up once: the look-up takes longer than the counting.
        self._answer_counters: dict[tuple[str, str, str, str], Counter] = {}
        self._version_counters: dict[tuple[str, str], tuple[Counter, Counter]] = {}
        self._histograms: dict[str, Histogram] = {}

    wants_answers: Final = True

    def answered(self, seen: Answered) -> None:
        """Count an answer."""
        programme = seen.programme
        counters = self._answer_counters
        for name, version, verdict in seen.answers:
            key = (programme, version, name, verdict)
            counter = counters.get(key)
            if counter is None:
                counter = counters[key] = self._answers.labels(*key)
            counter.inc()
        for version in seen.versions:
            evaluations, explored = self._of_version(programme, version)
            evaluations.inc()
            if seen.explored:
                explored.inc()
        histogram = self._histograms.get(programme)
        if histogram is None:
            histogram = self._histograms[programme] = self._seconds.labels(programme)
        histogram.observe(seen.seconds)

    def refused(self, seen: Refused) -> None:
        """Count a question that was not answered."""
        for code in seen.codes:
            self._refused.labels(seen.programme, code).inc()

    def reloaded(self, outcome: Reload) -> None:
        """Count what became of a reload: `PolicyStore(…, on_change=metrics.reloaded)`."""
        self._generation.set(outcome.loaded.generation)
        self._loaded_at.set(outcome.loaded.loaded_at.timestamp())
        self._holds.set(outcome.kind != "refused")
        self._reloads.labels(outcome.kind).inc()

    def _of_version(self, programme: str, version: str) -> "tuple[Counter, Counter]":
        key = (programme, version)
        found = self._version_counters.get(key)
        if found is None:
            found = self._evaluations.labels(*key), self._explored.labels(*key)
            self._version_counters[key] = found
        return found
