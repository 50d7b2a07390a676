"""What a log asks of the system: every operation that can fail, in one place.

Nothing is kept in the process's own memory: what `write` has taken is the system's, and survives the
end of the process; what `sync` has returned for is on the disk.
"""

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if sys.platform == "win32":
    _FLAGS = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_BINARY | os.O_NOINHERIT
else:
    import fcntl

    _FLAGS = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC

_READABLE_BY_OWNER = 0o600  # records are about people


class Files:
    """The file operations of a log, as the system does them.

    Every method raises OSError where the system refuses.
    """

    def open(self, path: Path) -> int:
        """Open a log to be read and appended to; one that is not there is made."""
        return os.open(path, _FLAGS, _READABLE_BY_OWNER)

    def create(self, path: Path) -> int:
        """Make a file to be appended to, which must not be there yet."""
        return os.open(path, _FLAGS | os.O_EXCL, _READABLE_BY_OWNER)

    def lock(self, descriptor: int) -> bool:
        """Take a file for this writer alone; False if another has it.

        On Windows nothing is locked: there the caller sees to it that a log has one writer.
        """
        if sys.platform != "win32":
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
        return True

    def write(self, descriptor: int, data: bytes | memoryview) -> int:
        """Append what the system takes at once, and give how many bytes that was."""
        return os.write(descriptor, data)

    def sync(self, descriptor: int) -> None:
        """Wait until what was written is on the disk."""
        if sys.platform == "darwin":
            fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)  # fsync alone leaves it in the disk's memory
        else:
            os.fsync(descriptor)

    def truncate(self, descriptor: int, size: int) -> None:
        """Cut a file."""
        os.ftruncate(descriptor, size)

    def size(self, descriptor: int) -> int:
        """Give how many bytes a file has."""
        return os.fstat(descriptor).st_size

    def names(self, descriptor: int) -> int:
        """Give by how many names an open file can be found; by none if it was removed."""
        return os.fstat(descriptor).st_nlink

    def is_file(self, descriptor: int) -> bool:
        """Tell whether it is an ordinary file."""
        return stat.S_ISREG(os.fstat(descriptor).st_mode)

    def is_at(self, descriptor: int, path: Path) -> bool:
        """Tell whether an open file is the one that a path names now."""
        try:
            return os.path.samestat(os.fstat(descriptor), path.stat())
        except FileNotFoundError:
            return False

    def read(self, descriptor: int, size: int, at: int) -> bytes:
        """Read bytes from a place on; fewer only where the file ends."""
        data = b""
        while len(data) < size:
            os.lseek(descriptor, at + len(data), os.SEEK_SET)
            more = os.read(descriptor, size - len(data))
            if not more:
                break
            data += more
        return data

    def link(self, path: Path, also: Path) -> None:
        """Let a file be found by another name too, which must not be there yet."""
        os.link(path, also)

    def replace(self, path: Path, by: Path) -> None:
        """Put a file in the place of another at once."""
        by.replace(path)

    def remove(self, path: Path) -> None:
        """Remove a file, if it is there."""
        path.unlink(missing_ok=True)

    def open_folder(self, path: Path) -> int | None:
        """Open the folder of a file, to be synced; None where the system cannot."""
        if sys.platform == "win32":
            return None
        return os.open(path.parent, os.O_RDONLY | os.O_CLOEXEC | os.O_DIRECTORY)

    def close(self, descriptor: int) -> None:
        """Close a file, and give it free for another writer."""
        os.close(descriptor)


def write_all(files: Files, descriptor: int, data: bytes) -> None:
    """Append all bytes: at once where the system takes them so, otherwise the rest after.

    Raises:
        OSError: The system took only a part, or nothing.
    """
    written = _write(files, descriptor, data)
    if written == len(data):
        return
    rest = memoryview(data)[written:]
    while rest:
        rest = rest[_write(files, descriptor, rest) :]


def _write(files: Files, descriptor: int, data: bytes | memoryview) -> int:
    while True:
        try:
            written = files.write(descriptor, data)
        except InterruptedError:
            continue
        if written <= 0:
            raise OSError("nothing was written")
        return written


def sync_file(files: Files, descriptor: int) -> None:
    """Wait until a file is on the disk.

    An interrupted wait is begun again, since it says nothing; any other failure is final: the system
    may have thrown away what it could not write, and would call a second attempt good.

    Raises:
        OSError: It is not on the disk.
    """
    while True:
        try:
            files.sync(descriptor)
        except InterruptedError:
            continue
        return


def sync_folder(files: Files, path: Path) -> None:
    """Wait until the names in a file's folder are on the disk, where the system can.

    Raises:
        OSError: They are not.
    """
    folder = files.open_folder(path)
    if folder is not None:
        with closed_after(files, folder):
            sync_file(files, folder)


@contextmanager
def closed_after(files: Files, descriptor: int) -> Iterator[int]:
    """Close a file at the end, whatever happens."""
    try:
        yield descriptor
    finally:
        files.close(descriptor)
