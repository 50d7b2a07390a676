"""Problems of policy files as SARIF 2.1.0, which code hosts show beside the lines.

The log is the same whenever and wherever it is made: a file below the folder that the command runs in
is named from there, as `%SRCROOT%`, and no path of the machine stands in it but for a file outside.
"""

import ntpath
import posixpath
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from os import fsencode
from pathlib import Path, PurePath, PureWindowsPath
from urllib.parse import quote

from policyeval.cli.places import Fingerprints, place
from policyeval.diagnostics import CODES, Diagnostic
from policyeval.messages import message

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_ROOT = "%SRCROOT%"

_Object = Mapping[str, object]


def log(diagnostics: Sequence[Diagnostic], language: str, here: PurePath | None = None) -> _Object:
    """Make a log with one run.

    Args:
        diagnostics: What was found.
        language: The reader's.
        here: The folder that relative names of files begin in; left out, the one that we run in.
    """
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [_run(diagnostics, language, here)]}


def _run(diagnostics: Sequence[Diagnostic], language: str, here: PurePath | None) -> _Object:
    codes = sorted({each.code for each in diagnostics})
    folder = Path.cwd() if here is None else here
    names = dict.fromkeys(each.source.name for each in diagnostics if each.source.name)
    locations = {name: location(name, folder) for name in names}
    artifacts = {name: index for index, name in enumerate(locations)}
    fingerprints = Fingerprints()
    results = []
    for each in diagnostics:
        where = locations.get(each.source.name or "")
        fingerprint = fingerprints.of(each, "" if where is None else str(where["uri"]))
        result = {
            "ruleId": each.code,
            "ruleIndex": codes.index(each.code),
            "level": each.severity,
            "message": {"text": _text(each, language)},
            "partialFingerprints": {"problem/v1": fingerprint},
        }
        if where is not None:
            artifact = {**where, "index": artifacts[each.source.name or ""]}
            physical = {"artifactLocation": artifact, "region": _region(each)}
            result["locations"] = [{"physicalLocation": physical}]
        results.append(result)
    root = message("the folder in which the command was run").text(language)
    return {
        "tool": {"driver": _driver(codes, language)},
        "language": language,
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: {"description": {"text": root}}},
        "artifacts": [
            {"location": where, "roles": ["analysisTarget"]} for where in locations.values()
        ],
        "results": results,
    }


def _driver(codes: Sequence[str], language: str) -> _Object:
    driver: dict[str, object] = {"name": "policyeval"}
    with suppress(PackageNotFoundError):  # run from its folder, without an installation
        driver["version"] = version("policyeval")
    driver["rules"] = [_rule(code, language) for code in codes]
    return driver


def _rule(code: str, language: str) -> _Object:
    text = CODES[code].text(language)
    page = message(
        "an example, and what to do: `docs/diagnostics/{code}.md` of policyeval", code=code
    )
    return {
        "id": code,
        "shortDescription": {"text": text},
        "fullDescription": {"text": text},
        "help": {"text": page.text(language)},
    }


def _text(diagnostic: Diagnostic, language: str) -> str:
    text = diagnostic.message.text(language)
    return text if diagnostic.help is None else f"{text}\n{diagnostic.help.text(language)}"


def _region(diagnostic: Diagnostic) -> _Object:
    _, line, column, end_line, end_column = place(diagnostic)
    if not diagnostic.source.text:  # the file as a whole
        return {"startLine": line}
    return {
        "startLine": line,
        "startColumn": column,
        "endLine": end_line,
        "endColumn": end_column,
    }


def location(name: str, here: PurePath) -> dict[str, object]:
    """Say where a file is: below a folder, or by its whole path."""
    kind = type(here)
    whole = str(here / name)
    tidy = (
        ntpath.normpath(whole) if isinstance(here, PureWindowsPath) else posixpath.normpath(whole)
    )
    path = kind(tidy)
    if path.is_relative_to(here):
        return {"uri": quote(fsencode(path.relative_to(here).as_posix())), "uriBaseId": _ROOT}
    return {"uri": path.as_uri()}
