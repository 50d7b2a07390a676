"""Appends records to a log: one write each, chained, and acknowledged only when it is safe.

INVARIANT: between two calls, the file ends with the line of `head`, and nothing stands behind it. A
call that does not come to its end for whatever reason (also one that nobody raised on purpose, such as
an interrupt) leaves a log that takes no more records, so that no number is used twice.
"""

import errno
import os
from collections.abc import Callable, Collection
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Final, Literal, Protocol, Self

from policyeval.diagnostics import Diagnostic
from policyeval.errors import FactsError
from policyeval.messages import Message, message
from policyeval.records.fact_json import Facts
from policyeval.records.files import Files, sync_file, sync_folder, write_all
from policyeval.records.keeping import Kept, kept_json
from policyeval.records.lines import (
    LONGEST,
    first_line,
    moment_text,
    one_line,
    record_line,
    text_json,
    without_tags,
)
from policyeval.records.model import Head, Receipt
from policyeval.records.opening import Recovered, open_log
from policyeval.records.problems import LogError, LogPath, reason, unavailable
from policyeval.source import Source, Span

Sync = Literal["always", "batch", "never"]

LONGEST_ID: Final = 1_024
"""Characters of what a record is called."""

_STORE_ALL: Final = Kept()
_SYSTEM: Final = Files()
_HELP_REOPEN = message(
    "close it, see to the cause, and open it anew: what was acknowledged is in it"
)

_INTERRUPTED: Final = (message("writing the log was interrupted"), _HELP_REOPEN)


class Recordable(Protocol):
    """What can be recorded: an `Evaluation`."""

    def to_record(self) -> bytes:
        """Write it as JSON for machines, on one line."""


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251  # when it was recorded; no evaluation sees it


