"""What a service sees of its decisions: `observed`, around policies or a store of them."""

from policyeval.telemetry.asking import Decides
from policyeval.telemetry.logs import JsonLines
from policyeval.telemetry.metrics import Metrics
from policyeval.telemetry.observing import Batch, Observed, observed
from policyeval.telemetry.tracing import default_tracer

__all__ = ["Batch", "Decides", "JsonLines", "Metrics", "Observed", "default_tracer", "observed"]
