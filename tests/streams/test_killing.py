"""A process that is killed while it writes loses no line and doubles none."""

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest

from tests.streams.test_resuming import Folder

ROOT = Path(__file__).parents[2]
WHOLE = b"".join(
    b"!\n" if number % 5 == 3 else b"\n" if number % 17 == 1 else b"%d\n" % number
    for number in range(4_000)
)


def _killed_at(folder: Path, size: int) -> None:
    """Let a run go on until its output has grown by so much, and kill it, whatever it is doing."""
    output = Folder(folder).output
    before = output.stat().st_size if output.exists() else 0
    with (folder / "input").open("rb") as given:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.streams.killed", str(folder)],
            stdin=given,
            env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"},
            cwd=ROOT,
        )
    while process.poll() is None:
        if output.exists() and output.stat().st_size >= before + size:
            process.kill()
            break
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.001)
    process.wait()
    assert process.returncode != 0, "it was to be killed before it was done"


def test_a_process_that_is_killed_at_any_moment_is_gone_on_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "input").write_bytes(WHOLE)
    chance = Random(5)
    for _ in range(3):
        _killed_at(tmp_path, chance.randrange(1, 15_000))
    monkeypatch.setattr(os, "fsync", lambda _: None)
    files = Folder(tmp_path)
    outputs = files.begin(resume=True)
    outputs.close()
    assert outputs.place.line > 0, "it goes on, and does not begin anew"
    files.run(WHOLE, resume=True)
    (tmp_path / "other").mkdir()
    other = Folder(tmp_path / "other")
    other.run(WHOLE)
    assert files.both() == other.both()
