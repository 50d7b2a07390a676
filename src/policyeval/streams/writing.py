"""The files of a run, written so that it can go on after an interruption at any byte.

Both files are written batch by batch; from time to time they are made to last, and the place is
written to the state beside the output (`resuming`). Nothing is ever written where an earlier byte may
be missing. What is no ordinary file (standard output, a pipe, a device) is written to, and that is all:
such a run begins anew.
"""

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import FileIO
from pathlib import Path
from typing import BinaryIO, Final

from policyeval.messages import message
from policyeval.policy.files import cannot_write, reason
from policyeval.streams.model import StreamError
from policyeval.streams.reading import Batch
from policyeval.streams.results import Result
from policyeval.streams.resuming import (
    START,
    Identity,
    Place,
    State,
    compare,
    place_line,
    read_state,
    write_state,
)

SPACING: Final = 2 << 20
"""Bytes of input between two places that are kept: what is decided once more at worst."""


def state_path(output: Path) -> Path:
    """Give the file beside an output that says how far it has come."""
    return output.with_name(output.name + ".state")


class Sink:
    """A file that is written to at its end.

    Attributes:
        size: Its bytes, or None for what is no ordinary file.
    """

    def __init__(self, path: Path) -> None:
        """Open a file, or make it.

        Raises:
            StreamError: That cannot be done, or another run has it open.
        """
        self.path = path
        self.size: int | None = None
        with _said(path, begun=False):
            # Without a buffer, so that it is known at any time what has been written.
            self._file = FileIO(path, "a")
            status = os.fstat(self._file.fileno())
            if stat.S_ISREG(status.st_mode):
                self.size = status.st_size
                self._lock()

    def _lock(self) -> None:
        if sys.platform == "win32":
            return
        else:  # noqa: RET505  # a checker of types sees only one of the two
            import fcntl

            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                self._file.close()
                text = message("another run is writing `{file}`", file=self.path)
                raise StreamError(text) from None
            except OSError:
                pass  # where files cannot be locked

    def write(self, data: bytes) -> None:
        """Write at the end.

        Raises:
            StreamError: That cannot be done.
            BrokenPipeError: Nobody reads it any more.
        """
        left = memoryview(data)
        with _said(self.path, begun=True):
            while left:
                left = left[self._file.write(left) or 0 :]
        if self.size is not None:
            self.size += len(data)

    def cut(self, size: int) -> None:
        """Take away what comes after so many bytes.

        Raises:
            StreamError: That cannot be done.
        """
        if self.size is not None:
            with _said(self.path, begun=True):
                self._file.truncate(size)
            self.size = size

    def make_last(self) -> None:
        """Return when what was written would outlast a loss of power.

        Raises:
            StreamError: That cannot be promised.
        """
        if self.size is not None:
            with _said(self.path, begun=True):
                os.fsync(self._file.fileno())

    def has_a_line_end_at(self, size: int) -> bool:
        """Tell whether so many bytes are whole lines of it."""
        if size == 0 or self.size is None:
            return size == 0
        if size > self.size:
            return False
        with self.path.open("rb") as file:
            file.seek(size - 1)
            return file.read(1) == b"\n"

    def close(self) -> None:
        """Be done with it."""
        self._file.close()


class StandardOutput:
    """Standard output, which is written to at once."""

    size: None = None

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def write(self, data: bytes) -> None:
        """Write.

        Raises:
            StreamError: That cannot be done.
            BrokenPipeError: Nobody reads it any more.
        """
        if not data:
            return
        try:
            self._stream.write(data)
            self._stream.flush()
        except BrokenPipeError:
            raise
        except (OSError, ValueError) as error:
            raise StreamError(message("the answer cannot be written"), begun=True) from error

    def cut(self, size: int) -> None:
        """Leave it: what is written has gone."""

    def make_last(self) -> None:
        """Leave it."""

    def close(self) -> None:
        """Leave it open."""


