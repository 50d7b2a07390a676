"""A folder of policies at one look: what its files hold, by digest, and what the system says of them.

Files are read one after the other, and others may write them meanwhile. What was loaded counts only if
two looks, one before and one after, saw the same, and if it has the digests that they saw.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from policyeval.diagnostics import Diagnostic
from policyeval.policy import lock, yaml
from policyeval.policy.files import names, read_bytes
from policyeval.policy.library import Library
from policyeval.policy.repository.asked import Asked, asked_for
from policyeval.policy.repository.naming import CASES, ENDING, PROGRAMME, looks_like_version

_UNREADABLE: Final = "!"

Signs = tuple[object, ...]
"""What the system says of files without reading them; where it differs, something may have changed."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A folder at one look.

    Attributes:
        signs: Taken before anything was read.
        digests: File, by its path in the folder, to the SHA-256 of its bytes, or to `!` and why it
            cannot be read.
    """

    signs: Signs
    digests: Mapping[str, str]


def signs(path: Path) -> Signs:
    """Give what the system says of the files: which they are, their sizes and their times."""
    return _signs(path, asked_for(path))


def look(path: Path, *, cases: bool) -> Seen:
    """Read every file once.

    Args:
        path: A folder of policies, or of one programme.
        cases: Whether golden cases count.
    """
    asked = asked_for(path)
    return Seen(_signs(path, asked), dict(_digests(asked, cases)))


def is_what_was_seen(library: Library, seen: Seen) -> bool:
    """Tell whether a library was made from the very bytes that were seen."""
    digests = [(f"{each.programme}/{each.version}{ENDING}", each.digest) for each in library.files]
    for name, each in library.programmes.items():
        digests.append((f"{name}/{PROGRAMME}", each.programme.digest))
    return all(
        (seen.digests.get(name, "") == digest)
        if digest is not None
        else seen.digests.get(name, "").startswith(_UNREADABLE)
        for name, digest in digests
    )


def digest_of(library: Library) -> str:
    """Give one digest of everything that the answers of a library rest on."""
    lines = [
        f"{name}/{file} {digest}"
        for name, each in library.programmes.items()
        for file, digest in (
            (PROGRAMME, each.programme.digest),
            *((f"{of.policy.version}{ENDING}", of.policy.digest) for of in each.versions),
        )
    ]
    return sha256("\n".join(sorted(lines)).encode()).hexdigest()


def _digests(asked: Asked, cases: bool) -> Iterator[tuple[str, str]]:
    for each in asked.stray:
        yield each.source.name or "", _why(each)
    if not asked.refused:
        locked = asked.root.path / lock.NAME
        if os.path.lexists(locked):
            yield lock.NAME, _digest(read_bytes(locked, asked.root, lock.BYTES))
    for folder in asked.folders:
        listed = names(folder)
        if isinstance(listed, Diagnostic):
            yield folder.name, _why(listed)
            continue
        for name in listed:
            if looks_like_version(name) and (cases or name != CASES):
                data = read_bytes(folder / name, asked.root, yaml.BYTES)
                yield f"{folder.name}/{name}", _digest(data)


def _digest(data: bytes | Diagnostic) -> str:
    return _why(data) if isinstance(data, Diagnostic) else sha256(data).hexdigest()


def _why(problem: Diagnostic) -> str:
    return f"{_UNREADABLE}{problem.code} {problem.message.text()}"


def _signs(path: Path, asked: Asked) -> Signs:
    # A link that leads elsewhere now, a file that was put in the place of another and one that was
    # written to all show in these; the folders' own times show what came, went and was renamed.
    found: list[object] = [
        _sign(path, follow=False),
        _sign(path),
        _sign(asked.root.path / lock.NAME),
    ]
    for folder in asked.folders:
        found += (folder.name, _sign(folder, follow=False), _sign(folder))
        listed = names(folder)
        if not isinstance(listed, Diagnostic):
            for name in listed:
                if looks_like_version(name):
                    found += (name, _sign(folder / name))
    return tuple(found)


def _sign(path: Path, *, follow: bool = True) -> object:
    try:
        status = os.stat(path, follow_symlinks=follow)  # noqa: PTH116 - both kinds, by an argument
    except (OSError, ValueError) as error:
        return type(error).__name__
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns
