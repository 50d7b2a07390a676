"""The command line, run within the test's own process, over a made-up programme."""

import io
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from policyeval.cli import main

PROGRAMMES = Path(__file__).parents[1] / "programmes"


@dataclass(frozen=True)
class Output:
    """What a command gave."""

    status: int
    out: str
    err: str


Cli = Callable[..., Output]


@pytest.fixture(scope="session")
def cache_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder for what the commands keep, so that each of them starts quickly."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(autouse=True)
def _english_reader(monkeypatch: pytest.MonkeyPatch, cache_home: Path) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE", "NO_COLOR", "POLICYEVAL_POLICIES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("POLICYEVAL_LANG", "en")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache_home))


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    """Run a command line with bytes on standard input."""

    def run(*arguments: str, given: bytes = b"") -> Output:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
        try:
            status = main(arguments)
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else 1
        captured = capsys.readouterr()
        return Output(status, captured.out, captured.err)

    return run


@pytest.fixture
def policies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder `policies` of one's own, with the made-up programme, as seen from where it is."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(PROGRAMMES / "example-referral", tmp_path / "policies" / "example-referral")
    (tmp_path / "policies" / "example-referral" / "cases.yaml").unlink(missing_ok=True)
    return Path("policies")
