"""Whoever writes a log may be killed at any moment: what was acknowledged is there."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from policyeval.records import DecisionLog, LogError, read_log, verify
from tests.records.samples import FACTS, UNSYNCED, ids, record, write_log

ROOT = Path(__file__).parents[2]
LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
KILLS = 5_000 if LONG else 100


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
@pytest.mark.long
def test_a_writer_that_is_killed_at_any_moment_loses_nothing_that_was_acknowledged() -> None:
    seed = str(int.from_bytes(os.urandom(4), "big")) if LONG else "1"
    done = subprocess.run(
        [sys.executable, "-m", "tests.records.killing", "--kills", str(KILLS), "--seed", seed],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert seen["wrong"] == [], f"seed {seed}"
    assert seen["kills"] == KILLS
    assert seen["acknowledged"] > KILLS
    assert seen["torn"] > 0, "or else nothing was killed within a line"


def test_a_log_cut_at_any_byte_opens_and_loses_only_what_is_not_whole(tmp_path: Path) -> None:
    whole = tmp_path / "whole.jsonl"
    write_log(whole, 2)
    content = whole.read_bytes()
    for size in range(len(content) + 1):
        path = tmp_path / "decisions.jsonl"
        path.write_bytes(content[:size])
        lines = content[:size].count(b"\n")
        end = content[:size].rfind(b"\n") + 1
        with DecisionLog(path, files=UNSYNCED) as log:
            assert log.head.seq == max(0, lines - 1)
            if size == end:
                assert log.recovered is None
            else:
                assert log.recovered is not None
                assert (log.recovered.offset, log.recovered.size) == (end, size - end)
                assert log.recovered.kept == Path(f"{path}.torn-{end}")
                assert log.recovered.kept.read_bytes() == content[end:size]
                log.recovered.kept.unlink()
            if lines:
                assert path.read_bytes() == content[:end]
            log.append(record(), {}, id="next")
        assert ids(path) == [*("tx-1", "tx-2")[: max(0, lines - 1)], "next"]
        path.unlink()


def test_what_was_cut_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "decisions.jsonl"
    write_log(path, 1)
    end = path.stat().st_size
    for tail in (b'{"format', b"{", b'{"format":1,"seq":2'):
        with path.open("ab") as file:
            file.write(tail)
        with DecisionLog(path, files=UNSYNCED):
            pass
    kept = sorted(tmp_path.glob("*.torn-*"))
    assert [each.name for each in kept] == [
        f"decisions.jsonl.torn-{end}",
        f"decisions.jsonl.torn-{end}-2",
        f"decisions.jsonl.torn-{end}-3",
    ]
    assert [each.read_bytes() for each in kept] == [b'{"format', b"{", b'{"format":1,"seq":2']


@pytest.mark.parametrize("lost", [1, 200, 4_096, 9_000], ids=lambda each: f"{each} bytes")
def test_blocks_that_never_reached_the_disk_are_a_torn_tail(tmp_path: Path, lost: int) -> None:
    path = tmp_path / "decisions.jsonl"
    write_log(path, 8, note="x" * 1_000)
    content = path.read_bytes()
    # After a power cut a file can be as long as it was to be, with zeros where nothing was written.
    path.write_bytes(content[:-lost] + b"\0" * lost)
    with DecisionLog(path, files=UNSYNCED) as log:
        assert log.recovered is not None
        log.append(record(), FACTS, id="next")
    seen = ids(path)
    assert seen == [*(f"tx-{each}" for each in range(1, len(seen))), "next"]
    assert verify(path).good


def test_zeros_within_the_last_line_are_a_torn_tail_too(tmp_path: Path) -> None:
    path = tmp_path / "decisions.jsonl"
    write_log(path, 3)
    content = path.read_bytes()
    path.write_bytes(content[:-300] + b"\0" * 200 + content[-100:])
    with DecisionLog(path, files=UNSYNCED) as log:
        assert log.head.seq == 2
        assert log.recovered is not None
        assert log.recovered.kept.read_bytes().endswith(content[-100:])


def test_a_whole_line_that_was_changed_is_not_cut_but_refused(tmp_path: Path) -> None:
    path = tmp_path / "decisions.jsonl"
    write_log(path, 3)
    content = path.read_bytes().replace(b'"value":3', b'"value":4')
    path.write_bytes(content)
    with pytest.raises(LogError) as caught:
        DecisionLog(path, files=UNSYNCED)
    assert "cannot be relied on" in str(caught.value)
    assert "log.unavailable" in str(caught.value)
    assert path.read_bytes() == content
    assert sorted(each.name for each in tmp_path.iterdir()) == ["decisions.jsonl"]


@pytest.mark.parametrize(
    "content",
    [
        b"not a log",
        b"not a log\n",
        b"\x7fELF\0\0\0\n\0\0",
        b"{}",
        b'{"format":1}\n',
        b'{"format":2,"log":{}}\n',
        b"\n",
        b" ",
    ],
    ids=repr,
)
def test_a_file_that_is_no_log_is_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "notes.txt"
    path.write_bytes(content)
    with pytest.raises(LogError):
        DecisionLog(path, files=UNSYNCED)
    assert path.read_bytes() == content
    assert [each.name for each in tmp_path.iterdir()] == ["notes.txt"]


def test_a_reader_leaves_out_a_line_that_is_still_being_written(tmp_path: Path) -> None:
    path = tmp_path / "decisions.jsonl"
    write_log(path, 2)
    path.write_bytes(path.read_bytes()[:-1])
    assert [each.seq for each in read_log(path)] == [1]
