"""A programme's folder while it is being read: its files, and everything that is wrong with them."""

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Final, Generic, TypeVar

from policyeval.diagnostics import Diagnostic
from policyeval.errors import PolicyError
from policyeval.messages import message
from policyeval.policy import yaml
from policyeval.policy.cache import Cache, Kept, key_of
from policyeval.policy.files import Root, names, problem, read_bytes, shown
from policyeval.policy.ids import is_version_id
from policyeval.policy.library import ProgrammeVersions, VersionFile
from policyeval.policy.model import Governing, Policy, Programme, Reading, Text, ValidPolicy
from policyeval.policy.problems import Problems
from policyeval.policy.repository.checks import (
    timeline_problems,
    unknown_questions,
    wrong_names,
    wrong_programme_name,
)
from policyeval.policy.repository.naming import (
    CASES,
    ENDING,
    OTHERS,
    PROGRAMME,
    bad_id,
    is_version_file,
    looks_like_version,
    misnamed,
)
from policyeval.policy.repository.readers import Readers
from policyeval.policy.versions import in_order
from policyeval.source import Source, Span

_OF_THE_WHOLE: Final = frozenset({"policy.unused", "policy.clause-not-used"})
"""Problems that only a policy can have that was read as a whole."""

_OF_THE_PROGRAMME: Final = _OF_THE_WHOLE | {"policy.unknown-party"}
"""Problems that a version may only seem to have while its programme is not known."""

_TOO_MANY: Final = "yaml.too-many-problems"

_REMEMBERED: Final = 24
"""How many files a process remembers: those of a few programmes, as `lock` and a watch read again."""

_T = TypeVar("_T")
_Read = Callable[[yaml.Document, Problems, str], _T | None]
_Checked = tuple[ValidPolicy | None, Sequence[Diagnostic]]


@dataclass(slots=True)
class _Remembered(Generic[_T]):
    """What a file was read as, and what came of checking it beside a programme."""

    made: _T | None
    found: Sequence[Diagnostic]
    beside: tuple[Programme, Readers, _Checked] | None = None


@lru_cache(maxsize=_REMEMBERED)
def _remembered(read: _Read[_T], data: bytes, name: str) -> _Remembered[_T]:
    """Make a record of a file, once for equal bytes under the same name."""
    try:
        document = yaml.read(data, name)
    except PolicyError as error:
        return _Remembered(None, error.diagnostics)
    problems = Problems(document.source)
    problems.add(document.warnings)
    made = read(document, problems, sha256(data).hexdigest())
    return _Remembered(None if problems.fatal else made, problems.found)


