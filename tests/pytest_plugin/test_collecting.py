"""pytest finds golden cases wherever they lie, runs them, and says what failed to whoever wrote them."""

import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import policyeval.cases.checking
import policyeval.cases.wording
import policyeval.policy.repository
from policyeval.messages import LANGUAGES
from tests.cli.facts import golden_cases

pytest_plugins = ["pytester"]

PROGRAMMES = Path(__file__).parents[1] / "programmes"
NAME = "example-referral"
ENTRY = importlib.metadata.entry_points(group="pytest11", name="policyeval")
PLUGIN = () if ENTRY else ("-p", "policyeval.pytest_plugin")

BASE = golden_cases()
PASSING = """\
  - id: paid
    expect: {fee_payable: YES}
  - id: due
    expect: {fee_due_on: 2024-11-14}
"""
FAILING = """\
  - id: paid
    expect: {fee_payable: YES}
  - id: due
    note: clause 3.3
    expect:
      fee_due_on: 2024-11-15
  - id: future
    facts: {paid_on: 2025-06-01}
    expect: {fee_payable: YES}
"""


@pytest.fixture(autouse=True)
def _reader(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE", "PYTEST_ADDOPTS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("POLICYEVAL_LANG", "en")
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))


def write(folder: Path, cases: str, name: str = NAME) -> Path:
    """Write the made-up programme, perhaps under another name, with cases."""
    programme = shutil.copytree(PROGRAMMES / NAME, folder / name)
    (programme / "cases.yaml").write_text(BASE + cases, encoding="utf-8")
    if name != NAME:
        for each in programme.iterdir():
            text = each.read_text(encoding="utf-8")
            each.write_text(text.replace(f"programme: {NAME}", f"programme: {name}"), "utf-8")
    return programme


def run(pytester: pytest.Pytester, *arguments: str | Path) -> pytest.RunResult:
    return pytester.runpytest_inprocess(*PLUGIN, "-p", "no:hypothesispytest", *arguments)


# ------------------------------------------------------------------------------- collecting


def test_a_case_is_a_test_named_by_its_file_and_its_id(pytester: pytest.Pytester) -> None:
    write(pytester.path / "policies", PASSING)
    found = run(pytester, "policies/", "-v")
    found.assert_outcomes(passed=2)
    found.stdout.fnmatch_lines(
        [f"policies/{NAME}/cases.yaml::{each} PASSED*" for each in ("paid", "due")]
    )


def test_several_programmes_and_tests_of_python_run_side_by_side(
    pytester: pytest.Pytester,
) -> None:
    write(pytester.path / "a", PASSING)
    write(pytester.path / "b", PASSING, "second")
    pytester.makepyfile(test_python="def test_it(): assert True")
    run(pytester).assert_outcomes(passed=5)


@pytest.mark.parametrize("where", ["programme", "file", "policies"])
def test_a_folder_elsewhere_is_found(
    pytester: pytest.Pytester, tmp_path_factory: pytest.TempPathFactory, where: str
) -> None:
    programme = write(tmp_path_factory.mktemp("elsewhere"), PASSING)
    paths = {
        "programme": programme,
        "file": programme / "cases.yaml",
        "policies": programme.parent,
    }
    run(pytester, paths[where]).assert_outcomes(passed=2)