class DecisionLog:
    """An append-only log of evaluations; safe to share between threads, and for one process only.

    A record is acknowledged by its `Receipt`. It is in the file then, and survives the end of the
    process however it ends; where `durable` says so, or after `sync`, a power cut too. Whatever goes
    wrong, nothing is acknowledged that is not there: the log refuses further records until it is
    opened anew.

    Args:
        path: The file; it is made if it is not there.
        sync: When records are written through to the disk: `always` (each before it is acknowledged),
            `batch` (every so many, and when it is closed), `never` (the system does it some time).
        every: How many records `batch` takes together.
        keep: What is kept of the facts.
        clock: Gives the moment that a record is made at, with its zone.
        after: The head of the log that a new file follows on.
        files: The system; for tests.

    Raises:
        LogError: Another writer has the log, it cannot be written, or it is not as it was written.
        ValueError: `sync` is none of the three, or `every` is no number from 1 on.
    """

    def __init__(
        self,
        path: LogPath,
        *,
        sync: Sync = "always",
        every: int = 100,
        keep: Kept = _STORE_ALL,
        clock: Callable[[], datetime] = _now,
        after: Head | tuple[int, str] | None = None,
        files: Files = _SYSTEM,
    ) -> None:
        if sync not in ("always", "batch", "never"):
            raise ValueError(f"sync is always, batch or never, not {sync!r}")
        if every < 1:
            raise ValueError("every is a number of records, at least 1")
        # Wherever the process or a link goes: the file that was meant when the log was opened.
        self._path = Path(path).resolve()
        self._every = {"always": 1, "batch": every, "never": 0}[sync]
        self._keep = keep
        self._clock = clock
        self._files = files
        self._lock = Lock()
        self._process = os.getpid()
        opened = open_log(
            self._path, moment_text(clock()), None if after is None else Head(*after), files
        )
        self._descriptor = opened.descriptor
        self._size = opened.size
        self._head = opened.head
        self._recovered = opened.recovered
        self._unsynced = 0
        self._refusal: tuple[Message, Message | None] | None = None

    @property
    def path(self) -> Path:
        """The file."""
        return self._path

    @property
    def head(self) -> Head:
        """The last record that is in the log; kept elsewhere, it lets `verify` notice a cut."""
        return self._head

    @property
    def recovered(self) -> Recovered | None:
        """What was cut when the log was opened: the torn tail of a process that was killed."""
        return self._recovered

    def append(
        self,
        evaluation: Recordable | bytes,
        facts: Facts,
        *,
        id: str | None = None,  # noqa: A002  # the name it has in the record
        overlays: Collection[str] = (),
    ) -> Receipt:
        """Record an evaluation, and acknowledge it.

        Args:
            evaluation: It, or what its `to_record` gave.
            facts: Those that it was made from, as they were given; what is kept is a copy.
            id: What the caller knows the transaction by; it need not be unique.
            overlays: Those that were asked for, where the version that answered may not know all.

        Raises:
            LogError: It is not recorded, and the log takes no more records until it is opened anew.
            FactsError: The facts cannot be written; the log goes on.
            TypeError: `id` is no text; the log goes on.
            ValueError: The evaluation is no record; or `id` is too long; the log goes on.
        """
        record = evaluation if isinstance(evaluation, bytes) else evaluation.to_record()
        if id is not None and not isinstance(id, str):
            raise TypeError(f"an id is a text; write {str(id)!r}")
        if id is not None and len(id) > LONGEST_ID:
            raise ValueError(f"an id has at most {LONGEST_ID} characters")
        called = b"null" if id is None else without_tags(text_json(id)).encode()
        rest = kept_json(facts, self._keep)
        if overlays:
            names = overlays if not isinstance(overlays, str) else (overlays,)
            rest += without_tags(f',"overlays":[{",".join(map(text_json, names))}]').encode()
        rest += b',"evaluation":' + one_line(record)
        if len(called) + len(rest) > LONGEST - 1_000:
            raise _too_long()
        with self._lock:
            self._check()
            moment = moment_text(self._clock())
            seq = self._head.seq + 1
            line, own = record_line(seq, called, moment, rest, self._head.hash)
            return self._append(line, Receipt(seq, own, self._unsynced + 1 == self._every))

    def _append(self, line: bytes, receipt: Receipt) -> Receipt:
        size, head = self._size, self._head
        self._refusal = _INTERRUPTED
        try:
            write_all(self._files, self._descriptor, line)
            if receipt.durable:
                sync_file(self._files, self._descriptor)
            if self._files.names(self._descriptor) == 0:
                raise FileNotFoundError(errno.ENOENT, "removed")
            self._unsynced = 0 if receipt.durable else self._unsynced + 1
            self._size = size + len(line)
            self._head = Head(receipt.seq, receipt.hash)
        except OSError as error:
            raise self._failed(error) from None
        except BaseException:
            self._size, self._head = size, head
            self._let_go()
            raise
        self._refusal = None
        return receipt

    def sync(self) -> Head:
        """Wait until all records are on the disk, and give the last of them.

        Raises:
            LogError: They may not be; the log takes no more records until it is opened anew.
        """
        with self._lock:
            self._check()
            self._sync()
            return self._head

    def _sync(self) -> None:
        self._refusal = _INTERRUPTED
        try:
            sync_file(self._files, self._descriptor)
            self._unsynced = 0
        except OSError as error:
            raise self._failed(error) from None
        except BaseException:
            self._let_go()
            raise
        self._refusal = None

    def rotate(self, to: LogPath) -> Head:
        """Give the file another name and go on in a new one, which follows on it.

        At every moment there is a log under its own name. Both files must be on one disk, whose
        file system can let a file have two names.

        Args:
            to: The other name, which no file may have yet.

        Returns:
            The head of the file that has the other name now.

        Raises:
            LogError: It cannot be done. Where there is such a file already, the log goes on; otherwise
                it takes no more records until it is opened anew.
        """
        other = Path(to).absolute()
        with self._lock:
            self._check()
            self._sync()
            try:
                self._name_too(other)
            except OSError as error:
                raise self._failed(error) from None
            head = self._head
            self._refusal = _INTERRUPTED
            try:
                descriptor, size, own = self._begin_anew(other)
                self._close()
                self._descriptor, self._size, self._head = descriptor, size, Head(head.seq, own)
                sync_folder(self._files, self._path)
            except OSError as error:
                raise self._failed(error) from None
            except BaseException:
                self._let_go()
                raise
            self._refusal = None
            return head

    def _name_too(self, other: Path) -> None:
        try:
            self._files.link(self._path, other)
        except FileExistsError as error:
            if other.resolve() != self._path and self._is_named_too(other):
                return  # whoever began this was killed before it was done
            text = message("the log cannot be written: {reason}", reason=reason(error))
            raise unavailable(other, text, message("choose another name")) from None

    def _is_named_too(self, other: Path) -> bool:
        return (
            self._files.is_at(self._descriptor, other) and self._files.names(self._descriptor) > 1
        )

    def _begin_anew(self, other: Path) -> tuple[int, int, str]:
        """Put a new file in the place of the one that has another name too."""
        fresh = self._path.with_name(f"{self._path.name}.next")
        descriptor: int | None = None
        try:
            line, own = first_line(moment_text(self._clock()), self._head)
            self._files.remove(fresh)  # only the writer makes it, and there is only one
            descriptor = self._files.create(fresh)
            self._files.lock(descriptor)
            write_all(self._files, descriptor, line)
            sync_file(self._files, descriptor)
            sync_folder(self._files, other)
            self._files.replace(self._path, fresh)
        except BaseException:
            with suppress(OSError):
                self._files.remove(other)
            if descriptor is not None:
                with suppress(OSError):
                    self._files.close(descriptor)
            raise
        return descriptor, len(line), own

    def close(self) -> None:
        """Write through what is not on the disk yet (unless `sync` is `never`), and close the log.

        Raises:
            LogError: Records that were acknowledged without `durable` may not be on the disk.
        """
        with self._lock:
            if self._descriptor < 0:
                return
            own = self._process == os.getpid()
            try:
                if own and self._every and self._unsynced and self._refusal is None:
                    self._sync()
            finally:
                self._close()
                self._refusal = (message("the log is closed"), None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _check(self) -> None:
        if self._process != os.getpid():
            # Two processes with one file would both take the next number.
            raise unavailable(
                self._path,
                message("the log was opened by another process, of which this one is a copy"),
                message("open a log of its own in each process"),
            )
        if self._refusal is not None:
            raise unavailable(self._path, *self._refusal)

    def _failed(self, error: OSError) -> LogError:
        """Take no more records, and give the error that says why."""
        self._let_go()
        text = message("the log cannot be written: {reason}", reason=reason(error))
        self._refusal = (text, _HELP_REOPEN)
        return unavailable(self._path, text, _HELP_REOPEN)

    def _let_go(self) -> None:
        """Cut back what was not acknowledged, and give the file free."""
        with suppress(OSError):
            if self._files.size(self._descriptor) > self._size:
                self._files.truncate(self._descriptor, self._size)
        self._close()

    def _close(self) -> None:
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            with suppress(OSError):
                self._files.close(descriptor)


def _too_long() -> FactsError:
    text = message("the record would be longer than {limit} bytes", limit=LONGEST)
    place = message("the facts")
    return FactsError([Diagnostic("input.too-long", text, Span(0, 0), Source(""), place=place)])
