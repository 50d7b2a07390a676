"""The made-up programme."""

from pathlib import Path

import pytest

from policyeval.evaluator.policies import PolicySet, load_policies

PROGRAMMES = Path(__file__).parents[1] / "programmes"


@pytest.fixture(scope="session")
def cache_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder for what processes keep, so that each of them starts quickly."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(autouse=True)
def _own_cache(monkeypatch: pytest.MonkeyPatch, cache_home: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache_home))


@pytest.fixture(scope="session")
def policies() -> PolicySet:
    """Give the made-up programme."""
    return load_policies(PROGRAMMES)
