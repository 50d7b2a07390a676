"""Writing a log: what is acknowledged, what a line looks like, who may write."""

import csv
import io
import json
import os
import stat
import sys
import threading
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyeval.records import DecisionLog, Head, LogError, Receipt, one_line, read_log, verify
from policyeval.records.writing import Sync
from tests.records.samples import FACTS, RECORD, UNSYNCED, Unsynced, clock, ids, record, write_log

MOMENT = datetime(2024, 7, 1, 9, 30, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "decisions.jsonl"


# ---------------------------------------------------------------------- a record


def test_what_was_written_is_read_again(path: Path) -> None:
    moments = clock()
    with DecisionLog(path, clock=lambda: next(moments), files=UNSYNCED) as log:
        receipt = log.append(RECORD, FACTS, id="tx-1", overlays=["bgb-193"])
        assert receipt == Receipt(1, log.head.hash, durable=True)
    [found] = read_log(path)
    assert (found.seq, found.id, found.line) == (1, "tx-1", 2)
    assert found.recorded_at == MOMENT + timedelta(seconds=1)
    assert found.facts == {"amount": Decimal(18500), "paid_on": "2024-01-31", "option": "referral"}
    assert (found.hashed, found.dropped, found.salt, found.nonce) == ({}, (), None, None)
    assert found.complete
    assert found.evaluation == RECORD
    assert found.hash == receipt.hash
    assert found.request.programme == "made-up"
    assert found.request.asked_on == date(2024, 7, 1)
    assert found.request.known_on is None
    assert found.request.overlays == ("bgb-193",)
    assert found.request.decisions == ("amount",)
    assert [each.version for each in found.request.made_by] == ["2024-01-01"]


def test_a_line_is_laid_out_as_its_description_says(path: Path) -> None:
    write_log(path, 1)
    first, line = path.read_text(encoding="utf-8").splitlines()
    assert list(json.loads(first)) == ["format", "log", "previous", "hash"]
    assert first.startswith(
        '{"format":1,"log":{"started":"2024-07-01T09:30:00.000000Z","after":0},"previous":"'
    )
    assert line.startswith(
        '{"format":1,"seq":1,"id":"tx-1","recorded_at":"2024-07-01T09:30:01.000000Z",'
        '"facts":{"amount":18500,"paid_on":"2024-01-31","option":"referral"},"evaluation":{"format":1,'
    )


@pytest.mark.parametrize(
    ("known_on", "expected"),
    [
        (None, None),
        ("2024-06-01", date(2024, 6, 1)),
        ("2024-06-01T09:30:00", datetime(2024, 6, 1, 9, 30)),
        ("2024-06-01T09:30:00.5Z", datetime(2024, 6, 1, 9, 30, 0, 500_000, UTC)),
        ("2024-06-01T09:30:00+02:00", datetime(2024, 6, 1, 7, 30, tzinfo=UTC)),
        ("2024-06-01T09:30:00@Europe/Stockholm", datetime(2024, 6, 1, 7, 30, tzinfo=UTC)),
    ],
    ids=str,
)
def test_when_versions_were_known_is_read_again(
    path: Path, known_on: str | None, expected: object
) -> None:
    with DecisionLog(path, files=UNSYNCED) as log:
        log.append(record(known_on=known_on), FACTS)
    [found] = read_log(path)
    assert found.request.known_on == expected
    assert type(found.request.known_on) is type(expected)


def test_overlays_are_those_of_the_versions_unless_they_are_said(path: Path) -> None:
    maker = {"version": "1", "digest": "0", "engine": "e", "language": "l", "overlays": ["b", "a"]}
    with DecisionLog(path, files=UNSYNCED) as log:
        log.append(record(made_by=[maker]), FACTS)
        log.append(record(made_by=[maker]), FACTS, overlays="c")
    assert [each.request.overlays for each in read_log(path)] == [("b", "a"), ("c",)]


HOSTILE = (
    "two\nlines\r\nand\x0bmore\x0c\x1c\x1d\x1e",
    "\x1b[2J\x1b]0;title\x07",
    "next line \x85, line separator \u2028, paragraph separator \u2029",
    "half a character \ud800",
    "turned \u202e round, hidden \u200b\ufeff",
    "</script><script>alert(1)</script><!--",
    "=1+1",
    '","hash":"',
    '"},"evaluation":{"format":1}',
    "\\u0000\x00",
    "\x7f\x80\x9b",
)


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_a_record_is_one_line_in_every_reader_whatever_its_texts_say(path: Path, text: str) -> None:
    with DecisionLog(path, files=UNSYNCED) as log:
        log.append(
            record(text, programme=text) if "\ud800" not in text else RECORD,
            {text: text, "list": [{text: text}]},
            id=text,
            overlays=[text],
        )
        log.append(RECORD, FACTS, id="after")
    written = path.read_bytes()
    shown = written.decode()
    assert len(shown.splitlines()) == 3
    assert (
        len(
            list(csv.reader(io.StringIO(shown, newline=""), quoting=csv.QUOTE_NONE, delimiter="\0"))
        )
        == 3
    )
    assert not set(shown.replace("\n", "")) & {
        *map(chr, range(32)),
        *map(chr, range(127, 160)),
        *"<\u2028\u2029\u202e\u200b\ufeff",
    }
    assert all(line.startswith("{") for line in shown.splitlines())
    found, after = read_log(path)
    assert found.id == text
    assert found.facts == {text: text, "list": [{text: text}]}
    assert found.request.overlays == (text,)
    if "\ud800" not in text:
        assert found.data == json.loads(record(text, programme=text), parse_int=Decimal)
    assert after.id == "after"
    assert verify(path).good


@given(st.text(max_size=40))
def test_a_record_of_any_text_is_the_same_data_on_one_line(text: str) -> None:
    try:
        original = record(text)
    except UnicodeEncodeError:
        return  # half a character: `to_record` escapes it
    line = one_line(original)
    assert json.loads(line) == json.loads(original)
    assert len(line.decode().splitlines()) == 1
    assert one_line(line) == line
    if text.isprintable() and "<" not in text:
        assert line == original


@pytest.mark.parametrize(
    "evaluation",
    [
        b"",
        b"{}",
        b'{"format":1}',
        RECORD + b"\n",
        b" " + RECORD,
        RECORD.replace(b",", b",\n"),
        RECORD[1:],
        b'{"format":1,"programme":"\x1b"}',
    ],
    ids=lambda each: repr(each)[:20],
)
def test_what_is_no_record_of_an_evaluation_is_refused_and_the_log_goes_on(
    path: Path, evaluation: bytes
) -> None:
    with DecisionLog(path, files=UNSYNCED) as log:
        with pytest.raises(ValueError, match="no record of an evaluation"):
            log.append(evaluation, FACTS)
        with pytest.raises(ValueError, match="at most 1024 characters"):
            log.append(RECORD, FACTS, id="x" * 1_025)
        with pytest.raises(TypeError, match="an id is a text; write '7'"):
            log.append(RECORD, FACTS, id=7)  # type: ignore[arg-type]  # as an envelope may call it
        log.append(RECORD, FACTS, id="x" * 1_024)
    assert len(ids(path)) == 1


# ---------------------------------------------------------------------- when it is on the disk


class Counting(Unsynced):
    def __init__(self) -> None:
        self.syncs = 0
        self.writes = 0

    def sync(self, descriptor: int) -> None:
        self.syncs += 1

    def write(self, descriptor: int, data: bytes | memoryview) -> int:
        self.writes += 1
        return super().write(descriptor, data)


@pytest.mark.parametrize(
    ("sync", "durable", "at_the_end"),
    [
        ("always", [True] * 7, 7),
        ("batch", [False, False, True] * 2 + [False], 3),
        ("never", [False] * 7, 0),
    ],
)
def test_a_record_is_durable_when_its_log_says_so(
    path: Path, sync: Sync, durable: list[bool], at_the_end: int
) -> None:
    files = Counting()
    with DecisionLog(path, sync=sync, every=3, files=files) as log:
        before, writes = files.syncs, files.writes
        assert [log.append(RECORD, FACTS).durable for _ in range(7)] == durable
        assert files.writes - writes == 7, "one write for each"
    assert files.syncs - before == at_the_end


def test_all_records_are_on_the_disk_after_a_sync(path: Path) -> None:
    files = Counting()
    with DecisionLog(path, sync="batch", every=3, files=files) as log:
        before = files.syncs
        log.append(RECORD, FACTS)
        assert log.sync() == log.head == Head(1, log.head.hash)
        assert [log.append(RECORD, FACTS).durable for _ in range(3)] == [False, False, True]
        assert files.syncs - before == 2
    assert files.syncs - before == 2, "nothing was left to sync"


def test_a_new_log_is_on_the_disk_with_its_name(path: Path) -> None:
    files = Counting()
    DecisionLog(path, files=files).close()
    assert files.syncs == 2, "the file and its folder"
    with DecisionLog(path) as log:  # the system's own
        assert log.append(RECORD, FACTS).durable
        log.sync()


@pytest.mark.parametrize(("sync", "every"), [("sometimes", 1), ("batch", 0), ("batch", -1)])
def test_a_way_to_sync_that_cannot_be_is_refused(path: Path, sync: Sync, every: int) -> None:
    with pytest.raises(ValueError, match=r"sync is always|at least 1"):
        DecisionLog(path, sync=sync, every=every)
    assert not path.exists()


# ---------------------------------------------------------------------- who writes


def test_a_log_goes_on_where_it_ended(path: Path) -> None:
    for start in (1, 3):
        with DecisionLog(path, files=UNSYNCED) as log:
            assert log.recovered is None
            for number in (start, start + 1):
                assert log.append(RECORD, FACTS, id=str(number)).seq == number
    assert ids(path) == ["1", "2", "3", "4"]
    assert verify(path, head=log.head).good


def test_threads_share_a_log(path: Path) -> None:
    receipts: list[tuple[Receipt, str]] = []

    def write(name: str) -> None:
        for number in range(50):
            called = f"{name}-{number}"
            receipts.append((log.append(RECORD, FACTS, id=called), called))

    with DecisionLog(path, sync="never", files=UNSYNCED) as log:
        threads = [threading.Thread(target=write, args=(name,)) for name in "abcdefgh"]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
    found = {(each.seq, each.hash): each.id for each in read_log(path)}
    assert found == {(receipt.seq, receipt.hash): called for receipt, called in receipts}
    assert len(found) == 400
    assert verify(path, head=log.head).good


@pytest.mark.skipif(sys.platform == "win32", reason="nothing is locked there")
def test_a_log_has_one_writer(path: Path) -> None:
    with DecisionLog(path, files=UNSYNCED) as log:
        log.append(RECORD, FACTS)
        before = path.read_bytes()
        with pytest.raises(LogError) as caught:
            DecisionLog(path)
        assert path.read_bytes() == before
        log.append(RECORD, FACTS)
    assert "writes this log" in str(caught.value)
    DecisionLog(path).close()


@pytest.mark.skipif(sys.platform == "win32", reason="there is no fork")
def test_a_copy_of_the_process_does_not_write_to_the_log(path: Path) -> None:
    with DecisionLog(path, files=UNSYNCED) as log:
        log.append(RECORD, FACTS)
        child = os.fork()
        if child == 0:
            status = 1
            try:
                log.append(RECORD, FACTS)
            except LogError as error:
                status = 0 if "open a log of its own" in str(error) else 2
                log.close()
            finally:
                os._exit(status)
        assert os.waitpid(child, 0)[1] == 0
        log.append(RECORD, FACTS)
    assert [each.seq for each in read_log(path)] == [1, 2]


def test_a_closed_log_takes_no_records(path: Path) -> None:
    log = DecisionLog(path, files=UNSYNCED)
    log.close()
    log.close()
    for use in (lambda: log.append(RECORD, FACTS), log.sync, lambda: log.rotate("x")):
        with pytest.raises(LogError, match="the log is closed"):
            use()


def test_a_log_stays_where_it_was_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with DecisionLog("decisions.jsonl", files=UNSYNCED) as log:
        (tmp_path / "elsewhere").mkdir()
        monkeypatch.chdir(tmp_path / "elsewhere")
        log.append(RECORD, FACTS)
        log.rotate(tmp_path / "old.jsonl")
    assert log.path == tmp_path / "decisions.jsonl"
    assert verify(tmp_path / "old.jsonl", tmp_path / "decisions.jsonl").records == 1
    assert not list((tmp_path / "elsewhere").iterdir())


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such rights")
def test_only_its_owner_reads_a_new_log(path: Path) -> None:
    write_log(path, 1)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o640)
    with path.open("ab") as file:
        file.write(b"{")
    with DecisionLog(path, files=UNSYNCED) as log:
        assert log.recovered is not None
        assert stat.S_IMODE(log.recovered.kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_the_time_is_told_in_utc_and_needs_a_zone(path: Path) -> None:
    moment = datetime(2024, 7, 1, 11, 30, 0, 5, timezone(timedelta(hours=2)))
    with DecisionLog(path, clock=lambda: moment, files=UNSYNCED) as log:
        log.append(RECORD, FACTS)
        moment = datetime(2024, 7, 1)
        with pytest.raises(ValueError, match="zone"):
            log.append(RECORD, FACTS)
        moment = datetime(2024, 6, 1, tzinfo=UTC)  # a clock may be put back
        log.append(RECORD, FACTS)
    assert [each.recorded_at for each in read_log(path)] == [
        datetime(2024, 7, 1, 9, 30, 0, 5, UTC),
        datetime(2024, 6, 1, tzinfo=UTC),
    ]


# ---------------------------------------------------------------------- several files


def test_a_log_goes_on_in_a_new_file(path: Path, tmp_path: Path) -> None:
    old = tmp_path / "2024-06.jsonl"
    with DecisionLog(path, files=UNSYNCED) as log:
        log.append(RECORD, FACTS)
        head = log.rotate(old)
        assert head == verify(old).head
        assert log.head.seq == 1
        assert log.append(RECORD, FACTS).seq == 2
        with pytest.raises(LogError, match="there is such a file already"):
            log.rotate(old)
        assert log.append(RECORD, FACTS).seq == 3
        with pytest.raises(LogError, match="writes this log"):
            DecisionLog(path)
    assert verify(old, path, head=log.head).records == 3
    with DecisionLog(path, files=UNSYNCED) as log:
        assert log.append(RECORD, FACTS).seq == 4
    assert sorted(each.name for each in tmp_path.iterdir()) == ["2024-06.jsonl", "decisions.jsonl"]


def test_a_change_of_files_that_was_interrupted_can_be_done_again(
    path: Path, tmp_path: Path
) -> None:
    old = tmp_path / "old.jsonl"
    write_log(path, 2)
    old.hardlink_to(path)  # killed here
    path.with_name("decisions.jsonl.next").write_bytes(b'{"format":1,"lo')  # or here
    with DecisionLog(path, files=UNSYNCED) as log:
        log.append(RECORD, FACTS)
        log.rotate(old)
        log.append(RECORD, FACTS)
    assert verify(old, path, head=log.head).records == 4
    assert sorted(each.name for each in tmp_path.iterdir()) == ["decisions.jsonl", "old.jsonl"]


@pytest.mark.parametrize(
    "name",
    ["decisions.jsonl", "folder/../decisions.jsonl", "link.jsonl", "folder/../link.jsonl"],
)
@pytest.mark.parametrize("names", [1, 2])
def test_a_log_is_never_moved_onto_itself(
    path: Path, tmp_path: Path, name: str, names: int
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "link.jsonl").symlink_to(path)
    with DecisionLog(path, files=UNSYNCED) as log:
        log.append(RECORD, FACTS)
        if names == 2:
            (tmp_path / "folder" / "another").hardlink_to(path)
        with pytest.raises(LogError, match="there is such a file already"):
            log.rotate(tmp_path / name)
        log.append(RECORD, FACTS)
    assert verify(path, head=log.head).records == 2


def test_a_log_that_a_link_names_is_the_file_itself(path: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.jsonl"
    link.symlink_to(path)
    with DecisionLog(link, files=UNSYNCED) as log:
        log.append(RECORD, FACTS)
        log.rotate(tmp_path / "old.jsonl")
        log.append(RECORD, FACTS)
    assert log.path == path
    assert link.is_symlink()
    assert verify(tmp_path / "old.jsonl", link).records == 2


def test_a_log_that_cannot_be_moved_takes_no_more_records(path: Path, tmp_path: Path) -> None:
    log = DecisionLog(path, files=UNSYNCED)
    log.append(RECORD, FACTS)
    with pytest.raises(LogError, match="there is no such file or folder"):
        log.rotate(tmp_path / "none" / "old.jsonl")
    with pytest.raises(LogError):
        log.append(RECORD, FACTS)
    with DecisionLog(path, files=UNSYNCED) as again:
        assert again.append(RECORD, FACTS).seq == 2


def test_a_new_file_can_follow_on_one_that_was_closed(path: Path, tmp_path: Path) -> None:
    head = write_log(path, 2).head
    new = tmp_path / "new.jsonl"
    for _ in range(2):
        with DecisionLog(new, after=head, files=UNSYNCED) as log:
            log.append(RECORD, FACTS)
    assert [each.seq for each in read_log(new)] == [3, 4]
    assert verify(path, new).good
    with pytest.raises(LogError, match="does not follow on record 1"):
        DecisionLog(new, after=Head(1, head.hash))
    with pytest.raises(LogError, match="does not follow on record 2"):
        DecisionLog(path, after=head)


def test_a_head_is_written_as_the_command_line_takes_it() -> None:
    assert str(Head(12, "ab" * 32)) == f"12:{'ab' * 32}"
