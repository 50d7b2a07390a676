"""Looking on while questions are answered: `observed(policies)` answers like them and tells others.

It stands around policies; inside them there is nothing of it, so it costs nothing where it is not used.
"""

import logging
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from time import perf_counter
from typing import TYPE_CHECKING, Protocol

from policyeval.errors import DiagnosedError
from policyeval.evaluation.results import Evaluation
from policyeval.evaluator.given import Facts
from policyeval.telemetry import tracing
from policyeval.telemetry.asking import Decides
from policyeval.telemetry.logs import DECISIONS, Logged
from policyeval.telemetry.metrics import Metrics
from policyeval.telemetry.seen import NONE, Answered, Refused, answered, refused

if TYPE_CHECKING:
    from opentelemetry.trace import Span, Tracer


class Recorder(Protocol):
    """Is told of every question, after it was answered or refused."""

    @property
    def wants_answers(self) -> bool:
        """Whether it is told of answers; of refusals it is told in any case."""

    def answered(self, seen: Answered) -> None:
        """Be told of a question that was answered."""

    def refused(self, seen: Refused) -> None:
        """Be told of one that was not."""


class Observed:
    """Policies, or a store of them, that somebody looks at; asked like them.

    What it answers and what it raises is what they do. It is safe to share between threads.
    """

    def __init__(
        self, policies: Decides, recorders: Sequence[Recorder], tracer: "Tracer | None" = None
    ) -> None:
        self._policies = policies
        self._recorders = tuple(recorders)
        self._tracer = tracer

    @property
    def programmes(self) -> tuple[str, ...]:
        """The names of the programmes there are."""
        return self._policies.programmes

    def evaluate(
        self,
        programme: str,
        facts: Facts,
        *,
        asked_on: date | None = None,
        known_on: date | datetime | None = None,
        overlays: Collection[str] = (),
        decisions: Collection[str] | None = None,
    ) -> Evaluation:
        """Answer a programme's questions about one transaction.

        Args and errors are those of `PolicySet.evaluate`.
        """

        def ask() -> Evaluation:
            return self._policies.evaluate(
                programme,
                facts,
                asked_on=asked_on,
                known_on=known_on,
                overlays=overlays,
                decisions=decisions,
            )

        if self._tracer is None:
            return self._told(programme, ask)
        with tracing.span(self._tracer, "policyeval.evaluate") as opened:
            return self._told(programme, ask, opened)

    def decide(
        self,
        programme: str,
        facts: Facts,
        *,
        asked_on: date | None = None,
        known_on: date | datetime | None = None,
        overlays: Collection[str] = (),
        decisions: Collection[str] | None = None,
    ) -> bytes:
        """Answer a programme's questions as JSON for machines.

        Args and errors are those of `PolicySet.decide`; the time that is measured is that of the answer
        without its writing.
        """
        if self._tracer is not None or self._are_answers_wanted():
            return self.evaluate(
                programme,
                facts,
                asked_on=asked_on,
                known_on=known_on,
                overlays=overlays,
                decisions=decisions,
            ).to_record()
        started = perf_counter()
        try:
            return self._policies.decide(
                programme,
                facts,
                asked_on=asked_on,
                known_on=known_on,
                overlays=overlays,
                decisions=decisions,
            )
        except DiagnosedError as error:
            self._tell_refused(programme, error, perf_counter() - started)
            raise

    @contextmanager
    def batch(self) -> "Iterator[Batch]":
        """Open one span for many questions, which are asked of what is given here.

        With a tracer, they have no spans of their own; without one there is no span at all.
        """
        tally = Tally()
        batch = Batch(self._policies, (*self._recorders, tally))
        if self._tracer is None:
            yield batch
            return
        with tracing.span(self._tracer, "policyeval.batch") as opened:
            try:
                yield batch
            finally:
                tally.say(opened)

    def _told(
        self, programme: str, ask: Callable[[], Evaluation], opened: "Span | None" = None
    ) -> Evaluation:
        started = perf_counter()
        try:
            evaluation = ask()
        except DiagnosedError as error:
            seen = self._tell_refused(programme, error, perf_counter() - started)
            if opened is not None:
                tracing.say_refused(opened, seen)
            raise
        seconds = perf_counter() - started
        if opened is not None or self._are_answers_wanted():
            of = answered(evaluation, seconds)
            for each in self._recorders:
                if each.wants_answers:
                    each.answered(of)
            if opened is not None:
                tracing.say_answered(opened, of)
        return evaluation

    def _are_answers_wanted(self) -> bool:
        return any(each.wants_answers for each in self._recorders)

    def _tell_refused(self, programme: str, error: DiagnosedError, seconds: float) -> Refused:
        # Names that callers make up would fill the counters, and may be anything.
        known = programme if programme in self._policies.programmes else NONE
        seen = refused(known, error, seconds)
        for each in self._recorders:
            each.refused(seen)
        return seen


class Batch(Observed):
    """Policies that are asked many questions under one span; of one thread."""


class Tally:
    """Counts what is asked in a batch."""

    wants_answers = True

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

    def answered(self, seen: Answered) -> None:
        """Count an answer."""
        self._counts["answered"] += 1
        self._counts["explored"] += bool(seen.explored)
        for _, _, verdict in seen.answers:
            self._counts[f"verdicts.{verdict}"] += 1

    def refused(self, _seen: Refused) -> None:
        """Count a question that was not answered."""
        self._counts["refused"] += 1

    def say(self, opened: "Span") -> None:
        """Say the counts on a span."""
        for name in ("answered", "explored", "refused"):
            self._counts.setdefault(name, 0)
        opened.set_attributes({f"policyeval.{name}": n for name, n in self._counts.items()})


def observed(
    policies: Decides,
    *,
    logger: logging.Logger | None = DECISIONS,
    metrics: Metrics | None = None,
    tracer: "Tracer | None" = None,
) -> Observed:
    """Look on while policies, or a store of them, answer.

    Args:
        policies: A `PolicySet`, a `PolicyStore`, or what is observed already.
        logger: Where decisions are logged; left out: `policyeval.decisions`; None: nowhere.
        metrics: Where they are counted.
        tracer: What opens a span for each (`default_tracer()`); None: no spans.
    """
    recorders: list[Recorder] = []
    if logger is not None:
        recorders.append(Logged(logger))
    if metrics is not None:
        recorders.append(metrics)
    return Observed(policies, recorders, tracer)
