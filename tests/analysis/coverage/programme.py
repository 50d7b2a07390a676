"""The made-up programme with a set of cases that shows everything of its newest version."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from policyeval.analysis.coverage import Coverage, coverage
from policyeval.cases.checking import cases_files
from policyeval.cases.model import Case, Cases
from policyeval.evaluator.policies import PolicySet
from policyeval.policy.addresses import written
from policyeval.policy.repository import read_folder

NAME = "example-referral"
PROGRAMMES = Path(__file__).parents[2] / "programmes"
FULL = Path(__file__).parent / "cases.yaml"
NEWEST = "2024-07-01.yaml"

# With a single row no question about papers turns on anything.
_SECOND_PAPER = """\
        - {id: first, clause: "4.3", when: ["true"], then: ['"referral"']}
"""


def made(root: Path, *, older: bool = False) -> Path:
    """Copy the programme and its cases; give the folder of policies."""
    policies = root / "policies"
    shutil.copytree(PROGRAMMES / NAME, policies / NAME)
    shutil.copytree(PROGRAMMES / "sources", root / "sources")
    if not older:
        (policies / NAME / "2024-01-01.yaml").unlink()
    shutil.copy(FULL, policies / NAME / "cases.yaml")
    changed(policies, lambda text: text.replace(_SECOND_PAPER, ""))
    return policies


def changed(policies: Path, change: Callable[[str], str], file: str = NEWEST) -> None:
    """Change a file of the programme."""
    path = policies / NAME / file
    text = path.read_text("utf-8")
    other = change(text)
    assert other != text
    path.write_text(other, "utf-8")


def read(policies: Path) -> tuple[PolicySet, Cases]:
    """Read the programme and its cases."""
    library = read_folder(policies)
    library.refuse()
    (file,), problems = cases_files(library)
    assert not problems
    return PolicySet(library), file


def covered(policies: PolicySet, file: Cases, cases: tuple[Case, ...] | None = None) -> Coverage:
    """Find what some cases cover."""
    return coverage(policies, [file if cases is None else replace(file, cases=cases)])


def missing(found: Coverage) -> list[str]:
    """Give what is missing, as an exception is written."""
    return [f"{written(e.goal.at)}: {e.goal.what}" for e in found.programmes[0].missing]
