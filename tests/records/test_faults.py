"""The system fails at any call: nothing is acknowledged that is not there, and nothing is there twice."""

import errno
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from policyeval.records import DecisionLog, LogError, Receipt, read_log, verify
from policyeval.records.writing import Sync
from tests.records.samples import FACTS, RECORD, UNSYNCED, Unsynced, record, write_log

LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
NUMBERS = range(1, 201)
ERRORS = (errno.ENOSPC, errno.EIO, errno.EROFS)


@dataclass
class Failing(Unsynced):
    """A system in which the n-th write or the n-th sync fails, and all that follow.

    Attributes:
        operation: `write` or `sync`.
        number: Which one, from 1.
        error: With which number of an error.
        taken: Bytes of that write that are taken before it fails.
        stuck: Whether the file cannot be cut then either.
        short: Bytes that a write takes at most.
        interrupts: Whether each call is interrupted once.
    """

    operation: str = "write"
    number: int = 0
    error: int = errno.EIO
    taken: int = 0
    stuck: bool = False
    short: int | None = None
    interrupts: bool = False
    calls: dict[str, int] = field(default_factory=lambda: {"write": 0, "sync": 0})
    failed: bool = False
    interrupted: bool = False

    def _count(self, operation: str) -> None:
        if self.interrupts and not self.interrupted:
            self.interrupted = True
            raise InterruptedError(errno.EINTR, "interrupted")
        self.interrupted = False
        self.calls[operation] += 1
        if self.operation == operation and self.calls[operation] == self.number:
            self.failed = True

    def write(self, descriptor: int, data: bytes | memoryview) -> int:
        before = self.failed
        self._count("write")
        if self.failed and self.operation == "write":
            if self.taken and not before:
                return super().write(descriptor, data[: self.taken])
            raise OSError(self.error, "failed")
        return super().write(descriptor, data if self.short is None else data[: self.short])

    def sync(self, descriptor: int) -> None:
        self._count("sync")
        if self.failed and self.operation == "sync":
            raise OSError(self.error, "failed")

    def truncate(self, descriptor: int, size: int) -> None:
        if self.failed and self.stuck:
            raise OSError(self.error, "failed")
        super().truncate(descriptor, size)


def write_until_it_fails(path: Path, files: Failing, sync: Sync) -> tuple[list[Receipt], int, bool]:
    """Append records until one is refused; give the receipts, how many were given, and whether closing failed."""
    receipts: list[Receipt] = []
    attempts = 0
    try:
        log = DecisionLog(path, sync=sync, every=5, files=files)
    except LogError:
        return receipts, attempts, False
    try:
        for attempts in range(1, 203):
            receipts.append(log.append(RECORD, {}, id=f"tx-{attempts}"))
    except LogError:
        content = path.read_bytes()
        for _ in range(2):
            with pytest.raises(LogError):
                log.append(record(), FACTS, id="after the failure")
            with pytest.raises(LogError):
                log.sync()
        assert path.read_bytes() == content
        assert log.head.seq == len(receipts)
        log.close()
        return receipts, attempts, False
    try:
        log.close()
    except LogError:
        return receipts, attempts, True
    return receipts, attempts, False


def check(path: Path, receipts: list[Receipt], attempts: int) -> None:
    """Open the log again, and compare what is there with what was acknowledged."""
    with DecisionLog(path, files=UNSYNCED) as log:
        log.append(record(), FACTS, id="later")
    assert verify(path).good
    found = [json.loads(line) for line in path.read_bytes().splitlines()[1:-1]]
    assert [each["seq"] for each in found] == list(range(1, len(found) + 1))
    assert [each["id"] for each in found] == [f"tx-{each['seq']}" for each in found]
    assert [each["hash"] for each in found][: len(receipts)] == [each.hash for each in receipts]
    assert len(receipts) <= len(found) <= min(attempts, len(receipts) + 1)


