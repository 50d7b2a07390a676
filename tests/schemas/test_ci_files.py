"""The files for CI that are shipped: by their schemas, with commands that there are, and few rights."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from policyeval.cli import COMMANDS, main, parser
from policyeval.policy.lock import lock_text

ROOT = Path(__file__).parents[2]
SCHEMAS = Path(__file__).parent
SCHEMA_OF = {
    "examples/ci/github.yml": "github-workflow.json",
    "examples/ci/gitlab.yml": "gitlab-ci.json",
    ".pre-commit-hooks.yaml": "pre-commit-hooks.json",
}
PAGES = ("docs/ci.md", "docs/testing.md")


@cache
def read(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", SCHEMA_OF)
def test_a_file_for_ci_is_as_its_schema_asks(name: str) -> None:
    schema = json.loads((SCHEMAS / SCHEMA_OF[name]).read_text(encoding="utf-8"))
    data = read(name)
    if isinstance(data, dict):  # to YAML 1.1, `on` is true
        data = {"on" if key is True else key: value for key, value in data.items()}
    jsonschema.Draft7Validator(schema).validate(data)


# ------------------------------------------------------------------------------- commands


def scripts(name: str) -> Iterator[str]:
    """Give what a file lets a shell run."""
    data = read(name)
    if name.endswith("github.yml"):
        for job in data["jobs"].values():
            yield from (step["run"] for step in job["steps"] if "run" in step)
    elif name.endswith("gitlab.yml"):
        for job in data.values():
            if "script" in job:
                yield from job["script"]
    else:
        yield from (
            shlex.join([each["entry"], *each.get("args", ())]).replace("'", "") for each in data
        )


def commands(text: str) -> list[list[str]]:
    """Give the arguments of each command line that begins with `policyeval`."""
    found = re.findall(r"(?<![\w-])policyeval ([a-z]+[^\n`]*)", text)
    return [
        shlex.split(re.split(r" (?:\d?>|\|\|?|&&|;)(?= |$)", each)[0], comments=True)
        for each in found
    ]


def is_command_line(arguments: list[str]) -> None:
    assert arguments[0] in COMMANDS
    assert parser("en", arguments).parse_args(arguments)


@pytest.mark.parametrize("name", SCHEMA_OF)
def test_every_command_of_a_file_for_ci_is_one_that_there_is(name: str) -> None:
    found = [each for script in scripts(name) for each in commands(script)]
    assert {each[0] for each in found} >= {"check", "fmt", "lock", "test"}
    for each in found:
        is_command_line(each)


@pytest.mark.parametrize("name", PAGES)
def test_every_command_of_a_page_is_one_that_there_is(name: str) -> None:
    found = commands("\n".join(shown(name)))
    assert len(found) > 4
    for each in found:
        is_command_line(each)


def shown(name: str) -> list[str]:
    """Give the command lines that a page shows: in tables, and in blocks of their own."""
    text = (ROOT / name).read_text(encoding="utf-8")
    in_tables = re.findall(r"\| `(policyeval [^`]*)` \|", text)
    return [*in_tables, *re.findall(r"^ {4}(.*)$", text, re.MULTILINE)]


def record(root: Path) -> Path:
    """Write the lock file of a folder that holds `policies`, whatever was in it."""
    policies = root / "policies"
    digests = {
        ("example-referral", each.stem): sha256(each.read_bytes()).hexdigest()
        for each in (policies / "example-referral").glob("20*.yaml")
    }
    (policies / "policies.lock").write_text(lock_text(digests), encoding="ascii")
    return policies / "policies.lock"


CASES = """\
format: 1
programme: example-referral
base: {asked_on: 2025-01-31, facts: {referred_at: 2024-08-01T10:00:00, paid_on: 2024-10-15}}
cases:
  - id: paid-in-time
    expect: {fee_due_on: 2024-11-14}
