"""A run that was interrupted at any byte goes on without a line lost or doubled."""

import io
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policyeval.streams.model import StreamError
from policyeval.streams.reading import Reader
from policyeval.streams.results import Wording
from policyeval.streams.resuming import START, compare, read_state
from policyeval.streams.working import here
from policyeval.streams.writing import Outputs, Sink, begin, state_path
from tests.streams.echo import ASKED, Echo, pieces

LINES = b"".join(
    b"\n" if number % 11 == 5 else b"!\n" if number % 7 == 3 else b"%d\n" % number
    for number in range(80)
)
INPUTS = {"ended": LINES, "not-ended": LINES + b"last", "rejected-last": LINES + b"!last"}


@pytest.fixture(autouse=True)
def _power_that_is_never_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda _: None)  # it takes its time


class Folder:
    """The files of a run."""

    def __init__(self, folder: Path) -> None:
        self.output = folder / "out.jsonl"
        self.rejected = folder / "out.rejected.jsonl"
        self.state = state_path(self.output)

    def begin(self, *, resume: bool = False, overwrite: bool = False, spacing: int = 20) -> Outputs:
        return begin(
            self.output, self.rejected, ASKED, resume=resume, overwrite=overwrite, spacing=spacing
        )

    def run(self, whole: bytes, *, resume: bool = False) -> Outputs:
        """Decide everything, in batches of about four lines."""
        outputs = self.begin(resume=resume)
        try:
            reader = Reader(pieces(whole, 12), lambda: False)
            reader.skip_to(outputs.place.mark)
            for batch, found in here(Echo(), Wording(), reader):
                outputs.write(batch, found)
            outputs.finish()
        finally:
            outputs.close()
        return outputs

    def both(self) -> tuple[bytes, bytes]:
        return self.output.read_bytes(), self.rejected.read_bytes()


@contextmanager
def folder() -> Iterator[Folder]:
    with tempfile.TemporaryDirectory() as name:
        yield Folder(Path(name))


