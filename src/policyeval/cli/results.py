"""Results of golden cases, written for a person, a program, GitHub and CI."""

import json
from collections.abc import Mapping, Sequence
from xml.etree import ElementTree as ET

from policyeval.cases.model import Cases
from policyeval.cases.running import Result
from policyeval.cases.wording import failure, place
from policyeval.cli.findings import annotation
from policyeval.cli.findings import write as write_findings
from policyeval.diagnostics import Diagnostic, render
from policyeval.messages import message, visible

Results = Sequence[tuple[Cases, Result]]


def as_data(results: Results, problems: Sequence[Diagnostic], language: str) -> dict[str, object]:
    """Give all results, and the problems of the files, as what JSON can hold."""
    return {
        "problems": json.loads(write_findings(problems, "json", language)),
        "cases": [_data(file, each, language) for file, each in results],
    }


def write(results: Results, problems: Sequence[Diagnostic], form: str, language: str) -> str:
    """Write what failed, after the problems of the files, as `text` or for `github`."""
    parts = [write_findings(problems, form, language)] if problems else []
    for file, each in results:
        if not each.passed:
            lines = (
                _annotations(file, each, language)
                if form == "github"
                else [failure(file, each, language)]
            )
            parts += lines
    return ("\n" if form == "github" else "\n\n").join(parts)


def _annotations(file: Cases, result: Result, language: str) -> list[str]:
    name = file.source.name or ""
    title = message("the case `{id}` failed", id=result.case.id).text(language)
    found = []
    for each in result.differences:
        at = place(file, each.span)
        text = message(
            "{field}: expected {expected}, got {got}",
            field=each.name,
            expected=each.expected,
            got=each.got,
        )
        found.append(annotation("error", (name, at.line, at.column), title, text.text(language)))
    if result.error is not None:
        at = place(file, result.case.span)
        details = result.error.render(language)
        found.append(annotation("error", (name, at.line, at.column), title, details))
    return found


def _data(file: Cases, result: Result, language: str) -> Mapping[str, object]:
    at = place(file, result.case.span)
    return {
        "file": file.source.name,
        "line": at.line,
        "column": at.column,
        "id": result.case.id,
        "passed": result.passed,
        "differences": [
            {
                "field": each.name,
                "expected": each.expected,
                "got": each.got,
                "line": place(file, each.span).line,
            }
            for each in result.differences
        ],
        "error": None if result.error is None else result.error.render(language),
    }


# ------------------------------------------------------------------------------- JUnit


def junit(results: Results, language: str, problems: Sequence[Diagnostic] = ()) -> bytes:
    """Write results as JUnit's XML: a suite per file and a test per case.

    A file that cannot be used is a suite with one test for each of its errors. No time is given, since
    none is measured. The schema that Jenkins reads by gives a file to a suite only; the line of a case
    stands at the beginning of its text.
    """
    root = ET.Element("testsuites", name="policyeval")
    suites: dict[str, ET.Element] = {}
    for each in problems:
        if each.severity == "error":
            name = each.source.name or ""
            _problem(_suite(root, suites, name, name), each, language)
    for file, result in results:
        suite = _suite(root, suites, file.programme, file.source.name or file.programme)
        _case(suite, file, result, language)
    for each_suite in suites.values():
        _count(each_suite)
    _count(root)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _suite(root: ET.Element, suites: dict[str, ET.Element], name: str, file: str) -> ET.Element:
    if file not in suites:
        suites[file] = ET.SubElement(root, "testsuite", name=_xml(name), file=_xml(file))
    return suites[file]


def _problem(suite: ET.Element, problem: Diagnostic, language: str) -> None:
    source = problem.source
    line = source.position(min(problem.span.start, len(source.text))).line
    name = f"{problem.code}:{line}"
    test = ET.SubElement(suite, "testcase", classname=suite.get("name") or "", name=name)
    text = problem.message.text(language)
    error = ET.SubElement(test, "error", type=problem.code, message=_xml(text))
    error.text = _xml(render(problem, language))


def _case(suite: ET.Element, file: Cases, result: Result, language: str) -> None:
    test = ET.SubElement(
        suite, "testcase", classname=_xml(file.programme), name=_xml(result.case.id)
    )
    if result.passed:
        return
    kind, cause = "failure", ", ".join(each.name for each in result.differences)
    if result.error is not None:
        codes = dict.fromkeys(each.code for each in result.error.diagnostics)
        kind, cause = "error", ", ".join(codes)
    first = message("the case `{id}` failed", id=result.case.id).text(language)
    found = ET.SubElement(test, kind, type=_xml(cause), message=_xml(first))
    found.text = _xml(failure(file, result, language))


def _count(element: ET.Element) -> None:
    for name, path in (("tests", "testcase"), ("failures", "failure"), ("errors", "error")):
        element.set(name, str(sum(1 for _ in element.iter(path))))


def _xml(text: str) -> str:
    r"""Write what XML 1.0 cannot hold as `\u001b`."""
    return visible(text).replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff")