def faults() -> Iterator[tuple[Failing, Sync]]:
    """Give every failure: each call, each error, with and without a part written or a file cut."""
    for number in NUMBERS:
        for operation in ("write", "sync"):
            every = range(3) if LONG else [number % 3]
            for chosen in every:
                error = ERRORS[chosen]
                taken = (0, 1, 300)[number // 3 % 3]
                stuck = number // 9 % 2 == 0
                sync: Sync = "batch" if operation == "write" and number % 2 else "always"
                yield Failing(operation, number, error, taken, stuck), sync


def test_whatever_call_fails_what_was_acknowledged_is_there_and_at_most_one_record_more(
    tmp_path: Path,
) -> None:
    outcomes = set()
    for number, (files, sync) in enumerate(faults()):
        path = tmp_path / f"{number}.jsonl"
        receipts, attempts, _ = write_until_it_fails(path, files, sync)
        assert files.failed
        outcomes.add((files.operation, len(receipts)))
        check(path, receipts, attempts)
        path.unlink()
    assert {("write", 0), ("write", 198), ("sync", 0), ("sync", 197)} <= outcomes


@pytest.mark.parametrize("short", [1, 7, 400], ids=lambda each: f"{each} bytes at a time")
@pytest.mark.parametrize("interrupts", [False, True], ids=["", "interrupted"])
def test_short_writes_and_interruptions_change_nothing(
    tmp_path: Path, short: int, interrupts: bool
) -> None:
    path = tmp_path / "decisions.jsonl"
    files = Failing(short=short, interrupts=interrupts)
    with DecisionLog(path, files=files) as log:
        for each in range(5):
            log.append(record(each), FACTS)
    assert [each.data["answers"]["amount"]["value"] for each in read_log(path)] == list(range(5))  # type: ignore[index]
    assert verify(path, head=log.head).good


@pytest.mark.parametrize("number", range(1, 12))
@pytest.mark.parametrize("operation", ["write", "sync"])
def test_whatever_fails_while_a_tail_is_cut_the_tail_is_not_lost(
    tmp_path: Path, operation: str, number: int
) -> None:
    path = tmp_path / "decisions.jsonl"
    write_log(path, 2)
    whole = path.read_bytes()
    with path.open("ab") as file:
        file.write(b'{"format":1,"seq":3')
    files = Failing(operation, number)
    try:
        with DecisionLog(path, files=files) as log:
            log.append(record(), FACTS)
    except LogError:
        assert files.failed
    assert path.read_bytes().startswith(whole)
    kept = [
        each for each in tmp_path.glob("*.torn-*") if each.read_bytes() == b'{"format":1,"seq":3'
    ]
    assert kept or path.read_bytes() == whole + b'{"format":1,"seq":3'
    with DecisionLog(path, files=UNSYNCED) as log:
        assert log.head.seq >= 2
    assert verify(path).good


def test_a_failed_sync_is_not_asked_again(tmp_path: Path) -> None:
    class Once(Unsynced):
        calls = 0

        def sync(self, descriptor: int) -> None:
            self.calls += 1
            if self.calls == 4:
                raise OSError(errno.EIO, "failed")

    files = Once()
    log = DecisionLog(tmp_path / "decisions.jsonl", sync="never", files=files)
    log.append(record(), FACTS)
    log.sync()
    log.append(record(), FACTS)
    with pytest.raises(LogError, match="the disk reports an error"):
        log.sync()
    for _ in range(2):
        with pytest.raises(LogError):
            log.sync()
    assert files.calls == 4
    log.close()
    assert files.calls == 4
    assert len(list(read_log(log.path))) == 2, "they were acknowledged, though not as durable"


def test_what_is_not_on_the_disk_when_a_log_is_closed_is_told(tmp_path: Path) -> None:
    files = Failing("sync", 3)
    receipts, _, _ = write_until_it_fails(tmp_path / "a.jsonl", files, "batch")
    assert len(receipts) == 4
    files = Failing("sync", 3)
    log = DecisionLog(tmp_path / "b.jsonl", sync="batch", files=files)
    log.append(record(), FACTS)
    with pytest.raises(LogError):
        log.close()
    log.close()


def test_an_interrupt_in_the_middle_of_a_record_leaves_no_number_twice(tmp_path: Path) -> None:
    class Stopped(Unsynced):
        stop = False

        def write(self, descriptor: int, data: bytes | memoryview) -> int:
            if self.stop:
                super().write(descriptor, data[:200])
                raise KeyboardInterrupt
            return super().write(descriptor, data)

        def names(self, descriptor: int) -> int:
            if self.late:
                raise KeyboardInterrupt
            return super().names(descriptor)

        late = False

    for name in ("stop", "late"):
        files = Stopped()
        path = tmp_path / f"{name}.jsonl"
        log = DecisionLog(path, files=files)
        log.append(record(), FACTS)
        setattr(files, name, True)
        with pytest.raises(KeyboardInterrupt):
            log.append(record(), FACTS)
        setattr(files, name, False)
        with pytest.raises(LogError, match="interrupted"):
            log.append(record(), FACTS)
        assert log.head.seq == 1
        with DecisionLog(path, files=UNSYNCED) as again:
            assert again.head == log.head
            assert again.recovered is None, "it was cut back at once"


def test_a_log_whose_folder_was_removed_takes_no_more_records(tmp_path: Path) -> None:
    folder = tmp_path / "logs"
    folder.mkdir()
    log = DecisionLog(folder / "decisions.jsonl", files=UNSYNCED)
    log.append(record(), FACTS)
    shutil.rmtree(folder)
    with pytest.raises(LogError, match="there is no such file or folder"):
        log.append(record(), FACTS)
    with pytest.raises(LogError):
        log.append(record(), FACTS)
    with pytest.raises(LogError, match="there is no such file or folder"):
        DecisionLog(folder / "decisions.jsonl", files=UNSYNCED)


def test_a_log_that_cannot_be_opened_says_why(tmp_path: Path) -> None:
    class ReadOnly(Unsynced):
        def open(self, path: Path) -> int:
            raise OSError(errno.EROFS, "read-only")

    class NoRight(Unsynced):
        def open(self, path: Path) -> int:
            raise PermissionError(errno.EACCES, "no")

    class Odd(Unsynced):
        def open(self, path: Path) -> int:
            raise OSError(errno.ENXIO, "No such device or address")

    for files, words in (
        (ReadOnly(), "nothing can be written there"),
        (NoRight(), "there is no right to do that"),
        (Odd(), "the system refuses it: No such device or address"),
    ):
        with pytest.raises(LogError, match=words):
            DecisionLog(tmp_path / "decisions.jsonl", files=files)
    with pytest.raises(LogError, match="this is a folder, where a file is wanted"):
        DecisionLog(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(LogError, match="this is no ordinary file"):
        DecisionLog(tmp_path / "pipe")
    assert not (tmp_path / "decisions.jsonl").exists()


@pytest.mark.parametrize("number", range(1, 8))
@pytest.mark.parametrize("operation", ["write", "sync"])
def test_whatever_fails_while_a_new_file_is_begun_there_is_one_log_under_its_name(
    tmp_path: Path, operation: str, number: int
) -> None:
    path, old = tmp_path / "decisions.jsonl", tmp_path / "old.jsonl"
    files = Failing(operation, number + 3)
    log = DecisionLog(path, sync="never", files=files)
    log.append(record(), FACTS)
    log.append(record(), FACTS)
    try:
        log.rotate(old)
        log.append(record(), FACTS)
    except LogError:
        assert files.failed
        with pytest.raises(LogError):
            log.append(record(), FACTS)
    log.close()
    with DecisionLog(path, files=UNSYNCED) as again:
        again.append(record(), FACTS, id="later")
    assert verify(*([old, path] if old.exists() else [path])).good
    if not old.exists():
        with DecisionLog(path, files=UNSYNCED) as again:
            again.rotate(old)
        assert verify(old, path).good
