"""Problems of policy files, written for a person, a program, GitHub, or a SARIF reader."""

import json
import re
from collections.abc import Mapping, Sequence
from urllib.parse import quote

from policyeval.diagnostics import CODES, Diagnostic, render
from policyeval.messages import message

FORMATS = ("text", "json", "github", "sarif")


def write(diagnostics: Sequence[Diagnostic], form: str, language: str) -> str:
    """Write problems in one of `FORMATS`; a text without problems is empty."""
    match form:
        case "json":
            return json.dumps(
                [_data(each, language) for each in diagnostics], indent=2, ensure_ascii=False
            )
        case "github":
            return "\n".join(_annotation(each, language) for each in diagnostics)
        case "sarif":
            return json.dumps(_sarif(diagnostics, language), indent=2, ensure_ascii=False)
        case _:
            return "\n\n".join(render(each, language) for each in diagnostics)


def summary(diagnostics: Sequence[Diagnostic], language: str) -> str:
    """Count errors and warnings."""
    errors = sum(each.severity == "error" for each in diagnostics)
    return message(
        "errors: {errors}, warnings: {warnings}", errors=errors, warnings=len(diagnostics) - errors
    ).text(language)


def _place(diagnostic: Diagnostic) -> tuple[str, int, int, int, int]:
    """Give file, line and column of a problem's start, and line and column after its end."""
    source = diagnostic.source
    start = source.position(min(diagnostic.span.start, len(source.text)))
    end = source.position(
        min(max(diagnostic.span.end, diagnostic.span.start + 1), len(source.text))
    )
    return source.name or "", start.line, start.column, end.line, end.column


def _data(diagnostic: Diagnostic, language: str) -> Mapping[str, object]:
    file, line, column, end_line, end_column = _place(diagnostic)
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity,
        "file": file,
        "line": line,
        "column": column,
        "end_line": end_line,
        "end_column": end_column,
        "message": diagnostic.message.text(language),
        "help": None if diagnostic.help is None else diagnostic.help.text(language),
    }


def annotation(kind: str, place: tuple[str, int, int], title: str, text: str) -> str:
    """Write a line that GitHub shows beside a file's line and column."""
    file, line, column = place
    where = f"file={_property(file)},line={line},col={column},title={_property(title)}"
    return f"::{kind} {where}::{_message(text)}"


def _annotation(diagnostic: Diagnostic, language: str) -> str:
    file, line, column, _, _ = _place(diagnostic)
    text = diagnostic.message.text(language)
    if diagnostic.help is not None:
        text += "\n" + diagnostic.help.text(language)
    return annotation(diagnostic.severity, (file, line, column), diagnostic.code, text)


def _message(text: str) -> str:
    return re.sub("[%\r\n]", _escaped, text)


def _property(text: str) -> str:
    return re.sub("[%\r\n:,]", _escaped, text)


def _escaped(match: re.Match[str]) -> str:
    return f"%{ord(match[0]):02X}"


def _sarif(diagnostics: Sequence[Diagnostic], language: str) -> Mapping[str, object]:
    codes = sorted({each.code for each in diagnostics})
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "policyeval",
                        "rules": [
                            {
                                "id": code,
                                "shortDescription": {"text": CODES[code].text(language)},
                            }
                            for code in codes
                        ],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [
                    _result(each, codes.index(each.code), language) for each in diagnostics
                ],
            }
        ],
    }


def _result(diagnostic: Diagnostic, index: int, language: str) -> Mapping[str, object]:
    file, line, column, end_line, end_column = _place(diagnostic)
    text = diagnostic.message.text(language)
    if diagnostic.help is not None:
        text += "\n" + diagnostic.help.text(language)
    return {
        "ruleId": diagnostic.code,
        "ruleIndex": index,
        "level": diagnostic.severity,
        "message": {"text": text},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": quote(file.replace("\\", "/"))},
                    "region": {
                        "startLine": line,
                        "startColumn": column,
                        "endLine": end_line,
                        "endColumn": end_column,
                    },
                }
            }
        ],
    }
