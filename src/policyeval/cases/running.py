"""Runs a golden case: what was expected against what came out, field by field."""

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import cast

from policyeval.cases.model import Case, Expectation, Expected, Given
from policyeval.errors import EvaluationError, FactsError, NoApplicablePolicyError, UnsupportedError
from policyeval.evaluation.model import Answer, OpenPoint
from policyeval.evaluator.policies import PolicySet
from policyeval.facts.model import NEVER
from policyeval.feel import writing
from policyeval.feel.values import Value
from policyeval.source import Span


@dataclass(frozen=True, slots=True)
class Difference:
    """A field of a case that came out otherwise.

    Attributes:
        name: `referral_fee_payable.verdict`, `presumed` …
        expected: As text; likewise `got`.
        span: Where the case says what is expected.
    """

    name: str
    expected: str
    got: str
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a case.

    Attributes:
        error: What stopped it, where the facts were refused and that was not expected.
    """

    case: Case
    differences: tuple[Difference, ...] = ()
    error: FactsError | NoApplicablePolicyError | EvaluationError | UnsupportedError | None = None

    @property
    def passed(self) -> bool:
        """Whether everything came out as expected."""
        return not self.differences and self.error is None


def run_case(policies: PolicySet, programme: str, case: Case) -> Result:
    """Ask what a case asks and compare.

    Only decisions of which something is expected are asked; all of them where a case says what is
    presumed, or that the facts are refused.
    """
    decisions = [each.decision for each in case.expect] if case.presumed is None else None
    if case.refused is not None:
        decisions = None
    try:
        evaluation = policies.evaluate(
            programme,
            case.facts,
            asked_on=case.asked_on,
            known_on=case.known_on,
            overlays=case.overlays,
            decisions=decisions,
        )
    except (FactsError, NoApplicablePolicyError, EvaluationError, UnsupportedError) as error:
        if case.refused is None:
            return Result(case, error=error)
        codes = sorted({each.code for each in error.diagnostics})
        return Result(case, tuple(_compared("refused", case.refused, codes)))
    if case.refused is not None:
        expected = _listed(case.refused.names)
        return Result(case, (Difference("refused", expected, "[]", case.refused.span),))
    differences: list[Difference] = []
    for each in case.expect:
        differences += _differences(each, evaluation[each.decision])
    if case.presumed is not None:
        differences += _compared("presumed", case.presumed, list(evaluation.presumed))
    return Result(case, tuple(differences))


def _differences(expected: Expectation, answer: Answer) -> Iterable[Difference]:
    name = expected.decision
    if expected.verdict is not None:
        wanted = str(expected.verdict.value)
        got = _verdict(answer)
        if wanted != got:
            yield Difference(f"{name}.verdict", wanted, got, expected.verdict.span)
    if expected.value is not None and not _is_value(expected.value.value, answer):
        wanted = _written(expected.value.value)
        yield Difference(f"{name}.value", wanted, _got(answer), expected.value.span)
    reasons = answer.reasons
    if expected.clauses is not None:
        clauses = [clause for each in reasons for clause in each.clauses]
        yield from _compared(f"{name}.clauses", expected.clauses, clauses)
    if expected.rules is not None:
        yield from _compared(f"{name}.rules", expected.rules, [each.rule for each in reasons])
    if expected.open_points is not None:
        yield from _points(f"{name}.open", expected.open_points, answer.open_points)
    if expected.further is not None:
        yield from _points(f"{name}.further", expected.further, answer.further_points)
    if expected.until is not None and expected.until.value != answer.until:
        yield Difference(
            f"{name}.until",
            _written(expected.until.value),
            _written(answer.until),
            expected.until.span,
        )
    for given in expected.gives:
        yield from _given(name, given, answer)
    made = [each.rule for each in answer.remarks]
    if expected.no_remarks is not None:
        unwanted = [each for each in made if each in expected.no_remarks.names]
        if unwanted:
            yield Difference(
                f"{name}.no_remarks", "[]", _listed(unwanted), expected.no_remarks.span
            )
    if expected.remarks is not None:
        wanted_remarks = expected.remarks.names
        if not set(wanted_remarks) <= set(made):
            yield Difference(
                f"{name}.remarks", _listed(wanted_remarks), _listed(made), expected.remarks.span
            )


def _given(name: str, given: Given, answer: Answer) -> Iterable[Difference]:
    """Compare what an option of an open point gives."""
    points = (*answer.open_points, *answer.further_points)
    found = next((each for each in points if given.point in (each.name, each.ambiguity)), None)
    outcome = None if found is None else found.gives.get(given.option)
    wanted = given.expected.value
    if outcome is None:
        got = "[]"
    elif outcome.verdict is None:
        if _same(wanted, outcome.value):
            return
        got = _written(outcome.value)
    else:
        got = str(outcome.verdict)
        if wanted == got:
            return
    place = f"{name}.gives.{given.point}.{given.option}"
    yield Difference(place, _written(wanted), got, given.expected.span)


def _verdict(answer: Answer) -> str:
    return f"value {_written(answer.value)}" if answer.verdict is None else str(answer.verdict)


def _got(answer: Answer) -> str:
    if answer.verdict is not None and answer.value is None:
        return str(answer.verdict)
    return _written(answer.value)


def _is_value(expected: object, answer: Answer) -> bool:
    if answer.verdict is not None and answer.value is None:
        return False
    return _same(expected, answer.value)


_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def _same(expected: object, value: object) -> bool:
    """Tell whether a value is the one written: a number by its amount, others by their text."""
    match expected, value:
        case str(), Decimal():
            return bool(_NUMBER.fullmatch(expected)) and Decimal(expected) == value
        case list(), list():
            return len(expected) == len(value) and all(map(_same, expected, value))
        case dict(), dict():
            return expected.keys() == value.keys() and all(
                _same(each, value[name]) for name, each in expected.items()
            )
        case _:
            return _written(expected) == _written(value)


def _written(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case datetime() | date():
            return value.isoformat()
        case str():
            return value
        case list() | tuple():
            return f"[{', '.join(map(_written, value))}]"
        case dict():
            return f"{{{', '.join(f'{name}: {_written(each)}' for name, each in value.items())}}}"
        case _ if value is NEVER:
            return "never"
        case _:
            return writing.value_text(cast(Value, value))


def _listed(names: Iterable[str]) -> str:
    return f"[{', '.join(dict.fromkeys(names))}]"


def _compared(name: str, expected: Expected, got: Collection[str]) -> Iterable[Difference]:
    wanted = expected.names
    if set(wanted) != set(got):
        yield Difference(name, _listed(wanted), _listed(got), expected.span)


def _points(name: str, expected: Expected, points: tuple[OpenPoint, ...]) -> Iterable[Difference]:
    """Compare open points by name, or by the ambiguity that a reading belongs to."""
    wanted = expected.names

    def is_(each: str) -> Callable[[OpenPoint], bool]:
        return lambda point: each in (point.name, point.ambiguity)

    found = all(any(map(is_(each), points)) for each in wanted)
    if not found or not all(point.name in wanted or point.ambiguity in wanted for point in points):
        yield Difference(
            name,
            _listed(wanted),
            _listed(point.ambiguity or point.name for point in points),
            expected.span,
        )
