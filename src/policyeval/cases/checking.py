"""Finds the golden cases of a library and everything that is wrong with their files."""

from policyeval.cases.loading import load_cases
from policyeval.cases.model import NAME, Cases
from policyeval.diagnostics import Diagnostic, did_you_mean
from policyeval.errors import PolicyError
from policyeval.messages import message
from policyeval.policy.files import Root, read_bytes
from policyeval.policy.library import Library, ProgrammeVersions
from policyeval.policy.problems import Problems

LARGEST = 1024 * 1024
"""Bytes of a file of cases."""


def cases_files(library: Library) -> tuple[tuple[Cases, ...], tuple[Diagnostic, ...]]:
    """Read every file of cases that can be read, and give the problems of all."""
    files: list[Cases] = []
    found: list[Diagnostic] = []
    for name, programme in library.programmes.items():
        path = programme.folder / NAME
        if not path.exists():
            continue
        raw = read_bytes(path, Root.of(library.root), LARGEST)
        if isinstance(raw, Diagnostic):
            found.append(raw)
            continue
        try:
            cases = load_cases(raw, str(path))
        except PolicyError as error:
            found += error.diagnostics
            continue
        problems = Problems(cases.source)
        _check(cases, name, programme, problems)
        found += problems.found
        if not problems.fatal:
            files.append(cases)
    return tuple(files), tuple(found)


def check_cases(library: Library) -> tuple[Diagnostic, ...]:
    """Give everything that is wrong with files of cases, without running a case."""
    return cases_files(library)[1]


def _check(cases: Cases, name: str, programme: ProgrammeVersions, problems: Problems) -> None:
    if cases.programme != name:
        problems.report(
            "cases.programme",
            message(
                "the cases are about `{given}`, not `{name}`", given=cases.programme, name=name
            ),
            cases.cases[0].span,
            message("write `programme: {name}`", name=name),
        )
    questions = {
        decision
        for version in programme.versions
        for decision, each in version.policy.decisions.items()
        if each.question is not None
    }
    overlays = {each for version in programme.versions for each in version.policy.overlays}
    for case in cases.cases:
        for each in case.expect:
            if each.decision not in questions:
                problems.report(
                    "cases.decision",
                    message("there is no decision `{name}`", name=each.decision),
                    each.span,
                    did_you_mean(each.decision, questions),
                )
        for overlay in case.overlays:
            if overlay not in overlays:
                problems.report(
                    "cases.overlay",
                    message("there is no overlay `{name}`", name=overlay),
                    case.span,
                    did_you_mean(overlay, overlays),
                )
