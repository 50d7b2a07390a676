"""What a decision comes to over all possible worlds that the open points leave."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final

from policyeval.backends.calendars import next_working_day
from policyeval.backends.worlds.bundles import ENDLESS, Bundle, Composite
from policyeval.backends.worlds.domains import UNSURE, FreshText, Single
from policyeval.backends.worlds.exploring import (
    Conditions,
    Exploration,
    Unknowable,
    decided,
    holding,
)
from policyeval.backends.worlds.futures import FewFutures
from policyeval.backends.worlds.glancing import Glances
from policyeval.backends.worlds.judging import VERDICTS, Judgement
from policyeval.backends.worlds.learning import Failed, OutOfStepsError
from policyeval.backends.worlds.openness import Openness
from policyeval.backends.worlds.variables import OUTERMOST_FIRST, Point, Variable
from policyeval.backends.worlds.worlds import NOT_COVERED, Move
from policyeval.diagnostics import Diagnostic
from policyeval.errors import EvaluationError
from policyeval.evaluation.model import OpenPoint, Outcome, Verdict
from policyeval.facts.model import Environment
from policyeval.policy.model import Decision, Remark, Rule
from policyeval.policy.never import NEVER
from policyeval.policy.terms import Terms
from policyeval.source import Span

STEPS: Final = 20_000
_FEW: Final = 8


class Held(Mapping[str, bool | None]):
    """Whether conditions hold in every possible world; found out when somebody reads it."""

    __slots__ = ("_exploration", "_found", "_rules")

    def __init__(self, exploration: Exploration | None, rules: Iterable[Rule]) -> None:
        self._exploration = exploration
        self._rules = {each.id: each for each in rules}
        self._found: dict[str, bool | None] = {}

    def __getitem__(self, name: str) -> bool | None:
        rule = self._rules[name]
        if name not in self._found and self._exploration is not None:
            self._found[name] = _holds(self._exploration, rule)
        return self._found[name]

    def always(self, name: str, wanted: bool) -> bool:
        """Tell whether a condition comes to what is wanted in every world."""
        exploration, rule = self._exploration, self._rules[name]
        if exploration is not None and exploration.glances.may_differ(rule, wanted):
            return False
        return self[name] is wanted

    def __iter__(self) -> Iterator[str]:
        return iter(self._rules)

    def __len__(self) -> int:
        return len(self._rules)


NOTHING_HELD: Final = Held(None, ())


@dataclass(frozen=True, slots=True)
class Findings:
    """What a decision comes to.

    Attributes:
        rules: Id of a requirement or exclusion to whether its condition holds in every possible world,
            in none, or (None) in some.
        points: What changes the outcome, the outermost first.
        further: What changes it only in some futures.
        until: Of PENDING: the last day on which it would still be so if nothing happened.
        remarks: Id of a remark to whether it is made, as `rules`.
        exact: Whether nothing had to be given up; otherwise the points are those that may matter.
    """

    outcome: Outcome
    rules: "Held"
    points: tuple[OpenPoint, ...]
    further: tuple[OpenPoint, ...]
    until: date | None
    remarks: Mapping[str, bool | None]
    exact: bool


def explore(
    terms: Terms,
    decision: str,
    environment: Environment,
    *,
    steps: int = STEPS,
    move: Move = next_working_day,
    glances: Glances | None = None,
) -> Findings:
    """Find what a decision comes to over all possible worlds.

    Args:
        terms: The policy as it is applied.
        decision: The decision's name.
        environment: The facts, with what is open in them.
        steps: How much may be done before it is given up.
        move: Gives the next working day by a calendar.
        glances: What was seen of the conditions when other questions about the same were asked.

    Raises:
        EvaluationError: It has no value in any world.
    """
    asked = terms.policy.decisions[decision]
    glances = glances or Glances(terms, environment, move)
    exploration = Exploration(Openness(terms, environment), move, steps, glances)
    try:
        conditions = exploration.conditions(asked)
        judgement = Judgement(conditions, exploration.learning.step)
        if judgement.status is None:
            # No world is possible at all: facts like these are refused before anything is asked.
            judgement = Judgement(Conditions(conditions.asked), exploration.learning.step)
        found = _findings(terms, judgement, exact=exploration.exact)
    except OutOfStepsError:
        few = Exploration(Openness(terms, environment), move, steps, glances)
        found = _of_few_futures(terms, asked, few) or _given_up(terms, exploration)
    return replace(
        found,
        rules=Held(exploration, (*asked.requires, *asked.excluded_if)),
        remarks={e.id: _holds(exploration, e) for e in (*asked.remarks, *terms.policy.remarks)},
    )


def consistency(
    terms: Terms,
    environment: Environment,
    *,
    steps: int = STEPS,
    move: Move = next_working_day,
) -> Mapping[str, bool | None]:
    """Tell for each condition that transactions satisfy whether this one does: None if it may."""
    glances = Glances(terms, environment, move)
    exploration = Exploration(Openness(terms, environment), move, steps, glances)
    found: dict[str, bool | None] = {}
    for rule in terms.policy.consistent_when:
        seen: set[object] = set()
        try:
            for leaf in exploration.parts([exploration.root], holding(rule)):
                seen.add(leaf.result)
                if len(seen) > 1:
                    break
        except OutOfStepsError:
            seen = {None}
        result = seen.pop() if len(seen) == 1 else None
        found[rule.id] = result if isinstance(result, bool) else None
    return found


def remarks(
    terms: Terms,
    said: Iterable[Remark],
    environment: Environment,
    *,
    steps: int = STEPS,
    glances: Glances | None = None,
) -> tuple[bool | None, ...]:
    """Tell which remarks are made in every possible world, in none, or (None) in some."""
    glances = glances or Glances(terms, environment, next_working_day)
    exploration = Exploration(Openness(terms, environment), next_working_day, steps, glances)
    return tuple(_holds(exploration, each) for each in said)


def _holds(exploration: Exploration, rule: Rule | Remark) -> bool | None:
    try:
        return exploration.everywhere(rule)
    except OutOfStepsError:
        return None


def _findings(terms: Terms, judgement: Judgement, *, exact: bool) -> Findings:
    status = judgement.status
    if isinstance(status, Failed):
        raise EvaluationError([_diagnostic(terms, status)])
    points: dict[str, OpenPoint] = {}
    further: dict[str, OpenPoint] = {}
    if isinstance(status, Verdict):
        for bundle, point in judgement.points:
            last = judgement.matters(bundle, point)
            if point.kind == "event":
                if last is not None:
                    until = None if last == ENDLESS else last
                    points.setdefault(point.name, described(terms, point, until))
            elif judgement.decides(bundle, point):
                gives = _gives(judgement, bundle, point)
                points.setdefault(point.name, described(terms, point, gives=gives))
            elif last is not None:
                gives = _gives(judgement, bundle, point)
                further.setdefault(point.name, described(terms, point, gives=gives))
        _excuse(terms, judgement, points)
    return Findings(
        outcome_of(status),
        NOTHING_HELD,
        tuple(points.values()),
        tuple(each for name, each in further.items() if name not in points),
        judgement.pending_until() if status is Verdict.PENDING else None,
        {},
        exact,
    )


def _of_few_futures(terms: Terms, decision: Decision, exploration: Exploration) -> Findings | None:
    """Look at a few futures, where all are too many; None if even that is too much."""
    futures = FewFutures(exploration, decided(decision))
    try:
        judgement = Judgement(Conditions([futures.leaves()]), exploration.learning.step)
        found = _findings(terms, judgement, exact=False)
    except OutOfStepsError:
        return None
    points = tuple(
        replace(each, until=futures.until.get(each.name)) if each.kind == "event" else each
        for each in found.points
    )
    return replace(found, points=points)


def _excuse(terms: Terms, judgement: Judgement, points: dict[str, OpenPoint]) -> None:
    """Name what may be meant where no point alone makes the difference, but several together."""
    kinds = {each.kind for each in points.values()}
    for kind, verdict in VERDICTS.items():
        if judgement.status is verdict and kind not in kinds:
            for _, point in judgement.points:
                if point.kind == kind:
                    points.setdefault(point.name, described(terms, point))


def _gives(judgement: Judgement, bundle: Bundle, point: Point) -> dict[str, Outcome]:
    own = [each for each in bundle.variables if each.point is point]
    if len(own) != 1 or not _is_listed(own[0], point):
        return {}
    (variable,) = own
    found: dict[str, Outcome] = {}
    for part in variable.domain:
        value = variable.of(part)
        status = judgement.with_value(bundle, variable, value)
        if status is not None:
            found[option_name(value)] = outcome_of(status)
    return found


def described(
    terms: Terms,
    point: Point,
    until: date | None = None,
    gives: Mapping[str, Outcome] | None = None,
) -> OpenPoint:
    """Give a point with what the policy says about it."""
    gives = gives or {}
    if point.kind == "reading":
        reading = terms.policy.readings[point.name]
        return OpenPoint(
            point.name,
            "reading",
            reading.clauses,
            reading.ambiguity,
            gives=gives,
            favours={each: reading.options[each].favours for each in reading.admissible},
        )
    act = terms.policy.facts[point.source].act
    if point.kind == "act" and act is not None:
        return OpenPoint(point.name, "act", act.clauses, by=act.by, gives=gives)
    return OpenPoint(point.name, point.kind, gives=gives, until=until)


def option_name(value: object) -> str:
    """Name a value as an answer lists it; `none` is null."""
    if value is None:
        return "none"
    if value is NEVER:
        return "never"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    return str(value)


def outcome_of(result: object) -> Outcome:
    """Give the outcome that a result in every world means, or a verdict where there are several."""
    if isinstance(result, Verdict):
        return Outcome(result)
    if result is NOT_COVERED:
        return Outcome(Verdict.NOT_COVERED)
    if isinstance(result, bool):
        return Outcome(Verdict.YES if result else Verdict.NO, result)
    if isinstance(result, Failed | Unknowable):
        return Outcome(None)
    return Outcome(None, result.value if isinstance(result, Composite) else result)


def _is_listed(variable: Variable, point: Point) -> bool:
    """Tell whether an answer lists what each value of a variable gives."""
    return len(variable.domain) <= (_FEW if point.kind == "fact" else _FEW * _FEW) and all(
        isinstance(each, Single)
        and each.value is not UNSURE
        and not isinstance(each.value, FreshText)
        for each in variable.domain
    )


def _given_up(terms: Terms, exploration: Exploration) -> Findings:
    """Claim nothing: any of the points that were met may matter."""
    points = sorted(exploration.involved, key=lambda each: OUTERMOST_FIRST[each.kind])
    verdict = VERDICTS[points[0].kind] if points else Verdict.UNKNOWN
    named: dict[str, OpenPoint] = {}
    for each in points:
        named.setdefault(each.name, described(terms, each))
    return Findings(Outcome(verdict), NOTHING_HELD, tuple(named.values()), (), None, {}, False)


def _diagnostic(terms: Terms, failed: Failed) -> Diagnostic:
    failure = failed.failure
    return Diagnostic(failure.code, failure.message, Span(0, 0), terms.policy.source)
