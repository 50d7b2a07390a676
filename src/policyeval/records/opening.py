"""Opens a log for its one writer: locks it, cuts a torn tail, finds the last record.

What a process that was killed has left behind its last whole line was never acknowledged. It is cut,
and kept aside in a file of its own. What was a whole line once and is damaged now is not touched: a log
that is not as it was written is refused.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from policyeval.messages import message
from policyeval.records.files import Files, closed_after, sync_file, sync_folder, write_all
from policyeval.records.lines import LONGEST, Malformed, Sealed, first_line, sealed
from policyeval.records.model import BEGINNING, Head
from policyeval.records.problems import LogError, reason, unavailable

_CHUNK: Final = 65_536
_BEGINNING_OF_A_LOG: Final = b'{"format":1,"log":{"started":"'
_SPARE_NAMES: Final = 1_000
_NOTHING: Final = Head(0, BEGINNING)
_HELP_DAMAGED = message(
    "see `{command}`; to go on meanwhile, give the file another name and begin a new log",
    command="policyeval verify LOG",
)


@dataclass(frozen=True, slots=True)
class Recovered:
    """What was found behind the last record when a log was opened, and cut.

    Attributes:
        offset: Where in the log it stood, in bytes.
        size: How many bytes it had.
        kept: The file that it is kept in now.
    """

    offset: int
    size: int
    kept: Path


@dataclass(frozen=True, slots=True)
class Opened:
    """A log, ready to be appended to.

    Attributes:
        descriptor: Of its file, which is locked.
        size: How many bytes it has.
        head: Its last line.
        recovered: What was cut.
    """

    descriptor: int
    size: int
    head: Head
    recovered: Recovered | None


def open_log(path: Path, started: str, after: Head | None, files: Files) -> Opened:
    """Open a log, or begin one.

    Args:
        path: Its file.
        started: When, for the first line of a new one.
        after: What a new one follows on; None: nothing.
        files: The system.

    Raises:
        LogError: Another writer has it, it cannot be written, or it is not as it was written.
    """
    try:
        descriptor = _locked(path, files)
    except OSError as error:
        raise cannot(path, error) from None
    try:
        if not files.is_file(descriptor):
            raise unavailable(path, message("this is no ordinary file"))
        end, last = _end(path, descriptor, files)
        recovered = _cut(path, descriptor, end, files)
        if last is None:
            head, end = _begun(path, descriptor, first_line(started, after or _NOTHING), files)
            return Opened(descriptor, end, Head(after.seq if after else 0, head), recovered)
        if after is not None:
            _check_after(path, descriptor, after, files)
        return Opened(descriptor, end, last.head, recovered)
    except OSError as error:
        files.close(descriptor)
        raise cannot(path, error) from None
    except BaseException:
        files.close(descriptor)
        raise


def cannot(path: Path, error: OSError) -> LogError:
    """Give the error for a log that the system refuses to have written."""
    return unavailable(path, message("the log cannot be written: {reason}", reason=reason(error)))


def _locked(path: Path, files: Files) -> int:
    while True:
        descriptor = files.open(path)
        try:
            taken = files.lock(descriptor)
            if taken and files.is_at(descriptor, path):
                return descriptor
        except BaseException:
            files.close(descriptor)
            raise
        files.close(descriptor)
        if not taken:
            raise unavailable(
                path,
                message("another process, or another part of this one, writes this log"),
                message("one log has one writer; let the other end, or write to another file"),
            )
        # The file was given another name while we waited for it; what has its name now is the log.


def _end(path: Path, descriptor: int, files: Files) -> tuple[int, Sealed | None]:
    """Find where the last whole line ends, and read it; None if there is none."""
    size = files.size(descriptor)
    end = _after_newline(descriptor, size, files)
    while end > 0:
        start = _after_newline(descriptor, end - 1, files)
        raw = files.read(descriptor, end - start - 1, start)
        if b"\0" not in raw:
            return end, _sound(path, raw)
        # Blocks that the disk never got: after a power cut, the file is as long as it was to be.
        end = start
    begun = files.read(descriptor, len(_BEGINNING_OF_A_LOG), 0).rstrip(b"\0")
    if not _BEGINNING_OF_A_LOG.startswith(begun):
        raise unavailable(
            path,
            message("this is no log of decisions"),
            message("name another file; this one was not changed"),
        )
    return 0, None


def _after_newline(descriptor: int, before: int, files: Files) -> int:
    """Give where the line begins that stands before a place, which is no line's end."""
    at = before
    while at > 0:
        start = max(0, at - _CHUNK)
        found = files.read(descriptor, at - start, start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        at = start
        if before - at > LONGEST:
            break
    return at


def _sound(path: Path, raw: bytes) -> Sealed:
    try:
        last = sealed(raw)
    except Malformed as problem:
        text = problem.text
    else:
        if last.sound:
            return last
        text = message("the line is not as it was written")
    raise unavailable(
        path,
        message("the last line of the log cannot be relied on: {text}", text=text),
        _HELP_DAMAGED,
    )


def _cut(path: Path, descriptor: int, end: int, files: Files) -> Recovered | None:
    size = files.size(descriptor)
    if size == end:
        return None
    kept = _keep_aside(path, files.read(descriptor, size - end, end), end, files)
    files.truncate(descriptor, end)
    sync_file(files, descriptor)
    return Recovered(end, size - end, kept)


def _keep_aside(path: Path, tail: bytes, offset: int, files: Files) -> Path:
    for number in range(1, _SPARE_NAMES):
        more = "" if number == 1 else f"-{number}"
        kept = path.with_name(f"{path.name}.torn-{offset}{more}")
        try:
            aside = files.create(kept)
        except FileExistsError:
            continue
        with closed_after(files, aside):
            write_all(files, aside, tail)
            sync_file(files, aside)
        sync_folder(files, path)
        return kept
    raise unavailable(
        path,
        message("there are too many files `{name}…` beside it", name=f"{path.name}.torn-{offset}"),
    )


def _begun(path: Path, descriptor: int, first: tuple[bytes, str], files: Files) -> tuple[str, int]:
    line, own = first
    write_all(files, descriptor, line)
    sync_file(files, descriptor)
    sync_folder(files, path)
    return own, len(line)


def _check_after(path: Path, descriptor: int, after: Head, files: Files) -> None:
    """Refuse a log that there is already, and that follows on another one."""
    raw = files.read(descriptor, _CHUNK, 0).partition(b"\n")[0]
    try:
        first = sealed(raw)
    except Malformed:
        first = None
    if first is None or not first.first or (first.seq, first.previous) != after:
        raise unavailable(
            path,
            message(
                "there is a log here already, and it does not follow on record {seq}", seq=after.seq
            ),
            message("name a file that is not there yet"),
        )
