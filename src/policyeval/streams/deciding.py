"""Lines of JSON decided one by one: what a line is worth does not depend on those around it."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from policyeval.diagnostics import Diagnostic
from policyeval.errors import EvaluationError, FactsError
from policyeval.evaluation.data import compact_text
from policyeval.evaluator.policies import PolicySet
from policyeval.facts.decoding import source_of
from policyeval.facts.placed import Placed
from policyeval.facts.problems import Path, path_text
from policyeval.messages import message
from policyeval.source import Source
from policyeval.streams.envelope import FACTS, KEYS, exact, quick
from policyeval.streams.model import LINE_BYTES, Decided, Id, Problem, Rejected

_MARK: Final = b"\xef\xbb\xbf"
_KEY: Final = b'"facts"'
_BLANK: Final = b" \t\r\n"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked about every line.

    Attributes:
        asked_on: The day for lines that give none themselves.
        texts: The language of the texts that answers are written with; None: as records, without.
    """

    programme: str
    asked_on: date
    known_on: date | datetime | None = None
    overlays: tuple[str, ...] = ()
    decisions: tuple[str, ...] | None = None
    texts: str | None = None


def decide_lines(
    policies: PolicySet,
    programme: str,
    lines: Iterable[bytes],
    *,
    asked_on: date,
    known_on: date | datetime | None = None,
    overlays: Collection[str] = (),
    decisions: Collection[str] | None = None,
) -> Iterator[Decided | Rejected]:
    """Answer a programme's questions about one transaction after the other, in their order.

    A line is an object of facts, or an envelope around one: `{"id": …, "asked_on": …, "facts": {…}}`.
    It is decided when it is asked for; nothing is kept of those before.

    Args:
        policies: The programmes.
        programme: The name of one.
        lines: JSON in UTF-8, with or without the ends of lines; blank ones are passed over, and
            counted. A file that is open for bytes will do; it reads every line whole.
        asked_on: The day on which lines are asked that give none.
        known_on: Only versions known by then count; None: all there are.
        overlays: Statutory rules for computing periods that are switched on.
        decisions: The questions to answer; None: all.

    Raises:
        NoApplicablePolicyError: There is no such programme, decision or overlay.
        FactsError: `asked_on` is no day.
    """
    asked = None if decisions is None else tuple(decisions)
    question = Question(programme, asked_on, known_on, tuple(overlays), asked)
    decider = Decider(policies, question)
    for number, raw in enumerate(lines, 1):
        found = decider.line(number, raw)
        if found is not None:
            yield found


class Decider:
    """Decides lines."""

    def __init__(self, policies: PolicySet, question: Question) -> None:
        """Prepare to decide.

        Raises:
            NoApplicablePolicyError: There is no such programme, decision or overlay.
            FactsError: The day is none.
        """
        self.question = question
        self._policies = policies
        versions = policies.versions(question.programme).versions
        self._enveloping = all(FACTS not in each.policy.facts for each in versions)
        _probe(policies, question)

    def line(self, number: int, raw: bytes) -> Decided | Rejected | None:
        """Decide a line, or give None for a blank one.

        Args:
            number: Which it is, from 1.
            raw: Its bytes, with or without its end.
        """
        if number == 1 and raw.startswith(_MARK):
            raw = raw[len(_MARK) :]
        if not raw.strip(_BLANK):
            return None
        if len(raw) > LINE_BYTES and len(raw.rstrip(b"\r\n")) > LINE_BYTES:
            return Rejected(number, None, (_too_long(),))
        try:
            if self._enveloping and _KEY in raw:
                opened = quick(raw.rstrip(b"\r\n"))
                if opened is None:
                    return self._carefully(number, raw)
                record = self._record(opened.facts, opened.asked_on)
                return Decided(number, opened.id, record)
            return Decided(number, None, self._record(raw, None))
        except (FactsError, EvaluationError):
            return self._carefully(number, raw)

    def _record(self, facts: bytes | Source, asked_on: date | None) -> bytes:
        asked = self.question
        if asked.texts is None:
            return self._policies.decide(
                asked.programme,
                facts,
                asked_on=asked_on or asked.asked_on,
                known_on=asked.known_on,
                overlays=asked.overlays,
                decisions=asked.decisions,
            )
        evaluation = self._policies.evaluate(
            asked.programme,
            facts,
            asked_on=asked_on or asked.asked_on,
            known_on=asked.known_on,
            overlays=asked.overlays,
            decisions=asked.decisions,
        )
        return compact_text(evaluation.as_data(asked.texts)).encode()

    def _carefully(self, number: int, raw: bytes) -> Decided | Rejected:
        """Decide a line that is unusual or wrong, with everything at its place."""
        found: list[Diagnostic] = []
        id_: Id = None
        root: Placed | None = None
        within = False
        record = b""
        try:
            line = source_of(raw.rstrip(b"\r\n"), None)
            opened = exact(line, may_be_one=self._enveloping)
            root, within, id_ = opened.root, opened.within, opened.id
            found += opened.problems
            if not any(each.code == "input.asked-on" for each in found):
                record = self._record(opened.facts, opened.asked_on)
        except (FactsError, EvaluationError) as error:
            found += error.diagnostics
        if not found:
            return Decided(number, id_, record)
        problems = [_problem(each, root, within) for each in found]
        if self._enveloping and not within:
            problems = [_meant_as_envelope(each) for each in problems]
        return Rejected(number, id_, tuple(sorted(problems, key=lambda each: each.column or 0)))


def _probe(policies: PolicySet, question: Question) -> None:
    """Ask about what is no facts at all: what is wrong with the question itself is told before that."""
    try:
        policies.evaluate(
            question.programme,
            b"",
            asked_on=question.asked_on,
            known_on=question.known_on,
            overlays=question.overlays,
            decisions=question.decisions,
        )
    except FactsError as error:
        if any(each.code == "input.asked-on" for each in error.diagnostics):
            raise


def _too_long() -> Problem:
    return Problem(
        "input.too-long",
        message("the line is longer than {limit} bytes", limit=LINE_BYTES),
        message("shorten it; what is no fact, such as a whole document, is left out"),
    )


def _problem(found: Diagnostic, root: Placed | None, within: bool) -> Problem:
    """Say of a problem where it is in the line, or else in which file of the policies."""
    if found.source.name is not None:
        position = found.source.position(min(found.span.start, len(found.source.text)))
        at = f"{found.source.name}:{position.line}:{position.column}"
        return Problem(found.code, found.message, found.help, at=at)
    path = () if root is None else _path(root, found.span.start)
    if within and path[:1] == (FACTS,):
        path = path[1:]
    return Problem(
        found.code, found.message, found.help, found.span.start + 1, path_text(path) or None
    )


def _meant_as_envelope(found: Problem) -> Problem:
    """Show how an envelope is written where its keys were taken for facts, as they stand without it."""
    if found.code != "input.unknown-fact" or found.path not in KEYS:
        return found
    example = '{"id": "A-17", "asked_on": "2024-07-01", "facts": {…}}'
    help_ = message("facts that have an `id` or a day are written `{example}`", example=example)
    return replace(found, help=help_)


def _path(around: Placed, offset: int) -> Path:
    """Give what stands at a place of a line."""
    for name, span in around.names.items():
        if span.start <= offset < span.end:
            return (name,)
    for step, part in around.parts.items():
        if part.span.start <= offset < part.span.end:
            return (step, *_path(part, offset))
    return ()
