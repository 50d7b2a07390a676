"""`policies.lock`: the digest of every version that was published.

A published version never changes: decisions were made under it. The file says what its bytes were, so
that a version that was edited, cut short or lost is found. New versions are recorded; what is recorded
is neither changed nor dropped by any command.

One version stands on each line: programme, version, SHA-256 of the file. The last line shows that the
file is complete.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from policyeval.diagnostics import Diagnostic, Severity
from policyeval.errors import PolicyError
from policyeval.messages import Message, message
from policyeval.policy.files import Root, read_bytes, replace_file, shown
from policyeval.policy.ids import is_programme_id, is_version_id
from policyeval.policy.library import Library, VersionFile
from policyeval.policy.problems import Problems
from policyeval.source import Source, Span

NAME: Final = "policies.lock"
"""The file's name, in the folder of the policies."""

BYTES: Final = 1 << 20
"""How large the file may be."""

_HEADER: Final = "# written by policyeval lock"
_END: Final = "# end"
_LINE: Final = re.compile(r"(\S+) (\S+) ([0-9a-f]{64})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Entry:
    """A version that was published, and the digest of its file.

    Attributes:
        span: Its line in the lock file.
    """

    programme: str
    version: str
    digest: str
    span: Span

    @property
    def key(self) -> tuple[str, str]:
        """What it is looked up by."""
        return self.programme, self.version


@dataclass(frozen=True, slots=True)
class Lock:
    """The lock file as it was read.

    Attributes:
        entries: In the order of the file; of a damaged file those lines that could be read.
        source: Its text.
        diagnostics: What is wrong with the file.
        exists: Whether there is one.
    """

    entries: tuple[Entry, ...]
    source: Source
    diagnostics: tuple[Diagnostic, ...] = ()
    exists: bool = True


@dataclass(frozen=True, slots=True)
class Finding:
    """A difference between the lock file and the folder, and the programme that it is about."""

    programme: str
    diagnostic: Diagnostic


def read_lock(root: Path) -> Lock:
    """Read the lock file of a folder; no file is the same as one without entries."""
    path = root / NAME
    nothing = Source("", shown(path))
    if not os.path.lexists(path):
        return Lock((), nothing, exists=False)
    data = read_bytes(path, Root.of(root), BYTES)
    if isinstance(data, Diagnostic):
        return Lock((), nothing, (data,))
    return lock_of(data, shown(path))


def lock_of(data: bytes, name: str) -> Lock:
    """Read a lock file's bytes.

    Args:
        data: The bytes.
        name: What problems call the file.
    """
    # A character that is no ASCII stands in no line that is right; it is shown where it is.
    source = Source(data.decode("utf-8", "replace"), name)
    problems = Problems(source)
    entries = tuple(_entries(source, problems))
    return Lock(entries, source, problems.found)


def check_lock(library: Library) -> tuple[Diagnostic, ...]:
    """Compare a folder with its lock file: changed and missing versions, and those not recorded yet."""
    lock = read_lock(library.root)
    return (*lock.diagnostics, *(each.diagnostic for each in differences(lock, library)))


def differences(lock: Lock, library: Library) -> Iterator[Finding]:
    """Give the differences, each with its programme; what was not asked for is not looked at."""
    files = {(each.programme, each.version): each for each in library.files}
    recorded = {each.key: each for each in lock.entries}
    for entry in lock.entries:
        if entry.key not in files and entry.key[: len(library.part)] == library.part:
            yield Finding(entry.programme, _missing(entry, lock.source))
    for key, file in sorted(files.items()):
        if key not in recorded:
            yield Finding(file.programme, _not_locked(file))
        elif file.digest is not None and file.digest != recorded[key].digest:
            yield Finding(file.programme, _changed(file))


def write_lock(library: Library) -> list[str]:
    """Record the versions that are not recorded yet; give them as `programme/version`, in order.

    Versions with an error are left out. The file is replaced as a whole or not at all, and not
    touched if there is nothing to record.

    Raises:
        PolicyError: The file is damaged, or it cannot be written.
    """
    lock = read_lock(library.root)
    if lock.diagnostics:
        raise PolicyError(lock.diagnostics)
    digests = {each.key: each.digest for each in lock.entries}
    added = [
        (name, version.policy.version, version.policy.digest)
        for name, programme in library.programmes.items()
        for version in programme.versions
        if (name, version.policy.version) not in digests
    ]
    if added:
        digests.update({(name, version): digest for name, version, digest in added})
        replace_file(library.root / NAME, lock_text(digests).encode("ascii"))
    return sorted(f"{name}/{version}" for name, version, _ in added)


def lock_text(digests: dict[tuple[str, str], str]) -> str:
    """Write a lock file: programme and version to digest."""
    lines = [f"{name} {version} {digest}" for (name, version), digest in sorted(digests.items())]
    return "\n".join([_HEADER, *lines, _END, ""])


# ------------------------------------------------------------------------------- reading


def _entries(source: Source, problems: Problems) -> Iterator[Entry]:
    """Read the lines, and report those that cannot be read."""
    seen: dict[tuple[str, str], int] = {}
    lines = list(_lines(source.text))
    if not lines or lines[0][0] != _HEADER:
        text = message("the file does not begin with `{line}`", line=_HEADER)
        _damaged(problems, text, Span(0, len(lines[0][0]) if lines else 0))
    if len(lines) < 2 or lines[-1][0] != _END or not source.text.endswith("\n"):
        at = len(source.text)
        _damaged(
            problems,
            message("the file ends before its last line, `{line}`", line=_END),
            Span(at, at),
        )
    for number, (line, start) in enumerate(lines, 1):
        span = Span(start, start + len(line))
        if (number == 1 and line == _HEADER) or (number == len(lines) and line == _END):
            continue
        match = _LINE.fullmatch(line)
        if match is None or not (is_programme_id(match[1]) and is_version_id(match[2])):
            text = message("this line is not a programme, a version and the digest of its file")
            _damaged(problems, text, span)
            continue
        first = seen.setdefault((match[1], match[2]), number)
        if first != number:
            _damaged(
                problems,
                message("the version is recorded in line {line} already", line=first),
                span,
            )
            continue
        yield Entry(match[1], match[2], match[3], span)


def _lines(text: str) -> Iterator[tuple[str, int]]:
    """Give each line without its end, and where it begins; one that ends the text need not be there."""
    for match in re.finditer(r"([^\r\n]*)(\r\n|\n|\r|\Z)", text):
        if match[0]:
            yield match[1], match.start()


def _damaged(problems: Problems, text: Message, span: Span) -> None:
    help_ = message(
        "take the file as it was from the version control; `policyeval lock` then records what is new"
    )
    problems.report("registry.lock-file", text, span, help_)


# ------------------------------------------------------------------------------- comparing


def _missing(entry: Entry, source: Source) -> Diagnostic:
    return Diagnostic(
        "registry.locked-missing",
        message(
            "version `{version}` of `{programme}` was published, and its file is missing",
            version=entry.version,
            programme=entry.programme,
        ),
        entry.span,
        source,
        message("restore the file; decisions were made under this version"),
    )


def _changed(file: VersionFile) -> Diagnostic:
    return _about(
        file,
        "registry.digest-changed",
        message(
            "version `{version}` of `{programme}` was published, and its file has been changed since",
            version=file.version,
            programme=file.programme,
        ),
        message(
            "restore the file as it was; write a correction as a version of its own, with its own "
            "`known_from`"
        ),
    )


def _not_locked(file: VersionFile) -> Diagnostic:
    return _about(
        file,
        "registry.not-locked",
        message(
            "version `{version}` of `{programme}` is not recorded in `{file}`",
            version=file.version,
            programme=file.programme,
            file=NAME,
        ),
        message("run `policyeval lock` when it is published; from then on a change is found"),
        "warning",
    )


def _about(
    file: VersionFile, code: str, text: Message, help_: Message, severity: Severity = "error"
) -> Diagnostic:
    return Diagnostic(code, text, Span(0, len(file.source.line(1))), file.source, help_, severity)
