"""Finds the golden cases of a library and everything that is wrong with their files."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from policyeval.cases.loading import load_cases
from policyeval.cases.model import NAME, Case, Cases, Expectation, Expected
from policyeval.cases.names import Names, names_of, places_of
from policyeval.diagnostics import CODES, Diagnostic, did_you_mean
from policyeval.errors import PolicyError
from policyeval.messages import Message, message
from policyeval.policy.addresses import Address, written
from policyeval.policy.files import Root, read_bytes
from policyeval.policy.library import Library
from policyeval.policy.problems import Problems
from policyeval.source import Span

LARGEST = 1024 * 1024
"""Bytes of a file of cases."""


def cases_files(library: Library) -> tuple[tuple[Cases, ...], tuple[Diagnostic, ...]]:
    """Read every file of cases that can be read, and give the problems of all.

    Of a programme that cannot be used, the names in its cases are not looked at.
    """
    files: list[Cases] = []
    found: list[Diagnostic] = []
    for name in sorted({*library.programmes, *(each.programme for each in library.files)}):
        path = library.root / name / NAME
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
        programme = library.programmes.get(name)
        if programme is not None:
            _check(cases, name, names_of(programme), problems)
            if cases.exceptions:
                _check_exceptions(cases, places_of(programme), problems)
        found += problems.found
        if not problems.fatal:
            files.append(cases)
    return tuple(files), tuple(found)


def check_cases(library: Library) -> tuple[Diagnostic, ...]:
    """Give everything that is wrong with files of cases, without running a case."""
    return cases_files(library)[1]


def _check(cases: Cases, name: str, known: Names, problems: Problems) -> None:
    if cases.programme != name:
        problems.report(
            "registry.wrong-name",
            message(
                "the cases are about `{given}`, and their folder is `{name}`",
                given=cases.programme,
                name=name,
            ),
            cases.span,
            message("write `{name}` here, or rename it", name=name),
        )
    for case in cases.cases:
        for text, name_, span, candidates in _unknown(case, known):
            problems.report("cases.unknown", text, span, did_you_mean(name_, candidates))


def _check_exceptions(cases: Cases, known: Collection[Address], problems: Problems) -> None:
    for each in cases.exceptions:
        if each.at not in known:
            name = written(each.at)
            problems.report(
                "cases.unknown",
                message("no version has a part `{address}`", address=name),
                each.places[0],
                did_you_mean(name, map(written, sorted(known))),
            )


_Unknown = tuple[Message, str, Span, Collection[str]]
"""What is said, the name it is about, where it stands, and the names there are."""


def _unknown(case: Case, known: Names) -> Iterator[_Unknown]:
    refused = case.refused.names if case.refused else ()
    for name in case.facts:
        # That such a fact is refused may be just what a case is about.
        if name not in known.facts and "input.unknown-fact" not in refused:
            yield (
                message("there is no fact `{name}`", name=name),
                name,
                case.places[name],
                known.facts,
            )
    for name in case.overlays:
        if name not in known.overlays:
            text = message("there is no overlay `{name}`", name=name)
            yield text, name, case.places[name], known.overlays
    for name, span in _listed(case.refused):
        if name not in CODES:
            yield message("there is no code `{name}`", name=name), name, span, CODES
    for name, span in _listed(case.presumed):
        if not _is_within(name, known.facts):
            text = message("there is no fact `{name}`", name=name)
            yield text, name, span, known.facts
    for each in case.expect:
        if each.decision not in known.questions:
            text = message("there is no decision `{name}`", name=each.decision)
            yield text, each.decision, each.span, known.questions
        else:
            yield from _unknown_of(each, known)


def _unknown_of(expected: Expectation, known: Names) -> Iterator[_Unknown]:
    for name, span in _listed(expected.clauses):
        if name not in known.clauses:
            yield message("there is no clause `{clause}`", clause=name), name, span, known.clauses
    rules, remarks = known.rules[expected.decision], known.remarks[expected.decision]
    for name, span in _listed(expected.rules):
        if name not in rules:
            yield message("there is no rule `{name}`", name=name), name, span, rules
    for each in (expected.remarks, expected.no_remarks):
        for name, span in _listed(each):
            if name not in remarks:
                yield message("there is no remark `{name}`", name=name), name, span, remarks
    for points in (expected.open_points, expected.further):
        for name, span in _listed(points):
            if not _is_within(name, known.points):
                text = message("nothing named `{name}` can be open", name=name)
                yield text, name, span, known.points

    for given in expected.gives:
        if not _is_within(given.point, known.points):
            text = message("nothing named `{name}` can be open", name=given.point)
            yield text, given.point, given.place, known.points


def _listed(expected: Expected | None) -> Iterable[tuple[str, Span]]:
    if expected is None:
        return ()
    return zip(expected.names, expected.places, strict=True)


def _is_within(name: str, known: Collection[str] | Mapping[str, object]) -> bool:
    """Tell whether a name is known, or is a part of what is known: `acceptances[1].may_sign`."""
    return name in known or name.partition("[")[0] in known