"""
LONG = {
    "--coverage",
    "--mutate",
}  # they look for cases that are missing, and have tests of their own


@pytest.mark.parametrize("name", PAGES)
def test_what_a_page_shows_runs_and_finds_nothing_where_all_is_well(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "policies" / "example-referral"
    shutil.copytree(ROOT / "tests" / "programmes" / "example-referral", folder)
    (folder / "cases.yaml").write_text(CASES, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("POLICYEVAL_LANG", "en")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert main(["fmt", "policies"]) == 0
    shutil.copy(record(tmp_path), "published.lock")
    ran = 0
    for each in commands("\n".join(shown(name))):
        if each[0] != "drift" and LONG.isdisjoint(each):
            assert (each, main(each)) == (each, 0), capsys.readouterr().out
            ran += 1
    assert ran > 2


def test_the_hooks_of_the_page_are_those_that_there_are() -> None:
    text = (ROOT / "docs/ci.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```yaml\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    (repository,) = yaml.safe_load(block)["repos"]
    hooks = [each["id"] for each in read(".pre-commit-hooks.yaml")]
    assert sorted(each["id"] for each in repository["hooks"]) == sorted(hooks)


# ------------------------------------------------------------------------------- rights


def test_jobs_on_github_have_few_rights_and_an_end() -> None:
    workflow: Mapping[str, Any] = read("examples/ci/github.yml")
    assert workflow["permissions"] == {"contents": "read"}
    rights = {name: job.get("permissions") for name, job in workflow["jobs"].items()}
    assert rights == {
        "policies": {"contents": "read", "security-events": "write"},
        "drift": {"contents": "read", "issues": "write"},
    }
    assert all(job["timeout-minutes"] <= 30 for job in workflow["jobs"].values())


def test_actions_are_pinned_to_a_major_version_and_keep_no_credentials() -> None:
    steps = [
        each for job in read("examples/ci/github.yml")["jobs"].values() for each in job["steps"]
    ]
    used = [each for each in steps if "uses" in each]
    assert all(re.fullmatch(r"(actions|github)/[\w/-]+@v\d+", each["uses"]) for each in used)
    checkouts = [each for each in used if each["uses"].startswith("actions/checkout@")]
    assert [each["with"]["persist-credentials"] for each in checkouts] == [False, False]


def test_nothing_that_others_write_becomes_part_of_a_script() -> None:
    for script in scripts("examples/ci/github.yml"):
        assert "${{" not in script


# ------------------------------------------------------------------------------- the shell in them


@pytest.mark.parametrize("name", ["examples/ci/github.yml", "examples/ci/gitlab.yml"])
def test_every_script_is_one_that_a_shell_can_read(name: str) -> None:
    for script in scripts(name):
        checked = subprocess.run(
            ["bash", "-n"], input=script, text=True, capture_output=True, check=False
        )
        assert (checked.returncode, checked.stderr) == (0, "")


def lock_script(name: str) -> str:
    (script,) = [each for each in scripts(name) if "git show" in each]
    return script


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a clone of a repository on whose main branch two versions are published."""
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name, raising=False)
    origin, clone = tmp_path / "origin", tmp_path / "clone"
    folder = origin / "policies" / "example-referral"
    shutil.copytree(ROOT / "tests" / "programmes" / "example-referral", folder)
    (folder / "cases.yaml").unlink(missing_ok=True)
    record(origin)
    git(origin, "init", "--quiet", "--initial-branch=main")
    commit(origin)
    git(tmp_path, "clone", "--quiet", str(origin), str(clone))
    command = tmp_path / "bin" / "policyeval"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m policyeval "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    return clone


def git(folder: Path, *arguments: str) -> None:
    who = ["-c", "user.name=somebody", "-c", "user.email=somebody@example.com"]
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


def commit(folder: Path) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "change")


def status_of(script: str, checkout: Path, **variables: str) -> int:
    """Run a script as the runners do: a command that fails ends it."""
    path = f"{checkout.parent / 'bin'}{os.pathsep}{os.environ['PATH']}"
    temporary = checkout.parent / "temporary"
    temporary.mkdir(exist_ok=True)
    given = {**os.environ, "PATH": path, "RUNNER_TEMP": str(temporary), **variables}
    given["PYTHONPATH"] = os.pathsep.join(sys.path)
    script = script.replace("/tmp/published.lock", str(temporary / "published.lock"))
    return subprocess.run(
        ["bash", "-e", "-c", script], cwd=checkout, env=given, capture_output=True, check=False
    ).returncode


WAYS: Mapping[str, Mapping[str, str]] = {
    "examples/ci/github.yml": {"BASE": "origin/main"},
    "examples/ci/gitlab.yml": {
        "CI_COMMIT_BEFORE_SHA": "0" * 40,
        "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
    },
}


@pytest.mark.parametrize("name", WAYS)
def test_a_published_version_that_was_edited_with_its_line_does_not_pass(
    name: str, checkout: Path
) -> None:
    script = lock_script(name)
    assert status_of(script, checkout, **WAYS[name]) == 0
    version = checkout / "policies" / "example-referral" / "2024-01-01.yaml"
    version.write_bytes(version.read_bytes() + b"# edited\n")
    record(checkout)
    commit(checkout)
    assert status_of(script, checkout, **WAYS[name]) == 1


@pytest.mark.parametrize("name", WAYS)
def test_a_base_that_is_not_there_does_not_pass(name: str, checkout: Path) -> None:
    nothing = {"BASE": "0" * 40, "CI_COMMIT_BEFORE_SHA": "0" * 40}
    assert status_of(lock_script(name), checkout, **nothing) != 0
