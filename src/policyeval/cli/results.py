"""Results of golden cases, written for a person, a program, GitHub and CI."""

import json
from collections.abc import Iterator, Mapping, Sequence
from xml.etree import ElementTree as ET

from policyeval.cases.model import Cases
from policyeval.cases.running import Result
from policyeval.cli.findings import annotation
from policyeval.cli.findings import write as write_findings
from policyeval.diagnostics import Diagnostic, render
from policyeval.messages import message
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
    lines = [f"{file.source.name}:{line}:{column}: {failed}"]
    if result.case.note:
        lines.append(f"    {result.case.note}")
    for field, expected, got, span in _fields(result):
        at = _at(file, span)[0]
        lines.append(f"    {field}  ({message('line {line}', line=at).text(language)})")
        lines.append(f"      {message('expected').text(language)}: {expected}")
        lines.append(f"      {message('got').text(language)}: {got}")
    if result.error is not None:
        lines += ["    " + line for line in result.error.render(language).splitlines()]
    return "\n".join(lines)


def _fields(result: Result) -> Iterator[tuple[str, str, str, Span]]:
    for each in result.differences:
        yield each.name, each.expected, each.got, each.span


def _annotations(file: Cases, result: Result, language: str) -> list[str]:
    name = file.source.name or ""
    title = message("the case `{id}` failed", id=result.case.id).text(language)
    found = []
    for field, expected, got, span in _fields(result):
        line, column = _at(file, span)
        text = message(
            "{field}: expected {expected}, got {got}", field=field, expected=expected, got=got
        )
        found.append(annotation("error", (name, line, column), title, text.text(language)))
    if result.error is not None:
        line, column = _at(file, result.case.span)
        text_ = "\n".join(render(each, language) for each in result.error.diagnostics)
        found.append(annotation("error", (name, line, column), title, text_))
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
            suites[name] = (ET.SubElement(root, "testsuite", name=file.programme), [])
        suite, run = suites[name]
        run.append(result)
        test = ET.SubElement(
            suite,
            "testcase",
            classname=file.programme,
            name=result.case.id,
            file=name,
            line=str(_at(file, result.case.span)[0]),
        )
        if not result.passed:
            first = message("the case `{id}` failed", id=result.case.id).text(language)
            failure = ET.SubElement(test, "failure", message=_xml(first))
            failure.text = _xml(_text(file, result, language))
    for suite, run in suites.values():
        suite.set("tests", str(len(run)))
        suite.set("failures", str(sum(not each.passed for each in run)))
        suite.set("errors", "0")
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _xml(text: str) -> str:
    """Leave out what XML 1.0 cannot hold."""
    return "".join(
        each for each in text if each in "\t\n" or (each >= " " and each not in "\ufffe\uffff")
    )


def _at(file: Cases, span: Span) -> tuple[int, int]:
    position = file.source.position(span.start)
    return position.line, position.column