def test_a_programme_can_be_tested_from_its_own_folder(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(write(pytester.path, PASSING))
    run(pytester).assert_outcomes(passed=2)


def test_cases_of_other_tools_are_left_alone(pytester: pytest.Pytester) -> None:
    (pytester.path / "cases.yaml").write_text("- {some: other, tool: true}\n", encoding="utf-8")
    (pytester.path / "a").mkdir()
    (pytester.path / "a" / "cases.yaml").write_text("\t*", encoding="utf-8")
    (pytester.path / "a" / "programme.yaml").mkdir()
    (pytester.path / "a" / "cases.yml").write_text("[", encoding="utf-8")
    write(pytester.path, PASSING)
    run(pytester).assert_outcomes(passed=2)


def test_one_case_can_be_run_by_its_name(pytester: pytest.Pytester) -> None:
    write(pytester.path, PASSING)
    run(pytester, f"{NAME}/cases.yaml::due").assert_outcomes(passed=1)
    run(pytester, "-k", "paid").assert_outcomes(passed=1, deselected=1)
    run(pytester, "-k", NAME).assert_outcomes(passed=2)
    unknown = run(pytester, f"{NAME}/cases.yaml::nothing")
    assert unknown.ret == pytest.ExitCode.USAGE_ERROR


def test_a_folder_is_read_once_for_all_its_cases(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(pytester.path / "policies", PASSING)
    read: list[Path] = []
    original = policyeval.policy.repository.read_folder

    def counted(path: Path, **options: object) -> object:
        read.append(path)
        return original(path, **options)  # type: ignore[arg-type]  # as they were given

    monkeypatch.setattr(policyeval.policy.repository, "read_folder", counted)
    names = [f"policies/{NAME}/cases.yaml::{each}" for each in ("paid", "due")]
    run(pytester, *names).assert_outcomes(passed=2)
    assert read == [Path("policies") / NAME]


def test_what_failed_last_is_run_again_alone(pytester: pytest.Pytester) -> None:
    write(pytester.path, FAILING)
    run(pytester).assert_outcomes(passed=1, failed=2)
    run(pytester, "--lf").assert_outcomes(failed=2)


def test_cases_run_in_several_processes(pytester: pytest.Pytester) -> None:
    write(pytester.path, FAILING)
    found = pytester.runpytest_subprocess(*PLUGIN, "-n", "2")
    found.assert_outcomes(passed=1, failed=2)
    found.stdout.fnmatch_lines(
        [f"{NAME}/cases.yaml:*: the case `due` failed", "*expected: 2024-11-15"]
    )


def test_a_strict_configuration_has_nothing_to_complain_of(pytester: pytest.Pytester) -> None:
    pytester.makepyprojecttoml(
        '[tool.pytest.ini_options]\naddopts = ["--strict-markers", "--strict-config", '
        '"--import-mode=importlib", "-ra"]\nxfail_strict = true\nfilterwarnings = ["error"]\n'
    )
    write(pytester.path, PASSING)
    run(pytester).assert_outcomes(passed=2)


# ------------------------------------------------------------------------------- failures


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_failure_says_field_expected_and_got_with_its_line(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setenv("POLICYEVAL_LANG", language)
    write(pytester.path / "policies", FAILING)
    found = run(pytester, "policies")
    found.assert_outcomes(passed=1, failed=2)
    lines = (BASE + FAILING).splitlines()
    line = lines.index("  - id: due") + 1
    expected = {"en": "expected", "sv": "väntat", "de": "erwartet"}[language]
    text = str(found.stdout)
    start = text.index(f"policies/{NAME}/cases.yaml:{line}:9: ")
    shown = text[start:].splitlines()
    assert shown[1] == "    clause 3.3"
    assert shown[2].startswith("    fee_due_on.value  (")
    assert str(lines.index("      fee_due_on: 2024-11-15") + 1) in shown[2]
    assert shown[3] == f"      {expected}: 2024-11-15"
    assert shown[4].endswith(": 2024-11-14")
    assert "[input.future-event]" in text
    assert "Traceback" not in text
    assert ".py:" not in text


def test_a_failure_names_the_programme_and_where_the_case_begins(
    pytester: pytest.Pytester,
) -> None:
    write(pytester.path, FAILING)
    found = run(pytester, "--junitxml=report.xml", "-o", "junit_family=xunit1")
    found.stdout.fnmatch_lines([f"*_ {NAME}: due _*"])
    report = (pytester.path / "report.xml").read_text(encoding="utf-8")
    line = (BASE + FAILING).splitlines().index("  - id: due")
    assert re.search(rf'name="due" file="{NAME}/cases.yaml" line="{line}"', report)


def test_a_mistake_of_policyeval_itself_is_shown_with_its_traceback(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a bug")

    write(pytester.path, PASSING)
    monkeypatch.setattr("policyeval.cases.running.run_case", broken)
    found = run(pytester)
    found.assert_outcomes(failed=2)
    found.stdout.fnmatch_lines(["*RuntimeError: a bug", "*pytest_plugin.py:*"])


# ------------------------------------------------------------------------------- files


BROKEN = {
    "cases.yaml": ("fee_due_on", "fee_due_no", "cases.unknown"),
    "2024-07-01.yaml": ("value: paid_on +", "value: paid_no +", "feel.unknown-name"),
    "programme.yaml": ("zone:", "zoen:", "schema.unknown-key"),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("file", BROKEN)
def test_a_file_that_cannot_be_used_is_one_error_in_our_words(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, file: str, language: str
) -> None:
    monkeypatch.setenv("POLICYEVAL_LANG", language)
    old, new, code = BROKEN[file]
    path = write(pytester.path / "policies", PASSING) / file
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    found = run(pytester, "policies")
    found.assert_outcomes(errors=1)
    text = str(found.stdout)
    assert re.search(rf"^policies/{NAME}/{file}:\d+:\d+: .*\[{code}\]$", text, re.MULTILINE)
    assert "Traceback" not in text
    assert ".py:" not in text


def test_a_broken_programme_does_not_keep_another_from_being_tested(
    pytester: pytest.Pytester,
) -> None:
    write(pytester.path, PASSING)
    (write(pytester.path, PASSING, "second") / "cases.yaml").write_text("[", encoding="utf-8")
    run(pytester, "--continue-on-collection-errors").assert_outcomes(passed=2, errors=1)


def test_a_mistake_while_collecting_is_shown_with_its_traceback(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a bug")

    write(pytester.path, PASSING)
    monkeypatch.setattr("policyeval.cases.checking.cases_files", broken)
    found = run(pytester)
    found.assert_outcomes(errors=1)
    found.stdout.fnmatch_lines(["*RuntimeError: a bug"])


# ------------------------------------------------------------------------------- start-up

CONFTEST = """\
import sys

def pytest_unconfigure():
    with open("modules", "w") as file:
        file.write("\\n".join(sys.modules))
"""


def modules(pytester: pytest.Pytester, *arguments: str) -> set[str]:
    """Give what a process has loaded that runs pytest with no plugin but those named."""
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    command = [sys.executable, "-m", "pytest", "-q", *arguments]
    subprocess.run(command, env=environment, check=True, capture_output=True)
    return set((pytester.path / "modules").read_text(encoding="utf-8").split())


def test_a_project_without_policies_loads_nothing_of_policyeval(
    pytester: pytest.Pytester,
) -> None:
    pytester.makeconftest(CONFTEST)
    pytester.makepyfile(test_python="def test_it(): assert True")
    (pytester.path / "cases.yaml").write_text("other: tool\n", encoding="utf-8")
    without = modules(pytester)
    with_it = modules(pytester, "-p", "policyeval.pytest_plugin")
    assert with_it - without == {"policyeval", "policyeval.pytest_plugin"}
    assert not with_it & {"babel", "jsonschema", "lark", "re2", "rich", "yaml"}