@pytest.fixture
def files(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


@cache
def done(whole: bytes) -> tuple[bytes, bytes, bytes]:
    """Give what the three files hold after a run without interruption."""
    with folder() as files:
        files.run(whole)
        return *files.both(), files.state.read_bytes()


def uninterrupted(whole: bytes) -> tuple[bytes, bytes]:
    return done(whole)[:2]


def cut(path: Path, size: int) -> None:
    with path.open("r+b") as file:
        file.truncate(min(size, path.stat().st_size))


@settings(max_examples=120)
@given(
    st.sampled_from(list(INPUTS.values())),
    st.lists(
        st.tuples(st.integers(0, 3000), st.integers(0, 800), st.integers(0, 5000)), max_size=3
    ),
)
def test_files_that_were_cut_anywhere_become_what_they_would_have_been(
    whole: bytes, cuts: list[tuple[int, int, int]]
) -> None:
    expected = uninterrupted(whole)
    with folder() as files:
        for path, data in zip(
            (files.output, files.rejected, files.state), done(whole), strict=True
        ):
            path.write_bytes(data)
        head = done(whole)[2].index(b"\n") + 1  # it is written as a whole
        for output, rejected, state in cuts:
            cut(files.output, output)
            cut(files.rejected, rejected)
            cut(files.state, head + state)
            outputs = files.run(whole, resume=True)
            assert files.both() == expected
            place = outputs.place
            assert place.decided == expected[0].count(b"\n")
            assert place.refused == expected[1].count(b"\n")


class Killed(BaseException):
    """The process is gone."""


@pytest.mark.parametrize("stop", range(1, 48, 6))
def test_a_write_that_was_the_last_one_is_not_doubled(
    files: Folder, stop: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, left = Sink.write, [stop]

    def torn(self: Sink, data: bytes) -> None:
        left[0] -= 1
        if left[0] == 0:
            write(self, data[: len(data) // 2])
            raise Killed
        write(self, data)

    with monkeypatch.context() as patched:
        patched.setattr(Sink, "write", torn)
        with pytest.raises(Killed):
            files.run(LINES)
    files.run(LINES, resume=True)
    assert files.both() == uninterrupted(LINES)


@pytest.mark.parametrize("what", INPUTS)
def test_a_run_that_is_done_has_nothing_more_to_do(files: Folder, what: str) -> None:
    files.run(INPUTS[what])
    before = files.both()
    begun = files.begin(resume=True)
    assert begun.place.line == 80  # of a last line without an end nobody knows whether it is whole
    begun.close()
    files.run(INPUTS[what], resume=True)
    assert files.both() == before


@pytest.mark.parametrize("more", [b"", b"1\n2\n!\n"])
def test_a_run_goes_on_where_the_input_has_grown(files: Folder, more: bytes) -> None:
    whole = LINES + b"last"
    files.run(whole)
    files.run(whole + b" of all\n" + more, resume=True)
    assert files.both() == uninterrupted(whole + b" of all\n" + more)


def test_another_input_is_refused_and_the_right_one_still_goes_on(files: Folder) -> None:
    files.run(LINES)
    expected = files.both()
    cut(files.output, 500)
    for other in (LINES.replace(b"1", b"3"), b""):
        with pytest.raises(StreamError, match="the input is") as refused:
            files.run(other, resume=True)
        assert refused.value.help is not None
        assert "the input of that run" in refused.value.help.text()
    files.run(LINES, resume=True)
    assert files.both() == expected


def test_what_is_left_off_is_cut_to_whole_batches(files: Folder) -> None:
    outputs = files.begin()
    reader = Reader(pieces(LINES, 12), lambda: False)
    results = here(Echo(), Wording(), reader)
    for _ in range(5):
        outputs.write(*next(results))
    before = files.both()
    with files.output.open("ab") as file:
        file.write(b'{"line":21,"eval')
    outputs.leave_off()
    outputs.close()
    assert files.both() == before
    state = read_state(files.state)
    assert state is not None
    assert state.places[-1][0] == outputs.place
    files.run(LINES, resume=True)
    assert files.both() == uninterrupted(LINES)


def test_a_place_is_kept_only_when_what_it_says_would_outlast_a_loss_of_power(
    files: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    lasting: dict[int, int] = {}
    kept: list[dict[str, int]] = []
    write = Sink.write

    def noted(self: Sink, data: bytes) -> None:
        if self.path == files.state:
            kept.append(json.loads(data))
            for path, name in ((files.output, "output"), (files.rejected, "rejected")):
                assert lasting[path.stat().st_ino] >= kept[-1][name]
        write(self, data)

    def make_last(file: int) -> None:
        status = os.fstat(file)
        lasting[status.st_ino] = status.st_size

    monkeypatch.setattr(os, "fsync", make_last)
    monkeypatch.setattr(Sink, "write", noted)
    files.run(LINES)
    assert len(kept) > 5


# ------------------------------------------------------------------------------- refusals


def test_nothing_is_overwritten_unless_that_is_wanted(files: Folder) -> None:
    files.run(b"1\n")
    with pytest.raises(StreamError, match="is not empty") as refused:
        files.begin()
    assert refused.value.help is not None
    assert "--resume" in refused.value.help.text()
    assert files.both()[0] != b""
    files.begin(overwrite=True).close()
    assert files.both() == (b"", b"")


def test_rejected_lines_of_another_run_are_not_overwritten_either(files: Folder) -> None:
    files.rejected.write_bytes(b"{}\n")
    with pytest.raises(StreamError, match=r"out\.rejected\.jsonl` is not empty"):
        files.begin()
    with pytest.raises(StreamError, match=r"out\.rejected\.jsonl` is not empty"):
        begin(io.BytesIO(), files.rejected, ASKED)
    assert files.rejected.read_bytes() == b"{}\n"
    assert not files.state.exists()


def test_a_run_that_nothing_is_known_of_is_not_gone_on_with(files: Folder) -> None:
    files.run(b"1\n")
    for spoiled in (
        b"",
        b"{}\n",
        b"\x00" * 50,
        b'{"format":1,"run":{"PROGR',
        b'{"format":2,"run":{}}\n',
    ):
        files.state.write_bytes(spoiled)
        with pytest.raises(StreamError, match="nothing is known"):
            files.begin(resume=True)
    files.state.unlink()
    with pytest.raises(StreamError, match="nothing is known"):
        files.begin(resume=True)


def test_what_was_never_begun_begins(files: Folder) -> None:
    files.run(LINES, resume=True)
    assert files.both() == uninterrupted(LINES)


@pytest.mark.parametrize(
    "line",
    [
        b"\x00\x00\x00\n",
        b"[]\n",
        b'{"line":1}\n',
        b'{"line":-1,"input":2,"sha256":"","output":1,"rejected":0,"decided":1,"refused":0}\n',
        b'{"line":1,"input":2,"sha256":3,"output":1,"rejected":0,"decided":1,"refused":0}\n',
        b'{"line":true,"input":2,"sha256":"","output":1,"rejected":0,"decided":1,"refused":0}\n',
    ],
)
def test_places_after_a_spoiled_one_do_not_count(files: Folder, line: bytes) -> None:
    files.run(LINES)
    expected = files.both()
    head, first, *rest = files.state.read_bytes().splitlines(keepends=True)
    files.state.write_bytes(b"".join([head, first, line, *rest]))
    state = read_state(files.state)
    assert state is not None
    assert [each.line for each, _ in state.places] == [0, json.loads(first)["line"]]
    files.run(LINES, resume=True)
    assert files.both() == expected


def test_an_output_that_was_changed_since_is_made_anew_from_where_it_still_fits(
    files: Folder,
) -> None:
    files.run(LINES)
    expected = files.both()
    files.output.write_bytes(b"x" * len(expected[0]))
    files.run(LINES, resume=True)
    assert files.both() == expected


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("policies", "1" * 64, "the policies have changed"),
        ("engine", "e 2", "made by `e 1`, this is `e 2`"),
        ("--asked-on", "2024-07-02", "another `--asked-on`: `2024-07-01`, not `2024-07-02`"),
        ("--decision", ["fee"], 'another `--decision`: `null`, not `["fee"]`'),
    ],
)
def test_what_is_asked_otherwise_is_refused(name: str, value: object, complaint: str) -> None:
    compare(ASKED, dict(ASKED))
    with pytest.raises(StreamError) as refused:
        compare(ASKED, {**ASKED, name: value})
    assert complaint in str(refused.value)
    assert refused.value.help is not None
    assert "or name another `--output`; `--overwrite` begins anew" in refused.value.help.text()


def test_two_runs_do_not_write_the_same_file(files: Folder) -> None:
    outputs = files.begin()
    with pytest.raises(StreamError, match="another run is writing"):
        files.begin(resume=True)
    with pytest.raises(StreamError, match="another run is writing"):
        files.begin(overwrite=True)
    outputs.close()
    files.begin(resume=True).close()


UNWRITABLE: dict[str, Callable[[Path], Path]] = {
    "folder-missing": lambda folder: folder / "no" / "out.jsonl",
    "folder": lambda folder: folder,
    "no-name": lambda folder: folder / "a\x00b",
}


@pytest.mark.parametrize("what", UNWRITABLE)
def test_a_file_that_cannot_be_written_is_named(tmp_path: Path, what: str) -> None:
    path = UNWRITABLE[what](tmp_path)
    for output, rejected in ((path, tmp_path / "r"), (tmp_path / "o", path)):
        with pytest.raises(StreamError) as refused:
            begin(output, rejected, ASKED)
        assert not refused.value.begun


def test_a_device_is_written_to_and_keeps_nothing(tmp_path: Path) -> None:
    outputs = begin(Path("/dev/null"), Path("/dev/null"), ASKED, resume=True)
    for batch, found in here(Echo(), Wording(), Reader(pieces(LINES, 12))):
        outputs.write(batch, found)
    outputs.finish()
    outputs.leave_off()
    outputs.close()
    assert not outputs.resumable
    assert outputs.place.refused > 0
    assert list(tmp_path.iterdir()) == []


def test_a_full_device_ends_the_run_with_its_name() -> None:
    outputs = begin(Path("/dev/full"), Path("/dev/null"), ASKED)
    results = here(Echo(), Wording(), Reader(pieces(LINES, 100)))
    with pytest.raises(StreamError, match=r"`/dev/full`: .*no room left") as ended:
        outputs.write(*next(results))
    assert ended.value.begun
    assert outputs.place == START
    outputs.close()