@dataclass(slots=True)
class Folder:
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
        """The programme's name."""
        return self.path.name

    def read_all(self) -> None:
        """Read every file of the folder."""
        listed = names(self.path)
        if isinstance(listed, Diagnostic):
            self.found.append(listed)
            return
        if not any(looks_like_version(each) for each in {*listed} - {CASES}):
            # Whatever this folder holds, it is not meant to be a programme.
            self.is_programme = False
            return
        key = None if self.cache is None else self.key(listed)
        if key is not None and self.restore(key):
            return
        self.read_files(listed)
        if key is not None:
            self.keep(key)

    def read_one(self, file: str) -> None:
        """Read one version, or one of the other files."""
        self.read_programme()
        if is_version_file(file):
            self.read_version(file)
        elif file not in OTHERS:
            self.found.append(replace(misnamed(self.path / file), severity="error"))

    def key(self, listed: tuple[str, ...]) -> str | None:
        """Read every file once and name what is made from them, or None if one cannot be read."""
        for each in listed:
            if each == PROGRAMME or is_version_file(each):
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
            if is_version_file(each):
                self.read_version(each)
            elif looks_like_version(each) and each not in OTHERS:
                self.found.append(misnamed(self.path / each))
        if not self.files:
            text = message("the programme has no version")
            help_ = message("a version is a file named by it, such as `2024-01-31.yaml`")
            missing = problem("registry.missing", text, self.path / PROGRAMME, help_)
            self.found.append(replace(missing, severity="warning"))
        self.found += timeline_problems(self.versions)
        if self.programme is not None and len(self.versions) == len(self.files):
            self.found += unknown_questions(self.programme, self.versions)

    def read_programme(self) -> None:
        """Read `programme.yaml`."""
        path = self.path / PROGRAMME
        if not os.path.lexists(path):
            text = message("the programme has no file `{file}`", file=PROGRAMME)
            help_ = message("it holds what all versions share; write it")
            self.found.append(problem("registry.missing", text, path, help_))
            return
        data = self.bytes_of(path)
        if data is not None:
            read = _remembered(self.readers.programme, data, shown(path))
            self.programme = read.made
            self.found += read.found
        if self.programme is not None:
            self.found += wrong_programme_name(self.programme, self.name)

    def read_version(self, file: str) -> None:
        """Read a version and check it; without its programme, in what it says by itself."""
        path, version = self.path / file, file.removesuffix(ENDING)
        if not is_version_id(version):
            self.found.append(bad_id(path))
            return
        data = self.bytes_of(path)
        digest = None if data is None else sha256(data).hexdigest()
        source = Source((data or b"").decode("utf-8", "replace"), shown(path))
        self.files.append(VersionFile(self.name, version, digest, source))
        if data is None:
            return
        before = len(self.found)
        read = _remembered(self.readers.policy, data, shown(path))
        self.found += read.found
        policy = read.made
        if policy is None:
            # Who has more problems than are shown solves those first.
            if all(each.code != _TOO_MANY for each in self.found[before:]):
                self.check_what_is_left(data, path)
            return
        self.found += wrong_names(policy, self.name, version)
        valid, found = self.checked_once(policy, read)
        self.found += found
        if valid is not None:
            self.versions.append(valid)

    def checked_once(self, policy: Policy, read: _Remembered[Policy]) -> _Checked:
        """Check a version, unless it was checked beside this very programme."""
        if self.programme is None:
            return self.checked(policy)
        before = read.beside
        # The very programme: an equal one may stand elsewhere in its file, where problems point to.
        if before is None or before[0] is not self.programme or before[1] != self.readers:
            before = read.beside = self.programme, self.readers, self.checked(policy)
        return before[2]

    def checked(self, policy: Policy) -> tuple[ValidPolicy | None, Sequence[Diagnostic]]:
        """Check a version; one whose programme cannot be read cannot be used, whatever is found."""
        problems = Problems(policy.source)
        if self.programme is not None:
            return self.readers.validate(policy, self.programme, problems), problems.found
        self.readers.validate(policy, _unknown(policy), problems)
        found = (each for each in problems.found if each.source == policy.source)
        return None, [each for each in found if each.code not in _OF_THE_PROGRAMME]

    def check_what_is_left(self, data: bytes, path: Path) -> None:
        """Check what can be read of a version that has problems, so that all are told at once."""
        try:
            document = yaml.read(data, shown(path))
        except PolicyError:
            return
        left = self.readers.salvage(document)
        if left is None:
            return
        policy, lost = left
        _, found = self.checked(policy)
        already = {(each.source, each.span) for each in self.found}
        self.found += (
            each
            for each in found
            if each.code not in _OF_THE_WHOLE
            and (each.source, each.span) not in already
            and lost.isdisjoint(map(str, each.message.fields.values()))
        )

    def bytes_of(self, path: Path) -> bytes | None:
        """Read a file, or report why it cannot be read."""
        data = self.contents.get(path) or read_bytes(path, self.root, yaml.BYTES)
        if isinstance(data, bytes):
            return data
        self.found.append(data)
        return None

    def result(self) -> ProgrammeVersions | None:
        """Give the programme, unless something is wrong with it."""
        if self.programme is None or any(each.severity == "error" for each in self.found):
            return None
        return ProgrammeVersions(self.programme, in_order(self.versions), self.path)


def _unknown(policy: Policy) -> Programme:
    """Stand in for the programme of a version where it cannot be read: nothing is known of it."""
    nowhere, nothing = Span(0, 0), Source("")
    words = Text({}, span=nowhere)
    reading = Reading("governed_by", (), "", words, {}, span=nowhere)
    governing = Governing(reading, {}, {})
    return Programme(policy.programme, words, "UTC", None, {}, governing, (), "", nothing)


def in_order_of_files(found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Sort problems by file and place; what each version finds in the programme is given only once."""
    once = {(each.code, each.span, each.source): each for each in reversed([*found])}
    return sorted(once.values(), key=lambda each: (each.source.name or "", each.span))
