"""Runs golden cases and finds what they show of each version, and what none of them does."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from policyeval.analysis.coverage import wording
from policyeval.analysis.coverage.goals import USED, Version
from policyeval.analysis.coverage.model import (
    MEASURES,
    Coverage,
    Figure,
    Figures,
    Goal,
    Key,
    Measure,
    Missing,
    ProgrammeCoverage,
    Unneeded,
    VersionCoverage,
)
from policyeval.analysis.coverage.seeing import Seeing
from policyeval.analysis.coverage.structure import Decisive
from policyeval.analysis.coverage.watching import Watching
from policyeval.analysis.coverage.wording import DECIDING
from policyeval.cases.model import Case, Cases
from policyeval.cases.running import run_case
from policyeval.evaluator.policies import PolicySet
from policyeval.policy.addresses import written
from policyeval.policy.model import Programme


def coverage(
    policies: PolicySet, files: Sequence[Cases], advance: Callable[[], None] = lambda: None
) -> Coverage:
    """Find what golden cases cover.

    Args:
        policies: The programmes; one without cases has nothing covered.
        files: Their cases. A case that does not come out as expected shows nothing.
        advance: Called after each case.
    """
    watching = Watching(policies.library)
    return Coverage(
        tuple(
            _Measuring(watching, name).measured(
                [each for each in files if each.programme == name], advance
            )
            for name in policies.programmes
        )
    )


class _Measuring:
    """Measures one programme."""

    def __init__(self, watching: Watching, name: str) -> None:
        self.watching = watching
        self.name = name
        found = watching.versions(name)
        self.programme: Programme = found.programme
        self.versions = [Version(each) for each in reversed(found.versions)]
        self.seeing = {each.name: Seeing(each) for each in self.versions}
        self.governing = False

    def measured(self, files: Sequence[Cases], advance: Callable[[], None]) -> ProgrammeCoverage:
        for file in files:
            for case in file.cases:
                self._case(case)
                advance()
        return self._result(files)

    def _case(self, case: Case) -> None:
        watched = self.watching.watched
        watched.clear()
        if not run_case(self.watching, self.name, case).passed:
            return
        asserted = [each.decision for each in case.expect]
        for run in watched.runs:
            self.seeing[run.terms.policy.version].see(run, asserted)
        reading = self.programme.governed_by.reading.name
        if watched.evaluation is not None:
            for name in asserted:
                answer = watched.evaluation[name]
                points = (*answer.open_points, *answer.further_points)
                self.governing |= any(each.name == reading for each in points)

    # ------------------------------------------------------------ what came of it

    def _result(self, files: Sequence[Cases]) -> ProgrammeCoverage:
        excused = {(each.at, each.what) for file in files for each in file.exceptions}
        shown = self._shown_anywhere()
        goals: dict[tuple[Key, str], tuple[Goal, Version | None]] = {}
        reached: set[tuple[Key, str]] = set()
        for version in self.versions:
            for goal in self._goals(version):
                key = goal.key, goal.meaning
                goals.setdefault(key, (goal, version))
                if self._is_reached(version, goal, shown[version.name], excused):
                    reached.add(key)
        governing = self._governing_goal()
        if governing is not None:
            key = governing.key, governing.meaning
            goals[key] = governing, None
            if self.governing:
                reached.add(key)
        missing = [
            self._missing(goal, version, shown, excused)
            for key, (goal, version) in goals.items()
            if key not in reached and goal.key not in excused
        ]
        figures = _figures(
            (goal.measure, key in reached)
            for key, (goal, _) in goals.items()
            if key in reached or goal.key not in excused
        )
        return ProgrammeCoverage(
            self.name,
            tuple(self._of_version(each, excused) for each in self.versions),
            figures,
            tuple(missing),
            sum(key not in reached and goal.key in excused for key, (goal, _) in goals.items()),
            tuple(self._unneeded(files, goals, reached)),
        )

    def _goals(self, version: Version) -> tuple[Goal, ...]:
        return (*version.clauses, *version.goals)

    def _shown_anywhere(self) -> Mapping[str, frozenset[Key]]:
        """Give what is shown of each version, by its own evaluations or by those of its equals."""
        meanings = {
            each.name: {goal.key: goal.meaning for goal in each.goals} for each in self.versions
        }
        everywhere = {
            (key, meaning)
            for version in self.versions
            for key, meaning in meanings[version.name].items()
            if key in self.seeing[version.name].seen
        }
        used = {key for each in self.seeing.values() for key in each.seen if key[1] == USED}
        return {
            version.name: frozenset(
                {key for key, m in meanings[version.name].items() if (key, m) in everywhere} | used
            )
            for version in self.versions
        }

    def _is_reached(
        self, version: Version, goal: Goal, shown: frozenset[Key], excused: set[Key]
    ) -> bool:
        if goal.measure != "clauses":
            return goal.key in shown
        return not self._wanting(version, goal, shown, excused)

    def _wanting(
        self, version: Version, clause: Goal, shown: frozenset[Key], excused: set[Key]
    ) -> list[Key]:
        """Give what a clause still wants to be shown at work."""
        return [
            each.key
            for each in version.citing
            if each.clause == clause.at[-1] and each.key not in shown and each.key not in excused
        ]

    def _missing(
        self,
        goal: Goal,
        version: Version | None,
        shown: Mapping[str, frozenset[Key]],
        excused: set[Key],
    ) -> Missing:
        if version is None:
            return Missing(goal, None, self.programme.source, goal.text)
        text = goal.text
        if goal.measure == "clauses":
            keys = self._wanting(version, goal, shown[version.name], excused)
            text = wording.not_shown([(written(at), what) for at, what in dict.fromkeys(keys)])
        elif goal.atom is not None:
            seen = self.seeing[version.name].decisive.get(goal.key, set())
            text = wording.alone(goal.atom, [Decisive(goal.atom, *each) for each in sorted(seen)])
        return Missing(goal, version.name, version.policy.source, text)

    def _of_version(self, version: Version, excused: set[Key]) -> VersionCoverage:
        seeing = self.seeing[version.name]
        shown = frozenset(seeing.seen)
        found: list[tuple[Measure, bool]] = []
        for goal in self._goals(version):
            reached = self._is_reached(version, goal, shown, excused)
            if reached or goal.key not in excused:
                found.append((goal.measure, reached))
        return VersionCoverage(version.name, seeing.asked, _figures(found), version.accounting)

    def _governing_goal(self) -> Goal | None:
        reading = self.programme.governed_by.reading
        if reading.adopted is not None:
            return None
        options = ", ".join(reading.admissible)
        text = wording.OF_RULES["reading"][DECIDING]
        return Goal("readings", ("governed_by",), DECIDING, options, text, reading.span)

    def _unneeded(
        self,
        files: Sequence[Cases],
        goals: Mapping[tuple[Key, str], tuple[Goal, Version | None]],
        reached: set[tuple[Key, str]],
    ) -> Iterable[Unneeded]:
        """Give the exceptions of coverage that excuse nothing; others are not for it to judge."""
        wanted = {key for key, _ in goals}
        lacking = {key for key, meaning in goals if (key, meaning) not in reached}
        for file in files:
            for each in file.exceptions:
                key = each.at, each.what
                if each.what.startswith("never ") and key not in lacking:
                    yield Unneeded(each, key in wanted, file.source)


def _figures(found: Iterable[tuple[Measure, bool]]) -> Figures:
    reached = dict.fromkeys(MEASURES, 0)
    wanted = dict.fromkeys(MEASURES, 0)
    for measure, is_reached in found:
        wanted[measure] += 1
        reached[measure] += is_reached
    return {each: Figure(reached[each], wanted[each]) for each in MEASURES}
