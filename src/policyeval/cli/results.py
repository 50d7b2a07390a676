"""Results of golden cases, written for a person, a program, GitHub and CI."""

import json
from collections.abc import Mapping, Sequence
from xml.etree import ElementTree as ET

from policyeval.cases.model import Cases
from policyeval.cases.running import Result
from policyeval.cli.findings import annotation
from policyeval.cli.findings import write as write_findings
from policyeval.diagnostics import Diagnostic
from policyeval.messages import message, visible
from policyeval.source import Span

Results = Sequence[tuple[Cases, Result]]


def write(results: Results, problems: Sequence[Diagnostic], form: str, language: str) -> str:
    """Write what failed (for programs: everything), after the problems of the files."""
    if form == "json":
        data = {
            "problems": json.loads(write_findings(problems, "json", language)),
            "cases": [_data(file, each, language) for file, each in results],
        }
        return json.dumps(data, indent=2, ensure_ascii=False)
    parts = [write_findings(problems, form, language)] if problems else []
    for file, each in results:
        if not each.passed:
            lines = (
                _annotations(file, each, language)
                if form == "github"
                else [_text(file, each, language)]
            )
            parts += lines
    return ("\n" if form == "github" else "\n\n").join(parts)


def _text(file: Cases, result: Result, language: str) -> str:
    line, column = _at(file, result.case.span)
    failed = message("the case `{id}` failed", id=result.case.id).text(language)
    lines = [f"{visible(file.source.name or '')}:{line}:{column}: {failed}"]
    if result.case.note:
        lines.append(f"    {_one_line(result.case.note)}")
    for each in result.differences:
        at = message("line {line}", line=_at(file, each.span)[0]).text(language)
        lines += [
            f"    {each.name}  ({at})",
            f"      {message('expected').text(language)}: {_one_line(each.expected)}",
            f"      {message('got').text(language)}: {_one_line(each.got)}",
        ]
    if result.error is not None:
        lines += ["    " + line for line in result.error.render(language).splitlines()]
    return "\n".join(lines)


def _one_line(text: str) -> str:
    return visible(" ".join(text.split()))


def _annotations(file: Cases, result: Result, language: str) -> list[str]:
    name = file.source.name or ""
    title = message("the case `{id}` failed", id=result.case.id).text(language)
    found = []
    for each in result.differences:
        line, column = _at(file, each.span)
        text = message(
            "{field}: expected {expected}, got {got}",
            field=each.name,
            expected=each.expected,
            got=each.got,
        )
        found.append(annotation("error", (name, line, column), title, text.text(language)))
    if result.error is not None:
        line, column = _at(file, result.case.span)
        details = result.error.render(language)
        found.append(annotation("error", (name, line, column), title, details))
    return found


def _data(file: Cases, result: Result, language: str) -> Mapping[str, object]:
    line, column = _at(file, result.case.span)
    return {
        "file": file.source.name,
        "line": line,
        "column": column,
        "id": result.case.id,
        "passed": result.passed,
        "differences": [
            {
                "field": each.name,
                "expected": each.expected,
                "got": each.got,
                "line": _at(file, each.span)[0],
            }
            for each in result.differences
        ],
        "error": None if result.error is None else result.error.render(language),
    }


def junit(results: Results, language: str) -> bytes:
    """Write results as JUnit's XML: a suite per file, a test per case."""
    root = ET.Element("testsuites")
    suites: dict[str, tuple[ET.Element, list[Result]]] = {}
    for file, result in results:
        name = file.source.name or file.programme
        if name not in suites:
            suites[name] = (ET.SubElement(root, "testsuite", name=_xml(file.programme)), [])
        suite, run = suites[name]
        run.append(result)
        test = ET.SubElement(
            suite,
            "testcase",
            classname=_xml(file.programme),
            name=_xml(result.case.id),
            file=_xml(name),
            line=str(_at(file, result.case.span)[0]),
        )
        if not result.passed:
            first = message("the case `{id}` failed", id=result.case.id).text(language)
            kind = "failure" if result.error is None else "error"
            ET.SubElement(test, kind, message=_xml(first)).text = _xml(
                _text(file, result, language)
            )
    for suite, run in suites.values():
        suite.set("tests", str(len(run)))
        suite.set("failures", str(sum(bool(each.differences) for each in run)))
        suite.set("errors", str(sum(each.error is not None for each in run)))
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _xml(text: str) -> str:
    r"""Write what XML 1.0 cannot hold as `\u001b`."""
    return visible(text).replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff")


def _at(file: Cases, span: Span) -> tuple[int, int]:
    position = file.source.position(span.start)
    return position.line, position.column
