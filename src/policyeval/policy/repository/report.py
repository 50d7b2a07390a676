"""Everything that is wrong with a folder of policies, for whoever wants to know that and no more.

What is found in a programme's folder is an `Outcome`: it depends on the files of that folder alone, can
come from another process, and is kept for the next time, sound or not. What is between the folder
and the lock file is never kept: `report` looks at it each time.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from policyeval.diagnostics import Diagnostic
from policyeval.policy import lock, yaml
from policyeval.policy.cache import Cache, Outcome, key_of
from policyeval.policy.files import Root, names, read_bytes, shown
from policyeval.policy.library import Library, VersionFile
from policyeval.policy.repository.asked import Asked, stray_of
from policyeval.policy.repository.folder import Folder, in_order_of_files
from policyeval.policy.repository.naming import looks_like_version
from policyeval.policy.repository.readers import READERS
from policyeval.source import Source

CasesCheck = Callable[[Library], tuple[Diagnostic, ...]]
"""Gives what is wrong with the golden cases of a library."""


class Report(NamedTuple):
    """What is wrong with a folder, and how many programmes and versions can be used."""

    diagnostics: tuple[Diagnostic, ...]
    programmes: int
    versions: int


def kept_outcome(path: Path, root: Path, cache: Cache) -> Outcome | None:
    """Give what was found in a programme's folder before, if nothing in it has changed since.

    Args:
        path: The folder.
        root: The folder of the policies.
        cache: Where it is kept.
    """
    key = _key(path, Root.of(root))
    return None if key is None else cache.load_outcome(key)


def outcome(
    path: Path, root: Path, cases: CasesCheck, cache: Cache | None, *, whole: bool = False
) -> Outcome:
    """Find everything that is wrong in a programme's folder, and keep it; arguments as above.

    `whole` says whether the programme itself is kept, too, for the commands that use it.
    """
    key = None if cache is None else _key(path, Root.of(root))
    found = _outcome(path, root, cases, cache if whole else None)
    # What was read meanwhile may not be what the key was made from.
    if cache is not None and key is not None and key == _key(path, Root.of(root)):
        cache.save_outcome(key, found)
    return found


def report(asked: Asked, outcomes: Sequence[Outcome], cases: CasesCheck) -> Report:
    """Put together what was found in the folders, in their order, and compare it with the lock file."""
    root = asked.root.path
    files = tuple(file for each in outcomes for file in each.files)
    locked = lock.read_lock(root)
    lost: list[Diagnostic] = []
    by_name: dict[str, list[Diagnostic]] = {each.name: [] for each in outcomes}
    for finding in lock.differences(locked, _library(root, files, asked.part)):
        by_name.get(finding.programme, lost).append(finding.diagnostic)
    own: list[Diagnostic] = []
    of_cases: list[Diagnostic] = []
    usable: list[Outcome] = []
    for each in outcomes:
        differences = by_name[each.name]
        own += in_order_of_files((*each.found, *differences))
        if each.usable and any(other.severity == "error" for other in differences):
            # Of a programme that cannot be used, the names in its cases are not looked at.
            of_cases += cases(_library(root, each.files, (each.name,)))
            continue
        of_cases += each.of_cases
        usable += [each] if each.usable else []
    stray = stray_of(asked, any(each.is_programme for each in outcomes))
    return Report(
        (*stray, *own, *locked.diagnostics, *lost, *of_cases),
        len(usable),
        sum(each.versions for each in usable),
    )


def _outcome(path: Path, root: Path, cases: CasesCheck, cache: Cache | None) -> Outcome:
    folder = Folder(path, Root.of(root), READERS, cache)
    folder.read_all()
    files = tuple(map(_without_text, folder.files))
    library, usable = _library(root, files, (folder.name,)), folder.result()
    if usable is not None:
        library = replace(library, programmes=MappingProxyType({folder.name: usable}))
    return Outcome(
        name=folder.name,
        is_programme=folder.is_programme,
        usable=usable is not None,
        versions=len(folder.versions),
        files=files,
        found=tuple(folder.found),
        of_cases=cases(library),
    )


def _library(root: Path, files: tuple[VersionFile, ...], part: tuple[str, ...]) -> Library:
    return Library(root, MappingProxyType({}), (), files, part)


def _without_text(file: VersionFile) -> VersionFile:
    """Leave of a version's text the first line, at which its differences from the lock are shown."""
    source = file.source
    first = source.line(1)
    return replace(file, source=Source(source.text[: len(first) + 2], source.name))


def _key(path: Path, root: Root) -> str | None:
    """Name what is made from every file that may be read, or give None if one cannot be read."""
    listed = names(path)
    if isinstance(listed, Diagnostic):
        return None
    contents: list[tuple[str, bytes]] = []
    for each in listed:
        data = read_bytes(path / each, root, yaml.BYTES) if looks_like_version(each) else b""
        if not isinstance(data, bytes):
            return None
        contents.append((each, data))
    return key_of(f"outcome of {shown(path)}", contents)
