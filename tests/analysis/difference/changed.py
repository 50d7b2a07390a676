"""Versions of the made-up programme with a change: two, of which the later is a copy with edits."""

import shutil
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from policyeval.analysis.difference.comparing import compare
from policyeval.analysis.difference.model import Change, Differences
from policyeval.evaluator.policies import load_policies
from policyeval.policy.addresses import written
from policyeval.policy.loading import load_policy
from policyeval.policy.model import ValidPolicy
from policyeval.policy.validation import check_policy

PROGRAMMES = Path(__file__).parents[2] / "programmes"
NAME = "example-referral"
OLD, NEW = "2024-07-01", "2026-01-01"

Edit = Callable[[str], str]


def replacing(*pairs: tuple[str, str]) -> Edit:
    """Give an edit that replaces texts, each of which must be there."""

    def edit(text: str) -> str:
        for old, new in pairs:
            assert old in text, old
            text = text.replace(old, new, 1)
        return text

    return edit


def later(edit: Edit) -> str:
    """Give the text of the version's copy, with an edit."""
    text = (PROGRAMMES / NAME / f"{OLD}.yaml").read_text(encoding="utf-8")
    copied = replacing(
        (f'version: "{OLD}"', f'version: "{NEW}"'),
        (f"in_force: {{from: {OLD}, until: 2025-12-31}}", f"in_force: {{from: {NEW}}}"),
    )
    return edit(copied(text))


def folder_with(folder: Path, edit: Edit) -> Path:
    """Make a folder of policies in which a later version of the programme has an edit."""
    programme = folder / "policies" / NAME
    shutil.copytree(PROGRAMMES / NAME, programme)
    (programme / "cases.yaml").unlink(missing_ok=True)
    (programme / "2024-01-01.yaml").unlink()
    (programme / f"{NEW}.yaml").write_text(later(edit), encoding="utf-8")
    return folder / "policies"


def versions(folder: Path) -> Mapping[str, ValidPolicy]:
    """Read the versions of the programme."""
    found = load_policies(folder).versions(NAME).versions
    return {each.policy.version: each for each in found}


@cache
def earlier() -> ValidPolicy:
    """Give the version that is copied."""
    return versions(PROGRAMMES)[OLD]


def difference(edit: Edit) -> Differences:
    """Compare the version with a copy that has an edit."""
    before = earlier()
    policy = load_policy(later(edit).encode(), f"{NEW}.yaml", zone=ZoneInfo(before.programme.zone))
    return compare(before, check_policy(policy, before.programme))


def said(changes: tuple[Change, ...]) -> list[str]:
    """Write changes in a line each: what, where, and what in it."""
    return [
        " ".join([each.kind, written(each.address), *map(_key, each.parts)]) for each in changes
    ]


def _key(part: object) -> str:
    key = part.key  # type: ignore[attr-defined]  # every kind of part has one
    return key if isinstance(key, str) else ".".join(each for each in key if each)
