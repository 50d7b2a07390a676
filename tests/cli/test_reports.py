"""Reports that other programs read: SARIF and JUnit by their schemas, and GitHub's annotations."""

import json
import os
import re
import shutil
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any
from urllib.parse import unquote, urlsplit

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from policyeval.cases import Case, Cases, Difference, Result
from policyeval.cli.findings import annotation, write
from policyeval.cli.results import junit
from policyeval.cli.sarif import location, log
from policyeval.diagnostics import CODES, Diagnostic
from policyeval.messages import LANGUAGES, message
from policyeval.source import Source, Span
from tests.cli.conftest import Cli

SCHEMAS = Path(__file__).parents[1] / "schemas"
NAME = "example-referral"
HERE = PurePosixPath("/srv")


@cache
def sarif_schema() -> jsonschema.Draft7Validator:
    schema = json.loads((SCHEMAS / "sarif-2.1.0.json").read_text(encoding="utf-8"))
    checker = jsonschema.Draft7Validator.FORMAT_CHECKER
    return jsonschema.Draft7Validator(schema, format_checker=checker)


def valid_sarif(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give the one run of a log that the schema of SARIF 2.1.0 accepts, and that agrees with itself."""
    plain = json.loads(json.dumps(data))
    sarif_schema().validate(plain)
    (run,) = plain["runs"]
    rules = [each["id"] for each in run["tool"]["driver"]["rules"]]
    assert rules == sorted(set(rules))
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
        for each in result.get("locations", ()):
            artifact = each["physicalLocation"]["artifactLocation"]
            index = artifact.pop("index")
            assert run["artifacts"][index]["location"] == artifact
    return run  # type: ignore[no-any-return]  # what JSON gives


@cache
def junit_schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(SCHEMAS / "junit-10.xsd"))


def valid_junit(data: bytes) -> etree._Element:
    root = etree.fromstring(data)
    junit_schema().assertValid(root)
    for element in (root, *root):
        counts = [len(element.findall(f".//{each}")) for each in ("testcase", "failure", "error")]
        assert [int(element.get(each, "")) for each in ("tests", "failures", "errors")] == counts
    return root


def problem(text: str, start: int = 0, end: int = 1, name: str | None = "a.yaml") -> Diagnostic:
    return Diagnostic(
        "feel.unknown-name",
        message("unknown name `{name}`", name=text[start:end]),
        Span(start, end),
        Source(text, name),
        help=message("did you mean `{name}`?", name="fee"),
    )


# ------------------------------------------------------------------------------- SARIF


def broken(policies: Path) -> None:
    path = policies / NAME / "2024-07-01.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("value: paid_on +", "value: paid_no +"), encoding="utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_check_writes_is_sarif(cli: Cli, policies: Path, language: str) -> None:
    broken(policies)
    run = valid_sarif(json.loads(cli("check", "--format", "sarif", "--lang", language).out))
    assert run["language"] == language
    assert [each["level"] for each in run["results"]] == ["warning", "warning", "error"]
    error = run["results"][2]
    line = error["locations"][0]["physicalLocation"]["region"]["startLine"]
    text = (policies / NAME / "2024-07-01.yaml").read_text(encoding="utf-8").splitlines()[line - 1]
    assert text.strip() == "value: paid_no + payment_period"
    assert "`paid_no`" in error["message"]["text"]


def test_a_run_without_problems_is_sarif_too(cli: Cli, policies: Path) -> None:
    assert cli("lock").status == 0
    run = valid_sarif(json.loads(cli("check", "--format", "sarif").out))
    assert (run["results"], run["artifacts"]) == ([], [])


def test_no_path_of_the_machine_stands_in_a_report_of_its_own_files(
    cli: Cli, policies: Path
) -> None:
    broken(policies)
    relative = cli("check", "--format", "sarif").out
    assert cli("check", str(policies.absolute()), "--format", "sarif").out == relative
    assert str(Path.cwd()) not in relative


def test_a_file_elsewhere_is_named_by_its_whole_path(
    cli: Cli, policies: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    broken(policies)
    elsewhere = tmp_path_factory.mktemp("else where")
    shutil.move(policies, elsewhere / "policies")
    for path in (elsewhere / "policies", Path(os.path.relpath(elsewhere / "policies"))):
        run = valid_sarif(json.loads(cli("check", str(path), "--format", "sarif").out))
        for each in run["artifacts"]:
            assert set(each["location"]) == {"uri"}
            parts = urlsplit(each["location"]["uri"])
            assert parts.scheme == "file"
            assert Path(unquote(parts.path)).is_relative_to(elsewhere)


@pytest.mark.parametrize(
    ("name", "here", "expected"),
    [
        ("policies/a/1.yaml", HERE, ("policies/a/1.yaml", True)),
        ("/srv/policies/a/1.yaml", HERE, ("policies/a/1.yaml", True)),
        ("./a/../b/1.yaml", HERE, ("b/1.yaml", True)),
        ("../b/1.yaml", HERE, ("file:///b/1.yaml", False)),
        ("/worker/1.yaml", HERE, ("file:///worker/1.yaml", False)),
        ("å b#c?d%e:f.yaml", HERE, ("%C3%A5%20b%23c%3Fd%25e%3Af.yaml", True)),
        ("C:/x.yaml", HERE, ("C%3A/x.yaml", True)),
        ("a\udcff.yaml", HERE, ("a%FF.yaml", True)),
        ("policies/a/1.yaml", PureWindowsPath("C:/srv"), ("policies/a/1.yaml", True)),
        (r"policies\a\1.yaml", PureWindowsPath("C:/srv"), ("policies/a/1.yaml", True)),
        ("C:/srv/a/1.yaml", PureWindowsPath("C:/srv"), ("a/1.yaml", True)),
        ("D:/a b/1.yaml", PureWindowsPath("C:/srv"), ("file:///D:/a%20b/1.yaml", False)),
        ("//server/s/1.yaml", PureWindowsPath("C:/srv"), ("file://server/s/1.yaml", False)),
    ],
)
def test_a_file_is_named_by_a_uri(
    name: str, here: PurePosixPath, expected: tuple[str, bool]
) -> None:
    uri, is_below = expected
    assert location(name, here) == ({"uri": uri} | ({"uriBaseId": "%SRCROOT%"} if is_below else {}))


def region(diagnostic: Diagnostic) -> Mapping[str, int]:
    (result,) = valid_sarif(log([diagnostic], "en", HERE))["results"]
    found: Mapping[str, int] = result["locations"][0]["physicalLocation"]["region"]
    return found


def test_columns_count_code_points() -> None:
    text = "😀é: fee_rte\r\nb"
    start = text.index("fee")
    assert region(problem(text, start, start + 7)) == {
        "startLine": 1,
        "startColumn": 5,
        "endLine": 1,
        "endColumn": 12,
    }


def test_a_problem_of_the_whole_file_has_no_columns() -> None:
    assert region(problem("", 0, 0)) == {"startLine": 1}


def test_a_problem_without_a_file_has_no_location() -> None:
    (result,) = valid_sarif(log([problem("x", name=None)], "en", HERE))["results"]
    assert "locations" not in result


def fingerprints(*diagnostics: Diagnostic) -> list[str]:
    run = valid_sarif(log(diagnostics, "en", HERE))
    return [each["partialFingerprints"]["problem/v1"] for each in run["results"]]


def test_a_problem_stays_the_same_one_when_lines_come_and_go() -> None:
    (before,) = fingerprints(problem("a: fee_rte", 3, 10))
    (after,) = fingerprints(problem("new: 1\n\n  a:  fee_rte\n", 14, 21))
    assert before == after
    (other_file,) = fingerprints(problem("a: fee_rte", 3, 10, "b.yaml"))
    (other_text,) = fingerprints(problem("b: fee_rte", 3, 10))
    twice = fingerprints(problem("a: fee_rte", 3, 10), problem("a: fee_rte", 3, 10))
    assert len({before, other_file, other_text, *twice}) == 4


SPANS = st.tuples(st.integers(0, 40), st.integers(0, 40)).map(sorted)
TEXTS = st.text(st.characters(exclude_categories=()), max_size=30)


@given(TEXTS, SPANS, st.sampled_from(sorted(CODES)), TEXTS.filter(lambda text: "\0" not in text))
def test_every_problem_is_sarif_whatever_the_texts_hold(
    text: str, span: list[int], code: str, name: str
) -> None:
    given_name = name.encode("utf-8", "ignore").decode() or "x"
    found = Diagnostic(code, message("`{name}`", name=text), Span(*span), Source(text, given_name))
    valid_sarif(json.loads(json.dumps(log([found, found], "sv", HERE))))


# ------------------------------------------------------------------------------- JUnit

CASES = """\
format: 1
programme: example-referral
base: {asked_on: 2025-01-31, facts: {referred_at: 2024-08-01T10:00:00, paid_on: 2024-10-15}}
cases:
  - id: fails
    expect: {fee_due_on: 2024-11-15}
  - id: passes
    expect: {fee_due_on: 2024-11-14}
  - id: is-an-error
    facts: {product: nothing}
    expect: {fee_due_on: 2024-11-14}
"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_test_writes_is_junit(cli: Cli, policies: Path, language: str) -> None:
    (policies / NAME / "cases.yaml").write_text(CASES, encoding="utf-8")
    assert cli("test", "--junit", "report.xml", "--lang", language).status == 1
    root = valid_junit(Path("report.xml").read_bytes())
    assert [root.get(each) for each in ("tests", "failures", "errors")] == ["3", "1", "1"]
    (suite,) = root
    assert (suite.get("name"), suite.get("file")) == (NAME, f"policies/{NAME}/cases.yaml")
    found = {each.get("name"): [part.tag for part in each] for each in suite}
    assert found == {"fails": ["failure"], "passes": [], "is-an-error": ["error"]}
    assert {each.get("classname") for each in suite} == {NAME}
    failure = suite.find("testcase/failure")
    assert failure is not None
    assert failure.get("type") == "fee_due_on.value"
    assert (failure.text or "").startswith(f"policies/{NAME}/cases.yaml:5:9: ")
    error = suite.find("testcase/error")
    assert error is not None
    assert error.get("type") == "input.one-of"


def test_no_cases_at_all_are_junit() -> None:
    assert len(valid_junit(junit([], "en"))) == 0


def test_a_file_that_cannot_be_used_is_a_suite_with_an_error_for_each_problem() -> None:
    warning = Diagnostic(
        "text.script", message("x"), Span(0, 1), Source("x", "w.yaml"), severity="warning"
    )
    problems = [problem("x\nfee_rte", 2, 9), problem("y", name="b.yaml"), warning]
    root = valid_junit(junit([], "en", problems))
    assert [(each.get("name"), each.get("errors")) for each in root] == [
        ("a.yaml", "1"),
        ("b.yaml", "1"),
    ]
    test = root[0][0]
    assert test.get("name") == "feel.unknown-name:2"
    assert test[0].get("type") == "feel.unknown-name"
    assert "    2 | fee_rte" in (test[0].text or "")


@given(TEXTS)
def test_every_report_is_junit_whatever_the_texts_hold(text: str) -> None:
    nowhere = Span(0, 0)
    case = Case(text, text, date(2025, 1, 31), None, (), {}, (), span=nowhere)
    failed = Result(case, (Difference(text, text, text, nowhere),))
    file = Cases(text, (case,), Source(text, text), nowhere)
    valid_junit(junit([(file, failed)], "en", [problem(text, 0, 5, text)]))


# ------------------------------------------------------------------------------- GitHub


def read_annotation(line: str) -> tuple[str, dict[str, str], str]:
    """Read a line as GitHub's runner does."""
    match = re.fullmatch(r"::(\w+) (.*?)::(.*)", line)
    assert match is not None
    kind, properties, text = match.groups()

    def unescaped(text: str, escapes: str) -> str:
        return re.sub(f"%({escapes})", lambda each: chr(int(each[1], 16)), text)

    pairs = (each.split("=", 1) for each in properties.split(","))
    return (
        kind,
        {name: unescaped(value, "25|0D|0A|3A|2C") for name, value in pairs},
        unescaped(text, "25|0D|0A"),
    )


@given(TEXTS.filter(lambda text: "\0" not in text), TEXTS, TEXTS)
def test_an_annotation_is_read_as_it_was_meant(file: str, title: str, text: str) -> None:
    name = "x" + file
    line = annotation("error", (name, 3, 7), title, text)
    assert "\n" not in line
    assert "\r" not in line
    kind, properties, read = read_annotation(line)
    assert (kind, read) == ("error", text)
    assert properties == {"file": name, "line": "3", "col": "7", "title": title}


def test_an_annotation_names_a_file_from_where_the_command_runs(policies: Path) -> None:
    for name, shown in (
        (str(Path.cwd() / "policies" / "a.yaml"), "policies/a.yaml"),
        ("policies/a.yaml", "policies/a.yaml"),
        ("/elsewhere/a.yaml", "/elsewhere/a.yaml"),
    ):
        _, properties, text = read_annotation(write([problem("x", name=name)], "github", "en"))
        assert properties["file"] == shown
        assert text == "unknown name `x`\ndid you mean `fee`?"
