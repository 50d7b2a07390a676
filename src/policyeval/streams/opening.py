"""What is read: a file, or whatever comes through a pipe."""

import io
import os
import select
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from policyeval.messages import Message, message
from policyeval.policy.files import reason
from policyeval.streams.model import StreamError

STANDARD: Final = "-"


@dataclass(frozen=True, slots=True)
class Input:
    """What is read.

    Attributes:
        name: A file's, or `-`.
        file: It, open.
        size: Its bytes, if it is an ordinary file.
    """

    name: str
    file: BinaryIO
    size: int | None

    def read(self, most: int) -> bytes:
        """Give bytes, as many as there are without waiting for more; none at the end.

        Raises:
            StreamError: That cannot be done.
        """
        try:
            if isinstance(self.file, io.BufferedReader | io.BytesIO):
                return self.file.read1(most)
            return self.file.read(most)
        except OSError as error:
            raise StreamError(_unreadable(self.name, error), begun=True) from error

    def ready(self) -> bool:
        """Tell whether something can be read at once; not where that cannot be told."""
        if self.size is not None:
            return True
        try:
            return bool(select.select([self.file], [], [], 0)[0])
        except (OSError, ValueError):
            return False


@contextmanager
def opened(name: str) -> Iterator[Input]:
    """Open what is to be read: a file, or standard input for `-`.

    Raises:
        StreamError: That cannot be done.
    """
    if name == STANDARD:
        if sys.stdin is None:  # an empty file would be something else
            raise StreamError(message("standard input is closed"))
        yield Input(name, sys.stdin.buffer, _size(sys.stdin.buffer))
        return
    try:
        file = Path(name).open("rb")  # noqa: SIM115  # what goes wrong later is another matter
    except (OSError, ValueError) as error:
        raise StreamError(_unreadable(name, error)) from error
    with file:
        yield Input(name, file, _size(file))


def _size(file: BinaryIO) -> int | None:
    """Give the bytes of an ordinary file; let others wait for what is to come."""
    try:
        status = os.fstat(file.fileno())
    except OSError:
        return None
    if stat.S_ISREG(status.st_mode):
        return status.st_size
    if sys.platform != "win32" and not os.get_blocking(file.fileno()):
        # Nothing there yet would be taken for the end.
        os.set_blocking(file.fileno(), True)
    return None


def _unreadable(name: str, error: OSError | ValueError) -> Message:
    why = reason(error)
    if isinstance(error, IsADirectoryError):
        why = message("this is a folder, where a file is wanted")
    return message("`{file}`: {reason}", file=name, reason=why)
