"""Read a folder of policies: a folder per programme, with `programme.yaml` and a file per version.

Every file is read, whatever is wrong with others. A programme with an error is left out of the
result; the others can be used. Nothing is looked for by a name that a file or a caller gives.
"""

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from policyeval.diagnostics import Diagnostic
from policyeval.policy import lock
from policyeval.policy.cache import Cache
from policyeval.policy.library import Library
from policyeval.policy.repository.asked import Asked, asked_for, stray_of
from policyeval.policy.repository.folder import Folder, in_order_of_files
from policyeval.policy.repository.readers import READERS, Readers


def read_folder(
    path: Path | str, readers: Readers = READERS, *, cache: Cache | None = None
) -> Library:
    """Read a folder of policies, the folder of one programme, or one file of it.

    Nothing is raised for what is in the files or in the way of them; see `Library.refuse`.

    Args:
        path: What to read.
        readers: What makes records of files.
        cache: Where programmes are kept that were read before; one file alone is always read.
    """
    asked = asked_for(Path(path))
    if asked.refused:
        return Library(asked.root.path, MappingProxyType({}), asked.stray)
    folders = [Folder(each, asked.root, readers, cache) for each in asked.folders]
    for folder in folders:
        if asked.file is None:
            folder.read_all()
        else:
            folder.read_one(asked.file)
    return _library(asked, folders)


def _library(asked: Asked, folders: list[Folder]) -> Library:
    """Put together what was found, and compare it with the lock file."""
    files = tuple(file for folder in folders for file in folder.files)
    root = asked.root.path
    library = Library(root, MappingProxyType({}), (), files, asked.part)
    locked = lock.read_lock(root)
    lost: list[Diagnostic] = []
    by_name = {folder.name: folder for folder in folders}
    for finding in lock.differences(locked, library):
        folder = by_name.get(finding.programme)
        (folder.found if folder else lost).append(finding.diagnostic)
    programmes = {folder.name: each for folder in folders if (each := folder.result()) is not None}
    stray = stray_of(asked, any(folder.is_programme for folder in folders))
    diagnostics = [
        *stray,
        *(each for folder in folders for each in in_order_of_files(folder.found)),
    ]
    return replace(
        library,
        programmes=MappingProxyType(programmes),
        diagnostics=(*diagnostics, *locked.diagnostics, *lost),
    )
