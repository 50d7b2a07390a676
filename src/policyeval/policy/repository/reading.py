"""Read a folder of policies: a folder per programme, with `programme.yaml` and a file per version.

Every file is read, whatever is wrong with others. A programme with an error is left out of the
result; the others can be used. Nothing is looked for by a name that a file or a caller gives.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypeVar

from policyeval.diagnostics import Diagnostic
from policyeval.errors import PolicyError
from policyeval.messages import message
from policyeval.policy import lock, yaml
from policyeval.policy.cache import Cache, Kept, key_of
from policyeval.policy.files import (
    Root,
    is_folder,
    names,
    not_a_file,
    problem,
    read_bytes,
    reason,
    shown,
)
from policyeval.policy.ids import is_programme_id, is_version_id
from policyeval.policy.library import Library, ProgrammeVersions, VersionFile
from policyeval.policy.model import Policy, Programme, ValidPolicy
from policyeval.policy.problems import Problems
from policyeval.policy.repository.checks import (
    NAMING,
    timeline_problems,
    unknown_questions,
    wrong_names,
    wrong_programme_name,
)
from policyeval.policy.versions import in_order
from policyeval.source import Source

_PROGRAMME: Final = "programme.yaml"
_CASES: Final = "cases.yaml"
_ENDING: Final = ".yaml"
_ENDINGS: Final = (".yaml", ".yml")
_OTHERS: Final = frozenset({_PROGRAMME, _CASES})
_NAMELESS: Final = frozenset({"", ".", ".."})


# What reads and checks is loaded where a file has to be: mostly the programme is kept from before.


def _read_policy(document: yaml.Document, problems: Problems, digest: str) -> Policy | None:
    from policyeval.policy.loading import read_policy

    return read_policy(document, problems, digest)


def _read_programme(document: yaml.Document, problems: Problems, digest: str) -> Programme | None:
    from policyeval.policy.loading import read_programme

    return read_programme(document, problems, digest)


def _salvage(document: yaml.Document) -> tuple[Policy, frozenset[str]] | None:
    from policyeval.policy.loading import salvaged

    return salvaged(document)


def _validate(policy: Policy, programme: Programme, problems: Problems) -> ValidPolicy | None:
    from policyeval.policy.validation import validate

    return validate(policy, programme, problems)


@dataclass(frozen=True, slots=True)
class Readers:
    """What turns a file's tree into records, and what checks them; each reports what it finds.

    The first two take the tree, where problems go, and the digest of the file.
    """

    policy: Callable[[yaml.Document, Problems, str], Policy | None] = _read_policy
    programme: Callable[[yaml.Document, Problems, str], Programme | None] = _read_programme
    validate: Callable[[Policy, Programme, Problems], ValidPolicy | None] = _validate
    salvage: Callable[[yaml.Document], tuple[Policy, frozenset[str]] | None] = _salvage


_READERS: Final = Readers()

_OF_THE_WHOLE: Final = frozenset({"policy.unused", "policy.clause-not-used"})
"""Problems that only a policy can have that was read as a whole."""


def read_folder(
    path: Path | str, readers: Readers = _READERS, *, cache: Cache | None = None
) -> Library:
    """Read a folder of policies, the folder of one programme, or one file of it.

    Nothing is raised for what is in the files or in the way of them; see `Library.refuse`.

    Args:
        path: What to read.
        readers: What makes records of files.
        cache: Where programmes are kept that were read before; one file alone is always read.
    """
    path = Path(path)
    if path.name in _NAMELESS:
        path = path.resolve()
    if not os.path.lexists(path):
        return _refused(path, not_a_file(path, message("there is no such file or folder")))
    try:
        folder = path.is_dir()
    except OSError as error:
        return _refused(path, not_a_file(path, reason(error)))
    if not folder:
        return _one_file(path, readers)
    if os.path.lexists(path / _PROGRAMME):
        return _one_programme(path, readers, cache)
    return _all_programmes(path, readers, cache)


# ------------------------------------------------------------------------------- what is asked for


def _all_programmes(path: Path, readers: Readers, cache: Cache | None) -> Library:
    root = Root.of(path)
    listed = names(path)
    if isinstance(listed, Diagnostic):
        return _refused(path, listed)
    stray: list[Diagnostic] = []
    folders: list[_Folder] = []
    for name in listed:
        there = is_folder(path / name, root)
        if isinstance(there, Diagnostic):
            stray.append(there)
        elif not there:
            if _looks_like_version(name):
                stray.append(_misplaced(path / name))
        elif not is_programme_id(name):
            stray.append(_bad_id(path / name))
        else:
            folders.append(_Folder(path / name, root, readers, cache))
    for folder in folders:
        folder.read_all()
    if not stray and not any(folder.is_programme for folder in folders):
        text = message("the folder holds no programme")
        help_ = message("a programme is a folder with a file `{file}`", file=_PROGRAMME)
        stray.append(problem("registry.missing", text, path, help_))
    return _library(root, folders, stray, ())


def _one_programme(path: Path, readers: Readers, cache: Cache | None) -> Library:
    root = Root.of(path.parent)
    if not is_programme_id(path.name):
        return _refused(path.parent, _bad_id(path))
    folder = _Folder(path, root, readers, cache)
    folder.read_all()
    return _library(root, [folder], [], (folder.name,))


def _one_file(path: Path, readers: Readers) -> Library:
    if path.parent.name in _NAMELESS:
        path = path.parent.resolve() / path.name
    root = Root.of(path.parent.parent)
    if not is_programme_id(path.parent.name):
        return _refused(root.path, _bad_id(path.parent))
    folder = _Folder(path.parent, root, readers)
    folder.read_programme()
    if _is_version_file(path.name):
        folder.read_version(path.name)
    elif path.name not in _OTHERS:
        folder.found.append(replace(_misnamed(path), severity="error"))
    # No version is named like the two other files: then none is missing in what was asked for.
    return _library(root, [folder], [], (folder.name, path.name.removesuffix(_ENDING)))


def _refused(root: Path, diagnostic: Diagnostic) -> Library:
    return Library(root, MappingProxyType({}), (diagnostic,))


def _library(
    root: Root, folders: list["_Folder"], stray: list[Diagnostic], part: tuple[str, ...]
) -> Library:
    """Put together what was found, and compare it with the lock file."""
    files = tuple(file for folder in folders for file in folder.files)
    library = Library(root.path, MappingProxyType({}), (), files, part)
    locked = lock.read_lock(root.path)
    lost: list[Diagnostic] = []
    by_name = {folder.name: folder for folder in folders}
    for finding in lock.differences(locked, library):
        folder = by_name.get(finding.programme)
        (folder.found if folder else lost).append(finding.diagnostic)
    programmes = {folder.name: each for folder in folders if (each := folder.result()) is not None}
    diagnostics = [*stray, *(each for folder in folders for each in folder.problems())]
    return replace(
        library,
        programmes=MappingProxyType(programmes),
        diagnostics=(*diagnostics, *locked.diagnostics, *lost),
    )


# ------------------------------------------------------------------------------- one programme


_T = TypeVar("_T")


@dataclass(slots=True)
class _Folder:
    """A programme's folder while it is being read."""

    path: Path
    root: Root
    readers: Readers
    cache: Cache | None = None
    found: list[Diagnostic] = field(default_factory=list)
    files: list[VersionFile] = field(default_factory=list)
    programme: Programme | None = None
    versions: list[ValidPolicy] = field(default_factory=list)
    is_programme: bool = True
    contents: dict[Path, bytes] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.path.name

    def read_all(self) -> None:
        """Read every file of the folder."""
        listed = names(self.path)
        if isinstance(listed, Diagnostic):
            self.found.append(listed)
            return
        if not any(_looks_like_version(each) for each in {*listed} - {_CASES}):
            # Whatever this folder holds, it is not meant to be a programme.
            self.is_programme = False
            return
        key = None if self.cache is None else self.key(listed)
        if key is not None and self.restore(key):
            return
        self.read_files(listed)
        if key is not None:
            self.keep(key)

    def key(self, listed: tuple[str, ...]) -> str | None:
        """Read every file once and name what is made from them, or None if one cannot be read."""
        for each in listed:
            if each == _PROGRAMME or _is_version_file(each):
                data = read_bytes(self.path / each, self.root, yaml.BYTES)
                if not isinstance(data, bytes):
                    return None
                self.contents[self.path / each] = data
        files = ((each, self.contents.get(self.path / each, b"")) for each in listed)
        return key_of(shown(self.path), files)

    def restore(self, key: str) -> bool:
        """Take what is kept in place of reading, if it is."""
        kept = self.cache.load(key) if self.cache else None
        if kept is None:
            return False
        self.programme, self.versions = kept.programme, list(kept.versions)
        self.files, self.found = list(kept.files), list(kept.warnings)
        return True

    def keep(self, key: str) -> None:
        """Keep what was read, if nothing is wrong with it."""
        read = self.result()
        if self.cache is not None and read is not None:
            versions, files, found = tuple(self.versions), tuple(self.files), tuple(self.found)
            self.cache.save(key, Kept(read.programme, versions, files, found))

    def read_files(self, listed: tuple[str, ...]) -> None:
        """Read and check the files."""
        self.read_programme()
        for each in listed:
            if _is_version_file(each):
                self.read_version(each)
            elif _looks_like_version(each) and each not in _OTHERS:
                self.found.append(_misnamed(self.path / each))
        if not self.files:
            text = message("the programme has no version")
            help_ = message("a version is a file named by it, such as `2024-01-31.yaml`")
            missing = problem("registry.missing", text, self.path / _PROGRAMME, help_)
            self.found.append(replace(missing, severity="warning"))
        self.found += timeline_problems(self.versions)
        if self.programme is not None and len(self.versions) == len(self.files):
            self.found += unknown_questions(self.programme, self.versions)

    def read_programme(self) -> None:
        """Read `programme.yaml`."""
        path = self.path / _PROGRAMME
        if not os.path.lexists(path):
            text = message("the programme has no file `{file}`", file=_PROGRAMME)
            help_ = message("it holds what all versions share; write it")
            self.found.append(problem("registry.missing", text, path, help_))
            return
        data = self.bytes_of(path)
        if data is not None:
            self.programme = self.record(self.readers.programme, data, path)
        if self.programme is not None:
            self.found += wrong_programme_name(self.programme, self.name)

    def read_version(self, file: str) -> None:
        """Read a version, and check it if the programme could be read."""
        path, version = self.path / file, file.removesuffix(_ENDING)
        if not is_version_id(version):
            self.found.append(_bad_id(path))
            return
        data = self.bytes_of(path)
        digest = None if data is None else sha256(data).hexdigest()
        source = Source((data or b"").decode("utf-8", "replace"), shown(path))
        self.files.append(VersionFile(self.name, version, digest, source))
        if data is None:
            return
        policy = self.record(self.readers.policy, data, path)
        if policy is None:
            self.check_what_is_left(data, path)
            return
        self.found += wrong_names(policy, self.name, version)
        if self.programme is not None:
            problems = Problems(policy.source)
            valid = self.readers.validate(policy, self.programme, problems)
            self.found += problems.found
            if valid is not None:
                self.versions.append(valid)

    def check_what_is_left(self, data: bytes, path: Path) -> None:
        """Check what can be read of a version that has problems, so that all are told at once."""
        if self.programme is None:
            return
        try:
            document = yaml.read(data, shown(path))
        except PolicyError:
            return
        left = self.readers.salvage(document)
        if left is None:
            return
        policy, lost = left
        problems = Problems(document.source)
        self.readers.validate(policy, self.programme, problems)
        already = {(each.source, each.span) for each in self.found}
        self.found += (
            each
            for each in problems.found
            if each.code not in _OF_THE_WHOLE
            and (each.source, each.span) not in already
            and lost.isdisjoint(map(str, each.message.fields.values()))
        )

    def bytes_of(self, path: Path) -> bytes | None:
        data = self.contents.get(path) or read_bytes(path, self.root, yaml.BYTES)
        if isinstance(data, bytes):
            return data
        self.found.append(data)
        return None

    def record(
        self,
        read: Callable[[yaml.Document, Problems, str], _T | None],
        data: bytes,
        path: Path,
    ) -> _T | None:
        """Make a record of a file; warnings are kept as well."""
        try:
            document = yaml.read(data, shown(path))
        except PolicyError as error:
            self.found += error.diagnostics
            return None
        problems = Problems(document.source)
        problems.add(document.warnings)
        made = read(document, problems, sha256(data).hexdigest())
        self.found += problems.found
        return None if problems.fatal else made

    def result(self) -> ProgrammeVersions | None:
        """Give the programme, unless something is wrong with it."""
        if self.programme is None or any(each.severity == "error" for each in self.found):
            return None
        return ProgrammeVersions(self.programme, in_order(self.versions), self.path)

    def problems(self) -> list[Diagnostic]:
        """Give what was found by file and place; what each version finds in the programme only once."""
        once = {(each.code, each.span, each.source): each for each in reversed(self.found)}
        return sorted(once.values(), key=lambda each: (each.source.name or "", each.span))


# ------------------------------------------------------------------------------- names


def _looks_like_version(name: str) -> bool:
    return name.lower().endswith(_ENDINGS)


def _is_version_file(name: str) -> bool:
    return name.endswith(_ENDING) and name == name.lower() and name not in _OTHERS


def _misplaced(path: Path) -> Diagnostic:
    """Warn of a file of YAML outside of a programme's folder."""
    text = message("the file is not read, since it is not in the folder of a programme")
    help_ = message("put it into the folder of its programme")
    return replace(problem("registry.ignored-file", text, path, help_), severity="warning")


def _misnamed(path: Path) -> Diagnostic:
    """Refuse a file that looks like a version and would not be read for its name."""
    text = message("the file is not read, for its name")
    help_ = message("rename it to `{name}`", name=f"{path.stem.lower()}{_ENDING}")
    return problem("registry.ignored-file", text, path, help_)


def _bad_id(path: Path) -> Diagnostic:
    name = shown(Path(path.name.removesuffix(_ENDING)[:80]))
    text = message("`{name}` cannot be a name here", name=name)
    return problem("registry.bad-id", text, path, NAMING)
