"""Reading files of a folder, and nothing that lies outside of it or is no file.

A link may lead from one place of the folder to another, never out of it. What is no ordinary file (a
pipe would keep its reader waiting for ever) is not opened, and no more than a bounded number of bytes
is read of any.
"""

import errno
import os
import stat
import sys
from dataclasses import dataclass
from pathlib import Path

from policyeval.diagnostics import Diagnostic
from policyeval.errors import PolicyError
from policyeval.messages import Message, message
from policyeval.source import Source, Span


@dataclass(frozen=True, slots=True)
class Root:
    """A folder that nothing leads out of.

    Attributes:
        path: As the reader knows it; names of files in messages begin with it.
        real: The same without links.
    """

    path: Path
    real: str

    @classmethod
    def of(cls, path: Path) -> "Root":
        """Take a folder, which need not exist, for a root."""
        return cls(path, os.path.realpath(path))

    def has(self, real: str) -> bool:
        """Tell whether a path without links lies in the folder."""
        return Path(real).is_relative_to(self.real)


def read_bytes(path: Path, root: Root, limit: int) -> bytes | Diagnostic:
    """Read a file of at most `limit` bytes, or say why it cannot be read."""
    try:
        real = os.path.realpath(path, strict=True)
        if not root.has(real):
            return not_a_file(path, _LEADS_OUT)
        if not stat.S_ISREG(os.lstat(real).st_mode):
            return not_a_file(path, _kind(real))
        descriptor = os.open(real, _FLAGS)
    except (OSError, ValueError) as error:
        return not_a_file(path, reason(error))
    try:
        with os.fdopen(descriptor, "rb") as file:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                return not_a_file(path, _NO_FILE)
            data = file.read(limit + 1)
    except OSError as error:
        return not_a_file(path, reason(error))
    if len(data) > limit:
        return problem(
            "yaml.too-big",
            message(
                "the file has {size} bytes, more than {limit}",
                size=max(status.st_size, len(data)),
                limit=limit,
            ),
            path,
            message("divide it into several files"),
        )
    return data


def is_folder(path: Path, root: Root) -> bool | Diagnostic:
    """Tell whether a path is a folder within the root; a link that leads nowhere or out is neither."""
    try:
        real = os.path.realpath(path, strict=True)
        if not stat.S_ISDIR(Path(real).stat().st_mode):
            return False
    except (OSError, ValueError) as error:
        return not_a_file(path, reason(error))
    return True if root.has(real) else not_a_file(path, _LEADS_OUT)


def names(folder: Path) -> tuple[str, ...] | Diagnostic:
    """Give the names of what is in a folder, in order, without those that are hidden."""
    try:
        found = [each.name for each in folder.iterdir()]
    except OSError as error:
        return not_a_file(folder, reason(error))
    return tuple(sorted(each for each in found if not each.startswith((".", "_"))))


def not_a_file(path: Path, reason: Message) -> Diagnostic:
    """Say that something stands where a file is wanted, or that it cannot be read or written."""
    help_ = message("put the file itself in its place, readable for whoever runs this")
    return problem("registry.not-a-file", reason, path, help_)


def cannot_write(path: Path, error: OSError) -> Diagnostic:
    """Say that a file could not be written."""
    text = message("the file cannot be written: {reason}", reason=_words(error))
    help_ = _HELP.get(error.errno or 0, message("see who may write in its folder"))
    return problem("registry.not-a-file", text, path, help_)


def replace_file(path: Path, data: bytes) -> None:
    """Put a file in the place of another at once: whoever reads sees the old one or the new one.

    Raises:
        PolicyError: It cannot be written.
    """
    import tempfile

    if path.is_symlink():
        # Replacing it would leave the file that it leads to as it was.
        raise PolicyError([not_a_file(path, message("a link cannot be replaced by a file"))])
    temporary = None
    try:
        mode = stat.S_IMODE(path.stat().st_mode) if path.exists() else 0o644
        descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(descriptor)
        Path(temporary).chmod(mode)
        Path(temporary).replace(path)
    except OSError as error:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)
        raise PolicyError([cannot_write(path, error)]) from error


def problem(code: str, text: Message, path: Path, help_: Message) -> Diagnostic:
    """Make a diagnostic about a file as a whole, whose text is not at hand."""
    return Diagnostic(code, text, Span(0, 0), Source("", shown(path)), help_)


def shown(path: Path) -> str:
    """Give the name of a file as messages show it, on one line."""
    return path.as_posix().replace("\n", "\\n").replace("\t", "\\t")


_FLAGS = os.O_RDONLY
if sys.platform == "win32":
    _FLAGS |= os.O_BINARY
else:
    # Whatever replaces the file after it was looked at neither leads elsewhere nor keeps us waiting.
    _FLAGS |= os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC

_LEADS_OUT = message("the link leads out of the folder of the policies")
_NO_FILE = message("this is no ordinary file")


def _kind(real: str) -> Message:
    if stat.S_ISDIR(os.lstat(real).st_mode):
        return message("this is a folder, where a file is wanted")
    return _NO_FILE


def reason(error: OSError | ValueError) -> Message:
    """Say in words why something cannot be read."""
    if isinstance(error, FileNotFoundError):
        return message("there is no such file or folder")
    if isinstance(error, PermissionError):
        return message("there is no right to read it")
    if isinstance(error, ValueError):
        return message("no file can be named so")
    return message("it cannot be read: {reason}", reason=_words(error))


def _words(error: OSError) -> Message | str:
    words = _REASONS.get(error.errno or 0)
    return words or error.strerror or f"errno {error.errno}"


_NOT_THERE = message("there is no such file or folder")
_NO_RIGHT = message("there is no right to do that")
_REASONS = {
    errno.ENOENT: _NOT_THERE,
    errno.ENOTDIR: _NOT_THERE,
    errno.EISDIR: message("this is a folder, where a file is wanted"),
    errno.EACCES: _NO_RIGHT,
    errno.EPERM: _NO_RIGHT,
    errno.EROFS: message("nothing can be written there"),
    errno.ENOSPC: message("there is no room left for it"),
}
_ANOTHER = message("name a file, in a folder that there is")
_HELP = {
    errno.ENOENT: _ANOTHER,
    errno.ENOTDIR: _ANOTHER,
    errno.EISDIR: _ANOTHER,
    errno.ENOSPC: message("make room for it, and try again"),
}