class Outputs:
    """What a run writes.

    Attributes:
        place: How far it has come.
    """

    def __init__(
        self,
        output: Sink | StandardOutput,
        rejected: Sink,
        place: Place = START,
        state: Sink | None = None,
        spacing: int = SPACING,
    ) -> None:
        self.place = place
        self._output = output
        self._rejected = rejected
        self._state = state
        self._spacing = spacing
        self._kept = place
        self._whole = True

    @property
    def resumable(self) -> bool:
        """Whether the run can go on after an interruption."""
        return self._state is not None

    def write(self, batch: Batch, found: Result) -> None:
        """Write what became of the batch that follows.

        Raises:
            StreamError: That cannot be done.
            BrokenPipeError: Nobody reads it any more.
        """
        if not batch.whole:
            self._keep()  # the last line may grow before the run is resumed
        self._rejected.write(found.rejected)
        self._output.write(found.output)
        self.place = Place(
            batch.end.line,
            batch.end.offset,
            batch.end.digest,
            self._output.size or 0,
            self._rejected.size or 0,
            self.place.decided + found.decided,
            self.place.refused + found.refused,
        )
        self._whole = batch.whole
        if self.place.input - self._kept.input >= self._spacing:
            self._keep()

    def _keep(self) -> None:
        """Let this be a place from which the run can go on."""
        if self._state is None or not self._whole or self._kept == self.place:
            return
        self._rejected.make_last()
        self._output.make_last()
        self._state.write(place_line(self.place))
        self._kept = self.place

    def finish(self) -> None:
        """Keep the end.

        Raises:
            StreamError: That cannot be done.
        """
        self._keep()

    def leave_off(self) -> None:
        """Take away what an interruption has left unfinished, as well as that can be done."""
        with suppress(StreamError):
            self._rejected.cut(self.place.rejected)
            self._output.cut(self.place.output)
            self._keep()

    def close(self) -> None:
        """Be done with the files."""
        for each in (self._output, self._rejected, self._state):
            if each is not None:
                each.close()


def begin(
    output: Path | BinaryIO,
    rejected: Path,
    identity: Identity,
    *,
    resume: bool = False,
    overwrite: bool = False,
    spacing: int = SPACING,
) -> Outputs:
    """Open the files of a run: empty ones, or those of an interrupted run at a place to go on from.

    Args:
        output: For what is decided.
        rejected: For lines that are rejected.
        identity: What is asked, by the names of options: what must be the same when it is resumed.
        resume: Whether to go on with an interrupted run, if there is one.
        overwrite: Whether what the files hold may go.
        spacing: Bytes of input between two places that are kept.

    Raises:
        StreamError: That cannot be done; what is in the files stays.
    """
    if not isinstance(output, Path):
        return Outputs(StandardOutput(output), _emptied(Sink(rejected), overwrite=overwrite))
    first = Sink(output)
    try:
        second = Sink(rejected)
        try:
            if first.size is None:
                return Outputs(first, _emptied(second, overwrite=overwrite))
            state = _known(first, identity) if resume else None
            if state is not None:
                return _gone_on(first, second, state, spacing)
            full = next((each.path for each in (first, second) if each.size), None)
            if full is not None and not overwrite:
                raise _nothing_known(full) if resume else _not_empty(full, resumable=True)
            return _anew(first, second, identity, spacing)
        except BaseException:
            second.close()
            raise
    except BaseException:
        first.close()
        raise


def _known(output: Sink, identity: Identity) -> State | None:
    """Give what is known of the run that has written an output, if anything is.

    Raises:
        StreamError: It was asked otherwise.
    """
    path = state_path(output.path)
    with _said(path, begun=False):
        state = read_state(path)
    if state is not None:
        compare(state.identity, identity)
    return state


def _gone_on(output: Sink, rejected: Sink, state: State, spacing: int) -> Outputs:
    """Go on from the last place that both files reach."""
    path = state_path(output.path)
    with _said(path, begun=False):
        place, end = next(
            (place, end)
            for place, end in reversed(state.places)
            if output.has_a_line_end_at(place.output) and rejected.has_a_line_end_at(place.rejected)
        )
    output.cut(place.output)
    rejected.cut(place.rejected)
    places = Sink(path)
    places.cut(end)
    return Outputs(output, rejected, place, places, spacing)


def _anew(output: Sink, rejected: Sink, identity: Identity, spacing: int) -> Outputs:
    """Begin with empty files."""
    path = state_path(output.path)
    with _said(path, begun=False):
        write_state(path, identity)
    # Only now, so that what is in the files is never taken for what this run has written.
    output.cut(0)
    rejected.cut(0)
    return Outputs(output, rejected, state=Sink(path), spacing=spacing)


def _emptied(file: Sink, *, overwrite: bool) -> Sink:
    if file.size and not overwrite:
        file.close()
        raise _not_empty(file.path, resumable=False)
    file.cut(0)
    return file


def _not_empty(path: Path, *, resumable: bool) -> StreamError:
    help_ = message("`--overwrite` writes it anew")
    if resumable:
        help_ = message("`--resume` goes on with an interrupted run, `--overwrite` begins anew")
    return StreamError(message("`{file}` is not empty", file=path), help_)


def _nothing_known(path: Path) -> StreamError:
    return StreamError(
        message("nothing is known of the run that has written `{file}`", file=path),
        message("`--overwrite` begins anew"),
    )


@contextmanager
def _said(path: Path, *, begun: bool) -> Iterator[None]:
    """Say in words what cannot be done with a file."""
    try:
        yield
    except BrokenPipeError:
        raise
    except (OSError, ValueError) as error:
        why = cannot_write(path, error).message if isinstance(error, OSError) else reason(error)
        text = message("`{file}`: {reason}", file=path, reason=why)
        raise StreamError(text, begun=begun) from error
