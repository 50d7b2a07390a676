"""The two programmes that come with policyeval: their golden cases, their sources, their words."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import policyeval
from policyeval import PolicySet
from policyeval.cases import Case, load_cases, run_case
from policyeval.evaluation.model import Verdict
from policyeval.evaluation.results import Evaluation
from policyeval.policy.clause_texts import compare, source_state
from policyeval.policy.model import ValidPolicy
from policyeval.policy.repository import read_folder

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
SWEDISH, GERMAN = "ibas-ontrack-partner", "kaspersky-target-notification"
PROGRAMMES = (SWEDISH, GERMAN)


class Remembering(PolicySet):
    """Policies that remember their last evaluation, which a golden case is run by."""

    last: Evaluation | None = None

    def evaluate(self, *given: Any, **options: Any) -> Evaluation:
        """Answer as `PolicySet.evaluate` does."""
        self.last = None
        self.last = super().evaluate(*given, **options)
        return self.last


@cache
def policies() -> Remembering:
    return Remembering(policyeval.load_policies(ROOT / "policies").library)


@cache
def cases(programme: str) -> tuple[Case, ...]:
    path = ROOT / "policies" / programme / "cases.yaml"
    return load_cases(path.read_bytes(), str(path)).cases


EVERY = [(programme, case) for programme in PROGRAMMES for case in cases(programme)]


def test_the_shipped_policies_have_no_problem_at_all() -> None:
    found = read_folder(ROOT / "policies").diagnostics
    assert [f"{each.source.name}: {each.code}" for each in found] == []


@pytest.mark.parametrize(
    ("programme", "case"), EVERY, ids=[f"{programme}-{case.id}" for programme, case in EVERY]
)
def test_a_golden_case_comes_out_as_expected_and_is_explained_in_every_language(
    programme: str, case: Case
) -> None:
    result = run_case(policies(), programme, case)
    assert result.error is None, result.error
    assert result.differences == ()
    if case.refused is not None:
        return
    evaluation = policies().last
    assert evaluation is not None
    assert set(evaluation) >= {each.decision for each in case.expect}
    texts = {language: evaluation.explain(language) for language in ("sv", "de", "en")}
    assert len(set(texts.values())) == 3
    assert not any("(unknown)" in each for each in texts.values())


@pytest.mark.parametrize(("programme", "least"), [(SWEDISH, 60), (GERMAN, 30)])
def test_there_are_enough_golden_cases(programme: str, least: int) -> None:
    assert len(cases(programme)) >= least


@pytest.mark.parametrize("programme", PROGRAMMES)
def test_golden_cases_expect_every_verdict_that_the_programme_can_give(programme: str) -> None:
    expected = {
        each.verdict.value
        for case in cases(programme)
        for each in case.expect
        if each.verdict is not None
    }
    # The German notice leaves nothing to anybody's decision.
    without = set() if programme == SWEDISH else {Verdict.DISCRETION}
    assert expected == set(Verdict) - without


@pytest.mark.parametrize("programme", PROGRAMMES)
def test_every_question_is_asked_in_a_golden_case(programme: str) -> None:
    asked = {each.decision for case in cases(programme) for each in case.expect}
    questions = {
        name
        for version in policies().versions(programme).versions
        for name, each in version.policy.decisions.items()
        if each.question is not None
    }
    assert asked == questions


# ------------------------------------------------------------------------------- the sources


def versions() -> list[ValidPolicy]:
    return [each for name in PROGRAMMES for each in policies().versions(name).versions]


def source_of(version: ValidPolicy) -> Path:
    path = SHARED / "sources" / version.policy.written_from.file
    if not path.exists():
        pytest.skip("the source texts are kept beside the project, not in it")
    return path


@pytest.mark.parametrize("version", versions(), ids=lambda v: v.policy.version)
def test_every_clause_is_that_of_the_source(version: ValidPolicy) -> None:
    path = source_of(version)
    states = compare(version.policy, path.read_text(encoding="utf-8"))
    assert {each.state for each in states} == {"same"}
    assert source_state(version.policy, path.read_bytes()) == "same"


@pytest.mark.parametrize("version", versions(), ids=lambda v: v.policy.version)
def test_no_sentence_of_the_source_is_copied(version: ValidPolicy) -> None:
    source = _words(source_of(version).read_text(encoding="utf-8"))
    folder = ROOT / "policies" / version.policy.programme
    runs = {tuple(source[at : at + 8]) for at in range(len(source) - 7)}
    for path in folder.glob("*.yaml"):
        written = _words(path.read_text(encoding="utf-8"))
        copied = [
            " ".join(written[at : at + 8])
            for at in range(len(written) - 7)
            if tuple(written[at : at + 8]) in runs
        ]
        assert copied == [], path


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


@pytest.mark.parametrize("programme", PROGRAMMES)
def test_the_vocabulary_is_that_of_the_programme(programme: str) -> None:
    path = SHARED / "programmes" / f"{programme}.md"
    if not path.exists():
        pytest.skip("the tables of the programmes are kept beside the project, not in it")
    text = path.read_text(encoding="utf-8")
    _, facts, decisions, *_ = re.split(r"^\| (?:Fact|Decision) \|.*$", text, flags=re.MULTILINE)
    policy = policies().versions(programme).versions[-1].policy
    named = {name for row in _rows(facts) if not row.startswith("…") for name in row.split(", ")}
    entries = {
        name.strip(" …") for row in _rows(facts) if row.startswith("…") for name in row.split(", ")
    }
    assert named <= policy.facts.keys()
    assert entries <= {name for fact in policy.facts.values() for name in fact.entries}
    assert set(_rows(decisions.split("\n\n")[0])) == {
        name for name, each in policy.decisions.items() if each.question is not None
    }


def _rows(table: str) -> list[str]:
    return [row.split("|")[1].strip() for row in table.splitlines() if row.startswith("| ")]
