"""Made-up programmes of the size of the largest real one, as the benchmark of checking uses them."""

import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from benchmarks import checking, programmes
from benchmarks.programmes import VERSION, Made, programme, write
from policyeval.cases.checking import cases_files, check_cases
from policyeval.cases.model import Cases
from policyeval.cases.running import run_case
from policyeval.evaluator.policies import PolicySet
from policyeval.policy.clause_texts import compare, source_state
from policyeval.policy.library import Library
from policyeval.policy.model import Policy
from policyeval.policy.repository import read_folder
from policyeval.policy.validation.parts import formulas, sites

REAL = Path(__file__).parents[2] / "policies" / "ibas-ontrack-partner"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder = tmp_path_factory.mktemp("made-up")
    return read_folder(write(folder, 1, seed=7))


def _sizes(library: Library, folder: Path) -> Mapping[str, int]:
    """Count what makes a programme large: bytes, and what there is of each kind."""
    (shared,) = library.programmes.values()
    (version,) = shared.versions
    policy: Policy = version.policy
    decisions = policy.decisions.values()
    (cases,), _ = cases_files(library)
    return {
        "bytes of the version": len(policy.source.text.encode()),
        "bytes of the programme": (folder / "programme.yaml").stat().st_size,
        "bytes of the cases": (folder / "cases.yaml").stat().st_size,
        "lines": policy.source.text.count("\n"),
        "clauses": len(policy.clauses),
        "parameters": len(policy.parameters),
        "facts": len(policy.facts),
        "readings": len(policy.readings),
        "options": sum(len(each.options) for each in policy.readings.values()),
        "decisions": len(decisions),
        "questions": sum(each.question is not None for each in decisions),
        "requirements": sum(len(each.requires) for each in decisions),
        "exclusions": sum(len(each.excluded_if) for each in decisions),
        "remarks": sum(len(each.remarks) for each in decisions) + len(policy.remarks),
        "overlays": len(policy.overlays),
        "formulas": sum(len(list(formulas(site.slot))) for site in sites(policy)),
        "texts": policy.source.text.count(" sv:") + policy.source.text.count("{sv:"),
        "cases": len(cases.cases),
        "expectations": sum(len(each.expect) for each in cases.cases),
    }


def test_a_made_up_programme_is_as_large_as_the_largest_real_one(made: Library) -> None:
    real = _sizes(read_folder(REAL), REAL)
    (found,) = made.programmes.values()
    sizes = _sizes(made, found.folder)
    near = {name: sizes[name] / number for name, number in real.items()}
    # Golden cases are added all the time; a version that is published stays as it is.
    often = {"bytes of the cases", "cases", "expectations"}
    assert all(0.9 <= each <= 1.1 for name, each in near.items() if name not in often), near
    assert all(0.6 <= near[name] <= 1.6 for name in often), near


def test_nothing_is_wrong_with_it_but_that_it_is_not_published(made: Library) -> None:
    assert {each.code for each in made.diagnostics} == {"registry.not-locked"}
    assert check_cases(made) == ()


def test_its_sentences_are_those_of_its_source(made: Library) -> None:
    (found,) = made.programmes.values()
    text = (made.root.parent / "sources" / f"{found.programme.name}.en.txt").read_bytes()
    (version,) = found.versions
    assert source_state(version.policy, text) == "same"
    assert {each.state for each in compare(version.policy, text.decode())} == {"same"}


def test_its_golden_cases_hold(made: Library) -> None:
    (cases,), _ = cases_files(made)
    policies = PolicySet(made)
    assert isinstance(cases, Cases)
    for case in cases.cases[::4]:
        result = run_case(policies, cases.programme, case)
        assert result.passed, result


def _lines(made: Made) -> set[str]:
    """Give what stands between quotation marks or after a key, so far as it is of the programme's own."""
    lines = {each.strip() for text in made.files.values() for each in text.splitlines()}
    return {each for each in lines if len(each) > 40 and "sha256" not in each}


def test_the_same_seed_gives_the_same_bytes_and_another_one_others() -> None:
    assert programme(3, seed=7) == programme(3, seed=7)
    one, other, later = programme(3, seed=7), programme(4, seed=7), programme(3, seed=8)
    assert len(_lines(one)) > 1_000
    assert not _lines(one) & _lines(other)
    assert not _lines(one) & _lines(later)


def test_the_command_writes_as_many_as_are_wanted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["programmes", str(tmp_path), "--count", "2", "--seed", "5"])
    assert programmes.main() == 0
    folder = Path(capsys.readouterr().out.strip())
    assert sorted(each.name for each in folder.iterdir()) == ["made-up-001", "made-up-002"]
    assert (folder / "made-up-002" / f"{VERSION}.yaml").read_text(encoding="utf-8") == (
        programme(2, seed=5).files[f"{VERSION}.yaml"]
    )


# ------------------------------------------------------------------------------- the benchmark


@pytest.mark.parametrize(("wall", "status"), [(0.09, 0), (0.11, 1)])
def test_the_benchmark_has_a_line_for_each_run_and_fails_above_its_limits(
    wall: float,
    status: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    commands: list[list[str]] = []

    def measured(name: str, command: list[str], environment: Mapping[str, str]) -> checking.Row:
        commands.append(command)
        return checking.Row(name, wall, 2 * wall, 40)

    monkeypatch.setattr(checking, "measured", measured)
    monkeypatch.setattr("sys.argv", ["checking", "--count", "1", "--check"])
    assert checking.main() == status  # 20 s for 200 programmes is 0.1 s for one
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("1 programmes, 0.2 MB of YAML")
    assert len(lines) == 2 + len(commands)
    assert all(line.split()[-3] == "1.00" for line in lines[2:])
    assert [each[-1] for each in commands[1:]] == ["1"] * 2 + ["2"] * 3


def test_the_benchmark_measures_a_process_and_wants_it_to_succeed() -> None:
    row = checking.measured("sound", [sys.executable, "-c", ""], {})
    assert row.wall > 0
    assert row.peak > 1
    with pytest.raises(SystemExit, match="unsound: exit status 3"):
        checking.measured("unsound", [sys.executable, "-c", "raise SystemExit(3)"], {})
