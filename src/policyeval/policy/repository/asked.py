"""What of a folder of policies is asked for: all of it, one programme, or one file."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from policyeval.diagnostics import Diagnostic
from policyeval.messages import message
from policyeval.policy.files import Root, is_folder, names, not_a_file, problem, reason
from policyeval.policy.ids import is_programme_id
from policyeval.policy.repository.naming import (
    ENDING,
    PROGRAMME,
    bad_id,
    looks_like_version,
    misplaced,
)

_NAMELESS: Final = frozenset({"", ".", ".."})


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for.

    Attributes:
        folders: The folders to be read, which may turn out to be no programmes.
        stray: What is wrong beside them.
        part: As in a `Library`.
        file: The one file of the one folder, if only that is asked for.
        refused: Whether nothing can be read, not even the lock.
    """

    root: Root
    folders: tuple[Path, ...]
    stray: tuple[Diagnostic, ...] = ()
    part: tuple[str, ...] = ()
    file: str | None = None
    refused: bool = False


def asked_for(path: Path) -> Asked:
    """Find out what a path leads to: a folder of policies, the folder of one programme, or a file."""
    if path.name in _NAMELESS:
        path = path.resolve()
    if not os.path.lexists(path):
        return _refused(path, not_a_file(path, message("there is no such file or folder")))
    try:
        folder = path.is_dir()
    except OSError as error:
        return _refused(path, not_a_file(path, reason(error)))
    if not folder:
        return _one_file(path)
    if os.path.lexists(path / PROGRAMME):
        return _one_programme(path)
    return _all_programmes(path)


def stray_of(asked: Asked, programmes: bool) -> tuple[Diagnostic, ...]:
    """Give what is wrong beside the folders; with nothing else wrong, also that none is a programme."""
    if programmes or asked.stray or asked.part:
        return asked.stray
    text = message("the folder holds no programme")
    help_ = message("a programme is a folder with a file `{file}`", file=PROGRAMME)
    return (problem("registry.missing", text, asked.root.path, help_),)


def _all_programmes(path: Path) -> Asked:
    root = Root.of(path)
    listed = names(path)
    if isinstance(listed, Diagnostic):
        return _refused(path, listed)
    stray: list[Diagnostic] = []
    folders: list[Path] = []
    for name in listed:
        there = is_folder(path / name, root)
        if isinstance(there, Diagnostic):
            stray.append(there)
        elif not there:
            if looks_like_version(name):
                stray.append(misplaced(path / name))
        elif not is_programme_id(name):
            stray.append(bad_id(path / name))
        else:
            folders.append(path / name)
    return Asked(root, tuple(folders), tuple(stray))


def _one_programme(path: Path) -> Asked:
    root = Root.of(path.parent)
    if not is_programme_id(path.name):
        return _refused(path.parent, bad_id(path))
    return Asked(root, (path,), part=(path.name,))


def _one_file(path: Path) -> Asked:
    if path.parent.name in _NAMELESS:
        path = path.parent.resolve() / path.name
    folder = path.parent
    root = Root.of(folder.parent)
    if not is_programme_id(folder.name):
        return _refused(root.path, bad_id(folder))
    # No version is named like the two other files: then none is missing in what was asked for.
    return Asked(
        root, (folder,), part=(folder.name, path.name.removesuffix(ENDING)), file=path.name
    )


def _refused(root: Path, diagnostic: Diagnostic) -> Asked:
    # Nothing is read: what cannot even be a path is not followed.
    return Asked(Root(root, ""), (), (diagnostic,), refused=True)
