"""Every case of the DMN TCK, as converted in `../shared/feel-cases`, and as its own runner sees them.

The cases are compared by that runner's own rules: it is loaded from where the cases lie. Where they
are not there, nothing is tested.
"""

import importlib.util
import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from policyeval.feel import protocol
from policyeval.feel.json_text import read_json
from policyeval.source import Source

ROOT = Path(__file__).parents[2]
CASES_FOLDER = ROOT.parent / "shared" / "feel-cases"
DEVIATIONS = tomllib.loads((Path(__file__).parent / "deviations.toml").read_text(encoding="utf-8"))[
    "deviation"
]

pytestmark = pytest.mark.skipif(
    not CASES_FOLDER.exists(), reason=f"the cases of the TCK are not in {CASES_FOLDER.name}"
)

Case = dict[str, Any]


def _runner() -> ModuleType:
    specification = importlib.util.spec_from_file_location("tck_run", CASES_FOLDER / "run.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def _cases() -> list[Case]:
    return [
        json.loads(line)
        for path in sorted(CASES_FOLDER.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip()
    ]


CASES = _cases()
RUN = _runner() if CASES else ModuleType("tck_run")


def _parameter(case: Case) -> Any:
    reasons = [f"{e['clause']}: {e['reason']}" for e in DEVIATIONS if e["id"] == case["id"]]
    marks = [pytest.mark.xfail(reason=reasons[0], strict=True)] if reasons else []
    return pytest.param(case, id=case["id"], marks=marks)


def _answer(request: Case) -> object:
    """Answer a request of the runner, in this process, through the same text as over a pipe."""
    answered = protocol.answer(read_json(Source(json.dumps(request))))
    if "error" in answered:
        raise RUN.EvalError(answered["error"])
    return json.loads(json.dumps(answered["value"]))


def _check(case: Case, tables: str) -> None:
    options = SimpleNamespace(tables=tables, coerce=True, tck_tolerance=False)
    passed, _, complaint = RUN.run_case(case, _answer, options)
    assert passed, f"{case.get('expression')}\nexpected {case['expected']!r}, {complaint}"


@pytest.mark.parametrize("case", [_parameter(case) for case in CASES])
def test_a_case_gives_what_the_standard_expects(case: Case) -> None:
    _check(case, "native")


@pytest.mark.parametrize(
    "case", [_parameter(case) for case in CASES if case["kind"] == "decision table"]
)
def test_a_table_put_together_from_its_cells_gives_the_same(case: Case) -> None:
    _check(case, "builtin")


def test_the_cases_are_all_there() -> None:
    assert len(CASES) >= 2_166
    assert len({case["id"] for case in CASES}) == len(CASES)


def test_deviations_are_few_and_each_rests_on_a_clause() -> None:
    known = {case["id"] for case in CASES}
    assert len(DEVIATIONS) <= 10
    for each in DEVIATIONS:
        assert each["id"] in known
        assert re.match(r"(DMN 1\.5|DESIGN\.md),? .*\d", each["clause"])
        assert len(each["reason"]) > 20


@pytest.mark.long
def test_the_runner_of_the_cases_is_content_with_the_command_line(tmp_path: Path) -> None:
    evaluator = shlex.join([sys.executable, "-m", "policyeval.feel", "--json-lines"])
    arguments = ["--command", evaluator, "--tables", "native", "--min", "99"]
    ran = subprocess.run(
        [sys.executable, str(CASES_FOLDER / "run.py"), *arguments],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert not ran.stderr
    total = re.search(r"^TOTAL +(\d+) / +(\d+)", ran.stdout, re.MULTILINE)
    assert total is not None
    assert int(total[2]) - int(total[1]) <= len(DEVIATIONS), (tmp_path / "failures.txt").read_text()
