"""Problems of policy files, written for a person, a program, GitHub, GitLab, or a SARIF reader."""

import json
import re
from collections.abc import Mapping, Sequence

from policyeval.cli.places import Fingerprints, from_here, place
from policyeval.diagnostics import Diagnostic, render
from policyeval.messages import message

FORMATS = ("text", "json", "github", "gitlab", "sarif")


def write(diagnostics: Sequence[Diagnostic], form: str, language: str) -> str:
    """Write problems in one of `FORMATS`; a text without problems is empty."""
    match form:
        case "json":
            return json.dumps(
                [_data(each, language) for each in diagnostics], indent=2, ensure_ascii=False
            )
        case "github":
            return "\n".join(_annotation(each, language) for each in diagnostics)
        case "gitlab":
            return json.dumps(_code_quality(diagnostics, language), indent=2, ensure_ascii=False)
        case "sarif":
            from policyeval.cli.sarif import log

            return json.dumps(log(diagnostics, language), indent=2, ensure_ascii=False)
        case _:
            return "\n\n".join(render(each, language) for each in diagnostics)


def summary(diagnostics: Sequence[Diagnostic], language: str) -> str:
    """Count errors and warnings."""
    errors = sum(each.severity == "error" for each in diagnostics)
    return message(
        "errors: {errors}, warnings: {warnings}", errors=errors, warnings=len(diagnostics) - errors
    ).text(language)


def _data(diagnostic: Diagnostic, language: str) -> Mapping[str, object]:
    file, line, column, end_line, end_column = place(diagnostic)
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
    """Write a line that GitHub shows beside a file's line and column.

    A file in the folder that the command runs in is named from there, whatever it was given as.
    """
    file, line, column = place
    name = _property(from_here(file))
    where = f"file={name},line={line},col={column},title={_property(title)}"
    return f"::{kind} {where}::{_message(text)}"


def _annotation(diagnostic: Diagnostic, language: str) -> str:
    file, line, column, _, _ = place(diagnostic)
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


def _code_quality(diagnostics: Sequence[Diagnostic], language: str) -> list[Mapping[str, object]]:
    """Write problems as GitLab's report on the quality of code has them."""
    fingerprints = Fingerprints()
    found: list[Mapping[str, object]] = []
    for each in diagnostics:
        file, line, _, _, _ = place(each)
        name = from_here(file)
        found.append(
            {
                "description": each.message.text(language),
                "check_name": each.code,
                "fingerprint": fingerprints.of(each, name),
                "severity": "major" if each.severity == "error" else "minor",
                "location": {"path": name, "lines": {"begin": line}},
            }
        )
    return found
