"""A new set of policies put to the test beside the one in force: golden cases, and the caller's view."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from policyeval.cases.checking import cases_files
from policyeval.cases.model import Cases
from policyeval.cases.running import Result, run_case
from policyeval.diagnostics import Diagnostic
from policyeval.evaluator.policies import PolicySet
from policyeval.messages import LANGUAGES, message, worded
from policyeval.policy.files import shown
from policyeval.source import Source, Span


def failing_cases(policies: PolicySet) -> tuple[Diagnostic, ...]:
    """Run every golden case of a set; give what comes out otherwise, and what is wrong with their files."""
    files, problems = cases_files(policies.library)
    failing = [
        each
        for file in files
        if file.programme in policies.programmes
        for case in file.cases
        for each in _otherwise(file, run_case(policies, file.programme, case))
    ]
    return (*problems, *failing)


def _otherwise(file: Cases, result: Result) -> Iterator[Diagnostic]:
    name = result.case.id
    for each in result.differences:
        text = message(
            "golden case `{case}`: `{field}` is {got}, and {expected} is expected",
            case=name,
            field=each.name,
            got=each.got,
            expected=each.expected,
        )
        yield Diagnostic("cases.failed", text, each.span, file.source)
    if result.error is not None:
        reason = result.error.diagnostics[0].message
        text = message("golden case `{case}` has no answer: {reason}", case=name, reason=reason)
        yield Diagnostic("cases.failed", text, result.case.span, file.source)


def objected(path: Path, objections: Iterable[str]) -> tuple[Diagnostic, ...]:
    """Word what the caller has against a set."""
    source = Source("", shown(path))
    return tuple(
        Diagnostic(
            "registry.not-accepted", worded(dict.fromkeys(LANGUAGES, each)), Span(0, 0), source
        )
        for each in objections
    )


def restless(path: Path) -> Diagnostic:
    """Say that a folder could not be read as it was at one moment."""
    return Diagnostic(
        "registry.changing",
        message("the files change while they are read"),
        Span(0, 0),
        Source("", shown(path)),
        message("write them into another folder, and rename that one when it is complete"),
    )
